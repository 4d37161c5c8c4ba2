//! Whether conditions can hold together in one event, with such an event.
//!
//! `Yes` comes with an event on which every condition was tried; `No` is a proof, found on one
//! measure or one line alone; whatever is in between is `Unsure`. So neither answer accuses a right
//! program.

use super::formula::{Fact, Formula, MOST_FACTS};
use super::lines::lines;
use super::past::history;
use super::steps::Steps;
use super::witness::{Witness, tested};
use super::{candidates, words};
use crate::mechanics::condition::{How, Measure, Test, Value};
use crate::mechanics::{CalendarId, Program};
use crate::value::clock::Date;
use std::collections::BTreeMap;

/// Whether something can be.
#[derive(Debug, Clone)]
pub enum Answer<'p> {
    /// It can: here.
    Yes(Box<Witness<'p>>),
    /// It cannot.
    No,
    /// Neither could be shown.
    Unsure,
}

impl Answer<'_> {
    /// Whether it was shown that it cannot be.
    pub fn is_no(&self) -> bool {
        matches!(self, Self::No)
    }
}

/// Whether the formula can hold of one event in the program's days. The search is bounded (see `steps`); one that
/// runs out is `Unsure`.
pub fn meet<'p>(program: &'p Program, formula: &Formula, steps: &Steps) -> Answer<'p> {
    let mut answers = Answers::of(program, formula, steps);
    let mut unsure = false;
    loop {
        match answers.next() {
            Some(Answer::Yes(witness)) => return Answer::Yes(witness),
            Some(Answer::Unsure) => unsure = true,
            Some(Answer::No) => {}
            None => return if unsure { Answer::Unsure } else { Answer::No },
        }
    }
}

/// The events of a formula, one for each way that it leaves.
pub struct Each<'p> {
    /// Those in which it holds.
    pub witnesses: Vec<Witness<'p>>,
    /// Some way could be neither shown nor ruled out.
    pub unsure: bool,
    /// Some way was ruled out.
    pub some_not: bool,
}

/// Whether the formula can hold, in every way that it leaves.
pub fn meet_each<'p>(program: &'p Program, formula: &Formula, steps: &Steps) -> Each<'p> {
    let mut each = Each { witnesses: Vec::new(), unsure: false, some_not: false };
    for answer in Answers::of(program, formula, steps) {
        match answer {
            Answer::Yes(witness) => each.witnesses.push(*witness),
            Answer::Unsure => each.unsure = true,
            Answer::No => each.some_not = true,
        }
    }
    each
}

/// So many facts are written down in the time of a step.
const FACTS_A_STEP: usize = 16;

/// An answer for each alternative of a formula.
struct Answers<'p, 's> {
    program: &'p Program,
    steps: &'s Steps,
    /// None: there are too many.
    alternatives: Option<std::vec::IntoIter<Vec<Fact>>>,
    over: bool,
}

impl<'p, 's> Answers<'p, 's> {
    fn of(program: &'p Program, formula: &Formula, steps: &'s Steps) -> Self {
        steps.begin();
        let alternatives = formula.alternatives();
        // To write them down takes its time too, also where they turn out to be too many.
        let facts = alternatives.as_ref().map_or(MOST_FACTS, |all| all.iter().map(Vec::len).sum());
        steps.pay(facts / FACTS_A_STEP);
        Self { program, steps, alternatives: alternatives.map(Vec::into_iter), over: false }
    }
}

impl<'p> Iterator for Answers<'p, '_> {
    type Item = Answer<'p>;

    fn next(&mut self) -> Option<Self::Item> {
        let Some(alternatives) = self.alternatives.as_mut().filter(|_| !self.over) else {
            return (!std::mem::replace(&mut self.over, true)).then_some(Answer::Unsure);
        };
        let facts = alternatives.next()?;
        if self.steps.search_is_over() {
            self.over = true;
            return Some(Answer::Unsure);
        }
        Some(solve(self.program, &facts, self.steps))
    }
}

/// What is asked of each measure, by its words.
pub type Asked = BTreeMap<String, Vec<(Test, bool)>>;

/// How sure the event being made is.
pub struct Ground<'s> {
    /// Something could be neither shown nor ruled out.
    pub unsure: bool,
    /// What may still be looked at.
    pub steps: &'s Steps,
}

impl<'s> Ground<'s> {
    /// Sure of everything so far.
    pub fn sure(steps: &'s Steps) -> Self {
        Self { unsure: false, steps }
    }

    /// Takes steps; without enough of them, nothing is sure any more.
    pub fn take(&mut self, steps: usize) -> bool {
        let enough = self.steps.take(steps);
        self.unsure |= !enough;
        enough
    }
}

