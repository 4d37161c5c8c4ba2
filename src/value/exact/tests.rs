use super::*;
use proptest::prelude::*;

fn n(text: &str) -> Exact {
    text.parse().expect("a number")
}

#[test]
fn reads_decimal_text_and_nothing_else() {
    for (text, shown) in [
        ("-12.50", "-12.5"),
        ("0", "0"),
        ("-0.00", "0"),
        (".5", "0.5"),
        ("00012", "12"),
        ("123456789012345678901234567890.12345678901234567890", "123456789012345678901234567890.1234567890123456789"),
    ] {
        assert_eq!(Exact::parse(text).expect(text).to_string(), shown);
    }
    for text in ["", "-", ".", "5.", "1e5", "NaN", "inf", "1,5", "+1", " 1", "1 ", "--1", "1.2.3", "0x1", "١"] {
        assert_eq!(Exact::parse(text), None, "{text}");
    }
}

#[test]
fn shows_the_shortest_decimal_or_a_fraction() {
    assert_eq!(Exact::ratio(2895, 100).to_string(), "28.95");
    assert_eq!(Exact::ratio(1, -3).to_string(), "-1/3");
    assert_eq!(n("32.6").fixed(2), "32.60");
    assert_eq!(n("-0.05").fixed(2), "-0.05");
    assert_eq!(n("0.125").fixed(2), "0.12");
    assert_eq!(n("-0.001").fixed(2), "0.00");
    assert_eq!(n("7").fixed(0), "7");
}

#[test]
fn rounding_mirrors_negatives() {
    use Rounding::{Down, HalfEven, Nearest, Up};
    for (text, mode, decimals, want) in [
        ("2.5", Down, 0, "2"),
        ("-2.5", Down, 0, "-2"),
        ("2.1", Up, 0, "3"),
        ("-2.1", Up, 0, "-3"),
        ("2.5", Nearest, 0, "3"),
        ("-2.5", Nearest, 0, "-3"),
        ("2.5", HalfEven, 0, "2"),
        ("3.5", HalfEven, 0, "4"),
        ("-2.5", HalfEven, 0, "-2"),
        ("0.125", HalfEven, 2, "0.12"),
        ("0.135", HalfEven, 2, "0.14"),
        ("1/3", Up, 2, "0.34"),
        ("123456789012345678901234567890.5", HalfEven, 0, "123456789012345678901234567890"),
    ] {
        assert_eq!(n(text).round(mode, decimals), n(want), "{text} {mode:?} {decimals}");
    }
    assert_eq!(n("1/3").round(Down, 30).fixed(30), format!("0.{}", "3".repeat(30)));
}

#[test]
fn leaves_and_rejoins_the_small_numbers() {
    let max = Exact::from_int(i64::MAX);
    let past = &max + Exact::one();
    assert_eq!(past.to_string(), "9223372036854775808");
    assert_eq!(past.to_i64(), None);
    assert_eq!(&past - Exact::one(), max);
    assert_eq!(-Exact::from_int(i64::MIN), past);
    assert_eq!(Exact::ratio(i64::MIN, i64::MIN), Exact::one());
    assert_eq!(Exact::ratio(1, i64::MIN).checked_div(&Exact::ratio(1, i64::MIN)), Some(Exact::one()));
    assert_eq!(Exact::one().checked_div(&Exact::zero()), None);
    assert_eq!(std::mem::size_of::<Exact>(), 16);
}

#[test]
fn floors_and_ceils() {
    assert_eq!(n("-1.5").floor(), n("-2"));
    assert_eq!(n("-1.5").ceil(), n("-1"));
    assert_eq!(n("1.5").floor(), n("1"));
    assert_eq!(n("1.5").ceil(), n("2"));
    assert_eq!(n("1.5").max(n("2")), n("2"));
}

proptest! {
    #[test]
    fn agrees_with_big_rationals(a: i64, b in 1_i64.., c: i64, d in 1_i64..) {
        let (x, y) = (Exact::ratio(a, b), Exact::ratio(c, d));
        let (p, q) = (BigRational::new(a.into(), b.into()), BigRational::new(c.into(), d.into()));
        prop_assert_eq!((&x + &y).big(), &p + &q);
        prop_assert_eq!((&x - &y).big(), &p - &q);
        prop_assert_eq!((&x * &y).big(), &p * &q);
        prop_assert_eq!(x.cmp(&y), p.cmp(&q));
        prop_assert_eq!(x.floor().big(), p.floor());
        prop_assert_eq!(&(&x + &y) - &y, x.clone());
        if !y.is_zero() {
            prop_assert_eq!(x.checked_div(&y).expect("not zero").big(), p / q);
        }
        prop_assert_eq!(x.to_string().parse::<Exact>(), Ok(x));
    }
}

#[test]
fn scaled_numbers_are_written_as_any_other() {
    for units in [0, 1, -1, 9, 10, -10, 99, 12_345, i64::MAX, i64::MIN + 1] {
        for decimals in [0, 1, 2, 6, 18] {
            let number = Exact::from_scaled(i128::from(units), decimals);
            assert_eq!(number.scaled(decimals), Some(units), "{units} / 10^{decimals}");
            let digits = format!("{:0>pad$}", units.unsigned_abs().to_string(), pad = decimals as usize + 1);
            let (left, right) = digits.split_at(digits.len() - decimals as usize);
            let sign = if units < 0 { "-" } else { "" };
            let point = if decimals > 0 { "." } else { "" };
            assert_eq!(number.fixed(decimals), format!("{sign}{left}{point}{right}"));
        }
    }
    assert_eq!(Exact::ratio(1, 3).scaled(2), None);
    assert_eq!(Exact::ratio(1, 3).fixed(2), "0.33");
    assert_eq!(Exact::ratio(1, 2).fixed(0), "0");
    assert_eq!(Exact::from_scaled(i128::MIN, 2).decimals(), Some(2));
}
