//! One member, from her first purchase to the end of the simulation, with a program or without.

use std::collections::VecDeque;

use crate::engine::fast::Beyond;
use crate::engine::live::Live;
use crate::engine::outcome::NO_LEVEL;
use crate::ledger::{Event, Kind as EventKind, Line, MemberRow};
use crate::mechanics::example::Held;
use crate::mechanics::scenario::{Answer, Items, Scenario};
use crate::value::clock::{Clock, Moment};
use crate::value::exact::Exact;

use super::calendar::Calendar;
use super::course::{Course, Pace};
use super::draw::{For, Intent, Stream, Tape, Traits};
use super::known::{Begins, Known, Place};
use super::log::{Doing, Log};
use super::shop::Shop;
use super::world::{Process, Size, World};

/// Days after which a purchase comes back, where it does.
const COMES_BACK_AFTER: f64 = 7.0;
/// Rewards that she asks for at one visit before she gives up.
const ASKS_FOR: usize = 3;
/// Not even who is in the shop every minute buys oftener than this in one life: a slip in a figure must not run for ever.
const MOST_PURCHASES: usize = 200_000;
/// Months behind the horizon in which points are still seen to end.
const AGES: i64 = 61;

/// What is sold, of one line a purchase.
#[derive(Debug, Clone)]
pub(super) struct Wares {
    column: String,
    /// Upper ends of the shares, and the values.
    values: Vec<(f64, String)>,
}

impl Wares {
    fn of(items: &Items) -> Self {
        let mut upto = 0.0;
        let mut values = Vec::new();
        for (value, share) in &items.shares {
            upto += share.to_f64_lossy() / 100.0;
            values.push((upto, value.clone()));
        }
        Self { column: items.column.clone(), values }
    }

    fn put(&self, line: &mut Line, place: f64) {
        // Shares of all add up to one, but for a digit; where they are of a part, the rest is of none.
        let whole = self.values.last().filter(|(upto, _)| *upto > 1.0 - 1e-9);
        let found = self.values.iter().find(|(upto, _)| place < *upto).or(whole);
        let Some((_, value)) = found else { return };
        match self.column.as_str() {
            "category" => line.category.clone_from(&Some(value.clone())),
            "brand" => line.brand.clone_from(&Some(value.clone())),
            "sku" => line.sku.clone_from(&Some(value.clone())),
            other => drop(line.fields.insert(other.to_owned(), value.clone())),
        }
    }
}

/// What is the same for all members.
#[derive(Debug)]
pub(super) struct Stage<'s> {
    /// The world.
    pub(super) world: &'s World,
    /// Its days, and those behind its horizon where they are looked at.
    pub(super) calendar: &'s Calendar,
    /// Days up to the horizon.
    pub(super) days: f64,
    /// Days that are played.
    pub(super) end: f64,
    /// Whether it is told when points end that are left at the horizon.
    pub(super) ages: bool,
    /// Whether it is told what members do lately.
    pub(super) lately: bool,
    /// Of which first days it is told what members spend in them, in days.
    pub(super) spans: &'s [f64],
    /// What is sold.
    pub(super) wares: Option<Wares>,
    /// Rows of the members file, by group.
    pub(super) rows: Vec<Option<MemberRow>>,
    /// The members of the history that goes on, where one does.
    pub(super) known: Option<Known<'s>>,
    /// Minor units of the money.
    pub(super) minor_units: u32,
    /// The seed.
    pub(super) seed: u64,
    /// The number of the world, for its draws.
    pub(super) number: u64,
}

impl<'s> Stage<'s> {
    /// A stage up to a horizon, in days.
    pub(super) fn new(
        scenario: &'s Scenario,
        world: &'s World,
        calendar: &'s Calendar,
        days: f64,
        minor_units: u32,
    ) -> Self {
        let rows = scenario.groups.iter().map(|group| {
            let row = MemberRow {
                columns: group.columns.iter().map(|(name, value)| (name, value)).collect(),
                ..MemberRow::default()
            };
            (!group.columns.is_empty()).then_some(row)
        });
        Self {
            world,
            calendar,
            days,
            end: days,
            ages: false,
            lately: false,
            spans: &[],
            wares: scenario.items.as_ref().map(Wares::of),
            rows: rows.chain([None]).collect(),
            known: Known::of(scenario),
            minor_units,
            seed: 0,
            number: 0,
        }
    }
}

