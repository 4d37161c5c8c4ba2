//! Rises to levels: what each brought, and what of it goes where a return takes the level away (section 6.11).

use super::Run;
use super::challenges::Gifts;
use super::state::{Further, Member};
use crate::mechanics::TiersId;
use crate::mechanics::basis::Basis;
use crate::mechanics::give::Whom;
use crate::mechanics::rule::Trigger;
use crate::value::clock::{Date, Moment};

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
        let own = member.seen.iter().map(|seen| (seen.position, seen.at, seen.day, &seen.further));
        let others = member.from_others.iter().map(|one| (one.position, one.at, one.day, &one.further));
        let mut brought: Vec<(_, Moment, Date, &Further)> = own
            .chain(others)
            .flat_map(|(position, at, day, further)| further.iter().map(move |one| (position, at, day, one)))
            .filter(|(.., one)| one.trigger == Trigger::LevelUp(TiersId(tiers)))
            .collect();
        brought.sort_by_key(|(position, ..)| *position);
        let lifted: Vec<_> = lifted.collect();
        let last = brought.len().saturating_sub(lifted.len());
        let rise = |((level, reached), (_, at, day, further)): ((usize, Option<Date>), (_, Moment, Date, &Further))| {
            let gifts = self.gifts_in(&member.id, Some(further), (at, day));
            Some(Rise { level, reached: reached?, gifts })
        };
        // The last of each belong together.
        let first = lifted.len().saturating_sub(brought.len());
        lifted.into_iter().skip(first).zip(brought.split_off(last)).filter_map(rise).collect()
    }
}

/// The levels of a block that its last rises gave the member herself, each with what it is named after.
fn levels_brought<'m>(member: &'m Member<'_>, tiers: usize, rises: usize) -> Vec<(usize, &'m str)> {
    let mut all: Vec<_> = member.followed().filter(|(.., further)| !further.is_empty()).collect();
    all.sort_by_key(|(position, ..)| std::cmp::Reverse(*position));
    let lifted = |one: &&Further| one.trigger == Trigger::LevelUp(TiersId(tiers));
    let last = all.into_iter().flat_map(|(_, source, further)| {
        further.iter().rev().filter(lifted).map(move |one| (source, &one.valuation.levels))
    });
    last.take(rises)
        .flat_map(|(source, levels)| levels.iter().map(move |(_, of, level, _, to)| (of, *level, to, source)))
        .filter(|(of, _, to, _)| of.0 == tiers && **to == Whom::Member)
        .map(|(_, level, _, source)| (level, source))
        .collect()
}
