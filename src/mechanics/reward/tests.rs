use super::{Reward, read};
use crate::mechanics::PointsId;
use crate::mechanics::gift::Valid;
use crate::mechanics::specimen::Frame;
use crate::value::clock::{Length, Period, Window};
use crate::value::exact::Exact;
use jiff::civil::date;

const CAKE: Frame<'_, Option<Reward>> = Frame {
    text: "program cafe {\nmoney RON\n}\npoints star plural stars {\n}\npoints mile plural miles {\n}\n\
           tiers status {\nmeasure visits in ever\nlevel basic from 0\nlevel gold from 9\n}\nreward cake {\n@\n}",
    keyword: "reward",
    read,
};

fn good(lines: &str) -> Reward {
    CAKE.good(lines).expect("it reads")
}

#[test]
fn prices() {
    let prices = |lines: &str| {
        let prices = good(lines).prices.into_iter();
        prices.map(|one| (one.number.to_string(), one.unit, one.money, one.when.is_some())).collect::<Vec<_>>()
    };
    let stars =
        |number: &str, money: Option<i64>, when| (number.to_owned(), PointsId(0), money.map(Exact::from_int), when);
    for (lines, said) in [
        ("price 300 stars", vec![stars("300", None, false)]),
        ("price 1 star", vec![stars("1", None, false)]),
        ("price 300 stars and 5 RON", vec![stars("300", Some(5), false)]),
        ("price 5 RON and 300 stars", vec![stars("300", Some(5), false)]),
        ("price 300 stars and 5 RON when status in [gold]", vec![stars("300", Some(5), true)]),
        ("price 90 stars, when status is gold", vec![stars("90", None, true)]),
        // The price for everybody stands last, wherever it is written.
        (
            "price 100 stars\nprice 90 stars when status in [gold]",
            vec![stars("90", None, true), stars("100", None, false)],
        ),
    ] {
        assert_eq!(prices(lines), said, "{lines}");
    }
    assert_eq!(prices("price 7 miles")[0].1, PointsId(1));
}

#[test]
fn the_other_lines() {
    let reward = good(
        "price 300 stars\nexperience \"a tasting\"\ncosts 6 RON\nvalue 15 RON\nwhen status in [gold]\nstock 50\n\
         valid 30 days\nfrom 2026-01-01\nuntil 2026-12-31\nlimit 1 time per member per month\nlimit 1000 times in all\n\
         limit 2 per member",
    );
    assert_eq!((reward.words.as_deref(), reward.stock), (Some("a tasting"), Some(50)));
    assert_eq!((reward.costs, reward.value), (Some(Exact::from_int(6)), Some(Exact::from_int(15))));
    assert_eq!((reward.when.is_some(), reward.valid), (true, Valid::For(Length::Days(30))));
    assert_eq!((reward.from, reward.until), (Some(date(2026, 1, 1)), Some(date(2026, 12, 31))));
    let limits: Vec<_> = reward.limits.iter().map(|one| (one.most.to_string(), one.per_member, one.window)).collect();
    assert_eq!(
        limits,
        [
            ("1".to_owned(), true, Window::Calendar(Period::Month)),
            ("1000".to_owned(), false, Window::Ever),
            ("2".to_owned(), true, Window::Ever)
        ]
    );
    for line in ["item \"cake\"", "service \"cake\""] {
        assert_eq!(good(&format!("price 300 stars\n{line}")).words.as_deref(), Some("cake"));
    }
}

#[test]
fn messages_and_their_good_twins() {
    let with = |line: &str| format!("price 300 stars\n{line}");
    let cases = [
        ("costs 6 RON".to_owned(), with("costs 6 RON")),
        ("price 300".to_owned(), with("")),
        ("price 300 coins".to_owned(), with("")),
        ("price 0 stars".to_owned(), with("")),
        ("price 5 RON".to_owned(), "price 300 stars and 5 RON".to_owned()),
        ("price 300 stars and 5 EUR".to_owned(), "price 300 stars and 5 RON".to_owned()),
        ("price 300 stars and 5 miles".to_owned(), with("")),
        (with("price 200 stars"), with("price 200 stars when status in [gold]")),
        (with("limit 100 stars per member per day"), with("limit 100 times per member per day")),
        (with("limit 0 times per member"), with("limit 1 time per member")),
        (with("from 2026-05-01\nuntil 2026-04-01"), with("from 2026-05-01\nuntil 2026-05-01")),
        (with("stock none"), with("stock 5")),
    ];
    let cases: Vec<(&str, &str)> = cases.iter().map(|(bad, good)| (bad.as_str(), good.as_str())).collect();
    insta::assert_snapshot!(CAKE.bad(&cases));
}
