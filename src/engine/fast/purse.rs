//! One unit of one member: lots that come, are spent, end, and are taken back (sections 6.8 and 6.11).
//!
//! Lots that can be spent stand in queues, soonest to end first, then oldest. Lots nearly always come in that
//! order, so spending and expiry look at the front and a new lot goes to the back.

use super::Beyond;
use super::days::{NEVER, date, next};
use super::record::{Source, Taken, exact};
use crate::engine::outcome::{LotView, PointsView, PostingKind};
use crate::mechanics::ActivityId;
use crate::value::clock::Date;
use std::collections::VecDeque;

/// Points that came together and end together. Figures are steps of the unit.
#[derive(Debug, Clone, Copy)]
pub struct Lot {
    /// What brought them.
    pub source: Source,
    /// The last event that had come by then: lots ascend in it.
    event: u32,
    /// When they came: seconds.
    pub at: i64,
    /// The day they came.
    pub earned: i32,
    /// How many came.
    pub granted: i64,
    /// How many are left.
    pub left: i64,
    /// How many have expired.
    pub expired: i64,
    /// The last day they can be spent, as it stood in the turn it is of; [`NEVER`] for none.
    last_day: i32,
    /// How often sliding lots had been renewed when `last_day` was written.
    turn: u32,
    /// A life that differs from the unit's own.
    pub own_life: bool,
    /// Not spendable yet.
    pub pending: bool,
    /// The first day they can be spent; [`NEVER`] where no day is waited for.
    pub spendable_from: i32,
    /// The activity that makes them spendable.
    pub waits_for: Option<ActivityId>,
}

/// Points on their way into a purse.
#[derive(Debug, Clone, Copy)]
pub struct Coming {
    /// What brought them.
    pub source: Source,
    /// When: seconds.
    pub at: i64,
    /// The program's day.
    pub day: i32,
    /// How many.
    pub amount: i64,
    /// The last day they can be spent; [`NEVER`] for none.
    pub last_day: i32,
    /// A life that differs from the unit's own.
    pub own_life: bool,
    /// The first day they can be spent; [`NEVER`] where no day is waited for.
    pub spendable_from: i32,
    /// The activity that makes them spendable.
    pub waits_for: Option<ActivityId>,
}

/// A lot whose last day has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// What was left of it.
    pub gone: i64,
    /// The day it was earned.
    pub earned: i32,
    /// Its last day.
    pub last_day: i32,
}

/// What was taken from which lots: a stretch of the purse's own list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    from: u32,
    upto: u32,
}

impl Spent {
    /// Whether nothing was taken.
    pub fn is_empty(self) -> bool {
        self.from == self.upto
    }
}

/// Lots that hold something and can be spent, in the order of spending.
#[derive(Debug, Clone, Default)]
struct Queue {
    order: VecDeque<u32>,
    /// Whether the lots do not stand in the order they came.
    mixed: bool,
}

/// Points of one unit. Figures are steps of the unit.
#[derive(Debug, Clone, Default)]
pub struct Purse {
    lots: Vec<Lot>,
    /// Spendable lots with the unit's own life.
    common: Queue,
    /// Spendable lots with lives of their own.
    own: Queue,
    /// Lots that cannot be spent yet, in the order they came.
    waiting: Vec<u32>,
    /// The soonest last day and the soonest day of release of those; none: to be found again.
    waiting_due: Option<(i32, i32)>,
    /// How often sliding lots were renewed, and the last day that the last renewal gave them.
    turn: u32,
    renewed_to: i32,
    balance: i64,
    pending: i64,
    debt: i64,
    totals: [i64; PostingKind::ALL.len()],
    /// Which kinds were ever posted, a bit each.
    posted: u16,
    /// Whether anything ever passed here.
    known: bool,
    /// Whether events do not come in the order of their places.
    scattered: bool,
    spent: Vec<(u32, i64)>,
    scratch: Vec<u32>,
}

fn plus(to: &mut i64, amount: i64) -> Result<(), Beyond> {
    *to = to.checked_add(amount).ok_or(Beyond)?;
    Ok(())
}

impl Queue {
    fn clear(&mut self) {
        self.order.clear();
        self.mixed = false;
    }
}

/// The last day of a lot as it stands.
fn last_of(lot: &Lot, turn: u32, renewed_to: i32) -> i32 {
    if lot.turn < turn && lot.left > 0 && !lot.own_life { renewed_to } else { lot.last_day }
}

