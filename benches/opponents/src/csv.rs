//! The till's CSV: separators found 64 bytes at a time, cells read in place.

use crate::model::*;
use memchr::{memchr, memrchr};
use std::fs::File;
use std::os::unix::fs::FileExt;
use wide::u8x16;

pub const COLUMNS: usize = 11;
const ID: usize = 0;
const TIME: usize = 1;
const TYPE: usize = 2;
const MEMBER: usize = 3;
const AMOUNT: usize = 4;
const QTY: usize = 5;
const SKU: usize = 6;
const CATEGORY: usize = 7;
const REF: usize = 9;
const LINE: usize = 10;

/// Room before the text of a chunk, so that eight bytes that end at a cell's end can always be loaded.
const PAD: usize = 64;
/// A line is never longer.
const LONGEST: usize = 4096;

/// A thread's own reader.
pub struct Reader {
    text: Vec<u8>,
    separators: Vec<u32>,
    date: ([u8; 10], u16),
    categories: Categories,
    /// The time of the last row, as text.
    pub last_time: Vec<u8>,
}

/// Class by category: a table without collisions among the names we know.
struct Categories {
    slots: Vec<(u64, u8, u8, &'static [u8])>,
    seed: u64,
}

impl Categories {
    fn new() -> Self {
        for seed in 1.. {
            let mut slots = vec![(0, 0, PLAIN, &b""[..]); 64];
            let fits = NAMED.iter().all(|(name, class)| {
                let first = first_eight(name.as_bytes());
                let slot = Self::slot(seed, first, name.len());
                let free = slots[slot].1 == 0;
                slots[slot] = (first, name.len() as u8, *class, name.as_bytes());
                free
            });
            if fits {
                return Categories { slots, seed };
            }
        }
        unreachable!("some seed spreads seven names over 64 slots")
    }

    #[inline]
    fn slot(seed: u64, first: u64, len: usize) -> usize {
        ((first ^ len as u64).wrapping_mul(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1) >> 58) as usize
    }

    #[inline]
    fn class(&self, text: &[u8], from: usize, to: usize) -> u8 {
        let len = to - from;
        let first = load(text, from) & mask(len.min(8));
        let (known, length, class, name) = self.slots[Self::slot(self.seed, first, len)];
        if known == first && usize::from(length) == len && (len <= 8 || &text[from..to] == name) {
            class
        } else {
            PLAIN
        }
    }
}

fn first_eight(name: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    let len = name.len().min(8);
    bytes[..len].copy_from_slice(&name[..len]);
    u64::from_le_bytes(bytes)
}

#[inline]
fn mask(len: usize) -> u64 {
    if len >= 8 { u64::MAX } else { (1 << (8 * len)) - 1 }
}

#[inline]
fn load(text: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(text[at..at + 8].try_into().unwrap())
}

impl Reader {
    pub fn new() -> Self {
        Reader {
            text: Vec::new(),
            separators: Vec::new(),
            date: ([0; 10], 0),
            categories: Categories::new(),
            last_time: Vec::new(),
        }
    }

    /// Reads the rows that begin in `from..to` of the file into bins.
    pub fn read<const FULL: bool>(
        &mut self,
        file: &File,
        size: u64,
        from: u64,
        to: u64,
        bins: &mut [Bin],
    ) -> Result<(), String> {
        let (begin, end) = self.load_chunk(file, size, from, to)?;
        if begin >= end {
            return Ok(());
        }
        if memchr(b'"', &self.text[begin..end]).is_some() {
            return Err("quoted cells are not read by this program".to_owned());
        }
        self.split(begin, end);
        let text = std::mem::take(&mut self.text);
        let separators = std::mem::take(&mut self.separators);
        let read = self.rows::<FULL>(&text, &separators, begin, bins);
        (self.text, self.separators) = (text, separators);
        read
    }

    /// Only the splitting: how many cells there are.
    pub fn cells(&mut self, file: &File, size: u64, from: u64, to: u64) -> Result<usize, String> {
        let (begin, end) = self.load_chunk(file, size, from, to)?;
        self.split(begin, end);
        Ok(self.separators.len())
    }

    /// Where whole lines begin and end in `self.text`.
    fn load_chunk(&mut self, file: &File, size: u64, from: u64, to: u64) -> Result<(usize, usize), String> {
        let before = u64::from(from > 0);
        let start = from - before;
        let stop = (to + LONGEST as u64).min(size);
        let len = (stop - start) as usize;
        self.text.resize(PAD + len + PAD, 0);
        file.read_exact_at(&mut self.text[PAD..PAD + len], start).map_err(|error| error.to_string())?;
        let text = &self.text[PAD..PAD + len];
        // A line belongs to the chunk it begins in; the first line of the file is the header.
        let begin = memchr(b'\n', text).map_or(len, |at| at + 1);
        let own = (to - start) as usize;
        let end = if to >= size {
            memrchr(b'\n', text).map_or(0, |at| at + 1)
        } else {
            memchr(b'\n', &text[own - 1..]).map(|at| own + at).ok_or("a line is too long for this program")?
        };
        Ok((PAD + begin, PAD + end))
    }

