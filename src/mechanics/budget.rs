//! `budget`: what a rule may spend in all.

use super::Name;
use crate::text::Span;
use crate::value::clock::Window;
use crate::value::exact::Exact;

/// A `budget` block (section 3).
#[derive(Debug, Clone)]
pub struct Budget {
    /// Its name.
    pub name: Name,
    /// The most, in the program's money.
    pub most: Exact,
    /// Per month, quarter, … or over the campaign (`Ever`).
    pub window: Window,
    /// `counts costs`: gifts at what they cost; points always at their worth. Else gifts at their value.
    pub at_cost: bool,
    /// `when spent warn`: nothing is cut.
    pub warn_only: bool,
    /// The whole block.
    pub span: Span,
}
