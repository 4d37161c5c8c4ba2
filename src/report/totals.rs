//! The program's totals at one moment: what finance and marketing ask first. They are a fold over members: each is
//! added once, in any order, and the folds of several workers are joined.

use super::by;
use super::measures::Measured;
use super::words::Book;
use crate::engine::hers::Hers;
use crate::engine::outcome::{AsOf, DiscountOf, GiftLife, MemberView, PointsView, PostingKind, Reason};
use crate::engine::parts::{Counts, Given};
use crate::engine::settle::Flows;
use crate::mechanics::example::Held;
use crate::mechanics::{DrawId, PointsId, Program};
use crate::value::clock::Date;
use crate::value::exact::Exact;
use crate::value::natural_cmp;
use crate::value::sum::Sum;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// How many members the list of those with the most has.
pub const SHORT: usize = 5;

/// The totals of one snapshot.
#[derive(Debug, Clone)]
pub struct Totals {
    /// The moment, as the user wrote it.
    pub as_of: String,
    /// The program's day of that moment.
    pub day: Date,
    /// Members by then, less those who left or were merged into another.
    pub members: u64,
    /// Accepted purchases, less those returned whole.
    pub purchases: u64,
    /// Money of all accepted purchases less returns.
    pub sales: Sum,
    /// Postings so far.
    pub postings: u64,
    /// For each unit, in file order.
    pub units: Vec<UnitTotals>,
    /// For each tiers block: members on each level.
    pub levels: Vec<Vec<u64>>,
    /// For each card.
    pub cards: Vec<CardTotals>,
    /// For each gift and reward that ever came to life.
    pub gifts: BTreeMap<Held, GiftTotals>,
    /// For each draw that is not held and has entries: how many, and of how many members.
    pub draws: BTreeMap<(DrawId, Date), (u64, u64)>,
    /// For each membership, in the order of the program.
    pub memberships: Vec<MembershipTotals>,
    /// What each discount and coupon took off.
    pub discounts: BTreeMap<DiscountOf, Given>,
    /// Rejected actions by reason.
    pub rejected: BTreeMap<Reason, u64>,
    /// The members with the most, the first of them first.
    pub most: Vec<Listed>,
    /// What the objectives have come to.
    pub measured: Measured,
    /// What partners settle.
    pub settled: Flows,
    /// What was asked for by something.
    pub by: Option<by::Table>,
}

/// The totals of one unit over all members and pockets.
#[derive(Debug, Clone)]
pub struct UnitTotals {
    /// Spendable.
    pub balance: Sum,
    /// Not yet spendable.
    pub pending: Sum,
    /// Owed.
    pub debt: Sum,
    /// Totals since the start, by kind, as positive figures; a kind that nobody has is not there.
    pub totals: BTreeMap<PostingKind, Sum>,
    /// Outstanding points by the month they end in.
    pub ends: BTreeMap<Ends, Sum>,
}

/// The month in which points end; those without an end stand last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ends {
    /// Year and month of the last day.
    In(i16, i8),
    /// They do not end.
    Never,
}

impl Ends {
    fn of(day: Option<Date>) -> Self {
        day.map_or(Ends::Never, |day| Ends::In(day.year(), day.month()))
    }

    /// `2027-02`, or `never`.
    pub fn word(self) -> String {
        match self {
            Ends::In(year, month) => super::words::month((year, month)),
            Ends::Never => "never".to_string(),
        }
    }
}

/// The totals of one card.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CardTotals {
    /// Members with stamps on an open card.
    pub open: u64,
    /// Stamps on open cards.
    pub stamps: i64,
    /// Cards filled so far.
    pub filled: u64,
}

/// The totals of one gift or reward: how often each thing became of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GiftTotals {
    /// By what became of it.
    pub lives: BTreeMap<GiftLife, u64>,
    /// Held and valid now.
    pub held: u64,
}

/// The totals of one membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipTotals {
    /// Members who have it, those on trial too.
    pub members: u64,
    /// Of those, how many are on trial.
    pub trial: u64,
    /// Fees paid since the start.
    pub charged: Sum,
    /// Of those, what was given back.
    pub returned: Sum,
}

/// A member of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Who.
    pub name: String,
    /// What she has of each unit over all pockets, less what she owes.
    pub balances: Vec<Exact>,
    /// Her level in each tiers block.
    pub levels: Vec<usize>,
    /// Her stamps on each card.
    pub cards: Vec<i64>,
}