    /// Places of all commas and line ends.
    fn split(&mut self, begin: usize, end: usize) {
        let separators = &mut self.separators;
        separators.clear();
        separators.reserve((end - begin) / 4 + 128);
        let (comma, line) = (u8x16::splat(b','), u8x16::splat(b'\n'));
        let mut at = begin;
        while at < end {
            let mut bits = 0u64;
            if let Some(block) = self.text.get(at..at + 64) {
                for part in 0..4 {
                    let bytes = u8x16::new(block[part * 16..part * 16 + 16].try_into().unwrap());
                    let found = bytes.simd_eq(comma) | bytes.simd_eq(line);
                    bits |= u64::from(found.to_bitmask()) << (part * 16);
                }
            } else {
                for (place, byte) in self.text[at..end].iter().enumerate() {
                    bits |= u64::from(*byte == b',' || *byte == b'\n') << place;
                }
            }
            if end - at < 64 {
                bits &= (1 << (end - at)) - 1;
            }
            let count = bits.count_ones() as usize;
            let from = separators.len();
            // SAFETY: at most 64 places are written into the room reserved here, and `count` of them are kept.
            unsafe {
                separators.reserve(64);
                let mut to = separators.as_mut_ptr().add(from);
                while bits != 0 {
                    to.write((at + bits.trailing_zeros() as usize) as u32);
                    to = to.add(1);
                    bits &= bits - 1;
                }
                separators.set_len(from + count);
            }
            at += 64;
        }
    }

    fn rows<const FULL: bool>(
        &mut self,
        text: &[u8],
        separators: &[u32],
        begin: usize,
        bins: &mut [Bin],
    ) -> Result<(), String> {
        let mut start = begin;
        let (mut id, mut bin) = (0u64, 0usize);
        let mut current: Option<Event> = None;
        if separators.len() % COLUMNS != 0 {
            return Err(format!("rows of {COLUMNS} cells are wanted"));
        }
        let mut time = (0, 0);
        for cells in separators.chunks_exact(COLUMNS) {
            let cell = |column: usize| {
                let from = if column == 0 { start } else { cells[column - 1] as usize + 1 };
                (from, cells[column] as usize)
            };
            if text[cells[LINE] as usize] != b'\n' || cells[ID] as usize - start > 8 {
                return Err(format!("a row of {COLUMNS} cells with an id of up to 8 bytes is wanted"));
            }
            let own = short(text, cell(ID));
            if own != id || current.is_none() {
                if let Some(event) = current.take() {
                    bins[bin].events.push(event);
                }
                time = cell(TIME);
                let event = self.date_of(text, time).and_then(|day| header(text, day, own, cell, FULL))?;
                bin = bin_of(event.member, bins.len());
                id = own;
                current = Some(event);
            }
            let event = current.as_mut().expect("set just above");
            let (from, to) = cell(AMOUNT);
            let amount = if from == to { NONE } else { hundredths(text, from, to)? };
            let (from, to) = cell(CATEGORY);
            let class = self.categories.class(text, from, to);
            if event.kind == Kind::Purchase {
                if amount == NONE {
                    return Err("a purchase without an amount is not read by this program".to_owned());
                }
                event.sums[usize::from(class)] += amount;
            }
            if FULL {
                let qty = small(text, cell(QTY))? as u16;
                if class == COFFEE {
                    event.coffee += qty;
                }
                event.lines += 1;
                let sku = cell(SKU);
                if sku.1 - sku.0 > 8 {
                    return Err("an article of up to 8 bytes is wanted".to_owned());
                }
                let number = small(text, cell(LINE))? as u8;
                bins[bin].lines.push(Line { sku: short(text, sku), amount, qty, class, number });
            }
            start = cells[LINE] as usize + 1;
        }
        if let Some(event) = current {
            bins[bin].events.push(event);
            self.last_time.clear();
            self.last_time.extend_from_slice(&text[time.0..time.1]);
        }
        Ok(())
    }

