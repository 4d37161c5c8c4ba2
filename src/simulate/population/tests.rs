//! What a simulation has to show before anybody believes it.

use super::calendar::Calendar;
use super::desk::Desk;
use super::living::{self, Cast};
use super::log::Log;
use super::member::{self, Life, Person, Sale};
use super::quick::Quick;
use super::shop::Shop;
use super::stage::Stage;
use super::world::{Assumed, World};
use super::{How, Seat, figures, study};
use crate::check;
use crate::engine::fast::Beyond;
use crate::engine::live::{self, Live, Stands, Told};
use crate::engine::plan::Plan;
use crate::ledger::{Event, MemberRow};
use crate::mechanics::Program;
use crate::mechanics::scenario::people::{Deed, Field, Joining, People, Says, Subscription};
use crate::mechanics::scenario::{Answer, Basket, Buying, Habits, Lift, Range, Scenario};
use crate::simulate::study::{Asks, Caution, Estimate, Measure, Study};
use crate::syntax;
use crate::text::{Sources, Span};
use crate::value::clock::{Date, Length, Period};
use crate::value::exact::Exact;

mod asks;
mod worth;

pub(super) const CAFE: &str = r#"loyal 1

program cafe {
  money    RON
  clock    zone "Europe/Bucharest"
  from     2026-01-01
}

points star plural stars {
  worth    0.05 RON each
  expire   3 months after earning
}

earn base {
  on       purchase
  give     1 star per 2 RON
}

gift welcome {
  item     "a coffee"
  costs    3 RON
  value    8 RON
  valid    60 days
}

card cups {
  stamp    1 per purchase
  full     at 5
  give     gift welcome
}

reward cake {
  price    100 stars
  costs    4 RON
  value    9 RON
}

reward breakfast {
  price    220 stars
  costs    8 RON
  value    20 RON
}
"#;

const LEVELS: &str = r#"loyal 1

program club {
  money    RON
  clock    zone "Europe/Bucharest"
  from     2026-01-01
}

tiers club {
  measure  spend in last 60 days
  level    guest  from 0 RON
  level    friend from 400 RON
  level    family from 2000 RON
  lasts    3 months
}

discount friends {
  when     club in [friend, family]
  take     5% off
}
"#;

fn program(text: &str) -> Program {
    let mut sources = Sources::default();
    let parsed = syntax::parse_text(&mut sources, "test.loyal", text);
    let checked = check::check(&parsed.ast, &sources);
    checked.program.unwrap_or_else(|| panic!("{:?} {:?}", parsed.findings, checked.findings))
}

fn number(number: f64) -> Exact {
    Exact::from_scaled((number * 1000.0).round() as i128, 3)
}

fn range(low: f64, high: f64) -> Range {
    Range { low: number(low), high: number(high), span: Span::default() }
}

/// A scenario of a café whose members come every eight days.
pub(super) fn scenario(members: u64, lifts: &[(Answer, f64, f64)]) -> Scenario {
    Scenario {
        name: "year".to_owned(),
        members,
        purchases: Buying::Said(Habits {
            gap: range(8.0, 8.0),
            gap_spread: number(0.5),
            basket: Basket { median: number(42.0), spread: number(0.6) },
            leave: Some(range(20.0, 20.0)),
        }),
        groups: Vec::new(),
        items: None,
        people: People::default(),
        lifts: lifts.iter().map(|(of, low, high)| Lift { of: *of, by: range(*low, *high), source: None }).collect(),
        redeem: Some(range(60.0, 60.0)),
        margin: range(60.0, 60.0),
        months: 6,
        control: Some(number(20.0)),
        returns: Some(number(3.0)),
        running: Some(number(500.0)),
        span: Span::default(),
    }
}

fn how(worlds: u32, threads: usize) -> How {
    How { seed: 7, worlds: Some(worlds), threads, first: None, discount: 0.0 }
}

fn measured(study: &Study, measure: Measure) -> Estimate {
    let found = study.arms[0].measures.iter().find(|(one, _)| *one == measure);
    found.map(|(_, estimate)| *estimate).unwrap_or_else(|| panic!("no {measure:?}"))
}

