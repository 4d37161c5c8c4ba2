//! What an audit found, as a letter to whoever asked for it.

use super::{Audit, Difference, How, Kind, Links, Other};
use crate::diag::plain;
use crate::report::words::{and, counted, sentence};

/// The width of the column of names.
const NAMES: usize = 10;

/// What is written and what is right stand on a line each where they are longer together.
const LONG: usize = 70;

/// The audit as JSON.
pub fn data(audit: &Audit) -> String {
    let mut text = serde_json::to_string_pretty(audit).expect("texts, numbers and lists always serialize");
    text.push('\n');
    text
}

/// The audit as text.
pub fn text(audit: &Audit) -> String {
    let mut parts = vec![opening(audit)];
    parts.extend(audit.difference.as_ref().map(difference));
    parts.extend(links(&audit.chain));
    if !audit.others.is_empty() {
        parts.push(wrapped(&format!("Also not as they should be: {}.", and(&audit.others))));
    }
    let others: Vec<String> = audit.program.iter().chain(&audit.inputs).map(other).collect();
    if !others.is_empty() {
        let so = match (audit.holds, audit.program.is_empty()) {
            (true, true) => {
                "The tables are right all the same: the files hold the same history, cut or named otherwise."
            }
            (true, false) => "The tables are right all the same: the programs come to the same for this history.",
            (false, _) => "So the difference may be no mistake of the outputs: name the files that they were made of.",
        };
        parts.push(format!("The outputs were made of other files:\n{}\n{}", others.join("\n"), wrapped(so)));
    }
    if audit.version != audit.by {
        let (version, by) = (&audit.version, &audit.by);
        parts.push(wrapped(&format!("The outputs were written by version {version} of loyal, and this is {by}.")));
    }
    if !audit.not_worked_out.is_empty() {
        let files = and(&audit.not_worked_out);
        let why = "only the run that went on from the state could write it; it is as it was written";
        parts.push(wrapped(&format!("Not worked out again: {files}, for {why}.")));
    }
    plain(&parts.join("\n\n")).into_owned() + "\n"
}

fn opening(audit: &Audit) -> String {
    let folder = &audit.folder;
    let files = counted(audit.files as u64, "file", "files");
    let postings = match audit.postings {
        Some(rows) => format!(", with {}", counted(rows, "row of postings", "rows of postings")),
        None => String::new(),
    };
    wrapped(&match (audit.holds, audit.worked_out) {
        (true, true) => format!("{folder} is what the program and the events give: {files}{postings}."),
        (true, false) => format!(
            "{folder} is as it was written: {files}{postings}. Whether that is right was not asked; name the program, and \
             it is worked out again."
        ),
        (false, true) => format!("{folder} is not what the program and the events give."),
        (false, false) => format!("{folder} is not as it was written."),
    })
}

fn difference(found: &Difference) -> String {
    let place = match found.row {
        Some(row) => format!("{}, row {row}", found.file),
        None => found.file.clone(),
    };
    let mut lines = vec![wrapped(&format!("The first difference is in {place}: {}.", what(&found.kind)))];
    let one_of = |name: &str| found.of.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str());
    for (name, value) in &found.of {
        let shown = match name.as_str() {
            "program" => continue,
            "number" => ("posting", value.clone()),
            "rule" => ("rule", one_of("program").map_or(value.clone(), |line| format!("{value}, {line}"))),
            "why" => ("because", value.clone()),
            name => (name, value.clone()),
        };
        if !found.cells.iter().any(|cell| cell.column == *name) {
            lines.push(format!("  {:NAMES$} {}", shown.0, shown.1));
        }
    }
    for cell in &found.cells {
        let quiet = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
        let (written, right) = (quiet(&cell.written), quiet(&cell.right));
        if cell.column.is_empty() || written.len() + right.len() > LONG {
            let name = if cell.column.is_empty() { "line" } else { cell.column.as_str() };
            lines.push(format!("  {name:NAMES$} written  {written}"));
            lines.push(format!("  {:NAMES$} right    {right}", ""));
        } else {
            lines.push(format!("  {:NAMES$} {written} is written, {right} is right", cell.column));
        }
    }
    lines.join("\n")
}

fn what(kind: &Kind) -> String {
    let rows = |many: u64| counted(many, "row", "rows");
    let is = |many: u64| if many == 1 { "is" } else { "are" };
    match kind {
        Kind::Changed => "it says something else than it should".to_owned(),
        Kind::Lost(many) => format!("{} {} missing here, of which this is the first", rows(*many), is(*many)),
        Kind::Added(many) => format!("{} {} too many here, of which this is the first", rows(*many), is(*many)),
        Kind::Swapped => {
            "this row belongs here, and stands one row further down, in the place of the one before it".to_owned()
        }
        Kind::CutShort => "the file ends too early, in the middle of what was written".to_owned(),
        Kind::Unreadable(why) => format!("it cannot be read: {why}"),
        Kind::Columns => "the columns are others".to_owned(),
        Kind::Gone => "the file is not there".to_owned(),
        Kind::NotAsWritten => "it is not as it was written".to_owned(),
    }
}

fn links(links: &Links) -> Option<String> {
    Some(wrapped(&match links {
        Links::None | Links::Hold | Links::Unknown => return None,
        Links::Broken { row } => format!(
            "The chain of postings breaks at row {row}: up to the row before, nothing was touched since it was written. \
             This row, or one that stood before it, was changed, taken out, put in or moved."
        ),
        Links::Ends { rows, of } if rows < of => format!(
            "The chain of postings holds for {}, and had {of}: those at its end were taken off.",
            counted(*rows, "row", "rows")
        ),
        Links::Ends { rows, of } => {
            format!(
                "The chain of postings has {}, and had {of}: rows were put behind its end.",
                counted(*rows, "row", "rows")
            )
        }
        Links::Anew => {
            "The chain of postings holds, and ends otherwise than the manifest says: whoever changed the rows \
                        made the links anew."
                .to_owned()
        }
    }))
}

fn other(other: &Other) -> String {
    let says = match other.how {
        How::Changed => "holds something else than it did",
        How::NotNamed => "is not among the files named now",
        How::NotOfThem => "is named now, and was not among them",
        How::Unknown => "came through a pipe: what was in it, nobody can tell any more",
    };
    format!("  {:NAMES$} {} {says}", other.what, other.file)
}

/// Lines of a width that can be read.
fn wrapped(text: &str) -> String {
    const WIDTH: usize = 100;
    let mut lines = vec![String::new()];
    for word in sentence(text).split_whitespace() {
        let line = lines.last_mut().expect("there is one");
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join("\n")
}
