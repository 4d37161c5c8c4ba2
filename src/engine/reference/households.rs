//! Households: who lives with whom, and what any of them can spend (section 3, `household`).

use super::Run;
use super::lots::plain;
use super::state::{Member, Opening, PurseKey};
use crate::engine::outcome::{Posting, PostingKind, Taken};
use crate::ledger::MemberRow;
use crate::mechanics::household::{COLUMN, Household};
use crate::mechanics::{PointsId, Program};
use crate::value::clock::Date;
use crate::value::exact::Exact;
use crate::value::natural_cmp;
use std::collections::{BTreeMap, BTreeSet};

/// A part of what was spent: whose, from which purse, which lot of it, how much.
pub type Spent = (String, PurseKey, usize, Exact);

/// Who lives together, by the members file.
#[derive(Debug, Default)]
pub struct Homes {
    /// The household of each member who is inside one.
    of: BTreeMap<String, String>,
    /// Its members.
    members: BTreeMap<String, Vec<String>>,
}

/// The members of each household in the order in which they came: by `joined`, then by id.
pub fn households(rows: &BTreeMap<String, MemberRow>) -> BTreeMap<String, Vec<String>> {
    let mut homes: BTreeMap<String, Vec<(Option<Date>, &String)>> = BTreeMap::new();
    for (id, row) in rows {
        if let Some(home) = row.columns.get(COLUMN).filter(|home| !home.is_empty()) {
            homes.entry(home.to_owned()).or_default().push((row.joined, id));
        }
    }
    let ordered = |mut members: Vec<(Option<Date>, &String)>| -> Vec<String> {
        members.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| natural_cmp(a.1, b.1)));
        members.into_iter().map(|(_, id)| id.clone()).collect()
    };
    homes.into_iter().map(|(home, members)| (home, ordered(members))).collect()
}

/// Members whom a household has no room for, each with it.
pub fn outside(block: &Household, rows: &BTreeMap<String, MemberRow>) -> Vec<(String, String)> {
    let most = block.most.map_or(usize::MAX, |most| most as usize);
    let homes = households(rows).into_iter();
    homes.flat_map(|(home, members)| members.into_iter().skip(most).map(move |id| (id, home.clone()))).collect()
}

impl Homes {
    /// The households of a program with a `household` block.
    pub fn new(program: &Program, rows: &BTreeMap<String, MemberRow>) -> Self {
        let Some(block) = &program.household else { return Self::default() };
        let most = block.most.map_or(usize::MAX, |most| most as usize);
        let mut homes = Self::default();
        for (home, mut members) in households(rows) {
            members.truncate(most);
            homes.of.extend(members.iter().map(|id| (id.clone(), home.clone())));
            homes.members.insert(home, members);
        }
        homes
    }
}

impl<'a> Run<'a> {
    /// She and those who live with her, as far as they are members on the day at hand; she comes first.
    pub(super) fn mates(&self, id: &str) -> Vec<String> {
        let homes = &self.homes[self.version];
        let all = homes.of.get(id).and_then(|home| homes.members.get(home));
        let others = all.into_iter().flatten().filter(|other| *other != id && self.is_member(other));
        std::iter::once(id.to_owned()).chain(others.cloned()).collect()
    }

    /// Those whose levels hang on what `id` does.
    pub(super) fn level_mates(&self, id: &str) -> Vec<String> {
        match self.program.household.as_ref().is_some_and(|block| block.tier) {
            true => self.mates(id),
            false => vec![id.to_owned()],
        }
    }

    /// Whose points of a unit `id` can spend; who has left the program shares nothing any more.
    fn purse_mates(&self, id: &str, unit: PointsId) -> Vec<String> {
        let shared = self.program.household.as_ref().is_some_and(|block| block.share.contains(&unit));
        match shared && self.is_member(id) {
            true => self.mates(id),
            false => vec![id.to_owned()],
        }
    }

