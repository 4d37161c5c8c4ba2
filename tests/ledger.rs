//! Reading histories: a folder of `tests/ledger` for each promise, with a bad file and its good twin.
//!
//! `bad.csv` (and `bad-2.csv` …) must be refused, `good.csv` (and `good-2.csv` …) must be read;
//! `columns.toml`, `members.csv` and `items.csv` serve both. What comes out is in `read.snap`.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use loyal::ledger::{self, BadRows, ColumnMap, Event, How, Input, Inputs, Line, Loaded, Mistakes};
use loyal::value::Clock;

/// The files of a case that begin with `stem`, in the order of their names.
fn files(folder: &Path, stem: &str) -> Vec<Input> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("a folder of cases")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a UTF-8 name"))
        .filter(|name| name.starts_with(stem) && !name.ends_with(".snap"))
        .collect();
    names.sort_by_key(|name| (name.len(), name.clone()));
    let input = |name: String| {
        let bytes = fs::read(folder.join(&name)).expect("a file of the case");
        Input::new(name, std::io::Cursor::new(bytes))
    };
    names.into_iter().map(input).collect()
}

fn read(folder: &Path, stem: &str, bad: BadRows) -> Result<Loaded, Mistakes> {
    let map = match fs::read_to_string(folder.join("columns.toml")) {
        Ok(text) => ColumnMap::parse("columns.toml", &text)?,
        Err(_) => ColumnMap::default(),
    };
    let clock = Clock::new("Europe/Bucharest").expect("a zone");
    let how = How { clock: &clock, money: "RON", minor_units: 2, map: &map, exchange: None, bad };
    let inputs =
        Inputs { events: files(folder, stem), members: files(folder, "members"), items: files(folder, "items") };
    ledger::read(inputs, &how, &mut |_| {})
}

fn show_line(line: &Line) -> String {
    let mut out = String::new();
    let number = |number: &Option<loyal::value::Exact>| number.as_ref().map(ToString::to_string);
    for (name, value) in [
        ("line", line.number.clone()),
        ("amount", number(&line.amount)),
        ("regular", number(&line.regular)),
        ("tax", number(&line.tax)),
        ("qty", number(&line.qty)),
        ("sku", line.sku.clone()),
        ("category", line.category.clone()),
        ("brand", line.brand.clone()),
    ] {
        if let Some(value) = value {
            write!(out, " {name}={value}").expect("a string takes all");
        }
    }
    for (name, value) in &line.fields {
        write!(out, " [{name}={value}]").expect("a string takes all");
    }
    out
}

fn show_event(event: &Event) -> String {
    let mut out = format!("{} {:?} {} {}", event.id, event.at, event.day, event.kind.word());
    if !event.timed {
        out.push_str(" (no time)");
    }
    for (name, value) in [
        ("member", &event.member),
        ("ref", &event.reference),
        ("store", &event.store),
        ("channel", &event.channel),
        ("unit", &event.unit),
        ("paid_points", &event.paid_points.as_ref().map(ToString::to_string)),
    ] {
        if let Some(value) = value {
            write!(out, " {name}={value}").expect("a string takes all");
        }
    }
    if !event.coupons.is_empty() {
        write!(out, " coupons={:?}", event.coupons).expect("a string takes all");
    }
    for line in &event.lines {
        write!(out, "\n   {}", show_line(line)).expect("a string takes all");
    }
    out
}

fn show(read: &Result<Loaded, Mistakes>) -> String {
    let loaded = match read {
        Ok(loaded) => loaded,
        Err(mistakes) => return format!("{mistakes}\n"),
    };
    let mut out = String::new();
    for event in &loaded.history.events {
        writeln!(out, "{}", show_event(event)).expect("a string takes all");
    }
    for (id, member) in &loaded.history.members {
        writeln!(out, "member {id}: {:?} {:?} {:?}", member.joined, member.birthday, member.columns).expect("a string");
    }
    let totals = &loaded.totals;
    writeln!(out, "{} lines, {} in all", totals.lines, totals.amount.fixed(2)).expect("a string takes all");
    for note in &loaded.notes {
        writeln!(out, "note: {note}").expect("a string takes all");
    }
    let mut aside = Vec::new();
    if !loaded.set_aside.is_empty() {
        ledger::write_set_aside(&loaded.set_aside, &mut aside).expect("a vector takes all");
        writeln!(out, "set aside:\n{}", String::from_utf8(aside).expect("UTF-8")).expect("a string takes all");
    }
    out
}

#[test]
fn every_mistake_is_named_with_its_place_and_its_twin_is_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ledger");
    let mut folders: Vec<_> =
        fs::read_dir(&root).expect("cases").map(|entry| entry.expect("an entry").path()).collect();
    folders.retain(|folder| folder.is_dir());
    folders.sort();
    assert!(folders.len() > 20, "the cases are there");
    for folder in folders {
        let name = folder.file_name().and_then(|name| name.to_str()).expect("a UTF-8 name").to_owned();
        let mut shown = String::new();
        if !files(&folder, "bad").is_empty() {
            let bad = read(&folder, "bad", BadRows::Refuse);
            assert!(bad.is_err(), "{name}: the bad file is read");
            write!(shown, "===== bad\n{}", show(&bad)).expect("a string takes all");
            let skipped = read(&folder, "bad", BadRows::SetAside);
            if skipped.is_ok() {
                write!(shown, "===== bad, with --skip-bad\n{}", show(&skipped)).expect("a string takes all");
            }
        }
        if !files(&folder, "good").is_empty() {
            let good = read(&folder, "good", BadRows::Refuse);
            write!(shown, "===== good\n{}", show(&good)).expect("a string takes all");
            assert!(good.is_ok(), "{name}: the good twin is refused\n{shown}");
        }
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!("read", shown));
    }
}
