//! Partners whose event one event could be at once (section 3, under partner).

use super::formula::Formula;
use super::meet::{Answer, meet};
use super::steps::Steps;
use super::unfinished;
use crate::diag::{Finding, Message, Severity};
use crate::mechanics::condition::{Condition, Measure, Test};
use crate::mechanics::{Name, Program};
use crate::text::Span;

/// Two partners who both claim an event.
struct PartnersMeet {
    first: Name,
    second: Name,
    /// An event that both claim; none where none was found, nor ruled out.
    event: Option<String>,
}

impl Message for PartnersMeet {
    fn code(&self) -> &'static str {
        "partners-meet"
    }

    fn severity(&self) -> Severity {
        if self.event.is_some() { Severity::Error } else { Severity::Warning }
    }

    fn says(&self) -> String {
        let may = if self.event.is_some() { "can" } else { "may" };
        format!("one event {may} be of `{}` and of `{}`", self.first.text, self.second.text)
    }

    fn place(&self) -> Span {
        self.second.span
    }

    fn label(&self) -> String {
        "claims it too".to_owned()
    }

    fn related(&self) -> Vec<(Span, String)> {
        vec![(self.first.span, "claims it".to_owned())]
    }

    fn why(&self) -> String {
        match &self.event {
            Some(event) => format!("For example {event}: nobody could say who pays for its points."),
            None => {
                "No such event was found, but nothing in their conditions rules it out: nobody could say who pays for \
                     its points."
                    .to_owned()
            }
        }
    }

    fn mend(&self) -> String {
        format!(
            "Write conditions that rule each other out, such as `when store in […]` with other stores in `{}`.",
            self.second.text
        )
    }
}

/// What is found in a program: each partner with the first one before it that claims the same event.
pub fn check(program: &Program) -> Vec<Finding> {
    let mut findings = Vec::new();
    let steps = Steps::of(program);
    for (at, second) in program.partners.iter().enumerate() {
        for first in &program.partners[..at] {
            if steps.is_over() {
                findings.extend(unfinished(program, &steps, "all partners that claim one event"));
                return findings;
            }
            let both = [first, second].map(|partner| Formula::of(program, &of_event(&partner.when), true));
            let event = match meet(program, &Formula::All(both.into()), &steps) {
                Answer::No => continue,
                Answer::Unsure => None,
                Answer::Yes(witness) => Some(witness.words("event").replace(OF_MEMBER, "")),
            };
            findings.push(PartnersMeet { first: first.name.clone(), second: second.name.clone(), event }.into());
            break;
        }
    }
    findings
}

/// What stands before a column of members in words.
const OF_MEMBER: &str = "member.";

/// The same condition where each column has one value, that of the event: elsewhere an extra column may be of a line, and
/// two lines may differ. A column of members is such a one.
fn of_event(condition: &Condition) -> Condition {
    let each = |parts: &[Condition]| parts.iter().map(of_event).collect();
    match condition {
        Condition::All(parts) => Condition::All(each(parts)),
        Condition::Any(parts) => Condition::Any(each(parts)),
        Condition::Not(part) => Condition::Not(Box::new(of_event(part))),
        Condition::EveryLine(part) => of_event(part),
        Condition::Test(test) => {
            let measure = match &test.measure {
                Measure::Column(name) => Measure::MemberColumn(name.clone()),
                other => other.clone(),
            };
            Condition::Test(Test { measure, ..test.clone() })
        }
    }
}
