//! Reads `earn` and `bonus` blocks.

use super::{Limit, LimitOf, Rule as Earning, Trigger};
use crate::diag::{Message, Severity};
use crate::mechanics::basis::Basis;
use crate::mechanics::condition::{Condition, How, Measure, Test};
use crate::mechanics::give::{Give, What};
use crate::mechanics::reading::{Clash, Counting, Kind, Reading, Scope, period};
use crate::mechanics::table::BlockSpec;
use crate::mechanics::{ActivityId, BudgetId, CalendarId, CardId, PilotId, StackId, TiersId, lines};
use crate::syntax::ast::Block;
use crate::syntax::{Phrase, Rule};
use crate::text::Span;
use crate::value::clock::Window;
use crate::value::exact::Exact;

/// What can be wrong with a rule as a whole.
#[allow(missing_docs)] // the fields are the words of the messages
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wrong {
    /// `+50% of base` in an `earn`.
    ShareInEarn { place: Span },
    /// A rule on what never ends in `campaign`, without its dates.
    NoCampaign { place: Span },
    /// A limit in a unit that the rule does not give.
    OtherLimit { place: Span, unit: String },
    /// A scale that does not begin at nought.
    Gap { place: Span, from: String },
    /// `first purchase` beside another trigger.
    FirstBeside { place: Span },
    /// A `count` line that nothing given goes by.
    CountForNothing { place: Span },
}

impl Message for Wrong {
    fn code(&self) -> &'static str {
        match self {
            Wrong::ShareInEarn { .. } => "share-in-earn",
            Wrong::NoCampaign { .. } => "no-campaign",
            Wrong::OtherLimit { .. } => "limit-of-nothing",
            Wrong::Gap { .. } => "gap-in-bands",
            Wrong::FirstBeside { .. } => "first-beside-others",
            Wrong::CountForNothing { .. } => "count-decides-nothing",
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Wrong::CountForNothing { .. } => Severity::Warning,
            Wrong::ShareInEarn { .. }
            | Wrong::NoCampaign { .. }
            | Wrong::OtherLimit { .. }
            | Wrong::Gap { .. }
            | Wrong::FirstBeside { .. } => Severity::Error,
        }
    }

    fn says(&self) -> String {
        match self {
            Wrong::ShareInEarn { .. } => {
                "an `earn` block gives a share of another rule, which only a `bonus` does".into()
            }
            Wrong::NoCampaign { .. } => {
                "`campaign` is the time between the rule's `from` and `until`, and it has none".into()
            }
            Wrong::OtherLimit { unit, .. } => format!("this limits `{unit}`, and the rule gives none"),
            Wrong::Gap { from, .. } => {
                format!("the first band begins at {from}, and nothing is said of what lies below")
            }
            Wrong::FirstBeside { .. } => "`first purchase` stands beside other events here".into(),
            Wrong::CountForNothing { .. } => "nothing that this rule gives goes by what it counts".into(),
        }
    }

    fn place(&self) -> Span {
        match self {
            Wrong::ShareInEarn { place }
            | Wrong::NoCampaign { place }
            | Wrong::OtherLimit { place, .. }
            | Wrong::Gap { place, .. }
            | Wrong::FirstBeside { place }
            | Wrong::CountForNothing { place } => *place,
        }
    }

    fn why(&self) -> String {
        match self {
            Wrong::ShareInEarn { .. } => "A base that is a share of itself or of another base has no first figure.",
            Wrong::NoCampaign { .. } => "A limit over a time that never ends is another limit than one over a month.",
            Wrong::OtherLimit { .. } => "A limit of what is never given never holds anyone back.",
            Wrong::Gap { .. } => "A customer below the first band could not be told what she gets.",
            Wrong::CountForNothing { .. } => "A fixed gift is the same however much is counted.",
            Wrong::FirstBeside { .. } => "The condition would hold for the other events too, where it is never true.",
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Wrong::ShareInEarn { .. } => "make the block a `bonus`",
            Wrong::NoCampaign { .. } => "add `from` and `until` lines, or leave `campaign` out",
            Wrong::OtherLimit { .. } => "name the unit that the rule gives, or write `times`",
            Wrong::Gap { .. } => "begin with a band `from 0`",
            Wrong::CountForNothing { .. } => "give by it, such as `give 1 star per item`, or take the `count` line out",
            Wrong::FirstBeside { .. } => "write `on purchase` and `when first purchase` in a rule of its own",
        }
        .to_owned()
    }
}

