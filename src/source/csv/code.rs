//! Words as small numbers.

use rustc_hash::FxHashMap;

use super::tidy::{tidy, words};

/// A word of at most sixteen bytes, filled up with zeros.
type Key = (u64, u64);

/// What a text is that is not in the list.
pub(super) const OTHER: u32 = 1;

/// The words of a column, by what they are.
#[derive(Debug, Clone)]
pub(super) struct Words {
    /// Slots by hash, filled to a quarter at most; a slot of the empty key is free.
    short: Vec<(Key, u32)>,
    /// What a key is multiplied with to be a hash.
    factor: u64,
    /// How far a hash is shifted to be a slot.
    shift: u32,
    /// Whether every word stands in its very slot: then one look is enough, and nothing is guessed.
    apart: bool,
    long: FxHashMap<Box<[u8]>, u32>,
}

impl Words {
    /// A list of words: each is its place in it plus two. Of words that stand twice, the first counts.
    pub(super) fn new(list: &[String]) -> Self {
        let (mut short, mut long) = (Vec::new(), FxHashMap::default());
        for (at, text) in list.iter().enumerate() {
            let (text, code) = (text.as_bytes(), u32::try_from(at + 2).unwrap_or(OTHER));
            // A word that cells cannot be, tidy as they are, must not be found.
            if text.is_empty() || tidy(text).map(str::as_bytes) != Ok(text) {
                continue;
            }
            if text.len() > 16 {
                long.entry(text.into()).or_insert(code);
                continue;
            }
            let mut room = [0; 16];
            room[..text.len()].copy_from_slice(text);
            let [low, high] = words(&room, 0);
            short.push(((low, high), code));
        }
        let size = (short.len() * 4).next_power_of_two().max(16);
        let tries = (0..64_u64).map(|n| (0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(2 * n + 1), size << (n / 16)));
        let tables = tries.map(|(factor, size)| Self {
            short: vec![((0, 0), OTHER); size],
            factor,
            shift: 64 - size.trailing_zeros(),
            apart: true,
            long: FxHashMap::default(),
        });
        let mut last = None;
        for mut table in tables {
            short.iter().for_each(|(key, code)| table.add(*key, *code));
            let enough = table.apart || short.len() > 1000;
            last = Some(table);
            if enough {
                break;
            }
        }
        let mut table = last.unwrap_or_else(|| Self {
            short: vec![((0, 0), OTHER); 16],
            factor: 1,
            shift: 60,
            apart: true,
            long: FxHashMap::default(),
        });
        table.long = long;
        table
    }

    fn add(&mut self, key: Key, code: u32) {
        let mut slot = self.slot(key);
        while self.short[slot].0 != (0, 0) {
            if self.short[slot].0 == key {
                return;
            }
            self.apart = false;
            slot = (slot + 1) & (self.short.len() - 1);
        }
        self.short[slot] = (key, code);
    }

    /// The code of `bytes[from..to]`, where sixteen bytes stand behind `from`, without NUL.
    ///
    /// A cell that is not tidy is no word: [`OTHER`].
    #[inline(always)]
    pub(super) fn code(&self, bytes: &[u8], from: usize, to: usize) -> u32 {
        let length = to - from;
        if length > 16 {
            return self.long.get(&bytes[from..to]).copied().unwrap_or(OTHER);
        }
        let [low, high] = words(bytes, from);
        let key = (low & KEPT[length].0, high & KEPT[length].1);
        let slot = self.slot(key);
        let (found, code) = self.short[slot];
        let other = u32::from(length > 0);
        if self.apart {
            let same = ((found.0 ^ key.0) | (found.1 ^ key.1)) == 0;
            return std::hint::select_unpredictable(same & (length > 0), code, other);
        }
        self.probe(key, slot).unwrap_or(other)
    }

    fn probe(&self, key: Key, mut slot: usize) -> Option<u32> {
        loop {
            match self.short[slot] {
                ((0, 0), _) => return None,
                (found, code) if found == key => return Some(code),
                _ => slot = (slot + 1) & (self.short.len() - 1),
            }
        }
    }

    #[inline(always)]
    fn slot(&self, (low, high): Key) -> usize {
        let hash = (low ^ high.rotate_left(29)).wrapping_mul(self.factor);
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
