//! The header of a block: `keyword name [plural name] [tail] {`.

use super::ast::{Block, Token};
use super::cursor::Cursor;
use super::lex::{Kind, Lexeme};
use super::mistake::Shape;
use super::words::{Naming, begins_clause, is_reserved, naming, near_block};
use crate::text::Span;

/// A header as it was read.
pub(super) struct Header {
    /// The block so far.
    pub block: Block,
    /// A block follows in braces, or should.
    pub body: bool,
    /// `{` was missing: a block without lines need not be closed either.
    pub lacking: bool,
    /// The column the header begins at.
    pub column: usize,
    /// Something that may declare a name was lost.
    pub lost: bool,
}

impl Cursor<'_> {
    /// Reads a header up to its brace, which is consumed. `said` tells that its line has been complained about.
    pub(super) fn header(&mut self, said: bool) -> Header {
        let start = self.at;
        let first = self.token(start).map_or(0, |token| token.start);
        let mut block = empty(self.span_of(&(start..start + 1)));
        block.gap = self.token(start).is_some_and(|token| token.gap);
        block.comments = self.comments_before(first);
        let column = self.token(start).map_or(0, |token| token.column);

        let (range, bad) = self.stretch();
        let end_of_header = range.end;
        let opened = self.peek_mark() == Some('{');
        let parts: Vec<usize> =
            range.clone().filter(|at| self.token(*at).is_some_and(|token| token.kind != Kind::Odd)).collect();
        block.header = self.span_of(&range);
        block.broken = said || bad;
        let mut names = Names { said: block.broken, cursor: self, block: &mut block, extra: None };
        names.read(&parts);
        let extra = names.extra;
        let told = names.said;

        let kind = naming(&block.keyword.text);
        let lost = match kind {
            Some(Naming::Name | Naming::Tail) => block.name.is_none() || block.keyword.text.is_empty(),
            Some(Naming::Title | Naming::Free) => false,
            None => true,
        };
        block.broken |= told;
        let mut header = Header { block, body: true, lacking: false, column, lost };
        if opened {
            self.at += 1;
            header.block.braced = true;
            // Comments before a brace on a line of its own.
            let brace = self.behind(self.at - 1).start as usize;
            header.block.comments.extend(self.comments_before(brace));
            header.block.open_comment = self.comment_behind(self.at - 1);
            return header;
        }
        if kind == Some(Naming::Tail) && self.peek_mark() != Some('}') {
            self.braceless(&mut header, end_of_header, told);
            return header;
        }
        self.without_brace(&mut header, extra, range.start, end_of_header, told);
        header
    }

    /// `list hot [a, b]`: a block whose lines, if any, have no braces.
    fn braceless(&mut self, header: &mut Header, end: usize, told: bool) {
        header.body = false;
        let last = end.saturating_sub(1);
        if header.block.tail.is_empty() && !told {
            let name = header.block.name.as_ref().map(|name| name.text.clone()).unwrap_or_default();
            let keyword = header.block.keyword.text.clone();
            self.tell.say(Shape::NothingListed { place: self.behind(last), keyword, name });
            header.block.broken = true;
        }
        let inner = self.token(last).map_or(0, |token| token.start);
        header.block.inner = self.comments_before(inner);
        header.block.open_comment = self.comment_behind(last);
        header.block.span = header.block.header;
    }

    /// A header that no brace follows. What stands behind the name may be the first line of the block.
    fn without_brace(&mut self, header: &mut Header, extra: Option<usize>, start: usize, end: usize, told: bool) {
        header.lacking = true;
        header.block.broken = true;
        let rest = extra.filter(|at| {
            let word = self.as_word(*at).unwrap_or("");
            let second = self.token(at + 1).filter(|_| at + 1 < end).map(|next| self.slice(&next));
            self.peek_mark() == Some('}') || begins_clause(word, second)
        });
        let last = rest.unwrap_or(end).saturating_sub(1).max(start);
        if !told {
            let span = self.span_of(&(start..last + 1));
            let header = self.text.get(span.start as usize..span.end as usize).unwrap_or("").to_owned();
            self.tell.say(Shape::MissingOpen { place: self.behind(last), header });
        }
        match rest {
            Some(at) => self.at = at,
            None => header.block.open_comment = self.comment_behind(last),
        }
    }
}

/// What stands in a header, one after the other. One complaint a header is enough.
struct Names<'c, 't> {
    cursor: &'c mut Cursor<'t>,
    block: &'c mut Block,
    said: bool,
    /// The first token that has no place in the header.
    extra: Option<usize>,
}

impl Names<'_, '_> {
    fn say(&mut self, mistake: Shape) {
        if !self.said {
            self.cursor.tell.say(mistake);
        }
        self.said = true;
    }

