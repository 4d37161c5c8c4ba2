//! `loyal run`: a history in, balances out.

use super::data::{self, Means, Piled, Which};
use super::failure::Failure;
use super::keyfile;
use super::origin;
use super::outputs::{self, Format, Origin};
use super::program::{Ready, ready};
use super::progress::Progress;
use super::quote;
use super::scratch::OnDisk;
use super::screen::Screen;
use super::state::{self, Kept, State};
use super::write::Batch;
use super::{Files, as_of, explain, floors};
use crate::engine::outcome::{AsOf, Outcome};
use crate::engine::parts::{self, Job, Journal};
use crate::engine::plan::{Needs, Plan};
use crate::ledger::{BadRows, History, MemberRow, SetAside, write_set_aside};
use crate::mechanics::Program;
use crate::report::by::{self, By};
use crate::report::explain::{Explanation, Question};
use crate::report::facts::{self, Fact};
use crate::report::harvest::rows;
use crate::report::harvest::{self, Harvest, Harvested, Wanted};
use crate::report::manifest::Asked;
use crate::report::pseudonyms::Pseudonyms;
use crate::report::tables::{self, Sheet, Table};
use crate::report::terminal;
use crate::source::brought::Brought;
use clap::{Args, ValueEnum};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

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
    /// Writes balances, lots, levels, cards, gifts, postings, changes, discounts, rejections and a summary here
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Of --out, only these tables, such as balances,levels [default: all]. Without postings, changes and rejections
    /// a run is faster, and with --state a night plays only whom it touches
    #[arg(long, value_name = "NAME", value_delimiter = ',', requires = "out", value_parser = sheet)]
    tables: Vec<Sheet>,
    /// Writes all facts as one table; `-` is standard output
    #[arg(long, value_name = "FILE")]
    facts: Option<PathBuf>,
    /// Continues from the runs before, kept in this folder: --events are those that are new. The outputs are of all
    /// events, as one run over them would write them; a folder that is not there begins with this run
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// With --out: csv (the default), json or parquet. Without: table (the default), csv (the facts) or json
    /// (the summary) on standard output
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Other names for members and events in all that is written: those that the key in this file gives them
    #[arg(long, value_name = "KEYFILE", conflicts_with_all = ["explain", "quote", "plan"])]
    pseudonymise: Option<PathBuf>,
    /// How many threads work [default: as many as there are cores]
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Memory for what is read and written, such as 256MiB or 2GiB; what is more waits in files of TMPDIR
    #[arg(long, value_name = "SIZE", default_value = "512MiB", value_parser = size)]
    memory: usize,
    /// The engine: both give the same, the reference slowly
    #[arg(long, value_enum, default_value_t = Engine::Fast, hide_possible_values = true)]
    engine: Engine,
    /// Tells purchases, sales, points, gifts and rejections apart by this: a column of the events such as channel or
    /// store, month, rule, a tiers block, or member.COLUMN; with --out also as by_NAME
    #[arg(long, value_name = "NAME", conflicts_with_all = ["plan", "quote"])]
    by: Option<String>,
    /// Says how the program would be run, and runs nothing: columns read, what is kept of a member, what fires on what
    #[arg(long)]
    plan: bool,
    /// Says what a customer pays for a basket: price, discounts, coupons, points that pay, and points earned. Of each
    /// member's last purchase, or of the purchase ID with what came before it
    #[arg(long, value_name = "ID", num_args = 0..=1, require_equals = true, default_missing_value = "",
        conflicts_with_all = ["as_of", "explain", "out", "facts", "state", "plan"])]
    quote: Option<String>,
}

/// The interpreters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engine {
    /// Members one by one, over columns; what is rare by the reference
    Fast,
    /// Plain, in memory
    Reference,
}

