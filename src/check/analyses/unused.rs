//! Blocks that nothing uses, and units that nothing gives (section 7). Warnings: they do no harm,
//! but a block that was meant to do something does not.

use super::bound::gives;
use crate::diag::{Finding, Message, Severity};
use crate::mechanics::basis::{Basis, Pick, Streak, StreakAct};
use crate::mechanics::condition::{Condition, How, Measure};
use crate::mechanics::give::{Give, What};
use crate::mechanics::points::{Expiry, Pending, Renewal};
use crate::mechanics::promise::Promised;
use crate::mechanics::rule::Trigger;
use crate::mechanics::{
    ActivityId, BudgetId, CalendarId, CardId, GiftId, ListId, Name, PointsId, Program, SegmentId, StackId, TiersId,
};
use crate::text::Span;
use std::collections::BTreeSet;

enum Unused {
    /// A block that nothing names.
    Block { kind: &'static str, name: Name, why: &'static str, mend: String },
    /// A reward whose unit nothing gives.
    NothingEarns { reward: Name, unit: String },
    /// A card that nothing stamps, or that gives nothing.
    Card { name: Name, stamped: bool },
}

impl Message for Unused {
    fn code(&self) -> &'static str {
        match self {
            Self::Block { .. } => "never-used",
            Self::NothingEarns { .. } => "reward-out-of-reach",
            Self::Card { stamped: false, .. } => "card-never-stamped",
            Self::Card { stamped: true, .. } => "card-gives-nothing",
        }
    }

    fn severity(&self) -> Severity {
        Severity::Warning
    }

    fn says(&self) -> String {
        match self {
            Self::Block { kind, name, .. } => format!("the {kind} `{}` is never used", name.text),
            Self::NothingEarns { reward, unit } => {
                format!("nobody can have `{}`: its price is in `{unit}`, and nothing gives any", reward.text)
            }
            Self::Card { name, stamped: false } => format!("nothing stamps the card `{}`", name.text),
            Self::Card { name, stamped: true } => format!("the card `{}` gives nothing when it is full", name.text),
        }
    }

    fn place(&self) -> Span {
        match self {
            Self::Block { name, .. } | Self::Card { name, .. } | Self::NothingEarns { reward: name, .. } => name.span,
        }
    }

    fn label(&self) -> String {
        match self {
            Self::Block { .. } => "never used".to_owned(),
            Self::NothingEarns { .. } => "out of reach".to_owned(),
            Self::Card { stamped: false, .. } => "never stamped".to_owned(),
            Self::Card { stamped: true, .. } => "gives nothing".to_owned(),
        }
    }

    fn why(&self) -> String {
        match self {
            Self::Block { why, .. } => (*why).to_owned(),
            Self::NothingEarns { .. } => "A reward that members see and never reach disappoints them.".to_owned(),
            Self::Card { stamped: false, .. } => "Members would hold a card that never fills.".to_owned(),
            Self::Card { stamped: true, .. } => "Members would fill it for nothing.".to_owned(),
        }
    }

    fn mend(&self) -> String {
        match self {
            Self::Block { mend, .. } => mend.clone(),
            Self::NothingEarns { unit, .. } => format!("Write an `earn` that gives `{unit}`, or price it in another unit."),
            Self::Card { name, stamped: false } => {
                format!("Write `stamp 1 per purchase` in it, or `give 1 stamp on {}` in a rule.", name.text)
            }
            Self::Card { stamped: true, .. } => "Write `give gift …` in it.".to_owned(),
        }
    }
}

