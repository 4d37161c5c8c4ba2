//! What the measures of a tiers block come to, and the level they reach (section 6.10).

use super::Run;
use super::challenges::Gifts;
use super::scene::{Scene, Span, membership_span, span};
use super::state::{Member, Opening, Position, Seen, SeenKind};
use crate::mechanics::TiersId;
use crate::mechanics::basis::Basis;
use crate::mechanics::tiers::{Need, Reach, TierMeasure, Tiers};
use crate::value::clock::{Date, Moment, Window};
use crate::value::exact::Exact;

/// From where measures are looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct View {
    /// Only what was posted before this position counts.
    pub before: Position,
    /// The moment, for windows of hours.
    pub at: Moment,
    /// The day whose window is measured.
    pub day: Date,
}

impl<'a> Run<'a> {
    /// The view that includes the event at hand.
    pub(super) fn now(&self) -> View {
        View { before: self.here.position + 1, at: self.here.at, day: self.here.day }
    }

    /// The level that the measures reach as seen from a view, and the first measure's figure.
    pub(super) fn attained(&self, member: &Member<'a>, tiers: usize, view: View) -> (usize, Exact) {
        self.attained_without(member, tiers, view, &[])
    }

    /// The same, as if these points had not come.
    pub(super) fn attained_without(
        &self,
        member: &Member<'a>,
        tiers: usize,
        view: View,
        gifts: &[Gifts],
    ) -> (usize, Exact) {
        let mut figures = self.figures(member, tiers, view);
        for (figure, measure) in figures.iter_mut().zip(&self.program.tiers[tiers].measures) {
            if let Basis::Points(unit) = measure.basis
                && self.program.points[unit.0].feeds(TiersId(tiers))
            {
                *figure -= Gifts::given(gifts, unit, &self.span_of(member, tiers, measure, view));
            }
        }
        let level = reached(&self.program.tiers[tiers], &figures);
        (level, figures.into_iter().next().unwrap_or_default())
    }

    /// Every measure of each tiers block as of a day, with what happened so far.
    pub(super) fn measured(&self, member: &Member<'a>, day: Date) -> Vec<Vec<Exact>> {
        let view = View { before: self.here.position + 1, at: self.clock().end_of(day), day };
        (0..self.program.tiers.len()).map(|tiers| self.figures(member, tiers, view)).collect()
    }

    /// Every measure of a tiers block, with what `carry over surplus` brings from earlier windows.
    fn figures(&self, member: &Member<'a>, tiers: usize, view: View) -> Vec<Exact> {
        let block = &self.program.tiers[tiers];
        let mut figures: Vec<Exact> =
            block.measures.iter().map(|measure| self.figure(member, tiers, measure, view)).collect();
        if let Some(most) = &block.carry_over {
            for (figure, carried) in figures.iter_mut().zip(self.carried(member, tiers, most.as_ref(), view)) {
                *figure += carried;
            }
        }
        figures
    }

    /// One measure in its own window.
    fn figure(&self, member: &Member<'a>, tiers: usize, measure: &TierMeasure, view: View) -> Exact {
        if let Basis::Points(unit) = &measure.basis
            && !self.program.points[unit.0].feeds(TiersId(tiers))
        {
            return Exact::zero();
        }
        let opening = Opening::default();
        let scene = Scene {
            program: self.program,
            member,
            before: view.before,
            at: view.at,
            day: view.day,
            timed: true,
            event: None,
            lines: &[],
            opening: &opening,
            campaign: (None, None),
            whole: None,
        };
        let span = self.span_of(member, tiers, measure, view);
        // With `tier of household` what all of them did counts, each in the window of the one who is asked about.
        let mates = self.level_mates(&member.id);
        let of_mate = |mate: &String| match self.members.get(mate) {
            Some(other) if *mate != member.id => Scene { member: other, ..scene }.aggregate(&measure.basis, &span),
            Some(_) | None => scene.aggregate(&measure.basis, &span),
        };
        mates.iter().map(of_mate).sum()
    }

    /// The stretch of time that a measure looks at as seen from a view.
    fn span_of(&self, member: &Member<'a>, tiers: usize, measure: &TierMeasure, view: View) -> Span {
        let span = span(&measure.window, self.clock(), view.at, view.day, member.joined, (None, None));
        // `miss start over`: what lay before it counts no more.
        match (span, member.levels[tiers].counts_from) {
            (Span::Days(first, last), Some(from)) => {
                Span::Days(Some(first.map_or(from, |first| first.max(from))), last)
            }
            (span, _) => span,
        }
    }

