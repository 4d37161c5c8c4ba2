//! The library of programs (`programs/`): every clause of the language is used by one of them, and a number that
//! somebody changes in one does not go unnoticed.

mod mutations;
mod table;

use loyal::syntax::ast::Ast;
use loyal::syntax::parse_text;
use loyal::text::Sources;
use std::path::{Path, PathBuf};

/// A program of the library.
struct Listed {
    /// The name of its folder.
    name: String,
    folder: PathBuf,
    text: String,
    ast: Ast,
    sources: Sources,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All of them, by name.
fn library() -> Vec<Listed> {
    let folders = std::fs::read_dir(root().join("programs")).expect("the programs folder");
    let mut folders: Vec<PathBuf> = folders
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.join("program.loyal").is_file())
        .collect();
    folders.sort();
    let listed = |folder: PathBuf| {
        let text = std::fs::read_to_string(folder.join("program.loyal")).expect("a program of the library");
        let mut sources = Sources::default();
        let ast = parse_text(&mut sources, "program.loyal", &text).ast;
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        Listed { name, folder, text, ast, sources }
    };
    folders.into_iter().map(listed).collect()
}
