//! Money off at the till: discounts (section 6.3). They are worked out exactly, line by line, as the reference does it:
//! a share of a price is seldom a whole number of anything.

use super::Beyond;
use super::machine::Machine;
use super::record::Record;
use super::scene::{LineNow, Scene};
use crate::engine::outcome::{DiscountOf, MoneyOff, OffCutBy, OffWhat};
use crate::engine::pile::{SCALE, scaled};
use crate::engine::plan::{Plan, Summed};
use crate::engine::reference::off::{Draft, Item, changes, cut_together, never_more_than_it_costs};
use crate::mechanics::discount::DiscountLimitOf;
use crate::mechanics::stack::Take;
use crate::mechanics::{DiscountId, StackId};
use crate::value::exact::{Exact, Rounding};

impl Machine<'_> {
    /// Tells what is taken off the purchase at hand now and was not before.
    pub(super) fn tell_off(&mut self, before: &[MoneyOff], record: &mut impl Record) -> Result<(), Beyond> {
        if before.is_empty() && self.state.off.is_empty() {
            return Ok(());
        }
        for off in changes(before, &self.state.off) {
            record.off(&self.state.here, scaled(&off.change()).ok_or(Beyond)?, &off);
        }
        Ok(())
    }
}

/// What discounts take off a purchase, in the order of the file.
pub(super) fn money_off(scene: &Scene<'_>, purchase: &str) -> Result<Vec<MoneyOff>, Beyond> {
    let program = scene.plan.program;
    let full: Vec<Exact> = scene.lines.iter().map(|line| figure(scene, line.regular).max(Exact::zero())).collect();
    let mut drafts: Vec<Draft> = Vec::new();
    for (place, block) in program.discounts.iter().enumerate() {
        let id = DiscountId(place);
        if !is_given(id, scene)? {
            continue;
        }
        let prices = match block.group.filter(|stack| program.stacks[stack.0].take == Take::Compound) {
            Some(stack) => left_by(scene.plan, stack, &full, &drafts),
            None => full.clone(),
        };
        drafts.extend(draft(id, scene, &prices)?);
    }
    stacks(scene, &mut drafts, &full);
    never_more_than_it_costs(&mut drafts, &full, program.settings.minor_units);
    Ok(drafts.into_iter().map(|draft| draft.told(purchase)).collect())
}

/// Adds to sums what a purchase had of discounts.
pub(super) fn add_off(plan: &Plan<'_>, off: &[MoneyOff], adds: &mut [i64]) -> Result<(), Beyond> {
    for one in off.iter().filter(|one| one.off.is_positive()) {
        let Some(id) = one.of.discount() else { continue };
        let money = scaled(&one.off).ok_or(Beyond)?;
        let group = plan.program.discounts[id.0].group;
        for (slot, add) in plan.slots.iter().zip(adds.iter_mut()) {
            let more = match &slot.sum {
                Summed::HadDiscount(of) if *of == id => 1,
                Summed::MoneyOff(of) if *of == id => money,
                Summed::MoneyOffIn(stack) if group == Some(StackId(*stack)) => money,
                _ => continue,
            };
            *add = add.checked_add(more).ok_or(Beyond)?;
        }
    }
    Ok(())
}

/// A figure of a line.
fn figure(scene: &Scene<'_>, figure: i64) -> Exact {
    Exact::ratio(figure, SCALE) * Exact::ratio(1, scene.over)
}

/// What was used up of a limit or cap of money.
fn used(scene: &Scene<'_>, read: usize) -> Exact {
    Exact::ratio(scene.reads[read], SCALE)
}

/// Whether a discount is given here: its days, conditions and limits.
fn is_given(id: DiscountId, scene: &Scene<'_>) -> Result<bool, Beyond> {
    let (block, of) = (&scene.plan.program.discounts[id.0], &scene.plan.discounts[id.0]);
    let number = super::days::number;
    let runs = block.from.is_none_or(|from| number(from) <= scene.day)
        && block.until.is_none_or(|until| scene.day <= number(until));
    // Who has a membership is played by the reference.
    if !runs || !block.memberships.is_empty() {
        return Ok(false);
    }
    let limits = block.limits.iter().zip(&of.limits);
    let room = |(limit, read): (&crate::mechanics::discount::DiscountLimit, &usize)| match limit.of {
        DiscountLimitOf::Times => Exact::from_int(scene.reads[*read]) < limit.most,
        // What is left of money is known when it is clear how much is taken off.
        DiscountLimitOf::Money => true,
    };
    Ok(limits.into_iter().all(room) && of.when.as_ref().map_or(Ok(true), |when| scene.holds(when))?)
}

