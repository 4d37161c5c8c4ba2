//! Examples: tests that are also documentation (section 3, `example`).
//!
//! Each `expect` says what holds after the `on` lines above it, so the lines up to it are run as a
//! history of their own. What fails is told as expected, got, and the journal entries that explain
//! what was got.

use super::deeds::{Deeds, rejected};
use super::outcome::{AsOf, Entry, Happened, MemberView, Outcome, Posting, PostingKind, When};
use super::parts::place::Until;
use super::reference;
use super::settle::Flows;
use crate::ledger::{Event, History, Kind, Line, MemberRow};
use crate::mechanics::example::{Example, Expect, Expected, Happening, Held, Step};
use crate::mechanics::off::DiscountOf;
use crate::mechanics::{ChallengeId, MembershipId, PartnerId, PointsId, Program, RuleId, TiersId};
use crate::text::Span;
use crate::value::clock::{Date, Moment};
use crate::value::exact::Exact;
use std::collections::{BTreeMap, BTreeSet};

/// How an example came out.
#[derive(Debug, Clone)]
pub struct ExampleResult {
    /// Its title.
    pub title: String,
    /// The whole block.
    pub span: Span,
    /// How many expectations it has.
    pub expectations: usize,
    /// Those that were not met, in the order written.
    pub failures: Vec<Failure>,
}

impl ExampleResult {
    /// Whether all expectations were met.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

/// An expectation that was not met.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The line.
    pub span: Span,
    /// What it says.
    pub expected: String,
    /// What came out, in the same words.
    pub got: String,
    /// Whom it is about.
    pub member: String,
    /// The journal entries that explain what came out, all of that member.
    pub because: Vec<Entry>,
    /// The events of the lines above, for telling the entries.
    pub events: Vec<Event>,
}

/// Runs an example of a program and checks each of its expectations.
pub fn run(program: &Program, example: &Example) -> ExampleResult {
    let mut result =
        ExampleResult { title: example.title.clone(), span: example.span, expectations: 0, failures: Vec::new() };
    let mut story = Story::begin(program, example);
    for step in &example.steps {
        match step {
            Step::Given(happening) => story.happen(happening, false),
            Step::On(happening) => story.happen(happening, true),
            Step::AsOf(day, _) => story.look_at_end_of(*day),
            Step::Expect(expect) => {
                result.expectations += 1;
                result.failures.extend(story.check(expect));
            }
        }
    }
    result
}

/// An example as far as it has been told.
struct Story<'p> {
    program: &'p Program,
    example: &'p Example,
    start: Date,
    history: History,
    /// Events of the `on` lines right above.
    on: BTreeSet<String>,
    /// The last `on` line's event.
    last_on: Option<String>,
    /// The moment of the last event.
    last: Moment,
    /// The day `as of` has moved the clock to the end of, since the last event.
    end_of: Option<Date>,
    /// The state after the lines above, once it was asked for.
    outcome: Option<Outcome>,
    told: usize,
}

impl<'p> Story<'p> {
    fn begin(program: &'p Program, example: &'p Example) -> Self {
        let happens = example.steps.iter().filter_map(|step| match step {
            Step::Given(happening) | Step::On(happening) => Some(happening.date),
            Step::AsOf(..) | Step::Expect(_) => None,
        });
        let asked = example.steps.iter().filter_map(|step| match step {
            Step::AsOf(day, _) => Some(*day),
            Step::Given(_) | Step::On(_) | Step::Expect(_) => None,
        });
        let asked = asked.min();
        let joined = example.members.iter().filter_map(|member| member.joined).max();
        // Where nothing happens, the clock runs from the day the last of them joined: timers need days to pass.
        let waits = joined.filter(|joined| asked.is_none_or(|asked| *joined <= asked)).or(asked);
        let start = match happens.min() {
            Some(first) => asked.map_or(first, |asked| asked.min(first)),
            None => waits.or(program.settings.from).unwrap_or(Date::ZERO),
        };
        let members = example.members.iter().map(|member| {
            let row = MemberRow {
                joined: member.joined,
                birthday: member.birthday,
                columns: member.columns.iter().collect(),
            };
            (member.id.clone(), row)
        });
        Self {
            program,
            example,
            start,
            history: History { events: Vec::new(), members: members.collect() },
            on: BTreeSet::new(),
            last_on: None,
            last: program.settings.clock.start_of(start),
            end_of: None,
            outcome: None,
            told: 0,
        }
    }

