//! Redemptions: a reward bought with points, a gift used; all or nothing (section 6.12).

use super::Beyond;
use super::days::{Days, NEVER, number};
use super::gifts::{Gifts, Things};
use super::purse::Spent;
use super::purses::{PurseAt, Purses, Units, steps};
use super::record::{Here, Record, exact};
use crate::engine::outcome::{GiftLife, Reason};
use crate::engine::pile::SCALE;
use crate::mechanics::example::Held;
use crate::mechanics::reward::MOST_AT_ONCE;
use crate::mechanics::{GiftId, PointsId, Program, RewardId};
use crate::value::clock::Window;
use crate::value::exact::Exact;

/// Why not, and the sentence that says it.
pub type Refusal = (Reason, String);

/// A condition of a reward that is asked when it is redeemed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// The reward's own `when`.
    Reward(RewardId),
    /// The `when` of one of its prices.
    Price(RewardId, usize),
}

/// A `reward` block, worked out once for a program.
#[derive(Debug, Clone)]
pub struct RewardRules {
    name: String,
    from: i32,
    until: i32,
    conditional: bool,
    prices: Vec<PriceRules>,
    /// At most so many for a member in a window, and the sentence that says it.
    limits: Vec<(i64, Window, String)>,
}

/// A price of a reward.
#[derive(Debug, Clone)]
struct PriceRules {
    unit: PointsId,
    number: i64,
    /// The names of its unit.
    names: (String, Option<String>),
    conditional: bool,
    /// What the posting says.
    note: String,
}

impl RewardRules {
    /// The rewards of a program. A limit in all joins all members, so it is beyond this interpreter; so is a price
    /// between two steps of its unit.
    pub fn of(program: &Program) -> Result<Vec<Self>, Beyond> {
        program.rewards.iter().map(|reward| Self::of_block(program, reward)).collect()
    }

    fn of_block(program: &Program, reward: &crate::mechanics::reward::Reward) -> Result<Self, Beyond> {
        let name = reward.name.text.clone();
        let price = |price: &crate::mechanics::reward::Price| {
            let unit = &program.points[price.unit.0];
            Ok(PriceRules {
                unit: price.unit,
                number: steps(&price.number, unit.decimals)?,
                names: (unit.name.text.clone(), unit.plural.clone()),
                conditional: price.when.is_some(),
                note: match &price.money {
                    Some(money) => format!("{name} and {money} {}", program.settings.money),
                    None => name.clone(),
                },
            })
        };
        let limit = |limit: &crate::mechanics::rule::Limit| {
            if !limit.per_member || limit.window == Window::Campaign {
                return Err(Beyond);
            }
            let sentence = format!("at most {} of {name} in {}", limit.most, limit.window);
            Ok((limit.most.floor().to_i64().ok_or(Beyond)?, limit.window, sentence))
        };
        Ok(Self {
            from: reward.from.map_or(i32::MIN, number),
            until: reward.until.map_or(i32::MAX, number),
            conditional: reward.when.is_some(),
            prices: reward.prices.iter().map(price).collect::<Result<_, _>>()?,
            limits: reward.limits.iter().map(limit).collect::<Result<_, _>>()?,
            name,
        })
    }

    /// The first price whose condition holds, for one who may have the reward today. `unit` is the unit that the
    /// event names, if it does.
    fn price(
        &self,
        id: RewardId,
        day: i32,
        unit: Option<&str>,
        mut holds: impl FnMut(When) -> Result<bool, Beyond>,
    ) -> Result<Result<&PriceRules, Refusal>, Beyond> {
        let name = &self.name;
        if day < self.from {
            return Ok(Err((Reason::NotEligible, format!("{name} is not offered yet"))));
        }
        if self.until < day {
            return Ok(Err((Reason::Expired, format!("{name} is not offered any more"))));
        }
        let not_hers = || Err((Reason::NotEligible, format!("{name} is not for this member")));
        if self.conditional && !holds(When::Reward(id))? {
            return Ok(not_hers());
        }
        for (place, price) in self.prices.iter().enumerate() {
            let in_unit =
                unit.is_none_or(|wanted| *wanted == price.names.0 || price.names.1.as_deref() == Some(wanted));
            if in_unit && (!price.conditional || holds(When::Price(id, place))?) {
                return Ok(Ok(price));
            }
        }
        Ok(not_hers())
    }
}

