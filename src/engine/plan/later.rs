//! What of a program the fast engine does not do, and why, as a person reads it.

use super::compile::Compiler;
use crate::mechanics::points::Pay;
use crate::mechanics::tiers::Reach;

impl Compiler<'_> {
    /// Whole blocks and clauses that it leaves to the plain engine.
    pub fn not_yet(&mut self) {
        let program = self.program;
        if let Some(replaces) = program.settings.succession.replaces.as_ref().filter(|_| !program.older.is_empty()) {
            self.give_up(replaces.span, "versions of a program");
        }
        for draw in &program.draws {
            self.give_up(draw.span, "draws");
        }
        for pilot in &program.pilots {
            self.give_up(pilot.span, "pilots");
        }
        for offer in &program.offers {
            self.give_up(offer.span, "offers");
        }
        for stack in &program.stacks {
            if let Some((_, span)) = &stack.cap_percent
                && program.points.len() > 1
            {
                self.give_up(*span, "a share of the receipt that several points have together");
            }
        }
        for points in &program.points {
            if points.separate_by.is_some() {
                self.give_up(points.span, "a balance for each value of a column");
            }
            // Who pays with points is left to the plain engine: the event says so.
            if points.pay == Some(Pay::ByPayoutOnly) {
                self.give_up(points.span, "points that are spent by payout only");
            }
        }
        for tiers in &program.tiers {
            if tiers.carry_over.is_some() {
                self.give_up(tiers.span, "a surplus that is carried over");
            }
            if tiers.reach == Reach::AtOnce {
                self.give_up(tiers.span, "a level that counts for the event that lifts to it");
            }
        }
    }
}
