//! What a kept state may hold of its program. A checksum tells bytes that changed, not bytes that somebody wrote: places
//! that the program does not have are damage too.

use super::codec::Kept;
use crate::engine::outcome::{MemberView, NO_LEVEL};
use crate::engine::parts::Counts;
use crate::mechanics::Program;
use crate::mechanics::example::Held;
use crate::mechanics::off::DiscountOf;

/// Whether all that a member came to is of this program.
pub(super) fn kept(program: &Program, kept: &Kept) -> bool {
    let nameless = kept.nameless.iter().map(|nameless| &nameless.counts);
    kept.view.as_ref().is_none_or(|one| view(program, one))
        && nameless.chain([&kept.counts]).all(|one| counts(program, one))
}

/// Whether a state of a member is of this program.
pub(super) fn view(program: &Program, view: &MemberView) -> bool {
    let levels = program.tiers.iter().zip(&view.levels);
    view.levels.len() == program.tiers.len()
        && levels.into_iter().all(|(tiers, (level, _))| *level == NO_LEVEL || *level < tiers.levels.len())
        && view.cards.len() == program.cards.len()
        && view.points.keys().all(|(unit, _)| unit.0 < program.points.len())
        && view.gifts.keys().all(|one| held(program, *one))
        && view.memberships.keys().all(|one| one.0 < program.memberships.len())
        && view.entries.iter().all(|entries| entries.draw.0 < program.draws.len())
        && view.version <= program.older.len()
}

fn counts(program: &Program, counts: &Counts) -> bool {
    counts.filled.len() <= program.cards.len()
        && counts.lives.keys().all(|(one, _)| held(program, *one))
        && counts.discounts.keys().all(|of| match of {
            DiscountOf::Discount(id) => id.0 < program.discounts.len(),
            DiscountOf::Coupon(id) => id.0 < program.coupons.len(),
        })
}

fn held(program: &Program, held: Held) -> bool {
    match held {
        Held::Gift(id) => id.0 < program.gifts.len(),
        Held::Reward(id) => id.0 < program.rewards.len(),
        Held::Coupon(id) => id.0 < program.coupons.len(),
    }
}
