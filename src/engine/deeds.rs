//! What happened, as the reports count it: each event with what of it stands, under the event that it belongs to.
//!
//! The journal says what an event brought; it does not say where it was, nor how much money came back. Reports by
//! column (a store, a partner) and measures of what members do need both. Everything here is worked out of the events
//! of a part alone, and of which of them were rejected, by the reference's own reading of returns: so all ways to play
//! a history tell the same.

use super::outcome::{AsOf, Entry, Reason};
use super::parts::place::Until;
use super::reference::events::seen_lines;
use super::reference::returns::{shrink, what_is_left};
use super::reference::state::SeenLine;
use crate::ledger::{Event, Kind};
use crate::value::clock::Clock;
use crate::value::exact::Exact;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One event, and what of it counts.
#[derive(Debug, Clone)]
pub struct Deed {
    /// The event.
    pub event: Arc<Event>,
    /// The event under whose columns it is counted: of a return the purchase, of a redemption that is undone the
    /// redemption; else itself.
    pub of: Arc<Event>,
    /// Whose it is; empty: nobody's.
    pub owner: String,
    /// Whether the program took it in. A purchase whose coupon or points were refused was.
    pub taken: bool,
    /// Money that it brings to the sales; below zero: that comes back.
    pub money: Exact,
    /// The same of lines below their regular price.
    pub reduced: Exact,
    /// How many receipts it adds: 1 for a purchase, -1 for the return that leaves nothing of one.
    pub receipts: i64,
}

/// A deed as it is told of one member.
#[derive(Debug, Clone)]
pub struct Told {
    /// The deed.
    pub deed: Arc<Deed>,
    /// The first of the moments asked for at which it is hers.
    pub from: usize,
    /// The first at which it is not any more, for her account was taken into another. As `from`: it is another's,
    /// and something of hers happened by it.
    pub until: usize,
}

impl Told {
    /// Whether it is hers at a moment, by its place.
    pub fn is_hers(&self, moment: usize) -> bool {
        self.from <= moment && moment < self.until
    }
}

/// What a purchase came to: its money, and that of the lines below their regular price.
pub type Bought = (Exact, Exact);

/// The events that were rejected, each with all its reasons.
pub type Rejected<'r> = BTreeMap<&'r str, Vec<Reason>>;

/// All deeds of a history, or of a part of one that nothing else touches.
#[derive(Debug, Clone, Default)]
pub struct Deeds {
    all: Vec<(Arc<Deed>, usize)>,
    by_owner: BTreeMap<String, Vec<usize>>,
    by_event: FxHashMap<String, usize>,
    /// Accounts that were taken in, by the first moment that knows of it: the moment, the account, and by whom.
    merges: Vec<(usize, String, String)>,
    moments: usize,
}

impl Deeds {
    /// Those of events in the order of the run; `until` are the moments asked for.
    pub fn of(events: impl IntoIterator<Item = Event>, rejected: &Rejected<'_>, until: &[Until]) -> Self {
        Self::of_known(events.into_iter().map(|event| (event, None)), rejected, until)
    }

