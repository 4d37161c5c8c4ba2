//! `membership`: what members pay a fee for, term by term.

use super::lines::{self, Slip};
use super::reading::{Kind, Reading, period};
use super::table::{BlockSpec, Head, many, once};
use super::tiers::Tiers;
use super::{DiscountId, GiftId, Name, TiersId};
use crate::diag::Message;
use crate::syntax::ast::Block;
use crate::syntax::{Phrase, Rule};
use crate::text::Span;
use crate::value::clock::{Date, Length, Period};
use crate::value::exact::Exact;

/// `membership` in the table of blocks.
pub static BLOCK: BlockSpec = BlockSpec {
    keyword: "membership",
    head: Head::Name,
    clauses: &[
        once("fee", "fee 50 EUR per year"),
        many("gives", "gives level gold of status"),
        once("trial", "trial 30 days"),
        once("renew", "renew"),
        once("refund", "refund pro rata within 30 days"),
    ],
    ordered: false,
    says: "what members pay a fee for, and what it gives them",
};

/// A `membership` block (section 3), or a level that a `tiers` block sells (`fee X CUR per year gives LEVEL`).
#[derive(Debug, Clone)]
pub struct Membership {
    /// Its name; of a level that is sold, `gold of status`.
    pub name: Name,
    /// The tiers block that sells it, if one does.
    pub sold_by: Option<TiersId>,
    /// What a term costs.
    pub fee: Exact,
    /// How long a term is.
    pub term: Length,
    /// Levels held while a term runs.
    pub levels: Vec<(TiersId, usize)>,
    /// Gifts given as a term that is paid begins, and how many of each.
    pub gifts: Vec<(GiftId, u32)>,
    /// Discounts that only those have who have this membership, or another one that gives them.
    pub discounts: Vec<DiscountId>,
    /// Days before the first term that cost nothing, once in a member's life.
    pub trial: Option<u32>,
    /// Whether a term that ends is followed by the next one until it is cancelled.
    pub renew: bool,
    /// Through how many days after a term's first one the fee comes back pro rata; none: never.
    pub refund: Option<u32>,
    /// The whole block.
    pub span: Span,
}

impl Membership {
    /// First and last day of a term: the `nth` from 0, counted from the day the first began, so that months clamp
    /// from the original date (section 6.5). None past the end of the calendar.
    ///
    /// A term from 31 January ends on 27 February, and the one behind it begins on the 28th and ends on 30 March.
    pub fn term(&self, begun: Date, nth: u32) -> Option<(Date, Date)> {
        self.term.stretch(begun, nth)
    }

    /// Whether a `subscribe` or `cancel` event that says `word` means this one. A level that is sold is also meant by
    /// its own name, and by that of its block.
    pub fn answers_to(&self, word: &str, tiers: &[Tiers]) -> bool {
        let sold = self.sold_by.and_then(|tiers_id| tiers.get(tiers_id.0));
        self.name.text == word
            || sold.is_some_and(|block| {
                let level = self.levels.first().and_then(|(_, level)| block.levels.get(*level));
                block.name.text == word || level.is_some_and(|level| level.name.text == word)
            })
    }
}

/// The memberships that the `fee` lines of a tiers block sell.
pub fn sold(id: TiersId, tiers: &Tiers) -> Vec<Membership> {
    let of_fee = |(level, fee, term): &(usize, Exact, Length)| {
        let named = tiers.levels.get(*level)?;
        let text = format!("{} of {}", named.name.text, tiers.name.text);
        Some(Membership {
            name: Name { text, span: named.name.span },
            sold_by: Some(id),
            fee: fee.clone(),
            term: *term,
            levels: vec![(id, *level)],
            gifts: Vec::new(),
            discounts: Vec::new(),
            trial: None,
            renew: false,
            refund: None,
            span: tiers.span,
        })
    };
    tiers.fees.iter().filter_map(of_fee).collect()
}

