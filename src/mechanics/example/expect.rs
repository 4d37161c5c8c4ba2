//! `expect …`: what holds after the events above it.

use super::read::{held, last_member, signed, until, who};
use super::wrong::Wrong;
use super::{Example, Expect, Expected, Step};
use crate::mechanics::off::DiscountOf;
use crate::mechanics::reading::{Clash, Kind, Mistake, Reading, unquoted};
use crate::mechanics::{
    CardId, ChallengeId, CouponId, DiscountId, DrawId, MembershipId, PartnerId, PointsId, RuleId, TiersId,
};
use crate::syntax::{Phrase, Rule};
use crate::value::exact::Exact;

/// The reasons for which an action is rejected, as facts write them.
const REASONS: &[&str] = &[
    "not_enough",
    "unknown_reward",
    "out_of_stock",
    "limit",
    "not_eligible",
    "unknown_purchase",
    "over_returned",
    "too_late",
    "expired",
    "not_held",
    "not_a_member",
    "outside_program",
];

/// Reads an `expect` line; one that goes on with `and` speaks of the same member until it names another.
pub(super) fn read(reading: &mut Reading<'_>, line: &Phrase<'_>, example: &mut Example) {
    let mut member = last_member(example);
    for expectation in line.all(Rule::expectation) {
        if let Some(named) = expectation.find(Rule::who) {
            member = Some(who(&named));
        }
        let Some(expected) = expectation.find(Rule::expected) else { continue };
        let expected = expected.inner();
        let what = match expected.rule() {
            Rule::ex_settles => settles(reading, &expected, (member.as_deref(), expectation.find(Rule::who)), example),
            _ => what(reading, &expected),
        };
        let Some(what) = what else { continue };
        let Some(member) = member.clone() else {
            reading.say(Wrong::OfWhom { place: expectation.span() });
            continue;
        };
        example.steps.push(Step::Expect(Expect { member, what, span: expectation.span() }));
    }
}

fn what(reading: &mut Reading<'_>, phrase: &Phrase<'_>) -> Option<Expected> {
    Some(match phrase.rule() {
        Rule::ex_nothing => {
            let reason = phrase.find(Rule::text).or_else(|| phrase.find(Rule::event_word));
            Expected::EarnsNothing(reason.map(|reason| unquoted(&reason)))
        }
        Rule::ex_earns => {
            let (number, unit) = points(reading, phrase)?;
            let mut parts = Vec::new();
            for part in phrase.all(Rule::ex_because) {
                parts.push(because(reading, &part, unit)?);
            }
            Expected::Earns(unit, number, parts)
        }
        Rule::ex_off => {
            let mut because = Vec::new();
            for part in phrase.all(Rule::off_because) {
                because.push((off(reading, &part)?, discount(reading, &part.find(Rule::name)?)?));
            }
            Expected::Off(off(reading, phrase)?, because)
        }
        Rule::ex_pending => points(reading, phrase).map(|(number, unit)| Expected::Pending(unit, number))?,
        Rule::ex_has if of_things(reading, phrase) => {
            let held = held(reading, &phrase.find(Rule::unit)?)?;
            Expected::Gifts(held, reading.count(&phrase.find(Rule::number)?)?)
        }
        Rule::ex_has => points(reading, phrase).map(|(number, unit)| Expected::Has(unit, number))?,
        Rule::ex_owes => points(reading, phrase).map(|(number, unit)| Expected::Owes(unit, number))?,
        Rule::ex_stamps => {
            let card = reading.resolve(Kind::Card, &phrase.find(Rule::name)?)?;
            let count = match phrase.find(Rule::stamp_count) {
                Some(number) => stamps(reading, &number)?,
                None => 0,
            };
            Expected::Stamps(CardId(card), count)
        }
        Rule::ex_none => {
            let name = phrase.find(Rule::name)?;
            match reading.names.find(Kind::Points, name.text()) {
                Some(unit) => Expected::Has(PointsId(unit), Exact::zero()),
                None => Expected::Gifts(held(reading, &name)?, 0),
            }
        }
        Rule::ex_membership => {
            let membership = membership(reading, phrase)?;
            let no = phrase.has(Rule::no_word);
            Expected::Membership(membership, !no, until(reading, phrase)?.filter(|_| !no))
        }
        Rule::ex_paid => {
            let membership = membership(reading, phrase)?;
            let money = match phrase.find(Rule::money) {
                Some(money) => reading.money(&money)?,
                None => Exact::zero(),
            };
            Expected::Paid(membership, money)
        }
        Rule::ex_gift => {
            let held = held(reading, &phrase.find(Rule::name)?)?;
            let count = match phrase.find(Rule::whole) {
                Some(number) => reading.count(&number)?,
                None => 1,
            };
            Expected::Gifts(held, count)
        }
        Rule::ex_entries => {
            let draw = reading.resolve(Kind::Draw, &phrase.find(Rule::name)?)?;
            let count = match phrase.find(Rule::whole) {
                Some(number) => reading.count(&number)?,
                None => 0,
            };
            Expected::Entries(DrawId(draw), i64::from(count))
        }
        Rule::ex_completes => Expected::Completes(challenge(reading, phrase)?, true),
        Rule::ex_not_completes => Expected::Completes(challenge(reading, phrase)?, false),
        Rule::ex_rejected => Expected::Rejected(reason(reading, phrase)?),
        Rule::ex_held_back => Expected::HeldBack(RuleId(reading.resolve(Kind::Rule, &phrase.find(Rule::name)?)?)),
        Rule::ex_offered => {
            let rule = RuleId(reading.resolve(Kind::Rule, &phrase.find(Rule::name)?)?);
            let category = phrase.find(Rule::text).or_else(|| phrase.find(Rule::event_word));
            Expected::Offered(rule, category.map(|category| unquoted(&category)))
        }
        _ => level(reading, phrase)?,
    })
}

