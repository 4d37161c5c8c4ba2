//! The fast way of reading CSV gives what the plain way gives, or says that it does not take a file; never anything else.

use loyal::ledger::{self, BadRows, ColumnMap, How, Inputs};
use loyal::source::batch::{Asked, Batch, Column, NONE, Read, SCALE, Stamp};
use loyal::source::csv::{Chunk, Csv, Input, Room};
use loyal::value::clock::Clock;
use loyal::value::exact::Exact;
use proptest::prelude::*;
use std::io::Read as _;

/// The columns of all tests, and what each is read as.
const COLUMNS: [&str; 5] = ["a", "n", "t", "k", "z"];
const WORDS: [&str; 5] = ["purchase", "return", "a word of very many letters", "pâine", "visit"];

fn asked() -> Vec<Asked> {
    let words = WORDS.map(str::to_owned).to_vec();
    let reads = [Read::Text, Read::Number, Read::Time, Read::Code(words), Read::Text];
    let columns = COLUMNS.iter().zip(reads);
    columns.map(|(name, read)| Asked { name: (*name).into(), read, optional: false }).collect()
}

/// What a cell is, as text: the same for both ways.
fn shown(batch: &Batch<'_>, column: usize, row: usize) -> String {
    match &batch.columns[column] {
        Column::Text(cells) => cells.get(row).to_owned(),
        Column::Code(codes) => codes[row].to_string(),
        Column::Number(numbers) if numbers[row] == NONE => String::new(),
        Column::Number(numbers) => Exact::ratio(numbers[row], SCALE).to_string(),
        Column::Time(times) => match times[row] {
            Stamp::Day(day) => format!("day {day}"),
            Stamp::Local(seconds) => format!("local {seconds}"),
            Stamp::Exact(seconds) => format!("exact {seconds}"),
        },
        Column::Absent => String::new(),
    }
}

/// Rows as the fast way reads them, in the order of the file; none when it does not take them.
fn fast(input: Input, length: usize) -> Result<Vec<Vec<String>>, String> {
    let csv = Csv::open(input, 0, None).map_err(|unusual| unusual.what)?;
    let layout = csv.ask(&asked()).map_err(|unusual| unusual.what)?;
    let (mut chunk, mut room) = (Chunk::default(), Room::default());
    let mut chunks = Vec::new();
    while csv.next(&mut chunk, length).map_err(|unusual| unusual.what)? {
        let number = chunk.number;
        let batch = layout.parse(&mut chunk, &mut room).map_err(|unusual| unusual.what)?;
        let row = |row| (0..COLUMNS.len()).map(|column| shown(&batch, column, row)).collect::<Vec<_>>();
        chunks.push((number, (0..batch.rows).map(row).collect::<Vec<_>>()));
        room.back(batch);
    }
    chunks.sort();
    Ok(chunks.into_iter().flat_map(|(_, rows)| rows).collect())
}

/// Rows as a plain reader reads them; none when a cell is not what its column is read as.
fn plain(text: &str) -> Option<Vec<Vec<String>>> {
    let mut rows = Vec::new();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    for record in reader.records().skip(1) {
        let cells: Vec<String> = record.ok()?.iter().map(|cell| cell.trim().to_owned()).collect();
        if cells.iter().all(String::is_empty) {
            continue;
        }
        let [a, n, t, k, z] = cells.as_slice() else { return None };
        let number = if n.is_empty() { String::new() } else { Exact::parse(n)?.to_string() };
        let code = WORDS.iter().position(|word| word == k).map_or(usize::from(!k.is_empty()), |at| at + 2);
        rows.push(vec![a.clone(), number, time(t)?, code.to_string(), z.clone()]);
    }
    Some(rows)
}

