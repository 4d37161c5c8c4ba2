//! `tiers`: levels, how they are reached, how long they last, what happens then.

mod need;
mod wrong;

use super::basis::Basis;
use super::lines;
use super::reading::{Mistake, Reading, period, unquoted};
use super::table::{BlockSpec, Head, many, once, under};
use super::{Name, TiersId, membership};
use crate::syntax::ast::Block;
use crate::syntax::{Phrase, Rule};
use crate::text::{Sources, Span};
use crate::value::clock::{Date, Length, Period, Window};
use crate::value::exact::Exact;
use wrong::Wrong;

/// `tiers` in the table of blocks.
pub static BLOCK: BlockSpec = BlockSpec {
    keyword: "tiers",
    head: Head::Name,
    clauses: &[
        many("measure", "measure spend in calendar year"),
        many("level", "level gold from 30 visits"),
        under("level", "benefit", "benefit \"a coffee on your birthday\""),
        once("reach", "reach next event"),
        once("lasts", "lasts until end of next calendar year"),
        once("miss", "miss drop one level"),
        many("fee", "fee 100 RON per year gives gold"),
        once("refund", "refund keep"),
        many("match", "match gold until 2026-12-31"),
        once("carry", "carry over surplus up to 10 visits"),
    ],
    ordered: false,
    says: "levels of members: how they are reached and how long they last",
};

/// A `tiers` block (section 3).
#[derive(Debug, Clone)]
pub struct Tiers {
    /// Its name: the word conditions use.
    pub name: Name,
    /// What is measured; `measure NAME is …` gives more than one.
    pub measures: Vec<TierMeasure>,
    /// Ascending; the first from 0.
    pub levels: Vec<Level>,
    /// From when a new level counts.
    pub reach: Reach,
    /// How long it is kept.
    pub lasts: Lasts,
    /// What happens at the end of that time.
    pub miss: Miss,
    /// `refund recompute`: a refund may take a granted level back.
    pub recompute: bool,
    /// `carry over surplus[ up to N]`: (whether, the most).
    pub carry_over: Option<Option<Exact>>,
    /// `match LEVEL until DATE`.
    pub matches: Vec<(usize, Option<Date>)>,
    /// `fee X CUR per year gives LEVEL`: (level, fee, period).
    pub fees: Vec<(usize, Exact, Length)>,
    /// The whole block.
    pub span: Span,
}

/// One measure of a tiers block.
#[derive(Debug, Clone)]
pub struct TierMeasure {
    /// Its name, when it has one.
    pub name: Option<String>,
    /// What is measured.
    pub basis: Basis,
    /// In which window.
    pub window: Window,
    /// The clause.
    pub span: Span,
}

/// One level.
#[derive(Debug, Clone)]
pub struct Level {
    /// Its name.
    pub name: Name,
    /// What it takes.
    pub need: Need,
    /// `for life`: never reviewed.
    pub for_life: bool,
    /// `benefit "text"` lines.
    pub benefits: Vec<String>,
}

/// What a level takes.
#[derive(Debug, Clone)]
pub enum Need {
    /// At least this much of the measure (its place in `measures`).
    AtLeast(usize, Exact),
    /// All of them.
    All(Vec<Need>),
    /// Any of them.
    Any(Vec<Need>),
    /// Cannot be earned: bought, given or matched only.
    NotEarned,
}

/// From when a new level counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// From the next event (the default).
    NextEvent,
    /// The event that lifts is itself valued at the new level.
    AtOnce,
    /// From the start of the next day.
    NextDay,
}

/// How long a level is kept from the day it is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lasts {
    /// Nothing said: for good.
    Forever,
    /// `N months`: through the end of day D + N.
    For(Length),
    /// `until end of [next] calendar year`: 0 this one, 1 the next.
    EndOf(Period, u32),
    /// `until end of [next] membership year`.
    EndOfMembershipYear(u32),
    /// `until MM-DD after end of [next] calendar PERIOD`.
    DayAfterEndOf {
        /// Month.
        month: i8,
        /// Day.
        day: i8,
        /// The period that ends first.
        period: Period,
        /// 0 this one, 1 the next.
        next: u32,
    },
    /// `while measured`: falls as soon as the measure does.
    WhileMeasured,
}

