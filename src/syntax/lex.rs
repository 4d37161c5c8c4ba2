//! Tokens and comments of a file, line by line (`grammar/loyal.pest`), with what is wrong in each by itself.

use super::ast::Comment;
use super::mistake::{Letters, Tell};
use crate::text::{Span, is_bidi_control, is_invisible, mixture};
use pest::Parser as _;
use pest::iterators::Pair;

/// The longest name, in characters.
pub const NAME_LIMIT: usize = 100;
/// The longest line, in bytes.
pub const LINE_LIMIT: usize = 64 * 1024;

/// The parser that pest makes of the grammar.
#[derive(pest_derive::Parser)]
#[grammar = "../grammar/loyal.pest"]
struct Lines;

/// What a token is to the parser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Number,
    Text,
    Mark(char),
    /// What the language has no use for; complained about.
    Odd,
}

/// A token, where it stands, and how it stands to the lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lexeme {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
    /// Counted from 0.
    pub line: usize,
    /// Bytes before it on its line.
    pub column: usize,
    /// Nothing but blanks stands before it on its line.
    pub first: bool,
    /// An empty line stands right above it.
    pub gap: bool,
    /// It has been complained about.
    pub bad: bool,
}

/// A comment and how it stands to the lines.
#[derive(Debug, Clone)]
pub(super) struct Remark {
    pub comment: Comment,
    pub line: usize,
    pub column: usize,
}

/// A file in tokens.
#[derive(Debug, Default)]
pub(super) struct Lexed {
    pub tokens: Vec<Lexeme>,
    pub remarks: Vec<Remark>,
}

/// The tokens of `text`; what is wrong with single ones goes to `tell`.
pub(super) fn lex(text: &str, file: u32, tell: &mut Tell) -> Lexed {
    let mut lexer = Lexer { file, tell, lexed: Lexed::default(), last: None, said: Vec::new() };
    let mut start = 0;
    for (number, whole) in text.split_inclusive('\n').enumerate() {
        let line = whole.strip_suffix('\n').unwrap_or(whole);
        let line = line.strip_suffix('\r').unwrap_or(line);
        lexer.line(line, number, start);
        start += whole.len();
    }
    lexer.lexed
}

struct Lexer<'f> {
    file: u32,
    tell: &'f mut Tell,
    lexed: Lexed,
    /// The line of the last token or comment.
    last: Option<usize>,
    /// What is wrong on the line so far.
    said: Vec<Letters>,
}

