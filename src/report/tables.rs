//! The tables of `run --out DIR` (`docs/formats.md`): one row a thing, in an order that depends on
//! the data alone.

use super::explain::why;
use super::words::{ACCOUNT, Book, bare, figure, kind_word, life_word};
use crate::engine::outcome::{Entry, Happened, LevelWhy, Outcome, PointsView, Posting, Snapshot, StampWhy};
use crate::mechanics::PointsId;
use crate::mechanics::example::Held;
use crate::value::exact::Exact;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// A row of a table: a text for each column.
pub type Row = Vec<String>;

/// One table, its rows made as they are asked for.
pub struct Table<'a> {
    /// Its name: the file's, without an ending.
    pub name: &'static str,
    /// Its columns.
    pub columns: Vec<&'static str>,
    /// Its rows.
    pub rows: Box<dyn Iterator<Item = Row> + 'a>,
}

/// All tables of a run.
pub fn all<'a>(book: Book<'a>, outcome: &'a Outcome) -> Vec<Table<'a>> {
    vec![
        balances(book, outcome),
        lots(book, outcome),
        levels(book, outcome),
        cards(book, outcome),
        gifts(book, outcome),
        postings(book, outcome),
        changes(book, outcome),
        rejections(book, outcome),
    ]
}

/// Writes a table as CSV (RFC 4180, comma, line feed).
pub fn write_csv(table: Table<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(&table.columns)?;
    for row in table.rows {
        csv.write_record(&row)?;
    }
    csv.flush()
}

