//! `payout`: points that turn into something by themselves.

use super::basis::Basis;
use super::challenge::gives;
use super::condition::Condition;
use super::coupon::Coupon;
use super::give::{Give, What};
use super::lines::{self, Slip};
use super::reading::{Kind, Reading, Scope, period};
use super::rule::{Rule as Earning, Trigger, every as every_length};
use super::table::{BlockSpec, Head, many, once};
use super::{Name, PayoutId, PointsId, RuleId};
use crate::diag::Message;
use crate::syntax::ast::Block;
use crate::syntax::{Phrase, Rule};
use crate::text::Span;
use crate::value::exact::Exact;

/// `payout` in the table of blocks.
pub static BLOCK: BlockSpec = BlockSpec {
    keyword: "payout",
    head: Head::Name,
    clauses: &[
        once("every", "every year"),
        once("on", "on reaching"),
        once("take", "take 100 stars"),
        many("give", "give gift voucher"),
        once("repeat", "repeat"),
        once("once", "once"),
        many("when", "when status in [gold]"),
    ],
    ordered: false,
    says: "points that turn into something by themselves",
};

/// A `payout` block (section 3). What it gives is a rule of its own, that fires on [`Trigger::PaidOut`].
#[derive(Debug, Clone)]
pub struct Payout {
    /// Its name.
    pub name: Name,
    /// When it pays.
    pub pays: Pays,
    /// The points it takes.
    pub unit: PointsId,
    /// How many; none: all that can be spent.
    pub number: Option<Exact>,
    /// As many times as the balance allows.
    pub repeat: bool,
    /// Once for each member, for ever.
    pub once: bool,
    /// Who is paid.
    pub when: Option<Condition>,
    /// What it gives.
    pub rule: RuleId,
    /// Where it says what it takes.
    pub take_span: Span,
    /// The whole block.
    pub span: Span,
}

/// When a payout pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pays {
    /// Right after what brings the balance to this figure.
    Reaching(Exact),
    /// As a window ends.
    Every(Trigger),
}

/// What can be wrong with a `payout` block alone.
#[allow(missing_docs)] // the fields are the words of the messages
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wrong {
    /// Neither a window nor a balance that is reached.
    When { place: Span },
    /// Both.
    Both { place: Span, first: Span },
    /// `take all` on reaching nothing.
    ReachingWhat { place: Span, units: String },
    /// It pays below what it takes.
    TakesMore { place: Span, reaching: String, take: String },
    /// `on reaching 100 stars` and `take 5 miles`.
    OtherUnit { place: Span, reaching: String, take: String },
    /// Again and once.
    RepeatOnce { place: Span, first: Span },
    /// `take all` again.
    RepeatAll { place: Span },
    /// Which points, of several.
    WhichPoints { place: Span },
    /// It gives the points it takes.
    Itself { place: Span, units: String },
    /// A share of what a rule brings.
    Share { place: Span },
    /// A coupon worth points that are worth nothing.
    NoWorth { place: Span, coupon: String, unit: String, money: String },
    /// Payouts that feed one another.
    Circle { place: Span, names: Vec<String> },
    /// A coupon worth what was taken, where nothing is.
    NothingTaken { place: Span, coupon: String },
}

