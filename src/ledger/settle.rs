//! From rows to events: lines in one order whatever their order in the file, events that count once,
//! ids for rows that have none.

use std::collections::HashMap;

use super::columns::EVENTS;
use super::events::{Draft, Sheet};
use super::layout::Layout;
use super::loaded::{BadRows, Note};
use super::mistake::{DataError, Place, Problem, all_of};
use super::read::Reading;
use super::{Event, Kind, Line};
use crate::value::exact::Exact;
use crate::value::natural_cmp;

/// The events of all files read so far.
#[derive(Default)]
pub(super) struct Settling {
    pub(super) drafts: Vec<Draft>,
    by_id: HashMap<String, usize>,
    /// Rows whose id is still a key, to be numbered among their equals once all files are read.
    unnumbered: Vec<Draft>,
}

impl Settling {
    /// Takes the events of one file.
    pub(super) fn take(&mut self, reading: &mut Reading<'_>, sheet: Sheet, layout: &Layout, numbers_ids: bool) {
        for mut draft in sheet.drafts {
            if draft.bad.is_none() {
                settle(reading, &mut draft, layout);
            }
            if numbers_ids && draft.bad.is_none() {
                self.unnumbered.push(draft);
            } else {
                self.add(reading, draft);
            }
        }
    }

    /// An event that another file has too counts once.
    fn add(&mut self, reading: &mut Reading<'_>, mut draft: Draft) {
        let id = draft.event.id.clone();
        let Some(at) = self.by_id.get(&id).copied().filter(|_| !id.is_empty()) else {
            if !id.is_empty() {
                self.by_id.insert(id, self.drafts.len());
            }
            self.drafts.push(draft);
            return;
        };
        let first = &mut self.drafts[at];
        if first.bad.is_some() || draft.bad.is_some() {
            // One version of it is bad: neither is taken, for they could not be compared.
            first.bad = first.bad.or(Some(first.event.place.1));
            draft.bad = draft.bad.or(Some(draft.event.place.1));
            self.drafts.push(draft);
            return;
        }
        let Some(differs) = difference(&first.event, &draft.event) else {
            reading.repeated_events += 1;
            return;
        };
        let other = reading.place(&first.event);
        let problem = Problem::SameId { id, other, differs };
        first.bad = Some(first.event.place.1);
        blame(reading, first, &draft.event, &problem);
        let row = draft.event.place.1;
        fail(reading, &mut draft, row, Some("id".to_owned()), None, problem);
        self.drafts.push(draft);
    }

    /// Gives the rows without an id of their own one: the key alone, then `key#2`, `key#3` …, in
    /// the order of their contents, so that neither their place nor their file plays a part.
    pub(super) fn number(&mut self, reading: &mut Reading<'_>) {
        let mut rows = std::mem::take(&mut self.unnumbered);
        rows.sort_by(|a, b| a.event.id.cmp(&b.event.id).then_with(|| contents(&a.event).cmp(&contents(&b.event))));
        let mut across = 0;
        let mut last: Option<(String, u64)> = None;
        for at in 0..rows.len() {
            let (before, rest) = rows.split_at_mut(at);
            let draft = &mut rest[0];
            let key = draft.event.id.clone();
            let count = match &last {
                Some((same, count)) if *same == key => count + 1,
                Some(_) | None => 1,
            };
            if let Some(previous) = before.last().filter(|_| count > 1) {
                let equal = contents(&previous.event) == contents(&draft.event);
                across += u64::from(equal && previous.event.place.0 != draft.event.place.0);
            }
            // A `#` of the key itself is doubled, so that `a#2` is never two events.
            let id = key.replace('#', "##");
            draft.event.id = if count == 1 { id } else { format!("{id}#{count}") };
            last = Some((key, count));
        }
        if across > 0 {
            reading.notes.push(Note::EqualAcrossFiles { events: across });
        }
        self.drafts.append(&mut rows);
    }
}

/// Puts the lines in order and checks what they say together.
fn settle(reading: &mut Reading<'_>, draft: &mut Draft, layout: &Layout) {
    draft.lines.sort_by(|(a, at), (b, bt)| order(a, b).then(at.cmp(bt)));
    if draft.event.kind.has_lines() {
        numbered_lines(reading, draft, layout);
    } else {
        one_row(reading, draft);
    }
    if draft.bad.is_some() {
        return;
    }
    let equal = draft.lines.windows(2).filter(|pair| pair[0].0 == pair[1].0).count() as u64;
    if equal > 0 {
        reading.equal_rows.0 += equal;
        reading.equal_rows.1 += 1;
    }
    draft.event.lines = draft.lines.drain(..).map(|(line, _)| line).collect();
    for (name, value) in draft.event.lines.iter().flat_map(|line| &line.fields) {
        if !draft.event.fields.contains_key(name) {
            draft.event.fields.insert(name.clone(), value.clone());
        }
    }
    if draft.event.kind == Kind::Purchase {
        let sum: Exact = draft.event.lines.iter().filter_map(|line| line.amount.as_ref()).sum();
        if sum.is_negative() {
            let problem = Problem::NegativeReceipt { id: draft.event.id.clone() };
            let (row, column) = (draft.event.place.1, Some(layout.shown(amount_column())));
            fail(reading, draft, row, column, Some(sum.to_string()), problem);
        }
    }
}

fn amount_column() -> usize {
    EVENTS.iter().position(|name| *name == "amount").expect("`amount` is one of our columns")
}

