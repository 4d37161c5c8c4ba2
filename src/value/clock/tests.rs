use super::*;
use jiff::civil::{date, time};

fn clock(zone: &str) -> Clock {
    Clock::new(zone).expect("a zone")
}

fn utc(text: &str) -> Moment {
    Moment(text.parse().expect("a timestamp"))
}

#[test]
fn months_clamp_and_count_from_the_original_day() {
    assert_eq!(Length::Months(1).after(date(2026, 1, 31)), Some(date(2026, 2, 28)));
    assert_eq!(Length::Months(1).after(date(2028, 1, 31)), Some(date(2028, 2, 29)));
    assert_eq!(Length::Months(2).after(date(2026, 1, 31)), Some(date(2026, 3, 31)));
    assert_eq!(Length::Years(1).after(date(2028, 2, 29)), Some(date(2029, 2, 28)));
    assert_eq!(Length::Months(1).before(date(2026, 3, 31)), Some(date(2026, 2, 28)));
    assert_eq!(Length::Weeks(2).after(date(2026, 2, 27)), Some(date(2026, 3, 13)));
    assert_eq!(Length::Days(u32::MAX).after(date(2026, 1, 1)), None);
    assert_eq!(Length::Years(u32::MAX).before(date(2026, 1, 1)), None);
    assert_eq!(Length::Days(1).after(Date::MAX), None);
}

#[test]
fn windows_are_whole_days_today_and_before() {
    let clock = clock("Europe/Bucharest");
    let days = |window: Window, day| window.days(&clock, day, Some(date(2024, 2, 29)), (None, None));
    let last = |n| Window::Last(n);
    assert_eq!(days(last(Length::Days(365)), date(2026, 12, 31)), (Some(date(2026, 1, 1)), Some(date(2026, 12, 31))));
    assert_eq!(days(last(Length::Days(1)), date(2026, 5, 5)), (Some(date(2026, 5, 5)), Some(date(2026, 5, 5))));
    assert_eq!(days(last(Length::Weeks(1)), date(2026, 5, 7)), (Some(date(2026, 5, 1)), Some(date(2026, 5, 7))));
    assert_eq!(days(last(Length::Months(1)), date(2026, 3, 15)), (Some(date(2026, 2, 16)), Some(date(2026, 3, 15))));
    assert_eq!(days(last(Length::Months(12)), date(2026, 12, 31)), (Some(date(2026, 1, 1)), Some(date(2026, 12, 31))));
    assert_eq!(days(Window::MembershipYear, date(2026, 2, 27)), (Some(date(2025, 2, 28)), Some(date(2026, 2, 27))));
    assert_eq!(days(Window::SinceJoining, date(2026, 2, 27)), (Some(date(2024, 2, 29)), None));
    assert_eq!(days(Window::Ever, date(2026, 2, 27)), (None, None));
    let at = utc("2026-02-03T12:00:00Z");
    assert_eq!(Window::LastHours(24).hours(at), Some((utc("2026-02-02T12:00:00Z"), at)));
}

#[test]
fn windows_read_as_the_language_says_them() {
    let shown = [
        Window::Last(Length::Days(365)),
        Window::LastHours(24),
        Window::Calendar(Period::Month),
        Window::MembershipYear,
        Window::SinceJoining,
    ]
    .map(|window| window.to_string());
    assert_eq!(shown, ["last 365 days", "last 24 hours", "calendar month", "membership year", "since joining"]);
}

#[test]
fn clock_changes_move_forward_and_take_the_first() {
    let bucharest = clock("Europe/Bucharest");
    // 29 March 2026, 03:00 becomes 04:00; 25 October, 04:00 becomes 03:00.
    assert_eq!(bucharest.moment(date(2026, 3, 29), time(3, 30, 0, 0)), utc("2026-03-29T01:30:00Z"));
    assert_eq!(bucharest.local(utc("2026-03-29T01:30:00Z")).1, time(4, 30, 0, 0));
    assert_eq!(bucharest.moment(date(2026, 10, 25), time(3, 30, 0, 0)), utc("2026-10-25T00:30:00Z"));
    let york = clock("America/New_York");
    assert_eq!(york.moment(date(2026, 3, 8), time(2, 30, 0, 0)), utc("2026-03-08T07:30:00Z"));
    assert_eq!(york.moment(date(2026, 11, 1), time(1, 30, 0, 0)), utc("2026-11-01T05:30:00Z"));
    let jerusalem = clock("Asia/Jerusalem");
    assert_eq!(jerusalem.moment(date(2026, 3, 27), time(2, 30, 0, 0)), utc("2026-03-27T00:30:00Z"));
    assert_eq!(jerusalem.end_of(date(2026, 3, 27)), utc("2026-03-27T21:00:00Z"));
}

