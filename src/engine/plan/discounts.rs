//! From the typed tree to the plan: discounts.

use super::compile::Compiler;
use super::{DiscountPlan, Summed};
use crate::engine::pile::SCALE;
use crate::mechanics::DiscountId;
use crate::mechanics::discount::{Discount, DiscountLimit, DiscountLimitOf};

impl Compiler<'_> {
    /// What is asked before each discount is given.
    pub fn discounts(&mut self) -> Vec<DiscountPlan> {
        let program = self.program;
        program.discounts.iter().enumerate().map(|(place, block)| self.discount(DiscountId(place), block)).collect()
    }

    fn discount(&mut self, id: DiscountId, block: &Discount) -> DiscountPlan {
        let campaign = (block.from, block.until);
        let measured = block.scale.as_ref().and_then(|scale| {
            let slot = self.aggregate(&scale.basis, scale.window, campaign, scale.span)?;
            Some((self.read(super::Read::Slot(slot)), self.slots[slot].scale))
        });
        DiscountPlan {
            when: block.when.as_ref().map(|when| self.cond(when, campaign)),
            items: block.items.as_ref().map(|items| self.line(items, campaign)),
            limits: block.limits.iter().map(|limit| self.discount_limit(id, limit, campaign)).collect(),
            measured,
        }
    }

    fn discount_limit(&mut self, id: DiscountId, limit: &DiscountLimit, campaign: super::compile::Campaign) -> usize {
        if !limit.per_member {
            self.give_up(limit.span, "a limit over all members together");
        }
        match limit.of {
            DiscountLimitOf::Times => self.read_sum(Summed::HadDiscount(id), limit.window, campaign, 1),
            DiscountLimitOf::Money => self.read_sum(Summed::MoneyOff(id), limit.window, campaign, SCALE),
        }
    }

    /// Of each stack, what of its caps of money is used up.
    pub fn money_caps(&mut self) -> Vec<Vec<usize>> {
        let program = self.program;
        let mut all = Vec::new();
        for (place, stack) in program.stacks.iter().enumerate() {
            let of_stack = || Summed::MoneyOffIn(place);
            let caps = stack.money_caps.iter();
            all.push(caps.map(|cap| self.read_sum(of_stack(), cap.window, (None, None), SCALE)).collect());
        }
        all
    }
}
