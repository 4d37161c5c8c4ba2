//! Exact rational numbers (section 6.6 of the language): no float takes part.

use std::cmp::Ordering;
use std::fmt;
use std::iter::Sum;
use std::num::NonZeroI64;
use std::ops::{Add, AddAssign, Mul, MulAssign, Neg, Sub, SubAssign};
use std::str::FromStr;

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Pow, Signed, ToPrimitive, Zero};

/// How a number is cut to its decimals; each mode treats a negative as the mirror of its positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rounding {
    /// Toward zero.
    Down,
    /// Away from zero.
    Up,
    /// To the nearest, a half away from zero.
    Nearest,
    /// To the nearest, a half to the even neighbour.
    HalfEven,
}

/// An exact rational number of any size.
///
/// ```
/// use loyal::value::Exact;
/// let third = Exact::ratio(1, 3);
/// assert_eq!(&third + &third + third, Exact::one());
/// assert_eq!(Exact::parse("28.950").map(|n| n.to_string()).as_deref(), Some("28.95"));
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Exact(Repr);

/// Always reduced, the denominator positive, and `Small` whenever both parts fit: so the derived
/// equality and hash are those of the number.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    Small(i64, NonZeroI64),
    Big(Box<BigRational>),
}

impl Exact {
    /// 0.
    pub const fn zero() -> Self {
        Self(Repr::Small(0, NonZeroI64::new(1).unwrap()))
    }

    /// 1.
    pub const fn one() -> Self {
        Self::from_int(1)
    }

    /// A whole number.
    pub const fn from_int(number: i64) -> Self {
        Self(Repr::Small(number, NonZeroI64::new(1).unwrap()))
    }

    /// `numer / denom`; `denom` must not be zero (it is this code's, never a user's).
    pub fn ratio(numer: i64, denom: i64) -> Self {
        assert!(denom != 0, "a ratio's denominator is never zero");
        Self::reduced(i128::from(numer), i128::from(denom))
    }

    /// The same number as a decimal of `rust_decimal`.
    pub fn from_decimal(number: rust_decimal::Decimal) -> Self {
        // A scale is at most 28, and 10^28 fits.
        Self::reduced(number.mantissa(), 10_i128.pow(number.scale()))
    }

    /// From a fraction of any size; `None` when the denominator is zero.
    pub fn from_big(numer: BigInt, denom: BigInt) -> Option<Self> {
        if denom.is_zero() { None } else { Some(Self::settled(BigRational::new(numer, denom))) }
    }

