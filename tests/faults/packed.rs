//! Damaged and hostile packed files.

use crate::loyal::Folder;
use arrow_array::{ArrayRef, DictionaryArray, Int32Array, RecordBatch, StringArray};
use arrow_ipc::writer::{FileWriter, IpcWriteOptions};
use loyal::source::raw::Raw;
use loyal::source::scratch::InMemory;
use loyal::source::shape::Damaged;
use loyal::source::table::{self, Opened};
use parquet::arrow::ArrowWriter;
use std::io::Read;
use std::sync::Arc;

const COLUMNS: [&str; 5] = ["id", "time", "type", "member", "amount"];

/// Rows that all say the same, as places in dictionaries of one text.
fn same(rows: usize, member: &str) -> RecordBatch {
    let column = |text: &str| -> ArrayRef {
        let (places, texts) = (Int32Array::from(vec![0; rows]), StringArray::from(vec![text]));
        Arc::new(DictionaryArray::new(places, Arc::new(texts)))
    };
    let cells = ["p1", "2026-02-03", "purchase", member, "20"];
    RecordBatch::try_from_iter(COLUMNS.into_iter().zip(cells.into_iter().map(column))).expect("columns of one length")
}

fn parquet(rows: &RecordBatch) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, rows.schema(), None).expect("a schema");
    writer.write(rows).expect("memory takes it");
    writer.close().expect("memory takes it");
    bytes
}

fn arrow(rows: &RecordBatch) -> Vec<u8> {
    let packed = IpcWriteOptions::default().try_with_compression(Some(arrow_ipc::CompressionType::LZ4_FRAME));
    let mut bytes = Vec::new();
    let mut writer =
        FileWriter::try_new_with_options(&mut bytes, &rows.schema(), packed.expect("lz4")).expect("a schema");
    writer.write(rows).expect("memory takes it");
    writer.finish().expect("memory takes it");
    drop(writer);
    bytes
}

/// Few rows, so that all of a file is looked at.
fn few() -> RecordBatch {
    let column = |texts: [&str; 3]| -> ArrayRef { Arc::new(StringArray::from(texts.to_vec())) };
    let cells = [
        ["p1", "p2", "p3"],
        ["2026-02-03", "2026-02-04", "2026-02-05"],
        ["purchase"; 3],
        ["ana", "ben", "ana"],
        ["20", "30.50", "7"],
    ];
    RecordBatch::try_from_iter(COLUMNS.into_iter().zip(cells.map(column))).expect("columns of one length")
}

/// Reads a file to its end.
fn read(bytes: Vec<u8>) -> std::io::Result<u64> {
    match table::open(Raw::File(Arc::new(bytes)), &InMemory)? {
        Opened::Text(mut text) => std::io::copy(&mut text.by_ref().take(1 << 20), &mut std::io::sink()),
        Opened::Table(mut table) => {
            let mut rows = 0;
            while let Some(batch) = table.next_batch()? {
                rows += batch.num_rows() as u64;
            }
            Ok(rows)
        }
    }
}

/// Each byte of a file changed, and the file cut short before it: whatever is found wrong is damage of the file, and
/// never a panic or the machine's fault.
fn every_byte(whole: &[u8]) {
    assert_eq!(read(whole.to_vec()).expect("the whole file"), 3);
    for at in 0..whole.len() {
        let mut changed = whole.to_vec();
        changed[at] ^= 1 << (at % 8);
        for bytes in [changed, whole[..at].to_vec()] {
            if let Err(error) = read(bytes) {
                assert!(Damaged::of(&error).is_some(), "byte {at}: {error:?}");
            }
        }
    }
}

#[test]
fn any_changed_byte_of_parquet_is_damage_or_other_data() {
    every_byte(&parquet(&few()));
}

#[test]
fn any_changed_byte_of_packed_arrow_is_damage_or_other_data() {
    every_byte(&arrow(&few()));
}

#[test]
fn a_text_that_unpacks_beyond_measure_is_refused() {
    let folder = Folder::with("points", "en");
    for (name, bytes) in [
        ("cell.parquet", parquet(&same(100, &"x".repeat(2_000_000)))),
        ("cell.arrow", arrow(&same(100, &"x".repeat(2_000_000)))),
    ] {
        folder.write(name, bytes);
        folder.loyal(&["run", "shop", "--events", name]).code(2).says(&["member", "longer than a million bytes"]);
    }
}

#[test]
fn more_rows_than_a_file_can_hold_are_refused() {
    let folder = Folder::with("points", "en");
    folder.write("rows.parquet", parquet(&same(1_100_000, "ana")));
    folder.loyal(&["run", "shop", "--events", "rows.parquet"]).code(2).says(&["1100000 rows in"]);
}

#[test]
fn a_packed_file_that_was_made_to_fill_a_machine_is_refused() {
    let folder = Folder::with("points", "en");
    let (note, mut text) = ("x".repeat(900_000), "id,time,type,member,amount,note\n".to_owned());
    for row in 0..76 {
        text.push_str(&format!("p{row},2026-02-03,purchase,ana,20,{note}\n"));
    }
    folder.write("bomb.csv.zst", zstd::encode_all(text.as_bytes(), 3).expect("memory takes it"));
    let came = folder.loyal(&["run", "shop", "--events", "bomb.csv.zst"]).code(2);
    came.says(&["bomb.csv.zst", "200 times its bytes", "name the plain file"]);
    folder.write("plain.csv", text);
    folder.loyal(&["run", "shop", "--events", "plain.csv"]).code(0);
}
