//! What holds for every history, however it is written and however it is damaged.

use std::io::{self, Read};

use loyal::ledger::{self, BadRows, ColumnMap, DataError, Event, Fault, How, Input, Inputs, Loaded, Mistakes, SHOWN};
use loyal::value::{Clock, Date, Exact};

const TILL: &str = include_str!("ledger/history/good.csv");
const MAP: &str = include_str!("ledger/own-columns/columns.toml");

fn read(files: &[&[u8]], map: &ColumnMap, bad: BadRows) -> Result<Loaded, Mistakes> {
    let clock = Clock::new("Europe/Bucharest").expect("a zone");
    let how = How { clock: &clock, money: "RON", minor_units: 2, map, exchange: None, bad };
    let mut inputs = Inputs::default();
    for (number, bytes) in files.iter().enumerate() {
        inputs.events.push(Input::new(format!("{number}.csv"), io::Cursor::new(bytes.to_vec())));
    }
    ledger::read(inputs, &how, &mut |_| {})
}

/// The events, but for where they stood.
fn events(files: &[&[u8]]) -> Vec<Event> {
    let mut events = read(files, &ColumnMap::default(), BadRows::Refuse).expect("a good history").history.events;
    events.iter_mut().for_each(|event| event.place = (0, 0));
    events
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % sides
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.roll(at + 1));
        }
    }
}

fn file_of(header: &str, rows: &[&str]) -> Vec<u8> {
    format!("{header}\n{}\n", rows.join("\n")).into_bytes()
}

#[test]
fn a_shuffled_or_split_history_is_the_same_history() {
    let (header, rows) = TILL.trim_end().split_once('\n').expect("a header and rows");
    let whole = events(&[TILL.as_bytes()]);
    assert!(whole.len() > 5);
    let mut dice = Dice(1);
    for _ in 0..50 {
        let mut shuffled: Vec<&str> = rows.lines().collect();
        dice.shuffle(&mut shuffled);
        assert_eq!(events(&[&file_of(header, &shuffled)]), whole);
        // Rows of one event stay in one file; which file plays no part.
        let id = |row: &&str| row.split(',').next().map(|id| id.len() + id.ends_with(['1', '3']) as usize);
        let (left, right): (Vec<&str>, Vec<&str>) = shuffled.iter().partition(|row| id(row) == Some(2));
        assert_eq!(events(&[&file_of(header, &left), &file_of(header, &right)]), whole);
        assert_eq!(events(&[&file_of(header, &right), &file_of(header, &left), TILL.as_bytes()]), whole);
    }
}

#[test]
fn ids_that_are_built_do_not_hang_on_the_order_of_rows_or_files() {
    let map = ColumnMap::parse(
        "columns.toml",
        "[events]\ndelimiter = \"blank\"\nid = { from = [\"who\", \"day\"], number = true }\ntime = \"day\"\n\
         member = \"who\"\ntype = { always = \"purchase\" }\namount = \"paid\"\n",
    )
    .expect("a good map");
    let ids = |files: &[&[u8]]| -> Vec<String> {
        let loaded = read(files, &map, BadRows::Refuse).expect("a good history");
        loaded.history.events.iter().map(|event| format!("{} {:?}", event.id, event.amount())).collect()
    };
    let one = ids(&[b"who day paid\na 2026-01-01 5\na 2026-01-01 3\na 2026-01-01 5\na#2 2026-01-01 1\n"]);
    let two =
        ids(&[b"who day paid\na 2026-01-01 5\na#2 2026-01-01 1\n", b"paid day who\n5 2026-01-01 a\n3 2026-01-01 a\n"]);
    assert_eq!(one, two);
    assert_eq!(one.len(), 4);
}

/// A file that is made while it is read.
struct Made<F: FnMut(u64) -> Option<String>> {
    row: F,
    number: u64,
    rest: io::Cursor<Vec<u8>>,
}

impl<F: FnMut(u64) -> Option<String>> Read for Made<F> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.rest.read(into)?;
        if read > 0 {
            return Ok(read);
        }
        match (self.row)(self.number) {
            None => Ok(0),
            Some(row) => {
                self.number += 1;
                self.rest = io::Cursor::new(row.into_bytes());
                self.rest.read(into)
            }
        }
    }
}

