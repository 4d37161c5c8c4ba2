//! The reference interpreter: slow, plain, and meant to read like section 6 of the language.
//!
//! One loop over the history in the order of section 6.2: whatever is due first, a timer or an
//! event, happens; then what it touched is asked when its next timer is due. Each happening has its
//! own position in the run, and the state is kept whole (see [`state`]), so that a return can value
//! its purchase again under the rules and the state of its own day.

mod accounts;
mod caps;
mod cards;
mod challenges;
mod coupons;
mod discounts;
mod drafts;
mod draws;
pub(in crate::engine) mod events;
mod gifts;
mod given;
mod granted;
pub mod habits;
pub mod households;
mod known;
mod levels;
pub mod live;
mod log;
mod lots;
mod measures;
mod memberships;
mod moves;
pub(in crate::engine) mod off;
pub mod offers;
pub mod part;
mod past;
mod payment;
mod payouts;
pub mod portrait;
mod purse;
mod ranks;
mod redeem;
mod returned;
pub(in crate::engine) mod returns;
mod rises;
mod scene;
mod snapshot;
mod stacks;
pub mod state;
mod sums;
mod tally;
pub(in crate::engine) mod timers;
pub mod valuation;
mod versions;

use crate::engine::deeds::Deeds;
use crate::engine::outcome::{AsOf, Entry, Happened, HeldDraw, Outcome, Reason, When};
use crate::ledger::{Event, History, Kind};
use crate::mechanics::example::{GivenMember, Held};
use crate::mechanics::give::Whom;
use crate::mechanics::rule::Trigger;
use crate::mechanics::{PointsId, Program, RuleId};
use crate::value::clock::{Clock, Date, Moment};
use crate::value::exact::Exact;
use households::Homes;
use state::{Member, Opening, Position, SeenLine};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use tally::Tally;

/// Runs a history through a program: the journal of all of it, the state at each moment asked for, and what happened
/// event by event.
pub fn run(program: &Program, history: &History, as_of: &[AsOf]) -> Outcome {
    let mut outcome = run_without_deeds(program, history, as_of);
    outcome.deeds = Deeds::of_history(&history.events, &outcome.journal, as_of, &program.settings.clock);
    outcome
}

/// The same for who does not ask what happened event by event.
pub fn run_without_deeds(program: &Program, history: &History, as_of: &[AsOf]) -> Outcome {
    Run::new(program, history, None, first_day(history), as_of).play(history, as_of, None).outcome
}

/// The day of a history's first event.
fn first_day(history: &History) -> Option<Date> {
    history.events.iter().map(|event| event.day).min()
}

/// Runs a history that begins on a day with members who already hold something (an example's `given`).
pub(crate) fn run_from(
    program: &Program,
    history: &History,
    start: Date,
    given: &[GivenMember],
    as_of: &[AsOf],
) -> Outcome {
    let mut run = Run::new(program, history, Some(start), first_day(history), as_of);
    run.hand_out(start, given);
    run.play(history, as_of, None).outcome
}

/// A timer's place within its moment: what closes the day before stands before what opens the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    /// The end of the day before: `every WINDOW`, dated its last day.
    Closing,
    /// The start of a day: expiry, reviews, birthdays.
    Opening,
}

/// When and where the run stands.
#[derive(Debug, Clone, Copy)]
struct Here<'a> {
    position: Position,
    at: Moment,
    day: Date,
    event: Option<&'a Event>,
    /// What a timer is called, where there is no event.
    words: &'static str,
}

