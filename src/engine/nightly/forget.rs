//! A member's erasure: what she did stays as numbers, under a name that leads nowhere (section 6.14, `docs/state.md`).
//!
//! All tables that may speak of her are written anew beside the old ones; the list that names them is replaced last of
//! all, so whoever is stopped finds her there still, or not at all. What is kept of her id is a keyed hash, by which
//! events that come for her later are known; which name she has now is said nowhere.

use super::codec::{Kept, changed_from_bytes, changed_to_bytes};
use super::list::List;
use super::night::{Night, Wrong};
use super::tables::{self, Finder, Owner, wrong};
use crate::engine::outcome::MemberView;
use crate::engine::pile::Pile;
use crate::kept::Fault;
use crate::kept::bytes::pull;
use crate::kept::folder::Folder;
use crate::kept::table::Table;
use crate::ledger::{Event, Kind, MemberRow};
use crate::mechanics::Program;
use crate::mechanics::arm::Arm;
use crate::mechanics::{OfferId, PilotId};
use crate::source::texts::Texts;
use std::collections::BTreeMap;

/// How names begin that stand for who was forgotten.
pub const TOMBSTONE: &str = "forgotten-";

/// So many names are tried for one that stands on the same side of every pilot and offer.
const TRIES: u32 = 100_000;

/// Other names: of one member, and of those of her events whose ids hold her own.
#[derive(Debug, Clone)]
pub struct Swap {
    /// Her id.
    pub member: String,
    /// The name that stands for her now.
    pub tombstone: String,
    /// Her events by id, and what they are called now.
    pub events: BTreeMap<String, String>,
}

impl Swap {
    /// A member's name.
    pub fn member<'n>(&'n self, id: &'n str) -> &'n str {
        if id == self.member { &self.tombstone } else { id }
    }

    /// An event's id.
    pub fn event<'n>(&'n self, id: &'n str) -> &'n str {
        self.events.get(id).map_or(id, String::as_str)
    }

    fn reference<'n>(&'n self, kind: Kind, named: &'n str) -> &'n str {
        if kind.is_of_two() { self.member(named) } else { self.event(named) }
    }

    fn pile(&self, pile: &mut Pile, hers: bool, looked_at: &dyn Fn(&str) -> bool) {
        let changed = |texts: &Texts, change: &dyn Fn(usize, &str) -> String| {
            let mut other = Texts::default();
            (0..texts.len()).for_each(|at| other.push(&change(at, texts.get(at))));
            other
        };
        pile.reference = changed(&pile.reference, &|at, named| self.reference(pile.kind[at], named).to_owned());
        pile.member = changed(&pile.member, &|_, id| self.member(id).to_owned());
        pile.id = changed(&pile.id, &|_, id| self.event(id).to_owned());
        for event in pile.whole.values_mut() {
            self.whole(event);
            if hers {
                bare(event, looked_at);
            }
        }
    }

    fn whole(&self, event: &mut Event) {
        event.id = self.event(&event.id).to_owned();
        event.member = event.member.as_deref().map(|id| self.member(id).to_owned());
        let kind = event.kind;
        event.reference = event.reference.as_deref().map(|named| self.reference(kind, named).to_owned());
    }

    fn view(&self, view: &mut MemberView) {
        let lots = view.points.values_mut().flat_map(|points| points.lots.iter_mut());
        lots.for_each(|lot| lot.source = self.event(&lot.source).to_owned());
    }

    fn kept(&self, kept: &mut Kept) {
        kept.view.iter_mut().for_each(|view| self.view(view));
        kept.kin.iter_mut().for_each(|id| *id = self.member(id).to_owned());
        kept.too_late.iter_mut().for_each(|(event, _)| *event = self.event(event).to_owned());
        let nameless = kept.nameless.iter_mut();
        let (mut rejected, mut discounts) = (vec![&mut kept.rejected], vec![&mut kept.discounts]);
        for one in nameless {
            rejected.push(&mut one.rejected);
            discounts.push(&mut one.discounts);
        }
        rejected.into_iter().flatten().for_each(|(event, _)| *event = self.event(event).to_owned());
        discounts.into_iter().flatten().for_each(|(event, _)| *event = self.event(event).to_owned());
    }
}

