//! A state that does not add up is told, whichever part of it is wrong (`Outcome::verify`).

use crate::build::*;
use loyal::engine::outcome::{LotView, PointsView, PostingKind};
use loyal::value::exact::Exact;

/// Ana has 30 stars, of which 10 are still pending, and owes nothing; then something is changed.
fn told(change: impl FnOnce(&mut PointsView)) -> Result<(), String> {
    let mut program = program();
    program.rules = vec![base()];
    let rows = ["p1 | 2026-01-01 10:00 | purchase | ana | 20", "p2 | 2026-01-02 10:00 | purchase | ana | 10"];
    let mut outcome = run(&program, &rows, &["2026-01-02"]).outcome;
    let view = outcome.snapshots[0].members.get_mut("ana").and_then(|ana| ana.points.values_mut().next());
    change(view.expect("an account"));
    outcome.verify()
}

fn part(lots: &mut [LotView], at: usize) -> &mut Exact {
    &mut lots[at].left
}

#[test]
fn a_right_state_is_said_to_be_right() {
    assert_eq!(told(|_| {}), Ok(()));
}

#[test]
fn each_part_that_is_wrong_is_told() {
    type Change = fn(&mut PointsView);
    let changes: [(&str, Change); 9] = [
        ("postings add up to 30", |view| view.balance += n("1")),
        ("postings add up to 30", |view| view.pending += n("1")),
        ("postings add up to 30", |view| view.debt += n("1")),
        ("not what its totals say", |view| *view.totals.entry(PostingKind::Spent).or_default() += n("1")),
        ("not what its totals say", |view| *view.totals.entry(PostingKind::Earned).or_default() += n("1")),
        ("its lots hold 31", |view| *part(&mut view.lots, 0) += n("1")),
        // Everything adds up, and one part of it lies below nothing.
        ("below nothing", |view| {
            *part(&mut view.lots, 0) -= n("40");
            *part(&mut view.lots, 1) += n("40");
        }),
        ("below nothing", |view| (view.balance, view.pending) = (n("-1"), n("31"))),
        ("below nothing", |view| (view.balance, view.pending) = (n("31"), n("-1"))),
    ];
    for (wanted, change) in changes {
        let says = told(change).expect_err(wanted);
        assert!(says.starts_with("ana, unit 0, None as of 2026-01-02: ") && says.contains(wanted), "{wanted}: {says}");
    }
}

#[test]
fn a_debt_below_nothing_is_told() {
    let says = told(|view| {
        (view.balance, view.debt) = (n("29"), n("-1"));
        *part(&mut view.lots, 1) -= n("1");
    });
    assert!(says.is_err_and(|says| says.ends_with("below nothing")));
}

#[test]
fn totals_that_are_not_what_was_posted_are_told() {
    // Two kinds that make up for each other.
    let says = told(|view| {
        *view.totals.entry(PostingKind::Earned).or_default() += n("5");
        *view.totals.entry(PostingKind::Spent).or_default() += n("5");
    });
    assert_eq!(says, Err("ana as of 2026-01-02: Earned 35, posted 30".to_owned()));
}