/// Whether facts hold together.
fn solve<'p>(program: &'p Program, facts: &[Fact], steps: &Steps) -> Answer<'p> {
    let mut ground = Ground::sure(steps);
    match build(program, facts, &mut ground) {
        None => Answer::No,
        Some(witness) if !ground.unsure && facts.iter().all(|fact| witness.is_so(fact) == Some(true)) => {
            Answer::Yes(Box::new(witness))
        }
        Some(_) => Answer::Unsure,
    }
}

/// An event made for the facts; none where no event can be.
fn build<'p>(program: &'p Program, facts: &[Fact], ground: &mut Ground<'_>) -> Option<Witness<'p>> {
    let mut witness = day(program, facts, ground)?;
    let mut by_measure: Asked = BTreeMap::new();
    for fact in facts {
        if let Fact::Event(test, wanted) = fact
            && !is_of_day(test)
        {
            by_measure.entry(words::measure(program, &test.measure)).or_default().push((test.clone(), *wanted));
        }
    }
    member_days(&by_measure, &mut witness, ground);
    for (name, tests) in &by_measure {
        let measure = &tests[0].0.measure;
        let passing = passing(program, measure, tests, ground)?;
        match measure {
            // Set with the member's days.
            Measure::BirthdayWithin(_) | Measure::MemberFor(_) => {}
            Measure::Time => {
                if let Some(Some(Value::Time(time))) = passing.first() {
                    witness.time = Some(*time);
                }
            }
            // Set with the lines.
            Measure::Amount | Measure::TotalOf(_) | Measure::Items | Measure::ItemsOf(_) => {}
            _ => {
                let value = passing.into_iter().next().flatten();
                witness.values.insert(name.clone(), (measure.clone(), value));
            }
        }
    }
    history(program, &by_measure, &mut witness, ground);
    lines(program, facts, &by_measure, &mut witness, ground)?;
    Some(witness)
}

/// The candidates that pass all tests of a measure; none where no value can.
pub fn passing(
    program: &Program,
    measure: &Measure,
    tests: &[(Test, bool)],
    ground: &mut Ground<'_>,
) -> Option<Vec<Option<Value>>> {
    let mut unknown = false;
    let mut passing = Vec::new();
    let each = tests.iter().map(|(test, _)| weight(test)).sum();
    for value in candidates::of(program, measure, tests) {
        if passing.len() == ENOUGH {
            break;
        }
        if !ground.take(each) {
            unknown = true;
            break;
        }
        let mut all = Some(true);
        for (test, wanted) in tests {
            match tested(program, test, value.as_ref()) {
                Some(held) if held == *wanted => {}
                Some(_) => {
                    all = Some(false);
                    break;
                }
                None => all = None,
            }
        }
        match all {
            Some(true) => passing.push(value),
            Some(false) => {}
            None => unknown = true,
        }
    }
    match (passing.is_empty(), unknown) {
        (false, _) => Some(passing),
        (true, true) => {
            ground.unsure = true;
            Some(vec![None])
        }
        (true, false) => None,
    }
}

/// So many values that pass are enough to choose from.
const ENOUGH: usize = 40;

/// The steps that one test takes: a long list takes longer.
fn weight(test: &Test) -> usize {
    match &test.how {
        How::In(values) | How::NotIn(values) => 1 + values.len() / 4,
        How::Is(_)
        | How::IsNot(_)
        | How::AtLeast(_)
        | How::AtMost(_)
        | How::MoreThan(_)
        | How::LessThan(_)
        | How::Between(..)
        | How::InList(_)
        | How::NotInList(_)
        | How::InCalendar(_)
        | How::NotInCalendar(_)
        | How::Exists
        | How::Holds => 1,
    }
}

fn is_of_day(test: &Test) -> bool {
    matches!(test.measure, Measure::Date | Measure::Weekday | Measure::DayOfMonth | Measure::Month)
        || matches!(test.how, How::InCalendar(_) | How::NotInCalendar(_))
}

/// Days looked at: 40 years hold every day of week, month and year together, 29 February included.
const DAYS: usize = 40 * 366;