impl Purse {
    /// An empty purse, for the next member; what it has room for is kept.
    pub fn clear(&mut self) {
        self.lots.clear();
        self.common.clear();
        self.own.clear();
        self.waiting.clear();
        self.spent.clear();
        self.waiting_due = None;
        (self.turn, self.renewed_to, self.posted) = (0, NEVER, 0);
        (self.balance, self.pending, self.debt) = (0, 0, 0);
        self.totals = [0; PostingKind::ALL.len()];
        (self.known, self.scattered) = (false, false);
    }

    /// Spendable now.
    pub fn balance(&self) -> i64 {
        self.balance
    }

    /// Not spendable yet.
    pub fn pending(&self) -> i64 {
        self.pending
    }

    /// Owed.
    pub fn debt(&self) -> i64 {
        self.debt
    }

    /// Whether anything ever passed here: only then has the member this purse.
    pub fn is_known(&self) -> bool {
        self.known
    }

    /// The purse is the member's from here on, though nothing be in it.
    pub fn touch(&mut self) {
        self.known = true;
    }

    /// Adds to the totals what was posted.
    pub fn post(&mut self, kind: PostingKind, amount: i64) -> Result<(), Beyond> {
        self.known = true;
        self.posted |= 1 << kind as usize;
        plus(&mut self.totals[kind as usize], amount)
    }

    /// The total of a kind since the start, signed as postings are.
    pub fn total(&self, kind: PostingKind) -> i64 {
        self.totals[kind as usize]
    }

    /// Adds a lot, to the one of the same event and life where there is one, and pays what is owed out of
    /// what can be spent; what was paid.
    pub fn put(&mut self, coming: &Coming) -> Result<i64, Beyond> {
        self.known = true;
        if coming.amount > 0 {
            let pending = coming.spendable_from != NEVER || coming.waits_for.is_some();
            plus(if pending { &mut self.pending } else { &mut self.balance }, coming.amount)?;
            match self.alike(coming, pending) {
                // Whether one that waited, empty, for what has come by now still waits: nobody needs to know.
                Some(place) if pending && self.lots[place].left == 0 => return Err(Beyond),
                Some(place) => {
                    plus(&mut self.lots[place].granted, coming.amount)?;
                    self.give(place, coming.amount);
                }
                None => self.add(coming, pending)?,
            }
        }
        self.settle()
    }

    /// The lot of the same event and life, where one came just now.
    fn alike(&self, coming: &Coming, pending: bool) -> Option<usize> {
        let recent = self.lots.iter().enumerate().rev().take(8).take_while(|(_, lot)| lot.at == coming.at);
        let last = |lot: &Lot| last_of(lot, self.turn, self.renewed_to);
        let same = |lot: &Lot| {
            (lot.source, last(lot), lot.own_life) == (coming.source, coming.last_day, coming.own_life)
                && (lot.pending, lot.spendable_from) == (pending, coming.spendable_from)
        };
        recent.into_iter().find(|(_, lot)| same(lot)).map(|(place, _)| place)
    }

    fn add(&mut self, coming: &Coming, pending: bool) -> Result<(), Beyond> {
        let (before, at) = self.lots.last().map_or((0, i64::MIN), |lot| (lot.event, lot.at));
        if coming.at < at {
            return Err(Beyond);
        }
        let event = coming.source.event().unwrap_or(before);
        self.scattered |= event < before;
        let place = self.lots.len();
        self.lots.push(Lot {
            source: coming.source,
            event,
            at: coming.at,
            earned: coming.day,
            granted: coming.amount,
            left: 0,
            expired: 0,
            last_day: coming.last_day,
            turn: self.turn,
            own_life: coming.own_life,
            pending,
            spendable_from: coming.spendable_from,
            waits_for: coming.waits_for,
        });
        u32::try_from(place).map_err(|_| Beyond)?;
        self.give(place, coming.amount);
        Ok(())
    }

    /// Puts points into a lot; one that was empty stands in its queue again.
    fn give(&mut self, place: usize, amount: i64) {
        let lot = &mut self.lots[place];
        let empty = lot.left == 0;
        if empty {
            // What renewed the others while it held nothing did not renew it.
            lot.turn = self.turn;
        }
        lot.left += amount;
        if empty && lot.pending {
            let due = (lot.last_day, lot.spendable_from);
            self.waiting_due = if self.waiting.is_empty() {
                Some(due)
            } else {
                self.waiting_due.map(|(ends, release)| (ends.min(due.0), release.min(due.1)))
            };
            let at = self.waiting.partition_point(|other| (*other as usize) < place);
            self.waiting.insert(at, place as u32);
        } else if empty {
            self.queue(place);
        }
    }

