//! The bytes of a file: a stream, or a file that can be read from anywhere.

use super::scratch::{Scratch, ScratchFile};
use std::fmt;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

/// A file that several threads may read at once, each from anywhere.
pub trait ReadAt: Send + Sync {
    /// How many bytes it has.
    ///
    /// # Errors
    /// What the system says.
    fn size(&self) -> io::Result<u64>;

    /// Reads some bytes from a place on; none at the end of the file.
    ///
    /// # Errors
    /// What the system says.
    fn read_at(&self, into: &mut [u8], at: u64) -> io::Result<usize>;
}

impl ReadAt for Vec<u8> {
    fn size(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }

    fn read_at(&self, into: &mut [u8], at: u64) -> io::Result<usize> {
        from_memory(self, into, at)
    }
}

impl ReadAt for &'static [u8] {
    fn size(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }

    fn read_at(&self, into: &mut [u8], at: u64) -> io::Result<usize> {
        from_memory(self, into, at)
    }
}

impl ReadAt for Arc<dyn ReadAt> {
    fn size(&self) -> io::Result<u64> {
        self.as_ref().size()
    }

    fn read_at(&self, into: &mut [u8], at: u64) -> io::Result<usize> {
        self.as_ref().read_at(into, at)
    }
}

fn from_memory(bytes: &[u8], into: &mut [u8], at: u64) -> io::Result<usize> {
    let from = usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
    (&bytes[from..]).read(into)
}

/// A scratch file that is read from anywhere.
struct Spooled {
    file: Mutex<Box<dyn ScratchFile>>,
    size: u64,
}

impl ReadAt for Spooled {
    fn size(&self) -> io::Result<u64> {
        Ok(self.size)
    }

    fn read_at(&self, into: &mut [u8], at: u64) -> io::Result<usize> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(at))?;
        file.read(into)
    }
}

/// The bytes of one file, as the door hands them down.
pub enum Raw {
    /// Read once, from its beginning to its end.
    Stream(Box<dyn Read + Send>),
    /// Read from anywhere.
    File(Arc<dyn ReadAt>),
}

impl fmt::Debug for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stream(_) => "Raw::Stream",
            Self::File(_) => "Raw::File",
        })
    }
}

impl Raw {
    /// The first bytes, up to so many, and the same bytes again.
    pub(super) fn peek(self, count: usize) -> io::Result<(Vec<u8>, Self)> {
        let mut start = Vec::with_capacity(count);
        match self {
            Self::File(file) => {
                At::new(Arc::clone(&file)).take(count as u64).read_to_end(&mut start)?;
                Ok((start, Self::File(file)))
            }
            Self::Stream(mut stream) => {
                stream.by_ref().take(count as u64).read_to_end(&mut start)?;
                let again = Again { start: io::Cursor::new(start.clone()), stream, failed: None };
                Ok((start, Self::Stream(Box::new(again))))
            }
        }
    }

    /// Its bytes one after the other.
    pub(super) fn stream(self) -> Box<dyn Read + Send> {
        match self {
            Self::Stream(stream) => stream,
            Self::File(file) => Box::new(BufReader::with_capacity(1 << 16, At::new(file))),
        }
    }

    /// Its bytes from anywhere; a stream is copied into a scratch file for that.
    pub(super) fn file(self, scratch: &dyn Scratch) -> io::Result<Arc<dyn ReadAt>> {
        match self {
            Self::File(file) => Ok(file),
            Self::Stream(mut stream) => {
                let mut file = scratch.file()?;
                let size = io::copy(&mut stream, &mut file)?;
                file.rewind()?;
                Ok(Arc::new(Spooled { file: Mutex::new(file), size }))
            }
        }
    }
}

/// A stream whose first bytes were looked at. They come with those behind them in one piece, for others look at
/// the first bytes too.
struct Again {
    start: io::Cursor<Vec<u8>>,
    stream: Box<dyn Read + Send>,
    /// What the stream said while it was read behind the first bytes.
    failed: Option<io::Error>,
}

impl Read for Again {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let first = self.start.read(into)?;
        if first == into.len() {
            return Ok(first);
        }
        match self.stream.read(&mut into[first..]) {
            Ok(more) => Ok(first + more),
            Err(error) if first == 0 => Err(error),
            Err(error) => {
                self.failed = Some(error);
                Ok(first)
            }
        }
    }
}

/// A place in a file, for those who read on from it.
pub(super) struct At {
    file: Arc<dyn ReadAt>,
    at: u64,
}

impl At {
    pub(super) fn new(file: Arc<dyn ReadAt>) -> Self {
        Self::from(file, 0)
    }

    pub(super) fn from(file: Arc<dyn ReadAt>, at: u64) -> Self {
        Self { file, at }
    }
}

impl Read for At {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read_at(into, self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

/// So many bytes from a place on; a length that the file does not have asks for no memory.
///
/// # Errors
/// What the system says; [`io::ErrorKind::UnexpectedEof`] when the file is shorter.
pub fn bytes_at(file: &Arc<dyn ReadAt>, at: u64, length: u64) -> io::Result<Vec<u8>> {
    if at.checked_add(length).is_none_or(|end| file.size().is_ok_and(|size| end > size)) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).map_err(|_| io::ErrorKind::OutOfMemory)?);
    At::from(Arc::clone(file), at).take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}
