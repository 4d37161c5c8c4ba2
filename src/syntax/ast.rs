//! The syntax tree of the first stage: files, blocks, clauses, tokens and comments, each with its
//! place. What a clause says is read by the second stage, when its block is checked.

use crate::text::Span;

/// All files of one program: the first is the one named, the others came in by `use`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ast {
    /// In the order they were first used.
    pub files: Vec<File>,
    /// Something that may declare a name could not be read (a block without its header or its name, a
    /// file that is missing): a name that seems unknown must then not be complained about.
    pub lost: bool,
    /// The program that this one replaces (`replaces "old.loyal" from …`), with the files that it uses.
    pub replaced: Option<Box<Ast>>,
}

impl Ast {
    /// Every block of every file, in order.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.files.iter().flat_map(|file| &file.items).filter_map(|item| match item {
            Item::Block(block) => Some(block),
            Item::Use(_) => None,
        })
    }
}

/// One file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct File {
    /// Its number in [`crate::text::Sources`].
    pub file: u32,
    /// The edition line: `loyal 1`, with the comments around it.
    pub edition: Option<Edition>,
    /// `use` lines and blocks, in the order written.
    pub items: Vec<Item>,
    /// Comments after the last item.
    pub trailing: Vec<Comment>,
}

/// `loyal 1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// The number.
    pub number: u32,
    /// Comments above it.
    pub comments: Vec<Comment>,
    /// The comment behind it, on its line.
    pub comment: Option<Comment>,
    /// Whether an empty line stands right above it.
    pub gap: bool,
    /// The line.
    pub span: Span,
}

/// What stands at the top level of a file.
#[expect(clippy::large_enum_variant, reason = "nearly all items are blocks, and there are few")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// `use "path.loyal"`.
    Use(Use),
    /// A block.
    Block(Block),
}

/// `use "path.loyal"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The path as written, without its quotes.
    pub path: Word,
    /// Comments above it.
    pub comments: Vec<Comment>,
    /// The comment behind it, on its line.
    pub comment: Option<Comment>,
    /// Whether an empty line stands right above it.
    pub gap: bool,
    /// The line.
    pub span: Span,
}

/// `keyword name [plural name] [tail] { clauses }`; a list or calendar may have a tail and no braces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The keyword.
    pub keyword: Word,
    /// Its name, when it has one; NFC.
    pub name: Option<Word>,
    /// `plural name`.
    pub plural: Option<Word>,
    /// The title of an example, without its quotes.
    pub title: Option<Word>,
    /// What stands after the name and before the brace: `[a, b]`, `from "file.csv" column sku`.
    pub tail: Vec<Token>,
    /// Whether it has braces.
    pub braced: bool,
    /// Its clauses, in the order written.
    pub clauses: Vec<Clause>,
    /// Comments above it.
    pub comments: Vec<Comment>,
    /// Comments between the tokens of a tail without braces.
    pub inner: Vec<Comment>,
    /// Whether an empty line stands right above it, below its comments.
    pub gap: bool,
    /// The comment behind the opening brace; of a block without braces, behind its tail.
    pub open_comment: Option<Comment>,
    /// Comments after the last clause, before the closing brace.
    pub trailing: Vec<Comment>,
    /// The comment behind the closing brace.
    pub close_comment: Option<Comment>,
    /// The header: keyword up to the name or tail.
    pub header: Span,
    /// The whole block.
    pub span: Span,
    /// The first stage has complained about this block (its header, its braces, or a line of it):
    /// what follows from its lack of something must not be complained about again.
    pub broken: bool,
}

/// One line of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Its first word; of a `budget` clause that begins with a figure, the figure.
    pub keyword: Word,
    /// All its tokens, the keyword first.
    pub tokens: Vec<Token>,
    /// From the keyword to the last token.
    pub span: Span,
    /// Comments above it.
    pub comments: Vec<Comment>,
    /// The comment behind it, on its line.
    pub comment: Option<Comment>,
    /// Comments between its tokens, where brackets go over more than one line.
    pub inner: Vec<Comment>,
    /// Whether an empty line stands right above it, below its comments (kept, at most one, by the formatter).
    pub gap: bool,
    /// The first stage has complained about this line.
    pub broken: bool,
}

/// A word and its place; a name is NFC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// A token of a line, for the formatter and for looking at names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What kind.
    pub kind: TokenKind,
    /// As it stands in the file (which is NFC, see [`crate::text::Source`]).
    pub text: String,
    /// Where.
    pub span: Span,
}

/// The kinds of token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A keyword or a name, in any script.
    Word,
    /// A number, date, time or percentage: `12`, `57.90`, `2026-02-03`, `14:00`, `5%`, `+100%`, `12-31`.
    Number,
    /// A text in quotes.
    Text,
    /// `[ ] ( ) { } , . ; :`
    Mark,
    /// What the language has no use for.
    Unknown,
}

/// `# …` up to the end of its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// With its `#`, without the blanks at its end.
    pub text: String,
    /// Where.
    pub span: Span,
    /// Whether an empty line stands above it.
    pub gap: bool,
}
