//! `loyal simulate PROGRAM… --events E`: what a history would have come to under each program.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What a command writes; it must go well.
fn said(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_loyal")).args(arguments).current_dir(root()).output();
    let output = output.expect("the binary runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&said(arguments)).expect("JSON")
}

const CAFE: [&str; 8] = [
    "simulate",
    "tests/replay/cafe/stars.loyal",
    "tests/replay/cafe/coffee.loyal",
    "--events",
    "tests/replay/cafe/events.csv",
    "--members",
    "tests/replay/cafe/members.csv",
    "--format=json",
];

/// The middle of an estimate, or a number as it is.
fn mid(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.get("mid")?.as_f64())
}

fn named<'v>(rows: &'v Value, key: &str, name: &str) -> &'v Value {
    let rows = rows.as_array().expect("a list");
    rows.iter().find(|row| row[key] == name).unwrap_or(&Value::Null)
}

/// A figure of an arm, as `expected.csv` names it.
fn figure(arm: &Value, of: &str, name: &str, what: &str) -> Option<f64> {
    let cut = |is: &dyn Fn(&Value) -> bool| {
        let cuts = arm["cuts"].as_array().expect("cuts");
        cuts.iter().find(|cut| is(&cut["by"])).map_or(&Value::Null, |cut| &cut["rows"])
    };
    match of {
        "measure" => mid(&arm["measures"][what]),
        "rules" | "uses" if what == "points" => mid(&named(&arm[of], "name", name)["points"][1]),
        "rules" | "uses" => mid(&named(&arm[of], "name", name)[what]),
        "month" => mid(&named(&arm["months"], "month", name)[what]),
        "store" => mid(&named(cut(&|by| by == "store"), "name", name)[what]),
        "segment" => mid(&named(cut(&|by| by == "segment"), "name", name)[what]),
        "decile" => mid(&named(cut(&|by| by == "decile"), "name", name)[what]),
        "tier" => mid(&named(cut(&|by| by.get("tier").is_some()), "name", name)[what]),
        other => panic!("{other} is nothing"),
    }
}

