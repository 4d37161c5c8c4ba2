//! From tokens to blocks and clauses. A mistake is blamed on the line where something is wrong or
//! missing, once; the lines around it are read as what they are.

use super::ast::{Block, Clause, Edition, File, Item, Use, Word};
use super::cursor::Cursor;
use super::header::Header;
use super::lex::{Kind, lex};
use super::mistake::{EDITION, Shape, Tell};
use super::words::{begins_clause, connects, naming};
use crate::text::{Span, closest};

/// A file as it was read.
pub(super) struct Read {
    pub file: File,
    /// See [`super::Ast::lost`].
    pub lost: bool,
}

/// Reads the text of a file.
pub(super) fn read(text: &str, file: u32, tell: &mut Tell) -> Read {
    let lexed = lex(text, file, tell);
    let cursor = Cursor::new(file, text, lexed, tell);
    let tree = File { file, ..File::default() };
    let mut reader = Reader { cursor, tree, lost: false, braces: 0, edition_said: false };
    reader.items();
    Read { file: reader.tree, lost: reader.lost }
}

struct Reader<'t> {
    cursor: Cursor<'t>,
    tree: File,
    lost: bool,
    /// Opening braces inside lines that have been complained about, not yet closed.
    braces: usize,
    /// The edition has been complained about.
    edition_said: bool,
}

