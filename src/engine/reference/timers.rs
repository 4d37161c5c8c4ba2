//! Timers: what is due as days begin and end, in order (section 6.2).

use super::part::Step;
use super::state::Member;
use super::{Phase, Run};
use crate::mechanics::Program;
use crate::mechanics::payout::Pays;
use crate::mechanics::rule::Trigger;
use crate::value::clock::{Date, Length, Moment, membership_year, yearly};

impl<'a> Run<'a> {
    /// Fires all timers up to a moment, whoever's they are.
    pub(super) fn timers(&mut self, moment: Moment, phase: Phase) {
        while let Some((at, of, id)) = self.agenda.first().cloned() {
            if (at, of) > (moment, phase) {
                return;
            }
            self.agenda.remove(&(at, of, id.clone()));
            self.due.remove(&id);
            self.touched.insert(id.clone());
            let closing = of == Phase::Closing;
            self.steps.push((self.outcome.journal.len(), Step::Timer { at, closing, member: id.clone() }));
            match of {
                Phase::Closing => self.close_day(&id, at),
                Phase::Opening => self.open_day(&id, at),
            }
            self.pay_what_is_reached();
            self.reschedule();
        }
    }

    /// Finds the next timer of everyone who was touched.
    pub(super) fn reschedule(&mut self) {
        for id in std::mem::take(&mut self.touched) {
            self.under_terms_of(&id);
            if let Some((at, phase)) = self.due.remove(&id) {
                self.agenda.remove(&(at, phase, id.clone()));
            }
            let next = self.members.get(&id).and_then(|member| self.next_due(member));
            if let Some((at, phase)) = next {
                self.due.insert(id.clone(), (at, phase));
                self.agenda.insert((at, phase, id));
            }
        }
    }

    /// When the next timer of a member is due.
    fn next_due(&self, member: &Member<'a>) -> Option<(Moment, Phase)> {
        let opening = [
            self.change_due(member),
            self.waited_due(member),
            Self::lots_due(member),
            Self::gifts_due(member),
            self.cards_due(member),
            Self::memberships_due(member),
            self.levels_due(member),
            self.rules_due(member).map(|(day, _)| day),
        ];
        let opening = opening.into_iter().flatten().min().map(|day| (self.clock().start_of(day), Phase::Opening));
        let closing = self.closing_due(member).map(|(day, _)| (self.clock().end_of(day), Phase::Closing));
        opening.into_iter().chain(closing).min()
    }

    /// Of one who stands in the members file from a later day on: that day, where a referral has kept something for it.
    fn waited_due(&self, member: &Member<'a>) -> Option<Date> {
        let comes = member.waiting.is_some() && member.enrolled && !member.left;
        member.joined.filter(|joined| comes && self.here.day < *joined)
    }

    /// What stands at the start of a day: what ended the day before ends, then reviews, then rules.
    fn open_day(&mut self, id: &str, at: Moment) {
        let at = at.max(self.here.at);
        let day = self.clock().day_of(at);
        self.step(at, day, None, "the start of");
        self.under_terms_of(id);
        self.change_terms(id);
        self.give_what_waited(id);
        self.expire_lots(id);
        self.release_lots(id);
        self.expire_gifts(id);
        self.lapse_cards(id);
        self.membership_timers(id);
        self.level_timers(id);
        self.follow();
        let rules = self.members.get(id).and_then(|member| self.rules_due(member));
        if let Some((due, triggers)) = rules.filter(|(due, _)| *due <= day) {
            let member = self.member_mut(id);
            member.opened = member.opened.max(due);
            for trigger in &triggers {
                if let (Trigger::NoPurchaseIn(days), Some(last)) = (trigger, member.last_purchase()) {
                    member.quiet.insert(*days, last);
                }
            }
            self.fire_timers(id, at, day, &triggers);
        }
    }

    /// What stands at the end of a day, dated that day: `every WINDOW`.
    fn close_day(&mut self, id: &str, at: Moment) {
        let Some(member) = self.members.get(id) else { return };
        let Some((day, triggers)) = self.closing_due(member) else { return };
        self.member_mut(id).closed = day;
        self.under(self.version_for(Some(id), day));
        self.fire_timers(id, at.max(self.here.at), day, &triggers);
        self.pay_as_ends(id, &triggers);
    }

    fn fire_timers(&mut self, id: &str, at: Moment, day: Date, triggers: &[Trigger]) {
        for trigger in triggers {
            self.step(at, day, None, words(trigger));
            self.fire(id, &[*trigger]);
            self.look_at_levels(id);
            self.follow();
        }
    }

    /// The next day at whose start rules fire for a member, and what they fire on.
    fn rules_due(&self, member: &Member<'a>) -> Option<(Date, Vec<Trigger>)> {
        if !member.enrolled || member.left {
            return None;
        }
        let due = |trigger: &Trigger| Some((self.start_due(member, trigger)?, *trigger));
        self.soonest(self.timer_triggers.iter().filter_map(due))
    }

