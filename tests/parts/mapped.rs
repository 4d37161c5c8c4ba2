//! Files in a till's own columns, some of them added to one of ours, times told by another zone's clock: read the fast
//! way as the ledger reads them, or not at all.

use crate::{intake, load};
use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray, TimestampMillisecondArray};
use loyal::ledger::ColumnMap;
use loyal::mechanics::Program;
use loyal::source::shape::Shape;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use proptest::prelude::*;
use std::sync::Arc;

const PROGRAM: &str = r#"loyal 1

program mapped {
  money    USD
  clock    zone "America/New_York", day starts 03:00
}

points point plural points {
  worth    0.01 USD each
  round    down per receipt
  expire   never
}

earn base {
  on       purchase
  count    total before discounts
  give     1 point per 1 USD
}
"#;

const MAP: &str = r#"
[events]
id = "basket"
time = "at"
zone = "UTC"
type = { always = "purchase" }
member = "who"
amount = "paid"
qty = { sum = ["pieces", "more"] }
regular = { sum = ["paid", "card", "coupon"] }
floats = "2 decimals"
leave_out = ["card", "coupon"]
"#;

/// Numbers as tills write them, and what is none.
const CELLS: [&str; 12] =
    ["", "", "1", "2.5", "0.75", "-0.75", "12.3456", "007", "x", "922337203685477", "-922337203685477", "0.00001"];

/// A row: its basket, and the cells of what was paid and of the two that are added to it.
pub type Row = (u8, [usize; 3]);

fn program() -> Program {
    load::checked(PROGRAM).expect("a program")
}

fn map() -> ColumnMap {
    ColumnMap::parse("columns.toml", MAP).expect("a map")
}

/// The second of Unix time of a basket: around the hour that comes twice in New York.
fn second(basket: u8) -> i64 {
    1_509_850_800 + i64::from(basket) * 2000
}

fn csv(rows: &[Row]) -> Vec<u8> {
    let mut text = "basket,at,who,paid,card,coupon,pieces,more\n".to_owned();
    for (basket, cells) in rows {
        let at = jiff::Timestamp::from_second(second(*basket)).expect("a moment");
        let at = jiff::tz::Offset::UTC.to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string();
        let [paid, card, coupon] = cells.map(|at| CELLS[at % CELLS.len()]);
        text.push_str(&format!("b{basket},{at},m{},{paid},{card},{coupon},1,{}\n", basket % 3, basket % 2));
    }
    text.into_bytes()
}

/// The same rows with floating point, where a number is written; what is none is not a number there either.
fn parquet(rows: &[Row]) -> Vec<u8> {
    let number = |cell: &str| if cell.is_empty() { None } else { Some(cell.parse().unwrap_or(f64::NAN)) };
    let column = |nth: usize| -> ArrayRef {
        let cells = rows.iter().map(|(_, cells)| number(CELLS[cells[nth] % CELLS.len()]));
        Arc::new(cells.collect::<Float64Array>())
    };
    let texts = |text: &dyn Fn(u8) -> String| -> ArrayRef {
        Arc::new(rows.iter().map(|(basket, _)| Some(text(*basket))).collect::<StringArray>())
    };
    let whole = |number: &dyn Fn(u8) -> Option<i64>| -> ArrayRef {
        Arc::new(rows.iter().map(|(basket, _)| number(*basket)).collect::<Int64Array>())
    };
    let at = rows.iter().map(|(basket, _)| Some(second(*basket) * 1000));
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("basket", texts(&|basket| format!("b{basket}"))),
        ("at", Arc::new(at.collect::<TimestampMillisecondArray>())),
        ("who", texts(&|basket| format!("m{}", basket % 3))),
        ("paid", column(0)),
        ("card", column(1)),
        ("coupon", column(2)),
        ("pieces", whole(&|_| Some(1))),
        ("more", whole(&|basket| (basket % 2 == 1).then_some(3))),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
    let groups = WriterProperties::builder().set_max_row_group_row_count(Some(7)).build();
    let mut out = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut out, batch.schema(), Some(groups)).expect("a writer");
    writer.write(&batch).expect("rows");
    writer.close().expect("a footer");
    out
}

/// Where the fast way and the ledger differ; whether the fast way took the file.
pub fn compared(
    program: &Program,
    map: &ColumnMap,
    (shape, bytes): (Shape, Vec<u8>),
    chunk: usize,
) -> Result<bool, String> {
    let plain = load::mapped_events(program, map, bytes.clone());
    let read = intake::read_by(program, vec![(shape, bytes)], (&map.events, &Default::default()), chunk);
    match (read, plain) {
        (Ok(taken), Some(history)) => match intake::difference(program, &history, taken) {
            Some(difference) => Err(difference),
            None => Ok(true),
        },
        (Ok(_), None) => Err("the ledger refuses it".to_owned()),
        (Err(_), _) => Ok(false),
    }
}

#[test]
fn sums_of_columns_and_times_of_another_zone_are_read_fast() {
    let program = program();
    let good: Vec<Row> = (0..40).map(|at| (at / 3, [2 + usize::from(at) % 3, usize::from(at) % 5, 0])).collect();
    for (shape, bytes) in [(Shape::Text, csv(&good)), (Shape::Parquet, parquet(&good))] {
        assert_eq!(compared(&program, &map(), (shape, bytes), 90), Ok(true), "{shape:?}");
    }
    // What has no room, or is no number, is the ledger's.
    for odd in [[9, 9, 0], [2, 8, 0], [2, 0, 11]] {
        let rows = [good.clone(), vec![(20, odd)]].concat();
        assert_eq!(compared(&program, &map(), (Shape::Text, csv(&rows)), 90), Ok(false), "{odd:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mapped_files_are_read_fast_as_the_ledger_reads_them(
        rows in proptest::collection::vec((0_u8..20, [0_usize..12, 0_usize..12, 0_usize..12]), 1..30),
        few in any::<bool>(),
        sorted in any::<bool>(),
        chunk in 40_usize..600,
    ) {
        let program = program();
        let mut rows = rows;
        if few {
            // Of whole files of numbers that are good, more are taken.
            rows.iter_mut().flat_map(|(_, cells)| cells).for_each(|cell| *cell %= 5);
        }
        if sorted {
            rows.sort_unstable();
        }
        for (shape, bytes) in [(Shape::Text, csv(&rows)), (Shape::Parquet, parquet(&rows))] {
            let outcome = compared(&program, &map(), (shape, bytes), chunk);
            prop_assert!(outcome.is_ok(), "{shape:?} {rows:?}\n{}", outcome.unwrap_err());
        }
    }
}
