//! What a purchase history says of each member: how often she bought again, when last, and what she spent.

use super::doubt::{LEAST, Unfit};
use super::model::Row;
use crate::value::clock::Date;
use crate::value::exact::Exact;
use serde::Serialize;
use std::collections::BTreeMap;

/// The unit of time of the parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Days.
    Days,
    /// Weeks of seven days.
    Weeks,
}

impl Unit {
    /// How many days it has.
    pub fn days(self) -> f64 {
        match self {
            Self::Days => 1.0,
            Self::Weeks => 7.0,
        }
    }
}

/// A purchase, as far as the models look at it.
#[derive(Debug, Clone)]
pub struct Purchase {
    /// Whose.
    pub member: String,
    /// Its day.
    pub day: Date,
    /// What was paid.
    pub amount: Exact,
}

/// Which part of a history is fitted, and how it is counted.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// The unit of time.
    pub unit: Unit,
    /// Whether purchases of one member on one day are one.
    pub merge_days: bool,
    /// The last day that is fitted.
    pub until: Option<Date>,
    /// How many weeks after it are held out.
    pub holdout: Option<u32>,
    /// The last day of the history.
    pub last: Option<Date>,
}

/// A member who bought by the end of the calibration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Buyer {
    /// Days from the start of the history to her first purchase.
    pub first: u32,
    /// How often she bought again by the end of the calibration.
    pub x: u32,
    /// Days from her first purchase to her last by then.
    pub last: u32,
    /// Days from her first purchase to the end of the calibration.
    pub seen: u32,
    /// The mean of what her repeat purchases came to; nought without one.
    pub spend: f64,
    /// How often she bought in the holdout.
    pub later: u32,
}

/// The members whose purchases are fitted, and what was counted.
#[derive(Debug, Clone)]
pub struct Cohort {
    /// The unit of time.
    pub unit: Unit,
    /// Whether purchases of one day are one.
    pub merge_days: bool,
    /// The first day.
    pub start: Date,
    /// The last day that is fitted.
    pub until: Date,
    /// The last day of the holdout; the last that is fitted where nothing is held out.
    pub held_until: Date,
    /// Whoever bought by the end of the calibration.
    pub buyers: Vec<Buyer>,
    /// Repeat purchases of theirs, by day from the start to the end of the holdout.
    pub repeats: Vec<u64>,
    /// Members who first bought later, and are left out.
    pub newcomers: u64,
    /// Purchases that were joined to another one of their day.
    pub merged: u64,
    /// Weeks that were asked to be held out and that the history does not have.
    pub short_of: u32,
}

/// Days from one day to another, which is not before it.
fn days(from: Date, to: Date) -> u32 {
    u32::try_from((to - from).get_days()).unwrap_or(0)
}

