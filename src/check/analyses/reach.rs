//! Rewards that cost more than a member can hold before the points end (section 7).

use super::bound::{Stretch, by_caps, by_rules, days_of};
use super::fire::fires;
use super::formula::Formula;
use super::meet::meet;
use super::steps::Steps;
use super::words;
use crate::diag::{Finding, Message, Severity};
use crate::mechanics::give::{Give, What, Whom};
use crate::mechanics::points::Expiry;
use crate::mechanics::promise::Promised;
use crate::mechanics::rule::{Rule, Trigger};
use crate::mechanics::{Name, PointsId, Program, RuleId, SegmentId};
use crate::text::Span;
use crate::value::clock::{Length, Period};
use crate::value::exact::Exact;
use std::collections::BTreeMap;

/// A reward nobody can pay for in time.
struct OutOfReach {
    reward: Name,
    /// When it is a promise of the program that breaks: its months, for which segment, and where it stands.
    promised: Option<(u32, Option<String>, Span)>,
    price: String,
    arithmetic: String,
    span: Span,
}

impl Message for OutOfReach {
    fn code(&self) -> &'static str {
        "reward-out-of-reach"
    }

    fn severity(&self) -> Severity {
        if self.promised.is_some() { Severity::Error } else { Severity::Warning }
    }

    fn says(&self) -> String {
        if let Some((months, segment, _)) = &self.promised {
            let who = segment.as_ref().map_or("nobody".to_owned(), |segment| format!("nobody of `{segment}`"));
            let months = if *months == 1 { "a month".to_owned() } else { format!("{months} months") };
            return format!("{who} can gather the {} that `{}` costs within {months}", self.price, self.reward.text);
        }
        format!("nobody can gather the {} that `{}` costs before they expire", self.price, self.reward.text)
    }

    fn place(&self) -> Span {
        self.span
    }

    fn label(&self) -> String {
        "out of reach".to_owned()
    }

    fn related(&self) -> Vec<(Span, String)> {
        self.promised.iter().map(|(.., span)| (*span, "promised here".to_owned())).collect()
    }

    fn why(&self) -> String {
        self.arithmetic.clone()
    }

    fn mend(&self) -> String {
        match &self.promised {
            Some((_, Some(segment), _)) => {
                format!("Lower the price, give more to `{segment}`, or promise more months or for others.")
            }
            Some((_, None, _)) => "Lower the price, raise the cap, or promise more months.".to_owned(),
            None => "Lower the price, raise the cap, or let the points last longer.".to_owned(),
        }
    }
}

/// What is found in a program: rewards of which every price is out of reach.
pub fn check(program: &Program) -> Vec<Finding> {
    let mut found = Vec::new();
    let promises = promises(program);
    for reward in &program.rewards {
        let cheapest = reward.prices.iter().min_by(|a, b| a.number.cmp(&b.number));
        let units: Vec<PointsId> = reward.prices.iter().map(|price| price.unit).collect();
        let Some(price) = cheapest.filter(|price| units.iter().all(|unit| *unit == price.unit)) else { continue };
        if comes_from_elsewhere(program, price.unit) {
            continue;
        }
        let broken = promises.iter().find_map(|promise| Some((promise, promise.broken(price.unit, &price.number)?)));
        let (promised, arithmetic) = match broken {
            Some((promise, arithmetic)) => {
                (Some((promise.months, promise.segment_name(), promise.span)), Some(arithmetic))
            }
            None => (None, arithmetic(program, price.unit, &price.number)),
        };
        let words = words::points(program, price.unit, &price.number);
        found.extend(arithmetic.map(|arithmetic| {
            let reward = reward.name.clone();
            Finding::from(OutOfReach { reward, promised, price: words, arithmetic, span: price.span })
        }));
    }
    found
}

/// Points that others may send, that a household spends together or that are bought have no bound of one member.
fn comes_from_elsewhere(program: &Program, unit: PointsId) -> bool {
    let points = &program.points[unit.0];
    let shared = program.household.as_ref().is_some_and(|household| household.share.contains(&unit));
    !points.transfer.is_empty() || points.buy.is_some() || shared
}

/// `every reward reachable within N months [for segment S]`.
struct Promise<'p> {
    program: &'p Program,
    months: u32,
    segment: Option<SegmentId>,
    /// The rules that can give to who is promised it.
    rules: Vec<&'p Rule>,
    span: Span,
}

fn promises(program: &Program) -> Vec<Promise<'_>> {
    let steps = Steps::of(program);
    let promised = program.promises.iter().filter_map(|promise| match &promise.what {
        Promised::RewardsReachable(months, segment) => Some((*months, *segment, promise.span)),
        Promised::Return { .. }
        | Promised::MonthlyCost(_)
        | Promised::NoFreeLoop
        | Promised::LevelsReachable
        | Promised::NobodyBelowEarnsMore(..)
        | Promised::NoSmallerEarnsMore => None,
    });
    promised
        .map(|(months, segment, span)| {
            let rules = match segment {
                Some(segment) => giving_to(program, segment, &steps),
                None => program.rules.iter().collect(),
            };
            Promise { program, months, segment, rules, span }
        })
        .collect()
}

