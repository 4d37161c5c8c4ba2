//! Lines that several blocks share: first and last day, validity, prices, caps; and what can be wrong with them.

use super::gift::Valid;
use super::points::EarnCap;
use super::reading::{Mistake, Reading, period};
use super::table::{BlockSpec, FIGURE};
use super::{Name, PointsId};
use crate::diag::{Message, Severity};
use crate::mechanics::condition::Condition;
use crate::mechanics::reading::Scope;
use crate::syntax::ast::Block;
use crate::syntax::{Phrase, Rule};
use crate::text::Span;
use crate::value::clock::{Date, Length};
use crate::value::exact::Exact;

/// What can be wrong with lines of several blocks.
#[allow(missing_docs)] // the fields are the words of the messages
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Slip {
    /// A line without which the block means nothing.
    Missing { place: Span, block: &'static str, keyword: &'static str, like: &'static str },
    /// The last day lies before the first.
    EndsBeforeItBegins { place: Span, first: Span, from: Date, until: Date },
    /// Nought where something must be.
    Nought { place: Span, what: &'static str },
    /// A cap over all members where only one for each member is known.
    NotPerMember { place: Span, like: String },
    /// Two answers to what is taken off.
    TwoForms { place: Span, first: Span },
    /// A share past the whole.
    PastWhole { place: Span, percent: String },
}

impl Message for Slip {
    fn code(&self) -> &'static str {
        match self {
            Slip::Missing { .. } => "missing-line",
            Slip::EndsBeforeItBegins { .. } => "ends-before-it-begins",
            Slip::Nought { .. } => "nought",
            Slip::NotPerMember { .. } => "not-per-member",
            Slip::TwoForms { .. } => "said-twice",
            Slip::PastWhole { .. } => "past-the-whole",
        }
    }

    fn severity(&self) -> Severity {
        Severity::Error
    }

    fn says(&self) -> String {
        match self {
            Slip::Missing { block, keyword: FIGURE, .. } => format!("this `{block}` block does not say how much"),
            Slip::Missing { block, keyword, .. } => format!("this `{block}` block has no `{keyword}` line"),
            Slip::EndsBeforeItBegins { from, until, .. } => {
                format!("the last day, {until}, lies before the first, {from}")
            }
            Slip::Nought { what, .. } => format!("{what} cannot be 0"),
            Slip::NotPerMember { .. } => "this cap does not say that it is for each member".to_owned(),
            Slip::TwoForms { .. } => "this says a second time what is taken off".to_owned(),
            Slip::PastWhole { percent, .. } => format!("{percent} is more than the whole"),
        }
    }

    fn place(&self) -> Span {
        match self {
            Slip::Missing { place, .. }
            | Slip::EndsBeforeItBegins { place, .. }
            | Slip::Nought { place, .. }
            | Slip::NotPerMember { place, .. }
            | Slip::TwoForms { place, .. }
            | Slip::PastWhole { place, .. } => *place,
        }
    }

    fn label(&self) -> String {
        match self {
            Slip::Missing { .. } => "it would stand below this line".to_owned(),
            Slip::EndsBeforeItBegins { .. }
            | Slip::Nought { .. }
            | Slip::NotPerMember { .. }
            | Slip::TwoForms { .. }
            | Slip::PastWhole { .. } => String::new(),
        }
    }

    fn related(&self) -> Vec<(Span, String)> {
        match self {
            Slip::EndsBeforeItBegins { first, .. } => vec![(*first, "the first day".to_owned())],
            Slip::TwoForms { first, .. } => vec![(*first, "said here first".to_owned())],
            Slip::Missing { .. } | Slip::Nought { .. } | Slip::NotPerMember { .. } | Slip::PastWhole { .. } => {
                Vec::new()
            }
        }
    }

    fn why(&self) -> String {
        match self {
            Slip::Missing { block: "scenario", .. } => "Without it nothing can be simulated.",
            Slip::Missing { .. } => "Without it nobody can say what customers get.",
            Slip::EndsBeforeItBegins { .. } => "No day lies between them, so nothing would ever happen.",
            Slip::Nought { .. } => {
                "With 0 the line either does nothing or lets nothing happen, and nobody can tell which was meant."
            }
            Slip::NotPerMember { .. } => "A cap here is counted for each member alone.",
            Slip::TwoForms { .. } => "Two answers to one question: customers could be told either, or both.",
            Slip::PastWhole { .. } => "A share here goes from 0% to 100%.",
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Slip::Missing { like, .. } => format!("add a line such as: `{like}`"),
            Slip::EndsBeforeItBegins { from, until, .. } => format!("write: `from {until}` and `until {from}`"),
            Slip::Nought { .. } => "write a figure above 0".to_owned(),
            Slip::NotPerMember { like, .. } => format!("write it like: `{like}`"),
            Slip::TwoForms { .. } => {
                "keep one of the two lines; if both are meant, write two blocks, and a `stack` that \
                                      says how they meet"
                    .to_owned()
            }
            Slip::PastWhole { .. } => "write a share of at most 100%".to_owned(),
        }
    }
}

/// The block's name; none when it has none (reported by the first stage).
pub(super) fn name(block: &Block) -> Option<Name> {
    block.name.as_ref().map(|word| Name { text: word.text.clone(), span: word.span })
}

/// What the clause of that keyword says; none when there is none, or when it cannot be read.
pub(super) fn line<'a>(reading: &mut Reading<'a>, block: &Block, keyword: &str, rule: Rule) -> Option<Phrase<'a>> {
    reading.clause(Reading::one(block, keyword)?, rule)
}