#[test]
fn figures_are_those_worked_out_by_hand() {
    let study = json(&CAFE);
    let mut wrong = Vec::new();
    let expected = fs::read_to_string(root().join("tests/replay/cafe/expected.csv")).expect("the facts");
    for line in expected.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [arm, of, name, what, value] = cells[..] else { panic!("{line}") };
        let came = figure(&study["arms"][arm.parse::<usize>().expect("an arm")], of, name, what);
        let right = match (value, came) {
            ("", came) => came.is_none(),
            (value, Some(came)) => (came - value.parse::<f64>().expect("a number")).abs() < 1e-9,
            (_, None) => false,
        };
        if !right {
            wrong.push(format!("{line}: came to {came:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn who_wins_and_loses_is_told_by_name() {
    let study = json(&CAFE);
    let beside = &study["beside"][0];
    assert_eq!((&beside["winners"], &beside["losers"], &beside["same"]), (&2.into(), &1.into(), &0.into()));
    assert_eq!(beside["most"], serde_json::json!([["cem", 10.0, 12.0], ["ben", 9.0, 9.5], ["ana", 25.0, 12.5]]));
    assert_eq!(beside["deciles"], serde_json::json!([-12.5, 0.0, 0.0, 2.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0]));
    assert_eq!(mid(&beside["gain"]), Some(-6.0));
    let arm = &study["arms"][0];
    assert_eq!(arm["first_reward"], serde_json::json!([0.5, 0.5]));
    assert_eq!(
        arm["migration"],
        serde_json::json!([["", "guest", 1.0], ["guest", "guest", 1.0], ["guest", "gold", 1.0]])
    );
    assert_eq!(
        arm["aged"],
        serde_json::json!([{"unit": "star", "month": "2026-04-01", "points": 130.0, "worth": 13.0}])
    );
    assert_eq!(arm["objectives"][0]["came_to"], "1.7%");
    assert_eq!(arm["objectives"][0]["met"], 1.0);
}

/// A study with each figure that is known as one number, for reading.
fn plain(value: Value) -> Value {
    match value {
        Value::Object(estimate) if estimate.get("low").is_some_and(|low| Some(low) == estimate.get("high")) => {
            estimate["mid"].clone()
        }
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, plain(value))).collect(),
        Value::Array(values) => values.into_iter().map(plain).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

#[test]
fn the_whole_study_as_data() {
    insta::assert_json_snapshot!(plain(json(&CAFE)));
}

#[test]
fn the_study_for_reading() {
    let mut arguments = CAFE;
    arguments[7] = "--format=text";
    insta::assert_snapshot!(said(&arguments).replace(env!("CARGO_PKG_VERSION"), "VERSION"));
}

/// The history is read once for all of them, over what each looks at.
#[test]
fn programs_side_by_side_come_to_what_each_comes_to_alone() {
    let together = json(&CAFE);
    let alone = |program: &str| {
        let arguments = [&["simulate", program][..], &CAFE[3..]].concat();
        json(&arguments)["arms"][0].clone()
    };
    let folder = tempfile::tempdir().expect("a folder");
    // The same program by the clock of another zone reads the same files its own way.
    let west = folder.path().join("west.loyal");
    let text = fs::read_to_string(root().join(CAFE[1])).expect("a program");
    fs::write(&west, text.replace("zone \"UTC\"", "zone \"America/New_York\"")).expect("room");
    let west = west.to_str().expect("a path");
    let of_three = json(&[&CAFE[..3], &[west], &CAFE[3..]].concat());
    for (at, program) in [CAFE[1], CAFE[2], west].into_iter().enumerate() {
        assert_eq!(of_three["arms"][at], alone(program), "{program}");
        if at < 2 {
            assert_eq!(together["arms"][at], of_three["arms"][at], "{program}");
        }
    }
    assert_ne!(of_three["arms"][0], of_three["arms"][2]);
}

#[test]
fn neither_threads_nor_the_order_of_rows_show() {
    let plain = said(&CAFE);
    for threads in ["1", "3"] {
        assert_eq!(said(&[&CAFE[..], &["--threads", threads]].concat()), plain);
    }
    let text = fs::read_to_string(root().join("tests/replay/cafe/events.csv")).expect("events");
    let (head, rows) = text.split_once('\n').expect("a header");
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.reverse();
    rows.rotate_left(3);
    let folder = tempfile::tempdir().expect("a folder");
    let shuffled = folder.path().join("events.csv");
    fs::write(&shuffled, format!("{head}\n{}\n", rows.join("\n"))).expect("a file");
    let mut arguments = CAFE;
    arguments[4] = shuffled.to_str().expect("UTF-8");
    assert_eq!(said(&arguments), plain);
}

/// The programs of the library with a history in their folder.
fn programs() -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join("programs")).expect("the library") {
        let path = entry.expect("an entry").path();
        let has = |name: &str| path.join(name).is_file();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        // The grocer's year and the shop of CDs are large, and read like the others.
        let large = ["grocer", "cdnow"].contains(&name.as_str());
        if has("program.loyal") && has("events.csv") && !large {
            found.push(format!("programs/{name}"));
        }
    }
    found.sort();
    assert!(found.len() > 30, "{found:?}");
    found
}

fn sum(rows: &Value, of: impl Fn(&Value) -> Option<f64>) -> f64 {
    rows.as_array().expect("a list").iter().filter_map(of).sum()
}

#[track_caller]
fn same(program: &str, what: &str, one: f64, other: f64) {
    let near = (one - other).abs() <= 1e-6 * (1.0 + one.abs().max(other.abs()));
    assert!(near, "{program}, {what}: {one} and {other}");
}

fn number(value: &Value) -> f64 {
    value.as_str().map_or(0.0, |text| text.parse().expect("a number"))
}

/// Rows of every cut add up to the arm, and the arm is what `run` says; beside itself a program changes nothing.
#[test]
fn a_replay_adds_up_to_what_run_says() {
    for program in programs() {
        let events = format!("{program}/events.csv");
        let study = json(&["simulate", &program, &program, "--events", &events, "--format=json", "--quiet"]);
        let arm = &study["arms"][0];
        let run = json(&["run", &program, "--format=json", "--quiet"]);
        let run = &run["moments"][0];
        let of = |what: &str| figure(arm, "measure", "", what).unwrap_or(0.0);
        same(&program, "sales", of("sales"), number(&run["sales"]));
        same(&program, "members", of("members"), run["members"].as_f64().expect("members"));
        points(&program, arm, &run["points"]);
        let months = &arm["months"];
        let total = |rows: &Value, key: &str| sum(rows, |row| mid(&row[key]));
        same(&program, "sales by month", total(months, "sales"), of("sales"));
        same(&program, "cost by month", total(months, "cost"), of("cost_at_cost"));
        for key in ["cost", "worth"] {
            let all = if key == "cost" { "cost_at_cost" } else { "cost_at_worth" };
            same(&program, &format!("{key} by rule"), total(&arm["rules"], key), of(all));
        }
        for cut in arm["cuts"].as_array().expect("cuts").iter().filter(|cut| cut["by"] != "segment") {
            for (key, all) in [("sales", "sales"), ("given", "cost_at_worth"), ("cost", "cost_at_cost")] {
                same(&program, &format!("{key} by {}", cut["by"]), total(&cut["rows"], key), of(all));
            }
        }
        let beside = &study["beside"][0];
        assert_eq!((&beside["winners"], &beside["losers"]), (&0.into(), &0.into()), "{program}");
        assert_eq!(study["arms"][0], study["arms"][1], "{program}");
    }
}

/// Points of each unit: given, spent and expired by rows and by the totals of `run`.
fn points(program: &str, arm: &Value, run: &Value) {
    let mut given: BTreeMap<&str, f64> = BTreeMap::new();
    let mut spent: BTreeMap<&str, f64> = BTreeMap::new();
    for (rows, sums) in [(&arm["rules"], &mut given), (&arm["uses"], &mut spent)] {
        for row in rows.as_array().expect("rows") {
            if let Some(unit) = row["points"][0].as_str() {
                *sums.entry(unit).or_default() += mid(&row["points"][1]).expect("points");
            }
        }
    }
    let mut liability = 0.0;
    for (unit, totals) in run.as_object().expect("units") {
        let total = |kind: &str| number(&totals["totals"][kind]);
        let came = total("earned") + total("bought") + total("adjusted") + total("writtenoff") - total("clawed");
        same(program, &format!("{unit} given"), given.get(unit.as_str()).copied().unwrap_or(0.0), came);
        same(program, &format!("{unit} spent"), spent.get(unit.as_str()).copied().unwrap_or(0.0), total("spent"));
        let aged = sum(&arm["aged"], |row| (row["unit"] == unit.as_str()).then(|| row["points"].as_f64())?);
        same(program, &format!("{unit} aged"), aged, number(&totals["outstanding"]));
        liability += number(&totals["liability"]);
    }
    let face = figure(arm, "measure", "", "liability_face").unwrap_or(0.0);
    // `run` rounds each unit to the money's decimals.
    assert!(
        (face - liability).abs() <= 0.011 * (1.0 + run.as_object().map_or(0, |units| units.len()) as f64),
        "{program}"
    );
}

/// Rows of the months of a history are one a month, without a gap.
#[test]
fn every_month_has_a_row() {
    let study = json(&CAFE);
    let months = study["arms"][0]["months"].as_array().expect("months");
    let names: Vec<&str> = months.iter().filter_map(|row| row["month"].as_str()).collect();
    assert_eq!(names, ["2026-01-01", "2026-02-01", "2026-03-01"]);
}

#[test]
fn programs_of_two_moneys_do_not_stand_side_by_side() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = fs::read_to_string(root().join("tests/replay/cafe/coffee.loyal")).expect("a program");
    let euro = folder.path().join("euro.loyal");
    fs::write(&euro, text.replace("RON", "EUR")).expect("a file");
    let mut arguments = CAFE;
    arguments[2] = euro.to_str().expect("UTF-8");
    let output = Command::new(env!("CARGO_BIN_EXE_loyal")).args(arguments).current_dir(root()).output();
    let output = output.expect("the binary runs");
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("RON") && Path::new(&euro).exists());
}