/// Writes a table as a JSON list, one object a line.
pub fn write_json(table: Table<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut separator = "[\n";
    for row in table.rows {
        let cells = table.columns.iter().zip(&row);
        let cells = cells.map(|(name, cell)| format!("{}:{}", json(name), json(cell)));
        write!(out, "{separator}{{{}}}", cells.collect::<Vec<_>>().join(","))?;
        separator = ",\n";
    }
    out.write_all(if separator == "[\n" { b"[]\n" } else { b"\n]\n" })
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The posting of an entry, if it is one.
pub fn posting(entry: &Entry) -> Option<&Posting> {
    match &entry.what {
        Happened::Posted(posting) => Some(posting),
        Happened::Rejected { .. }
        | Happened::Stamped { .. }
        | Happened::Gift { .. }
        | Happened::Level { .. }
        | Happened::Nothing(_) => None,
    }
}

/// Every (moment, member, unit, pocket) with its points.
fn accounts(outcome: &Outcome) -> impl Iterator<Item = (&Snapshot, &String, PointsId, &Option<String>, &PointsView)> {
    outcome.snapshots.iter().flat_map(|snapshot| {
        snapshot.members.iter().flat_map(move |(member, view)| {
            view.points.iter().map(move |((unit, pocket), points)| (snapshot, member, *unit, pocket, points))
        })
    })
}

fn balances<'a>(book: Book<'a>, outcome: &'a Outcome) -> Table<'a> {
    let mut columns = vec!["as_of", "member", "unit", "pocket", "balance", "pending", "debt"];
    columns.extend(ACCOUNT.map(|(kind, _)| kind_word(kind)));
    let rows = accounts(outcome).map(move |(snapshot, member, unit, pocket, points)| {
        let mut row = start(snapshot, member);
        row.extend([book.unit(unit).to_string(), pocket.clone().unwrap_or_default()]);
        row.extend([&points.balance, &points.pending, &points.debt].map(|number| book.number(unit, number)));
        let zero = Exact::zero();
        row.extend(ACCOUNT.map(|(kind, _)| book.number(unit, points.totals.get(&kind).unwrap_or(&zero))));
        row
    });
    Table { name: "balances", columns, rows: Box::new(rows) }
}

fn lots<'a>(book: Book<'a>, outcome: &'a Outcome) -> Table<'a> {
    let columns =
        "as_of,member,unit,pocket,source,earned,granted,left,pending,spendable_from,last_day".split(',').collect();
    let rows = accounts(outcome).flat_map(move |(snapshot, member, unit, pocket, points)| {
        points.lots.iter().map(move |lot| {
            let mut row = start(snapshot, member);
            row.extend([book.unit(unit).to_string(), pocket.clone().unwrap_or_default(), lot.source.clone()]);
            row.extend([lot.earned.to_string(), book.number(unit, &lot.granted), book.number(unit, &lot.left)]);
            row.extend([yes(lot.pending), optional(lot.spendable_from), optional(lot.last_day)]);
            row
        })
    });
    Table { name: "lots", columns, rows: Box::new(rows) }
}

fn levels<'a>(book: Book<'a>, outcome: &'a Outcome) -> Table<'a> {
    let rows = outcome.snapshots.iter().flat_map(move |snapshot| {
        snapshot.members.iter().filter(|(_, view)| !view.left).flat_map(move |(member, view)| {
            book.program.tiers.iter().zip(&view.levels).map(move |(tiers, (level, until))| {
                let name = tiers.levels.get(*level).map(|level| level.name.text.clone()).unwrap_or_default();
                let mut row = start(snapshot, member);
                row.extend([tiers.name.text.clone(), name, optional(*until)]);
                row
            })
        })
    });
    Table { name: "levels", columns: vec!["as_of", "member", "tiers", "level", "last_day"], rows: Box::new(rows) }
}

fn cards<'a>(book: Book<'a>, outcome: &'a Outcome) -> Table<'a> {
    let rows = outcome.snapshots.iter().flat_map(move |snapshot| {
        snapshot.members.iter().flat_map(move |(member, view)| {
            let cards = book.program.cards.iter().zip(&view.cards).filter(|(_, stamps)| **stamps != 0);
            cards.map(move |(card, stamps)| {
                let mut row = start(snapshot, member);
                row.extend([card.name.text.clone(), stamps.to_string(), card.full.to_string()]);
                row
            })
        })
    });
    Table { name: "cards", columns: vec!["as_of", "member", "card", "stamps", "full_at"], rows: Box::new(rows) }
}

/// What has become of each member's gifts, and how many she holds.
fn gifts<'a>(book: Book<'a>, outcome: &'a Outcome) -> Table<'a> {
    use crate::engine::outcome::GiftLife::{Expired, Issued, OutOfStock, Revoked, Used};
    let lives = [Issued, Used, Expired, Revoked, OutOfStock];
    let mut columns = vec!["as_of", "member", "kind", "name", "held"];
    columns.extend(lives.map(life_word));
    let rows = outcome.snapshots.iter().flat_map(move |snapshot| {
        let mut counts: BTreeMap<(&str, Held), BTreeMap<_, u64>> = BTreeMap::new();
        for entry in outcome.journal.iter().take(snapshot.entries) {
            if let (Happened::Gift { held, life, .. }, Some(member)) = (&entry.what, &entry.member) {
                *counts.entry((member, *held)).or_default().entry(*life).or_default() += 1;
            }
        }
        for (member, view) in &snapshot.members {
            for held in view.gifts.keys() {
                counts.entry((member, *held)).or_default();
            }
        }
        counts.into_iter().map(move |((member, held), times)| {
            let now = snapshot.members.get(member).and_then(|view| view.gifts.get(&held)).copied().unwrap_or(0);
            let mut row = start(snapshot, member);
            row.extend([held_kind(held).to_string(), book.held(held).to_string(), now.to_string()]);
            row.extend(lives.map(|life| times.get(&life).copied().unwrap_or(0).to_string()));
            row
        })
    });
    Table { name: "gifts", columns, rows: Box::new(rows) }
}

fn held_kind(held: Held) -> &'static str {
    match held {
        Held::Gift(_) => "gift",
        Held::Reward(_) => "reward",
    }
}