    /// Decimal text such as `-12.50`, of any number of digits; no exponent, no grouping, no words.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, body) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, part) = match body.split_once('.') {
            Some((_, "")) => return None,
            Some(halves) => halves,
            None => (body, ""),
        };
        let is_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && part.is_empty()) || !is_digits(whole) || !is_digits(part) {
            return None;
        }
        if whole.len() + part.len() <= 18 {
            let digits = whole.bytes().chain(part.bytes());
            let number = digits.fold(0_i64, |sum, b| sum * 10 + i64::from(b - b'0'));
            let scale = 10_i64.pow(u32::try_from(part.len()).ok()?);
            return Some(Self::small(if negative { -number } else { number }, scale));
        }
        let digits = format!("{}{whole}{part}", if negative { "-" } else { "" });
        Self::from_big(BigInt::from_str(&digits).ok()?, BigInt::from(10).pow(part.len()))
    }

    /// Whether it is 0.
    pub fn is_zero(&self) -> bool {
        matches!(self.0, Repr::Small(0, _))
    }

    /// Whether it is below 0.
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Repr::Small(n, _) => *n < 0,
            Repr::Big(big) => big.is_negative(),
        }
    }

    /// Whether it is above 0.
    pub fn is_positive(&self) -> bool {
        match &self.0 {
            Repr::Small(n, _) => *n > 0,
            Repr::Big(big) => big.is_positive(),
        }
    }

    /// Whether it is whole.
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Repr::Small(_, d) => d.get() == 1,
            Repr::Big(big) => big.is_integer(),
        }
    }

    /// Its distance from 0.
    pub fn abs(&self) -> Self {
        if self.is_negative() { -self } else { self.clone() }
    }

    /// The greatest whole number not above it.
    pub fn floor(&self) -> Self {
        match &self.0 {
            Repr::Small(n, d) => Self::from_int(n.div_euclid(d.get())),
            Repr::Big(big) => Self::settled(big.floor()),
        }
    }

    /// The least whole number not below it.
    pub fn ceil(&self) -> Self {
        -((-self).floor())
    }

    /// The quotient; `None` when the divisor is 0.
    pub fn checked_div(&self, by: &Self) -> Option<Self> {
        if by.is_zero() {
            return None;
        }
        Some(match (&self.0, &by.0) {
            (Repr::Small(n, d), Repr::Small(m, e)) => {
                Self::reduced(i128::from(*n) * i128::from(e.get()), i128::from(*m) * i128::from(d.get()))
            }
            _ => Self::settled(self.big() / by.big()),
        })
    }

    /// The numerator, reduced; it carries the sign.
    pub fn numer(&self) -> BigInt {
        match &self.0 {
            Repr::Small(n, _) => BigInt::from(*n),
            Repr::Big(big) => big.numer().clone(),
        }
    }

    /// The denominator, reduced and positive.
    pub fn denom(&self) -> BigInt {
        match &self.0 {
            Repr::Small(_, d) => BigInt::from(d.get()),
            Repr::Big(big) => big.denom().clone(),
        }
    }

    /// The number as an `i64`, when it is whole and fits.
    pub fn to_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Small(n, d) if d.get() == 1 => Some(*n),
            Repr::Small(..) | Repr::Big(_) => None,
        }
    }

    /// The nearest `f64`, for statistics and pictures only: never for a balance.
    pub fn to_f64_lossy(&self) -> f64 {
        self.big().to_f64().unwrap_or(0.0)
    }

    /// The multiple of 10^-`decimals` that `rounding` chooses.
    pub fn round(&self, rounding: Rounding, decimals: u32) -> Self {
        if let Repr::Small(n, d) = &self.0 {
            if d.get() == 1 {
                return self.clone();
            }
            if decimals <= 18 {
                // |n| < 2^63 and 10^18 < 2^60: the product fits.
                let scale = 10_i128.pow(decimals);
                return Self::reduced(whole(&(i128::from(*n) * scale), &i128::from(d.get()), rounding), scale);
            }
        }
        let scale = BigInt::from(10).pow(decimals);
        let units = whole(&(self.numer() * &scale), &self.denom(), rounding);
        Self::settled(BigRational::new(units, scale))
    }

    /// The number in units of 10^-`decimals`, when it is a whole number of them and fits: 3260 for 32.6 and 2.
    pub fn scaled(&self, decimals: u32) -> Option<i64> {
        let Repr::Small(n, d) = &self.0 else { return None };
        if d.get() == 1 && decimals == 0 {
            return Some(*n);
        }
        let scale = 10_i64.checked_pow(decimals)?;
        if scale % d.get() == 0 { n.checked_mul(scale / d.get()) } else { None }
    }

    /// So many units of 10^-`decimals`: 32.6 of 3260 and 2.
    pub fn from_scaled(units: i128, decimals: u32) -> Self {
        match 10_i128.checked_pow(decimals) {
            Some(scale) if units != i128::MIN => Self::reduced(units, scale),
            Some(_) | None => Self::settled(BigRational::new(units.into(), BigInt::from(10).pow(decimals))),
        }
    }

    /// Text with exactly `decimals` decimals, such as `32.60`; what lies between two of them is
    /// rounded half even.
    pub fn fixed(&self, decimals: u32) -> String {
        let mut text = Vec::new();
        self.push_fixed(decimals, &mut text);
        String::from_utf8_lossy(&text).into_owned()
    }

    /// Writes the text of [`Self::fixed`] behind what is there.
    pub fn push_fixed(&self, decimals: u32, out: &mut Vec<u8>) {
        if let Some(units) = self.scaled(decimals) {
            return push_scaled(units, decimals, out);
        }
        let scale = BigInt::from(10).pow(decimals);
        let units = whole(&(self.numer() * scale), &self.denom(), Rounding::HalfEven);
        let width = decimals as usize;
        let digits = format!("{:0>pad$}", units.magnitude().to_string(), pad = width + 1);
        let (left, right) = digits.split_at(digits.len() - width);
        if units.is_negative() {
            out.push(b'-');
        }
        out.extend_from_slice(left.as_bytes());
        if width > 0 {
            out.push(b'.');
        }
        out.extend_from_slice(right.as_bytes());
    }

    /// How many decimals the exact decimal needs; `None` when it never ends.
    pub fn decimals(&self) -> Option<u32> {
        let mut rest = self.denom();
        let mut count = |prime: u32| {
            let prime = BigInt::from(prime);
            let mut times = 0_u32;
            loop {
                let (quotient, remainder) = rest.div_rem(&prime);
                if !remainder.is_zero() {
                    return times;
                }
                rest = quotient;
                times += 1;
            }
        };
        let needed = count(2).max(count(5));
        rest.is_one().then_some(needed)
    }

    fn small(numer: i64, denom: i64) -> Self {
        let by = numer.gcd(&denom);
        match NonZeroI64::new(denom / by) {
            Some(d) if d.get() > 0 => Self(Repr::Small(numer / by, d)),
            _ => Self::reduced(i128::from(numer), i128::from(denom)),
        }
    }

    /// `denom` is not zero; both parts are above `i128::MIN`.
    fn reduced(numer: i128, denom: i128) -> Self {
        let (mut n, mut d) = if denom < 0 { (-numer, -denom) } else { (numer, denom) };
        if d != 1 {
            let by = match (u64::try_from(n.unsigned_abs()), u64::try_from(d)) {
                (Ok(a), Ok(b)) => i128::from(a.gcd(&b)),
                _ => n.gcd(&d),
            };
            n /= by;
            d /= by;
        }
        match (i64::try_from(n), i64::try_from(d).ok().and_then(NonZeroI64::new)) {
            (Ok(n), Some(d)) => Self(Repr::Small(n, d)),
            _ => Self(Repr::Big(Box::new(BigRational::new_raw(BigInt::from(n), BigInt::from(d))))),
        }
    }

    /// From a reduced fraction of any size.
    fn settled(big: BigRational) -> Self {
        match (big.numer().to_i64(), big.denom().to_i64().and_then(NonZeroI64::new)) {
            (Some(n), Some(d)) => Self(Repr::Small(n, d)),
            _ => Self(Repr::Big(Box::new(big))),
        }
    }

    fn big(&self) -> BigRational {
        match &self.0 {
            Repr::Small(n, d) => BigRational::new_raw(BigInt::from(*n), BigInt::from(d.get())),
            Repr::Big(big) => (**big).clone(),
        }
    }

    fn plus(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (Repr::Small(n, d), Repr::Small(m, e)) => {
                let (n, m) = (i128::from(*n), i128::from(*m));
                let (d, e) = (i128::from(d.get()), i128::from(e.get()));
                if d == e { Self::reduced(n + m, d) } else { Self::reduced(n * e + m * d, d * e) }
            }
            _ => Self::settled(self.big() + other.big()),
        }
    }

    fn times(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (Repr::Small(n, d), Repr::Small(m, e)) => {
                Self::reduced(i128::from(*n) * i128::from(*m), i128::from(d.get()) * i128::from(e.get()))
            }
            _ => Self::settled(self.big() * other.big()),
        }
    }
}

