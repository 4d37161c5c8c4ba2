//! Plays members live, each with 24 purchases in a year, and tells what one event takes:
//!
//! `cargo run --release --example live_year -- 100000 benches/w1.loyal programs/coffee/program.loyal`
//!
//! For each program the time of an event that is built each time, and of one that is like one that was prepared.

use loyal::check::check;
use loyal::engine::live::{Bought, Like, Silence, player};
use loyal::engine::plan::Plan;
use loyal::ledger::{Event, Kind, Line, MemberRow};
use loyal::mechanics::Program;
use loyal::syntax::{self, Files};
use loyal::text::Sources;
use loyal::value::clock::{Date, Length, Moment};
use loyal::value::exact::Exact;
use std::time::Instant;

/// Purchases of a member.
const PURCHASES: u32 = 24;

struct Disk;

impl Files for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        std::fs::read(path).map_err(|why| why.to_string())
    }
}

fn main() -> Result<(), String> {
    let mut words = std::env::args().skip(1);
    let members = words.next().and_then(|number| number.parse().ok()).ok_or("how many members?")?;
    for path in words {
        let mut sources = Sources::default();
        let parsed = syntax::parse(&mut sources, &Disk, &path);
        let program = check(&parsed.ast, &sources).program.ok_or_else(|| format!("{path} is not accepted"))?;
        measure(&path, &program, members)?;
    }
    Ok(())
}

/// The days of a year's purchases, each with its moment, its id and its amount.
fn year(program: &Program) -> Vec<(Date, Moment, String, i64)> {
    let clock = &program.settings.clock;
    let first = Length::Days(1).after(start(program)).unwrap_or(Date::MIN);
    let one = |nth: u32| {
        let day = Length::Days(nth * 15).after(first).unwrap_or(first);
        (day, clock.start_of(day), format!("p{nth}"), i64::from(170_000 + nth * 7_310 % 300_000))
    };
    (0..PURCHASES).map(one).collect()
}

fn start(program: &Program) -> Date {
    program.settings.from.unwrap_or(jiff::civil::date(2026, 1, 1))
}

fn purchase(program: &Program) -> Event {
    let mut event = Event::new("like", Moment::MIN, &program.settings.clock, Kind::Purchase);
    event.lines = vec![Line { amount: Some(Exact::one()), category: Some("coffee".to_owned()), ..Line::default() }];
    event
}

fn measure(path: &str, program: &Program, members: u32) -> Result<(), String> {
    let plan = Plan::of(program);
    let by = if plan.beyond.is_empty() { "the machine" } else { "the reference" };
    let (year, like) = (year(program), Like::new(purchase(program), &plan));
    let mut live = player(&plan);
    let row = MemberRow::default();
    let wrong = |why: loyal::engine::fast::Beyond| why.to_string();
    let mut took = Vec::new();
    for built in [true, false] {
        let begun = Instant::now();
        let mut points = 0_i64;
        for member in 0..members {
            live.begin(&format!("m{member}"), &row, start(program)).map_err(wrong)?;
            for (day, at, id, amount) in &year {
                let bought = Bought { id, at: *at, day: *day, amounts: &[*amount] };
                if built {
                    live.play(&like.event(&bought), &mut Silence).map_err(wrong)?;
                } else {
                    live.buy(&like, &bought, &mut Silence).map_err(wrong)?;
                }
            }
            points += live.stands().outstanding.iter().sum::<i64>();
        }
        let each = begun.elapsed().as_secs_f64() * 1e6 / f64::from(members * PURCHASES);
        took.push((each, points));
    }
    println!("{path}: {by}; built {:.2} µs, like {:.2} µs an event; {} points", took[0].0, took[1].0, took[0].1);
    if took[0].1 == took[1].1 { Ok(()) } else { Err(format!("{path}: {took:?}")) }
}
