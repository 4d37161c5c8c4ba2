//! A bar with rows, rate and time left, for those who watch a terminal.

use super::screen::Screen;
use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;
use std::time::{Duration, Instant};

/// The progress of one command.
#[derive(Debug, Clone)]
pub struct Progress {
    bar: ProgressBar,
    rows: Rc<Cell<u64>>,
    begun: Instant,
}

impl Progress {
    /// Of reading so many bytes; hidden when nobody watches. None: nobody knows how many.
    pub fn reading(screen: &Screen, bytes: Option<u64>) -> Self {
        let bar = match (screen.watched(), bytes) {
            (false, _) => ProgressBar::hidden(),
            (true, None) => ProgressBar::new_spinner(),
            (true, Some(bytes)) => ProgressBar::new(bytes),
        };
        let style = match bytes {
            Some(_) => "reading {bar:24.cyan} {msg}, {eta} left",
            None => "reading {spinner} {msg}",
        };
        Self { bar: styled(bar, style), rows: Rc::new(Cell::new(0)), begun: Instant::now() }
    }

    /// Of running so many events: a turning mark, for nobody knows how long each takes.
    pub fn running(screen: &Screen, events: usize) -> Self {
        let bar = if screen.watched() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        let bar = styled(bar, "running {spinner} {msg} ({elapsed})");
        bar.set_message(format!("{} events", HumanCount(u64::try_from(events).unwrap_or(u64::MAX))));
        if screen.watched() {
            bar.enable_steady_tick(Duration::from_millis(120));
        }
        Self { bar, rows: Rc::new(Cell::new(0)), begun: Instant::now() }
    }

    /// A source whose rows and bytes are counted as they are read.
    pub fn watch<R: Read>(&self, source: R) -> Watched<R> {
        Watched { source, progress: self.clone() }
    }

    /// Takes the bar off the screen.
    pub fn done(&self) {
        self.bar.finish_and_clear();
    }

    fn read(&self, bytes: &[u8]) {
        let rows = bytes.iter().filter(|byte| **byte == b'\n').count();
        self.rows.set(self.rows.get() + u64::try_from(rows).unwrap_or(u64::MAX));
        self.bar.inc(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if !self.bar.is_hidden() {
            let rate =
                self.rows.get() * 1000 / u64::try_from(self.begun.elapsed().as_millis().max(1)).unwrap_or(u64::MAX);
            self.bar.set_message(format!("{} rows, {} a second", HumanCount(self.rows.get()), HumanCount(rate)));
        }
    }
}

fn styled(bar: ProgressBar, template: &str) -> ProgressBar {
    bar.set_style(ProgressStyle::with_template(template).expect("the templates above are well formed"));
    bar
}

/// A source that is watched.
#[derive(Debug)]
pub struct Watched<R> {
    source: R,
    progress: Progress,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(into)?;
        self.progress.read(&into[..read]);
        Ok(read)
    }
}