/// One purchase or return: when, and what it came to, in minor units; below zero for a return.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sale {
    /// When, in days.
    pub(super) at: f64,
    /// How much.
    pub(super) amount: i64,
    /// Whether it is a purchase that comes back whole before the end.
    pub(super) comes_back: bool,
    /// Whether a discount or coupon took something off it.
    pub(super) reduced: bool,
}

impl Sale {
    /// A purchase as it is made.
    fn bought(stage: &Stage<'_>, at: f64, amount: i64, intent: &Intent) -> Self {
        let comes_back = intent.back < stage.world.returns && at + COMES_BACK_AFTER < stage.days;
        Self { at, amount, comes_back, reduced: false }
    }

    /// A purchase that came back.
    fn brought_back(at: f64, amount: i64) -> Self {
        Self { at, amount: -amount, comes_back: false, reduced: false }
    }

    /// Whether it is a purchase that nobody brought back.
    pub(super) fn stands(&self) -> bool {
        self.amount > 0 && !self.comes_back
    }
}

/// What a member did.
#[derive(Debug, Default)]
pub(super) struct Life {
    /// Up to the horizon, in order.
    pub(super) sales: Vec<Sale>,
    /// When she had her first reward.
    pub(super) first_reward: Option<f64>,
    /// Whether she has left by the horizon.
    pub(super) gone: bool,
    /// Of each unit, what she has at the horizon.
    pub(super) outstanding: Vec<i64>,
    /// Of each tiers block, her level there.
    pub(super) levels: Vec<usize>,
    /// Points spent and expired behind the horizon, in order: the unit, whether spent, how many, the month behind it.
    pub(super) behind: Vec<(usize, bool, i64, u16)>,
    /// Whether she is still there at the end of what was played.
    pub(super) stays: bool,
}

impl Life {
    fn clear(&mut self) {
        self.sales.clear();
        (self.first_reward, self.gone, self.stays) = (None, false, false);
        self.outstanding.clear();
        self.levels.clear();
        self.behind.clear();
    }
}

/// Who is played: her group, her gap and all that she would buy.
pub(super) struct Person {
    /// Her number in the population, from 0.
    number: u64,
    traits: Traits,
    tape: Tape,
    /// Her group; the last: none.
    pub(super) kind: usize,
    gap: f64,
    /// The chance that a purchase is her last.
    lapses: f64,
    begins: Begins,
}

impl Person {
    /// Nobody yet.
    pub(super) fn new() -> Self {
        let traits = Traits::drawn(&mut Stream::of(0, 0, 0, For::Traits));
        Self { number: 0, traits, tape: Tape::new(), kind: 0, gap: 1.0, lapses: 0.0, begins: Begins::Stands }
    }

    /// The next one.
    pub(super) fn begin(&mut self, stage: &Stage<'_>, number: u64) {
        let mut stream = Stream::of(stage.seed, stage.number, number, For::Traits);
        self.number = number;
        self.traits = Traits::drawn(&mut stream);
        let kinds = &stage.world.kinds;
        self.kind = kinds.iter().position(|kind| self.traits.group < kind.upto).unwrap_or(kinds.len() - 1);
        let median = kinds[self.kind].gap;
        (self.gap, self.lapses, self.begins) = match stage.world.process {
            Process::Gaps { spread, .. } => (median * (spread * self.traits.gap).exp(), 0.0, Begins::Stands),
            Process::BgNbd { r, alpha, a, b } => {
                let place = stage.known.map_or(Place::New(0), |known| known.place(stage.number, number));
                place.drawn([r, alpha, a, b], &mut stream)
            }
        };
        self.tape.begin(Stream::of(stage.seed, stage.number, number, For::Tape));
    }

    /// Her way at its beginning; `answers`: whether a program changes how she stays.
    fn course(&self, world: &World, answers: bool) -> Course {
        let mut course = Course::begin(world, &self.traits, answers);
        match self.begins {
            Begins::Buys(day) => course.arrive(day),
            Begins::HasLeft => course.leave(),
            Begins::Stands => {}
        }
        course
    }

    /// Whether a purchase of this number is one with which the model begins: it is not waited for, and nobody leaves
    /// after it.
    fn is_first(&self, number: usize) -> bool {
        matches!(self.begins, Begins::Buys(_)) && number == 0
    }

    /// Whether she leaves after a purchase of this number.
    fn leaves(&self, number: usize, intent: &Intent, lapses: f64) -> bool {
        !self.is_first(number) && intent.leaves < lapses
    }

    /// Whether she has left by this time; who had before the first day is nobody who was lost.
    fn is_lost(&self, course: &Course, at: f64) -> bool {
        self.begins != Begins::HasLeft && course.is_gone(at)
    }

