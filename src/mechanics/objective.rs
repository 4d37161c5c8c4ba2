//! `objective`: what a program is for, as a named measure of its history and how much of it is wanted.
//!
//! What each measure is, with its formula and where it comes from, stands in `docs/numbers.md`; how it is worked out
//! in `engine::measures`.

use super::PointsId;
use super::lines::{self, Slip};
use super::reading::{Kind, Reading};
use crate::diag::Message;
use crate::syntax::{Phrase, Rule};
use crate::text::{Span, closest};
use crate::value::clock::Length;
use crate::value::exact::Exact;

/// `objective retain repeat rate at least 35% within 90 days`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objective {
    /// Its word: `retain`.
    pub word: String,
    /// What is measured.
    pub indicator: Indicator,
    /// `of UNIT`: of these points alone.
    pub unit: Option<PointsId>,
    /// `at least`; else `at most`.
    pub at_least: bool,
    /// How much: 35 for 35%.
    pub figure: Exact,
    /// In how long.
    pub within: Option<Length>,
    /// The clause.
    pub span: Span,
}

/// A named measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Indicator {
    /// `members`.
    Members,
    /// `buyers`: members who bought.
    Buyers,
    /// `purchases`, anonymous ones too.
    Purchases,
    /// `visits`: days and stores with a purchase or visit of a member.
    Visits,
    /// `sales`, less what came back.
    Sales,
    /// `average basket`: sales for a purchase.
    AverageBasket,
    /// `purchase frequency`: purchases for a member who bought.
    PurchaseFrequency,
    /// `repeat rate`: members who bought again.
    RepeatRate,
    /// `active rate`: members who did something.
    ActiveRate,
    /// `retention rate`: members who bought before and still do.
    RetentionRate,
    /// `churn rate`: members who bought before and do so no more.
    ChurnRate,
    /// `redemption rate`: points spent of those given.
    RedemptionRate,
    /// `breakage`: points that expired of those that came to an end.
    Breakage,
    /// `member share of purchases`.
    ShareOfPurchases,
    /// `member share of sales`.
    ShareOfSales,
    /// `reduced share`: sales below the regular price.
    ReducedShare,
    /// `bargain hunters`: members who buy mostly at reduced price.
    BargainHunters,
    /// `dormant won back`: how many who had fallen silent bought again.
    WonBack,
    /// `win back rate`: of those who had fallen silent.
    WinBackRate,
    /// `cost of rewards`.
    CostOfRewards,
    /// `reward cost rate`: cost of rewards to sales.
    RewardCostRate,
    /// `liability`: outstanding points at their worth.
    Liability,
}

/// What a measure is a number of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figured {
    /// A share in percent.
    Percent,
    /// Money of the program.
    Money,
    /// Whole things of this name.
    Count(&'static str),
    /// So many of these for one, with decimals.
    Mean(&'static str),
}

/// Whether a measure looks at the last days alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// It has to say how many.
    Must,
    /// It looks at everything where nothing is said.
    May,
    /// It is always of everything since the start.
    Never,
}

impl Indicator {
    /// All of them, in the order of `docs/numbers.md`.
    pub const ALL: [Indicator; 22] = [
        Indicator::Members,
        Indicator::Buyers,
        Indicator::Purchases,
        Indicator::Visits,
        Indicator::Sales,
        Indicator::AverageBasket,
        Indicator::PurchaseFrequency,
        Indicator::RepeatRate,
        Indicator::ActiveRate,
        Indicator::RetentionRate,
        Indicator::ChurnRate,
        Indicator::RedemptionRate,
        Indicator::Breakage,
        Indicator::ShareOfPurchases,
        Indicator::ShareOfSales,
        Indicator::ReducedShare,
        Indicator::BargainHunters,
        Indicator::WonBack,
        Indicator::WinBackRate,
        Indicator::CostOfRewards,
        Indicator::RewardCostRate,
        Indicator::Liability,
    ];

