//! Rows of the tables of what happened.

use super::rows::{Format, Rows, cell, encode, encode_plain, end_row, numbered, push_signed};
use super::states::{day, held_kind};
use crate::engine::outcome::{Entry, EntryWhy, Happened, LevelWhy, Posting, StampWhy, Term};
use crate::mechanics::PointsId;
use crate::report::chain::{self, Chain, HASH};
use crate::report::explain::{off, story, why};
use crate::report::words::{Book, bare, figure, kind_word, life_word, push_padded};
use crate::value::exact::Exact;
use std::collections::{BTreeMap, BTreeSet};

/// What the accounts of one member stand at while her journal is read.
pub type Standing<'e> = BTreeMap<(PointsId, Option<&'e str>), Exact>;

fn when_and_who(book: Book<'_>, entry: &Entry, rows: &mut Rows<'_>) {
    rows.text(&book.program.settings.clock.show(entry.at));
    day(Some(entry.day), rows);
    rows.text(entry.member.as_deref().unwrap_or_default());
}

/// `postings`: one that several rules brought has a row for each, and `stands_at` is what the rows of the member,
/// unit and pocket add up to so far: balance + pending − debt. The number of the posting and the link of the row are
/// known only when all of them are there, so each row stands behind its length (little endian, 4 bytes) and its
/// [`chain::digest`], with its first cell and its last left open.
pub fn postings<'e>(
    book: Book<'_>,
    (format, columns): (Format, &[&'static str]),
    (entry, posting): (&Entry, &'e Posting),
    standing: &mut Standing<'e>,
    out: &mut Vec<u8>,
) {
    let stands = standing.entry((posting.unit, posting.pocket.as_deref())).or_default();
    let mut cells = Vec::new();
    for share in shares(book, posting) {
        *stands += &share.amount;
        cells.clear();
        let mut rows = Rows::new(&mut cells, Format::Cells, columns);
        rows.leave_number();
        posting_row(book, entry, posting, &share, stands, &mut rows);
        let from = out.len();
        out.extend_from_slice(&[0; 4]);
        out.extend_from_slice(&chain::digest(&cells));
        encoded(format, columns, &cells, out);
        let length = u32::try_from(out.len() - from - 4).unwrap_or(u32::MAX);
        out[from..from + 4].copy_from_slice(&length.to_le_bytes());
    }
}

/// The cells of a row behind its number, in the format that is wanted.
fn encoded(format: Format, columns: &[&'static str], mut cells: &[u8], out: &mut Vec<u8>) {
    for (at, column) in columns.iter().enumerate().skip(1) {
        let Some((text, rest)) = cell(cells) else { return };
        cells = rest;
        encode(out, format, column, at, &String::from_utf8_lossy(text));
    }
}

/// The rows of one posting, once its number is known; each is linked to the one before.
pub fn with_number(
    (format, columns): (Format, &[&'static str]),
    number: u64,
    mut value: &[u8],
    chain: &mut Chain,
    out: &mut Vec<u8>,
) {
    let last = columns.len() - 1;
    while let Some((row, rest)) = cell(value) {
        value = rest;
        let Some((digest, cells)) = row.split_first_chunk::<HASH>() else { return };
        chain.add(number, digest);
        numbered(out, format, columns[0], number, cells);
        encode_plain(out, format, columns[last], last, |out| out.extend_from_slice(chain.link().as_bytes()));
        end_row(out, format);
    }
}

fn posting_row(book: Book<'_>, entry: &Entry, posting: &Posting, share: &Share, stands: &Exact, rows: &mut Rows<'_>) {
    let decimals = book.program.points[posting.unit.0].decimals;
    when_and_who(book, entry, rows);
    rows.text(book.unit(posting.unit));
    rows.text(posting.pocket.as_deref().unwrap_or_default());
    rows.text(kind_word(posting.kind));
    rows.text(entry.event.as_deref().unwrap_or_default());
    rows.text(&share.rule);
    rows.text(&share.place);
    rows.text(&share.exact.to_string());
    rows.plain(|out| push_padded(&share.amount, decimals, out));
    rows.plain(|out| push_padded(stands, decimals, out));
    day(posting.spendable_from, rows);
    day(posting.last_day, rows);
    rows.text(&bare(&share.why));
    rows.end();
}

/// What one rule brought of a posting, or the whole of one that no rule brought or that puts right what several did.
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
    if posting.parts.is_empty() || sum != posting.amount || why::is_revalued(posting) {
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

/// `changes`: what became of stamps, gifts, levels and memberships.
pub fn changes(book: Book<'_>, entry: &Entry, rows: &mut Rows<'_>) {
    let start = |rows: &mut Rows<'_>| {
        when_and_who(book, entry, rows);
        rows.text(entry.event.as_deref().unwrap_or_default());
    };
    match &entry.what {
        Happened::Stamped { card, change, stands_at, why } => {
            start(rows);
            rows.text("card");
            rows.text(&book.program.cards[card.0].name.text);
            rows.plain(|out| push_signed(out, *change));
            rows.plain(|out| push_signed(out, *stands_at));
            rows.text(stamp_word(*why));
            rows.empty();
        }
        Happened::Gift { held, life, rule, last_day } => {
            start(rows);
            rows.text(held_kind(*held));
            rows.text(book.held(*held));
            rows.text(life_word(*life));
            rows.empty();
            rows.text(rule.map_or("", |rule| book.rule(rule)));
            day(*last_day, rows);
        }
        Happened::Level { tiers, from, to, until, why } => {
            let tiers = &book.program.tiers[tiers.0];
            let level = |at: usize| tiers.levels.get(at).map_or("", |level| level.name.text.as_str());
            start(rows);
            rows.text("level");
            rows.text(&tiers.name.text);
            if from == to {
                rows.text("renewed");
            } else {
                rows.text(&format!("from {}", level(*from)));
            }
            rows.text(level(*to));
            rows.text(&level_word(book, why));
            day(*until, rows);
        }
        Happened::Entries { draw, date, change, stands_at, why } => {
            start(rows);
            rows.text("draw");
            rows.text(&book.program.draws[draw.0].name.text);
            rows.plain(|out| push_signed(out, *change));
            rows.plain(|out| push_signed(out, *stands_at));
            rows.text(entry_word(*why));
            day(Some(*date), rows);
        }
        Happened::Drawn { draw, date, seed, entries, members, winners } => {
            start(rows);
            rows.text("draw");
            rows.text(&book.program.draws[draw.0].name.text);
            rows.text("held");
            rows.text(&winners.to_string());
            rows.text(&format!("by the seed {seed}, of {entries} entries of {members} members"));
            day(Some(*date), rows);
        }
        Happened::Won { draw, date, place, entry, among } => {
            start(rows);
            rows.text("draw");
            rows.text(&book.program.draws[draw.0].name.text);
            rows.text("won");
            rows.text(&place.to_string());
            rows.text(&format!("entry {entry} of {among}"));
            day(Some(*date), rows);
        }
        Happened::Challenge { challenge, figures, undone } => {
            let block = &book.program.challenges[challenge.0];
            let done = block.steps.iter().zip(figures).filter(|(step, done)| **done >= step.least).count();
            let each = block.steps.iter().zip(figures);
            let each: Vec<String> = each
                .map(|(step, done)| format!("{} {} of {}", step.name.text, figure(done), figure(&step.least)))
                .collect();
            start(rows);
            rows.text("challenge");
            rows.text(&block.name.text);
            rows.text(if *undone { "taken back" } else { "completed" });
            rows.text(&format!("{done} of {}", block.need));
            rows.text(&each.join(", "));
            rows.empty();
        }
        Happened::Membership { membership, what, until, .. } => {
            start(rows);
            rows.text("membership");
            rows.text(book.membership(*membership));
            rows.text(term_word(*what));
            rows.empty();
            rows.empty();
            day(*until, rows);
        }
        Happened::Offer { rule, held_back, category } => {
            let of = &book.program.rules[rule.0];
            let channels = of.offer.map(|id| book.program.offers[id.0].channels.join(";")).unwrap_or_default();
            start(rows);
            rows.text(if of.offer.is_some() { "offer" } else { "pilot" });
            rows.text(book.rule(*rule));
            rows.text(if *held_back { "held_back" } else { "made" });
            rows.text(category.as_deref().unwrap_or_default());
            rows.text(&channels);
            rows.empty();
        }
        Happened::NewTerms(sentence) => {
            start(rows);
            rows.text("terms");
            rows.text(&book.program.settings.name.text);
            rows.text("changed");
            rows.empty();
            rows.text(sentence);
            rows.empty();
        }
        Happened::Posted(_)
        | Happened::Rejected { .. }
        | Happened::Discount(_)
        | Happened::Limited { .. }
        | Happened::Nothing(_) => return,
    }
    rows.end();
}

fn entry_word(why: EntryWhy) -> &'static str {
    match why {
        EntryWhy::Event => "event",
        EntryWhy::Free => "free",
        EntryWhy::Returned => "returned",
        EntryWhy::Cut => "cut",
        EntryWhy::Left => "left",
    }
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
        LevelWhy::Membership(membership) => format!("by membership {}", book.membership(*membership)),
        LevelWhy::Ended => "ended".to_string(),
        LevelWhy::TakenBack => "taken back".to_string(),
    }
}

/// `discounts`: what was taken off purchases, and what returns changed of it.
pub fn discounts(book: Book<'_>, entry: &Entry, rows: &mut Rows<'_>) {
    let Some(off) = entry.what.discount() else { return };
    let minor_units = book.program.settings.minor_units;
    when_and_who(book, entry, rows);
    rows.text(entry.event.as_deref().unwrap_or_default());
    rows.text(&off.purchase);
    rows.text(off::kind(off.of));
    rows.text(book.discount(off.of));
    rows.text(&book.place(book.discount_span(off.of)));
    rows.text(&off.items.to_string());
    rows.plain(|out| push_padded(&off.price, minor_units, out));
    rows.plain(|out| push_padded(&off.off, minor_units, out));
    rows.plain(|out| push_padded(&off.change(), minor_units, out));
    rows.text(&off::why(book, off));
    rows.end();
}

/// `rejections`.
pub fn rejections(book: Book<'_>, entry: &Entry, rows: &mut Rows<'_>) {
    let Some((reason, sentence)) = entry.what.rejection() else { return };
    when_and_who(book, entry, rows);
    rows.text(entry.event.as_deref().unwrap_or_default());
    rows.text(reason.word());
    rows.text(sentence);
    rows.end();
}

/// `fees`: what was paid for memberships, and what was given back.
pub fn fees(book: Book<'_>, entry: &Entry, rows: &mut Rows<'_>) {
    let Happened::Membership { membership, what, fee, until } = &entry.what else { return };
    if fee.is_zero() {
        return;
    }
    when_and_who(book, entry, rows);
    rows.text(entry.event.as_deref().unwrap_or_default());
    rows.text(book.membership(*membership));
    rows.text(term_word(*what));
    rows.plain(|out| push_padded(fee, book.program.settings.minor_units, out));
    day(*until, rows);
    rows.text(&bare(&story::fee_words(book, *membership, *what, fee)));
    rows.end();
}

fn term_word(what: Term) -> &'static str {
    match what {
        Term::Trial => "trial",
        Term::Begun => "begun",
        Term::Ahead => "paid ahead",
        Term::Renewed => "renewed",
        Term::Ended => "ended",
        Term::Cancelled { .. } => "cancelled",
        Term::Left => "left",
    }
}
