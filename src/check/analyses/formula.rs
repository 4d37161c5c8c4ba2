//! Conditions as facts about one event that must hold together.
//!
//! A condition becomes a formula with negations pushed to its leaves, and the formula a list of
//! alternatives, each a list of facts. Conditions on lines follow `mechanics::condition`: positive
//! ones joined by `and` speak of one line.

use crate::mechanics::condition::{Condition, How, Measure, Test, Value, is_of_line, picks_one_line, positive};
use crate::mechanics::{CalendarId, Program};
use crate::value::clock::Date;
use std::cell::Cell;

/// The most alternatives that are looked at; beyond, an answer is unsure.
const MOST: usize = 512;

/// The most facts in all alternatives together.
pub const MOST_FACTS: usize = 20_000;

/// How deep segments may name segments.
const DEEPEST: usize = 16;

/// How many segments are looked into for one formula; what lies beyond is a fact of its own.
const MOST_SEGMENTS: usize = 256;

/// Something that holds of one event.
#[derive(Debug, Clone)]
pub enum Fact {
    /// A test of the event or its member holds, or does not.
    Event(Test, bool),
    /// The day lies in this stretch.
    Within(Option<Date>, Option<Date>),
    /// The day does not lie in this calendar.
    Outside(CalendarId),
    /// Some line is so.
    SomeLine(OfLine),
    /// Every line is so.
    EveryLine(OfLine),
}

/// Something that holds of one line.
#[derive(Debug, Clone)]
pub enum OfLine {
    /// All of them.
    All(Vec<OfLine>),
    /// Any of them.
    Any(Vec<OfLine>),
    /// A test of the line holds, or does not.
    Test(Test, bool),
    /// What is not looked into: `every line` inside a condition on a line.
    Unsure,
}

/// Facts joined by `and` and `or`.
#[derive(Debug, Clone)]
pub enum Formula {
    /// All of them; none: true.
    All(Vec<Formula>),
    /// Any of them; none: false.
    Any(Vec<Formula>),
    /// A fact.
    Fact(Fact),
}

impl Formula {
    /// The condition holds, or does not.
    pub fn of(program: &Program, condition: &Condition, wanted: bool) -> Self {
        of(program, condition, wanted, 0, &Cell::new(MOST_SEGMENTS))
    }

    /// The condition holds, or does not, by exactly one of the parts of each `or` of it (`not (a and b)` is one too): what
    /// an event made for one part lets hold by chance hides what is so without it.
    pub fn by_one_part(program: &Program, condition: &Condition, wanted: bool) -> Self {
        match (condition, wanted) {
            // Parts on lines speak of one line together.
            (Condition::All(parts), _) if parts.iter().all(picks_one_line) => Self::of(program, condition, wanted),
            (Condition::All(parts), true) | (Condition::Any(parts), false) => {
                let parts = together(condition, parts);
                Self::All(parts.iter().map(|part| Self::by_one_part(program, part, wanted)).collect())
            }
            (Condition::Any(parts), true) | (Condition::All(parts), false) => {
                let parts = together(condition, parts);
                let one = |at: usize| {
                    let others = parts.iter().enumerate().filter(|(other, _)| *other != at);
                    let others = others.map(|(_, part)| Self::of(program, part, !wanted));
                    Self::All(std::iter::once(Self::by_one_part(program, &parts[at], wanted)).chain(others).collect())
                };
                Self::Any((0..parts.len()).map(one).collect())
            }
            (Condition::Not(part), _) => Self::by_one_part(program, part, !wanted),
            (Condition::EveryLine(_) | Condition::Test(_), _) => Self::of(program, condition, wanted),
        }
    }

    /// Whether a condition can hold, or not hold, by one of several parts.
    pub fn has_parts(condition: &Condition, wanted: bool) -> bool {
        match (condition, wanted) {
            (Condition::All(parts), false) if parts.iter().all(picks_one_line) => false,
            (Condition::All(_), false) | (Condition::Any(_), true) => true,
            (Condition::All(parts), true) | (Condition::Any(parts), false) => {
                parts.iter().any(|part| Self::has_parts(part, wanted))
            }
            (Condition::Not(part), _) => Self::has_parts(part, !wanted),
            (Condition::EveryLine(_) | Condition::Test(_), _) => false,
        }
    }

    /// The alternatives, each a list of facts; none when there are too many.
    pub fn alternatives(&self) -> Option<Vec<Vec<Fact>>> {
        match self {
            Self::Fact(fact) => Some(vec![vec![fact.clone()]]),
            Self::Any(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    all.extend(part.alternatives()?);
                    if all.len() > MOST {
                        return None;
                    }
                }
                Some(all)
            }
            Self::All(parts) => product(parts.iter().map(Self::alternatives)),
        }
    }
}

/// The parts of a condition; of an `and`, those on lines as one.
fn together(condition: &Condition, parts: &[Condition]) -> Vec<Condition> {
    let (of_line, mut others): (Vec<Condition>, Vec<Condition>) =
        parts.iter().cloned().partition(|part| matches!(condition, Condition::All(_)) && picks_one_line(part));
    others.extend(match of_line.len() {
        0 | 1 => of_line,
        _ => vec![Condition::All(of_line)],
    });
    others
}

