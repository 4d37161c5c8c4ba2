//! What is remembered of the member being played.

use super::Beyond;
use super::activities::Did;
use super::back::Kept;
use super::cards::Cards;
use super::deals::Hers;
use super::levels::Level;
use super::purses::Purses;
use super::record::{Here, Source, Words};
use super::scene::{Facts, LineNow, Scene};
use super::streaks::Periods;
use super::tape::Tape;
use super::timers::{Due, Timers};
use super::value::Draws;
use super::visits::{Came, Visit};
use crate::engine::outcome::MoneyOff;
use crate::engine::pile::{NONE, Pile, SCALE};
use crate::engine::plan::Plan;
use crate::ledger::Kind;
use crate::mechanics::rule::Trigger;
use crate::value::exact::Exact;
use std::collections::{BTreeMap, VecDeque};

/// One member, as she stands.
pub(super) struct State {
    pub here: Here,
    /// The pile's place of the event at hand, none for a timer.
    pub event: Option<usize>,
    pub facts: Facts,
    pub listed: bool,
    pub enrolled: bool,
    pub left: bool,
    /// Whether a `join` event or a purchase made her a member.
    pub joined_by_event: bool,
    pub purses: Purses,
    pub cards: Cards,
    pub hers: Hers,
    pub tapes: Vec<Tape>,
    /// Figures of the state before the event at hand.
    pub reads: Vec<i64>,
    /// Room for those of an event while it is asked for stamps.
    pub opening: Vec<i64>,
    pub lines: Vec<LineNow>,
    pub levels: Vec<Level>,
    /// Standing purchases: which event, and its day.
    pub bought: Vec<(u32, i32)>,
    /// Her visits, where anything looks at them.
    pub visits: Vec<Visit>,
    /// The visit of the event at hand, where there has been one.
    pub visit: Option<usize>,
    /// Of the event at hand: whether it counts in each sum of visits.
    pub visit_has: Vec<bool>,
    /// The periods of each streak.
    pub streaks: Vec<Periods>,
    /// What is taken off the purchase at hand.
    pub off: Vec<MoneyOff>,
    /// Activities that were accepted.
    pub did: Vec<Did>,
    pub sales: i64,
    /// What came back beside, in parts of a ten-thousandth.
    pub back_parts: Exact,
    pub purchases: u64,
    /// Which of her events a return names, where there are returns.
    pub named: Vec<bool>,
    /// Whether a return may name any of them: who is played event by event does not know yet.
    pub any_named: bool,
    pub kept: Vec<Kept>,
    /// What was taken in on which visit, where cards are stamped by the visit.
    pub came: Vec<Came>,
    /// What rules asked of budgets: of which, on which day, for what.
    pub drawn: BTreeMap<(usize, i32, Draws), i64>,
    pub following: VecDeque<Trigger>,
    /// When something is due next by itself.
    pub due: Due,
    /// How far rules that days fire have come.
    pub timers: Timers,
}

impl State {
    /// Of nobody yet.
    pub fn new(plan: &Plan<'_>) -> Self {
        Self {
            here: Here { at: i64::MIN, day: 0, source: Source::Timer(Words::StartOf, 0) },
            event: None,
            facts: Facts::default(),
            listed: false,
            enrolled: false,
            left: false,
            joined_by_event: false,
            purses: Purses::new(plan.program.points.len()),
            cards: Cards::new(plan.program.cards.len()),
            hers: Hers::default(),
            tapes: plan.slots.iter().map(|_| Tape::default()).collect(),
            reads: vec![0; plan.reads.len()],
            opening: Vec::new(),
            lines: Vec::new(),
            levels: vec![Level::default(); plan.program.tiers.len()],
            bought: Vec::new(),
            visits: Vec::new(),
            visit: None,
            visit_has: Vec::new(),
            streaks: vec![Periods::default(); plan.streaks.len()],
            off: Vec::new(),
            did: Vec::new(),
            sales: 0,
            back_parts: Exact::zero(),
            purchases: 0,
            named: Vec::new(),
            any_named: false,
            kept: Vec::new(),
            came: Vec::new(),
            drawn: BTreeMap::new(),
            following: VecDeque::new(),
            due: Due::NEVER,
            timers: Timers::default(),
        }
    }

    /// The scene of the event at hand, as the figures stand.
    pub fn scene<'s>(&'s self, plan: &'s Plan<'s>, pile: &'s Pile) -> Scene<'s> {
        Scene {
            plan,
            pile,
            event: self.event,
            lines: &self.lines,
            over: 1,
            reads: &self.reads,
            facts: &self.facts,
            day: self.here.day,
            at: self.here.at,
            timed: self.event.is_some_and(|place| pile.timed[place]),
        }
    }

    /// Whether a return names her event of this number, or may.
    pub fn is_named(&self, nth: usize) -> bool {
        self.any_named || self.named.get(nth).copied().unwrap_or(false)
    }

    /// Whether she is a member on a day.
    pub fn is_member(&self, day: i32) -> bool {
        self.enrolled && !self.left && self.facts.joined.is_none_or(|joined| joined <= day)
    }

    /// The lines of an event as they came; of a purchase, those that hold something.
    pub fn read_lines(&mut self, pile: &Pile, place: usize) {
        self.lines.clear();
        let purchase = pile.kind[place] == Kind::Purchase;
        for line in pile.lines(place) {
            let now = line_of(pile, line, purchase);
            if !purchase || !now.is_gone() {
                self.lines.push(now);
            }
        }
    }

    /// Adds what a happening brought to the sums.
    pub fn push_tapes(&mut self, adds: &[i64]) -> Result<(), Beyond> {
        let here = self.here;
        for (tape, add) in self.tapes.iter_mut().zip(adds) {
            if *add != 0 {
                tape.push(here.day, here.at, *add)?;
            }
        }
        Ok(())
    }
}

/// A line as it came: a line of a purchase is one item where nothing is said.
pub(super) fn line_of(pile: &Pile, line: usize, purchase: bool) -> LineNow {
    let or = |figure: i64, other: i64| if figure == NONE { other } else { figure };
    let amount = or(pile.amount[line], 0);
    let of = |column: &[i64], other: i64| column.get(line).map_or(other, |figure| or(*figure, other));
    LineNow {
        place: line as u32,
        amount,
        regular: of(&pile.regular, amount),
        tax: of(&pile.tax, 0),
        quantity: or(pile.quantity[line], if purchase { SCALE } else { 0 }),
    }
}
