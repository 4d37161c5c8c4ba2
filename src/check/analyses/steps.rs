//! How much a question may look at, so that no program makes `check` hang.
//!
//! Whether conditions can hold together is hard in general: the ways to combine them double with each
//! `or`. So every question has a budget of steps, counted and never timed, that grows with the number of
//! rules and not with the ways to combine them; the same program always gets the same answer. A step is
//! one value held against one test, one day looked at, one line made. A search that runs out of its own
//! share answers `Unsure`; a question that runs out of all says so ([`super::unfinished`]).
//!
//! The bound: a program of `n` rules takes at most `ALL + PER_RULE · n` steps (`ALL_OF_SETS` where sets of
//! rules are asked about) for each question, and pairs
//! of rules are told apart by a look at their days and named values before a search begins.

use crate::mechanics::Program;
use std::cell::Cell;

/// Steps that a question has whatever the program.
const ALL: u64 = 100_000;

/// The same of a question about sets of rules.
const ALL_OF_SETS: u64 = 500_000;

/// Steps more for each rule, card, gift, reward and segment.
const PER_RULE: u64 = 400;

/// The most steps of one search for one event: the days of forty years, and some more.
const SEARCH: u64 = 25_000;

/// Steps left to one question.
#[derive(Debug)]
pub struct Steps {
    all: u64,
    left: Cell<u64>,
    of_search: Cell<u64>,
}

impl Steps {
    /// The budget of a question about a program.
    pub fn of(program: &Program) -> Self {
        Self::with(ALL, program)
    }

    /// The budget of the question that looks at sets of rules, not at each or at pairs.
    pub fn of_sets(program: &Program) -> Self {
        Self::with(ALL_OF_SETS, program)
    }

    fn with(all: u64, program: &Program) -> Self {
        let segments = program.segments.len() + program.activities.len() + program.tiers.len();
        let given = program.cards.len() + program.gifts.len() + program.rewards.len();
        let blocks = u64::try_from(program.rules.len() + given + segments).unwrap_or(u64::MAX);
        let all = all.saturating_add(blocks.saturating_mul(PER_RULE));
        Self { all, left: Cell::new(all), of_search: Cell::new(SEARCH) }
    }

    /// Begins a search of its own.
    pub fn begin(&self) {
        self.of_search.set(SEARCH);
    }

    /// Takes steps of the search; whether there were so many.
    pub fn take(&self, steps: usize) -> bool {
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        let search = self.of_search.get();
        self.of_search.set(search.saturating_sub(steps));
        self.spend(steps) && steps <= search
    }

    /// Takes steps of the question, outside any search; whether there were so many.
    pub fn pay(&self, steps: usize) -> bool {
        self.spend(u64::try_from(steps).unwrap_or(u64::MAX))
    }

    fn spend(&self, steps: u64) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(steps));
        steps <= left
    }

    /// Whether the search has no steps left.
    pub fn search_is_over(&self) -> bool {
        self.of_search.get() == 0 || self.is_over()
    }

    /// Whether the question has no steps left.
    pub fn is_over(&self) -> bool {
        self.left.get() == 0
    }

    /// Whether so many quarters of the steps are used: what prepares a search leaves some for it.
    pub fn has_used_quarters(&self, quarters: u64) -> bool {
        self.all - self.left.get() >= self.all / 4 * quarters
    }
}

#[cfg(test)]
impl Steps {
    /// How many were taken.
    pub fn taken(&self) -> u64 {
        self.all - self.left.get()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{all, formula::Formula, meet::meet};
    use super::*;
    use crate::check::check;
    use crate::syntax::parse_text;
    use crate::text::Sources;
    use std::fmt::Write;

    const HEAD: &str = "loyal 1\nprogram p {\n money RON\n clock zone \"Europe/Bucharest\"\n}\n\
        points star plural stars {\n worth 0.05 RON each\n expire 12 months after earning\n}\n\
        earn base {\n on purchase\n give 1 star per 2 RON\n}\n";

    fn checked(text: &str) -> Program {
        let mut sources = Sources::default();
        let parsed = parse_text(&mut sources, "p.loyal", text);
        assert_eq!(parsed.findings, []);
        let checked = check(&parsed.ast, &sources);
        checked.program.unwrap_or_else(|| panic!("{:#?}", checked.findings))
    }

    /// A condition of so many parts, each of which can hold in three ways, on lines and their sums.
    fn tangle(parts: usize) -> String {
        let part = |at: usize| {
            format!(
                " when (category is a{at} and price is more than {at} RON) or total of items category in [b{at}, c] \
                 is at least {at} RON or not (sku is k{at})\n"
            )
        };
        (0..parts).map(part).collect()
    }

    #[test]
    fn a_search_stops_at_its_share_of_steps() {
        let program = checked(&format!("{HEAD}earn hard {{\n on purchase\n{} give 1 star\n}}\n", tangle(6)));
        let when = program.rules[1].when.as_ref().expect("a condition");
        let steps = Steps::of(&program);
        for wanted in [true, false] {
            let before = steps.taken();
            meet(&program, &Formula::of(&program, when, wanted), &steps);
            // What was begun is finished: at most one value more.
            assert!(steps.taken() - before <= SEARCH + 100, "{} steps", steps.taken() - before);
        }
    }

    #[test]
    fn a_program_of_tangled_rules_is_answered() {
        let mut text = HEAD.to_owned();
        for at in 0..12 {
            let _ = write!(text, "earn hard{at} {{\n on purchase\n{} give {} stars\n}}\n", tangle(4), at + 1);
        }
        let _ = writeln!(text, "promise {{\n return on purchase at most 6%\n}}");
        let mut sources = Sources::default();
        let parsed = parse_text(&mut sources, "p.loyal", &text);
        let codes: Vec<_> = check(&parsed.ast, &sources).findings.into_iter().map(|finding| finding.code).collect();
        assert!(codes.iter().any(|code| code.starts_with("return-")), "{codes:?}");
    }

    #[test]
    fn many_rules_that_differ_in_a_value_or_in_days_are_told_apart_without_a_search() {
        let mut text = HEAD.to_owned();
        for at in 0..120 {
            let _ = write!(text, "bonus s{at} {{\n on purchase\n when store is s{at}\n give +10% of base\n}}\n");
        }
        let found = all(&checked(&text));
        assert!(found.is_empty(), "{found:#?}");
    }

    #[test]
    fn what_was_not_looked_at_is_told() {
        let program = checked(HEAD);
        let steps = Steps::of(&program);
        assert_eq!(super::super::unfinished(&program, &steps, "all"), None);
        assert!(!steps.pay(usize::MAX));
        let told = super::super::unfinished(&program, &steps, "all bonuses that meet").expect("a warning");
        assert_eq!(told.code, "not-all-looked-at");
        assert_eq!(told.says, "this program is too large to see all bonuses that meet");
    }

    #[test]
    fn segments_that_name_each_other_in_many_ways_are_not_all_followed() {
        let mut text = HEAD.to_owned();
        for at in 0..40 {
            let next = at + 1;
            let _ = write!(
                text,
                "segment g{at} {{\n when in segment g{next} or (in segment g{next} and visits in last 9 days is at least {next})\n}}\n"
            );
        }
        let _ = write!(text, "segment g40 {{\n when spend in last 9 days is at least 5 RON\n}}\n");
        let _ = write!(text, "earn seg {{\n on purchase\n when in segment g0\n give 1 star\n}}\n");
        let found = all(&checked(&text));
        assert!(found.iter().all(|finding| finding.code == "not-all-looked-at"), "{found:#?}");
    }
}
