//! What a program is worth, and what a trial of it would tell: figures that can be worked out by hand.

use super::*;
use crate::mechanics::scenario::Group;
use crate::simulate::study::Trial;

/// A program that gives nothing and costs nothing beside running it.
const BARE: &str = "loyal 1\n\nprogram bare {\n  money    RON\n  clock    zone \"UTC\"\n}\n";

fn bare<'p>(program: &'p Program) -> Seat<'p> {
    Seat { program, file: "bare.loyal".to_owned(), player: Box::new(|| Box::new(Nothing::default())), quick: true }
}

/// Everybody alike: every eight days, 42 RON; nobody leaves, nothing comes back.
fn alike(members: u64, lifts: &[(Answer, f64, f64)]) -> Scenario {
    let mut scenario = Scenario { returns: None, control: None, ..scenario(members, lifts) };
    if let Buying::Said(habits) = &mut scenario.purchases {
        *habits = Habits {
            gap: range(8.0, 8.0),
            gap_spread: number(0.0),
            basket: Basket { median: number(42.0), spread: number(0.0) },
            leave: None,
        };
    }
    scenario
}

fn trial(study: &Study) -> &Trial {
    study.arms[0].trial.as_ref().unwrap_or_else(|| panic!("no trial"))
}

#[test]
fn the_break_even_lift_ranges_with_the_margin() {
    let program = program(BARE);
    let margin = Scenario { margin: range(40.0, 80.0), ..alike(400, &[(Answer::Visits, 2.0, 10.0)]) };
    let scenario = Scenario { running: Some(number(27_000.0)), ..margin };
    let found = study(&[bare(&program)], &scenario, &how(40, 2));
    let lift = measured(&found, Measure::BreakEvenLift);
    // 13,500 RON for half a year, over the margin on what is sold without it: at 60%, and over worlds at 42% to 78%.
    let without = measured(&found, Measure::SalesWithout).mid;
    let at = |margin: f64| 13_500.0 / (margin * without) * 100.0;
    let near = |found: f64, wanted: f64| (found / wanted - 1.0).abs() < 0.15;
    assert!(near(lift.mid, at(0.6)), "{lift:?} about {}", at(0.6));
    assert!(near(lift.low, at(0.78)) && near(lift.high, at(0.42)), "{lift:?} from {} to {}", at(0.78), at(0.42));
}

#[test]
fn a_customer_is_worth_her_margin_less_what_she_costs() {
    let program = program(CAFE);
    let plan = Plan::of(&program);
    let scenario = scenario(150, &[(Answer::Visits, 5.0, 5.0)]);
    let found = |discount: f64| {
        let how = How { discount, ..how(0, 2) };
        study(&[Seat::new(&plan, "cafe.loyal".to_owned())], &scenario, &how)
    };
    let plain = found(0.0);
    let of = |study: &Study, measure| measured(study, measure).mid;
    let (with, without) = (of(&plain, Measure::MemberValue), of(&plain, Measure::MemberValueWithout));
    // Without interest: 60% of the sales without the program, and what the program gains on top, for each of 150.
    assert!((without - 0.6 * of(&plain, Measure::SalesWithout) / 150.0).abs() < 1e-6);
    assert!((with - without - of(&plain, Measure::NetGain) / 150.0).abs() < 1e-6);
    // At 10% a year half a year is worth, on average of its months, a little less than 1.1^(-1/4) = 0.9765.
    let later = of(&found(10.0), Measure::MemberValueWithout) / without;
    assert!((0.973..0.981).contains(&later), "{later}");
}

