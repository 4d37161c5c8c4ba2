//! For tests: blocks and names from a text in which every line is well made.

use super::reading::names::Declared;
use super::reading::{Kind, Names, Reading};
use super::{activity, points, settings, tiers};
use crate::diag::Finding;
use crate::syntax::ast::{Block, Clause, Token, TokenKind, Word};
use crate::text::{Sources, Span};
use std::fmt::Write;

/// A text, its blocks, and the names they declare.
pub struct Specimen {
    /// The one file.
    pub sources: Sources,
    /// Its blocks.
    pub blocks: Vec<Block>,
    /// Their names.
    pub names: Names,
}

impl Specimen {
    /// The blocks of a text: `keyword name plural name {`, a line for each clause, `}`.
    pub fn new(text: &str) -> Self {
        let mut sources = Sources::default();
        sources.add("test.loyal", text);
        let mut blocks: Vec<Block> = Vec::new();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let begin = at + (line.len() - line.trim_start().len());
            at += line.len();
            let place = Span::new(0, begin, begin + line.trim().len());
            match (line.trim(), blocks.last_mut()) {
                ("", _) | ("}", _) => {}
                (header, _) if header.ends_with('{') => blocks.push(block(header, place)),
                (said, Some(block)) => block.clauses.push(clause(said, place)),
                (said, None) => panic!("a line outside a block: {said}"),
            }
        }
        let names = names(&sources, &blocks);
        Self { sources, blocks, names }
    }

    /// The first block of that keyword.
    pub fn block(&self, keyword: &str) -> &Block {
        self.blocks.iter().find(|block| block.keyword.text == keyword).expect("the test has such a block")
    }

    /// What a reader makes of the first block of that keyword, and what it complains of.
    pub fn read<T>(&self, keyword: &str, read: impl FnOnce(&mut Reading<'_>, &Block) -> T) -> (T, Vec<Finding>) {
        let mut reading = Reading::new(&self.sources, &self.names);
        let made = read(&mut reading, self.block(keyword));
        (made, reading.findings)
    }
}

/// A frame with `@` where the lines of the block under test stand.
pub struct Frame<'t, T> {
    /// The whole text.
    pub text: &'t str,
    /// The keyword of that block.
    pub keyword: &'t str,
    /// Its reader.
    pub read: fn(&mut Reading<'_>, &Block) -> T,
}

impl<T> Frame<'_, T> {
    /// What the block means with these lines, of which none may be complained.
    pub fn good(&self, lines: &str) -> T {
        let (made, findings) = self.both(lines);
        assert!(findings.is_empty(), "{lines}\n{}", page(&Specimen::new(&self.filled(lines)), &findings));
        made
    }

    /// The message for each bad line; its good twin passes without one.
    pub fn bad(&self, cases: &[(&str, &str)]) -> String {
        let mut pages = String::new();
        for (bad, twin) in cases {
            let (_, findings) = self.both(bad);
            let specimen = Specimen::new(&self.filled(bad));
            let said = page(&specimen, &findings);
            assert_eq!(findings.len(), 1, "{bad}\n{said}");
            write!(pages, "{}\n{said}\n", bad.replace('\n', " / ")).expect("writing to a string");
            self.good(twin);
        }
        pages
    }

    fn filled(&self, lines: &str) -> String {
        self.text.replace('@', lines)
    }

    fn both(&self, lines: &str) -> (T, Vec<Finding>) {
        Specimen::new(&self.filled(lines)).read(self.keyword, self.read)
    }
}

/// Findings as plain lines.
fn page(specimen: &Specimen, findings: &[Finding]) -> String {
    let mut page = String::new();
    for finding in findings {
        let under = specimen.sources.slice(finding.place);
        writeln!(page, "  {:?} {} under `{under}`", finding.severity, finding.code).expect("writing to a string");
        writeln!(page, "    {}", finding.says).expect("writing to a string");
        for (place, label) in &finding.related {
            writeln!(page, "    ({label}: `{}`)", specimen.sources.slice(*place)).expect("writing to a string");
        }
        writeln!(page, "    {}\n    > {}", finding.why, finding.mend).expect("writing to a string");
    }
    page
}

fn block(header: &str, span: Span) -> Block {
    let words: Vec<Word> = words(header.trim_end_matches('{').trim_end(), span);
    let word = |at: usize| words.get(at).cloned();
    let plural = word(2).filter(|word| word.text == "plural").and_then(|_| word(3));
    let end = words.last().map_or(span.end, |word| word.span.end);
    Block {
        keyword: word(0).expect("a header begins with a keyword"),
        name: word(1),
        plural,
        title: None,
        tail: Vec::new(),
        braced: true,
        clauses: Vec::new(),
        comments: Vec::new(),
        open_comment: None,
        trailing: Vec::new(),
        close_comment: None,
        header: Span { end, ..span },
        span,
        broken: false,
    }
}

fn clause(said: &str, span: Span) -> Clause {
    let words = words(said, span);
    let kind = TokenKind::Word;
    let tokens = words.iter().map(|word| Token { kind, text: word.text.clone(), span: word.span }).collect();
    Clause { keyword: words[0].clone(), tokens, span, comments: Vec::new(), comment: None, gap: false, broken: false }
}

fn words(text: &str, place: Span) -> Vec<Word> {
    let mut at = 0;
    let mut words = Vec::new();
    for word in text.split_inclusive(char::is_whitespace) {
        let start = place.start as usize + at;
        at += word.len();
        let word = word.trim_end();
        if !word.is_empty() {
            words.push(Word { text: word.to_owned(), span: Span::new(0, start, start + word.len()) });
        }
    }
    words
}

fn names(sources: &Sources, blocks: &[Block]) -> Names {
    let mut names = Names::default();
    for block in blocks {
        match block.keyword.text.as_str() {
            "program" => names.money = settings::money(sources, block),
            "points" => names.worth.push(points::worth(sources, block)),
            "tiers" => {
                names.levels.push(tiers::levels(sources, block));
                names.measures.push(tiers::measures(sources, block));
            }
            "activity" => names.fields.push(activity::fields(sources, block)),
            "earn" | "bonus" => names.bonus.push(block.keyword.text == "bonus"),
            _ => {}
        }
        if let (Some(kind), Some(name)) = (Kind::of_block(&block.keyword.text), &block.name) {
            let plural = block.plural.as_ref().map(|word| word.text.clone());
            names.declared.entry(kind).or_default().push(Declared { name: name.text.clone(), plural, span: name.span });
        }
    }
    names
}
