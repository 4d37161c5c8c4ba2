//! Returns: which lines, how much of them, and the purchase valued again (section 6.11).
//!
//! A purchase that a return names later is kept with all that its rules saw of the state, so that it can be
//! valued again from the same figures and fewer lines.

use super::Beyond;
use super::machine::{Machine, brought};
use super::purses::Credit;
use super::record::{Here, More, Record, Source};
use super::scene::{LineNow, Scene};
use super::state::{State, line_of};
use super::value::{Accrual, Fired};
use crate::engine::outcome::{PostingKind, Reason};
use crate::engine::pile::{NONE, Pile};
use crate::engine::plan::{Scope, Thing, on};
use crate::ledger::Kind;
use crate::mechanics::PointsId;

/// A purchase that a return names.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept {
    /// Which of her events.
    nth: u32,
    place: usize,
    at: i64,
    day: i32,
    /// What it fired.
    on: u8,
    /// Its lines, with what is left of them.
    lines: Vec<LineNow>,
    /// The figures of the state that it was valued under.
    reads: Vec<i64>,
    /// Its place on each tape.
    entries: Vec<u32>,
    /// What it adds to each tape.
    adds: Vec<i64>,
    /// What it is worth now.
    accruals: Vec<Accrual>,
    /// What each rule posts of a unit and life.
    posted: Vec<Posted>,
    /// What rules give beside points.
    things: Vec<(u32, Thing)>,
    /// What each unit and life was given and lost: (unit, life, given, clawed).
    accounts: Vec<(u32, u32, i64, i64)>,
    /// Returned whole.
    gone: bool,
}

/// What a rule posts of a unit and life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Posted {
    unit: u32,
    life: u32,
    rule: u32,
    amount: i64,
}

/// Why a return is not taken, and the sentence that says it.
enum Refused {
    Over(String),
    Beyond,
}

impl From<Beyond> for Refused {
    fn from(_: Beyond) -> Self {
        Refused::Beyond
    }
}

fn over(sentence: impl Into<String>) -> Refused {
    Refused::Over(sentence.into())
}

impl State {
    /// Finds out which of her events returns name.
    pub fn name(&mut self, pile: &Pile, events: &[u32]) {
        self.named.clear();
        let returns = || events.iter().filter(|place| pile.kind[**place as usize] == Kind::Return);
        if returns().next().is_none() {
            return;
        }
        let mut names: Vec<&str> = returns().map(|place| pile.reference.get(*place as usize)).collect();
        names.sort_unstable();
        let is_named = |place: &u32| names.binary_search(&pile.id.get(*place as usize)).is_ok();
        self.named.extend(events.iter().map(is_named));
    }
}

