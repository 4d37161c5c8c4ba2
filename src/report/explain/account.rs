//! The account that adds a member's points up, and what else she holds.

use crate::engine::outcome::{ChallengeView, LotView, MemberView, PointsView, PostingKind};
use crate::mechanics::arm::Arm;
use crate::mechanics::challenge::{Challenge, Done, Step};
use crate::mechanics::reading::Kind;
use crate::mechanics::{OfferId, PilotId, PointsId};
use crate::report::facts::{adds_up, named};
use crate::report::grid::{Grid, Side};
use crate::report::words::{ACCOUNT, Book, counted, day, figure, grouped, isolate};
use crate::value::clock::Date;
use crate::value::exact::Exact;
use serde::Serialize;

/// One unit and pocket of a member: what came and went, and what it leaves.
#[derive(Debug, Serialize)]
pub struct Account {
    /// The unit, with the pocket: `star@Gara`.
    pub unit: String,
    /// The unit as figures carry it.
    #[serde(skip)]
    plural: String,
    /// Where its own balance is: ` at Gara`, or ` of no store` for what no event of a store brought.
    #[serde(skip)]
    place: String,
    /// What came (signed) by kind; what is zero is left out.
    pub lines: Vec<Line>,
    /// What the lines add up to.
    pub sum: String,
    /// Spendable.
    pub balance: String,
    /// Not yet spendable.
    pub pending: String,
    /// Owed.
    pub debt: String,
    /// Whether the lines add up to balance + pending − debt; they always do.
    pub adds_up: bool,
    /// Open lots, soonest to end first.
    pub lots: Vec<String>,
    /// The same, those of one last day together.
    #[serde(skip)]
    ends: Vec<String>,
}

/// So many lots are told one by one; more of them by their last day.
const MANY: usize = 12;

/// One line of an account.
#[derive(Debug, Serialize)]
pub struct Line {
    /// What it is.
    pub what: &'static str,
    /// Signed.
    pub amount: String,
}

/// The accounts of a member, in file order of the units.
pub fn accounts(book: Book<'_>, view: &MemberView) -> Vec<Account> {
    view.points.iter().map(|((unit, pocket), points)| account(book, *unit, pocket.as_deref(), points)).collect()
}

fn account(book: Book<'_>, unit: PointsId, pocket: Option<&str>, points: &PointsView) -> Account {
    let mut sum = Exact::zero();
    let mut lines = Vec::new();
    for (kind, adds) in ACCOUNT {
        let Some(total) = points.totals.get(&kind).filter(|total| !total.is_zero()) else { continue };
        let signed = if adds { total.clone() } else { -total };
        lines.push(Line { what: word(kind), amount: book.number(unit, &signed) });
        sum += signed;
    }
    Account {
        unit: named(book.unit(unit), pocket),
        plural: book.unit_for(unit, &Exact::from_int(2)).into_owned(),
        place: match (pocket, &book.program.points[unit.0].separate_by) {
            (Some(pocket), _) => format!(" at {}", isolate(pocket)),
            (None, Some(column)) => format!(" of no {}", isolate(column)),
            (None, None) => String::new(),
        },
        lines,
        sum: book.number(unit, &sum),
        balance: book.number(unit, &points.balance),
        pending: book.number(unit, &points.pending),
        debt: book.number(unit, &points.debt),
        adds_up: adds_up(points),
        lots: points.lots.iter().map(|lot| lot_words(book, unit, lot)).collect(),
        ends: ends(book, unit, &points.lots),
    }
}

/// `1240 stars through 31 October 1998, of 44 earnings`, soonest to end first.
fn ends(book: Book<'_>, unit: PointsId, lots: &[LotView]) -> Vec<String> {
    let together = lots.chunk_by(|a, b| (a.last_day, a.pending) == (b.last_day, b.pending));
    let line = |lots: &[LotView]| {
        let sum = lots.iter().fold(Exact::zero(), |sum, lot| &sum + &lot.left);
        let earnings = counted(u64::try_from(lots.len()).unwrap_or(u64::MAX), "earning", "earnings");
        let pending = if lots.iter().any(|lot| lot.pending) { ", not to be spent yet" } else { "" };
        format!("{} {}, of {earnings}{pending}", book.amount(unit, &sum), until(lots[0].last_day))
    };
    // `chunk_by` never yields an empty chunk.
    together.map(line).collect()
}

/// Through which day something lasts.
pub fn until(last_day: Option<Date>) -> String {
    match last_day {
        Some(last) => format!("through {}", day(last)),
        None => "without an end".to_string(),
    }
}

/// The kinds as an account names them.
pub fn word(kind: PostingKind) -> &'static str {
    match kind {
        PostingKind::Earned => "earned",
        PostingKind::Spent => "spent",
        PostingKind::Expired => "expired",
        PostingKind::Clawed => "taken back by returns",
        PostingKind::WrittenOff => "written off",
        PostingKind::Bought => "bought",
        PostingKind::Received => "received",
        PostingKind::Sent => "sent",
        PostingKind::Adjusted => "adjusted",
    }
}

fn lot_words(book: Book<'_>, unit: PointsId, lot: &LotView) -> String {
    let left = book.amount(unit, &lot.left);
    let of = if lot.left == lot.granted {
        String::new()
    } else {
        format!(" left of {}", grouped(&book.number(unit, &lot.granted)))
    };
    let until = until(lot.last_day);
    let pending = match (lot.pending, lot.spendable_from) {
        (false, _) => String::new(),
        (true, Some(from)) => format!(", to be spent from {}", day(from)),
        (true, None) => ", not to be spent yet".to_string(),
    };
    format!("{left}{of}, earned {} by {}, {until}{pending}", day(lot.earned), isolate(&lot.source))
}

