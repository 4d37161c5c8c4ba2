//! Histories that come as Parquet, as Arrow or packed: the same rows give the same history, and what is wrong
//! with such a file is said as for any other.

use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float32Array, Float64Array,
    Int64Array, ListArray, RecordBatch, StringArray, Time64MicrosecondArray, TimestampMicrosecondArray,
    TimestampMillisecondArray,
};
use loyal::ledger::{self, BadRows, ColumnMap, Event, How, Input, Inputs, Loaded, Mistakes};
use loyal::source::batch::{Asked, Column, NONE, Read};
use loyal::source::columnar::{Columnar, Piece, Room};
use loyal::source::raw::Raw;
use loyal::source::scratch::InMemory;
use loyal::source::shape::Shape;
use loyal::value::Clock;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, GzipLevel, ZstdLevel};
use parquet::file::properties::WriterProperties;

/// Columns by name, as one batch.
fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter(columns).expect("columns of one length")
}

fn texts(values: &[&str]) -> ArrayRef {
    // An empty text stands for an empty cell.
    Arc::new(StringArray::from_iter(values.iter().map(|value| (!value.is_empty()).then_some(*value))))
}

fn cents(values: &[Option<i128>]) -> ArrayRef {
    let values = Decimal128Array::from_iter(values.iter().copied());
    Arc::new(values.with_precision_and_scale(12, 2).expect("a precision"))
}

fn parquet(batch: &RecordBatch, compression: Compression) -> Vec<u8> {
    parquet_in(2, batch, compression)
}

/// In row groups of so many rows.
fn parquet_in(rows: usize, batch: &RecordBatch, compression: Compression) -> Vec<u8> {
    let properties = WriterProperties::builder().set_compression(compression).set_max_row_group_row_count(Some(rows));
    let mut out = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut out, batch.schema(), Some(properties.build())).expect("a writer");
    writer.write(batch).expect("rows");
    writer.close().expect("a footer");
    out
}

fn arrow_file(batch: &RecordBatch, packed: Option<arrow_ipc::CompressionType>) -> Vec<u8> {
    let options = arrow_ipc::writer::IpcWriteOptions::default().try_with_compression(packed).expect("a way of packing");
    let mut out = Vec::new();
    let mut writer =
        arrow_ipc::writer::FileWriter::try_new_with_options(&mut out, &batch.schema(), options).expect("a writer");
    writer.write(batch).expect("rows");
    writer.finish().expect("a footer");
    out
}

fn arrow_stream(batch: &RecordBatch) -> Vec<u8> {
    let mut out = Vec::new();
    let mut writer = arrow_ipc::writer::StreamWriter::try_new(&mut out, &batch.schema()).expect("a writer");
    writer.write(batch).expect("rows");
    writer.finish().expect("an end");
    out
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(bytes).expect("a vector takes all");
    writer.finish().expect("a vector takes all")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).expect("a vector takes all")
}

fn read_all(files: Vec<(&str, Vec<u8>)>, map: &str) -> Result<Loaded, Mistakes> {
    let map = ColumnMap::parse("columns.toml", map)?;
    let clock = Clock::new("Europe/Bucharest").expect("a zone");
    let how = How { clock: &clock, money: "RON", minor_units: 2, map: &map, exchange: None, bad: BadRows::Refuse };
    let events = files.into_iter().map(|(name, bytes)| Input::new(name, io::Cursor::new(bytes))).collect();
    ledger::read(Inputs { events, ..Inputs::default() }, &how, &mut |_| {})
}

fn read(bytes: Vec<u8>, map: &str) -> Result<Loaded, Mistakes> {
    read_all(vec![("till", bytes)], map)
}

/// The events, but for where they stood.
fn events(bytes: Vec<u8>, map: &str) -> Vec<Event> {
    let loaded = read(bytes, map).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let mut events = loaded.history.events;
    events.iter_mut().for_each(|event| event.place = (0, 0));
    events
}

const CSV: &str = "\
id,time,type,member,amount,qty,store,gift
p1,2026-02-03T15:10:07,purchase,ana,57.90,1,Brașov,true
p1,2026-02-03T15:10:07,purchase,ana,-3.00,,Brașov,
p2,2026-07-01T09:00:00.5,purchase,,1000000.05,2,Cluj,false
r1,2026-07-02T09:00:00,return,ana,3,1,,
v1,2026-07-03T00:00:00,visit,ana,,,,
";