/// What happens when a term ends unrenewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Miss {
    /// To the level below (the default).
    DropOne,
    /// To what the window that ends there has earned.
    DropToEarned,
    /// To the lowest, and the measure begins anew.
    StartOver,
    /// Keeps it.
    Keep,
}

/// The names of a block's levels, lowest first, for the names; a level that cannot be read keeps its place when
/// its name can.
pub fn levels(sources: &Sources, block: &Block) -> Vec<String> {
    let named = |clause: &&crate::syntax::ast::Clause| clause.keyword.text == "level";
    block.clauses.iter().filter(named).filter_map(|clause| level_name(sources, clause)).collect()
}

/// The word after `level`, whatever follows it.
fn level_name(sources: &Sources, clause: &crate::syntax::ast::Clause) -> Option<String> {
    let place = clause.tokens.get(1)?.span;
    let text = sources.slice(place);
    let name = Phrase::read(Rule::name, text, place).ok().filter(|name| name.text().len() == text.len())?;
    Some(crate::value::nfc(name.text()).into_owned())
}

/// The levels that a block sells (`fee … gives LEVEL`), each once, for the names.
pub fn sold(sources: &Sources, block: &Block) -> Vec<String> {
    let lines = Reading::clauses(block, "fee").into_iter().filter(|clause| !clause.broken);
    let mut sold: Vec<String> = Vec::new();
    for clause in lines {
        let line = Phrase::read(Rule::tiers_fee, sources.slice(clause.span), clause.span).ok();
        let level = line.and_then(|line| line.find(Rule::name)).map(|name| name.text().to_owned());
        sold.extend(level.filter(|level| !sold.contains(level)));
    }
    sold
}

/// The names of a block's measures (`measure NAME is …`), for the names.
pub fn measures(sources: &Sources, block: &Block) -> Vec<String> {
    let lines = Reading::clauses(block, "measure").into_iter().filter(|clause| !clause.broken);
    lines
        .filter_map(|clause| Phrase::read(Rule::tiers_measure, sources.slice(clause.span), clause.span).ok())
        .filter_map(|line| Some(line.find(Rule::measure_name)?.inner().text().to_owned()))
        .collect()
}

/// Reads a `tiers` block: the tiers `id`.
pub fn read(reading: &mut Reading<'_>, block: &Block, id: TiersId) -> Option<Tiers> {
    lines::require(reading, block, &BLOCK, "level");
    let measures = read_measures(reading, block);
    let levels = measures.as_ref().and_then(|measures| read_levels(reading, block, measures));
    let reach = read_reach(reading, block, measures.as_deref().unwrap_or_default());
    let lasts = read_lasts(reading, block);
    let miss = match lines::line(reading, block, "miss", Rule::tiers_miss).map(|line| line.inner().rule()) {
        Some(Rule::miss_earned) => Miss::DropToEarned,
        Some(Rule::miss_start_over) => Miss::StartOver,
        Some(Rule::miss_keep) => Miss::Keep,
        _ => Miss::DropOne,
    };
    if let (Some(miss), Some(clause), Some(Lasts::WhileMeasured | Lasts::Forever)) =
        (Reading::one(block, "miss"), Reading::one(block, "lasts"), &lasts)
    {
        reading.say(Wrong::MissNever { place: miss.span, lasts: clause.span });
    }
    let refund = lines::line(reading, block, "refund", Rule::tiers_refund);
    let carry_over = read_carry(reading, block, measures.as_deref().unwrap_or_default());
    let matches = read_matches(reading, block, id);
    let fees = read_fees(reading, block, id);
    Some(Tiers {
        name: lines::name(block)?,
        measures: measures?,
        levels: levels?,
        reach,
        lasts: lasts?,
        miss,
        recompute: refund.is_some_and(|line| line.has(Rule::refund_recompute)),
        carry_over,
        matches,
        fees,
        span: block.span,
    })
}