/// A redemption of a reward that was accepted.
#[derive(Debug, Clone, Copy)]
struct Redemption {
    event: u32,
    at: i64,
    day: i32,
    reward: RewardId,
    number: i64,
    purse: PurseAt,
    spent: Spent,
    /// The things it brought: the first place and the one behind the last.
    gifts: (u32, u32),
    undone: bool,
}

/// All accepted redemptions of rewards of a member.
#[derive(Debug, Clone, Default)]
pub struct Redemptions {
    all: Vec<Redemption>,
}

/// What a member has that a redemption changes, and by which rules.
pub struct Counter<'s> {
    /// Her points.
    pub purses: &'s mut Purses,
    /// What she was given.
    pub gifts: &'s mut Gifts,
    /// The program's units.
    pub units: &'s mut Units,
    /// The program's gifts and rewards.
    pub things: &'s Things,
    /// The day she joined.
    pub joined: Option<i32>,
}

/// A redemption as its event words it.
#[derive(Clone, Copy)]
pub struct Wanted<'s> {
    /// The first `qty` of the event, scaled by [`SCALE`].
    pub quantity: Option<i64>,
    /// The unit it names.
    pub unit: Option<&'s str>,
    /// The pocket of points it belongs to, for each unit: what `separate by` reads there.
    pub pocket: &'s dyn Fn(PointsId) -> Option<&'s str>,
}

/// How many: 1 where nothing is said; one event takes no more than [`MOST_AT_ONCE`].
pub fn how_many(quantity: Option<i64>) -> Result<u32, Refusal> {
    let wanted = quantity.unwrap_or(SCALE);
    let number = u32::try_from(wanted / SCALE).ok();
    let number = number.filter(|number| (1..=MOST_AT_ONCE).contains(number) && wanted % SCALE == 0);
    number.ok_or_else(|| (Reason::NotEligible, format!("{} is no number of rewards", Exact::ratio(wanted, SCALE))))
}

impl Redemptions {
    /// The next member has redeemed nothing yet.
    pub fn clear(&mut self) {
        self.all.clear();
    }

