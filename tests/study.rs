//! How a study is shown: the same figures on the terminal, the page, the workbook and in JSON, in four languages.

#[path = "study/fixtures.rs"]
mod fixtures;
#[path = "study/reading.rs"]
mod reading;

use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use insta::assert_snapshot;
use loyal::report::study::{self, Language};
use loyal::report::terminal::Paint;
use loyal::simulate::study::{Measure, Study, StudyKind};
use reading::{is_in_order, needs_nothing_else, text_of};
use std::io::Cursor;

const PLAIN: Paint = Paint { on: false };

fn studies() -> [(&'static str, Study); 3] {
    [("population", fixtures::population()), ("replay", fixtures::replay()), ("nothing", fixtures::nothing())]
}

#[test]
fn the_terminal_says_the_answer_first_in_four_languages() {
    for (name, study) in studies() {
        for language in Language::ALL {
            let text = study::terminal(&study, language, PLAIN);
            assert_snapshot!(
                format!("terminal_{name}_{}", language.code()),
                text.replace(env!("CARGO_PKG_VERSION"), "VERSION")
            );
        }
    }
}

#[test]
fn the_page_says_it_in_four_languages() {
    for (name, study) in studies() {
        for language in Language::ALL {
            let page = study::html(&study, language);
            assert_snapshot!(
                format!("page_{name}_{}", language.code()),
                text_of(&page).replace(env!("CARGO_PKG_VERSION"), "VERSION")
            );
        }
    }
}

#[test]
fn the_page_needs_nothing_else_and_no_name_becomes_a_part_of_it() {
    for (_, study) in studies() {
        for language in Language::ALL {
            let page = study::html(&study, language);
            needs_nothing_else(&page);
            assert!(page.contains(&format!("<html lang=\"{}\"", language.code())));
            assert_eq!(page.contains("dir=\"rtl\""), language.is_right_to_left());
        }
    }
}

#[test]
fn headings_go_down_one_step_at_a_time_and_places_are_there_once() {
    for (_, study) in studies() {
        let page = study::html(&study, Language::English);
        is_in_order(&page);
    }
}

#[test]
fn the_same_study_gives_the_same_bytes() {
    for (_, study) in studies() {
        for language in Language::ALL {
            assert_eq!(study::html(&study, language), study::html(&study, language));
            assert_eq!(study::workbook(&study, language), study::workbook(&study, language));
        }
    }
}

#[test]
fn the_workbook_holds_real_numbers() {
    let study = fixtures::population();
    let bytes = study::workbook(&study, Language::English).expect("a workbook");
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).expect("a workbook that opens");
    let names = book.sheet_names().clone();
    assert_snapshot!("sheets", names.join("\n"));
    let measures = book.worksheet_range("All measures").expect("its sheet");
    let row = measures
        .rows()
        .find(|row| {
            row[0] == Data::String("cafenea_points".into()) && row[1] == Data::String("Return on investment".into())
        })
        .expect("the row of the first program");
    // Percents are shares, shown as percents: Excel counts so.
    for (cell, share) in row[2..5].iter().zip([-0.18, 0.294, 0.781]) {
        assert!(matches!(cell, Data::Float(figure) if (figure - share).abs() < 1e-12), "{cell:?}");
    }
    let months = book.worksheet_range("Month by month").expect("its sheet");
    assert_eq!(months.rows().count(), 1 + 2 * 12);
    assert!(matches!(months.get((1, 1)), Some(Data::DateTime(_))), "{:?}", months.get((1, 1)));
    let gain = study.arms[0].months[0].gain_so_far.expect("a gain").mid;
    assert_eq!(months.get((1, 12)), Some(&Data::Float(gain)));
}

#[test]
fn a_name_that_looks_like_a_formula_stays_a_name() {
    let bytes = study::workbook(&fixtures::replay(), Language::Hebrew).expect("a workbook");
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).expect("a workbook that opens");
    let rules = book.worksheet_range("כמה עולה כל כלל").expect("its sheet");
    assert!(rules.rows().any(|row| row[0] == Data::String("=cmd|' /C calc'!A0".into())));
    for name in book.sheet_names().clone() {
        let formulas = book.worksheet_formula(&name).expect("a sheet");
        assert!(formulas.is_empty(), "{name}");
    }
}

#[test]
fn json_has_measures_by_name_in_their_order() {
    let json = study::json(&fixtures::population()).expect("json");
    let read: serde_json::Value = serde_json::from_str(&json).expect("json that is read");
    assert_eq!(read["arms"][0]["measures"]["net_gain"]["mid"], 48_600.0);
    let places = ["\"net_gain\"", "\"return_on_investment\"", "\"sales\""].map(|key| json.find(key).expect("a key"));
    assert!(places.is_sorted());
    // What is not known is null.
    let json = study::json(&fixtures::replay()).expect("json");
    let read: serde_json::Value = serde_json::from_str(&json).expect("json that is read");
    assert!(read["arms"][0]["measures"]["breakage"]["mid"].is_null());
}

#[test]
fn figures_beyond_all_bounds_are_shown_without_their_picture() {
    for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN, 1e-300, 1e9 + 1e-7] {
        let mut study = fixtures::population();
        for arm in &mut study.arms {
            for month in &mut arm.months {
                month.sales.mid = odd;
                month.gain_so_far =
                    month.gain_so_far.map(|gain| loyal::simulate::study::Estimate { high: odd, ..gain });
                month.liability = loyal::simulate::study::Estimate::known(odd);
            }
            arm.rules.iter_mut().for_each(|rule| rule.cost.mid = odd);
            arm.tornado.iter_mut().for_each(|bar| bar.at_low = odd);
            arm.migration.iter_mut().for_each(|(_, _, members)| *members = odd);
            arm.measures.iter_mut().for_each(|(_, estimate)| estimate.low = odd);
        }
        for language in Language::ALL {
            assert!(study::html(&study, language).ends_with("</html>"));
            assert!(!study::terminal(&study, language, PLAIN).is_empty());
            assert!(study::workbook(&study, language).is_ok(), "{odd}");
        }
    }
}

#[test]
fn the_first_word_hangs_on_the_range_of_the_gain() {
    let verdict = |low: f64, mid: f64, high: f64| {
        let mut study = fixtures::population();
        study.arms.truncate(1);
        for (measure, estimate) in &mut study.arms[0].measures {
            if *measure == Measure::NetGain {
                (estimate.low, estimate.mid, estimate.high) = (low, mid, high);
            }
        }
        assert_eq!(study.kind, StudyKind::Population);
        let text = study::terminal(&study, Language::English, PLAIN);
        text.split([':', ',']).next().unwrap_or_default().to_owned()
    };
    assert_eq!(verdict(1.0, 2.0, 3.0), "Yes");
    assert_eq!(verdict(-1.0, 2.0, 3.0), "Probably");
    assert_eq!(verdict(-3.0, -2.0, 1.0), "Probably not");
    assert_eq!(verdict(-3.0, -2.0, -1.0), "No");
}
