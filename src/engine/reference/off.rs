//! The arithmetic of money off: what each form takes off which item, and what caps, stacks and prices leave of it.

use crate::engine::outcome::{DiscountOf, MoneyOff, OffCut, OffCutBy, OffPart, OffWhat};
use crate::mechanics::off::Off;
use crate::value::exact::{Exact, Rounding};

/// A line that something is taken off.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its place among the lines of the purchase.
    pub at: usize,
    /// What all of it costs.
    pub price: Exact,
    /// How many.
    pub quantity: Exact,
}

impl Item {
    /// How many pieces it is: what is sold by weight or length is one.
    pub fn count(&self) -> Exact {
        match self.quantity.to_i64() {
            Some(pieces) if pieces > 0 => self.quantity.clone(),
            Some(_) | None => Exact::one(),
        }
    }

    /// How much of it there is: pieces, kilos, metres. What has no quantity is one.
    pub fn measure(&self) -> Exact {
        if self.quantity.is_positive() { self.quantity.clone() } else { Exact::one() }
    }

    /// What one piece costs.
    fn each(&self) -> Exact {
        self.price.checked_div(&self.count()).unwrap_or_default()
    }
}

/// What a discount or coupon takes off, on its way through stacks and caps.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Which.
    pub of: DiscountOf,
    /// How many items it is for.
    pub items: Exact,
    /// What they cost.
    pub price: Exact,
    /// What each form takes off, exactly.
    pub takes: Vec<(OffWhat, Exact)>,
    /// Of each line of the purchase.
    pub by_line: Vec<Exact>,
    /// In all, rounded and cut.
    pub off: Exact,
    /// What was cut.
    pub cuts: Vec<OffCut>,
}

impl Draft {
    /// What it takes off: each form by itself, on the full price, all of them never more than an item costs.
    pub fn new(of: DiscountOf, items: &[Item], takes: Vec<OffWhat>, lines: usize) -> Self {
        let mut by_line = vec![Exact::zero(); lines];
        let mut parts = Vec::new();
        // Money for each is by quantity; else what is told of is pieces.
        let by_quantity = takes.iter().any(|what| matches!(what, OffWhat::Off(Off::EachItem(_) | Off::Price(_))));
        let many = if by_quantity { Item::measure } else { Item::count };
        for what in takes {
            let off = match &what {
                OffWhat::Off(off) => off.clone(),
                OffWhat::Scale { percent, .. } => Off::Percent(percent.clone()),
                OffWhat::Worth(money) => Off::Money(money.clone()),
            };
            let mut exact = Exact::zero();
            for (item, part) in items.iter().zip(taken_off(&off, items)) {
                exact += &part;
                by_line[item.at] += part;
            }
            parts.push((what, exact));
        }
        for item in items {
            by_line[item.at] = by_line[item.at].clone().min(item.price.clone());
        }
        Self {
            of,
            items: items.iter().map(many).sum(),
            price: items.iter().map(|item| &item.price).sum(),
            takes: parts,
            by_line,
            off: Exact::zero(),
            cuts: Vec::new(),
        }
    }

    /// Rounds once.
    pub fn round(&mut self, minor_units: u32) {
        let exact: Exact = self.by_line.iter().sum();
        self.off = exact.round(Rounding::HalfEven, minor_units);
    }

    /// Takes off no more than this.
    pub fn cut_to(&mut self, most: &Exact, by: OffCutBy) {
        if self.off <= *most {
            return;
        }
        self.cuts.push(OffCut { by, off: &self.off - most });
        let share = most.checked_div(&self.off).unwrap_or_default();
        self.by_line.iter_mut().for_each(|part| *part = &*part * &share);
        self.off = most.clone();
    }

    /// Takes off no more of any line than is left of its price.
    pub fn within(&mut self, left: &[Exact], minor_units: u32) {
        let over = |(part, left): (&Exact, &Exact)| part > left;
        if !self.by_line.iter().zip(left).any(over) {
            return;
        }
        for (part, left) in self.by_line.iter_mut().zip(left) {
            *part = part.clone().min(left.clone());
        }
        let (before, cuts) = (self.off.clone(), std::mem::take(&mut self.cuts));
        self.round(minor_units);
        self.off = self.off.clone().min(before.clone());
        self.cuts = cuts;
        if before > self.off {
            self.cuts.push(OffCut { by: OffCutBy::Price, off: before - &self.off });
        }
    }

