//! Ctrl-C, and a system that wants the command to end: what was being written beside its place is taken away, and
//! what was being moved is moved to its end.
//!
//! Whoever writes beside a place says so here ([`made`]), and moves things under [`moving`]. The two locks are all
//! there is: behind them nothing new begins, and what has begun is whole.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Files and folders that wait beside their places.
static WAITING: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
/// Held while things are moved; whether anything was.
static MOVING: Mutex<bool> = Mutex::new(false);

/// Something that waits beside its place, until this is dropped.
#[derive(Debug)]
pub struct Beside(PathBuf);

impl Drop for Beside {
    fn drop(&mut self) {
        waiting().remove(&self.0);
    }
}

/// Makes a file or folder that is to be taken away when the command is stopped.
///
/// # Errors
/// What `make` says.
pub fn made<T>(make: impl FnOnce() -> io::Result<T>, path: impl FnOnce(&T) -> &Path) -> io::Result<(T, Beside)> {
    // Under the lock: nobody can stop the command between the making and the remembering.
    let mut waiting = waiting();
    let made = make()?;
    let path = path(&made).to_path_buf();
    waiting.insert(path.clone());
    Ok((made, Beside(path)))
}

/// Makes a file in a folder that waits: not while what waits is being taken away.
pub fn within<T>(make: impl FnOnce() -> T) -> T {
    let _waiting = waiting();
    make()
}

/// Moves things to their places: a command that is stopped meanwhile ends behind it.
pub fn moving<T>(moves: impl FnOnce() -> T) -> T {
    let mut moved = MOVING.lock().unwrap_or_else(PoisonError::into_inner);
    let done = moves();
    *moved = true;
    done
}

fn waiting() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    WAITING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Listens for Ctrl-C from here on.
#[cfg(unix)]
pub fn listen() {
    use signal_hook::consts::{SIGINT, SIGTERM, SIGXFSZ};
    use signal_hook::iterator::Signals;
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    // A limit on the size of files (`ulimit -f`) is then told by the write that hits it, as a full disk is.
    // Without it, and without ears for Ctrl-C, a command still does its work.
    let _ = signal_hook::flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
    let apart = |work: Box<dyn FnOnce() + Send>| std::thread::Builder::new().spawn(work).is_ok();
    let heard = move || {
        let mut signals = signals.forever();
        if let Some(signal) = signals.next()
            && !apart(Box::new(move || stop(signal)))
        {
            stop(signal);
        }
        // Who asks twice does not wait for what is being moved.
        if let Some(signal) = signals.next() {
            end(signal);
        }
    };
    apart(Box::new(heard));
}

/// Other systems end the command by themselves; what waits beside its place then stays.
#[cfg(not(unix))]
pub fn listen() {}

/// Takes away what is half written, and ends.
#[cfg(unix)]
fn stop(signal: i32) {
    let moved = MOVING.lock().unwrap_or_else(PoisonError::into_inner);
    let waiting = waiting();
    for path in waiting.iter() {
        // What cannot be removed stays under a name that nobody reads.
        let _ = if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
    }
    let words = if *moved { "what was written is whole" } else { "nothing was written" };
    // Nobody can be told that this failed.
    let _ = io::Write::write_all(&mut io::stderr(), format!("loyal: stopped; {words}\n").as_bytes());
    end(signal);
}

/// Ends as the signal would have it, so that a shell says 130 and a script that runs the command stops too.
#[cfg(unix)]
fn end(signal: i32) {
    if signal_hook::low_level::emulate_default_handler(signal).is_err() {
        std::process::exit(128 + signal);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_known_until_it_is_moved() {
        let folder = tempfile::tempdir().expect("a folder");
        let make = || tempfile::NamedTempFile::new_in(folder.path());
        let (file, beside) = made(make, |file| file.path()).expect("a file");
        assert!(waiting().contains(file.path()));
        drop(beside);
        assert!(!waiting().contains(file.path()));
    }
}