    /// In words, whose points of a unit `id` can spend.
    pub(super) fn whose_balance(&self, id: &str, unit: PointsId) -> &'static str {
        if self.purse_mates(id, unit).len() > 1 { "the household's balance" } else { "the balance" }
    }

    /// The purses of a unit out of which `id` can spend, her own and of a shared unit the others'.
    pub(super) fn purses_of(&self, id: &str, unit: PointsId) -> BTreeSet<PurseKey> {
        let mates = self.purse_mates(id, unit);
        let purses = mates.iter().filter_map(|mate| self.members.get(mate)).flat_map(|mate| mate.purses.keys());
        purses.filter(|key| key.0 == unit).cloned().collect()
    }

    /// What a member can spend: of a shared unit, what her household has, less what any of them owes.
    pub(super) fn pool(&self, id: &str, key: &PurseKey) -> Exact {
        let mates = self.purse_mates(id, key.0);
        let purses = mates.iter().filter_map(|mate| self.members.get(mate)?.purses.get(key));
        purses.map(|purse| purse.balance() - &purse.debt).sum::<Exact>().max(Exact::zero())
    }

    /// Takes points that can be spent, of whoever they are: soonest to expire first, of one last day her own before
    /// the others'. The caller has seen that there are enough.
    pub(super) fn spend(&mut self, id: &str, key: &PurseKey, amount: &Exact) -> Vec<Spent> {
        let mut lots = Vec::new();
        for (nth, mate) in self.purse_mates(id, key.0).into_iter().enumerate() {
            let Some(purse) = self.members.get(&mate).and_then(|member| member.purses.get(key)) else { continue };
            for place in purse.spending_order() {
                let (never, last_day, at, place) = purse.lots()[place].ending(place);
                lots.push(((never, last_day, nth > 0, at, nth, place), mate.clone()));
            }
        }
        lots.sort();
        let (mut rest, mut spent) = (amount.clone(), Vec::new());
        for ((.., place), mate) in lots {
            if !rest.is_positive() {
                break;
            }
            let purse = self.member_mut(&mate).purses.entry(key.clone()).or_default();
            for (lot, part) in purse.take(&[place], &rest) {
                rest -= &part;
                spent.push((mate.clone(), key.clone(), lot, part));
            }
        }
        spent
    }

    /// What a clawback takes from those who share with her, in the order of spending, before anything becomes a debt.
    /// The caller has taken all that she could spend herself.
    pub(super) fn claw_from_mates(&mut self, id: &str, key: &PurseKey, amount: &Exact) -> Vec<Spent> {
        match amount.is_positive() && self.purse_mates(id, key.0).len() > 1 {
            true => self.spend(id, key, amount),
            false => Vec::new(),
        }
    }

    /// In words, whose points a clawback took from the others of the household, and how many of each.
    pub(super) fn whose_were_clawed(&self, id: &str, spent: &[Spent]) -> Vec<String> {
        let decimals = |key: &PurseKey| self.program.points[key.0.0].decimals;
        let told = |(owner, key, sum): (String, PurseKey, Exact)| {
            format!("{} more from {owner} of the household", sum.fixed(decimals(&key)))
        };
        by_owner(id, spent).into_iter().map(told).collect()
    }

    /// Posts what a clawback took from the others of the household with the owner of each lot.
    pub(super) fn post_claw_from_mates(&mut self, id: &str, spent: &[Spent], note: &str) {
        for (owner, key, sum) in by_owner(id, spent) {
            let taken = Some(Taken { others: sum.clone(), ..Taken::default() });
            let note = by_whom(note, id, &owner);
            self.post(&owner, &key, Posting { taken, note, ..plain(PostingKind::Clawed, -sum) });
        }
    }

    /// Posts what was spent with the owner of each lot, hers first, so that each one's books add up.
    pub(super) fn post_spent(&mut self, id: &str, kind: PostingKind, note: &str, spent: &[Spent]) {
        for (owner, key, sum) in by_owner(id, spent) {
            let note = by_whom(note, id, &owner);
            self.post(&owner, &key, Posting { note, ..plain(kind, -sum) });
        }
    }

    /// The state that rules see of a member here.
    pub(super) fn opening_of(&self, member: &Member<'a>) -> Opening {
        let mut opening =
            Opening { ranks: self.ranks_of(member), learned: self.learned(member), ..member.opening(self.here.day) };
        let Some(block) = &self.program.household else { return opening };
        for unit in &block.share {
            let purses = self.purses_of(&member.id, *unit);
            let sum = purses.iter().map(|key| self.pool(&member.id, key)).sum();
            opening.balances.insert(*unit, sum);
        }
        opening
    }
}

/// What a posting says where another of the household than the owner spent.
pub(super) fn by_whom(note: &str, id: &str, owner: &str) -> String {
    match owner == id {
        true => note.to_owned(),
        false if note.is_empty() => format!("by {id} of the household"),
        false => format!("{note}, by {id} of the household"),
    }
}

/// What was taken from each owner and purse, the member's own first.
pub(super) fn by_owner(id: &str, spent: &[Spent]) -> Vec<(String, PurseKey, Exact)> {
    let mut sums: BTreeMap<(bool, &String, &PurseKey), Exact> = BTreeMap::new();
    for (owner, key, _, part) in spent {
        *sums.entry((owner != id, owner, key)).or_insert_with(Exact::zero) += part;
    }
    sums.into_iter().map(|((_, owner, key), sum)| (owner.clone(), key.clone(), sum)).collect()
}
