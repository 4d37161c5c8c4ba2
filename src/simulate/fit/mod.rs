//! Models of when members buy, when they stop and what they spend, fitted by maximum likelihood
//! (`docs/simulation.md` has the formulas and where they are from).

mod buying;
pub mod cohort;
pub mod doubt;
mod history;
pub mod holdout;
mod model;
mod numeric;
pub mod often;
mod optimum;
mod spend;
pub mod value;

pub use buying::{Fitted, Parameter, criteria, fit as fit_buying};
pub use cohort::{Buyer, Cohort, Purchase, Span, Unit};
pub use doubt::{Doubt, Meaning, NoSpend, Unfit};
pub use history::{Bought, bought};
pub use model::{Model, Row, Theta};
pub use spend::{FittedSpend, Spend, expected as expected_spend, fit as fit_spend};
pub use value::{Ahead, Estimate, Outlook};

use crate::value::clock::Date;
use doubt::ROUGH;
use holdout::{Check, Week};
use often::Repeats;
use serde::{Serialize, Serializer};

/// Fewer weeks than this are called a short history.
const SHORT: u32 = 26;

/// From this correlation on, what members spend and how often are not called independent.
const CORRELATED: f64 = 0.3;

/// What is wanted of a fit.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Which part of the history, and how it is counted.
    pub span: Span,
    /// The only model to try; none: the best of all.
    pub model: Option<Model>,
    /// How far to look ahead.
    pub ahead: Ahead,
}

/// A model as it fits, for a report.
#[derive(Debug, Clone, Serialize)]
pub struct ModelFit {
    /// Which.
    pub model: Model,
    /// Its name in print.
    pub name: &'static str,
    /// Whether it is the one that is used.
    pub chosen: bool,
    /// Whether all its parameters are known.
    pub settled: bool,
    /// Its parameters; times in the unit.
    pub parameters: Vec<Parameter>,
    /// The log-likelihood.
    #[serde(serialize_with = "few")]
    pub log_likelihood: f64,
    /// Akaike's criterion; less is better.
    #[serde(serialize_with = "few")]
    pub aic: f64,
    /// Schwarz's criterion; less is better.
    #[serde(serialize_with = "few")]
    pub bic: f64,
}

/// The spend model as it fits, for a report.
#[derive(Debug, Clone, Serialize)]
pub struct SpendFit {
    /// p, q, gamma; the last in money.
    pub parameters: Vec<Parameter>,
    /// The log-likelihood.
    #[serde(serialize_with = "few")]
    pub log_likelihood: f64,
    /// Akaike's criterion.
    #[serde(serialize_with = "few")]
    pub aic: f64,
    /// Schwarz's criterion.
    #[serde(serialize_with = "few")]
    pub bic: f64,
    /// The members it was fitted to.
    pub members: u64,
    /// What a member of whom nothing is known spends each time; none where that has no bound.
    #[serde(serialize_with = "few_of")]
    pub mean: Option<f64>,
    /// The correlation of how often members buy and what they spend each time.
    #[serde(serialize_with = "few")]
    pub correlation: f64,
}

/// What was found, as a report draws it.
#[derive(Debug, Clone, Serialize)]
pub struct FitReport {
    /// The money.
    pub money: String,
    /// The unit of time of the parameters.
    pub unit: Unit,
    /// Whether purchases of one member on one day are one.
    pub merge_days: bool,
    /// The first day.
    pub start: Date,
    /// The last day that is fitted.
    pub until: Date,
    /// The last day of the holdout; none where nothing is held out.
    pub held_until: Option<Date>,
    /// Members who bought while fitted.
    pub members: u64,
    /// Those who bought again.
    pub repeaters: u64,
    /// How often all of them bought again.
    pub repeats: u64,
    /// Members who first bought in the holdout, and are left out.
    pub newcomers: u64,
    /// Purchases that were joined to another one of their day.
    pub merged: u64,
    /// Purchases of nobody, which are left out.
    pub anonymous: u64,
    /// Purchases that came back whole, which are left out.
    pub returned: u64,
    /// How often members bought again while fitted, and were expected to.
    pub by_repeats: Vec<Repeats>,
    /// Every model that was tried and came to rest.
    pub models: Vec<ModelFit>,
    /// The spend model.
    pub spend: Option<SpendFit>,
    /// What is to be kept in mind.
    pub doubts: Vec<Doubt>,
    /// The holdout.
    pub check: Option<Check>,
    /// Week by week.
    pub weeks: Vec<Week>,
    /// What is expected from the end of what is fitted on.
    pub outlook: Outlook,
}

