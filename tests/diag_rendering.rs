//! How findings look: each format on the same findings, read as a letter to a marketer.

use loyal::diag::{Finding, Severity, TextOptions, render_text, sorted, summary, to_github, to_json, to_sarif};
use loyal::text::{Sources, Span};

const CAFE: &str = "\
loyal 1

bonus gold_double {
  on       purchase
  give     +100% of base
}

# lines between

bonus happy_hour {
  on       purchase
  give     +50% of base
}
";

const HEBREW: &str = "loyal 1\r\n\r\ngift קפה_בשבת {\r\n  costs  4 ILS\r\n}\r\n";

/// The span of the `nth` place where `words` stand.
fn at(sources: &Sources, file: u32, words: &str, nth: usize) -> Span {
    let text = &sources.all()[file as usize].text;
    let (start, _) = text.match_indices(words).nth(nth).unwrap_or_else(|| panic!("{words} not in the file"));
    Span::new(file, start, start + words.len())
}

fn finding(code: &'static str, severity: Severity, place: Span, says: &str, label: &str) -> Finding {
    Finding {
        place,
        severity,
        code,
        says: says.to_owned(),
        label: label.to_owned(),
        related: Vec::new(),
        why: "Members would read one thing and get another.".to_owned(),
        mend: "Write what you mean.".to_owned(),
    }
}

fn sample() -> (Sources, Vec<Finding>) {
    let mut sources = Sources::default();
    let cafe = sources.add("programs/café 100%/program.loyal", CAFE);
    let hebrew = sources.add("programs/gifts,1.loyal", HEBREW);
    let meet = Finding {
        place: at(&sources, cafe, "give     +50% of base", 0),
        severity: Severity::Error,
        code: "bonuses-meet",
        says: "`happy_hour` and `gold_double` can both fire in one event, and nothing says how they combine".to_owned(),
        label: "meets `gold_double`".to_owned(),
        related: vec![
            (at(&sources, cafe, "give     +100% of base", 0), "`gold_double` adds here".to_owned()),
            (at(&sources, hebrew, "קפה_בשבת", 0), "a gift, in another file".to_owned()),
        ],
        why: "On Monday 2026-01-05 at 14:00 a gold member gets both: 100% and 50% of `base`.".to_owned(),
        mend: "Add `group promo` to both, and a block `stack promo { take best }`.".to_owned(),
    };
    let unused = finding(
        "never-given",
        Severity::Warning,
        at(&sources, hebrew, "קפה_בשבת", 0),
        "nothing gives the gift `קפה_בשבת`",
        "never given",
    );
    (sources, sorted(vec![meet, unused]))
}

#[test]
fn text_shows_the_line_and_what_mends_it() {
    let (sources, findings) = sample();
    insta::assert_snapshot!("text", render_text(&findings, &sources, &TextOptions::default()));
    insta::assert_snapshot!(
        "text_narrow",
        render_text(&findings, &sources, &TextOptions { width: 50, ..TextOptions::default() })
    );
    let coloured = render_text(&findings, &sources, &TextOptions { color: true, ..TextOptions::default() });
    insta::assert_snapshot!("text_coloured", coloured.replace('\u{1b}', "ESC"));
}

#[test]
fn machine_formats() {
    let (sources, findings) = sample();
    insta::assert_snapshot!("json", to_json(&findings, &sources));
    insta::assert_snapshot!("sarif", to_sarif(&findings, &sources).replace(env!("CARGO_PKG_VERSION"), "VERSION"));
    insta::assert_snapshot!("github", to_github(&findings, &sources));
}

#[test]
fn nothing_found_is_said_in_one_line_and_valid_everywhere() {
    let sources = Sources::default();
    assert_eq!(render_text(&[], &sources, &TextOptions::default()), "");
    assert_eq!(summary(&[], &sources), "no mistakes found");
    assert_eq!(to_github(&[], &sources), "");
    for text in [to_json(&[], &sources), to_sarif(&[], &sources)] {
        serde_json::from_str::<serde_json::Value>(&text).expect("JSON");
    }
}