impl Message for Wrong {
    fn code(&self) -> &'static str {
        match self {
            Wrong::When { .. } => "pays-when",
            Wrong::Both { .. } => "pays-twice",
            Wrong::ReachingWhat { .. } => "reaching-what",
            Wrong::TakesMore { .. } => "takes-more",
            Wrong::OtherUnit { .. } => "reaches-other-points",
            Wrong::RepeatOnce { .. } => "repeat-and-once",
            Wrong::RepeatAll { .. } => "repeat-all",
            Wrong::WhichPoints { .. } => "which-points",
            Wrong::Itself { .. } => "pays-itself",
            Wrong::Share { .. } => "share-of-a-rule",
            Wrong::NoWorth { .. } => "worth-of-no-worth",
            Wrong::NothingTaken { .. } => "nothing-taken",
            Wrong::Circle { .. } => "circle-of-payouts",
        }
    }

    fn says(&self) -> String {
        match self {
            Wrong::When { .. } => "this payout does not say when it pays".to_owned(),
            Wrong::Both { .. } => "this payout pays at two kinds of moment".to_owned(),
            Wrong::ReachingWhat { units, .. } => format!("it takes all {units}, and does not say how many are enough"),
            Wrong::TakesMore { reaching, take, .. } => format!("it pays on reaching {reaching}, and takes {take}"),
            Wrong::OtherUnit { reaching, take, .. } => format!("it waits for {reaching}, and takes {take}"),
            Wrong::RepeatOnce { .. } => "`once` and `repeat` exclude each other".to_owned(),
            Wrong::RepeatAll { .. } => "when all is taken nothing is left to repeat it with".to_owned(),
            Wrong::WhichPoints { .. } => "there are several kinds of points, and this does not say which".to_owned(),
            Wrong::Itself { units, .. } => format!("this payout takes {units} and gives {units}"),
            Wrong::Share { .. } => "a payout cannot give a share of what a rule brings".to_owned(),
            Wrong::NoWorth { coupon, unit, .. } => {
                format!("`{coupon}` is worth what is taken, and `{unit}` has no worth")
            }
            Wrong::Circle { names, .. } => format!("these payouts feed one another: {}", names.join(", ")),
            Wrong::NothingTaken { coupon, .. } => {
                format!("`{coupon}` is worth what a payout takes, and no payout gives it here")
            }
        }
    }

    fn place(&self) -> Span {
        match self {
            Wrong::When { place }
            | Wrong::Both { place, .. }
            | Wrong::ReachingWhat { place, .. }
            | Wrong::TakesMore { place, .. }
            | Wrong::OtherUnit { place, .. }
            | Wrong::RepeatOnce { place, .. }
            | Wrong::RepeatAll { place }
            | Wrong::WhichPoints { place }
            | Wrong::Itself { place, .. }
            | Wrong::Share { place }
            | Wrong::NoWorth { place, .. }
            | Wrong::NothingTaken { place, .. }
            | Wrong::Circle { place, .. } => *place,
        }
    }

    fn related(&self) -> Vec<(Span, String)> {
        match self {
            Wrong::Both { first, .. } | Wrong::RepeatOnce { first, .. } => {
                vec![(*first, "and this line".to_owned())]
            }
            Wrong::When { .. }
            | Wrong::ReachingWhat { .. }
            | Wrong::TakesMore { .. }
            | Wrong::OtherUnit { .. }
            | Wrong::RepeatAll { .. }
            | Wrong::WhichPoints { .. }
            | Wrong::Itself { .. }
            | Wrong::Share { .. }
            | Wrong::NoWorth { .. }
            | Wrong::NothingTaken { .. }
            | Wrong::Circle { .. } => Vec::new(),
        }
    }

    fn why(&self) -> String {
        match self {
            Wrong::When { .. } => "Points that turn into something must be told when.",
            Wrong::Both { .. } | Wrong::RepeatOnce { .. } => {
                "Two answers to one question: customers could be told either."
            }
            Wrong::ReachingWhat { .. } => "Every point would be taken in the moment it is earned.",
            Wrong::TakesMore { .. } => "Nobody would be paid on reaching it, since there is not enough to take.",
            Wrong::OtherUnit { .. } => "Points of one kind say nothing about those of another.",
            Wrong::NoWorth { .. } => "Nobody could say what such a coupon takes off.",
            Wrong::NothingTaken { .. } => "It would be a coupon worth nothing.",
            Wrong::Circle { .. } => "What one gives the next takes, round and round, and nobody can say where it ends.",
            Wrong::RepeatAll { .. } => "The line does nothing, and nobody can tell what was meant.",
            Wrong::WhichPoints { .. } => "Customers must know which of their points turn into something.",
            Wrong::Itself { .. } => "It would pay itself again and again.",
            Wrong::Share { .. } => {
                "It takes points that many events have brought, and a share is one of a single event."
            }
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Wrong::When { .. } => "add a line: `on reaching`, or `every year`".to_owned(),
            Wrong::Both { .. } | Wrong::RepeatOnce { .. } => "keep one of the two lines".to_owned(),
            Wrong::ReachingWhat { units, .. } => format!("say how many: `on reaching 100 {units}`"),
            Wrong::TakesMore { take, .. } => format!("write: `on reaching {take}`"),
            Wrong::OtherUnit { take, .. } => format!("write: `on reaching {take}`"),
            Wrong::RepeatAll { .. } => "take `repeat` out".to_owned(),
            Wrong::WhichPoints { .. } => "name them: `take all stars`".to_owned(),
            Wrong::Itself { .. } => "give other points, or a gift".to_owned(),
            Wrong::Circle { .. } => "let the last of them give a gift, or other points".to_owned(),
            Wrong::Share { .. } => "write a figure: `give 5 cash`".to_owned(),
            Wrong::NoWorth { unit, money, .. } => format!("add to `points {unit}`: `worth 0.01 {money} each`"),
            Wrong::NothingTaken { .. } => {
                "give it in a `payout` block, or say in the coupon what it takes off".to_owned()
            }
        }
    }
}

