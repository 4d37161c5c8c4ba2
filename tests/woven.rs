//! Promises that hold of any program and any history: programs are woven as text from pools of
//! clauses, histories from days and hours at the edges, and both go the whole way from text to facts.
//!
//! `LOYAL_WOVEN=5000 cargo test --release --test woven` tries that many of each.

#[path = "woven/parts.rs"]
mod parts;
#[path = "woven/text.rs"]
mod text;

use loyal::check::check;
use loyal::diag;
use loyal::engine::outcome::{AsOf, Outcome, When};
use loyal::engine::reference;
use loyal::ledger::{self, BadRows, ColumnMap, History, How, Input, Inputs};
use loyal::mechanics::Program;
use loyal::report::explain::{self, Question};
use loyal::report::facts::{Fact, facts};
use loyal::report::harvest::rows::Format;
use loyal::report::{tables, words::Book};
use loyal::syntax::parse_text;
use loyal::text::Sources;
use proptest::prelude::*;
use text::{Choices, HEADER, Row, Ties};

/// Enough bytes for every choice of a program.
const WIDE: usize = 64;

/// A program, its sources and its text.
struct Woven {
    program: Program,
    sources: Sources,
    text: String,
}

/// A woven program; none when the check refuses it (a loop, a level never reached).
fn woven(choices: &[u8], ties: Ties) -> Option<Woven> {
    let text = text::program(&mut Choices::new(choices), ties);
    let mut sources = Sources::default();
    let parsed = parse_text(&mut sources, "woven.loyal", &text);
    assert!(!diag::has_error(&parsed.findings), "{text}\n{:#?}", parsed.findings);
    let checked = check(&parsed.ast, &sources);
    if std::env::var_os("LOYAL_WOVEN_REFUSED").is_some() && checked.program.is_none() {
        println!("{text}\n{:#?}", checked.findings);
    }
    Some(Woven { program: checked.program?, sources, text })
}

/// What rows come to; each part is a file of its own.
fn read(program: &Program, parts: &[&[String]]) -> History {
    let map = ColumnMap::default();
    let settings = &program.settings;
    let how = How {
        clock: &settings.clock,
        money: &settings.money,
        minor_units: settings.minor_units,
        map: &map,
        exchange: None,
        bad: BadRows::Refuse,
    };
    let file = |(at, part): (usize, &&[String])| {
        Input::new(format!("{at}.csv"), std::io::Cursor::new(format!("{HEADER}{}", part.concat())))
    };
    let events = parts.iter().enumerate().map(file).collect();
    let inputs = Inputs { events, ..Inputs::default() };
    ledger::read(inputs, &how, &mut |_| {})
        .unwrap_or_else(|wrong| panic!("{}\n{wrong}", parts.concat().concat()))
        .history
}

fn moments(program: &Program, said: &[&str]) -> Vec<AsOf> {
    let clock = &program.settings.clock;
    let of = |said: &&str| match loyal::value::clock::parse_date(said) {
        Ok(day) => When::EndOf(day),
        Err(_) => When::At(clock.parse_moment(said).expect("a moment").0),
    };
    said.iter().map(|said| AsOf { label: (*said).to_owned(), when: of(said) }).collect()
}

impl Woven {
    fn run(&self, history: &History, said: &[&str]) -> Outcome {
        let outcome = reference::run(&self.program, history, &moments(&self.program, said));
        assert_eq!(outcome.verify(), Ok(()), "{}", self.text);
        outcome
    }

    fn book(&self) -> Book<'_> {
        Book { program: &self.program, sources: &self.sources }
    }

    fn facts(&self, history: &History, said: &[&str]) -> Vec<Fact> {
        facts(self.book(), &self.run(history, said))
    }
}

fn cases() -> u32 {
    std::env::var("LOYAL_WOVEN").ok().and_then(|count| count.parse().ok()).unwrap_or(60)
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() }
}

fn program_choices() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), WIDE)
}

fn rows(most: usize) -> impl Strategy<Value = Vec<Row>> {
    proptest::collection::vec(any::<Row>(), 1..most)
}

