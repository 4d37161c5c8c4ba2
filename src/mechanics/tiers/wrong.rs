//! What can be wrong with a `tiers` block alone.

use crate::diag::{Message, Severity};
use crate::text::Span;

/// What can be wrong with a `tiers` block alone.
#[allow(missing_docs)] // the fields are the words of the messages
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wrong {
    /// Nobody stands at the bottom.
    FirstNotFromNought { place: Span, level: String },
    /// A level that takes no more than the one below it.
    NotAscending { place: Span, below: Span, level: String, lower: String },
    /// Levels that take something, and nothing that measures it.
    NoMeasure { place: Span, need: String },
    /// A figure of another kind than the measure's.
    OtherKind { place: Span, measure: Span, got: String, wanted: String, like: String },
    /// More than one measure, and a figure that names none.
    WhichMeasure { place: Span, got: String, wanted: String },
    /// A benefit above all levels.
    BenefitOfNothing { place: Span },
    /// The level would depend on the points, and the points on the level.
    AtOnceInPoints { place: Span, measure: Span },
    /// `campaign` is the days of a rule.
    NoCampaign { place: Span },
    /// Membership years end on another day for each member.
    DayAfterMembershipYear { place: Span },
    /// A window that never ends has no next one.
    NothingToCarryTo { place: Span, measure: Span },
    /// What happens at the end of a time that never ends.
    MissNever { place: Span, lasts: Span },
}

