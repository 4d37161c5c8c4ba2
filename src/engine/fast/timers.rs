//! Rules that days fire by themselves: birthdays, periods that begin and end, nothing bought (section 6.2).

use super::Beyond;
use super::days::{LAST, NEVER, date, next, number, number_or_never};
use super::machine::Machine;
use super::record::{Here, Record, Source, Words};
use super::state::State;
use crate::engine::pile::Pile;
use crate::engine::plan::Plan;
use crate::engine::reference::timers::next_yearly;
use crate::mechanics::rule::Trigger;
use crate::mechanics::settings::Settings;
use crate::value::clock::{Date, Length, Period};

/// When something is due by itself: as a day ends, or as one begins. What closes a day comes before what opens the
/// next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Due {
    /// The day that begins then.
    pub day: i32,
    /// Whether it stands at that day's start, and not at the end of the day before.
    pub opens: bool,
}

impl Due {
    /// Never.
    pub const NEVER: Self = Self { day: NEVER, opens: true };

    /// As a day begins.
    pub fn opening(day: i32) -> Self {
        Self { day, opens: true }
    }

    /// As a day ends.
    pub fn closing(day: i32) -> Self {
        Self { day: next(day), opens: false }
    }
}

/// How far the rules that days fire have come with a member.
#[derive(Debug, Clone, Default)]
pub(super) struct Timers {
    /// Those that stand at the start of a day have fired through this day.
    opened: i32,
    /// Those that stand at the end of a day have fired through this day.
    closed: i32,
    /// Through which last purchase's day each `no purchase in N days` has fired, by N.
    quiet: Vec<(u32, i32)>,
    /// The day on which a purchase was last returned whole: what that brings about begins a day later.
    pub disarmed: Option<i32>,
    /// Whether an event says when she joins.
    pub joins_by_event: bool,
    /// What was found last.
    found: Option<Found>,
}

/// The next days on which rules fire, and what they were found for.
#[derive(Debug, Clone, Copy)]
struct Found {
    /// The days fired through at starts and at ends, and the day of joining.
    by: (i32, i32, Option<i32>),
    /// At the start of which day, and at the end of which.
    days: (i32, i32),
}

impl Timers {
    /// Of the next member; `listed`: she stands in the members file, and the day of joining that it says.
    pub fn of(listed: Option<Option<i32>>, first: i32, settings: &Settings) -> Self {
        let begin = settings.from.map_or(first, number);
        let from = listed.map_or(i32::MIN, |joined| joined.unwrap_or(begin));
        let from = settings.from.map_or(from, |begin| from.max(number(begin)));
        let before = if listed.is_some() { from.saturating_sub(1) } else { i32::MIN };
        Self { opened: before, closed: before, ..Self::default() }
    }

    /// She is a member from here on: what stands at the start of this day has passed her.
    pub fn enroll(&mut self, day: i32) {
        (self.opened, self.closed) = (day, day - 1);
    }
}

impl State {
    /// Whether rules on joining fire for who stands in the members file by the day that it says.
    pub fn waits_to_join(&self, plan: &Plan<'_>) -> bool {
        self.listed && self.facts.joined.is_some() && plan.timers.contains(&Trigger::Join)
    }

    /// The day of her last purchase that was not returned whole.
    fn last_purchase(&self) -> Option<i32> {
        self.bought.last().map(|(_, day)| *day)
    }
}

