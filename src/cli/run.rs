//! `loyal run`: a history in, balances out.

use super::data::{self, Which};
use super::failure::Failure;
use super::program::{Ready, ready};
use super::progress::Progress;
use super::screen::Screen;
use super::write::{Batch, Fill};
use super::driven::{self, Knobs};
use super::{Files, as_of, explain, floors};
use crate::engine::outcome::{AsOf, Outcome};
use crate::engine::parts::in_order;
use crate::ledger::{BadRows, History, SetAside, write_set_aside};
use crate::report::explain::Question;
use crate::report::facts::{self, Fact};
use crate::report::harvest::{self, Harvested, Wanted};
use crate::report::tables::{self, Sheet, Table};
use crate::report::{parquet, terminal};
use clap::{Args, ValueEnum};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The arguments of `run`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    files: Files,
    /// The state at the end of this day, or at this moment; may repeat [default: the last event]
    #[arg(long, value_name = "WHEN")]
    as_of: Vec<String>,
    /// Explains this member under the totals; may repeat
    #[arg(long, value_name = "MEMBER")]
    explain: Vec<String>,
    /// Writes balances, lots, levels, cards, gifts, postings, changes, rejections and a summary here
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Writes all facts as one table; `-` is standard output
    #[arg(long, value_name = "FILE")]
    facts: Option<PathBuf>,
    /// With --out: csv (the default), json or parquet. Without: table (the default), csv (the facts) or json
    /// (the summary) on standard output
    #[arg(long, value_enum)]
    format: Option<Format>,
    #[command(flatten)]
    knobs: Knobs,
}

/// Shapes of the outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Comma-separated values
    Csv,
    /// JSON
    Json,
    /// Parquet, with --out only
    Parquet,
    /// For reading
    Table,
}

/// Runs a history and writes what came of it.
pub fn run(screen: &Screen, arguments: &Arguments) -> Result<(), Failure> {
    if arguments.out.is_some() && arguments.format == Some(Format::Table) {
        return Err(Failure::Command("--out writes csv, json or parquet files, not a table".to_string()));
    }
    if arguments.out.is_none() && arguments.format == Some(Format::Parquet) {
        return Err(Failure::Command("--format parquet is for files: name their folder with --out DIR".to_string()));
    }
    let data_goes_out = matches!(arguments.format, Some(Format::Csv | Format::Json)) && arguments.out.is_none();
    if !arguments.explain.is_empty() && (data_goes_out || arguments.facts.as_deref() == Some(Path::new("-"))) {
        let other = "`loyal explain --format json` has explanations as data";
        return Err(Failure::Command(format!("--explain tells of a member under the table of totals; {other}")));
    }
    let ready = ready(screen, &arguments.files.program)?;
    let which = Which::of(screen, &arguments.files, &ready.folder())?;
    let bad = if arguments.files.skip_bad.is_some() { BadRows::SetAside } else { BadRows::Refuse };
    let loaded = data::read(screen, &ready, &which, bad)?;
    let clock = &ready.program.settings.clock;
    let moments = in_order(&as_of::all(&arguments.as_of, clock, &loaded.history)?, clock);
    let wanted = wanted(arguments);
    let harvested = driven::harvest(screen, &arguments.knobs, &ready, &loaded.history, &moments, &wanted)?;
    let explained = explained(screen, arguments, &ready, &loaded.history, &moments)?;
    let mut batch = Batch::default();
    if let Some(place) = &arguments.out {
        tables_into(&mut batch, place, arguments.format.unwrap_or(Format::Csv), &ready, &harvested)?;
    }
    if let Some(place) = &arguments.facts {
        batch.file(place, Box::new(|out| harvested.write_facts(out)))?;
    }
    set_aside(screen, &mut batch, arguments.files.skip_bad.as_deref(), &loaded.set_aside)?;
    batch.commit(screen)?;
    say(screen, arguments, &harvested, &explained)
}

/// What is wanted of the run.
fn wanted(arguments: &Arguments) -> Wanted {
    let facts = arguments.facts.is_some() || arguments.format == Some(Format::Csv) && arguments.out.is_none();
    let format = match arguments.format {
        Some(Format::Json) => harvest::rows::Format::Json,
        Some(Format::Parquet) => harvest::rows::Format::Cells,
        Some(Format::Csv | Format::Table) | None => harvest::rows::Format::Csv,
    };
    Wanted {
        facts: facts.then_some(harvest::rows::Format::Csv),
        sheets: if arguments.out.is_some() { Sheet::ALL.to_vec() } else { Vec::new() },
        format,
    }
}

