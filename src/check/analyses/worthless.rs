//! Points without a worth, where something must turn them into money (section 7).

use super::bound::gives;
use super::worth::is_of_purchase;
use crate::diag::{Finding, Message};
use crate::mechanics::give::What;
use crate::mechanics::objective::{Indicator, Objective};
use crate::mechanics::promise::Promised;
use crate::mechanics::{Name, PointsId, Program};
use crate::text::Span;

/// A unit without `worth`, and what needs one.
struct Worthless {
    unit: Name,
    needs: String,
    at: Span,
    money: String,
}

impl Message for Worthless {
    fn code(&self) -> &'static str {
        "points-without-worth"
    }

    fn says(&self) -> String {
        format!("`{}` has no worth, and {} needs one", self.unit.text, self.needs)
    }

    fn place(&self) -> Span {
        self.unit.span
    }

    fn label(&self) -> String {
        "no worth".to_owned()
    }

    fn related(&self) -> Vec<(Span, String)> {
        vec![(self.at, "needs it here".to_owned())]
    }

    fn why(&self) -> String {
        "Points and money are different things: only `worth` says what one of them is to a member in money.".to_owned()
    }

    fn mend(&self) -> String {
        format!("Write `worth 0.05 {} each` in `points {}`, with what one is worth.", self.money, self.unit.text)
    }
}

/// What is found in a program: each unit once, with the first thing that needs its worth.
pub fn check(program: &Program) -> Vec<Finding> {
    let without = program.points.iter().enumerate().filter(|(_, points)| points.worth.is_none());
    without
        .filter_map(|(at, points)| {
            let (needs, at) = need(program, PointsId(at))?;
            Some(Worthless { unit: points.name.clone(), needs, at, money: program.settings.money.clone() }.into())
        })
        .collect()
}

fn need(program: &Program, unit: PointsId) -> Option<(String, Span)> {
    for rule in &program.rules {
        for give in &rule.gives {
            if let What::Back { unit: of, .. } = &give.what
                && *of == unit
            {
                return Some((format!("the share that `{}` gives back", rule.name.text), give.span));
            }
        }
    }
    let measured = program.settings.objectives.iter().find(|objective| needs_worth(program, objective, unit));
    if let Some(objective) = measured {
        return Some((format!("the objective `{}`", objective.word), objective.span));
    }
    let promise = program.promises.iter().find(|promise| matches!(promise.what, Promised::Return { .. }));
    if let Some(promise) = promise
        && program.rules.iter().any(|rule| is_of_purchase(rule) && gives(program, rule, unit))
    {
        return Some(("the promise of a return on purchase".to_owned(), promise.span));
    }
    for rule in program.rules.iter().filter(|rule| gives(program, rule, unit)) {
        if let Some(budget) = rule.budget.map(|id| &program.budgets[id.0]) {
            return Some((format!("the budget `{}`", budget.name.text), budget.name.span));
        }
        if let Some(stack) = rule.group.map(|id| &program.stacks[id.0])
            && let Some((_, span)) = &stack.cap_percent
        {
            return Some((format!("the cap in percent of the stack `{}`", stack.name.text), *span));
        }
    }
    None
}

/// Whether an objective turns these points into money: what is owed on them, or a rate over points of several kinds.
fn needs_worth(program: &Program, objective: &Objective, unit: PointsId) -> bool {
    let of_it = objective.unit.is_none_or(|of| of == unit);
    match objective.indicator {
        Indicator::Liability => of_it,
        Indicator::RedemptionRate | Indicator::Breakage => objective.unit.is_none() && program.points.len() > 1,
        Indicator::Members
        | Indicator::Buyers
        | Indicator::Purchases
        | Indicator::Visits
        | Indicator::Sales
        | Indicator::AverageBasket
        | Indicator::PurchaseFrequency
        | Indicator::RepeatRate
        | Indicator::ActiveRate
        | Indicator::RetentionRate
        | Indicator::ChurnRate
        | Indicator::ShareOfPurchases
        | Indicator::ShareOfSales
        | Indicator::ReducedShare
        | Indicator::BargainHunters
        | Indicator::WonBack
        | Indicator::WinBackRate
        | Indicator::CostOfRewards
        | Indicator::RewardCostRate => false,
    }
}