impl OfLine {
    /// The condition holds of a line, or does not.
    pub fn of(condition: &Condition, wanted: bool) -> Self {
        let parts = |parts: &[Condition]| parts.iter().map(|part| Self::of(part, wanted)).collect();
        match (condition, wanted) {
            (Condition::All(all), true) | (Condition::Any(all), false) => Self::All(parts(all)),
            (Condition::All(all), false) | (Condition::Any(all), true) => Self::Any(parts(all)),
            (Condition::Not(part), _) => Self::of(part, !wanted),
            (Condition::EveryLine(_), _) => Self::Unsure,
            (Condition::Test(test), _) => Self::Test(test.clone(), wanted),
        }
    }

    /// The alternatives, each a list of tests; none when there are too many, or something is unsure.
    pub fn alternatives(&self) -> Option<Vec<Vec<(Test, bool)>>> {
        match self {
            Self::Test(test, wanted) => Some(vec![vec![(test.clone(), *wanted)]]),
            Self::Unsure => None,
            Self::Any(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    all.extend(part.alternatives()?);
                    if all.len() > MOST {
                        return None;
                    }
                }
                Some(all)
            }
            Self::All(parts) => product(parts.iter().map(Self::alternatives)),
        }
    }
}

/// Every way to take one alternative of each part.
fn product<T: Clone>(parts: impl Iterator<Item = Option<Vec<Vec<T>>>>) -> Option<Vec<Vec<T>>> {
    let mut all: Vec<Vec<T>> = vec![Vec::new()];
    for part in parts {
        let part = part?;
        if all.len() * part.len() > MOST {
            return None;
        }
        let facts = all.iter().map(Vec::len).sum::<usize>() * part.len();
        if facts + all.len() * part.iter().map(Vec::len).sum::<usize>() > MOST_FACTS {
            return None;
        }
        if let [one] = part.as_slice() {
            all.iter_mut().for_each(|left| left.extend(one.iter().cloned()));
            continue;
        }
        let join = |left: &Vec<T>, right: &Vec<T>| left.iter().chain(right).cloned().collect();
        all = all.iter().flat_map(|left| part.iter().map(move |right| join(left, right))).collect();
    }
    Some(all)
}

fn of(program: &Program, condition: &Condition, wanted: bool, depth: usize, segments: &Cell<usize>) -> Formula {
    match condition {
        Condition::All(parts) => {
            let (lines, others): (Vec<_>, Vec<_>) = parts.iter().partition(|part| picks_one_line(part));
            let mut all: Vec<Formula> = others.iter().map(|part| of(program, part, wanted, depth, segments)).collect();
            if !lines.is_empty() {
                let lines = lines.iter().map(|part| OfLine::of(part, wanted)).collect();
                all.push(Formula::Fact(if wanted {
                    Fact::SomeLine(OfLine::All(lines))
                } else {
                    Fact::EveryLine(OfLine::Any(lines))
                }));
            }
            if wanted { Formula::All(all) } else { Formula::Any(all) }
        }
        Condition::Any(parts) => {
            let all = parts.iter().map(|part| of(program, part, wanted, depth, segments)).collect();
            if wanted { Formula::Any(all) } else { Formula::All(all) }
        }
        Condition::Not(part) => of(program, part, !wanted, depth, segments),
        Condition::EveryLine(part) if wanted => Formula::Fact(Fact::EveryLine(OfLine::of(part, true))),
        Condition::EveryLine(part) => Formula::Fact(Fact::SomeLine(OfLine::of(part, false))),
        Condition::Test(test) => of_test(program, test, wanted, depth, segments),
    }
}

fn of_test(program: &Program, test: &Test, wanted: bool, depth: usize, segments: &Cell<usize>) -> Formula {
    let room = depth < DEEPEST && segments.get() > 0;
    if let (Measure::InSegment(segment), true) = (&test.measure, room) {
        segments.set(segments.get() - 1);
        let yes = match &test.how {
            How::Holds | How::Is(Value::YesNo(true)) | How::IsNot(Value::YesNo(false)) => Some(wanted),
            How::Is(Value::YesNo(false)) | How::IsNot(Value::YesNo(true)) => Some(!wanted),
            How::Is(_)
            | How::IsNot(_)
            | How::AtLeast(_)
            | How::AtMost(_)
            | How::MoreThan(_)
            | How::LessThan(_)
            | How::Between(..)
            | How::In(_)
            | How::NotIn(_)
            | How::InList(_)
            | How::NotInList(_)
            | How::InCalendar(_)
            | How::NotInCalendar(_)
            | How::Exists => None,
        };
        if let Some(yes) = yes {
            return of(program, &program.segments[segment.0].when, yes, depth + 1, segments);
        }
    }
    if !is_of_line(&test.measure) {
        return Formula::Fact(Fact::Event(test.clone(), wanted));
    }
    // A negated test of lines says that no line is so.
    let (test, wanted) = match positive(&test.how) {
        Some(how) => (Test { how, ..test.clone() }, !wanted),
        None => (test.clone(), wanted),
    };
    Formula::Fact(if wanted {
        Fact::SomeLine(OfLine::Test(test, true))
    } else {
        Fact::EveryLine(OfLine::Test(test, false))
    })
}
