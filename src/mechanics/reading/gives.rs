//! What can be given: from a `give` phrase to [`Give`].

use super::Reading;
use crate::mechanics::basis::Basis;
use crate::mechanics::give::Give;
use crate::syntax::Phrase;

impl Reading<'_> {
    /// A `give` phrase; `basis` is what the block counts.
    pub fn give(&mut self, _phrase: &Phrase<'_>, _basis: &Basis) -> Option<Give> {
        None
    }
}
