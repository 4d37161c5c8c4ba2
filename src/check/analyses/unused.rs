//! Blocks that nothing uses, and units that nothing gives (section 7). Warnings: they do no harm,
//! but a block that was meant to do something does not.

use super::bound::gives;
use super::uses::Uses;
use crate::diag::{Finding, Message, Severity};
use crate::mechanics::{
    ActivityId, BudgetId, CalendarId, CardId, CouponId, GiftId, ListId, MembershipId, Name, PilotId, PointsId, Program,
    SegmentId, StackId, TiersId,
};
use crate::text::Span;

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
            Self::NothingEarns { unit, .. } => {
                format!("Write an `earn` that gives `{unit}`, or price it in another unit.")
            }
            Self::Card { name, stamped: false } => {
                format!("Write `stamp 1 per purchase` in it, or `give 1 stamp on {}` in a rule.", name.text)
            }
            Self::Card { stamped: true, .. } => "Write `give gift …` in it.".to_owned(),
        }
    }
}

/// What is found in a program.
pub fn check(program: &Program) -> Vec<Finding> {
    let uses = Uses::of(program);
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
    for (at, coupon) in program.coupons.iter().enumerate() {
        let mend = format!("Write `give coupon {}` in the rule or card that is to give it.", coupon.name.text);
        block(uses.coupons.contains(&CouponId(at)), "coupon", &coupon.name, "No member ever gets it.", mend);
    }
    for (at, stack) in program.stacks.iter().enumerate() {
        let mend = format!("Write `group {}` in the bonuses that are to share it.", stack.name.text);
        block(uses.stacks.contains(&StackId(at)), "stack", &stack.name, "Its `take` and caps hold for no bonus.", mend);
    }
    for (at, segment) in program.segments.iter().enumerate() {
        let mend = format!(
            "Write `when in segment {}` where it is to count; `loyal segment` shows it either way.",
            segment.name.text
        );
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
    for (at, pilot) in program.pilots.iter().enumerate() {
        let mend = format!("Write `pilot {}` in the rules that are tried in it.", pilot.name.text);
        block(uses.pilots.contains(&PilotId(at)), "pilot", &pilot.name, "Nothing is tried in it.", mend);
    }
    for (at, activity) in program.activities.iter().enumerate() {
        let summed = activity.fields.iter().any(|field| uses.fields.contains(&field.name.text));
        let used = uses.any_activity || summed || uses.activities.contains(&ActivityId(at));
        let mend = format!("Write an `earn` with `on activity {}`, or take it out.", activity.name.text);
        block(used, "activity", &activity.name, "What members do there gives nothing.", mend);
    }
    for (at, tiers) in program.tiers.iter().enumerate() {
        let used = uses.tiers.contains(&TiersId(at)) || tiers.levels.iter().any(|level| !level.benefits.is_empty());
        let mend =
            format!("Name a level in a `when` (`when {} in […]`), or write `benefit \"…\"` lines.", tiers.name.text);
        block(used, "tiers block", &tiers.name, "Members rise in it and gain nothing by it.", mend);
    }
    for (at, membership) in program.memberships.iter().enumerate() {
        let gives = !membership.levels.is_empty() || !membership.gifts.is_empty() || !membership.discounts.is_empty();
        let used = gives || uses.memberships.contains(&MembershipId(at));
        let mend = format!(
            "Write `gives …` in it, or `when has membership {}` in what its members get.",
            membership.name.text
        );
        block(used, "membership", &membership.name, "Members pay for it and get nothing.", mend);
    }
    cards(program, &uses, &mut found);
    units(program, &uses, &mut found);
    found.into_iter().map(Finding::from).collect()
}

fn cards(program: &Program, uses: &Uses, found: &mut Vec<Unused>) {
    for (at, card) in program.cards.iter().enumerate() {
        let id = CardId(at);
        let stamped = !card.stamps.is_empty() || uses.stamped.contains(&id);
        if !stamped || (card.gives.is_empty() && !uses.full.contains(&id)) {
            found.push(Unused::Card { name: card.name.clone(), stamped });
        }
    }
}

/// Rewards whose every price is in a unit that nothing gives.
fn units(program: &Program, uses: &Uses, found: &mut Vec<Unused>) {
    for (at, points) in program.points.iter().enumerate() {
        let unit = PointsId(at);
        let given = program.rules.iter().any(|rule| gives(program, rule, unit)) || uses.units.contains(&unit);
        let priced = program.rewards.iter().filter(|reward| {
            reward.prices.iter().all(|price| price.unit == unit && price.number.is_positive())
                && !reward.prices.is_empty()
        });
        if !given {
            let unit = points.name.text.clone();
            found.extend(priced.map(|reward| Unused::NothingEarns { reward: reward.name.clone(), unit: unit.clone() }));
        }
    }
}