fn after(day: Date, days: i64) -> Option<Date> {
    day.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

impl Cohort {
    /// Sums up a history.
    ///
    /// # Errors
    /// When there is no purchase of a member, or none by the end of the calibration.
    pub fn gather(purchases: &[Purchase], span: &Span) -> Result<Self, Unfit> {
        let mut members: BTreeMap<&str, BTreeMap<Date, Vec<&Exact>>> = BTreeMap::new();
        for one in purchases {
            members.entry(&one.member).or_default().entry(one.day).or_default().push(&one.amount);
        }
        let bought = || members.values().flat_map(BTreeMap::keys).copied();
        let (Some(start), Some(last)) = (bought().min(), bought().max()) else { return Err(Unfit::NoPurchases) };
        let last = span.last.map_or(last, |given| given.max(last));
        let (until, held_until, short_of) = ends(start, last, span)?;
        let mut cohort = Self {
            unit: span.unit,
            merge_days: span.merge_days,
            start,
            until,
            held_until,
            buyers: Vec::new(),
            repeats: vec![0; days(start, held_until) as usize + 1],
            newcomers: 0,
            merged: 0,
            short_of,
        };
        for days in members.values() {
            cohort.add(days);
        }
        // In an order of their own, so that the names of members play no part.
        cohort.buyers.sort_by(|a, b| {
            (a.x, a.last, a.seen, a.later).cmp(&(b.x, b.last, b.seen, b.later)).then(a.spend.total_cmp(&b.spend))
        });
        Ok(cohort)
    }

    fn add(&mut self, bought: &BTreeMap<Date, Vec<&Exact>>) {
        let mut purchases: Vec<(Date, Exact)> = Vec::new();
        for (day, amounts) in bought {
            if !self.merge_days {
                purchases.extend(amounts.iter().map(|amount| (*day, (*amount).clone())));
                continue;
            }
            let mut sum = Exact::zero();
            amounts.iter().for_each(|amount| sum += *amount);
            self.merged += u64::try_from(amounts.len()).unwrap_or(u64::MAX) - 1;
            purchases.push((*day, sum));
        }
        let Some((first, _)) = purchases.first().cloned() else { return };
        if first > self.until {
            self.newcomers += u64::from(first <= self.held_until);
            return;
        }
        let again = &purchases[1..];
        let fitted = again.iter().take_while(|(day, _)| *day <= self.until).count();
        let held = again.iter().take_while(|(day, _)| *day <= self.held_until).count();
        for (day, _) in &again[..held] {
            self.repeats[days(self.start, *day) as usize] += 1;
        }
        let mut spent = Exact::zero();
        again[..fitted].iter().for_each(|(_, amount)| spent += amount);
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let x = count(fitted);
        self.buyers.push(Buyer {
            first: days(self.start, first),
            x,
            last: if x == 0 { 0 } else { days(first, again[fitted - 1].0) },
            seen: days(first, self.until),
            spend: if x == 0 { 0.0 } else { spent.to_f64_lossy() / f64::from(x) },
            later: count(held - fitted),
        });
    }

    /// Days held out.
    pub fn held_days(&self) -> u32 {
        days(self.until, self.held_until)
    }

    /// Days fitted, the first and the last one among them.
    pub fn fitted_days(&self) -> u32 {
        days(self.start, self.until) + 1
    }

    /// Members who bought again.
    pub fn repeaters(&self) -> usize {
        self.buyers.iter().filter(|buyer| buyer.x > 0).count()
    }

    /// The same, where they are enough to fit anything to.
    ///
    /// # Errors
    /// That they are too few to tell anything by.
    pub fn repeating(&self) -> Result<u64, Unfit> {
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let members = count(self.buyers.len());
        match count(self.repeaters()) {
            0 => Err(Unfit::NobodyRepeats { members }),
            repeaters if repeaters < LEAST => Err(Unfit::FewRepeat { repeaters, members }),
            repeaters => Ok(repeaters),
        }
    }

    /// A buyer's figures in the unit of time.
    pub fn row(&self, buyer: &Buyer) -> Row {
        let unit = self.unit.days();
        Row { x: buyer.x, last: f64::from(buyer.last) / unit, seen: f64::from(buyer.seen) / unit, members: 1.0 }
    }

    /// Members whose figures are the same, together; each with the sum of their mean spends.
    pub fn rows(&self) -> Vec<(Row, f64)> {
        let mut rows: BTreeMap<(u32, u32, u32), (Row, f64)> = BTreeMap::new();
        for buyer in &self.buyers {
            let (row, spend) =
                rows.entry((buyer.x, buyer.last, buyer.seen)).or_insert((Row { members: 0.0, ..self.row(buyer) }, 0.0));
            row.members += 1.0;
            *spend += buyer.spend;
        }
        rows.into_values().collect()
    }
}

/// The last day that is fitted, the last that is held out, and the weeks that are missing.
fn ends(start: Date, last: Date, span: &Span) -> Result<(Date, Date, u32), Unfit> {
    let outside = |until: Date| Unfit::OutsideHistory { until, start, last };
    match (span.until, span.holdout) {
        (Some(until), _) if until < start || until > last => Err(outside(until)),
        (Some(until), None) => Ok((until, last, 0)),
        (Some(until), Some(weeks)) => {
            let wanted = after(until, i64::from(weeks) * 7).unwrap_or(last);
            let short_of = if wanted > last { days(last, wanted).div_ceil(7) } else { 0 };
            Ok((until, wanted.min(last), short_of))
        }
        (None, holdout) => {
            // Without a word, the last third of the weeks is held out: a model that was never checked is a guess.
            let weeks = holdout.unwrap_or_else(|| (days(start, last) + 1) / 21);
            let until = after(last, -7 * i64::from(weeks)).filter(|until| *until >= start);
            until.map(|until| (until, last, 0)).ok_or(Unfit::HoldoutTooLong { weeks, start, last })
        }
    }
}
