//! Records with a key: gathered in any order, sorted, merged with others.
//!
//! A record is the lengths of its key and its value (little endian, 4 bytes each), the key, the value. A run is
//! records in the order of their keys as bytes.

use std::cmp::Ordering;
use std::io;

/// The bytes of the two lengths.
pub const HEAD: usize = 8;

/// Records in the order they came in.
#[derive(Debug, Default)]
pub struct Gathered {
    bytes: Vec<u8>,
    places: Vec<Place>,
}

/// Where a record stands, and how its key begins: most keys differ there.
#[derive(Debug, Clone, Copy)]
struct Place {
    begins: u128,
    from: usize,
}

impl Gathered {
    /// The memory it takes, with what is kept ready for more.
    pub fn size(&self) -> usize {
        self.bytes.capacity() + self.places.capacity() * size_of::<Place>()
    }

    /// Begins a record: its key is `key`, its value what is written into [`Self::value`] before [`Self::end`].
    pub fn begin(&mut self, key: &[&[u8]]) -> Open {
        let from = self.bytes.len();
        self.bytes.extend_from_slice(&[0; HEAD]);
        for part in key {
            self.bytes.extend_from_slice(part);
        }
        Open { from, value: self.bytes.len() }
    }

    /// What the value of the record under way is written into.
    pub fn value(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Ends a record; one without a value is left out.
    pub fn end(&mut self, open: Open) {
        let Open { from, value } = open;
        if self.bytes.len() == value {
            return self.bytes.truncate(from);
        }
        self.bytes[from..from + 4].copy_from_slice(&length(value - from - HEAD));
        let end = self.bytes.len();
        self.bytes[from + 4..from + HEAD].copy_from_slice(&length(end - value));
        self.places.push(Place { begins: begins(&self.bytes[from + HEAD..value]), from });
    }

    /// The records in order; what was gathered is empty afterwards.
    pub fn sorted(&mut self) -> Vec<u8> {
        let bytes = std::mem::take(&mut self.bytes);
        let mut places = std::mem::take(&mut self.places);
        let key = |place: &Place| &bytes[place.from + HEAD..place.from + HEAD + lengths(&bytes[place.from..]).0];
        let order = |a: &Place, b: &Place| a.begins.cmp(&b.begins).then_with(|| key(a).cmp(key(b)));
        if places.is_sorted_by(|a, b| order(a, b).is_le()) {
            return bytes;
        }
        places.sort_by(order);
        let mut sorted = Vec::with_capacity(bytes.len());
        for place in &places {
            let record = &bytes[place.from..];
            let (key, value) = lengths(record);
            sorted.extend_from_slice(&record[..HEAD + key + value]);
        }
        sorted
    }
}

/// A record under way.
#[derive(Debug, Clone, Copy)]
pub struct Open {
    from: usize,
    value: usize,
}

/// A record of a run that lies in memory.
pub fn record(key: &[u8], value: &[u8], run: &mut Vec<u8>) {
    run.extend_from_slice(&length(key.len()));
    run.extend_from_slice(&length(value.len()));
    run.extend_from_slice(key);
    run.extend_from_slice(value);
}

/// No key or value comes near 4 GiB: a member's rows are spilled long before.
fn length(bytes: usize) -> [u8; 4] {
    u32::try_from(bytes).unwrap_or(u32::MAX).to_le_bytes()
}

/// The lengths of the key and of the value.
fn lengths(head: &[u8]) -> (usize, usize) {
    let at = |from: usize| u32::from_le_bytes([head[from], head[from + 1], head[from + 2], head[from + 3]]) as usize;
    (at(0), at(4))
}

/// The first 16 bytes of a key as a number of the same order.
fn begins(key: &[u8]) -> u128 {
    let mut first = [0; 16];
    let length = key.len().min(16);
    first[..length].copy_from_slice(&key[..length]);
    u128::from_be_bytes(first)
}

/// What gives the bytes of a run piece by piece.
pub trait Pieces {
    /// Writes the next bytes into `piece` and says how many; none at the end.
    ///
    /// # Errors
    /// What the system says.
    fn next(&mut self, piece: &mut [u8]) -> io::Result<usize>;
}

/// A run being read.
pub struct Cursor<'r> {
    source: Source<'r>,
    /// Where the record at hand stands, and its lengths.
    at: usize,
    key: usize,
    value: usize,
    begins: u128,
}