/// What one discount takes off, before its stack; none where it is for nothing here.
fn draft(id: DiscountId, scene: &Scene<'_>, prices: &[Exact]) -> Result<Option<Draft>, Beyond> {
    let program = scene.plan.program;
    let (block, of) = (&program.discounts[id.0], &scene.plan.discounts[id.0]);
    let mut items = Vec::new();
    for (at, (line, price)) in scene.lines.iter().zip(prices).enumerate() {
        let picked = |line: &LineNow| of.items.as_ref().map_or(Ok(true), |which| scene.picks(which, line));
        if price.is_positive() && picked(line)? {
            items.push(Item { at, price: price.clone(), quantity: figure(scene, line.quantity) });
        }
    }
    let mut takes: Vec<OffWhat> = block.takes.iter().map(|(off, _)| OffWhat::Off(off.clone())).collect();
    if let (Some(scale), Some((read, of_one))) = (&block.scale, of.measured) {
        let measured = Exact::ratio(scene.reads[read], of_one);
        let reached = scale.bands.iter().rev().find(|(from, _)| *from <= measured);
        takes.extend(reached.map(|(_, percent)| OffWhat::Scale { percent: percent.clone(), measured }));
    }
    let mut draft = Draft::new(DiscountOf::Discount(id), &items, takes, prices.len());
    draft.round(program.settings.minor_units);
    if let Some((cap, _)) = &block.cap {
        draft.cut_to(cap, OffCutBy::Cap);
    }
    for (place, (limit, read)) in block.limits.iter().zip(&of.limits).enumerate() {
        match limit.of {
            DiscountLimitOf::Times => {}
            DiscountLimitOf::Money => {
                let left = &limit.most - &used(scene, *read);
                draft.cut_to(&left.max(Exact::zero()), OffCutBy::Limit(place));
            }
        }
    }
    Ok(draft.off.is_positive().then_some(draft))
}

/// What earlier discounts of a stack leave of the prices.
fn left_by(plan: &Plan<'_>, stack: StackId, full: &[Exact], drafts: &[Draft]) -> Vec<Exact> {
    let mut left = full.to_vec();
    for draft in drafts.iter().filter(|draft| stack_of(plan, draft) == Some(stack)) {
        draft.leave(&mut left);
    }
    left
}

fn stack_of(plan: &Plan<'_>, draft: &Draft) -> Option<StackId> {
    draft.of.discount().and_then(|id| plan.program.discounts[id.0].group)
}

/// Of the discounts of one stack that meet, keeps those that its `take` names; then its caps, the last in the file cut
/// first.
fn stacks(scene: &Scene<'_>, drafts: &mut [Draft], full: &[Exact]) {
    let program = scene.plan.program;
    for (place, stack) in program.stacks.iter().enumerate() {
        let id = StackId(place);
        let of_stack: Vec<usize> =
            (0..drafts.len()).filter(|at| stack_of(scene.plan, &drafts[*at]) == Some(id)).collect();
        let kept: Vec<usize> = match &stack.take {
            Take::All | Take::Compound | Take::First(_) => of_stack.clone(),
            Take::Best(number) => {
                let mut by_off = of_stack.clone();
                by_off.sort_by(|a, b| drafts[*b].off.cmp(&drafts[*a].off).then(a.cmp(b)));
                by_off.truncate(*number as usize);
                by_off
            }
            Take::FirstDiscount(order) => {
                let of = |wanted: &DiscountId| {
                    of_stack.iter().copied().find(|at| drafts[*at].of == DiscountOf::Discount(*wanted))
                };
                order.iter().find_map(of).into_iter().collect()
            }
        };
        for at in of_stack.iter().filter(|at| !kept.contains(at)) {
            drafts[*at].cut_to(&Exact::zero(), OffCutBy::Stack(id));
        }
        if let Some((percent, _)) = &stack.cap_percent {
            let receipt: Exact = full.iter().sum();
            let share = receipt * percent * Exact::ratio(1, 100);
            let most = share.round(Rounding::Down, program.settings.minor_units);
            cut_together(drafts, &of_stack, &most, OffCutBy::StackCap(id));
        }
        for (nth, (cap, read)) in stack.money_caps.iter().zip(&scene.plan.money_caps[place]).enumerate() {
            let left = &cap.most - &used(scene, *read);
            cut_together(drafts, &of_stack, &left.max(Exact::zero()), OffCutBy::StackMoney(id, nth));
        }
    }
}
