//! Returns: which lines, how much of them, and the purchase valued again (section 6.11).
//!
//! A purchase that a return names later is kept with all that its rules saw of the state, so that it can be
//! valued again from the same figures and fewer lines.

use super::Beyond;
use super::left::{Left, Refused, Row};
use super::machine::{Act, Machine, brought};
use super::purses::Credit;
use super::record::{Here, Record, Source};
use super::scene::{Facts, LineNow, Scene};
use super::state::{State, line_of};
use super::till::{add_off, money_off};
use super::value::{Accrual, Draws, Fired};
use crate::engine::outcome::{MoneyOff, PostingKind, Reason};
use crate::engine::pile::{NONE, Pile};
use crate::engine::plan::{Plan, Scope, Thing, on};
use crate::ledger::Kind;
use crate::mechanics::PointsId;
use crate::value::exact::Exact;

/// A purchase that a return names.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept {
    /// Which of her events.
    pub(super) nth: u32,
    pub(super) place: usize,
    pub(super) at: i64,
    pub(super) day: i32,
    /// What it fired.
    on: u8,
    /// Its visit: its place among hers, where anything looks at them.
    pub(super) visit: usize,
    /// Whether it counts in each sum of visits.
    pub(super) counted: Vec<bool>,
    /// What is left of its lines.
    pub(super) left: Left,
    /// The figures of the state that it was valued under.
    pub(super) reads: Vec<i64>,
    /// Its place on each tape.
    entries: Vec<u32>,
    /// What it adds to each tape.
    adds: Vec<i64>,
    /// What is taken off it now.
    off: Vec<MoneyOff>,
    /// What it is worth now.
    accruals: Vec<Accrual>,
    /// What each rule posts of a unit and life.
    posted: Vec<Posted>,
    /// What rules give beside points.
    things: Vec<(u32, Thing)>,
    /// What rules ask of budgets.
    drawn: Vec<((usize, Draws), i64)>,
    /// What each unit and life was given and lost: (unit, life, given, clawed).
    accounts: Vec<(u32, u32, i64, i64)>,
    /// Returned whole.
    pub(super) gone: bool,
}

/// What a rule posts of a unit and life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Posted {
    unit: u32,
    life: u32,
    rule: u32,
    amount: i64,
}

impl Kept {
    /// What stands in the place of a purchase while it is valued again: it is none of her events.
    fn away() -> Self {
        Self { nth: u32::MAX, ..Self::default() }
    }