enum Source<'r> {
    Memory(&'r [u8]),
    Pieces { from: Box<dyn Pieces + 'r>, buffer: Vec<u8>, filled: usize },
}

impl<'r> Cursor<'r> {
    /// Reads a run in memory.
    pub fn memory(run: &'r [u8]) -> Self {
        Self { source: Source::Memory(run), at: 0, key: 0, value: 0, begins: 0 }
    }

    /// Reads a run through a buffer of so many bytes, or more where a record is longer.
    pub fn pieces(from: Box<dyn Pieces + 'r>, buffer: usize) -> Self {
        let source = Source::Pieces { from, buffer: vec![0; buffer.max(HEAD)], filled: 0 };
        Self { source, at: 0, key: 0, value: 0, begins: 0 }
    }

    /// Goes to the first record, or to the next one; false behind the last.
    fn step(&mut self, first: bool) -> io::Result<bool> {
        if !first {
            self.at += HEAD + self.key + self.value;
        }
        if !self.holds(HEAD)? {
            return Ok(false);
        }
        (self.key, self.value) = lengths(&self.bytes()[self.at..]);
        if !self.holds(HEAD + self.key + self.value)? {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.begins = begins(self.key());
        Ok(true)
    }

    /// Whether so many bytes are there from the record on; reads them when they are not.
    fn holds(&mut self, wanted: usize) -> io::Result<bool> {
        match &mut self.source {
            Source::Memory(run) => Ok(run.len() - self.at >= wanted),
            Source::Pieces { from, buffer, filled } => {
                if *filled - self.at >= wanted {
                    return Ok(true);
                }
                buffer.copy_within(self.at..*filled, 0);
                *filled -= self.at;
                self.at = 0;
                if buffer.len() < wanted {
                    buffer.resize(wanted, 0);
                }
                while *filled < wanted {
                    match from.next(&mut buffer[*filled..])? {
                        0 if *filled == 0 => return Ok(false),
                        0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                        more => *filled += more,
                    }
                }
                Ok(true)
            }
        }
    }

    fn bytes(&self) -> &[u8] {
        match &self.source {
            Source::Memory(run) => run,
            Source::Pieces { buffer, .. } => buffer,
        }
    }

    fn key(&self) -> &[u8] {
        &self.bytes()[self.at + HEAD..self.at + HEAD + self.key]
    }

    fn value(&self) -> &[u8] {
        let from = self.at + HEAD + self.key;
        &self.bytes()[from..from + self.value]
    }

    fn whole(&self) -> &[u8] {
        &self.bytes()[self.at..self.at + HEAD + self.key + self.value]
    }
}

/// Several runs as one: a heap of cursors, the one with the smallest key on top.
pub struct Merged<'r> {
    cursors: Vec<Cursor<'r>>,
    heap: Vec<usize>,
    begun: bool,
}

impl<'r> Merged<'r> {
    /// Merges runs; of records with the same key, those of an earlier run come first.
    ///
    /// # Errors
    /// What the system says where a run cannot be read.
    pub fn new(mut cursors: Vec<Cursor<'r>>) -> io::Result<Self> {
        let mut heap = Vec::with_capacity(cursors.len());
        for (place, cursor) in cursors.iter_mut().enumerate() {
            if cursor.step(true)? {
                heap.push(place);
            }
        }
        let mut merged = Self { cursors, heap, begun: false };
        for at in (0..merged.heap.len() / 2).rev() {
            merged.sink(at);
        }
        Ok(merged)
    }

    /// The next record: its key and its value.
    ///
    /// # Errors
    /// What the system says where a run cannot be read.
    pub fn next(&mut self) -> io::Result<Option<(&[u8], &[u8])>> {
        self.advance()?;
        Ok(self.heap.first().map(|top| (self.cursors[*top].key(), self.cursors[*top].value())))
    }

    /// The next record as it stands in a run.
    ///
    /// # Errors
    /// What the system says where a run cannot be read.
    pub fn next_whole(&mut self) -> io::Result<Option<&[u8]>> {
        self.advance()?;
        Ok(self.heap.first().map(|top| self.cursors[*top].whole()))
    }

    fn advance(&mut self) -> io::Result<()> {
        let Some(top) = self.heap.first().copied() else { return Ok(()) };
        if std::mem::replace(&mut self.begun, true) {
            if !self.cursors[top].step(false)? {
                self.heap.swap_remove(0);
            }
            self.sink(0);
        }
        Ok(())
    }

    fn sink(&mut self, mut at: usize) {
        loop {
            let (left, right) = (2 * at + 1, 2 * at + 2);
            let Some(mut least) = self.heap.get(left).map(|_| left) else { return };
            if right < self.heap.len() && self.order(right, left).is_lt() {
                least = right;
            }
            if self.order(at, least).is_lt() {
                return;
            }
            self.heap.swap(at, least);
            at = least;
        }
    }

    fn order(&self, one: usize, other: usize) -> Ordering {
        let (one, other) = (self.heap[one], self.heap[other]);
        let (a, b) = (&self.cursors[one], &self.cursors[other]);
        a.begins.cmp(&b.begins).then_with(|| a.key().cmp(b.key())).then(one.cmp(&other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    struct Drops<'r>(&'r [u8], usize);

    impl Pieces for Drops<'_> {
        fn next(&mut self, piece: &mut [u8]) -> io::Result<usize> {
            let length = piece.len().min(self.1).min(self.0.len());
            piece[..length].copy_from_slice(&self.0[..length]);
            self.0 = &self.0[length..];
            Ok(length)
        }
    }

    proptest! {
        #[test]
        fn merging_is_sorting(
            records in prop::collection::vec(("[ab]{0,20}", "[a-z]{1,9}"), 0..60), runs in 1_usize..6, drop in 1_usize..30,
        ) {
            let mut gathered: Vec<Gathered> = (0..runs).map(|_| Gathered::default()).collect();
            for (at, (key, value)) in records.iter().enumerate() {
                let run = &mut gathered[at % runs];
                let open = run.begin(&[key.as_bytes()]);
                run.value().extend_from_slice(value.as_bytes());
                run.end(open);
            }
            let sorted: Vec<Vec<u8>> = gathered.iter_mut().map(Gathered::sorted).collect();
            let cursors = sorted.iter().enumerate().map(|(at, run)| match at % 2 {
                0 => Cursor::memory(run),
                _ => Cursor::pieces(Box::new(Drops(run, drop)), drop),
            });
            let mut merged = Merged::new(cursors.collect()).expect("memory");
            let mut wanted: Vec<(usize, &(String, String))> = records.iter().enumerate().collect();
            wanted.sort_by_key(|(at, (key, _))| (key, at % runs, *at));
            for (_, (key, value)) in wanted {
                let got = merged.next().expect("memory").map(|(key, value)| (key.to_vec(), value.to_vec()));
                prop_assert_eq!(got, Some((key.clone().into_bytes(), value.clone().into_bytes())));
            }
            prop_assert!(merged.next().expect("memory").is_none());
            prop_assert!(merged.next().expect("memory").is_none());
        }
    }

    #[test]
    fn a_run_that_breaks_off_is_no_short_run() {
        let mut run = Vec::new();
        record(b"key", b"value", &mut run);
        let short = &run[..run.len() - 1];
        assert!(Merged::new(vec![Cursor::memory(short)]).is_err());
        assert!(Merged::new(vec![Cursor::pieces(Box::new(Drops(short, 4)), 4)]).is_err());
    }
}
