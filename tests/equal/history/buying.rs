//! Purchases and what comes back of them.

use super::Row;
use super::make::{Maker, decimal};
use crate::weave::{BRANDS, SKUS};
use jiff::ToSpan;
use loyal::value::exact::Exact;

impl Maker<'_> {
    /// Coupons and points, where the program has any.
    fn at_the_till(&mut self, base: &mut Row) {
        if !self.program.coupons.is_empty() && self.d.chance(35) {
            let names = ["five_off", "five_off", "five_off;five_off", "no_such"];
            base.insert("coupon".to_owned(), self.d.of(&names).to_owned());
        }
        if self.program.points.iter().any(|points| points.pay.is_some()) && self.d.chance(30) {
            base.insert("paid_points".to_owned(), self.d.of(&["1", "2", "3", "6", "40"]).to_owned());
            base.insert("unit".to_owned(), self.program.points[0].name.text.clone());
        }
    }

    pub(super) fn purchase(&mut self, mut base: Row) -> Vec<Row> {
        base.insert("type".to_owned(), "purchase".to_owned());
        self.place(&mut base, 50);
        if self.mood.kin && self.d.chance(8) {
            base.remove("member");
        }
        if self.d.chance(1) {
            base.insert("paid_points".to_owned(), "3".to_owned());
        }
        self.at_the_till(&mut base);
        let lines = [1, 1, 1, 2, 2, 3, 5][self.d.below(7)];
        let numbered = self.d.chance(12);
        let mut total = Exact::zero();
        let mut rows = Vec::new();
        for at in 0..lines {
            let mut row = base.clone();
            let mut amount = self.amount();
            if at > 0 && self.d.chance(6) && total >= Exact::one() {
                amount = "-1".to_owned();
                total -= &Exact::one();
            } else {
                total += &Exact::parse(&amount).unwrap_or_default();
            }
            let (sku, category) = SKUS[self.d.below(SKUS.len())];
            if self.d.chance(70) {
                row.insert("sku".to_owned(), sku.to_owned());
            }
            if self.d.chance(75) {
                row.insert("category".to_owned(), category.to_owned());
            }
            if self.d.chance(25) {
                row.insert("brand".to_owned(), self.d.of(&BRANDS).to_owned());
            }
            if self.d.chance(30) {
                row.insert("qty".to_owned(), self.d.of(&["2", "3", "1", "0.5", "4", "0"]).to_owned());
            }
            if self.d.chance(20) {
                let regular = self.d.of(&["10", "60", "25.5", "5", "100"]);
                row.insert("regular".to_owned(), regular.to_owned());
            }
            if self.d.chance(20) && !amount.starts_with('-') {
                row.insert("tax".to_owned(), self.d.of(&["0.5", "1", "0.19", "0"]).to_owned());
            }
            if self.d.chance(10) {
                row.insert("origin".to_owned(), self.d.of(&["local", "far", "moon"]).to_owned());
            }
            if self.d.chance(8) {
                row.insert("weight".to_owned(), self.d.of(&["1", "2.5", "heavy"]).to_owned());
            }
            if numbered {
                row.insert("line".to_owned(), (at + 1).to_string());
            }
            row.insert("amount".to_owned(), amount);
            rows.push(row);
        }
        if rows.len() > 1 && self.d.chance(5) {
            let again = rows[0].clone();
            if !numbered {
                rows.push(again);
            }
        }
        rows
    }

    /// A return of an earlier purchase: whole, by line, by article, by amount; too much; of nothing.
    pub(super) fn a_return(&mut self, number: usize, mut base: Row) {
        let is_purchase = |rows: &Vec<Row>| rows[0].get("type").is_some_and(|kind| kind == "purchase");
        let all: Vec<usize> = (0..self.made.events.len()).filter(|at| is_purchase(&self.made.events[*at])).collect();
        if all.is_empty() {
            let when = self.moment();
            let rows = self.purchase(base);
            let mut rows = rows;
            let time = self.written(&when);
            rows.iter_mut().for_each(|row| {
                row.insert("time".to_owned(), time.clone());
            });
            return self.put(number, when, rows);
        }
        let mut at = if self.d.chance(50) { all[all.len() - 1] } else { all[self.d.below(all.len())] };
        // One purchase comes back bit by bit.
        let before =
            self.made.events.iter().rev().find(|rows| rows[0].get("type").is_some_and(|kind| kind == "return"));
        let same = before.and_then(|rows| rows[0].get("ref")?.strip_prefix('e')?.parse::<usize>().ok());
        if let Some(same) = same.filter(|_| self.d.chance(40)) {
            at = same;
        }
        let bought = self.made.events[at].clone();
        base.insert("type".to_owned(), "return".to_owned());
        match bought[0].get("member") {
            Some(owner) => base.insert("member".to_owned(), owner.clone()),
            None => base.remove("member"),
        };
        if self.mood.kin && self.d.chance(20) {
            base.insert("member".to_owned(), self.member().to_owned());
        } else if self.d.chance(if self.mood.kin { 12 } else { 2 }) {
            base.remove("member");
        }
        base.insert("ref".to_owned(), if self.d.chance(3) { "nope".to_owned() } else { format!("e{at}") });
        let (day, time) = self.when[at].clone();
        let when = match self.d.below(10) {
            0 => (day, time),
            1..=4 => (self.off_by(day), self.time()),
            5 => (day, "23:00".to_owned()),
            6 => self.moment(),
            _ => (day + i64::try_from(self.d.below(20)).unwrap_or(0).days(), self.time()),
        };
        let written = self.written(&when);
        base.insert("time".to_owned(), written);
        let rows = self.returned(base, &bought);
        self.put(number, when, rows);
    }

    fn returned(&mut self, base: Row, bought: &[Row]) -> Vec<Row> {
        let line = bought[self.d.below(bought.len())].clone();
        let with = |cells: &[(&str, Option<&String>)]| {
            let mut row = base.clone();
            for (column, cell) in cells {
                row.extend(cell.map(|cell| ((*column).to_owned(), cell.clone())));
            }
            row
        };
        let half = line.get("amount").and_then(|amount| Exact::parse(amount.trim_start_matches('-')));
        let half = half.map(|amount| decimal(&(amount * &Exact::ratio(1, 2))));
        let (one, two, amount) = ("1".to_owned(), "2".to_owned(), self.amount());
        let part = self.d.of(&["1", "0.01", "3.33", "7", "0.7", "2"]).to_owned();
        match self.d.below(18) {
            0..=3 => vec![base],
            4 => vec![with(&[("amount", line.get("amount"))])],
            5 => vec![with(&[("amount", Some(&amount))])],
            6 => vec![with(&[("amount", Some(&format!("-{amount}")))])],
            7 => vec![with(&[("sku", line.get("sku")), ("qty", Some(&one))])],
            8 => vec![with(&[("sku", line.get("sku")), ("qty", line.get("qty"))])],
            9 => vec![with(&[("sku", line.get("sku")), ("amount", half.as_ref())])],
            10 => vec![with(&[("line", line.get("line")), ("amount", line.get("amount"))])],
            11 => vec![with(&[("sku", line.get("sku")), ("qty", Some(&two)), ("amount", line.get("amount"))])],
            12 if bought.len() > 1 => {
                let other = bought[0].clone();
                let first = with(&[("sku", line.get("sku")), ("qty", line.get("qty"))]);
                vec![first, with(&[("sku", other.get("sku")), ("amount", other.get("amount"))])]
            }
            // A part of the price, whatever it was paid for.
            13 | 14 => vec![with(&[("amount", Some(&part))])],
            15 => vec![with(&[("amount", Some(&part)), ("tax", line.get("tax"))])],
            16 => {
                let first = with(&[("amount", Some(&part))]);
                vec![first, with(&[("sku", line.get("sku")), ("qty", Some(&one))])]
            }
            _ => vec![with(&[("amount", half.as_ref())])],
        }
    }
}
