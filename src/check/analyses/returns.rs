//! `promise return on purchase at most N%`: the basket that breaks it, or that none was found.
//!
//! Sets of rules that can fire together are found first; a basket is made for each and valued at
//! many amounts. What is said of a basket was worked out on it.

use super::fire::{fires, lines_of, picked, picks_all};
use super::formula::{Fact, Formula, OfLine};
use super::meet::{Answer, meet};
use super::witness::{Item, Witness};
use super::words;
use super::worth::{Choice, Given, Valuing, is_of_purchase, value};
use crate::diag::{Finding, Message, Severity};
use crate::mechanics::basis::{Basis, Pick};
use crate::mechanics::condition::{Condition, How, Measure, Value};
use crate::mechanics::give::What;
use crate::mechanics::promise::Promised;
use crate::mechanics::rule::Rule;
use crate::mechanics::Program;
use crate::text::Span;
use crate::value::exact::Exact;
use std::collections::BTreeSet;

/// The most sets of rules looked at.
const MOST_SETS: usize = 600;

enum Return {
    /// A basket gives more than was promised.
    Broken { promised: Exact, basket: Box<Basket>, span: Span, rule: Option<Span>, why: Broken },
    /// No basket was found, but not all could be looked at.
    Unproved { promised: Exact, reason: String, span: Span },
}

/// Why a basket gives more.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Broken {
    /// By its rates and sums.
    Rates,
    /// Only since points are rounded up.
    Rounding,
    /// Only since a card is stamped by the item or visit, whatever it costs.
    ByThePiece,
}

struct Basket {
    event: String,
    parts: Vec<String>,
    worth: String,
    amount: String,
    percent: Exact,
    /// Whether smaller ones give a larger share.
    smaller: bool,
}

impl Message for Return {
    fn code(&self) -> &'static str {
        match self {
            Self::Broken { .. } => "return-over-promise",
            Self::Unproved { .. } => "return-not-proved",
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Self::Broken { why: Broken::Rates, .. } => Severity::Error,
            Self::Broken { why: Broken::Rounding | Broken::ByThePiece, .. } | Self::Unproved { .. } => Severity::Warning,
        }
    }

    fn says(&self) -> String {
        match self {
            Self::Broken { promised, basket, .. } => format!(
                "a purchase can give back {}, and the promise is at most {}",
                share(&basket.percent),
                words::percent(promised)
            ),
            Self::Unproved { promised, .. } => {
                format!("that a purchase gives back at most {} could not be proved", words::percent(promised))
            }
        }
    }

    fn place(&self) -> Span {
        match self {
            Self::Broken { span, .. } | Self::Unproved { span, .. } => *span,
        }
    }

    fn label(&self) -> String {
        match self {
            Self::Broken { .. } => "the promise".to_owned(),
            Self::Unproved { .. } => "not proved".to_owned(),
        }
    }

    fn related(&self) -> Vec<(Span, String)> {
        match self {
            Self::Broken { rule: Some(span), .. } => vec![(*span, "gives here".to_owned())],
            Self::Broken { rule: None, .. } | Self::Unproved { .. } => Vec::new(),
        }
    }

    fn why(&self) -> String {
        match self {
            Self::Broken { basket, why, .. } => {
                let Basket { event, parts, worth, amount, percent, smaller } = &**basket;
                let sum = format!(
                    "For example {event} gives {}: worth {worth} of {amount}, which is {}.",
                    parts.join(" + "),
                    share(percent)
                );
                let more = if *smaller { " A smaller purchase gives a larger share." } else { "" };
                let only = match why {
                    Broken::Rates => "",
                    Broken::Rounding => " It is the rounding that goes over: before it, the promise is kept.",
                    Broken::ByThePiece => " It depends on how little an item or a visit costs, which the program does not say.",
                };
                format!("{sum}{more}{only}")
            }
            Self::Unproved { reason, .. } => format!("No purchase was found that breaks it, but {reason}."),
        }
    }

    fn mend(&self) -> String {
        match self {
            Self::Broken { why: Broken::Rates, basket, .. } if basket.smaller => {
                "Give it from an amount on (`when amount is at least …`), give less, or promise more.".to_owned()
            }
            Self::Broken { why: Broken::Rates, .. } => {
                "Give less, put the bonuses into one stack with `take best` or `cap N% of receipt`, or promise more.".to_owned()
            }
            Self::Broken { why: Broken::Rounding, .. } => "Write `round down per receipt` in the points block.".to_owned(),
            Self::Broken { why: Broken::ByThePiece, .. } => {
                "Stamp by amount (`stamp 1 per 10 …`), or promise a return without gifts.".to_owned()
            }
            Self::Unproved { .. } => "Try it on a history with `loyal run`, or promise without it.".to_owned(),
        }
    }
}

