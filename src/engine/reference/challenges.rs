//! Challenges: completed by the event that fills their window, taken back when a return empties it again.

use super::Run;
use super::given::views_now;
use super::measures::View;
use super::scene::{Scene, Span};
use super::state::{Completion, Further, Member, Opening};
use crate::engine::outcome::{ChallengeView, Happened, When};
use crate::mechanics::basis::Basis;
use crate::mechanics::challenge::{Challenge, Done, Step};
use crate::mechanics::rule::Trigger;
use crate::mechanics::{ChallengeId, PointsId};
use crate::value::clock::{Date, Moment};
use crate::value::exact::Exact;

/// Points that something which happened gave a member: a completion, the rise to a level.
#[derive(Clone)]
pub(super) struct Gifts {
    at: Moment,
    day: Date,
    points: Vec<(PointsId, Exact)>,
}

impl Gifts {
    /// How many of a unit these gave for what lies in a stretch of time.
    pub(super) fn given(gifts: &[Self], unit: PointsId, span: &Span) -> Exact {
        let inside = gifts.iter().filter(|one| span.holds(one.at, one.day));
        inside.flat_map(|one| &one.points).filter(|(of, _)| *of == unit).map(|(_, posted)| posted).sum()
    }
}

impl<'a> Run<'a> {
    /// Completes the challenges that the event at hand, which counts, completes.
    pub(super) fn look_at_challenges(&mut self, id: &str) {
        for (place, block) in self.program.challenges.iter().enumerate() {
            let challenge = ChallengeId(place);
            let Some(figures) = self.completes(id, challenge, block) else { continue };
            let here = self.here;
            self.note(Some(id), Happened::Challenge { challenge, figures, undone: false });
            let completion = Completion {
                challenge,
                position: here.position,
                at: here.at,
                day: here.day,
                version: self.version,
                undone: false,
            };
            self.member_mut(id).completions.push(completion);
            self.following.push_back((id.to_owned(), Trigger::Completed(challenge)));
        }
    }

    /// What was done of each step, where the event at hand completes the challenge.
    fn completes(&mut self, id: &str, challenge: ChallengeId, block: &Challenge) -> Option<Vec<Exact>> {
        let day = self.here.day;
        if block.from.is_some_and(|from| day < from) || block.until.is_some_and(|until| until < day) {
            return None;
        }
        let seen = self.seen_now(id)?.clone();
        let member = self.members.get(id)?;
        let view = self.now();
        if self.stands_in(member, challenge, block, view, None) {
            return None;
        }
        let figures = self.done(member, block, view);
        if !is_met(block, &figures) {
            return None;
        }
        let lines = views_now(&seen);
        let scene = Scene { campaign: (block.from, block.until), ..self.scene_of(member, &seen, &lines) };
        block.when.as_ref().is_none_or(|when| scene.holds(when)).then_some(figures)
    }

    /// Whether it was completed already, as far as that stands in the way: ever, or in the window where it repeats.
    fn stands_in(
        &self,
        member: &Member<'a>,
        challenge: ChallengeId,
        block: &Challenge,
        view: View,
        but: Option<usize>,
    ) -> bool {
        let span = self.window_of_challenge(member, block, view);
        let others = member.completions.iter().enumerate().filter(|(at, _)| Some(*at) != but);
        let mut standing = others.filter(|(_, one)| one.challenge == challenge && !one.undone);
        standing.any(|(_, one)| !block.repeat || span.holds(one.at, one.day))
    }

    /// The window as seen from a view, between the challenge's own first and last day.
    fn window_of_challenge(&self, member: &Member<'a>, block: &Challenge, view: View) -> Span {
        let campaign = (block.from, block.until);
        match super::scene::span(&block.within, self.clock(), view.at, view.day, member.joined, campaign) {
            Span::Days(first, last) => {
                let last = last.into_iter().chain(block.until).min();
                Span::Days(first.max(block.from), last)
            }
            span @ Span::Moments(..) => span,
        }
    }

