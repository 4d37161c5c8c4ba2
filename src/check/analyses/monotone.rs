//! `promise no member below level L earns more than L` and `no purchase earns less than a smaller one`: two purchases
//! that differ in that alone, of which the lesser earns more, or that none were found.
//!
//! Rules that ask about the level (about money) are the only ones that can break it, so baskets are made for the sets that
//! hold one of them. Each basket is valued for both sides at amounts on either side of every turn of a rule: in between both
//! are straight, so what holds at the ends holds there. Points are held against each other before they are rounded: what
//! rounding takes from one rule may fall to another, so a point is no promise broken.

use super::amounts::{changes, is_capped, passed_over, turns};
use super::baskets::{Baskets, at_amount, each_test, with_money};
use super::bound::unit_of;
use super::fire::picks_all;
use super::together::{TOO_MANY, Together};
use super::witness::Witness;
use super::words;
use super::worth::{Given, Valuing, first_unknown, value};
use crate::diag::{Finding, Message, Severity};
use crate::mechanics::condition::{Measure, Value};
use crate::mechanics::give::What;
use crate::mechanics::promise::Promised;
use crate::mechanics::rule::{Rule, Trigger};
use crate::mechanics::stack::Take;
use crate::mechanics::tiers::Reach;
use crate::mechanics::{PointsId, Program, SegmentId, StackId, TiersId};
use crate::text::Span;
use crate::value::exact::Exact;
use std::collections::BTreeSet;

/// Of so many rules each may be used up or not.
const MOST_USED_UP: usize = 4;

/// In what the two purchases differ.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// Who buys: at a level below this one, or at it.
    Level(TiersId, usize),
    /// The money of one line.
    Amount,
}

/// What is said of a promise.
struct Monotone {
    /// The promised level; none: of the money.
    level: Option<String>,
    span: Span,
    what: Said,
}

enum Said {
    /// The lesser of two purchases earns more.
    Broken { says: String, example: String, rules: Vec<(Span, String)> },
    /// None was found, but not all could be looked at.
    Unproved { reason: String },
}

impl Message for Monotone {
    fn code(&self) -> &'static str {
        match (&self.what, &self.level) {
            (Said::Broken { .. }, Some(_)) => "lower-level-earns-more",
            (Said::Broken { .. }, None) => "smaller-earns-more",
            (Said::Unproved { .. }, Some(_)) => "lower-level-not-proved",
            (Said::Unproved { .. }, None) => "smaller-not-proved",
        }
    }

    fn severity(&self) -> Severity {
        match &self.what {
            Said::Broken { .. } => Severity::Error,
            Said::Unproved { .. } => Severity::Warning,
        }
    }

    fn says(&self) -> String {
        match (&self.what, &self.level) {
            (Said::Broken { says, .. }, _) => says.clone(),
            (Said::Unproved { .. }, Some(level)) => {
                format!("that nobody below `{level}` earns more than `{level}` could not be proved")
            }
            (Said::Unproved { .. }, None) => {
                "that no purchase earns less than a smaller one could not be proved".to_owned()
            }
        }
    }

    fn place(&self) -> Span {
        self.span
    }

    fn label(&self) -> String {
        match self.what {
            Said::Broken { .. } => "the promise",
            Said::Unproved { .. } => "not proved",
        }
        .to_owned()
    }

    fn related(&self) -> Vec<(Span, String)> {
        match &self.what {
            Said::Broken { rules, .. } => rules.clone(),
            Said::Unproved { .. } => Vec::new(),
        }
    }

    fn why(&self) -> String {
        match &self.what {
            Said::Broken { example, .. } => example.clone(),
            Said::Unproved { reason } => format!("No two purchases were found that break it, but {reason}."),
        }
    }

    fn mend(&self) -> String {
        match (&self.what, &self.level) {
            (Said::Broken { .. }, Some(level)) => format!("Give `{level}` as much, or leave the promise out."),
            (Said::Broken { .. }, None) => {
                "Give the larger one as much (`when amount is at least …` has no upper end), or leave the promise out."
                    .to_owned()
            }
            (Said::Unproved { .. }, _) => "Try it on a history with `loyal run`, or promise without it.".to_owned(),
        }
    }
}

