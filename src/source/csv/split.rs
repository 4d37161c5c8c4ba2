//! Finding what parts the cells: 64 bytes at a time, as bits of a mask.
//!
//! Quotes are taken as they come: every one turns "inside" on or off. That is what RFC 4180 means only while
//! they stand at the edges of cells; where one does not ([`Splitter::odd`]), the careful way reads on.

use wide::u8x16;

use super::careful::offset;

/// How many bytes one mask covers.
pub(super) const BLOCK: usize = 64;

/// Counting newlines in bytes of a vector, four a block: so many blocks before they could wrap.
const BLOCKS_A_COUNT: usize = 63;

/// Finds separators, piece after piece of a chunk.
#[derive(Debug, Default)]
pub(super) struct Splitter {
    /// Where the last row taken ended, then places of the separators found (delimiters and line ends). Only the
    /// first [`Self::count`] count.
    places: Vec<u32>,
    count: usize,
    /// How many of them are line ends.
    pub(super) newlines: usize,
    /// Whether there was a quote.
    pub(super) quoted: bool,
    /// Whether there was a doubled quote inside quotes.
    pub(super) doubled: bool,
    /// Whether a quote stood where RFC 4180 has none.
    pub(super) odd: bool,
    /// Whether there was a byte of no ASCII.
    pub(super) wide: bool,
    /// Whether there was a NUL.
    pub(super) zero: bool,
    quotes: Quotes,
}

/// What quotes carry from one block to the next.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Quotes {
    /// All ones while inside quotes.
    inside: u64,
    /// 1 when the last byte was a closing quote.
    closed: u64,
}

impl Quotes {
    const NONE: Self = Self { inside: 0, closed: 0 };
}

/// The bits of one block.
#[derive(Clone, Copy)]
struct Masks {
    separators: u64,
    newlines: u64,
}

impl Splitter {
    /// Forgets everything: rows begin at `start`.
    pub(super) fn restart(&mut self, start: usize) {
        self.places.resize(self.places.len().max(1), 0);
        self.places[0] = offset(start.wrapping_sub(1));
        self.count = 1;
        self.quotes = Quotes::default();
        self.next_piece();
    }

    /// Forgets what was seen so far but for the separators that are not yet taken.
    pub(super) fn next_piece(&mut self) {
        (self.quoted, self.doubled, self.odd, self.wide, self.zero) = (false, false, false, false, false);
        self.newlines = 0;
    }

    /// Where the last row taken ended, and places of the separators found since.
    pub(super) fn places(&self) -> &[u32] {
        &self.places[..self.count]
    }

    /// Takes the first so many separators away.
    pub(super) fn take(&mut self, count: usize) {
        self.places.copy_within(count..self.count, 0);
        self.count -= count;
    }

    /// Looks at `bytes[from..to]`; a whole number of blocks.
    pub(super) fn run(&mut self, bytes: &[u8], from: usize, to: usize, delimiter: u8) {
        let room = self.count + (to - from) + BLOCK;
        if self.places.len() < room {
            self.places.resize(room, 0);
        }
        let (mut low, mut high) = (u8x16::splat(u8::MAX), u8x16::splat(0));
        let [parts, ends, quote] = [delimiter, b'\n', b'"'].map(u8x16::splat);
        let mut start = from;
        let mut count = self.count;
        for group in bytes[from..to].chunks(BLOCK * BLOCKS_A_COUNT) {
            let mut ended = u8x16::splat(0);
            for block in group.as_chunks::<BLOCK>().0 {
                let [a, b, c, d] = lanes(block);
                low = low.min(a.min(b).min(c.min(d)));
                high |= a | b | c | d;
                let ends = [a, b, c, d].map(|lane| lane.simd_eq(ends));
                let [ea, eb, ec, ed] = ends;
                let separators =
                    bits([ea | a.simd_eq(parts), eb | b.simd_eq(parts), ec | c.simd_eq(parts), ed | d.simd_eq(parts)]);
                let quotes = a.simd_eq(quote) | b.simd_eq(quote) | c.simd_eq(quote) | d.simd_eq(quote);
                let separators = if quotes.to_bitmask() == 0 && self.quotes == Quotes::NONE {
                    ended -= ea + eb + ec + ed;
                    separators
                } else {
                    let masks = self.quoted(bytes, start, delimiter, Masks { separators, newlines: bits(ends) });
                    self.newlines += masks.newlines.count_ones() as usize;
                    masks.separators
                };
                count += write(&mut self.places, count, start, separators);
                start += BLOCK;
            }
            self.newlines += ended.to_array().iter().map(|count| usize::from(*count)).sum::<usize>();
        }
        self.count = count;
        self.zero |= low.to_array().contains(&0);
        self.wide |= high.to_bitmask() != 0;
    }

    /// Separators outside quotes, of a block with quotes or behind one.
    #[cold]
    #[inline(never)]
    fn quoted(&mut self, bytes: &[u8], start: usize, delimiter: u8, all: Masks) -> Masks {
        let Some(block) = bytes[start..].first_chunk::<BLOCK>() else { return all };
        let lanes = lanes(block);
        let quotes = bits(lanes.map(|lane| lane.simd_eq(u8x16::splat(b'"'))));
        let before = self.quotes;
        let inside = toggled(quotes) ^ before.inside;
        let masks = Masks { separators: all.separators & !inside, newlines: all.newlines & !inside };
        let (opening, closing) = (quotes & inside, quotes & !inside);
        // Whether a return behind a closing quote ends the line is looked at when the row is read.
        let returns = bits(lanes.map(|lane| lane.simd_eq(u8x16::splat(b'\r'))));
        let last = bytes[start - 1];
        let behind_separator = before.inside == 0 && (last == delimiter || last == b'\n');
        let may_open = (masks.separators | closing) << 1 | u64::from(behind_separator) | before.closed;
        let behind_closing = closing << 1 | before.closed;
        self.odd |= opening & !may_open != 0 || behind_closing & !(masks.separators | opening | returns) != 0;
        self.quoted = true;
        self.doubled |= behind_closing & opening != 0;
        let inside_at_end = if inside >> 63 == 1 { u64::MAX } else { 0 };
        self.quotes = Quotes { inside: inside_at_end, closed: closing >> 63 };
        masks
    }
}

/// Writes the places of the bits behind the first `count`; how many there are.
///
/// Twelve at once, as most blocks have that many or fewer: no branch to guess.
#[inline(always)]
fn write(places: &mut [u32], count: usize, start: usize, mut mask: u64) -> usize {
    let found = mask.count_ones() as usize;
    let Some(slots) = places[count..].first_chunk_mut::<BLOCK>() else { return 0 };
    let start = start as u32;
    for slot in &mut slots[..12] {
        *slot = start.wrapping_add(mask.trailing_zeros());
        mask &= mask.wrapping_sub(1);
    }
    if found > 12 {
        for slot in &mut slots[12..found] {
            *slot = start.wrapping_add(mask.trailing_zeros());
            mask &= mask.wrapping_sub(1);
        }
    }
    found
}

#[inline]
fn lanes(block: &[u8; BLOCK]) -> [u8x16; 4] {
    let (lanes, _) = block.as_chunks::<16>();
    [0, 1, 2, 3].map(|at| u8x16::from(lanes[at]))
}

#[inline]
fn bits(lanes: [u8x16; 4]) -> u64 {
    let [a, b, c, d] = lanes.map(|lane| u64::from(lane.to_bitmask()));
    a | b << 16 | c << 32 | d << 48
}

/// Every bit becomes whether an odd number of bits stand at and below it.
fn toggled(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}