#[test]
fn what_is_allocated_to_points_is_earned_or_deferred() {
    let program = program(CAFE);
    let (plan, file) = seats(&program);
    let found = study(&[Seat::new(&plan, file)], &scenario(150, &[]), &how(0, 2));
    let of = |measure| measured(&found, measure).mid;
    let (allocated, earned) = (of(Measure::AllocatedToPoints), of(Measure::RecognisedOfPoints));
    assert!((allocated - earned - of(Measure::ContractLiability)).abs() < 0.005);
    // 1 star for 2 RON, worth 0.05: 2.5% of sales at face, less what will never be used, and of the price as a part.
    let share = allocated / of(Measure::Sales) * 100.0;
    assert!((0.5..2.44).contains(&share), "{share}% of sales");
    // No more than is owed at face.
    assert!(of(Measure::ContractLiability) <= of(Measure::LiabilityFace), "{allocated} {earned}");
}

#[test]
fn who_buys_alike_is_counted_by_the_law_of_poisson() {
    let program = program(BARE);
    let found = study(&[bare(&program)], &alike(4_000, &[(Answer::Visits, 2.0, 10.0)]), &how(0, 2));
    let trial = trial(&found);
    // Purchases in 28 days: Poisson, mean 3.5, so the deviation is 1/√3.5 of the mean. z² = 7.8489, halves: 4.
    for size in &trial.sizes {
        let mean = f64::from(size.weeks) * 7.0 / 8.0;
        let wanted = 7.8489 * 4.0 / mean / (trial.lift / 100.0).powi(2);
        let found = size.members as f64;
        assert!((found / wanted - 1.0).abs() < 0.08, "{} weeks: {found} of {wanted}", size.weeks);
        // What somebody bought before tells nothing of a Poisson process.
        if let Some(known) = size.known_before {
            assert!(known as f64 > found * 0.99, "{known} of {found}");
        }
    }
    assert_eq!(trial.sizes.iter().map(|size| size.weeks).collect::<Vec<_>>(), [4, 8, 13]);
    assert!(trial.sizes[1].known_before.is_some() && trial.sizes[2].known_before.is_none(), "26 weeks are 182 days");
    assert_eq!(trial.worth_of_knowing, None, "no world was drawn");
}

#[test]
fn who_differs_is_told_better_by_what_she_bought_before() {
    let program = program(BARE);
    let mut scenario = alike(4_000, &[(Answer::Visits, 2.0, 10.0)]);
    if let Buying::Said(habits) = &mut scenario.purchases {
        (habits.gap, habits.gap_spread) = (range(4.0, 4.0), number(0.8));
    }
    let found = study(&[bare(&program)], &scenario, &how(0, 2));
    // The rates vary by exp(0.8²) − 1 = 0.8965 of their mean, squared; the mean of purchases in 8 weeks is 56 ÷ 4 ·
    // exp(0.32) = 19.28, and 1/19.28 = 0.0519 comes on top. So ρ = 0.8965 ÷ 0.9484 = 0.9453, and 1 − ρ² = 0.1064.
    let eight = trial(&found).sizes.iter().find(|size| size.weeks == 8).expect("8 weeks");
    let left = eight.known_before.expect("16 weeks are played") as f64 / eight.members as f64;
    assert!((0.08..0.13).contains(&left), "{left}");
}

#[test]
fn knowing_is_worth_nothing_where_the_program_always_pays() {
    let program = program(BARE);
    let at = |low: f64, high: f64, running: f64| {
        let scenario = Scenario { running: Some(number(running)), ..alike(300, &[(Answer::Visits, low, high)]) };
        study(&[bare(&program)], &scenario, &how(20, 2))
    };
    // 300 × 181 ÷ 8 × 42 RON × 60% is 171,045 in half a year; 40% of that, twice, is what it costs in a year.
    let sure = at(45.0, 60.0, 136_800.0);
    assert_eq!((trial(&sure).worth_of_knowing, trial(&sure).worth_of_trial), (Some(0.0), Some(0.0)));
    let even = at(20.0, 60.0, 136_800.0);
    let knowing = trial(&even).worth_of_knowing.expect("worlds");
    let tried = trial(&even).worth_of_trial.expect("a trial");
    // The yearly gain lies evenly within ±20% of 342,090, ±68,418: to know is worth a quarter of that, 17,100.
    assert!((11_500.0..22_500.0).contains(&knowing), "{knowing}");
    assert!(tried > knowing / 10.0, "{tried} of {knowing}");
    assert!(tried <= knowing, "{tried} of {knowing}");
}

