//! A member played event by event is told what a run over the same events posts, and stands as its facts say.

use loyal::engine::fast::Beyond;
use loyal::engine::fast::live::FastLive;
use loyal::engine::live::{Bought, Like, Live, Stands, Told, player};
use loyal::engine::outcome::{AsOf, DiscountOf, GiftLife, Happened, MemberView, PostingKind, Reason, StampWhy, When};
use loyal::engine::pile::scaled;
use loyal::engine::plan::Plan;
use loyal::engine::reference::live::PlainLive;
use loyal::engine::reference::part::{Whole, run_part};
use loyal::ledger::{Event, History, Kind};
use loyal::mechanics::example::Held;
use loyal::mechanics::rule::Trigger;
use loyal::mechanics::{CardId, MembershipId, PointsId, Program, RuleId, TiersId};
use loyal::value::clock::{Date, Length};
use loyal::value::exact::Exact;
use std::collections::BTreeMap;

/// How many members were played, and how many of them by the machine to the end.
#[derive(Debug, Clone, Copy, Default)]
pub struct Share {
    pub members: u64,
    pub fast: u64,
}

/// What was told, added up by day and kind.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sums(BTreeMap<String, Exact>);

impl Sums {
    fn add(&mut self, day: Date, what: String, amount: &Exact) {
        if !amount.is_zero() {
            *self.0.entry(format!("{day} {what}")).or_default() += amount;
        }
    }

    fn count(&mut self, day: Date, what: String) {
        self.add(day, what, &Exact::one());
    }

    /// Nothing that came to nothing.
    fn kept(mut self) -> Self {
        self.0.retain(|_, sum| !sum.is_zero());
        self
    }
}

/// Sums up what it is told.
struct Listener<'p> {
    program: &'p Program,
    sums: Sums,
}

impl Told for Listener<'_> {
    fn posted(&mut self, day: Date, unit: PointsId, kind: PostingKind, rule: Option<RuleId>, amount: i64) {
        let amount = steps(self.program, unit, amount);
        self.sums.add(day, format!("{unit:?} {kind:?} {rule:?}"), &amount);
    }
    fn gift(&mut self, day: Date, held: Held, life: GiftLife, rule: Option<RuleId>) {
        self.sums.count(day, format!("{held:?} {life:?} {rule:?}"));
    }
    fn off(&mut self, day: Date, of: DiscountOf, amount: i64) {
        self.sums.add(day, format!("{of:?}"), &Exact::ratio(amount, 10_000));
    }
    fn level(&mut self, day: Date, tiers: TiersId, from: usize, to: usize) {
        self.sums.count(day, format!("{tiers:?} {from} to {to}"));
    }
    fn filled(&mut self, day: Date, card: CardId) {
        self.sums.count(day, format!("{card:?} full"));
    }
    fn fee(&mut self, day: Date, membership: MembershipId, amount: i64, until: Option<Date>) {
        self.sums.add(day, format!("{membership:?} {until:?}"), &Exact::ratio(amount, 10_000));
    }
    fn rejected(&mut self, day: Date, reason: Reason) {
        self.sums.count(day, format!("{reason:?}"));
    }
}

fn steps(program: &Program, unit: PointsId, amount: i64) -> Exact {
    Exact::ratio(amount, 10_i64.pow(program.points[unit.0].decimals))
}

/// The same sums of a journal.
fn of_journal(journal: &[loyal::engine::outcome::Entry], id: &str) -> Sums {
    let mut sums = Sums::default();
    for entry in journal.iter().filter(|entry| entry.member.as_deref() == Some(id)) {
        let day = entry.day;
        match &entry.what {
            Happened::Posted(posting) => {
                let mut rest = posting.amount.clone();
                let (unit, kind) = (posting.unit, posting.kind);
                for part in posting.parts.iter().filter(|part| part.rule.is_some() && kind == PostingKind::Earned) {
                    rest -= &part.posted;
                    sums.add(day, format!("{unit:?} {kind:?} {:?}", part.rule), &part.posted);
                }
                sums.add(day, format!("{unit:?} {kind:?} None"), &rest);
            }
            Happened::Gift { held, life, rule, .. } => sums.count(day, format!("{held:?} {life:?} {rule:?}")),
            Happened::Discount(off) => sums.add(day, format!("{:?}", off.of), &off.change()),
            Happened::Level { tiers, from, to, .. } if from != to => {
                sums.count(day, format!("{tiers:?} {from} to {to}"));
            }
            Happened::Stamped { card, why: StampWhy::Full, .. } => sums.count(day, format!("{card:?} full")),
            Happened::Membership { membership, fee, until, .. } => {
                sums.add(day, format!("{membership:?} {until:?}"), fee);
            }
            Happened::Rejected { reason, .. } => sums.count(day, format!("{reason:?}")),
            _ => {}
        }
    }
    sums
}

/// How a view stands.
fn stands(view: &MemberView, program: &Program) -> Stands {
    let mut stands = Stands {
        spendable: vec![0; program.points.len()],
        outstanding: vec![0; program.points.len()],
        levels: view.levels.iter().map(|level| level.0).collect(),
        level_ends: view.levels.iter().map(|level| level.1).collect(),
        stamps: view.cards.clone(),
        held: view.gifts.iter().map(|(held, number)| (*held, *number)).collect(),
    };
    for ((unit, _), points) in &view.points {
        let steps = |sum: Exact| {
            (sum * Exact::from_int(10_i64.pow(program.points[unit.0].decimals))).to_i64().expect("whole steps")
        };
        stands.spendable[unit.0] += steps(points.balance.clone());
        stands.outstanding[unit.0] += steps(&points.balance + &points.pending - &points.debt);
    }
    stands
}

