//! Discounts that can meet on one item and share no stack, and stacks that hold both bonuses and discounts
//! (section 3, under discount).

use super::formula::{Fact, Formula, OfLine};
use super::meet::{Answer, meet};
use super::steps::Steps;
use super::{unfinished, words};
use crate::diag::{Finding, Message, Severity};
use crate::mechanics::condition::{Condition, How, Measure, Test, Value};
use crate::mechanics::discount::Discount;
use crate::mechanics::rule::Trigger;
use crate::mechanics::stack::{Stack, Take};
use crate::mechanics::{MembershipId, Program, StackId};
use crate::text::Span;

enum Wrong {
    /// Two discounts on one item.
    Meet { first: (String, Span), second: (String, Span), event: Option<String>, mend: String },
    /// A stack of bonuses and discounts.
    Both { stack: String, place: Span, bonus: (String, Span), discount: (String, Span) },
    /// A stack of discounts with a line that is about points.
    OfPoints { place: Span, discount: String },
}

impl Message for Wrong {
    fn code(&self) -> &'static str {
        match self {
            Self::Meet { .. } => "discounts-meet",
            Self::Both { .. } => "stack-of-both",
            Self::OfPoints { .. } => "stack-of-points",
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Self::Meet { event: None, .. } => Severity::Warning,
            Self::Meet { event: Some(_), .. } | Self::Both { .. } | Self::OfPoints { .. } => Severity::Error,
        }
    }

    fn says(&self) -> String {
        match self {
            Self::Meet { first, second, event, .. } => {
                let may = if event.is_some() { "are both" } else { "may both be" };
                format!("`{}` and `{}` {may} given on one item and share no stack", first.0, second.0)
            }
            Self::Both { stack, bonus, discount, .. } => {
                format!("the stack `{stack}` holds the bonus `{}` and the discount `{}`", bonus.0, discount.0)
            }
            Self::OfPoints { discount, .. } => {
                format!("this line is about points, and the stack is of discounts such as `{discount}`")
            }
        }
    }

    fn place(&self) -> Span {
        match self {
            Self::Meet { second, .. } => second.1,
            Self::Both { place, .. } | Self::OfPoints { place, .. } => *place,
        }
    }

    fn related(&self) -> Vec<(Span, String)> {
        match self {
            Self::Meet { first, .. } => vec![(first.1, format!("`{}` takes this off", first.0))],
            Self::Both { bonus, discount, .. } => {
                vec![(bonus.1, "a bonus of it".to_owned()), (discount.1, "a discount of it".to_owned())]
            }
            Self::OfPoints { .. } => Vec::new(),
        }
    }

    fn why(&self) -> String {
        match self {
            Self::Meet { event: Some(event), .. } => {
                format!("For example {event}: both are taken off, and nothing says that this is meant.")
            }
            Self::Meet { event: None, .. } => {
                "No purchase was found in which they meet, but none of their conditions rules it out.".to_owned()
            }
            Self::Both { .. } => "Points and money off cannot be weighed against each other.".to_owned(),
            Self::OfPoints { .. } => "It would hold nothing back, and nobody can tell what was meant.".to_owned(),
        }
    }

    fn mend(&self) -> String {
        match self {
            Self::Meet { mend, .. } => mend.clone(),
            Self::Both { .. } => "Write a stack of their own for the discounts.".to_owned(),
            Self::OfPoints { .. } => {
                "Name discounts in `take first of […]`, and cap money by `cap N% of receipt`, or `cap X per receipt` in the discounts."
                    .to_owned()
            }
        }
    }
}

/// What is found in a program: each discount with the first one before it that it meets.
pub fn check(program: &Program) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for (place, stack) in program.stacks.iter().enumerate() {
        findings.extend(stack_of(program, StackId(place), stack).map(Finding::from));
    }
    let steps = Steps::of(program);
    for (at, second) in program.discounts.iter().enumerate() {
        for first in &program.discounts[..at] {
            if first.group.is_some() && first.group == second.group {
                continue;
            }
            if steps.is_over() {
                findings.extend(unfinished(program, &steps, "all discounts that meet"));
                return findings;
            }
            if let Some(wrong) = meeting(program, first, second, &steps) {
                findings.push(wrong.into());
                break;
            }
        }
    }
    findings
}