/// Runs a history once more, as a manifest says that it was run: its outputs go into another folder, and nothing is said.
///
/// # Errors
/// Those of any run.
pub fn again(
    screen: &Screen,
    files: Files,
    asked: &Asked,
    (out, key): (&Path, Option<&Path>),
    threads: Option<NonZeroUsize>,
) -> Result<(), Failure> {
    let wrong = |what: String| Failure::Data(format!("the manifest asks for {what}, which this version does not have"));
    let tables = asked.tables.iter().map(|name| sheet(name).map_err(|_| wrong(format!("the table {name:?}"))));
    let format = Format::from_str(&asked.format, false).map_err(|_| wrong(format!("the format {:?}", asked.format)))?;
    let arguments = Arguments {
        files,
        as_of: asked.as_of.clone(),
        explain: Vec::new(),
        out: Some(out.to_path_buf()),
        tables: tables.collect::<Result<_, _>>()?,
        facts: None,
        state: None,
        format: Some(format),
        pseudonymise: key.map(Path::to_path_buf),
        threads,
        memory: MEMORY,
        engine: Engine::Fast,
        by: asked.by.clone(),
        plan: false,
        quote: None,
    };
    run(&screen.hushed(), &arguments)
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
    if let Some(place) = &arguments.state {
        arguments.go_with_state(place)?;
    }
    if let Some(name) = arguments.by.as_deref().filter(|name| OF_LINES.contains(name)) {
        let why = "lines of one purchase differ in it, so its rows would not add up to the totals";
        return Err(Failure::Command(format!("--by {name}: {why}; name a column of events, such as store or channel")));
    }
    let names = arguments.pseudonymise.as_deref().map(keyfile::names).transpose()?;
    let ready = ready(screen, &arguments.files.program)?;
    if names.is_some() {
        arguments.go_without_names(&ready.program)?;
    }
    if arguments.plan {
        let roomy = parts::roomy(&ready.program);
        let (plan, whole) = (Plan::of(roomy.as_ref().unwrap_or(&ready.program)), Plan::of(&ready.program));
        return screen.say(&plan.page(&|span| ready.sources.line(span)).with_room(&whole).to_string());
    }
    let which = Which::of(screen, &arguments.files, &ready)?;
    let bad = if arguments.files.skip_bad.is_some() { BadRows::SetAside } else { BadRows::Refuse };
    if let Some(only) = &arguments.quote {
        return arguments.quoted((screen, &ready), (&which, bad), only);
    }
    if arguments.engine == Engine::Reference {
        let loaded = data::read(screen, &ready, &which, bad)?;
        return by_reference(screen, (arguments, &ready, (&which, names)), &loaded.history, &loaded.set_aside);
    }
    let (threads, memory) = (super::threads(arguments.threads), arguments.memory / 2);
    let means = Means { threads, memory, scratch: &OnDisk };
    let needs = if arguments.explain.is_empty() { Needs::of(&ready.program) } else { explain::needs(&ready) };
    let needs = match (arguments.by(&ready.program), &arguments.state) {
        (Some(By::Column(name)), Some(_)) => match needs.event_text(&name) {
            Some(_) => needs,
            None => return Err(Failure::Command(not_kept(&name))),
        },
        (Some(By::Column(name)), None) => needs.with_event_text(&name),
        (Some(By::Month | By::Rule | By::Level(_) | By::Member(..)) | None, _) => needs,
    };
    if let Some(place) = &arguments.state {
        let state = State::hold(place, &ready)?;
        return continued(screen, (arguments, &which, names.as_ref()), (&ready, &needs, threads), &state, || {
            data::piled_to_keep(screen, (&ready, &needs), (&which, bad), means)
        });
    }
    let piled = data::piled(screen, &ready, &which, bad, &needs, means)?;
    let clock = &ready.program.settings.clock;
    let moments = as_of::all_upto(&arguments.as_of, clock, piled.whole.last.as_ref().map(|(at, _)| *at))?;
    let moments = parts::in_order(&moments, clock);
    let asked = arguments.asked(names.as_ref());
    let wanted = Wanted { pseudonyms: names.clone(), ..arguments.wanted(&ready.program, &piled.members) };
    let harvest = || Harvest::new(ready.book(), &moments, &wanted, &OnDisk, arguments.memory / 4);
    let job = Job {
        program: &ready.program,
        needs: &needs,
        as_of: &moments,
        whole: piled.whole.clone(),
        journal: if wanted.journal(&ready.program) { Journal::UptoLast } else { Journal::None },
        deeds: wanted.deeds(&ready.program),
        threads: means.threads,
        shared: None,
    };
    let explained = explain::apart(&ready, &job, &piled, (&arguments.explain, None))?;
    let explained: String = explained.iter().map(under_a_line).collect();
    let progress = Progress::running(screen, usize::try_from(piled.events).unwrap_or(usize::MAX));
    let played = floors::play(&job, &piled.store, &piled.members, harvest());
    let played = match played.map_err(|full| data::too_full(&full))? {
        None if !arguments.explain.is_empty() => {
            progress.done();
            let history = parts::whole_history(&job, &piled.store, &piled.members);
            let history = history.map_err(|full| data::too_full(&full))?;
            return by_reference(screen, (arguments, &ready, (&which, names)), &history, &piled.set_aside);
        }
        None => floors::play_in_order(&job, &piled.store, &piled.members, harvest()),
        Some(played) => Ok(played),
    };
    progress.done();
    let (harvest, slow) = played.map_err(|full| data::too_full(&full))?;
    if std::env::var_os("LOYAL_WHY_SLOW").is_some() {
        screen.warn(&format!("read: {:?}; beyond the fast engine: {slow:?}", piled.plain));
    }
    let came = (&harvest.join(), arguments.origin(&ready, &which)?, asked);
    let done = finish(screen, arguments, came, (&moments, &explained), (&piled.set_aside, None));
    // The process ends here: its memory goes back at once, not row by row.
    std::mem::forget(piled.members);
    done
}

