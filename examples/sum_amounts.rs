//! Reads events files as `run` does and shows how many lines they hold and what their amounts
//! come to, to the last digit: `cargo run --release --example sum_amounts -- MONEY [--map COLUMNS.TOML] FILE…`

use std::fs::File;
use std::process::ExitCode;
use std::time::Instant;

use loyal::ledger::{self, BadRows, ColumnMap, DataError, How, Input, Inputs, Mistakes};
use loyal::value::Clock;

fn sum(args: &[String]) -> Result<(), Mistakes> {
    let money = args.first().map_or("", String::as_str);
    let (map, files) = match args {
        [_, flag, path, files @ ..] if flag == "--map" => {
            let text = std::fs::read_to_string(path).map_err(|error| DataError::from_io(path, &error))?;
            (ColumnMap::parse(path, &text)?, files)
        }
        _ => (ColumnMap::default(), args.get(1..).unwrap_or_default()),
    };
    let mut inputs = Inputs::default();
    for path in files {
        let file = File::open(path).map_err(|error| DataError::from_io(path, &error))?;
        inputs.events.push(Input::file(path.clone(), file));
    }
    let clock = Clock::utc();
    let how = How { clock: &clock, money, minor_units: 2, map: &map, exchange: None, bad: BadRows::Refuse };
    let start = Instant::now();
    let loaded = ledger::read(inputs, &how, &mut |_| {})?;
    for note in &loaded.notes {
        eprintln!("{note}");
    }
    let events: u64 = loaded.totals.events.values().sum();
    println!("{} lines of {events} events, {} {money}", loaded.totals.lines, loaded.totals.amount);
    eprintln!("read in {:.1} s", start.elapsed().as_secs_f32());
    Ok(())
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match sum(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(mistakes) => {
            eprintln!("{mistakes}");
            ExitCode::from(2)
        }
    }
}
