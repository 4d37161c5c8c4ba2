//! The reports of an outcome, told in parts.

use loyal::engine::outcome::{AsOf, Outcome};
use loyal::engine::parts::{Played, Take};
use loyal::report::facts::{COLUMNS, facts};
use loyal::report::harvest::rows::Format;
use loyal::report::harvest::{Basket, Harvest, Wanted, feed};
use loyal::report::tables::{self, Sheet, Table};
use loyal::report::terminal::{self, Paint};
use loyal::report::{summary, words::Book};
use loyal::source::scratch::InMemory;

const PAINT: Paint = Paint { on: false };

/// Deals members out to several baskets.
struct Dealt<'d, 'b, 'h> {
    baskets: Vec<Basket<'b, 'h>>,
    deal: &'d [usize],
    next: usize,
}

impl Take for Dealt<'_, '_, '_> {
    fn member(&mut self, id: &str, played: &Played) {
        let to = self.deal[self.next % self.deal.len()];
        self.baskets[to].member(id, played);
        self.next += 1;
    }
}

/// All reports, by as many workers as `deal` names, the last of them first.
pub fn reports(book: Book<'_>, outcome: &Outcome, format: Format, memory: usize, deal: &[usize]) -> String {
    let wanted = Wanted { facts: Some(Format::Csv), sheets: Sheet::ALL.to_vec(), format, ..Wanted::default() };
    let moments: Vec<AsOf> = outcome.snapshots.iter().map(|snapshot| snapshot.as_of.clone()).collect();
    let harvest = Harvest::new(book, &moments, &wanted, &InMemory, memory);
    let workers = deal.iter().max().map_or(0, |most| most + 1);
    let mut dealt = Dealt { baskets: (0..workers).map(|_| harvest.take()).collect(), deal, next: 0 };
    feed(outcome, &mut dealt);
    for basket in dealt.baskets.into_iter().rev() {
        harvest.give(basket).expect("memory takes it");
    }
    let harvested = harvest.join();
    let mut all = Vec::new();
    harvested.write_facts(&mut all).expect("memory takes it");
    for sheet in Sheet::ALL {
        harvested.write(sheet, &mut all).expect("memory takes it");
    }
    String::from_utf8(all).expect("text") + &harvested.summary() + &harvested.terminal(PAINT)
}

/// The same by way of rows in memory.
pub fn plain(book: Book<'_>, outcome: &Outcome, format: Format) -> String {
    let facts = facts(book, outcome);
    let rows =
        facts.iter().map(|fact| [&fact.as_of, &fact.member, &fact.what, &fact.value].map(String::clone).to_vec());
    let table = Table { name: "facts", columns: COLUMNS.to_vec(), rows: Box::new(rows) };
    let mut all = Vec::new();
    tables::write_csv(table, &mut all).expect("memory takes it");
    for table in tables::all(book, outcome) {
        let written = match format {
            Format::Json => tables::write_json(table, &mut all),
            Format::Csv | Format::Cells => tables::write_csv(table, &mut all),
        };
        written.expect("memory takes it");
    }
    String::from_utf8(all).expect("text") + &summary::summary(book, outcome) + &terminal::text(book, outcome, PAINT)
}
