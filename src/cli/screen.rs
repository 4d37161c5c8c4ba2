//! Standard output and standard error: what is asked for goes to the first, notes to the second.

use super::Color;
use super::failure::Failure;
use crate::diag::plain;
use crate::report::terminal::Paint;
use std::io::{self, ErrorKind, IsTerminal, Read, Write};
use std::path::Path;

/// Where a command speaks.
#[derive(Debug, Clone, Copy)]
pub struct Screen {
    color: Color,
    quiet: bool,
}

impl Screen {
    /// A screen that colours when it may and is quiet when asked.
    pub fn new(color: Color, quiet: bool) -> Self {
        Self { color, quiet }
    }

    /// The same screen that says only what is wrong: for steps that are the same over and over.
    pub fn hushed(self) -> Self {
        Self { quiet: true, ..self }
    }

    /// Whether only what is wrong is to be said.
    pub fn quiet(&self) -> bool {
        self.quiet
    }

    /// The colours of standard output.
    pub fn paint(&self) -> Paint {
        Paint { on: self.colours(io::stdout().is_terminal()) }
    }

    /// The colours of standard error.
    pub fn paint_notes(&self) -> Paint {
        Paint { on: self.colours(io::stderr().is_terminal()) }
    }

    /// Whether standard error is a terminal that someone watches.
    pub fn watched(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    fn colours(&self, terminal: bool) -> bool {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let able = std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && wanted && able,
        }
    }

    /// The width of a message in columns: the terminal's as its shell says it, between 60 and 120.
    pub fn width(&self) -> usize {
        let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        columns.unwrap_or(100).clamp(60, 120)
    }

    /// Writes to standard output. A reader that has closed the pipe wants no more: that is no error.
    pub fn say(&self, text: &str) -> Result<(), Failure> {
        self.pour(&mut text.as_bytes())
    }

    /// The same of what is too long for memory.
    pub fn pour(&self, from: &mut dyn Read) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        match io::copy(from, &mut out).and_then(|_| out.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(Failure::writing(Path::new("standard output"), &error))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Writes a note to standard error, unless quiet.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.warn(&plain(text));
        }
    }

    /// Writes to standard error, quiet or not. Nobody can be told that this failed.
    pub fn warn(&self, text: &str) {
        let mut line = text.trim_end().to_string();
        line.push('\n');
        let _ = io::stderr().lock().write_all(line.as_bytes());
    }

    /// Says why a command failed.
    pub fn wrong(&self, failure: &Failure) {
        let text = failure.to_string();
        if !text.is_empty() {
            let paint = self.paint_notes();
            self.warn(&format!("{} {}", paint.bad("loyal:"), plain(&text)));
        }
    }
}