    /// Its name.
    pub fn words(self) -> &'static str {
        match self {
            Indicator::Members => "members",
            Indicator::Buyers => "buyers",
            Indicator::Purchases => "purchases",
            Indicator::Visits => "visits",
            Indicator::Sales => "sales",
            Indicator::AverageBasket => "average basket",
            Indicator::PurchaseFrequency => "purchase frequency",
            Indicator::RepeatRate => "repeat rate",
            Indicator::ActiveRate => "active rate",
            Indicator::RetentionRate => "retention rate",
            Indicator::ChurnRate => "churn rate",
            Indicator::RedemptionRate => "redemption rate",
            Indicator::Breakage => "breakage",
            Indicator::ShareOfPurchases => "member share of purchases",
            Indicator::ShareOfSales => "member share of sales",
            Indicator::ReducedShare => "reduced share",
            Indicator::BargainHunters => "bargain hunters",
            Indicator::WonBack => "dormant won back",
            Indicator::WinBackRate => "win back rate",
            Indicator::CostOfRewards => "cost of rewards",
            Indicator::RewardCostRate => "reward cost rate",
            Indicator::Liability => "liability",
        }
    }

    /// Other names that people have for it.
    fn also(self) -> &'static [&'static str] {
        match self {
            Indicator::ShareOfPurchases => &["adoption"],
            Indicator::ShareOfSales => &["sales adoption"],
            Indicator::CostOfRewards => &["cost"],
            Indicator::RetentionRate => &["retention"],
            Indicator::ChurnRate => &["churn"],
            Indicator::Members
            | Indicator::Buyers
            | Indicator::Purchases
            | Indicator::Visits
            | Indicator::Sales
            | Indicator::AverageBasket
            | Indicator::PurchaseFrequency
            | Indicator::RepeatRate
            | Indicator::ActiveRate
            | Indicator::RedemptionRate
            | Indicator::Breakage
            | Indicator::ReducedShare
            | Indicator::BargainHunters
            | Indicator::WonBack
            | Indicator::WinBackRate
            | Indicator::RewardCostRate
            | Indicator::Liability => &[],
        }
    }

    /// The measure of that name.
    fn named(words: &str) -> Option<Indicator> {
        Indicator::ALL.into_iter().find(|one| one.words() == words || one.also().contains(&words))
    }

    /// What it is a number of.
    pub fn figured(self) -> Figured {
        match self {
            Indicator::Members | Indicator::Buyers | Indicator::WonBack => Figured::Count("members"),
            Indicator::Purchases => Figured::Count("purchases"),
            Indicator::Visits => Figured::Count("visits"),
            Indicator::Sales | Indicator::AverageBasket | Indicator::CostOfRewards | Indicator::Liability => {
                Figured::Money
            }
            Indicator::PurchaseFrequency => Figured::Mean("purchases"),
            Indicator::RepeatRate
            | Indicator::ActiveRate
            | Indicator::RetentionRate
            | Indicator::ChurnRate
            | Indicator::RedemptionRate
            | Indicator::Breakage
            | Indicator::ShareOfPurchases
            | Indicator::ShareOfSales
            | Indicator::ReducedShare
            | Indicator::BargainHunters
            | Indicator::WinBackRate
            | Indicator::RewardCostRate => Figured::Percent,
        }
    }

    /// Whether it takes `within`.
    pub fn within(self) -> Within {
        match self {
            Indicator::ActiveRate
            | Indicator::RetentionRate
            | Indicator::ChurnRate
            | Indicator::WonBack
            | Indicator::WinBackRate => Within::Must,
            Indicator::Buyers
            | Indicator::Purchases
            | Indicator::Visits
            | Indicator::Sales
            | Indicator::AverageBasket
            | Indicator::PurchaseFrequency
            | Indicator::RepeatRate
            | Indicator::ShareOfPurchases
            | Indicator::ShareOfSales
            | Indicator::ReducedShare
            | Indicator::BargainHunters => Within::May,
            Indicator::Members
            | Indicator::RedemptionRate
            | Indicator::Breakage
            | Indicator::CostOfRewards
            | Indicator::RewardCostRate
            | Indicator::Liability => Within::Never,
        }
    }

    /// Whether it is of points, so that `of UNIT` may say of which.
    pub fn is_of_points(self) -> bool {
        matches!(self, Indicator::RedemptionRate | Indicator::Breakage | Indicator::Liability)
    }

    /// Whether it looks at what was sold below its regular price.
    pub fn needs_regular(self) -> bool {
        matches!(self, Indicator::ReducedShare | Indicator::BargainHunters)
    }

    /// Whether it counts what rewards cost.
    pub fn needs_cost(self) -> bool {
        matches!(self, Indicator::CostOfRewards | Indicator::RewardCostRate)
    }
}