/// Reads an `earn` or `bonus` block.
pub fn read(reading: &mut Reading<'_>, block: &Block, spec: &'static BlockSpec) -> Option<Earning> {
    // An offer may say `every month` without `on`.
    if Reading::one(block, "every").is_none() {
        lines::require(reading, block, spec, "on");
    }
    lines::require(reading, block, spec, "give");
    let (on, first) = triggers(reading, block);
    let scope = scope_of(&on);
    let when = conditions(reading, block, first, scope);
    let (except, except_in) = exceptions(reading, block, scope);
    let (said, count_in) = count(reading, block, scope);
    let count_in = count_in.or_else(|| timers_window(&on));
    let gives = gives(reading, block, &on, said.as_ref(), scope);
    let (from, until) = lines::days(reading, block, Rule::rule_from, Rule::rule_until);
    let limits = limits(reading, block);
    let group = named(reading, block, "group", Rule::rule_group, Kind::Stack).map(StackId);
    let budget = named(reading, block, "budget", Rule::rule_budget, Kind::Budget).map(BudgetId);
    let pilot = named(reading, block, "pilot", Rule::rule_pilot, Kind::Pilot).map(PilotId);
    let rule = Earning {
        name: lines::name(block)?,
        bonus: matches!(block.keyword.text.as_str(), "bonus" | "offer"),
        on,
        when,
        except,
        except_in,
        count_in,
        give_span: gives.first().map_or(block.header, |give| give.span),
        gives,
        limits,
        group,
        from,
        until,
        budget,
        pilot,
        offer: None,
        span: block.span,
    };
    let counted = matches!(said, Some(Ok(_)));
    whole(reading, block, &rule, counted);
    Some(rule)
}

/// What only the whole rule shows.
fn whole(reading: &mut Reading<'_>, block: &Block, rule: &Earning, counted: bool) {
    for give in &rule.gives {
        match &give.what {
            What::PercentOf { .. } if !rule.bonus => reading.say(Wrong::ShareInEarn { place: give.span }),
            What::Scale { bands, .. } => {
                if let Some(first) = bands.first().filter(|band| !band.from.is_zero()) {
                    reading.say(Wrong::Gap { place: give.span, from: first.from.to_string() });
                }
            }
            What::PercentOf { .. }
            | What::Rate { .. }
            | What::Back { .. }
            | What::Fixed { .. }
            | What::Step { .. }
            | What::Gift(..)
            | What::Coupon(..)
            | What::Stamps(..)
            | What::Entries(..)
            | What::Level { .. } => {}
        }
    }
    let whole_gives = Reading::clauses(block, "give").len() <= rule.gives.len();
    let goes_by_count = |give: &Give| match &give.what {
        What::Rate { .. } | What::Back { .. } | What::Scale { .. } | What::Step { .. } => true,
        What::PercentOf { .. }
        | What::Fixed { .. }
        | What::Gift(..)
        | What::Coupon(..)
        | What::Stamps(..)
        | What::Entries(..)
        | What::Level { .. } => false,
    };
    if let Some(count) = Reading::one(block, "count")
        && counted
        && whole_gives
        && !rule.gives.is_empty()
        && !rule.gives.iter().any(goes_by_count)
    {
        reading.say(Wrong::CountForNothing { place: count.span });
    }
    for limit in &rule.limits {
        if limit.window == Window::Campaign && rule.from.is_none() && rule.until.is_none() {
            reading.say(Wrong::NoCampaign { place: limit.span });
        }
        if let LimitOf::Points(unit) = limit.of
            && whole_gives
            && !rule.gives.iter().any(|give| may_give(&give.what, unit))
        {
            let unit = reading.names.units(unit.0).to_owned();
            reading.say(Wrong::OtherLimit { place: limit.span, unit });
        }
    }
}

/// Whether a line can give points of that unit; a share of another rule gives whatever that one does.
fn may_give(what: &What, unit: crate::mechanics::PointsId) -> bool {
    match what {
        What::Rate { unit: given, .. }
        | What::Back { unit: given, .. }
        | What::Fixed { unit: given, .. }
        | What::Scale { unit: given, .. }
        | What::Step { unit: given, .. } => *given == unit,
        What::PercentOf { .. } => true,
        What::Gift(..) | What::Coupon(..) | What::Stamps(..) | What::Entries(..) | What::Level { .. } => false,
    }
}

