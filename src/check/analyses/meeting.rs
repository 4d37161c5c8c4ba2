//! Bonuses over one base that can meet in one event and share no stack (section 3, under earn).

use super::apart::Glance;
use super::fire::{fires, lines_of, picked, picks_all, together};
use super::formula::{Fact, Formula, OfLine};
use super::meet::{Answer, meet};
use super::steps::Steps;
use super::{unfinished, words};
use crate::diag::{Finding, Message, Severity};
use crate::mechanics::basis::Pick;
use crate::mechanics::give::What;
use crate::mechanics::rule::{Rule, Trigger};
use crate::mechanics::{Program, RuleId};
use crate::text::Span;
use crate::value::exact::Exact;
use std::collections::{BTreeMap, BTreeSet};

/// Two bonuses over one base.
struct BonusesMeet {
    first: Side,
    second: Side,
    base: String,
    /// An event in which they meet; none where none was found, nor ruled out.
    event: Option<String>,
    mend: String,
}

struct Side {
    name: String,
    percent: Exact,
    span: Span,
}

impl Message for BonusesMeet {
    fn code(&self) -> &'static str {
        "bonuses-meet"
    }

    fn severity(&self) -> Severity {
        if self.event.is_some() { Severity::Error } else { Severity::Warning }
    }

    fn says(&self) -> String {
        let may = if self.event.is_some() { "both add" } else { "may both add" };
        let (first, second) = (&self.first.name, &self.second.name);
        format!("`{first}` and `{second}` {may} to `{}` in one event and share no stack", self.base)
    }

    fn place(&self) -> Span {
        self.second.span
    }

    fn label(&self) -> String {
        format!("adds {} of `{}`", words::percent(&self.second.percent), self.base)
    }

    fn related(&self) -> Vec<(Span, String)> {
        vec![(self.first.span, format!("adds {} of `{}`", words::percent(&self.first.percent), self.base))]
    }

    fn why(&self) -> String {
        let (a, b) = (&self.first.percent, &self.second.percent);
        let sum = format!(
            "{} + {} = {} on top of `{}`",
            words::percent(a),
            words::percent(b),
            words::percent(&(a + b)),
            self.base
        );
        match &self.event {
            Some(event) => format!("For example {event}: the member gets {sum}, and nothing says that this is meant."),
            None => format!(
                "No event was found in which they meet, but none of their conditions rules it out: a member could get {sum}."
            ),
        }
    }

    fn mend(&self) -> String {
        self.mend.clone()
    }
}

/// What is found in a program: each bonus with the first one before it that it meets.
pub fn check(program: &Program) -> Vec<Finding> {
    let mut findings = Vec::new();
    let steps = Steps::of(program);
    let glances: Vec<Glance> = program.rules.iter().map(|rule| Glance::at(program, rule)).collect();
    // By base: the rules before that take a percentage of it. Most rules of a large program share none.
    let mut over: BTreeMap<RuleId, Vec<usize>> = BTreeMap::new();
    for (at, second) in program.rules.iter().enumerate() {
        let mut met = Vec::new();
        let bases: BTreeSet<RuleId> = percents_of(second).map(|(base, ..)| base).collect();
        let sharing: BTreeSet<usize> = bases.iter().filter_map(|base| over.get(base)).flatten().copied().collect();
        bases.iter().for_each(|base| over.entry(*base).or_default().push(at));
        for (before, first) in sharing.into_iter().map(|before| (before, &program.rules[before])) {
            if first.group.is_some() && first.group == second.group {
                continue;
            }
            for (base, percents, picks) in shared_bases(first, second) {
                if met.contains(&base) || glances[before].is_apart_from(&glances[at]) {
                    continue;
                }
                if steps.is_over() {
                    findings.extend(unfinished(program, &steps, "all bonuses that meet"));
                    return findings;
                }
                if let Some(message) = meeting(program, (before, at), base, percents, picks, &steps) {
                    met.push(base);
                    findings.push(message.into());
                }
            }
        }
    }
    findings
}

