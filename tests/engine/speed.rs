//! A run stays linear in the members and events of others.

use crate::build::*;
use loyal::ledger::History;
use loyal::mechanics::points::Scope;
use loyal::mechanics::rule::Trigger;
use loyal::mechanics::tiers::{Lasts, Miss};
use loyal::value::clock::{Length, Window};
use std::collections::BTreeMap;
use std::time::Instant;

/// Points, tiers by rolling spend, a card, timers and a limit over all members.
fn busy() -> loyal::mechanics::Program {
    let mut program = program();
    program.points[0].expiry = after(Length::Months(12));
    program.points[0].scope = Scope::Receipt;
    program.points[0].caps = vec![cap("500", MONTH)];
    program.rules =
        vec![base(), bonus("double", percent_of("100", 0)), rule("quiet", Trigger::NoPurchaseIn(90), fixed("5"))];
    program.rules[1].when = Some(level_is(0, 2));
    program.rules[0].limits = vec![units("100000000", false, Window::Ever)];
    let mut status = tiers(total(), Window::Last(Length::Days(365)), &["0", "100", "300"]);
    status.lasts = Lasts::For(Length::Months(6));
    status.miss = Miss::DropToEarned;
    program.tiers.push(status);
    program
}

/// Run by hand: `cargo test --release --test engine -- --ignored`.
#[test]
#[ignore = "takes minutes in a debug build"]
fn cdnow_runs_in_seconds() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/programs/cdnow/CDNOW_master.txt");
    let text = std::fs::read_to_string(path).expect("the file");
    let program = busy();
    let clock = &program.settings.clock;
    let none = BTreeMap::new();
    let mut history = History::default();
    for (row, line) in text.lines().enumerate().filter(|(_, line)| line.split_whitespace().count() == 4) {
        let cells: Vec<&str> = line.split_whitespace().collect();
        if !cells[1].starts_with("19") {
            continue;
        }
        let day = format!("{}-{}-{}", &cells[1][..4], &cells[1][4..6], &cells[1][6..]);
        let id = format!("r{row}");
        let mut one = History::default();
        read(&mut one, clock, [&id, &day, "purchase", cells[0], cells[3]], &none);
        history.events.append(&mut one.events);
    }
    history.order();
    let begun = Instant::now();
    let ran = play(&program, &history, &["1997-12-31", "1998-06-30"]);
    let last = ran.at("1998-06-30");
    let took = begun.elapsed();
    println!("{} members, {} purchases, {} entries in {took:?}", last.members.len(), last.purchases, last.entries);
    assert_eq!((last.members.len(), last.purchases), (23_570, 69_659));
    assert!(took.as_secs() < 60, "{took:?}");
}