/// Why figures of a kept state cannot be told apart by a column.
fn not_kept(column: &str) -> String {
    format!(
        "--by {column} does not go with --state: of the columns of events a state keeps what the program asks about them, \
         and not `{column}` as it is written; run all events without --state, or tell apart by month, rule, a tiers block \
         or member.COLUMN"
    )
}

/// Runs a night from a kept state.
fn continued<'r>(
    screen: &Screen,
    (arguments, which, names): (&Arguments, &Which, Option<&Pseudonyms>),
    (ready, needs, threads): (&Ready, &Needs, usize),
    state: &State,
    read: impl FnOnce() -> Result<Piled<'r>, Failure>,
) -> Result<(), Failure> {
    state.open(ready, (needs, threads), |night| {
        state.begins(screen, &night);
        let mut piled = read()?;
        let moments = state::moments(&arguments.as_of, ready, &night, &piled)?;
        let of_members = matches!(arguments.by(&ready.program), Some(By::Member(..)));
        let members = if of_members { state.members(&night, &piled)? } else { BTreeMap::new() };
        let wanted = Wanted { pseudonyms: names.cloned(), ..arguments.wanted(&ready.program, &members) };
        let harvest = Harvest::new(ready.book(), &moments, &wanted, &OnDisk, arguments.memory / 4);
        let set_aside = std::mem::take(&mut piled.set_aside);
        let progress = Progress::running(screen, usize::try_from(piled.events).unwrap_or(usize::MAX));
        let leave_out = arguments.files.skip_bad.is_some();
        let ran = state.night(
            night,
            piled,
            (&moments, wanted.stories(&ready.program), arguments.memory, leave_out),
            &harvest,
        );
        progress.done();
        let mut ran = ran?;
        let files = ran.brought(origin::inputs(which)?).to_vec();
        let origin = arguments.origin_of(ready, files)?;
        let kept = Kept::new(state, ready, ran, names);
        finish(
            screen,
            arguments,
            (&harvest.join(), origin, arguments.asked(names)),
            (&moments, ""),
            (&set_aside, Some(kept)),
        )
    })
}

