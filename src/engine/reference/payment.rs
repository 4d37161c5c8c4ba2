//! Points as a means of payment: what a purchase paid with points, and what of it a return gives back.

use super::Run;
use super::households::{Spent, by_owner};
use super::lots::plain;
use super::state::{Position, PurseKey};
use crate::engine::outcome::{Posting, PostingKind, Reason};
use crate::ledger::Event;
use crate::mechanics::points::{Pay, Renewal};
use crate::value::exact::{Exact, Rounding};

/// What of a purchase was paid with points.
#[derive(Debug, Clone)]
pub struct Paid {
    /// From which purse.
    pub key: PurseKey,
    /// How many points.
    pub points: Exact,
    /// Money that they paid.
    pub money: Exact,
    /// What the whole receipt came to.
    pub receipt: Exact,
    /// From which lots, in the order in which they were taken.
    pub lots: Vec<PaidLot>,
}

/// What of a lot paid: of a shared unit, it may be another's of the household.
#[derive(Debug, Clone)]
pub struct PaidLot {
    /// Whose lot.
    pub owner: String,
    /// Its place in the purse.
    pub lot: usize,
    /// How many points were taken.
    pub taken: Exact,
    /// How many of them are back.
    pub back: Exact,
}

impl Paid {
    /// The share of the receipt that points paid.
    pub fn share(&self) -> Exact {
        self.money.checked_div(&self.receipt).unwrap_or_default()
    }

    /// How many have come back.
    fn back(&self) -> Exact {
        self.lots.iter().map(|part| &part.back).sum()
    }
}

impl<'a> Run<'a> {
    /// What a purchase says was paid with points, all or nothing; a refusal is told, and the purchase itself stands.
    pub(super) fn payment(&mut self, event: &'a Event, id: &str) -> Option<Paid> {
        let points = event.paid_points.as_ref().filter(|points| points.is_positive())?;
        match self.may_pay(event, id, points) {
            Ok(paid) => Some(paid),
            Err((reason, sentence)) => {
                self.reject(Some(id), reason, sentence);
                None
            }
        }
    }

    fn may_pay(&self, event: &'a Event, id: &str, points: &Exact) -> Result<Paid, (Reason, String)> {
        let no = |reason: Reason, sentence: String| Err((reason, sentence));
        let Some(unit) = self.unit_of(event) else {
            let sentence = "a purchase names the points that paid a part of it in its unit".to_owned();
            return no(Reason::NotEligible, sentence);
        };
        let block = &self.program.points[unit.0];
        let name = block.plural.as_ref().unwrap_or(&block.name.text);
        let (each, least, steps, share) = match &block.pay {
            Some(Pay::At { each, least, steps, share }) => (each, least, steps, share),
            Some(Pay::ByPayoutOnly) => return no(Reason::NotEligible, format!("{name} are spent by payout only")),
            None if self.program.points.iter().all(|points| points.pay.is_none()) => {
                return no(Reason::NotEligible, "points do not pay for purchases in this program".to_owned());
            }
            None => return no(Reason::NotEligible, format!("{name} do not pay for purchases")),
        };
        let settings = &self.program.settings;
        let figure = |number: &Exact| number.fixed(block.decimals);
        let in_money = |money: &Exact| format!("{} {}", money.fixed(settings.minor_units), settings.money);
        if points.round(Rounding::Down, block.decimals) != *points {
            return no(Reason::NotEligible, format!("{points} is no number of {name} to pay with"));
        }
        if let Some(least) = least.as_ref().filter(|least| points < *least) {
            return no(Reason::NotEligible, format!("at least {} {name} pay, not {}", figure(least), figure(points)));
        }
        let whole_steps = |steps: &Exact| points.checked_div(steps).is_some_and(|times| times.to_i64().is_some());
        if let Some(steps) = steps.as_ref().filter(|steps| !whole_steps(steps)) {
            return no(Reason::NotEligible, format!("{name} pay in steps of {}", figure(steps)));
        }
        let receipt: Exact = event.lines.iter().filter_map(|line| line.amount.as_ref()).sum();
        let money = points * each;
        let most = match share {
            Some(share) => &receipt * share * Exact::ratio(1, 100),
            None => receipt.clone(),
        };
        if money > most {
            let (money, most) = (in_money(&money), in_money(&most));
            return no(Reason::Limit, format!("{} {name} are {money}, and at most {most} can be paid", figure(points)));
        }
        let key = self.purse_key(unit, Some(event));
        let balance = self.pool(id, &key);
        if balance < *points {
            let whose = self.whose_balance(id, unit);
            let sentence = format!("{} {name} to pay, {whose} is {}", figure(points), figure(&balance));
            return no(Reason::NotEnough, sentence);
        }
        Ok(Paid { key, points: points.clone(), money, receipt, lots: Vec::new() })
    }

    /// Takes the points that pay the purchase at hand, soonest to expire first.
    pub(super) fn pay_with_points(&mut self, id: &str, mut paid: Paid) {
        let spent = self.spend(id, &paid.key, &paid.points);
        let settings = &self.program.settings;
        let note = format!("paid {} {}", paid.money.fixed(settings.minor_units), settings.money);
        self.post_spent(id, PostingKind::Spent, &note, &spent);
        let lot = |(owner, _, lot, taken)| PaidLot { owner, lot, taken, back: Exact::zero() };
        paid.lots = spent.into_iter().map(lot).collect();
        if let Some(seen) = self.seen_here(id) {
            seen.paid = Some(paid);
        }
        self.renew(id, Renewal::Redeem);
    }

    /// Gives back what points paid of what came back, to the same lots with their own expiry, the last taken first.
    /// All returns of one purchase together give back what of the whole came back, rounded once: nothing twice.
    pub(super) fn give_back(&mut self, id: &str, position: Position) {
        let Some(member) = self.members.get(id) else { return };
        let Some(seen) = member.seen_at(position) else { return };
        let Some(mut paid) = seen.paid.clone() else { return };
        let left: Exact = seen.lines.iter().map(|line| &line.now().amount).sum();
        let decimals = self.program.points[paid.key.0.0].decimals;
        let back = if seen.gone.is_some() {
            paid.points.clone()
        } else {
            let came = &paid.receipt - left;
            let share = came.checked_div(&paid.receipt).unwrap_or_default();
            (&paid.points * &share).round(Rounding::HalfEven, decimals).min(paid.points.clone())
        };
        let purchase = seen.event.id.clone();
        let mut rest = back - paid.back();
        if !rest.is_positive() {
            return;
        }
        let key = paid.key.clone();
        let mut restored: Vec<Spent> = Vec::new();
        for of in paid.lots.iter_mut().rev() {
            let part = rest.clone().min(&of.taken - &of.back);
            if part.is_positive() {
                self.member_mut(&of.owner).purses.entry(key.clone()).or_default().restore(of.lot, &part);
                of.back += &part;
                rest -= &part;
                restored.push((of.owner.clone(), key.clone(), of.lot, part));
            }
        }
        if let Some(seen) = self.member_mut(id).seen_at_mut(position) {
            seen.paid = Some(paid);
        }
        for (owner, key, sum) in by_owner(id, &restored) {
            let paid_debt = self.member_mut(&owner).purses.entry(key.clone()).or_default().settle();
            let note = format!("had paid for {purchase}, which came back");
            self.post(&owner, &key, Posting { note, paid_debt, ..plain(PostingKind::Spent, sum) });
            // What came back to a lot whose last day has passed ends at once.
            self.expire_lots(&owner);
            if self.members[&owner].left {
                self.forfeit_points(&owner);
            }
        }
    }
}
