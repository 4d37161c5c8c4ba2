use super::{Membership, read};
use crate::mechanics::DiscountId;
use crate::mechanics::specimen::Frame;
use crate::value::clock::Length;
use jiff::civil::date;

const PLUS: Frame<'_, Option<Membership>> = Frame {
    text: "program cafe {\nmoney RON\n}\ntiers status {\nmeasure visits ever\nlevel basic from 0 visits\n\
           level gold by membership\n}\ngift mug {\n}\ndiscount fifth {\n}\nmembership plus {\n@\n}",
    keyword: "membership",
    read,
};

fn good(lines: &str) -> Membership {
    PLUS.good(lines).expect("it reads")
}

#[test]
fn a_fee_and_how_long_it_is_for() {
    for (line, term) in [
        ("fee 50 RON per year", Length::Years(1)),
        ("fee 50 RON per month", Length::Months(1)),
        ("fee 50 RON per quarter", Length::Months(3)),
        ("fee 50 RON per week", Length::Weeks(1)),
        ("fee 50 RON per 6 months", Length::Months(6)),
        ("fee 50 RON per 90 days", Length::Days(90)),
    ] {
        let plus = good(line);
        assert_eq!((plus.fee.to_string().as_str(), plus.term), ("50", term), "{line}");
        assert_eq!((plus.trial, plus.renew, plus.refund), (None, false, None), "{line}");
    }
}

#[test]
fn what_it_gives_and_how_it_ends() {
    let plus = good(
        "fee 50 RON per year\ngives level gold of status\ngives 2 gifts mug\ntrial 2 weeks\nrenew\n\
         refund pro rata within 30 days",
    );
    assert_eq!((plus.levels.len(), plus.gifts[0].1), (1, 2));
    assert_eq!((plus.trial, plus.renew, plus.refund), (Some(14), true, Some(30)));
    assert_eq!(good("fee 9.90 RON per month\ngives gold").levels.len(), 1);
    assert_eq!(good("fee 9.90 RON per month\ngives discount fifth").discounts, [DiscountId(0)]);
}

#[test]
fn terms_are_counted_from_the_first_day() {
    let monthly = good("fee 5 RON per month");
    let term = |nth| monthly.term(date(2026, 1, 31), nth).expect("it is in the calendar");
    assert_eq!(term(0), (date(2026, 1, 31), date(2026, 2, 27)));
    assert_eq!(term(1), (date(2026, 2, 28), date(2026, 3, 30)));
    assert_eq!(term(2), (date(2026, 3, 31), date(2026, 4, 29)));
    let yearly = good("fee 5 RON per year");
    let term = |nth| yearly.term(date(2024, 2, 29), nth).expect("it is in the calendar");
    assert_eq!(term(0), (date(2024, 2, 29), date(2025, 2, 27)));
    assert_eq!(term(4).0, date(2028, 2, 29));
}

#[test]
fn messages_and_their_good_twins() {
    const FEE: &str = "fee 50 RON per year";
    insta::assert_snapshot!(PLUS.bad(&[
        ("renew", "fee 50 RON per year\nrenew"),
        ("fee 0 RON per year", FEE),
        ("fee 50 RON per 0 days", FEE),
        ("fee 50 EUR per year", FEE),
        ("fee 50 RON", FEE),
        ("fee 50 RON per year\ngives level silver of status", "fee 50 RON per year\ngives level gold of status"),
        ("fee 50 RON per year\ngives basic", "fee 50 RON per year\ngives gold"),
        ("fee 50 RON per year\ngives gift mag", "fee 50 RON per year\ngives gift mug"),
        ("fee 50 RON per year\ngives gift mug\ngives gift mug", "fee 50 RON per year\ngives 2 gifts mug"),
        ("fee 50 RON per year\ngives discount fith", "fee 50 RON per year\ngives discount fifth"),
        (
            "fee 50 RON per year\ngives discount fifth\ngives discount fifth",
            "fee 50 RON per year\ngives discount fifth\ngives gift mug",
        ),
        ("fee 50 RON per year\ntrial 0 days", "fee 50 RON per year\ntrial 30 days"),
        ("fee 50 RON per year\nrefund within 30 days", "fee 50 RON per year\nrefund pro rata within 30 days"),
        ("fee 5 RON per month\nrefund pro rata within 60 days", "fee 5 RON per month\nrefund pro rata within 14 days"),
    ]));
}
