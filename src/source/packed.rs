//! Packed files: gzip and zstd, told by their first bytes, unpacked as they are read.

use std::io::{self, BufReader, Cursor, Read};

const GZIP: [u8; 2] = [0x1F, 0x8B];
const ZSTD: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];

/// What some bytes at the start of a file say of how it is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// Not at all.
    Plain,
    /// gzip, any number of members.
    Gzip,
    /// zstd, any number of frames.
    Zstd,
}

impl Packing {
    /// How a file that begins so is packed.
    pub fn of(start: &[u8]) -> Self {
        // A zstd file may begin with a frame to be skipped, as `pzstd` writes it.
        let skipped = matches!(start, [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..]);
        if start.starts_with(&GZIP) {
            Self::Gzip
        } else if start.starts_with(&ZSTD) || skipped {
            Self::Zstd
        } else {
            Self::Plain
        }
    }
}

/// The bytes of `packed`, unpacked when they are packed. Memory stays bounded whatever the bytes say.
///
/// # Errors
/// What the system says. Reading may fail later: a file that ends too soon says so.
pub fn unpack(mut packed: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let mut start = Vec::new();
    packed.by_ref().take(ZSTD.len() as u64).read_to_end(&mut start)?;
    let packing = Packing::of(&start);
    let whole = Cursor::new(start).chain(packed);
    Ok(match packing {
        Packing::Plain => Box::new(whole),
        Packing::Gzip => {
            let unpacked = flate2::bufread::MultiGzDecoder::new(BufReader::with_capacity(1 << 16, whole));
            Box::new(Told { unpacked, how: "gzip" })
        }
        Packing::Zstd => Box::new(Told { unpacked: zstd::Decoder::new(whole)?, how: "zstd" }),
    })
}

/// A reader whose errors a person understands.
struct Told<R> {
    unpacked: R,
    how: &'static str,
}

impl<R: Read> Read for Told<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.unpacked.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => error,
            io::ErrorKind::UnexpectedEof => {
                io::Error::new(error.kind(), format!("the {} file ends too soon; copy it again", self.how))
            }
            kind if error.raw_os_error().is_none() => {
                io::Error::new(kind, format!("the {} file is damaged ({error}); copy it again", self.how))
            }
            _ => error,
        })
    }
}
