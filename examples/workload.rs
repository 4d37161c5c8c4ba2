//! Makes the histories that `docs/performance.md` measures: a chain of shops, two years of tills, in time order.
//! The same seed makes the same bytes, and CSV and Parquet hold the same rows:
//!
//! `cargo run --release --example workload -- --lines 1000000 --seed 7 --out till.csv --out till.parquet
//! --members-out members.csv [--members 20000] [--purchases-only]`
//!
//! How often a member comes falls by a power law of her rank, down from some 130 times the mean. A basket has 1 to 12
//! lines; of the events 3% are returns (of all, of a line, of one piece, of part of the money) and 5% redemptions.
//! Every event is made from its own number alone, so nothing has to be remembered: a return knows its purchase by
//! making it again. Returns come from some hours to two months after their purchase; what was bought before the history
//! began is named too.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;
use std::sync::Arc;

use arrow_array::{ArrayRef, Decimal128Array, Int32Array, RecordBatch, StringArray, TimestampMillisecondArray};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

/// The categories; those that the programs of `benches/` speak of are among them.
const CATEGORIES: [&str; 24] = [
    "dairy",
    "bakery",
    "produce",
    "meat",
    "fish",
    "frozen",
    "drinks",
    "water",
    "coffee",
    "sweets",
    "snacks",
    "cereal",
    "canned",
    "spices",
    "household",
    "cleaning",
    "pet",
    "baby",
    "beauty",
    "pharmacy",
    "tobacco",
    "gift_card",
    "stationery",
    "toys",
];
/// How many articles there are; an article's number says its category and price.
const ARTICLES: u64 = 6_000;
/// How many shops.
const STORES: u64 = 40;
/// Days from 2024-01-01 to 2025-12-31, both inside.
const DAYS: u64 = 731;
/// 2024-01-01 as days since 1970-01-01.
const FIRST_DAY: u64 = 19_723;
/// Shops open at eight and close at ten, so no till is at work while clocks change.
const OPENS: u64 = 8 * 3600;
const OPEN_SECONDS: u64 = 14 * 3600;
/// Lines that a thousand events bring, a little low so that the last event stands before the end of the second year.
const LINES_PER_THOUSAND: u64 = 6_000;
/// The first event's id: all have eight digits.
const FIRST_ID: u64 = 10_000_000;
/// Rows of one row group.
const ROW_GROUP: usize = 262_144;
/// Rows handed to the Parquet writer at once.
const BATCH: usize = 65_536;

/// What is to be made.
struct Wanted {
    lines: u64,
    seed: u64,
    members: u64,
    purchases_only: bool,
    out: Vec<String>,
    members_out: Option<String>,
}

impl Wanted {
    fn from_args(args: &[String]) -> Result<Self, String> {
        let mut wanted =
            Wanted { lines: 1_000_000, seed: 7, members: 0, purchases_only: false, out: Vec::new(), members_out: None };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            if arg == "--purchases-only" {
                wanted.purchases_only = true;
                continue;
            }
            let value = args.next().ok_or_else(|| format!("{arg} needs a value"))?;
            let number = || value.parse::<u64>().map_err(|_| format!("{arg} needs a number, not {value:?}"));
            match arg.as_str() {
                "--lines" => wanted.lines = number()?,
                "--seed" => wanted.seed = number()?,
                "--members" => wanted.members = number()?,
                "--out" => wanted.out.push(value.clone()),
                "--members-out" => wanted.members_out = Some(value.clone()),
                _ => return Err(format!("no option {arg}")),
            }
        }
        if wanted.members == 0 {
            wanted.members = (wanted.lines / 50).max(1);
        }
        if wanted.lines > 200_000_000 || wanted.members > 9_000_000 {
            return Err("at most 200000000 lines and 9000000 members".to_owned());
        }
        Ok(wanted)
    }
}

/// SplitMix64: numbers that look random, the same on every machine.
struct Dice(u64);

