//! `loyal fmt`: programs in their standard shape.

use super::failure::Failure;
use super::floors;
use super::program::{bytes, find_files, shown};
use super::screen::Screen;
use super::write;
use crate::report::words::counted;
use clap::Args;
use std::path::{Path, PathBuf};

/// The arguments of `fmt`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// .loyal files, or folders of them; `-` is standard input to standard output
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Writes nothing; says which files are not in shape, and fails when one is not
    #[arg(long)]
    check: bool,
}

/// Formats files; those in shape are not touched.
pub fn fmt(screen: &Screen, arguments: &Arguments) -> Result<(), Failure> {
    let (mut changed, mut broken) = (0, false);
    for path in find_files(&arguments.paths)? {
        let before = bytes(&path).map_err(|error| Failure::file("read", &path, &error))?;
        let Some(after) = formatted(screen, &path, &before) else {
            broken = true;
            continue;
        };
        let same = after.as_bytes() == before;
        changed += u64::from(!same);
        if path == Path::new("-") && !arguments.check {
            screen.say(&after)?;
        } else if !same && arguments.check {
            screen.say(&format!("{}\n", path.display()))?;
        } else if !same {
            write::whole(screen, &path, &after)?;
            screen.note(&format!("formatted {}", path.display()));
        }
    }
    match (broken, arguments.check && changed > 0) {
        (true, _) => Err(Failure::Program(String::new())),
        (false, true) => {
            let text = format!("{} not in shape; `loyal fmt` mends it.", counted(changed, "file is", "files are"));
            Err(Failure::Program(text))
        }
        (false, false) => Ok(()),
    }
}

/// The file in shape; none when it cannot be read as the language, and then what is wrong is shown.
fn formatted(screen: &Screen, path: &Path, before: &[u8]) -> Option<String> {
    let Ok(text) = std::str::from_utf8(before) else {
        // What is no text in UTF-8 is said by whoever reads programs.
        let seen = floors::seen(path);
        screen.warn(&shown(screen, &seen.findings, &seen.sources));
        return None;
    };
    match floors::shaped(&path.to_string_lossy(), text) {
        Ok(text) => Some(text),
        Err((sources, findings)) => {
            screen.warn(&shown(screen, &findings, &sources));
            None
        }
    }
}
