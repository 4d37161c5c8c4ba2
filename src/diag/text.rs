//! Findings as a reader sees them on a terminal: a picture of the line, why it matters, what mends it.

use super::page::Page;
use super::place::Places;
use super::plain::{one_line, plain};
use super::{Finding, Severity};
use crate::text::{Sources, Span};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Related places within so many lines stand in one picture with the finding.
const NEAR: usize = 4;

/// How findings are shown as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextOptions {
    /// With colours.
    pub color: bool,
    /// How wide the terminal is, in columns.
    pub width: usize,
    /// The most findings shown; the rest are counted.
    pub most: usize,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self { color: false, width: 100, most: 100 }
    }
}

/// The findings as text, each with its picture, and the summary line at the end; empty when there are none.
pub fn render_text(findings: &[Finding], sources: &Sources, options: &TextOptions) -> String {
    if findings.is_empty() {
        return String::new();
    }
    let theme = if options.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(options.width.max(40))
        .with_links(false)
        .without_syntax_highlighting();
    let mut pages = BTreeMap::new();
    let mut text = String::new();
    for finding in findings.iter().take(options.most) {
        for span in spans(finding) {
            if let Some(source) = sources.all().get(span.file as usize) {
                pages.entry(span.file).or_insert_with(|| Page::new(source));
            }
        }
        for picture in pictures(finding, &pages) {
            // Writing into a String fails only where miette finds no such place; then the words stand alone.
            if handler.render_report(&mut text, &picture).is_err() {
                text.push_str(&format!("  {}\n", picture.says));
            }
        }
        text.push('\n');
    }
    let hidden = findings.len().saturating_sub(options.most);
    if hidden > 0 {
        text.push_str(&format!("… and {hidden} more; `--format json` lists all.\n"));
    }
    text.push_str(&summary(findings, sources));
    text.push('\n');
    text
}

/// How many there are, such as `3 errors, 1 warning in 2 files`.
pub fn summary(findings: &[Finding], sources: &Sources) -> String {
    let places = Places::new(sources);
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let files: BTreeSet<&str> =
        findings.iter().filter_map(|finding| places.of(finding.place)).map(|place| place.path).collect();
    let counted = |number: usize, word: &str| match number {
        0 => None,
        1 => Some(format!("1 {word}")),
        _ => Some(format!("{number} {word}s")),
    };
    let parts: Vec<String> =
        [counted(errors, "error"), counted(findings.len() - errors, "warning")].into_iter().flatten().collect();
    match (parts.is_empty(), counted(files.len(), "file")) {
        (true, _) => "no mistakes found".to_owned(),
        (false, Some(files)) => format!("{} in {files}", parts.join(", ")),
        (false, None) => parts.join(", "),
    }
}

fn spans(finding: &Finding) -> impl Iterator<Item = Span> + '_ {
    std::iter::once(finding.place).chain(finding.related.iter().map(|(span, _)| *span))
}

/// A picture of the finding with what stands near it, and one for each related place elsewhere;
/// why it matters and what mends it come last.
fn pictures<'p>(finding: &Finding, pages: &'p BTreeMap<u32, Page>) -> Vec<Picture<'p>> {
    let home = pages.get(&finding.place.file);
    let near = |span: Span| {
        span.file == finding.place.file
            && home.is_some_and(|page| page.line_at(span.start).abs_diff(page.line_at(finding.place.start)) <= NEAR)
    };
    let words = |words: &str| Some(one_line(words)).filter(|words| !words.is_empty());
    let mut labels = Vec::new();
    if let Some(page) = home {
        let stretch = page.stretch(finding.place.start, finding.place.end);
        labels.push(LabeledSpan::new_primary_with_span(words(&finding.label), stretch));
        for (span, label) in finding.related.iter().filter(|(span, _)| near(*span)) {
            labels.push(LabeledSpan::new_with_span(words(label), page.stretch(span.start, span.end)));
        }
    }
    let (word, severity) = match finding.severity {
        Severity::Error => ("error", miette::Severity::Error),
        Severity::Warning => ("warning", miette::Severity::Warning),
    };
    let code = Some(format!("{word}: {}", finding.code));
    let mut all = vec![Picture { code, severity, says: one_line(&finding.says), help: None, labels, page: home }];
    for (span, label) in finding.related.iter().filter(|(span, _)| !near(*span)) {
        let Some(page) = pages.get(&span.file) else { continue };
        all.push(Picture {
            code: None,
            severity: miette::Severity::Advice,
            says: one_line(label),
            help: None,
            labels: vec![LabeledSpan::new_primary_with_span(None, page.stretch(span.start, span.end))],
            page: Some(page),
        });
    }
    if let Some(last) = all.last_mut() {
        last.help = Some([finding.why.as_str(), finding.mend.as_str()].map(plain).join("\n").trim().to_owned());
    }
    all
}

/// A finding in miette's shape.
struct Picture<'p> {
    code: Option<String>,
    severity: miette::Severity,
    says: String,
    help: Option<String>,
    labels: Vec<LabeledSpan>,
    page: Option<&'p Page>,
}

impl fmt::Debug for Picture<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.says)
    }
}

impl fmt::Display for Picture<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.says)
    }
}

impl std::error::Error for Picture<'_> {}

impl Diagnostic for Picture<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.as_ref().map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.page.map(|page| page as &dyn SourceCode)
    }
}
