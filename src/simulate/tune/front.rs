//! The Pareto front: what nothing else beats in both cost and what is wanted (Miettinen 1999, Nonlinear Multiobjective
//! Optimization, definition 2.2.1).

use super::{Aim, SURE, Tried};

/// Places of those that no other one beats: cost the lower the better, what is wanted the higher the better; one beats
/// another when it is at least as good in both and better in one. The cheapest first; what has no figures is on no front.
///
/// ```
/// use loyal::simulate::tune::front;
/// // Cost 10 for 5, 20 for 4 (worse in both), 20 for 9, 10 for 5 again.
/// let front = front::of(&[(10.0, 5.0), (20.0, 4.0), (20.0, 9.0), (10.0, 5.0)], |one| Some(*one));
/// assert_eq!(front, [0, 3, 2]);
/// ```
pub fn of<T>(all: &[T], figures: impl Fn(&T) -> Option<(f64, f64)>) -> Vec<usize> {
    let figures = all.iter().enumerate().filter_map(|(at, one)| figures(one).map(|(cost, wanted)| (at, cost, wanted)));
    let mut sorted: Vec<(usize, f64, f64)> =
        figures.filter(|(_, cost, wanted)| cost.is_finite() && wanted.is_finite()).collect();
    // The cheapest first, among equally cheap ones the best.
    sorted.sort_by(|a, b| a.1.total_cmp(&b.1).then(b.2.total_cmp(&a.2)).then(a.0.cmp(&b.0)));
    let mut front: Vec<(usize, f64, f64)> = Vec::new();
    for one in sorted {
        let best = front.last();
        if best.is_none_or(|best| one.2 > best.2 || (one.1 == best.1 && one.2 == best.2)) {
            front.push(one);
        }
    }
    front.into_iter().map(|(at, _, _)| at).collect()
}

/// The front in the order in which one would take them. Of a net gain, or a share that is rewarded: the higher the
/// better. Of an objective: the cheapest that meets it, then the dearer ones that do, then those that meet it in fewer
/// worlds.
pub(super) fn order(tried: &[Tried], front: &[usize], aim: Aim, wanted: impl Fn(&Tried) -> Option<f64>) -> Vec<usize> {
    let figure = |at: usize| wanted(&tried[at]).unwrap_or(f64::NEG_INFINITY);
    let mut order = front.to_vec();
    // A stable sort: what is equally wanted stays in the order of its cost.
    order.sort_by(|a, b| match aim {
        Aim::NetGain | Aim::EverRewarded => figure(*b).total_cmp(&figure(*a)),
        Aim::Objective => {
            let rank = |at: usize| figure(at).min(SURE);
            rank(*b).total_cmp(&rank(*a))
        }
    });
    order
}
