//! Visits: all purchases and visits of one day in one store, of which the first begins it (section 6.4).

use super::Beyond;
use super::back::Kept;
use super::cards;
use super::machine::{Act, Machine};
use super::scene::Scene;
use super::state::State;
use crate::engine::pile::Pile;
use crate::engine::plan::{Plan, Summed, on};

/// A visit.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    day: i32,
    /// The place in the pile of the event that came first: its store is the visit's.
    place: usize,
    /// How many of its events stand.
    standing: u32,
    /// For each sum of visits: its place on the tape, and how many of the events that stand count in it.
    counted: Vec<(u32, u32)>,
}

/// A purchase or visit that was taken in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Came {
    /// Which of her events.
    pub nth: u32,
    /// The pile's place of it.
    pub place: usize,
    /// The place of its visit among hers.
    visit: usize,
}

impl State {
    /// What was taken in on a visit.
    pub fn came_on(&self, visit: usize) -> impl Iterator<Item = Came> + '_ {
        // They come as days go by.
        let day = self.visits[visit].day;
        let recent = self.came.iter().rev().take_while(move |came| self.visits[came.visit].day >= day);
        recent.filter(move |came| came.visit == visit).copied()
    }

    /// What tells a visit of hers from the others: its day, and its place among them.
    pub fn visit_of(&self, visit: usize) -> Result<cards::Visit, Beyond> {
        Ok((self.visits[visit].day, u32::try_from(visit).map_err(|_| Beyond)?))
    }
}

impl Machine<'_> {
    /// The visit to which an event of this day belongs, where there has been one.
    pub(super) fn visit_at(&self, pile: &Pile, place: usize) -> Option<usize> {
        let of = self.plan.visits.as_ref()?;
        let store = |place: usize| pile.texts.get(place * self.plan.event_widths.1 + of.store);
        let visits = &self.state.visits;
        let before = visits.iter().rev().take_while(|visit| visit.day == self.state.here.day).count();
        let today = visits.len() - before..visits.len();
        today.into_iter().find(|at| store(visits[*at].place) == store(place))
    }

    /// [`on::VISIT`] where what is taken in here begins a visit, else nothing.
    pub(super) fn begins_visit(&self, act: Act) -> u8 {
        let begun = || self.state.visit.is_some_and(|visit| self.state.visits[visit].standing > 0);
        if is_of_visit(act) && self.plan.visits.is_some() && !begun() { on::VISIT } else { 0 }
    }

    /// Whether the visit of the event at hand is in a sum of visits.
    pub(super) fn is_visited(&self, slot: usize) -> bool {
        let nth = self.plan.visits.as_ref().and_then(|of| of.slots.iter().position(|other| *other == slot));
        let counted = self.state.visit.zip(nth).map(|(visit, nth)| self.state.visits[visit].counted[nth].1);
        counted.is_some_and(|count| count > 0)
    }

    /// Counts the event at hand, which was taken in, with its visit; `kept`: a return names it.
    pub(super) fn join_visit(&mut self, (nth, place): (usize, usize), act: Act, kept: bool) -> Result<(), Beyond> {
        let Some(of) = self.plan.visits.as_ref().filter(|_| is_of_visit(act)) else { return Ok(()) };
        let state = &mut self.state;
        let at = match state.visit {
            Some(at) => at,
            None => {
                let mut counted = Vec::new();
                for slot in &of.slots {
                    counted.push((state.tapes[*slot].push(state.here.day, state.here.at, 0)?, 0));
                }
                state.visits.push(Visit { day: state.here.day, place, standing: 0, counted });
                state.visits.len() - 1
            }
        };
        state.visit = Some(at);
        state.visits[at].standing += 1;
        if of.stamped {
            state.came.push(Came { nth: u32::try_from(nth).map_err(|_| Beyond)?, place, visit: at });
        }
        for (nth, has) in state.visit_has.iter().enumerate() {
            let (entry, count) = &mut state.visits[at].counted[nth];
            if *has {
                *count += 1;
            }
            if *has && *count == 1 {
                state.tapes[of.slots[nth]].change(*entry, 1)?;
            }
        }
        if let Some(last) = state.kept.last_mut().filter(|_| kept) {
            last.visit = at;
            last.counted.clone_from(&state.visit_has);
        }
        Ok(())
    }

    /// Something of a purchase came back: it may count no more with its visit.
    pub(super) fn leave_visit(&mut self, pile: &Pile, kept: &mut Kept, now_gone: bool) -> Result<(), Beyond> {
        let Some(of) = &self.plan.visits else { return Ok(()) };
        let (plan, state) = (self.plan, &mut self.state);
        state.visits[kept.visit].standing -= u32::from(now_gone);
        if of.slots.is_empty() {
            return Ok(());
        }
        let scene = kept.scene((plan, pile), &kept.left.lines, &state.facts);
        let has = if kept.gone { vec![false; of.slots.len()] } else { counted_in(plan, &scene)? };
        for (nth, (had, has)) in kept.counted.iter().zip(&has).enumerate() {
            let (entry, count) = &mut state.visits[kept.visit].counted[nth];
            let before = i64::from(*count > 0);
            *count = *count - u32::from(*had) + u32::from(*has);
            let change = i64::from(*count > 0) - before;
            if change != 0 {
                state.tapes[of.slots[nth]].change(*entry, change)?;
            }
        }
        kept.counted = has;
        Ok(())
    }

    /// Whether any event of a purchase's visit stands.
    pub(super) fn visit_stands(&self, kept: &Kept) -> bool {
        self.state.visits.get(kept.visit).is_some_and(|visit| visit.standing > 0)
    }
}

fn is_of_visit(act: Act) -> bool {
    match act {
        Act::Purchase | Act::Visit => true,
        Act::Activity(_) | Act::Other => false,
    }
}

/// Whether an event counts in each sum of visits.
pub(super) fn counted_in(plan: &Plan<'_>, scene: &Scene<'_>) -> Result<Vec<bool>, Beyond> {
    let mut has = Vec::new();
    for slot in plan.visits.iter().flat_map(|of| &of.slots) {
        has.push(match &plan.slots[*slot].sum {
            Summed::Visits(lines) => scene.has(lines.as_ref())?,
            _ => false,
        });
    }
    Ok(has)
}