/// A period as a length from any day.
pub(super) fn length_of(period: Period) -> Length {
    match period {
        Period::Day => Length::Days(1),
        Period::Week => Length::Weeks(1),
        Period::Month => Length::Months(1),
        Period::Quarter => Length::Months(3),
        Period::Year => Length::Years(1),
    }
}

/// `fee X CUR per LENGTH`: what it costs, and how long a term is.
pub(super) fn fee(reading: &mut Reading<'_>, line: &Phrase<'_>) -> Option<(Exact, Length)> {
    let price = line.find(Rule::money)?;
    let money = reading.money(&price);
    let length = match (line.find(Rule::length), line.find(Rule::period)) {
        (Some(length), _) => {
            let term = reading.length(&length)?;
            if lines::is_no_time(term) {
                reading.say(Slip::Nought { place: length.span(), what: "the time a fee is for" });
                return None;
            }
            Some(term)
        }
        (None, Some(every)) => period(&every).map(length_of),
        (None, None) => None,
    };
    let money = money?;
    if money.is_zero() {
        reading.say(Slip::Nought { place: price.span(), what: "a fee" });
        return None;
    }
    Some((money, length?))
}

/// What can be wrong with a `membership` block alone.
#[allow(missing_docs)] // the fields are the words of the messages
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wrong {
    /// Everybody stands on the lowest level.
    GivesLowest { place: Span, level: String },
    /// The same level twice.
    GivesTwice { place: Span, first: Span, what: String },
    /// Nobody gets money back after the term has ended.
    RefundPastTerm { place: Span, fee: Span, days: u32, term: Length },
}

impl Message for Wrong {
    fn code(&self) -> &'static str {
        match self {
            Wrong::GivesLowest { .. } => "gives-the-lowest-level",
            Wrong::GivesTwice { .. } => "gives-twice",
            Wrong::RefundPastTerm { .. } => "refund-past-the-term",
        }
    }

    fn says(&self) -> String {
        match self {
            Wrong::GivesLowest { level, .. } => format!("`{level}` is the level that everybody has"),
            Wrong::GivesTwice { what, .. } => format!("this membership gives {what} twice"),
            Wrong::RefundPastTerm { days, term, .. } => {
                format!("the fee would come back through {days} days, and a term is {term}")
            }
        }
    }

    fn place(&self) -> Span {
        match self {
            Wrong::GivesLowest { place, .. }
            | Wrong::GivesTwice { place, .. }
            | Wrong::RefundPastTerm { place, .. } => *place,
        }
    }

    fn related(&self) -> Vec<(Span, String)> {
        match self {
            Wrong::GivesLowest { .. } => Vec::new(),
            Wrong::GivesTwice { first, .. } => vec![(*first, "here already".to_owned())],
            Wrong::RefundPastTerm { fee, .. } => vec![(*fee, "how long a term is".to_owned())],
        }
    }

    fn why(&self) -> String {
        match self {
            Wrong::GivesLowest { .. } => "Members would pay a fee for what they have without it.",
            Wrong::GivesTwice { .. } => "A second line of the same changes nothing, or is a slip for something else.",
            Wrong::RefundPastTerm { .. } => "When the term is over nothing of it is left to be paid back.",
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Wrong::GivesLowest { .. } => "name a higher level".to_owned(),
            Wrong::GivesTwice { .. } => {
                "keep one of the two lines; of a gift, `gives 2 gifts NAME` gives two".to_owned()
            }
            Wrong::RefundPastTerm { .. } => "write fewer days than a term has".to_owned(),
        }
    }
}