fn made(row: impl FnMut(u64) -> Option<String> + Send + 'static) -> Result<Loaded, Mistakes> {
    let (clock, map) = (Clock::utc(), ColumnMap::default());
    let how = How { clock: &clock, money: "RON", minor_units: 2, map: &map, exchange: None, bad: BadRows::Refuse };
    let source = Made { row, number: 0, rest: io::Cursor::new(Vec::new()) };
    ledger::read(Inputs { events: vec![Input::new("made.csv", source)], ..Inputs::default() }, &how, &mut |_| {})
}

#[test]
fn a_bad_date_on_row_70000_is_named_with_its_row() {
    let mistakes = made(|number| match number {
        0 => Some("id,time,type,member,amount\n".to_owned()),
        69_999 => Some("p69999,2026-02-30,purchase,ana,1.00\n".to_owned()),
        80_000 => None,
        _ => Some(format!("p{number},2026-02-03,purchase,ana,1.00\n")),
    });
    let mistakes = mistakes.expect_err("a bad date");
    assert_eq!((mistakes.count(), mistakes.first()[0].row), (1, Some(70_000)));
}

#[test]
fn of_very_many_mistakes_the_first_are_kept_and_the_rest_counted() {
    let mistakes = made(|number| match number {
        0 => Some("id,time,type,member,amount\n".to_owned()),
        300_001 => None,
        _ => Some(",2026-02-03,purchase,ana,1.00\n".to_owned()),
    });
    let mistakes = mistakes.expect_err("no id in any row");
    assert_eq!((mistakes.count(), mistakes.first().len()), (300_000, SHOWN));
    assert!(mistakes.to_string().ends_with("300000 mistakes in the data: these 20, and 299980 more"));
}

#[test]
fn a_quote_that_never_closes_does_not_swallow_a_long_file() {
    let mut read = 0;
    let mistakes = made(move |number| {
        read += 1;
        assert!(read < 100_000, "reading goes on long after the quote");
        Some(match number {
            0 => "id,time,type,member,amount\n".to_owned(),
            1 => "p1,2026-02-03,purchase,\"ana,1.00\n".to_owned(),
            _ => format!("p{number},2026-02-03,purchase,ana,1.00\n"),
        })
    });
    let mistakes = mistakes.expect_err("an open quote");
    assert_eq!((mistakes.first()[0].code(), mistakes.first()[0].row), ("open-quote", Some(2)));
}

#[test]
fn no_damage_to_a_file_makes_the_reader_panic() {
    let mut dice = Dice(7);
    let signs = b"\",;\n\r\t-. \0\xFF\xE9\x30aZ#";
    for bad in [BadRows::Refuse, BadRows::SetAside] {
        for _ in 0..3000 {
            let mut bytes = TILL.as_bytes().to_vec();
            for _ in 0..=dice.roll(3) {
                let at = dice.roll(bytes.len());
                match dice.roll(3) {
                    0 => bytes[at] = signs[dice.roll(signs.len())],
                    1 => bytes.insert(at, signs[dice.roll(signs.len())]),
                    _ => drop(bytes.remove(at)),
                }
            }
            match read(&[&bytes], &ColumnMap::default(), bad) {
                Ok(_) => {}
                Err(mistakes) => assert!(!mistakes.to_string().is_empty()),
            }
            bytes.truncate(dice.roll(bytes.len().max(1)));
            drop(read(&[&bytes, TILL.as_bytes()], &ColumnMap::default(), bad));
        }
    }
}

#[test]
fn no_damage_to_a_map_makes_it_panic() {
    let mut dice = Dice(3);
    for _ in 0..3000 {
        let mut chars: Vec<char> = MAP.chars().collect();
        for _ in 0..=dice.roll(3) {
            let at = dice.roll(chars.len());
            match dice.roll(2) {
                0 => drop(chars.remove(at)),
                _ => chars.insert(at, ['"', '[', ']', '=', '{', '%', 'é', '\n'][dice.roll(8)]),
            }
        }
        let text: String = chars.into_iter().collect();
        if let Err(mistakes) = ColumnMap::parse("columns.toml", &text) {
            assert!(!mistakes.to_string().is_empty());
        }
    }
}

#[test]
fn what_is_set_aside_and_what_is_read_is_all_there_was() {
    let mut dice = Dice(5);
    for _ in 0..500 {
        let mut rows: Vec<String> = TILL.lines().map(str::to_owned).collect();
        let at = 1 + dice.roll(rows.len() - 1);
        rows[at] = rows[at].replacen("2026-", "2062-13-", 1);
        let text = rows.join("\n");
        let loaded = read(&[text.as_bytes()], &ColumnMap::default(), BadRows::SetAside).expect("rows are set aside");
        let read = usize::try_from(loaded.totals.lines).expect("few lines");
        assert_eq!(read + loaded.set_aside.len(), rows.len() - 1, "{text}");
        assert!(loaded.set_aside.iter().any(|row| row.row == at as u64 + 1 && row.column.as_deref() == Some("time")));
    }
}

