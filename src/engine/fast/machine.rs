//! The machine: plays a member from her first event to her last.

use super::Beyond;
use super::asked::{Asked, Stop};
use super::cards::CardRules;
use super::days::{date, number};
use super::deals::Deals;
use super::levels::Level;
use super::purses::{Credit, Units};
use super::record::{Here, Journal, Record, Source, Words, source_name};
use super::scene::{Scene, column_says};
use super::state::State;
use super::streaks::Periods;
use super::tape::Tape;
use super::till::{add_off, money_off};
use super::timers::{Due, Timers};
use super::told::{Both, Tells, Told};
use super::value::{Accrual, Fired, Valuation};
use super::visits::counted_in;
use super::windows::Windows;
use crate::engine::outcome::{MemberView, PostingKind, Reason};
use crate::engine::parts::order::Order;
use crate::engine::parts::{Counts, Played};
use crate::engine::pile::{NONE, Pile, SCALE};
use crate::engine::plan::among::NOTHING;
use crate::engine::plan::{Plan, Read, Summed, on};
use crate::engine::reference::events::taken_in;
use crate::ledger::{Kind, MemberRow};
use crate::mechanics::points::Renewal;
use crate::mechanics::rule::Trigger;
use crate::mechanics::settings::Membership;
use crate::mechanics::{ActivityId, CardId, PointsId, TiersId};
use crate::value::clock::Date;
use crate::value::exact::Exact;

/// What an event that was taken in counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Purchase,
    Visit,
    Activity(ActivityId),
    /// A joining or a redemption.
    Other,
}

/// Plays members, one after the other, in the same room.
pub struct Machine<'p> {
    pub(super) plan: &'p Plan<'p>,
    pub(super) units: Units,
    pub(super) windows: Windows,
    pub(super) lives: Vec<super::days::EndingId>,
    pub(super) valuation: Valuation,
    pub(super) deals: Deals,
    pub(super) told: Told,
    pub(super) card_rules: Vec<CardRules>,
    pub(super) state: State,
    /// Room for the figures of a tiers block.
    pub(super) figures: Vec<i64>,
}

impl<'p> Machine<'p> {
    /// A machine for a plan that leaves nothing to the plain engine.
    ///
    /// # Errors
    /// When the plan has something beyond it.
    pub fn new(plan: &'p Plan<'p>) -> Result<Self, Beyond> {
        if !plan.beyond.is_empty() {
            return Err(Beyond);
        }
        let program = plan.program;
        let mut units = Units::of(program)?;
        let lives = plan.lives.iter().map(|life| units.life(*life)).collect::<Result<_, _>>()?;
        let deals = Deals::of(plan, &mut units)?;
        let card_rules = CardRules::of(program, &mut units.days)?;
        let windows = Windows::new(&program.settings.clock);
        Ok(Self {
            plan,
            units,
            windows,
            lives,
            valuation: Valuation::default(),
            deals,
            told: Told::default(),
            card_rules,
            state: State::new(plan),
            figures: Vec::new(),
        })
    }

    /// Plays a member over her events: places in the pile, in the order of section 6.2.
    ///
    /// # Errors
    /// When something is beyond this interpreter; what is in `played` then says nothing.
    pub fn play(
        &mut self,
        pile: &Pile,
        events: &[u32],
        row: Option<&MemberRow>,
        asked: &Asked,
        played: &mut Played,
    ) -> Result<(), Beyond> {
        let mut told = std::mem::take(&mut self.told);
        told.clear();
        let done = self.play_with(pile, events, row, asked, played, &mut told);
        self.told = told;
        done
    }

    /// The same, with the journal of what happens to the member of this id.
    ///
    /// # Errors
    /// As [`Machine::play`].
    pub fn play_told(
        &mut self,
        pile: &Pile,
        events: &[u32],
        (id, row): (&str, Option<&MemberRow>),
        asked: &Asked,
        played: &mut Played,
    ) -> Result<(), Beyond> {
        let mut told = std::mem::take(&mut self.told);
        told.clear();
        let event = |nth: u32| pile.id.get(events[nth as usize] as usize).to_owned();
        let decimals = self.plan.program.points.iter().map(|points| points.decimals).collect();
        let journal = Journal { entries: Vec::new(), member: id.to_owned(), event: &event, decimals, postings: 0 };
        let mut both = Both { told: &mut told, journal };
        let done = self.play_with(pile, events, row, asked, played, &mut both);
        played.journal = both.journal.entries.into_iter().map(|entry| (Order::default(), entry)).collect();
        self.told = told;
        done
    }