impl Figured {
    /// What a reader calls it.
    fn says(self, money: &str) -> String {
        match self {
            Figured::Percent => "a percentage".to_owned(),
            Figured::Money => format!("money in {money}"),
            Figured::Count(of) | Figured::Mean(of) => format!("a number of {of}"),
        }
    }

    /// How it is written.
    fn like(self, number: &str, money: &str) -> String {
        match self {
            Figured::Percent => format!("{number}%"),
            Figured::Money => format!("{number} {money}"),
            Figured::Count(of) | Figured::Mean(of) => format!("{number} {of}"),
        }
    }
}

/// What can be wrong with an objective.
#[allow(missing_docs)] // the fields are the words of the messages
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wrong {
    /// No measure has that name.
    Unknown { place: Span, words: String, near: Option<&'static str> },
    /// A figure of another kind.
    OtherKind { place: Span, words: &'static str, is: String, got: String, mend: String },
    /// `within` where the measure is of everything.
    NotWithin { place: Span, words: &'static str },
    /// No `within` where the measure is of the last days.
    HowLong { place: Span, words: &'static str, line: String },
    /// `of UNIT` where no points are measured.
    NotOfPoints { place: Span, words: &'static str, unit: String },
}

impl Message for Wrong {
    fn code(&self) -> &'static str {
        match self {
            Wrong::Unknown { .. } => "unknown-measure",
            Wrong::OtherKind { .. } => "other-kind-of-figure",
            Wrong::NotWithin { .. } => "measure-of-everything",
            Wrong::HowLong { .. } => "measure-of-how-long",
            Wrong::NotOfPoints { .. } => "measure-not-of-points",
        }
    }

    fn says(&self) -> String {
        match self {
            Wrong::Unknown { words, .. } => format!("there is no measure called `{words}`"),
            Wrong::OtherKind { words, is, got, .. } => format!("`{words}` is {is}, and `{got}` is not"),
            Wrong::NotWithin { words, .. } => format!("`{words}` is of all that happened so far"),
            Wrong::HowLong { words, .. } => format!("`{words}` does not say of how many days"),
            Wrong::NotOfPoints { words, unit, .. } => format!("`{words}` is no measure of `{unit}`"),
        }
    }

    fn place(&self) -> Span {
        match self {
            Wrong::Unknown { place, .. }
            | Wrong::OtherKind { place, .. }
            | Wrong::NotWithin { place, .. }
            | Wrong::HowLong { place, .. }
            | Wrong::NotOfPoints { place, .. } => *place,
        }
    }

    fn why(&self) -> String {
        match self {
            Wrong::Unknown { .. } => {
                "An objective is measured from the history after each run, so it must be known how."
            }
            Wrong::OtherKind { .. } => {
                "Figures of two kinds cannot be compared, so nobody could tell whether it is met."
            }
            Wrong::NotWithin { .. } => {
                "It is a state of the program and not something that happens in a stretch of days."
            }
            Wrong::HowLong { .. } => "Without a stretch of days everybody who ever did something would count.",
            Wrong::NotOfPoints { .. } => "Only what points come to can be told apart by points.",
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Wrong::Unknown { near: Some(near), .. } => format!("write: `{near}`"),
            Wrong::Unknown { near: None, .. } => {
                let all: Vec<&str> = Indicator::ALL.into_iter().map(Indicator::words).collect();
                format!("write one of: {}", all.join(", "))
            }
            Wrong::OtherKind { mend, .. } => format!("write it like: `{mend}`"),
            Wrong::NotWithin { .. } => "leave `within …` out".to_owned(),
            Wrong::HowLong { line, .. } => format!("write: `{line} within 90 days`"),
            Wrong::NotOfPoints { unit, .. } => format!("leave `of {unit}` out"),
        }
    }
}

/// Reads an `objective` line.
pub(super) fn read(reading: &mut Reading<'_>, line: &Phrase<'_>) -> Option<Objective> {
    let (indicator, unit) = measure(reading, &line.find(Rule::objective_measure)?)?;
    let within = match line.find(Rule::length) {
        Some(length) => Some((reading.length(&length)?, length.span())),
        None => None,
    };
    let figure = figure(reading, &line.find(Rule::objective_figure)?, indicator)?;
    let words = indicator.words();
    match (indicator.within(), within) {
        (Within::Must | Within::May, Some((length, place))) if lines::is_no_time(length) => {
            reading.say(Slip::Nought { place, what: "the time of an objective" });
        }
        (Within::Never, Some((_, place))) => reading.say(Wrong::NotWithin { place, words }),
        (Within::Must, None) => {
            let line_text = line.text().trim_end().to_owned();
            reading.say(Wrong::HowLong { place: line.span(), words, line: line_text });
        }
        (Within::Must | Within::May, Some(_)) | (Within::May | Within::Never, None) => {}
    }
    Some(Objective {
        word: line.find(Rule::word)?.text().to_owned(),
        indicator,
        unit,
        at_least: line.has(Rule::objective_least),
        figure,
        within: within.map(|(length, _)| length),
        span: line.span(),
    })
}

/// `repeat rate`, `redemption rate of star`.
fn measure(reading: &mut Reading<'_>, phrase: &Phrase<'_>) -> Option<(Indicator, Option<PointsId>)> {
    let words = phrase.text().split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some(indicator) = Indicator::named(&words) {
        return Some((indicator, None));
    }
    let of = words.rsplit_once(" of ").and_then(|(measure, unit)| Some((Indicator::named(measure)?, unit)));
    let Some((indicator, unit)) = of else {
        let known: Vec<&'static str> =
            Indicator::ALL.into_iter().flat_map(|one| one.also().iter().copied().chain([one.words()])).collect();
        let near = closest(&words, &known);
        reading.say(Wrong::Unknown { place: phrase.span(), words, near });
        return None;
    };
    if !indicator.is_of_points() {
        let (words, unit) = (indicator.words(), unit.to_owned());
        reading.say(Wrong::NotOfPoints { place: phrase.span(), words, unit });
        return None;
    }
    let end = phrase.span().end as usize;
    let place = Span::new(phrase.span().file, end - unit.len(), end);
    let found = reading.resolve_word(Kind::Points, unit, place)?;
    Some((indicator, Some(PointsId(found))))
}

/// The figure, of the kind that the measure is.
fn figure(reading: &mut Reading<'_>, phrase: &Phrase<'_>, indicator: Indicator) -> Option<Exact> {
    let percent = phrase.find(Rule::percent);
    let number = percent.clone().or_else(|| phrase.find(Rule::number))?;
    let unit = phrase.find(Rule::unit);
    let money = reading.names.money_word().to_owned();
    let figured = indicator.figured();
    let fits = match (figured, &unit) {
        (Figured::Percent, _) => percent.is_some(),
        (Figured::Money, Some(unit)) => reading.names.money.is_none() || unit.text() == money,
        (Figured::Count(of), Some(unit)) => {
            super::reading::dimension::same_word(unit.text(), of) && !number.text().contains('.')
        }
        (Figured::Mean(of), Some(unit)) => super::reading::dimension::same_word(unit.text(), of),
        (Figured::Count(_), None) => percent.is_none() && !number.text().contains('.'),
        (Figured::Mean(_), None) => percent.is_none(),
        (Figured::Money, None) => false,
    };
    if !fits {
        let bare = number.text().trim_end_matches('%').trim_end();
        let bare = if matches!(figured, Figured::Count(_)) { bare.split('.').next().unwrap_or(bare) } else { bare };
        reading.say(Wrong::OtherKind {
            place: phrase.span(),
            words: indicator.words(),
            is: figured.says(&money),
            got: phrase.text().trim_end().to_owned(),
            mend: figured.like(bare, &money),
        });
        return None;
    }
    reading.number(&number)
}
