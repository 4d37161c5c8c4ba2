//! `points`: a unit that accrues, how it rounds, when it ends.

use super::give::What;
use super::lines::{self, Slip};
use super::reading::{Kind, Mistake, Reading, period};
use super::rule::Rule as GivingRule;
use super::table::{BlockSpec, Head, many, once};
use super::{ActivityId, Name, PointsId, TiersId};
use crate::diag::Message;
use crate::syntax::ast::Block;
use crate::syntax::{Phrase, Rule};
use crate::text::{Sources, Span};
use crate::value::clock::{Clock, Date, Length, Period, Window};
use crate::value::exact::{Exact, Rounding};

/// `points` in the table of blocks.
pub static BLOCK: BlockSpec = BlockSpec {
    keyword: "points",
    head: Head::NameAndPlural,
    clauses: &[
        once("worth", "worth 0.05 RON each"),
        once("round", "round down per receipt"),
        once("decimals", "decimals 2"),
        once("expire", "expire 12 months after earning, at end of month"),
        once("never", "never expire"),
        once("pending", "pending 14 days"),
        once("separate", "separate by store"),
        once("owe", "owe at most 200 stars"),
        many("earn", "earn at most 500 stars per member per day"),
        many("transfer", "transfer at most 100 stars per member per month"),
        many("counts", "counts for status"),
        once("does", "does not count"),
        once("buy", "buy 10 RON per 100"),
        once("spend", "spend at 0.05 RON each, at least 100, up to 50% of receipt"),
    ],
    ordered: false,
    says: "a unit that customers collect: its worth, its rounding, its end",
};

/// A `points` block (section 3).
#[derive(Debug, Clone)]
pub struct Points {
    /// Its singular name: the unit.
    pub name: Name,
    /// Its plural, when it has one of its own.
    pub plural: Option<String>,
    /// Face value of one, in the program's money.
    pub worth: Option<Exact>,
    /// How a posting is rounded.
    pub round: Rounding,
    /// What is rounded together.
    pub scope: Scope,
    /// Digits after the point.
    pub decimals: u32,
    /// When they end.
    pub expiry: Expiry,
    /// From when they can be spent.
    pub pending: Pending,
    /// A balance for each value of this column.
    pub separate_by: Option<String>,
    /// How far clawback may drive the balance below zero.
    pub owe: Exact,
    /// `earn at most N per member per WINDOW`.
    pub caps: Vec<EarnCap>,
    /// The tiers measured in points that these feed; empty: all.
    pub counts_for: Vec<TiersId>,
    /// `does not count`: feeds no tier measured in points.
    pub does_not_count: bool,
    /// `transfer at most N per member per WINDOW`; none: no transfers.
    pub transfer: Vec<EarnCap>,
    /// `buy X CUR per N`: (price, how many).
    pub buy: Option<(Exact, Exact)>,
    /// `spend …`: how points pay at the till; none: they do not.
    pub pay: Option<Pay>,
    /// The whole block.
    pub span: Span,
}

impl Points {
    /// Whether a tiers block that is measured in these points counts them.
    pub fn feeds(&self, tiers: TiersId) -> bool {
        !self.does_not_count && (self.counts_for.is_empty() || self.counts_for.contains(&tiers))
    }
}

/// How points pay at the till.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pay {
    /// `by payout only`: never at the till.
    ByPayoutOnly,
    /// `at X CUR each`.
    At {
        /// What one pays.
        each: Exact,
        /// `at least N`.
        least: Option<Exact>,
        /// `in steps of N`.
        steps: Option<Exact>,
        /// `up to N% of receipt`.
        share: Option<Exact>,
    },
}

/// What is rounded together: one posting is rounded once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All rules of one event together (the default).
    Receipt,
    /// Each line by itself.
    Line,
    /// Each rule by itself.
    Rule,
    /// All of a calendar month together: the fraction is carried within the month.
    Month,
}

