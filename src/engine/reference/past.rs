//! Questions about the past: what happened before a position, counted and added up by reading the history.

use super::known::{Answers, Came, Values, any_within};
use super::scene::{Scene, Span, View, count};
use super::state::{Position, Seen, SeenKind};
use crate::mechanics::basis::{Basis, Distinct, Pick, Streak, StreakAct};
use crate::value::clock::{Date, Period};
use crate::value::exact::Exact;
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::ops::{Range, RangeInclusive};

impl<'a> Scene<'_, 'a> {
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
        let within = self.within(span);
        match basis {
            Basis::Points(unit) => {
                let posted = self.member.contributions.within(self.before, *span);
                posted.filter(|one| one.unit == Some(*unit)).map(|one| &one.posted).sum()
            }
            Basis::Distinct(what, pick) => {
                let held = |came: &Came<String>| came.values().filter(|places| any_within(places, &within)).count();
                let values = |scene: &Scene<'_, 'a>, seen: &Seen<'a>| scene.values(what, pick, seen);
                count(self.look(&self.member.known.distinct, basis, &within, basis.picks_by_event(), values, held))
            }
            // A visit of several events is looked at whole: hours may begin in the middle of one.
            Basis::Visits(pick) if matches!(span, Span::Moments(..)) => self.visits(pick, &self.member.seen[within]),
            Basis::Visits(_)
            | Basis::Total(_)
            | Basis::Items(_)
            | Basis::Purchases(_)
            | Basis::Activity(_)
            | Basis::Field { .. }
            | Basis::One => self.sum_of(basis, within),
        }
    }

    /// The events known before this position, by their places.
    fn known(&self) -> Range<usize> {
        0..self.member.seen.partition_point(|seen| seen.position < self.before)
    }

    /// Of these, those inside a stretch of time: they lie in its order.
    fn within(&self, span: &Span) -> Range<usize> {
        let seen = &self.member.seen[self.known()];
        let first = seen.partition_point(|seen| span.follows(seen.at, seen.day));
        first..seen.partition_point(|seen| !span.precedes(seen.at, seen.day)).max(first)
    }

    /// Which of these events have shrunk since this position: what came back later counted still, for who asks about the
    /// time before.
    fn shrunk_since(&self, within: &Range<usize>) -> BTreeSet<usize> {
        let since = self.member.shrunk.partition_point(|shrunk| shrunk.at < self.before);
        let since = self.member.shrunk[since..].iter().filter_map(|shrunk| self.member.place_at(shrunk.of));
        since.filter(|place| within.contains(place)).collect()
    }

    /// Looks at which values past events bring: read, or as they were read before. What `brings` tells of one has to hang on
    /// that event alone, where so is said.
    fn look<Q: Clone + PartialEq, V: Clone + Ord, T: PartialEq + Debug>(
        &self,
        known: &Answers<Q, Values<V>>,
        question: &Q,
        within: &Range<usize>,
        by_event: bool,
        brings: impl Fn(&Scene<'_, 'a>, &Seen<'a>) -> BTreeSet<V>,
        look: impl Fn(&Came<V>) -> T,
    ) -> T {
        let seen = &self.member.seen;
        let read = || {
            let mut came = Came::new();
            for place in within.clone() {
                for value in brings(self, &seen[place]) {
                    came.entry(value).or_insert_with(BTreeSet::new).insert(place);
                }
            }
            look(&came)
        };
        if !by_event || !self.shrunk_since(within).is_empty() {
            return read();
        }
        let now = Scene { before: Position::MAX, ..*self };
        let program = std::ptr::from_ref(self.program).addr();
        let brings = |place: usize| brings(&now, &seen[place]);
        let told = known.to(program, question, |values| look(values.of_first(within.end, brings)));
        debug_assert_eq!(told, read(), "what was read once is what there is");
        told
    }

    /// What past events came to together: read, or of what was read before, with what came back since.
    fn sum_of(&self, basis: &Basis, within: Range<usize>) -> Exact {
        let seen = &self.member.seen;
        let read = || seen[within.clone()].iter().map(|seen| self.brings(basis, seen)).sum();
        let shrunk = self.shrunk_since(&within);
        // Of a visit that came back another event of its day may take the place.
        let by_itself = !matches!(basis, Basis::Visits(_)) || shrunk.is_empty();
        if !(by_itself && basis.picks_by_event()) {
            return read();
        }
        let now = Scene { before: Position::MAX, ..*self };
        let brings = |place: usize| now.brings(basis, &seen[place]);
        let program = std::ptr::from_ref(self.program).addr();
        let first = |count| self.member.known.sums.to(program, basis, |sum| sum.of_first(count, brings));
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
    pub(super) fn comes(&self, pick: &Pick, seen: &Seen<'a>) -> bool {
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

    /// What a past event brings to what is told apart.
    fn values(&self, what: &Distinct, pick: &Pick, seen: &Seen<'a>) -> BTreeSet<String> {
        if !(seen.counted(self.before) && matches!(seen.kind, SeenKind::Purchase | SeenKind::Visit)) {
            return BTreeSet::new();
        }
        let lines = self.views(seen);
        let past = self.at_past(seen, &lines);
        let event = || past.some_line(pick, &lines).then_some(seen.event);
        let picked = lines.iter().filter(|view| !view.left.is_gone() && past.picks(pick, view));
        let lines = |field: &dyn Fn(&View<'a>) -> Option<&'a str>| -> BTreeSet<String> {
            picked.filter_map(field).map(str::to_owned).collect()
        };
        match what {
            Distinct::Days => event().map(|_| seen.day.to_string()).into_iter().collect(),
            Distinct::Stores => event().and_then(|event| event.store.clone()).into_iter().collect(),
            Distinct::Channels => event().and_then(|event| event.channel.clone()).into_iter().collect(),
            Distinct::Categories => lines(&|view| view.line.category.as_deref()),
            Distinct::Brands => lines(&|view| view.line.brand.as_deref()),
            Distinct::Skus => lines(&|view| view.line.sku.as_deref()),
            Distinct::Column(name) => lines(&|view| seen.event.field_of(view.line, name)),
        }
    }

    fn some_line(&self, pick: &Pick, lines: &[View<'a>]) -> bool {
        (pick.with.is_none() && pick.without.is_none()) || lines.iter().any(|view| self.picks(pick, view))
    }

    /// How many periods in a row, ending with this one when it already has one, else with the last.
    pub(super) fn streak(&self, streak: &Streak) -> i64 {
        let first_day = |day: Date| self.clock().span_of(streak.of, day).0;
        let previous = |first: Date| first.yesterday().ok().map(first_day);
        let known = self.known();
        self.look_at_periods(streak, &known, |came| {
            let held = |first: &Date| came.get(first).is_some_and(|places| any_within(places, &known));
            let this = first_day(self.day);
            let last = if held(&this) { Some(this) } else { previous(this) };
            let mut length = 0;
            let mut at = last.filter(held);
            while let Some(first) = at {
                length += 1;
                at = previous(first).filter(held);
            }
            length
        })
    }

    /// The longest streak of what lies in a stretch of time.
    pub fn longest_streak(&self, streak: &Streak, span: &Span) -> i64 {
        let first_day = |day: Date| self.clock().span_of(streak.of, day).0;
        let within = self.within(span);
        let Some(days) = self.days_of(&within) else { return 0 };
        self.look_at_periods(streak, &within, |came| {
            let (mut longest, mut length, mut last) = (0, 0, None);
            let inside = came.range(first_day(*days.start())..=*days.end());
            for (first, _) in inside.filter(|(_, places)| any_within(places, &within)) {
                let previous = first.yesterday().ok().map(first_day);
                length = if last.is_some() && last == previous { length + 1 } else { 1 };
                longest = longest.max(length);
                last = Some(*first);
            }
            longest
        })
    }

    /// The days of the purchases before this, each once, in order.
    pub(super) fn days_bought(&self) -> Vec<Date> {
        let known = self.known();
        let days = Streak { of: Period::Day, with: StreakAct::Purchase };
        self.look_at_periods(&days, &known, |came| {
            came.iter().filter(|(_, places)| any_within(places, &known)).map(|(day, _)| *day).collect()
        })
    }

    /// The first and the last day of events that follow each other.
    fn days_of(&self, within: &Range<usize>) -> Option<RangeInclusive<Date>> {
        let seen = &self.member.seen[within.clone()];
        Some(seen.first()?.day..=seen.last()?.day)
    }

    /// Looks at the first days of the periods that hold what keeps a streak alive.
    fn look_at_periods<T: PartialEq + Debug>(
        &self,
        streak: &Streak,
        within: &Range<usize>,
        look: impl Fn(&Came<Date>) -> T,
    ) -> T {
        let period = |scene: &Scene<'_, 'a>, seen: &Seen<'a>| {
            let alive = seen.counted(scene.before)
                && match (&streak.with, seen.kind) {
                    (StreakAct::Purchase, kind) => kind == SeenKind::Purchase,
                    (StreakAct::Visit, kind) => matches!(kind, SeenKind::Purchase | SeenKind::Visit),
                    (StreakAct::Activity(None), kind) => matches!(kind, SeenKind::Activity(_)),
                    (StreakAct::Activity(Some(wanted)), kind) => kind == SeenKind::Activity(*wanted),
                };
            alive.then(|| scene.clock().span_of(streak.of, seen.day).0).into_iter().collect()
        };
        self.look(&self.member.known.periods, streak, within, true, period, look)
    }
}
