use super::{Membership, Settings, read};
use crate::mechanics::objective::Indicator;
use crate::mechanics::specimen::Frame;
use crate::value::clock::{Length, Weekday};
use crate::value::exact::Exact;
use jiff::civil::{date, time};

const PROGRAM: Frame<'_, Option<Settings>> = Frame { text: "program cafe {\n@\n}", keyword: "program", read };

const CLOCK: &str = "money RON\nclock zone \"Europe/Bucharest\"";

fn good(lines: &str) -> Settings {
    PROGRAM.good(lines).expect("it reads")
}

#[test]
fn money_and_its_minor_units() {
    for (line, minor_units) in [("money RON", 2), ("money JPY", 0), ("money KWD", 3)] {
        let settings = good(&format!("{line}\nclock zone \"UTC\""));
        assert_eq!((format!("money {}", settings.money).as_str(), settings.minor_units), (line, minor_units));
    }
}

#[test]
fn clock_parts_stand_in_any_order() {
    for line in [
        "clock zone \"Europe/Bucharest\", day starts 04:00, week starts sunday, year starts 04-01",
        "clock year starts 04-01, day starts at 04:00, zone \"Europe/Bucharest\", week starts on sunday",
        "clock zone \"Europe/Bucharest\" day starts 04:00 week starts sunday year starts 04-01",
    ] {
        let clock = good(&format!("money RON\n{line}")).clock;
        assert_eq!(clock.zone_name(), "Europe/Bucharest");
        assert_eq!(clock.day_starts(), time(4, 0, 0, 0));
        assert_eq!(clock.week_starts(), Weekday::Sunday);
        assert_eq!(clock.year_starts(), (4, 1));
    }
    let clock = good(CLOCK).clock;
    assert_eq!((clock.day_starts(), clock.week_starts()), (time(0, 0, 0, 0), Weekday::Monday));
}

#[test]
fn days_and_members() {
    let (first, last) = (Some(date(2026, 1, 1)), Some(date(2026, 12, 31)));
    for (lines, from, until) in [
        ("", None, None),
        ("from 2026-01-01", first, None),
        ("until 2026-12-31", None, last),
        ("from 2026-01-01\nuntil 2026-12-31", first, last),
        ("from 2026-01-01 until 2026-12-31", first, last),
    ] {
        let settings = good(&format!("{CLOCK}\n{lines}"));
        assert_eq!((settings.from, settings.until), (from, until), "{lines}");
    }
    for (line, days) in
        [("", 30), ("late events up to 45 days", 45), ("late events 10 days", 10), ("late events up to 2 weeks", 14)]
    {
        assert_eq!(good(&format!("{CLOCK}\n{line}")).late_days, days, "{line}");
    }
    for (line, membership) in [
        ("", Membership::Any),
        ("members join by event", Membership::ByEvent),
        ("members join by first purchase", Membership::ByFirstPurchase),
    ] {
        assert_eq!(good(&format!("{CLOCK}\n{line}")).membership, membership, "{line}");
    }
}

#[test]
fn objectives_and_rates() {
    let settings = good(&format!(
        "{CLOCK}\nobjective retain repeat rate at least 35% within 90 days\nobjective save cost at most 4000 RON\n\
         exchange \"rates.csv\""
    ));
    let [retain, save] = settings.objectives.as_slice() else { panic!("two objectives") };
    assert_eq!((retain.word.as_str(), retain.indicator, retain.at_least), ("retain", Indicator::RepeatRate, true));
    assert_eq!(retain.figure, Exact::from_int(35));
    assert_eq!(retain.within, Some(Length::Days(90)));
    assert_eq!((save.indicator, save.at_least), (Indicator::CostOfRewards, false));
    assert_eq!(settings.exchange.map(|(file, _)| file).as_deref(), Some("rates.csv"));
}