/// Runs the engine, and shows that it runs.
pub fn outcome(screen: &Screen, ready: &Ready, history: &History, moments: &[AsOf]) -> Outcome {
    let progress = Progress::running(screen, history.events.len());
    let outcome = floors::run(&ready.program, history, moments);
    progress.done();
    outcome
}

/// The explanations asked for, as the last moment has them, each under a line of its own.
fn explained(
    screen: &Screen,
    arguments: &Arguments,
    ready: &Ready,
    history: &History,
    moments: &[AsOf],
) -> Result<String, Failure> {
    let mut text = String::new();
    if arguments.explain.is_empty() {
        return Ok(text);
    }
    let outcome = outcome(screen, ready, history, moments);
    for member in &arguments.explain {
        let explanation = explain::of(ready, history, &outcome, &Question { member, event: None })?;
        text.push_str(&format!("\n{}\n{}", terminal::RULE, crate::report::explain::text(&explanation)));
    }
    Ok(text)
}

fn tables_into(
    batch: &mut Batch,
    place: &Path,
    format: Format,
    ready: &Ready,
    harvested: &Harvested<'_>,
) -> Result<(), Failure> {
    let folder = batch.folder(place)?;
    let decimals = ready.program.points.iter().map(|unit| unit.decimals).max().unwrap_or(0);
    for sheet in Sheet::ALL {
        let (ending, write): (&str, Box<Fill<'_>>) = match format {
            Format::Json => ("json", Box::new(move |out| harvested.write(sheet, out))),
            Format::Parquet => ("parquet", Box::new(move |out| parquet_into(harvested, sheet, decimals, out))),
            Format::Csv | Format::Table => ("csv", Box::new(move |out| harvested.write(sheet, out))),
        };
        batch.file_in(folder, &format!("{}.{ending}", sheet.name()), write)?;
    }
    let summary = harvested.summary();
    batch.file_in(folder, "summary.json", Box::new(|out| out.write_all(summary.as_bytes())))
}

fn parquet_into(harvested: &Harvested<'_>, sheet: Sheet, decimals: u32, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = parquet::Writer::new(sheet.name(), sheet.columns(), decimals)?;
    harvested.each_row(sheet, &mut |row| {
        let row: Vec<String> = row.iter().map(|cell| (*cell).to_owned()).collect();
        writer.row(&row, out)
    })?;
    writer.finish(out)
}

/// Writes facts as CSV.
pub fn write_facts(facts: &[Fact], out: &mut dyn Write) -> io::Result<()> {
    let rows =
        facts.iter().map(|fact| [&fact.as_of, &fact.member, &fact.what, &fact.value].map(String::clone).to_vec());
    let table = Table { name: "facts", columns: facts::COLUMNS.to_vec(), rows: Box::new(rows) };
    tables::write_csv(table, out)
}

/// Rows set aside go into their file, and are told of.
pub fn set_aside(screen: &Screen, batch: &mut Batch, place: Option<&Path>, rows: &[SetAside]) -> Result<(), Failure> {
    let Some(place) = place else { return Ok(()) };
    batch.file(place, Box::new(|out| write_set_aside(rows, out).map_err(io::Error::from)))?;
    if !rows.is_empty() {
        let rows = crate::report::words::counted(u64::try_from(rows.len()).unwrap_or(u64::MAX), "row", "rows");
        screen.warn(&format!("{rows} with mistakes set aside in {}", place.display()));
    }
    Ok(())
}

/// What standard output gets: nothing more when the facts went there.
fn say(screen: &Screen, arguments: &Arguments, harvested: &Harvested<'_>, explained: &str) -> Result<(), Failure> {
    let to_output = arguments.facts.as_deref() == Some(Path::new("-"));
    let format = if arguments.out.is_some() { Format::Table } else { arguments.format.unwrap_or(Format::Table) };
    match format {
        _ if to_output => {}
        Format::Table if screen.quiet() => {}
        Format::Table => screen.say(&(harvested.terminal(screen.paint()) + explained))?,
        Format::Csv => {
            let mut batch = Batch::default();
            batch.file(Path::new("-"), Box::new(|out| harvested.write_facts(out)))?;
            batch.commit(screen)?;
        }
        // Only files are Parquet.
        Format::Json | Format::Parquet => screen.say(&harvested.summary())?,
    }
    if harvested.totals().is_empty() {
        screen.note("note: there are no events, so there is no moment to show; --as-of DATE names one.");
    }
    if let Some(place) = &arguments.out {
        screen.note(&format!("written to {}", place.display()));
    }
    Ok(())
}
