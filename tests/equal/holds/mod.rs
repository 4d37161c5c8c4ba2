//! What holds of every program and history, measured on woven pairs from the journal and the states alone: the figures
//! are added up here again, and nothing of the engines is asked.
//!
//! Each is a test of its own; all look at the pairs of one hunt ([`crate::hunted`]), and what is broken is shrunk like a
//! difference of the engines. `LOYAL_EQUAL_HOLDS=postings,whole` measures
//! those whose names hold one of these, and leaves the engines alone.

mod accounts;
mod apart;
mod book;
mod most;
mod proved;
mod returned;
mod till;

use crate::hunt::story;
use crate::hunted;
use crate::pair::{Engine, Share};
use crate::tree::Sound;
use loyal::engine::outcome::{AsOf, Outcome};
use loyal::ledger::History;

/// A promise that is measured.
pub struct Hold {
    /// Its name: that of its test.
    pub name: &'static str,
    /// How it is measured; the share says how often it was.
    pub look: Engine,
    /// Of so many pairs one is measured by hand; in the suite fewer, where it is dear: more than one.
    pub one_in: u64,
    /// In 2,000 pairs by hand it is measured at least so often.
    pub least: u64,
}

/// All of them.
pub static ALL: [Hold; 8] = [
    Hold { name: "each_balance_is_its_postings", look: accounts::look, one_in: 1, least: 20_000 },
    Hold { name: "a_purchase_that_comes_back_whole_leaves_nothing", look: returned::look, one_in: 3, least: 300 },
    Hold { name: "a_member_changes_no_other", look: apart::look, one_in: 3, least: 150 },
    Hold { name: "no_more_is_given_than_limits_allow", look: most::look, one_in: 1, least: 2_000 },
    Hold { name: "what_is_taken_off_and_what_is_paid_are_the_price", look: till::look, one_in: 1, least: 200 },
    Hold { name: "what_check_proves_of_returns_holds", look: proved::returns, one_in: 4, least: 200 },
    Hold { name: "more_spent_is_never_fewer_points", look: proved::rising, one_in: 4, least: 100 },
    Hold { name: "a_higher_level_earns_no_less_where_check_proves_it", look: proved::higher, one_in: 4, least: 100 },
];

impl Hold {
    /// Of how many pairs one is measured.
    pub fn of(&self, sparing: u64) -> u64 {
        if self.one_in == 1 { 1 } else { self.one_in * sparing }
    }
}

/// Whether only promises are measured: where `LOYAL_EQUAL_HOLDS` names any.
pub fn alone() -> bool {
    std::env::var_os("LOYAL_EQUAL_HOLDS").is_some() && !wanted().is_empty()
}

/// Those that are measured: all, or those that `LOYAL_EQUAL_HOLDS` names a part of; it may be `none`.
pub fn wanted() -> Vec<&'static Hold> {
    let named = std::env::var("LOYAL_EQUAL_HOLDS").unwrap_or_default();
    let is_named = |hold: &&Hold| named.is_empty() || named.split(',').any(|part| hold.name.contains(part));
    ALL.iter().filter(is_named).collect()
}

/// No engine: for hunts that only measure.
pub fn nothing(_: &Sound, _: &History, _: &[AsOf], _: &Outcome) -> (Option<String>, Share) {
    (None, Share::default())
}

/// What is said of a pair, and how often it was measured.
type Said = (Option<String>, Share);

fn said(broken: Option<String>, looked: u64) -> Said {
    (broken, Share { looked, ..Share::default() })
}

/// Fails where a promise was broken, and where it was hardly measured.
fn holds(name: &str) {
    let hunt = hunted();
    let hold = ALL.iter().find(|hold| hold.name == name).expect("a promise of that name");
    let looked = hunt.looked.get(name).copied().unwrap_or(0);
    println!("{name}: measured {looked} times on {} pairs", hunt.pairs);
    let stories: Vec<String> = hunt.found.iter().filter(|found| found.breaks == Some(name)).map(story).collect();
    assert!(stories.is_empty(), "{}", stories.join("\n\n"));
    let often = hold.least * hold.one_in * hunt.pairs / 2_000 / hold.of(hunt.sparing) / 2;
    assert!(looked >= often, "measured {looked} times on {} pairs", hunt.pairs);
}

/// `Outcome::verify` asks it of each debug run inside the engine: balance + pending − debt is what the postings add up
/// to and what the totals by kind say, lots hold the balance, nothing is below zero. Here the test adds up by itself,
/// after every posting and over all members: no account lies below what may be owed, each posting is a figure of its
/// unit with the sign of its kind, its parts add up to it, and what some send others receive.
#[test]
fn each_balance_is_its_postings() {
    holds("each_balance_is_its_postings");
}

/// A purchase behind everything else that happened, and its return a minute later, whole or in two steps: every member
/// stands as without both. The exceptions of section 6.11 are listed in `returned.rs`.
#[test]
fn a_purchase_that_comes_back_whole_leaves_nothing() {
    holds("a_purchase_that_comes_back_whole_leaves_nothing");
}

/// Without the events of one member all others come to the same, entry by entry, unless the program joins all or events
/// name both.
#[test]
fn a_member_changes_no_other() {
    holds("a_member_changes_no_other");
}

/// Caps, limits of rules, budgets, stock: added up again from the postings, window by window.
#[test]
fn no_more_is_given_than_limits_allow() {
    holds("no_more_is_given_than_limits_allow");
}

#[test]
fn what_is_taken_off_and_what_is_paid_are_the_price() {
    holds("what_is_taken_off_and_what_is_paid_are_the_price");
}

/// `check` is asked to prove a little less than the history shows: it must not.
#[test]
fn what_check_proves_of_returns_holds() {
    holds("what_check_proves_of_returns_holds");
}

/// Where `check` finds no band that gives less for more, an earn that looks at the amount alone gives no less for more;
/// where it proves that no purchase earns less than a smaller one, nor do all rules together.
#[test]
fn more_spent_is_never_fewer_points() {
    holds("more_spent_is_never_fewer_points");
}

/// A level is given to who makes the last purchase, right before it.
#[test]
fn a_higher_level_earns_no_less_where_check_proves_it() {
    holds("a_higher_level_earns_no_less_where_check_proves_it");
}
