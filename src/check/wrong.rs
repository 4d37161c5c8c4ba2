//! What can be wrong with the blocks of a program as they stand together.

use crate::diag::Message;
use crate::text::Span;

/// What can be wrong with blocks as they stand together.
#[allow(missing_docs)] // the fields are the words of the messages
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wrong {
    /// A keyword that begins no block.
    UnknownBlock { place: Span, keyword: String, near: Option<&'static str> },
    /// No `program` block.
    NoProgram { place: Span },
    /// More than one.
    SecondProgram { place: Span, first: Span },
    /// More than one `household` block.
    SecondHousehold { place: Span, first: Span },
    /// Two blocks of one name.
    SameName { place: Span, first: Span, name: String, kind: &'static str },
    /// Two things of different kinds that could be taken for each other.
    Confusable { place: Span, first: Span, name: String, kind: &'static str, other: &'static str },
    /// A segment that is defined by itself.
    Circle { place: Span, names: Vec<String> },
    /// A block that could not be read, without a message that says why.
    Unread { place: Span, keyword: String },
}

impl Message for Wrong {
    fn code(&self) -> &'static str {
        match self {
            Wrong::UnknownBlock { .. } => "unknown-block",
            Wrong::NoProgram { .. } => "no-program",
            Wrong::SecondProgram { .. } => "second-program",
            Wrong::SecondHousehold { .. } => "second-household",
            Wrong::SameName { .. } => "same-name",
            Wrong::Confusable { .. } => "confusable-names",
            Wrong::Circle { .. } => "circle-of-segments",
            Wrong::Unread { .. } => "unread-block",
        }
    }

    fn says(&self) -> String {
        match self {
            Wrong::UnknownBlock { keyword, .. } => format!("there is no block `{keyword}`"),
            Wrong::NoProgram { .. } => "there is no `program` block".to_owned(),
            Wrong::SecondProgram { .. } => "there is a second `program` block".to_owned(),
            Wrong::SecondHousehold { .. } => "there is a second `household` block".to_owned(),
            Wrong::SameName { name, kind, .. } => format!("another {kind} is already called `{name}`"),
            Wrong::Confusable { name, kind, other, .. } => format!("`{name}` is both a {other} and a {kind}"),
            Wrong::Circle { names, .. } => match names.as_slice() {
                [one] => format!("segment `{one}` is defined by itself"),
                _ => format!("these segments are defined by each other: {}", names.join(", ")),
            },
            Wrong::Unread { keyword, .. } => format!("this `{keyword}` block could not be read"),
        }
    }

    fn place(&self) -> Span {
        match self {
            Wrong::UnknownBlock { place, .. }
            | Wrong::NoProgram { place }
            | Wrong::SecondProgram { place, .. }
            | Wrong::SecondHousehold { place, .. }
            | Wrong::SameName { place, .. }
            | Wrong::Confusable { place, .. }
            | Wrong::Circle { place, .. }
            | Wrong::Unread { place, .. } => *place,
        }
    }

    fn related(&self) -> Vec<(Span, String)> {
        match self {
            Wrong::SecondProgram { first, .. }
            | Wrong::SecondHousehold { first, .. }
            | Wrong::SameName { first, .. } => {
                vec![(*first, "the first stands here".to_owned())]
            }
            Wrong::Confusable { first, other, .. } => vec![(*first, format!("the {other}"))],
            Wrong::UnknownBlock { .. } | Wrong::NoProgram { .. } | Wrong::Circle { .. } | Wrong::Unread { .. } => {
                Vec::new()
            }
        }
    }

    fn why(&self) -> String {
        match self {
            Wrong::UnknownBlock { .. } => "What a block does not name decides nothing.",
            Wrong::NoProgram { .. } => "Without it nobody knows the money, nor when a day begins.",
            Wrong::SecondProgram { .. } => "A program has one money and one clock.",
            Wrong::SecondHousehold { .. } => "What members of a household share has one answer.",
            Wrong::SameName { .. } => "A line that names it could mean either.",
            Wrong::Confusable { .. } => "There are lines in which either could be meant.",
            Wrong::Circle { .. } => "Nobody could tell who belongs to it.",
            Wrong::Unread { .. } => "A block that cannot be read decides nothing.",
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Wrong::UnknownBlock { near: Some(near), .. } => format!("did you mean `{near}`?"),
            Wrong::UnknownBlock { .. } => {
                "begin it with a keyword of the language, such as `points`, `earn`, `tiers` or `reward`".to_owned()
            }
            Wrong::NoProgram { .. } => {
                "begin with: `program my_shop { money EUR  clock zone \"Europe/Bucharest\" }`, each on its own line"
                    .to_owned()
            }
            Wrong::SecondProgram { .. } | Wrong::SecondHousehold { .. } => {
                "keep one, and put the lines of the other into it".to_owned()
            }
            Wrong::SameName { name, .. } => format!("give one another name, such as `{name}_2`"),
            Wrong::Confusable { name, kind, .. } => {
                format!("give one another name, such as `{name}_{}`", kind.split(' ').next().unwrap_or(kind))
            }
            Wrong::Circle { .. } => "say in one of them who belongs to it, without `in segment`".to_owned(),
            Wrong::Unread { .. } => "look at its lines, one by one".to_owned(),
        }
    }
}
