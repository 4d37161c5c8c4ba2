//! Ready-made measures, pilots and offers: by parts, by night and explained alike; and `loyal segment`.

use super::loyal::Folder;
use std::path::Path;

/// A program of the corpus with its history, under `shop`; the rows of its events.
fn corpus(name: &str) -> (Folder, String, Vec<String>) {
    let folder = Folder::new();
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(name);
    for file in ["program.loyal", "events.csv", "members.csv", "items.csv"] {
        if let Ok(text) = std::fs::read(place.join(file)) {
            folder.write(&format!("shop/{file}"), text);
        }
    }
    let events = folder.read("shop/events.csv");
    let mut lines = events.lines();
    let header = lines.next().expect("a header").to_owned();
    let rows = lines.map(|row| format!("{row}\n")).collect();
    (folder, header, rows)
}

const CORPORA: [&str; 3] = ["ready-made-measures", "pilots-and-offers", "what-goes-with-what"];
const RUN: [&str; 6] = ["run", "shop", "--as-of", "2027-01-01", "--format", "csv"];

#[test]
fn any_engine_and_any_number_of_threads_give_the_same() {
    for name in CORPORA {
        let (folder, ..) = corpus(name);
        let run = |out: &str, more: &[&str]| {
            let facts = format!("{out}.csv");
            let arguments = [&RUN[..], &["--out", out, "--facts", &facts], more].concat();
            folder.loyal(&arguments).code(0);
            (folder.files(out), folder.read(&facts))
        };
        let reference = run("plain", &["--engine", "reference"]);
        assert!(run("one", &["--threads", "1"]) == reference, "{name}");
        assert!(run("three", &["--threads", "3", "--memory", "16MiB"]) == reference, "{name}");
    }
}

#[test]
fn nights_come_to_what_one_run_comes_to() {
    for name in CORPORA {
        let (folder, header, rows) = corpus(name);
        let mut upto = String::new();
        // The rows of one event come in one night.
        let id = |row: &String| row.split(',').next().map(str::to_owned);
        let events: Vec<String> = rows.chunk_by(|a, b| id(a) == id(b)).map(<[String]>::concat).collect();
        for (nth, night) in events.chunks(events.len().div_ceil(4)).enumerate() {
            upto.push_str(&night.concat());
            folder.write("night.csv", format!("{header}\n{}", night.concat()));
            folder.write("all.csv", format!("{header}\n{upto}"));
            let kept = [&RUN[..], &["--events", "night.csv", "--state", "st", "--out", "kept", "--facts", "kept.csv"]];
            let whole = [&RUN[..], &["--events", "all.csv", "--out", "whole", "--facts", "whole.csv"]];
            folder.loyal(&kept.concat()).code(0);
            folder.loyal(&whole.concat()).code(0);
            let mut files = folder.files("kept");
            files.remove("corrections.csv");
            assert!(files == folder.files("whole"), "{name}, night {}", nth + 1);
            assert_eq!(folder.read("kept.csv"), folder.read("whole.csv"), "{name}, night {}", nth + 1);
        }
    }
}

#[test]
fn who_is_kept_back_is_explained() {
    let (folder, ..) = corpus("pilots-and-offers");
    let explained = folder.loyal(&["explain", "shop", "--member", "m01"]).code(0);
    insta::assert_snapshot!("audience_explained", explained.out);
    let arms = ["run", "shop", "--out", "out", "--tables", "arms"];
    folder.loyal(&arms).code(0);
    insta::assert_snapshot!("audience_arms", folder.read("out/arms.csv"));
}

