use super::{Coupon, read};
use crate::mechanics::gift::Valid;
use crate::mechanics::off::Off;
use crate::mechanics::specimen::Frame;
use crate::value::clock::{Length, Period};
use crate::value::exact::Exact;
use jiff::civil::date;

const FIVE: Frame<'_, Option<Coupon>> = Frame {
    text: "program cafe {\nmoney RON\n}\ncoupon five {\n@\n}\n\
           tiers status {\nmeasure visits in ever\nlevel basic from 0\nlevel gold from 9\n}",
    keyword: "coupon",
    read,
};

fn good(lines: &str) -> Coupon {
    FIVE.good(lines).expect("it reads")
}

#[test]
fn what_it_takes_off() {
    let n = Exact::from_int;
    let cheapest = |percent, of_every| Off::Cheapest { percent: n(percent), of_every };
    for (line, off) in [
        ("take 10% off", Off::Percent(n(10))),
        ("take 10% off the items", Off::Percent(n(10))),
        ("take 5 RON off", Off::Money(n(5))),
        ("take 2 RON off each item", Off::EachItem(n(2))),
        ("take 2 RON off per item", Off::EachItem(n(2))),
        ("take 5 RON off per 50 RON", Off::Per { off: n(5), step: n(50) }),
        ("take 5 RON off per full 50 RON", Off::Per { off: n(5), step: n(50) }),
        ("take 50% off cheapest item", cheapest(50, None)),
        ("take 100% off the cheapest item of every 3", cheapest(100, Some(3))),
        ("take free cheapest item", cheapest(100, None)),
        ("price 5 RON", Off::Price(n(5))),
        ("price 5 RON each", Off::Price(n(5))),
    ] {
        let takes: Vec<Off> = good(line).takes.into_iter().map(|(off, _)| off).collect();
        assert_eq!(takes, [off], "{line}");
    }
}

#[test]
fn the_other_lines() {
    let coupon = good("take 10% off");
    assert_eq!((coupon.uses, coupon.valid, coupon.until), (1, Valid::Forever, None));
    assert!(!coupon.worth_taken && coupon.items.is_none() && coupon.when.is_none());
    let coupon = good(
        "take 10% off\nitems category in [coffee]\nvalid 30 days\nuntil 2026-12-31\nuses 3 times\nat least 20 RON\n\
         costs 4 RON\nvalue 5 RON\nwhen status in [gold]\nwhen store in [Gara]",
    );
    assert_eq!((coupon.uses, coupon.valid), (3, Valid::For(Length::Days(30))));
    assert_eq!(coupon.until, Some(date(2026, 12, 31)));
    assert_eq!(coupon.at_least, Some(Exact::from_int(20)));
    assert_eq!((coupon.costs, coupon.value), (Some(Exact::from_int(4)), Some(Exact::from_int(5))));
    assert!(coupon.items.is_some() && coupon.when.is_some());
    assert_eq!(good("take 1 RON off\nvalid until end of month").valid, Valid::UntilEndOf(Period::Month));
    assert!(good("worth taken").worth_taken);
}

#[test]
fn messages_and_their_good_twins() {
    insta::assert_snapshot!(FIVE.bad(&[
        ("valid 30 days", "take 10% off\nvalid 30 days"),
        ("take 10% off\nworth taken", "worth taken"),
        ("take 10 off", "take 10% off"),
        ("take 5 EUR off", "take 5 RON off"),
        ("take 0% off", "take 1% off"),
        ("take 110% off", "take 100% off"),
        ("take 0 RON off", "take 1 RON off"),
        ("take 5 RON off per 0 RON", "take 5 RON off per 50 RON"),
        ("take 50% off cheapest item of every 0", "take 50% off cheapest item of every 3"),
        ("take 10% off\nitems category of [coffee]", "take 10% off\nitems category in [coffee]"),
        ("take 10% off\nat least 20 EUR", "take 10% off\nat least 20 RON"),
        ("take 10% off\nuses 0", "take 10% off\nuses 2"),
        ("take 10% off\nuntil 2026-02-30", "take 10% off\nuntil 2026-02-28"),
        ("take 10% off\nwhen status in [glod]", "take 10% off\nwhen status in [gold]"),
        ("worth 5 RON", "worth taken"),
    ]));
}
