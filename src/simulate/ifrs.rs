//! Points as a separate performance obligation (IFRS 15): what of the sales is deferred when points are given, and when
//! it becomes revenue.
//!
//! A customer pays one price for goods and points. The price is allocated to both by what each would sell for alone
//! (paragraphs 73–80, B42); what falls to points is a contract liability until they are used, and becomes revenue in the
//! proportion in which they are used of all that are expected to be used (B46). When the expectation changes, what was
//! allocated stays and what has been recognised catches up (B46, example 52, IE270).
//!
//! Everything is exact; each figure is rounded once, from sums since the start, so that the rows of a column add up.

use crate::value::exact::{Exact, Rounding};

/// What one period brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// What customers paid for goods in it, with the points that came along.
    pub sales: Exact,
    /// Points given in it.
    pub given: Exact,
    /// Points used in it.
    pub used: Exact,
    /// Of all points given since the start, how many are expected to be used, those used included; as it is
    /// expected at the end of the period.
    pub expected: Exact,
}

/// What the books say of one period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booked {
    /// Of the period's sales, what is allocated to goods: revenue at once.
    pub goods: Exact,
    /// What is allocated to points: deferred.
    pub points: Exact,
    /// What of all that was deferred became revenue in the period.
    pub recognised: Exact,
    /// What is deferred at its end: the contract liability.
    pub liability: Exact,
}

/// Why periods cannot be booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unbookable {
    /// In the period of this place fewer points are expected to be used than were used already.
    LessThanUsed(usize),
    /// In the period of this place points were used before any were given.
    UsedBeforeGiven(usize),
}

/// The price, allocated to goods and points by stand-alone prices; neither is rounded.
pub fn allocate(price: &Exact, goods_alone: &Exact, points_alone: &Exact) -> (Exact, Exact) {
    let both = goods_alone + points_alone;
    let points = (price * points_alone).checked_div(&both).unwrap_or_else(Exact::zero);
    (price - &points, points)
}

/// The books of periods in order, rounded to `decimals` of the money.
///
/// `alone`: what one point would sell for alone when it is given: its worth times the chance that it is used (B42).
///
/// # Errors
/// When the figures contradict themselves.
pub fn books(periods: &[Period], alone: &Exact, decimals: u32) -> Result<Vec<Booked>, Unbookable> {
    let rounded = |sum: &Exact| sum.round(Rounding::HalfEven, decimals);
    let mut since_start = [Exact::zero(), Exact::zero(), Exact::zero()];
    let mut shown = [Exact::zero(), Exact::zero(), Exact::zero()];
    let mut used = Exact::zero();
    let mut rows = Vec::new();
    for (place, period) in periods.iter().enumerate() {
        let (goods, points) = allocate(&period.sales, &period.sales, &(&period.given * alone));
        since_start[0] += &goods;
        since_start[1] += &points;
        used += &period.used;
        if period.expected < used {
            return Err(Unbookable::LessThanUsed(place));
        }
        if used.is_positive() && !since_start[1].is_positive() && alone.is_positive() {
            return Err(Unbookable::UsedBeforeGiven(place));
        }
        // Nothing is expected to be used: what was deferred is revenue (B46: breakage that is certain).
        since_start[2] =
            (&since_start[1] * &used).checked_div(&period.expected).unwrap_or_else(|| since_start[1].clone());
        let now = since_start.each_ref().map(rounded);
        rows.push(Booked {
            goods: &now[0] - &shown[0],
            points: &now[1] - &shown[1],
            recognised: &now[2] - &shown[2],
            liability: &now[1] - &now[2],
        });
        shown = now;
    }
    Ok(rows)
}

/// What periods came to in all, rounded to `decimals` of the money: of the sales what is allocated to points, what of that
/// became revenue, and the contract liability at the end. A point sells alone for its worth times the share of those given
/// that is expected to be used at the end; points in the periods are at their worth. None where nothing was given, or the
/// figures contradict themselves.
pub fn summed(periods: &[Period], decimals: u32) -> Option<[Exact; 3]> {
    let given: Exact = periods.iter().map(|period| &period.given).sum();
    let alone = periods.last()?.expected.checked_div(&given)?.clamp(Exact::zero(), Exact::one());
    let booked = books(periods, &alone, decimals).ok()?;
    let sum = |of: fn(&Booked) -> &Exact| booked.iter().map(of).sum::<Exact>();
    Some([sum(|row| &row.points), sum(|row| &row.recognised), booked.last()?.liability.clone()])
}