    /// The same where of some purchases it is known what they came to, and that nothing of them comes back: their lines
    /// are not looked at.
    pub fn of_known(
        events: impl IntoIterator<Item = (Event, Option<Bought>)>,
        rejected: &Rejected<'_>,
        until: &[Until],
    ) -> Self {
        let mut deeds = Self { moments: until.len(), ..Self::default() };
        let events: Vec<(Arc<Event>, Option<Bought>)> =
            events.into_iter().map(|(event, known)| (Arc::new(event), known)).collect();
        let mut open: FxHashMap<&str, Purchase<'_>> = FxHashMap::default();
        let mut redeemed: FxHashMap<&str, &Arc<Event>> = FxHashMap::default();
        for (at, (event, known)) in events.iter().enumerate() {
            let reasons = rejected.get(event.id.as_str()).map_or(&[][..], Vec::as_slice);
            let mut deed = Deed {
                event: Arc::clone(event),
                of: Arc::clone(event),
                owner: event.member.clone().unwrap_or_default(),
                taken: is_taken(event.kind, reasons),
                money: Exact::zero(),
                reduced: Exact::zero(),
                receipts: 0,
            };
            let named = event.reference.as_deref().unwrap_or("");
            match event.kind {
                Kind::Purchase if deed.taken && known.is_some() => {
                    let (money, reduced) = known.clone().unwrap_or_default();
                    (deed.money, deed.reduced, deed.receipts) = (money, reduced, 1);
                }
                Kind::Purchase if deed.taken => {
                    let purchase = Purchase { event, lines: seen_lines(event, 0) };
                    (deed.money, deed.reduced, deed.receipts) = (purchase.money(), purchase.reduced(), 1);
                    open.insert(&event.id, purchase);
                }
                Kind::Redeem if deed.taken => drop(redeemed.insert(&event.id, event)),
                Kind::Return => match (redeemed.get(named), open.get_mut(named)) {
                    (Some(redemption), _) => deed.of = Arc::clone(redemption),
                    (None, Some(purchase)) => {
                        deed.of = Arc::clone(purchase.event);
                        deed.owner = purchase.event.member.clone().unwrap_or_default();
                        if deed.taken {
                            let position = u64::try_from(at).unwrap_or(u64::MAX);
                            (deed.money, deed.reduced, deed.receipts) = purchase.comes_back(event, position);
                        }
                    }
                    (None, None) => {}
                },
                Kind::Revoke => {
                    if let Some(redemption) = redeemed.get(named) {
                        deed.of = Arc::clone(redemption);
                    }
                }
                Kind::Purchase
                | Kind::Redeem
                | Kind::Visit
                | Kind::Activity
                | Kind::Join
                | Kind::Leave
                | Kind::Merge
                | Kind::Referral
                | Kind::Subscribe
                | Kind::Cancel
                | Kind::Transfer
                | Kind::Grant
                | Kind::Adjust
                | Kind::Draw => {}
            }
            deeds.add(deed, until);
        }
        deeds
    }

    /// Those of a whole history, whose journal says what was rejected.
    pub fn of_history(events: &[Event], journal: &[Entry], as_of: &[AsOf], clock: &Clock) -> Self {
        let mut until: Vec<Until> = as_of.iter().map(|wanted| Until::of(wanted.when, clock)).collect();
        until.sort_unstable();
        Self::of(events.iter().cloned(), &rejected(journal.iter()), &until)
    }

    fn add(&mut self, deed: Deed, until: &[Until]) {
        let first = until.iter().position(|until| until.has_event(deed.event.at)).unwrap_or(until.len());
        if first == until.len() {
            return;
        }
        if let (Kind::Merge, true, Some(other)) = (deed.event.kind, deed.taken, &deed.event.reference) {
            self.merges.push((first, other.clone(), deed.owner.clone()));
        }
        self.by_owner.entry(deed.owner.clone()).or_default().push(self.all.len());
        self.by_event.insert(deed.event.id.clone(), self.all.len());
        self.all.push((Arc::new(deed), first));
    }

    /// The deed of an event.
    pub fn of_event(&self, event: &str) -> Option<&Deed> {
        self.by_event.get(event).map(|at| &*self.all[*at].0)
    }

    /// Everybody who owns a deed.
    pub fn owners(&self) -> impl Iterator<Item = &str> {
        self.by_owner.keys().map(String::as_str)
    }