impl Totals {
    /// Nothing yet, as of a moment.
    pub fn new(book: Book<'_>, as_of: &AsOf) -> Self {
        let program = book.program;
        let unit = |decimals: u32| UnitTotals {
            balance: Sum::new(decimals),
            pending: Sum::new(decimals),
            debt: Sum::new(decimals),
            totals: BTreeMap::new(),
            ends: BTreeMap::new(),
        };
        Self {
            as_of: as_of.label.clone(),
            day: as_of.when.day(&program.settings.clock),
            members: 0,
            purchases: 0,
            sales: Sum::new(program.settings.minor_units),
            postings: 0,
            units: program.points.iter().map(|points| unit(points.decimals)).collect(),
            levels: program.tiers.iter().map(|tiers| vec![0; tiers.levels.len()]).collect(),
            cards: vec![CardTotals::default(); program.cards.len()],
            gifts: BTreeMap::new(),
            draws: BTreeMap::new(),
            memberships: vec![
                MembershipTotals {
                    members: 0,
                    trial: 0,
                    charged: Sum::new(program.settings.minor_units),
                    returned: Sum::new(program.settings.minor_units),
                };
                program.memberships.len()
            ],
            discounts: BTreeMap::new(),
            rejected: BTreeMap::new(),
            most: Vec::new(),
            measured: Measured::new(program, as_of),
            settled: Flows::default(),
            by: None,
        }
    }

    /// Adds what a member did by the moment; `rejected` are her events that were rejected.
    pub fn did(&mut self, program: &Program, hers: &Hers<'_>, rejected: &[&str]) {
        if let Some(by) = &mut self.by {
            by.member(program, hers, rejected);
        }
        self.measured.member(program, hers);
        if !program.partners.is_empty() {
            for (_, entry) in hers.entries {
                self.settled.add(program, entry, hers.deed_of(entry));
            }
        }
    }

    /// Adds a member as she stands at the moment.
    pub fn member(&mut self, name: &str, view: &MemberView) {
        for ((unit, _), points) in &view.points {
            self.units[unit.0].add(points);
        }
        for (card, stamps) in self.cards.iter_mut().zip(&view.cards) {
            card.open += u64::from(*stamps != 0);
            card.stamps += stamps;
        }
        for (held, number) in &view.gifts {
            self.gifts.entry(*held).or_default().held += u64::from(*number);
        }
        for entries in &view.entries {
            self.draw((entries.draw, entries.date), (entries.number.unsigned_abs(), 1));
        }
        for (membership, of) in &view.memberships {
            let totals = &mut self.memberships[membership.0];
            totals.members += u64::from(of.until.is_some());
            totals.trial += u64::from(of.trial);
            totals.charged.add(&of.charged);
            totals.returned.add(&of.returned);
        }
        if view.left {
            return;
        }
        self.members += 1;
        for (counts, (level, _)) in self.levels.iter_mut().zip(&view.levels) {
            if let Some(members) = counts.get_mut(*level) {
                *members += 1;
            }
        }
        self.list(name, view);
    }

    fn draw(&mut self, of: (DrawId, Date), (entries, members): (u64, u64)) {
        let sum = self.draws.entry(of).or_default();
        *sum = (sum.0 + entries, sum.1 + members);
    }

    /// Adds what has come of a member by the moment.
    pub fn counts(&mut self, counts: &Counts) {
        self.purchases += counts.purchases;
        self.sales.add(&counts.sales);
        self.postings += counts.postings;
        for (card, filled) in self.cards.iter_mut().zip(&counts.filled) {
            card.filled += filled;
        }
        self.take_off(&counts.discounts);
        for ((held, life), times) in &counts.lives {
            *self.gifts.entry(*held).or_default().lives.entry(*life).or_default() += times;
        }
    }

    fn take_off(&mut self, discounts: &BTreeMap<DiscountOf, Given>) {
        for (of, given) in discounts {
            let all = self.discounts.entry(*of).or_default();
            all.times += given.times;
            all.off += &given.off;
        }
    }

    /// Adds an action that was rejected by the moment.
    pub fn rejected(&mut self, reason: Reason) {
        *self.rejected.entry(reason).or_default() += 1;
    }

