//! The purchase models: what their parameters are called, and how likely a history is under them.

use super::numeric::{PANEL, beta_mean, over_time};
use serde::Serialize;

/// What is known of members whose purchases look alike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    /// How often they bought again.
    pub x: u32,
    /// From the first purchase to the last, in units of time.
    pub last: f64,
    /// From the first purchase to the end of the calibration, in units of time.
    pub seen: f64,
    /// How many members.
    pub members: f64,
}

/// A model of when members buy and when they stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Model {
    /// Fader, Hardie and Lee 2005: a member may leave right after a purchase, but not after her first.
    BgNbd,
    /// Batislam, Denizel and Filiztekin 2007: she may leave after her first, too.
    MbgNbd,
    /// Schmittlein, Morrison and Colombo 1987: she may leave at any moment.
    ParetoNbd,
}

/// The four parameters of a purchase model, in the order of [`Model::names`]; times in the unit of the rows.
pub type Theta = [f64; 4];

/// ln Γ(of + x) − ln Γ(of) and its derivative for x = 0, 1, …: sums of ln(of + i) and of 1/(of + i). Unlike a
/// difference of two values of ln Γ it keeps all digits however large the parameter.
struct Rising(Vec<(f64, f64)>);

impl Rising {
    fn new(of: f64, most: u32) -> Self {
        let mut sums = vec![(0.0, 0.0)];
        let (mut ln, mut slope) = (0.0, 0.0);
        for i in 0..=most {
            let at = of + f64::from(i);
            ln += at.ln();
            slope += 1.0 / at;
            sums.push((ln, slope));
        }
        Self(sums)
    }

    fn at(&self, x: u32) -> (f64, f64) {
        self.0[x as usize]
    }
}

impl Model {
    /// All of them, in the order in which they are tried.
    pub const ALL: [Self; 3] = [Self::BgNbd, Self::MbgNbd, Self::ParetoNbd];

    /// The name in print.
    pub fn name(self) -> &'static str {
        match self {
            Self::BgNbd => "BG/NBD",
            Self::MbgNbd => "MBG/NBD",
            Self::ParetoNbd => "Pareto/NBD",
        }
    }

    /// The names of its parameters.
    pub fn names(self) -> [&'static str; 4] {
        match self {
            Self::BgNbd | Self::MbgNbd => ["r", "alpha", "a", "b"],
            Self::ParetoNbd => ["r", "alpha", "s", "beta"],
        }
    }

    /// Which parameters are times.
    pub(super) fn times(self) -> [bool; 4] {
        match self {
            Self::BgNbd | Self::MbgNbd => [false, true, false, false],
            Self::ParetoNbd => [false, true, false, true],
        }
    }

    /// The log-likelihood of rows, and its slope along the logarithm of each parameter.
    pub(super) fn likelihood(self, theta: &Theta, rows: &[Row]) -> (f64, Theta) {
        match self {
            Self::BgNbd => beta_geometric(theta, rows, false),
            Self::MbgNbd => beta_geometric(theta, rows, true),
            Self::ParetoNbd => pareto(theta, rows),
        }
    }

    /// P(alive): the probability that a member with `x` repeat purchases, the last at `last`, has not left by `seen`.
    pub fn alive(self, theta: &Theta, x: u32, last: f64, seen: f64) -> f64 {
        let [r, alpha, third, fourth] = *theta;
        let n = f64::from(x);
        let longer = |power: f64| (power * ((alpha + seen) / (alpha + last)).ln()).exp();
        match self {
            // Fader, Hardie and Lee 2008 (the note on P(alive)): who has bought only once cannot have left.
            Self::BgNbd if x == 0 => 1.0,
            Self::BgNbd => 1.0 / (1.0 + third / (fourth + n - 1.0) * longer(r + n)),
            Self::MbgNbd => 1.0 / (1.0 + third / (fourth + n) * longer(r + n)),
            Self::ParetoNbd => {
                let gone = left_between(theta, n, last, seen);
                let stayed = -(r + n) * ((alpha + seen) / (alpha + last)).ln()
                    - third * ((fourth + seen) / (fourth + last)).ln();
                let stayed = stayed.exp();
                stayed / (stayed + third * gone.integral)
            }
        }
    }

    /// How often a new member is expected to buy again by a time from her first purchase.
    pub fn expected_new(self, theta: &Theta, until: f64) -> f64 {
        over_time(self.shortest(theta), until, |at| self.rate_new(theta, at))
    }

    /// How often she is expected to buy in the time `until` from now, given what she did (the conditional
    /// expectation).
    pub fn expected(self, theta: &Theta, row: &Row, until: f64) -> f64 {
        self.discounted(theta, row, until, 0.0)
    }

    /// The same with every purchase worth e^(−interest·t) of one today.
    pub fn discounted(self, theta: &Theta, row: &Row, until: f64, interest: f64) -> f64 {
        let alive = self.alive(theta, row.x, row.last, row.seen);
        let scale = self.shortest(theta) + row.seen;
        alive * over_time(scale, until, |at| self.rate_alive(theta, row, at) * (-interest * at).exp())
    }

    /// Repeat purchases per unit of time of a new member, a time after her first purchase.
    pub(super) fn rate_new(self, theta: &Theta, at: f64) -> f64 {
        let [r, alpha, a, b] = *theta;
        match self {
            Self::BgNbd => r / alpha * beta_mean(r + 1.0, a, b, at / alpha),
            // She stayed after her first purchase with probability 1 − p: E[(1 − p) …] is over Beta(a, b + 1).
            Self::MbgNbd => b / (a + b) * r / alpha * beta_mean(r + 1.0, a, b + 1.0, at / alpha),
            Self::ParetoNbd => r / alpha * (-a * (at / b).ln_1p()).exp(),
        }
    }

    /// Purchases per unit of time, a time from now, of one who has not left by now: what is known of her rate is
    /// Gamma(r + x, alpha + T), of her dropping out Beta(a, b + x) or Gamma(s, beta + T).
    fn rate_alive(self, theta: &Theta, row: &Row, at: f64) -> f64 {
        let [r, alpha, a, b] = *theta;
        let (n, alpha) = (f64::from(row.x), alpha + row.seen);
        let rate = (r + n) / alpha;
        match self {
            Self::BgNbd => rate * beta_mean(r + n + 1.0, a, b + n, at / alpha),
            Self::MbgNbd => rate * beta_mean(r + n + 1.0, a, b + n + 1.0, at / alpha),
            Self::ParetoNbd => rate * (-a * (at / (b + row.seen)).ln_1p()).exp(),
        }
    }

    fn shortest(self, theta: &Theta) -> f64 {
        match self {
            Self::BgNbd | Self::MbgNbd => theta[1],
            Self::ParetoNbd => theta[1].min(theta[3]),
        }
    }
}