/// When a lot ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expiry {
    /// `never`, or nothing said.
    Never,
    /// `N months after earning[, at end of month]`.
    After(Life),
    /// `after N months without …`: all lots renew at each renewing act.
    Sliding {
        /// How long without.
        length: Length,
        /// What renews.
        without: Vec<Renewal>,
    },
    /// `on MM-DD each year`: the next such day on or after earning.
    Yearly(i8, i8),
}

impl Expiry {
    /// The last day of points that came on `since`, or were last renewed then; none: they do not end.
    pub fn last_day(&self, clock: &Clock, since: Date) -> Option<Date> {
        match self {
            Expiry::Never => None,
            Expiry::After(life) => life.last_day(clock, since),
            Expiry::Sliding { length, .. } => length.after(since),
            Expiry::Yearly(month, day_of_month) => {
                let this =
                    |year: i16| Date::new(year, *month, *day_of_month).or_else(|_| Date::new(year, *month, 28)).ok();
                this(since.year()).filter(|last| since <= *last).or_else(|| this(since.year().checked_add(1)?))
            }
        }
    }
}

impl Renewal {
    /// Whether an act of the member renews where this is asked for.
    pub fn is_met_by(self, act: Renewal) -> bool {
        self == act || self == Renewal::Any || matches!((self, act), (Renewal::Activity(None), Renewal::Activity(_)))
    }
}

impl Life {
    /// The last day of a life that begins on `day`: *at end of month* stretches it to that month's last.
    pub fn last_day(&self, clock: &Clock, day: Date) -> Option<Date> {
        let last = self.length.after(day)?;
        Some(match self.at_end_of {
            Some(period) => clock.span_of(period, last).1,
            None => last,
        })
    }
}

/// A length after a day, and the end it is stretched to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Life {
    /// How long after.
    pub length: Length,
    /// `at end of month`: through the last day of the period that day falls in.
    pub at_end_of: Option<Period>,
}

/// An act that renews a sliding expiry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewal {
    /// `any activity`.
    Any,
    /// `purchase`.
    Purchase,
    /// `redeem`.
    Redeem,
    /// `visit`.
    Visit,
    /// `activity NAME`, or any activity when none is named.
    Activity(Option<ActivityId>),
}

/// From when a lot can be spent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pending {
    /// At once.
    No,
    /// `pending N days`: from the start of day D + N.
    Days(u32),
    /// `pending until ACTIVITY`.
    Until(ActivityId),
}

/// `at most N per member per WINDOW`.
#[derive(Debug, Clone)]
pub struct EarnCap {
    /// The most.
    pub most: Exact,
    /// In which window.
    pub window: Window,
    /// The clause.
    pub span: Span,
}

/// The most digits a unit may have after the point.
const MOST_DECIMALS: u32 = 6;

/// What can be wrong with a `points` block alone.
#[allow(missing_docs)] // the fields are the words of the messages
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wrong {
    /// More digits than anyone can read.
    TooManyDecimals { place: Span, decimals: u32 },
    /// A lot that ends on the day it is earned.
    EndsAtOnce { place: Span },
    /// Two lines about the end that do not agree.
    TwoEnds { place: Span, first: Span },
    /// Spendable only after they have ended.
    EndsBeforeSpendable { place: Span, expire: Span, pending: u32, length: String },
    /// Counts for a tier, and does not count.
    CountsAndNot { place: Span, first: Span },
}

