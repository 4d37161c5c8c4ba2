//! Histories on disk: which files, how they are read, what is wrong with them.

use super::Files;
use super::columns::{self, Known};
use super::failure::{Failure, plain};
use super::program::{Ready, bytes, folder_of, is_endless, leads_out};
use super::progress::{Progress, Watched};
use super::scratch::OnDisk;
use super::screen::Screen;
use crate::engine::nightly;
use crate::engine::parts::intake::{self, Not, Reading, Taken};
use crate::engine::parts::{self, Room, Store, TooFull};
use crate::engine::plan::Needs;
use crate::engine::reference::part::Whole;
use crate::ledger::{
    self, BadRows, ColumnMap, DataError, Delimiter, Exchange, Fault, FileMap, How, Input, Inputs, Loaded, MemberRow,
    Mistakes, Note, Problem, SetAside,
};
use crate::mechanics::Program;
use crate::mechanics::columns::{Holds, Of, asked};
use crate::mechanics::habit::COST;
use crate::report::words::counted;
use crate::source::batch::Unusual;
use crate::source::columnar::Columnar;
use crate::source::csv::{self, Csv};
use crate::source::raw::Raw;
use crate::source::scratch::Scratch;
use crate::source::shape::Shape;
use crate::source::table::settled;
use crate::syntax::FILE_LIMIT;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Which files make up a history, and how they are read.
#[derive(Debug, Clone, Default)]
pub struct Which {
    /// Events.
    pub events: Vec<PathBuf>,
    /// Members.
    pub members: Vec<PathBuf>,
    /// Items.
    pub items: Vec<PathBuf>,
    /// The column map; ours when there is none.
    map: ColumnMap,
    /// Whether messages show cells that may tell of a person.
    show_values: bool,
}

/// Columns of events whose cells tell of no person.
const NOBODYS: [&str; 15] = [
    "time",
    "type",
    "amount",
    "currency",
    "regular",
    "tax",
    "line",
    "qty",
    "unit",
    "sku",
    "category",
    "brand",
    "paid_points",
    "store",
    "channel",
];

impl Which {
    /// The files of a command; those it does not name are those of its column map, else those of the
    /// usual names beside the program.
    pub fn of(screen: &Screen, files: &Files, ready: &Ready) -> Result<Self, Failure> {
        let folder = &ready.folder();
        let mut which =
            Self::found(screen, files.columns.as_deref(), folder, [&files.events, &files.members, &files.items])?;
        if which.events.is_empty() {
            let place = folder.join("events.csv");
            return Err(Failure::Command(format!(
                "which events? There is no {}; name the file with --events FILE",
                place.display()
            )));
        }
        let inputs = [&which.events, &which.members, &which.items];
        let streams = inputs.into_iter().flatten().filter(|path| path.as_path() == Path::new("-"));
        if streams.count() > 1 {
            return Err(Failure::Command("`-` is named twice; standard input can be read once".to_string()));
        }
        which.asked_by(&ready.program);
        which.show_values = files.show_values;
        Ok(which)
    }

    /// The files in a program's folder, when a command names none.
    pub fn beside(screen: &Screen, folder: &Path, program: &Program) -> Result<Self, Failure> {
        let mut which = Self::found(screen, None, folder, [&[], &[], &[]])?;
        which.asked_by(program);
        Ok(which)
    }

    /// Cells that the program reads as days or numbers must be such: else what asks would silently never hold.
    fn asked_by(&mut self, program: &Program) {
        for one in asked(program) {
            match (one.of, one.holds) {
                (Of::Members, Holds::Days) => self.map.members.days.push(one.name),
                (Of::Events, Holds::Numbers) => self.map.items.figures.push(one.name),
                (Of::Members, Holds::Anything | Holds::Numbers) | (Of::Events, Holds::Anything | Holds::Days) => {}
            }
        }
    }

