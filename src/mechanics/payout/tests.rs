use super::{Payout, Pays, read};
use crate::mechanics::rule::Trigger;
use crate::mechanics::specimen::Frame;
use crate::mechanics::{PayoutId, PointsId, RuleId};
use crate::value::clock::Period;
use crate::value::exact::Exact;

const PAY: Frame<'_, Option<Payout>> = Frame {
    text: "program cafe {\nmoney RON\n}\npoints star plural stars {\n}\npoints cash {\n}\ngift voucher {\n}\n\
           earn base {\n}\ntiers status {\nmeasure visits in ever\nlevel basic from 0\nlevel gold from 9\n}\n\
           payout pay {\n@\n}",
    keyword: "payout",
    read: |reading, block| read(reading, block, PayoutId(0), RuleId(1)).map(|(payout, _)| payout),
};

fn good(lines: &str) -> Payout {
    PAY.good(lines).expect("it reads")
}

#[test]
fn when_it_pays_and_what_it_takes() {
    let reaching = |least| Pays::Reaching(Exact::from_int(least));
    let every = |period| Pays::Every(Trigger::Every { period, at_start: false });
    for (lines, pays, unit, number) in [
        ("on reaching\ntake 100 stars", reaching(100), 0, Some(100)),
        ("on reaching 250 stars\ntake 100 stars", reaching(250), 0, Some(100)),
        ("on reaching 250 stars\ntake all", reaching(250), 0, None),
        ("every year\ntake all stars", every(Period::Year), 0, None),
        ("every calendar month\ntake all of the cash", every(Period::Month), 1, None),
        ("every membership year\ntake 10 cash", Pays::Every(Trigger::EveryMembershipYear), 1, Some(10)),
    ] {
        let of_stars = lines.replace("take all\n", "take all stars\n");
        let of_stars = if of_stars.ends_with("take all") { format!("{of_stars} stars") } else { of_stars };
        let payout = good(&format!("{of_stars}\ngive gift voucher"));
        assert_eq!(
            (payout.pays, payout.unit, payout.number),
            (pays, PointsId(unit), number.map(Exact::from_int)),
            "{lines}"
        );
    }
}

#[test]
fn the_other_lines() {
    let payout = good("on reaching\ntake 100 stars\ngive gift voucher\ngive 5 cash\nrepeat\nwhen status in [gold]");
    assert!(payout.repeat && !payout.once && payout.when.is_some());
    let payout = good("every year\ntake all stars\ngive 1 cash per 20 stars\nonce");
    assert!(payout.once && !payout.repeat);
}

#[test]
fn messages_and_their_good_twins() {
    let pay = "on reaching\ntake 100 stars\ngive gift voucher";
    let cases = [
        ("on reaching\ngive gift voucher", pay),
        ("on reaching\ntake 100 stars", pay),
        ("take 100 stars\ngive gift voucher", pay),
        ("on reaching\nevery year\ntake 100 stars\ngive gift voucher", pay),
        ("on reaching\ntake all stars\ngive gift voucher", "on reaching 50 stars\ntake all stars\ngive gift voucher"),
        ("on reaching 50 stars\ntake 100 stars\ngive gift voucher", pay),
        ("on reaching 100 cash\ntake 100 stars\ngive gift voucher", pay),
        ("on reaching\ntake 0 stars\ngive gift voucher", pay),
        ("every year\ntake all\ngive gift voucher", "every year\ntake all stars\ngive gift voucher"),
        (
            "every year\ntake all stars\nrepeat\ngive gift voucher",
            "every year\ntake 10 stars\nrepeat\ngive gift voucher",
        ),
        ("on reaching\ntake 100 stars\nrepeat\nonce\ngive gift voucher", pay),
        ("on reaching\ntake 100 stars\ngive 10 stars", "on reaching\ntake 100 stars\ngive 10 cash"),
        ("on reaching\ntake 100 stars\ngive +50% of base", pay),
        ("every year\ntake all stars\ngive 1 cash per 20 RON", "every year\ntake all stars\ngive 1 cash per 20 stars"),
        ("every 12 hours\ntake 100 stars\ngive gift voucher", "every 3 months\ntake 100 stars\ngive gift voucher"),
    ];
    insta::assert_snapshot!(PAY.bad(&cases));
}
