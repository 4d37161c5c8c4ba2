//! Who touches whom, over all piles.

use super::Job;
use super::kin::{self, Found, Kin, Links};
use super::store::{Store, TooFull};
use super::threads::share;
use crate::engine::reference::households::households;
use crate::ledger::{Event, MemberRow};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// The name of a purchase of nobody's that somebody brings back: no member has such an id.
fn nobodys(purchase: &str) -> String {
    format!("\0{purchase}")
}

/// Who touches whom.
#[derive(Debug, Default)]
pub(super) struct Ties {
    /// The kin group of each member who has one.
    pub groups: FxHashMap<String, u32>,
    /// Of each pile, the events that are somebody else's than they say.
    pub owners: Vec<FxHashMap<u32, String>>,
    /// For each pile, returns that show no card, and whose they are: they stand in another pile.
    pub moved: Vec<Vec<(Event, String)>>,
    /// Of each pile, the events that went to another.
    pub gone: Vec<Vec<u32>>,
}

/// Finds out who touches whom.
pub(super) fn ties(job: &Job<'_>, store: &Store<'_>, members: &BTreeMap<String, MemberRow>) -> Result<Ties, TooFull> {
    let count = store.len();
    let links: Vec<Links> = share(count, job.threads, || (), |(), at| store.look(at, kin::links))?;
    let mut kin = Kin::default();
    for (a, b) in links.iter().flat_map(|links| &links.pairs) {
        kin.join(a, b);
    }
    if job.program.shares_homes() {
        for home in households(members).into_values() {
            home.windows(2).for_each(|pair| kin.join(&pair[0], &pair[1]));
        }
    }
    let loose: Vec<(usize, kin::Loose)> = links
        .into_iter()
        .enumerate()
        .flat_map(|(pile, links)| links.loose.into_iter().map(move |one| (pile, one)))
        .collect();
    let mut ties = Ties {
        groups: FxHashMap::default(),
        owners: vec![FxHashMap::default(); count],
        moved: vec![Vec::new(); count],
        gone: vec![Vec::new(); count],
    };
    let mut wanted: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
    for (nth, (_, loose)) in loose.iter().enumerate() {
        wanted.entry(kin::hash(&loose.named)).or_default().push(nth);
    }
    let found: Vec<Vec<Found>> = match wanted.is_empty() {
        true => Vec::new(),
        false => share(count, job.threads, || (), |(), at| store.look(at, |pile| kin::found(pile, &wanted)))?,
    };
    for (pile, found) in
        found.into_iter().enumerate().flat_map(|(pile, all)| all.into_iter().map(move |one| (pile, one)))
    {
        for nth in &wanted[&kin::hash(&found.id)] {
            let (from, loose) = &loose[*nth];
            if loose.named == found.id {
                tie(&mut ties, &mut kin, (pile, &found), (*from, loose), |place| {
                    store.look(*from, |pile| pile.event(place as usize, job.needs, job.clock()))
                })?;
            }
        }
    }
    ties.groups = kin.groups();
    Ok(ties)
}

/// Ties a return to the purchase it names.
fn tie(
    ties: &mut Ties,
    kin: &mut Kin,
    (pile, found): (usize, &Found),
    (from, loose): (usize, &kin::Loose),
    event: impl Fn(u32) -> Result<Event, TooFull>,
) -> Result<(), TooFull> {
    match (loose.member.is_empty(), found.member.is_empty()) {
        // A return that shows no card is its purchase's owner's.
        (true, false) if from == pile => {
            ties.owners[from].insert(loose.place, found.member.clone());
        }
        (true, false) => {
            ties.moved[pile].push((event(loose.place)?, found.member.clone()));
            ties.gone[from].push(loose.place);
        }
        (no_card, true) => {
            let owner = nobodys(&found.id);
            kin.node(&owner);
            ties.owners[pile].insert(found.place, owner.clone());
            match no_card {
                true => drop(ties.owners[from].insert(loose.place, owner)),
                false => kin.join(&loose.member, &owner),
            }
        }
        (false, false) => kin.join(&loose.member, &found.member),
    }
    Ok(())
}
