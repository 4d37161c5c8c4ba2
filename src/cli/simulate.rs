//! `loyal simulate`: does a program earn its cost?

mod fit;
mod population;
mod replay;

use super::failure::Failure;
use super::program::{Ready, ready};
use super::screen::Screen;
use super::shown::{Shown, show};
use clap::Args;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// The arguments of `simulate`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Programs, side by side: .loyal files, or folders with program.loyal in them. The others are compared with the
    /// first, and its folder has the history where no --events are named
    #[arg(value_name = "PROGRAM", required = true, num_args = 1..)]
    programs: Vec<PathBuf>,
    /// Events of a real history, as `run` reads them
    #[arg(long, value_name = "FILE", num_args = 1..)]
    events: Vec<PathBuf>,
    /// Members of it
    #[arg(long, value_name = "FILE", num_args = 1..)]
    members: Vec<PathBuf>,
    /// Items of it
    #[arg(long, value_name = "FILE", num_args = 1..)]
    items: Vec<PathBuf>,
    /// How its files' columns are read [default: columns.toml in the first program's folder, when there is one]
    #[arg(long, value_name = "FILE")]
    columns: Option<PathBuf>,
    /// Sets rows with mistakes aside in this file, and goes on without them
    #[arg(long, value_name = "FILE")]
    skip_bad: Option<PathBuf>,
    #[command(flatten)]
    fit: fit::Arguments,
    #[command(flatten)]
    population: population::Arguments,
    /// How many worlds are drawn for the intervals of a population [default: 40]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=10_000))]
    seeds: Option<u32>,
    /// The seed of all draws: the same seed gives the same answer on any machine
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// How many threads work; they show in nothing but the time [default: as many as there are cores]
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    #[command(flatten)]
    shown: Shown,
}

/// Simulates, and says what was found.
pub fn simulate(screen: &Screen, arguments: &Arguments) -> Result<(), Failure> {
    if arguments.fit.fit {
        return fit::fit(screen, arguments);
    }
    let read = |path: &PathBuf| ready(screen, path);
    let programs = arguments.programs.iter().map(read).collect::<Result<Vec<Ready>, Failure>>()?;
    for other in &programs {
        same_money(&programs[0], other)?;
    }
    let study = match population::is_meant(arguments, &programs) {
        true => population::study(screen, arguments, &programs)?,
        false => replay::study(screen, arguments, &programs)?,
    };
    show(screen, &study, &arguments.shown)
}

/// The amounts of two programs can be compared.
fn same_money(first: &Ready, other: &Ready) -> Result<(), Failure> {
    let (one, two) = (&first.program.settings.money, &other.program.settings.money);
    if one == two {
        return Ok(());
    }
    Err(Failure::Command(format!(
        "{} counts in {one} and {} in {two}: programs of one money can stand side by side",
        first.path.display(),
        other.path.display()
    )))
}
