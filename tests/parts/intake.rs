//! Files read the fast way, beside what the ledger makes of them.

use loyal::engine::parts::intake::{self, File, Not, Reading, Taken};
use loyal::engine::parts::{self, Room};
use loyal::engine::pile::Pile;
use loyal::engine::plan::Needs;
use loyal::engine::reference::part::Whole;
use loyal::ledger::{Articles, Event, FileMap, History};
use loyal::mechanics::Program;
use loyal::source::columnar::Columnar;
use loyal::source::csv::{Csv, Input};
use loyal::source::raw::Raw;
use loyal::source::scratch::InMemory;
use loyal::source::shape::Shape;
use std::sync::Arc;

/// Reads files of events; what is unusual about them, where they are not taken.
pub fn read(program: &Program, files: &[Vec<u8>], articles: &Articles, chunk: usize) -> Result<Taken<'static>, String> {
    let files = files.iter().map(|file| (Shape::Text, file.clone())).collect();
    read_by(program, files, (&FileMap::default(), articles), chunk)
}

/// The same of files of any shape, in columns of their own.
pub fn read_by(
    program: &Program,
    files: Vec<(Shape, Vec<u8>)>,
    (map, articles): (&FileMap, &Articles),
    chunk: usize,
) -> Result<Taken<'static>, String> {
    let needs = Needs::of(program);
    let settings = &program.settings;
    let reading = Reading {
        clock: &settings.clock,
        money: &settings.money,
        minor_units: settings.minor_units,
        needs: &needs,
        map,
        articles,
        threads: 2,
        chunk,
        names_lines: false,
    };
    let paths: Vec<String> = (0..files.len()).map(|at| format!("{at}.csv")).collect();
    let open = |at: usize| {
        let (shape, bytes) = files[at].clone();
        let nth = u32::try_from(at).unwrap_or(0);
        match shape {
            Shape::Text => Csv::open(Input::File(Box::new(bytes)), nth, None).map(File::from),
            other => Columnar::open(other, Raw::File(Arc::new(bytes)), nth, &InMemory).map(File::from),
        }
    };
    // So little memory that piles go beside it.
    let room = Room { piles: 3, memory: 2000, scratch: &InMemory };
    intake::read(&reading, &paths, &open, &room, &|_| {}).map_err(|not| match not {
        Not::Unusual(unusual) => unusual.what,
        Not::Full(full) => panic!("{full}"),
    })
}

fn events(program: &Program, needs: &Needs, piles: &[Pile]) -> Vec<Event> {
    let of = |pile: &Pile| (0..pile.len()).map(|at| pile.event(at, needs, &program.settings.clock)).collect::<Vec<_>>();
    let mut all: Vec<Event> = piles.iter().flat_map(of).collect();
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all.iter_mut().for_each(|event| event.place = (0, 0));
    all
}

/// In what the events read differ from those of a history, as the program sees them.
pub fn difference(program: &Program, history: &History, taken: Taken<'_>) -> Option<String> {
    let needs = Needs::of(program);
    let wanted = events(program, &needs, &parts::piles(history, &needs, 1));
    let piles: Vec<Pile> = (0..taken.store.len()).map(|at| taken.store.take(at).expect("a pile")).collect();
    let got = events(program, &needs, &piles);
    if taken.whole != Whole::of(history) {
        return Some(format!("wanted {:?}\ngot    {:?}", Whole::of(history), taken.whole));
    }
    let differs = wanted.iter().zip(&got).find(|(a, b)| a != b);
    if let Some((wanted, got)) = differs {
        return Some(format!("wanted {wanted:?}\ngot    {got:?}"));
    }
    (wanted.len() != got.len()).then(|| format!("{} events wanted, {} got", wanted.len(), got.len()))
}
