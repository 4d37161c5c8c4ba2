//! Messages about the shape of a file: its edition, its blocks, their headers, braces and lines.

use super::letters::short;
use crate::diag::Message;
use crate::text::Span;

/// The deepest nesting of brackets in one line of the program.
pub const NESTING_LIMIT: usize = 32;
/// The edition of the language that this version reads.
pub const EDITION: u32 = 1;

/// What a message is about, and where it stands.
macro_rules! shapes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$part:meta])* $field:ident: $type:ty),* $(,)? },)*) => {
        /// A mistake in the shape of a file.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Shape {$(
            $(#[$doc])*
            $name {
                /// Where the message stands.
                place: Span,
                $($(#[$part])* $field: $type,)*
            },
        )*}

        impl Shape {
            fn span(&self) -> Span {
                match self {
                    $(Self::$name { place, .. } => *place,)*
                }
            }
        }
    };
}

shapes! {
    /// The file does not begin with `loyal 1`.
    MissingEdition {},
    /// `loyal`, `loyal one`, `1`, `loyall 1`.
    BadEdition {
        /// As written.
        text: String,
    },
    /// `loyal 7`.
    UnknownEdition {
        /// The number.
        number: String,
    },
    /// `loyal 1` below other lines.
    LateEdition {
        /// The first line of the file that is not a comment.
        first: Span,
    },
    /// A second edition line.
    SecondEdition {
        /// The first one.
        first: Span,
    },
    /// `use` without a path in quotes, or with more than that.
    BadUse {},
    /// A block with a keyword that there is not.
    UnknownBlock {
        /// The word.
        word: String,
        /// The nearest keyword.
        near: Option<&'static str>,
    },
    /// `{` or `"title" {` without a keyword.
    NoBlockKeyword {
        /// It begins with a text, as an example's title does.
        titled: bool,
    },
    /// `earn {`.
    MissingName {
        /// The block's keyword.
        keyword: String,
    },
    /// `earn every {`.
    ReservedName {
        /// The block's keyword.
        keyword: String,
        /// The name.
        name: String,
    },
    /// `earn "base" {`.
    QuotedName {
        /// The block's keyword.
        keyword: String,
        /// The name, with its quotes.
        name: String,
    },
    /// `earn 2 {`.
    NumberName {
        /// The block's keyword.
        keyword: String,
        /// The number.
        name: String,
    },
    /// `earn happy hour {`.
    TwoNames {
        /// The block's keyword.
        keyword: String,
        /// The first word.
        first: String,
        /// The second word.
        second: String,
    },
    /// `points star stars {` or `points star plural {`.
    MissingPlural {
        /// The name of one.
        name: String,
        /// The name of many, where one stands there.
        plural: Option<String>,
    },
    /// `example {` or `example gold {`.
    MissingTitle {},
    /// Something between the name and the brace that does not belong there.
    HeaderTail {
        /// As written.
        text: String,
    },
    /// `list hot` and nothing listed.
    NothingListed {
        /// `list` or `calendar`.
        keyword: String,
        /// The name.
        name: String,
    },
    /// A header without `{`.
    MissingOpen {
        /// The header.
        header: String,
    },
    /// A block without `}`.
    MissingClose {
        /// Its keyword and name.
        block: String,
        /// Its header.
        header: Span,
    },
    /// A block inside another.
    Nested {
        /// The inner one's keyword and name.
        block: String,
        /// The outer one's header.
        outer: Span,
        /// Its keyword and name.
        outer_name: String,
    },
    /// A line outside of every block.
    StrayLine {
        /// Its first word.
        word: String,
    },
    /// `}` that closes nothing.
    StrayClose {},
    /// `{` inside a line.
    StrayOpen {},
    /// `[` or `(` without its end.
    UnclosedBracket {
        /// `[` or `(`.
        mark: char,
        /// Where it stands.
        open: Span,
    },
    /// `]` or `)` without its beginning.
    StrayBracket {
        /// `]` or `)`.
        mark: char,
    },
    /// `[a, b)`.
    WrongBracket {
        /// What stands there.
        mark: char,
        /// What it should close.
        open: Span,
        /// What that is.
        opened: char,
    },
    /// `[a; b]`.
    SemicolonInBrackets {},
    /// Brackets inside brackets inside …
    TooDeep {},
    /// A line that begins with a text, a sign or a percentage.
    NoKeyword {
        /// Its beginning.
        text: String,
    },
    /// A line that begins with `and`.
    GoesOn {
        /// Its first word.
        word: String,
    },
    /// A line that ends with a comma.
    EndsWithComma {},
    /// More mistakes than anyone reads.
    TooMany {
        /// How many were told.
        limit: usize,
    },
}

