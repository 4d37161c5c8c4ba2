//! `run --state`: a history night after night, and everything that can be wrong with what is kept.

use super::loyal::{Came, Folder};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

/// A shop whose history comes in three nights; the last of them brings an event that was late, and one that was too late.
const NIGHTS: [&str; 3] = [
    "p1,2026-01-05 10:15,purchase,ana,24.60,GBP,,,food,\n\
     p2,2026-01-07 17:40,purchase,ben,61.30,GBP,,,food,1\n\
     p2,2026-01-07 17:40,purchase,ben,20.00,GBP,,,gift_card,2\n\
     g1,2026-01-08 09:00,transfer,ben,,,ana,5,,\n",
    "p3,2026-02-02 09:05,purchase,ana,95.00,GBP,,,food,\n\
     p5,2026-02-10 12:00,purchase,,8.90,GBP,,,food,\n\
     x1,2026-02-16 11:00,return,,30.00,GBP,p2,,food,1\n\
     r2,2026-02-20 10:00,redeem,ben,,,cake,1,,\n",
    "p4,2026-02-02 18:20,purchase,ana,12.40,GBP,,,food,\n\
     old,2026-01-10 18:20,purchase,ben,12.40,GBP,,,food,\n\
     p6,2026-03-09 08:30,purchase,ben,40.00,GBP,,,food,\n",
];
const HEADER: &str = "id,time,type,member,amount,currency,ref,qty,category,line\n";

fn shop() -> Folder {
    let folder = Folder::with("points", "en");
    for (nth, rows) in NIGHTS.iter().enumerate() {
        folder.write(&format!("n{nth}.csv"), format!("{HEADER}{rows}"));
    }
    places(&folder, &["out", "whole"]);
    folder
}

fn places(folder: &Folder, names: &[&str]) {
    names.iter().for_each(|name| fs::create_dir_all(folder.path(name)).expect("a folder"));
}

fn night(folder: &Folder, events: &str) -> Came {
    folder.loyal(&["run", "shop", "--events", events, "--state", "st", "--out", "out", "--facts", "out/facts.csv"])
}

/// The outputs of one run over all of these nights.
fn whole(folder: &Folder, nights: &[&str]) -> BTreeMap<String, Vec<u8>> {
    folder.write("all.csv", format!("{HEADER}{}", nights.concat()));
    folder.loyal(&["run", "shop", "--events", "all.csv", "--out", "whole", "--facts", "whole/facts.csv"]).code(0);
    folder.files("whole")
}

#[test]
fn three_nights_are_told_as_one_run_and_late_events_are_corrections() {
    let folder = shop();
    let mut told = String::new();
    for upto in 0..3 {
        let came = night(&folder, &format!("n{upto}.csv")).code(0);
        told.push_str(&format!("--- night {}\n{}", upto + 1, came.err));
        let mut nights = NIGHTS[..=upto].to_vec();
        let without_old =
            NIGHTS[2].lines().filter(|row| !row.starts_with("old")).fold(String::new(), |text, row| text + row + "\n");
        if upto == 2 {
            nights[2] = &without_old;
        }
        let (mut out, whole) = (folder.files("out"), whole(&folder, &nights));
        let corrections = String::from_utf8(out.remove("corrections.csv").expect("corrections")).expect("text");
        told.push_str(&corrections);
        if upto == 2 {
            // What came too late is told of, and counts for nothing else.
            told.push_str(&folder.read("out/rejections.csv"));
            let facts = folder.read("out/facts.csv");
            let fact = "2026-03-09 08:30,ben,rejected:old,too_late\n";
            assert!(facts.contains(fact), "{facts}");
            assert_eq!(facts.replace(fact, ""), folder.read("whole/facts.csv"));
            for same in
                ["balances.csv", "lots.csv", "levels.csv", "cards.csv", "gifts.csv", "postings.csv", "changes.csv"]
            {
                assert_eq!(out[same], whole[same], "{same}");
            }
        } else {
            assert!(out == whole, "night {}", upto + 1);
        }
    }
    insta::assert_snapshot!("state_nights", told);
    // The same night again, as after a run that was stopped at the very end.
    let before = folder.files("out");
    let again = night(&folder, "n2.csv").code(0);
    assert!(folder.files("out") == before);
    insta::assert_snapshot!("state_again", again.err);
}

