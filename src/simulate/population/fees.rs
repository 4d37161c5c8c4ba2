//! Fees of paid memberships: taken as a term begins, earned day by day while it runs.
//!
//! What of a fee is for days behind the end of the simulation is not gained yet, or a program would look the better the
//! later its members paid.

use crate::mechanics::MembershipId;
use crate::value::clock::Date;

use super::calendar::Calendar;

/// A fee that was told: below zero what was given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fee {
    /// When it was taken or given back.
    pub(super) day: Date,
    /// Of which membership.
    pub(super) membership: MembershipId,
    /// In ten-thousandths of the money.
    pub(super) amount: i64,
    /// The last day that is covered now; none: it was cancelled.
    pub(super) until: Option<Date>,
}

/// A fee and the days that it is for.
#[derive(Debug, Clone, Copy)]
struct Term {
    membership: MembershipId,
    first: Date,
    last: Date,
    amount: i64,
}

impl Term {
    /// What of the fee is for the days up to this one, which is left out.
    fn before(&self, day: Date) -> i64 {
        let days = |from: Date, to: Date| i128::from((to - from).get_days());
        let all = days(self.first, self.last) + 1;
        let gone = days(self.first, day).clamp(0, all.max(1));
        i64::try_from(i128::from(self.amount) * gone / all.max(1)).unwrap_or(self.amount)
    }
}

/// What a member's fees, told in order, came to: what was paid less what came back, and what of it was earned in each
/// month of the calendar through its horizon's last day.
pub(super) fn earned(fees: &[Fee], calendar: &Calendar, horizon: Date, months: &mut [i128]) -> (i64, i64) {
    let (mut paid, mut earned) = (0_i64, 0_i64);
    let mut running: Vec<Term> = Vec::new();
    let mut over = |term: &Term, cancelled: Option<Date>| {
        // What is left of the fee of who cancels is nothing that is owed any more.
        let end = horizon.tomorrow().unwrap_or(horizon);
        let end = cancelled.map_or(end, |day| end.min(day));
        let first = calendar.month_of(term.first);
        let mut before = 0;
        for (month, sum) in months.iter_mut().enumerate().skip(first) {
            let next = calendar.months.get(month + 1).copied().unwrap_or(end).min(end);
            let upto = term.before(next.max(term.first));
            *sum += i128::from(upto - before);
            before = upto;
        }
        if let Some(day) = cancelled.filter(|day| *day <= horizon) {
            months[calendar.month_of(day)] += i128::from(term.amount - before);
            before = term.amount;
        }
        earned += before;
    };
    for fee in fees {
        paid = paid.saturating_add(fee.amount);
        match fee.until {
            Some(last) => {
                let ahead = running.iter().filter(|term| term.membership == fee.membership).map(|term| term.last).max();
                let ahead = ahead.and_then(|last| last.tomorrow().ok());
                let first = ahead.map_or(fee.day, |first| first.max(fee.day)).min(last);
                running.push(Term { membership: fee.membership, first, last, amount: fee.amount });
            }
            None => {
                running.retain(|term| {
                    let goes = term.membership == fee.membership;
                    if goes {
                        over(term, Some(fee.day));
                    }
                    !goes
                });
                let day = Term { membership: fee.membership, first: fee.day, last: fee.day, amount: fee.amount };
                over(&day, Some(fee.day));
            }
        }
    }
    running.iter().for_each(|term| over(term, None));
    (paid, earned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::clock::Clock;

    fn day(month: i8, day: i8) -> Date {
        Date::constant(2026, month, day)
    }

    fn fee(when: Date, amount: i64, until: Option<Date>) -> Fee {
        Fee { day: when, membership: MembershipId(0), amount, until }
    }

    #[test]
    fn a_fee_is_earned_day_by_day() {
        let calendar = Calendar::new(&Clock::utc(), day(1, 1), 3);
        let horizon = day(3, 31);
        let mut months = [0; 3];
        // A hundred days from 1 March: 31 of them before the end.
        let all = [fee(day(3, 1), 1_000, Some(day(6, 8)))];
        assert_eq!(earned(&all, &calendar, horizon, &mut months), (1_000, 310));
        assert_eq!(months, [0, 0, 310]);
        // Thirty days from 17 January: 15 in January; the next thirty are paid ahead, 13 of them in February.
        let mut months = [0; 3];
        let all = [fee(day(1, 17), 300, Some(day(2, 15))), fee(day(2, 15), 300, Some(day(3, 17)))];
        assert_eq!(earned(&all, &calendar, horizon, &mut months), (600, 600));
        assert_eq!(months, [150, 280, 170]);
    }

    #[test]
    fn who_cancels_is_owed_nothing_more() {
        let calendar = Calendar::new(&Clock::utc(), day(1, 1), 3);
        let horizon = day(3, 31);
        // A year from 1 January, given up on 1 February: 31 of 365 days were earned, and what does not come back is.
        let mut months = [0; 3];
        let all = [fee(day(1, 1), 36_500, Some(day(12, 31))), fee(day(2, 1), -33_400, None)];
        assert_eq!(earned(&all, &calendar, horizon, &mut months), (3_100, 3_100));
        assert_eq!(months, [3_100, 0, 0]);
        let mut months = [0; 3];
        let all = [fee(day(1, 1), 36_500, Some(day(12, 31))), fee(day(2, 1), 0, None)];
        assert_eq!(earned(&all, &calendar, horizon, &mut months), (36_500, 36_500));
        assert_eq!(months, [3_100, 33_400, 0]);
    }
}
