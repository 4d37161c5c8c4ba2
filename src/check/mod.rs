//! From the syntax tree to the program that runs: names, then every block, then the analyses.
//!
//! A broken block never makes an innocent one complain: what its names and parts would have been is
//! not asked about again (see [`Names::broken`]).

pub mod analyses;
mod circles;
mod gather;
pub mod ready_made;
mod versions;
mod wrong;

use crate::diag::{Finding, has_error, sorted};
use crate::mechanics::give::What;
use crate::mechanics::habit::Ranking;
use crate::mechanics::reading::{Kind, Names, Reading};
use crate::mechanics::table::{self, BLOCKS, BlockSpec};
use crate::mechanics::{
    ActivityId, ChallengeId, GiftId, MembershipId, OfferId, PayoutId, PointsId, Program, RuleId, TiersId, activity,
    budget, card, challenge, coupon, discount, draw, example, gift, household, list, membership, offer, partner,
    payout, pilot, points, promise, reward, rule, scenario, segment, settings, stack, tiers,
};
use crate::syntax::Ast;
use crate::syntax::ast::Block;
use crate::syntax::mistake::Shape;
use crate::text::{Sources, Span, closest};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use wrong::Wrong;

/// What a check yields.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The program, when there is no error.
    pub program: Option<Program>,
    /// What was found, by place, none twice.
    pub findings: Vec<Finding>,
}

/// Checks a program: reads every block into the typed tree, with names resolved and units agreed; where it replaces
/// another, that one too.
pub fn check(ast: &Ast, sources: &Sources) -> Checked {
    let checked = alone(ast, sources);
    if ast.replaced.is_none() { checked } else { versions::join(checked, ast, sources) }
}

/// Checks a program without those that it replaces.
fn alone(ast: &Ast, sources: &Sources) -> Checked {
    let names = gather::names(ast, sources);
    let mut reading = Reading::new(sources, &names);
    same_names(&mut reading, &names);
    // An example may begin on the old terms, and speak of what only they have.
    let names_of_all = ast.replaced.as_ref().map(|_| versions::names_of_all(ast, sources, &names));
    let mut of_examples = names_of_all.as_ref().map(|names| Reading::new(sources, names));
    let mut parts = Parts::default();
    let mut place_of_unread = None;
    for block in ast.blocks() {
        let read_by = match &mut of_examples {
            Some(of_examples) if block.keyword.text == "example" => of_examples,
            Some(_) | None => &mut reading,
        };
        if read_by.is_full() {
            break;
        }
        if parts.read(read_by, block).is_none() {
            place_of_unread.get_or_insert(block);
        }
    }
    reading.findings.extend(of_examples.into_iter().flat_map(|of_examples| of_examples.findings));
    if parts.settings.is_none() && !reading.is_full() {
        no_program(&mut reading, ast);
    }
    circles::segments(&mut reading, &parts.segments);
    parts.together(&mut reading, &names);
    let broken = ast.lost || ast.blocks().any(|block| block.broken || block.clauses.iter().any(|clause| clause.broken));
    // What could not be read has said why, or leans on what the first stage has complained about; if
    // neither, the reader must still be told.
    if let Some(block) = place_of_unread
        && !has_error(&reading.findings)
        && !broken
    {
        reading.say(Wrong::Unread { place: block.header, keyword: block.keyword.text.clone() });
    }
    too_many(&mut reading);
    let whole = !broken && place_of_unread.is_none() && !has_error(&reading.findings);
    let rankings = std::mem::take(&mut reading.rankings);
    let program = if whole { parts.program(ast).map(|program| ranked(program, rankings)) } else { None };
    let mut findings = reading.findings;
    if let Some(program) = &program {
        findings.extend(analyses::all(program));
    }
    let program = program.filter(|_| !has_error(&findings));
    Checked { program, findings: sorted(findings) }
}

