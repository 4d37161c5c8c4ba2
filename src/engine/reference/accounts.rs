//! Accounts: who is a member, who comes and goes, and how two accounts become one.

use super::Run;
use super::lots::plain;
use super::purse::{Lot, Purse};
use super::state::{GiftState, LevelState, Member, PurseKey, SeenKind, Stamp, Waiting};
use super::valuation::Valuation;
use crate::engine::outcome::{Happened, LevelWhy, Posting, PostingKind, Reason, StampWhy};
use crate::ledger::{Event, Named};
use crate::mechanics::example::GivenMember;
use crate::mechanics::give::Whom;
use crate::mechanics::points::Renewal;
use crate::mechanics::settings::Membership;
use crate::mechanics::{CardId, TiersId};
use crate::value::clock::Date;
use crate::value::exact::Exact;

impl<'a> Run<'a> {
    /// Takes a row of the members file in: a member from `joined`, always where no day is said.
    pub(super) fn list(
        &mut self,
        id: &str,
        joined: Option<Date>,
        birthday: Option<Date>,
        columns: Named,
        begin: Date,
        start: Option<Date>,
    ) {
        let from = joined.unwrap_or(begin).max(start.unwrap_or(Date::MIN));
        let from = from.max(self.program.settings.from.unwrap_or(Date::MIN));
        let day_before = from.yesterday().unwrap_or(Date::MIN);
        let member = self.member_mut(id);
        member.listed = true;
        member.enrolled = true;
        member.joined = joined;
        member.birthday = birthday;
        member.columns = columns;
        member.opened = day_before;
        member.closed = day_before;
        if self.program.household.as_ref().is_some_and(|block| block.tier) {
            self.member_mut(id).comes_home = Some(from);
        }
        self.open_cards(id);
    }

    /// Makes someone a member from here on: the timers of this day's start have passed her.
    pub(super) fn enroll(&mut self, id: &str) {
        let day = self.here.day;
        let member = self.member_mut(id);
        member.enrolled = true;
        member.left = false;
        member.joined = Some(day);
        member.opened = day;
        member.closed = day.yesterday().unwrap_or(Date::MIN);
        self.open_cards(id);
    }

    /// A `join` event. Of a member of the file it is the event her `on join` rules wait for.
    pub(super) fn join(&mut self, event: &'a Event, id: &str) {
        let known = self.members.get(id);
        let member = self.is_member(id);
        let before_her_day = known.is_some_and(|known| known.listed && !known.left && !member);
        if before_her_day {
            self.reject(Some(id), Reason::NotAMember, "by the members file, the day of joining is later");
            return;
        }
        let joined_already = member
            && known.is_some_and(|known| known.seen.iter().any(|seen| seen.kind == SeenKind::Join || seen.enrolled));
        if joined_already {
            self.nothing(Some(id), "a member already");
            return;
        }
        if !member && self.program.settings.membership == Membership::ByFirstPurchase {
            self.nothing(Some(id), "members of this program join by their first purchase");
            return;
        }
        if !member {
            self.enroll(id);
        }
        let day = event.day;
        self.member_mut(id).joined.get_or_insert(day);
        self.give_what_waited(id);
        let valuation = self.take_in(event, id, SeenKind::Join, |_| {});
        self.bring(id, Renewal::Any, &valuation);
    }

    /// A referral: the member brought the friend that `ref` names.
    pub(super) fn referral(&mut self, event: &'a Event, id: &str) {
        let Some(friend) = event.reference.as_deref().map(|friend| self.account(friend)) else {
            self.reject(Some(id), Reason::NotEligible, "a referral names the friend in its ref");
            return;
        };
        let known = self.members.get(&friend).is_some_and(|friend| friend.referrer.is_some());
        if friend == id || known {
            let why = if known { "was brought by someone already" } else { "cannot bring herself" };
            self.reject(Some(id), Reason::NotEligible, format!("{friend} {why}"));
            return;
        }
        self.member_mut(&friend).referrer = Some(id.to_owned());
        let valuation = self.take_in(event, id, SeenKind::Referral, |_| {});
        self.keep_for_friend(event, id, &friend, &valuation);
        self.bring(id, Renewal::Any, &valuation);
    }

