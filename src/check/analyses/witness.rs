//! One concrete event, and what holds of it: so that nothing is claimed that was not tried.

use super::words;
use crate::mechanics::basis::{Basis, Pick};
use crate::mechanics::condition::{
    Condition, How, Measure, Test, Value, compare, is_of_line, picks_one_line, positive,
};
use crate::mechanics::habit::Habit;
use crate::mechanics::rule::Rule;
use crate::mechanics::{CalendarId, ListId, Program};
use crate::value::clock::{Date, Length, Time};
use crate::value::exact::Exact;
use std::cell::Cell;
use std::collections::BTreeMap;

use super::formula::{Fact, OfLine};

/// A value that no program names; a NUL cannot stand in a source.
pub const OTHER: &str = "\u{0}";

/// Some value of a list that is read from a file later.
pub fn of_list(list: ListId) -> Value {
    Value::Text(format!("\u{1}{}", list.0))
}

/// An event of a member, with what the program can ask of it. What is not said has the value of a
/// new member's plain purchase: no text, nothing counted, the lowest level.
#[derive(Debug, Clone)]
pub struct Witness<'p> {
    /// The program.
    pub program: &'p Program,
    /// The program's day.
    pub day: Date,
    /// Whether the day was chosen for a reason.
    pub day_matters: bool,
    /// The time of day; none: a date alone.
    pub time: Option<Time>,
    /// A calendar read from a file that the day lies in.
    pub in_calendar: Option<CalendarId>,
    /// The day of joining.
    pub joined: Option<Date>,
    /// Days until the member's birthday.
    pub birthday_in: Option<u32>,
    /// What is known of the event and its member, by the words of the measure.
    pub values: BTreeMap<String, (Measure, Option<Value>)>,
    /// Its lines.
    pub lines: Vec<Item>,
    /// Whether the money matters.
    pub amount_matters: bool,
    /// How many segments may still be looked into: they can name each other in more ways than can be tried.
    pub segments: Cell<u32>,
}

/// A line of the event.
#[derive(Debug, Clone)]
pub struct Item {
    /// Texts and yes-or-no, by the words of the measure.
    pub values: BTreeMap<String, (Measure, Option<Value>)>,
    /// Its money.
    pub amount: Exact,
    /// Its quantity.
    pub quantity: Exact,
    /// Whether its money or quantity was chosen for a reason of its own.
    pub fixed: bool,
}

impl Default for Item {
    fn default() -> Self {
        Self { values: BTreeMap::new(), amount: Exact::from_int(10), quantity: Exact::one(), fixed: false }
    }
}

/// How many segments are looked into for one fact or rule.
const MOST_SEGMENTS: u32 = 256;

/// True or false, or unknown where a file not read yet decides.
type Truth = Option<bool>;

fn all(parts: impl Iterator<Item = Truth>) -> Truth {
    let mut sum = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            None => sum = None,
            Some(true) => {}
        }
    }
    sum
}

fn any(parts: impl Iterator<Item = Truth>) -> Truth {
    all(parts.map(not)).map(|none| !none)
}

fn not(part: Truth) -> Truth {
    part.map(|held| !held)
}

impl<'p> Witness<'p> {
    /// A plain event on a day.
    pub fn on(program: &'p Program, day: Date) -> Self {
        Self {
            program,
            day,
            day_matters: false,
            time: None,
            in_calendar: None,
            joined: None,
            birthday_in: None,
            values: BTreeMap::new(),
            lines: Vec::new(),
            amount_matters: false,
            segments: Cell::new(MOST_SEGMENTS),
        }
    }

    /// The money of all lines.
    pub fn amount(&self) -> Exact {
        self.lines.iter().map(|line| &line.amount).sum()
    }

    /// Whether a rule's days and conditions let it fire here (its trigger and limits aside).
    pub fn lets(&self, rule: &Rule) -> Truth {
        self.segments.set(MOST_SEGMENTS);
        let dates = rule.from.is_none_or(|from| from <= self.day) && rule.until.is_none_or(|until| self.day <= until);
        let calendars = rule.except_in.iter().map(|id| not(self.in_calendar(*id)));
        let when = rule.when.iter().map(|when| self.holds(when));
        let except = rule.except.iter().map(|except| not(self.holds(except)));
        all(std::iter::once(Some(dates)).chain(calendars).chain(when).chain(except))
    }

    /// Whether a fact is so.
    pub fn is_so(&self, fact: &Fact) -> Truth {
        self.segments.set(MOST_SEGMENTS);
        match fact {
            Fact::Event(test, wanted) => self.test(test, None).map(|held| held == *wanted),
            Fact::Within(from, until) => {
                Some(from.is_none_or(|from| from <= self.day) && until.is_none_or(|until| self.day <= until))
            }
            Fact::Outside(calendar) => not(self.in_calendar(*calendar)),
            Fact::SomeLine(part) => any(self.lines.iter().map(|line| self.is_so_of(part, line))),
            Fact::EveryLine(part) => all(self.lines.iter().map(|line| self.is_so_of(part, line))),
        }
    }