#[test]
fn a_pilot_of_the_program_is_measured_as_it_is_written() {
    let pilots = "
segment regulars {
  when     purchases in last 30 days is at least 2
}

pilot few {
  members  10%
  from     2026-02-01
  until    2026-02-28
}

pilot halves {
  segment  regulars
  from     2026-01-01
  control  50%
}

pilot shops {
  stores   [Gara]
  control  50%
}

pilot open {
  stores   [Gara]
}
";
    let program = program(&format!("{BARE}{pilots}"));
    let group =
        Group { name: "regulars".to_owned(), share: number(40.0), gap: None, basket: None, columns: Vec::new() };
    let scenario = Scenario { groups: vec![group], ..alike(2_000, &[(Answer::Visits, 2.0, 10.0)]) };
    let found = study(&[bare(&program)], &scenario, &how(0, 2));
    let written = &trial(&found).written;
    let sides: Vec<_> = written.iter().map(|one| (one.name.as_str(), one.days, one.with, one.without)).collect();
    assert_eq!(
        sides,
        [
            ("few", 28, Some(200), Some(1_800)),
            ("halves", 181, Some(400), Some(400)),
            ("shops", 181, None, None),
            ("open", 181, None, Some(0)),
        ]
    );
    // 28 days: 1/√3.5 of the mean; (1.95996 + 0.84162) · √(1/200 + 1/1800) = 0.2088, of the mean 11.16%.
    let tells = written[0].tells.expect("two sides");
    assert!((tells / 11.16 - 1.0).abs() < 0.06, "{tells}%");
    assert_eq!((written[2].tells, written[3].tells), (None, None));
}

#[test]
fn objectives_and_what_a_month_may_cost_are_told_in_the_middle_and_over_all_worlds() {
    let told = |most: &str| {
        let text = CAFE.replace(
            "  from     2026-01-01\n",
            "  from     2026-01-01\n  objective basket, average basket at least 42 RON\n  objective \
             all, members at least 401\n  objective share, member share of sales at least 50%\n  objective \
             cost, reward cost rate at most 99%\n",
        );
        let program = program(&format!("{text}\npromise {{\n  monthly cost at most {most}\n}}\n"));
        let plan = Plan::of(&program);
        let found = study(&[Seat::new(&plan, "cafe.loyal".to_owned())], &alike(400, &[]), &how(8, 2));
        let arm = &found.arms[0];
        let dearest = arm.months.iter().map(|month| month.cost.mid).fold(0.0, f64::max);
        (arm.objectives.clone(), format!("{dearest:.2} RON"))
    };
    let (rows, dearest) = told("1 RON");
    let row = |at: usize| (rows[at].text.as_str(), rows[at].came_to.as_deref(), rows[at].met);
    assert_eq!(row(0), ("objective basket, average basket at least 42 RON", Some("42.00 RON"), Some(1.0)));
    assert_eq!(row(1), ("objective all, members at least 401", Some("400"), Some(0.0)));
    // Everybody is a member: nobody knows of others.
    assert_eq!(row(2), ("objective share, member share of sales at least 50%", None, None));
    assert_eq!((rows[3].met, rows[3].came_to.is_some()), (Some(1.0), true));
    assert_eq!(row(4), ("monthly cost at most 1 RON", Some(dearest.as_str()), Some(0.0)));
    let (rows, dearest) = told("1000000 RON");
    assert_eq!(rows[4].met, Some(1.0));
    // No more than it came to in the middle world: in some it comes to more.
    let (rows, _) = told(&dearest);
    assert!(rows[4].met.is_some_and(|share| share > 0.0 && share < 1.0), "{:?}", rows[4]);
}
