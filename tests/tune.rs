//! A search over the numbers of a program, with simulations whose answers are known by hand.

use insta::assert_snapshot;
use loyal::report::study::Language;
use loyal::report::terminal::Paint;
use loyal::report::tune as shown;
use loyal::simulate::study::*;
use loyal::simulate::tune::{Aim, Asked, Candidate, Round, Stop, Tuned, tune};
use loyal::text::Sources;
use loyal::value::clock::Date;

const CAFE: &str = include_str!("tune/cafe.loyal");

fn cafe() -> Sources {
    let mut sources = Sources::default();
    sources.add("cafe.loyal", CAFE);
    sources
}

/// The first number behind a clause's keyword, of the first clause so called.
fn number(candidate: &Candidate, keyword: &str) -> f64 {
    let text = &candidate.sources.all()[0].text;
    let line = text.lines().find(|line| line.trim_start().starts_with(keyword)).expect("the clause");
    line.split_whitespace().find_map(|word| word.parse().ok()).expect("a number")
}

/// What a program that gives so many stars for 2 RON, and a cake for so many, comes to in these tests: cost is
/// 1,000 for each star at 300 a cake, and the gain 900 a star less 200 for its square, and 50 more where a cake is
/// cheaper than 300.
fn figures(candidate: &Candidate) -> (f64, f64) {
    let (stars, price) = (number(candidate, "give"), number(candidate, "price"));
    let cheap = if price < 300.0 { 50.0 } else { 0.0 };
    (1_000.0 * stars * 300.0 / price, 900.0 * stars - 200.0 * stars * stars + cheap)
}

fn around(mid: f64, reach: f64) -> Estimate {
    Estimate { low: mid - reach, mid, high: mid + reach }
}

fn day(month: i8, day: i8) -> Date {
    Date::new(2026, month, day).expect("a day")
}

fn arm(candidate: &Candidate, kind: StudyKind) -> Arm {
    let (cost, gain) = figures(candidate);
    let (came_to, met) = match kind {
        StudyKind::Population => (None, None),
        StudyKind::Replay => (Some(format!("{:.1}%", gain / 25.0)), Some(if gain / 25.0 >= 35.0 { 1.0 } else { 0.0 })),
    };
    // The dearer, the fewer worlds in which it costs no more than 1,600.
    let in_budget = (1.6 - cost / 2_500.0).clamp(0.0, 1.0);
    let objective = |text: &str, came_to, met| ObjectiveRow { text: text.to_owned(), came_to, met };
    let measures = match kind {
        StudyKind::Population => vec![
            (Measure::CostAtCost, around(cost - 100.0, 80.0)),
            (Measure::RunningCost, Estimate::known(100.0)),
            (Measure::NetGain, around(gain, 250.0)),
        ],
        StudyKind::Replay => {
            vec![(Measure::CostAtCost, Estimate::known(cost)), (Measure::EverRewarded, Estimate::known(gain / 20.0))]
        }
    };
    Arm {
        program: "cafe".to_owned(),
        file: "cafe.loyal".to_owned(),
        measures,
        rules: Vec::new(),
        uses: Vec::new(),
        months: Vec::new(),
        cuts: Vec::new(),
        aged: Vec::new(),
        first_reward: Vec::new(),
        migration: Vec::new(),
        tornado: Vec::new(),
        trial: None,
        objectives: vec![
            objective("retain, repeat rate at least 35", came_to, met),
            objective("budget, cost of rewards at most 1600", Some(format!("{cost:.2}")), Some(in_budget)),
        ],
    }
}

/// A simulation of candidates: the draws are the same, so that a difference of gains is known to 150.
fn simulated(candidates: &[Candidate], kind: StudyKind) -> Study {
    let gain = |at: usize| figures(&candidates[at]).1;
    let beside = |at: usize| Beside {
        arm: at,
        winners: 0,
        losers: 0,
        same: 0,
        most: Vec::new(),
        deciles: Vec::new(),
        gain: around(gain(at) - gain(0), 150.0),
    };
    Study {
        kind,
        money: "RON".to_owned(),
        decimals: 2,
        from: day(1, 1),
        until: day(12, 31),
        members: 5_000,
        worlds: if kind == StudyKind::Population { 40 } else { 0 },
        seed: 1,
        arms: candidates.iter().map(|one| arm(one, kind)).collect(),
        beside: (1..candidates.len()).map(beside).collect(),
        assumptions: Vec::new(),
        cautions: match kind {
            StudyKind::Population => vec![Caution::NoCost { arm: 0, thing: "gift mug".to_owned() }],
            StudyKind::Replay => vec![Caution::NoBehaviourChange],
        },
    }
}

