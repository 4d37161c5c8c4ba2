//! Members played by the engine over piles in memory.

use super::{Hers, Play};
use crate::engine::outcome::{AsOf, HeldDraw};
use crate::engine::parts::{
    Job, Journal, Played, Player, Store, Take, TooFull, in_order_of_events, joins_all, pile_of, play,
};
use crate::engine::pile::Pile;
use crate::engine::plan::Needs;
use crate::engine::reference::part::Whole;
use crate::ledger::MemberRow;
use crate::mechanics::Program;
use crate::value::clock::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

/// Plays members as a run over a whole history would.
pub struct Players<'p, F> {
    /// The program.
    pub program: &'p Program,
    /// How its columns are kept.
    pub needs: &'p Needs,
    /// How many members are played side by side.
    pub threads: usize,
    /// Makes the interpreter for a worker.
    pub player: F,
}

/// What members came to, by id.
#[derive(Debug, Default)]
struct All(BTreeMap<String, Played>);

impl Take for All {
    fn member(&mut self, id: &str, played: &Played) {
        let more = played.clone();
        match self.0.get_mut(id) {
            // Nobody's is told of as often as need be.
            Some(played) => played.add(more),
            None => drop(self.0.insert(id.to_owned(), more)),
        }
    }
}

impl<'p, P: Player, F: Fn(&Job<'_>) -> P + Sync> Play for Players<'p, F> {
    fn play(
        &self,
        members: &[Hers],
        begin: Date,
        (as_of, held): (&[AsOf], &[HeldDraw]),
        journal: bool,
    ) -> Result<BTreeMap<String, Played>, TooFull> {
        let mut piles = vec![Pile::new(true); (self.threads * 4).clamp(1, members.len().max(1))];
        let count = piles.len();
        let mut rows: BTreeMap<String, MemberRow> = BTreeMap::new();
        for hers in members {
            for place in 0..hers.events.len() {
                let of = match hers.events.member.get(place) {
                    "" => hers.events.id.get(place),
                    member => member,
                };
                piles[pile_of(of, count)].copy_from(&hers.events, place, self.needs);
            }
            rows.extend(hers.row.clone().map(|row| (hers.id.clone(), row)));
        }
        let job = Job {
            program: self.program,
            needs: self.needs,
            as_of,
            whole: Whole { first_day: Some(begin), last: None, held: held.to_vec() },
            journal: if journal { Journal::UptoLast } else { Journal::None },
            deeds: journal,
            threads: self.threads,
            shared: None,
        };
        let all = Mutex::new(All::default());
        let give = |one: All| {
            let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
            one.0.iter().for_each(|(id, played)| all.member(id, played));
            Ok(())
        };
        let store = Store::in_memory(piles);
        if joins_all(self.program) {
            in_order_of_events(&job, &store, &rows, &mut *all.lock().unwrap_or_else(PoisonError::into_inner))?;
        } else {
            play(&job, &store, &rows, || (self.player)(&job), (All::default, give))?;
        }
        let All(mut all) = all.into_inner().unwrap_or_else(PoisonError::into_inner);
        // Of others, who only stand in these events, not all is here.
        let asked: BTreeSet<&str> = members.iter().map(|hers| hers.id.as_str()).chain([""]).collect();
        all.retain(|id, _| asked.contains(id.as_str()));
        Ok(all)
    }
}
