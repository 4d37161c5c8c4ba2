//! What is found by thinking about a whole program before anything runs (section 7 of the language).
//!
//! Each question has a file of its own and answers with findings; they look at the typed tree only.
//! What an answer rests on stands in `meet` (whether conditions can hold together, with an event)
//! and `worth` (what an event gives): an error is only said of an event that was tried.

mod afterwards;
mod amounts;
mod apart;
mod baskets;
mod bought;
mod bound;
mod candidates;
mod endless;
mod exchange;
mod fire;
mod formula;
mod lines;
mod meet;
mod past;
mod refunds;
mod steps;
mod together;
#[cfg(test)]
mod tried;
mod uses;
mod witness;
mod words;
mod worth;

pub mod bands;
pub mod challenges;
pub mod dates;
mod discounts;
mod idle;
pub mod levels;
pub mod liability;
pub mod loops;
pub mod meeting;
mod monotone;
mod partners;
mod pockets;
pub mod reach;
pub mod returns;
mod scenarios;
pub mod subscribed;
pub mod unused;
pub mod when;
pub mod worthless;

use crate::diag::{Finding, Message, Severity, sorted};
use crate::mechanics::example::Held;
use crate::mechanics::{Name, Program};
use crate::text::Span;
use steps::Steps;

/// A question that the budget of steps did not suffice for.
struct Unfinished {
    program: Name,
    asked: &'static str,
}

impl Message for Unfinished {
    fn code(&self) -> &'static str {
        "not-all-looked-at"
    }

    fn severity(&self) -> Severity {
        Severity::Warning
    }

    fn says(&self) -> String {
        format!("this program is too large to see {}", self.asked)
    }

    fn place(&self) -> Span {
        self.program.span
    }

    fn why(&self) -> String {
        "What was looked at is told; in the rest there may be mistakes that nobody was told of.".to_owned()
    }

    fn mend(&self) -> String {
        "Try it on a history with `loyal run`, or put rules that differ in one value into one.".to_owned()
    }
}

/// What is said where a question ran out of steps.
fn unfinished(program: &Program, steps: &Steps, asked: &'static str) -> Option<Finding> {
    steps.is_over().then(|| Unfinished { program: program.settings.name.clone(), asked }.into())
}

/// The segments that nothing asks about, by their blocks.
pub fn unused_segments(program: &Program) -> Vec<Span> {
    let uses = uses::Uses::of(program);
    let unused = |(at, segment): (usize, &crate::mechanics::segment::Segment)| {
        (!uses.segments.contains(&crate::mechanics::SegmentId(at))).then_some(segment.span)
    };
    program.segments.iter().enumerate().filter_map(unused).collect()
}

/// Whether something of a program gives that gift or coupon.
pub fn is_given(program: &Program, held: Held) -> bool {
    let uses = uses::Uses::of(program);
    match held {
        Held::Gift(gift) => uses.gifts.contains(&gift),
        Held::Coupon(coupon) => uses.coupons.contains(&coupon),
        Held::Reward(_) => true,
    }
}

/// Everything that is found in a program, in the order of places.
pub fn all(program: &Program) -> Vec<Finding> {
    let questions = [
        afterwards::check,
        bands::check,
        challenges::check,
        dates::check,
        discounts::check,
        idle::check,
        levels::check,
        liability::check,
        loops::check,
        meeting::check,
        monotone::check,
        partners::check,
        pockets::check,
        reach::check,
        returns::check,
        scenarios::check,
        subscribed::check,
        unused::check,
        when::check,
        worthless::check,
    ];
    sorted(questions.iter().flat_map(|check| check(program)).collect())
}
