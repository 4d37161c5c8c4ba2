//! Kept states that may hold anything: a night is played on them or refused.

use crate::data::{TILL, WRITTEN, read_events};
use loyal::engine::fast::player::Fast;
use loyal::engine::nightly::{Fit, Increment, Night, Players, Wrong, piles};
use loyal::engine::outcome::{AsOf, When};
use loyal::engine::parts::{self, Job};
use loyal::engine::plan::{Needs, Plan};
use loyal::kept::bytes::{pull, push};
use loyal::kept::folder::{Folder, Memory, whole};
use loyal::kept::list;
use loyal::kept::table::{Table, Writer};
use loyal::ledger::History;
use loyal::report::corrections;
use loyal::report::harvest::rows::Format;
use loyal::report::harvest::{Harvest, Wanted};
use loyal::report::tables::Sheet;
use loyal::report::words::Book;
use loyal::source::scratch::InMemory;
use loyal::text::Sources;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// What was there before, in two nights.
const BEFORE: [&str; 2] = [
    "id,time,type,member,amount,sku,category,ref,qty,unit,store_region\n\
     p1,2026-01-05 10:00,purchase,ana,57.90,C1,coffee,,3,,north\n\
     p2,2026-01-06 10:00,purchase,ben,20,K1,cake,,,,south\n\
     p3,2026-01-06 11:00,purchase,,9.50,K1,cake,,,,\n\
     j1,2026-01-07,join,eva,,,,,,,\n",
    "id,time,type,member,amount,sku,category,ref,qty,unit,store_region\n\
     p4,2026-01-09 10:00,purchase,ana,30,C1,coffee,,1,,north\n\
     r1,2026-01-09 11:00,return,,,,,p3,,,\n\
     p5,2026-01-06 12:00,purchase,ben,80,T1,tea,,,,north\n\
     t1,2026-01-10,transfer,ana,,,,ben,5,star,\n",
];

/// The night that comes upon what may be damaged.
const NIGHT: &str = "id,time,type,member,amount,sku,category,ref,qty,unit,store_region\n\
    p6,2026-01-12 10:00,purchase,ana,12,C1,coffee,,1,,north\n\
    r2,2026-01-12 11:00,return,ben,,,,p2,,,\n\
    p7,2026-01-08 09:00,purchase,eva,15,C1,coffee,,2,,north\n";

/// The members file of all nights.
const MEMBERS: &str = "member,joined,birthday,plan\nana,2025-03-01,1990-01-11,executive\nben,2025-04-01,,\n";

/// The files of a state of two nights, by name.
pub static STATE: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
    let folder = Memory::breaks_after(i64::MAX);
    for events in BEFORE {
        night(&folder, &read_events(events, MEMBERS)).expect("a night upon what is whole");
    }
    let names = folder.names().expect("memory lists its files");
    let bytes = |name: &String| whole(&folder, name).expect("memory reads").expect("a file that is listed");
    names.iter().map(|name| (name.clone(), bytes(name))).collect()
});

/// Any bytes as a file of a kept state: the first byte chooses the file, the second how its bytes come into it. They are
/// the file as it stands, or (so that checksums keep nothing out) what is written in it: the text of the list, or
/// entries of a table. Whatever stands there, the next night is played or refused, and so is the one after it; no panic.
pub fn state(data: &[u8]) {
    let [which, how, bytes @ ..] = data else { return };
    let folder = Memory::breaks_after(i64::MAX);
    let name = STATE.keys().nth(usize::from(*which) % STATE.len()).expect("a state has files");
    for (other, whole) in STATE.iter() {
        folder.replace(other, whole).expect("memory takes it");
    }
    let damaged = if how.is_multiple_of(2) { Some(bytes.to_vec()) } else { written(name, bytes) };
    let Some(damaged) = damaged else { return };
    folder.replace(name, &damaged).expect("memory takes it");
    let _ = night(&folder, &read_events(NIGHT, MEMBERS));
    let _ = night(&folder, &History::default());
}