impl Lexer<'_> {
    fn line(&mut self, line: &str, number: usize, start: usize) {
        if line.len() > LINE_LIMIT {
            let end = start + line.len();
            self.tell.say(Letters::LineTooLong { place: Span::new(self.file, start, start), bytes: line.len() });
            // It stands for whatever it was, so that nothing else is missed in its place.
            self.push(Kind::Odd, (start, end), number, start, true);
            return;
        }
        if line.bytes().all(|b| b == b' ' || b == b'\t') {
            return;
        }
        let pairs = Lines::parse(Rule::line, line).expect("the rule `line` accepts every text without a line end");
        for pair in pairs.flat_map(Pair::into_inner) {
            self.token(&pair, number, start);
        }
        // Where a quote is missing, what should have been in quotes is not strange.
        let unclosed = self.said.iter().any(|mistake| matches!(mistake, Letters::UnclosedText { .. }));
        for mistake in self.said.drain(..).filter(|mistake| !unclosed || mistake.stands_in_texts()) {
            self.tell.say(mistake);
        }
    }

    fn token(&mut self, pair: &Pair<'_, Rule>, number: usize, line_start: usize) {
        let (text, span) = (pair.as_str(), pair.as_span());
        let (start, end) = (line_start + span.start(), line_start + span.end());
        let place = Span::new(self.file, start, end);
        let range = (start, end);
        match pair.as_rule() {
            Rule::EOI => {}
            Rule::comment => self.comment(text, place, number, span.start()),
            Rule::word => {
                let bad = self.name(text, place);
                self.push(Kind::Word, range, number, line_start, bad);
            }
            Rule::number => self.push(Kind::Number, range, number, line_start, false),
            Rule::mark => {
                let mark = text.chars().next().unwrap_or(' ');
                self.push(Kind::Mark(mark), range, number, line_start, false);
            }
            Rule::text => {
                let bad = self.inside(text, place, "text");
                self.push(Kind::Text, range, number, line_start, bad);
            }
            Rule::open_text => self.open_text(text, range, number, line_start),
            Rule::glued => self.odd(Letters::Glued { place, text: text.to_owned() }, range, number, line_start),
            Rule::dashed => self.odd(Letters::Dashes { place, text: text.to_owned() }, range, number, line_start),
            Rule::hyphened => self.odd(Letters::Hyphen { place, text: text.to_owned() }, range, number, line_start),
            Rule::slashes => self.odd(Letters::Slashes { place }, range, number, line_start),
            Rule::quoted => self.odd(Letters::Quotes { place, text: text.to_owned() }, range, number, line_start),
            Rule::foreign_number => {
                self.odd(Letters::ForeignDigits { place, text: text.to_owned() }, range, number, line_start);
            }
            Rule::unknown => self.odd(Letters::stranger(place, text), range, number, line_start),
            // Silent or reached only inside the tokens above.
            Rule::line
            | Rule::blank
            | Rule::token
            | Rule::sign
            | Rule::figures
            | Rule::instant
            | Rule::other_dash
            | Rule::hyphen
            | Rule::known
            | Rule::mark_char
            | Rule::opening => {}
        }
    }

    fn odd(&mut self, mistake: Letters, range: (usize, usize), number: usize, line_start: usize) {
        self.said.push(mistake);
        self.push(Kind::Odd, range, number, line_start, true);
    }

    /// A text without its second quote ends with its line; a brace at its end is taken as one that was meant.
    fn open_text(&mut self, text: &str, range: (usize, usize), number: usize, line_start: usize) {
        let content = text.trim_end();
        let brace = content.len() > 1 && (content.ends_with('{') || content.ends_with('}'));
        let kept = if brace { content[..content.len() - 1].trim_end() } else { content };
        let end = range.0 + kept.len();
        let place = Span::new(self.file, range.0, end);
        self.said.push(Letters::UnclosedText { place, text: kept.to_owned() });
        self.inside(kept, place, "text");
        self.push(Kind::Text, (range.0, end), number, line_start, true);
        if brace {
            let at = range.0 + content.len() - 1;
            let mark = if content.ends_with('{') { '{' } else { '}' };
            self.push(Kind::Mark(mark), (at, at + 1), number, line_start, false);
        }
    }

    fn push(&mut self, kind: Kind, (start, end): (usize, usize), line: usize, line_start: usize, bad: bool) {
        let first = self.lexed.tokens.last().is_none_or(|before| before.line != line);
        let gap = self.last.is_some_and(|last| line > last + 1);
        self.last = Some(line);
        self.lexed.tokens.push(Lexeme { kind, start, end, line, column: start - line_start, first, gap, bad });
    }

    fn comment(&mut self, text: &str, place: Span, line: usize, column: usize) {
        self.inside(text, place, "comment");
        let text = text.trim_end();
        let gap = self.last.is_some_and(|last| line > last + 1);
        self.last = Some(line);
        let span = Span { end: place.start + u32::try_from(text.len()).unwrap_or(0), ..place };
        self.lexed.remarks.push(Remark { comment: Comment { text: text.to_owned(), span, gap }, line, column });
    }

    /// Complains of a name that is too long or mixes scripts; whether it did.
    fn name(&mut self, text: &str, place: Span) -> bool {
        if text.len() > NAME_LIMIT {
            let length = text.chars().count();
            if length > NAME_LIMIT {
                self.said.push(Letters::NameTooLong { place, length });
                return true;
            }
        }
        let Some(mixture) = mixture(text) else { return false };
        self.said.push(Letters::MixedScripts { place, name: text.to_owned(), mixture });
        true
    }

    /// Complains of control characters inside a text or comment; whether one is an error.
    fn inside(&mut self, text: &str, place: Span, what: &'static str) -> bool {
        if text.is_ascii() && !text.bytes().any(|b| b.is_ascii_control() && b != b'\t') {
            return false;
        }
        let at = |i: usize, c: char| {
            let start = place.start as usize + i;
            Span::new(place.file, start, start + c.len_utf8())
        };
        if let Some((i, letter)) = text.char_indices().find(|(_, c)| is_bidi_control(*c)) {
            self.said.push(Letters::Bidi { place: at(i, letter), letter, inside: Some(what) });
        }
        let control = text.char_indices().find(|(_, c)| c.is_control() && *c != '\t');
        if let Some((i, letter)) = control {
            self.said.push(Letters::Control { place: at(i, letter), letter });
        }
        control.is_some()
    }
}

/// Whether a character that stands where it should not is one the eye cannot see.
pub(super) fn is_unseen(c: char) -> bool {
    is_bidi_control(c) || is_invisible(c) || c.is_control() || c.is_whitespace()
}
