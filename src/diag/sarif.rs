//! Findings as SARIF 2.1.0, for code scanning (OASIS, Static Analysis Results Interchange Format).

use super::Finding;
use super::json::{word, write};
use super::place::Places;
use crate::text::{Sources, Span};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

/// All findings as a SARIF 2.1.0 log with one run; columns are counted in characters.
pub fn to_sarif(findings: &[Finding], sources: &Sources) -> String {
    let places = Places::new(sources);
    let mut rules: BTreeMap<&str, &Finding> = BTreeMap::new();
    for finding in findings {
        rules.entry(finding.code).or_insert(finding);
    }
    let index: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(at, code)| (*code, at)).collect();
    let results: Vec<Value> = findings.iter().map(|finding| result(finding, &index, &places)).collect();
    write(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "loyal",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.values().map(|finding| rule(finding)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    }))
}

fn rule(finding: &Finding) -> Value {
    json!({
        "id": finding.code,
        "shortDescription": { "text": finding.code.replace('-', " ") },
        "fullDescription": { "text": finding.why },
        "defaultConfiguration": { "level": word(finding.severity) },
    })
}

fn result(finding: &Finding, index: &BTreeMap<&str, usize>, places: &Places<'_>) -> Value {
    let text = format!("{}. {} {}", finding.says, finding.why, finding.mend);
    let mut result = json!({
        "ruleId": finding.code,
        "ruleIndex": index[finding.code],
        "level": word(finding.severity),
        "message": { "text": text.trim() },
        "locations": location(finding.place, places).into_iter().collect::<Vec<_>>(),
    });
    let related: Vec<Value> = finding
        .related
        .iter()
        .enumerate()
        .filter_map(|(at, (span, label))| {
            let mut location = location(*span, places)?;
            location["id"] = json!(at + 1);
            if !label.is_empty() {
                location["message"] = json!({ "text": label });
            }
            Some(location)
        })
        .collect();
    if !related.is_empty() {
        result["relatedLocations"] = json!(related);
    }
    result
}

fn location(span: Span, places: &Places<'_>) -> Option<Value> {
    let place = places.of(span)?;
    Some(json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(place.path) },
        "region": {
            "startLine": place.line,
            "startColumn": place.column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
        },
    }}))
}

/// A path as a URI reference (RFC 3986): what is not unreserved is written in percents.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'\\' if cfg!(windows) => uri.push('/'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            _ => {
                // Writing into a String cannot fail.
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    if uri.starts_with('/') { format!("file://{uri}") } else { uri }
}