    /// Mistakes as they are shown: no cells of the members file, and of events none that rows disagree in and that may
    /// name somebody, but where that was asked for. Whether any was left out.
    fn discreet(&self, mistakes: Mistakes) -> (Mistakes, bool) {
        if self.show_values {
            return (mistakes, false);
        }
        let of_members: Vec<_> = self.members.iter().map(|path| path.to_string_lossy()).collect();
        mistakes.discreet(&|error| {
            let column = error.column.as_deref().unwrap_or_default();
            let disagree = matches!(error.problem, Problem::Disagree { .. }) && !NOBODYS.contains(&column);
            disagree || of_members.iter().any(|path| *path == error.file)
        })
    }

    /// The file of the column map, if there is one.
    pub fn map(&self) -> Option<&Path> {
        Some(Path::new(&self.map.path)).filter(|path| !path.as_os_str().is_empty())
    }

    /// The same history for another program, too.
    pub fn ask_for(&mut self, program: &Program) {
        self.asked_by(program);
    }

    /// Whether what another program asks of the cells is asked already.
    pub fn asks_for(&self, program: &Program) -> bool {
        let mut other = self.clone();
        other.asked_by(program);
        let all = |before: &[String], after: &[String]| after.iter().all(|name| before.contains(name));
        all(&self.map.members.days, &other.map.members.days) && all(&self.map.items.figures, &other.map.items.figures)
    }

    /// What articles cost must be a number, whether the program asks for it or not.
    pub fn ask_costs(&mut self) {
        self.map.items.figures.push(COST.to_owned());
    }

    fn found(
        screen: &Screen,
        columns: Option<&Path>,
        folder: &Path,
        [events, members, items]: [&[PathBuf]; 3],
    ) -> Result<Self, Failure> {
        let there = |name: &str| Some(folder.join(name)).filter(|path| path.is_file());
        let columns = columns.map(Path::to_path_buf).or_else(|| there("columns.toml"));
        let map = column_map(screen, columns.as_deref())?;
        let around = columns.as_deref().map_or_else(PathBuf::new, folder_of);
        let or = |given: &[PathBuf], section: &str, mapped: &FileMap, usual: &str| {
            if !given.is_empty() {
                return named(given, section);
            }
            if mapped.files.is_empty() {
                return Ok(there(usual).into_iter().collect());
            }
            let paths: Vec<PathBuf> = mapped.files.iter().map(|file| around.join(file)).collect();
            match paths.iter().find(|path| !path.exists()) {
                Some(missing) => Err(not_there(&map.path, section, missing)),
                None => {
                    paths.iter().try_for_each(|path| stays_inside(&map.path, section, &around, path)).map(|()| paths)
                }
            }
        };
        let (events, members, items) = (
            or(events, "events", &map.events, "events.csv")?,
            or(members, "members", &map.members, "members.csv")?,
            or(items, "items", &map.items, "items.csv")?,
        );
        Ok(Self { events, members, items, map, show_values: false })
    }
}

/// The files that a command names: a name with `*`, `?` or `[…]` in it stands for all files that it fits, in
/// the order of their names, unless a file is called just that.
fn named(given: &[PathBuf], section: &str) -> Result<Vec<PathBuf>, Failure> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for path in given {
        let pattern = path.to_string_lossy();
        if !pattern.contains(['*', '?', '[']) || path.exists() {
            paths.push(path.clone());
            continue;
        }
        let fits = glob::glob(&pattern)
            .map_err(|error| Failure::Command(format!("--{section} {pattern}: this is no pattern ({})", error.msg)))?;
        let before = paths.len();
        for fit in fits {
            let fit =
                fit.map_err(|error| Failure::Machine(format!("{}: {}", error.path().display(), error.error())))?;
            if fit.is_file() && !paths.contains(&fit) {
                paths.push(fit);
            }
        }
        if paths.len() == before {
            return Err(Failure::Command(format!(
                "--{section} {pattern}: no file fits; look at the folder and the ending, and put the pattern in quotes"
            )));
        }
    }
    Ok(paths)
}

/// A file that the column map names is the data's mistake, as a column that it names would be.
fn not_there(map: &str, section: &str, missing: &Path) -> Failure {
    let missing = missing.display();
    Failure::Data(format!(
        "{map}, `file` under [{section}]: there is no {missing}; put the file there, mend its name in {map}, or name \
         another with --{section} FILE"
    ))
}

