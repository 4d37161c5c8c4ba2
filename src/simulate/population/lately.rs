//! What members did in a stretch of days, and how that is measured: by the same formulas as an objective of a real history
//! (`engine::measures`; `docs/numbers.md`), over the purchases of simulated people.

use crate::mechanics::Program;
use crate::mechanics::objective::Indicator;
use crate::value::clock::{Date, Length};

use super::calendar::Calendar;
use super::member::Sale;

/// How many days the measures of what members do lately look at.
pub(super) const LATELY: Length = Length::Days(90);

/// Sums of money, in minor units.
type Sum = i128;

/// The stretches of days that a program is asked about: all of them first, then the last 90 days, then those of its
/// objectives.
pub(super) fn stretches(program: &Program) -> Vec<Option<Length>> {
    let mut all = vec![None, Some(LATELY)];
    for objective in &program.settings.objectives {
        if !all.contains(&objective.within) {
            all.push(objective.within);
        }
    }
    all
}

/// A stretch of days up to the end of a simulation, in days of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    length: Option<Length>,
    /// Its first day.
    first: f64,
    /// The first day of as long a stretch before it.
    before: f64,
}

impl Stretch {
    /// The last days of a simulation; all of them where no length is said.
    pub(super) fn of(length: Option<Length>, calendar: &Calendar) -> Self {
        let first = |last: Date| length.and_then(|length| length.before(last)).and_then(|day| day.tomorrow().ok());
        let number = |day: Option<Date>| day.map_or(f64::NEG_INFINITY, |day| calendar.number(day));
        let begins = first(calendar.last());
        let before = begins.and_then(|day| day.yesterday().ok()).and_then(first);
        Self { length, first: number(begins), before: number(before) }
    }
}

/// What members did in a stretch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Lately {
    /// Purchases that stand.
    purchases: u64,
    /// Days with one: in a population there is one store.
    visits: u64,
    /// Their money.
    sales: Sum,
    /// The same of purchases that a discount or coupon took something off.
    reduced: Sum,
    /// Members who bought.
    buyers: u64,
    /// Those of them with half of their money or more at purchases that something was taken off.
    hunters: u64,
    /// Members who bought in as long a stretch before.
    before: u64,
    /// Those of them who bought in this one too.
    stayed: u64,
    /// Members whose time to buy again is over.
    had_time: u64,
    /// Those of them who did.
    again: u64,
    /// Members who stood dormant.
    dormant: u64,
    /// Those of them who bought again.
    back: u64,
}

impl Lately {
    /// Adds a member: her purchases in order.
    pub(super) fn member(&mut self, sales: &[Sale], stretch: &Stretch, calendar: &Calendar) {
        let standing = || sales.iter().filter(|sale| sale.stands());
        let (mut purchases, mut money, mut reduced, mut last) = (0, 0, 0, f64::NAN);
        for sale in standing().filter(|sale| sale.at >= stretch.first) {
            purchases += 1;
            money += Sum::from(sale.amount);
            reduced += if sale.reduced { Sum::from(sale.amount) } else { 0 };
            let day = sale.at.floor();
            self.visits += u64::from(std::mem::replace(&mut last, day) != day);
        }
        let bought = purchases > 0;
        let before = standing().any(|sale| sale.at >= stretch.before && sale.at < stretch.first);
        self.purchases += purchases;
        self.sales += money;
        self.reduced += reduced;
        self.buyers += u64::from(bought);
        self.hunters += u64::from(bought && reduced * 2 >= money);
        self.before += u64::from(before);
        self.stayed += u64::from(before && bought);
        let days = days(standing());
        let (had_time, again) = repeats(&days, stretch.length, calendar);
        self.had_time += u64::from(had_time);
        self.again += u64::from(again);
        if stretch.length.is_some() {
            let (dormant, back) = dormant(&days, stretch.first, calendar.number(calendar.last()));
            self.dormant += u64::from(dormant);
            self.back += u64::from(back);
        }
    }

    /// Adds what others did.
    pub(super) fn add(&mut self, other: &Self) {
        self.purchases += other.purchases;
        self.visits += other.visits;
        self.sales += other.sales;
        self.reduced += other.reduced;
        self.buyers += other.buyers;
        self.hunters += other.hunters;
        self.before += other.before;
        self.stayed += other.stayed;
        self.had_time += other.had_time;
        self.again += other.again;
        self.dormant += other.dormant;
        self.back += other.back;
    }

