//! Conditions (section 4).
//!
//! Meaning of a condition on lines inside `when`: positive line conditions joined by `and` hold on
//! one and the same line; `is not` and `not in` are the exact negation of `is` and `in`, so that
//! `category not in [x]` says that no line is x. `every line` asks all lines.

use super::basis::{Basis, Streak};
use super::habit::Habit;
use super::{
    CalendarId, CardId, CouponId, GiftId, ListId, MembershipId, PointsId, Program, RewardId, SegmentId, TiersId,
};
use crate::text::Span;
use crate::value::clock::{Date, Length, Time, Weekday, Window, parse_date};
use crate::value::exact::Exact;
use std::cmp::Ordering;

/// A condition; units agree and names are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// All of them.
    All(Vec<Condition>),
    /// Any of them.
    Any(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
    /// `every line …`.
    EveryLine(Box<Condition>),
    /// A test of one measure.
    Test(Test),
}

/// One measure against values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// What is looked at.
    pub measure: Measure,
    /// How.
    pub how: How,
    /// Where it is written.
    pub span: Span,
}

/// How a measure is tested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// `is`.
    Is(Value),
    /// `is not`.
    IsNot(Value),
    /// `is at least`.
    AtLeast(Value),
    /// `is at most`.
    AtMost(Value),
    /// `is more than`.
    MoreThan(Value),
    /// `is less than`.
    LessThan(Value),
    /// `is between A and B`: both inclusive; times of day are half open. A is not after B: what goes round, such as 22:00 to
    /// 02:00, is read as two tests.
    Between(Value, Value),
    /// `in [..]`.
    In(Vec<Value>),
    /// `not in [..]`.
    NotIn(Vec<Value>),
    /// `in LIST`.
    InList(ListId),
    /// `not in LIST`.
    NotInList(ListId),
    /// `date in CALENDAR`.
    InCalendar(CalendarId),
    /// `date not in CALENDAR`.
    NotInCalendar(CalendarId),
    /// `exists`.
    Exists,
    /// A measure that is itself yes or no (`first purchase`, `in segment S`, `has gift X`).
    Holds,
}

/// What a condition looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measure {
    /// `amount`: money; of the line inside a line condition, else of the event's lines together.
    Amount,
    /// `total of items CONDITION`: money of the event's lines that hold.
    TotalOf(Box<Condition>),
    /// `items`: quantity of the event's lines together.
    Items,
    /// `items of CONDITION`.
    ItemsOf(Box<Condition>),
    /// `category` of a line.
    Category,
    /// `sku` of a line.
    Sku,
    /// `brand` of a line.
    Brand,
    /// `price`: money for one item of a line.
    Price,
    /// `quantity` of a line.
    Quantity,
    /// `at reduced price`: the line's amount is below its regular price (yes or no).
    ReducedPrice,
    /// `store`.
    Store,
    /// `channel`.
    Channel,
    /// `time` of day; never true of an event with a date alone.
    Time,
    /// `weekday`.
    Weekday,
    /// `date`.
    Date,
    /// `day of month`.
    DayOfMonth,
    /// `month`, 1 to 12.
    Month,
    /// `first purchase`: this is the member's first (yes or no).
    FirstPurchase,
    /// A declared field of the activity or an extra column of the events file.
    Column(String),
    /// A tiers block: the member's level in it.
    Level(TiersId),
    /// `stamps on CARD`: on the open card.
    Stamps(CardId),
    /// `member.COLUMN`.
    MemberColumn(String),
    /// `in segment S` (yes or no).
    InSegment(SegmentId),
    /// `has gift X` (yes or no): held and valid.
    HasGift(GiftId),
    /// `has REWARD` (yes or no): redeemed and still held.
    HasReward(RewardId),
    /// `has coupon X` (yes or no): held, valid, and with a use left.
    HasCoupon(CouponId),
    /// `has membership X` (yes or no): a term of it runs, a trial too.
    HasMembership(MembershipId),
    /// `birthday within N days` (yes or no): the event's day through the end of day D + N holds it.
    BirthdayWithin(u32),
    /// `member for at least LENGTH` (yes or no).
    MemberFor(Length),
    /// `balance of UNIT`, `UNIT balance`: spendable now.
    Balance(PointsId),
    /// An aggregate over what lay before this event.
    Aggregate {
        /// What is summed or counted.
        basis: Basis,
        /// Over which days.
        window: Window,
    },
    /// `days since last purchase`; no value before the first.
    DaysSinceLastPurchase,
    /// `consecutive weeks with purchase`; ends with this period when it already has one.
    Consecutive(Streak),
    /// A ready-made measure: `dormant`, `expected gap`, `monetary in last 365 days`, …
    Habit(Habit),
}