/// A column map comes with the program, perhaps from others: it names plain files of its own folder only.
fn stays_inside(map: &str, section: &str, around: &Path, path: &Path) -> Result<(), Failure> {
    let around = if around.as_os_str().is_empty() { Path::new(".") } else { around };
    let wrong = if leads_out(around, path) {
        "a link in its path leads out of the folder of the column map"
    } else if is_endless(path) {
        "this is a pipe or a device, a file is needed"
    } else {
        return Ok(());
    };
    let path = path.display();
    Err(Failure::Data(format!(
        "{map}, `file` under [{section}]: {path}: {wrong}; put the file there, or name it yourself with --{section} {path}"
    )))
}

/// Reads a history; its notes are said, its mistakes end the command.
pub fn read(screen: &Screen, ready: &Ready, which: &Which, bad: BadRows) -> Result<Loaded, Failure> {
    read_for_all(screen, &[ready], which, bad)
}

/// The same for programs that read files alike ([`Ready::reads`]).
fn read_for_all(screen: &Screen, programs: &[&Ready], which: &Which, bad: BadRows) -> Result<Loaded, Failure> {
    let ready = programs[0];
    let how = how(ready, which, bad);
    let progress = Progress::reading(screen, size(which));
    let inputs = Inputs {
        events: opened(screen, &which.events, &progress)?,
        members: opened(screen, &which.members, &progress)?,
        items: opened(screen, &which.items, &progress)?,
    };
    let loaded = ledger::read(inputs, &how, &mut |_| {});
    progress.done();
    let loaded = loaded.map_err(|mistakes| {
        let (mistakes, hidden) = which.discreet(mistakes);
        let failure = wrong(screen, &mistakes);
        if hidden {
            screen.warn("note: `…` stands for cells that may tell of a person; --show-values shows them.");
        }
        failure
    })?;
    told(screen, programs, which, &loaded.notes, &Known::of(&loaded.history));
    Ok(loaded)
}

/// How the files of a command are read.
fn how<'a>(ready: &'a Ready, which: &'a Which, bad: BadRows) -> How<'a> {
    let settings = &ready.program.settings;
    How {
        clock: &settings.clock,
        money: &settings.money,
        minor_units: settings.minor_units,
        map: &which.map,
        exchange: ready.rates.as_ref().map(|rates| rates as &dyn Exchange),
        bad,
    }
}

/// Says what the reader should know.
fn told(screen: &Screen, programs: &[&Ready], which: &Which, notes: &[Note], known: &Known<'_>) {
    for note in notes {
        screen.note(&format!("note: {note}"));
    }
    let mut said: Vec<String> = Vec::new();
    for note in programs.iter().flat_map(|ready| columns::notes(ready, known, &which.map)) {
        if !said.contains(&note) {
            screen.note(&note);
            said.push(note);
        }
    }
}

/// A history in piles.
pub struct Piled<'r> {
    /// The events.
    pub store: Store<'r>,
    /// What a part is told of them.
    pub whole: Whole,
    /// How many there are.
    pub events: u64,
    /// The members file.
    pub members: BTreeMap<String, MemberRow>,
    /// Whether there is one.
    pub has_members: bool,
    /// Rows set aside.
    pub set_aside: Vec<SetAside>,
    /// Why the files were read the plain way, where they were.
    pub plain: Option<String>,
}

/// Room for a run: how many threads, how much memory, and where the rest goes.
#[derive(Clone, Copy)]
pub struct Means<'r> {
    /// How many threads work.
    pub threads: usize,
    /// Bytes of memory for what is read, about.
    pub memory: usize,
    /// Room beside memory.
    pub scratch: &'r dyn Scratch,
}

impl<'r> Means<'r> {
    /// Room for a history of so many bytes: piles small enough that all threads can hold theirs.
    fn room(&self, bytes: u64) -> Room<'r> {
        let piles = usize::try_from(bytes / PILE).unwrap_or(usize::MAX);
        let held = usize::try_from(bytes).unwrap_or(usize::MAX) / (self.memory / (4 * self.threads)).max(1);
        let most = (self.memory / (128 << 10)).clamp(1, 4096);
        Room { piles: piles.max(held).clamp(1, most), memory: self.memory, scratch: self.scratch }
    }
}

