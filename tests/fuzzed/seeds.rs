//! First inputs for a long run: the programs, cases and examples that are there anyway, put into the shape of each target.

use crate::kept::STATE;
use crate::{history, pair};
use arrow_array::{ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int32Array};
use arrow_array::{Int64Array, RecordBatch, StringArray, TimestampMillisecondArray};
use arrow_ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};
use loyal::syntax::Rule;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Larger inputs make a run slow.
const LARGEST: usize = 8 << 10;

/// Writes the inputs of all targets.
pub fn write(root: &Path) -> io::Result<()> {
    let out = Seeds { folder: root.join("fuzz/seeds") };
    out.programs(root)?;
    out.phrases(root)?;
    out.histories(root)?;
    out.tables()?;
    out.states()?;
    out.woven()
}

struct Seeds {
    folder: PathBuf,
}

impl Seeds {
    fn put(&self, target: &str, bytes: &[u8]) -> io::Result<()> {
        if bytes.len() > LARGEST {
            return Ok(());
        }
        let folder = self.folder.join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(format!("{:08x}-{}", crc32fast::hash(bytes), bytes.len())), bytes)
    }

    /// Every program that stands in a file, with the older one it replaces.
    fn programs(&self, root: &Path) -> io::Result<()> {
        for path in found(root, "loyal") {
            let mut text = fs::read(&path)?;
            if path.ends_with("old.loyal") {
                continue;
            }
            if let Ok(old) = fs::read(path.with_file_name("old.loyal")) {
                text.extend_from_slice(b"\n=== old.loyal\n");
                text.extend(old);
            }
            for target in ["parse", "format", "check"] {
                self.put(target, &text)?;
            }
        }
        Ok(())
    }

    /// Every clause of those programs, as the phrase that reads it where one is named so, else as some.
    fn phrases(&self, root: &Path) -> io::Result<()> {
        let rules = Rule::all_rules();
        let names: Vec<String> = rules.iter().map(|rule| format!("{rule:?}")).collect();
        for path in found(root, "loyal") {
            let Ok(text) = fs::read_to_string(&path) else { continue };
            let mut block = "";
            for line in text.lines() {
                let word = line.split_whitespace().next().unwrap_or_default();
                if !line.starts_with(' ') {
                    block = word;
                    continue;
                }
                let of = if matches!(block, "earn" | "bonus") { "rule" } else { block };
                let wanted = [format!("{of}_{word}"), format!("{block}_{word}"), "condition".to_owned()];
                let at = wanted.iter().find_map(|name| names.iter().position(|known| known == name)).unwrap_or(0);
                let at = u16::try_from(at).unwrap_or(0).to_be_bytes();
                self.put("clause", &[&at[..], line.trim().as_bytes()].concat())?;
            }
        }
        Ok(())
    }

    /// Every history that stands beside a program, alone and with it; every column map with its files.
    fn histories(&self, root: &Path) -> io::Result<()> {
        for path in found(root, "loyal").into_iter().filter(|path| path.ends_with("program.loyal")) {
            let file = |name: &str| fs::read_to_string(path.with_file_name(name)).ok();
            let Some(events) = file("events.csv") else { continue };
            let mut rest = String::new();
            for name in ["members.csv", "items.csv", "as_of.txt", "old.loyal"] {
                rest += &file(name).map(|text| format!("\n=== {name}\n{text}")).unwrap_or_default();
            }
            self.put("history", format!("{events}{rest}").as_bytes())?;
            let text = fs::read_to_string(&path)?;
            self.put("engines", format!("{text}\n=== events.csv\n{events}{rest}").as_bytes())?;
            if let Some(map) = file("columns.toml") {
                self.put("columns", format!("{map}\n=== events.csv\n{events}{rest}").as_bytes())?;
            }
        }
        for path in found(root, "toml").into_iter().filter(|path| path.ends_with("columns.toml")) {
            self.put("columns", fs::read_to_string(&path)?.as_bytes())?;
        }
        Ok(())
    }

    /// Woven pairs, as text and as the choices that weave them.
    fn woven(&self) -> io::Result<()> {
        for seed in (0..400).step_by(4) {
            let mut bytes = vec![u8::try_from(seed % 251).unwrap_or(0)];
            bytes.extend(
                (0..400_u32).map(|at| (at.wrapping_mul(2_654_435_761).wrapping_add(seed as u32 * 97) >> 13) as u8),
            );
            self.put("woven", &bytes[..1 + usize::try_from(seed).unwrap_or(0)])?;
            let Some(sound) = pair::program(seed) else { continue };
            let chronicle: history::Chronicle = pair::history(seed, &sound);
            let files = chronicle.files().into_iter().map(|(name, text)| format!("\n=== {name}\n{text}"));
            self.put("engines", format!("{}{}", sound.text, files.collect::<String>()).as_bytes())?;
            self.put("history", chronicle.events_csv().as_bytes())?;
        }
        Ok(())
    }

    /// Small tables of every kind of cell, packed in every way.
    fn tables(&self) -> io::Result<()> {
        let rows = [texts(), typed()];
        for rows in &rows {
            for packing in [
                Compression::UNCOMPRESSED,
                Compression::SNAPPY,
                Compression::GZIP(Default::default()),
                Compression::ZSTD(Default::default()),
                Compression::BROTLI(Default::default()),
                Compression::LZ4_RAW,
            ] {
                let how = WriterProperties::builder().set_compression(packing).build();
                let mut bytes = Vec::new();
                let mut writer =
                    ArrowWriter::try_new(&mut bytes, rows.schema(), Some(how)).map_err(io::Error::other)?;
                writer.write(rows).map_err(io::Error::other)?;
                writer.close().map_err(io::Error::other)?;
                self.put("parquet", &bytes)?;
            }
            for packing in [None, Some(arrow_ipc::CompressionType::LZ4_FRAME), Some(arrow_ipc::CompressionType::ZSTD)] {
                let how = IpcWriteOptions::default().try_with_compression(packing).map_err(io::Error::other)?;
                let mut bytes = Vec::new();
                let mut writer = FileWriter::try_new_with_options(&mut bytes, &rows.schema(), how.clone())
                    .map_err(io::Error::other)?;
                writer.write(rows).map_err(io::Error::other)?;
                writer.finish().map_err(io::Error::other)?;
                drop(writer);
                self.put("parquet", &bytes)?;
                let mut bytes = Vec::new();
                let mut writer =
                    StreamWriter::try_new_with_options(&mut bytes, &rows.schema(), how).map_err(io::Error::other)?;
                writer.write(rows).map_err(io::Error::other)?;
                writer.finish().map_err(io::Error::other)?;
                drop(writer);
                self.put("parquet", &bytes)?;
            }
        }
        let text = b"id,time,type,member,amount\np1,2026-02-03,purchase,ana,20\n";
        self.put("parquet", text)?;
        self.put("parquet", &zstd::encode_all(&text[..], 3)?)?;
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        io::Write::write_all(&mut packed, text)?;
        self.put("parquet", &packed.finish()?)
    }

    /// Every file of a state, as it stands and as what is written in it.
    fn states(&self) -> io::Result<()> {
        for (which, (name, bytes)) in STATE.iter().enumerate() {
            let which = u8::try_from(which).unwrap_or(0);
            self.put("state", &[&[which, 0], bytes.as_slice()].concat())?;
            self.put("state", &[&[which, 1], crate::kept::inside(name, bytes).as_slice()].concat())?;
        }
        Ok(())
    }
}

