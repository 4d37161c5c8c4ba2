//! A history that goes on: who takes whose place in a population, and how she buys from there on.
//!
//! What is known of a member at the end of a history is how often she bought again (x), when last (t_x), and for how long
//! she was seen (T). Under BG/NBD she has not left with P(alive); then her rate is Gamma(r + x, alpha + T) and her chance
//! to leave after a purchase Beta(a, b + x). These are the two factors of her posterior, so that on average she buys as
//! often as the conditional expectation says (Fader, Hardie and Lee 2005, equation 10). If she has left it was after her
//! last purchase: Gamma(r + x, alpha + t_x) and Beta(a + 1, b + x - 1), for whoever is won back.

use crate::mechanics::scenario::{Buying, Scenario, Standing};
use crate::simulate::fit::{Model, Theta};

use super::draw::Stream;

/// How a member begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Begins {
    /// Like any other day: she buys when she buys.
    Stands,
    /// With a first purchase on the day of this number.
    Buys(f64),
    /// Having left.
    HasLeft,
}

/// A place in a population.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Place {
    /// Of a new member, who comes on the day of this number.
    New(u32),
    /// Of one whom the history knows.
    Of(Standing),
}

impl Place {
    /// Her mean gap in days, the chance that a purchase is her last, and how she begins. Times of theta in days.
    pub(super) fn drawn(self, theta: Theta, stream: &mut Stream) -> (f64, f64, Begins) {
        let [r, alpha, a, b] = theta;
        let of = match self {
            Place::New(day) => {
                let gap = 1.0 / stream.gamma(r, 1.0 / alpha);
                return (gap, stream.beta(a, b), Begins::Buys(f64::from(day)));
            }
            Place::Of(standing) => standing,
        };
        let (x, last, seen) = (f64::from(of.again), f64::from(of.last), f64::from(of.seen));
        let stays = stream.uniform() < Model::BgNbd.alive(&theta, of.again, last, seen);
        let looked_at = if stays { seen } else { last };
        let gap = 1.0 / stream.gamma(r + x, 1.0 / (alpha + looked_at));
        match stays {
            true => (gap, stream.beta(a, b + x), Begins::Stands),
            // Who bought once has not left, so that x is at least one.
            false => (gap, stream.beta(a + 1.0, b + x - 1.0), Begins::HasLeft),
        }
    }
}

/// The members of a history that goes on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known<'s> {
    standings: &'s [Standing],
    /// The share of new members.
    new: f64,
    /// How far one place lies from the next.
    stride: u64,
}

impl<'s> Known<'s> {
    /// Those of a scenario; none where no history goes on.
    pub(super) fn of(scenario: &'s Scenario) -> Option<Self> {
        let Buying::Continued(continued) = &scenario.purchases else { return None };
        let count = u64::try_from(continued.known.len()).unwrap_or(u64::MAX);
        (count > 0).then(|| Self {
            standings: &continued.known,
            new: continued.new.to_f64_lossy() / 100.0,
            stride: stride(count),
        })
    }

    /// Whose place a member of a world takes: all members of the history in turn, so that nobody is taken a second time
    /// before all were once, and in such an order that the first few of them are like all.
    pub(super) fn place(self, world: u64, member: u64) -> Place {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "counts"
        )]
        let new_before = |member: u64| (member as f64 * self.new + 1e-9).floor() as u64;
        let (before, upto) = (new_before(member), new_before(member + 1));
        if upto > before {
            return Place::New(self.standing(world, before).first);
        }
        Place::Of(self.standing(world, member - before))
    }

    /// The standing of a number, in strides.
    fn standing(self, world: u64, number: u64) -> Standing {
        let count = self.standings.len() as u64;
        // Another world begins elsewhere.
        let begins = world.wrapping_mul(0x9e37_79b9_7f4a_7c15) % count;
        let at = (u128::from(number % count) * u128::from(self.stride) + u128::from(begins)) % u128::from(count);
        self.standings[usize::try_from(at).unwrap_or(0)]
    }
}

/// A stride that comes by every place once, nearly in the golden ratio, so that it leaves no large part out for long.
fn stride(count: u64) -> u64 {
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
    let golden = (count as f64 * 0.618_033_988_749_895) as u64;
    (golden.max(1)..count).find(|stride| num_integer::gcd(*stride, count) == 1).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standings(count: u32) -> Vec<Standing> {
        (0..count).map(|x| Standing { again: x, last: x, seen: 500, first: x }).collect()
    }

    #[test]
    fn everybody_is_taken_once_before_anybody_is_taken_twice() {
        for count in [1, 2, 3, 10, 97, 360] {
            let standings = standings(count);
            let known = Known { standings: &standings, new: 0.0, stride: stride(u64::from(count)) };
            for world in 0..4 {
                let place = |member| match known.place(world, member) {
                    Place::Of(standing) => standing.again,
                    Place::New(_) => panic!("nobody is new"),
                };
                let mut taken: Vec<u32> = (0..u64::from(count)).map(place).collect();
                assert_eq!(place(u64::from(count)), taken[0], "then it begins again");
                taken.sort_unstable();
                assert!(taken.iter().copied().eq(0..count), "{count} {taken:?}");
            }
        }
    }

    #[test]
    fn the_first_few_are_like_all() {
        let standings = standings(1000);
        let known = Known { standings: &standings, new: 0.0, stride: stride(1000) };
        let first: Vec<f64> = (0..100)
            .map(|member| match known.place(0, member) {
                Place::Of(standing) => f64::from(standing.again),
                Place::New(_) => panic!("nobody is new"),
            })
            .collect();
        let mean = first.iter().sum::<f64>() / 100.0;
        assert!((mean - 499.5).abs() < 15.0, "{mean}");
    }

    #[test]
    fn so_many_are_new_as_was_said() {
        let standings = standings(10);
        let count = |share: f64, members: u64| {
            let known = Known { standings: &standings, new: share, stride: stride(10) };
            (0..members).filter(|member| matches!(known.place(0, *member), Place::New(_))).count()
        };
        assert_eq!([count(0.0, 40), count(0.2, 40), count(0.25, 10), count(1.0, 40)], [0, 8, 2, 40]);
    }
}