/// A value in a condition, its unit already agreed with the measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A number: count, money of the program, minutes, points, day of month, month.
    Number(Exact),
    /// Text: bare or quoted.
    Text(String),
    /// A time of day.
    Time(Time),
    /// A day.
    Date(Date),
    /// A day of the week.
    Weekday(Weekday),
    /// A level: its place in the block's list of levels, 0 the lowest.
    Level(usize),
    /// Yes or no.
    YesNo(bool),
}

impl Condition {
    /// Shows every test of it, in the order written: also those on the lines that a measure picks
    /// (`total of items …`, an aggregate's), right after the test they stand in.
    pub fn each_test<'c>(&'c self, see: &mut dyn FnMut(&'c Test)) {
        match self {
            Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| part.each_test(see)),
            Condition::Not(part) | Condition::EveryLine(part) => part.each_test(see),
            Condition::Test(test) => {
                see(test);
                test.measure.each_test(see);
            }
        }
    }
}

/// A column of text that a measure reads, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column<'m> {
    /// Of a line, or of its item.
    Line(&'m str),
    /// Of the event.
    Event(&'m str),
    /// Of the line, else of the event.
    Either(&'m str),
    /// Of the members file.
    Member(&'m str),
}

impl Measure {
    /// Shows every test on the lines that it picks.
    fn each_test<'c>(&'c self, see: &mut dyn FnMut(&'c Test)) {
        if let Measure::TotalOf(lines) | Measure::ItemsOf(lines) = self {
            lines.each_test(see);
        }
        if let Some(basis) = self.basis() {
            basis.each_test(see);
        }
    }

    /// What it sums over the time before the event.
    pub fn basis(&self) -> Option<&Basis> {
        if let Measure::Aggregate { basis, .. } = self { Some(basis) } else { None }
    }

    /// Whether an event and its lines tell it, whoever asks and whenever.
    pub fn is_of_event(&self) -> bool {
        match self {
            Measure::Amount
            | Measure::TotalOf(_)
            | Measure::Items
            | Measure::ItemsOf(_)
            | Measure::Category
            | Measure::Sku
            | Measure::Brand
            | Measure::Price
            | Measure::Quantity
            | Measure::ReducedPrice
            | Measure::Store
            | Measure::Channel
            | Measure::Time
            | Measure::Weekday
            | Measure::Date
            | Measure::DayOfMonth
            | Measure::Month
            | Measure::Column(_) => true,
            Measure::FirstPurchase
            | Measure::Level(_)
            | Measure::Stamps(_)
            | Measure::MemberColumn(_)
            | Measure::InSegment(_)
            | Measure::HasGift(_)
            | Measure::HasReward(_)
            | Measure::HasCoupon(_)
            | Measure::HasMembership(_)
            | Measure::BirthdayWithin(_)
            | Measure::MemberFor(_)
            | Measure::Balance(_)
            | Measure::Aggregate { .. }
            | Measure::DaysSinceLastPurchase
            | Measure::Consecutive(_)
            | Measure::Habit(_) => false,
        }
    }

    /// The column of text that it reads.
    pub fn column(&self) -> Option<Column<'_>> {
        match self {
            Measure::Category => Some(Column::Line("category")),
            Measure::Sku => Some(Column::Line("sku")),
            Measure::Brand => Some(Column::Line("brand")),
            Measure::Store => Some(Column::Event("store")),
            Measure::Channel => Some(Column::Event("channel")),
            Measure::Column(name) => Some(Column::Either(name)),
            Measure::MemberColumn(name) | Measure::Habit(Habit::DateWithin(name, _)) => Some(Column::Member(name)),
            Measure::Amount
            | Measure::TotalOf(_)
            | Measure::Items
            | Measure::ItemsOf(_)
            | Measure::Price
            | Measure::Quantity
            | Measure::ReducedPrice
            | Measure::Time
            | Measure::Weekday
            | Measure::Date
            | Measure::DayOfMonth
            | Measure::Month
            | Measure::FirstPurchase
            | Measure::Level(_)
            | Measure::Stamps(_)
            | Measure::InSegment(_)
            | Measure::HasGift(_)
            | Measure::HasReward(_)
            | Measure::HasCoupon(_)
            | Measure::HasMembership(_)
            | Measure::BirthdayWithin(_)
            | Measure::MemberFor(_)
            | Measure::Balance(_)
            | Measure::Aggregate { .. }
            | Measure::DaysSinceLastPurchase
            | Measure::Consecutive(_)
            | Measure::Habit(_) => None,
        }
    }
}

/// Whether a measure belongs to a line rather than to the event.
pub fn is_of_line(measure: &Measure) -> bool {
    matches!(measure, Measure::Price | Measure::Quantity | Measure::ReducedPrice)
        || matches!(measure.column(), Some(Column::Line(_) | Column::Either(_)))
}

/// Of a negated test, the test it negates.
pub fn positive(how: &How) -> Option<How> {
    match how {
        How::IsNot(value) => Some(How::Is(value.clone())),
        How::NotIn(values) => Some(How::In(values.clone())),
        How::NotInList(list) => Some(How::InList(*list)),
        How::NotInCalendar(calendar) => Some(How::InCalendar(*calendar)),
        How::Is(_)
        | How::AtLeast(_)
        | How::AtMost(_)
        | How::MoreThan(_)
        | How::LessThan(_)
        | How::Between(..)
        | How::In(_)
        | How::InList(_)
        | How::InCalendar(_)
        | How::Exists
        | How::Holds => None,
    }
}

/// Whether a value passes a test, as section 4 has it; none where it is asked of the day (a calendar).
pub fn passes(how: &How, value: Option<&Value>, program: &Program) -> Option<bool> {
    let same = |wanted: &Value| value.is_some_and(|value| compare(value, wanted).is_some_and(|order| order.is_eq()));
    let order = |wanted: &Value| value.and_then(|value| compare(value, wanted));
    let listed = |list: usize| {
        let values = &program.lists[list].values;
        match value {
            Some(Value::Text(text)) => values.contains(text),
            Some(Value::Number(number)) => values.contains(&number.to_string()),
            Some(Value::Time(_) | Value::Date(_) | Value::Weekday(_) | Value::Level(_) | Value::YesNo(_)) | None => {
                false
            }
        }
    };
    Some(match how {
        How::Is(wanted) => same(wanted),
        How::IsNot(wanted) => !same(wanted),
        How::AtLeast(wanted) => order(wanted).is_some_and(|order| order.is_ge()),
        How::AtMost(wanted) => order(wanted).is_some_and(|order| order.is_le()),
        How::MoreThan(wanted) => order(wanted).is_some_and(|order| order.is_gt()),
        How::LessThan(wanted) => order(wanted).is_some_and(|order| order.is_lt()),
        How::Between(low, high) => {
            order(low).is_some_and(|order| order.is_ge()) && order(high).is_some_and(|order| order.is_le())
        }
        How::In(wanted) => wanted.iter().any(same),
        How::NotIn(wanted) => !wanted.iter().any(same),
        How::InList(list) => listed(list.0),
        How::NotInList(list) => !listed(list.0),
        How::InCalendar(_) | How::NotInCalendar(_) => return None,
        How::Exists => value.is_some(),
        How::Holds => value == Some(&Value::YesNo(true)),
    })
}

/// Whether a condition is a positive one on lines: such conditions joined by `and` speak of one line.
pub fn picks_one_line(condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().all(picks_one_line),
        Condition::Not(_) | Condition::EveryLine(_) => false,
        Condition::Test(test) => is_of_line(&test.measure) && positive(&test.how).is_none(),
    }
}

/// The order of two values of one kind; a column's text is read as what it is compared with.
pub fn compare(value: &Value, wanted: &Value) -> Option<Ordering> {
    Some(match (value, wanted) {
        (Value::Number(a), Value::Number(b)) => a.cmp(b),
        (Value::Text(a), Value::Number(b)) => Exact::parse(a)?.cmp(b),
        // A code stays what it is, letter by letter: `0412` is not `412`.
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Number(a), Value::Text(b)) => a.cmp(&Exact::parse(b)?),
        (Value::Text(a), Value::Date(b)) => parse_date(a).ok()?.cmp(b),
        (Value::Text(a), Value::YesNo(b)) => is_yes(a).cmp(b),
        (Value::Time(a), Value::Time(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Weekday(a), Value::Weekday(b)) => a.to_monday_zero_offset().cmp(&b.to_monday_zero_offset()),
        (Value::Level(a), Value::Level(b)) => a.cmp(b),
        (Value::YesNo(a), Value::YesNo(b)) => a.cmp(b),
        (
            Value::Number(_)
            | Value::Text(_)
            | Value::Time(_)
            | Value::Date(_)
            | Value::Weekday(_)
            | Value::Level(_)
            | Value::YesNo(_),
            _,
        ) => return None,
    })
}

/// Whether a column says yes.
pub fn is_yes(text: &str) -> bool {
    matches!(text.to_ascii_lowercase().as_str(), "yes" | "true" | "1" | "y")
}
