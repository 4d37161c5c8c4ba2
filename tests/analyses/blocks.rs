//! One block at a time: dates, levels, bands, cards, rewards, unused blocks, worth.

use crate::build::*;
use crate::{codes, letter};
use loyal::check::analyses;
use loyal::mechanics::basis::{Basis, Distinct, Pick, Total};
use loyal::mechanics::card::StampPer;
use loyal::mechanics::give::{Band, What, Whom};
use loyal::mechanics::list::Calendar;
use loyal::mechanics::membership::Membership;
use loyal::mechanics::points::{Expiry, Life, Pending, Renewal};
use loyal::mechanics::promise::Promised;
use loyal::mechanics::rule::Trigger;
use loyal::mechanics::tiers::Need;
use loyal::mechanics::*;
use loyal::text::Span;
use loyal::value::clock::{Length, Period, Weekday, Window};

/// What one analysis says of the sample after a change.
fn told(check: fn(&Program) -> Vec<loyal::diag::Finding>, change: impl Fn(&mut Program)) -> String {
    let mut program = coffee();
    change(&mut program);
    letter(&check(&program))
}

type Change = fn(&mut Program);

/// A level that is sold for a fee a year.
fn sold(tiers: TiersId, level: usize) -> Membership {
    Membership {
        name: name("gold of status"),
        sold_by: Some(tiers),
        fee: n("99"),
        term: Length::Years(1),
        levels: vec![(tiers, level)],
        discounts: Vec::new(),
        gifts: Vec::new(),
        trial: None,
        renew: false,
        refund: None,
        span: Span::default(),
    }
}

fn cases(
    name: &str,
    check: fn(&Program) -> Vec<loyal::diag::Finding>,
    bad: &[(&str, Change)],
    good: &[(&str, Change)],
) {
    let letters: Vec<String> =
        bad.iter().map(|(title, change)| format!("## {title}\n{}", told(check, change))).collect();
    insta::assert_snapshot!(name, letters.join("\n\n"));
    for (title, change) in good {
        assert_eq!(told(check, change), "nothing", "{title}");
    }
}

#[test]
fn dates() {
    let bad: &[(&str, Change)] = &[
        ("rule turned", |p| (p.rules[1].from, p.rules[1].until) = (Some(day("2026-03-31")), Some(day("2026-03-01")))),
        ("before the program", |p| p.rules[1].until = Some(day("2025-12-31"))),
        ("after the program", |p| {
            p.settings.until = Some(day("2026-12-31"));
            p.rewards[0].from = Some(day("2027-01-01"));
        }),
        ("program turned", |p| p.settings.until = Some(day("2025-01-01"))),
        ("no monday in these days", |p| {
            (p.rules[2].from, p.rules[2].until) = (Some(day("2026-01-07")), Some(day("2026-01-11")));
        }),
        ("except takes all", |p| p.rules[1].except = vec![level(&[1, 2])]),
        ("other trigger", |p| p.rules[1].on = vec![Trigger::Activity(Some(ActivityId(0)))]),
        ("base excludes", |p| p.rules[0].when = Some(level(&[0, 1]))),
        ("base ends before", |p| {
            p.rules[0].until = Some(day("2026-05-31"));
            p.rules[1].from = Some(day("2026-06-01"));
        }),
        ("calendar", |p| {
            p.calendars = vec![Calendar {
                name: name("holidays"),
                days: vec![
                    (day("2026-12-24"), day("2026-12-26")),
                    (day("2026-12-26"), day("2026-12-26")),
                    (day("2026-05-02"), day("2026-05-01")),
                ],
                file: None,
                span: Span::default(),
            }];
        }),
    ];
    let good: &[(&str, Change)] = &[
        ("sample", |_| {}),
        ("one day", |p| (p.rules[1].from, p.rules[1].until) = (Some(day("2026-03-01")), Some(day("2026-03-01")))),
        ("one monday", |p| (p.rules[2].from, p.rules[2].until) = (Some(day("2026-01-05")), Some(day("2026-01-05")))),
        ("a calendar in a file", |p| {
            p.calendars = vec![Calendar {
                name: name("h"),
                days: Vec::new(),
                file: Some("h.csv".to_owned()),
                span: Span::default(),
            }];
            p.rules[2].except_in = vec![CalendarId(0)];
        }),
    ];
    cases("dates", analyses::dates::check, bad, good);
}