fn seats(program: &Program) -> (Plan<'_>, String) {
    (Plan::of(program), "cafe.loyal".to_owned())
}

/// Both lives of so many members of the café.
fn lives(scenario: &Scenario, members: u64) -> Vec<(Vec<Sale>, Vec<Sale>)> {
    lives_in(CAFE, scenario, members)
}

/// Both lives of so many members.
pub(super) fn lives_in(text: &str, scenario: &Scenario, members: u64) -> Vec<(Vec<Sale>, Vec<Sale>)> {
    let program = program(text);
    let plan = Plan::of(&program);
    let shop = Shop::of(&program);
    let assumed = Assumed::of(scenario);
    let world = World::of(scenario, &assumed, &assumed.middle(), 2);
    let calendar = Calendar::new(&program.settings.clock, Date::constant(2026, 1, 1), scenario.months);
    let stage = Stage { seed: 3, ..Stage::new(scenario, &world, &calendar, calendar.len() as f64, 2) };
    let mut player = live::player(&plan);
    let (mut person, mut life, mut log) = (Person::new(), Life::default(), Log::new(&calendar));
    let mut desk = Desk::new(&program.settings.clock);
    let both = (0..members).map(|number| {
        person.begin(&stage, number);
        member::without(&stage, &mut person, &mut life);
        let without = life.sales.clone();
        let (desk, person, life, log) = (&mut desk, &mut person, &mut life, &mut log);
        let played = living::with(&stage, Cast { shop: &shop, player: player.as_mut(), desk, person, life, log });
        played.expect("she can be played");
        assert_eq!(log.rejected, 0, "nothing she does is rejected");
        (without, life.sales.clone())
    });
    both.collect()
}

#[test]
fn with_no_answers_a_program_changes_no_purchase() {
    let all = lives(&scenario(60, &[]), 60);
    assert!(all.iter().map(|(without, _)| without.len()).sum::<usize>() > 500);
    assert!(all.iter().any(|(without, _)| without.iter().any(|sale| sale.amount < 0)), "some come back");
    for (without, with) in &all {
        // Not nearly: the same bits.
        assert_eq!(without, with);
    }
}

#[test]
fn an_answer_brings_more_of_the_same_people() {
    let count = |lifts: &[(Answer, f64, f64)]| {
        let all = lives(&scenario(80, lifts), 80);
        let sums = all.iter().map(|(without, with)| (without.len(), with.len()));
        sums.fold((0, 0), |sum, both| (sum.0 + both.0, sum.1 + both.1))
    };
    for answer in Answer::ALL {
        let (without, with) = count(&[(answer, 40.0, 40.0)]);
        match answer {
            // Bigger, not more; and the café has no levels to keep.
            Answer::Basket | Answer::KeepingLevel => assert_eq!(without, with, "{answer:?}"),
            Answer::Visits | Answer::NearReward | Answer::AfterReward | Answer::Staying | Answer::ComingBack => {
                assert!(with > without, "{answer:?}: {with} after {without}")
            }
        }
    }
    let (without, with) = count(&[(Answer::Visits, 40.0, 40.0)]);
    let lift = with as f64 / without as f64 - 1.0;
    assert!((0.3..0.5).contains(&lift), "40% oftener: {lift}");
}

#[test]
fn levels_press_who_is_near_one_and_who_may_lose_it() {
    for answer in [Answer::NearReward, Answer::KeepingLevel] {
        let all = lives_in(LEVELS, &scenario(80, &[(answer, 40.0, 40.0)]), 80);
        let more = all.iter().filter(|(without, with)| with.len() > without.len()).count();
        let less = all.iter().filter(|(without, with)| with.len() < without.len()).count();
        assert!(more > 20 && less == 0, "{answer:?}: {more} more, {less} less");
    }
}

const GYM: &str = r#"loyal 1

program gym {
  money    RON
  clock    zone "Europe/Bucharest"
  from     2026-01-01
}

points spark plural sparks {
  worth    0.10 RON each
}

activity workout {
  field    length number minutes
  field    kind one of [yoga, strength]
  verified by desk
  accept   when length is at least 30 minutes
}

earn sweat {
  on       activity workout
  count    length
  give     1 spark per 10 minutes
}

