//! Conditions that are never true, or always (section 7).

use super::formula::{Fact, Formula, OfLine};
use super::meet::{Answer, meet};
use super::steps::Steps;
use super::{unfinished, words};
use crate::diag::{Finding, Message, Severity};
use crate::mechanics::Program;
use crate::mechanics::basis::{Basis, Pick};
use crate::mechanics::challenge::Done;
use crate::mechanics::condition::{Condition, Measure};
use crate::mechanics::give::{Give, What};
use crate::text::Span;

/// A condition that decides nothing.
struct Decided {
    /// The condition, as a program writes it.
    written: String,
    /// True always, else never.
    always: bool,
    /// What it stands in, and what comes of it.
    site: &'static Site,
    /// The block's name.
    block: String,
    /// Whether it decides the whole condition.
    whole: bool,
    span: Span,
}

/// Where a condition stands and what follows when it is decided beforehand.
struct Site {
    /// What follows when it never holds.
    never: &'static str,
    /// What follows when it always holds.
    always: &'static str,
    /// Whether never is an error by itself.
    stops: bool,
}

const WHEN: Site = Site { never: "never gives anything", always: "would be the same without it", stops: true };
const EXCEPT: Site = Site { never: "has an exception that never comes", always: "is always excepted", stops: false };
const RATE: Site = Site { never: "never uses this figure", always: "always uses this figure", stops: false };
const LINES: Site = Site { never: "counts nothing", always: "would be the same without it", stops: true };
const WITHOUT: Site = Site { never: "leaves nothing out", always: "counts nothing", stops: false };
const HELD: Site = Site { never: "can never be had", always: "would be the same without it", stops: true };
const USED: Site = Site { never: "can never be used", always: "would be the same without it", stops: true };
const PRICE: Site = Site { never: "never has this price", always: "always has this price", stops: false };
const MEMBERS: Site = Site { never: "never has a member", always: "has every member", stops: false };
const CLAIMS: Site = Site { never: "never has an event", always: "has every event", stops: true };
const ACCEPT: Site = Site { never: "is never accepted", always: "would be the same without it", stops: true };

impl Message for Decided {
    fn code(&self) -> &'static str {
        if self.always { "always-true" } else { "never-true" }
    }

    fn severity(&self) -> Severity {
        if self.whole && !self.always && self.site.stops { Severity::Error } else { Severity::Warning }
    }

    fn says(&self) -> String {
        let word = if self.always { "always" } else { "never" };
        format!("`{}` is {word} true", self.written)
    }

    fn place(&self) -> Span {
        self.span
    }

    fn label(&self) -> String {
        if self.always { "always true".to_owned() } else { "never true".to_owned() }
    }

    fn why(&self) -> String {
        let block = &self.block;
        let follows = match (self.always, self.whole) {
            (true, true) => self.site.always,
            (false, true) => self.site.never,
            (true, false) => return format!("It holds whatever happens, so in `{block}` it decides nothing."),
            (false, false) => {
                return format!("No event can make it true, so in `{block}` it does nothing beside the rest.");
            }
        };
        let otherwise = if self.always { "false" } else { "true" };
        format!("No event or member can make it {otherwise}, so `{block}` {follows}.")
    }

    fn mend(&self) -> String {
        if self.always {
            "Take it out, or write the value you mean.".to_owned()
        } else {
            "Write the values you mean; if either of two may hold, join them with `or`.".to_owned()
        }
    }
}

/// What is found in a program.
pub fn check(program: &Program) -> Vec<Finding> {
    let mut look = Look { program, steps: Steps::of(program), findings: Vec::new() };
    for rule in &program.rules {
        let name = &rule.name.text;
        rule.when.iter().for_each(|when| look.event(when, &WHEN, name));
        rule.except.iter().for_each(|except| look.event(except, &EXCEPT, name));
        rule.gives.iter().for_each(|give| look.give(give, name));
    }
    for challenge in &program.challenges {
        challenge.when.iter().for_each(|when| look.event(when, &WHEN, &challenge.name.text));
        for step in &challenge.steps {
            match &step.what {
                Done::Basis(basis) => look.basis(basis, &challenge.name.text),
                Done::Streak(_) => {}
            }
        }
    }
    for draw in &program.draws {
        draw.when.iter().for_each(|when| look.event(when, &WHEN, &draw.name.text));
        draw.entries.iter().for_each(|entry| look.pick(&entry.pick, &draw.name.text));
    }
    for partner in &program.partners {
        look.event(&partner.when, &CLAIMS, &partner.name.text);
    }
    for payout in &program.payouts {
        payout.when.iter().for_each(|when| look.event(when, &WHEN, &payout.name.text));
    }
    for card in &program.cards {
        card.stamps.iter().for_each(|stamp| look.pick(&stamp.pick, &card.name.text));
        card.gives.iter().for_each(|give| look.give(give, &card.name.text));
    }
    for gift in &program.gifts {
        gift.when.iter().for_each(|when| look.event(when, &HELD, &gift.name.text));
        gift.item.iter().for_each(|item| look.lines(item, &LINES, &gift.name.text));
    }
    for discount in &program.discounts {
        discount.when.iter().for_each(|when| look.event(when, &WHEN, &discount.name.text));
        discount.items.iter().for_each(|items| look.lines(items, &LINES, &discount.name.text));
        discount.scale.iter().for_each(|scale| look.basis(&scale.basis, &discount.name.text));
    }
    for coupon in &program.coupons {
        coupon.when.iter().for_each(|when| look.event(when, &USED, &coupon.name.text));
        coupon.items.iter().for_each(|items| look.lines(items, &LINES, &coupon.name.text));
    }
    for reward in &program.rewards {
        reward.when.iter().for_each(|when| look.event(when, &HELD, &reward.name.text));
        let prices = reward.prices.iter().filter_map(|price| price.when.as_ref());
        prices.for_each(|when| look.event(when, &PRICE, &reward.name.text));
    }
    for segment in &program.segments {
        look.event(&segment.when, &MEMBERS, &segment.name.text);
    }
    for activity in &program.activities {
        activity.accept.iter().for_each(|accept| look.event(accept, &ACCEPT, &activity.name.text));
    }
    for tiers in &program.tiers {
        tiers.measures.iter().for_each(|measure| look.basis(&measure.basis, &tiers.name.text));
    }
    look.findings.extend(unfinished(program, &look.steps, "whether every condition can hold"));
    look.findings
}

