//! Words as small numbers.

use rustc_hash::FxHashMap;

use super::tidy::word;

/// A word of at most sixteen bytes, filled up with zeros.
type Key = (u64, u64);

/// What a text is that is not in the list.
const OTHER: u32 = 1;

/// The words of a column, by what they are.
#[derive(Debug, Clone)]
pub(super) struct Words {
    /// Slots by hash, filled to a quarter at most; a slot of the empty key is free.
    short: Vec<(Key, u32)>,
    /// How far a hash is shifted to be a slot.
    shift: u32,
    long: FxHashMap<Box<[u8]>, u32>,
}

impl Words {
    /// A list of words: each is its place in it plus two.
    pub(super) fn new(list: &[String]) -> Self {
        let size = (list.len() * 4).next_power_of_two().max(16);
        let mut words =
            Self { short: vec![((0, 0), OTHER); size], shift: 64 - size.trailing_zeros(), long: FxHashMap::default() };
        for (at, text) in list.iter().enumerate() {
            words.add(text.as_bytes(), u32::try_from(at + 2).unwrap_or(OTHER));
        }
        words
    }

    /// Of words that stand twice, the first counts.
    fn add(&mut self, text: &[u8], code: u32) {
        if text.is_empty() {
            return;
        }
        if text.len() > 16 {
            self.long.entry(text.into()).or_insert(code);
            return;
        }
        let mut room = [0; 16];
        room[..text.len()].copy_from_slice(text);
        let key = (word(&room, 0), word(&room, 8));
        let mut slot = self.slot(key);
        while self.short[slot].0 != (0, 0) {
            if self.short[slot].0 == key {
                return;
            }
            slot = (slot + 1) & (self.short.len() - 1);
        }
        self.short[slot] = (key, code);
    }

    /// The code of `bytes[from..to]`, where sixteen bytes stand behind; it is tidy, and without NUL.
    #[inline(always)]
    pub(super) fn code(&self, bytes: &[u8], from: usize, to: usize) -> u32 {
        let length = to - from;
        if length > 16 {
            return self.long.get(&bytes[from..to]).copied().unwrap_or(OTHER);
        }
        let (low, high) = KEPT[length];
        let key = (word(bytes, from) & low, word(bytes, from + 8) & high);
        let mut slot = self.slot(key);
        loop {
            let (found, code) = self.short[slot];
            if found == key || found == (0, 0) {
                return if length == 0 { 0 } else { code };
            }
            slot = (slot + 1) & (self.short.len() - 1);
        }
    }

    #[inline(always)]
    fn slot(&self, (low, high): Key) -> usize {
        let hash = (low ^ high.rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (hash >> self.shift) as usize
    }
}

/// The bits of a text of so many bytes in its two words.
const KEPT: [Key; 17] = {
    let mut kept = [(0, 0); 17];
    let mut length = 1;
    while length <= 16 {
        kept[length] =
            if length <= 8 { (u64::MAX >> (64 - 8 * length), 0) } else { (u64::MAX, u64::MAX >> (128 - 8 * length)) };
        length += 1;
    }
    kept
};