/// A permutation of rows from weights.
fn shuffled(rows: &[String], weights: &[u16]) -> Vec<String> {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|at| (weights[at % weights.len()].wrapping_mul(u16::try_from(*at).unwrap_or(0) | 1), *at));
    order.into_iter().map(|at| rows[at].clone()).collect()
}

fn first_difference(a: &[Fact], b: &[Fact]) -> String {
    let only = |a: &[Fact], b: &[Fact]| -> Vec<String> {
        a.iter().filter(|fact| !b.contains(fact)).take(6).map(|fact| format!("{fact:?}")).collect()
    };
    format!("only first: {:#?}\nonly second: {:#?}", only(a, b), only(b, a))
}

const LAST: &str = "2025-06-30";
const CUTS: [&str; 7] =
    ["2024-01-20", "2024-01-31", "2024-02-10 04:00", "2024-02-29", "2024-03-10 23:59:59", "2024-03-31", "2025-01-01"];

proptest! {
    #![proptest_config(config())]

    #[test]
    fn order_and_files_of_rows_change_nothing(
        choices in program_choices(), rows in rows(30), weights in proptest::collection::vec(any::<u16>(), 1..40), cut in 0usize..30,
    ) {
        let Some(woven) = woven(&choices, Ties::Among) else { return Ok(()) };
        let rows = text::rows(&rows, Ties::Among);
        let said = ["2024-02-29", LAST];
        let wanted = woven.facts(&read(&woven.program, &[&rows]), &said);
        let mixed = shuffled(&rows, &weights);
        let (first, second) = mixed.split_at(cut.min(mixed.len()));
        let apart: Vec<&[String]> = [first, second].into_iter().filter(|part| !part.is_empty()).collect();
        // Lines of one purchase lie in one file; a later file would tell of the same event again.
        let ids = |part: &[String]| part.iter().map(|row| row.split(',').next().unwrap_or("").to_owned()).collect::<std::collections::BTreeSet<_>>();
        let apart = if ids(first).is_disjoint(&ids(second)) { apart } else { vec![&mixed[..]] };
        let got = woven.facts(&read(&woven.program, &apart), &said);
        prop_assert!(wanted == got, "{}\n{}\n{}", woven.text, rows.concat(), first_difference(&wanted, &got));
    }

    #[test]
    fn what_comes_later_changes_no_earlier_fact(choices in program_choices(), rows in rows(30), cut in 0usize..7) {
        let Some(woven) = woven(&choices, Ties::Among) else { return Ok(()) };
        let rows = text::rows(&rows, Ties::Among);
        let whole = read(&woven.program, &[&rows]);
        let label = CUTS[cut];
        let until = match moments(&woven.program, &[label])[0].when {
            When::EndOf(day) => whole.events.iter().filter(|event| event.at < woven.program.settings.clock.end_of(day)).count(),
            When::At(moment) => whole.events.iter().filter(|event| event.at <= moment).count(),
        };
        let first = History { events: whole.events[..until].to_vec(), members: whole.members.clone() };
        let mut said = CUTS.to_vec();
        said.push(LAST);
        let all = woven.facts(&whole, &said).into_iter().filter(|fact| fact.as_of == label).collect::<Vec<_>>();
        let own = woven.facts(&first, &[label]);
        prop_assert!(all == own, "{}\n{}\n{}", woven.text, rows.concat(), first_difference(&all, &own));
    }

    #[test]
    fn members_without_ties_change_nothing_for_each_other(choices in program_choices(), rows in rows(30)) {
        let Some(woven) = woven(&choices, Ties::None) else { return Ok(()) };
        let rows = text::rows(&rows, Ties::None);
        let own: Vec<String> = rows.iter().filter(|row| row.starts_with("ana")).cloned().collect();
        if own.is_empty() {
            return Ok(());
        }
        let said = [CUTS[3], CUTS[5], LAST];
        let of_ana = |facts: Vec<Fact>| facts.into_iter().filter(|fact| fact.member == "ana").collect::<Vec<_>>();
        let all = of_ana(woven.facts(&read(&woven.program, &[&rows]), &said));
        let alone = of_ana(woven.facts(&read(&woven.program, &[&own]), &said));
        prop_assert!(all == alone, "{}\n{}\n{}", woven.text, rows.concat(), first_difference(&all, &alone));
    }

    #[test]
    fn a_purchase_returned_at_once_leaves_no_points(choices in program_choices(), rows in rows(20), bought in any::<Row>()) {
        let Some(woven) = woven(&choices, Ties::Among) else { return Ok(()) };
        let mut rows = text::rows(&rows, Ties::Among);
        let mut purchase = bought;
        purchase[0] = 0;
        purchase[3] = 0;
        let row = text::rows(&[purchase], Ties::Among);
        let cell = |row: &str| row.splitn(3, ',').nth(2).unwrap_or("").to_owned();
        rows.extend(row.iter().map(|row| format!("last,2025-06-01 12:30,{}", cell(row))));
        let before = rows.len();
        rows.push("back,2025-06-01 12:31,return,ana,,,,last,,,,,,\n".to_owned());
        let said = ["2025-06-01 12:29", "2025-06-01 12:30", "2025-06-01 12:31"];
        let outcome = woven.run(&read(&woven.program, &[&rows]), &said);
        let stands = |at: usize| {
            let view = outcome.snapshots[at].members.get("ana");
            let all = view.into_iter().flat_map(|view| &view.points);
            all.map(|(unit, points)| (unit.clone(), &points.balance + &points.pending - &points.debt))
                .filter(|(_, stands)| !stands.is_zero()).collect::<Vec<_>>()
        };
        let _ = before;
        // A level stays (`refund keep`), and what reaching it brought; so does what joining brought, and what a payout took.
        let lifted = ["level up", "on join", "on full", "on reaching"].iter().any(|word| woven.text.contains(word));
        prop_assert!(lifted || stands(0) == stands(2), "{}\n{}\n{:?}\n{:?}\n{:?}\n{:#?}", woven.text, rows.concat(), stands(0), stands(1), stands(2),
            outcome.journal.iter().filter(|entry| entry.event.as_deref().is_some_and(|event| event == "last" || event == "back")).collect::<Vec<_>>());
    }

    #[test]
    fn everyone_can_be_explained_and_every_table_written(choices in program_choices(), rows in rows(30)) {
        let Some(woven) = woven(&choices, Ties::Among) else { return Ok(()) };
        let rows = text::rows(&rows, Ties::Among);
        let history = read(&woven.program, &[&rows]);
        let outcome = woven.run(&history, &[CUTS[3], LAST]);
        for snapshot in &outcome.snapshots {
            for member in snapshot.members.keys() {
                let question = Question { member, event: None };
                let explained = explain::explain(woven.book(), &history, &outcome, snapshot, question);
                prop_assert!(explained.is_some_and(|explained| !explain::text(&explained).is_empty()));
            }
        }
        for table in tables::all(woven.book(), &outcome) {
            let mut bytes = Vec::new();
            prop_assert!(tables::write_csv(table, &mut bytes).is_ok());
        }
    }

    #[test]
    fn reports_are_the_same_bytes_in_whatever_memory_and_parts(
        choices in program_choices(), rows in rows(30), deal in proptest::collection::vec(0usize..5, 1..9),
    ) {
        let Some(woven) = woven(&choices, Ties::Among) else { return Ok(()) };
        let rows = text::rows(&rows, Ties::Among);
        let outcome = woven.run(&read(&woven.program, &[&rows]), &[CUTS[3], CUTS[1], LAST]);
        for format in [Format::Csv, Format::Json] {
            let whole = parts::reports(woven.book(), &outcome, format, usize::MAX, &[0]);
            let apart = parts::reports(woven.book(), &outcome, format, 0, &deal);
            prop_assert!(whole == apart, "{}\n{}\n{whole}\n{apart}", woven.text, rows.concat());
            let plain = parts::plain(woven.book(), &outcome, format);
            prop_assert!(whole == plain, "{}\n{}\n{whole}\n{plain}", woven.text, rows.concat());
        }
    }
}

#[test]
fn most_woven_programs_are_accepted() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let tried = cases();
    let choices = || program_choices().new_tree(&mut runner).expect("a tree").current();
    let accepted =
        std::iter::repeat_with(choices).take(tried as usize).filter(|c| woven(c, Ties::Among).is_some()).count();
    println!("{accepted} of {tried} accepted");
    assert!(accepted * 10 >= tried as usize * 6, "{accepted} of {tried}");
}
