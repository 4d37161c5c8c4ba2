//! Dimensions: what kind of thing a figure is. Two of one dimension compare and add; two of different
//! ones never do (section 6.7).

use super::Reading;
use crate::mechanics::basis::Basis;
use crate::mechanics::condition::Value;
use crate::mechanics::{PointsId, TiersId};
use crate::syntax::Phrase;

/// What kind of thing a figure or a word is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dimension {
    /// The program's money.
    Money,
    /// Points of one unit.
    Points(PointsId),
    /// So many of these: `items`, `visits`, `purchases`, `stamps`, `stores`; a bare number means the same.
    Count(String),
    /// A field declared with a unit, which must be said: `30 minutes`.
    Unit(String),
    /// A number without a unit.
    Plain,
    /// Days; weeks are seven of them.
    Days,
    /// Text.
    Text,
    /// A time of day.
    Time,
    /// A day of the calendar.
    Date,
    /// A day of the week.
    Weekday,
    /// A level of a tiers block.
    Level(TiersId),
    /// A column of a file: what its cells hold is known only when they are read.
    Column,
}

impl Reading<'_> {
    /// The dimension of what a basis measures.
    pub fn dimension(&self, _basis: &Basis) -> Dimension {
        Dimension::Plain
    }

    /// A `value` phrase that must be of that dimension.
    pub fn value(&mut self, _phrase: &Phrase<'_>, _wanted: &Dimension) -> Option<Value> {
        None
    }

    /// A `quantity` phrase that must be of that dimension: its number.
    pub fn quantity(&mut self, _phrase: &Phrase<'_>, _wanted: &Dimension) -> Option<crate::value::Exact> {
        None
    }
}