/// What is found in a program.
pub fn check(program: &Program) -> Vec<Finding> {
    let mut uses = Uses::default();
    uses.program(program);
    let mut found = Vec::new();
    let mut block = |used: bool, kind: &'static str, name: &Name, why: &'static str, mend: String| {
        if !used {
            found.push(Unused::Block { kind, name: name.clone(), why, mend });
        }
    };
    for (at, gift) in program.gifts.iter().enumerate() {
        let mend = format!("Write `give gift {}` in the rule or card that is to give it.", gift.name.text);
        block(uses.gifts.contains(&GiftId(at)), "gift", &gift.name, "No member ever gets it.", mend);
    }
    for (at, stack) in program.stacks.iter().enumerate() {
        let mend = format!("Write `group {}` in the bonuses that are to share it.", stack.name.text);
        block(uses.stacks.contains(&StackId(at)), "stack", &stack.name, "Its `take` and caps hold for no bonus.", mend);
    }
    for (at, segment) in program.segments.iter().enumerate() {
        let mend = format!("Write `when in segment {}` where it is to count, or take it out.", segment.name.text);
        block(uses.segments.contains(&SegmentId(at)), "segment", &segment.name, "Nothing asks who is in it.", mend);
    }
    for (at, list) in program.lists.iter().enumerate() {
        let mend = format!("Write `sku in {}` where it is to count, or take it out.", list.name.text);
        block(uses.lists.contains(&ListId(at)), "list", &list.name, "Nothing asks what is in it.", mend);
    }
    for (at, calendar) in program.calendars.iter().enumerate() {
        let mend = format!("Write `date in {0}` or `except in {0}` where it is to count.", calendar.name.text);
        block(uses.calendars.contains(&CalendarId(at)), "calendar", &calendar.name, "No rule looks at its days.", mend);
    }
    for (at, budget) in program.budgets.iter().enumerate() {
        let mend = format!("Write `budget {}` in the rules that draw on it.", budget.name.text);
        block(uses.budgets.contains(&BudgetId(at)), "budget", &budget.name, "It holds nothing back.", mend);
    }
    for (at, activity) in program.activities.iter().enumerate() {
        let used = uses.any_activity || uses.activities.contains(&ActivityId(at));
        let mend = format!("Write an `earn` with `on activity {}`, or take it out.", activity.name.text);
        block(used, "activity", &activity.name, "What members do there gives nothing.", mend);
    }
    for (at, tiers) in program.tiers.iter().enumerate() {
        let used = uses.tiers.contains(&TiersId(at)) || tiers.levels.iter().any(|level| !level.benefits.is_empty());
        let mend = format!("Name a level in a `when` (`when {} in […]`), or write `benefit \"…\"` lines.", tiers.name.text);
        block(used, "tiers block", &tiers.name, "Members rise in it and gain nothing by it.", mend);
    }
    for (at, card) in program.cards.iter().enumerate() {
        let id = CardId(at);
        let stamped = !card.stamps.is_empty() || uses.stamped.contains(&id);
        if !stamped || (card.gives.is_empty() && !uses.full.contains(&id)) {
            found.push(Unused::Card { name: card.name.clone(), stamped });
        }
    }
    for (at, points) in program.points.iter().enumerate() {
        let unit = PointsId(at);
        let given = program.rules.iter().any(|rule| gives(program, rule, unit)) || uses.units.contains(&unit);
        let priced = program.rewards.iter().filter(|reward| {
            reward.prices.iter().all(|price| price.unit == unit && price.number.is_positive()) && !reward.prices.is_empty()
        });
        if !given {
            let unit = points.name.text.clone();
            found.extend(priced.map(|reward| Unused::NothingEarns { reward: reward.name.clone(), unit: unit.clone() }));
        }
    }
    found.into_iter().map(Finding::from).collect()
}

/// What a program names.
#[derive(Default)]
struct Uses {
    gifts: BTreeSet<GiftId>,
    stacks: BTreeSet<StackId>,
    segments: BTreeSet<SegmentId>,
    lists: BTreeSet<ListId>,
    calendars: BTreeSet<CalendarId>,
    budgets: BTreeSet<BudgetId>,
    activities: BTreeSet<ActivityId>,
    any_activity: bool,
    tiers: BTreeSet<TiersId>,
    stamped: BTreeSet<CardId>,
    full: BTreeSet<CardId>,
    units: BTreeSet<PointsId>,
}

impl Uses {
    fn program(&mut self, program: &Program) {
        for rule in &program.rules {
            rule.when.iter().chain(&rule.except).for_each(|condition| self.condition(condition));
            rule.on.iter().for_each(|on| self.trigger(on));
            rule.gives.iter().for_each(|give| self.give(give));
            self.calendars.extend(&rule.except_in);
            self.stacks.extend(rule.group);
            self.budgets.extend(rule.budget);
        }
        for card in &program.cards {
            card.gives.iter().for_each(|give| self.give(give));
            for stamp in &card.stamps {
                self.pick(&stamp.pick);
                if let crate::mechanics::card::StampPer::Amount(_, basis) = &stamp.per {
                    self.basis(basis);
                }
            }
        }
        for gift in &program.gifts {
            gift.when.iter().chain(&gift.item).for_each(|condition| self.condition(condition));
            self.gifts.extend(&gift.choose);
        }
        for reward in &program.rewards {
            let prices = reward.prices.iter().filter_map(|price| price.when.as_ref());
            reward.when.iter().chain(prices).for_each(|condition| self.condition(condition));
        }
        for tiers in &program.tiers {
            tiers.measures.iter().for_each(|measure| self.basis(&measure.basis));
        }
        program.segments.iter().for_each(|segment| self.condition(&segment.when));
        program.activities.iter().flat_map(|activity| &activity.accept).for_each(|accept| self.condition(accept));
        program.points.iter().for_each(|points| self.points(points));
        for promise in &program.promises {
            match &promise.what {
                Promised::RewardsReachable(_, segment) => self.segments.extend(segment),
                Promised::Monotone(tiers, _) => {
                    self.tiers.insert(*tiers);
                }
                Promised::Return { .. }
                | Promised::MonthlyCost(_)
                | Promised::NoFreeLoop
                | Promised::LevelsReachable => {}
            }
        }
    }

