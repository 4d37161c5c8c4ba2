//! One run: threads read pieces of the file into bins of members, then each plays its own bin, in turn.

use crate::csv::Reader;
use crate::facts::Facts;
use crate::model::*;
use crate::parquet::Groups;
use crate::table::Table;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::{Barrier, Mutex};

/// A workload: the state of one bin of members.
pub trait Work: Sized + Send {
    /// Whether lines are wanted, and events that are no purchases.
    const FULL: bool;
    fn new() -> Self;
    /// The next member's place is the number of those before; `birthday` is month × 32 + day, 0: unknown.
    fn add_member(&mut self, key: u64, birthday: u16);
    fn prefetch(&self, place: usize);
    fn begin_day(&mut self, day: u16);
    fn event(&mut self, place: usize, event: &Event, lines: &[Line]) -> Result<(), String>;
    fn facts(bins: Vec<Self>, facts: &mut Facts) -> io::Result<()>;
}

/// Events looked up together, so that memory is asked for them early.
const TOGETHER: usize = 64;

/// One thread's members and what it knows of them.
struct Player<W> {
    table: Table,
    work: W,
    day: u16,
    /// The last event of the piece before: rows of it may stand in the next.
    held: Option<(Event, Vec<Line>)>,
    places: Vec<u32>,
    last_joined: u16,
}

impl<W: Work> Player<W> {
    fn new() -> Self {
        Player { table: Table::new(), work: W::new(), day: 0, held: None, places: Vec::new(), last_joined: 0 }
    }

    /// Her place among the members.
    #[inline]
    fn place(&mut self, key: u64) -> usize {
        let place = self.table.place(key);
        if self.table.len() > self.known() {
            self.work.add_member(key, 0);
            self.places.push(0);
        }
        place
    }

    /// `places` has one entry a member, so its length is how many the work knows.
    fn known(&self) -> usize {
        self.places.len()
    }

    fn play(&mut self, bin: &mut Bin) -> Result<(), String> {
        let Some(first) = bin.events.first_mut() else { return Ok(()) };
        let mut lines = 0;
        if let Some((held, held_lines)) = self.held.take() {
            if held.id == first.id {
                join(first, &held);
                if W::FULL {
                    bin.lines.splice(0..0, held_lines);
                }
            } else {
                self.one(&held, &held_lines)?;
            }
        }
        let last = bin.events.pop().expect("there is a first");
        let mut places = [0usize; TOGETHER];
        for events in bin.events.chunks(TOGETHER) {
            for event in events {
                self.table.prefetch(event.member);
            }
            for (event, place) in events.iter().zip(&mut places) {
                *place = self.place(event.member);
                self.work.prefetch(*place);
            }
            for (event, place) in events.iter().zip(&places) {
                self.turn(event.day)?;
                let own = &bin.lines[lines..lines + usize::from(event.lines)];
                self.work.event(*place, event, own)?;
                lines += own.len();
            }
        }
        let own = bin.lines[lines..].to_vec();
        self.held = Some((last, own));
        Ok(())
    }

    #[inline]
    fn turn(&mut self, day: u16) -> Result<(), String> {
        if day != self.day {
            if day < self.day {
                return Err("the events are not in time order".to_owned());
            }
            if day < self.last_joined {
                return Err("members who join later are not kept by this program".to_owned());
            }
            self.day = day;
            self.work.begin_day(day);
        }
        Ok(())
    }

    fn one(&mut self, event: &Event, lines: &[Line]) -> Result<(), String> {
        let place = self.place(event.member);
        self.turn(event.day)?;
        self.work.event(place, event, lines)
    }

    fn end(&mut self, day: u16) -> Result<(), String> {
        if let Some((held, lines)) = self.held.take() {
            self.one(&held, &lines)?;
        }
        self.turn(day)
    }
}

/// Rows of one event that stood in two pieces of the file.
fn join(event: &mut Event, earlier: &Event) {
    event.lines += earlier.lines;
    event.coffee += earlier.coffee;
    for (sum, more) in event.sums.iter_mut().zip(earlier.sums) {
        *sum += more;
    }
}

/// Where events come from, in pieces that threads read independently.
enum Source {
    Csv { file: File, size: u64, piece: u64 },
    Parquet(Groups),
}

impl Source {
    fn open(path: &str, full: bool, threads: usize) -> Result<Self, String> {
        if Path::new(path).extension().is_some_and(|ending| ending == "parquet") {
            return Ok(Source::Parquet(Groups::open(path, full)?));
        }
        let file = File::open(path).map_err(|error| format!("{path}: {error}"))?;
        let size = file.metadata().map_err(|error| error.to_string())?.len();
        Ok(Source::Csv { file, size, piece: if threads == 1 { 1 << 19 } else { 1 << 20 } })
    }

    fn pieces(&self) -> u64 {
        match self {
            Source::Csv { size, piece, .. } => size.div_ceil(*piece),
            Source::Parquet(groups) => groups.len() as u64,
        }
    }

