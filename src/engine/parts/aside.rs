//! The events of members who touch one another, put aside until all piles are looked through.

use super::heap::Held;
use crate::engine::pile::Pile;
use std::collections::BTreeMap;

/// The events of some groups of kin.
#[derive(Debug, Clone, Default)]
pub(super) struct Aside {
    /// The events.
    pub pile: Pile,
    /// The group of each.
    pub whose: Vec<u32>,
}

impl Aside {
    /// None yet, in piles that keep `sku` and `line` or do not.
    pub fn new(names_lines: bool) -> Self {
        Self { pile: Pile::new(names_lines), whose: Vec::new() }
    }

    /// The places of each group's events.
    pub fn groups(&self) -> BTreeMap<u32, Vec<u32>> {
        let mut groups: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (place, group) in self.whose.iter().enumerate() {
            groups.entry(*group).or_default().push(u32::try_from(place).unwrap_or(u32::MAX));
        }
        groups
    }
}

impl Held for Aside {
    fn size(&self) -> usize {
        self.pile.size() + self.whose.capacity() * 4
    }

    fn write(&self, out: &mut Vec<u8>) {
        let whose: Vec<u8> = self.whose.iter().flat_map(|group| group.to_le_bytes()).collect();
        let sum = crc32fast::hash(&whose);
        out.extend_from_slice(&whose);
        out.extend_from_slice(&sum.to_le_bytes());
        out.extend_from_slice(&u64::try_from(whose.len()).unwrap_or(u64::MAX).to_le_bytes());
        // The pile has a checksum of its own; how long it is stands behind it.
        let start = out.len();
        self.pile.write(out);
        let length = u64::try_from(out.len() - start).unwrap_or(u64::MAX);
        out.extend_from_slice(&length.to_le_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (bytes, pile) = ended(bytes)?;
        let (bytes, whose) = ended_with_sum(bytes)?;
        if !bytes.is_empty() {
            return None;
        }
        let group = |four: &[u8]| four.try_into().ok().map(u32::from_le_bytes);
        let whose = whose.chunks(4).map(group).collect::<Option<Vec<u32>>>()?;
        let pile = Pile::read(pile).ok()?;
        (pile.len() == whose.len()).then_some(Self { pile, whose })
    }

    fn append(&mut self, other: &Self) {
        self.pile.append(&other.pile);
        self.whose.extend_from_slice(&other.whose);
    }
}

/// What stands at the end before its length, and what stands before that.
fn ended(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (bytes, length) = bytes.split_last_chunk::<8>()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    bytes.split_at_checked(bytes.len().checked_sub(length)?)
}

/// The same, with a checksum between the two, which is right.
fn ended_with_sum(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (bytes, length) = bytes.split_last_chunk::<8>()?;
    let (bytes, sum) = bytes.split_last_chunk::<4>()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let (before, body) = bytes.split_at_checked(bytes.len().checked_sub(length)?)?;
    (crc32fast::hash(body) == u32::from_le_bytes(*sum)).then_some((before, body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::pile::moment;
    use crate::engine::plan::Needs;
    use crate::ledger::{Event, Kind};
    use crate::value::clock::Clock;

    fn aside(events: &[(&str, u32)]) -> Aside {
        let mut aside = Aside::new(false);
        for (id, group) in events {
            let event = Event::new(*id, moment(0), &Clock::utc(), Kind::Visit);
            aside.pile.push_event(&event, &Needs::default());
            aside.whose.push(*group);
        }
        aside
    }

    #[test]
    fn what_was_written_is_read_again_and_damage_is_seen() {
        let (first, second) = (aside(&[("a", 7), ("b", 2)]), aside(&[("c", 7)]));
        let mut bytes = Vec::new();
        first.write(&mut bytes);
        let mut all = Aside::new(false);
        all.append(&Aside::read(&bytes).expect("it was written just now"));
        all.append(&second);
        assert_eq!(all.groups(), BTreeMap::from([(2, vec![1]), (7, vec![0, 2])]));
        let ids: Vec<&str> = (0..3).map(|at| all.pile.id.get(at)).collect();
        assert_eq!(ids, ["a", "b", "c"]);
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert!(Aside::read(&damaged).is_none(), "byte {at}");
        }
        assert!(Aside::read(&bytes[..bytes.len() - 1]).is_none());
    }
}