/// So many bytes of a file make a pile, when memory is plenty: what a core works on should lie near it.
const PILE: u64 = 4 << 20;

/// What becomes of what is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    /// It is played and let go.
    Once,
    /// It is kept for other nights, whose returns may name its lines.
    Kept,
}

/// Reads a history into piles: the fast way where the files allow it.
pub fn piled<'r>(
    screen: &Screen,
    ready: &Ready,
    which: &Which,
    bad: BadRows,
    needs: &Needs,
    means: Means<'r>,
) -> Result<Piled<'r>, Failure> {
    read_for(Use::Once, screen, (&[ready], needs), (which, bad), means)
}

/// The same for several programs that read files alike ([`Ready::reads`]) and need all this together: each may take all
/// piles.
pub fn piled_for_all<'r>(
    screen: &Screen,
    (programs, needs): (&[&Ready], &Needs),
    (which, bad): (&Which, BadRows),
    means: Means<'r>,
) -> Result<Piled<'r>, Failure> {
    let piled = read_for(Use::Once, screen, (programs, needs), (which, bad), means)?;
    Ok(Piled { store: piled.store.staying(), ..piled })
}

/// The same of a night that is to be kept.
pub fn piled_to_keep<'r>(
    screen: &Screen,
    (ready, needs): (&Ready, &Needs),
    (which, bad): (&Which, BadRows),
    means: Means<'r>,
) -> Result<Piled<'r>, Failure> {
    read_for(Use::Kept, screen, (&[ready], needs), (which, bad), means)
}

fn read_for<'r>(
    wanted: Use,
    screen: &Screen,
    (programs, needs): (&[&Ready], &Needs),
    (which, bad): (&Which, BadRows),
    means: Means<'r>,
) -> Result<Piled<'r>, Failure> {
    let room = means.room(unpacked(which).unwrap_or(1 << 30));
    let streamed = [&which.events, &which.members, &which.items].into_iter().flatten();
    let plain = if streamed.into_iter().any(|path| !path.is_file()) {
        Some("not all of it is files".to_string())
    } else if programs[0].rates.is_some() || bad == BadRows::SetAside {
        Some("amounts are exchanged, or bad rows set aside".to_string())
    } else {
        match fast(screen, programs, which, needs, (wanted, means, &room))? {
            Ok(piled) => return Ok(piled),
            Err(why) => Some(why),
        }
    };
    let loaded = read_for_all(screen, programs, which, bad)?;
    let whole = Whole::of(&loaded.history);
    let store = match wanted {
        Use::Kept => Store::in_memory(nightly::piles(&loaded.history.events, needs)),
        Use::Once => parts::filled(&loaded.history, needs, &room).map_err(|full| too_full(&full))?,
    };
    let events = loaded.history.events.len() as u64;
    let (members, has_members) = (loaded.history.members, !which.members.is_empty());
    Ok(Piled { store, whole, events, members, has_members, set_aside: loaded.set_aside, plain })
}

/// Says that there is no room.
pub fn too_full(full: &TooFull) -> Failure {
    let (place, why) = (std::env::temp_dir(), plain(&full.0));
    Failure::Machine(format!(
        "no room beside memory in {}: {why}; nothing was written. Name another folder for it with TMPDIR, or give more \
         --memory",
        place.display()
    ))
}