/// The same rows in columns with types.
fn typed() -> RecordBatch {
    let second = 1_000_000;
    let times = [1_770_131_407, 1_770_131_407, 1_782_896_400, 1_782_982_800, 1_783_036_800];
    let mut times: Vec<i64> = times.into_iter().map(|time: i64| time * second).collect();
    times[2] += second / 2;
    let kinds: DictionaryArray<Int32Type> =
        ["purchase", "purchase", "purchase", "return", "visit"].into_iter().collect();
    batch(vec![
        ("id", texts(&["p1", "p1", "p2", "r1", "v1"])),
        ("time", Arc::new(TimestampMicrosecondArray::from(times))),
        ("type", Arc::new(kinds)),
        ("member", texts(&["ana", "ana", "", "ana", "ana"])),
        ("amount", cents(&[Some(5790), Some(-300), Some(100_000_005), Some(300), None])),
        ("qty", Arc::new(Int64Array::from(vec![Some(1), None, Some(2), Some(1), None]))),
        ("store", texts(&["Brașov", "Brașov", "Cluj", "", ""])),
        ("gift", Arc::new(BooleanArray::from(vec![Some(true), None, Some(false), None, None]))),
    ])
}

#[test]
fn the_same_rows_in_any_format_are_the_same_history() {
    let whole = events(CSV.as_bytes().to_vec(), "");
    assert_eq!(whole.len(), 4);
    let typed = typed();
    let snappy = parquet(&typed, Compression::SNAPPY);
    let zipped = Compression::GZIP(GzipLevel::default());
    for (name, bytes) in [
        ("csv.gz", gzip(CSV.as_bytes())),
        ("csv.gz of two members", [gzip(&CSV.as_bytes()[..60]), gzip(&CSV.as_bytes()[60..])].concat()),
        ("csv.zst", zstd(CSV.as_bytes())),
        ("csv.zst of two frames", [zstd(&CSV.as_bytes()[..60]), zstd(&CSV.as_bytes()[60..])].concat()),
        ("csv.gz.zst", zstd(&gzip(CSV.as_bytes()))),
        ("parquet", parquet(&typed, Compression::UNCOMPRESSED)),
        ("parquet, snappy", snappy.clone()),
        ("parquet, gzip", parquet(&typed, zipped)),
        ("parquet, zstd", parquet(&typed, Compression::ZSTD(ZstdLevel::default()))),
        ("parquet, lz4", parquet(&typed, Compression::LZ4_RAW)),
        ("parquet, brotli", parquet(&typed, Compression::BROTLI(Default::default()))),
        ("parquet.gz", gzip(&snappy)),
        ("arrow file", arrow_file(&typed, None)),
        ("arrow file, lz4", arrow_file(&typed, Some(arrow_ipc::CompressionType::LZ4_FRAME))),
        ("arrow file, zstd", arrow_file(&typed, Some(arrow_ipc::CompressionType::ZSTD))),
        ("arrow stream", arrow_stream(&typed)),
        ("arrow stream.zst", zstd(&arrow_stream(&typed))),
    ] {
        assert_eq!(events(bytes, ""), whole, "{name}");
    }
}

