//! When a member buys: a Poisson process whose clock runs faster where the program presses her (A. Ehrenberg, "The
//! Pattern of Consumer Purchases", Applied Statistics 8(1), 1959, has the process; that its time can be stretched is
//! the random time change of, for instance, T. Kurtz, "Representations of Markov Processes as Multiparameter Time
//! Changes", Annals of Probability 8(4), 1980).
//!
//! Her waits are on the tape in time of her own; a pace of 1 is no stretch at all, to the last bit.

use crate::mechanics::scenario::Answer;

use super::draw::Traits;
use super::world::{Process, World, YEAR};

/// Days for which a reward makes her come oftener.
const AFTER_REWARD: f64 = 30.0;
/// Days before the end of a level in which she comes oftener to keep it.
const KEEPING: f64 = 60.0;
/// Nobody comes less often than this, whatever a lift below zero says.
const SLOWEST: f64 = 0.01;

/// How much oftener she comes, and until when that holds. Times are days of the simulation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pace<'s> {
    /// How fast everybody's time runs: see [`super::stage::Stage::seasons`].
    seasons: &'s [(f64, f64)],
    /// From when on she is in the program.
    joins: f64,
    always: f64,
    near: f64,
    after: f64,
    keeping: f64,
    progress: f64,
    rewarded_until: f64,
    level_ends: f64,
}

impl<'s> Pace<'s> {
    /// That of who is in no program.
    pub(super) fn alone(seasons: &'s [(f64, f64)]) -> Self {
        Self {
            seasons,
            joins: 0.0,
            always: 1.0,
            near: 0.0,
            after: 0.0,
            keeping: 0.0,
            progress: 0.0,
            rewarded_until: f64::NEG_INFINITY,
            level_ends: f64::INFINITY,
        }
    }

    /// That of who is in one from a day on.
    pub(super) fn of(world: &World, seasons: &'s [(f64, f64)], joins: f64) -> Self {
        Self {
            joins,
            always: (1.0 + world.answer(Answer::Visits)).max(SLOWEST),
            near: world.answer(Answer::NearReward),
            after: world.answer(Answer::AfterReward),
            keeping: world.answer(Answer::KeepingLevel),
            ..Self::alone(seasons)
        }
    }

    /// Whether anything that she has makes a difference.
    pub(super) fn looks_at_progress(&self) -> bool {
        self.near != 0.0
    }

    /// Whether the ends of levels do.
    pub(super) fn looks_at_levels(&self) -> bool {
        self.keeping != 0.0
    }

    /// She is so far on the way to what is nearest.
    pub(super) fn progressed(&mut self, progress: f64) {
        self.progress = progress;
    }

    /// She had a reward at this time.
    pub(super) fn rewarded(&mut self, now: f64) {
        if self.after != 0.0 {
            self.rewarded_until = now + AFTER_REWARD;
        }
    }

    /// Her level ends behind this time, if it is not renewed.
    pub(super) fn level_ends(&mut self, at: f64) {
        self.level_ends = at;
    }

    /// How many times as fast as alone, from `now` on.
    fn at(&self, now: f64) -> f64 {
        let after = if now < self.rewarded_until { self.after } else { 0.0 };
        let in_danger = self.level_ends - KEEPING <= now && now < self.level_ends;
        let keeping = if in_danger { self.keeping } else { 0.0 };
        let always = if now < self.joins { 1.0 } else { self.always };
        let hers = (always * (1.0 + self.near * self.progress) * (1.0 + after) * (1.0 + keeping)).max(SLOWEST);
        match self.season(now) {
            Some((_, factor)) => hers * factor,
            None => hers,
        }
    }

    /// The season of a time: its place and its factor.
    fn season(&self, now: f64) -> Option<(usize, f64)> {
        let place = self.seasons.partition_point(|(begins, _)| *begins <= now).checked_sub(1)?;
        Some((place, self.seasons[place].1))
    }

    /// When that changes by itself.
    fn changes(&self, now: f64) -> f64 {
        let mut next = f64::INFINITY;
        let mut look = |time: f64, matters: f64| {
            if matters != 0.0 && now < time && time < next {
                next = time;
            }
        };
        look(self.joins, self.always - 1.0);
        look(self.rewarded_until, self.after);
        look(self.level_ends - KEEPING, self.keeping);
        look(self.level_ends, self.keeping);
        match self.season(now).and_then(|(place, _)| self.seasons.get(place + 1)) {
            Some((begins, _)) => next.min(*begins),
            None => next,
        }
    }
}

