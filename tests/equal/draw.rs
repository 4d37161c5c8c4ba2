//! Draws from a seed: the same seed gives the same program and history for good.

use std::cell::RefCell;

thread_local! {
    /// Choices that were told, the next one last.
    static TOLD: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// What `draw` draws where choices are told: a byte a choice, over all its streams, as a fuzzer makes them up. Once they
/// are used up its seed chooses.
#[allow(dead_code, reason = "for inputs of a fuzzer")]
pub fn choosing<T>(choices: &[u8], draw: impl FnOnce() -> T) -> T {
    TOLD.set(choices.iter().rev().copied().collect());
    let drawn = draw();
    TOLD.take();
    drawn
}

/// A stream of choices (SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
pub struct Draw {
    state: u64,
}

impl Draw {
    /// The stream of a seed; `of` keeps the streams of one seed apart.
    pub fn new(seed: u64, of: u64) -> Self {
        // The seed itself goes through the mixer: streams of neighbouring seeds would else be one stream, shifted.
        let state = Self { state: seed }.next() ^ Self { state: of.rotate_left(32) }.next().rotate_left(17);
        Self { state }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `count`.
    pub fn below(&mut self, count: usize) -> usize {
        let told = TOLD.with_borrow_mut(Vec::pop).map(u64::from);
        usize::try_from(told.unwrap_or_else(|| self.next()) % (count.max(1) as u64)).unwrap_or(0)
    }

    /// A number from `first` to `last`.
    pub fn between(&mut self, first: usize, last: usize) -> usize {
        first + self.below(last - first + 1)
    }

    /// Yes, so many times out of a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of a pool.
    pub fn of<'p, T: ?Sized>(&mut self, pool: &[&'p T]) -> &'p T {
        pool[self.below(pool.len())]
    }

    /// One of a pool of texts that were made.
    pub fn text(&mut self, pool: &[String]) -> String {
        pool[self.below(pool.len())].clone()
    }

    /// One of a pool of figures.
    pub fn figure(&mut self, pool: &[u32]) -> u32 {
        pool[self.below(pool.len())]
    }

    /// A few of a pool, in its order, at least one.
    pub fn some<'p>(&mut self, pool: &[&'p str]) -> Vec<&'p str> {
        let kept: Vec<&str> = pool.iter().copied().filter(|_| self.chance(45)).collect();
        if kept.is_empty() { vec![self.of(pool)] } else { kept }
    }
}
