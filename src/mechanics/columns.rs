//! The columns of a user's files that a program asks about, with the line that asks.

use super::Program;
use super::basis::{Basis, Distinct, Pick};
use super::card::StampPer;
use super::challenge::Done;
use super::condition::{Column, Condition, Measure, Test};
use super::give::{Give, What};
use super::habit::Habit;
use crate::text::Span;

/// A column that something asks about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Its name.
    pub name: String,
    /// Of which file.
    pub of: Of,
    /// What asks.
    pub span: Span,
    /// What its cells must be, for what asks to mean anything.
    pub holds: Holds,
}

/// What the cells of a column must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Anything: texts are compared as they stand.
    Anything,
    /// Days.
    Days,
    /// Numbers.
    Numbers,
}

/// The file a column belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// The events, or the items beside them.
    Events,
    /// The members.
    Members,
}

/// All columns that a program asks about, in the order of its blocks; a column may come several times.
pub fn asked(program: &Program) -> Vec<Asked> {
    let mut walk = Walk::default();
    for points in &program.points {
        let separate = points.separate_by.iter();
        walk.found.extend(separate.map(|name| Asked {
            name: name.clone(),
            of: Of::Events,
            span: points.span,
            holds: Holds::Anything,
        }));
    }
    if let Some(household) = &program.household {
        walk.add(super::household::COLUMN, Of::Members, household.span);
    }
    for rule in &program.rules {
        rule.when.iter().chain(&rule.except).for_each(|condition| walk.condition(condition));
        rule.gives.iter().for_each(|give| walk.give(give, rule.give_span));
    }
    for challenge in &program.challenges {
        challenge.when.iter().for_each(|when| walk.condition(when));
        for step in &challenge.steps {
            match &step.what {
                Done::Basis(basis) => walk.basis(basis, step.span),
                Done::Streak(_) => {}
            }
        }
    }
    for draw in &program.draws {
        draw.when.iter().for_each(|when| walk.condition(when));
        for entry in &draw.entries {
            walk.pick(&entry.pick);
            match &entry.per {
                StampPer::Amount(_, basis) => walk.basis(basis, entry.span),
                StampPer::Item | StampPer::Visit | StampPer::Purchase => {}
            }
        }
    }
    program.payouts.iter().flat_map(|payout| &payout.when).for_each(|when| walk.condition(when));
    for card in &program.cards {
        card.gives.iter().for_each(|give| walk.give(give, card.span));
        for stamp in &card.stamps {
            walk.pick(&stamp.pick);
            match &stamp.per {
                StampPer::Amount(_, basis) => walk.basis(basis, stamp.span),
                StampPer::Item | StampPer::Visit | StampPer::Purchase => {}
            }
        }
    }
    for gift in &program.gifts {
        gift.when.iter().chain(&gift.item).for_each(|condition| walk.condition(condition));
    }
    for discount in &program.discounts {
        discount.when.iter().chain(&discount.items).for_each(|condition| walk.condition(condition));
        discount.scale.iter().for_each(|scale| walk.basis(&scale.basis, scale.span));
    }
    for coupon in &program.coupons {
        coupon.when.iter().chain(&coupon.items).for_each(|condition| walk.condition(condition));
    }
    for reward in &program.rewards {
        let prices = reward.prices.iter().filter_map(|price| price.when.as_ref());
        reward.when.iter().chain(prices).for_each(|condition| walk.condition(condition));
    }
    for measure in program.tiers.iter().flat_map(|tiers| &tiers.measures) {
        walk.basis(&measure.basis, measure.span);
    }
    program.segments.iter().for_each(|segment| walk.condition(&segment.when));
    program.activities.iter().flat_map(|activity| &activity.accept).for_each(|accept| walk.condition(accept));
    walk.found
}

#[derive(Default)]
struct Walk {
    found: Vec<Asked>,
}

impl Walk {
    fn add(&mut self, name: &str, of: Of, span: Span) {
        self.found.push(Asked { name: name.to_owned(), of, span, holds: Holds::Anything });
    }

    fn give(&mut self, give: &Give, span: Span) {
        match &give.what {
            What::Rate { or, basis, .. } | What::Back { or, basis, .. } => {
                or.iter().for_each(|(when, _)| self.condition(when));
                self.basis(basis, span);
            }
            What::Fixed { or, .. } => or.iter().for_each(|(when, _)| self.condition(when)),
            What::PercentOf { lines, .. } => self.pick(lines),
            What::Scale { basis, .. } | What::Step { basis, .. } => self.basis(basis, span),
            What::Gift(..) | What::Coupon(..) | What::Stamps(..) | What::Entries(..) | What::Level { .. } => {}
        }
    }

    fn pick(&mut self, pick: &Pick) {
        pick.each_test(&mut |test| self.test(test));
    }

    fn condition(&mut self, condition: &Condition) {
        condition.each_test(&mut |test| self.test(test));
    }

    fn basis(&mut self, basis: &Basis, span: Span) {
        self.measured(basis, span);
        basis.each_test(&mut |test| self.test(test));
    }

    fn test(&mut self, test: &Test) {
        match test.measure.column() {
            Some(Column::Either(name)) => self.add(name, Of::Events, test.span),
            Some(Column::Member(name)) => {
                let days = matches!(test.measure, Measure::Habit(Habit::DateWithin(..)));
                let holds = if days { Holds::Days } else { Holds::Anything };
                self.found.push(Asked { name: name.to_owned(), of: Of::Members, span: test.span, holds });
            }
            Some(Column::Line(_) | Column::Event(_)) | None => {}
        }
        if matches!(test.measure, Measure::Habit(Habit::Margin(_))) {
            let name = super::habit::COST.to_owned();
            self.found.push(Asked { name, of: Of::Events, span: test.span, holds: Holds::Numbers });
        }
        if let Some(basis) = test.measure.basis() {
            self.measured(basis, test.span);
        }
    }

    /// The column that a basis itself measures.
    fn measured(&mut self, basis: &Basis, span: Span) {
        match basis {
            Basis::Distinct(Distinct::Column(name), _) => self.add(name, Of::Events, span),
            Basis::Field { field, .. } => self.add(field, Of::Events, span),
            Basis::Distinct(
                Distinct::Stores
                | Distinct::Categories
                | Distinct::Days
                | Distinct::Brands
                | Distinct::Skus
                | Distinct::Channels,
                _,
            )
            | Basis::Total(_)
            | Basis::Items(_)
            | Basis::Purchases(_)
            | Basis::Visits(_)
            | Basis::Activity(_)
            | Basis::Points(_)
            | Basis::One => {}
        }
    }
}