    /// What a referral gives to a friend who is no member yet waits until the friend is one.
    fn keep_for_friend(&mut self, event: &'a Event, id: &str, friend: &str, valuation: &Valuation) {
        let valuation = valuation.part_of(Whom::Friend);
        if self.is_member(friend) || valuation.gives_nothing() {
            return;
        }
        self.nothing(Some(id), format!("what {friend} is given waits until {friend} is a member"));
        self.member_mut(friend).waiting = Some(Waiting { from: id.to_owned(), event, valuation });
    }

    /// Gives a new member what a referral has kept for her: on this day, by the referral.
    pub(super) fn give_what_waited(&mut self, id: &str) {
        if !self.is_member(id) {
            return;
        }
        let Some(Waiting { from, event, valuation }) = self.member_mut(id).waiting.take() else { return };
        let (here, version, from) = (self.here, self.version, self.account(&from));
        self.step(here.at, here.day, Some(event), here.words);
        self.post_accruals(&from, &valuation);
        self.contribute_waited(id, &valuation);
        self.give_things(&from, &valuation);
        self.look_at_levels(id);
        self.follow();
        self.under(version);
        self.step(here.at, here.day, here.event, here.words);
    }

    /// `leave`: what remains is forfeited and shown so.
    pub(super) fn leave(&mut self, id: &str) {
        self.forfeit_points(id);
        let held = (0..self.members[id].gifts.len()).filter(|at| self.members[id].gifts[*at].state == GiftState::Held);
        for place in held.collect::<Vec<_>>() {
            self.set_gift(id, place, GiftState::Expired);
        }
        for card in 0..self.program.cards.len() {
            self.clear_card(id, CardId(card), StampWhy::Lapsed, 0);
        }
        self.leave_memberships(id);
        for tiers in 0..self.program.tiers.len() {
            let from = self.members[id].levels[tiers].on(self.here.day);
            self.member_mut(id).levels[tiers] =
                LevelState { counts_from: Some(self.here.day), ..LevelState::default() };
            if from > 0 {
                let why = LevelWhy::Ended;
                self.note(Some(id), Happened::Level { tiers: TiersId(tiers), from, to: 0, until: None, why });
            }
        }
        self.forfeit_entries(id);
        let member = self.member_mut(id);
        member.left = true;
        member.enrolled = false;
        member.armed.clear();
        self.nothing(Some(id), "left the program");
    }

    /// All points of a member who leaves or has left end, and what she owes is written off.
    pub(super) fn forfeit_points(&mut self, id: &str) {
        let mut posts: Vec<(PurseKey, Exact, Exact)> = Vec::new();
        for (key, purse) in &mut self.member_mut(id).purses {
            let mut gone = Exact::zero();
            let holds = |lot: &Lot| !lot.left.is_zero();
            purse.change_each(holds, |lot| {
                let left = std::mem::take(&mut lot.left);
                lot.expired += &left;
                gone += left;
            });
            posts.push((key.clone(), gone, std::mem::take(&mut purse.debt)));
        }
        for (key, gone, debt) in posts {
            let note = "forfeited: the member left".to_owned();
            if gone.is_positive() {
                self.post(id, &key, Posting { note: note.clone(), ..plain(PostingKind::Expired, -gone) });
            }
            if debt.is_positive() {
                let note = "owed by a member who left".to_owned();
                self.post(id, &key, Posting { note, ..plain(PostingKind::WrittenOff, debt) });
            }
        }
    }

