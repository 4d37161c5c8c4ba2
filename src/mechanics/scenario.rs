//! `scenario`: a population to simulate (section 8 of the language).
//!
//! Its figures are assumptions about people, so each answer of theirs is a range. They stay the exact numbers that were
//! written until the simulation draws from them.

pub mod people;
mod wrong;

use super::lines::{self, Slip};
use super::reading::{Mistake, Reading, unquoted};
use super::table::{BlockSpec, Head, many, once};
use crate::syntax::ast::Block;
use crate::syntax::{Phrase, Rule};
use crate::text::Span;
use crate::value::clock::Date;
use crate::value::exact::Exact;
use people::People;
use std::sync::Arc;
use wrong::Wrong;

/// `scenario` in the table of blocks.
pub static BLOCK: BlockSpec = BlockSpec {
    keyword: "scenario",
    head: Head::Name,
    clauses: &[
        once("members", "members 10000"),
        once("purchases", "purchases gap about 14 days, basket lognormal median 42 EUR spread 0.6"),
        many("season", "season december +40%"),
        once("joining", "joining 30% at once, the rest over the first 12 months"),
        many("segment", "segment commuters share 20%, gap about 5 days"),
        once("items", "items category coffee 60%, cake 40%"),
        many("activity", "activity workout about 1 to 2 a week, 30% of members"),
        once("visit", "visit about 1 a month, 40% of members"),
        many("subscribe", "subscribe plus 5% to 10% of members within 6 months, renew 60% to 80%"),
        many("lift", "lift near reward 5% to 15%"),
        once("redeem", "redeem about 40% to 80%"),
        once("returns", "returns 3%"),
        once("margin", "margin 30%"),
        once("running", "running cost 5000 EUR a year"),
        once("years", "years 3"),
        once("months", "months 6"),
        once("control", "control 20%"),
    ],
    ordered: false,
    says: "a population to simulate",
};

/// The most people that a scenario may have.
pub const MOST_MEMBERS: u64 = 100_000_000;
/// The longest that it may go on, in months.
pub const MOST_MONTHS: u32 = 240;

/// A figure that nobody knows for sure: anything from one number to the other, each as likely. 5% is 5 here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// The least.
    pub low: Exact,
    /// The most; the same as the least where one number was written.
    pub high: Exact,
    /// Where it was written.
    pub span: Span,
}

/// A population to simulate.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// `members 10000`: how many.
    pub members: u64,
    /// `purchases …`: how they buy.
    pub purchases: Buying,
    /// `segment commuters share 20%, …` *: parts of them that buy differently, in file order.
    pub groups: Vec<Group>,
    /// `items category coffee 60%, tea 40%`: what a basket is of; the column and its values with their shares in percent.
    pub items: Option<Items>,
    /// What they do besides buying.
    pub people: People,
    /// `lift … 5% to 15%` *: how behaviour answers the program.
    pub lifts: Vec<Lift>,
    /// `redeem about 40% to 80%`: the chance that who can afford a reward at a visit takes it, in percent.
    pub redeem: Option<Range>,
    /// `margin 30%`: what is left of the price of what is sold, before the program costs anything, in percent.
    pub margin: Range,
    /// `years 1`, or `months 6`: how long, in months.
    pub months: u32,
    /// `control 20%`: how many a launch would keep without the program, in percent: what it could measure by them is told.
    pub control: Option<Exact>,
    /// `returns 3%`: how many purchases come back whole, in percent.
    pub returns: Option<Exact>,
    /// `cost of running 5000 RON a year`: what the program costs besides what it gives.
    pub running: Option<Exact>,
    /// The block.
    pub span: Span,
}

/// How a population buys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Buying {
    /// Gaps and baskets as written.
    Said(Habits),
    /// `purchases like history "events.csv", 20% new`: fitted when it is simulated.
    Like(Like),
    /// The same, fitted.
    Continued(Continued),
    /// `purchases bg/nbd r 0.243 alpha 4.414 a 0.793 b 2.426 in weeks, basket …`.
    Fitted(BgNbd),
}

/// A history that goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Like {
    /// Where it is, as written.
    pub path: String,
    /// How many of the members are new, in percent; the others are known to the history.
    pub new: Exact,
}

