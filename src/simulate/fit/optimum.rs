//! Finding the highest likelihood, and whether what was found is one.
//!
//! Parameters are above nought, so the search is over their logarithms. Several starts climb by L-BFGS; from the highest
//! place reached, Newton's steps with the observed information go the rest of the way. What comes of it tells how sure
//! it is: whether other starts came to the same place, whether the top is curved all around, and which
//! parameters went to the end of what was searched.

use argmin::core::{CostFunction, Error, Executor, Gradient, State};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;
use nalgebra::{DMatrix, DVector};
use std::cell::RefCell;

/// A log-likelihood of the logarithms of parameters, and its slope.
pub(super) trait Surface: Sync {
    /// The height at a place, and the slope there.
    fn at(&self, place: &[f64]) -> (f64, Vec<f64>);

    /// Of how many members the height is the sum: a line search wants slopes of about one.
    fn members(&self) -> f64;
}

/// Parameters are searched between 10⁻⁴ and 10⁴ (times in units of the longest time seen): a parameter at either end
/// says that the likelihood goes on rising, however far it is followed.
const END: f64 = 9.210_340_371_976_184;

/// Past the end the height falls by this much times the square of the way.
const WALL: f64 = 1e3;

/// So near an end, a parameter is at it.
const AT_END: f64 = 0.05;

/// What is left to gain, by the Newton decrement, when the top is reached.
const REACHED: f64 = 1e-7;

/// Two starts that end within this much of log-likelihood came to the same height.
const SAME: f64 = 0.05;

/// Where a search ended.
#[derive(Debug, Clone)]
pub(super) struct Top {
    /// The logarithms of the parameters.
    pub(super) place: Vec<f64>,
    /// The log-likelihood.
    pub(super) height: f64,
    /// The covariance of the logarithms: the inverse of the observed information. None where the top is not curved
    /// all around.
    pub(super) covariance: Option<DMatrix<f64>>,
    /// What there would still be to gain, by the Newton decrement; none without a covariance.
    pub(super) left: Option<f64>,
    /// Which parameters are at an end of what was searched.
    pub(super) at_end: Vec<bool>,
    /// How many starts came to this height, and of how many.
    pub(super) agree: (usize, usize),
    /// Heights of other, lower tops at which starts came to rest.
    pub(super) lower: Vec<f64>,
}

impl Top {
    /// Whether it is a maximum: curved all around, with nothing left to gain.
    pub(super) fn is_reached(&self) -> bool {
        self.left.is_some_and(|left| left < REACHED)
    }
}

/// Searches from each start; none where no start came to a finite height. Starts are tried at the same time, and each
/// is worked out the same whoever works beside it.
pub(super) fn climb(surface: &dyn Surface, starts: &[Vec<f64>]) -> Option<Top> {
    let mut ends: Vec<Option<(Vec<f64>, f64)>> = vec![None; starts.len()];
    std::thread::scope(|scope| {
        for (end, start) in ends.iter_mut().zip(starts) {
            scope.spawn(move || *end = from(surface, start));
        }
    });
    let ends: Vec<(Vec<f64>, f64)> = ends.into_iter().flatten().collect();
    let best = ends.iter().reduce(|best, other| if other.1 > best.1 { other } else { best })?;
    let mut top = newton(surface, &best.0);
    // Only one that ended lower needs a second look: it may have stopped on the way.
    let mut heights = Vec::new();
    for (place, height) in &ends {
        let mut height = *height;
        if top.height - height >= SAME {
            let other = newton(surface, place);
            height = other.height;
            if other.height > top.height {
                top = other;
            }
        }
        heights.push(height);
    }
    if !top.height.is_finite() {
        return None;
    }
    top.agree = (heights.iter().filter(|height| top.height - **height < SAME).count(), starts.len());
    top.lower = heights.into_iter().filter(|height| top.height - height >= SAME).collect();
    Some(top)
}

/// The height with the walls at the ends, upside down: what a minimiser wants.
fn walled(surface: &dyn Surface, place: &[f64]) -> (f64, Vec<f64>) {
    let held: Vec<f64> = place.iter().map(|at| at.clamp(-END, END)).collect();
    let (height, slope) = surface.at(&held);
    let mut cost = -height;
    let mut down: Vec<f64> = slope.iter().map(|slope| -slope).collect();
    for ((at, held), down) in place.iter().zip(&held).zip(&mut down) {
        let past = at - held;
        if past != 0.0 {
            cost += WALL * past * past;
            *down = 2.0 * WALL * past;
        }
    }
    (cost, down)
}

/// A place, its cost and the slope there.
type Seen = (Vec<f64>, f64, Vec<f64>);

/// A surface as the solver sees it. Cost and slope at one place are asked for one after the other; they are worked out
/// once.
struct Problem<'s> {
    surface: &'s dyn Surface,
    last: RefCell<Option<Seen>>,
}

impl Problem<'_> {
    fn at(&self, place: &[f64]) -> (f64, Vec<f64>) {
        if let Some((at, cost, slope)) = self.last.borrow().as_ref()
            && at == place
        {
            return (*cost, slope.clone());
        }
        let (cost, mut slope) = walled(self.surface, place);
        let members = self.surface.members();
        slope.iter_mut().for_each(|slope| *slope /= members);
        let cost = cost / members;
        *self.last.borrow_mut() = Some((place.to_vec(), cost, slope.clone()));
        (cost, slope)
    }
}

impl CostFunction for Problem<'_> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, place: &Vec<f64>) -> Result<f64, Error> {
        Ok(self.at(place).0)
    }
}

impl Gradient for Problem<'_> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, place: &Vec<f64>) -> Result<Vec<f64>, Error> {
        Ok(self.at(place).1)
    }
}

