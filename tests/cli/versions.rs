//! A program that replaces another: both files are named where they decide, and a mistake in either is told.

use super::loyal::Folder;
use std::fs;
use std::path::Path;

/// The donut chain of the library, whose terms changed twice.
fn donuts() -> Folder {
    let folder = Folder::new();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs/donut-chain-three-terms");
    for entry in fs::read_dir(from).expect("the folder") {
        let path = entry.expect("an entry").path();
        let file = path.file_name().expect("a name").to_string_lossy().into_owned();
        folder.write(&format!("donuts/{file}"), fs::read(&path).expect("a file"));
    }
    folder
}

#[test]
fn what_a_version_gave_is_told_by_its_own_lines() {
    let folder = donuts();
    let told = folder.loyal(&["explain", "donuts", "--member", "ann", "--event", "a10", "--quiet"]).code(0).out;
    assert!(told.contains("90 from base (18.00 USD ÷ 1 USD × 5 points, 2021.loyal:"), "{told}");
    let told = folder.loyal(&["explain", "donuts", "--member", "ann", "--as-of", "2023-01-01", "--quiet"]).code(0).out;
    let moved =
        "77 points, which would have ended on 30 April 2023, no longer end. “replaces \"2021.loyal\" from 2022-10-06”";
    assert!(told.contains(moved), "{told}");
    folder.loyal(&["run", "donuts", "--out", "out"]).code(0);
    let postings = folder.read("out/postings.csv");
    let of = |event: &str| {
        let row = postings.lines().find(|row| row.contains(&format!(",{event},base,")));
        row.unwrap_or_else(|| panic!("{event} is not in {postings}")).to_owned()
    };
    assert!(of("b5").contains("2021.loyal:"), "{}", of("b5"));
    assert!(of("b6").contains("2022.loyal:"), "{}", of("b6"));
    assert!(of("d17").contains("program.loyal:"), "{}", of("d17"));
    assert!(folder.read("out/changes.csv").contains(",terms,donut_chain,changed,"));
}

#[test]
fn night_after_night_a_change_of_terms_comes_to_the_facts_of_one_run() {
    let folder = donuts();
    let moments = ["--as-of", "2025-10-05", "--as-of", "2025-10-06", "--as-of", "2026-04-01"];
    let run = |more: &[&str]| folder.loyal(&[&["run", "donuts"], &moments[..], more].concat()).code(0);
    run(&["--facts", "whole.csv", "--threads", "1"]);
    run(&["--facts", "threads.csv", "--threads", "2"]);
    let events = folder.read("donuts/events.csv");
    let (header, rows) = events.split_once('\n').expect("rows");
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.sort_by_key(|row| row.split(',').nth(1).unwrap_or_default());
    let half = rows.len() / 2;
    folder.write("first.csv", format!("{header}\n{}\n", rows[..half].join("\n")));
    folder.write("second.csv", format!("{header}\n{}\n", rows[half..].join("\n")));
    let members = ["--members", "donuts/members.csv", "--state", "kept"];
    let night = |events: &str, more: &[&str]| {
        folder.loyal(&[&["run", "donuts", "--events", events], &members[..], more].concat()).code(0)
    };
    night("first.csv", &[]);
    night("second.csv", &[&moments[..], &["--facts", "nights.csv"]].concat());
    let whole = folder.read("whole.csv");
    assert!(whole.contains("2025-10-06,bea,gift:bites,1"), "{whole}");
    assert_eq!(folder.read("threads.csv"), whole);
    assert_eq!(folder.read("nights.csv"), whole);
}

#[test]
fn a_mistake_in_an_old_file_stops_the_new_one_under_its_own_name() {
    let folder = donuts();
    folder.edit("donuts/2021.loyal", "5 points per 1 USD", "5 points per 1 RON");
    let said = folder.loyal(&["check", "donuts/program.loyal"]).code(1).out;
    assert!(said.contains("donuts/2021.loyal:") && said.contains("error: other-money"), "{said}");
    folder.loyal(&["run", "donuts"]).code(1).says(&["2021.loyal"]);
    fs::remove_file(folder.path("donuts/2021.loyal")).expect("the file goes");
    let said = folder.loyal(&["check", "donuts/program.loyal"]).code(1).out;
    assert!(said.contains("error: missing-file") && said.contains("donuts/2022.loyal:"), "{said}");
    // What replaces nothing runs without it.
    folder.write("one/program.loyal", "loyal 1\n\nprogram p {\n  money    EUR\n  clock    zone \"UTC\"\n}\n");
    folder.loyal(&["check", "one"]).code(0);
}

