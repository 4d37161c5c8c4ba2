//! Sentences with holes: what is said stands apart from the figures and names put into it, so that each reader's
//! medium can keep them from running into one another.

use crate::diag;
use maud::{Markup, html};

/// A sentence, piece by piece.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said(pub Vec<Piece>);

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Words of the reader's language.
    Words(String),
    /// A figure, a day, or a name from a program or history: it has a direction of its own.
    Apart(String),
    /// A word of the language `loyal`, as it is written there.
    Code(String),
    /// What the reader may type: a command, a clause.
    Typed(String),
    /// The name of a measure, and where the page has it.
    Link(String, String),
}

impl Said {
    /// Words alone.
    pub fn words(text: &str) -> Self {
        Self(vec![Piece::Words(text.to_owned())])
    }

    /// A figure.
    pub fn figure(text: impl Into<String>) -> Self {
        Self(vec![Piece::Apart(text.into())])
    }

    /// A name from a program or history; what could steer a terminal or turn a line around is written out.
    pub fn name(text: &str) -> Self {
        Self(vec![Piece::Apart(plain_name(text))])
    }

    /// A word of the language.
    pub fn code(text: &str) -> Self {
        Self(vec![Piece::Code(plain_name(text))])
    }

    /// A measure and the place of its row.
    pub fn link(text: &str, place: &str) -> Self {
        Self(vec![Piece::Link(text.to_owned(), place.to_owned())])
    }

    /// One after the other.
    pub fn then(mut self, next: Self) -> Self {
        self.0.extend(next.0);
        self
    }

    /// Without any marks: for sheets, labels and tests.
    pub fn plain(&self) -> String {
        self.joined(|text| text.to_owned())
    }

    /// For a line of a terminal: in a text from right to left, what has a direction of its own is isolated (UAX #9).
    pub fn line(&self, right_to_left: bool) -> String {
        self.joined(|text| apart(text, right_to_left))
    }

    /// For a cell of a sheet: in a text from right to left, what is read from left to right stands between marks of that
    /// direction, which every spreadsheet knows.
    pub fn cell(&self, right_to_left: bool) -> String {
        self.joined(|text| {
            let marked = right_to_left && !text.chars().any(turns);
            if marked { format!("\u{200e}{text}\u{200e}") } else { text.to_owned() }
        })
    }

    fn joined(&self, apart: impl Fn(&str) -> String) -> String {
        let pieces = self.0.iter().map(|piece| match piece {
            Piece::Words(text) => text.clone(),
            Piece::Typed(text) => apart(&format!("`{text}`")),
            Piece::Apart(text) | Piece::Code(text) | Piece::Link(text, _) => apart(text),
        });
        pieces.collect()
    }

    /// For the page.
    pub fn markup(&self) -> Markup {
        html! {
            @for piece in &self.0 {
                @match piece {
                    Piece::Words(text) => (text),
                    Piece::Apart(text) => bdi dir=[direction(text)] { (text) },
                    Piece::Code(text) | Piece::Typed(text) => code { bdi dir=[direction(text)] { (text) } },
                    Piece::Link(text, place) => a href={ "#" (place) } { (text) },
                }
            }
        }
    }
}

/// A figure or name in a line of a terminal; one with right-to-left letters is always isolated.
pub fn apart(text: &str, right_to_left: bool) -> String {
    if right_to_left || text.chars().any(turns) { format!("\u{2068}{text}\u{2069}") } else { text.to_owned() }
}

/// The direction of a figure or name on a page. A browser takes one without letters to be like its line, and puts the
/// sign of `-12%` behind it in Hebrew.
fn direction(text: &str) -> Option<&'static str> {
    (!text.chars().any(turns)).then_some("ltr")
}

/// Whether a letter belongs to a script written from right to left.
fn turns(letter: char) -> bool {
    matches!(u32::from(letter), 0x0590..=0x08ff | 0xfb1d..=0xfdff | 0xfe70..=0xfefc | 0x10800..=0x10fff | 0x1e800..=0x1efff)
}

/// A name on one line, without letters that steer.
pub fn plain_name(text: &str) -> String {
    diag::one_line(text)
}

/// Puts what is said into the holes of a template: ``{gain}: add `costs`.`` A hole that nothing is given for stays empty;
/// a test holds the four languages to the same holes.
pub fn fill(template: &str, holes: &[(&str, Said)]) -> Said {
    let mut said = Said::default();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else { break };
        said.0.extend(worded(before));
        if let Some((_, what)) = holes.iter().find(|(hole, _)| *hole == name) {
            said.0.extend(what.0.iter().cloned());
        }
        rest = behind;
    }
    said.0.extend(worded(rest));
    said
}

/// Words, and between backticks what is typed.
fn worded(text: &str) -> impl Iterator<Item = Piece> {
    let parts = text.split('`').enumerate().filter(|(_, part)| !part.is_empty());
    parts.map(|(at, part)| if at % 2 == 1 { Piece::Typed(part.to_owned()) } else { Piece::Words(part.to_owned()) })
}

/// The holes of a template, in order of their names.
pub fn holes(template: &str) -> Vec<&str> {
    let mut found: Vec<&str> =
        template.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_kept_apart_in_lines_from_right_to_left() {
        let said = fill("עלה {gain} ב־{place}.", &[("gain", Said::figure("-5 RON")), ("place", Said::name("Cluj"))]);
        assert_eq!(said.plain(), "עלה -5 RON ב־Cluj.");
        assert_eq!(said.line(true), "עלה \u{2068}-5 RON\u{2069} ב־\u{2068}Cluj\u{2069}.");
        assert_eq!(said.cell(true), "עלה \u{200e}-5 RON\u{200e} ב־\u{200e}Cluj\u{200e}.");
        assert_eq!(said.markup().into_string(), "עלה <bdi dir=\"ltr\">-5 RON</bdi> ב־<bdi dir=\"ltr\">Cluj</bdi>.");
        assert_eq!(holes("{b} {a} {b}"), ["a", "b"]);
    }

    #[test]
    fn what_a_program_calls_itself_cannot_become_a_part_of_the_page() {
        let said = Said::name("<script>alert(1)</script>");
        assert_eq!(said.markup().into_string(), "<bdi dir=\"ltr\">&lt;script&gt;alert(1)&lt;/script&gt;</bdi>");
    }
}
