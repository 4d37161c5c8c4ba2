//! Programs and histories through both engines.

use crate::bundle::Bundle;
use crate::draw::choosing;
use crate::engines::both;
use crate::{pair, weave};
use loyal::check::check;
use loyal::engine::outcome::{AsOf, When};
use loyal::engine::reference;
use loyal::ledger::{self, BadRows, ColumnMap, History, How, Input, Inputs};
use loyal::mechanics::Program;
use loyal::syntax::parse;
use loyal::text::Sources;
use loyal::value::clock::{Date, parse_date};

/// Histories that go on for longer are not played: timers that fire every day would take all of the time.
const LONGEST: i32 = 3 * 366;

/// Digits of a number: stamps and steps by the billion are each played.
const DIGITS: usize = 6;

/// A program (first) with `events.csv`, `members.csv`, `items.csv` and the moments of `as_of.txt`: where the check
/// accepts it and rows can be read, both engines come to the same without a panic, and balances are their postings.
pub fn engines(data: &[u8]) {
    let files = Bundle::of("program.loyal", data);
    let mut sources = Sources::default();
    let parsed = parse(&mut sources, &files, "program.loyal");
    let Some(program) = check(&parsed.ast, &sources).program else { return };
    let Some(history) = read(&program, &files) else { return };
    let as_of = moments(&program, &history, files.text("as_of.txt").unwrap_or_default());
    let days = |day: Date| (day - Date::constant(2000, 1, 1)).get_days();
    let mut all: Vec<i32> = history.events.iter().map(|event| days(event.day)).collect();
    all.extend(as_of.iter().map(|as_of| days(day_of(&program, as_of))));
    all.extend(program.settings.from.map(days));
    let stretch = all.iter().max().zip(all.iter().min()).map_or(0, |(last, first)| last - first);
    if stretch > LONGEST || history.events.len() > 200 || has_huge_numbers(data) {
        return;
    }
    same(&program, &history, &as_of);
}

/// The same of a program and a history that are woven by these choices (`tests/equal`): a seed, then a byte a choice,
/// the first half for the program, the second for its history. And however its rows stand in files, they say the same.
pub fn woven(data: &[u8]) {
    let [seed, choices @ ..] = data else { return };
    let (seed, (program, history)) = (u64::from(*seed), choices.split_at(choices.len() / 2));
    let Ok(sound) = choosing(program, || weave::program(seed)).mended() else { return };
    let chronicle = choosing(history, || pair::history(seed, &sound));
    let Ok(compared) = pair::compare(&sound, &chronicle, crate::engines::all) else { return };
    if let Some(differs) = compared.difference {
        let files = chronicle.files().into_iter().map(|(name, text)| format!("=== {name}\n{text}"));
        panic!("{differs}\n{}{}", sound.text, files.collect::<String>());
    }
}

fn same(program: &Program, history: &History, as_of: &[AsOf]) {
    let expected = reference::run(program, history, as_of);
    if let Err(why) = expected.verify() {
        panic!("the reference does not add up: {why}");
    }
    if let (Some(differs), _) = both(program, history, as_of, &expected) {
        panic!("{differs}");
    }
}

/// The rows that can be read; none when the files as a whole cannot.
fn read(program: &Program, files: &Bundle) -> Option<History> {
    let (settings, map) = (&program.settings, ColumnMap::default());
    let (money, minor_units) = (settings.money.as_str(), settings.minor_units);
    let how = How { clock: &settings.clock, money, minor_units, map: &map, exchange: None, bad: BadRows::SetAside };
    let input = |name: &str| -> Vec<Input> {
        files.bytes(name).map(|bytes| Input::file(name, bytes.to_vec())).into_iter().collect()
    };
    let inputs = Inputs { events: input("events.csv"), members: input("members.csv"), items: input("items.csv") };
    ledger::read(inputs, &how, &mut |_| {}).ok().map(|loaded| loaded.history)
}

/// The first few moments that are asked for; none asked: the last event's.
fn moments(program: &Program, history: &History, text: &str) -> Vec<AsOf> {
    let of = |label: &str| {
        let when = match parse_date(label) {
            Ok(day) => When::EndOf(day),
            Err(_) => When::At(program.settings.clock.parse_moment(label).ok()?.0),
        };
        Some(AsOf { label: label.to_owned(), when })
    };
    let asked: Vec<AsOf> = text.lines().map(str::trim).filter_map(of).take(4).collect();
    let last = history.events.last().map(|event| AsOf { label: "last".to_owned(), when: When::At(event.at) });
    if asked.is_empty() { last.into_iter().collect() } else { asked }
}

fn day_of(program: &Program, as_of: &AsOf) -> Date {
    match as_of.when {
        When::EndOf(day) => day,
        When::At(moment) => program.settings.clock.day_of(moment),
    }
}

/// Whether a run of digits is longer than those of a number that somebody's till prints.
fn has_huge_numbers(data: &[u8]) -> bool {
    data.split(|byte| !byte.is_ascii_digit()).any(|digits| digits.len() > DIGITS)
}