    fn play_with(
        &mut self,
        pile: &Pile,
        events: &[u32],
        row: Option<&MemberRow>,
        asked: &Asked,
        played: &mut Played,
        told: &mut impl Tells,
    ) -> Result<(), Beyond> {
        self.begin(row, asked.first)?;
        if !self.plan.timers.is_empty() {
            let joins = |place: &u32| pile.kind[*place as usize] == Kind::Join;
            self.state.timers.joins_by_event = events.iter().any(joins);
        }
        self.find_due();
        pile.bring_near(events);
        self.state.name(pile, events);
        self.valuation.explains = explains(told);
        let mut stops = asked.stops.iter();
        let mut next = stops.next();
        let mut first = (0, 0);
        for (nth, place) in events.iter().enumerate() {
            let at = pile.at[*place as usize];
            // The end of a day comes before the events of the next; a moment has its own events in.
            while let Some(stop) = next.filter(|stop| if stop.closing { stop.at <= at } else { stop.at < at }) {
                self.stop(stop, pile, events, played, told, &mut first)?;
                next = stops.next();
            }
            self.advance(pile, nth, events, told)?;
        }
        while let Some(stop) = next {
            self.stop(stop, pile, events, played, told, &mut first)?;
            next = stops.next();
        }
        played.due = date(self.state.due.day).filter(|_| self.state.due != Due::NEVER);
        // Of the whole journal, timers fire until the last event of anybody.
        let last = events.last().map(|event| pile.id.get(*event as usize));
        if let Some((day, id)) = &asked.last
            && last != Some(id)
        {
            self.timers(Due::opening(*day), told)?;
        }
        played.drawn = self.drawn();
        Ok(())
    }

    /// One event of hers with the timers that stand before it, what follows from it, and when something is due next.
    pub(super) fn advance(
        &mut self,
        pile: &Pile,
        nth: usize,
        events: &[u32],
        record: &mut impl Record,
    ) -> Result<(), Beyond> {
        let place = events[nth] as usize;
        let (at, day) = (pile.at[place], pile.day[place]);
        self.timers(Due::opening(day), record)?;
        let source = Source::Event(u32::try_from(nth).map_err(|_| Beyond)?);
        self.state.here = Here { at, day, source };
        self.state.event = Some(place);
        self.state.visit = self.visit_at(pile, place);
        self.event(pile, place, nth, events, record)?;
        self.follow(pile, record)?;
        self.find_due();
        Ok(())
    }

    /// The next member has done nothing yet.
    /// The program's history begins on the day `first`, where the program does not say when it begins.
    pub(super) fn begin(&mut self, row: Option<&MemberRow>, first: i32) -> Result<(), Beyond> {
        let state = &mut self.state;
        state.here = Here { at: i64::MIN, day: i32::MIN, source: Source::Timer(Words::StartOf, 0) };
        state.event = None;
        (state.listed, state.enrolled, state.left) = (row.is_some(), row.is_some(), false);
        state.joined_by_event = false;
        state.facts.joined = row.and_then(|row| row.joined).map(number);
        state.facts.birthday = row.and_then(|row| row.birthday);
        state.facts.columns.clear();
        for (column, how) in &self.plan.member_tests {
            let says = column_says(self.plan, how, row.and_then(|row| row.columns.get(column)))?;
            state.facts.columns.push(says);
        }
        state.purses.clear();
        state.cards.clear();
        if row.is_some() {
            state.cards.begin(&self.card_rules);
        }
        state.hers.clear();
        state.tapes.iter_mut().for_each(Tape::clear);
        state.levels.iter_mut().for_each(|level| *level = Level::default());
        state.bought.clear();
        state.did.clear();
        state.streaks.iter_mut().for_each(Periods::clear);
        state.visits.clear();
        state.visit = None;
        (state.sales, state.purchases, state.back_parts) = (0, 0, Exact::zero());
        state.kept.clear();
        state.came.clear();
        state.drawn.clear();
        state.following.clear();
        state.timers = Timers::of(row.map(|row| row.joined.map(number)), first, &self.plan.program.settings);
        state.due = Due::NEVER;
        Ok(())
    }

