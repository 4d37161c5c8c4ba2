//! Where sorted rows rest until all of them are there: in memory, and beyond that in one scratch file.

use super::runs::{Cursor, Merged, Pieces};
use crate::source::scratch::{Scratch, ScratchFile};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The smallest buffer a run on disk is read through.
const LEAST_BUFFER: usize = 16 << 10;
/// The largest one: more makes reading no faster.
const MOST_BUFFER: usize = 1 << 20;

/// Sorted records of several streams.
pub struct Spool<'s> {
    scratch: &'s dyn Scratch,
    /// Bytes that may rest in memory.
    memory: usize,
    resting: Mutex<Resting>,
    disk: Mutex<Disk>,
    streams: usize,
}

/// Sorted records of one part: a run for each stream.
pub type Chunk = Vec<Vec<u8>>;

#[derive(Default)]
struct Resting {
    chunks: Vec<Chunk>,
    bytes: usize,
}

#[derive(Default)]
struct Disk {
    file: Option<Box<dyn ScratchFile>>,
    end: u64,
    /// For each stream, from where to where its runs lie.
    runs: Vec<Vec<(u64, u64)>>,
}

impl<'s> Spool<'s> {
    /// Room for so many streams.
    pub fn new(scratch: &'s dyn Scratch, memory: usize, streams: usize) -> Self {
        let disk = Disk { file: None, end: 0, runs: vec![Vec::new(); streams] };
        Self { scratch, memory, resting: Mutex::default(), disk: Mutex::new(disk), streams }
    }

    /// How many streams there are.
    pub fn streams(&self) -> usize {
        self.streams
    }

    /// Takes in sorted records; when too many rest in memory, all of them go to disk as one run a stream.
    ///
    /// # Errors
    /// What the system says where scratch files cannot be written.
    pub fn rest(&self, chunk: Chunk) -> io::Result<()> {
        let mut resting = unpoisoned(&self.resting);
        resting.bytes += chunk.iter().map(Vec::capacity).sum::<usize>();
        resting.chunks.push(chunk);
        if resting.bytes <= self.memory {
            return Ok(());
        }
        resting.bytes = 0;
        let chunks = std::mem::take(&mut resting.chunks);
        drop(resting);
        self.spill(chunks)
    }

    fn spill(&self, mut chunks: Vec<Chunk>) -> io::Result<()> {
        let mut disk = unpoisoned(&self.disk);
        for stream in 0..disk.runs.len() {
            let runs: Vec<Vec<u8>> = chunks.iter_mut().map(|chunk| std::mem::take(&mut chunk[stream])).collect();
            let mut merged = Merged::new(runs.iter().map(|run| Cursor::memory(run)).collect())?;
            let from = disk.end;
            let mut piece = Vec::with_capacity(MOST_BUFFER);
            while let Some(record) = merged.next_whole()? {
                if !piece.is_empty() && piece.len() + record.len() > MOST_BUFFER {
                    disk.append(self.scratch, &piece)?;
                    piece.clear();
                }
                piece.extend_from_slice(record);
            }
            disk.append(self.scratch, &piece)?;
            if disk.end > from {
                let end = disk.end;
                disk.runs[stream].push((from, end));
            }
        }
        Ok(())
    }

    /// All records are there.
    pub fn full(self) -> Full {
        let resting = self.resting.into_inner().unwrap_or_else(PoisonError::into_inner);
        let disk = self.disk.into_inner().unwrap_or_else(PoisonError::into_inner);
        Full { memory: self.memory, chunks: resting.chunks, runs: disk.runs, file: Mutex::new(disk.file) }
    }
}

impl Disk {
    fn append(&mut self, scratch: &dyn Scratch, bytes: &[u8]) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(scratch.file()?),
        };
        file.write_all(bytes)?;
        self.end += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Ok(())
    }
}

/// A worker that panicked has left no half a chunk behind.
fn unpoisoned<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A spool that takes in nothing more: its streams can be read, as often as they are wanted.
pub struct Full {
    memory: usize,
    chunks: Vec<Chunk>,
    runs: Vec<Vec<(u64, u64)>>,
    file: Mutex<Option<Box<dyn ScratchFile>>>,
}

impl Full {
    /// The records of a stream in order, with one more run among them.
    ///
    /// # Errors
    /// What the system says where scratch files cannot be read.
    pub fn merged<'f>(&'f self, stream: usize, more: &'f [u8]) -> io::Result<Merged<'f>> {
        let runs = &self.runs[stream];
        let buffer = (self.memory / runs.len().max(1)).clamp(LEAST_BUFFER, MOST_BUFFER);
        let on_disk = runs.iter().map(|(from, end)| {
            let pieces = OnDisk { file: &self.file, at: *from, end: *end };
            Cursor::pieces(Box::new(pieces), buffer)
        });
        let in_memory = self.chunks.iter().map(|chunk| Cursor::memory(&chunk[stream]));
        Merged::new(on_disk.chain(in_memory).chain([Cursor::memory(more)]).collect())
    }
}

/// A run in the scratch file.
struct OnDisk<'f> {
    file: &'f Mutex<Option<Box<dyn ScratchFile>>>,
    at: u64,
    end: u64,
}

impl Pieces for OnDisk<'_> {
    fn next(&mut self, piece: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end - self.at).unwrap_or(usize::MAX);
        let length = piece.len().min(left);
        let mut file = unpoisoned(self.file);
        let Some(file) = file.as_mut() else { return Ok(0) };
        file.seek(SeekFrom::Start(self.at))?;
        let read = file.read(&mut piece[..length])?;
        self.at += u64::try_from(read).unwrap_or(u64::MAX);
        Ok(read)
    }
}
