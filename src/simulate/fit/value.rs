//! What members are expected to buy and to spend from the end of the calibration on, with ranges.

use super::buying::Fitted;
use super::cohort::Cohort;
use super::model::{Model, Row, Theta};
use super::often::MANY;
use super::spend::{self, FittedSpend, Spend};
use nalgebra::{DMatrix, DVector};
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use serde::Serialize;

/// Ranges are worked out on so many kinds of members, evenly picked, and stretched to all.
const PICKED: usize = 500;

/// How far to look ahead, and how.
#[derive(Debug, Clone, Copy)]
pub struct Ahead {
    /// How many weeks.
    pub weeks: u32,
    /// The interest of a year, in percent.
    pub discount: f64,
    /// The seed of the draws.
    pub seed: u64,
    /// How many draws.
    pub draws: usize,
}

/// An estimate with its range of 95%.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Estimate {
    /// The estimate.
    #[serde(serialize_with = "super::few")]
    pub value: f64,
    /// In 2.5% of the draws it is below this; none where there is no honest range.
    #[serde(serialize_with = "super::few_of")]
    pub low: Option<f64>,
    /// In 2.5% it is above this.
    #[serde(serialize_with = "super::few_of")]
    pub high: Option<f64>,
}

impl Estimate {
    /// The estimate for each of so many.
    fn over(self, members: f64) -> Self {
        let each = |sum: f64| sum / members;
        Self { value: each(self.value), low: self.low.map(each), high: self.high.map(each) }
    }
}

/// What is expected of all members together.
#[derive(Debug, Clone, Serialize)]
pub struct Outlook {
    /// Weeks looked ahead.
    pub weeks: u32,
    /// The interest of a year, in percent.
    #[serde(serialize_with = "super::few")]
    pub discount: f64,
    /// The seed of the draws.
    pub seed: u64,
    /// Members who have not left.
    pub alive: Estimate,
    /// Purchases of theirs in the weeks ahead.
    pub purchases: Estimate,
    /// What they will spend in them, discounted; none without a spend model.
    pub spend: Option<Estimate>,
    /// The same for each of all members, the gone ones among them.
    pub spend_each: Option<Estimate>,
    /// The same by how often members bought again so far.
    pub worth: Vec<Worth>,
    /// How often a new member buys again by so many weeks from her first purchase.
    pub new_member: Vec<NewMember>,
}

/// What a member is expected to spend, of those who bought again equally often.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Worth {
    /// How often they bought again while fitted; the last line is of this and more.
    pub x: u32,
    /// How many.
    pub members: u64,
    /// What each will spend on average in the weeks ahead, discounted.
    pub each: Estimate,
}

/// How often a new member is expected to buy again.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct NewMember {
    /// By so many weeks from her first purchase.
    pub weeks: u32,
    /// So often.
    pub purchases: Estimate,
}

/// e^(−interest·t), t in the unit: an interest of so many percent a year of 365 days.
fn interest(discount: f64, unit_days: f64) -> f64 {
    (discount / 100.0).ln_1p() * unit_days / 365.0
}

/// Looks ahead.
pub fn outlook(cohort: &Cohort, fitted: &Fitted, spent: Option<&FittedSpend>, ahead: &Ahead) -> Outlook {
    let rows = cohort.rows();
    let model = fitted.model;
    let time = Time {
        until: f64::from(ahead.weeks) * 7.0 / cohort.unit.days(),
        interest: interest(ahead.discount, cohort.unit.days()),
        weeks: [4, 13, 26, ahead.weeks].map(|weeks| (weeks, f64::from(weeks) * 7.0 / cohort.unit.days())),
    };
    let whole = time.sums(model, &fitted.theta, spent.map(|spent| &spent.theta), &rows);
    let picked: Vec<(Row, f64)> = rows.iter().step_by(rows.len().div_ceil(PICKED).max(1)).copied().collect();
    let of_picked = time.sums(model, &fitted.theta, spent.map(|spent| &spent.theta), &picked);
    let draws = draws(fitted, spent, ahead, |theta, spend| time.sums(model, theta, spend, &picked));
    let estimate = |which: &dyn Fn(&Sums) -> Option<f64>| -> Option<Estimate> {
        let (value, part) = (which(&whole)?, which(&of_picked)?);
        // Where none of a kind was picked, nothing is known of its range.
        let range = draws.as_ref().filter(|_| part > 0.0 || value == 0.0);
        let range = range.and_then(|draws| range_of(draws.iter().map(which)));
        let stretch = if part > 0.0 { value / part } else { 1.0 };
        let (low, high) = range.map_or((None, None), |(low, high)| (Some(low * stretch), Some(high * stretch)));
        Some(Estimate { value, low, high })
    };
    let always = |which: &dyn Fn(&Sums) -> f64| {
        estimate(&|sums| Some(which(sums))).unwrap_or(Estimate { value: which(&whole), low: None, high: None })
    };
    let spend = estimate(&|sums| sums.spend);
    #[expect(clippy::cast_precision_loss, reason = "a count of members, far below 2⁵²")]
    let members = cohort.buyers.len() as f64;
    let worth = (0..=MANY).filter_map(|x| {
        let members = cohort.buyers.iter().filter(|buyer| line_of(buyer.x) == x).count();
        let all = estimate(&|sums| sums.spend.map(|_| sums.by_repeats[x])).filter(|_| members > 0)?;
        #[expect(clippy::cast_precision_loss, reason = "a count of members, far below 2⁵²")]
        let each = all.over(members as f64);
        Some(Worth {
            x: u32::try_from(x).unwrap_or(u32::MAX),
            members: u64::try_from(members).unwrap_or(u64::MAX),
            each,
        })
    });
    let mut steps: Vec<usize> = (0..time.weeks.len()).collect();
    steps.sort_by_key(|at| time.weeks[*at].0);
    steps.dedup_by_key(|at| time.weeks[*at].0);
    Outlook {
        weeks: ahead.weeks,
        discount: ahead.discount,
        seed: ahead.seed,
        alive: always(&|sums| sums.alive),
        purchases: always(&|sums| sums.purchases),
        spend,
        spend_each: spend.map(|spend| spend.over(members)),
        worth: worth.collect(),
        new_member: steps
            .into_iter()
            .map(|at| NewMember { weeks: time.weeks[at].0, purchases: always(&|sums| sums.new[at]) })
            .collect(),
    }
}

