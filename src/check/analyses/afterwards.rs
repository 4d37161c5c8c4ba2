//! Points that a timer gives for purchases of a stretch of time: a purchase that comes back afterwards takes none of them.

use super::bound::unit_of;
use super::exchange::turns;
use super::fire::fires;
use super::meet::meet;
use super::steps::Steps;
use super::words;
use crate::diag::{Finding, Message, Severity};
use crate::mechanics::basis::Basis;
use crate::mechanics::condition::{Condition, How, Measure};
use crate::mechanics::give::{Give, What, Whom, at_rate};
use crate::mechanics::points::Pay;
use crate::mechanics::promise::Promised;
use crate::mechanics::rule::Rule;
use crate::mechanics::{Name, PointsId, Program};
use crate::text::Span;
use crate::value::clock::Window;
use crate::value::exact::{Exact, Rounding};

/// What a timer has given for purchases stays with who returns them afterwards.
struct Kept {
    rule: Name,
    place: Span,
    /// `every month`.
    on: String,
    plural: String,
    round: Option<Round>,
    /// Limits of the rule or its budget end it.
    bounded: bool,
    /// It pays at the till as often as one likes, where no loop is promised.
    broken: bool,
}

/// One round, in figures.
struct Round {
    basket: String,
    gives: String,
    one: bool,
    worth: Option<String>,
}

impl Message for Kept {
    fn code(&self) -> &'static str {
        if self.broken { "free-loop" } else { "kept-after-return" }
    }

    fn severity(&self) -> Severity {
        if self.broken { Severity::Error } else { Severity::Warning }
    }

    fn says(&self) -> String {
        format!(
            "the {} that `{}` gives for purchases stay with who returns them afterwards",
            self.plural, self.rule.text
        )
    }

    fn place(&self) -> Span {
        self.place
    }

    fn label(&self) -> String {
        format!("on {}", self.on)
    }

    fn why(&self) -> String {
        let again = if self.bounded { "Only the limit ends it." } else { "3. begin again." };
        let rule = &self.rule.text;
        let Some(Round { basket, gives, one, worth }) = &self.round else {
            let plural = &self.plural;
            return format!(
                "Steps: 1. buy as `{rule}` asks. 2. return all of it once `{rule}` has given its {plural}: the money comes \
                 back, and the {plural} are kept. {again}"
            );
        };
        let worth = worth.iter().map(|worth| format!(", worth {worth},")).collect::<String>();
        let are = if *one { "is" } else { "are" };
        format!(
            "Steps: 1. buy for {basket}, shortly before `{rule}` gives {gives} for it. 2. return all of it: {basket} come \
             back, and {gives}{worth} {are} kept. {again}"
        )
    }

    fn mend(&self) -> String {
        let or = if self.broken { "write a `limit`" } else { "accept the risk" };
        format!("Give it for each purchase (`on purchase`), which a return values again, or {or}.")
    }
}

/// What is found in a program.
pub fn check(program: &Program) -> Vec<Finding> {
    let steps = Steps::of(program);
    program.rules.iter().filter_map(|rule| kept(program, rule, &steps)).map(Finding::from).collect()
}

fn kept(program: &Program, rule: &Rule, steps: &Steps) -> Option<Kept> {
    let on = rule.on.iter().find(|on| on.is_timer())?;
    let once = rule.limits.iter().any(|limit| limit.per_member && limit.window == Window::Ever);
    let (give, unit) = rule.gives.iter().filter(|give| give.to == Whom::Member).find_map(|give| {
        let unit = unit_of(program, &give.what)?;
        (counts_purchases(rule, give) || rule.when.as_ref().is_some_and(asks_for_purchases)).then_some((give, unit))
    })?;
    if once || meet(program, &fires(program, rule), steps).is_no() {
        return None;
    }
    let points = &program.points[unit.0];
    let bounded = !rule.limits.is_empty() || rule.budget.is_some();
    let promised = program.promises.iter().any(|promise| matches!(promise.what, Promised::NoFreeLoop));
    Some(Kept {
        rule: rule.name.clone(),
        place: give.span,
        on: words::trigger(program, on),
        plural: words::plural(program, unit).to_owned(),
        round: round(program, rule, give, unit),
        bounded,
        broken: promised && !bounded && matches!(points.pay, Some(Pay::At { .. })),
    })
}

/// Whether a timer's line measures what was bought.
fn counts_purchases(rule: &Rule, give: &Give) -> bool {
    rule.count_in.is_some() && give.what.basis().is_some_and(is_of_purchases)
}

fn is_of_purchases(basis: &Basis) -> bool {
    matches!(basis, Basis::Total(_) | Basis::Items(_) | Basis::Purchases(_))
}

/// Whether a condition wants so much bought in a stretch of time.
fn asks_for_purchases(condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(asks_for_purchases),
        Condition::Test(test) => {
            let much = matches!(test.how, How::AtLeast(_) | How::MoreThan(_));
            much && matches!(&test.measure, Measure::Aggregate { basis, .. } if is_of_purchases(basis))
        }
        Condition::Not(_) | Condition::EveryLine(_) => false,
    }
}

/// A round in figures, where nothing but the money decides how much is given.
fn round(program: &Program, rule: &Rule, give: &Give, unit: PointsId) -> Option<Round> {
    let points = &program.points[unit.0];
    if !rule.limits.is_empty() || rule.group.is_some() || rule.when.is_some() || !points.caps.is_empty() {
        return None;
    }
    let hundred = Exact::from_int(100);
    let (basket, number) = match &give.what {
        What::Rate { number, per, full, basis: Basis::Total(_), .. } => {
            let basket = (per * &hundred).round(Rounding::Up, program.settings.minor_units);
            let number = at_rate(&basket, number, per, *full)?;
            (basket, number)
        }
        What::Back { percent, basis: Basis::Total(_), .. } => (hundred, percent.checked_div(points.worth.as_ref()?)?),
        What::Step { steps, basis: Basis::Total(_), .. } => {
            steps.iter().find(|(from, number)| from.is_positive() && number.is_positive()).cloned()?
        }
        What::Rate { .. }
        | What::Back { .. }
        | What::Fixed { .. }
        | What::PercentOf { .. }
        | What::Scale { .. }
        | What::Step { .. }
        | What::Gift(..)
        | What::Coupon(..)
        | What::Stamps(..)
        | What::Entries(..)
        | What::Level { .. } => return None,
    };
    let number = number.round(Rounding::Down, points.decimals);
    let worth = turns(program, unit, &number).into_iter().map(|turn| turn.each() * &number).max();
    number.is_positive().then(|| Round {
        basket: words::money(program, &basket),
        gives: words::points(program, unit, &number),
        one: number == Exact::one(),
        worth: worth.map(|worth| words::money(program, &worth)),
    })
}
