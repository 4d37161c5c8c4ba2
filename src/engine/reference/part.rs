//! A part of a history: some members, with all that touches them, played by themselves.

use super::Run;
use super::tally::Tally;
use crate::engine::outcome::{AsOf, GiftLife, Happened, HeldDraw, Outcome};
use crate::ledger::History;
use crate::mechanics::example::Held;
use crate::mechanics::points::Scope;
use crate::mechanics::{DiscountId, PointsId, Program, RuleId};
use crate::value::clock::{Date, Moment};
use crate::value::exact::Exact;
use std::collections::BTreeMap;

/// What a part of a history must be told of the whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Whole {
    /// The day of its first event.
    pub first_day: Option<Date>,
    /// Its last event in the order of the run: the moment and the id. Timers stand before events, so those
    /// of all members fire until then.
    pub last: Option<(Moment, String)>,
    /// Draws that earlier nights have held: they stay as they were held (section 6.14).
    pub held: Vec<HeldDraw>,
}

impl Whole {
    /// Of a history in order.
    pub fn of(history: &History) -> Self {
        let last = history.events.last().map(|event| (event.at, event.id.clone()));
        Self { first_day: super::first_day(history), last, held: Vec::new() }
    }
}

/// What a part came to.
#[derive(Debug)]
pub struct PartRun {
    /// The journal and the states of its members; its postings are numbered by themselves.
    pub outcome: Outcome,
    /// Each happening, with the place of the journal at which it begins.
    pub steps: Vec<(usize, Step)>,
    /// When the next timer of each member is due, behind the last moment asked for.
    pub due: BTreeMap<String, Moment>,
    /// What rules asked of things that all members share, day by day; what was taken back again counts too.
    pub drawn: Vec<(Shared, Date, Exact)>,
}

/// A thing that all members share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shared {
    /// Money of a budget, by its place.
    Budget(usize),
    /// How often a rule gave something.
    Times(RuleId),
    /// What a rule posts before limits in all.
    Posted(RuleId, PointsId),
    /// How many purchases had a discount.
    DiscountTimes(DiscountId),
    /// What a discount takes off before limits in all.
    DiscountMoney(DiscountId),
    /// Gifts given, and rewards redeemed or granted.
    Issued(Held),
}

/// A happening of the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The event at this place of the part.
    Event(usize),
    /// A member's timers that are due at a moment.
    Timer {
        /// When they were due.
        at: Moment,
        /// Whether they close the day before; else they open a day.
        closing: bool,
        /// Whose.
        member: String,
    },
}

/// Runs a part of a history: its members and events must be touched by no others, and the program must
/// join all members by nothing (a budget, a stock, a limit in all). What comes out is what
/// [`super::run`] over the whole history says of these members.
pub fn run_part(program: &Program, part: &History, whole: &Whole, as_of: &[AsOf]) -> PartRun {
    let own_last = part.events.last().map(|event| event.id.as_str());
    let beyond = whole.last.as_ref().filter(|(_, id)| own_last != Some(id)).map(|(at, _)| *at);
    let mut run = Run::new(program, part, None, whole.first_day, as_of);
    run.keep_told(&whole.held);
    let run = run.play(part, as_of, beyond);
    let drawn = run.drawn();
    let due = run.due.into_iter().map(|(id, (at, _))| (id, at)).collect();
    PartRun { outcome: run.outcome, steps: run.steps, due, drawn }
}

impl Run<'_> {
    fn drawn(&self) -> Vec<(Shared, Date, Exact)> {
        let mut drawn = Vec::new();
        let mut add = |shared: Shared, tally: &Tally| {
            drawn.extend(tally.added().filter(|(_, sum)| sum.is_positive()).map(|(day, sum)| (shared, day, sum)));
        };
        self.budgets.iter().enumerate().for_each(|(at, tally)| add(Shared::Budget(at), tally));
        self.times.iter().for_each(|(rule, tally)| add(Shared::Times(*rule), tally));
        for (at, had) in self.had_in_all.iter().enumerate() {
            add(Shared::DiscountTimes(DiscountId(at)), &had.times);
        }
        // A month that is rounded as one moves what it has posted by other than what was asked of the limit.
        let of_month = |unit: PointsId| self.program.points[unit.0].scope == Scope::Month;
        let in_month = self.posted.iter().filter(|((_, unit), _)| of_month(*unit));
        in_month.for_each(|((rule, unit), tally)| add(Shared::Posted(*rule, *unit), tally));
        drawn.extend(self.asked.borrow().iter().map(|((shared, day), sum)| (*shared, *day, sum.clone())));
        for entry in &self.outcome.journal {
            if let Happened::Gift { held: Held::Gift(gift), life: GiftLife::Issued, .. } = &entry.what {
                drawn.push((Shared::Issued(Held::Gift(*gift)), entry.day, Exact::one()));
            }
        }
        drawn
    }
}
