//! What a run says: facts, tables, totals, explanations, from an outcome built by hand.

#[path = "report/scene.rs"]
mod scene;

use insta::assert_snapshot;
use loyal::report::explain::{Question, explain, text};
use loyal::report::facts::{Fact, all_add_up, differences, facts};
use loyal::report::results::{self, Case, Failure, Suite};
use loyal::report::terminal::{self, Paint};
use loyal::report::words::Book;
use loyal::report::{summary, tables};
use scene::{everything, program, sources};

/// The facts as `as_of,member,what,value` lines.
fn lines(facts: &[Fact]) -> String {
    let line = |fact: &Fact| format!("{},{},{},{}\n", fact.as_of, fact.member, fact.what, fact.value);
    facts.iter().map(line).collect()
}

#[test]
fn facts_leave_out_what_is_zero_and_stand_in_byte_order() {
    let (program, sources) = (program(), sources());
    let book = Book { program: &program, sources: &sources };
    let outcome = everything().outcome("2026-12-31");
    assert!(all_add_up(&program, &outcome.snapshots[0]));
    assert_snapshot!(lines(&facts(book, &outcome)));
}

#[test]
fn an_explanation_names_the_origin_of_each_number() {
    let (program, sources) = (program(), sources());
    let book = Book { program: &program, sources: &sources };
    let journal = everything();
    let outcome = journal.outcome("2026-12-31");
    for (file, member) in [("ana", "ana"), ("hebrew", "=דנה")] {
        let question = Question { member, event: None };
        let said = explain(book, &journal.history, &outcome, &outcome.snapshots[0], question).expect("she is known");
        assert!(said.accounts.iter().all(|account| account.adds_up));
        assert_snapshot!(format!("explain_{file}"), text(&said));
    }
    let question = Question { member: "ana", event: Some("x1") };
    let said = explain(book, &journal.history, &outcome, &outcome.snapshots[0], question).expect("she is known");
    assert_snapshot!("explain_json", serde_json::to_string_pretty(&said.as_data()).expect("data"));
    let nobody = Question { member: "nobody", event: None };
    assert!(explain(book, &journal.history, &outcome, &outcome.snapshots[0], nobody).is_none());
}

#[test]
fn tables_hold_every_posting_and_their_amounts_add_up() {
    let (program, sources) = (program(), sources());
    let book = Book { program: &program, sources: &sources };
    let outcome = everything().outcome("2026-12-31");
    let mut all = Vec::new();
    for table in tables::all(book, &outcome) {
        all.extend(format!("# {}\n", table.name).into_bytes());
        tables::write_csv(table, &mut all).expect("memory takes it");
    }
    assert_snapshot!("tables", String::from_utf8(all).expect("text"));
    let rejections = tables::all(book, &outcome).pop().expect("the last table");
    let mut json = Vec::new();
    tables::write_json(rejections, &mut json).expect("memory takes it");
    assert_snapshot!("rejections_json", String::from_utf8(json).expect("text"));
}

#[test]
fn the_summary_shows_the_program_at_a_glance() {
    let (program, sources) = (program(), sources());
    let book = Book { program: &program, sources: &sources };
    let outcome = everything().outcome("2026-12-31");
    assert_snapshot!("terminal", terminal::text(book, &outcome, Paint { on: false }));
    assert_snapshot!("summary", summary::summary(book, &outcome));
    let coloured = terminal::text(book, &outcome, Paint { on: true });
    let plain = terminal::text(book, &outcome, Paint { on: false });
    let stripped: Vec<&str> =
        coloured.split('\u{1b}').map(|part| part.split_once('m').map_or(part, |(_, rest)| rest)).collect();
    assert_eq!(stripped.concat().replace(' ', ""), plain.replace(' ', ""), "colours change nothing else");
}

#[test]
fn recorded_facts_are_asked_and_no_others() {
    let fact = |what: &str, value: &str| Fact {
        as_of: "2026-01-01".into(),
        member: "ana".into(),
        what: what.into(),
        value: value.into(),
    };
    let got = [fact("balance:star", "7"), fact("gift:cake", "1")];
    let recorded = [fact("balance:star", "8"), fact("debt:star", "0.00"), fact("card:coffee", "2")];
    let found = differences(&recorded, &got);
    let failures = results::differences(&found);
    let says: Vec<&str> = failures.iter().map(|failure| failure.says.as_str()).collect();
    assert_eq!(
        says,
        [
            "2026-01-01, ana: balance:star is recorded as 8, the run says 7",
            "2026-01-01, ana: card:coffee is recorded as 2, the run says nothing"
        ]
    );
    assert!(differences(&[fact("balance:star", "7")], &got).is_empty());
}

#[test]
fn results_are_lines_and_junit() {
    let failure = Failure { says: "expected 57 stars, got 58".into(), because: "3 February 2026: 58 stars.".into() };
    let cases = vec![
        Case { name: "gold <earns> double".into(), place: "program.loyal:71".into(), failures: Vec::new() },
        Case { name: "rounded once".into(), place: "program.loyal:80".into(), failures: vec![failure] },
    ];
    let suites = [Suite { name: "cafe/program.loyal".into(), cases }];
    assert_snapshot!("results", results::text(&suites, Paint { on: false }, false));
    assert_snapshot!("junit", results::junit(&suites).expect("XML"));
    assert!(!results::all_passed(&suites));
}