/// The rules that can give to who is in a segment as they do: neither their conditions exclude it, nor those of all that they
/// give a share of.
fn giving_to<'p>(program: &'p Program, segment: SegmentId, steps: &Steps) -> Vec<&'p Rule> {
    let mut gives: Vec<bool> = program.rules.iter().map(|rule| can_give_to(program, rule, segment, steps)).collect();
    let mut shares: BTreeMap<RuleId, Vec<usize>> = BTreeMap::new();
    for (at, rule) in program.rules.iter().enumerate() {
        rule.gives
            .iter()
            .filter_map(|give| base_of(&give.what))
            .for_each(|base| shares.entry(base).or_default().push(at));
    }
    let mut out: Vec<usize> = (0..gives.len()).filter(|at| !gives[*at]).collect();
    while let Some(base) = out.pop() {
        for at in shares.remove(&RuleId(base)).unwrap_or_default() {
            let of_none = |give: &Give| base_of(&give.what).is_some_and(|base| !gives[base.0]);
            if gives[at] && program.rules[at].gives.iter().all(of_none) {
                gives[at] = false;
                out.push(at);
            }
        }
    }
    program.rules.iter().zip(gives).filter(|(_, gives)| *gives).map(|(rule, _)| rule).collect()
}

/// What a rule gives a share of.
fn base_of(what: &What) -> Option<RuleId> {
    if let What::PercentOf { rule, .. } = what { Some(*rule) } else { None }
}

/// Whether a rule's conditions leave room for who is in a segment. What it gives to others may be for what somebody else does.
fn can_give_to(program: &Program, rule: &Rule, segment: SegmentId, steps: &Steps) -> bool {
    let to_others = rule.gives.iter().any(|give| give.to != Whom::Member);
    let member = Formula::of(program, &program.segments[segment.0].when, true);
    to_others
        || rule.on.contains(&Trigger::FirstPurchaseOfFriend)
        || !meet(program, &Formula::All(vec![member, fires(program, rule)]), steps).is_no()
}

impl Promise<'_> {
    fn segment_name(&self) -> Option<String> {
        self.segment.map(|segment| self.program.segments[segment.0].name.text.clone())
    }

    /// Why a price cannot be gathered in time; none where that cannot be shown.
    fn broken(&self, unit: PointsId, price: &Exact) -> Option<String> {
        let months = i64::from(self.months);
        let begin = if months == 1 { "In a month".to_owned() } else { format!("In {months} months") };
        let of = Gathered { unit, price, rules: &self.rules, segment: self.segment_name() };
        most(self.program, &of, (months * 31 + 1, Some(months + 1)), &begin)
    }
}

/// Why fewer can be held; none where that cannot be shown.
fn arithmetic(program: &Program, unit: PointsId, price: &Exact) -> Option<String> {
    let points = &program.points[unit.0];
    let (days, months, life) = match &points.expiry {
        Expiry::After(life) => {
            let stretched = life.at_end_of.map_or(0, |period| match period {
                Period::Day => 0,
                Period::Week => 6,
                Period::Month => 30,
                Period::Quarter => 91,
                Period::Year => 365,
            });
            let months = months_of(life.length).map(|months| months + 1 + stretched / 30);
            (days_of(life.length) + stretched + 1, months, format!("{} after earning", life.length))
        }
        Expiry::Yearly(month, day) => (367, Some(13), format!("on {month:02}-{day:02} each year")),
        // These may be held for ever: only what can ever be had is a bound.
        Expiry::Never | Expiry::Sliding { .. } => return None,
    };
    let rules: Vec<&Rule> = program.rules.iter().collect();
    let of = Gathered { unit, price, rules: &rules, segment: None };
    most(program, &of, (days, months), &format!("Points end {life}; in that time"))
}

fn months_of(length: Length) -> Option<i64> {
    match length {
        Length::Months(months) => Some(i64::from(months)),
        Length::Years(years) => Some(i64::from(years) * 12),
        Length::Days(_) | Length::Weeks(_) => None,
    }
}

/// A price, and by which rules it is to be gathered.
struct Gathered<'p> {
    unit: PointsId,
    price: &'p Exact,
    rules: &'p [&'p Rule],
    /// To whom they can give, where they are not all.
    segment: Option<String>,
}

/// Why fewer can be had in so many days, which touch at most so many months; none where that cannot be shown.
fn most(program: &Program, of: &Gathered<'_>, (days, months): (i64, Option<i64>), begin: &str) -> Option<String> {
    let points = &program.points[of.unit.0];
    let told = |figure: &Exact| words::points(program, of.unit, figure);
    if let Some((most, windows, each)) =
        by_caps(&points.caps, Stretch::Days(days, months)).filter(|(most, _, _)| most < of.price)
    {
        return Some(format!(
            "{begin} the cap lets a member have at most {} × {windows} = {}.",
            told(&each),
            told(&most)
        ));
    }
    let most = by_rules(program, of.rules, of.unit, days).filter(|most| most < of.price)?;
    match (&of.segment, most.is_positive()) {
        (None, true) => Some(format!("{begin} all rules together give a member at most {}.", told(&most))),
        // That no rule at all gives any is told by itself.
        (None, false) => None,
        (Some(segment), true) => {
            let most = told(&most);
            Some(format!("{begin} the rules that can give to `{segment}` give a member at most {most} together."))
        }
        (Some(segment), false) => Some(format!("No rule that gives them can give to `{segment}`.")),
    }
}
