//! What late events changed of what was reported before (section 6.14): the facts that are no longer what they were.

use super::facts::Fact;
use super::harvest::rows::Format;
use super::harvest::{Harvest, Wanted};
use super::pseudonyms::Pseudonyms;
use super::tables::{Row, Table};
use super::words::Book;
use crate::engine::nightly::Correction;
use crate::engine::outcome::{AsOf, MemberView};
use crate::engine::parts::{Played, Take};
use crate::source::scratch::InMemory;
use std::collections::{BTreeMap, BTreeSet};

/// The columns of the table.
pub const COLUMNS: [&str; 5] = ["as_of", "member", "what", "was", "is"];

/// The rows: what was reported as of a moment and what is right, sorted by member and what. A fact that was not, or is
/// no longer, has an empty cell.
pub fn rows(
    book: Book<'_>,
    reported: Option<&AsOf>,
    corrections: &[Correction],
    names: Option<&Pseudonyms>,
) -> Vec<Row> {
    let Some(as_of) = reported else { return Vec::new() };
    let was = facts((book, names), as_of, corrections.iter().map(|one| (one.member.as_str(), one.was.as_ref())));
    let is = facts((book, names), as_of, corrections.iter().map(|one| (one.member.as_str(), one.is.as_ref())));
    let keys: BTreeSet<&(String, String)> = was.keys().chain(is.keys()).collect();
    let value = |facts: &Facts, key: &(String, String)| facts.get(key).cloned().unwrap_or_default();
    keys.into_iter()
        .map(|key| (key, value(&was, key), value(&is, key)))
        .filter(|(_, was, is)| was != is)
        .map(|((member, what), was, is)| vec![as_of.label.clone(), member.clone(), what.clone(), was, is])
        .collect()
}

/// The table `corrections`.
pub fn table(rows: &[Row]) -> Table<'_> {
    Table { name: "corrections", columns: COLUMNS.to_vec(), rows: Box::new(rows.iter().cloned()) }
}

/// Values by member and what.
type Facts = BTreeMap<(String, String), String>;

fn facts<'v>(
    (book, names): (Book<'_>, Option<&Pseudonyms>),
    as_of: &AsOf,
    views: impl Iterator<Item = (&'v str, Option<&'v MemberView>)>,
) -> Facts {
    let wanted = Wanted { facts: Some(Format::Cells), pseudonyms: names.cloned(), ..Wanted::default() };
    let harvest = Harvest::new(book, std::slice::from_ref(as_of), &wanted, &InMemory, usize::MAX);
    let mut basket = harvest.take();
    for (member, view) in views {
        basket.member(member, &Played { views: vec![view.cloned()], ..Played::default() });
    }
    let mut all = Facts::new();
    let mut tell = |Fact { member, what, value, .. }: Fact| {
        // The totals would be of these members alone.
        if !member.is_empty() {
            all.insert((member, what), value);
        }
        Ok(())
    };
    harvest.give(basket).and_then(|()| harvest.join().each_fact(&mut tell)).expect("memory takes it");
    all
}
