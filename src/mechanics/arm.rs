//! On which side of a test a member stands: a hash of the program's, the test's and her own name.
//!
//! It hangs on nothing else: not on who else is a member, nor on the order of anything, nor on the day. Anyone can
//! work it out again: the first eight bytes of the SHA-256 of four lines (the program, the pilot or offer, what is
//! drawn, the member; a line feed between two, none at the end), as one number, over 2^64.

use super::{Name, OfferId, PilotId, Program, RuleId};
use crate::value::exact::Exact;
use num_bigint::BigInt;
use sha2::{Digest, Sha256};

/// A side of a pilot or an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Arm {
    /// She is given what the rule gives.
    In,
    /// She is kept back, so that what the others do can be measured against her.
    Held,
    /// She is in neither: `members 10%` did not draw her.
    Out,
}

/// What is drawn: each draw of one test is a draw of its own.
const MEMBERS: &str = "members";
const CONTROL: &str = "control";
const HOLDOUT: &str = "holdout";

/// Whether a member is among the first `percent` of a draw.
///
/// ```
/// use loyal::mechanics::arm::is_drawn;
/// use loyal::value::exact::Exact;
///
/// let all = Exact::from_int(100);
/// assert!(is_drawn(["shop", "north", "members", "ana"], &all));
/// assert!(!is_drawn(["shop", "north", "members", "ana"], &Exact::zero()));
/// ```
pub fn is_drawn(lines: [&str; 4], percent: &Exact) -> bool {
    let hash = Sha256::digest(lines.join("\n").as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&hash[..8]);
    // hash / 2^64 < percent / 100
    let hash = BigInt::from(u64::from_be_bytes(first));
    hash * 100 * percent.denom() < percent.numer() << 64_u8
}

impl Program {
    /// The side of a member in what a rule belongs to; a rule of no test is for everybody.
    pub fn arm(&self, rule: RuleId, member: &str) -> Arm {
        let rule = &self.rules[rule.0];
        match (rule.pilot, rule.offer) {
            (Some(pilot), _) => self.arm_of_pilot(pilot, member),
            (None, Some(offer)) => self.arm_of_offer(offer, member),
            (None, None) => Arm::In,
        }
    }

    /// The side of a member in a pilot, whenever she is where and in what it is for.
    pub fn arm_of_pilot(&self, pilot: PilotId, member: &str) -> Arm {
        let pilot = &self.pilots[pilot.0];
        let drawn = |what: &str, percent: &Exact| self.is_drawn(&pilot.name, what, member, percent);
        if pilot.members.as_ref().is_some_and(|percent| !drawn(MEMBERS, percent)) {
            return Arm::Out;
        }
        let held = pilot.control.as_ref().is_some_and(|percent| drawn(CONTROL, percent));
        if held { Arm::Held } else { Arm::In }
    }

    /// The side of a member in an offer, whenever she is one whom it is for.
    pub fn arm_of_offer(&self, offer: OfferId, member: &str) -> Arm {
        let offer = &self.offers[offer.0];
        let held = |percent: &Exact| self.is_drawn(&offer.name, HOLDOUT, member, percent);
        if offer.holdout.as_ref().is_some_and(held) { Arm::Held } else { Arm::In }
    }

    fn is_drawn(&self, of: &Name, what: &str, member: &str, percent: &Exact) -> bool {
        is_drawn([&self.settings.name.text, &of.text, what, member], percent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of how many of 100,000 ids each of two draws takes: neither, the first, the second, both.
    fn four(a: [&str; 3], b: [&str; 3], percent: i64) -> [f64; 4] {
        let percent = Exact::from_int(percent);
        let mut counts = [0.0; 4];
        for number in 0..100_000 {
            let id = format!("m{number}");
            let of = |[program, test, what]: [&str; 3]| is_drawn([program, test, what, &id], &percent);
            counts[usize::from(of(a)) + 2 * usize::from(of(b))] += 1.0;
        }
        counts
    }

    fn chi_square(got: [f64; 4], wanted: [f64; 4]) -> f64 {
        got.iter().zip(wanted).map(|(got, wanted)| (got - wanted) * (got - wanted) / wanted).sum()
    }

    #[test]
    fn draws_take_their_share_and_know_nothing_of_one_another() {
        // 16.27: what three degrees of freedom pass once in a thousand times. The ids are fixed, so is the answer.
        for (a, b) in [
            (["shop", "north", MEMBERS], ["shop", "south", MEMBERS]),
            (["shop", "north", MEMBERS], ["shop", "north", CONTROL]),
            (["shop", "north", MEMBERS], ["cafe", "north", MEMBERS]),
            (["shop", "come_back", HOLDOUT], ["shop", "north", CONTROL]),
        ] {
            let half = chi_square(four(a, b, 50), [25_000.0; 4]);
            assert!(half < 16.27, "{a:?} {b:?}: {half}");
            let tenth = chi_square(four(a, b, 10), [81_000.0, 9_000.0, 9_000.0, 1_000.0]);
            assert!(tenth < 16.27, "{a:?} {b:?}: {tenth}");
        }
    }

    #[test]
    fn whoever_is_in_ten_percent_is_in_twenty() {
        let of = |number: i32, percent: i64| {
            is_drawn(["shop", "north", MEMBERS, &format!("m{number}")], &Exact::from_int(percent))
        };
        assert!((0..1000).all(|number| !of(number, 10) || of(number, 20)));
        assert!((0..1000).any(|number| !of(number, 10) && of(number, 20)));
    }

    #[test]
    fn a_side_is_what_sha256_says() {
        // printf 'shop\nnorth\nmembers\nana' | sha256sum: 937ed9656b496b1a…, over 2^64 57.6154%
        assert!(is_drawn(["shop", "north", MEMBERS, "ana"], &Exact::ratio(5762, 100)));
        assert!(!is_drawn(["shop", "north", MEMBERS, "ana"], &Exact::ratio(5761, 100)));
    }
}
