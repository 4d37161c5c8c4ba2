//! Two published programs with histories and facts worked out by hand: the facts are met exactly.

use crate::build::*;
use loyal::ledger::History;
use loyal::mechanics::GiftId;
use loyal::mechanics::StackId;
use loyal::mechanics::basis::{Basis, Pick, Total};
use loyal::mechanics::card::{CardLife, StampPer};
use loyal::mechanics::gift::Valid;
use loyal::mechanics::give::What;
use loyal::mechanics::points::Points;
use loyal::mechanics::stack::{Stack, Take};
use loyal::mechanics::{PointsId, Program};
use loyal::text::Span;
use loyal::value::clock::{Clock, Length, Period, Window};
use loyal::value::exact::Rounding;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn folder(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engine/corpus").join(case)
}

fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    reader.deserialize().map(|row| row.unwrap_or_else(|why| panic!("{}: {why}", path.display()))).collect()
}

fn events(case: &str, clock: &Clock) -> History {
    let mut history = History::default();
    for row in table(&folder(case).join("events.csv")) {
        let get = |key: &str| row.get(key).map_or("", String::as_str);
        let head = ["id", "time", "type", "member", "amount"];
        let columns = row.iter().filter(|(key, _)| !head.contains(&key.as_str()));
        let columns: BTreeMap<&str, &str> = columns.map(|(key, text)| (key.as_str(), text.as_str())).collect();
        read(&mut history, clock, head.map(get), &columns);
    }
    history.order();
    history
}

/// Every fact of a case, all differences at once.
fn meets_its_facts(case: &str, program: &Program) {
    let history = events(case, &program.settings.clock);
    let facts = table(&folder(case).join("expected.csv"));
    let moments: BTreeSet<&str> = facts.iter().map(|fact| fact["as_of"].as_str()).collect();
    let ran = play(program, &history, &moments.into_iter().collect::<Vec<_>>());
    let mut wrong = String::new();
    for fact in &facts {
        let got = ran.fact(&fact["as_of"], &fact["member"], &fact["what"]);
        let wanted = fact["value"].trim_matches(|c| c == '0' || c == '.');
        let wanted = if wanted.is_empty() { "" } else { fact["value"].as_str() };
        if got != wanted {
            wrong.push_str(&format!("{fact:?} got {got:?}\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn cash() -> Points {
    Points { worth: Some(n("1")), decimals: 2, round: Rounding::HalfEven, owe: n("50"), ..points("cash") }
}

fn back(percent: &str, basis: Basis) -> What {
    What::Back { unit: PointsId(0), percent: n(percent), or: Vec::new(), basis }
}

#[test]
fn a_bank_card_with_a_rotating_category_capped_by_the_quarter() {
    let mut program = program();
    program.settings.clock = Clock::new("America/New_York").expect("a zone");
    program.settings.money = "USD".to_owned();
    program.points = vec![cash()];
    let no_advance = Pick { with: None, without: Some(Box::new(category("cash_advance"))) };
    let basis = Basis::Total(Total { pick: no_advance, ..Total::default() });
    program.rules.push(rule("base", loyal::mechanics::rule::Trigger::Purchase, back("1", basis)));
    let mut rotating = bonus("rotating", back("4", total_with(category("grocery"))));
    rotating.limits = vec![units("60", true, Window::Calendar(Period::Quarter))];
    rotating.from = Some(d("2026-01-01"));
    rotating.until = Some(d("2026-03-31"));
    rotating.group = Some(StackId(0));
    program.rules.push(rotating);
    program.stacks.push(Stack {
        name: name("rotation"),
        take: Take::All,
        caps: Vec::new(),
        money_caps: Vec::new(),
        cap_percent: None,
        span: Span::default(),
    });
    program.rewards = vec![reward("statement_credit", "25"), reward("gift_card_50", "45")];
    meets_its_facts("bank-cashback", &program);
}

#[test]
fn a_hairdressers_card_whose_tenth_cut_is_free() {
    let mut program = program();
    program.points.clear();
    program.settings.from = Some(d("2024-01-01"));
    let mut haircut = card(9, StampPer::Visit, pick(category("cut")));
    haircut.name = name("haircut");
    haircut.expire = Some(CardLife { length: Length::Months(12), after_first: false });
    haircut.gives = vec![give(What::Gift(GiftId(0), 1))];
    program.cards.push(haircut);
    let mut free_cut = gift("free_cut", Valid::For(Length::Days(60)));
    free_cut.item = Some(category("cut"));
    free_cut.at_most = Some(n("80"));
    program.gifts.push(free_cut);
    meets_its_facts("hairdresser-tenth", &program);
}
