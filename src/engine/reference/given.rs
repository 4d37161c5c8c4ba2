//! Giving what a valuation says, and valuing an event again (sections 6.3 and 6.11).

use super::Run;
use super::log::Contribution;
use super::lots::Credit;
use super::scene::{Scene, View};
use super::state::{Accounts, FromOther, Further, HeldGift, Member, Opening, Position, Seen, SeenKind};
use super::valuation::{Accrual, Valuation};
use crate::engine::outcome::PostingKind;
use crate::ledger::Event;
use crate::mechanics::arm::Arm;
use crate::mechanics::example::Held;
use crate::mechanics::give::Whom;
use crate::mechanics::points::Life;
use crate::mechanics::rule::Trigger;
use crate::mechanics::{PointsId, RuleId};
use crate::value::exact::Exact;
use std::collections::{BTreeMap, BTreeSet};

/// What a return cannot take back: it stays used up in limits and budgets (section 6).
#[derive(Debug, Default)]
pub(super) struct Stands {
    /// Points that had ended.
    pub points: BTreeMap<(Whom, PointsId, Option<Life>), Exact>,
    /// Gifts and coupons that were used or had ended, and how many: by the rule that gave them.
    pub things: Vec<(RuleId, Held, u32)>,
}

/// What contributions are told apart by.
type Share = (RuleId, Whom, Option<PointsId>, Option<Life>);

/// Most happenings that may follow from one event; a card whose stamps fill itself ends here.
const MOST_FOLLOWING: u32 = 100;

impl<'a> Run<'a> {
    /// What an event is worth with what is left of it, under the rules and the state of its own day.
    pub(super) fn value_of(&self, member: &Member<'a>, seen: &Seen<'a>) -> Valuation {
        let triggers = triggers(member, seen);
        if triggers.is_empty() {
            return Valuation::default();
        }
        let lines = views_now(seen);
        let scene = self.scene_of(member, seen, &lines);
        let opening = self.lifted(&scene, seen);
        self.value(&Scene { opening: &opening, ..scene }, &triggers)
    }