// ---- on ---------------------------------------------------------------------------------------

/// All triggers, and the place of `first purchase` where that is one.
fn triggers(reading: &mut Reading<'_>, block: &Block) -> (Vec<Trigger>, Option<Span>) {
    let (mut on, mut first) = (Vec::new(), None);
    for line in lines::lines(reading, block, "on", Rule::rule_on) {
        for phrase in line.all(Rule::trigger) {
            let inner = phrase.inner();
            if inner.rule() == Rule::on_first {
                first = Some(phrase.span());
            }
            on.extend(trigger(reading, &inner));
        }
    }
    for line in lines::lines(reading, block, "every", Rule::offer_every) {
        on.extend(trigger(reading, &line.inner()));
    }
    if let (Some(place), true) = (first, on.len() > 1) {
        reading.say(Wrong::FirstBeside { place });
    }
    (on, first)
}

fn trigger(reading: &mut Reading<'_>, phrase: &Phrase<'_>) -> Option<Trigger> {
    let name = phrase.find(Rule::name);
    Some(match phrase.rule() {
        Rule::on_friend => Trigger::FirstPurchaseOfFriend,
        // `on first purchase` is `on purchase` with `when first purchase`.
        Rule::on_first | Rule::on_purchase => Trigger::Purchase,
        Rule::on_visit => Trigger::Visit,
        Rule::on_activity => Trigger::Activity(match name {
            Some(name) => Some(ActivityId(reading.resolve(Kind::Activity, &name)?)),
            None => None,
        }),
        Rule::on_referral => Trigger::Referral,
        Rule::on_join => Trigger::Join,
        Rule::on_birthday => Trigger::Birthday(shift(reading, phrase)?),
        Rule::on_anniversary => Trigger::Anniversary(shift(reading, phrase)?),
        Rule::on_level_up => Trigger::LevelUp(TiersId(level_up(reading, phrase)?)),
        Rule::on_full => Trigger::Full(CardId(reading.resolve(Kind::Card, &name?)?)),
        Rule::on_redeem => Trigger::Redeem,
        Rule::on_every => {
            Trigger::Every { period: period(&phrase.find(Rule::period)?)?, at_start: phrase.has(Rule::at_start) }
        }
        Rule::on_membership_year => Trigger::EveryMembershipYear,
        Rule::on_no_purchase => Trigger::NoPurchaseIn(reading.days(&phrase.find(Rule::length)?)?),
        // `at start of every membership year` is the anniversary of joining.
        Rule::on_start_of_own_year => Trigger::Anniversary(0),
        Rule::on_every_other => every(reading, &phrase.find(Rule::length)?, phrase.has(Rule::at_start))?,
        _ => {
            reading.say(Clash::NoTimer { place: phrase.span() });
            return None;
        }
    })
}

/// `3 months` of a timer.
pub fn every(reading: &mut Reading<'_>, length: &Phrase<'_>, at_start: bool) -> Option<Trigger> {
    let place = length.span();
    let length = reading.length(length)?;
    if lines::is_no_time(length) {
        reading.say(Clash::Nought { place });
        return None;
    }
    Some(Trigger::EveryLength { length, at_start })
}

/// `7 days before`: days, negative before.
fn shift(reading: &mut Reading<'_>, phrase: &Phrase<'_>) -> Option<i32> {
    let Some(shift) = phrase.find(Rule::day_shift) else { return Some(0) };
    let days = i32::try_from(reading.days(&shift.find(Rule::length)?)?).ok()?;
    Some(if shift.has(Rule::shift_before) { -days } else { days })
}

/// The tiers block of `level up in TIERS`; the only one when none is named.
fn level_up(reading: &mut Reading<'_>, phrase: &Phrase<'_>) -> Option<usize> {
    if let Some(name) = phrase.find(Rule::name) {
        return reading.resolve(Kind::Tiers, &name);
    }
    match reading.names.all(Kind::Tiers) {
        [_] => Some(0),
        _ => {
            if !reading.names.broken.contains(&Kind::Tiers) {
                reading.say(Clash::WhichTiers { place: phrase.span(), level: "up".to_owned() });
            }
            None
        }
    }
}

