//! Rewards that cost more than a member can hold before the points end (section 7).

use super::bound::{Stretch, by_caps, by_rules, days_of};
use super::fire::fires;
use super::formula::Formula;
use super::meet::meet;
use super::steps::Steps;
use super::words;
use crate::diag::{Finding, Message, Severity};
use crate::mechanics::give::Whom;
use crate::mechanics::points::Expiry;
use crate::mechanics::promise::Promised;
use crate::mechanics::rule::Rule;
use crate::mechanics::{Name, PointsId, Program, SegmentId};
use crate::text::Span;
use crate::value::clock::{Length, Period};
use crate::value::exact::Exact;

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
    giving: Vec<&'p Rule>,
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
    let giving = |segment: Option<SegmentId>| {
        let gives = |rule: &&Rule| segment.is_none_or(|segment| can_give_to(program, rule, segment, &steps));
        program.rules.iter().filter(gives).collect()
    };
    promised
        .map(|(months, segment, span)| Promise { program, months, segment, giving: giving(segment), span })
        .collect()
}

/// Whether a rule can give to who is in a segment as it does: not where its conditions and the segment's exclude each other.
/// What it gives to others may be for what somebody else does.
fn can_give_to(program: &Program, rule: &Rule, segment: SegmentId, steps: &Steps) -> bool {
    let member = Formula::of(program, &program.segments[segment.0].when, true);
    rule.gives.iter().any(|give| give.to != Whom::Member)
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
        let of = Gathered { unit, price, rules: &self.giving, segment: self.segment_name() };
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
