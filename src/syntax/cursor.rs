//! A walk over the tokens of a file: what comes next, which comments belong to it, where a line ends.

use super::ast::{Comment, Token, TokenKind, Word};
use super::lex::{Kind, Lexed, Lexeme, Remark};
use super::mistake::{NESTING_LIMIT, Shape, Tell, closing};
use super::words::{begins_clause, connects, naming};
use crate::text::Span;
use std::ops::Range;

/// Where the parser stands in a file.
pub(super) struct Cursor<'t> {
    pub file: u32,
    pub text: &'t str,
    tokens: Vec<Lexeme>,
    remarks: Vec<Remark>,
    /// The next token.
    pub at: usize,
    /// The next comment that nothing has taken.
    next_remark: usize,
    pub tell: &'t mut Tell,
}

impl<'t> Cursor<'t> {
    pub fn new(file: u32, text: &'t str, lexed: Lexed, tell: &'t mut Tell) -> Self {
        Self { file, text, tokens: lexed.tokens, remarks: lexed.remarks, at: 0, next_remark: 0, tell }
    }

    // ---- tokens -------------------------------------------------------------------------------

    pub fn token(&self, at: usize) -> Option<Lexeme> {
        self.tokens.get(at).copied()
    }

    pub fn peek(&self) -> Option<Lexeme> {
        self.token(self.at)
    }

    pub fn peek_mark(&self) -> Option<char> {
        self.peek().and_then(|token| mark(&token))
    }