    /// What is done of each step in the window as seen from a view.
    fn done(&self, member: &Member<'a>, block: &Challenge, view: View) -> Vec<Exact> {
        let span = self.window_of_challenge(member, block, view);
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
            campaign: (block.from, block.until),
            whole: None,
        };
        let figure = |done: &Done| match done {
            Done::Basis(basis) => scene.aggregate(basis, &span),
            Done::Streak(streak) => Exact::from_int(scene.longest_streak(streak, &span)),
        };
        block.steps.iter().map(|step| figure(&step.what)).collect()
    }

    /// After a return: takes back what a challenge gave when neither the window that completed it, with all that
    /// has come into it since, nor the window as it is now holds what it takes. Whether there was any.
    pub(super) fn look_again_at_challenges(&mut self, id: &str) -> bool {
        let mut any = false;
        // What one gave may have held another, so each that goes has all looked at again.
        while let Some((at, figures)) = self.empty_completion(id) {
            any = true;
            let one = self.member_mut(id).completions[at];
            self.while_under(one.version, |run| {
                run.member_mut(id).completions[at].undone = true;
                run.note(Some(id), Happened::Challenge { challenge: one.challenge, figures, undone: true });
                run.undo_further(id, Trigger::Completed(one.challenge), Some(one.position));
            });
        }
        any
    }

    /// The first completion that does not hold any more, and what is left of its steps.
    ///
    /// What a challenge gave does not hold it, nor do two hold each other: what a completion gave counts only once that
    /// completion is known to hold without it.
    fn empty_completion(&mut self, id: &str) -> Option<(usize, Vec<Exact>)> {
        let completions = self.members.get(id)?.completions.clone();
        let counted = self.whole.versions().flat_map(|version| &version.challenges).any(counts_points);
        let mut open: Vec<usize> = (0..completions.len()).filter(|at| !completions[*at].undone).collect();
        loop {
            let gifts: Vec<Gifts> = match counted {
                true => open.iter().map(|at| self.gifts_of(id, &completions[*at])).collect(),
                false => Vec::new(),
            };
            let (mut still, mut first) = (Vec::new(), None);
            for at in &open {
                let one = completions[*at];
                if let Some(figures) = self.while_under(one.version, |run| run.is_empty(id, *at, one, &gifts)) {
                    still.push(*at);
                    first = first.or(Some((*at, figures)));
                }
            }
            if still.is_empty() || still.len() == open.len() {
                return first;
            }
            open = still;
        }
    }

    /// What is left of the steps of a completion that does not hold without `gifts`; none when it holds.
    fn is_empty(&self, id: &str, at: usize, one: Completion, gifts: &[Gifts]) -> Option<Vec<Exact>> {
        let member = self.members.get(id)?;
        let block = &self.program.challenges[one.challenge.0];
        let now = self.now();
        let then = View { at: one.at, day: one.day, ..now };
        let figures = self.done_without(member, block, then, gifts);
        let in_time = block.until.is_none_or(|until| now.day <= until);
        let again = || in_time && !self.stands_in(member, one.challenge, block, now, Some(at));
        let holds = is_met(block, &figures) || again() && is_met(block, &self.done_without(member, block, now, gifts));
        (!holds).then_some(figures)
    }

    /// What is done of each step as seen from a view, without the points that these completions gave.
    fn done_without(&self, member: &Member<'a>, block: &Challenge, view: View, gifts: &[Gifts]) -> Vec<Exact> {
        let span = self.window_of_challenge(member, block, view);
        let figure = |(step, done): (&Step, Exact)| match &step.what {
            Done::Basis(Basis::Points(unit)) => done - Gifts::given(gifts, *unit, &span),
            Done::Basis(_) | Done::Streak(_) => done,
        };
        block.steps.iter().zip(self.done(member, block, view)).map(figure).collect()
    }

    /// The points that a completion gave the member herself.
    fn gifts_of(&self, id: &str, one: &Completion) -> Gifts {
        let further = self.members.get(id).and_then(|member| followed(member, one));
        self.gifts_in(id, further, (one.at, one.day))
    }

    /// The points that the member herself had of what followed from something.
    pub(super) fn gifts_in(&self, id: &str, further: Option<&Further>, (at, day): (Moment, Date)) -> Gifts {
        let accruals = further.map_or(&[][..], |further| &further.valuation.accruals);
        let hers = accruals.iter().filter(|accrual| self.receiver(id, accrual.to).as_deref() == Some(id));
        Gifts { at, day, points: hers.map(|accrual| (accrual.unit, accrual.amount.clone())).collect() }
    }

    /// How far a member is with each challenge at such a moment: nobody else's last event plays a part.
    pub(super) fn challenges_of(&self, member: &Member<'a>, when: When) -> Vec<ChallengeView> {
        let at = match when {
            When::EndOf(day) => self.clock().end_of(day),
            When::At(moment) => moment,
        };
        let view = View { day: when.day(self.clock()), at, ..self.now() };
        let of_block = |(place, block): (usize, &Challenge)| {
            let standing = member.completions.iter().filter(|one| one.challenge.0 == place && !one.undone);
            ChallengeView { figures: self.done(member, block, view), times: standing.count() }
        };
        self.program.challenges.iter().enumerate().map(of_block).collect()
    }
}

/// Whether enough of the steps are made.
fn is_met(block: &Challenge, figures: &[Exact]) -> bool {
    block.steps.iter().zip(figures).filter(|(step, figure)| **figure >= step.least).count() >= block.need
}

/// Whether a step counts points.
fn counts_points(block: &Challenge) -> bool {
    block.steps.iter().any(|step| matches!(step.what, Done::Basis(Basis::Points(_))))
}

/// What a completion brought.
fn followed<'m>(member: &'m Member<'_>, one: &Completion) -> Option<&'m Further> {
    let mine = |further: &&Further| further.trigger == Trigger::Completed(one.challenge);
    let in_time = member.followed().filter(|of| of.position <= one.position);
    let brought = in_time.filter_map(|of| Some((of.position, of.further.iter().rev().find(mine)?)));
    brought.max_by_key(|(position, _)| *position).map(|(_, further)| further)
}
