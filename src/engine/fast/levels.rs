//! Levels: reached, renewed, reviewed and missed (section 6.10).

use super::Beyond;
use super::days::{NEVER, date, next, number, number_or_never};
use super::machine::Machine;
use super::record::Record;
use crate::engine::outcome::LevelWhy;
use crate::engine::plan::{NeedPlan, Slot};
use crate::mechanics::TiersId;
use crate::mechanics::basis::Basis;
use crate::mechanics::rule::Trigger;
use crate::mechanics::tiers::{Lasts, Miss, Need, Reach, Tiers};
use crate::value::clock::{Date, Length, Period, Window};
use crate::value::exact::Exact;

/// A member's level in one tiers block. Days are numbers, [`NEVER`] for none.
#[derive(Debug, Clone)]
pub(super) struct Level {
    /// What she has earned.
    level: usize,
    /// The last day of its term.
    until: i32,
    /// First day of the window that earned or last renewed it.
    window: Option<i32>,
    /// The day on which it was reached or last renewed; none behind a review or a fall, before which nothing is gone
    /// back to.
    reached: Option<i32>,
    /// Happenings before this day no longer count (`miss start over`).
    counts_from: Option<i32>,
    /// Reached, and counts from the start of this day.
    coming: Option<(usize, i32)>,
}

impl Default for Level {
    fn default() -> Self {
        Self { level: 0, until: NEVER, window: None, reached: None, counts_from: None, coming: None }
    }
}

impl Level {
    /// The level that counts on a day.
    pub fn on(&self, day: i32) -> usize {
        self.best(day).0
    }

    /// The level that counts on a day, with its last day.
    pub fn best(&self, _day: i32) -> (usize, i32) {
        (self.level, self.until)
    }
}

/// From where measures are looked at.
#[derive(Clone, Copy)]
enum From {
    /// Here and now.
    Now,
    /// A day that has passed, as its window was.
    Day(i32),
}

