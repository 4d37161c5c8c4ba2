//! What a simulation has to show before anybody believes it.

use super::calendar::Calendar;
use super::log::Log;
use super::member::{self, Desk, Life, Person, Sale, Stage};
use super::quick::Quick;
use super::shop::Shop;
use super::world::{Assumed, World};
use super::{How, Seat, figures, study};
use crate::check;
use crate::engine::fast::Beyond;
use crate::engine::live::{self, Live, Stands, Told};
use crate::engine::plan::Plan;
use crate::ledger::{Event, MemberRow};
use crate::mechanics::Program;
use crate::mechanics::scenario::{Answer, Basket, Buying, Habits, Lift, Range, Scenario};
use crate::simulate::study::{Estimate, Measure, Study};
use crate::syntax;
use crate::text::{Sources, Span};
use crate::value::clock::Date;
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
        let played = member::with(&stage, &shop, player.as_mut(), &mut desk, &mut person, (&mut life, &mut log));
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
        let before = study(&[seat()], &launch(low, high), &told);
        // What then happens: a lift that nobody knew, and other people.
        let truth = low + (high - low) * ((run * 7_919) % runs) as f64 / runs as f64;
        let really = How { seed: seed + 1_000_000, worlds: Some(0), threads: 1, first: None, discount: 0.0 };
        let after = study(&[seat()], &launch(truth, truth), &really);
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
    println!("of 500 launches, the interval of 90% had {covered}");
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
