//! What many members came to: whole numbers, so that they add up the same in whatever order.

use crate::engine::outcome::{GiftLife, PostingKind};
use crate::mechanics::example::Held;
use crate::mechanics::off::DiscountOf;
use std::collections::BTreeMap;

use super::calendar::Calendar;
use super::fees;
use super::lately::{Lately, Stretch};
use super::log::{Log, Said};
use super::member::Life;
use super::shop::{PARTS, Shop, Thing};

/// Days at the end of the horizon in which who buys is active.
pub(super) const ACTIVE_DAYS: f64 = 90.0;
/// Days of a month, where time is told in months.
pub(super) const MONTH: f64 = super::world::YEAR / 12.0;

/// Sums of money and points. Money of sales is in minor units, of costs in ten-thousandths; points are in steps.
type Sum = i128;

/// What members bought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Trade {
    /// Sales of each month, returns taken off.
    pub(super) sales: Vec<Sum>,
    /// Members who bought in each month.
    pub(super) buyers: Vec<u64>,
    /// Purchases.
    pub(super) purchases: u64,
    /// Members who bought.
    pub(super) bought: u64,
    /// Members who bought again on a later day.
    pub(super) again: u64,
    /// Members who bought in the last days.
    pub(super) active: u64,
    /// Members who have left.
    pub(super) gone: u64,
    /// Sum of the squares of what each member spent, as a figure for its spread.
    pub(super) squares: Sum,
    /// What members spent in their first days, for each number of days that is asked for.
    pub(super) spreads: Vec<Spread>,
}

/// What members spent in the first days of a simulation, and in as many days behind them, as figures for how differently
/// they spend and how well the one tells the other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Spread {
    /// In the first days: the sum, and the sum of squares.
    first: (Sum, Sum),
    /// In as many behind them.
    next: (Sum, Sum),
    /// The sum of the products of both.
    both: Sum,
}

impl Spread {
    fn member(&mut self, life: &Life, days: f64) {
        let spent = |from: f64, until: f64| {
            let sales = life.sales.iter().filter(|sale| sale.at >= from && sale.at < until);
            sales.map(|sale| Sum::from(sale.amount)).sum::<Sum>()
        };
        let (first, next) = (spent(0.0, days), spent(days, days * 2.0));
        self.add(&Self { first: (first, first * first), next: (next, next * next), both: first * next });
    }

    fn add(&mut self, other: &Self) {
        self.first = (self.first.0 + other.first.0, self.first.1 + other.first.1);
        self.next = (self.next.0 + other.next.0, self.next.1 + other.next.1);
        self.both += other.both;
    }

    /// The mean of what so many members spent in the first days, in minor units, and its standard deviation.
    pub(super) fn of(&self, members: f64) -> (f64, f64) {
        let mean = self.first.0 as f64 / members;
        (mean, (self.first.1 as f64 / members - mean * mean).max(0.0).sqrt())
    }

    /// How what so many members spent in the first days goes with what they spent in the next, from -1 to 1; 0 where
    /// nobody differs.
    pub(super) fn correlation(&self, members: f64) -> f64 {
        let deviation = |(sum, squares): (Sum, Sum)| {
            let mean = sum as f64 / members;
            (squares as f64 / members - mean * mean).max(0.0).sqrt()
        };
        let together = self.both as f64 / members - (self.first.0 as f64 / members) * (self.next.0 as f64 / members);
        let apart = deviation(self.first) * deviation(self.next);
        if apart > 0.0 { (together / apart).clamp(-1.0, 1.0) } else { 0.0 }
    }
}

impl Trade {
    /// Of so many months.
    pub(super) fn new(months: usize) -> Self {
        Self { sales: vec![0; months], buyers: vec![0; months], ..Self::default() }
    }

    /// Adds a member; what she spent.
    pub(super) fn member(&mut self, life: &Life, calendar: &Calendar, days: f64) -> i64 {
        let (mut spent, mut month_before, mut first, mut again, mut last) = (0_i64, usize::MAX, None, false, -1.0);
        for sale in &life.sales {
            let month = calendar.month_at(sale.at);
            self.sales[month] += Sum::from(sale.amount);
            spent = spent.saturating_add(sale.amount);
            if sale.amount <= 0 {
                continue;
            }
            self.purchases += 1;
            if month != month_before {
                self.buyers[month] += 1;
                month_before = month;
            }
            let day = sale.at.floor();
            again |= *first.get_or_insert(day) < day;
            last = sale.at;
        }
        self.bought += u64::from(first.is_some());
        self.again += u64::from(again);
        self.active += u64::from(last >= days - ACTIVE_DAYS && last >= 0.0);
        self.gone += u64::from(life.gone);
        self.squares += Sum::from(spent) * Sum::from(spent);
        spent
    }