impl Message for Wrong {
    fn code(&self) -> &'static str {
        match self {
            Wrong::TooManyDecimals { .. } => "too-many-decimals",
            Wrong::EndsAtOnce { .. } => "ends-at-once",
            Wrong::TwoEnds { .. } => "two-ends",
            Wrong::EndsBeforeSpendable { .. } => "ends-before-spendable",
            Wrong::CountsAndNot { .. } => "counts-and-does-not",
        }
    }

    fn says(&self) -> String {
        match self {
            Wrong::TooManyDecimals { decimals, .. } => {
                format!("{decimals} decimals are too many; {MOST_DECIMALS} are the most")
            }
            Wrong::EndsAtOnce { .. } => "these points end on the day they are earned".to_owned(),
            Wrong::TwoEnds { .. } => "these points end and never end".to_owned(),
            Wrong::EndsBeforeSpendable { pending, length, .. } => {
                format!("these points can be spent after {pending} days, and end {length}")
            }
            Wrong::CountsAndNot { .. } => "these points count for a tier and do not count".to_owned(),
        }
    }

    fn place(&self) -> Span {
        match self {
            Wrong::TooManyDecimals { place, .. }
            | Wrong::EndsAtOnce { place }
            | Wrong::TwoEnds { place, .. }
            | Wrong::EndsBeforeSpendable { place, .. }
            | Wrong::CountsAndNot { place, .. } => *place,
        }
    }

    fn related(&self) -> Vec<(Span, String)> {
        match self {
            Wrong::TooManyDecimals { .. } | Wrong::EndsAtOnce { .. } => Vec::new(),
            Wrong::TwoEnds { first, .. } | Wrong::CountsAndNot { first, .. } => {
                vec![(*first, "and this line".to_owned())]
            }
            Wrong::EndsBeforeSpendable { expire, .. } => vec![(*expire, "they end here".to_owned())],
        }
    }

    fn why(&self) -> String {
        match self {
            Wrong::TooManyDecimals { .. } => "Nobody can read such a balance, and no till can print it.",
            Wrong::EndsAtOnce { .. } => "A customer would lose them before the next visit.",
            Wrong::TwoEnds { .. } | Wrong::CountsAndNot { .. } => {
                "Two answers to one question: customers could be told either."
            }
            Wrong::EndsBeforeSpendable { .. } => "No customer could ever spend one.",
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Wrong::TooManyDecimals { .. } => "write: `decimals 2`, or leave the line out for whole points".to_owned(),
            Wrong::EndsAtOnce { .. } => "write a length: `expire 12 months after earning`".to_owned(),
            Wrong::TwoEnds { .. } | Wrong::CountsAndNot { .. } => "keep one of the two lines".to_owned(),
            Wrong::EndsBeforeSpendable { .. } => {
                "make the waiting time shorter than the points' life: `pending 14 days`".to_owned()
            }
        }
    }
}

/// The worth of one, for the names (messages, and `N% back as NAME`); none when it is not said or cannot be read.
pub fn worth(sources: &Sources, block: &Block) -> Option<Exact> {
    let clause = Reading::one(block, "worth").filter(|clause| !clause.broken)?;
    let line = Phrase::read(Rule::points_worth, sources.slice(clause.span), clause.span).ok()?;
    let number = line.find(Rule::money)?.find(Rule::number)?;
    Exact::parse(number.text()).filter(|worth| !worth.is_zero())
}

/// Reads a `points` block: the unit `id`.
pub fn read(reading: &mut Reading<'_>, block: &Block, id: PointsId) -> Option<Points> {
    let worth = read_worth(reading, block);
    let (round, scope) = read_round(reading, block);
    let decimals = read_decimals(reading, block);
    let expiry = read_expiry(reading, block);
    let pending = read_pending(reading, block);
    if let (Some(expiry), Some(pending)) = (&expiry, &pending) {
        agree(reading, block, expiry, pending);
    }
    let separate_by = lines::line(reading, block, "separate", Rule::points_separate);
    let separate_by = separate_by.and_then(|line| Some(line.find(Rule::word)?.text().to_owned()));
    let owe = read_owe(reading, block, id);
    let caps = read_caps(reading, block, id, "earn", Rule::points_earn);
    let transfer = read_caps(reading, block, id, "transfer", Rule::points_transfer);
    let (counts_for, does_not_count) = read_counts(reading, block);
    let buy = read_buy(reading, block, id);
    let pay = read_pay(reading, block, id);
    Some(Points {
        name: lines::name(block)?,
        plural: block.plural.as_ref().map(|word| word.text.clone()),
        worth,
        round,
        scope,
        decimals: decimals.unwrap_or(0),
        expiry: expiry?,
        pending: pending?,
        separate_by,
        owe: owe?,
        caps,
        counts_for,
        does_not_count,
        transfer,
        buy,
        pay,
        span: block.span,
    })
}