    fn key(&self, place: u32) -> (i32, u32) {
        (last_of(&self.lots[place as usize], self.turn, self.renewed_to), place)
    }

    /// Puts a lot where it stands among those that can be spent.
    fn queue(&mut self, place: usize) {
        let place = place as u32;
        let (lots, turn, renewed_to) = (&self.lots, self.turn, self.renewed_to);
        let key = |place: u32| (last_of(&lots[place as usize], turn, renewed_to), place);
        let queue = if lots[place as usize].own_life { &mut self.own } else { &mut self.common };
        let wanted = key(place);
        match queue.order.back() {
            Some(back) if key(*back) > wanted => {
                let at = queue.order.partition_point(|other| key(*other) < wanted);
                queue.mixed |= at > 0 && queue.order[at - 1] > place || queue.order[at] < place;
                queue.order.insert(at, place);
            }
            Some(back) => {
                queue.mixed |= *back > place;
                queue.order.push_back(place);
            }
            None => {
                queue.mixed = false;
                queue.order.push_back(place);
            }
        }
    }

    /// The lot that is spent next.
    fn front(&self) -> Option<(u32, bool)> {
        match (self.common.order.front(), self.own.order.front()) {
            (Some(common), Some(own)) if self.key(*own) < self.key(*common) => Some((*own, true)),
            (Some(common), _) => Some((*common, false)),
            (None, Some(own)) => Some((*own, true)),
            (None, None) => None,
        }
    }

    /// Takes up to `amount` from what can be spent, soonest to end first; what was taken, each part told.
    fn draw(&mut self, amount: i64, mut tell: impl FnMut(u32, i64)) -> i64 {
        let mut rest = amount;
        while rest > 0 {
            let Some((place, own)) = self.front() else { break };
            let part = rest.min(self.lots[place as usize].left);
            self.lessen(place as usize, part);
            if self.lots[place as usize].left == 0 {
                if own { &mut self.own } else { &mut self.common }.order.pop_front();
            }
            rest -= part;
            tell(place, part);
        }
        amount - rest
    }

    /// Takes from a lot that holds as much; who empties one takes it out of its queue.
    fn lessen(&mut self, place: usize, part: i64) {
        let (turn, last) = (self.turn, self.key(place as u32).0);
        let lot = &mut self.lots[place];
        lot.left -= part;
        if lot.left == 0 {
            // An empty lot is not renewed: its last day stays as it is now.
            (lot.last_day, lot.turn) = (last, turn);
        }
        *(if lot.pending { &mut self.pending } else { &mut self.balance }) -= part;
    }

    /// Pays what is owed out of what can be spent (section 6.11); what was paid.
    pub fn settle(&mut self) -> Result<i64, Beyond> {
        if self.debt == 0 || self.balance == 0 {
            return Ok(0);
        }
        let paid = self.draw(self.debt, |_, _| {});
        self.debt -= paid;
        Ok(paid)
    }

    /// Takes points that can be spent, soonest to end first; the caller has seen that there are enough.
    pub fn debit(&mut self, amount: i64) {
        self.known = true;
        self.draw(amount, |_, _| {});
    }

    /// The same, and remembers from which lots, for [`Purse::restore`].
    pub fn spend(&mut self, amount: i64) -> Result<Spent, Beyond> {
        self.known = true;
        let mut spent = std::mem::take(&mut self.spent);
        let from = u32::try_from(spent.len()).map_err(|_| Beyond)?;
        self.draw(amount, |place, part| spent.push((place, part)));
        self.spent = spent;
        let upto = u32::try_from(self.spent.len()).map_err(|_| Beyond)?;
        Ok(Spent { from, upto })
    }

    /// Puts back what was spent, into the same lots with their own last days (section 6.8): how much, and what
    /// of it paid a debt.
    pub fn restore(&mut self, spent: Spent) -> Result<(i64, i64), Beyond> {
        let mut sum = 0;
        for at in spent.from..spent.upto {
            let (place, part) = self.spent[at as usize];
            plus(&mut self.balance, part)?;
            plus(&mut sum, part)?;
            self.give(place as usize, part);
        }
        Ok((sum, self.settle()?))
    }

