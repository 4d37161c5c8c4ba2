//! The pages tell the truth: every fenced example of the language in `docs/` and the README is read,
//! checked, laid out and run.
//!
//! A fence with the info string `loyal` that begins with the edition is a whole program. `loyal block` is
//! put under a small prelude ([`PRELUDE`]) first; of the two, that which the example declares itself is left
//! out of the prelude. `loyal bad CODE` must be refused, with an error of that code and no other. `loyal file NAME` is a
//! whole program that lies beside the examples below it on its page, which may replace it.

use loyal::diag::{Finding, Severity, has_error, plain};
use loyal::engine::examples;
use loyal::fmt::{format_text, table_order};
use loyal::mechanics::Program;
use loyal::syntax::{Files, parse};
use loyal::text::Sources;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What the examples of single blocks lean on: blocks of other names, a blank line between two.
const PRELUDE: &str = include_str!("docs/prelude.loyal");

/// A fenced example.
struct Fence {
    /// The page and the line of the fence.
    place: String,
    /// What stands behind the three backticks, from `loyal` on.
    info: String,
    /// What is between the fences.
    text: String,
    /// The files that lie beside it.
    beside: Shelf,
}

/// Files by their names.
#[derive(Clone, Default)]
struct Shelf(BTreeMap<String, String>);

impl Files for Shelf {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or_else(|| "there is no such file".to_owned())
    }
}

/// The pages: all of `docs/`, and the front door.
fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = fs::read_dir(root.join("docs")).expect("the folder of pages");
    let mut pages: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    pages.retain(|page| page.extension().is_some_and(|ending| ending == "md"));
    pages.push(root.join("README.md"));
    pages.sort();
    pages
}

/// The examples of a page.
fn fences(page: &Path) -> Vec<Fence> {
    let text = fs::read_to_string(page).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
    let name = page.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (mut fences, mut open): (Vec<Fence>, Option<Fence>) = (Vec::new(), None);
    let mut beside = Shelf::default();
    for (at, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => {
                open = Some(Fence {
                    place: format!("{name}:{}", at + 1),
                    info: info.trim().to_owned(),
                    text: String::new(),
                    beside: beside.clone(),
                });
            }
            (Some(fence), Some("")) => {
                if let Some(name) = fence.info.strip_prefix("loyal file ") {
                    beside.0.insert(name.to_owned(), fence.text.clone());
                }
                fences.extend(open.take());
            }
            (Some(fence), _) => {
                fence.text.push_str(line);
                fence.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "{name}: a fence is not closed");
    fences
}

/// Every example of the language, from every page.
fn all() -> Vec<Fence> {
    let fences = pages().iter().flat_map(|page| fences(page)).collect::<Vec<_>>();
    fences.into_iter().filter(|fence| fence.info.split(' ').next() == Some("loyal")).collect()
}

/// Keyword and name of each block that begins a line: `earn base`, `program club`.
fn blocks(text: &str) -> Vec<(&str, &str)> {
    text.lines()
        .filter(|line| line.starts_with(|c: char| c.is_alphabetic()))
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((words.next()?, words.next().unwrap_or_default()))
        })
        .collect()
}

/// Whether two blocks cannot stand in one program: of one name, or both `program`.
fn collide(one: (&str, &str), other: (&str, &str)) -> bool {
    let family = |keyword: &str| if keyword == "bonus" { "earn".to_owned() } else { keyword.to_owned() };
    one.0 != "promise" && family(one.0) == family(other.0) && (one.1 == other.1 || one.0 == "program")
}

/// The example as a whole program: under the prelude, without what the example says itself.
fn whole(fence: &Fence) -> String {
    if fence.text.starts_with("loyal ") {
        return fence.text.clone();
    }
    let own = blocks(&fence.text);
    let kept = PRELUDE.split("\n\n").filter(|part| {
        let theirs = blocks(part);
        !theirs.iter().any(|block| own.iter().any(|mine| collide(*mine, *block)))
    });
    let kept: Vec<&str> = kept.map(str::trim_end).collect();
    format!("{}\n\n{}", kept.join("\n\n"), fence.text)
}