/// Two lei for a złoty on working days of one week.
struct Table;

impl ledger::Exchange for Table {
    fn rate(&self, currency: &str, day: Date) -> Result<Exact, String> {
        if currency != "PLN" || day < jiff::civil::date(2026, 2, 2) {
            return Err(format!("the table has no rate for {currency} on {day}"));
        }
        Ok(Exact::from_int(2))
    }
}

#[test]
fn amounts_of_another_currency_are_exchanged_where_a_table_is_given() {
    let (clock, map) = (Clock::utc(), ColumnMap::default());
    let how =
        How { clock: &clock, money: "RON", minor_units: 2, map: &map, exchange: Some(&Table), bad: BadRows::Refuse };
    let read = |day: &str| {
        let text = format!("id,time,type,member,amount,tax,currency\np1,{day},purchase,ana,1.25,0.25,PLN\n");
        let input = Input::new("till.csv", io::Cursor::new(text.into_bytes()));
        ledger::read(Inputs { events: vec![input], ..Inputs::default() }, &how, &mut |_| {})
    };
    let line = &read("2026-02-03").expect("a rate").history.events[0].lines[0];
    assert_eq!((line.amount.clone(), line.tax.clone()), (Exact::parse("2.50"), Exact::parse("0.50")));
    let mistakes = read("2026-02-01").expect_err("no rate");
    assert_eq!(
        mistakes.first()[0].says(),
        "`PLN` cannot be turned into RON: the table has no rate for PLN on 2026-02-01"
    );
}

#[test]
fn what_the_machine_says_is_told_from_what_the_data_says() {
    let missing = std::fs::File::open("no/such/file.csv").expect_err("no such file");
    let error = DataError::from_io("no/such/file.csv", &missing);
    assert_eq!((error.code(), error.fault()), ("no-such-file", Fault::Data));
    let folder = read_path("tests/ledger").expect_err("a folder");
    assert_eq!((folder.first()[0].code(), folder.fault()), ("folder-not-file", Fault::Data));
    let denied = DataError::from_io("events.csv", &io::Error::from(io::ErrorKind::PermissionDenied));
    assert_eq!((denied.code(), denied.fault()), ("not-allowed", Fault::Machine));
    let broken = DataError::from_io("events.csv", &io::Error::from(io::ErrorKind::BrokenPipe));
    assert_eq!((broken.code(), broken.fault()), ("unreadable", Fault::Machine));
}

fn read_path(path: &str) -> Result<Loaded, Mistakes> {
    let (clock, map) = (Clock::utc(), ColumnMap::default());
    let how = How { clock: &clock, money: "RON", minor_units: 2, map: &map, exchange: None, bad: BadRows::Refuse };
    let file = std::fs::File::open(path).map_err(|error| DataError::from_io(path, &error))?;
    ledger::read(Inputs { events: vec![Input::new(path, file)], ..Inputs::default() }, &how, &mut |_| {})
}

#[test]
fn the_real_histories_are_read_whole_and_to_the_cent() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("programs");
    for (folder, events, lines, sum) in
        [("cdnow", "CDNOW_master.txt", 69_659, "2500315.63"), ("grocer", "till.csv", 47_036, "152979.74")]
    {
        let folder = root.join(folder);
        let text = std::fs::read_to_string(folder.join("columns.toml")).expect("a map");
        let map = ColumnMap::parse("columns.toml", &text).expect("a good map");
        let clock = Clock::new("America/New_York").expect("a zone");
        let how = How { clock: &clock, money: "USD", minor_units: 2, map: &map, exchange: None, bad: BadRows::Refuse };
        let open = |name: &str| std::fs::File::open(folder.join(name)).map(|file| Input::new(name, file)).ok();
        let inputs = Inputs {
            events: open(events).into_iter().collect(),
            members: open("households.csv").into_iter().collect(),
            items: open("products.csv").into_iter().collect(),
        };
        let loaded = ledger::read(inputs, &how, &mut |_| {}).expect("a good history");
        assert_eq!((loaded.totals.lines, loaded.totals.amount.to_string().as_str()), (lines, sum));
        let category = |event: &Event| event.lines.iter().any(|line| line.category.as_deref() == Some("produce"));
        assert_eq!(loaded.history.events.iter().any(category), events == "till.csv");
    }
}
