//! `loyal check`: what is wrong with programs before anything runs.

use super::failure::Failure;
use super::program::{find_all, folder_of, open};
use super::screen::Screen;
use super::side;
use crate::diag::{self, Finding, TextOptions};
use crate::text::{Sources, Span};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

/// The arguments of `check`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Programs: .loyal files, or folders with programs in them; `-` is standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How the findings are shown
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How findings are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// With a picture of each line
    Text,
    /// A list, for programs
    Json,
    /// For code scanning
    Sarif,
    /// Workflow commands, for GitHub's build servers
    Github,
}

/// Checks programs and shows what was found; an error in any of them is the exit code's.
pub fn check(screen: &Screen, arguments: &Arguments) -> Result<(), Failure> {
    let paths = find_all(&arguments.paths)?;
    let mut sources = Sources::default();
    let mut findings = Vec::new();
    for path in &paths {
        let mut opened = open(path)?;
        if let Some(program) = opened.program.as_ref().filter(|_| path.as_path() != Path::new("-")) {
            let folder = folder_of(path);
            opened.findings.extend(side::wrong_files(program, &opened.sources, &folder));
            opened.findings.extend(side::late_rates(program, &opened.sources, &folder));
            opened.findings = diag::sorted(opened.findings);
        }
        add(&mut sources, &mut findings, &opened.sources, opened.findings);
    }
    let wrong = diag::has_error(&findings);
    let text = match arguments.format {
        Format::Text if findings.is_empty() && screen.quiet() => String::new(),
        Format::Text if findings.is_empty() => match paths.as_slice() {
            [one] => format!("{}: nothing is wrong.\n", one.display()),
            several => format!("{} programs: nothing is wrong.\n", several.len()),
        },
        Format::Text => {
            let options = TextOptions { color: screen.paint().on, width: screen.width(), ..TextOptions::default() };
            diag::render_text(&findings, &sources, &options)
        }
        Format::Json => diag::to_json(&findings, &sources),
        Format::Sarif => diag::to_sarif(&findings, &sources),
        Format::Github => diag::to_github(&findings, &sources),
    };
    screen.say(&text)?;
    if wrong { Err(Failure::Program(String::new())) } else { Ok(()) }
}

/// Adds the findings of one program to those of all: its files get the next numbers.
fn add(sources: &mut Sources, findings: &mut Vec<Finding>, of: &Sources, found: Vec<Finding>) {
    let first = u32::try_from(sources.all().len()).unwrap_or(u32::MAX);
    for source in of.all() {
        sources.add(source.path.clone(), source.text.clone());
    }
    let moved = |span: Span| Span { file: span.file + first, ..span };
    findings.extend(found.into_iter().map(|finding| Finding {
        place: moved(finding.place),
        related: finding.related.into_iter().map(|(span, label)| (moved(span), label)).collect(),
        ..finding
    }));
}