/// An event without what the program does not look at.
fn bare(event: &mut Event, looked_at: &dyn Fn(&str) -> bool) {
    event.fields.retain(|name, _| looked_at(name));
    for line in &mut event.lines {
        line.fields.retain(|name, _| looked_at(name));
    }
}

/// A member's row without what the program does not look at.
fn bare_row(row: &MemberRow, tombstone: &str, looked_at: &dyn Fn(&str) -> bool) -> MemberRow {
    let column = |(name, value): (&str, &str)| match name {
        "member" => Some((name.to_owned(), tombstone.to_owned())),
        "joined" | "birthday" => Some((name.to_owned(), value.to_owned())),
        name => looked_at(name).then(|| (name.to_owned(), value.to_owned())),
    };
    MemberRow { columns: row.columns.iter().filter_map(column).collect(), ..row.clone() }
}

/// What is kept of a forgotten member's id.
pub fn mark(key: &[u8; 32], id: &str) -> String {
    blake3::keyed_hash(key, id.as_bytes()).to_hex().to_string()
}

/// A name for who is forgotten, on whose side of every pilot and offer she stands too: else what they gave would be
/// another. `random` gives another text each time; none where no name was found.
pub fn tombstone(program: &Program, id: &str, random: &mut dyn FnMut() -> String) -> Option<String> {
    let versions: Vec<&Program> = std::iter::once(program).chain(&program.older).collect();
    let arms = |id: &str| -> Vec<Arm> {
        let each = versions.iter().flat_map(|program| {
            let pilots = (0..program.pilots.len()).map(|at| program.arm_of_pilot(PilotId(at), id));
            pilots.chain((0..program.offers.len()).map(|at| program.arm_of_offer(OfferId(at), id)))
        });
        each.collect()
    };
    let wanted = arms(id);
    (0..TRIES).map(|_| format!("{TOMBSTONE}{}", random())).find(|name| arms(name) == wanted)
}

/// Whether an id stands in another as a word of it: `ana` in `ana 2026-01-05#2`, and not in `banana7`.
pub(super) fn holds(text: &str, id: &str) -> bool {
    let part = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    text.match_indices(id)
        .any(|(at, _)| !part(text[..at].chars().next_back()) && !part(text[at + id.len()..].chars().next()))
}

/// What becomes of a value: of its key as it was, and itself.
type Change<'c> = dyn FnMut(&[u8], Vec<u8>) -> Result<Vec<u8>, Fault> + 'c;