/// Where the rule's conditions stand: an activity's fields can be named when one can fire it.
fn scope_of(on: &[Trigger]) -> Scope {
    let of = on.iter().find_map(|trigger| match trigger {
        Trigger::Activity(named) => Some(*named),
        Trigger::Purchase
        | Trigger::FirstPurchaseOfFriend
        | Trigger::Visit
        | Trigger::Referral
        | Trigger::Join
        | Trigger::Birthday(_)
        | Trigger::Anniversary(_)
        | Trigger::LevelUp(_)
        | Trigger::Full(_)
        | Trigger::Redeem
        | Trigger::Every { .. }
        | Trigger::EveryMembershipYear
        | Trigger::EveryLength { .. }
        | Trigger::NoPurchaseIn(_)
        | Trigger::Completed(_)
        | Trigger::PaidOut(_) => None,
    });
    of.map_or(Scope::Event, |named| Scope::Activity(named.filter(|_| on.len() == 1)))
}

// ---- when and except --------------------------------------------------------------------------

fn conditions(reading: &mut Reading<'_>, block: &Block, first: Option<Span>, scope: Scope) -> Option<Condition> {
    let whens = lines::lines(reading, block, "when", Rule::rule_when);
    let said = lines::all_of(reading, &whens, scope);
    let first = first.map(|span| Condition::Test(Test { measure: Measure::FirstPurchase, how: How::Holds, span }));
    match (first, said) {
        (Some(first), Some(said)) => Some(Condition::All(vec![first, said])),
        (first, said) => first.or(said),
    }
}

fn exceptions(reading: &mut Reading<'_>, block: &Block, scope: Scope) -> (Vec<Condition>, Vec<CalendarId>) {
    let (mut except, mut except_in) = (Vec::new(), Vec::new());
    for line in lines::lines(reading, block, "except", Rule::rule_except) {
        let inner = line.inner();
        match inner.find(Rule::name).filter(|_| inner.rule() == Rule::except_in) {
            Some(name) => except_in.extend(reading.resolve(Kind::Calendar, &name).map(CalendarId)),
            None => except.extend(reading.condition(&inner, scope)),
        }
    }
    (except, except_in)
}

// ---- count and give ---------------------------------------------------------------------------

/// What the rule says it counts. `Err`: it says something that could not be read, so that nothing
/// that follows from it is blamed.
fn count(reading: &mut Reading<'_>, block: &Block, scope: Scope) -> (Option<Result<Basis, ()>>, Option<Window>) {
    let Some(clause) = Reading::one(block, "count") else { return (None, None) };
    let Some(line) = reading.clause(clause, Rule::rule_count) else { return (Some(Err(())), None) };
    let basis = line.find(Rule::measured).and_then(|measured| reading.measured_in(&measured, scope));
    let Some(window) = line.find(Rule::window) else { return (Some(basis.ok_or(())), None) };
    match reading.window(&window) {
        Some(window) => (Some(basis.ok_or(())), Some(window)),
        None => (Some(Err(())), None),
    }
}

/// A timer that fires as a window ends sees it whole: what it counts is that window's.
fn timers_window(on: &[Trigger]) -> Option<Window> {
    match on {
        [Trigger::Every { period, at_start: false }] => Some(Window::Calendar(*period)),
        [..] => None,
    }
}

fn gives(
    reading: &mut Reading<'_>,
    block: &Block,
    on: &[Trigger],
    said: Option<&Result<Basis, ()>>,
    scope: Scope,
) -> Vec<Give> {
    let itself = itself(reading, on);
    let mut gives: Vec<Give> = Vec::new();
    for clause in Reading::clauses(block, "give") {
        let Some(give) = reading.clause(clause, Rule::rule_give).and_then(|line| line.find(Rule::give)) else {
            continue;
        };
        // A count that could not be read has been reported: what depends on it is passed over.
        if said.is_some_and(Result::is_err) && depends(&give) {
            continue;
        }
        let basis = said.and_then(|said| said.as_ref().ok());
        let counting = Counting { said: basis, scope, itself: &itself };
        if let Some(give) = reading.give_counting(&give, counting) {
            match gives.last_mut().and_then(|last| goes_on(last, &give)) {
                Some(()) => {}
                None => gives.push(give),
            }
        }
    }
    gives
}

