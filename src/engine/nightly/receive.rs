//! New events: which are there already, which come late, whose they are. Pile after pile, so that a night may bring more
//! than memory holds.

use super::forget::holds;
use super::home;
use super::night::{Night, Ran, Wrong};
use super::tables::{self, Finder, Owner, wrong};
use crate::engine::parts::TooFull;
use crate::engine::pile::{Pile, day, moment};
use crate::kept::Fault;
use crate::kept::table::Table;
use crate::ledger::{Event, Kind};
use crate::value::clock::{Date, Length, Moment};
use std::collections::{BTreeMap, BTreeSet};

/// What a night's events came to.
#[derive(Default)]
pub(super) struct Received {
    /// The table of those that are new, if there are any.
    pub events: Option<Table>,
    /// Whether any of them was not there before.
    pub any: bool,
    /// Under which names there are new ones.
    pub touched: BTreeSet<String>,
    /// Events that came too late, by the name under which they would be kept.
    pub too_late: BTreeMap<String, Vec<(String, Moment)>>,
    /// Whose past is not what it was: an event came late, or one says since when she is a member.
    pub late: BTreeSet<String>,
    /// Members whose histories touch.
    pub links: Vec<(String, String)>,
}

impl Received {
    /// Whoever new events touch.
    pub fn touched(&self) -> impl Iterator<Item = &String> {
        self.touched.iter().chain(self.too_late.keys())
    }
}

/// A new event: where it stands, and what it says.
struct New<'p> {
    id: &'p str,
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

    fn day(&self) -> Date {
        day(self.pile.day[self.place])
    }
}

/// Purchases that returns name, by id: the names under which they are kept.
type Bought = BTreeMap<String, String>;

/// Events being received.
struct Receiving<'r> {
    night: &'r Night<'r>,
    ran: &'r mut Ran,
    received: Received,
    /// Tables of new events, and of whose they are.
    events: Vec<String>,
    owners: Vec<String>,
    /// Returns that name what is not known yet, by that: who holds them.
    waiting: BTreeMap<String, Vec<String>>,
    /// New returns: who holds them, and what they name.
    returns: Vec<(String, String)>,
    /// Returns without a card: whose they are is known when all purchases are.
    cardless: Pile,
    clock: Option<Moment>,
    begin: Option<Date>,
    /// What comes for a member who was forgotten is left out.
    leave_out: bool,
}

impl Night<'_> {
    /// Sorts out a night's events and writes those that are new.
    pub(super) fn receive(
        &self,
        piles: &mut dyn Iterator<Item = Result<Pile, TooFull>>,
        ran: &mut Ran,
        leave_out: bool,
    ) -> Result<Received, Wrong> {
        let mut waiting: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (named, holder) in std::mem::take(&mut ran.list.waiting) {
            waiting.entry(named).or_default().push(holder);
        }
        let (clock, begin) = (ran.list.clock(), ran.list.begin.as_ref().and_then(|begin| begin.parse().ok()));
        let mut receiving = Receiving {
            night: self,
            ran,
            received: Received::default(),
            events: Vec::new(),
            owners: Vec::new(),
            waiting,
            returns: Vec::new(),
            cardless: Pile::new(true),
            clock,
            begin,
            leave_out,
        };
        for pile in piles {
            receiving.pile(&pile?)?;
        }
        receiving.cardless()?;
        receiving.end()
    }

    /// The events of a pile that are not there yet, in the order of their ids.
    fn news<'p>(&self, pile: &'p Pile, ran: &mut Ran, leave_out: bool) -> Result<Vec<New<'p>>, Wrong> {
        let mut finder = Finder::new(&self.owners);
        let mut news = Vec::new();
        for new in self.all(pile) {
            if self.is_of_forgotten(&new) {
                if !leave_out {
                    // An id that is made of hers would name her.
                    let names_her =
                        [new.member(), new.reference()].iter().any(|id| !id.is_empty() && holds(new.id, id));
                    return Err(Wrong::Forgotten(Some(if names_her { String::new() } else { new.id.to_owned() })));
                }
                ran.left_out += 1;
                continue;
            }
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

    /// Whether an event is of a member who was forgotten, or names one.
    fn is_of_forgotten(&self, new: &New<'_>) -> bool {
        self.list.forgot(new.member()) || (new.kind().is_of_two() && self.list.forgot(new.reference()))
    }

    /// The events of a pile in the order of their ids.
    fn all<'p>(&self, pile: &'p Pile) -> Vec<New<'p>> {
        let new = |place| New { id: pile.id.get(place), pile, place, hash: self.hash(pile, place) };
        let mut all: Vec<New<'p>> = (0..pile.len()).map(new).collect();
        all.sort_unstable_by_key(|new| new.id);
        all
    }

    fn owner_of(&self, new: &New<'_>, home: String) -> Owner {
        Owner { home, hash: new.hash, too_late: self.too_late(new), can_come_back: new.can_come_back() }
    }

    /// Whether an event lies before the stretch in which late ones are taken in.
    fn too_late(&self, new: &New<'_>) -> bool {
        let Some(clock) = self.clock() else { return false };
        let settings = &self.program.settings;
        let first = Length::Days(settings.late_days).before(settings.clock.day_of(clock));
        first.is_some_and(|first| new.day() < first)
    }

    /// What an event says, in short: of what the program can look at, and nothing of where it was read.
    pub(super) fn hash(&self, pile: &Pile, place: usize) -> u64 {
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
}

