//! Whether conditions can hold together in one event, with such an event.
//!
//! `Yes` comes with an event on which every condition was tried; `No` is a proof, found on one
//! measure or one line alone; whatever is in between is `Unsure`. So neither answer accuses a right
//! program.

use super::candidates;
use super::formula::{Fact, Formula, OfLine};
use super::witness::{Item, Witness, tested};
use super::words;
use crate::mechanics::basis::Basis;
use crate::mechanics::condition::{Condition, How, Measure, Test, Value};
use crate::mechanics::give::What;
use crate::mechanics::{Program, TiersId};
use crate::value::clock::{Date, Window};
use crate::value::exact::Exact;
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

/// Whether the formula can hold of one event in the program's days.
pub fn meet<'p>(program: &'p Program, formula: &Formula) -> Answer<'p> {
    let Some(alternatives) = formula.alternatives() else { return Answer::Unsure };
    let mut unsure = false;
    for facts in alternatives {
        match solve(program, &facts) {
            Answer::Yes(witness) => return Answer::Yes(witness),
            Answer::Unsure => unsure = true,
            Answer::No => {}
        }
    }
    if unsure { Answer::Unsure } else { Answer::No }
}

/// What is asked of each measure, by its words.
type Asked = BTreeMap<String, Vec<(Test, bool)>>;

/// How sure the event being made is.
struct Ground {
    unsure: bool,
}

/// Whether facts hold together.
fn solve<'p>(program: &'p Program, facts: &[Fact]) -> Answer<'p> {
    let mut ground = Ground { unsure: false };
    match build(program, facts, &mut ground) {
        None => Answer::No,
        Some(witness) if !ground.unsure && facts.iter().all(|fact| witness.is_so(fact) == Some(true)) => {
            Answer::Yes(Box::new(witness))
        }
        Some(_) => Answer::Unsure,
    }
}

/// An event made for the facts; none where no event can be.
fn build<'p>(program: &'p Program, facts: &[Fact], ground: &mut Ground) -> Option<Witness<'p>> {
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
fn passing(program: &Program, measure: &Measure, tests: &[(Test, bool)], ground: &mut Ground) -> Option<Vec<Option<Value>>> {
    let mut unknown = false;
    let mut passing = Vec::new();
    for value in candidates::of(program, measure, tests) {
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

fn is_of_day(test: &Test) -> bool {
    matches!(test.measure, Measure::Date | Measure::Weekday | Measure::DayOfMonth | Measure::Month)
        || matches!(test.how, How::InCalendar(_) | How::NotInCalendar(_))
}

/// Days looked at: 40 years hold every day of week, month and year together, 29 February included.
const DAYS: usize = 40 * 366;

/// A day for the facts about days, with a plain event on it.
fn day<'p>(program: &'p Program, facts: &[Fact], ground: &mut Ground) -> Option<Witness<'p>> {
    let about: Vec<&Fact> = facts
        .iter()
        .filter(|fact| match fact {
            Fact::Event(test, _) => is_of_day(test),
            Fact::Within(..) | Fact::Outside(_) => true,
            Fact::SomeLine(_) | Fact::EveryLine(_) => false,
        })
        .collect();
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
fn unread_calendar(program: &Program, facts: &[Fact]) -> Option<crate::mechanics::CalendarId> {
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
fn member_days(by_measure: &Asked, witness: &mut Witness<'_>, ground: &mut Ground) {
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
            joined.extend([since, since.and_then(|since| since.yesterday().ok()), since.and_then(|since| since.tomorrow().ok())]);
        }
    }
    for birthday in &birthdays {
        for joined in &joined {
            (witness.birthday_in, witness.joined) = (*birthday, *joined);
            if asked.iter().all(|(test, wanted)| witness.is_so(&Fact::Event(test.clone(), *wanted)) == Some(true)) {
                return;
            }
        }
    }
    ground.unsure = true;
}

