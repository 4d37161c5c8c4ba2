//! Reads `example` blocks: members, events and what is expected, as they read aloud.

use super::wrong::Wrong;
use super::{Example, GivenMember, Happening, Held, Step};
use crate::mechanics::reading::{Clash, GIVEN_EVENT, Kind, Mistake, Reading, in_money, is_event, unquoted};
use crate::mechanics::{CardId, CouponId, GiftId, MembershipId, RewardId, TiersId};
use crate::syntax::ast::Block;
use crate::syntax::{Phrase, Rule};
use crate::value::clock::{Date, is_far};
use crate::value::exact::Exact;

/// Reads an `example` block. Its lines are read in the order written: each `expect` says what holds
/// after the `on` lines above it.
pub fn read(reading: &mut Reading<'_>, block: &Block) -> Option<Example> {
    let mut example = Example {
        title: block.title.as_ref().map(|title| title.text.clone()).unwrap_or_default(),
        members: Vec::new(),
        steps: Vec::new(),
        span: block.span,
    };
    for clause in &block.clauses {
        let rule = match clause.keyword.text.as_str() {
            "given" => Rule::example_given,
            "on" => Rule::example_on,
            "as" => Rule::example_as,
            "expect" => Rule::example_expect,
            // An unknown clause is reported with those of all blocks.
            _ => continue,
        };
        let Some(line) = reading.clause(clause, rule) else { continue };
        match rule {
            Rule::example_given => given(reading, &line, &mut example),
            Rule::example_on => {
                let happening = line.find(Rule::happening).and_then(|event| happening(reading, &event));
                example.steps.extend(happening.map(Step::On));
            }
            Rule::example_as => {
                let date = line.find(Rule::date).and_then(|date| near_date(reading, &date));
                example.steps.extend(date.map(|date| Step::AsOf(date, line.span())));
            }
            _ => super::expect::read(reading, &line, &mut example),
        }
    }
    // A line that begins with no word of an example may be the one that is looked for.
    let meant = |clause: &crate::syntax::ast::Clause| {
        let keyword = clause.keyword.text.as_str();
        keyword == "expect" || super::BLOCK.clause(keyword).is_none()
    };
    let expects = block.clauses.iter().any(meant);
    if !expects && !block.broken {
        reading.say(Wrong::ExpectsNothing { place: block.header });
    }
    Some(example)
}

/// The id of a `who` phrase.
pub(super) fn who(phrase: &Phrase<'_>) -> String {
    unquoted(&phrase.inner())
}

// ---- given ------------------------------------------------------------------------------------

fn given(reading: &mut Reading<'_>, line: &Phrase<'_>, example: &mut Example) {
    let inner = line.inner();
    if inner.rule() == Rule::given_event {
        let event = inner.find(Rule::happening).and_then(|event| happening(reading, &event));
        example.steps.extend(event.map(Step::Given));
        return;
    }
    let Some(named) = inner.find(Rule::who) else { return };
    let id = who(&named);
    // `given purchase 10 RON`: an event that was taken for a member.
    let begins = inner.text().starts_with(named.text());
    if begins && is_event(&id) && !inner.all(Rule::fact).is_empty() {
        let mend = in_money(reading.names, GIVEN_EVENT);
        reading.say(Mistake::Slip { place: named.span(), found: id, mend });
        return;
    }
    let at = example.members.iter().position(|member| member.id == id).unwrap_or_else(|| {
        example.members.push(GivenMember { id, ..GivenMember::default() });
        example.members.len() - 1
    });
    for said in inner.all(Rule::fact) {
        // Each fact says its own mistake.
        let _ = fact(reading, &said.inner(), &mut example.members[at]);
    }
}

fn fact(reading: &mut Reading<'_>, phrase: &Phrase<'_>, member: &mut GivenMember) -> Option<()> {
    let names = phrase.all(Rule::name);
    match phrase.rule() {
        Rule::fact_joined => member.joined = Some(near_date(reading, &phrase.find(Rule::date)?)?),
        Rule::fact_birthday => member.birthday = Some(reading.date(&phrase.find(Rule::date)?)?),
        Rule::fact_stamps => {
            let card = reading.resolve(Kind::Card, names.first()?);
            let count = reading.count(&phrase.find(Rule::whole)?)?;
            member.stamps.push((CardId(card?), count));
        }
        Rule::fact_level_of | Rule::fact_level_in => {
            let tiers = reading.resolve(Kind::Tiers, names.get(1)?)?;
            let level = reading.level(tiers, names.first()?)?;
            member.levels.push((TiersId(tiers), level, until(reading, phrase)?));
        }
        Rule::fact_gift => {
            let held = held(reading, names.first()?)?;
            let count = match phrase.find(Rule::whole) {
                Some(number) => reading.count(&number)?,
                None => 1,
            };
            member.gifts.push((held, count));
        }
        Rule::fact_membership => {
            let membership = reading.resolve(Kind::Membership, names.first()?)?;
            member.memberships.push((MembershipId(membership), until(reading, phrase)?));
        }
        Rule::fact_points => {
            let unit = reading.unit(&phrase.find(Rule::unit)?);
            let number = reading.number(&phrase.find(Rule::number)?)?;
            let last = match phrase.find(Rule::date) {
                Some(date) => Some(reading.date(&date)?),
                None => None,
            };
            member.balances.push((unit?, number, last));
        }
        _ => return column(reading, phrase, member),
    }
    Some(())
}

