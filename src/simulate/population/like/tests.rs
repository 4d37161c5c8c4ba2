//! A history that goes on is like the history, and goes on as its fit expects.

use super::*;
use crate::mechanics::scenario::{Buying, Scenario};
use crate::simulate::fit::{Purchase, Theta};
use crate::simulate::population::calendar::Calendar;
use crate::simulate::population::draw::{For, Stream};
use crate::simulate::population::known::{Begins, Place};
use crate::simulate::population::member::{self, Life, Person};
use crate::simulate::population::stage::Stage;
use crate::simulate::population::tests::{CAFE, lives_in, scenario};
use crate::simulate::population::world::{Assumed, World};
use crate::value::clock::{Clock, parse_date};
use std::sync::LazyLock;

/// Every tenth customer of CDNOW, from 1 January 1997 to 30 June 1998.
static CDNOW: LazyLock<Bought> = LazyLock::new(|| {
    let text = include_str!("../../../../programs/cdnow/CDNOW_master.txt");
    let rows = text.lines().skip(1).filter_map(|line| {
        let [member, day, _, amount] = line.split_whitespace().collect::<Vec<_>>().try_into().ok()?;
        let day = format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]);
        let of_ten = member.parse::<u32>().ok()? % 10 == 4;
        let day = parse_date(&day).ok()?;
        of_ten.then(|| Purchase { member: member.to_owned(), day, amount: Exact::parse(amount).expect("dollars") })
    });
    Bought { purchases: rows.collect(), ..Bought::default() }
});

fn going_on(new: i64, months: u32) -> Scenario {
    let continued = continued(&CDNOW, 2, &Exact::from_int(new)).expect("a fit");
    Scenario { purchases: Buying::Continued(continued), returns: None, months, ..scenario(2_000, &[]) }
}

fn theta(scenario: &Scenario) -> (Theta, &Continued) {
    let Buying::Continued(continued) = &scenario.purchases else { panic!("a history that goes on") };
    let of = &continued.fitted;
    ([&of.r, &of.alpha, &of.a, &of.b].map(Exact::to_f64_lossy), continued)
}

/// A member: whose place she takes, when she bought and for how much, whether she was lost.
type Lived = (Place, Vec<(f64, i64)>, bool);

/// What so many members buy without a program.
fn lives(scenario: &Scenario, first: &str, members: u64) -> Vec<Lived> {
    let assumed = Assumed::of(scenario);
    let world = World::of(scenario, &assumed, &assumed.middle(), 2);
    let calendar = Calendar::new(&Clock::utc(), parse_date(first).expect("a day"), scenario.months);
    let stage = Stage { seed: 5, ..Stage::new(scenario, &world, &calendar, calendar.len() as f64, 2) };
    let (mut person, mut life) = (Person::new(), Life::default());
    let one = |number| {
        person.begin(&stage, number);
        member::without(&stage, &mut person, &mut life);
        let sales = life.sales.iter().map(|sale| (sale.at, sale.amount)).collect();
        (stage.known.expect("a history").place(0, number), sales, life.gone)
    };
    (0..members).map(one).collect()
}

fn mean(of: &[f64]) -> f64 {
    of.iter().sum::<f64>() / of.len() as f64
}

/// How far a mean may be from what it is the mean of: three and a half of its standard errors.
fn chance(of: &[f64]) -> f64 {
    let middle = mean(of);
    3.5 * (of.iter().map(|one| (one - middle).powi(2)).sum::<f64>() / of.len() as f64 / of.len() as f64).sqrt()
}

#[test]
fn known_members_buy_as_often_as_the_fit_expects_of_each() {
    let scenario = going_on(0, 12);
    let (theta, continued) = theta(&scenario);
    let members = 40 * u64::try_from(continued.known.len()).expect("a count");
    let mut lines: Vec<(Vec<f64>, f64)> = vec![(Vec::new(), 0.0); 8];
    for (place, sales, _) in lives(&scenario, "1998-07-01", members) {
        let Place::Of(of) = place else { panic!("nobody is new") };
        let row = Row { x: of.again, last: f64::from(of.last), seen: f64::from(of.seen), members: 1.0 };
        let line = &mut lines[of.again.min(7) as usize];
        line.0.push(sales.len() as f64);
        line.1 += Model::BgNbd.expected(&theta, &row, 365.0);
    }
    for (x, (bought, expected)) in lines.iter().enumerate() {
        let (happened, expected) = (mean(bought), expected / bought.len() as f64);
        assert!((happened - expected).abs() < chance(bought), "{x}: {happened} {expected} {}", chance(bought));
    }
    let all: Vec<f64> = lines.iter().flat_map(|(bought, _)| bought.iter().copied()).collect();
    let expected = lines.iter().map(|(_, expected)| expected).sum::<f64>() / all.len() as f64;
    assert!((mean(&all) / expected - 1.0).abs() < 0.03, "{} {expected}", mean(&all));
}

