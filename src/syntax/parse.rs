//! From files to the tree.

use super::ast::{Ast, File};
use super::blocks::{Read, read};
use super::mistake::{FILE_LIMIT, Files as Mistake, Tell};
use super::uses;
use crate::diag::Finding;
use crate::text::{Sources, Span};
use crate::value::nfc;

/// Where the files of a program come from: the core reads nothing by itself.
pub trait Files {
    /// The bytes of the file at `path`, or why it cannot be read, in a few words.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;
}

/// What the first stage makes of a program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parsed {
    /// The tree: whole where the text is right, with broken parts marked where it is not.
    pub ast: Ast,
    /// What is wrong, in the order of the places.
    pub findings: Vec<Finding>,
}

/// Reads the program at `path`, with the files it uses and the program it replaces.
pub fn parse(sources: &mut Sources, files: &dyn Files, path: &str) -> Parsed {
    let mut tell = Tell::default();
    let ast = uses::read_all(sources, files, path, &mut tell);
    Parsed { ast, findings: tell.done() }
}

/// Reads the program at `path` with the files it uses, and none that it replaces.
pub fn parse_alone(sources: &mut Sources, files: &dyn Files, path: &str) -> Parsed {
    let mut tell = Tell::default();
    let ast = uses::read_one(sources, files, path, &mut tell);
    Parsed { ast, findings: tell.done() }
}

/// Reads a single text; the files it uses are not looked for.
///
/// ```
/// use loyal::{syntax::parse_text, text::Sources};
/// let mut sources = Sources::default();
/// let parsed = parse_text(&mut sources, "a.loyal", "loyal 1\n\npromise { every level reachable }\n");
/// assert!(parsed.findings.is_empty());
/// assert_eq!(parsed.ast.blocks().count(), 1);
/// ```
pub fn parse_text(sources: &mut Sources, path: &str, text: &str) -> Parsed {
    let mut tell = Tell::default();
    let read = read_text(sources, path, text, &mut tell);
    Parsed { ast: Ast { files: vec![read.file], lost: read.lost, replaced: None }, findings: tell.done() }
}

/// Adds a text to the sources, in Normalization Form C, and reads it.
pub(super) fn read_text(sources: &mut Sources, path: &str, text: &str, tell: &mut Tell) -> Read {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if text.len() > FILE_LIMIT {
        let file = sources.add(path, "");
        let place = Span::new(file, 0, 0);
        tell.say(Mistake::TooLarge { place, path: path.to_owned() });
        return Read { file: File { file, ..File::default() }, lost: true };
    }
    let text = nfc(text);
    let file = sources.add(path, text.as_ref());
    read(&text, file, tell)
}