    /// Whether something is so of one line.
    pub fn is_so_of(&self, part: &OfLine, line: &Item) -> Truth {
        match part {
            OfLine::All(parts) => all(parts.iter().map(|part| self.is_so_of(part, line))),
            OfLine::Any(parts) => any(parts.iter().map(|part| self.is_so_of(part, line))),
            OfLine::Test(test, wanted) => self.test(test, Some(line)).map(|held| held == *wanted),
            OfLine::Unsure => None,
        }
    }

    /// Whether a condition holds of the event.
    pub fn holds(&self, condition: &Condition) -> Truth {
        match condition {
            Condition::All(parts) => {
                let (lines, others): (Vec<_>, Vec<_>) = parts.iter().partition(|part| picks_one_line(part));
                let one = |line: &Item| all(lines.iter().map(|part| self.holds_for(part, line)));
                let lined = if lines.is_empty() { Some(true) } else { any(self.lines.iter().map(one)) };
                all(others.iter().map(|part| self.holds(part)).chain(std::iter::once(lined)))
            }
            Condition::Any(parts) => any(parts.iter().map(|part| self.holds(part))),
            Condition::Not(part) => not(self.holds(part)),
            Condition::EveryLine(part) => all(self.lines.iter().map(|line| self.holds_for(part, line))),
            Condition::Test(test) if is_of_line(&test.measure) => match positive(&test.how) {
                Some(how) => {
                    let test = Test { how, ..test.clone() };
                    not(any(self.lines.iter().map(|line| self.test(&test, Some(line)))))
                }
                None => any(self.lines.iter().map(|line| self.test(test, Some(line)))),
            },
            Condition::Test(test) => self.test(test, None),
        }
    }

    /// Whether a condition holds of one line.
    pub fn holds_for(&self, condition: &Condition, line: &Item) -> Truth {
        match condition {
            Condition::All(parts) => all(parts.iter().map(|part| self.holds_for(part, line))),
            Condition::Any(parts) => any(parts.iter().map(|part| self.holds_for(part, line))),
            Condition::Not(part) => not(self.holds_for(part, line)),
            Condition::EveryLine(part) => all(self.lines.iter().map(|line| self.holds_for(part, line))),
            Condition::Test(test) => self.test(test, Some(line)),
        }
    }

    /// Whether a line is picked.
    pub fn picks(&self, pick: &Pick, line: &Item) -> Truth {
        let with = pick.with.iter().map(|with| self.holds_for(with, line));
        let without = pick.without.iter().map(|without| not(self.holds_for(without, line)));
        all(with.chain(without))
    }

    fn in_calendar(&self, id: CalendarId) -> Truth {
        let calendar = &self.program.calendars[id.0];
        // What a file will say is not known; a day is taken to lie in the calendar that was asked for, in no other.
        let unread = calendar.file.is_some() && calendar.days.is_empty();
        Some(if unread { self.in_calendar == Some(id) } else { calendar.holds(self.day) })
    }

    fn test(&self, test: &Test, line: Option<&Item>) -> Truth {
        match &test.how {
            How::InCalendar(id) => return self.in_calendar(*id),
            How::NotInCalendar(id) => return not(self.in_calendar(*id)),
            _ if matches!(test.measure, Measure::InSegment(_)) => {
                let Measure::InSegment(id) = test.measure else { return None };
                self.segments.set(self.segments.get().checked_sub(1)?);
                let held = self.holds(&self.program.segments[id.0].when)?;
                return tested(self.program, test, Some(&Value::YesNo(held)));
            }
            _ => {}
        }
        tested(self.program, test, self.value(&test.measure, line)?.as_ref())
    }

