//! Reads Parquet or Arrow files the fast way, and shows how many rows a second that is:
//! `cargo run --release --example scan_parquet -- [--floats N] [--threads N] FILE…`
//!
//! With `--grocer` the columns are those of the published grocer's file, else ours.

use std::fs::File;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use loyal::source::batch::{Asked, Column, NONE, Read, Unusual};
use loyal::source::columnar::{Columnar, Layout, Piece, Room};
use loyal::source::raw::Raw;
use loyal::source::scratch::InMemory;
use loyal::source::table::settled;

const OURS: [&str; 6] = ["id", "time", "type", "member", "amount", "category"];
const GROCER: [&str; 6] =
    ["basket_id", "transaction_timestamp", "store_id", "household_id", "sales_value", "product_id"];

/// What is asked for: id, time, type, member, amount, category.
fn asked(names: [&str; 6]) -> Vec<Asked> {
    let types = || Read::Code(["purchase", "return", "redeem", "visit"].map(String::from).to_vec());
    let categories = || Read::Code(["food", "fuel", "drinks", "bakery"].map(String::from).to_vec());
    let reads = [Read::Text, Read::Time, types(), Read::Text, Read::Number, categories()];
    names.into_iter().zip(reads).map(|(name, read)| Asked { name: name.into(), read, optional: true }).collect()
}

/// What one thread reads: rows, and what their amounts come to.
fn work(layout: &Layout, rows: &AtomicU64) -> Result<i128, Unusual> {
    let (mut piece, mut room, mut sum) = (Piece::default(), Room::default(), 0_i128);
    while layout.next(&mut piece)? {
        let batch = layout.parse(&mut piece, &mut room)?;
        rows.fetch_add(batch.rows as u64, Ordering::Relaxed);
        if let Column::Number(amounts) = &batch.columns[4] {
            sum += amounts.iter().filter(|amount| **amount != NONE).map(|amount| i128::from(*amount)).sum::<i128>();
        }
        room.back(batch);
    }
    Ok(sum)
}

fn scan(path: &str, names: [&str; 6], floats: Option<u32>, threads: usize) -> Result<(u64, i128), String> {
    let file = File::open(path).map_err(|error| format!("{path}: {error}"))?;
    let (shape, raw) = settled(Raw::File(Arc::new(file)), &InMemory).map_err(|error| format!("{path}: {error}"))?;
    let odd = |odd: Unusual| format!("{path}: unusual: {odd}");
    let opened = Columnar::open(shape, raw, 0, &InMemory).map_err(odd)?;
    let pieces = opened.pieces();
    let layout = opened.ask(&asked(names), floats).map_err(odd)?;
    let rows = AtomicU64::new(0);
    let sums = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(|| work(&layout, &rows))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no thread panics")).collect::<Result<Vec<_>, _>>()
    });
    let sum = sums.map_err(odd)?.iter().sum();
    eprintln!("{path}: {pieces} pieces");
    Ok((rows.into_inner(), sum))
}

fn main() -> ExitCode {
    let (mut names, mut floats, mut threads, mut paths) = (OURS, None, 1, Vec::new());
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut number = || args.next().and_then(|number| number.parse::<u32>().ok());
        match arg.as_str() {
            "--grocer" => names = GROCER,
            "--floats" => floats = number(),
            "--threads" => threads = number().map_or(1, |threads| threads as usize),
            _ => paths.push(arg),
        }
    }
    for path in &paths {
        let start = Instant::now();
        match scan(path, names, floats, threads) {
            Ok((rows, sum)) => {
                let seconds = start.elapsed().as_secs_f64();
                println!(
                    "{rows} rows, amounts {sum} ten-thousandths, {seconds:.3} s: {:.2} million rows/s",
                    rows as f64 / seconds / 1e6
                );
            }
            Err(words) => {
                eprintln!("{words}");
                return ExitCode::from(2);
            }
        }
    }
    ExitCode::SUCCESS
}