#[test]
fn forms_of_the_map_are_for_texts_and_types_say_the_rest() {
    // The map of a till that writes `31.12.2026` and `1,50`, and beside it the same till's Parquet.
    let map = "[events]\ndates = \"%d.%m.%Y %H:%M\"\ndecimal = \",\"\n";
    let text = "id;time;type;member;amount\np1;03.02.2026 15:10;purchase;ana;57,90\n";
    let minute: i64 = 1_770_131_400;
    let parts = |time: ArrayRef, amount: ArrayRef| {
        let (id, kind, member) = (texts(&["p1"]), texts(&["purchase"]), texts(&["ana"]));
        batch(vec![("id", id), ("time", time), ("type", kind), ("member", member), ("amount", amount)])
    };
    let times: [ArrayRef; 3] = [
        Arc::new(TimestampMillisecondArray::from(vec![minute * 1000])),
        // A zone in the type makes it a moment of the world: 13:10 in UTC is 15:10 in Bucharest.
        Arc::new(TimestampMillisecondArray::from(vec![(minute - 7200) * 1000]).with_timezone("America/New_York")),
        texts(&["03.02.2026 15:10"]),
    ];
    let whole = events(text.as_bytes().to_vec(), map);
    for time in times {
        for amount in [cents(&[Some(5790)]), texts(&["57,90"])] {
            let rows = parts(Arc::clone(&time), amount);
            assert_eq!(events(parquet(&rows, Compression::SNAPPY), map), whole, "{time:?}");
            assert_eq!(events(arrow_stream(&rows), map), whole, "{time:?}");
        }
    }
    // A day and a time of day.
    let days: ArrayRef = Arc::new(Date32Array::from(vec![20_487]));
    let day = parts(Arc::clone(&days), cents(&[Some(5790)]));
    assert!(!events(arrow_stream(&day), map)[0].timed);
    let clock: ArrayRef = Arc::new(Time64MicrosecondArray::from(vec![(15 * 3600 + 600) * 1_000_000]));
    let mut columns = vec![("day", days), ("clock", clock)];
    columns.extend([("id", texts(&["p1"])), ("type", texts(&["purchase"])), ("member", texts(&["ana"]))]);
    columns.push(("amount", cents(&[Some(5790)])));
    let map =
        format!("{map}time = {{ from = [\"day\", \"clock\"], join = \" \" }}\nleave_out = [\"day\", \"clock\"]\n");
    assert_eq!(events(parquet(&batch(columns), Compression::SNAPPY), &map), whole);
}

#[test]
fn a_zone_tells_times_that_have_none() {
    let map = "[events]\nzone = \"UTC\"\n";
    let rows = "id,time,type,member\nv1,2026-02-03 23:30,visit,ana\nv2,2026-02-03,visit,ana\nv3,2026-02-03T23:30+02:00,visit,ana\n";
    let read = events(rows.as_bytes().to_vec(), map);
    let shown: Vec<String> = read.iter().map(|event| format!("{} {:?} {}", event.id, event.at, event.day)).collect();
    assert_eq!(
        shown,
        [
            "v2 2026-02-02T22:00:00Z 2026-02-03",
            "v3 2026-02-03T21:30:00Z 2026-02-03",
            "v1 2026-02-03T23:30:00Z 2026-02-04"
        ]
    );
}

fn with_amounts(amounts: ArrayRef) -> RecordBatch {
    let count = amounts.len();
    let ids: Vec<String> = (1..=count).map(|number| format!("p{number}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    batch(vec![
        ("id", texts(&ids)),
        ("time", texts(&vec!["2026-02-03"; count])),
        ("type", texts(&vec!["purchase"; count])),
        ("member", texts(&vec!["ana"; count])),
        ("amount", amounts),
    ])
}

#[test]
fn floating_point_is_taken_only_when_asked_for_and_only_when_it_stands_for_a_number() {
    let doubles: ArrayRef =
        Arc::new(Float64Array::from(vec![Some(1.39), Some(0.1 + 0.2), Some(-0.0), Some(20_000_000.01), None]));
    let floats: ArrayRef = Arc::new(Float32Array::from(vec![Some(1.39), Some(0.3), Some(0.0), Some(2000.01), None]));
    let mut shown = String::new();
    for (name, amounts) in [("doubles", doubles), ("singles", floats)] {
        let file = parquet(&with_amounts(amounts), Compression::SNAPPY);
        let refused = read(file.clone(), "").expect_err("floating point is not taken in silence");
        let read = events(file, "[events]\nfloats = \"2 decimals\"\n");
        let read: Vec<String> =
            read.iter().map(|event| event.amount().map_or("none".into(), ToString::to_string)).collect();
        shown.push_str(&format!("===== {name}\n{refused}\n{}\n", read.join(" ")));
    }
    let wrong: ArrayRef = Arc::new(Float64Array::from(vec![12.345, f64::NAN, f64::INFINITY, 1e20, 7.5]));
    let wrong = read(arrow_stream(&with_amounts(wrong)), "[events]\nfloats = \"2 decimals\"\n");
    shown.push_str(&format!("===== that stand for none\n{}\n", wrong.expect_err("no amounts")));
    insta::assert_snapshot!("floats", shown);
}

#[test]
fn a_customer_number_kept_as_floating_point_is_a_number_again() {
    let members: ArrayRef = Arc::new(Float64Array::from(vec![Some(4711.0), Some(f64::NAN), None]));
    let rows = batch(vec![
        ("id", texts(&["v1", "v2", "v3"])),
        ("time", texts(&["2026-02-03"; 3])),
        ("type", texts(&["purchase"; 3])),
        ("member", members),
    ]);
    let members: Vec<Option<String>> =
        events(parquet(&rows, Compression::SNAPPY), "").into_iter().map(|event| event.member).collect();
    assert_eq!(members, [Some("4711".to_owned()), None, None]);
}

