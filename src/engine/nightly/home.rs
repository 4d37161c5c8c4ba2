//! Under which name an event is kept.

use crate::value::clock::Date;

/// Begins the names that stand for nobody: no member has such an id.
const NOBODY: char = '\0';

/// The name under which what nobody put a name to on a day is kept.
pub(super) fn of_nobody(day: Date) -> String {
    format!("{NOBODY}{day}")
}

/// Whether a name stands for nobody.
pub(super) fn is_nobody(name: &str) -> bool {
    name.starts_with(NOBODY)
}

/// The member of a name; empty: nobody.
pub(super) fn member(name: &str) -> &str {
    if is_nobody(name) { "" } else { name }
}
