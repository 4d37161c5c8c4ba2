//! What can be wrong with a `scenario`.

use crate::diag::{Message, Severity};
use crate::text::Span;

/// What can be wrong with a scenario.
#[allow(missing_docs)] // the fields are the words of the messages
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wrong {
    /// More than anybody would simulate.
    TooMuch { place: Span, what: &'static str, most: String },
    /// One of the four parameters comes twice.
    ParameterTwice { place: Span, letter: String, missing: String },
    /// A spread at which the figures say nothing.
    Spread { place: Span, spread: String },
    /// The most lies below the least.
    Backwards { place: Span },
    /// Parts of the members that are more than all.
    MoreThanAll { place: Span, sum: String },
    /// More who join than there are.
    MoreJoin { place: Span, sum: String },
    /// Parts of a basket that are not the whole.
    NotAll { place: Span, sum: String },
    /// A response given as if it were known.
    OneFigure { place: Span, lift: &'static str, figure: String },
    /// A field of an activity that says what it cannot.
    FieldSays { place: Span, field: String, wanted: String, like: String },
    /// More digits than anything is measured in.
    TooFine { place: Span },
    /// A field of an activity of which nothing is said.
    FieldMissing { place: Span, deed: String, field: String, like: String },
}

impl Message for Wrong {
    fn code(&self) -> &'static str {
        match self {
            Wrong::TooMuch { .. } => "too-much-to-simulate",
            Wrong::ParameterTwice { .. } => "said-twice",
            Wrong::Spread { .. } => "spread-too-wide",
            Wrong::Backwards { .. } => "range-backwards",
            Wrong::MoreThanAll { .. } => "more-than-all",
            Wrong::MoreJoin { .. } => "more-than-all",
            Wrong::NotAll { .. } => "not-the-whole",
            Wrong::OneFigure { .. } => "one-figure",
            Wrong::FieldSays { .. } => "field-says",
            Wrong::TooFine { .. } => "too-fine",
            Wrong::FieldMissing { .. } => "field-missing",
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Wrong::OneFigure { .. } | Wrong::FieldMissing { .. } => Severity::Warning,
            Wrong::TooMuch { .. }
            | Wrong::ParameterTwice { .. }
            | Wrong::Spread { .. }
            | Wrong::Backwards { .. }
            | Wrong::MoreThanAll { .. }
            | Wrong::MoreJoin { .. }
            | Wrong::NotAll { .. }
            | Wrong::FieldSays { .. }
            | Wrong::TooFine { .. } => Severity::Error,
        }
    }

    fn says(&self) -> String {
        match self {
            Wrong::TooMuch { what, most, .. } => format!("a scenario goes up to {most} {what}"),
            Wrong::ParameterTwice { letter, .. } => format!("`{letter}` is said twice"),
            Wrong::Spread { spread, .. } => format!("a spread of {spread} says that nearly anything may be"),
            Wrong::Backwards { .. } => "the first figure is more than the second".to_owned(),
            Wrong::MoreThanAll { sum, .. } => format!("with this line the segments are {sum}% of the members"),
            Wrong::MoreJoin { sum, .. } => format!("at once and later, up to {sum}% of the people would join"),
            Wrong::NotAll { sum, .. } => format!("the shares come to {sum}%"),
            Wrong::OneFigure { lift, figure, .. } => format!("`lift {lift}` says {figure}, as if it were known"),
            Wrong::FieldSays { field, wanted, .. } => format!("`{field}` is {wanted}"),
            Wrong::TooFine { .. } => "that is more digits than anything is measured in".to_owned(),
            Wrong::FieldMissing { deed, field, .. } => format!("nothing is said of the `{field}` of `{deed}`"),
        }
    }

    fn place(&self) -> Span {
        match self {
            Wrong::TooMuch { place, .. }
            | Wrong::ParameterTwice { place, .. }
            | Wrong::Spread { place, .. }
            | Wrong::Backwards { place }
            | Wrong::MoreThanAll { place, .. }
            | Wrong::MoreJoin { place, .. }
            | Wrong::NotAll { place, .. }
            | Wrong::OneFigure { place, .. }
            | Wrong::FieldSays { place, .. }
            | Wrong::TooFine { place }
            | Wrong::FieldMissing { place, .. } => *place,
        }
    }

    fn why(&self) -> String {
        match self {
            Wrong::TooMuch { .. } => "Beyond that the answer gets no better, only slower.",
            Wrong::ParameterTwice { .. } => "The model takes four: `r`, `alpha`, `a` and `b`, each once.",
            Wrong::Spread { .. } => {
                "It is the standard deviation of the logarithm: 0.5 is usual, and at 3 the middle two thirds go from a \
                 twentieth of the median to twenty times as much."
            }
            Wrong::Backwards { .. } => "A range goes from its least to its most.",
            Wrong::MoreThanAll { .. } => {
                "Each member is in one of them, or in none; who is in none buys as `purchases` says."
            }
            Wrong::MoreJoin { .. } => "Each of them joins once, or never; who is in neither figure never joins.",
            Wrong::NotAll { .. } => "Every purchase is of one of these, so together they are 100%.",
            Wrong::OneFigure { .. } => {
                "How people answer a program is the one thing that nobody knows before it starts. With one figure the \
                 report looks surer than it can be."
            }
            Wrong::FieldSays { .. } => "An event that said so would be rejected, and nobody would get anything for it.",
            Wrong::TooFine { .. } => "Six digits behind the point are the most.",
            Wrong::FieldMissing { .. } => {
                "Simulated members would do it and leave that empty; a rule that counts it or asks for it would give \
                 them nothing, and the program would look cheaper than it is."
            }
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Wrong::TooMuch { most, what, .. } => format!("write at most: `{what} {most}`"),
            Wrong::ParameterTwice { missing, .. } => format!("one of the two is `{missing}`"),
            Wrong::Spread { .. } => "write a spread such as: `spread 0.6`".to_owned(),
            Wrong::Backwards { .. } => "swap the two".to_owned(),
            Wrong::MoreThanAll { .. } => "make the shares smaller".to_owned(),
            Wrong::MoreJoin { .. } => "make them come to 100% at most, or write `the rest over …`".to_owned(),
            Wrong::NotAll { .. } => "make the shares come to 100%".to_owned(),
            Wrong::OneFigure { .. } => {
                "write the least and the most that you would believe, such as: `2% to 8%`".to_owned()
            }
            Wrong::FieldSays { like, .. } => format!("write: `{like}`"),
            Wrong::TooFine { .. } => "write fewer digits".to_owned(),
            Wrong::FieldMissing { like, .. } => format!("add to the line: `, {like}`"),
        }
    }
}
