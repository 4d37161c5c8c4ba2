//! `scenario`: a population to simulate (section 8 of the language).
//!
//! Its figures are assumptions about people, so each answer of theirs is a range. They stay the exact numbers that were
//! written until the simulation draws from them.

use crate::text::Span;
use crate::value::exact::Exact;

/// A figure that nobody knows for sure: anything from one number to the other, each as likely. 5% is 5 here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// The least.
    pub low: Exact,
    /// The most; the same as the least where one number was written.
    pub high: Exact,
    /// Where it was written.
    pub span: Span,
}

/// A population to simulate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// `members 10000`: how many.
    pub members: u64,
    /// `purchases …`: how they buy.
    pub purchases: Buying,
    /// `segment commuters share 20%, …` *: parts of them that buy differently, in file order.
    pub groups: Vec<Group>,
    /// `items category coffee 60%, tea 40%`: what a basket is of; the column and its values with their shares in percent.
    pub items: Option<Items>,
    /// `lift … 5% to 15%` *: how behaviour answers the program.
    pub lifts: Vec<Lift>,
    /// `redeem about 40% to 80%`: the chance that who can afford a reward at a visit takes it, in percent.
    pub redeem: Option<Range>,
    /// `margin 30%`: what is left of the price of what is sold, before the program costs anything, in percent.
    pub margin: Range,
    /// `years 1`, or `months 6`: how long, in months.
    pub months: u32,
    /// `control 20%`: how many a launch would keep without the program, in percent: what it could measure by them is told.
    pub control: Option<Exact>,
    /// `returns 3%`: how many purchases come back whole, in percent.
    pub returns: Option<Exact>,
    /// `cost of running 5000 RON a year`: what the program costs besides what it gives.
    pub running: Option<Exact>,
    /// The block.
    pub span: Span,
}

/// How a population buys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Buying {
    /// Gaps and baskets as written.
    Said(Habits),
    /// `purchases like history "events.csv"`: the path as written; fitted when it is simulated.
    Like(String),
    /// `purchases bg/nbd r 0.243 alpha 4.414 a 0.793 b 2.426 in weeks, basket …`.
    Fitted(BgNbd),
}

/// Gaps and baskets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Habits {
    /// `gap about 14 days [spread 0.5]`: the median, over members, of a member's mean days between purchases.
    pub gap: Range,
    /// How members differ: the standard deviation of the logarithm of that gap.
    pub gap_spread: Exact,
    /// `basket lognormal median 42 RON spread 0.6`.
    pub basket: Basket,
    /// `leave 20% a year`: how many stop buying for good within a year, in percent.
    pub leave: Option<Range>,
}

/// What a purchase comes to: lognormal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basket {
    /// Its median, in the program's money.
    pub median: Exact,
    /// The standard deviation of its logarithm.
    pub spread: Exact,
}

/// The model of Fader, Hardie and Lee (2005), with its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BgNbd {
    /// Shape of the purchase rates.
    pub r: Exact,
    /// Scale of the purchase rates, in the unit of time.
    pub alpha: Exact,
    /// First parameter of the chance to leave after a purchase.
    pub a: Exact,
    /// Second parameter of it.
    pub b: Exact,
    /// Days in the unit of time: 7 where it is weeks.
    pub unit: u32,
    /// What a purchase comes to.
    pub basket: Basket,
}

/// A part of the population.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name, for the report; where the program has a segment of that name, its members are looked for among these.
    pub name: String,
    /// How many of all members, in percent.
    pub share: Exact,
    /// `gap about 5 days`: of their own.
    pub gap: Option<Range>,
    /// `basket lognormal median 30 RON spread 0.4`: of their own.
    pub basket: Option<Basket>,
    /// `member.city = "Cluj"` *: what the members file would say of them.
    pub columns: Vec<(String, String)>,
}

/// What a basket is of: one line, of one of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Items {
    /// The column that tells them apart: `category`.
    pub column: String,
    /// Its values and their shares in percent, together 100.
    pub shares: Vec<(String, Exact)>,
}

/// One way in which behaviour answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lift {
    /// To what.
    pub of: Answer,
    /// By how many percent more.
    pub by: Range,
    /// `source "Kivetz 2006"`: where the figure comes from, in the user's words.
    pub source: Option<String>,
}

/// What members answer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// `lift visits`: being in the program at all; purchases come oftener.
    Visits,
    /// `lift basket`: being in the program at all; baskets are bigger.
    Basket,
    /// `lift near reward`: the goal gradient; purchases come oftener the nearer the next reward is, by so much at its edge.
    NearReward,
    /// `lift after reward`: purchases come oftener in the 30 days after a reward.
    AfterReward,
    /// `lift keeping level`: purchases come oftener in the last 60 days before a review that would take the level away.
    KeepingLevel,
    /// `lift staying`: fewer leave.
    Staying,
    /// `lift coming back`: so many of those who have left come back within a year, in percent of them.
    ComingBack,
}

impl Answer {
    /// All of them.
    pub const ALL: [Answer; 7] = [
        Answer::Visits,
        Answer::Basket,
        Answer::NearReward,
        Answer::AfterReward,
        Answer::KeepingLevel,
        Answer::Staying,
        Answer::ComingBack,
    ];

    /// As it is written.
    pub fn words(self) -> &'static str {
        match self {
            Answer::Visits => "visits",
            Answer::Basket => "basket",
            Answer::NearReward => "near reward",
            Answer::AfterReward => "after reward",
            Answer::KeepingLevel => "keeping level",
            Answer::Staying => "staying",
            Answer::ComingBack => "coming back",
        }
    }
}
