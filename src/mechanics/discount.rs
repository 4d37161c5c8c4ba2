//! `discount`: money off at the till.

use super::basis::Basis;
use super::condition::{Condition, Measure};
use super::off::{self, Off};
use super::reading::{Kind, Reading, Scope};
use super::table::{BlockSpec, Head, many, once};
use super::{MembershipId, Name, StackId, lines};
use crate::diag::Message;
use crate::syntax::ast::Block;
use crate::syntax::{Phrase, Rule};
use crate::text::Span;
use crate::value::clock::{Date, Window};
use crate::value::exact::Exact;

/// `discount` in the table of blocks.
pub static BLOCK: BlockSpec = BlockSpec {
    keyword: "discount",
    head: Head::Name,
    clauses: &[
        many("on", "on purchase"),
        many("when", "when status in [gold]"),
        once("items", "items category in [coffee]"),
        many("take", "take 10% off"),
        once("price", "price 5 EUR"),
        many("scale", "scale spend in calendar year: from 1000 EUR take 5%"),
        once("group", "group promo"),
        many("limit", "limit 1 time per member per day"),
        once("cap", "cap 20 EUR per receipt"),
        once("from", "from 2026-01-01"),
        once("until", "until 2026-12-31"),
    ],
    ordered: false,
    says: "money off at the till",
};

/// A `discount` block (section 3).
#[derive(Debug, Clone)]
pub struct Discount {
    /// Its name.
    pub name: Name,
    /// When it is given.
    pub when: Option<Condition>,
    /// Which items it is for; none: all.
    pub items: Option<Condition>,
    /// What it takes off, with its line; none where a `scale` says it.
    pub takes: Vec<(Off, Span)>,
    /// What it takes off by what lay before.
    pub scale: Option<Scale>,
    /// The stack it belongs to.
    pub group: Option<StackId>,
    /// How often it is given, or how much it takes off, at most.
    pub limits: Vec<DiscountLimit>,
    /// The most it takes off one receipt.
    pub cap: Option<(Exact, Span)>,
    /// First day, inclusive.
    pub from: Option<Date>,
    /// Last day, inclusive.
    pub until: Option<Date>,
    /// The memberships that give it: only who has one of them has it. None: it is given by itself.
    pub memberships: Vec<MembershipId>,
    /// The whole block.
    pub span: Span,
}

/// `limit N times …`, `limit X CUR …`.
#[derive(Debug, Clone)]
pub struct DiscountLimit {
    /// The most.
    pub most: Exact,
    /// Of what.
    pub of: DiscountLimitOf,
    /// `per member`; else over everybody together.
    pub per_member: bool,
    /// In which window.
    pub window: Window,
    /// The clause.
    pub span: Span,
}

/// What a limit of a discount counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiscountLimitOf {
    /// Purchases that had it.
    Times,
    /// Money that it took off.
    Money,
}

/// `scale BASIS in WINDOW: from A take N%`: the share of the highest band that was reached before the purchase.
#[derive(Debug, Clone)]
pub struct Scale {
    /// What is measured.
    pub basis: Basis,
    /// Over which days.
    pub window: Window,
    /// (from, percent), ascending.
    pub bands: Vec<(Exact, Exact)>,
    /// Its first line.
    pub span: Span,
}

impl Discount {
    /// Whether it asks nothing of a member, so that a purchase that nobody put a name to has it too.
    pub fn is_for_anybody(&self) -> bool {
        let mut of_member = self.scale.is_some() || !self.memberships.is_empty();
        of_member |= self.limits.iter().any(|limit| limit.per_member);
        for condition in self.when.iter().chain(&self.items) {
            condition.each_test(&mut |test| of_member |= asks_of_member(&test.measure));
        }
        !of_member
    }

    /// The line that says what is taken off.
    pub fn take_span(&self) -> Span {
        let first = self.takes.first().map(|(_, span)| *span);
        first.or(self.scale.as_ref().map(|scale| scale.span)).unwrap_or(self.span)
    }
}