/// Cashback in money has the money's own decimals (section 3) and rounding (6.6: half even): points of which one is
/// worth one of the money, and that some rule gives as a share back. What the block says itself stands. `blocks` are
/// those of `points`.
pub fn settle_cashback(points: &mut [Points], blocks: &[&Block], rules: &[GivingRule], minor_units: u32) {
    let gives = rules.iter().flat_map(|rule| &rule.gives);
    for give in gives {
        let What::Back { unit, .. } = &give.what else { continue };
        let (Some(points), Some(block)) = (points.get_mut(unit.0), blocks.get(unit.0)) else { continue };
        if points.worth != Some(Exact::one()) {
            continue;
        }
        if Reading::one(block, "decimals").is_none() {
            points.decimals = minor_units;
        }
        if points.decimals == minor_units && !says_how_to_round(block) {
            points.round = Rounding::HalfEven;
        }
    }
}

/// Whether the block's `round` line has a mode; `round per line` has none.
fn says_how_to_round(block: &Block) -> bool {
    const MODES: [&str; 4] = ["down", "up", "nearest", "half"];
    Reading::one(block, "round")
        .is_some_and(|clause| clause.tokens.iter().any(|token| MODES.contains(&token.text.as_str())))
}

fn read_worth(reading: &mut Reading<'_>, block: &Block) -> Option<Exact> {
    let money = lines::line(reading, block, "worth", Rule::points_worth)?.find(Rule::money)?;
    let worth = reading.money(&money)?;
    if worth.is_zero() {
        reading.say(Slip::Nought { place: money.span(), what: "the worth of a point" });
        return None;
    }
    Some(worth)
}

fn read_round(reading: &mut Reading<'_>, block: &Block) -> (Rounding, Scope) {
    let line = lines::line(reading, block, "round", Rule::points_round);
    let part = |rule| Some(line.as_ref()?.find(rule)?.inner().rule());
    let round = match part(Rule::round_mode) {
        Some(Rule::round_up) => Rounding::Up,
        Some(Rule::round_nearest) => Rounding::Nearest,
        Some(Rule::round_half_even) => Rounding::HalfEven,
        _ => Rounding::Down,
    };
    let scope = match part(Rule::round_scope) {
        Some(Rule::scope_line) => Scope::Line,
        Some(Rule::scope_rule) => Scope::Rule,
        Some(Rule::scope_month) => Scope::Month,
        _ => Scope::Receipt,
    };
    (round, scope)
}

fn read_decimals(reading: &mut Reading<'_>, block: &Block) -> Option<u32> {
    let number = lines::line(reading, block, "decimals", Rule::points_decimals)?.find(Rule::whole)?;
    let decimals = reading.count(&number)?;
    if decimals > MOST_DECIMALS {
        reading.say(Wrong::TooManyDecimals { place: number.span(), decimals });
        return None;
    }
    Some(decimals)
}

