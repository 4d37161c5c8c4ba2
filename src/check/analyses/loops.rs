//! Free loops: a round of buying, sending, redeeming and returning that leaves the member richer
//! (the promise `no free loop`, which holds by default).

use super::bought::bought;
use super::bound::unit_of;
use super::endless::endless;
use super::fire::fires;
use super::formula::Formula;
use super::meet::{Answer, meet};
use super::refunds::refund;
use super::steps::Steps;
use super::{unfinished, words};
use crate::diag::{Finding, Message, Severity};
use crate::mechanics::basis::Basis;
use crate::mechanics::condition::{Condition, Measure};
use crate::mechanics::give::{What, Whom};
use crate::mechanics::reward::{Price, Reward};
use crate::mechanics::rule::{Rule, Trigger};
use crate::mechanics::{CardId, Name, PointsId, Program};
use crate::text::Span;
use crate::value::exact::Exact;

enum Loop {
    /// Redeeming gives back at least the price.
    Redeem { reward: Name, rule: Name, span: Span, price: String, back: String, bounded: bool },
    /// A full card fills itself, perhaps by way of others.
    Cards { names: Vec<Name>, span: Span, ends: Ends },
    /// A card begins full.
    StartsFull { card: Name, start: u32, full: u32 },
    /// New accounts are worth something, and it can be sent.
    Accounts { rule: Name, span: Span, gives: String, sent: bool },
}

/// What ends a round of full cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Ends {
    /// Nothing.
    Never,
    /// Nothing, where the conditions of its rules hold: the round changes nothing of what they ask about.
    NeverWhere,
    /// Perhaps a condition that asks about what the round changes.
    Perhaps,
    /// A limit on stamps.
    Limit,
}

impl Message for Loop {
    fn code(&self) -> &'static str {
        match self {
            Self::Redeem { .. } | Self::Cards { .. } | Self::Accounts { sent: true, .. } => "free-loop",
            Self::StartsFull { .. } => "card-starts-full",
            Self::Accounts { sent: false, .. } => "reward-before-purchase",
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Self::Redeem { bounded: true, .. } | Self::Cards { ends: Ends::Perhaps | Ends::Limit, .. } => {
                Severity::Warning
            }
            Self::Redeem { .. } | Self::Cards { .. } | Self::StartsFull { .. } => Severity::Error,
            Self::Accounts { .. } => Severity::Warning,
        }
    }

    fn says(&self) -> String {
        match self {
            Self::Redeem { reward, rule, .. } => {
                format!("redeeming `{}` gives back its price: `{}` pays for it", reward.text, rule.text)
            }
            Self::Cards { names, .. } if names.len() == 1 => format!("a full `{}` fills itself again", names[0].text),
            Self::Cards { names, .. } => {
                let names: Vec<String> = names.iter().map(|name| format!("`{}`", name.text)).collect();
                format!("the cards {} fill each other without end", words::list(&names))
            }
            Self::StartsFull { card, start, full } => {
                format!("`{}` starts with {start} stamps and is full at {full}", card.text)
            }
            Self::Accounts { rule, sent: true, .. } => {
                format!("`{}` pays for each new account, and it can be sent on", rule.text)
            }
            Self::Accounts { rule, sent: false, .. } => {
                format!("`{}` pays before the friend has bought anything", rule.text)
            }
        }
    }

    fn place(&self) -> Span {
        match self {
            Self::Redeem { span, .. } | Self::Cards { span, .. } | Self::Accounts { span, .. } => *span,
            Self::StartsFull { card, .. } => card.span,
        }
    }

    fn label(&self) -> String {
        match self {
            Self::Redeem { back, .. } => format!("gives {back}"),
            Self::Cards { .. } => "stamps again".to_owned(),
            Self::StartsFull { .. } => "full from the start".to_owned(),
            Self::Accounts { gives, .. } => format!("gives {gives}"),
        }
    }

    fn related(&self) -> Vec<(Span, String)> {
        match self {
            Self::Redeem { reward, price, .. } => vec![(reward.span, format!("costs {price}"))],
            Self::Cards { .. } | Self::StartsFull { .. } | Self::Accounts { .. } => Vec::new(),
        }
    }

    fn why(&self) -> String {
        match self {
            Self::Redeem { reward, price, back, bounded, .. } => {
                let again = if *bounded {
                    "Limits end it, but until then the reward is free."
                } else {
                    "It can be done again and again."
                };
                format!("Steps: 1. pay {price} for `{}`. 2. get {back} for redeeming. {again}", reward.text)
            }
            Self::Cards { ends, .. } => match ends {
                Ends::Never => "One full card would give its gift without end.",
                Ends::NeverWhere => {
                    "Where the rule fires, one full card would give its gift without end: nothing that its conditions ask \
                     about changes on the way."
                }
                Ends::Perhaps => "Only what its conditions ask about may end it.",
                Ends::Limit => "Only the limit on stamps ends it.",
            }
            .to_owned(),
            Self::StartsFull { .. } => {
                "Every member would have a full card, and the next one, without buying anything.".to_owned()
            }
            Self::Accounts { gives, sent: true, .. } => {
                format!(
                    "Steps: 1. open another account: {gives}. 2. send it to the first account. 3. begin again. Nothing is bought."
                )
            }
            Self::Accounts { gives, sent: false, .. } => {
                format!(
                    "Steps: 1. refer an account of one's own: {gives}. 2. begin again. Nothing is bought, and no limit ends it."
                )
            }
        }
    }

    fn mend(&self) -> String {
        match self {
            Self::Redeem { .. } => "Give less on redeem than the price, or give it for something else.".to_owned(),
            Self::Cards { .. } => "Let a full card give something else than stamps, or fewer than the card takes.".to_owned(),
            Self::StartsFull { full, .. } => format!("Write `start` with fewer than {full} stamps."),
            Self::Accounts { sent: true, .. } => {
                "Give it on the first purchase (`on purchase`, `when first purchase`), or as another unit that cannot be sent.".to_owned()
            }
            Self::Accounts { sent: false, .. } => {
                "Write `on first purchase of friend`, or a limit such as `limit 5 times per member per calendar year`.".to_owned()
            }
        }
    }
}

