//! `promise return on purchase at most N%`: the basket that breaks it, or that none was found.
//!
//! Sets of rules that can fire together are found first; a basket is made for each and valued at
//! many amounts. What is said of a basket was worked out on it.

use super::amounts::{MANY, amounts, is_capped, passed_over, turns};
use super::baskets::{Baskets, at_amount, split};
use super::exchange::{Way, best_money};
use super::fire::picks_all;
use super::together::{TOO_MANY, Together};
use super::witness::{Item, Witness};
use super::words;
use super::worth::{Choice, Given, Valuing, best_worths, value};
use crate::diag::{Finding, Message, Severity};
use crate::mechanics::basis::{Basis, Pick};
use crate::mechanics::card::{Stamp, StampPer};
use crate::mechanics::points::{Points, Scope};
use crate::mechanics::promise::Promised;
use crate::mechanics::rule::Rule;
use crate::mechanics::{PointsId, Program};
use crate::text::Span;
use crate::value::exact::{Exact, Rounding};

/// Into how many lines a basket is split where each line is rounded by itself.
const PARTS: [usize; 4] = [5, 10, 20, 50];

enum Return {
    /// A basket gives more than was promised.
    Broken { promised: Exact, basket: Box<Basket>, span: Span, rules: Vec<(Span, String)>, why: Broken },
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
    more: More,
    /// Where points bring more than they are said to be worth.
    turned: Vec<String>,
}

/// Where the share is larger still.
#[derive(Clone, Copy, PartialEq, Eq)]
enum More {
    /// Nowhere, or hardly.
    Nowhere,
    /// On smaller purchases.
    Smaller,
    /// On smaller purchases, without end.
    Endless,
    /// On larger purchases.
    Larger,
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
            Self::Broken { why: Broken::Rounding | Broken::ByThePiece, .. } | Self::Unproved { .. } => {
                Severity::Warning
            }
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
            Self::Broken { rules, .. } => rules.clone(),
            Self::Unproved { .. } => Vec::new(),
        }
    }

    fn why(&self) -> String {
        match self {
            Self::Broken { basket, why, .. } => {
                let Basket { event, parts, worth, amount, percent, more, turned } = &**basket;
                let mut sum = format!(
                    "For example {event} gives {}: worth {worth} of {amount}, which is {}.",
                    parts.join(" + "),
                    share(percent)
                );
                turned.iter().for_each(|turned| sum += &format!(" {turned}"));
                let more = match more {
                    More::Nowhere => "",
                    More::Smaller | More::Endless => " A smaller purchase gives a larger share.",
                    More::Larger => " A larger purchase gives a larger share.",
                };
                let only = match why {
                    Broken::Rates => "",
                    Broken::Rounding => " It is the rounding that goes over: before it, the promise is kept.",
                    Broken::ByThePiece => {
                        " It depends on how little an item or a visit costs, which the program does not say."
                    }
                };
                format!("{sum}{more}{only}")
            }
            Self::Unproved { reason, .. } => format!("No purchase was found that breaks it, but {reason}."),
        }
    }

    fn mend(&self) -> String {
        match self {
            Self::Broken { why: Broken::Rates, basket, .. } if basket.more == More::Endless => {
                "Give it from an amount on (`when amount is at least …`), give less, or promise more.".to_owned()
            }
            Self::Broken { why: Broken::Rates, .. } => {
                "Give less, put the bonuses into one stack with `take best` or `cap N% of receipt`, or promise more."
                    .to_owned()
            }
            Self::Broken { why: Broken::Rounding, .. } => {
                "Write `round down per receipt` in the points block.".to_owned()
            }
            Self::Broken { why: Broken::ByThePiece, .. } => {
                "Give it from an amount on (`when amount is at least …`), stamp by amount (`stamp 1 per 10 …`), or promise more."
                    .to_owned()
            }
            Self::Unproved { .. } => "Try it on a history with `loyal run`, or promise without it.".to_owned(),
        }
    }
}

/// `6.25%`, or about it where it never ends.
fn share(percent: &Exact) -> String {
    match percent.decimals() {
        Some(needed) if needed <= 2 => words::percent(percent),
        Some(_) | None => {
            format!("about {}%", words::number(&percent.round(Rounding::Nearest, 1), 0))
        }
    }
}

