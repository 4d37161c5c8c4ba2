//! The program's totals and a short list of members, for a terminal.

use super::by;
use super::explain::account::word;
use super::grid::{Grid, Side, bar};
use super::harvest;
use super::measures;
use super::totals::{Ends, GiftTotals, Listed, SHORT, Totals};
use super::words::{ACCOUNT, Book, count, counted, grouped, isolate};
use crate::engine::outcome::{GiftLife, Outcome};
use crate::mechanics::PointsId;
use crate::mechanics::reading::Kind;
use crate::value::exact::Exact;

/// How many months of liability are shown before the rest is summed.
const MONTHS: usize = 12;
/// Cells of the longest bar.
const BAR: usize = 24;

/// The line between the totals and what is explained under them.
pub const RULE: &str = "────────────────────────────────────────";

/// Colours, or none.
#[derive(Debug, Clone, Copy)]
pub struct Paint {
    /// Whether to colour.
    pub on: bool,
}

impl Paint {
    fn with(self, code: &str, text: &str) -> String {
        if self.on && !text.is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_string() }
    }

    /// Headings and sums.
    pub fn strong(self, text: &str) -> String {
        self.with("1", text)
    }

    /// What explains the rest.
    pub fn quiet(self, text: &str) -> String {
        self.with("2", text)
    }

    /// Bars.
    pub fn picture(self, text: &str) -> String {
        self.with("36", text)
    }

    /// What is right.
    pub fn good(self, text: &str) -> String {
        self.with("32", text)
    }

    /// What is wrong.
    pub fn bad(self, text: &str) -> String {
        self.with("31", text)
    }
}

/// Every snapshot of a run.
pub fn text(book: Book<'_>, outcome: &Outcome, paint: Paint) -> String {
    of_totals(book, &harvest::totals(book, outcome), paint)
}

/// The same of totals, one for each moment in time order.
pub fn of_totals(book: Book<'_>, totals: &[Totals], paint: Paint) -> String {
    let pages = totals.iter().map(|totals| {
        // What a point is worth is what the terms of that day say.
        let book = book.of_day(totals.day);
        let mut page = Page { book, paint, text: String::new() };
        page.write(totals);
        page.text
    });
    pages.collect::<Vec<_>>().join("\n")
}

/// One snapshot being written.
struct Page<'a> {
    book: Book<'a>,
    paint: Paint,
    text: String,
}

