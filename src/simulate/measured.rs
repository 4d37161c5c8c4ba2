//! The lift that a pilot or a holdout measured, from what its members did: with the interval it deserves.
//!
//! Three estimates of one difference, for a member: of the means after the start; of what changed since before it
//! (difference in differences); and with what members did before taken into account (CUPED; Deng, Xu, Kohavi, Walker,
//! *Improving the Sensitivity of Online Controlled Experiments by Utilizing Pre-Experiment Data*, WSDM 2013, equations
//! 2–5). Variances are of each group by itself (Welch), so groups may differ in size and spread.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// What one member did, in money or in purchases.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Did {
    /// Whether she was on the side that had it.
    pub treated: bool,
    /// Before the start, over a time as long as that after it; none: she was no member then.
    pub before: Option<f64>,
    /// Since the start.
    pub after: f64,
}

/// A difference for a member, treated less control.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Difference {
    /// The estimate.
    pub mean: f64,
    /// Its standard error.
    pub error: f64,
    /// The lower end of the 90% interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// Members it rests on.
    pub members: u64,
}

/// What was measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Measured {
    /// Of the means since the start.
    pub means: Difference,
    /// Of what changed since before it, of those who were members then; none where too few were.
    pub changes: Option<Difference>,
    /// With what members did before taken into account; none where nobody did anything, or all the same.
    pub adjusted: Option<Difference>,
    /// The mean of the control since the start, which a difference is a lift of.
    pub control: f64,
}

/// Measures a pilot; none with fewer than two members on a side.
pub fn measure(members: &[Did]) -> Option<Measured> {
    let means = difference(members.iter().map(|did| (did.treated, did.after)))?;
    let known: Vec<(bool, f64, f64)> =
        members.iter().filter_map(|did| Some((did.treated, did.before?, did.after))).collect();
    let changes = difference(known.iter().map(|(treated, before, after)| (*treated, after - before)));
    let control: Vec<f64> = members.iter().filter(|did| !did.treated).map(|did| did.after).collect();
    Some(Measured { means, changes, adjusted: adjusted(members), control: mean(&control) })
}

/// CUPED: each member's figure less θ times how far her figure before lies from the mean, θ being the slope of one on the
/// other over both sides together. Who was no member before stands at the mean of those who were.
fn adjusted(members: &[Did]) -> Option<Difference> {
    let before: Vec<f64> = members.iter().filter_map(|did| did.before).collect();
    let centre = mean(&before);
    let moved = |did: &Did| did.before.map_or(0.0, |before| before - centre);
    // Within sides: a lift of one side is no slope.
    let sides = [true, false].map(|side| {
        let after: Vec<f64> = members.iter().filter(|did| did.treated == side).map(|did| did.after).collect();
        let before: Vec<f64> = members.iter().filter(|did| did.treated == side).map(moved).collect();
        (mean(&after), mean(&before))
    });
    let (mut together, mut own) = (0.0, 0.0);
    for did in members {
        let (after, before) = sides[usize::from(!did.treated)];
        together += (did.after - after) * (moved(did) - before);
        own += (moved(did) - before).powi(2);
    }
    (own > 0.0)
        .then(|| difference(members.iter().map(|did| (did.treated, did.after - together / own * moved(did)))))
        .flatten()
}

/// Welch's difference of means with its 90% interval; none with fewer than two on a side.
fn difference(members: impl Iterator<Item = (bool, f64)>) -> Option<Difference> {
    let (with, without): (Vec<_>, Vec<_>) = members.partition(|(treated, _)| *treated);
    let with: Vec<f64> = with.into_iter().map(|(_, figure)| figure).collect();
    let without: Vec<f64> = without.into_iter().map(|(_, figure)| figure).collect();
    if with.len() < 2 || without.len() < 2 {
        return None;
    }
    let parts = [&with, &without].map(|side| variance(side) / side.len() as f64);
    let error = (parts[0] + parts[1]).sqrt();
    let freedom = (parts[0] + parts[1]).powi(2)
        / (parts[0].powi(2) / (with.len() - 1) as f64 + parts[1].powi(2) / (without.len() - 1) as f64);
    let wide = match StudentsT::new(0.0, 1.0, freedom) {
        Ok(student) if freedom < 10_000.0 => student.inverse_cdf(0.95),
        _ => Normal::standard().inverse_cdf(0.95),
    } * error;
    let mean = mean(&with) - mean(&without);
    let members = (with.len() + without.len()) as u64;
    Some(Difference { mean, error, low: mean - wide, high: mean + wide, members })
}