/// `6.25%`, or about it where it never ends.
fn share(percent: &Exact) -> String {
    match percent.decimals() {
        Some(needed) if needed <= 2 => words::percent(percent),
        Some(_) | None => format!("about {}%", words::number(&percent.round(crate::value::exact::Rounding::Nearest, 1), 0)),
    }
}

/// What is found in a program.
pub fn check(program: &Program) -> Vec<Finding> {
    let mut findings = Vec::new();
    for promise in &program.promises {
        if let Promised::Return { percent, with_gifts } = &promise.what {
            let search = Search { program, promised: percent, with_gifts: *with_gifts, amounts: amounts(program) };
            findings.extend(search.run(promise.span).map(Finding::from));
        }
    }
    findings
}

struct Search<'p> {
    program: &'p Program,
    promised: &'p Exact,
    with_gifts: bool,
    amounts: Vec<Exact>,
}

/// A basket that breaks the promise.
struct Found<'p> {
    witness: Witness<'p>,
    given: Given,
    why: Broken,
    percent: Exact,
    smaller: bool,
}

impl<'p> Search<'p> {
    fn run(&self, span: Span) -> Option<Return> {
        let mut worst: Option<Found<'p>> = None;
        let mut reason = self.not_looked_at();
        let (sets, complete) = self.sets();
        if !complete {
            reason.get_or_insert("there are too many ways for the rules to meet".to_owned());
        }
        for set in &sets {
            match self.basket(set) {
                Answer::No => {}
                Answer::Yes(witness) => match self.worst_amount(&witness) {
                    Some(found) => {
                        let rank = |found: &Found<'_>| (found.why == Broken::Rates, found.percent.clone());
                        if found.as_ref().is_some_and(|found| worst.as_ref().is_none_or(|worst| rank(found) > rank(worst))) {
                            worst = found;
                        }
                    }
                    None => {
                        reason.get_or_insert_with(|| self.unknown(set));
                    }
                },
                Answer::Unsure => {
                    if self.could_break(set) {
                        reason.get_or_insert_with(|| self.unsure(set));
                    }
                }
            }
        }
        match (worst, reason) {
            (Some(found), _) => Some(self.broken(found, span)),
            (None, Some(reason)) => Some(Return::Unproved { promised: self.promised.clone(), reason, span }),
            (None, None) => None,
        }
    }

    fn broken(&self, found: Found<'p>, span: Span) -> Return {
        let Found { mut witness, given, why, percent, smaller } = found;
        witness.amount_matters = true;
        let basket = Basket {
            event: witness.words("purchase"),
            parts: given.parts,
            worth: words::money(self.program, &given.worth),
            amount: words::money(self.program, &witness.amount()),
            percent,
            smaller,
        };
        let rule = self.program.rules.iter().find(|rule| is_of_purchase(rule) && witness.lets(rule) == Some(true));
        let rule = rule.map(|rule| rule.give_span);
        Return::Broken { promised: self.promised.clone(), basket: Box::new(basket), span, rule, why }
    }

    /// What makes a static answer impossible whatever the rules.
    fn not_looked_at(&self) -> Option<String> {
        let before = |give: &What| {
            matches!(give, What::Rate { basis: Basis::Total(total), .. } | What::Back { basis: Basis::Total(total), .. }
                | What::Scale { basis: Basis::Total(total), .. } if total.before_discounts)
        };
        let rule = self.rules().find(|(_, rule)| rule.gives.iter().any(|give| before(&give.what)));
        rule.map(|(_, rule)| {
            format!("`{}` counts before discounts, so the share grows with the discount on an item", rule.name.text)
        })
    }

    fn unknown(&self, set: &[Choice]) -> String {
        let names = self.names(set);
        format!("what {names} gives hangs on a field, a file or a count that the program does not hold")
    }

    fn unsure(&self, set: &[Choice]) -> String {
        format!("it is not clear whether {} can hold in one purchase", self.names(set))
    }

    fn names(&self, set: &[Choice]) -> String {
        words::list(&set.iter().map(|(at, _)| format!("`{}`", self.program.rules[*at].name.text)).collect::<Vec<_>>())
    }

    fn rules(&self) -> impl Iterator<Item = (usize, &'p Rule)> {
        self.program.rules.iter().enumerate().filter(|(_, rule)| is_of_purchase(rule))
    }