    fn happen(&mut self, happening: &Happening, counts: bool) {
        self.move_on();
        self.told += 1;
        let Some(event) = self.event(happening) else { return };
        self.last = self.last.max(event.at);
        self.end_of = None;
        if counts {
            self.on.insert(event.id.clone());
            self.last_on = Some(event.id.clone());
        }
        self.history.events.push(event);
    }

    fn look_at_end_of(&mut self, day: Date) {
        self.move_on();
        self.end_of = Some(day);
    }

    /// The first line after an `expect` begins a new group of `on` lines.
    fn move_on(&mut self) {
        if self.outcome.take().is_some() {
            self.on.clear();
            self.last_on = None;
        }
    }

    /// The event of a line; none where the type is unknown, which the check says.
    fn event(&self, happening: &Happening) -> Option<Event> {
        let clock = &self.program.settings.clock;
        let at = match happening.time {
            Some(time) => clock.moment(happening.date, time),
            None => clock.start_of(happening.date),
        };
        let id = happening.id.clone().unwrap_or_else(|| format!("no. {}", self.told));
        let mut lines: Vec<Line> = happening
            .lines
            .iter()
            .map(|line| Line {
                amount: line.amount.clone(),
                regular: line.regular.clone(),
                tax: line.tax.clone(),
                qty: line.qty.clone(),
                category: line.category.clone(),
                sku: line.sku.clone(),
                brand: line.brand.clone(),
                ..Line::default()
            })
            .collect();
        if lines.is_empty() {
            lines.push(Line::default());
        }
        if let (Some(qty), Some(first)) = (&happening.qty, lines.first_mut()) {
            first.qty.get_or_insert_with(|| qty.clone());
        }
        Some(Event {
            timed: happening.time.is_some(),
            member: happening.member.clone(),
            reference: happening.reference.clone(),
            store: happening.store.clone(),
            channel: happening.channel.clone(),
            unit: happening.unit.clone(),
            paid_points: happening.paid_points.clone(),
            coupons: happening.coupons.clone(),
            lines,
            fields: happening.fields.clone(),
            ..Event::new(id, at, clock, Kind::of(&happening.kind)?)
        })
    }

    fn check(&mut self, expect: &Expect) -> Option<Failure> {
        if self.outcome.is_none() {
            let when = self.end_of.map_or(When::At(self.last), When::EndOf);
            let as_of = AsOf { label: String::new(), when };
            let mut history = self.history.clone();
            history.order();
            let (start, given) = (self.start, &self.example.members);
            self.outcome = Some(reference::run_from(self.program, &history, start, given, &[as_of]));
        }
        let outcome = self.outcome.as_ref()?;
        let seen = Seen { story: self, outcome, member: &expect.member };
        let (met, got, because) = seen.look(&expect.what);
        (!met).then(|| Failure {
            span: expect.span,
            expected: seen.words(&expect.what),
            got,
            member: expect.member.clone(),
            because,
            events: self.history.events.clone(),
        })
    }
}

/// What can be seen of one member after the lines above.
struct Seen<'s> {
    story: &'s Story<'s>,
    outcome: &'s Outcome,
    member: &'s str,
}