impl Machine<'_> {
    /// Keeps the purchase at hand, which a return names, and adds what it brought to the sums.
    pub(super) fn keep(&mut self, pile: &Pile, place: usize, nth: usize, fired: Fired) -> Result<(), Beyond> {
        let state = &mut self.state;
        let here = state.here;
        let mut entries = Vec::new();
        for (tape, add) in state.tapes.iter_mut().zip(&self.valuation.adds) {
            // A return may give what it has not given now: it has a place in any case.
            entries.push(tape.push(here.day, here.at, *add)?);
        }
        let accruals = self.valuation.accruals.clone();
        state.kept.push(Kept {
            nth: u32::try_from(nth).map_err(|_| Beyond)?,
            place,
            at: here.at,
            day: here.day,
            on: fired.on,
            lines: pile.lines(place).map(|line| line_of(pile, line, true)).collect(),
            reads: state.reads.clone(),
            entries,
            adds: self.valuation.adds.clone(),
            accounts: accruals.iter().map(|one| (one.unit, one.life, one.amount, 0)).collect(),
            posted: posted(&self.valuation),
            things: self.valuation.things.clone(),
            accruals,
            gone: false,
        });
        Ok(())
    }

    /// A `return` event: all or nothing.
    pub(super) fn returns(
        &mut self,
        pile: &Pile,
        place: usize,
        events: &[u32],
        record: &mut impl Record,
    ) -> Result<(), Beyond> {
        let named = pile.reference.get(place);
        let at = self.state.kept.iter().position(|kept| pile.id.get(kept.place) == named);
        let here = self.state.here;
        let Some(at) = at else {
            if self.undo_named(pile, events, named, record)? {
                return Ok(());
            }
            // A redemption may be meant, or somebody else's purchase where the return shows no card.
            let other = events
                .iter()
                .any(|one| pile.id.get(*one as usize) == named && pile.kind[*one as usize] != Kind::Purchase);
            if other || pile.member.get(place).is_empty() {
                return Err(Beyond);
            }
            let sentence = || format!("no purchase {named:?} was taken in before this");
            record.rejected(&here, Reason::UnknownPurchase, sentence);
            return Ok(());
        };
        match left(&self.state.kept[at].lines, pile, place) {
            Ok(lines) => self.take_back(pile, at, lines, record),
            Err(Refused::Over(sentence)) => {
                record.rejected(&here, Reason::OverReturned, || sentence);
                Ok(())
            }
            Err(Refused::Beyond) => Err(Beyond),
        }
    }

    /// Takes lines of a purchase back and posts what that changes.
    fn take_back(
        &mut self,
        pile: &Pile,
        at: usize,
        left: Vec<LineNow>,
        record: &mut impl Record,
    ) -> Result<(), Beyond> {
        let here = self.state.here;
        let before = record.entries();
        let mut kept = std::mem::take(&mut self.state.kept[at]);
        for (old, new) in kept.lines.iter().zip(&left) {
            let back = old.amount.checked_sub(new.amount).ok_or(Beyond)?;
            self.state.sales = self.state.sales.checked_sub(back).ok_or(Beyond)?;
        }
        kept.lines = left;
        let whole = kept.lines.iter().all(LineNow::is_gone);
        if whole && !kept.gone {
            self.state.purchases -= 1;
            self.state.bought.retain(|(nth, _)| *nth != kept.nth);
            kept.gone = true;
        }
        self.revalue(pile, &mut kept, record)?;
        self.unstamp_event(pile, (kept.nth, kept.place, kept.at, kept.day), &kept.lines, record)?;
        self.state.kept[at] = kept;
        self.let_levels_fall(record)?;
        if record.entries() == before {
            record.nothing(&here, || "the return changes nothing of what the purchase gave".to_owned());
        }
        Ok(())
    }

    /// Values a purchase again with what is left of it and posts the difference.
    fn revalue(&mut self, pile: &Pile, kept: &mut Kept, record: &mut impl Record) -> Result<(), Beyond> {
        let (plan, state) = (self.plan, &mut self.state);
        state.lines.clear();
        state.lines.extend(kept.lines.iter().filter(|line| !line.is_gone()));
        let fires = if kept.gone { kept.on & !on::PURCHASE } else { kept.on };
        let scene = Scene {
            plan,
            pile,
            event: Some(kept.place),
            lines: &state.lines,
            reads: &kept.reads,
            facts: &state.facts,
            day: kept.day,
            at: kept.at,
            timed: pile.timed[kept.place],
        };
        self.valuation.value(&scene, &plan.on_events, Fired { on: fires, trigger: None })?;
        for (slot, add) in plan.slots.iter().zip(&mut self.valuation.adds) {
            if let Some(more) = brought(&slot.sum, !kept.gone, &scene)?.filter(|_| !kept.gone) {
                *add = add.checked_add(more).ok_or(Beyond)?;
            }
        }
        let before = std::mem::take(&mut kept.accruals);
        let after = self.valuation.accruals.clone();
        let adds = self.valuation.adds.clone();
        let now = posted(&self.valuation);
        let things = self.valuation.things.clone();
        let short = self.post_difference(kept, &before, &after, record)?;
        self.contribute(kept, adds, &now, short)?;
        self.revoke_gifts(kept.nth, &kept.things, &things, record);
        self.unstamp_given((kept.nth, kept.at, kept.day), &kept.things, &things, record)?;
        (kept.accruals, kept.posted, kept.things) = (after, now, things);
        Ok(())
    }

    /// Posts the difference of each unit and life; what of it could not be asked for, because it had expired.
    fn post_difference(
        &mut self,
        kept: &mut Kept,
        before: &[Accrual],
        after: &[Accrual],
        record: &mut impl Record,
    ) -> Result<Vec<(u32, u32, i64)>, Beyond> {
        let mut keys: Vec<(u32, u32)> = before.iter().chain(after).map(|one| (one.unit, one.life)).collect();
        keys.sort_unstable();
        keys.dedup();
        let amount = |all: &[Accrual], key| {
            let one = all.iter().find(|one| (one.unit, one.life) == key);
            one.map_or(0, |one| one.amount)
        };
        let mut short = Vec::new();
        for key in keys {
            let (had, has) = (amount(before, key), amount(after, key));
            if self.plan.units[key.0 as usize].scope == Scope::Month {
                return Err(Beyond);
            }
            if has < had {
                let missed = self.claw(kept, key, had - has, record)?;
                short.push((key.0, key.1, missed));
            } else if had < has {
                self.give_more(kept, key, has - had, record)?;
            }
        }
        Ok(short)
    }

    /// Claws back what a purchase gave too much of one unit and life; what could not be asked for.
    fn claw(
        &mut self,
        kept: &mut Kept,
        (unit, life): (u32, u32),
        over: i64,
        record: &mut impl Record,
    ) -> Result<i64, Beyond> {
        let Self { units, state, .. } = self;
        let at = state.purses.of(PointsId(unit as usize));
        let source = Source::Event(kept.nth);
        let expired = state.purses.expired_of(at, source, life > 0);
        let account = account(&mut kept.accounts, unit, life);
        // All clawbacks of a purchase together take at most what it gave less what expired of it.
        let most = account.0.checked_sub(*account.1).and_then(|most| most.checked_sub(expired)).ok_or(Beyond)?;
        let amount = over.min(most.max(0));
        let what = (source, life > 0, amount);
        state.purses.claw(at, units, &state.here, what, record, More::default)?;
        *account.1 = account.1.checked_add(amount).ok_or(Beyond)?;
        Ok(over - amount)
    }

    /// What is left is worth more than before, which a stack or a negative line can bring about.
    fn give_more(
        &mut self,
        kept: &mut Kept,
        (unit, life): (u32, u32),
        amount: i64,
        record: &mut impl Record,
    ) -> Result<(), Beyond> {
        let Self { units, lives, state, .. } = self;
        let at = state.purses.of(PointsId(unit as usize));
        let own = life.checked_sub(1).map(|life| lives[life as usize]);
        let credit = Credit { kind: PostingKind::Earned, amount, life: own, cut: false };
        let here: Here = state.here;
        state.purses.credit(at, units, &here, credit, record, More::default)?;
        let account = account(&mut kept.accounts, unit, life);
        *account.0 = account.0.checked_add(amount).ok_or(Beyond)?;
        Ok(())
    }

    /// Changes what the purchase added to the sums; what a return could not take stays used up, first of the
    /// last rules.
    fn contribute(
        &mut self,
        kept: &mut Kept,
        adds: Vec<i64>,
        now: &[Posted],
        mut short: Vec<(u32, u32, i64)>,
    ) -> Result<(), Beyond> {
        let mut changes: Vec<i64> = Vec::new();
        for (new, old) in adds.iter().zip(&kept.adds) {
            changes.push(new.checked_sub(*old).ok_or(Beyond)?);
        }
        short.retain(|one| one.2 > 0);
        if !short.is_empty() {
            let mut rules: Vec<(u32, u32, u32)> =
                kept.posted.iter().chain(now).map(|one| (one.rule, one.unit, one.life)).collect();
            rules.sort_unstable();
            rules.dedup();
            for (rule, unit, life) in rules.into_iter().rev() {
                let amount = |all: &[Posted]| {
                    let one = all.iter().find(|one| (one.rule, one.unit, one.life) == (rule, unit, life));
                    one.map_or(0, |one| one.amount)
                };
                let change = amount(now) - amount(&kept.posted);
                let Some(short) = short.iter_mut().find(|one| (one.0, one.1) == (unit, life)) else { continue };
                if change >= 0 {
                    continue;
                }
                let stays = short.2.min(-change);
                short.2 -= stays;
                let slots = slots_of(self.plan, rule, unit, life);
                for slot in slots {
                    changes[*slot] = changes[*slot].checked_add(stays).ok_or(Beyond)?;
                }
            }
        }
        for ((tape, entry), change) in self.state.tapes.iter_mut().zip(&kept.entries).zip(changes) {
            if change != 0 {
                tape.change(*entry, change)?;
            }
        }
        kept.adds = adds;
        Ok(())
    }
}