/// Every posting; one that several rules brought has a row for each, and `stands_at` is what the
/// rows of the member, unit and pocket add up to so far: balance + pending − debt.
fn postings<'a>(book: Book<'a>, outcome: &'a Outcome) -> Table<'a> {
    let columns =
        "number,time,day,member,unit,pocket,kind,event,rule,program,exact,amount,stands_at,spendable_from,last_day,why"
            .split(',')
            .collect();
    let mut standing: BTreeMap<(&str, PointsId, Option<&str>), Exact> = BTreeMap::new();
    let rows = entries(outcome).filter_map(|entry| posting(entry).map(|posting| (entry, posting)));
    let rows = rows.flat_map(move |(entry, posting)| {
        let member = entry.member.as_deref().unwrap_or_default();
        let stands = standing.entry((member, posting.unit, posting.pocket.as_deref())).or_insert_with(Exact::zero);
        let rows: Vec<Row> = shares(book, posting)
            .into_iter()
            .map(|share| {
                *stands = &*stands + &share.amount;
                posting_row(book, entry, posting, share, stands)
            })
            .collect();
        rows
    });
    Table { name: "postings", columns, rows: Box::new(rows) }
}

/// What one rule brought of a posting, or the whole of one that no rule brought.
struct Share {
    rule: String,
    place: String,
    exact: Exact,
    amount: Exact,
    why: String,
}

/// The rules' shares of a posting; their amounts always add up to it.
fn shares(book: Book<'_>, posting: &Posting) -> Vec<Share> {
    let sum = posting.parts.iter().fold(Exact::zero(), |sum, part| sum + &part.posted);
    let note = why::note(book, posting);
    if posting.parts.is_empty() || sum != posting.amount {
        let rules: BTreeSet<_> = posting.parts.iter().filter_map(|part| part.rule).collect();
        let join = |each: Vec<String>| each.join("; ");
        return vec![Share {
            rule: join(rules.iter().map(|rule| book.rule(*rule).to_string()).collect()),
            place: join(rules.iter().map(|rule| book.place(book.program.rules[rule.0].give_span)).collect()),
            exact: posting.amount.clone(),
            amount: posting.amount.clone(),
            why: join(why::clauses(book, posting)),
        }];
    }
    let mut shares: Vec<Share> = posting
        .parts
        .iter()
        .map(|part| Share {
            rule: part.rule.map(|rule| book.rule(rule).to_string()).unwrap_or_default(),
            place: part.rule.map(|rule| book.place(book.program.rules[rule.0].give_span)).unwrap_or_default(),
            exact: part.exact.clone(),
            amount: part.posted.clone(),
            why: why::part(book, posting.unit, part),
        })
        .collect();
    if let (Some(last), false) = (shares.last_mut(), note.is_empty()) {
        last.why = format!("{}; {note}", last.why);
    }
    shares
}

fn posting_row(book: Book<'_>, entry: &Entry, posting: &Posting, share: Share, stands: &Exact) -> Row {
    let mut row = vec![posting.number.to_string()];
    row.extend(when_and_who(book, entry));
    row.extend([book.unit(posting.unit).to_string(), posting.pocket.clone().unwrap_or_default()]);
    row.extend([kind_word(posting.kind).to_string(), entry.event.clone().unwrap_or_default()]);
    row.extend([share.rule, share.place, share.exact.to_string(), book.number(posting.unit, &share.amount)]);
    row.extend([book.number(posting.unit, stands), optional(posting.spendable_from), optional(posting.last_day)]);
    row.push(bare(&share.why));
    row
}

