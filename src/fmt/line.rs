//! One line of the program: its tokens with the blanks between them, wrapped inside brackets where it is long.

use crate::syntax::ast::{Comment, Token, TokenKind};
use crate::syntax::begins_anew;
use crate::text::Sources;
use unicode_width::UnicodeWidthStr;

/// Lines are kept within this many columns where brackets allow.
pub(super) const WIDTH: usize = 120;

/// How many columns a text takes on screen.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// A line in the making.
pub(super) struct Line<'a> {
    out: String,
    /// The columns that the last line of `out` takes.
    column: usize,
    sources: &'a Sources,
    /// Comments between its tokens.
    inner: &'a [Comment],
    /// How far what is wrapped stands in.
    indent: usize,
    last: Option<Token>,
    /// Square brackets open.
    depth: usize,
}

impl<'a> Line<'a> {
    pub fn new(sources: &'a Sources, inner: &'a [Comment], indent: usize) -> Self {
        Self { out: String::new(), column: 0, sources, inner, indent, last: None, depth: 0 }
    }

    pub fn done(self) -> String {
        self.out
    }

    fn push(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += width(text);
    }

    pub fn blanks(&mut self, count: usize) {
        self.push(&" ".repeat(count));
    }

    /// A word of a header.
    pub fn word(&mut self, word: &str) {
        if !self.out.is_empty() {
            self.push(" ");
        }
        self.push(word);
        self.last = None;
    }

    /// Tokens and the comments between them.
    pub fn tokens(&mut self, tokens: &[Token]) {
        for (at, token) in tokens.iter().enumerate() {
            if self.comments_before(token) {
                self.wrap();
            } else {
                let blank = self.last.as_ref().map_or(!self.out.trim_start().is_empty(), |last| blank(last, token));
                let comma = self.depth > 0 && self.last.as_ref().is_some_and(|last| last.text == ",");
                let over = self.column + 1 + element(&tokens[at..]) > WIDTH;
                if comma && over && !begins_anew(&tokens[at..]) {
                    self.wrap();
                } else if blank {
                    self.push(" ");
                }
            }
            match (token.kind, token.text.as_str()) {
                (TokenKind::Mark, "[") => self.depth += 1,
                (TokenKind::Mark, "]") => self.depth = self.depth.saturating_sub(1),
                (TokenKind::Word | TokenKind::Number | TokenKind::Text | TokenKind::Mark | TokenKind::Unknown, _) => {}
            }
            self.push(&token.text);
            self.last = Some(token.clone());
        }
    }

    /// Writes the comments that stand before `token`; whether there were any.
    fn comments_before(&mut self, token: &Token) -> bool {
        let many = self.inner.iter().take_while(|comment| comment.span.start < token.span.start).count();
        let (now, later) = self.inner.split_at(many);
        self.inner = later;
        for comment in now {
            if self.stands_alone(comment) {
                self.wrap();
            } else {
                self.push(" ");
            }
            self.push(&comment.text);
        }
        !now.is_empty()
    }

    /// Whether a comment has a line of its own.
    fn stands_alone(&self, comment: &Comment) -> bool {
        let text = &self.sources.file(comment.span).text;
        let before = text.get(..comment.span.start as usize).unwrap_or("");
        before.trim_end_matches([' ', '\t']).ends_with('\n')
    }

    fn wrap(&mut self) {
        self.out.push('\n');
        self.column = 0;
        self.blanks(self.indent);
    }
}

/// Whether a blank stands between two tokens.
fn blank(last: &Token, next: &Token) -> bool {
    let is = |token: &Token, marks: &str| token.kind == TokenKind::Mark && marks.contains(token.text.as_str());
    let dotted = |dot: &Token, other: &Token| is(dot, ".") && other.kind == TokenKind::Word;
    !(is(next, ",;:])") || is(last, "[(") || dotted(next, last) || dotted(last, next))
}

/// The columns up to the next comma, with it, or to the end.
fn element(tokens: &[Token]) -> usize {
    let mut columns = 0;
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| tokens.get(before));
        columns += width(&token.text) + usize::from(before.is_some_and(|before| blank(before, token)));
        if token.text == "," {
            break;
        }
    }
    columns
}