    /// A clawback: the event's own lots, then the soonest to end, then debt up to `owe`; the rest is written off.
    pub fn claw(&mut self, source: Source, own_life: bool, amount: i64, owe: i64) -> Result<Taken, Beyond> {
        self.known = true;
        let mut rest = amount;
        if rest > 0 {
            let mut own = std::mem::take(&mut self.scratch);
            own.clear();
            own.extend(self.places_of(source, own_life).filter(|place| self.lots[*place as usize].left > 0));
            own.sort_unstable_by_key(|place| self.key(*place));
            for place in &own {
                let part = rest.min(self.lots[*place as usize].left);
                if part > 0 {
                    self.take(*place as usize, part);
                    rest -= part;
                }
            }
            self.scratch = own;
        }
        let from_own = amount - rest;
        let others = self.draw(rest, |_, _| {});
        rest -= others;
        let room = owe.checked_sub(self.debt).ok_or(Beyond)?;
        let debt = room.min(rest).max(0);
        plus(&mut self.debt, debt)?;
        Ok(Taken { own: from_own, others, debt, written_off: rest - debt })
    }

    /// What of an event's lots has expired.
    pub fn expired_of(&self, source: Source, own_life: bool) -> i64 {
        self.places_of(source, own_life).map(|place| self.lots[place as usize].expired).sum()
    }