    /// Sets of rules, each with one of its figures, that are not known to exclude each other; whether these are all.
    fn sets(&self) -> (Vec<Vec<Choice>>, bool) {
        let mut sets: Vec<Vec<Choice>> = vec![Vec::new()];
        for (at, rule) in self.rules() {
            let longer: Vec<Vec<Choice>> = sets
                .iter()
                .flat_map(|set| (0..=choices(rule)).map(move |choice| set.iter().copied().chain([(at, choice)]).collect()))
                .filter(|set: &Vec<Choice>| !meet(self.program, &self.formula(set)).is_no())
                .collect();
            sets.extend(longer);
            if sets.len() > MOST_SETS {
                sets.truncate(MOST_SETS);
                return (sets, false);
            }
        }
        (sets, true)
    }

    fn formula(&self, set: &[Choice]) -> Formula {
        let parts = set.iter().flat_map(|(at, choice)| {
            let rule = &self.program.rules[*at];
            std::iter::once(fires(self.program, rule)).chain(self.choice(rule, *choice))
        });
        Formula::All(parts.collect())
    }

    /// That this is the figure used: its `or` holds and none before it.
    fn choice(&self, rule: &Rule, choice: usize) -> Vec<Formula> {
        let Some(or) = longest_or(rule) else { return Vec::new() };
        let before = if choice == 0 { or } else { &or[..choice - 1] };
        let mut parts: Vec<Formula> = before.iter().map(|(when, _)| Formula::of(self.program, when, false)).collect();
        if let Some((when, _)) = choice.checked_sub(1).and_then(|place| or.get(place)) {
            parts.push(Formula::of(self.program, when, true));
        }
        parts
    }

    /// A purchase in which the rules fire, all its lines counting for all of them where that can be.
    fn basket(&self, set: &[Choice]) -> Answer<'p> {
        let picks: Vec<OfLine> = set.iter().flat_map(|(at, _)| picks_of(&self.program.rules[*at])).map(picked).collect();
        let fire = self.formula(set);
        if picks.is_empty() {
            return meet(self.program, &fire);
        }
        let every = Formula::Fact(Fact::EveryLine(OfLine::All(picks.clone())));
        if let Answer::Yes(witness) = meet(self.program, &Formula::All(vec![fire.clone(), every])) {
            return Answer::Yes(witness);
        }
        let some = picks.into_iter().map(|pick| Formula::Fact(Fact::SomeLine(pick)));
        meet(self.program, &Formula::All(std::iter::once(fire).chain(some).collect()))
    }

    /// The amount at which the basket breaks the promise; the outer none where it cannot be valued.
    fn worst_amount(&self, witness: &Witness<'p>) -> Option<Option<Found<'p>>> {
        let mut found: Vec<Found<'p>> = Vec::new();
        for amount in &self.amounts {
            let Some(witness) = at_amount(witness, amount) else { continue };
            found.extend(self.breaks(&witness)?);
        }
        // A round hundred reads best; else the largest that breaks it; rates before rounding.
        let hundred = Exact::from_int(100);
        let close = |found: &Found<'_>| {
            let amount = found.witness.amount();
            (found.why != Broken::Rates, amount > hundred, if amount > hundred { amount } else { &hundred - amount })
        };
        let largest = found.iter().map(|found| found.percent.clone()).max();
        let mut chosen = found.into_iter().min_by_key(close);
        if let (Some(chosen), Some(largest)) = (&mut chosen, largest) {
            chosen.smaller = largest > &chosen.percent * &Exact::ratio(3, 2);
        }
        Some(chosen)
    }

    /// Whether this very basket breaks the promise; the outer none where it cannot be valued.
    fn breaks(&self, witness: &Witness<'p>) -> Option<Option<Found<'p>>> {
        let amount = witness.amount();
        if !amount.is_positive() {
            return Some(None);
        }
        let valuing = Valuing { witness, forced: None, with_gifts: self.with_gifts, rounded: true };
        let given = value(&valuing)?;
        let exact = value(&Valuing { rounded: false, ..valuing })?;
        let room = &amount * self.promised * Exact::ratio(1, 100);
        if given.worth <= room {
            return Some(None);
        }
        let why = if exact.worth <= room {
            Broken::Rounding
        } else if &given.worth - &given.by_the_piece <= room {
            Broken::ByThePiece
        } else {
            Broken::Rates
        };
        let percent = (&given.worth * Exact::from_int(100)).checked_div(&amount)?;
        Some(Some(Found { witness: witness.clone(), given, why, percent, smaller: false }))
    }

    /// Whether the rules, if they did fire together, would break the promise.
    fn could_break(&self, set: &[Choice]) -> bool {
        let day = self.program.settings.from.unwrap_or(crate::value::clock::Date::constant(2026, 1, 5));
        self.amounts.iter().any(|amount| {
            let mut witness = Witness::on(self.program, day);
            witness.lines.push(Item { amount: amount.clone(), ..Item::default() });
            let valuing = Valuing { witness: &witness, forced: Some(set), with_gifts: self.with_gifts, rounded: false };
            let room = amount * self.promised * Exact::ratio(1, 100);
            value(&valuing).is_none_or(|given| given.worth > room)
        })
    }
}

