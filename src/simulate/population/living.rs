//! A member's life with a program: what she does, in the order of time, and what she sees of how she stands.

use std::collections::VecDeque;

use crate::engine::fast::Beyond;
use crate::engine::live::Live;
use crate::engine::outcome::NO_LEVEL;
use crate::mechanics::scenario::Answer;

use super::course::{Course, Pace};
use super::deeds::Deeds;
use super::desk::{Desk, Visit};
use super::draw::Intent;
use super::log::{Doing, Log};
use super::member::{COMES_BACK_AFTER, Life, MOST_PURCHASES, Person, Sale, amount};
use super::shop::Shop;
use super::stage::Stage;
use super::terms::Terms;

/// Months behind the horizon in which points are still seen to end.
const AGES: i64 = 61;

/// Who meets whom.
pub(super) struct Cast<'a, 'c> {
    /// The program.
    pub(super) shop: &'a Shop<'a>,
    /// Who plays its members.
    pub(super) player: &'a mut dyn Live,
    /// Events to fill in.
    pub(super) desk: &'a mut Desk,
    /// Who is played.
    pub(super) person: &'a mut Person,
    /// What she did.
    pub(super) life: &'a mut Life,
    /// What was told of her.
    pub(super) log: &'a mut Log<'c>,
}

/// Her life with a program.
pub(super) fn with<'a>(stage: &'a Stage<'_>, cast: Cast<'a, '_>) -> Result<(), Beyond> {
    cast.life.clear();
    cast.log.clear();
    let mut deeds = Deeds::default();
    deeds.begin(stage, cast.person.number);
    let joins = cast.person.joins;
    let course = cast.person.course(stage.world, Some(joins));
    let mut living = Living {
        stage,
        cast,
        course,
        pace: Pace::of(stage.world, &stage.seasons, joins),
        backs: VecDeque::new(),
        deeds,
        terms: Terms::default(),
        changes: 0,
        begun: false,
    };
    for number in 0..MOST_PURCHASES {
        let intent = living.cast.person.tape.nth(number);
        let Some(at) = living.wait(number, &intent)? else { break };
        living.purchase(number, &intent, at)?;
    }
    living.end()
}

/// A member while she is played.
struct Living<'a, 's, 'c> {
    stage: &'a Stage<'s>,
    cast: Cast<'a, 'c>,
    course: Course,
    pace: Pace<'a>,
    /// Purchases that come back: when, their number, and how much; whether she was a member then.
    backs: VecDeque<(f64, Bought)>,
    deeds: Deeds,
    terms: Terms,
    /// How often she took or gave up a membership.
    changes: usize,
    /// Whether she is a member.
    begun: bool,
}

/// A purchase that comes back.
#[derive(Debug, Clone, Copy)]
struct Bought {
    number: usize,
    amount: i64,
    /// Whether the program knows of it.
    known: bool,
}

/// What comes next besides a purchase.
#[derive(Debug, Clone, Copy)]
enum Next {
    /// A purchase comes back.
    Back(Bought),
    /// She does something else, of this place in the scenario.
    Deed(usize),
    /// She thinks of a membership, of this place in the scenario.
    Term(usize),
}

impl<'a, 's, 'c> Living<'a, 's, 'c> {
    /// What happens until her purchase of this number, and when that is; none: not before the end.
    fn wait(&mut self, number: usize, intent: &Intent) -> Result<Option<f64>, Beyond> {
        let mut left = self.cast.person.wait(number, intent);
        let mut before = self.course;
        let mut at = self.course.next(left, &self.pace, self.stage.end);
        while let Some((time, next)) = self.next(at.unwrap_or(self.stage.end)) {
            self.close_before(time)?;
            let pace = self.pace;
            match next {
                Next::Back(bought) => self.bring_back(time, bought)?,
                Next::Deed(place) => self.act(time, place, before.is_there(time))?,
                Next::Term(place) => self.subscribe(time, place, before.is_there(time))?,
            }
            // She waits at another pace from here on; at the same one not even a bit of her time may change.
            if self.pace != pace
                && let Some(rest) = before.pass(left, &pace, time)
            {
                left = rest;
                self.course = before;
                at = self.course.next(left, &self.pace, self.stage.end);
            }
        }
        if let Some(at) = at {
            self.close_before(at)?;
        }
        Ok(at)
    }