/// Where a member stands on her way through the years.
#[derive(Debug, Clone, Copy)]
pub(super) struct Course {
    now: f64,
    /// When she leaves.
    leaves: f64,
    /// How long she stays away; then when she is back.
    away: f64,
    /// How long she stays, once she is back.
    stays_again: f64,
    /// Whether she has been away and is back.
    came_back: bool,
}

impl Course {
    /// At the beginning; `joins`: from when on a program changes how she stays, if one does.
    pub(super) fn begin(world: &World, traits: &Traits, joins: Option<f64>) -> Self {
        let (staying, back) = match joins {
            Some(_) => (world.answer(Answer::Staying), world.answer(Answer::ComingBack)),
            None => (0.0, 0.0),
        };
        let alone = match world.process {
            Process::Gaps { leaves, .. } => leaves,
            Process::BgNbd { .. } => 0.0,
        };
        let rate = alone * (1.0 - staying).max(0.0);
        let joins = joins.unwrap_or(0.0);
        let mean = |draw: f64, rate: f64| if rate > 0.0 { draw / rate } else { f64::INFINITY };
        // So many of them are back within a year, and the rest later at the same rate.
        let back = -(1.0 - back.clamp(0.0, 0.999)).ln() / YEAR;
        let unchanged = mean(traits.stays[0], alone);
        // Before she joins she would leave as without it; who has left by then is not asked back.
        let (leaves, back) = match (unchanged < joins, joins > 0.0 && staying != 0.0) {
            (true, _) => (unchanged, 0.0),
            (false, true) => (joins + mean(traits.stays[0] - joins * alone, rate), back),
            (false, false) => (mean(traits.stays[0], rate), back),
        };
        Self {
            now: 0.0,
            leaves,
            away: mean(traits.away, back),
            stays_again: mean(traits.stays[1], rate),
            came_back: false,
        }
    }

    /// She is not there before this time.
    pub(super) fn arrive(&mut self, at: f64) {
        self.now = at;
    }

    /// She leaves now.
    pub(super) fn leave(&mut self) {
        self.leaves = self.now;
    }

    /// Whether she has left by this time, and is not back.
    pub(super) fn is_gone(&self, at: f64) -> bool {
        self.leaves <= at
    }

    /// Whether she is there at a time before her next purchase: not before she has arrived.
    pub(super) fn is_there(&self, at: f64) -> bool {
        let back = self.leaves + self.away;
        let stays = at < self.leaves || (!self.came_back && back <= at && at < back + self.stays_again);
        self.now <= at && stays
    }

    /// Goes on to a time before her next purchase, which is `wait` of her own days from here; how much of that is then
    /// left. None where the purchase is no later.
    pub(super) fn pass(&mut self, wait: f64, pace: &Pace<'_>, until: f64) -> Option<f64> {
        let mut left = wait;
        while self.now < until {
            if self.leaves <= self.now {
                let back = self.now + self.away;
                if self.came_back || back >= until {
                    return Some(left);
                }
                (self.now, self.leaves, self.came_back) = (back, back + self.stays_again, true);
            }
            let next = pace.changes(self.now).min(self.leaves).min(until);
            left -= (next - self.now) * pace.at(self.now);
            self.now = next;
        }
        (left > 0.0).then_some(left)
    }

    /// The time of her next purchase, `wait` of her own days from here; none: not before the end.
    pub(super) fn next(&mut self, wait: f64, pace: &Pace<'_>, end: f64) -> Option<f64> {
        let mut left = wait;
        loop {
            if self.leaves <= self.now {
                let back = self.now + self.away;
                if self.came_back || back >= end {
                    return None;
                }
                (self.now, self.leaves, self.came_back) = (back, back + self.stays_again, true);
            }
            let speed = pace.at(self.now);
            let until = pace.changes(self.now).min(self.leaves);
            let there = self.now + left / speed;
            if there < until {
                self.now = there;
                return (there < end).then_some(there);
            }
            left -= (until - self.now) * speed;
            self.now = until;
            if self.now >= end {
                return None;
            }
        }
    }
}