    /// A scene here and now, for what is no event of its own: a timer, a level up, a gift's `when`.
    pub(super) fn scene_now<'s>(
        &'s self,
        member: &'s Member<'a>,
        lines: &'s [View<'a>],
        opening: &'s Opening,
    ) -> Scene<'s, 'a> {
        Scene {
            program: self.program,
            member,
            before: self.here.position,
            at: self.here.at,
            day: self.here.day,
            timed: self.here.event.is_some_and(|event| event.timed),
            event: self.here.event,
            lines,
            opening,
            campaign: (None, None),
            whole: None,
        }
    }

    /// Gives what rules give for triggers that no event of the member stands for.
    pub(super) fn fire(&mut self, id: &str, triggers: &[Trigger]) -> Valuation {
        if !self.runs_on(self.here.day) || !self.is_member(id) {
            return Valuation::default();
        }
        let Some(member) = self.members.get(id) else { return Valuation::default() };
        let opening = self.opening_of(member);
        let lines = self.here.event.map(|event| self.lines_here(member, event)).unwrap_or_default();
        let valuation = self.value(&self.scene_now(member, &lines, &opening), triggers);
        self.give_points(id, &valuation);
        self.give_things(id, &valuation);
        valuation
    }

    /// What follows from the happening: levels reached and cards filled fire rules of their own.
    pub(super) fn follow(&mut self) {
        let begun = self.here.position;
        let version = self.version;
        for _ in 0..MOST_FOLLOWING {
            let Some((id, trigger)) = self.following.pop_front() else { break };
            let here = self.here;
            self.step(here.at, here.day, here.event, here.words);
            self.under_terms_of(&id);
            self.remember_other(&id, begun);
            let valuation = self.fire(&id, &[trigger]);
            self.look_at_levels(&id);
            if let Some((further, _)) = self.brought_here(&id) {
                further.push(Further { trigger, valuation });
            }
        }
        self.following.clear();
        self.under(version);
    }

    /// The member's own record of the event at hand.
    pub(super) fn seen_now(&self, id: &str) -> Option<&Seen<'a>> {
        self.members.get(id)?.seen_of(self.here.event?)
    }

    /// The same, to be changed.
    pub(super) fn seen_here(&mut self, id: &str) -> Option<&mut Seen<'a>> {
        let event = self.here.event?;
        self.members.get_mut(id)?.seen_of_mut(event)
    }

    /// Keeps in mind that what is at hand, an event that is none of hers or the start of a day, brings a member
    /// something: a return may take that back. `begun`: its place in the run.
    fn remember_other(&mut self, id: &str, begun: Position) {
        let (here, source) = (self.here, self.source());
        if self.brought_here(id).is_some() || !self.members.contains_key(id) {
            return;
        }
        let (version, further, accounts) = (self.version, Vec::new(), Accounts::new());
        let (at, day, event) = (here.at, here.day, here.event);
        let one = FromOther { position: begun, at, day, event, source, version, further, accounts };
        self.member_mut(id).from_others.push(one);
    }

    /// What followed for a member from what is at hand, and what it has given her: her event, another's, or a day.
    fn brought_here(&mut self, id: &str) -> Option<(&mut Vec<Further>, &mut Accounts)> {
        let here = self.here;
        let source = here.event.is_none().then(|| self.source());
        let member = self.members.get_mut(id)?;
        let other = match here.event {
            Some(event) => {
                if let Some(place) = member.place_of(event) {
                    let seen = &mut member.seen[place];
                    return Some((&mut seen.further, &mut seen.accounts));
                }
                let of_event = |one: &&mut FromOther| one.event.is_some_and(|other| std::ptr::eq(other, event));
                member.from_others.iter_mut().rev().find(of_event)?
            }
            None => member
                .from_others
                .iter_mut()
                .rev()
                .find(|one| one.event.is_none() && one.day == here.day && Some(&one.source) == source.as_ref())?,
        };
        Some((&mut other.further, &mut other.accounts))
    }

    /// The lines of the event at hand, as they stand for this member.
    pub(super) fn lines_here(&self, member: &Member<'a>, event: &'a Event) -> Vec<View<'a>> {
        match member.seen_of(event) {
            Some(seen) => views_now(seen),
            None => super::events::seen_lines(event, 0).into_iter().map(|line| line.into_view()).collect(),
        }
    }

    /// Posts the points of a valuation and remembers them for limits and returns.
    pub(super) fn give_points(&mut self, id: &str, valuation: &Valuation) {
        self.post_accruals(id, valuation);
        let (at, day) = (self.here.at, self.here.day);
        self.contribute(id, &Valuation::default(), valuation, &Stands::default(), (at, day));
        for other in self.others_of(id, valuation) {
            self.look_at_levels(&other);
        }
    }

    /// Posts the points of a valuation, each to whom it is for.
    pub(super) fn post_accruals(&mut self, id: &str, valuation: &Valuation) {
        for accrual in self.as_they_come(id, valuation) {
            let Some(to) = self.receiver(id, accrual.to) else {
                self.nobody_receives(id, accrual.to, "points");
                continue;
            };
            let key = self.purse_key(accrual.unit, self.here.event);
            let note = if to == id { String::new() } else { format!("from an event of {id}") };
            self.credit(
                &to,
                Credit {
                    key,
                    kind: PostingKind::Earned,
                    amount: accrual.amount.clone(),
                    life: accrual.life,
                    parts: accrual.parts.clone(),
                    cuts: accrual.cuts.clone(),
                    note,
                },
            );
            if let Some((_, accounts)) = self.brought_here(id) {
                let account = accounts.entry((accrual.to, accrual.unit, accrual.life)).or_default();
                account.given += &accrual.amount;
            }
        }
    }

    /// Says that somebody who would receive something is no member; what is a friend's waits until the friend is one.
    fn nobody_receives(&mut self, id: &str, to: Whom, what: &str) {
        if to != Whom::Friend {
            self.nothing(Some(id), format!("the one who would receive {what} is no member"));
        }
    }

    /// The accruals of a valuation in the order in which they are given: where a debt is open, what ends soonest comes
    /// first, and so pays it (section 6.11).
    fn as_they_come<'v>(&self, id: &str, valuation: &'v Valuation) -> Vec<&'v Accrual> {
        let mut all: Vec<&Accrual> = valuation.accruals.iter().collect();
        let receivers = all.iter().filter_map(|one| Some((self.members.get(&self.receiver(id, one.to)?)?, one.unit)));
        let owes = receivers.into_iter().any(|(receiver, unit)| {
            receiver.purses.get(&self.purse_key(unit, self.here.event)).is_some_and(|purse| purse.debt.is_positive())
        });
        if owes {
            all.sort_by_key(|one| {
                let last = self.receiver(id, one.to).and_then(|to| self.lot_ends(&to, one.unit, one.life));
                (last.is_none(), last)
            });
        }
        all
    }

    /// What has waited uses up a friend's own limits on the day it comes; what all share was drawn on by the referral.
    pub(super) fn contribute_waited(&mut self, friend: &str, valuation: &Valuation) {
        let here = self.here;
        let all = shares(valuation).into_iter().map(|((rule, _, unit, life), (posted, exact, times))| Contribution {
            position: here.position,
            at: here.at,
            day: here.day,
            rule: Some(rule),
            unit,
            life,
            posted,
            exact,
            times,
        });
        let log = &mut self.member_mut(friend).contributions;
        all.for_each(|one| log.add(one));
    }

    /// Who else than the member of the event receives points.
    pub(super) fn others_of(&self, id: &str, valuation: &Valuation) -> BTreeSet<String> {
        let receivers = valuation.accruals.iter().filter_map(|accrual| self.receiver(id, accrual.to));
        receivers.filter(|to| to != id).collect()
    }

    /// Gives stamps, gifts and levels of a valuation.
    pub(super) fn give_things(&mut self, id: &str, valuation: &Valuation) {
        self.tell_offers(id, valuation);
        for (_, card, number, to) in &valuation.stamps {
            match self.receiver(id, *to) {
                Some(to) => self.stamp(&to, *card, i64::from(*number), super::cards::Origin::Given),
                None => self.nobody_receives(id, *to, "stamps"),
            }
        }
        for (_, draw, number, to) in &valuation.entries {
            match self.receiver(id, *to) {
                Some(to) => self.enter_given(&to, *draw, *number),
                None => self.nobody_receives(id, *to, "entries"),
            }
        }
        for (rule, held, number, to) in &valuation.gifts {
            let Some(to) = self.receiver(id, *to) else {
                self.nobody_receives(id, *to, self.held_name(*held));
                continue;
            };
            let given = self.issue(&to, *held, *number, Some(*rule));
            let offered = valuation.offers.iter().find(|one| one.rule == *rule);
            if let (Some(category), Held::Coupon(_)) = (offered.and_then(|one| one.category.clone()), held) {
                for place in given {
                    self.member_mut(&to).gifts[place].only = Some(category.clone());
                }
            }
        }
        for (rule, tiers, level, until, to) in &valuation.levels {
            match self.receiver(id, *to) {
                Some(to) => self.give_level(&to, *tiers, *level, *until, *rule),
                None => self.nobody_receives(id, *to, "a level"),
            }
        }
    }

    /// Who receives, as an event of `id` sees it.
    pub(super) fn receiver(&self, id: &str, to: Whom) -> Option<String> {
        self.recipient(to, self.members.get(id)?, self.here.event)
    }

    /// Writes down what changed between two valuations of one event, at the position at hand and on
    /// the event's own day; what a return could not take stays used up.
    pub(super) fn contribute(
        &mut self,
        id: &str,
        before: &Valuation,
        after: &Valuation,
        stands: &Stands,
        (at, day): (crate::value::clock::Moment, crate::value::clock::Date),
    ) {
        let mut short = stands.points.clone();
        let mut stays: BTreeMap<usize, Exact> = BTreeMap::new();
        for (rule, held, number) in &stands.things {
            if let Some((budget, money)) = self.takes_of_budget(*rule, *held, *number) {
                *stays.entry(budget).or_default() += money;
            }
        }
        let (mut old, mut new) = (shares(before), shares(after));
        let keys: BTreeSet<Share> = old.keys().chain(new.keys()).copied().collect();
        for key in keys.into_iter().rev() {
            let (rule, whom, unit, life) = key;
            let (old, new) = (old.remove(&key).unwrap_or_default(), new.remove(&key).unwrap_or_default());
            let mut posted = new.0 - old.0;
            if let Some(short) = unit.and_then(|unit| short.get_mut(&(whom, unit, life)))
                && posted.is_negative()
            {
                let kept = short.clone().min(-&posted);
                *short -= &kept;
                let points = unit.and_then(|unit| self.program.points[unit.0].worth.as_ref());
                if let (Some(budget), Some(worth)) = (self.program.rules[rule.0].budget, points) {
                    *stays.entry(budget.0).or_default() += &kept * worth;
                }
                posted += kept;
            }
            let (exact, mut times) = (new.1 - old.1, new.2 - old.2);
            if times < 0 && stands.things.iter().any(|one| one.0 == rule) {
                times = 0;
            }
            if posted.is_zero() && exact.is_zero() && times == 0 {
                continue;
            }
            let (position, rule) = (self.here.position, Some(rule));
            let one = Contribution { position, at, day, rule, unit, life, posted, exact, times };
            self.count(id, whom, one);
        }
        let budgets: BTreeSet<usize> = before.drawn.keys().chain(after.drawn.keys()).copied().collect();
        for budget in budgets {
            let figure = |valuation: &Valuation| valuation.drawn.get(&budget).cloned().unwrap_or_default();
            let more = figure(after) - figure(before) + stays.remove(&budget).unwrap_or_default();
            if !more.is_zero() {
                self.budgets[budget].add(self.here.position, at, day, more);
            }
        }
    }

    /// Counts what a rule gave `whom`, as an event of `id` sees it: to what all share, and to the limits of who receives it.
    fn count(&mut self, id: &str, whom: Whom, one: Contribution) {
        let Some(rule) = one.rule else { return };
        // What is kept back leaves room in what all share.
        if one.times != 0 && self.program.arm(rule, id) == Arm::In {
            let times = Exact::from_int(one.times);
            self.times.entry(rule).or_default().add(one.position, one.at, one.day, times);
        }
        if let Some(unit) = one.unit {
            self.posted.entry((rule, unit)).or_default().add(one.position, one.at, one.day, one.posted.clone());
        }
        if let Some(to) = self.receiver(id, whom) {
            self.member_mut(&to).contributions.add(one);
        }
    }

    /// A coupon that was used when its purchase came back is not held again when its own use comes back too: what limits
    /// and a budget still counted for it is room again.
    pub(super) fn make_room(&mut self, id: &str, place: usize) {
        let position = self.here.position;
        let gift = &mut self.member_mut(id).gifts[place];
        let Some(rule) = gift.rule.filter(|_| gift.counts) else { return };
        gift.counts = false;
        let (held, day, event) = (gift.held, gift.day, gift.event.clone());
        let member = &self.members[id];
        let gave = |one: &&Contribution| (one.rule, one.unit) == (Some(rule), None) && one.times > 0;
        let Some(at) = member.contributions.on(day).iter().find(gave).map(|one| one.at) else { return };
        if let Some((budget, money)) = self.takes_of_budget(rule, held, 1) {
            self.budgets[budget].add(position, at, day, -money);
        }
        let of_it = |one: &HeldGift| (one.rule, &one.event) == (Some(rule), &event) && one.counts;
        if self.members[id].gifts.iter().any(of_it) {
            return;
        }
        let (posted, exact) = (Exact::zero(), Exact::zero());
        let one =
            Contribution { position, at, day, rule: Some(rule), unit: None, life: None, posted, exact, times: -1 };
        self.count(id, Whom::Member, one);
    }
}