    fn points(&mut self, points: &crate::mechanics::points::Points) {
        if let Pending::Until(activity) = points.pending {
            self.activities.insert(activity);
        }
        if let Expiry::Sliding { without, .. } = &points.expiry {
            for renewal in without {
                match renewal {
                    Renewal::Any => self.any_activity = true,
                    Renewal::Activity(activity) => self.activity(*activity),
                    Renewal::Purchase | Renewal::Redeem | Renewal::Visit => {}
                }
            }
        }
    }

    fn activity(&mut self, activity: Option<ActivityId>) {
        match activity {
            Some(activity) => {
                self.activities.insert(activity);
            }
            None => self.any_activity = true,
        }
    }

    fn trigger(&mut self, on: &Trigger) {
        match on {
            Trigger::Activity(activity) => self.activity(*activity),
            Trigger::LevelUp(tiers) => {
                self.tiers.insert(*tiers);
            }
            Trigger::Full(card) => {
                self.full.insert(*card);
            }
            Trigger::Purchase
            | Trigger::FirstPurchaseOfFriend
            | Trigger::Visit
            | Trigger::Referral
            | Trigger::Join
            | Trigger::Birthday(_)
            | Trigger::Anniversary(_)
            | Trigger::Redeem
            | Trigger::Every { .. }
            | Trigger::NoPurchaseIn(_) => {}
        }
    }

    fn give(&mut self, give: &Give) {
        match &give.what {
            What::Rate { or, basis, unit, .. } | What::Back { or, basis, unit, .. } => {
                or.iter().for_each(|(when, _)| self.condition(when));
                self.basis(basis);
                self.units.insert(*unit);
            }
            What::Fixed { or, unit, .. } => {
                or.iter().for_each(|(when, _)| self.condition(when));
                self.units.insert(*unit);
            }
            What::PercentOf { lines, .. } => self.pick(lines),
            What::Scale { basis, unit, .. } | What::Step { basis, unit, .. } => {
                self.basis(basis);
                self.units.insert(*unit);
            }
            What::Gift(gift, _) => {
                self.gifts.insert(*gift);
            }
            What::Stamps(card, _) => {
                self.stamped.insert(*card);
            }
            What::Level { tiers, .. } => {
                self.tiers.insert(*tiers);
            }
        }
    }

    fn pick(&mut self, pick: &Pick) {
        pick.with.iter().chain(&pick.without).for_each(|condition| self.condition(condition));
    }

    fn basis(&mut self, basis: &Basis) {
        match basis {
            Basis::Total(total) => self.pick(&total.pick),
            Basis::Items(pick) | Basis::Purchases(pick) | Basis::Visits(pick) | Basis::Distinct(_, pick) => self.pick(pick),
            Basis::Activity(activity) => self.activity(*activity),
            Basis::Field { activity: Some(activity), .. } => self.activity(Some(*activity)),
            Basis::Field { activity: None, .. } | Basis::Points(_) | Basis::One => {}
        }
    }

    fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| self.condition(part)),
            Condition::Not(part) | Condition::EveryLine(part) => self.condition(part),
            Condition::Test(test) => {
                match &test.how {
                    How::InList(list) | How::NotInList(list) => {
                        self.lists.insert(*list);
                    }
                    How::InCalendar(calendar) | How::NotInCalendar(calendar) => {
                        self.calendars.insert(*calendar);
                    }
                    How::Is(_)
                    | How::IsNot(_)
                    | How::AtLeast(_)
                    | How::AtMost(_)
                    | How::MoreThan(_)
                    | How::LessThan(_)
                    | How::Between(..)
                    | How::In(_)
                    | How::NotIn(_)
                    | How::Exists
                    | How::Holds => {}
                }
                self.measure(&test.measure);
            }
        }
    }

    fn measure(&mut self, measure: &Measure) {
        match measure {
            Measure::TotalOf(part) | Measure::ItemsOf(part) => self.condition(part),
            Measure::Level(tiers) => {
                self.tiers.insert(*tiers);
            }
            Measure::InSegment(segment) => {
                self.segments.insert(*segment);
            }
            Measure::Aggregate { basis, .. } => self.basis(basis),
            Measure::Consecutive(Streak { with: StreakAct::Activity(activity), .. }) => self.activity(*activity),
            Measure::Consecutive(Streak { with: StreakAct::Purchase | StreakAct::Visit, .. })
            | Measure::Amount
            | Measure::Items
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
            | Measure::Stamps(_)
            | Measure::MemberColumn(_)
            | Measure::HasGift(_)
            | Measure::HasReward(_)
            | Measure::BirthdayWithin(_)
            | Measure::MemberFor(_)
            | Measure::Balance(_)
            | Measure::DaysSinceLastPurchase => {}
        }
    }
}