#[test]
fn so_many_are_still_there_as_the_fit_says() {
    let scenario = going_on(0, 1);
    let (theta, continued) = theta(&scenario);
    let of = |standing: &Standing| {
        Model::BgNbd.alive(&theta, standing.again, f64::from(standing.last), f64::from(standing.seen))
    };
    let alive: f64 = continued.known.iter().map(of).sum::<f64>() / continued.known.len() as f64;
    let mut stream = Stream::of(1, 1, 1, For::Traits);
    let stays = |standing: &Standing| {
        let (_, _, begins) = Place::Of(*standing).drawn(theta, &mut stream);
        f64::from(u8::from(begins == Begins::Stands))
    };
    let drawn: Vec<f64> = (0..20).flat_map(|_| continued.known.iter()).map(stays).collect();
    assert!((mean(&drawn) - alive).abs() < chance(&drawn), "{} {alive}", mean(&drawn));
    // Who had left before the first day was not lost in the time that is simulated.
    let lives = lives(&scenario, "1998-07-01", 2_000);
    let lost = lives.iter().filter(|(_, sales, gone)| *gone && sales.is_empty()).count();
    assert_eq!(lost, 0);
}

/// New members, from the first day of the history to its last: within 3 points of its repeat rate, 4% of its purchases
/// a member and of its mean basket, and 8% of its mean gap.
#[test]
fn new_members_are_like_those_of_the_history() {
    let scenario = going_on(100, 18);
    let (_, continued) = theta(&scenario);
    let lives = lives(&scenario, "1997-01-01", 4 * u64::try_from(continued.known.len()).expect("a count"));
    let known = &continued.known;
    let members = known.len() as f64;
    let repeats: u32 = known.iter().map(|one| one.again).sum();
    let there = |of: &Vec<(f64, i64)>| !of.is_empty();
    let came: Vec<&Vec<(f64, i64)>> = lives.iter().map(|(_, sales, _)| sales).filter(|sales| there(sales)).collect();
    assert_eq!(came.len(), lives.len(), "everybody begins with a purchase");
    let simulated = came.len() as f64;

    let rate = |repeaters: usize, of: f64| repeaters as f64 / of;
    let history = rate(known.iter().filter(|one| one.again > 0).count(), members);
    let ours = rate(came.iter().filter(|sales| sales.len() > 1).count(), simulated);
    assert!((ours - history).abs() < 0.03, "repeat rate {ours} {history}");

    let (history, ours) =
        (1.0 + f64::from(repeats) / members, came.iter().map(|sales| sales.len() as f64).sum::<f64>() / simulated);
    assert!((ours / history - 1.0).abs() < 0.04, "purchases a member {ours} {history}");

    let spent: f64 = CDNOW.purchases.iter().map(|purchase| purchase.amount.to_f64_lossy()).sum();
    let history = spent / (members + f64::from(repeats));
    let amounts: Vec<f64> = came.iter().flat_map(|sales| sales.iter().map(|sale| sale.1 as f64 / 100.0)).collect();
    assert!((mean(&amounts) / history - 1.0).abs() < 0.04, "basket {} {history}", mean(&amounts));

    let history = known.iter().map(|one| f64::from(one.last)).sum::<f64>() / f64::from(repeats);
    let gaps: Vec<f64> = came.iter().flat_map(|sales| sales.windows(2).map(|pair| pair[1].0 - pair[0].0)).collect();
    assert!((mean(&gaps) / history - 1.0).abs() < 0.08, "gap {} {history}", mean(&gaps));

    // They come when those of the history came: over its first twelve weeks.
    let history = mean(&known.iter().map(|one| f64::from(one.first)).collect::<Vec<f64>>());
    let ours = mean(&came.iter().map(|sales| sales[0].0.floor()).collect::<Vec<f64>>());
    assert!((ours - history).abs() < 0.5, "first purchases {ours} {history}");
}