impl Machine<'_> {
    /// After an event: levels that it reaches, renews or, while measured, lets fall.
    pub(super) fn look_at_levels(&mut self, record: &mut impl Record) -> Result<(), Beyond> {
        for tiers in 0..self.state.levels.len() {
            let (attained, figure) = self.attained(tiers, From::Now)?;
            self.meet(tiers, attained, figure, record)?;
        }
        Ok(())
    }

    /// She leaves: she is on no level, and what she did counts no more.
    pub(super) fn leave_levels(&mut self, record: &mut impl Record) {
        let here = self.state.here;
        for (tiers, level) in self.state.levels.iter_mut().enumerate() {
            let from = level.on(here.day);
            *level = Level { counts_from: Some(here.day), ..Level::default() };
            if from > 0 {
                record.level(&here, TiersId(tiers), (from, 0), NEVER, || LevelWhy::Ended);
            }
        }
    }

    /// After a return: what is kept while measured may fall. A return lifts and renews nothing.
    pub(super) fn let_levels_fall(&mut self, record: &mut impl Record) -> Result<(), Beyond> {
        for tiers in 0..self.state.levels.len() {
            if self.state.levels[tiers].coming.is_some() {
                // What is left decides which level comes.
                return Err(Beyond);
            }
            self.keep_earned(tiers)?;
            let held = self.state.levels[tiers].level;
            let block = &self.plan.program.tiers[tiers];
            if held == 0 || block.lasts != Lasts::WhileMeasured || block.levels[held].for_life {
                continue;
            }
            self.does_not_hold_itself(tiers)?;
            let (attained, figure) = self.attained(tiers, From::Now)?;
            if attained < held {
                if self.is_rise_followed(tiers) {
                    // What the rise brought would have to be undone.
                    return Err(Beyond);
                }
                self.fall(tiers, attained, LevelWhy::Fell, figure, record);
            }
        }
        Ok(())
    }

    /// `refund recompute`: whether what a return has left still earns every level held.
    ///
    /// # Errors
    /// Where it does not: what the rise brought, and what had been before it, is known to the reference.
    pub(super) fn keep_earned_levels(&mut self) -> Result<(), Beyond> {
        (0..self.state.levels.len()).try_for_each(|tiers| self.keep_earned(tiers))
    }

    fn keep_earned(&mut self, tiers: usize) -> Result<(), Beyond> {
        let block = &self.plan.program.tiers[tiers];
        let Level { level, reached, .. } = self.state.levels[tiers];
        let Some(reached) = reached.filter(|_| block.recompute && level > 0) else { return Ok(()) };
        self.does_not_hold_itself(tiers)?;
        // The whole calendar window that earned it; of a window that rolls, as it was then and as it is now.
        let window = block.measures.first().map(|measure| measure.window);
        let attained = match window {
            Some(window @ (Window::Calendar(_) | Window::MembershipYear)) => {
                let last = self.windows.last(window, reached, self.state.facts.joined, None);
                self.attained(tiers, From::Day(last))?.0
            }
            Some(_) | None => {
                let then = self.attained(tiers, From::Day(reached))?.0;
                then.max(self.attained(tiers, From::Now)?.0)
            }
        };
        if attained < level { Err(Beyond) } else { Ok(()) }
    }

    /// Whether rules fire on the rises to a block's levels.
    fn is_rise_followed(&self, tiers: usize) -> bool {
        let lifted = |trigger: &Trigger| *trigger == Trigger::LevelUp(TiersId(tiers));
        self.plan.rules.iter().any(|rule| rule.triggers.iter().any(lifted))
    }

    /// After a return, the points that a rise brought do not hold the level it led to.
    ///
    /// # Errors
    /// Where they may be measured: which they are is known to the reference.
    fn does_not_hold_itself(&self, tiers: usize) -> Result<(), Beyond> {
        let measures = &self.plan.program.tiers[tiers].measures;
        let of_points = measures.iter().any(|measure| matches!(measure.basis, Basis::Points(_)));
        if of_points && self.is_rise_followed(tiers) { Err(Beyond) } else { Ok(()) }
    }

    /// The level that the measures reach, and the first measure's figure.
    fn attained(&mut self, tiers: usize, from: From) -> Result<(usize, Figure), Beyond> {
        let plan = self.plan;
        let of = &plan.tiers[tiers];
        let mut figures = std::mem::take(&mut self.figures);
        figures.clear();
        let mut failed = false;
        for slot in &of.measures {
            let figure = match slot {
                Some(slot) => self.figure(tiers, *slot, from),
                None => Ok(0),
            };
            failed |= figure.is_err();
            figures.push(figure.unwrap_or(0));
        }
        let level = (0..of.needs.len()).rev().find(|level| met(&of.needs[*level], &figures)).unwrap_or(0);
        let first =
            Figure { of: of.measures.first().copied().flatten(), figure: figures.first().copied().unwrap_or(0) };
        self.figures = figures;
        if failed { Err(Beyond) } else { Ok((level, first)) }
    }

    fn figure(&mut self, tiers: usize, slot: usize, from: From) -> Result<i64, Beyond> {
        let of: &Slot = &self.plan.slots[slot];
        let counts_from = self.state.levels[tiers].counts_from;
        let day = match (from, counts_from) {
            (From::Now, None) => return Ok(self.sum(slot)),
            (From::Now, Some(_)) => self.state.here.day,
            (From::Day(day), _) => day,
        };
        if let Window::LastHours(_) = of.window {
            return Err(Beyond);
        }
        let joined = self.state.facts.joined;
        let first = self.windows.first(of.window, day, joined, of.campaign.0);
        let last = self.windows.last(of.window, day, joined, of.campaign.1);
        self.state.tapes[slot].between(counts_from.map_or(first, |from| first.max(from)), last)
    }

    /// The last day of a level's term that is counted from a day.
    fn term(&self, tiers: usize, level: usize, day: i32) -> i32 {
        let block = &self.plan.program.tiers[tiers];
        if level == 0 || block.levels.get(level).is_none_or(|level| level.for_life) {
            return NEVER;
        }
        self.last_day(block.lasts, day)
    }

    /// A term that follows one that ended on a day: never shorter than nothing.
    fn next_term(&self, tiers: usize, level: usize, day: i32) -> i32 {
        let term = self.term(tiers, level, day);
        if term != NEVER && term > day {
            return term;
        }
        // `until end of calendar year`, counted from its last day, would end at once.
        match next(day) {
            NEVER => NEVER,
            tomorrow => self.term(tiers, level, tomorrow),
        }
    }

    fn last_day(&self, lasts: Lasts, day: i32) -> i32 {
        let end = |period: Period, times: u32| {
            let mut last = self.windows.span(period, day).1;
            for _ in 0..times {
                last = self.windows.span(period, next(last)).1;
            }
            last
        };
        match lasts {
            Lasts::Forever | Lasts::WhileMeasured => NEVER,
            Lasts::For(length) => number_or_never(date(day).and_then(|day| length.after(day))),
            Lasts::EndOf(period, times) => end(period, times),
            Lasts::EndOfMembershipYear(times) => {
                let joined = self.state.facts.joined;
                let mut last = self.windows.membership(day, joined).1;
                for _ in 0..times {
                    last = self.windows.membership(next(last), joined).1;
                }
                last
            }
            Lasts::DayAfterEndOf { month, day: of_month, period, next: times } => {
                let Some(ended) = date(end(period, times)) else { return NEVER };
                let this = |year: i16| Date::new(year, month, of_month).or_else(|_| Date::new(year, month, 28)).ok();
                let after = this(ended.year()).filter(|last| *last > ended);
                number_or_never(after.or_else(|| this(ended.year().checked_add(1)?)))
            }
        }
    }

    /// The first day of the calendar or membership window that holds a day; none where it rolls.
    fn window_of(&mut self, tiers: usize, day: i32) -> Option<i32> {
        let window = self.plan.program.tiers[tiers].measures.first()?.window;
        match window {
            Window::Calendar(_) | Window::MembershipYear => {
                Some(self.windows.first(window, day, self.state.facts.joined, None))
            }
            Window::Last(_) | Window::LastHours(_) | Window::SinceJoining | Window::Campaign | Window::Ever => None,
        }
    }

    fn meet(&mut self, tiers: usize, attained: usize, figure: Figure, record: &mut impl Record) -> Result<(), Beyond> {
        let block = &self.plan.program.tiers[tiers];
        let day = self.state.here.day;
        let state = &self.state.levels[tiers];
        let held = state.level;
        let coming = state.coming.map_or(held, |(level, _)| level.max(held));
        if attained > coming {
            match (block.reach, next(day)) {
                (Reach::NextDay, tomorrow) if tomorrow != NEVER => {
                    self.state.levels[tiers].coming = Some((attained, tomorrow));
                }
                (Reach::NextEvent | Reach::AtOnce | Reach::NextDay, _) => {
                    self.rise(tiers, attained, day, figure, record);
                }
            }
            return Ok(());
        }
        if held == 0 || block.levels[held].for_life {
            return Ok(());
        }
        if block.lasts == Lasts::WhileMeasured {
            if attained < held {
                self.fall(tiers, attained, LevelWhy::Fell, figure, record);
            }
            return Ok(());
        }
        if attained >= held && self.state.levels[tiers].coming.is_none() {
            let window = self.window_of(tiers, day);
            if window.is_some() && self.state.levels[tiers].window < window {
                self.renew_level(tiers, day, figure, record);
            }
        }
        Ok(())
    }

    /// A higher level is reached: its term begins anew.
    fn rise(&mut self, tiers: usize, level: usize, day: i32, figure: Figure, record: &mut impl Record) {
        let until = self.term(tiers, level, day);
        let window = self.window_of(tiers, day);
        let today = self.state.here.day;
        let state = &mut self.state.levels[tiers];
        let from = state.on(today);
        *state = Level { level, until, window, reached: Some(day), coming: None, counts_from: state.counts_from };
        let (to, until) = state.best(today);
        self.note_level(tiers, (from, to), until, LevelWhy::Reached, figure, record);
    }

    fn renew_level(&mut self, tiers: usize, day: i32, figure: Figure, record: &mut impl Record) {
        let level = self.state.levels[tiers].level;
        let term = self.next_term(tiers, level, day);
        let window = self.window_of(tiers, day);
        let today = self.state.here.day;
        let state = &mut self.state.levels[tiers];
        // A new term never takes away what was promised for longer; [`NEVER`] is the longest.
        state.until = state.until.max(term);
        (state.window, state.reached) = (window, Some(day));
        let (from, until) = (state.on(today), state.until);
        self.note_level(tiers, (from, from), until, LevelWhy::Renewed, figure, record);
    }

    fn fall(
        &mut self,
        tiers: usize,
        level: usize,
        why: impl FnOnce(Exact) -> LevelWhy,
        figure: Figure,
        record: &mut impl Record,
    ) {
        let today = self.state.here.day;
        let state = &mut self.state.levels[tiers];
        let from = state.on(today);
        (state.level, state.reached) = (level, None);
        let (to, until) = state.best(today);
        self.note_level(tiers, (from, to), until, why, figure, record);
    }

    fn note_level(
        &mut self,
        tiers: usize,
        (from, to): (usize, usize),
        until: i32,
        why: impl FnOnce(Exact) -> LevelWhy,
        figure: Figure,
        record: &mut impl Record,
    ) {
        let here = self.state.here;
        let scale = figure.of.map_or(1, |slot| self.plan.slots[slot].scale);
        record.level(&here, TiersId(tiers), (from, to), until, || why(Exact::ratio(figure.figure, scale)));
        if to > from {
            self.lifted(tiers);
        }
    }

    /// What is due to a member's levels as a day begins: a level that was coming, reviews of terms that ended,
    /// measures that fell.
    pub(super) fn level_timers(&mut self, record: &mut impl Record) -> Result<(), Beyond> {
        let day = self.state.here.day;
        for tiers in 0..self.state.levels.len() {
            if let Some((level, _)) = self.state.levels[tiers].coming.filter(|(_, from)| *from <= day) {
                let reached_on = day - 1;
                let figure = self.attained(tiers, From::Day(reached_on))?.1;
                self.rise(tiers, level, reached_on, figure, record);
            }
            let state = &self.state.levels[tiers];
            if state.level > 0 && state.until < day {
                self.review(tiers, record)?;
            } else if self.moves_by_itself(tiers) {
                let (attained, figure) = self.attained(tiers, From::Now)?;
                self.meet(tiers, attained, figure, record)?;
            }
        }
        Ok(())
    }

    /// Whether a level can change as days pass without any event.
    fn moves_by_itself(&self, tiers: usize) -> bool {
        self.plan.program.tiers[tiers].lasts == Lasts::WhileMeasured
    }

    /// A term ended: a rolling window is measured once more, and renews or misses.
    fn review(&mut self, tiers: usize, record: &mut impl Record) -> Result<(), Beyond> {
        let block: &Tiers = &self.plan.program.tiers[tiers];
        let (held, last) = (self.state.levels[tiers].level, self.state.levels[tiers].until);
        let (attained, figure) = self.attained(tiers, From::Day(last))?;
        let window = self.window_of(tiers, last);
        if window.is_none() && attained >= held {
            self.renew_level(tiers, last, figure, record);
            return Ok(());
        }
        // The window goes on behind the term's end: the one before it is asked too, which lies behind.
        if block.miss == Miss::DropToEarned && window.is_some() && self.window_of(tiers, next(last)) == window {
            return Err(Beyond);
        }
        let level = match block.miss {
            Miss::DropOne => below(block, held),
            Miss::DropToEarned => attained.min(held),
            Miss::StartOver => 0,
            Miss::Keep => held,
        };
        let until = self.next_term(tiers, level, last);
        let today = self.state.here.day;
        let state = &mut self.state.levels[tiers];
        (state.level, state.until, state.window, state.reached) = (level, until, window, None);
        if block.miss == Miss::StartOver {
            state.counts_from = Some(next(last)).filter(|day| *day != NEVER);
            state.coming = None;
        }
        let (to, until) = state.best(today);
        self.note_level(tiers, (held, to), until, LevelWhy::Missed, figure, record);
        Ok(())
    }

    /// The earliest day on which something of a member's levels is due.
    pub(super) fn levels_due(&mut self) -> i32 {
        let mut due = NEVER;
        for tiers in 0..self.state.levels.len() {
            let state = &self.state.levels[tiers];
            if state.level > 0 && state.until != NEVER {
                due = due.min(next(state.until));
            }
            due = due.min(state.coming.map_or(NEVER, |(_, from)| from));
            if state.level > 0 && self.moves_by_itself(tiers) {
                due = due.min(self.next_move(tiers));
            }
        }
        due
    }

    /// The next day on which a measure can change a level by itself: a window begins, or what the level needs
    /// leaves it.
    fn next_move(&mut self, tiers: usize) -> i32 {
        let (plan, today) = (self.plan, self.state.here.day);
        let mut soonest = NEVER;
        for (at, measure) in plan.program.tiers[tiers].measures.iter().enumerate() {
            let day = match measure.window {
                Window::Calendar(period) => next(self.windows.span(period, today).1),
                Window::MembershipYear => next(self.windows.membership(today, self.state.facts.joined).1),
                Window::LastHours(_) => next(today),
                Window::Last(length) => self.gives_way(tiers, at, length),
                Window::SinceJoining | Window::Campaign | Window::Ever => NEVER,
            };
            soonest = soonest.min(day);
        }
        soonest
    }

    /// The day on which so much has left a rolling window that the level held may not be met any more.
    fn gives_way(&mut self, tiers: usize, at: usize, length: Length) -> i32 {
        let of = &self.plan.tiers[tiers];
        let Some(slot) = of.measures[at] else { return NEVER };
        let least = match of.needs.get(self.state.levels[tiers].level) {
            // Where it is all that is asked, what is more than enough may leave.
            Some(NeedPlan::AtLeast(measure, least)) if *measure == at && of.measures.len() == 1 => *least,
            Some(_) | None => i64::MAX,
        };
        self.sum(slot);
        let Some(oldest) = self.state.tapes[slot].holds_until(least) else { return NEVER };
        leaves(oldest, length).max(next(self.state.here.day))
    }
}