    /// How long she waits for a purchase of this number, in days of her own.
    fn wait(&self, number: usize, intent: &Intent) -> f64 {
        if self.is_first(number) { self.traits.begins } else { intent.wait * self.gap }
    }
}

/// What a purchase comes to, in minor units: at least one.
fn amount(size: &Size, intent: &Intent, lift: f64) -> i64 {
    let money = size.median * (size.spread * intent.size).exp() * (1.0 + lift);
    // More than any basket; and no sum of them leaves its room.
    money.round().clamp(1.0, 1e13) as i64
}

/// Her life without any program.
pub(super) fn without(stage: &Stage<'_>, person: &mut Person, life: &mut Life) {
    life.clear();
    let mut course = person.course(stage.world, false);
    let size = stage.world.kinds[person.kind].size;
    let pace = Pace::alone();
    let mut backs = VecDeque::new();
    for number in 0..MOST_PURCHASES {
        let intent = person.tape.nth(number);
        let Some(at) = course.next(person.wait(number, &intent), &pace, stage.days) else { break };
        sold(stage, life, &mut backs, at);
        let amount = amount(&size, &intent, 0.0);
        life.sales.push(Sale::bought(stage, at, amount, &intent));
        if intent.back < stage.world.returns {
            backs.push_back((at + COMES_BACK_AFTER, number, amount));
        }
        if person.leaves(number, &intent, person.lapses) {
            course.leave();
        }
    }
    sold(stage, life, &mut backs, stage.days);
    life.gone = person.is_lost(&course, stage.days);
}

/// Returns that come before this time.
fn sold(stage: &Stage<'_>, life: &mut Life, backs: &mut VecDeque<(f64, usize, i64)>, before: f64) {
    while let Some((at, _, amount)) = backs.front().copied().filter(|(at, ..)| *at <= before && *at < stage.days) {
        backs.pop_front();
        life.sales.push(Sale::brought_back(at, amount));
    }
}

/// Where a member meets a program: the player, and events to fill in.
pub(super) struct Desk {
    event: Event,
    held: Vec<(Held, u32)>,
}

impl Desk {
    /// Of a program with this clock.
    pub(super) fn new(clock: &Clock) -> Self {
        let mut event = Event::new("", Moment::MIN, clock, EventKind::Purchase);
        event.lines.push(Line::default());
        Self { event, held: Vec::new() }
    }

    /// An event of this kind, with nothing else said.
    fn bare(&mut self, stage: &Stage<'_>, kind: EventKind, at: f64, id: (&str, usize)) -> &mut Event {
        use std::fmt::Write;
        let event = &mut self.event;
        (event.day, event.at) = stage.calendar.at(at);
        (event.kind, event.reference, event.unit, event.paid_points) = (kind, None, None, None);
        event.coupons.clear();
        event.id.clear();
        // A text in memory takes what is written.
        let _ = write!(event.id, "{}{}", id.0, id.1);
        event.lines.truncate(1);
        event.lines[0].clone_from(&Line::default());
        event
    }
}

/// A visit of a member who is in a program.
struct Visit<'a, 's> {
    stage: &'a Stage<'s>,
    shop: &'a Shop<'a>,
    desk: &'a mut Desk,
    at: f64,
    number: usize,
}