    /// Reads a piece into bins; the time of its last row as text.
    fn read<W: Work>(&self, reader: &mut Reader, piece: u64, bins: &mut [Bin]) -> Result<Vec<u8>, String> {
        bins.iter_mut().for_each(Bin::clear);
        match self {
            Source::Csv { file, size, piece: length } => {
                let from = piece * length;
                reader.last_time.clear();
                let to = (from + length).min(*size);
                if W::FULL {
                    reader.read::<true>(file, *size, from, to, bins)?;
                } else {
                    reader.read::<false>(file, *size, from, to, bins)?;
                }
                Ok(reader.last_time.clone())
            }
            Source::Parquet(groups) => groups.read(piece as usize, bins),
        }
    }
}

/// The members file: her key, the day she joined, her birthday.
fn read_members(path: &str) -> Result<Vec<(u64, u16, u16)>, String> {
    let text = std::fs::read(path).map_err(|error| format!("{path}: {error}"))?;
    let mut rows = text.split(|byte| *byte == b'\n');
    if rows.next() != Some(b"member,joined,birthday") {
        return Err(format!("{path}: member,joined,birthday are wanted"));
    }
    let mut members = Vec::new();
    for row in rows.filter(|row| !row.is_empty()) {
        let mut cells = row.split(|byte| *byte == b',');
        let mut cell = || cells.next().unwrap_or_default();
        let key = key(cell()).ok_or("a member of up to eight bytes is wanted")?;
        let joined = crate::csv::parse_date(cell())?;
        let born = cell();
        let birthday = match born.len() {
            10 => {
                u16::from(born[5] & 15) * 320
                    + u16::from(born[6] & 15) * 32
                    + u16::from(born[8] & 15) * 10
                    + u16::from(born[9] & 15)
            }
            _ => 0,
        };
        members.push((key, joined, birthday));
    }
    Ok(members)
}

/// Runs a workload over a file and writes its facts.
pub fn run<W: Work>(events: &str, members: Option<&str>, out: &str, threads: usize) -> Result<(), String> {
    let source = Source::open(events, W::FULL, threads)?;
    let members = members.map(read_members).transpose()?.unwrap_or_default();
    let pieces = source.pieces();
    let read: Vec<Mutex<Vec<Bin>>> =
        (0..threads).map(|_| Mutex::new((0..threads).map(|_| Bin::default()).collect())).collect();
    let (barrier, failed) = (Barrier::new(threads), Mutex::new(None::<String>));
    let last = Mutex::new((Vec::new(), 0u64));
    let ended: Mutex<u16> = Mutex::new(0);
    let one = |thread: usize| -> Player<W> {
        let mut player = Player::<W>::new();
        for (key, joined, birthday) in members.iter().filter(|member| bin_of(member.0, threads) == thread) {
            if player.table.place(*key) == player.known() {
                player.work.add_member(*key, *birthday);
                player.places.push(0);
            }
            player.last_joined = player.last_joined.max(*joined);
        }
        let mut reader = Reader::new();
        let note = |error: String| *failed.lock().unwrap() = Some(error);
        let mut round = 0;
        while round < pieces {
            let piece = round + thread as u64;
            let mut bins = read[thread].lock().unwrap();
            if piece < pieces {
                match source.read::<W>(&mut reader, piece, &mut bins) {
                    Ok(time) if !time.is_empty() => {
                        let mut last = last.lock().unwrap();
                        if last.1 <= piece {
                            *last = (time, piece);
                        }
                    }
                    Ok(_) => {}
                    Err(error) => note(error),
                }
            } else {
                bins.iter_mut().for_each(Bin::clear);
            }
            drop(bins);
            barrier.wait();
            for from in &read {
                let mut bin = std::mem::take(&mut from.lock().unwrap()[thread]);
                if let Err(error) = player.play(&mut bin) {
                    note(error);
                }
                from.lock().unwrap()[thread] = bin;
            }
            barrier.wait();
            if failed.lock().unwrap().is_some() {
                return player;
            }
            round += threads as u64;
        }
        let time = last.lock().unwrap().0.clone();
        match crate::csv::parse_date(time.get(..10).unwrap_or_default()) {
            Ok(day) => {
                *ended.lock().unwrap() = day;
                if let Err(error) = player.end(day) {
                    note(error);
                }
            }
            Err(error) => note(error),
        }
        player
    };
    let players: Vec<Player<W>> = if threads == 1 {
        vec![one(0)]
    } else {
        std::thread::scope(|scope| {
            let one = &one;
            let running: Vec<_> = (0..threads).map(|thread| scope.spawn(move || one(thread))).collect();
            running.into_iter().map(|thread| thread.join().expect("no thread panics")).collect()
        })
    };
    if let Some(error) = failed.into_inner().unwrap() {
        return Err(error);
    }
    let as_of = last.into_inner().unwrap().0;
    let wrong = |error: io::Error| format!("{out}: {error}");
    let mut facts = Facts::create(out, &as_of).map_err(wrong)?;
    W::facts(players.into_iter().map(|player| player.work).collect(), &mut facts).map_err(wrong)?;
    facts.finish().map_err(wrong)
}