/// Runs the reference over a history in memory.
fn by_reference(
    screen: &Screen,
    (arguments, ready, (which, names)): (&Arguments, &Ready, (&Which, Option<Pseudonyms>)),
    history: &History,
    set_aside: &[SetAside],
) -> Result<(), Failure> {
    let moments = as_of::all(&arguments.as_of, &ready.program.settings.clock, history)?;
    let asked = arguments.asked(names.as_ref());
    let wanted = Wanted { pseudonyms: names, ..arguments.wanted(&ready.program, &history.members) };
    let outcome = outcome(screen, ready, history, &moments, wanted.deeds(&ready.program));
    let mut explained = String::new();
    for member in &arguments.explain {
        let found = explain::of(ready, history, &outcome, &Question { member, event: None })?;
        explained.push_str(&under_a_line(&found.ok_or_else(|| explain::unknown_in(member, history, &outcome))?));
    }
    let harvested = harvest::of(ready.book(), &outcome, &wanted);
    let harvested = harvested.map_err(|error| Failure::Machine(error.to_string()))?;
    let came = (&harvested, arguments.origin(ready, which)?, asked);
    finish(screen, arguments, came, (&moments, &explained), (set_aside, None))
}

/// An explanation under the totals.
fn under_a_line(explanation: &Explanation) -> String {
    format!("\n{}\n{}", terminal::RULE, crate::report::explain::text(explanation))
}