    /// `merge`: lots, levels (the higher), cards and history move to the member from the account
    /// that `ref` names; from then on that account's events are hers.
    pub(super) fn merge(&mut self, event: &'a Event, id: &str) {
        let Some(other) = event.reference.as_deref().map(|other| self.account(other)) else {
            self.reject(Some(id), Reason::NotEligible, "a merge names the account taken in in its ref");
            return;
        };
        if other == id {
            self.reject(Some(id), Reason::NotEligible, "an account cannot take itself in");
            return;
        }
        if !self.members.get(&other).is_some_and(|other| other.enrolled) {
            self.reject(Some(id), Reason::NotAMember, format!("{other} is no member"));
            return;
        }
        self.merge_points(id, &other);
        let mut stranger = Member::stranger(&other, self.program.tiers.len(), self.program.cards.len());
        stranger.left = true;
        // The postings under its own name stay where they are.
        stranger.purses = std::mem::take(&mut self.member_mut(&other).purses);
        let mut taken = std::mem::replace(self.member_mut(&other), stranger);
        self.aliases.insert(other.clone(), id.to_owned());
        self.merge_levels(id, &taken);
        let shift = self.members[id].gifts.len();
        let member = self.member_mut(id);
        member.gifts.append(&mut taken.gifts);
        for (_, place) in taken.seen.iter_mut().flat_map(|seen| &mut seen.coupons) {
            *place += shift;
        }
        member.seen.append(&mut taken.seen);
        member.seen.sort_by_key(|seen| seen.position);
        member.shrunk.append(&mut taken.shrunk);
        member.shrunk.sort_by_key(|shrunk| shrunk.at);
        member.known.forget();
        member.from_others.append(&mut taken.from_others);
        member.from_others.sort_by_key(|one| one.position);
        member.contributions.absorb(taken.contributions);
        member.discounted.append(&mut taken.discounted);
        member.discounted.sort_by_key(|one| one.position);
        for mut redemption in taken.redemptions {
            redemption.gifts.iter_mut().for_each(|place| *place += shift);
            member.redemptions.push(redemption);
        }
        for mut entries in taken.entries {
            entries.won.iter_mut().for_each(|one| one.gift += shift);
            member.entries.push(entries);
        }
        member.completions.append(&mut taken.completions);
        member.completions.sort_by_key(|one| one.position);
        member.paid_once.append(&mut taken.paid_once);
        for (unit, tally) in taken.sent {
            member.sent.entry(unit).or_default().absorb(tally);
        }
        for (unit, day) in taken.renewed {
            let ours = member.renewed.entry(unit).or_insert(day);
            *ours = (*ours).max(day);
        }
        member.joined = [member.joined, taken.joined].into_iter().flatten().min();
        member.birthday = member.birthday.or(taken.birthday);
        member.armed.append(&mut taken.armed);
        for (days, through) in taken.quiet {
            let ours = member.quiet.entry(days).or_insert(through);
            *ours = (*ours).max(through);
        }
        member.disarmed = member.disarmed.max(taken.disarmed);
        member.referrer = member.referrer.take().or(taken.referrer).filter(|referrer| referrer != id);
        member.waiting = member.waiting.take().or(taken.waiting);
        for owner in self.redeemed_by.values_mut().filter(|owner| **owner == other) {
            *owner = id.to_owned();
        }
        for (place, card) in taken.cards.into_iter().enumerate() {
            self.merge_card(id, CardId(place), card, shift);
        }
        self.merge_memberships(id, taken.memberships, shift);
        self.give_what_waited(id);
        self.look_at_levels(id);
        self.nothing(Some(id), format!("took in the account {other}"));
    }