/// The same of a clause that may repeat: all that can be read.
pub(super) fn lines<'a>(reading: &mut Reading<'a>, block: &Block, keyword: &str, rule: Rule) -> Vec<Phrase<'a>> {
    Reading::clauses(block, keyword).into_iter().filter_map(|clause| reading.clause(clause, rule)).collect()
}

/// Complains of a clause that is not there at all, under the line below which it would stand.
pub(super) fn require(reading: &mut Reading<'_>, block: &Block, spec: &'static BlockSpec, keyword: &'static str) {
    if Reading::one(block, keyword).is_some() || !is_sound(block, spec) {
        return;
    }
    let like = spec.clause(keyword).map_or("", |clause| clause.like);
    reading.say(Slip::Missing { place: above(block, spec, keyword), block: spec.keyword, keyword, like });
}

/// The line below which a clause would stand in the formatter's order; the header when it would be the first.
fn above(block: &Block, spec: &'static BlockSpec, keyword: &str) -> Span {
    let own = spec.order(keyword);
    let before = block.clauses.iter().filter(|clause| spec.order(&clause.keyword.text) < own);
    before.max_by_key(|clause| spec.order(&clause.keyword.text)).map_or(block.header, |clause| clause.span)
}

/// Whether all lines of a block begin as its lines do: else the one that is missed may be the one that does not.
pub(super) fn is_sound(block: &Block, spec: &'static BlockSpec) -> bool {
    !block.broken && block.clauses.iter().all(|clause| !clause.broken && spec.clause(&clause.keyword.text).is_some())
}

/// `from DATE` and `until DATE`, on lines of their own or on one.
pub(super) fn days(reading: &mut Reading<'_>, block: &Block, from: Rule, until: Rule) -> (Option<Date>, Option<Date>) {
    let from_line = line(reading, block, "from", from).map(|line| line.inner());
    let until_line = line(reading, block, "until", until).map(|line| line.inner());
    let first = from_line.as_ref().and_then(|line| line.find(Rule::date));
    let along = from_line.as_ref().and_then(|line| line.find(Rule::last_day));
    let alone = until_line.as_ref().and_then(|line| line.find(Rule::last_day));
    if let (Some(along), Some(alone)) = (&along, &alone) {
        let keyword = "until".to_owned();
        reading.say(Mistake::SaidTwice { place: alone.span(), first: along.span(), keyword });
    }
    let last = along.or(alone).map(|line| line.inner());
    let from = first.as_ref().and_then(|date| reading.date(date));
    let until = last.as_ref().and_then(|date| reading.date(date));
    if let (Some(begin), Some(end), Some(first), Some(last)) = (from, until, &first, &last)
        && end < begin
    {
        reading.say(Slip::EndsBeforeItBegins { place: last.span(), first: first.span(), from: begin, until: end });
    }
    (from, until)
}

/// `valid …`; nothing said is for good.
pub(super) fn valid(reading: &mut Reading<'_>, block: &Block) -> Option<Valid> {
    let Some(clause) = Reading::one(block, "valid") else { return Some(Valid::Forever) };
    let how = reading.clause(clause, Rule::gift_valid)?.find(Rule::valid_how)?.inner();
    Some(match how.rule() {
        Rule::valid_for => Valid::For(reading.length(&how.inner())?),
        Rule::valid_end => Valid::UntilEndOf(period(&how.find(Rule::period)?)?),
        Rule::valid_until => Valid::Until(reading.date(&how.find(Rule::date)?)?),
        _ => Valid::Forever,
    })
}

