//! The named measures that objectives ask for, each a fold over members: counts and money over counts and money,
//! never a float. Their formulas and where they come from stand in `docs/numbers.md`.

use super::hers::{Hers, last_whole_day};
use super::outcome::{AsOf, GiftLife, PointsView, PostingKind};
use super::reference::habits::{days_between, median};
use crate::ledger::Kind;
use crate::mechanics::example::Held;
use crate::mechanics::objective::{Figured, Indicator, Objective};
use crate::mechanics::points::Pay;
use crate::mechanics::{PointsId, Program};
use crate::value::clock::{Date, Length};
use crate::value::exact::Exact;
use crate::value::sum::Sum;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What measures have come to at one moment.
#[derive(Debug, Clone)]
pub struct Measured {
    day: Date,
    whole: Date,
    /// The day of the first event that was taken in.
    first: Option<Date>,
    objectives: Arc<[Objective]>,
    /// For each of them: what is counted, and of how much.
    sums: Vec<(Sum, Sum)>,
}

/// What one objective has come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Came {
    /// What is counted.
    pub above: Exact,
    /// Of how much; none where the figure is no part of anything.
    pub below: Option<Exact>,
    /// The figure, 35 for 35%; none: not yet known.
    pub figure: Option<Exact>,
    /// Whether it is what was wanted; none: not yet known.
    pub met: Option<bool>,
}

impl Measured {
    /// Nothing yet of the objectives of a program, as of a moment.
    pub fn new(program: &Program, as_of: &AsOf) -> Self {
        Self::of(program, Arc::from(program.settings.objectives.as_slice()), as_of)
    }

    /// Nothing yet of these measures, as of a moment.
    pub fn of(program: &Program, objectives: Arc<[Objective]>, as_of: &AsOf) -> Self {
        let (day, money) = (as_of.when.day(&program.settings.clock), program.settings.minor_units);
        let sums = objectives.iter().map(|_| (Sum::new(money), Sum::new(money))).collect();
        Self { day, whole: last_whole_day(as_of, day), first: None, objectives, sums }
    }

    /// Adds a member.
    pub fn member(&mut self, program: &Program, hers: &Hers<'_>) {
        if self.objectives.is_empty() {
            return;
        }
        let first = hers.deeds.iter().filter(|deed| deed.taken).map(|deed| deed.event.day).min();
        self.first = self.first.into_iter().chain(first).min();
        let habits = Habits::of(hers);
        for (objective, (above, below)) in self.objectives.iter().zip(&mut self.sums) {
            let one = One { program, hers, habits: &habits, objective, span: span(objective, self.day) };
            let (more, of) = one.adds(self.whole);
            above.add(&more);
            below.add(&of);
        }
    }

    /// Adds other members at the same moment.
    pub fn join(&mut self, other: &Measured) {
        self.first = self.first.into_iter().chain(other.first).min();
        for ((above, below), (more, of)) in self.sums.iter_mut().zip(&other.sums) {
            above.join(more);
            below.join(of);
        }
    }

    /// What each has come to, in their order.
    pub fn came(&self) -> Vec<(&Objective, Came)> {
        let objectives = self.objectives.iter().zip(&self.sums);
        objectives.map(|(objective, sums)| (objective, self.came_of(objective, sums))).collect()
    }

    fn came_of(&self, objective: &Objective, (above, below): &(Sum, Sum)) -> Came {
        let above = above.exact();
        let below = is_part(objective.indicator).then(|| below.exact());
        let old_enough = begins(objective, self.day).is_none_or(|begins| self.first.is_some_and(|day| day <= begins));
        let share = match &below {
            Some(below) => above.checked_div(below),
            None => Some(above.clone()),
        };
        let hundred = match objective.indicator.figured() {
            Figured::Percent => Exact::from_int(100),
            Figured::Money | Figured::Count(_) | Figured::Mean(_) => Exact::one(),
        };
        let figure = share.filter(|_| old_enough).map(|share| share * hundred);
        let met = figure.as_ref().map(|figure| match objective.at_least {
            true => *figure >= objective.figure,
            false => *figure <= objective.figure,
        });
        Came { above, below, figure, met }
    }
}

