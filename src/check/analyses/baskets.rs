//! The ways in which a basket can come to an amount: by the price of its line, by more items, by another line beside
//! it. Whoever values them asks the conditions again, so what they were chosen for may be lost.

use super::amounts::{numbers, quantities};
use super::fire::picks_all;
use super::witness::{Item, Witness};
use super::worth::is_at_the_till;
use crate::mechanics::Program;
use crate::mechanics::condition::{Measure, Test};
use crate::mechanics::give::What;
use crate::mechanics::rule::Rule;
use crate::value::exact::Exact;
use std::collections::BTreeSet;

/// What a program's rules ask of lines.
pub struct Baskets {
    /// Quantities worth trying beside one item.
    quantities: Vec<Exact>,
    /// Prices that are asked for.
    prices: BTreeSet<Exact>,
    /// Whether the money or the number of some lines is asked for, or a share of what they bring.
    sums: bool,
}

impl Baskets {
    /// Those of a program.
    pub fn of(program: &Program) -> Self {
        let (mut prices, mut sums) = (BTreeSet::new(), false);
        let mut see = |test: &Test| match test.measure {
            Measure::Price => prices.extend(numbers(&test.how)),
            Measure::TotalOf(_) | Measure::ItemsOf(_) => sums = true,
            _ => {}
        };
        program.rules.iter().filter(|rule| is_at_the_till(rule)).for_each(|rule| each_test(rule, &mut see));
        let mut gives = program.rules.iter().filter(|rule| is_at_the_till(rule)).flat_map(|rule| &rule.gives);
        // What a step brings falls to all lines by their money, so more of another leaves less to these.
        sums |= gives.any(|give| matches!(&give.what, What::PercentOf { lines, .. } if !picks_all(lines)));
        Self { quantities: quantities(program), prices, sums }
    }

    /// The basket at an amount in every way worth trying, the plainest first.
    pub fn at<'p>(&self, witness: &Witness<'p>, amount: &Exact) -> Vec<Witness<'p>> {
        let at = |all: Vec<Witness<'p>>| all.into_iter().filter_map(|one| at_amount(&one, amount)).collect();
        let mut all: Vec<Witness<'p>> = at(self.counted(witness));
        all.extend(at_price(witness, amount).into_iter().filter(|_| !self.prices.is_empty()));
        for other in self.beside(witness) {
            all.extend(at(self.counted(&other)));
        }
        all
    }

    /// The basket with all that is worth trying beside the money of one line, the plainest first: what lies beside a line
    /// that was chosen for its price is little or much.
    pub fn families<'p>(&self, witness: &Witness<'p>) -> Vec<Witness<'p>> {
        let dear =
            |witness: &Witness<'p>| [1_000, 1_000_000].map(|amount| all_free_at(witness, &Exact::from_int(amount)));
        let many = witness.lines.len() > 1;
        let beside = self.beside(witness).into_iter().flat_map(|other| dear(&other).into_iter().chain([other]));
        let all = std::iter::once(witness.clone()).chain(dear(witness).into_iter().filter(|_| many)).chain(beside);
        all.flat_map(|one| self.counted(&one)).collect()
    }

    /// All money of one of the lines at which a rule may change its mind, ascending: where the line, its price, or a sum that
    /// it is a part of comes to one of the amounts.
    pub fn money_of_line(&self, witness: &Witness<'_>, at: usize, amounts: &[Exact]) -> BTreeSet<Exact> {
        let minor = witness.program.settings.minor_units.min(6);
        let cent = Exact::from_scaled(1, minor);
        let others = witness.lines.iter().enumerate().filter(|(other, _)| *other != at);
        let beside = sums_of(others.map(|(_, line)| &line.amount));
        let prices = self.prices.iter().map(|price| price * &witness.lines[at].quantity);
        let by_price = prices.flat_map(|money| [&money - &cent, &money + &cent, money]);
        let is_money = |money: &Exact| money.decimals().is_some_and(|needed| needed <= minor);
        let mut all: BTreeSet<Exact> = by_price.filter(is_money).collect();
        for sum in beside.iter().filter(|sum| is_money(sum)) {
            all.extend(amounts.iter().map(|amount| amount - sum));
        }
        all.retain(Exact::is_positive);
        all
    }

    /// With the items that it has, and with so many as its counts ask for.
    fn counted<'p>(&self, witness: &Witness<'p>) -> Vec<Witness<'p>> {
        let more = self.quantities.iter().filter_map(|quantity| at_quantity(witness, quantity));
        std::iter::once(witness.clone()).chain(more).collect()
    }

    /// Where the money of its lines was chosen for a reason, what is more lies on a line of its own: one of the same
    /// kind, or one that nothing asks about. Of several lines that may cost anything, all lies on each in turn.
    fn beside<'p>(&self, witness: &Witness<'p>) -> Vec<Witness<'p>> {
        let with = |values| {
            let mut other = witness.clone();
            other.lines.iter_mut().for_each(|line| line.fixed = true);
            other.lines.push(Item { values, ..Item::default() });
            other
        };
        let alike = witness.lines.iter().rfind(|line| line.fixed).map(|line| with(line.values.clone()));
        alike.into_iter().chain(self.sums.then(|| with(Item::default().values))).chain(each_in_turn(witness)).collect()
    }
}