/// Whether a measure is of a member, or of what she did before.
fn asks_of_member(measure: &Measure) -> bool {
    match measure {
        Measure::FirstPurchase
        | Measure::Level(_)
        | Measure::Stamps(_)
        | Measure::MemberColumn(_)
        | Measure::InSegment(_)
        | Measure::HasGift(_)
        | Measure::HasReward(_)
        | Measure::HasCoupon(_)
        | Measure::Habit(_)
        | Measure::HasMembership(_)
        | Measure::BirthdayWithin(_)
        | Measure::MemberFor(_)
        | Measure::Balance(_)
        | Measure::Aggregate { .. }
        | Measure::DaysSinceLastPurchase
        | Measure::Consecutive(_) => true,
        Measure::Amount
        | Measure::TotalOf(_)
        | Measure::Items
        | Measure::ItemsOf(_)
        | Measure::Category
        | Measure::Sku
        | Measure::Brand
        | Measure::Price
        | Measure::Quantity
        | Measure::ReducedPrice
        | Measure::Store
        | Measure::Channel
        | Measure::Time
        | Measure::Weekday
        | Measure::Date
        | Measure::DayOfMonth
        | Measure::Month
        | Measure::Column(_) => false,
    }
}

/// What can be wrong with a `discount` block alone.
#[allow(missing_docs)] // the fields are the words of the messages
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wrong {
    /// Nothing says what it takes off.
    TakesNothing { place: Span, money: String },
    /// Two `scale` lines that do not measure the same.
    OtherScale { place: Span, first: Span },
    /// A band that does not begin above the one before.
    BandsFall { place: Span, before: String, from: String },
    /// `campaign` without days.
    NoCampaign { place: Span },
}

impl Message for Wrong {
    fn code(&self) -> &'static str {
        match self {
            Wrong::TakesNothing { .. } => "discount-takes-nothing",
            Wrong::OtherScale { .. } => "other-scale",
            Wrong::BandsFall { .. } => "bands-fall",
            Wrong::NoCampaign { .. } => "no-campaign",
        }
    }

    fn says(&self) -> String {
        match self {
            Wrong::TakesNothing { .. } => "this discount does not say what it takes off".to_owned(),
            Wrong::OtherScale { .. } => "this `scale` line measures something else than the one above".to_owned(),
            Wrong::BandsFall { before, from, .. } => format!("the band from {from} stands after the one from {before}"),
            Wrong::NoCampaign { .. } => "`campaign` means the days of this discount, and it has none".to_owned(),
        }
    }

    fn place(&self) -> Span {
        match self {
            Wrong::TakesNothing { place, .. }
            | Wrong::OtherScale { place, .. }
            | Wrong::BandsFall { place, .. }
            | Wrong::NoCampaign { place } => *place,
        }
    }

    fn related(&self) -> Vec<(Span, String)> {
        match self {
            Wrong::OtherScale { first, .. } => vec![(*first, "the one above".to_owned())],
            Wrong::TakesNothing { .. } | Wrong::BandsFall { .. } | Wrong::NoCampaign { .. } => Vec::new(),
        }
    }

    fn why(&self) -> String {
        match self {
            Wrong::TakesNothing { .. } => "Customers would pay the same with it and without it.",
            Wrong::OtherScale { .. } => "A discount grows with one figure; with two, nobody could say which counts.",
            Wrong::BandsFall { .. } => "Bands are read from the lowest to the highest.",
            Wrong::NoCampaign { .. } => "Without a first or a last day there is no campaign to count over.",
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Wrong::TakesNothing { money, .. } => format!("write: `take 10% off` or `take 5 {money} off`"),
            Wrong::OtherScale { .. } => {
                "measure the same in the same window, or write two discounts and a stack".to_owned()
            }
            Wrong::BandsFall { .. } => "put the bands in ascending order".to_owned(),
            Wrong::NoCampaign { .. } => "write `from DATE` and `until DATE`, or another window".to_owned(),
        }
    }
}