/// What has been read so far, in file order.
#[derive(Default)]
struct Parts {
    settings: Option<settings::Settings>,
    first_program: Option<Span>,
    points: Vec<points::Points>,
    rules: Vec<rule::Rule>,
    stacks: Vec<stack::Stack>,
    tiers: Vec<tiers::Tiers>,
    cards: Vec<card::Card>,
    gifts: Vec<gift::Gift>,
    rewards: Vec<reward::Reward>,
    discounts: Vec<discount::Discount>,
    coupons: Vec<coupon::Coupon>,
    memberships: Vec<membership::Membership>,
    household: Option<household::Household>,
    first_household: Option<Span>,
    budgets: Vec<budget::Budget>,
    activities: Vec<activity::Activity>,
    lists: Vec<list::List>,
    calendars: Vec<list::Calendar>,
    segments: Vec<segment::Segment>,
    challenges: Vec<challenge::Challenge>,
    payouts: Vec<payout::Payout>,
    draws: Vec<draw::Draw>,
    pilots: Vec<pilot::Pilot>,
    partners: Vec<partner::Partner>,
    scenarios: Vec<scenario::Scenario>,
    offers: Vec<offer::Offer>,
    promises: Vec<promise::Promise>,
    examples: Vec<example::Example>,
    /// How many blocks of each numbered kind have been met, read or not.
    met: BTreeMap<Kind, usize>,
}

impl Parts {
    /// Reads one block; none when it could not be read.
    fn read(&mut self, reading: &mut Reading<'_>, block: &Block) -> Option<()> {
        let Some(spec) = table::block(&block.keyword.text) else {
            unknown_block(reading, block);
            return None;
        };
        reading.known_clauses(block, spec);
        let number = Kind::of_block(spec.keyword).map_or(0, |kind| {
            let met = self.met.entry(kind).or_default();
            *met += 1;
            *met - 1
        });
        self.of_kind(reading, block, spec, number)
    }

    fn of_kind(
        &mut self,
        reading: &mut Reading<'_>,
        block: &Block,
        spec: &'static BlockSpec,
        number: usize,
    ) -> Option<()> {
        match spec.keyword {
            "program" => return self.program_block(reading, block),
            "points" => self.points.push(points::read(reading, block, PointsId(number))?),
            "earn" | "bonus" => self.rules.push(rule::read(reading, block, spec)?),
            "stack" => self.stacks.push(stack::read(reading, block)?),
            "tiers" => self.tiers.push(tiers::read(reading, block, TiersId(number))?),
            "card" => self.cards.push(card::read(reading, block)?),
            "gift" => self.gifts.push(gift::read(reading, block, GiftId(number))?),
            "reward" => self.rewards.push(reward::read(reading, block)?),
            "discount" => self.discounts.push(discount::read(reading, block)?),
            "coupon" => self.coupons.push(coupon::read(reading, block)?),
            "membership" => self.memberships.push(membership::read(reading, block)?),
            "household" => return self.household_block(reading, block),
            "budget" => self.budgets.push(budget::read(reading, block)?),
            "activity" => self.activities.push(activity::read(reading, block, ActivityId(number))?),
            "challenge" => {
                let id = ChallengeId(self.challenges.len());
                let (challenge, rule) = challenge::read(reading, block, id, RuleId(number))?;
                self.challenges.push(challenge);
                self.rules.push(rule);
            }
            "payout" => {
                let id = PayoutId(self.payouts.len());
                let (payout, rule) = payout::read(reading, block, id, RuleId(number))?;
                self.payouts.push(payout);
                self.rules.push(rule);
            }
            "draw" => self.draws.push(draw::read(reading, block)?),
            "segment" => self.segments.push(segment::read(reading, block)?),
            "pilot" => self.pilots.push(pilot::read(reading, block)?),
            "partner" => self.partners.push(partner::read(reading, block)?),
            "scenario" => self.scenarios.push(scenario::read(reading, block)?),
            "offer" => {
                let ids = (OfferId(self.offers.len()), RuleId(number));
                let (rule, offer) = offer::read(reading, block, ids)?;
                self.rules.push(rule);
                self.offers.push(offer);
            }
            "promise" => self.promises.extend(promise::read(reading, block)),
            "example" => self.examples.push(example::read(reading, block)?),
            "list" => self.lists.push(list::read_list(reading, block)?),
            "calendar" => self.calendars.push(list::read_calendar(reading, block)?),
            // A block that runs is read above; a test holds the table to that.
            _ => return None,
        }
        Some(())
    }

