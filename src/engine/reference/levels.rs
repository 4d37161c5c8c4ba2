//! Levels: reached, renewed, reviewed, missed and ended (section 6.10 and the edges); those given are in `granted`.

use super::Run;
use super::challenges::Gifts;
use super::measures::View;
use super::scene::membership_span;
use super::state::{Member, Rung};
use crate::engine::outcome::{Happened, LevelWhy};
use crate::mechanics::TiersId;
use crate::mechanics::rule::Trigger;
use crate::mechanics::tiers::{Lasts, Miss, Need, Reach, TierMeasure, Tiers};
use crate::value::clock::{Clock, Date, Period, Window, membership_year};
use crate::value::exact::Exact;

impl<'a> Run<'a> {
    /// The last day of a level's term that is counted from `day`.
    pub(super) fn term(&self, member: &Member<'a>, tiers: usize, level: usize, day: Date) -> Option<Date> {
        let block = &self.program.tiers[tiers];
        if level == 0 || block.levels.get(level).is_none_or(|level| level.for_life) {
            return None;
        }
        last_day(block.lasts, self.clock(), member.joined, day)
    }

    /// A term that follows one that ended on `day`: never shorter than nothing.
    fn next_term(&self, member: &Member<'a>, tiers: usize, level: usize, day: Date) -> Option<Date> {
        self.term(member, tiers, level, day).filter(|last| *last > day).or_else(|| {
            // `until end of calendar year`, counted from its last day, would end at once.
            self.term(member, tiers, level, day.tomorrow().ok()?)
        })
    }

    /// After an event: levels that it reaches, renews or, while measured, lets fall.
    pub(super) fn look_at_levels(&mut self, id: &str) {
        for mate in self.level_mates(id) {
            self.look_at_levels_of(&mate);
            self.touched.insert(mate);
        }
    }

    fn look_at_levels_of(&mut self, id: &str) {
        for tiers in 0..self.program.tiers.len() {
            let Some(member) = self.members.get(id) else { return };
            let (attained, figure) = self.attained(member, tiers, self.now());
            self.meet(id, tiers, attained, figure);
        }
    }

    /// After a return: what is kept while measured may fall. A return lifts nothing, and renews only what a level that was to
    /// come had in its place.
    pub(super) fn let_levels_fall(&mut self, id: &str) {
        for mate in self.level_mates(id) {
            self.let_levels_fall_of(&mate);
            self.touched.insert(mate);
        }
    }

    fn let_levels_fall_of(&mut self, id: &str) {
        for tiers in 0..self.program.tiers.len() {
            self.look_again_at_coming(id, tiers);
            let Some(member) = self.members.get(id) else { return };
            let held = member.levels[tiers].level;
            let block = &self.program.tiers[tiers];
            if held == 0 || block.lasts != Lasts::WhileMeasured || block.levels[held].for_life {
                continue;
            }
            let gifts = self.unfounded(member, tiers);
            let (attained, figure) = self.attained_without(member, tiers, self.now(), &gifts);
            if attained < held {
                self.fall_by_return(id, tiers, attained, figure);
            }
        }
    }

    /// A level that is to count from tomorrow is none yet: what is left decides which one comes.
    fn look_again_at_coming(&mut self, id: &str, tiers: usize) {
        let Some(member) = self.members.get(id) else { return };
        let Some((coming, from)) = member.levels[tiers].coming else { return };
        let (attained, figure) = self.attained(member, tiers, self.now());
        let state = &mut self.member_mut(id).levels[tiers];
        if attained < coming {
            state.coming = Some((attained, from)).filter(|_| attained > state.level);
            self.meet_again(id, tiers, attained, figure);
        }
    }

    /// What a return no longer earns goes, and so does what each of the rises brought that it undoes.
    fn fall_by_return(&mut self, id: &str, tiers: usize, level: usize, figure: Exact) {
        let mut before = self.members[id].levels[tiers].before.clone();
        let mut held = self.members[id].levels[tiers].level;
        let mut rises = Vec::new();
        while held > level
            && let Some(rung) = before.pop()
        {
            rises.extend(rung.lifted.then_some(held));
            held = rung.level;
        }
        self.fall(id, tiers, level, LevelWhy::Fell(figure));
        self.member_mut(id).levels[tiers].before = before;
        self.undo_rises(id, tiers, &rises);
    }

