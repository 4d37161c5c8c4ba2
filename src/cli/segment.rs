//! `loyal segment`: who the best, worst, dormant, at-risk and bargain-hunting members are.

use super::data::{self, Which};
use super::failure::Failure;
use super::program::ready;
use super::run::set_aside;
use super::screen::Screen;
use super::write::Batch;
use super::{Files, as_of, floors};
use crate::engine::reference::portrait::Asked;
use crate::ledger::BadRows;
use crate::report::segments::{self, Sheet, Wanted};
use crate::report::words::Book;
use clap::{Args, ValueEnum};

/// A hundred years: no shop looks further back.
const MOST_DAYS: i64 = 36_525;

/// The arguments of `segment`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    files: Files,
    /// At the end of this day, or at this moment [default: the last event]
    #[arg(long, value_name = "WHEN")]
    as_of: Option<String>,
    /// Purchases, spend and what was bought are those of so many days up to then
    #[arg(long, value_name = "DAYS", default_value_t = 365, value_parser = clap::value_parser!(u32).range(1..=MOST_DAYS))]
    days: u32,
    /// Names the members of each segment (--members names the file of them)
    #[arg(long)]
    who: bool,
    /// Also the segments that come with the tool [default: only when the program declares none]
    #[arg(long)]
    ready_made: bool,
    /// What tells apart what the best buy: category, sku, brand, or a column of the events or items
    #[arg(long, value_name = "COLUMN", default_value = "category")]
    by: String,
    /// What fewer members bought is left out of it
    #[arg(long, value_name = "MEMBERS", default_value_t = 10)]
    seen: u64,
    /// How many lines of it
    #[arg(long, value_name = "LINES", default_value_t = 20)]
    top: usize,
    /// A page, data, or a table
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Of --format csv, which table
    #[arg(long, value_enum, value_name = "NAME")]
    table: Option<Of>,
}

/// How the segments are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A page
    Text,
    /// JSON
    Json,
    /// One table as comma-separated values
    Csv,
}

/// The tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Of {
    /// Each segment: how many, how much
    Segments,
    /// Who is in each
    Members,
    /// What the best buy more than others
    Assortment,
    /// The sides of pilots and offers
    Arms,
    /// What those sides differ by
    Lifts,
}

/// Shows the segments of a program's members.
pub fn segment(screen: &Screen, arguments: &Arguments) -> Result<(), Failure> {
    if arguments.table.is_some() && arguments.format != Format::Csv {
        return Err(Failure::Command("--table names one table of --format csv".to_owned()));
    }
    let ready = ready(screen, &arguments.files.program)?;
    let mut which = Which::of(screen, &arguments.files, &ready)?;
    which.ask_costs();
    let bad = if arguments.files.skip_bad.is_some() { BadRows::SetAside } else { BadRows::Refuse };
    let loaded = data::read(screen, &ready, &which, bad)?;
    let given: Vec<String> = arguments.as_of.iter().cloned().collect();
    let moments = as_of::all(&given, &ready.program.settings.clock, &loaded.history)?;
    let Some(wanted) = moments.first() else {
        return Err(Failure::Command("there are no events, so there is no moment to look at".to_owned()));
    };
    let (program, first) = floors::with_ready_made(&ready.program, arguments.days);
    let ranked_at_end = ready.program.rankings.is_empty();
    let asked = Asked { days: arguments.days, column: &arguments.by, ranked_at_end };
    let gallery = floors::gallery(&program, &loaded.history, wanted, asked);
    let shown = if arguments.ready_made || first == 0 { program.segments.len() } else { first };
    // A name that the program has is its own segment, not the one that comes with the tool.
    let (own, with_the_tool) = program.segments.split_at(first);
    let is_own = |at: usize| at >= first && own.iter().any(|one| one.name.text == with_the_tool[at - first].name.text);
    let sheet = match arguments.table {
        Some(Of::Segments) => Sheet::Segments,
        Some(Of::Members) => Sheet::Members,
        Some(Of::Assortment) => Sheet::Assortment,
        Some(Of::Arms) => Sheet::Arms,
        Some(Of::Lifts) => Sheet::Lifts,
        None if arguments.who => Sheet::Members,
        None => Sheet::Segments,
    };
    let page = Wanted {
        segments: (0..shown).filter(|at| !is_own(*at)).collect(),
        // The first of those that come with the tool.
        best: first,
        column: &arguments.by,
        least: arguments.seen,
        top: arguments.top,
        members: arguments.who || sheet == Sheet::Members,
    };
    let book = Book { program: &program, sources: &ready.sources };
    let page = segments::page(book, &gallery, &wanted.label, &page);
    let mut batch = Batch::default();
    set_aside(screen, &mut batch, arguments.files.skip_bad.as_deref(), &loaded.set_aside)?;
    batch.commit(screen)?;
    match arguments.format {
        Format::Text => screen.say(&segments::text(&page, screen.paint())),
        Format::Json => {
            let text = serde_json::to_string_pretty(&page).expect("texts, numbers and lists always serialize");
            screen.say(&(text + "\n"))
        }
        Format::Csv => screen.say(&csv(&segments::rows(&page, sheet))?),
    }
}

fn csv(rows: &[Vec<String>]) -> Result<String, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::Machine(format!("the table: {error}"));
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(|error| failed(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    String::from_utf8(bytes).map_err(|error| failed(&error))
}
