//! Ready-made measures of a member: what her own purchases say of her, and where she stands among all members
//! (section 3, `segment`).

use crate::value::clock::Window;

/// The column of a line, or of its item, that says what it cost the shop.
pub const COST: &str = "cost";

/// A measure that needs no arithmetic of the program's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Habit {
    /// `first purchase`: its day; no value before it.
    FirstPurchaseDay,
    /// `days since first purchase`; no value before it.
    DaysSinceFirstPurchase,
    /// `expected gap`: the median of her own gaps between days with a purchase, in days; no value before the
    /// [`LEAST_GAPS`] it takes.
    ExpectedGap,
    /// `dormant` (yes or no): more than twice her expected gap has gone by.
    Dormant,
    /// `churn risk`: how many of her own gaps were shorter than the time since her last purchase, 0 to 100.
    ChurnRisk,
    /// `share of spend at reduced price in WINDOW`, 0 to 100; no value where nothing was spent.
    ReducedShare(Window),
    /// `margin in WINDOW`: money of the lines whose cost is known, less their tax and cost.
    Margin(Window),
    /// `recency`, `frequency`, `monetary` in WINDOW: 1 to 5, 5 the best; no value for who bought nothing in it.
    Quintile(Ranking),
    /// `member.COLUMN within N days` (yes or no): the yearly day of a date in the members file.
    DateWithin(String, u32),
}

/// So many gaps between days with a purchase make a rhythm: three days with one.
pub const LEAST_GAPS: usize = 2;

/// What all members who bought in a window are ranked by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ranking {
    /// The figure.
    pub by: RankedBy,
    /// Over which days.
    pub window: Window,
}

/// The figure of a ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RankedBy {
    /// The day of the last purchase, the latest the best.
    Recency,
    /// How many purchases.
    Frequency,
    /// Money spent, net of returns.
    Monetary,
}

impl RankedBy {
    /// The word as a program writes it.
    pub fn word(self) -> &'static str {
        match self {
            RankedBy::Recency => "recency",
            RankedBy::Frequency => "frequency",
            RankedBy::Monetary => "monetary",
        }
    }
}

impl Habit {
    /// How a program writes it.
    pub fn words(&self) -> String {
        let over = |word: &str, window: &Window| match window {
            Window::Ever => format!("{word} ever"),
            Window::Last(_)
            | Window::LastHours(_)
            | Window::Calendar(_)
            | Window::MembershipYear
            | Window::SinceJoining
            | Window::Campaign => format!("{word} in {window}"),
        };
        match self {
            Habit::FirstPurchaseDay => "first purchase".to_owned(),
            Habit::DaysSinceFirstPurchase => "days since first purchase".to_owned(),
            Habit::ExpectedGap => "expected gap".to_owned(),
            Habit::Dormant => "dormant".to_owned(),
            Habit::ChurnRisk => "churn risk".to_owned(),
            Habit::ReducedShare(window) => over("share of spend at reduced price", window),
            Habit::Margin(window) => over("margin", window),
            Habit::Quintile(ranking) => over(ranking.by.word(), &ranking.window),
            Habit::DateWithin(column, days) => format!("member.{column} within {days} days"),
        }
    }

    /// Whether it holds or does not by itself.
    pub fn is_yes_or_no(&self) -> bool {
        match self {
            Habit::Dormant | Habit::DateWithin(..) => true,
            Habit::FirstPurchaseDay
            | Habit::DaysSinceFirstPurchase
            | Habit::ExpectedGap
            | Habit::ChurnRisk
            | Habit::ReducedShare(_)
            | Habit::Margin(_)
            | Habit::Quintile(_) => false,
        }
    }
}

/// The quintile of who stands at `rank` (from 1; of equals the mean of their ranks, so twice it is whole) among
/// `all`: five times the rank over all, rounded up.
pub fn quintile(twice_rank: usize, all: usize) -> i64 {
    let fifth = (5 * twice_rank).div_ceil(2 * all.max(1));
    i64::try_from(fifth.clamp(1, 5)).unwrap_or(5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quintiles_go_by_the_mean_rank_of_equals() {
        let of = |ranks: &[usize]| -> Vec<i64> { ranks.iter().map(|twice| quintile(*twice, ranks.len())).collect() };
        assert_eq!(of(&[2, 4, 6, 8, 10]), [1, 2, 3, 4, 5]);
        assert_eq!(of(&[2, 4, 6, 8, 10, 12, 14, 16, 18, 20]), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
        // Ten of whom six are equal and the least: their mean rank is 3.5, so they stand in 2.
        assert_eq!(quintile(7, 10), 2);
        // All equal: in the middle.
        assert_eq!(quintile(11, 10), 3);
        assert_eq!(quintile(2, 1), 5);
    }
}
