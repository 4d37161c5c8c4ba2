//! Packed files, unpacked as they are read.

use super::shape::{Damaged, Shape};
use std::io::{self, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// The bytes packed with gzip (one member after another) or Zstandard (one frame after another); any other
/// stream as it is.
///
/// # Errors
/// What the system says. While it is read, damage is told as [`Damaged`].
pub fn unpacked(shape: Shape, packed: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let (failed, taken) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let watched = Watched { inner: packed, failed: Arc::clone(&failed), taken: Arc::clone(&taken) };
    let packed = BufReader::with_capacity(1 << 16, watched);
    let inner: Box<dyn Read + Send> = match shape {
        Shape::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(packed)),
        Shape::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(packed)?),
        Shape::Text | Shape::Parquet | Shape::ArrowFile | Shape::ArrowStream => return Ok(Box::new(packed)),
    };
    Ok(Box::new(Unpacking { inner, shape, failed, taken, given: 0 }))
}

/// So many bytes may be packed as far as they will.
const FEW_BYTES: u64 = 64 << 20;

/// A history is packed into a tenth or a thirtieth; what unpacks to more than this many times its bytes was made to fill
/// a machine.
const FARTHEST: u64 = 200;

/// Remembers how much was read, and that reading the packed bytes failed: then the machine is at fault, not the file.
struct Watched {
    inner: Box<dyn Read + Send>,
    failed: Arc<AtomicBool>,
    taken: Arc<AtomicU64>,
}

impl Read for Watched {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into);
        if read.as_ref().is_err_and(|error| error.kind() != io::ErrorKind::Interrupted) {
            self.failed.store(true, Ordering::Relaxed);
        }
        if let Ok(count) = &read {
            self.taken.fetch_add(*count as u64, Ordering::Relaxed);
        }
        read
    }
}

struct Unpacking {
    inner: Box<dyn Read + Send>,
    shape: Shape,
    failed: Arc<AtomicBool>,
    taken: Arc<AtomicU64>,
    /// How many bytes came out.
    given: u64,
}

impl Unpacking {
    /// Counts what came out; more than any history makes of its packed bytes is damage.
    fn count(&mut self, bytes: usize) -> io::Result<usize> {
        self.given = self.given.saturating_add(bytes as u64);
        let taken = self.taken.load(Ordering::Relaxed);
        if self.given > FEW_BYTES && self.given / FARTHEST > taken {
            let words = format!(
                "it unpacks to more than {FARTHEST} times its bytes; if it is what it should be, unpack it and name the \
                 plain file"
            );
            return Err(Damaged::error(self.shape, words));
        }
        Ok(bytes)
    }
}

impl Read for Unpacking {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self.inner.read(into) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted && !self.failed.load(Ordering::Relaxed) => {
                Err(Damaged::error(self.shape, words(&error)))
            }
            Err(error) => Err(error),
            Ok(bytes) => self.count(bytes),
        }
    }
}

fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "it ends in the middle".to_owned(),
        _ => error.to_string(),
    }
}