/// A history that goes on, with the model of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Continued {
    /// The model, in days.
    pub fitted: BgNbd,
    /// How many of the members are new, in percent.
    pub new: Exact,
    /// Where each member of the history stands, by how often she bought again, when last, and how long she was seen.
    pub known: Arc<[Standing]>,
    /// The last day of the history.
    pub until: Date,
    /// About how often a member buys in a year.
    pub a_year: Exact,
}

/// What is known of a member at the end of a history; times in days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Standing {
    /// How often she bought again.
    pub again: u32,
    /// From her first purchase to her last.
    pub last: u32,
    /// From her first purchase to the end.
    pub seen: u32,
    /// From the first purchase of the history to hers.
    pub first: u32,
}

/// Gaps and baskets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Habits {
    /// `gap about 14 days [spread 0.5]`: the median, over members, of a member's mean days between purchases.
    pub gap: Range,
    /// How members differ: the standard deviation of the logarithm of that gap.
    pub gap_spread: Exact,
    /// `basket lognormal median 42 RON spread 0.6`.
    pub basket: Basket,
    /// `leave 20% a year`: how many stop buying for good within a year, in percent.
    pub leave: Option<Range>,
}

/// What a purchase comes to: lognormal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basket {
    /// Its median, in the program's money.
    pub median: Exact,
    /// The standard deviation of its logarithm.
    pub spread: Exact,
}

/// The model of Fader, Hardie and Lee (2005), with its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BgNbd {
    /// Shape of the purchase rates.
    pub r: Exact,
    /// Scale of the purchase rates, in the unit of time.
    pub alpha: Exact,
    /// First parameter of the chance to leave after a purchase.
    pub a: Exact,
    /// Second parameter of it.
    pub b: Exact,
    /// Days in the unit of time: 7 where it is weeks.
    pub unit: u32,
    /// What a purchase comes to.
    pub basket: Basket,
}

/// A part of the population.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name, for the report; where the program has a segment of that name, its members are looked for among these.
    pub name: String,
    /// How many of all members, in percent.
    pub share: Exact,
    /// `gap about 5 days`: of their own.
    pub gap: Option<Range>,
    /// `basket lognormal median 30 RON spread 0.4`: of their own.
    pub basket: Option<Basket>,
    /// `member.city = "Cluj"` *: what the members file would say of them.
    pub columns: Vec<(String, String)>,
}

/// What a basket is of: one line, of one of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Items {
    /// The column that tells them apart: `category`.
    pub column: String,
    /// Its values and their shares in percent, together 100.
    pub shares: Vec<(String, Exact)>,
}

/// One way in which behaviour answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lift {
    /// To what.
    pub of: Answer,
    /// By how many percent more.
    pub by: Range,
    /// `source "Kivetz 2006"`: where the figure comes from, in the user's words.
    pub source: Option<String>,
}

/// What members answer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// `lift visits`: being in the program at all; purchases come oftener.
    Visits,
    /// `lift basket`: being in the program at all; baskets are bigger.
    Basket,
    /// `lift near reward`: the goal gradient; purchases come oftener the nearer the next reward is, by so much at its edge.
    NearReward,
    /// `lift after reward`: purchases come oftener in the 30 days after a reward.
    AfterReward,
    /// `lift keeping level`: purchases come oftener in the last 60 days before a review that would take the level away.
    KeepingLevel,
    /// `lift staying`: fewer leave.
    Staying,
    /// `lift coming back`: so many of those who have left come back within a year, in percent of them.
    ComingBack,
}

impl Answer {
    /// All of them.
    pub const ALL: [Answer; 7] = [
        Answer::Visits,
        Answer::Basket,
        Answer::NearReward,
        Answer::AfterReward,
        Answer::KeepingLevel,
        Answer::Staying,
        Answer::ComingBack,
    ];

    /// As it is written.
    pub fn words(self) -> &'static str {
        match self {
            Answer::Visits => "visits",
            Answer::Basket => "basket",
            Answer::NearReward => "near reward",
            Answer::AfterReward => "after reward",
            Answer::KeepingLevel => "keeping level",
            Answer::Staying => "staying",
            Answer::ComingBack => "coming back",
        }
    }
}

