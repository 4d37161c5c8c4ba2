//! How fast a CSV file is read: `cargo run --release --example scan_csv FILE [THREADS]`.
//!
//! Four times are taken, each the best of nine: reading the file in blocks of 1 MiB and counting its newlines;
//! parting its rows into cells; reading one column of texts; reading six columns of an events file.

use loyal::source::batch::{Asked, Read, Unusual};
use loyal::source::csv::{CHUNK, Chunk, Csv, Input, Room};
use std::fs::File;
use std::io::{self, Read as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("say which file")?;
    let threads = arguments.next().map_or(Ok(1), |threads| threads.parse())?;
    let length = arguments.next().map_or(Ok(CHUNK), |length| length.parse())?;
    let bytes = std::fs::metadata(&path)?.len();
    let (mut least, mut lines) = (Duration::MAX, 0);
    let mut best = [Duration::MAX; 3];
    for _ in 0..9 {
        let start = Instant::now();
        lines = newlines(&path)?;
        least = least.min(start.elapsed());
        let words = |list: &[&str]| Read::Code(list.iter().map(|word| (*word).to_owned()).collect());
        let asked = |columns: Vec<(&str, Read)>| -> Vec<Asked> {
            columns.into_iter().map(|(name, read)| Asked { name: name.into(), read, optional: false }).collect()
        };
        let id = || ("id", Read::Text);
        let all = vec![
            id(),
            ("time", Read::Time),
            ("type", words(&["purchase", "return", "redeem", "visit", "activity", "join", "leave", "transfer"])),
            ("member", Read::Text),
            ("amount", Read::Number),
            ("category", words(&["dairy", "bakery", "coffee", "wine", "vegetables", "meat"])),
        ];
        for (best, asked) in best.iter_mut().zip([vec![], asked(vec![id()]), asked(all)]) {
            let start = Instant::now();
            let rows = read(&path, threads, length, &asked).map_err(|unusual| unusual.to_string())?;
            *best = (*best).min(start.elapsed());
            assert!(rows + 1 >= lines, "{rows} rows in {lines} lines");
        }
    }
    println!("{lines} lines, {bytes} bytes, {threads} threads, chunks of {} KiB", length >> 10);
    let names = ["newlines", "cells parted", "one text column", "six columns"];
    for (name, time) in names.iter().zip([least, best[0], best[1], best[2]]) {
        let nanoseconds = time.as_nanos() as u64;
        println!(
            "{name:<16} {:>6.1} ms  {:>6.2} GB/s  {:>5.1} ns a line  {:>5.2} x",
            time.as_secs_f64() * 1000.0,
            bytes as f64 / nanoseconds as f64,
            nanoseconds as f64 / lines as f64,
            time.as_secs_f64() / least.as_secs_f64(),
        );
    }
    Ok(())
}

/// Counts newlines, and does nothing else.
fn newlines(path: &str) -> io::Result<u64> {
    let mut file = File::open(path)?;
    let mut block = vec![0; 1 << 20];
    let mut lines = 0;
    loop {
        match file.read(&mut block)? {
            0 => return Ok(lines),
            read => lines += memchr::memchr_iter(b'\n', &block[..read]).count() as u64,
        }
    }
}

/// Reads some columns; how many rows there were.
fn read(path: &str, threads: usize, length: usize, asked: &[Asked]) -> Result<u64, Unusual> {
    let open = |error: io::Error| Unusual { file: 0, what: error.to_string() };
    let csv = Csv::open(Input::File(Box::new(File::open(path).map_err(open)?)), 0, None)?;
    let layout = csv.ask(asked)?;
    let rows = AtomicU64::new(0);
    std::thread::scope(|scope| {
        let work = || -> Result<(), Unusual> {
            let (mut chunk, mut room) = (Chunk::default(), Room::default());
            while csv.next(&mut chunk, length)? {
                let batch = layout.parse(&mut chunk, &mut room)?;
                rows.fetch_add(std::hint::black_box(&batch).rows as u64, Ordering::Relaxed);
                room.back(batch);
            }
            Ok(())
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap_or(Ok(())))
    })?;
    Ok(rows.into_inner())
}