/// What each rule posted, exactly and rounded, and how many times it gave.
fn shares(valuation: &Valuation) -> BTreeMap<Share, (Exact, Exact, i64)> {
    let mut shares: BTreeMap<Share, (Exact, Exact, i64)> = BTreeMap::new();
    for accrual in &valuation.accruals {
        let carries = accrual.carried().is_positive();
        for part in &accrual.parts {
            let Some(rule) = part.rule else { continue };
            let share = shares.entry((rule, accrual.to, Some(accrual.unit), accrual.life)).or_default();
            share.0 += &part.posted;
            if carries {
                share.1 += &part.exact;
            }
        }
    }
    for (rule, owner) in &valuation.fired {
        shares.entry((*rule, *owner, None, None)).or_default().2 = 1;
    }
    shares
}

/// What an event makes rules fire on: a purchase returned whole is none any more, but the visit it
/// began stays while another purchase or visit of it stays.
pub(super) fn triggers(member: &Member<'_>, seen: &Seen<'_>) -> Vec<Trigger> {
    let mut triggers = Vec::new();
    let stands = seen.gone.is_none();
    match seen.kind {
        SeenKind::Purchase => {
            if stands {
                triggers.push(Trigger::Purchase);
                if seen.first_purchase && member.referrer.is_some() {
                    triggers.push(Trigger::FirstPurchaseOfFriend);
                }
            }
        }
        SeenKind::Visit => {}
        SeenKind::Activity(activity) => triggers.push(Trigger::Activity(Some(activity))),
        SeenKind::Redeem => triggers.push(Trigger::Redeem),
        SeenKind::Join => triggers.push(Trigger::Join),
        SeenKind::Referral => triggers.push(Trigger::Referral),
    }
    if seen.enrolled {
        triggers.push(Trigger::Join);
    }
    if seen.began_visit && (stands || visit_stands(member, seen)) {
        triggers.push(Trigger::Visit);
    }
    triggers
}

/// Whether a purchase or visit of the same day and store is left.
pub(super) fn visit_stands(member: &Member<'_>, seen: &Seen<'_>) -> bool {
    member.of_visit(seen.visit()).any(|other| other.gone.is_none())
}

/// The lines that are left of an event.
pub(super) fn views_now<'a>(seen: &Seen<'a>) -> Vec<View<'a>> {
    let lines = seen.lines.iter().map(|line| View { line: line.line, left: line.now().clone() });
    lines.filter(|view| seen.kind != SeenKind::Purchase || !view.left.is_gone()).collect()
}
