//! Tables come back as they were written; damage is seen; who is stopped at any step leaves the state before.

use super::folder::{Folder, Memory};
use super::table::{Table, Writer};
use super::{Fault, list};
use proptest::prelude::*;
use std::collections::BTreeMap;

type Entries = BTreeMap<Vec<u8>, Vec<u8>>;

fn write(folder: &Memory, name: &str, entries: &Entries) -> Result<u64, Fault> {
    let mut writer = Writer::new(name, folder.create(name).map_err(Fault::machine(name))?);
    for (key, value) in entries {
        writer.add(key, value)?;
    }
    writer.finish()
}

fn open(folder: &Memory, name: &str) -> Result<Table, Fault> {
    Table::open(name, folder.open(name).map_err(Fault::machine(name))?)
}

fn all(table: &Table) -> Result<Entries, Fault> {
    let mut entries = Entries::new();
    let mut cursor = table.cursor();
    while let Some((key, value)) = cursor.next()? {
        entries.insert(key.to_vec(), value.to_vec());
    }
    Ok(entries)
}

fn some(number: u32) -> Entries {
    (0..number)
        .map(|at| (format!("m{at:07}").into_bytes(), vec![u8::try_from(at % 251).unwrap(); at as usize % 90]))
        .collect()
}

proptest! {
    #[test]
    fn what_was_written_is_read(
        entries in prop::collection::btree_map(prop::collection::vec(any::<u8>(), 0..9), prop::collection::vec(any::<u8>(), 0..400), 0..300),
        asked in prop::collection::btree_set(prop::collection::vec(any::<u8>(), 0..3), 0..40),
    ) {
        let folder = Memory::breaks_after(i64::MAX);
        prop_assert_eq!(write(&folder, "a.table", &entries).unwrap(), entries.len() as u64);
        let table = open(&folder, "a.table").unwrap();
        prop_assert_eq!(&all(&table).unwrap(), &entries);
        let mut cursor = table.cursor();
        for key in asked.iter().chain(entries.keys()).collect::<std::collections::BTreeSet<_>>() {
            prop_assert_eq!(cursor.find(key).unwrap(), entries.get(key).map(Vec::as_slice));
        }
    }
}

#[test]
fn many_blocks_are_found_by_key() {
    let (folder, entries) = (Memory::breaks_after(i64::MAX), some(20_000));
    write(&folder, "a.table", &entries).unwrap();
    let table = open(&folder, "a.table").unwrap();
    let mut cursor = table.cursor();
    for (key, value) in entries.iter().step_by(977) {
        assert_eq!(cursor.find(key).unwrap(), Some(value.as_slice()));
        assert_eq!(cursor.find(&[key.as_slice(), b"x"].concat()).unwrap(), None);
    }
    assert_eq!(cursor.find(b"z").unwrap(), None);
}

#[test]
fn a_changed_or_missing_byte_is_seen() {
    let (folder, entries) = (Memory::breaks_after(i64::MAX), some(60));
    write(&folder, "a.table", &entries).unwrap();
    let length = folder.open("a.table").unwrap().size().unwrap();
    for at in 0..usize::try_from(length).unwrap() {
        write(&folder, "a.table", &entries).unwrap();
        folder.change("a.table", |bytes| bytes[at] ^= 0x40);
        let read = open(&folder, "a.table").and_then(|table| all(&table));
        // The raw length of a block is not under its checksum, yet the block has to come to it.
        assert!(read.is_err(), "byte {at} changed, and nothing was said");
        folder.change("a.table", |bytes| bytes.truncate(at));
        assert!(open(&folder, "a.table").and_then(|table| all(&table)).is_err(), "cut at {at}, and nothing was said");
    }
}

#[test]
fn whoever_is_stopped_leaves_the_list_before() {
    let entries = some(3_000);
    for steps in 0..100 {
        let folder = Memory::breaks_after(i64::MAX);
        list::replace(&folder, &vec!["old.table"]).unwrap();
        write(&folder, "old.table", &entries).unwrap();
        folder.let_steps(steps);
        let written = write(&folder, "new.table", &entries).and_then(|_| list::replace(&folder, &vec!["new.table"]));
        folder.let_steps(i64::MAX);
        let named: Vec<String> = list::read(&folder).unwrap().expect("a list");
        assert_eq!(named, [if written.is_ok() { "new.table" } else { "old.table" }]);
        list::sweep(&folder, named.iter().map(String::as_str)).unwrap();
        assert_eq!(all(&open(&folder, &named[0]).unwrap()).unwrap(), entries);
        assert_eq!(folder.names().unwrap().len(), 2);
        if written.is_ok() {
            return;
        }
    }
    panic!("a hundred steps do not write a small table");
}

#[test]
fn a_damaged_list_is_refused() {
    let folder = Memory::breaks_after(i64::MAX);
    list::replace(&folder, &vec!["old.table"]).unwrap();
    let length = folder.open(list::NAME).unwrap().size().unwrap();
    for at in 0..usize::try_from(length).unwrap() {
        list::replace(&folder, &vec!["old.table"]).unwrap();
        folder.change(list::NAME, |bytes| bytes[at] ^= 1);
        let read: Result<Option<Vec<String>>, Fault> = list::read(&folder);
        assert!(!matches!(read, Ok(Some(ref names)) if names != &["old.table"]), "byte {at}: {read:?}");
    }
}