/// Now and then, what a purchase is like, and its amounts.
fn like(event: &Event, nth: usize, plan: &Plan<'_>) -> Option<(Like, Vec<i64>)> {
    let amounts: Option<Vec<i64>> = event.lines.iter().map(|line| scaled(line.amount.as_ref()?)).collect();
    let amounts = amounts.filter(|_| event.kind == Kind::Purchase && nth % 4 < 2)?;
    let mut other = event.clone();
    other.lines.iter_mut().for_each(|line| line.amount = None);
    Some((Like::new(Event { id: "like".to_owned(), member: None, ..other }, plan), amounts))
}

/// Plays her; what was told, and how she stands on `last`. Now and then her days are looked at before she acts.
fn played(
    live: &mut dyn Live,
    plan: &Plan<'_>,
    hers: &History,
    (id, first, last): (&str, Date, Date),
) -> Result<(Sums, Stands), Beyond> {
    match hers.members.get(id) {
        Some(row) => live.begin(id, row, first)?,
        None => live.begin_unlisted(id, first)?,
    }
    let mut told = Listener { program: plan.program, sums: Sums::default() };
    let mut before = first;
    for (nth, event) in hers.events.iter().enumerate() {
        if nth % 2 == 1 {
            live.upto(event.day, &mut told)?;
        }
        if nth % 3 == 2 && Length::Days(1).after(before).is_some_and(|between| between < event.day) {
            live.upto(event.day.yesterday().unwrap_or(event.day), &mut told)?;
        }
        match like(event, nth, plan) {
            Some((like, amounts)) => {
                let bought = Bought { id: &event.id, at: event.at, day: event.day, amounts: &amounts };
                live.buy(&like, &bought, &mut told)?;
            }
            None => live.play(event, &mut told)?,
        }
        before = event.day;
    }
    live.upto(last, &mut told)?;
    Ok((told.sums.kept(), live.stands().clone()))
}

/// So many members of one history.
const MOST: usize = 60;

/// The members of a history, each by herself, live by both players and in a run: the first difference.
pub fn differs(program: &Program, history: &History) -> (Option<String>, Share) {
    let plan = Plan::of(program);
    let (mut quick, mut plain) = (player(&plan), PlainLive::new(program));
    let mut fast = FastLive::new(&plan).ok();
    let mut share = Share::default();
    let mut by_id: BTreeMap<&str, Vec<Event>> = history.members.keys().map(|id| (id.as_str(), Vec::new())).collect();
    for event in &history.events {
        if let Some(id) = event.member.as_deref().filter(|id| !id.is_empty()) {
            by_id.entry(id).or_default().push(event.clone());
        }
    }
    let Some(first) = history.events.iter().map(|event| event.day).min() else { return (None, share) };
    let joins = program.versions().flat_map(|version| &version.rules).any(|rule| rule.on.contains(&Trigger::Join));
    for (id, events) in by_id.into_iter().take(MOST) {
        let row = history.members.get(id);
        // Who is in the members file and joins by an event is told apart only by who knows what comes.
        let ahead = joins && row.is_some_and(|row| row.joined.is_some());
        if ahead && events.iter().any(|event| event.kind == Kind::Join) {
            continue;
        }
        share.members += 1;
        let last = events.last().map_or(first, |event| event.day);
        let last = Length::Days(200).after(last).unwrap_or(last);
        let members = row.map(|row| (id.to_owned(), row.clone())).into_iter().collect();
        let hers = History { events, members };
        let whole = Whole { first_day: Some(first), ..Whole::default() };
        let as_of = AsOf { label: "last".to_owned(), when: When::At(program.settings.clock.start_of(last)) };
        let ran = run_part(program, &hers, &whole, &[as_of]).outcome;
        let wanted = (of_journal(&ran.journal, id).kept(), ran.snapshots[0].members.get(id));
        let mut ask = |by: &str, live: &mut dyn Live| {
            let Ok((sums, stood)) = played(live, &plan, &hers, (id, first, last)) else {
                return (by != "the machine").then(|| format!("{id} is beyond {by}"));
            };
            if by == "the machine" {
                share.fast += 1;
            }
            if sums != wanted.0 {
                let keys: std::collections::BTreeSet<&String> = sums.0.keys().chain(wanted.0.0.keys()).collect();
                let other = keys.into_iter().find(|key| sums.0.get(*key) != wanted.0.0.get(*key))?;
                let (got, wanted) = (sums.0.get(other), wanted.0.0.get(other));
                return Some(format!("{by}, {id}, {other}: {got:?}, wanted {wanted:?}"));
            }
            let wanted = stands(wanted.1?, program);
            (stood != wanted).then(|| format!("{by}, {id} stands as {stood:?}, wanted {wanted:?}"))
        };
        let plainly = ask("the reference", &mut plain);
        let differs = plainly.or_else(|| ask("both", quick.as_mut()));
        let differs = differs.or_else(|| ask("the machine", fast.as_mut()?));
        if differs.is_some() {
            return (differs, share);
        }
    }
    (None, share)
}