    /// Adds what a member spent in her first days.
    pub(super) fn spread(&mut self, life: &Life, spans: &[f64]) {
        self.spreads.resize(spans.len(), Spread::default());
        self.spreads.iter_mut().zip(spans).for_each(|(spread, days)| spread.member(life, *days));
    }

    fn add(&mut self, other: &Self) {
        add_all(&mut self.sales, &other.sales);
        self.buyers.iter_mut().zip(&other.buyers).for_each(|(a, b)| *a += b);
        self.purchases += other.purchases;
        self.bought += other.bought;
        self.again += other.again;
        self.active += other.active;
        self.gone += other.gone;
        self.squares += other.squares;
        self.spreads.resize(self.spreads.len().max(other.spreads.len()), Spread::default());
        self.spreads.iter_mut().zip(&other.spreads).for_each(|(a, b)| a.add(b));
    }
}

/// Sums that stand one beside the other.
fn add_all(these: &mut [Sum], others: &[Sum]) {
    these.iter_mut().zip(others).for_each(|(a, b)| *a += b);
}

/// Points of one unit in one month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Moved {
    /// Given, less what returns took back.
    pub(super) given: Sum,
    /// Spent.
    pub(super) spent: Sum,
    /// Expired.
    pub(super) expired: Sum,
}

/// What one rule, reward, gift, coupon, discount, or one way to pay did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// How often.
    pub(super) times: i64,
    /// Points of its unit.
    pub(super) points: Sum,
    /// What it cost.
    pub(super) cost: Sum,
    /// What it was worth.
    pub(super) worth: Sum,
}

impl Row {
    /// Whether nobody ever had anything of it.
    pub(super) fn is_idle(&self) -> bool {
        self.times == 0 && self.points == 0 && self.cost == 0 && self.worth == 0
    }
}

/// Where each row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rows {
    rules: usize,
    rewards: usize,
    gifts: usize,
    coupons: usize,
    discounts: usize,
    units: usize,
}

impl Rows {
    /// Of a program: its rules, what no rule gave, its rewards, gifts, coupons, discounts, and each unit at the till.
    pub(super) fn of(shop: &Shop<'_>) -> Self {
        let program = shop.program;
        Self {
            rules: program.rules.len(),
            rewards: program.rewards.len(),
            gifts: program.gifts.len(),
            coupons: program.coupons.len(),
            discounts: program.discounts.len(),
            units: program.points.len(),
        }
    }

    /// How many.
    fn len(self) -> usize {
        self.discount(self.discounts) + self.units
    }

    /// Points that no rule gave: those of cards.
    pub(super) fn others(self) -> usize {
        self.rules
    }

    /// A thing.
    pub(super) fn thing(self, held: Held) -> usize {
        let first = self.rules + 1;
        match held {
            Held::Reward(reward) => first + reward.0,
            Held::Gift(gift) => first + self.rewards + gift.0,
            Held::Coupon(coupon) => first + self.rewards + self.gifts + coupon.0,
        }
    }

    /// A discount.
    pub(super) fn discount(self, place: usize) -> usize {
        self.rules + 1 + self.rewards + self.gifts + self.coupons + place
    }

    /// A unit at the till.
    pub(super) fn till(self, unit: usize) -> usize {
        self.discount(self.discounts) + unit
    }
}

