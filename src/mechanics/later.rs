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
    /// `offer` in the table of blocks.
    OFFER = "offer", Head::Name, "something for one member at one time", [
        once("to", "to segment dormant"),
        many("on", "on purchase"),
        many("every", "every month"),
        many("when", "when days since last purchase is at least 60 days"),
        many("complement", "complement of coffee is pastry"),
        many("give", "give coupon come_back"),
        many("limit", "limit 1 time per member per month"),
        once("channel", "channel [email, app]"),
        once("holdout", "holdout 10%"),
        once("from", "from 2026-01-01"),
        once("until", "until 2026-12-31"),
    ];
    /// `pilot` in the table of blocks.
    PILOT = "pilot", Head::Name, "a trial in some stores or for some members", [
        once("stores", "stores [Gara, Unirii]"),
        once("members", "members 10%"),
        once("segment", "segment regulars"),
        once("from", "from 2026-01-01"),
        once("until", "until 2026-03-31"),
        once("control", "control 10%"),
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