/// A number of units of 10^-`decimals` as decimal text.
fn push_scaled(units: i64, decimals: u32, out: &mut Vec<u8>) {
    // From the last digit on; a u64 has at most 20, and never fewer than one stands before the point.
    let mut text = [b'0'; 24];
    let mut at = text.len();
    let mut rest = units.unsigned_abs();
    let mut written = 0;
    while rest > 0 || written <= decimals {
        if written == decimals && decimals > 0 {
            at -= 1;
            text[at] = b'.';
        }
        at -= 1;
        text[at] = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
        written += 1;
    }
    if units < 0 {
        at -= 1;
        text[at] = b'-';
    }
    out.extend_from_slice(&text[at..]);
}

/// `numer / denom` as a whole number; `denom` is positive.
fn whole<N>(numer: &N, denom: &N, rounding: Rounding) -> N
where
    N: Integer + Signed + Clone,
{
    let (quotient, rest) = numer.abs().div_rem(denom);
    let twice = rest.clone() + rest.clone();
    let up = match rounding {
        Rounding::Down => false,
        Rounding::Up => !rest.is_zero(),
        Rounding::Nearest => twice >= *denom,
        Rounding::HalfEven => twice > *denom || (twice == *denom && quotient.is_odd()),
    };
    let size = if up { quotient + N::one() } else { quotient };
    if numer.is_negative() { -size } else { size }
}

