//! What thinking about a program finds: a bad case and its good twin for every message.

mod blocks;
mod build;
mod returned;

use build::*;
use loyal::check::analyses;
use loyal::diag::{Finding, Severity};
use loyal::mechanics::Program;
use loyal::mechanics::basis::{Basis, Pick};
use loyal::mechanics::condition::{Condition, How, Measure, Value};
use loyal::mechanics::stack::Take;
use loyal::mechanics::{StackId, TiersId};
use loyal::value::clock::{Period, Weekday, Window};

/// The findings as a reader would see them, without their places.
fn letter(findings: &[Finding]) -> String {
    let word = |severity| if severity == Severity::Error { "error" } else { "warning" };
    let one = |finding: &Finding| {
        let related: String = finding.related.iter().map(|(_, label)| format!("\n  with: {label}")).collect();
        let Finding { severity, code, says, label, why, mend, .. } = finding;
        format!("{} {code}\n  {says}\n  here: {label}{related}\n  {why}\n  {mend}", word(*severity))
    };
    let letters: Vec<String> = findings.iter().map(one).collect();
    if letters.is_empty() { "nothing".to_owned() } else { letters.join("\n\n") }
}

fn errors(program: &Program) -> Vec<Finding> {
    analyses::all(program).into_iter().filter(|finding| finding.severity == Severity::Error).collect()
}

