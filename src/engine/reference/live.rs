//! One member played event by event ([`crate::engine::live`]): the run of a history that grows.
//!
//! A run borrows its events, so they are put where they stay until she is done.

use super::state::Member;
use super::{Phase, Run};
use crate::engine::fast::Beyond;
use crate::engine::live::{Live, Stands, Told};
use crate::engine::outcome::{Entry, Happened, NO_LEVEL, Posting, PostingKind, StampWhy, Term};
use crate::engine::pile::SCALE;
use crate::ledger::{Event, History, Kind, MemberRow};
use crate::mechanics::reading::Kind as Block;
use crate::mechanics::rule::Trigger;
use crate::mechanics::{PointsId, Program};
use crate::value::clock::Date;
use crate::value::exact::Exact;
use std::collections::BTreeMap;
use typed_arena::Arena;

/// What a run of one member stands on.
struct Ground<'p> {
    program: &'p Program,
    /// Her row of the members file, and no events.
    history: History,
    /// Her events so far.
    events: Arena<Event>,
}

self_cell::self_cell!(
    struct Playing<'p> {
        owner: Ground<'p>,
        #[not_covariant]
        dependent: Run,
    }
);

/// Plays members live by the reference.
pub struct PlainLive<'p> {
    program: &'p Program,
    playing: Option<Playing<'p>>,
    id: String,
    /// The day of which the state is.
    day: Date,
    /// How much of the journal has been told.
    told: usize,
    stands: Stands,
}

impl<'p> PlainLive<'p> {
    /// A player of a program's members.
    pub fn new(program: &'p Program) -> Self {
        Self { program, playing: None, id: String::new(), day: Date::MIN, told: 0, stands: Stands::default() }
    }

    fn start(&mut self, id: &str, row: Option<&MemberRow>, first: Date) -> Result<(), Beyond> {
        let members = row.map(|row| (id.to_owned(), row.clone())).into_iter().collect();
        let history = History { events: Vec::new(), members };
        let ground = Ground { program: self.program, history, events: Arena::new() };
        self.playing =
            Some(Playing::new(ground, |ground| Run::new(ground.program, &ground.history, None, Some(first), &[])));
        id.clone_into(&mut self.id);
        (self.day, self.told) = (first, 0);
        self.look()
    }

    /// Takes a step, tells what came of it, and looks at how she stands then.
    fn step(
        &mut self,
        day: Date,
        told: &mut dyn Told,
        act: impl for<'a> FnOnce(&'a Ground<'p>, &mut Run<'a>),
    ) -> Result<(), Beyond> {
        let playing = self.playing.as_mut().ok_or(Beyond)?;
        playing.with_dependent_mut(|ground, run| act(ground, run));
        self.day = self.day.max(day);
        let (id, from) = (self.id.as_str(), self.told);
        self.told = playing.with_dependent(|_, run| tell(run, id, from, told))?;
        self.look()
    }

    /// Sees how she stands.
    fn look(&mut self) -> Result<(), Beyond> {
        let playing = self.playing.as_mut().ok_or(Beyond)?;
        let (id, day, stands) = (self.id.as_str(), self.day, &mut self.stands);
        playing.with_dependent_mut(|_, run| run.stands(id, day, stands))
    }
}

impl Live for PlainLive<'_> {
    fn begin(&mut self, id: &str, row: &MemberRow, first: Date) -> Result<(), Beyond> {
        self.start(id, Some(row), first)
    }

    fn begin_unlisted(&mut self, id: &str, first: Date) -> Result<(), Beyond> {
        self.start(id, None, first)
    }

    fn upto(&mut self, day: Date, told: &mut dyn Told) -> Result<(), Beyond> {
        self.step(day, told, |_, run| {
            let start = run.clock().start_of(day);
            run.timers(start, Phase::Opening);
        })
    }

    fn play(&mut self, event: &Event, told: &mut dyn Told) -> Result<(), Beyond> {
        let event = Event { member: Some(self.id.clone()), ..event.clone() };
        let id = self.id.clone();
        let waits = self.playing.as_ref().is_some_and(|playing| playing.with_dependent(|_, run| run.waits(&id)));
        if event.kind == Kind::Join && waits {
            return Err(Beyond);
        }
        self.step(event.day, told, |ground, run| {
            let event: &Event = ground.events.alloc(event);
            run.timers(event.at, Phase::Opening);
            run.advance(event);
        })
    }

    fn stands(&self) -> &Stands {
        &self.stands
    }
}

impl<'a> Run<'a> {
    /// Whether a member of the members file has rules on joining that would have waited for a `join` event, had it been
    /// known that there is one.
    fn waits(&self, id: &str) -> bool {
        let listed = self.members.get(id).is_some_and(|member| member.listed && member.joined.is_some());
        listed && self.timer_triggers.contains(&Trigger::Join)
    }

