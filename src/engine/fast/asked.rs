//! The moments at which a member's state is wanted.

use super::days::number;
use crate::engine::outcome::{AsOf, When};
use crate::engine::parts::{Job, Journal};
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
        let settings = &plan.program.settings;
        let clock = &settings.clock;
        let day_of = |wanted: &AsOf| wanted.when.day(clock);
        let moment = |wanted: &AsOf| match wanted.when {
            When::EndOf(day) => (clock.end_of(day), false),
            When::At(moment) => (moment, true),
        };
        let mut order: Vec<&AsOf> = as_of.iter().collect();
        order.sort_by_key(|wanted| moment(wanted));
        let stop = |wanted: &AsOf| Stop {
            at: moment(wanted).0.0.as_second() - i64::from(moment(wanted).0.0.subsec_nanosecond() < 0),
            closing: !moment(wanted).1,
            day: number(day_of(wanted)),
        };
        Self { stops: order.into_iter().map(stop).collect(), last: None }
    }

    /// The same, with timers fired until the last event of the whole history.
    pub(super) fn until_last(self, job: &Job<'_>) -> Self {
        let last = job.whole.last.as_ref().filter(|_| job.journal == Journal::Whole);
        let last = last.map(|(at, id)| (number(job.clock().day_of(*at)), id.clone()));
        Self { last, ..self }
    }
}
