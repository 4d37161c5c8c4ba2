//! Findings as workflow commands, which GitHub shows at the line of a pull request.

use super::Finding;
use super::json::word;
use super::place::Places;
use super::plain::plain;
use crate::text::Sources;

/// One workflow command a line, such as `::error file=a.loyal,line=3,col=5,title=unknown-name::…`.
pub fn to_github(findings: &[Finding], sources: &Sources) -> String {
    let places = Places::new(sources);
    let mut text = String::new();
    for finding in findings {
        let mut properties = Vec::new();
        if let Some(at) = places.of(finding.place) {
            properties.push(format!("file={}", property(at.path)));
            properties.push(format!("line={}", at.line));
            properties.push(format!("endLine={}", at.end_line));
            properties.push(format!("col={}", at.column));
            // GitHub counts the last column in, and takes it only within one line.
            if at.end_line == at.line {
                properties.push(format!("endColumn={}", at.end_column.saturating_sub(1).max(at.column)));
            }
        }
        properties.push(format!("title={}", property(finding.code)));
        let says = format!("{}.\n{}\n{}", finding.says, finding.why, finding.mend);
        text.push_str(&format!("::{} {}::{}\n", word(finding.severity), properties.join(","), data(says.trim_end())));
    }
    text
}

/// What stands after `::` must not end the line.
fn data(text: &str) -> String {
    escape(text).replace('\n', "%0A")
}

/// What stands between `=` and `,` must not end there either.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A carriage return is shown like any other control character, a percent sign is escaped.
fn escape(text: &str) -> String {
    plain(text).replace('%', "%25")
}
