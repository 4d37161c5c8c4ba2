use super::{Discount, DiscountLimitOf, read};
use crate::mechanics::StackId;
use crate::mechanics::off::Off;
use crate::mechanics::specimen::Frame;
use crate::value::clock::{Period, Window};
use crate::value::exact::Exact;
use jiff::civil::date;

const PROMO: Frame<'_, Option<Discount>> = Frame {
    text: "program cafe {\nmoney RON\n}\ndiscount promo {\n@\n}\nstack best_price {\n}\n\
           tiers status {\nmeasure visits in ever\nlevel basic from 0\nlevel gold from 9\n}",
    keyword: "discount",
    read,
};

fn good(lines: &str) -> Discount {
    PROMO.good(lines).expect("it reads")
}

#[test]
fn what_it_says() {
    let discount = good("take 10% off");
    assert_eq!(discount.takes[0].0, Off::Percent(Exact::from_int(10)));
    assert!(discount.is_for_anybody() && discount.group.is_none() && discount.scale.is_none());
    let discount = good(
        "on purchase\nwhen status in [gold]\nitems category in [coffee]\ntake 2 RON off\n\
         group best_price\nlimit 2 times per member per week\ncap 20 RON per receipt\nfrom 2026-01-01 until 2026-12-31",
    );
    assert_eq!((discount.takes.len(), discount.group), (1, Some(StackId(0))));
    assert_eq!(discount.limits[0].most, Exact::from_int(2));
    assert_eq!(discount.cap.as_ref().map(|(cap, _)| cap.clone()), Some(Exact::from_int(20)));
    assert_eq!((discount.from, discount.until), (Some(date(2026, 1, 1)), Some(date(2026, 12, 31))));
    assert!(!discount.is_for_anybody());
}

#[test]
fn limits_are_of_times_or_of_money_and_for_each_member_or_in_all() {
    let limits = good(
        "take 10% off\nlimit once per member\nlimit 1000 times in all\nlimit 500 RON in all\n\
         limit at most 20.50 RON per member per month\nlimit 50 RON per day",
    )
    .limits;
    let said: Vec<_> = limits.iter().map(|one| (one.most.to_string(), one.of, one.per_member, one.window)).collect();
    let (times, money) = (DiscountLimitOf::Times, DiscountLimitOf::Money);
    assert_eq!(
        said,
        [
            ("1".to_owned(), times, true, Window::Ever),
            ("1000".to_owned(), times, false, Window::Ever),
            ("500".to_owned(), money, false, Window::Ever),
            ("20.5".to_owned(), money, true, Window::Calendar(Period::Month)),
            ("50".to_owned(), money, false, Window::Calendar(Period::Day)),
        ]
    );
}

#[test]
fn bands_stand_on_one_line_or_on_more() {
    let one = good("scale spend in calendar year: from 1000 RON take 5%, from 3000 RON take 8% off");
    let two = good(
        "scale spend in calendar year: from 1000 RON take 5%\nscale spend in calendar year: from 3000 RON take 8%",
    );
    let bands = |discount: &Discount| discount.scale.as_ref().map(|scale| scale.bands.clone());
    assert_eq!(bands(&one), bands(&two));
    assert_eq!(bands(&one).map(|bands| bands.len()), Some(2));
    assert!(good("scale purchases since joining: from 10 take 5%").scale.is_some());
}

#[test]
fn who_has_it_without_a_name() {
    for (lines, anybody) in [
        ("take 10% off\nwhen store in [Gara] and weekday in [monday]", true),
        ("take 10% off\nitems price is at least 20 RON", true),
        ("take 10% off\nwhen items is at least 10", true),
        ("take 10% off\nwhen not (status in [gold])", false),
        ("take 10% off\nwhen first purchase", false),
        ("take 10% off\nlimit 1 time per member per day", false),
        ("take 10% off\nlimit 100 times in all", true),
        ("take 10% off\nlimit 100 RON per member", false),
        ("scale visits ever: from 10 take 5%", false),
    ] {
        assert_eq!(good(lines).is_for_anybody(), anybody, "{lines}");
    }
}

#[test]
fn messages_and_their_good_twins() {
    insta::assert_snapshot!(PROMO.bad(&[
        ("when status in [gold]", "when status in [gold]\ntake 10% off"),
        ("on visit\ntake 10% off", "on purchase\ntake 10% off"),
        ("take 10%", "take 10% off"),
        ("take 10% off\ngroup best_prise", "take 10% off\ngroup best_price"),
        ("take 10% off\nlimit 0 times per member per day", "take 10% off\nlimit 1 time per member per day"),
        ("take 10% off\nlimit 0 RON in all", "take 10% off\nlimit 500 RON in all"),
        ("take 10% off\nlimit 500 EUR in all", "take 10% off\nlimit 500 RON in all"),
        ("take 10% off\nlimit 500 in all", "take 10% off\nlimit 500 times in all"),
        (
            "take 10% off\nlimit 1 time per member in campaign",
            "take 10% off\nlimit 1 time per member in campaign\nfrom 2026-01-01"
        ),
        ("take 10% off\ncap 20 EUR per receipt", "take 10% off\ncap 20 RON per receipt"),
        ("scale spend in calendar year: from 1000 take 5%", "scale spend in calendar year: from 1000 RON take 5%"),
        (
            "scale spend in calendar year: from 3000 RON take 5%, from 1000 RON take 8%",
            "scale spend in calendar year: from 1000 RON take 5%, from 3000 RON take 8%",
        ),
        (
            "scale spend in calendar year: from 1000 RON take 5%\nscale spend in calendar month: from 3000 RON take 8%",
            "scale spend in calendar year: from 1000 RON take 5%\nscale spend in calendar year: from 3000 RON take 8%",
        ),
        (
            "scale spend in calendar year: from 1000 RON take 5%\nscale spend in calendar year: from 3000 RON take 8%\ntake 2 RON off",
            "scale spend in calendar year: from 1000 RON take 5%\nscale spend in calendar year: from 3000 RON take 8%",
        ),
        ("take 10% off\nfrom 2026-12-31\nuntil 2026-01-01", "take 10% off\nfrom 2026-01-01\nuntil 2026-12-31"),
    ]));
}
