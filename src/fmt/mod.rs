//! The one way a program is laid out: from the syntax tree back to text. Comments stay where they
//! are, the lines of a block come in the order of section 3 of the language, nothing else changes.

mod line;

use crate::diag::{Finding, has_error};
use crate::mechanics::table;
use crate::syntax::ast::{Block, Clause, Comment, File, Item};
use crate::syntax::parse_text;
use crate::text::{Sources, Span};
use line::{Line, WIDTH, width};

/// The place of a clause in its block, by the keywords of both; nothing when it has none and stays below.
pub type Order<'a> = &'a dyn Fn(&str, &str) -> Option<usize>;

/// The order of section 3 of the language. Where the order of a block's lines means something, there is none.
pub fn table_order(block: &str, clause: &str) -> Option<usize> {
    table::block(block).filter(|block| !block.ordered).and_then(|block| block.order(clause))
}

/// A text laid out; or what the first stage finds wrong in it, for a file that cannot be read is left alone.
///
/// ```
/// let text = "loyal 1\nearn base{on purchase\ngive 1 star per 2 RON # two\n}";
/// let laid_out = loyal::fmt::format_text("a.loyal", text, &|_, _| None).expect("it is right");
/// assert_eq!(laid_out, "loyal 1\n\nearn base {\n  on       purchase\n  give     1 star per 2 RON # two\n}\n");
/// ```
pub fn format_text(path: &str, text: &str, order: Order<'_>) -> Result<String, Vec<Finding>> {
    let mut sources = Sources::default();
    let parsed = parse_text(&mut sources, path, text);
    match parsed.ast.files.first() {
        Some(file) if !has_error(&parsed.findings) => Ok(format(file, &sources, order)),
        Some(_) | None => Err(parsed.findings),
    }
}

/// A file laid out. It must have been read without errors.
pub fn format(file: &File, sources: &Sources, order: Order<'_>) -> String {
    let mut page = Page { out: String::new(), sources, order };
    if let Some(edition) = &file.edition {
        page.comments(&edition.comments, "", true);
        page.gap(edition.gap && !edition.comments.is_empty());
        page.line(&format!("loyal {}", edition.number), edition.comment.as_ref());
    }
    let mut after_use = false;
    for item in &file.items {
        match item {
            Item::Use(line) => {
                page.gap(!after_use || line.gap || line.comments.first().is_some_and(|comment| comment.gap));
                page.comments(&line.comments, "", true);
                page.gap(line.gap && !line.comments.is_empty());
                page.line(&format!("use \"{}\"", line.path.text), line.comment.as_ref());
                after_use = true;
            }
            Item::Block(block) => {
                page.gap(true);
                page.block(block);
                after_use = false;
            }
        }
    }
    page.comments(&file.trailing, "", false);
    page.out
}

/// What has been written so far.
struct Page<'a> {
    out: String,
    sources: &'a Sources,
    order: Order<'a>,
}