/// How many of the points given will be used, as far as a history tells: those used, and of what is outstanding the share
/// that was used of all that came to an end. Where nothing has come to an end yet, all of them: without experience
/// nothing may be counted on to lapse (B46).
pub fn expected_use(used: &Exact, expired: &Exact, outstanding: &Exact) -> Exact {
    let ended = used + expired;
    let share = used.checked_div(&ended).unwrap_or_else(Exact::one);
    used + &(outstanding * &share)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(text: &str) -> Exact {
        Exact::parse(text).expect("a number")
    }

    fn whole(rows: &[Booked]) -> Vec<[String; 4]> {
        let texts =
            |row: &Booked| [&row.goods, &row.points, &row.recognised, &row.liability].map(|sum| sum.to_string());
        rows.iter().map(texts).collect()
    }

    /// IFRS 15, example 52 (IE267–IE270): 1 point for every 10 spent, worth 1 each, 9,500 of 10,000 expected to be
    /// used, so 0.95 alone; then 4,500 used of 9,500 expected, then 8,500 in all of 9,700 expected.
    #[test]
    fn example_52_of_the_standard() {
        let periods = [
            Period { sales: exact("100000"), given: exact("10000"), used: exact("4500"), expected: exact("9500") },
            Period { sales: Exact::zero(), given: Exact::zero(), used: exact("4000"), expected: exact("9700") },
        ];
        let rows = books(&periods, &exact("0.95"), 0).expect("books");
        assert_eq!(
            whole(&rows),
            [["91324", "8676", "4110", "4566"], ["0", "0", "3493", "1073"]].map(|row| row.map(str::to_owned))
        );
    }

    /// The same example over both years, as a study shows it; what is allocated is as expected at the end: 0.97 alone, so
    /// 100,000 × 9,700 ÷ 109,700 = 8,842.30; of that 8,500 ÷ 9,700 are used, 7,748.40.
    #[test]
    fn what_was_allocated_is_recognised_or_deferred() {
        let periods = [
            Period { sales: exact("100000"), given: exact("10000"), used: exact("4500"), expected: exact("9500") },
            Period { sales: Exact::zero(), given: Exact::zero(), used: exact("4000"), expected: exact("9700") },
        ];
        let sums = summed(&periods, 2).expect("books");
        assert_eq!(sums.map(|sum| sum.to_string()), ["8842.3", "7748.4", "1093.9"]);
        assert_eq!(summed(&[], 2), None);
    }

    #[test]
    fn rows_add_up_though_each_is_rounded() {
        let period = |used| Period { sales: exact("10"), given: exact("1"), used, expected: exact("3") };
        let periods = [period(Exact::zero()), period(Exact::one()), period(Exact::one())];
        let rows = books(&periods, &exact("0.5"), 2).expect("books");
        let points: Exact = rows.iter().map(|row| &row.points).sum();
        let recognised: Exact = rows.iter().map(|row| &row.recognised).sum();
        // 3 × 10 × 0.5 ÷ 10.5 = 1.428…; two of three used: 0.952…
        assert_eq!((points.to_string(), recognised.to_string()), ("1.43".to_owned(), "0.95".to_owned()));
        assert_eq!(rows[2].liability.to_string(), "0.48");
    }

    #[test]
    fn what_will_never_be_used_is_revenue_and_contradictions_are_told() {
        let period = |used: &str, expected: &str| Period {
            sales: exact("100"),
            given: exact("10"),
            used: exact(used),
            expected: exact(expected),
        };
        let rows = books(&[period("0", "0")], &exact("1"), 2).expect("books");
        assert_eq!(
            (rows[0].recognised.to_string(), rows[0].liability.to_string()),
            ("9.09".to_owned(), "0".to_owned())
        );
        assert_eq!(books(&[period("5", "4")], &exact("1"), 2), Err(Unbookable::LessThanUsed(0)));
        let none = Period { given: Exact::zero(), ..period("1", "4") };
        assert_eq!(books(&[none], &exact("1"), 2), Err(Unbookable::UsedBeforeGiven(0)));
    }

    #[test]
    fn nothing_lapses_before_anything_came_to_an_end() {
        assert_eq!(expected_use(&Exact::zero(), &Exact::zero(), &exact("100")), exact("100"));
        assert_eq!(expected_use(&exact("60"), &exact("20"), &exact("100")), exact("135"));
    }
}