/// Reads a `membership` block.
pub fn read(reading: &mut Reading<'_>, block: &Block) -> Option<Membership> {
    lines::require(reading, block, &BLOCK, "fee");
    let fee_line = lines::line(reading, block, "fee", Rule::membership_fee);
    let fee = fee_line.as_ref().and_then(|line| self::fee(reading, line));
    let (levels, gifts, discounts) = read_gives(reading, block);
    let trial = read_days(reading, block, ("trial", Rule::membership_trial), "a trial");
    let renew = lines::line(reading, block, "renew", Rule::membership_renew).is_some();
    let refund = read_days(reading, block, ("refund", Rule::membership_refund), "the time for a refund");
    let (fee, term) = fee?;
    if let (Some((days, place)), Some(fee)) = (refund, &fee_line)
        && u64::from(days) > lines::most_days(term)
    {
        reading.say(Wrong::RefundPastTerm { place, fee: fee.span(), days, term });
    }
    Some(Membership {
        name: lines::name(block)?,
        sold_by: None,
        fee,
        term,
        levels,
        gifts,
        discounts,
        trial: trial.map(|(days, _)| days),
        renew,
        refund: refund.map(|(days, _)| days),
        span: block.span,
    })
}

/// So many days or weeks, as days.
fn read_days(
    reading: &mut Reading<'_>,
    block: &Block,
    (keyword, rule): (&str, Rule),
    what: &'static str,
) -> Option<(u32, Span)> {
    let line = lines::line(reading, block, keyword, rule)?;
    let days = lines::counted(reading, &line, what)?;
    let days = days.checked_mul(if line.has(Rule::week_word) { 7 } else { 1 });
    if days.is_none() {
        let number = line.find(Rule::whole)?;
        let text = number.text().to_owned();
        reading.say(super::reading::Mistake::TooLarge { place: number.span(), number: text });
    }
    Some((days?, line.span()))
}

/// Levels, gifts and discounts, each once.
type Gives = (Vec<(TiersId, usize)>, Vec<(GiftId, u32)>, Vec<DiscountId>);

fn read_gives(reading: &mut Reading<'_>, block: &Block) -> Gives {
    let (mut levels, mut gifts, mut discounts): Gives = (Vec::new(), Vec::new(), Vec::new());
    let mut places: Vec<(String, Span)> = Vec::new();
    for line in lines::lines(reading, block, "gives", Rule::membership_gives) {
        let what = line.inner();
        let names = what.all(Rule::name);
        let Some(name) = names.first() else { continue };
        let said = if what.rule() == Rule::gives_gift {
            let number = what.find(Rule::whole).map_or(Some(1), |number| reading.count(&number));
            let gift = reading.resolve(Kind::Gift, name).map(GiftId);
            let (Some(gift), Some(number)) = (gift, number) else { continue };
            gifts.push((gift, number));
            format!("the gift `{}`", name.text())
        } else if what.rule() == Rule::gives_discount {
            let Some(discount) = reading.resolve(Kind::Discount, name) else { continue };
            discounts.push(DiscountId(discount));
            format!("the discount `{}`", name.text())
        } else {
            let Some((tiers, level)) = read_level(reading, name, names.get(1)) else { continue };
            if level == 0 {
                reading.say(Wrong::GivesLowest { place: name.span(), level: name.text().to_owned() });
                continue;
            }
            levels.push((tiers, level));
            format!("a level of `{}`", reading.names.all(Kind::Tiers)[tiers.0].name)
        };
        match places.iter().find(|(other, _)| *other == said) {
            Some((_, first)) => reading.say(Wrong::GivesTwice { place: line.span(), first: *first, what: said }),
            None => places.push((said, line.span())),
        }
    }
    (levels, gifts, discounts)
}

fn read_level(reading: &mut Reading<'_>, level: &Phrase<'_>, of: Option<&Phrase<'_>>) -> Option<(TiersId, usize)> {
    let tiers = match of {
        Some(name) => reading.resolve(Kind::Tiers, name)?,
        None => reading.only_tiers(level)?,
    };
    Some((TiersId(tiers), reading.level(tiers, level)?))
}

#[cfg(test)]
mod tests;