    /// What is told of one member: what is hers, and what of others' brought her something (`named`, by their ids).
    pub fn told<'n>(&self, id: &str, named: impl Iterator<Item = &'n str>) -> Vec<Told> {
        let mut told: BTreeMap<usize, Told> = BTreeMap::new();
        for owner in self.accounts(id) {
            for at in self.by_owner.get(owner).into_iter().flatten() {
                let (deed, first) = &self.all[*at];
                let hers = |moment: &usize| self.account(owner, *moment) == id;
                let Some(from) = (*first..self.moments).find(hers) else { continue };
                let until = (from..self.moments).find(|moment| !hers(moment)).unwrap_or(self.moments);
                told.insert(*at, Told { deed: Arc::clone(deed), from, until });
            }
        }
        for at in named.filter_map(|event| self.by_event.get(event)) {
            let others = || Told { deed: Arc::clone(&self.all[*at].0), from: self.moments, until: self.moments };
            told.entry(*at).or_insert_with(others);
        }
        told.into_values().collect()
    }

    /// The accounts that are or were taken into one, itself among them.
    fn accounts<'d>(&'d self, id: &'d str) -> BTreeSet<&'d str> {
        let mut all = BTreeSet::from([id]);
        loop {
            let more = self.merges.iter().filter(|(_, _, by)| all.contains(by.as_str()));
            let more: Vec<&str> =
                more.map(|(_, taken, _)| taken.as_str()).filter(|taken| !all.contains(taken)).collect();
            if more.is_empty() {
                return all;
            }
            all.extend(more);
        }
    }

    /// Whose an account's deeds are at a moment, by its place.
    fn account<'d>(&'d self, owner: &'d str, moment: usize) -> &'d str {
        let mut account = owner;
        for (first, taken, by) in &self.merges {
            if taken == account && *first <= moment {
                account = by;
            }
        }
        account
    }
}

/// The events that entries reject.
pub fn rejected<'e>(entries: impl Iterator<Item = &'e Entry>) -> Rejected<'e> {
    let mut all = Rejected::new();
    for entry in entries {
        if let (Some((reason, _)), Some(event)) = (entry.what.rejection(), &entry.event) {
            all.entry(event).or_default().push(reason);
        }
    }
    all
}

/// Whether an event was taken in: a purchase stands though its coupon or its points were refused.
fn is_taken(kind: Kind, reasons: &[Reason]) -> bool {
    match kind {
        Kind::Purchase => {
            let out = [Reason::NotAMember, Reason::OutsideProgram, Reason::TooLate];
            !reasons.iter().any(|reason| out.contains(reason))
        }
        Kind::Return
        | Kind::Redeem
        | Kind::Visit
        | Kind::Activity
        | Kind::Join
        | Kind::Leave
        | Kind::Merge
        | Kind::Referral
        | Kind::Subscribe
        | Kind::Cancel
        | Kind::Transfer
        | Kind::Grant
        | Kind::Revoke
        | Kind::Adjust
        | Kind::Draw => reasons.is_empty(),
    }
}

/// A purchase through its returns.
struct Purchase<'e> {
    event: &'e Arc<Event>,
    lines: Vec<SeenLine<'e>>,
}

impl Purchase<'_> {
    /// What is left of its money.
    fn money(&self) -> Exact {
        self.lines.iter().map(|line| &line.now().amount).sum()
    }

    /// The same of the lines below their regular price.
    fn reduced(&self) -> Exact {
        let reduced = |line: &&SeenLine<'_>| line.now().is_reduced(line.line);
        self.lines.iter().filter(reduced).map(|line| &line.now().amount).sum()
    }

    fn is_gone(&self) -> bool {
        self.lines.iter().all(|line| line.now().is_gone())
    }

    /// Takes back what a return names: by how much money, money at reduced price and receipts become less.
    fn comes_back(&mut self, event: &Event, position: u64) -> (Exact, Exact, i64) {
        let (reduced, gone) = (self.reduced(), self.is_gone());
        // What was taken in had something left to take.
        let Ok(left) = what_is_left(&self.lines, event) else { return (Exact::zero(), Exact::zero(), 0) };
        let back = shrink(&mut self.lines, left, position);
        (-back, self.reduced() - reduced, -i64::from(!gone && self.is_gone()))
    }
}