impl Page<'_> {
    /// An empty line, where one is wanted, but never two and none at the top.
    fn gap(&mut self, wanted: bool) {
        if wanted && !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    fn line(&mut self, line: &str, comment: Option<&Comment>) {
        self.out.push_str(line);
        if let Some(comment) = comment {
            self.out.push(' ');
            self.out.push_str(&comment.text);
        }
        self.out.push('\n');
    }

    /// Comments on lines of their own; those that come first in a block have no empty line above.
    fn comments(&mut self, comments: &[Comment], indent: &str, first: bool) {
        for (at, comment) in comments.iter().enumerate() {
            self.gap(comment.gap && !(first && at == 0));
            self.line(&format!("{indent}{}", comment.text), None);
        }
    }

    fn block(&mut self, block: &Block) {
        self.comments(&block.comments, "", true);
        self.gap(block.gap && !block.comments.is_empty());
        let header = self.header(block);
        let clauses = self.ordered(block);
        if !block.braced {
            self.line(&header, block.open_comment.as_ref());
            return;
        }
        if let Some(line) = self.one_line(block, &header, &clauses) {
            self.line(&line, block.close_comment.as_ref());
            return;
        }
        self.line(&format!("{header} {{"), block.open_comment.as_ref());
        let names = level_width(block);
        for (at, clause) in clauses.iter().enumerate() {
            self.gap(at > 0 && clause.comments.is_empty() && clause.gap);
            self.comments(&clause.comments, "  ", at == 0);
            self.gap(clause.gap && !clause.comments.is_empty());
            let text = self.clause(block, clause, names);
            self.line(&text, clause.comment.as_ref());
        }
        self.comments(&block.trailing, "  ", clauses.is_empty());
        self.line("}", block.close_comment.as_ref());
    }

    fn header(&self, block: &Block) -> String {
        let mut line = Line::new(self.sources, &block.inner, 2);
        line.word(&block.keyword.text);
        if let Some(name) = &block.name {
            line.word(&name.text);
        }
        if let Some(plural) = &block.plural {
            line.word("plural");
            line.word(&plural.text);
        }
        if let Some(title) = &block.title {
            line.word(&format!("\"{}\"", title.text));
        }
        line.tokens(&block.tail);
        line.done()
    }

    /// A clause on a line of its own: the keyword in a column of eight, what it says in the next.
    fn clause(&self, block: &Block, clause: &Clause, names: usize) -> String {
        const COLUMN: usize = 8;
        const INDENT: usize = 2;
        let mut line = Line::new(self.sources, &clause.inner, INDENT + COLUMN + 1);
        line.blanks(INDENT);
        let Some((first, rest)) = clause.tokens.split_first() else { return line.done() };
        line.tokens(std::slice::from_ref(first));
        if first.text.starts_with(|c: char| c.is_ascii_digit()) || rest.is_empty() {
            line.tokens(rest);
            return line.done();
        }
        line.blanks(COLUMN.saturating_sub(width(&first.text)));
        match rest.split_first() {
            Some((name, more)) if is_level(block, clause) => {
                line.tokens(std::slice::from_ref(name));
                line.blanks(names.saturating_sub(width(&name.text)));
                line.tokens(more);
            }
            Some(_) | None => line.tokens(rest),
        }
        line.done()
    }

    /// The block on one line, when it was written so, has no comments inside and is short.
    fn one_line(&self, block: &Block, header: &str, clauses: &[&Clause]) -> Option<String> {
        let bare = |clause: &&Clause| clause.comments.is_empty() && clause.comment.is_none() && clause.inner.is_empty();
        let written = self.sources.slice(Span { start: block.header.start, ..block.span });
        if written.contains('\n') || block.open_comment.is_some() || !clauses.iter().all(bare) {
            return None;
        }
        let clauses: Vec<String> = clauses
            .iter()
            .map(|clause| {
                let mut line = Line::new(self.sources, &[], 0);
                line.tokens(&clause.tokens);
                line.done()
            })
            .collect();
        let inside = if clauses.is_empty() { String::new() } else { format!("{} ", clauses.join("; ")) };
        let line = format!("{header} {{ {inside}}}");
        (width(&line) <= WIDTH && !line.contains('\n')).then_some(line)
    }

    /// The clauses in the order of the table. Examples are stories: their lines stay as they are.
    fn ordered<'b>(&self, block: &'b Block) -> Vec<&'b Clause> {
        let mut clauses: Vec<&Clause> = block.clauses.iter().collect();
        let keyword = block.keyword.text.as_str();
        if keyword == "example" {
            return clauses;
        }
        clauses.sort_by_key(|clause| match clause.keyword.text.as_str() {
            // What a level brings stands under it.
            "benefit" if keyword == "tiers" => (self.order)(keyword, "level").unwrap_or(usize::MAX),
            clause => (self.order)(keyword, clause).unwrap_or(usize::MAX),
        });
        clauses
    }
}

/// Whether a clause is `level NAME from …`, whose names are written in a column.
fn is_level(block: &Block, clause: &Clause) -> bool {
    block.keyword.text == "tiers"
        && clause.keyword.text == "level"
        && clause.inner.is_empty()
        && clause.tokens.len() > 2
}

/// The width of the column of level names.
fn level_width(block: &Block) -> usize {
    let levels = block.clauses.iter().filter(|clause| is_level(block, clause));
    levels.filter_map(|clause| clause.tokens.get(1)).map(|name| width(&name.text)).max().unwrap_or(0)
}
