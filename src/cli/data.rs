//! Histories on disk: which files, how they are read, what is wrong with them.

use super::Files;
use super::columns;
use super::failure::Failure;
use super::program::{Ready, bytes, folder_of};
use super::progress::{Progress, Watched};
use super::scratch::OnDisk;
use super::screen::Screen;
use crate::ledger::{
    self, BadRows, ColumnMap, DataError, Exchange, Fault, FileMap, How, Input, Inputs, Loaded, Mistakes,
};
use crate::report::words::counted;
use crate::source::raw::Raw;
use crate::source::shape::Shape;
use crate::source::table::settled;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

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
}

impl Which {
    /// The files of a command; those it does not name are those of its column map, else those of the
    /// usual names beside the program.
    pub fn of(screen: &Screen, files: &Files, folder: &Path) -> Result<Self, Failure> {
        let which =
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
        Ok(which)
    }

    /// The files in a program's folder, when a command names none.
    pub fn beside(screen: &Screen, folder: &Path) -> Result<Self, Failure> {
        Self::found(screen, None, folder, [&[], &[], &[]])
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
                None => Ok(paths),
            }
        };
        let (events, members, items) = (
            or(events, "events", &map.events, "events.csv")?,
            or(members, "members", &map.members, "members.csv")?,
            or(items, "items", &map.items, "items.csv")?,
        );
        Ok(Self { events, members, items, map })
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

/// Reads a history; its notes are said, its mistakes end the command.
pub fn read(screen: &Screen, ready: &Ready, which: &Which, bad: BadRows) -> Result<Loaded, Failure> {
    let settings = &ready.program.settings;
    let how = How {
        clock: &settings.clock,
        money: &settings.money,
        minor_units: settings.minor_units,
        map: &which.map,
        exchange: ready.rates.as_ref().map(|rates| rates as &dyn Exchange),
        bad,
    };
    let progress = Progress::reading(screen, size(which));
    let inputs = Inputs {
        events: opened(screen, &which.events, &progress)?,
        members: opened(screen, &which.members, &progress)?,
        items: opened(screen, &which.items, &progress)?,
    };
    let loaded = ledger::read(inputs, &how, &mut |_| {});
    progress.done();
    let loaded = loaded.map_err(|mistakes| wrong(screen, &mistakes))?;
    for note in &loaded.notes {
        screen.note(&format!("note: {note}"));
    }
    for note in columns::notes(ready, &loaded.history, &which.map) {
        screen.note(&note);
    }
    Ok(loaded)
}

fn column_map(screen: &Screen, path: Option<&Path>) -> Result<ColumnMap, Failure> {
    let Some(path) = path else { return Ok(ColumnMap::default()) };
    let name = path.to_string_lossy();
    let read = bytes(path).map_err(|error| wrong(screen, &DataError::from_io(&name, &error).into()))?;
    let text = String::from_utf8(read).map_err(|_| Failure::Data(format!("{name}: this is not text in UTF-8")))?;
    ColumnMap::parse(&name, &text).map_err(|mistakes| wrong(screen, &mistakes))
}

fn opened(screen: &Screen, paths: &[PathBuf], progress: &Progress) -> Result<Vec<Input>, Failure> {
    let open = |path: &PathBuf| -> io::Result<Input> {
        if path == Path::new("-") {
            return stream("-", progress.watch(io::stdin()));
        }
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let name = path.to_string_lossy();
        if metadata.is_file() { packed(&name, progress.watch(file)) } else { stream(&name, progress.watch(file)) }
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

/// A stream; what must be read from anywhere is put on disk first.
fn stream(name: &str, source: impl Read + Send + 'static) -> io::Result<Input> {
    let (_, source) = settled(Raw::Stream(Box::new(source)), &OnDisk)?;
    Ok(Input { path: name.to_owned(), source })
}

/// A file. Text is read as a stream, so that its rows are counted while somebody watches.
fn packed(name: &str, source: Watched<File>) -> io::Result<Input> {
    let mut start = Vec::new();
    source.peek(Shape::TOLD_BY, &mut start)?;
    match Shape::of(&start) {
        Shape::Text | Shape::Gzip | Shape::Zstd | Shape::ArrowStream => stream(name, source),
        Shape::Parquet | Shape::ArrowFile => Ok(Input::file(name, source)),
    }
}

/// How many bytes there are to read; none when a file does not know.
fn size(which: &Which) -> Option<u64> {
    let paths = [&which.events, &which.members, &which.items];
    let each =
        paths.into_iter().flatten().map(|path| path.metadata().ok().filter(|of| of.is_file()).map(|of| of.len()));
    each.sum()
}

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
