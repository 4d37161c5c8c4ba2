//! Rises to levels: what each brought, and what of it goes where a return takes the level away (section 6.11).

use super::Run;
use super::challenges::Gifts;
use super::state::{Followed, Further, Member};
use crate::mechanics::TiersId;
use crate::mechanics::basis::Basis;
use crate::mechanics::give::Whom;
use crate::mechanics::rule::Trigger;
use crate::value::clock::Date;

/// A rise that stands: to which level, the day on which that was reached or last renewed, and the points it brought her.
struct Rise {
    level: usize,
    reached: Date,
    gifts: Gifts,
}

impl<'a> Run<'a> {
    /// Takes back what each of these rises brought, to levels that a return has taken away; how many. One to a level
    /// that is still held, because it was given too, stays.
    pub(super) fn undo_rises(&mut self, id: &str, tiers: usize, rises: &[usize]) -> usize {
        let undone = self.rises_undone(id, tiers, rises);
        for _ in 0..undone {
            self.undo_further(id, Trigger::LevelUp(TiersId(tiers)), None);
        }
        undone
    }

    /// How many of these rises, from the highest down, are to levels that are held no more. A level that a rise gave
    /// does not hold that rise, nor do two rises hold each other by what they gave.
    fn rises_undone(&self, id: &str, tiers: usize, rises: &[usize]) -> usize {
        let member = &self.members[id];
        let mut open = rises.len();
        loop {
            let own = levels_brought(member, tiers, open);
            let held = member.levels[tiers].without(self.here.day, &own);
            let still = rises[..open].iter().filter(|to| **to > held).count();
            if still == open {
                return still;
            }
            open = still;
        }
    }

    /// The points of rises that nothing else is known to earn.
    ///
    /// Where points are measured, what a rise brought holds neither that rise nor do two hold each other: what one brought
    /// counts only once it is known to stand without it.
    pub(super) fn unfounded(&self, member: &Member<'a>, tiers: usize) -> Vec<Gifts> {
        let measures = &self.program.tiers[tiers].measures;
        if !measures.iter().any(|measure| matches!(measure.basis, Basis::Points(_))) {
            return Vec::new();
        }
        let mut open = self.rises(member, tiers);
        loop {
            let gifts: Vec<Gifts> = open.iter().map(|rise| rise.gifts.clone()).collect();
            let stands = |rise: &Rise| self.earned(member, tiers, rise.reached, &gifts).0 >= rise.level;
            let before = open.len();
            open.retain(|rise| !stands(rise));
            if open.len() == before || open.is_empty() {
                return open.into_iter().map(|rise| rise.gifts).collect();
            }
        }
    }

    /// The rises by which a member holds what she has earned, the first first.
    fn rises(&self, member: &Member<'a>, tiers: usize) -> Vec<Rise> {
        let state = &member.levels[tiers];
        let after = state.before.iter().skip(1).map(|rung| (rung.level, rung.reached));
        let after = after.chain([(state.level, state.reached)]);
        let lifted = state.before.iter().zip(after).filter(|(rung, _)| rung.lifted).map(|(_, after)| after);
        let lifted: Vec<(usize, Option<Date>)> = lifted.collect();
        let brought = brought(member, tiers);
        // The last of each belong together.
        let told = lifted.len().min(brought.len());
        let pairs = lifted[lifted.len() - told..].iter().zip(&brought[brought.len() - told..]);
        let rise = |((level, reached), (of, further)): (&(usize, Option<Date>), &(Followed<'_>, &Further))| {
            let gifts = self.gifts_in(&member.id, Some(further), (of.at, of.day));
            Some(Rise { level: *level, reached: (*reached)?, gifts })
        };
        pairs.filter_map(rise).collect()
    }
}

/// What the rises to a block's levels brought, in the order of the run, each with what it followed from.
fn brought<'m>(member: &'m Member<'_>, tiers: usize) -> Vec<(Followed<'m>, &'m Further)> {
    let lifted = |one: &&Further| one.trigger == Trigger::LevelUp(TiersId(tiers));
    let all = member.followed().flat_map(|of| of.further.iter().filter(lifted).map(move |one| (of, one)));
    let mut all: Vec<(Followed<'m>, &Further)> = all.collect();
    all.sort_by_key(|(of, _)| of.position);
    all
}

/// The levels of a block that its last rises gave the member herself, each with what it is named after.
fn levels_brought<'m>(member: &'m Member<'_>, tiers: usize, rises: usize) -> Vec<(usize, &'m str)> {
    let last = brought(member, tiers).into_iter().rev().take(rises);
    let levels = last.flat_map(|(of, one)| one.valuation.levels.iter().map(move |level| (of.source, level)));
    levels
        .filter(|(_, (_, of, _, _, to))| of.0 == tiers && *to == Whom::Member)
        .map(|(source, (_, _, level, _, _))| (*level, source))
        .collect()
}