earn calm {
  on       activity workout
  when     kind is yoga
  give     7 sparks
}

earn hello {
  on       visit
  give     1 spark
}

reward towel {
  price    60 sparks
  costs    9 RON
  value    35 RON
}
"#;

/// What members of the gym do beside buying.
fn deeds(workout: Says) -> People {
    let deed = |activity: Option<&str>, often: f64, share: Option<f64>, fields: Vec<Field>| Deed {
        activity: activity.map(str::to_owned),
        often: range(often, often),
        per: Period::Week,
        share: share.map(|share| range(share, share)),
        fields,
        span: Span::default(),
    };
    let length = Field { name: "length".to_owned(), says: workout };
    let kind = Field { name: "kind".to_owned(), says: Says::AnyOf(vec!["yoga".to_owned()]) };
    People {
        deeds: vec![deed(Some("workout"), 2.0, Some(50.0), vec![length, kind]), deed(None, 0.5, None, Vec::new())],
        ..People::default()
    }
}

#[test]
fn activities_come_as_often_as_was_said_and_bring_what_the_rules_give() {
    let program = program(GYM);
    let plan = Plan::of(&program);
    let minutes = Says::Between { low: 40, high: 40, digits: 0 };
    let stays = |people: People| {
        let mut scenario = Scenario { people, returns: None, ..scenario(400, &[]) };
        if let Buying::Said(habits) = &mut scenario.purchases {
            habits.leave = None;
        }
        figures(&[Seat::new(&plan, "gym.loyal".to_owned())], &scenario, &how(0, 2))
    };
    let found = stays(deeds(minutes));
    let times = |name: &str| found.arms[0].rules.iter().find(|row| row.name == name).map_or(0.0, |row| row.times.mid);
    // 400 people, half of them twice a week, 181 days; less what came before they joined.
    let said = 400.0 * 0.5 * 2.0 * 181.0 / 7.0;
    let sweat = times("earn sweat");
    assert!((0.85..1.1).contains(&(sweat / said)), "{sweat} of {said}");
    assert_eq!(times("earn calm"), sweat, "each of them is yoga");
    let points = found.arms[0].rules.iter().find(|row| row.name == "earn sweat").and_then(|row| row.points.clone());
    assert_eq!(points.map(|(_, points)| points.mid), Some(4.0 * sweat), "40 minutes are 4 sparks");
    // With a purchase, and as often as once in two weeks without one; a day has one visit.
    let visits = times("earn hello");
    let all = measured(&found, Measure::PurchaseFrequency).mid * 400.0 + 400.0 * 0.5 * 181.0 / 7.0;
    assert!((0.8..1.0).contains(&(visits / all)), "{visits} of {all}");
    assert_eq!(measured(&found, Measure::IncrementalSales), Estimate::known(0.0), "nobody buys more for it");
    let cautions = &found.cautions;
    assert!(!cautions.iter().any(|caution| matches!(caution, Caution::NotPlayed { .. } | Caution::Rejected { .. })));
    // Twenty minutes are not accepted: nothing is given for them, and the study says so.
    let found = stays(deeds(Says::Between { low: 20, high: 20, digits: 0 }));
    let what = vec!["earn sweat".to_owned(), "earn calm".to_owned()];
    let never = Caution::NeverCame { arm: 0, what, asks: Asks::Activities };
    assert!(found.cautions.contains(&never), "{:?}", found.cautions);
    // And of whom nothing is said, it is said that they do nothing.
    let found = stays(People::default());
    let idle = Caution::NotPlayed { arm: 0, what: "activity workout".to_owned() };
    assert!(found.cautions.contains(&idle), "{:?}", found.cautions);
}

#[test]
fn what_members_do_beside_buying_changes_no_purchase() {
    let people = || deeds(Says::Between { low: 30, high: 75, digits: 0 });
    let all = lives_in(GYM, &Scenario { people: people(), ..scenario(40, &[]) }, 40);
    for (without, with) in &all {
        // Not nearly: the same bits.
        assert_eq!(without, with);
    }
    // Near a towel they come oftener, whatever brought them there.
    let near = [(Answer::NearReward, 40.0, 40.0)];
    let all = lives_in(GYM, &Scenario { people: people(), ..scenario(40, &near) }, 40);
    let more = all.iter().filter(|(without, with)| with.len() > without.len()).count();
    let less = all.iter().filter(|(without, with)| with.len() < without.len()).count();
    assert!(more > 20 && less == 0, "{more} more, {less} less");
}