fn time(text: &str) -> Option<String> {
    let clock = Clock::utc();
    let (at, timed) = clock.parse_moment(text).ok()?;
    let seconds = at.0.as_second();
    let zoned = text.get(11..).is_some_and(|clock| clock.contains(['Z', '+', '-']));
    Some(match (timed, zoned) {
        (false, _) => format!("day {}", seconds.div_euclid(86_400)),
        (true, false) => format!("local {seconds}"),
        (true, true) => format!("exact {seconds}"),
    })
}

/// Both ways in, chunks of several lengths.
fn all_ways(text: &str) -> Vec<Result<Vec<Vec<String>>, String>> {
    let lengths = [1, 7, 64, 100, 1000, 1 << 20];
    let mut ways = Vec::new();
    for length in lengths {
        let bytes = text.as_bytes().to_vec();
        ways.push(fast(Input::File(Box::new(bytes.clone())), length));
        ways.push(fast(Input::Stream(Box::new(std::io::Cursor::new(bytes))), length));
    }
    ways
}

fn agree(text: &str) -> Result<bool, TestCaseError> {
    let expected = plain(text);
    let mut taken = false;
    for rows in all_ways(text).into_iter().flatten() {
        taken = true;
        prop_assert_eq!(Some(rows), expected.clone(), "of {:?}", text);
    }
    Ok(taken)
}

/// What the ledger makes of a file of events, row by row: id, amount, time, kind, member.
fn of_ledger(text: &str) -> Option<Vec<Vec<String>>> {
    let (clock, map) = (Clock::utc(), ColumnMap::default());
    let how = How { clock: &clock, money: "EUR", minor_units: 2, map: &map, exchange: None, bad: BadRows::Refuse };
    let source = std::io::Cursor::new(text.as_bytes().to_vec());
    let inputs = Inputs { events: vec![ledger::Input::new("events.csv", source)], ..Inputs::default() };
    let mut events = ledger::read(inputs, &how, &mut |_| {}).ok()?.history.events;
    events.sort_by_key(|event| event.place);
    let rows = events.into_iter().map(|event| {
        let amount = event.lines.first().and_then(|line| line.amount.clone());
        let code = WORDS.iter().position(|word| *word == event.kind.word()).map_or(1, |at| at + 2);
        vec![
            event.id,
            amount.map_or_else(String::new, |amount| amount.to_string()),
            format!("{} {}", event.timed, event.at.0.as_second()),
            code.to_string(),
            event.member.unwrap_or_default(),
        ]
    });
    Some(rows.collect())
}

/// A time as the ledger's rows above show it, on a clock of UTC.
fn moment_of(shown: &str) -> String {
    match shown.split_once(' ') {
        Some(("day", days)) => format!("false {}", days.parse::<i64>().map_or(0, |days| days * 86_400)),
        Some((_, seconds)) => format!("true {seconds}"),
        None => String::new(),
    }
}

/// Looks at each row alone, and keeps those that are taken: many together would hardly ever be.
fn taken(rows: Vec<String>) -> Result<Vec<String>, TestCaseError> {
    let mut kept = Vec::new();
    for row in rows {
        let alone = format!("{}\n{row}\n", COLUMNS.join(","));
        let one = fast(Input::File(Box::new(alone.clone().into_bytes())), 1 << 20).ok();
        if let Some(one) = one {
            prop_assert_eq!(Some(one), plain(&alone), "of {:?}", alone);
            kept.push(row);
        }
    }
    Ok(kept)
}

fn quoted(cell: String, how: u8) -> String {
    let must = cell.contains(['"', ',', '\n', '\r']);
    if must || how == 0 { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![6 => "[a-z0-9]{0,12}", 1 => "[ a-zâșé\u{a0}]{0,9}", 1 => "[a\",\n ]{0,6}", 1 => "[A-Z]{60,90}"]
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[0-9]{1,5}\\.[0-9]{2}",
        2 => "-?[0-9]{1,9}(\\.[0-9]{1,4})?",
        1 => "-?[0-9]{0,22}\\.?[0-9]{0,5}",
        1 => Just(String::new()),
    ]
}

