//! New events: which are there already, which come late, whose they are.

use super::night::{Night, Ran, Wrong};
use super::tables::{Finder, Owner};
use crate::engine::pile::{Pile, day};
use crate::kept::Fault;
use crate::ledger::Kind;
use crate::value::clock::Moment;
use std::collections::{BTreeMap, BTreeSet};

/// What a night's events came to.
#[derive(Debug, Default)]
pub(super) struct Received {
    /// Events that are new, by whose they are.
    pub events: BTreeMap<String, Pile>,
    /// Whose each new event is, by its id.
    pub owners: BTreeMap<String, Owner>,
    /// Events that came too late, by member.
    pub too_late: BTreeMap<String, Vec<String>>,
    /// Who was touched by an event that came late.
    pub late: BTreeSet<String>,
    /// Members whose histories touch.
    pub links: Vec<(String, String)>,
}

/// A new event: where it stands, and what it says.
struct New<'p> {
    pile: &'p Pile,
    place: usize,
    member: &'p str,
    hash: u64,
}

impl New<'_> {
    fn reference(&self) -> &str {
        self.pile.reference.get(self.place)
    }

    fn kind(&self) -> Kind {
        self.pile.kind[self.place]
    }
}

impl Night<'_> {
    /// Sorts out a night's events.
    pub(super) fn receive(&self, events: BTreeMap<String, Pile>, ran: &mut Ran) -> Result<Received, Wrong> {
        let mut by_id: BTreeMap<&str, New<'_>> = BTreeMap::new();
        for (member, pile) in &events {
            for place in 0..pile.len() {
                let hash = self.hash(pile, place);
                by_id.insert(pile.id.get(place), New { pile, place, member, hash });
            }
        }
        let mut received = Received::default();
        let mut finder = Finder::new(&self.owners);
        let mut news = Vec::new();
        for (id, new) in by_id {
            match finder.all(id.as_bytes())?.first().map(|bytes| self.owner(bytes)).transpose()? {
                None => news.push((id, new)),
                Some(known) if known.hash == new.hash => ran.repeated += 1,
                Some(known) => return Err(Wrong::Contradiction { id: id.to_owned(), owner: known.member }),
            }
        }
        for (id, new) in &news {
            let owner = Owner { member: new.member.to_owned(), hash: new.hash, too_late: self.too_late(new) };
            received.owners.insert((*id).to_owned(), owner);
        }
        let bought = self.bought(&news)?;
        for (id, new) in &news {
            self.place_event(id, new, &bought, &mut received, ran);
        }
        Ok(received)
    }

    fn owner(&self, bytes: &[u8]) -> Result<Owner, Fault> {
        Owner::from_bytes(bytes).ok_or_else(|| super::tables::wrong("owners"))
    }

    /// Whether an event lies before the stretch in which late ones are taken in.
    fn too_late(&self, new: &New<'_>) -> bool {
        let Some(clock) = self.clock() else { return false };
        let settings = &self.program.settings;
        let first = crate::value::clock::Length::Days(settings.late_days).before(settings.clock.day_of(clock));
        first.is_some_and(|first| day(new.pile.day[new.place]) < first)
    }

    /// Whose the purchases are that new returns name, as far as they are known before this night.
    fn bought(&self, news: &[(&str, New<'_>)]) -> Result<BTreeMap<String, String>, Wrong> {
        let returns = news.iter().filter(|(_, new)| new.kind() == Kind::Return);
        let named: BTreeSet<&str> = returns.map(|(_, new)| new.reference()).collect();
        let mut finder = Finder::new(&self.owners);
        let mut bought = BTreeMap::new();
        for id in named {
            if let Some(bytes) = finder.all(id.as_bytes())?.first() {
                let owner = self.owner(bytes)?;
                if !owner.too_late {
                    bought.insert(id.to_owned(), owner.member);
                }
            }
        }
        Ok(bought)
    }

    /// What an event says, in short.
    fn hash(&self, pile: &Pile, place: usize) -> u64 {
        let mut one = Pile::new(true);
        one.copy_from(pile, place, self.needs);
        let mut bytes = Vec::new();
        one.write(&mut bytes);
        let mut first = [0; 8];
        first.copy_from_slice(&blake3::hash(&bytes).as_bytes()[..8]);
        u64::from_le_bytes(first)
    }

    /// Finds out whose histories a new event makes touch.
    fn tie(&self, id: &str, new: &New<'_>, bought: &BTreeMap<String, String>, received: &mut Received, ran: &mut Ran) {
        let (member, reference) = (new.member.to_owned(), new.reference());
        if new.kind().is_of_two() {
            received.links.push((member, reference.to_owned()));
        } else if new.kind() == Kind::Return {
            let of_night = received.owners.get(reference).filter(|owner| !owner.too_late);
            let owner = bought.get(reference).or(of_night.map(|owner| &owner.member)).cloned();
            match owner {
                // A return goes to the owner of its purchase, card shown or not.
                Some(owner) if owner != member => received.links.push((member, owner)),
                Some(_) => {}
                None => ran.list.waiting.push((reference.to_owned(), member)),
            }
        } else if new.kind() == Kind::Purchase {
            // Returns that were here before their purchase: whoever holds them is played with its owner.
            let waited = ran.list.waiting.iter().filter(|(named, holder)| named == id && *holder != member);
            received.links.extend(waited.map(|(_, holder)| (holder.clone(), member.clone())));
        }
    }

    /// Takes a new event in: too late, late, or in time.
    fn place_event(
        &self,
        id: &str,
        new: &New<'_>,
        bought: &BTreeMap<String, String>,
        received: &mut Received,
        ran: &mut Ran,
    ) {
        if received.owners.get(id).is_some_and(|owner| owner.too_late) {
            ran.too_late += 1;
            received.too_late.entry(new.member.to_owned()).or_default().push(id.to_owned());
            return;
        }
        self.tie(id, new, bought, received, ran);
        let holder = new.member.to_owned();
        let at = new.pile.at[new.place];
        if self.list.clock.is_some_and(|clock| at < clock) {
            ran.late += 1;
            received.late.insert(holder.clone());
        }
        ran.list.clock = ran.list.clock.max(Some(at));
        let day = day(new.pile.day[new.place]).to_string();
        if ran.list.begin.as_ref().is_none_or(|begin| day < *begin) {
            ran.list.begin = Some(day);
        }
        let hers = received.events.entry(holder).or_insert_with(|| Pile::new(true));
        hers.copy_from(new.pile, new.place, self.needs);
    }
}

/// A moment of so many seconds.
pub(super) fn moment(seconds: i64) -> Option<Moment> {
    jiff::Timestamp::from_second(seconds).ok().map(Moment)
}
