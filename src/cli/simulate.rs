//! `loyal simulate`: how members buy, before a program is launched.

use super::Files;
use super::data::{self, Which};
use super::failure::Failure;
use super::program::ready;
use super::run::set_aside;
use super::screen::Screen;
use super::write::Batch;
use crate::ledger::BadRows;
use crate::report;
use crate::simulate::fit::{self, Ahead, Model, Span, Unit, Wanted};
use crate::value::clock::{Date, parse_date};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Twenty years: nobody plans further.
const MOST_WEEKS: i64 = 1040;

/// How often parameters are drawn for a range.
const DRAWS: usize = 200;

/// The arguments of `simulate`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The program: a .loyal file, or a folder with program.loyal in it. Of several the first one says the money, the
    /// clock and how files are read
    #[arg(value_name = "PROGRAM", required = true)]
    programs: Vec<PathBuf>,
    /// Events, as for `run`
    #[arg(long, value_name = "FILE", num_args = 1..)]
    events: Vec<PathBuf>,
    /// Members, as for `run`
    #[arg(long, value_name = "FILE", num_args = 1..)]
    members: Vec<PathBuf>,
    /// Items, as for `run`
    #[arg(long, value_name = "FILE", num_args = 1..)]
    items: Vec<PathBuf>,
    /// How the files' columns are read [default: columns.toml in the program's folder, when there is one]
    #[arg(long, value_name = "FILE")]
    columns: Option<PathBuf>,
    /// Sets rows with mistakes aside in this file, and goes on without them
    #[arg(long, value_name = "FILE")]
    skip_bad: Option<PathBuf>,
    /// Fits models of when members buy, when they stop and what they spend
    #[arg(long)]
    fit: bool,
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
    /// The interest of a year, in percent, that later spend is discounted by
    #[arg(long, value_name = "PERCENT", default_value = "10", value_parser = percent)]
    discount: f64,
    /// The seed of the ranges
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// A page, or data
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
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

/// How the fit is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A page
    Text,
    /// JSON
    Json,
}

fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim().trim_end_matches('%').trim();
    let found: f64 = number.parse().map_err(|_| "a number of percent is needed, such as 10".to_owned())?;
    if (0.0..=100.0).contains(&found) { Ok(found) } else { Err("between 0 and 100 percent".to_owned()) }
}

/// Simulates; so far: fits.
pub fn simulate(screen: &Screen, arguments: &Arguments) -> Result<(), Failure> {
    if !arguments.fit {
        return Err(Failure::Command(
            "what is to be simulated? --fit fits models of how members buy to the history".to_owned(),
        ));
    }
    let files = files(arguments)?;
    let ready = ready(screen, &files.program)?;
    let which = Which::of(screen, &files, &ready)?;
    let bad = if files.skip_bad.is_some() { BadRows::SetAside } else { BadRows::Refuse };
    let loaded = data::read(screen, &ready, &which, bad)?;
    let settings = &ready.program.settings;
    let bought = fit::bought(&loaded.history, &settings.clock);
    let last = loaded.history.events.iter().map(|event| event.day).max();
    let found = fit::fit(&bought, &settings.money, &wanted(arguments, last)?);
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
    match arguments.format {
        Format::Text => screen.say(&report::fit::text(&found, screen.paint())),
        Format::Json => {
            let text = serde_json::to_string_pretty(&found).expect("texts, numbers and lists always serialize");
            screen.say(&(text + "\n"))
        }
    }
}

fn files(arguments: &Arguments) -> Result<Files, Failure> {
    let Some(program) = arguments.programs.first() else {
        return Err(Failure::Command("which program?".to_owned()));
    };
    Ok(Files {
        program: program.clone(),
        events: arguments.events.clone(),
        members: arguments.members.clone(),
        items: arguments.items.clone(),
        columns: arguments.columns.clone(),
        skip_bad: arguments.skip_bad.clone(),
    })
}

fn wanted(arguments: &Arguments, last: Option<Date>) -> Result<Wanted, Failure> {
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
    let ahead = Ahead { weeks: arguments.horizon, discount: arguments.discount, seed: arguments.seed, draws: DRAWS };
    Ok(Wanted { span, model, ahead })
}
