//! Offers and pilots: who is kept back, and what goes with what was bought (section 3, `offer`).

use super::Run;
use super::scene::{Scene, Span};
use super::state::{Member, SeenKind};
use super::valuation::Valuation;
use crate::engine::outcome::Happened;
use crate::ledger::{Event, Kind};
use crate::mechanics::offer::Offer;
use crate::mechanics::rule::Trigger;
use crate::mechanics::{Program, RuleId};
use crate::value::clock::membership_year;
use std::collections::{BTreeMap, BTreeSet};

/// What was offered, or would have been.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// The rule of the offer, or of a pilot.
    pub rule: RuleId,
    /// She is kept back: she gets nothing.
    pub held_back: bool,
    /// The category that it is for, where it goes with what was bought.
    pub category: Option<String>,
}

/// What was bought together so far, by anyone: receipts with each category, and with each two.
#[derive(Debug, Default)]
pub(super) struct Baskets {
    /// Whether any offer asks.
    wanted: bool,
    receipts: u64,
    with: BTreeMap<String, u64>,
    with_both: BTreeMap<String, BTreeMap<String, u64>>,
}

impl Baskets {
    pub fn of(program: &Program) -> Self {
        Self {
            wanted: program.versions().flat_map(|version| &version.offers).any(|offer| offer.from_history.is_some()),
            ..Self::default()
        }
    }

    /// A purchase is seen. What was bought together was bought together, also when some of it comes back.
    pub fn add(&mut self, event: &Event) {
        if !self.wanted || event.kind != Kind::Purchase {
            return;
        }
        self.see(&event.lines.iter().filter_map(|line| line.category.as_deref()).collect());
    }

    /// A receipt with these categories.
    fn see(&mut self, categories: &BTreeSet<&str>) {
        self.receipts += 1;
        for category in categories {
            *self.with.entry((*category).to_owned()).or_default() += 1;
            let beside = self.with_both.entry((*category).to_owned()).or_default();
            for other in categories.iter().filter(|other| *other != category) {
                *beside.entry((*other).to_owned()).or_default() += 1;
            }
        }
    }

    /// What goes best with something in `basket` and is not in it: the highest lift above 1 among what was bought
    /// together `least` times or more; of equals what was bought together oftener, then by name. With what it goes,
    /// and what it is.
    fn complement(&self, basket: &BTreeSet<String>, least: u32) -> Option<(String, String)> {
        let number = |category: &str| self.with.get(category).copied().unwrap_or(0);
        let mut best: Option<(&str, &str, u128, u128, u64)> = None;
        for of in basket {
            for (is, both) in self.with_both.get(of).into_iter().flatten() {
                if basket.contains(is) || *both < u64::from(least) {
                    continue;
                }
                // lift = both × receipts / (of × is)
                let above = u128::from(*both) * u128::from(self.receipts);
                let below = u128::from(number(of)) * u128::from(number(is));
                let better = match &best {
                    None => above > below,
                    Some((_, name, a, b, together)) => {
                        let (new, old) = (above * b, a * below);
                        new > old || new == old && (*both, *name) > (*together, is.as_str())
                    }
                };
                if better {
                    best = Some((of, is, above, below, *both));
                }
            }
        }
        best.map(|(of, is, ..)| (of.to_owned(), is.to_owned()))
    }
}

impl<'a> Run<'a> {
    /// What each offer that learns from the history would be for, by what is known here and now: it is frozen with
    /// the state that rules see, so that a return values the purchase again by what was known then.
    pub(super) fn learned(&self, member: &Member<'a>) -> Vec<(usize, String, String)> {
        let learned = |(place, offer): (usize, &Offer)| {
            let least = offer.from_history?;
            let basket = match self.here.event.filter(|event| event.kind == Kind::Purchase) {
                Some(event) => event.lines.iter().filter_map(|line| line.category.clone()).collect(),
                None => self.bought_lately(member, offer.rule),
            };
            let (of, is) = self.baskets.complement(&basket, least)?;
            Some((place, of, is))
        };
        self.program.offers.iter().enumerate().filter_map(learned).collect()
    }

