//! Findings for machines: one stable shape.

use super::place::Places;
use super::plain::is_unsafe;
use super::{Finding, Severity};
use crate::text::{Sources, Span};
use serde::Serialize;

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    errors: usize,
    warnings: usize,
    findings: Vec<Shown<'a>>,
}

#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    place: Where<'a>,
    severity: &'static str,
    code: &'static str,
    says: &'a str,
    label: &'a str,
    why: &'a str,
    mend: &'a str,
    related: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Related<'a> {
    #[serde(flatten)]
    place: Where<'a>,
    label: &'a str,
}

#[derive(Serialize, Default)]
struct Where<'a> {
    path: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

/// All findings as one JSON object, pretty, with a line feed at its end. Lines and columns count
/// from 1, columns in characters; `end_column` is one past the last. The shape only grows:
/// `version` changes if a field ever changes its meaning.
pub fn to_json(findings: &[Finding], sources: &Sources) -> String {
    let places = Places::new(sources);
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let shown = findings.iter().map(|finding| Shown {
        place: place(&places, finding.place),
        severity: word(finding.severity),
        code: finding.code,
        says: &finding.says,
        label: &finding.label,
        why: &finding.why,
        mend: &finding.mend,
        related: finding.related.iter().map(|(span, label)| Related { place: place(&places, *span), label }).collect(),
    });
    write(&Report { version: 1, errors, warnings: findings.len() - errors, findings: shown.collect() })
}

fn place<'a>(places: &Places<'a>, span: Span) -> Where<'a> {
    places.of(span).map_or_else(Where::default, |at| Where {
        path: at.path,
        line: at.line,
        column: at.column,
        end_line: at.end_line,
        end_column: at.end_column,
    })
}

/// The word for a severity, the same in all formats.
pub fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// JSON in which what could steer a terminal is escaped: the same text to a machine.
pub fn write(value: &impl Serialize) -> String {
    // Only a map with keys that are no text could fail, and there is none here.
    let written = serde_json::to_string_pretty(value).expect("plain structures are always JSON");
    let mut safe = String::with_capacity(written.len() + 1);
    for c in written.chars() {
        if is_unsafe(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                safe.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            safe.push(c);
        }
    }
    safe.push('\n');
    safe
}
