use super::{Promise, Promised, read};
use crate::mechanics::specimen::Frame;

const PROMISE: Frame<'_, Vec<Promise>> = Frame {
    text: "program cafe {\nmoney RON\n}\nsegment regulars {\n}\ntiers status {\nlevel basic from 0\n\
           level gold from 9 visits\n}\ntiers club {\nlevel guest from 0\nlevel gold by membership\n\
           level platinum by membership\n}\npromise {\n@\n}",
    keyword: "promise",
    read,
};

#[test]
fn every_form() {
    for (line, said) in [
        ("return on purchase at most 6%", "6% false"),
        ("return on purchase at most 6.5%, with gifts", "6.5% true"),
        ("return on purchase at most 6% with gifts", "6% true"),
        ("monthly cost at most 40000 RON", "40000 a month"),
        ("no free loop", "no free loop"),
        ("every level reachable", "levels"),
        ("every reward reachable within 6 months", "rewards 6 None"),
        ("every reward reachable within 2 years", "rewards 24 None"),
        ("every reward reachable within 6 months for segment regulars", "rewards 6 Some(0)"),
        ("no member below level platinum earns more than platinum", "below 1 2"),
        ("no member below level gold of status earns more than gold", "below 0 1"),
        ("no member below level gold earns more than level gold of club", "below 1 1"),
        ("no purchase earns less than a smaller one", "smaller"),
    ] {
        let promises = PROMISE.good(line);
        let [promise] = promises.as_slice() else { panic!("one promise: {line}") };
        let shown = match &promise.what {
            Promised::Return { percent, with_gifts } => format!("{percent}% {with_gifts}"),
            Promised::MonthlyCost(most) => format!("{most} a month"),
            Promised::NoFreeLoop => "no free loop".to_owned(),
            Promised::LevelsReachable => "levels".to_owned(),
            Promised::RewardsReachable(months, segment) => {
                format!("rewards {months} {:?}", segment.map(|segment| segment.0))
            }
            Promised::NobodyBelowEarnsMore(tiers, level) => format!("below {} {level}", tiers.0),
            Promised::NoSmallerEarnsMore => "smaller".to_owned(),
        };
        assert_eq!(shown, said, "{line}");
    }
    let all = PROMISE.good("return on purchase at most 6%\nno free loop\nevery level reachable");
    assert_eq!(all.len(), 3);
}

#[test]
fn messages_and_their_good_twins() {
    insta::assert_snapshot!(PROMISE.bad(&[
        ("return on purchase at most 600%", "return on purchase at most 60%"),
        ("return on visit at most 6%", "return on purchases at most 6%"),
        ("return on purchase at most 6", "return on purchase at most 6%"),
        ("monthly cost at most 40000 EUR", "monthly cost at most 40000 RON"),
        ("no free lop", "no free loop"),
        ("every level reached", "every level reachable"),
        ("every reward reachable within 0 months", "every reward reachable within 1 month"),
        (
            "every reward reachable within 6 months for segment regular",
            "every reward reachable within 6 months for segment regulars"
        ),
        ("no member below level gold earns more than gold", "no member below level gold of club earns more than gold"),
        (
            "no member below level platinum earns more than gold",
            "no member below level platinum earns more than platinum"
        ),
        (
            "no member below level platnum earns more than platnum",
            "no member below level platinum earns more than platinum"
        ),
    ]));
}