    /// The next day at whose end rules fire for a member.
    fn closing_due(&self, member: &Member<'a>) -> Option<(Date, Vec<Trigger>)> {
        if !member.enrolled || member.left {
            return None;
        }
        let next = member.closed.tomorrow().ok()?;
        let due = |trigger: &Trigger| match trigger {
            Trigger::Every { period, at_start: false } => Some((self.clock().span_of(*period, next).1, *trigger)),
            Trigger::EveryMembershipYear => Some((membership_year(member.joined?, next).1, *trigger)),
            Trigger::EveryLength { length, at_start: false } => {
                Some((self.stretch(member, *length, next)?.1, *trigger))
            }
            Trigger::Every { at_start: true, .. }
            | Trigger::EveryLength { at_start: true, .. }
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
            | Trigger::PaidOut(_) => None,
        };
        self.soonest(self.timer_triggers.iter().filter_map(due))
    }

    /// The stretch of `every 3 months` that holds a day, or the first one: counted from the program's first day, else
    /// from her joining.
    pub(super) fn stretch(&self, member: &Member<'a>, length: Length, day: Date) -> Option<(Date, Date)> {
        length.stretch_of(self.program.settings.from.or(member.joined)?, day)
    }

    /// Of what is due, the soonest day's, where the program still runs by then.
    fn soonest(&self, due: impl Iterator<Item = (Date, Trigger)>) -> Option<(Date, Vec<Trigger>)> {
        let mut all: Vec<(Date, Trigger)> = due.collect();
        all.sort_by_key(|(day, _)| *day);
        let day = all.first()?.0;
        if self.program.settings.until.is_some_and(|until| until < day) {
            return None;
        }
        Some((day, all.into_iter().take_while(|(other, _)| *other == day).map(|(_, trigger)| trigger).collect()))
    }

    /// The next day at whose start a trigger is met.
    fn start_due(&self, member: &Member<'a>, trigger: &Trigger) -> Option<Date> {
        let after = member.opened;
        match trigger {
            Trigger::Birthday(offset) => next_yearly(member.birthday?, *offset, after, None),
            Trigger::Anniversary(offset) => {
                let joined = member.joined?;
                next_yearly(joined, *offset, after, Some(joined.year()))
            }
            Trigger::Every { period, at_start: true } => Some(self.clock().next_start(*period, after)),
            Trigger::EveryLength { length, at_start: true } => {
                // Joining itself is `on join`: who counts from it begins with the next stretch.
                let counts_from_joining = self.program.settings.from.is_none();
                let after = if counts_from_joining { after.max(member.joined?) } else { after };
                let (first, last) = self.stretch(member, *length, after)?;
                if first > after { Some(first) } else { last.tomorrow().ok() }
            }
            Trigger::NoPurchaseIn(days) => {
                let last = member.last_purchase()?;
                if member.quiet.get(days).is_some_and(|through| last <= *through) {
                    return None;
                }
                // Through the end of day D + N she could still buy.
                let due = Length::Days(*days).after(last)?.tomorrow().ok()?;
                // Where a return shows that they have gone by already, at the start of the next day.
                let shown = member.disarmed.map(|day| day.tomorrow()).transpose().ok()?;
                Some(shown.map_or(due, |shown| due.max(shown)))
            }
            // Who stands in the members file joins as her day begins, unless an event says when.
            Trigger::Join => member
                .joined
                .filter(|joined| member.listed && *joined > after && !self.joiners.contains(member.id.as_str())),
            Trigger::Every { at_start: false, .. }
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
            | Trigger::PaidOut(_) => None,
        }
    }
}

/// The triggers of the rules and payouts of all versions of the program, each once.
pub(super) fn triggers_of(program: &Program) -> Vec<Trigger> {
    let mut wanted: Vec<Trigger> = Vec::new();
    let of_payouts = program.versions().flat_map(|version| &version.payouts).filter_map(|payout| match &payout.pays {
        Pays::Every(trigger) => Some(trigger),
        Pays::Reaching(_) => None,
    });
    let of_rules = program.versions().flat_map(|version| &version.rules).flat_map(|rule| &rule.on);
    for trigger in of_rules.chain(of_payouts) {
        if !wanted.contains(trigger) {
            wanted.push(*trigger);
        }
    }
    wanted
}

/// The first day after `after` that is the yearly day of `day`, moved by `offset`; in years past `beyond`.
pub(in crate::engine) fn next_yearly(day: Date, offset: i32, after: Date, beyond: Option<i16>) -> Option<Date> {
    let years = after.year().saturating_sub(1)..=after.year().saturating_add(2);
    years
        .filter(|year| beyond.is_none_or(|beyond| *year > beyond))
        .filter_map(|year| {
            let this = yearly(day, year);
            let days = Length::Days(offset.unsigned_abs());
            if offset < 0 { days.before(this) } else { days.after(this) }
        })
        .find(|due| *due > after)
}

/// What a timer is called where it brings points.
fn words(trigger: &Trigger) -> &'static str {
    match trigger {
        Trigger::Birthday(_) => "birthday",
        Trigger::Anniversary(_) => "anniversary",
        Trigger::Every { .. } | Trigger::EveryLength { .. } => "every period",
        Trigger::EveryMembershipYear => "every membership year",
        Trigger::NoPurchaseIn(_) => "no purchase by",
        Trigger::Join => "joined",
        Trigger::LevelUp(_) => "level up",
        Trigger::Full(_) => "card full",
        Trigger::Completed(_) => "challenge completed",
        Trigger::PaidOut(_) => "paid out",
        Trigger::Purchase
        | Trigger::FirstPurchaseOfFriend
        | Trigger::Visit
        | Trigger::Activity(_)
        | Trigger::Referral
        | Trigger::Redeem => "timer",
    }
}