    /// Leaves of the prices what it does not take off.
    pub fn leave(&self, prices: &mut [Exact]) {
        for (price, part) in prices.iter_mut().zip(&self.by_line) {
            *price -= part;
        }
    }

    /// As it is told.
    pub fn told(self, purchase: &str) -> MoneyOff {
        let takes = self.takes.into_iter().map(|(what, exact)| OffPart { what, exact });
        MoneyOff {
            purchase: purchase.to_owned(),
            of: self.of,
            items: self.items,
            price: self.price,
            takes: takes.collect(),
            cuts: self.cuts,
            off: self.off,
            by_line: self.by_line,
            before: None,
            note: String::new(),
        }
    }
}

/// What a form takes off each of the items.
pub(super) fn taken_off(off: &Off, items: &[Item]) -> Vec<Exact> {
    let price: Exact = items.iter().map(|item| &item.price).sum();
    // A sum is taken off the items in proportion to what they cost.
    let spread = |sum: Exact| -> Vec<Exact> {
        let sum = sum.min(price.clone());
        items.iter().map(|item| (&item.price * &sum).checked_div(&price).unwrap_or_default()).collect()
    };
    match off {
        Off::Percent(percent) => items.iter().map(|item| &item.price * percent * Exact::ratio(1, 100)).collect(),
        Off::Money(money) => spread(money.clone()),
        Off::Per { off, step } => {
            let steps = price.checked_div(step).unwrap_or_default().round(Rounding::Down, 0);
            spread(steps * off)
        }
        Off::EachItem(money) => items.iter().map(|item| (item.measure() * money).min(item.price.clone())).collect(),
        Off::Price(each) => items.iter().map(|item| (&item.price - item.measure() * each).max(Exact::zero())).collect(),
        Off::Cheapest { percent, of_every } => cheapest(items, *of_every, &(percent * Exact::ratio(1, 100))),
    }
}

/// Of the cheapest piece, or of the cheapest of every so many, counted from the dearest down.
fn cheapest(items: &[Item], of_every: Option<u32>, share: &Exact) -> Vec<Exact> {
    let mut off = vec![Exact::zero(); items.len()];
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by(|a, b| items[*b].each().cmp(&items[*a].each()).then(a.cmp(b)));
    let Some(every) = of_every else {
        // Of several that cost the same, the first line.
        let least = order.iter().map(|at| items[*at].each()).min();
        if let Some(at) = order.into_iter().find(|at| Some(items[*at].each()) == least) {
            off[at] = items[at].each() * share;
        }
        return off;
    };
    let mut before = Exact::zero();
    let whole = |pieces: &Exact| {
        let sets = pieces.checked_div(&Exact::from_int(i64::from(every))).unwrap_or_default();
        sets.round(Rounding::Down, 0)
    };
    for at in order {
        let upto = &before + items[at].count();
        off[at] = (whole(&upto) - whole(&before)) * items[at].each() * share;
        before = upto;
    }
    off
}

/// Cuts the discounts of a stack, the last in the file first, until they take off at most so much together.
pub fn cut_together(drafts: &mut [Draft], of_stack: &[usize], most: &Exact, by: OffCutBy) {
    let together: Exact = of_stack.iter().map(|at| &drafts[*at].off).sum();
    let mut over = together - most;
    for at in of_stack.iter().rev() {
        if !over.is_positive() {
            break;
        }
        let less = over.clone().min(drafts[*at].off.clone());
        over -= &less;
        let to = &drafts[*at].off - &less;
        drafts[*at].cut_to(&to, by);
    }
}

/// All discounts and coupons together never take more off an item than it costs.
pub fn never_more_than_it_costs(drafts: &mut [Draft], full: &[Exact], minor_units: u32) {
    let mut left = full.to_vec();
    let mut all: Exact = full.iter().sum();
    for draft in drafts {
        draft.within(&left, minor_units);
        if draft.off > all {
            draft.cut_to(&all, OffCutBy::Price);
        }
        draft.leave(&mut left);
        all -= &draft.off;
    }
}