#[test]
fn messages_and_their_good_twins() {
    let with = |line: &str| format!("{CLOCK}\n{line}");
    let replacing = |lines: &str| with(&format!("replaces \"old.loyal\" from 2026-01-01\n{lines}"));
    let cases = [
        ("money RUN\nclock zone \"UTC\"".to_owned(), "money RON\nclock zone \"UTC\"".to_owned()),
        ("money lei\nclock zone \"UTC\"".to_owned(), "money RON\nclock zone \"UTC\"".to_owned()),
        ("clock zone \"UTC\"".to_owned(), CLOCK.to_owned()),
        ("money RON".to_owned(), CLOCK.to_owned()),
        ("money RON\nclock zone \"Europe/Bucarest\"".to_owned(), CLOCK.to_owned()),
        ("money RON\nclock zone \"Bucharest\"".to_owned(), CLOCK.to_owned()),
        ("money RON\nclock zone \"Atlantis\"".to_owned(), CLOCK.to_owned()),
        ("money RON\nclock day starts 04:00".to_owned(), CLOCK.to_owned()),
        (
            "money RON\nclock zone \"UTC\", day starts 04:00, day starts 05:00".to_owned(),
            "money RON\nclock zone \"UTC\", day starts 04:00".to_owned(),
        ),
        (
            "money RON\nclock zone \"UTC\", day starts 24:30".to_owned(),
            "money RON\nclock zone \"UTC\", day starts 23:30".to_owned(),
        ),
        (
            "money RON\nclock zone \"UTC\", year starts 02-30".to_owned(),
            "money RON\nclock zone \"UTC\", year starts 02-29".to_owned(),
        ),
        (with("from 2026-02-30"), with("from 2026-02-28")),
        (with("from 2026-12-31\nuntil 2026-01-01"), with("from 2026-01-01\nuntil 2026-01-01")),
        (with("from 2026-01-01 until 2026-02-01\nuntil 2026-03-01"), with("from 2026-01-01 until 2026-02-01")),
        (with("late events up to 2 months"), with("late events up to 60 days")),
        (with("members join by card"), with("members join by event")),
        (with("objective retain repeat rate above 35%"), with("objective retain repeat rate at least 35%")),
        (with("objective retain repeat rat at least 35%"), with("objective retain repeat rate at least 35%")),
        (with("objective retain happiness at least 35%"), with("objective retain repeat rate at least 35%")),
        (with("objective retain repeat rate at least 35"), with("objective retain repeat rate at least 35%")),
        (with("objective grow members at least 35%"), with("objective grow members at least 500")),
        (with("objective grow members at least 500 RON"), with("objective grow members at least 500 members")),
        (with("objective grow members at least 2.5"), with("objective grow members at least 2")),
        (with("objective sell sales at least 90000"), with("objective sell sales at least 90000 RON")),
        (
            with("objective often purchase frequency at least 3 RON"),
            with("objective often purchase frequency at least 3.5"),
        ),
        (
            with("objective keep active rate at least 40%"),
            with("objective keep active rate at least 40% within 90 days"),
        ),
        (with("objective keep members at least 40 within 90 days"), with("objective keep members at least 40")),
        (
            with("objective keep repeat rate at least 40% within 0 days"),
            with("objective keep repeat rate at least 40% within 9 days"),
        ),
        (with("objective owe sales of star at most 90 RON"), with("objective owe liability at most 90 RON")),
        (with("replaces \"old.loyal\""), with("replaces \"old.loyal\" from 2026-01-01")),
        (with("replaces old.loyal from 2026-01-01"), with("replaces \"old.loyal\" from 2026-01-01")),
        (with("keep old for lots earned before 2026-01-01"), replacing("keep old for lots earned before 2026-01-01")),
        (
            replacing("keep old for lots earned before 2026-01-01\nkeep old for lots earned before 2025-01-01"),
            replacing("keep old for lots earned before 2026-01-01\nkeep old for members joined before 2025-01-01"),
        ),
        (
            replacing("keep old for members joined before 2025-01-01 until 2025-12-31"),
            replacing("keep old for members joined before 2025-01-01 until 2026-01-01"),
        ),
        (replacing("keep old for lots before 2026-01-01"), replacing("keep old for lots earned before 2026-01-01")),
    ];
    let cases: Vec<(&str, &str)> = cases.iter().map(|(bad, good)| (bad.as_str(), good.as_str())).collect();
    insta::assert_snapshot!(PROGRAM.bad(&cases));
}
