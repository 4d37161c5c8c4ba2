//! What a return changes: the purchase valued again, and the difference posted (section 6.11).

use super::Run;
use super::given::Stands;
use super::lots::Credit;
use super::scene::Span;
use super::state::{Account, Accounts, FromOther, Further, GiftState, HeldGift, Member, Position, PurseKey, Seen};
use super::valuation::Valuation;
use crate::engine::outcome::{How, Part, PostingKind};
use crate::ledger::Event;
use crate::mechanics::example::Held;
use crate::mechanics::give::Whom;
use crate::mechanics::points::{Life, Scope};
use crate::mechanics::rule::Trigger;
use crate::mechanics::{PointsId, RuleId, TiersId};
use crate::value::clock::{Date, Moment, Period};
use crate::value::exact::{Exact, Rounding};
use std::collections::{BTreeMap, BTreeSet};

/// One accrual of an event: recipient, unit and life.
type AccountKey = (Whom, PointsId, Option<Life>);

/// What changed in worth: an event, or what began with a day.
#[derive(Clone)]
struct Changed<'a> {
    position: Position,
    event: Option<&'a Event>,
    /// What its lots, stamps and levels are named after.
    source: String,
    at: Moment,
    day: Date,
}

impl<'a> Changed<'a> {
    fn of_seen(seen: &Seen<'a>) -> Self {
        let (event, source) = (Some(seen.event), seen.event.id.clone());
        Self { position: seen.position, event, source, at: seen.at, day: seen.day }
    }

    fn of_other(other: &FromOther<'a>) -> Self {
        let (event, source) = (other.event, other.source.clone());
        Self { position: other.position, event, source, at: other.at, day: other.day }
    }

    /// How what is posted is explained.
    fn note(&self) -> String {
        match self.event {
            Some(event) => format!("{} valued again without what came back", event.id),
            None => format!("what began on {} valued again without what came back", self.day.strftime("%-d %B %Y")),
        }
    }

    /// Whether this gift is one that a rule gave for it.
    fn brought(&self, gift: &HeldGift, held: Held, rule: RuleId) -> bool {
        let for_it = match self.event {
            Some(event) => gift.event.as_ref() == Some(&event.id),
            None => gift.event.is_none() && gift.day == self.day,
        };
        for_it && (gift.held, gift.rule) == (held, Some(rule))
    }
}

impl<'a> Run<'a> {
    /// Values an event again with what is left of it (or as `now` says) and posts the difference.
    pub(super) fn revalue(&mut self, id: &str, position: Position, now: Option<Valuation>) {
        let Some(member) = self.members.get(id) else { return };
        let Some(seen) = member.seen_at(position) else { return };
        let (before, version) = (seen.valuation.clone(), seen.version);
        let mut after = match now {
            Some(now) => now,
            None => self.while_under(version, |run| run.worth_now(id, position)),
        };
        let Some(member) = self.members.get(id) else { return };
        let Some(seen) = member.seen_at(position) else { return };
        let changed = Changed::of_seen(seen);
        self.round_within_month(id, &changed, &before, &mut after);
        if let Some(seen) = self.seen_at(id, position) {
            seen.valuation = after.clone();
        }
        self.while_telling(version, |run| run.post_difference(id, &changed, &before, &after));
    }

    /// What an event is worth with what is left of it.
    fn worth_now(&self, id: &str, position: Position) -> Valuation {
        let member = self.members.get(id);
        let seen = member.and_then(|member| Some((member, member.seen_at(position)?)));
        seen.map(|(member, seen)| self.value_of(member, seen)).unwrap_or_default()
    }

    /// Undoes what followed from an event: a level up or a full card that is none any more. The one
    /// at `upto` (its fill's position), else the last.
    pub(super) fn undo_further(&mut self, id: &str, trigger: Trigger, upto: Option<Position>) {
        let in_time = |position: Position, _: &str| upto.is_none_or(|upto| position <= upto);
        let has = |further: &[Further]| further.iter().rposition(|one| one.trigger == trigger);
        let last = followed(self.member_mut(id), in_time, has).max_by_key(|(changed, ..)| changed.position);
        let Some((changed, version, place, further)) = last else { return };
        let further = further.remove(place);
        self.undo(id, &changed, version, &further);
    }

