//! Files of a history that may be anything, read the plain way and the fast way.

use crate::bundle::Bundle;
use crate::intake;
use loyal::check;
use loyal::ledger::{
    self, Articles, BadRows, ColumnMap, FileMap, History, How, Input, Inputs, Loaded, Mistakes, Note, write_set_aside,
};
use loyal::mechanics::Program;
use loyal::source::raw::Raw;
use loyal::source::scratch::InMemory;
use loyal::source::shape::Damaged;
use loyal::source::table::{self, Opened, settled};
use loyal::syntax::parse_text;
use loyal::text::Sources;
use std::io::Read;
use std::sync::{Arc, LazyLock};

/// A program that asks for columns of every kind.
pub static TILL: LazyLock<Program> = LazyLock::new(|| {
    let mut sources = Sources::default();
    let parsed = parse_text(&mut sources, "till.loyal", WRITTEN);
    let checked = check::check(&parsed.ast, &sources);
    checked.program.unwrap_or_else(|| panic!("{:?} {:?}", parsed.findings, checked.findings))
});

/// Its text.
pub const WRITTEN: &str = include_str!("till.loyal");

/// So small that a few lines lie in several chunks of the fast reader.
const CHUNK: usize = 300;

/// The history of a file of events and one of members.
pub fn read_events(events: &str, members: &str) -> History {
    let mut files = Bundle::default();
    files.put("events.csv", events.as_bytes());
    files.put("members.csv", members.as_bytes());
    let (read, _) = Told { files: &files, map: &ColumnMap::default() }.read(BadRows::Refuse);
    read.unwrap_or_else(|wrong| panic!("{wrong}")).history
}

/// Any bytes as the files of a history (events first, then `members.csv` and `items.csv`): no panic; every row is read,
/// set aside with a reason, or counted as one that was told before; where no row is bad, leaving bad rows out changes
/// nothing; and what the fast reader takes is what the plain one reads.
pub fn history(data: &[u8]) {
    let files = Bundle::of("events.csv", data);
    read_both_ways(&Told { files: &files, map: &ColumnMap::default() });
    // Copies in the other files are counted too.
    let mut alone = Bundle::default();
    alone.put("events.csv", files.bytes("events.csv").unwrap_or_default());
    if let (Ok(loaded), rows) = (Told { files: &alone, map: &ColumnMap::default() }).read(BadRows::SetAside) {
        every_row_is_told(&loaded, rows);
    }
}

/// Any text as a column map, with files that are read by it: no panic, every mistake has its words, and the fast reader
/// takes what the plain one reads.
pub fn columns(data: &[u8]) {
    let files = Bundle::of("columns.toml", data);
    let Some(text) = files.text("columns.toml") else { return };
    match ColumnMap::parse("columns.toml", text) {
        Ok(map) => read_both_ways(&Told { files: &files, map: &map }),
        Err(mistakes) => assert!(!mistakes.to_string().is_empty() && !mistakes.is_empty()),
    }
}

/// Any bytes as a file of any shape (Parquet, Arrow, packed): it is read to its end, or refused as damaged, without a
/// panic and never as the machine's fault; as events, what the fast reader takes is what the plain one reads.
pub fn table(data: &[u8]) {
    if let Err(error) = to_its_end(data) {
        assert!(Damaged::of(&error).is_some(), "{error:?}");
    }
    let mut files = Bundle::default();
    files.put("events.csv", data);
    read_both_ways(&Told { files: &files, map: &ColumnMap::default() });
}

/// Reads a file to its end, as long as it is of a size that somebody might mean.
fn to_its_end(data: &[u8]) -> std::io::Result<()> {
    match table::open(Raw::File(Arc::new(data.to_vec())), &InMemory)? {
        Opened::Text(mut text) => std::io::copy(&mut text.by_ref().take(1 << 20), &mut std::io::sink()).map(|_| ()),
        Opened::Table(mut table) => {
            let mut rows = 0;
            while let Some(batch) = table.next_batch()? {
                rows += batch.num_rows();
                if rows > 1 << 20 {
                    break;
                }
            }
            Ok(())
        }
    }
}

/// Files, and how they are read.
struct Told<'t> {
    files: &'t Bundle,
    map: &'t ColumnMap,
}

