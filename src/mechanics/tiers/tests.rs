use super::{Lasts, Level, Miss, Need, Reach, TierMeasure, Tiers, levels, measures, read};
use crate::mechanics::TiersId;
use crate::mechanics::specimen::{Frame, Specimen};
use crate::value::clock::{Length, Period, Window};
use crate::value::exact::Exact;
use jiff::civil::date;

const READ: fn(&mut crate::mechanics::reading::Reading<'_>, &crate::syntax::ast::Block) -> Option<Tiers> =
    |reading, block| read(reading, block, TiersId(0));

/// A whole tiers block under test.
const BARE: Frame<'_, Option<Tiers>> = Frame {
    text: "program cafe {\nmoney RON\n}\npoints star plural stars {\n}\n\
           activity workout {\nfield minutes number\nfield length number hours\n}\ntiers status {\n@\n}",
    keyword: "tiers",
    read: READ,
};

/// Lines beside a measure and three levels.
const STATUS: Frame<'_, Option<Tiers>> = Frame {
    text: "program cafe {\nmoney RON\n}\npoints star plural stars {\n}\ntiers status {\n\
           measure visits in calendar year\nlevel basic from 0 visits\nlevel silver from 10 visits\n\
           level gold from 30 visits\n@\n}",
    keyword: "tiers",
    read: READ,
};

fn bare(lines: &str) -> Tiers {
    BARE.good(lines).expect("it reads")
}

fn status(lines: &str) -> Tiers {
    STATUS.good(lines).expect("it reads")
}

/// A need as a line.
fn shown(need: &Need) -> String {
    let joined = |needs: &[Need], word: &str| format!("({})", needs.iter().map(shown).collect::<Vec<_>>().join(word));
    match need {
        Need::AtLeast(measure, most) => format!("{most} of {measure}"),
        Need::All(needs) => joined(needs, " and "),
        Need::Any(needs) => joined(needs, " or "),
        Need::NotEarned => "not earned".to_owned(),
    }
}

fn shown_levels(levels: &[Level]) -> Vec<String> {
    levels
        .iter()
        .map(|level| {
            let life = if level.for_life { " for life" } else { "" };
            format!("{}{life}: {}", level.name.text, shown(&level.need))
        })
        .collect()
}

#[test]
fn measures_and_the_units_of_levels() {
    for (measure, from) in [
        ("spend in last 365 days", "500 RON"),
        ("spend in last 365 days", "500 RON spent"),
        ("total without tax, without category in [tobacco] in calendar year", "500 RON"),
        ("spend of items category in [coffee] in calendar year", "500 RON"),
        ("visits in calendar year", "500 visits"),
        ("visits since joining", "500"),
        ("purchases in calendar quarter", "500 purchases"),
        ("items, with category in [coffee] in last 6 months", "500 items"),
        ("points star in membership year", "500 stars"),
        ("points stars in ever", "500 points"),
        ("activity workout in calendar month", "500 workouts"),
        ("activity workout in calendar month", "500 times"),
        ("minutes in calendar month", "500 minutes"),
        ("length in calendar month", "500 hours"),
        ("distinct categories in calendar year", "500 categories"),
        ("distinct stores in calendar year", "500 stores"),
    ] {
        let tiers = bare(&format!("measure {measure}\nlevel basic from 0\nlevel gold from {from}"));
        assert_eq!(shown_levels(&tiers.levels), ["basic: 0 of 0", "gold: 500 of 0"], "{measure}");
    }
    let window = |measures: &[TierMeasure]| measures.iter().map(|one| one.window).collect::<Vec<_>>();
    let tiers = bare("measure spend in last 365 days\nlevel basic from 0 RON");
    assert_eq!(window(&tiers.measures), [Window::Last(Length::Days(365))]);
    let tiers = bare("measure spend in membership year\nlevel basic from 0 RON");
    assert_eq!(window(&tiers.measures), [Window::MembershipYear]);
}

#[test]
fn levels_of_several_measures() {
    let tiers = bare(
        "measure nights is activity workout in calendar year\nmeasure spent is spend in calendar year\n\
         level basic from 0\nlevel silver from 50 nights or 4000 RON spent\n\
         level gold from 60 nights and (5000 RON or 90 night)\nlevel diamond for life from 500 nights",
    );
    let names: Vec<_> = tiers.measures.iter().map(|one| one.name.as_deref()).collect();
    assert_eq!(names, [Some("nights"), Some("spent")]);
    assert_eq!(
        shown_levels(&tiers.levels),
        [
            "basic: 0 of 0",
            "silver: (50 of 0 or 4000 of 1)",
            "gold: (60 of 0 and (5000 of 1 or 90 of 0))",
            "diamond for life: 500 of 0"
        ]
    );
}

