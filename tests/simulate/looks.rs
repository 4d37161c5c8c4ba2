//! A fit as it is shown: the same figures on the terminal, the page and the workbook, in four languages.

use super::cdnow;
use super::people::purchase;
use super::reading::{is_in_order, needs_nothing_else, text_of};
use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use insta::assert_snapshot;
use loyal::report::fit::Shown;
use loyal::report::study::Language;
use loyal::report::terminal::Paint;
use loyal::simulate::fit::{Ahead, Bought, FitReport, Purchase, Span, Wanted, fit};
use std::io::Cursor;
use std::sync::LazyLock;

fn fitted(purchases: Vec<Purchase>, span: Span) -> FitReport {
    let ahead = Ahead { weeks: 52, discount: 10.0, seed: 1, draws: 200 };
    let bought = Bought { purchases, ..Bought::default() };
    fit(&bought, "USD", &Wanted { span, model: None, ahead }).expect("a fit")
}

/// The published sample.
static SAMPLE: LazyLock<FitReport> = LazyLock::new(|| fitted(cdnow::sample(), cdnow::PUBLISHED));

/// Who buys every week, all alike and for the same money, and nothing held out: what can be doubted.
static BY_THE_CLOCK: LazyLock<FitReport> = LazyLock::new(|| {
    let weekly = |member: i32| (0..20).map(move |week| purchase(&format!("m{member}"), member % 7 + week * 7));
    fitted((0..60).flat_map(weekly).collect(), Span { holdout: Some(0), ..cdnow::PUBLISHED })
});

fn shown(report: &FitReport, language: Language) -> Shown<'_> {
    Shown { report, program: "programs/cdnow", decimals: 2, language }
}

fn reports() -> [(&'static str, &'static FitReport); 2] {
    [("sample", &SAMPLE), ("clock", &BY_THE_CLOCK)]
}

#[test]
fn the_page_says_it_in_four_languages() {
    for (name, report) in reports() {
        for language in Language::ALL {
            let page = shown(report, language).html();
            assert_snapshot!(
                format!("looks_{name}_{}", language.code()),
                text_of(&page).replace(env!("CARGO_PKG_VERSION"), "VERSION")
            );
        }
    }
}

#[test]
fn the_terminal_says_it_in_four_languages() {
    for language in Language::ALL {
        let text = shown(&SAMPLE, language).terminal(Paint { on: false });
        assert_snapshot!(format!("terminal_{}", language.code()), text.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
    }
}

#[test]
fn the_page_needs_nothing_else_and_is_in_order() {
    for (_, report) in reports() {
        for language in Language::ALL {
            let shown = shown(report, language);
            let page = shown.html();
            needs_nothing_else(&page);
            is_in_order(&page);
            assert_eq!(page, shown.html(), "the same fit, the same bytes");
            assert_eq!(page.contains("dir=\"rtl\""), language.is_right_to_left());
        }
    }
    let named = Shown { program: "<b>x</b>", ..shown(&SAMPLE, Language::English) };
    needs_nothing_else(&named.html());
}

/// A picture of everything that is asked for: actual and expected, cumulative and by week; by frequency; fitted
/// frequencies; the value with its range.
#[test]
fn each_picture_says_its_figures() {
    let page = shown(&SAMPLE, Language::English).html();
    for says in [
        "78: Happened 4,339; Expected 4,161",
        "39: Happened 62; Expected 53",
        "7+: Happened 6.36; Expected 6.16",
        "0: Happened 1,411; Expected",
    ] {
        assert!(page.contains(&format!("<title>{says}")), "{says}");
    }
    assert_eq!(page.matches("<svg viewBox=\"0 0 1600").count(), 5);
    let alone = shown(&BY_THE_CLOCK, Language::English).html();
    assert!(!alone.contains("id=\"conditional\""), "nothing was held out");
    assert!(!alone.contains("shaded"));
}

#[test]
fn the_workbook_holds_real_numbers() {
    for language in Language::ALL {
        let bytes = shown(&SAMPLE, language).workbook().expect("a workbook");
        let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).expect("a workbook that opens");
        let names = book.sheet_names().clone();
        assert_eq!(names.len(), 10, "{names:?}");
        let mut sheet = |at: usize| book.worksheet_range(&names[at]).expect("a sheet");
        let weeks = sheet(1);
        assert_eq!(weeks.rows().count(), 1 + 78);
        assert_eq!(weeks.get((78, 1)), Some(&Data::Float(4339.0)));
        let last = SAMPLE.weeks.last().expect("weeks").expected_sum;
        assert_eq!(weeks.get((78, 2)), Some(&Data::Float(last)));
        let often = sheet(3);
        let check = SAMPLE.check.as_ref().expect("a holdout");
        assert_eq!(often.get((8, 0)), Some(&Data::String("7+".into())));
        assert_eq!(often.get((8, 3)), Some(&Data::Float(check.by_frequency[7].expected)));
        let worth = sheet(5);
        let low = SAMPLE.outlook.worth[0].each.low.expect("a range");
        assert_eq!(worth.get((1, 3)), Some(&Data::Float(low)));
        let parameters = sheet(8);
        assert_eq!(parameters.get((1, 2)), Some(&Data::Float(SAMPLE.models[0].parameters[0].value)));
    }
}

/// What members are worth adds up to what all of them spend, and so do the members of the lines.
#[test]
fn what_members_are_worth_adds_up() {
    #[expect(clippy::cast_precision_loss, reason = "some thousands")]
    let sum: f64 = SAMPLE.outlook.worth.iter().map(|line| line.members as f64 * line.each.value).sum();
    let spend = SAMPLE.outlook.spend.expect("spend");
    assert!((sum / spend.value - 1.0).abs() < 1e-9, "{sum} {}", spend.value);
    assert_eq!(SAMPLE.outlook.worth.iter().map(|line| line.members).sum::<u64>(), SAMPLE.members);
    for line in &SAMPLE.outlook.worth {
        let (low, high) = (line.each.low.expect("a range"), line.each.high.expect("a range"));
        assert!(low <= line.each.value && line.each.value <= high, "{line:?}");
    }
}

/// Of the published sample 1,411 members did not buy again; fitted frequencies add up to all members, and the mean of
/// them is what is expected of all of them together.
#[test]
fn fitted_frequencies_add_up() {
    let lines = &SAMPLE.by_repeats;
    assert_eq!(lines.iter().map(|line| line.actual).collect::<Vec<_>>(), [1411, 439, 214, 100, 62, 38, 29, 64]);
    let expected: f64 = lines.iter().map(|line| line.expected).sum();
    assert!((expected - 2357.0).abs() < 1e-6, "{expected}");
    for line in lines {
        #[expect(clippy::cast_precision_loss, reason = "some thousands")]
        let actual = line.actual as f64;
        // The model fits the sample: chance moves a count by its root, and none is off by more than three of these.
        assert!((line.expected - actual).abs() < 3.0 * actual.sqrt(), "{line:?}");
    }
}
