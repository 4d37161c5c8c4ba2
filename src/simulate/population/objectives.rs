//! What a program is for, in the worlds that were played: how often it comes to as much as is wanted.

use crate::mechanics::objective::{Figured, Indicator, Objective};
use crate::simulate::study::{Measure, ObjectiveRow};

use super::figures::Figures;

/// Each objective, in the middle world and in those that were drawn. What looks at a stretch of days, or at one of several
/// kinds of points, is not yet known.
pub(super) fn rows(objectives: &[Objective], units: usize, middle: &Figures, worlds: &[Figures]) -> Vec<ObjectiveRow> {
    let row = |objective: &Objective| {
        let known = objective.within.is_none() && (objective.unit.is_none() || units == 1);
        let came_to = |figures: &Figures| {
            let figure = known.then(|| measured(objective.indicator, figures)).flatten();
            figure.filter(|figure| figure.is_finite())
        };
        let wanted = objective.figure.to_f64_lossy();
        let met = |figure: f64| if objective.at_least { figure >= wanted } else { figure <= wanted };
        let all: Vec<f64> = match worlds {
            [] => came_to(middle).into_iter().collect(),
            worlds => worlds.iter().filter_map(came_to).collect(),
        };
        let often = all.iter().filter(|figure| met(**figure)).count();
        let side = if objective.at_least { "at least" } else { "at most" };
        ObjectiveRow {
            text: format!("{}, {} {side} {}", objective.word, objective.indicator.words(), objective.figure),
            came_to: came_to(middle).map(|figure| shown(objective.indicator, figure)),
            met: (!all.is_empty()).then(|| often as f64 / all.len() as f64),
        }
    };
    objectives.iter().map(row).collect()
}

/// A figure, as it is read.
fn shown(indicator: Indicator, figure: f64) -> String {
    match indicator.figured() {
        Figured::Percent => format!("{figure:.1}%"),
        Figured::Count(_) => format!("{figure:.0}"),
        Figured::Money | Figured::Mean(_) => format!("{figure:.2}"),
    }
}

/// What of a world an objective measures, by `docs/numbers.md`; none: a population does not know it.
fn measured(indicator: Indicator, figures: &Figures) -> Option<f64> {
    let measure = |wanted: Measure| figures.measures.iter().find(|(one, _)| *one == wanted).map(|(_, figure)| *figure);
    // What was used, without what is still owed.
    let used = || figures.months.iter().map(|month| month[2]).sum::<f64>();
    match indicator {
        Indicator::Members | Indicator::Buyers => measure(Measure::Members),
        Indicator::Sales => measure(Measure::Sales),
        Indicator::AverageBasket => measure(Measure::AverageBasket),
        Indicator::PurchaseFrequency => measure(Measure::PurchaseFrequency),
        Indicator::RepeatRate => measure(Measure::RepeatRate),
        Indicator::RedemptionRate => measure(Measure::RedemptionRate),
        Indicator::Breakage => measure(Measure::Breakage),
        Indicator::Liability => measure(Measure::LiabilityFace),
        Indicator::CostOfRewards => Some(used()),
        Indicator::RewardCostRate => measure(Measure::Sales).map(|sales| used() / sales * 100.0),
        Indicator::Purchases
        | Indicator::Visits
        | Indicator::ActiveRate
        | Indicator::RetentionRate
        | Indicator::ChurnRate
        | Indicator::ShareOfPurchases
        | Indicator::ShareOfSales
        | Indicator::ReducedShare
        | Indicator::BargainHunters
        | Indicator::WonBack
        | Indicator::WinBackRate => None,
    }
}