/// A day for the facts about days, with a plain event on it.
fn day<'p>(program: &'p Program, facts: &[Fact], ground: &mut Ground<'_>) -> Option<Witness<'p>> {
    let about: Vec<&Fact> = facts
        .iter()
        .filter(|fact| match fact {
            Fact::Event(test, _) => is_of_day(test),
            Fact::Within(..) | Fact::Outside(_) => true,
            Fact::SomeLine(_) | Fact::EveryLine(_) => false,
        })
        .collect();
    if in_and_out(&about) {
        return None;
    }
    let (mut from, mut until) = (program.settings.from, program.settings.until);
    for fact in &about {
        let (first, last) = stretch(fact);
        from = from.max(first);
        until = [until, last].into_iter().flatten().min();
    }
    let start = match (from, until) {
        (Some(from), _) => from,
        (None, Some(until)) => until,
        (None, None) => Date::constant(2026, 1, 5),
    };
    let unread = unread_calendar(program, facts);
    let backwards = from.is_none() && until.is_some();
    let mut day = start;
    for _ in 0..DAYS {
        if !ground.take(1) {
            return Some(Witness::on(program, start));
        }
        if until.is_some_and(|until| day > until) {
            return None;
        }
        let mut witness = Witness::on(program, day);
        witness.in_calendar = unread;
        if about.iter().all(|fact| witness.is_so(fact) == Some(true)) {
            witness.day_matters = !about.is_empty() && unread.is_none();
            // Where a file says the days, a condition on days beside it may not agree with it.
            ground.unsure |= unread.is_some() && about.len() > 1;
            return Some(witness);
        }
        let next = if backwards { day.yesterday() } else { day.tomorrow() };
        day = match next {
            Ok(next) => next,
            Err(_) => break,
        };
    }
    // Every combination of weekday, month and day was seen; what names dates or calendars may lie beyond.
    let far = about.iter().any(|fact| match fact {
        Fact::Event(test, _) => !matches!(test.measure, Measure::Weekday | Measure::DayOfMonth | Measure::Month),
        Fact::Within(..) => false,
        Fact::Outside(_) | Fact::SomeLine(_) | Fact::EveryLine(_) => true,
    });
    if !far && unread.is_none() {
        return None;
    }
    ground.unsure = true;
    Some(Witness::on(program, start))
}

/// Whether the day must lie in a calendar and outside of it, whatever its days are.
fn in_and_out(about: &[&Fact]) -> bool {
    let side = |fact: &Fact| match fact {
        Fact::Event(Test { how: How::InCalendar(id), .. }, wanted) => Some((*id, *wanted)),
        Fact::Event(Test { how: How::NotInCalendar(id), .. }, wanted) => Some((*id, !*wanted)),
        Fact::Outside(id) => Some((*id, false)),
        Fact::Event(..) | Fact::Within(..) | Fact::SomeLine(_) | Fact::EveryLine(_) => None,
    };
    let sides: Vec<(CalendarId, bool)> = about.iter().filter_map(|fact| side(fact)).collect();
    sides.iter().any(|(id, inside)| *inside && sides.contains(&(*id, false)))
}

/// The stretch of days that a fact by itself leaves.
fn stretch(fact: &Fact) -> (Option<Date>, Option<Date>) {
    match fact {
        Fact::Within(from, until) => (*from, *until),
        Fact::Event(Test { measure: Measure::Date, how, .. }, true) => match how {
            How::Is(Value::Date(day)) => (Some(*day), Some(*day)),
            How::AtLeast(Value::Date(day)) | How::MoreThan(Value::Date(day)) => (Some(*day), None),
            How::AtMost(Value::Date(day)) | How::LessThan(Value::Date(day)) => (None, Some(*day)),
            How::Between(Value::Date(first), Value::Date(last)) => (Some(*first), Some(*last)),
            _ => (None, None),
        },
        Fact::Event(..) | Fact::Outside(_) | Fact::SomeLine(_) | Fact::EveryLine(_) => (None, None),
    }
}

/// A calendar that the day must lie in and whose days stand in a file.
fn unread_calendar(program: &Program, facts: &[Fact]) -> Option<CalendarId> {
    facts.iter().find_map(|fact| match fact {
        Fact::Event(Test { how: How::InCalendar(id), .. }, true)
        | Fact::Event(Test { how: How::NotInCalendar(id), .. }, false) => {
            let calendar = &program.calendars[id.0];
            (calendar.file.is_some() && calendar.days.is_empty()).then_some(*id)
        }
        Fact::Event(..) | Fact::Within(..) | Fact::Outside(_) | Fact::SomeLine(_) | Fact::EveryLine(_) => None,
    })
}

/// A birthday and a day of joining for what is asked of them.
fn member_days(by_measure: &Asked, witness: &mut Witness<'_>, ground: &mut Ground<'_>) {
    let asked: Vec<&(Test, bool)> = by_measure
        .values()
        .flatten()
        .filter(|(test, _)| matches!(test.measure, Measure::BirthdayWithin(_) | Measure::MemberFor(_)))
        .collect();
    let day = witness.day;
    let mut birthdays = vec![None];
    let mut joined = vec![None];
    for (test, _) in &asked {
        if let Measure::BirthdayWithin(days) = test.measure {
            birthdays.extend([Some(0), Some(days), Some(days + 1)]);
        }
        if let Measure::MemberFor(length) = test.measure {
            let since = length.before(day);
            joined.extend([
                since,
                since.and_then(|since| since.yesterday().ok()),
                since.and_then(|since| since.tomorrow().ok()),
            ]);
        }
    }
    for birthday in &birthdays {
        for joined in &joined {
            if !ground.take(1 + asked.len()) {
                return;
            }
            (witness.birthday_in, witness.joined) = (*birthday, *joined);
            if asked.iter().all(|(test, wanted)| witness.is_so(&Fact::Event(test.clone(), *wanted)) == Some(true)) {
                return;
            }
        }
    }
    ground.unsure = true;
}
