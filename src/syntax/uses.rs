//! `use "path.loyal"`: the files of a program, each loaded once, all inside the folder of the first; and
//! `replaces "old.loyal"`: the program that came before it, and the one before that.

use super::ast::{Ast, File, Item, TokenKind, Use, Word};
use super::decode::decode;
use super::mistake::{ALL_LIMIT, FILE_LIMIT, FILES_LIMIT, Files as Mistake, Tell, VERSIONS_LIMIT};
use super::parse::{Files, read_text};
use crate::text::{Sources, Span};
use std::collections::BTreeMap;

/// A file on the way from the first one to where the loader is.
struct Step {
    /// Its path, as it is asked for.
    path: String,
    /// Its `use` lines, the next one last.
    uses: Vec<Use>,
    /// The `use` that brought it in.
    from: Option<Span>,
}

struct Loader<'f> {
    sources: &'f mut Sources,
    files: &'f dyn Files,
    tell: &'f mut Tell,
    ast: Ast,
    /// The files seen, by path: whether the loader is inside of it.
    seen: BTreeMap<String, bool>,
    /// The folder of the first file, with its slash.
    root: String,
}

/// Reads the file at `path` and all it uses, and the programs that it replaces, one after the other.
pub(super) fn read_all(sources: &mut Sources, files: &dyn Files, path: &str, tell: &mut Tell) -> Ast {
    let root = folder(path).to_owned();
    // The programs so far, the youngest first, each with its path and the `replaces` that names it.
    let mut versions: Vec<Ast> = Vec::new();
    let mut known: Vec<(String, Option<Span>)> = vec![(path.to_owned(), None)];
    while let Some((path, place)) = known.last().cloned() {
        let mut loader =
            Loader { sources, files, tell, ast: Ast::default(), seen: BTreeMap::new(), root: root.clone() };
        let ast = loader.read_program(&path, place);
        let next = replaced(&ast).and_then(|old| loader.older(&path, &old, &known).map(|path| (path, Some(old.span))));
        versions.push(ast);
        if versions.len() >= VERSIONS_LIMIT {
            if let Some((_, Some(place))) = next {
                loader.tell.say(Mistake::TooManyVersions { place });
            }
            break;
        }
        match next {
            Some(next) => known.push(next),
            None => break,
        }
    }
    let older = |younger: Option<Box<Ast>>, ast: Ast| Some(Box::new(Ast { replaced: younger, ..ast }));
    versions.into_iter().rev().fold(None, older).map_or_else(Ast::default, |ast| *ast)
}

/// Reads the file at `path` and all it uses.
pub(super) fn read_one(sources: &mut Sources, files: &dyn Files, path: &str, tell: &mut Tell) -> Ast {
    let root = folder(path).to_owned();
    Loader { sources, files, tell, ast: Ast::default(), seen: BTreeMap::new(), root }.read_program(path, None)
}

/// The path that a program's `replaces` names.
fn replaced(ast: &Ast) -> Option<Word> {
    let program = ast.blocks().find(|block| block.keyword.text == "program")?;
    let clause = program.clauses.iter().find(|clause| clause.keyword.text == "replaces" && !clause.broken)?;
    let text = clause.tokens.iter().find(|token| token.kind == TokenKind::Text)?;
    Some(Word { text: text.text.trim_matches('"').to_owned(), span: text.span })
}