/// `costs X CUR`, `value X CUR`.
pub(super) fn price(reading: &mut Reading<'_>, block: &Block, keyword: &str, rule: Rule) -> Option<Exact> {
    let line = line(reading, block, keyword, rule)?;
    reading.money(&line.find(Rule::money)?)
}

/// `stock N`: how many there are in all.
pub(super) fn stock(reading: &mut Reading<'_>, block: &Block) -> Option<u32> {
    let line = line(reading, block, "stock", Rule::gift_stock)?;
    counted(reading, &line, "a stock")
}

/// The `whole` number of a line, at least 1.
pub(super) fn counted(reading: &mut Reading<'_>, line: &Phrase<'_>, what: &'static str) -> Option<u32> {
    let number = line.find(Rule::whole)?;
    let count = reading.count(&number)?;
    if count == 0 {
        reading.say(Slip::Nought { place: number.span(), what });
        return None;
    }
    Some(count)
}

/// All `when` lines of a gift or reward, joined by `and`.
pub(super) fn when(reading: &mut Reading<'_>, block: &Block) -> Option<Condition> {
    let lines = lines(reading, block, "when", Rule::gift_when);
    all_of(reading, &lines, Scope::Redeem)
}

/// The `condition` of each line, joined by `and`.
pub(super) fn all_of(reading: &mut Reading<'_>, lines: &[Phrase<'_>], scope: Scope) -> Option<Condition> {
    let mut conditions: Vec<Condition> = lines
        .iter()
        .filter_map(|line| line.find(Rule::condition))
        .filter_map(|condition| reading.condition(&condition, scope))
        .collect();
    match conditions.len() {
        0 | 1 => conditions.pop(),
        _ => Some(Condition::All(conditions)),
    }
}

/// `… at most N … per member per WINDOW`: more than 0, and counted for each member. `implied`: a cap that says
/// nothing about members is for each of them.
pub(super) fn cap(
    reading: &mut Reading<'_>,
    line: &Phrase<'_>,
    unit: Option<PointsId>,
    implied: bool,
    like: &'static str,
) -> Option<EarnCap> {
    let cap = reading.earn_cap(line, unit)?;
    let what = line.find(Rule::per_what);
    let per_member = what.as_ref().is_some_and(|what| what.has(Rule::per_member));
    let window = what.as_ref().and_then(|what| what.find(Rule::per_window));
    let in_all = window.as_ref().is_some_and(|window| window.has(Rule::in_all));
    if cap.most.is_zero() {
        let number = line.find(Rule::number)?;
        reading.say(Slip::Nought { place: number.span(), what: "a cap" });
        return None;
    }
    if !per_member && (in_all || !implied) {
        reading.say(Slip::NotPerMember { place: line.span(), like: like.to_owned() });
        return None;
    }
    Some(cap)
}

/// The words of the first of these clauses, each a text in quotes.
pub(super) fn words(reading: &mut Reading<'_>, block: &Block, clauses: &[(&str, Rule)]) -> Option<String> {
    let said = clauses.iter().filter_map(|(keyword, rule)| line(reading, block, keyword, *rule));
    let texts: Vec<Phrase<'_>> = said.filter_map(|line| text_of(&line)).collect();
    texts.first().map(super::reading::unquoted)
}

/// The text in quotes of a line, at most one level down.
pub(super) fn text_of<'t>(line: &Phrase<'t>) -> Option<Phrase<'t>> {
    line.find(Rule::text).or_else(|| line.children().find_map(|child| child.find(Rule::text)))
}

/// The percentage of a line, at most 100.
pub(super) fn share(reading: &mut Reading<'_>, line: &Phrase<'_>) -> Option<Exact> {
    let phrase = line.find(Rule::percent)?;
    let percent = reading.number(&phrase)?;
    if percent > Exact::from_int(100) {
        reading.say(Slip::PastWhole { place: phrase.span(), percent: phrase.text().to_owned() });
        return None;
    }
    Some(percent)
}

/// Whether it is no time at all.
pub(super) fn is_no_time(length: Length) -> bool {
    match length {
        Length::Days(n) | Length::Weeks(n) | Length::Months(n) | Length::Years(n) => n == 0,
    }
}

/// The most days it can last.
pub(super) fn most_days(length: Length) -> u64 {
    match length {
        Length::Days(n) => u64::from(n),
        Length::Weeks(n) => 7 * u64::from(n),
        Length::Months(n) => 31 * u64::from(n),
        Length::Years(n) => 366 * u64::from(n),
    }
}