/// `north pays 0.36 EUR`: the one of whom it is expected is a partner.
fn settles(
    reading: &mut Reading<'_>,
    phrase: &Phrase<'_>,
    (name, named): (Option<&str>, Option<Phrase<'_>>),
    example: &Example,
) -> Option<Expected> {
    let place = named.map_or(phrase.span(), |named| named.span());
    let Some(name) = name else {
        reading.say(Wrong::OfWhom { place });
        return None;
    };
    if reading.names.find(Kind::Partner, name).is_none() && is_member(example, name) {
        let pays = phrase.has(Rule::ex_pays);
        let like = of_a_member(reading, name, pays);
        reading.say(Wrong::OfAMember { place: place.to(phrase.span()), member: name.to_owned(), pays, like });
        return None;
    }
    let partner = PartnerId(reading.resolve_word(Kind::Partner, name, place)?);
    let money = match phrase.find(Rule::money) {
        Some(money) => reading.money(&money)?,
        None => Exact::zero(),
    };
    Some(if phrase.has(Rule::ex_pays) { Expected::Pays(partner, money) } else { Expected::Gets(partner, money) })
}

/// Whether a member of that name stands in the example so far.
fn is_member(example: &Example, name: &str) -> bool {
    let acts = |step: &Step| match step {
        Step::Given(event) | Step::On(event) => event.member.as_deref() == Some(name),
        Step::AsOf(..) | Step::Expect(_) => false,
    };
    example.members.iter().any(|member| member.id == name) || example.steps.iter().any(acts)
}

/// What can be expected of a member instead, of what the program has: the likeliest first.
fn of_a_member(reading: &Reading<'_>, name: &str, pays: bool) -> Vec<String> {
    let names = reading.names;
    let money = names.money_word();
    let off = names.all(Kind::Discount).iter().chain(names.all(Kind::Coupon)).next();
    let off = off.map(|_| format!("{name} gets 4 {money} off"));
    let sold = names.sold.first().map(|(_, level)| level.as_str());
    let fee = names.all(Kind::Membership).first().map(|one| one.name.as_str()).or(sold);
    let fee = fee.map(|fee| format!("{name} has paid 9 {money} for {fee}"));
    let unit = (!names.all(Kind::Points).is_empty()).then(|| names.units(0));
    let points = unit.map(|unit| [format!("{name} earns 5 {unit}"), format!("{name} has 5 {unit}")]);
    let (first, second) = if pays { (fee, off) } else { (off, fee) };
    first.into_iter().chain(second).chain(points.into_iter().flatten()).collect()
}

/// `4 RON` off, in the program's money; nothing where no figure is said.
fn off(reading: &mut Reading<'_>, phrase: &Phrase<'_>) -> Option<Exact> {
    let Some(number) = phrase.find(Rule::signed) else { return Some(Exact::zero()) };
    if let Some(currency) = phrase.find(Rule::currency)
        && !reading.same_money(&currency)
    {
        return None;
    }
    signed(&number)
}

/// A discount or a coupon.
fn discount(reading: &mut Reading<'_>, name: &Phrase<'_>) -> Option<DiscountOf> {
    if let Some(coupon) = reading.names.find(Kind::Coupon, name.text())
        && reading.names.find(Kind::Discount, name.text()).is_none()
    {
        return Some(DiscountOf::Coupon(CouponId(coupon)));
    }
    reading.resolve(Kind::Discount, name).map(|id| DiscountOf::Discount(DiscountId(id)))
}

/// A whole number of stamps, below 0 where returns took more than the open card had.
fn stamps(reading: &mut Reading<'_>, phrase: &Phrase<'_>) -> Option<i64> {
    let number = phrase.text().parse().ok();
    if number.is_none() {
        reading.say(Mistake::TooLarge { place: phrase.span(), number: phrase.text().to_owned() });
    }
    number
}

/// Whether `has 1 mug` names a gift, a reward or a coupon, and no points.
fn of_things(reading: &Reading<'_>, phrase: &Phrase<'_>) -> bool {
    let Some(unit) = phrase.find(Rule::unit) else { return false };
    let is = |kind| reading.names.find(kind, unit.text()).is_some();
    !is(Kind::Points) && (is(Kind::Gift) || is(Kind::Reward) || is(Kind::Coupon))
}

/// A membership, or a level that is sold.
fn membership(reading: &mut Reading<'_>, phrase: &Phrase<'_>) -> Option<MembershipId> {
    let named = phrase.find(Rule::membership_name)?;
    let names = named.all(Rule::name);
    reading.membership(names.first()?, names.get(1))
}

/// `57 stars`.
fn points(reading: &mut Reading<'_>, phrase: &Phrase<'_>) -> Option<(Exact, PointsId)> {
    let unit = reading.unit(&phrase.find(Rule::unit)?)?;
    let number = match phrase.find(Rule::signed).or_else(|| phrase.find(Rule::number)) {
        Some(number) => signed(&number)?,
        None => Exact::zero(),
    };
    Some((number, unit))
}

/// `28.95 from base`.
fn because(reading: &mut Reading<'_>, part: &Phrase<'_>, unit: PointsId) -> Option<(Exact, RuleId)> {
    let number = signed(&part.find(Rule::signed)?)?;
    if let Some(said) = part.find(Rule::unit) {
        let found = reading.unit(&said)?;
        if found != unit {
            let wanted = reading.names.units(unit.0).to_owned();
            let got = said.text().to_owned();
            reading.say(crate::mechanics::reading::Mistake::OtherUnit { place: said.span(), got, wanted });
            return None;
        }
    }
    Some((number, RuleId(reading.resolve(Kind::Rule, &part.find(Rule::name)?)?)))
}

/// The challenge of `completes NAME`.
fn challenge(reading: &mut Reading<'_>, phrase: &Phrase<'_>) -> Option<ChallengeId> {
    let name = phrase.find(Rule::name)?;
    let rule = reading.resolve(Kind::Rule, &name)?;
    let found = reading.names.challenges.iter().position(|challenge| *challenge == rule);
    if found.is_none() {
        reading.say(Wrong::NoChallenge { place: name.span(), name: name.text().to_owned() });
    }
    found.map(ChallengeId)
}

/// The reason word of a rejection.
fn reason(reading: &mut Reading<'_>, phrase: &Phrase<'_>) -> Option<String> {
    let Some(word) = phrase.find(Rule::event_word) else {
        reading.say(Wrong::NoReason { place: phrase.span() });
        return None;
    };
    if !REASONS.contains(&word.text()) {
        reading.say(Clash::NoSuchWord {
            place: word.span(),
            word: word.text().to_owned(),
            of: "a reason for a rejection".to_owned(),
            near: crate::text::closest(word.text(), REASONS).map(str::to_owned),
            known: REASONS.join(", "),
        });
        return None;
    }
    Some(word.text().to_owned())
}

/// `is gold in status until DATE`; the tiers block may be left out where only one has the level.
fn level(reading: &mut Reading<'_>, phrase: &Phrase<'_>) -> Option<Expected> {
    let names = phrase.all(Rule::name);
    let level_name = names.first()?;
    let tiers = match names.get(1) {
        Some(name) => reading.resolve(Kind::Tiers, name)?,
        None => reading.only_tiers(level_name)?,
    };
    let level = reading.level(tiers, level_name)?;
    Some(Expected::Level(TiersId(tiers), level, until(reading, phrase)?))
}