/// Whether what is asked of the member's past fits together: measures of one past are not
/// independent, so only a past that is empty, or large, or asked about once, is taken for possible.
fn history(program: &Program, by_measure: &Asked, witness: &mut Witness<'_>, ground: &mut Ground) {
    let of_past = |measure: &Measure| {
        matches!(measure, Measure::Aggregate { .. } | Measure::DaysSinceLastPurchase | Measure::Consecutive(_))
    };
    let asked: Vec<(&String, &Vec<(Test, bool)>)> =
        by_measure.iter().filter(|(_, tests)| of_past(&tests[0].0.measure)).collect();
    let holds = |tests: &[(Test, bool)], value: Option<&Value>| {
        tests.iter().all(|(test, wanted)| tested(program, test, value) == Some(*wanted))
    };
    let nothing = Value::Number(Exact::zero());
    let fresh = |tests: &[(Test, bool)]| match tests[0].0.measure {
        Measure::DaysSinceLastPurchase => holds(tests, None),
        _ => holds(tests, Some(&nothing)),
    };
    let all_fresh = asked.iter().all(|(_, tests)| fresh(tests));
    let first = witness.values.get("first purchase").map(|(_, value)| value == &Some(Value::YesNo(true)));
    let grown = |tests: &[(Test, bool)]| {
        !matches!(tests[0].0.measure, Measure::DaysSinceLastPurchase)
            && holds(tests, Some(&Value::Number(Exact::from_int(1_000_000_000_000))))
    };
    if all_fresh && first != Some(false) {
        for (name, tests) in &asked {
            let value = if matches!(tests[0].0.measure, Measure::DaysSinceLastPurchase) { None } else { Some(nothing.clone()) };
            witness.values.insert((*name).clone(), (tests[0].0.measure.clone(), value));
        }
    } else if first == Some(true) || (asked.len() > 1 && !asked.iter().all(|(_, tests)| grown(tests))) {
        ground.unsure = true;
    } else if first == Some(false) && !asked.iter().all(|(_, tests)| grown(tests) || windowed(&tests[0].0.measure)) {
        ground.unsure = true;
    }
    levels_and_past(program, &asked, first == Some(true), witness, ground);
}

/// Whether the measure forgets: then it can be nothing although there was a past.
fn windowed(measure: &Measure) -> bool {
    match measure {
        Measure::Aggregate { window, .. } => !matches!(window, Window::Ever | Window::SinceJoining),
        _ => true,
    }
}

/// A level is measured by the same past: a high one at a first purchase, or a low one beside a large
/// measure, is not taken for possible where the level can only be earned.
fn levels_and_past(
    program: &Program,
    asked: &[(&String, &Vec<(Test, bool)>)],
    first: bool,
    witness: &Witness<'_>,
    ground: &mut Ground,
) {
    for (measure, value) in witness.values.values() {
        let (Measure::Level(id), Some(Value::Level(level))) = (measure, value) else { continue };
        let tiers = &program.tiers[id.0];
        if *level > 0 && first && !is_given(program, *id) {
            ground.unsure = true;
        }
        // Two ladders climbed by the same acts are not independent.
        let other = |(measure, _): &(Measure, Option<Value>)| matches!(measure, Measure::Level(other) if other != id);
        ground.unsure |= witness.values.values().any(other);
        let same_past = asked.iter().any(|(name, _)| {
            let large = !matches!(witness.values.get(*name), Some((_, Some(Value::Number(figure)))) if figure.is_zero());
            large && tiers.measures.iter().any(|of| matches!(&witness.values[*name].0, Measure::Aggregate { basis, .. } if akin(basis, &of.basis)))
        });
        if same_past && *level + 1 < tiers.levels.len() {
            ground.unsure = true;
        }
    }
}

/// Whether levels of a tiers block come otherwise than by being earned.
pub fn is_given(program: &Program, id: TiersId) -> bool {
    let tiers = &program.tiers[id.0];
    let by_rule = |what: &What| matches!(what, What::Level { tiers, .. } if *tiers == id);
    !tiers.matches.is_empty()
        || !tiers.fees.is_empty()
        || program.rules.iter().flat_map(|rule| &rule.gives).any(|give| by_rule(&give.what))
}

/// Whether more of one tends to be more of the other.
fn akin(one: &Basis, other: &Basis) -> bool {
    let kind = |basis: &Basis| match basis {
        Basis::Total(_) | Basis::Items(_) | Basis::Purchases(_) | Basis::Visits(_) | Basis::Distinct(..) | Basis::Points(_) => 0,
        Basis::Activity(_) | Basis::Field { .. } => 1,
        Basis::One => 2,
    };
    kind(one) == kind(other) || matches!(one, Basis::Points(_)) || matches!(other, Basis::Points(_))
}