#[test]
fn levels_that_are_bought_need_no_measure() {
    let tiers = bare("level basic from 0\nlevel gold by membership\nfee 100 RON per year gives gold");
    assert_eq!(shown_levels(&tiers.levels), ["basic: ()", "gold: not earned"]);
    assert_eq!(tiers.fees, [(1, Exact::from_int(100), Length::Years(1))]);
    assert!(tiers.measures.is_empty());
}

#[test]
fn benefits_belong_to_the_level_above() {
    let tiers = bare(
        "measure visits in calendar year\nlevel basic from 0, benefit \"a smile\"\n\
         level gold from 10 visits\nbenefit \"coffee\"\nbenefit \"cake\", \"tea\"",
    );
    let benefits: Vec<_> = tiers.levels.iter().map(|level| level.benefits.clone()).collect();
    assert_eq!(benefits, [vec!["a smile"], vec!["coffee", "cake", "tea"]]);
}

#[test]
fn how_long_a_level_lasts() {
    let day_after = |month, day, next| Lasts::DayAfterEndOf { month, day, period: Period::Year, next };
    for (line, lasts) in [
        ("", Lasts::Forever),
        ("lasts forever", Lasts::Forever),
        ("lasts until end of next calendar year", Lasts::EndOf(Period::Year, 1)),
        ("lasts until end of calendar year", Lasts::EndOf(Period::Year, 0)),
        ("lasts until end of this year", Lasts::EndOf(Period::Year, 0)),
        ("lasts until end of next year", Lasts::EndOf(Period::Year, 1)),
        ("lasts until end of next quarter", Lasts::EndOf(Period::Quarter, 1)),
        ("lasts until 01-31 after end of next calendar year", day_after(1, 31, 1)),
        ("lasts until 03-31 after end of calendar year", day_after(3, 31, 0)),
        ("lasts until end of membership year", Lasts::EndOfMembershipYear(0)),
        ("lasts until end of next membership year", Lasts::EndOfMembershipYear(1)),
        ("lasts 12 months", Lasts::For(Length::Months(12))),
        ("lasts for 1 year", Lasts::For(Length::Years(1))),
        ("lasts while measured", Lasts::WhileMeasured),
    ] {
        assert_eq!(status(line).lasts, lasts, "{line}");
    }
}

#[test]
fn reach_miss_and_refund() {
    for (line, reach) in [
        ("", Reach::NextEvent),
        ("reach next event", Reach::NextEvent),
        ("reach at once", Reach::AtOnce),
        ("reach next day", Reach::NextDay),
    ] {
        assert_eq!(status(line).reach, reach, "{line}");
    }
    for (line, miss) in [
        ("", Miss::DropOne),
        ("miss drop one level", Miss::DropOne),
        ("miss drop to earned", Miss::DropToEarned),
        ("miss start over", Miss::StartOver),
        ("miss keep", Miss::Keep),
    ] {
        assert_eq!(status(line).miss, miss, "{line}");
    }
    for (line, recompute) in [("", false), ("refund keep", false), ("refund recompute", true)] {
        assert_eq!(status(line).recompute, recompute, "{line}");
    }
}

#[test]
fn fees_matches_and_surplus() {
    let tiers = status("match gold until 2026-12-31\nmatch level silver");
    assert_eq!(tiers.matches, [(2, Some(date(2026, 12, 31))), (1, None)]);
    let tiers = status("fee 100 RON per year gives gold\nfee 9.90 RON per month gives level silver");
    assert_eq!(tiers.fees, [(2, Exact::from_int(100), Length::Years(1)), (1, Exact::ratio(99, 10), Length::Months(1))]);
    assert_eq!(status("").carry_over, None);
    assert_eq!(status("carry over surplus").carry_over, Some(None));
    assert_eq!(status("carry over surplus up to 10 visits").carry_over, Some(Some(Exact::from_int(10))));
}

#[test]
fn names_are_known_before_anything_is_read() {
    let specimen = Specimen::new(
        "tiers status {\nmeasure nights is visits in calendar year\nmeasure spent is spend in calendar year\n\
         level basic from 0\nlevel זהב from what ever\nlevel gold for life from 9 nights\n}",
    );
    let block = specimen.block("tiers");
    assert_eq!(levels(&specimen.sources, block), ["basic", "זהב", "gold"]);
    assert_eq!(measures(&specimen.sources, block), ["nights", "spent"]);
}

