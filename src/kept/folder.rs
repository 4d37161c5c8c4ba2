//! The folder that a state is kept in, as the floors below `cli` see it.

use crate::source::raw::{ReadAt, bytes_at};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

/// A file being written.
pub trait New: Write + Send {
    /// Puts all of it on the disk: only then may it be named in a list.
    ///
    /// # Errors
    /// What the system says: a full disk shows here at the latest.
    fn sync(&mut self) -> io::Result<()>;
}

/// A folder of files.
pub trait Folder: Sync {
    /// A new file; one of that name is begun anew.
    ///
    /// # Errors
    /// What the system says.
    fn create(&self, name: &str) -> io::Result<Box<dyn New>>;

    /// A file that is there.
    ///
    /// # Errors
    /// What the system says; [`io::ErrorKind::NotFound`] when there is none.
    fn open(&self, name: &str) -> io::Result<Arc<dyn ReadAt>>;

    /// Puts these bytes in the place of a file's in one step: whoever reads it finds the old ones or the new.
    ///
    /// # Errors
    /// What the system says; the old file then stands.
    fn replace(&self, name: &str, bytes: &[u8]) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// What the system says.
    fn remove(&self, name: &str) -> io::Result<()>;

    /// The names of all files.
    ///
    /// # Errors
    /// What the system says.
    fn names(&self) -> io::Result<Vec<String>>;
}

/// A whole file, for small ones; none when it is not there.
///
/// # Errors
/// What the system says.
pub fn whole(folder: &dyn Folder, name: &str) -> io::Result<Option<Vec<u8>>> {
    let file = match folder.open(name) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    bytes_at(&file, 0, file.size()?).map(Some)
}

/// A folder in memory that breaks when it is told to: for tests of what a stopped run leaves.
#[derive(Debug, Default)]
pub struct Memory {
    files: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    left: Arc<AtomicI64>,
}

impl Memory {
    /// A folder that takes this many more steps (writes, replacements, removals) and then none.
    pub fn breaks_after(steps: i64) -> Self {
        let folder = Self::default();
        folder.let_steps(steps);
        folder
    }

    /// From now on takes this many steps.
    pub fn let_steps(&self, steps: i64) {
        self.left.store(steps, Ordering::Relaxed);
    }

    /// A file's bytes, to be damaged.
    pub fn change(&self, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
        if let Ok(mut files) = self.files.lock()
            && let Some(bytes) = files.get_mut(name)
        {
            change(bytes);
        }
    }
}

/// Takes one step; a step too many is a full disk.
fn step(left: &AtomicI64) -> io::Result<()> {
    match left.fetch_sub(1, Ordering::Relaxed) {
        before if before > 0 => Ok(()),
        _ => Err(io::ErrorKind::StorageFull.into()),
    }
}

fn poisoned<T>(_: T) -> io::Error {
    io::Error::other("another thread stopped in the middle")
}

struct NewInMemory {
    name: String,
    files: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    left: Arc<AtomicI64>,
}

impl Write for NewInMemory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        step(&self.left)?;
        self.files.lock().map_err(poisoned)?.entry(self.name.clone()).or_default().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl New for NewInMemory {
    fn sync(&mut self) -> io::Result<()> {
        step(&self.left)
    }
}

impl Folder for Memory {
    fn create(&self, name: &str) -> io::Result<Box<dyn New>> {
        step(&self.left)?;
        self.files.lock().map_err(poisoned)?.insert(name.to_owned(), Vec::new());
        Ok(Box::new(NewInMemory { name: name.to_owned(), files: self.files.clone(), left: self.left.clone() }))
    }

    fn open(&self, name: &str) -> io::Result<Arc<dyn ReadAt>> {
        let files = self.files.lock().map_err(poisoned)?;
        let bytes = files.get(name).ok_or(io::ErrorKind::NotFound)?;
        Ok(Arc::new(bytes.clone()))
    }

    fn replace(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        step(&self.left)?;
        self.files.lock().map_err(poisoned)?.insert(name.to_owned(), bytes.to_vec());
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        step(&self.left)?;
        self.files.lock().map_err(poisoned)?.remove(name);
        Ok(())
    }

    fn names(&self) -> io::Result<Vec<String>> {
        Ok(self.files.lock().map_err(poisoned)?.keys().cloned().collect())
    }
}
