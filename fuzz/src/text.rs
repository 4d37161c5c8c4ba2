//! Programs that may be anything: read, laid out, checked.

use crate::bundle::Bundle;
use crate::told::{laid_out, tree};
use loyal::check::check as checked;
use loyal::diag::{self, Finding, TextOptions, render_text};
use loyal::engine::examples;
use loyal::engine::plan::Plan;
use loyal::fmt::{format_text, table_order};
use loyal::syntax::ast::{Block, Clause, Comment, Item, Token, Word};
use loyal::syntax::{Ast, Parsed, Phrase, Rule, parse, parse_text};
use loyal::text::{Sources, Span};

/// The name of the program in an input.
const PROGRAM: &str = "program.loyal";

/// Any bytes as a program, with the files that it uses: they are read without a panic, every part of the tree lies in
/// its file, on whole characters, and says what stands there; so does every finding, and it can be shown.
pub fn parse_any(data: &[u8]) {
    let mut sources = Sources::default();
    let parsed = parse(&mut sources, &Bundle::of(PROGRAM, data), PROGRAM);
    let mut ast = Some(&parsed.ast);
    while let Some(one) = ast {
        Tree { sources: &sources }.ast(one);
        ast = one.replaced.as_deref();
    }
    all_lie_within(&sources, &parsed.findings);
    can_be_shown(&sources, &parsed.findings, 1);
}

/// Any text as any phrase of the second stage: the first two bytes choose which. It is read or refused without a
/// panic, what is read lies inside what was given, its parts inside it, and so does the place where reading stopped.
pub fn phrase(data: &[u8]) {
    let [high, low, text @ ..] = data else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let rules = Rule::all_rules();
    let rule = rules[(usize::from(*high) << 8 | usize::from(*low)) % rules.len()];
    let place = Span::new(0, 100, 100 + text.len());
    match Phrase::read(rule, text, place) {
        Ok(phrase) => parts_lie_within(&phrase, place),
        Err(unread) if unread.too_deep => {}
        Err(unread) => assert!(place.holds(unread.place), "{rule:?}: stopped at {:?} of {place:?}", unread.place),
    }
}

fn parts_lie_within(phrase: &Phrase<'_>, place: Span) {
    let span = phrase.span();
    assert!(place.holds(span), "{:?}: {span:?} in {place:?}", phrase.rule());
    phrase.children().for_each(|child| parts_lie_within(&child, place));
}

/// A program that is read is laid out: with the same tree, comments and all, and laid out twice is laid out once. In
/// the order of the language too; and what the check accepts it then thinks of as before.
pub fn format(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(once) = format_text(PROGRAM, text, &|_, _| None) else { return };
    assert_eq!(tree(text), tree(&once), "laid out:\n{once}");
    assert_eq!(laid_out(&once), once);
    let ordered = format_text(PROGRAM, text, &table_order).expect("it was laid out before");
    let again = format_text(PROGRAM, &ordered, &table_order).unwrap_or_else(|why| panic!("{why:?}\n{ordered}"));
    assert_eq!(again, ordered, "in the order of the language");
    let before = verdict(text);
    // What cannot be read may be readable when it is laid out: `member . plan` is `member.plan`.
    if before.1 {
        assert_eq!(before, verdict(&ordered), "laid out:\n{ordered}");
    }
}

/// The codes of what the check finds in a text, and whether it would run.
fn verdict(text: &str) -> (Vec<&'static str>, bool) {
    let mut sources = Sources::default();
    let parsed = parse_text(&mut sources, PROGRAM, text);
    let checked = checked(&parsed.ast, &sources);
    let mut codes: Vec<&'static str> = checked.findings.iter().map(|finding| finding.code).collect();
    codes.sort_unstable();
    (codes, checked.program.is_some())
}