/// Whether what a line gives depends on the count.
fn depends(give: &Phrase<'_>) -> bool {
    matches!(give.inner().rule(), Rule::give_rate | Rule::give_back | Rule::give_scale | Rule::give_step)
}

/// Words that mean the event itself, counted once: `per visit` on a visit.
fn itself(reading: &Reading<'_>, on: &[Trigger]) -> Vec<String> {
    let mut words: Vec<Vec<String>> = on
        .iter()
        .map(|trigger| {
            let word = |word: &str| vec![word.to_owned(), "time".to_owned()];
            match trigger {
                Trigger::Purchase | Trigger::FirstPurchaseOfFriend => {
                    vec!["purchase".to_owned(), "receipt".to_owned(), "time".to_owned()]
                }
                Trigger::Visit => word("visit"),
                Trigger::Activity(Some(id)) => {
                    let name = reading.names.all(Kind::Activity).get(id.0).map_or("", |one| one.name.as_str());
                    vec![name.to_owned(), "activity".to_owned(), "time".to_owned()]
                }
                Trigger::Activity(None) => word("activity"),
                Trigger::Referral => word("referral"),
                Trigger::Join => word("join"),
                Trigger::Birthday(_) => word("birthday"),
                Trigger::Anniversary(_) => word("anniversary"),
                Trigger::LevelUp(_) => word("level"),
                Trigger::Full(_) => word("card"),
                Trigger::Redeem => word("redemption"),
                Trigger::Every { period, .. } => word(&period.to_string()),
                Trigger::EveryMembershipYear => word("year"),
                Trigger::EveryLength { .. }
                | Trigger::NoPurchaseIn(_)
                | Trigger::Completed(_)
                | Trigger::PaidOut(_) => word("time"),
            }
        })
        .collect();
    // With several triggers only what means the event for all of them.
    let Some(mut common) = words.pop() else { return Vec::new() };
    common.retain(|word| words.iter().all(|other| other.contains(word)));
    common
}

/// A scale may go on over several `give` lines: a line whose first band is not from 0 belongs to the
/// scale above it.
fn goes_on(last: &mut Give, next: &Give) -> Option<()> {
    let (What::Scale { unit, bands, whole, .. }, What::Scale { unit: next_unit, bands: more, whole: next_whole, .. }) =
        (&mut last.what, &next.what)
    else {
        return None;
    };
    let rises = bands.last().zip(more.first()).is_some_and(|(last, first)| last.from < first.from);
    let one_life = last.life.is_none() || next.life.is_none() || last.life == next.life;
    if *unit != *next_unit || last.to != next.to || !rises || !one_life {
        return None;
    }
    last.life = last.life.or(next.life);
    bands.extend(more.iter().cloned());
    *whole |= *next_whole;
    last.span = last.span.to(next.span);
    Some(())
}

// ---- limit, group, budget ---------------------------------------------------------------------

fn limits(reading: &mut Reading<'_>, block: &Block) -> Vec<Limit> {
    let lines = lines::lines(reading, block, "limit", Rule::rule_limit);
    lines.iter().filter_map(|line| limit(reading, line)).collect()
}

/// A `rule_limit` line; also of rewards, which have only times.
pub fn limit(reading: &mut Reading<'_>, line: &Phrase<'_>) -> Option<Limit> {
    let inner = line.inner();
    let (most, of) = match inner.rule() {
        Rule::limit_once => (Exact::one(), LimitOf::Times),
        Rule::limit_times => (reading.number(&inner.find(Rule::whole)?)?, LimitOf::Times),
        _ => {
            let unit = reading.unit(&inner.find(Rule::unit)?)?;
            (reading.number(&inner.find(Rule::number)?)?, LimitOf::Points(unit))
        }
    };
    if most.is_zero() {
        reading.say(Clash::Nought { place: inner.span() });
        return None;
    }
    let (per_member, window) = reading.per_what(&line.find(Rule::per_what)?)?;
    Some(Limit { most, of, per_member, window, span: line.span() })
}

/// The place of the thing that a clause of one name names.
fn named(reading: &mut Reading<'_>, block: &Block, keyword: &str, rule: Rule, kind: Kind) -> Option<usize> {
    let line = lines::line(reading, block, keyword, rule)?;
    reading.resolve(kind, &line.find(Rule::name)?)
}
