//! Room beside memory: files that are gone when the run is.
//!
//! The floors below `cli` open no files; whoever needs room on disk is handed a [`Scratch`].

use std::io::{self, Read, Seek, Write};

/// A file to write, and to read again from anywhere.
pub trait ScratchFile: Read + Write + Seek + Send {}

impl<T: Read + Write + Seek + Send> ScratchFile for T {}

/// Makes scratch files.
pub trait Scratch: Sync {
    /// A new, empty file that nobody else sees and that is removed when it is dropped.
    ///
    /// # Errors
    /// What the system says: a full disk, no permission.
    fn file(&self) -> io::Result<Box<dyn ScratchFile>>;
}

/// Scratch files in memory: for tests, and for runs that are known to be small.
#[derive(Debug, Clone, Copy, Default)]
pub struct InMemory;

impl Scratch for InMemory {
    fn file(&self) -> io::Result<Box<dyn ScratchFile>> {
        Ok(Box::new(io::Cursor::new(Vec::new())))
    }
}
