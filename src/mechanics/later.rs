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
    /// `discount` in the table of blocks.
    DISCOUNT = "discount", Head::Name, "money off at the till", [
        many("on", "on purchase"),
        many("when", "when status in [gold]"),
        once("items", "items category in [coffee]"),
        many("take", "take 10% off"),
        once("price", "price 5 EUR"),
        many("scale", "scale spend in calendar year: from 1000 EUR take 5%"),
        once("group", "group promo"),
        many("limit", "limit 1 time per member per day"),
        many("cap", "cap 20 EUR per receipt"),
        once("from", "from 2026-01-01"),
        once("until", "until 2026-12-31"),
    ];
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
