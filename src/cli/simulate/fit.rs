//! How members buy: models fitted to what they bought.

use super::Arguments as All;
use crate::cli::data::{self, Which};
use crate::cli::failure::Failure;
use crate::cli::program::ready;
use crate::cli::run::set_aside;
use crate::cli::screen::Screen;
use crate::cli::shown::{Report, show};
use crate::cli::write::Batch;
use crate::ledger::BadRows;
use crate::report;
use crate::report::study::Language;
use crate::report::terminal::Paint;
use crate::simulate::fit::{self, Ahead, FitReport, Model, Span, Unit, Wanted};
use crate::value::clock::{Date, parse_date};
use clap::{Args, ValueEnum};

/// Twenty years: nobody plans further.
const MOST_WEEKS: i64 = 1040;

/// How often parameters are drawn for a range.
const DRAWS: usize = 200;

/// The arguments of a fit.
#[derive(Debug, Args)]
#[group(skip)]
pub struct Arguments {
    /// Fits models of when members buy, when they stop and what they spend
    #[arg(long)]
    pub(super) fit: bool,
    /// The last day that is fitted [default: the last event, less the holdout]
    #[arg(long, value_name = "DATE", requires = "fit")]
    fit_until: Option<String>,
    /// How many weeks after it the fit is checked on; 0: none [default: a third of the history, or with --fit-until the
    /// rest of it]
    #[arg(long, value_name = "WEEKS", requires = "fit", value_parser = clap::value_parser!(u32).range(0..=MOST_WEEKS))]
    holdout: Option<u32>,
    /// The unit of time of the parameters
    #[arg(long, value_enum, default_value_t = TimeUnit::Weeks)]
    unit: TimeUnit,
    /// Whether purchases of one member on one day count as one
    #[arg(long, value_enum, default_value_t = YesNo::Yes)]
    merge_days: YesNo,
    /// The model of purchases
    #[arg(long, value_enum, default_value_t = Buying::Best)]
    model: Buying,
    /// How many weeks to look ahead
    #[arg(long, value_name = "WEEKS", default_value_t = 52, value_parser = clap::value_parser!(u32).range(1..=MOST_WEEKS))]
    horizon: u32,
}

/// The unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TimeUnit {
    /// Weeks
    Weeks,
    /// Days
    Days,
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum YesNo {
    /// They do
    Yes,
    /// They do not
    No,
}

/// The model of purchases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Buying {
    /// Whichever fits best
    Best,
    /// BG/NBD
    BgNbd,
    /// MBG/NBD
    MbgNbd,
    /// Pareto/NBD
    ParetoNbd,
}

pub(super) fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim().trim_end_matches('%').trim();
    let found: f64 = number.parse().map_err(|_| "a number of percent is needed, such as 10".to_owned())?;
    if (0.0..=100.0).contains(&found) { Ok(found) } else { Err("between 0 and 100 percent".to_owned()) }
}

/// Fits, and says what was found.
pub fn fit(screen: &Screen, all: &All) -> Result<(), Failure> {
    let Some(program) = all.programs.first() else {
        return Err(Failure::Command("which program?".to_owned()));
    };
    let files = all.over.files(program);
    let ready = ready(screen, program)?;
    let which = Which::of(screen, &files, &ready)?;
    let bad = if files.skip_bad.is_some() { BadRows::SetAside } else { BadRows::Refuse };
    let loaded = data::read(screen, &ready, &which, bad)?;
    let settings = &ready.program.settings;
    let bought = fit::bought(&loaded.history, &settings.clock);
    let last = loaded.history.events.iter().map(|event| event.day).max();
    let found = fit::fit(&bought, &settings.money, &wanted(all, last)?);
    let mut batch = Batch::default();
    set_aside(screen, &mut batch, files.skip_bad.as_deref(), &loaded.set_aside)?;
    batch.commit(screen)?;
    let found = found.map_err(|unfit| match &unfit {
        fit::Unfit::OutsideHistory { .. } | fit::Unfit::HoldoutTooLong { .. } => Failure::Command(unfit.to_string()),
        fit::Unfit::NoPurchases
        | fit::Unfit::NobodyRepeats { .. }
        | fit::Unfit::FewRepeat { .. }
        | fit::Unfit::NotSettled { .. } => Failure::Data(unfit.to_string()),
    })?;
    let decimals = u8::try_from(settings.minor_units).unwrap_or(2);
    show(screen, &Found { report: &found, program: &program.display().to_string(), decimals }, &all.shown)
}

/// What was found, of which program's history.
struct Found<'a> {
    report: &'a FitReport,
    program: &'a str,
    decimals: u8,
}

impl<'a> Found<'a> {
    fn shown(&self, language: Language) -> report::fit::Shown<'a> {
        report::fit::Shown { report: self.report, program: self.program, decimals: self.decimals, language }
    }
}

impl Report for Found<'_> {
    fn terminal(&self, language: Language, paint: Paint) -> String {
        self.shown(language).terminal(paint)
    }

    fn json(&self) -> Result<String, String> {
        serde_json::to_string_pretty(self.report).map(|text| text + "\n").map_err(|error| error.to_string())
    }

    fn html(&self, language: Language) -> String {
        self.shown(language).html()
    }

    fn workbook(&self, language: Language) -> Result<Vec<u8>, String> {
        self.shown(language).workbook()
    }
}

fn wanted(all: &All, last: Option<Date>) -> Result<Wanted, Failure> {
    let arguments = &all.fit;
    let day =
        |text: &String| parse_date(text.trim()).map_err(|why| Failure::Command(format!("--fit-until {text}: {why}")));
    let span = Span {
        unit: match arguments.unit {
            TimeUnit::Weeks => Unit::Weeks,
            TimeUnit::Days => Unit::Days,
        },
        merge_days: arguments.merge_days == YesNo::Yes,
        until: arguments.fit_until.as_ref().map(day).transpose()?,
        holdout: arguments.holdout,
        last,
    };
    let model = match arguments.model {
        Buying::Best => None,
        Buying::BgNbd => Some(Model::BgNbd),
        Buying::MbgNbd => Some(Model::MbgNbd),
        Buying::ParetoNbd => Some(Model::ParetoNbd),
    };
    let ahead = Ahead { weeks: arguments.horizon, discount: all.over.discount, seed: all.over.seed, draws: DRAWS };
    Ok(Wanted { span, model, ahead })
}