/// Reads a `payout` block, and what it gives as a rule: the payout `id`, the rule `rule`.
pub fn read(reading: &mut Reading<'_>, block: &Block, id: PayoutId, rule: RuleId) -> Option<(Payout, Earning)> {
    for keyword in ["take", "give"] {
        lines::require(reading, block, &BLOCK, keyword);
    }
    let take = lines::line(reading, block, "take", Rule::payout_take);
    let taken = take.as_ref().and_then(|line| read_take(reading, line));
    let pays = read_pays(reading, block, taken.as_ref().zip(take.as_ref()));
    let basis = taken.as_ref().map(|(unit, _)| Basis::Points(*unit));
    let gives = gives(reading, block, Rule::payout_give, basis.as_ref());
    for give in &gives {
        match (&give.what, &taken) {
            (What::PercentOf { .. }, _) => reading.say(Wrong::Share { place: give.span }),
            (what, Some((unit, _))) if what.unit() == Some(*unit) => {
                let units = reading.names.units(unit.0).to_owned();
                reading.say(Wrong::Itself { place: give.span, units });
            }
            (_, Some(_) | None) => {}
        }
    }
    let repeat = lines::line(reading, block, "repeat", Rule::payout_repeat);
    let once = lines::line(reading, block, "once", Rule::payout_once);
    match (&repeat, &once, &taken) {
        (Some(repeat), Some(once), _) => {
            reading.say(Wrong::RepeatOnce { place: once.span(), first: repeat.span() });
        }
        (Some(repeat), None, Some((_, None))) => reading.say(Wrong::RepeatAll { place: repeat.span() }),
        (Some(_) | None, Some(_) | None, Some(_) | None) => {}
    }
    let whens = lines::lines(reading, block, "when", Rule::payout_when);
    let when = lines::all_of(reading, &whens, Scope::Event);
    if gives.len() < Reading::clauses(block, "give").len() || gives.is_empty() {
        return None;
    }
    let name = lines::name(block)?;
    let (unit, number) = taken?;
    let earning = Earning::of_block(name.clone(), Trigger::PaidOut(id), gives, (None, None), block.span);
    let payout = Payout {
        name,
        pays: pays?,
        unit,
        number,
        repeat: repeat.is_some(),
        once: once.is_some(),
        when,
        rule,
        take_span: take?.span(),
        span: block.span,
    };
    Some((payout, earning))
}

/// Complains, once, of payouts of which each gives what the next takes.
pub fn circles(reading: &mut Reading<'_>, payouts: &[Payout], rules: &[Earning]) {
    let gives = |payout: &Payout, unit: PointsId| {
        let rule = rules.get(payout.rule.0);
        rule.is_some_and(|rule| rule.gives.iter().any(|give| give.what.unit() == Some(unit)))
    };
    for start in 0..payouts.len() {
        // The way to each payout that this one feeds, near ones first.
        let mut ways: Vec<Vec<usize>> = vec![vec![start]];
        let mut at = 0;
        while let Some(way) = ways.get(at).cloned() {
            at += 1;
            let Some(last) = way.last().and_then(|last| payouts.get(*last)) else { continue };
            if way.len() > 1 && gives(last, payouts[start].unit) {
                let names = way.iter().map(|at| payouts[*at].name.text.clone()).collect();
                reading.say(Wrong::Circle { place: payouts[start].name.span, names });
                return;
            }
            let next = (0..payouts.len()).filter(|next| gives(last, payouts[*next].unit));
            let new: Vec<usize> = next.filter(|next| !ways.iter().any(|way| way.contains(next))).collect();
            ways.extend(new.into_iter().map(|next| [way.as_slice(), &[next]].concat()));
        }
    }
}

