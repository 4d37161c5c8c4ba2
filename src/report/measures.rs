//! The named measures that objectives ask for, in words and figures. What they are is worked out in `engine::measures`.

use super::words::{Book, grouped, isolate};
use crate::mechanics::PointsId;
use crate::mechanics::objective::{Figured, Indicator, Objective};
use crate::value::exact::{Exact, Rounding};

pub use crate::engine::measures::{Came, Measured, needs_journal};

/// The measure as the program names it: `redemption rate of star`.
pub fn measure(book: Book<'_>, objective: &Objective) -> String {
    match objective.unit {
        Some(unit) => format!("{} of {}", objective.indicator.words(), book.unit(unit)),
        None => objective.indicator.words().to_owned(),
    }
}

/// What is wanted: `at least 35%`.
pub fn wanted(book: Book<'_>, objective: &Objective) -> String {
    let least = if objective.at_least { "at least" } else { "at most" };
    format!("{least} {}", shown(book, objective.indicator.figured(), &objective.figure))
}

/// A figure as people read it: `31.4%`, `1,200 members`, `42.00 RON`.
pub fn shown(book: Book<'_>, figured: Figured, number: &Exact) -> String {
    let settings = &book.program.settings;
    match figured {
        Figured::Percent => match number.decimals() {
            Some(0) => format!("{}%", grouped(&number.to_string())),
            Some(_) | None => format!("{}%", rounded(book, figured, number)),
        },
        Figured::Money => format!("{} {}", grouped(&rounded(book, figured, number)), settings.money),
        Figured::Count(of) | Figured::Mean(of) => {
            let word = if *number == Exact::one() { of.strip_suffix('s').unwrap_or(of) } else { of };
            format!("{} {word}", grouped(&rounded(book, figured, number)))
        }
    }
}

/// A figure rounded half even to what people read: one decimal of a percent, two of a mean, the money's own.
pub fn rounded(book: Book<'_>, figured: Figured, number: &Exact) -> String {
    let decimals = match figured {
        Figured::Percent => 1,
        Figured::Money => book.program.settings.minor_units,
        Figured::Count(_) => 0,
        Figured::Mean(_) => 2,
    };
    number.round(Rounding::HalfEven, decimals).fixed(decimals)
}

/// Whether it is met, in a word for people.
pub fn verdict(objective: &Objective, met: Option<bool>) -> &'static str {
    match (met, objective.at_least) {
        (None, _) => "not yet known",
        (Some(true), _) => "met",
        (Some(false), true) => "not met yet",
        (Some(false), false) => "not met",
    }
}

/// What the figure is made of: `44 of 140 members`; nothing where it is no part of anything.
pub fn made_of(book: Book<'_>, objective: &Objective, came: &Came) -> String {
    let Some(below) = came.below.as_ref().filter(|_| came.figure.is_some()) else { return String::new() };
    let above = &came.above;
    let settings = &book.program.settings;
    let money = |sum: &Exact| grouped(&sum.round(Rounding::HalfEven, settings.minor_units).fixed(settings.minor_units));
    let whole = |number: &Exact| grouped(&number.to_string());
    let whats = |word: &str| format!("{} of {} {word}", whole(above), whole(below));
    match objective.indicator {
        Indicator::AverageBasket => format!("{} {} in {} purchases", money(above), settings.money, whole(below)),
        Indicator::PurchaseFrequency => format!("{} purchases of {} members", whole(above), whole(below)),
        Indicator::RepeatRate
        | Indicator::ActiveRate
        | Indicator::RetentionRate
        | Indicator::ChurnRate
        | Indicator::BargainHunters
        | Indicator::WinBackRate => whats("members"),
        Indicator::ShareOfPurchases => whats("purchases"),
        Indicator::ShareOfSales | Indicator::ReducedShare | Indicator::RewardCostRate => {
            format!("{} of {} {}", money(above), money(below), settings.money)
        }
        Indicator::RedemptionRate | Indicator::Breakage => {
            let unit = objective.unit.or_else(|| (book.program.points.len() == 1).then_some(PointsId(0)));
            match unit {
                Some(unit) => {
                    let number = |number: &Exact| grouped(&book.number(unit, number));
                    format!("{} of {} {}", number(above), number(below), book.unit_for(unit, below))
                }
                None => format!("{} of {} {}", money(above), money(below), settings.money),
            }
        }
        Indicator::Members
        | Indicator::Buyers
        | Indicator::Purchases
        | Indicator::Visits
        | Indicator::Sales
        | Indicator::WonBack
        | Indicator::CostOfRewards
        | Indicator::Liability => String::new(),
    }
}

/// The cells of an objective for a terminal: word, measure, figure, what is wanted, verdict, what it is made of.
pub fn cells(book: Book<'_>, objective: &Objective, came: &Came) -> [String; 5] {
    let within = objective.within.map(|length| format!(" within {length}")).unwrap_or_default();
    let figured = objective.indicator.figured();
    let figure = came.figure.as_ref().map_or_else(|| "—".to_owned(), |number| shown(book, figured, number));
    let made_of = match made_of(book, objective, came) {
        of if of.is_empty() => String::new(),
        of => format!(" ({of})"),
    };
    [
        isolate(&objective.word).into_owned(),
        format!("{}{within}", isolate(&measure(book, objective))),
        figure,
        format!("wanted {}", wanted(book, objective)),
        format!("{}{made_of}", verdict(objective, came.met)),
    ]
}

/// A row of the table `objectives`, without the moment.
pub fn row(book: Book<'_>, objective: &Objective, came: &Came) -> Vec<String> {
    let figured = objective.indicator.figured();
    let met = match came.met {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not_yet_known",
    };
    vec![
        objective.word.clone(),
        measure(book, objective),
        objective.within.map(|length| length.to_string()).unwrap_or_default(),
        came.figure.as_ref().map(|number| rounded(book, figured, number)).unwrap_or_default(),
        came.figure.as_ref().map(ToString::to_string).unwrap_or_default(),
        match figured {
            Figured::Percent => "%".to_owned(),
            Figured::Money => book.program.settings.money.clone(),
            Figured::Count(of) | Figured::Mean(of) => of.to_owned(),
        },
        format!("{} {}", if objective.at_least { "at least" } else { "at most" }, objective.figure),
        met.to_owned(),
        came.above.to_string(),
        came.below.as_ref().map(ToString::to_string).unwrap_or_default(),
    ]
}