impl Dice {
    fn new(seed: u64, of: u64) -> Self {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ of.wrapping_mul(0xd134_2543_de82_ef95));
        dice.roll();
        dice
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 up to, not including, `n`.
    fn below(&mut self, n: u64) -> u64 {
        ((self.roll() >> 32) * n) >> 32
    }
}

/// One line of a purchase.
#[derive(Clone, Copy)]
struct Line {
    article: u64,
    /// In hundredths, of one piece.
    price: u64,
    qty: u64,
}

impl Line {
    fn amount(&self) -> u64 {
        self.price * self.qty
    }

    fn category(&self) -> &'static str {
        CATEGORIES[category_of(self.article)]
    }
}

/// Low numbers come up most: dairy three times as often as toys.
fn category_of(article: u64) -> usize {
    let at = article % 72;
    let (at, all) = (usize::try_from(at).unwrap_or(0), CATEGORIES.len());
    if at < all { at } else { (at - all) / 2 }
}

/// An event, made from its number.
enum Event {
    Purchase { member: u64, store: u64, lines: Vec<Line> },
    Return { of: Option<u64>, member: u64, store: u64, how: u64 },
    Redeem { member: u64, store: u64, what: &'static str },
}

/// The shop's world: who comes, how often, what for.
struct World {
    seed: u64,
    members: u64,
    purchases_only: bool,
    events: u64,
}

impl World {
    fn event(&self, number: u64) -> Event {
        let mut dice = Dice::new(self.seed, number);
        let kind = if self.purchases_only { 1_000 } else { dice.below(1_000) };
        let member = self.member(&mut dice);
        let store = dice.below(STORES);
        if kind < 32 {
            // Sixteen lags, from three hours to two months, each of a multiple of sixteen events: no two returns
            // name one purchase.
            let share = (number % 16 + 1) * (number % 16 + 1) * 30;
            let lag = (self.events * share / 1_600_000 + 1) * 16;
            match number.checked_sub(lag).map(|of| (of, self.event(of))) {
                None => return Event::Return { of: None, member, store, how: dice.below(20) },
                Some((of, Event::Purchase { member, .. })) => {
                    return Event::Return { of: Some(of), member, store, how: dice.below(20) };
                }
                Some((_, Event::Return { .. } | Event::Redeem { .. })) => {}
            }
        } else if kind < 82 {
            let what = if dice.below(5) == 0 { "free_coffee" } else { "voucher" };
            return Event::Redeem { member, store, what };
        }
        let count = 1 + dice.below(12);
        Event::Purchase { member, store, lines: (0..count).map(|_| line(&mut dice)).collect() }
    }

    /// Ranks by a power law (weight falls as rank to the power of minus two thirds, flattened at the top), spread over
    /// the members' numbers.
    fn member(&self, dice: &mut Dice) -> u64 {
        const ONE: u64 = 1 << 24;
        const TOP: u64 = ONE / 20;
        let at = u128::from(TOP + dice.below(ONE - TOP));
        let (top, one) = (u128::from(TOP), u128::from(ONE));
        let rank = u128::from(self.members) * (at.pow(3) - top.pow(3)) / (one.pow(3) - top.pow(3));
        u64::try_from(rank).unwrap_or(0)
    }

