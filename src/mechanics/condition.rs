//! Conditions (section 4).
//!
//! Meaning of a condition on lines inside `when`: positive line conditions joined by `and` hold on
//! one and the same line; `is not` and `not in` are the exact negation of `is` and `in`, so that
//! `category not in [x]` says that no line is x. `every line` asks all lines.

use super::basis::{Basis, Streak};
use super::{CalendarId, CardId, GiftId, ListId, PointsId, RewardId, SegmentId, TiersId};
use crate::text::Span;
use crate::value::clock::{Date, Length, Time, Weekday, Window};
use crate::value::exact::Exact;

/// A condition; units agree and names are known.
#[derive(Debug, Clone)]
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
#[derive(Debug, Clone)]
pub struct Test {
    /// What is looked at.
    pub measure: Measure,
    /// How.
    pub how: How,
    /// Where it is written.
    pub span: Span,
}

/// How a measure is tested.
#[derive(Debug, Clone)]
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
    /// `is between A and B`: both inclusive; times of day are half open.
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
#[derive(Debug, Clone)]
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
