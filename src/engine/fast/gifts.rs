//! Gifts, rewards and coupons: held, used, ended, taken back. Who uses a coupon is left to the reference.

use super::Beyond;
use super::days::{Days, Ending, EndingId, NEVER, next, number};
use super::record::{Here, Record};
use crate::engine::outcome::GiftLife;
use crate::mechanics::coupon::Coupon;
use crate::mechanics::example::Held;
use crate::mechanics::gift::Valid;
use crate::mechanics::points::Life;
use crate::mechanics::{CouponId, GiftId, Program, RewardId, RuleId};
use std::collections::BTreeMap;

/// How long something is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Validity {
    /// Through the day that follows from the day it is given.
    Ends(EndingId),
    /// Through this day, or for good.
    Until(i32),
}

/// What the program gives: worked out once for a program.
#[derive(Debug, Clone)]
pub struct Things {
    gifts: Vec<Validity>,
    rewards: Vec<Validity>,
    /// Of each coupon, and the last day of all of its kind.
    coupons: Vec<(Validity, i32)>,
    /// For each gift, those that are a choice of several and are used by its name, and what becomes of it then.
    chosen: Vec<Vec<(GiftId, GiftLife)>>,
}

impl Things {
    /// The gifts and rewards of a program. A stock joins all members, so it is beyond this interpreter.
    pub fn of(program: &Program, days: &mut Days) -> Result<Self, Beyond> {
        let stocks = program.gifts.iter().map(|gift| gift.stock).chain(program.rewards.iter().map(|one| one.stock));
        if stocks.flatten().next().is_some() {
            return Err(Beyond);
        }
        let chosen = (0..program.gifts.len()).map(GiftId).map(|wanted| {
            let choice = |other: GiftId| Some((other, GiftLife::taken_out_of(program, Held::Gift(other), wanted)?));
            (0..program.gifts.len()).map(GiftId).filter_map(choice).collect()
        });
        Ok(Self {
            gifts: program.gifts.iter().map(|gift| validity(gift.valid, days)).collect::<Result<_, _>>()?,
            rewards: program.rewards.iter().map(|reward| validity(reward.valid, days)).collect::<Result<_, _>>()?,
            coupons: program.coupons.iter().map(|coupon| of_coupon(coupon, days)).collect::<Result<_, _>>()?,
            chosen: chosen.collect(),
        })
    }

    /// One gift, valid so many days.
    #[cfg(test)]
    pub fn of_one_gift(valid: u32, days: &mut Days) -> Self {
        let valid = validity(Valid::For(crate::value::clock::Length::Days(valid)), days);
        Self { gifts: valid.into_iter().collect(), rewards: Vec::new(), coupons: Vec::new(), chosen: vec![Vec::new()] }
    }

    fn last_day(&self, held: Held, days: &mut Days, day: i32) -> i32 {
        let (validity, of_all) = match held {
            Held::Gift(GiftId(place)) => (self.gifts[place], NEVER),
            Held::Reward(RewardId(place)) => (self.rewards[place], NEVER),
            Held::Coupon(CouponId(place)) => self.coupons[place],
        };
        let own = match validity {
            Validity::Ends(ending) => days.end(ending, day),
            Validity::Until(last) => last,
        };
        own.min(of_all)
    }

    /// The last day of a coupon that would end before the day on which it is given.
    pub fn over(&self, held: Held, days: &mut Days, day: i32) -> Option<i32> {
        matches!(held, Held::Coupon(_)).then(|| self.last_day(held, days, day)).filter(|last| *last < day)
    }

    /// Where a thing that is held is a choice of several, and a gift is one of them: what becomes of the gift.
    pub fn chosen(&self, held: Held, wanted: GiftId) -> Option<GiftLife> {
        let choices = &self.chosen[wanted.0];
        choices.iter().find(|(choice, _)| Held::Gift(*choice) == held).map(|(_, life)| *life)
    }
}

fn of_coupon(coupon: &Coupon, days: &mut Days) -> Result<(Validity, i32), Beyond> {
    Ok((validity(coupon.valid, days)?, coupon.until.map_or(NEVER, number)))
}

fn validity(valid: Valid, days: &mut Days) -> Result<Validity, Beyond> {
    Ok(match valid {
        Valid::Forever => Validity::Until(NEVER),
        Valid::For(length) => Validity::Ends(days.ending(Ending::Life(Life { length, at_end_of: None }))?),
        Valid::UntilEndOf(period) => Validity::Ends(days.ending(Ending::EndOf(period))?),
        Valid::Until(last) => Validity::Until(number(last)),
    })
}

/// A gift or reward that was given.
#[derive(Debug, Clone, Copy)]
pub struct Thing {
    /// Which.
    pub held: Held,
    /// The event that brought it.
    pub event: Option<u32>,
    /// The rule that gave it.
    pub rule: Option<RuleId>,
    /// The last day it is valid; [`NEVER`] for good.
    pub last_day: i32,
    /// What became of it: issued (and still held), used, expired or revoked.
    pub life: GiftLife,
}

/// Every gift and reward a member was ever given.
#[derive(Debug, Clone, Default)]
pub struct Gifts {
    all: Vec<Thing>,
    /// Places of those still held, in the order they came.
    held: Vec<u32>,
    scratch: Vec<u32>,
}

impl Gifts {
    /// The next member has nothing yet.
    pub fn clear(&mut self) {
        self.all.clear();
        self.held.clear();
    }

    /// The thing at a place.
    pub fn get(&self, place: u32) -> &Thing {
        &self.all[place as usize]
    }

