use super::{Challenge, Done, read};
use crate::mechanics::give::What;
use crate::mechanics::specimen::Frame;
use crate::mechanics::{ChallengeId, RuleId};
use crate::value::clock::{Length, Period, Window};
use crate::value::exact::Exact;
use jiff::civil::date;

const QUEST: Frame<'_, Option<Challenge>> = Frame {
    text: "program cafe {\nmoney RON\n}\npoints star plural stars {\n}\ngift badge {\n}\nearn base {\n}\n\
           activity workout {\nfield length number minutes\n}\nchallenge quest {\n@\n}",
    keyword: "challenge",
    read: |reading, block| read(reading, block, ChallengeId(0), RuleId(1)).map(|(challenge, _)| challenge),
};

fn good(lines: &str) -> Challenge {
    QUEST.good(lines).expect("it reads")
}

#[test]
fn steps_of_every_basis() {
    for (step, least) in [
        ("coffees items, with category in [coffee] at least 5", 5),
        ("coffees: items of items category in [coffee] at least 5 items", 5),
        ("kinds distinct categories at least 4", 4),
        ("weeks consecutive weeks with purchase at least 3 weeks", 3),
        ("days consecutive days with activity workout at least 7", 7),
        ("money spend at least 100 RON", 100),
        ("money total without tax, without category in [tobacco] at least 100 RON", 100),
        ("visits visits at least 3 visits", 3),
        ("sport activity workout at least 10", 10),
        ("length sum of length at least 300 minutes", 300),
        ("stars points star at least 50 stars", 50),
    ] {
        let challenge = good(&format!("step {step}\ngive 5 stars"));
        assert_eq!(challenge.steps[0].least, Exact::from_int(least), "{step}");
        assert_eq!(matches!(challenge.steps[0].what, Done::Streak(_)), step.contains("consecutive"), "{step}");
    }
}

#[test]
fn the_other_lines() {
    let steps = "step a items at least 1\nstep b visits at least 2\nstep c spend at least 3 RON";
    let challenge = good(&format!(
        "within calendar month\n{steps}\nneed 2 of\ngive 5 stars\ngive gift badge\nrepeat\n\
         when channel is app\nfrom 2026-01-01\nuntil 2026-12-31"
    ));
    assert_eq!((challenge.within, challenge.need), (Window::Calendar(Period::Month), 2));
    assert!(challenge.repeat && challenge.when.is_some());
    assert_eq!((challenge.from, challenge.until), (Some(date(2026, 1, 1)), Some(date(2026, 12, 31))));
    for (within, window) in [
        ("within 30 days", Window::Last(Length::Days(30))),
        ("within last 4 weeks", Window::Last(Length::Weeks(4))),
        ("within 48 hours", Window::LastHours(48)),
        ("within ever", Window::Ever),
        ("", Window::Ever),
    ] {
        let challenge = good(&format!("{within}\n{steps}\ngive 5 stars"));
        assert_eq!((challenge.within, challenge.need, challenge.repeat), (window, 3, false), "{within}");
    }
    for need in ["need all", "need all steps", "need 3 of them", "need 3 steps"] {
        assert_eq!(good(&format!("{steps}\n{need}\ngive 5 stars")).need, 3, "{need}");
    }
}

#[test]
fn what_it_gives_is_a_rule_of_its_own() {
    let frame = Frame {
        text: QUEST.text,
        keyword: "challenge",
        read: |reading, block| read(reading, block, ChallengeId(0), RuleId(1)).map(|(_, rule)| rule),
    };
    let rule = frame.good("step a items at least 1\ngive 5 stars\ngive gift badge").expect("it reads");
    assert_eq!(rule.name.text, "quest");
    assert!(matches!(rule.gives[1].what, What::Gift(..)));
}

#[test]
fn messages_and_their_good_twins() {
    let steps = "step a items at least 1\nstep b visits at least 2";
    let with = |lines: &str| format!("{steps}\n{lines}\ngive 5 stars");
    let cases: Vec<(String, String)> = vec![
        ("give 5 stars".to_owned(), with("")),
        (steps.to_owned(), with("")),
        (with("need 3 of"), with("need 2 of")),
        (with("need 0 of"), with("need 1 of")),
        (with("step a visits at least 1"), with("step c visits at least 1")),
        (with("step c visits at least 0"), with("step c visits at least 1")),
        (with("step c visits at least 3 RON"), with("step c visits at least 3")),
        (with("step c spend at least 30"), with("step c spend at least 30 RON")),
        (with("step c visits more than 3"), with("step c visits at least 4")),
        (with("within month"), with("within calendar month")),
        (with("within ever\nrepeat"), with("within calendar week\nrepeat")),
        (with("within campaign"), with("within campaign\nfrom 2026-01-01")),
        (format!("{steps}\ngive +50% of base"), with("")),
        (with("from 2026-02-01\nuntil 2026-01-01"), with("from 2026-01-01\nuntil 2026-02-01")),
    ];
    let cases: Vec<(&str, &str)> = cases.iter().map(|(bad, twin)| (bad.as_str(), twin.as_str())).collect();
    insta::assert_snapshot!(QUEST.bad(&cases));
}
