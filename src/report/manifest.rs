//! `manifest.json`: by which version, of which program and of which files the outputs beside it were made, what was
//! asked, and what each of them is in short (`docs/outputs.md`, "The manifest"). So anyone who has the same files can
//! work them out again (`loyal verify`).

use super::chain;
use crate::source::brought::Brought;
use serde::{Deserialize, Serialize};

/// The name of the file, in the folder of the outputs.
pub const NAME: &str = "manifest.json";

/// The shape of the file, told apart from later ones.
pub const SHAPE: u32 = 1;

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`SHAPE`].
    pub shape: u32,
    /// The version of this tool.
    pub loyal: String,
    /// The program.
    pub program: Program,
    /// Events, members, items and the column map, as they were read; of a kept state those of all its runs.
    pub inputs: Vec<Brought>,
    /// What was asked for.
    pub asked: Asked,
    /// What was written, in the order of the names.
    pub outputs: Vec<File>,
    /// Where the chain of postings ends; none where they were not wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chain: Option<chain::End>,
}

/// The program's name and files: its own, those that it uses or replaces, and the lists, calendars and rates that it
/// names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// What it calls itself.
    pub name: String,
    /// Its files, the first first.
    pub files: Vec<File>,
}

/// A file, told apart from any other by what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its name, without the folders of the machine it lay on.
    pub file: String,
    /// How many bytes.
    pub bytes: u64,
    /// Their BLAKE3 hash, as `b3sum` prints it.
    pub blake3: String,
}

impl File {
    /// A file of these bytes.
    pub fn of(name: &str, bytes: &[u8]) -> Self {
        let blake3 = blake3::hash(bytes).to_hex().to_string();
        Self { file: name.to_owned(), bytes: bytes.len() as u64, blake3 }
    }

    /// Whether there is the same in it.
    pub fn says_the_same(&self, other: &Self) -> bool {
        (self.bytes, &self.blake3) == (other.bytes, &other.blake3)
    }
}

/// What a run was asked for: what decides what its tables hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The moments, as they were written.
    pub as_of: Vec<String>,
    /// The tables, by name.
    pub tables: Vec<String>,
    /// `csv`, `json` or `parquet`.
    pub format: String,
    /// By what figures are told apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Whether rows with mistakes were set aside.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub skip_bad: bool,
    /// Whether the run went on from a kept state: `corrections` are of it alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub state: bool,
    /// By which key names were replaced: its mark, from which the key cannot be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pseudonyms: Option<String>,
}

/// Why a manifest cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// It is no manifest, or was cut short.
    Damaged(String),
    /// Another version wrote it, in this shape.
    Other(u32),
}

impl Manifest {
    /// Reads the text of a manifest.
    ///
    /// # Errors
    /// That it is none, or one of another version.
    pub fn read(text: &[u8]) -> Result<Self, Unread> {
        let value: serde_json::Value = serde_json::from_slice(text).map_err(|why| Unread::Damaged(why.to_string()))?;
        match value.get("shape").and_then(serde_json::Value::as_u64) {
            Some(shape) if shape == u64::from(SHAPE) => {
                serde_json::from_value(value).map_err(|why| Unread::Damaged(why.to_string()))
            }
            Some(shape) => Err(Unread::Other(u32::try_from(shape).unwrap_or(u32::MAX))),
            None => Err(Unread::Damaged("it says no shape".to_owned())),
        }
    }

    /// Its text.
    pub fn text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("texts, numbers and lists always serialize");
        text.push('\n');
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::brought::Held;

    fn manifest() -> Manifest {
        let file = File::of("program.loyal", b"program \"x\"");
        let held = Some(Held { bytes: file.bytes, blake3: file.blake3.clone() });
        let input = |held| Brought { what: "events".to_owned(), file: "events.csv".to_owned(), held };
        Manifest {
            shape: SHAPE,
            loyal: "0.0.0".to_owned(),
            program: Program { name: "x".to_owned(), files: vec![file.clone()] },
            inputs: vec![input(held), input(None)],
            asked: Asked { as_of: vec!["2026-01-31".to_owned()], ..Asked::default() },
            outputs: vec![file],
            chain: Some(chain::Chain::default().end()),
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        assert_eq!(Manifest::read(manifest().text().as_bytes()), Ok(manifest()));
    }

    #[test]
    fn another_shape_and_no_manifest_are_told_apart() {
        let other = manifest().text().replace("\"shape\": 1", "\"shape\": 7");
        assert_eq!(Manifest::read(other.as_bytes()), Err(Unread::Other(7)));
        for text in ["", "{}", "[]", "{\"shape\": 1}", "{\"shape\": \"1\"}"] {
            assert!(matches!(Manifest::read(text.as_bytes()), Err(Unread::Damaged(_))), "{text}");
        }
    }
}
