//! One member into sums: what she spent, what she was given and what that cost.

use super::giver::{Giver, Use, Values};
use super::sums::{OfMonth, Part, Person, Row, Sums};
use crate::engine::hers::Hers;
use crate::engine::measures::days_bought;
use crate::engine::outcome::{Entry, GiftLife, Happened, How, MemberView, MoneyOff, NO_LEVEL, Posting, PostingKind};
use crate::engine::parts::Played;
use crate::ledger::{Kind, MemberRow};
use crate::mechanics::example::Held;
use crate::mechanics::off::DiscountOf;
use crate::mechanics::{PointsId, RewardId, RuleId, TiersId};
use crate::value::clock::Date;
use crate::value::exact::Exact;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// What is the same for all members.
#[derive(Debug)]
pub struct Frame<'p> {
    /// What things cost and are worth.
    pub values: Values<'p>,
    /// The days of the moments at which states are told, in order; the last is the end.
    pub days: Vec<Date>,
    /// The place of the moment with which the levels of the end are compared.
    pub before: Option<usize>,
    /// The day of the first event of the history.
    pub first: Option<Date>,
}

impl Frame<'_> {
    fn last(&self) -> Date {
        self.days.last().copied().unwrap_or(Date::MIN)
    }
}

/// Adds a member, or what nobody put a name to.
pub fn add(frame: &Frame<'_>, sums: &mut Sums, hers: &Hers<'_>, (played, row): (&Played, Option<&MemberRow>)) {
    let mut one = One {
        frame,
        hers,
        sums,
        person: Person::default(),
        stores: BTreeSet::new(),
        reward: None,
        had: FxHashMap::default(),
    };
    one.deeds();
    one.entries();
    one.states(played);
    if !hers.id.is_empty() {
        one.joined(row);
    }
    let ids: BTreeSet<&str> = played.rejected.iter().map(|(event, _, _)| event.as_str()).collect();
    one.sums.rejected += ids.len() as u64;
    one.done();
}

/// One member on her way into the sums.
struct One<'a, 'p> {
    frame: &'a Frame<'p>,
    hers: &'a Hers<'a>,
    sums: &'a mut Sums,
    person: Person,
    /// Stores at which she bought.
    stores: BTreeSet<Option<&'a str>>,
    /// The day of her first reward.
    reward: Option<Date>,
    /// Of each event and unit, what it gave by each rule.
    had: FxHashMap<(&'a str, PointsId), BTreeMap<RuleId, Exact>>,
}

/// What the same event tells of points and rewards.
#[derive(Default)]
struct Redeemed<'a> {
    rewards: FxHashMap<&'a str, RewardId>,
    units: FxHashMap<&'a str, PointsId>,
}

impl<'a> Redeemed<'a> {
    fn of(hers: &Hers<'a>) -> Self {
        let mut redeemed = Self::default();
        for (_, entry) in hers.entries {
            let Some(event) = entry.event.as_deref() else { continue };
            if let Happened::Gift { held: Held::Reward(reward), .. } = &entry.what {
                redeemed.rewards.insert(event, *reward);
            }
            let spent = entry.what.posting().filter(|posting| posting.kind == PostingKind::Spent);
            if let Some(posting) = spent.filter(|posting| rule_of(posting).is_none()) {
                redeemed.units.insert(event, posting.unit);
            }
        }
        redeemed
    }
}

/// The rule that a posting came of: of what was spent, a payout's.
fn rule_of(posting: &Posting) -> Option<RuleId> {
    posting.parts.iter().find_map(|part| part.rule)
}