    /// What comes next before this time, and when.
    fn next(&self, before: f64) -> Option<(f64, Next)> {
        let back = self.backs.front().filter(|(at, _)| *at < self.stage.days);
        let back = back.map(|(at, bought)| (*at, Next::Back(*bought)));
        let deed = self.deeds.next().map(|coming| (coming.at, Next::Deed(coming.place)));
        let term = self.terms.next().map(|(at, place)| (at, Next::Term(place)));
        let first = [back, deed, term].into_iter().flatten().min_by(|a, b| a.0.total_cmp(&b.0));
        first.filter(|(at, _)| *at <= before && *at < self.stage.end)
    }

    /// Behind the horizon what happens is kept apart.
    fn close_before(&mut self, at: f64) -> Result<(), Beyond> {
        if at >= self.stage.days && self.cast.log.behind.is_none() { self.close() } else { Ok(()) }
    }

    /// What she does at a time.
    fn visit(&mut self, at: f64, asks: [&'static str; 2], number: usize) -> Visit<'_, 's, 'c> {
        let Cast { shop, player, desk, log, .. } = &mut self.cast;
        Visit { stage: self.stage, shop, desk, player: *player, log, at, asks, number }
    }

    /// She is a member from here on, if she was none; whether she was none. `signs`: it is no purchase that makes her one.
    fn begin(&mut self, at: f64, signs: bool) -> Result<bool, Beyond> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(false);
        }
        self.cast.life.joined = Some(at);
        let Cast { shop, player, desk, log, person, .. } = &mut self.cast;
        let mut visit = Visit { stage: self.stage, shop, desk, player: *player, log, at, asks: ["w", "g"], number: 0 };
        visit.begin(person, signs)?;
        self.terms.begin(self.stage, self.cast.person.number, self.cast.shop.program, at);
        Ok(true)
    }

    fn purchase(&mut self, number: usize, intent: &Intent, at: f64) -> Result<(), Beyond> {
        let world = self.stage.world;
        let size = &world.kinds[self.cast.person.kind].size;
        let joined = at >= self.cast.person.joins;
        let amount = amount(size, intent, if joined { world.answer(Answer::Basket) } else { 0.0 });
        if at < self.stage.days {
            self.cast.life.sales.push(Sale::bought(self.stage, at, amount, intent));
        }
        if intent.back < world.returns {
            self.backs.push_back((at + COMES_BACK_AFTER, Bought { number, amount, known: joined }));
        }
        let staying = if joined { world.answer(Answer::Staying) } else { 0.0 };
        if self.cast.person.leaves(number, intent, staying) {
            self.course.leave();
        }
        if !joined {
            return Ok(());
        }
        self.cast.life.bought_as_member += u64::from(at < self.stage.days);
        let new = self.begin(at, false)?;
        let mut visit = self.visit(at, ["w", "g"], number);
        let uses = !new && visit.takes(intent.takes, intent.uses)?;
        visit.buy(intent, amount, uses)?;
        let Cast { life, log, .. } = &mut self.cast;
        if let Some(sale) = life.sales.last_mut().filter(|_| at < self.stage.days) {
            sale.reduced = log.reduced;
        }
        self.look(at);
        Ok(())
    }

    fn bring_back(&mut self, at: f64, bought: Bought) -> Result<(), Beyond> {
        let Bought { number, amount, known } = bought;
        self.backs.pop_front();
        self.cast.life.sales.push(Sale::brought_back(at, amount));
        if !known {
            return Ok(());
        }
        self.visit(at, ["w", "g"], number).bring_back(number)
    }

