//! `loyal verify`: whether outputs are what a program and a history give, by working them out again.

use super::failure::Failure;
use super::program::ready;
use super::screen::Screen;
use super::{Files, keyfile, origin, run};
use crate::report::audit::rows::{Broken, Rows};
use crate::report::audit::{self, Audit, Difference, Kind, Links, letter};
use crate::report::corrections;
use crate::report::manifest::{self, File, Manifest, Unread};
use crate::report::tables::Sheet;
use clap::{Args, ValueEnum};
use std::fs;
use std::io::{self, BufRead, BufReader};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// The arguments of `verify`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The folder that `run --out` wrote
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The program that it was made with; without one, only whether the folder is as it was written
    #[arg(value_name = "PROGRAM")]
    program: Option<PathBuf>,
    /// Events, as for run; of a kept state those of all its nights
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "program")]
    events: Vec<PathBuf>,
    /// Members, as for run
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "program")]
    members: Vec<PathBuf>,
    /// Items, as for run
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "program")]
    items: Vec<PathBuf>,
    /// How the files' columns are read, as for run
    #[arg(long, value_name = "FILE", requires = "program")]
    columns: Option<PathBuf>,
    /// The key by which the outputs were pseudonymised
    #[arg(long, value_name = "KEYFILE", requires = "program")]
    pseudonymise: Option<PathBuf>,
    /// How many threads work [default: as many as there are cores]
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// A letter, or data
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How an audit is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A letter
    Text,
    /// JSON
    Json,
}

/// Says whether outputs are right.
pub fn verify(screen: &Screen, arguments: &Arguments) -> Result<(), Failure> {
    let folder = &arguments.folder;
    let manifest = manifest_of(folder)?;
    let audit = match &arguments.program {
        Some(program) => worked_out(screen, arguments, &manifest, program)?,
        None => as_written(folder, &manifest)?,
    };
    screen.say(&match arguments.format {
        Format::Text => letter::text(&audit),
        Format::Json => letter::data(&audit),
    })?;
    if audit.holds { Ok(()) } else { Err(Failure::Data(String::new())) }
}

/// Reads the manifest of a folder.
fn manifest_of(folder: &Path) -> Result<Manifest, Failure> {
    let shown = folder.display();
    if !folder.is_dir() {
        let what = if folder.exists() { "is a file" } else { "is not there" };
        return Err(Failure::Command(format!("{shown} {what}; the folder that `loyal run --out` wrote is needed")));
    }
    let place = folder.join(manifest::NAME);
    let text = match fs::read(&place) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Failure::Data(format!(
                "{shown} holds no {}: nothing says what its files were made of. Older versions wrote none; run the history \
                 again",
                manifest::NAME
            )));
        }
        other => other.map_err(|error| Failure::file("read", &place, &error))?,
    };
    let manifest = Manifest::read(&text).map_err(|unread| match unread {
        Unread::Damaged(why) => Failure::Data(format!("{}: this is no manifest of loyal: {why}", place.display())),
        Unread::Other(shape) => Failure::Data(format!(
            "{}: another version of loyal wrote it (shape {shape}), which this one does not read",
            place.display()
        )),
    })?;
    match audit::strange_name(&manifest) {
        Some(name) => Err(Failure::Data(format!(
            "{}: it names {name:?}, which is no name of a file in the folder: `loyal run` did not write this",
            place.display()
        ))),
        None => Ok(manifest),
    }
}

/// What is said of outputs before any of them is looked at.
fn begun(folder: &Path, manifest: &Manifest) -> Audit {
    Audit {
        folder: folder.display().to_string(),
        holds: true,
        worked_out: false,
        version: manifest.loyal.clone(),
        by: env!("CARGO_PKG_VERSION").to_owned(),
        files: manifest.outputs.len(),
        postings: manifest.chain.as_ref().map(|end| end.rows),
        program: Vec::new(),
        inputs: Vec::new(),
        difference: None,
        chain: Links::None,
        others: Vec::new(),
        not_worked_out: Vec::new(),
    }
}

