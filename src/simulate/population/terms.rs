//! Paid memberships: who takes one, when, and whether she goes on at the end of each term.

use crate::mechanics::Program;
use crate::mechanics::membership::Membership;
use crate::value::clock::Date;

use super::calendar::Calendar;
use super::draw::{For, Stream};
use super::stage::Stage;

/// At what part of the last day of a term she thinks of the next.
const LATE: f64 = 0.99;

/// How a membership is taken, in one world.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Taking {
    /// The part of the members who take it.
    pub(super) share: f64,
    /// Days of membership within which they do.
    pub(super) within: f64,
    /// The chance to go on at the end of a term.
    pub(super) renew: f64,
}

/// What she does about a membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    /// She takes it, or a further term of it.
    Subscribe,
    /// She gives it up.
    Cancel,
}

/// All that one member takes.
#[derive(Debug, Default)]
pub(super) struct Terms {
    all: Vec<Track>,
}

/// One membership.
#[derive(Debug)]
struct Track {
    /// Its place in the scenario.
    place: usize,
    stream: Stream,
    /// When she next thinks of it.
    at: f64,
    /// The first day of her first term that is paid, and how many are behind her; none: she has not taken it yet.
    runs: Option<(Date, u32)>,
}

impl Terms {
    /// What she will take: of the member of this number, who joins now.
    pub(super) fn begin(&mut self, stage: &Stage<'_>, member: u64, program: &Program, now: f64) {
        self.all.clear();
        for (place, taking) in stage.world.takings.iter().enumerate() {
            let mut stream = Stream::nth(stage.seed, stage.number, member, (For::Terms, place));
            let (takes, when) = (stream.uniform() < taking.share, stream.uniform());
            if takes && named(program, &stage.people.subscriptions[place].membership).is_some() {
                self.all.push(Track { place, stream, at: now + when * taking.within, runs: None });
            }
        }
    }

    /// When she next thinks of one, and its place in the scenario.
    pub(super) fn next(&self) -> Option<(f64, usize)> {
        let first = self.all.iter().min_by(|a, b| a.at.total_cmp(&b.at).then(a.place.cmp(&b.place)))?;
        Some((first.at, first.place))
    }

    /// What she does about the one of this place, at a time; `there`: she has not left the shop. None: nothing.
    pub(super) fn decide(
        &mut self,
        stage: &Stage<'_>,
        program: &Program,
        (place, at, there): (usize, f64, bool),
    ) -> Option<Act> {
        let nth = self.all.iter().position(|track| track.place == place)?;
        let track = &mut self.all[nth];
        let block = named(program, &stage.people.subscriptions[place].membership)?;
        let goes_on = there && (track.runs.is_none() || track.stream.uniform() < stage.world.takings[place].renew);
        let (act, last) = match track.runs {
            _ if !goes_on => {
                // What does not renew itself ends by itself; a trial is followed by its first term.
                let ends_itself = track.runs.is_none_or(|(_, behind)| behind > 0 && !block.renew);
                self.all.remove(nth);
                return (!ends_itself).then_some(Act::Cancel);
            }
            None => {
                let today = stage.calendar.at(at).0;
                let trial = block.trial.unwrap_or(0);
                let begun = today.saturating_add(jiff::Span::new().days(i64::from(trial)));
                track.runs = Some((begun, u32::from(trial == 0)));
                let last = if trial == 0 { end_of(block, begun, 0) } else { begun.yesterday().ok() };
                (Some(Act::Subscribe), last)
            }
            Some((begun, behind)) => {
                track.runs = Some((begun, behind + 1));
                // Behind the trial the first term comes by itself.
                let again = behind > 0 && !block.renew;
                (again.then_some(Act::Subscribe), end_of(block, begun, behind))
            }
        };
        track.at = last.map_or(f64::INFINITY, |last| thinks(stage.calendar, last, at));
        act
    }
}

/// The last day of a term.
fn end_of(block: &Membership, begun: Date, nth: u32) -> Option<Date> {
    block.term(begun, nth).map(|(_, last)| last)
}

/// When she thinks of a membership whose term ends on a day: late on it, and not before now.
fn thinks(calendar: &Calendar, last: Date, now: f64) -> f64 {
    (calendar.number(last) + LATE).max(now)
}

/// The membership of a name.
fn named<'p>(program: &'p Program, name: &str) -> Option<&'p Membership> {
    program.memberships.iter().find(|membership| membership.name.text == name)
}