    /// Writes the state down as it stands at a moment.
    fn stop(
        &mut self,
        stop: &Stop,
        pile: &Pile,
        events: &[u32],
        played: &mut Played,
        told: &mut impl Tells,
        first: &mut (usize, usize),
    ) -> Result<(), Beyond> {
        let upto = if stop.closing { Due::closing(stop.day) } else { Due::opening(stop.day) };
        self.timers(upto, told)?;
        let told = told.told();
        let moment = played.views.len();
        let view = self.view(stop.day, |source| {
            source_name(source, |event| pile.id.get(events[event as usize] as usize).to_owned())
        });
        played.views.push(view);
        let mut sales = Exact::ratio(self.state.sales, SCALE);
        if !self.state.back_parts.is_zero() {
            sales -= &(&self.state.back_parts * &Exact::ratio(1, SCALE));
        }
        played.counts.push(Counts { purchases: self.state.purchases, sales, ..told.counts.clone() });
        for (event, reason) in &told.rejected[first.0..] {
            let id = pile.id.get(events[*event as usize] as usize);
            played.rejected.push((id.to_owned(), *reason, moment));
        }
        for (purchase, change) in &told.off[first.1..] {
            played.discounts.push((purchase.clone(), change.clone(), moment));
        }
        *first = (told.rejected.len(), told.off.len());
        Ok(())
    }

    fn view(&self, day: i32, name: impl Fn(Source) -> String) -> Option<MemberView> {
        let state = &self.state;
        if !state.is_member(day) && !state.left && !state.purses.any() {
            return None;
        }
        Some(MemberView {
            // A program with challenges is left to the reference.
            challenges: Vec::new(),
            measured: Vec::new(),
            // The same of draws.
            entries: Vec::new(),
            points: state.purses.view(&self.units, name),
            levels: state.levels.iter().map(|level| level.best(day)).map(|(level, last)| (level, date(last))).collect(),
            cards: state.cards.view(),
            gifts: state.hers.gifts.view(day),
            memberships: std::collections::BTreeMap::new(),
            left: state.left,
            // The same of a program with versions.
            version: 0,
        })
    }

    /// Fires what is due up to the end or the start of a day.
    pub(super) fn timers(&mut self, upto: Due, record: &mut impl Record) -> Result<(), Beyond> {
        while self.state.due <= upto {
            let due = self.state.due;
            if due.opens {
                self.open_day(due.day, record)?;
            } else {
                self.close_day(due.day - 1, record)?;
            }
            self.find_due();
            if self.state.due <= due && self.state.due.day <= self.state.here.day {
                // What is still due on a day that has been opened would be so for ever.
                return Err(Beyond);
            }
        }
        Ok(())
    }

    /// What stands at the start of a day: what ended the day before ends, then reviews, then rules.
    fn open_day(&mut self, due: i32, record: &mut impl Record) -> Result<(), Beyond> {
        let state = &mut self.state;
        let day = due.max(state.here.day);
        let start = date(day).map(|day| self.windows.clock().start_of(day).0.as_second()).ok_or(Beyond)?;
        state.here = Here { at: start.max(state.here.at), day, source: Source::Timer(Words::StartOf, day) };
        (state.event, state.visit) = (None, None);
        let here = state.here;
        state.purses.expire(&here, record)?;
        state.purses.release(&self.units, &here, record)?;
        state.hers.gifts.expire(&here, record);
        state.cards.lapse(&self.card_rules, &mut self.units.days, &here, record);
        self.level_timers(record)?;
        self.follow(&Pile::default(), record)?;
        self.open_rules(start, record)
    }

    /// Finds when something is due next.
    pub(super) fn find_due(&mut self) {
        let lots = self.state.purses.next_due().min(self.state.hers.gifts.next_due());
        let cards = self.state.cards.next_due(&self.card_rules, &mut self.units.days);
        let by_itself = lots.min(cards).min(self.levels_due());
        self.state.due = self.rules_due(by_itself);
    }

    /// Whether the program runs on the day at hand.
    fn runs(&self) -> bool {
        let (settings, day) = (&self.plan.program.settings, self.state.here.day);
        settings.from.is_none_or(|from| number(from) <= day) && settings.until.is_none_or(|until| day <= number(until))
    }

