//! Results of examples and recorded histories: as text, and as JUnit for build servers.

use super::explain::story;
use super::facts::Difference;
use super::grid::width;
use super::terminal::Paint;
use super::words::{Book, counted, isolate, sentence};
use crate::engine::examples::ExampleResult;
use crate::engine::outcome::Entry;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

/// The tests of one program.
#[derive(Debug, Clone)]
pub struct Suite {
    /// The program's path, as the user gave it.
    pub name: String,
    /// Its examples and recorded histories.
    pub cases: Vec<Case>,
}

/// One example or recorded history.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its title.
    pub name: String,
    /// Where it stands: `program.loyal:71`, or a file.
    pub place: String,
    /// What failed, in lines ready to be shown; none: it passed.
    pub failures: Vec<Failure>,
}

/// One thing that did not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What was expected, and what came.
    pub says: String,
    /// The explanation of what came, in lines.
    pub because: String,
}

/// Whether every case passed.
pub fn all_passed(suites: &[Suite]) -> bool {
    suites.iter().flat_map(|suite| &suite.cases).all(|case| case.failures.is_empty())
}

/// The results as lines: one for each case, what failed under it, a count at the end.
pub fn text(suites: &[Suite], paint: Paint, quiet: bool) -> String {
    let mut text = String::new();
    for suite in suites {
        let failed = suite.cases.iter().any(|case| !case.failures.is_empty());
        if quiet && !failed {
            continue;
        }
        text.push_str(&format!("{}\n", paint.strong(&suite.name)));
        if suite.cases.is_empty() {
            let none = "no tests: it has no example, and no recorded history (expected.csv) beside it";
            text.push_str(&format!("  {}\n", paint.quiet(none)));
        }
        for case in &suite.cases {
            if quiet && case.failures.is_empty() {
                continue;
            }
            write_case(&mut text, case, paint);
        }
    }
    let cases: Vec<&Case> = suites.iter().flat_map(|suite| &suite.cases).collect();
    let failed = cases.iter().filter(|case| !case.failures.is_empty()).count();
    if quiet && failed == 0 {
        return text;
    }
    let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let passed = counted(number(cases.len() - failed), "test passed", "tests passed");
    let line = match failed {
        0 if cases.is_empty() => "There are no tests; nothing was tried.".to_string(),
        0 => paint.good(&format!("{passed}.")),
        _ => format!("{passed}, {}.", paint.bad(&format!("{failed} failed"))),
    };
    text.push_str(&format!("\n{line}\n"));
    text
}

fn write_case(text: &mut String, case: &Case, paint: Paint) {
    let (mark, name) = (if case.failures.is_empty() { paint.good("✓") } else { paint.bad("✗") }, isolate(&case.name));
    text.push_str(&format!("  {mark} {name}  {}\n", paint.quiet(&case.place)));
    for failure in &case.failures {
        for line in failure.says.lines() {
            text.push_str(&format!("      {line}\n"));
        }
        for line in failure.because.lines() {
            text.push_str(&format!("        {}\n", paint.quiet(line)).replace("        \n", "\n"));
        }
    }
}

/// How an example came out; what failed is told with the story of what came.
pub fn example(book: Book<'_>, result: &ExampleResult) -> Case {
    let failures = result.failures.iter().map(|failure| {
        let place = book.place(failure.span);
        let [expected, got] = [&failure.expected, &failure.got].map(|words| sentence(words));
        let events = failure.events.iter().map(|event| (event.id.as_str(), event)).collect();
        let entries: Vec<&Entry> = failure.because.iter().collect();
        let mut because = String::new();
        for paragraph in story::paragraphs(book, &events, &failure.member, &entries) {
            story::write(&mut because, &paragraph);
        }
        Failure { says: format!("{place}: expected  {expected}\n{}  got       {got}", blanks(&place)), because }
    });
    Case { name: result.title.clone(), place: book.place(result.span), failures: failures.collect() }
}

/// As wide as `text`.
fn blanks(text: &str) -> String {
    " ".repeat(width(text))
}

/// How many differences of a recorded history are shown.
const SHOWN: usize = 20;

/// The facts of a recorded history that do not hold, as failures: the first of them, then a count.
pub fn differences(differences: &[Difference]) -> Vec<Failure> {
    let mut failures: Vec<Failure> = differences.iter().take(SHOWN).map(difference).collect();
    if differences.len() > SHOWN {
        let says = format!("and {} more", differences.len() - SHOWN);
        failures.push(Failure { says, because: String::new() });
    }
    failures
}

fn difference(difference: &Difference) -> Failure {
    let fact = &difference.recorded;
    let member = if fact.member.is_empty() { "the program".into() } else { isolate(&fact.member) };
    let got = difference.got.as_deref().unwrap_or("nothing");
    let says = format!(
        "{}, {member}: {} is recorded as {}, the run says {}",
        fact.as_of,
        isolate(&fact.what),
        isolate(&fact.value),
        isolate(got)
    );
    Failure { says, because: String::new() }
}

/// The results as JUnit XML; without times, so that the same results are the same bytes.
pub fn junit(suites: &[Suite]) -> Result<String, String> {
    let mut report = Report::new("loyal");
    for suite in suites {
        let mut tests = TestSuite::new(suite.name.as_str());
        for case in &suite.cases {
            let status = match case.failures.as_slice() {
                [] => TestCaseStatus::success(),
                failures => {
                    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                    let one_line = |says: &str| says.split_whitespace().collect::<Vec<_>>().join(" ");
                    let says: Vec<String> = failures.iter().map(|failure| one_line(&failure.says)).collect();
                    let whole = failures.iter().map(|failure| format!("{}\n{}", failure.says, failure.because));
                    status.set_message(says.join("; ")).set_description(whole.collect::<String>());
                    status
                }
            };
            let mut test = TestCase::new(case.name.as_str(), status);
            test.set_classname(case.place.as_str());
            tests.add_test_case(test);
        }
        report.add_test_suite(tests);
    }
    report.to_string().map_err(|error| error.to_string())
}
