//! What a condition or a count stands in: which measures it can look at.

use crate::mechanics::ActivityId;

/// Where a condition stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// `when` and `except` of a rule, a stamp, an offer: an event of any type and its member.
    Event,
    /// The same of an activity, whose fields can be named; none: of any activity.
    Activity(Option<ActivityId>),
    /// `with`, `without`, `items`, `item`: it picks lines.
    Lines,
    /// `when` of a gift or reward, and of a price: the member, and the moment and place of the redemption.
    Redeem,
    /// A segment: a member alone.
    Member,
}
