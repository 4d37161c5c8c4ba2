//! Members by key: open addressing over 16-byte slots, looked up in batches so that memory is asked early.

use crate::model::hash;

pub struct Table {
    slots: Vec<(u64, u32)>,
    count: usize,
}

const EMPTY: u32 = u32::MAX;

impl Table {
    pub fn new() -> Self {
        Table { slots: vec![(0, EMPTY); 1 << 12], count: 0 }
    }

    pub fn len(&self) -> usize {
        self.count
    }

    #[inline]
    pub fn prefetch(&self, key: u64) {
        prefetch(&self.slots[hash(key) as usize & (self.slots.len() - 1)]);
    }

    /// The member's place; the next free one for a new member.
    #[inline]
    pub fn place(&mut self, key: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = hash(key) as usize & mask;
        loop {
            let (known, place) = self.slots[at];
            if place == EMPTY {
                return self.insert(key, at);
            }
            if known == key {
                return place as usize;
            }
            at = (at + 1) & mask;
        }
    }

    fn insert(&mut self, key: u64, at: usize) -> usize {
        let place = self.count;
        self.slots[at] = (key, place as u32);
        self.count += 1;
        if self.count * 2 > self.slots.len() {
            let old = std::mem::take(&mut self.slots);
            self.slots = vec![(0, EMPTY); old.len() * 2];
            let mask = self.slots.len() - 1;
            for (key, place) in old.into_iter().filter(|slot| slot.1 != EMPTY) {
                let mut at = hash(key) as usize & mask;
                while self.slots[at].1 != EMPTY {
                    at = (at + 1) & mask;
                }
                self.slots[at] = (key, place);
            }
        }
        place
    }
}

/// Asks memory for what will be needed soon.
#[inline]
pub fn prefetch<T>(of: &T) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a prefetch of a reference reads nothing and cannot fault.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch(std::ptr::from_ref(of).cast::<i8>(), _MM_HINT_T0);
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = of;
}