    /// How a member stands on a day.
    fn stands(&mut self, id: &str, day: Date, stands: &mut Stands) -> Result<(), Beyond> {
        self.under(self.version_for(Some(id), day));
        let units = self.whole.points.len();
        let stranger = Member::stranger(id, self.whole.tiers.len(), self.whole.cards.len());
        let member = self.members.get(id).unwrap_or(&stranger);
        let mut sums = vec![(Exact::zero(), Exact::zero()); units];
        for ((unit, _), purse) in &member.purses {
            let balance = purse.balance();
            sums[unit.0].1 += &balance + &purse.pending() - &purse.debt;
            sums[unit.0].0 += balance;
        }
        stands.spendable.clear();
        stands.outstanding.clear();
        for (unit, (spendable, outstanding)) in sums.iter().enumerate() {
            stands.spendable.push(self.steps_of(PointsId(unit), spendable)?);
            stands.outstanding.push(self.steps_of(PointsId(unit), outstanding)?);
        }
        stands.levels.clear();
        stands.level_ends.clear();
        for (place, level) in member.levels.iter().enumerate() {
            let has = self.program.has(Block::Tiers, place);
            let (level, last) = if has { level.best(day) } else { (NO_LEVEL, None) };
            stands.levels.push(level);
            stands.level_ends.push(last);
        }
        stands.stamps.clear();
        stands.stamps.extend(member.cards.iter().map(|card| card.open));
        let mut held = BTreeMap::new();
        for gift in member.gifts.iter().filter(|gift| gift.valid(day)) {
            *held.entry(gift.held).or_insert(0) += 1;
        }
        stands.held.clear();
        stands.held.extend(held);
        Ok(())
    }

    /// Points in whole steps of their unit.
    fn steps_of(&self, unit: PointsId, points: &Exact) -> Result<i64, Beyond> {
        crate::engine::fast::purses::steps(points, self.whole.points[unit.0].decimals)
    }
}

/// Tells what the journal says of her from a place on; where it ends.
fn tell(run: &Run<'_>, id: &str, from: usize, told: &mut dyn Told) -> Result<usize, Beyond> {
    let journal = &run.outcome.journal;
    let hers = |entry: &&Entry| entry.member.as_deref() == Some(id);
    for entry in journal[from..].iter().filter(hers) {
        let day = entry.day;
        match &entry.what {
            Happened::Posted(posting) => tell_posting(run, day, posting, told)?,
            Happened::Rejected { reason, .. } => told.rejected(day, *reason),
            Happened::Stamped { card, why: StampWhy::Full, .. } => told.filled(day, *card),
            Happened::Gift { held, life, rule, .. } => told.gift(day, *held, *life, *rule),
            Happened::Level { tiers, from, to, .. } if from != to => told.level(day, *tiers, *from, *to),
            Happened::Discount(off) => {
                let change = (off.change() * Exact::from_int(SCALE)).to_i64().ok_or(Beyond)?;
                if change != 0 {
                    told.off(day, off.of, change);
                }
            }
            Happened::Membership { membership, what, fee, until } => {
                let fee = (fee * Exact::from_int(SCALE)).to_i64().ok_or(Beyond)?;
                if fee != 0 || matches!(what, Term::Cancelled { .. }) {
                    told.fee(day, *membership, fee, *until);
                }
            }
            Happened::Stamped { .. }
            | Happened::Level { .. }
            | Happened::Challenge { .. }
            | Happened::Entries { .. }
            | Happened::Drawn { .. }
            | Happened::Won { .. }
            | Happened::Offer { .. }
            | Happened::Limited { .. }
            | Happened::NewTerms(_)
            | Happened::Nothing(_) => {}
        }
    }
    Ok(journal.len())
}

/// A posting, rule by rule where rules brought it.
fn tell_posting(run: &Run<'_>, day: Date, posting: &Posting, told: &mut dyn Told) -> Result<(), Beyond> {
    let mut rest = run.steps_of(posting.unit, &posting.amount)?;
    let mut part = |rule, amount| {
        if amount != 0 {
            told.posted(day, posting.unit, posting.kind, rule, amount);
        }
    };
    if posting.kind == PostingKind::Earned {
        for one in posting.parts.iter().filter(|one| one.rule.is_some()) {
            let amount = run.steps_of(posting.unit, &one.posted)?;
            rest = rest.checked_sub(amount).ok_or(Beyond)?;
            part(one.rule, amount);
        }
    }
    part(None, rest);
    Ok(())
}