/// All `measure` lines; none when one of them cannot be read, for then no level can be.
fn read_measures(reading: &mut Reading<'_>, block: &Block) -> Option<Vec<TierMeasure>> {
    let clauses = Reading::clauses(block, "measure");
    let mut measures: Vec<TierMeasure> = Vec::new();
    for clause in &clauses {
        let Some(line) = reading.clause(clause, Rule::tiers_measure) else { continue };
        let name = line.find(Rule::measure_name).map(|name| name.inner());
        let same = measures.iter().find(|one| one.name.as_deref() == name.as_ref().map(Phrase::text));
        if let Some(first) = same {
            let keyword = name.as_ref().map_or("measure".to_owned(), |name| format!("measure {}", name.text()));
            reading.say(Mistake::SaidTwice { place: line.span(), first: first.span, keyword });
            continue;
        }
        let basis = line.find(Rule::measured).and_then(|measured| reading.measured(&measured));
        let window = line.find(Rule::window);
        let span = line.span();
        let window = window.and_then(|phrase| Some((reading.window(&phrase)?, phrase.span())));
        let (Some(basis), Some((window, place))) = (basis, window) else { continue };
        if window == Window::Campaign {
            reading.say(Wrong::NoCampaign { place });
            continue;
        }
        measures.push(TierMeasure { name: name.map(|name| name.text().to_owned()), basis, window, span });
    }
    (measures.len() == clauses.len()).then_some(measures)
}

fn read_levels(reading: &mut Reading<'_>, block: &Block, measures: &[TierMeasure]) -> Option<Vec<Level>> {
    let mut levels: Vec<Level> = Vec::new();
    let mut places = Vec::new();
    let mut whole = true;
    for clause in &block.clauses {
        match clause.keyword.text.as_str() {
            "level" => match reading.clause(clause, Rule::tiers_level) {
                Some(line) => match read_level(reading, &line, measures, block) {
                    Some(level) => {
                        levels.push(level);
                        places.push(line.span());
                    }
                    None => whole = false,
                },
                None => whole = false,
            },
            "benefit" => read_benefit(reading, clause, levels.last_mut(), whole),
            _ => {}
        }
    }
    for (at, level) in levels.iter().enumerate() {
        if let Some(first) = levels[..at].iter().position(|other| other.name.text == level.name.text) {
            let keyword = format!("level {}", level.name.text);
            reading.say(Mistake::SaidTwice { place: places[at], first: places[first], keyword });
            whole = false;
        }
    }
    if whole && !block.broken {
        need::ascend(reading, &levels, &places);
    }
    (whole && !levels.is_empty()).then_some(levels)
}

fn read_level(reading: &mut Reading<'_>, line: &Phrase<'_>, measures: &[TierMeasure], block: &Block) -> Option<Level> {
    let name = line.find(Rule::name)?;
    let name = Name { text: crate::value::nfc(name.text()).into_owned(), span: name.span() };
    let need = match line.find(Rule::need) {
        Some(phrase) => need::read(reading, &phrase, measures, block)?,
        None => Need::NotEarned,
    };
    let texts = line.all(Rule::level_benefit);
    let benefits = texts.iter().filter_map(|benefit| benefit.find(Rule::text)).map(|text| unquoted(&text)).collect();
    Some(Level { name, need, for_life: line.has(Rule::level_for_life), benefits })
}

/// A `benefit` line belongs to the level above it.
fn read_benefit(
    reading: &mut Reading<'_>,
    clause: &crate::syntax::ast::Clause,
    level: Option<&mut Level>,
    whole: bool,
) {
    let Some(line) = reading.clause(clause, Rule::tiers_benefit) else { return };
    match level {
        Some(level) => level.benefits.extend(line.all(Rule::text).iter().map(unquoted)),
        None if whole => reading.say(Wrong::BenefitOfNothing { place: line.span() }),
        None => {}
    }
}

fn read_reach(reading: &mut Reading<'_>, block: &Block, measures: &[TierMeasure]) -> Reach {
    let Some(line) = lines::line(reading, block, "reach", Rule::tiers_reach) else { return Reach::NextEvent };
    match line.inner().rule() {
        Rule::reach_day => Reach::NextDay,
        Rule::reach_once => {
            if let Some(points) = measures.iter().find(|measure| matches!(measure.basis, Basis::Points(_))) {
                reading.say(Wrong::AtOnceInPoints { place: line.span(), measure: points.span });
            }
            Reach::AtOnce
        }
        _ => Reach::NextEvent,
    }
}