/// The same basket at another amount; none where its lines leave no room for it.
fn at_amount<'p>(witness: &Witness<'p>, amount: &Exact) -> Option<Witness<'p>> {
    let mut other = witness.clone();
    let free = other.lines.iter().position(|line| !line.fixed)?;
    let rest: Exact = other.lines.iter().enumerate().filter(|(at, _)| *at != free).map(|(_, line)| &line.amount).sum();
    let left = amount - rest;
    if !left.is_positive() {
        return None;
    }
    other.lines[free].amount = left;
    Some(other)
}

fn longest_or(rule: &Rule) -> Option<&[(Condition, Exact)]> {
    let ors = rule.gives.iter().filter_map(|give| match &give.what {
        What::Rate { or, .. } | What::Back { or, .. } | What::Fixed { or, .. } => Some(or.as_slice()),
        What::PercentOf { .. }
        | What::Scale { .. }
        | What::Step { .. }
        | What::Gift(..)
        | What::Stamps(..)
        | What::Level { .. } => None,
    });
    ors.max_by_key(|or| or.len())
}

fn choices(rule: &Rule) -> usize {
    longest_or(rule).map_or(0, <[_]>::len)
}

/// The lines that a rule counts.
fn picks_of(rule: &Rule) -> Vec<&Pick> {
    let picks = rule.gives.iter().filter_map(|give| match &give.what {
        What::Rate { basis, .. } | What::Back { basis, .. } | What::Scale { basis, .. } | What::Step { basis, .. } => {
            lines_of(basis)
        }
        What::PercentOf { lines, .. } => Some(lines),
        What::Fixed { .. } | What::Gift(..) | What::Stamps(..) | What::Level { .. } => None,
    });
    picks.filter(|pick| !picks_all(pick)).collect()
}

/// Amounts worth trying: round ones, and those at which a rule changes its mind.
fn amounts(program: &Program) -> Vec<Exact> {
    let cent = Exact::ratio(1, 10_i64.pow(program.settings.minor_units.min(6)));
    let mut all: BTreeSet<Exact> = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000, 1_000_000].map(Exact::from_int).into();
    let mut turns: BTreeSet<Exact> = BTreeSet::new();
    for rule in program.rules.iter().filter(|rule| is_of_purchase(rule)) {
        rule.when.iter().chain(&rule.except).for_each(|condition| named(condition, &mut turns));
        for give in &rule.gives {
            match &give.what {
                What::Rate { or, per, .. } => {
                    turns.extend([per.clone(), per * &Exact::ratio(1, 2), per * &Exact::from_int(100)]);
                    or.iter().for_each(|(condition, _)| named(condition, &mut turns));
                }
                What::Back { or, .. } | What::Fixed { or, .. } => {
                    or.iter().for_each(|(condition, _)| named(condition, &mut turns));
                }
                What::Scale { bands, .. } => turns.extend(bands.iter().map(|band| band.from.clone())),
                What::Step { steps, .. } => turns.extend(steps.iter().map(|(from, _)| from.clone())),
                What::PercentOf { .. } | What::Gift(..) | What::Stamps(..) | What::Level { .. } => {}
            }
        }
    }
    for turn in turns {
        all.extend([turn.clone(), &turn - &cent, &turn + &cent]);
    }
    all.into_iter().filter(|amount| *amount >= cent && amount.decimals().is_some_and(|needed| needed <= program.settings.minor_units)).collect()
}

/// The amounts that a condition names.
fn named(condition: &Condition, all: &mut BTreeSet<Exact>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| named(part, all)),
        Condition::Not(part) | Condition::EveryLine(part) => named(part, all),
        Condition::Test(test) => {
            if !matches!(test.measure, Measure::Amount | Measure::TotalOf(_) | Measure::Price) {
                return;
            }
            match &test.how {
                How::Is(Value::Number(a))
                | How::AtLeast(Value::Number(a))
                | How::AtMost(Value::Number(a))
                | How::MoreThan(Value::Number(a))
                | How::LessThan(Value::Number(a)) => {
                    all.insert(a.clone());
                }
                How::Between(Value::Number(a), Value::Number(b)) => all.extend([a.clone(), b.clone()]),
                _ => {}
            }
        }
    }
}
