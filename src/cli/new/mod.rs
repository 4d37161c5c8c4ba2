//! `loyal new`: a folder with a program to begin from, a small history and what it comes to.

use super::failure::Failure;
use super::screen::Screen;
use super::write::Batch;
use clap::{Args, ValueEnum};
use std::fs;
use std::path::{Path, PathBuf};

/// The arguments of `new`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The folder to make
    #[arg(value_name = "NAME")]
    name: PathBuf,
    /// What kind of program to begin from
    #[arg(long, value_enum, default_value_t = Like::Points)]
    like: Like,
    /// The language of its names and comments
    #[arg(long, value_enum, default_value_t = Lang::En)]
    lang: Lang,
}

/// Kinds of program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Like {
    /// Points for what is bought, and a reward to spend them on
    Points,
    /// A punch card: nine coffees, the tenth is free
    Coffee,
    /// Levels that earn faster
    Tiers,
    /// Money back, more on some categories
    Cashback,
}

/// Languages of the names and comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Lang {
    /// English
    En,
    /// Hebrew
    He,
    /// Arabic
    Ar,
    /// Romanian
    Ro,
}

/// The files of a folder to begin from.
#[derive(Debug, Clone, Copy)]
struct Template {
    program: &'static str,
    events: &'static str,
    expected: &'static str,
}

/// The template that lies in a folder beside this file.
macro_rules! template {
    ($folder:literal) => {
        Template {
            program: include_str!(concat!($folder, "/program.loyal")),
            events: include_str!(concat!($folder, "/events.csv")),
            expected: include_str!(concat!($folder, "/expected.csv")),
        }
    };
}

fn template(like: Like, lang: Lang) -> Template {
    match (like, lang) {
        (Like::Points, Lang::En) => template!("points/en"),
        (Like::Points, Lang::He) => template!("points/he"),
        (Like::Points, Lang::Ar) => template!("points/ar"),
        (Like::Points, Lang::Ro) => template!("points/ro"),
        (Like::Coffee, Lang::En) => template!("coffee/en"),
        (Like::Coffee, Lang::He) => template!("coffee/he"),
        (Like::Coffee, Lang::Ar) => template!("coffee/ar"),
        (Like::Coffee, Lang::Ro) => template!("coffee/ro"),
        (Like::Tiers, Lang::En) => template!("tiers/en"),
        (Like::Tiers, Lang::He) => template!("tiers/he"),
        (Like::Tiers, Lang::Ar) => template!("tiers/ar"),
        (Like::Tiers, Lang::Ro) => template!("tiers/ro"),
        (Like::Cashback, Lang::En) => template!("cashback/en"),
        (Like::Cashback, Lang::He) => template!("cashback/he"),
        (Like::Cashback, Lang::Ar) => template!("cashback/ar"),
        (Like::Cashback, Lang::Ro) => template!("cashback/ro"),
    }
}

/// Makes the folder; one that holds something already is left alone.
pub fn new(screen: &Screen, arguments: &Arguments) -> Result<(), Failure> {
    let name = &arguments.name;
    is_free(name)?;
    let template = template(arguments.like, arguments.lang);
    let mut batch = Batch::default();
    let folder = batch.folder(name)?;
    let files =
        [("program.loyal", template.program), ("events.csv", template.events), ("expected.csv", template.expected)];
    for (file, text) in files {
        batch.file_in(folder, file, Box::new(|out| out.write_all(text.as_bytes())))?;
    }
    batch.commit(screen)?;
    if screen.quiet() {
        return Ok(());
    }
    let name = shell_word(name);
    screen.say(&format!(
        "Made {name}: program.loyal, events.csv and expected.csv. Next:\n\n  \
         loyal check {name}\n  loyal test {name}\n  loyal run {name}\n"
    ))
}

/// A folder that does not exist, or is empty.
fn is_free(name: &Path) -> Result<(), Failure> {
    match fs::read_dir(name) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => {
                Err(Failure::Command(format!("{}: this folder is not empty; nothing was written", name.display())))
            }
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory && name.exists() => {
            Err(Failure::Command(format!("{}: a file of this name stands there", name.display())))
        }
        Err(error) => Err(Failure::file("look into it", name, &error)),
    }
}

/// A path as it is typed: in quotes when it holds a blank.
fn shell_word(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |letter: char| letter.is_alphanumeric() || "/._-\\:".contains(letter);
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}