    /// Lots and debts move; each side posts what left and what came.
    fn merge_points(&mut self, id: &str, other: &str) {
        let purses = std::mem::take(&mut self.member_mut(other).purses);
        for (key, mut purse) in purses {
            let moved: Exact = purse.lots().iter().map(|lot| &lot.left).sum::<Exact>() - &purse.debt;
            let lots = purse.empty();
            let debt = std::mem::take(&mut purse.debt);
            self.member_mut(other).purses.insert(key.clone(), purse);
            let ours = self.member_mut(id).purses.entry(key.clone()).or_default();
            let shift = ours.lots().len();
            lots.into_iter().for_each(|lot| ours.add(lot));
            ours.debt += debt;
            ours.settle();
            // Who lives with her may have spent of her lots.
            let spenders: Vec<String> = match self.program.household {
                Some(_) => self.members.keys().cloned().collect(),
                None => vec![other.to_owned()],
            };
            for spender in spenders {
                let Some(member) = self.members.get_mut(&spender) else { continue };
                let paid = member.seen.iter_mut().filter_map(|seen| seen.paid.as_mut()).filter(|paid| paid.key == key);
                for of in paid.flat_map(|paid| &mut paid.lots).filter(|of| of.owner == other) {
                    of.owner = id.to_owned();
                    of.lot += shift;
                }
                let spent = member.redemptions.iter_mut().flat_map(|redemption| &mut redemption.spent);
                for spent in spent.filter(|spent| spent.0 == other && spent.1 == key) {
                    spent.0 = id.to_owned();
                    spent.2 += shift;
                }
            }
            // Who owes more than she has sends nothing: the other takes over what is owed.
            if moved.is_positive() {
                let note = format!("taken in by {id}");
                self.post(other, &key, Posting { note, ..plain(PostingKind::Sent, -&moved) });
                let note = format!("from the account {other}");
                self.post(id, &key, Posting { note, ..plain(PostingKind::Received, moved) });
            } else if moved.is_negative() {
                let note = format!("what was owed is taken over by {id}");
                self.post(other, &key, Posting { note, ..plain(PostingKind::Received, -&moved) });
                let note = format!("for what was owed by the account {other}");
                self.post(id, &key, Posting { note, ..plain(PostingKind::Sent, moved) });
            }
        }
    }

    /// Where an example's members start: levels, points, stamps and gifts they hold.
    pub(super) fn hand_out(&mut self, start: Date, given: &[GivenMember]) {
        self.step(self.clock().start_of(start), start, None, "given");
        for member in given {
            for (tiers, level, until) in &member.levels {
                let state = &mut self.member_mut(&member.id).levels[tiers.0];
                *state = LevelState { level: *level, until: *until, ..LevelState::default() };
            }
            for (unit, number, last_day) in &member.balances {
                let last_day = last_day.or_else(|| self.last_day(&member.id, *unit, start));
                let key = self.purse_key(*unit, None);
                self.put_given(&member.id, key, number, last_day);
            }
            for (card, number) in &member.stamps {
                let state = &mut self.member_mut(&member.id).cards[card.0];
                let number = i64::from(*number);
                let source = "given".to_owned();
                state.stamps.push(Stamp { event: source, day: start, clause: None, visit: None, number });
                state.open = number;
            }
            for (membership, until) in &member.memberships {
                self.hand_out_membership(&member.id, *membership, *until);
            }
            for (held, number) in &member.gifts {
                self.hold(&member.id, *held, *number, None);
            }
        }
        self.reschedule();
    }

    fn put_given(&mut self, id: &str, key: PurseKey, number: &Exact, last_day: Option<Date>) {
        let here = self.here;
        let purse: &mut Purse = self.member_mut(id).purses.entry(key.clone()).or_default();
        purse.put(Lot {
            source: "given".to_owned(),
            at: here.at,
            earned: here.day,
            granted: number.clone(),
            left: number.clone(),
            expired: Exact::zero(),
            last_day,
            own_life: false,
            pending: false,
            spendable_from: None,
            waits_for: None,
        });
        let note = "held at the start".to_owned();
        self.post(id, &key, Posting { last_day, note, ..plain(PostingKind::Adjusted, number.clone()) });
    }
}