#[test]
fn before_a_change_it_is_measured_what_the_newest_file_is_for() {
    let folder = Folder::new();
    let file = |lines: &str| {
        format!("loyal 1\n\nprogram shop {{\n  money    EUR\n  clock    zone \"Europe/Vienna\"\n{lines}}}\n")
    };
    folder.write("shop/2025.loyal", file("  objective sell, sales at least 100 EUR\n"));
    let newest = "  objective come, buyers at least 5 members\n  replaces \"2025.loyal\" from 2026-06-01\n";
    folder.write("shop/program.loyal", file(newest));
    let events = "id,time,type,member,amount\np1,2026-01-05,purchase,ana,90\np2,2026-01-06,purchase,bob,30\n";
    folder.write("shop/events.csv", events);
    let arguments = ["run", "shop", "--as-of", "2026-02-01", "--out", "out"];
    let told = folder.loyal(&arguments).code(0).out;
    assert!(told.contains("buyers") && !told.contains("sell"), "{told}");
    assert!(folder.read("out/objectives.csv").contains("come,buyers"), "{}", folder.read("out/objectives.csv"));
    let summary = folder.read("out/summary.json");
    assert!(summary.contains("buyers") && !summary.contains("\"sell\""), "{summary}");
}

#[test]
fn what_partners_settle_is_the_same_in_all_outputs_and_by_the_file_of_its_day() {
    let folder = Folder::new();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/versions-of-partners");
    for entry in fs::read_dir(from).expect("the folder") {
        let path = entry.expect("an entry").path();
        let file = path.file_name().expect("a name").to_string_lossy().into_owned();
        folder.write(&format!("mall/{file}"), fs::read(&path).expect("a file"));
    }
    let told = folder.loyal(&["run", "mall", "--as-of", "2025-12-31", "--as-of", "2026-01-31", "--out", "out"]).code(0);
    assert_eq!(folder.read("out/settlements.csv"), folder.read("mall/settlements.csv"));
    let summary: serde_json::Value = serde_json::from_str(&folder.read("out/summary.json")).expect("it is JSON");
    let north = |moment: usize| {
        let all = &summary["moments"][moment]["settlements"];
        let rows = all.as_array().expect("settlements");
        let row = rows.iter().find(|row| row["partner"] == "north").expect("north's");
        ["pays", "gets", "net"].map(|word| row[word].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!([north(0), north(1)], [["2.07", "0.20", "1.87"], ["3.59", "2.20", "1.39"]]);
    let lines: Vec<Vec<&str>> =
        told.out.lines().filter(|line| line.contains("north")).map(|line| line.split_whitespace().collect()).collect();
    let said = [["2.07", "0.20", "1.87", "EUR"], ["3.59", "2.20", "1.39", "EUR"]];
    assert_eq!(lines.iter().map(|line| &line[line.len() - 4..]).collect::<Vec<_>>(), said, "{}", told.out);
}

#[test]
fn what_a_member_is_told_she_can_have_is_that_of_her_terms() {
    let folder = Folder::new();
    let file = |lines: &str, blocks: &str| {
        format!(
            "loyal 1\n\nprogram shop {{\n  money    EUR\n  clock    zone \"Europe/Vienna\"\n{lines}}}\n\n\
             points star plural stars {{\n  expire   never\n}}\n\n\
             earn base {{\n  on       purchase\n  give     1 star per 1 EUR\n}}\n{blocks}"
        )
    };
    let reward = |name: &str, price: u32| format!("\nreward {name} {{\n  price    {price} stars\n}}\n");
    folder.write("shop/2025.loyal", file("", &reward("cake", 50)));
    let newest = reward("cake", 80)
        + &reward("mug", 20)
        + "\ntiers status {\n  measure  spend in calendar year\n  level    basic from 0 EUR spent\n  \
           level    gold from 100 EUR spent\n  lasts    12 months\n}\n";
    folder.write("shop/program.loyal", file("  replaces \"2025.loyal\" from 2026-06-01\n", &newest));
    folder.write("shop/events.csv", "id,time,type,member,amount\np1,2026-01-05,purchase,ana,60\n");
    let rows = |as_of: &str| {
        folder.loyal(&["run", "shop", "--as-of", as_of, "--out", "out"]).code(0);
        let rows = folder.read("out/statement.csv");
        rows.lines().filter(|row| row.contains("to_reward")).map(str::to_owned).collect::<Vec<_>>().join("\n")
    };
    let before = rows("2026-05-31");
    assert!(before.contains(",0,cake") && !before.contains("mug"), "{before}");
    let after = rows("2026-06-01");
    assert!(after.contains(",20,cake") && after.contains(",0,mug"), "{after}");
    let told = |as_of: &str| {
        folder.loyal(&["explain", "shop", "--member", "ana", "--as-of", as_of, "--statement"]).code(0).out
    };
    let before = told("2026-05-31");
    assert!(before.contains("Enough for cake.") && !before.contains("Levels"), "{before}");
    let after = told("2026-06-01");
    assert!(after.contains("20 more stars for cake") || after.contains("more for cake"), "{after}");
    assert!(after.contains("status: 40.00 EUR more") || after.contains("for gold"), "{after}");
}