    fn read(&mut self, parts: &[usize]) {
        let mut parts: Vec<(usize, Lexeme)> =
            parts.iter().filter_map(|at| self.cursor.token(*at).map(|token| (*at, token))).collect();
        let titled = parts.first().is_some_and(|(_, token)| token.kind == Kind::Text);
        if !parts.first().is_some_and(|(_, token)| token.kind == Kind::Word) {
            let place = parts.first().map_or(self.block.header, |(_, token)| self.cursor.span(token));
            self.say(Shape::NoBlockKeyword { place, titled });
            return;
        }
        let keyword = self.cursor.word(&parts.remove(0).1);
        self.block.keyword = keyword.clone();
        match naming(&keyword.text) {
            Some(Naming::Name | Naming::Free) => {
                let rest = self.name(&parts);
                self.nothing_more(&parts[rest..]);
            }
            Some(Naming::Tail) => {
                let rest = self.name(&parts);
                self.block.tail = self.tokens(&parts[rest..]);
            }
            Some(Naming::Title) => self.title(&parts),
            None => {
                let near = near_block(&keyword.text);
                self.say(Shape::UnknownBlock { place: keyword.span, word: keyword.text, near });
                self.block.name = parts.first().map(|(_, token)| self.cursor.word(token));
            }
        }
    }

    fn tokens(&self, parts: &[(usize, Lexeme)]) -> Vec<Token> {
        parts.iter().map(|(_, token)| self.cursor.ast_token(token)).collect()
    }

    /// A name and perhaps its plural; how many tokens that took.
    fn name(&mut self, parts: &[(usize, Lexeme)]) -> usize {
        let keyword = self.block.keyword.text.clone();
        let nameless = naming(&keyword) == Some(Naming::Free);
        let Some((_, token)) = parts.first() else {
            if !nameless {
                self.say(Shape::MissingName { place: self.block.keyword.span, keyword });
            }
            return 0;
        };
        let (place, name) = (self.cursor.span(token), self.cursor.slice(token).to_owned());
        match token.kind {
            Kind::Word if name == "plural" && parts.len() > 1 => {
                self.say(Shape::MissingName { place: self.block.keyword.span, keyword });
                return self.plural(parts, 0);
            }
            Kind::Word if is_reserved(&keyword, &name) => self.say(Shape::ReservedName { place, keyword, name }),
            Kind::Word => {}
            Kind::Text => {
                self.say(Shape::QuotedName { place, keyword, name });
                self.block.name = Some(self.cursor.unquoted(token));
                return self.plural(parts, 1);
            }
            Kind::Number => self.say(Shape::NumberName { place, keyword, name }),
            Kind::Mark(_) | Kind::Odd => {
                self.say(Shape::MissingName { place: self.block.keyword.span, keyword });
                return 0;
            }
        }
        self.block.name = Some(self.cursor.word(token));
        self.plural(parts, 1)
    }

    /// `plural name` at `at`; how many tokens that and what stands before it took.
    fn plural(&mut self, parts: &[(usize, Lexeme)], at: usize) -> usize {
        let is_plural = |(_, token): &&(usize, Lexeme)| self.cursor.slice(token) == "plural";
        let Some((_, plural)) = parts.get(at).filter(is_plural) else { return at };
        let Some((_, token)) = parts.get(at + 1).filter(|(_, token)| token.kind == Kind::Word) else {
            let name = self.block.name.as_ref().map(|name| name.text.clone()).unwrap_or_default();
            self.say(Shape::MissingPlural { place: self.cursor.span(plural), name, plural: None });
            return at + 1;
        };
        let word = self.cursor.word(token);
        // `points point plural points` is what many programs call theirs.
        if is_reserved(&self.block.keyword.text, &word.text) && word.text != "points" {
            let keyword = self.block.keyword.text.clone();
            self.say(Shape::ReservedName { place: word.span, keyword, name: word.text.clone() });
        }
        self.block.plural = Some(word);
        at + 2
    }

    fn title(&mut self, parts: &[(usize, Lexeme)]) {
        match parts.first() {
            Some((_, token)) if token.kind == Kind::Text => {
                self.block.title = Some(self.cursor.unquoted(token));
                self.nothing_more(&parts[1..]);
            }
            Some(_) | None => {
                self.extra = parts.first().map(|(at, _)| *at);
                self.say(Shape::MissingTitle { place: self.block.keyword.span });
            }
        }
    }

    /// Complains of what stands between the name and the brace. Without a brace it may be the first line.
    fn nothing_more(&mut self, parts: &[(usize, Lexeme)]) {
        let Some((at, token)) = parts.first() else { return };
        self.extra = Some(*at);
        if self.cursor.peek_mark() != Some('{') {
            return;
        }
        let (place, text) = (self.cursor.span(token), self.cursor.slice(token).to_owned());
        let keyword = self.block.keyword.text.clone();
        let name = self.block.name.as_ref().map(|name| name.text.clone());
        match (token.kind, name) {
            (Kind::Word, Some(name)) if keyword == "points" && self.block.plural.is_none() => {
                self.say(Shape::MissingPlural { place, name, plural: Some(text) });
            }
            (Kind::Word, Some(name)) if self.block.plural.is_none() => {
                self.say(Shape::TwoNames { place, keyword, first: name, second: text });
            }
            (Kind::Word | Kind::Number | Kind::Text | Kind::Mark(_) | Kind::Odd, _) => {
                self.say(Shape::HeaderTail { place, text });
            }
        }
    }
}

/// A block of which nothing is known.
fn empty(place: Span) -> Block {
    let keyword = super::ast::Word { text: String::new(), span: place };
    Block {
        keyword,
        name: None,
        plural: None,
        title: None,
        tail: Vec::new(),
        braced: false,
        clauses: Vec::new(),
        comments: Vec::new(),
        inner: Vec::new(),
        gap: false,
        open_comment: None,
        trailing: Vec::new(),
        close_comment: None,
        header: place,
        span: place,
        broken: false,
    }
}