/// A measure's figure, for those who are told why.
#[derive(Debug, Clone, Copy)]
pub(super) struct Figure {
    of: Option<usize>,
    figure: i64,
}

fn met(need: &NeedPlan, figures: &[i64]) -> bool {
    match need {
        NeedPlan::AtLeast(measure, least) => figures.get(*measure).is_some_and(|figure| figure >= least),
        NeedPlan::All(parts) => parts.iter().all(|part| met(part, figures)),
        NeedPlan::Any(parts) => parts.iter().any(|part| met(part, figures)),
        NeedPlan::Never => false,
    }
}

/// The first day whose window begins only after `oldest`.
fn leaves(oldest: i32, length: Length) -> i32 {
    match length {
        Length::Days(days) => oldest.saturating_add_unsigned(days),
        Length::Weeks(weeks) => oldest.saturating_add_unsigned(weeks.saturating_mul(7)),
        // Months clamp, so look on from there.
        Length::Months(_) | Length::Years(_) => {
            let Some(oldest) = date(oldest) else { return NEVER };
            let Some(mut day) = length.after(oldest) else { return NEVER };
            while length.before(day).is_some_and(|before| before < oldest) {
                let Ok(tomorrow) = day.tomorrow() else { return NEVER };
                day = tomorrow;
            }
            number(day)
        }
    }
}

/// The next lower level that can be earned.
fn below(block: &Tiers, level: usize) -> usize {
    let earned = |at: &usize| !matches!(block.levels[*at].need, Need::NotEarned);
    (0..level).rev().find(earned).unwrap_or(0)
}
