//! `challenge`: streaks, quests and badges.

use super::basis::{Basis, Streak};
use super::condition::{Condition, Measure};
use super::give::{Give, What};
use super::lines::{self, Slip};
use super::reading::{Counting, Reading, Scope};
use super::rule::{Rule as Earning, Trigger};
use super::table::{BlockSpec, Head, many, once};
use super::{ChallengeId, Name, RuleId};
use crate::diag::Message;
use crate::syntax::ast::Block;
use crate::syntax::{Phrase, Rule};
use crate::text::Span;
use crate::value::clock::{Date, Window};
use crate::value::exact::Exact;
use std::collections::BTreeMap;

/// `challenge` in the table of blocks.
pub static BLOCK: BlockSpec = BlockSpec {
    keyword: "challenge",
    head: Head::Name,
    clauses: &[
        once("within", "within calendar month"),
        many("step", "step coffees items, with category in [coffee] at least 5"),
        once("need", "need 3 of"),
        many("give", "give 50 stars"),
        once("repeat", "repeat"),
        many("when", "when status in [gold]"),
        once("from", "from 2026-01-01"),
        once("until", "until 2026-12-31"),
    ],
    ordered: false,
    says: "streaks, quests and badges: what must be done in a stretch of time, and what it gives",
};

/// A `challenge` block (section 3). What it gives is a rule of its own, that fires on
/// [`Trigger::Completed`].
#[derive(Debug, Clone)]
pub struct Challenge {
    /// Its name.
    pub name: Name,
    /// The stretch of time in which the steps are made; nothing said is ever.
    pub within: Window,
    /// What must be done.
    pub steps: Vec<Step>,
    /// How many of the steps are enough; all when nothing is said.
    pub need: usize,
    /// Once a window; else once.
    pub repeat: bool,
    /// Of the completing event.
    pub when: Option<Condition>,
    /// First day, inclusive: what lay before counts for nothing.
    pub from: Option<Date>,
    /// Last day, inclusive.
    pub until: Option<Date>,
    /// What it gives.
    pub rule: RuleId,
    /// The whole block.
    pub span: Span,
}

/// `step NAME BASIS at least N`.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its name.
    pub name: Name,
    /// What is measured.
    pub what: Done,
    /// How much of it is enough.
    pub least: Exact,
    /// The clause.
    pub span: Span,
}

/// What a step measures.
#[derive(Debug, Clone)]
pub enum Done {
    /// A basis, in the challenge's window.
    Basis(Basis),
    /// The longest streak in the challenge's window.
    Streak(Streak),
}

/// What can be wrong with a `challenge` block alone.
#[allow(missing_docs)] // the fields are the words of the messages
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wrong {
    /// More steps needed than there are.
    NeedsMore { place: Span, need: u32, steps: usize },
    /// Two steps of one name.
    SameStep { place: Span, first: Span, name: String },
    /// Again and again in a window that never ends.
    NeverAgain { place: Span, window: String },
    /// `within campaign` without dates.
    NoCampaign { place: Span },
    /// A share of what a rule brings.
    Share { place: Span },
}

impl Message for Wrong {
    fn code(&self) -> &'static str {
        match self {
            Wrong::NeedsMore { .. } => "needs-more-steps",
            Wrong::SameStep { .. } => "same-step",
            Wrong::NeverAgain { .. } => "never-again",
            Wrong::NoCampaign { .. } => "no-campaign",
            Wrong::Share { .. } => "share-of-a-rule",
        }
    }

    fn says(&self) -> String {
        match self {
            Wrong::NeedsMore { need, steps: 1, .. } => format!("{need} steps are needed, and there is 1"),
            Wrong::NeedsMore { need, steps, .. } => format!("{need} steps are needed, and there are {steps}"),
            Wrong::SameStep { name, .. } => format!("two steps are called `{name}`"),
            Wrong::NeverAgain { window, .. } => {
                format!("it repeats once a window, and the window `{window}` comes only once")
            }
            Wrong::NoCampaign { .. } => {
                "`campaign` is the time between the challenge's `from` and `until`, and it has none".to_owned()
            }
            Wrong::Share { .. } => "a challenge cannot give a share of what a rule brings".to_owned(),
        }
    }

    fn place(&self) -> Span {
        match self {
            Wrong::NeedsMore { place, .. }
            | Wrong::SameStep { place, .. }
            | Wrong::NeverAgain { place, .. }
            | Wrong::NoCampaign { place }
            | Wrong::Share { place } => *place,
        }
    }

    fn related(&self) -> Vec<(Span, String)> {
        match self {
            Wrong::SameStep { first, .. } => vec![(*first, "the first".to_owned())],
            Wrong::NeedsMore { .. } | Wrong::NeverAgain { .. } | Wrong::NoCampaign { .. } | Wrong::Share { .. } => {
                Vec::new()
            }
        }
    }

    fn why(&self) -> String {
        match self {
            Wrong::NeedsMore { .. } => "Nobody could ever complete it.",
            Wrong::SameStep { .. } => "Whoever asks how far she is could not be told which of them is meant.",
            Wrong::NeverAgain { .. } => "Whoever reads the line expects to win it again, and never would.",
            Wrong::NoCampaign { .. } => "A challenge over a time that never ends is another one than over a month.",
            Wrong::Share { .. } => "It is completed once for many events, and a share is one of a single event.",
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Wrong::NeedsMore { steps, .. } => {
                format!("write: `need {steps} of`, or leave the line out for all of them")
            }
            Wrong::SameStep { name, .. } => format!("give the second another name, such as `{name}_2`"),
            Wrong::NeverAgain { .. } => {
                "take `repeat` out, or write a window that comes again: `within calendar month`".to_owned()
            }
            Wrong::NoCampaign { .. } => "add `from` and `until` lines, or write another window".to_owned(),
            Wrong::Share { .. } => "write a figure: `give 50 stars`".to_owned(),
        }
    }
}