/// Her life with a program.
pub(super) fn with(
    stage: &Stage<'_>,
    shop: &Shop<'_>,
    player: &mut dyn Live,
    desk: &mut Desk,
    person: &mut Person,
    (life, log): (&mut Life, &mut Log<'_>),
) -> Result<(), Beyond> {
    life.clear();
    log.clear();
    let world = stage.world;
    let mut course = person.course(world, true);
    let mut pace = Pace::of(world);
    let size = world.kinds[person.kind].size;
    let lapses = person.lapses * (1.0 - world.answer(Answer::Staying)).max(0.0);
    let mut backs = VecDeque::new();
    let mut begun = false;
    for number in 0..MOST_PURCHASES {
        let intent = person.tape.nth(number);
        let Some(at) = course.next(person.wait(number, &intent), &pace, stage.end) else { break };
        bring_back(stage, desk, player, &mut backs, (life, log), at)?;
        if at >= stage.days && log.behind.is_none() {
            close(stage, player, begun, person.is_lost(&course, stage.days), (life, log))?;
        }
        let amount = amount(&size, &intent, world.answer(Answer::Basket));
        if at < stage.days {
            life.sales.push(Sale::bought(stage, at, amount, &intent));
        }
        let mut visit = Visit { stage, shop, desk, at, number };
        if !begun {
            visit.begin(player, person, log)?;
            begun = true;
        }
        visit.take_place(player, &intent, amount, log)?;
        if let Some(sale) = life.sales.last_mut().filter(|_| at < stage.days) {
            sale.reduced = log.reduced;
        }
        if log.rewarded {
            log.rewarded = false;
            pace.rewarded(at);
            life.first_reward.get_or_insert(at);
        }
        look(stage, shop, player, &mut pace, (&life.sales, at));
        if intent.back < world.returns {
            backs.push_back((at + COMES_BACK_AFTER, number, amount));
        }
        if person.leaves(number, &intent, lapses) {
            course.leave();
        }
    }
    bring_back(stage, desk, player, &mut backs, (life, log), stage.days)?;
    if log.behind.is_none() {
        close(stage, player, begun, person.is_lost(&course, stage.days), (life, log))?;
    }
    life.stays = !course.is_gone(stage.end);
    if begun && (stage.ages || stage.end > stage.days) {
        let behind = if stage.ages { AGES } else { 0 };
        let last = stage.calendar.last().saturating_add(jiff::Span::new().months(behind).days(1));
        player.upto(last, log)?;
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

/// Months since the year 0.
fn months(day: crate::value::clock::Date) -> i32 {
    i32::from(day.year()) * 12 + i32::from(day.month())
}

/// She stands at the horizon: what she has there is written down, and what comes behind it is kept apart.
fn close(
    stage: &Stage<'_>,
    player: &mut dyn Live,
    begun: bool,
    lost: bool,
    (life, log): (&mut Life, &mut Log<'_>),
) -> Result<(), Beyond> {
    log.doing = Doing::Waiting;
    if begun {
        let next = stage.calendar.at(stage.days - 0.5).0.tomorrow().map_err(|_| Beyond)?;
        player.upto(next, log)?;
        let stands = player.stands();
        life.outstanding.extend_from_slice(&stands.outstanding);
        life.levels.extend_from_slice(&stands.levels);
    }
    life.gone = lost;
    log.behind = Some(Vec::new());
    Ok(())
}

/// Purchases that come back before this time.
fn bring_back(
    stage: &Stage<'_>,
    desk: &mut Desk,
    player: &mut dyn Live,
    backs: &mut VecDeque<(f64, usize, i64)>,
    (life, log): (&mut Life, &mut Log<'_>),
    before: f64,
) -> Result<(), Beyond> {
    while let Some((at, number, amount)) = backs.front().copied().filter(|(at, ..)| *at <= before && *at < stage.days) {
        backs.pop_front();
        life.sales.push(Sale::brought_back(at, amount));
        let event = desk.bare(stage, EventKind::Return, at, ("r", number));
        event.reference = Some(format!("p{number}"));
        log.doing = Doing::Returning;
        player.play(event, log)?;
    }
    Ok(())
}

/// What she sees of how she stands, after a purchase at this time.
fn look(stage: &Stage<'_>, shop: &Shop<'_>, player: &dyn Live, pace: &mut Pace, (sales, at): (&[Sale], f64)) {
    let stands = player.stands();
    if pace.looks_at_progress() {
        let (day, clock) = (stage.calendar.at(at).0, &shop.program.settings.clock);
        let levels = shop.ladders.iter().zip(&stands.levels);
        let levels = levels.map(|(ladder, level)| ladder.progress(*level, sales, stage.calendar, clock, day));
        pace.progressed(levels.fold(shop.progress(&stands.spendable, &stands.stamps), f64::max));
    }
    if pace.looks_at_levels() {
        let above =
            stands.levels.iter().zip(&stands.level_ends).filter(|(level, _)| **level > 0 && **level != NO_LEVEL);
        let ends = above.filter_map(|(_, last)| *last).map(|last| stage.calendar.number(last) + 1.0);
        pace.level_ends(ends.fold(f64::INFINITY, f64::min));
    }
}

impl Visit<'_, '_> {
    /// She is a member from her first purchase on.
    fn begin(&mut self, player: &mut dyn Live, person: &Person, log: &mut Log<'_>) -> Result<(), Beyond> {
        let first = self.stage.calendar.first();
        let id = format!("m{}", person.number);
        match &self.stage.rows[person.kind] {
            Some(row) => {
                let row = MemberRow { joined: Some(self.stage.calendar.at(self.at).0), ..row.clone() };
                player.begin(&id, &row, first)?;
            }
            None => player.begin_unlisted(&id, first)?,
        }
        self.desk.event.member = Some(id);
        if self.shop.joins && self.stage.rows[person.kind].is_none() {
            let event = self.desk.bare(self.stage, EventKind::Join, self.at, ("j", 0));
            log.doing = Doing::Waiting;
            player.play(event, log)?;
        }
        Ok(())
    }

    /// She takes what she wants of what she can have, and buys.
    fn take_place(
        &mut self,
        player: &mut dyn Live,
        intent: &Intent,
        amount: i64,
        log: &mut Log<'_>,
    ) -> Result<(), Beyond> {
        if self.number > 0 {
            log.doing = Doing::Waiting;
            player.upto(self.stage.calendar.at(self.at).0, log)?;
            if intent.takes < self.stage.world.redeem {
                self.take_reward(player, log)?;
            }
        }
        let uses = self.number > 0 && intent.uses < self.stage.world.redeem;
        self.desk.held.clear();
        if uses {
            self.desk.held.extend_from_slice(&player.stands().held);
            self.use_gifts(player, log)?;
        }
        self.buy(player, (intent, amount), uses, log)
    }

    /// The dearest reward that she can pay for; where she may not have it, the next.
    fn take_reward(&mut self, player: &mut dyn Live, log: &mut Log<'_>) -> Result<(), Beyond> {
        let mut asked = 0;
        for (nth, wish) in self.shop.wishes.iter().enumerate() {
            let at_hand = player.stands().spendable.get(wish.unit).copied().unwrap_or(0);
            if at_hand < wish.price {
                continue;
            }
            let event = self.desk.bare(self.stage, EventKind::Redeem, self.at, ("w", self.number * 64 + nth % 32));
            event.reference = Some(wish.name.clone());
            (log.doing, log.refused) = (Doing::Taking, false);
            player.play(event, log)?;
            asked += 1;
            if !log.refused || asked == ASKS_FOR {
                break;
            }
        }
        Ok(())
    }

    /// One of each gift that she holds.
    fn use_gifts(&mut self, player: &mut dyn Live, log: &mut Log<'_>) -> Result<(), Beyond> {
        for nth in 0..self.desk.held.len() {
            let (Held::Gift(gift), count) = self.desk.held[nth] else { continue };
            if count == 0 {
                continue;
            }
            let gifts = &self.shop.program.gifts;
            let chosen = gifts[gift.0].choose.first().copied().unwrap_or(gift);
            let id = ("g", self.number * 64 + 32 + nth % 32);
            let event = self.desk.bare(self.stage, EventKind::Redeem, self.at, id);
            event.reference = Some(gifts[chosen.0].name.text.clone());
            log.doing = Doing::Taking;
            player.play(event, log)?;
        }
        Ok(())
    }

    /// The purchase, with the coupons that she holds and the points that pay.
    fn buy(
        &mut self,
        player: &mut dyn Live,
        (intent, amount): (&Intent, i64),
        uses: bool,
        log: &mut Log<'_>,
    ) -> Result<(), Beyond> {
        let (stage, shop) = (self.stage, self.shop);
        let held = std::mem::take(&mut self.desk.held);
        let event = self.desk.bare(stage, EventKind::Purchase, self.at, ("p", self.number));
        let line = &mut event.lines[0];
        line.amount = Some(Exact::from_scaled(i128::from(amount), stage.minor_units));
        if let Some(wares) = &stage.wares {
            wares.put(line, intent.item);
        }
        let mut paid = 0;
        if uses {
            for (held, _) in held.iter().filter(|(_, count)| *count > 0) {
                if let Held::Coupon(coupon) = held {
                    event.coupons.push(shop.program.coupons[coupon.0].name.text.clone());
                }
            }
            event.coupons.sort();
            let receipt = amount as f64 / 10_f64.powi(i32::try_from(stage.minor_units).unwrap_or(2));
            let stands = player.stands();
            let pays = shop
                .units
                .iter()
                .zip(&stands.spendable)
                .find_map(|(unit, at_hand)| Some((unit, unit.till?.takes(*at_hand, receipt)?)));
            if let Some((unit, points)) = pays {
                event.unit = Some(unit.name.clone());
                event.paid_points = Some(Exact::from_scaled(i128::from(points), unit.decimals));
                paid = points;
            }
        }
        self.desk.held = held;
        (log.doing, log.reduced) = (Doing::Buying(paid), false);
        player.play(&self.desk.event, log)
    }
}
