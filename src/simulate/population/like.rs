//! A population that buys like a history: the model of its purchases, and baskets as wide as its own.

use crate::mechanics::scenario::{Basket, BgNbd};
use crate::simulate::fit::{self, Ahead, Bought, Model, Span, Unfit, Unit, Wanted};
use crate::value::exact::{Exact, Rounding};

/// The BG/NBD model of a history, in weeks, over all of it, and the median and spread of what a purchase came to.
///
/// # Errors
/// When the history cannot be fitted; the message says why.
pub fn bg_nbd(bought: &Bought, money: &str, minor_units: u32) -> Result<BgNbd, Unfit> {
    let span = Span {
        unit: Unit::Weeks,
        merge_days: true,
        until: None,
        holdout: Some(0),
        last: bought.purchases.iter().map(|purchase| purchase.day).max(),
    };
    let wanted =
        Wanted { span, model: Some(Model::BgNbd), ahead: Ahead { weeks: 1, discount: 0.0, seed: 1, draws: 0 } };
    let found = fit::fit(bought, money, &wanted)?;
    let of = |name: &str| {
        let models = found.models.iter().flat_map(|model| &model.parameters);
        models.filter(|parameter| parameter.name == name).map(|parameter| written(parameter.value, 4)).next()
    };
    let missing = || Unfit::NotSettled { models: vec![Model::BgNbd] };
    let mut logs: Vec<f64> = bought
        .purchases
        .iter()
        .map(|purchase| purchase.amount.to_f64_lossy())
        .filter(|money| *money > 0.0)
        .map(f64::ln)
        .collect();
    logs.sort_by(f64::total_cmp);
    let middle = logs.get(logs.len() / 2).copied().ok_or(Unfit::NoPurchases)?;
    let mean = logs.iter().sum::<f64>() / logs.len() as f64;
    let spread = (logs.iter().map(|log| (log - mean).powi(2)).sum::<f64>() / logs.len() as f64).sqrt();
    Ok(BgNbd {
        r: of("r").ok_or_else(missing)?,
        alpha: of("alpha").ok_or_else(missing)?,
        a: of("a").ok_or_else(missing)?,
        b: of("b").ok_or_else(missing)?,
        unit: 7,
        basket: Basket { median: written(middle.exp(), minor_units), spread: written(spread, 3) },
    })
}

/// A figure as somebody would write it.
fn written(figure: f64, decimals: u32) -> Exact {
    let text = format!("{figure:.9}");
    Exact::parse(&text).map_or_else(Exact::zero, |exact| exact.round(Rounding::HalfEven, decimals))
}