/// First and last day that a measure looks at; none: everything so far.
fn span(objective: &Objective, day: Date) -> Option<(Date, Date)> {
    objective.within.map(|length| (first_of(length, day), day))
}

/// The first of the last days, today among them.
fn first_of(length: Length, day: Date) -> Date {
    length.before(day).and_then(|before| before.tomorrow().ok()).unwrap_or(Date::MIN)
}

/// The stretch of days before the last one.
fn stretch_before(length: Length, day: Date) -> (Date, Date) {
    let last = first_of(length, day).yesterday().unwrap_or(Date::MIN);
    (first_of(length, last), last)
}

/// The day by which the history must have begun for the measure to be known.
fn begins(objective: &Objective, day: Date) -> Option<Date> {
    let length = objective.within?;
    match objective.indicator {
        // Of each member by herself, from her own first purchase.
        Indicator::RepeatRate => None,
        Indicator::RetentionRate | Indicator::ChurnRate => Some(stretch_before(length, day).0),
        Indicator::Members
        | Indicator::Buyers
        | Indicator::Purchases
        | Indicator::Visits
        | Indicator::Sales
        | Indicator::AverageBasket
        | Indicator::PurchaseFrequency
        | Indicator::ActiveRate
        | Indicator::RedemptionRate
        | Indicator::Breakage
        | Indicator::ShareOfPurchases
        | Indicator::ShareOfSales
        | Indicator::ReducedShare
        | Indicator::BargainHunters
        | Indicator::WonBack
        | Indicator::WinBackRate
        | Indicator::CostOfRewards
        | Indicator::RewardCostRate
        | Indicator::Liability => Some(first_of(length, day)),
    }
}

/// Whether a measure is a part of something.
fn is_part(indicator: Indicator) -> bool {
    match indicator {
        Indicator::Members
        | Indicator::Buyers
        | Indicator::Purchases
        | Indicator::Visits
        | Indicator::Sales
        | Indicator::WonBack
        | Indicator::CostOfRewards
        | Indicator::Liability => false,
        Indicator::AverageBasket
        | Indicator::PurchaseFrequency
        | Indicator::RepeatRate
        | Indicator::ActiveRate
        | Indicator::RetentionRate
        | Indicator::ChurnRate
        | Indicator::RedemptionRate
        | Indicator::Breakage
        | Indicator::ShareOfPurchases
        | Indicator::ShareOfSales
        | Indicator::ReducedShare
        | Indicator::BargainHunters
        | Indicator::WinBackRate
        | Indicator::RewardCostRate => true,
    }
}

/// The days of her purchases that stand, in order; a day for each.
pub fn days_bought(hers: &Hers<'_>) -> Vec<Date> {
    Habits::of(hers).days().collect()
}

/// What a member bought and did.
struct Habits<'a> {
    /// Each of her purchases by day, those that came back whole too: their money may not have.
    bought: Vec<Bought>,
    /// Days on which she bought, came, did something or redeemed.
    acts: BTreeSet<Date>,
    /// Days and stores.
    visits: BTreeSet<(Date, Option<&'a str>)>,
}

/// One purchase, less what came back.
#[derive(Debug, Clone)]
struct Bought {
    day: Date,
    money: Exact,
    reduced: Exact,
    receipts: i64,
}