    /// The lots that an event (or a timer) brought, in the order they came.
    fn places_of(&self, source: Source, own_life: bool) -> impl Iterator<Item = u32> + '_ {
        let stretch = match source.event().filter(|_| !self.scattered) {
            Some(event) => {
                let from = self.lots.partition_point(|lot| lot.event < event);
                let upto = from + self.lots[from..].iter().take_while(|lot| lot.event == event).count();
                from..upto
            }
            None => 0..self.lots.len(),
        };
        let own = move |place: &usize| self.lots[*place].source == source && self.lots[*place].own_life == own_life;
        stretch.filter(own).map(|place| place as u32)
    }

    /// Takes from any lot, which leaves its queue where nothing is left.
    fn take(&mut self, place: usize, part: i64) {
        if self.lots[place].left == part {
            let wanted = self.key(place as u32);
            if self.lots[place].pending {
                self.waiting.retain(|other| *other != wanted.1);
                self.waiting_due = None;
            } else {
                let queue = if self.lots[place].own_life { &self.own } else { &self.common };
                let at = queue.order.partition_point(|other| self.key(*other) < wanted);
                let queue = if self.lots[place].own_life { &mut self.own } else { &mut self.common };
                queue.order.remove(at);
            }
        }
        self.lessen(place, part);
    }

    /// A renewing act: every lot with the unit's own life that holds something ends on this day from now on.
    pub fn renew(&mut self, last_day: i32) {
        self.turn += 1;
        self.renewed_to = last_day;
        if self.common.mixed {
            self.common.order.make_contiguous().sort_unstable();
            self.common.mixed = false;
        }
        self.waiting_due = None;
    }

    /// Points whose last day has passed end here, in the order they came; each is told, and is in the totals.
    pub fn expire(&mut self, day: i32, mut tell: impl FnMut(Ended)) -> Result<(), Beyond> {
        if self.ends() >= day {
            return Ok(());
        }
        let mut ended = std::mem::take(&mut self.scratch);
        ended.clear();
        while let Some(place) = self.common.order.front().copied().filter(|place| self.key(*place).0 < day) {
            self.common.order.pop_front();
            ended.push(place);
        }
        while let Some(place) = self.own.order.front().copied().filter(|place| self.key(*place).0 < day) {
            self.own.order.pop_front();
            ended.push(place);
        }
        if self.waiting_ends().0 < day {
            let mut waiting = std::mem::take(&mut self.waiting);
            let over = |place: &u32| self.key(*place).0 < day;
            ended.extend(waiting.iter().copied().filter(over));
            waiting.retain(|place| !over(place));
            self.waiting = waiting;
            self.waiting_due = None;
        }
        ended.sort_unstable();
        for place in &ended {
            let (gone, last_day) = (self.lots[*place as usize].left, self.key(*place).0);
            self.lessen(*place as usize, gone);
            let lot = &mut self.lots[*place as usize];
            lot.expired += gone;
            let earned = lot.earned;
            tell(Ended { gone, earned, last_day });
            self.post(PostingKind::Expired, -gone)?;
        }
        self.scratch = ended;
        Ok(())
    }

    /// Points that have waited long enough can be spent from here on, and pay what is owed; what was paid.
    pub fn release(&mut self, day: i32) -> Result<i64, Beyond> {
        if self.waiting_ends().1 > day {
            return Ok(0);
        }
        self.release_those(|lot| lot.spendable_from <= day)
    }

    /// Points that waited for an activity can be spent from here on, and pay what is owed; what was paid.
    pub fn release_by(&mut self, activity: ActivityId) -> Result<i64, Beyond> {
        self.release_those(|lot| lot.waits_for == Some(activity))
    }

    fn release_those(&mut self, ready: impl Fn(&Lot) -> bool) -> Result<i64, Beyond> {
        let mut waiting = std::mem::take(&mut self.waiting);
        let mut kept = 0;
        for at in 0..waiting.len() {
            let place = waiting[at];
            if ready(&self.lots[place as usize]) {
                self.lots[place as usize].pending = false;
                let left = self.lots[place as usize].left;
                self.pending -= left;
                plus(&mut self.balance, left)?;
                self.queue(place as usize);
            } else {
                waiting[kept] = place;
                kept += 1;
            }
        }
        waiting.truncate(kept);
        self.waiting = waiting;
        self.waiting_due = None;
        self.settle()
    }

    /// Ends an account: what remains is forfeited, what is owed is written off. How much of each.
    pub fn forfeit(&mut self) -> (i64, i64) {
        let gone = self.balance + self.pending;
        for place in self.common.order.iter().chain(&self.own.order).chain(&self.waiting) {
            let lot = &mut self.lots[*place as usize];
            (lot.last_day, lot.turn) = (last_of(lot, self.turn, self.renewed_to), self.turn);
            lot.expired += lot.left;
            lot.left = 0;
        }
        self.common.clear();
        self.own.clear();
        self.waiting.clear();
        self.waiting_due = None;
        (self.balance, self.pending) = (0, 0);
        (gone, std::mem::take(&mut self.debt))
    }

    /// The soonest last day and the soonest day of release of what waits.
    fn waiting_ends(&self) -> (i32, i32) {
        if self.waiting.is_empty() {
            return (NEVER, NEVER);
        }
        self.waiting_due.unwrap_or_else(|| {
            let due = |place: &u32| (self.key(*place).0, self.lots[*place as usize].spendable_from);
            self.waiting.iter().map(due).fold((NEVER, NEVER), |(a, b), (ends, from)| (a.min(ends), b.min(from)))
        })
    }

    /// The soonest last day of all that is left.
    fn ends(&self) -> i32 {
        let front = |queue: &Queue| queue.order.front().map_or(NEVER, |place| self.key(*place).0);
        front(&self.common).min(front(&self.own)).min(self.waiting_ends().0)
    }

    /// The next day on which something happens by itself; [`NEVER`] for none.
    pub fn next_due(&mut self) -> i32 {
        let (ends, release) = self.waiting_ends();
        self.waiting_due = Some((ends, release));
        next(self.ends()).min(release)
    }

    /// The purse as it stands. `name` gives the name of what brought a lot.
    pub fn view(&self, decimals: u32, name: impl Fn(Source) -> String) -> PointsView {
        let figure = |steps: i64| exact(steps, decimals);
        let mut places: Vec<u32> =
            self.common.order.iter().chain(&self.own.order).chain(&self.waiting).copied().collect();
        places.sort_unstable_by_key(|place| self.key(*place));
        let lots = places.into_iter().map(|place| {
            let lot = &self.lots[place as usize];
            LotView {
                source: name(lot.source),
                earned: date(lot.earned).unwrap_or(Date::MAX),
                granted: figure(lot.granted),
                left: figure(lot.left),
                spendable_from: date(lot.spendable_from).filter(|_| lot.pending),
                pending: lot.pending,
                last_day: date(self.key(place).0),
            }
        });
        let totals = PostingKind::ALL.iter().filter(|kind| self.posted & (1 << **kind as usize) != 0);
        PointsView {
            balance: figure(self.balance),
            pending: figure(self.pending),
            debt: figure(self.debt),
            totals: totals.map(|kind| (*kind, figure(self.total(*kind) * sign(*kind)))).collect(),
            lots: lots.collect(),
        }
    }
}

/// A total is shown as a positive figure: what leaves a balance is posted negative.
fn sign(kind: PostingKind) -> i64 {
    match kind {
        PostingKind::Spent | PostingKind::Expired | PostingKind::Clawed | PostingKind::Sent => -1,
        PostingKind::Earned
        | PostingKind::WrittenOff
        | PostingKind::Bought
        | PostingKind::Received
        | PostingKind::Adjusted => 1,
    }
}

#[cfg(test)]
mod tests;
