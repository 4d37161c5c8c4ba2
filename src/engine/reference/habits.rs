//! Ready-made measures of a member's own purchases (section 3, `segment`).

use super::scene::Scene;
use super::state::{Seen, SeenKind};
use crate::mechanics::condition::Value;
use crate::mechanics::habit::{COST, Habit, LEAST_GAPS};
use crate::value::clock::{Date, Length, Window, parse_date, yearly};
use crate::value::exact::Exact;

impl<'s, 'a> Scene<'s, 'a> {
    /// The value of a ready-made measure; none where there is nothing to look at.
    pub(super) fn habit(&self, habit: &Habit) -> Option<Value> {
        match habit {
            Habit::FirstPurchaseDay => self.days_bought().first().copied().map(Value::Date),
            Habit::DaysSinceFirstPurchase => {
                let first = *self.days_bought().first()?;
                Some(Value::Number(days_between(first, self.day)))
            }
            Habit::ExpectedGap => median(self.gaps()).map(Value::Number),
            Habit::Dormant => {
                let silent = self.silent();
                let twice = median(self.gaps()).map(|gap| gap * Exact::from_int(2));
                Some(Value::YesNo(matches!((silent, twice), (Some(silent), Some(twice)) if silent > twice)))
            }
            Habit::ChurnRisk => {
                let (silent, gaps) = (self.silent()?, self.gaps());
                let shorter = gaps.iter().filter(|gap| **gap < silent).count();
                if gaps.len() < LEAST_GAPS { None } else { Some(Value::Number(percent(shorter, gaps.len()))) }
            }
            Habit::ReducedShare(window) => self.reduced_share(window).map(Value::Number),
            Habit::Margin(window) => Some(Value::Number(self.margin(window))),
            Habit::Quintile(ranking) => {
                let place = self.program.rankings.iter().position(|one| one == ranking)?;
                self.opening.ranks.get(place).copied().flatten().map(|fifth| Value::Number(Exact::from_int(fifth)))
            }
            Habit::DateWithin(column, days) => {
                let date = self.member.columns.get(column).and_then(yearly_day);
                Some(Value::YesNo(date.is_some_and(|date| self.comes_within(date, *days))))
            }
        }
    }

    /// Whether the yearly day of a date lies between today and so many days on.
    pub(super) fn comes_within(&self, date: Date, days: u32) -> bool {
        let Some(last) = Length::Days(days).after(self.day) else { return false };
        (self.day.year()..=last.year()).any(|year| {
            let this = yearly(date, year);
            self.day <= this && this <= last
        })
    }

    /// Purchases that lay before this, in the order of time.
    fn bought(&self) -> impl Iterator<Item = &'s Seen<'a>> {
        let before = self.before;
        self.member.seen.iter().filter(move |seen| seen.kind == SeenKind::Purchase && seen.counted(before))
    }

    /// The days between one day with a purchase and the next.
    fn gaps(&self) -> Vec<Exact> {
        self.days_bought().windows(2).map(|two| days_between(two[0], two[1])).collect()
    }

    /// The days since the last purchase.
    fn silent(&self) -> Option<Exact> {
        self.days_bought().last().map(|last| days_between(*last, self.day))
    }

    /// Of the money spent, how much went to lines at reduced price, in percent.
    fn reduced_share(&self, window: &Window) -> Option<Exact> {
        let (mut all, mut reduced) = (Exact::zero(), Exact::zero());
        let span = self.span(window);
        for seen in self.bought().filter(|seen| span.holds(seen.at, seen.day)) {
            for view in self.views(seen) {
                all += &view.left.amount;
                if view.left.is_reduced(view.line) {
                    reduced += &view.left.amount;
                }
            }
        }
        if all.is_positive() { (reduced * Exact::from_int(100)).checked_div(&all) } else { None }
    }

    /// Money of the lines whose cost is known, less their tax and cost.
    fn margin(&self, window: &Window) -> Exact {
        let span = self.span(window);
        let mut margin = Exact::zero();
        for seen in self.bought().filter(|seen| span.holds(seen.at, seen.day)) {
            for view in self.views(seen) {
                let cost = view.line.field(COST).or_else(|| seen.event.field(COST)).and_then(Exact::parse);
                if let Some(cost) = cost {
                    margin += &view.left.amount - &view.left.tax - cost * &view.left.quantity;
                }
            }
        }
        margin
    }
}

/// The median, of an even number the mean of the two in the middle; none below [`LEAST_GAPS`].
pub fn median(mut figures: Vec<Exact>) -> Option<Exact> {
    if figures.len() < LEAST_GAPS {
        return None;
    }
    figures.sort_unstable();
    let middle = figures.len() / 2;
    Some(match figures.len() % 2 {
        1 => figures[middle].clone(),
        _ => (&figures[middle - 1] + &figures[middle]) * Exact::ratio(1, 2),
    })
}

/// A date of a members file, or the day of a year (`05-06`): 2000 has every day.
fn yearly_day(text: &str) -> Option<Date> {
    parse_date(text).ok().or_else(|| if text.len() == 5 { parse_date(&format!("2000-{text}")).ok() } else { None })
}

/// How many days lie between two.
pub fn days_between(from: Date, to: Date) -> Exact {
    Exact::from_int(i64::from((to - from).get_days()))
}

fn percent(part: usize, all: usize) -> Exact {
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    Exact::ratio(100 * number(part), number(all))
}