    /// Adds the totals of other members at the same moment.
    pub fn join(&mut self, other: Totals) {
        self.members += other.members;
        self.purchases += other.purchases;
        self.sales.join(&other.sales);
        self.postings += other.postings;
        for (unit, other) in self.units.iter_mut().zip(&other.units) {
            unit.join(other);
        }
        for (mine, others) in self.levels.iter_mut().flatten().zip(other.levels.iter().flatten()) {
            *mine += others;
        }
        for (card, other) in self.cards.iter_mut().zip(&other.cards) {
            card.open += other.open;
            card.stamps += other.stamps;
            card.filled += other.filled;
        }
        for (held, other) in other.gifts {
            let gift = self.gifts.entry(held).or_default();
            gift.held += other.held;
            for (life, times) in other.lives {
                *gift.lives.entry(life).or_default() += times;
            }
        }
        for (of, more) in other.draws {
            self.draw(of, more);
        }
        for (totals, other) in self.memberships.iter_mut().zip(&other.memberships) {
            totals.members += other.members;
            totals.trial += other.trial;
            totals.charged.join(&other.charged);
            totals.returned.join(&other.returned);
        }
        self.take_off(&other.discounts);
        self.measured.join(&other.measured);
        self.settled.join(&other.settled);
        if let (Some(by), Some(other)) = (&mut self.by, other.by) {
            by.join(other);
        }
        for (reason, times) in other.rejected {
            *self.rejected.entry(reason).or_default() += times;
        }
        for listed in other.most {
            self.place(listed);
        }
    }

    /// Puts a member into the list, where she belongs there.
    fn list(&mut self, name: &str, view: &MemberView) {
        let enough = self.most.len() == SHORT;
        if let Some(last) = self.most.last().filter(|_| enough) {
            let has = (balance(view, PointsId(0)), view.cards.iter().sum());
            if before((&has.0, has.1, name), last.rank()).is_gt() {
                return;
            }
        }
        self.place(Listed {
            name: name.to_string(),
            balances: (0..self.units.len()).map(|unit| balance(view, PointsId(unit))).collect(),
            levels: view.levels.iter().map(|(level, _)| *level).collect(),
            cards: view.cards.clone(),
        });
    }

    fn place(&mut self, listed: Listed) {
        let at = self.most.partition_point(|other| before(other.rank(), listed.rank()).is_lt());
        if at < SHORT {
            self.most.insert(at, listed);
            self.most.truncate(SHORT);
        }
    }
}

impl UnitTotals {
    fn add(&mut self, points: &PointsView) {
        self.balance.add(&points.balance);
        self.pending.add(&points.pending);
        self.debt.add(&points.debt);
        let decimals = self.balance.decimals();
        for (kind, number) in &points.totals {
            self.totals.entry(*kind).or_insert_with(|| Sum::new(decimals)).add(number);
        }
        for lot in &points.lots {
            self.ends.entry(Ends::of(lot.last_day)).or_insert_with(|| Sum::new(decimals)).add(&lot.left);
        }
    }

    fn join(&mut self, other: &UnitTotals) {
        self.balance.join(&other.balance);
        self.pending.join(&other.pending);
        self.debt.join(&other.debt);
        let decimals = self.balance.decimals();
        for (kind, number) in &other.totals {
            self.totals.entry(*kind).or_insert_with(|| Sum::new(decimals)).join(number);
        }
        for (month, number) in &other.ends {
            self.ends.entry(*month).or_insert_with(|| Sum::new(decimals)).join(number);
        }
    }

    /// The total of a kind.
    pub fn total(&self, kind: PostingKind) -> Exact {
        self.totals.get(&kind).map_or_else(Exact::zero, Sum::exact)
    }

    /// Spendable and not yet spendable.
    pub fn outstanding(&self) -> Exact {
        self.balance.exact() + self.pending.exact()
    }
}

/// What a member has of the first unit of a program without units.
static NONE: Exact = Exact::zero();

/// What the list is sorted by: the first unit over all pockets less what is owed, then stamps, then the name.
type Rank<'r> = (&'r Exact, i64, &'r str);

/// The order of the list: who has more first, then names in natural order.
fn before(one: Rank<'_>, other: Rank<'_>) -> Ordering {
    (other.0, other.1).cmp(&(one.0, one.1)).then_with(|| natural_cmp(one.2, other.2))
}

impl Listed {
    fn rank(&self) -> Rank<'_> {
        (self.balances.first().unwrap_or(&NONE), self.cards.iter().sum(), &self.name)
    }
}

/// What can be spent over all pockets, less what is owed: a member in debt stands below zero.
fn balance(view: &MemberView, unit: PointsId) -> Exact {
    let of_unit = view.points.range((unit, None)..).take_while(|((of, _), _)| *of == unit);
    of_unit.fold(Exact::zero(), |sum, (_, points)| &(&sum + &points.balance) - &points.debt)
}