impl Page<'_> {
    fn write(&mut self, totals: &Totals) {
        let name = isolate(&self.book.program.settings.name.text).into_owned();
        let title = format!("{}{}", self.paint.strong(&name), self.paint.quiet(&format!(", as of {}", totals.as_of)));
        self.line(&title);
        self.overview(totals);
        self.objectives(totals);
        for unit in 0..totals.units.len() {
            self.unit(PointsId(unit), totals);
        }
        let program = self.book.program;
        for (at, counts) in totals.levels.iter().enumerate().filter(|(at, _)| program.has(Kind::Tiers, *at)) {
            self.levels(&program.tiers[at], counts);
        }
        self.cards(totals);
        self.gifts(totals);
        self.draws(totals);
        self.memberships(totals);
        self.settlement(totals);
        self.discounts(totals);
        if let Some(table) = &totals.by {
            let (title, grid) = by::grid(self.book, table, self.paint);
            self.section(&title, "", &grid);
        }
        self.members(totals);
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A blank line, a heading, and lines under it.
    fn section(&mut self, heading: &str, note: &str, grid: &Grid) {
        if grid.is_empty() {
            return;
        }
        let note = if note.is_empty() { String::new() } else { self.paint.quiet(&format!("  {note}")) };
        let heading = format!("\n{}{note}", self.paint.strong(heading));
        self.line(&heading);
        for line in grid.lines() {
            self.line(&format!("  {line}"));
        }
    }

    fn overview(&mut self, totals: &Totals) {
        let mut grid = Grid::new(&[Side::Left, Side::Right, Side::Left]);
        let settings = &self.book.program.settings;
        grid.row(["members".to_string(), count(totals.members)]);
        grid.row(["purchases".to_string(), count(totals.purchases)]);
        grid.row(["sales".to_string(), self.book.sum(&totals.sales.exact()), settings.money.clone()]);
        for (reason, times) in &totals.rejected {
            grid.row(["rejected".to_string(), count(*times), self.paint.quiet(reason.word())]);
        }
        for line in grid.lines() {
            self.line(&format!("  {line}"));
        }
    }

    /// What the program is for, and whether it gets there.
    fn objectives(&mut self, totals: &Totals) {
        let mut grid = Grid::new(&[Side::Left, Side::Left, Side::Right, Side::Left, Side::Left]);
        for (objective, came) in totals.measured.came() {
            let [word, measure, figure, wanted, verdict] = measures::cells(self.book, objective, &came);
            let verdict = match came.met {
                Some(true) => self.paint.good(&verdict),
                Some(false) => self.paint.bad(&verdict),
                None => self.paint.quiet(&verdict),
            };
            grid.row([word, measure, figure, wanted, verdict]);
        }
        self.section("objectives", "", &grid);
    }

    fn unit(&mut self, unit: PointsId, totals: &Totals) {
        let of = &totals.units[unit.0];
        let book = self.book;
        let mut grid = Grid::new(&[Side::Left, Side::Right, Side::Right, Side::Left]);
        for (kind, adds) in ACCOUNT {
            let total = of.total(kind);
            if total.is_zero() {
                continue;
            }
            let signed = if adds { total } else { -total };
            grid.row(self.figures(unit, word(kind), &signed));
        }
        if grid.is_empty() {
            return;
        }
        let row = self.figures(unit, "outstanding", &of.outstanding());
        grid.row(row.map(|cell| self.paint.strong(&cell)));
        for (label, number) in [("of it pending", of.pending.exact()), ("owed by members", of.debt.exact())] {
            if !number.is_zero() {
                grid.row(self.figures(unit, label, &number));
            }
        }
        let block = &book.program.points[unit.0];
        let one = isolate(&block.name.text);
        let worth = block.worth.as_ref().map(|worth| format!("1 {one} is worth {}", book.money(worth)));
        let heading = isolate(block.plural.as_deref().unwrap_or(&block.name.text)).into_owned();
        self.section(&heading, &worth.unwrap_or_default(), &grid);
        self.endings(unit, totals);
    }

    /// A label, a number of points, and what they are worth.
    fn figures(&self, unit: PointsId, label: &str, number: &Exact) -> [String; 4] {
        let worth = self.book.worth(unit, number);
        let settings = &self.book.program.settings;
        let money = worth.as_ref().map(|worth| grouped(&worth.fixed(settings.minor_units))).unwrap_or_default();
        let currency = worth.map(|_| settings.money.clone()).unwrap_or_default();
        [label.to_string(), grouped(&self.book.number(unit, number)), money, currency]
    }

    /// Outstanding points by the month they end in.
    fn endings(&mut self, unit: PointsId, totals: &Totals) {
        let ends = &totals.units[unit.0].ends;
        if ends.keys().all(|ends| *ends == Ends::Never) {
            return;
        }
        let mut rows: Vec<(String, Exact)> = Vec::new();
        for (at, (month, points)) in ends.iter().map(|(month, points)| (month, points.exact())).enumerate() {
            match (at >= MONTHS && *month != Ends::Never, rows.last_mut()) {
                (true, Some((label, sum))) if label == "later" => *sum = &*sum + points,
                (true, _) => rows.push(("later".to_string(), points)),
                (false, _) => rows.push((month.word(), points)),
            }
        }
        let most = rows.iter().map(|(_, points)| points.to_f64_lossy()).fold(0.0, f64::max);
        let mut grid = Grid::new(&[Side::Left, Side::Right, Side::Right, Side::Left, Side::Left]);
        for (label, points) in &rows {
            let [label, number, money, currency] = self.figures(unit, label, points);
            let bar = self.paint.picture(&bar(points.to_f64_lossy(), most, BAR));
            grid.row([label, number, money, currency, bar]);
        }
        let name = self.book.unit_for(unit, &Exact::from_int(2));
        self.section(&format!("{name} that end in"), "", &grid);
    }

    fn levels(&mut self, tiers: &crate::mechanics::tiers::Tiers, counts: &[u64]) {
        let all: u64 = counts.iter().sum();
        if all == 0 {
            return;
        }
        let most = counts.iter().copied().max().unwrap_or(0);
        let mut grid = Grid::new(&[Side::Left, Side::Right, Side::Right, Side::Left]);
        for (level, members) in tiers.levels.iter().zip(counts) {
            let thousandths = (members * 2000 + all) / (all * 2);
            let share = format!("{}.{}%", thousandths / 10, thousandths % 10);
            #[expect(clippy::cast_precision_loss, reason = "a picture")]
            let bar = self.paint.picture(&bar(*members as f64, most as f64, BAR));
            grid.row([isolate(&level.name.text).into_owned(), count(*members), share, bar]);
        }
        self.section(&isolate(&tiers.name.text), "members on each level", &grid);
    }

    fn cards(&mut self, totals: &Totals) {
        let mut grid = Grid::new(&[Side::Left, Side::Left]);
        for (card, of) in self.book.program.cards.iter().zip(&totals.cards) {
            let stamps = format!(
                "{} {} on {}",
                grouped(&of.stamps.to_string()),
                if of.stamps == 1 { "stamp" } else { "stamps" },
                counted(of.open, "open card", "open cards")
            );
            grid.row([isolate(&card.name.text).into_owned(), format!("{stamps}, {} filled so far", count(of.filled))]);
        }
        self.section("cards", "", &grid);
    }

    /// Draws that are still to be held; of those whose day has come, that they wait for their seed.
    fn draws(&mut self, totals: &Totals) {
        let mut grid = Grid::new(&[Side::Left, Side::Left, Side::Left]);
        for ((draw, date), (entries, members)) in &totals.draws {
            let block = &self.book.program.draws[draw.0];
            let of = format!("{} of {}", counted(*entries, "entry", "entries"), counted(*members, "member", "members"));
            let says = if block.is_closed(*date, totals.day) {
                self.paint.bad(&format!("{of}: it waits for its seed"))
            } else {
                of
            };
            grid.row([isolate(&block.name.text).into_owned(), date.to_string(), says]);
        }
        self.section("draws to be held", "", &grid);
    }

    fn gifts(&mut self, totals: &Totals) {
        let mut grid = Grid::new(&[Side::Left, Side::Right, Side::Right, Side::Right, Side::Right, Side::Right]);
        let mut heads = vec!["", "given", "used", "expired", "taken back", "held now"];
        let chosen = |of: &GiftTotals| {
            [GiftLife::Taken, GiftLife::Chosen].iter().filter_map(|life| of.lives.get(life)).sum::<u64>()
        };
        let with_choices = totals.gifts.values().any(|of| chosen(of) > 0);
        if with_choices {
            grid = Grid::new(&[&[Side::Left] as &[Side], &[Side::Right; 6]].concat());
            heads.push("out of a choice");
        }
        if !totals.gifts.is_empty() {
            grid.row(heads.into_iter().map(|head| self.paint.quiet(head)));
        }
        for (held, of) in &totals.gifts {
            let lives = [GiftLife::Issued, GiftLife::Used, GiftLife::Expired, GiftLife::Revoked];
            let mut row = vec![isolate(self.book.held(*held)).into_owned()];
            row.extend(lives.map(|life| count(of.lives.get(&life).copied().unwrap_or(0))));
            row.push(count(of.held));
            row.extend(with_choices.then(|| count(chosen(of))));
            grid.row(row);
        }
        let title =
            if self.book.program.coupons.is_empty() { "gifts and rewards" } else { "gifts, rewards and coupons" };
        self.section(title, "", &grid);
    }

    fn memberships(&mut self, totals: &Totals) {
        let mut grid = Grid::new(&[Side::Left, Side::Right, Side::Right, Side::Right, Side::Right, Side::Left]);
        let had = totals.memberships.iter().any(|of| of.members > 0 || !of.charged.exact().is_zero());
        if had {
            let heads = ["", "members", "on trial", "fees", "given back", ""];
            grid.row(heads.map(|head| self.paint.quiet(head)));
            for (membership, of) in self.book.program.memberships.iter().zip(&totals.memberships) {
                let money = |sum: &crate::value::sum::Sum| self.book.sum(&sum.exact());
                grid.row([
                    isolate(&membership.name.text).into_owned(),
                    count(of.members),
                    count(of.trial),
                    money(&of.charged),
                    money(&of.returned),
                    self.book.program.settings.money.clone(),
                ]);
            }
        }
        self.section("memberships", "", &grid);
    }

    /// What partners pay and get for points.
    fn settlement(&mut self, totals: &Totals) {
        let program = self.book.program;
        let mut sides = vec![Side::Left, Side::Left];
        sides.extend([Side::Right; 5]);
        sides.push(Side::Left);
        let mut grid = Grid::new(&sides);
        let settled = totals.settled.in_all(program);
        if !program.partners.is_empty() && !settled.is_empty() {
            let heads = ["", "", "earned", "spent", "pays", "gets", "net", ""];
            grid.row(heads.map(|head| self.paint.quiet(head)));
        }
        for one in settled.iter().filter(|_| !program.partners.is_empty()) {
            let name = one.partner.map(|id| isolate(&program.partners[id.0].name.text).into_owned());
            let is_partner = name.is_some();
            let points = |number: &Exact| grouped(&self.book.number(one.unit, number));
            let money = |sum: &Exact| if is_partner { self.book.sum(sum) } else { String::new() };
            grid.row([
                name.unwrap_or_else(|| self.paint.quiet("(the program)")),
                self.book.unit_for(one.unit, &Exact::from_int(2)).into_owned(),
                points(&(&one.earned - &one.clawed)),
                points(&one.spent),
                money(&one.pays),
                money(&one.gets),
                money(&one.net()),
                if is_partner { program.settings.money.clone() } else { String::new() },
            ]);
        }
        self.section("settlement", "what partners pay for points earned, and get for points spent", &grid);
    }

    /// What discounts and coupons took off.
    fn discounts(&mut self, totals: &Totals) {
        let mut grid = Grid::new(&[Side::Left, Side::Right, Side::Right, Side::Left]);
        let given: Vec<_> = totals.discounts.iter().filter(|(_, given)| given.times != 0).collect();
        if !given.is_empty() {
            grid.row(["", "times", "money off", ""].map(|head| self.paint.quiet(head)));
        }
        for (of, given) in given {
            let name = isolate(self.book.discount(*of)).into_owned();
            let times = count(given.times.unsigned_abs());
            grid.row([name, times, self.book.sum(&given.off), self.book.program.settings.money.clone()]);
        }
        self.section("discounts", "", &grid);
    }

    /// The members with the most points; without points, with the most stamps.
    fn members(&mut self, totals: &Totals) {
        let program = self.book.program;
        let columns = program.points.len() + program.tiers.len() + program.cards.len();
        let mut sides = vec![Side::Left];
        sides.extend(std::iter::repeat_n(Side::Right, program.points.len()));
        sides.extend(std::iter::repeat_n(Side::Left, program.tiers.len()));
        sides.extend(std::iter::repeat_n(Side::Right, program.cards.len()));
        let mut grid = Grid::new(&sides);
        if columns == 0 || totals.most.is_empty() {
            return;
        }
        let units =
            (0..program.points.len()).map(|at| self.book.unit_for(PointsId(at), &Exact::from_int(2)).into_owned());
        let tiers = program.tiers.iter().map(|tiers| isolate(&tiers.name.text).into_owned());
        let cards = program.cards.iter().map(|card| isolate(&card.name.text).into_owned());
        let heads: Vec<String> = std::iter::once(String::new()).chain(units).chain(tiers).chain(cards).collect();
        grid.row(heads.iter().map(|head| self.paint.quiet(head)));
        for listed in &totals.most {
            grid.row(self.member(listed));
        }
        let most = match program.points.first() {
            Some(_) => self.book.unit_for(PointsId(0), &Exact::from_int(2)).into_owned(),
            None => "stamps".to_string(),
        };
        let short = u64::try_from(totals.most.len()).unwrap_or(u64::MAX);
        let note = if totals.members > short {
            format!("{SHORT} of {}, with the most {most}", count(totals.members))
        } else {
            String::new()
        };
        self.section("members", &note, &grid);
    }

    fn member(&self, listed: &Listed) -> Vec<String> {
        let program = self.book.program;
        let mut row = vec![isolate(&listed.name).into_owned()];
        for (unit, balance) in listed.balances.iter().enumerate() {
            row.push(grouped(&self.book.number(PointsId(unit), balance)));
        }
        for (tiers, level) in program.tiers.iter().zip(&listed.levels) {
            row.push(tiers.levels.get(*level).map(|level| isolate(&level.name.text).into_owned()).unwrap_or_default());
        }
        row.extend(program.cards.iter().zip(&listed.cards).map(|(card, stamps)| format!("{stamps} of {}", card.full)));
        row
    }
}
