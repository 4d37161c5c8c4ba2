//! From the typed tree to the plan: gifts, rewards, and what rules give that is no points.

use super::compile::Compiler;
use super::{GiftPlan, RewardPlan, Thing};
use crate::mechanics::example::Held;
use crate::mechanics::give::{What, Whom};
use crate::mechanics::rule::Rule;

impl Compiler<'_> {
    /// What is asked before each gift is given or used.
    pub fn gifts(&mut self) -> Vec<GiftPlan> {
        let program = self.program;
        let nobodys = (None, None);
        let of = |gift: &crate::mechanics::gift::Gift| {
            if gift.stock.is_some() {
                self.give_up(gift.span, "a stock, which all members draw from together");
            }
            GiftPlan {
                when: gift.when.as_ref().map(|when| self.cond(when, nobodys)),
                item: gift.item.as_ref().map(|item| self.line(item, nobodys)),
            }
        };
        program.gifts.iter().map(of).collect()
    }

    /// What is asked before each reward is bought.
    pub fn rewards(&mut self) -> Vec<RewardPlan> {
        let program = self.program;
        let nobodys = (None, None);
        let of = |reward: &crate::mechanics::reward::Reward| {
            if reward.stock.is_some() {
                self.give_up(reward.span, "a stock, which all members draw from together");
            }
            if let Some(limit) = reward.limits.iter().find(|limit| !limit.per_member) {
                self.give_up(limit.span, "a limit over all members together");
            }
            let prices = reward.prices.iter();
            RewardPlan {
                when: reward.when.as_ref().map(|when| self.cond(when, nobodys)),
                prices: prices.map(|price| price.when.as_ref().map(|when| self.cond(when, nobodys))).collect(),
            }
        };
        program.rewards.iter().map(of).collect()
    }

    /// What a rule gives that is no points.
    pub fn things(&mut self, rule: &Rule) -> Vec<Thing> {
        let mut things = Vec::new();
        for give in &rule.gives {
            match &give.what {
                What::Gift(gift, number) => things.push(Thing::Held(Held::Gift(*gift), *number)),
                What::Coupon(coupon, number) => things.push(Thing::Held(Held::Coupon(*coupon), *number)),
                What::Stamps(card, number) => things.push(Thing::Stamps(*card, *number)),
                What::Entries(..) => continue,
                What::Level { .. } => self.give_up(rule.give_span, "a level given by a rule"),
                What::Rate { .. }
                | What::Back { .. }
                | What::Fixed { .. }
                | What::PercentOf { .. }
                | What::Scale { .. }
                | What::Step { .. } => continue,
            }
            if give.to != Whom::Member {
                self.give_up(give.span, "something for somebody else");
            }
        }
        things
    }
}
