//! The formatter: comments stay, twice is once, the tree is the same.

use crate::damage::programs;
use crate::told::{laid_out, tree};
use loyal::fmt::{format_text, table_order};
use loyal::syntax::parse_text;
use loyal::text::Sources;
use proptest::prelude::*;

#[test]
fn programs_are_laid_out_as_they_stand() {
    for (path, text) in programs() {
        let formatted = format_text("a.loyal", &text, &table_order).expect("a right program");
        assert_eq!(formatted, text, "{path}");
    }
}

#[test]
fn what_was_written_anyhow_is_laid_out() {
    let text = std::fs::read_to_string(crate::cases::folder().join("format/in.loyal")).expect("the text");
    let order = |_: &str, clause: &str| {
        ["on", "when", "count", "give", "group", "measure", "level", "lasts", "miss"]
            .iter()
            .position(|one| *one == clause)
    };
    let once = format_text("a.loyal", &text, &order).unwrap_or_else(|findings| panic!("{findings:?}"));
    assert_eq!(format_text("a.loyal", &once, &order).as_deref(), Ok(once.as_str()));
    insta::assert_snapshot!("layout", once);
}

#[test]
fn a_text_with_mistakes_is_left_alone() {
    let findings =
        format_text("a.loyal", "loyal 1\n\nearn base {\n  on purchase\n", &table_order).expect_err("no brace");
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].code, "missing-close-brace");
}

/// Places where a comment may be put: the ends of lines, and behind `[` and the commas of lists.
fn places(text: &str) -> Vec<usize> {
    let ends = text.match_indices('\n').map(|(at, _)| at);
    let inside = text.match_indices(['[', ',']).filter(|(at, _)| {
        let line = text[..*at].rfind('\n').map_or(0, |start| start + 1);
        let before = &text[line..*at];
        !before.contains('"')
            && (text[*at..].starts_with('[') || before.matches('[').count() > before.matches(']').count())
    });
    ends.chain(inside.map(|(at, _)| at + 1)).collect()
}

/// A text with comments, line ends and blanks put in.
fn ruffled(text: &str, marks: &[(usize, usize)]) -> String {
    let places = places(text);
    let mut marks: Vec<(usize, usize)> = marks.iter().map(|(at, what)| (places[at % places.len()], *what)).collect();
    marks.sort();
    marks.dedup_by_key(|(at, _)| *at);
    let mut out = text.to_owned();
    for (number, (at, what)) in marks.iter().enumerate().rev() {
        let end = text[*at..].starts_with('\n');
        let put = match what {
            0 => format!(" # c{number}{}", if end { "" } else { "\n" }),
            1 => format!("\n   # c{number}{}", if end { "" } else { "\n" }),
            2 => "\n".to_owned(),
            3 if end => format!("\n\n# c{number}\n\n # d{number}\n\n"),
            _ => "\t  ".to_owned(),
        };
        out.insert_str(*at, &put);
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn comments_survive_and_twice_is_once(which in 0usize..4, marks in prop::collection::vec((0usize..1000, 0usize..5), 0..24)) {
        let programs = programs();
        let text = ruffled(&programs[which % programs.len()].1, &marks);
        let once = laid_out(&text);
        prop_assert_eq!(tree(&text), tree(&once), "{}", once);
        prop_assert_eq!(laid_out(&once), once);
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in any::<String>()) {
        let mut sources = Sources::default();
        let _ = parse_text(&mut sources, "a.loyal", &text);
    }

    #[test]
    fn any_soup_of_tokens_is_read_and_laid_out_the_same(
        soup in prop::collection::vec(prop::sample::select(vec![
            "loyal", "1", "use", "earn", "points", "list", "example", "base", "כוכב", "نقاط", "plural", "on", "give", "when", "level",
            "tiers", "and", "at", "\"a\"", "\"", "[", "]", "(", ")", "{", "}", ",", ";", ":", ".", "#c", "\n", "\n", "\n", " ", " ",
            "12", "5%", "+1", "-", "2026-01-01", "14:00", "“", "'", "//", "e\u{301}", "\u{202E}", "\u{200B}", "\r\n", "\u{0}", "٣",
        ]), 0..60),
        begun in any::<bool>(),
    ) {
        let text = format!("{}{}", if begun { "loyal 1\nearn base {\n" } else { "" }, soup.concat());
        if let Ok(once) = format_text("a.loyal", &text, &|_, _| None) {
            prop_assert_eq!(tree(&text), tree(&once), "{}", once);
            prop_assert_eq!(laid_out(&once), once);
        }
    }
}