    /// Buys a reward, or says why not.
    pub fn buy(
        &mut self,
        (rules, reward): (&[RewardRules], RewardId),
        counter: Counter<'_>,
        here: &Here,
        wanted: Wanted<'_>,
        record: &mut impl Record,
        holds: impl FnMut(When) -> Result<bool, Beyond>,
    ) -> Result<Result<(), Refusal>, Beyond> {
        let number = match how_many(wanted.quantity) {
            Ok(number) => number,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let block = &rules[reward.0];
        let price = match block.price(reward, here.day, wanted.unit, holds)? {
            Ok(price) => price,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Counter { purses, gifts, units, things, joined } = counter;
        for (most, window, sentence) in &block.limits {
            let used = self.used(reward, *window, &mut units.days, here, joined)?;
            if used.checked_add(i64::from(number)).ok_or(Beyond)? > *most {
                return Ok(Err((Reason::Limit, sentence.clone())));
            }
        }
        let purse = purses.pocket(price.unit, (wanted.pocket)(price.unit));
        let cost = price.number.checked_mul(i64::from(number)).ok_or(Beyond)?;
        let balance = purses.get(purse).balance();
        if balance < cost {
            let decimals = units.rules[price.unit.0].decimals;
            let figure = |amount: i64| exact(amount, decimals).fixed(decimals);
            let sentence = format!("{} costs {}, the balance is {}", block.name, figure(cost), figure(balance));
            return Ok(Err((Reason::NotEnough, sentence)));
        }
        let spent = purses.spend(purse, here, cost, record, || price.note.clone())?;
        let held = (Held::Reward(reward), number, None);
        let gifts = gifts.hold((things, &mut units.days), here, held, record)?;
        self.all.push(Redemption {
            event: here.source.event().ok_or(Beyond)?,
            at: here.at,
            day: here.day,
            reward,
            number: i64::from(number),
            purse,
            spent,
            gifts,
            undone: false,
        });
        Ok(Ok(()))
    }

    /// How many of a reward she redeemed in a window, net of what was undone.
    fn used(
        &self,
        reward: RewardId,
        window: Window,
        days: &mut Days,
        here: &Here,
        joined: Option<i32>,
    ) -> Result<i64, Beyond> {
        let reach = days.reach(window, here.at, here.day, joined)?;
        let hers = |one: &&Redemption| one.reward == reward && !one.undone && reach.holds(one.at, one.day);
        self.all.iter().filter(hers).map(|one| one.number).try_fold(0_i64, i64::checked_add).ok_or(Beyond)
    }

    /// Whether an event bought a reward, undone or not.
    pub fn bought(&self, event: u32) -> bool {
        self.all.binary_search_by_key(&event, |one| one.event).is_ok()
    }

    /// Undoes a redemption: the same lots come back with their own last days (section 6.8). A reward that was
    /// used or has ended stays redeemed. `name` is the id of the redemption's event.
    pub fn undo(
        &mut self,
        event: u32,
        name: &str,
        (purses, gifts): (&mut Purses, &mut Gifts),
        here: &Here,
        record: &mut impl Record,
    ) -> Result<Result<(), Refusal>, Beyond> {
        let Some(one) = self.all.iter_mut().find(|one| one.event == event && !one.undone) else {
            return Ok(Err((Reason::NotHeld, format!("{name} was undone already, or bought nothing"))));
        };
        if !(one.gifts.0..one.gifts.1).all(|place| gifts.get(place).life == GiftLife::Issued) {
            return Ok(Err((Reason::NotHeld, format!("what {name} bought was used or has ended"))));
        }
        one.undone = true;
        for place in one.gifts.0..one.gifts.1 {
            gifts.set(place, GiftLife::Revoked, here, record);
        }
        purses.unspend(one.purse, here, one.spent, record, || format!("the redemption {name} was undone"))?;
        Ok(Ok(()))
    }
}

/// A line of a redemption: what was taken, where the event says it.
#[derive(Debug, Clone, Copy)]
pub struct TakenLine {
    /// Whether the gift's `item` condition holds of it, or it says nothing of what was taken.
    pub fits: bool,
    /// Its amount, scaled by [`SCALE`].
    pub amount: Option<i64>,
    /// Its quantity, scaled by [`SCALE`].
    pub quantity: Option<i64>,
}

/// A `gift` block, as far as a redemption looks at it.
#[derive(Debug, Clone)]
pub struct GiftRules {
    name: String,
    /// The most an item may cost, scaled by [`SCALE`].
    at_most: Option<i64>,
}

impl GiftRules {
    /// The gifts of a program; a price with more than four decimals is beyond this interpreter.
    pub fn of(program: &Program) -> Result<Vec<Self>, Beyond> {
        let one = |gift: &crate::mechanics::gift::Gift| {
            let at_most = gift.at_most.as_ref().map(|most| steps(most, 4)).transpose()?;
            Ok(Self { name: gift.name.text.clone(), at_most })
        };
        program.gifts.iter().map(one).collect()
    }

    /// Whether what was taken is within the gift's limits.
    fn allows(&self, lines: impl Iterator<Item = TakenLine>) -> Result<(), Refusal> {
        for line in lines {
            if !line.fits {
                return Err((Reason::NotEligible, format!("{} is not for this item", self.name)));
            }
            let number = line.quantity.filter(|quantity| *quantity > 0).unwrap_or(SCALE);
            let costs = line.amount.map(|amount| i128::from(amount).abs() * i128::from(SCALE));
            let most = self.at_most.map(|most| i128::from(most) * i128::from(number));
            if most.zip(costs).is_some_and(|(most, costs)| costs > most) {
                return Err((Reason::NotEligible, format!("the item costs more than {} allows", self.name)));
            }
        }
        Ok(())
    }
}

/// Uses a gift that is held, by its name or, where its own condition holds, out of a choice; or says why not.
pub fn use_gift(
    gifts: &mut Gifts,
    (things, rules, gift, may_choose): (&Things, &[GiftRules], GiftId, bool),
    here: &Here,
    quantity: Option<i64>,
    lines: impl Iterator<Item = TakenLine>,
    record: &mut impl Record,
) -> Result<(), Refusal> {
    let number = how_many(quantity)? as usize;
    let name = &rules[gift.0].name;
    rules[gift.0].allows(lines)?;
    let chosen = |held: Held| things.chosen(held, gift).is_some();
    let serves = |held: Held| held == Held::Gift(gift) || may_choose && chosen(held);
    if gifts.change((number, GiftLife::Used), serves, here, record) {
        for thing in gifts.changed(number) {
            if let Some(life) = things.chosen(thing.held, gift) {
                record.gift(here, Held::Gift(gift), life, thing.rule, NEVER);
            }
        }
        return Ok(());
    }
    if !may_choose && gifts.holds(here.day, chosen) {
        return Err((Reason::NotEligible, format!("{name} is not for this member")));
    }
    Err(if gifts.ended(serves) {
        (Reason::Expired, format!("{name} has ended"))
    } else {
        (Reason::NotHeld, format!("{name} is not held"))
    })
}
