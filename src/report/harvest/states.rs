//! Rows of the tables of states: a member at one moment.

use super::rows::{Rows, push_number, push_signed};
use crate::engine::outcome::GiftLife::{Expired, Issued, OutOfStock, Revoked, Used};
use crate::engine::outcome::{GiftLife, MemberView, PointsView};
use crate::engine::parts::Counts;
use crate::mechanics::arm::Arm;
use crate::mechanics::example::Held;
use crate::mechanics::reading::Kind;
use crate::mechanics::{OfferId, PilotId, PointsId};
use crate::report::statement;
use crate::report::words::{ACCOUNT, Book, push_day, push_padded};
use crate::value::clock::Date;
use crate::value::exact::Exact;

/// What can become of a gift, in the order of the columns; behind them stands how often it was taken out of a choice.
pub const LIVES: [GiftLife; 5] = [Issued, Used, Expired, Revoked, OutOfStock];

/// A member at one moment, and the book to say it by.
pub struct State<'s> {
    /// The book.
    pub book: Book<'s>,
    /// The moment as the user wrote it.
    pub as_of: &'s str,
    /// Who.
    pub id: &'s str,
    /// The name she is shown under.
    pub member: &'s str,
    /// The program's day of that moment.
    pub day: Date,
}

impl State<'_> {
    fn start(&self, rows: &mut Rows<'_>) {
        rows.text(self.as_of);
        rows.text(self.member);
    }

    fn account(&self, unit: PointsId, pocket: Option<&str>, rows: &mut Rows<'_>) {
        self.start(rows);
        rows.text(self.book.unit(unit));
        rows.text(pocket.unwrap_or_default());
    }

    fn number(&self, unit: PointsId, number: &Exact, rows: &mut Rows<'_>) {
        rows.plain(|out| push_padded(number, self.book.program.points[unit.0].decimals, out));
    }

    /// `balances`.
    pub fn balances(&self, view: &MemberView, rows: &mut Rows<'_>) {
        let zero = Exact::zero();
        for ((unit, pocket), points) in &view.points {
            self.account(*unit, pocket.as_deref(), rows);
            for number in [&points.balance, &points.pending, &points.debt] {
                self.number(*unit, number, rows);
            }
            for (kind, _) in ACCOUNT {
                self.number(*unit, points.totals.get(&kind).unwrap_or(&zero), rows);
            }
            rows.end();
        }
    }

    /// `lots`.
    pub fn lots(&self, view: &MemberView, rows: &mut Rows<'_>) {
        for ((unit, pocket), points) in &view.points {
            self.lots_of(*unit, pocket.as_deref(), points, rows);
        }
    }

    fn lots_of(&self, unit: PointsId, pocket: Option<&str>, points: &PointsView, rows: &mut Rows<'_>) {
        for lot in &points.lots {
            self.account(unit, pocket, rows);
            rows.text(&lot.source);
            day(Some(lot.earned), rows);
            self.number(unit, &lot.granted, rows);
            self.number(unit, &lot.left, rows);
            rows.text(if lot.pending { "yes" } else { "no" });
            day(lot.spendable_from, rows);
            day(lot.last_day, rows);
            rows.end();
        }
    }

    /// `levels`; who left is on none.
    pub fn levels(&self, view: &MemberView, rows: &mut Rows<'_>) {
        for (tiers, (level, until)) in self.book.program.tiers.iter().zip(&view.levels).filter(|_| !view.left) {
            let Some(level) = tiers.levels.get(*level) else { continue };
            self.start(rows);
            rows.text(&tiers.name.text);
            rows.text(&level.name.text);
            day(*until, rows);
            rows.end();
        }
    }

    /// `cards`.
    pub fn cards(&self, view: &MemberView, rows: &mut Rows<'_>) {
        let cards = self.book.program.cards.iter().zip(&view.cards);
        for (card, stamps) in cards.filter(|(_, stamps)| **stamps != 0) {
            self.start(rows);
            rows.text(&card.name.text);
            rows.plain(|out| push_signed(out, *stamps));
            rows.text(&card.full.to_string());
            rows.end();
        }
    }

    /// `arms`: on which side of each pilot and offer she stands, whenever she is one whom it is for; who left stands
    /// on none.
    pub fn arms(&self, view: &MemberView, rows: &mut Rows<'_>) {
        let program = self.book.program;
        if view.left {
            return;
        }
        let mut row = |kind: &str, name: &str, arm: Arm, channels: &str| {
            let Some(word) = arm_word(kind, arm) else { return };
            self.start(rows);
            [kind, name, word, channels].into_iter().for_each(|cell| rows.text(cell));
            rows.end();
        };
        for (at, pilot) in program.pilots.iter().enumerate().filter(|(at, _)| program.has(Kind::Pilot, *at)) {
            row("pilot", &pilot.name.text, program.arm_of_pilot(PilotId(at), self.id), "");
        }
        for (at, offer) in program.offers.iter().enumerate().filter(|(_, offer)| program.has(Kind::Rule, offer.rule.0))
        {
            let arm = program.arm_of_offer(OfferId(at), self.id);
            row("offer", &offer.name.text, arm, &offer.channels.join(";"));
        }
    }

    /// `statement`: what can be spent now and later, what ends when, what is owed, what rewards still take.
    pub fn statement(&self, view: &MemberView, rows: &mut Rows<'_>) {
        for item in statement::items(self.book.of_version(view.version).program, self.day, view) {
            self.account(item.unit, item.pocket.as_deref(), rows);
            rows.text(item.what.word());
            day(item.day, rows);
            self.number(item.unit, &item.number, rows);
            rows.text(item.name.as_deref().unwrap_or_default());
            rows.end();
        }
    }

    /// `gifts`: what has become of her gifts, and how many she holds.
    pub fn gifts(&self, view: Option<&MemberView>, counts: Option<&Counts>, rows: &mut Rows<'_>) {
        let lives = counts.into_iter().flat_map(|counts| counts.lives.keys().map(|(held, _)| *held));
        let holds = view.into_iter().flat_map(|view| view.gifts.keys().copied());
        let mut all: Vec<Held> = lives.chain(holds).collect();
        all.sort();
        all.dedup();
        for held in all {
            self.start(rows);
            rows.text(held_kind(held));
            rows.text(self.book.held(held));
            let now = view.and_then(|view| view.gifts.get(&held)).copied().unwrap_or(0);
            rows.plain(|out| push_number(out, now.into()));
            let times = |life| counts.and_then(|counts| counts.lives.get(&(held, life))).copied().unwrap_or(0);
            for life in LIVES {
                rows.plain(|out| push_number(out, times(life)));
            }
            rows.plain(|out| push_number(out, times(GiftLife::Taken) + times(GiftLife::Chosen)));
            rows.end();
        }
    }
}

/// The word for a side; none for who is on neither.
fn arm_word(kind: &str, arm: Arm) -> Option<&'static str> {
    match arm {
        Arm::In if kind == "pilot" => Some("pilot"),
        Arm::In => Some("offered"),
        Arm::Held if kind == "pilot" => Some("control"),
        Arm::Held => Some("held_back"),
        Arm::Out => None,
    }
}

/// The word for what is held.
pub fn held_kind(held: Held) -> &'static str {
    match held {
        Held::Gift(_) => "gift",
        Held::Reward(_) => "reward",
        Held::Coupon(_) => "coupon",
    }
}

/// A day, or an empty cell.
pub fn day(day: Option<Date>, rows: &mut Rows<'_>) {
    match day {
        Some(day) => rows.plain(|out| push_day(day, out)),
        None => rows.empty(),
    }
}
