//! Saved pairs: folders with `program.loyal`, `events.csv`, `as_of.txt` and perhaps `members.csv`, `items.csv`.

use crate::history::Chronicle;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of saved pairs.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/equal/cases")
}

/// A saved pair.
pub struct Case {
    pub name: String,
    pub program: String,
    pub chronicle: Chronicle,
}

/// All saved pairs, by name.
pub fn all() -> Vec<Case> {
    let Ok(entries) = fs::read_dir(folder()) else { return Vec::new() };
    let mut folders: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    folders.sort();
    folders.iter().filter_map(|folder| one(folder)).collect()
}

/// The pair in a folder.
pub fn one(folder: &Path) -> Option<Case> {
    let file = |name: &str| fs::read_to_string(folder.join(name)).ok();
    let program = file("program.loyal")?;
    let name = folder.file_name()?.to_string_lossy().into_owned();
    Some(Case { name, program, chronicle: Chronicle::parse(&file) })
}

/// Writes a pair.
pub fn save(folder: &Path, program: &str, chronicle: &Chronicle) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("program.loyal"), program)?;
    chronicle.files().into_iter().try_for_each(|(name, text)| fs::write(folder.join(name), text))
}