/// `status gold until 2027-12-31`, or a column of the members file: `plan executive`.
fn column(reading: &mut Reading<'_>, phrase: &Phrase<'_>, member: &mut GivenMember) -> Option<()> {
    let (name, cell) = (phrase.find(Rule::word)?, phrase.find(Rule::cell)?);
    if let Some(tiers) = reading.names.find(Kind::Tiers, name.text()) {
        let level = reading.level_named(tiers, &unquoted(&cell.inner()), cell.span())?;
        member.levels.push((TiersId(tiers), level, until(reading, phrase)?));
        return Some(());
    }
    if let Some(end) = phrase.find(Rule::until_date) {
        // Only a level lasts until a day: the word is a tiers block, misspelled.
        if !reading.names.broken.contains(&Kind::Tiers) {
            let known = reading.names.candidates(Kind::Tiers);
            let near = crate::text::closest(name.text(), &known).or(known.first().copied()).map(str::to_owned);
            reading.say(Wrong::LastsUntil { place: name.span().to(end.span()), word: name.text().to_owned(), near });
        }
        return None;
    }
    member.columns.insert(name.text().to_owned(), unquoted(&cell.inner()));
    Some(())
}

/// `until DATE`, when it is said.
#[allow(clippy::option_option)] // outer: whether it could be read; inner: whether it is said
pub(super) fn until(reading: &mut Reading<'_>, phrase: &Phrase<'_>) -> Option<Option<Date>> {
    match phrase.find(Rule::until_date) {
        Some(until) => Some(Some(reading.date(&until.find(Rule::date)?)?)),
        None => Some(None),
    }
}

/// A gift, a reward or a coupon.
pub(super) fn held(reading: &mut Reading<'_>, name: &Phrase<'_>) -> Option<Held> {
    if let Some(coupon) = reading.names.find(Kind::Coupon, name.text()) {
        return Some(Held::Coupon(CouponId(coupon)));
    }
    if let Some(reward) = reading.names.find(Kind::Reward, name.text())
        && reading.names.find(Kind::Gift, name.text()).is_none()
    {
        return Some(Held::Reward(RewardId(reward)));
    }
    // A word close to a reward and to no gift is looked for among the rewards.
    let near = |kind| crate::text::closest(name.text(), &reading.names.candidates(kind)).is_some();
    let none_of_gifts = reading.names.all(Kind::Gift).is_empty();
    if (near(Kind::Coupon) || none_of_gifts && !reading.names.all(Kind::Coupon).is_empty())
        && !near(Kind::Gift)
        && !near(Kind::Reward)
    {
        return reading.resolve(Kind::Coupon, name).map(|found| Held::Coupon(CouponId(found)));
    }
    let kind = if near(Kind::Reward) && !near(Kind::Gift) { Kind::Reward } else { Kind::Gift };
    let found = reading.resolve(kind, name)?;
    Some(if kind == Kind::Gift { Held::Gift(GiftId(found)) } else { Held::Reward(RewardId(found)) })
}

// ---- on ---------------------------------------------------------------------------------------

/// The types of event that an example can tell of: those of the events file.
const EVENTS: &[&str] = &[
    "purchase",
    "return",
    "redeem",
    "visit",
    "activity",
    "join",
    "leave",
    "merge",
    "referral",
    "subscribe",
    "cancel",
    "transfer",
    "grant",
    "revoke",
    "adjust",
    "draw",
];

/// A day on which something happens.
fn near_date(reading: &mut Reading<'_>, date: &Phrase<'_>) -> Option<Date> {
    let day = reading.date(date)?;
    if is_far(day) {
        reading.say(Wrong::TooFar { place: date.span(), day: date.text().to_owned() });
        return None;
    }
    Some(day)
}

