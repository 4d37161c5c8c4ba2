//! Tables that are of the whole program: what was worked out beside them comes out of either engine, with any number
//! of threads, however small its memory, and night by night.

use super::loyal::Folder;
use std::path::{Path, PathBuf};

/// A folder of the corpus.
fn corpus(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(name)
}

/// The rows of a CSV file, each as pairs of column and cell.
fn rows(text: &str) -> Vec<Vec<(String, String)>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads = reader.headers().expect("columns").clone();
    let pairs = |row: csv::StringRecord| {
        heads.iter().zip(&row).map(|(head, cell)| (head.to_owned(), cell.to_owned())).collect::<Vec<_>>()
    };
    reader.records().map(|row| pairs(row.expect("a row"))).collect()
}

/// The ways to run a history.
const WAYS: [&[&str]; 4] = [
    &["--threads", "1"],
    &["--threads", "3", "--memory", "16MiB"],
    &["--engine", "reference"],
    &["--threads", "2", "--tables", "objectives"],
];

/// What a run of a folder writes into a table, with more arguments.
fn written(folder: &Folder, name: &str, table: &str, more: &[&str]) -> String {
    let program = corpus(name);
    let mut arguments = vec!["run", program.to_str().expect("text"), "--out", "out", "--quiet"];
    arguments.extend(more);
    folder.loyal(&arguments).code(0);
    folder.read(&format!("out/{table}.csv"))
}

/// Holds a table against what was worked out: the columns that are there.
fn holds(name: &str, table: &str, as_of: &[&str], ways: &[&[&str]]) {
    let worked_out = std::fs::read_to_string(corpus(name).join(format!("{table}.csv"))).expect("worked out");
    let worked_out = rows(&worked_out);
    let mut first = None;
    for way in ways {
        let folder = Folder::new();
        let mut arguments: Vec<&str> = as_of.iter().flat_map(|day| ["--as-of", day]).collect();
        arguments.extend(*way);
        let text = written(&folder, name, table, &arguments);
        assert_eq!(*first.get_or_insert_with(|| text.clone()), text, "{name} {way:?}");
        let got = rows(&text);
        for (wanted, got) in worked_out.iter().zip(&got) {
            for cell in wanted {
                assert!(got.contains(cell), "{name} {way:?}: {wanted:?}\nis {got:?}");
            }
        }
        assert_eq!(worked_out.len(), got.len(), "{name} {way:?}");
    }
}

#[test]
fn objectives_are_measured_as_worked_out() {
    holds("objectives", "objectives", &["2026-02-20", "2026-05-31"], &WAYS);
}

/// The events of a folder that lie in a stretch of days.
fn some_events(name: &str, from: &str, until: &str) -> String {
    let text = std::fs::read_to_string(corpus(name).join("events.csv")).expect("events");
    let mut lines = text.lines();
    let mut some = vec![lines.next().expect("columns").to_owned()];
    let day = |line: &str| line.split(',').find(|cell| cell.starts_with("20")).map(|cell| cell[..10].to_owned());
    some.extend(lines.filter(|line| day(line).is_some_and(|day| *from <= *day && *day < *until)).map(str::to_owned));
    some.join("\n") + "\n"
}

/// What nights write is what one run over all of it writes.
fn by_night(name: &str, table: &str, more: &[&str]) {
    let program = corpus(name);
    let program = program.to_str().expect("text");
    let folder = Folder::new();
    let whole = written(&folder, name, table, more);
    let days = ["2000-01-01", "2026-02-10", "2026-04-20", "2100-01-01"];
    for (night, two) in days.windows(2).enumerate() {
        let file = format!("night{night}.csv");
        folder.write(&file, some_events(name, two[0], two[1]));
        let mut arguments = vec!["run", program, "--events", &file, "--state", "kept", "--out", "out", "--quiet"];
        arguments.extend(more);
        folder.loyal(&arguments).code(0);
    }
    assert_eq!(folder.read(&format!("out/{table}.csv")), whole, "{name}");
}

#[test]
fn objectives_are_measured_night_by_night() {
    by_night("objectives", "objectives", &["--as-of", "2026-05-31"]);
    by_night("objectives", "objectives", &["--as-of", "2026-05-31", "--tables", "objectives"]);
}

#[test]
fn objectives_stand_on_the_terminal_and_in_the_summary() {
    let program = corpus("objectives");
    let program = program.to_str().expect("text");
    let folder = Folder::new();
    let came = folder.loyal(&["run", program, "--as-of", "2026-05-31"]).code(0);
    let wanted = [
        "retain       repeat rate within 30 days",
        "wanted at least 60%             not met yet (2 of 5 members)",
        "sales within 24 months                             —  wanted at least 5,000.00 RON    not yet known\n",
    ];
    for line in wanted {
        assert!(came.out.contains(line), "{line}: {}", came.out);
    }
    let came = folder.loyal(&["run", program, "--as-of", "2026-05-31", "--format", "json"]).code(0);
    let summary: serde_json::Value = serde_json::from_str(&came.out).expect("JSON");
    let retain = &summary["moments"][0]["objectives"][7];
    assert_eq!(
        retain,
        &serde_json::json!({
            "objective": "retain", "measure": "repeat rate", "within": "30 days", "figure": "40.0",
            "wanted": "at least 60%", "met": false, "numerator": "2", "denominator": "5",
        })
    );
    assert_eq!(summary["moments"][0]["objectives"][23]["met"], serde_json::Value::Null);
}

