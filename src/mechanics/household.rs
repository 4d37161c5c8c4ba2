//! `household`: members who share points, or levels.

use super::PointsId;
use super::lines;
use super::reading::Reading;
use super::table::{BlockSpec, Head, many, once};
use crate::diag::{Message, Severity};
use crate::syntax::Rule;
use crate::syntax::ast::Block;
use crate::text::Span;

/// `household` in the table of blocks.
pub static BLOCK: BlockSpec = BlockSpec {
    keyword: "household",
    head: Head::Nothing,
    clauses: &[once("up", "up to 5 members"), many("share", "share stars"), once("tier", "tier of household")],
    ordered: false,
    says: "members who share points, or levels",
};

/// The column of the members file that says who lives together.
pub const COLUMN: &str = "household";

/// The `household` block (section 3).
#[derive(Debug, Clone)]
pub struct Household {
    /// How many members one has; who is more is outside.
    pub most: Option<u32>,
    /// Units of which any member can spend what all have.
    pub share: Vec<PointsId>,
    /// Whether levels are measured over all of its members, who then all hold them.
    pub tier: bool,
    /// The whole block.
    pub span: Span,
}

/// What can be wrong with a `household` block alone.
#[allow(missing_docs)] // the fields are the words of the messages
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wrong {
    /// Nothing is shared.
    SharesNothing { place: Span },
    /// The same unit twice.
    SharedTwice { place: Span, first: Span, unit: String },
    /// A household of one.
    OfOne { place: Span },
    /// Nothing that could be measured together.
    NoTiers { place: Span },
}

impl Message for Wrong {
    fn code(&self) -> &'static str {
        match self {
            Wrong::SharesNothing { .. } => "household-shares-nothing",
            Wrong::SharedTwice { .. } => "shared-twice",
            Wrong::OfOne { .. } => "household-of-one",
            Wrong::NoTiers { .. } => "household-without-tiers",
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Wrong::SharesNothing { .. } | Wrong::OfOne { .. } | Wrong::NoTiers { .. } => Severity::Warning,
            Wrong::SharedTwice { .. } => Severity::Error,
        }
    }

    fn says(&self) -> String {
        match self {
            Wrong::SharesNothing { .. } => "members of a household share nothing".to_owned(),
            Wrong::SharedTwice { unit, .. } => format!("`{unit}` is shared twice"),
            Wrong::OfOne { .. } => "a household of one member shares with nobody".to_owned(),
            Wrong::NoTiers { .. } => "there is no level that a household could hold".to_owned(),
        }
    }

    fn place(&self) -> Span {
        match self {
            Wrong::SharesNothing { place }
            | Wrong::SharedTwice { place, .. }
            | Wrong::OfOne { place }
            | Wrong::NoTiers { place } => *place,
        }
    }

    fn related(&self) -> Vec<(Span, String)> {
        match self {
            Wrong::SharedTwice { first, .. } => vec![(*first, "here already".to_owned())],
            Wrong::SharesNothing { .. } | Wrong::OfOne { .. } | Wrong::NoTiers { .. } => Vec::new(),
        }
    }

    fn why(&self) -> String {
        match self {
            Wrong::SharesNothing { .. } => "Without a line that says what they share the block changes nothing.",
            Wrong::SharedTwice { .. } => "A second line of the same changes nothing, or is a slip for another unit.",
            Wrong::OfOne { .. } => "The second member of each household would be outside of it.",
            Wrong::NoTiers { .. } => "The program has no `tiers` block.",
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Wrong::SharesNothing { .. } => "write `share stars` (your points), or `tier of household`".to_owned(),
            Wrong::SharedTwice { .. } => "keep one of the two".to_owned(),
            Wrong::OfOne { .. } => "write: `up to 5 members`".to_owned(),
            Wrong::NoTiers { .. } => "take the line out".to_owned(),
        }
    }
}

/// Reads a `household` block.
pub fn read(reading: &mut Reading<'_>, block: &Block) -> Option<Household> {
    let up = lines::line(reading, block, "up", Rule::household_up);
    let most = match &up {
        Some(line) => Some(lines::counted(reading, line, "a household")?),
        None => None,
    };
    if let (Some(1), Some(line)) = (most, &up) {
        reading.say(Wrong::OfOne { place: line.span() });
    }
    let mut share: Vec<(PointsId, Span)> = Vec::new();
    for line in lines::lines(reading, block, "share", Rule::household_share) {
        for name in line.all(Rule::name) {
            let Some(unit) = reading.unit(&name) else { continue };
            match share.iter().find(|(other, _)| *other == unit) {
                Some((_, first)) => {
                    let (place, first) = (name.span(), *first);
                    reading.say(Wrong::SharedTwice { place, first, unit: name.text().to_owned() });
                }
                None => share.push((unit, name.span())),
            }
        }
    }
    let tier = lines::line(reading, block, "tier", Rule::household_tier);
    let together = tier.as_ref().is_some_and(|line| line.has(Rule::tier_of_household));
    if let (true, true, Some(line)) = (together, reading.names.levels.is_empty(), &tier) {
        reading.say(Wrong::NoTiers { place: line.span() });
    }
    if share.is_empty() && tier.is_none() && lines::is_sound(block, &BLOCK) && Reading::one(block, "share").is_none() {
        reading.say(Wrong::SharesNothing { place: block.header });
    }
    let share = share.into_iter().map(|(unit, _)| unit).collect();
    Some(Household { most, share, tier: together, span: block.span })
}

#[cfg(test)]
mod tests;