/// Writes what came of a run.
fn finish(
    screen: &Screen,
    arguments: &Arguments,
    (harvested, origin, asked): (&Harvested<'_>, Option<Origin>, Asked),
    (moments, explained): (&[AsOf], &str),
    (rows, kept): (&[SetAside], Option<Kept<'_>>),
) -> Result<(), Failure> {
    let mut batch = Batch::default();
    if let (Some(place), Some(origin)) = (&arguments.out, origin) {
        let corrected = kept.as_ref().map(|kept| kept.corrected.as_slice());
        let sheets: Vec<Sheet> = arguments.sheets().collect();
        let shape = (arguments.format.unwrap_or(Format::Csv), sheets.as_slice());
        outputs::into(&mut batch, place, shape, (harvested, corrected), (origin, asked))?;
    }
    if let Some(place) = &arguments.facts {
        batch.file(place, Box::new(|out| harvested.write_facts(out)))?;
    }
    set_aside(screen, &mut batch, arguments.files.skip_bad.as_deref(), rows)?;
    match kept {
        Some(kept) => kept.commit(screen, batch)?,
        None => batch.commit(screen)?,
    }
    say(screen, arguments, harvested, (moments, explained))
}

impl Arguments {
    /// Says what customers pay: that of a named purchase, or of each one's last.
    fn quoted(
        &self,
        (screen, ready): (&Screen, &Ready),
        (which, bad): (&Which, BadRows),
        only: &str,
    ) -> Result<(), Failure> {
        let as_data = match self.format {
            None | Some(Format::Table) => false,
            Some(Format::Json) => true,
            Some(Format::Csv | Format::Parquet) => {
                return Err(Failure::Command("--quote is a table or json".to_string()));
            }
        };
        let loaded = data::read(screen, ready, which, bad)?;
        let quotes = quote::quotes(screen, ready, loaded.history, Some(only).filter(|only| !only.is_empty()))?;
        let mut batch = Batch::default();
        set_aside(screen, &mut batch, self.files.skip_bad.as_deref(), &loaded.set_aside)?;
        batch.commit(screen)?;
        screen.say(&if as_data { crate::report::quote::data(&quotes) } else { crate::report::quote::text(&quotes) })
    }

    /// Says which figures told apart could name people after all.
    fn go_without_names(&self, program: &Program) -> Result<(), Failure> {
        let why = match self.by(program) {
            None | Some(By::Month | By::Rule | By::Level(_)) => return Ok(()),
            Some(By::Column(name)) if NOBODYS.contains(&name.as_str()) => return Ok(()),
            Some(by @ (By::Column(_) | By::Member(..))) => by.name(program).into_owned(),
        };
        Err(Failure::Command(format!(
            "--by {why} does not go with --pseudonymise: what stands in that column may name people; tell apart by month, \
             rule, a tiers block, store or channel"
        )))
    }

    /// Says which options a kept state does not go with.
    fn go_with_state(&self, place: &Path) -> Result<(), Failure> {
        let real = |path: &Path| path.canonicalize().ok();
        let same = |out: &PathBuf| out == place || real(out).is_some_and(|out| real(place) == Some(out));
        let other = if self.out.as_ref().is_some_and(same) {
            "--out in the same folder: what is written there is for readers, and a state is for the next run"
        } else if !self.explain.is_empty() {
            "--explain: it tells of a member's whole history; `loyal explain` over all events does"
        } else if self.engine == Engine::Reference {
            "--engine reference: it runs all of a history at once"
        } else {
            return Ok(());
        };
        Err(Failure::Command(format!("--state does not go with {other}")))
    }

    /// What the outputs are made of, where any are to be written.
    fn origin(&self, ready: &Ready, which: &Which) -> Result<Option<Origin>, Failure> {
        if self.out.is_none() {
            return Ok(None);
        }
        self.origin_of(ready, origin::inputs(which)?)
    }

    /// The same of files that are known.
    fn origin_of(&self, ready: &Ready, inputs: Vec<Brought>) -> Result<Option<Origin>, Failure> {
        let of_out = |_| Ok(Origin { program: origin::program(ready)?, inputs });
        self.out.as_ref().map(of_out).transpose()
    }

    /// What was asked for, as the manifest says it.
    fn asked(&self, names: Option<&Pseudonyms>) -> Asked {
        let named = self.sheets().filter(|sheet| *sheet != Sheet::By);
        Asked {
            as_of: self.as_of.clone(),
            tables: named.map(|sheet| sheet.name().to_owned()).collect(),
            by: self.by.clone(),
            skip_bad: self.files.skip_bad.is_some(),
            pseudonyms: names.map(Pseudonyms::mark),
            ..Asked::default()
        }
    }

    /// The tables of --out.
    fn sheets(&self) -> impl Iterator<Item = Sheet> {
        let named = Sheet::ALL.into_iter().filter(|sheet| self.tables.is_empty() || self.tables.contains(sheet));
        named.chain(self.by.iter().map(|_| Sheet::By))
    }

    /// By what figures are told apart.
    fn by(&self, program: &Program) -> Option<By> {
        self.by.as_deref().map(|name| By::named(program, name))
    }

    /// What is wanted of the run beside its totals.
    fn wanted(&self, program: &Program, members: &BTreeMap<String, MemberRow>) -> Wanted {
        let by = match self.by(program) {
            Some(By::Member(column, _)) => {
                let of = |(id, row): (&String, &MemberRow)| Some((id.clone(), row.columns.get(&column)?.to_owned()));
                let of = Arc::new(members.iter().filter_map(of).collect());
                Some(By::Member(column, of))
            }
            by @ (Some(By::Column(_) | By::Month | By::Rule | By::Level(_)) | None) => by,
        };
        let to_output = self.facts.is_none() && self.out.is_none() && self.format == Some(Format::Csv);
        let format = match self.format {
            Some(Format::Json) => rows::Format::Json,
            Some(Format::Parquet) => rows::Format::Cells,
            Some(Format::Csv | Format::Table) | None => rows::Format::Csv,
        };
        Wanted {
            facts: (self.facts.is_some() || to_output).then_some(rows::Format::Csv),
            sheets: if self.out.is_some() { self.sheets().collect() } else { Vec::new() },
            format,
            by,
            pseudonyms: None,
        }
    }
}

/// Reads the name of a table.
fn sheet(text: &str) -> Result<Sheet, String> {
    Sheet::ALL.into_iter().find(|sheet| sheet.name() == text).ok_or_else(|| {
        let names: Vec<&str> = Sheet::ALL.iter().map(|sheet| sheet.name()).collect();
        format!("the tables are {}", names.join(", "))
    })
}

/// Reads a size such as `256MiB` or `2GiB`.
fn size(text: &str) -> Result<usize, String> {
    const UNITS: [(&str, u64); 6] =
        [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000)];
    let unit = UNITS.iter().find_map(|(unit, bytes)| Some((text.strip_suffix(unit)?, *bytes)));
    let read = unit.and_then(|(number, bytes)| number.trim().parse::<u64>().ok()?.checked_mul(bytes));
    let read = read.and_then(|bytes| usize::try_from(bytes).ok()).filter(|bytes| *bytes >= LEAST);
    read.ok_or_else(|| "a size such as 512MiB or 2GiB is needed, at least 16MiB".to_string())
}

/// Columns of events that name nobody.
const NOBODYS: [&str; 2] = ["store", "channel"];

/// Columns that belong to lines, not to events.
const OF_LINES: [&str; 8] = ["line", "amount", "regular", "tax", "qty", "sku", "category", "brand"];

/// Memory for what is read and written, when nothing is said.
const MEMORY: usize = 512 << 20;

/// Less memory than this is not enough to work in.
const LEAST: usize = 16 << 20;

/// Runs the engine, and shows that it runs.
pub fn outcome(screen: &Screen, ready: &Ready, history: &History, moments: &[AsOf], deeds: bool) -> Outcome {
    let progress = Progress::running(screen, history.events.len());
    let outcome = floors::run(&ready.program, history, moments, deeds);
    progress.done();
    outcome
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
fn say(
    screen: &Screen,
    arguments: &Arguments,
    harvested: &Harvested<'_>,
    (moments, explained): (&[AsOf], &str),
) -> Result<(), Failure> {
    let to_output = arguments.facts.as_deref() == Some(Path::new("-"));
    let format = if arguments.out.is_some() { Format::Table } else { arguments.format.unwrap_or(Format::Table) };
    match format {
        _ if to_output => {}
        Format::Table if screen.quiet() => {}
        Format::Table => screen.say(&(harvested.terminal(screen.paint()) + explained))?,
        Format::Csv => {
            let failed = |error: &io::Error| Failure::writing(Path::new("standard output"), error);
            let mut out = Output { screen, failed: None };
            let written = harvested.write_facts(&mut out);
            if let Some(failure) = out.failed {
                return Err(failure);
            }
            written.map_err(|error| failed(&error))?;
        }
        // Only files are Parquet.
        Format::Json | Format::Parquet => screen.say(&harvested.summary())?,
    }
    if moments.is_empty() {
        screen.note("note: there are no events, so there is no moment to show; --as-of DATE names one.");
    }
    let by = harvested.totals().last().and_then(|totals| totals.by.as_ref());
    if let (Some(name), true) = (&arguments.by, by.is_some_and(by::Table::says_nothing)) {
        screen.note(&format!("note: nothing in this history has a value in {name:?}."));
    }
    if let Some(place) = &arguments.out {
        screen.note(&format!("written to {}", place.display()));
    }
    Ok(())
}

/// Standard output, as long as somebody reads it.
struct Output<'s> {
    screen: &'s Screen,
    failed: Option<Failure>,
}

impl Write for Output<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.screen.pour(&mut &*bytes) {
            Ok(()) => Ok(bytes.len()),
            Err(failure) => {
                self.failed = Some(failure);
                Err(io::ErrorKind::Other.into())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
