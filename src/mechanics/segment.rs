//! `segment`: a set of members.

use super::condition::Condition;
use super::reading::{Reading, Scope};
use super::table::{BlockSpec, Head, many};
use super::{Name, lines};
use crate::syntax::Rule;
use crate::syntax::ast::Block;
use crate::text::Span;

/// `segment` in the table of blocks.
pub static BLOCK: BlockSpec = BlockSpec {
    keyword: "segment",
    head: Head::Name,
    clauses: &[many("when", "when spend in last 90 days is at least 500 EUR")],
    ordered: false,
    says: "a set of members",
};

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

/// Reads a `segment` block; several `when` lines must all hold.
pub fn read(reading: &mut Reading<'_>, block: &Block) -> Option<Segment> {
    lines::require(reading, block, &BLOCK, "when");
    let whens = lines::lines(reading, block, "when", Rule::segment_when);
    let when = lines::all_of(reading, &whens, Scope::Member);
    Some(Segment { name: lines::name(block)?, when: when?, span: block.span })
}