impl<'a> One<'a, '_> {
    /// What she bought and brought back.
    fn deeds(&mut self) {
        for deed in self.hers.deeds.iter().copied().filter(|deed| deed.taken) {
            if deed.of.kind != Kind::Purchase {
                continue;
            }
            self.person.spend += &deed.money;
            self.month(deed.event.day).sales += &deed.money;
            let store = store_of(deed.of.store.as_deref());
            self.store(store).sales += &deed.money;
            self.stores.insert(store);
        }
        if !self.hers.id.is_empty() {
            let months: BTreeSet<Date> = days_bought(self.hers).into_iter().map(Date::first_of_month).collect();
            months.into_iter().for_each(|month| self.sums.months.entry(month).or_default().active += 1);
        }
    }

    fn month(&mut self, day: Date) -> &mut OfMonth {
        self.sums.months.entry(day.first_of_month()).or_default()
    }

    fn store(&mut self, store: Option<&str>) -> &mut Part {
        self.sums.stores.entry(store.map(str::to_owned)).or_default()
    }

    fn rule(&mut self, giver: Giver, unit: Option<PointsId>) -> &mut Row {
        self.sums.rules.entry((giver, unit)).or_default()
    }

    fn used(&mut self, of: Use, unit: Option<PointsId>) -> &mut Row {
        self.sums.uses.entry((of, unit)).or_default()
    }

    /// What happened to her, in money.
    fn entries(&mut self) {
        let redeemed = Redeemed::of(self.hers);
        // Of each event that earned, the last day of what it brought.
        let mut lots: FxHashMap<(&str, PointsId), Date> = FxHashMap::default();
        let hers = self.hers;
        for (_, entry) in hers.entries {
            match &entry.what {
                Happened::Posted(posting) => match posting.kind {
                    PostingKind::Earned
                    | PostingKind::Bought
                    | PostingKind::Adjusted
                    | PostingKind::Clawed
                    | PostingKind::WrittenOff => {
                        self.came(entry, posting);
                        self.lot(entry, posting, &mut lots);
                    }
                    PostingKind::Spent => self.spent(entry, posting, &redeemed),
                    PostingKind::Expired => {
                        let gone = -&posting.amount;
                        let worth = self.frame.values.of_points(posting.unit, &gone);
                        self.month(entry.day).expired += worth;
                        self.sums.units[posting.unit.0].expired += gone;
                    }
                    PostingKind::Received | PostingKind::Sent => {}
                },
                Happened::Gift { held, life, rule, .. } => self.gift(entry, (*held, *life, *rule), &redeemed),
                Happened::Discount(off) => self.off(entry, off),
                Happened::Rejected { .. }
                | Happened::Stamped { .. }
                | Happened::Level { .. }
                | Happened::Challenge { .. }
                | Happened::Limited { .. }
                | Happened::Entries { .. }
                | Happened::Drawn { .. }
                | Happened::Won { .. }
                | Happened::Membership { .. }
                | Happened::Offer { .. }
                | Happened::NewTerms(_)
                | Happened::Nothing(_) => {}
            }
        }
    }

    /// Points came, or went back.
    fn came(&mut self, entry: &'a Entry, posting: &'a Posting) {
        let (values, unit) = (&self.frame.values, posting.unit);
        self.sums.units[unit.0].given += &posting.amount;
        self.month(entry.day).given += values.of_points(unit, &posting.amount);
        let shares = self.shares(entry, posting);
        let (mut rest, mut worth) = (posting.amount.clone(), Exact::zero());
        for (rule, points) in shares {
            rest -= &points;
            let brings = if values.is_paid(rule) { Exact::zero() } else { values.of_points(unit, &points) };
            worth += &brings;
            self.brought((Giver::Rule(rule), unit), posting.kind, points, brings);
        }
        if !rest.is_zero() {
            // Who buys points is given nothing.
            let bought = posting.kind == PostingKind::Bought;
            let brings = if bought { Exact::zero() } else { values.of_points(unit, &rest) };
            worth += &brings;
            self.brought((Giver::Points(unit), unit), posting.kind, rest, brings);
        }
        self.gives(entry, &worth, &Exact::zero());
    }

    fn brought(&mut self, (giver, unit): (Giver, PointsId), kind: PostingKind, points: Exact, worth: Exact) {
        // What a return changes, or what could not be taken back, is no gift more.
        let gift = matches!(kind, PostingKind::Earned | PostingKind::Bought | PostingKind::Adjusted);
        let times = i64::from(gift && points.is_positive());
        self.rule(giver, Some(unit)).join(&Row { times, points, cost: Exact::zero(), worth });
    }

    /// What of a posting is each rule's. Of a clawback: by how much less each gives now, where the posting says it; else
    /// each rule's of what it had given.
    fn shares(&mut self, entry: &'a Entry, posting: &'a Posting) -> BTreeMap<RuleId, Exact> {
        let mut shares: BTreeMap<RuleId, Exact> = BTreeMap::new();
        for part in &posting.parts {
            if let Some(rule) = part.rule {
                *shares.entry(rule).or_default() += &part.posted;
            }
        }
        let source = self.source(entry);
        let had = self.had.entry((source, posting.unit)).or_default();
        if posting.kind == PostingKind::Clawed && shares.is_empty() {
            for part in posting.parts.iter().flat_map(|part| match &part.how {
                How::Revalued { now, .. } => now.as_slice(),
                How::Rate { .. }
                | How::Back { .. }
                | How::PercentOf { .. }
                | How::Fixed
                | How::Scale(_)
                | How::Step(_) => &[],
            }) {
                if let Some(rule) = part.rule {
                    *shares.entry(rule).or_default() += &part.posted;
                }
            }
            had.iter().for_each(|(rule, points)| *shares.entry(*rule).or_default() -= points);
            if shares.values().sum::<Exact>() != posting.amount {
                let all: Exact = had.values().sum();
                let of = |points: &Exact| (&posting.amount * points).checked_div(&all);
                shares = had.iter().filter_map(|(rule, points)| Some((*rule, of(points)?))).collect();
            }
        }
        shares.iter().for_each(|(rule, points)| *had.entry(*rule).or_default() += points);
        shares
    }

    /// The event that points are counted under: of a return its purchase.
    fn source(&self, entry: &'a Entry) -> &'a str {
        self.hers.deed_of(entry).map_or(entry.event.as_deref().unwrap_or(""), |deed| deed.of.id.as_str())
    }

    /// Points that came in a lot that ends, or were taken back from it.
    fn lot(&mut self, entry: &'a Entry, posting: &Posting, lots: &mut FxHashMap<(&'a str, PointsId), Date>) {
        let source = self.source(entry);
        let (points, last_day) = match (posting.kind, &posting.taken, posting.last_day) {
            (PostingKind::Clawed, Some(taken), _) => {
                let Some(last_day) = lots.get(&(source, posting.unit)) else { return };
                (-&taken.own, *last_day)
            }
            (PostingKind::Earned | PostingKind::Bought | PostingKind::Adjusted, _, Some(last_day))
                if posting.amount.is_positive() =>
            {
                lots.insert((source, posting.unit), last_day);
                (&posting.amount - &posting.paid_debt, last_day)
            }
            _ => return,
        };
        let days = &self.frame.days;
        let (from, upto) = (days.partition_point(|day| *day < entry.day), days.partition_point(|day| *day <= last_day));
        let unit = &mut self.sums.units[posting.unit.0];
        unit.running.iter_mut().take(upto).skip(from).for_each(|sum| *sum += &points);
        if last_day < self.frame.last() {
            unit.ended += points;
        }
    }

    /// Points were spent, or came back from it.
    fn spent(&mut self, entry: &Entry, posting: &Posting, redeemed: &Redeemed<'_>) {
        let (values, unit) = (&self.frame.values, posting.unit);
        let points = -&posting.amount;
        let times = i64::from(points.is_positive());
        self.sums.units[unit.0].spent += &points;
        self.month(entry.day).spent += values.of_points(unit, &points);
        if let Some(rule) = rule_of(posting) {
            self.used(Use::Payout(rule), Some(unit)).join(&Row { times, points, ..Row::default() });
            return;
        }
        let reward = entry.event.as_deref().and_then(|event| redeemed.rewards.get(event));
        if let Some(reward) = reward {
            // How often, and its cost, are told with the reward itself.
            self.used(Use::Reward(*reward), Some(unit)).points += points;
            return;
        }
        let at_till = self.hers.deed_of(entry).is_some_and(|deed| deed.of.kind == Kind::Purchase);
        let pays = values.pays(unit).filter(|_| at_till);
        let paid = pays.map(|each| each * &points).unwrap_or_default();
        if at_till && points.is_positive() {
            self.rewarded_on(entry.day);
        }
        self.sums.units[unit.0].cost += &paid;
        let worth = paid.clone();
        self.used(Use::Till(unit), Some(unit)).join(&Row { times, points, cost: paid.clone(), worth });
        self.gives(entry, &Exact::zero(), &paid);
    }

    /// A gift, reward or coupon came to life or ended.
    fn gift(&mut self, entry: &Entry, (held, life, rule): (Held, GiftLife, Option<RuleId>), redeemed: &Redeemed<'_>) {
        let times = match life {
            GiftLife::Issued | GiftLife::Taken => 1,
            GiftLife::Expired | GiftLife::Revoked => -1,
            GiftLife::Used | GiftLife::OutOfStock | GiftLife::HeldAgain | GiftLife::Chosen => return,
        };
        let values = &self.frame.values;
        let number = Exact::from_int(times);
        let (cost, worth) = (values.cost(held) * &number, values.worth(held) * &number);
        if times > 0 && values.lacks_cost(held) {
            self.sums.without_cost.insert(held);
        }
        if times > 0 && !matches!(held, Held::Coupon(_)) {
            self.rewarded_on(entry.day);
        }
        let spent = entry.event.as_deref().and_then(|event| redeemed.units.get(event)).copied();
        let giver = match (rule, held) {
            (Some(rule), _) => Giver::Rule(rule),
            (None, Held::Reward(reward)) => match spent.or_else(|| self.priced_in(reward, entry)) {
                Some(unit) => {
                    return self.redeemed(entry, (reward, unit), Row { times, cost, worth, ..Row::default() });
                }
                None => Giver::Reward(reward),
            },
            (None, Held::Gift(gift)) => Giver::Gift(gift),
            (None, Held::Coupon(coupon)) => Giver::Off(DiscountOf::Coupon(coupon)),
        };
        let paid = rule.is_some_and(|rule| values.is_paid(rule));
        let worth = if paid { Exact::zero() } else { worth };
        // How often a coupon gives is told by the purchases that use it.
        if !matches!(giver, Giver::Off(_)) {
            // The choice was given once; what was taken out of it only tells what that cost.
            let given = if life == GiftLife::Taken { 0 } else { times.max(0) };
            let row = Row { times: given, points: Exact::zero(), cost: cost.clone(), worth: worth.clone() };
            self.rule(giver, None).join(&row);
        }
        self.gives(entry, &worth, &cost);
    }

    /// The points of a reward that ends by itself: those of its price.
    fn priced_in(&self, reward: RewardId, entry: &Entry) -> Option<PointsId> {
        let first = self.frame.values.program.rewards[reward.0].prices.first().map(|price| price.unit);
        first.filter(|_| entry.event.is_none())
    }

    /// A reward for points, or one that ended.
    fn redeemed(&mut self, entry: &Entry, (reward, unit): (RewardId, PointsId), row: Row) {
        self.used(Use::Reward(reward), Some(unit)).join(&row);
        let has_worth = self.frame.values.has_worth(unit);
        let of_unit = &mut self.sums.units[unit.0];
        of_unit.cost += &row.cost;
        // Points that have a worth were counted when they were given.
        let given = if has_worth { Exact::zero() } else { row.worth };
        of_unit.worth += &given;
        self.gives(entry, &given, &row.cost);
    }

    /// Money was taken off a purchase, or less of it.
    fn off(&mut self, entry: &Entry, off: &MoneyOff) {
        let change = off.change();
        if change.is_positive() {
            self.rewarded_on(entry.day);
        }
        let worth = if self.frame.values.is_paid_off(off.of) { Exact::zero() } else { change.clone() };
        let row = Row { times: off.times(), points: Exact::zero(), cost: change.clone(), worth: worth.clone() };
        self.rule(Giver::Off(off.of), None).join(&row);
        self.gives(entry, &worth, &change);
    }

    fn rewarded_on(&mut self, day: Date) {
        self.reward = Some(self.reward.map_or(day, |first| first.min(day)));
    }

    /// What an entry gave, where and when it did.
    fn gives(&mut self, entry: &Entry, worth: &Exact, cost: &Exact) {
        if worth.is_zero() && cost.is_zero() {
            return;
        }
        self.person.given += worth;
        self.person.cost += cost;
        self.month(entry.day).cost += cost;
        let store = self.hers.deed_of(entry).and_then(|deed| store_of(deed.of.store.as_deref()));
        let part = self.store(store);
        part.given += worth;
        part.cost += cost;
    }

    /// How she stands at each moment.
    fn states(&mut self, played: &Played) {
        for (moment, view) in played.views.iter().enumerate() {
            for ((unit, _), points) in view.iter().flat_map(|view| &view.points) {
                let outstanding = &points.balance + &points.pending;
                self.sums.units[unit.0].outstanding[moment] += outstanding;
            }
        }
        let Some(view) = self.hers.view else { return };
        for ((unit, _), points) in &view.points {
            for lot in &points.lots {
                *self.sums.units[unit.0].ends.entry(lot.last_day.map(Date::first_of_month)).or_default() += &lot.left;
            }
        }
        for membership in view.memberships.values() {
            self.sums.fees += &membership.charged - &membership.returned;
        }
        self.person.member = !view.left;
        let tiers = self.frame.values.program.tiers.len();
        self.person.levels = (0..tiers).map(|tiers| level(Some(view), tiers)).collect();
        if let Some(before) = self.frame.before {
            let then = played.views.get(before).and_then(Option::as_ref);
            for (tiers, to) in self.person.levels.iter().enumerate() {
                let from = level(then, tiers);
                if from.is_some() || to.is_some() {
                    *self.sums.moved.entry((TiersId(tiers), from, *to)).or_default() += 1;
                }
            }
        }
        self.sums.members += u64::from(self.person.member);
        self.sums.rewarded += u64::from(self.person.member && self.reward.is_some());
    }

    /// When she joined, for how long she waited: of those who joined before the history begins nobody knows.
    fn joined(&mut self, row: Option<&MemberRow>) {
        let began = self.hers.deeds.iter().filter(|deed| deed.taken).map(|deed| deed.event.day).min();
        let Some(joined) = row.and_then(|row| row.joined).or(began) else { return };
        let last = self.frame.last();
        if self.frame.first.is_some_and(|first| first <= joined) && joined <= last {
            self.sums.waits.add(joined, self.reward, last);
        }
    }

    fn done(mut self) {
        let Person { spend, given, cost, .. } = &self.person;
        if self.hers.id.is_empty() {
            self.sums.nobody.join(&Part { members: 0, sales: spend.clone(), given: given.clone(), cost: cost.clone() });
            return;
        }
        for store in std::mem::take(&mut self.stores) {
            self.store(store).members += 1;
        }
        if self.hers.view.is_some() || !self.hers.deeds.is_empty() {
            self.sums.people.insert(self.hers.id.to_owned(), self.person);
        }
    }
}

fn store_of(store: Option<&str>) -> Option<&str> {
    store.filter(|store| !store.is_empty())
}

/// Her level in a tiers block; none where she is no member, or it has no level for her.
fn level(view: Option<&MemberView>, tiers: usize) -> Option<usize> {
    let level = view.filter(|view| !view.left)?.levels.get(tiers)?.0;
    (level != NO_LEVEL).then_some(level)
}