/// Reads a `discount` block.
pub fn read(reading: &mut Reading<'_>, block: &Block) -> Option<Discount> {
    lines::lines(reading, block, "on", Rule::discount_on);
    let whens = lines::lines(reading, block, "when", Rule::rule_when);
    let when = lines::all_of(reading, &whens, Scope::Event);
    let items = off::items(reading, block, Rule::discount_items);
    let takes = off::read(reading, block, Rule::discount_take, Rule::discount_price);
    let scale = scale(reading, block);
    let group = match Reading::one(block, "group") {
        Some(_) => group(reading, block),
        None => Some(None),
    };
    let limits = lines::lines(reading, block, "limit", Rule::discount_limit);
    let limits: Vec<DiscountLimit> = limits.iter().filter_map(|line| limit(reading, line)).collect();
    let cap = match lines::line(reading, block, "cap", Rule::discount_cap) {
        Some(line) => line.find(Rule::money).and_then(|money| reading.money(&money)).map(|cap| (cap, line.span())),
        None => None,
    };
    let (from, until) = lines::days(reading, block, Rule::reward_from, Rule::reward_until);
    let says = ["take", "price", "scale"].into_iter().any(|keyword| Reading::one(block, keyword).is_some());
    if !says && lines::is_sound(block, &BLOCK) {
        let money = reading.names.money_word().to_owned();
        reading.say(Wrong::TakesNothing { place: block.header, money });
    }
    let campaigns = limits.iter().filter(|limit| limit.window == Window::Campaign).map(|limit| limit.span);
    if let Some(place) = campaigns.into_iter().next().filter(|_| from.is_none() && until.is_none()) {
        reading.say(Wrong::NoCampaign { place });
    }
    Some(Discount {
        name: lines::name(block)?,
        when,
        items: items?,
        takes: takes?,
        scale: scale?,
        group: group?,
        limits,
        cap,
        from,
        until,
        memberships: Vec::new(),
        span: block.span,
    })
}

/// `group NAME`. Outer: whether it could be read; inner: whether it is said.
#[allow(clippy::option_option)]
fn group(reading: &mut Reading<'_>, block: &Block) -> Option<Option<StackId>> {
    let line = lines::line(reading, block, "group", Rule::rule_group)?;
    reading.resolve(Kind::Stack, &line.find(Rule::name)?).map(|id| Some(StackId(id)))
}

/// `limit N times per member per WINDOW`, `limit X CUR in all`.
fn limit(reading: &mut Reading<'_>, line: &Phrase<'_>) -> Option<DiscountLimit> {
    let (most, of) = match line.find(Rule::money) {
        Some(money) => {
            let most = reading.money(&money)?;
            if most.is_zero() {
                reading.say(lines::Slip::Nought { place: money.span(), what: "a limit" });
                return None;
            }
            (most, DiscountLimitOf::Money)
        }
        None if line.has(Rule::limit_once) => (Exact::one(), DiscountLimitOf::Times),
        None => (Exact::from_int(i64::from(lines::counted(reading, line, "a limit")?)), DiscountLimitOf::Times),
    };
    let (per_member, window) = reading.per_what(&line.find(Rule::per_what)?)?;
    Some(DiscountLimit { most, of, per_member, window, span: line.span() })
}

/// All `scale` lines, which are one scale. Outer: whether they could be read; inner: whether there are any.
#[allow(clippy::option_option)]
fn scale(reading: &mut Reading<'_>, block: &Block) -> Option<Option<Scale>> {
    let clauses = Reading::clauses(block, "scale").len();
    let lines = lines::lines(reading, block, "scale", Rule::discount_scale);
    let mut scale: Option<(Scale, String)> = None;
    for line in &lines {
        let (measured, window) = (line.find(Rule::measured)?, line.find(Rule::window)?);
        let basis = reading.measured_in(&measured, Scope::Event)?;
        let words = format!("{} {}", measured.text().trim(), window.text().trim());
        let window = reading.window(&window)?;
        let bands = bands(reading, line, &basis)?;
        match &mut scale {
            None => scale = Some((Scale { basis, window, bands, span: line.span() }, words)),
            Some((first, said)) if *said == words => first.bands.extend(bands),
            Some((first, _)) => {
                reading.say(Wrong::OtherScale { place: line.span(), first: first.span });
                return None;
            }
        }
    }
    if lines.len() < clauses {
        return None;
    }
    let Some((scale, _)) = scale else { return Some(None) };
    for pair in scale.bands.windows(2) {
        if let [(before, _), (from, _)] = pair
            && from <= before
        {
            let (before, from) = (before.to_string(), from.to_string());
            reading.say(Wrong::BandsFall { place: scale.span, before, from });
            return None;
        }
    }
    Some(Some(scale))
}

/// The bands of one line.
fn bands(reading: &mut Reading<'_>, line: &Phrase<'_>, basis: &Basis) -> Option<Vec<(Exact, Exact)>> {
    let dimension = reading.dimension(basis);
    let mut bands = Vec::new();
    for band in line.all(Rule::off_band) {
        let from = reading.quantity(&band.find(Rule::off_from)?, &dimension);
        let percent = lines::share(reading, &band);
        bands.push((from?, percent?));
    }
    Some(bands)
}

#[cfg(test)]
mod tests;
