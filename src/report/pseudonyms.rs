//! Other names for people in what a run writes (`--pseudonymise KEYFILE`): the same key gives the same names, and
//! without it nobody tells whose they are (`docs/outputs.md`, "Without names").
//!
//! A name is a keyed BLAKE3 hash, 128 bits of it. Names are put in after everything was worked out, for draws and
//! pilots go by the real ones; rows then stand in the order of the new names, so that not even their order tells
//! anything. What the engine wrote in sentences may name others, and is left out.

use crate::engine::outcome::{Entry, Happened, MemberView};
use crate::engine::parts::Played;
use crate::mechanics::Program;
use crate::value::clock::{Moment, parse_date};
use std::collections::BTreeSet;
use std::fmt;

/// A key has no fewer bytes: of a shorter one all can be tried.
pub const LEAST: usize = 16;

/// What the key of this use is derived by: another use of the same file gives other names.
const CONTEXT: &str = "loyal 2026-11-30 pseudonyms of members and events";

/// What timers call themselves in `source`; a day follows.
const TIMERS: [&str; 10] = [
    "the start",
    "the start of",
    "birthday",
    "anniversary",
    "every period",
    "every membership year",
    "no purchase by",
    "joined",
    "given",
    "timer",
];

/// The new names, by one key.
#[derive(Clone, PartialEq, Eq)]
pub struct Pseudonyms {
    key: [u8; 32],
}

/// The key is nobody's to read.
impl fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pseudonyms")
    }
}

impl Pseudonyms {
    /// Of the contents of a key file, blanks around them left out; none when there are fewer than [`LEAST`] bytes.
    pub fn of(key: &[u8]) -> Option<Self> {
        let key = key.trim_ascii();
        (key.len() >= LEAST).then(|| Self { key: blake3::derive_key(CONTEXT, key) })
    }

    /// A member's new name; nobody stays nobody.
    ///
    /// ```
    /// # use loyal::report::pseudonyms::Pseudonyms;
    /// let names = Pseudonyms::of(b"sixteen bytes or more").unwrap();
    /// assert_eq!(names.member("ana"), names.member("ana"));
    /// assert_ne!(names.member("ana"), Pseudonyms::of(b"another key, as long").unwrap().member("ana"));
    /// ```
    pub fn member(&self, id: &str) -> String {
        self.name("m", id)
    }

    /// An event's new name: who has the receipts could tell by it whose it is.
    pub fn event(&self, id: &str) -> String {
        self.name("e", id)
    }

    /// What tells this key from others, and nothing of it.
    pub fn mark(&self) -> String {
        self.name("k", "mark")
    }

    fn name(&self, of: &str, id: &str) -> String {
        if id.is_empty() {
            return String::new();
        }
        let hash =
            blake3::Hasher::new_keyed(&self.key).update(of.as_bytes()).update(b":").update(id.as_bytes()).finalize();
        format!("{of}-{}", &hash.to_hex()[..32])
    }

    /// What a member came to, without names.
    pub fn played(&self, program: &Program, played: &Played) -> Played {
        let mut played = played.clone();
        played.views.iter_mut().flatten().for_each(|view| self.view(program, view));
        played.rejected.iter_mut().for_each(|(event, ..)| *event = self.event(event));
        played.discounts.iter_mut().for_each(|(purchase, ..)| *purchase = self.event(purchase));
        played.journal.iter_mut().for_each(|(_, entry)| self.entry(entry));
        played
    }

    fn view(&self, program: &Program, view: &mut MemberView) {
        let lots = view.points.values_mut().flat_map(|points| points.lots.iter_mut());
        for lot in lots.filter(|lot| !is_of_the_program(program, &lot.source)) {
            lot.source = self.event(&lot.source);
        }
    }

    fn entry(&self, entry: &mut Entry) {
        entry.member = entry.member.as_ref().map(|id| self.member(id));
        entry.event = entry.event.as_ref().map(|id| self.event(id));
        match &mut entry.what {
            Happened::Posted(posting) => posting.note.clear(),
            Happened::Rejected { sentence, .. } | Happened::Nothing(sentence) => sentence.clear(),
            Happened::Discount(off) => {
                off.purchase = self.event(&off.purchase);
                off.note.clear();
            }
            // They name blocks of the program and figures.
            Happened::Stamped { .. }
            | Happened::Gift { .. }
            | Happened::Level { .. }
            | Happened::Challenge { .. }
            | Happened::Entries { .. }
            | Happened::Drawn { .. }
            | Happened::Won { .. }
            | Happened::Membership { .. }
            | Happened::Offer { .. }
            | Happened::Limited { .. }
            | Happened::NewTerms(_) => {}
        }
    }

    /// Where an entry stands among all: those of one moment in the order of the new names, each member's as they came.
    pub fn place(at: Moment, member: Option<&str>) -> Vec<u8> {
        // Moved so that what lies before 1970 comes first.
        let mut place = at.0.as_nanosecond().wrapping_sub(i128::MIN).cast_unsigned().to_be_bytes().to_vec();
        place.extend_from_slice(member.unwrap_or_default().as_bytes());
        place.push(0);
        place
    }
}

/// Whether a lot is of a timer or a membership, and not of an event.
fn is_of_the_program(program: &Program, source: &str) -> bool {
    let versions = std::iter::once(program).chain(program.older.iter());
    let memberships: BTreeSet<&str> =
        versions.flat_map(|program| &program.memberships).map(|block| block.name.text.as_str()).collect();
    let of_timer =
        source.rsplit_once(' ').is_some_and(|(words, day)| TIMERS.contains(&words) && parse_date(day).is_ok());
    of_timer || source.strip_prefix("membership ").is_some_and(|name| memberships.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_can_be_tried_out_is_none() {
        assert_eq!(Pseudonyms::of(b"short"), None);
        assert_eq!(Pseudonyms::of(b"   fifteen bytes   \n"), None);
        assert!(Pseudonyms::of(b"sixteen bytes!!!\n").is_some());
    }

    #[test]
    fn an_editor_that_ends_the_line_changes_no_name() {
        assert_eq!(Pseudonyms::of(b"sixteen bytes!!!"), Pseudonyms::of(b"sixteen bytes!!!\r\n"));
    }

    #[test]
    fn members_and_events_of_one_id_have_other_names_and_nobody_has_none() {
        let names = Pseudonyms::of(b"sixteen bytes!!!").expect("it is long enough");
        assert_ne!(names.member("p1")[2..], names.event("p1")[2..]);
        assert_eq!(names.member(""), "");
        assert!(!format!("{names:?}").contains("sixteen"));
    }
}
