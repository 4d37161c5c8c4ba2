//! Questions that rules ask: conditions (section 4), measures and windows, answered by reading the
//! history up to a position.

use super::state::{Left, Member, Opening, Position, SeenKind};
use crate::ledger::{Event, Line};
use crate::mechanics::basis::{Basis, Distinct, Pick, Total};
use crate::mechanics::condition::{
    Condition, How, Measure, Test, Value, compare, is_of_line, picks_one_line, positive,
};
use crate::mechanics::example::Held;
use crate::mechanics::points::Pay;
use crate::mechanics::{Program, tiers};
use crate::value::clock::{Clock, Date, Moment, Period, Window, membership_year};
use crate::value::exact::Exact;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// What a rule can see: one event (or timer) of one member, and what lay before it.
#[derive(Clone, Copy)]
pub struct Scene<'s, 'a> {
    /// The program.
    pub program: &'s Program,
    /// Whose event.
    pub member: &'s Member<'a>,
    /// Only what was posted before this position counts.
    pub before: Position,
    /// The moment.
    pub at: Moment,
    /// The program's day.
    pub day: Date,
    /// Whether the event says a time of day.
    pub timed: bool,
    /// The event; none: a timer.
    pub event: Option<&'a Event>,
    /// The event's lines, with what is left of them.
    pub lines: &'s [View<'a>],
    /// The state before the event.
    pub opening: &'s Opening,
    /// The rule's own first and last day, for the window `campaign`.
    pub campaign: (Option<Date>, Option<Date>),
    /// Of a timer that fires as a period ends: the period, which its `count` measures whole.
    pub whole: Option<Span>,
}

/// A line and what is left of it.
#[derive(Clone)]
pub struct View<'a> {
    /// As written.
    pub line: &'a Line,
    /// What is left.
    pub left: Left,
}

/// A stretch of time: days, both inclusive, or moments, the first exclusive.
#[derive(Debug, Clone, Copy)]
pub enum Span {
    /// Days.
    Days(Option<Date>, Option<Date>),
    /// Elapsed hours.
    Moments(Moment, Moment),
}

impl Span {
    /// Whether something at `at`, on `day`, lies inside.
    pub fn holds(&self, at: Moment, day: Date) -> bool {
        match self {
            Span::Days(first, last) => first.is_none_or(|first| first <= day) && last.is_none_or(|last| day <= last),
            Span::Moments(after, upto) => *after < at && at <= *upto,
        }
    }

    /// The days that what lies inside may be of; none where it ends before it begins, which no range may.
    pub fn days(&self) -> Option<RangeInclusive<Date>> {
        let (first, last) = match self {
            Span::Days(first, last) => (first.unwrap_or(Date::MIN), last.unwrap_or(Date::MAX)),
            Span::Moments(..) => (Date::MIN, Date::MAX),
        };
        (first <= last).then_some(first..=last)
    }

    /// Whether it is over before something at `at`, on `day`.
    pub(super) fn precedes(&self, at: Moment, day: Date) -> bool {
        match self {
            Span::Days(_, last) => last.is_some_and(|last| last < day),
            Span::Moments(_, upto) => *upto < at,
        }
    }

    /// Whether it begins only after something at `at`, on `day`.
    pub(super) fn follows(&self, at: Moment, day: Date) -> bool {
        match self {
            Span::Days(first, _) => first.is_some_and(|first| day < first),
            Span::Moments(after, _) => at <= *after,
        }
    }
}

/// The stretch that a window covers as seen from a moment.
pub fn span(
    window: &Window,
    clock: &Clock,
    at: Moment,
    day: Date,
    joined: Option<Date>,
    campaign: (Option<Date>, Option<Date>),
) -> Span {
    match window.hours(at) {
        Some((after, upto)) => Span::Moments(after, upto),
        None if *window == Window::MembershipYear => {
            let (first, last) = membership_span(clock, joined, day);
            Span::Days(Some(first), Some(last))
        }
        None => {
            let (first, last) = window.days(clock, day, joined, campaign);
            Span::Days(first, last)
        }
    }
}

