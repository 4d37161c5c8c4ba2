//! What a trial can tell: how large it has to be for a difference, how small a difference it can tell, and what it would
//! be worth to know.

use statrs::distribution::{Continuous, ContinuousCDF, Normal};

/// How sure a trial has to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sureness {
    /// How often chance alone may look like a difference, two-sided: 0.10.
    pub alpha: f64,
    /// How often a difference that is there has to be told: 0.80.
    pub power: f64,
}

impl Default for Sureness {
    fn default() -> Self {
        Self { alpha: 0.10, power: 0.80 }
    }
}

impl Sureness {
    /// z for half of alpha, plus z for the power.
    fn z(self) -> f64 {
        let normal = Normal::standard();
        normal.inverse_cdf(1.0 - self.alpha / 2.0) + normal.inverse_cdf(self.power)
    }
}

/// The smallest difference of two means that groups of these sizes can tell, where what one member spends has this
/// standard deviation: `z·σ·√(1/n₁ + 1/n₂)`. None where a group has nobody.
///
/// Normal approximation (Chow, Shao, Wang, Lokhnygina, *Sample Size Calculations in Clinical Research*, 3.2.1, solved for
/// the difference).
pub fn tellable(with: f64, without: f64, deviation: f64, sureness: Sureness) -> Option<f64> {
    (with >= 1.0 && without >= 1.0).then(|| sureness.z() * deviation * (1.0 / with + 1.0 / without).sqrt())
}

/// How many members a trial needs in all to tell a difference of this size, where `control` of them (0.2: a fifth) stay
/// without: `z²·σ²·(1/c + 1/(1−c)) / δ²`, rounded up. None where no number is enough.
pub fn needed(difference: f64, deviation: f64, control: f64, sureness: Sureness) -> Option<f64> {
    let sides = control > 0.0 && control < 1.0;
    let each = 1.0 / control + 1.0 / (1.0 - control);
    let members = (sureness.z() * deviation / difference).powi(2) * each;
    (sides && members.is_finite()).then(|| members.ceil())
}

/// The same for two shares: `p₁(1−p₁)/n₁ + p₂(1−p₂)/n₂` stands for the variance (the same book, 4.2.1).
pub fn needed_for_shares(with: f64, without: f64, control: f64, sureness: Sureness) -> Option<f64> {
    let sides = control > 0.0 && control < 1.0;
    let spread = without * (1.0 - without) / control + with * (1.0 - with) / (1.0 - control);
    let members = (sureness.z() / (with - without)).powi(2) * spread;
    (sides && members.is_finite()).then(|| members.ceil())
}

/// What it would be worth to know for sure, before the launch, what it brings: the mean over worlds of the gain where
/// there is one, less the gain of deciding now (Raiffa and Schlaifer 1961, the expected value of perfect information).
/// None of no worlds.
pub fn worth_of_knowing(gains: &[f64]) -> Option<f64> {
    let mean = |sum: f64| sum / gains.len() as f64;
    let now = mean(gains.iter().sum()).max(0.0);
    let knowing = mean(gains.iter().map(|gain| gain.max(0.0)).sum());
    (!gains.is_empty()).then_some((knowing - now).max(0.0))
}

/// The unit normal loss integral: what a standard normal figure is on average above `u`, where it is not above it nothing:
/// φ(u) − u · (1 − Φ(u)) (R. Schlaifer, *Probability and Statistics for Business Decisions*, 1959, table IV).
pub fn unit_normal_loss(u: f64) -> f64 {
    let normal = Normal::standard();
    // Far out the difference has no digits left, and the loss is nothing.
    (normal.pdf(u) - u * normal.sf(u)).max(0.0)
}

