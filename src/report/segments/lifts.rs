//! What the sides of a pilot or an offer differ by: how much more a member spends who has it, and how sure that is.

use super::{Page, count, isolate, money};
use crate::engine::reference::portrait::{Gallery, Trial, TrialOf};
use crate::mechanics::arm::Arm;
use crate::report::words::{Book, counted, grouped};
use crate::simulate::measured::{Did, Difference, measure};
use crate::value::exact::Exact;
use serde::Serialize;

/// What one pilot or offer was measured to bring.
#[derive(Debug, Serialize)]
pub struct Lifted {
    /// `pilot` or `offer`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its first day.
    pub from: String,
    /// Its last day so far.
    pub until: String,
    /// What it is held against: who was `kept_back`, or `not_drawn`.
    pub against: &'static str,
    /// Members on either side: who has it, who has it not.
    pub members: (u64, u64),
    /// What one of those without it spent.
    pub without: String,
    /// By how much the means differ; none: fewer than two members on a side.
    pub means: Option<Spread>,
    /// By how much more spend has changed since as many days before it.
    pub changes: Option<Spread>,
    /// By how much they differ when what each spent before it is taken into account.
    pub adjusted: Option<Spread>,
}

/// A difference in money for a member, and its 90% interval.
#[derive(Debug, Serialize)]
pub struct Spread {
    /// The estimate.
    pub each: String,
    /// The lower end.
    pub low: String,
    /// The upper end.
    pub high: String,
    /// The estimate in percent of what those without it spent; none where they spent nothing.
    pub percent: Option<String>,
}

/// What each trial of the gallery was measured to bring.
pub(super) fn of(book: Book<'_>, gallery: &Gallery) -> Vec<Lifted> {
    gallery.trials.iter().enumerate().map(|(at, trial)| lifted(book, gallery, (at, trial))).collect()
}

fn lifted(book: Book<'_>, gallery: &Gallery, (at, trial): (usize, &Trial)) -> Lifted {
    let program = book.program;
    let arm = |member: &str| match trial.of {
        TrialOf::Pilot(pilot) => program.arm_of_pilot(pilot, member),
        TrialOf::Offer(offer) => program.arm_of_offer(offer, member),
    };
    let (kind, name) = match trial.of {
        TrialOf::Pilot(pilot) => ("pilot", &program.pilots[pilot.0].name.text),
        TrialOf::Offer(offer) => ("offer", &program.offers[offer.0].name.text),
    };
    // Who is kept back is what the side that has it is held against; where nobody is, who was not drawn.
    let held = gallery.portraits.iter().any(|one| arm(&one.member) == Arm::Held);
    let other = if held { Arm::Held } else { Arm::Out };
    let did = gallery.portraits.iter().filter_map(|one| {
        let side = arm(&one.member);
        let tried = &one.tried[at];
        let before = tried.before.as_ref().map(Exact::to_f64_lossy);
        (side == Arm::In || side == other).then(|| Did {
            treated: side == Arm::In,
            before,
            after: tried.after.to_f64_lossy(),
        })
    });
    let did: Vec<Did> = did.collect();
    let sides = [true, false].map(|treated| did.iter().filter(|one| one.treated == treated).count() as u64);
    let without: Vec<f64> = did.iter().filter(|one| !one.treated).map(|one| one.after).collect();
    let without = without.iter().sum::<f64>() / without.len().max(1) as f64;
    let measured = measure(&did);
    let spread = |difference: Difference| spread(book, &difference, without);
    Lifted {
        kind,
        name: name.clone(),
        from: trial.since.to_string(),
        until: trial.until.to_string(),
        against: if held { "kept_back" } else { "not_drawn" },
        members: (sides[0], sides[1]),
        without: figure(book, without),
        means: measured.map(|measured| spread(measured.means)),
        changes: measured.and_then(|measured| measured.changes).map(spread),
        adjusted: measured.and_then(|measured| measured.adjusted).map(spread),
    }
}

fn spread(book: Book<'_>, difference: &Difference, without: f64) -> Spread {
    let percent = (without > 0.0).then(|| format!("{:.1}", difference.mean / without * 100.0));
    let [each, low, high] = [difference.mean, difference.low, difference.high].map(|of| figure(book, of));
    Spread { each, low, high, percent }
}

/// An estimate in the money's decimals.
fn figure(book: Book<'_>, of: f64) -> String {
    let minor = book.program.settings.minor_units;
    let text = format!("{of:.*}", minor as usize);
    Exact::parse(&text).map_or(text, |exact| money(book, &exact))
}

/// Under the sides, what they differ by.
pub(super) fn show(text: &mut String, page: &Page) {
    for lift in &page.lifts {
        let name = isolate(&lift.name);
        let against = if lift.against == "kept_back" { "kept back" } else { "not drawn" };
        text.push_str(&format!(
            "\n  {} {name}, {} to {}: {} with it, {} {against}.\n",
            lift.kind,
            lift.from,
            lift.until,
            counted(lift.members.0, "member", "members"),
            count(lift.members.1),
        ));
        let Some(means) = &lift.means else {
            text.push_str("  Too few on a side to tell a difference.\n");
            continue;
        };
        let all = [
            ("as they are", Some(means)),
            ("since before it", lift.changes.as_ref()),
            ("with what each spent before taken into account", lift.adjusted.as_ref()),
        ];
        for (how, spread) in all.into_iter().filter_map(|(how, spread)| Some((how, spread?))) {
            let percent = spread.percent.as_ref().map(|percent| format!(", {percent}%")).unwrap_or_default();
            let (each, word) =
                spread.each.strip_prefix('-').map_or((spread.each.as_str(), "more"), |less| (less, "less"));
            text.push_str(&format!(
                "    {} {} {word} each{percent} (90%: {} to {}), {how}\n",
                grouped(each),
                page.money,
                grouped(&spread.low),
                grouped(&spread.high),
            ));
        }
    }
}

/// The table, its columns first: one row a pilot or offer and way of measuring.
pub(super) fn rows(page: &Page) -> Vec<Vec<String>> {
    let head = ["kind", "name", "from", "until", "against", "with", "without", "how", "each", "low", "high", "percent"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for lift in &page.lifts {
        let ways = [("means", &lift.means), ("changes", &lift.changes), ("adjusted", &lift.adjusted)];
        for (how, spread) in ways.into_iter().filter_map(|(how, spread)| Some((how, spread.as_ref()?))) {
            let texts = [lift.kind, &lift.name, &lift.from, &lift.until, lift.against].map(str::to_owned);
            let counts = [lift.members.0.to_string(), lift.members.1.to_string(), how.to_owned()];
            let figures = [spread.each.clone(), spread.low.clone(), spread.high.clone()];
            let percent = spread.percent.clone().unwrap_or_default();
            rows.push([texts.to_vec(), counts.to_vec(), figures.to_vec(), vec![percent]].concat());
        }
    }
    rows
}
