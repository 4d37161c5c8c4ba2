use super::{Partner, read};
use crate::mechanics::specimen::Frame;
use crate::value::exact::Exact;

const NORTH: Frame<'_, Option<Partner>> = Frame {
    text: "program mall {\nmoney EUR\n}\npoints star plural stars { }\npoints gem { }\npartner north {\n@\n}",
    keyword: "partner",
    read,
};

#[test]
fn what_it_pays_and_gets() {
    let lines = "when store in [a, b]\npays 1.20 EUR per 100 stars earned\npays 0.5 EUR per gem earned\n\
                 gets 0.010 EUR per star spent";
    let north = NORTH.good(lines).expect("it reads");
    let each = |rates: &[super::PointRate]| rates.iter().map(|rate| rate.each.clone()).collect::<Vec<_>>();
    assert_eq!(each(&north.pays), [Exact::ratio(12, 1000), Exact::ratio(1, 2)]);
    assert_eq!(each(&north.gets), [Exact::ratio(1, 100)]);
    let both = NORTH.good("when store is a\nwhen channel is web\ngets 1 EUR per gem spent").expect("it reads");
    let mut tests = 0;
    both.when.each_test(&mut |_| tests += 1);
    assert_eq!(tests, 2);
}

#[test]
fn messages_and_their_good_twins() {
    let good = "when store in [a, b]\npays 0.012 EUR per star earned";
    let with = |line: &str| format!("{good}\n{line}");
    let cases = [
        ("when store in [a, b]".to_owned(), good.to_owned()),
        ("pays 0.012 EUR per star earned".to_owned(), good.to_owned()),
        (with("pays 0.01 EUR per stars earned"), with("pays 0.01 EUR per gem earned")),
        (with("gets 0.01 EUR per star earned"), with("gets 0.01 EUR per star spent")),
        (with("gets 0.01 RON per star spent"), with("gets 0.01 EUR per star spent")),
        (with("gets 0.01 EUR per point spent"), with("gets 0.01 EUR per star spent")),
        (with("gets 0 EUR per star spent"), with("gets 0.01 EUR per star spent")),
        (with("gets 1 EUR per 0 stars spent"), with("gets 1 EUR per 100 stars spent")),
        (with("when member.city is Cluj"), with("when city is Cluj")),
        (with("when amount is at least 10 EUR"), with("when till is at least 10")),
        (with("when category in [food]"), with("when channel in [food]")),
    ];
    let cases: Vec<(&str, &str)> = cases.iter().map(|(bad, good)| (bad.as_str(), good.as_str())).collect();
    insta::assert_snapshot!(NORTH.bad(&cases));
}
