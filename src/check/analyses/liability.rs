//! Points that never end: a debt of the shop that only grows (sections 6.9 and 7).

use super::words;
use crate::diag::{Finding, Message, Severity};
use crate::mechanics::points::{Expiry, Renewal};
use crate::mechanics::{Name, PointsId, Program};
use crate::text::Span;
use crate::value::clock::Length;

/// A unit whose points may be kept for ever by small acts.
struct Endless {
    unit: Name,
    plural: String,
    length: Length,
    /// What renews them.
    acts: String,
}

impl Message for Endless {
    fn code(&self) -> &'static str {
        "liability-without-end"
    }

    fn severity(&self) -> Severity {
        Severity::Warning
    }

    fn says(&self) -> String {
        format!("the {} of an active member never end", self.plural)
    }

    fn place(&self) -> Span {
        self.unit.span
    }

    fn label(&self) -> String {
        format!("renewed for {} by each {}", self.length, self.acts)
    }

    fn why(&self) -> String {
        format!(
            "Every renewing act gives all {} of the member another {}, so what the shop owes has no end in time.",
            self.plural, self.length
        )
    }

    fn mend(&self) -> String {
        format!("Nothing, if that is meant; else write `expire {} after earning`.", self.length)
    }
}

/// What is found in a program. Points with `expire never` say it themselves and are left alone.
pub fn check(program: &Program) -> Vec<Finding> {
    let sliding = program.points.iter().enumerate().filter_map(|(at, points)| match &points.expiry {
        Expiry::Sliding { length, without } => Some((at, points, *length, acts(program, without))),
        Expiry::Never | Expiry::After(_) | Expiry::Yearly(..) => None,
    });
    sliding
        .map(|(at, points, length, acts)| {
            let plural = words::plural(program, PointsId(at)).to_owned();
            Endless { unit: points.name.clone(), plural, length, acts }.into()
        })
        .collect()
}

/// What renews, in words: `purchase or redemption`.
fn acts(program: &Program, renewals: &[Renewal]) -> String {
    let word = |renewal: &Renewal| match renewal {
        Renewal::Any | Renewal::Activity(None) => "activity".to_owned(),
        Renewal::Purchase => "purchase".to_owned(),
        Renewal::Redeem => "redemption".to_owned(),
        Renewal::Visit => "visit".to_owned(),
        Renewal::Activity(Some(id)) => format!("activity {}", program.activities[id.0].name.text),
    };
    let all: Vec<String> = renewals.iter().map(word).collect();
    all.join(" or ")
}
