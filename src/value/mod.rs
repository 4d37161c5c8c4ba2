//! Exact numbers, days and moments, windows, and the order of texts: pure values, no files.

pub mod clock;
pub mod currency;
pub mod exact;
pub mod sum;
pub mod text;

pub use clock::{Clock, Date, Length, Moment, Period, Time, Weekday, Window};
pub use exact::{Exact, Rounding};
pub use text::{natural_cmp, nfc, ungrouped};
