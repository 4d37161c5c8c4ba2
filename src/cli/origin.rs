//! What a run is made of: the program's files and those of the history, each told by its hash.

use super::data::Which;
use super::failure::Failure;
use super::program::Ready;
use super::side;
use crate::report::manifest::{File, Program};
use crate::source::brought::{Brought, Held};
use std::fs;
use std::io;
use std::path::Path;

/// The program and its files.
///
/// # Errors
/// That a file can no longer be read.
pub fn program(ready: &Ready) -> Result<Program, Failure> {
    let folder = ready.folder();
    let name = |path: &Path| path.strip_prefix(&folder).unwrap_or(path).to_string_lossy().into_owned();
    let mut files = Vec::new();
    for source in ready.sources.all() {
        files.push(match source.path.as_str() {
            // What came through standard input is there as it was read.
            "-" => File::of("-", source.text.as_bytes()),
            path => hashed(Path::new(path), &name(Path::new(path)))?,
        });
    }
    for path in side::files(&ready.program, &folder) {
        files.push(hashed(&path, &name(&path))?);
    }
    Ok(Program { name: ready.program.settings.name.text.clone(), files })
}

/// The files of a history, in the order in which they are read.
///
/// # Errors
/// That a file can no longer be read.
pub fn inputs(which: &Which) -> Result<Vec<Brought>, Failure> {
    let map = which.map().map(Path::to_path_buf);
    let columns: Vec<_> = map.into_iter().collect();
    let kinds =
        [("events", &which.events), ("members", &which.members), ("items", &which.items), ("columns", &columns)];
    let mut inputs = Vec::new();
    for (what, paths) in kinds {
        for path in paths {
            let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
            let held = if path.is_file() {
                let File { bytes, blake3, .. } = hashed(path, &file)?;
                Some(Held { bytes, blake3 })
            } else {
                None
            };
            inputs.push(Brought { what: what.to_owned(), file, held });
        }
    }
    Ok(inputs)
}

/// A file of the disk, in short.
///
/// # Errors
/// What the system says.
pub fn hashed(path: &Path, name: &str) -> Result<File, Failure> {
    let read = || -> io::Result<File> {
        let mut hasher = blake3::Hasher::new();
        let bytes = io::copy(&mut fs::File::open(path)?, &mut hasher)?;
        Ok(File { file: name.to_owned(), bytes, blake3: hasher.finalize().to_hex().to_string() })
    };
    read().map_err(|error| Failure::file("read", path, &error))
}