/// What is found in a program.
pub fn check(program: &Program) -> Vec<Finding> {
    let promised = program.promises.iter().filter_map(|promise| match promise.what {
        Promised::NobodyBelowEarnsMore(tiers, level) => Some((By::Level(tiers, level), promise.span)),
        Promised::NoSmallerEarnsMore => Some((By::Amount, promise.span)),
        Promised::Return { .. }
        | Promised::MonthlyCost(_)
        | Promised::NoFreeLoop
        | Promised::LevelsReachable
        | Promised::RewardsReachable(..) => None,
    });
    promised.filter_map(|(by, span)| Search::of(program, by).run(span).map(Finding::from)).collect()
}

struct Search<'p> {
    program: &'p Program,
    by: By,
    /// Rules that look at what the two purchases differ in.
    asking: BTreeSet<usize>,
    /// Of those and of what shares a stack or a cap with them, the ones that can be used up.
    ending: Vec<usize>,
    amounts: Vec<Exact>,
    baskets: Baskets,
    together: Together<'p>,
    /// What is held against each other: all that has a worth, in money, and each kind of points without one by itself.
    kinds: Vec<Vec<Exact>>,
}

/// A purchase, and what it gives of each kind, with each choice of rules used up.
struct Side<'p> {
    witness: Witness<'p>,
    given: Vec<Given>,
}