/// The slots that sum what a rule posts of a unit and life.
fn slots_of<'p>(plan: &'p crate::engine::plan::Plan<'_>, rule: u32, unit: u32, life: u32) -> &'p [usize] {
    let same = |give: &&crate::engine::plan::GivePlan| {
        give.unit == unit as usize && give.life.map_or(0, |life| life as u32 + 1) == life
    };
    plan.rules[rule as usize].gives.iter().find(same).map_or(&[], |give| &give.posted_slots)
}

/// What was given and lost of a unit and life.
fn account(accounts: &mut Vec<(u32, u32, i64, i64)>, unit: u32, life: u32) -> (&mut i64, &mut i64) {
    let place = accounts.iter().position(|one| (one.0, one.1) == (unit, life)).unwrap_or_else(|| {
        accounts.push((unit, life, 0, 0));
        accounts.len() - 1
    });
    let account = &mut accounts[place];
    (&mut account.2, &mut account.3)
}

fn posted(valuation: &super::value::Valuation) -> Vec<Posted> {
    let of = |one: &Accrual| {
        let (unit, life) = (one.unit, one.life);
        let each = valuation.posted(unit, life).into_iter();
        each.map(move |(rule, amount)| Posted { unit, life, rule, amount })
    };
    valuation.accruals.iter().flat_map(of).collect()
}