#[test]
fn mistakes_in_cells_columns_and_bytes_are_named() {
    let lists = ListArray::from_iter_primitive::<Int32Type, _, _>(vec![Some(vec![Some(1)]), Some(vec![Some(2)])]);
    let lists: ArrayRef = Arc::new(lists);
    let rows = |member: ArrayRef, spare: ArrayRef| {
        batch(vec![
            ("id", texts(&["p1", "p2"])),
            ("time", texts(&["2026-02-03", "3 Feb"])),
            ("type", texts(&["purchase", "buy"])),
            ("member", member),
            ("amount", texts(&["1", "much"])),
            ("spare", spare),
        ])
    };
    let names = texts(&["ana", "ion"]);
    let cells = rows(Arc::clone(&names), Arc::clone(&lists));
    let good = parquet(&typed(), Compression::SNAPPY);
    let (middle, stream) = (good.len() / 2, arrow_stream(&typed()));
    let mut changed = good.clone();
    changed[10..40].fill(0xFF);
    let mut shown = String::new();
    for (name, bytes, map) in [
        ("cells", parquet(&cells, Compression::SNAPPY), ""),
        ("a list that is asked for", arrow_stream(&rows(lists, names)), ""),
        ("a list that the map asks for", arrow_stream(&cells), "[events.extra]\nmore = \"spare\"\n"),
        ("a column that is not there", good.clone(), "[events]\ntax = \"vat\"\n"),
        ("Parquet cut short", good[..middle].to_vec(), ""),
        ("Parquet changed", changed, ""),
        ("Arrow cut short", arrow_file(&typed(), None)[..400].to_vec(), ""),
        ("Arrow stream cut short", stream[..stream.len() - 100].to_vec(), ""),
        ("Arrow stream without its end", stream[..stream.len() - 8].to_vec(), ""),
        ("gzip cut short", gzip(CSV.as_bytes())[..60].to_vec(), ""),
        ("zstd changed", [&zstd(CSV.as_bytes())[..30], &[0xFF; 30]].concat(), ""),
        ("packed too often", gzip(&gzip(&gzip(&gzip(CSV.as_bytes())))), ""),
    ] {
        let mistakes = read(bytes, map).expect_err(name);
        shown.push_str(&format!("===== {name}\n{mistakes}\n"));
    }
    insta::assert_snapshot!("mistakes", shown);
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % sides
    }
}