impl Default for Exact {
    fn default() -> Self {
        Self::zero()
    }
}

impl From<i64> for Exact {
    fn from(number: i64) -> Self {
        Self::from_int(number)
    }
}

impl From<rust_decimal::Decimal> for Exact {
    fn from(number: rust_decimal::Decimal) -> Self {
        Self::from_decimal(number)
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Repr::Small(n, d), Repr::Small(m, e)) if d == e => n.cmp(m),
            (Repr::Small(n, d), Repr::Small(m, e)) => {
                (i128::from(*n) * i128::from(e.get())).cmp(&(i128::from(*m) * i128::from(d.get())))
            }
            _ => self.big().cmp(&other.big()),
        }
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.decimals() {
            Some(decimals) => f.pad(&self.fixed(decimals)),
            None => f.pad(&format!("{}/{}", self.numer(), self.denom())),
        }
    }
}

impl fmt::Debug for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is no number as [`Exact`] writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotExact;

impl fmt::Display for NotExact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an exact number such as 12.50 or 1/3")
    }
}

impl std::error::Error for NotExact {}

/// Reads back what `Display` writes: `28.95` or `1/3`.
impl FromStr for Exact {
    type Err = NotExact;

    fn from_str(text: &str) -> Result<Self, NotExact> {
        match text.split_once('/') {
            None => Self::parse(text).ok_or(NotExact),
            Some((numer, denom)) => {
                let (numer, denom) = (Self::parse(numer).ok_or(NotExact)?, Self::parse(denom).ok_or(NotExact)?);
                numer.checked_div(&denom).ok_or(NotExact)
            }
        }
    }
}

impl Neg for &Exact {
    type Output = Exact;

    fn neg(self) -> Exact {
        match &self.0 {
            Repr::Small(n, d) => Exact::reduced(-i128::from(*n), i128::from(d.get())),
            Repr::Big(big) => Exact::settled(-(**big).clone()),
        }
    }
}

impl Neg for Exact {
    type Output = Exact;

    fn neg(self) -> Exact {
        -&self
    }
}

/// The four ways to own or borrow the two sides, from the one that borrows both.
macro_rules! operator {
    ($trait:ident, $method:ident, |$a:ident, $b:ident| $result:expr) => {
        impl $trait<&Exact> for &Exact {
            type Output = Exact;
            fn $method(self, other: &Exact) -> Exact {
                let ($a, $b) = (self, other);
                $result
            }
        }
        impl $trait<Exact> for &Exact {
            type Output = Exact;
            fn $method(self, other: Exact) -> Exact {
                $trait::$method(self, &other)
            }
        }
        impl $trait<&Exact> for Exact {
            type Output = Exact;
            fn $method(self, other: &Exact) -> Exact {
                $trait::$method(&self, other)
            }
        }
        impl $trait<Exact> for Exact {
            type Output = Exact;
            fn $method(self, other: Exact) -> Exact {
                $trait::$method(&self, &other)
            }
        }
    };
}

operator!(Add, add, |a, b| a.plus(b));
operator!(Sub, sub, |a, b| a.plus(&-b));
operator!(Mul, mul, |a, b| a.times(b));

impl AddAssign<&Exact> for Exact {
    fn add_assign(&mut self, other: &Exact) {
        *self = self.plus(other);
    }
}

impl AddAssign for Exact {
    fn add_assign(&mut self, other: Exact) {
        *self = self.plus(&other);
    }
}

impl SubAssign<&Exact> for Exact {
    fn sub_assign(&mut self, other: &Exact) {
        *self = self.plus(&-other);
    }
}

impl SubAssign for Exact {
    fn sub_assign(&mut self, other: Exact) {
        *self = self.plus(&-other);
    }
}

impl MulAssign<&Exact> for Exact {
    fn mul_assign(&mut self, other: &Exact) {
        *self = self.times(other);
    }
}

impl Sum for Exact {
    fn sum<I: Iterator<Item = Exact>>(numbers: I) -> Self {
        numbers.fold(Self::zero(), |sum, number| sum.plus(&number))
    }
}

impl<'a> Sum<&'a Exact> for Exact {
    fn sum<I: Iterator<Item = &'a Exact>>(numbers: I) -> Self {
        numbers.fold(Self::zero(), |sum, number| sum.plus(number))
    }
}

#[cfg(test)]
mod tests;
