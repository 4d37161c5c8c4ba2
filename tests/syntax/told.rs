//! What a text says, so that two can be compared: its tree without places, comments and all.

use loyal::fmt::format_text;
use loyal::syntax::ast::{Block, Clause, Comment, Item};
use loyal::syntax::parse_text;
use loyal::text::Sources;

/// A text laid out, its lines in the order written.
pub fn laid_out(text: &str) -> String {
    format_text("a.loyal", text, &|_, _| None).unwrap_or_else(|findings| panic!("{findings:?}\n{text}"))
}

fn comments(out: &mut Vec<String>, what: &str, comments: &[Comment]) {
    out.extend(comments.iter().map(|comment| format!("{what} {}", comment.text)));
}

fn clause(out: &mut Vec<String>, clause: &Clause) {
    comments(out, "above", &clause.comments);
    let tokens: Vec<&str> = clause.tokens.iter().map(|token| token.text.as_str()).collect();
    out.push(format!("line {tokens:?}"));
    for comment in &clause.inner {
        let at = clause.tokens.iter().take_while(|token| token.span.start < comment.span.start).count();
        out.push(format!("inside at {at} {}", comment.text));
    }
    comments(out, "behind", clause.comment.as_slice());
}

fn block(out: &mut Vec<String>, block: &Block) {
    comments(out, "above", &block.comments);
    let words = [&block.name, &block.plural, &block.title].map(|word| word.as_ref().map(|word| word.text.clone()));
    let tail: Vec<&str> = block.tail.iter().map(|token| token.text.as_str()).collect();
    out.push(format!("block {} {words:?} {tail:?} {}", block.keyword.text, block.braced));
    comments(out, "open", block.open_comment.as_slice());
    comments(out, "inside", &block.inner);
    block.clauses.iter().for_each(|line| clause(out, line));
    comments(out, "last", &block.trailing);
    comments(out, "closed", block.close_comment.as_slice());
}

/// The tree of a text without places and empty lines.
pub fn tree(text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let parsed = parse_text(&mut sources, "a.loyal", text);
    let mut out = Vec::new();
    for file in &parsed.ast.files {
        if let Some(edition) = &file.edition {
            comments(&mut out, "above", &edition.comments);
            out.push(format!("edition {}", edition.number));
            comments(&mut out, "behind", edition.comment.as_slice());
        }
        for item in &file.items {
            match item {
                Item::Block(one) => block(&mut out, one),
                Item::Use(line) => {
                    comments(&mut out, "above", &line.comments);
                    out.push(format!("use {}", line.path.text));
                    comments(&mut out, "behind", line.comment.as_slice());
                }
            }
        }
        comments(&mut out, "end", &file.trailing);
    }
    out
}