    /// A measure of it; none where it is not of purchases, or looks at more days than there are. Percent: 35 is 35%. Money
    /// has so many minor units; each member played stands for so many; they are so many members in all.
    pub(super) fn measured(&self, indicator: Indicator, of: &Told) -> Option<f64> {
        let Told { stretch, money, scale, members } = of;
        // What looks at more days than there are is not yet known.
        let (whole, twice) = (stretch.first >= 0.0, stretch.before >= 0.0);
        let known = stretch.length.is_none() || whole;
        let count = |count: u64| known.then_some(count as f64 * scale);
        let sum = |sum: Sum| sum as f64 / money * scale;
        let share = |part: f64, whole: f64| (whole > 0.0).then(|| part / whole * 100.0);
        let people = |part: u64, of: u64| share(part as f64, of as f64);
        match indicator {
            Indicator::Buyers => count(self.buyers),
            Indicator::Purchases => count(self.purchases),
            Indicator::Visits => count(self.visits),
            Indicator::Sales => known.then(|| sum(self.sales)),
            Indicator::AverageBasket if self.purchases > 0 => {
                known.then(|| sum(self.sales) / (self.purchases as f64 * scale))
            }
            Indicator::PurchaseFrequency if self.buyers > 0 => {
                known.then(|| self.purchases as f64 / self.buyers as f64)
            }
            Indicator::AverageBasket | Indicator::PurchaseFrequency => None,
            Indicator::RepeatRate => people(self.again, self.had_time),
            Indicator::ActiveRate => share(self.buyers as f64, *members).filter(|_| known),
            Indicator::RetentionRate => people(self.stayed, self.before).filter(|_| twice),
            Indicator::ChurnRate => people(self.before - self.stayed, self.before).filter(|_| twice),
            Indicator::ReducedShare => share(self.reduced as f64, self.sales as f64).filter(|_| known),
            Indicator::BargainHunters => people(self.hunters, self.buyers).filter(|_| known),
            Indicator::WonBack => count(self.back),
            Indicator::WinBackRate => people(self.back, self.dormant).filter(|_| known),
            Indicator::Members
            | Indicator::RedemptionRate
            | Indicator::Breakage
            | Indicator::ShareOfPurchases
            | Indicator::ShareOfSales
            | Indicator::CostOfRewards
            | Indicator::RewardCostRate
            | Indicator::Liability => None,
        }
    }
}

/// What a measure is told with.
pub(super) struct Told<'a> {
    /// Of which days.
    pub(super) stretch: &'a Stretch,
    /// Minor units in one of the money.
    pub(super) money: f64,
    /// Members for each that was played.
    pub(super) scale: f64,
    /// Members that were played.
    pub(super) members: f64,
}

/// Days with a purchase, each once.
fn days<'s>(sales: impl Iterator<Item = &'s Sale>) -> Vec<f64> {
    let mut days: Vec<f64> = sales.map(|sale| sale.at.floor()).collect();
    days.dedup();
    days
}

/// Whether her time to buy again is over, and whether she did in it.
fn repeats(days: &[f64], length: Option<Length>, calendar: &Calendar) -> (bool, bool) {
    let Some(first) = days.first() else { return (false, false) };
    let Some(length) = length else { return (true, days.len() > 1) };
    let last = length.after(calendar.at(*first).0).filter(|last| *last <= calendar.last());
    let Some(last) = last.map(|last| calendar.number(last)) else { return (false, false) };
    (true, days.get(1).is_some_and(|second| *second <= last))
}

/// Whether she stood dormant in a stretch of days, and whether she bought again after that in it: silent for more than
/// twice the median of her gaps before.
fn dormant(days: &[f64], first: f64, last: f64) -> (bool, bool) {
    let gaps: Vec<f64> = days.windows(2).map(|two| two[1] - two[0]).collect();
    let (mut dormant, mut back) = (false, false);
    for (at, from) in days.iter().enumerate() {
        let next = days.get(at + 1);
        let until = next.copied().unwrap_or(last);
        if until >= first && is_above_median(&gaps[..at], (until - from) / 2.0) {
            dormant = true;
            back |= next.is_some();
        }
    }
    (dormant, back)
}

