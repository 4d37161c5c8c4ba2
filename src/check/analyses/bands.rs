//! Bands of a scale and steps that leave gaps, overlap, or pay less for more (section 7).

use super::words;
use super::worth::scale;
use crate::diag::{Finding, Message, Severity};
use crate::mechanics::Program;
use crate::mechanics::basis::Basis;
use crate::mechanics::condition::{Measure, Value};
use crate::mechanics::give::What;
use crate::text::Span;
use crate::value::clock::Window;
use crate::value::exact::Exact;

enum Bands {
    /// A band begins where another does, or before the one above it.
    NotAscending { rule: String, lower: String, upper: String, step: bool, span: Span },
    /// Nothing is said below the first band.
    Gap { rule: String, from: String, zero: String, span: Span },
    /// More gives less.
    Less { rule: String, at: String, gives: String, before: String, step: bool, span: Span },
}

impl Message for Bands {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAscending { .. } => "bands-not-ascending",
            Self::Gap { .. } => "bands-gap",
            Self::Less { .. } => "more-gives-less",
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Self::NotAscending { .. } => Severity::Error,
            Self::Gap { .. } | Self::Less { .. } => Severity::Warning,
        }
    }

    fn says(&self) -> String {
        match self {
            Self::NotAscending { rule, lower, upper, step, .. } if lower == upper => {
                let word = if *step { "steps" } else { "bands" };
                format!("in `{rule}` two {word} begin at {upper}")
            }
            Self::NotAscending { rule, lower, upper, step, .. } => {
                let word = if *step { "step" } else { "band" };
                format!("in `{rule}` the {word} from {upper} stands after the one from {lower}")
            }
            Self::Gap { rule, from, .. } => format!("the scale of `{rule}` begins at {from}: below it nothing is said"),
            Self::Less { rule, at, .. } => format!("`{rule}` gives less from {at} on than just below it"),
        }
    }

    fn place(&self) -> Span {
        match self {
            Self::NotAscending { span, .. } | Self::Gap { span, .. } | Self::Less { span, .. } => *span,
        }
    }

    fn label(&self) -> String {
        match self {
            Self::NotAscending { .. } => "begins too low".to_owned(),
            Self::Gap { from, .. } => format!("nothing below {from}"),
            Self::Less { .. } => "more gives less".to_owned(),
        }
    }

    fn why(&self) -> String {
        match self {
            Self::NotAscending { lower, upper, .. } if lower == upper => {
                "Only one of them can hold, and a reader cannot tell which.".to_owned()
            }
            Self::NotAscending { lower, upper, .. } => {
                format!(
                    "Each begins where the one before ends, so what lies between {upper} and {lower} would count twice or not at all."
                )
            }
            Self::Gap { from, .. } => {
                format!("What lies below {from} gives nothing, and a reader cannot tell whether that is meant.")
            }
            Self::Less { at, gives, before, .. } => {
                format!("{at} gives {gives}, where just below it is {before}: a member loses by buying or doing more.")
            }
        }
    }

    fn mend(&self) -> String {
        match self {
            Self::NotAscending { .. } => {
                "Write them in ascending order, each `from` more than the one before.".to_owned()
            }
            Self::Gap { zero, .. } => format!("Begin with `{zero}`, giving 0 if nothing is meant."),
            Self::Less { step: true, .. } => "Give more at the higher step, or leave it out.".to_owned(),
            Self::Less { step: false, .. } => {
                "Leave out `whole`, so that each band's rate holds only for its own part, or raise the rate.".to_owned()
            }
        }
    }
}

/// What is found in a program.
pub fn check(program: &Program) -> Vec<Finding> {
    let mut found = Vec::new();
    let of_rules = program.rules.iter().flat_map(|rule| rule.gives.iter().map(move |give| (&rule.name.text, give)));
    let of_cards = program.cards.iter().flat_map(|card| card.gives.iter().map(move |give| (&card.name.text, give)));
    for (rule, give) in of_rules.chain(of_cards) {
        match &give.what {
            What::Scale { unit, bands, whole, basis } => {
                let froms: Vec<Exact> = bands.iter().map(|band| band.from.clone()).collect();
                let value = |at: &Exact| scale(bands, *whole, at);
                let told = Told { program, rule, basis, unit: *unit, step: false, span: give.span };
                if told.order(&froms, &mut found) {
                    continue;
                }
                if let Some(first) = froms.first().filter(|from| from.is_positive()) {
                    let zero = format!("from {} …", told.figure(&Exact::zero()));
                    found.push(Bands::Gap { rule: rule.clone(), from: told.figure(first), zero, span: give.span });
                }
                if *whole {
                    // Just below a band, the band before holds.
                    for (at, from) in froms.iter().enumerate().skip(1) {
                        told.falls(from, value(from), scale(&bands[..at], true, from), &mut found);
                    }
                }
            }
            What::Step { unit, steps, basis } => {
                let froms: Vec<Exact> = steps.iter().map(|(from, _)| from.clone()).collect();
                let told = Told { program, rule, basis, unit: *unit, step: true, span: give.span };
                if !told.order(&froms, &mut found) {
                    for pair in steps.windows(2) {
                        told.falls(&pair[1].0, pair[1].1.clone(), pair[0].1.clone(), &mut found);
                    }
                }
            }
            What::Rate { .. }
            | What::Back { .. }
            | What::Fixed { .. }
            | What::PercentOf { .. }
            | What::Gift(..)
            | What::Coupon(..)
            | What::Stamps(..)
            | What::Entries(..)
            | What::Level { .. } => {}
        }
    }
    found.into_iter().map(Finding::from).collect()
}

/// A line of `give` and how its figures are told.
struct Told<'p> {
    program: &'p Program,
    rule: &'p String,
    basis: &'p Basis,
    unit: crate::mechanics::PointsId,
    step: bool,
    span: Span,
}

impl Told<'_> {
    fn figure(&self, figure: &Exact) -> String {
        let measure = Measure::Aggregate { basis: self.basis.clone(), window: Window::Ever };
        words::value(self.program, &measure, &Value::Number(figure.clone()))
    }

    /// Whether something was out of order.
    fn order(&self, froms: &[Exact], found: &mut Vec<Bands>) -> bool {
        let Some(pair) = froms.windows(2).find(|pair| pair[1] <= pair[0]) else { return false };
        found.push(Bands::NotAscending {
            rule: self.rule.clone(),
            lower: self.figure(&pair[0]),
            upper: self.figure(&pair[1]),
            step: self.step,
            span: self.span,
        });
        true
    }

    fn falls(&self, at: &Exact, gives: Exact, before: Exact, found: &mut Vec<Bands>) {
        if gives < before {
            found.push(Bands::Less {
                rule: self.rule.clone(),
                at: self.figure(at),
                gives: words::points(self.program, self.unit, &gives),
                before: words::points(self.program, self.unit, &before),
                step: self.step,
                span: self.span,
            });
        }
    }
}