#[test]
fn columns_count_characters_and_the_picture_agrees() {
    let mut sources = Sources::default();
    let file = sources.add("א.loyal", "gift e\u{301}té_קפה { cost 1 }\n");
    let one = finding("unknown-clause", Severity::Error, at(&sources, file, "cost", 0), "no clause `cost`", "");
    let json: serde_json::Value = serde_json::from_str(&to_json(std::slice::from_ref(&one), &sources)).expect("JSON");
    assert_eq!(
        (json["findings"][0]["column"].as_u64(), json["findings"][0]["end_column"].as_u64()),
        (Some(17), Some(21))
    );
    let text = render_text(&[one], &sources, &TextOptions::default());
    assert!(text.contains("[א.loyal:1:17]"), "{text}");
    insta::assert_snapshot!("combining", text);
}

#[test]
fn nothing_in_a_file_steers_the_terminal() {
    let mut sources = Sources::default();
    let nasty = "gift a\u{1b}]0;owned\u{7} { \u{202e}evil\u{2066} cost\u{9b}31m\r 1 } \u{feff}\n";
    let file = sources.add("x\u{1b}[2J\n.loyal", nasty);
    let mut one = finding(
        "bad-name",
        Severity::Error,
        at(&sources, file, "cost", 0),
        "the name `a\u{1b}]0;owned\u{7}` holds a control character",
        "h\u{1b}[31mere",
    );
    one.why = "\u{1b}[2Jwhy".to_owned();
    one.related.push((at(&sources, file, "evil", 0), "\u{202e}related".to_owned()));
    let shown = [
        render_text(&[one.clone()], &sources, &TextOptions::default()),
        to_json(&[one.clone()], &sources),
        to_sarif(&[one.clone()], &sources),
        to_github(&[one], &sources),
    ];
    for text in &shown {
        let bad = text.chars().find(|c| (c.is_control() && *c != '\n') || ('\u{202a}'..='\u{206f}').contains(c));
        assert_eq!(bad, None, "{text}");
    }
    assert_eq!(shown[3].lines().count(), 1);
    insta::assert_snapshot!("nasty", shown[0]);
}

#[test]
fn a_hundred_are_shown_and_the_rest_counted() {
    let (sources, findings) = sample();
    let many = vec![findings[0].clone(); 130];
    let text = render_text(&many, &sources, &TextOptions::default());
    assert_eq!(text.matches("nothing says how they combine").count(), 100);
    assert!(text.contains("… and 30 more"), "{text}");
    assert!(text.ends_with("130 errors in 1 file\n"), "{text}");
    assert_eq!(to_json(&many, &sources).matches("\"code\"").count(), 130);
}

#[test]
fn any_span_of_any_text_is_shown_without_a_panic() {
    let texts = ["", "\n", "a", "ab\r\ncd\r\n", "\u{1b}é\n\nקפה", "x\ty\n", &"long ".repeat(100), "a\n\n\n"];
    for text in texts {
        let mut sources = Sources::default();
        let file = sources.add("p.loyal", text);
        let wild = (text.len() + 3).min(40);
        for start in 0..wild {
            for end in [0, start, start + 1, wild, 10_000] {
                let mut one = finding("c", Severity::Error, Span::new(file, start, end), "says", "label");
                one.related.push((Span::new(file, end, start), "other".to_owned()));
                render_text(&[one.clone()], &sources, &TextOptions::default());
                to_json(&[one.clone()], &sources);
                to_sarif(&[one.clone()], &sources);
                to_github(&[one], &sources);
            }
        }
    }
    let lost = finding("c", Severity::Error, Span::new(7, 0, 1), "a place in no file", "");
    assert!(render_text(&[lost], &Sources::default(), &TextOptions::default()).contains("a place in no file"));
}

#[test]
fn the_end_of_a_file_has_something_to_point_at() {
    let mut sources = Sources::default();
    let file = sources.add("p.loyal", "gift x {\n  costs 4 RON\n\n");
    let end = sources.all()[0].text.len();
    let one =
        finding("unclosed", Severity::Error, Span::new(file, end, end), "the block is not closed", "`}` is missing");
    insta::assert_snapshot!("end_of_file", render_text(&[one], &sources, &TextOptions::default()));
}

#[test]
fn a_very_long_line_is_cut() {
    let mut sources = Sources::default();
    let file = sources.add("p.loyal", format!("# {}\n", "x".repeat(10_000)));
    let one = finding("c", Severity::Error, Span::new(file, 9_000, 9_001), "says", "label");
    let text = render_text(&[one], &sources, &TextOptions::default());
    assert!(text.contains('…') && text.len() < 2_000, "{text}");
}
