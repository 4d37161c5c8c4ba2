//! The purchases of a history, as far as the models look at them.

use super::cohort::Purchase;
use crate::engine::deeds::Deeds;
use crate::engine::outcome::{AsOf, When};
use crate::ledger::{History, Kind};
use crate::value::clock::{Clock, Date, Moment};
use crate::value::exact::Exact;
use std::collections::BTreeMap;

/// What members bought, and what is left out.
#[derive(Debug, Clone, Default)]
pub struct Bought {
    /// The purchases of members, less what came back of each.
    pub purchases: Vec<Purchase>,
    /// Purchases of nobody.
    pub anonymous: u64,
    /// Purchases that came back whole.
    pub returned: u64,
}

/// The purchases of a history. What came back of one is taken off it, and one that came back whole is none; an account
/// that was taken into another is the other's. Whether a program would have taken an event in is not asked: people
/// bought before there was one.
pub fn bought(history: &History, clock: &Clock) -> Bought {
    let end = [AsOf { label: String::new(), when: When::At(Moment::MAX) }];
    let deeds = Deeds::of_history(&history.events, &[], &end, clock);
    let mut bought = Bought::default();
    for owner in deeds.owners() {
        let mut left: BTreeMap<String, (Date, Exact, i64)> = BTreeMap::new();
        let told = deeds.told(owner, std::iter::empty());
        for deed in told.iter().filter(|told| told.is_hers(0)).map(|told| &told.deed) {
            if deed.of.kind != Kind::Purchase {
                continue;
            }
            let (_, money, receipts) =
                left.entry(deed.of.id.clone()).or_insert_with(|| (deed.of.day, Exact::zero(), 0));
            *money += &deed.money;
            *receipts += deed.receipts;
        }
        for (day, amount, receipts) in left.into_values() {
            match (receipts > 0, owner.is_empty()) {
                (false, _) => bought.returned += 1,
                (true, true) => bought.anonymous += 1,
                (true, false) => bought.purchases.push(Purchase { member: owner.to_owned(), day, amount }),
            }
        }
    }
    bought
}