/// What a program did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Given {
    /// Of each unit, month by month.
    pub(super) points: Vec<Vec<Moved>>,
    /// What was used, at cost, month by month.
    pub(super) cost: Vec<Sum>,
    /// What was used, at worth.
    pub(super) worth: Sum,
    /// What each unit brought when it was spent: at cost, and at worth.
    pub(super) bought: Vec<(Sum, Sum)>,
    /// By [`Rows`].
    pub(super) rows: Vec<Row>,
    /// Of each unit, what is outstanding at the horizon.
    pub(super) outstanding: Vec<Sum>,
    /// Of each unit, what of that ends in each month behind the horizon, from its last month on.
    pub(super) ends: Vec<BTreeMap<u16, Sum>>,
    /// Of each unit, what of that was then spent, and what never will be.
    pub(super) run_off: Vec<(Sum, Sum)>,
    /// Members who had a first reward in each month of their membership.
    pub(super) first_rewards: Vec<u64>,
    /// Moves between levels: tiers, from, to.
    pub(super) moves: BTreeMap<(usize, usize, usize), u64>,
    /// What members did in each of the program's stretches of days.
    pub(super) lately: Vec<Lately>,
    /// People who became members.
    pub(super) joined: u64,
    /// What members bought as such.
    pub(super) purchases: u64,
    /// Fees of memberships, as they were earned, month by month.
    pub(super) fees: Vec<Sum>,
    /// Fees that were paid, less what was given back.
    pub(super) fees_paid: Sum,
    /// Purchases and returns that were rejected.
    pub(super) rejected: u64,
    /// Members whom no player could play.
    pub(super) unplayed: u64,
}

impl Given {
    /// Of a program, over so many months.
    pub(super) fn new(shop: &Shop<'_>, months: usize) -> Self {
        let units = shop.units.len();
        Self {
            points: vec![vec![Moved::default(); months]; units],
            cost: vec![0; months],
            worth: 0,
            bought: vec![(0, 0); units],
            rows: vec![Row::default(); Rows::of(shop).len()],
            outstanding: vec![0; units],
            ends: vec![BTreeMap::new(); units],
            run_off: vec![(0, 0); units],
            first_rewards: vec![0; months + 1],
            moves: BTreeMap::new(),
            lately: vec![Lately::default(); shop.stretches.len()],
            joined: 0,
            purchases: 0,
            fees: vec![0; months],
            fees_paid: 0,
            rejected: 0,
            unplayed: 0,
        }
    }

    fn add(&mut self, other: &Self) {
        for (unit, others) in self.points.iter_mut().zip(&other.points) {
            for (a, b) in unit.iter_mut().zip(others) {
                (a.given, a.spent, a.expired) = (a.given + b.given, a.spent + b.spent, a.expired + b.expired);
            }
        }
        add_all(&mut self.cost, &other.cost);
        self.worth += other.worth;
        for (a, b) in self.bought.iter_mut().zip(&other.bought).chain(self.run_off.iter_mut().zip(&other.run_off)) {
            (a.0, a.1) = (a.0 + b.0, a.1 + b.1);
        }
        for (a, b) in self.rows.iter_mut().zip(&other.rows) {
            *a = Row {
                times: a.times + b.times,
                points: a.points + b.points,
                cost: a.cost + b.cost,
                worth: a.worth + b.worth,
            };
        }
        add_all(&mut self.outstanding, &other.outstanding);
        for (a, b) in self.ends.iter_mut().zip(&other.ends) {
            b.iter().for_each(|(month, points)| *a.entry(*month).or_default() += points);
        }
        self.first_rewards.iter_mut().zip(&other.first_rewards).for_each(|(a, b)| *a += b);
        other.moves.iter().for_each(|(key, count)| *self.moves.entry(*key).or_default() += count);
        self.lately.iter_mut().zip(&other.lately).for_each(|(a, b)| a.add(b));
        self.joined += other.joined;
        self.purchases += other.purchases;
        add_all(&mut self.fees, &other.fees);
        self.fees_paid += other.fees_paid;
        self.rejected += other.rejected;
        self.unplayed += other.unplayed;
    }
}

/// One member, for the cuts.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Hers {
    /// What she spent without any program, in minor units.
    pub(super) without: i64,
    /// What she spent.
    pub(super) sales: i64,
    /// What the program gave her, at worth, in money.
    pub(super) given: f64,
    /// What of it she used cost, in ten-thousandths.
    pub(super) cost: i64,
    /// What of her fees was earned, in ten-thousandths.
    pub(super) fees: i64,
    /// What she has left, at face, in money.
    pub(super) left: f64,
    /// Her group.
    pub(super) kind: u16,
    /// Her level at the end, of the first tiers block.
    pub(super) level: u16,
}

/// Adds a member's life with a program.
pub(super) struct Counter<'a> {
    /// The program.
    pub(super) shop: &'a Shop<'a>,
    /// Where its rows stand.
    pub(super) rows: Rows,
}