    pub fn slice(&self, token: &Lexeme) -> &'t str {
        self.text.get(token.start..token.end).unwrap_or("")
    }

    pub fn span(&self, token: &Lexeme) -> Span {
        Span::new(self.file, token.start, token.end)
    }

    /// From the first to the last of these tokens; the place of the next one when there are none.
    pub fn span_of(&self, range: &Range<usize>) -> Span {
        let start = self.token(range.start).map_or(self.text.len(), |token| token.start);
        let last = range.end.checked_sub(1).filter(|last| *last >= range.start);
        let end = last.and_then(|last| self.token(last)).map_or(start, |token| token.end);
        Span::new(self.file, start, end)
    }

    /// The place right behind a token.
    pub fn behind(&self, at: usize) -> Span {
        let end = self.token(at).map_or(self.text.len(), |token| token.end);
        Span::new(self.file, end, end)
    }

    pub fn word(&self, token: &Lexeme) -> Word {
        Word { text: self.slice(token).to_owned(), span: self.span(token) }
    }

    /// The text of a token in quotes, without them.
    pub fn unquoted(&self, token: &Lexeme) -> Word {
        let text = self.slice(token);
        let text = text.strip_prefix('"').unwrap_or(text);
        Word { text: text.strip_suffix('"').unwrap_or(text).to_owned(), span: self.span(token) }
    }

    pub fn ast_token(&self, token: &Lexeme) -> Token {
        let kind = match token.kind {
            Kind::Word => TokenKind::Word,
            Kind::Number => TokenKind::Number,
            Kind::Text => TokenKind::Text,
            Kind::Mark(_) => TokenKind::Mark,
            Kind::Odd => TokenKind::Unknown,
        };
        Token { kind, text: self.slice(token).to_owned(), span: self.span(token) }
    }

    /// The word that a token is.
    pub fn as_word(&self, at: usize) -> Option<&'t str> {
        self.token(at).filter(|token| token.kind == Kind::Word).map(|token| self.slice(&token))
    }

    /// The text of the token behind `at` on the same line.
    fn next_on_line(&self, at: usize) -> Option<&'t str> {
        let line = self.token(at)?.line;
        self.token(at + 1).filter(|next| next.line == line).map(|next| self.slice(&next))
    }

    /// Whether `wanted` stands on the line of token `at`, at or behind it.
    pub fn on_line(&self, at: usize, wanted: char) -> bool {
        let Some(from) = self.token(at) else { return false };
        let line = self.tokens[at..].iter().take_while(|token| token.line == from.line);
        line.into_iter().any(|token| mark(token) == Some(wanted))
    }

    /// Passes over the rest of the line.
    pub fn skip_line(&mut self) {
        let Some(line) = self.peek().map(|token| token.line) else { return };
        while self.peek().is_some_and(|token| token.line == line) {
            self.at += 1;
        }
    }

    // ---- comments -----------------------------------------------------------------------------

    /// The comments before byte `start` that nothing has taken.
    pub fn comments_before(&mut self, start: usize) -> Vec<Comment> {
        self.comments_while(|remark| (remark.comment.span.start as usize) < start)
    }

    pub fn comments_while(&mut self, wanted: impl Fn(&Remark) -> bool) -> Vec<Comment> {
        let from = self.next_remark;
        while self.remarks.get(self.next_remark).is_some_and(&wanted) {
            self.next_remark += 1;
        }
        self.remarks[from..self.next_remark].iter().map(|remark| remark.comment.clone()).collect()
    }

    /// The comment that ends the line of token `at`, when no other token stands between.
    pub fn comment_behind(&mut self, at: usize) -> Option<Comment> {
        let token = self.token(at)?;
        let remark = self.remarks.get(self.next_remark).filter(|remark| remark.line == token.line)?;
        if self.token(at + 1).is_some_and(|next| next.line == token.line) {
            return None;
        }
        let comment = remark.comment.clone();
        self.next_remark += 1;
        Some(comment)
    }

    // ---- what begins where --------------------------------------------------------------------

    /// Whether the token `at`, inside a block, begins something that stands at the top level: the block was not
    /// closed. What stands no deeper than `column`, where one is given, is outside of the block by its looks.
    pub fn begins_item(&self, at: usize, column: Option<usize>) -> bool {
        let Some(token) = self.token(at).filter(|token| token.first) else { return false };
        let outdented = column.is_some_and(|column| token.column <= column);
        let braced = self.on_line(at, '{') || self.brace_below(at);
        match token.kind {
            Kind::Word => match self.slice(&token) {
                "loyal" => self.token(at + 1).is_some_and(|next| next.kind == Kind::Number) && outdented,
                _ if self.begins_without_brace(at) => true,
                keyword => match naming(keyword) {
                    Some(_) => braced || outdented,
                    None => outdented && braced,
                },
            },
            Kind::Text => outdented && braced,
            Kind::Number | Kind::Mark(_) | Kind::Odd => false,
        }
    }

    /// Whether the token `at` begins something of the top level that has no brace: a list, a calendar, a file that is used.
    pub fn begins_without_brace(&self, at: usize) -> bool {
        let next = self.token(at + 1).map(|next| next.kind);
        match self.as_word(at) {
            Some("use") => next == Some(Kind::Text),
            Some("list" | "calendar") => next == Some(Kind::Word),
            _ => false,
        }
    }

    /// Whether the line below the one of token `at` begins with `{`.
    pub fn brace_below(&self, at: usize) -> bool {
        let Some(from) = self.token(at) else { return false };
        let below = self.tokens[at..].iter().find(|token| token.line != from.line);
        below.is_some_and(|token| mark(token) == Some('{'))
    }

    // ---- a line -------------------------------------------------------------------------------

    /// Passes over a line: up to its end, a `;` or a brace; inside brackets over line ends too.
    /// Returns its tokens, and whether something in it has been complained about.
    pub fn stretch(&mut self) -> (Range<usize>, bool) {
        let start = self.at;
        let mut open: Vec<usize> = Vec::new();
        let mut broken = false;
        let mut shut: Option<(usize, bool)> = None;
        while let Some(token) = self.peek() {
            if token.first && self.at > start && (open.is_empty() || !self.goes_on(start)) {
                break;
            }
            broken |= token.bad;
            match mark(&token) {
                Some('[' | '(') if open.len() == NESTING_LIMIT => {
                    self.tell.say(Shape::TooDeep { place: self.span(&token) });
                    self.skip_to_line();
                    return (start..self.at, true);
                }
                Some('[' | '(') => open.push(self.at),
                Some(']' | ')') => broken |= !self.close(&mut open, &token),
                Some(';') if !open.is_empty() && self.closes_on_line(&mut shut) => {
                    self.tell.say(Shape::SemicolonInBrackets { place: self.span(&token) });
                    broken = true;
                }
                Some('{' | '}' | ';') => break,
                Some(_) | None => {}
            }
            self.at += 1;
        }
        if let Some(open) = open.last().and_then(|open| self.token(*open)) {
            // A text without its second quote has swallowed the bracket's end.
            let swallowed = |token: &Lexeme| token.kind == Kind::Text && token.bad;
            if !self.tokens[start..self.at].iter().any(swallowed) {
                self.unclosed(&open);
            }
            broken = true;
        }
        (start..self.at, broken)
    }

    /// Takes the bracket that `token` closes; whether there was the right one.
    fn close(&mut self, open: &mut Vec<usize>, token: &Lexeme) -> bool {
        let shut = mark(token).unwrap_or(')');
        let opened = |cursor: &Self, at: usize| cursor.token(at).and_then(|token| mark(&token)).unwrap_or('(');
        let Some(last) = open.pop() else {
            self.tell.say(Shape::StrayBracket { place: self.span(token), mark: shut });
            return false;
        };
        if closing(opened(self, last)) == shut {
            return true;
        }
        let inner = self.token(last).unwrap_or(*token);
        match open.last().map(|outer| opened(self, *outer)) {
            // `([a)`: the inner one was forgotten.
            Some(outer) if closing(outer) == shut => {
                open.pop();
                self.unclosed(&inner);
            }
            Some(_) | None => {
                let (place, open) = (self.span(token), self.span(&inner));
                self.tell.say(Shape::WrongBracket { place, mark: shut, open, opened: opened(self, last) });
            }
        }
        false
    }

    /// Complains that `open` is not closed: at the end of what was read so far, where it should be.
    fn unclosed(&mut self, open: &Lexeme) {
        let place = self.behind(self.at.saturating_sub(1));
        let mark = mark(open).unwrap_or('(');
        self.tell.say(Shape::UnclosedBracket { place, mark, open: self.span(open) });
    }

    /// After a line that cannot be read: on to the next one that begins with a word, or to a brace.
    fn skip_to_line(&mut self) {
        self.skip_line();
        while let Some(token) = self.peek() {
            if (token.first && token.kind == Kind::Word) || matches!(mark(&token), Some('{' | '}')) {
                break;
            }
            self.at += 1;
        }
    }

    /// Whether a bracket is closed behind the next token on its line; looked up once a line.
    fn closes_on_line(&self, known: &mut Option<(usize, bool)>) -> bool {
        let line = self.peek().map_or(0, |token| token.line);
        let fresh = || (line, self.on_line(self.at, ']') || self.on_line(self.at, ')'));
        known.filter(|(known, _)| *known == line).unwrap_or_else(|| *known.insert(fresh())).1
    }

    /// Inside brackets, whether the line that begins with the next token is the rest of the one above. An unclosed
    /// bracket must not swallow the lines below it, so a line that looks like a new one is taken for one. The line
    /// above begins with token `start`.
    fn goes_on(&self, start: usize) -> bool {
        let Some(token) = self.peek() else { return false };
        if matches!(mark(&token), Some('{' | '}')) {
            return false;
        }
        let column = self.token(start).filter(|token| token.first).map(|token| token.column);
        if self.begins_item(self.at, column) && naming(self.slice(&token)).is_some() {
            return false;
        }
        let before = self.token(self.at - 1);
        let asks = before.is_some_and(|before| {
            matches!(mark(&before), Some(',' | '[' | '('))
                || (before.kind == Kind::Word && connects(self.slice(&before)))
        });
        if token.kind != Kind::Word {
            return asks || !token.gap;
        }
        let (first, second) = (self.slice(&token), self.next_on_line(self.at));
        let listed = matches!(second, Some("," | "]" | ")"));
        let alone = second.is_none() && matches!(self.token(self.at + 1).and_then(|next| mark(&next)), Some(']' | ')'));
        if listed || alone || connects(first) {
            return true;
        }
        asks && !begins_clause(first, second)
    }
}

/// The mark that a token is.
pub(super) fn mark(token: &Lexeme) -> Option<char> {
    match token.kind {
        Kind::Mark(mark) => Some(mark),
        Kind::Word | Kind::Number | Kind::Text | Kind::Odd => None,
    }
}
