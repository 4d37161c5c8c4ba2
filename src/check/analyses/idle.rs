//! Lines that read well and decide nothing, or something else than they seem to (section 7): a bonus that the order of
//! its stack leaves out, a cap in points that nobody gives there, a share of a rule that gives no points, a campaign
//! without days, a sum so far that is given again at each event.

use super::bound::gives;
use super::words;
use crate::diag::{Finding, Message, Severity};
use crate::mechanics::condition::{Condition, Measure};
use crate::mechanics::give::What;
use crate::mechanics::rule::{Rule, Trigger};
use crate::mechanics::stack::{Stack, Take};
use crate::mechanics::{DiscountId, Name, Program, RuleId, StackId};
use crate::text::Span;
use crate::value::clock::Window;

enum Idle {
    /// A bonus or discount of a stack whose order does not name it.
    NotInOrder { name: Name, stack: Name, span: Span },
    /// A stack's cap in points that none of its bonuses gives.
    CapOfNothing { stack: Name, units: String, span: Span },
    /// A share of a rule that gives no points.
    ShareOfNothing { bonus: String, base: Name, span: Span },
    /// `compound` of bonuses, and no cap.
    Unbounded { stack: Name },
    /// `campaign` where no days are.
    NoCampaign { what: &'static str, span: Span },
    /// A sum over a window on an event that comes again within it.
    SumAgain { rule: String, on: String, window: String, timer: String, span: Span },
}

impl Message for Idle {
    fn code(&self) -> &'static str {
        match self {
            Self::NotInOrder { .. } => "not-in-the-order",
            Self::CapOfNothing { .. } => "cap-of-nothing",
            Self::ShareOfNothing { .. } => "share-of-nothing",
            Self::Unbounded { .. } => "compound-without-cap",
            Self::NoCampaign { .. } => "campaign-without-days",
            Self::SumAgain { .. } => "sum-given-again",
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Self::ShareOfNothing { .. } | Self::Unbounded { .. } | Self::NoCampaign { .. } => Severity::Error,
            Self::NotInOrder { .. } | Self::CapOfNothing { .. } | Self::SumAgain { .. } => Severity::Warning,
        }
    }

    fn says(&self) -> String {
        match self {
            Self::NotInOrder { name, stack, .. } => {
                format!("`{}` is in the stack `{}`, whose order does not name it", name.text, stack.text)
            }
            Self::CapOfNothing { stack, units, .. } => {
                format!("the stack `{}` caps {units}, and nothing in it gives or takes off any", stack.text)
            }
            Self::ShareOfNothing { bonus, base, .. } => {
                format!("`{bonus}` takes a share of `{}`, which gives no points", base.text)
            }
            Self::Unbounded { stack } => format!("the stack `{}` multiplies bonuses and has no cap", stack.text),
            Self::NoCampaign { what, .. } => format!("`campaign` means the days of {what}, and there are none"),
            Self::SumAgain { rule, on, window, .. } => {
                format!("`{rule}` gives the sum of {window} again at each {on}")
            }
        }
    }

    fn place(&self) -> Span {
        match self {
            Self::NotInOrder { span, .. }
            | Self::CapOfNothing { span, .. }
            | Self::ShareOfNothing { span, .. }
            | Self::NoCampaign { span, .. }
            | Self::SumAgain { span, .. } => *span,
            Self::Unbounded { stack } => stack.span,
        }
    }

    fn label(&self) -> String {
        match self {
            Self::NotInOrder { .. } => "never given".to_owned(),
            Self::CapOfNothing { .. } => "caps nothing".to_owned(),
            Self::ShareOfNothing { .. } => "a share of nothing".to_owned(),
            Self::Unbounded { .. } => "no cap".to_owned(),
            Self::NoCampaign { .. } => "no days".to_owned(),
            Self::SumAgain { .. } => "again each time".to_owned(),
        }
    }

    fn related(&self) -> Vec<(Span, String)> {
        match self {
            Self::NotInOrder { stack, .. } => vec![(stack.span, "the stack".to_owned())],
            Self::ShareOfNothing { base, .. } => vec![(base.span, format!("`{}` stands here", base.text))],
            Self::CapOfNothing { .. } | Self::Unbounded { .. } | Self::NoCampaign { .. } | Self::SumAgain { .. } => {
                Vec::new()
            }
        }
    }