fn mean(figures: &[f64]) -> f64 {
    if figures.is_empty() { 0.0 } else { figures.iter().sum::<f64>() / figures.len() as f64 }
}

/// With n − 1 below.
fn variance(figures: &[f64]) -> f64 {
    let centre = mean(figures);
    figures.iter().map(|figure| (figure - centre).powi(2)).sum::<f64>() / (figures.len() - 1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;
    use rand_distr::{Distribution, Normal as Bell};

    fn did(treated: bool, before: f64, after: f64) -> Did {
        Did { treated, before: Some(before), after }
    }

    #[test]
    fn a_case_by_hand() {
        let members = [did(true, 10.0, 14.0), did(true, 20.0, 22.0), did(false, 10.0, 10.0), did(false, 20.0, 22.0)];
        let measured = measure(&members).expect("two on each side");
        // (14 + 22)/2 − (10 + 22)/2 = 2; variances 32 and 72, each over 2: √52 = 7.2111.
        assert!((measured.means.mean - 2.0).abs() < 1e-12);
        assert!((measured.means.error - 52f64.sqrt()).abs() < 1e-12);
        // Changes: (4 + 2)/2 − (0 + 2)/2 = 2; variances 2 and 2: √2.
        let changes = measured.changes.expect("all were there before");
        assert!((changes.mean - 2.0).abs() < 1e-12 && (changes.error - 2f64.sqrt()).abs() < 1e-12);
        // θ: within sides, (−5·−4 + 5·4 + −5·−6 + 5·6)/(4·25) = 1; so 19, 17 and 15, 17 about the centre 15: 2 again,
        // and what is left varies by 2 on each side.
        let adjusted = measured.adjusted.expect("they differ");
        assert!((adjusted.mean - 2.0).abs() < 1e-12 && (adjusted.error - 2f64.sqrt()).abs() < 1e-12);
        assert!((measured.control - 16.0).abs() < 1e-12);
    }

    #[test]
    fn too_few_or_all_the_same_is_not_measured() {
        assert_eq!(measure(&[did(true, 1.0, 2.0), did(false, 1.0, 2.0)]), None);
        let same = [did(true, 1.0, 2.0), did(true, 1.0, 3.0), did(false, 1.0, 2.0), did(false, 1.0, 1.0)];
        assert_eq!(measure(&same).expect("sides").adjusted, None);
        let new = same.map(|did| Did { before: None, ..did });
        assert_eq!(measure(&new).expect("sides").changes, None);
    }

    /// 1,000 pilots of 240 members, a fifth of them held back, a true lift of 3: the 90% intervals hold it in about 90%.
    #[test]
    fn intervals_hold_the_truth_as_often_as_they_say() {
        let mut random = ChaCha8Rng::seed_from_u64(7);
        let (own, noise) = (Bell::new(50.0, 12.0).expect("a bell"), Bell::new(0.0, 6.0).expect("a bell"));
        let mut held = [0u32; 3];
        let mut widths = [0.0f64; 3];
        for _ in 0..1_000 {
            let members: Vec<Did> = (0..240)
                .map(|nth| {
                    let (treated, level) = (nth % 5 != 0, own.sample(&mut random));
                    let before = level + noise.sample(&mut random);
                    let after = level + noise.sample(&mut random) + if treated { 3.0 } else { 0.0 };
                    Did { treated, before: (nth % 7 != 0).then_some(before), after }
                })
                .collect();
            let measured = measure(&members).expect("sides");
            let all = [Some(measured.means), measured.changes, measured.adjusted];
            for (place, difference) in all.into_iter().enumerate() {
                let difference = difference.expect("all three");
                held[place] += u32::from(difference.low <= 3.0 && 3.0 <= difference.high);
                widths[place] += difference.high - difference.low;
            }
        }
        assert!(held.iter().all(|held| (870..=930).contains(held)), "{held:?}");
        // What members did before makes it surer.
        assert!(widths[1] < widths[0] && widths[2] < widths[0], "{widths:?}");
    }
}
