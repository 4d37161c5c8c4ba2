//! What is told of one member while she is played: kept until she is done, so that who cannot be played to her end does
//! not count by half.

use super::calendar::Calendar;
use super::fees::Fee;
use crate::engine::live::Told;
use crate::engine::outcome::{GiftLife, PostingKind, Reason};
use crate::mechanics::example::Held;
use crate::mechanics::off::DiscountOf;
use crate::mechanics::{CardId, MembershipId, PointsId, RuleId, TiersId};
use crate::value::clock::Date;

/// One thing that was told; the month is counted from the first of the simulation.
#[derive(Debug, Clone, Copy)]
pub(super) enum Said {
    /// Points moved.
    Points {
        month: u16,
        unit: PointsId,
        kind: PostingKind,
        rule: Option<RuleId>,
        amount: i64,
        /// They paid at the till, or came back from there.
        at_till: bool,
    },
    /// A thing came or went.
    Thing { month: u16, held: Held, life: GiftLife, rule: Option<RuleId> },
    /// Money off, in ten-thousandths.
    Off { month: u16, of: DiscountOf, amount: i64 },
    /// A level changed.
    Level { tiers: TiersId, from: usize, to: usize },
}

/// What she is doing, for those who are told what comes of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Doing {
    /// Nothing: days pass.
    #[default]
    Waiting,
    /// She buys, and pays with so many points.
    Buying(i64),
    /// She takes or uses something.
    Taking,
    /// She brings something back.
    Returning,
    /// She does something that nobody pays for.
    Acting,
    /// She takes or gives up a membership.
    Subscribing,
}

/// All that was told.
#[derive(Debug)]
pub(super) struct Log<'c> {
    calendar: &'c Calendar,
    /// In order.
    pub(super) said: Vec<Said>,
    /// What she does just now.
    pub(super) doing: Doing,
    /// Whether a reward came since this was last set back.
    pub(super) rewarded: bool,
    /// Whether something was taken off what she last bought.
    pub(super) reduced: bool,
    /// Whether what she was last doing was rejected.
    pub(super) refused: bool,
    /// How many of her purchases and returns were rejected.
    pub(super) rejected: u32,
    /// Fees of memberships, in the order told.
    pub(super) fees: Vec<Fee>,
    /// Of the time behind the horizon: points spent and expired, each in the order told, and when.
    pub(super) behind: Option<Vec<(usize, bool, i64, Date)>>,
}

impl<'c> Log<'c> {
    /// An empty one.
    pub(super) fn new(calendar: &'c Calendar) -> Self {
        Self {
            calendar,
            said: Vec::new(),
            fees: Vec::new(),
            doing: Doing::Waiting,
            rewarded: false,
            reduced: false,
            refused: false,
            rejected: 0,
            behind: None,
        }
    }

    /// Forgets all of it.
    pub(super) fn clear(&mut self) {
        self.said.clear();
        self.fees.clear();
        (self.doing, self.rewarded, self.reduced) = (Doing::Waiting, false, false);
        (self.refused, self.rejected) = (false, 0);
        self.behind = None;
    }

    fn month(&self, day: Date) -> u16 {
        u16::try_from(self.calendar.month_of(day)).unwrap_or(u16::MAX)
    }

    /// Whether these points paid at the till, or came back from there.
    fn at_till(&mut self, kind: PostingKind, amount: i64) -> bool {
        if kind != PostingKind::Spent {
            return false;
        }
        match self.doing {
            Doing::Buying(points) if points > 0 && amount == -points => {
                self.doing = Doing::Buying(0);
                true
            }
            Doing::Returning => amount > 0,
            Doing::Buying(_) | Doing::Waiting | Doing::Taking | Doing::Acting | Doing::Subscribing => false,
        }
    }
}

impl Told for Log<'_> {
    fn posted(&mut self, day: Date, unit: PointsId, kind: PostingKind, rule: Option<RuleId>, amount: i64) {
        if let Some(behind) = &mut self.behind {
            if matches!(kind, PostingKind::Spent | PostingKind::Expired) && amount < 0 {
                behind.push((unit.0, kind == PostingKind::Spent, -amount, day));
            }
            return;
        }
        let at_till = self.at_till(kind, amount);
        self.rewarded |= at_till && amount < 0;
        let month = self.month(day);
        self.said.push(Said::Points { month, unit, kind, rule, amount, at_till });
    }

    fn gift(&mut self, day: Date, held: Held, life: GiftLife, rule: Option<RuleId>) {
        if self.behind.is_some() {
            return;
        }
        self.rewarded |= life == GiftLife::Issued;
        let month = self.month(day);
        self.said.push(Said::Thing { month, held, life, rule });
    }

    fn off(&mut self, day: Date, of: DiscountOf, amount: i64) {
        self.reduced |= amount > 0 && matches!(self.doing, Doing::Buying(_));
        if self.behind.is_none() {
            let month = self.month(day);
            self.said.push(Said::Off { month, of, amount });
        }
    }

    fn level(&mut self, _day: Date, tiers: TiersId, from: usize, to: usize) {
        if self.behind.is_none() && from != to {
            self.said.push(Said::Level { tiers, from, to });
        }
    }

    fn filled(&mut self, _day: Date, _card: CardId) {
        self.rewarded = true;
    }

    fn fee(&mut self, day: Date, membership: MembershipId, amount: i64, until: Option<Date>) {
        if self.behind.is_none() {
            self.fees.push(Fee { day, membership, amount, until });
        }
    }

    fn rejected(&mut self, _day: Date, reason: Reason) {
        self.refused = true;
        // What she asks for and does not get is no mistake of hers: only what she did counts.
        let of_hers = match self.doing {
            // What an activity does not accept, or has had enough of, is no mistake either.
            Doing::Buying(_) | Doing::Acting => matches!(reason, Reason::OutsideProgram | Reason::NotAMember),
            Doing::Returning | Doing::Subscribing => true,
            Doing::Waiting | Doing::Taking => false,
        };
        if of_hers && self.behind.is_none() {
            self.rejected = self.rejected.saturating_add(1);
        }
    }
}
