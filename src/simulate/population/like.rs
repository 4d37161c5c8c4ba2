//! A population that is a history's, going on: the model of its purchases, where each member stands at its end, and
//! baskets like its own.

use crate::mechanics::scenario::{Basket, BgNbd, Continued, Standing};
use crate::simulate::fit::{Bought, Cohort, Model, Row, Span, Unfit, Unit, fit_buying};
use crate::value::clock::Date;
use crate::value::exact::{Exact, Rounding};
use std::collections::BTreeMap;

use super::world::YEAR;

/// A history with the BG/NBD model of all of it, and where its members stand; so many percent of the population are new.
///
/// # Errors
/// When the history cannot be fitted; the message says why.
pub fn continued(bought: &Bought, minor_units: u32, new: &Exact) -> Result<Continued, Unfit> {
    let last = bought.purchases.iter().map(|purchase| purchase.day).max();
    let span = Span { unit: Unit::Days, merge_days: true, until: None, holdout: Some(0), last };
    let cohort = Cohort::gather(&bought.purchases, &span)?;
    cohort.repeating()?;
    let rows: Vec<Row> = cohort.rows().into_iter().map(|(row, _)| row).collect();
    let not_settled = || Unfit::NotSettled { models: vec![Model::BgNbd] };
    let fitted = fit_buying(Model::BgNbd, &rows).ok_or_else(not_settled)?;
    let basket = basket(bought, minor_units).ok_or(Unfit::NoPurchases)?;
    let mut known: Vec<Standing> = cohort
        .buyers
        .iter()
        .map(|buyer| Standing { again: buyer.x, last: buyer.last, seen: buyer.seen, first: buyer.first })
        .collect();
    known.sort_unstable();
    let [r, alpha, a, b] = fitted.theta;
    let share = new.to_f64_lossy() / 100.0;
    // What a member is expected to buy at the beginning: of those known, who has left buys nothing.
    let of_known: f64 = rows
        .iter()
        .map(|row| {
            let alive = Model::BgNbd.alive(&fitted.theta, row.x, row.last, row.seen);
            row.members * alive * (r + f64::from(row.x)) / (alpha + row.seen)
        })
        .sum();
    let all: f64 = rows.iter().map(|row| row.members).sum();
    let a_day = share * r / alpha + (1.0 - share) * of_known / all;
    Ok(Continued {
        fitted: BgNbd { r: kept(r), alpha: kept(alpha), a: kept(a), b: kept(b), unit: 1, basket },
        new: new.clone(),
        known: known.into(),
        until: cohort.until,
        a_year: kept(a_day * YEAR),
    })
}

/// A lognormal basket with the median and the mean of what a member spent on a day, in money: the mean of a lognormal
/// figure is its median · exp(spread² ÷ 2). Where the mean is not above the median, all are alike.
///
/// Days, because the model counts purchases of one day as one: else what is bought on a second receipt would be lost.
fn basket(bought: &Bought, minor_units: u32) -> Option<Basket> {
    let mut days: BTreeMap<(&str, Date), Exact> = BTreeMap::new();
    for purchase in &bought.purchases {
        *days.entry((&purchase.member, purchase.day)).or_insert_with(Exact::zero) += &purchase.amount;
    }
    let mut spent: Vec<f64> = days.values().map(|money| money.to_f64_lossy().max(0.0)).collect();
    spent.sort_by(f64::total_cmp);
    let median = spent.get(spent.len().checked_sub(1)? / 2)?.midpoint(*spent.get(spent.len() / 2)?);
    #[expect(clippy::cast_precision_loss, reason = "a count of purchases, far below 2⁵²")]
    let mean = spent.iter().sum::<f64>() / spent.len() as f64;
    // Never less than the smallest coin.
    let coin = 10_f64.powi(-i32::try_from(minor_units).unwrap_or(2));
    let (median, mean) = (median.max(coin), mean.max(coin));
    let spread = (2.0 * (mean / median).ln().max(0.0)).sqrt();
    Some(Basket { median: written(median, minor_units), spread: written(spread, 3) })
}

/// A parameter: nine decimals, and never nothing, which no parameter is.
fn kept(figure: f64) -> Exact {
    written(figure.max(1e-9), 9)
}

/// A figure as somebody would write it.
fn written(figure: f64, decimals: u32) -> Exact {
    let text = format!("{figure:.9}");
    Exact::parse(&text).map_or_else(Exact::zero, |exact| exact.round(Rounding::HalfEven, decimals))
}

#[cfg(test)]
mod tests;
