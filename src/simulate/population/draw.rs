//! Draws: each member of each world has streams of her own, found by their numbers alone.
//!
//! So nothing hangs on who was played before her, on which thread, or on how many draws another program asked for; and
//! what she would buy stands on a *tape* that all programs read from its beginning (common random numbers: P. Glasserman,
//! D. Yao, "Some Guidelines and Guarantees for Common Random Numbers", Management Science 38(6), 1992).

use rand_distr::{Beta, Distribution, Exp1, Gamma, StandardNormal, StandardUniform};
use rand_pcg::Pcg64Mcg;

/// A stream of draws.
#[derive(Debug, Clone)]
pub(super) struct Stream(Pcg64Mcg);

/// What a stream is for: streams of one member are not one another's.
#[derive(Debug, Clone, Copy)]
pub(super) enum For {
    /// The assumptions of a world.
    World = 1,
    /// Who a member is.
    Traits = 2,
    /// What she would buy.
    Tape = 3,
    /// What she does besides; several, each with a number.
    Deeds = 4,
    /// What memberships she takes; several, each with a number.
    Terms = 5,
    /// When she joins.
    Joining = 6,
    /// Her birthday.
    Birthday = 7,
}

/// The finaliser of SplitMix64 (G. Steele, D. Lea, C. Flood, OOPSLA 2014): near numbers become far ones.
fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Stream {
    /// The stream of a member in a world; of the world itself, its member is 0.
    pub(super) fn of(seed: u64, world: u64, member: u64, purpose: For) -> Self {
        let first = mixed(mixed(mixed(seed).wrapping_add(world)).wrapping_add(member));
        let high = mixed(first ^ (purpose as u64));
        let low = mixed(high);
        Self(Pcg64Mcg::new(u128::from(high) << 64 | u128::from(low)))
    }

    /// The same where there are several for one purpose: the one of this number.
    pub(super) fn nth(seed: u64, world: u64, member: u64, (purpose, number): (For, usize)) -> Self {
        let apart = mixed(number as u64 ^ 0x5851_f42d_4c95_7f2d);
        Self::of(seed ^ apart, world, member, purpose)
    }

    /// From 0 to below 1.
    pub(super) fn uniform(&mut self) -> f64 {
        StandardUniform.sample(&mut self.0)
    }

    /// Exponential, with a mean of 1.
    pub(super) fn exponential(&mut self) -> f64 {
        Exp1.sample(&mut self.0)
    }

    /// Normal, with a mean of 0 and a deviation of 1.
    pub(super) fn normal(&mut self) -> f64 {
        StandardNormal.sample(&mut self.0)
    }

    /// Gamma; 1 where the figures make none.
    pub(super) fn gamma(&mut self, shape: f64, scale: f64) -> f64 {
        Gamma::new(shape, scale).map_or(1.0, |gamma| gamma.sample(&mut self.0))
    }

    /// Beta; 0 where the figures make none.
    pub(super) fn beta(&mut self, a: f64, b: f64) -> f64 {
        Beta::new(a, b).map_or(0.0, |beta| beta.sample(&mut self.0))
    }
}

/// One purchase that a member would make: each figure is drawn whether it is asked for or not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Intent {
    /// How long she waits for it, in means of her own gap: exponential.
    pub(super) wait: f64,
    /// How large it is: normal.
    pub(super) size: f64,
    /// What it is of.
    pub(super) item: f64,
    /// Whether it comes back.
    pub(super) back: f64,
    /// Whether she takes a reward at this visit.
    pub(super) takes: f64,
    /// Whether she uses what she holds, and pays with points.
    pub(super) uses: f64,
    /// Whether it is her last.
    pub(super) leaves: f64,
}

/// What a member would buy, one purchase after the other; all programs read the same.
#[derive(Debug)]
pub(super) struct Tape {
    stream: Stream,
    known: Vec<Intent>,
}

impl Tape {
    /// An empty one.
    pub(super) fn new() -> Self {
        Self { stream: Stream::of(0, 0, 0, For::Tape), known: Vec::new() }
    }

    /// Winds on to the next member.
    pub(super) fn begin(&mut self, stream: Stream) {
        self.stream = stream;
        self.known.clear();
    }

    /// Her purchase of this number, from 0.
    pub(super) fn nth(&mut self, number: usize) -> Intent {
        while self.known.len() <= number {
            let stream = &mut self.stream;
            self.known.push(Intent {
                wait: stream.exponential(),
                size: stream.normal(),
                item: stream.uniform(),
                back: stream.uniform(),
                takes: stream.uniform(),
                uses: stream.uniform(),
                leaves: stream.uniform(),
            });
        }
        self.known[number]
    }
}

/// Who a member is: the same in all programs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Traits {
    /// Which group she belongs to, as a place among all members: from 0 to below 1.
    pub(super) group: f64,
    /// How she differs from the median in her gap: normal.
    pub(super) gap: f64,
    /// How long she stays, and how long she stays away, in means: exponential.
    pub(super) stays: [f64; 2],
    /// See `stays`.
    pub(super) away: f64,
    /// At what part of the first day she comes, where everybody begins with a purchase.
    pub(super) begins: f64,
}

impl Traits {
    /// Draws them.
    pub(super) fn drawn(stream: &mut Stream) -> Self {
        Self {
            group: stream.uniform(),
            gap: stream.normal(),
            stays: [stream.exponential(), stream.exponential()],
            away: stream.exponential(),
            begins: stream.uniform(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_found_by_their_numbers_and_differ() {
        let first = |seed, world, member| Stream::of(seed, world, member, For::Tape).uniform();
        assert_eq!(first(1, 2, 3).to_bits(), first(1, 2, 3).to_bits());
        let all = [first(1, 2, 3), first(2, 2, 3), first(1, 3, 3), first(1, 2, 4), first(1, 3, 2)];
        for (at, one) in all.iter().enumerate() {
            assert!(all[at + 1..].iter().all(|other| other.to_bits() != one.to_bits()));
        }
    }

    #[test]
    fn a_tape_says_the_same_in_whatever_order_it_is_read() {
        let mut tape = Tape::new();
        tape.begin(Stream::of(7, 0, 0, For::Tape));
        let third = tape.nth(2).size;
        tape.begin(Stream::of(7, 0, 0, For::Tape));
        let _ = (tape.nth(0), tape.nth(1));
        assert_eq!(tape.nth(2).size.to_bits(), third.to_bits());
    }
}
