//! What is left of a purchase after returns, exactly: amounts over one denominator.

use crate::model::*;

#[derive(Clone)]
pub struct Left {
    pub den: i128,
    pub amounts: Vec<i128>,
    pub items: Vec<i64>,
}

impl Left {
    pub fn of(lines: &[Line]) -> Self {
        Left {
            den: 1,
            amounts: lines.iter().map(|line| i128::from(line.amount)).collect(),
            items: lines.iter().map(|line| i64::from(if line.qty == 0 { 1 } else { line.qty })).collect(),
        }
    }

    fn gone(&self, at: usize) -> bool {
        self.amounts[at] == 0 && self.items[at] == 0
    }

    pub fn all_gone(&self) -> bool {
        (0..self.amounts.len()).all(|at| self.gone(at))
    }

    fn take_all(&mut self, at: usize) {
        self.amounts[at] = 0;
        self.items[at] = 0;
    }

    /// Takes back what the row of a return names; false: it is more than was left.
    pub fn take(&mut self, lines: &[Line], row: &Line) -> bool {
        let named = |line: &Line| {
            if row.number != 0 { line.number == row.number } else { row.sku != 0 && line.sku == row.sku }
        };
        let done = if row.number != 0 || row.sku != 0 {
            let places: Vec<usize> = (0..lines.len()).filter(|at| named(&lines[*at]) && !self.gone(*at)).collect();
            self.take_named(&places, row)
        } else {
            self.take_amount(row)
        };
        if done && self.amounts.iter().all(|amount| *amount == 0) {
            (0..self.amounts.len()).for_each(|at| self.take_all(at));
        }
        done
    }

    fn take_named(&mut self, places: &[usize], row: &Line) -> bool {
        if places.is_empty() {
            return false;
        }
        let money: i128 = places.iter().map(|at| self.amounts[*at]).sum();
        let number: i64 = places.iter().map(|at| self.items[*at]).sum();
        let mut items = i64::from(row.qty);
        if row.amount != NONE {
            let mut rest = i128::from(row.amount) * self.den;
            if rest > money {
                return false;
            }
            for at in places {
                let part = rest.min(self.amounts[*at]);
                let pieces = items.min(self.items[*at]);
                rest -= part;
                items -= pieces;
                self.take_part(*at, part, pieces);
            }
        } else if row.qty > 0 {
            if items > number {
                return false;
            }
            for at in places {
                let pieces = items.min(self.items[*at]);
                items -= pieces;
                // A piece's money need not be whole hundredths.
                let all = i128::from(self.items[*at]);
                if self.amounts[*at] * i128::from(pieces) % all != 0 {
                    self.scale(all);
                }
                self.take_part(*at, self.amounts[*at] * i128::from(pieces) / all, pieces);
            }
        } else {
            places.iter().for_each(|at| self.take_all(*at));
        }
        true
    }

    fn take_amount(&mut self, row: &Line) -> bool {
        if row.amount == NONE {
            let left = !self.all_gone();
            (0..self.amounts.len()).for_each(|at| self.take_all(at));
            return left;
        }
        let money: i128 = self.amounts.iter().sum();
        let rest = money - i128::from(row.amount) * self.den;
        if rest < 0 {
            return false;
        }
        if money == 0 {
            return !self.all_gone();
        }
        self.scale(money);
        for at in 0..self.amounts.len() {
            let part = self.amounts[at] / money * (money - rest);
            self.take_part(at, part, 0);
        }
        true
    }

    /// A line that still has money still has an item.
    fn take_part(&mut self, at: usize, amount: i128, pieces: i64) {
        let had_money = self.amounts[at] != 0;
        self.amounts[at] -= amount;
        let items = self.items[at] - pieces;
        if had_money && self.amounts[at] == 0 {
            self.take_all(at);
        } else if items > 0 || !had_money {
            self.items[at] = items;
        }
    }

    fn scale(&mut self, by: i128) {
        self.den *= by;
        self.amounts.iter_mut().for_each(|amount| *amount *= by);
    }

    /// Money by class, over `den`.
    pub fn sums(&self, lines: &[Line]) -> [i128; CLASSES] {
        let mut sums = [0; CLASSES];
        for (line, amount) in lines.iter().zip(&self.amounts) {
            sums[usize::from(line.class)] += amount;
        }
        sums
    }

    /// All money, in hundredths.
    pub fn spend(&self) -> Result<u32, String> {
        let all: i128 = self.amounts.iter().sum();
        if all % self.den != 0 {
            return Err("a spend of part of a hundredth is not kept by this program".to_owned());
        }
        u32::try_from(all / self.den).map_err(|_| "too much money".to_owned())
    }

    /// Items of coffee.
    pub fn coffee(&self, lines: &[Line]) -> i64 {
        lines.iter().zip(&self.items).filter(|(line, _)| line.class == COFFEE).map(|(_, items)| items).sum()
    }
}

/// Where a purchase with this id stands, ids ascending as they come; else nowhere.
pub struct Ids {
    ids: Vec<u64>,
    sorted: bool,
    others: std::collections::HashMap<u64, u32>,
}

impl Ids {
    pub fn new() -> Self {
        Ids { ids: Vec::new(), sorted: true, others: std::collections::HashMap::new() }
    }

    pub fn push(&mut self, id: u64) {
        if self.sorted && self.ids.last().is_some_and(|last| *last >= id) {
            self.sorted = false;
            self.others = self.ids.iter().copied().zip(0..).collect();
        }
        if !self.sorted {
            self.others.insert(id, self.ids.len() as u32);
        }
        self.ids.push(id);
    }

    pub fn find(&self, id: u64) -> Option<usize> {
        if self.sorted { self.ids.binary_search(&id).ok() } else { self.others.get(&id).map(|at| *at as usize) }
    }
}
