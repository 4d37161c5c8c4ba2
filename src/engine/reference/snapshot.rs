//! The state at a moment, and what must be true of it.

use super::Run;
use super::memberships::MembershipState;
use super::purse::{Lot, Purse};
use super::state::Member;
use crate::engine::outcome::{AsOf, LotView, MemberView, MembershipView, NO_LEVEL, PointsView, PostingKind, Snapshot};
use crate::mechanics::reading::Kind;
use crate::value::clock::Date;

impl<'a> Run<'a> {
    /// Writes the state down as it stands.
    pub(super) fn snapshot(&mut self, wanted: &AsOf) {
        let day = wanted.when.day(self.clock());
        let known = |member: &&Member<'a>| {
            let ever = member.is_member(day) || member.left || !member.purses.is_empty();
            ever && !self.aliases.contains_key(&member.id) || !member.purses.is_empty()
        };
        let known: Vec<String> = self.members.values().filter(known).map(|member| member.id.clone()).collect();
        self.under(0);
        let next = self.next_draws();
        let mut members = std::collections::BTreeMap::new();
        for id in known {
            self.under(self.version_for(Some(&id), day));
            let Some(member) = self.members.get(&id) else { continue };
            let measured = self.measured(member, day);
            let (challenges, entries) = (self.challenges_of(member, wanted.when), self.entries_view(member, &next));
            let levels =
                member.levels.iter().enumerate().map(|(place, level)| match self.program.has(Kind::Tiers, place) {
                    true => level.best(day),
                    false => (NO_LEVEL, None),
                });
            let levels = levels.collect();
            let view = MemberView { challenges, measured, entries, levels, version: self.version, ..view(member, day) };
            members.insert(id, view);
        }
        self.outcome.snapshots.push(Snapshot {
            as_of: wanted.clone(),
            entries: self.outcome.journal.len(),
            members,
            sales: self.sales.clone(),
            purchases: self.purchases,
        });
    }
}

fn view(member: &Member<'_>, day: Date) -> MemberView {
    let mut gifts = std::collections::BTreeMap::new();
    for gift in member.gifts.iter().filter(|gift| gift.valid(day)) {
        *gifts.entry(gift.held).or_insert(0) += 1;
    }
    MemberView {
        points: member.purses.iter().map(|(key, purse)| (key.clone(), points_view(purse))).collect(),
        levels: Vec::new(),
        cards: member.cards.iter().map(|card| card.open).collect(),
        gifts,
        challenges: Vec::new(),
        measured: Vec::new(),
        entries: Vec::new(),
        memberships: member.memberships.iter().map(|(id, state)| (*id, membership_view(state, day))).collect(),
        left: member.left,
        version: 0,
    }
}

fn membership_view(state: &MembershipState, day: Date) -> MembershipView {
    MembershipView {
        until: state.until().filter(|_| state.runs(day)),
        trial: state.terms.first().is_some_and(|term| term.trial) && state.runs(day),
        charged: state.charged.clone(),
        returned: state.returned.clone(),
    }
}

fn points_view(purse: &Purse) -> PointsView {
    let mut open: Vec<(usize, &Lot)> =
        purse.lots().iter().enumerate().filter(|(_, lot)| lot.left.is_positive()).collect();
    open.sort_by_key(|(place, lot)| lot.ending(*place));
    let lots = open.into_iter().map(|(_, lot)| LotView {
        source: lot.source.clone(),
        earned: lot.earned,
        granted: lot.granted.clone(),
        left: lot.left.clone(),
        spendable_from: lot.spendable_from.filter(|_| lot.pending),
        pending: lot.pending,
        last_day: lot.last_day,
    });
    PointsView {
        balance: purse.balance(),
        pending: purse.pending(),
        debt: purse.debt.clone(),
        totals: purse.totals.iter().map(|(kind, total)| (*kind, positive(*kind, total))).collect(),
        lots: lots.collect(),
    }
}

/// A total as a positive figure: what leaves a balance is posted negative.
fn positive(kind: PostingKind, total: &crate::value::exact::Exact) -> crate::value::exact::Exact {
    match kind {
        PostingKind::Spent | PostingKind::Expired | PostingKind::Clawed | PostingKind::Sent => -total,
        PostingKind::Earned
        | PostingKind::WrittenOff
        | PostingKind::Bought
        | PostingKind::Received
        | PostingKind::Adjusted => total.clone(),
    }
}
