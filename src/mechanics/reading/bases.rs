//! What is measured: from `basis`, `measured` and `pick` phrases to [`Basis`] and [`Pick`].

use super::Reading;
use crate::mechanics::basis::{Basis, Pick};
use crate::syntax::Phrase;

impl Reading<'_> {
    /// `pick` and `of_items` phrases: which lines count.
    pub fn pick(&mut self, _phrases: &[Phrase<'_>]) -> Option<Pick> {
        None
    }

    /// A `basis` phrase.
    pub fn basis(&mut self, _phrase: &Phrase<'_>) -> Option<Basis> {
        None
    }

    /// A `measured` phrase: a basis and `of items CONDITION`.
    pub fn measured(&mut self, _phrase: &Phrase<'_>) -> Option<Basis> {
        None
    }
}