/// What is left of a purchase's lines after a return: each of its rows names lines by `line`, else by `sku`
/// and `qty`, else by amount; an empty amount means all that is left.
fn left(lines: &[LineNow], pile: &Pile, event: usize) -> Result<Vec<LineNow>, Refused> {
    let mut left = lines.to_vec();
    for row in pile.lines(event) {
        let name = |names: &crate::source::texts::Texts, line: usize| {
            if names.is_empty() { String::new() } else { names.get(line).to_owned() }
        };
        let (number, sku) = (name(&pile.number, row), name(&pile.sku, row));
        let places = |names: &crate::source::texts::Texts, wanted: &str| -> Vec<usize> {
            (0..lines.len()).filter(|at| names.get(lines[*at].place as usize) == wanted).collect()
        };
        let tax = pile.tax.get(row).copied().filter(|tax| *tax != NONE).map(i64::abs);
        let back = Row {
            amount: Some(pile.amount[row]).filter(|amount| *amount != NONE).map(i64::abs),
            quantity: Some(pile.quantity[row]).filter(|quantity| *quantity != NONE && *quantity != 0).map(i64::abs),
            tax,
        };
        if !number.is_empty() {
            take_named(&mut left, &places(&pile.number, &number), &back)?;
        } else if !sku.is_empty() {
            take_named(&mut left, &places(&pile.sku, &sku), &back)?;
        } else {
            take_amount(&mut left, &back)?;
        }
    }
    // With its money and its last line gone, a purchase is returned whole, free items too.
    if left.iter().all(|line| line.amount == 0) && lines.iter().any(|line| line.amount != 0) {
        left.iter_mut().for_each(clear);
    }
    Ok(left)
}

/// A row of a return; figures are positive.
struct Row {
    amount: Option<i64>,
    quantity: Option<i64>,
    tax: Option<i64>,
}

fn clear(line: &mut LineNow) {
    *line = LineNow { place: line.place, amount: 0, regular: 0, tax: 0, quantity: 0 };
}

fn sum(figures: impl Iterator<Item = i64>) -> Result<i64, Beyond> {
    let mut all = 0_i64;
    for figure in figures {
        all = all.checked_add(figure).ok_or(Beyond)?;
    }
    Ok(all)
}