    fn day(&self, number: u64) -> (u64, u64) {
        let second = u128::from(number) * u128::from(DAYS * OPEN_SECONDS) / u128::from(self.events);
        let second = u64::try_from(second).unwrap_or(0);
        (FIRST_DAY + second / OPEN_SECONDS, OPENS + second % OPEN_SECONDS)
    }
}

fn line(dice: &mut Dice) -> Line {
    let article = dice.below(ARTICLES);
    // Mostly some units of money, now and then many.
    let mut price = Dice::new(1, article);
    let price = match price.below(20) {
        0 => 4_000 + price.below(20_000),
        1..5 => 1_500 + price.below(4_000),
        _ => 150 + price.below(1_800),
    };
    let reduced = dice.below(10) == 0;
    let qty = match dice.below(10) {
        0 => 3,
        1 | 2 => 2,
        _ => 1,
    };
    Line { article, price: if reduced { price * 4 / 5 } else { price }, qty }
}

/// A member's name on her card: seven digits that say nothing of her rank.
fn card(member: u64) -> String {
    format!("M{:07}", (member * 6_180_339 + 1_234_567) % 9_999_991)
}

/// Days since 1970-01-01 as a date.
fn date(day: u64) -> String {
    let z = day + 719_468;
    let (era, doe) = (z / 146_097, z % 146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let (month, year) = (if mp < 10 { mp + 3 } else { mp - 9 }, yoe + era * 400);
    format!("{:04}-{month:02}-{:02}", if month <= 2 { year + 1 } else { year }, doy - (153 * mp + 2) / 5 + 1)
}

/// One row of the file.
struct Row<'r> {
    id: &'r str,
    day: u64,
    second: u64,
    kind: &'static str,
    member: &'r str,
    amount: Option<u64>,
    qty: Option<u64>,
    article: Option<u64>,
    category: Option<&'static str>,
    store: u64,
    reference: Option<&'r str>,
    line: Option<u64>,
}

/// What rows are written into.
trait Sink {
    fn row(&mut self, row: &Row<'_>) -> io::Result<()>;
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// Writes a row as text.
struct Csv {
    out: BufWriter<File>,
    text: Vec<u8>,
    date: (u64, String),
}

impl Csv {
    fn create(path: &str) -> io::Result<Self> {
        let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
        out.write_all(b"id,time,type,member,amount,qty,sku,category,store,ref,line\n")?;
        Ok(Csv { out, text: Vec::new(), date: (0, String::new()) })
    }
}

/// Adds a number with at least so many digits.
fn push(text: &mut Vec<u8>, number: u64, digits: usize) {
    let mut figures = [b'0'; 20];
    let (mut rest, mut at) = (number, figures.len());
    while rest > 0 || figures.len() - at < digits {
        at -= 1;
        figures[at] = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
    }
    text.extend_from_slice(&figures[at..]);
}

impl Sink for Csv {
    fn row(&mut self, row: &Row<'_>) -> io::Result<()> {
        if self.date.0 != row.day {
            self.date = (row.day, date(row.day));
        }
        let text = &mut self.text;
        text.clear();
        text.extend_from_slice(row.id.as_bytes());
        text.push(b',');
        text.extend_from_slice(self.date.1.as_bytes());
        for (mark, part) in [(b' ', row.second / 3600), (b':', row.second / 60 % 60), (b':', row.second % 60)] {
            text.push(mark);
            push(text, part, 2);
        }
        for part in [row.kind, row.member] {
            text.push(b',');
            text.extend_from_slice(part.as_bytes());
        }
        text.push(b',');
        if let Some(amount) = row.amount {
            push(text, amount / 100, 1);
            text.push(b'.');
            push(text, amount % 100, 2);
        }
        text.push(b',');
        if let Some(qty) = row.qty {
            push(text, qty, 1);
        }
        text.push(b',');
        if let Some(article) = row.article {
            text.push(b'S');
            push(text, article, 5);
        }
        text.push(b',');
        text.extend_from_slice(row.category.unwrap_or_default().as_bytes());
        text.extend_from_slice(b",shop_");
        push(text, row.store, 2);
        text.push(b',');
        text.extend_from_slice(row.reference.unwrap_or_default().as_bytes());
        text.push(b',');
        if let Some(line) = row.line {
            push(text, line, 1);
        }
        text.push(b'\n');
        self.out.write_all(text)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}

/// Writes rows in columns.
struct Parquet {
    schema: Arc<Schema>,
    writer: ArrowWriter<File>,
    ids: Vec<String>,
    times: Vec<i64>,
    kinds: Vec<&'static str>,
    members: Vec<String>,
    amounts: Vec<Option<i128>>,
    qtys: Vec<Option<i32>>,
    skus: Vec<Option<String>>,
    categories: Vec<Option<&'static str>>,
    stores: Vec<String>,
    references: Vec<Option<String>>,
    lines: Vec<Option<i32>>,
}

impl Parquet {
    fn create(path: &str) -> io::Result<Self> {
        let text = |name: &str, empty: bool| Field::new(name, DataType::Utf8, empty);
        let schema = Arc::new(Schema::new(vec![
            text("id", false),
            Field::new("time", DataType::Timestamp(TimeUnit::Millisecond, None), false),
            text("type", false),
            text("member", false),
            Field::new("amount", DataType::Decimal128(12, 2), true),
            Field::new("qty", DataType::Int32, true),
            text("sku", true),
            text("category", true),
            text("store", false),
            text("ref", true),
            Field::new("line", DataType::Int32, true),
        ]));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_dictionary_page_size_limit(4 << 20)
            .set_max_row_group_row_count(Some(ROW_GROUP))
            .build();
        let writer = ArrowWriter::try_new(File::create(path)?, schema.clone(), Some(properties))?;
        Ok(Parquet {
            schema,
            writer,
            ids: Vec::new(),
            times: Vec::new(),
            kinds: Vec::new(),
            members: Vec::new(),
            amounts: Vec::new(),
            qtys: Vec::new(),
            skus: Vec::new(),
            categories: Vec::new(),
            stores: Vec::new(),
            references: Vec::new(),
            lines: Vec::new(),
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        let amounts = Decimal128Array::from(std::mem::take(&mut self.amounts)).with_precision_and_scale(12, 2);
        let columns: Vec<ArrayRef> = vec![
            Arc::new(StringArray::from(std::mem::take(&mut self.ids))),
            Arc::new(TimestampMillisecondArray::from(std::mem::take(&mut self.times))),
            Arc::new(StringArray::from(std::mem::take(&mut self.kinds))),
            Arc::new(StringArray::from(std::mem::take(&mut self.members))),
            Arc::new(amounts.map_err(io::Error::other)?),
            Arc::new(Int32Array::from(std::mem::take(&mut self.qtys))),
            Arc::new(StringArray::from(std::mem::take(&mut self.skus))),
            Arc::new(StringArray::from(std::mem::take(&mut self.categories))),
            Arc::new(StringArray::from(std::mem::take(&mut self.stores))),
            Arc::new(StringArray::from(std::mem::take(&mut self.references))),
            Arc::new(Int32Array::from(std::mem::take(&mut self.lines))),
        ];
        let batch = RecordBatch::try_new(self.schema.clone(), columns).map_err(io::Error::other)?;
        self.writer.write(&batch)?;
        Ok(())
    }
}

impl Sink for Parquet {
    fn row(&mut self, row: &Row<'_>) -> io::Result<()> {
        let small = |number: u64| i32::try_from(number).unwrap_or(i32::MAX);
        self.ids.push(row.id.to_owned());
        self.times.push(i64::try_from((row.day * 86_400 + row.second) * 1000).unwrap_or(i64::MAX));
        self.kinds.push(row.kind);
        self.members.push(row.member.to_owned());
        self.amounts.push(row.amount.map(i128::from));
        self.qtys.push(row.qty.map(small));
        self.skus.push(row.article.map(|article| format!("S{article:05}")));
        self.categories.push(row.category);
        self.stores.push(format!("shop_{:02}", row.store));
        self.references.push(row.reference.map(str::to_owned));
        self.lines.push(row.line.map(small));
        if self.ids.len() == BATCH { self.flush() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.flush()?;
        self.writer.close()?;
        Ok(())
    }
}

/// The row of a return: how it names what comes back.
fn returned<'r>(world: &World, row: Row<'r>, of: Option<u64>, how: u64) -> Row<'r> {
    let bought = of.map(|of| world.event(of));
    let Some(Event::Purchase { lines, .. }) = bought else { return row };
    let at = usize::try_from(how).unwrap_or(0) * 7 % lines.len();
    let (one, all) = (lines[at], lines.iter().map(Line::amount).sum::<u64>());
    let named = |row: Row<'r>| Row { article: Some(one.article), category: Some(one.category()), ..row };
    match how {
        // One line, all of it.
        8..13 => Row { line: Some(at as u64 + 1), ..named(row) },
        // One piece of an article.
        13..16 => Row { qty: Some(1), ..named(row) },
        // One piece of it, and its money.
        16 => Row { qty: Some(1), amount: Some(one.price), ..named(row) },
        // Half or a quarter of the money.
        17 | 18 => Row { amount: Some((all / 2).max(1)), ..row },
        19 => Row { amount: Some((all / 4).max(1)), ..row },
        // All of it.
        _ => row,
    }
}

fn write_events(wanted: &Wanted, sinks: &mut [Box<dyn Sink>]) -> io::Result<u64> {
    let per_thousand = if wanted.purchases_only { 6_480 } else { LINES_PER_THOUSAND };
    let events = (wanted.lines * 1000).div_ceil(per_thousand).max(1);
    let world = World { seed: wanted.seed, members: wanted.members, purchases_only: wanted.purchases_only, events };
    let (mut left, mut number) = (wanted.lines, 0);
    while left > 0 {
        let (day, second) = world.day(number);
        let event = world.event(number);
        let (Event::Purchase { member, store, .. }
        | Event::Return { member, store, .. }
        | Event::Redeem { member, store, .. }) = event;
        let (id, member) = ((FIRST_ID + number).to_string(), card(member));
        let row = Row {
            id: &id,
            day,
            second,
            kind: "purchase",
            member: &member,
            amount: None,
            qty: None,
            article: None,
            category: None,
            store,
            reference: None,
            line: None,
        };
        let mut put = |row: Row<'_>| sinks.iter_mut().try_for_each(|sink| sink.row(&row));
        let mut rows = 1;
        match event {
            Event::Purchase { lines, .. } => {
                let room = usize::try_from(left).unwrap_or(usize::MAX);
                for (place, line) in lines.iter().enumerate().take(room) {
                    let (article, category) = (Some(line.article), Some(line.category()));
                    let (amount, qty) = (Some(line.amount()), Some(line.qty));
                    put(Row { amount, qty, article, category, line: Some(place as u64 + 1), ..row })?;
                }
                rows = lines.len().min(room) as u64;
            }
            Event::Return { of, how, .. } => {
                let named = FIRST_ID + of.unwrap_or_else(|| 80_000_000 + number);
                let named = named.to_string();
                put(returned(&world, Row { kind: "return", reference: Some(&named), ..row }, of, how))?;
            }
            Event::Redeem { what, .. } => put(Row { kind: "redeem", reference: Some(what), ..row })?,
        }
        left -= rows;
        number += 1;
    }
    Ok(number)
}

/// The members file: who joined when, before the history begins, and when she was born.
fn write_members(wanted: &Wanted, path: &str) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    out.write_all(b"member,joined,birthday\n")?;
    for member in 0..wanted.members {
        let mut dice = Dice::new(wanted.seed ^ 0x6d65_6d62, member);
        let (joined, born) = (date(FIRST_DAY - 1 - dice.below(1500)), date(dice.below(14_000)));
        writeln!(out, "{},{joined},{born}", card(member))?;
    }
    out.flush()
}

fn make(args: &[String]) -> Result<(), String> {
    let wanted = Wanted::from_args(args)?;
    let mut sinks: Vec<Box<dyn Sink>> = Vec::new();
    for path in &wanted.out {
        let failed = |error: io::Error| format!("{path}: {error}");
        sinks.push(match path.ends_with(".parquet") {
            true => Box::new(Parquet::create(path).map_err(failed)?),
            false => Box::new(Csv::create(path).map_err(failed)?),
        });
    }
    let events = write_events(&wanted, &mut sinks).map_err(|error| error.to_string())?;
    sinks.into_iter().try_for_each(Sink::finish).map_err(|error| error.to_string())?;
    if let Some(path) = &wanted.members_out {
        write_members(&wanted, path).map_err(|error| format!("{path}: {error}"))?;
    }
    println!("{} lines of {events} events, {} members, seed {}", wanted.lines, wanted.members, wanted.seed);
    Ok(())
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match make(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(3)
        }
    }
}