/// Nobody leaves after her first purchase, as the model has it: else a new member would buy less often than it expects.
#[test]
fn new_members_buy_again_as_often_as_the_model_expects() {
    let scenario = going_on(100, 12);
    let (theta, _) = theta(&scenario);
    let lives = lives(&scenario, "1997-01-01", 60_000);
    let again: Vec<f64> = lives.iter().map(|(_, sales, _)| sales.len() as f64 - 1.0).collect();
    let expected: Vec<f64> =
        lives.iter().map(|(_, sales, _)| Model::BgNbd.expected_new(&theta, 365.0 - sales[0].0.floor())).collect();
    assert!((mean(&again) - mean(&expected)).abs() < chance(&again) + 0.003, "{} {}", mean(&again), mean(&expected));
}

#[test]
fn without_answers_a_program_changes_nothing_of_a_history_that_goes_on() {
    let scenario = going_on(30, 6);
    let all = lives_in(CAFE, &scenario, 200);
    assert!(all.iter().map(|(without, _)| without.len()).sum::<usize>() > 100);
    assert!(all.iter().all(|(without, with)| without == with));
}

fn bought(rows: &[(&str, &str, &str)]) -> Bought {
    let purchase = |(member, day, amount): &(&str, &str, &str)| Purchase {
        member: (*member).to_owned(),
        day: parse_date(day).expect("a day"),
        amount: Exact::parse(amount).expect("money"),
    };
    Bought { purchases: rows.iter().map(purchase).collect(), ..Bought::default() }
}

/// Days of 10, 10 and 40 (25 and 15 together): their median is 10 and their mean 20, so that the spread is
/// √(2 · ln 2) = 1.177.
#[test]
fn a_basket_has_the_median_and_the_mean_of_the_days() {
    let days = bought(&[
        ("ana", "2026-01-01", "10"),
        ("ana", "2026-01-05", "25"),
        ("ana", "2026-01-05", "15"),
        ("ben", "2026-01-02", "10"),
    ]);
    let basket = basket(&days, 2).expect("a basket");
    assert_eq!((basket.median.to_string(), basket.spread.to_string()), ("10".to_owned(), "1.177".to_owned()));
    let alike = super::basket(&bought(&[("ana", "2026-01-01", "7")]), 2).expect("a basket");
    assert_eq!((alike.median.to_string(), alike.spread.to_string()), ("7".to_owned(), "0".to_owned()));
    let free = super::basket(&bought(&[("ana", "2026-01-01", "0")]), 2).expect("a basket");
    assert_eq!(free.median.to_string(), "0.01");
}

#[test]
fn a_history_that_tells_nothing_is_refused() {
    let none = Exact::zero();
    let refused = |of: &Bought| continued(of, 2, &none).expect_err("no fit").to_string();
    assert!(refused(&Bought::default()).contains("no member bought anything"));
    assert!(
        refused(&bought(&[("ana", "2026-01-01", "7"), ("ben", "2026-01-01", "7")])).contains("nobody bought again")
    );
    let twice = bought(&[("ana", "2026-01-01", "7"), ("ana", "2026-01-09", "7"), ("ben", "2026-01-03", "7")]);
    assert!(refused(&twice).contains("of 2 members only 1 bought again"));
}

#[test]
fn who_comes_anew_is_not_there_before_she_comes() {
    let scenario = going_on(100, 12);
    let assumed = Assumed::of(&scenario);
    let world = World::of(&scenario, &assumed, &assumed.middle(), 2);
    let calendar = Calendar::new(&Clock::utc(), parse_date("1998-07-01").expect("a day"), scenario.months);
    let stage = Stage { seed: 5, ..Stage::new(&scenario, &world, &calendar, calendar.len() as f64, 2) };
    let (known, mut person) = (stage.known.expect("a history"), Person::new());
    let mut later = 0;
    for number in 0..200 {
        let Place::New(day) = known.place(0, number) else { panic!("all are new") };
        person.begin(&stage, number);
        let course = person.course(&world, Some(0.0));
        assert!(course.is_there(f64::from(day)), "she is there from day {day} on");
        assert!(day == 0 || !course.is_there(f64::from(day) - 0.5), "and not before day {day}");
        later += u32::from(day > 0);
    }
    assert!(later > 100, "{later}");
}