/// The lines of the event, with money and quantities.
fn lines<'p>(
    program: &'p Program,
    facts: &[Fact],
    by_measure: &Asked,
    witness: &mut Witness<'p>,
    ground: &mut Ground,
) -> Option<()> {
    let every: Vec<OfLine> =
        facts.iter().filter_map(|fact| if let Fact::EveryLine(part) = fact { Some(part.clone()) } else { None }).collect();
    let line_of = |part: Option<&OfLine>, ground: &mut Ground| {
        let all = OfLine::All(every.iter().cloned().chain(part.cloned()).collect());
        line(program, &all, ground)
    };
    for fact in facts {
        if let Fact::SomeLine(part) = fact {
            let made = line_of(Some(part), ground)?;
            // One line may serve more than one wish.
            if !witness.lines.iter().any(|line| witness.is_so_of(part, line) == Some(true)) {
                witness.lines.push(made);
            }
        }
    }
    if witness.lines.is_empty() {
        witness.lines.push(line_of(None, ground)?);
    }
    let sums: Vec<(&Measure, Vec<Exact>)> = by_measure
        .values()
        .filter(|tests| is_sum(&tests[0].0.measure))
        .filter_map(|tests| {
            let measure = &tests[0].0.measure;
            let figures = passing(program, measure, tests, ground)?.into_iter().filter_map(|value| match value {
                Some(Value::Number(figure)) => Some(figure),
                _ => None,
            });
            Some((measure, figures.collect()))
        })
        .collect();
    if sums.is_empty() {
        return Some(());
    }
    witness.amount_matters = sums.iter().any(|(measure, _)| matches!(measure, Measure::Amount | Measure::TotalOf(_)));
    let filler = |part: Option<&Condition>| {
        let mut quiet = Ground { unsure: false };
        line_of(part.map(|part| OfLine::of(part, true)).as_ref(), &mut quiet).filter(|_| !quiet.unsure)
    };
    let fits = |witness: &Witness<'_>| facts.iter().all(|fact| witness.is_so(fact) != Some(false));
    match fit(witness, &sums, &filler, &fits) {
        Some(fitting) => witness.lines = fitting,
        None => ground.unsure = true,
    }
    Some(())
}

fn is_sum(measure: &Measure) -> bool {
    matches!(measure, Measure::Amount | Measure::TotalOf(_) | Measure::Items | Measure::ItemsOf(_))
}

/// The most combinations of sums tried.
const SUMS: usize = 400;