    fn why(&self) -> String {
        match self {
            Self::NotInOrder { .. } => "`take first of` gives the first of those it names, and no other.".to_owned(),
            Self::CapOfNothing { .. } => {
                "A cap in one kind says nothing about another: of bonuses it is in points, of discounts in money."
                    .to_owned()
            }
            Self::ShareOfNothing { .. } => "A percentage of a gift, a coupon or a stamp is nothing.".to_owned(),
            Self::Unbounded { .. } => {
                "Percentages that multiply grow fast: two of +100% give four times the base, five give 32 times."
                    .to_owned()
            }
            Self::NoCampaign { .. } => "Without a first or a last day there is no campaign to count over.".to_owned(),
            Self::SumAgain { on, .. } => {
                format!(
                    "It counts what lay before this {on}, each time from the beginning: of three {on}s the first is given \
                     twice, and the last not at all."
                )
            }
        }
    }

    fn mend(&self) -> String {
        match self {
            Self::NotInOrder { name, .. } => {
                format!("Write `{}` into the brackets where it belongs, or take its `group` line out.", name.text)
            }
            Self::CapOfNothing { .. } => "Cap what its bonuses give or its discounts take off, or take the line out.".to_owned(),
            Self::ShareOfNothing { .. } => {
                "Name an `earn` that gives points, or write what it gives: `give +5 …`.".to_owned()
            }
            Self::Unbounded { .. } => {
                "Add a cap, such as `cap 500 … per member per month` or `cap 10% of receipt`; or write `take all` to add \
                 them."
                    .to_owned()
            }
            Self::NoCampaign { .. } => {
                "Write another window, such as `in calendar year`; or give the rule its days, `from DATE` and `until DATE`."
                    .to_owned()
            }
            Self::SumAgain { timer, .. } => {
                format!("Leave the window out, so that each counts itself; or count once, as the time ends: `on {timer}`.")
            }
        }
    }
}

/// What is found in a program.
pub fn check(program: &Program) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, stack) in program.stacks.iter().enumerate() {
        stacks(program, StackId(at), stack, &mut found);
    }
    for rule in &program.rules {
        shares(program, rule, &mut found);
        sums(program, rule, &mut found);
        if rule.from.is_none() && rule.until.is_none() {
            let conditions = rule.when.iter().chain(&rule.except);
            conditions.for_each(|condition| campaigns(condition, "this rule", &mut found));
        }
    }
    for discount in program.discounts.iter().filter(|discount| discount.from.is_none() && discount.until.is_none()) {
        discount.when.iter().for_each(|when| campaigns(when, "this discount", &mut found));
    }
    let caps = program.points.iter().flat_map(|points| points.caps.iter().map(|cap| (cap, "a rule, not of points")));
    let of_stacks =
        program.stacks.iter().flat_map(|stack| stack.caps.iter().map(|(_, cap)| cap).chain(&stack.money_caps));
    let of_stacks = of_stacks.map(|cap| (cap, "a rule, not of a stack"));
    for (cap, what) in caps.chain(of_stacks).filter(|(cap, _)| cap.window == Window::Campaign) {
        found.push(Idle::NoCampaign { what, span: cap.span });
    }
    found.into_iter().map(Finding::from).collect()
}

