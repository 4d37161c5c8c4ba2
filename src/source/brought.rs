//! Which file was read, told apart from any other by what is in it.

use serde::{Deserialize, Serialize};

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brought {
    /// What it was read as: `events`, `members`, `items` or `columns`.
    pub what: String,
    /// Its name, without the folders of the machine it lay on.
    pub file: String,
    /// What is in it; none: it came through a pipe, and is no more.
    #[serde(flatten)]
    pub held: Option<Held>,
}

/// What is in a file, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// How many bytes.
    pub bytes: u64,
    /// Their BLAKE3 hash, as `b3sum` prints it.
    pub blake3: String,
}

impl Brought {
    /// Whether it is the same file, under whatever name; one that came through a pipe is by its name alone.
    pub fn is(&self, other: &Self) -> bool {
        self.what == other.what && self.held == other.held && (self.held.is_some() || self.file == other.file)
    }
}

/// Adds files to those that were read before, each once.
pub fn add(all: &mut Vec<Brought>, more: impl IntoIterator<Item = Brought>) {
    for one in more {
        if !all.iter().any(|before| before.is(&one)) {
            all.push(one);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_given_again_is_one() {
        let held = |text: &str| Some(Held { bytes: 3, blake3: text.to_owned() });
        let file = |name: &str, held| Brought { what: "events".to_owned(), file: name.to_owned(), held };
        let mut all = Vec::new();
        add(&mut all, [file("a.csv", held("1")), file("b.csv", held("1")), file("a.csv", held("2"))]);
        add(&mut all, [file("-", None), file("-", None), file("a.csv", held("1"))]);
        assert_eq!(all.iter().map(|one| one.file.as_str()).collect::<Vec<_>>(), ["a.csv", "a.csv", "-"]);
    }
}