impl<'a> Habits<'a> {
    fn of(hers: &Hers<'a>) -> Self {
        let mut all: BTreeMap<&str, Bought> = BTreeMap::new();
        let (mut acts, mut visits) = (BTreeSet::new(), BTreeSet::new());
        let mut stores: BTreeMap<&str, Option<&str>> = BTreeMap::new();
        for deed in hers.deeds.iter().filter(|deed| deed.taken) {
            match deed.event.kind {
                Kind::Purchase | Kind::Return if deed.of.kind == Kind::Purchase => {
                    let empty =
                        || Bought { day: deed.of.day, money: Exact::zero(), reduced: Exact::zero(), receipts: 0 };
                    let bought = all.entry(&deed.of.id).or_insert_with(empty);
                    bought.money += &deed.money;
                    bought.reduced += &deed.reduced;
                    bought.receipts += deed.receipts;
                    stores.insert(&deed.of.id, deed.of.store.as_deref());
                }
                Kind::Visit => {
                    acts.insert(deed.event.day);
                    visits.insert((deed.event.day, deed.event.store.as_deref()));
                }
                Kind::Activity | Kind::Redeem => drop(acts.insert(deed.event.day)),
                Kind::Purchase
                | Kind::Return
                | Kind::Join
                | Kind::Leave
                | Kind::Merge
                | Kind::Referral
                | Kind::Subscribe
                | Kind::Cancel
                | Kind::Transfer
                | Kind::Grant
                | Kind::Revoke
                | Kind::Adjust
                | Kind::Draw => {}
            }
        }
        for (id, bought) in all.iter().filter(|(_, bought)| bought.receipts > 0) {
            acts.insert(bought.day);
            visits.insert((bought.day, stores.get(id).copied().flatten()));
        }
        let mut bought: Vec<Bought> = all.into_values().collect();
        bought.sort_by_key(|bought| bought.day);
        Self { bought, acts, visits }
    }

    /// The days of her purchases that stand, in order; one of several purchases stands there as often.
    fn days(&self) -> impl Iterator<Item = Date> {
        self.bought.iter().filter(|bought| bought.receipts > 0).map(|bought| bought.day)
    }

    /// Whether she bought in a stretch of days.
    fn bought_in(&self, span: Option<(Date, Date)>) -> bool {
        self.days().any(|day| holds(span, day))
    }

    fn count_in(&self, span: Option<(Date, Date)>) -> usize {
        self.days().filter(|day| holds(span, *day)).count()
    }

    fn sum_in(&self, span: Option<(Date, Date)>, of: impl Fn(&Bought) -> &Exact) -> Exact {
        self.bought.iter().filter(|bought| holds(span, bought.day)).map(of).sum()
    }

    /// Whether she stood dormant in a stretch of days, and whether she bought again after that in it: silent for more
    /// than twice the median of her gaps before.
    fn dormant_in(&self, (first, last): (Date, Date)) -> (bool, bool) {
        let mut days: Vec<Date> = self.days().filter(|day| *day <= last).collect();
        days.dedup();
        let (mut dormant, mut back) = (false, false);
        for (at, from) in days.iter().enumerate() {
            let next = days.get(at + 1);
            let until = next.copied().unwrap_or(last);
            let gaps = days[..=at].windows(2).map(|two| days_between(two[0], two[1])).collect();
            let Some(gap) = median(gaps) else { continue };
            if until >= first && days_between(*from, until) > gap * Exact::from_int(2) {
                dormant = true;
                back |= next.is_some();
            }
        }
        (dormant, back)
    }
}

fn holds(span: Option<(Date, Date)>, day: Date) -> bool {
    span.is_none_or(|(first, last)| first <= day && day <= last)
}

fn number(count: usize) -> Exact {
    Exact::from_int(i64::try_from(count).unwrap_or(i64::MAX))
}

fn one_if(yes: bool) -> Exact {
    number(usize::from(yes))
}

/// One member under one objective.
struct One<'a> {
    program: &'a Program,
    hers: &'a Hers<'a>,
    habits: &'a Habits<'a>,
    objective: &'a Objective,
    span: Option<(Date, Date)>,
}

