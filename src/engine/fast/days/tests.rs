//! Days as numbers against the calendar, last days against the reference's own arithmetic.

use super::{Days, Ending, LAST, NEVER, Reach, date, next, number};
use crate::mechanics::points::Life;
use crate::value::clock::{Clock, Date, Length, Period, Window, membership_year};
use jiff::ToSpan;
use jiff::civil::date as civil;
use proptest::prelude::*;

#[test]
fn each_day_of_the_calendar_has_its_number() {
    let mut day = civil(1970, 1, 1);
    for wanted in 0..60_000 {
        assert_eq!((number(day), date(wanted)), (wanted, Some(day)));
        day = day.tomorrow().unwrap();
    }
    for (day, wanted) in [(civil(1969, 12, 31), -1), (civil(1, 1, 1), -719_162), (civil(0, 2, 29), -719_469)] {
        assert_eq!((number(day), date(wanted)), (wanted, Some(day)));
    }
    assert_eq!((number(Date::MAX), date(LAST), next(LAST)), (LAST, Some(Date::MAX), NEVER));
    assert_eq!((date(LAST + 1), date(NEVER), date(number(Date::MIN))), (None, None, Some(Date::MIN)));
}

fn length() -> impl Strategy<Value = Length> {
    prop_oneof![
        (0..800_u32).prop_map(Length::Days),
        (0..60_u32).prop_map(Length::Weeks),
        (0..40_u32).prop_map(Length::Months),
        (0..9_u32).prop_map(Length::Years),
    ]
}

fn period() -> impl Strategy<Value = Period> {
    prop::sample::select(vec![Period::Day, Period::Week, Period::Month, Period::Quarter, Period::Year])
}

fn window() -> impl Strategy<Value = Window> {
    prop_oneof![
        length().prop_map(Window::Last),
        period().prop_map(Window::Calendar),
        Just(Window::MembershipYear),
        Just(Window::SinceJoining),
        Just(Window::Ever),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_last_day_kept_is_the_last_day_worked_out(
        length in length(),
        at_end_of in prop::option::of(period()),
        starts in prop::collection::vec(6_000..60_000_i32, 1..6),
        year_starts in (1..13_i8, 1..29_i8),
    ) {
        let mut clock = Clock::utc();
        clock.set_year_starts(year_starts.0, year_starts.1);
        let mut days = Days::new(&clock);
        let id = days.ending(Ending::Life(Life { length, at_end_of })).unwrap();
        for start in starts.iter().chain(&starts) {
            let last = length.after(date(*start).unwrap()).unwrap();
            let wanted = at_end_of.map_or(last, |period| clock.span_of(period, last).1);
            prop_assert_eq!(days.end(id, *start), number(wanted));
        }
    }

    #[test]
    fn a_yearly_day_is_the_next_one(start in 6_000..60_000_i32, month in 1..13_i8, day in 1..32_i8) {
        let mut days = Days::new(&Clock::utc());
        let id = days.ending(Ending::Yearly(month, day)).unwrap();
        let first = date(start).unwrap();
        // Day by day: the first that is it, or the 28th where the month has no such day.
        let is_it = |on: &Date| {
            let wanted = Date::new(on.year(), month, day).or_else(|_| Date::new(on.year(), month, 28)).unwrap();
            *on == wanted
        };
        let wanted = (0..800).map(|more: i64| first.checked_add(more.days()).unwrap()).find(is_it).unwrap();
        prop_assert_eq!(days.end(id, start), number(wanted));
    }

    #[test]
    fn a_window_reaches_as_far_as_the_calendar_says(
        windows in prop::collection::vec(window(), 1..3),
        asked in prop::collection::vec((8_000..30_000_i32, prop::option::of(8_000..30_000_i32)), 1..6),
    ) {
        let clock = Clock::utc();
        let mut days = Days::new(&clock);
        for (day, joined) in asked {
            for window in &windows {
                let (today, since) = (date(day).unwrap(), joined.map(|joined| date(joined).unwrap()));
                let (first, last) = match (window, since) {
                    (Window::MembershipYear, Some(since)) => {
                        let (first, last) = membership_year(since, today);
                        (Some(first), Some(last))
                    }
                    (Window::MembershipYear, None) => {
                        let (first, last) = clock.span_of(Period::Year, today);
                        (Some(first), Some(last))
                    }
                    (window, since) => window.days(&clock, today, since, (None, None)),
                };
                let wanted = Reach::Days(first.map_or(i32::MIN, number), last.map_or(i32::MAX, number));
                prop_assert_eq!(days.reach(*window, 0, day, joined), Ok(wanted));
            }
        }
    }
}