impl Seen<'_> {
    fn program(&self) -> &Program {
        self.story.program
    }

    fn view(&self) -> MemberView {
        let view = self.outcome.snapshots.first().and_then(|snapshot| snapshot.members.get(self.member));
        view.cloned().unwrap_or_else(|| MemberView {
            levels: vec![(0, None); self.program().tiers.len()],
            cards: vec![0; self.program().cards.len()],
            ..MemberView::default()
        })
    }

    /// The member's entries up to the moment looked at, that `which` picks.
    fn entries(&self, which: impl Fn(&Entry) -> bool) -> Vec<Entry> {
        let upto = self.outcome.snapshots.first().map_or(0, |snapshot| snapshot.entries);
        let hers = |entry: &&Entry| entry.member.as_deref() == Some(self.member) && which(entry);
        self.outcome.journal[..upto].iter().filter(hers).cloned().collect()
    }

    /// Whether the `on` lines right above brought an entry, or `as of` let a timer bring it.
    fn is_new(&self, entry: &Entry) -> bool {
        match &entry.event {
            Some(event) => self.story.on.contains(event),
            None => self.story.end_of.is_some() && entry.at > self.story.last,
        }
    }

    fn earned(&self) -> Vec<(Entry, Posting)> {
        let new = self.entries(|entry| self.is_new(entry));
        let postings = new.into_iter().filter_map(|entry| Some((entry.clone(), entry.what.posting()?.clone())));
        postings.filter(|(_, posting)| posting.kind == PostingKind::Earned).collect()
    }

    /// Whether an expectation is met, what came out in its words, and why.
    fn look(&self, what: &Expected) -> (bool, String, Vec<Entry>) {
        match what {
            Expected::Earns(unit, number, because) => self.look_at_earnings(*unit, number, because),
            Expected::EarnsNothing(reason) => self.look_at_nothing(reason.as_deref()),
            Expected::Has(unit, number) => self.look_at_purse(*unit, number, Expected::Has, 0),
            Expected::Pending(unit, number) => self.look_at_purse(*unit, number, Expected::Pending, 1),
            Expected::Owes(unit, number) => self.look_at_purse(*unit, number, Expected::Owes, 2),
            Expected::Stamps(card, number) => {
                let has = self.view().cards.get(card.0).copied().unwrap_or(0);
                let why = self.entries(|e| matches!(&e.what, Happened::Stamped { card: of, .. } if of == card));
                (has == *number, self.words(&Expected::Stamps(*card, has)), why)
            }
            Expected::Gifts(held, number) => {
                let has = self.view().gifts.get(held).copied().unwrap_or(0);
                let why = self.entries(|e| matches!(&e.what, Happened::Gift { held: of, .. } if of == held));
                (has == *number, self.words(&Expected::Gifts(*held, has)), why)
            }
            Expected::Level(tiers, level, until) => {
                let (is, last) = self.view().levels.get(tiers.0).copied().unwrap_or((0, None));
                let met = is == *level && (until.is_none() || last == *until);
                let why = self.entries(|e| matches!(&e.what, Happened::Level { tiers: of, .. } if of == tiers));
                (met, self.words(&Expected::Level(*tiers, is, last)), why)
            }
            Expected::Completes(challenge, wanted) => self.look_at_challenge(*challenge, *wanted),
            Expected::Entries(draw, number) => {
                let view = self.view();
                let has = view.entries.iter().filter(|one| one.draw == *draw).map(|one| one.number).sum();
                let why = self.entries(|e| matches!(&e.what, Happened::Entries { draw: of, .. } if of == draw));
                (has == *number, self.words(&Expected::Entries(*draw, has)), why)
            }
            Expected::Membership(membership, wanted, until) => {
                let until_is = self.view().memberships.get(membership).and_then(|view| view.until);
                let met = until_is.is_some() == *wanted && (until.is_none() || until_is == *until);
                let words = self.words(&Expected::Membership(*membership, until_is.is_some(), until_is));
                (met, words, self.of_membership(*membership))
            }
            Expected::Paid(membership, money) => {
                let view = self.view().memberships.remove(membership).unwrap_or_default();
                let paid = &view.charged - &view.returned;
                (paid == *money, self.words(&Expected::Paid(*membership, paid)), self.of_membership(*membership))
            }
            Expected::Off(money, because) => self.look_at_discounts(money, because),
            Expected::Pays(partner, money) => self.look_at_settlement(*partner, money, true),
            Expected::Gets(partner, money) => self.look_at_settlement(*partner, money, false),
            Expected::Rejected(word) => self.look_at_rejection(word),
            Expected::Offered(rule, category) => self.look_at_offer(*rule, false, category.as_deref()),
            Expected::HeldBack(rule) => self.look_at_offer(*rule, true, None),
        }
    }

    fn of_membership(&self, membership: MembershipId) -> Vec<Entry> {
        self.entries(|e| matches!(&e.what, Happened::Membership { membership: of, .. } if *of == membership))
    }

    fn look_at_earnings(
        &self,
        unit: PointsId,
        number: &Exact,
        because: &[(Exact, RuleId)],
    ) -> (bool, String, Vec<Entry>) {
        let earned: Vec<(Entry, Posting)> = self.earned().into_iter().filter(|(_, p)| p.unit == unit).collect();
        let sum: Exact = earned.iter().map(|(_, posting)| &posting.amount).sum();
        let mut parts: BTreeMap<RuleId, Exact> = BTreeMap::new();
        for part in earned.iter().flat_map(|(_, posting)| &posting.parts) {
            if let Some(rule) = part.rule {
                *parts.entry(rule).or_default() += &part.exact;
            }
        }
        let met = sum == *number && because.iter().all(|(exact, rule)| parts.get(rule) == Some(exact));
        let parts = parts.into_iter().map(|(rule, exact)| (exact, rule)).collect();
        let got = if sum.is_zero() { Expected::EarnsNothing(None) } else { Expected::Earns(unit, sum, parts) };
        let why = if earned.is_empty() {
            self.entries(|entry| self.is_new(entry))
        } else {
            earned.into_iter().map(|(entry, _)| entry).collect()
        };
        (met, self.words(&got), why)
    }

    fn look_at_nothing(&self, reason: Option<&str>) -> (bool, String, Vec<Entry>) {
        let earned = self.earned();
        if let Some((_, first)) = earned.iter().find(|(_, posting)| posting.amount.is_positive()) {
            return self.look_at_earnings(first.unit, &Exact::zero(), &[]);
        }
        let new = self.entries(|entry| self.is_new(entry));
        let got = new.iter().find_map(reason_of);
        // A reason in quotes is for the reader; a reason word is held to.
        let met = reason.is_none_or(|reason| !is_reason(reason) || got == Some(reason));
        (met, self.words(&Expected::EarnsNothing(got.map(str::to_owned))), new)
    }

    fn look_at_purse(
        &self,
        unit: PointsId,
        number: &Exact,
        words: impl Fn(PointsId, Exact) -> Expected,
        part: usize,
    ) -> (bool, String, Vec<Entry>) {
        let view = self.view();
        let purses = view.points.iter().filter(|(key, _)| key.0 == unit).map(|(_, points)| points);
        let figure: Exact = purses.map(|points| [&points.balance, &points.pending, &points.debt][part]).sum();
        let why = self.entries(|entry| matches!(&entry.what, Happened::Posted(posting) if posting.unit == unit));
        (figure == *number, self.words(&words(unit, figure)), why)
    }

    /// Whether the `on` lines right above completed a challenge that still stands.
    fn look_at_challenge(&self, challenge: ChallengeId, wanted: bool) -> (bool, String, Vec<Entry>) {
        let of = |entry: &Entry| matches!(&entry.what, Happened::Challenge { challenge: of, .. } if *of == challenge);
        let completed = self.entries(|entry| of(entry) && self.is_new(entry));
        let is = completed.last().is_some_and(|entry| matches!(&entry.what, Happened::Challenge { undone: false, .. }));
        let mut got = self.words(&Expected::Completes(challenge, is));
        let block = &self.program().challenges[challenge.0];
        if let Some(view) = self.view().challenges.get(challenge.0).filter(|_| !is) {
            let each = block.steps.iter().zip(&view.figures);
            let each: Vec<String> =
                each.map(|(step, done)| format!("{} {done} of {}", step.name.text, step.least)).collect();
            got.push_str(&format!(" ({})", each.join(", ")));
        }
        let why = if completed.is_empty() { self.entries(|entry| self.is_new(entry)) } else { completed };
        (is == wanted, got, why)
    }

    /// What discounts and coupons took off by the `on` lines right above.
    fn look_at_discounts(&self, money: &Exact, because: &[(Exact, DiscountOf)]) -> (bool, String, Vec<Entry>) {
        let new = self.entries(|entry| self.is_new(entry) && matches!(entry.what, Happened::Discount(_)));
        let mut by: Vec<(Exact, DiscountOf)> = Vec::new();
        for entry in &new {
            let Happened::Discount(off) = &entry.what else { continue };
            match by.iter_mut().find(|(_, of)| *of == off.of) {
                Some((sum, _)) => *sum += off.change(),
                None => by.push((off.change(), off.of)),
            }
        }
        by.retain(|(off, _)| !off.is_zero());
        let sum: Exact = by.iter().map(|(off, _)| off).sum();
        let met = sum == *money && because.iter().all(|wanted| by.contains(wanted));
        let because = if because.is_empty() { Vec::new() } else { by };
        (met, self.words(&Expected::Off(sum, because)), new)
    }

    /// What a partner pays or gets since the example began.
    fn look_at_settlement(&self, partner: PartnerId, money: &Exact, pays: bool) -> (bool, String, Vec<Entry>) {
        let upto = self.outcome.snapshots.first().map_or(0, |snapshot| snapshot.entries);
        let (program, journal) = (self.program(), &self.outcome.journal[..upto]);
        let mut history = History { events: self.story.history.events.clone(), ..History::default() };
        history.order();
        let until = [Until { moment: Moment::MAX, through: true }];
        let deeds = Deeds::of(history.events, &rejected(journal.iter()), &until);
        let mut flows = Flows::default();
        let mut why = Vec::new();
        for entry in journal.iter().filter(|entry| entry.what.posting().is_some()) {
            let deed = entry.event.as_deref().and_then(|event| deeds.of_event(event));
            flows.add(program, entry, deed);
            if deed.and_then(|deed| program.settles(&deed.of)).is_some_and(|(whose, _)| whose == partner) {
                why.push(entry.clone());
            }
        }
        let (paid, got) = flows.of_partner(program, partner);
        let figure = if pays { paid } else { got };
        let met = figure == *money;
        let words = if pays { Expected::Pays(partner, figure) } else { Expected::Gets(partner, figure) };
        (met, self.words(&words), why)
    }

    fn discount(&self, of: DiscountOf) -> &str {
        match of {
            DiscountOf::Discount(id) => &self.program().discounts[id.0].name.text,
            DiscountOf::Coupon(id) => &self.program().coupons[id.0].name.text,
        }
    }

    fn look_at_rejection(&self, word: &str) -> (bool, String, Vec<Entry>) {
        let last = self.story.last_on.as_deref();
        let about = self.entries(|entry| entry.event.is_some() && entry.event.as_deref() == last);
        match about.iter().find_map(reason_of) {
            Some(got) => (got == word, self.words(&Expected::Rejected(got.to_owned())), about),
            None => (false, format!("{} is not rejected", self.member), about),
        }
    }

    /// What became of an offer, or of a pilot's rule.
    fn look_at_offer(&self, rule: RuleId, held: bool, category: Option<&str>) -> (bool, String, Vec<Entry>) {
        let new = self.entries(|entry| self.is_new(entry));
        let of_rule = new.iter().rev().find_map(|entry| {
            let Happened::Offer { rule: of, held_back, category } = &entry.what else { return None };
            (*of == rule).then_some((*held_back, category.as_deref()))
        });
        let got = match of_rule {
            Some((true, _)) => self.words(&Expected::HeldBack(rule)),
            Some((false, is)) => self.words(&Expected::Offered(rule, is.map(str::to_owned))),
            None => format!("{} is not offered {}", self.member, self.program().rules[rule.0].name.text),
        };
        let met = of_rule.is_some_and(|(back, is)| back == held && (category.is_none() || category == is));
        (met, got, new)
    }

    /// An expectation in the words of the language.
    fn words(&self, what: &Expected) -> String {
        let who = self.member;
        match what {
            Expected::Earns(unit, number, because) => {
                let parts: Vec<String> = because
                    .iter()
                    .map(|(exact, rule)| format!("{exact} from {}", self.program().rules[rule.0].name.text))
                    .collect();
                let because =
                    if parts.is_empty() { String::new() } else { format!(" because {}", parts.join(" and ")) };
                format!("{who} earns {}{because}", self.figure(*unit, number))
            }
            Expected::EarnsNothing(Some(reason)) => format!("{who} earns nothing because {reason}"),
            Expected::EarnsNothing(None) => format!("{who} earns nothing"),
            Expected::Has(unit, number) => format!("{who} has {}", self.figure(*unit, number)),
            Expected::Pending(unit, number) => format!("{who} has {} pending", self.figure(*unit, number)),
            Expected::Owes(unit, number) => format!("{who} owes {}", self.figure(*unit, number)),
            Expected::Stamps(card, number) => {
                let stamps = if *number == 1 { "stamp" } else { "stamps" };
                format!("{who} has {number} {stamps} on {}", self.program().cards[card.0].name.text)
            }
            Expected::Gifts(held, number) => {
                // A reward redeemed is a gift held until it is used or ends.
                let name = match held {
                    Held::Gift(gift) => &self.program().gifts[gift.0].name.text,
                    Held::Reward(reward) => &self.program().rewards[reward.0].name.text,
                    Held::Coupon(coupon) => &self.program().coupons[coupon.0].name.text,
                };
                let kind = if let Held::Coupon(_) = held { "coupon" } else { "gift" };
                match number {
                    0 => format!("{who} has no {kind} {name}"),
                    number => format!("{who} has {number} {kind} {name}"),
                }
            }
            Expected::Level(tiers, level, until) => self.level(*tiers, *level, *until),
            Expected::Completes(challenge, wanted) => {
                let name = &self.program().challenges[challenge.0].name.text;
                let does = if *wanted { "completes" } else { "does not complete" };
                format!("{who} {does} {name}")
            }
            Expected::Entries(draw, number) => {
                let entries = if *number == 1 { "entry" } else { "entries" };
                format!("{who} has {number} {entries} in {}", self.program().draws[draw.0].name.text)
            }
            Expected::Membership(membership, held, until) => {
                let no = if *held { "" } else { "no " };
                let until = until.map(|until| format!(" until {until}")).unwrap_or_default();
                format!("{who} has {no}membership {}{until}", self.program().memberships[membership.0].name.text)
            }
            Expected::Paid(membership, money) => {
                let settings = &self.program().settings;
                let money = format!("{} {}", money.fixed(settings.minor_units), settings.money);
                format!("{who} has paid {money} for {}", self.program().memberships[membership.0].name.text)
            }
            Expected::Off(money, because) => {
                let parts: Vec<String> =
                    because.iter().map(|(off, of)| format!("{off} from {}", self.discount(*of))).collect();
                let because =
                    if parts.is_empty() { String::new() } else { format!(" because {}", parts.join(" and ")) };
                let settings = &self.program().settings;
                format!("{who} gets {} {} off{because}", money.fixed(settings.minor_units), settings.money)
            }
            Expected::Pays(_, money) | Expected::Gets(_, money) => {
                let does = if matches!(what, Expected::Pays(..)) { "pays" } else { "gets" };
                let settings = &self.program().settings;
                match money.is_zero() {
                    true => format!("{who} {does} nothing"),
                    false => format!("{who} {does} {} {}", money.fixed(settings.minor_units), settings.money),
                }
            }
            Expected::Rejected(word) => format!("{who} is rejected because {word}"),
            Expected::Offered(rule, category) => {
                let category = category.as_deref().map(|category| format!(" for {category}")).unwrap_or_default();
                format!("{who} is offered {}{category}", self.program().rules[rule.0].name.text)
            }
            Expected::HeldBack(rule) => format!("{who} is held back from {}", self.program().rules[rule.0].name.text),
        }
    }

    fn level(&self, tiers: TiersId, level: usize, until: Option<Date>) -> String {
        let block = &self.program().tiers[tiers.0];
        let name = block.levels.get(level).map_or("no level", |level| level.name.text.as_str());
        let until = until.map(|until| format!(" until {until}")).unwrap_or_default();
        format!("{} is {name} in {}{until}", self.member, block.name.text)
    }

    /// A number of points with the unit's name: its plural but for 1.
    fn figure(&self, unit: PointsId, number: &Exact) -> String {
        let points = &self.program().points[unit.0];
        let plural = points.plural.as_ref().unwrap_or(&points.name.text);
        let name = if *number == Exact::one() { &points.name.text } else { plural };
        match number.decimals() {
            Some(decimals) => format!("{} {name}", number.fixed(decimals.max(points.decimals))),
            None => format!("{number} {name}"),
        }
    }
}

/// The reason word of a rejection.
fn reason_of(entry: &Entry) -> Option<&'static str> {
    entry.what.rejection().map(|(reason, _)| reason.word())
}

/// Whether a text is one of the reason words (`docs/formats.md`).
fn is_reason(text: &str) -> bool {
    super::outcome::Reason::ALL.iter().any(|reason| reason.word() == text)
}