impl One<'_> {
    /// What she adds to what is counted, and to what it is a part of. `whole` is the last day that is wholly over.
    fn adds(&self, whole: Date) -> (Exact, Exact) {
        let (habits, span, none) = (self.habits, self.span, Exact::zero());
        let is_named = !self.hers.id.is_empty();
        let is_member = is_named && self.hers.view.is_some_and(|view| !view.left);
        let bought = is_named && habits.bought_in(span);
        let of_members = |figure: Exact| if is_named { figure } else { Exact::zero() };
        let purchases = || number(habits.count_in(span));
        let sales = || habits.sum_in(span, |bought| &bought.money);
        match self.objective.indicator {
            Indicator::Members => (one_if(is_member), none),
            Indicator::Buyers => (one_if(bought), none),
            Indicator::Purchases => (purchases(), none),
            Indicator::Visits => {
                let visits = habits.visits.iter().filter(|(day, _)| holds(span, *day)).count();
                (of_members(number(visits)), none)
            }
            Indicator::Sales => (sales(), none),
            Indicator::AverageBasket => (sales(), purchases()),
            Indicator::PurchaseFrequency => (of_members(purchases()), one_if(bought)),
            Indicator::RepeatRate if is_named => self.repeats(whole),
            Indicator::RepeatRate => (none.clone(), none),
            Indicator::ActiveRate => {
                let acts = habits.acts.iter().any(|day| holds(span, *day));
                (one_if(is_member && acts), one_if(is_member))
            }
            Indicator::RetentionRate | Indicator::ChurnRate => {
                let before = match (self.objective.within, span) {
                    (Some(length), Some((_, day))) => Some(stretch_before(length, day)),
                    (Some(_) | None, _) => None,
                };
                let had = is_named && before.is_some() && habits.bought_in(before);
                let stayed = self.objective.indicator == Indicator::RetentionRate;
                (one_if(had && bought == stayed), one_if(had))
            }
            Indicator::RedemptionRate => {
                let given = self.points(|points| {
                    total(points, PostingKind::Earned) + total(points, PostingKind::Bought)
                        - total(points, PostingKind::Clawed)
                });
                (self.points(|points| total(points, PostingKind::Spent)), given)
            }
            Indicator::Breakage => {
                let ended =
                    |points: &PointsView| total(points, PostingKind::Expired) + total(points, PostingKind::Spent);
                (self.points(|points| total(points, PostingKind::Expired)), self.points(ended))
            }
            Indicator::ShareOfPurchases => (of_members(purchases()), purchases()),
            Indicator::ShareOfSales => (of_members(sales()), sales()),
            Indicator::ReducedShare => (habits.sum_in(span, |bought| &bought.reduced), sales()),
            Indicator::BargainHunters => {
                let reduced = habits.sum_in(span, |bought| &bought.reduced);
                let hunts = bought && sales().is_positive() && reduced * Exact::from_int(2) >= sales();
                (one_if(hunts), one_if(bought))
            }
            Indicator::WonBack | Indicator::WinBackRate => {
                let (dormant, back) = match span.filter(|_| is_named) {
                    Some(span) => habits.dormant_in(span),
                    None => (false, false),
                };
                (one_if(back), one_if(dormant))
            }
            Indicator::CostOfRewards => (cost(self.program, self.hers), none),
            Indicator::RewardCostRate => (cost(self.program, self.hers), sales()),
            Indicator::Liability => (self.liability(), none),
        }
    }

    /// Whether she bought again on a later day, of those who have had the time for it.
    fn repeats(&self, whole: Date) -> (Exact, Exact) {
        let mut days: Vec<Date> = self.habits.days().collect();
        days.dedup();
        let Some(first) = days.first() else { return (Exact::zero(), Exact::zero()) };
        let Some(length) = self.objective.within else {
            return (one_if(days.len() > 1), Exact::one());
        };
        let Some(last) = length.after(*first).filter(|last| *last <= whole) else {
            return (Exact::zero(), Exact::zero());
        };
        (one_if(days.get(1).is_some_and(|second| *second <= last)), Exact::one())
    }

    /// A figure of her points: of the unit that is named, else of the only one, else of all at their worth.
    fn points(&self, of: impl Fn(&PointsView) -> Exact) -> Exact {
        let mut sum = Exact::zero();
        for ((unit, _), points) in self.hers.view.into_iter().flat_map(|view| &view.points) {
            sum += match (self.objective.unit, self.program.points.len()) {
                (Some(wanted), _) if wanted != *unit => continue,
                (Some(_), _) | (None, 1) => of(points),
                (None, _) => of(points) * worth(self.program, *unit),
            };
        }
        sum
    }

    fn liability(&self) -> Exact {
        let mut sum = Exact::zero();
        for ((unit, _), points) in self.hers.view.into_iter().flat_map(|view| &view.points) {
            if self.objective.unit.is_none_or(|wanted| wanted == *unit) {
                sum += (&points.balance + &points.pending) * worth(self.program, *unit);
            }
        }
        sum
    }
}

