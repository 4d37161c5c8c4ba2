//! Files in a till's own way of writing times, numbers and types: read the fast way as the ledger reads them, or not at
//! all.

use crate::load;
use crate::mapped::compared;
use loyal::ledger::ColumnMap;
use loyal::source::shape::Shape;
use proptest::prelude::*;

const PROGRAM: &str = r#"loyal 1

program tills {
  money    EUR
  clock    zone "Europe/Bucharest", day starts 04:00
}

points point plural points {
  worth    0.01 EUR each
  expire   never
}

earn base {
  on       purchase
  give     1 point per 1 EUR
}
"#;

/// How a file writes: the form of its dates, and the signs of its numbers.
const WAYS: [(&str, &str, &str); 8] = [
    ("%d/%m/%Y %H:%M", ",", "."),
    ("%m/%d/%Y %H:%M:%S", ".", ","),
    ("%Y%m%d", ",", " "),
    ("%d.%m.%Y", ",", ""),
    ("%H.%M %Y-%m-%d", ".", "'"),
    ("%d.%m.%y %H:%M", ",", "."),
    ("", ",", "."),
    ("", ".", "-"),
];

/// Numbers as tills write them, and what is none in some of the ways, or in all.
const NUMBERS: [&str; 20] = [
    "1",
    "2",
    "",
    "12",
    "12,5",
    "12.5",
    "1.234",
    "1,234",
    "1.234,50",
    "1,234.50",
    "1 234,5",
    "1\u{a0}234,5",
    "1'234.5",
    "-3",
    "0,0001",
    "0.00001",
    "12345678,9",
    "1.2.3",
    ",5",
    "x",
];

/// Types as tills write them; `purchase` itself means something else in some.
const TYPES: [&str; 6] = ["SALE", "sale", "purchase", "visit", "REFUND", "gone"];

fn map(way: usize, types: bool) -> ColumnMap {
    let (form, decimal, thousands) = WAYS[way];
    let mut text =
        format!("[events]\nid = \"nr\"\ntime = \"at\"\ntype = \"what\"\namount = \"paid\"\ndecimal = \"{decimal}\"\n");
    if !form.is_empty() {
        text.push_str(&format!("dates = \"{form}\"\n"));
    }
    if !thousands.is_empty() {
        text.push_str(&format!("thousands = \"{thousands}\"\n"));
    }
    if types {
        text.push_str("[events.values.type]\n\"SALE\" = \"purchase\"\n\"purchase\" = \"visit\"\n\"gone\" = \"away\"\n");
    }
    ColumnMap::parse("columns.toml", &text).expect("a map")
}

/// A row: its event, how it is written (0: as the way says), its number and its type.
type Row = (u8, u8, usize, usize);

fn file(way: usize, rows: &[Row]) -> Vec<u8> {
    let mut text = "nr;at;what;member;paid\n".to_owned();
    for (event, odd, number, of) in rows {
        // From the night in which the clocks go forward in Bucharest, a few hours apart.
        let at = jiff::Timestamp::from_second(1_774_735_200 + i64::from(*event) * 5_000).expect("a moment");
        let at = jiff::tz::Offset::UTC.to_datetime(at);
        let form = if WAYS[way].0.is_empty() { "%Y-%m-%d %H:%M" } else { WAYS[way].0 };
        let written = match odd {
            1 => at.strftime("%-d/%-m/%Y").to_string(),
            2 => format!(" {} ", at.strftime(form)),
            3 => at.strftime(form).to_string().replace('3', "9"),
            _ => at.strftime(form).to_string(),
        };
        text.push_str(&format!("e{event};{written};{};m{};{}\n", TYPES[*of], event % 3, NUMBERS[*number]));
    }
    text.into_bytes()
}

#[test]
fn other_forms_of_times_numbers_and_types_are_read_fast() {
    let program = load::checked(PROGRAM).expect("a program");
    let good: [(usize, &[usize]); 7] =
        [(0, &[0, 4, 8]), (1, &[0, 5, 9]), (2, &[4, 10, 11]), (3, &[3, 4]), (4, &[5, 12]), (5, &[0]), (6, &[4, 8])];
    for (way, numbers) in good {
        let of = |at: usize| (u8::try_from(at).unwrap_or(0), 0, numbers[at % numbers.len()], 2 * (at % 2));
        let rows: Vec<Row> = (0..30).map(of).collect();
        // A year of two digits has no place of its own.
        let wanted = Ok(way != 5);
        assert_eq!(compared(&program, &map(way, true), (Shape::Text, file(way, &rows)), 90), wanted, "{:?}", WAYS[way]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn files_in_other_forms_are_read_fast_as_the_ledger_reads_them(
        rows in proptest::collection::vec((0_u8..30, 0_u8..4, 0_usize..NUMBERS.len(), 0_usize..TYPES.len()), 1..12),
        way in 0_usize..WAYS.len(),
        types in any::<bool>(),
        plain in any::<bool>(),
        chunk in 40_usize..600,
    ) {
        let program = load::checked(PROGRAM).expect("a program");
        let mut rows = rows;
        if plain {
            // Of files that are good but for their numbers, more are taken.
            rows.iter_mut().for_each(|row| (row.1, row.3) = (2 * (row.1 % 2), 2));
        }
        let outcome = compared(&program, &map(way, types), (Shape::Text, file(way, &rows)), chunk);
        prop_assert!(outcome.is_ok(), "{way} {types} {rows:?}\n{}", outcome.unwrap_err());
    }
}
