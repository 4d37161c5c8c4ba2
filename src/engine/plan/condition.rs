//! Conditions as the fast engine runs them: figures and codes against what was worked out ahead.

use super::among::Among;
use crate::mechanics::condition::How;
use crate::value::clock::Length;

/// A condition on an event, a timer or a member.
#[derive(Debug, Clone)]
pub enum Cond {
    /// Always so, or never.
    Fixed(bool),
    /// All of them.
    All(Vec<Cond>),
    /// Any of them.
    Any(Vec<Cond>),
    /// Not this.
    Not(Box<Cond>),
    /// Of some line.
    Some(LineCond),
    /// Of every line, where there is one.
    Every(LineCond),
    /// A figure of the state ([`super::Plan::reads`]).
    Read(usize, Among),
    /// A figure of the event.
    Event(Figure, Among),
    /// The time of day in seconds; false where none is said.
    Time(Among),
    /// A column of the event.
    Column(Where),
    /// A column of the member: its place in [`super::Plan::member_tests`].
    Member(usize),
    /// `birthday within N days`, and whether a yes or a no is wanted.
    BirthdayWithin(u32, Among),
    /// `member for at least LENGTH`.
    MemberFor(Length, Among),
    /// The day lies in a calendar: its place in [`super::Plan::calendars`].
    Calendar(usize),
}

/// A figure of an event.
#[derive(Debug, Clone)]
pub enum Figure {
    /// Money of its lines.
    Amount,
    /// Money of the lines picked.
    TotalOf(LineCond),
    /// Items of its lines.
    Items,
    /// Items of the lines picked.
    ItemsOf(LineCond),
    /// The day of the week, 0 for Monday.
    Weekday,
    /// The day: days since 1970-01-01.
    Day,
    /// The day of the month.
    DayOfMonth,
    /// The month.
    Month,
}

/// A condition on one line.
#[derive(Debug, Clone)]
pub enum LineCond {
    /// Always so, or never.
    Fixed(bool),
    /// All of them.
    All(Vec<LineCond>),
    /// Any of them.
    Any(Vec<LineCond>),
    /// Not this.
    Not(Box<LineCond>),
    /// Of every line.
    Every(Box<LineCond>),
    /// A column of the line.
    Column(Where),
    /// A column of the line, else of the event: what each says, and whether nothing at all passes.
    Either {
        /// Of the line.
        line: Where,
        /// Of the event, where the line has none.
        event: Where,
    },
    /// A figure of the line.
    Line(LineFigure, Among),
    /// Money for one item, in thousandths of ten-thousandths … compared exactly: `amount / quantity`.
    Price(How),
    /// `at reduced price`.
    Reduced(Among),
    /// What is asked of the event as a whole.
    Event(Box<Cond>),
}

/// A figure of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineFigure {
    /// Money.
    Amount,
    /// How many.
    Quantity,
}

/// A text column and what of it passes.
#[derive(Debug, Clone)]
pub enum Where {
    /// Kept as a code: the column's place, and for each code whether it passes.
    Code(usize, Box<[bool]>),
    /// Kept as a text: the column's place, and the test.
    Text(usize, How),
}

impl LineCond {
    /// The one coded column it looks at, when that is all it looks at: the place and what of each code passes.
    pub fn as_codes(&self) -> Option<(usize, &[bool])> {
        match self {
            LineCond::Column(Where::Code(column, table)) => Some((*column, table)),
            LineCond::Fixed(_)
            | LineCond::All(_)
            | LineCond::Any(_)
            | LineCond::Not(_)
            | LineCond::Every(_)
            | LineCond::Column(Where::Text(..))
            | LineCond::Either { .. }
            | LineCond::Line(..)
            | LineCond::Price(_)
            | LineCond::Reduced(_)
            | LineCond::Event(_) => None,
        }
    }

    /// The same condition with what depends on one coded column alone worked out for each code.
    pub fn folded(self) -> Self {
        match self {
            LineCond::Not(part) => match part.folded() {
                LineCond::Fixed(says) => LineCond::Fixed(!says),
                LineCond::Column(Where::Code(column, table)) => {
                    LineCond::Column(Where::Code(column, table.iter().map(|passes| !passes).collect()))
                }
                part => LineCond::Not(Box::new(part)),
            },
            LineCond::All(parts) => joined(parts, true),
            LineCond::Any(parts) => joined(parts, false),
            LineCond::Fixed(_)
            | LineCond::Every(_)
            | LineCond::Column(_)
            | LineCond::Either { .. }
            | LineCond::Line(..)
            | LineCond::Price(_)
            | LineCond::Reduced(_)
            | LineCond::Event(_) => self,
        }
    }
}

/// Parts joined by `and` (or by `or`), those on one coded column made into one.
fn joined(parts: Vec<LineCond>, all: bool) -> LineCond {
    let mut kept: Vec<LineCond> = Vec::new();
    for part in parts.into_iter().map(LineCond::folded) {
        if let LineCond::Fixed(says) = part {
            if says != all {
                return LineCond::Fixed(says);
            }
            continue;
        }
        let same = part.as_codes().and_then(|(column, _)| {
            kept.iter_mut().find(|other| other.as_codes().is_some_and(|(other, _)| other == column))
        });
        match (same, part) {
            (Some(LineCond::Column(Where::Code(_, ours))), LineCond::Column(Where::Code(_, theirs))) => {
                ours.iter_mut().zip(theirs).for_each(|(a, b)| *a = if all { *a && b } else { *a || b });
            }
            (_, part) => kept.push(part),
        }
    }
    match kept.len() {
        0 => LineCond::Fixed(all),
        1 => kept.swap_remove(0),
        _ if all => LineCond::All(kept),
        _ => LineCond::Any(kept),
    }
}