impl Counter<'_> {
    /// What is told of her, added up. Her sales are not in what is returned.
    pub(super) fn member(
        &self,
        given: &mut Given,
        life: &Life,
        log: &Log<'_>,
        (calendar, days): (&Calendar, f64),
    ) -> Hers {
        let mut hers = Hers::default();
        for said in &log.said {
            match *said {
                Said::Points { month, unit, kind, rule, amount, at_till } => {
                    let month = usize::from(month);
                    let counted = Counted { month, unit: unit.0, kind, amount };
                    self.points(given, &mut hers, &counted, rule.map(|rule| rule.0), at_till);
                }
                Said::Thing { month, held, life, rule } => {
                    let unit = self.shop.paid_by(held, rule);
                    if life == GiftLife::Issued
                        && let Some(rule) = rule
                        && self.shop.rules[rule.0].0.is_none()
                    {
                        given.rows[rule.0].times += 1;
                    }
                    self.thing(given, &mut hers, usize::from(month), (held, life, unit));
                }
                Said::Off { month, of, amount } => self.off(given, &mut hers, usize::from(month), of, amount),
                Said::Level { tiers, from, to } => *given.moves.entry((tiers.0, from, to)).or_default() += 1,
            }
        }
        for (unit, points) in life.outstanding.iter().enumerate() {
            given.outstanding[unit] += Sum::from(*points);
            hers.left += *points as f64 * self.shop.units[unit].worth;
        }
        given.joined += u64::from(life.joined.is_some());
        given.purchases += life.bought_as_member;
        let horizon = calendar.at(days - 0.5).0;
        let (paid, earned) = fees::earned(&log.fees, calendar, horizon, &mut given.fees);
        given.fees_paid += Sum::from(paid);
        hers.fees = earned;
        if let (Some(reward), Some(joined)) = (life.first_reward, life.joined) {
            let month = ((reward - joined) / MONTH) as usize;
            let last = given.first_rewards.len() - 1;
            given.first_rewards[month.min(last)] += 1;
        }
        given.rejected += u64::from(log.rejected);
        hers.level = life.levels.first().map_or(u16::MAX, |level| u16::try_from(*level).unwrap_or(u16::MAX));
        hers
    }

    fn points(&self, given: &mut Given, hers: &mut Hers, counted: &Counted, rule: Option<usize>, at_till: bool) {
        let Counted { month, unit, kind, amount } = *counted;
        let moved = &mut given.points[unit][month];
        let sum = Sum::from(amount);
        match kind {
            PostingKind::Spent => moved.spent -= sum,
            PostingKind::Expired => moved.expired -= sum,
            PostingKind::Earned
            | PostingKind::Clawed
            | PostingKind::WrittenOff
            | PostingKind::Bought
            | PostingKind::Received
            | PostingKind::Sent
            | PostingKind::Adjusted => {
                moved.given += sum;
                hers.given += amount as f64 * self.shop.units[unit].worth;
                let place = rule.unwrap_or(self.rows.others());
                if rule.is_none_or(|rule| self.shop.rules[rule].0 == Some(unit)) {
                    given.rows[place].points += sum;
                    given.rows[place].times += i64::from(kind == PostingKind::Earned && amount > 0);
                }
            }
        }
        if at_till && let Some(till) = self.shop.units[unit].till {
            let money = (-(amount as f64) * till.each * PARTS).round() as i64;
            self.used(
                given,
                hers,
                month,
                &Used { place: self.rows.till(unit), unit: Some(unit), times: -amount.signum() },
                Thing { cost: money, worth: money, said: true },
            );
        }
    }

    fn thing(
        &self,
        given: &mut Given,
        hers: &mut Hers,
        month: usize,
        (held, life, unit): (Held, GiftLife, Option<usize>),
    ) {
        let thing = self.shop.thing(held);
        let times = match (held, life) {
            (Held::Gift(_) | Held::Reward(_), GiftLife::Issued) => 1,
            // A reward that is fetched at once has no end: what it cost is spent.
            (Held::Gift(_), GiftLife::Expired | GiftLife::Revoked) | (Held::Reward(_), GiftLife::Revoked) => -1,
            // A coupon costs something when it is used; where nothing is said, what it takes off.
            (Held::Coupon(_), GiftLife::Used) if thing.said => 1,
            (Held::Coupon(_), GiftLife::HeldAgain) if thing.said => -1,
            (Held::Gift(_) | Held::Reward(_) | Held::Coupon(_), _) => return,
        };
        let (cost, worth) = (thing.cost.saturating_mul(times), thing.worth.saturating_mul(times));
        if matches!(held, Held::Gift(_)) && unit.is_none() {
            hers.given += worth as f64 / PARTS;
        }
        self.used(
            given,
            hers,
            month,
            &Used { place: self.rows.thing(held), unit, times },
            Thing { cost, worth, said: true },
        );
    }

    fn off(&self, given: &mut Given, hers: &mut Hers, month: usize, of: DiscountOf, amount: i64) {
        hers.given += amount as f64 / PARTS;
        let place = match of {
            DiscountOf::Discount(discount) => self.rows.discount(discount.0),
            DiscountOf::Coupon(coupon) => self.rows.thing(Held::Coupon(coupon)),
        };
        let said = matches!(of, DiscountOf::Coupon(coupon) if self.shop.coupons[coupon.0].said);
        let (cost, times) = if said { (0, 0) } else { (amount, amount.signum()) };
        let worth = if said { 0 } else { amount };
        self.used(given, hers, month, &Used { place, unit: None, times }, Thing { cost, worth, said: true });
    }

    fn used(&self, given: &mut Given, hers: &mut Hers, month: usize, used: &Used, thing: Thing) {
        let (cost, worth) = (Sum::from(thing.cost), Sum::from(thing.worth));
        let row = &mut given.rows[used.place];
        *row = Row { times: row.times + used.times, cost: row.cost + cost, worth: row.worth + worth, ..*row };
        given.cost[month] += cost;
        given.worth += worth;
        hers.cost = hers.cost.saturating_add(thing.cost);
        if let Some(unit) = used.unit {
            given.bought[unit].0 += cost;
            given.bought[unit].1 += worth;
        }
    }

    /// What she did lately.
    pub(super) fn lately(&self, given: &mut Given, life: &Life, calendar: &Calendar) {
        for (lately, length) in given.lately.iter_mut().zip(&self.shop.stretches) {
            lately.member(&life.sales, &Stretch::of(*length, calendar), calendar);
        }
    }

    /// What becomes of what she had at the horizon. Points that came first end first, so the first to go are those.
    pub(super) fn behind(&self, given: &mut Given, life: &Life, ages: bool) {
        let mut left = life.outstanding.iter().map(|points| (*points).max(0)).collect::<Vec<i64>>();
        // Who joins behind the horizon had nothing there.
        left.resize(self.shop.units.len(), 0);
        for (unit, spent, points, month) in &life.behind {
            let of_these = left[*unit].min(*points);
            left[*unit] -= of_these;
            let sum = Sum::from(of_these);
            if ages && of_these > 0 {
                *given.ends[*unit].entry(*month).or_default() += sum;
            } else if *spent {
                given.run_off[*unit].0 += sum;
            } else {
                given.run_off[*unit].1 += sum;
            }
        }
        if !ages {
            for (unit, left) in left.into_iter().enumerate() {
                let sum = Sum::from(left);
                // Who is still there at the very end may use them yet; who has left will not.
                if life.stays { given.run_off[unit].0 += sum } else { given.run_off[unit].1 += sum }
            }
        }
    }
}

