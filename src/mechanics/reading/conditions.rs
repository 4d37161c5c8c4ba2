//! Conditions: from `condition` and `term` phrases to [`Condition`], with the units checked.

use super::{Reading, Scope};
use crate::mechanics::condition::Condition;
use crate::syntax::Phrase;

impl Reading<'_> {
    /// A `condition` or `term` phrase.
    pub fn condition(&mut self, _phrase: &Phrase<'_>, _scope: Scope) -> Option<Condition> {
        None
    }
}
