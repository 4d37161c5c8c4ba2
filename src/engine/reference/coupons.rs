//! Coupons that a purchase names: which of them it uses, why not the others, and when they are held again.

use super::Run;
use super::state::GiftState;
use crate::engine::outcome::{DiscountOf, GiftLife, Happened, MoneyOff, Reason};
use crate::ledger::Event;
use crate::mechanics::CouponId;
use crate::mechanics::example::Held;
use std::collections::BTreeMap;

/// A coupon that a purchase uses, with its place among what the member was given.
pub(super) type Used = (CouponId, usize);

impl<'a> Run<'a> {
    /// The coupons that a purchase uses, each with its place among what the member was given; of the others it names
    /// the reason is told, and the purchase itself stands. One that is named twice is used twice.
    pub(super) fn coupons_of(&mut self, event: &'a Event, id: &str) -> Vec<Used> {
        let mut uses: Vec<Used> = Vec::new();
        for name in &event.coupons {
            match self.coupon_of(event, id, name, &uses) {
                Ok(one) => uses.push(one),
                Err((reason, sentence)) => self.reject(Some(id), reason, sentence),
            }
        }
        uses
    }

    /// Of the coupons of a purchase those that take something off it; the others stay held, and it is told why.
    pub(super) fn that_take_something(&mut self, id: &str, coupons: Vec<Used>, off: &mut Vec<MoneyOff>) -> Vec<Used> {
        let (used, idle) = by_use(coupons, off);
        for (coupon, _) in idle {
            let name = &self.program.coupons[coupon.0].name.text;
            let sentence = format!("{name} would take nothing off this purchase, so it stays held");
            self.reject(Some(id), Reason::NotEligible, sentence);
        }
        used
    }

    fn coupon_of(&self, event: &'a Event, id: &str, name: &str, taken: &[Used]) -> Result<Used, (Reason, String)> {
        let unknown = || (Reason::UnknownReward, format!("the program has no coupon called {name:?}"));
        let names = self.program.coupons.iter().map(|coupon| coupon.name.text.as_str());
        let coupon = self.program.named(crate::mechanics::reading::Kind::Coupon, names, name).ok_or_else(unknown)?;
        let coupon = CouponId(coupon);
        let again = taken.iter().any(|(other, _)| *other == coupon);
        let not_held = || match again {
            true => (Reason::NotHeld, format!("{name} is named more often than it is held")),
            false => (Reason::NotHeld, format!("{name} is not held")),
        };
        let member = self.members.get(id).ok_or_else(not_held)?;
        let is_it = |held: Held| held == Held::Coupon(coupon);
        let left = |at: &usize| {
            let uses = taken.iter().filter(|(_, place)| place == at).count();
            member.gifts[*at].uses as usize > uses
        };
        let places: Vec<usize> = member.usable(event.day, is_it).into_iter().filter(left).collect();
        if places.is_empty() {
            let ended = member.gifts.iter().any(|held| is_it(held.held) && held.state == GiftState::Expired);
            return Err(if ended { (Reason::Expired, format!("{name} has ended")) } else { not_held() });
        }
        let Some(seen) = member.seen_of(event) else {
            return Err(not_held());
        };
        let lines = super::given::views_now(seen);
        let scene = self.scene_of(member, seen, &lines);
        // Of several of one name, some may be for one category alone: the first that fits, else why not the first.
        let mut why_not = None;
        for place in places {
            match self.unfit(coupon, member.gifts[place].only.as_deref(), &scene) {
                None => return Ok((coupon, place)),
                Some(sentence) => why_not = why_not.or(Some(sentence)),
            }
        }
        Err(why_not.map_or_else(not_held, |sentence| (Reason::NotEligible, sentence)))
    }

    /// Why a coupon that takes nothing off what is left of its purchase is not held again; none where it is still valid,
    /// what gave it stands, and she is still a member.
    fn stays_used(&self, id: &str, place: usize) -> Option<&'static str> {
        let member = self.members.get(id)?;
        let gift = &member.gifts[place];
        if gift.last_day.is_some_and(|last| last < self.here.day) || gift.state == GiftState::Revoked {
            Some("the coupon has ended since, and stays used")
        } else if member.left {
            Some("the coupon is of a member who left, and stays used")
        } else if gift.withdrawn {
            Some("the coupon was given by what has come back since, and stays used")
        } else {
            None
        }
    }

    /// What is to be told of coupons that take nothing off what is left of their purchase, where they are not simply
    /// held again.
    pub(super) fn of_idle(&self, id: &str, purchase: &str, idle: &[Used]) -> Vec<MoneyOff> {
        let still_held = |place: usize| self.members.get(id).is_some_and(|member| member.gifts[place].uses > 0);
        let note = |place: usize| match self.stays_used(id, place) {
            Some(why) => why,
            None if still_held(place) => "the coupon has a use more again",
            None => "",
        };
        let told = |(coupon, place): &Used| {
            let nothing = MoneyOff::nothing(purchase, DiscountOf::Coupon(*coupon));
            MoneyOff { note: note(*place).to_owned(), ..nothing }
        };
        idle.iter().map(told).collect()
    }

    /// A coupon that takes nothing off what is left of its purchase can be used again.
    pub(super) fn hold_again(&mut self, id: &str, place: usize) {
        if self.stays_used(id, place).is_some() {
            self.make_room(id, place);
            return;
        }
        let gift = &mut self.member_mut(id).gifts[place];
        let (held, rule, last_day) = (gift.held, gift.rule, gift.last_day);
        gift.uses += 1;
        if gift.state == GiftState::Used {
            gift.state = GiftState::Held;
            self.note(Some(id), Happened::Gift { held, life: GiftLife::HeldAgain, rule, last_day });
        }
    }
}

/// Of the coupons of a purchase, those that take something off it, and the others. One that is used twice is told of
/// twice, in the same order.
pub(super) fn by_use(coupons: Vec<Used>, off: &mut Vec<MoneyOff>) -> (Vec<Used>, Vec<Used>) {
    let mut seen: BTreeMap<CouponId, usize> = BTreeMap::new();
    let parted = coupons.into_iter().partition(|(coupon, _)| {
        let nth = seen.entry(*coupon).or_default();
        let told = off.iter().filter(|one| one.of == DiscountOf::Coupon(*coupon)).nth(*nth);
        *nth += 1;
        told.is_some_and(|one| one.off.is_positive())
    });
    off.retain(|one| one.of.discount().is_some() || one.off.is_positive());
    parted
}