#[test]
fn a_day_begins_at_its_start() {
    let mut clock = clock("Europe/Bucharest");
    clock.set_day_starts(time(4, 0, 0, 0));
    let at = |day, hour, minute| clock.moment(day, time(hour, minute, 0, 0));
    assert_eq!(clock.day_of(at(date(2026, 2, 4), 3, 59)), date(2026, 2, 3));
    assert_eq!(clock.day_of(at(date(2026, 2, 4), 4, 0)), date(2026, 2, 4));
    assert_eq!(clock.parse_moment("2026-02-04"), Ok((utc("2026-02-04T02:00:00Z"), false)));
}

#[test]
fn every_moment_lies_in_its_day_across_clock_changes() {
    for (zone, month) in [
        ("Europe/Bucharest", 3),
        ("America/New_York", 11),
        ("America/New_York", 3),
        ("Africa/Cairo", 4),
        ("Asia/Beirut", 3),
    ] {
        for start in [time(0, 0, 0, 0), time(1, 30, 0, 0), time(2, 30, 0, 0), time(3, 30, 0, 0), time(4, 0, 0, 0)] {
            let mut clock = clock(zone);
            clock.set_day_starts(start);
            let first = clock.start_of(date(2026, month, 1));
            for quarter in 0..(30 * 96_i64) {
                let at = Moment(first.0 + jiff::SignedDuration::from_mins(quarter * 15));
                let day = clock.day_of(at);
                assert!(clock.start_of(day) <= at && at < clock.end_of(day), "{zone} {start} {at:?}");
            }
        }
    }
}

#[test]
fn spans_follow_the_week_and_year_starts() {
    let mut clock = clock("Asia/Jerusalem");
    clock.set_week_starts(Weekday::Sunday);
    assert_eq!(clock.span_of(Period::Week, date(2026, 2, 7)), (date(2026, 2, 1), date(2026, 2, 7)));
    assert_eq!(clock.span_of(Period::Week, date(2026, 2, 8)), (date(2026, 2, 8), date(2026, 2, 14)));
    assert!(clock.set_year_starts(4, 1));
    assert_eq!(clock.span_of(Period::Year, date(2026, 3, 31)), (date(2025, 4, 1), date(2026, 3, 31)));
    assert_eq!(clock.span_of(Period::Quarter, date(2026, 3, 31)), (date(2026, 1, 1), date(2026, 3, 31)));
    assert_eq!(clock.span_of(Period::Quarter, date(2026, 4, 1)), (date(2026, 4, 1), date(2026, 6, 30)));
    assert_eq!(clock.next_start(Period::Quarter, date(2026, 12, 31)), date(2027, 1, 1));
    assert_eq!(clock.span_of(Period::Month, date(2028, 2, 1)), (date(2028, 2, 1), date(2028, 2, 29)));
    assert!(!clock.set_year_starts(2, 30));
    assert!(clock.set_year_starts(2, 29));
    assert_eq!(clock.span_of(Period::Year, date(2026, 2, 28)), (date(2026, 2, 28), date(2027, 2, 27)));
}

#[test]
fn spans_stop_at_the_edges_of_the_calendar() {
    let mut clock = clock("America/New_York");
    clock.set_year_starts(4, 1);
    for period in [Period::Day, Period::Week, Period::Month, Period::Quarter, Period::Year] {
        for day in [Date::MIN, Date::MAX] {
            let (first, last) = clock.span_of(period, day);
            assert!(first <= day && day <= last, "{period} {day}");
            clock.next_start(period, day);
            clock.day_of(clock.start_of(day));
        }
    }
    assert_eq!(clock.end_of(Date::MAX), Moment::MAX);
}