fn moment() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "20[0-3][0-9]-(0[1-9]|1[0-2])-[0-2][1-8] ([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?",
        // The years that events may lie in.
        2 => "(19|2[01])[0-9][0-9]-(0[1-9]|1[0-2])-[0-3][0-9]",
        1 => "20[0-3][0-9]-[01][0-9]-[0-3][0-9][ T][0-2][0-9]:[0-6][0-9](:[0-6][0-9])?(Z|[+-][0-2][0-9]:?[0-6][0-9])?",
    ]
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![5 => proptest::sample::select(WORDS.to_vec()).prop_map(str::to_owned), 1 => "[a-z]{0,20}"]
}

fn row() -> impl Strategy<Value = String> {
    (text(), number(), moment(), word(), text(), [0..9_u8, 0..9, 0..9, 0..9, 0..9]).prop_map(|(a, n, t, k, z, how)| {
        let cells = [a, n, t, k, z].into_iter().zip(how).map(|(cell, how)| quoted(cell, how));
        cells.collect::<Vec<_>>().join(",")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 50 } else { 20_000 }))]

    #[test]
    fn well_formed_rows_are_read_alike(
        rows in prop::collection::vec(row(), 0..60),
        end in prop_oneof![Just("\n"), Just("\r\n")],
        last in any::<bool>(),
    ) {
        let mut file = COLUMNS.join(",") + end + &taken(rows)?.join(end);
        if last {
            file += end;
        }
        prop_assert!(agree(&file)?, "{file:?}");
    }

    #[test]
    fn rows_in_quotes_are_read_alike(
        rows in prop::collection::vec((text(), number(), moment(), word(), text()), 1..60),
        end in prop_oneof![Just("\n"), Just("\r\n")],
    ) {
        let quote = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let rows = rows.iter().map(|(a, n, t, k, z)| [a, n, t, k, z].map(quote).join(",")).collect();
        let header = COLUMNS.map(|name| quote(&name.to_owned())).join(",");
        let file = header + end + &taken(rows)?.join(end);
        prop_assert!(agree(&file)?, "{file:?}");
    }

    #[test]
    fn events_are_read_as_the_ledger_reads_them(
        rows in prop::collection::vec((number(), moment(), "purchase|visit|activity", text(), 0..5_u8), 0..30),
        delimiter in prop_oneof![Just(","), Just(";"), Just("\t")],
        mark in prop_oneof![Just(""), Just("\u{feff}")],
    ) {
        let mut file = format!("{mark}{}\n", ["a", "n", "t", "k", "z"].join(delimiter));
        for (at, (amount, time, kind, member, how)) in rows.iter().enumerate() {
            let kind = if kind == "activity" { "return" } else { kind };
            // What a sign means is the ledger's business; here it is told from other rows.
            let amount = &amount.replace('-', "");
            let member = quoted(member.replace([';', '\t'], ""), *how);
            file += &([&format!("r{at}"), amount, time, kind, &member].join(delimiter) + "\n");
        }
        let events = file.replacen(["a", "n", "t", "k", "z"].join(delimiter).as_str(), &["id", "amount", "time", "type", "member"].join(delimiter), 1);
        let expected = of_ledger(&events);
        for rows in all_ways(&file).into_iter().flatten() {
            let rows = rows.into_iter().map(|mut row| {
                row[2] = moment_of(&row[2]);
                row
            });
            prop_assert_eq!(Some(rows.collect::<Vec<_>>()), expected.clone(), "of {:?}", &file);
        }
    }

    #[test]
    fn plain_rows_are_always_taken(
        rows in prop::collection::vec("[a-z]{0,9},-?[0-9]{1,6}\\.[0-9]{2},2026-0[1-9]-1[0-9] 1[0-9]:[0-5]0,(visit|other),[a-z\"]?[a-z]{1,30}", 1..60),
    ) {
        let file = format!("{}\n{}", COLUMNS.join(","), rows.join("\n"));
        let taken = agree(&file)?;
        prop_assert!(taken || rows.iter().any(|row| row.contains('"')), "{file:?}");
    }

    #[test]
    fn any_rows_are_never_read_wrongly(
        rows in prop::collection::vec("[a0.1\", \r\n-]{0,30}", 0..12),
        good in row(),
    ) {
        let file = format!("{}\n{good}\n{}", COLUMNS.join(","), rows.join(","));
        if !file.replace("\r\n", "").contains('\r') {
            agree(&file)?;
        }
    }
}