#[test]
fn any_moment_may_be_asked_for_and_any_shape_written() {
    let folder = shop();
    night(&folder, "n0.csv").code(0);
    night(&folder, "n1.csv").code(0);
    let asked = ["--as-of", "2026-01-06", "--as-of", "2026-02-10 11:59", "--as-of", "2026-12-31"];
    let nights = NIGHTS[..2].concat();
    folder.write("all.csv", format!("{HEADER}{nights}"));
    folder.write("none.csv", HEADER);
    for format in ["csv", "json", "parquet"] {
        let run = |out: &str, more: &[&str]| {
            let mut arguments = vec!["run", "shop", "--out", out, "--format", format];
            arguments.extend(asked.iter().chain(more));
            folder.loyal(&arguments).code(0);
            folder.files(out)
        };
        let whole = run(&format!("whole-{format}"), &["--events", "all.csv"]);
        let mut kept = run(&format!("kept-{format}"), &["--events", "none.csv", "--state", "st"]);
        assert!(kept.remove(&format!("corrections.{format}")).is_some());
        assert!(kept == whole, "{format}");
    }
}

#[test]
fn only_some_tables_may_be_wanted() {
    let folder = shop();
    let run = ["run", "shop", "--events", "n0.csv", "--state", "st", "--out", "some", "--tables"];
    folder.loyal(&[&run[..], &["levels,balances"]].concat()).code(0);
    let names: Vec<String> = folder.files("some").into_keys().collect();
    assert_eq!(names, ["balances.csv", "corrections.csv", "levels.csv", "summary.json"]);
    whole(&folder, &NIGHTS[..1]);
    assert_eq!(folder.read("some/balances.csv"), folder.read("whole/balances.csv"));
    assert_eq!(folder.read("some/summary.json"), folder.read("whole/summary.json"));
    folder.loyal(&[&run[..], &["balance"]].concat()).code(3).says(&["the tables are balances, lots"]);
    folder.loyal(&["run", "shop", "--tables", "balances"]).code(3).says(&["--out"]);
}