    /// The purchase with these of its lines, under the figures that it was valued under.
    pub fn scene<'s>(
        &'s self,
        (plan, pile): (&'s Plan<'s>, &'s Pile),
        lines: &'s [LineNow],
        facts: &'s Facts,
    ) -> Scene<'s> {
        Scene {
            plan,
            pile,
            event: Some(self.place),
            lines,
            over: self.left.over,
            reads: &self.reads,
            facts,
            day: self.day,
            at: self.at,
            timed: pile.timed[self.place],
        }
    }
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
            visit: 0,
            counted: Vec::new(),
            left: Left::all(pile.lines(place).map(|line| line_of(pile, line, true)).collect()),
            reads: state.reads.clone(),
            entries,
            adds: self.valuation.adds.clone(),
            off: state.off.clone(),
            accounts: accruals.iter().map(|one| (one.unit, one.life, one.amount, 0)).collect(),
            posted: posted(&self.valuation),
            things: self.valuation.things.clone(),
            drawn: self.valuation.drawn.clone(),
            accruals,
            gone: false,
        });
        Ok(())
    }

    /// What follows from a purchase that a return names is a part of what it gave.
    pub(super) fn count_followed(&mut self) -> Result<(), Beyond> {
        let Some(place) = self.state.event else { return Ok(()) };
        let Some(kept) = self.state.kept.iter_mut().rev().find(|kept| kept.place == place) else { return Ok(()) };
        for accrual in &self.valuation.accruals {
            let (given, _) = account(&mut kept.accounts, accrual.unit, accrual.life);
            *given = given.checked_add(accrual.amount).ok_or(Beyond)?;
        }
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
        match left(&self.state.kept[at].left, pile, place) {
            Ok(left) => self.take_back(pile, at, left, record),
            Err(Refused::Over(sentence)) => {
                record.rejected(&here, Reason::OverReturned, || sentence);
                Ok(())
            }
            Err(Refused::Beyond) => Err(Beyond),
        }
    }

    /// Takes lines of a purchase back and posts what that changes.
    fn take_back(&mut self, pile: &Pile, at: usize, left: Left, record: &mut impl Record) -> Result<(), Beyond> {
        let here = self.state.here;
        let before = record.entries();
        let mut kept = std::mem::replace(&mut self.state.kept[at], Kept::away());
        let (back, over) = kept.left.more_than(&left)?;
        let whole = i64::try_from(back / over).map_err(|_| Beyond)?;
        self.state.sales = self.state.sales.checked_sub(whole).ok_or(Beyond)?;
        if back % over != 0 {
            self.state.back_parts +=
                &(Exact::from_scaled(back % over, 0).checked_div(&Exact::from_scaled(over, 0)).ok_or(Beyond)?);
        }
        kept.left = left;
        let whole = kept.left.is_gone();
        let now_gone = whole && !kept.gone;
        if now_gone {
            self.state.purchases -= 1;
            self.state.bought.retain(|(nth, _)| *nth != kept.nth);
            self.state.timers.disarmed = Some(here.day);
            self.lose_streaks(kept.day);
            kept.gone = true;
        }
        self.leave_visit(pile, &mut kept, now_gone)?;
        self.revalue(pile, &mut kept, record)?;
        let visit = kept.visit;
        self.state.kept[at] = kept;
        if whole {
            self.revalue_begun(pile, (at, visit), record)?;
        }
        let kept = std::mem::replace(&mut self.state.kept[at], Kept::away());
        self.unstamp_event(pile, &kept, record)?;
        self.state.kept[at] = kept;
        self.let_levels_fall(record)?;
        if record.entries() == before {
            record.nothing(&here, || "the return changes nothing of what the purchase gave".to_owned());
        }
        Ok(())
    }

    /// A visit's own points were given to the purchase that began it, which may be gone already.
    fn revalue_begun(
        &mut self,
        pile: &Pile,
        (at, visit): (usize, usize),
        record: &mut impl Record,
    ) -> Result<(), Beyond> {
        let begun =
            |(other, kept): (usize, &Kept)| other != at && kept.visit == visit && kept.gone && kept.on & on::VISIT != 0;
        let Some(other) = self.state.kept.iter().enumerate().position(begun) else { return Ok(()) };
        let mut kept = std::mem::take(&mut self.state.kept[other]);
        self.revalue(pile, &mut kept, record)?;
        self.state.kept[other] = kept;
        Ok(())
    }

    /// Values a purchase again with what is left of it and posts the difference.
    fn revalue(&mut self, pile: &Pile, kept: &mut Kept, record: &mut impl Record) -> Result<(), Beyond> {
        let stays = self.visit_stands(kept);
        let (plan, state) = (self.plan, &mut self.state);
        state.lines.clear();
        state.lines.extend(kept.left.lines.iter().filter(|line| !line.is_gone()));
        let visit = if stays { 0 } else { on::VISIT };
        let fires = if kept.gone { kept.on & !on::PURCHASE & !visit } else { kept.on };
        let scene = kept.scene((plan, pile), &state.lines, &state.facts);
        self.valuation.value(&scene, &plan.on_events, Fired { on: fires, trigger: None })?;
        for (slot, add) in plan.slots.iter().zip(&mut self.valuation.adds) {
            if let Some(more) = brought(&slot.sum, Act::Purchase, &scene)?.filter(|_| !kept.gone) {
                *add = add.checked_add(more).ok_or(Beyond)?;
            }
        }
        let off = match kept.gone || kept.off.is_empty() {
            true => Vec::new(),
            false => money_off(&scene, pile.id.get(kept.place))?,
        };
        add_off(plan, &off, &mut self.valuation.adds)?;
        let had = std::mem::replace(&mut kept.off, off.clone());
        self.state.off = off;
        if !had.is_empty() {
            self.tell_off(&had, record)?;
        }
        let before = std::mem::take(&mut kept.accruals);
        let after = self.valuation.accruals.clone();
        let adds = self.valuation.adds.clone();
        let now = posted(&self.valuation);
        let things = self.valuation.things.clone();
        let drawn = self.valuation.drawn.clone();
        self.state.ask_more(kept.day, &kept.drawn, &drawn)?;
        kept.drawn = drawn;
        let short = self.post_difference(pile, kept, &before, &after, record)?;
        self.contribute(kept, adds, &now, short)?;
        self.revoke_gifts(kept.nth, &kept.things, &things, record)?;
        self.unstamp_given((kept.nth, kept.at, kept.day), &kept.things, &things, record)?;
        (kept.accruals, kept.posted, kept.things) = (after, now, things);
        Ok(())
    }

    /// Posts the difference of each unit and life; what of it could not be asked for, because it had expired.
    fn post_difference(
        &mut self,
        pile: &Pile,
        kept: &mut Kept,
        before: &[Accrual],
        after: &[Accrual],
        record: &mut impl Record,
    ) -> Result<Vec<(u32, u32, i64)>, Beyond> {
        let mut keys: Vec<(u32, u32)> = before.iter().chain(after).map(|one| (one.unit, one.life)).collect();
        let lives = &self.plan.lives;
        keys.sort_unstable_by_key(|(unit, life)| (*unit, life.checked_sub(1).map(|life| lives[life as usize])));
        keys.dedup();
        let event = pile.id.get(kept.place);
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
            if had < has {
                self.give_more(kept, key, (had, has), event, record)?;
            } else if has < had || !self.same_rules(kept, key) {
                let missed = self.claw(kept, key, (had, has), event, record)?;
                short.push((key.0, key.1, missed));
            }
        }
        Ok(short)
    }

    /// Whether what a purchase gives of a unit and life is the same rules' as it was.
    fn same_rules(&self, kept: &Kept, (unit, life): (u32, u32)) -> bool {
        let had = kept.posted.iter().filter(|one| (one.unit, one.life) == (unit, life));
        let had = had.map(|one| (one.rule, one.amount)).filter(|one| one.1 != 0);
        had.eq(self.valuation.posted(unit, life).into_iter().filter(|one| one.1 != 0))
    }

    /// Claws back what a purchase gave too much of one unit and life, or tells that it is other rules' now; what could not
    /// be asked for.
    fn claw(
        &mut self,
        kept: &mut Kept,
        (unit, life): (u32, u32),
        (had, has): (i64, i64),
        event: &str,
        record: &mut impl Record,
    ) -> Result<i64, Beyond> {
        let Self { plan, units, valuation, state, .. } = self;
        let over = had - has;
        let at = state.purses.of(PointsId(unit as usize));
        let source = Source::Event(kept.nth);
        let expired = state.purses.expired_of(at, source, life > 0);
        let account = account(&mut kept.accounts, unit, life);
        // All clawbacks of a purchase together take at most what it gave less what expired of it.
        let most = account.0.checked_sub(*account.1).and_then(|most| most.checked_sub(expired)).ok_or(Beyond)?;
        let amount = over.min(most.max(0));
        let what = (source, life > 0, amount);
        let missed = over - amount;
        let more = || {
            let mut more = valuation.again(plan, (unit, life), (had, has), event);
            let ended = missed.min(expired);
            if ended > 0 {
                let ended = Exact::ratio(ended, plan.units[unit as usize].scale);
                more.note.push_str(&format!("; of what it gave, {ended} had ended"));
            }
            more
        };
        state.purses.claw(at, units, &state.here, what, record, more)?;
        *account.1 = account.1.checked_add(amount).ok_or(Beyond)?;
        Ok(missed)
    }

    /// What is left is worth more than before, which a stack, a cap or a negative line can bring about: a lot of the
    /// purchase.
    fn give_more(
        &mut self,
        kept: &mut Kept,
        (unit, life): (u32, u32),
        (had, has): (i64, i64),
        event: &str,
        record: &mut impl Record,
    ) -> Result<(), Beyond> {
        let Self { plan, units, lives, valuation, state, .. } = self;
        let amount = has - had;
        let at = state.purses.of(PointsId(unit as usize));
        let own = life.checked_sub(1).map(|life| lives[life as usize]);
        let source = Some(Source::Event(kept.nth));
        let credit = Credit { kind: PostingKind::Earned, amount, life: own, cut: false, source };
        let here: Here = state.here;
        let more = || valuation.again(plan, (unit, life), (had, has), event);
        state.purses.credit(at, units, &here, credit, record, more)?;
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
fn left(before: &Left, pile: &Pile, event: usize) -> Result<Left, Refused> {
    let mut left = before.clone();
    for row in pile.lines(event) {
        let name = |names: &crate::source::texts::Texts, line: usize| {
            if names.is_empty() { String::new() } else { names.get(line).to_owned() }
        };
        let (number, sku) = (name(&pile.number, row), name(&pile.sku, row));
        let places = |names: &crate::source::texts::Texts, wanted: &str| -> Vec<usize> {
            (0..before.lines.len()).filter(|at| names.get(before.lines[*at].place as usize) == wanted).collect()
        };
        let tax = pile.tax.get(row).copied().filter(|tax| *tax != NONE).map(i64::abs);
        let back = Row {
            amount: Some(pile.amount[row]).filter(|amount| *amount != NONE).map(i64::abs),
            quantity: Some(pile.quantity[row]).filter(|quantity| *quantity != NONE && *quantity != 0).map(i64::abs),
            tax,
        };
        if !number.is_empty() {
            left.take_named(&places(&pile.number, &number), &back)?;
        } else if !sku.is_empty() {
            left.take_named(&places(&pile.sku, &sku), &back)?;
        } else {
            left.take_amount(&back)?;
        }
    }
    left.settle(before);
    Ok(left)
}