/// One search: where it ended and how high; where the solver gives up, where it began.
fn from(surface: &dyn Surface, start: &[f64]) -> Option<(Vec<f64>, f64)> {
    let search = || -> Result<Option<Vec<f64>>, Error> {
        let solver =
            LBFGS::new(MoreThuenteLineSearch::new(), 7).with_tolerance_grad(1e-6)?.with_tolerance_cost(1e-12)?;
        let problem = Problem { surface, last: RefCell::new(None) };
        let done =
            Executor::new(problem, solver).configure(|state| state.param(start.to_vec()).max_iters(200)).run()?;
        Ok(done.state().get_best_param().cloned())
    };
    let place = search().ok().flatten().filter(|place| place.iter().all(|at| at.is_finite()));
    let place = place.unwrap_or_else(|| start.to_vec());
    let height = -walled(surface, &place).0;
    height.is_finite().then_some((place, height))
}

/// How far a step of a difference goes, in the logarithm of a parameter.
const STEP: f64 = 1e-4;

/// The observed information: the slope's own slope, by central differences.
fn information(surface: &dyn Surface, place: &[f64]) -> DMatrix<f64> {
    let n = place.len();
    let mut found = DMatrix::zeros(n, n);
    for column in 0..n {
        let moved = |by: f64| {
            let mut at = place.to_vec();
            at[column] += by;
            walled(surface, &at).1
        };
        let (up, down) = (moved(STEP), moved(-STEP));
        for (row, (up, down)) in up.iter().zip(&down).enumerate() {
            found[(row, column)] = (up - down) / (2.0 * STEP);
        }
    }
    (&found + found.transpose()) / 2.0
}

/// Newton's steps to the top, damped while they do not lead up.
fn newton(surface: &dyn Surface, start: &[f64]) -> Top {
    let n = start.len();
    let mut place = start.to_vec();
    let (mut cost, mut down) = walled(surface, &place);
    let mut curved = information(surface, &place);
    let mut damping = 0.0;
    for _ in 0..60 {
        let slope = DVector::from_column_slice(&down);
        let held = &curved + DMatrix::identity(n, n) * damping;
        let Some(whole) = held.cholesky() else {
            damping = if damping == 0.0 { 1e-3 * curved.norm().max(1e-9) } else { damping * 4.0 };
            continue;
        };
        let mut step = whole.solve(&slope);
        if damping == 0.0 && slope.dot(&step) < REACHED * 1e-3 {
            break;
        }
        // A step of more than a factor e² leaves the place that the curvature speaks of.
        let far = step.amax();
        if far > 2.0 {
            step *= 2.0 / far;
        }
        let there: Vec<f64> = place.iter().zip(step.iter()).map(|(at, by)| at - by).collect();
        let (new, slope) = walled(surface, &there);
        if new.is_finite() && new <= cost {
            let gained = cost - new;
            (place, cost, down) = (there, new, slope);
            curved = information(surface, &place);
            damping = if damping < 1e-6 { 0.0 } else { damping / 8.0 };
            if gained == 0.0 {
                break;
            }
        } else {
            damping = if damping == 0.0 { 1e-3 * curved.norm().max(1e-9) } else { damping * 4.0 };
        }
        if damping > 1e12 {
            break;
        }
    }
    let slope = DVector::from_column_slice(&down);
    let whole = curved.cholesky();
    let left = whole.as_ref().map(|whole| slope.dot(&whole.solve(&slope)) / 2.0);
    let at_end = place.iter().map(|at| at.abs() > END - AT_END).collect();
    let covariance = whole.map(|whole| whole.inverse());
    Top { place, height: -cost, covariance, left, at_end, agree: (1, 1), lower: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Bowl;

    impl Surface for Bowl {
        fn at(&self, place: &[f64]) -> (f64, Vec<f64>) {
            let (a, b) = (place[0] - 1.0, place[1] + 2.0);
            (-(a * a + a * b + 2.0 * b * b), vec![-(2.0 * a + b), -(a + 4.0 * b)])
        }

        fn members(&self) -> f64 {
            1.0
        }
    }

    #[test]
    fn the_top_of_a_bowl_and_its_curvature_are_found() {
        let top = climb(&Bowl, &[vec![3.0, 3.0], vec![-5.0, 0.0]]).expect("a top");
        assert!((top.place[0] - 1.0).abs() < 1e-6 && (top.place[1] + 2.0).abs() < 1e-6, "{top:?}");
        assert!(top.is_reached());
        assert_eq!(top.agree, (2, 2));
        // The information is [[2, 1], [1, 4]], its inverse [[4, −1], [−1, 2]] / 7.
        let covariance = top.covariance.expect("curved");
        assert!((covariance[(0, 0)] - 4.0 / 7.0).abs() < 1e-6 && (covariance[(0, 1)] + 1.0 / 7.0).abs() < 1e-6);
    }

    struct Slope;

    impl Surface for Slope {
        fn at(&self, place: &[f64]) -> (f64, Vec<f64>) {
            let up = (place[0]).exp();
            (-1.0 / up - (place[1] * place[1]), vec![1.0 / up, -2.0 * place[1]])
        }

        fn members(&self) -> f64 {
            1.0
        }
    }

    #[test]
    fn a_likelihood_that_rises_for_ever_is_no_top() {
        let top = climb(&Slope, &[vec![0.0, 1.0], vec![1.0, -1.0]]).expect("an end");
        let wide = top.covariance.as_ref().is_none_or(|covariance| covariance[(0, 0)].sqrt() > 2.0);
        assert!(top.at_end[0] || wide, "{top:?}");
    }
}