fn points_levels(p: &mut Program, levels: &[(&str, &str)]) {
    p.tiers = vec![tiers("status", Basis::Points(STAR), Window::Calendar(Period::Year), levels)];
}

#[test]
fn levels() {
    let bad: &[(&str, Change)] = &[
        ("not ascending", |p| p.tiers[0].levels[2].need = Need::AtLeast(0, n("5"))),
        ("the same", |p| p.tiers[0].levels[2].need = Need::AtLeast(0, n("10"))),
        ("not from 0", |p| p.tiers[0].levels[0].need = Need::AtLeast(0, n("1"))),
        ("capped", |p| {
            points_levels(p, &[("basic", "0"), ("gold", "1300")]);
            p.points[0].caps = vec![cap("100", Window::Calendar(Period::Month))];
        }),
        ("does not count", |p| {
            points_levels(p, &[("basic", "0"), ("gold", "1000")]);
            p.points[0].does_not_count = true;
        }),
        ("more days than a month has", |p| {
            let days = Basis::Distinct(Distinct::Days, Pick::default());
            p.tiers = vec![tiers("status", days, Window::Calendar(Period::Month), &[("basic", "0"), ("gold", "32")])];
        }),
        ("never given", |p| p.tiers[0].levels[1].need = Need::NotEarned),
        ("promised", |p| {
            p.tiers[0].levels[1].need = Need::NotEarned;
            p.promises = vec![promise(Promised::LevelsReachable)];
        }),
        ("surveys", |p| {
            let surveys = Basis::Activity(Some(ActivityId(0)));
            p.tiers = vec![tiers("status", surveys, Window::Calendar(Period::Year), &[("basic", "0"), ("gold", "13")])];
        }),
    ];
    let good: &[(&str, Change)] = &[
        ("sample", |_| {}),
        ("capped, but enough", |p| {
            points_levels(p, &[("basic", "0"), ("gold", "1200")]);
            p.points[0].caps = vec![cap("100", Window::Calendar(Period::Month))];
        }),
        ("rolling year touches thirteen months", |p| {
            points_levels(p, &[("basic", "0"), ("gold", "1300")]);
            p.tiers[0].measures[0].window = Window::Last(Length::Days(365));
            p.points[0].caps = vec![cap("100", Window::Calendar(Period::Month))];
        }),
        ("bought", |p| {
            p.tiers[0].levels[1].need = Need::NotEarned;
            p.memberships = vec![sold(TiersId(0), 1)];
        }),
        ("given", |p| {
            p.tiers[0].levels[1].need = Need::NotEarned;
            p.rules[3].gives.push(give(What::Level { tiers: TiersId(0), level: 1, until: None }));
        }),
        ("lowest is not earned", |p| p.tiers[0].levels[0].need = Need::NotEarned),
        ("surplus carried", |p| {
            points_levels(p, &[("basic", "0"), ("gold", "1300")]);
            p.tiers[0].carry_over = Some(None);
            p.points[0].caps = vec![cap("100", Window::Calendar(Period::Month))];
        }),
    ];
    cases("levels", analyses::levels::check, bad, good);
}

fn scaled(p: &mut Program, whole: bool, bands: &[(&str, &str)]) {
    p.rules[0].gives = vec![give(What::Scale {
        unit: STAR,
        bands: bands.iter().map(|(from, number)| Band { from: n(from), number: n(number), per: n("10") }).collect(),
        whole,
        basis: Basis::Total(Total::default()),
    })];
}

fn stepped(p: &mut Program, steps: &[(&str, &str)]) {
    p.rules[0].gives = vec![give(What::Step {
        unit: STAR,
        steps: steps.iter().map(|(from, number)| (n(from), n(number))).collect(),
        basis: Basis::Field { activity: Some(ActivityId(0)), field: "steps".to_owned() },
    })];
}