/// The same basket, with so much on each line that may cost anything.
fn all_free_at<'p>(witness: &Witness<'p>, amount: &Exact) -> Witness<'p> {
    let mut other = witness.clone();
    other.lines.iter_mut().filter(|line| !line.fixed).for_each(|line| line.amount = amount.clone());
    other
}

/// Of several lines that may cost anything, each with all others at next to nothing.
fn each_in_turn<'p>(witness: &Witness<'p>) -> Vec<Witness<'p>> {
    let free: Vec<usize> = (0..witness.lines.len()).filter(|at| !witness.lines[*at].fixed).collect();
    let cent = Exact::from_scaled(1, witness.program.settings.minor_units.min(6));
    let all_on = |one: usize| {
        let mut other = witness.clone();
        for at in free.iter().copied().filter(|at| *at != one) {
            (other.lines[at].amount, other.lines[at].fixed) = (cent.clone(), true);
        }
        other
    };
    free.iter().copied().filter(|_| free.len() > 1).map(all_on).collect()
}

/// The basket with such money on one of its lines.
pub fn with_money<'p>(witness: &Witness<'p>, at: usize, money: Exact) -> Witness<'p> {
    let mut other = witness.clone();
    other.lines[at].amount = money;
    other
}

/// What some of these come to, in every way to choose them; of many, none and all.
fn sums_of<'e>(all: impl Iterator<Item = &'e Exact>) -> BTreeSet<Exact> {
    let all: Vec<&Exact> = all.collect();
    if all.len() > MOST_BESIDE {
        return [Exact::zero(), all.into_iter().sum()].into();
    }
    let more =
        |sums: BTreeSet<Exact>, one: &Exact| sums.iter().map(|sum| sum + one).chain(sums.iter().cloned()).collect();
    all.into_iter().fold([Exact::zero()].into(), more)
}

/// Of so many lines beside the one that is tried, all sums are.
const MOST_BESIDE: usize = 4;

/// What a rule's conditions and what it counts ask.
pub fn each_test(rule: &Rule, test: &mut dyn FnMut(&Test)) {
    rule.when.iter().chain(&rule.except).for_each(|condition| condition.each_test(test));
    for give in &rule.gives {
        if let Some(basis) = give.what.basis() {
            basis.each_test(test);
        }
        if let What::PercentOf { lines, .. } = &give.what {
            lines.each_test(test);
        }
        give.what.or().iter().for_each(|(condition, _)| condition.each_test(test));
    }
}

/// The line whose money and quantity are tried: one that is free, else the last. Whoever values the basket asks the
/// conditions again, so what was chosen for one of them may be moved as long as it holds.
fn line_to_try(witness: &Witness<'_>) -> Option<usize> {
    witness.lines.iter().position(|line| !line.fixed).or_else(|| witness.lines.len().checked_sub(1))
}

/// The same basket with so many items on the line that is tried; none where so many are on it already.
fn at_quantity<'p>(witness: &Witness<'p>, quantity: &Exact) -> Option<Witness<'p>> {
    let at = line_to_try(witness).filter(|at| witness.lines[*at].quantity < *quantity)?;
    let mut other = witness.clone();
    other.lines[at].quantity = quantity.clone();
    Some(other)
}

/// The same basket at another amount; none where its other lines leave no room for it.
pub fn at_amount<'p>(witness: &Witness<'p>, amount: &Exact) -> Option<Witness<'p>> {
    let at = line_to_try(witness)?;
    let rest: Exact =
        witness.lines.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, line)| &line.amount).sum();
    let left = amount - rest;
    left.is_positive().then(|| with_money(witness, at, left))
}

/// The same basket, its free line in so many equal ones; none where that is no money.
pub fn split<'p>(witness: &Witness<'p>, parts: usize) -> Option<Witness<'p>> {
    let free = witness.lines.iter().position(|line| !line.fixed)?;
    let number = i64::try_from(parts).ok()?;
    let amount = &witness.lines[free].amount * &Exact::ratio(1, number);
    let whole = amount.decimals().is_some_and(|needed| needed <= witness.program.settings.minor_units);
    // Hardly anything costs less than a tenth of the money.
    if !whole || amount < Exact::ratio(1, 10) {
        return None;
    }
    let mut other = witness.clone();
    let line = Item { amount, ..other.lines[free].clone() };
    other.lines.splice(free..=free, std::iter::repeat_n(line, parts));
    Some(other)
}

/// The same basket, its line about as dear as it is: in as many items as come to the amount, and in whole ones.
fn at_price<'p>(witness: &Witness<'p>, amount: &Exact) -> Vec<Witness<'p>> {
    let line = line_to_try(witness).map(|at| (at, &witness.lines[at])).filter(|(_, line)| line.fixed);
    let price = line.and_then(|(_, line)| line.amount.checked_div(&line.quantity)).filter(Exact::is_positive);
    let (Some((at, line)), Some(price)) = (line, price) else { return Vec::new() };
    let left = amount - (witness.amount() - &line.amount);
    let Some(number) = left.checked_div(&price) else { return Vec::new() };
    let of = |quantity: Exact, money: Exact| {
        let mut other = witness.clone();
        (other.lines[at].quantity, other.lines[at].amount) = (quantity, money);
        other
    };
    let (fewer, more) = (number.floor(), number.ceil());
    let whole = &more * &price;
    [(fewer, left.clone()), (more.clone(), left), (more, whole)]
        .into_iter()
        .filter(|(quantity, money)| *quantity > Exact::one() && money.is_positive())
        .map(|(quantity, money)| of(quantity, money))
        .collect()
}
