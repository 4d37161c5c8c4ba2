//! `loyal simulate --fit`, as people run it.

use super::cdnow;
use super::shop::Folder;
use std::fmt::Write;
use std::path::Path;

/// The program over CDNOW's customers, with the purchases of the published sample.
fn sample() -> (Folder, Vec<String>) {
    let folder = Folder::new();
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs/cdnow");
    for file in ["program.loyal", "columns.toml"] {
        folder.write(&format!("shop/{file}"), std::fs::read(place.join(file)).expect("a file of the program"));
    }
    let ids = cdnow::ids();
    let rows: Vec<String> = cdnow::rows().iter().filter(|row| ids.contains(&row[0])).map(|row| row.join(" ")).collect();
    write(&folder, &rows);
    (folder, rows)
}

fn write(folder: &Folder, rows: &[String]) {
    let header = "customer_id date number_of_cds dollar_value";
    folder.write("shop/CDNOW_master.txt", format!("{header}\n{}\n", rows.join("\n")));
}

const FIT: [&str; 5] = ["simulate", "shop", "--fit", "--holdout", "39"];

#[test]
fn the_page_of_the_published_sample() {
    let (folder, mut rows) = sample();
    let page = folder.loyal(&FIT).code(0).out;
    insta::assert_snapshot!("fit_page", page.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
    // The order of rows plays no part.
    rows.reverse();
    write(&folder, &rows);
    assert!(folder.loyal(&FIT).code(0).out == page);
}

#[test]
fn data_has_the_published_figures() {
    let (folder, _) = sample();
    let fit = [&FIT[..], &["--model", "bg-nbd", "--format", "json"]].concat();
    let out = folder.loyal(&fit).code(0).out;
    let data: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let model = &data["models"][0];
    assert_eq!((model["name"].as_str(), model["chosen"].as_bool()), (Some("BG/NBD"), Some(true)));
    let values: Vec<f64> = model["parameters"]
        .as_array()
        .expect("parameters")
        .iter()
        .map(|one| (one["value"].as_f64().expect("a number") * 1000.0).round() / 1000.0)
        .collect();
    assert_eq!(values, [0.243, 4.414, 0.793, 2.426]);
    assert_eq!(data["repeaters"], 946);
    assert_eq!(data["weeks"].as_array().map(Vec::len), Some(78));
    let other = [&fit[..], &["--seed", "2"]].concat();
    assert!(folder.loyal(&other).code(0).out != out, "another seed, other ranges");
}

/// Twelve members who buy every few weeks, at a till.
fn small() -> (Folder, String) {
    let folder = Folder::with("points", "en");
    let mut events = String::from("id,time,type,member,amount,ref\n");
    for member in 0..12 {
        for nth in 0..=member % 4 + 2 {
            let day = jiff::civil::date(2026, 1, 1 + member)
                .checked_add(jiff::Span::new().days(i64::from(nth) * (9 + i64::from(member))))
                .expect("a day");
            let _ = writeln!(events, "p{member}-{nth},{day},purchase,m{member},{}.00,", 10 + member + nth);
        }
    }
    (folder, events)
}

#[test]
fn returns_merged_accounts_and_purchases_of_nobody_are_seen_to() {
    let (folder, mut events) = small();
    let fit = ["simulate", "shop", "--events", "events.csv", "--fit", "--holdout", "0", "--format", "json"];
    folder.write("events.csv", &events);
    let before: serde_json::Value = serde_json::from_str(&folder.loyal(&fit).code(0).out).expect("JSON");
    // A member's second card, her only purchase with it whole returned; one returned in part; one of nobody.
    events.push_str(
        "x1,2026-03-01,purchase,old,20.00,\nx2,2026-03-02,merge,m3,,old\ny1,2026-03-03,purchase,m5,9.00,\n\
         y2,2026-03-04,return,m5,,y1\nz1,2026-03-05,return,m2,-1.00,p2-1\nn1,2026-03-06,purchase,,7.00,\n",
    );
    folder.write("events.csv", &events);
    let after: serde_json::Value = serde_json::from_str(&folder.loyal(&fit).code(0).out).expect("JSON");
    assert_eq!((&before["members"], &after["members"]), (&12.into(), &12.into()));
    let repeats = |data: &serde_json::Value| data["repeats"].as_u64().expect("a count");
    assert_eq!(repeats(&after), repeats(&before) + 1, "the purchase with the second card is hers");
    assert_eq!((&after["returned"], &after["anonymous"]), (&1.into(), &1.into()));
}

#[test]
fn what_cannot_be_fitted_is_said_with_an_exit_code() {
    let (folder, events) = small();
    folder.write("events.csv", &events);
    let fit = ["simulate", "shop", "--events", "events.csv", "--fit"];
    let with = |more: &[&str]| folder.loyal(&[&fit[..], more].concat());
    with(&["--fit-until", "2031-01-01"]).code(3).says(&["outside the history", "2026-01-01"]);
    with(&["--holdout", "900"]).code(3).says(&["leaves no day to fit"]);
    with(&["--fit-until", "soon"]).code(3).says(&["--fit-until soon"]);
    with(&["--discount", "many"]).code(3).says(&["a number of percent"]);
    let first: Vec<&str> = events.lines().filter(|line| line.starts_with("id") || line.contains("-0,")).collect();
    folder.write("events.csv", first.join("\n"));
    with(&[]).code(2).says(&["12 members bought", "nobody bought again"]);
    folder.write("events.csv", "id,time,type,member,amount\n");
    with(&[]).code(2).says(&["no member bought anything"]);
}
