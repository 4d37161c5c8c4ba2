use super::{EarnCap, Expiry, Life, Pending, Points, Renewal, Scope, read, settle_cashback};
use crate::mechanics::reading::Reading;
use crate::mechanics::rule;
use crate::mechanics::specimen::{Frame, Specimen};
use crate::mechanics::{ActivityId, PointsId, TiersId};
use crate::syntax::ast::Block;
use crate::value::clock::{Length, Period, Window};
use crate::value::exact::{Exact, Rounding};

const STARS: Frame<'_, Option<Points>> = Frame {
    text: "program cafe {\nmoney RON\n}\npoints star plural stars {\n@\n}\npoints mile plural miles {\n}\n\
           activity survey {\n}\ntiers status {\nmeasure points star in calendar year\nlevel basic from 0\n}",
    keyword: "points",
    read: |reading, block| read(reading, block, PointsId(0)),
};

fn good(lines: &str) -> Points {
    STARS.good(lines).expect("it reads")
}

#[test]
fn nothing_said() {
    let points = good("");
    assert_eq!((points.worth, points.round, points.scope, points.decimals), (None, Rounding::Down, Scope::Receipt, 0));
    assert_eq!((points.expiry, points.pending, points.owe), (Expiry::Never, Pending::No, Exact::zero()));
    assert_eq!((points.plural.as_deref(), points.separate_by), (Some("stars"), None));
    assert!(points.caps.is_empty() && points.transfer.is_empty() && points.counts_for.is_empty());
}

#[test]
fn worth_and_decimals() {
    assert_eq!(good("worth 0.05 RON each").worth, Some(Exact::ratio(1, 20)));
    assert_eq!(good("worth 1 RON").worth, Some(Exact::one()));
    assert_eq!(good("decimals 2").decimals, 2);
}

#[test]
fn rounding() {
    for (line, mode, scope) in [
        ("round down per receipt", Rounding::Down, Scope::Receipt),
        ("round up per line", Rounding::Up, Scope::Line),
        ("round nearest per rule", Rounding::Nearest, Scope::Rule),
        ("round half even per month", Rounding::HalfEven, Scope::Month),
        ("round up", Rounding::Up, Scope::Receipt),
        ("round per line", Rounding::Down, Scope::Line),
    ] {
        let points = good(line);
        assert_eq!((points.round, points.scope), (mode, scope), "{line}");
    }
}

#[test]
fn all_kinds_of_expiry() {
    let after = |length, at_end_of| Expiry::After(Life { length, at_end_of });
    let sliding = |length, without: &[Renewal]| Expiry::Sliding { length, without: without.to_vec() };
    for (line, expiry) in [
        ("expire 12 months after earning", after(Length::Months(12), None)),
        ("expire 90 days after earning", after(Length::Days(90), None)),
        ("expire 2 years after earning", after(Length::Years(2), None)),
        ("expire 12 months after earning, at end of month", after(Length::Months(12), Some(Period::Month))),
        ("expire 1 week after earning at end of week", after(Length::Weeks(1), Some(Period::Week))),
        ("expire 1 year after earning, at end of quarter", after(Length::Years(1), Some(Period::Quarter))),
        ("expire 0 days after earning, at end of year", after(Length::Days(0), Some(Period::Year))),
        ("expire at end of year", after(Length::Days(0), Some(Period::Year))),
        ("expire after 6 months without purchase", sliding(Length::Months(6), &[Renewal::Purchase])),
        (
            "expire after 6 months without purchase or redeem or visit",
            sliding(Length::Months(6), &[Renewal::Purchase, Renewal::Redeem, Renewal::Visit]),
        ),
        (
            "expire after 1 year without a purchase, redeem or activity survey",
            sliding(Length::Years(1), &[Renewal::Purchase, Renewal::Redeem, Renewal::Activity(Some(ActivityId(0)))]),
        ),
        ("expire after 180 days without activity", sliding(Length::Days(180), &[Renewal::Any])),
        ("expire after 24 months without any activity", sliding(Length::Months(24), &[Renewal::Any])),
        ("expire on 12-31 each year", Expiry::Yearly(12, 31)),
        ("expire on 02-29", Expiry::Yearly(2, 29)),
        ("expire never", Expiry::Never),
        ("never", Expiry::Never),
        ("never expire", Expiry::Never),
    ] {
        assert_eq!(good(line).expiry, expiry, "{line}");
    }
}

#[test]
fn pending_owed_and_separate() {
    for (line, pending) in [
        ("pending 14 days", Pending::Days(14)),
        ("pending for 2 weeks", Pending::Days(14)),
        ("pending until survey", Pending::Until(ActivityId(0))),
        ("pending until activity survey", Pending::Until(ActivityId(0))),
    ] {
        assert_eq!(good(line).pending, pending, "{line}");
    }
    for (line, owe) in
        [("owe at most 200 stars", 200), ("owe at most 200", 200), ("owe at most 1 star", 1), ("owe nothing", 0)]
    {
        assert_eq!(good(line).owe, Exact::from_int(owe), "{line}");
    }
    for word in ["store", "partner", "region"] {
        assert_eq!(good(&format!("separate by {word}")).separate_by.as_deref(), Some(word));
    }
}

