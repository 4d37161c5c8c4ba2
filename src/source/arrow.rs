//! Arrow IPC, as a file or as a stream: its messages one after the other, as batches of arrays.
//!
//! A file is a stream with a mark in front and a list of its messages behind, so one way of reading serves
//! both. Lengths are looked at before memory is taken for them.

use super::cells::check_cells;
use super::guard::guarded;
use super::parquet::told_by_arrow;
use super::raw::{At, ReadAt, bytes_at};
use super::shape::{Damaged, Shape};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::reader::{read_dictionary, read_record_batch};
use arrow_ipc::{Message, MessageHeader, root_as_message};
use arrow_schema::SchemaRef;
use std::collections::HashMap;
use std::io::{self, BufReader, Read};
use std::sync::Arc;

/// Where the stream begins in a file: behind `ARROW1` and two bytes.
const FILE_START: u64 = 8;

/// The most that the description of one message may take.
const LARGEST_HEAD: u32 = 256 << 20;

/// The most that one batch may unpack to.
const LARGEST_BATCH: i64 = 2 << 30;

/// The messages of a file or stream.
pub struct Arrow {
    stream: Box<dyn Read + Send>,
    shape: Shape,
    schema: SchemaRef,
    dictionaries: HashMap<i64, ArrayRef>,
    columns: Option<Vec<usize>>,
    done: bool,
}

impl Arrow {
    /// Opens a file.
    ///
    /// # Errors
    /// [`Damaged`], or what the system says.
    pub fn file(file: &Arc<dyn ReadAt>) -> io::Result<Self> {
        let size = file.size()?;
        let tail = if size >= FILE_START + 10 { bytes_at(file, size - 6, 6)? } else { Vec::new() };
        if tail != b"ARROW1" {
            return Err(Damaged::error(Shape::ArrowFile, "its footer is not there: was it cut short?"));
        }
        let start = FILE_START + padding(file)?;
        let stream = BufReader::with_capacity(1 << 16, At::from(Arc::clone(file), start));
        guarded(Shape::ArrowFile, || Self::begin(Box::new(stream), Shape::ArrowFile))
    }

    /// Opens a stream.
    ///
    /// # Errors
    /// [`Damaged`], or what the system says.
    pub fn stream(stream: Box<dyn Read + Send>) -> io::Result<Self> {
        guarded(Shape::ArrowStream, || Self::begin(stream, Shape::ArrowStream))
    }

    fn begin(mut stream: Box<dyn Read + Send>, shape: Shape) -> io::Result<Self> {
        let damaged = |words: &str| Damaged::error(shape, words);
        let head = head(&mut stream, shape)?.ok_or_else(|| damaged("it says of no columns"))?;
        let message = message(&head, shape)?;
        let schema = message.header_as_schema().ok_or_else(|| damaged("it does not begin with its columns"))?;
        let schema = try_fb_to_schema(schema).map_err(|error| told_by_arrow(shape, error))?;
        let schema = Arc::new(schema);
        Ok(Self { stream, shape, schema, dictionaries: HashMap::new(), columns: None, done: false })
    }

    /// Its columns.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Decodes these columns only, in their order in the file.
    pub fn only(&mut self, columns: Vec<usize>) {
        self.columns = Some(columns);
    }

    fn batch(&mut self) -> io::Result<Option<RecordBatch>> {
        loop {
            let Some(head) = head(&mut self.stream, self.shape)? else { return Ok(None) };
            let message = message(&head, self.shape)?;
            let body = self.body(message.bodyLength())?;
            if let Some(batch) = self.take(&message, body)? {
                return Ok(Some(batch));
            }
        }
    }

    /// What stands behind a message's head.
    fn body(&mut self, length: i64) -> io::Result<Vec<u8>> {
        let length = u64::try_from(length).map_err(|_| self.damaged("a message is shorter than nothing"))?;
        let mut body = Vec::new();
        self.stream.by_ref().take(length).read_to_end(&mut body)?;
        if body.len() as u64 == length { Ok(body) } else { Err(self.damaged("it ends before all of its rows")) }
    }

