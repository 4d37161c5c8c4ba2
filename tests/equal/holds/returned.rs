//! A purchase that comes back whole, right behind it and behind everything else that happened.
//!
//! What stays, by the contract, and is not looked at:
//! - a payout that the purchase brought about took points: "a return takes back what its purchase earned, not what was
//!   paid" (3, payout);
//! - a level that was reached where `refund recompute` is not said, and what rules give for it, is kept (3, tiers);
//! - a level whose term had ended while its window still earns it is there again with the next event, whatever it is, and
//!   what rules give for it (6, Levels);
//! - a level that its term alone still holds (a line below nothing or a merge took what had earned it) falls where
//!   `refund recompute` is said: a return looks at levels again, whatever came back (6, Levels);
//! - a challenge whose last step a day made (`every month` gave points) is completed by the next event, whatever it is (3,
//!   challenge);
//! - a full card whose gift ended before it was given lapses with it, and is not opened again (6, Cards and gifts);
//! - stamps that `discard` loses, or a limit cuts, never stood on the card (6, Cards and gifts);
//! - a sliding expiry that the purchase renewed is renewed (3, points): the lots' last days are not compared, what they
//!   hold is;
//! - who was no member and became one by it stays one, with what joining brought (3, program): who has a row without a day
//!   of joining joins by her first event;
//! - a stamp that filling a card itself puts on the next one comes off in place of the purchase's own ("comes off the open
//!   card", 6, Cards and gifts), so the full card stands;
//! - a draw that an entry of it won at once, and a prize that was taken out of a stock, goes to the next (3, draw): such
//!   programs are compared by what the member has, not by who won.

use super::{Said, said};
use crate::draw::Draw;
use crate::tree::Sound;
use jiff::ToSpan;
use loyal::engine::outcome::{
    AsOf, ChallengeView, Entry, Happened, LevelWhy, MemberView, Outcome, PostingKind, StampWhy, When,
};
use loyal::engine::reference;
use loyal::ledger::{Event, History, Kind, Line};
use loyal::mechanics::Program;
use loyal::mechanics::give::{Give, What};
use loyal::mechanics::rule::{Rule, Trigger};
use loyal::mechanics::tiers::Need;
use loyal::value::clock::Moment;
use loyal::value::exact::Exact;
use std::collections::BTreeSet;

const PURCHASE: &str = "zz1";
const HALF: &str = "zz2";
const RETURN: &str = "zz3";

/// Who stands otherwise after a purchase that came back; how many members were compared.
pub fn look(sound: &Sound, history: &History, _: &[AsOf], expected: &Outcome) -> Said {
    let program = &sound.program;
    let mut d = Draw::new(history.events.len() as u64, 21);
    let Some((buyer, lines)) = purchase(&mut d, history, expected) else { return said(None, 0) };
    let clock = &program.settings.clock;
    let Some(last) = history.events.iter().map(|event| event.at).max() else { return said(None, 0) };
    let after = |minutes: i64| Moment(last.0 + minutes.minutes());
    // Some hours later where the day would end in between.
    let begins = if clock.day_of(after(1)) == clock.day_of(after(3)) { 1 } else { 120 };
    let as_of = [AsOf { label: "then".to_owned(), when: When::At(after(begins + 2)) }];
    let mut with = history.clone();
    let event = |id: &str, minutes: i64, kind: Kind, lines: Vec<Line>| {
        let mut event = Event::new(id, after(begins + minutes), clock, kind);
        (event.member, event.lines) = (Some(buyer.clone()), lines);
        event.reference = (kind == Kind::Return).then(|| PURCHASE.to_owned());
        event
    };
    let mut bought = event(PURCHASE, 0, Kind::Purchase, lines);
    bought.store = d.chance(50).then(|| "s1".to_owned());
    let all = total(&bought.lines);
    with.events.push(bought);
    if d.chance(40) && all.is_positive() {
        let part = Line { amount: Some(all * Exact::ratio(1, 2)), ..Line::default() };
        with.events.push(event(HALF, 1, Kind::Return, vec![part]));
    }
    with.events.push(event(RETURN, 2, Kind::Return, vec![Line::default()]));
    with.order();
    let (without, with) = (reference::run(program, history, &as_of), reference::run(program, &with, &as_of));
    let (Some(was), Some(is)) = (without.snapshots.first(), with.snapshots.first()) else { return said(None, 0) };
    let brought: Vec<&Entry> = with.journal.iter().filter(|entry| entry.at >= after(begins)).collect();
    let before = Before {
        lost: lost_before(&without.journal).collect(),
        made: was.members.get(&buyer).map(|view| made(program, view)).unwrap_or_default(),
    };
    let mut stays = Stays::of(program, &brought, &before);
    stays.levels.extend(before.lost);
    if stays.all || feeds_itself(program) {
        return said(None, 0);
    }
    let mut looked = 0;
    for (id, is) in &is.members {
        let Some(was) = was.members.get(id) else { continue };
        if (0..program.tiers.len()).any(|tiers| program.tiers[tiers].recompute && by_term_alone(program, tiers, was)) {
            continue;
        }
        looked += 1;
        if let Some(differs) = differs(program, &stays, was, is) {
            return said(Some(format!("{buyer} buys and returns, and {id}: {differs}")), looked);
        }
    }
    said(None, looked)
}