    /// The value of a measure; the outer none where it is not known.
    fn value(&self, measure: &Measure, line: Option<&Item>) -> Option<Option<Value>> {
        let number = |figure: Exact| Some(Some(Value::Number(figure)));
        let known = |values: &BTreeMap<String, (Measure, Option<Value>)>| {
            // Most events say little: then there is nothing to look up.
            if values.is_empty() {
                return None;
            }
            values.get(&words::measure(self.program, measure)).map(|(_, value)| value.clone())
        };
        match measure {
            Measure::Amount => number(line.map_or_else(|| self.amount(), |line| line.amount.clone())),
            Measure::Items => number(self.lines.iter().map(|line| &line.quantity).sum()),
            Measure::TotalOf(condition) => self.sum(condition, |line| &line.amount),
            Measure::ItemsOf(condition) => self.sum(condition, |line| &line.quantity),
            Measure::Quantity => number(line?.quantity.clone()),
            Measure::Price => Some(line?.amount.checked_div(&line?.quantity).map(Value::Number)),
            Measure::Category | Measure::Sku | Measure::Brand | Measure::Column(_) => {
                Some(known(&line?.values).flatten())
            }
            Measure::ReducedPrice => Some(known(&line?.values).unwrap_or(Some(Value::YesNo(false)))),
            Measure::Store | Measure::Channel | Measure::MemberColumn(_) => Some(known(&self.values).flatten()),
            Measure::Time => Some(self.time.map(Value::Time)),
            Measure::Weekday => Some(Some(Value::Weekday(self.day.weekday()))),
            Measure::Date => Some(Some(Value::Date(self.day))),
            Measure::DayOfMonth => number(Exact::from_int(i64::from(self.day.day()))),
            Measure::Month => number(Exact::from_int(i64::from(self.day.month()))),
            Measure::Level(_) => Some(known(&self.values).unwrap_or(Some(Value::Level(0)))),
            Measure::BirthdayWithin(days) => Some(Some(Value::YesNo(self.birthday_in.is_some_and(|in_| in_ <= *days)))),
            Measure::MemberFor(length) => Some(Some(Value::YesNo(self.member_for(*length)))),
            Measure::FirstPurchase
            | Measure::InSegment(_)
            | Measure::HasGift(_)
            | Measure::HasReward(_)
            | Measure::HasCoupon(_)
            | Measure::HasMembership(_) => Some(known(&self.values).unwrap_or(Some(Value::YesNo(false)))),
            Measure::Stamps(_) | Measure::Balance(_) | Measure::Aggregate { .. } | Measure::Consecutive(_) => {
                Some(known(&self.values).unwrap_or_else(|| Some(Value::Number(Exact::zero()))))
            }
            Measure::Habit(habit) if habit.is_yes_or_no() => {
                Some(known(&self.values).unwrap_or(Some(Value::YesNo(false))))
            }
            Measure::Habit(Habit::Margin(_)) => {
                Some(known(&self.values).unwrap_or_else(|| Some(Value::Number(Exact::zero()))))
            }
            Measure::DaysSinceLastPurchase | Measure::Habit(_) => Some(known(&self.values).flatten()),
        }
    }

    fn sum(&self, condition: &Condition, of: impl Fn(&Item) -> &Exact) -> Option<Option<Value>> {
        let mut sum = Exact::zero();
        for line in &self.lines {
            if self.holds_for(condition, line)? {
                sum += of(line);
            }
        }
        Some(Some(Value::Number(sum)))
    }

    fn member_for(&self, length: Length) -> bool {
        self.joined.and_then(|joined| length.after(joined)).is_some_and(|since| since <= self.day)
    }

    /// What a rule's basis measures here; none where it is not known.
    pub fn measured(&self, basis: &Basis) -> Option<Exact> {
        let picked = |pick: &Pick, of: &dyn Fn(&Item) -> Exact| {
            let mut sum = Exact::zero();
            for line in &self.lines {
                if self.picks(pick, line)? {
                    sum += of(line);
                }
            }
            Some(sum)
        };
        match basis {
            Basis::Total(total) => picked(&total.pick, &|line| line.amount.clone()),
            Basis::Items(pick) => picked(pick, &|line| line.quantity.clone()),
            Basis::Purchases(pick) | Basis::Visits(pick) => Some(picked(pick, &|_| Exact::one())?.min(Exact::one())),
            Basis::Activity(_) | Basis::One => Some(Exact::one()),
            Basis::Field { .. } | Basis::Points(_) | Basis::Distinct(..) => None,
        }
    }

    /// The event in words: `on monday 2026-01-05 at 14:00, a purchase of 10 RON with category coffee, status gold`.
    pub fn words(&self, event: &str) -> String {
        let mut when = Vec::new();
        if self.day_matters {
            // Before the day starts, the wall still shows the day after.
            let late = self.time.is_some_and(|time| time < self.program.settings.clock.day_starts());
            let wall = if late { self.day.tomorrow().unwrap_or(self.day) } else { self.day };
            when.push(format!("on {} {wall}", words::weekday(wall.weekday())));
        }
        if let Some(time) = self.time {
            when.push(format!("at {:02}:{:02}", time.hour(), time.minute()));
        }
        let mut words = if when.is_empty() { String::new() } else { format!("{}, ", when.join(" ")) };
        let article = if event.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        words.push_str(&format!("{article} {event}"));
        if self.amount_matters {
            words.push_str(&format!(" of {}", words::money(self.program, &self.amount())));
        }
        let mut parts: Vec<String> = self.lines.iter().filter_map(|line| self.line_words(line)).collect();
        parts.dedup();
        parts.extend(self.values.values().map(|(measure, value)| self.value_words(measure, value.as_ref())));
        if let Some(joined) = self.joined {
            parts.push(format!("a member since {joined}"));
        }
        match self.birthday_in {
            Some(0) => parts.push("on the member's birthday".to_owned()),
            Some(days) => parts.push(format!("birthday in {days} days")),
            None => {}
        }
        if let Some(id) = self.in_calendar {
            parts.push(format!("on a day of {}", self.program.calendars[id.0].name.text));
        }
        if !parts.is_empty() {
            words.push_str(&format!(" with {}", words::list(&parts)));
        }
        words
    }