/// `figure × numer / denom` where that is whole.
fn share(figure: i64, numer: i64, denom: i64) -> Result<i64, Beyond> {
    let product = i128::from(figure) * i128::from(numer);
    let denom = i128::from(denom);
    if product % denom != 0 {
        return Err(Beyond);
    }
    i64::try_from(product / denom).map_err(|_| Beyond)
}

/// By line or sku: so many of them, or so much money of them, or all that is left of them.
fn take_named(left: &mut [LineNow], places: &[usize], row: &Row) -> Result<(), Refused> {
    let open: Vec<usize> = places.iter().copied().filter(|at| !left[*at].is_gone()).collect();
    if open.is_empty() {
        return Err(over("nothing is left of what it names"));
    }
    match (row.amount, row.quantity) {
        (Some(amount), quantity) => {
            if amount > sum(open.iter().map(|at| left[*at].amount))? {
                return Err(over("more money than is left"));
            }
            let (mut rest, mut items, mut tax) = (amount, quantity.unwrap_or(0), row.tax);
            for at in open {
                let part = rest.min(left[at].amount);
                let pieces = items.min(left[at].quantity);
                rest -= part;
                items -= pieces;
                take(&mut left[at], part, pieces, tax.take())?;
            }
        }
        (None, Some(quantity)) => {
            if quantity > sum(open.iter().map(|at| left[*at].quantity))? {
                return Err(over("more items than are left"));
            }
            let mut items = quantity;
            for at in open {
                let pieces = items.min(left[at].quantity);
                items -= pieces;
                let all = left[at].quantity;
                let part = if all == 0 { 0 } else { share(left[at].amount, pieces, all)? };
                take(&mut left[at], part, pieces, None)?;
            }
        }
        (None, None) => open.into_iter().for_each(|at| clear(&mut left[at])),
    }
    Ok(())
}

/// By amount alone: all lines shrink in proportion; without one, all that is left comes back.
fn take_amount(left: &mut [LineNow], row: &Row) -> Result<(), Refused> {
    let money = sum(left.iter().map(|line| line.amount))?;
    let all_gone = left.iter().all(LineNow::is_gone);
    let Some(amount) = row.amount else {
        if all_gone {
            return Err(over("nothing is left of it"));
        }
        left.iter_mut().for_each(clear);
        return Ok(());
    };
    if amount > money {
        return Err(over("more money than is left"));
    }
    if money == 0 {
        return if all_gone { Err(over("nothing is left of it")) } else { Ok(()) };
    }
    let taxes = sum(left.iter().map(|line| line.tax))?;
    for line in left.iter_mut() {
        let part = share(line.amount, amount, money)?;
        let tax = match row.tax {
            None => None,
            Some(_) if taxes == 0 => Some(0),
            Some(tax) => Some(share(tax, line.tax, taxes)?),
        };
        take(line, part, 0, tax)?;
    }
    Ok(())
}

/// Takes money and items off one line, its other figures in proportion. A line that still has money still
/// has an item: a refund of part of the price leaves it.
fn take(line: &mut LineNow, amount: i64, quantity: i64, tax: Option<i64>) -> Result<(), Beyond> {
    // What is kept of the other figures, as a fraction.
    let (keep, of) = match (line.amount, line.quantity) {
        (0, 0) => (1, 1),
        (0, all) => (all.checked_sub(quantity).ok_or(Beyond)?, all),
        (all, _) => (all.checked_sub(amount).ok_or(Beyond)?, all),
    };
    line.regular = if line.regular == line.amount { line.amount - amount } else { share(line.regular, keep, of)? };
    line.tax = match tax {
        Some(tax) => line.tax.checked_sub(tax).ok_or(Beyond)?.max(0),
        None => share(line.tax, keep, of)?,
    };
    let had_money = line.amount != 0;
    line.amount -= amount;
    let items = line.quantity.checked_sub(quantity).ok_or(Beyond)?;
    if had_money && line.amount == 0 {
        clear(line);
    } else if items > 0 || !had_money {
        line.quantity = items;
    }
    Ok(())
}