/// What is found in a program.
pub fn check(program: &Program) -> Vec<Finding> {
    let mut findings = Vec::new();
    for promise in &program.promises {
        if let Promised::Return { percent, with_gifts } = &promise.what {
            let search = Search {
                program,
                promised: percent,
                with_gifts: *with_gifts,
                amounts: amounts(program),
                baskets: Baskets::of(program),
                capped: is_capped(program),
                each: best_worths(program),
                together: Together::of(program),
            };
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
    baskets: Baskets,
    /// Whether caps or limits hold down what rules give.
    capped: bool,
    /// What one of each unit is worth at best.
    each: Vec<Exact>,
    together: Together<'p>,
}

/// A basket that breaks the promise.
struct Found<'p> {
    witness: Witness<'p>,
    given: Given,
    why: Broken,
    percent: Exact,
    more: More,
}

impl<'p> Search<'p> {
    fn run(&self, span: Span) -> Option<Return> {
        let mut worst: Option<Found<'p>> = None;
        let mut reason = self.not_looked_at();
        let (sets, complete) = self.together.sets();
        if !complete {
            reason.get_or_insert(TOO_MANY.to_owned());
        }
        let choices = self.line_choices();
        for set in &sets {
            for lines in choices.iter().copied() {
                if self.together.steps.is_over() {
                    break;
                }
                let (baskets, unsure) = self.together.baskets(set, lines);
                for witness in baskets {
                    match self.worst_amount(&witness) {
                        Some(found) => worst = worse(worst, found),
                        None => {
                            reason.get_or_insert_with(|| self.together.unknown(set));
                        }
                    }
                }
                if unsure && self.could_break(set) {
                    reason.get_or_insert_with(|| self.together.unsure(set));
                }
            }
        }
        if self.together.steps.is_over() {
            reason.get_or_insert(TOO_MANY.to_owned());
        }
        match (worst, reason) {
            (Some(found), _) => Some(self.broken(found, span)),
            (None, Some(reason)) => Some(Return::Unproved { promised: self.promised.clone(), reason, span }),
            (None, None) => None,
        }
    }

    /// Which lines are wished for besides those that rules count: with gifts, those that a card stamps.
    fn line_choices(&self) -> Vec<Option<&'p Pick>> {
        let stamps = self.program.cards.iter().flat_map(|card| &card.stamps).map(|stamp| &stamp.pick);
        let picks = stamps.filter(|pick| self.with_gifts && !picks_all(pick));
        std::iter::once(None).chain(picks.map(Some)).collect()
    }

    fn broken(&self, found: Found<'p>, span: Span) -> Return {
        let Found { mut witness, given, why, percent, more } = found;
        witness.amount_matters = true;
        let basket = Basket {
            event: in_lines(&witness),
            turned: given.units.iter().filter_map(|unit| self.turned(*unit)).collect(),
            parts: given.parts,
            worth: words::money(self.program, &given.worth),
            amount: words::money(self.program, &witness.amount()),
            percent,
            more,
        };
        let fired = self.together.rules().filter(|(_, rule)| witness.lets(rule) == Some(true));
        let rules = fired.map(|(_, rule)| (rule.give_span, format!("`{}` fires", rule.name.text))).collect();
        Return::Broken { promised: self.promised.clone(), basket: Box::new(basket), span, rules, why }
    }

    /// That one of a unit brings more than it is said to be worth.
    fn turned(&self, unit: PointsId) -> Option<String> {
        let points = &self.program.points[unit.0];
        let best = best_money(self.program, unit, &Exact::from_int(100))?;
        if points.worth.as_ref().is_some_and(|worth| best.each() <= *worth) {
            return None;
        }
        let takes = words::points(self.program, unit, &best.takes);
        let worth = words::money(self.program, &best.worth);
        match best.way {
            Way::Worth | Way::Reward(_) => None,
            Way::Till => Some(format!("At the till {takes} pay {worth}, more than they are worth.")),
            Way::Payout(payout) => {
                let name = &payout.name.text;
                Some(format!("`{name}` makes {} of {takes}, worth {worth}: more than they are.", best.brings))
            }
        }
    }

    /// What makes a static answer impossible whatever the rules.
    fn not_looked_at(&self) -> Option<String> {
        let before = |basis: &Basis| matches!(basis, Basis::Total(total) if total.before_discounts);
        let gives = |rule: &Rule| rule.gives.iter().any(|give| give.what.basis().is_some_and(before));
        let stamps = |stamp: &Stamp| matches!(&stamp.per, StampPer::Amount(_, basis) if before(basis));
        let rule = self.together.rules().find(|(_, rule)| gives(rule)).map(|(_, rule)| &rule.name.text);
        let cards = self.program.cards.iter().filter(|_| self.with_gifts);
        let card = || cards.clone().find(|card| card.stamps.iter().any(stamps)).map(|card| &card.name.text);
        if let Some(name) = rule.or_else(card) {
            return Some(format!("`{name}` counts before discounts, so the share grows with the discount on an item"));
        }
        passed_over(self.program)
    }

    /// The amount at which the basket breaks the promise; the outer none where it cannot be valued.
    fn worst_amount(&self, witness: &Witness<'p>) -> Option<Option<Found<'p>>> {
        let mut found: Vec<Found<'p>> = Vec::new();
        // As it was found too: its other lines may leave no room for any of the amounts.
        let mut turns = self.turns(witness);
        turns.push(witness.amount());
        for witness in self.amounts.iter().chain(&turns).flat_map(|amount| self.baskets.at(witness, amount)) {
            if !self.together.steps.pay(self.together.weight(&witness)) {
                break;
            }
            let whole = self.breaks(&witness)?;
            if whole.is_none() && self.by_line() {
                for split in PARTS.iter().filter_map(|parts| split(&witness, *parts)) {
                    if self.together.steps.pay(self.together.weight(&split)) {
                        found.extend(self.breaks(&split)?);
                    }
                }
            }
            found.extend(whole);
        }
        // A round hundred reads best; else the largest that breaks it; rates before rounding, few items before many, and an
        // amount that was only worked out behind all others.
        let hundred = Exact::from_int(100);
        let close = |found: &Found<'_>| {
            let amount = found.witness.amount();
            let worked_out = !self.amounts.contains(&amount);
            let far = if amount > hundred { &amount - &hundred } else { &hundred - &amount };
            let many = found.witness.lines.iter().any(|line| line.quantity >= Exact::from_int(MANY));
            (found.why != Broken::Rates, many, worked_out, amount > hundred, far)
        };
        let Some(at) = (0..found.len()).min_by_key(|at| close(&found[*at])) else { return Some(None) };
        let mut more = more(&found, at);
        let mut at = at;
        if more == More::Smaller {
            // It ends somewhere: there the share is largest.
            let largest = |at: &usize| (found[*at].why == Broken::Rates, found[*at].percent.clone());
            (at, more) = ((0..found.len()).max_by_key(largest).unwrap_or(at), More::Nowhere);
        }
        Some(Some(Found { more, ..found.swap_remove(at) }))
    }

    /// Amounts between those tried at which a cap or limit begins to hold: up to it the share may grow.
    fn turns(&self, witness: &Witness<'p>) -> Vec<Exact> {
        if !self.capped {
            return Vec::new();
        }
        let worth = |amount: &Exact| {
            let witness =
                at_amount(witness, amount).filter(|witness| self.together.steps.pay(self.together.weight(witness)))?;
            let (witness, with_gifts, each) = (&witness, self.with_gifts, &self.each[..]);
            Some(value(&Valuing { witness, forced: None, used_up: &[], with_gifts, rounded: false, each })?.worth)
        };
        let cent = Exact::from_scaled(1, self.program.settings.minor_units.min(6));
        let promised = self.promised * Exact::ratio(1, 100);
        turns(&self.amounts, &cent, &promised, &worth)
    }

    /// Whether points are rounded line by line, and not down.
    fn by_line(&self) -> bool {
        let up = |points: &Points| points.scope == Scope::Line && points.round != Rounding::Down;
        self.program.points.iter().any(up)
    }

    /// Whether this very basket breaks the promise; the outer none where it cannot be valued.
    fn breaks(&self, witness: &Witness<'p>) -> Option<Option<Found<'p>>> {
        let amount = witness.amount();
        if !amount.is_positive() {
            return Some(None);
        }
        let valuing = Valuing {
            witness,
            forced: None,
            used_up: &[],
            with_gifts: self.with_gifts,
            rounded: true,
            each: &self.each,
        };
        let given = value(&valuing)?;
        // Stacks and caps hold what fires against each other.
        self.together.steps.pay(given.parts.len() * given.parts.len() / 2);
        let room = &amount * self.promised * Exact::ratio(1, 100);
        if given.worth <= room {
            return Some(None);
        }
        let exact = value(&Valuing { rounded: false, ..valuing })?;
        let why = if exact.worth <= room {
            Broken::Rounding
        } else if &given.worth - &given.by_the_piece <= room {
            Broken::ByThePiece
        } else {
            Broken::Rates
        };
        // A cent rounded up on each line is no promise broken: nobody can promise less than the money has.
        let cent = Exact::from_scaled(1, self.program.settings.minor_units.min(6));
        let cents = cent * Exact::from_int(i64::try_from(witness.lines.len()).unwrap_or(1));
        if why == Broken::Rounding && &given.worth - &room <= cents {
            return Some(None);
        }
        let percent = (&given.worth * Exact::from_int(100)).checked_div(&amount)?;
        Some(Some(Found { witness: witness.clone(), given, why, percent, more: More::Nowhere }))
    }

    /// Whether the rules, if they did fire together, would break the promise.
    fn could_break(&self, set: &[Choice]) -> bool {
        let day = self.program.settings.from.unwrap_or(crate::value::clock::Date::constant(2026, 1, 5));
        let mut basket = Witness::on(self.program, day);
        basket.lines.push(Item::default());
        self.amounts.iter().flat_map(|amount| self.baskets.at(&basket, amount)).any(|witness| {
            let valuing = Valuing {
                witness: &witness,
                forced: Some(set),
                used_up: &[],
                with_gifts: self.with_gifts,
                rounded: false,
                each: &self.each,
            };
            let room = witness.amount() * self.promised * Exact::ratio(1, 100);
            !self.together.steps.pay(self.together.weight(&witness))
                || value(&valuing).is_none_or(|given| given.worth > room)
        })
    }
}

/// The one that breaks the promise by more: rates before what rests on rounding or prices.
fn worse<'p>(one: Option<Found<'p>>, other: Option<Found<'p>>) -> Option<Found<'p>> {
    let rank = |found: &Found<'_>| (found.why == Broken::Rates, found.percent.clone());
    match (one, other) {
        (Some(one), Some(other)) => Some(if rank(&other) > rank(&one) { other } else { one }),
        (one, other) => one.or(other),
    }
}

/// Where baskets of the same kind give a larger share than the one chosen.
fn more(found: &[Found<'_>], chosen: usize) -> More {
    let (amount, percent) = (found[chosen].witness.amount(), &found[chosen].percent);
    let best = found.iter().max_by(|a, b| a.percent.cmp(&b.percent).then(b.witness.amount().cmp(&a.witness.amount())));
    let Some(best) = best.filter(|best| best.percent > percent * &Exact::ratio(3, 2)) else { return More::Nowhere };
    match best.witness.amount() > amount {
        true => More::Larger,
        false if best.percent > percent * &Exact::from_int(3) => More::Endless,
        false => More::Smaller,
    }
}

/// The basket in words; where it has more lines than one of equal money, with how many.
fn in_lines(witness: &Witness<'_>) -> String {
    let words = witness.words("purchase");
    let Some(line) = witness.lines.iter().find(|line| !line.fixed) else { return words };
    let equal = witness.lines.iter().filter(|other| !other.fixed && other.amount == line.amount).count();
    if equal < PARTS[0] {
        return words;
    }
    format!("{words}, in {equal} lines of {} each,", words::money(witness.program, &line.amount))
}
