//! Columns that a program asks about and no file has: what asks for them finds nothing, so it is said.

use super::program::Ready;
use crate::engine::reference::households::outside;
use crate::ledger::{ColumnMap, FileMap, History, Kind, MemberRow, Source};
use crate::mechanics::columns::{Asked, Of, asked};
use crate::mechanics::household::Household;
use crate::report::words::isolate;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Columns of the events file that events and lines keep under names of their own.
const OWN: [&str; 7] = ["store", "channel", "ref", "unit", "sku", "category", "brand"];
/// So many names are told of those that the files have.
const TOLD: usize = 12;

/// What there is in a history, by the names of its columns.
#[derive(Debug, Default)]
pub struct Known<'h> {
    /// Columns of events and lines that say something somewhere.
    pub events: BTreeSet<&'h str>,
    /// Columns of members.
    pub members: BTreeSet<&'h str>,
    /// The members file.
    pub rows: Option<&'h BTreeMap<String, MemberRow>>,
    /// Activities that were done.
    pub activities: BTreeSet<&'h str>,
    /// Whether there is any event.
    pub any: bool,
}

impl<'h> Known<'h> {
    /// Of a history in memory.
    pub fn of(history: &'h History) -> Self {
        let of_events = history.events.iter().flat_map(|event| event.fields.keys());
        let of_lines = history.events.iter().flat_map(|event| &event.lines).flat_map(|line| line.fields.keys());
        let done = history.events.iter().filter(|event| event.kind == Kind::Activity);
        Self {
            events: of_events.chain(of_lines).map(String::as_str).collect(),
            members: members(&history.members),
            rows: Some(&history.members),
            activities: done.filter_map(|event| event.reference.as_deref()).collect(),
            any: !history.events.is_empty(),
        }
    }
}

/// The columns of members.
pub fn members(rows: &BTreeMap<String, MemberRow>) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for name in rows.values().flat_map(|row| row.columns.names()) {
        if !names.contains(name) {
            names.insert(name);
        }
    }
    names
}

/// A note for each column that the program asks about and that is nowhere in the history, and for members whom their
/// household has no room for.
pub fn notes(ready: &Ready, known: &Known<'_>, map: &ColumnMap) -> Vec<String> {
    let mut notes = of_columns(ready, known, map);
    let households = ready.program.household.as_ref().zip(known.rows);
    notes.extend(households.and_then(|(block, rows)| no_room(ready, block, rows)));
    notes
}

/// Members whom their household has no room for.
fn no_room(ready: &Ready, block: &Household, rows: &BTreeMap<String, MemberRow>) -> Option<String> {
    let outside = outside(block, rows);
    let most = block.most.filter(|_| !outside.is_empty())?;
    let mut told: Vec<String> =
        outside.iter().take(TOLD).map(|(id, home)| format!("{} ({})", isolate(id), isolate(home))).collect();
    if outside.len() > TOLD {
        told.push(format!("{} more", outside.len() - TOLD));
    }
    let place = ready.book().place(block.span);
    Some(format!(
        "note: a household has at most {most} members ({place}), so these are outside of theirs and share nothing: {}",
        told.join(", ")
    ))
}

fn of_columns(ready: &Ready, known: &Known<'_>, map: &ColumnMap) -> Vec<String> {
    let asked = asked(&ready.program);
    if asked.is_empty() || !known.any {
        return Vec::new();
    }
    let events: BTreeSet<&str> = known.events.iter().copied().chain(OWN).collect();
    let mut missing: Vec<&Asked> = Vec::new();
    for one in &asked {
        let there = match one.of {
            Of::Events => events.contains(one.name.as_str()) || may_be_absent(ready, known, &one.name),
            Of::Members => known.members.contains(one.name.as_str()),
        };
        if !there && !missing.iter().any(|other| (other.of, &other.name) == (one.of, &one.name)) {
            missing.push(one);
        }
    }
    let known = |of: Of| match of {
        Of::Events => (&events, &map.events, ""),
        Of::Members => (&known.members, &map.members, "member."),
    };
    missing.into_iter().map(|one| note(ready, map, one, known(one.of))).collect()
}

/// Whether the column is a field of activities of which the history has none: then there is nothing to miss.
fn may_be_absent(ready: &Ready, known: &Known<'_>, name: &str) -> bool {
    let mut of = ready.program.activities.iter().filter(|one| one.fields.iter().any(|field| field.name.text == name));
    let declared = of.clone().next().is_some();
    declared && !of.any(|activity| known.activities.contains(activity.name.text.as_str()))
}

fn note(ready: &Ready, map: &ColumnMap, asked: &Asked, known: (&BTreeSet<&str>, &FileMap, &str)) -> String {
    let (names, of_file, before) = known;
    let place = ready.book().place(asked.span);
    let name = isolate(&asked.name);
    let says =
        format!("note: no file has anything in a column `{before}{name}` ({place}), so what asks for it never holds; ");
    if let Some(now) = renamed(of_file, &asked.name) {
        let map = Path::new(&map.path).file_name().map_or_else(|| "columns.toml".into(), |name| name.to_string_lossy());
        return format!("{says}{map} reads that column as `{before}{}`", isolate(&now));
    }
    let wanted = asked.name.to_lowercase();
    let far = |other: &&str| strsim::damerau_levenshtein(&wanted, &other.to_lowercase());
    let near = names.iter().map(|other| (far(other), *other)).min();
    if let Some((_, near)) = near.filter(|(far, near)| far * 3 <= near.chars().count()) {
        return format!("{says}is `{before}{}` meant?", isolate(near));
    }
    // Of the columns that every events file may have, nobody knows here whether this one has them.
    let theirs: Vec<&&str> = names.iter().filter(|name| !OWN.contains(name)).collect();
    let mut told: Vec<String> = theirs.iter().take(TOLD).map(|name| format!("{before}{}", isolate(name))).collect();
    match theirs.len() {
        0 if before.is_empty() => {
            return format!("{says}the files have no columns beside those that the tool reads itself");
        }
        0 => told.push("none of members".to_string()),
        all if all > TOLD => told.push(format!("{} more", all - TOLD)),
        _ => {}
    }
    format!("{says}the files have: {}", told.join(", "))
}

/// The name under which the map reads a header of the user's file.
fn renamed(map: &FileMap, header: &str) -> Option<String> {
    let is = |theirs: &String| theirs.to_lowercase() == header.to_lowercase();
    let ours = map.columns.iter().find(|(_, source)| match source {
        Source::Column(theirs) => is(theirs),
        Source::Always(_) => false,
        Source::Joined { from, .. } => from.iter().any(is),
        Source::Sum(from) => from.iter().any(is),
    });
    let extra = map.extra.iter().find(|(_, theirs)| is(theirs)).map(|(name, _)| name);
    ours.map(|(name, _)| name).or(extra).cloned()
}
