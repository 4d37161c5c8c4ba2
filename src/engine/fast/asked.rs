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
    /// The day on which the program's history begins, where the program does not say when it begins.
    pub(super) first: i32,
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
        let stops: Vec<Stop> = in_order(as_of, clock).into_iter().map(stop).collect();
        let first = stops.iter().map(|stop| stop.day).min().unwrap_or(i32::MIN);
        Self { stops, last: None, first }
    }

    /// The same, of a job's history: it begins with its first event, and where the whole journal is wanted, timers
    /// fire until the last one.
    pub(super) fn of_history(self, job: &Job<'_>) -> Self {
        let last = job.whole.last.as_ref().filter(|_| job.journal == Journal::Whole);
        let last = last.map(|(at, id)| (number(job.clock().day_of(*at)), id.clone()));
        let first = job.whole.first_day.map_or(self.first, number);
        Self { last, first, ..self }
    }
}