    /// The day of a time; the same as the last one's most of the time.
    #[inline]
    fn date_of(&mut self, text: &[u8], (from, to): (usize, usize)) -> Result<u16, String> {
        if to - from != 19 {
            return Err("times are read as 2024-01-31 15:10:07 by this program".to_owned());
        }
        let date: [u8; 10] = text[from..from + 10].try_into().unwrap();
        if date != self.date.0 {
            self.date = (date, parse_date(&date)?);
        }
        Ok(self.date.1)
    }
}

/// The first row of an event.
#[inline]
fn header(text: &[u8], day: u16, id: u64, cell: impl Fn(usize) -> (usize, usize), full: bool) -> Result<Event, String> {
    let (from, to) = cell(TYPE);
    let kind = match &text[from..to] {
        b"purchase" => Kind::Purchase,
        b"return" => Kind::Return,
        b"redeem" => Kind::Redeem,
        other => return Err(format!("{} is not read by this program", String::from_utf8_lossy(other))),
    };
    if !full && kind != Kind::Purchase {
        return Err("--purchases-only was promised".to_owned());
    }
    let member = cell(MEMBER);
    if member.0 == member.1 || member.1 - member.0 > 8 {
        return Err("a member of one to eight bytes is wanted".to_owned());
    }
    let at = cell(TIME).0 + 11;
    let hour = (text[at] & 15) * 10 + (text[at + 1] & 15);
    let mut reference = 0;
    if kind != Kind::Purchase {
        let (from, to) = cell(REF);
        // Rewards have longer names than eight bytes: their first eight tell them apart.
        reference = short(text, (from, to.min(from + 8)));
    }
    let member = short(text, member);
    Ok(Event { id, member, reference, day, hour, kind, lines: 0, coffee: 0, sums: [0; CLASSES] })
}

/// A cell of up to eight bytes as a big-endian number.
#[inline]
fn short(text: &[u8], (from, to): (usize, usize)) -> u64 {
    (load(text, from) & mask(to - from)).swap_bytes()
}

#[inline]
fn small(text: &[u8], (from, to): (usize, usize)) -> Result<u32, String> {
    let mut number = 0;
    for byte in &text[from..to] {
        let figure = u32::from(byte.wrapping_sub(b'0'));
        if figure > 9 || number > 200 {
            return Err("a small whole number is wanted".to_owned());
        }
        number = number * 10 + figure;
    }
    Ok(number)
}

/// `12.49` as 1249: eight bytes at once where there are two decimals.
#[inline]
fn hundredths(text: &[u8], from: usize, to: usize) -> Result<u32, String> {
    let len = to - from;
    if (4..=8).contains(&len) && text[to - 3] == b'.' {
        let bytes = load(text, to - 8);
        let keep = u64::MAX << (8 * (8 - len));
        let bytes = (bytes & keep) | (0x3030_3030_3030_3030 & !keep);
        // Byte 5 is the point: what stands before it moves up over it.
        let figures = ((bytes & 0x0000_00ff_ffff_ffff) << 8) | (bytes & 0xffff_0000_0000_0000) | 0x30;
        let off = figures.wrapping_sub(0x3030_3030_3030_3030);
        if (off | figures.wrapping_add(0x4646_4646_4646_4646)) & 0x8080_8080_8080_8080 == 0 {
            let pairs = (off & 0x0f0f_0f0f_0f0f_0f0f).wrapping_mul(2561) >> 8;
            let fours = (pairs & 0x00ff_00ff_00ff_00ff).wrapping_mul(6_553_601) >> 16;
            return Ok(((fours & 0x0000_ffff_0000_ffff).wrapping_mul(42_949_672_960_001) >> 32) as u32);
        }
    }
    slow_hundredths(&text[from..to])
}

#[cold]
fn slow_hundredths(cell: &[u8]) -> Result<u32, String> {
    let wrong = || format!("{} is no amount this program reads", String::from_utf8_lossy(cell));
    let text = std::str::from_utf8(cell).map_err(|_| wrong())?;
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let decimals = match part.len() {
        0 => 0,
        1 => part.parse::<u32>().map_err(|_| wrong())? * 10,
        2 => part.parse::<u32>().map_err(|_| wrong())?,
        _ => return Err(wrong()),
    };
    let whole = whole.parse::<u32>().map_err(|_| wrong())?;
    whole.checked_mul(100).and_then(|whole| whole.checked_add(decimals)).filter(|all| *all != NONE).ok_or_else(wrong)
}

pub fn parse_date(date: &[u8]) -> Result<u16, String> {
    let number = |part: &[u8]| std::str::from_utf8(part).ok().and_then(|part| part.parse::<i64>().ok());
    let parts = (date.len() == 10).then(|| (number(&date[0..4]), number(&date[5..7]), number(&date[8..10])));
    match parts {
        Some((Some(year), Some(month), Some(day))) => {
            u16::try_from(day_number(year, month, day)).map_err(|_| "a date out of reach".to_owned())
        }
        _ => Err("a date is wanted".to_owned()),
    }
}