#[test]
fn partners_settle_as_worked_out() {
    let ways: [&[&str]; 3] =
        [&["--threads", "1"], &["--threads", "3", "--memory", "16MiB"], &["--engine", "reference"]];
    holds("settlement", "settlements", &["2026-02-09", "2026-03-31"], &ways);
    by_night("settlement", "settlements", &["--as-of", "2026-03-31", "--tables", "settlements"]);
}

/// The figure of a column, summed over the rows that `which` picks.
fn sum(rows: &[Vec<(String, String)>], which: &[(&str, &str)], column: &str) -> f64 {
    let has = |row: &&Vec<(String, String)>| {
        which.iter().all(|(head, cell)| row.contains(&((*head).to_owned(), (*cell).to_owned())))
    };
    let of = |row: &Vec<(String, String)>| row.iter().find(|(head, _)| head == column).map(|(_, cell)| cell.clone());
    rows.iter().filter(has).filter_map(of).map(|cell| cell.parse::<f64>().unwrap_or(0.0)).sum()
}

#[test]
fn partners_and_the_rest_are_all_points_earned_and_spent() {
    for name in ["settlement", "points-that-pay-out", "family-wallet"] {
        let folder = Folder::new();
        let settled = rows(&written(&folder, name, "settlements", &[]));
        if name != "settlement" {
            assert!(settled.is_empty(), "{name} has no partners");
            continue;
        }
        let balances = rows(&folder.read("out/balances.csv"));
        for unit in ["star", "gem"] {
            for (column, of) in [("earned", "earned"), ("clawed", "clawed"), ("spent", "spent")] {
                let (all, each) = (sum(&balances, &[("unit", unit)], of), sum(&settled, &[("unit", unit)], column));
                assert!((all - each).abs() < 1e-9, "{name} {unit} {column}: {all} and {each}");
            }
        }
    }
}

/// Folders of the corpus with points of many kinds, returns, gifts, discounts and households.
const MANY: [&str; 7] = [
    "settlement",
    "objectives",
    "till-discounts",
    "family-wallet",
    "returns-corners",
    "points-that-pay-out",
    "friends-and-transfers",
];

#[test]
fn rows_by_anything_add_up_to_the_totals() {
    for name in MANY {
        for by in ["store", "channel", "month", "rule", "member.household", "status"] {
            let folder = Folder::new();
            let by_rows = rows(&written(&folder, name, &format!("by_{by}"), &["--by", by]));
            let summary: serde_json::Value = serde_json::from_str(&folder.read("out/summary.json")).expect("JSON");
            let moment = &summary["moments"][0];
            let all = |what: &str| sum(&by_rows, &[("what", what)], "figure");
            let text = |value: &serde_json::Value| value.as_str().map_or(0.0, |text| text.parse().expect("a number"));
            let near = |one: f64, other: f64, what: &str| {
                assert!((one - other).abs() < 1e-6, "{name} by {by}: {what} {one} and {other}");
            };
            near(all("purchases"), moment["purchases"].as_f64().expect("a count"), "purchases");
            near(all("sales"), text(&moment["sales"]), "sales");
            let rejected = moment["rejected"].as_object().expect("reasons").values();
            near(all("rejected"), rejected.filter_map(serde_json::Value::as_f64).sum(), "rejected");
            let off = moment["discounts"].as_object().into_iter().flat_map(serde_json::Map::values);
            near(all("off"), off.map(|one| text(&one["off"])).sum(), "off");
            for (unit, points) in moment["points"].as_object().expect("units") {
                for word in ["earned", "clawed", "spent"] {
                    let figure = sum(&by_rows, &[("what", word), ("unit", unit)], "figure");
                    near(figure, text(&points["totals"][word]), &format!("{unit} {word}"));
                }
            }
        }
    }
}

#[test]
fn a_table_by_something_is_the_same_by_either_engine() {
    for name in MANY {
        for by in ["store", "month", "rule", "status", "member.household"] {
            let fast = written(&Folder::new(), name, &format!("by_{by}"), &["--by", by, "--threads", "3"]);
            let plain = written(&Folder::new(), name, &format!("by_{by}"), &["--by", by, "--engine", "reference"]);
            assert_eq!(fast, plain, "{name} by {by}");
        }
    }
}

