//! Packed files, unpacked as they are read.

use super::shape::{Damaged, Shape};
use std::io::{self, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The bytes packed with gzip (one member after another) or Zstandard (one frame after another); any other
/// stream as it is.
///
/// # Errors
/// What the system says. While it is read, damage is told as [`Damaged`].
pub fn unpacked(shape: Shape, packed: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let failed = Arc::new(AtomicBool::new(false));
    let packed = BufReader::with_capacity(1 << 16, Watched { inner: packed, failed: Arc::clone(&failed) });
    let inner: Box<dyn Read + Send> = match shape {
        Shape::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(packed)),
        Shape::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(packed)?),
        Shape::Text | Shape::Parquet | Shape::ArrowFile | Shape::ArrowStream => return Ok(Box::new(packed)),
    };
    Ok(Box::new(Unpacking { inner, shape, failed }))
}

/// Remembers that reading the packed bytes failed: then the machine is at fault, not the file.
struct Watched {
    inner: Box<dyn Read + Send>,
    failed: Arc<AtomicBool>,
}

impl Read for Watched {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into);
        if read.as_ref().is_err_and(|error| error.kind() != io::ErrorKind::Interrupted) {
            self.failed.store(true, Ordering::Relaxed);
        }
        read
    }
}

struct Unpacking {
    inner: Box<dyn Read + Send>,
    shape: Shape,
    failed: Arc<AtomicBool>,
}

impl Read for Unpacking {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self.inner.read(into) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted && !self.failed.load(Ordering::Relaxed) => {
                Err(Damaged::error(self.shape, words(&error)))
            }
            read => read,
        }
    }
}

fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "it ends in the middle".to_owned(),
        _ => error.to_string(),
    }
}