    /// Puts things into her hands; the first place, and the one behind the last.
    pub fn hold(
        &mut self,
        (things, days): (&Things, &mut Days),
        here: &Here,
        (held, number, rule): (Held, u32, Option<RuleId>),
        record: &mut impl Record,
    ) -> Result<(u32, u32), Beyond> {
        let from = self.all.len();
        let last_day = if number > 0 { things.last_day(held, days, here.day) } else { NEVER };
        let upto = u32::try_from(from).ok().and_then(|from| from.checked_add(number)).ok_or(Beyond)?;
        for place in from as u32..upto {
            record.gift(here, held, GiftLife::Issued, rule, last_day);
            self.all.push(Thing { held, event: here.source.event(), rule, last_day, life: GiftLife::Issued });
            self.held.push(place);
        }
        Ok((from as u32, upto))
    }

    /// Changes what became of a thing that is held, and says so.
    pub fn set(&mut self, place: u32, life: GiftLife, here: &Here, record: &mut impl Record) {
        let thing = &mut self.all[place as usize];
        thing.life = life;
        record.gift(here, thing.held, life, thing.rule, thing.last_day);
        if let Ok(at) = self.held.binary_search(&place) {
            self.held.remove(at);
        }
    }

    /// Gifts whose last day has passed end here.
    pub fn expire(&mut self, here: &Here, record: &mut impl Record) {
        self.end(|thing| thing.last_day < here.day, here, record);
    }

    /// She leaves: all that she holds ends.
    pub fn leave(&mut self, here: &Here, record: &mut impl Record) {
        self.end(|_| true, here, record);
    }

    fn end(&mut self, over: impl Fn(&Thing) -> bool, here: &Here, record: &mut impl Record) {
        let all = &mut self.all;
        self.held.retain(|place| {
            let thing = &mut all[*place as usize];
            let ends = over(thing);
            if ends {
                thing.life = GiftLife::Expired;
                record.gift(here, thing.held, GiftLife::Expired, thing.rule, thing.last_day);
            }
            !ends
        });
    }

    /// The next day on which something she holds ends; [`NEVER`] for none.
    pub fn next_due(&self) -> i32 {
        self.held.iter().map(|place| next(self.get(*place).last_day)).min().unwrap_or(NEVER)
    }

    /// Whether she holds one that is valid on `day`.
    pub fn has(&self, held: Held, day: i32) -> bool {
        self.held.iter().map(|place| self.get(*place)).any(|thing| thing.held == held && day <= thing.last_day)
    }

    /// What she holds and is valid on `day`: how many.
    pub fn view(&self, day: i32) -> BTreeMap<Held, u32> {
        let mut view = BTreeMap::new();
        for thing in self.held.iter().map(|place| self.get(*place)).filter(|thing| day <= thing.last_day) {
            *view.entry(thing.held).or_insert(0) += 1;
        }
        view
    }

    /// The same as pairs in the order of what is held.
    pub fn stand(&self, day: i32, stand: &mut Vec<(Held, u32)>) {
        stand.clear();
        for thing in self.held.iter().map(|place| self.get(*place)).filter(|thing| day <= thing.last_day) {
            match stand.binary_search_by_key(&thing.held, |one| one.0) {
                Ok(place) => stand[place].1 += 1,
                Err(place) => stand.insert(place, (thing.held, 1)),
            }
        }
    }

    /// Changes what became of the first `number` things she holds on `day` of those that `which` picks, soonest
    /// to end first; nothing where she holds fewer. Whether she held as many.
    pub fn change(
        &mut self,
        (number, life): (usize, GiftLife),
        which: impl Fn(Held) -> bool,
        here: &Here,
        record: &mut impl Record,
    ) -> bool {
        let mut usable = std::mem::take(&mut self.scratch);
        usable.clear();
        let fits = |place: &u32| here.day <= self.get(*place).last_day && which(self.get(*place).held);
        usable.extend(self.held.iter().copied().filter(fits));
        let enough = usable.len() >= number;
        if enough {
            usable.sort_by_key(|place| (self.get(*place).last_day, *place));
            usable.iter().take(number).for_each(|place| self.set(*place, life, here, record));
        }
        self.scratch = usable;
        enough
    }

    /// The first `number` things of those that the last [`Gifts::change`] looked at: the ones it changed.
    pub fn changed(&self, number: usize) -> impl Iterator<Item = &Thing> {
        self.scratch.iter().take(number).map(|place| self.get(*place))
    }

    /// Whether she holds one of those that `which` picks, valid on `day`.
    pub fn holds(&self, day: i32, which: impl Fn(Held) -> bool) -> bool {
        self.held.iter().map(|place| self.get(*place)).any(|thing| day <= thing.last_day && which(thing.held))
    }

    /// Whether one of those that `which` picks has ended.
    pub fn ended(&self, which: impl Fn(Held) -> bool) -> bool {
        self.all.iter().any(|thing| thing.life == GiftLife::Expired && which(thing.held))
    }

    /// Takes back what a rule gave for an event and is still held: so many of a gift, the first given first. How many
    /// were.
    pub fn revoke_given(
        &mut self,
        (held, rule, event): (Held, RuleId, u32),
        number: usize,
        here: &Here,
        record: &mut impl Record,
    ) -> usize {
        let mut given = std::mem::take(&mut self.scratch);
        given.clear();
        let hers = |place: &u32| {
            let thing = self.get(*place);
            (thing.held, thing.rule, thing.event) == (held, Some(rule), Some(event))
        };
        given.extend(self.held.iter().copied().filter(hers).take(number));
        given.iter().for_each(|place| self.set(*place, GiftLife::Revoked, here, record));
        let taken = given.len();
        self.scratch = given;
        taken
    }
}
