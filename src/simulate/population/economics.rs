//! What hangs on what: how much has to change for the program to pay for itself, and which assumption moves the answer.

use crate::mechanics::scenario::Answer;

use super::assemble::Plays;
use super::world::World;

/// Searches end when this little of the cost is left.
const CLOSE: f64 = 1e-5;
/// Or when the lift is known to this much.
const NARROW: f64 = 1e-6;
/// So often a search looks.
const LOOKS: usize = 24;
/// The most that visits can be lifted by: more than any program does.
const MOST: f64 = 5.0;
/// The least.
const LEAST: f64 = -0.9;

/// The lift of visits at which a program neither gains nor loses, all else as in this world: found by bracketing, then by
/// false position with the Illinois rule (M. Dowell, P. Jarratt, "A modified regula falsi method for computing the root
/// of an equation", BIT 11, 1971), over the same draws each time. None: no lift that could be believed does it.
pub(super) fn break_even(plays: &Plays<'_, '_>, world: &World, program: usize, members: u64) -> Option<f64> {
    let look = |lift: f64| plays.gain(&world.clone().with(Answer::Visits, lift), program, members);
    let (zero, cost) = look(0.0);
    let close = CLOSE * cost.abs().max(1e-9);
    if zero.abs() <= close {
        return Some(0.0);
    }
    let mut low = (0.0_f64, zero);
    let mut step: f64 = if zero < 0.0 { 0.1 } else { -0.1 };
    let mut high = loop {
        let at = (low.0 + step).clamp(LEAST, MOST);
        let (gain, _) = look(at);
        if (gain < 0.0) != (zero < 0.0) {
            break (at, gain);
        }
        if at == MOST || at == LEAST {
            return None;
        }
        low = (at, gain);
        step *= 2.0;
    };
    for _ in 0..LOOKS {
        let at = (low.0 * high.1 - high.0 * low.1) / (high.1 - low.1);
        let (gain, _) = look(at);
        if gain.abs() <= close || (high.0 - low.0).abs() <= NARROW {
            return Some(at);
        }
        if (gain < 0.0) == (high.1 < 0.0) {
            // The other end has stood still: half its weight, or it would hold the search back.
            low.1 /= 2.0;
        } else {
            low = high;
        }
        high = (at, gain);
    }
    Some(high.0)
}
