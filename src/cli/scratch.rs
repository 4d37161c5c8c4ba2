//! Files read from anywhere, and room on disk while a command runs.

use crate::source::raw::ReadAt;
use crate::source::scratch::{Scratch, ScratchFile};
use std::fs::File;
use std::io;

/// Scratch files in the system's folder for them; a file has no name, so nothing is left when the command ends.
#[derive(Debug, Clone, Copy)]
pub struct OnDisk;

impl Scratch for OnDisk {
    fn file(&self) -> io::Result<Box<dyn ScratchFile>> {
        Ok(Box::new(tempfile::tempfile()?))
    }
}

impl ReadAt for File {
    fn size(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    #[cfg(unix)]
    fn read_at(&self, into: &mut [u8], at: u64) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(self, into, at)
    }

    #[cfg(windows)]
    fn read_at(&self, into: &mut [u8], at: u64) -> io::Result<usize> {
        std::os::windows::fs::FileExt::seek_read(self, into, at)
    }
}
