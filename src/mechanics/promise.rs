//! `promise`: what must hold for every history.

use super::lines;
use super::reading::{Kind, Mistake, Reading};
use super::settings::Settings;
use super::table::{BlockSpec, Head, many};
use super::{SegmentId, TiersId};
use crate::diag::Message;
use crate::syntax::ast::Block;
use crate::syntax::{Phrase, Rule};
use crate::text::{Span, closest};
use crate::value::exact::Exact;

/// `promise` in the table of blocks.
pub static BLOCK: BlockSpec = BlockSpec {
    keyword: "promise",
    head: Head::Nothing,
    clauses: &[
        many("return", "return on purchase at most 6%"),
        many("monthly", "monthly cost at most 40000 RON"),
        many("no", "no free loop"),
        many("every", "every level reachable"),
    ],
    ordered: false,
    says: "what must hold whatever customers do",
};

/// One clause of a `promise` block.
#[derive(Debug, Clone)]
pub struct Promise {
    /// What is promised.
    pub what: Promised,
    /// The clause.
    pub span: Span,
}

/// What is promised.
#[derive(Debug, Clone)]
pub enum Promised {
    /// `return on purchase at most N%[, with gifts]`.
    Return {
        /// 6 for 6%.
        percent: Exact,
        /// `with gifts`: gifts and cards at cost are counted too.
        with_gifts: bool,
    },
    /// `monthly cost at most X CUR`: told by simulations.
    MonthlyCost(Exact),
    /// `no free loop`.
    NoFreeLoop,
    /// `every level reachable`.
    LevelsReachable,
    /// `every reward reachable within N months [for segment S]`.
    RewardsReachable(u32, Option<SegmentId>),
    /// `no member below level gold earns more than gold`: (tiers, level).
    NobodyBelowEarnsMore(TiersId, usize),
    /// `no purchase earns less than a smaller one`.
    NoSmallerEarnsMore,
}

/// A promise of the dearest month, as a program writes it.
pub fn monthly_cost(most: &Exact, settings: &Settings) -> String {
    let figure = if most.is_integer() { most.to_string() } else { most.fixed(settings.minor_units) };
    format!("monthly cost at most {figure} {}", settings.money)
}

/// What can be wrong with a `promise` block alone.
#[allow(missing_docs)] // the fields are the words of the messages
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wrong {
    /// The level below which, and the level more than which, are two.
    TwoLevels { place: Span, below: String, than: String },
    /// More than one tiers block has such a level.
    WhichTiers { place: Span, level: String, tiers: Vec<String> },
}

impl Message for Wrong {
    fn code(&self) -> &'static str {
        match self {
            Wrong::TwoLevels { .. } => "promise-of-two-levels",
            Wrong::WhichTiers { .. } => "which-tiers",
        }
    }

    fn says(&self) -> String {
        match self {
            Wrong::TwoLevels { below, than, .. } => {
                format!("the promise speaks of two levels, `{below}` and `{than}`")
            }
            Wrong::WhichTiers { level, tiers, .. } => {
                format!("`{level}` is a level of {}", tiers.join(" and of "))
            }
        }
    }

    fn place(&self) -> Span {
        match self {
            Wrong::TwoLevels { place, .. } | Wrong::WhichTiers { place, .. } => *place,
        }
    }

    fn why(&self) -> String {
        match self {
            Wrong::TwoLevels { .. } => "It compares those below a level with those who have it.",
            Wrong::WhichTiers { .. } => "The promise would hold for one and be broken for the other.",
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Wrong::TwoLevels { below, .. } => {
                format!("write: `no member below level {below} earns more than {below}`")
            }
            Wrong::WhichTiers { level, tiers, .. } => {
                let of = tiers.first().map_or("status", String::as_str);
                format!("say of which: `level {level} of {of}`")
            }
        }
    }
}

/// Reads a `promise` block.
pub fn read(reading: &mut Reading<'_>, block: &Block) -> Vec<Promise> {
    let mut promises = Vec::new();
    for clause in &block.clauses {
        let rule = match clause.keyword.text.as_str() {
            "return" => Rule::promise_return,
            "monthly" => Rule::promise_monthly,
            "no" => Rule::promise_no,
            "every" => Rule::promise_every,
            _ => continue,
        };
        let Some(line) = reading.clause(clause, rule) else { continue };
        if let Some(what) = read_promise(reading, &line) {
            promises.push(Promise { what, span: line.span() });
        }
    }
    promises
}