const CLUB: &str = r#"loyal 1

program club {
  money    RON
  clock    zone "Europe/Bucharest"
  from     2026-01-01
}

membership plus {
  fee      60 RON per year
  gives    discount members_pay_less
  renew
}

membership monthly {
  fee      12 RON per month
  gives    discount members_pay_less
  trial    14 days
  refund   pro rata within 5 days
}

discount members_pay_less {
  take     5% off
}
"#;

/// Half of the members take this membership, of whom so many percent go on at the end of each term.
fn subscribing(membership: &str, renew: f64) -> People {
    let (share, renew) = (range(50.0, 50.0), range(renew, renew));
    let within = Some(Length::Months(1));
    let membership = membership.to_owned();
    let one = Subscription { membership, share, within, renew, span: Span::default() };
    People { subscriptions: vec![one], ..People::default() }
}

/// What 400 members of the club come to who all stay.
fn club(people: People) -> Study {
    let program = program(CLUB);
    let plan = Plan::of(&program);
    let mut scenario = Scenario { people, ..scenario(400, &[]) };
    if let Buying::Said(habits) = &mut scenario.purchases {
        habits.leave = None;
    }
    figures(&[Seat::new(&plan, "club.loyal".to_owned())], &scenario, &how(0, 2))
}

#[test]
fn fees_are_income_as_their_terms_pass() {
    let found = club(subscribing("plus", 100.0));
    let (paid, earned) = (measured(&found, Measure::Fees).mid, measured(&found, Measure::FeesEarned).mid);
    // About half of 400, each with one term of a year that has not ended.
    assert_eq!(paid % 60.0, 0.0);
    assert!((180.0..220.0).contains(&(paid / 60.0)), "{paid}");
    // Taken on average some three weeks after the first day, so for some 158 of 365 days.
    assert!((0.40..0.46).contains(&(earned / paid)), "{earned} of {paid}");
    let (cost, running) = (measured(&found, Measure::CostAtCost), measured(&found, Measure::RunningCost));
    let gain = measured(&found, Measure::NetGain).mid;
    assert!((gain - (earned - cost.mid - running.mid)).abs() < 1e-6, "{gain}");
    assert!(cost.mid > 0.0, "members have money off, and nobody else");
    let last = found.arms[0].months[5].gain_so_far.expect("a population has it").mid;
    assert!((last - gain).abs() < 1e-6, "month by month it comes to the same");
    let worth = measured(&found, Measure::MemberValue).mid - measured(&found, Measure::MemberValueWithout).mid;
    assert!((worth - gain / 400.0).abs() < 1e-6, "her fees are part of what a customer is worth: {worth}");
    let tenths: f64 =
        found.arms[0].cuts.iter().flat_map(|cut| &cut.rows).filter_map(|row| row.gain).map(|one| one.mid).sum();
    assert!((tenths - (gain + running.mid)).abs() < 1e-6, "so do all members");
    assert!(!found.cautions.iter().any(|caution| matches!(caution, Caution::Rejected { .. })), "{:?}", found.cautions);
    let unsold = Caution::NotPlayed { arm: 0, what: "membership monthly".to_owned() };
    assert!(found.cautions.contains(&unsold), "what nobody is said to take is named");
}

#[test]
fn who_does_not_go_on_pays_no_further_term() {
    // All of them give it up before the trial ends.
    let found = club(subscribing("monthly", 0.0));
    assert_eq!(measured(&found, Measure::Fees), Estimate::known(0.0));
    assert!(measured(&found, Measure::CostAtCost).mid > 0.0, "the trial has cost something");
    // All of them go on: five or six months are begun behind the trial, or four of those who came late.
    let found = club(subscribing("monthly", 100.0));
    let terms = measured(&found, Measure::Fees).mid / 12.0 / 200.0;
    assert!((4.4..5.6).contains(&terms), "{terms}");
    assert!(!found.cautions.iter().any(|caution| matches!(caution, Caution::Rejected { .. })), "{:?}", found.cautions);
    // Half of them each time: one half, and a half of it, and so on, come to about one.
    let found = club(subscribing("monthly", 50.0));
    let terms = measured(&found, Measure::Fees).mid / 12.0 / 200.0;
    assert!((0.8..1.15).contains(&terms), "{terms}");
}

