//! Questions that rules ask: conditions (section 4), measures and windows, answered by reading the
//! history up to a position.

use super::state::{Left, Member, Opening, Position, Seen, SeenKind};
use crate::ledger::{Event, Line};
use crate::mechanics::basis::{Basis, Distinct, Pick, Streak, StreakAct, Total};
use crate::mechanics::condition::{
    Condition, How, Measure, Test, Value, compare, is_of_line, picks_one_line, positive,
};
use crate::mechanics::example::Held;
use crate::mechanics::points::Pay;
use crate::mechanics::{Program, tiers};
use crate::value::clock::{Clock, Date, Moment, Period, Window, membership_year};
use crate::value::exact::Exact;
use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};

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
    fn precedes(&self, at: Moment, day: Date) -> bool {
        match self {
            Span::Days(_, last) => last.is_some_and(|last| last < day),
            Span::Moments(_, upto) => *upto < at,
        }
    }

    /// Whether it begins only after something at `at`, on `day`.
    fn follows(&self, at: Moment, day: Date) -> bool {
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
                // Times of day are half open, and 22:00 to 02:00 goes over midnight.
                if let (Some(Value::Time(time)), Value::Time(low), Value::Time(high)) = (&value, low, high) {
                    return if low <= high { low <= time && time < high } else { low <= time || time < high };
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

    /// The lines of a purchase as they stood before this scene; one that is gone, or was struck off at the till, is none.
    pub(super) fn views(&self, seen: &Seen<'a>) -> Vec<View<'a>> {
        let lines = seen.lines.iter().map(|line| View { line: line.line, left: line.before(self.before).clone() });
        lines.filter(|view| seen.kind != SeenKind::Purchase || !view.left.is_gone()).collect()
    }

    /// A scene at a past event, for conditions on its lines.
    fn at_past<'t>(&'t self, seen: &'t Seen<'a>, lines: &'t [View<'a>]) -> Scene<'t, 'a> {
        Scene {
            at: seen.at,
            day: seen.day,
            timed: seen.event.timed,
            event: Some(seen.event),
            lines,
            opening: &seen.opening,
            ..*self
        }
    }

    /// An aggregate over what lay before this position, inside a stretch of time.
    pub fn aggregate(&self, basis: &Basis, span: &Span) -> Exact {
        // In the order of the run, and so of time.
        let seen = &self.member.seen;
        let known = seen.partition_point(|seen| seen.position < self.before);
        let first = seen[..known].partition_point(|seen| span.follows(seen.at, seen.day));
        let end = seen[..known].partition_point(|seen| !span.precedes(seen.at, seen.day)).max(first);
        let within = &seen[first..end];
        match basis {
            Basis::Points(unit) => {
                let posted = self.member.contributions.within(self.before, *span);
                posted.filter(|one| one.unit == Some(*unit)).map(|one| &one.posted).sum()
            }
            Basis::Distinct(what, pick) => self.distinct(what, pick, within),
            // A visit of several events is looked at whole: hours may begin in the middle of one.
            Basis::Visits(pick) if matches!(span, Span::Moments(..)) => self.visits(pick, within),
            Basis::Visits(_)
            | Basis::Total(_)
            | Basis::Items(_)
            | Basis::Purchases(_)
            | Basis::Activity(_)
            | Basis::Field { .. }
            | Basis::One => self.sum_of(basis, first..end),
        }
    }

    /// What past events came to together: read, or of what was read before, with what came back since.
    fn sum_of(&self, basis: &Basis, within: Range<usize>) -> Exact {
        let seen = &self.member.seen;
        let read = || seen[within.clone()].iter().map(|seen| self.brings(basis, seen)).sum();
        // What came back later counted still, for who asks about the time before.
        let since = self.member.shrunk.partition_point(|shrunk| shrunk.at < self.before);
        let since = self.member.shrunk[since..].iter().filter_map(|shrunk| self.member.place_at(shrunk.of));
        let shrunk: BTreeSet<usize> = since.filter(|place| within.contains(place)).collect();
        // Of a visit that came back another event of its day may take the place.
        let by_itself = !matches!(basis, Basis::Visits(_)) || shrunk.is_empty();
        if !(by_itself && basis.picks_by_event()) {
            return read();
        }
        let now = Scene { before: Position::MAX, ..*self };
        let brings = |place: usize| now.brings(basis, &seen[place]);
        let program = std::ptr::from_ref(self.program).addr();
        let first = |count| self.member.sums.of_first(count, program, basis, brings);
        let mut sum = first(within.end) - first(within.start);
        for place in shrunk {
            sum += self.brings(basis, &seen[place]) - brings(place);
        }
        debug_assert_eq!(sum, read(), "what was read once is what there is");
        sum
    }

    /// What a past event adds to what is summed event by event.
    fn brings(&self, basis: &Basis, seen: &Seen<'a>) -> Exact {
        let purchase = seen.kind == SeenKind::Purchase;
        if !seen.counted(self.before) {
            return Exact::zero();
        }
        match basis {
            Basis::Total(total) if purchase => {
                let lines = self.views(seen);
                self.at_past(seen, &lines).total(total).0
            }
            Basis::Items(pick) if purchase => {
                let lines = self.views(seen);
                self.at_past(seen, &lines).items(pick).0
            }
            Basis::Purchases(pick) => count(usize::from(purchase && self.past_has(seen, pick))),
            Basis::Visits(pick) => {
                let mut earlier = self.member.of_visit(seen.visit()).take_while(|other| other.position < seen.position);
                count(usize::from(self.comes(pick, seen) && !earlier.any(|other| self.comes(pick, other))))
            }
            Basis::Activity(wanted) => count(usize::from(match seen.kind {
                SeenKind::Activity(activity) => wanted.is_none_or(|wanted| wanted == activity),
                SeenKind::Purchase | SeenKind::Visit | SeenKind::Redeem | SeenKind::Join | SeenKind::Referral => false,
            })),
            Basis::Field { activity, field } => {
                let of_it = activity.is_none_or(|wanted| seen.kind == SeenKind::Activity(wanted));
                let value = seen.event.field(field).filter(|_| of_it);
                value.and_then(Exact::parse).unwrap_or_default()
            }
            Basis::One => Exact::one(),
            Basis::Total(_) | Basis::Items(_) | Basis::Points(_) | Basis::Distinct(..) => Exact::zero(),
        }
    }

    /// How many visits, days and stores, past events were.
    fn visits(&self, pick: &Pick, seen: &[Seen<'a>]) -> Exact {
        let visits: BTreeSet<_> = seen.iter().filter(|seen| self.comes(pick, seen)).map(|seen| seen.visit()).collect();
        count(visits.len())
    }

    /// Whether a past event makes a visit.
    fn comes(&self, pick: &Pick, seen: &Seen<'a>) -> bool {
        let comes = matches!(seen.kind, SeenKind::Purchase | SeenKind::Visit);
        comes && seen.counted(self.before) && self.past_has(seen, pick)
    }

    /// Whether a past event has a line that is picked; without conditions every event has.
    fn past_has(&self, seen: &Seen<'a>, pick: &Pick) -> bool {
        if pick.with.is_none() && pick.without.is_none() {
            return true;
        }
        let lines = self.views(seen);
        let past = self.at_past(seen, &lines);
        lines.iter().any(|view| !view.left.is_gone() && past.picks(pick, view))
    }

    fn distinct(&self, what: &Distinct, pick: &Pick, seen: &[Seen<'a>]) -> Exact {
        let mut values = BTreeSet::new();
        let comes = |seen: &&Seen<'a>| matches!(seen.kind, SeenKind::Purchase | SeenKind::Visit);
        for seen in seen.iter().filter(|seen| seen.counted(self.before)).filter(comes) {
            let lines = self.views(seen);
            let past = self.at_past(seen, &lines);
            let picked = lines.iter().filter(|view| !view.left.is_gone() && past.picks(pick, view));
            let text = |text: Option<&str>| text.map(str::to_owned);
            match what {
                Distinct::Days if past.some_line(pick, &lines) => values.extend([seen.day.to_string()]),
                Distinct::Stores if past.some_line(pick, &lines) => values.extend(text(seen.event.store.as_deref())),
                Distinct::Channels if past.some_line(pick, &lines) => {
                    values.extend(text(seen.event.channel.as_deref()))
                }
                Distinct::Days | Distinct::Stores | Distinct::Channels => {}
                Distinct::Categories => values.extend(picked.filter_map(|view| text(view.line.category.as_deref()))),
                Distinct::Brands => values.extend(picked.filter_map(|view| text(view.line.brand.as_deref()))),
                Distinct::Skus => values.extend(picked.filter_map(|view| text(view.line.sku.as_deref()))),
                Distinct::Column(name) => {
                    values.extend(picked.filter_map(|view| text(seen.event.field_of(view.line, name))));
                }
            }
        }
        count(values.len())
    }

    fn some_line(&self, pick: &Pick, lines: &[View<'a>]) -> bool {
        (pick.with.is_none() && pick.without.is_none()) || lines.iter().any(|view| self.picks(pick, view))
    }

    /// How many periods in a row, ending with this one when it already has one, else with the last.
    fn streak(&self, streak: &Streak) -> i64 {
        let first_day = |day: Date| self.clock().span_of(streak.of, day).0;
        let held = self.periods_with(streak, None);
        let previous = |first: Date| first.yesterday().ok().map(first_day);
        let mut at = Some(first_day(self.day));
        if at.is_some_and(|at| !held.contains(&at)) {
            at = at.and_then(previous);
        }
        let mut length = 0;
        while let Some(first) = at.filter(|first| held.contains(first)) {
            length += 1;
            at = previous(first);
        }
        length
    }

    /// The longest streak of what lies in a stretch of time.
    pub fn longest_streak(&self, streak: &Streak, span: &Span) -> i64 {
        let first_day = |day: Date| self.clock().span_of(streak.of, day).0;
        let (mut longest, mut length, mut last) = (0, 0, None);
        for first in self.periods_with(streak, Some(span)) {
            let previous = first.yesterday().ok().map(first_day);
            length = if last.is_some() && last == previous { length + 1 } else { 1 };
            longest = longest.max(length);
            last = Some(first);
        }
        longest
    }

    /// The first days of the periods that hold what keeps a streak alive, in a stretch of time.
    fn periods_with(&self, streak: &Streak, span: Option<&Span>) -> BTreeSet<Date> {
        self.member
            .seen
            .iter()
            .filter(|seen| seen.counted(self.before) && span.is_none_or(|span| span.holds(seen.at, seen.day)))
            .filter(|seen| match (&streak.with, seen.kind) {
                (StreakAct::Purchase, kind) => kind == SeenKind::Purchase,
                (StreakAct::Visit, kind) => matches!(kind, SeenKind::Purchase | SeenKind::Visit),
                (StreakAct::Activity(None), kind) => matches!(kind, SeenKind::Activity(_)),
                (StreakAct::Activity(Some(wanted)), kind) => kind == SeenKind::Activity(*wanted),
            })
            .map(|seen| self.clock().span_of(streak.of, seen.day).0)
            .collect()
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

fn count(number: usize) -> Exact {
    Exact::from_int(i64::try_from(number).unwrap_or(i64::MAX))
}

fn equal(value: &Value, wanted: &Value) -> bool {
    compare(value, wanted).is_some_and(|order| order.is_eq())
}