/// What it would be worth to run a trial before the launch that measures, with this standard error, by how much behaviour
/// is lifted: the expected value of sample information. `worlds`: the lift and the gain of each, the lift in the unit of
/// the error.
///
/// The gain is taken to go with the lift in a straight line, and what is believed of it to be normal, as the error is. A
/// trial then moves the expected gain by `σ* = cov(lift, gain) ÷ √(var(lift) + error²)`, and is worth `σ* · L(|mean| ÷ σ*)`
/// (H. Raiffa, R. Schlaifer, *Applied Statistical Decision Theory*, 1961, 5.5), L the [`unit_normal_loss`]; never more
/// than [`worth_of_knowing`]. None of fewer than two worlds.
pub fn worth_of_trial(worlds: &[(f64, f64)], error: f64) -> Option<f64> {
    let count = worlds.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| worlds.iter().map(of).sum::<f64>() / count;
    let (lift, gain) = (mean(|world| world.0), mean(|world| world.1));
    let over = |of: &dyn Fn(&(f64, f64)) -> f64| worlds.iter().map(of).sum::<f64>() / (count - 1.0);
    let variance = over(&|world| (world.0 - lift).powi(2));
    let together = over(&|world| (world.0 - lift) * (world.1 - gain));
    let moved = together.abs() / (variance + error * error).sqrt();
    let worth = if moved > 0.0 { moved * unit_normal_loss(gain.abs() / moved) } else { 0.0 };
    let gains: Vec<f64> = worlds.iter().map(|world| world.1).collect();
    let most = worth_of_knowing(&gains)?;
    (worlds.len() > 1).then(|| worth.min(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-3 * b.abs().max(1.0)
    }

    #[test]
    fn sizes_are_those_of_the_tables() {
        // alpha 0.05, power 0.80: (1.95996 + 0.84162)² = 7.8489; σ = 2, δ = 1: 7.8489 · 4 · 4 = 125.58 in all.
        let usual = Sureness { alpha: 0.05, power: 0.80 };
        assert_eq!(needed(1.0, 2.0, 0.5, usual), Some(126.0));
        let tell = tellable(63.0, 63.0, 2.0, usual).expect("both groups");
        assert!(near(tell, 0.99835), "{tell}");
        // 50% against 60%, halves: 7.8489 · (0.25 + 0.24) · 2 / 0.01 = 769.2.
        assert_eq!(needed_for_shares(0.6, 0.5, 0.5, usual), Some(770.0));
    }

    #[test]
    fn a_small_control_needs_more_members() {
        let even = needed(1.0, 2.0, 0.5, Sureness::default()).expect("sides");
        let small = needed(1.0, 2.0, 0.1, Sureness::default()).expect("sides");
        // (1/0.1 + 1/0.9) / 4 = 2.78 times.
        assert!(small / even > 2.7 && small / even < 2.9);
    }

    #[test]
    fn nobody_and_nothing_are_told_apart() {
        assert_eq!(tellable(0.0, 10.0, 1.0, Sureness::default()), None);
        assert_eq!(needed(0.0, 1.0, 0.5, Sureness::default()), None);
        assert_eq!(needed(1.0, 1.0, 0.0, Sureness::default()), None);
        assert_eq!(worth_of_knowing(&[]), None);
    }

    #[test]
    fn knowing_is_worth_what_it_would_change() {
        // Now: mean 10, launch. Knowing: (100 + 0) / 2 = 50.
        assert_eq!(worth_of_knowing(&[100.0, -80.0]), Some(40.0));
        assert_eq!(worth_of_knowing(&[100.0, 80.0]), Some(0.0));
        assert_eq!(worth_of_knowing(&[-100.0, -80.0]), Some(0.0));
    }

    /// Schlaifer's table IV has 0.3989, 0.1978, 0.08332, 0.008491, 0.0003822.
    #[test]
    fn the_loss_integral_is_that_of_the_table() {
        for (u, loss) in [(0.0, 0.3989), (0.5, 0.1978), (1.0, 0.08332), (2.0, 0.008491), (3.0, 0.0003822)] {
            let found = unit_normal_loss(u);
            assert!((found - loss).abs() < 6e-4 * loss, "{u}: {found}");
        }
        // What is below nothing is told from above by the whole way: L(−u) = u + L(u).
        assert!((unit_normal_loss(-1.0) - 1.08332).abs() < 1e-5);
        assert_eq!(unit_normal_loss(60.0), 0.0);
    }

    #[test]
    fn a_trial_is_worth_what_it_moves() {
        // Lifts ±1, gains ±20: variance 2, covariance 40. Error √2: σ* = 40 ÷ 2 = 20, mean 0: 20 · 0.39894 = 7.979. To know
        // is worth 10.
        let even = [(1.0, 20.0), (-1.0, -20.0)];
        assert!(near(worth_of_trial(&even, 2f64.sqrt()).expect("worlds"), 7.979));
        // No error: σ* = 40 ÷ √2 = 28.28, which comes to 11.28, and that is more than to know.
        assert_eq!(worth_of_trial(&even, 0.0), Some(10.0));
        // Gains 30 and −10: mean 10, σ* 20: 20 · L(0.5) = 20 · 0.1978 = 3.956, of 5.
        assert!(near(worth_of_trial(&[(1.0, 30.0), (-1.0, -10.0)], 2f64.sqrt()).expect("worlds"), 3.956));
        // Nothing would be done differently, or the lift does not tell.
        assert_eq!(worth_of_trial(&[(1.0, 30.0), (-1.0, 10.0)], 0.1), Some(0.0));
        assert_eq!(worth_of_trial(&[(1.0, 30.0), (1.0, -10.0)], 0.1), Some(0.0));
        assert_eq!(worth_of_trial(&[(1.0, 30.0)], 0.1), None);
    }

    /// J. Cohen, *Statistical Power Analysis for the Behavioral Sciences* (1988), table 2.3.5: of a difference of half a
    /// deviation, at 5% two-sided and a power of 80%, 64 on a side; the normal approximation has 62.8. Of a fifth, 393.
    #[test]
    fn sizes_are_near_those_of_cohen() {
        let usual = Sureness { alpha: 0.05, power: 0.80 };
        assert_eq!(needed(0.5, 1.0, 0.5, usual), Some(126.0));
        assert_eq!(needed(0.2, 1.0, 0.5, usual), Some(785.0));
    }
}