impl Reader<'_> {
    fn items(&mut self) {
        while let Some(token) = self.cursor.peek() {
            self.braces = 0;
            match token.kind {
                Kind::Odd => self.odd_start(),
                Kind::Mark('}') => {
                    self.cursor.tell.say(Shape::StrayClose { place: self.cursor.span(&token) });
                    self.cursor.at += 1;
                }
                Kind::Mark(';') => self.cursor.at += 1,
                Kind::Word if self.cursor.slice(&token) == "use" => self.use_line(),
                Kind::Word | Kind::Number if self.is_edition() => self.edition(),
                Kind::Word | Kind::Text | Kind::Number | Kind::Mark(_) => {
                    if self.is_header() {
                        self.block(false, None);
                    } else {
                        self.stray();
                    }
                }
            }
        }
        self.tree.trailing = self.cursor.comments_while(|_| true);
        if self.tree.edition.is_none() && !self.edition_said {
            self.cursor.tell.say(Shape::MissingEdition { place: self.top() });
        }
    }

    /// A line that begins with something the language has no use for, which has been said.
    fn odd_start(&mut self) {
        let line = self.cursor.peek().map(|token| token.line);
        while self.cursor.peek().is_some_and(|token| token.kind == Kind::Odd && Some(token.line) == line) {
            self.cursor.at += 1;
        }
        if self.cursor.peek().is_none_or(|token| Some(token.line) != line) {
            return;
        }
        if self.cursor.as_word(self.cursor.at).and_then(naming).is_none() {
            if self.cursor.on_line(self.cursor.at, '{') {
                self.block(true, None);
            } else {
                self.lost = true;
                self.cursor.skip_line();
            }
        }
    }

    /// Whether the next line, at the top level, is the header of a block.
    fn is_header(&self) -> bool {
        let at = self.cursor.at;
        let keyword = self.cursor.as_word(at).and_then(naming);
        keyword.is_some() || self.cursor.on_line(at, '{') || self.cursor.brace_below(at)
    }

    // ---- edition and use ----------------------------------------------------------------------

    /// Where the edition line belongs: the top of the file, below the comments that stand there.
    fn top(&self) -> Span {
        let lines = self.cursor.text.split_inclusive('\n');
        let at = lines.take_while(|line| line.trim_start().starts_with('#')).map(str::len).sum();
        Span::new(self.cursor.file, at, at)
    }

    /// Whether the next line is an edition line, or was meant to be one.
    fn is_edition(&self) -> bool {
        let at = self.cursor.at;
        let begin = self.tree.items.is_empty() && self.tree.edition.is_none() && !self.edition_said;
        let next = self.cursor.token(at + 1).filter(|next| !next.first);
        match self.cursor.as_word(at) {
            Some(_) if self.cursor.on_line(at, '{') => false,
            Some("loyal") => true,
            Some(word) if begin && naming(word).is_none() => {
                let near = word.to_lowercase().starts_with("loyal") || closest(word, &["loyal"]).is_some();
                near && next.is_none_or(|next| next.kind == Kind::Number)
            }
            Some(_) => false,
            None => begin && next.is_none(),
        }
    }

    fn edition(&mut self) {
        let at = self.cursor.at;
        let Some(token) = self.cursor.peek() else { return };
        let number = self.cursor.token(at + 1).filter(|next| !next.first && next.kind == Kind::Number);
        let known = self.cursor.as_word(at) == Some("loyal");
        let mut last = if number.is_some() { at + 1 } else { at };
        // `loyal one`: the line is wrong as a whole.
        let more = |next: super::lex::Lexeme| !next.first && self.cursor.as_word(last + 1).and_then(naming).is_none();
        if number.is_none() && self.cursor.token(last + 1).is_some_and(more) {
            self.cursor.skip_line();
            last = self.cursor.at - 1;
        }
        let place = self.cursor.span_of(&(at..last + 1));
        let comments = self.cursor.comments_before(token.start);
        self.cursor.at = last + 1;
        let comment = self.cursor.comment_behind(last);

        let text = self.cursor.text.get(place.start as usize..place.end as usize).unwrap_or("").to_owned();
        let written = number.filter(|_| known).map(|number| self.cursor.slice(&number).to_owned());
        let value = written.as_deref().and_then(|number| number.parse::<u32>().ok());
        let first = self.tree.edition.as_ref().map(|edition| edition.span);
        match (first, self.tree.items.first(), written) {
            (Some(first), _, _) => self.cursor.tell.say(Shape::SecondEdition { place, first }),
            (None, Some(item), _) if !self.edition_said => {
                self.cursor.tell.say(Shape::LateEdition { place, first: item_span(item) });
            }
            (None, _, None) => self.cursor.tell.say(Shape::BadEdition { place, text }),
            (None, _, Some(number)) if value != Some(EDITION) => {
                self.cursor.tell.say(Shape::UnknownEdition { place, number });
            }
            (None, _, Some(_)) => {}
        }
        self.edition_said = true;
        if first.is_none() {
            let number = value.unwrap_or(EDITION);
            self.tree.edition = Some(Edition { number, comments, comment, gap: token.gap, span: place });
        }
    }

    fn use_line(&mut self) {
        let Some(token) = self.cursor.peek() else { return };
        let comments = self.cursor.comments_before(token.start);
        let (range, bad) = self.cursor.stretch();
        let span = self.cursor.span_of(&range);
        let path = self.cursor.token(range.start + 1).filter(|next| next.kind == Kind::Text && range.len() == 2);
        let comment = self.cursor.comment_behind(range.end - 1);
        // What follows a brace on the line is a part of the same mistake.
        if self.cursor.peek().is_some_and(|next| next.line == token.line && self.cursor.peek_mark() != Some(';')) {
            self.cursor.skip_line();
        }
        match path.filter(|path| !path.bad && path.end > path.start + 2) {
            Some(path) => {
                let path = self.cursor.unquoted(&path);
                self.tree.items.push(Item::Use(Use { path, comments, comment, gap: token.gap, span }));
            }
            None => {
                self.lost = true;
                if !bad || path.is_some_and(|path| !path.bad) {
                    self.cursor.tell.say(Shape::BadUse { place: span });
                }
            }
        }
    }

    // ---- what stands outside ------------------------------------------------------------------

    /// Lines outside of every block: most likely their block has lost its first line. They are one mistake up to the
    /// brace that closes them; without such a brace each paragraph is one.
    fn stray(&mut self) {
        self.lost = true;
        let mut begins = Vec::new();
        let start = self.cursor.at;
        while let Some(token) = self.cursor.peek() {
            let here = self.cursor.at;
            if here > start && self.cursor.begins_item(here, Some(0)) {
                break;
            }
            self.cursor.at += 1;
            match token.kind {
                Kind::Mark('}') => {
                    begins.truncate(1);
                    break;
                }
                Kind::Odd => {}
                Kind::Word | Kind::Number | Kind::Text | Kind::Mark(_) => {
                    if here == start || (token.first && token.gap) {
                        begins.push(token);
                    }
                }
            }
        }
        for token in begins {
            let (place, word) = (self.cursor.span(&token), self.cursor.slice(&token).to_owned());
            self.cursor.tell.say(Shape::StrayLine { place, word });
        }
    }

    // ---- blocks -------------------------------------------------------------------------------

    /// Reads a block and adds it to the tree; one that stands inside another has that one's header as `outer`.
    fn block(&mut self, said: bool, outer: Option<(Span, String)>) {
        let mut header = self.cursor.header(said);
        self.lost |= header.lost;
        if let Some((outer, outer_name)) = outer.clone() {
            let (place, block) = (header.block.header, name_of(&header.block));
            self.cursor.tell.say(Shape::Nested { place, block, outer, outer_name });
            header.block.broken = true;
        }
        let place = self.tree.items.len();
        if header.body {
            self.body(&mut header, outer.is_some());
        }
        let end = self.cursor.behind(self.cursor.at.saturating_sub(1)).end;
        header.block.span = Span { start: header.block.header.start, end, ..header.block.header };
        header.block.broken |= header.block.clauses.iter().any(|clause| clause.broken);
        // A block that stands inside this one comes behind it.
        self.tree.items.insert(place, Item::Block(header.block));
    }

    fn body(&mut self, header: &mut Header, inside: bool) {
        let mut first_column = None;
        loop {
            let Some(token) = self.cursor.peek() else { return self.unclosed(header) };
            let at = self.cursor.at;
            // Behind `{` and `;` too: laid out, it begins a line.
            let begins = self.cursor.begins_item(at, self.outside_of(header, first_column));
            if begins || self.cursor.begins_without_brace(at) {
                let block = self.cursor.as_word(at).and_then(naming).is_some();
                if inside || !block || token.column <= header.column {
                    return self.unclosed(header);
                }
                let outer = (header.block.header, name_of(&header.block));
                header.block.broken = true;
                self.block(false, Some(outer));
                continue;
            }
            match token.kind {
                Kind::Mark('}') if self.braces > 0 && self.another_close_follows() => {
                    self.braces -= 1;
                    self.cursor.at += 1;
                }
                Kind::Mark('}') => {
                    header.block.trailing = self.cursor.comments_before(token.start);
                    self.cursor.at += 1;
                    header.block.close_comment = self.cursor.comment_behind(at);
                    return;
                }
                Kind::Mark(';') => self.cursor.at += 1,
                Kind::Mark('{') => {
                    header.block.broken = true;
                    self.stray_brace();
                }
                Kind::Word | Kind::Number | Kind::Text | Kind::Mark(_) | Kind::Odd => {
                    first_column = first_column.or(Some(token.column).filter(|_| token.first));
                    let clause = self.clause(&header.block.keyword.text);
                    header.block.clauses.push(clause);
                }
            }
        }
    }

    /// The column at which something stands outside of the block by its looks, when its looks say anything.
    fn outside_of(&self, header: &Header, first_column: Option<usize>) -> Option<usize> {
        let next = self.cursor.as_word(self.cursor.at).unwrap_or("");
        let deeper = match first_column {
            Some(first) => first > header.column,
            // `points star {` and, not indented, `earn at most 5 stars per member per day`.
            None => !begins_clause(next, None),
        };
        deeper.then_some(header.column)
    }

    /// Whether the next brace is followed by something that still belongs to the block.
    fn another_close_follows(&self) -> bool {
        let next = self.cursor.at + 1;
        self.cursor.token(next).is_some() && !self.cursor.begins_item(next, Some(0))
    }

    fn stray_brace(&mut self) {
        let Some(token) = self.cursor.peek() else { return };
        self.cursor.tell.say(Shape::StrayOpen { place: self.cursor.span(&token) });
        self.cursor.at += 1;
        self.braces += 1;
    }

    /// The block ends without its brace: blamed on its own last line, not on what follows.
    fn unclosed(&mut self, header: &mut Header) {
        let column = header.column;
        let last = self.cursor.at.saturating_sub(1);
        header.block.trailing = match self.cursor.peek() {
            Some(next) => self
                .cursor
                .comments_while(|remark| remark.column > column && (remark.comment.span.start as usize) < next.start),
            None => self.cursor.comments_while(|remark| remark.column > column),
        };
        // `activity survey` alone: one thing is missing, a pair of braces.
        if header.lacking && header.block.clauses.is_empty() {
            return;
        }
        let code = self.cursor.behind(last);
        let place =
            header.block.trailing.last().map_or(code, |comment| Span { start: comment.span.end, ..comment.span });
        let block = name_of(&header.block);
        self.cursor.tell.say(Shape::MissingClose { place, block, header: header.block.header });
        header.block.broken = true;
    }

    // ---- clauses ------------------------------------------------------------------------------

    fn clause(&mut self, block: &str) -> Clause {
        let start = self.cursor.at;
        let begin = self.cursor.token(start);
        let comments = self.cursor.comments_before(begin.map_or(0, |token| token.start));
        let (mut range, mut broken) = self.cursor.stretch();
        while self.cursor.peek_mark() == Some('{') && self.cursor.peek().is_some_and(|token| !token.first) {
            self.stray_brace();
            let rest = self.cursor.peek().filter(|token| !token.first);
            let (more, _) = if rest.is_some() { self.cursor.stretch() } else { (self.cursor.at..self.cursor.at, true) };
            range.end = more.end;
            broken = true;
        }
        broken = self.ending(&mut range, broken);
        let last = range.end.saturating_sub(1).max(start);
        while self.cursor.peek_mark() == Some(';') && self.cursor.peek().is_some_and(|token| !token.first) {
            self.cursor.at += 1;
        }
        let inner = self.cursor.comments_before(self.cursor.token(last).map_or(0, |token| token.start));
        let comment = self.cursor.comment_behind(self.cursor.at.saturating_sub(1));
        let brace = |token: &super::lex::Lexeme| matches!(token.kind, Kind::Mark('{' | '}'));
        let lexemes: Vec<_> = range.clone().filter_map(|at| self.cursor.token(at)).filter(|t| !brace(t)).collect();
        let keyword = lexemes.iter().find(|token| token.kind != Kind::Odd).or(lexemes.first());
        let span = self.cursor.span_of(&range);
        let keyword = keyword.map_or(Word { text: String::new(), span }, |token| self.cursor.word(token));
        let mut clause = Clause {
            keyword,
            tokens: lexemes.iter().map(|token| self.cursor.ast_token(token)).collect(),
            span,
            comments,
            comment,
            inner,
            gap: begin.is_some_and(|token| token.gap),
            broken,
        };
        clause.broken = self.beginning(&clause, lexemes.first().map(|token| token.kind), block);
        clause
    }

    /// Complains of a line that does not begin with a keyword; whether the line is broken.
    fn beginning(&mut self, clause: &Clause, kind: Option<Kind>, block: &str) -> bool {
        let text = clause.keyword.text.clone();
        let place = clause.keyword.span;
        let mistake = match kind {
            _ if clause.broken => return true,
            Some(Kind::Word) if connects(&text) => Shape::GoesOn { place, word: text },
            Some(Kind::Word | Kind::Odd) | None => return clause.broken,
            // `budget summer { 10000 RON per month }`
            Some(Kind::Number) if block == "budget" && text.starts_with(|c: char| c.is_ascii_digit()) => return false,
            Some(Kind::Number | Kind::Text | Kind::Mark(_)) => Shape::NoKeyword { place, text },
        };
        self.cursor.tell.say(mistake);
        true
    }

    /// A comma at the end of a line: what stands below may be its rest, and is then not read as a line.
    fn ending(&mut self, range: &mut std::ops::Range<usize>, broken: bool) -> bool {
        let last = range.end.checked_sub(1).filter(|last| *last >= range.start);
        let Some(comma) = last.and_then(|last| self.cursor.token(last)).filter(|token| token.kind == Kind::Mark(','))
        else {
            return broken;
        };
        if broken {
            return true;
        }
        self.cursor.tell.say(Shape::EndsWithComma { place: self.cursor.span(&comma) });
        let next = self.cursor.at;
        let follows = self.cursor.token(next).is_some_and(|token| token.first && token.kind == Kind::Word);
        let begins = begins_clause(self.cursor.as_word(next).unwrap_or(""), None);
        if follows && !begins && !self.cursor.begins_item(next, Some(0)) {
            let (more, _) = self.cursor.stretch();
            range.end = more.end;
        }
        true
    }
}

fn item_span(item: &Item) -> Span {
    match item {
        Item::Use(line) => line.span,
        Item::Block(block) => block.header,
    }
}

/// A block's keyword and name, for messages.
fn name_of(block: &Block) -> String {
    let name = block.name.as_ref().or(block.title.as_ref()).map_or("", |name| name.text.as_str());
    format!("{} {name}", block.keyword.text).trim().to_owned()
}