impl Night<'_> {
    /// Whether the state knows a member: by an event, or by her row of the members file.
    ///
    /// # Errors
    /// That the state cannot be read.
    pub fn knows(&self, id: &str) -> Result<bool, Wrong> {
        let members = tables::open(self.folder, self.list.members.as_slice())?;
        for tables in [&self.events, &self.results, &members] {
            if !Finder::new(tables).all(id.as_bytes())?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Writes a member's tables under another name; the list that makes them the state's, and what was swapped.
    /// `looked_at`: the columns that the program asks for.
    ///
    /// # Errors
    /// That the state cannot be read or written.
    pub fn forget(
        &self,
        (member, tombstone): (&str, String),
        key: [u8; 32],
        looked_at: &dyn Fn(&str) -> bool,
    ) -> Result<(List, Swap), Wrong> {
        let mut swap = Swap { member: member.to_owned(), tombstone, events: BTreeMap::new() };
        swap.events = self.events_to_rename(&swap)?;
        let mut list = self.list.clone();
        let word = format!("without-{}-{}", list.nights, list.tombstones.len() + 1);
        let hers: BTreeMap<Vec<u8>, Vec<u8>> = [(swap.member.clone().into(), swap.tombstone.clone().into())].into();
        let mut hashes = BTreeMap::new();
        list.events = self.anew(&format!("events-{word}.table"), &self.events, &hers, &mut |key, value| {
            self.piles(&swap, key == swap.member.as_bytes(), value, &mut hashes, looked_at)
        })?;
        let events = swap.events.iter().map(|(was, is)| (was.clone().into(), is.clone().into())).collect();
        list.owners = self.anew(&format!("owners-{word}.table"), &self.owners, &events, &mut |key, value| {
            let mut owner = Owner::from_bytes(&value).ok_or_else(|| wrong("owners"))?;
            let name = String::from_utf8_lossy(key);
            // Of what came too late nothing is kept that a hash could be made of anew.
            let of_hers = owner.home == swap.member && owner.too_late;
            owner.hash = hashes.get(swap.event(&name)).copied().unwrap_or(if of_hers { 0 } else { owner.hash });
            owner.home = swap.member(&owner.home).to_owned();
            Ok(owner.to_bytes())
        })?;
        let results = self.anew(&format!("results-{word}.table"), &self.results, &hers, &mut |_, value| {
            let mut kept = Kept::of_program(self.program, &value, "results")?;
            swap.kept(&mut kept);
            Ok(kept.to_bytes())
        })?;
        list.results = results.into_iter().next();
        let members = tables::open(self.folder, self.list.members.as_slice())?;
        let members = self.anew(&format!("members-{word}.table"), &members, &hers, &mut |key, value| {
            if key != swap.member.as_bytes() {
                return Ok(value);
            }
            let row = tables::row_from_bytes(&value).ok_or_else(|| wrong("members"))?;
            Ok(tables::row_to_bytes(&bare_row(&row, &swap.tombstone, looked_at)))
        })?;
        list.members = members.into_iter().next();
        let corrections = tables::open(self.folder, self.list.corrections.as_slice())?;
        let corrections = self.anew(&format!("corrections-{word}.table"), &corrections, &hers, &mut |_, value| {
            let (mut was, mut is) = changed_from_bytes(self.program, &value).ok_or_else(|| wrong("corrections"))?;
            was.iter_mut().chain(&mut is).for_each(|view| swap.view(view));
            Ok(changed_to_bytes(was.as_ref(), is.as_ref()))
        })?;
        list.corrections = corrections.into_iter().next();
        for (named, holder) in &mut list.waiting {
            (*named, *holder) = (swap.event(named).to_owned(), swap.member(holder).to_owned());
        }
        let winners = list.draws.iter_mut().flat_map(|draw| {
            draw.event = swap.event(&draw.event).to_owned();
            draw.winners.iter_mut()
        });
        winners.for_each(|winner| winner.member = swap.member(&winner.member).to_owned());
        list.forgets(&swap, key);
        Ok((list, swap))
    }

    /// Those of her events whose ids hold hers, as ids do that are made of the cells of a row.
    fn events_to_rename(&self, swap: &Swap) -> Result<BTreeMap<String, String>, Wrong> {
        let mut events = BTreeMap::new();
        for table in &self.owners {
            let mut cursor = table.cursor();
            while let Some((key, value)) = cursor.next()? {
                let owner = Owner::from_bytes(value).ok_or_else(|| wrong("owners"))?;
                let id = String::from_utf8_lossy(key);
                if owner.home == swap.member && holds(&id, &swap.member) {
                    events.insert(id.to_string(), id.replace(&swap.member, &swap.tombstone));
                }
            }
        }
        Ok(events)
    }

    /// The piles of a member without the name; `hashes` learns what their events say now.
    fn piles(
        &self,
        swap: &Swap,
        hers: bool,
        mut value: Vec<u8>,
        hashes: &mut BTreeMap<String, u64>,
        looked_at: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<u8>, Fault> {
        let mut out = Vec::with_capacity(value.len());
        let mut rest = value.as_mut_slice() as &[u8];
        while !rest.is_empty() {
            let bytes = pull(&mut rest).ok_or_else(|| wrong("events"))?;
            let mut pile =
                Pile::read(bytes).ok().filter(|pile| pile.is_of(self.needs)).ok_or_else(|| wrong("events"))?;
            let names_her = |pile: &Pile, place: usize| {
                let named = pile.reference.get(place);
                swap.reference(pile.kind[place], named) != named || swap.events.contains_key(pile.id.get(place))
            };
            let touched: Vec<usize> = (0..pile.len()).filter(|place| hers || names_her(&pile, *place)).collect();
            if !touched.is_empty() {
                swap.pile(&mut pile, hers, looked_at);
                let told = touched.iter().map(|place| (pile.id.get(*place).to_owned(), self.hash(&pile, *place)));
                hashes.extend(told);
            }
            tables::put_pile(&mut out, &pile);
        }
        Ok(out)
    }

    /// Several tables written into one, entries changed and keys renamed; the name of the new table, if there was any.
    fn anew(
        &self,
        name: &str,
        old: &[Table],
        renamed: &BTreeMap<Vec<u8>, Vec<u8>>,
        change: &mut Change<'_>,
    ) -> Result<Vec<String>, Wrong> {
        if old.is_empty() {
            return Ok(Vec::new());
        }
        let mut moved: BTreeMap<Vec<u8>, Vec<u8>> = BTreeMap::new();
        let mut finder = Finder::new(old);
        for (was, is) in renamed {
            let value = finder.all(was)?.concat();
            if !value.is_empty() {
                moved.insert(is.clone(), change(was, value)?);
            }
        }
        let mut writer = tables::begin(self.folder, name)?;
        tables::each(old, &mut |key, value| {
            while let Some(first) = moved.first_entry().filter(|first| *first.key() < key) {
                let (key, value) = first.remove_entry();
                writer.add(&key, &value)?;
            }
            if renamed.contains_key(&key) { Ok(()) } else { writer.add(&key, &change(&key, value)?) }
        })?;
        for (key, value) in moved {
            writer.add(&key, &value)?;
        }
        writer.finish()?;
        Ok(vec![name.to_owned()])
    }
}

/// A folder as it would be with another list: what is played over it counts for nothing, and touches no file that was
/// there.
pub struct Trial<'t> {
    folder: &'t dyn Folder,
    list: std::sync::Mutex<Vec<u8>>,
    made: std::sync::Mutex<Vec<String>>,
}

impl<'t> Trial<'t> {
    /// The folder with this list.
    ///
    /// # Errors
    /// None that a list could bring.
    pub fn of(folder: &'t dyn Folder, list: &List) -> Result<Self, Fault> {
        let trial = Self { folder, list: Vec::new().into(), made: Vec::new().into() };
        crate::kept::list::replace(&trial, list)?;
        Ok(trial)
    }

    fn locked<T>(of: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
        of.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Folder for Trial<'_> {
    fn create(&self, name: &str) -> std::io::Result<Box<dyn crate::kept::folder::New>> {
        let name = format!("trial-{name}");
        Self::locked(&self.made).push(name.clone());
        self.folder.create(&name)
    }

    fn open(&self, name: &str) -> std::io::Result<std::sync::Arc<dyn crate::source::raw::ReadAt>> {
        if name == crate::kept::list::NAME {
            return Ok(std::sync::Arc::new(Self::locked(&self.list).clone()));
        }
        let made = format!("trial-{name}");
        let name = if Self::locked(&self.made).contains(&made) { &made } else { name };
        self.folder.open(name)
    }

    fn replace(&self, _: &str, bytes: &[u8]) -> std::io::Result<()> {
        *Self::locked(&self.list) = bytes.to_vec();
        Ok(())
    }

    fn remove(&self, name: &str) -> std::io::Result<()> {
        let name = format!("trial-{name}");
        Self::locked(&self.made).retain(|made| *made != name);
        self.folder.remove(&name)
    }

    fn names(&self) -> std::io::Result<Vec<String>> {
        let names =
            Self::locked(&self.made).iter().filter_map(|name| name.strip_prefix("trial-").map(str::to_owned)).collect();
        Ok(names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_found_as_a_word_only() {
        for (text, found) in [("ana", true), ("ana 2026-01-05#2", true), ("2026-01-05|ana", true), ("banana", false)] {
            assert_eq!(holds(text, "ana"), found, "{text}");
        }
        assert!(holds("p-1", "1") && !holds("p1", "1"));
    }

    #[test]
    fn the_mark_of_an_id_hangs_on_the_key() {
        assert_eq!(mark(&[1; 32], "ana"), mark(&[1; 32], "ana"));
        assert_ne!(mark(&[1; 32], "ana"), mark(&[2; 32], "ana"));
    }
}