fn read_promise(reading: &mut Reading<'_>, line: &Phrase<'_>) -> Option<Promised> {
    let inner = line.inner();
    Some(match (line.rule(), inner.rule()) {
        (Rule::promise_return, _) => {
            Promised::Return { percent: lines::share(reading, line)?, with_gifts: line.has(Rule::with_gifts) }
        }
        (Rule::promise_monthly, _) => Promised::MonthlyCost(reading.money(&line.find(Rule::money)?)?),
        (_, Rule::no_free_loop) => Promised::NoFreeLoop,
        (_, Rule::no_smaller) => Promised::NoSmallerEarnsMore,
        (_, Rule::every_level) => Promised::LevelsReachable,
        (_, Rule::every_reward) => read_reachable(reading, &inner)?,
        _ => read_below(reading, &inner)?,
    })
}

/// `every reward reachable within N months [for segment S]`; a year is twelve months.
fn read_reachable(reading: &mut Reading<'_>, phrase: &Phrase<'_>) -> Option<Promised> {
    let number = phrase.find(Rule::whole)?;
    let count = lines::counted(reading, phrase, "the time to a reward")?;
    let months = count.checked_mul(if phrase.has(Rule::year_word) { 12 } else { 1 });
    let segment = match phrase.find(Rule::name) {
        Some(name) => Some(SegmentId(reading.resolve(Kind::Segment, &name)?)),
        None => None,
    };
    let Some(months) = months else {
        reading.say(Mistake::TooLarge { place: number.span(), number: number.text().to_owned() });
        return None;
    };
    Some(Promised::RewardsReachable(months, segment))
}

/// `no member below level gold earns more than gold`.
fn read_below(reading: &mut Reading<'_>, phrase: &Phrase<'_>) -> Option<Promised> {
    let levels = phrase.all(Rule::level_of);
    let [below, than] = levels.as_slice() else { return None };
    let names = (below.find(Rule::name)?, than.find(Rule::name)?);
    if names.0.text() != names.1.text() {
        let (below, than_name) = (names.0.text().to_owned(), names.1.text().to_owned());
        reading.say(Wrong::TwoLevels { place: than.span(), below, than: than_name });
        return None;
    }
    let of = [below, than].into_iter().find_map(|level| level.all(Rule::name).into_iter().nth(1));
    if let Some(of) = of {
        let tiers = reading.resolve(Kind::Tiers, &of)?;
        return Some(Promised::NobodyBelowEarnsMore(TiersId(tiers), reading.level(tiers, &names.0)?));
    }
    let name = &names.0;
    let blocks = 0..reading.names.levels.len();
    let found: Vec<(usize, usize)> =
        blocks.filter_map(|tiers| Some((tiers, reading.names.level(tiers, name.text())?))).collect();
    match found.as_slice() {
        [(tiers, level)] => Some(Promised::NobodyBelowEarnsMore(TiersId(*tiers), *level)),
        [] => {
            unknown_level(reading, name);
            None
        }
        _ => {
            let all = reading.names.all(Kind::Tiers);
            let tiers = found.iter().filter_map(|(tiers, _)| Some(all.get(*tiers)?.name.clone())).collect();
            reading.say(Wrong::WhichTiers { place: name.span(), level: name.text().to_owned(), tiers });
            None
        }
    }
}

/// No tiers block has such a level: the closest of all, unless some could not be read.
fn unknown_level(reading: &mut Reading<'_>, name: &Phrase<'_>) {
    let broken = |kinds: &std::collections::BTreeSet<Kind>| kinds.contains(&Kind::Tiers);
    if broken(&reading.names.broken) || broken(&reading.names.broken_parts) {
        return;
    }
    let levels: Vec<&str> = reading.names.levels.iter().flatten().map(String::as_str).collect();
    reading.say(Mistake::UnknownName {
        place: name.span(),
        name: name.text().to_owned(),
        kind: "level",
        near: closest(name.text(), &levels).map(str::to_owned),
        is: reading.names.kinds_of(name.text()).first().map(|kind| kind.word()),
    });
}

#[cfg(test)]
mod tests;
