//! Questions about the past: what happened before a position, counted and added up by reading the history.

use super::scene::{Scene, Span, View, count};
use super::state::{Position, Seen, SeenKind};
use crate::mechanics::basis::{Basis, Distinct, Pick, Streak, StreakAct};
use crate::value::clock::Date;
use crate::value::exact::Exact;
use std::collections::BTreeSet;
use std::ops::Range;

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
    pub(super) fn streak(&self, streak: &Streak) -> i64 {
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
}