fn asked(vary: &[&str], objective: Option<&str>) -> Asked {
    Asked { vary: vary.iter().map(|said| (*said).to_owned()).collect(), objective: objective.map(ToOwned::to_owned) }
}

fn searched(vary: &[&str], objective: Option<&str>, kind: StudyKind) -> Result<Tuned, String> {
    let simulate = |candidates: Vec<Candidate>, _: Round| Ok::<_, String>(simulated(&candidates, kind));
    tune(&cafe(), &asked(vary, objective), simulate).map_err(|stop| match stop {
        Stop::Amiss(amiss) => amiss.to_string(),
        Stop::Simulation(why) => why,
    })
}

fn text(tuned: &Tuned) -> String {
    shown::text(tuned, Language::English, Paint { on: false })
}

const BOTH: [&str; 2] = ["earn base give 1 to 3 step 0.5", "reward cake price 200, 300"];

#[test]
fn the_front_is_what_nothing_beats_and_the_highest_gain_is_taken() {
    let tuned = searched(&BOTH, None, StudyKind::Population).expect("a search");
    assert_eq!((tuned.combinations, tuned.aim), (10, Aim::NetGain));
    // The promise of 9%: a star is worth 0.05 RON, so 2.5 and 3 stars for 2 RON with half as much for gold are too many.
    let left_out: u64 = tuned.left_out.iter().map(|reason| reason.combinations).sum();
    assert_eq!(left_out + tuned.tried.len() as u64, 10);
    let front: Vec<&[String]> = tuned.front.iter().map(|at| tuned.tried[*at].values.as_slice()).collect();
    assert_eq!(front, [["1", "300"], ["1.5", "300"], ["2", "300"], ["2", "200"]]);
    assert_eq!(tuned.recommended().map(|best| best.values.join(" ")).as_deref(), Some("2 200"));
    // 1,050 less 700 as it is written, and less 1,000 of the next, each known to 150.
    assert_eq!(tuned.over_written, Some(around(350.0, 150.0)));
    let next = tuned.next.expect("a next one");
    assert_eq!((next.gain, next.told_apart), (Some(around(50.0, 150.0)), false));
    let changes: Vec<(usize, &str, &str)> =
        tuned.changes.iter().map(|one| (one.line, one.before.trim(), one.after.trim())).collect();
    let lines = [
        (19, "give     1 star per 2 RON", "give     2 star per 2 RON"),
        (38, "price    300 stars", "price    200 stars"),
    ];
    assert_eq!(changes, lines);
    assert_snapshot!("gain", text(&tuned));
}

#[test]
fn the_cheapest_that_meets_an_objective_is_taken() {
    let tuned = searched(&BOTH, Some("budget"), StudyKind::Population).expect("a search");
    assert_snapshot!("objective", text(&tuned));
    let said = searched(&BOTH, Some("retain"), StudyKind::Population).expect_err("a population does not know it");
    assert_snapshot!("objective_unknown", said);
}

#[test]
fn a_history_knows_each_objective_and_shows_whom_a_program_rewards() {
    assert_snapshot!("replay", text(&searched(&BOTH, None, StudyKind::Replay).expect("a search")));
    assert_snapshot!("replay_objective", text(&searched(&BOTH, Some("retain"), StudyKind::Replay).expect("a search")));
    let never = searched(&["earn base give 0.1, 0.2"], Some("retain"), StudyKind::Replay).expect("a search");
    assert!(never.recommended.is_none());
    assert_snapshot!("replay_never", text(&never));
}

#[test]
fn what_was_found_is_said_in_four_languages() {
    let found = [
        ("gain", searched(&BOTH, None, StudyKind::Population)),
        ("objective", searched(&BOTH, Some("budget"), StudyKind::Population)),
        ("replay_objective", searched(&BOTH, Some("retain"), StudyKind::Replay)),
    ];
    for (name, tuned) in found {
        let tuned = tuned.expect("a search");
        for language in [Language::Romanian, Language::Hebrew, Language::Arabic] {
            let text = shown::text(&tuned, language, Paint { on: false });
            assert_snapshot!(format!("{name}_{}", language.code()), text);
        }
    }
}

#[test]
fn the_program_as_it_is_may_be_the_best_there_is() {
    let tuned = searched(&["earn base give 0.5, 1"], None, StudyKind::Population).expect("a search");
    assert!(tuned.changes.is_empty());
    assert_snapshot!("as_written", text(&tuned));
}

#[test]
fn all_of_it_is_there_as_data() {
    let tuned = searched(&["earn base give 1, 2"], None, StudyKind::Population).expect("a search");
    let data: serde_json::Value = serde_json::from_str(&shown::json(&tuned).expect("data")).expect("JSON");
    assert_eq!(data["front"], serde_json::json!([0, 1]));
    assert_eq!(data["tried"][1]["cost"]["mid"], 2_000.0);
    assert_eq!(data["varied"][0]["line"], 19);
    assert_eq!(data["changes"][0]["after"], "  give     2 star per 2 RON");
}