impl Machine<'_> {
    /// When something is due next: what `opening` says stands at the start of a day, or what rules fire on.
    pub(super) fn rules_due(&mut self, opening: i32) -> Due {
        let nothing = self.plan.timers.is_empty() || !self.state.enrolled || self.state.left;
        if nothing {
            return Due::opening(opening);
        }
        let (opens, closes) = self.days_due();
        let quiet = self.plan.timers.iter().map(|trigger| self.quiet_due(trigger)).min().unwrap_or(NEVER);
        let opens = self.while_it_runs(opens.min(quiet));
        let closes = self.while_it_runs(closes);
        let closing = if closes == NEVER { Due::NEVER } else { Due::closing(closes) };
        Due::opening(opening.min(opens)).min(closing)
    }

    /// A day, or [`NEVER`] where the program has ended by then.
    fn while_it_runs(&self, day: i32) -> i32 {
        let until = self.plan.program.settings.until;
        if until.is_some_and(|until| number(until) < day) { NEVER } else { day }
    }

    /// The next days on which rules fire at the start and at the end, `no purchase` left out.
    fn days_due(&mut self) -> (i32, i32) {
        let timers = &self.state.timers;
        let by = (timers.opened, timers.closed, self.state.facts.joined);
        if let Some(found) = timers.found.filter(|found| found.by == by) {
            return found.days;
        }
        let plan = self.plan;
        let opens = plan.timers.iter().map(|trigger| self.start_due(trigger)).min().unwrap_or(NEVER);
        let closes = plan.timers.iter().map(|trigger| self.end_due(trigger)).min().unwrap_or(NEVER);
        self.state.timers.found = Some(Found { by, days: (opens, closes) });
        (opens, closes)
    }

    /// The next day at whose start a trigger is met, `no purchase` left out; [`NEVER`] for none.
    fn start_due(&self, trigger: &Trigger) -> i32 {
        let (timers, facts) = (&self.state.timers, &self.state.facts);
        let after = || date(timers.opened).unwrap_or(Date::MIN);
        match trigger {
            Trigger::Birthday(offset) => {
                number_or_never(facts.birthday.and_then(|birthday| next_yearly(birthday, *offset, after(), None)))
            }
            Trigger::Anniversary(offset) => {
                let joined = facts.joined.and_then(date);
                let due = |joined: Date| next_yearly(joined, *offset, after(), Some(joined.year()));
                number_or_never(joined.and_then(due))
            }
            Trigger::Every { period, at_start: true } => next(self.windows.span(*period, timers.opened).1),
            Trigger::EveryLength { length, at_start: true } => number_or_never(self.stretch_begins(*length)),
            Trigger::Join => {
                let due = facts.joined.filter(|joined| self.state.listed && *joined > timers.opened);
                due.filter(|_| !timers.joins_by_event).unwrap_or(NEVER)
            }
            Trigger::NoPurchaseIn(_)
            | Trigger::Every { at_start: false, .. }
            | Trigger::EveryLength { at_start: false, .. }
            | Trigger::EveryMembershipYear
            | Trigger::Purchase
            | Trigger::FirstPurchaseOfFriend
            | Trigger::Visit
            | Trigger::Activity(_)
            | Trigger::Referral
            | Trigger::LevelUp(_)
            | Trigger::Full(_)
            | Trigger::Redeem
            | Trigger::Completed(_)
            | Trigger::PaidOut(_) => NEVER,
        }
    }

    /// The first day of the next stretch of `at start of every 3 months`.
    fn stretch_begins(&self, length: Length) -> Option<Date> {
        let joined = self.state.facts.joined.and_then(date);
        let opened = date(self.state.timers.opened).unwrap_or(Date::MIN);
        // Joining itself is `on join`: who counts from it begins with the next stretch.
        let after = if self.plan.program.settings.from.is_none() { opened.max(joined?) } else { opened };
        let (first, last) = self.stretch(length, after)?;
        if first > after { Some(first) } else { last.tomorrow().ok() }
    }

    /// The stretch that holds a day, or the first one: counted from the program's first day, else from her joining.
    fn stretch(&self, length: Length, day: Date) -> Option<(Date, Date)> {
        let joined = self.state.facts.joined.and_then(date);
        length.stretch_of(self.plan.program.settings.from.or(joined)?, day)
    }

    /// The next day at whose end a trigger is met; [`NEVER`] for none.
    fn end_due(&self, trigger: &Trigger) -> i32 {
        let (after, joined) = (next(self.state.timers.closed), self.state.facts.joined);
        match trigger {
            Trigger::Every { period: Period::Day, at_start: false } => after,
            Trigger::Every { period, at_start: false } => self.windows.span(*period, after).1,
            Trigger::EveryMembershipYear if joined.is_some() => self.windows.membership(after, joined).1,
            Trigger::EveryLength { length, at_start: false } => {
                number_or_never(date(after).and_then(|after| self.stretch(*length, after)).map(|(_, last)| last))
            }
            Trigger::Every { at_start: true, .. }
            | Trigger::EveryLength { at_start: true, .. }
            | Trigger::EveryMembershipYear
            | Trigger::Purchase
            | Trigger::FirstPurchaseOfFriend
            | Trigger::Visit
            | Trigger::Activity(_)
            | Trigger::Referral
            | Trigger::Join
            | Trigger::Birthday(_)
            | Trigger::Anniversary(_)
            | Trigger::LevelUp(_)
            | Trigger::Full(_)
            | Trigger::Redeem
            | Trigger::NoPurchaseIn(_)
            | Trigger::Completed(_)
            | Trigger::PaidOut(_) => NEVER,
        }
    }

    /// The day at whose start `no purchase in N days` is met; [`NEVER`] for none and for other triggers.
    fn quiet_due(&self, trigger: &Trigger) -> i32 {
        let (Trigger::NoPurchaseIn(days), Some(last)) = (trigger, self.state.last_purchase()) else { return NEVER };
        let timers = &self.state.timers;
        if timers.quiet.iter().any(|(other, through)| other == days && last <= *through) {
            return NEVER;
        }
        // Through the end of day D + N she could still buy. Where a return shows that they have gone by already, at the
        // start of the next day.
        let due = i64::from(last) + i64::from(*days) + 1;
        let due = i32::try_from(due).ok().filter(|due| *due <= LAST).unwrap_or(NEVER);
        timers.disarmed.map_or(due, |shown| due.max(next(shown)))
    }

    /// Rules that fire at the start of the day at hand, which began at the second `start`.
    pub(super) fn open_rules(&mut self, start: i64, record: &mut impl Record) -> Result<(), Beyond> {
        if self.plan.timers.is_empty() || !self.state.enrolled || self.state.left {
            return Ok(());
        }
        let day = self.state.here.day;
        let dues = |machine: &Self, trigger: &Trigger| machine.start_due(trigger).min(machine.quiet_due(trigger));
        let due = self.plan.timers.iter().map(|trigger| dues(self, trigger)).min().unwrap_or(NEVER);
        if self.while_it_runs(due) > day {
            return Ok(());
        }
        let met = |trigger: &&Trigger| dues(self, trigger) == due;
        let triggers: Vec<Trigger> = self.plan.timers.iter().filter(met).copied().collect();
        let last = self.state.last_purchase();
        let timers = &mut self.state.timers;
        timers.opened = timers.opened.max(due);
        for trigger in &triggers {
            if let (Trigger::NoPurchaseIn(days), Some(last)) = (trigger, last) {
                timers.quiet.retain(|(other, _)| other != days);
                timers.quiet.push((*days, last));
            }
        }
        self.fire_timers(start, day, &triggers, record)
    }

    /// What stands at the end of a day, dated that day.
    pub(super) fn close_day(&mut self, day: i32, record: &mut impl Record) -> Result<(), Beyond> {
        if day < self.state.here.day {
            // A day of joining that came to be known late: sums have moved on.
            return Err(Beyond);
        }
        let plan = self.plan;
        let met = |trigger: &&Trigger| self.end_due(trigger) == day;
        let triggers: Vec<Trigger> = plan.timers.iter().filter(met).copied().collect();
        self.state.timers.closed = day;
        let end = date(day).map(|day| self.windows.clock().end_of(day).0.as_second()).ok_or(Beyond)?;
        self.fire_timers(end, day, &triggers, record)
    }

    fn fire_timers(&mut self, at: i64, day: i32, triggers: &[Trigger], record: &mut impl Record) -> Result<(), Beyond> {
        (self.state.event, self.state.visit) = (None, None);
        let at = at.max(self.state.here.at);
        let nothing = Pile::default();
        for trigger in triggers {
            self.state.here = Here { at, day, source: Source::Timer(words(trigger), day) };
            self.fire(&nothing, *trigger, record)?;
            self.look_at_levels(record)?;
            self.follow(&nothing, record)?;
        }
        Ok(())
    }
}

/// What a timer is called where it brings points.
fn words(trigger: &Trigger) -> Words {
    match trigger {
        Trigger::Birthday(_) => Words::Birthday,
        Trigger::Anniversary(_) => Words::Anniversary,
        Trigger::Every { .. } | Trigger::EveryLength { .. } => Words::EveryPeriod,
        Trigger::EveryMembershipYear => Words::EveryMembershipYear,
        Trigger::NoPurchaseIn(_) => Words::NoPurchaseBy,
        Trigger::Join => Words::Joined,
        Trigger::Purchase
        | Trigger::FirstPurchaseOfFriend
        | Trigger::Visit
        | Trigger::Activity(_)
        | Trigger::Referral
        | Trigger::LevelUp(_)
        | Trigger::Full(_)
        | Trigger::Redeem
        | Trigger::Completed(_)
        | Trigger::PaidOut(_) => Words::StartOf,
    }
}
