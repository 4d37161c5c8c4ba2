//! How much has to change for the program to pay for itself, in the middle world and in those that were drawn.

use crate::mechanics::scenario::Answer;
use crate::simulate::study::{Estimate, Measure};

use super::assemble::{Played, Plays, Wanted};
use super::figures::Figures;
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

/// By how many percent sales are higher with a program than without it, in a world with this lift of visits.
pub(super) fn rise_at(plays: &Plays<'_, '_>, world: &World, program: usize, members: u64, lift: f64) -> Option<f64> {
    let world = world.clone().with(Answer::Visits, lift);
    let played = plays.play(&[(&world, 0)], Wanted::gain(program, members, false));
    let figures = plays.figures(&world, played.first()?, program, 0);
    let rise = figures.measure(Measure::IncrementalSales)? / figures.measure(Measure::SalesWithout)? * 100.0;
    Some(rise).filter(|rise| rise.is_finite())
}

/// At which lift of visits the program breaks even in each world that was drawn; none: at none that could be believed. Each
/// is played once more, over its own people, at the lift where its margin alone would put it; then the straight line
/// through both is taken.
pub(super) fn break_evens(
    plays: &Plays<'_, '_>,
    program: usize,
    drawn: &[(World, Played)],
    figures: &[Figures],
    members: u64,
) -> Vec<Option<f64>> {
    let firsts = drawn.iter().zip(figures).map(|((world, _), figures)| {
        let margin = figures.measure(Measure::SalesWithout).unwrap_or(0.0) * world.margin;
        let lift = world.answer(Answer::Visits);
        ((lift, figures.gain), near(lift, figures.gain, margin))
    });
    let firsts: Vec<((f64, f64), f64)> = firsts.collect();
    let worlds = drawn.iter().zip(&firsts).map(|((world, _), (_, lift))| world.clone().with(Answer::Visits, *lift));
    let worlds: Vec<World> = worlds.collect();
    let numbered: Vec<(&World, u64)> = worlds.iter().zip(1..).collect();
    let played = plays.play(&numbered, Wanted::gain(program, members, true));
    let gains = worlds.iter().zip(&played).map(|(world, played)| plays.figures(world, played, program, 0).gain);
    firsts.iter().zip(gains).map(|((first, lift), gain)| through(*first, (*lift, gain))).collect()
}

/// The lift at which the margin alone would put the break-even, where a program gains so much at a lift; `margin`: of all
/// that is sold without it.
fn near(lift: f64, gain: f64, margin: f64) -> f64 {
    let at = (lift - gain / margin).clamp(LEAST, MOST);
    if at.is_finite() { at } else { lift }
}

/// Where the straight line through two lifts and their gains gains nothing. None: no lift that could be believed does it.
fn through((one, gains): (f64, f64), (other, gain): (f64, f64)) -> Option<f64> {
    if gains == 0.0 {
        return Some(one);
    }
    let slope = (gain - gains) / (other - one);
    let found = one - gains / slope;
    (slope > 0.0 && (LEAST..=MOST).contains(&found)).then_some(found)
}

/// The range of a lift over worlds, in percent; where more than one of twenty has none, it has no upper end.
pub(super) fn ranged(mid: f64, worlds: &[Option<f64>]) -> Estimate {
    let known: Vec<f64> = worlds.iter().flatten().map(|lift| lift * 100.0).collect();
    let mid = mid * 100.0;
    let Some(spread) = Estimate::of(&known) else { return Estimate::known(mid) };
    let open = (worlds.len() - known.len()) * 20 > worlds.len();
    let high = if open { f64::INFINITY } else { spread.high.max(mid) };
    Estimate { low: spread.low.min(mid), mid, high }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_gain_is_solved_at_one_look() {
        // 1,000 of margin for a lift of 1, of which 200 go to rewards, and 40 to run it: 800 · lift − 40.
        let gain = |lift: f64| 800.0 * lift - 40.0;
        let second = near(0.10, gain(0.10), 1_000.0);
        assert!((second - 0.06).abs() < 1e-12, "{second}");
        let found = through((0.10, gain(0.10)), (second, gain(second))).expect("a lift");
        assert!((found - 0.05).abs() < 1e-12, "{found}");
        // The more is sold, the more is lost.
        assert_eq!(through((0.10, -140.0), (0.24, -154.0)), None);
        // It would take more than any program does; nobody buys.
        assert_eq!(through((0.0, -9_000.0), (5.0, -4_000.0)), None);
        assert_eq!(through((0.05, -40.0), (near(0.05, -40.0, 0.0), -40.0)), None);
    }

    #[test]
    fn worlds_that_never_pay_leave_the_range_open() {
        let worlds = |none: usize| -> Vec<Option<f64>> { (0..40).map(|nth| (nth >= none).then_some(0.04)).collect() };
        assert_eq!(ranged(0.05, &worlds(2)), Estimate { low: 4.0, mid: 5.0, high: 5.0 });
        assert_eq!(ranged(0.05, &worlds(3)).high, f64::INFINITY);
        assert_eq!(ranged(0.05, &[]), Estimate::known(5.0));
    }
}