struct Time {
    until: f64,
    interest: f64,
    weeks: [(u32, f64); 4],
}

struct Sums {
    alive: f64,
    purchases: f64,
    spend: Option<f64>,
    /// The spend by how often members bought again.
    by_repeats: [f64; MANY + 1],
    new: [f64; 4],
}

/// The line of who bought again so often.
fn line_of(x: u32) -> usize {
    usize::try_from(x).unwrap_or(MANY).min(MANY)
}

impl Time {
    /// Sums over members: who is alive, what they buy, what they spend.
    fn sums(&self, model: Model, theta: &Theta, spend: Option<&Spend>, rows: &[(Row, f64)]) -> Sums {
        let new = self.weeks.map(|(_, until)| model.expected_new(theta, until));
        let mut sums = Sums { alive: 0.0, purchases: 0.0, spend: spend.map(|_| 0.0), by_repeats: [0.0; MANY + 1], new };
        for (row, means) in rows {
            let of_all = row.members * model.discounted(theta, row, self.until, 0.0);
            sums.alive += row.members * model.alive(theta, row.x, row.last, row.seen);
            sums.purchases += of_all;
            let each = spend.and_then(|spend| spend::expected(spend, row.x, means / row.members));
            sums.spend = match (sums.spend, each) {
                // The expected spend is linear in the mean, so the mean of the row stands for all of it.
                (Some(sum), Some(each)) => {
                    let worth = row.members * model.discounted(theta, row, self.until, self.interest) * each;
                    sums.by_repeats[line_of(row.x)] += worth;
                    Some(sum + worth)
                }
                (Some(_) | None, None) | (None, Some(_)) => None,
            };
        }
        sums
    }
}

/// Draws parameters from what is known of them, and works out what comes of each; none where there is no covariance.
fn draws(
    fitted: &Fitted,
    spent: Option<&FittedSpend>,
    ahead: &Ahead,
    sums: impl Fn(&Theta, Option<&Spend>) -> Sums,
) -> Option<Vec<Sums>> {
    let of_buying = fitted.covariance.clone()?.cholesky()?.unpack();
    let of_spend = match spent {
        Some(spent) => Some((spent.theta, spent.covariance.clone()?.cholesky()?.unpack())),
        None => None,
    };
    let mut random = ChaCha12Rng::seed_from_u64(ahead.seed);
    let mut drawn = |values: &[f64], lower: &DMatrix<f64>| -> Vec<f64> {
        let standard = DVector::from_fn(values.len(), |_, _| StandardNormal.sample(&mut random));
        let moved = lower * standard;
        values.iter().zip(moved.iter()).map(|(value, by): (&f64, &f64)| value * by.exp()).collect()
    };
    let mut found = Vec::new();
    for _ in 0..ahead.draws {
        let theta = drawn(&fitted.theta, &of_buying);
        let theta = [theta[0], theta[1], theta[2], theta[3]];
        let spend = of_spend.as_ref().map(|(values, lower)| {
            let spend = drawn(values, lower);
            [spend[0], spend[1], spend[2]]
        });
        found.push(sums(&theta, spend.as_ref()));
    }
    Some(found)
}

/// Between which values 95% of the draws lie; none where one of them has no value.
fn range_of(draws: impl Iterator<Item = Option<f64>>) -> Option<(f64, f64)> {
    let mut values: Vec<f64> = draws.collect::<Option<_>>()?;
    values.sort_by(f64::total_cmp);
    let cut = values.len() / 40;
    Some((*values.get(cut)?, *values.get(values.len() - 1 - cut)?))
}