/// A run under way.
pub struct Run<'a> {
    /// The version that holds for what is happening.
    program: &'a Program,
    /// Its number.
    version: usize,
    /// The number of the version whose lines the journal names.
    told_by: usize,
    /// The program with all its versions.
    whole: &'a Program,
    members: BTreeMap<String, Member<'a>>,
    /// Who lives together, by each version.
    homes: Vec<Homes>,
    /// Accounts that were taken in by others.
    aliases: BTreeMap<String, String>,
    /// Every accepted purchase by its id: whose, and its place in the run.
    bought: BTreeMap<&'a str, (Option<String>, Position)>,
    /// The lines of anonymous purchases.
    anonymous: BTreeMap<&'a str, Vec<SeenLine<'a>>>,
    /// What is taken off purchases that nobody put a name to.
    nobodys: BTreeMap<&'a str, discounts::Nobodys<'a>>,
    /// What everybody together had of each discount.
    had_in_all: Vec<discounts::HadInAll>,
    /// Redemptions by their event: whose.
    redeemed_by: BTreeMap<&'a str, String>,
    /// How often each rule gave something to anyone.
    times: BTreeMap<RuleId, Tally>,
    /// What each rule posted to anyone.
    posted: BTreeMap<(RuleId, PointsId), Tally>,
    /// Money drawn from each budget.
    budgets: Vec<Tally>,
    /// What is known of each draw.
    draws: Vec<draws::DrawState>,
    /// Draws that earlier nights have held.
    held_before: Vec<HeldDraw>,
    /// Redemptions of each reward by anyone.
    redemptions: Vec<Tally>,
    /// How many of each gift and reward are out.
    issued: BTreeMap<Held, u32>,
    /// Members by when their next timer is due.
    agenda: BTreeSet<(Moment, Phase, String)>,
    due: BTreeMap<String, (Moment, Phase)>,
    /// What was bought together so far.
    baskets: offers::Baskets,
    /// Where all members stand in the rankings that conditions ask about.
    boards: RefCell<ranks::Boards>,
    /// Members whose next timer has to be found again.
    touched: BTreeSet<String>,
    /// What followed from the happening under way, still to be valued.
    following: VecDeque<(String, Trigger)>,
    /// What rules fire on, each once: timers are looked for among them.
    timer_triggers: Vec<Trigger>,
    /// Members with a `join` event: their `on join` rules wait for it.
    joiners: BTreeSet<&'a str>,
    here: Here<'a>,
    /// How many cards are filling one another.
    depth: u32,
    outcome: Outcome,
    /// What rules would have posted before limits in all cut it, day by day.
    asked: RefCell<BTreeMap<(part::Shared, Date), Exact>>,
    /// Where in the journal each happening begins.
    steps: Vec<(usize, part::Step)>,
    postings: u64,
    sales: Exact,
    purchases: u64,
}

impl<'a> Run<'a> {
    /// `first_event` is the day of the whole history's first, of which `history` may be a part.
    fn new(
        program: &'a Program,
        history: &'a History,
        start: Option<Date>,
        first_event: Option<Date>,
        as_of: &[AsOf],
    ) -> Self {
        // Without events it begins with the first moment asked for: timers need a day to begin from.
        let first_asked = || as_of.iter().map(|wanted| wanted.when.day(&program.settings.clock)).min();
        let begin = start.or(program.settings.from).or(first_event).or_else(first_asked).unwrap_or(Date::MIN);
        let mut run = Self {
            program,
            version: 0,
            told_by: 0,
            whole: program,
            members: BTreeMap::new(),
            homes: program.versions().map(|version| Homes::new(version, &history.members)).collect(),
            aliases: BTreeMap::new(),
            bought: BTreeMap::new(),
            anonymous: BTreeMap::new(),
            nobodys: BTreeMap::new(),
            had_in_all: vec![discounts::HadInAll::default(); program.discounts.len()],
            redeemed_by: BTreeMap::new(),
            times: BTreeMap::new(),
            posted: BTreeMap::new(),
            budgets: vec![Tally::default(); program.budgets.len()],
            draws: vec![draws::DrawState::default(); program.draws.len()],
            held_before: Vec::new(),
            redemptions: vec![Tally::default(); program.rewards.len()],
            issued: BTreeMap::new(),
            agenda: BTreeSet::new(),
            due: BTreeMap::new(),
            baskets: offers::Baskets::of(program),
            boards: RefCell::new(ranks::Boards::of(program)),
            touched: BTreeSet::new(),
            following: VecDeque::new(),
            timer_triggers: timers::triggers_of(program),
            joiners: history
                .events
                .iter()
                .filter(|event| event.kind == Kind::Join)
                .filter_map(|event| event.member.as_deref())
                .collect(),
            here: Here { position: 0, at: Moment::MIN, day: begin, event: None, words: "the start" },
            depth: 0,
            outcome: Outcome::default(),
            asked: RefCell::default(),
            steps: Vec::new(),
            postings: 0,
            sales: Exact::zero(),
            purchases: 0,
        };
        for (id, row) in &history.members {
            let joined = row.joined.unwrap_or(begin);
            run.under(program.version_on(joined.max(begin), Some(joined)));
            run.list(id, row.joined, row.birthday, row.columns.clone(), begin, start);
        }
        run.reschedule();
        run
    }

