//! How long a member's rows take: a million members with three facts each, gathered, merged, written.
//!
//! `cargo run --release --example harvest_rows [MEMBERS]`

use loyal::check::check;
use loyal::engine::outcome::{AsOf, MemberView, PointsView, PostingKind, When};
use loyal::engine::parts::{Played, Take};
use loyal::mechanics::PointsId;
use loyal::report::harvest::rows::Format;
use loyal::report::harvest::{Harvest, Harvested, Wanted};
use loyal::report::tables::Sheet;
use loyal::report::words::Book;
use loyal::source::scratch::{InMemory, Scratch, ScratchFile};
use loyal::syntax::parse_text;
use loyal::text::Sources;
use loyal::value::Exact;
use loyal::value::clock::parse_date;
use std::io;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

const PROGRAM: &str = include_str!("../benches/w1.loyal");

struct OnDisk;

impl Scratch for OnDisk {
    fn file(&self) -> io::Result<Box<dyn ScratchFile>> {
        Ok(Box::new(tempfile::tempfile()?))
    }
}

fn main() {
    let members: u64 = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(1_000_000);
    let mut sources = Sources::default();
    let parsed = parse_text(&mut sources, "shop.loyal", PROGRAM);
    let checked = check(&parsed.ast, &sources);
    let program = checked.program.unwrap_or_else(|| panic!("{:#?}", checked.findings));
    let book = Book { program: &program, sources: &sources };
    let day = parse_date("2026-12-31").expect("a date");
    let moments = [AsOf { label: "2026-12-31".into(), when: When::EndOf(day) }];
    let facts = Wanted { facts: Some(Format::Csv), ..Wanted::default() };
    let all = Wanted { sheets: Sheet::ALL.to_vec(), ..facts.clone() };
    for (name, wanted, scratch, memory) in [
        ("totals alone", &Wanted::default(), &InMemory as &dyn Scratch, usize::MAX),
        ("facts in memory", &facts, &InMemory, usize::MAX),
        ("facts in 16 MB", &facts, &OnDisk, 16 << 20),
        ("facts and tables in 64 MB", &all, &OnDisk, 64 << 20),
    ] {
        let harvest = Harvest::new(book, &moments, wanted, scratch, memory);
        let begun = time();
        gather(&harvest, members);
        let gathered = time() - begun;
        let begun = time();
        let bytes = written(&harvest.join(), wanted);
        let written = time() - begun;
        println!(
            "{name}: {} ns a member, then {bytes} bytes in {:?}, {} MB/s",
            gathered.as_nanos() / u128::from(members),
            written,
            u128::from(bytes) * 1000 / written.as_nanos().max(1)
        );
    }
}

/// The time this thread has had a processor, where the system says so: others may be at work too.
fn time() -> Duration {
    static BEGUN: OnceLock<Instant> = OnceLock::new();
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let spent = spent.and_then(|text| text.split(' ').next()?.parse().ok());
    spent.map_or_else(|| BEGUN.get_or_init(Instant::now).elapsed(), Duration::from_nanos)
}

/// Members come in no order, in 64 parts.
fn gather(harvest: &Harvest<'_>, members: u64) {
    let mut played = Played { views: vec![Some(view())], ..Played::default() };
    let mut id = String::new();
    for part in 0..64 {
        let mut basket = harvest.take();
        for number in (0..members).filter(|number| number % 64 == part) {
            id.clear();
            id.push('m');
            // Odd, so that each number comes once.
            id.push_str(&(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20).to_string());
            if let Some(Some(view)) = played.views.first_mut() {
                for points in view.points.values_mut() {
                    points.balance = Exact::from_int(i64::try_from(number % 100_000).unwrap_or(0));
                }
            }
            basket.member(&id, &played);
        }
        harvest.give(basket).expect("there is room");
    }
}

fn view() -> MemberView {
    let mut points = PointsView { balance: Exact::from_int(32), ..PointsView::default() };
    points.totals.insert(PostingKind::Earned, Exact::from_int(132));
    points.totals.insert(PostingKind::Spent, Exact::from_int(100));
    MemberView { points: [((PointsId(0), None), points)].into(), ..MemberView::default() }
}

/// Counts what is written.
struct Count(u64);

impl io::Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn written(harvested: &Harvested<'_>, wanted: &Wanted) -> u64 {
    let mut count = Count(0);
    harvested.write_facts(&mut count).expect("it can be read");
    for sheet in &wanted.sheets {
        harvested.write(*sheet, &mut count).expect("it can be read");
    }
    count.0
}