/// Any text as a program, checked with the files that it uses and replaces: no panic, every finding lies in its file
/// and can be shown, none is said twice; what is accepted has a plan, and its examples run to their end.
pub fn check(data: &[u8]) {
    let mut sources = Sources::default();
    let Parsed { ast, findings } = parse(&mut sources, &Bundle::of(PROGRAM, data), PROGRAM);
    all_lie_within(&sources, &findings);
    let checked = checked(&ast, &sources);
    all_lie_within(&sources, &checked.findings);
    can_be_shown(&sources, &checked.findings, 4);
    let errors = diag::has_error(&checked.findings);
    assert!(checked.program.is_none() || !errors, "a program with errors would run: {:?}", checked.findings);
    let Some(program) = checked.program else {
        let told = errors || diag::has_error(&findings);
        assert!(told, "a program does not run, and nobody says why: {:?} {:?}", checked.findings, findings);
        return;
    };
    let _ = Plan::of(&program);
    for example in &program.examples {
        let _ = examples::run(&program, example);
    }
}

/// Whether a span lies in its file, on whole characters.
fn lies_within(sources: &Sources, span: Span) -> bool {
    let file = sources.all().get(span.file as usize);
    let whole = |text: &str| text.get(span.start as usize..span.end as usize).is_some();
    span.start <= span.end && file.is_some_and(|file| whole(&file.text))
}

fn all_lie_within(sources: &Sources, findings: &[Finding]) {
    for finding in findings {
        assert!(lies_within(sources, finding.place), "{finding:?}");
        assert!(finding.related.iter().all(|(span, _)| lies_within(sources, *span)), "{finding:?}");
        assert!(!finding.says.is_empty() && !finding.why.is_empty() && !finding.mend.is_empty(), "{finding:?}");
    }
    assert!(findings.windows(2).all(|pair| pair[0] < pair[1]), "out of order, or twice: {findings:?}");
}

/// Shows the first few in every way there is.
fn can_be_shown(sources: &Sources, findings: &[Finding], most: usize) {
    let few = &findings[..findings.len().min(most)];
    let _ = render_text(few, sources, &TextOptions::default());
    let _ = diag::to_json(few, sources);
    let _ = diag::to_sarif(few, sources);
    let _ = diag::to_github(few, sources);
}

/// Looks at every part of a tree.
struct Tree<'s> {
    sources: &'s Sources,
}

impl Tree<'_> {
    fn ast(&self, ast: &Ast) {
        for file in &ast.files {
            if let Some(edition) = &file.edition {
                self.span(edition.span);
                self.comments(&edition.comments);
                self.comments(edition.comment.as_slice());
            }
            for item in &file.items {
                match item {
                    Item::Use(line) => {
                        self.span(line.span);
                        self.word(&line.path);
                        self.comments(&line.comments);
                        self.comments(line.comment.as_slice());
                    }
                    Item::Block(block) => self.block(block),
                }
            }
            self.comments(&file.trailing);
        }
    }

    fn block(&self, block: &Block) {
        self.span(block.span);
        self.span(block.header);
        assert!(block.span.holds(block.header), "{block:?}");
        self.word(&block.keyword);
        for word in [&block.name, &block.plural, &block.title].into_iter().flatten() {
            self.word(word);
        }
        self.tokens(&block.tail, block.span);
        for comments in [&block.comments, &block.inner, &block.trailing] {
            self.comments(comments);
        }
        self.comments(block.open_comment.as_slice());
        self.comments(block.close_comment.as_slice());
        block.clauses.iter().for_each(|clause| self.clause(clause, block.span));
    }

    fn clause(&self, clause: &Clause, block: Span) {
        self.span(clause.span);
        assert!(block.holds(clause.span), "{clause:?} in {block:?}");
        self.word(&clause.keyword);
        self.tokens(&clause.tokens, clause.span);
        self.comments(&clause.comments);
        self.comments(&clause.inner);
        self.comments(clause.comment.as_slice());
    }

    fn tokens(&self, tokens: &[Token], inside: Span) {
        for token in tokens {
            self.span(token.span);
            assert!(inside.holds(token.span), "{token:?} in {inside:?}");
            assert_eq!(self.sources.slice(token.span), token.text);
        }
    }

    fn word(&self, word: &Word) {
        self.span(word.span);
        assert!(self.sources.slice(word.span).contains(&word.text), "{word:?}");
    }

    fn comments(&self, comments: &[Comment]) {
        for comment in comments {
            self.span(comment.span);
            assert_eq!(self.sources.slice(comment.span).trim_end(), comment.text, "{comment:?}");
        }
    }

    fn span(&self, span: Span) {
        assert!(lies_within(self.sources, span), "{span:?}");
    }
}