/// Whether this is more than the median of gaps; of fewer gaps than a member is known by it is not.
fn is_above_median(gaps: &[f64], this: f64) -> bool {
    if gaps.len() < crate::mechanics::habit::LEAST_GAPS {
        return false;
    }
    let shorter = gaps.iter().filter(|gap| **gap < this).count();
    if gaps.len() % 2 == 1 || shorter * 2 != gaps.len() {
        // The middle one, or both in the middle, lie on one side.
        return shorter * 2 > gaps.len();
    }
    let below = gaps.iter().copied().filter(|gap| *gap < this).fold(f64::NEG_INFINITY, f64::max);
    let above = gaps.iter().copied().filter(|gap| *gap >= this).fold(f64::INFINITY, f64::min);
    f64::midpoint(below, above) < this
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::clock::Clock;

    fn sale(at: f64, amount: i64) -> Sale {
        Sale { at, amount, comes_back: false, reduced: false }
    }

    /// 2026-01-01 to 2026-06-30: days 0 to 180; the last 30 are 151 to 180, the 30 before them 121 to 150.
    fn half_a_year() -> Calendar {
        Calendar::new(&Clock::utc(), Date::constant(2026, 1, 1), 6)
    }

    #[test]
    fn measures_of_two_members_by_hand() {
        let calendar = half_a_year();
        let stretch = Stretch::of(Some(Length::Days(30)), &calendar);
        assert_eq!((stretch.first, stretch.before), (151.0, 121.0));
        let mut lately = Lately::default();
        // Gaps 10, 10, 10, then 120 days of silence up to day 150, and back on day 160, twice.
        let reduced = Sale { reduced: true, ..sale(160.5, 3_000) };
        let back =
            [sale(0.2, 1_000), sale(10.2, 1_000), sale(20.2, 1_000), sale(30.2, 1_000), sale(160.2, 1_000), reduced];
        lately.member(&back, &stretch, &calendar);
        // Every ten days to the end; the purchase of day 175 came back, and never was one.
        let mut steady: Vec<Sale> = (0..18).map(|nth| sale(f64::from(nth) * 10.0 + 0.5, 2_000)).collect();
        steady.push(Sale { comes_back: true, ..sale(175.5, 9_000) });
        lately.member(&steady, &stretch, &calendar);
        let told = Told { stretch: &stretch, money: 100.0, scale: 10.0, members: 2.0 };
        let of = |indicator| lately.measured(indicator, &told);
        // Hers of 160, and of 150.5 < 151 ≤ 160.5 and 170.5 the other's two.
        assert_eq!(of(Indicator::Purchases), Some(40.0));
        assert_eq!(of(Indicator::Visits), Some(30.0));
        assert_eq!(of(Indicator::Sales), Some(800.0));
        assert_eq!(of(Indicator::AverageBasket), Some(20.0));
        assert_eq!(of(Indicator::ActiveRate), Some(100.0));
        assert_eq!(of(Indicator::RetentionRate), Some(100.0));
        assert_eq!(of(Indicator::ChurnRate), Some(0.0));
        assert_eq!(of(Indicator::BargainHunters), Some(50.0));
        assert_eq!(of(Indicator::ReducedShare), Some(37.5));
        assert_eq!(of(Indicator::WonBack), Some(10.0));
        assert_eq!(of(Indicator::WinBackRate), Some(100.0));
        // Both bought again within 30 days of their first.
        assert_eq!(of(Indicator::RepeatRate), Some(100.0));
        assert_eq!(of(Indicator::Members), None);
    }

    #[test]
    fn what_looks_at_more_days_than_there_are_is_not_known() {
        let calendar = half_a_year();
        let mut lately = Lately::default();
        let all = [sale(1.5, 1_000), sale(100.5, 1_000)];
        let known = |length: Option<Length>, indicator| {
            let stretch = Stretch::of(length, &calendar);
            let mut lately = Lately::default();
            lately.member(&all, &stretch, &calendar);
            lately.measured(indicator, &Told { stretch: &stretch, money: 100.0, scale: 1.0, members: 1.0 })
        };
        assert_eq!(known(Some(Length::Days(181)), Indicator::Purchases), Some(2.0));
        assert_eq!(known(Some(Length::Days(182)), Indicator::Purchases), None);
        assert_eq!(known(Some(Length::Days(90)), Indicator::RetentionRate), Some(100.0));
        assert_eq!(known(Some(Length::Days(91)), Indicator::RetentionRate), None);
        // Not bought again within 30 days; of a whole year nobody's time is over.
        assert_eq!(known(Some(Length::Days(30)), Indicator::RepeatRate), Some(0.0));
        assert_eq!(known(Some(Length::Years(1)), Indicator::RepeatRate), None);
        assert_eq!(known(None, Indicator::RepeatRate), Some(100.0));
        lately.member(&[], &Stretch::of(None, &calendar), &calendar);
        assert_eq!(lately, Lately::default());
    }

    #[test]
    fn the_median_is_that_of_a_real_history() {
        // Of an even number it lies between the two in the middle.
        assert!(is_above_median(&[1.0, 10.0], 5.6));
        assert!(!is_above_median(&[1.0, 10.0], 5.5));
        assert!(is_above_median(&[1.0, 2.0, 9.0], 2.1));
        assert!(!is_above_median(&[1.0, 2.0, 9.0], 2.0));
        assert!(!is_above_median(&[3.0, 3.0], 3.0));
        assert!(!is_above_median(&[1.0], 100.0));
    }
}