/// Who buys, and what: the lines of a purchase there was, or one line.
fn purchase(d: &mut Draw, history: &History, expected: &Outcome) -> Option<(String, Vec<Line>)> {
    let stands = &expected.snapshots.last()?.members;
    let left: BTreeSet<&str> = history
        .events
        .iter()
        .filter(|event| matches!(event.kind, Kind::Leave | Kind::Merge))
        .flat_map(|event| [event.member.as_deref(), event.reference.as_deref()])
        .flatten()
        .collect();
    let members: Vec<&String> = stands.keys().filter(|id| !left.contains(id.as_str())).collect();
    let buyer = (!members.is_empty()).then(|| members[d.below(members.len())].clone())?;
    let purchases: Vec<&Event> = history.events.iter().filter(|event| event.kind == Kind::Purchase).collect();
    if purchases.is_empty() || d.chance(15) {
        return Some((buyer, vec![Line { amount: Some(Exact::from_int(60)), ..Line::default() }]));
    }
    let of = purchases[d.below(purchases.len())];
    // Of a purchase without money and quantity nothing can come back.
    Some((buyer, of.lines.clone())).filter(|(_, lines)| total(lines).is_positive())
}

fn total(lines: &[Line]) -> Exact {
    lines.iter().filter_map(|line| line.amount.as_ref()).sum()
}

/// What of a purchase stays by the contract.
#[derive(Default)]
struct Stays {
    all: bool,
    levels: BTreeSet<usize>,
    cards: BTreeSet<usize>,
}

/// What the next event brings, whatever it is.
struct Before {
    /// Tiers in which a level was lost by its term.
    lost: BTreeSet<usize>,
    /// Challenges whose steps are made.
    made: BTreeSet<usize>,
}

impl Stays {
    fn of(program: &Program, brought: &[&Entry], before: &Before) -> Self {
        let mut stays = Self::default();
        let ended = brought.iter().any(|entry| match entry.what {
            Happened::Gift { last_day: Some(last), .. } => last < entry.day,
            _ => false,
        });
        for entry in brought {
            match &entry.what {
                Happened::Level { tiers, why, .. }
                    if !program.tiers[tiers.0].recompute || before.lost.contains(&tiers.0) =>
                {
                    stays.levels.insert(tiers.0);
                    // What rules give for it stays, whatever it is.
                    let rises = |on: &Trigger| matches!(on, Trigger::LevelUp(of) if of == tiers);
                    let gives = program.rules.iter().any(|rule| rule.on.iter().any(rises));
                    stays.all |= gives && !matches!(why, LevelWhy::Renewed(_));
                }
                Happened::Posted(posting) => {
                    let rules = posting.parts.iter().filter_map(|part| part.rule);
                    let stay = |on: &Trigger| matches!(on, Trigger::PaidOut(_) | Trigger::Join);
                    stays.all |= rules.flat_map(|rule| &program.rules[rule.0].on).any(stay)
                        || (posting.kind == PostingKind::Spent && !program.payouts.is_empty());
                }
                Happened::Gift { rule: Some(rule), .. } => {
                    stays.all |= program.rules[rule.0].on.contains(&Trigger::Join);
                }
                Happened::Challenge { challenge, undone: false, .. } if before.made.contains(&challenge.0) => {
                    stays.all = true;
                }
                Happened::Entries { .. } | Happened::Stamped { why: StampWhy::Event, .. } => {
                    stays.all |= program.rules.iter().any(gives_for_joining);
                }
                // What the full card gave besides stays with it.
                Happened::Stamped { why: StampWhy::Full, .. } if ended => stays.all = true,
                Happened::Stamped { card, why: StampWhy::Cut, .. } => {
                    stays.cards.insert(card.0);
                }
                _ => {}
            }
        }
        stays
    }
}

