//! Histories in files of every kind: packed, typed, many at once, on standard input; and tables written with types.

use super::loyal::Folder;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Int64Type};
use arrow_array::{Array, ArrayRef, BinaryArray, Float64Array, RecordBatch, StringArray};
use arrow_schema::DataType;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::io::Write;
use std::process::Stdio;
use std::sync::Arc;

fn gzip(text: &str) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(text.as_bytes()).expect("a vector takes all");
    writer.finish().expect("a vector takes all")
}

/// The columns of a CSV without quotes, as texts.
fn texts(csv: &str) -> RecordBatch {
    let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    let columns = rows[0].iter().enumerate().map(|(at, name)| {
        let cells = rows[1..].iter().map(|row| row.get(at).copied().filter(|cell| !cell.is_empty()));
        (*name, Arc::new(StringArray::from_iter(cells)) as ArrayRef)
    });
    RecordBatch::try_from_iter_with_nullable(columns.map(|(name, array)| (name, array, true))).expect("columns")
}

fn parquet(batch: &RecordBatch) -> Vec<u8> {
    let mut out = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut out, batch.schema(), None).expect("a writer");
    writer.write(batch).expect("rows");
    writer.close().expect("a footer");
    out
}

fn arrow(batch: &RecordBatch) -> Vec<u8> {
    let mut out = Vec::new();
    let mut writer = arrow_ipc::writer::StreamWriter::try_new(&mut out, &batch.schema()).expect("a writer");
    writer.write(batch).expect("rows");
    writer.finish().expect("an end");
    out
}

/// The facts of a run over these events.
fn facts(folder: &Folder, events: &[&str]) -> String {
    let mut command = vec!["run", "shop", "--quiet", "--facts", "-", "--events"];
    command.extend(events);
    folder.loyal(&command).code(0).out
}

/// Old writers have texts as bytes without a type, mostly as places in a dictionary.
#[test]
fn bytes_without_a_type_are_texts_in_parquet() {
    let folder = Folder::with("points", "en");
    let whole = facts(&folder, &["shop/events.csv"]);
    let batch = texts(&folder.read("shop/events.csv"));
    let bytes = |array: &ArrayRef| Arc::new(BinaryArray::from(array.as_string::<i32>().clone())) as ArrayRef;
    for which in 0..=batch.num_columns() {
        let schema = batch.schema();
        let columns = batch.columns().iter().zip(schema.fields()).enumerate().map(|(at, (array, field))| {
            let is_bytes = at == which || which == batch.num_columns();
            (field.name().as_str(), if is_bytes { bytes(array) } else { Arc::clone(array) }, true)
        });
        let batch = RecordBatch::try_from_iter_with_nullable(columns).expect("columns");
        folder.write("bytes.parquet", parquet(&batch));
        assert_eq!(facts(&folder, &["bytes.parquet"]), whole, "column {which} as bytes");
    }
}

#[test]
fn packed_typed_and_split_files_come_to_the_same() {
    let folder = Folder::with("points", "en");
    let events = folder.read("shop/events.csv");
    let whole = facts(&folder, &["shop/events.csv"]);
    assert!(whole.lines().count() > 5, "{whole}");
    folder.write("till.gz", gzip(&events));
    folder.write("till.zst", zstd::encode_all(events.as_bytes(), 3).expect("packed"));
    // A name says nothing: the first bytes do.
    folder.write("till.csv", parquet(&texts(&events)));
    folder.write("till.arrow", arrow(&texts(&events)));
    for file in ["till.gz", "till.zst", "till.csv", "till.arrow"] {
        assert_eq!(facts(&folder, &[file]), whole, "{file}");
    }
    // Split by id over three kinds of file, named by a pattern.
    let (header, rows) = events.split_once('\n').expect("a header");
    let part = |third: usize| {
        let of = |row: &&str| {
            row.split(',').next().is_some_and(|id| id.bytes().map(usize::from).sum::<usize>() % 3 == third)
        };
        format!("{header}\n{}\n", rows.lines().filter(of).collect::<Vec<_>>().join("\n"))
    };
    folder.write("days/1.csv", part(0));
    folder.write("days/2.csv.gz", gzip(&part(1)));
    folder.write("days/3.parquet", parquet(&texts(&part(2))));
    assert_eq!(facts(&folder, &["days/*"]), whole);
    assert_eq!(facts(&folder, &["days/[12].*", "days/*.parquet"]), whole);
}

