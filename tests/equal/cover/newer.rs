//! The clauses of the blocks that came later.

use super::Seen;
use loyal::mechanics::Program;
use loyal::mechanics::challenge::Done;
use loyal::mechanics::discount::{DiscountLimit, DiscountLimitOf};
use loyal::mechanics::draw::Held;
use loyal::mechanics::habit::{Habit, RankedBy};
use loyal::mechanics::off::Off;
use loyal::mechanics::payout::Pays;
use loyal::mechanics::points::Pay;

/// The word of a ready-made measure.
pub(super) fn habit(habit: &Habit) -> &'static str {
    match habit {
        Habit::FirstPurchaseDay => "day of first purchase",
        Habit::DaysSinceFirstPurchase => "days since first purchase",
        Habit::ExpectedGap => "expected gap",
        Habit::Dormant => "dormant",
        Habit::ChurnRisk => "churn risk",
        Habit::ReducedShare(_) => "share at reduced price",
        Habit::Margin(_) => "margin",
        Habit::Quintile(ranking) => match ranking.by {
            RankedBy::Recency => "recency",
            RankedBy::Frequency => "frequency",
            RankedBy::Monetary => "monetary",
        },
        Habit::DateWithin(..) => "member's date within",
    }
}

impl Seen {
    pub(super) fn newer(&mut self, program: &Program) {
        self.paying(program);
        self.till(program);
        self.members(program);
        self.games(program);
        for rule in &program.rules {
            self.add_if(rule.pilot.is_some(), "rule", "pilot");
        }
    }

    fn paying(&mut self, program: &Program) {
        for points in &program.points {
            self.add_if(points.buy.is_some(), "points", "buy");
            match &points.pay {
                None => {}
                Some(Pay::ByPayoutOnly) => self.add("spend", "by payout only"),
                Some(Pay::At { least, steps, share, .. }) => {
                    self.add("spend", "at");
                    self.add_if(least.is_some(), "spend", "at least");
                    self.add_if(steps.is_some(), "spend", "in steps of");
                    self.add_if(share.is_some(), "spend", "up to a share");
                }
            }
        }
    }

    fn till(&mut self, program: &Program) {
        for discount in &program.discounts {
            self.add_if(discount.when.is_some(), "discount", "when");
            self.add_if(discount.items.is_some(), "discount", "items");
            self.add_if(discount.scale.is_some(), "discount", "scale");
            self.add_if(discount.cap.is_some(), "discount", "cap");
            self.add_if(discount.group.is_some(), "discount", "group");
            self.add_if(discount.from.is_some() || discount.until.is_some(), "discount", "from until");
            self.add_if(!discount.memberships.is_empty(), "discount", "of a membership");
            discount.takes.iter().for_each(|(off, _)| self.off("discount", off));
            discount.limits.iter().for_each(|limit| self.discount_limit(limit));
        }
        for coupon in &program.coupons {
            self.add_if(coupon.items.is_some(), "coupon", "items");
            self.add_if(coupon.until.is_some(), "coupon", "until");
            self.add_if(coupon.uses > 1, "coupon", "uses");
            self.add_if(coupon.at_least.is_some(), "coupon", "at least");
            self.add_if(coupon.when.is_some(), "coupon", "when");
            self.add_if(coupon.worth_taken, "coupon", "worth taken");
            self.valid("coupon", &coupon.valid);
            coupon.takes.iter().for_each(|(off, _)| self.off("coupon", off));
        }
    }

    fn off(&mut self, of: &str, off: &Off) {
        self.add(
            of,
            match off {
                Off::Percent(_) => "take a share",
                Off::Money(_) => "take money",
                Off::EachItem(_) => "take money each item",
                Off::Per { .. } => "take money per money",
                Off::Cheapest { of_every: None, .. } => "cheapest item",
                Off::Cheapest { of_every: Some(_), .. } => "cheapest item of every",
                Off::Price(_) => "price",
            },
        );
    }

    fn discount_limit(&mut self, limit: &DiscountLimit) {
        let of = match limit.of {
            DiscountLimitOf::Times => "times",
            DiscountLimitOf::Money => "money",
        };
        let whose = if limit.per_member { "per member" } else { "in all" };
        self.add("discount limit", &format!("{of} {whose}"));
        self.window("discount limit window", &limit.window);
    }

    fn members(&mut self, program: &Program) {
        for membership in &program.memberships {
            self.add("membership", if membership.sold_by.is_some() { "fee of tiers" } else { "fee" });
            self.add_if(!membership.levels.is_empty(), "membership", "gives level");
            self.add_if(!membership.gifts.is_empty(), "membership", "gives gift");
            self.add_if(!membership.discounts.is_empty(), "membership", "gives discount");
            self.add_if(membership.trial.is_some(), "membership", "trial");
            self.add_if(membership.renew, "membership", "renew");
            self.add_if(membership.refund.is_some(), "membership", "refund");
        }
        if let Some(household) = &program.household {
            self.add_if(household.most.is_some(), "household", "up to");
            self.add_if(!household.share.is_empty(), "household", "share");
            self.add_if(household.tier, "household", "tier of household");
        }
        for pilot in &program.pilots {
            self.add_if(pilot.stores.is_some(), "pilot", "stores");
            self.add_if(pilot.members.is_some(), "pilot", "members");
            self.add_if(pilot.segment.is_some(), "pilot", "segment");
            self.add_if(pilot.control.is_some(), "pilot", "control");
            self.add_if(pilot.from.is_some() || pilot.until.is_some(), "pilot", "from until");
        }
        for offer in &program.offers {
            self.add_if(!offer.channels.is_empty(), "offer", "channel");
            self.add_if(offer.holdout.is_some(), "offer", "holdout");
            self.add_if(!offer.pairs.is_empty(), "offer", "complement of");
            self.add_if(offer.from_history.is_some(), "offer", "complement from history");
        }
    }

    fn games(&mut self, program: &Program) {
        for challenge in &program.challenges {
            self.window("challenge within", &challenge.within);
            self.add_if(challenge.need < challenge.steps.len(), "challenge", "need");
            self.add_if(challenge.repeat, "challenge", "repeat");
            self.add_if(challenge.when.is_some(), "challenge", "when");
            for step in &challenge.steps {
                match &step.what {
                    Done::Basis(basis) => self.basis("step", basis),
                    Done::Streak(_) => self.add("step", "consecutive"),
                }
            }
        }
        for payout in &program.payouts {
            self.add(
                "payout",
                match payout.pays {
                    Pays::Reaching(_) => "on reaching",
                    Pays::Every(_) => "every",
                },
            );
            self.add("payout", if payout.number.is_some() { "take N" } else { "take all" });
            self.add_if(payout.repeat, "payout", "repeat");
            self.add_if(payout.once, "payout", "once");
            self.add_if(payout.when.is_some(), "payout", "when");
        }
        for draw in &program.draws {
            self.add(
                "draw",
                match draw.held {
                    Held::Every(_) => "every",
                    Held::On(_) => "on a day",
                    Held::Instant { .. } => "instant",
                },
            );
            self.add_if(draw.when.is_some(), "draw", "when");
            self.add_if(draw.free.is_some(), "draw", "free entry");
            self.add_if(!draw.limits.is_empty(), "draw", "limit");
            self.add_if(draw.from.is_some() || draw.until.is_some(), "draw", "from until");
        }
    }
}
