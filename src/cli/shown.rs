//! How a simulation is shown: on the terminal or as JSON, and beside that as a page and a workbook.

use super::failure::Failure;
use super::screen::Screen;
use super::write::Batch;
use crate::report::study::{self, Language};
use crate::report::terminal::Paint;
use crate::simulate::study::Study;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// The arguments that say how; flattened into those of `simulate`.
#[derive(Debug, Args)]
pub struct Shown {
    /// Writes the report as one page for a browser
    #[arg(long, value_name = "FILE.html")]
    report: Option<PathBuf>,
    /// Writes the figures as a workbook
    #[arg(long, value_name = "FILE.xlsx")]
    xlsx: Option<PathBuf>,
    /// Shape of what is printed
    #[arg(long, value_enum, default_value_t = Shape::Text)]
    format: Shape,
    /// Language of the report
    #[arg(long, value_enum, default_value_t = Lang::En)]
    lang: Lang,
}

/// Shapes of what is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shape {
    /// For reading
    Text,
    /// JSON
    Json,
}

/// Languages, by their codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// English
    En,
    /// Romanian
    Ro,
    /// Hebrew
    He,
    /// Arabic
    Ar,
}

impl Lang {
    /// As reports know it.
    pub fn language(self) -> Language {
        match self {
            Lang::En => Language::English,
            Lang::Ro => Language::Romanian,
            Lang::He => Language::Hebrew,
            Lang::Ar => Language::Arabic,
        }
    }
}

/// A report in the shapes that people read.
pub trait Report {
    /// For the terminal.
    fn terminal(&self, language: Language, paint: Paint) -> String;
    /// As data.
    ///
    /// # Errors
    /// What the writer of JSON refuses.
    fn json(&self) -> Result<String, String>;
    /// As a page for a browser.
    fn html(&self, language: Language) -> String;
    /// As a workbook.
    ///
    /// # Errors
    /// What the workbook's writer refuses.
    fn workbook(&self, language: Language) -> Result<Vec<u8>, String>;
}

impl Report for Study {
    fn terminal(&self, language: Language, paint: Paint) -> String {
        study::terminal(&self.told_apart(), language, paint)
    }

    fn json(&self) -> Result<String, String> {
        study::json(self)
    }

    fn html(&self, language: Language) -> String {
        study::html(&self.told_apart(), language)
    }

    fn workbook(&self, language: Language) -> Result<Vec<u8>, String> {
        study::workbook(&self.told_apart(), language)
    }
}

/// Writes what was asked for, whole or not at all, and prints the rest.
pub fn show(screen: &Screen, report: &impl Report, shown: &Shown) -> Result<(), Failure> {
    let mut batch = Batch::default();
    let language = shown.lang.language();
    if let Some(place) = &shown.report {
        let page = report.html(language);
        batch.file(place, Box::new(move |out| out.write_all(page.as_bytes())))?;
    }
    if let Some(place) = &shown.xlsx {
        let refused = |why: String| Failure::Data(format!("{}: cannot be written: {why}", place.display()));
        let book = report.workbook(language).map_err(refused)?;
        batch.file(place, Box::new(move |out| out.write_all(&book)))?;
    }
    batch.commit(screen)?;
    match shown.format {
        Shape::Text => screen.say(&report.terminal(language, screen.paint())),
        Shape::Json => screen.say(&report.json().map_err(Failure::Data)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Color;
    use crate::simulate::study::StudyKind;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        shown: Shown,
    }

    fn study() -> Study {
        let day = jiff::civil::date(2026, 1, 1);
        Study {
            kind: StudyKind::Replay,
            money: "RON".to_owned(),
            decimals: 2,
            from: day,
            until: day,
            members: 1,
            worlds: 0,
            seed: 1,
            arms: Vec::new(),
            beside: Vec::new(),
            assumptions: Vec::new(),
            cautions: Vec::new(),
        }
    }

    #[test]
    fn both_files_are_written_in_the_language_asked_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = |name: &str| folder.path().join(name);
        let line = ["simulate", "--lang", "he", "--format", "json", "--report"].map(str::to_owned);
        let files = [place("r.html").display().to_string(), "--xlsx".into(), place("r.xlsx").display().to_string()];
        let line = Line::try_parse_from(line.into_iter().chain(files)).expect("arguments");
        show(&Screen::new(Color::Never, true), &study(), &line.shown).expect("written");
        let page = std::fs::read_to_string(place("r.html")).expect("the page");
        assert!(page.contains("<html lang=\"he\" dir=\"rtl\">"));
        assert!(std::fs::read(place("r.xlsx")).expect("the workbook").starts_with(b"PK"));
    }

    #[test]
    fn nothing_is_written_where_a_folder_stands() {
        let folder = tempfile::tempdir().expect("a folder");
        let (page, taken) = (folder.path().join("r.html"), folder.path().join("taken"));
        std::fs::create_dir(&taken).expect("a folder");
        let line = ["simulate".into(), "--report".into(), page.display().to_string(), "--xlsx".into()];
        let line = line.into_iter().chain([taken.display().to_string()]);
        let line = Line::try_parse_from(line).expect("arguments");
        assert!(show(&Screen::new(Color::Never, true), &study(), &line.shown).is_err());
        assert!(!page.exists());
    }
}
