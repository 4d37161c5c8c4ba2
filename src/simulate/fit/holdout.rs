//! What was expected beside what happened: week by week, and by how often members had bought.

use super::cohort::Cohort;
use super::doubt::Doubt;
use super::model::{Model, Theta};
use super::numeric::over_time;
use super::often::MANY;
use serde::Serialize;

/// Up to this difference, in percent, the model is said to track.
const TRACKS: f64 = 10.0;

/// Above this one the fit is called poor.
const POOR: f64 = 20.0;

/// Fewer purchases in the holdout tell nothing: chance alone moves them by a third.
const THIN: u64 = 30;

/// A week from the start of the history.
#[derive(Debug, Clone, Serialize)]
pub struct Week {
    /// Its number; the first is 1.
    pub week: u32,
    /// Whether it is held out.
    pub held_out: bool,
    /// Repeat purchases that happened.
    pub actual: u64,
    /// That were expected.
    #[serde(serialize_with = "super::few")]
    pub expected: f64,
    /// All up to its end that happened.
    pub actual_sum: u64,
    /// That were expected.
    #[serde(serialize_with = "super::few")]
    pub expected_sum: f64,
}

/// Members who bought again equally often, and their purchases in the holdout.
#[derive(Debug, Clone, Serialize)]
pub struct Often {
    /// How often they bought again while fitted; the last line is of this and more.
    pub x: u32,
    /// How many.
    pub members: u64,
    /// Purchases of each in the holdout, on average.
    #[serde(serialize_with = "super::few")]
    pub actual: f64,
    /// That were expected, given what each had done.
    #[serde(serialize_with = "super::few")]
    pub expected: f64,
}

/// How the holdout compares.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// Weeks held out (the last may be cut short).
    pub weeks: u32,
    /// Repeat purchases in them.
    pub actual: u64,
    /// That were expected.
    #[serde(serialize_with = "super::few")]
    pub expected: f64,
    /// By how many percent of what happened too many were expected; below nought: too few. None where nothing
    /// happened.
    #[serde(serialize_with = "super::few_of")]
    pub off_percent: Option<f64>,
    /// The mean, over the weeks held out, of how far the sum expected up to then is from the one that happened, in
    /// percent of it.
    #[serde(serialize_with = "super::few_of")]
    pub mape: Option<f64>,
    /// By how often members bought while fitted.
    pub by_frequency: Vec<Often>,
}

impl Check {
    /// What is doubtful about it.
    pub fn doubt(&self) -> Option<Doubt> {
        match self.verdict() {
            Verdict::Thin => Some(Doubt::ThinHoldout(self.actual)),
            Verdict::Poor => self.off_percent.map(|off| Doubt::PoorFit { off }),
            Verdict::Off | Verdict::Tracks { .. } => None,
        }
    }

    /// What is to be thought of it.
    pub fn verdict(&self) -> Verdict {
        match self.off_percent {
            Some(_) | None if self.actual < THIN => Verdict::Thin,
            None => Verdict::Thin,
            Some(off) if off.abs() <= TRACKS => Verdict::Tracks { within: off.abs().ceil().max(1.0) },
            Some(off) if off.abs() <= POOR => Verdict::Off,
            Some(_) => Verdict::Poor,
        }
    }
}

/// What is to be thought of a comparison.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    /// The sum of purchases came within so many percent of what was expected.
    Tracks {
        /// How many.
        within: f64,
    },
    /// It was further off, but not far.
    Off,
    /// It was far off.
    Poor,
    /// Too little happened to tell.
    Thin,
}

/// How often a new member is expected to buy again by each of so many days from her first purchase.
fn by_day(model: Model, theta: &Theta, days: u32, day: f64) -> Vec<f64> {
    let scale = theta[1];
    let mut sum = 0.0;
    let mut sums = vec![0.0];
    for at in 0..days {
        let from = f64::from(at) * day;
        sum += over_time(scale + from, day, |later| model.rate_new(theta, from + later));
        sums.push(sum);
    }
    sums
}