type Shared<'p> = (RuleId, (&'p Exact, &'p Exact), (&'p Pick, &'p Pick));

/// The bases that both rules take a percentage of.
fn shared_bases<'p>(first: &'p Rule, second: &'p Rule) -> Vec<Shared<'p>> {
    let pairs = percents_of(first).flat_map(|one| percents_of(second).map(move |other| (one, other)));
    pairs
        .filter(|(one, other)| one.0 == other.0)
        .map(|(one, other)| (one.0, (one.1, other.1), (one.2, other.2)))
        .collect()
}

/// What a rule gives as a percentage: of which rule, how much, over which lines.
fn percents_of(rule: &Rule) -> impl Iterator<Item = (RuleId, &Exact, &Pick)> {
    rule.gives.iter().filter_map(|give| match &give.what {
        What::PercentOf { percent, rule, lines } => Some((*rule, percent, lines)),
        What::Rate { .. }
        | What::Back { .. }
        | What::Fixed { .. }
        | What::Scale { .. }
        | What::Step { .. }
        | What::Gift(..)
        | What::Coupon(..)
        | What::Stamps(..)
        | What::Entries(..)
        | What::Level { .. } => None,
    })
}

fn meeting(
    program: &Program,
    (first, second): (usize, usize),
    base: RuleId,
    percents: (&Exact, &Exact),
    picks: (&Pick, &Pick),
    steps: &Steps,
) -> Option<BonusesMeet> {
    let (one, other, under) = (&program.rules[first], &program.rules[second], &program.rules[base.0]);
    let on = together(&together(&one.on, &other.on), &under.on).first().copied()?;
    let mut all = vec![fires(program, one), fires(program, other), fires(program, under)];
    all.extend(part_in_common(under, picks).map(|part| Formula::Fact(Fact::SomeLine(part))));
    let event = match meet(program, &Formula::All(all), steps) {
        Answer::No => return None,
        Answer::Unsure => None,
        Answer::Yes(witness) => Some(witness.words(&event(program, &on))),
    };
    let side = |rule: &Rule, percent: &Exact| Side {
        name: rule.name.text.clone(),
        percent: percent.clone(),
        span: rule.give_span,
    };
    Some(BonusesMeet {
        first: side(one, percents.0),
        second: side(other, percents.1),
        base: under.name.text.clone(),
        event,
        mend: mend(program, one, other),
    })
}

/// The lines whose share of the base both bonuses take; bonuses over different lines do not meet.
fn part_in_common(base: &Rule, (one, other): (&Pick, &Pick)) -> Option<OfLine> {
    let of_base = base.gives.iter().filter_map(|give| lines_of(give.what.basis()?));
    let of_base: Vec<&Pick> = of_base.collect();
    let all: Vec<&Pick> = [one, other]
        .into_iter()
        .chain(match of_base.as_slice() {
            // More than one measure brings the base: any of them may.
            [only] => Some(*only),
            _ => None,
        })
        .filter(|pick| !picks_all(pick))
        .collect();
    (!all.is_empty()).then(|| OfLine::All(all.into_iter().map(picked).collect()))
}

/// What the event is called in a sentence.
fn event(program: &Program, on: &Trigger) -> String {
    words::trigger(program, on)
}

fn mend(program: &Program, one: &Rule, other: &Rule) -> String {
    let name = |id: crate::mechanics::StackId| &program.stacks[id.0].name.text;
    match (one.group, other.group) {
        (Some(group), None) => format!("Write `group {}` in `{}` too.", name(group), other.name.text),
        (None, Some(group)) => format!("Write `group {}` in `{}` too.", name(group), one.name.text),
        (Some(group), Some(_)) => {
            format!("Put both into one stack, for example `group {}` in `{}` too.", name(group), other.name.text)
        }
        (None, None) => match program.stacks.first() {
            Some(stack) => format!("Write `group {}` in both, or in both the name of another stack.", stack.name.text),
            None => "Write `group promo` in both, and beside them `stack promo { take best }`, or `take all` if they are to add up."
                .to_owned(),
        },
    }
}