struct Look<'p> {
    program: &'p Program,
    steps: Steps,
    findings: Vec<Finding>,
}

/// Whether a condition is asked of the event or of one line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Event,
    Line,
}

impl Look<'_> {
    fn give(&mut self, give: &Give, block: &str) {
        match &give.what {
            What::Rate { or, basis, .. } | What::Back { or, basis, .. } => {
                or.iter().for_each(|(when, _)| self.event(when, &RATE, block));
                self.basis(basis, block);
            }
            What::Fixed { or, .. } => or.iter().for_each(|(when, _)| self.event(when, &RATE, block)),
            What::PercentOf { lines, .. } => self.pick(lines, block),
            What::Scale { basis, .. } | What::Step { basis, .. } => self.basis(basis, block),
            What::Gift(..) | What::Coupon(..) | What::Stamps(..) | What::Entries(..) | What::Level { .. } => {}
        }
    }

    fn basis(&mut self, basis: &Basis, block: &str) {
        match basis {
            Basis::Total(total) => self.pick(&total.pick, block),
            Basis::Items(pick) | Basis::Purchases(pick) | Basis::Visits(pick) | Basis::Distinct(_, pick) => {
                self.pick(pick, block);
            }
            Basis::Activity(_) | Basis::Field { .. } | Basis::Points(_) | Basis::One => {}
        }
    }

    fn pick(&mut self, pick: &Pick, block: &str) {
        pick.with.iter().for_each(|with| self.lines(with, &LINES, block));
        pick.without.iter().for_each(|without| self.lines(without, &WITHOUT, block));
    }

    fn event(&mut self, condition: &Condition, site: &'static Site, block: &str) {
        self.top(condition, Of::Event, site, block);
    }

    fn lines(&mut self, condition: &Condition, site: &'static Site, block: &str) {
        self.top(condition, Of::Line, site, block);
    }

    fn top(&mut self, condition: &Condition, of: Of, site: &'static Site, block: &str) {
        let (never, ever) = (self.answer(condition, of, true).is_no(), self.answer(condition, of, false).is_no());
        let mut found = Vec::new();
        self.node(condition, of, &mut found);
        for (written, always, span) in found {
            let whole = if always { ever } else { never };
            self.findings.push(Decided { written, always, site, block: block.to_owned(), whole, span }.into());
        }
    }

    /// The smallest parts that are decided beforehand; whether there is one.
    fn node(&mut self, condition: &Condition, of: Of, found: &mut Vec<(String, bool, Span)>) -> bool {
        let (parts, of_parts): (Vec<&Condition>, Of) = match condition {
            // All lines of an event: nobody wrote it.
            Condition::All(parts) if parts.is_empty() => return false,
            Condition::All(parts) | Condition::Any(parts) => (parts.iter().collect(), of),
            Condition::Not(part) => (vec![part], of),
            Condition::EveryLine(part) => (vec![part], Of::Line),
            Condition::Test(test) => match &test.measure {
                Measure::TotalOf(part) | Measure::ItemsOf(part) => (vec![part], Of::Line),
                // The segment's own conditions are looked at where they are written.
                Measure::InSegment(_) => return false,
                _ => (Vec::new(), of),
            },
        };
        let mut inside = false;
        for part in parts {
            inside |= self.node(part, of_parts, found);
        }
        if inside {
            return true;
        }
        let always = self.answer(condition, of, false).is_no();
        if always || self.answer(condition, of, true).is_no() {
            found.push((words::condition(self.program, condition), always, span_of(condition)));
            return true;
        }
        false
    }

    fn answer(&self, condition: &Condition, of: Of, wanted: bool) -> Answer<'_> {
        let formula = match of {
            Of::Event => Formula::of(self.program, condition, wanted),
            Of::Line => Formula::Fact(Fact::SomeLine(OfLine::of(condition, wanted))),
        };
        meet(self.program, &formula, &self.steps)
    }
}

/// From the first test of a condition to its last.
pub fn span_of(condition: &Condition) -> Span {
    fn spans(condition: &Condition, all: &mut Vec<Span>) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| spans(part, all)),
            Condition::Not(part) | Condition::EveryLine(part) => spans(part, all),
            Condition::Test(test) => all.push(test.span),
        }
    }
    let mut all = Vec::new();
    spans(condition, &mut all);
    let Some(first) = all.first().copied() else { return Span::default() };
    all.into_iter().filter(|span| span.file == first.file).fold(first, Span::to)
}
