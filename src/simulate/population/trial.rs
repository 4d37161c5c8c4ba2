//! What a trial would tell before the launch: how many members it takes, for how long, and what that is worth.

use crate::mechanics::pilot::Pilot;
use crate::mechanics::scenario::Scenario;
use crate::simulate::power::{self, Sureness};
use crate::simulate::study::{Measure, Trial, TrialSize, TrialWritten};
use crate::value::clock::Date;
use crate::value::exact::Exact;

use super::figures::Figures;
use super::shop::Shop;
use super::tally::Spread;

/// The lengths that are looked at, in weeks.
const WEEKS: [u32; 5] = [4, 8, 13, 26, 52];
/// Half of those in a trial stay without: so it takes the fewest.
const HALF: f64 = 0.5;
/// One of twenty may be told by chance; four of five that are there are told.
const SURE: Sureness = Sureness { alpha: 0.05, power: 0.80 };

/// What is asked of a simulation, for the programs in it.
pub(super) struct Spans {
    /// Days, each once, in order.
    pub(super) days: Vec<f64>,
    /// How many are played.
    horizon: f64,
}

impl Spans {
    /// The lengths in weeks, and those of the programs' own pilots.
    pub(super) fn of(shops: &[Shop<'_>], (first, last): (Date, Date)) -> Self {
        let horizon = f64::from((last - first).get_days()) + 1.0;
        let weeks = WEEKS.iter().map(|weeks| f64::from(weeks * 7)).filter(|days| *days <= horizon);
        let pilots = shops.iter().flat_map(|shop| &shop.program.pilots);
        let own = pilots.map(|pilot| f64::from(length(pilot, (first, last))).min(horizon));
        let mut days: Vec<f64> = weeks.chain(own).collect();
        days.sort_by(f64::total_cmp);
        days.dedup();
        Self { days, horizon }
    }
}

/// How many days a pilot goes on; of one without an end up to the last day that is played.
fn length(pilot: &Pilot, (first, last): (Date, Date)) -> u32 {
    let from = pilot.from.unwrap_or(first);
    let until = pilot.until.unwrap_or(last.max(from));
    u32::try_from((until - from).get_days().saturating_add(1)).unwrap_or(1).max(1)
}

/// What a trial is told from.
pub(super) struct Told<'a> {
    /// The scenario.
    pub(super) scenario: &'a Scenario,
    /// The program.
    pub(super) shop: &'a Shop<'a>,
    /// First and last day.
    pub(super) days: (Date, Date),
    /// What was asked of the middle world.
    pub(super) spans: &'a Spans,
    /// What people without a program spend in those days.
    pub(super) spreads: &'a [Spread],
    /// How many were played.
    pub(super) played: f64,
    /// The worlds that were drawn.
    pub(super) worlds: &'a [Figures],
}