/// What is wrong with a stack that discounts are in.
fn stack_of(program: &Program, id: StackId, stack: &Stack) -> Option<Wrong> {
    let discount = program.discounts.iter().find(|discount| discount.group == Some(id))?;
    let of = |name: &crate::mechanics::Name| (name.text.clone(), name.span);
    if let Some(bonus) = program.rules.iter().find(|rule| rule.group == Some(id)) {
        let (stack, place) = (stack.name.text.clone(), stack.name.span);
        return Some(Wrong::Both { stack, place, bonus: of(&bonus.name), discount: of(&discount.name) });
    }
    let of_points = match &stack.take {
        Take::First(_) => Some(stack.span),
        Take::All | Take::Best(_) | Take::FirstDiscount(_) | Take::Compound => None,
    };
    let place = stack.caps.first().map(|(_, cap)| cap.span).or(of_points)?;
    Some(Wrong::OfPoints { place, discount: discount.name.text.clone() })
}

fn meeting(program: &Program, first: &Discount, second: &Discount, steps: &Steps) -> Option<Wrong> {
    let mut all = vec![given(program, first), given(program, second)];
    let items: Vec<OfLine> = first.items.iter().chain(&second.items).map(|items| OfLine::of(items, true)).collect();
    if !items.is_empty() {
        all.push(Formula::Fact(Fact::SomeLine(OfLine::All(items))));
    }
    let event = match meet(program, &Formula::All(all), steps) {
        Answer::No => return None,
        Answer::Unsure => None,
        Answer::Yes(witness) => Some(witness.words(&words::trigger(program, &Trigger::Purchase))),
    };
    let side = |discount: &Discount| (discount.name.text.clone(), discount.take_span());
    Some(Wrong::Meet { first: side(first), second: side(second), event, mend: mend(program, first, second) })
}

/// When a discount is given: its days, its conditions, and what its scale begins with; its limits aside.
fn given(program: &Program, discount: &Discount) -> Formula {
    let mut all = Vec::new();
    if discount.from.is_some() || discount.until.is_some() {
        all.push(Formula::Fact(Fact::Within(discount.from, discount.until)));
    }
    all.extend(discount.when.iter().map(|when| Formula::of(program, when, true)));
    if !discount.memberships.is_empty() {
        let held = |id: &MembershipId| {
            let (measure, how) = (Measure::HasMembership(*id), How::Holds);
            Formula::of(program, &Condition::Test(Test { measure, how, span: discount.span }), true)
        };
        all.push(Formula::Any(discount.memberships.iter().map(held).collect()));
    }
    if let (Some(scale), true) = (&discount.scale, discount.takes.is_empty())
        && let Some((from, _)) = scale.bands.first()
    {
        let measure = Measure::Aggregate { basis: scale.basis.clone(), window: scale.window };
        let how = How::AtLeast(Value::Number(from.clone()));
        let reached = Condition::Test(Test { measure, how, span: scale.span });
        all.push(Formula::of(program, &reached, true));
    }
    Formula::All(all)
}

fn mend(program: &Program, first: &Discount, second: &Discount) -> String {
    let name = |id: StackId| &program.stacks[id.0].name.text;
    match (first.group, second.group) {
        (Some(group), _) => format!("Write `group {}` in `{}` too.", name(group), second.name.text),
        (None, Some(group)) => format!("Write `group {}` in `{}` too.", name(group), first.name.text),
        (None, None) => "Write `group best_price` in both, and beside them `stack best_price { take best }`, or `take \
                         all` if they are to add up."
            .to_owned(),
    }
}