#[test]
fn caps_and_transfers() {
    let said = |caps: &[EarnCap]| caps.iter().map(|cap| (cap.most.to_string(), cap.window)).collect::<Vec<_>>();
    let points = good(
        "earn at most 500 stars per member per day\nearn at most 5000 per member per membership year\n\
         earn at most 90 stars per member in last 7 days\nearn at most 10000 per member",
    );
    let week = Window::Last(Length::Days(7));
    assert_eq!(
        said(&points.caps),
        [
            ("500".to_owned(), Window::Calendar(Period::Day)),
            ("5000".to_owned(), Window::MembershipYear),
            ("90".to_owned(), week),
            ("10000".to_owned(), Window::Ever),
        ]
    );
    let points = good("transfer at most 100 stars per member per calendar month");
    assert_eq!(said(&points.transfer), [("100".to_owned(), Window::Calendar(Period::Month))]);
    let points = good("counts for status");
    assert_eq!((points.counts_for, points.does_not_count), (vec![TiersId(0)], false));
    assert!(good("does not count").does_not_count);
}

#[test]
fn cashback_has_the_decimals_and_the_rounding_of_its_money() {
    let specimen = Specimen::new(
        "program bank {\nmoney RON\n}\npoints cash {\nworth 1 RON each\n}\npoints coin {\nworth 1 RON each\n\
         decimals 0\n}\npoints star {\nworth 1 RON each\n}\nearn base {\non purchase\ncount total\n\
         give 5% back as cash\ngive 1% back as coin\ngive 1 star per 10 RON\n}",
    );
    let blocks: Vec<&Block> = specimen.blocks.iter().filter(|block| block.keyword.text == "points").collect();
    let mut reading = Reading::new(&specimen.sources, &specimen.names);
    let mut points: Vec<Points> = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        points.push(read(&mut reading, block, PointsId(at)).expect("it reads"));
    }
    let rule = rule::read(&mut reading, specimen.block("earn"), &rule::EARN).expect("it reads");
    settle_cashback(&mut points, &blocks, &[rule], 2);
    let decimals: Vec<u32> = points.iter().map(|points| points.decimals).collect();
    assert_eq!(decimals, [2, 0, 0], "given back as money; says so itself; not given back");
    let rounding: Vec<Rounding> = points.iter().map(|points| points.round).collect();
    assert_eq!(rounding, [Rounding::HalfEven, Rounding::Down, Rounding::Down], "only money to its minor unit");
}

#[test]
fn messages_and_their_good_twins() {
    insta::assert_snapshot!(STARS.bad(&[
        ("worth 0 RON each", "worth 0.01 RON each"),
        ("worth 1 EUR each", "worth 1 RON each"),
        ("worth 1 star each", "worth 1 RON each"),
        ("round donw per receipt", "round down per receipt"),
        ("round down per basket", "round down per receipt"),
        ("round", "round up"),
        ("decimals 7", "decimals 6"),
        ("decimals two", "decimals 2"),
        ("expire 0 days after earning", "expire 1 day after earning"),
        ("expire after 0 months without purchase", "expire after 1 month without purchase"),
        ("expire 12 months after erning", "expire 12 months after earning"),
        ("expire on 02-30 each year", "expire on 02-29 each year"),
        ("expire after 6 months without activity servey", "expire after 6 months without activity survey"),
        ("expire 99999999999 days after earning", "expire 99999 days after earning"),
        ("expire 1 year after earning\nnever", "expire 1 year after earning"),
        ("pending 0 days", "pending 1 day"),
        ("pending 2 months", "pending 60 days"),
        ("pending 32 days\nexpire 1 month after earning", "pending 31 days\nexpire 1 month after earning"),
        (
            "pending 32 days\nexpire 0 days after earning, at end of month",
            "pending 14 days\nexpire 0 days after earning, at end of month",
        ),
        ("owe at most 200 miles", "owe at most 200 stars"),
        ("owe at most 200 coins", "owe at most 200 star"),
        ("earn at most 500 stars in all", "earn at most 500 stars per member"),
        ("earn at most 500 stars per day", "earn at most 500 stars per member per day"),
        ("earn at most 0 stars per member per day", "earn at most 1 star per member per day"),
        ("transfer at most 5 miles per member per day", "transfer at most 5 stars per member per day"),
        ("counts for statis", "counts for status"),
        ("counts for status\ndoes not count", "counts for status"),
        ("buy 0 RON per 100", "buy 10 RON per 100"),
        ("spend at 0 RON each", "spend at 0.05 RON each"),
        (
            "spend at 0.05 RON each, in steps of 0",
            "spend at 0.05 RON each, at least 100, in steps of 50, up to 50% of receipt",
        ),
        ("spend at 0.05 each", "spend by payout only"),
        ("spend at 0.05 RON each, up to 150% of receipt", "spend at 0.05 RON each, up to 15% of receipt"),
        ("separate by", "separate by store"),
    ]));
}