/// Fader, Hardie and Lee 2005, equation 6, and its modification by Batislam and others 2007.
///
/// L = Γ(r+x)/Γ(r) · α^r · Π (b+i)/(a+b+i) · [(α+T)^−(r+x) + δ · a/(b+x−1) · (α+t_x)^−(r+x)], the product over
/// i < x; in the modified model over i ≤ x, with (b+x) before the first and a before the second term.
fn beta_geometric(theta: &Theta, rows: &[Row], modified: bool) -> (f64, Theta) {
    let [r, alpha, a, b] = *theta;
    let most = rows.iter().map(|row| row.x).max().unwrap_or(0);
    let (of_r, of_b, of_ab) = (Rising::new(r, most), Rising::new(b, most), Rising::new(a + b, most));
    let (mut sum, mut slope) = (0.0, [0.0; 4]);
    for row in rows {
        let n = f64::from(row.x);
        let (times_r, slope_r) = of_r.at(row.x);
        let (times_b, slope_b) = of_b.at(row.x);
        let (times_ab, slope_ab) = of_ab.at(if modified { row.x + 1 } else { row.x });
        let (stays, leaves) = ((alpha + row.seen).ln(), (alpha + row.last).ln());
        // What stands before the two terms, and its slope along b.
        let (first, first_b) = if modified { ((b + n).ln(), 1.0 / (b + n)) } else { (0.0, 0.0) };
        let (second, second_b) = match (modified, row.x) {
            (true, _) => (a.ln(), 0.0),
            (false, 0) => (f64::NEG_INFINITY, 0.0),
            (false, _) => ((a / (b + n - 1.0)).ln(), -1.0 / (b + n - 1.0)),
        };
        let (first, second) = (first - (r + n) * stays, second - (r + n) * leaves);
        let (both, left) = log_sum(first, second);
        let stayed = 1.0 - left;
        sum += row.members * (times_r + r * alpha.ln() + times_b - times_ab + both);
        let by = [
            slope_r + alpha.ln() - stayed * stays - left * leaves,
            r / alpha - (r + n) * (stayed / (alpha + row.seen) + left / (alpha + row.last)),
            -slope_ab + left / a,
            slope_b - slope_ab + stayed * first_b + left * second_b,
        ];
        for (slope, (by, of)) in slope.iter_mut().zip(by.iter().zip(theta)) {
            *slope += row.members * by * of;
        }
    }
    (sum, slope)
}