/// Reads a `scenario` block.
pub fn read(reading: &mut Reading<'_>, block: &Block) -> Option<Scenario> {
    for keyword in ["members", "purchases", "margin"] {
        lines::require(reading, block, &BLOCK, keyword);
    }
    let members = lines::line(reading, block, "members", Rule::scenario_members).and_then(|line| {
        let most = Exact::from_int(i64::try_from(MOST_MEMBERS).unwrap_or(i64::MAX));
        within(reading, &line.find(Rule::whole)?, "members", &most)
    });
    let purchases = lines::line(reading, block, "purchases", Rule::scenario_purchases)
        .and_then(|line| purchases(reading, &line.inner()));
    let groups = groups(reading, block);
    let items = lines::line(reading, block, "items", Rule::scenario_items).and_then(|line| items(reading, &line));
    let people = people::read(reading, block);
    let lifts = lifts(reading, block);
    let redeem = percents(reading, block, "redeem", Rule::scenario_redeem, Some(100));
    let margin = percents(reading, block, "margin", Rule::scenario_margin, Some(100));
    let mut share =
        |keyword, rule| lines::line(reading, block, keyword, rule).and_then(|line| lines::share(reading, &line));
    let returns = share("returns", Rule::scenario_returns);
    let control = share("control", Rule::scenario_control);
    let running = lines::price(reading, block, "running", Rule::scenario_running);
    let months = months(reading, block);
    Some(Scenario {
        name: lines::name(block)?.text,
        members: members?.floor().to_i64().and_then(|members| u64::try_from(members).ok())?,
        purchases: purchases?,
        groups,
        items,
        people,
        lifts,
        redeem,
        margin: margin?,
        months: months?,
        control,
        returns,
        running,
        span: block.span,
    })
}

/// How long it goes on; a year where nothing is said.
fn months(reading: &mut Reading<'_>, block: &Block) -> Option<u32> {
    let years = lines::line(reading, block, "years", Rule::scenario_years);
    let months = lines::line(reading, block, "months", Rule::scenario_months);
    if let (Some(years), Some(months)) = (&years, &months) {
        reading.say(Mistake::SaidTwice { place: months.span(), first: years.span(), keyword: "how long".to_owned() });
    }
    let said = ["years", "months"].iter().any(|keyword| Reading::one(block, keyword).is_some());
    let (line, each) = match (years, months) {
        (Some(line), _) => (line, 12),
        (None, Some(line)) => (line, 1),
        (None, None) => return (!said).then_some(12),
    };
    let number = line.find(Rule::whole)?;
    let most = Exact::from_int(i64::from(MOST_MONTHS / each));
    let what = if each == 12 { "years" } else { "months" };
    let count = within(reading, &number, what, &most)?;
    Some(u32::try_from(count.to_i64()?).ok()? * each)
}

/// A number above 0, up to the most that makes sense.
fn within(reading: &mut Reading<'_>, phrase: &Phrase<'_>, what: &'static str, most: &Exact) -> Option<Exact> {
    let number = reading.number(phrase)?;
    if number.is_zero() {
        reading.say(Slip::Nought { place: phrase.span(), what });
        return None;
    }
    if number > *most {
        reading.say(Wrong::TooMuch { place: phrase.span(), what, most: most.to_string() });
        return None;
    }
    Some(number)
}

fn purchases(reading: &mut Reading<'_>, said: &Phrase<'_>) -> Option<Buying> {
    match said.rule() {
        Rule::buy_like => {
            let new = if said.has(Rule::percent) { lines::share(reading, said)? } else { Exact::zero() };
            Some(Buying::Like(Like { path: unquoted(&said.find(Rule::text)?), new }))
        }
        Rule::buy_fitted => fitted(reading, said).map(Buying::Fitted),
        _ => {
            let gap = said.find(Rule::gap_about)?;
            let (range, gap_spread) = gap_about(reading, &gap);
            let basket = basket(reading, &said.find(Rule::basket_of)?);
            let leave = match said.find(Rule::leave_a_year) {
                Some(leave) => Some(percents_of(reading, &leave.find(Rule::percents)?, Some(100))?),
                None => None,
            };
            Some(Buying::Said(Habits { gap: range?, gap_spread: gap_spread?, basket: basket?, leave }))
        }
    }
}