fn codes(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn the_sample_of_the_language_is_clean_of_errors() {
    assert_eq!(letter(&errors(&coffee())), "nothing");
    insta::assert_snapshot!("sample", letter(&analyses::all(&coffee())));
}

/// Two bonuses over one base, with these conditions.
fn two_bonuses(first: Option<Condition>, second: Option<Condition>) -> Program {
    let mut program = coffee();
    program.promises.clear();
    program.rules[1].group = None;
    program.rules[2].group = None;
    program.rules[1].when = first;
    program.rules[2].when = second;
    program
}

fn meeting(program: &Program) -> Vec<Finding> {
    analyses::meeting::check(program)
}

#[test]
fn bonuses_that_meet_show_the_event() {
    let sample = coffee();
    let bad = two_bonuses(sample.rules[1].when.clone(), sample.rules[2].when.clone());
    insta::assert_snapshot!("bonuses_meet", letter(&meeting(&bad)));
    let plain = two_bonuses(None, None);
    insta::assert_snapshot!("bonuses_meet_always", letter(&meeting(&plain)));
}

#[test]
fn bonuses_that_cannot_meet_are_left_alone() {
    use Weekday::{Friday, Monday, Saturday, Sunday};
    let amount = |how| Some(test(Measure::Amount, how));
    let spend = |how| {
        Some(test(
            Measure::Aggregate { basis: Basis::Total(Default::default()), window: Window::Calendar(Period::Month) },
            how,
        ))
    };
    let month = |number| Some(test(Measure::Month, How::Is(num(number))));
    let sku = |word: &str| test(Measure::Sku, How::Is(text(word)));
    let no_category = |word: &str| test(Measure::Category, How::IsNot(text(word)));
    let cases: Vec<(&str, Option<Condition>, Option<Condition>)> = vec![
        ("times", Some(between((14, 0), (16, 0))), Some(between((16, 0), (18, 0)))),
        ("times over midnight", Some(between((22, 0), (2, 0))), Some(between((2, 0), (22, 0)))),
        ("weekdays", Some(weekdays(&[Monday])), Some(weekdays(&[Saturday, Sunday]))),
        ("levels", Some(level(&[2])), Some(level(&[0, 1]))),
        ("amounts", amount(How::LessThan(num("50"))), amount(How::AtLeast(num("50")))),
        ("months", month("2"), month("3")),
        ("spend", spend(How::AtMost(num("99"))), spend(How::MoreThan(num("99")))),
        ("a line and none", Some(category(&["tea"])), Some(no_category("tea"))),
        (
            "every line and some line",
            Some(Condition::EveryLine(Box::new(category(&["tea"])))),
            Some(category(&["coffee"])),
        ),
        ("negation", Some(sku("A1")), Some(Condition::Not(Box::new(sku("A1"))))),
        (
            "day of month and weekday",
            all(vec![month("2").expect("a test"), test(Measure::DayOfMonth, How::Is(num("30")))]),
            Some(weekdays(&[Friday])),
        ),
        (
            "first purchase",
            Some(test(Measure::FirstPurchase, How::Holds)),
            Some(Condition::Not(Box::new(test(Measure::FirstPurchase, How::Holds)))),
        ),
    ];
    for (title, first, second) in cases {
        assert_eq!(letter(&meeting(&two_bonuses(first, second))), "nothing", "{title}");
    }
    let mut stacked = two_bonuses(None, None);
    stacked.rules[1].group = Some(StackId(0));
    stacked.rules[2].group = Some(StackId(0));
    assert_eq!(letter(&meeting(&stacked)), "nothing", "one stack");
    let mut dated = two_bonuses(None, None);
    dated.rules[1].until = Some(day("2026-03-31"));
    dated.rules[2].from = Some(day("2026-04-01"));
    assert_eq!(letter(&meeting(&dated)), "nothing", "dates");
    let mut except = two_bonuses(Some(level(&[2])), None);
    except.rules[2].except = vec![level(&[1, 2])];
    assert_eq!(letter(&meeting(&except)), "nothing", "except");
    let mut parts = two_bonuses(None, None);
    parts.rules[1] = rule("coffees", true, vec![percent_of("100", 0, with(category(&["coffee"])))]);
    parts.rules[2] = rule("teas", true, vec![percent_of("100", 0, with(category(&["tea"])))]);
    assert_eq!(letter(&meeting(&parts)), "nothing", "parts of the base");
}

#[test]
fn bonuses_meet_in_events_of_every_kind() {
    use Weekday::{Friday, Sunday};
    let stores = |words: &[&str]| Some(test(Measure::Store, How::In(texts(words))));
    let spend = |how| {
        Some(test(
            Measure::Aggregate { basis: Basis::Total(Default::default()), window: Window::Calendar(Period::Month) },
            how,
        ))
    };
    let of_items = |word: &str, how| Some(test(Measure::TotalOf(Box::new(category(&[word]))), how));
    let cases: Vec<(&str, Option<Condition>, Option<Condition>)> = vec![
        ("night", Some(between((22, 0), (2, 0))), Some(between((1, 0), (3, 0)))),
        ("friday 13th", Some(test(Measure::DayOfMonth, How::Is(num("13")))), Some(weekdays(&[Friday]))),
        (
            "leap day",
            Some(test(Measure::Date, How::Is(Value::Date(day("2028-02-29"))))),
            Some(weekdays(&[Sunday, Weekday::Tuesday])),
        ),
        ("stores", stores(&["Gara", "Unirii"]), stores(&["Unirii", "Obor"])),
        ("another store", Some(test(Measure::Store, How::NotIn(texts(&["Gara"])))), None),
        ("two lines", Some(category(&["tea"])), Some(category(&["coffee"]))),
        (
            "one line",
            all(vec![category(&["tea"]), test(Measure::Price, How::AtLeast(num("10")))]),
            Some(test(Measure::Amount, How::AtMost(num("12")))),
        ),
        ("money of items", of_items("tea", How::AtLeast(num("20"))), of_items("coffee", How::MoreThan(num("5")))),
        (
            "amount over items",
            of_items("tea", How::AtLeast(num("20"))),
            Some(test(Measure::Amount, How::Is(num("50")))),
        ),
        ("spend", spend(How::AtLeast(num("100"))), spend(How::LessThan(num("200")))),
        (
            "birthday",
            Some(test(Measure::BirthdayWithin(7), How::Holds)),
            Some(Condition::Not(Box::new(test(Measure::BirthdayWithin(3), How::Holds)))),
        ),
        ("level", Some(test(Measure::Level(TiersId(0)), How::AtLeast(Value::Level(1)))), Some(level(&[2]))),
        (
            "reduced",
            Some(test(Measure::ReducedPrice, How::Holds)),
            Some(test(Measure::Quantity, How::AtLeast(num("3")))),
        ),
        (
            "column",
            Some(test(Measure::Column("region".to_owned()), How::Is(text("nord")))),
            Some(test(Measure::MemberColumn("plan".to_owned()), How::Exists)),
        ),
    ];
    let told: Vec<String> = cases
        .into_iter()
        .map(|(title, first, second)| {
            let found = meeting(&two_bonuses(first, second));
            assert_eq!(codes(&found), ["bonuses-meet"], "{title}");
            format!("{title}: {:?} {}", found[0].severity, found[0].why)
        })
        .collect();
    insta::assert_snapshot!("witnesses", told.join("\n"));
}

#[test]
fn three_bonuses_that_meet_are_told_twice_not_thrice() {
    let mut program = two_bonuses(None, None);
    let mut third = rule("third", true, vec![percent_of("25", 0, Pick::default())]);
    third.when = Some(level(&[1]));
    program.rules.push(third);
    assert_eq!(codes(&meeting(&program)), ["bonuses-meet", "bonuses-meet"]);
}

#[test]
fn what_a_past_cannot_have_been_is_at_most_a_warning() {
    let visits = |how| {
        test(Measure::Aggregate { basis: Basis::Visits(Pick::default()), window: Window::Calendar(Period::Year) }, how)
    };
    let cases = [
        ("a gold member's first purchase", level(&[2]), test(Measure::FirstPurchase, How::Holds)),
        ("basic with many visits", level(&[0]), visits(How::AtLeast(num("30")))),
        (
            "spent much, never visited",
            test(
                Measure::Aggregate { basis: Basis::Total(Default::default()), window: Window::Ever },
                How::AtLeast(num("100")),
            ),
            visits(How::Is(num("0"))),
        ),
    ];
    for (title, first, second) in cases {
        let found = meeting(&two_bonuses(Some(first), Some(second)));
        assert!(found.iter().all(|finding| finding.severity == Severity::Warning), "{title}: {}", letter(&found));
    }
}

/// The sample's happy hour under this condition.
fn happy(when: Condition) -> Vec<Finding> {
    let mut program = coffee();
    program.rules[2].when = Some(when);
    analyses::when::check(&program)
}

#[test]
fn conditions_never_or_always_true() {
    use Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
    let amount = |how| test(Measure::Amount, how);
    let all_week = [Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday];
    let and = |parts: Vec<Condition>| Condition::All(parts);
    let bad: Vec<(&str, Condition)> = vec![
        ("empty time", between((14, 0), (14, 0))),
        ("all week", weekdays(&all_week)),
        ("amounts", and(vec![amount(How::AtLeast(num("10"))), amount(How::LessThan(num("5")))])),
        ("all levels", level(&[0, 1, 2])),
        ("two values of one line", and(vec![category(&["tea"]), category(&["coffee"])])),
        (
            "30 february",
            and(vec![test(Measure::Month, How::Is(num("2"))), test(Measure::DayOfMonth, How::Is(num("30")))]),
        ),
        ("month 13", test(Measure::Month, How::Is(num("13")))),
        ("either", Condition::Any(vec![amount(How::AtLeast(num("5"))), amount(How::LessThan(num("10")))])),
        ("inside or", Condition::Any(vec![between((9, 0), (9, 0)), level(&[2])])),
        (
            "spend is not negative",
            test(
                Measure::Aggregate { basis: Basis::Total(Default::default()), window: Window::Ever },
                How::AtLeast(num("0")),
            ),
        ),
        ("a full card is not open", test(Measure::Stamps(loyal::mechanics::CardId(0)), How::AtLeast(num("10")))),
        ("between turned round", amount(How::Between(num("10"), num("5")))),
    ];
    let told: Vec<String> =
        bad.into_iter().map(|(title, when)| format!("## {title}\n{}", letter(&happy(when)))).collect();
    insta::assert_snapshot!("decided", told.join("\n\n"));
    let good: Vec<(&str, Condition)> = vec![
        ("over midnight", between((22, 0), (2, 0))),
        ("weekend", weekdays(&[Saturday, Sunday])),
        ("range", and(vec![amount(How::AtLeast(num("10"))), amount(How::LessThan(num("50")))])),
        ("other lines", and(vec![category(&["tea"]), test(Measure::Category, How::NotIn(texts(&["coffee"])))])),
        ("almost all day", between((0, 0), (23, 59))),
        (
            "one category or none",
            Condition::Any(vec![category(&["tea"]), Condition::Not(Box::new(category(&["tea"])))]),
        ),
        ("leap day", and(vec![test(Measure::Month, How::Is(num("2"))), test(Measure::DayOfMonth, How::Is(num("29")))])),
        ("at least one item", test(Measure::Items, How::AtLeast(num("1")))),
        ("amount may be nothing", amount(How::AtLeast(num("0")))),
    ];
    for (title, when) in good {
        let expected = if title == "one category or none" { vec!["always-true"] } else { Vec::new() };
        assert_eq!(codes(&happy(when)), expected, "{title}");
    }
    let mut stacked = coffee();
    stacked.stacks[0].take = Take::All;
    assert_eq!(letter(&analyses::when::check(&stacked)), "nothing");
}
