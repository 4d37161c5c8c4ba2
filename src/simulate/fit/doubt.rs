//! What is said when a history cannot be fitted, or when the figures should be used with care: what it means, and what
//! to do.

use super::model::Model;
use crate::value::clock::Date;
use serde::{Serialize, Serializer};
use std::fmt;

/// Why there is no estimate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// No member bought anything.
    NoPurchases,
    /// The day given is outside the history.
    OutsideHistory {
        /// The day.
        until: Date,
        /// The first purchase.
        start: Date,
        /// The last day of the history.
        last: Date,
    },
    /// More weeks are held out than there are.
    HoldoutTooLong {
        /// How many.
        weeks: u32,
        /// The first purchase.
        start: Date,
        /// The last day of the history.
        last: Date,
    },
    /// Nobody bought twice.
    NobodyRepeats {
        /// How many bought once.
        members: u64,
    },
    /// Too few bought twice.
    FewRepeat {
        /// How many did.
        repeaters: u64,
        /// How many bought at all.
        members: u64,
    },
    /// No model came to rest.
    NotSettled {
        /// Which were tried.
        models: Vec<Model>,
    },
}

/// Fewer members who bought again than this tell nothing of how members differ.
pub const LEAST: u64 = 10;

/// With fewer than this, the figures are rough.
pub const ROUGH: u64 = 200;

fn people(number: u64) -> String {
    if number == 1 { "one member".to_owned() } else { format!("{number} members") }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPurchases => write!(
                f,
                "nothing can be fitted: no member bought anything in this history. Purchases without a member do not \
                 count, since nobody can be seen to come back"
            ),
            Self::OutsideHistory { until, start, last } => write!(
                f,
                "--fit-until {until} is outside the history: purchases go from {start} to {last}; name a day between \
                 them"
            ),
            Self::HoldoutTooLong { weeks, start, last } => write!(
                f,
                "--holdout {weeks} leaves no day to fit: the history goes from {start} to {last}; hold out about a \
                 third of it"
            ),
            Self::NobodyRepeats { members } => write!(
                f,
                "nothing can be fitted: {} bought, and nobody bought again by the end of what is fitted. How often \
                 members come back cannot be read from a history in which none does; take a longer one, or a later \
                 --fit-until",
                people(*members)
            ),
            Self::FewRepeat { repeaters, members } => write!(
                f,
                "nothing can be fitted: of {} only {repeaters} bought again, and at least {LEAST} are needed to tell \
                 how members differ (some hundreds for figures to plan with). Take a longer history or more members",
                people(*members)
            ),
            Self::NotSettled { models } => {
                let names: Vec<&str> = models.iter().map(|model| model.name()).collect();
                write!(
                    f,
                    "no estimate: the search for the best fit of {} did not come to rest, so any figure would be an \
                     accident of where it began. Members of this history probably do not buy as the model says (at \
                     random, each at a rate of her own, until they leave); try a longer history, a cohort that began \
                     in one season, or another --model",
                    names.join(", ")
                )
            }
        }
    }
}

/// What to keep in mind about an estimate.
#[derive(Debug, Clone, PartialEq)]
pub enum Doubt {
    /// Few members bought again.
    FewRepeaters(u64),
    /// The time fitted is short.
    ShortHistory {
        /// How many weeks were fitted.
        weeks: u32,
    },
    /// Parameters grow or shrink without end.
    RunsAway {
        /// The model.
        model: &'static str,
        /// Which.
        names: Vec<&'static str>,
        /// What that says of the members.
        means: Vec<Meaning>,
    },
    /// Parameters are only known within a factor of fifty and more.
    Wide {
        /// The model.
        model: &'static str,
        /// Which.
        names: Vec<&'static str>,
    },
    /// A search ended at another, lower top.
    OtherTop {
        /// The model.
        model: &'static str,
        /// How many searches came to the top.
        agree: usize,
        /// Of how many.
        of: usize,
        /// How much lower the nearest other one is.
        lower: f64,
    },
    /// A model did not come to rest and is left out.
    LeftOut(&'static str),
    /// The holdout is shorter than was asked for.
    ShortHoldout {
        /// By how many weeks.
        by: u32,
    },
    /// Nothing is held out.
    NoHoldout,
    /// There are too few purchases in the holdout to judge by.
    ThinHoldout(u64),
    /// What happened in the holdout is far from what was expected.
    PoorFit {
        /// By how many percent too many purchases were expected (below nought: too few).
        off: f64,
    },
    /// Members who buy more often spend more, or less, each time.
    SpendAndFrequency {
        /// The correlation.
        correlation: f64,
    },
    /// Spend could not be fitted.
    NoSpend(NoSpend),
    /// A spend is so uneven that its mean has no bound.
    HeavySpend,
    /// Members whose repeat purchases came to nothing.
    FreePurchases(u64),
    /// BG/NBD is used, which takes whoever bought once to be still there.
    OnceIsStill,
}

/// What parameters that run away say of the members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Next to nobody leaves.
    NobodyLeaves,
    /// All leave alike.
    LeaveAlike,
    /// All buy alike.
    BuyAlike,
    /// All spend alike, or each the same each time.
    SpendAlike,
}

impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NobodyLeaves => {
                "In this history next to nobody seems to leave for good, so the forecast has nearly everyone stay for \
                 ever."
            }
            Self::LeaveAlike => {
                "Members seem to be all alike in how soon they leave; how they differ cannot be read from this history."
            }
            Self::BuyAlike => {
                "Members seem to be all alike in how often they buy, as in a subscription; purchases may come by the \
                 clock and not at random, as the model takes it."
            }
            Self::SpendAlike => "Members spend nearly alike, or each of them nearly the same each time.",
        })
    }
}

/// Why spend is not fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoSpend {
    /// Too few bought again and paid something.
    Few,
    /// All spend the same.
    Alike,
    /// The search did not come to rest.
    NotSettled,
}

impl fmt::Display for NoSpend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Few => "fewer than 10 members bought again and paid something",
            Self::Alike => "every member spends the same each time, so there is nothing to estimate",
            Self::NotSettled => "the search for the best fit of the spend model did not come to rest",
        })
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FewRepeaters(number) => write!(
                f,
                "only {number} members bought again. The figures are rough, more so for single members: read the \
                 ranges, not the middles, and fit again when some hundreds have come back"
            ),
            Self::ShortHistory { weeks } => write!(
                f,
                "only {weeks} weeks were fitted. A season looks like a habit in so short a time; do not plan much \
                 further ahead than the history looks back"
            ),
            Self::RunsAway { model, names, means } => {
                let (names, are) = listed(names);
                let means: Vec<String> = means.iter().map(Meaning::to_string).collect();
                let means = means.join(" ");
                write!(
                    f,
                    "{model}: the fit gets better the further {names} {are} moved, without end. {means} Sums for all \
                     members can be used with care; ranges are left out, since there is no honest way to give them. A \
                     longer history or another --model may settle it"
                )
            }
            Self::Wide { model, names } => write!(
                f,
                "{model}: {} could as well be fifty times as large or as small; the history fits all of them nearly \
                 alike. Sums for all members may still be right, since only what is made of these numbers together \
                 counts; do not compare the numbers themselves between shops or years",
                listed(names).0
            ),
            Self::OtherTop { model, agree, of, lower } => write!(
                f,
                "{model}: {agree} of {of} searches came to the same best fit; another ended at one that is worse by \
                 {lower:.1} in log-likelihood, and was set aside. The best one is shown"
            ),
            Self::LeftOut(model) => write!(
                f,
                "{model} is left out: the search for its best fit did not come to rest, so there is no figure to trust"
            ),
            Self::ShortHoldout { by } => write!(
                f,
                "the history ends {by} {} before the holdout does; what there is of it is compared",
                if *by == 1 { "week" } else { "weeks" }
            ),
            Self::NoHoldout => write!(
                f,
                "nothing was held out, so nobody has seen whether the model tells the future of this shop; --holdout \
                 26 keeps the last half year back and compares"
            ),
            Self::ThinHoldout(purchases) => write!(
                f,
                "the holdout has only {purchases} repeat purchases, too few to judge the fit by; hold out more weeks"
            ),
            Self::PoorFit { off } => write!(
                f,
                "the fit is poor: {:.0}% {} repeat purchases were expected in the holdout than happened. Something \
                 changed (a season, prices, a campaign, a new shop), or members do not buy at random; do not plan with \
                 these figures before you know what it was",
                off.abs(),
                if *off > 0.0 { "more" } else { "fewer" }
            ),
            Self::SpendAndFrequency { correlation } => write!(
                f,
                "members who buy more often spend {} each time (correlation {correlation:.2}). The spend model takes \
                 the two to be independent, so the value of the most frequent buyers is {}",
                if *correlation > 0.0 { "more" } else { "less" },
                if *correlation > 0.0 { "told too low" } else { "told too high" }
            ),
            Self::NoSpend(why) => write!(f, "spend is not fitted and no value is told: {why}"),
            Self::HeavySpend => write!(
                f,
                "what members spend is so uneven that their mean has no bound in the spend model (q is not above 1); \
                 no value is told. Look for wholesale buyers or mistakes among the largest purchases"
            ),
            Self::OnceIsStill => write!(
                f,
                "BG/NBD takes whoever bought only once to be still a customer; the other models may count far fewer. Do \
                 not read it as who will come"
            ),
            Self::FreePurchases(number) => write!(
                f,
                "{} bought again for nothing or less on average; their spend is left out of the spend model",
                people(*number)
            ),
        }
    }
}

impl Serialize for Doubt {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// `r`, `r and a`, `r, a and b`; whether they are several.
fn listed(names: &[&str]) -> (String, &'static str) {
    match names {
        [] => (String::new(), "are"),
        [one] => ((*one).to_owned(), "is"),
        [first @ .., last] => (format!("{} and {last}", first.join(", ")), "are"),
    }
}

/// What it says of the members when parameters of a model run away; `low`: to nought.
pub(super) fn meaning(at_end: &[bool], low: &[bool]) -> Vec<Meaning> {
    let mut means = Vec::new();
    // a / b, and s / beta, are how soon members leave on average.
    let nobody_leaves = (at_end[2] && low[2]) || (at_end[3] && !low[3] && !at_end[2]);
    if nobody_leaves {
        means.push(Meaning::NobodyLeaves);
    } else if at_end[2] || at_end[3] {
        means.push(Meaning::LeaveAlike);
    }
    if at_end[0] || at_end[1] {
        means.push(Meaning::BuyAlike);
    }
    means
}
