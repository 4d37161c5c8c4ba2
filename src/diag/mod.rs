//! What the tool says about a program: messages as types, one shape for all of them.
//!
//! Each floor that finds mistakes has its own enum of them and implements [`Message`]; the doors
//! only see [`Finding`]s, which say what is wrong in the reader's words, where, why it matters,
//! and the line that mends it (section 7 of the language).

mod github;
mod json;
mod page;
mod place;
mod plain;
mod sarif;
mod text;

pub use github::to_github;
pub use json::to_json;
pub use plain::{one_line, plain};
pub use sarif::to_sarif;
pub use text::{TextOptions, render_text, summary};

use crate::text::Span;

/// How bad a finding is: errors stop the program from running, warnings do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The program does not run until this is mended.
    Error,
    /// The program runs; the reader should look.
    Warning,
}

/// A message before it is rendered. Implemented by the enums of mistakes of each floor.
pub trait Message {
    /// A stable name in kebab case, such as `unknown-name`.
    fn code(&self) -> &'static str;
    /// Error or warning.
    fn severity(&self) -> Severity {
        Severity::Error
    }
    /// What is wrong, in the reader's words, one sentence without a full stop.
    fn says(&self) -> String;
    /// Where: the place the message stands under.
    fn place(&self) -> Span;
    /// What the underlined place is called in the picture; may be empty.
    fn label(&self) -> String {
        String::new()
    }
    /// Other places that belong to it, each with its label.
    fn related(&self) -> Vec<(Span, String)> {
        Vec::new()
    }
    /// Why it matters to her customers or her money; one or two sentences.
    fn why(&self) -> String;
    /// The line, or the step, that mends it.
    fn mend(&self) -> String;
}

/// A message ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Where it stands.
    pub place: Span,
    /// Error or warning.
    pub severity: Severity,
    /// Its stable name.
    pub code: &'static str,
    /// What is wrong.
    pub says: String,
    /// What the place is called in the picture.
    pub label: String,
    /// Other places that belong to it.
    pub related: Vec<(Span, String)>,
    /// Why it matters.
    pub why: String,
    /// What mends it.
    pub mend: String,
}

impl<M: Message> From<M> for Finding {
    fn from(message: M) -> Self {
        Self {
            place: message.place(),
            severity: message.severity(),
            code: message.code(),
            says: message.says(),
            label: message.label(),
            related: message.related(),
            why: message.why(),
            mend: message.mend(),
        }
    }
}

/// The findings of one run, in the order of their places, none twice.
pub fn sorted(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort();
    findings.dedup();
    findings
}

/// Whether any of the findings is an error.
pub fn has_error(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}