#[test]
fn messages_of_measures_and_levels() {
    const VISITS: &str = "measure visits in calendar year";
    let with = |lines: &str| format!("{VISITS}\n{lines}");
    let two = |lines: &str| {
        format!(
            "measure nights is activity workout in calendar year\nmeasure spent is spend in calendar year\n\
             level basic from 0\n{lines}"
        )
    };
    let spend = |lines: &str| format!("measure spend in calendar year\nlevel basic from 0\n{lines}");
    let fine = with("level basic from 0");
    let cases = [
        (VISITS.to_owned(), fine.clone()),
        (with("level silver from 5 visits"), with("level basic from 0\nlevel silver from 5 visits")),
        (
            with("level basic from 0\nlevel gold from 10 visits\nlevel silver from 10 visits"),
            with("level basic from 0\nlevel silver from 9 visits\nlevel gold from 10 visits"),
        ),
        (with("level basic from 0\nlevel gold from 0"), fine.clone()),
        (
            two("level silver from 50 nights or 4000 RON spent\nlevel gold from 50 nights or 3000 RON spent"),
            two("level silver from 50 nights or 4000 RON spent\nlevel gold from 60 nights or 5000 RON spent"),
        ),
        (with("level basic from 0\nlevel basic from 9 visits"), fine.clone()),
        (
            "level basic from 0\nlevel gold from 5 visits".to_owned(),
            with("level basic from 0\nlevel gold from 5 visits"),
        ),
        (with("level basic from 0\nlevel gold from 500 RON"), with("level basic from 0\nlevel gold from 500 visits")),
        (with("level basic from 0\nlevel gold from 500 stars"), with("level basic from 0\nlevel gold from 500 visit")),
        (spend("level gold from 500"), spend("level gold from 500 RON")),
        (spend("level gold from 500 EUR"), spend("level gold from 500 RON")),
        (spend("level gold from 500 visits"), spend("level gold from 500 RON")),
        (two("level gold from 50"), two("level gold from 50 nights")),
        (two("level gold from 50 days"), two("level gold from 50 nights")),
        (two("level gold from 4000 RON nights"), two("level gold from 4000 RON spent")),
        (two("level gold from 4000 RON paid"), two("level gold from 4000 RON spent")),
        (two("measure spent is visits in ever"), two("")),
        ("measure visits in campaign\nlevel basic from 0".to_owned(), fine.clone()),
        ("measure visits in calender year\nlevel basic from 0".to_owned(), fine.clone()),
        (with("benefit \"cake\"\nlevel basic from 0"), with("level basic from 0\nbenefit \"cake\"")),
        (
            "measure points star in calendar year\nlevel basic from 0\nreach at once".to_owned(),
            "measure points star in calendar year\nlevel basic from 0\nreach next day".to_owned(),
        ),
        (
            "measure spend in last 365 days\nlevel basic from 0\ncarry over surplus".to_owned(),
            "measure spend in calendar year\nlevel basic from 0\ncarry over surplus".to_owned(),
        ),
    ];
    let cases: Vec<(&str, &str)> = cases.iter().map(|(bad, good)| (bad.as_str(), good.as_str())).collect();
    insta::assert_snapshot!(BARE.bad(&cases));
}

#[test]
fn messages_of_the_other_lines() {
    insta::assert_snapshot!(STATUS.bad(&[
        ("lasts 0 months", "lasts 1 month"),
        ("lasts until end of next calender year", "lasts until end of next calendar year"),
        ("lasts until 02-30 after end of next calendar year", "lasts until 02-28 after end of next calendar year"),
        ("lasts until 01-31 after end of membership year", "lasts until end of membership year"),
        ("miss drop two levels", "miss drop one level"),
        ("reach nextday", "reach next day"),
        ("fee 100 RON per year gives platinum", "fee 100 RON per year gives gold"),
        ("fee 100 EUR per year gives gold", "fee 100 RON per year gives gold"),
        ("match glod until 2026-12-31", "match gold until 2026-12-31"),
        ("match gold until 2026-13-31", "match gold until 2026-12-31"),
        ("refund forget", "refund keep"),
        ("carry over surplus up to 10 stars", "carry over surplus up to 10 visits"),
    ]));
}