    /// The loop of section 6.2. `beyond`: the moment of an event that follows in the whole history, and is none
    /// of this part.
    fn play(mut self, history: &'a History, as_of: &[AsOf], beyond: Option<Moment>) -> Self {
        let mut moments: Vec<(Moment, Phase, &AsOf)> = as_of.iter().map(|wanted| self.moment_of(wanted)).collect();
        moments.sort_by_key(|(moment, phase, _)| (*moment, *phase));
        let mut moments = moments.into_iter().peekable();
        let events = history.events.iter().enumerate().map(|(place, event)| (event.at, Some((place, event))));
        for (at, event) in events.chain(beyond.map(|at| (at, None))) {
            // The end of a day comes before the events of the next; a moment has its own events in.
            while let Some((moment, phase, wanted)) = moments.next_if(|(moment, phase, _)| match phase {
                Phase::Closing => *moment <= at,
                Phase::Opening => *moment < at,
            }) {
                self.timers(moment, phase);
                self.snapshot(wanted);
            }
            self.timers(at, Phase::Opening);
            let Some((place, event)) = event else { continue };
            self.steps.push((self.outcome.journal.len(), part::Step::Event(place)));
            self.advance(event);
        }
        for (moment, phase, wanted) in moments {
            self.timers(moment, phase);
            self.snapshot(wanted);
        }
        debug_assert_eq!(self.outcome.verify(), Ok(()));
        self
    }

    /// An event, behind the timers that stand before it, with what follows from it.
    fn advance(&mut self, event: &'a Event) {
        self.step(event.at, event.day, Some(event), "");
        self.event(event);
        self.follow();
        self.pay_what_is_reached();
        self.baskets.add(event);
        self.reschedule();
    }

    /// The moment of a snapshot, and whether the timers that stand there come before it.
    fn moment_of<'w>(&self, wanted: &'w AsOf) -> (Moment, Phase, &'w AsOf) {
        match wanted.when {
            When::EndOf(day) => (self.clock().end_of(day), Phase::Closing, wanted),
            When::At(moment) => (moment, Phase::Opening, wanted),
        }
    }

    /// Moves on to the next place in the run.
    fn step(&mut self, at: Moment, day: Date, event: Option<&'a Event>, words: &'static str) {
        self.here = Here { position: self.here.position + 1, at, day, event, words };
    }

    fn clock(&self) -> &'a Clock {
        &self.program.settings.clock
    }

    /// What brought what happens here, as lots name it.
    fn source(&self) -> String {
        match self.here.event {
            Some(event) => event.id.clone(),
            None => format!("{} {}", self.here.words, self.here.day),
        }
    }

    /// Whether the program runs on a day.
    fn runs_on(&self, day: Date) -> bool {
        let settings = &self.program.settings;
        settings.from.is_none_or(|from| from <= day) && settings.until.is_none_or(|until| day <= until)
    }

    /// The account that stands for an id now.
    fn account(&self, id: &str) -> String {
        let mut id = id;
        // Each merge makes an alias of an account that was none, so this ends.
        while let Some(into) = self.aliases.get(id) {
            id = into;
        }
        id.to_owned()
    }

    /// A member that exists; she is asked for her next timer afterwards.
    fn member_mut(&mut self, id: &str) -> &mut Member<'a> {
        if !self.touched.contains(id) {
            self.touched.insert(id.to_owned());
        }
        self.boards.get_mut().touch(id, self.here.position);
        let (tiers, cards) = (self.program.tiers.len(), self.program.cards.len());
        if !self.members.contains_key(id) {
            self.members.insert(id.to_owned(), Member::stranger(id, tiers, cards));
        }
        self.members.get_mut(id).expect("it was put in just above")
    }

    /// Whether an id is a member on the day at hand.
    fn is_member(&self, id: &str) -> bool {
        self.members.get(id).is_some_and(|member| member.is_member(self.here.day))
    }

    /// The one who receives, where she is a member; the event's member always is one by then.
    fn recipient(&self, to: Whom, member: &Member<'a>, event: Option<&Event>) -> Option<String> {
        let other = match (to, event) {
            (Whom::Member, _) => return Some(member.id.clone()),
            (Whom::Referrer, _) => member.referrer.clone(),
            (Whom::Friend, Some(event)) => event.reference.clone(),
            (Whom::Friend, None) => None,
        };
        other.map(|id| self.account(&id)).filter(|id| self.is_member(id))
    }

    /// The state that rules see here.
    fn opening(&self, id: &str) -> Opening {
        self.members.get(id).map(|member| self.opening_of(member)).unwrap_or_default()
    }

    fn note(&mut self, member: Option<&str>, what: Happened) {
        self.outcome.journal.push(Entry {
            at: self.here.at,
            day: self.here.day,
            version: self.told_by,
            member: member.map(str::to_owned),
            event: self.here.event.map(|event| event.id.clone()),
            what,
        });
    }

    fn reject(&mut self, member: Option<&str>, reason: Reason, sentence: impl Into<String>) {
        self.note(member, Happened::Rejected { reason, sentence: sentence.into() });
    }

    fn nothing(&mut self, member: Option<&str>, sentence: impl Into<String>) {
        self.note(member, Happened::Nothing(sentence.into()));
    }
}