#[test]
fn birthdays_and_membership_years() {
    let leap = date(2024, 2, 29);
    assert_eq!(yearly(leap, 2026), date(2026, 2, 28));
    assert_eq!(yearly(leap, 2028), date(2028, 2, 29));
    assert_eq!(membership_year(date(2024, 5, 10), date(2026, 5, 9)), (date(2025, 5, 10), date(2026, 5, 9)));
    assert_eq!(membership_year(date(2024, 5, 10), date(2026, 5, 10)), (date(2026, 5, 10), date(2027, 5, 9)));
    assert_eq!(membership_year(leap, date(2028, 2, 28)), (date(2027, 2, 28), date(2028, 2, 28)));
}

#[test]
fn reads_moments_and_refuses_the_rest() {
    let clock = clock("Europe/Bucharest");
    for (text, want, timed) in [
        ("2026-02-03", "2026-02-02T22:00:00Z", false),
        ("2026-02-03 15:10", "2026-02-03T13:10:00Z", true),
        ("2026-02-03 15:10:07", "2026-02-03T13:10:07Z", true),
        ("2026-02-03T15:10:07.5", "2026-02-03T13:10:07.5Z", true),
        ("2026-02-03T15:10:07+03:00", "2026-02-03T12:10:07Z", true),
        ("2026-02-03T15:10:07-0330", "2026-02-03T18:40:07Z", true),
        ("2026-02-03T15:10:07Z", "2026-02-03T15:10:07Z", true),
    ] {
        assert_eq!(clock.parse_moment(text), Ok((utc(want), timed)), "{text}");
    }
    for (text, why) in [
        ("", BadMoment::Shape),
        ("03/02/2026", BadMoment::Shape),
        ("2026-2-3", BadMoment::Shape),
        ("2026-02-03 ", BadMoment::Shape),
        ("2026-02-03 15", BadMoment::Shape),
        ("2026-02-03 15:10:07.", BadMoment::Shape),
        ("2026-02-03 15:10 UTC", BadMoment::Shape),
        ("2026-02-03é", BadMoment::Shape),
        ("éééééé", BadMoment::Shape),
        ("2026-02-30", BadMoment::NoSuchDay),
        ("0000-01-01", BadMoment::NoSuchDay),
        ("2026-02-03 24:00", BadMoment::NoSuchTime),
        ("2026-02-03 15:10+26:00", BadMoment::NoSuchOffset),
    ] {
        assert_eq!(clock.parse_moment(text), Err(why), "{text}");
    }
    assert!(Clock::new("Europe/Bucuresti").is_err());
}

#[test]
fn stretches_follow_one_another_and_clamp_from_the_first_day() {
    let first = date(2026, 1, 31);
    let month = Length::Months(1);
    let all: Vec<_> = (0..3).filter_map(|nth| month.stretch(first, nth)).collect();
    assert_eq!(all[0], (first, date(2026, 2, 27)));
    assert_eq!(all[1], (date(2026, 2, 28), date(2026, 3, 30)));
    assert_eq!(all[2], (date(2026, 3, 31), date(2026, 4, 29)));
    for length in [Length::Days(1), Length::Days(10), Length::Weeks(2), month, Length::Months(3), Length::Years(1)] {
        // Each day lies in exactly one, and they meet.
        let mut stretch = length.stretch_of(first, date(2025, 12, 1)).expect("the first");
        assert_eq!(stretch.0, first, "{length}");
        for day in first.series(jiff::Span::new().days(1)).take(1200) {
            if day > stretch.1 {
                let next = length.stretch_of(first, day).expect("the next");
                assert_eq!((next.0, stretch.1.tomorrow().ok()), (day, Some(day)), "{length}");
                stretch = next;
            }
            assert_eq!(length.stretch_of(first, day), Some(stretch), "{length} {day}");
        }
    }
    assert_eq!(Length::Months(0).stretch_of(first, first), None);
    assert_eq!(Length::Years(9000).stretch_of(first, first), None);
}

#[test]
fn the_years_of_events_are_those_that_are_told() {
    assert_eq!(YEARS_OF_EVENTS, format!("the years {} to {}", FIRST_DAY.year(), LAST_DAY.year()));
    assert!(!is_far(FIRST_DAY) && !is_far(LAST_DAY));
    assert!(is_far(FIRST_DAY.yesterday().expect("a day")) && is_far(LAST_DAY.tomorrow().expect("a day")));
}
