//! New events: which are there already, which come late, whose they are.

use super::home;
use super::night::{Night, Ran, Wrong};
use super::tables::{Finder, Owner, wrong};
use crate::engine::pile::{Pile, day, moment};
use crate::engine::plan::Needs;
use crate::kept::Fault;
use crate::ledger::{Event, Kind};
use crate::value::clock::{Date, Length, Moment};
use std::collections::{BTreeMap, BTreeSet};

/// Where an event stands among the piles of the night.
pub(super) type At = (usize, usize);

/// What a night's events came to.
#[derive(Debug, Default)]
pub(super) struct Received<'p> {
    /// The night's piles.
    pub piles: &'p [Pile],
    /// Events that are new, by the name under which they are kept.
    pub events: BTreeMap<String, Vec<At>>,
    /// Whose each new event is, by its id.
    pub owners: BTreeMap<String, Owner>,
    /// Events that came too late, by the name under which they would be kept.
    pub too_late: BTreeMap<String, Vec<(String, Moment)>>,
    /// Whose past is not what it was: an event came late, or one says since when she is a member.
    pub late: BTreeSet<String>,
    /// Members whose histories touch.
    pub links: Vec<(String, String)>,
}

impl Received<'_> {
    /// Whether the night brought nothing that was not there.
    pub fn is_empty(&self) -> bool {
        self.owners.is_empty()
    }

    /// Adds the new events of a name to a pile.
    pub fn copy_into(&self, id: &str, pile: &mut Pile, needs: &Needs) {
        for (nth, place) in self.events.get(id).into_iter().flatten() {
            pile.copy_from(&self.piles[*nth], *place, needs);
        }
    }

    /// Whoever new events touch.
    pub fn touched(&self) -> impl Iterator<Item = &String> {
        self.events.keys().chain(self.too_late.keys())
    }
}

/// A new event: where it stands, and what it says.
struct New<'p> {
    id: &'p str,
    at: At,
    pile: &'p Pile,
    place: usize,
    hash: u64,
}

impl<'p> New<'p> {
    fn reference(&self) -> &'p str {
        self.pile.reference.get(self.place)
    }

    fn member(&self) -> &'p str {
        self.pile.member.get(self.place)
    }

    fn kind(&self) -> Kind {
        self.pile.kind[self.place]
    }

    fn is_return(&self) -> bool {
        self.kind() == Kind::Return
    }

    /// A return whose owner only its purchase can tell.
    fn shows_no_card(&self) -> bool {
        self.is_return() && self.member().is_empty()
    }

    /// Whether a return can name it.
    fn can_come_back(&self) -> bool {
        matches!(self.kind(), Kind::Purchase | Kind::Redeem)
    }

    /// When it was, to the last digit.
    fn moment(&self) -> Moment {
        let whole = u32::try_from(self.place).ok().and_then(|place| self.pile.whole.get(&place));
        whole.map_or_else(|| moment(self.pile.at[self.place]), |event| event.at)
    }
}

/// Purchases that returns name, by id: the names under which they are kept.
type Bought = BTreeMap<String, String>;

