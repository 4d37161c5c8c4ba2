//! `budget`: what a rule may spend in all.

use super::example::Held;
use super::lines::{self, Slip};
use super::reading::{Mistake, Reading, period};
use super::table::{BlockSpec, FIGURE, Head, once};
use super::{Name, Program};
use crate::syntax::Rule;
use crate::syntax::ast::{Block, Clause};
use crate::text::Span;
use crate::value::clock::Window;
use crate::value::exact::Exact;

/// `budget` in the table of blocks.
pub static BLOCK: BlockSpec = BlockSpec {
    keyword: "budget",
    head: Head::Name,
    clauses: &[
        once(FIGURE, "10000 RON per month"),
        once("at", "at most 10000 RON per month"),
        once("counts", "counts costs"),
        once("when", "when spent close"),
    ],
    ordered: false,
    says: "how much rules may give away together",
};

/// A `budget` block (section 3).
#[derive(Debug, Clone)]
pub struct Budget {
    /// Its name.
    pub name: Name,
    /// The most, in the program's money.
    pub most: Exact,
    /// Per month, quarter, … or over the campaign (`Ever`).
    pub window: Window,
    /// `counts costs` (the default): gifts at what they cost; points always at their worth. `counts worth`:
    /// gifts at their value.
    pub at_cost: bool,
    /// `when spent warn`: nothing is cut.
    pub warn_only: bool,
    /// The whole block.
    pub span: Span,
}

impl Budget {
    /// What one of a thing takes from the budget; of a choice that says nothing of itself, the dearest that can be taken.
    pub fn counted<'p>(&self, program: &'p Program, held: Held) -> Option<&'p Exact> {
        let Held::Gift(gift) = held else { return self.said_of(program, held) };
        let choose = &program.gifts[gift.0].choose;
        let dearest = || choose.iter().filter_map(|one| self.said_of(program, Held::Gift(*one))).max();
        self.said_of(program, held).or_else(dearest)
    }

    /// What a thing says of itself: what it costs, else what it is worth; or the other way about.
    fn said_of<'p>(&self, program: &'p Program, held: Held) -> Option<&'p Exact> {
        let (costs, value) = match held {
            Held::Gift(gift) => (&program.gifts[gift.0].costs, &program.gifts[gift.0].value),
            Held::Reward(reward) => (&program.rewards[reward.0].costs, &program.rewards[reward.0].value),
            Held::Coupon(coupon) => (&program.coupons[coupon.0].costs, &program.coupons[coupon.0].value),
        };
        if self.at_cost { costs.as_ref().or(value.as_ref()) } else { value.as_ref().or(costs.as_ref()) }
    }
}

/// Reads a `budget` block.
pub fn read(reading: &mut Reading<'_>, block: &Block) -> Option<Budget> {
    let figure = read_figure(reading, block);
    let counts = lines::line(reading, block, "counts", Rule::budget_counts);
    let spent = lines::line(reading, block, "when", Rule::budget_when);
    let (most, window) = figure?;
    Some(Budget {
        name: lines::name(block)?,
        most,
        window,
        at_cost: counts.is_none_or(|line| line.has(Rule::counts_costs)),
        warn_only: spent.is_some_and(|line| line.has(Rule::spent_warn)),
        span: block.span,
    })
}

/// The one line that begins with a figure: `10000 RON per month`, also written `at most …` or `amount …`.
fn read_figure(reading: &mut Reading<'_>, block: &Block) -> Option<(Exact, Window)> {
    let is_figure = |clause: &&Clause| {
        let keyword = clause.keyword.text.as_str();
        keyword == "at" || BLOCK.clause(keyword).is_some_and(|spec| spec.keyword == FIGURE)
    };
    let figures: Vec<&Clause> = block.clauses.iter().filter(is_figure).collect();
    let Some(clause) = figures.first() else {
        if lines::is_sound(block, &BLOCK) {
            let like = "10000 RON per month";
            reading.say(Slip::Missing { place: block.header, block: BLOCK.keyword, keyword: FIGURE, like });
        }
        return None;
    };
    for other in figures.iter().skip(1).filter(|other| !other.broken && other.keyword.text != clause.keyword.text) {
        let keyword = FIGURE.to_owned();
        reading.say(Mistake::SaidTwice { place: other.span, first: clause.span, keyword });
    }
    let line = reading.clause(clause, Rule::budget_amount)?;
    let most = reading.money(&line.find(Rule::money)?);
    let window = match line.find(Rule::per_window) {
        None => Window::Ever,
        Some(phrase) => match phrase.inner() {
            inner if inner.rule() == Rule::window => reading.window(&inner)?,
            inner if inner.rule() == Rule::period => Window::Calendar(period(&inner)?),
            _ => Window::Ever,
        },
    };
    // A budget is of all its rules together: the campaign is its whole life.
    let window = if window == Window::Campaign { Window::Ever } else { window };
    let most = most?;
    if most.is_zero() {
        reading.say(Slip::Nought { place: line.span(), what: "a budget" });
        return None;
    }
    Some((most, window))
}

#[cfg(test)]
mod tests;