const COLUMNS: [&str; 5] = ["id", "time", "type", "member", "amount"];

/// Three rows of texts.
fn texts() -> RecordBatch {
    let column = |texts: [&str; 3]| -> ArrayRef { Arc::new(StringArray::from(texts.to_vec())) };
    let cells = [
        ["p1", "p2", "p3"],
        ["2026-02-03", "2026-02-04 10:00", "2026-02-05T10:00:00Z"],
        ["purchase"; 3],
        ["ana", "ben", "ana"],
        ["20", "30.50", "7"],
    ];
    RecordBatch::try_from_iter(COLUMNS.into_iter().zip(cells.map(column))).expect("columns of one length")
}

/// Three rows in which each column is of another kind.
fn typed() -> RecordBatch {
    let words: ArrayRef = Arc::new(DictionaryArray::new(
        Int32Array::from(vec![Some(0), Some(0), Some(1)]),
        Arc::new(StringArray::from(vec!["purchase", "visit"])),
    ));
    let amount = Decimal128Array::from(vec![Some(2000), None, Some(705)]).with_precision_and_scale(12, 2);
    let columns: [(&str, ArrayRef); 10] = [
        ("id", Arc::new(Int64Array::from(vec![1, 2, 3]))),
        ("time", Arc::new(TimestampMillisecondArray::from(vec![1_770_000_000_000, 1_770_100_000_000, 0]))),
        ("type", words),
        ("member", Arc::new(StringArray::from(vec![Some("ana"), Some("ben"), None]))),
        ("amount", Arc::new(amount.expect("two decimals of twelve digits"))),
        ("regular", Arc::new(Float64Array::from(vec![Some(20.5), Some(-0.0), None]))),
        ("qty", Arc::new(Int32Array::from(vec![1, 2, 3]))),
        ("sku", Arc::new(StringArray::from(vec!["K1", "", "C1"]))),
        ("opened", Arc::new(Date32Array::from(vec![20_000, 0, -1]))),
        ("paid", Arc::new(BooleanArray::from(vec![Some(true), Some(false), None]))),
    ];
    RecordBatch::try_from_iter(columns).expect("columns of one length")
}

/// The files of the project with that ending, but for those that a build or the fuzzer writes.
fn found(root: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in ["programs", "tests", "examples"] {
        look(&root.join(folder), ending, &mut found);
    }
    found.sort();
    found
}

fn look(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if path.is_dir() {
            look(&path, ending, found);
        } else if path.extension().is_some_and(|end| end == ending) {
            found.push(path);
        }
    }
}