/// Points that moved.
struct Counted {
    month: usize,
    unit: usize,
    kind: PostingKind,
    amount: i64,
}

/// Where something that was used is counted.
struct Used {
    place: usize,
    /// The points that brought it.
    unit: Option<usize>,
    times: i64,
}

/// What a whole population came to: without any program, and with each.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tally {
    /// Members.
    pub(super) members: u64,
    /// Without.
    pub(super) without: Trade,
    /// With each: what was bought, and what was given.
    pub(super) with: Vec<(Trade, Given)>,
    /// Of each program, each member, in their order; nothing where no cuts are asked for.
    pub(super) hers: Vec<Vec<Hers>>,
}

impl Tally {
    /// Of these programs, over so many months.
    pub(super) fn new(shops: &[Shop<'_>], months: usize) -> Self {
        let with = shops.iter().map(|shop| (Trade::new(months), Given::new(shop, months))).collect();
        Self { members: 0, without: Trade::new(months), with, hers: vec![Vec::new(); shops.len()] }
    }

    /// Adds other members; the cuts are left to who knows their order.
    pub(super) fn add(&mut self, other: &Self) {
        self.members += other.members;
        self.without.add(&other.without);
        for (a, b) in self.with.iter_mut().zip(&other.with) {
            a.0.add(&b.0);
            a.1.add(&b.1);
        }
    }
}