/// Whether the files are as they were written.
fn as_written(folder: &Path, manifest: &Manifest) -> Result<Audit, Failure> {
    let mut audit = Audit { chain: chain_of(folder, manifest)?, ..begun(folder, manifest) };
    for file in in_order(manifest) {
        if let Some(found) = altered(folder, file)? {
            note(&mut audit, found);
        }
    }
    audit.holds = audit.difference.is_none() && matches!(audit.chain, Links::None | Links::Hold | Links::Unknown);
    Ok(audit)
}

/// Whether the files are what a program and a history give.
fn worked_out(screen: &Screen, arguments: &Arguments, manifest: &Manifest, program: &Path) -> Result<Audit, Failure> {
    let folder = &arguments.folder;
    let key = arguments.pseudonymise.as_deref();
    same_key(manifest.asked.pseudonyms.as_deref(), key)?;
    let ready = ready(&screen.hushed(), program)?;
    let set_aside = tempfile::NamedTempFile::new().map_err(|error| Failure::Machine(error.to_string()))?;
    let files = Files {
        program: program.to_path_buf(),
        events: arguments.events.clone(),
        members: arguments.members.clone(),
        items: arguments.items.clone(),
        columns: arguments.columns.clone(),
        skip_bad: manifest.asked.skip_bad.then(|| set_aside.path().to_path_buf()),
        show_values: false,
    };
    let right = tempfile::tempdir().map_err(|error| Failure::Machine(error.to_string()))?;
    run::again(screen, files, &manifest.asked, (right.path(), key), arguments.threads)?;
    let now = manifest_of(right.path())?;
    let mut audit = Audit {
        worked_out: true,
        program: audit::other_program(&manifest.program, &origin::program(&ready)?),
        inputs: audit::other_inputs(&manifest.inputs, &now.inputs),
        chain: chain_of(folder, manifest)?,
        ..begun(folder, manifest)
    };
    for file in in_order(manifest) {
        let found = if now.outputs.iter().any(|one| one.file == file.file) {
            differs(folder, right.path(), &file.file)?
        } else {
            audit.not_worked_out.push(file.file.clone());
            altered(folder, file)?
        };
        if let Some(found) = found {
            note(&mut audit, found);
        }
    }
    audit.holds = audit.difference.is_none();
    Ok(audit)
}

/// Says that outputs are of another key: none of their names could be right.
fn same_key(written: Option<&str>, key: Option<&Path>) -> Result<(), Failure> {
    let now = key.map(keyfile::names).transpose()?.map(|names| names.mark());
    let wrong = match (written, now.as_deref()) {
        (one, other) if one == other => return Ok(()),
        (Some(_), None) => {
            "these outputs were pseudonymised; name the key that it was done by with --pseudonymise KEYFILE"
        }
        (Some(_), Some(_)) => "these outputs were pseudonymised by another key; name that one",
        (None, _) => "these outputs were not pseudonymised; leave --pseudonymise out",
    };
    Err(Failure::Command(wrong.to_owned()))
}

/// Notes what is the matter with a file: the first of them in full.
fn note(audit: &mut Audit, found: Difference) {
    match audit.difference {
        None => audit.difference = Some(found),
        Some(_) => audit.others.push(found.file),
    }
}

/// The files, postings first: all others follow from them.
fn in_order(manifest: &Manifest) -> Vec<&File> {
    let mut files: Vec<&File> = manifest.outputs.iter().collect();
    files.sort_by_key(|file| !file.file.starts_with("postings."));
    files
}

/// Whether a file is another than was written.
fn altered(folder: &Path, file: &File) -> Result<Option<Difference>, Failure> {
    let place = folder.join(&file.file);
    let told = |kind| Difference { file: file.file.clone(), row: None, kind, of: Vec::new(), cells: Vec::new() };
    if !place.is_file() {
        return Ok(Some(told(Kind::Gone)));
    }
    let now = origin::hashed(&place, &file.file)?;
    Ok((!now.says_the_same(file)).then(|| told(Kind::NotAsWritten)))
}

