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
        Reader::of(program).all(condition, wanted, 0)
    }

    /// The condition holds, or does not, by exactly one of the parts of each `or` of it (`not (a and b)` is one too): what
    /// an event made for one part lets hold by chance hides what is so without it.
    pub fn by_one_part(program: &Program, condition: &Condition, wanted: bool) -> Self {
        Reader::of(program).by_one_part(condition, wanted, 0)
    }

    /// Whether a condition can hold, or not hold, by one of several parts.
    pub fn has_parts(program: &Program, condition: &Condition, wanted: bool) -> bool {
        Reader::of(program).has_parts(condition, wanted, 0)
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

    /// The condition holds of a line, or does not, by exactly one of the parts of each `or` of it ([`Formula::by_one_part`]).
    pub fn by_one_part(condition: &Condition, wanted: bool) -> Self {
        match (condition, wanted) {
            (Condition::All(parts), true) | (Condition::Any(parts), false) => {
                Self::All(parts.iter().map(|part| Self::by_one_part(part, wanted)).collect())
            }
            (Condition::Any(parts), true) | (Condition::All(parts), false) => {
                let one = |at: usize| {
                    let others = parts.iter().enumerate().filter(|(other, _)| *other != at);
                    let others = others.map(|(_, part)| Self::of(part, !wanted));
                    Self::All(std::iter::once(Self::by_one_part(&parts[at], wanted)).chain(others).collect())
                };
                Self::Any((0..parts.len()).map(one).collect())
            }
            (Condition::Not(part), _) => Self::by_one_part(part, !wanted),
            (Condition::EveryLine(_) | Condition::Test(_), _) => Self::of(condition, wanted),
        }
    }

    /// Each of its alternatives; itself, where there are too many, or something is unsure.
    pub fn ways(self) -> Vec<Self> {
        let Some(alternatives) = self.alternatives() else { return vec![self] };
        let way = |tests: Vec<(Test, bool)>| tests.into_iter().map(|(test, wanted)| Self::Test(test, wanted)).collect();
        alternatives.into_iter().map(|tests| Self::All(way(tests))).collect()
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

/// Reads conditions, and those of the segments that they name.
struct Reader<'p> {
    program: &'p Program,
    /// How many segments may still be looked into.
    segments: Cell<usize>,
}

impl<'p> Reader<'p> {
    fn of(program: &'p Program) -> Self {
        Self { program, segments: Cell::new(MOST_SEGMENTS) }
    }

    fn all(&self, condition: &Condition, wanted: bool, depth: usize) -> Formula {
        match condition {
            Condition::All(parts) => {
                let (lines, others): (Vec<_>, Vec<_>) = parts.iter().partition(|part| picks_one_line(part));
                let mut all: Vec<Formula> = others.iter().map(|part| self.all(part, wanted, depth)).collect();
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
                let all = parts.iter().map(|part| self.all(part, wanted, depth)).collect();
                if wanted { Formula::Any(all) } else { Formula::All(all) }
            }
            Condition::Not(part) => self.all(part, !wanted, depth),
            Condition::EveryLine(part) if wanted => Formula::Fact(Fact::EveryLine(OfLine::of(part, true))),
            Condition::EveryLine(part) => Formula::Fact(Fact::SomeLine(OfLine::of(part, false))),
            Condition::Test(test) => match self.segment(test, wanted, depth) {
                Some((when, wanted)) => self.all(when, wanted, depth + 1),
                None => of_test(test, wanted),
            },
        }
    }

    fn by_one_part(&self, condition: &Condition, wanted: bool, depth: usize) -> Formula {
        match (condition, wanted) {
            // Parts on lines speak of one line together.
            (Condition::All(parts), true) if parts.iter().all(picks_one_line) => {
                let ways = OfLine::by_one_part(condition, true).ways();
                Formula::Any(ways.into_iter().map(|way| Formula::Fact(Fact::SomeLine(way))).collect())
            }
            (Condition::All(parts), false) if parts.iter().all(picks_one_line) => {
                Formula::Fact(Fact::EveryLine(OfLine::by_one_part(condition, false)))
            }
            (Condition::All(parts), true) | (Condition::Any(parts), false) => {
                let parts = together(condition, parts);
                Formula::All(parts.iter().map(|part| self.by_one_part(part, wanted, depth)).collect())
            }
            (Condition::Any(parts), true) | (Condition::All(parts), false) => {
                let parts = together(condition, parts);
                let one = |at: usize| {
                    let others = parts.iter().enumerate().filter(|(other, _)| *other != at);
                    let others = others.map(|(_, part)| self.all(part, !wanted, depth));
                    let own = self.by_one_part(&parts[at], wanted, depth);
                    Formula::All(std::iter::once(own).chain(others).collect())
                };
                Formula::Any((0..parts.len()).map(one).collect())
            }
            (Condition::Not(part), _) => self.by_one_part(part, !wanted, depth),
            (Condition::EveryLine(part), _) => {
                let line = OfLine::by_one_part(part, wanted);
                Formula::Fact(if wanted { Fact::EveryLine(line) } else { Fact::SomeLine(line) })
            }
            (Condition::Test(test), _) => match self.segment(test, wanted, depth) {
                Some((when, wanted)) => self.by_one_part(when, wanted, depth + 1),
                None => of_test(test, wanted),
            },
        }
    }

    fn has_parts(&self, condition: &Condition, wanted: bool, depth: usize) -> bool {
        match (condition, wanted) {
            (Condition::All(_), false) | (Condition::Any(_), true) => true,
            (Condition::All(parts), true) | (Condition::Any(parts), false) => {
                parts.iter().any(|part| self.has_parts(part, wanted, depth))
            }
            (Condition::Not(part), _) => self.has_parts(part, !wanted, depth),
            (Condition::EveryLine(part), _) => self.has_parts(part, wanted, depth),
            (Condition::Test(test), _) => {
                let segment = self.segment(test, wanted, depth);
                segment.is_some_and(|(when, wanted)| self.has_parts(when, wanted, depth + 1))
            }
        }
    }

    /// Who is in the segment that a test asks about, and whether that is to hold; none where it asks about no segment, or that
    /// is not looked into.
    fn segment(&self, test: &Test, wanted: bool, depth: usize) -> Option<(&'p Condition, bool)> {
        let Measure::InSegment(segment) = &test.measure else { return None };
        if depth >= DEEPEST || self.segments.get() == 0 {
            return None;
        }
        self.segments.set(self.segments.get() - 1);
        let yes = match &test.how {
            How::Holds | How::Is(Value::YesNo(true)) | How::IsNot(Value::YesNo(false)) => wanted,
            How::Is(Value::YesNo(false)) | How::IsNot(Value::YesNo(true)) => !wanted,
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
            | How::Exists => return None,
        };
        Some((&self.program.segments[segment.0].when, yes))
    }
}

fn of_test(test: &Test, wanted: bool) -> Formula {
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