fn total(points: &PointsView, kind: PostingKind) -> Exact {
    points.totals.get(&kind).cloned().unwrap_or_default()
}

/// What one is worth; nothing where the program does not say, which `check` refuses where it matters.
fn worth(program: &Program, unit: PointsId) -> Exact {
    program.points[unit.0].worth.clone().unwrap_or_default()
}

/// What one of a thing costs the shop; what a coupon takes off is money off.
pub fn costs(program: &Program, held: Held) -> Option<&Exact> {
    match held {
        Held::Gift(gift) => program.gifts[gift.0].costs.as_ref(),
        Held::Reward(reward) => program.rewards[reward.0].costs.as_ref(),
        Held::Coupon(_) => None,
    }
}

/// What her rewards cost: gifts and rewards that stand, at cost; money off; and what points paid at the till.
fn cost(program: &Program, hers: &Hers<'_>) -> Exact {
    let mut sum = Exact::zero();
    for ((held, life), times) in hers.counts.into_iter().flat_map(|counts| &counts.lives) {
        let costs = costs(program, *held);
        let times = Exact::from_scaled(i128::from(*times), 0);
        match (life, costs) {
            (GiftLife::Issued | GiftLife::Taken, Some(costs)) => sum += costs * &times,
            (GiftLife::Expired | GiftLife::Revoked, Some(costs)) => sum -= costs * &times,
            (GiftLife::Used | GiftLife::OutOfStock | GiftLife::HeldAgain | GiftLife::Chosen, Some(_)) | (_, None) => {}
        }
    }
    sum += hers.counts.into_iter().flat_map(|counts| counts.discounts.values()).map(|given| &given.off).sum::<Exact>();
    sum + paid_by_points(program, hers)
}

/// Money that points paid at the till, less what came back.
fn paid_by_points(program: &Program, hers: &Hers<'_>) -> Exact {
    let mut sum = Exact::zero();
    for (_, entry) in hers.entries {
        let Some(posting) = entry.what.posting().filter(|posting| posting.kind == PostingKind::Spent) else { continue };
        // A payout has a rule; points that pay have none.
        let by_payout = posting.parts.iter().any(|part| part.rule.is_some());
        let at_till = hers.deed_of(entry).is_some_and(|deed| deed.of.kind == Kind::Purchase) && !by_payout;
        if let (true, Some(Pay::At { each, .. })) = (at_till, &program.points[posting.unit.0].pay) {
            sum -= &posting.amount * each;
        }
    }
    sum
}

/// Whether the objectives of a program ask for the journal: what points paid is told by it alone.
pub fn needs_journal(program: &Program) -> bool {
    let pays = program.points.iter().any(|points| matches!(points.pay, Some(Pay::At { .. })));
    pays && program.settings.objectives.iter().any(|objective| objective.indicator.needs_cost())
}