/// What is taken off now and was not before, as it is told; `before` is nothing where the purchase is new.
pub fn changes(before: &[MoneyOff], now: &[MoneyOff]) -> Vec<MoneyOff> {
    let first = before.is_empty();
    let mut before: Vec<Option<&MoneyOff>> = before.iter().map(Some).collect();
    let mut told: Vec<MoneyOff> = Vec::new();
    for one in now {
        let same = before.iter_mut().find(|old| old.is_some_and(|old| old.of == one.of));
        let was = same.and_then(Option::take).map(|old| old.off.clone());
        if !first && was.clone().unwrap_or_default() == one.off {
            continue;
        }
        let before = if first { None } else { Some(was.unwrap_or_default()) };
        told.push(MoneyOff { before, ..one.clone() });
    }
    for gone in before.into_iter().flatten().filter(|old| old.off.is_positive()) {
        let nothing = MoneyOff::nothing(&gone.purchase, gone.of);
        told.push(MoneyOff { before: Some(gone.off.clone()), ..nothing });
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> Exact {
        Exact::parse(text).expect("a number")
    }

    /// Lines as (price of all, how many), and what is taken off each.
    fn off(form: &Off, lines: &[(&str, &str)]) -> Vec<String> {
        let item =
            |(at, (price, quantity)): (usize, &(&str, &str))| Item { at, price: n(price), quantity: n(quantity) };
        let items: Vec<Item> = lines.iter().enumerate().map(item).collect();
        taken_off(form, &items).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn each_form_takes_off_what_it_says() {
        let lines = [("40", "4"), ("10", "1")];
        assert_eq!(off(&Off::Percent(n("10")), &lines), ["4", "1"]);
        assert_eq!(off(&Off::Money(n("5")), &lines), ["4", "1"]);
        assert_eq!(off(&Off::Money(n("500")), &lines), ["40", "10"]);
        assert_eq!(off(&Off::EachItem(n("2")), &lines), ["8", "2"]);
        assert_eq!(off(&Off::EachItem(n("11")), &lines), ["40", "10"]);
        assert_eq!(off(&Off::Price(n("8")), &lines), ["8", "2"]);
        assert_eq!(off(&Off::Price(n("80")), &lines), ["0", "0"]);
        assert_eq!(off(&Off::Per { off: n("5"), step: n("20") }, &lines), ["8", "2"]);
        assert_eq!(off(&Off::Per { off: n("5"), step: n("51") }, &lines), ["0", "0"]);
    }

    #[test]
    fn money_for_each_is_by_quantity_as_a_price_is() {
        // Half a kilo of 20 a kilo, three quarters of 12, and a piece without a quantity.
        let lines = [("10", "0.5"), ("9", "0.75"), ("5", "0")];
        assert_eq!(off(&Off::EachItem(n("2")), &lines), ["1", "1.5", "2"]);
        assert_eq!(off(&Off::EachItem(n("30")), &lines), ["10", "9", "5"]);
        assert_eq!(off(&Off::Price(n("8")), &lines), ["6", "3", "0"]);
        assert_eq!(off(&Off::Price(n("3")), &lines), ["8.5", "6.75", "2"]);
    }

    #[test]
    fn the_cheapest_is_one_piece_of_the_cheapest_line() {
        let half = |of_every| Off::Cheapest { percent: n("50"), of_every };
        assert_eq!(off(&half(None), &[("40", "4"), ("8", "1"), ("9", "1")]), ["0", "4", "0"]);
        assert_eq!(off(&half(None), &[("10", "1"), ("10", "1")]), ["5", "0"]);
        // What is sold by weight is one piece.
        assert_eq!(off(&half(None), &[("6", "0.5"), ("7", "1")]), ["3", "0"]);
    }

    #[test]
    fn of_every_three_the_cheapest_from_the_dearest_down() {
        let free = Off::Cheapest { percent: n("100"), of_every: Some(3) };
        assert_eq!(off(&free, &[("12", "1"), ("10", "1")]), ["0", "0"]);
        assert_eq!(off(&free, &[("12", "1"), ("10", "1"), ("9", "1")]), ["0", "0", "9"]);
        // 12 12 10 | 10 9 8: the third and the sixth.
        assert_eq!(off(&free, &[("24", "2"), ("20", "2"), ("9", "1"), ("8", "1")]), ["0", "10", "0", "8"]);
        assert_eq!(off(&free, &[("70", "7")]), ["20"]);
    }
}