fn stacks(program: &Program, id: StackId, stack: &Stack, found: &mut Vec<Idle>) {
    let rules: Vec<(usize, &Rule)> =
        program.rules.iter().enumerate().filter(|(_, rule)| rule.group == Some(id)).collect();
    let mut left_out = |name: &Name| {
        found.push(Idle::NotInOrder { name: name.clone(), stack: stack.name.clone(), span: name.span });
    };
    match &stack.take {
        Take::First(order) => {
            let outside = rules.iter().filter(|(at, _)| !order.contains(&RuleId(*at)));
            outside.for_each(|(_, rule)| left_out(&rule.name));
        }
        Take::FirstDiscount(order) => {
            let grouped = program.discounts.iter().enumerate().filter(|(_, discount)| discount.group == Some(id));
            let outside = grouped.filter(|(at, _)| !order.contains(&DiscountId(*at)));
            outside.for_each(|(_, discount)| left_out(&discount.name));
        }
        Take::All | Take::Best(_) | Take::Compound => {}
    }
    let shares = rules.iter().filter(|(_, rule)| rule.gives.iter().any(|give| is_share(&give.what))).count();
    if stack.take == Take::Compound && shares > 1 && stack.caps.is_empty() && stack.cap_percent.is_none() {
        found.push(Idle::Unbounded { stack: stack.name.clone() });
    }
    let discounts = program.discounts.iter().any(|discount| discount.group == Some(id));
    if let (Some(cap), false) = (stack.money_caps.first(), discounts) {
        let units = program.settings.money.clone();
        found.push(Idle::CapOfNothing { stack: stack.name.clone(), units, span: cap.span });
    }
    for (unit, cap) in &stack.caps {
        if !rules.is_empty() && !rules.iter().any(|(_, rule)| gives(program, rule, *unit)) {
            let units = words::plural(program, *unit).to_owned();
            found.push(Idle::CapOfNothing { stack: stack.name.clone(), units, span: cap.span });
        }
    }
}

fn is_share(what: &What) -> bool {
    match what {
        What::PercentOf { .. } => true,
        What::Rate { .. }
        | What::Back { .. }
        | What::Fixed { .. }
        | What::Scale { .. }
        | What::Step { .. }
        | What::Gift(..)
        | What::Coupon(..)
        | What::Stamps(..)
        | What::Entries(..)
        | What::Level { .. } => false,
    }
}

fn shares(program: &Program, rule: &Rule, found: &mut Vec<Idle>) {
    for give in &rule.gives {
        let What::PercentOf { rule: base, .. } = &give.what else { continue };
        let base = &program.rules[base.0];
        if !base.gives.iter().any(|give| give.what.unit().is_some()) {
            found.push(Idle::ShareOfNothing {
                bonus: rule.name.text.clone(),
                base: base.name.clone(),
                span: give.span,
            });
        }
    }
}

/// What a rule counts over a window, on an event that comes again and again within it.
fn sums(program: &Program, rule: &Rule, found: &mut Vec<Idle>) {
    let Some(window) = &rule.count_in else { return };
    let again = rule.on.iter().find(|on| comes_again(on));
    let depends = rule.gives.iter().find(|give| give.what.basis().is_some());
    if let (Some(on), Some(give)) = (again, depends) {
        found.push(Idle::SumAgain {
            rule: rule.name.text.clone(),
            on: words::trigger(program, on),
            window: words::window(window),
            timer: match window {
                Window::Calendar(period) => format!("every {period}"),
                Window::MembershipYear => "every membership year".to_owned(),
                Window::Last(_) | Window::LastHours(_) | Window::SinceJoining | Window::Campaign | Window::Ever => {
                    "every month".to_owned()
                }
            },
            span: give.span,
        });
    }
}

/// Whether an event of members' own making, of which there may be many in a window.
fn comes_again(on: &Trigger) -> bool {
    match on {
        Trigger::Purchase | Trigger::Visit | Trigger::Activity(_) | Trigger::Redeem => true,
        Trigger::FirstPurchaseOfFriend
        | Trigger::Referral
        | Trigger::Join
        | Trigger::Birthday(_)
        | Trigger::Anniversary(_)
        | Trigger::LevelUp(_)
        | Trigger::Full(_)
        | Trigger::Every { .. }
        | Trigger::EveryMembershipYear
        | Trigger::EveryLength { .. }
        | Trigger::NoPurchaseIn(_)
        | Trigger::Completed(_)
        | Trigger::PaidOut(_) => false,
    }
}

/// What is asked over a campaign.
fn campaigns(condition: &Condition, what: &'static str, found: &mut Vec<Idle>) {
    condition.each_test(&mut |test| {
        if matches!(test.measure, Measure::Aggregate { window: Window::Campaign, .. }) {
            found.push(Idle::NoCampaign { what, span: test.span });
        }
    });
}
