//! Points that are kept apart by a column, given where no event says what stands in it (section 3, `separate by`).

use super::bound::gives;
use crate::diag::{Finding, Message, Severity};
use crate::mechanics::payout::Pays;
use crate::mechanics::rule::{Rule, Trigger};
use crate::mechanics::{Name, PointsId, Program};
use crate::text::Span;

/// A timer gives points that are kept apart.
struct NoPocket {
    rule: Name,
    unit: String,
    column: String,
    place: Span,
}

impl Message for NoPocket {
    fn code(&self) -> &'static str {
        "balance-without-a-place"
    }

    fn severity(&self) -> Severity {
        Severity::Warning
    }

    fn says(&self) -> String {
        let Self { rule, unit, column, .. } = self;
        format!("`{}` gives `{unit}` on a day, and no day has a `{column}`", rule.text)
    }

    fn place(&self) -> Span {
        self.place
    }

    fn label(&self) -> String {
        format!("no `{}` here", self.column)
    }

    fn why(&self) -> String {
        let Self { unit, column, .. } = self;
        format!(
            "`{unit}` is kept apart by `{column}`. What no event brings goes to a balance of its own that belongs to no \
             `{column}` (`balance:{unit}` in the facts), and only an event that names none can spend it."
        )
    }

    fn mend(&self) -> String {
        "Give it with an event that says where, such as `on purchase` with `when birthday within 7 days`, or give points \
         that are not kept apart."
            .to_owned()
    }
}

/// What is found in a program: each rule once for each unit.
pub fn check(program: &Program) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, points) in program.points.iter().enumerate() {
        let Some(column) = &points.separate_by else { continue };
        let timed = program.rules.iter().filter(|rule| by_timer(program, rule) && gives(program, rule, PointsId(at)));
        found.extend(timed.map(|rule| NoPocket {
            rule: rule.name.clone(),
            unit: points.name.text.clone(),
            column: column.clone(),
            place: rule.give_span,
        }));
    }
    found.into_iter().map(Finding::from).collect()
}

/// Whether a rule can fire where there is no event.
fn by_timer(program: &Program, rule: &Rule) -> bool {
    rule.on.iter().any(|on| match on {
        Trigger::PaidOut(payout) => matches!(program.payouts[payout.0].pays, Pays::Every(_)),
        other => other.is_timer(),
    })
}