/// The first difference between a file and what is right.
fn differs(folder: &Path, right: &Path, name: &str) -> Result<Option<Difference>, Failure> {
    let (written, right) = (folder.join(name), right.join(name));
    let told = |kind| Difference { file: name.to_owned(), row: None, kind, of: Vec::new(), cells: Vec::new() };
    if !written.is_file() {
        return Ok(Some(told(Kind::Gone)));
    }
    let failed = |error: io::Error| Failure::file("read", &written, &error);
    let like = likeness(&written, &right).map_err(failed)?;
    if like == Like::Same {
        return Ok(None);
    }
    let found = if name == "summary.json" {
        let text =
            |path: &Path| fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).map_err(failed);
        audit::compare_lines(name, &text(&written)?, &text(&right)?)
    } else {
        match (open(&written, name).map_err(failed)?, open(&right, name).map_err(failed)?) {
            (Ok(mut written), Ok(mut right)) => audit::compare(name, &mut written, &mut right),
            (Err(broken), _) => Some(told(Kind::Unreadable(broken.0))),
            (Ok(_), Err(_)) => None,
        }
    };
    // Bytes that no row shows: a line end, an order of keys.
    let mut found = found.unwrap_or_else(|| told(Kind::NotAsWritten));
    if like == Like::Begins && !matches!(found.kind, Kind::Lost(_)) {
        found.kind = Kind::CutShort;
        found.cells.clear();
    }
    Ok(Some(found))
}

/// How two files are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Like {
    /// Byte for byte.
    Same,
    /// The one is how the other begins.
    Begins,
    /// Neither.
    Not,
}

fn likeness(written: &Path, right: &Path) -> io::Result<Like> {
    let open = |path: &Path| Ok::<_, io::Error>(BufReader::with_capacity(1 << 16, fs::File::open(path)?));
    let (mut ours, mut theirs) = (open(written)?, open(right)?);
    loop {
        let (one, other) = (ours.fill_buf()?, theirs.fill_buf()?);
        let both = one.len().min(other.len());
        match (one.is_empty(), other.is_empty()) {
            (true, true) => return Ok(Like::Same),
            (true, false) => return Ok(Like::Begins),
            _ if both == 0 || one[..both] != other[..both] => return Ok(Like::Not),
            _ => {}
        }
        ours.consume(both);
        theirs.consume(both);
    }
}

/// The rows of a table's file.
fn open(path: &Path, name: &str) -> io::Result<Result<Rows<'static>, Broken>> {
    let file = fs::File::open(path)?;
    Ok(match name.rsplit_once('.') {
        Some((_, "parquet")) => Rows::parquet(file),
        Some((table, "json")) => Ok(Rows::json(file, &columns(table))),
        Some(_) | None => Rows::csv(BufReader::new(file)),
    })
}

/// The columns of a table.
fn columns(table: &str) -> Vec<String> {
    let sheet = Sheet::ALL.into_iter().find(|sheet| sheet.name() == table);
    let columns = match (sheet, table) {
        (Some(sheet), _) => sheet.columns(),
        (None, "corrections") => &corrections::COLUMNS[..],
        (None, _) => Sheet::By.columns(),
    };
    columns.iter().map(|column| (*column).to_owned()).collect()
}

/// What the chain of a folder's postings says.
fn chain_of(folder: &Path, manifest: &Manifest) -> Result<Links, Failure> {
    let Some(file) = manifest.outputs.iter().find(|file| file.file.starts_with("postings.")) else {
        return Ok(Links::None);
    };
    let place = folder.join(&file.file);
    // Parquet writes the amounts of all units with as many decimals; the chain has each unit's own.
    if file.file.ends_with(".parquet") || !place.is_file() {
        return Ok(Links::Unknown);
    }
    let rows = open(&place, &file.file).map_err(|error| Failure::file("read", &place, &error))?;
    Ok(rows.map_or(Links::Unknown, |mut rows| audit::links(&mut rows, manifest.chain.as_ref())))
}
