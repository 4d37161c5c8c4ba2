//! How long members wait for their first reward: a life table, so that who joined lately is not counted as who never
//! gets one (Kaplan and Meier 1958, "Nonparametric Estimation from Incomplete Observations").

use crate::value::clock::{Date, Length};
use std::collections::BTreeMap;

/// Members by how long they waited.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waits {
    /// Those who had their first reward in this month of theirs, counted from 1, which is over.
    had: BTreeMap<u32, u64>,
    /// Those who had none in so many months that are over.
    open: BTreeMap<u32, u64>,
}

impl Waits {
    /// Adds a member who joined on a day, and had her first reward on another if at all; `last` is the last day looked at.
    pub fn add(&mut self, joined: Date, reward: Option<Date>, last: Date) {
        let over = last.tomorrow().map_or(0, |next| months_between(joined, next));
        match reward.map(|day| months_between(joined, day) + 1).filter(|month| *month <= over) {
            Some(month) => *self.had.entry(month).or_default() += 1,
            None => *self.open.entry(over).or_default() += 1,
        }
    }

    /// Adds others.
    pub fn join(&mut self, other: &Waits) {
        for (sum, more) in [(&mut self.had, &other.had), (&mut self.open, &other.open)] {
            more.iter().for_each(|(month, members)| *sum.entry(*month).or_default() += members);
        }
    }

    /// The share of members, 0 to 1, who had their first reward within 1, 2, … months of joining, as long as anybody
    /// was looked at for so long without one.
    pub fn shares(&self) -> Vec<f64> {
        let last = self.had.keys().chain(self.open.keys()).copied().max().unwrap_or(0);
        let mut still: u64 = self.had.values().sum::<u64>() + self.open.values().sum::<u64>();
        let mut without = 1.0;
        let mut shares = Vec::new();
        for month in 1..=last {
            // Who has seen no more than the month before is out of the table from here on.
            still -= self.open.get(&(month - 1)).copied().unwrap_or(0);
            if still == 0 {
                break;
            }
            let had = self.had.get(&month).copied().unwrap_or(0);
            without *= (still - had) as f64 / still as f64;
            still -= had;
            shares.push(1.0 - without);
        }
        shares
    }

    /// The month by whose end half of the members have had a reward; none where it does not come to half.
    pub fn median(&self) -> Option<u32> {
        self.shares().iter().position(|share| *share >= 0.5 - 1e-12).and_then(|at| u32::try_from(at + 1).ok())
    }
}

/// How many whole months lie between two days; none where the second is the earlier. From 31 January, the first is over
/// on 28 February.
fn months_between(from: Date, to: Date) -> u32 {
    let months = (i32::from(to.year()) - i32::from(from.year())) * 12 + i32::from(to.month()) - i32::from(from.month());
    let months = u32::try_from(months).unwrap_or(0);
    let over = |months: &u32| Length::Months(*months).after(from).is_some_and(|day| day <= to);
    if over(&months) { months } else { months.saturating_sub(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    #[test]
    fn months_are_whole() {
        assert_eq!(months_between(day("2026-01-31"), day("2026-02-27")), 0);
        assert_eq!(months_between(day("2026-01-31"), day("2026-02-28")), 1);
        assert_eq!(months_between(day("2026-01-15"), day("2027-01-14")), 11);
        assert_eq!(months_between(day("2026-01-15"), day("2026-01-01")), 0);
    }

    /// Four members by the end of June. A joined on 1 January, rewarded in her 2nd month; B with her, never; C on 1 May,
    /// two months over, rewarded in her 1st; D on 15 June, no month over. Month 1: 1 of 3. Month 2: 1 of the 2 that are
    /// left. So 1/3, then 1 - 2/3 * 1/2 = 2/3, and nobody more for B's months 3 to 6.
    #[test]
    fn who_joined_lately_is_no_failure() {
        let mut waits = Waits::default();
        let last = day("2026-06-30");
        waits.add(day("2026-01-01"), Some(day("2026-02-20")), last);
        waits.add(day("2026-01-01"), None, last);
        waits.add(day("2026-05-01"), Some(day("2026-05-01")), last);
        waits.add(day("2026-06-15"), Some(day("2026-06-16")), last);
        let shares = waits.shares();
        assert_eq!(shares.len(), 6);
        assert!((shares[0] - 1.0 / 3.0).abs() < 1e-12);
        assert!(shares[1..].iter().all(|share| (share - 2.0 / 3.0).abs() < 1e-12));
        assert_eq!(waits.median(), Some(2));
    }
}