/// What is wrong with a state: its name, what is done to it, what is run then, the exit code.
type Wrong = (&'static str, fn(&Folder), &'static [&'static str], i32);

const RUN: &[&str] = &["run", "shop", "--events", "n1.csv", "--state", "st", "--out", "out"];

/// The only table of a kind.
fn table(folder: &Folder, kind: &str) -> String {
    let found = folder.files("st").into_keys().find(|name| name.starts_with(kind)).expect("a table");
    format!("st/{found}")
}

fn damage(folder: &Folder, name: &str) {
    let mut bytes = fs::read(folder.path(name)).expect("a file");
    let middle = bytes.len() / 3;
    bytes[middle] ^= 1;
    folder.write(name, bytes);
}

const WRONG: &[Wrong] = &[
    ("a damaged table of results", |folder| damage(folder, &table(folder, "results")), RUN, 4),
    ("a damaged table of owners", |folder| damage(folder, &table(folder, "owners")), RUN, 4),
    ("a damaged list", |folder| damage(folder, "st/state.json"), RUN, 4),
    ("a table that is gone", |folder| fs::remove_file(folder.path(&table(folder, "events"))).expect("removed"), RUN, 4),
    ("a list that is gone", |folder| fs::remove_file(folder.path("st/state.json")).expect("removed"), RUN, 4),
    ("a list of another version", |folder| folder.edit("st/state.json", "\"shape\":1", "\"shape\":7"), RUN, 3),
    ("a line that changed", |folder| folder.edit("shop/program.loyal", "1 star per 2", "1 star per 3"), RUN, 3),
    ("a line that is gone", |folder| folder.edit("shop/program.loyal", "  pending  14 days\n", ""), RUN, 3),
    (
        "a block that is new",
        |folder| {
            let reward = "\nreward tea {\n  price 100 stars\n  costs 1 GBP\n  value 3 GBP\n}\n";
            let text = folder.read("shop/program.loyal") + reward;
            folder.write("shop/program.loyal", text);
        },
        RUN,
        3,
    ),
    (
        "an event that says something else",
        |folder| {
            folder.edit("n1.csv", "p3,2026-02-02 09:05,purchase,ana,95.00", "p1,2026-02-02 09:05,purchase,ana,95.00")
        },
        RUN,
        2,
    ),
    ("a file", |_| {}, &["run", "shop", "--events", "n1.csv", "--state", "n0.csv"], 3),
    ("a folder with other files", |_| {}, &["run", "shop", "--events", "n1.csv", "--state", "shop"], 3),
    ("the folder of the outputs", |_| {}, &["run", "shop", "--events", "n1.csv", "--state", "st", "--out", "./st"], 3),
    ("an explanation", |_| {}, &["run", "shop", "--events", "n1.csv", "--state", "st", "--explain", "ana"], 3),
    ("the reference", |_| {}, &["run", "shop", "--events", "n1.csv", "--state", "st", "--engine", "reference"], 3),
    #[cfg(target_os = "linux")]
    ("a place without rights", |_| {}, &["run", "shop", "--events", "n1.csv", "--state", "/proc/st"], 4),
];

#[test]
fn what_is_wrong_with_a_state_is_clear_and_changes_nothing() {
    let mut told = String::new();
    for (name, harm, arguments, code) in WRONG {
        let folder = shop();
        night(&folder, "n0.csv").code(0);
        harm(&folder);
        let before = folder.files("");
        let came = folder.loyal(arguments).code(*code);
        assert!(folder.files("") == before, "{name}: something was written");
        told.push_str(&format!("--- {name}: exit code {}\n{}\n", came.code, came.err));
    }
    insta::assert_snapshot!("state_wrong", told);
}

#[test]
fn layout_examples_and_a_newer_calendar_still_fit() {
    let folder = shop();
    let program = folder.read("shop/program.loyal");
    let closed = program.replace("when     weekday in [monday]", "when     weekday in [monday] and date not in closed");
    folder.write("shop/program.loyal", format!("{closed}\ncalendar closed from \"closed.csv\"\n"));
    folder.write("shop/closed.csv", "date\n2025-12-25\n");
    night(&folder, "n0.csv").code(0);
    let text = folder.read("shop/program.loyal");
    folder.write("shop/program.loyal", text.replace("# Mondays", "# All Mondays").replace("money    GBP", "money GBP"));
    // The shop finds out that a day of the past was a holiday: everybody is played again.
    folder.write("shop/closed.csv", "date\n2025-12-25\n2026-01-05\n");
    night(&folder, "n1.csv").code(0);
    whole(&folder, &NIGHTS[..2]);
    assert_eq!(folder.read("out/facts.csv"), folder.read("whole/facts.csv"));
}

#[test]
fn two_runs_never_share_a_state() {
    let folder = shop();
    night(&folder, "n0.csv").code(0);
    let lock = File::options().write(true).open(folder.path("st/lock")).expect("the lock");
    lock.lock().expect("nobody else has it");
    let before = folder.files("");
    let came = night(&folder, "n1.csv").code(4);
    assert!(folder.files("") == before);
    insta::assert_snapshot!("state_lock", came.err);
    lock.unlock().expect("it is ours");
    night(&folder, "n1.csv").code(0);
}

#[test]
fn a_first_night_with_mistakes_leaves_no_state() {
    let folder = shop();
    folder.edit("n0.csv", "24.60", "24,60");
    let before = folder.files("");
    night(&folder, "n0.csv").code(2);
    assert!(folder.files("") == before);
    assert!(!folder.path("st").exists());
}

#[test]
fn what_a_stopped_run_left_is_removed() {
    let folder = shop();
    night(&folder, "n0.csv").code(0);
    folder.write("st/results-9.table", "half a table");
    folder.write("st/.loyal-x1y2z3", "half a list");
    night(&folder, "n1.csv").code(0);
    let names: Vec<String> = folder.files("st").into_keys().collect();
    assert!(names.iter().all(|name| !name.starts_with(".loyal-") && name != "results-9.table"), "{names:?}");
}

/// Thirty nights of the people who came first to a real shop: everything that is written is what one run writes.
#[test]
fn thirty_nights_of_a_real_shop_are_the_bytes_of_one_run() {
    let folder = Folder::new();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs/cdnow");
    for name in ["program.loyal", "columns.toml"] {
        folder.write(&format!("cdnow/{name}"), fs::read(from.join(name)).expect("a file"));
    }
    let text = fs::read_to_string(from.join("CDNOW_master.txt")).expect("the purchases");
    let (header, rows) = text.split_once('\n').expect("a header");
    let rows: Vec<&str> = rows.lines().take(900).collect();
    let day = |row: &str| row.split_whitespace().nth(1).unwrap_or_default().to_owned();
    let mut days: Vec<String> = rows.iter().map(|row| day(row)).collect();
    days.sort();
    days.dedup();
    let file = |name: &str, days: &[String]| {
        let those = rows.iter().filter(|row| days.contains(&day(row)));
        folder.write(name, those.fold(format!("{header}\n"), |text, row| text + row + "\n"));
    };
    file("all.txt", &days);
    places(&folder, &["whole", "kept"]);
    let all = |more: &[&str]| {
        let mut arguments = vec!["run", "cdnow", "--quiet"];
        arguments.extend(more);
        folder.loyal(&arguments).code(0);
    };
    let wanted = ["--out", "whole", "--facts", "whole/facts.csv"];
    all(&[&["--events", "all.txt"], &wanted[..]].concat());
    all(&["--events", "all.txt", "--out", "typed", "--format", "parquet"]);
    let part = days.len().div_ceil(30);
    let nights: Vec<&[String]> = days.chunks(part).collect();
    for (nth, days) in nights.iter().enumerate() {
        file("night.txt", days);
        let run = ["--events", "night.txt", "--state", "st"];
        match nth + 1 == nights.len() {
            false => all(&[&run[..], &["--facts", "kept/facts.csv"]].concat()),
            true => {
                all(&[&run[..], &["--out", "kept", "--facts", "kept/facts.csv"]].concat());
                all(&[&run[..], &["--out", "kept-typed", "--format", "parquet"]].concat());
            }
        }
    }
    assert!(nights.len() >= 28, "{} nights", nights.len());
    let (mut kept, mut typed) = (folder.files("kept"), folder.files("kept-typed"));
    assert_eq!(kept.remove("corrections.csv").as_deref(), Some(b"as_of,member,what,was,is\n".as_slice()));
    typed.remove("corrections.parquet");
    assert!(kept == folder.files("whole"));
    assert!(typed == folder.files("typed"));
}

/// Paid memberships, households and points that are bought: after every night what one run over all events so far says.
#[test]
fn what_people_have_together_survives_the_nights() {
    for corpus in ["paid-memberships", "family-pool", "points-for-money"] {
        let folder = Folder::new();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(corpus);
        for name in ["program.loyal", "members.csv"] {
            folder.write(&format!("shop/{name}"), fs::read(from.join(name)).expect("a file"));
        }
        let text = fs::read_to_string(from.join("events.csv")).expect("the events");
        let (header, rows) = text.split_once('\n').expect("a header");
        let mut rows: Vec<&str> = rows.lines().collect();
        let time = |row: &&str| row.split(',').nth(1).unwrap_or_default().to_owned();
        rows.sort_by_key(time);
        let file = |name: &str, rows: &[&str]| folder.write(name, format!("{header}\n{}\n", rows.join("\n")));
        places(&folder, &["whole", "kept"]);
        for upto in 1..=rows.len() {
            file("night.csv", &rows[upto - 1..upto]);
            file("all.csv", &rows[..upto]);
            // With the journal everybody is played again; mostly it is not asked for.
            let outs: [&[&str]; 2] = match upto % 5 == 0 || upto == rows.len() {
                true => [&["--out", "kept"], &["--out", "whole"]],
                false => [&[], &[]],
            };
            let asked: &[&str] = if upto == rows.len() { &["--as-of", "2028-03-01"] } else { &[] };
            let night =
                ["run", "shop", "--quiet", "--events", "night.csv", "--state", "st", "--facts", "kept/facts.csv"];
            folder.loyal(&[&night[..], asked, outs[0]].concat()).code(0);
            let whole =
                ["run", "shop", "--quiet", "--events", "all.csv", "--facts", "whole/facts.csv", "--threads", "2"];
            folder.loyal(&[&whole[..], asked, outs[1]].concat()).code(0);
            if upto == rows.len() {
                let fast = folder.files("whole");
                folder.loyal(&[&whole[..], &["--engine", "reference"], asked, outs[1]].concat()).code(0);
                assert!(fast == folder.files("whole"), "{corpus}: the engines differ");
            }
            let mut kept = folder.files("kept");
            kept.remove("corrections.csv");
            for (name, bytes) in folder.files("whole") {
                let got = kept.get(&name).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
                assert_eq!(got.unwrap_or_default(), String::from_utf8_lossy(&bytes), "{corpus}, {name}, night {upto}");
            }
        }
    }
}