/// Reads plainly good files; why not, where they are not.
fn fast<'r>(
    screen: &Screen,
    programs: &[&Ready],
    which: &Which,
    needs: &Needs,
    (wanted, means, room): (Use, Means<'r>, &Room<'r>),
) -> Result<Result<Piled<'r>, String>, Failure> {
    let progress = Progress::reading(screen, size(which));
    let how = how(programs[0], which, BadRows::Refuse);
    let (Ok(members), Ok(items)) = (quietly(&which.members, &progress), quietly(&which.items, &progress)) else {
        return Ok(Err("a file that cannot be opened".to_string()));
    };
    let Ok(lists) = ledger::lists(members, items, &how) else { return Ok(Err("mistakes in a list".to_string())) };
    let reading = Reading {
        clock: how.clock,
        money: how.money,
        minor_units: how.minor_units,
        needs,
        map: &which.map.events,
        articles: &lists.items,
        threads: means.threads,
        chunk: intake::CHUNK,
        names_lines: wanted == Use::Kept,
    };
    let paths: Vec<String> = which.events.iter().map(|path| path.to_string_lossy().into_owned()).collect();
    let delimiter = match which.map.events.delimiter {
        Some(Delimiter::Byte(byte)) => Some(byte),
        None => None,
        Some(Delimiter::Blank) => return Ok(Err("columns parted by blanks".to_string())),
    };
    let open = |at: usize| {
        let file = u32::try_from(at).unwrap_or(u32::MAX);
        for_rows(&which.events[at], file, delimiter).map_err(|what| Unusual { file, what })
    };
    let taken = intake::read(&reading, &paths, &open, room, &|bytes| progress.add(bytes));
    progress.done();
    match taken {
        Ok(taken) => {
            let mut notes: Vec<Note> = lists.notes.into_iter().chain(taken.notes).collect();
            notes.sort();
            let known = Known {
                events: taken.tally.columns().iter().map(String::as_str).collect(),
                members: columns::members(&lists.members),
                rows: Some(&lists.members),
                activities: taken.tally.activities().iter().map(String::as_str).collect(),
                any: taken.tally.events() > 0,
            };
            told(screen, programs, which, &notes, &known);
            let Taken { store, whole, tally, .. } = taken;
            let events = tally.events();
            let (members, has_members) = (lists.members, !which.members.is_empty());
            Ok(Ok(Piled { store, whole, events, members, has_members, set_aside: Vec::new(), plain: None }))
        }
        Err(Not::Unusual(unusual)) => Ok(Err(format!("{}: {}", paths[unusual.file as usize], unusual.what))),
        Err(Not::Full(full)) => Err(too_full(&full)),
    }
}

/// Opens files; what is wrong with one is said by whoever reads it the plain way.
fn quietly(paths: &[PathBuf], progress: &Progress) -> io::Result<Vec<Input>> {
    let input = |path: &PathBuf| {
        File::open(path)?;
        Ok(waiting(path, progress))
    };
    paths.iter().map(input).collect()
}

/// A file of events, its header read.
fn for_rows(path: &Path, file: u32, delimiter: Option<u8>) -> Result<intake::File, String> {
    let said = |error: io::Error| error.to_string();
    let opened = File::open(path).map_err(said)?;
    let (shape, raw) = settled(Raw::File(Arc::new(opened)), &OnDisk).map_err(said)?;
    let unusual = |unusual: Unusual| unusual.what;
    match shape {
        Shape::Text | Shape::Gzip | Shape::Zstd => {
            let input = match raw {
                Raw::File(file) => csv::Input::File(Box::new(file)),
                Raw::Stream(stream) => csv::Input::Stream(stream),
            };
            Csv::open(input, file, delimiter).map(intake::File::from).map_err(unusual)
        }
        Shape::Parquet | Shape::ArrowFile | Shape::ArrowStream => {
            Columnar::open(shape, raw, file, &OnDisk).map(intake::File::from).map_err(unusual)
        }
    }
}

fn column_map(screen: &Screen, path: Option<&Path>) -> Result<ColumnMap, Failure> {
    let Some(path) = path else { return Ok(ColumnMap::default()) };
    let name = path.to_string_lossy();
    let read = bytes(path).map_err(|error| wrong(screen, &DataError::from_io(&name, &error).into()))?;
    if read.len() > FILE_LIMIT {
        let says = format!("{name}: this has more than {FILE_LIMIT} bytes, the most that a columns file has");
        return Err(Failure::Data(format!("{says}; is it the right file?")));
    }
    let text = String::from_utf8(read).map_err(|_| Failure::Data(format!("{name}: this is not text in UTF-8")))?;
    ColumnMap::parse(&name, &text).map_err(|mistakes| wrong(screen, &mistakes))
}