#[test]
fn who_has_not_joined_buys_as_without_a_program() {
    let joining =
        Joining { at_once: Some(range(30.0, 30.0)), over: Some((Some(range(30.0, 30.0)), Length::Months(3))) };
    let people = People { joining: Some(joining), ..People::default() };
    let lifts = [(Answer::Visits, 40.0, 40.0), (Answer::Basket, 10.0, 10.0), (Answer::Staying, 50.0, 50.0)];
    for (without, with) in &lives_in(CAFE, &Scenario { people: people.clone(), ..scenario(60, &[]) }, 60) {
        assert_eq!(without, with);
    }
    let all = lives_in(CAFE, &Scenario { people: people.clone(), ..scenario(200, &lifts) }, 200);
    let same = all.iter().filter(|(without, with)| without == with).count();
    assert!((60..110).contains(&same), "{same} of 200 never join");
    // Up to the day on which she joins they are the same.
    let as_before = |(without, with): &&(Vec<Sale>, Vec<Sale>)| without != with && without.first() == with.first();
    let late = all.iter().filter(as_before).count();
    assert!(late > 20, "{late} join later");
    let program = program(CAFE);
    let plan = Plan::of(&program);
    let scenario = Scenario { people, ..scenario(400, &[]) };
    let found = figures(&[Seat::new(&plan, "cafe.loyal".to_owned())], &scenario, &how(0, 2));
    let (members, adoption) = (measured(&found, Measure::Members).mid, measured(&found, Measure::Adoption).mid);
    assert!((205.0..250.0).contains(&members), "{members} of 400, less those who had left before");
    assert!((45.0..60.0).contains(&adoption), "{adoption}% of purchases");
}

#[test]
fn everybody_has_a_birthday_where_it_matters() {
    let text = r#"loyal 1

program club {
  money    RON
  clock    zone "Europe/Bucharest"
  from     2026-01-01
}

gift cake {
  service  "a cake"
  costs    4 RON
}

earn cakes {
  on       birthday
  give     gift cake
}
"#;
    let program = program(text);
    let plan = Plan::of(&program);
    let mut scenario = Scenario { months: 12, ..scenario(365, &[]) };
    if let Buying::Said(habits) = &mut scenario.purchases {
        (habits.leave, habits.gap) = (None, range(2.0, 2.0));
    }
    let found = figures(&[Seat::new(&plan, "club.loyal".to_owned())], &scenario, &how(0, 2));
    let cakes = found.arms[0].rules.iter().find(|row| row.name == "gift cake").map_or(0.0, |row| row.times.mid);
    // One each, but for those whose day lies before the one on which they joined.
    assert!((345.0..366.0).contains(&cakes), "{cakes}");
}

#[test]
fn a_season_moves_purchases_of_everybody() {
    let mut season: [Exact; 12] = std::array::from_fn(|_| number(100.0));
    season[1] = number(200.0);
    season[2] = number(0.0);
    let people = People { season: Some(season), ..People::default() };
    let all = lives_in(CAFE, &Scenario { people, returns: None, ..scenario(150, &[]) }, 150);
    let count = |from: f64, to: f64| {
        let inside = |sale: &&Sale| from <= sale.at && sale.at < to;
        all.iter().map(|(without, _)| without.iter().filter(inside).count()).sum::<usize>() as f64
    };
    let (january, february, march) = (count(0.0, 31.0) / 31.0, count(31.0, 59.0) / 28.0, count(59.0, 90.0));
    assert_eq!(march, 0.0, "nothing is sold");
    assert!((1.7..2.2).contains(&(february / january)), "{february} after {january} a day");
    assert!(all.iter().all(|(without, with)| without == with), "with the program as without it");
}