/// What is unusual about a file; nothing when it is taken.
fn unusual(file: &str) -> String {
    fast(Input::File(Box::new(file.as_bytes().to_vec())), 1 << 20).err().unwrap_or_default()
}

#[test]
fn what_is_unusual_is_said() {
    let cases = [
        ("a,n,t,k,z\nx,1,2026-02-03,visit,\n", ""),
        ("a,n,t,k,z\n\n , ,\n\"\",\nx,1,2026-02-03,visit,\n\n", ""),
        ("a,n,t,k,z\nx,1,2026-02-03,visit,12\" pizza\n", ""),
        ("a,n,t,k,z\nx,1,2026-02-03,visit\n", "a row of 4 cells under a header of 5"),
        ("a,n,t,k,z\nx,\"1,5\",2026-02-03,visit,\n", "in column `n`: `1,5` as a number"),
        ("a,n,t,k,z\nx,1.23456,2026-02-03,visit,\n", "in column `n`: `1.23456` as a number"),
        ("a,n,t,k,z\nx,1,2026-02-30,visit,\n", "in column `t`: `2026-02-30` as a time"),
        ("a,n,t,k,z\nx,1,2026-02-03 24:00,visit,\n", "in column `t`: `2026-02-03 24:00` as a time"),
        ("a,n,t,k,z\nx,1,,visit,\n", "in column `t`: `` as a time"),
        ("a,n,t,k,z\nx,1,2026-02-03,visit,\"open\n", "a quote that is still open where the rows end"),
        ("a,n,t,k,z\nx,1,2026-02-03,visit,\0\n", "a NUL"),
        ("a,n,t,k,z\ns\u{326},1,2026-02-03,visit,\n", "in column `a`: letters and their marks written apart"),
        ("A,n,t,k,z\nx,1,2026-02-03,visit,\n", "a column `A` where `a` is looked for"),
        ("a,n,t,k\nx,1,2026-02-03,visit\n", "no column `z`"),
        ("a,n,t,k,z,n\n", "two columns called `n`"),
        ("\na,n,t,k,z\n", "a first line that is no plain header"),
        ("sep=;\na;n;t;k;z\n", "a first line that is no plain header"),
        ("", "no line end in the header"),
    ];
    for (file, what) in cases {
        assert_eq!(unusual(file), what, "{file:?}");
    }
}

#[test]
fn a_cell_in_quotes_may_go_over_the_edge_of_a_streams_chunk() {
    let row = format!("\"{}\",1,2026-02-03,visit,z\n", "one\ntwo,".repeat(20));
    let file = format!("a,n,t,k,z\n{}", row.repeat(50));
    let read = fast(Input::Stream(Box::new(std::io::Cursor::new(file.clone().into_bytes()))), 100);
    assert_eq!(read.ok(), plain(&file));
    let read = fast(Input::File(Box::new(file.clone().into_bytes())), 1 << 20);
    assert_eq!(read.ok(), plain(&file));
    // Chunks of a file are cut without knowing what stands before them.
    assert!(fast(Input::File(Box::new(file.into_bytes())), 100).is_err());
}

#[test]
fn a_row_without_an_end_is_not_kept_in_memory() {
    let endless = std::io::repeat(b'x').take(100 << 20);
    let file = std::io::Cursor::new(b"a,n,t,k,z\n".to_vec()).chain(endless);
    assert_eq!(fast(Input::Stream(Box::new(file)), 1 << 16).err().as_deref(), Some("a row of a million bytes"));
}