/// Levels, cards and gifts held, a sentence each.
pub fn holds(book: Book<'_>, member: &str, view: &MemberView) -> Vec<String> {
    let mut lines = Vec::new();
    let here = |kind: Kind, at: usize| !view.left && book.program.has(kind, at);
    for (at, pilot) in book.program.pilots.iter().enumerate().filter(|(at, _)| here(Kind::Pilot, *at)) {
        let side = match book.program.arm_of_pilot(PilotId(at), member) {
            Arm::In => "in it",
            Arm::Held => "in its control group, which gets nothing of it",
            Arm::Out => "not drawn",
        };
        lines.push(format!("Pilot {}: {side} ({}).", isolate(&pilot.name.text), book.line(pilot.span)));
    }
    for (at, offer) in book.program.offers.iter().enumerate().filter(|(_, offer)| here(Kind::Rule, offer.rule.0)) {
        if book.program.arm_of_offer(OfferId(at), member) == Arm::Held {
            let name = isolate(&offer.name.text);
            lines.push(format!("Offer {name}: kept back, to measure it ({}).", book.line(offer.span)));
        }
    }
    for (tiers, (level, until)) in book.program.tiers.iter().zip(&view.levels).filter(|_| !view.left) {
        let Some(level) = tiers.levels.get(*level) else { continue };
        let until = until.map(|until| format!(", through {}", day(until))).unwrap_or_default();
        lines.push(format!("{}: {}{until}.", isolate(&tiers.name.text), isolate(&level.name.text)));
    }
    for (card, stamps) in book.program.cards.iter().zip(&view.cards).filter(|(_, stamps)| **stamps != 0) {
        let word = if *stamps == 1 { "stamp" } else { "stamps" };
        lines.push(format!("Card {}: {stamps} {word}, full at {}.", isolate(&card.name.text), card.full));
    }
    for entries in &view.entries {
        let name = isolate(&book.program.draws[entries.draw.0].name.text);
        let size = counted(entries.number.unsigned_abs(), "entry", "entries");
        lines.push(format!("Draw {name} of {}: {size}.", day(entries.date)));
    }
    let challenges = book.program.challenges.iter().zip(&view.challenges).filter(|_| !view.left);
    lines.extend(challenges.map(|(block, view)| challenge(book, block, view)));
    for (membership, view) in &view.memberships {
        let paid = &view.charged - &view.returned;
        let paid = if view.charged.is_zero() { String::new() } else { format!("; {} paid so far", book.money(&paid)) };
        let trial = if view.trial { " on trial" } else { "" };
        let held = view.until.map_or_else(|| "not held".to_string(), |until| format!("through {}", day(until)));
        lines.push(format!("Membership {}{trial}: {held}{paid}.", isolate(book.membership(*membership))));
    }
    for (held, number) in view.gifts.iter().filter(|(_, number)| **number > 0) {
        let kind = match held {
            crate::mechanics::example::Held::Gift(_) => "gift",
            crate::mechanics::example::Held::Reward(_) => "reward",
            crate::mechanics::example::Held::Coupon(_) => "coupon",
        };
        lines.push(format!("Holds {number} × {kind} {}.", isolate(book.held(*held))));
    }
    lines
}

/// How far a member is with a challenge: `Challenge explorer: categories 3 of 4, weeks 1 of 3`.
fn challenge(book: Book<'_>, block: &Challenge, view: &ChallengeView) -> String {
    let steps: Vec<String> =
        block.steps.iter().zip(&view.figures).map(|(step_, figure)| step(book, step_, figure)).collect();
    let needed =
        if block.need < block.steps.len() { format!(", {} of them needed", block.need) } else { String::new() };
    let times = match view.times {
        0 => String::new(),
        1 => "; completed once".to_owned(),
        times => format!("; completed {times} times"),
    };
    format!("Challenge {}: {}{needed}{times}.", isolate(&block.name.text), steps.join(", "))
}

/// `categories 3 of 4`; of money with its unit.
pub fn step(book: Book<'_>, step: &Step, done: &Exact) -> String {
    let least = match &step.what {
        Done::Basis(basis) => book.measured(basis, &step.least),
        Done::Streak(_) => figure(&step.least),
    };
    format!("{} {} of {least}", isolate(&step.name.text), figure(done))
}

/// Writes an account: the lines, their sum, and what the sum is made of.
pub fn write(text: &mut String, account: &Account) {
    let mut grid = Grid::new(&[Side::Left, Side::Right, Side::Left]);
    for line in &account.lines {
        grid.row([line.what, &grouped(&line.amount)]);
    }
    let zero = |amount: &str| amount.bytes().all(|byte| byte == b'0' || byte == b'.');
    let mut made_of = vec![format!("balance {}", grouped(&account.balance))];
    if !zero(&account.pending) {
        made_of.push(format!("+ pending {}", grouped(&account.pending)));
    }
    if !zero(&account.debt) {
        made_of.push(format!("- owed {}", grouped(&account.debt)));
    }
    grid.row(["together", &grouped(&account.sum), &format!("= {}", made_of.join(" "))]);
    text.push_str(&format!("{}{}\n", account.plural, account.place));
    for line in grid.lines() {
        text.push_str(&format!("  {line}\n"));
    }
    if !account.adds_up {
        text.push_str("  These do not add up: please report it with this program and history.\n");
    }
    let lots = if account.lots.len() > MANY { &account.ends } else { &account.lots };
    for lot in lots {
        text.push_str(&format!("  - {lot}\n"));
    }
}