    /// She does something that nobody pays for, where the program has it and she has not left.
    fn act(&mut self, at: f64, place: usize, there: bool) -> Result<(), Beyond> {
        let deeds = &self.stage.people.deeds;
        let Some(drawn) = self.deeds.take(place, deeds[place].fields.len()) else { return Ok(()) };
        let shop = self.cast.shop;
        let member = self.begun || (at >= self.cast.person.joins && !shop.by_purchase);
        if !there || !member || !shop.knows(&deeds[place]) {
            return Ok(());
        }
        let new = self.begin(at, true)?;
        let mut visit = self.visit(at, ["x", "y"], drawn.number * deeds.len() + place);
        if !new {
            visit.takes(drawn.takes, drawn.uses)?;
        }
        visit.act(place, &drawn)?;
        self.look(at);
        Ok(())
    }

    /// She thinks of a membership: takes it, goes on with it, or gives it up.
    fn subscribe(&mut self, at: f64, place: usize, there: bool) -> Result<(), Beyond> {
        let stage = self.stage;
        let Some(act) = self.terms.decide(stage, self.cast.shop.program, (place, at, there)) else { return Ok(()) };
        self.changes += 1;
        let membership = &stage.people.subscriptions[place].membership;
        self.visit(at, ["w", "g"], self.changes).member_of(membership, act)?;
        self.look(at);
        Ok(())
    }

    /// What she sees of how she stands, behind what she did at this time.
    fn look(&mut self, at: f64) {
        let Cast { shop, player, life, log, .. } = &mut self.cast;
        let pace = &mut self.pace;
        if std::mem::take(&mut log.rewarded) {
            pace.rewarded(at);
            life.first_reward.get_or_insert(at);
        }
        let stands = player.stands();
        if pace.looks_at_progress() {
            let (calendar, clock) = (self.stage.calendar, &shop.program.settings.clock);
            let day = calendar.at(at).0;
            let levels = shop.ladders.iter().zip(&stands.levels);
            let levels = levels.map(|(ladder, level)| ladder.progress(*level, &life.sales, calendar, clock, day));
            pace.progressed(levels.fold(shop.progress(&stands.spendable, &stands.stamps), f64::max));
        }
        if pace.looks_at_levels() {
            let above =
                stands.levels.iter().zip(&stands.level_ends).filter(|(level, _)| **level > 0 && **level != NO_LEVEL);
            let ends = above.filter_map(|(_, last)| *last).map(|last| self.stage.calendar.number(last) + 1.0);
            pace.level_ends(ends.fold(f64::INFINITY, f64::min));
        }
    }

    /// She stands at the horizon: what she has there is written down, and what comes behind it is kept apart.
    fn close(&mut self) -> Result<(), Beyond> {
        let Cast { player, person, life, log, .. } = &mut self.cast;
        log.doing = Doing::Waiting;
        if self.begun {
            let next = self.stage.calendar.at(self.stage.days - 0.5).0.tomorrow().map_err(|_| Beyond)?;
            player.upto(next, *log)?;
            let stands = player.stands();
            life.outstanding.extend_from_slice(&stands.outstanding);
            life.levels.extend_from_slice(&stands.levels);
        }
        life.gone = person.is_lost(&self.course, self.stage.days);
        log.behind = Some(Vec::new());
        Ok(())
    }

    /// The end of what is played.
    fn end(mut self) -> Result<(), Beyond> {
        if self.cast.log.behind.is_none() {
            self.close()?;
        }
        let (stage, Cast { player, life, log, .. }) = (self.stage, &mut self.cast);
        life.stays = !self.course.is_gone(stage.end);
        if self.begun && (stage.ages || stage.end > stage.days) {
            let behind = if stage.ages { AGES } else { 0 };
            let last = stage.calendar.last().saturating_add(jiff::Span::new().months(behind).days(1));
            player.upto(last, *log)?;
            let horizon = months(stage.calendar.at(stage.days - 0.5).0);
            let ends = log.behind.iter().flatten();
            life.behind.extend(ends.map(|(unit, spent, points, day)| {
                // A lot that ends on the last of a month is told of on the first of the next.
                let day = if *spent { *day } else { day.yesterday().unwrap_or(*day) };
                (*unit, *spent, *points, u16::try_from((months(day) - horizon).max(0)).unwrap_or(u16::MAX))
            }));
        }
        Ok(())
    }
}

/// Months since the year 0.
fn months(day: crate::value::clock::Date) -> i32 {
    i32::from(day.year()) * 12 + i32::from(day.month())
}