/// What is found in a program.
pub fn check(program: &Program) -> Vec<Finding> {
    let mut found = Vec::new();
    let steps = Steps::of(program);
    program.rewards.iter().for_each(|reward| redeem(program, reward, &steps, &mut found));
    cards(program, &steps, &mut found);
    program.rules.iter().for_each(|rule| accounts(program, rule, &mut found));
    let mut findings: Vec<Finding> = found.into_iter().map(Finding::from).collect();
    for unit in (0..program.points.len()).map(PointsId) {
        findings.extend(bought(program, unit).map(Finding::from));
        findings.extend(refund(program, unit, &steps).map(Finding::from));
        findings.extend(endless(program, unit, &steps).map(Finding::from));
    }
    findings.extend(unfinished(program, &steps, "whether there is a free loop"));
    findings
}

/// What a redemption gives back of one unit, at most one line of each rule counted once.
fn back(program: &Program, rule: &Rule, unit: PointsId) -> Exact {
    let lines = rule.gives.iter().filter(|give| give.to == Whom::Member && unit_of(program, &give.what) == Some(unit));
    lines
        .map(|give| match &give.what {
            What::Fixed { number, .. } => number.clone(),
            What::Rate { number, per, basis: Basis::One, .. } => number.checked_div(per).unwrap_or_default(),
            What::Rate { .. }
            | What::Back { .. }
            | What::PercentOf { .. }
            | What::Scale { .. }
            | What::Step { .. }
            | What::Gift(..)
            | What::Coupon(..)
            | What::Stamps(..)
            | What::Entries(..)
            | What::Level { .. } => Exact::zero(),
        })
        .sum()
}

fn redeem(program: &Program, reward: &Reward, steps: &Steps, found: &mut Vec<Loop>) {
    for price in reward.prices.iter().filter(|price| price.number.is_positive()) {
        for rule in program.rules.iter().filter(|rule| rule.on.contains(&Trigger::Redeem)) {
            let back = back(program, rule, price.unit);
            if back < price.number || !money_back(program, price, &back) {
                continue;
            }
            let conditions = price.when.iter().chain(&reward.when).map(|when| Formula::of(program, when, true));
            let all = Formula::All(std::iter::once(fires(program, rule)).chain(conditions).collect());
            if !matches!(meet(program, &all, steps), Answer::Yes(_)) {
                continue;
            }
            let points = &program.points[price.unit.0];
            let bounded = !rule.limits.is_empty()
                || rule.budget.is_some()
                || !points.caps.is_empty()
                || !reward.limits.is_empty()
                || reward.stock.is_some();
            found.push(Loop::Redeem {
                reward: reward.name.clone(),
                rule: rule.name.clone(),
                span: rule.give_span,
                price: words::points(program, price.unit, &price.number),
                back: words::points(program, price.unit, &back),
                bounded,
            });
            return;
        }
    }
}

/// Whether the points gained are worth the money that the price takes besides.
fn money_back(program: &Program, price: &Price, back: &Exact) -> bool {
    match (&price.money, &program.points[price.unit.0].worth) {
        (None, _) => true,
        (Some(money), Some(worth)) => (back - &price.number) * worth >= *money,
        (Some(_), None) => false,
    }
}

fn cards(program: &Program, steps: &Steps, found: &mut Vec<Loop>) {
    for card in program.cards.iter().filter(|card| card.start >= card.full) {
        found.push(Loop::StartsFull { card: card.name.clone(), start: card.start, full: card.full });
    }
    let every = (0..program.cards.len()).map(|at| stamps(program, CardId(at)));
    let mut walk = Walk { program, steps, stamps: every.collect(), told: Vec::new(), found };
    for first in 0..program.cards.len() {
        let mut path = vec![CardId(first)];
        walk.round(&mut path, (&Exact::one(), Ends::Never), Span::default());
    }
}

/// Stamps that a card gives when it is full.
struct Stamps {
    to: CardId,
    number: u32,
    span: Span,
    /// What ends a round that goes this way.
    ends: Ends,
}