/// `bg/nbd r 0.243 alpha 4.414 a 0.793 b 2.426 in weeks, basket …`, the four in any order.
fn fitted(reading: &mut Reading<'_>, said: &Phrase<'_>) -> Option<BgNbd> {
    let mut named: std::collections::BTreeMap<String, Exact> = std::collections::BTreeMap::new();
    for parameter in said.children().filter(|child| child.rule() == Rule::fit_parameter) {
        let letter = parameter.find(Rule::fit_letter)?.text().to_owned();
        let number = within(reading, &parameter.find(Rule::number)?, "a parameter", &Exact::from_int(1_000_000))?;
        if named.insert(letter.clone(), number).is_some() {
            let missing = ["r", "alpha", "a", "b"].iter().find(|letter| !named.contains_key(**letter));
            let missing = (*missing.unwrap_or(&"b")).to_owned();
            reading.say(Wrong::ParameterTwice { place: parameter.span(), letter, missing });
            return None;
        }
    }
    let basket = basket(reading, &said.find(Rule::basket_of)?)?;
    let unit = if said.has(Rule::week_word) { 7 } else { 1 };
    let mut take = |letter: &str| named.remove(letter);
    Some(BgNbd { r: take("r")?, alpha: take("alpha")?, a: take("a")?, b: take("b")?, unit, basket })
}

/// What a gap and a spread are where nothing is said of the spread.
fn gap_about(reading: &mut Reading<'_>, gap: &Phrase<'_>) -> (Option<Range>, Option<Exact>) {
    let days = Exact::from_int(if gap.has(Rule::week_word) { 7 } else { 1 });
    let most = Exact::from_int(3_650);
    let numbers: Vec<Phrase<'_>> = gap.children().filter(|child| child.rule() == Rule::number).collect();
    let numbers: Option<Vec<Exact>> =
        numbers.iter().map(|number| Some(&within(reading, number, "a gap", &most)? * &days)).collect();
    let range = numbers.and_then(|numbers| range(reading, numbers, gap.span()));
    (range, spread(reading, gap, (1, 2)))
}

/// `spread 0.6`; what it is where nothing is said.
fn spread(reading: &mut Reading<'_>, of: &Phrase<'_>, (over, under): (i64, i64)) -> Option<Exact> {
    let Some(said) = of.find(Rule::spread_of) else { return Some(Exact::ratio(over, under)) };
    let number = said.find(Rule::number)?;
    let spread = reading.number(&number)?;
    if spread > Exact::from_int(3) {
        reading.say(Wrong::Spread { place: said.span(), spread: number.text().to_owned() });
        return None;
    }
    Some(spread)
}

fn basket(reading: &mut Reading<'_>, said: &Phrase<'_>) -> Option<Basket> {
    let money = said.find(Rule::money)?;
    let median = reading.money(&money);
    let spread = spread(reading, said, (3, 5));
    let median = median?;
    if median.is_zero() {
        reading.say(Slip::Nought { place: money.span(), what: "a basket" });
        return None;
    }
    Some(Basket { median, spread: spread? })
}

/// Numbers from the least to the most.
fn range(reading: &mut Reading<'_>, numbers: Vec<Exact>, span: Span) -> Option<Range> {
    let low = numbers.first()?.clone();
    let high = numbers.last()?.clone();
    if high < low {
        reading.say(Wrong::Backwards { place: span });
        return None;
    }
    Some(Range { low, high, span })
}

/// `5% to 15%`; `most`: no more than so many percent.
fn percents_of(reading: &mut Reading<'_>, said: &Phrase<'_>, most: Option<i64>) -> Option<Range> {
    let mut numbers = Vec::new();
    for percent in said.children().filter(|child| child.rule() == Rule::percent) {
        let number = reading.number(&percent)?;
        if most.is_some_and(|most| number > Exact::from_int(most)) {
            reading.say(Slip::PastWhole { place: percent.span(), percent: percent.text().to_owned() });
            return None;
        }
        numbers.push(number);
    }
    range(reading, numbers, said.span())
}

fn percents(reading: &mut Reading<'_>, block: &Block, keyword: &str, rule: Rule, most: Option<i64>) -> Option<Range> {
    let line = lines::line(reading, block, keyword, rule)?;
    percents_of(reading, &line.find(Rule::percents)?, most)
}

