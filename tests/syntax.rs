//! The first stage and the formatter: what is read, what is said about what cannot be read.

#[path = "syntax/cases.rs"]
mod cases;
#[path = "syntax/damage.rs"]
mod damage;
#[path = "syntax/format.rs"]
mod format;
#[path = "syntax/limits.rs"]
mod limits;
#[path = "syntax/told.rs"]
mod told;
