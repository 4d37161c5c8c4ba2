//! What a member did on each visit, for cards that are stamped by it: a visit is a day and a store, however often she buys
//! or comes by (section 3).

use super::cards::Visit;
use crate::engine::pile::Pile;
use crate::engine::plan::Plan;

/// A purchase or visit that was taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Came {
    /// Which of her events.
    pub nth: u32,
    /// The pile's place of it.
    pub place: usize,
    /// The visit it is of.
    pub visit: Visit,
}

/// What the member at hand did on each visit.
#[derive(Debug, Default)]
pub(super) struct Comings {
    /// Her stores: a visit has the place of its own.
    stores: Vec<String>,
    came: Vec<Came>,
}

impl Comings {
    /// The next member has been nowhere yet.
    pub fn clear(&mut self) {
        self.stores.clear();
        self.came.clear();
    }

    /// Remembers a purchase or visit that was taken in, and tells of which visit it is; `column`: which of an event's
    /// texts has the store. Where an event names none, that is a store too.
    pub fn come(&mut self, plan: &Plan<'_>, pile: &Pile, (nth, place, day): (u32, usize, i32), column: usize) -> Visit {
        let name = pile.texts.get(place * plan.event_widths.1 + column);
        let known = self.stores.iter().position(|store| store == name);
        let store = known.unwrap_or_else(|| {
            self.stores.push(name.to_owned());
            self.stores.len() - 1
        });
        let visit = (day, u32::try_from(store).unwrap_or(u32::MAX));
        self.came.push(Came { nth, place, visit });
        visit
    }

    /// The visit that one of her events is of.
    pub fn of(&self, nth: u32) -> Option<Visit> {
        self.came.iter().rev().find(|came| came.nth == nth).map(|came| came.visit)
    }

    /// All that was taken in of a visit.
    pub fn all_of(&self, visit: Visit) -> impl Iterator<Item = Came> + '_ {
        // They come as days go by.
        let recent = self.came.iter().rev().take_while(move |came| came.visit.0 >= visit.0);
        recent.filter(move |came| came.visit == visit).copied()
    }
}
