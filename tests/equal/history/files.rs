//! The members and items files, and the moments asked for.

use super::Row;
use super::make::{MEMBERS, Maker};
use crate::weave::{BRANDS, CATEGORIES, SKUS};
use jiff::ToSpan;
use jiff::civil::{Date, date};

impl Maker<'_> {
    pub(super) fn members(&mut self) {
        if !self.kinds.has_columns() && !self.d.chance(45) {
            return;
        }
        for member in &MEMBERS[..self.mood.members] {
            if self.d.chance(25) {
                continue;
            }
            let mut row = Row::from([("member".to_owned(), (*member).to_owned())]);
            if self.d.chance(80) {
                let joined = if self.d.chance(25) && !self.mood.daily {
                    date(2020, 2, 29)
                } else {
                    let day = self.edge_or_event();
                    if self.mood.daily || self.d.chance(50) { day } else { day - 400.days() }
                };
                row.insert("joined".to_owned(), joined.to_string());
            }
            if self.d.chance(70) {
                let day = self.edge_or_event() + i64::try_from(self.d.below(9)).unwrap_or(0).days();
                let born = date(1990, 1, 1).with().month(day.month()).day(day.day().min(28)).build().unwrap_or(day);
                let born = match self.d.below(6) {
                    0 => "1992-02-29".to_owned(),
                    1 => format!("{:02}-{:02}", born.month(), born.day()),
                    _ => born.to_string(),
                };
                row.insert("birthday".to_owned(), born);
            }
            if self.d.chance(50) {
                row.insert("plan".to_owned(), self.d.of(&["executive", "staff", "other"]).to_owned());
            }
            if self.d.chance(50) {
                row.insert("age".to_owned(), self.d.of(&["18", "17", "65", "n/a"]).to_owned());
            }
            self.newer_member(&mut row);
            self.made.members.push(row);
        }
    }

    pub(super) fn edge_or_event(&mut self) -> Date {
        match self.some_moment() {
            Some((day, _)) if self.d.chance(60) => day,
            Some(_) | None => self.edge_day(),
        }
    }

    pub(super) fn items(&mut self) {
        if !self.d.chance(if self.kinds.any { 40 } else { 15 }) {
            return;
        }
        for (sku, category) in SKUS {
            if self.d.chance(60) {
                let mut row = Row::from([("sku".to_owned(), sku.to_owned())]);
                row.insert(
                    "category".to_owned(),
                    if self.d.chance(80) { category } else { self.d.of(&CATEGORIES) }.to_owned(),
                );
                if self.d.chance(50) {
                    row.insert("brand".to_owned(), self.d.of(&BRANDS).to_owned());
                }
                if self.d.chance(30) {
                    row.insert("origin".to_owned(), "local".to_owned());
                }
                self.newer_item(&mut row);
                self.made.items.push(row);
            }
        }
    }

    pub(super) fn as_of(&mut self) {
        let last = self.when.iter().map(|(day, _)| *day).max().unwrap_or(self.start);
        let mut labels =
            vec![(last + [0, 1, 40, if self.mood.daily { 9 } else { 400 }][self.d.below(4)].days()).to_string()];
        for _ in 0..self.d.below(3) {
            let at = self.d.below(self.when.len());
            let (day, time) = self.when[at].clone();
            labels.push(match self.d.below(4) {
                0 if !time.is_empty() => format!("{day} {time}"),
                1 => self.off_by(day).to_string(),
                2 => self.edge_day().to_string(),
                _ => day.to_string(),
            });
        }
        labels.sort();
        labels.dedup();
        self.made.as_of = labels;
    }
}