    /// Undoes the first rise of a member that something brought: a level that it gave is gone.
    pub(super) fn undo_rise_of(&mut self, id: &str, tiers: TiersId, source: &str) {
        let of_it = |_: Position, of: &str| of == source;
        let has = |further: &[Further]| further.iter().position(|one| one.trigger == Trigger::LevelUp(tiers));
        let first = followed(self.member_mut(id), of_it, has).next();
        let Some((changed, version, place, further)) = first else { return };
        let further = further.remove(place);
        self.undo(id, &changed, version, &further);
    }

    /// What followed from something is none any more: what it brought is taken back.
    fn undo(&mut self, id: &str, changed: &Changed<'a>, version: usize, further: &Further) {
        let mut after = Valuation::default();
        self.round_within_month(id, changed, &further.valuation, &mut after);
        self.while_telling(version, |run| run.post_difference(id, changed, &further.valuation, &after));
    }

    /// Of points rounded once a month: what the event is worth after a change is what it moves the rounded
    /// month by, with all that the month has brought since. So the month's points are its exact sum, rounded.
    fn round_within_month(&self, id: &str, changed: &Changed<'a>, before: &Valuation, after: &mut Valuation) {
        let (first, last) = self.clock().span_of(Period::Month, changed.day);
        let keys: BTreeSet<AccountKey> = before.accruals.iter().map(|one| (one.to, one.unit, one.life)).collect();
        for key in keys {
            let (to, unit, life) = key;
            let points = &self.program.points[unit.0];
            let Some(receiver) = self.receiver(id, to).filter(|_| points.scope == Scope::Month) else { continue };
            let Some(receiver) = self.members.get(&receiver) else { continue };
            let of_month = receiver.contributions.within(Position::MAX, Span::Days(Some(first), Some(last)));
            let of_month = of_month.filter(|one| one.unit == Some(unit) && one.life == life);
            let month: Exact = of_month.map(|one| &one.exact).sum();
            let round = |figure: &Exact| figure.round(points.round, points.decimals);
            let ((old, was), (new, is)) = (before.rounded(key), after.rounded(key));
            let wanted = was + round(&(&month - &old + &new)) - round(&month);
            after.move_rounded(before, key, wanted - is);
        }
    }

