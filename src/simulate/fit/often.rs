//! How often members are expected to have bought again: the distribution of repeat purchases by a time.

use super::cohort::Cohort;
use super::model::{Model, Theta};
use super::numeric::over_time;
use serde::Serialize;
use std::collections::BTreeMap;

/// Members who bought again this often or more are one line.
pub const MANY: usize = 7;

/// Members who bought again equally often while fitted.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Repeats {
    /// How often; the last line is of this and more.
    pub x: u32,
    /// How many members did.
    pub actual: u64,
    /// How many the model expects, of members who were seen as long as these.
    #[serde(serialize_with = "super::few")]
    pub expected: f64,
}

impl Model {
    /// The chances that a new member has bought again 0, 1, … `many` − 1 times, and `many` times or more, by a time from
    /// her first purchase.
    ///
    /// With n(x) the chance of x purchases of a member who never leaves (negative binomial) and p her chance to leave
    /// after a purchase: (1−p)^x n(x), and for who left after her last p(1−p)^(x−1) times the chance of x or more, both
    /// averaged over the beta (Fader, Hardie and Lee 2005, equation 8; with one factor 1 − p more where she may leave
    /// after her first purchase, Batislam and others 2007). Pareto/NBD: n(x) until t of who stays so long, and until she
    /// leaves of who leaves before (Fader and Hardie 2005, equation 17 before its integral is solved).
    pub fn often(self, theta: &Theta, until: f64, many: usize) -> Vec<f64> {
        let chances = match self {
            Self::BgNbd => beta_geometric(theta, until, many, false),
            Self::MbgNbd => beta_geometric(theta, until, many, true),
            Self::ParetoNbd => pareto(theta, until, many),
        };
        let rest = (1.0 - chances.iter().sum::<f64>()).max(0.0);
        chances.into_iter().chain([rest]).collect()
    }
}

/// The chances of 0, 1, … `many` − 1 purchases by a time, of members who never leave: (α/(α+t))^r for none, and each
/// next one times (r+x)/(x+1) · t/(α+t).
fn negative_binomial([r, alpha]: [f64; 2], until: f64, many: usize) -> Vec<f64> {
    let share = until / (alpha + until);
    let first = (-r * (until / alpha).ln_1p()).exp();
    let next = |chance: &f64, x: usize| chance * (r + count(x)) / (count(x) + 1.0) * share;
    let mut chances = vec![first];
    for x in 0..many.saturating_sub(1) {
        chances.push(next(&chances[x], x));
    }
    chances.truncate(many);
    chances
}

fn beta_geometric([r, alpha, a, b]: &Theta, until: f64, many: usize, modified: bool) -> Vec<f64> {
    let stays = negative_binomial([*r, *alpha], until, many);
    // The mean of (1 − p)^k for k = 0, 1, …; and of p (1 − p)^k, which is what is missing of it to the next.
    let mut kept = vec![1.0];
    for k in 0..=many {
        kept.push(kept[k] * (b + count(k)) / (a + b + count(k)));
    }
    let mut so_many_or_more = 1.0;
    let mut chances = Vec::new();
    for (x, stays) in stays.into_iter().enumerate() {
        let purchases = if modified { x + 1 } else { x };
        // Who bought once may not leave in the plain model.
        let left = if purchases == 0 { 0.0 } else { (kept[purchases - 1] - kept[purchases]) * so_many_or_more };
        chances.push(kept[purchases] * stays + left);
        so_many_or_more = f64::max(so_many_or_more - stays, 0.0);
    }
    chances
}

fn pareto([r, alpha, s, beta]: &Theta, until: f64, many: usize) -> Vec<f64> {
    let kept = (-s * (until / beta).ln_1p()).exp();
    let stays = negative_binomial([*r, *alpha], until, many);
    let left = |x: usize| {
        over_time(alpha.min(*beta), until, |at| {
            let leaves = s / beta * (-(s + 1.0) * (at / beta).ln_1p()).exp();
            leaves * negative_binomial([*r, *alpha], at, x + 1)[x]
        })
    };
    stays.into_iter().enumerate().map(|(x, stays)| kept * stays + left(x)).collect()
}

#[expect(clippy::cast_precision_loss, reason = "some tens")]
fn count(number: usize) -> f64 {
    number as f64
}

/// How many members bought again how often while fitted, and how many are expected to have.
pub fn repeats(cohort: &Cohort, model: Model, theta: &Theta) -> Vec<Repeats> {
    let mut actual = [0_u64; MANY + 1];
    // Members by how long they were seen.
    let mut seen: BTreeMap<u32, f64> = BTreeMap::new();
    for buyer in &cohort.buyers {
        actual[usize::try_from(buyer.x).unwrap_or(MANY).min(MANY)] += 1;
        *seen.entry(buyer.seen).or_default() += 1.0;
    }
    let mut expected = [0.0; MANY + 1];
    for (days, members) in seen {
        let chances = model.often(theta, f64::from(days) / cohort.unit.days(), MANY);
        expected.iter_mut().zip(chances).for_each(|(sum, chance)| *sum += members * chance);
    }
    (0..).zip(actual.into_iter().zip(expected)).map(|(x, (actual, expected))| Repeats { x, actual, expected }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const THETAS: [Theta; 3] =
        [[0.243, 4.414, 0.793, 2.426], [0.525, 6.183, 0.891, 1.614], [0.553, 10.578, 0.606, 11.669]];

    #[test]
    fn the_mean_of_the_distribution_is_what_is_expected() {
        for (model, theta) in Model::ALL.into_iter().zip(THETAS) {
            for until in [0.5, 13.0, 39.0] {
                let chances = model.often(&theta, until, 600);
                let (rest, chances) = chances.split_last().expect("chances");
                assert!(*rest < 1e-9 && chances.iter().all(|chance| (0.0..=1.0).contains(chance)), "{model:?} {rest}");
                let mean: f64 = chances.iter().enumerate().map(|(x, chance)| count(x) * chance).sum();
                let expected = model.expected_new(&theta, until);
                assert!((mean / expected - 1.0).abs() < 1e-7, "{model:?} {until}: {mean} {expected}");
            }
        }
    }

    #[test]
    fn who_was_seen_for_no_time_bought_once() {
        for (model, theta) in Model::ALL.into_iter().zip(THETAS) {
            assert_eq!(model.often(&theta, 0.0, 3)[0], 1.0, "{model:?}");
        }
    }

    /// BG/NBD with figures small enough to be worked out by hand: r = 1, α = 1, a = b = 1, t = 1. n(x) = ½^(x+1), so that
    /// x or more have the chance ½^x; the mean of (1−p)^x is 1/(x+1). None: ½. Once: ½·¼ + (1 − ½)·½ = ⅜.
    /// Twice: ⅓·⅛ + (½ − ⅓)·¼ = 1/12. For MBG/NBD, none: ½·½ + (1 − ½)·1 = ¾.
    #[test]
    fn chances_worked_out_by_hand() {
        let chances = Model::BgNbd.often(&[1.0; 4], 1.0, 3);
        for (ours, known) in chances.iter().zip([1.0 / 2.0, 3.0 / 8.0, 1.0 / 12.0, 1.0 / 24.0]) {
            assert!((ours - known).abs() < 1e-12, "{chances:?}");
        }
        assert!((Model::MbgNbd.often(&[1.0; 4], 1.0, 1)[0] - 0.75).abs() < 1e-12);
    }
}