/// A file that holds these bytes under the checksums that fit them.
fn written(name: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let folder = Memory::breaks_after(i64::MAX);
    if name == list::NAME {
        let text: serde_json::Value = serde_json::from_slice(bytes).ok()?;
        list::replace(&folder, &text).ok()?;
    } else {
        let mut writer = Writer::new(name, folder.create(name).ok()?);
        for (key, value) in entries(bytes) {
            let value = if name.starts_with("events") { sealed(&value) } else { value };
            writer.add(&key, &value).ok()?;
        }
        writer.finish().ok()?;
    }
    whole(&folder, name).ok()?
}

/// What is written in a file of a state: the text of the list, or the entries of a table.
#[allow(dead_code, reason = "first inputs are made of it by the tests alone")]
pub fn inside(name: &str, bytes: &[u8]) -> Vec<u8> {
    if name == list::NAME {
        return bytes.splitn(2, |byte| *byte == b'\n').nth(1).unwrap_or_default().to_vec();
    }
    let table = Table::open(name, Arc::new(bytes.to_vec())).expect("a whole table");
    let (mut cursor, mut inside) = (table.cursor(), Vec::new());
    while let Some((key, value)) = cursor.next().expect("a whole table") {
        push(&mut inside, key);
        push(&mut inside, value);
    }
    inside
}

/// Keys and values one behind the other, each behind its length; in order, each key once.
fn entries(mut bytes: &[u8]) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let mut entries = BTreeMap::new();
    while let (Some(key), Some(value)) = (pull(&mut bytes), pull(&mut bytes)) {
        entries.insert(key.to_vec(), value.to_vec());
    }
    entries
}

/// Piles one behind the other, each with the checksum that fits it.
fn sealed(mut value: &[u8]) -> Vec<u8> {
    let mut sealed = Vec::new();
    while let Some(pile) = pull(&mut value) {
        let mut pile = pile.to_vec();
        if let Some(end) = pile.len().checked_sub(4) {
            let sum = crc32fast::hash(&pile[..end]);
            pile[end..].copy_from_slice(&sum.to_le_bytes());
        }
        push(&mut sealed, &pile);
    }
    sealed.extend_from_slice(value);
    sealed
}

/// Plays a night upon the state of a folder.
fn night(folder: &Memory, history: &History) -> Result<(), Wrong> {
    let (needs, plan) = (Needs::of(&TILL), Plan::of(&TILL));
    let player = |job: &Job<'_>| Fast::new(&plan, job);
    let players = Players { program: &TILL, needs: &needs, threads: 1, player };
    let fit = Fit { said: &[], aside: "", needs: &needs, joined: parts::joins_all(&TILL) };
    let night = Night::open(folder, &TILL, fit, &players)?;
    let last = history.events.iter().map(|event| event.at).max();
    let as_of: Vec<AsOf> = last.map(|at| AsOf { label: "last".to_owned(), when: When::At(at) }).into_iter().collect();
    let mut events = piles(&history.events, &needs).into_iter().map(Ok);
    let members = (!history.events.is_empty()).then(|| history.members.clone());
    let increment = Increment { events: &mut events, members, leave_out: false };
    let mut sources = Sources::default();
    sources.add("till.loyal", WRITTEN);
    let sheets = Sheet::ALL.into_iter().filter(|sheet| !sheet.of_the_journal()).collect();
    let wanted = Wanted { facts: Some(Format::Csv), sheets, format: Format::Csv, ..Wanted::default() };
    let book = Book { program: &TILL, sources: &sources };
    let harvest = Harvest::new(book, &as_of, &wanted, &InMemory, usize::MAX);
    let mut basket = harvest.take();
    let ran = night.run(increment, &as_of, false, &mut basket)?;
    harvest.give(basket).expect("memory takes it");
    let harvested = harvest.join();
    harvested.write_facts(&mut std::io::sink()).expect("a sink takes it");
    for sheet in Sheet::ALL {
        harvested.write(sheet, &mut std::io::sink()).expect("a sink takes it");
    }
    let _ = corrections::rows(book, ran.reported.as_ref(), &ran.corrections, None);
    ran.commit(folder)?;
    Ok(())
}
