use super::{BLOCK, Budget, read};
use crate::mechanics::specimen::Frame;
use crate::mechanics::table::FIGURE;
use crate::value::clock::{Length, Period, Window};

const SUMMER: Frame<'_, Option<Budget>> =
    Frame { text: "program cafe {\nmoney RON\n}\nbudget summer {\n@\n}", keyword: "budget", read };

fn good(lines: &str) -> Budget {
    SUMMER.good(lines).expect("it reads")
}

#[test]
fn how_much_and_for_how_long() {
    for (line, window) in [
        ("1000 RON per month", Window::Calendar(Period::Month)),
        ("1000 RON per quarter", Window::Calendar(Period::Quarter)),
        ("1000 RON per calendar year", Window::Calendar(Period::Year)),
        ("1000 RON in last 30 days", Window::Last(Length::Days(30))),
        ("1000 RON per campaign", Window::Ever),
        ("1000 RON in all", Window::Ever),
        ("1000 RON", Window::Ever),
        ("at most 1000 RON per month", Window::Calendar(Period::Month)),
        ("amount 1000 RON per week", Window::Calendar(Period::Week)),
    ] {
        let budget = good(line);
        assert_eq!((budget.most.to_string().as_str(), budget.window), ("1000", window), "{line}");
    }
}

#[test]
fn what_it_counts_and_what_happens_then() {
    for (line, at_cost, warn_only) in [
        ("", true, false),
        ("counts costs", true, false),
        ("counts worth", false, false),
        ("when spent close", true, false),
        ("when spent warn", true, true),
    ] {
        let budget = good(&format!("1000 RON per month\n{line}"));
        assert_eq!((budget.at_cost, budget.warn_only), (at_cost, warn_only), "{line}");
    }
}

#[test]
fn a_line_that_begins_with_a_figure_is_a_known_clause() {
    assert_eq!(BLOCK.clause("1000").map(|clause| clause.keyword), Some(FIGURE));
    assert_eq!(BLOCK.order("1000"), Some(0));
    assert!(BLOCK.clause("counts").is_some() && BLOCK.clause("worth").is_none());
}

#[test]
fn messages_and_their_good_twins() {
    const MONTH: &str = "1000 RON per month";
    insta::assert_snapshot!(SUMMER.bad(&[
        ("counts costs", "1000 RON per month\ncounts costs"),
        ("1000 EUR per month", MONTH),
        ("0 RON per month", MONTH),
        ("1000 per month", MONTH),
        ("1000 RON per mnth", MONTH),
        ("1000 RON per month\n900 RON per week", MONTH),
        ("1000 RON per month\ncounts prices", "1000 RON per month\ncounts worth"),
        ("1000 RON per month\nwhen spent stop", "1000 RON per month\nwhen spent close"),
    ]));
}
