//! Exact ratios as whole numbers over a common denominator.

use crate::value::exact::{Exact, Rounding};
use num_traits::ToPrimitive;

/// The least number that both divide; none past what an `i64` holds.
pub fn common(a: i64, b: i64) -> Option<i64> {
    (a / greatest(a, b)).checked_mul(b)
}

/// The greatest number that divides both, whatever their signs; 0 for two zeros.
///
/// ```
/// use loyal::engine::plan::ratios::greatest;
/// assert_eq!(greatest(-12, 18), 6);
/// assert_eq!(greatest(0, 5), 5);
/// ```
pub fn greatest(a: i64, b: i64) -> i64 {
    let (mut x, mut y) = (a.unsigned_abs(), b.unsigned_abs());
    while y != 0 {
        (x, y) = (y, x % y);
    }
    // Only the least number of all has no positive twin; no figure is it.
    i64::try_from(x).unwrap_or(1)
}

/// Numerator and denominator, reduced.
pub fn parts(number: &Exact) -> Option<(i64, i64)> {
    Some((number.numer().to_i64()?, number.denom().to_i64()?))
}

/// The denominator of a number.
pub fn denominator(number: &Exact) -> Option<i64> {
    number.denom().to_i64()
}

/// `number × by` where that is whole.
pub fn whole(number: &Exact, by: i64) -> Option<i64> {
    (number * Exact::from_int(by)).to_i64()
}

/// The greatest whole number not above `number × by`.
pub fn floor(number: &Exact, by: i64) -> Option<i64> {
    (number * Exact::from_int(by)).floor().to_i64()
}

/// The least whole number not below `number × by`.
pub fn ceil(number: &Exact, by: i64) -> Option<i64> {
    (number * Exact::from_int(by)).ceil().to_i64()
}

/// `numer / denom` rounded to a whole number; `denom` is positive. None past what an `i64` holds.
pub fn divide(numer: i128, denom: i64, rounding: Rounding) -> Option<i64> {
    // Most figures are small, and a division of small numbers is several times as fast.
    if let Ok(small) = i64::try_from(numer) {
        let (quotient, rest) = (small / denom, small % denom);
        return Some(match rounding {
            Rounding::Down => quotient,
            Rounding::Up if rest == 0 => quotient,
            Rounding::Up => quotient + small.signum(),
            Rounding::Nearest | Rounding::HalfEven => {
                let rest = rest.unsigned_abs();
                let half = rest.cmp(&(denom.unsigned_abs() - rest));
                let up = half.is_gt() || (half.is_eq() && (rounding == Rounding::Nearest || quotient % 2 != 0));
                if up { quotient + small.signum() } else { quotient }
            }
        });
    }
    let denom = i128::from(denom);
    let (quotient, rest) = (numer / denom, (numer % denom).abs());
    let half = rest.cmp(&(denom - rest));
    let up = match rounding {
        Rounding::Down => false,
        Rounding::Up => rest != 0,
        Rounding::Nearest => half.is_ge(),
        Rounding::HalfEven => half.is_gt() || (half.is_eq() && quotient % 2 != 0),
    };
    i64::try_from(if up { quotient + numer.signum() } else { quotient }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotient_is_rounded_as_exact_numbers_are() {
        let modes = [Rounding::Down, Rounding::Up, Rounding::Nearest, Rounding::HalfEven];
        for numer in -40..=40_i64 {
            for denom in 1..=9_i64 {
                for mode in modes {
                    let exact = Exact::ratio(numer, denom).round(mode, 0).to_i64();
                    assert_eq!(divide(i128::from(numer), denom, mode), exact, "{numer} / {denom} {mode:?}");
                }
            }
        }
        let large = i128::from(i64::MAX) * 3;
        assert_eq!(divide(large, 2, Rounding::HalfEven), None);
        assert_eq!(divide(large + 3, 6, Rounding::HalfEven), Some(i64::MAX / 2 + 1));
    }
}