fn happening(reading: &mut Reading<'_>, phrase: &Phrase<'_>) -> Option<Happening> {
    let word = phrase.find(Rule::event_word)?;
    let date = near_date(reading, &phrase.find(Rule::date)?);
    let time = match phrase.find(Rule::time) {
        Some(time) => Some(reading.time(&time)?),
        None => None,
    };
    if !EVENTS.contains(&word.text()) {
        reading.say(Clash::NoSuchWord {
            place: word.span(),
            word: word.text().to_owned(),
            of: "an event".to_owned(),
            near: crate::text::closest(word.text(), EVENTS).map(str::to_owned),
            known: EVENTS.join(", "),
        });
        return None;
    }
    let mut event = Happening {
        id: None,
        date: date?,
        time,
        kind: word.text().to_owned(),
        member: None,
        reference: None,
        lines: Vec::new(),
        store: None,
        channel: None,
        qty: None,
        unit: None,
        paid_points: None,
        coupons: Vec::new(),
        fields: std::collections::BTreeMap::new(),
        span: phrase.span(),
    };
    let mut whole = true;
    if let Some(named) = phrase.find(Rule::event_ref) {
        whole &= reference(reading, &named, &mut event).is_some();
    }
    for part in phrase.all(Rule::event_part) {
        whole &= super::part::read(reading, &part.inner(), &mut event).is_some();
    }
    // `grant gold to ana`: who receives is whose event it is.
    if matches!(event.kind.as_str(), "grant" | "revoke" | "merge" | "adjust") && event.member.is_none() {
        event.member = event.fields.remove(super::part::OTHER);
    }
    if let Some(other) = event.fields.remove(super::part::OTHER) {
        event.reference.get_or_insert(other);
    }
    if !whole {
        return None;
    }
    complete(reading, phrase, &event)?;
    Some(event)
}

/// What stands right behind the event's word: `redeem cake`, `activity survey`, `return p1`, `grant gold`.
fn reference(reading: &mut Reading<'_>, phrase: &Phrase<'_>, event: &mut Happening) -> Option<()> {
    let name = phrase.find(Rule::name).or_else(|| phrase.find(Rule::text))?;
    if name.rule() == Rule::name {
        match event.kind.as_str() {
            "activity" => drop(reading.resolve(Kind::Activity, &name)?),
            "redeem" => drop(held(reading, &name)?),
            "subscribe" | "cancel" => drop(reading.membership(&name, None)?),
            _ => {}
        }
    }
    event.reference = Some(unquoted(&name));
    Some(())
}

/// What an event of that type cannot be without.
fn complete(reading: &mut Reading<'_>, phrase: &Phrase<'_>, event: &Happening) -> Option<()> {
    let needs_money = event.kind == "purchase" && event.lines.iter().all(|line| line.amount.is_none());
    let needs_reference = matches!(
        event.kind.as_str(),
        "return" | "redeem" | "activity" | "merge" | "referral" | "grant" | "revoke" | "transfer"
    ) && event.reference.is_none();
    let money = reading.names.money_word();
    let like = match event.kind.as_str() {
        "purchase" if needs_money => format!("purchase 12 {money} by ana"),
        "return" if needs_reference => "return of p1 by ana (and `as p1` behind the purchase)".to_owned(),
        "redeem" if needs_reference => "redeem cake by ana".to_owned(),
        "activity" if needs_reference => "activity survey by ana".to_owned(),
        "merge" if needs_reference => "merge of bob into ana".to_owned(),
        "referral" if needs_reference => "referral of bob by ana".to_owned(),
        "transfer" if needs_reference => "transfer 50 stars by ana to bob".to_owned(),
        "grant" | "revoke" if needs_reference => format!("{} gold by ana", event.kind),
        _ if event.member.is_none() && event.kind != "purchase" && event.kind != "draw" => {
            format!("{} … by ana", event.kind)
        }
        _ => return Some(()),
    };
    reading.say(Wrong::EventLacks { place: phrase.span(), kind: event.kind.clone(), like });
    None
}

/// Whose the last event above is, for expectations that name no one.
pub(super) fn last_member(example: &Example) -> Option<String> {
    example.steps.iter().rev().find_map(|step| match step {
        Step::On(event) => event.member.clone(),
        Step::Given(_) | Step::AsOf(..) | Step::Expect(_) => None,
    })
}

/// The `number` or `signed` phrase as a number.
pub(super) fn signed(phrase: &Phrase<'_>) -> Option<Exact> {
    Exact::parse(phrase.text())
}