    /// One event, after the timers that stand before it.
    fn event(
        &mut self,
        pile: &Pile,
        place: usize,
        nth: usize,
        events: &[u32],
        record: &mut impl Record,
    ) -> Result<(), Beyond> {
        if u32::try_from(place).is_ok_and(|place| pile.whole.contains_key(&place)) {
            return Err(Beyond);
        }
        let here = self.state.here;
        if !self.runs() {
            let nobodys = pile.member.get(place).is_empty();
            if nobodys {
                return Err(Beyond);
            }
            record.rejected(&here, Reason::OutsideProgram, || "the program does not run on this day".to_owned());
            return Ok(());
        }
        let kind = pile.kind[place];
        if kind == Kind::Return {
            return self.returns(pile, place, events, record);
        }
        if kind == Kind::Join {
            return self.join(pile, nth, record);
        }
        let enrolls = kind == Kind::Purchase && self.enrolls();
        if !enrolls && !self.state.is_member(here.day) {
            let id = pile.member.get(place);
            let day = || date(here.day).unwrap_or(Date::MAX);
            record.rejected(&here, Reason::NotAMember, || format!("{id} is no member on {}", day()));
            return Ok(());
        }
        match kind {
            Kind::Purchase => self.purchase(pile, place, nth, enrolls, record),
            Kind::Visit => {
                self.take_in(pile, (nth, Act::Visit), Fired { on: 0, trigger: None }, &[Renewal::Visit], record)
            }
            Kind::Subscribe | Kind::Cancel if !self.plan.program.memberships.is_empty() => Err(Beyond),
            Kind::Subscribe | Kind::Cancel | Kind::Draw => {
                record.nothing(&here, || format!("this program does nothing on {}", kind.word()));
                Ok(())
            }
            Kind::Redeem => self.redeem(pile, (place, nth), record),
            Kind::Leave => self.leave(record),
            Kind::Grant => self.grant(pile, place, record),
            Kind::Revoke => self.revoke(pile, place, events, record),
            Kind::Adjust => self.adjust(pile, place, record),
            Kind::Activity => self.activity(pile, place, nth, record),
            Kind::Referral | Kind::Merge | Kind::Transfer => Err(Beyond),
            Kind::Return | Kind::Join => Ok(()),
        }
    }

    /// Whether a purchase makes its customer a member.
    fn enrolls(&self) -> bool {
        let state = &self.state;
        match self.plan.program.settings.membership {
            Membership::Any | Membership::ByFirstPurchase => !state.enrolled && !state.listed && !state.left,
            Membership::ByEvent => false,
        }
    }

    /// Makes someone a member from here on.
    fn enroll(&mut self) -> Result<(), Beyond> {
        let state = &mut self.state;
        if state.left {
            // What she did before would be looked at with another day of joining.
            return Err(Beyond);
        }
        state.enrolled = true;
        state.timers.enroll(state.here.day);
        state.facts.joined = Some(state.here.day);
        state.joined_by_event = true;
        state.cards.begin(&self.card_rules);
        Ok(())
    }

    fn join(&mut self, pile: &Pile, nth: usize, record: &mut impl Record) -> Result<(), Beyond> {
        let here = self.state.here;
        let member = self.state.is_member(here.day);
        let state = &mut self.state;
        if state.listed && !state.left && !member {
            let why = "by the members file, the day of joining is later";
            record.rejected(&here, Reason::NotAMember, || why.to_owned());
            return Ok(());
        }
        if member && state.joined_by_event {
            record.nothing(&here, || "a member already".to_owned());
            return Ok(());
        }
        if !member && self.plan.program.settings.membership == Membership::ByFirstPurchase {
            record.nothing(&here, || "members of this program join by their first purchase".to_owned());
            return Ok(());
        }
        if !member {
            self.enroll()?;
        }
        self.state.joined_by_event = true;
        self.state.facts.joined.get_or_insert(here.day);
        self.take_in(pile, (nth, Act::Other), Fired { on: on::JOIN, trigger: None }, &[Renewal::Any], record)
    }

    fn purchase(
        &mut self,
        pile: &Pile,
        place: usize,
        nth: usize,
        enrolled: bool,
        record: &mut impl Record,
    ) -> Result<(), Beyond> {
        if enrolled {
            self.enroll()?;
        }
        let state = &mut self.state;
        state.facts.joined.get_or_insert(state.here.day);
        let fired = Fired { on: on::PURCHASE | if enrolled { on::JOIN } else { 0 }, trigger: None };
        self.take_in(pile, (nth, Act::Purchase), fired, &[Renewal::Visit, Renewal::Purchase], record)?;
        let state = &mut self.state;
        for line in pile.lines(place) {
            let amount = pile.amount[line];
            if amount != NONE {
                state.sales = state.sales.checked_add(amount).ok_or(Beyond)?;
            }
        }
        state.purchases += 1;
        state.bought.push((u32::try_from(nth).map_err(|_| Beyond)?, state.here.day));
        Ok(())
    }