/// Two purchases of which the lesser earns more.
struct Found<'p> {
    lesser: (Witness<'p>, Given),
    greater: (Witness<'p>, Given),
    /// Rules that give no more, for this to be so.
    used_up: Vec<usize>,
}

impl<'p> Search<'p> {
    fn of(program: &'p Program, by: By) -> Self {
        let together = Together::of(program);
        let mut asking: BTreeSet<usize> =
            together.rules().filter(|(_, rule)| asks(program, rule, by)).map(|(at, _)| at).collect();
        if by == By::Amount {
            asking.extend(shared_out(program));
        }
        let of_stack =
            |group: Option<StackId>| group.is_some() && asking.iter().any(|at| program.rules[*at].group == group);
        // What fills a cap hides what the others would give.
        let capped = |unit: &PointsId| !program.points[unit.0].caps.is_empty();
        let units = |rule: &'p Rule| rule.gives.iter().filter_map(|give| unit_of(program, &give.what)).filter(capped);
        let capped: BTreeSet<PointsId> = asking.iter().flat_map(|at| units(&program.rules[*at])).collect();
        let of_cap = |rule: &'p Rule| units(rule).any(|unit| capped.contains(&unit));
        let ending = together
            .rules()
            .filter(|(at, rule)| ends(rule) && (asking.contains(at) || of_stack(rule.group) || of_cap(rule)))
            .map(|(at, _)| at)
            .collect();
        let amounts = changes(program, together.rules().map(|(_, rule)| rule));
        Self { program, by, asking, ending, amounts, baskets: Baskets::of(program), together, kinds: kinds(program) }
    }

    fn run(&self, span: Span) -> Option<Monotone> {
        if self.asking.is_empty() {
            return None;
        }
        let mut found: Option<Found<'p>> = None;
        let mut reason = self.not_looked_at();
        let (sets, complete) = self.together.sets();
        if !complete {
            reason.get_or_insert(TOO_MANY.to_owned());
        }
        for set in sets.iter().filter(|set| set.iter().any(|(at, _)| self.asking.contains(at))) {
            if self.together.steps.is_over() {
                break;
            }
            let (mut baskets, unsure) = self.together.baskets(set, None);
            baskets.extend(self.together.baskets_alone(set));
            for witness in baskets {
                if self.together.steps.is_over() {
                    break;
                }
                match self.tried(&witness) {
                    Some(pair) => found = better(found, pair),
                    None => {
                        reason.get_or_insert_with(|| match first_unknown(&witness) {
                            Some(at) => self.together.unknown(&[(at, 0)]),
                            None => self.together.unknown(set),
                        });
                    }
                }
            }
            if unsure {
                reason.get_or_insert_with(|| self.together.unsure(set));
            }
        }
        if self.together.steps.is_over() {
            reason.get_or_insert(TOO_MANY.to_owned());
        }
        let what = match found {
            Some(found) => self.broken(found),
            None => Said::Unproved { reason: reason? },
        };
        let level = match self.by {
            By::Level(tiers, level) => Some(self.level(tiers, level)),
            By::Amount => None,
        };
        Some(Monotone { level, span, what })
    }

    fn level(&self, tiers: TiersId, level: usize) -> String {
        self.program.tiers[tiers.0].levels[level].name.text.clone()
    }

    /// What makes a static answer impossible whatever the basket.
    fn not_looked_at(&self) -> Option<String> {
        if let Some(reason) = passed_over(self.program) {
            return Some(reason);
        }
        if self.ending.len() > MOST_USED_UP {
            return Some("too many of its rules can be used up".to_owned());
        }
        let follows = |on: &Trigger| {
            matches!(on, Trigger::Full(_) | Trigger::LevelUp(_) | Trigger::Completed(_) | Trigger::PaidOut(_))
        };
        let mut asking = self.asking.iter().map(|at| &self.program.rules[*at]);
        if let Some(rule) = asking.find(|rule| rule.on.iter().any(follows)) {
            return Some(format!("`{}` also gives for what a purchase leads to", rule.name.text));
        }
        let at_once = |tiers: &TiersId| self.program.tiers[tiers.0].reach == Reach::AtOnce;
        let lifted = (0..self.program.tiers.len()).map(TiersId).filter(at_once).find(|tiers| {
            let by = By::Level(*tiers, 0);
            self.by == By::Amount && self.together.rules().any(|(_, rule)| asks(self.program, rule, by))
        });
        lifted.map(|tiers| {
            let name = &self.program.tiers[tiers.0].name.text;
            format!("a larger purchase can reach a level of `{name}`, which counts at once")
        })
    }

    /// Two purchases made from this one that break the promise; the outer none where one cannot be valued.
    fn tried(&self, witness: &Witness<'p>) -> Option<Option<Found<'p>>> {
        let mut found = None;
        for family in self.baskets.families(witness) {
            let amounts = self.amounts_of(&family);
            for line in 0..family.lines.len() {
                let money = self.baskets.money_of_line(&family, line, &amounts);
                // To work them out takes about as long as a test of each.
                if !self.together.steps.pay(money.len() + amounts.len()) {
                    return Some(found);
                }
                let baskets = money.into_iter().map(|money| with_money(&family, line, money));
                let more = match self.by {
                    By::Level(tiers, level) => self.at_levels(baskets.chain([family.clone()]), tiers, level)?,
                    By::Amount => self.growing(baskets)?,
                };
                found = better(found, more);
            }
        }
        Some(found)
    }

    /// Amounts to try a basket at: for two levels, those too at which a cap begins to hold.
    fn amounts_of(&self, family: &Witness<'p>) -> Vec<Exact> {
        let mut amounts = self.amounts.clone();
        if let (By::Level(tiers, level), true) = (self.by, is_capped(self.program)) {
            amounts.extend((0..=level).flat_map(|level| self.turns(&at_level(family, tiers, level))));
        }
        amounts
    }

    /// Baskets bought at each level below and at the level.
    fn at_levels(
        &self,
        baskets: impl Iterator<Item = Witness<'p>>,
        tiers: TiersId,
        level: usize,
    ) -> Option<Option<Found<'p>>> {
        let mut found = None;
        for basket in baskets {
            let greater = self.side(at_level(&basket, tiers, level))?;
            for lower in 0..level {
                if self.together.steps.is_over() {
                    return Some(found);
                }
                found = better(found, self.pair(&self.side(at_level(&basket, tiers, lower))?, &greater)?);
            }
        }
        Some(found)
    }

    /// One basket, the money of one line growing.
    fn growing(&self, baskets: impl Iterator<Item = Witness<'p>>) -> Option<Option<Found<'p>>> {
        let mut found = None;
        let mut before: Option<Side<'p>> = None;
        for basket in baskets {
            if self.together.steps.is_over() {
                break;
            }
            let side = self.side(basket)?;
            if let Some(before) = &before {
                found = better(found, self.pair(before, &side)?);
            }
            before = Some(side);
        }
        Some(found)
    }

    /// Every choice of rules that are used up, none first.
    fn used_up(&self) -> impl Iterator<Item = Vec<usize>> {
        let ending = &self.ending[..self.ending.len().min(MOST_USED_UP)];
        let chosen =
            move |choice: usize| (0..ending.len()).filter(|at| choice >> at & 1 == 1).map(|at| ending[at]).collect();
        (0..1_usize << ending.len()).map(chosen)
    }

    /// What a purchase gives; none where it cannot be valued.
    fn side(&self, witness: Witness<'p>) -> Option<Side<'p>> {
        let mut given = Vec::new();
        for used_up in self.used_up() {
            for each in &self.kinds {
                given.push(self.value(&witness, each, &used_up, false)?);
            }
        }
        Some(Side { witness, given })
    }

    fn value(&self, witness: &Witness<'p>, each: &[Exact], used_up: &[usize], rounded: bool) -> Option<Given> {
        // Every rule is asked about every line.
        self.together.steps.pay(1 + self.program.rules.len() * witness.lines.len());
        value(&Valuing { witness, forced: None, used_up, with_gifts: false, rounded, each })
    }

    /// The two, where the lesser earns more; the outer none where it cannot be valued.
    fn pair(&self, lesser: &Side<'p>, greater: &Side<'p>) -> Option<Option<Found<'p>>> {
        let all = lesser.given.iter().zip(&greater.given).enumerate();
        let mut broken = all.filter(|(_, (less, more))| less.worth > more.worth);
        let Some((at, (less, more))) = broken.next() else { return Some(None) };
        let each = &self.kinds[at % self.kinds.len()];
        let used_up = self.used_up().nth(at / self.kinds.len()).unwrap_or_default();
        // What is posted reads better, where it shows the same.
        let posted = |side: &Side<'p>| self.value(&side.witness, each, &used_up, true);
        let (less, more) = match (posted(lesser)?, posted(greater)?) {
            (lesser, greater) if lesser.worth > greater.worth => (lesser, greater),
            _ => (less.clone(), more.clone()),
        };
        let (lesser, greater) = ((lesser.witness.clone(), less), (greater.witness.clone(), more));
        Some(Some(Found { lesser, greater, used_up }))
    }

    /// Amounts between those tried at which a cap begins to hold.
    fn turns(&self, witness: &Witness<'p>) -> Vec<Exact> {
        let cent = Exact::from_scaled(1, self.program.settings.minor_units.min(6));
        let of_kind = |each: &Vec<Exact>| {
            let worth = |amount: &Exact| Some(self.value(&at_amount(witness, amount)?, each, &[], false)?.worth);
            turns(&self.amounts, &cent, &Exact::zero(), &worth)
        };
        self.kinds.iter().flat_map(of_kind).collect()
    }

    fn broken(&self, found: Found<'p>) -> Said {
        let Found { lesser, greater, used_up } = found;
        let name = |at: usize| format!("`{}`", self.program.rules[at].name.text);
        let gets = |given: &Given| if given.parts.is_empty() { "nothing".to_owned() } else { given.parts.join(" + ") };
        let fires = |witness: &Witness<'p>, rule: &Rule| witness.lets(rule) == Some(true);
        let of_one = self.together.rules().filter_map(|(at, rule)| {
            let (less, more) = (fires(&lesser.0, rule), fires(&greater.0, rule));
            (self.asking.contains(&at) && less != more).then(|| (rule.give_span, self.of_one(&name(at), less)))
        });
        let rules = of_one.collect();
        let spent = match used_up.as_slice() {
            [] => String::new(),
            all => {
                format!(", once {} can give no more", words::list(&all.iter().copied().map(name).collect::<Vec<_>>()))
            }
        };
        let (mut less, mut more) = (lesser.0, greater.0);
        (less.amount_matters, more.amount_matters) = (true, true);
        let (says, example) = match self.by {
            By::Level(tiers, upper) => {
                let measure = words::measure(self.program, &Measure::Level(tiers));
                let lower = match less.values.remove(&measure) {
                    Some((_, Some(Value::Level(level)))) => self.level(tiers, level),
                    _ => self.level(tiers, 0),
                };
                let upper = self.level(tiers, upper);
                let says = format!("a member at `{lower}` can earn more than one at `{upper}`");
                let of = |level: &str, given: &Given| format!("at `{level}` {}", gets(given));
                (
                    says,
                    format!(
                        "{} gives a member {}, and {}",
                        less.words("purchase"),
                        of(&lower, &lesser.1),
                        of(&upper, &greater.1)
                    ),
                )
            }
            By::Amount => {
                let says = "a purchase can earn less than a smaller one".to_owned();
                let amount = words::money(self.program, &more.amount());
                let gives = format!("gives {}, and one of {amount} {}", gets(&lesser.1), gets(&greater.1));
                (says, format!("{} {gives}", less.words("purchase")))
            }
        };
        Said::Broken { says, example: format!("For example {example}{spent}."), rules }
    }

    /// That a rule fires for one of the two alone.
    fn of_one(&self, rule: &str, lesser: bool) -> String {
        match (self.by, lesser) {
            (By::Level(..), true) => format!("{rule} fires at the lower level alone"),
            (By::Level(..), false) => format!("{rule} fires at the higher level alone"),
            (By::Amount, true) => format!("{rule} fires for the smaller one alone"),
            (By::Amount, false) => format!("{rule} fires for the larger one alone"),
        }
    }
}

/// The one that reads better: with as little used up as can be, and closest to a round hundred.
fn better<'p>(one: Option<Found<'p>>, other: Option<Found<'p>>) -> Option<Found<'p>> {
    let hundred = Exact::from_int(100);
    let rank = |found: &Found<'_>| {
        let amount = found.greater.0.amount();
        let far = if amount > hundred { &amount - &hundred } else { &hundred - &amount };
        (found.used_up.len(), far)
    };
    match (one, other) {
        (Some(one), Some(other)) => Some(if rank(&other) < rank(&one) { other } else { one }),
        (one, other) => one.or(other),
    }
}

/// The same purchase by a member at a level.
fn at_level<'p>(witness: &Witness<'p>, tiers: TiersId, level: usize) -> Witness<'p> {
    let mut other = witness.clone();
    let measure = Measure::Level(tiers);
    other.values.insert(words::measure(witness.program, &measure), (measure, Some(Value::Level(level))));
    other
}

