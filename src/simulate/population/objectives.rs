//! What a program is for, in the worlds that were played: how often it comes to as much as is wanted.

use crate::mechanics::objective::{Figured, Indicator, Objective};
use crate::mechanics::promise::{Promised, monthly_cost};
use crate::mechanics::settings::Settings;
use crate::simulate::study::{Measure, ObjectiveRow};

use super::calendar::Calendar;
use super::figures::Figures;
use super::lately::{Stretch, Told};
use super::shop::Shop;

/// Each objective, and what is promised of the dearest month, in the middle world and in those that were drawn. What is of
/// one of several kinds of points is not yet known, nor what looks at more days than are played.
pub(super) fn rows(shop: &Shop<'_>, calendar: &Calendar, middle: &Figures, worlds: &[Figures]) -> Vec<ObjectiveRow> {
    let settings = &shop.program.settings;
    let row = |objective: &Objective| {
        let known = objective.unit.is_none() || shop.units.len() == 1;
        let came_to = |figures: &Figures| {
            let figure = known.then(|| measured(objective, figures, shop, calendar)).flatten();
            figure.filter(|figure| figure.is_finite())
        };
        let wanted = objective.figure.to_f64_lossy();
        let met = |figure: f64| if objective.at_least { figure >= wanted } else { figure <= wanted };
        let all: Vec<f64> = match worlds {
            [] => came_to(middle).into_iter().collect(),
            worlds => worlds.iter().filter_map(came_to).collect(),
        };
        let often = all.iter().filter(|figure| met(**figure)).count();
        ObjectiveRow {
            text: written(objective, shop),
            came_to: came_to(middle).map(|figure| shown(objective.indicator, figure, settings)),
            met: (!all.is_empty()).then(|| often as f64 / all.len() as f64),
        }
    };
    let promised = shop.program.promises.iter().filter_map(|promise| {
        let Promised::MonthlyCost(most) = &promise.what else { return None };
        let dearest = |figures: &Figures| figures.months.iter().map(|month| month[2]).fold(0.0, f64::max);
        let worlds = if worlds.is_empty() { std::slice::from_ref(middle) } else { worlds };
        let kept = worlds.iter().filter(|figures| dearest(figures) <= most.to_f64_lossy()).count();
        Some(ObjectiveRow {
            text: monthly_cost(most, settings),
            came_to: Some(money(dearest(middle), settings)),
            met: Some(kept as f64 / worlds.len() as f64),
        })
    });
    settings.objectives.iter().map(row).chain(promised).collect()
}

/// As a program writes it.
fn written(objective: &Objective, shop: &Shop<'_>) -> String {
    let unit = objective.unit.map_or_else(String::new, |unit| format!(" of {}", shop.program.points[unit.0].name.text));
    let side = if objective.at_least { "at least" } else { "at most" };
    let figure = match objective.indicator.figured() {
        Figured::Percent => format!("{}%", objective.figure),
        Figured::Money => format!("{} {}", objective.figure, shop.program.settings.money),
        Figured::Count(_) | Figured::Mean(_) => objective.figure.to_string(),
    };
    let within = objective.within.map_or_else(String::new, |length| format!(" within {length}"));
    format!("objective {}, {}{unit} {side} {figure}{within}", objective.word, objective.indicator.words())
}

/// A figure, as it is read.
fn shown(indicator: Indicator, figure: f64, settings: &Settings) -> String {
    match indicator.figured() {
        Figured::Percent => format!("{figure:.1}%"),
        Figured::Count(_) => format!("{figure:.0}"),
        Figured::Money => money(figure, settings),
        Figured::Mean(_) => format!("{figure:.2}"),
    }
}

fn money(figure: f64, settings: &Settings) -> String {
    let decimals = usize::try_from(settings.minor_units).unwrap_or(2);
    format!("{figure:.decimals$} {}", settings.money)
}

/// What of a world an objective measures, by `docs/numbers.md`; none: a population does not know it.
fn measured(objective: &Objective, figures: &Figures, shop: &Shop<'_>, calendar: &Calendar) -> Option<f64> {
    // What was used, without what is still owed.
    let used = || figures.months.iter().map(|month| month[2]).sum::<f64>();
    match objective.indicator {
        Indicator::Members => figures.measure(Measure::Members),
        Indicator::RedemptionRate => figures.measure(Measure::RedemptionRate),
        Indicator::Breakage => figures.measure(Measure::Breakage),
        Indicator::Liability => figures.measure(Measure::LiabilityFace),
        Indicator::CostOfRewards => Some(used()),
        Indicator::RewardCostRate => figures.measure(Measure::Sales).map(|sales| used() / sales * 100.0),
        // Everybody who buys is a member: nobody knows of others.
        Indicator::ShareOfPurchases | Indicator::ShareOfSales => None,
        Indicator::Buyers
        | Indicator::Purchases
        | Indicator::Visits
        | Indicator::Sales
        | Indicator::AverageBasket
        | Indicator::PurchaseFrequency
        | Indicator::RepeatRate
        | Indicator::ActiveRate
        | Indicator::RetentionRate
        | Indicator::ChurnRate
        | Indicator::ReducedShare
        | Indicator::BargainHunters
        | Indicator::WonBack
        | Indicator::WinBackRate => {
            let place = shop.stretches.iter().position(|length| *length == objective.within)?;
            let stretch = Stretch::of(objective.within, calendar);
            let (lately, scale, members) = &figures.lately;
            let money = 10_f64.powi(i32::try_from(shop.program.settings.minor_units).unwrap_or(2));
            let told = Told { stretch: &stretch, money, scale: *scale, members: *members };
            lately.get(place)?.measured(objective.indicator, &told)
        }
    }
}