    fn line_words(&self, line: &Item) -> Option<String> {
        // A value that nobody names, or none, is no part of the picture.
        let told = line.values.values().filter(|(_, value)| match value {
            Some(Value::Text(text)) => text != OTHER,
            Some(Value::YesNo(yes)) => *yes,
            Some(Value::Number(_) | Value::Time(_) | Value::Date(_) | Value::Weekday(_) | Value::Level(_)) => true,
            None => false,
        });
        let mut parts: Vec<String> = told.map(|(measure, value)| self.value_words(measure, value.as_ref())).collect();
        if line.fixed {
            let each = if line.quantity == Exact::one() { "" } else { " in all" };
            parts.push(format!("{}{each}", words::money(self.program, &line.amount)));
        }
        // A line that is there for a sum alone has none.
        if line.quantity > Exact::one() || line.fixed && line.quantity != Exact::one() {
            parts.push(format!("quantity {}", words::number(&line.quantity, 0)));
        }
        if parts.is_empty() { None } else { Some(format!("an item ({})", parts.join(", "))) }
    }

    fn value_words(&self, measure: &Measure, value: Option<&Value>) -> String {
        let name = words::measure(self.program, measure);
        match value {
            None => format!("no {name}"),
            Some(Value::YesNo(true)) => name,
            Some(Value::YesNo(false)) => format!("not {name}"),
            Some(Value::Text(text)) if text == OTHER => format!("another {name}"),
            Some(Value::Text(text)) => match text.strip_prefix('\u{1}').and_then(|id| id.parse::<usize>().ok()) {
                Some(id) => format!("a {name} of {}", self.program.lists[id].name.text),
                None => format!("{name} {text}"),
            },
            Some(value) => format!("{name} {}", words::value(self.program, measure, value)),
        }
    }
}

/// Whether a test holds of a value; unknown where a list is not read yet. As the engine tests.
pub fn tested(program: &Program, test: &Test, value: Option<&Value>) -> Truth {
    if matches!(test.measure, Measure::Time) && value.is_none() {
        return Some(false);
    }
    let same = |wanted: &Value| value.and_then(|value| compare(value, wanted)).is_some_and(|order| order.is_eq());
    let order = |wanted: &Value| value.and_then(|value| compare(value, wanted));
    Some(match &test.how {
        How::Is(wanted) => same(wanted),
        How::IsNot(wanted) => !same(wanted),
        How::AtLeast(wanted) => order(wanted).is_some_and(|order| order.is_ge()),
        How::AtMost(wanted) => order(wanted).is_some_and(|order| order.is_le()),
        How::MoreThan(wanted) => order(wanted).is_some_and(|order| order.is_gt()),
        How::LessThan(wanted) => order(wanted).is_some_and(|order| order.is_lt()),
        How::Between(Value::Time(low), Value::Time(high)) => {
            let Some(Value::Time(time)) = value else { return Some(false) };
            low <= time && time < high
        }
        How::Between(low, high) => {
            order(low).is_some_and(|order| order.is_ge()) && order(high).is_some_and(|order| order.is_le())
        }
        How::In(wanted) => wanted.iter().any(same),
        How::NotIn(wanted) => !wanted.iter().any(same),
        How::InList(list) => return in_list(program, *list, value),
        How::NotInList(list) => return not(in_list(program, *list, value)),
        How::InCalendar(_) | How::NotInCalendar(_) => return None,
        How::Exists => value.is_some(),
        // A column is yes or no by its text.
        How::Holds => same(&Value::YesNo(true)),
    })
}

fn in_list(program: &Program, id: ListId, value: Option<&Value>) -> Truth {
    let list = &program.lists[id.0];
    let text = match value {
        None => return Some(false),
        Some(Value::Text(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Time(_) | Value::Date(_) | Value::Weekday(_) | Value::Level(_) | Value::YesNo(_)) => {
            return Some(false);
        }
    };
    if text == OTHER || value == Some(&of_list(id)) {
        return Some(text != OTHER);
    }
    if list.file.is_some() && list.values.is_empty() { None } else { Some(list.values.contains(&text)) }
}