/// Lines whose sums are as wanted.
fn fit(
    witness: &Witness<'_>,
    sums: &[(&Measure, Vec<Exact>)],
    filler: &dyn Fn(Option<&Condition>) -> Option<Item>,
    fits: &dyn Fn(&Witness<'_>) -> bool,
) -> Option<Vec<Item>> {
    let mut places = vec![0; sums.len()];
    for _ in 0..SUMS {
        let wanted: Vec<(&Measure, &Exact)> =
            sums.iter().zip(&places).filter_map(|((measure, figures), at)| Some((*measure, figures.get(*at)?))).collect();
        if wanted.len() == sums.len()
            && let Some(lines) = lines_summing(witness, &wanted, filler)
        {
            let trial = Witness { lines: lines.clone(), ..witness.clone() };
            if fits(&trial) {
                return Some(lines);
            }
        }
        let next = (0..places.len()).find(|at| places[*at] + 1 < sums[*at].1.len())?;
        places[..next].fill(0);
        places[next] += 1;
    }
    None
}

/// Lines made to sum: those that a condition picks first, then the rest.
fn lines_summing(
    witness: &Witness<'_>,
    wanted: &[(&Measure, &Exact)],
    filler: &dyn Fn(Option<&Condition>) -> Option<Item>,
) -> Option<Vec<Item>> {
    let mut trial = witness.clone();
    // Where the money of all is given, a line that nothing asks about weighs as little as can be.
    if wanted.iter().any(|(measure, _)| matches!(measure, Measure::Amount)) {
        let cent = Exact::from_int(10).checked_div(&Exact::from_int(1_000))?;
        trial.lines.iter_mut().filter(|line| !line.fixed).for_each(|line| line.amount = cent.clone());
    }
    let parts = |money: bool| {
        wanted.iter().filter_map(move |(measure, figure)| match measure {
            Measure::TotalOf(part) if money => Some((Some(&**part), *figure)),
            Measure::ItemsOf(part) if !money => Some((Some(&**part), *figure)),
            _ => None,
        })
    };
    let whole = |money: bool| {
        wanted.iter().filter_map(move |(measure, figure)| match measure {
            Measure::Amount if money => Some((None, *figure)),
            Measure::Items if !money => Some((None, *figure)),
            _ => None,
        })
    };
    for money in [true, false] {
        for (part, figure) in parts(money).chain(whole(money)) {
            make_sum(&mut trial, part, figure, money, filler)?;
        }
    }
    Some(trial.lines)
}

fn make_sum(
    trial: &mut Witness<'_>,
    part: Option<&Condition>,
    figure: &Exact,
    money: bool,
    filler: &dyn Fn(Option<&Condition>) -> Option<Item>,
) -> Option<()> {
    let picked = |trial: &Witness<'_>, line: &Item| part.is_none_or(|part| trial.holds_for(part, line) == Some(true));
    let held: Exact = trial
        .lines
        .iter()
        .filter(|line| picked(trial, line))
        .map(|line| if money { &line.amount } else { &line.quantity })
        .sum();
    let missing = figure - held;
    if missing.is_zero() {
        return Some(());
    }
    let free = trial.lines.iter().position(|line| !line.fixed && picked(trial, line));
    let at = match free {
        Some(at) => at,
        None => {
            let mut line = filler(part)?;
            (line.amount, line.quantity) = (Exact::zero(), Exact::zero());
            trial.lines.push(line);
            trial.lines.len() - 1
        }
    };
    let line = &mut trial.lines[at];
    *(if money { &mut line.amount } else { &mut line.quantity }) += missing;
    Some(())
}

/// A line for what is asked of one; none where no line can be.
fn line(program: &Program, part: &OfLine, ground: &mut Ground) -> Option<Item> {
    let Some(alternatives) = part.alternatives() else {
        ground.unsure = true;
        return Some(Item::default());
    };
    let mut doubtful = None;
    for tests in &alternatives {
        let mut own = Ground { unsure: false };
        match line_passing(program, tests, &mut own) {
            Some(made) if !own.unsure => return Some(made),
            Some(made) => doubtful = Some(made),
            None => {}
        }
    }
    ground.unsure |= doubtful.is_some();
    doubtful
}

fn line_passing(program: &Program, tests: &[(Test, bool)], ground: &mut Ground) -> Option<Item> {
    let mut by_measure: Asked = BTreeMap::new();
    for (test, wanted) in tests {
        by_measure.entry(words::measure(program, &test.measure)).or_default().push((test.clone(), *wanted));
    }
    let mut item = Item::default();
    let mut figures: [Option<Vec<Exact>>; 3] = [None, None, None];
    for (name, tests) in by_measure {
        let measure = &tests[0].0.measure;
        let place = match measure {
            Measure::Amount => Some(0),
            Measure::Price => Some(1),
            Measure::Quantity => Some(2),
            _ => None,
        };
        if place.is_none() && !super::formula::is_of_line(measure) {
            // What a condition on lines asks of the event is tried on the whole event.
            continue;
        }
        let passing = passing(program, measure, &tests, ground)?;
        match place {
            None => {
                item.values.insert(name, (measure.clone(), passing.into_iter().next().flatten()));
            }
            Some(place) => {
                let numbers = passing.into_iter().filter_map(|value| match value {
                    Some(Value::Number(figure)) => Some(figure),
                    _ => None,
                });
                figures[place] = Some(numbers.collect());
            }
        }
    }
    price(&mut item, &figures, ground);
    Some(item)
}

/// Amount, price and quantity that agree: price is amount by quantity.
fn price(item: &mut Item, figures: &[Option<Vec<Exact>>; 3], ground: &mut Ground) {
    let [amounts, prices, quantities] = figures;
    item.fixed = figures.iter().any(Option::is_some);
    let first = |all: &Option<Vec<Exact>>| all.as_ref().and_then(|all| all.first().cloned());
    match (first(amounts), first(prices), first(quantities)) {
        (None, None, None) => {}
        (Some(_), Some(_), Some(_)) => ground.unsure = true,
        (Some(amount), Some(price), None) => match amount.checked_div(&price) {
            Some(quantity) if quantity.is_positive() => (item.amount, item.quantity) = (amount, quantity),
            Some(_) | None => ground.unsure = true,
        },
        (Some(amount), None, quantity) => (item.amount, item.quantity) = (amount, quantity.unwrap_or_else(Exact::one)),
        (None, price, quantity) => {
            let quantity = quantity.unwrap_or_else(Exact::one);
            (item.amount, item.quantity) = (price.unwrap_or_else(|| Exact::from_int(10)) * &quantity, quantity);
        }
    }
}