#[test]
fn bands() {
    let bad: &[(&str, Change)] = &[
        ("not ascending", |p| scaled(p, false, &[("0", "1"), ("100", "2"), ("50", "3")])),
        ("twice", |p| scaled(p, false, &[("0", "1"), ("100", "2"), ("100", "3")])),
        ("gap", |p| scaled(p, false, &[("50", "1"), ("100", "2")])),
        ("whole falls", |p| scaled(p, true, &[("0", "2"), ("100", "1")])),
        ("steps turned", |p| stepped(p, &[("10000", "5"), ("7000", "3")])),
        ("a step less", |p| stepped(p, &[("7000", "5"), ("10000", "3")])),
    ];
    let good: &[(&str, Change)] = &[
        ("ascending", |p| scaled(p, false, &[("0", "1"), ("100", "2")])),
        ("falling rates, each for its part", |p| scaled(p, false, &[("0", "2"), ("100", "1")])),
        ("whole rises", |p| scaled(p, true, &[("0", "1"), ("100", "2")])),
        ("steps", |p| stepped(p, &[("7000", "3"), ("10000", "5")])),
    ];
    cases("bands", analyses::bands::check, bad, good);
}

#[test]
fn unused_blocks() {
    let bad: &[(&str, Change)] = &[
        ("gift", |p| p.cards[0].gives.clear()),
        ("stack", |p| p.rules.iter_mut().for_each(|rule| rule.group = None)),
        ("tiers", |p| p.rules[1].when = None),
        ("activity", |p| {
            p.rules.pop();
        }),
        ("card", |p| p.cards[0].stamps.clear()),
        ("nothing earns", |p| p.rules.clear()),
        ("list, calendar, segment, budget", |p| {
            p.lists =
                vec![list::List { name: name("skus"), values: Default::default(), file: None, span: Span::default() }];
            p.calendars = vec![Calendar { name: name("days"), days: Vec::new(), file: None, span: Span::default() }];
            p.segments = vec![segment::Segment { name: name("best"), when: level(&[2]), span: Span::default() }];
            p.budgets = vec![budget::Budget {
                name: name("spring"),
                most: n("100"),
                window: Window::Ever,
                at_cost: true,
                warn_only: false,
                span: Span::default(),
            }];
        }),
    ];
    let good: &[(&str, Change)] = &[
        ("sample", |_| {}),
        ("benefits", |p| {
            p.rules[1].when = None;
            p.tiers[0].levels[2].benefits = vec!["a free coat check".to_owned()];
        }),
        ("stamped by a rule", |p| {
            p.cards[0].stamps.clear();
            p.rules[3].gives.push(give(What::Stamps(CardId(0), 1)));
        }),
        ("renews", |p| {
            p.rules.pop();
            p.points[0].expiry =
                Expiry::Sliding { length: Length::Months(6), without: vec![Renewal::Activity(Some(ActivityId(0)))] };
        }),
    ];
    cases("unused", analyses::unused::check, bad, good);
}

#[test]
fn worth_that_something_needs() {
    let bad: &[(&str, Change)] = &[
        ("promise", |p| p.points[0].worth = None),
        ("share back", |p| {
            p.points[0].worth = None;
            p.rules[0].gives = vec![give(What::Back {
                unit: STAR,
                percent: n("5"),
                or: Vec::new(),
                basis: Basis::Total(Total::default()),
            })];
        }),
        ("cap in percent", |p| {
            p.points[0].worth = None;
            p.promises.clear();
            p.stacks[0].cap_percent = Some((n("10"), Span::default()));
        }),
    ];
    let good: &[(&str, Change)] = &[
        ("sample", |_| {}),
        ("nothing needs it", |p| {
            p.points[0].worth = None;
            p.promises.clear();
        }),
    ];
    cases("worthless", analyses::worthless::check, bad, good);
}

#[test]
fn rewards_out_of_reach() {
    let bad: &[(&str, Change)] = &[
        ("capped", |p| {
            p.points[0].caps = vec![cap("20", Window::Calendar(Period::Month))];
        }),
        ("promised within three months", |p| {
            p.points[0].caps = vec![cap("50", Window::Calendar(Period::Month))];
            p.promises = vec![promise(Promised::RewardsReachable(3, None))];
        }),
        ("only surveys", |p| {
            p.rules.drain(..3);
            p.rules[0].limits = vec![times("1", Window::Calendar(Period::Month))];
            p.points[0].expiry = Expiry::After(Life { length: Length::Months(6), at_end_of: None });
        }),
    ];
    let good: &[(&str, Change)] = &[
        ("sample", |_| {}),
        ("never ends", |p| {
            p.points[0].caps = vec![cap("20", Window::Calendar(Period::Month))];
            p.points[0].expiry = Expiry::Never;
        }),
        ("just enough", |p| p.points[0].caps = vec![cap("25", Window::Calendar(Period::Month))]),
        ("promised, and enough", |p| {
            p.points[0].caps = vec![cap("50", Window::Calendar(Period::Month))];
            p.promises = vec![promise(Promised::RewardsReachable(5, None))];
        }),
    ];
    cases("reach", analyses::reach::check, bad, good);
}