impl Loader<'_> {
    /// Reads one program. The way through its files is kept in a list, not on the stack.
    fn read_program(&mut self, path: &str, replaces: Option<Span>) -> Ast {
        let first = self.load(path, replaces, None);
        let mut way: Vec<Step> = first.into_iter().collect();
        while let Some(step) = way.last_mut() {
            let (from, here) = (step.from, step.path.clone());
            match step.uses.pop() {
                Some(line) => {
                    if let Some(next) = self.follow(&line, &here, from, &way) {
                        way.push(next);
                    }
                }
                None => {
                    self.seen.insert(here, false);
                    way.pop();
                }
            }
        }
        std::mem::take(&mut self.ast)
    }

    /// The path of the program that `replaces` names in the file `here`, when it can be looked for.
    fn older(&mut self, here: &str, old: &Word, known: &[(String, Option<Span>)]) -> Option<String> {
        let (place, written) = (old.span, old.text.clone());
        let path = self.named(here, old, "replaces").map_err(|mistake| self.tell.say(mistake)).ok()?;
        if let Some(at) = known.iter().position(|(known, _)| *known == path) {
            let way = known[at + 1..].iter().filter_map(|(_, place)| *place).collect();
            self.tell.say(Mistake::ReplacesCycle { place, path: written, way });
            return None;
        }
        Some(path)
    }

    /// The file that a `use` in the file `here` names, when it is to be read now.
    fn follow(&mut self, line: &Use, here: &str, from: Option<Span>, way: &[Step]) -> Option<Step> {
        let written = &line.path;
        let place = written.span;
        let path = self.named(here, written, "use").map_err(|mistake| self.lose(mistake)).ok()?;
        match self.seen.get(&path) {
            Some(true) => {
                // The `use` lines that led from that file to here.
                let start = way.iter().position(|step| step.path == path).map_or(0, |at| at + 1);
                let way = way.get(start..).unwrap_or(&[]).iter().filter_map(|step| step.from).collect();
                self.tell.say(Mistake::Cycle { place, path: written.text.clone(), way });
                None
            }
            Some(false) => None,
            None if self.seen.len() >= FILES_LIMIT => {
                self.lose(Mistake::TooMany { place });
                None
            }
            None => self.load(&path, Some(place), from),
        }
    }

    fn lose(&mut self, mistake: Mistake) {
        self.tell.say(mistake);
        self.ast.lost = true;
    }

    /// The path of a file that a line beginning with `word` names in the file `here`.
    fn named(&self, here: &str, written: &Word, word: &'static str) -> Result<String, Mistake> {
        let (place, path) = (written.span, written.text.clone());
        if path.contains('\\') {
            return Err(Mistake::Backslash { place, path, word });
        }
        self.inside(here, &written.text).ok_or(Mistake::Outside { place, path })
    }

    /// The path of a file named in the file `here`, without `.` and `..`; nothing when it leaves the folder.
    fn inside(&self, here: &str, written: &str) -> Option<String> {
        let drive = written.chars().nth(1) == Some(':');
        let within = folder(here).strip_prefix(self.root.as_str())?;
        if written.starts_with('/') || drive || written.contains('\0') {
            return None;
        }
        let mut parts: Vec<&str> = Vec::new();
        for part in within.split('/').chain(written.split('/')) {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                part => parts.push(part),
            }
        }
        (!parts.is_empty()).then(|| format!("{}{}", self.root, parts.join("/")))
    }

    /// Reads one file; `place` is the `use` that names it.
    fn load(&mut self, path: &str, place: Option<Span>, from: Option<Span>) -> Option<Step> {
        self.seen.insert(path.to_owned(), true);
        let read = match self.files.read(path) {
            Ok(bytes) if bytes.len() > FILE_LIMIT => self.too_large(path, place),
            Ok(bytes) if self.has() + bytes.len() > ALL_LIMIT => {
                self.lose(Mistake::TooMuch { place: place.unwrap_or_else(|| Span::new(0, 0, 0)) });
                // Told once, however often it is used.
                self.seen.insert(path.to_owned(), false);
                return None;
            }
            Ok(bytes) => self.read(path, &bytes),
            Err(reason) => {
                let used = place.is_some();
                let place = place.unwrap_or_else(|| Span::new(self.sources.add(path, ""), 0, 0));
                self.lose(Mistake::Unreadable { place, path: path.to_owned(), reason, used, from });
                self.seen.remove(path);
                return None;
            }
        };
        let uses = read.items.iter().rev().filter_map(|item| match item {
            Item::Use(line) => Some(line.clone()),
            Item::Block(_) => None,
        });
        let step = Step { path: path.to_owned(), uses: uses.collect(), from: place };
        self.ast.files.push(read);
        Some(step)
    }

    /// How many bytes were read so far.
    fn has(&self) -> usize {
        self.sources.all().iter().map(|source| source.text.len()).sum()
    }

    fn too_large(&mut self, path: &str, place: Option<Span>) -> File {
        let file = self.sources.add(path, "");
        let place = place.unwrap_or_else(|| Span::new(file, 0, 0));
        self.lose(Mistake::TooLarge { place, path: path.to_owned() });
        File { file, ..File::default() }
    }

    fn read(&mut self, path: &str, bytes: &[u8]) -> File {
        let number = u32::try_from(self.sources.all().len()).unwrap_or(u32::MAX);
        let (text, mistake) = decode(bytes, number);
        if let Some(mistake) = mistake {
            let file = self.sources.add(path, text);
            self.lose(mistake);
            return File { file, ..File::default() };
        }
        let read = read_text(self.sources, path, &text, self.tell);
        self.ast.lost |= read.lost;
        read.file
    }
}

/// The folder of a path, with its slash; empty when it has none.
fn folder(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..=at])
}