impl<'s, 'a> Scene<'s, 'a> {
    pub(super) fn clock(&self) -> &'s Clock {
        &self.program.settings.clock
    }

    /// The stretch that a window covers as seen from here.
    pub fn span(&self, window: &Window) -> Span {
        span(window, self.clock(), self.at, self.day, self.member.joined, self.campaign)
    }

    /// Whether a condition holds of the event.
    pub fn holds(&self, condition: &Condition) -> bool {
        match condition {
            Condition::All(parts) => {
                let (of_line, others): (Vec<_>, Vec<_>) = parts.iter().partition(|part| picks_one_line(part));
                others.iter().all(|part| self.holds(part))
                    && (of_line.is_empty()
                        || self.lines.iter().any(|view| of_line.iter().all(|part| self.holds_for(part, view))))
            }
            Condition::Any(parts) => parts.iter().any(|part| self.holds(part)),
            Condition::Not(part) => !self.holds(part),
            Condition::EveryLine(part) => {
                !self.lines.is_empty() && self.lines.iter().all(|view| self.holds_for(part, view))
            }
            Condition::Test(test) if is_of_line(&test.measure) => match positive(&test.how) {
                Some(how) => {
                    let test = Test { measure: test.measure.clone(), how, span: test.span };
                    !self.lines.iter().any(|view| self.test(&test, Some(view)))
                }
                None => self.lines.iter().any(|view| self.test(test, Some(view))),
            },
            Condition::Test(test) => self.test(test, None),
        }
    }

    /// Whether a condition holds of one line (inside `count`, `items`, `stamp`).
    pub fn holds_for(&self, condition: &Condition, view: &View<'a>) -> bool {
        match condition {
            Condition::All(parts) => parts.iter().all(|part| self.holds_for(part, view)),
            Condition::Any(parts) => parts.iter().any(|part| self.holds_for(part, view)),
            Condition::Not(part) => !self.holds_for(part, view),
            Condition::EveryLine(part) => self.lines.iter().all(|view| self.holds_for(part, view)),
            Condition::Test(test) => self.test(test, Some(view)),
        }
    }

    /// Whether the line is picked.
    pub fn picks(&self, pick: &Pick, view: &View<'a>) -> bool {
        pick.with.as_ref().is_none_or(|with| self.holds_for(with, view))
            && pick.without.as_ref().is_none_or(|without| !self.holds_for(without, view))
    }

    fn test(&self, test: &Test, view: Option<&View<'a>>) -> bool {
        if matches!(test.measure, Measure::Time) && !self.timed {
            return false;
        }
        let value = self.value(&test.measure, view);
        let same = |wanted: &Value| value.as_ref().is_some_and(|value| equal(value, wanted));
        let order = |wanted: &Value| value.as_ref().and_then(|value| compare(value, wanted));
        match &test.how {
            How::Is(wanted) => same(wanted),
            How::IsNot(wanted) => !same(wanted),
            How::AtLeast(wanted) => order(wanted).is_some_and(|order| order.is_ge()),
            How::AtMost(wanted) => order(wanted).is_some_and(|order| order.is_le()),
            How::MoreThan(wanted) => order(wanted).is_some_and(|order| order.is_gt()),
            How::LessThan(wanted) => order(wanted).is_some_and(|order| order.is_lt()),
            How::Between(low, high) => {
                // Times of day are half open.
                if let (Some(Value::Time(time)), Value::Time(low), Value::Time(high)) = (&value, low, high) {
                    return low <= time && time < high;
                }
                let above = order(low).is_some_and(|order| order.is_ge());
                let below = order(high).is_some_and(|order| order.is_le());
                above && below
            }
            How::In(wanted) => wanted.iter().any(same),
            How::NotIn(wanted) => !wanted.iter().any(same),
            How::InList(list) => self.in_list(list.0, value.as_ref()),
            How::NotInList(list) => !self.in_list(list.0, value.as_ref()),
            How::InCalendar(calendar) => self.program.calendars[calendar.0].holds(self.day),
            How::NotInCalendar(calendar) => !self.program.calendars[calendar.0].holds(self.day),
            How::Exists => value.is_some(),
            How::Holds => value == Some(Value::YesNo(true)),
        }
    }

    fn in_list(&self, list: usize, value: Option<&Value>) -> bool {
        match value {
            Some(Value::Text(text)) => self.program.lists[list].values.contains(text),
            Some(Value::Number(number)) => self.program.lists[list].values.contains(&number.to_string()),
            Some(Value::Time(_) | Value::Date(_) | Value::Weekday(_) | Value::Level(_) | Value::YesNo(_)) | None => {
                false
            }
        }
    }

    /// The value of a measure; none where there is nothing to look at.
    fn value(&self, measure: &Measure, view: Option<&View<'a>>) -> Option<Value> {
        let text = |text: Option<&str>| text.map(|text| Value::Text(text.to_owned()));
        let number = |number: Exact| Some(Value::Number(number));
        match measure {
            Measure::Amount => number(match view {
                Some(view) => view.left.amount.clone(),
                None => self.lines.iter().map(|view| &view.left.amount).sum(),
            }),
            Measure::TotalOf(condition) => number(
                self.lines.iter().filter(|view| self.holds_for(condition, view)).map(|view| &view.left.amount).sum(),
            ),
            Measure::Items => number(self.lines.iter().map(|view| &view.left.quantity).sum()),
            Measure::ItemsOf(condition) => number(
                self.lines.iter().filter(|view| self.holds_for(condition, view)).map(|view| &view.left.quantity).sum(),
            ),
            Measure::Category => text(view?.line.category.as_deref()),
            Measure::Sku => text(view?.line.sku.as_deref()),
            Measure::Brand => text(view?.line.brand.as_deref()),
            Measure::Price => view?.left.amount.checked_div(&view?.left.quantity).map(Value::Number),
            Measure::Quantity => number(view?.left.quantity.clone()),
            Measure::ReducedPrice => {
                let view = view?;
                Some(Value::YesNo(view.left.is_reduced(view.line)))
            }
            Measure::Store => text(self.event?.store.as_deref()),
            Measure::Channel => text(self.event?.channel.as_deref()),
            Measure::Time => Some(Value::Time(self.clock().local(self.at).1)),
            Measure::Weekday => Some(Value::Weekday(self.day.weekday())),
            Measure::Date => Some(Value::Date(self.day)),
            Measure::DayOfMonth => number(Exact::from_int(i64::from(self.day.day()))),
            Measure::Month => number(Exact::from_int(i64::from(self.day.month()))),
            Measure::FirstPurchase => Some(Value::YesNo(
                self.event.is_some_and(|event| event.kind == crate::ledger::Kind::Purchase)
                    && !self
                        .member
                        .seen
                        .iter()
                        .any(|seen| seen.kind == SeenKind::Purchase && seen.counted(self.before)),
            )),
            Measure::Column(name) => text(self.column(name, view)),
            Measure::Level(tiers) => self.opening.levels.get(tiers.0).map(|level| Value::Level(*level)),
            Measure::Stamps(card) => number(Exact::from_int(self.opening.stamps.get(card.0).copied().unwrap_or(0))),
            Measure::MemberColumn(name) => text(self.member.columns.get(name)),
            Measure::InSegment(segment) => Some(Value::YesNo(self.holds(&self.program.segments[segment.0].when))),
            Measure::HasGift(gift) => Some(Value::YesNo(self.opening.held.contains(&Held::Gift(*gift)))),
            Measure::HasReward(reward) => Some(Value::YesNo(self.opening.held.contains(&Held::Reward(*reward)))),
            Measure::HasCoupon(coupon) => Some(Value::YesNo(self.opening.held.contains(&Held::Coupon(*coupon)))),
            Measure::HasMembership(membership) => Some(Value::YesNo(self.opening.memberships.contains(membership))),
            Measure::BirthdayWithin(days) => Some(Value::YesNo(self.birthday_within(*days))),
            Measure::MemberFor(length) => {
                let since = length.after(self.member.joined?)?;
                Some(Value::YesNo(since <= self.day))
            }
            Measure::Balance(unit) => number(self.opening.balances.get(unit).cloned().unwrap_or_default()),
            Measure::Aggregate { basis, window } => number(self.aggregate(basis, &self.span(window))),
            Measure::DaysSinceLastPurchase => {
                let last = self
                    .member
                    .seen
                    .iter()
                    .rfind(|seen| seen.kind == SeenKind::Purchase && seen.counted(self.before))?;
                number(Exact::from_int(i64::from((self.day - last.day).get_days())))
            }
            Measure::Consecutive(streak) => number(Exact::from_int(self.streak(streak))),
            Measure::Habit(habit) => self.habit(habit),
        }
    }

    /// A column of the line, else of the event.
    fn column(&self, name: &str, view: Option<&View<'a>>) -> Option<&'s str>
    where
        'a: 's,
    {
        match (view, self.event) {
            (Some(view), Some(event)) => event.field_of(view.line, name),
            (Some(view), None) => view.line.field(name),
            (None, event) => event?.field(name),
        }
    }

    fn birthday_within(&self, days: u32) -> bool {
        self.member.birthday.is_some_and(|birthday| self.comes_within(birthday, days))
    }

    /// Money of the lines picked: in all, and by line.
    pub fn total(&self, total: &Total) -> (Exact, Vec<(usize, Exact)>) {
        let own = if total.with_paid_by_points { None } else { self.paid_with_money() };
        self.sum(&total.pick, |left| {
            let mut money = if total.before_discounts { left.regular.clone() } else { left.amount.clone() };
            if total.without_tax {
                money -= &left.tax;
            }
            match &own {
                Some(own) => money * own,
                None => money,
            }
        })
    }

    /// The share of the receipt that was paid with money; none where all of it was.
    fn paid_with_money(&self) -> Option<Exact> {
        let pays = |points: &crate::mechanics::points::Points| matches!(points.pay, Some(Pay::At { .. }));
        let event = self.event.filter(|_| self.program.points.iter().any(pays))?;
        let seen = self.member.seen_of(event)?;
        seen.paid.as_ref().map(|paid| Exact::one() - paid.share())
    }

    /// Quantity of the lines picked: in all, and by line.
    pub fn items(&self, pick: &Pick) -> (Exact, Vec<(usize, Exact)>) {
        self.sum(pick, |left| left.quantity.clone())
    }

    fn sum(&self, pick: &Pick, of: impl Fn(&Left) -> Exact) -> (Exact, Vec<(usize, Exact)>) {
        let mut all = Exact::zero();
        let mut by_line = Vec::new();
        for (at, view) in self.lines.iter().enumerate() {
            if self.picks(pick, view) {
                let figure = of(&view.left);
                all += &figure;
                by_line.push((at, figure));
            }
        }
        (all, by_line)
    }

    /// What a rule counts of this event: in all, and by line where lines bring it.
    pub fn count(&self, basis: &Basis) -> (Exact, Vec<(usize, Exact)>) {
        let none = Vec::new;
        if let Some(whole) = &self.whole
            && !matches!(basis, Basis::One)
        {
            return (self.aggregate(basis, whole), none());
        }
        match basis {
            Basis::Total(total) => self.total(total),
            Basis::Items(pick) => self.items(pick),
            Basis::Purchases(pick) | Basis::Visits(pick) => {
                let held = pick.with.is_none() && pick.without.is_none()
                    || self.lines.iter().any(|view| !view.left.is_gone() && self.picks(pick, view));
                let again = matches!(basis, Basis::Visits(_)) && self.visit_has_counted(pick);
                (count(usize::from(held && !again)), none())
            }
            Basis::Activity(_) | Basis::One => (Exact::one(), none()),
            Basis::Field { field, .. } => {
                let value = self.event.and_then(|event| event.field(field)).and_then(Exact::parse);
                (value.unwrap_or_default(), none())
            }
            Basis::Points(unit) => (self.opening.balances.get(unit).cloned().unwrap_or_default(), none()),
            Basis::Distinct(what, pick) => {
                let values: BTreeSet<&str> = self
                    .lines
                    .iter()
                    .filter(|view| self.picks(pick, view))
                    .filter_map(|view| match what {
                        Distinct::Categories => view.line.category.as_deref(),
                        Distinct::Brands => view.line.brand.as_deref(),
                        Distinct::Skus => view.line.sku.as_deref(),
                        Distinct::Stores => self.event.and_then(|event| event.store.as_deref()),
                        Distinct::Channels => self.event.and_then(|event| event.channel.as_deref()),
                        Distinct::Days => Some(""),
                        Distinct::Column(name) => self.column(name, Some(view)),
                    })
                    .collect();
                (count(values.len()), none())
            }
        }
    }

    /// Whether the visit of this event, a day and a store, was already made by an earlier one.
    fn visit_has_counted(&self, pick: &Pick) -> bool {
        let Some(event) = self.event else { return false };
        let visit = (self.day, event.store.as_deref());
        self.member.of_visit(visit).any(|seen| self.comes(pick, seen))
    }

    /// The measure of a tiers block over a stretch of days.
    pub fn measured(&self, measure: &tiers::TierMeasure, span: &Span) -> Exact {
        self.aggregate(&measure.basis, span)
    }
}

/// The membership year that holds `day`; without a day of joining, the calendar year.
pub fn membership_span(clock: &Clock, joined: Option<Date>, day: Date) -> (Date, Date) {
    match joined {
        Some(joined) => membership_year(joined, day),
        None => clock.span_of(Period::Year, day),
    }
}

/// A number of things.
pub(super) fn count(number: usize) -> Exact {
    Exact::from_int(i64::try_from(number).unwrap_or(i64::MAX))
}

fn equal(value: &Value, wanted: &Value) -> bool {
    compare(value, wanted).is_some_and(|order| order.is_eq())
}