/// Complains of coupons that are `worth taken` where nothing with a worth is taken.
pub fn worths(reading: &mut Reading<'_>, payouts: &[Payout], gives: &[(Option<Trigger>, &Give)], coupons: &[Coupon]) {
    for (on, give) in gives {
        let What::Coupon(coupon, _) = &give.what else { continue };
        let Some(coupon) = coupons.get(coupon.0).filter(|coupon| coupon.worth_taken) else { continue };
        let (place, coupon) = (give.span, coupon.name.text.clone());
        let payout = match on {
            Some(Trigger::PaidOut(payout)) => payouts.get(payout.0),
            Some(_) | None => None,
        };
        let Some(payout) = payout else {
            reading.say(Wrong::NothingTaken { place, coupon });
            continue;
        };
        if reading.names.worth.get(payout.unit.0).is_some_and(Option::is_none) {
            let unit = reading.names.unit(payout.unit.0).to_owned();
            let money = reading.names.money.as_ref().map_or_else(|| "EUR".to_owned(), |(money, _)| money.clone());
            reading.say(Wrong::NoWorth { place, coupon, unit, money });
        }
    }
}

/// Which points and how many of them; no number: all.
fn read_take(reading: &mut Reading<'_>, line: &Phrase<'_>) -> Option<(PointsId, Option<Exact>)> {
    if let Some(all) = line.find(Rule::take_everything) {
        let unit = match all.find(Rule::unit) {
            Some(unit) => reading.unit(&unit)?,
            None => only_points(reading, &all)?,
        };
        return Some((unit, None));
    }
    let phrase = line.find(Rule::number)?;
    let unit = reading.unit(&line.find(Rule::unit)?)?;
    let number = reading.number(&phrase)?;
    if number.is_zero() {
        reading.say(Slip::Nought { place: phrase.span(), what: "what a payout takes" });
        return None;
    }
    Some((unit, Some(number)))
}

fn only_points(reading: &mut Reading<'_>, all: &Phrase<'_>) -> Option<PointsId> {
    match reading.names.all(Kind::Points) {
        [_] => Some(PointsId(0)),
        _ => {
            if !reading.names.broken.contains(&Kind::Points) {
                reading.say(Wrong::WhichPoints { place: all.span() });
            }
            None
        }
    }
}

/// When it pays: as a window ends, or on reaching a balance.
fn read_pays(
    reading: &mut Reading<'_>,
    block: &Block,
    take: Option<(&(PointsId, Option<Exact>), &Phrase<'_>)>,
) -> Option<Pays> {
    let every = lines::line(reading, block, "every", Rule::payout_every);
    let on = lines::line(reading, block, "on", Rule::payout_on);
    match (every, on) {
        (Some(every), Some(on)) => {
            reading.say(Wrong::Both { place: on.span(), first: every.span() });
            None
        }
        (Some(every), None) => Some(Pays::Every(match (every.find(Rule::period), every.find(Rule::length)) {
            (Some(each), _) => Trigger::Every { period: period(&each)?, at_start: false },
            (None, Some(length)) => every_length(reading, &length, false)?,
            (None, None) => Trigger::EveryMembershipYear,
        })),
        (None, Some(on)) => reaching(reading, &on, take),
        (None, None) => {
            let said = Reading::one(block, "every").or_else(|| Reading::one(block, "on"));
            if said.is_none() && lines::is_sound(block, &BLOCK) {
                reading.say(Wrong::When { place: block.header });
            }
            None
        }
    }
}

fn reaching(
    reading: &mut Reading<'_>,
    on: &Phrase<'_>,
    take: Option<(&(PointsId, Option<Exact>), &Phrase<'_>)>,
) -> Option<Pays> {
    let said = match on.find(Rule::number) {
        Some(number) => Some((reading.number(&number)?, reading.unit(&on.find(Rule::unit)?)?)),
        None => None,
    };
    let ((unit, number), _) = take?;
    let words = |number: &Exact, unit: PointsId| format!("{number} {}", reading.names.units(unit.0));
    let taken =
        number.as_ref().map_or_else(|| format!("all {}", reading.names.units(unit.0)), |number| words(number, *unit));
    match (said, number) {
        (Some((least, of)), _) if of != *unit => {
            let reaching = words(&least, of);
            reading.say(Wrong::OtherUnit { place: on.span(), reaching, take: taken });
            None
        }
        (Some((least, _)), Some(number)) if least < *number => {
            let reaching = words(&least, *unit);
            reading.say(Wrong::TakesMore { place: on.span(), reaching, take: taken });
            None
        }
        (Some((least, _)), _) if !least.is_zero() => Some(Pays::Reaching(least)),
        (None, Some(number)) => Some(Pays::Reaching(number.clone())),
        (Some(_) | None, Some(_) | None) => {
            let units = reading.names.units(unit.0).to_owned();
            reading.say(Wrong::ReachingWhat { place: on.span(), units });
            None
        }
    }
}

#[cfg(test)]
mod tests;