    fn seen_at(&mut self, id: &str, position: Position) -> Option<&mut Seen<'a>> {
        self.member_mut(id).seen_at_mut(position)
    }

    /// What an event that brought her something has given her and lost.
    fn accounts_at(&mut self, id: &str, position: Position) -> Option<&mut Accounts> {
        let member = self.members.get_mut(id)?;
        if member.seen_at(position).is_some() {
            return member.seen_at_mut(position).map(|seen| &mut seen.accounts);
        }
        member.from_others.iter_mut().find(|one| one.position == position).map(|one| &mut one.accounts)
    }

    fn post_difference(&mut self, id: &str, changed: &Changed<'a>, before: &Valuation, after: &Valuation) {
        let mut stands = Stands { things: self.things_that_stand(id, changed, (before, after)), ..Stands::default() };
        let (old, new) = (sums(before), sums(after));
        let keys: BTreeSet<AccountKey> = old.keys().chain(new.keys()).copied().collect();
        for key in keys {
            let had = old.get(&key).cloned().unwrap_or_default();
            let has = new.get(&key).cloned().unwrap_or_default();
            if had < has {
                self.give_more(id, changed, key, &has - &had, again(after, key, &had, &has));
            } else if has < had || by_rule(before, key) != by_rule(after, key) {
                let missed = self.claw_accrual(id, changed, key, &had, again(after, key, &had, &has));
                stands.points.insert(key, missed);
            }
        }
        self.contribute(id, before, after, &stands, (changed.at, changed.day));
        self.take_things(id, changed, before, after);
        for other in self.others_of(id, before) {
            self.let_levels_fall(&other);
        }
    }

    /// Claws one accrual back, or tells that it is other rules' now; what could not be asked for, because it had expired.
    fn claw_accrual(&mut self, id: &str, changed: &Changed<'a>, of: AccountKey, had: &Exact, again: Part) -> Exact {
        let (to, unit, life) = of;
        let over = had - &again.posted;
        let account: Account =
            self.accounts_at(id, changed.position).and_then(|accounts| accounts.get(&of).cloned()).unwrap_or_default();
        let Some(receiver) = self.receiver(id, to) else { return over };
        let key: PurseKey = self.purse_key(unit, changed.event);
        let source = &changed.source;
        let purse = self.members.get(&receiver).and_then(|member| member.purses.get(&key));
        let expired = purse.map(|purse| purse.expired_of(source, life)).unwrap_or_default();
        // All clawbacks of a purchase together take at most what it gave less what expired of it.
        // In a month that is rounded as one, its exact part may have brought the next whole.
        let points = &self.program.points[unit.0];
        let least = Exact::ratio(1, i64::MAX).round(Rounding::Up, points.decimals);
        let carried = if points.scope == Scope::Month { least } else { Exact::zero() };
        let most = (&account.given + carried - &account.clawed - &expired).max(Exact::zero());
        let amount = over.clone().min(most);
        let taken = self.claw(&receiver, &key, source, life, amount.clone());
        let missed = over - &amount;
        let ended = missed.clone().min(expired);
        let note = match ended.is_positive() {
            true => format!("{}; of what it gave, {ended} had ended", changed.note()),
            false => changed.note(),
        };
        self.post_claw(&receiver, &key, taken, vec![again], note);
        if let Some(accounts) = self.accounts_at(id, changed.position) {
            accounts.entry(of).or_default().clawed += &amount;
        }
        missed
    }

    /// What is left is worth more than before, which a stack, a cap or a negative line can bring about: a lot of the
    /// purchase, so that the next return finds it among the purchase's own.
    fn give_more(&mut self, id: &str, changed: &Changed<'a>, of: AccountKey, amount: Exact, again: Part) {
        let (to, unit, life) = of;
        let Some(receiver) = self.receiver(id, to) else { return };
        let key = self.purse_key(unit, changed.event);
        let parts = vec![again];
        let note = changed.note();
        let credit =
            Credit { key, kind: PostingKind::Earned, amount: amount.clone(), life, parts, cuts: Vec::new(), note };
        self.credit_of(&receiver, changed.source.clone(), credit);
        if let Some(accounts) = self.accounts_at(id, changed.position) {
            accounts.entry(of).or_default().given += &amount;
        }
    }

    /// Of the gifts and coupons that rules gave for what came back, those that were used or have ended.
    fn things_that_stand(
        &self,
        id: &str,
        changed: &Changed<'a>,
        (before, after): (&Valuation, &Valuation),
    ) -> Vec<(RuleId, Held, u32)> {
        let mut stand = Vec::new();
        for given @ (rule, held, number, to) in &before.gifts {
            let Some(receiver) = self.receiver(id, *to).and_then(|receiver| self.members.get(&receiver)) else {
                continue;
            };
            let (mut open, mut over) = (0, 0);
            for one in receiver.gifts.iter().filter(|one| changed.brought(one, *held, *rule)) {
                match one.state {
                    GiftState::Held => open += 1,
                    GiftState::Used | GiftState::Expired => over += 1,
                    GiftState::Revoked => {}
                }
            }
            let stands = number.saturating_sub(still_given(after, given)).saturating_sub(open).min(over);
            if stands > 0 {
                stand.push((*rule, *held, stands));
            }
        }
        stand
    }

    /// Of coupons that were given for what came back and are used already: they are not held again.
    fn withdraw_used(&mut self, id: &str, changed: &Changed<'a>, (held, rule): (Held, RuleId), number: usize) {
        let used =
            |one: &&mut HeldGift| one.state == GiftState::Used && changed.brought(one, held, rule) && !one.withdrawn;
        for one in self.member_mut(id).gifts.iter_mut().filter(used).take(number) {
            (one.withdrawn, one.counts) = (true, true);
        }
    }

    /// Unspent gifts, stamps and levels that rules gave for what came back.
    fn take_things(&mut self, id: &str, changed: &Changed<'a>, before: &Valuation, after: &Valuation) {
        for given @ (rule, held, number, to) in &before.gifts {
            let Some(receiver) = self.receiver(id, *to) else { continue };
            let gifts = &self.members[&receiver].gifts;
            let hers = |at: &usize| {
                let one = &gifts[*at];
                one.state == GiftState::Held && changed.brought(one, *held, *rule)
            };
            let places: Vec<usize> = (0..gifts.len()).filter(hers).collect();
            let over = number.saturating_sub(still_given(after, given)) as usize;
            let used = over.saturating_sub(places.len());
            for place in places.into_iter().take(over) {
                self.set_gift(&receiver, place, GiftState::Revoked);
            }
            self.withdraw_used(&receiver, changed, (*held, *rule), used);
        }
        for (rule, card, number, to) in &before.stamps {
            let kept =
                after.stamps.iter().find(|one| (one.0, one.1, one.3) == (*rule, *card, *to)).map_or(0, |one| one.2);
            let Some(receiver) = self.receiver(id, *to) else { continue };
            let over = i64::from(number.saturating_sub(kept));
            let event = &changed.source;
            self.take_stamps(&receiver, *card, over, (changed.at, changed.day), |stamp| {
                stamp.clause.is_none() && stamp.event == *event
            });
        }
        for (rule, draw, number, to) in &before.entries {
            let kept =
                after.entries.iter().find(|one| (one.0, one.1, one.3) == (*rule, *draw, *to)).map_or(0, |one| one.2);
            if let Some(receiver) = self.receiver(id, *to) {
                self.take_entries(&receiver, *draw, number.saturating_sub(kept), &changed.source);
            }
        }
        for (rule, tiers, level, until, to) in &before.levels {
            let kept = after.levels.iter().any(|one| one == &(*rule, *tiers, *level, *until, *to));
            let Some(receiver) = self.receiver(id, *to).filter(|_| !kept) else { continue };
            self.take_given_back(&receiver, *tiers, *level, &changed.source);
        }
    }
}

