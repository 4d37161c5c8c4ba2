//! Hand-written programs for the workloads of `docs/performance.md`: what a careful engineer would write for this one
//! shop. What the file may hold that the workloads never do (quotes, longer ids, members who join later) they refuse.
//!
//! `hand w1|w2|w3|count|split --events FILE [--members FILE] [--facts FILE] [--threads N] [--purchases-only]`

mod back;
mod csv;
mod facts;
mod model;
mod parquet;
mod table;
mod w12;
mod w3;
mod work;

use std::fs::File;
use std::io::Read;
use std::process::ExitCode;

struct Args {
    what: String,
    events: String,
    members: Option<String>,
    facts: String,
    threads: usize,
    purchases_only: bool,
}

fn args() -> Result<Args, String> {
    let mut args = std::env::args().skip(1);
    let mut given = Args {
        what: args.next().ok_or("which workload?")?,
        events: String::new(),
        members: None,
        facts: "/dev/null".to_owned(),
        threads: 1,
        purchases_only: false,
    };
    while let Some(arg) = args.next() {
        if arg == "--purchases-only" {
            given.purchases_only = true;
            continue;
        }
        let value = args.next().ok_or_else(|| format!("{arg} needs a value"))?;
        match arg.as_str() {
            "--events" => given.events = value,
            "--members" => given.members = Some(value),
            "--facts" => given.facts = value,
            "--threads" => given.threads = value.parse().map_err(|_| "--threads needs a number".to_owned())?,
            _ => return Err(format!("no option {arg}")),
        }
    }
    Ok(given)
}

/// The yardstick: reads the file and counts its line ends.
fn count(path: &str) -> Result<(), String> {
    let mut file = File::open(path).map_err(|error| format!("{path}: {error}"))?;
    let mut piece = vec![0; 1 << 18];
    let mut lines = 0;
    loop {
        let read = file.read(&mut piece).map_err(|error| error.to_string())?;
        if read == 0 {
            break;
        }
        lines += memchr::memchr_iter(b'\n', &piece[..read]).count();
    }
    println!("{lines}");
    Ok(())
}

/// Splits the file into cells and does nothing with them.
fn split(path: &str) -> Result<(), String> {
    let file = File::open(path).map_err(|error| format!("{path}: {error}"))?;
    let size = file.metadata().map_err(|error| error.to_string())?.len();
    let (mut reader, mut cells, mut from) = (csv::Reader::new(), 0, 0);
    while from < size {
        let to = (from + (1 << 19)).min(size);
        cells += reader.cells(&file, size, from, to)?;
        from = to;
    }
    println!("{cells}");
    Ok(())
}

fn go() -> Result<(), String> {
    let args = args()?;
    let members = args.members.as_deref();
    let (events, facts, threads) = (args.events.as_str(), args.facts.as_str(), args.threads);
    match (args.what.as_str(), args.purchases_only) {
        ("w1", false) => work::run::<w12::Earning<false, true>>(events, members, facts, threads),
        ("w1", true) => work::run::<w12::Earning<false, false>>(events, members, facts, threads),
        ("w2", false) => work::run::<w12::Earning<true, true>>(events, members, facts, threads),
        ("w2", true) => work::run::<w12::Earning<true, false>>(events, members, facts, threads),
        ("w3", _) => work::run::<w3::All>(events, members, facts, threads),
        ("count", _) => count(events),
        ("split", _) => split(events),
        (other, _) => Err(format!("no workload {other}")),
    }
}

fn main() -> ExitCode {
    match go() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