fn opened(screen: &Screen, paths: &[PathBuf], progress: &Progress) -> Result<Vec<Input>, Failure> {
    let open = |path: &PathBuf| -> io::Result<Input> {
        if path != Path::new("-") {
            let metadata = path.metadata()?;
            if metadata.is_dir() {
                return Err(io::ErrorKind::IsADirectory.into());
            }
            // All that may not be read are told together, before anything is; a pipe can be opened once.
            if metadata.is_file() {
                File::open(path)?;
            }
        }
        Ok(waiting(path, progress))
    };
    let mut inputs = Vec::new();
    let mut mistakes = Mistakes::default();
    for path in paths {
        match open(path) {
            Ok(input) => inputs.push(input),
            Err(error) => mistakes.add(DataError::from_io(&path.to_string_lossy(), &error)),
        }
    }
    if mistakes.is_empty() { Ok(inputs) } else { Err(wrong(screen, &mistakes)) }
}

/// A file that is opened when its turn comes.
fn waiting(path: &Path, progress: &Progress) -> Input {
    let (place, progress) = (path.to_path_buf(), progress.clone());
    Input::later(path.to_string_lossy(), move || {
        if place == Path::new("-") {
            return stream(progress.watch(io::stdin()));
        }
        let file = File::open(&place)?;
        let is_file = file.metadata()?.is_file();
        if is_file { packed(progress.watch(file)) } else { stream(progress.watch(file)) }
    })
}

/// A stream; what must be read from anywhere is put on disk first.
fn stream(source: impl Read + Send + 'static) -> io::Result<Raw> {
    settled(Raw::Stream(Box::new(source)), &OnDisk).map(|(_, source)| source)
}

/// A file. Text is read as a stream, so that its rows are counted while somebody watches.
fn packed(source: Watched<File>) -> io::Result<Raw> {
    let mut start = Vec::new();
    source.peek(Shape::TOLD_BY, &mut start)?;
    match Shape::of(&start) {
        Shape::Text | Shape::Gzip | Shape::Zstd | Shape::ArrowStream => stream(source),
        Shape::Parquet | Shape::ArrowFile => Ok(Raw::File(Arc::new(source))),
    }
}

/// How many bytes there are to read; none when a file does not know.
fn size(which: &Which) -> Option<u64> {
    let paths = [&which.events, &which.members, &which.items];
    paths.into_iter().flatten().map(|path| length(path)).sum()
}

/// About how many bytes of text there are; none when a file does not know.
fn unpacked(which: &Which) -> Option<u64> {
    let paths = [&which.events, &which.members, &which.items];
    let each = paths.into_iter().flatten().map(|path| {
        let packed = path.extension().is_some_and(|end| PACKED.iter().any(|packed| end.eq_ignore_ascii_case(packed)));
        length(path).map(|bytes| if packed { bytes.saturating_mul(UNPACKED) } else { bytes })
    });
    each.sum()
}

fn length(path: &Path) -> Option<u64> {
    path.metadata().ok().filter(|of| of.is_file()).map(|of| of.len())
}

/// Files whose bytes stand for more.
const PACKED: [&str; 3] = ["parquet", "gz", "zst"];

/// How many bytes of text one of theirs is, about.
const UNPACKED: u64 = 8;

/// Shows the mistakes of a reading: the first of them, then how many there are.
fn wrong(screen: &Screen, mistakes: &Mistakes) -> Failure {
    let paint = screen.paint_notes();
    for mistake in mistakes.told() {
        screen.warn(&format!("{} {mistake}\n", paint.bad("data:")));
    }
    if mistakes.untold() > 0 {
        screen.warn(&format!("and {}.", counted(mistakes.untold(), "more mistake", "more mistakes")));
    }
    let text =
        format!("{}; nothing was written.", counted(mistakes.count(), "mistake in the data", "mistakes in the data"));
    match mistakes.fault() {
        Fault::Data => Failure::Data(text),
        Fault::Machine => Failure::Machine("the data could not be read; nothing was written.".to_string()),
    }
}