#[test]
fn a_table_by_something_is_the_same_night_by_night() {
    for name in ["settlement", "objectives", "friends-and-transfers", "family-wallet"] {
        for by in ["month", "rule", "member.household"] {
            by_night(name, &format!("by_{by}"), &["--by", by, "--as-of", "2026-05-31"]);
        }
    }
    for name in ["family-pool", "hotel-nights"] {
        by_night(name, "by_status", &["--by", "status", "--as-of", "2026-05-31"]);
    }
    // A column that the program keeps as it is written goes with a state; of others a state knows too little.
    by_night("station-balances", "by_store", &["--by", "store", "--as-of", "2026-05-31"]);
    let program = corpus("settlement");
    let folder = Folder::new();
    let by = ["run", program.to_str().expect("text"), "--state", "kept", "--by", "store"];
    folder.loyal(&by).code(3).says(&["--by store does not go with --state", "run all events without --state"]);
    assert!(folder.files("").is_empty(), "no state was begun");
}

#[test]
fn stores_stand_beside_one_another_on_the_terminal() {
    let program = corpus("settlement");
    let folder = Folder::new();
    let came =
        folder.loyal(&["run", program.to_str().expect("text"), "--by", "store", "--as-of", "2026-03-31"]).code(0);
    insta::assert_snapshot!("by_store", came.out);
    let none = ["run", program.to_str().expect("text"), "--by", "chanel", "--as-of", "2026-03-31"];
    let lines = ["run", program.to_str().expect("text"), "--by", "category"];
    folder.loyal(&lines).code(3).says(&["lines of one purchase differ in it", "store or channel"]);
    folder.loyal(&none).code(0).says(&["nothing in this history has a value in \"chanel\""]);
}

/// ana: 120 RON bring 60 stars, 20 more the next week; 50 are wanted for a cake, ten visits for silver.
const CAFE: &str = r#"loyal 1

program cafe {
  money    RON
  clock    zone "Europe/Bucharest"
}

points star plural stars {
  worth    0.05 RON each
  expire   30 days after earning
  pending  7 days
  buy      5 RON per 100 stars
}

earn base {
  on       purchase
  give     1 star per 2 RON
}

tiers status {
  measure  visits in calendar year
  level    basic  from 0 visits
  level    silver from 10 visits
}

bonus for_silver {
  on       purchase
  when     status in [silver]
  give     +10% of base
}

reward cake {
  price    50 stars
  costs    6 RON
}

reward feast {
  price    500 stars
  costs    60 RON
}
"#;

#[test]
fn a_statement_says_what_can_be_spent_and_what_ends_when() {
    let folder = Folder::new();
    folder.write("cafe/program.loyal", CAFE);
    let events = "id,time,type,member,amount\n\
                  a1,2026-03-01 10:00,purchase,ana,120.00\n\
                  a2,2026-03-08 10:00,purchase,ana,40.00\n\
                  a3,2026-03-10 10:00,purchase,ben,10.00\n";
    folder.write("cafe/events.csv", events);
    let came = folder.loyal(&["explain", "cafe", "--member", "ana", "--statement", "--quiet"]).code(0);
    let wanted = "ana in cafe, as of 2026-03-10 10:00\n\n\
                  stars\n  \
                  60 stars can be spent now, worth 3.00 RON.\n  \
                  20 stars can be spent from 15 March 2026.\n  \
                  They last: 60 stars through 31 March 2026 and 20 stars through 7 April 2026.\n  \
                  Enough for cake.\n  \
                  440 stars more for feast.\n  \
                  100 stars can be bought for 5.00 RON.\n\n\
                  Levels\n  \
                  status: 8 visits more by 31 December 2026 for silver.\n";
    assert_eq!(came.out, wanted);
    let json = ["explain", "cafe", "--member", "ana", "--statement", "--format", "json", "--quiet"];
    let data: serde_json::Value = serde_json::from_str(&folder.loyal(&json).code(0).out).expect("JSON");
    assert_eq!(data["points"][0]["says"][3], "Enough for cake.");
    folder.loyal(&["run", "cafe", "--out", "out", "--tables", "statement", "--quiet"]).code(0);
    let table = "as_of,member,unit,pocket,what,day,points,name\n\
                 2026-03-10 10:00,ana,star,,spendable,,60,\n\
                 2026-03-10 10:00,ana,star,,pending,2026-03-15,20,\n\
                 2026-03-10 10:00,ana,star,,ends,2026-03-31,60,\n\
                 2026-03-10 10:00,ana,star,,ends,2026-04-07,20,\n\
                 2026-03-10 10:00,ana,star,,to_reward,,0,cake\n\
                 2026-03-10 10:00,ana,star,,to_reward,,440,feast\n\
                 2026-03-10 10:00,ben,star,,spendable,,0,\n\
                 2026-03-10 10:00,ben,star,,pending,2026-03-17,5,\n\
                 2026-03-10 10:00,ben,star,,ends,2026-04-09,5,\n\
                 2026-03-10 10:00,ben,star,,to_reward,,50,cake\n\
                 2026-03-10 10:00,ben,star,,to_reward,,500,feast\n";
    assert_eq!(folder.read("out/statement.csv"), table);
}
