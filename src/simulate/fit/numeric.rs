//! Integrals and Gauss's hypergeometric function, as far as the models need them.

use gauss_quad::GaussLegendre;
use std::num::NonZeroUsize;
use std::sync::LazyLock;

/// Points of one panel of an integral.
const POINTS: usize = 10;

/// Up to here the series of the hypergeometric function ends soon enough.
const NEAR_ONE: f64 = 0.95;

/// The series is at most e to this, which a double still holds.
const LARGE: f64 = 600.0;

/// A term that adds less than this share ends the series.
const SMALL: f64 = 1e-16;

/// Gauss–Legendre on [0, 1]: places and weights.
pub(super) static PANEL: LazyLock<Vec<(f64, f64)>> = LazyLock::new(|| {
    let points = NonZeroUsize::new(POINTS).unwrap_or(NonZeroUsize::MIN);
    let rule = GaussLegendre::new(points);
    rule.iter().map(|(at, weight)| ((at + 1.0) / 2.0, weight / 2.0)).collect()
});

/// ∫₀ᵗ f(s) ds of a rate that falls off over times of the order of `scale` (both in units of time). The panels are
/// even in ln(1 + s/scale), in which such rates are smooth.
pub(super) fn over_time(scale: f64, until: f64, rate: impl Fn(f64) -> f64) -> f64 {
    if until <= 0.0 {
        return 0.0;
    }
    let width = (until / scale).ln_1p();
    let panels = width.ceil().clamp(1.0, 64.0);
    let step = width / panels;
    let mut sum = 0.0;
    let mut from = 0.0;
    while from < width - step / 2.0 {
        for (at, weight) in PANEL.iter() {
            let grown = (from + at * step).exp();
            // s = scale · (eᵘ − 1), ds = scale · eᵘ du
            sum += weight * step * scale * grown * rate(scale * (grown - 1.0));
        }
        from += step;
    }
    sum
}

/// The mean of (1 + p·ratio)^(−power) over p ~ Beta(a, b): by Pfaff's transformation
/// (1 + ratio)^(−power) · ₂F₁(power, b; a + b; ratio / (1 + ratio)), a series whose terms are all above nought, so that
/// nothing cancels. Where it would take too long, the mean is taken over the beta itself.
pub(super) fn beta_mean(power: f64, a: f64, b: f64, ratio: f64) -> f64 {
    let (z, fall) = (ratio / (1.0 + ratio), power * ratio.ln_1p());
    if z <= NEAR_ONE && fall < LARGE { (-fall).exp() * hyp2f1(power, b, a + b, z) } else { by_beta(power, a, b, ratio) }
}

/// ₂F₁(a, b; c; z) for a, b, c > 0 and 0 ≤ z < 1 by its series (Abramowitz & Stegun 15.1.1).
pub(super) fn hyp2f1(a: f64, b: f64, c: f64, z: f64) -> f64 {
    let (mut term, mut sum, mut n) = (1.0, 1.0, 0.0);
    while n < 100_000.0 {
        term *= (a + n) * (b + n) / ((c + n) * (n + 1.0)) * z;
        sum += term;
        n += 1.0;
        if term <= SMALL * sum {
            break;
        }
    }
    sum
}

/// The same mean by the trapezoidal rule over v = ln(p / (1 − p)): there the density is e^(av) on the left and e^(−bv)
/// on the right, and the rule converges as fast as the numbers have digits.
fn by_beta(power: f64, a: f64, b: f64, ratio: f64) -> f64 {
    let step = 0.2_f64.min(0.3 * (1.0 / a + 1.0 / b).sqrt());
    let middle = (a / b).ln();
    // ln of the density but for its constant: a·ln p + b·ln(1 − p).
    let density = |v: f64| -a * (-v).exp().ln_1p() - b * v.exp().ln_1p();
    let top = density(middle);
    let (mut whole, mut part) = (0.0, 0.0);
    for direction in [-1.0, 1.0] {
        // The middle belongs to the way up.
        let mut at = if direction > 0.0 { 0.0 } else { -1.0 };
        loop {
            let v = middle + at * step;
            let weight = (density(v) - top).exp();
            let p = 1.0 / (1.0 + (-v).exp());
            whole += weight;
            part += weight * (-power * (p * ratio).ln_1p()).exp();
            at += direction;
            if weight < SMALL || at.abs() > 50_000.0 {
                break;
            }
        }
    }
    part / whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hypergeometric_function_has_its_known_values() {
        // ₂F₁(1, 1; 2; z) = −ln(1 − z) / z; ₂F₁(a, b; b; z) = (1 − z)^(−a); ₂F₁(½, ½; 3/2; z²) = asin(z) / z.
        for z in [1e-9, 0.1, 0.5, 0.9, 0.949] {
            let near = |ours: f64, known: f64| assert!((ours / known - 1.0).abs() < 1e-12, "{z}: {ours} {known}");
            near(hyp2f1(1.0, 1.0, 2.0, z), -(-z).ln_1p() / z);
            near(hyp2f1(2.7, 1.3, 1.3, z), (1.0 - z).powf(-2.7));
            near(hyp2f1(0.5, 0.5, 1.5, z * z), z.asin() / z);
        }
    }

    #[test]
    fn both_ways_to_the_mean_over_a_beta_agree() {
        for (power, a, b) in [(1.243, 0.793, 2.426), (28.0, 0.793, 28.4), (0.2, 5.0, 0.1), (1.5, 300.0, 2000.0)] {
            for ratio in [0.2, 1.0, 8.0, 18.0] {
                let (series, beta) = (beta_mean(power, a, b, ratio), by_beta(power, a, b, ratio));
                assert!((series / beta - 1.0).abs() < 1e-10, "{power} {a} {b} {ratio}: {series} {beta}");
            }
        }
    }

    #[test]
    fn integrals_over_time_are_exact_where_they_are_known() {
        let near = |ours: f64, known: f64| assert!((ours / known - 1.0).abs() < 1e-11, "{ours} {known}");
        near(over_time(4.0, 78.0, |t| (1.0 + t / 4.0).powf(-2.5)), 4.0 / 1.5 * (1.0 - 20.5_f64.powf(-1.5)));
        near(over_time(40.0, 52.0, |t| (-0.01 * t).exp()), (1.0 - (-0.52_f64).exp()) / 0.01);
        assert_eq!(over_time(40.0, 0.0, |t| t), 0.0);
    }
}
