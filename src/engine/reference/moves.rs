//! Events by which people move things: transfers, adjustments, what is granted and revoked.

use super::Run;
use super::lots::{Credit, plain};
use super::purse::Lot;
use super::state::GiftState;
use crate::engine::outcome::{LevelWhy, Posting, PostingKind, Reason};
use crate::ledger::Event;
use crate::mechanics::example::Held;
use crate::mechanics::give::Until;
use crate::mechanics::points::{Points, Renewal};
use crate::mechanics::reading::Kind;
use crate::mechanics::reward::MOST_AT_ONCE;
use crate::mechanics::{PointsId, TiersId};
use crate::value::clock::parse_date;
use crate::value::exact::{Exact, Rounding};

impl<'a> Run<'a> {
    /// The unit an event names; the only one where it names none.
    pub(super) fn unit_of(&self, event: &Event) -> Option<PointsId> {
        match &event.unit {
            Some(name) => self.points_named(name),
            None => {
                let mut own = self.own_points();
                own.next().filter(|_| own.next().is_none()).map(|(id, _)| id)
            }
        }
    }

    /// The points of the version at hand.
    fn own_points(&self) -> impl Iterator<Item = (PointsId, &'a Points)> + use<'a> {
        let program = self.program;
        let own = program.points.iter().enumerate().filter(|(at, _)| program.has(Kind::Points, *at));
        own.map(|(at, points)| (PointsId(at), points))
    }

    /// The points of that name, in the singular or the plural.
    fn points_named(&self, name: &str) -> Option<PointsId> {
        let named = |points: &Points| points.name.text == name || points.plural.as_deref() == Some(name);
        self.own_points().find(|(_, points)| named(points)).map(|(id, _)| id)
    }

    /// `transfer`: lots keep their expiry.
    pub(super) fn transfer(&mut self, event: &'a Event, id: &str) {
        let Some(unit) = self.unit_of(event) else {
            return self.reject(Some(id), Reason::NotEligible, "a transfer names the points it moves in its unit");
        };
        let points = &self.program.points[unit.0];
        let amount = event.qty().cloned().unwrap_or_default();
        let other = event.reference.as_deref().map(|other| self.account(other)).unwrap_or_default();
        let no = |reason: Reason, sentence: String| Some((reason, sentence));
        let name = points.plural.as_ref().unwrap_or(&points.name.text);
        let key = self.purse_key(unit, Some(event));
        let whole = amount.round(points.round, points.decimals) == amount;
        let refused = if points.transfer.is_empty() {
            no(Reason::NotEligible, format!("{name} cannot be transferred"))
        } else if !amount.is_positive() || !whole {
            no(Reason::NotEligible, format!("{amount} is no number of {name} to transfer"))
        } else if !self.is_member(&other) {
            no(Reason::NotAMember, format!("{other:?} is no member"))
        } else if other == id {
            no(Reason::NotEligible, "nobody transfers to herself".to_owned())
        } else if let Some(cap) =
            points.transfer.iter().find(|cap| self.sent(id, unit, &cap.window) + &amount > cap.most)
        {
            no(Reason::Limit, format!("at most {} in {}", cap.most, cap.window))
        } else if self.pool(id, &key) < amount {
            no(Reason::NotEnough, format!("the balance is {}", self.pool(id, &key).fixed(points.decimals)))
        } else {
            None
        };
        if let Some((reason, sentence)) = refused {
            return self.reject(Some(id), reason, sentence);
        }
        let here = self.here;
        let moved = self.spend(id, &key, &amount);
        self.post_spent(id, PostingKind::Sent, &format!("to {other}"), &moved);
        let tally = self.member_mut(id).sent.entry(unit).or_default();
        tally.add(here.position, here.at, here.day, amount.clone());
        let lots: Vec<Lot> = moved
            .into_iter()
            .map(|(owner, key, at, part)| {
                let from = &self.members[&owner].purses[&key].lots()[at];
                Lot { granted: part.clone(), left: part, expired: Exact::zero(), ..from.clone() }
            })
            .collect();
        let purse = self.member_mut(&other).purses.entry(key.clone()).or_default();
        lots.into_iter().for_each(|lot| purse.add(lot));
        let paid_debt = purse.settle();
        self.post(
            &other,
            &key,
            Posting { note: format!("from {id}"), paid_debt, ..plain(PostingKind::Received, amount) },
        );
        self.renew(id, Renewal::Any);
    }

    /// What a member sent in a window.
    fn sent(&self, id: &str, unit: PointsId, window: &crate::value::clock::Window) -> Exact {
        let Some(member) = self.members.get(id) else { return Exact::zero() };
        let span = super::scene::span(window, self.clock(), self.here.at, self.here.day, member.joined, (None, None));
        member.sent.get(&unit).map(|tally| tally.before(self.here.position, &span)).unwrap_or_default()
    }

    /// `adjust`: somebody puts a balance right; what is not there cannot be taken.
    pub(super) fn adjust(&mut self, event: &'a Event, id: &str) {
        let Some(unit) = self.unit_of(event) else {
            return self.reject(Some(id), Reason::NotEligible, "an adjust names the points it moves in its unit");
        };
        let points = &self.program.points[unit.0];
        let amount = event.qty().cloned().unwrap_or_default();
        if amount.is_zero() || amount.round(points.round, points.decimals) != amount {
            let name = points.plural.as_ref().unwrap_or(&points.name.text);
            let sentence = format!("{amount} is no number of {name} to adjust by");
            return self.reject(Some(id), Reason::NotEligible, sentence);
        }
        let key = self.purse_key(unit, Some(event));
        let note = "put right by hand".to_owned();
        let kind = PostingKind::Adjusted;
        if amount.is_positive() {
            let credit = Credit { key, kind, amount, life: None, parts: Vec::new(), cuts: Vec::new(), note };
            return self.credit(id, credit);
        }
        let balance = self.spendable(id, &key);
        if balance < amount.abs() {
            let sentence = format!("the balance is {}", balance.fixed(points.decimals));
            return self.reject(Some(id), Reason::NotEnough, sentence);
        }
        self.debit(id, &key, &amount.abs());
        self.post(id, &key, Posting { note, ..plain(kind, amount) });
    }

    /// A level by its name; `gold` or `gold of status`.
    fn level_named(&self, name: &str) -> Option<(TiersId, usize)> {
        let of_block = |(place, block): (usize, &crate::mechanics::tiers::Tiers)| {
            let tail = format!(" of {}", block.name.text);
            let wanted = name.strip_suffix(tail.as_str()).unwrap_or(name);
            block.levels.iter().position(|level| level.name.text == wanted).map(|level| (TiersId(place), level))
        };
        let own = self.program.tiers.iter().enumerate().filter(|(at, _)| self.program.has(Kind::Tiers, *at));
        own.filter_map(of_block).next()
    }

    /// `grant`: a reward, gift or level by hand; an optional `until` column ends a level. Of points that are sold it
    /// says what was bought and paid; others are moved by `adjust`.
    pub(super) fn grant(&mut self, event: &'a Event, id: &str) {
        let name = event.reference.as_deref().unwrap_or("");
        let number = event.qty().and_then(Exact::to_i64).and_then(|number| u32::try_from(number).ok()).unwrap_or(1);
        if let Some(held) = self.held_named(name) {
            if number > MOST_AT_ONCE {
                return self.reject(Some(id), Reason::NotEligible, format!("{number} is no number of {name} to grant"));
            }
            if self.in_stock(held).is_some_and(|left| left < number) {
                return self.reject(Some(id), Reason::OutOfStock, format!("fewer than {number} left of {name}"));
            }
            if !self.may_have(id, held) {
                return self.reject(Some(id), Reason::NotEligible, format!("{name} is not for this member"));
            }
            self.hold(id, held, number, None);
            return;
        }
        let Some((tiers, level)) = self.level_named(name) else {
            if let Some((unit, sold)) = self.sold_points(name) {
                return self.buy_points(event, id, unit, sold);
            }
            let sentence = format!("the program has no reward, gift, coupon or level called {name:?}");
            return self.reject(Some(id), Reason::UnknownReward, sentence);
        };
        let said = event.field("until").and_then(|text| parse_date(text).ok());
        let matched = self.program.tiers[tiers.0].matches.iter().find(|one| one.0 == level).and_then(|one| one.1);
        let last = said.or(matched);
        if let Some(last) = last.filter(|last| *last < self.here.day) {
            let sentence = format!("the level {name} was given until {last}, and that day has passed");
            return self.reject(Some(id), Reason::Expired, sentence);
        }
        self.grant_level(id, tiers, level, last.map(Until::Date), None);
    }

    /// The unit of that name, where it is sold, and its price: money, and for how many.
    fn sold_points(&self, name: &str) -> Option<(PointsId, &'a (Exact, Exact))> {
        let unit = self.points_named(name)?;
        Some((unit, self.program.points[unit.0].buy.as_ref()?))
    }

    /// Points that are bought: as many as `qty` says, for exactly their price. They earn nothing and count for no level.
    fn buy_points(&mut self, event: &'a Event, id: &str, unit: PointsId, (price, number): &(Exact, Exact)) {
        let (points, settings) = (&self.program.points[unit.0], &self.program.settings);
        let name = points.plural.as_ref().unwrap_or(&points.name.text);
        let amount = event.qty().cloned().unwrap_or_default();
        if !amount.is_positive() || amount.round(points.round, points.decimals) != amount {
            let sentence = format!("{amount} is no number of {name} to buy");
            return self.reject(Some(id), Reason::NotEligible, sentence);
        }
        let money = |sum: &Exact| match sum.decimals() {
            Some(decimals) => format!("{} {}", sum.fixed(decimals.max(settings.minor_units)), settings.money),
            None => format!("{sum} {}", settings.money),
        };
        let exact = (&amount * price).checked_div(number).unwrap_or_default();
        let cost = exact.round(Rounding::HalfEven, settings.minor_units);
        let each = format!("at {} for {number}", money(price));
        if event.amount() != Some(&cost) {
            let paid = event.amount().map_or("nothing was".to_owned(), |paid| format!("{} were", money(paid)));
            let sentence = format!("{amount} {name} cost {} {each}, and {paid} paid", money(&cost));
            return self.reject(Some(id), Reason::NotEligible, sentence);
        }
        let key = self.purse_key(unit, Some(event));
        let note = format!("for {}, {each}", money(&cost));
        let kind = PostingKind::Bought;
        self.credit(id, Credit { key, kind, amount, life: None, parts: Vec::new(), cuts: Vec::new(), note });
        self.renew(id, Renewal::Any);
    }

    /// `revoke`: takes a held gift or reward, a level, or a whole redemption (by its id) back.
    pub(super) fn revoke(&mut self, event: &'a Event, id: &str) {
        let name = event.reference.as_deref().unwrap_or("");
        if self.redeemed_by.get(name).is_some_and(|owner| self.account(owner) == id) {
            if let Err((reason, sentence)) = self.undo_redemption(id, name) {
                self.reject(Some(id), reason, sentence);
            }
            return;
        }
        if let Some(held) = self.held_named(name) {
            return self.revoke_held(event, id, held);
        }
        let Some((tiers, level)) = self.level_named(name) else {
            let sentence = format!("the program has no reward, gift, coupon or level called {name:?}");
            return self.reject(Some(id), Reason::UnknownReward, sentence);
        };
        let given = self.take_given(id, tiers.0, LevelWhy::Ended, |grant| grant.level == level);
        let earned = level > 0 && self.members[id].levels[tiers.0].level == level;
        if earned {
            self.take_earned(id, tiers.0);
        }
        if !given && !earned {
            self.reject(Some(id), Reason::NotHeld, format!("the level {name} is not held"));
        }
    }

    fn revoke_held(&mut self, event: &'a Event, id: &str, held: Held) {
        let number = event.qty().and_then(Exact::to_i64).and_then(|number| usize::try_from(number).ok()).unwrap_or(1);
        let places = self.members.get(id).map(|member| member.usable(event.day, |one| one == held)).unwrap_or_default();
        if places.len() < number {
            return self.reject(Some(id), Reason::NotHeld, format!("{} is not held", self.held_name(held)));
        }
        for place in places.into_iter().take(number) {
            self.set_gift(id, place, GiftState::Revoked);
        }
    }
}
