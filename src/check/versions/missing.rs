//! What can be wrong with a program as it follows another.

use crate::diag::Message;
use crate::text::Span;
use crate::value::clock::Date;

/// What can be wrong with a program as it follows another.
#[allow(missing_docs)] // the fields are the words of the messages
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wrong {
    /// A block of the old program whose things members may hold, and which the new one has not.
    NoHome { place: Span, old: Span, kind: &'static str, name: String, held: &'static str, mend: String },
    /// A level of the old program that the new one has not.
    NoLevel { place: Span, old: Span, tiers: String, level: String },
    /// Levels that stand the other way round.
    OtherOrder { place: Span, old: Span, lower: String, higher: String },
    /// Another lowest level.
    OtherLowest { place: Span, old: Span, was: String, is: String },
    /// Points that wait for an activity which the new program has not.
    NoConfirmation { place: Span, old: Span, unit: String, activity: String },
    /// Something that must be alike in both, for figures to go over.
    NotAlike { place: Span, old: Span, what: String },
    /// A block that gives in another way than the old one of that name.
    OtherKind { place: Span, old: Span, name: String, was: &'static str, is: &'static str },
    /// It begins before, or with, what it replaces.
    NotLater { place: Span, old: Span, from: Date, begins: Date },
    /// Days on which neither program holds.
    Gap { place: Span, other: Span, from: Date, says: String },
}

impl Message for Wrong {
    fn code(&self) -> &'static str {
        match self {
            Wrong::NoHome { .. } | Wrong::NoLevel { .. } | Wrong::NoConfirmation { .. } => "no-home",
            Wrong::OtherOrder { .. } | Wrong::OtherLowest { .. } => "other-levels",
            Wrong::NotAlike { .. } | Wrong::OtherKind { .. } => "not-alike",
            Wrong::NotLater { .. } => "not-later",
            Wrong::Gap { .. } => "days-without-a-program",
        }
    }

    fn says(&self) -> String {
        match self {
            Wrong::NoHome { kind, name, .. } => {
                format!("the {kind} `{name}` of the old program has no home in this one")
            }
            Wrong::NoLevel { tiers, level, .. } => {
                format!("the level `{level}` of `{tiers}` in the old program has no home in this one")
            }
            Wrong::NoConfirmation { unit, activity, .. } => {
                format!("points `{unit}` of the old program wait for the activity `{activity}`, which this one has not")
            }
            Wrong::OtherOrder { lower, higher, .. } => {
                format!("`{lower}` stands below `{higher}` here, and above it in the old program")
            }
            Wrong::OtherLowest { was, is, .. } => {
                format!("the lowest level is `{is}` here and `{was}` in the old program")
            }
            Wrong::NotAlike { what, .. } => what.clone(),
            Wrong::OtherKind { name, was, is, .. } => {
                format!("`{name}` is {} here and {} in the old program", with_article(is), with_article(was))
            }
            Wrong::NotLater { from, begins, .. } => {
                format!("this program is to replace the old one from {from}, and that one begins on {begins}")
            }
            Wrong::Gap { from, says, .. } => {
                format!("between the old program and {from} there are days without one: {says}")
            }
        }
    }

    fn place(&self) -> Span {
        match self {
            Wrong::NoHome { place, .. }
            | Wrong::NoLevel { place, .. }
            | Wrong::NoConfirmation { place, .. }
            | Wrong::OtherOrder { place, .. }
            | Wrong::OtherLowest { place, .. }
            | Wrong::NotAlike { place, .. }
            | Wrong::OtherKind { place, .. }
            | Wrong::NotLater { place, .. }
            | Wrong::Gap { place, .. } => *place,
        }
    }

    fn related(&self) -> Vec<(Span, String)> {
        let in_the_old = |old: &Span| vec![(*old, "in the old program".to_owned())];
        match self {
            Wrong::NoHome { old, .. }
            | Wrong::NoLevel { old, .. }
            | Wrong::NoConfirmation { old, .. }
            | Wrong::OtherOrder { old, .. }
            | Wrong::OtherLowest { old, .. }
            | Wrong::NotAlike { old, .. }
            | Wrong::OtherKind { old, .. }
            | Wrong::NotLater { old, .. } => in_the_old(old),
            Wrong::Gap { other, .. } => vec![(*other, "the day that does not meet it".to_owned())],
        }
    }

    fn why(&self) -> String {
        match self {
            Wrong::NoHome { held, .. } => {
                return format!("Members {held} when the new program begins, and would lose it.");
            }
            Wrong::NoLevel { .. } => "Members who hold the level would have none.",
            Wrong::NoConfirmation { .. } => "What was earned would wait for ever.",
            Wrong::OtherOrder { .. } | Wrong::OtherLowest { .. } => {
                "Members keep the level they hold, and nobody could say whether it is more or less than another."
            }
            Wrong::NotAlike { .. } => "Balances, days and levels go over as they are, so both must count them alike.",
            Wrong::OtherKind { .. } => "What it has given so far could not be counted on.",
            Wrong::NotLater { .. } => "What comes after must begin after it; else the old one never holds.",
            Wrong::Gap { .. } => "Purchases on those days would earn nothing.",
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Wrong::NoHome { mend, .. } => mend.clone(),
            Wrong::NoLevel { level, .. } => {
                format!("keep it; one that nobody is to reach any more says: `level {level} by membership`")
            }
            Wrong::NoConfirmation { activity, .. } => format!("keep the block: `activity {activity} {{ … }}`"),
            Wrong::OtherOrder { .. } | Wrong::OtherLowest { .. } => {
                "write the levels in the order of the old program; new ones may stand between them or above".to_owned()
            }
            Wrong::NotAlike { .. } => "write it as the old program does".to_owned(),
            Wrong::OtherKind { name, .. } => format!("give the new block another name than `{name}`"),
            Wrong::NotLater { .. } => "write a later day behind `from`".to_owned(),
            Wrong::Gap { .. } => {
                "let the one program end on the day before the other begins, or take the day out".to_owned()
            }
        }
    }
}

fn with_article(word: &str) -> String {
    format!("{} {word}", if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" })
}