/// The program of a text, and what is said of it.
fn read(text: &str, beside: &Shelf) -> (Sources, Option<Program>, Vec<Finding>) {
    let mut sources = Sources::default();
    let mut files = beside.clone();
    files.0.insert("page.loyal".to_owned(), text.to_owned());
    let parsed = parse(&mut sources, &files, "page.loyal");
    let checked = loyal::check::check(&parsed.ast, &sources);
    let findings: Vec<Finding> = parsed.findings.into_iter().chain(checked.findings).collect();
    (sources, checked.program, findings)
}

/// What is said, one message a line.
fn said(findings: &[Finding]) -> String {
    findings
        .iter()
        .map(|finding| format!("  {}: {} — {}\n", finding.code, plain(&finding.says), finding.mend))
        .collect()
}

/// What is wrong with an example that should be right; nothing when all holds.
fn wrong_with(fence: &Fence) -> Vec<String> {
    let text = whole(fence);
    let (_, program, findings) = read(&text, &fence.beside);
    let Some(program) = program.filter(|_| !has_error(&findings)) else {
        return vec![format!("{} does not check:\n{}\n{text}", fence.place, said(&findings))];
    };
    let mut wrong = Vec::new();
    match format_text("page.loyal", &text, &table_order) {
        Ok(laid_out) if laid_out.ends_with(&fence.text) => {}
        Ok(laid_out) => wrong.push(format!("{} is not in shape:\n{laid_out}", fence.place)),
        Err(findings) => wrong.push(format!("{} cannot be laid out:\n{}", fence.place, said(&findings))),
    }
    for example in &program.examples {
        for failure in examples::run(&program, example).failures {
            wrong.push(format!(
                "{}, example \"{}\": expected {}, got {}",
                fence.place, example.title, failure.expected, failure.got
            ));
        }
    }
    wrong
}

#[test]
fn every_example_of_the_pages_checks_stands_in_shape_and_passes() {
    let fences = all();
    let right = fences.iter().filter(|fence| !fence.info.starts_with("loyal bad"));
    let wrong: Vec<String> = right.flat_map(wrong_with).collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_example_that_is_shown_as_wrong_is_refused() {
    for fence in all() {
        let Some(code) = fence.info.strip_prefix("loyal bad ") else { continue };
        let (_, _, findings) = read(&whole(&fence), &fence.beside);
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
        let codes: BTreeSet<&str> = errors.map(|finding| finding.code).collect();
        assert_eq!(codes, BTreeSet::from([code]), "{}", fence.place);
    }
}

#[test]
fn a_fence_says_what_it_is() {
    for fence in all() {
        let whole = fence.text.starts_with("loyal ");
        let known = match fence.info.as_str() {
            "loyal" => whole,
            "loyal block" => !whole,
            other => other.starts_with("loyal bad ") || whole && other.starts_with("loyal file "),
        };
        assert!(known, "{}: `{}` is no kind of example", fence.place, fence.info);
    }
    assert!(all().len() > 15, "the examples are not found");
}

#[test]
fn the_prelude_is_a_program_of_its_own() {
    let fence = Fence {
        place: "prelude.loyal".to_owned(),
        info: "loyal".to_owned(),
        text: PRELUDE.to_owned(),
        beside: Shelf::default(),
    };
    assert_eq!(wrong_with(&fence), Vec::<String>::new());
}

#[test]
fn every_measure_of_a_simulation_has_its_formula() {
    use loyal::simulate::study::Measure;
    let page = fs::read_to_string("docs/numbers.md").expect("the page of numbers");
    let key = |measure: &Measure| serde_json::to_string(measure).expect("a word").trim_matches('"').to_owned();
    let rows = |name: &str| page.lines().any(|line| line.starts_with('|') && line.contains(&format!("`{name}`")));
    let missing: Vec<String> = Measure::ALL.iter().map(key).filter(|name| !rows(name)).collect();
    assert!(missing.is_empty(), "docs/numbers.md has no formula of {missing:?}");
}
