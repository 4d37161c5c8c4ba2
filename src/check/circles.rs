//! Segments that are defined by each other.

use super::wrong::Wrong;
use crate::mechanics::condition::{Condition, Measure};
use crate::mechanics::reading::Reading;
use crate::mechanics::segment::Segment;

/// Complains, once for each circle, of segments of which it cannot be told who belongs to them.
pub(super) fn segments(reading: &mut Reading<'_>, segments: &[Segment]) {
    // Segments are known by number only when all of them were read.
    if segments.len() != reading.names.all(crate::mechanics::reading::Kind::Segment).len() {
        return;
    }
    let uses: Vec<Vec<usize>> = segments.iter().map(|segment| named(&segment.when)).collect();
    let mut done = vec![false; segments.len()];
    for start in near_circles(&uses) {
        if done[start] {
            continue;
        }
        if let Some(circle) = circle_from(start, &uses)
            && !circle.iter().any(|at| done[*at])
        {
            circle.iter().for_each(|at| done[*at] = true);
            let names = circle.iter().map(|at| segments[*at].name.text.clone()).collect();
            reading.say(Wrong::Circle { place: segments[start].name.span, names });
        }
    }
}

/// The segments from which a circle can be reached: what is left when those that lean on nothing are taken away,
/// again and again.
fn near_circles(uses: &[Vec<usize>]) -> Vec<usize> {
    let mut used_by: Vec<Vec<usize>> = vec![Vec::new(); uses.len()];
    for (at, named) in uses.iter().enumerate() {
        named.iter().for_each(|used| used_by[*used].push(at));
    }
    let mut leans_on: Vec<usize> = uses.iter().map(Vec::len).collect();
    let mut free: Vec<usize> = (0..uses.len()).filter(|at| leans_on[*at] == 0).collect();
    while let Some(at) = free.pop() {
        for by in &used_by[at] {
            leans_on[*by] -= 1;
            if leans_on[*by] == 0 {
                free.push(*by);
            }
        }
    }
    (0..uses.len()).filter(|at| leans_on[*at] > 0).collect()
}

/// The shortest way from a segment back to itself, by breadth.
fn circle_from(start: usize, uses: &[Vec<usize>]) -> Option<Vec<usize>> {
    let mut from: Vec<Option<usize>> = vec![None; uses.len()];
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for next in uses[at].iter().copied() {
            if next == start {
                let mut way = vec![at];
                let mut back = at;
                while back != start {
                    back = from[back]?;
                    way.push(back);
                }
                way.reverse();
                return Some(way);
            }
            if from[next].is_none() {
                from[next] = Some(at);
                queue.push_back(next);
            }
        }
    }
    None
}

/// The segments that a condition names.
fn named(condition: &Condition) -> Vec<usize> {
    let mut found = Vec::new();
    condition.each_test(&mut |test| {
        if let Measure::InSegment(id) = &test.measure {
            found.push(id.0);
        }
    });
    found
}