    /// The category that an offer is for at an event or a timer; none where nothing goes with what was bought.
    pub(super) fn complement(&self, offer: usize, scene: &Scene<'_, 'a>) -> Option<String> {
        let block = &self.program.offers[offer];
        let basket: BTreeSet<String> = match scene.event.filter(|event| event.kind == Kind::Purchase) {
            Some(_) => scene.lines.iter().filter_map(|view| view.line.category.clone()).collect(),
            None => self.bought_lately(scene.member, block.rule),
        };
        let learned = scene.opening.learned.iter().find(|(place, of, _)| *place == offer && basket.contains(of));
        let said = block.pairs.iter().find(|pair| basket.contains(&pair.of) && !basket.contains(&pair.is));
        said.map(|pair| pair.is.clone()).or_else(|| learned.map(|(_, _, is)| is.clone()))
    }

    /// The categories that a member bought in the stretch that an offer's timer looks back on: the period that ends
    /// here, or the one before the period that begins; of other happenings, her last day with a purchase.
    fn bought_lately(&self, member: &Member<'a>, rule: RuleId) -> BTreeSet<String> {
        let day = self.here.day;
        let stretch = self.program.rules[rule.0].on.iter().find_map(|on| match on {
            Trigger::Every { period, at_start: false } => Some(self.clock().span_of(*period, day)),
            Trigger::Every { period, at_start: true } => Some(self.clock().span_of(*period, day.yesterday().ok()?)),
            Trigger::EveryLength { length, at_start: false } => self.stretch(member, *length, day),
            Trigger::EveryLength { length, at_start: true } => self.stretch(member, *length, day.yesterday().ok()?),
            Trigger::EveryMembershipYear => Some(membership_year(member.joined?, day)),
            Trigger::Purchase
            | Trigger::FirstPurchaseOfFriend
            | Trigger::Visit
            | Trigger::Activity(_)
            | Trigger::Referral
            | Trigger::Join
            | Trigger::Birthday(_)
            | Trigger::Anniversary(_)
            | Trigger::LevelUp(_)
            | Trigger::Full(_)
            | Trigger::Completed(_)
            | Trigger::PaidOut(_)
            | Trigger::Redeem
            | Trigger::NoPurchaseIn(_) => None,
        });
        let before = self.here.position;
        let bought = || member.seen.iter().filter(|seen| seen.kind == SeenKind::Purchase && seen.counted(before));
        let last = || bought().map(|seen| seen.day).max().map(|last| (last, last));
        let Some((first, last)) = stretch.or_else(last) else { return BTreeSet::new() };
        let span = Span::Days(Some(first), Some(last));
        bought()
            .filter(|seen| span.holds(seen.at, seen.day))
            .flat_map(|seen| &seen.lines)
            .filter(|line| !line.before(before).is_gone())
            .filter_map(|line| line.line.category.clone())
            .collect()
    }

    /// Tells of the offers that were made, and of those that were kept back.
    pub(super) fn tell_offers(&mut self, id: &str, valuation: &Valuation) {
        for Offered { rule, held_back, category } in &valuation.offers {
            let (rule, held_back, category) = (*rule, *held_back, category.clone());
            self.note(Some(id), Happened::Offer { rule, held_back, category });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(receipts: &[&[&str]]) -> Baskets {
        let mut baskets = Baskets::default();
        receipts.iter().for_each(|receipt| baskets.see(&receipt.iter().copied().collect()));
        baskets
    }

    #[test]
    fn what_goes_with_what_is_the_highest_lift_of_what_was_bought_together_often_enough() {
        let baskets = seen(&[&["coffee", "pastry"], &["coffee", "pastry"], &["coffee", "milk"], &["milk"], &["milk"]]);
        let with = |bought: &[&str], least: u32| {
            baskets.complement(&bought.iter().map(|one| (*one).to_owned()).collect(), least)
        };
        let pair = |of: &str, is: &str| Some((of.to_owned(), is.to_owned()));
        // coffee and pastry: 2 × 5 / (3 × 2) = 1.67. coffee and milk: 1 × 5 / (3 × 3) = 0.56, less than chance.
        assert_eq!(with(&["coffee"], 2), pair("coffee", "pastry"));
        assert_eq!(with(&["pastry"], 1), pair("pastry", "coffee"));
        assert_eq!(with(&["coffee"], 3), None);
        assert_eq!(with(&["milk"], 1), None);
        assert_eq!(with(&["coffee", "pastry"], 1), None);
        assert_eq!(with(&[], 1), None);
    }
}