    /// A batch of rows, or a dictionary that later batches look into.
    fn take(&mut self, message: &Message<'_>, body: Vec<u8>) -> io::Result<Option<RecordBatch>> {
        let version = message.version();
        match message.header_type() {
            MessageHeader::DictionaryBatch => {
                let Some(batch) = message.header_as_dictionary_batch() else {
                    return Err(self.damaged("a dictionary is not there"));
                };
                self.check(batch.data(), &body)?;
                let read = read_dictionary(&body.into(), batch, &self.schema, &mut self.dictionaries, &version);
                read.map_err(|error| told_by_arrow(self.shape, error))?;
                Ok(None)
            }
            MessageHeader::RecordBatch => {
                let Some(batch) = message.header_as_record_batch() else {
                    return Err(self.damaged("a batch of rows is not there"));
                };
                self.check(Some(batch), &body)?;
                let (schema, columns) = (Arc::clone(&self.schema), self.columns.as_deref());
                let read = read_record_batch(&body.into(), batch, schema, &self.dictionaries, columns, &version);
                read.map(Some).map_err(|error| told_by_arrow(self.shape, error))
            }
            _ => Err(self.damaged("it holds something other than rows")),
        }
    }

    /// Whether all parts of a batch lie in its body, and unpack to what memory holds.
    fn check(&self, batch: Option<arrow_ipc::RecordBatch<'_>>, body: &[u8]) -> io::Result<()> {
        let Some(batch) = batch else { return Err(self.damaged("a dictionary is empty")) };
        let packed = batch.compression().is_some();
        let mut unpacked = 0_i64;
        for part in batch.buffers().into_iter().flatten() {
            let from = usize::try_from(part.offset()).ok();
            let length = usize::try_from(part.length()).ok();
            let to = from.zip(length).and_then(|(from, length)| from.checked_add(length));
            let part = from.zip(to).and_then(|(from, to)| body.get(from..to));
            let Some(part) = part else { return Err(self.damaged("a column lies outside its batch")) };
            if packed && let Some(length) = part.first_chunk::<8>() {
                unpacked = unpacked.saturating_add(i64::from_le_bytes(*length).max(0));
            }
        }
        if unpacked > LARGEST_BATCH {
            return Err(self.damaged("a batch would unpack to more than 2 GiB; write it in smaller batches"));
        }
        let mut rows = batch.nodes().into_iter().flatten().map(|node| node.length()).chain([batch.length()]);
        if !rows.all(|rows| (0..=LARGEST_BATCH).contains(&rows)) {
            return Err(self.damaged("a batch has an impossible number of rows"));
        }
        Ok(())
    }

    fn damaged(&self, words: &str) -> io::Error {
        Damaged::error(self.shape, words)
    }
}

impl Iterator for Arrow {
    type Item = io::Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let shape = self.shape;
        let next = || match self.batch()? {
            Some(batch) => check_cells(shape, &batch).map(|()| Some(batch)),
            None => Ok(None),
        };
        let batch = guarded(shape, next).transpose();
        self.done = !matches!(batch, Some(Ok(_)));
        batch
    }
}

/// How many zeros stand between the mark of a file and its first message: writers line it up.
fn padding(file: &Arc<dyn ReadAt>) -> io::Result<u64> {
    const MOST: u64 = 128;
    let mut start = Vec::new();
    At::from(Arc::clone(file), FILE_START).take(MOST).read_to_end(&mut start)?;
    let words = start.chunks(4).take_while(|word| word.iter().all(|byte| *byte == 0)).count();
    Ok(words as u64 * 4)
}

/// The head of the next message; none at the mark that ends the stream. A stream without that mark may have
/// been cut short between two batches, and is damaged.
fn head(stream: &mut dyn Read, shape: Shape) -> io::Result<Option<Vec<u8>>> {
    let mut word = || -> io::Result<u32> {
        let mut bytes = [0; 4];
        match stream.read_exact(&mut bytes) {
            Ok(()) => Ok(u32::from_le_bytes(bytes)),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Err(Damaged::error(shape, "it ends without the mark of its end: was it cut short?"))
            }
            Err(error) => Err(error),
        }
    };
    let mut length = word()?;
    // Before version 0.15 the length stood alone.
    if length == u32::MAX {
        length = word()?;
    }
    if length == 0 {
        return Ok(None);
    }
    if length > LARGEST_HEAD {
        return Err(Damaged::error(shape, "a message has an impossible length"));
    }
    let mut head = Vec::new();
    stream.take(u64::from(length)).read_to_end(&mut head)?;
    if head.len() as u64 == u64::from(length) {
        Ok(Some(head))
    } else {
        Err(Damaged::error(shape, "it ends in the middle of a message"))
    }
}

fn message(head: &[u8], shape: Shape) -> io::Result<Message<'_>> {
    root_as_message(head).map_err(|error| Damaged::error(shape, format!("a message cannot be read ({error})")))
}
