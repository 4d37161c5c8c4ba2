//! The events of members who touch one another, put aside until all piles are looked through.

use super::heap::Held;
use crate::engine::pile::Pile;
use crate::kept::bytes::{pull, push};
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
        let groups: Vec<u8> = self.whose.iter().flat_map(|group| group.to_le_bytes()).collect();
        out.extend_from_slice(&crc32fast::hash(&groups).to_le_bytes());
        push(out, &groups);
        // The pile has a checksum of its own.
        self.pile.write(out);
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (sum, mut rest) = bytes.split_first_chunk::<4>()?;
        let groups = pull(&mut rest)?;
        if crc32fast::hash(groups) != u32::from_le_bytes(*sum) {
            return None;
        }
        let whose: Vec<u32> = groups.as_chunks::<4>().0.iter().map(|group| u32::from_le_bytes(*group)).collect();
        let pile = Pile::read(rest).ok()?;
        (pile.len() == whose.len()).then_some(Self { pile, whose })
    }

    fn append(&mut self, other: &Self) {
        self.pile.append(&other.pile);
        self.whose.extend_from_slice(&other.whose);
    }
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