    /// What earlier windows left over: in each, what exceeds the need of the level it reached.
    fn carried(&self, member: &Member<'a>, tiers: usize, most: Option<&Exact>, view: View) -> Vec<Exact> {
        let block = &self.program.tiers[tiers];
        let mut carried = vec![Exact::zero(); block.measures.len()];
        let first = member.seen.iter().map(|seen| seen.day).chain(member.contributions.first_day(None)).min();
        let (Some(first), Some(current)) = (first, self.window_of(member, tiers, view.day)) else { return carried };
        let mut window = self.window_of(member, tiers, first);
        while let Some((_, last)) = window.filter(|(_, last)| *last < current.0) {
            let past = View { day: last, at: self.clock().end_of(last), ..view };
            let figures: Vec<Exact> = block
                .measures
                .iter()
                .zip(&carried)
                .map(|(measure, carried)| self.figure(member, tiers, measure, past) + carried)
                .collect();
            let level = reached(block, &figures);
            for (place, figure) in figures.into_iter().enumerate() {
                // Nothing exceeds a need of nothing: the lowest level carries nothing over.
                let need = (level > 0).then(|| need_of(&block.levels[level].need, place)).flatten();
                let over = need.map(|need| (figure - need).max(Exact::zero())).unwrap_or_default();
                carried[place] = most.map_or(over.clone(), |most| over.min(most.clone()));
            }
            window = last.tomorrow().ok().and_then(|day| self.window_of(member, tiers, day));
        }
        carried
    }

    /// The calendar or membership window of a block that holds `day`; none where it rolls.
    pub(super) fn window_of(&self, member: &Member<'a>, tiers: usize, day: Date) -> Option<(Date, Date)> {
        match self.program.tiers[tiers].measures.first()?.window {
            Window::Calendar(period) => Some(self.clock().span_of(period, day)),
            Window::MembershipYear => Some(membership_span(self.clock(), member.joined, day)),
            Window::Last(_) | Window::LastHours(_) | Window::SinceJoining | Window::Campaign | Window::Ever => None,
        }
    }

    /// `reach at once`: the state an event is valued under, at the level that it lifts to.
    pub(super) fn lifted(&self, scene: &Scene<'_, 'a>, seen: &Seen<'a>) -> Opening {
        let mut opening = scene.opening.clone();
        for (place, block) in self.program.tiers.iter().enumerate() {
            if block.reach != Reach::AtOnce {
                continue;
            }
            let view = View { before: seen.position, at: seen.at, day: seen.day };
            let mut figures = self.figures(scene.member, place, view);
            for (figure, measure) in figures.iter_mut().zip(&block.measures) {
                *figure += event_brings(scene, seen, &measure.basis);
            }
            if let Some(level) = opening.levels.get_mut(place) {
                *level = (*level).max(reached(block, &figures));
            }
        }
        opening
    }
}

/// The highest level whose need the figures meet.
fn reached(block: &Tiers, figures: &[Exact]) -> usize {
    (0..block.levels.len()).rev().find(|level| met(&block.levels[*level].need, figures)).unwrap_or(0)
}

fn met(need: &Need, figures: &[Exact]) -> bool {
    match need {
        Need::AtLeast(measure, least) => figures.get(*measure).is_some_and(|figure| figure >= least),
        Need::All(parts) => parts.iter().all(|part| met(part, figures)),
        Need::Any(parts) => parts.iter().any(|part| met(part, figures)),
        Need::NotEarned => false,
    }
}

/// What a level takes of one measure.
fn need_of(need: &Need, measure: usize) -> Option<Exact> {
    match need {
        Need::AtLeast(at, least) => (*at == measure).then(|| least.clone()),
        Need::All(parts) | Need::Any(parts) => parts.iter().find_map(|part| need_of(part, measure)),
        Need::NotEarned => None,
    }
}

/// What an event adds to a measure with what is left of it.
fn event_brings(scene: &Scene<'_, '_>, seen: &Seen<'_>, basis: &Basis) -> Exact {
    let purchase = seen.kind == SeenKind::Purchase && seen.gone.is_none();
    match basis {
        Basis::Total(_) | Basis::Items(_) | Basis::Purchases(_) if purchase => scene.count(basis).0,
        Basis::Visits(_) if seen.began_visit && seen.gone.is_none() => scene.count(basis).0,
        Basis::Activity(wanted) | Basis::Field { activity: wanted, .. } => match (seen.kind, wanted) {
            (SeenKind::Activity(_), None) => scene.count(basis).0,
            (SeenKind::Activity(activity), Some(wanted)) if activity == *wanted => scene.count(basis).0,
            (
                SeenKind::Activity(_)
                | SeenKind::Purchase
                | SeenKind::Visit
                | SeenKind::Redeem
                | SeenKind::Join
                | SeenKind::Referral,
                _,
            ) => Exact::zero(),
        },
        Basis::One => Exact::one(),
        Basis::Total(_)
        | Basis::Items(_)
        | Basis::Purchases(_)
        | Basis::Visits(_)
        | Basis::Points(_)
        | Basis::Distinct(..) => Exact::zero(),
    }
}