/// Stamps that a full card gives, by itself and by rules without a limit.
fn stamps(program: &Program, card: CardId) -> Vec<Stamps> {
    let own = program.cards[card.0].gives.iter().map(|give| (give, Ends::Never));
    let fires = |rule: &&Rule| rule.on.contains(&Trigger::Full(card)) && rule.limits.is_empty();
    let by_rules = program.rules.iter().filter(fires).flat_map(|rule| {
        let asks = rule.when.iter().chain(&rule.except);
        let ends = asks.map(|condition| if changes(condition) { Ends::Perhaps } else { Ends::NeverWhere }).max();
        rule.gives.iter().map(move |give| (give, ends.unwrap_or(Ends::Never)))
    });
    let stamps = own.chain(by_rules).filter_map(|(give, ends)| {
        let What::Stamps(to, number) = &give.what else { return None };
        Some(Stamps { to: *to, number: *number, span: give.span, ends })
    });
    stamps.collect()
}

/// Whether a condition asks about something that full cards can change: what a member holds and has got.
fn changes(condition: &Condition) -> bool {
    let mut found = false;
    condition.each_test(&mut |test| {
        found |= match &test.measure {
            Measure::Level(_)
            | Measure::Stamps(_)
            | Measure::InSegment(_)
            | Measure::HasGift(_)
            | Measure::HasReward(_)
            | Measure::HasCoupon(_)
            | Measure::Balance(_) => true,
            Measure::Aggregate { basis, .. } => matches!(basis, Basis::Points(_)),
            Measure::Amount
            | Measure::TotalOf(_)
            | Measure::Items
            | Measure::ItemsOf(_)
            | Measure::Category
            | Measure::Sku
            | Measure::Brand
            | Measure::Price
            | Measure::Quantity
            | Measure::ReducedPrice
            | Measure::Store
            | Measure::Channel
            | Measure::Time
            | Measure::Weekday
            | Measure::Date
            | Measure::DayOfMonth
            | Measure::Month
            | Measure::FirstPurchase
            | Measure::Column(_)
            | Measure::MemberColumn(_)
            | Measure::BirthdayWithin(_)
            | Measure::MemberFor(_)
            | Measure::HasMembership(_)
            | Measure::Habit(_)
            | Measure::DaysSinceLastPurchase
            | Measure::Consecutive(_) => false,
        };
    });
    found
}

/// The ways from card to card.
struct Walk<'w> {
    program: &'w Program,
    steps: &'w Steps,
    /// The stamps that each card gives when it is full.
    stamps: Vec<Vec<Stamps>>,
    /// Circles already told.
    told: Vec<Vec<CardId>>,
    found: &'w mut Vec<Loop>,
}

impl Walk<'_> {
    /// Goes on from the last card of the path; a way back to the first that loses nothing is a loop.
    fn round(&mut self, path: &mut Vec<CardId>, (share, ends): (&Exact, Ends), span: Span) {
        const LONGEST: usize = 6;
        let last = path[path.len() - 1];
        for at in 0..self.stamps[last.0].len() {
            if !self.steps.pay(1) {
                return;
            }
            let Stamps { to, number, span: place, ends: here } = self.stamps[last.0][at];
            let ends = ends.max(here);
            let card = &self.program.cards[to.0];
            let room = card.full.saturating_sub(card.start).max(1);
            let share = share * &Exact::ratio(i64::from(number), i64::from(room));
            let span = if path.len() == 1 { place } else { span };
            if to == path[0] {
                self.back(path, (&share, ends), span);
            } else if !path.contains(&to) && path.len() < LONGEST {
                path.push(to);
                self.round(path, (&share, ends), span);
                path.pop();
            }
        }
    }

    /// A way back to the first card.
    fn back(&mut self, path: &[CardId], (share, ends): (&Exact, Ends), span: Span) {
        let mut members = path.to_vec();
        members.sort();
        if *share < Exact::one() || self.told.contains(&members) {
            return;
        }
        self.told.push(members);
        let cards = path.iter().map(|id| &self.program.cards[id.0]);
        self.found.push(Loop::Cards {
            names: cards.clone().map(|card| card.name.clone()).collect(),
            span,
            ends: if cards.clone().any(|card| !card.limits.is_empty()) { Ends::Limit } else { ends },
        });
    }
}

fn accounts(program: &Program, rule: &Rule, found: &mut Vec<Loop>) {
    for give in &rule.gives {
        let What::Fixed { unit, number, .. } = &give.what else { continue };
        let points = &program.points[unit.0];
        let joins = rule.on.contains(&Trigger::Join) && !points.transfer.is_empty();
        let refers = rule.on.contains(&Trigger::Referral)
            && give.to != Whom::Friend
            && rule.limits.is_empty()
            && rule.budget.is_none()
            && points.caps.is_empty();
        if number.is_positive() && (joins || refers) {
            let gives = words::points(program, *unit, number);
            found.push(Loop::Accounts { rule: rule.name.clone(), span: give.span, gives, sent: joins });
            return;
        }
    }
}
