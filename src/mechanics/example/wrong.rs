//! What can be wrong with an example.

use crate::diag::Message;
use crate::text::Span;
use crate::value::clock::YEARS_OF_EVENTS;

/// What can be wrong with an example.
#[allow(missing_docs)] // the fields are the words of the messages
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wrong {
    /// No `expect` line.
    ExpectsNothing { place: Span },
    /// `until` behind a column.
    LastsUntil { place: Span, word: String, near: Option<String> },
    /// An event without what makes it one.
    EventLacks { place: Span, kind: String, like: String },
    /// A part that this type of event does not have.
    OutOfPlace { place: Span, part: String, kind: String },
    /// A column of the events file that an example says in words of its own.
    SaidOtherwise { place: Span, column: String, like: String },
    /// A column of a line, where no line stands before it.
    OfNoLine { place: Span, column: String, money: String },
    /// No number in a column of numbers.
    NoNumber { place: Span, column: String, cell: String },
    /// An expectation of no one.
    OfWhom { place: Span },
    /// `ana pays 9 RON`: only partners settle.
    OfAMember { place: Span, member: String, pays: bool, like: Vec<String> },
    /// `is rejected` without why.
    NoReason { place: Span },
    /// `completes` of what is no challenge.
    NoChallenge { place: Span, name: String },
    /// A day in another millennium.
    TooFar { place: Span, day: String },
}

impl Message for Wrong {
    fn code(&self) -> &'static str {
        match self {
            Wrong::ExpectsNothing { .. } => "expects-nothing",
            Wrong::LastsUntil { .. } => "only-levels-last",
            Wrong::EventLacks { .. } => "incomplete-event",
            Wrong::OutOfPlace { .. } => "part-out-of-place",
            Wrong::SaidOtherwise { .. } => "column-said-otherwise",
            Wrong::OfNoLine { .. } => "column-of-no-line",
            Wrong::NoNumber { .. } => "column-no-number",
            Wrong::OfWhom { .. } => "of-whom",
            Wrong::OfAMember { .. } => "settles-no-partner",
            Wrong::NoReason { .. } => "no-reason",
            Wrong::NoChallenge { .. } => "no-challenge",
            Wrong::TooFar { .. } => "day-too-far",
        }
    }

    fn says(&self) -> String {
        match self {
            Wrong::ExpectsNothing { .. } => "this example has no `expect` line".to_owned(),
            Wrong::LastsUntil { word, .. } => format!("only a level lasts until a day, and `{word}` is no tiers block"),
            Wrong::EventLacks { kind, .. } => format!("this `{kind}` is not all told"),
            Wrong::OutOfPlace { part, kind, .. } => format!("a `{kind}` has nothing like `{part}`"),
            Wrong::SaidOtherwise { column, .. } => format!("`{column}` is not said so in an example"),
            Wrong::OfNoLine { column, .. } => format!("`{column}` stands before the line it belongs to"),
            Wrong::NoNumber { column, cell, .. } => format!("`{column}` is a number, and `{cell}` is none"),
            Wrong::OfWhom { .. } => "this does not say of whom it is expected".to_owned(),
            Wrong::OfAMember { member, pays, .. } => {
                let does = if *pays { "pays" } else { "gets" };
                format!("`{member}` is a member, and only a partner `{does}` money")
            }
            Wrong::NoReason { .. } => "this does not say why it is rejected".to_owned(),
            Wrong::NoChallenge { name, .. } => format!("`{name}` is no challenge"),
            Wrong::TooFar { day, .. } => format!("{day} lies outside {YEARS_OF_EVENTS}"),
        }
    }

    fn place(&self) -> Span {
        match self {
            Wrong::ExpectsNothing { place }
            | Wrong::LastsUntil { place, .. }
            | Wrong::EventLacks { place, .. }
            | Wrong::OutOfPlace { place, .. }
            | Wrong::SaidOtherwise { place, .. }
            | Wrong::OfNoLine { place, .. }
            | Wrong::NoNumber { place, .. }
            | Wrong::OfWhom { place }
            | Wrong::OfAMember { place, .. }
            | Wrong::NoReason { place }
            | Wrong::NoChallenge { place, .. }
            | Wrong::TooFar { place, .. } => *place,
        }
    }

    fn why(&self) -> String {
        match self {
            Wrong::ExpectsNothing { .. } => "An example that expects nothing always passes and shows nothing.",
            Wrong::LastsUntil { .. } => "A word that is not known would be kept as a column of the members file.",
            Wrong::EventLacks { .. } => "What is left out would be guessed, and the example would test the guess.",
            Wrong::OutOfPlace { .. } => {
                "It would be passed over, and the example would show something else than it says."
            }
            Wrong::SaidOtherwise { .. } => {
                "It would be kept as a column of your own, and the example would show something else than it says."
            }
            Wrong::OfNoLine { .. } => "A purchase may have several lines, and each has its own.",
            Wrong::NoNumber { .. } => "The events file has a number there, with a point and without a currency.",
            Wrong::OfWhom { .. } => "Several members may stand in one example.",
            Wrong::OfAMember { .. } => {
                "It is what a `partner` settles for points. Of a member it can be expected what is taken off her price, what \
                 she has paid for a membership, and what she earns and has."
            }
            Wrong::NoReason { .. } => {
                "A redemption rejected for another reason than the one meant would pass for right."
            }
            Wrong::NoChallenge { .. } => "Only a challenge can be completed.",
            Wrong::TooFar { .. } => "What a program does every day would be done for thousands of years.",
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Wrong::ExpectsNothing { .. } => "add a line such as: `expect ana earns 5 stars`".to_owned(),
            Wrong::LastsUntil { near: Some(near), .. } => format!("did you mean `{near}`?"),
            Wrong::LastsUntil { .. } => "leave `until …` out, or declare a tiers block of that name".to_owned(),
            Wrong::EventLacks { like, .. } => format!("write it like: `{like}`"),
            Wrong::OutOfPlace { .. } => "leave it out".to_owned(),
            Wrong::SaidOtherwise { like, .. } => format!("write it like: `{like}`"),
            Wrong::OfNoLine { column, money, .. } => {
                format!("put it behind the line: `purchase 90 {money} of boots by ana with {column} …`")
            }
            Wrong::NoNumber { column, .. } => format!("write it like: `with {column} 12.50`"),
            Wrong::OfWhom { .. } => "name the member: `expect ana has 5 stars`".to_owned(),
            Wrong::OfAMember { like, .. } => match like.as_slice() {
                [] => "name a partner".to_owned(),
                like => format!("write it like: `expect {}`", like.join("`, or `expect ")),
            },
            Wrong::NoReason { .. } => "add the reason: `is rejected because not_enough`".to_owned(),
            Wrong::NoChallenge { .. } => {
                "name a `challenge` block, or say what it earns: `ana earns 5 stars`".to_owned()
            }
            Wrong::TooFar { .. } => "write a day on which it could happen".to_owned(),
        }
    }
}