impl Night<'_> {
    /// Sorts out a night's events.
    pub(super) fn receive<'p>(&self, piles: &'p [Pile], ran: &mut Ran) -> Result<Received<'p>, Wrong> {
        let mut received = Received { piles, ..Received::default() };
        let news = self.news(piles, ran)?;
        // Whose a return without a card is, its purchase says: so purchases come first.
        for new in news.iter().filter(|new| !new.shows_no_card()) {
            let owner = self.owner_of(new, self.home(new));
            received.owners.insert(new.id.to_owned(), owner);
        }
        let bought = self.bought(&news, &received)?;
        for new in news.iter().filter(|new| new.shows_no_card()) {
            let home = bought.get(new.reference()).cloned().unwrap_or_else(|| self.home(new));
            received.owners.insert(new.id.to_owned(), self.owner_of(new, home));
        }
        self.tie(&news, &bought, &mut received, ran);
        let taken = news.iter().filter_map(|new| self.place_event(new, &mut received, ran));
        let (moments, days): (Vec<Moment>, Vec<Date>) = taken.unzip();
        let clock = ran.list.clock().into_iter().chain(moments).max();
        ran.list.clock = clock.map(|clock| clock.0.to_string());
        let begin = ran.list.begin.as_ref().and_then(|begin| begin.parse().ok()).into_iter().chain(days).min();
        ran.list.begin = begin.map(|begin: Date| begin.to_string());
        Ok(received)
    }

    /// The events that are not there yet, in the order of their ids.
    fn news<'p>(&self, piles: &'p [Pile], ran: &mut Ran) -> Result<Vec<New<'p>>, Wrong> {
        let mut all = Vec::with_capacity(piles.iter().map(Pile::len).sum());
        for (nth, pile) in piles.iter().enumerate() {
            let new = |place| New { id: pile.id.get(place), at: (nth, place), pile, place, hash: 0 };
            all.extend((0..pile.len()).map(new));
        }
        all.sort_unstable_by_key(|new| new.id);
        let mut finder = Finder::new(&self.owners);
        let mut news = Vec::with_capacity(all.len());
        for mut new in all {
            new.hash = self.hash(new.pile, new.place);
            match finder.all(new.id.as_bytes())?.first().map(|bytes| owner(bytes)).transpose()? {
                None => news.push(new),
                Some(known) if known.hash == new.hash => ran.repeated += 1,
                Some(known) => {
                    let owner = home::member(&known.home).to_owned();
                    return Err(Wrong::Contradiction { id: new.id.to_owned(), owner });
                }
            }
        }
        Ok(news)
    }

    /// The name under which an event is kept that names no purchase.
    fn home(&self, new: &New<'_>) -> String {
        match new.member() {
            "" => home::of_nobody(day(new.pile.day[new.place])),
            member => member.to_owned(),
        }
    }

    fn owner_of(&self, new: &New<'_>, home: String) -> Owner {
        Owner { home, hash: new.hash, too_late: self.too_late(new), can_come_back: new.can_come_back() }
    }

    /// Whether an event lies before the stretch in which late ones are taken in.
    fn too_late(&self, new: &New<'_>) -> bool {
        let Some(clock) = self.clock() else { return false };
        let settings = &self.program.settings;
        let first = Length::Days(settings.late_days).before(settings.clock.day_of(clock));
        first.is_some_and(|first| day(new.pile.day[new.place]) < first)
    }

    /// Whose the purchases are that new returns name, as far as they are known.
    fn bought(&self, news: &[New<'_>], received: &Received<'_>) -> Result<Bought, Wrong> {
        let named: BTreeSet<&str> = news.iter().filter(|new| new.is_return()).map(New::reference).collect();
        let mut finder = Finder::new(&self.owners);
        let mut bought = Bought::new();
        for id in named {
            let known = match received.owners.get(id) {
                Some(owner) => Some(owner.clone()),
                None => finder.all(id.as_bytes())?.first().map(|bytes| owner(bytes)).transpose()?,
            };
            if let Some(known) = known.filter(|known| known.can_come_back && !known.too_late) {
                bought.insert(id.to_owned(), known.home);
            }
        }
        Ok(bought)
    }

    /// What an event says, in short: of what the program can look at, and nothing of where it was read.
    fn hash(&self, pile: &Pile, place: usize) -> u64 {
        let mut one = Pile::new(true);
        one.copy_from(pile, place, self.needs);
        let whole = std::mem::take(&mut one.whole);
        let mut bytes = Vec::new();
        one.write(&mut bytes);
        for event in whole.into_values() {
            bytes.extend_from_slice(format!("{:?}", self.bare(*event)).as_bytes());
        }
        let mut first = [0; 8];
        first.copy_from_slice(&blake3::hash(&bytes).as_bytes()[..8]);
        u64::from_le_bytes(first)
    }

    /// An event without what the program does not look at; the rest of it stands in the columns.
    fn bare(&self, mut event: Event) -> Event {
        event.place = (0, 0);
        (event.store, event.channel) = (None, None);
        event.fields.clear();
        for line in &mut event.lines {
            (line.category, line.brand) = (None, None);
            line.fields.clear();
            line.regular = line.regular.take().filter(|_| self.needs.regular);
            line.tax = line.tax.take().filter(|_| self.needs.tax);
        }
        event
    }

    /// Finds out whose histories new events make touch.
    fn tie(&self, news: &[New<'_>], bought: &Bought, received: &mut Received<'_>, ran: &mut Ran) {
        let mut waiting: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (named, holder) in std::mem::take(&mut ran.list.waiting) {
            waiting.entry(named).or_default().push(holder);
        }
        let mut links = Vec::new();
        for new in news {
            let Some(owner) = received.owners.get(new.id).filter(|owner| !owner.too_late) else { continue };
            let (home, reference) = (owner.home.clone(), new.reference());
            if new.kind().is_of_two() {
                links.push((home, reference.to_owned()));
            } else if new.is_return() {
                match bought.get(reference) {
                    Some(owner) => links.push((home, owner.clone())),
                    None => waiting.entry(reference.to_owned()).or_default().push(home),
                }
            } else if new.can_come_back() {
                // Returns that were here before what they name: whoever holds them is played with its owner.
                let held = waiting.remove(new.id).into_iter().flatten();
                links.extend(held.map(|holder| (holder, home.clone())));
            }
        }
        links.retain(|(one, other)| one != other && !other.is_empty());
        received.links = links;
        let each = waiting.into_iter().flat_map(|(named, all)| all.into_iter().map(move |one| (named.clone(), one)));
        ran.list.waiting = each.collect();
    }

    /// Takes a new event in: too late, late, or in time. When it was, where it is taken in.
    fn place_event(&self, new: &New<'_>, received: &mut Received<'_>, ran: &mut Ran) -> Option<(Moment, Date)> {
        let owner = received.owners.get(new.id)?;
        let (home, at) = (owner.home.clone(), new.moment());
        if owner.too_late {
            ran.too_late += 1;
            received.too_late.entry(home).or_default().push((new.id.to_owned(), at));
            return None;
        }
        let late = self.clock().is_some_and(|clock| at < clock);
        ran.late += u64::from(late);
        // Where the members file said so before, a `join` event has the last word.
        if late || new.kind() == Kind::Join {
            received.late.insert(home.clone());
        }
        received.events.entry(home).or_default().push(new.at);
        Some((at, day(new.pile.day[new.place])))
    }
}

fn owner(bytes: &[u8]) -> Result<Owner, Fault> {
    Owner::from_bytes(bytes).ok_or_else(|| wrong("owners"))
}
