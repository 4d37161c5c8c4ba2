use super::{Card, CardLife, StampPer, read};
use crate::mechanics::ActivityId;
use crate::mechanics::basis::Basis;
use crate::mechanics::condition::{Condition, Measure};
use crate::mechanics::specimen::Frame;
use crate::value::clock::{Length, Period, Window};

const COFFEE: Frame<'_, Option<Card>> = Frame {
    text: "program cafe {\nmoney RON\n}\npoints star plural stars {\n}\nactivity workout {\n\
           field minutes number\nfield length number hours\n}\ngift free_coffee {\n}\ncard coffee {\n@\n}",
    keyword: "card",
    read,
};

fn good(lines: &str) -> Card {
    COFFEE.good(&format!("full at 10\n{lines}")).expect("it reads")
}

/// What a stamp is for, and whether only some lines count.
fn stamp(line: &str) -> (u32, String, bool, bool) {
    let card = good(line);
    let [stamp] = card.stamps.as_slice() else { panic!("one stamp: {line}") };
    let per = match &stamp.per {
        StampPer::Item => "item".to_owned(),
        StampPer::Visit => "visit".to_owned(),
        StampPer::Purchase => "purchase".to_owned(),
        StampPer::Amount(most, Basis::Total(total)) => {
            assert_eq!(total.pick.with.is_some(), stamp.pick.with.is_some(), "the measure has the pick: {line}");
            format!("{most} money")
        }
        StampPer::Amount(most, Basis::Items(_)) => format!("{most} items"),
        StampPer::Amount(most, Basis::Activity(Some(ActivityId(id)))) => format!("{most} activity {id}"),
        StampPer::Amount(most, Basis::Activity(None)) => format!("{most} of any activity"),
        StampPer::Amount(most, Basis::Field { activity, field }) => format!("{most} {field} of {activity:?}"),
        StampPer::Amount(_, other) => panic!("{line}: {other:?}"),
    };
    (stamp.number, per, stamp.pick.with.is_some(), stamp.pick.without.is_some())
}

#[test]
fn what_brings_a_stamp() {
    for (line, number, per, with, without) in [
        ("stamp 1 per item, category in [coffee]", 1, "item", true, false),
        ("stamp 1 per item, with category in [coffee]", 1, "item", true, false),
        ("stamp 1 per item, with category in [coffee], without sku in [a1]", 1, "item", true, true),
        ("stamp 2 per visit", 2, "visit", false, false),
        ("stamp 1 per visit, weekday in [monday]", 1, "visit", true, false),
        ("stamp 1 per purchase, amount is at least 20 RON", 1, "purchase", true, false),
        ("stamp 1 per purchase when store is unirii", 1, "purchase", true, false),
        ("stamp 1 per 10 RON", 1, "10 money", false, false),
        ("stamp 1 per 10 RON, without category in [tobacco]", 1, "10 money", false, true),
        ("stamp 1 per full 7.50 RON, category in [coffee]", 1, "7.5 money", true, false),
        ("stamp 1 per 3 items", 1, "3 items", false, false),
        ("stamp 1 per 1 visit", 1, "visit", false, false),
        ("stamp 1 per activity workout", 1, "1 activity 0", false, false),
        ("stamp 1 per activity workout, minutes is at least 30", 1, "1 activity 0", true, false),
        ("stamp 1 per activity", 1, "1 of any activity", false, false),
        ("stamp 1 per 30 minutes", 1, "30 minutes of Some(ActivityId(0))", false, false),
        ("stamp 1 per 2 hours", 1, "2 length of Some(ActivityId(0))", false, false),
    ] {
        assert_eq!(stamp(line), (number, per.to_owned(), with, without), "{line}");
    }
    assert_eq!(good("stamp 1 per item, category in [coffee]\nstamp 2 per activity workout").stamps.len(), 2);
}

#[test]
fn the_amount_of_a_stamp_per_purchase_is_the_receipts() {
    let measure = |line: &str| match good(line).stamps.remove(0).pick.with.map(|with| *with) {
        Some(Condition::Test(test)) => test.measure,
        other => panic!("{other:?}"),
    };
    assert!(matches!(measure("stamp 1 per purchase, amount is at least 20 RON"), Measure::TotalOf(_)));
    assert!(matches!(measure("stamp 1 per visit, amount is at least 20 RON"), Measure::TotalOf(_)));
    assert!(matches!(measure("stamp 1 per item, amount is at least 20 RON"), Measure::Amount));
}

#[test]
fn the_other_lines() {
    let card = good("give gift free_coffee\ngive 5 stars\nlimit 2 stamps per member per day\nlimit 9 per member");
    assert_eq!((card.full, card.gives.len(), card.start, card.discard), (10, 2, 0, false));
    let limits: Vec<_> = card.limits.iter().map(|limit| (limit.most.to_string(), limit.window)).collect();
    assert_eq!(limits, [("2".to_owned(), Window::Calendar(Period::Day)), ("9".to_owned(), Window::Ever)]);
    for (line, expire) in [
        ("", None),
        ("expire never", None),
        ("expire 12 months after first stamp", Some((12, true))),
        ("expire 6 months after the last stamp", Some((6, false))),
    ] {
        let life = expire.map(|(months, after_first)| CardLife { length: Length::Months(months), after_first });
        assert_eq!(good(line).expire, life, "{line}");
    }
    for (line, start, discard) in [
        ("start 2 stamps", 2, false),
        ("start with 1 stamp", 1, false),
        ("carry over", 0, false),
        ("carry over stamps beyond full", 0, false),
        ("carry discard", 0, true),
        ("discard", 0, true),
        ("discard stamps beyond full", 0, true),
    ] {
        let card = good(line);
        assert_eq!((card.start, card.discard), (start, discard), "{line}");
    }
    assert_eq!(COFFEE.good("full at 9 stamps").expect("it reads").full, 9);
}

#[test]
fn messages_and_their_good_twins() {
    let with = |line: &str| format!("full at 10\n{line}");
    let cases = [
        ("stamp 1 per visit".to_owned(), with("stamp 1 per visit")),
        ("full at 0".to_owned(), "full at 1".to_owned()),
        (with("stamp 0 per visit"), with("stamp 1 per visit")),
        (with("stamp 1 per vist"), with("stamp 1 per visit")),
        (with("stamp 1 per 5 visits"), with("stamp 1 per visit")),
        (with("stamp 1 per 0 RON"), with("stamp 1 per 1 RON")),
        (with("stamp 1 per 10 EUR"), with("stamp 1 per 10 RON")),
        (with("stamp 1 per 10 steps"), with("stamp 1 per 10 minutes")),
        (with("stamp 1 per activity workot"), with("stamp 1 per activity workout")),
        (with("stamp 1 per item, category in coffee"), with("stamp 1 per item, category in [coffee]")),
        (with("give gift free_cofee"), with("give gift free_coffee")),
        (with("limit 2 stamps per day"), with("limit 2 stamps per member per day")),
        (with("limit 2 stamps in all"), with("limit 2 stamps per member")),
        (with("expire 0 months after last stamp"), with("expire 1 month after last stamp")),
        (with("expire 12 months after earning"), with("expire 12 months after first stamp")),
        (with("start 10 stamps"), with("start 9 stamps")),
        (with("carry over\ndiscard"), with("discard")),
    ];
    let cases: Vec<(&str, &str)> = cases.iter().map(|(bad, good)| (bad.as_str(), good.as_str())).collect();
    insta::assert_snapshot!(COFFEE.bad(&cases));
}