fn read_lasts(reading: &mut Reading<'_>, block: &Block) -> Option<Lasts> {
    let Some(clause) = Reading::one(block, "lasts") else { return Some(Lasts::Forever) };
    let how = reading.clause(clause, Rule::tiers_lasts)?.inner();
    Some(match how.rule() {
        Rule::lasts_measured => Lasts::WhileMeasured,
        Rule::lasts_for => {
            let phrase = how.find(Rule::length)?;
            let length = reading.length(&phrase)?;
            if lines::is_no_time(length) {
                reading.say(lines::Slip::Nought { place: phrase.span(), what: "the time a level lasts" });
                return None;
            }
            Lasts::For(length)
        }
        Rule::lasts_until => read_until(reading, &how)?,
        _ => Lasts::Forever,
    })
}

/// `until [MM-DD after] end of [next] calendar year`.
fn read_until(reading: &mut Reading<'_>, how: &Phrase<'_>) -> Option<Lasts> {
    let next = u32::from(how.has(Rule::next));
    let day = how.find(Rule::monthday);
    if how.has(Rule::membership_year) {
        if let Some(day) = day {
            reading.say(Wrong::DayAfterMembershipYear { place: day.span() });
            return None;
        }
        return Some(Lasts::EndOfMembershipYear(next));
    }
    let period = period(&how.find(Rule::period)?)?;
    Some(match day {
        Some(day) => {
            let (month, day) = reading.monthday(&day)?;
            Lasts::DayAfterEndOf { month, day, period, next }
        }
        None => Lasts::EndOf(period, next),
    })
}

fn read_carry(reading: &mut Reading<'_>, block: &Block, measures: &[TierMeasure]) -> Option<Option<Exact>> {
    let line = lines::line(reading, block, "carry", Rule::tiers_carry)?;
    let ends = |measure: &TierMeasure| matches!(measure.window, Window::Calendar(_) | Window::MembershipYear);
    if let Some(endless) = measures.iter().find(|measure| !ends(measure))
        && !measures.iter().any(ends)
    {
        reading.say(Wrong::NothingToCarryTo { place: line.span(), measure: endless.span });
    }
    match line.find(Rule::need_amount) {
        // A bare figure is so many of what the only measure counts, money too.
        Some(amount) if measures.len() == 1 && !amount.has(Rule::unit) => {
            amount.find(Rule::number).and_then(|number| reading.number(&number)).map(Some)
        }
        Some(amount) => need::amount(reading, &amount, measures).map(|(_, most)| Some(most)),
        None => Some(None),
    }
}

fn read_matches(reading: &mut Reading<'_>, block: &Block, id: TiersId) -> Vec<(usize, Option<Date>)> {
    let mut matches = Vec::new();
    for line in lines::lines(reading, block, "match", Rule::tiers_match) {
        let level = line.find(Rule::name).and_then(|name| reading.level(id.0, &name));
        let until = line.find(Rule::date).map(|date| reading.date(&date));
        if let (Some(level), None | Some(Some(_))) = (level, until) {
            matches.push((level, until.flatten()));
        }
    }
    matches
}

fn read_fees(reading: &mut Reading<'_>, block: &Block, id: TiersId) -> Vec<(usize, Exact, Length)> {
    let mut fees: Vec<(usize, Exact, Length)> = Vec::new();
    let mut places: Vec<(usize, crate::text::Span)> = Vec::new();
    for line in lines::lines(reading, block, "fee", Rule::tiers_fee) {
        let level = line.find(Rule::name).and_then(|name| reading.level(id.0, &name));
        let fee = membership::fee(reading, &line);
        let (Some(level), Some((money, length))) = (level, fee) else { continue };
        if let Some((_, first)) = places.iter().find(|(other, _)| *other == level) {
            let keyword = "fee … gives".to_owned();
            reading.say(Mistake::SaidTwice { place: line.span(), first: *first, keyword });
            continue;
        }
        places.push((level, line.span()));
        fees.push((level, money, length));
    }
    fees
}

#[cfg(test)]
mod tests;
