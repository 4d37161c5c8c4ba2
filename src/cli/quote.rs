//! `loyal run --quote`: what customers pay for their baskets.

use super::failure::Failure;
use super::program::Ready;
use super::run::outcome;
use super::screen::Screen;
use crate::ledger::{Event, History, Kind};
use crate::report::quote::{Quote, priced, quote};
use std::collections::{BTreeMap, BTreeSet};

/// The quotes of a history's baskets, in its order: one purchase with what came before it, or each customer's last.
/// The history runs twice: once to see what is taken off the baskets, and once with what is left of their prices, for
/// that is what points pay and what earns.
pub fn quotes(screen: &Screen, ready: &Ready, mut history: History, only: Option<&str>) -> Result<Vec<Quote>, Failure> {
    history.order();
    let baskets = match only {
        Some(id) => {
            let is_it = |event: &Event| event.kind == Kind::Purchase && event.id == id;
            let place = history.events.iter().position(is_it);
            let place = place.ok_or_else(|| Failure::Command(format!("no purchase {id} in this history")))?;
            history.events.truncate(place + 1);
            BTreeSet::from([place])
        }
        None => last_of_each(&history),
    };
    if baskets.is_empty() {
        screen.note("note: there are no purchases, so there is nothing to pay.");
    }
    let mut left = history.clone();
    for place in &baskets {
        history.events[*place].paid_points = None;
    }
    let off = outcome(screen, ready, &history, &[], false);
    for place in &baskets {
        let basket = &mut left.events[*place];
        priced(basket, &off);
        basket.coupons.clear();
    }
    let paid = outcome(screen, ready, &left, &[], false);
    let of = |place: usize| quote(ready.book(), (&history.events[place], &left.events[place]), &off, &paid);
    Ok(baskets.into_iter().map(of).collect())
}

/// The places of each customer's last purchase; those that nobody put a name to are one customer's.
fn last_of_each(history: &History) -> BTreeSet<usize> {
    let mut last: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    for (place, event) in history.events.iter().enumerate().filter(|(_, event)| event.kind == Kind::Purchase) {
        last.insert(event.member.as_deref(), place);
    }
    last.into_values().collect()
}
