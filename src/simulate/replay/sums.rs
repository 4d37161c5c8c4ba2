//! What members come to, added up: exact, so in any order.

use super::first::Waits;
use super::giver::{Giver, Use};
use crate::engine::measures::Measured;
use crate::mechanics::example::Held;
use crate::mechanics::{PointsId, TiersId};
use crate::value::clock::Date;
use crate::value::exact::Exact;
use std::collections::{BTreeMap, BTreeSet};

/// What one rule gave, or one use of points took.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// How often.
    pub times: i64,
    /// Points; positive where it is what it usually does.
    pub points: Exact,
    /// Money, at cost; of points that were given nothing, they cost when they are used.
    pub cost: Exact,
    /// Money, at worth to the member.
    pub worth: Exact,
}

impl Row {
    /// Adds what another came to.
    pub fn join(&mut self, other: &Row) {
        self.times += other.times;
        self.points += &other.points;
        self.cost += &other.cost;
        self.worth += &other.worth;
    }
}

/// One month's money.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfMonth {
    /// Sales, less what came back in it.
    pub sales: Exact,
    /// What was given and used, at cost.
    pub cost: Exact,
    /// Points that came, at worth.
    pub given: Exact,
    /// Points spent, at worth.
    pub spent: Exact,
    /// Points expired, at worth.
    pub expired: Exact,
    /// Members who bought.
    pub active: u64,
}

/// Money of one part of the sales.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// Members in it.
    pub members: u64,
    /// Sales.
    pub sales: Exact,
    /// What the program gave, at worth.
    pub given: Exact,
    /// What it cost.
    pub cost: Exact,
}

impl Part {
    /// Adds what another came to.
    pub fn join(&mut self, other: &Part) {
        self.members += other.members;
        self.sales += &other.sales;
        self.given += &other.given;
        self.cost += &other.cost;
    }
}

/// One person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// What she spent.
    pub spend: Exact,
    /// What the program gave her, at worth.
    pub given: Exact,
    /// What that cost.
    pub cost: Exact,
    /// Whether she is a member at the end.
    pub member: bool,
    /// Of each tiers block, her level at the end; none where she has none.
    pub levels: Vec<Option<usize>>,
}

/// Points of one unit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfUnit {
    /// Points that came: earned, bought and adjusted, less what returns took back.
    pub given: Exact,
    /// Points spent, less what redemptions that were undone brought back.
    pub spent: Exact,
    /// Points expired.
    pub expired: Exact,
    /// What points that were used cost: rewards at cost, and money that they paid.
    pub cost: Exact,
    /// Of points whose worth the program does not say: what they were used for, at worth.
    pub worth: Exact,
    /// Points that came in lots whose last day is over by the end.
    pub ended: Exact,
    /// At each moment, spendable and pending.
    pub outstanding: Vec<Exact>,
    /// At each moment, points that came in lots which run then, spent or not.
    pub running: Vec<Exact>,
    /// What is outstanding at the end, by the month in which it ends; none: never.
    pub ends: BTreeMap<Option<Date>, Exact>,
}

impl OfUnit {
    fn join(&mut self, other: &OfUnit) {
        self.given += &other.given;
        self.spent += &other.spent;
        self.expired += &other.expired;
        self.cost += &other.cost;
        self.worth += &other.worth;
        self.ended += &other.ended;
        add_all(&mut self.outstanding, &other.outstanding);
        add_all(&mut self.running, &other.running);
        for (month, points) in &other.ends {
            *self.ends.entry(*month).or_default() += points;
        }
    }
}

fn add_all(sums: &mut [Exact], more: &[Exact]) {
    sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
}

/// From and to a level of a tiers block; none: on no level.
pub type Moved = (TiersId, Option<usize>, Option<usize>);

/// What some members came to.
#[derive(Debug, Clone)]
pub struct Sums {
    /// Everybody who has a name.
    pub people: BTreeMap<String, Person>,
    /// What each rule gave.
    pub rules: BTreeMap<(Giver, Option<PointsId>), Row>,
    /// What points were used for.
    pub uses: BTreeMap<(Use, Option<PointsId>), Row>,
    /// Month by month, by its first day.
    pub months: BTreeMap<Date, OfMonth>,
    /// By store; none where an event names none, or a timer brought it.
    pub stores: BTreeMap<Option<String>, Part>,
    /// What nobody put a name to.
    pub nobody: Part,
    /// Each unit.
    pub units: Vec<OfUnit>,
    /// Members by where they were a year before the end and where they are.
    pub moved: BTreeMap<Moved, u64>,
    /// Members by how long they waited for their first reward.
    pub waits: Waits,
    /// Members at the end who ever had a reward.
    pub rewarded: u64,
    /// Members at the end.
    pub members: u64,
    /// Fees of memberships, less what was given back.
    pub fees: Exact,
    /// The objectives.
    pub objectives: Measured,
    /// The measures that are always told.
    pub measures: Measured,
    /// Events that were rejected.
    pub rejected: u64,
    /// Things that were given and have no cost.
    pub without_cost: BTreeSet<Held>,
}

impl Sums {
    /// Nothing yet, of so many units at so many moments.
    pub fn new(units: usize, moments: usize, objectives: Measured, measures: Measured) -> Self {
        let nothing = vec![Exact::zero(); moments];
        let unit = OfUnit { outstanding: nothing.clone(), running: nothing, ..OfUnit::default() };
        Self {
            people: BTreeMap::new(),
            rules: BTreeMap::new(),
            uses: BTreeMap::new(),
            months: BTreeMap::new(),
            stores: BTreeMap::new(),
            nobody: Part::default(),
            units: vec![unit; units],
            moved: BTreeMap::new(),
            waits: Waits::default(),
            rewarded: 0,
            members: 0,
            fees: Exact::zero(),
            objectives,
            measures,
            rejected: 0,
            without_cost: BTreeSet::new(),
        }
    }

    /// Adds what other members came to.
    pub fn join(&mut self, other: Sums) {
        self.people.extend(other.people);
        for (giver, row) in &other.rules {
            self.rules.entry(*giver).or_default().join(row);
        }
        for (of, row) in &other.uses {
            self.uses.entry(*of).or_default().join(row);
        }
        for (month, of) in &other.months {
            self.months.entry(*month).or_default().join(of);
        }
        for (store, part) in other.stores {
            self.stores.entry(store).or_default().join(&part);
        }
        self.nobody.join(&other.nobody);
        self.units.iter_mut().zip(&other.units).for_each(|(sum, more)| sum.join(more));
        for (moved, members) in other.moved {
            *self.moved.entry(moved).or_default() += members;
        }
        self.waits.join(&other.waits);
        self.rewarded += other.rewarded;
        self.members += other.members;
        self.fees += &other.fees;
        self.objectives.join(&other.objectives);
        self.measures.join(&other.measures);
        self.rejected += other.rejected;
        self.without_cost.extend(other.without_cost);
    }
}

impl OfMonth {
    fn join(&mut self, other: &OfMonth) {
        self.sales += &other.sales;
        self.cost += &other.cost;
        self.given += &other.given;
        self.spent += &other.spent;
        self.expired += &other.expired;
        self.active += other.active;
    }
}