/// Each `--vary` names one number, written as its clause writes it.
#[test]
fn a_clause_is_named_by_its_block_and_words_and_a_number_by_its_place() {
    let values = |said: &str| {
        let tuned = searched(&[said], None, StudyKind::Population).expect("a search");
        let varied = &tuned.varied[0];
        format!("{} {}: {}", varied.line, varied.was, varied.values.join(" "))
    };
    assert_eq!(values("earn base give nth 2 2, 4"), "19 2: 2 4");
    assert_eq!(values("bonus gold_double give 25, 50%, +100%"), "25 +50%: +25% +50% +100%");
    assert_eq!(values("tiers status level gold 20, 30, 20"), "32 30: 20 30");
    assert_eq!(values("tiers status level silver 5 to 12 step 5"), "31 10: 5 10");
    assert_eq!(values("points star worth 0.04 to 0.05 step 0.005"), "12 0.05: 0.04 0.045 0.05");
    assert_eq!(values("points star expire 6,12"), "14 12: 6 12");
    assert_eq!(values("promise return 8%, 10%"), "44 9%: 8% 10%");
}

#[test]
fn what_cannot_be_varied_is_said() {
    let many = ["earn base give 1 to 2 step 0.01", "reward cake price 200 to 400 step 1"];
    let wrong: [&[&str]; 22] = [
        &["earn base give"],
        &["1, 2"],
        &["ern base give 1, 2"],
        &["card coffee full 8, 10"],
        &["earn bsae give 1, 2"],
        &["earn 1, 2"],
        &["earn base cap 1, 2"],
        &["earn base 1, 2"],
        &["tiers status level 20, 30"],
        &["tiers status level platinum 20, 30"],
        &["tiers status miss 1, 2"],
        &["earn base give nth 3 1, 2"],
        &["earn base give nth x 1, 2"],
        &["program cafe from 1, 2"],
        &["earn base give 1 to 3"],
        &["earn base give 3 to 1 step 0.5"],
        &["earn base give 1 to 3 step 0"],
        &["earn base give 1 to 1000000 step 0.01"],
        &["earn base give 1%, 2%"],
        &["example x on 1, 2"],
        &["earn base give 1, 2", "earn base give nth 1 3, 4"],
        &many,
    ];
    let said: Vec<String> = wrong
        .iter()
        .map(|vary| match searched(vary, None, StudyKind::Population) {
            Ok(tuned) => format!("{vary:?} goes: {:?}", tuned.varied),
            Err(said) => said,
        })
        .collect();
    assert_snapshot!("mistakes", said.join("\n\n"));
}

#[test]
fn an_objective_that_is_not_there_and_a_search_without_a_program_are_said() {
    let wrong = searched(&BOTH, Some("retian"), StudyKind::Population).expect_err("no such objective");
    let none = searched(&["earn base give 100, 200"], None, StudyKind::Population).expect_err("past the promise");
    assert_snapshot!("nothing_found", format!("{wrong}\n\n{none}"));
}

#[test]
fn a_simulation_that_fails_ends_the_search() {
    let mut rounds = Vec::new();
    let simulate = |candidates: Vec<Candidate>, round: Round| {
        rounds.push(round.done);
        if round.done == 2 { Err("no room") } else { Ok(simulated(&candidates, StudyKind::Population)) }
    };
    let stopped = tune(&cafe(), &asked(&["earn base give 1, 2, 3"], None), simulate);
    assert_eq!(stopped, Err(Stop::Simulation("no room")));
    assert_eq!(rounds, [0, 1, 2]);
}

/// The command over a history: what it prints, and that the exit code of a wrong `--vary` is that of a wrong command.
#[test]
fn the_door_searches_over_a_history() {
    let run = |vary: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_loyal"));
        command.args(["tune", "tests/replay/cafe/stars.loyal", "--quiet", "--vary", vary]);
        command.args(["--events", "tests/replay/cafe/events.csv", "--format", "json"]);
        command.current_dir(env!("CARGO_MANIFEST_DIR"));
        let output = command.output().expect("the binary runs");
        (output.status.code(), String::from_utf8(output.stdout).expect("text"))
    };
    let (code, out) = run("earn base give 1, 2");
    assert_eq!(code, Some(0));
    let data: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((data["combinations"].as_u64(), data["aim"].as_str()), (Some(2), Some("ever_rewarded")));
    assert_eq!(data["tried"][0], data["as_written"], "the program as it is written is the first combination");
    assert_eq!(run("earn base give 1, 2").1, out, "the same bytes");
    assert_eq!(run("earn bsae give 1, 2"), (Some(3), String::new()));
}
