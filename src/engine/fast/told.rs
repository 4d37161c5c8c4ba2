//! Counts what happens: what the reports show of a member that her state does not; and the journal, where it is
//! wanted.

use super::record::{Here, Journal, More, Moved, Record};
use crate::engine::outcome::{GiftLife, LevelWhy, MoneyOff, Reason, StampWhy};
use crate::engine::parts::Counts;
use crate::mechanics::example::Held;
use crate::mechanics::{CardId, PointsId, RuleId, TiersId};
use crate::value::exact::Exact;

/// Keeps rejections and counts.
#[derive(Debug, Default)]
pub struct Told {
    /// The event, why it was rejected, and whether its reason is the first of its event.
    pub rejected: Vec<(u32, Reason)>,
    /// What was taken off purchases: the purchase, and the change.
    pub off: Vec<(String, Exact)>,
    /// Postings, cards filled, lives of gifts, money off. Purchases and sales are the machine's.
    pub counts: Counts,
}

impl Told {
    /// Nothing yet.
    pub fn clear(&mut self) {
        self.rejected.clear();
        self.off.clear();
        self.counts = Counts::default();
    }
}

impl Record for Told {
    fn posted(&mut self, _: &Here, _: PointsId, _: Option<&str>, _: Moved, _: impl FnOnce() -> More) {
        self.counts.postings += 1;
    }

    fn stamped(&mut self, _: &Here, card: CardId, _: i64, _: i64, why: StampWhy) {
        if why == StampWhy::Full {
            if self.counts.filled.len() <= card.0 {
                self.counts.filled.resize(card.0 + 1, 0);
            }
            self.counts.filled[card.0] += 1;
        }
    }

    fn gift(&mut self, _: &Here, held: Held, life: GiftLife, _: Option<RuleId>, _: i32) {
        *self.counts.lives.entry((held, life)).or_default() += 1;
    }

    fn level(&mut self, _: &Here, _: TiersId, _: (usize, usize), _: i32, _: impl FnOnce() -> LevelWhy) {}

    fn rejected(&mut self, here: &Here, reason: Reason, _: impl FnOnce() -> String) {
        self.rejected.extend(here.source.event().map(|event| (event, reason)));
    }

    fn nothing(&mut self, _: &Here, _: impl FnOnce() -> String) {}

    fn off(&mut self, _: &Here, _: i64, off: &MoneyOff) {
        let given = self.counts.discounts.entry(off.of).or_default();
        given.times += off.times();
        given.off += off.change();
        self.off.push((off.purchase.clone(), off.change()));
    }

    fn entries(&self) -> usize {
        0
    }
}

/// Takes down what a play needs, and perhaps more.
pub trait Tells: Record {
    /// Whether postings say why: each rule's part, with its arithmetic.
    const EXPLAINS: bool;
    /// What was counted.
    fn told(&self) -> &Told;
}

impl Tells for Told {
    const EXPLAINS: bool = false;

    fn told(&self) -> &Told {
        self
    }
}

/// Counts, and keeps the journal.
pub struct Both<'n> {
    /// What was counted.
    pub told: &'n mut Told,
    /// What happened.
    pub journal: Journal<'n>,
}

impl Tells for Both<'_> {
    const EXPLAINS: bool = true;

    fn told(&self) -> &Told {
        self.told
    }
}

impl Record for Both<'_> {
    fn posted(&mut self, here: &Here, unit: PointsId, pocket: Option<&str>, moved: Moved, more: impl FnOnce() -> More) {
        self.told.posted(here, unit, pocket, moved, More::default);
        self.journal.posted(here, unit, pocket, moved, more);
    }

    fn stamped(&mut self, here: &Here, card: CardId, change: i64, stands_at: i64, why: StampWhy) {
        self.told.stamped(here, card, change, stands_at, why);
        self.journal.stamped(here, card, change, stands_at, why);
    }

    fn gift(&mut self, here: &Here, held: Held, life: GiftLife, rule: Option<RuleId>, last_day: i32) {
        self.told.gift(here, held, life, rule, last_day);
        self.journal.gift(here, held, life, rule, last_day);
    }

    fn level(
        &mut self,
        here: &Here,
        tiers: TiersId,
        levels: (usize, usize),
        until: i32,
        why: impl FnOnce() -> LevelWhy,
    ) {
        self.journal.level(here, tiers, levels, until, why);
    }

    fn rejected(&mut self, here: &Here, reason: Reason, sentence: impl FnOnce() -> String) {
        self.told.rejected(here, reason, String::new);
        self.journal.rejected(here, reason, sentence);
    }

    fn nothing(&mut self, here: &Here, sentence: impl FnOnce() -> String) {
        self.journal.nothing(here, sentence);
    }

    fn off(&mut self, here: &Here, change: i64, off: &MoneyOff) {
        self.told.off(here, change, off);
        self.journal.off(here, change, off);
    }

    fn entries(&self) -> usize {
        self.journal.entries()
    }
}