/// ln(eᵃ + eᵇ), and the share of the second.
fn log_sum(a: f64, b: f64) -> (f64, f64) {
    let share = 1.0 / (1.0 + (a - b).exp());
    let top = a.max(b);
    (top + ((a - top).exp() + (b - top).exp()).ln(), share)
}

/// Fader and Hardie 2005 (the note on the Pareto/NBD), equation 19 before its integral is written as a difference of
/// hypergeometric functions, which cancel: L = Γ(r+x)/Γ(r) · α^r · β^s · [(α+T)^−(r+x) (β+T)^−s + s·∫ (α+y)^−(r+x)
/// (β+y)^−(s+1) dy], y from t_x to T.
fn pareto(theta: &Theta, rows: &[Row]) -> (f64, Theta) {
    let [r, alpha, s, beta] = *theta;
    let most = rows.iter().map(|row| row.x).max().unwrap_or(0);
    let of_r = Rising::new(r, most);
    let (mut sum, mut slope) = (0.0, [0.0; 4]);
    for row in rows {
        let n = f64::from(row.x);
        let (times_r, slope_r) = of_r.at(row.x);
        let gone = left_between(theta, n, row.last, row.seen);
        // Both terms over (α+t_x)^−(r+x) (β+t_x)^−s.
        let (stays, stays_s) = ((alpha + row.seen).ln(), (beta + row.seen).ln());
        let (leaves, leaves_s) = ((alpha + row.last).ln(), (beta + row.last).ln());
        let stayed = (-(r + n) * (stays - leaves) - s * (stays_s - leaves_s)).exp();
        let both = stayed + s * gone.integral;
        let outside = -(r + n) * leaves - s * leaves_s;
        sum += row.members * (times_r + r * alpha.ln() + s * beta.ln() + outside + both.ln());
        let share = |stay: f64, go: f64| (stayed * stay + s * go) / both;
        let by = [
            slope_r + alpha.ln() - share(stays, gone.by_r),
            r / alpha - (r + n) * share(1.0 / (alpha + row.seen), gone.by_alpha),
            beta.ln() - share(stays_s, gone.by_s) + gone.integral / both,
            s / beta - share(s / (beta + row.seen), (s + 1.0) * gone.by_beta),
        ];
        for (slope, (by, of)) in slope.iter_mut().zip(by.iter().zip(theta)) {
            *slope += row.members * by * of;
        }
    }
    (sum, slope)
}

/// ∫ (α+y)^−(r+x) (β+y)^−(s+1) dy over (α+t_x)^−(r+x) (β+t_x)^−s, and the same with a factor for each slope.
#[derive(Default)]
struct Gone {
    integral: f64,
    /// With ln(α+y).
    by_r: f64,
    /// With 1/(α+y).
    by_alpha: f64,
    /// With ln(β+y).
    by_s: f64,
    /// With 1/(β+y).
    by_beta: f64,
}

/// A factor e^−40 of the beginning adds nothing to a sum in double precision.
const ENOUGH: f64 = 40.0;

/// How far the exponent may fall within a panel for ten points to give twelve digits.
const FALL: f64 = 8.0;

fn left_between(theta: &Theta, x: f64, last: f64, seen: f64) -> Gone {
    let [r, alpha, s, beta] = *theta;
    let mut gone = Gone::default();
    // y = (α + t_x)·eʷ − α, dy = (α + y) dw.
    let start = alpha + last;
    let falls = r + x - 1.0;
    let mut width = ((seen - last) / start).ln_1p();
    if falls > 0.0 {
        width = width.min(ENOUGH / falls);
    }
    if width <= 0.0 {
        return gone;
    }
    let panels = ((r + x + s) * width / FALL).ceil().clamp(1.0, 64.0);
    let step = width / panels;
    let (ln_start, ln_beta) = (start.ln(), (beta + last).ln());
    let mut from = 0.0;
    while from < width - step / 2.0 {
        for (at, weight) in PANEL.iter() {
            let w = from + at * step;
            let of_alpha = start * w.exp();
            let of_beta = beta + last + (of_alpha - start);
            let ln_of_beta = of_beta.ln();
            let value = weight * step * (-falls * w - s * (ln_of_beta - ln_beta)).exp() * start / of_beta;
            gone.integral += value;
            gone.by_r += value * (ln_start + w);
            gone.by_alpha += value / of_alpha;
            gone.by_s += value * ln_of_beta;
            gone.by_beta += value / of_beta;
        }
        from += step;
    }
    gone
}