/// Reads a `challenge` block, and what it gives as a rule: the challenge `id`, the rule `rule`.
pub fn read(reading: &mut Reading<'_>, block: &Block, id: ChallengeId, rule: RuleId) -> Option<(Challenge, Earning)> {
    for keyword in ["step", "give"] {
        lines::require(reading, block, &BLOCK, keyword);
    }
    let within = read_within(reading, block);
    let clauses = Reading::clauses(block, "step").len();
    let lines = lines::lines(reading, block, "step", Rule::challenge_step);
    let steps: Vec<Step> = lines.iter().filter_map(|line| read_step(reading, line)).collect();
    same_steps(reading, &steps);
    let need = read_need(reading, block, clauses);
    let gives = gives(reading, block, Rule::challenge_give, None);
    let repeat = lines::line(reading, block, "repeat", Rule::challenge_repeat);
    let whens = lines::lines(reading, block, "when", Rule::challenge_when);
    let when = lines::all_of(reading, &whens, Scope::Event);
    let days = lines::days(reading, block, Rule::challenge_from, Rule::challenge_until);
    for give in &gives {
        if let What::PercentOf { .. } = give.what {
            reading.say(Wrong::Share { place: give.span });
        }
    }
    let within = within?;
    if let Some(repeat) = &repeat {
        again(reading, repeat, within);
    }
    if within == Window::Campaign && days.0.is_none() && days.1.is_none() {
        let place = Reading::one(block, "within").map_or(block.header, |clause| clause.span);
        reading.say(Wrong::NoCampaign { place });
    }
    if steps.is_empty() || steps.len() < clauses || gives.is_empty() {
        return None;
    }
    let name = lines::name(block)?;
    let earning = Earning::of_block(name.clone(), Trigger::Completed(id), gives, days, block.span);
    let challenge = Challenge {
        name,
        within,
        need: need?,
        steps,
        repeat: repeat.is_some(),
        when,
        from: days.0,
        until: days.1,
        rule,
        span: block.span,
    };
    Some((challenge, earning))
}

/// The `give` lines of a block that gives as a rule does; what is counted where `per` is said.
pub(super) fn gives(reading: &mut Reading<'_>, block: &Block, rule: Rule, said: Option<&Basis>) -> Vec<Give> {
    let lines = lines::lines(reading, block, "give", rule);
    let counting = Counting { said, scope: Scope::Event, itself: &[] };
    lines.iter().filter_map(|line| reading.give_counting(&line.inner(), counting)).collect()
}

fn read_within(reading: &mut Reading<'_>, block: &Block) -> Option<Window> {
    let Some(clause) = Reading::one(block, "within") else { return Some(Window::Ever) };
    let line = reading.clause(clause, Rule::challenge_within)?;
    let what = line.inner();
    match what.rule() {
        Rule::window => reading.window(&what),
        Rule::hours => Some(Window::LastHours(reading.count(&what.find(Rule::whole)?)?)),
        _ => Some(Window::Last(reading.length(&what)?)),
    }
}

fn read_step(reading: &mut Reading<'_>, line: &Phrase<'_>) -> Option<Step> {
    let name = line.find(Rule::name)?;
    let name = Name { text: name.text().to_owned(), span: name.span() };
    let (what, dimension) = match line.find(Rule::consecutive) {
        Some(streak) => match reading.streak(&streak)? {
            (Measure::Consecutive(streak), dimension) => (Done::Streak(streak), dimension),
            _ => return None,
        },
        None => {
            let basis = reading.measured(&line.find(Rule::measured)?)?;
            let dimension = reading.dimension(&basis);
            (Done::Basis(basis), dimension)
        }
    };
    let phrase = line.find(Rule::quantity)?;
    let least = reading.quantity(&phrase, &dimension)?;
    if least.is_zero() {
        reading.say(Slip::Nought { place: phrase.span(), what: "what a step takes" });
        return None;
    }
    Some(Step { name, what, least, span: line.span() })
}

fn same_steps(reading: &mut Reading<'_>, steps: &[Step]) {
    let mut first: BTreeMap<&str, Span> = BTreeMap::new();
    for step in steps {
        let name = step.name.text.as_str();
        match first.get(name) {
            Some(first) => {
                reading.say(Wrong::SameStep { place: step.name.span, first: *first, name: name.to_owned() });
            }
            None => {
                first.insert(name, step.name.span);
            }
        }
    }
}

/// `need 3 of`; of the steps as they are written, read or not.
fn read_need(reading: &mut Reading<'_>, block: &Block, steps: usize) -> Option<usize> {
    let Some(clause) = Reading::one(block, "need") else { return Some(steps) };
    let line = reading.clause(clause, Rule::challenge_need)?;
    if line.has(Rule::need_every) {
        return Some(steps);
    }
    let need = lines::counted(reading, &line, "the number of steps")?;
    if usize::try_from(need).is_ok_and(|need| need <= steps) || steps == 0 {
        return usize::try_from(need).ok();
    }
    reading.say(Wrong::NeedsMore { place: line.span(), need, steps });
    None
}

/// What repeats once a window must have a window that comes again.
fn again(reading: &mut Reading<'_>, repeat: &Phrase<'_>, within: Window) {
    match within {
        Window::Ever | Window::SinceJoining | Window::Campaign => {
            reading.say(Wrong::NeverAgain { place: repeat.span(), window: within.to_string() });
        }
        Window::Last(_) | Window::LastHours(_) | Window::Calendar(_) | Window::MembershipYear => {}
    }
}

#[cfg(test)]
mod tests;
