//! What of a program asks for that a population may not do: for telling why a part of it never came.

use crate::mechanics::card::Stamp;
use crate::mechanics::condition::{Column, Condition, Test};
use crate::mechanics::example::Held;
use crate::mechanics::give::{Give, What};
use crate::mechanics::rule::{Rule, Trigger};
use crate::mechanics::{CouponId, GiftId, Program};
use crate::simulate::study::Asks;

use super::shop::Shop;
use super::tally::Rows;

/// What the part of a program in this row asks for. A gift or coupon asks for what its givers ask for.
pub(super) fn asks(shop: &Shop<'_>, place: usize) -> Asks {
    let (program, rows) = (shop.program, Rows::of(shop));
    if let Some(rule) = program.rules.get(place) {
        return of_rule(rule);
    }
    let discount = (0..program.discounts.len()).find(|one| rows.discount(*one) == place);
    if let Some(discount) = discount.and_then(|one| program.discounts.get(one)) {
        return of_conditions(discount.when.iter().chain(&discount.items));
    }
    let gift = (0..program.gifts.len()).map(|gift| Held::Gift(GiftId(gift)));
    let coupon = (0..program.coupons.len()).map(|coupon| Held::Coupon(CouponId(coupon)));
    gift.chain(coupon).find(|held| rows.thing(*held) == place).map_or(Asks::Other, |held| of_givers(program, held))
}

/// What a rule asks for: first what makes it fire, then what it looks at.
fn of_rule(rule: &Rule) -> Asks {
    let of = |trigger: &Trigger| match trigger {
        Trigger::Activity(_) => Some(Asks::Activities),
        Trigger::Visit => Some(Asks::Visits),
        Trigger::Join => Some(Asks::Joining),
        Trigger::Referral | Trigger::FirstPurchaseOfFriend => Some(Asks::Friends),
        Trigger::Purchase
        | Trigger::Birthday(_)
        | Trigger::Anniversary(_)
        | Trigger::LevelUp(_)
        | Trigger::Full(_)
        | Trigger::Redeem
        | Trigger::Every { .. }
        | Trigger::EveryMembershipYear
        | Trigger::EveryLength { .. }
        | Trigger::NoPurchaseIn(_)
        | Trigger::Completed(_)
        | Trigger::PaidOut(_) => None,
    };
    if let Some(asks) = rule.on.iter().find_map(of) {
        return asks;
    }
    let mut looks = Looks(false);
    rule.when.iter().for_each(|condition| condition.each_test(&mut |test| looks.at(test)));
    rule.gives
        .iter()
        .filter_map(|give| give.what.basis())
        .for_each(|basis| basis.each_test(&mut |test| looks.at(test)));
    looks.asks()
}

fn of_conditions<'c>(conditions: impl Iterator<Item = &'c Condition>) -> Asks {
    let mut looks = Looks(false);
    conditions.for_each(|condition| condition.each_test(&mut |test| looks.at(test)));
    looks.asks()
}

fn of_stamp(stamp: &Stamp) -> Asks {
    let mut looks = Looks(false);
    stamp.pick.each_test(&mut |test| looks.at(test));
    looks.asks()
}

/// What those ask for that give a thing.
fn of_givers(program: &Program, held: Held) -> Asks {
    let gives = |give: &Give| match (&give.what, held) {
        (What::Gift(gift, ..), Held::Gift(wanted)) => *gift == wanted,
        (What::Coupon(coupon, ..), Held::Coupon(wanted)) => *coupon == wanted,
        _ => false,
    };
    let rules = program.rules.iter().filter(|rule| rule.gives.iter().any(gives)).map(of_rule);
    let cards = program.cards.iter().filter(|card| card.gives.iter().any(gives));
    let stamps = cards.flat_map(|card| card.stamps.iter().map(of_stamp));
    rules.chain(stamps).find(|asks| *asks != Asks::Other).unwrap_or(Asks::Other)
}

/// Whether a test looks at what is bought.
struct Looks(bool);

impl Looks {
    fn at(&mut self, test: &Test) {
        self.0 |= matches!(test.measure.column(), Some(Column::Line(_) | Column::Either(_)));
    }

    fn asks(self) -> Asks {
        if self.0 { Asks::Items } else { Asks::Other }
    }
}