    /// What only several blocks show, once all of them were read.
    fn together(&self, reading: &mut Reading<'_>, names: &Names) {
        if names.all(Kind::Coupon).len() != self.coupons.len() || names.all(Kind::Rule).len() != self.rules.len() {
            return;
        }
        let of_rules =
            self.rules.iter().flat_map(|rule| rule.gives.iter().map(|give| (rule.on.first().copied(), give)));
        let of_cards = self.cards.iter().flat_map(|card| card.gives.iter().map(|give| (None, give)));
        let gives: Vec<_> = of_rules.chain(of_cards).collect();
        payout::circles(reading, &self.payouts, &self.rules);
        payout::worths(reading, &self.payouts, &gives, &self.coupons);
        if names.all(Kind::Draw).len() == self.draws.len() {
            let given =
                |draw: usize| gives.iter().any(|(_, give)| matches!(&give.what, What::Entries(to, _) if to.0 == draw));
            draw::without_entries(reading, &self.draws, given);
        }
    }

    fn program_block(&mut self, reading: &mut Reading<'_>, block: &Block) -> Option<()> {
        if let Some(first) = self.first_program {
            reading.say(Wrong::SecondProgram { place: block.header, first });
            return None;
        }
        self.first_program = Some(block.header);
        self.settings = Some(settings::read(reading, block)?);
        Some(())
    }

    fn household_block(&mut self, reading: &mut Reading<'_>, block: &Block) -> Option<()> {
        if let Some(first) = self.first_household {
            reading.say(Wrong::SecondHousehold { place: block.header, first });
            return None;
        }
        self.first_household = Some(block.header);
        self.household = Some(household::read(reading, block)?);
        Some(())
    }

    /// The program, once every block has been read.
    fn program(mut self, ast: &Ast) -> Option<Program> {
        let settings = self.settings?;
        let blocks: Vec<&Block> = ast.blocks().filter(|block| block.keyword.text == "points").collect();
        for rule in &mut self.rules {
            if let Some(pilot) = rule.pilot.and_then(|id| self.pilots.get(id.0)) {
                pilot::apply(pilot, rule);
            }
        }
        points::settle_cashback(&mut self.points, &blocks, &self.rules, settings.minor_units);
        // A level that a tiers block sells is a membership that gives it.
        let sold: Vec<membership::Membership> =
            self.tiers.iter().enumerate().flat_map(|(at, tiers)| membership::sold(TiersId(at), tiers)).collect();
        // What a membership gives is for its members alone.
        for (at, membership) in self.memberships.iter().enumerate() {
            for discount in &membership.discounts {
                if let Some(discount) = self.discounts.get_mut(discount.0) {
                    discount.memberships.push(MembershipId(at));
                }
            }
        }
        Some(Program {
            settings,
            points: self.points,
            rules: self.rules,
            stacks: self.stacks,
            tiers: self.tiers,
            cards: self.cards,
            gifts: self.gifts,
            rewards: self.rewards,
            discounts: self.discounts,
            coupons: self.coupons,
            memberships: self.memberships.into_iter().chain(sold).collect(),
            household: self.household,
            budgets: self.budgets,
            activities: self.activities,
            lists: self.lists,
            calendars: self.calendars,
            segments: self.segments,
            challenges: self.challenges,
            payouts: self.payouts,
            draws: self.draws,
            rankings: Vec::new(),
            pilots: self.pilots,
            partners: self.partners,
            scenarios: self.scenarios,
            offers: self.offers,
            promises: self.promises,
            examples: self.examples,
            older: Vec::new(),
            absent: BTreeSet::new(),
        })
    }
}

/// The program with the rankings that something asks for: one that only an unused segment names joins nobody.
fn ranked(mut program: Program, found: Vec<(Ranking, Span)>) -> Program {
    let unused = analyses::unused_segments(&program);
    let asked = |place: &Span| !unused.iter().any(|block| block.holds(*place));
    let mut rankings: Vec<Ranking> =
        found.into_iter().filter(|(_, place)| asked(place)).map(|(ranking, _)| ranking).collect();
    rankings.sort_unstable();
    rankings.dedup();
    program.rankings = rankings;
    program
}

