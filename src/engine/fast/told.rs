//! Counts what happens: what the reports show of a member that her state does not.

use super::record::{Here, More, Moved, Record};
use crate::engine::outcome::{GiftLife, LevelWhy, Reason, StampWhy};
use crate::engine::parts::Counts;
use crate::mechanics::example::Held;
use crate::mechanics::{CardId, PointsId, RuleId, TiersId};

/// Keeps rejections and counts.
#[derive(Debug, Default)]
pub struct Told {
    /// The event, why it was rejected, and whether its reason is the first of its event.
    pub rejected: Vec<(u32, Reason)>,
    /// Postings, cards filled, lives of gifts. Purchases and sales are the machine's.
    pub counts: Counts,
}

impl Told {
    /// Nothing yet.
    pub fn clear(&mut self) {
        self.rejected.clear();
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

    fn entries(&self) -> usize {
        0
    }
}