#[test]
fn without_lifts_nothing_is_gained_and_all_is_cost() {
    let program = program(CAFE);
    let (plan, file) = seats(&program);
    let found = study(&[Seat::new(&plan, file)], &scenario(150, &[]), &how(2, 2));
    assert_eq!(measured(&found, Measure::IncrementalSales), Estimate::known(0.0));
    let (cost, running) = (measured(&found, Measure::CostAtCost), measured(&found, Measure::RunningCost));
    let gain = measured(&found, Measure::NetGain);
    assert!(cost.mid > 0.0 && running.mid == 250.0);
    assert!((gain.mid + cost.mid + running.mid).abs() < 1e-9);
    let months = &found.arms[0].months;
    assert_eq!(months.len(), 6);
    let last = months[5].gain_so_far.expect("a population has it").mid;
    assert!((last - gain.mid).abs() < 1e-6, "month by month it comes to the same: {last} and {}", gain.mid);
    let rules: f64 = found.arms[0].rules.iter().map(|rule| rule.cost.mid).sum();
    assert!((rules - cost.mid).abs() < 1e-6, "rules add up to the cost: {rules} and {}", cost.mid);
    let points = |name: &str| {
        let row = found.arms[0].rules.iter().find(|row| row.name == name)?;
        row.points.as_ref().map(|(_, points)| points.mid)
    };
    assert!(points("returns").is_some_and(|points| points < 0.0), "returns take points");
    assert_eq!(points("card cups"), None, "a card that gives a gift gives no points");
    let given: f64 = measured(&found, Measure::PointsGiven).mid;
    let gone = measured(&found, Measure::PointsSpent).mid + measured(&found, Measure::PointsExpired).mid;
    let left: f64 = found.arms[0].aged.iter().map(|aged| aged.points).sum();
    assert!((given - gone - left).abs() < 1e-6, "no point is lost: {given} given, {gone} gone, {left} left");
}