fn groups(reading: &mut Reading<'_>, block: &Block) -> Vec<Group> {
    let mut groups: Vec<(Group, Span)> = Vec::new();
    let mut sum = Exact::zero();
    for line in lines::lines(reading, block, "segment", Rule::scenario_segment) {
        let Some(group) = group(reading, &line) else { continue };
        if let Some((_, first)) = groups.iter().find(|(other, _)| other.name == group.name) {
            let keyword = format!("segment {}", group.name);
            reading.say(Mistake::SaidTwice { place: line.span(), first: *first, keyword });
            continue;
        }
        let before = sum <= Exact::from_int(100);
        sum += &group.share;
        if before && sum > Exact::from_int(100) {
            reading.say(Wrong::MoreThanAll { place: line.span(), sum: sum.to_string() });
        }
        groups.push((group, line.span()));
    }
    groups.into_iter().map(|(group, _)| group).collect()
}

fn group(reading: &mut Reading<'_>, line: &Phrase<'_>) -> Option<Group> {
    let name = crate::value::nfc(line.find(Rule::name)?.text()).into_owned();
    let share = lines::share(reading, line)?;
    let gap = match line.find(Rule::gap_about) {
        Some(said) => Some(gap_about(reading, &said).0?),
        None => None,
    };
    let basket = match line.find(Rule::basket_of) {
        Some(said) => Some(basket(reading, &said)?),
        None => None,
    };
    let columns = line.children().filter(|child| child.rule() == Rule::group_column);
    let columns = columns.filter_map(|said| {
        let column = said.find(Rule::member_column)?;
        let column = column.text().trim().trim_start_matches("member.").to_owned();
        let value = said.find(Rule::list_value)?;
        Some((column, unquoted(&value.inner())))
    });
    Some(Group { name, share, gap, basket, columns: columns.collect() })
}

fn items(reading: &mut Reading<'_>, line: &Phrase<'_>) -> Option<Items> {
    let column = line.find(Rule::name)?.text().to_owned();
    let mut shares: Vec<(String, Exact)> = Vec::new();
    for said in line.children().filter(|child| child.rule() == Rule::item_share) {
        let value = unquoted(&said.find(Rule::list_value)?.inner());
        shares.push((value, lines::share(reading, &said)?));
    }
    let sum: Exact = shares.iter().map(|(_, share)| share).sum();
    if sum != Exact::from_int(100) {
        reading.say(Wrong::NotAll { place: line.span(), sum: sum.to_string() });
        return None;
    }
    Some(Items { column, shares })
}

fn lifts(reading: &mut Reading<'_>, block: &Block) -> Vec<Lift> {
    let mut lifts: Vec<(Lift, Span)> = Vec::new();
    for line in lines::lines(reading, block, "lift", Rule::scenario_lift) {
        let Some(lift) = lift(reading, &line) else { continue };
        if let Some((_, first)) = lifts.iter().find(|(other, _)| other.of == lift.of) {
            let keyword = format!("lift {}", lift.of.words());
            reading.say(Mistake::SaidTwice { place: line.span(), first: *first, keyword });
            continue;
        }
        lifts.push((lift, line.span()));
    }
    lifts.into_iter().map(|(lift, _)| lift).collect()
}

fn lift(reading: &mut Reading<'_>, line: &Phrase<'_>) -> Option<Lift> {
    let of = match line.find(Rule::lift_of)?.inner().rule() {
        Rule::lift_visits => Answer::Visits,
        Rule::lift_basket => Answer::Basket,
        Rule::lift_near => Answer::NearReward,
        Rule::lift_after => Answer::AfterReward,
        Rule::lift_level => Answer::KeepingLevel,
        Rule::lift_staying => Answer::Staying,
        _ => Answer::ComingBack,
    };
    let share = matches!(of, Answer::Staying | Answer::ComingBack);
    let said = line.find(Rule::percents)?;
    let by = percents_of(reading, &said, Some(if share { 100 } else { 1_000 }))?;
    if by.low == by.high && !by.low.is_zero() {
        reading.say(Wrong::OneFigure {
            place: said.span(),
            lift: of.words(),
            figure: said.text().trim_end().to_owned(),
        });
    }
    let source = line.find(Rule::text).map(|text| unquoted(&text));
    Some(Lift { of, by, source })
}
