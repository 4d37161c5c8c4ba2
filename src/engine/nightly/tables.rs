//! The tables of a state, each with what its keys and values are.

use crate::engine::pile::Pile;
use crate::engine::plan::Needs;
use crate::kept::Fault;
use crate::kept::bytes::{get, pull, push, put};
use crate::kept::folder::Folder;
use crate::kept::table::{Cursor, Table, Writer};
use crate::ledger::MemberRow;
use crate::value::clock::Date;
use std::io;

/// Opens tables by name.
pub(super) fn open(folder: &dyn Folder, names: &[String]) -> Result<Vec<Table>, Fault> {
    let open = |name: &String| {
        let file = folder.open(name).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Fault::Damaged { name: name.clone(), what: "it is no longer there" },
            _ => Fault::Machine { name: name.clone(), error },
        })?;
        Table::open(name, file)
    };
    names.iter().map(open).collect()
}

/// A table holds what it should not.
pub(super) fn wrong(name: &str) -> Fault {
    Fault::Damaged { name: name.to_owned(), what: "an entry is none of its kind" }
}

/// Whose an entry is: its key, as text.
pub(super) fn member(key: &[u8], name: &str) -> Result<String, Fault> {
    std::str::from_utf8(key).map(str::to_owned).map_err(|_| wrong(name))
}

/// Begins a table.
pub(super) fn begin(folder: &dyn Folder, name: &str) -> Result<Writer, Fault> {
    let file = folder.create(name).map_err(|error| Fault::Machine { name: name.to_owned(), error })?;
    Ok(Writer::new(name, file))
}

/// Whose an event is, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Owner {
    /// The name under which it is kept.
    pub home: String,
    pub hash: u64,
    /// It came too late and was never played.
    pub too_late: bool,
    /// A return can name it.
    pub can_come_back: bool,
}

impl Owner {
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.home.len() + 12);
        push(&mut out, self.home.as_bytes());
        put(&mut out, self.hash);
        put(&mut out, u64::from(self.too_late) | u64::from(self.can_come_back) << 1);
        out
    }

    pub fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let rest = &mut bytes;
        let home = String::from_utf8(pull(rest)?.to_vec()).ok()?;
        let (hash, marks) = (get(rest)?, get(rest)?);
        Some(Self { home, hash, too_late: marks & 1 == 1, can_come_back: marks & 2 == 2 })
    }
}

/// Finds keys, asked for in ascending order, in several tables.
pub(super) struct Finder<'t> {
    cursors: Vec<Cursor<'t>>,
}

impl<'t> Finder<'t> {
    pub fn new(tables: &'t [Table]) -> Self {
        Self { cursors: tables.iter().map(Table::cursor).collect() }
    }

    /// The values of a key, the oldest first.
    pub fn all(&mut self, key: &[u8]) -> Result<Vec<Vec<u8>>, Fault> {
        let mut found = Vec::new();
        for cursor in &mut self.cursors {
            found.extend(cursor.find(key)?.map(<[u8]>::to_vec));
        }
        Ok(found)
    }
}

/// A value of an events table: piles one behind the other.
pub(super) fn put_pile(value: &mut Vec<u8>, pile: &Pile) {
    let mut bytes = Vec::with_capacity(pile.size() + 64);
    pile.write(&mut bytes);
    push(value, &bytes);
}

/// The piles of a value, put into one; none when the bytes are no such thing.
pub(super) fn take_piles(mut value: &[u8], into: &mut Pile, needs: &Needs) -> Option<()> {
    while !value.is_empty() {
        let pile = Pile::read(pull(&mut value)?).ok()?;
        if pile.names_lines != into.names_lines || !pile.is_of(needs) {
            return None;
        }
        (0..pile.len()).for_each(|place| into.copy_from(&pile, place, needs));
    }
    Some(())
}

/// A row of the members file as bytes.
pub(super) fn row_to_bytes(row: &MemberRow) -> Vec<u8> {
    let mut out = Vec::new();
    for day in [row.joined, row.birthday] {
        push(&mut out, day.map(|day| day.to_string()).unwrap_or_default().as_bytes());
    }
    for (name, value) in row.columns.iter() {
        push(&mut out, name.as_bytes());
        push(&mut out, value.as_bytes());
    }
    out
}

/// A row of the members file from bytes.
pub(super) fn row_from_bytes(mut bytes: &[u8]) -> Option<MemberRow> {
    let rest = &mut bytes;
    let text = |rest: &mut &[u8]| String::from_utf8(pull(rest)?.to_vec()).ok();
    let day = |text: String| if text.is_empty() { Some(None) } else { text.parse::<Date>().ok().map(Some) };
    let (joined, birthday) = (day(text(rest)?)?, day(text(rest)?)?);
    let mut columns: Vec<(String, String)> = Vec::new();
    while !rest.is_empty() {
        columns.push((text(rest)?, text(rest)?));
    }
    Some(MemberRow { joined, birthday, columns: columns.into_iter().collect() })
}

/// Puts several tables into one, a key's values one behind the other, the oldest first.
pub(super) fn merge(folder: &dyn Folder, tables: &[Table], name: &str) -> Result<(), Fault> {
    let mut writer = begin(folder, name)?;
    each(tables, &mut |key, value| writer.add(&key, &value))?;
    writer.finish().map(|_| ())
}

/// Tells of the entries of several tables, a key's values one behind the other, the oldest first.
pub(super) fn each(tables: &[Table], tell: &mut dyn FnMut(Vec<u8>, Vec<u8>) -> Result<(), Fault>) -> Result<(), Fault> {
    let mut cursors: Vec<Cursor<'_>> = tables.iter().map(Table::cursor).collect();
    let mut heads: Vec<Option<(Vec<u8>, Vec<u8>)>> = Vec::new();
    for cursor in &mut cursors {
        heads.push(cursor.next()?.map(owned));
    }
    while let Some(key) = heads.iter().flatten().map(|(key, _)| key).min().cloned() {
        let mut value = Vec::new();
        for (head, cursor) in heads.iter_mut().zip(&mut cursors) {
            if head.as_ref().is_some_and(|(found, _)| *found == key) {
                value.extend(head.take().map(|(_, value)| value).unwrap_or_default());
                *head = cursor.next()?.map(owned);
            }
        }
        tell(key, value)?;
    }
    Ok(())
}

fn owned((key, value): (&[u8], &[u8])) -> (Vec<u8>, Vec<u8>) {
    (key.to_vec(), value.to_vec())
}
