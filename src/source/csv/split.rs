//! Finding what parts the cells: 64 bytes at a time, as bits of a mask.
//!
//! Quotes are taken as they come: every one turns "inside" on or off. That is what RFC 4180 means only while
//! they stand at the edges of cells; where one does not ([`Splitter::odd`]), the careful way reads on.

use wide::u8x16;

/// How many bytes one mask covers.
pub(super) const BLOCK: usize = 64;

/// Counting newlines in bytes of a vector, four a block: so many blocks before they could wrap.
const BLOCKS_A_COUNT: usize = 63;

/// Finds separators, piece after piece of a chunk.
#[derive(Debug, Default)]
pub(super) struct Splitter {
    /// Places of the separators found (delimiters and line ends); only the first [`Self::count`] count.
    places: Vec<u32>,
    count: usize,
    /// How many of them are line ends.
    pub(super) newlines: usize,
    /// Whether there was a quote.
    pub(super) quoted: bool,
    /// Whether a quote stood where RFC 4180 has none.
    pub(super) odd: bool,
    /// Whether there was a byte of no ASCII.
    pub(super) wide: bool,
    /// Whether there was a NUL.
    pub(super) zero: bool,
    quotes: Quotes,
}

/// What quotes carry from one block to the next; each 0 or 1 but for `inside`.
#[derive(Debug, Clone, Copy)]
struct Quotes {
    /// All ones while inside quotes.
    inside: u64,
    /// Whether the last byte may be followed by an opening quote.
    opens: u64,
    /// Whether the last byte was a closing quote.
    closed: u64,
}

impl Default for Quotes {
    fn default() -> Self {
        Self { inside: 0, opens: 1, closed: 0 }
    }
}

/// The bits of one block.
#[derive(Clone, Copy)]
struct Masks {
    separators: u64,
    newlines: u64,
}

impl Splitter {
    /// Forgets everything: a new chunk begins.
    pub(super) fn restart(&mut self) {
        self.count = 0;
        self.quotes = Quotes::default();
        self.next_piece();
    }

    /// Forgets what was seen so far but for the separators that are not yet taken.
    pub(super) fn next_piece(&mut self) {
        (self.newlines, self.quoted, self.odd, self.wide, self.zero) = (0, false, false, false, false);
    }

    /// Places of the separators found and not yet taken.
    pub(super) fn places(&self) -> &[u32] {
        &self.places[..self.count]
    }

    /// Takes the first so many of them away.
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
        for group in bytes[from..to].chunks(BLOCK * BLOCKS_A_COUNT) {
            let mut ended = u8x16::splat(0);
            for block in group.as_chunks::<BLOCK>().0 {
                let [a, b, c, d] = lanes(block);
                low = low.min(a.min(b).min(c.min(d)));
                high |= a | b | c | d;
                let [ea, eb, ec, ed] = [a, b, c, d].map(|lane| lane.simd_eq(ends));
                let separators =
                    bits([ea | a.simd_eq(parts), eb | b.simd_eq(parts), ec | c.simd_eq(parts), ed | d.simd_eq(parts)]);
                let quotes = a.simd_eq(quote) | b.simd_eq(quote) | c.simd_eq(quote) | d.simd_eq(quote);
                if quotes.to_bitmask() == 0 && self.quotes.inside == 0 {
                    ended -= ea + eb + ec + ed;
                    self.push(start, separators);
                    self.unquoted(separators, block);
                } else {
                    let masks = self.quoted(block, Masks { separators, newlines: bits([ea, eb, ec, ed]) });
                    self.newlines += masks.newlines.count_ones() as usize;
                    self.push(start, masks.separators);
                }
                start += BLOCK;
            }
            self.newlines += ended.to_array().iter().map(|count| usize::from(*count)).sum::<usize>();
        }
        self.zero |= low.to_array().contains(&0);
        self.wide |= high.to_bitmask() != 0;
    }

    /// Carries what a block without quotes means for quotes in the next.
    #[inline]
    fn unquoted(&mut self, separators: u64, block: &[u8; BLOCK]) {
        self.odd |= self.quotes.closed != 0 && separators & 1 == 0 && block[0] != b'\r';
        self.quotes = Quotes { inside: 0, opens: separators >> 63, closed: 0 };
    }

    /// Separators outside quotes, of a block with quotes.
    #[cold]
    #[inline(never)]
    fn quoted(&mut self, block: &[u8; BLOCK], all: Masks) -> Masks {
        let lanes = lanes(block);
        let quotes = bits(lanes.map(|lane| lane.simd_eq(u8x16::splat(b'"'))));
        let inside = toggled(quotes) ^ self.quotes.inside;
        let masks = Masks { separators: all.separators & !inside, newlines: all.newlines & !inside };
        let (opening, closing) = (quotes & inside, quotes & !inside);
        let returns = bits(lanes.map(|lane| lane.simd_eq(u8x16::splat(b'\r')))) & !inside;
        let before = self.quotes;
        let may_open = (masks.separators | closing) << 1 | before.opens;
        let behind_closing = closing << 1 | before.closed;
        self.odd |= opening & !may_open != 0 || behind_closing & !(masks.separators | opening | returns) != 0;
        self.quoted = true;
        self.quotes = Quotes {
            inside: if inside >> 63 == 1 { u64::MAX } else { 0 },
            opens: (masks.separators | closing) >> 63,
            closed: closing >> 63,
        };
        masks
    }

    /// Adds the places of the bits. Eight at once, as most blocks have that many or fewer: no branch to guess.
    #[inline]
    fn push(&mut self, start: usize, mut mask: u64) {
        let found = mask.count_ones() as usize;
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        let Some(slots) = self.places[self.count..].first_chunk_mut::<BLOCK>() else { return };
        let mut put = |range: std::ops::Range<usize>| {
            for slot in &mut slots[range] {
                *slot = start + mask.trailing_zeros();
                mask &= mask.wrapping_sub(1);
            }
        };
        put(0..8);
        if found > 8 {
            put(8..16);
            if found > 16 {
                put(16..found);
            }
        }
        self.count += found;
    }
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