impl Told<'_> {
    /// What a trial would tell; `lift`: by how many percent sales are higher where the program breaks even. None where
    /// nobody buys.
    pub(super) fn trial(&self, lift: f64) -> Option<Trial> {
        let sizes: Vec<TrialSize> = WEEKS.iter().filter_map(|weeks| self.size(*weeks, lift)).collect();
        if sizes.is_empty() || lift <= 0.0 {
            return None;
        }
        let all = self.scenario.members;
        let within = |most: u64| sizes.iter().position(|size| size.members <= most);
        let shortest = within(all / 2).or_else(|| within(all));
        let worlds: Vec<(f64, f64)> = self.worlds.iter().filter_map(|world| self.world(world)).collect();
        let gains: Vec<f64> = worlds.iter().map(|world| world.1).collect();
        let error = shortest.and_then(|place| self.error(&sizes[place]));
        Some(Trial {
            lift,
            shortest,
            worth_of_knowing: power::worth_of_knowing(&gains),
            worth_of_trial: error.and_then(|error| power::worth_of_trial(&worlds, error)),
            written: self.shop.program.pilots.iter().map(|pilot| self.written(pilot)).collect(),
            sizes,
        })
    }

    /// By how many percent a world's sales are higher with the program, and what it gains in a year.
    fn world(&self, world: &Figures) -> Option<(f64, f64)> {
        let lift = world.measure(Measure::IncrementalSales)? / world.measure(Measure::SalesWithout)? * 100.0;
        let gain = world.gain * 12.0 / f64::from(self.scenario.months.max(1));
        (lift.is_finite() && gain.is_finite()).then_some((lift, gain))
    }

    /// What people spend in so many days: their standard deviation in percent of their mean, and how it goes with what
    /// they spend in as many days behind them, where those are played.
    fn spread(&self, days: f64) -> Option<(f64, Option<f64>)> {
        let place = self.spans.days.iter().position(|known| *known == days)?;
        let spread = self.spreads.get(place)?;
        let (mean, deviation) = spread.of(self.played);
        let goes = (days * 2.0 <= self.spans.horizon).then(|| spread.correlation(self.played));
        (mean > 0.0).then(|| (deviation / mean * 100.0, goes))
    }

    fn size(&self, weeks: u32, lift: f64) -> Option<TrialSize> {
        let (deviation, goes) = self.spread(f64::from(weeks * 7))?;
        let members = |deviation: f64| power::needed(lift, deviation, HALF, SURE).map(|members| members as u64);
        // What a member spent before takes its part of the variance away (CUPED, equation 5).
        let known_before = goes.and_then(|goes| members(deviation * (1.0 - goes * goes).sqrt()));
        Some(TrialSize { weeks, members: members(deviation)?, known_before })
    }

    /// The standard error of what a trial of this size measures, in percent of sales.
    fn error(&self, size: &TrialSize) -> Option<f64> {
        let (deviation, _) = self.spread(f64::from(size.weeks * 7))?;
        let side = size.members as f64 * HALF;
        Some(deviation * (2.0 / side).sqrt())
    }

    /// A pilot of the program, as it is written.
    fn written(&self, pilot: &Pilot) -> TrialWritten {
        let days = length(pilot, self.days);
        let (with, without) = self.sides(pilot);
        let deviation = self.spread(f64::from(days).min(self.spans.horizon)).map(|(deviation, _)| deviation);
        let tells = match (with, without, deviation) {
            (Some(with), Some(without), Some(deviation)) => {
                power::tellable(with.floor(), without.floor(), deviation, SURE)
            }
            _ => None,
        };
        let count = |side: f64| side.floor() as u64;
        TrialWritten { name: pilot.name.text.clone(), days, with: with.map(count), without: without.map(count), tells }
    }

    /// Members with a pilot, and those who could have it and are kept back by chance; none: nobody knows.
    fn sides(&self, pilot: &Pilot) -> (Option<f64>, Option<f64>) {
        let part = |percent: &Exact| percent.to_f64_lossy() / 100.0;
        let reached = self.reached(pilot);
        match (&pilot.members, &pilot.control) {
            (members, Some(control)) => {
                let reached = reached.map(|all| all * members.as_ref().map_or(1.0, part));
                (reached.map(|all| all * (1.0 - part(control))), reached.map(|all| all * part(control)))
            }
            (Some(members), None) => {
                (reached.map(|all| all * part(members)), reached.map(|all| all * (1.0 - part(members))))
            }
            (None, None) => (reached, Some(0.0)),
        }
    }

    /// How many members a pilot is for; none: nobody knows, for a scenario has no stores, and only the segments that it
    /// names.
    fn reached(&self, pilot: &Pilot) -> Option<f64> {
        let all = self.scenario.members as f64;
        match (&pilot.stores, &pilot.segment) {
            (Some(_), _) => None,
            (None, None) => Some(all),
            (None, Some((segment, _))) => {
                let name = &self.shop.program.segments.get(segment.0)?.name.text;
                let group = self.scenario.groups.iter().find(|group| group.name == *name)?;
                Some(all * group.share.to_f64_lossy() / 100.0)
            }
        }
    }
}
