//! Columns that a program asks about and no file has: what asks for them finds nothing, so it is said.

use super::program::Ready;
use crate::ledger::{ColumnMap, FileMap, History, Kind, Source};
use crate::mechanics::columns::{Asked, Of, asked};
use crate::report::words::isolate;
use std::collections::BTreeSet;
use std::path::Path;

/// Columns of the events file that events and lines keep under names of their own.
const OWN: [&str; 7] = ["store", "channel", "ref", "unit", "sku", "category", "brand"];
/// So many names are told of those that the files have.
const TOLD: usize = 12;

/// A note for each column that the program asks about and that is nowhere in the history.
pub fn notes(ready: &Ready, history: &History, map: &ColumnMap) -> Vec<String> {
    let asked = asked(&ready.program);
    if asked.is_empty() || history.events.is_empty() {
        return Vec::new();
    }
    let (events, members) = (events(history), members(history));
    let mut missing: Vec<&Asked> = Vec::new();
    for one in &asked {
        let there = match one.of {
            Of::Events => events.contains(one.name.as_str()) || may_be_absent(ready, history, &one.name),
            Of::Members => members.contains(one.name.as_str()),
        };
        if !there && !missing.iter().any(|other| (other.of, &other.name) == (one.of, &one.name)) {
            missing.push(one);
        }
    }
    let known = |of: Of| match of {
        Of::Events => (&events, &map.events, ""),
        Of::Members => (&members, &map.members, "member."),
    };
    missing.into_iter().map(|one| note(ready, map, one, known(one.of))).collect()
}

fn events(history: &History) -> BTreeSet<&str> {
    let of_events = history.events.iter().flat_map(|event| event.fields.keys());
    let of_lines = history.events.iter().flat_map(|event| &event.lines).flat_map(|line| line.fields.keys());
    of_events.chain(of_lines).map(String::as_str).chain(OWN).collect()
}

fn members(history: &History) -> BTreeSet<&str> {
    history.members.values().flat_map(|row| row.columns.keys()).map(String::as_str).collect()
}

/// Whether the column is a field of activities of which the history has none: then there is nothing to miss.
fn may_be_absent(ready: &Ready, history: &History, name: &str) -> bool {
    let mut of = ready.program.activities.iter().filter(|one| one.fields.iter().any(|field| field.name.text == name));
    let done = |activity: &str| {
        history.events.iter().any(|event| event.kind == Kind::Activity && event.reference.as_deref() == Some(activity))
    };
    let declared = of.clone().next().is_some();
    declared && !of.any(|activity| done(&activity.name.text))
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
    let mut told: Vec<String> = names.iter().take(TOLD).map(|name| format!("{before}{}", isolate(name))).collect();
    match names.len() {
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
