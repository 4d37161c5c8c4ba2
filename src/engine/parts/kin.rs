//! Members that touch one another: joined into groups by what names a second account.

use crate::engine::pile::Pile;
use crate::ledger::{Event, Kind};
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::hash::BuildHasher;

/// The hash of a text: the same in every run.
pub(super) fn hash(text: &str) -> u64 {
    FxBuildHasher.hash_one(text)
}

/// What in a pile names something outside it.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// Two members of whom one names the other.
    pub pairs: Vec<(String, String)>,
    /// Returns whose purchase is none of their own member's.
    pub loose: Vec<Loose>,
}

/// A return whose purchase is none of its own member's.
#[derive(Debug, Clone)]
pub(super) struct Loose {
    /// Its place in the pile.
    pub place: u32,
    /// Whose it says it is; empty: nobody's.
    pub member: String,
    /// What it names.
    pub named: String,
}

/// A purchase, or a redemption, that a loose return names.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// Its place in its pile.
    pub place: u32,
    /// Its id.
    pub id: String,
    /// Whose; empty: nobody's.
    pub member: String,
}

/// Whether an event can be named by a return.
fn can_come_back(kind: Kind) -> bool {
    matches!(kind, Kind::Purchase | Kind::Redeem)
}

/// What the events of a pile name outside it.
pub(super) fn links(pile: &Pile) -> Links {
    let mut links = Links::default();
    for event in pile.whole.values() {
        links.pairs.extend(pair(event));
    }
    let mut returns: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
    for place in 0..pile.len() {
        let named = pile.reference.get(place);
        if pile.kind[place] == Kind::Return && !named.is_empty() {
            returns.entry(hash(named)).or_default().push(u32::try_from(place).unwrap_or(u32::MAX));
        }
    }
    if returns.is_empty() {
        return links;
    }
    for place in (0..pile.len()).filter(|place| can_come_back(pile.kind[*place])) {
        let (id, member) = (pile.id.get(place), pile.member.get(place));
        if let Some(those) = returns.get_mut(&hash(id)).filter(|_| !member.is_empty()) {
            those.retain(|at| (pile.reference.get(*at as usize), pile.member.get(*at as usize)) != (id, member));
        }
    }
    for place in returns.into_values().flatten() {
        let at = place as usize;
        let (member, named) = (pile.member.get(at).to_owned(), pile.reference.get(at).to_owned());
        links.loose.push(Loose { place, member, named });
    }
    links.loose.sort_by_key(|loose| loose.place);
    links
}

/// The two members that an event joins.
fn pair(event: &Event) -> Option<(String, String)> {
    if event.kind.is_of_two() { Some((event.member.clone()?, event.reference.clone()?)) } else { None }
}

/// The events of a pile that are named from elsewhere; `wanted` are the hashes of the ids named.
pub(super) fn found(pile: &Pile, wanted: &FxHashMap<u64, Vec<usize>>) -> Vec<Found> {
    let places = (0..pile.len()).filter(|place| can_come_back(pile.kind[*place]));
    let named = places.filter(|place| wanted.contains_key(&hash(pile.id.get(*place))));
    named
        .map(|place| Found {
            place: u32::try_from(place).unwrap_or(u32::MAX),
            id: pile.id.get(place).to_owned(),
            member: pile.member.get(place).to_owned(),
        })
        .collect()
}

/// Groups of members, by union-find.
#[derive(Debug, Default)]
pub(super) struct Kin {
    nodes: FxHashMap<String, usize>,
    parents: Vec<usize>,
}

impl Kin {
    /// The node of a member.
    pub fn node(&mut self, member: &str) -> usize {
        if let Some(node) = self.nodes.get(member) {
            return *node;
        }
        let node = self.parents.len();
        self.nodes.insert(member.to_owned(), node);
        self.parents.push(node);
        node
    }

    /// Joins two groups.
    pub fn join(&mut self, a: &str, b: &str) {
        let (a, b) = (self.node(a), self.node(b));
        let (a, b) = (self.root(a), self.root(b));
        // The older node stays the root, so that groups do not hang on the order of a map.
        let (low, high) = (a.min(b), a.max(b));
        self.parents[high] = low;
    }

    fn root(&mut self, node: usize) -> usize {
        let mut root = node;
        while self.parents[root] != root {
            root = self.parents[root];
        }
        let mut at = node;
        while self.parents[at] != root {
            at = std::mem::replace(&mut self.parents[at], root);
        }
        root
    }

    /// The group of each member who is in one.
    pub fn groups(mut self) -> FxHashMap<String, u32> {
        let nodes = std::mem::take(&mut self.nodes);
        let mut numbers: FxHashMap<usize, u32> = FxHashMap::default();
        let mut all: Vec<(String, usize)> = nodes.into_iter().collect();
        all.sort_by_key(|(_, node)| *node);
        all.into_iter()
            .map(|(member, node)| {
                let (root, next) = (self.root(node), u32::try_from(numbers.len()).unwrap_or(u32::MAX));
                (member, *numbers.entry(root).or_insert(next))
            })
            .collect()
    }
}
