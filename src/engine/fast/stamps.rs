//! Stamps that events bring and returns take back, and what full cards give (sections 3 and 6.3).

use super::Beyond;
use super::back::Kept;
use super::cards::{Full, Stamp, Visit};
use super::machine::{Act, Machine};
use super::purses::Credit;
use super::record::{More, Record, Source};
use super::scene::{LineNow, Scene};
use super::value::measured;
use crate::engine::outcome::{Cut, CutBy, GiftLife, How, Part, PostingKind};
use crate::engine::pile::{Pile, SCALE};
use crate::engine::plan::ratios::divide;
use crate::engine::plan::{CardGives, MeasuredOn, Read, StampsPer, Summed, Thing};
use crate::mechanics::rule::Trigger;
use crate::mechanics::{CardId, PointsId};
use crate::value::exact::{Exact, Rounding};

impl Machine<'_> {
    /// The stamps that the event at hand brings by the cards' own clauses.
    pub(super) fn stamp_event(&mut self, pile: &Pile, act: Act, record: &mut impl Record) -> Result<(), Beyond> {
        let Some(place) = self.state.event else { return Ok(()) };
        let plan = self.plan;
        if plan.cards.is_empty() {
            return Ok(());
        }
        // A gift that a full card gives is asked for under other figures: these are the event's own.
        let mut reads = std::mem::take(&mut self.state.opening);
        reads.clone_from(&self.state.reads);
        // Rules that a full card fires look at the lines of this very event too.
        self.state.read_lines(pile, place);
        let when = (self.state.here.day, self.state.here.at);
        let visit = self.state.visit.map(|visit| self.state.visit_of(visit)).transpose()?;
        for (card, block) in plan.cards.iter().enumerate() {
            for (at, clause) in block.stamps.iter().enumerate() {
                let number = u32::try_from(at).map_err(|_| Beyond)?;
                let visit = visit.filter(|_| matches!(clause.per, StampsPer::Visit));
                if visit.is_some_and(|visit| self.state.cards.has_visit(CardId(card), number, visit)) {
                    continue;
                }
                let stamps = self.stamps_of(pile, (card, at), place, (when, 1), (Some(act), &reads))?;
                self.stamp(pile, card, (stamps, Some(number), visit), record)?;
            }
        }
        self.state.opening = reads;
        Ok(())
    }

    /// How many stamps a clause gives for the lines at hand, under these figures of the state; `act`: what the event
    /// counts as, none where it was returned whole.
    fn stamps_of(
        &mut self,
        pile: &Pile,
        (card, clause): (usize, usize),
        place: usize,
        ((day, at), over): ((i32, i64), i64),
        (act, reads): (Option<Act>, &[i64]),
    ) -> Result<i64, Beyond> {
        let plan = self.plan;
        let clause = &plan.cards[card].stamps[clause];
        let state = &self.state;
        let timed = pile.timed[place];
        let scene = Scene { event: Some(place), over, day, at, timed, reads, ..state.scene(plan, pile) };
        if !act.is_some_and(|act| stamps_on(&clause.per, act)) {
            return Ok(0);
        }
        let mut picked: Vec<LineNow> = Vec::new();
        for line in &state.lines {
            let holds = match &clause.lines {
                Some(lines) => scene.picks(lines, line)?,
                None => true,
            };
            if holds {
                picked.push(*line);
            }
        }
        let scene = Scene { lines: &picked, ..scene };
        let times = match &clause.per {
            StampsPer::Item => {
                let items = scene.sum(&crate::engine::plan::condition::LineCond::Fixed(true), |line| line.quantity)?;
                divide(i128::from(items), SCALE.checked_mul(over).ok_or(Beyond)?, Rounding::Down).ok_or(Beyond)?
            }
            StampsPer::Purchase | StampsPer::Visit => i64::from(clause.lines.is_none() || !picked.is_empty()),
            StampsPer::Amount { of, step, by, .. } => {
                let figure = i128::from(measured(of, &scene)?).checked_mul(i128::from(*by)).ok_or(Beyond)?;
                divide(figure, step.checked_mul(over).ok_or(Beyond)?, Rounding::Down).ok_or(Beyond)?
            }
        };
        times.max(0).checked_mul(clause.number).ok_or(Beyond)
    }

    /// Stamps come onto a card; each full one gives what it gives.
    pub(super) fn stamp(
        &mut self,
        pile: &Pile,
        card: usize,
        (number, clause, visit): (i64, Option<u32>, Option<Visit>),
        record: &mut impl Record,
    ) -> Result<(), Beyond> {
        if number <= 0 {
            return Ok(());
        }
        let id = CardId(card);
        let Self { units, card_rules, state, .. } = self;
        let rules = (&card_rules[card], &mut units.days, state.facts.joined);
        state.cards.stamp(id, rules, &state.here, (number, clause, visit), record)?;
        while self.state.cards.is_full(id, &self.card_rules[card]) {
            self.fill(pile, card, record)?;
        }
        Ok(())
    }

    /// A card is full: it gives, and the next one begins.
    fn fill(&mut self, pile: &Pile, card: usize, record: &mut impl Record) -> Result<(), Beyond> {
        let (id, plan) = (CardId(card), self.plan);
        let Self { card_rules, state, .. } = self;
        let place = state.cards.fill(id, &card_rules[card], &state.here, 0, record);
        for gives in &plan.cards[card].gives {
            match gives {
                CardGives::Thing(Thing::Held(held, number)) => {
                    let (first, end) = self.issue(pile, (*held, *number, None), record)?;
                    self.state.cards.full_mut(id, place).gifts.extend(first..end);
                }
                // The plan leaves them to the plain engine.
                CardGives::Thing(Thing::Stamps(..)) => return Err(Beyond),
                CardGives::Points { unit, life, amount, exact } => {
                    self.card_points((card, place), (*unit, *life), (*amount, exact), record)?;
                }
            }
        }
        self.state.following.push_back(Trigger::Full(id));
        Ok(())
    }

    /// Points that a full card gives: within the unit's caps, with all that this event has brought.
    fn card_points(
        &mut self,
        (card, place): (usize, usize),
        (unit, life): (usize, Option<usize>),
        (amount, exact): (i64, &Exact),
        record: &mut impl Record,
    ) -> Result<(), Beyond> {
        let plan = self.plan;
        let mut amount = amount;
        let mut cuts: Vec<(usize, i64)> = Vec::new();
        for (number, (read, most)) in plan.units[unit].caps.iter().enumerate() {
            let Read::Slot(slot) = plan.reads[*read] else { return Err(Beyond) };
            let room = most.checked_sub(self.sum(slot)).ok_or(Beyond)?.max(0);
            if room < amount {
                cuts.push((number, amount - room));
                amount = room;
            }
        }
        let Self { units, lives, state, .. } = self;
        let at = state.purses.of(PointsId(unit));
        let own = life.map(|life| lives[life]);
        let credit = Credit { kind: PostingKind::Earned, amount, life: own, cut: !cuts.is_empty(), source: None };
        let more = || {
            let of = |parts: i64| Exact::ratio(parts, plan.units[unit].scale);
            let part = Part { rule: None, exact: exact.clone(), posted: of(amount), how: How::Fixed };
            let cut = |(number, off): &(usize, i64)| Cut { rule: None, by: CutBy::EarnAtMost(*number), off: of(*off) };
            let note = format!("the card {} is full", plan.program.cards[card].name.text);
            More { parts: vec![part], cuts: cuts.iter().map(cut).collect(), note }
        };
        state.purses.credit(at, units, &state.here, credit, record, more)?;
        state.cards.full_mut(CardId(card), place).gave_points = true;
        for (slot, tape) in plan.slots.iter().zip(&mut state.tapes) {
            let add = match &slot.sum {
                // They are rounded by themselves: a month that is rounded as one goes on without them.
                Summed::Points(of) if of.0 == unit => amount,
                _ => continue,
            };
            tape.push(state.here.day, state.here.at, add)?;
        }
        Ok(())
    }

    /// Stamps of the valuation at hand.
    pub(super) fn give_stamps(&mut self, pile: &Pile, record: &mut impl Record) -> Result<(), Beyond> {
        for at in 0..self.valuation.things.len() {
            if let (_, Thing::Stamps(card, number)) = self.valuation.things[at] {
                self.stamp(pile, card.0, (i64::from(number), None, None), record)?;
            }
        }
        Ok(())
    }

    /// After a return: stamps that rules gave for the event and give no more.
    pub(super) fn unstamp_given(
        &mut self,
        (nth, at, day): (u32, i64, i32),
        before: &[(u32, Thing)],
        after: &[(u32, Thing)],
        record: &mut impl Record,
    ) -> Result<(), Beyond> {
        for (rule, thing) in before {
            let Thing::Stamps(card, number) = thing else { continue };
            let kept = after.iter().find_map(|one| match one {
                (of, Thing::Stamps(other, kept)) if of == rule && other == card => Some(*kept),
                _ => None,
            });
            let over = i64::from(number.saturating_sub(kept.unwrap_or(0)));
            let source = Source::Event(nth);
            let given = |stamp: &Stamp| stamp.clause.is_none() && stamp.source == source;
            self.take_stamps(card.0, over, (at, day), given, record)?;
        }
        Ok(())
    }

    /// After a return: stamps that what is left of the purchase no longer brings are taken back.
    pub(super) fn unstamp_event(&mut self, pile: &Pile, kept: &Kept, record: &mut impl Record) -> Result<(), Beyond> {
        let plan = self.plan;
        let when = (kept.at, kept.day);
        let source = Source::Event(kept.nth);
        for (card, block) in plan.cards.iter().enumerate() {
            for (clause, stamp) in block.stamps.iter().enumerate() {
                let number = u32::try_from(clause).map_err(|_| Beyond)?;
                if matches!(stamp.per, StampsPer::Visit) {
                    self.unstamp_visit(pile, (card, number), kept, record)?;
                    continue;
                }
                let had = self.state.cards.of_event(CardId(card), number, source);
                if had == 0 {
                    continue;
                }
                let has = self.stamps_of_left(pile, (card, clause), kept)?;
                let own = |stamp: &Stamp| stamp.clause == Some(number) && stamp.source == source;
                self.take_stamps(card, (had - has).max(0), when, own, record)?;
            }
        }
        Ok(())
    }

    /// How many stamps a clause gives for what is left of a purchase.
    fn stamps_of_left(&mut self, pile: &Pile, clause: (usize, usize), kept: &Kept) -> Result<i64, Beyond> {
        let left = &kept.left;
        self.state.lines.clear();
        self.state.lines.extend(left.lines.iter().filter(|line| !line.is_gone()));
        let act = Some(Act::Purchase).filter(|_| !left.is_gone());
        self.stamps_of(pile, clause, kept.place, ((kept.day, kept.at), left.over), (act, &kept.reads))
    }

    /// After a return: the stamp of a visit is taken back when nothing is left of the visit that would bring it.
    fn unstamp_visit(
        &mut self,
        pile: &Pile,
        (card, number): (usize, u32),
        kept: &Kept,
        record: &mut impl Record,
    ) -> Result<(), Beyond> {
        let visit = self.state.visit_of(kept.visit)?;
        let had = self.state.cards.of_visit(CardId(card), number, visit);
        if had == 0 {
            return Ok(());
        }
        let clause = (card, number as usize);
        for came in self.state.came_on(kept.visit).collect::<Vec<_>>() {
            // The purchase of which something came back is out of its place meanwhile.
            let other = self.state.kept.iter().find(|other| other.nth == came.nth).cloned();
            let has = match Some(kept).filter(|kept| kept.nth == came.nth).or(other.as_ref()) {
                Some(kept) => self.stamps_of_left(pile, clause, kept)?,
                None => {
                    self.state.read_lines(pile, came.place);
                    let when = (visit.0, pile.at[came.place]);
                    // Which lines bring the stamp of a visit never hangs on figures of the state (`plan::cards`).
                    self.stamps_of(pile, clause, came.place, (when, 1), (Some(Act::Visit), &kept.reads))?
                }
            };
            if has > 0 {
                return Ok(());
            }
        }
        let of_visit = |stamp: &Stamp| stamp.clause == Some(number) && stamp.visit == Some(visit);
        self.take_stamps(card, had, (kept.at, kept.day), of_visit, record)
    }

    /// Takes stamps back, the last first: off the open card, or by opening the last full one again.
    fn take_stamps(
        &mut self,
        card: usize,
        number: i64,
        when: (i64, i32),
        which: impl Fn(&Stamp) -> bool,
        record: &mut impl Record,
    ) -> Result<(), Beyond> {
        let id = CardId(card);
        let Self { card_rules, state, .. } = self;
        let taken = state.cards.take(id, &card_rules[card], number, when, which);
        for _ in 0..taken {
            let Self { card_rules, state, .. } = self;
            let full = state.cards.take_one(id, &card_rules[card], &state.hers.gifts, &state.here, record);
            if let Some(full) = full {
                self.reopened(card, &full, record)?;
            }
        }
        Ok(())
    }

    /// A full card was opened again: its gift is revoked.
    fn reopened(&mut self, card: usize, full: &Full, record: &mut impl Record) -> Result<(), Beyond> {
        let fires = |trigger: &Trigger| *trigger == Trigger::Full(CardId(card));
        if self.plan.rules.iter().any(|rule| rule.triggers.iter().any(fires)) || full.gave_points {
            // What followed from the full card would have to be undone, and in all sums of points.
            return Err(Beyond);
        }
        let state = &mut self.state;
        for place in &full.gifts {
            if state.hers.gifts.get(*place).life == GiftLife::Issued {
                state.hers.gifts.set(*place, GiftLife::Revoked, &state.here, record);
            }
        }
        Ok(())
    }
}

/// Whether what is taken in can bring stamps of a clause.
fn stamps_on(per: &StampsPer, act: Act) -> bool {
    match (per, act) {
        (StampsPer::Item | StampsPer::Purchase, act) => act == Act::Purchase,
        (StampsPer::Visit, act) => matches!(act, Act::Purchase | Act::Visit),
        (StampsPer::Amount { on: MeasuredOn::Purchase, .. }, act) => act == Act::Purchase,
        (StampsPer::Amount { on: MeasuredOn::Visit, .. }, act) => matches!(act, Act::Purchase | Act::Visit),
        (StampsPer::Amount { on: MeasuredOn::Activity(wanted), .. }, Act::Activity(done)) => {
            wanted.is_none_or(|wanted| wanted == done)
        }
        (StampsPer::Amount { on: MeasuredOn::Activity(_), .. }, Act::Purchase | Act::Visit | Act::Other) => false,
    }
}