#[test]
fn no_damage_to_a_file_makes_the_reader_panic() {
    let typed = typed();
    let mut dice = Dice(7);
    for (name, good) in [
        ("parquet", parquet(&typed, Compression::UNCOMPRESSED)),
        ("parquet, zstd", parquet(&typed, Compression::ZSTD(ZstdLevel::default()))),
        ("arrow file", arrow_file(&typed, None)),
        ("arrow file, lz4", arrow_file(&typed, Some(arrow_ipc::CompressionType::LZ4_FRAME))),
        ("arrow stream", arrow_stream(&typed)),
        ("csv.gz", gzip(CSV.as_bytes())),
        ("csv.zst", zstd(CSV.as_bytes())),
    ] {
        let rounds = std::env::var("LOYAL_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(300);
        for round in 0..rounds {
            let mut bytes = good.clone();
            for _ in 0..=dice.roll(4) {
                let at = dice.roll(bytes.len());
                match dice.roll(3) {
                    0 => bytes[at] ^= 1 << dice.roll(8),
                    1 => bytes[at] = [0, 0xFF, 0x7F, 0x80][dice.roll(4)],
                    _ => bytes.truncate(at.max(1)),
                }
            }
            let kept = bytes.clone();
            let read = std::panic::catch_unwind(move || read(bytes, "").is_ok());
            assert!(read.is_ok(), "{name}, round {round}");
            let shape = Shape::of(&kept);
            if !matches!(shape, Shape::Text | Shape::Gzip | Shape::Zstd) {
                let read = std::panic::catch_unwind(move || columns(shape, kept, &asked(), None).is_ok());
                assert!(read.is_ok(), "{name}, round {round}, the fast way");
            }
        }
    }
}

/// What the fast way of reading makes of a file: a line for each row, or what is unusual about it.
fn columns(shape: Shape, bytes: Vec<u8>, asked: &[(&str, Read)], floats: Option<u32>) -> Result<Vec<String>, String> {
    let asked: Vec<Asked> =
        asked.iter().map(|(name, read)| Asked { name: (*name).into(), read: read.clone(), optional: true }).collect();
    let opened = Columnar::open(shape, Raw::File(Arc::new(bytes)), 0, &InMemory);
    let layout = opened.and_then(|file| file.ask(&asked, floats)).map_err(|odd| odd.what)?;
    let (mut piece, mut room) = (Piece::default(), Room::default());
    let mut lines = Vec::new();
    while layout.next(&mut piece).map_err(|odd| odd.what)? {
        let batch = layout.parse(&mut piece, &mut room).map_err(|odd| odd.what)?;
        for row in 0..batch.rows {
            let cells = batch.columns.iter().map(|column| match column {
                Column::Text(cells) => cells.get(row).to_owned(),
                Column::Code(codes) => format!("#{}", codes[row]),
                Column::Number(numbers) if numbers[row] == NONE => "none".to_owned(),
                Column::Number(numbers) => numbers[row].to_string(),
                Column::Time(times) => format!("{:?}", times[row]),
                Column::Absent => "absent".to_owned(),
            });
            lines.push(cells.collect::<Vec<_>>().join(" "));
        }
        room.back(batch);
    }
    Ok(lines)
}

fn asked() -> Vec<(&'static str, Read)> {
    let stores = vec!["Cluj".to_owned(), "Brașov".to_owned()];
    vec![
        ("id", Read::Text),
        ("time", Read::Time),
        ("type", Read::Code(vec!["purchase".into(), "return".into()])),
        ("member", Read::Text),
        ("amount", Read::Number),
        ("qty", Read::Number),
        ("qty", Read::Text),
        ("store", Read::Code(stores)),
        ("gift", Read::Text),
        ("tax", Read::Number),
    ]
}

#[test]
fn the_fast_way_reads_the_same_rows_into_columns() {
    let expected = [
        "p1 Local(1770131407) #2 ana 579000 10000 1 #3 true absent",
        "p1 Local(1770131407) #2 ana -30000 none  #3  absent",
        "p2 Local(1782896400) #2  10000000500 20000 2 #2 false absent",
        "r1 Local(1782982800) #3 ana 30000 10000 1 #0  absent",
        "v1 Local(1783036800) #1 ana none none  #0  absent",
    ];
    let typed = whole_seconds(&typed());
    for (name, shape, bytes) in files_of(&typed) {
        assert_eq!(columns(shape, bytes, &asked(), None).expect(name), expected, "{name}");
    }
    // The same, all in texts.
    let all: Vec<(&str, ArrayRef)> = vec![
        ("id", texts(&["p1", " p1", "p2", "r1 ", "v1"])),
        (
            "time",
            texts(&[
                "2026-02-03T15:10:07",
                "2026-02-03 15:10:07",
                "2026-07-01 09:00",
                "2026-07-02T09:00",
                "2026-07-03T00:00",
            ]),
        ),
        ("type", texts(&["purchase", "purchase", "purchase", "return", "visit"])),
        ("member", texts(&["ana", "ana", "", "ana", "ana"])),
        ("amount", texts(&["57.90", "-3", "1000000.05", "3.00", ""])),
        ("qty", texts(&["1", "", "2", "1", ""])),
        ("store", texts(&["Brașov", "Brașov ", "Cluj", "", ""])),
        ("gift", texts(&["true", "", "false", "", ""])),
    ];
    for (name, shape, bytes) in files_of(&batch(all)) {
        assert_eq!(columns(shape, bytes, &asked(), None).expect(name), expected, "{name}, in texts");
    }
}

/// The rows without parts of a second.
fn whole_seconds(rows: &RecordBatch) -> RecordBatch {
    let times: &TimestampMicrosecondArray = rows.column(1).as_primitive();
    let times = TimestampMicrosecondArray::from_iter_values(times.values().iter().map(|time| time - time % 1_000_000));
    let mut columns = rows.columns().to_vec();
    columns[1] = Arc::new(times);
    RecordBatch::try_new(rows.schema(), columns).expect("the same columns")
}

fn files_of(rows: &RecordBatch) -> [(&'static str, Shape, Vec<u8>); 4] {
    [
        ("parquet", Shape::Parquet, parquet(rows, Compression::SNAPPY)),
        ("arrow file", Shape::ArrowFile, arrow_file(rows, None)),
        ("arrow file, zstd", Shape::ArrowFile, arrow_file(rows, Some(arrow_ipc::CompressionType::ZSTD))),
        ("arrow stream", Shape::ArrowStream, arrow_stream(rows)),
    ]
}

#[test]
fn the_fast_way_leaves_what_is_unusual_to_the_plain_one() {
    let amount = [("amount", Read::Number)];
    let of = |amounts: ArrayRef, floats| {
        columns(Shape::Parquet, parquet(&with_amounts(amounts), Compression::SNAPPY), &amount, floats)
    };
    let decimal = |value: i128, scale| -> ArrayRef {
        Arc::new(Decimal128Array::from(vec![value]).with_precision_and_scale(38, scale).expect("a scale"))
    };
    let float = |value: f64| -> ArrayRef { Arc::new(Float64Array::from(vec![value])) };
    assert_eq!(of(decimal(1_250_000, 6), None), Ok(vec!["12500".to_owned()]));
    assert_eq!(of(decimal(12, 0), None), Ok(vec!["120000".to_owned()]));
    assert_eq!(of(float(0.1 + 0.2), Some(2)), Ok(vec!["3000".to_owned()]));
    let member = [("member", Read::Time), ("amount", Read::Number)];
    let mistyped = columns(Shape::ArrowStream, arrow_stream(&with_amounts(decimal(1, 2))), &member, None);
    let shown = [
        ("many decimals", of(decimal(1_250_001, 6), None)),
        ("large", of(decimal(10_i128.pow(30), 2), None)),
        ("floating point", of(float(1.5), None)),
        ("inexact", of(float(1.555), Some(2))),
        ("no number", of(float(f64::NAN), Some(2))),
        ("text", of(texts(&["1,50"]), None)),
        (
            "marks apart",
            columns(
                Shape::Parquet,
                parquet(&batch(vec![("id", texts(&["s\u{326}"]))]), Compression::SNAPPY),
                &[("id", Read::Text)],
                None,
            ),
        ),
        ("a part of a second", columns(Shape::Parquet, parquet(&typed(), Compression::SNAPPY), &asked(), None)),
        ("no time", mistyped),
        ("capitals", columns(Shape::Parquet, parquet(&typed(), Compression::SNAPPY), &[("ID", Read::Text)], None)),
        ("cut short", columns(Shape::Parquet, parquet(&typed(), Compression::SNAPPY)[..900].to_vec(), &asked(), None)),
    ];
    let shown: Vec<String> = shown.into_iter().map(|(name, odd)| format!("{name}: {}", odd.expect_err(name))).collect();
    insta::assert_snapshot!("unusual", shown.join("\n"));
}

#[test]
fn several_threads_read_each_row_once() {
    // Many row groups, and one that is read in several batches.
    for (rows, of_group) in [(1000, 2), (30_000, 1 << 20)] {
        read_by_several(rows, of_group);
    }
}

fn read_by_several(rows: usize, of_group: usize) {
    let ids: Vec<String> = (0..rows).map(|number| format!("p{number}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let bytes = parquet_in(of_group, &batch(vec![("id", texts(&ids))]), Compression::SNAPPY);
    let file = Columnar::open(Shape::Parquet, Raw::File(Arc::new(bytes)), 0, &InMemory).expect("a file");
    let asked = [Asked { name: "id".into(), read: Read::Text, optional: false }];
    let layout = file.ask(&asked, None).expect("the column is there");
    let read = || {
        let (mut piece, mut room, mut seen) = (Piece::default(), Room::default(), Vec::new());
        while layout.next(&mut piece).expect("rows") {
            let number = piece.number;
            let batch = layout.parse(&mut piece, &mut room).expect("texts");
            let Column::Text(cells) = &batch.columns[0] else { panic!("texts") };
            seen.extend((0..batch.rows).map(|row| (number, cells.get(row).to_owned())));
        }
        seen
    };
    let mut seen: Vec<(u64, String)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(read)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    seen.sort_by_key(|(number, _)| *number);
    let seen: Vec<&str> = seen.iter().map(|(_, id)| id.as_str()).collect();
    assert_eq!(seen, ids);
}