impl Message for Wrong {
    fn code(&self) -> &'static str {
        match self {
            Wrong::FirstNotFromNought { .. } => "first-level-not-from-0",
            Wrong::NotAscending { .. } => "levels-not-ascending",
            Wrong::NoMeasure { .. } => "no-measure",
            Wrong::OtherKind { .. } => "level-of-another-kind",
            Wrong::WhichMeasure { .. } => "which-measure",
            Wrong::BenefitOfNothing { .. } => "benefit-without-level",
            Wrong::AtOnceInPoints { .. } => "at-once-in-points",
            Wrong::NoCampaign { .. } => "no-campaign-here",
            Wrong::DayAfterMembershipYear { .. } => "day-after-membership-year",
            Wrong::NothingToCarryTo { .. } => "nothing-to-carry-to",
            Wrong::MissNever { .. } => "miss-never-comes",
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Wrong::NothingToCarryTo { .. } | Wrong::MissNever { .. } => Severity::Warning,
            Wrong::FirstNotFromNought { .. }
            | Wrong::NotAscending { .. }
            | Wrong::NoMeasure { .. }
            | Wrong::OtherKind { .. }
            | Wrong::WhichMeasure { .. }
            | Wrong::BenefitOfNothing { .. }
            | Wrong::AtOnceInPoints { .. }
            | Wrong::NoCampaign { .. }
            | Wrong::DayAfterMembershipYear { .. } => Severity::Error,
        }
    }

    fn says(&self) -> String {
        match self {
            Wrong::FirstNotFromNought { level, .. } => format!("the lowest level, `{level}`, does not begin at 0"),
            Wrong::NotAscending { level, lower, .. } => {
                format!("`{level}` does not take more than `{lower}`, which stands below it")
            }
            Wrong::NoMeasure { need, .. } => format!("nothing says what `{need}` is measured by"),
            Wrong::OtherKind { got, wanted, .. } if got.is_empty() => {
                format!("this figure has no unit, and {wanted} is measured")
            }
            Wrong::OtherKind { got, wanted, .. } => format!("`{got}` stands where {wanted} is measured"),
            Wrong::WhichMeasure { got, .. } => format!("`{got}` names none of the measures"),
            Wrong::BenefitOfNothing { .. } => "this benefit stands under no level".to_owned(),
            Wrong::AtOnceInPoints { .. } => "a level measured in points cannot be reached at once".to_owned(),
            Wrong::NoCampaign { .. } => "a level has no campaign to be measured in".to_owned(),
            Wrong::DayAfterMembershipYear { .. } => {
                "a membership year ends on another day for each member, so no one day follows it".to_owned()
            }
            Wrong::NothingToCarryTo { .. } => "there is no next window to carry a surplus to".to_owned(),
            Wrong::MissNever { .. } => "this says what happens at the end of a time that has no end".to_owned(),
        }
    }

    fn place(&self) -> Span {
        match self {
            Wrong::FirstNotFromNought { place, .. }
            | Wrong::NotAscending { place, .. }
            | Wrong::NoMeasure { place, .. }
            | Wrong::OtherKind { place, .. }
            | Wrong::WhichMeasure { place, .. }
            | Wrong::BenefitOfNothing { place }
            | Wrong::AtOnceInPoints { place, .. }
            | Wrong::NoCampaign { place }
            | Wrong::DayAfterMembershipYear { place }
            | Wrong::NothingToCarryTo { place, .. }
            | Wrong::MissNever { place, .. } => *place,
        }
    }

    fn related(&self) -> Vec<(Span, String)> {
        match self {
            Wrong::NotAscending { below, lower, .. } => vec![(*below, format!("`{lower}` takes this"))],
            Wrong::OtherKind { measure, .. }
            | Wrong::AtOnceInPoints { measure, .. }
            | Wrong::NothingToCarryTo { measure, .. } => vec![(*measure, "the measure".to_owned())],
            Wrong::MissNever { lasts, .. } => vec![(*lasts, "how long it lasts".to_owned())],
            Wrong::FirstNotFromNought { .. }
            | Wrong::NoMeasure { .. }
            | Wrong::WhichMeasure { .. }
            | Wrong::BenefitOfNothing { .. }
            | Wrong::NoCampaign { .. }
            | Wrong::DayAfterMembershipYear { .. } => Vec::new(),
        }
    }

    fn why(&self) -> String {
        match self {
            Wrong::FirstNotFromNought { .. } => "A new customer would stand at no level at all.",
            Wrong::NotAscending { .. } => {
                "Whoever reaches it has reached the one below too: nobody would ever be there."
            }
            Wrong::NoMeasure { .. } => "No customer could ever reach the level.",
            Wrong::OtherKind { .. } => "Figures of two kinds cannot be compared, so nobody would ever reach the level.",
            Wrong::WhichMeasure { .. } => "With more than one measure, each figure must say which one it is of.",
            Wrong::BenefitOfNothing { .. } => "A benefit is for those of one level, the one above it.",
            Wrong::AtOnceInPoints { .. } => {
                "The purchase would earn by the new level, and reach the level by what it earns."
            }
            Wrong::NoCampaign { .. } => "A campaign is the dates of an `earn` or `bonus`, and a level belongs to none.",
            Wrong::DayAfterMembershipYear { .. } => "Customers could not be told until when they keep the level.",
            Wrong::NothingToCarryTo { .. } => {
                "A rolling or endless window counts everything already; the line changes nothing."
            }
            Wrong::MissNever { .. } => {
                "A level that is held while measured goes as the measure falls, and one that lasts forever never goes."
            }
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Wrong::FirstNotFromNought { .. } => "put a level below it: `level basic from 0`".to_owned(),
            Wrong::NotAscending { .. } => "write a larger figure, or put the levels from the lowest up".to_owned(),
            Wrong::NoMeasure { .. } => "add a line such as: `measure spend in calendar year`".to_owned(),
            Wrong::OtherKind { like, .. } => format!("write: `from {like}`"),
            Wrong::WhichMeasure { wanted, .. } => format!("the measures are: {wanted}"),
            Wrong::BenefitOfNothing { .. } => "move it under the `level` line it belongs to".to_owned(),
            Wrong::AtOnceInPoints { .. } => "write: `reach next event`".to_owned(),
            Wrong::NoCampaign { .. } => "write a window of the calendar: `in calendar year`".to_owned(),
            Wrong::DayAfterMembershipYear { .. } => "write: `lasts until end of next membership year`".to_owned(),
            Wrong::NothingToCarryTo { .. } => {
                "take the line out, or measure in a window that ends: `in calendar year`".to_owned()
            }
            Wrong::MissNever { .. } => {
                "take the line out, or write a time that ends: `lasts until end of next calendar year`".to_owned()
            }
        }
    }
}