impl Told<'_> {
    fn how(&self, bad: BadRows) -> How<'_> {
        let settings = &TILL.settings;
        let (money, minor_units) = (settings.money.as_str(), settings.minor_units);
        How { clock: &settings.clock, money, minor_units, map: self.map, exchange: None, bad }
    }

    fn input(&self, name: &str) -> Vec<Input> {
        let bytes = self.files.bytes(name).map(<[u8]>::to_vec);
        bytes.map(|bytes| Input::file(name, bytes)).into_iter().collect()
    }

    /// The plain reading, and how many rows of events it saw.
    fn read(&self, bad: BadRows) -> (Result<Loaded, Mistakes>, u64) {
        let events = vec![Input::file("events.csv", self.files.bytes("events.csv").unwrap_or_default().to_vec())];
        let inputs = Inputs { events, members: self.input("members.csv"), items: self.input("items.csv") };
        let mut rows = 0;
        let read = ledger::read(inputs, &self.how(bad), &mut |seen| rows = seen);
        (read, rows)
    }

    fn articles(&self) -> Option<Articles> {
        ledger::lists(self.input("members.csv"), self.input("items.csv"), &self.how(BadRows::Refuse))
            .ok()
            .map(|listed| listed.items)
    }
}

fn read_both_ways(told: &Told<'_>) {
    let (strict, _) = told.read(BadRows::Refuse);
    let (lenient, _) = told.read(BadRows::SetAside);
    match (&strict, &lenient) {
        (Ok(strict), Ok(lenient)) => {
            assert!(lenient.set_aside.is_empty(), "nothing was wrong: {:?}", lenient.set_aside);
            assert_eq!(format!("{:?}", strict.history), format!("{:?}", lenient.history));
        }
        (Err(mistakes), Ok(lenient)) => {
            assert!(!lenient.set_aside.is_empty(), "nothing is set aside: {mistakes}");
        }
        (Ok(_), Err(mistakes)) => panic!("nothing was wrong before: {mistakes}"),
        (Err(_), Err(mistakes)) => assert!(!mistakes.to_string().is_empty()),
    }
    if let Ok(loaded) = &lenient {
        assert!(loaded.set_aside.iter().all(|row| !row.reason.is_empty()), "{:?}", loaded.set_aside);
        write_set_aside(&loaded.set_aside, std::io::sink()).expect("a sink takes it");
        loaded.notes.iter().for_each(|note| assert!(!note.to_string().is_empty()));
    }
    read_fast(told, strict.ok().map(|loaded| loaded.history));
}

/// Every row of events is a line, was set aside, or is a copy of one.
fn every_row_is_told(loaded: &Loaded, rows: u64) {
    let lines: usize = loaded.history.events.iter().map(|event| event.lines.len()).sum();
    let mut copies = 0;
    for note in &loaded.notes {
        if let Note::RepeatedRows { rows } = note {
            copies += rows;
        }
        // One file cannot tell an event twice; it would not say how many rows that were.
        assert!(!matches!(note, Note::Repeated { .. }), "{note}");
    }
    let aside = loaded.set_aside.iter().filter(|row| row.file == "events.csv").count();
    assert_eq!(lines as u64 + aside as u64 + copies, rows, "{lines} lines, {aside} set aside, {copies} copies");
}

/// What the fast reader takes is what the plain one reads.
fn read_fast(told: &Told<'_>, plain: Option<History>) {
    let Some(articles) = told.articles() else { return };
    let bytes = told.files.bytes("events.csv").unwrap_or_default().to_vec();
    let Ok((shape, raw)) = settled(Raw::File(Arc::new(bytes)), &InMemory) else { return };
    let Some(bytes) = unpacked(raw) else { return };
    let map: &FileMap = &told.map.events;
    let Ok(taken) = intake::read_by(&TILL, vec![(shape, bytes)], (map, &articles), CHUNK) else { return };
    let plain = plain.expect("the fast reader takes what the plain one refuses");
    let differs = intake::difference(&TILL, &plain, taken);
    assert!(differs.is_none(), "{}", differs.unwrap_or_default());
}

/// The bytes of a file, unpacked; none when there are too many to be looked at here.
fn unpacked(raw: Raw) -> Option<Vec<u8>> {
    const MOST: u64 = 1 << 20;
    let mut bytes = Vec::new();
    match raw {
        Raw::Stream(stream) => stream.take(MOST + 1).read_to_end(&mut bytes).ok()?,
        Raw::File(file) => {
            bytes.resize(usize::try_from(file.size().ok()?.min(MOST + 1)).ok()?, 0);
            file.read_at(&mut bytes, 0).ok()?
        }
    };
    (bytes.len() as u64 <= MOST).then_some(bytes)
}
