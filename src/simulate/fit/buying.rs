//! A purchase model fitted to a cohort.

use super::doubt::{Doubt, meaning};
use super::model::{Model, Row, Theta};
use super::optimum::{Surface, Top, climb};
use nalgebra::DMatrix;
use serde::Serialize;

/// Beyond this standard error of a logarithm, a parameter is only known within a factor of fifty (e^(2 · 1.96)).
const WIDE: f64 = 2.0;

/// A parameter with its standard error.
#[derive(Debug, Clone, Serialize)]
pub struct Parameter {
    /// Its name in print.
    pub name: &'static str,
    /// The estimate.
    #[serde(serialize_with = "super::few")]
    pub value: f64,
    /// Its standard error by the observed information; none where there is no honest one.
    #[serde(serialize_with = "super::few_of")]
    pub error: Option<f64>,
}

/// A purchase model as it fits.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// Which model.
    pub model: Model,
    /// The parameters; times in the unit of the rows.
    pub theta: Theta,
    /// The log-likelihood of the rows.
    pub log_likelihood: f64,
    /// The covariance of the logarithms of the parameters; none where there is no honest one.
    pub(super) covariance: Option<DMatrix<f64>>,
    /// What to keep in mind.
    pub doubts: Vec<Doubt>,
}

impl Fitted {
    /// Whether its parameters are known: none runs away.
    pub fn is_settled(&self) -> bool {
        self.covariance.is_some()
    }

    /// The parameters with their standard errors: θ · se(ln θ), by the delta method.
    pub fn parameters(&self) -> Vec<Parameter> {
        parameters(&self.model.names(), &self.theta, self.covariance.as_ref())
    }
}

pub(super) fn parameters(names: &[&'static str], values: &[f64], covariance: Option<&DMatrix<f64>>) -> Vec<Parameter> {
    let one = |(at, (name, value)): (usize, (&&'static str, &f64))| Parameter {
        name,
        value: *value,
        error: covariance.map(|covariance| value * covariance[(at, at)].sqrt()),
    };
    names.iter().zip(values).enumerate().map(one).collect()
}

struct Likelihood<'r> {
    model: Model,
    rows: &'r [Row],
}

impl Surface for Likelihood<'_> {
    fn at(&self, place: &[f64]) -> (f64, Vec<f64>) {
        let theta = [place[0].exp(), place[1].exp(), place[2].exp(), place[3].exp()];
        let (height, slope) = self.model.likelihood(&theta, self.rows);
        (height, slope.to_vec())
    }

    fn members(&self) -> f64 {
        self.rows.iter().map(|row| row.members).sum()
    }
}

/// Fits a model to rows; none where the search did not come to rest.
pub fn fit(model: Model, rows: &[Row]) -> Option<Fitted> {
    // Times go from nought to one while searching, so that the search is the same in days and in weeks.
    let unit = rows.iter().map(|row| row.seen).fold(0.0, f64::max);
    if unit <= 0.0 {
        return None;
    }
    let scaled: Vec<Row> =
        rows.iter().map(|row| Row { last: row.last / unit, seen: row.seen / unit, ..*row }).collect();
    let bought: f64 = scaled.iter().map(|row| f64::from(row.x) * row.members).sum();
    let looked: f64 = scaled.iter().map(|row| row.seen * row.members).sum();
    let top = climb(&Likelihood { model, rows: &scaled }, &starts(model, bought / looked))?;
    let mut theta = [0.0; 4];
    for (at, value) in theta.iter_mut().enumerate() {
        *value = top.place[at].exp() * if model.times()[at] { unit } else { 1.0 };
    }
    let doubts = doubts(model, &top)?;
    let sure = !top.at_end.contains(&true);
    Some(Fitted {
        model,
        theta,
        // Each purchase has a density over time.
        log_likelihood: top.height - bought * unit.ln(),
        covariance: top.covariance.filter(|_| sure),
        doubts,
    })
}

/// Where searches begin: members much alike, as in many shops, and very different; each buys on average as often as
/// the history says.
fn starts(model: Model, rate: f64) -> Vec<Vec<f64>> {
    let (shape, leaving) = ([0.5_f64, 2.0, 0.15], [[0.8_f64, 2.5], [0.2, 4.0], [3.0, 3.0]]);
    let one = |(r, [third, fourth]): (f64, [f64; 2])| {
        let (third, fourth) = match model {
            Model::BgNbd | Model::MbgNbd => (third, fourth),
            Model::ParetoNbd => (third, fourth / 5.0),
        };
        vec![r.ln(), (r / rate / 2.0).ln(), third.ln(), fourth.ln()]
    };
    shape.into_iter().zip(leaving).map(one).collect()
}

/// What is doubtful about a top; none where it is no top at all.
fn doubts(model: Model, top: &Top) -> Option<Vec<Doubt>> {
    let names = model.names();
    let those = |which: &dyn Fn(usize) -> bool| -> Vec<&'static str> {
        (0..names.len()).filter(|at| which(*at)).map(|at| names[at]).collect()
    };
    let mut doubts = Vec::new();
    let running = those(&|at| top.at_end[at]);
    if running.is_empty() {
        if !top.is_reached() {
            return None;
        }
        let covariance = top.covariance.as_ref()?;
        let wide = those(&|at| covariance[(at, at)].sqrt() > WIDE);
        if !wide.is_empty() {
            doubts.push(Doubt::Wide { model: model.name(), names: wide });
        }
    } else {
        let low: Vec<bool> = top.place.iter().map(|at| *at < 0.0).collect();
        doubts.push(Doubt::RunsAway { model: model.name(), names: running, means: meaning(&top.at_end, &low) });
    }
    if let Some(nearest) = top.lower.iter().copied().reduce(f64::max) {
        let (agree, of) = top.agree;
        doubts.push(Doubt::OtherTop { model: model.name(), agree, of, lower: top.height - nearest });
    }
    Some(doubts)
}

/// Akaike's and Schwarz's criteria of a log-likelihood with so many parameters, of so many members.
pub fn criteria(log_likelihood: f64, parameters: u8, members: u64) -> (f64, f64) {
    let parameters = f64::from(parameters);
    #[expect(clippy::cast_precision_loss, reason = "a count of members, far below 2⁵²")]
    let members = members as f64;
    (2.0 * parameters - 2.0 * log_likelihood, parameters * members.ln() - 2.0 * log_likelihood)
}
