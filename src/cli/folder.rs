//! The folder of a kept state on disk.
//!
//! Whoever runs holds a lock on it, so that two runs never share a state; the system lets go of it when the command
//! ends, however it ends. Tables are on the disk before the list that names them is moved into its place.

use super::failure::{Failure, plain};
use super::interrupt;
use super::write::sync_folder;
use crate::kept::folder::{Folder, New};
use crate::kept::list;
use crate::source::raw::ReadAt;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The file that is locked.
const LOCK: &str = "lock";
/// How the names of files begin that are about to be moved.
const MOVING: &str = ".loyal-";

/// A folder that a state is kept in, ours alone until the command ends.
#[derive(Debug)]
pub struct KeptFolder {
    place: PathBuf,
    /// Held, and never read.
    _lock: File,
    /// Whether it was not there before.
    made: bool,
}

impl Drop for KeptFolder {
    /// A folder that was made and in which no state was begun is taken away again.
    fn drop(&mut self) {
        if self.made && names_in(&self.place).is_ok_and(|names| names == [LOCK]) {
            // What is left is an empty folder: nothing to tell of.
            let _ = fs::remove_file(self.place.join(LOCK)).and_then(|()| fs::remove_dir(&self.place));
        }
    }
}

impl KeptFolder {
    /// Takes hold of the folder of a state; one that is not there is made.
    ///
    /// # Errors
    /// That it is something else, that another run has it, and what the system says.
    pub fn hold(place: &Path) -> Result<Self, Failure> {
        let shown = place.display();
        if place.exists() && !place.is_dir() {
            return Err(Failure::Command(format!("--state {shown}: this is a file; a state is a folder")));
        }
        let failed = |error: io::Error| Failure::writing(place, &error);
        let made = !place.exists();
        fs::create_dir_all(place).map_err(failed)?;
        let names = names_in(place).map_err(failed)?;
        let begun = names.iter().any(|name| name == list::NAME);
        if let (false, Some(other)) = (begun, names.iter().find(|name| !is_ours(name))) {
            return Err(Failure::Command(format!(
                "--state {shown}: this folder holds no state, but other files ({other}); name an empty folder, or one \
                 that is not there yet"
            )));
        }
        let lock = place.join(LOCK);
        let file = File::options().create(true).truncate(false).write(true).open(&lock);
        let file = file.map_err(|error| Failure::writing(&lock, &error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::Machine(format!(
                    "--state {shown}: another run is at work on this state; let it end, then run this again. Nothing \
                     was written"
                )));
            }
            Err(TryLockError::Error(error)) => {
                return Err(Failure::Machine(format!("{}: cannot be locked: {}", lock.display(), plain(&error))));
            }
        }
        let held = Self { place: place.to_path_buf(), _lock: file, made };
        held.tidy().map_err(|error| Failure::writing(place, &error))?;
        Ok(held)
    }

    /// Removes what a run that was stopped was about to move.
    fn tidy(&self) -> io::Result<()> {
        for left in names_in(&self.place)?.iter().filter(|name| name.starts_with(MOVING)) {
            let left = self.place.join(left);
            if left.is_file() {
                fs::remove_file(left)?;
            }
        }
        Ok(())
    }
}

fn is_ours(name: &str) -> bool {
    name == list::NAME || name == LOCK || name.starts_with(MOVING) || name.ends_with(".table")
}

fn names_in(place: &Path) -> io::Result<Vec<String>> {
    fs::read_dir(place)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}

/// A table being written.
struct Writing(File);

impl Write for Writing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl New for Writing {
    fn sync(&mut self) -> io::Result<()> {
        self.0.sync_all()
    }
}

impl Folder for KeptFolder {
    fn create(&self, name: &str) -> io::Result<Box<dyn New>> {
        Ok(Box::new(Writing(File::create(self.place.join(name))?)))
    }

    fn open(&self, name: &str) -> io::Result<Arc<dyn ReadAt>> {
        Ok(Arc::new(File::open(self.place.join(name))?))
    }

    fn replace(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let make = || super::write::beside(0o666).tempfile_in(&self.place);
        let (mut file, _known) = interrupt::made(make, |file| file.path())?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        // The tables' names are on the disk before the list that counts on them.
        sync_folder(&self.place)?;
        file.persist(self.place.join(name))?;
        sync_folder(&self.place)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.place.join(name))
    }

    fn names(&self) -> io::Result<Vec<String>> {
        names_in(&self.place)
    }
}