    fn meet(&mut self, id: &str, tiers: usize, attained: usize, figure: Exact) {
        let block = &self.program.tiers[tiers];
        let day = self.here.day;
        let member = &self.members[id];
        let state = &member.levels[tiers];
        let held = state.level;
        let coming = state.coming.map_or(held, |(level, _)| level.max(held));
        if attained > coming {
            match (block.reach, day.tomorrow()) {
                (Reach::NextDay, Ok(tomorrow)) => {
                    self.member_mut(id).levels[tiers].coming = Some((attained, tomorrow));
                }
                (Reach::NextEvent | Reach::AtOnce | Reach::NextDay, _) => self.rise(id, tiers, attained, day, figure),
            }
            return;
        }
        if held > 0 && block.lasts == Lasts::WhileMeasured && attained < held && !block.levels[held].for_life {
            return self.fall(id, tiers, attained, LevelWhy::Fell(figure));
        }
        self.meet_again(id, tiers, attained, figure);
    }

    /// A later window than the one that earned it meets the need of the level held: its term is renewed, unless a higher one
    /// is to count from tomorrow.
    fn meet_again(&mut self, id: &str, tiers: usize, attained: usize, figure: Exact) {
        let (member, block, day) = (&self.members[id], &self.program.tiers[tiers], self.here.day);
        let state = &member.levels[tiers];
        let reviewed = state.level > 0 && !block.levels[state.level].for_life && block.lasts != Lasts::WhileMeasured;
        if !reviewed || attained < state.level || state.coming.is_some() {
            return;
        }
        let window = self.window_of(member, tiers, day).map(|(first, _)| first);
        let later = window.is_some() && state.window < window;
        if later {
            self.renew_level(id, tiers, day, figure);
        }
    }

    /// A higher level is reached: its term begins anew.
    fn rise(&mut self, id: &str, tiers: usize, level: usize, day: Date, figure: Exact) {
        let member = &self.members[id];
        let until = self.term(member, tiers, level, day);
        let window = self.window_of(member, tiers, day).map(|(first, _)| first);
        let today = self.here.day;
        let state = &mut self.member_mut(id).levels[tiers];
        let (from, rung) = (state.on(today), state.rung(false));
        state.level = level;
        state.until = until;
        state.window = window;
        state.reached = Some(day);
        state.coming = None;
        let (to, until) = state.best(today);
        state.before.push(Rung { lifted: to > from, ..rung });
        self.note_level(id, tiers, from, to, until, LevelWhy::Reached(figure));
    }

    fn renew_level(&mut self, id: &str, tiers: usize, day: Date, figure: Exact) {
        let member = &self.members[id];
        let level = member.levels[tiers].level;
        let term = self.next_term(member, tiers, level, day);
        let window = self.window_of(member, tiers, day).map(|(first, _)| first);
        let today = self.here.day;
        let state = &mut self.member_mut(id).levels[tiers];
        state.before.push(state.rung(false));
        // A new term never takes away what was promised for longer.
        state.until = match (state.until, term) {
            (Some(old), Some(new)) => Some(old.max(new)),
            (None, _) | (_, None) => None,
        };
        state.window = window;
        state.reached = Some(day);
        let (from, until) = (state.on(today), state.until);
        self.note_level(id, tiers, from, from, until, LevelWhy::Renewed(figure));
    }

    fn fall(&mut self, id: &str, tiers: usize, level: usize, why: LevelWhy) {
        let today = self.here.day;
        let state = &mut self.member_mut(id).levels[tiers];
        let from = state.on(today);
        state.level = level;
        state.before.clear();
        let (to, until) = state.best(today);
        self.note_level(id, tiers, from, to, until, why);
    }

    pub(super) fn note_level(
        &mut self,
        id: &str,
        tiers: usize,
        from: usize,
        to: usize,
        until: Option<Date>,
        why: LevelWhy,
    ) {
        self.note(Some(id), Happened::Level { tiers: TiersId(tiers), from, to, until, why });
        if to > from {
            self.following.push_back((id.to_owned(), Trigger::LevelUp(TiersId(tiers))));
        }
    }

