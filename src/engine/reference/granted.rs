//! Levels that are given: by rules, full cards and by hand; through a last day, or until a return takes them back.

use super::Run;
use super::state::{Grant, LevelState};
use crate::engine::outcome::LevelWhy;
use crate::mechanics::give::Until;
use crate::mechanics::{RuleId, TiersId};
use crate::value::clock::Date;

impl Run<'_> {
    /// A rule gives a level.
    pub(super) fn give_level(&mut self, id: &str, tiers: TiersId, level: usize, until: Option<Until>, rule: RuleId) {
        self.grant_level(id, tiers, level, until, Some(rule));
    }

    /// A level is given: by a rule, a card or a `grant` event; without an end of its own it is kept
    /// for the block's `lasts`.
    pub(super) fn grant_level(
        &mut self,
        id: &str,
        tiers: TiersId,
        level: usize,
        until: Option<Until>,
        rule: Option<RuleId>,
    ) {
        let (day, source) = (self.here.day, self.source());
        let Some(member) = self.members.get(id) else { return };
        let last = match until {
            Some(Until::Date(last)) => Some(last),
            Some(Until::For(length)) => length.after(day),
            None => self.term(member, tiers.0, level, day),
        };
        let state = &mut self.member_mut(id).levels[tiers.0];
        let from = state.on(day);
        let mut grant = Grant { level, last, source, lifted: None };
        if grant.holds_on(day) && level > from {
            grant.lifted = Some(grant.source.clone());
        }
        state.grants.push(grant);
        let (to, until) = state.best(day);
        let why = rule.map_or(LevelWhy::Granted, LevelWhy::Given);
        self.note_level(id, tiers.0, from, to, until, why);
    }

    /// Given levels whose last day has passed end here.
    pub(super) fn end_given(&mut self, id: &str, tiers: usize) {
        let day = self.here.day;
        let over = |grant: &Grant| grant.last.is_some_and(|last| last < day);
        let state = &mut self.member_mut(id).levels[tiers];
        if state.grants.iter().any(over) {
            let from = state.grants.iter().map(|grant| grant.level).fold(state.level, usize::max);
            state.grants.retain(|grant| !over(grant));
            let (to, until) = state.best(day);
            if to < from {
                self.note_level(id, tiers, from, to, until, LevelWhy::Ended);
            }
        }
    }

    /// Takes away levels that were given: all that `which` picks. Whether any was.
    pub(super) fn take_given(&mut self, id: &str, tiers: usize, why: LevelWhy, which: impl Fn(&Grant) -> bool) -> bool {
        let day = self.here.day;
        let state = &mut self.member_mut(id).levels[tiers];
        let from = state.on(day);
        let count = state.grants.len();
        state.grants.retain(|grant| !which(grant));
        let any = state.grants.len() < count;
        let (to, until) = state.best(day);
        if to < from {
            self.note_level(id, tiers, from, to, until, why);
        }
        any
    }

    /// After a return: with `refund recompute` a level that what came back had given is taken, and what the rise to it
    /// brought, unless something else holds that level. Else what was reached is kept, given or earned.
    pub(super) fn take_given_back(&mut self, id: &str, tiers: TiersId, level: usize, source: &str) {
        if !self.program.tiers[tiers.0].recompute {
            return;
        }
        let day = self.here.day;
        let which = |grant: &Grant| grant.level == level && grant.source == source;
        let taken = self.members[id].levels[tiers.0].grants.iter().filter(|grant| which(grant));
        let rises: Vec<String> = taken.filter_map(|grant| grant.lifted.clone()).collect();
        self.take_given(id, tiers.0, LevelWhy::TakenBack, which);
        for rise in rises {
            if !self.member_mut(id).levels[tiers.0].takes_over(&rise, level, day) {
                self.undo_rise_of(id, tiers, &rise);
            }
        }
    }
}

impl LevelState {
    /// Whether something else holds a level that was taken, and has lifted nobody yet: what the rise to it brought is
    /// this one's from now on.
    fn takes_over(&mut self, rise: &str, level: usize, day: Date) -> bool {
        let holds = |grant: &&mut Grant| grant.lifted.is_none() && grant.level >= level && grant.holds_on(day);
        if let Some(grant) = self.grants.iter_mut().find(holds) {
            grant.lifted = Some(rise.to_owned());
            return true;
        }
        let above = self.before.iter().skip(1).map(|rung| rung.level).chain([self.level]).collect::<Vec<_>>();
        let earned =
            |(rung, above): &(&mut super::state::Rung, usize)| !rung.lifted && rung.level < level && *above >= level;
        match self.before.iter_mut().zip(above).find(earned) {
            Some((rung, _)) => {
                rung.lifted = true;
                true
            }
            None => false,
        }
    }
}

impl Grant {
    /// Whether its last day has not passed.
    pub(super) fn holds_on(&self, day: Date) -> bool {
        self.last.is_none_or(|last| day <= last)
    }
}