/// All points that have a worth, in money; and each of the others alone.
fn kinds(program: &Program) -> Vec<Vec<Exact>> {
    let worths: Vec<Exact> = program.points.iter().map(|points| points.worth.clone().unwrap_or_default()).collect();
    let alone = |of: usize| (0..worths.len()).map(|at| if at == of { Exact::one() } else { Exact::zero() }).collect();
    let without = (0..worths.len()).filter(|at| worths[*at].is_zero()).map(alone);
    let with = worths.iter().any(|worth| !worth.is_zero()).then(|| worths.clone());
    with.into_iter().chain(without).collect()
}

/// Whether a rule looks at what the two purchases differ in, through segments too.
fn asks(program: &Program, rule: &Rule, by: By) -> bool {
    let wanted = |measure: &Measure| match by {
        By::Level(tiers, _) => matches!(measure, Measure::Level(of) if *of == tiers),
        By::Amount => matches!(measure, Measure::Amount | Measure::TotalOf(_) | Measure::Price),
    };
    let (mut asked, mut segments) = (false, BTreeSet::new());
    each_test(rule, &mut |test| see(program, &test.measure, &wanted, &mut asked, &mut segments));
    let falls = |what: &What| matches!(what, What::Step { .. } | What::Scale { whole: true, .. });
    // What comes first in a stack, and gives nothing for little money, lets another give in its place.
    let first = rule.group.is_some_and(|stack| matches!(program.stacks[stack.0].take, Take::First(_)));
    asked || by == By::Amount && (first || rule.gives.iter().any(|give| falls(&give.what)))
}

