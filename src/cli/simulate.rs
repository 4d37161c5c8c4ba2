//! `loyal simulate`: does a program earn its cost?

mod fit;
pub(super) mod population;
pub(super) mod replay;

use super::Files;
use super::failure::Failure;
use super::program::{Ready, ready};
use super::screen::Screen;
use super::shown::{Shown, show};
use clap::Args;
use replay::Histories;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// The arguments of `simulate`.
#[derive(Debug, Args)]
#[group(skip)]
pub struct Arguments {
    /// Programs, side by side: .loyal files, or folders with program.loyal in them. The others are compared with the
    /// first, and its folder has the history where no --events are named
    #[arg(value_name = "PROGRAM", required = true, num_args = 1..)]
    programs: Vec<PathBuf>,
    #[command(flatten)]
    over: Over,
    #[command(flatten)]
    fit: fit::Arguments,
    #[command(flatten)]
    shown: Shown,
}

/// Whom programs are played over: the people of a history, or a population.
#[derive(Debug, Args)]
pub struct Over {
    /// Events of a real history, as `run` reads them
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(super) events: Vec<PathBuf>,
    /// Members of it
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(super) members: Vec<PathBuf>,
    /// Items of it
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(super) items: Vec<PathBuf>,
    /// How its files' columns are read [default: columns.toml in the first program's folder, when there is one]
    #[arg(long, value_name = "FILE")]
    pub(super) columns: Option<PathBuf>,
    /// Sets rows with mistakes aside in this file, and goes on without them
    #[arg(long, value_name = "FILE")]
    pub(super) skip_bad: Option<PathBuf>,
    /// Messages show cells that may tell of a person too, such as birthdays
    #[arg(long)]
    pub(super) show_values: bool,
    #[command(flatten)]
    pub(super) population: population::Arguments,
    /// How many worlds are drawn for the intervals of a population [default: 40]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub(super) seeds: Option<u32>,
    /// The seed of all draws: the same seed gives the same answer on any machine
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(super) seed: u64,
    /// The interest of a year, in percent, that later spend and margin are discounted by
    #[arg(long, value_name = "PERCENT", default_value = "10", value_parser = fit::percent)]
    pub(super) discount: f64,
    /// How many threads work; they show in nothing but the time [default: as many as there are cores]
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<NonZeroUsize>,
}

impl Over {
    /// The files of the history, as `run` of the first program would find them.
    fn files(&self, first: &Path) -> Files {
        Files {
            program: first.to_owned(),
            events: self.events.clone(),
            members: self.members.clone(),
            items: self.items.clone(),
            columns: self.columns.clone(),
            skip_bad: self.skip_bad.clone(),
            show_values: self.show_values,
        }
    }
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
    let names: Vec<String> = arguments.programs.iter().map(|path| path.display().to_string()).collect();
    let over = &arguments.over;
    let study = match population::is_meant(over, &programs) {
        true => population::study(over, &population::scenario(screen, over, &programs)?, (&programs, &names), false),
        false => Histories::default().study(screen, over, &programs, &names)?,
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
