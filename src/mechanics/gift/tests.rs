use super::{Gift, Valid, read};
use crate::mechanics::GiftId;
use crate::mechanics::specimen::Frame;
use crate::value::clock::{Length, Period};
use crate::value::exact::Exact;
use jiff::civil::date;

const COFFEE: Frame<'_, Option<Gift>> = Frame {
    text: "program cafe {\nmoney RON\n}\ngift free_coffee {\n@\n}\ngift mug {\n}\ngift bag {\n}\n\
           tiers status {\nmeasure visits in ever\nlevel basic from 0\nlevel gold from 9\n}",
    keyword: "gift",
    read: |reading, block| read(reading, block, GiftId(0)),
};

fn good(lines: &str) -> Gift {
    COFFEE.good(lines).expect("it reads")
}

#[test]
fn what_it_is() {
    let most = Some(Exact::from_int(18));
    for (line, condition, at_most, words) in [
        ("", false, None, None),
        ("item category in [coffee]", true, None, None),
        ("item category in [coffee], at most 18 RON", true, most.clone(), None),
        ("item sku is c17 and at reduced price, at most 18 RON", true, most.clone(), None),
        ("item at most 18 RON", false, most.clone(), None),
        ("item \"any coffee\", at most 18 RON", false, most, Some("any coffee")),
        ("experience \"a tasting for two\"", false, None, Some("a tasting for two")),
        ("service \"a free cut\"", false, None, Some("a free cut")),
    ] {
        let gift = good(line);
        let is = (gift.item.is_some(), gift.at_most, gift.words.as_deref());
        assert_eq!(is, (condition, at_most, words), "{line}");
    }
}

#[test]
fn how_long_it_is_valid() {
    for (line, valid) in [
        ("", Valid::Forever),
        ("valid forever", Valid::Forever),
        ("valid 30 days", Valid::For(Length::Days(30))),
        ("valid for 2 months", Valid::For(Length::Months(2))),
        ("valid until end of month", Valid::UntilEndOf(Period::Month)),
        ("valid until end of week", Valid::UntilEndOf(Period::Week)),
        ("valid until end of calendar quarter", Valid::UntilEndOf(Period::Quarter)),
        ("valid until end of year", Valid::UntilEndOf(Period::Year)),
        ("valid until 2026-12-31", Valid::Until(date(2026, 12, 31))),
    ] {
        assert_eq!(good(line).valid, valid, "{line}");
    }
}

#[test]
fn the_other_lines() {
    let gift = good("costs 4 RON\nvalue 15.50 RON\nstock 100\nchoose 1 of [mug, bag]\nwhen status in [gold]");
    assert_eq!((gift.costs, gift.value), (Some(Exact::from_int(4)), Some(Exact::ratio(31, 2))));
    assert_eq!((gift.stock, gift.choose), (Some(100), vec![GiftId(1), GiftId(2)]));
    assert!(gift.when.is_some());
    assert!(good("when status in [gold]\nwhen member for at least 1 month").when.is_some());
}

#[test]
fn messages_and_their_good_twins() {
    insta::assert_snapshot!(COFFEE.bad(&[
        ("item category of [coffee]", "item category in [coffee]"),
        ("item category in [coffee], at most 18 EUR", "item category in [coffee], at most 18 RON"),
        ("costs 4", "costs 4 RON"),
        ("value 15 LEI", "value 15 RON"),
        ("valid 30", "valid 30 days"),
        ("valid until 2026-02-29", "valid until 2026-02-28"),
        ("stock 0", "stock 1"),
        ("choose 2 of [mug, bag]", "choose 1 of [mug, bag]"),
        ("choose 1 of [mug, free_coffee]", "choose 1 of [mug, bag]"),
        ("choose 1 of [mug, beg]", "choose 1 of [mug, bag]"),
        ("when status in [glod]", "when status in [gold]"),
        ("experience a tasting", "experience \"a tasting\""),
    ]));
}
