//! Memberships whose fee comes back and whose level brings something that stays: subscribing and cancelling in a round.

use super::exchange::turns;
use super::fire::fires;
use super::meet::meet;
use super::steps::Steps;
use super::words;
use crate::diag::{Finding, Message, Severity};
use crate::mechanics::give::{What, Whom};
use crate::mechanics::membership::Membership;
use crate::mechanics::rule::{Rule, Trigger};
use crate::mechanics::{Name, Program};
use crate::text::Span;
use crate::value::clock::Window;
use crate::value::exact::Exact;

/// What a rule gives for a bought level stays when the membership is cancelled and its fee comes back.
struct Farmed {
    rule: Name,
    membership: Name,
    place: Span,
    fee: String,
    gives: String,
    worth: Option<String>,
    within: u32,
    /// Limits of the rule end it.
    bounded: bool,
}

impl Message for Farmed {
    fn code(&self) -> &'static str {
        "kept-after-cancel"
    }

    fn severity(&self) -> Severity {
        Severity::Warning
    }

    fn says(&self) -> String {
        let (rule, membership) = (&self.rule.text, &self.membership.text);
        format!("what `{rule}` gives for the level stays with who cancels `{membership}` and has the fee back")
    }

    fn place(&self) -> Span {
        self.place
    }

    fn label(&self) -> String {
        format!("gives {}", self.gives)
    }

    fn related(&self) -> Vec<(Span, String)> {
        vec![(self.membership.span, format!("the fee comes back within {} days", self.within))]
    }

    fn why(&self) -> String {
        let again = if self.bounded { "Only the limit ends it." } else { "3. begin again." };
        let worth = self.worth.iter().map(|worth| format!(", worth {worth},")).collect::<String>();
        let (fee, gives) = (&self.fee, &self.gives);
        format!(
            "Steps: 1. subscribe to `{}` for {fee}: `{}` gives {gives}. 2. cancel on the same day: {fee} come back, and \
             {gives}{worth} {} kept. {again}",
            self.membership.text,
            self.rule.text,
            if self.gives.starts_with("1 ") || self.gives.starts_with('`') { "is" } else { "are" },
        )
    }

    fn mend(&self) -> String {
        format!(
            "Let `{}` give it (`gives gift …`), which takes it back with the money, or write `limit 1 time per member` in `{}`.",
            self.membership.text, self.rule.text
        )
    }
}

/// What is found in a program.
pub fn check(program: &Program) -> Vec<Finding> {
    let steps = Steps::of(program);
    let mut findings = Vec::new();
    for rule in &program.rules {
        let once = rule.limits.iter().any(|limit| limit.per_member && limit.window == Window::Ever);
        let farmed = program.memberships.iter().filter(|_| !once).find_map(|one| farmed(program, one, rule, &steps));
        findings.extend(farmed.map(Finding::from));
    }
    findings
}

/// Whether a rule fires for a level that this membership brings, and what it leaves behind.
fn farmed(program: &Program, membership: &Membership, rule: &Rule, steps: &Steps) -> Option<Farmed> {
    let within = membership.refund?;
    let by_level = membership.levels.iter().any(|(tiers, _)| rule.on.contains(&Trigger::LevelUp(*tiers)));
    if !by_level || meet(program, &fires(program, rule), steps).is_no() {
        return None;
    }
    let (place, gives, worth) = rule.gives.iter().filter(|give| give.to == Whom::Member).find_map(|give| {
        let (gives, worth) = left_behind(program, &give.what)?;
        Some((give.span, gives, worth))
    })?;
    Some(Farmed {
        rule: rule.name.clone(),
        membership: membership.name.clone(),
        place,
        fee: words::money(program, &membership.fee),
        gives,
        worth: worth.map(|worth| words::money(program, &worth)),
        within,
        bounded: !rule.limits.is_empty() || rule.budget.is_some(),
    })
}

/// What is given, in words, and what it is worth where that is known.
fn left_behind(program: &Program, what: &What) -> Option<(String, Option<Exact>)> {
    let times = |number: u32| Exact::from_int(i64::from(number));
    match what {
        What::Fixed { unit, number, .. } => {
            let worth = turns(program, *unit, number).into_iter().map(|turn| turn.each() * number).max();
            Some((words::points(program, *unit, number), worth))
        }
        What::Gift(gift, number) => {
            let gift = &program.gifts[gift.0];
            let one = gift.value.as_ref().or(gift.costs.as_ref());
            Some((format!("`{}`", gift.name.text), one.map(|one| one * &times(*number))))
        }
        What::Coupon(coupon, number) => {
            let coupon = &program.coupons[coupon.0];
            let one = coupon.value.as_ref().or(coupon.costs.as_ref());
            Some((format!("`{}`", coupon.name.text), one.map(|one| one * &times(*number))))
        }
        What::Stamps(card, number) => Some((format!("{number} stamps on `{}`", program.cards[card.0].name.text), None)),
        What::Rate { .. }
        | What::Back { .. }
        | What::PercentOf { .. }
        | What::Scale { .. }
        | What::Step { .. }
        | What::Entries(..)
        | What::Level { .. } => None,
    }
}
