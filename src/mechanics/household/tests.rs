use super::{Household, read};
use crate::mechanics::PointsId;
use crate::mechanics::specimen::Frame;

const HOME: Frame<'_, Option<Household>> = Frame {
    text: "program cafe {\nmoney RON\n}\npoints star plural stars {\n}\npoints mile plural miles {\n}\n\
           tiers status {\nmeasure visits ever\nlevel basic from 0 visits\n}\nhousehold {\n@\n}",
    keyword: "household",
    read,
};

#[test]
fn what_is_shared() {
    let home = HOME.good("up to 5 members\nshare stars and miles\ntier of household").expect("it reads");
    assert_eq!((home.most, home.share, home.tier), (Some(5), vec![PointsId(0), PointsId(1)], true));
    let home = HOME.good("share stars\nshare miles\ntier each").expect("it reads");
    assert_eq!((home.most, home.share.len(), home.tier), (None, 2, false));
}

#[test]
fn messages_and_their_good_twins() {
    const STARS: &str = "share stars";
    insta::assert_snapshot!(HOME.bad(&[
        ("up to 5 members", "up to 5 members\nshare stars"),
        ("up to 0 members\nshare stars", STARS),
        ("up to 1 member\nshare stars", STARS),
        ("share sters", STARS),
        ("share stars\nshare star", STARS),
        ("share stars\ntier of houshold", "share stars\ntier of household"),
        ("share", STARS),
    ]));
}
