//! Programs on disk: finding them, reading them, checking them.

use super::failure::Failure;
use super::floors;
use super::screen::Screen;
use super::side::{self, Rates};
use crate::diag::{self, Finding, TextOptions};
use crate::mechanics::Program;
use crate::report::words::Book;
use crate::report::words::counted;
use crate::syntax::FILE_LIMIT;
use crate::text::Sources;
use crate::value::clock::Clock;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The name of a program in a folder of its own.
const USUAL: &str = "program.loyal";

/// A program that was read and checked.
#[derive(Debug)]
pub struct Opened {
    /// Its files.
    pub sources: Sources,
    /// The program; none when something stops it from running.
    pub program: Option<Program>,
    /// All that was found.
    pub findings: Vec<Finding>,
    /// The path of its first file.
    pub path: PathBuf,
}

/// A program that can run.
#[derive(Debug)]
pub struct Ready {
    /// Its files.
    pub sources: Sources,
    /// The program.
    pub program: Program,
    /// Exchange rates, where the program names a file of them.
    pub rates: Option<Rates>,
    /// The path of its first file.
    pub path: PathBuf,
}

/// What a program reads files by: two that read alike see the same moments, days and amounts in them.
#[derive(Debug)]
pub struct Reads {
    clock: Clock,
    /// With its minor units.
    money: (String, u32),
    rates: Option<Rates>,
}

impl PartialEq for Reads {
    fn eq(&self, other: &Self) -> bool {
        self.clock.tells_as(&other.clock) && self.money == other.money && self.rates == other.rates
    }
}

impl Ready {
    /// A program that was read, with the files it names.
    pub fn new(screen: &Screen, sources: Sources, mut program: Program, path: PathBuf) -> Result<Self, Failure> {
        let rates = side::load(screen, &mut program, &folder_of(&path))?;
        Ok(Self { sources, program, rates, path })
    }

    /// The program with its files, for reports.
    pub fn book(&self) -> Book<'_> {
        Book { program: &self.program, sources: &self.sources }
    }

    /// What it reads files by.
    pub fn reads(&self) -> Reads {
        let settings = &self.program.settings;
        Reads {
            clock: settings.clock.clone(),
            money: (settings.money.clone(), settings.minor_units),
            rates: self.rates.clone(),
        }
    }

    /// The folder it lies in.
    pub fn folder(&self) -> PathBuf {
        folder_of(&self.path)
    }
}

/// The folder a file lies in.
pub fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
        Some(_) | None => PathBuf::from("."),
    }
}

/// Whether a file, once links are followed, lies outside a folder: a program from elsewhere reads
/// nothing of the machine it is tried on.
pub fn leads_out(folder: &Path, file: &Path) -> bool {
    match (folder.canonicalize(), file.canonicalize()) {
        (Ok(folder), Ok(file)) => !file.starts_with(folder),
        // What is not there is told of where it is read.
        (Err(_), _) | (_, Err(_)) => false,
    }
}