/// By number where lines have one, then by contents: never by their place in the file.
fn order(a: &Line, b: &Line) -> std::cmp::Ordering {
    let number = |line: &Line| line.number.clone().unwrap_or_default();
    natural_cmp(&number(a), &number(b)).then_with(|| a.cmp(b))
}

/// The same line number twice is the same line: with equal contents it counts once.
fn numbered_lines(reading: &mut Reading<'_>, draft: &mut Draft, layout: &Layout) {
    let before = draft.lines.len();
    draft.lines.dedup_by(|(a, _), (b, _)| a.number.is_some() && a == b);
    draft.repeated_rows += (before - draft.lines.len()) as u64;
    let clash = draft.lines.windows(2).find(|pair| pair[0].0.number.is_some() && pair[0].0.number == pair[1].0.number);
    let Some([(line, a), (_, b)]) = clash else { return };
    let (first, second) = (*a.min(b), *a.max(b));
    let number = line.number.clone();
    let other = Place { file: reading.files[draft.event.place.0].clone(), row: first };
    let problem = Problem::SameLine { id: draft.event.id.clone(), other };
    let column = layout.has(1).then(|| layout.shown(1));
    fail(reading, draft, second, column, number, problem);
}

/// An event without lines is one row; equal ones count once.
fn one_row(reading: &mut Reading<'_>, draft: &mut Draft) {
    let before = draft.lines.len();
    draft.lines.dedup_by(|(a, _), (b, _)| a == b);
    draft.repeated_rows += (before - draft.lines.len()) as u64;
    if let [(a, first), (b, second), ..] = &draft.lines[..] {
        let other = Place { file: reading.files[draft.event.place.0].clone(), row: *first.min(second) };
        let differs = line_difference(a, b).unwrap_or_else(|| "their lines".to_owned());
        let problem = Problem::SameId { id: draft.event.id.clone(), other, differs };
        let row = *first.max(second);
        fail(reading, draft, row, None, None, problem);
    }
}

/// Reports what is wrong with a whole event, and marks it.
fn fail(
    reading: &mut Reading<'_>,
    draft: &mut Draft,
    row: u64,
    column: Option<String>,
    value: Option<String>,
    problem: Problem,
) {
    let file = reading.files[draft.event.place.0].clone();
    draft.bad = Some(row);
    let error = DataError { file, row: Some(row), column, value, problem };
    if reading.how.bad == BadRows::SetAside {
        let wrong = all_of(std::slice::from_ref(&error));
        if let Some(original) = draft.originals.iter_mut().find(|original| original.row == row) {
            original.wrong = wrong;
        }
    }
    reading.wrong(error);
}

/// Gives the other version of an event the same reason, when it is set aside.
fn blame(reading: &Reading<'_>, draft: &mut Draft, other: &Event, problem: &Problem) {
    let mut problem = problem.clone();
    if let Problem::SameId { other: place, .. } = &mut problem {
        *place = reading.place(other);
    }
    let says = DataError::of_file(&reading.files[draft.event.place.0], problem).says();
    for original in &mut draft.originals {
        original.wrong.get_or_insert_with(|| (None, says.clone()));
    }
}

/// Everything of an event but where it was read, in a form that compares.
fn contents(event: &Event) -> impl Ord + '_ {
    let Event { id: _, at, day: _, timed, kind, member, reference, store, channel, unit, paid_points, .. } = event;
    ((at, timed, kind, member, reference), (store, channel, unit, paid_points), &event.coupons, &event.lines)
}

/// The first thing in which two versions of an event differ, in words; none when they are equal.
fn difference(first: &Event, second: &Event) -> Option<String> {
    if contents(first) == contents(second) {
        return None;
    }
    let columns = [
        ("time", (first.at, first.timed) == (second.at, second.timed)),
        ("type", first.kind == second.kind),
        ("member", first.member == second.member),
        ("ref", first.reference == second.reference),
        ("store", first.store == second.store),
        ("channel", first.channel == second.channel),
        ("unit", first.unit == second.unit),
        ("paid_points", first.paid_points == second.paid_points),
        ("coupon", first.coupons == second.coupons),
    ];
    if let Some((name, _)) = columns.into_iter().find(|(_, equal)| !equal) {
        return Some(format!("another `{name}`"));
    }
    if first.lines.len() != second.lines.len() {
        return Some(format!("{} lines there, {} here", first.lines.len(), second.lines.len()));
    }
    let pairs = first.lines.iter().zip(&second.lines);
    pairs.into_iter().find_map(|(a, b)| line_difference(a, b)).or_else(|| Some("another line".to_owned()))
}

/// The first column in which two lines differ.
fn line_difference(a: &Line, b: &Line) -> Option<String> {
    let columns = [
        ("line", a.number == b.number),
        ("amount", a.amount == b.amount),
        ("regular", a.regular == b.regular),
        ("tax", a.tax == b.tax),
        ("qty", a.qty == b.qty),
        ("sku", a.sku == b.sku),
        ("category", a.category == b.category),
        ("brand", a.brand == b.brand),
    ];
    let own = columns.into_iter().find(|(_, equal)| !equal).map(|(name, _)| name.to_owned());
    let name = own.or_else(|| {
        let names = a.fields.keys().chain(b.fields.keys());
        names.into_iter().find(|name| a.fields.get(*name) != b.fields.get(*name)).cloned()
    })?;
    Some(format!("another `{name}`"))
}