/// Of what something followed from ([`Member::followed`], in that order), all from which `has` finds one: with the version
/// whose terms it was under, the place of what was found, and what followed.
fn followed<'m, 'a>(
    member: &'m mut Member<'a>,
    which: impl Fn(Position, &str) -> bool + Copy + 'm,
    has: impl Fn(&[Further]) -> Option<usize> + Copy + 'm,
) -> impl Iterator<Item = (Changed<'a>, usize, usize, &'m mut Vec<Further>)> {
    let own = member.seen.iter_mut().filter(move |seen| which(seen.position, &seen.event.id));
    let own = own
        .filter_map(move |seen| Some((has(&seen.further)?, Changed::of_seen(seen), seen.version, &mut seen.further)));
    let others = member.from_others.iter_mut().filter(move |one| which(one.position, &one.source));
    let others =
        others.filter_map(move |one| Some((has(&one.further)?, Changed::of_other(one), one.version, &mut one.further)));
    own.chain(others).map(|(place, changed, version, further)| (changed, version, place, further))
}

/// What an accrual comes to when its event is valued again, as the one part of what is posted.
fn again(after: &Valuation, key: AccountKey, had: &Exact, has: &Exact) -> Part {
    let of_key = after.accruals.iter().filter(|one| (one.to, one.unit, one.life) == key);
    let now = of_key.clone().flat_map(|one| one.parts.iter().cloned()).collect();
    let cuts = of_key.flat_map(|one| one.cuts.iter().cloned()).collect();
    let how = How::Revalued { before: had.clone(), now, cuts };
    Part { rule: None, exact: has.clone(), posted: has.clone(), how }
}

/// What each rule posts to an account, where it posts anything.
fn by_rule(valuation: &Valuation, key: AccountKey) -> BTreeMap<RuleId, Exact> {
    let mut sums: BTreeMap<RuleId, Exact> = BTreeMap::new();
    let of_key = valuation.accruals.iter().filter(|one| (one.to, one.unit, one.life) == key);
    for part in of_key.flat_map(|one| &one.parts) {
        if let Some(rule) = part.rule {
            *sums.entry(rule).or_default() += &part.posted;
        }
    }
    sums.retain(|_, posted| !posted.is_zero());
    sums
}

/// How many of a gift the same rule still gives to the same.
fn still_given(after: &Valuation, (rule, held, _, to): &(RuleId, Held, u32, Whom)) -> u32 {
    after.gifts.iter().find(|one| (one.0, one.1, one.3) == (*rule, *held, *to)).map_or(0, |one| one.2)
}

/// What a valuation posts to each account.
fn sums(valuation: &Valuation) -> BTreeMap<AccountKey, Exact> {
    let mut sums = BTreeMap::new();
    for accrual in &valuation.accruals {
        *sums.entry((accrual.to, accrual.unit, accrual.life)).or_insert_with(Exact::zero) += &accrual.amount;
    }
    sums
}
