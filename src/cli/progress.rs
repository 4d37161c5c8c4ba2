//! A bar with rows, rate and time left, for those who watch a terminal.

use super::screen::Screen;
use crate::source::raw::ReadAt;
use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use std::fs::File;
use std::io::{self, Read, Seek};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The progress of one command.
#[derive(Debug, Clone)]
pub struct Progress {
    bar: ProgressBar,
    rows: Arc<AtomicU64>,
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
        Self { bar: styled(bar, style), rows: Arc::default(), begun: Instant::now() }
    }

    /// Of running so many events: a turning mark, for nobody knows how long each takes.
    pub fn running(screen: &Screen, events: usize) -> Self {
        let bar = if screen.watched() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        let bar = styled(bar, "running {spinner} {msg} ({elapsed})");
        bar.set_message(format!("{} events", HumanCount(u64::try_from(events).unwrap_or(u64::MAX))));
        if screen.watched() {
            bar.enable_steady_tick(Duration::from_millis(120));
        }
        Self { bar, rows: Arc::default(), begun: Instant::now() }
    }

    /// Of going through so many programs, one after the other.
    pub fn searching(screen: &Screen, programs: u64) -> Self {
        let bar = if screen.watched() { ProgressBar::new(programs) } else { ProgressBar::hidden() };
        let bar = styled(bar, "simulating {bar:24.cyan} {pos} of {len} programs, {eta} left");
        bar.set_position(0);
        Self { bar, rows: Arc::default(), begun: Instant::now() }
    }

    /// So many of them are done.
    pub fn at(&self, done: u64) {
        self.bar.set_position(done);
    }

    /// A source whose rows and bytes are counted as they are read.
    pub fn watch<R: Read>(&self, source: R) -> Watched<R> {
        Watched { source, progress: self.clone() }
    }

    /// So many bytes more were read.
    pub fn add(&self, bytes: u64) {
        self.bar.inc(bytes);
    }

    /// Takes the bar off the screen.
    pub fn done(&self) {
        self.bar.finish_and_clear();
    }

    fn read(&self, bytes: &[u8]) {
        let rows = bytes.iter().filter(|byte| **byte == b'\n').count();
        self.rows.fetch_add(u64::try_from(rows).unwrap_or(u64::MAX), Ordering::Relaxed);
        self.bar.inc(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if !self.bar.is_hidden() {
            let rows = self.rows.load(Ordering::Relaxed);
            let rate = rows * 1000 / u64::try_from(self.begun.elapsed().as_millis().max(1)).unwrap_or(u64::MAX);
            self.bar.set_message(format!("{} rows, {} a second", HumanCount(rows), HumanCount(rate)));
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

impl Watched<File> {
    /// The first bytes, up to so many; they are read again.
    pub fn peek(&self, count: usize, into: &mut Vec<u8>) -> io::Result<()> {
        let mut file = &self.source;
        file.take(u64::try_from(count).unwrap_or(u64::MAX)).read_to_end(into)?;
        file.rewind()
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(into)?;
        self.progress.read(&into[..read]);
        Ok(read)
    }
}

/// A file read from anywhere: bytes count as they are read. Newlines in packed bytes are no rows.
impl<R: ReadAt> ReadAt for Watched<R> {
    fn size(&self) -> io::Result<u64> {
        self.source.size()
    }

    fn read_at(&self, into: &mut [u8], at: u64) -> io::Result<usize> {
        let read = self.source.read_at(into, at)?;
        self.progress.bar.inc(u64::try_from(read).unwrap_or(u64::MAX));
        Ok(read)
    }
}