/// What was expected and what happened, week by week from the start of the history to the end of the holdout. A week's
/// sum is taken at the end of its last day.
pub fn weeks(cohort: &Cohort, model: Model, theta: &Theta) -> Vec<Week> {
    let days = u32::try_from(cohort.repeats.len()).unwrap_or(u32::MAX);
    let expected = by_day(model, theta, days, 1.0 / cohort.unit.days());
    let mut began: Vec<u64> = vec![0; days as usize];
    for buyer in &cohort.buyers {
        began[buyer.first as usize] += 1;
    }
    let mut found: Vec<Week> = Vec::new();
    let (mut actual_sum, mut expected_before) = (0, 0.0);
    for week in 1..=days.div_ceil(7) {
        let (from, end) = ((week - 1) * 7, (week * 7).min(days));
        let actual: u64 = cohort.repeats[from as usize..end as usize].iter().sum();
        let of_day = |first: u32| {
            #[expect(clippy::cast_precision_loss, reason = "a count of members, far below 2⁵²")]
            let members = began[first as usize] as f64;
            members * expected[(end - 1 - first) as usize]
        };
        let expected_sum: f64 = (0..end).filter(|first| began[*first as usize] > 0).map(of_day).sum();
        actual_sum += actual;
        found.push(Week {
            week,
            held_out: from >= cohort.fitted_days(),
            actual,
            expected: expected_sum - expected_before,
            actual_sum,
            expected_sum,
        });
        expected_before = expected_sum;
    }
    found
}

/// Compares the holdout; none where nothing is held out.
pub fn check(cohort: &Cohort, model: Model, theta: &Theta, weeks: &[Week]) -> Option<Check> {
    let held = cohort.held_days();
    if held == 0 {
        return None;
    }
    let until = f64::from(held) / cohort.unit.days();
    let mut lines = [(0_u64, 0_u64, 0.0); MANY + 1];
    let mut known = None;
    for buyer in &cohort.buyers {
        let key = (buyer.x, buyer.last, buyer.seen);
        // Buyers stand in the order of these three.
        let expected = match known {
            Some((same, expected)) if same == key => expected,
            Some(_) | None => model.expected(theta, &cohort.row(buyer), until),
        };
        known = Some((key, expected));
        let line = &mut lines[usize::try_from(buyer.x).unwrap_or(MANY).min(MANY)];
        *line = (line.0 + 1, line.1 + u64::from(buyer.later), line.2 + expected);
    }
    let actual: u64 = lines.iter().map(|line| line.1).sum();
    let expected: f64 = lines.iter().map(|line| line.2).sum();
    #[expect(clippy::cast_precision_loss, reason = "counts of purchases and members, far below 2⁵²")]
    let (off_percent, by_frequency) = {
        let off = (actual > 0).then(|| (expected / actual as f64 - 1.0) * 100.0);
        let often = |(x, (members, actual, expected)): (u32, (u64, u64, f64))| Often {
            x,
            members,
            actual: actual as f64 / members as f64,
            expected: expected / members as f64,
        };
        let lines = (0..).zip(lines).filter(|(_, line)| line.0 > 0);
        (off, lines.map(often).collect())
    };
    Some(Check { weeks: held.div_ceil(7), actual, expected, off_percent, mape: mape(weeks), by_frequency })
}

fn mape(weeks: &[Week]) -> Option<f64> {
    let held: Vec<&Week> = weeks.iter().filter(|week| week.held_out && week.actual_sum > 0).collect();
    #[expect(clippy::cast_precision_loss, reason = "counts of purchases and weeks, far below 2⁵²")]
    let off = |week: &&Week| (week.expected_sum / week.actual_sum as f64 - 1.0).abs() * 100.0;
    #[expect(clippy::cast_precision_loss, reason = "a count of weeks")]
    let number = held.len() as f64;
    (!held.is_empty()).then(|| held.iter().map(off).sum::<f64>() / number)
}
