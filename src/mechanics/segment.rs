//! `segment`: a set of members.

use super::Name;
use super::condition::Condition;
use crate::text::Span;

/// A `segment` block: the members of whom the condition holds.
#[derive(Debug, Clone)]
pub struct Segment {
    /// Its name.
    pub name: Name,
    /// Who belongs to it.
    pub when: Condition,
    /// The whole block.
    pub span: Span,
}
