//! Several files in one input, as a person reads and writes them.
//!
//! What stands before the first line `=== NAME` is the file that a target is about; behind such a line stands the
//! file of that name. An input without one is a single file.

use loyal::syntax::Files;
use std::collections::BTreeMap;

/// What begins the line above a file.
const MARK: &[u8] = b"=== ";

/// The files of one input, by name.
#[derive(Debug, Clone, Default)]
pub struct Bundle(BTreeMap<String, Vec<u8>>);

impl Bundle {
    /// Takes an input apart; its first file is `first`. Of two files of one name the last stands.
    pub fn of(first: &str, data: &[u8]) -> Self {
        let mut files = BTreeMap::new();
        let (mut name, mut file) = (first.to_owned(), Vec::new());
        for line in data.split_inclusive(|byte| *byte == b'\n') {
            match line.strip_prefix(MARK) {
                Some(next) => {
                    files.insert(std::mem::take(&mut name), std::mem::take(&mut file));
                    name = String::from_utf8_lossy(next).trim().to_owned();
                }
                None => file.extend_from_slice(line),
            }
        }
        files.insert(name, file);
        Self(files)
    }

    /// Puts a file in.
    pub fn put(&mut self, name: &str, bytes: &[u8]) {
        self.0.insert(name.to_owned(), bytes.to_vec());
    }

    /// A file's bytes.
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.0.get(name).map(Vec::as_slice)
    }

    /// A file that is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.bytes(name)?).ok()
    }
}

impl Files for Bundle {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.0.get(path).cloned().ok_or_else(|| "there is no such file".to_owned())
    }
}