/// When they end: `expire …` or `never`.
fn read_expiry(reading: &mut Reading<'_>, block: &Block) -> Option<Expiry> {
    let never = lines::line(reading, block, "never", Rule::points_never);
    let Some(clause) = Reading::one(block, "expire") else { return Some(Expiry::Never) };
    let line = reading.clause(clause, Rule::points_expire)?;
    if let Some(never) = never {
        reading.say(Wrong::TwoEnds { place: line.span(), first: never.span() });
    }
    let how = line.inner();
    match how.rule() {
        Rule::expire_yearly => {
            reading.monthday(&how.find(Rule::monthday)?).map(|(month, day)| Expiry::Yearly(month, day))
        }
        Rule::expire_sliding => {
            let length = read_length(reading, &how)?;
            Some(Expiry::Sliding { length, without: read_renewals(reading, &how)? })
        }
        Rule::expire_end => {
            let at_end_of = period(&how.inner().find(Rule::period)?)?;
            Some(Expiry::After(Life { length: Length::Days(0), at_end_of: Some(at_end_of) }))
        }
        Rule::expire_after => {
            let at_end_of = match how.find(Rule::at_end_of) {
                Some(end) => Some(period(&end.find(Rule::period)?)?),
                None => None,
            };
            let length = match at_end_of {
                Some(_) => reading.length(&how.find(Rule::length)?)?,
                None => read_length(reading, &how)?,
            };
            Some(Expiry::After(Life { length, at_end_of }))
        }
        _ => Some(Expiry::Never),
    }
}

/// A length that is some time.
fn read_length(reading: &mut Reading<'_>, how: &Phrase<'_>) -> Option<Length> {
    let phrase = how.find(Rule::length)?;
    let length = reading.length(&phrase)?;
    if lines::is_no_time(length) {
        reading.say(Wrong::EndsAtOnce { place: phrase.span() });
        return None;
    }
    Some(length)
}

fn read_renewals(reading: &mut Reading<'_>, how: &Phrase<'_>) -> Option<Vec<Renewal>> {
    if how.has(Rule::without_any) {
        return Some(vec![Renewal::Any]);
    }
    let mut renewals = Vec::new();
    for renewal in how.all(Rule::renewal) {
        let act = renewal.inner();
        renewals.push(match act.rule() {
            Rule::renew_purchase => Renewal::Purchase,
            Rule::renew_redeem => Renewal::Redeem,
            Rule::renew_visit => Renewal::Visit,
            _ => match act.find(Rule::name) {
                Some(name) => Renewal::Activity(Some(ActivityId(reading.resolve(Kind::Activity, &name)?))),
                // `without activity` is `without any activity` said in a hurry.
                None => Renewal::Any,
            },
        });
    }
    Some(renewals)
}

fn read_pending(reading: &mut Reading<'_>, block: &Block) -> Option<Pending> {
    let Some(clause) = Reading::one(block, "pending") else { return Some(Pending::No) };
    let how = reading.clause(clause, Rule::points_pending)?.inner();
    if how.rule() == Rule::pending_until {
        let activity = reading.resolve(Kind::Activity, &how.find(Rule::name)?)?;
        return Some(Pending::Until(ActivityId(activity)));
    }
    let days = lines::counted(reading, &how, "the waiting time")?;
    let days = days.checked_mul(if how.has(Rule::week_word) { 7 } else { 1 });
    if days.is_none() {
        let number = how.find(Rule::whole)?;
        reading.say(Mistake::TooLarge { place: number.span(), number: number.text().to_owned() });
    }
    days.map(Pending::Days)
}

/// Points must be spendable before they end. With `at end of` a lot may live up to a period longer.
fn agree(reading: &mut Reading<'_>, block: &Block, expiry: &Expiry, pending: &Pending) {
    let (Expiry::After(life), Pending::Days(days)) = (expiry, pending) else { return };
    let longer = match life.at_end_of {
        None | Some(Period::Day) => 0,
        Some(Period::Week) => 6,
        Some(Period::Month) => 30,
        Some(Period::Quarter) => 91,
        Some(Period::Year) => 365,
    };
    if u64::from(*days) > lines::most_days(life.length) + longer
        && let (Some(expire), Some(place)) = (Reading::one(block, "expire"), Reading::one(block, "pending"))
    {
        let mut length = format!("{} after they are earned", life.length);
        if let Some(period) = life.at_end_of {
            length = format!("{length}, at the end of the {period}");
        }
        reading.say(Wrong::EndsBeforeSpendable { place: place.span, expire: expire.span, pending: *days, length });
    }
}