/// Fits the models to a history.
///
/// # Errors
/// When the history cannot be fitted; the message says why and what to do.
pub fn fit(bought: &Bought, money: &str, wanted: &Wanted) -> Result<FitReport, Unfit> {
    let cohort = Cohort::gather(&bought.purchases, &wanted.span)?;
    let (members, repeaters) = (count(cohort.buyers.len()), cohort.repeating()?);
    let rows: Vec<Row> = cohort.rows().into_iter().map(|(row, _)| row).collect();
    let tried: Vec<Model> = wanted.model.map_or(Model::ALL.to_vec(), |model| vec![model]);
    let fits: Vec<(Model, Option<Fitted>)> = tried.iter().map(|model| (*model, buying::fit(*model, &rows))).collect();
    let left_out: Vec<Doubt> =
        fits.iter().filter(|(_, fit)| fit.is_none()).map(|(model, _)| Doubt::LeftOut(model.name())).collect();
    let fits: Vec<Fitted> = fits.into_iter().filter_map(|(_, fit)| fit).collect();
    let Some(chosen) = best(&fits) else { return Err(Unfit::NotSettled { models: tried }) };
    let weeks = holdout::weeks(&cohort, chosen.model, &chosen.theta);
    let check = holdout::check(&cohort, chosen.model, &chosen.theta, &weeks);
    let (spent, mut of_spend) = spending(&cohort);
    let known = spent.as_ref().filter(|spent| spend::expected(&spent.theta, 0, 0.0).is_some());
    let outlook = value::outlook(&cohort, chosen, known, &wanted.ahead);
    let mut doubts = of_history(&cohort, check.as_ref());
    doubts.extend(chosen.doubts.iter().cloned());
    doubts.extend(left_out);
    doubts.append(&mut of_spend);
    if chosen.model == Model::BgNbd {
        doubts.push(Doubt::OnceIsStill);
    }
    Ok(FitReport {
        money: money.to_owned(),
        unit: cohort.unit,
        merge_days: cohort.merge_days,
        start: cohort.start,
        until: cohort.until,
        held_until: (cohort.held_until > cohort.until).then_some(cohort.held_until),
        members,
        repeaters,
        repeats: cohort.buyers.iter().map(|buyer| u64::from(buyer.x)).sum(),
        newcomers: cohort.newcomers,
        merged: cohort.merged,
        anonymous: bought.anonymous,
        returned: bought.returned,
        by_repeats: often::repeats(&cohort, chosen.model, &chosen.theta),
        models: fits.iter().map(|fit| shown(fit, fit.model == chosen.model, members)).collect(),
        spend: spent.as_ref().map(shown_spend),
        doubts,
        check,
        weeks,
        outlook,
    })
}

/// Log-likelihoods that are nearer to each other than this tell no model from another (a difference of 4 in Akaike's
/// criterion; Burnham and Anderson 2002).
const ALIKE: f64 = 2.0;

/// The model of the highest likelihood among those whose parameters are all known; among all, where none is. All have
/// four parameters, so that this is Akaike's choice and Schwarz's too. Of models that fit alike the first one is taken.
fn best(fits: &[Fitted]) -> Option<&Fitted> {
    let any = fits.iter().any(Fitted::is_settled);
    let among = || fits.iter().filter(|fit| fit.is_settled() || !any);
    let highest = among().map(|fit| fit.log_likelihood).reduce(f64::max)?;
    among().find(|fit| fit.log_likelihood > highest - ALIKE)
}

/// The spend model, and what is doubtful about it.
fn spending(cohort: &Cohort) -> (Option<FittedSpend>, Vec<Doubt>) {
    let mut doubts = Vec::new();
    let again = cohort.buyers.iter().filter(|buyer| buyer.x > 0);
    let (paid, free): (Vec<&Buyer>, Vec<&Buyer>) = again.partition(|buyer| buyer.spend > 0.0);
    if !free.is_empty() {
        doubts.push(Doubt::FreePurchases(count(free.len())));
    }
    let members: Vec<(u32, f64)> = paid.iter().map(|buyer| (buyer.x, buyer.spend)).collect();
    match spend::fit(&members) {
        Err(why) => {
            doubts.push(Doubt::NoSpend(why));
            (None, doubts)
        }
        Ok(spent) => {
            if !spent.running.is_empty() {
                doubts.push(Doubt::RunsAway {
                    model: "Gamma-Gamma",
                    names: spent.running.clone(),
                    means: vec![Meaning::SpendAlike],
                });
            }
            if spend::expected(&spent.theta, 0, 0.0).is_none() {
                doubts.push(Doubt::HeavySpend);
            }
            if spent.correlation.abs() > CORRELATED {
                doubts.push(Doubt::SpendAndFrequency { correlation: spent.correlation });
            }
            (Some(spent), doubts)
        }
    }
}

/// What is doubtful about the history and the holdout; the gravest first.
fn of_history(cohort: &Cohort, check: Option<&Check>) -> Vec<Doubt> {
    let mut doubts: Vec<Doubt> = check.and_then(Check::doubt).into_iter().collect();
    if check.is_none() {
        doubts.push(Doubt::NoHoldout);
    }
    if cohort.short_of > 0 {
        doubts.push(Doubt::ShortHoldout { by: cohort.short_of });
    }
    let repeaters = count(cohort.repeaters());
    if repeaters < ROUGH {
        doubts.push(Doubt::FewRepeaters(repeaters));
    }
    let weeks = cohort.fitted_days() / 7;
    if weeks < SHORT {
        doubts.push(Doubt::ShortHistory { weeks });
    }
    doubts
}

fn shown(fit: &Fitted, chosen: bool, members: u64) -> ModelFit {
    let (aic, bic) = criteria(fit.log_likelihood, 4, members);
    ModelFit {
        model: fit.model,
        name: fit.model.name(),
        chosen,
        settled: fit.is_settled(),
        parameters: fit.parameters(),
        log_likelihood: fit.log_likelihood,
        aic,
        bic,
    }
}

fn shown_spend(spent: &FittedSpend) -> SpendFit {
    let (aic, bic) = criteria(spent.log_likelihood, 3, spent.members);
    SpendFit {
        parameters: spent.parameters(),
        log_likelihood: spent.log_likelihood,
        aic,
        bic,
        members: spent.members,
        mean: spend::expected(&spent.theta, 0, 0.0),
        correlation: spent.correlation,
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// Six digits of an estimate: more would be noise, and might differ from machine to machine.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde hands it over")]
fn few<S: Serializer>(value: &f64, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64(format!("{value:.5e}").parse().unwrap_or(*value))
}

/// The same of one that may be missing.
fn few_of<S: Serializer>(value: &Option<f64>, to: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => few(value, to),
        None => to.serialize_none(),
    }
}
