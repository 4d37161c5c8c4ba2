//! What reports that count event by event are told of one member at one moment.

use super::deeds::Deed;
use super::outcome::{AsOf, Entry, MemberView, When};
use super::parts::order::Order;
use super::parts::{Counts, Played};
use crate::value::clock::Date;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// One member at one moment; nobody is the empty id, and is told of as often as need be.
pub struct Hers<'a> {
    /// Who.
    pub id: &'a str,
    /// How she stands; none: the program does not know her by then.
    pub view: Option<&'a MemberView>,
    /// What her state does not show.
    pub counts: Option<&'a Counts>,
    /// What she did so far, in the order of the run.
    pub deeds: Vec<&'a Deed>,
    /// What happened to her so far, where the journal is wanted.
    pub entries: &'a [(Order, Entry)],
    /// The deeds that entries speak of, by their events.
    by_event: FxHashMap<&'a str, &'a Arc<Deed>>,
}

impl<'a> Hers<'a> {
    /// One member at a moment, by its place; `ends` says where each moment ends in the journal.
    pub fn at(id: &'a str, played: &'a Played, moment: usize, ends: &[Order]) -> Self {
        let ends = if played.ends.is_empty() { ends } else { &played.ends };
        let entries = match ends.get(moment) {
            Some(end) => &played.journal[..played.journal.partition_point(|(order, _)| order < end)],
            None => &[][..],
        };
        Self {
            id,
            view: played.views.get(moment).and_then(Option::as_ref),
            counts: played.counts.get(moment),
            deeds: played.deeds.iter().filter(|told| told.is_hers(moment)).map(|told| &*told.deed).collect(),
            entries,
            by_event: played.deeds.iter().map(|told| (told.deed.event.id.as_str(), &told.deed)).collect(),
        }
    }

    /// The deed of an event.
    pub fn deed_named(&self, event: &str) -> Option<&'a Deed> {
        self.by_event.get(event).map(|deed| &***deed)
    }

    /// The deed that an entry came of; none of what a timer brought.
    pub fn deed_of(&self, entry: &Entry) -> Option<&'a Deed> {
        self.deed_named(entry.event.as_deref()?)
    }
}

/// The last day that is wholly in a moment, for what must have had its time.
pub fn last_whole_day(as_of: &AsOf, day: Date) -> Date {
    match as_of.when {
        When::EndOf(_) => day,
        When::At(_) => day.yesterday().unwrap_or(day),
    }
}
