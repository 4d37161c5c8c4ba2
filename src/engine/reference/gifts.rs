//! Gifts, rewards and coupons: issued, used, ended, taken back.

use super::Run;
use super::state::{GiftState, HeldGift, Member};
use crate::engine::outcome::{GiftLife, Happened};
use crate::mechanics::example::Held;
use crate::mechanics::gift::Valid;
use crate::mechanics::reading::Kind;
use crate::mechanics::{CouponId, GiftId, RewardId, RuleId};
use crate::value::clock::Date;

impl<'a> Run<'a> {
    /// Gives things to a member, as many as are in stock; their places in her list.
    pub(super) fn issue(&mut self, id: &str, held: Held, number: u32, rule: Option<RuleId>) -> Vec<usize> {
        if !self.may_have(id, held) {
            self.nothing(Some(id), format!("{} is not for this member", self.held_name(held)));
            return Vec::new();
        }
        self.hold(id, held, number, rule)
    }

    /// Puts things into a member's hands, whoever may have them.
    pub(super) fn hold(&mut self, id: &str, held: Held, number: u32, rule: Option<RuleId>) -> Vec<usize> {
        let valid = match held {
            Held::Gift(gift) => self.program.gifts[gift.0].valid,
            Held::Reward(reward) => self.program.rewards[reward.0].valid,
            Held::Coupon(coupon) => self.program.coupons[coupon.0].valid,
        };
        let last_day = self.last_day_of(held, valid);
        if let (Held::Coupon(_), Some(last)) = (held, last_day)
            && last < self.here.day
        {
            self.nothing(Some(id), format!("{} ended on {last}", self.held_name(held)));
            return Vec::new();
        }
        let uses = match held {
            Held::Coupon(coupon) => self.program.coupons[coupon.0].uses,
            Held::Gift(_) | Held::Reward(_) => 1,
        };
        let event = self.here.event.map(|event| event.id.clone());
        let mut places = Vec::new();
        for _ in 0..number {
            let life = if self.in_stock(held) == Some(0) { GiftLife::OutOfStock } else { GiftLife::Issued };
            self.note(Some(id), Happened::Gift { held, life, rule, last_day });
            if life == GiftLife::OutOfStock {
                break;
            }
            *self.issued.entry(held).or_default() += 1;
            let gift = HeldGift {
                held,
                position: self.here.position,
                day: self.here.day,
                event: event.clone(),
                rule,
                last_day,
                uses,
                worth: None,
                withdrawn: false,
                counts: false,
                only: None,
                state: GiftState::Held,
            };
            let gifts = &mut self.member_mut(id).gifts;
            gifts.push(gift);
            places.push(gifts.len() - 1);
        }
        places
    }

    /// The last day of what is given today; a coupon may end for everybody on one day.
    fn last_day_of(&self, held: Held, valid: Valid) -> Option<Date> {
        let own = valid.last_day(self.clock(), self.here.day);
        let of_all = match held {
            Held::Coupon(coupon) => self.program.coupons[coupon.0].until,
            Held::Gift(_) | Held::Reward(_) => None,
        };
        own.into_iter().chain(of_all).min()
    }

    /// How many are left in stock; none where there is no end of them.
    pub(super) fn in_stock(&self, held: Held) -> Option<u32> {
        let stock = match held {
            Held::Gift(gift) => self.program.gifts[gift.0].stock,
            Held::Reward(reward) => self.program.rewards[reward.0].stock,
            Held::Coupon(_) => None,
        };
        stock.map(|stock| stock.saturating_sub(self.issued.get(&held).copied().unwrap_or(0)))
    }

    /// Whether a gift's `when` holds; a reward's is looked at when it is redeemed.
    pub(super) fn may_have(&self, id: &str, held: Held) -> bool {
        let (Held::Gift(gift), Some(member)) = (held, self.members.get(id)) else { return true };
        let Some(when) = &self.program.gifts[gift.0].when else { return true };
        let opening = self.opening_of(member);
        let lines = self.here.event.map(|event| self.lines_here(member, event)).unwrap_or_default();
        self.scene_now(member, &lines, &opening).holds(when)
    }

    /// Changes what became of a gift, and says so; what comes back unused is in stock again.
    pub(super) fn set_gift(&mut self, id: &str, place: usize, state: GiftState) {
        let gift = &mut self.member_mut(id).gifts[place];
        gift.state = state;
        let (held, rule, last_day) = (gift.held, gift.rule, gift.last_day);
        let life = match state {
            GiftState::Held => GiftLife::Issued,
            GiftState::Used => GiftLife::Used,
            GiftState::Expired => GiftLife::Expired,
            GiftState::Revoked => GiftLife::Revoked,
        };
        if state == GiftState::Revoked {
            let issued = self.issued.entry(held).or_default();
            *issued = issued.saturating_sub(1);
        }
        self.note(Some(id), Happened::Gift { held, life, rule, last_day });
    }

    /// Gifts whose last day has passed end here.
    pub(super) fn expire_gifts(&mut self, id: &str) {
        let day = self.here.day;
        let gifts = self.members.get(id).map(|member| member.gifts.as_slice()).unwrap_or_default();
        let over = |gift: &HeldGift| gift.state == GiftState::Held && gift.last_day.is_some_and(|last| last < day);
        let ended: Vec<usize> = (0..gifts.len()).filter(|at| over(&gifts[*at])).collect();
        for place in ended {
            self.set_gift(id, place, GiftState::Expired);
        }
    }

    /// The earliest day on which something a member holds ends.
    pub(super) fn gifts_due(member: &Member<'_>) -> Option<Date> {
        let held = member.gifts.iter().filter(|gift| gift.state == GiftState::Held);
        held.filter_map(|gift| gift.last_day?.tomorrow().ok()).min()
    }

    /// The name of a gift, reward or coupon.
    pub(super) fn held_name(&self, held: Held) -> &'a str {
        match held {
            Held::Gift(gift) => &self.program.gifts[gift.0].name.text,
            Held::Reward(reward) => &self.program.rewards[reward.0].name.text,
            Held::Coupon(coupon) => &self.program.coupons[coupon.0].name.text,
        }
    }

    /// The gift, reward or coupon of that name; a reward goes first, as `redeem` does.
    pub(super) fn held_named(&self, name: &str) -> Option<Held> {
        let program = self.program;
        let reward = program.named(Kind::Reward, program.rewards.iter().map(|one| one.name.text.as_str()), name);
        let gift = || program.named(Kind::Gift, program.gifts.iter().map(|one| one.name.text.as_str()), name);
        let coupon = || program.named(Kind::Coupon, program.coupons.iter().map(|one| one.name.text.as_str()), name);
        reward
            .map(|place| Held::Reward(RewardId(place)))
            .or_else(|| gift().map(|place| Held::Gift(GiftId(place))))
            .or_else(|| coupon().map(|place| Held::Coupon(CouponId(place))))
    }
}

impl Member<'_> {
    /// Places of what she holds and can use on `day`, of the kinds that `which` picks, soonest to end first.
    pub(super) fn usable(&self, day: Date, which: impl Fn(Held) -> bool) -> Vec<usize> {
        let usable = |at: &usize| self.gifts[*at].valid(day) && which(self.gifts[*at].held);
        let mut places: Vec<usize> = (0..self.gifts.len()).filter(usable).collect();
        places.sort_by_key(|at| (self.gifts[*at].last_day.is_none(), self.gifts[*at].last_day, *at));
        places
    }
}