impl Message for Shape {
    fn code(&self) -> &'static str {
        match self {
            Self::MissingEdition { .. } => "missing-edition",
            Self::BadEdition { .. } => "bad-edition",
            Self::UnknownEdition { .. } => "unknown-edition",
            Self::LateEdition { .. } => "late-edition",
            Self::SecondEdition { .. } => "second-edition",
            Self::BadUse { .. } => "bad-use",
            Self::UnknownBlock { .. } => "unknown-block",
            Self::NoBlockKeyword { .. } => "no-block-keyword",
            Self::MissingName { .. } => "missing-name",
            Self::ReservedName { .. } => "reserved-name",
            Self::QuotedName { .. } => "quoted-name",
            Self::NumberName { .. } => "number-name",
            Self::TwoNames { .. } => "two-names",
            Self::MissingPlural { .. } => "missing-plural",
            Self::MissingTitle { .. } => "missing-title",
            Self::HeaderTail { .. } => "header-tail",
            Self::NothingListed { .. } => "nothing-listed",
            Self::MissingOpen { .. } => "missing-open-brace",
            Self::MissingClose { .. } => "missing-close-brace",
            Self::Nested { .. } => "nested-block",
            Self::StrayLine { .. } => "stray-line",
            Self::StrayClose { .. } => "stray-close-brace",
            Self::StrayOpen { .. } => "stray-open-brace",
            Self::UnclosedBracket { .. } => "unclosed-bracket",
            Self::StrayBracket { .. } => "stray-bracket",
            Self::WrongBracket { .. } => "wrong-bracket",
            Self::SemicolonInBrackets { .. } => "semicolon-in-brackets",
            Self::TooDeep { .. } => "nested-too-deep",
            Self::NoKeyword { .. } => "no-keyword",
            Self::GoesOn { .. } => "line-goes-on",
            Self::EndsWithComma { .. } => "ends-with-comma",
            Self::TooMany { .. } => "too-many-mistakes",
        }
    }

    fn says(&self) -> String {
        match self {
            Self::MissingEdition { .. } => "the file does not begin with its edition".to_owned(),
            Self::BadEdition { text, .. } => format!("the edition line is `loyal {EDITION}`, not `{}`", short(text)),
            Self::UnknownEdition { number, .. } => format!("there is no edition {}", short(number)),
            Self::LateEdition { .. } => "the edition line comes after other lines".to_owned(),
            Self::SecondEdition { .. } => "this file has said its edition already".to_owned(),
            Self::BadUse { .. } => "`use` takes one path in quotes, and nothing else".to_owned(),
            Self::UnknownBlock { word, .. } => format!("there is no block `{}`", short(word)),
            Self::NoBlockKeyword { titled: true, .. } => "this block has a title but no keyword".to_owned(),
            Self::NoBlockKeyword { titled: false, .. } => "this block has no keyword".to_owned(),
            Self::MissingName { keyword, .. } => format!("this `{keyword}` block has no name"),
            Self::ReservedName { name, .. } => format!("`{name}` is a word of the language and cannot be a name"),
            Self::QuotedName { name, .. } => format!("a block's name stands without quotes: {}", short(name)),
            Self::NumberName { name, .. } => format!("`{name}` is a number, not a name"),
            Self::TwoNames { first, second, .. } => {
                format!("a name is one word, here are two: `{first}` and `{second}`")
            }
            Self::MissingPlural { plural: Some(plural), .. } => {
                format!("the word `plural` is missing before `{plural}`")
            }
            Self::MissingPlural { plural: None, .. } => "`plural` is not followed by a name".to_owned(),
            Self::MissingTitle { .. } => "this example has no title in quotes".to_owned(),
            Self::HeaderTail { text, .. } => {
                format!("`{}` does not belong between the name of a block and its brace", short(text))
            }
            Self::NothingListed { keyword, name, .. } => format!("the {keyword} `{name}` lists nothing"),
            Self::MissingOpen { header, .. } => format!("`{}` is not followed by an opening brace", short(header)),
            Self::MissingClose { block, .. } => format!("the block `{block}` is not closed"),
            Self::Nested { block, outer_name, .. } => {
                format!("the block `{block}` stands inside the block `{outer_name}`")
            }
            Self::StrayLine { word, .. } => format!("`{}` stands outside of every block", short(word)),
            Self::StrayClose { .. } => "this brace closes nothing".to_owned(),
            Self::StrayOpen { .. } => "an opening brace cannot stand here".to_owned(),
            Self::UnclosedBracket { mark, .. } => format!("`{mark}` is not closed"),
            Self::StrayBracket { mark, .. } => format!("`{mark}` closes nothing"),
            Self::WrongBracket { mark, opened, .. } => format!("`{opened}` is closed by `{mark}`"),
            Self::SemicolonInBrackets { .. } => "a semicolon ends a line and cannot stand inside brackets".to_owned(),
            Self::TooDeep { .. } => format!("brackets stand more than {NESTING_LIMIT} deep in each other"),
            Self::NoKeyword { text, .. } => format!("a line begins with a keyword, not with `{}`", short(text)),
            Self::GoesOn { word, .. } => format!("a line cannot begin with `{word}`"),
            Self::EndsWithComma { .. } => "this line ends with a comma".to_owned(),
            Self::TooMany { limit, .. } => format!("more than {limit} mistakes: the rest is not shown"),
        }
    }

    fn place(&self) -> Span {
        self.span()
    }

    fn label(&self) -> String {
        match self {
            Self::MissingEdition { .. } => format!("`loyal {EDITION}` belongs here"),
            Self::MissingName { .. } => "a name belongs behind it".to_owned(),
            Self::MissingTitle { .. } => "a title belongs behind it".to_owned(),
            Self::MissingOpen { .. } => "`{` belongs here".to_owned(),
            Self::MissingClose { .. } => "`}` belongs below this line".to_owned(),
            Self::UnclosedBracket { mark, .. } => format!("`{}` belongs here", closing(*mark)),
            Self::WrongBracket { opened, .. } => format!("`{}` belongs here", closing(*opened)),
            Self::NothingListed { .. } => "values belong behind it".to_owned(),
            Self::BadEdition { .. }
            | Self::UnknownEdition { .. }
            | Self::LateEdition { .. }
            | Self::SecondEdition { .. }
            | Self::BadUse { .. }
            | Self::UnknownBlock { .. }
            | Self::NoBlockKeyword { .. }
            | Self::ReservedName { .. }
            | Self::QuotedName { .. }
            | Self::NumberName { .. }
            | Self::TwoNames { .. }
            | Self::MissingPlural { .. }
            | Self::HeaderTail { .. }
            | Self::Nested { .. }
            | Self::StrayLine { .. }
            | Self::StrayClose { .. }
            | Self::StrayOpen { .. }
            | Self::StrayBracket { .. }
            | Self::SemicolonInBrackets { .. }
            | Self::TooDeep { .. }
            | Self::NoKeyword { .. }
            | Self::GoesOn { .. }
            | Self::EndsWithComma { .. }
            | Self::TooMany { .. } => String::new(),
        }
    }

    fn related(&self) -> Vec<(Span, String)> {
        match self {
            Self::LateEdition { first, .. } => vec![(*first, "the file begins here".to_owned())],
            Self::SecondEdition { first, .. } => vec![(*first, "here".to_owned())],
            Self::MissingClose { header, .. } => vec![(*header, "opened here".to_owned())],
            Self::Nested { outer, .. } => vec![(*outer, "the outer block".to_owned())],
            Self::UnclosedBracket { open, .. } | Self::WrongBracket { open, .. } => {
                vec![(*open, "opened here".to_owned())]
            }
            Self::MissingEdition { .. }
            | Self::BadEdition { .. }
            | Self::UnknownEdition { .. }
            | Self::BadUse { .. }
            | Self::UnknownBlock { .. }
            | Self::NoBlockKeyword { .. }
            | Self::MissingName { .. }
            | Self::ReservedName { .. }
            | Self::QuotedName { .. }
            | Self::NumberName { .. }
            | Self::TwoNames { .. }
            | Self::MissingPlural { .. }
            | Self::MissingTitle { .. }
            | Self::HeaderTail { .. }
            | Self::NothingListed { .. }
            | Self::MissingOpen { .. }
            | Self::StrayLine { .. }
            | Self::StrayClose { .. }
            | Self::StrayOpen { .. }
            | Self::StrayBracket { .. }
            | Self::SemicolonInBrackets { .. }
            | Self::TooDeep { .. }
            | Self::NoKeyword { .. }
            | Self::GoesOn { .. }
            | Self::EndsWithComma { .. }
            | Self::TooMany { .. } => Vec::new(),
        }
    }

    fn why(&self) -> String {
        match self {
            Self::MissingEdition { .. } | Self::BadEdition { .. } | Self::LateEdition { .. } => {
                "The edition says which rules of the language hold, so that a program means the same in years to come."
            }
            Self::UnknownEdition { .. } => "A newer edition may mean other things by the same words.",
            Self::SecondEdition { .. } => "A file is of one edition.",
            Self::BadUse { .. } => "The file it names is read as a part of this program.",
            Self::UnknownBlock { .. } | Self::NoBlockKeyword { .. } => {
                "The keyword says what the lines of the block mean; without it they do nothing for customers."
            }
            Self::MissingName { .. } => "Other blocks, reports and receipts speak of it by its name.",
            Self::ReservedName { .. } => "A line that speaks of it could be read in two ways.",
            Self::QuotedName { .. } => "Quotes are for texts that customers read; names are words of the program.",
            Self::NumberName { .. } => "A line that speaks of it would read like an amount.",
            Self::TwoNames { .. } => "Where a name has two words, nobody can tell where it ends.",
            Self::MissingPlural { .. } => "Reports say `1 star` and `20 stars`.",
            Self::MissingTitle { .. } => "The title says what the example shows, and names it when it fails.",
            Self::HeaderTail { .. } => "What a block says stands in its lines.",
            Self::NothingListed { .. } => "A rule that looks into it would never hold.",
            Self::MissingOpen { .. } | Self::MissingClose { .. } => {
                "Without it nobody can tell which lines belong to the block."
            }
            Self::Nested { .. } => "Blocks stand beside each other and speak of each other by name.",
            Self::StrayLine { .. } => "A line means something only inside a block: here it would do nothing.",
            Self::StrayClose { .. } => "A block may have ended earlier than it was meant to.",
            Self::StrayOpen { .. } => "A line cannot hold a block of its own.",
            Self::UnclosedBracket { .. } | Self::StrayBracket { .. } | Self::WrongBracket { .. } => {
                "Without its other half nobody can tell what the rule includes."
            }
            Self::SemicolonInBrackets { .. } => "The rule would end in the middle of its list.",
            Self::TooDeep { .. } => "No one can read aloud what such a line says.",
            Self::NoKeyword { .. } => "The keyword says what the line decides.",
            Self::GoesOn { .. } | Self::EndsWithComma { .. } => {
                "A line is one decision; only inside brackets may it go on below."
            }
            Self::TooMany { .. } => "It may be that this file is not a program.",
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Self::MissingEdition { .. } => format!("write `loyal {EDITION}` as the first line"),
            Self::BadEdition { .. } | Self::UnknownEdition { .. } => format!("write `loyal {EDITION}`"),
            Self::LateEdition { .. } => "move it to the top of the file".to_owned(),
            Self::SecondEdition { .. } => "take this line out".to_owned(),
            Self::BadUse { .. } => "write `use \"rewards.loyal\"`, one file a line".to_owned(),
            Self::UnknownBlock { near: Some(near), .. } => format!("did you mean `{near}`?"),
            Self::UnknownBlock { word, near: None, .. } => {
                format!("begin with what it is: `earn {0} {{`, `bonus {0} {{`, `gift {0} {{` …", short(word))
            }
            Self::NoBlockKeyword { titled: true, .. } => "write `example` before the title".to_owned(),
            Self::NoBlockKeyword { titled: false, .. } => {
                "begin with what it is and its name: `earn base {`, `promise {` …".to_owned()
            }
            Self::MissingName { keyword, .. } => match keyword.as_str() {
                "list" => "name it: `list hot [espresso, cappuccino]`".to_owned(),
                "calendar" => "name it: `calendar holidays [2026-12-24 until 2026-12-26]`".to_owned(),
                "points" => "name it: `points star plural stars {`".to_owned(),
                keyword => format!("name it: `{keyword} {} {{`", sample(keyword)),
            },
            Self::ReservedName { keyword, name, .. } => format!("a near name: `{}`", near_name(keyword, name)),
            Self::QuotedName { keyword, name, .. } => format!("write `{keyword} {} {{`", one_word(name)),
            Self::NumberName { keyword, name, .. } => {
                format!("begin the name with a letter: `{keyword} {}_{} {{`", sample(keyword), one_word(name))
            }
            Self::TwoNames { first, second, .. } => format!("write `{first}_{second}`"),
            Self::MissingPlural { name, plural: Some(plural), .. } => {
                format!("write `points {name} plural {plural} {{`")
            }
            Self::MissingPlural { name, plural: None, .. } => {
                format!("name many of them: `points {name} plural {name}s {{`")
            }
            Self::MissingTitle { .. } => "write `example \"what it shows\" {`".to_owned(),
            Self::HeaderTail { .. } => "take it out, or make it a line of the block".to_owned(),
            Self::NothingListed { keyword, name, .. } if keyword == "calendar" => {
                format!("write `calendar {name} [2026-12-24 until 2026-12-26, 2026-05-01]`")
            }
            Self::NothingListed { name, .. } => {
                format!("write `list {name} [a, b, c]` or `list {name} from \"file.csv\" column sku`")
            }
            Self::MissingOpen { header, .. } => format!("write `{} {{`", short(header)),
            Self::MissingClose { .. } => "put a line with `}` below".to_owned(),
            Self::Nested { .. } => "move it out, below the closing brace of the outer block".to_owned(),
            Self::StrayLine { .. } => {
                "move it into a block, or put the block's first line above it: `earn base {` …".to_owned()
            }
            Self::StrayClose { .. } => "take it out, or look above for a brace too many".to_owned(),
            Self::StrayOpen { .. } => {
                "take it out; conditions stand in round brackets, lists in square ones".to_owned()
            }
            Self::UnclosedBracket { mark, .. } => format!("close it with `{}`", closing(*mark)),
            Self::StrayBracket { mark, .. } => {
                format!("take it out, or open it before with `{}`", opening(*mark))
            }
            Self::WrongBracket { opened, .. } => format!("close it with `{}`", closing(*opened)),
            Self::SemicolonInBrackets { .. } => "put commas between the values: `[a, b]`".to_owned(),
            Self::TooDeep { .. } => "say it in several `when` lines, or name a part of it with a `segment`".to_owned(),
            Self::NoKeyword { text, .. } if text.starts_with(['+', '-']) || text.ends_with('%') => {
                format!("put the keyword first: `give {}` …", short(text))
            }
            Self::NoKeyword { .. } => "put the keyword first: `give`, `when`, `level` …".to_owned(),
            Self::GoesOn { word, .. } if word == "and" => {
                "write it as a `when` line of its own, or behind the line above".to_owned()
            }
            Self::GoesOn { .. } => "write it behind the line above".to_owned(),
            Self::EndsWithComma { .. } => "write the rest on the same line, or take the comma out".to_owned(),
            Self::TooMany { .. } => "mend the first ones and check again".to_owned(),
        }
    }
}

/// The bracket that closes this one.
pub(in crate::syntax) fn closing(mark: char) -> char {
    if mark == '[' { ']' } else { ')' }
}

fn opening(mark: char) -> char {
    if mark == ']' { '[' } else { '(' }
}

/// A name that a block of that keyword might have.
fn sample(keyword: &str) -> &'static str {
    match keyword {
        "program" => "my_shop",
        "points" => "star",
        "bonus" => "happy_hour",
        "stack" => "promo",
        "tiers" => "status",
        "card" => "coffee",
        "gift" => "free_coffee",
        "reward" => "cake",
        "activity" => "survey",
        _ => "base",
    }
}

fn near_name(keyword: &str, name: &str) -> String {
    if keyword == name { format!("my_{name}") } else { format!("{name}_{keyword}") }
}

/// A text as one word.
fn one_word(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    short(&words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_"))
}