/// The bytes of a file that people write, or of standard input: at most one more than such a file may have, so that
/// what never ends is found to be too large.
pub fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let most = u64::try_from(FILE_LIMIT).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        io::stdin().lock().take(most).read_to_end(&mut bytes)?;
    } else {
        fs::File::open(path)?.take(most).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// Whether something stands there that is no plain file: a pipe or a device need never end.
pub fn is_endless(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// Reads and checks a program: its meaning when it has one, and all that was found.
pub fn open(path: &Path) -> Result<Opened, Failure> {
    if path != Path::new("-") {
        // A name that is wrong is the command's fault, before the program is looked at.
        fs::File::open(path).and_then(|file| file.metadata()).map_err(|error| Failure::file("read", path, &error))?;
    }
    let floors::Seen { sources, program, findings } = floors::seen(path);
    let program = program.filter(|_| !diag::has_error(&findings));
    Ok(Opened { sources, program, findings, path: path.to_path_buf() })
}

/// Reads a program that is to run: its warnings are noted, its errors end the command.
pub fn ready(screen: &Screen, path: &Path) -> Result<Ready, Failure> {
    let opened = open(&find(path)?)?;
    if let Some(program) = opened.program {
        if !opened.findings.is_empty() {
            let warnings = u64::try_from(opened.findings.len()).unwrap_or(u64::MAX);
            let (warnings, them) =
                (counted(warnings, "warning", "warnings"), if warnings == 1 { "it" } else { "them" });
            screen.note(&format!("note: {warnings} about the program; `loyal check {}` shows {them}", path.display()));
        }
        return Ready::new(screen, opened.sources, program, opened.path);
    }
    screen.warn(&shown(screen, &opened.findings, &opened.sources));
    Err(Failure::Program(String::new()))
}

/// Findings as standard error shows them.
pub fn shown(screen: &Screen, findings: &[Finding], sources: &Sources) -> String {
    let options = TextOptions { color: screen.paint_notes().on, width: screen.width(), ..TextOptions::default() };
    diag::render_text(findings, sources, &options)
}

/// The one program that a path names: itself, or the one in the folder.
pub fn find(path: &Path) -> Result<PathBuf, Failure> {
    if !path.is_dir() {
        return Ok(path.to_path_buf());
    }
    match in_folder(path)?.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(Failure::Command(format!("{}: there is no {USUAL} in this folder", path.display()))),
        [first, second, ..] => Err(Failure::Command(format!(
            "{}: which program is meant? There is {} and {}",
            path.display(),
            first.display(),
            second.display()
        ))),
    }
}

/// All programs that paths name: a folder stands for every program in it and in the folders in it.
/// A file that another one of them uses is a part of that program, and none of its own.
pub fn find_all(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for path in paths {
        if !path.is_dir() {
            found.push(path.clone());
            continue;
        }
        let mut files = Vec::new();
        add_files(path, &mut files)?;
        if files.is_empty() {
            return Err(Failure::Command(format!("{}: there is no .loyal file in this folder", path.display())));
        }
        found.extend(without_parts(files));
    }
    Ok(found)
}

/// The files that no other one uses; of files that use each other, all.
fn without_parts(files: Vec<PathBuf>) -> Vec<PathBuf> {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let names: Vec<PathBuf> = files.iter().map(|file| real(file)).collect();
    let uses: Vec<Vec<PathBuf>> =
        files.iter().map(|file| floors::parts(file).iter().map(|part| real(part)).collect()).collect();
    let is_part = |at: usize| {
        let uses_it = |by: usize| by != at && uses[by].contains(&names[at]) && !uses[at].contains(&names[by]);
        (0..names.len()).any(uses_it)
    };
    files.iter().enumerate().filter(|(at, _)| !is_part(*at)).map(|(_, file)| file.clone()).collect()
}

/// Every .loyal file that paths name: all of a folder, and of the folders in it.
pub fn find_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            add_files(path, &mut found)?;
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

fn add_files(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    for entry in entries(folder)? {
        let hidden = entry.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let linked = fs::symlink_metadata(&entry).is_ok_and(|found| found.is_symlink());
        if entry.is_dir() && !hidden && !linked {
            add_files(&entry, found)?;
        } else if is_program(&entry) {
            found.push(entry);
        }
    }
    Ok(())
}

/// The programs of one folder: the one of the usual name, else all files of the language.
fn in_folder(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let usual = folder.join(USUAL);
    if usual.is_file() {
        return Ok(vec![usual]);
    }
    Ok(entries(folder)?.into_iter().filter(|entry| is_program(entry)).collect())
}

fn is_program(path: &Path) -> bool {
    path.is_file() && path.extension().is_some_and(|ending| ending == "loyal")
}

/// What is in a folder, by name.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error: io::Error| Failure::file("read", folder, &error);
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        entries.push(entry.map_err(failed)?.path());
    }
    entries.sort();
    Ok(entries)
}