#[test]
fn segments_are_shown_as_a_page_as_data_and_as_tables() {
    let (folder, ..) = corpus("pilots-and-offers");
    let segment = ["segment", "shop", "--seen", "1"];
    insta::assert_snapshot!("segment_page", folder.loyal(&[&segment[..], &["--ready-made"]].concat()).code(0).out);
    let (measures, ..) = corpus("ready-made-measures");
    let page = ["segment", "shop", "--as-of", "2024-03-01 08:00", "--who", "--seen", "1", "--by", "sku"];
    insta::assert_snapshot!("segment_ready_made", measures.loyal(&page).code(0).out);
    let data = [&segment[..], &["--format", "json"]].concat();
    insta::assert_snapshot!("segment_json", folder.loyal(&data).code(0).out);
    for table in ["segments", "members", "assortment", "arms"] {
        let csv = [&segment[..], &["--format", "csv", "--table", table]].concat();
        insta::assert_snapshot!(format!("segment_{table}"), folder.loyal(&csv).code(0).out);
    }
    folder.loyal(&["segment", "shop", "--table", "arms"]).code(3).says(&["--format csv"]);
}

#[test]
fn a_segment_of_the_program_stands_in_place_of_the_ready_made_one_of_its_name() {
    let (folder, ..) = corpus("pilots-and-offers");
    folder.write(
        "shop/program.loyal",
        folder.read("shop/program.loyal") + "\nsegment dormant {\n  when visits ever is at least 1\n}\n",
    );
    let page = folder.loyal(&["segment", "shop", "--ready-made"]).code(0).out;
    let named = |name: &str| page.lines().filter(|line| line.trim_start().starts_with(name)).count();
    assert_eq!((named("dormant "), named("at_risk ")), (1, 1), "{page}");
    for days in ["0", "36526", "99999999", "-1"] {
        folder.loyal(&["segment", "shop", &format!("--days={days}")]).code(3).says(&["1..=36525"]);
    }
}

/// Two with it and two without: they spend 10 and 20 before it; then 14 and 22 with it, 10 and 22 without.
#[test]
fn what_a_pilot_brings_is_measured_with_its_interval() {
    let folder = Folder::new();
    let program = r#"loyal 1

program shop {
  money    RON
  clock    zone "Europe/Bucharest"
  from     2026-01-01
}

points star plural stars {
  worth    0.05 RON each
}

pilot half {
  from     2026-02-01
  until    2026-02-28
  control  50%
}

earn base {
  on       purchase
  pilot    half
  give     1 star per 1 RON
}
"#;
    folder.write("shop/program.loyal", program);
    let ids: Vec<String> = (0..24).map(|nth| format!("m{nth:02}")).collect();
    let joined: String = ids.iter().map(|id| format!("{id},2026-01-01\n")).collect();
    folder.write("shop/members.csv", format!("member,joined\n{joined}"));
    folder.write("shop/events.csv", "id,time,type,member,amount\ne0,2026-01-02,purchase,m00,1.00\n");
    folder.loyal(&["run", "shop", "--out", "out", "--tables", "arms"]).code(0);
    let arms = folder.read("out/arms.csv");
    let side = |word: &str| -> Vec<String> {
        let rows = arms.lines().filter(|row| row.split(',').any(|cell| cell == word));
        rows.filter_map(|row| row.split(',').find(|cell| cell.starts_with('m') && cell.len() == 3))
            .map(str::to_owned)
            .take(2)
            .collect()
    };
    let (with, without) = (side("pilot"), side("control"));
    assert_eq!((with.len(), without.len()), (2, 2), "{arms}");
    let mut rows = String::new();
    let mut listed = String::new();
    let spent = [(&with[0], 10, 14), (&with[1], 20, 22), (&without[0], 10, 10), (&without[1], 20, 22)];
    for (member, before, after) in spent {
        listed += &format!("{member},2026-01-01\n");
        rows += &format!("b{member},2026-01-10,purchase,{member},{before}.00\n");
        rows += &format!("a{member},2026-02-10,purchase,{member},{after}.00\n");
    }
    folder.write("shop/members.csv", format!("member,joined\n{listed}"));
    folder.write("shop/events.csv", format!("id,time,type,member,amount\n{rows}"));
    let page = folder.loyal(&["segment", "shop", "--as-of", "2026-02-28"]).code(0).out;
    insta::assert_snapshot!("lifts_page", page);
    let table =
        folder.loyal(&["segment", "shop", "--as-of", "2026-02-28", "--format", "csv", "--table", "lifts"]).code(0).out;
    insta::assert_snapshot!("lifts_table", table);
}