/// What became of stamps, gifts and levels.
fn changes<'a>(book: Book<'a>, outcome: &'a Outcome) -> Table<'a> {
    let columns = "time,day,member,event,what,name,change,stands_at,why,last_day".split(',').collect();
    let rows = entries(outcome).filter_map(move |entry| {
        let rest: [String; 6] = match &entry.what {
            Happened::Stamped { card, change, stands_at, why } => {
                let name = book.program.cards[card.0].name.text.clone();
                let why = stamp_word(*why).to_string();
                ["card".into(), name, change.to_string(), stands_at.to_string(), why, String::new()]
            }
            Happened::Gift { held, life, rule, last_day } => {
                let why = rule.map(|rule| book.rule(rule).to_string()).unwrap_or_default();
                let (kind, name) = (held_kind(*held).to_string(), book.held(*held).to_string());
                [kind, name, life_word(*life).to_string(), String::new(), why, optional(*last_day)]
            }
            Happened::Level { tiers, from, to, until, why } => {
                let tiers = &book.program.tiers[tiers.0];
                let level = |at: usize| tiers.levels.get(at).map(|level| level.name.text.clone()).unwrap_or_default();
                let change = if from == to { "renewed".to_string() } else { format!("from {}", level(*from)) };
                let why = level_word(book, why);
                ["level".into(), tiers.name.text.clone(), change, level(*to), why, optional(*until)]
            }
            Happened::Posted(_) | Happened::Rejected { .. } | Happened::Nothing(_) => return None,
        };
        let mut row: Row = when_and_who(book, entry).into();
        row.push(entry.event.clone().unwrap_or_default());
        row.extend(rest);
        Some(row)
    });
    Table { name: "changes", columns, rows: Box::new(rows) }
}

fn stamp_word(why: StampWhy) -> &'static str {
    match why {
        StampWhy::Event => "event",
        StampWhy::Start => "start",
        StampWhy::Full => "full",
        StampWhy::Returned => "returned",
        StampWhy::Lapsed => "lapsed",
        StampWhy::Cut => "cut",
        StampWhy::Reopened => "reopened",
    }
}

fn level_word(book: Book<'_>, why: &LevelWhy) -> String {
    match why {
        LevelWhy::Reached(measured) => format!("reached with {}", figure(measured)),
        LevelWhy::Renewed(measured) => format!("renewed with {}", figure(measured)),
        LevelWhy::Missed(measured) => format!("missed with {}", figure(measured)),
        LevelWhy::Fell(measured) => format!("fell with {}", figure(measured)),
        LevelWhy::Refunded(measured) => format!("refunded to {}", figure(measured)),
        LevelWhy::Given(rule) => format!("given by {}", book.rule(*rule)),
        LevelWhy::Granted => "granted".to_string(),
        LevelWhy::Ended => "ended".to_string(),
    }
}

fn rejections<'a>(book: Book<'a>, outcome: &'a Outcome) -> Table<'a> {
    let columns = vec!["time", "day", "member", "event", "reason", "sentence"];
    let rows = entries(outcome).filter_map(move |entry| match &entry.what {
        Happened::Rejected { reason, sentence } => {
            let mut row: Row = when_and_who(book, entry).into();
            row.extend([entry.event.clone().unwrap_or_default(), reason.word().to_string(), sentence.clone()]);
            Some(row)
        }
        Happened::Posted(_)
        | Happened::Stamped { .. }
        | Happened::Gift { .. }
        | Happened::Level { .. }
        | Happened::Nothing(_) => None,
    });
    Table { name: "rejections", columns, rows: Box::new(rows) }
}

/// The journal up to the last moment asked for.
fn entries(outcome: &Outcome) -> impl Iterator<Item = &Entry> {
    let upto = outcome.snapshots.iter().map(|snapshot| snapshot.entries).max().unwrap_or(0);
    outcome.journal.iter().take(upto)
}

fn start(snapshot: &Snapshot, member: &str) -> Row {
    vec![snapshot.as_of.label.clone(), member.to_string()]
}

fn when_and_who(book: Book<'_>, entry: &Entry) -> [String; 3] {
    let time = book.program.settings.clock.show(entry.at);
    [time, entry.day.to_string(), entry.member.clone().unwrap_or_default()]
}

fn optional(day: Option<crate::value::clock::Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

fn yes(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_string()
}
