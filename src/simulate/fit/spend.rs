//! The Gamma-Gamma model of what members spend each time (Fader, Hardie and Lee 2005; Fader and Hardie 2013).

use super::buying::{Parameter, parameters};
use super::doubt::NoSpend;
use super::optimum::{Surface, climb};
use nalgebra::DMatrix;
use statrs::function::gamma::{digamma, ln_gamma};
use std::collections::BTreeMap;

/// Its parameters: p, q and gamma, the last in money.
pub type Spend = [f64; 3];

/// A spend model as it fits.
#[derive(Debug, Clone)]
pub struct FittedSpend {
    /// p, q, gamma.
    pub theta: Spend,
    /// The log-likelihood.
    pub log_likelihood: f64,
    /// The covariance of the logarithms of the parameters; none where there is no honest one.
    pub(super) covariance: Option<DMatrix<f64>>,
    /// The members it was fitted to.
    pub members: u64,
    /// The correlation of how often members buy and what they spend each time, which the model takes to be nought.
    pub correlation: f64,
    /// Parameters that run away.
    pub running: Vec<&'static str>,
}

/// The names of the parameters.
pub const NAMES: [&str; 3] = ["p", "q", "gamma"];

impl FittedSpend {
    /// The parameters with their standard errors.
    pub fn parameters(&self) -> Vec<Parameter> {
        parameters(&NAMES, &self.theta, self.covariance.as_ref())
    }
}

/// The mean spend that is expected of a member whose `x` repeat purchases came to `mean` each (Fader and Hardie 2013,
/// equation 5): a weighted mean of hers and of everybody's. None where the mean of everybody has no bound.
pub fn expected(theta: &Spend, x: u32, mean: f64) -> Option<f64> {
    let [p, q, gamma] = *theta;
    let x = f64::from(x);
    let below = p * x + q - 1.0;
    (below > 0.0).then(|| p * (gamma + x * mean) / below)
}

/// Members by how often they bought again, with their mean spends.
struct Likelihood {
    groups: Vec<(f64, Vec<f64>)>,
}

impl Surface for Likelihood {
    /// Equation 1a: ln f(z) = ln Γ(px+q) − ln Γ(px) − ln Γ(q) + q ln γ + (px−1) ln z + px ln x − (px+q) ln(γ+xz).
    fn at(&self, place: &[f64]) -> (f64, Vec<f64>) {
        let (p, q, gamma) = (place[0].exp(), place[1].exp(), place[2].exp());
        let (ln_gamma_q, digamma_q) = (ln_gamma(q), digamma(q));
        let (mut sum, mut slope) = (0.0, [0.0; 3]);
        for (x, means) in &self.groups {
            let (px, both) = (p * x, p * x + q);
            let constant = ln_gamma(both) - ln_gamma(px) - ln_gamma_q + q * gamma.ln() + px * x.ln();
            let (of_both, of_px) = (digamma(both), digamma(px));
            for mean in means {
                let total = (gamma + x * mean).ln();
                sum += constant + (px - 1.0) * mean.ln() - both * total;
                slope[0] += px * (of_both - of_px + (x * mean).ln() - total);
                slope[1] += q * (of_both - digamma_q + gamma.ln() - total);
                slope[2] += q - both * gamma / (gamma + x * mean);
            }
        }
        (sum, slope.to_vec())
    }

    fn members(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a count of members, far below 2⁵²")]
        let members = self.groups.iter().map(|(_, means)| means.len()).sum::<usize>() as f64;
        members
    }
}

/// Fits the model to members' repeat purchases and their mean spends, all above nought; the reason where it cannot be.
pub fn fit(members: &[(u32, f64)]) -> Result<FittedSpend, NoSpend> {
    #[expect(clippy::cast_precision_loss, reason = "a count of members, far below 2⁵²")]
    let number = members.len() as f64;
    if number < 10.0 {
        return Err(NoSpend::Few);
    }
    let unit = members.iter().map(|(_, mean)| mean).sum::<f64>() / number;
    if members.iter().all(|(_, mean)| *mean == members[0].1) {
        return Err(NoSpend::Alike);
    }
    let mut groups: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    for (x, mean) in members {
        groups.entry(*x).or_default().push(mean / unit);
    }
    let groups = groups.into_iter().map(|(x, means)| (f64::from(x), means)).collect();
    let starts = [[6.0_f64, 4.0, 0.5], [1.5, 2.0, 0.7], [20.0, 10.0, 0.5]];
    let starts: Vec<Vec<f64>> = starts.iter().map(|start| start.iter().map(|value| value.ln()).collect()).collect();
    let top = climb(&Likelihood { groups }, &starts).ok_or(NoSpend::NotSettled)?;
    let running: Vec<&'static str> =
        NAMES.iter().zip(&top.at_end).filter(|(_, at_end)| **at_end).map(|(name, _)| *name).collect();
    if running.is_empty() && !top.is_reached() {
        return Err(NoSpend::NotSettled);
    }
    let sure = running.is_empty();
    Ok(FittedSpend {
        theta: [top.place[0].exp(), top.place[1].exp(), top.place[2].exp() * unit],
        log_likelihood: top.height - number * unit.ln(),
        covariance: top.covariance.filter(|_| sure),
        members: u64::try_from(members.len()).unwrap_or(u64::MAX),
        correlation: correlation(members),
        running,
    })
}

/// Pearson's.
fn correlation(members: &[(u32, f64)]) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a count of members, far below 2⁵²")]
    let number = members.len() as f64;
    let (x, y) = members.iter().fold((0.0, 0.0), |(x, y), one| (x + f64::from(one.0), y + one.1));
    let (x, y) = (x / number, y / number);
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for (often, mean) in members {
        let (dx, dy) = (f64::from(*often) - x, mean - y);
        (xx, xy, yy) = (xx + dx * dx, xy + dx * dy, yy + dy * dy);
    }
    if xx > 0.0 && yy > 0.0 { xy / (xx * yy).sqrt() } else { 0.0 }
}