/// Tiers in which a level was lost by its term, though it may be held as one that was given: while the window still earns
/// it, any event brings it again.
fn lost_before(journal: &[Entry]) -> impl Iterator<Item = usize> + '_ {
    journal.iter().filter_map(|entry| match &entry.what {
        Happened::Level { tiers, from, to, why, .. } if to < from || matches!(why, LevelWhy::Missed(_)) => {
            Some(tiers.0)
        }
        _ => None,
    })
}

/// Whether a rule gives entries or stamps to who joins.
fn gives_for_joining(rule: &Rule) -> bool {
    let thing = |give: &Give| matches!(give.what, What::Entries(..) | What::Stamps(..));
    rule.on.contains(&Trigger::Join) && rule.gives.iter().any(thing)
}

/// Challenges whose steps are made as a member stands.
fn made(program: &Program, view: &MemberView) -> BTreeSet<usize> {
    let is_made = |(place, one): &(usize, &ChallengeView)| {
        let block = &program.challenges[*place];
        block.steps.iter().zip(&one.figures).filter(|(step, figure)| **figure >= step.least).count() >= block.need
    };
    view.challenges.iter().enumerate().filter(is_made).map(|(place, _)| place).collect()
}

/// Whether filling a card brings stamps.
fn feeds_itself(program: &Program) -> bool {
    let stamps = |gives: &[Give]| gives.iter().any(|give| matches!(give.what, What::Stamps(..)));
    let full = |rule: &&Rule| rule.on.iter().any(|on| matches!(on, Trigger::Full(_)));
    program.rules.iter().filter(full).any(|rule| stamps(&rule.gives))
        || program.cards.iter().any(|card| stamps(&card.gives))
}

/// Whether what a member has measured does not earn the level she is on: its term alone holds it.
fn by_term_alone(program: &Program, tiers: usize, view: &MemberView) -> bool {
    fn met(need: &Need, measured: &[Exact]) -> bool {
        match need {
            Need::AtLeast(at, least) => measured.get(*at).is_some_and(|figure| figure >= least),
            Need::All(parts) => parts.iter().all(|part| met(part, measured)),
            Need::Any(parts) => parts.iter().any(|part| met(part, measured)),
            Need::NotEarned => true,
        }
    }
    let level = program.tiers[tiers].levels.get(view.levels[tiers].0);
    level.zip(view.measured.get(tiers)).is_some_and(|(level, measured)| !met(&level.need, measured))
}

fn differs(program: &Program, stays: &Stays, was: &MemberView, is: &MemberView) -> Option<String> {
    let units: BTreeSet<_> = was.points.keys().chain(is.points.keys()).collect();
    for key in units {
        let stands = |view: &MemberView| {
            view.points.get(key).map(|points| &points.balance + &points.pending - &points.debt).unwrap_or_default()
        };
        let (was, is) = (stands(was), stands(is));
        if was != is {
            return Some(format!("stood at {was} {}, stands at {is}", program.points[key.0.0].name.text));
        }
    }
    if was.gifts != is.gifts {
        return Some(format!("held {:?}, holds {:?}", was.gifts, is.gifts));
    }
    let cards = (0..was.cards.len()).filter(|card| !stays.cards.contains(card));
    for card in cards {
        if was.cards[card] != is.cards.get(card).copied().unwrap_or(0) {
            return Some(format!("had {} stamps, has {:?}", was.cards[card], is.cards.get(card)));
        }
    }
    for tiers in (0..was.levels.len()).filter(|tiers| !stays.levels.contains(tiers)) {
        if was.levels[tiers] != is.levels[tiers] {
            return Some(format!("was on {:?}, is on {:?}", was.levels[tiers], is.levels[tiers]));
        }
    }
    if format!("{:?}", was.entries) != format!("{:?}", is.entries) {
        return Some(format!("had entries {:?}, has {:?}", was.entries, is.entries));
    }
    (was.memberships != is.memberships).then(|| "another membership".to_owned())
}