    /// Values an event that was accepted, and gives what it brings.
    pub(super) fn take_in(
        &mut self,
        pile: &Pile,
        (nth, act): (usize, Act),
        fired: Fired,
        acts: &[Renewal],
        record: &mut impl Record,
    ) -> Result<(), Beyond> {
        let Some(place) = self.state.event else { return Err(Beyond) };
        let purchase = act == Act::Purchase;
        self.state.read_lines(pile, place);
        self.refresh(purchase)?;
        let fired = Fired { on: fired.on | self.begins_visit(act), ..fired };
        let plan = self.plan;
        let state = &self.state;
        let scene = state.scene(plan, pile);
        self.valuation.value(&scene, &plan.on_events, fired)?;
        for (slot, add) in plan.slots.iter().zip(&mut self.valuation.adds) {
            if let Some(more) = brought(&slot.sum, act, &scene)? {
                *add = add.checked_add(more).ok_or(Beyond)?;
            }
        }
        let off = match act {
            Act::Purchase if !plan.discounts.is_empty() => money_off(&scene, pile.id.get(place))?,
            Act::Purchase | Act::Visit | Act::Activity(_) | Act::Other => Vec::new(),
        };
        let visit_has = counted_in(plan, &scene)?;
        add_off(plan, &off, &mut self.valuation.adds)?;
        (self.state.off, self.state.visit_has) = (off, visit_has);
        self.state.ask_budgets(self.state.here.day, &self.valuation.drawn)?;
        let kept = purchase && self.state.is_named(nth);
        if kept {
            self.keep(pile, place, nth, fired)?;
        } else {
            self.state.push_tapes(&self.valuation.adds)?;
        }
        self.join_visit((nth, place), act, kept)?;
        self.keep_streaks(act);
        let before = record.entries();
        for act in acts {
            self.state.purses.renew(&mut self.units, self.state.here.day, *act);
        }
        self.tell_off(&[], record)?;
        self.give_points(record)?;
        self.stamp_event(pile, act, record)?;
        self.give_stamps(pile, record)?;
        self.give_gifts(pile, record)?;
        self.look_at_levels(record)?;
        if record.entries() == before {
            record.nothing(&self.state.here, || taken_in(self.valuation.rounds_to_nothing()).to_owned());
        }
        Ok(())
    }

    /// Posts the points of the valuation at hand.
    pub(super) fn give_points(&mut self, record: &mut impl Record) -> Result<(), Beyond> {
        let Self { plan, units, lives, valuation, state, .. } = self;
        let of = |accrual: &Accrual| {
            (PointsId(accrual.unit as usize), accrual.life.checked_sub(1).map(|life| lives[life as usize]))
        };
        // Where a debt is open, what ends soonest comes first, and so pays it.
        let owes = valuation.accruals.iter().any(|one| state.purses.get(state.purses.of(of(one).0)).debt() > 0);
        let mut order: Vec<usize> = Vec::new();
        if owes {
            let day = state.here.day;
            let ends = valuation.accruals.iter().map(of);
            let ends: Vec<i32> = ends.map(|(unit, life)| state.purses.ending(unit, life, units, day)).collect();
            order.extend(0..ends.len());
            order.sort_by_key(|at| ends[*at]);
        }
        for nth in 0..valuation.accruals.len() {
            let accrual = &valuation.accruals[order.get(nth).copied().unwrap_or(nth)];
            let (unit, life) = of(accrual);
            let at = state.purses.of(unit);
            if accrual.amount > 0 || accrual.cut {
                record.shares(|| valuation.shares(accrual.unit, accrual.life));
            }
            let credit =
                Credit { kind: PostingKind::Earned, amount: accrual.amount, life, cut: accrual.cut, source: None };
            let more = || valuation.more(plan, accrual.unit, accrual.life);
            state.purses.credit(at, units, &state.here, credit, record, more)?;
        }
        Ok(())
    }

    /// What follows from the happening: levels reached fire rules of their own.
    pub(super) fn follow(&mut self, pile: &Pile, record: &mut impl Record) -> Result<(), Beyond> {
        for _ in 0..MOST_FOLLOWING {
            let Some(trigger) = self.state.following.pop_front() else { return Ok(()) };
            self.fire(pile, trigger, record)?;
            self.look_at_levels(record)?;
        }
        self.state.following.clear();
        Ok(())
    }