#[test]
fn standard_input_may_be_of_any_kind() {
    let folder = Folder::with("points", "en");
    let events = folder.read("shop/events.csv");
    let whole = facts(&folder, &["shop/events.csv"]);
    for (name, bytes) in [
        ("csv", events.clone().into_bytes()),
        ("gzip", gzip(&events)),
        ("parquet", parquet(&texts(&events))),
        ("arrow", arrow(&texts(&events))),
    ] {
        let mut command = folder.command();
        command.args(["run", "shop", "--quiet", "--facts", "-", "--events", "-"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary runs");
        child.stdin.take().expect("a pipe").write_all(&bytes).expect("the binary reads");
        let output = child.wait_with_output().expect("the binary ends");
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            whole,
            "{name}: {:?}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

#[test]
fn a_pattern_that_fits_nothing_is_a_wrong_command() {
    let folder = Folder::with("points", "en");
    folder.loyal(&["run", "shop", "--events", "till-*.csv"]).code(3).says(&["--events till-*.csv", "no file fits"]);
    folder.loyal(&["run", "shop", "--events", "till-[.csv"]).code(3).says(&["till-[.csv", "no pattern"]);
    // A file that is called just that is that file.
    folder.write("a[1].csv", folder.read("shop/events.csv"));
    folder.loyal(&["run", "shop", "--events", "a[1].csv"]).code(0);
}

#[test]
fn wrong_typed_files_are_two_and_nothing_is_written() {
    let folder = Folder::with("points", "en");
    let rows = texts("id,time,type,member\np1,2026-01-05,purchase,ana\n");
    let amount: ArrayRef = Arc::new(Float64Array::from(vec![24.6]));
    let schema = rows.schema();
    let columns = schema.fields().iter().map(|field| field.name().clone()).zip(rows.columns().iter().cloned());
    let rows = RecordBatch::try_from_iter(columns.chain([("amount".to_owned(), amount)])).expect("columns");
    let file = parquet(&rows);
    folder.write("cut.parquet", &file[..file.len() - 20]);
    folder.write("till.parquet", file);
    let run = |file: &str| folder.loyal(&["run", "shop", "--events", file, "--out", "out"]);
    run("cut.parquet").code(2).says(&["cut.parquet", "Parquet", "cut short"]);
    run("till.parquet").code(2).says(&["till.parquet", "`amount`", "floats = \"2 decimals\""]);
    assert!(!folder.path("out").exists());
    folder.write("shop/columns.toml", "[events]\nfloats = \"2 decimals\"\n");
    run("till.parquet").code(0);
}

#[test]
fn tables_are_written_as_parquet_with_types() {
    let folder = Folder::with("points", "en");
    folder.loyal(&["run", "shop", "--out", "csv"]).code(0);
    folder.loyal(&["run", "shop", "--out", "typed", "--format", "parquet"]).code(0);
    folder.loyal(&["run", "shop", "--out", "again", "--format", "parquet"]).code(0);
    assert_eq!(folder.files("typed"), folder.files("again"), "the same bytes each time");
    folder.loyal(&["run", "shop", "--format", "parquet"]).code(3).says(&["--out DIR"]);
    let mut types = String::new();
    for (name, csv) in folder.files("csv") {
        let Some(table) = name.strip_suffix(".csv") else { continue };
        let file = std::fs::File::open(folder.path(&format!("typed/{table}.parquet"))).expect("the same table");
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).expect("a footer");
        types.push_str(&format!("{table}\n"));
        for field in reader.schema().fields() {
            types.push_str(&format!("  {} {}\n", field.name(), field.data_type()));
        }
        let batches: Vec<RecordBatch> = reader.build().expect("a reader").map(|batch| batch.expect("rows")).collect();
        let mut rows = csv::Reader::from_reader(csv.as_slice());
        let rows: Vec<Vec<String>> =
            rows.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect();
        let read: Vec<Vec<String>> = batches.iter().flat_map(shown).collect();
        let plain = |rows: Vec<Vec<String>>| -> Vec<Vec<String>> {
            let zeros = |cell: String| {
                if cell.contains('.') { cell.trim_end_matches('0').trim_end_matches('.').to_owned() } else { cell }
            };
            rows.into_iter().map(|row| row.into_iter().map(zeros).collect()).collect()
        };
        assert_eq!(plain(read), plain(rows), "{table}");
    }
    insta::assert_snapshot!("parquet_types", types);
}

/// The rows of a batch, as CSV shows them.
fn shown(batch: &RecordBatch) -> Vec<Vec<String>> {
    let cell = |array: &ArrayRef, row: usize| match array.data_type() {
        _ if array.is_null(row) => String::new(),
        DataType::Utf8 => array.as_string::<i32>().value(row).to_owned(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Date32 => {
            let days = array.as_primitive::<Date32Type>().value_as_date(row).expect("a day");
            days.format("%Y-%m-%d").to_string()
        }
        _ => array.as_primitive::<Decimal128Type>().value_as_string(row),
    };
    (0..batch.num_rows()).map(|row| batch.columns().iter().map(|array| cell(array, row)).collect()).collect()
}
