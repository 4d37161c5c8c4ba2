//! What partners of a program owe one another for points (section 3, `partner`).
//!
//! Points earned and spent belong to the partner whose event it was: that of a return to the partner of the purchase,
//! for it undoes what that one paid. What no event brought, and what no partner claims, is the program's own.

use super::deeds::Deed;
use super::outcome::{Entry, PostingKind};
use crate::mechanics::partner::Partner;
use crate::mechanics::{PartnerId, PointsId, Program};
use crate::value::clock::Date;
use crate::value::exact::{Exact, Rounding};
use std::collections::BTreeMap;

/// Whose, which points, and in which month: year and month.
type Key = (Option<PartnerId>, PointsId, (i16, i8));

/// Points that moved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Flow {
    earned: Exact,
    clawed: Exact,
    spent: Exact,
    /// What its partner pays for them, not rounded yet.
    pays: Exact,
    /// What its partner gets for them, not rounded yet.
    gets: Exact,
}

/// The points of partners, added up in any order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flows(BTreeMap<Key, Flow>);

/// What one partner settles for one unit in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// Whose; none: the program's own.
    pub partner: Option<PartnerId>,
    /// Which points.
    pub unit: PointsId,
    /// The month: year and month; none: all months together.
    pub month: Option<(i16, i8)>,
    /// Points that its events gave.
    pub earned: Exact,
    /// Of those, what returns took back.
    pub clawed: Exact,
    /// Points spent at its events, less what was given back.
    pub spent: Exact,
    /// What it pays, rounded.
    pub pays: Exact,
    /// What it gets, rounded.
    pub gets: Exact,
}

impl Flow {
    fn join(&mut self, other: &Flow) {
        self.earned += &other.earned;
        self.clawed += &other.clawed;
        self.spent += &other.spent;
        self.pays += &other.pays;
        self.gets += &other.gets;
    }
}

impl Settled {
    /// What it owes; below zero: what it is owed.
    pub fn net(&self) -> Exact {
        &self.pays - &self.gets
    }
}

impl Flows {
    /// Adds what an entry of the journal moved; `deed` is what it came of. Whose it is and what is paid for it says the
    /// file of the day of the event that the points belong to, so `program` is the newest with its older ones.
    pub fn add(&mut self, program: &Program, entry: &Entry, deed: Option<&Deed>) {
        let Some(posting) = entry.what.posting() else { return };
        let (unit, amount) = (posting.unit, &posting.amount);
        let owed = |each: fn(&Partner, PointsId) -> Exact, points: &Exact| {
            let (partner, terms) = deed.and_then(|deed| program.settles(&deed.of))?;
            Some((partner, each(terms, unit) * points))
        };
        let (whose, moved) = match posting.kind {
            PostingKind::Earned => {
                let (partner, pays) = owed(Partner::pays_for, amount).unzip();
                (partner, Flow { earned: amount.clone(), pays: pays.unwrap_or_default(), ..Flow::default() })
            }
            PostingKind::Clawed => {
                let (partner, pays) = owed(Partner::pays_for, amount).unzip();
                (partner, Flow { clawed: -amount, pays: pays.unwrap_or_default(), ..Flow::default() })
            }
            PostingKind::Spent => {
                let spent = -amount;
                let (partner, gets) = owed(Partner::gets_for, &spent).unzip();
                (partner, Flow { spent, gets: gets.unwrap_or_default(), ..Flow::default() })
            }
            PostingKind::Expired
            | PostingKind::WrittenOff
            | PostingKind::Bought
            | PostingKind::Received
            | PostingKind::Sent
            | PostingKind::Adjusted => return,
        };
        self.0.entry((whose, unit, month(entry.day))).or_default().join(&moved);
    }

    /// Adds what others moved.
    pub fn join(&mut self, other: &Flows) {
        for (key, flow) in &other.0 {
            self.0.entry(*key).or_default().join(flow);
        }
    }

    /// What each partner settles month by month, partners in the order of the program, then what is the program's own.
    /// Money is rounded once for a partner, unit and month.
    pub fn by_month(&self, program: &Program) -> Vec<Settled> {
        let minor_units = program.settings.minor_units;
        let money = |exact: &Exact| exact.round(Rounding::HalfEven, minor_units);
        let settled = |((partner, unit, month), flow): (&Key, &Flow)| Settled {
            partner: *partner,
            unit: *unit,
            month: Some(*month),
            earned: flow.earned.clone(),
            clawed: flow.clawed.clone(),
            spent: flow.spent.clone(),
            pays: money(&flow.pays),
            gets: money(&flow.gets),
        };
        let mut all: Vec<Settled> = self.0.iter().map(settled).collect();
        all.sort_by_key(|one| (one.partner.is_none(), one.partner, one.unit, one.month));
        all
    }

    /// The same over all months: sums of what each month settles.
    pub fn in_all(&self, program: &Program) -> Vec<Settled> {
        let mut all: Vec<Settled> = Vec::new();
        for one in self.by_month(program) {
            match all.last_mut().filter(|last| (last.partner, last.unit) == (one.partner, one.unit)) {
                Some(last) => {
                    last.earned += one.earned;
                    last.clawed += one.clawed;
                    last.spent += one.spent;
                    last.pays += one.pays;
                    last.gets += one.gets;
                }
                None => all.push(Settled { month: None, ..one }),
            }
        }
        all
    }

    /// What a partner pays and gets in all.
    pub fn of_partner(&self, program: &Program, partner: PartnerId) -> (Exact, Exact) {
        let all = self.in_all(program);
        let hers = all.iter().filter(|one| one.partner == Some(partner));
        hers.fold((Exact::zero(), Exact::zero()), |(pays, gets), one| (pays + &one.pays, gets + &one.gets))
    }
}

fn month(day: Date) -> (i16, i8) {
    (day.year(), day.month())
}