    /// Gives what rules give for a trigger that no event stands for.
    pub(super) fn fire(&mut self, pile: &Pile, trigger: Trigger, record: &mut impl Record) -> Result<(), Beyond> {
        let day = self.state.here.day;
        if !self.runs() || !self.state.is_member(day) {
            return Ok(());
        }
        self.state.lines.clear();
        if let Some(place) = self.state.event {
            self.state.read_lines(pile, place);
        }
        let purchase = self.state.event.is_some_and(|place| pile.kind[place] == Kind::Purchase);
        self.refresh(purchase)?;
        let (plan, state) = (self.plan, &self.state);
        let scene = Scene { day, ..state.scene(plan, pile) };
        self.valuation.value(&scene, &plan.order, Fired { on: 0, trigger: Some(trigger) })?;
        self.state.ask_budgets(day, &self.valuation.drawn)?;
        self.state.push_tapes(&self.valuation.adds)?;
        self.give_points(record)?;
        self.count_followed()?;
        self.give_stamps(pile, record)?;
        self.give_gifts(pile, record)
    }

    /// Works out the figures of the state that rules look at.
    pub(super) fn refresh(&mut self, purchase: bool) -> Result<(), Beyond> {
        for place in 0..self.plan.reads.len() {
            self.state.reads[place] = match self.plan.reads[place] {
                Read::Level(tiers) => i64::try_from(self.state.levels[tiers].on(self.state.here.day)).unwrap_or(0),
                Read::Slot(slot) => self.sum(slot),
                Read::FirstPurchase => i64::from(purchase && self.state.bought.is_empty()),
                Read::Visited(slot) => i64::from(self.is_visited(slot)),
                Read::Streak(streak) => self.streak(streak),
                Read::SinceLast => match self.state.bought.last() {
                    Some((_, day)) => i64::from(self.state.here.day - day),
                    None => NOTHING,
                },
                Read::Balance(unit) => self.state.purses.balance(unit),
                Read::Held(held) => i64::from(self.state.hers.gifts.has(held, self.state.here.day)),
                Read::Stamps(card) => self.state.cards.open(CardId(card)),
            };
        }
        Ok(())
    }

    /// A sum over its window as it stands.
    pub(super) fn sum(&mut self, slot: usize) -> i64 {
        let (of, state) = (&self.plan.slots[slot], &mut self.state);
        if let crate::value::clock::Window::LastHours(hours) = of.window {
            return state.tapes[slot].after(state.here.at - i64::from(hours) * 3600);
        }
        let first = self.windows.first(of.window, state.here.day, state.facts.joined, of.campaign.0);
        state.tapes[slot].since(first)
    }

    /// A level is reached that is higher than the one before.
    pub(super) fn lifted(&mut self, tiers: usize) {
        self.state.following.push_back(Trigger::LevelUp(TiersId(tiers)));
    }
}

/// Whether who takes down what happens wants to know why.
fn explains<T: Tells>(_: &T) -> bool {
    T::EXPLAINS
}

/// Most happenings that may follow from one event.
const MOST_FOLLOWING: u32 = 100;

/// What an event adds to a sum over events; none where the sum is over something else.
pub(super) fn brought(sum: &Summed, act: Act, scene: &Scene<'_>) -> Result<Option<i64>, Beyond> {
    let purchase = act == Act::Purchase;
    let of = |wanted: &ActivityId| act == Act::Activity(*wanted);
    Ok(match sum {
        Summed::Money(money) if purchase => Some(scene.over_one(scene.money(money)?)?),
        Summed::Items(pick) if purchase => Some(scene.over_one(scene.sum(pick, |line| line.quantity)?)?),
        Summed::Purchases(lines) if purchase => Some(i64::from(scene.has(lines.as_ref())?)),
        Summed::Activities(Some(wanted)) => Some(i64::from(of(wanted))),
        Summed::Activities(None) => Some(i64::from(matches!(act, Act::Activity(_)))),
        Summed::Field(wanted, column) if wanted.as_ref().is_none_or(of) => Some(scene.number_in(*column)?),
        Summed::Everything => Some(1),
        Summed::Money(_)
        | Summed::Items(_)
        | Summed::Purchases(_)
        | Summed::Visits(_)
        | Summed::HadDiscount(_)
        | Summed::MoneyOff(_)
        | Summed::MoneyOffIn(_)
        | Summed::Field(..)
        | Summed::Points(_)
        | Summed::Times(_)
        | Summed::Posted(..)
        | Summed::InStack(..)
        | Summed::Exact(..) => None,
    })
}
