//! The moments at which a member's state is wanted.

use super::days::number;
use crate::engine::outcome::AsOf;
use crate::engine::parts::place::Until;
use crate::engine::parts::{Job, Journal, in_order};
use crate::engine::plan::Plan;

/// The moments asked for, in the order of time.
#[derive(Debug, Clone)]
pub struct Asked {
    pub(super) stops: Vec<Stop>,
    /// Where the whole journal is wanted: the day and the id of the last event of anybody.
    pub(super) last: Option<(i32, String)>,
}

/// A moment at which the state is wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stop {
    /// The last second that is in it, or for the end of a day the first that is not.
    pub at: i64,
    /// The end of a day: what happens as the next begins is not in it.
    pub closing: bool,
    /// The program's day that it belongs to.
    pub day: i32,
}

impl Asked {
    /// The moments asked for, of a program with this plan.
    pub fn of(as_of: &[AsOf], plan: &Plan<'_>) -> Self {
        let clock = &plan.program.settings.clock;
        let stop = |wanted: AsOf| {
            let Until { moment, through } = Until::of(wanted.when, clock);
            Stop {
                at: moment.0.as_second() - i64::from(moment.0.subsec_nanosecond() < 0),
                closing: !through,
                day: number(wanted.when.day(clock)),
            }
        };
        Self { stops: in_order(as_of, clock).into_iter().map(stop).collect(), last: None }
    }

    /// The same, with timers fired until the last event of the whole history.
    pub(super) fn until_last(self, job: &Job<'_>) -> Self {
        let last = job.whole.last.as_ref().filter(|_| job.journal == Journal::Whole);
        let last = last.map(|(at, id)| (number(job.clock().day_of(*at)), id.clone()));
        Self { last, ..self }
    }
}