#[test]
fn what_says_no_cost_costs_what_it_is_worth() {
    let text =
        CAFE.lines().filter(|line| !line.trim_start().starts_with("costs") && !line.trim_start().starts_with("value"));
    let program = program(&text.collect::<Vec<_>>().join("\n"));
    let shop = Shop::of(&program);
    // 100 and 220 stars of 0.05 RON, in ten-thousandths.
    assert_eq!(shop.rewards.iter().map(|(_, thing)| thing.cost).collect::<Vec<_>>(), [50_000, 110_000]);
    assert!(shop.rewards.iter().all(|(_, thing)| !thing.said), "and that it was not said is told");
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_any_number_of_threads() {
    let program = program(CAFE);
    let plan = Plan::of(&program);
    let mut scenario = Scenario { months: 2, ..scenario(300, &[(Answer::Visits, 2.0, 10.0)]) };
    if let Buying::Said(habits) = &mut scenario.purchases {
        habits.gap = range(25.0, 25.0);
    }
    let text = |threads: usize| {
        let seats = [Seat::new(&plan, "a.loyal".to_owned()), Seat::new(&plan, "b.loyal".to_owned())];
        let found = study(&seats, &scenario, &how(2, threads));
        serde_json::to_string(&found).expect("a study can be written")
    };
    let one = text(1);
    assert_eq!(one, text(2));
    assert_eq!(one, text(7));
}

#[test]
fn the_break_even_lift_put_back_in_gains_nothing() {
    let program = program(CAFE);
    let plan = Plan::of(&program);
    let at = |low: f64, high: f64| {
        let scenario = scenario(120, &[(Answer::Visits, low, high), (Answer::NearReward, 5.0, 15.0)]);
        study(&[Seat::new(&plan, "cafe.loyal".to_owned())], &scenario, &how(0, 2))
    };
    let lift = measured(&at(2.0, 10.0), Measure::BreakEvenLift).mid;
    let found = at(lift, lift);
    let (gain, roi) = (measured(&found, Measure::NetGain).mid, measured(&found, Measure::ReturnOnInvestment).mid);
    // No nearer than by one purchase: nobody buys half of one. 60% of a large one of 84 RON is left.
    assert!(gain.abs() < 0.6 * 84.0, "a lift of {lift}% gains {gain}");
    assert!(roi.abs() < 2.0, "a lift of {lift}% returns {roi}%");
    let (before, after) = (
        measured(&at(lift - 3.0, lift - 3.0), Measure::NetGain),
        measured(&at(lift + 3.0, lift + 3.0), Measure::NetGain),
    );
    assert!(before.mid < 0.0 && 0.0 < after.mid, "below it is a loss, above it a gain");
}

/// A program that gives nothing: for those who ask about purchases alone.
#[derive(Default)]
struct Nothing(Stands);

impl Live for Nothing {
    fn begin(&mut self, _: &str, _: &MemberRow, _: Date) -> Result<(), Beyond> {
        Ok(())
    }
    fn begin_unlisted(&mut self, _: &str, _: Date) -> Result<(), Beyond> {
        Ok(())
    }
    fn upto(&mut self, _: Date, _: &mut dyn Told) -> Result<(), Beyond> {
        Ok(())
    }
    fn play(&mut self, _: &Event, _: &mut dyn Told) -> Result<(), Beyond> {
        Ok(())
    }
    fn stands(&self) -> &Stands {
        &self.0
    }
}

/// How many of so many launches, each with a lift from within the range and customers of its own, came out inside the
/// interval that was told before: of the lift of sales.
fn covered(runs: u64, members: u64, worlds: u32) -> f64 {
    let program = program("loyal 1\n\nprogram bare {\n  money    RON\n  clock    zone \"UTC\"\n}\n");
    let seat = || Seat {
        program: &program,
        file: "bare.loyal".to_owned(),
        player: Box::new(|| Box::new(Nothing::default())),
        quick: true,
    };
    let (low, high) = (2.0, 10.0);
    let share = |study: &Study, of: fn(&Estimate) -> f64| of(&measured(study, Measure::IncrementalSales));
    let inside = (0..runs).filter(|run| {
        let seed = 1_000 + run;
        let told = How { seed, worlds: Some(worlds), threads: 1, first: None, discount: 0.0 };
        let launch =
            |low: f64, high: f64| Scenario { running: None, ..scenario(members, &[(Answer::Visits, low, high)]) };
        let before = figures(&[seat()], &launch(low, high), &told);
        // What then happens: a lift that nobody knew, and other people.
        let truth = low + (high - low) * ((run * 7_919) % runs) as f64 / runs as f64;
        let really = How { seed: seed + 1_000_000, worlds: Some(0), threads: 1, first: None, discount: 0.0 };
        let after = figures(&[seat()], &launch(truth, truth), &really);
        let came_to = share(&after, |known| known.mid);
        share(&before, |interval| interval.low) <= came_to && came_to <= share(&before, |interval| interval.high)
    });
    inside.count() as f64 / runs as f64
}

#[test]
fn the_interval_covers_what_then_happens() {
    let covered = covered(60, 40, 40);
    assert!((0.78..=1.0).contains(&covered), "of 60 launches, the interval of 90% had {covered}");
}

#[test]
#[ignore = "half a minute: by hand and before a release"]
fn the_interval_covers_what_then_happens_in_500_launches() {
    let covered = covered(500, 40, 100);
    assert!((0.85..=0.95).contains(&covered), "of 500 launches, the interval of 90% had {covered}");
}

#[test]
fn five_figures_make_the_shop_that_was_said() {
    let quick = Quick { members: 2_000, visits: 2.0, basket: 42.0, margin: 30.0, lift: (2.0, 10.0), items: Vec::new() };
    let program = program(CAFE);
    let seat = Seat {
        program: &program,
        file: "cafe.loyal".to_owned(),
        player: Box::new(|| Box::new(Nothing::default())),
        quick: true,
    };
    let found = study(&[seat], &quick.scenario(), &how(0, 2));
    let sales = measured(&found, Measure::SalesWithout).mid;
    // Who leaves in the year buys for a half of it: 20% of them, so about a tenth less.
    let said = 2_000.0 * 2.0 * 12.0 * 42.0;
    assert!((0.85 * said..0.95 * said).contains(&sales), "{sales} of {said}");
    assert!((40.0..44.0).contains(&measured(&found, Measure::AverageBasket).mid));
}