    /// What is due to a member's levels as a day begins: a level that was coming, given ones that
    /// end, reviews of terms that ended, measures that fell.
    pub(super) fn level_timers(&mut self, id: &str) {
        let day = self.here.day;
        if self.members[id].comes_home.is_some_and(|from| from <= day) {
            self.member_mut(id).comes_home = None;
            self.look_at_levels(id);
        }
        for tiers in 0..self.program.tiers.len() {
            self.end_given(id, tiers);
            if let Some((level, _)) = self.members[id].levels[tiers].coming.filter(|(_, from)| *from <= day) {
                let reached_on = day.yesterday().unwrap_or(day);
                let view = View { before: self.here.position, at: self.here.at, day: reached_on };
                let figure = self.attained(&self.members[id], tiers, view).1;
                self.rise(id, tiers, level, reached_on, figure);
            }
            let state = &self.members[id].levels[tiers];
            if state.level > 0 && state.until.is_some_and(|until| until < day) {
                self.review(id, tiers);
            } else if self.level_moves_by_itself(tiers) {
                let member = &self.members[id];
                let view = View { before: self.here.position, at: self.here.at, day };
                let (attained, figure) = self.attained(member, tiers, view);
                self.meet(id, tiers, attained, figure);
            }
        }
    }

    /// Whether a level can change as days pass without any event.
    fn level_moves_by_itself(&self, tiers: usize) -> bool {
        let block = &self.program.tiers[tiers];
        block.lasts == Lasts::WhileMeasured || block.carry_over.is_some()
    }

    /// A term ended: a rolling window is measured once more, and renews or misses.
    fn review(&mut self, id: &str, tiers: usize) {
        let block = &self.program.tiers[tiers];
        let member = &self.members[id];
        let held = member.levels[tiers].level;
        let Some(last) = member.levels[tiers].until else { return };
        let at = self.clock().end_of(last);
        let view = View { before: self.here.position, at, day: last };
        let (attained, figure) = self.attained(member, tiers, view);
        if self.window_of(member, tiers, last).is_none() && attained >= held {
            return self.renew_level(id, tiers, last, figure);
        }
        let (level, figure) = match block.miss {
            Miss::DropOne => (below(block, held), figure),
            Miss::DropToEarned => {
                let (earned, figure) = self.earned_by(member, tiers, last).unwrap_or((attained, figure));
                (earned.min(held), figure)
            }
            Miss::StartOver => (0, figure),
            Miss::Keep => (held, figure),
        };
        let until = self.next_term(member, tiers, level, last);
        let window = self.window_of(member, tiers, last).map(|(first, _)| first);
        let today = self.here.day;
        let state = &mut self.member_mut(id).levels[tiers];
        // The level held through the last day of the term, given ones among them.
        let from = state.grants.iter().filter(|grant| grant.holds_on(today)).map(|grant| grant.level);
        let from = from.fold(held, usize::max);
        state.level = level;
        state.until = until;
        state.window = window;
        state.reached = Some(last);
        state.before.clear();
        if block.miss == Miss::StartOver {
            state.counts_from = last.tomorrow().ok();
            state.coming = None;
        }
        let (to, until) = state.best(today);
        self.note_level(id, tiers, from, to, until, LevelWhy::Missed(figure));
    }

    /// Of a term that ends within a calendar window: what the window before it earned, where that is more than what
    /// this one has earned so far.
    fn earned_by(&self, member: &Member<'a>, tiers: usize, last: Date) -> Option<(usize, Exact)> {
        let (first, end) = self.window_of(member, tiers, last)?;
        let day = first.yesterday().ok().filter(|_| last < end)?;
        let at_end_of = |day: Date| View { before: self.here.position, at: self.clock().end_of(day), day };
        let whole = self.attained(member, tiers, at_end_of(day));
        (whole.0 > self.attained(member, tiers, at_end_of(last)).0).then_some(whole)
    }

    /// Takes an earned level away (`revoke`): the one below is what is left.
    pub(super) fn take_earned(&mut self, id: &str, tiers: usize) {
        let lower = below(&self.program.tiers[tiers], self.members[id].levels[tiers].level);
        self.fall(id, tiers, lower, LevelWhy::Ended);
    }

