//! What a program's blocks name, so that what nothing names can be told.

use crate::mechanics::basis::{Basis, Pick, Streak, StreakAct};
use crate::mechanics::challenge::Done;
use crate::mechanics::condition::{Condition, How, Measure, Test};
use crate::mechanics::give::{Give, What};
use crate::mechanics::points::{Expiry, Pending, Renewal};
use crate::mechanics::promise::Promised;
use crate::mechanics::rule::Trigger;
use crate::mechanics::{
    ActivityId, BudgetId, CalendarId, CardId, CouponId, GiftId, ListId, MembershipId, PilotId, PointsId, Program,
    SegmentId, StackId, TiersId,
};
use std::collections::BTreeSet;

/// What a program names.
#[derive(Default)]
pub struct Uses {
    /// Gifts given, or among those to choose from.
    pub gifts: BTreeSet<GiftId>,
    /// Coupons given.
    pub coupons: BTreeSet<CouponId>,
    /// Stacks of bonuses.
    pub stacks: BTreeSet<StackId>,
    /// Segments asked about.
    pub segments: BTreeSet<SegmentId>,
    /// Lists asked about.
    pub lists: BTreeSet<ListId>,
    /// Calendars that a rule looks at.
    pub calendars: BTreeSet<CalendarId>,
    /// Budgets drawn on.
    pub budgets: BTreeSet<BudgetId>,
    /// Activities that something counts.
    pub activities: BTreeSet<ActivityId>,
    /// Whether something counts any activity.
    pub any_activity: bool,
    /// Fields summed of whatever activity has them.
    pub fields: BTreeSet<String>,
    /// Tiers whose levels something asks about.
    pub tiers: BTreeSet<TiersId>,
    /// Cards that rules stamp.
    pub stamped: BTreeSet<CardId>,
    /// Cards whose being full is an event.
    pub full: BTreeSet<CardId>,
    /// Memberships that conditions ask about.
    pub memberships: BTreeSet<MembershipId>,
    /// Units given.
    pub units: BTreeSet<PointsId>,
    /// Pilots that rules run in.
    pub pilots: BTreeSet<PilotId>,
}

impl Uses {
    /// Reads a program.
    pub fn of(program: &Program) -> Self {
        let mut uses = Self::default();
        uses.program(program);
        uses
    }

    fn program(&mut self, program: &Program) {
        for rule in &program.rules {
            rule.when.iter().chain(&rule.except).for_each(|condition| self.condition(condition));
            rule.on.iter().for_each(|on| self.trigger(on));
            rule.gives.iter().for_each(|give| self.give(give));
            self.calendars.extend(&rule.except_in);
            self.stacks.extend(rule.group);
            self.budgets.extend(rule.budget);
            self.pilots.extend(rule.pilot);
        }
        for challenge in &program.challenges {
            challenge.when.iter().for_each(|when| self.condition(when));
            for step in &challenge.steps {
                match &step.what {
                    Done::Basis(basis) => self.basis(basis),
                    Done::Streak(Streak { with: StreakAct::Activity(activity), .. }) => self.activity(*activity),
                    Done::Streak(Streak { with: StreakAct::Purchase | StreakAct::Visit, .. }) => {}
                }
            }
        }
        for draw in &program.draws {
            draw.when.iter().for_each(|when| self.condition(when));
            self.gifts.extend(draw.prizes.iter().map(|prize| prize.gift));
            for entry in &draw.entries {
                self.pick(&entry.pick);
                if let crate::mechanics::card::StampPer::Amount(_, basis) = &entry.per {
                    self.basis(basis);
                }
            }
        }
        program.partners.iter().for_each(|partner| self.condition(&partner.when));
        program.payouts.iter().flat_map(|payout| &payout.when).for_each(|when| self.condition(when));
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
        for discount in &program.discounts {
            discount.when.iter().chain(&discount.items).for_each(|condition| self.condition(condition));
            discount.scale.iter().for_each(|scale| self.basis(&scale.basis));
            self.stacks.extend(discount.group);
        }
        for coupon in &program.coupons {
            coupon.when.iter().chain(&coupon.items).for_each(|condition| self.condition(condition));
        }
        for membership in &program.memberships {
            self.gifts.extend(membership.gifts.iter().map(|(gift, _)| *gift));
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
                Promised::NobodyBelowEarnsMore(tiers, _) => {
                    self.tiers.insert(*tiers);
                }
                Promised::Return { .. }
                | Promised::MonthlyCost(_)
                | Promised::NoFreeLoop
                | Promised::NoSmallerEarnsMore
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
            | Trigger::EveryMembershipYear
            | Trigger::EveryLength { .. }
            | Trigger::NoPurchaseIn(_)
            | Trigger::Completed(_)
            | Trigger::PaidOut(_) => {}
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
            What::Coupon(coupon, _) => {
                self.coupons.insert(*coupon);
            }
            What::Entries(..) => {}
            What::Stamps(card, _) => {
                self.stamped.insert(*card);
            }
            What::Level { tiers, .. } => {
                self.tiers.insert(*tiers);
            }
        }
    }

    fn pick(&mut self, pick: &Pick) {
        pick.each_test(&mut |test| self.test(test));
    }

    fn condition(&mut self, condition: &Condition) {
        condition.each_test(&mut |test| self.test(test));
    }

    fn basis(&mut self, basis: &Basis) {
        self.measured(basis);
        basis.each_test(&mut |test| self.test(test));
    }

    /// The activity or field that a basis itself measures.
    fn measured(&mut self, basis: &Basis) {
        match basis {
            Basis::Activity(activity) => self.activity(*activity),
            Basis::Field { activity: Some(activity), .. } => self.activity(Some(*activity)),
            Basis::Field { activity: None, field } => {
                self.fields.insert(field.clone());
            }
            Basis::Total(_)
            | Basis::Items(_)
            | Basis::Purchases(_)
            | Basis::Visits(_)
            | Basis::Distinct(..)
            | Basis::Points(_)
            | Basis::One => {}
        }
    }

    fn test(&mut self, test: &Test) {
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

    fn measure(&mut self, measure: &Measure) {
        match measure {
            Measure::Level(tiers) => {
                self.tiers.insert(*tiers);
            }
            Measure::InSegment(segment) => {
                self.segments.insert(*segment);
            }
            Measure::HasMembership(membership) => {
                self.memberships.insert(*membership);
            }
            Measure::Aggregate { basis, .. } => self.measured(basis),
            Measure::Consecutive(Streak { with: StreakAct::Activity(activity), .. }) => self.activity(*activity),
            Measure::Consecutive(Streak { with: StreakAct::Purchase | StreakAct::Visit, .. })
            | Measure::Amount
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
            | Measure::Stamps(_)
            | Measure::MemberColumn(_)
            | Measure::HasGift(_)
            | Measure::HasReward(_)
            | Measure::HasCoupon(_)
            | Measure::BirthdayWithin(_)
            | Measure::MemberFor(_)
            | Measure::Balance(_)
            | Measure::DaysSinceLastPurchase
            | Measure::Habit(_) => {}
        }
    }
}