#[test]
fn liability_without_end() {
    let bad: &[(&str, Change)] = &[("sliding", |p| {
        p.points[0].expiry = Expiry::Sliding { length: Length::Months(6), without: vec![Renewal::Any] };
    })];
    let good: &[(&str, Change)] = &[("sample", |_| {}), ("said so", |p| p.points[0].expiry = Expiry::Never)];
    cases("liability", analyses::liability::check, bad, good);
}

fn on(p: &mut Program, trigger: Trigger, to: Whom, number: &str) {
    let mut rule = rule("extra", false, vec![fixed(number)]);
    rule.on = vec![trigger];
    rule.gives[0].to = to;
    p.rules.push(rule);
}

#[test]
fn free_loops() {
    let bad: &[(&str, Change)] = &[
        ("redeem pays for itself", |p| on(p, Trigger::Redeem, Whom::Member, "300")),
        ("redeem pays, with a limit", |p| {
            on(p, Trigger::Redeem, Whom::Member, "310");
            p.rules[4].limits = vec![times("1", Window::Calendar(Period::Year))];
        }),
        ("card fills itself", |p| p.cards[0].gives.push(give(What::Stamps(CardId(0), 10)))),
        ("cards fill each other", |p| {
            p.cards.push(card("tea", 5, StampPer::Item, vec![What::Stamps(CardId(0), 5)]));
            p.cards[0].gives.push(give(What::Stamps(CardId(1), 10)));
        }),
        ("starts full", |p| p.cards[0].start = 10),
        ("join and send", |p| {
            on(p, Trigger::Join, Whom::Member, "50");
            p.points[0].transfer = vec![cap("500", Window::Calendar(Period::Month))];
        }),
        ("refer", |p| on(p, Trigger::Referral, Whom::Referrer, "50")),
        ("return after redeem, nothing owed", |p| p.points[0].owe = n("0")),
        ("return after redeem, all owed", |p| p.points[0].owe = n("500")),
    ];
    let good: &[(&str, Change)] = &[
        ("pending", |_| {}),
        ("redeem gives some back", |p| on(p, Trigger::Redeem, Whom::Member, "30")),
        ("join", |p| on(p, Trigger::Join, Whom::Member, "50")),
        ("refer with a limit", |p| {
            on(p, Trigger::Referral, Whom::Referrer, "50");
            p.rules[4].limits = vec![times("5", Window::Calendar(Period::Year))];
        }),
        ("when the friend has bought", |p| on(p, Trigger::FirstPurchaseOfFriend, Whom::Referrer, "50")),
        ("a stamp for the next card", |p| p.cards[0].gives.push(give(What::Stamps(CardId(0), 1)))),
        ("cards that lose", |p| {
            p.cards.push(card("tea", 5, StampPer::Item, vec![What::Stamps(CardId(0), 1)]));
            p.cards[0].gives.push(give(What::Stamps(CardId(1), 5)));
        }),
    ];
    let quiet: Vec<(&str, Change)> = good.to_vec();
    fn check(program: &Program) -> Vec<loyal::diag::Finding> {
        analyses::loops::check(program)
    }
    // What can be spent at once is told of by itself; here the points wait, so that only the loop is seen.
    fn waiting(program: &Program) -> Vec<loyal::diag::Finding> {
        let mut program = program.clone();
        program.points[0].pending = Pending::Days(14);
        check(&program)
    }
    cases("loops", check, bad, &[]);
    for (title, change) in quiet {
        assert_eq!(told(waiting, change), "nothing", "{title}");
    }
    assert_eq!(codes(&check(&coffee())), ["return-after-redeem"]);
}

#[test]
fn weekdays_are_those_of_the_calendar() {
    let mut program = coffee();
    program.rules[2].when = Some(weekdays(&[Weekday::Sunday]));
    (program.rules[2].from, program.rules[2].until) = (Some(day("2026-01-04")), Some(day("2026-01-04")));
    assert_eq!(letter(&analyses::dates::check(&program)), "nothing");
}