/// Says that the rest is left unsaid, as the first stage does.
fn too_many(reading: &mut Reading<'_>) {
    if reading.is_full() {
        let place = reading.findings[Reading::LIMIT - 1].place;
        reading.findings.truncate(Reading::LIMIT);
        reading.say(Shape::TooMany { place, limit: Reading::LIMIT });
    }
}

/// A keyword that begins no block; the first stage may have said so already.
fn unknown_block(reading: &mut Reading<'_>, block: &Block) {
    if block.broken {
        return;
    }
    let keywords: Vec<&'static str> = BLOCKS.iter().map(|block| block.keyword).collect();
    let keyword = block.keyword.text.clone();
    let near = closest(&keyword, &keywords);
    reading.say(Wrong::UnknownBlock { place: block.keyword.span, keyword, near });
}

/// Complains of a missing `program` block, unless one is there that could not be read.
fn no_program(reading: &mut Reading<'_>, ast: &Ast) {
    let keywords: Vec<&str> = BLOCKS.iter().map(|block| block.keyword).collect();
    let meant = |block: &Block| {
        let keyword = block.keyword.text.as_str();
        keyword == "program" || table::block(keyword).is_none() && closest(keyword, &keywords) == Some("program")
    };
    if ast.lost || ast.blocks().any(meant) {
        return;
    }
    let file = ast.files.first().map_or(0, |file| file.file);
    let place = ast.files.first().and_then(|file| file.edition.as_ref()).map(|edition| edition.span);
    reading.say(Wrong::NoProgram { place: place.unwrap_or_else(|| Span::new(file, 0, 0)) });
}

/// Kinds between which one name could be taken for the other in some line: `has NAME`, `redeem NAME`;
/// a measure that is one word; `in NAME`; `first of [NAME]`.
const CONFUSABLE: &[&[Kind]] = &[
    &[Kind::Gift, Kind::Reward, Kind::Coupon, Kind::Points, Kind::Membership],
    &[Kind::Points, Kind::Tiers, Kind::Activity],
    &[Kind::List, Kind::Calendar],
    &[Kind::Rule, Kind::Discount],
];

/// Complains of names declared twice: in one kind, or in kinds that could be taken for each other.
fn same_names(reading: &mut Reading<'_>, names: &Names) {
    // (kind, name or plural, place, the block's number), in file order
    let mut all: Vec<(Kind, &str, Span, usize)> = Vec::new();
    for (kind, declared) in &names.declared {
        for (number, one) in declared.iter().enumerate().filter(|(_, one)| !one.name.is_empty()) {
            all.extend(one.forms().into_iter().map(|form| (*kind, form, one.span, number)));
        }
    }
    all.sort_by_key(|(kind, _, span, number)| (*span, *kind, *number));
    // The first place of each name in each kind, with its block's number.
    let mut first: HashMap<&str, BTreeMap<Kind, (Span, usize)>> = HashMap::new();
    for (kind, name, place, number) in all {
        let earlier = first.entry(name).or_default();
        match earlier.get(&kind) {
            Some((first, id)) if *id != number && *first != place => {
                reading.say(Wrong::SameName { place, first: *first, name: name.to_owned(), kind: kind.word() });
                continue;
            }
            Some(_) => continue,
            None => {}
        }
        let confused = earlier.iter().filter(|(other, (first, _))| {
            *first != place && CONFUSABLE.iter().any(|group| group.contains(&kind) && group.contains(other))
        });
        if let Some((other, (first, _))) = confused.min_by_key(|(_, (first, _))| *first) {
            let (first, other) = (*first, other.word());
            reading.say(Wrong::Confusable { place, first, name: name.to_owned(), kind: kind.word(), other });
        }
        earlier.insert(kind, (place, number));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_block_that_declares_something_is_in_the_table() {
        for kind in Kind::ALL {
            assert!(BLOCKS.iter().any(|block| Kind::of_block(block.keyword) == Some(kind)), "{kind:?}");
        }
    }
}