/// Rules that give in full steps, of which some lines' part is given once more: that falls as another line grows.
fn shared_out(program: &Program) -> BTreeSet<usize> {
    let gives = |at: usize| program.rules[at].gives.iter().map(|give| &give.what);
    let mut bases: Vec<usize> = (0..program.rules.len())
        .flat_map(gives)
        .filter_map(|what| match what {
            What::PercentOf { rule, lines, .. } if !picks_all(lines) => Some(rule.0),
            _ => None,
        })
        .collect();
    let mut shared = BTreeSet::new();
    while let Some(base) = bases.pop() {
        if shared.insert(base) {
            // A share of a share comes down to what both are of.
            bases.extend(gives(base).filter_map(|what| match what {
                What::PercentOf { rule, .. } => Some(rule.0),
                _ => None,
            }));
        }
    }
    shared.retain(|at| gives(*at).any(|what| matches!(what, What::Rate { full: true, .. })));
    shared
}

fn see(
    program: &Program,
    measure: &Measure,
    wanted: &dyn Fn(&Measure) -> bool,
    asked: &mut bool,
    segments: &mut BTreeSet<SegmentId>,
) {
    *asked |= wanted(measure);
    match measure {
        Measure::InSegment(segment) if segments.insert(*segment) => {
            program.segments[segment.0]
                .when
                .each_test(&mut |test| see(program, &test.measure, wanted, asked, segments));
        }
        Measure::TotalOf(of) | Measure::ItemsOf(of) => {
            of.each_test(&mut |test| see(program, &test.measure, wanted, asked, segments));
        }
        _ => {}
    }
}

/// Whether a rule can be used up, or held back.
fn ends(rule: &Rule) -> bool {
    !rule.limits.is_empty() || rule.budget.is_some() || rule.pilot.is_some() || rule.offer.is_some()
}