    /// After a return: `refund recompute` takes back a level whose window no longer earns it.
    pub(super) fn recompute_levels(&mut self, id: &str) {
        for mate in self.level_mates(id) {
            self.recompute_levels_of(&mate);
        }
    }

    fn recompute_levels_of(&mut self, id: &str) {
        for tiers in 0..self.program.tiers.len() {
            if !self.program.tiers[tiers].recompute {
                continue;
            }
            // What a level brought may itself have earned the next.
            while self.recompute(id, tiers) {}
        }
    }

    /// Goes down the rungs whose window no longer earns them, to one that still stands, and takes back what the rises
    /// from them brought; whether there was any.
    fn recompute(&mut self, id: &str, tiers: usize) -> bool {
        let today = self.here.day;
        let from = self.members[id].levels[tiers].on(today);
        let (mut missing, mut rises, mut partly) = (None, Vec::new(), None);
        while let Some((attained, figure)) = self.unearned(id, tiers) {
            missing = Some(figure);
            let (member, state) = (&self.members[id], &self.members[id].levels[tiers]);
            let Some(rung) = state.before.last().copied() else { break };
            // The same window may still earn a level in between.
            let between = state.reached.filter(|_| attained > rung.level);
            let term = between.and_then(|reached| self.term(member, tiers, attained, reached));
            rises.extend(rung.lifted.then_some(state.level));
            let state = &mut self.member_mut(id).levels[tiers];
            if between.is_some() {
                partly = rung.lifted.then_some(state.level);
                (state.level, state.until) = (attained, term);
            } else {
                state.before.pop();
                (state.level, state.until) = (rung.level, rung.until);
                (state.window, state.reached) = (rung.window, rung.reached);
            }
        }
        let Some(figure) = missing else { return false };
        let (to, until) = self.members[id].levels[tiers].best(today);
        self.note_level(id, tiers, from, to, until, LevelWhy::Refunded(figure));
        // A rise that left a level in between has nothing more to lose when that goes too.
        if partly.is_some_and(|level| level > to)
            && let Some(rung) = self.member_mut(id).levels[tiers].before.last_mut()
        {
            rung.lifted = false;
        }
        let undone = self.undo_rises(id, tiers, &rises);
        // Without the renewal the term had ended before today.
        while self.members[id].levels[tiers].until.is_some_and(|until| until < today) {
            self.review(id, tiers);
        }
        undone > 0
    }

    /// Where what is left no longer earns the level held: the level it earns, and the first measure's figure.
    fn unearned(&self, id: &str, tiers: usize) -> Option<(usize, Exact)> {
        let member = &self.members[id];
        let state = &member.levels[tiers];
        let reached = state.reached.filter(|_| !state.before.is_empty())?;
        if state.level == 0 {
            return None;
        }
        // A level for life is never reviewed, but what came back never earned it.
        let (attained, figure) = self.earned(member, tiers, reached, &self.unfounded(member, tiers));
        (attained < state.level).then_some((attained, figure))
    }

    /// The level that the window earns which earned one on a day, and the first measure's figure: the whole calendar
    /// window, else as it was on that day and as it is now. Without the points of some gifts.
    pub(super) fn earned(&self, member: &Member<'a>, tiers: usize, reached: Date, gifts: &[Gifts]) -> (usize, Exact) {
        let window = self.window_of(member, tiers, reached);
        let day = window.map_or(reached, |(_, last)| last);
        let view = View { day, at: self.clock().end_of(day), ..self.now() };
        let (then, figure) = self.attained_without(member, tiers, view, gifts);
        match window {
            Some(_) => (then, figure),
            None => (then.max(self.attained_without(member, tiers, self.now(), gifts).0), figure),
        }
    }

    /// The earliest day on which something of a member's levels is due.
    pub(super) fn levels_due(&self, member: &Member<'a>) -> Option<Date> {
        let day_after = |last: Option<Date>| last.and_then(|last| last.tomorrow().ok());
        let of_block = |tiers: usize| {
            let state = &member.levels[tiers];
            let given = state.grants.iter().filter_map(|grant| day_after(grant.last)).min();
            let term = day_after(state.until).filter(|_| state.level > 0);
            let coming = state.coming.map(|(_, from)| from);
            let moves = self.level_moves_by_itself(tiers) && state.level > 0;
            let moved = moves.then(|| self.next_move(member, tiers)).flatten();
            [given, term, coming, moved].into_iter().flatten().min()
        };
        (0..self.program.tiers.len()).filter_map(of_block).chain(member.comes_home).min()
    }