fn read_owe(reading: &mut Reading<'_>, block: &Block, id: PointsId) -> Option<Exact> {
    let Some(clause) = Reading::one(block, "owe") else { return Some(Exact::zero()) };
    let line = reading.clause(clause, Rule::points_owe)?;
    if line.has(Rule::owe_nothing) {
        return Some(Exact::zero());
    }
    own_amount(reading, &line, id)
}

/// The `number` of a phrase, and its `unit`, which must be this one when it is said.
fn own_amount(reading: &mut Reading<'_>, phrase: &Phrase<'_>, id: PointsId) -> Option<Exact> {
    let number = reading.number(&phrase.find(Rule::number)?)?;
    if let Some(named) = phrase.find(Rule::unit)
        && reading.unit(&named)? != id
    {
        let wanted = reading.names.unit(id.0).to_owned();
        reading.say(Mistake::OtherUnit { place: named.span(), got: named.text().to_owned(), wanted });
        return None;
    }
    Some(number)
}

fn read_caps(reading: &mut Reading<'_>, block: &Block, id: PointsId, keyword: &str, rule: Rule) -> Vec<EarnCap> {
    let like = BLOCK.clause(keyword).map_or("", |clause| clause.like);
    let lines = lines::lines(reading, block, keyword, rule);
    lines.iter().filter_map(|line| lines::cap(reading, line, Some(id), false, like)).collect()
}

fn read_counts(reading: &mut Reading<'_>, block: &Block) -> (Vec<TiersId>, bool) {
    let counts = lines::lines(reading, block, "counts", Rule::points_counts);
    let names: Vec<Phrase<'_>> = counts.iter().flat_map(|line| line.all(Rule::name)).collect();
    let tiers = names.iter().filter_map(|name| reading.resolve(Kind::Tiers, name)).map(TiersId).collect();
    let does_not = lines::line(reading, block, "does", Rule::points_does);
    if let (Some(counts), Some(does_not)) = (counts.first(), &does_not) {
        reading.say(Wrong::CountsAndNot { place: does_not.span(), first: counts.span() });
    }
    (tiers, does_not.is_some())
}

fn read_buy(reading: &mut Reading<'_>, block: &Block, id: PointsId) -> Option<(Exact, Exact)> {
    let line = lines::line(reading, block, "buy", Rule::points_buy)?;
    let money = line.find(Rule::money)?;
    let (price, number) = (reading.money(&money), own_amount(reading, &line, id));
    let (price, number) = (price?, number?);
    if price.is_zero() {
        reading.say(Slip::Nought { place: money.span(), what: "the price of points" });
        return None;
    }
    if number.is_zero() {
        reading.say(Slip::Nought { place: line.find(Rule::number)?.span(), what: "how many are sold" });
        return None;
    }
    Some((price, number))
}

fn read_pay(reading: &mut Reading<'_>, block: &Block, id: PointsId) -> Option<Pay> {
    let how = lines::line(reading, block, "spend", Rule::points_spend)?.inner();
    if how.rule() == Rule::spend_by_payout {
        return Some(Pay::ByPayoutOnly);
    }
    let each = reading.money(&how.find(Rule::money)?)?;
    let least = how.find(Rule::spend_least).and_then(|least| own_amount(reading, &least, id));
    let steps = how.find(Rule::spend_steps).and_then(|steps| own_amount(reading, &steps, id));
    let share = how.find(Rule::spend_share).and_then(|most| lines::share(reading, &most));
    if each.is_zero() || steps.as_ref().is_some_and(Exact::is_zero) {
        let (place, what) = (how.span(), if each.is_zero() { "what a point pays" } else { "a step" });
        reading.say(lines::Slip::Nought { place, what });
        return None;
    }
    Some(Pay::At { each, least, steps, share })
}

#[cfg(test)]
mod tests;