/// The name under which an event is kept that names no purchase.
fn home(new: &New<'_>) -> String {
    match new.member() {
        "" => home::of_nobody(new.day()),
        member => member.to_owned(),
    }
}

fn owner(bytes: &[u8]) -> Result<Owner, Fault> {
    Owner::from_bytes(bytes).ok_or_else(|| wrong("owners"))
}

impl Receiving<'_> {
    /// Takes in a pile.
    fn pile(&mut self, pile: &Pile) -> Result<(), Wrong> {
        let mut taken = Vec::new();
        for new in self.night.news(pile, self.ran, self.leave_out)? {
            if new.shows_no_card() {
                self.cardless.copy_from(pile, new.place, self.night.needs);
                continue;
            }
            let owner = self.night.owner_of(&new, home(&new));
            if !owner.too_late {
                self.tie(&new, &owner.home);
            }
            taken.push((new, owner));
        }
        self.take_in(&taken)
    }

    /// Finds out whom else's history a new event touches.
    fn tie(&mut self, new: &New<'_>, home: &str) {
        if new.kind().is_of_two() {
            self.received.links.push((home.to_owned(), new.reference().to_owned()));
        } else if new.is_return() {
            self.returns.push((home.to_owned(), new.reference().to_owned()));
        } else if new.can_come_back() && !self.waiting.is_empty() {
            // Returns that were here before what they name: whoever holds them is played with its owner.
            let held = self.waiting.remove(new.id).into_iter().flatten();
            self.received.links.extend(held.map(|holder| (holder, home.to_owned())));
        }
    }

    /// Takes in the returns that show no card, each where its purchase is kept.
    fn cardless(&mut self) -> Result<(), Wrong> {
        let pile = std::mem::take(&mut self.cardless);
        let news = self.night.all(&pile);
        let bought = self.bought(&news)?;
        let mut taken = Vec::new();
        for new in news {
            let home = bought.get(new.reference()).cloned().unwrap_or_else(|| home(&new));
            let owner = self.night.owner_of(&new, home);
            if !owner.too_late {
                self.tie(&new, &owner.home);
            }
            taken.push((new, owner));
        }
        for (home, named) in std::mem::take(&mut self.returns) {
            match bought.get(&named) {
                Some(owner) => self.received.links.push((home, owner.clone())),
                None => self.waiting.entry(named).or_default().push(home),
            }
        }
        self.take_in(&taken)
    }

    /// Whose the purchases are that new returns name, as far as they are known.
    fn bought(&self, cardless: &[New<'_>]) -> Result<Bought, Wrong> {
        let named = self.returns.iter().map(|(_, named)| named.as_str());
        let named: BTreeSet<&str> = named.chain(cardless.iter().map(New::reference)).collect();
        let new = tables::open(self.night.folder, &self.owners)?;
        let (mut before, mut now) = (Finder::new(&self.night.owners), Finder::new(&new));
        let mut bought = Bought::new();
        for id in named {
            let found = before.all(id.as_bytes())?.into_iter().chain(now.all(id.as_bytes())?).next();
            let known = found.map(|bytes| owner(&bytes)).transpose()?;
            if let Some(known) = known.filter(|known| known.can_come_back && !known.too_late) {
                bought.insert(id.to_owned(), known.home);
            }
        }
        Ok(bought)
    }

    /// Writes new events, in the order of their ids: whose they are, and those that are in time by whose they are.
    fn take_in(&mut self, taken: &[(New<'_>, Owner)]) -> Result<(), Wrong> {
        let Some((New { pile, .. }, _)) = taken.first() else { return Ok(()) };
        self.received.any = true;
        let name = self.name("owners", self.owners.len());
        let mut writer = tables::begin(self.night.folder, &name)?;
        for (new, owner) in taken {
            writer.add(new.id.as_bytes(), &owner.to_bytes())?;
        }
        writer.finish()?;
        self.owners.push(name);
        let mut events: Vec<(&str, usize)> = taken.iter().filter_map(|(new, owner)| self.place(new, owner)).collect();
        events.sort_unstable();
        if events.is_empty() {
            return Ok(());
        }
        let name = self.name("events", self.events.len());
        let mut writer = tables::begin(self.night.folder, &name)?;
        for hers in events.chunk_by(|one, other| one.0 == other.0) {
            let (mut one, mut value) = (Pile::new(true), Vec::new());
            hers.iter().for_each(|(_, place)| one.copy_from(pile, *place, self.night.needs));
            tables::put_pile(&mut value, &one);
            writer.add(hers[0].0.as_bytes(), &value)?;
            self.received.touched.insert(hers[0].0.to_owned());
        }
        writer.finish()?;
        self.events.push(name);
        Ok(())
    }

    fn name(&self, word: &str, nth: usize) -> String {
        format!("{word}-{}-{nth}.table", self.ran.list.nights)
    }

    /// Counts a new event: too late, late, or in time. Where it is to be kept, unless it is too late.
    fn place<'o>(&mut self, new: &New<'_>, owner: &'o Owner) -> Option<(&'o str, usize)> {
        let (home, at) = (&owner.home, new.moment());
        if owner.too_late {
            self.ran.too_late += 1;
            self.received.too_late.entry(home.clone()).or_default().push((new.id.to_owned(), at));
            return None;
        }
        let late = self.night.clock().is_some_and(|clock| at < clock);
        self.ran.late += u64::from(late);
        // Where the members file said so before, a `join` event has the last word.
        if late || new.kind() == Kind::Join {
            self.received.late.insert(home.clone());
        }
        self.clock = self.clock.max(Some(at));
        self.begin = self.begin.into_iter().chain([new.day()]).min();
        Some((home, new.place))
    }

    /// Puts the tables of the night together.
    fn end(mut self) -> Result<Received, Wrong> {
        let list = &mut self.ran.list;
        list.clock = self.clock.map(|clock| clock.0.to_string());
        list.begin = self.begin.map(|begin| begin.to_string());
        let waiting = self.waiting.into_iter();
        let each = waiting.flat_map(|(named, all)| all.into_iter().map(move |one| (named.clone(), one)));
        list.waiting = each.collect();
        let night = list.nights;
        list.owners.extend(one(self.night, &self.owners, &format!("owners-{night}.table"))?);
        let events = one(self.night, &self.events, &format!("events-{night}.table"))?;
        list.events.extend(events.clone());
        self.received.events = tables::open(self.night.folder, events.as_slice())?.pop();
        self.received.links.retain(|(one, other)| one != other && !other.is_empty());
        Ok(self.received)
    }
}

/// Puts tables into one; none where there are none.
fn one(night: &Night<'_>, names: &[String], name: &str) -> Result<Option<String>, Wrong> {
    if let [] | [_] = names {
        return Ok(names.first().cloned());
    }
    tables::merge(night.folder, &tables::open(night.folder, names)?, name)?;
    for part in names {
        night.folder.remove(part).map_err(Fault::machine(part))?;
    }
    Ok(Some(name.to_owned()))
}