    /// The next day on which a measure can change by itself: a window begins, or something leaves it.
    fn next_move(&self, member: &Member<'a>, tiers: usize) -> Option<Date> {
        let today = self.here.day;
        let next = |measure: &TierMeasure| match measure.window {
            Window::Calendar(period) => Some(self.clock().next_start(period, today)),
            Window::MembershipYear => membership_span(self.clock(), member.joined, today).1.tomorrow().ok(),
            Window::Last(length) => {
                let (first, _) = measure.window.days(self.clock(), today, member.joined, (None, None));
                let mates = self.level_mates(&member.id);
                let mates = mates.iter().filter_map(|mate| self.members.get(mate));
                let days = mates.flat_map(|mate| {
                    let happened = mate.seen_from(first.unwrap_or(Date::MIN)).first().map(|seen| seen.day);
                    happened.into_iter().chain(mate.contributions.first_day(first))
                });
                let oldest = days.min()?;
                // The first day whose window begins after the oldest; months clamp, so look on from there.
                let mut day = length.after(oldest)?.max(today.tomorrow().ok()?);
                while length.before(day).is_some_and(|before| before < oldest) {
                    day = day.tomorrow().ok()?;
                }
                Some(day)
            }
            Window::LastHours(_) => today.tomorrow().ok(),
            Window::SinceJoining | Window::Campaign | Window::Ever => None,
        };
        self.program.tiers[tiers].measures.iter().filter_map(next).min()
    }

    /// The higher level of two accounts that become one, with its term.
    pub(super) fn merge_levels(&mut self, id: &str, taken: &Member<'a>) {
        let day = self.here.day;
        for (place, theirs) in taken.levels.iter().enumerate() {
            let ours = &mut self.member_mut(id).levels[place];
            let from = ours.on(day);
            if theirs.level > ours.level {
                let grants = std::mem::take(&mut ours.grants);
                *ours = theirs.clone();
                ours.grants.extend(grants);
            } else {
                if theirs.level == ours.level && theirs.level > 0 {
                    ours.until = ours.until.zip(theirs.until).map(|(a, b)| a.max(b));
                }
                ours.grants.extend(theirs.grants.iter().cloned());
            }
            let (to, until) = ours.best(day);
            if to != from {
                self.note_level(id, place, from, to, until, LevelWhy::Granted);
            }
        }
    }
}

/// The next lower level that can be earned.
fn below(block: &Tiers, level: usize) -> usize {
    let earned = |at: &usize| !matches!(block.levels[*at].need, Need::NotEarned);
    (0..level).rev().find(earned).unwrap_or(0)
}

/// The last day of a term counted from `day`; none where it has no end of its own.
fn last_day(lasts: Lasts, clock: &Clock, joined: Option<Date>, day: Date) -> Option<Date> {
    let end = |period: Period, next: u32| {
        let mut last = clock.span_of(period, day).1;
        for _ in 0..next {
            last = clock.span_of(period, last.tomorrow().ok()?).1;
        }
        Some(last)
    };
    match lasts {
        Lasts::Forever | Lasts::WhileMeasured => None,
        Lasts::For(length) => length.after(day),
        Lasts::EndOf(period, next) => end(period, next),
        Lasts::EndOfMembershipYear(next) => {
            let mut last = membership_span(clock, joined, day).1;
            for _ in 0..next {
                let following = last.tomorrow().ok()?;
                last =
                    joined.map_or_else(|| clock.span_of(Period::Year, following), |j| membership_year(j, following)).1;
            }
            Some(last)
        }
        Lasts::DayAfterEndOf { month, day: of_month, period, next } => {
            let ended = end(period, next)?;
            let this = |year: i16| Date::new(year, month, of_month).or_else(|_| Date::new(year, month, 28)).ok();
            this(ended.year()).filter(|last| *last > ended).or_else(|| this(ended.year().checked_add(1)?))
        }
    }
}
