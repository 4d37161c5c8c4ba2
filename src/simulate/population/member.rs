//! One member: who she is, and her life without any program.

use std::collections::VecDeque;

use super::course::{Course, Pace};
use super::draw::{For, Intent, Stream, Tape, Traits};
use super::known::{Begins, Place};
use super::stage::Stage;
use super::world::{Process, Size, World};

/// Days after which a purchase comes back, where it does.
pub(super) const COMES_BACK_AFTER: f64 = 7.0;
/// Not even who is in the shop every minute buys oftener than this in one life: a slip in a figure must not run for ever.
pub(super) const MOST_PURCHASES: usize = 200_000;

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
    pub(super) fn bought(stage: &Stage<'_>, at: f64, amount: i64, intent: &Intent) -> Self {
        let comes_back = intent.back < stage.world.returns && at + COMES_BACK_AFTER < stage.days;
        Self { at, amount, comes_back, reduced: false }
    }

    /// A purchase that came back.
    pub(super) fn brought_back(at: f64, amount: i64) -> Self {
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
    /// When she became a member.
    pub(super) joined: Option<f64>,
    /// Purchases that she made as one.
    pub(super) bought_as_member: u64,
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
    /// Forgets all of it.
    pub(super) fn clear(&mut self) {
        self.sales.clear();
        (self.joined, self.bought_as_member, self.first_reward) = (None, 0, None);
        (self.gone, self.stays) = (false, false);
        self.outstanding.clear();
        self.levels.clear();
        self.behind.clear();
    }
}

/// Who is played: her group, her gap and all that she would buy.
pub(super) struct Person {
    /// Her number in the population, from 0.
    pub(super) number: u64,
    /// Who she is.
    pub(super) traits: Traits,
    /// What she would buy.
    pub(super) tape: Tape,
    /// Her group; the last: none.
    pub(super) kind: usize,
    gap: f64,
    /// From which day on she would join a program; not before the first thing that she then does.
    pub(super) joins: f64,
    /// Where her birthday lies in a year, from 0 to below 1.
    pub(super) birthday: f64,
    /// The chance that a purchase is her last.
    lapses: f64,
    begins: Begins,
}

impl Person {
    /// Nobody yet.
    pub(super) fn new() -> Self {
        let traits = Traits::drawn(&mut Stream::of(0, 0, 0, For::Traits));
        Self {
            number: 0,
            traits,
            tape: Tape::new(),
            kind: 0,
            gap: 1.0,
            joins: 0.0,
            birthday: 0.0,
            lapses: 0.0,
            begins: Begins::Stands,
        }
    }

    /// The next one.
    pub(super) fn begin(&mut self, stage: &Stage<'_>, number: u64) {
        let mut stream = Stream::of(stage.seed, stage.number, number, For::Traits);
        self.number = number;
        self.traits = Traits::drawn(&mut stream);
        let joins = Stream::of(stage.seed, stage.number, number, For::Joining).uniform();
        self.joins = stage.world.joining.day_of(joins);
        self.birthday = Stream::of(stage.seed, stage.number, number, For::Birthday).uniform();
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

    /// Her way at its beginning; `joins`: the day from which on a program changes how she stays, where there is one.
    pub(super) fn course(&self, world: &World, joins: Option<f64>) -> Course {
        let mut course = Course::begin(world, &self.traits, joins);
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

    /// Whether she leaves after a purchase of this number; `staying`: how much less likely a program makes that, from 0.
    pub(super) fn leaves(&self, number: usize, intent: &Intent, staying: f64) -> bool {
        !self.is_first(number) && intent.leaves < self.lapses * (1.0 - staying).max(0.0)
    }

    /// Whether she has left by this time; who had before the first day is nobody who was lost.
    pub(super) fn is_lost(&self, course: &Course, at: f64) -> bool {
        self.begins != Begins::HasLeft && course.is_gone(at)
    }

    /// How long she waits for a purchase of this number, in days of her own.
    pub(super) fn wait(&self, number: usize, intent: &Intent) -> f64 {
        if self.is_first(number) { self.traits.begins } else { intent.wait * self.gap }
    }
}

/// What a purchase comes to, in minor units: at least one.
pub(super) fn amount(size: &Size, intent: &Intent, lift: f64) -> i64 {
    let money = size.median * (size.spread * intent.size).exp() * (1.0 + lift);
    // More than any basket; and no sum of them leaves its room.
    money.round().clamp(1.0, 1e13) as i64
}

/// Her life without any program.
pub(super) fn without(stage: &Stage<'_>, person: &mut Person, life: &mut Life) {
    life.clear();
    let mut course = person.course(stage.world, None);
    let size = stage.world.kinds[person.kind].size;
    let pace = Pace::alone(&stage.seasons);
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
        if person.leaves(number, &intent, 0.0) {
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
