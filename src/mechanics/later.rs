//! Blocks that the language knows and this version does not run: their lines keep the formatter's order,
//! and `check` says that they do nothing yet.

use super::table::{BlockSpec, Head, many, once};

/// Declares the blocks of this file, which differ only in their words.
macro_rules! later {
    ($($(#[$doc:meta])* $name:ident = $keyword:literal, $head:expr, $says:literal, [$($clause:expr),* $(,)?];)*) => {$(
        $(#[$doc])*
        pub static $name: BlockSpec = BlockSpec {
            keyword: $keyword,
            head: $head,
            clauses: &[$($clause),*],
            ordered: false,
            runs: false,
            says: $says,
        };
    )*};
}

later! {
    /// `scenario` in the table of blocks.
    SCENARIO = "scenario", Head::Name, "a population to simulate", [
        once("members", "members 10000"),
        many("purchases", "purchases gap about 14 days, basket lognormal median 42 EUR spread 0.6"),
        many("segment", "segment share regulars 20%"),
        many("lift", "lift near reward 5% to 15%"),
        many("redeem", "redeem about 70%"),
        once("margin", "margin 30%"),
        once("years", "years 3"),
        once("control", "control 20%"),
    ];
}
