//! Short hands for typed programs, histories and facts.

use loyal::engine::outcome::{AsOf, MemberView, Outcome, Snapshot, When};
use loyal::engine::reference;
use loyal::ledger::{Event, History, Kind, Line, MemberRow};
use loyal::mechanics::basis::{Basis, Pick, Total};
use loyal::mechanics::card::{Card, Stamp, StampPer};
use loyal::mechanics::condition::{Condition, How, Measure, Test, Value};
use loyal::mechanics::example::Held;
use loyal::mechanics::gift::{Gift, Valid};
use loyal::mechanics::give::{Give, What, Whom};
use loyal::mechanics::points::{EarnCap, Expiry, Life, Pending, Points, Scope};
use loyal::mechanics::reward::{Price, Reward};
use loyal::mechanics::rule::{Limit, LimitOf, Rule, Trigger};
use loyal::mechanics::settings::{Membership, Settings};
use loyal::mechanics::tiers::{Lasts, Level, Miss, Need, Reach, TierMeasure, Tiers};
use loyal::mechanics::*;
use loyal::text::Span;
use loyal::value::clock::{Clock, Date, Length, Period, Window, parse_date};
use loyal::value::exact::{Exact, Rounding};
use std::collections::BTreeMap;

pub const STAR: PointsId = PointsId(0);
pub const MONTH: Window = Window::Calendar(Period::Month);
pub const DAY: Window = Window::Calendar(Period::Day);
pub const YEAR: Window = Window::Calendar(Period::Year);

pub fn n(text: &str) -> Exact {
    Exact::parse(text).unwrap_or_else(|| panic!("{text} is no number"))
}

pub fn d(text: &str) -> Date {
    parse_date(text).unwrap_or_else(|_| panic!("{text} is no day"))
}

pub fn name(text: &str) -> Name {
    Name { text: text.to_owned(), span: Span::default() }
}

/// A program with one unit, `star`, rounded down per receipt, that never ends, and owes nothing.
pub fn program() -> Program {
    Program {
        points: vec![points("star")],
        ..Program::bare(Settings {
            name: name("test"),
            money: "RON".to_owned(),
            minor_units: 2,
            clock: Clock::new("Europe/Bucharest").expect("a zone"),
            from: None,
            until: None,
            late_days: 30,
            membership: Membership::Any,
            exchange: None,
            succession: Default::default(),
            objectives: Vec::new(),
        })
    }
}

pub fn points(unit: &str) -> Points {
    Points {
        name: name(unit),
        plural: Some(format!("{unit}s")),
        worth: Some(n("0.05")),
        round: Rounding::Down,
        scope: Scope::Receipt,
        decimals: 0,
        expiry: Expiry::Never,
        pending: Pending::No,
        separate_by: None,
        owe: Exact::zero(),
        caps: Vec::new(),
        counts_for: Vec::new(),
        does_not_count: false,
        transfer: Vec::new(),
        buy: None,
        pay: None,
        span: Span::default(),
    }
}

pub fn after(length: Length) -> Expiry {
    Expiry::After(Life { length, at_end_of: None })
}

pub fn cap(most: &str, window: Window) -> EarnCap {
    EarnCap { most: n(most), window, span: Span::default() }
}

pub fn total() -> Basis {
    Basis::Total(Total::default())
}

pub fn total_with(with: Condition) -> Basis {
    Basis::Total(Total { pick: pick(with), ..Total::default() })
}

pub fn pick(with: Condition) -> Pick {
    Pick { with: Some(Box::new(with)), without: None }
}

pub fn per(number: &str, per: &str, basis: Basis) -> What {
    What::Rate { unit: STAR, number: n(number), or: Vec::new(), per: n(per), full: false, basis }
}

pub fn fixed(number: &str) -> What {
    What::Fixed { unit: STAR, number: n(number), or: Vec::new() }
}

pub fn percent_of(percent: &str, rule: usize) -> What {
    What::PercentOf { percent: n(percent), rule: RuleId(rule), lines: Pick::default() }
}

pub fn give(what: What) -> Give {
    Give { what, to: Whom::Member, life: None, span: Span::default() }
}

pub fn to(whom: Whom, what: What) -> Give {
    Give { what, to: whom, life: None, span: Span::default() }
}

pub fn rule(called: &str, on: Trigger, what: What) -> Rule {
    Rule {
        name: name(called),
        bonus: false,
        on: vec![on],
        when: None,
        except: Vec::new(),
        except_in: Vec::new(),
        gives: vec![give(what)],
        limits: Vec::new(),
        group: None,
        from: None,
        until: None,
        count_in: None,
        budget: None,
        pilot: None,
        offer: None,
        span: Span::default(),
        give_span: Span::default(),
    }
}

pub fn bonus(called: &str, what: What) -> Rule {
    Rule { bonus: true, ..rule(called, Trigger::Purchase, what) }
}

pub fn base() -> Rule {
    rule("base", Trigger::Purchase, per("1", "1", total()))
}

pub fn times(most: &str, per_member: bool, window: Window) -> Limit {
    Limit { most: n(most), of: LimitOf::Times, per_member, window, span: Span::default() }
}

pub fn units(most: &str, per_member: bool, window: Window) -> Limit {
    Limit { most: n(most), of: LimitOf::Points(STAR), per_member, window, span: Span::default() }
}

pub fn test(measure: Measure, how: How) -> Condition {
    Condition::Test(Test { measure, how, span: Span::default() })
}

pub fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub fn category(of: &str) -> Condition {
    test(Measure::Category, How::In(vec![text(of)]))
}

pub fn level_is(tiers: usize, level: usize) -> Condition {
    test(Measure::Level(TiersId(tiers)), How::In(vec![Value::Level(level)]))
}

pub fn tiers(basis: Basis, window: Window, needs: &[&str]) -> Tiers {
    let names = ["basic", "silver", "gold", "platinum"];
    Tiers {
        name: name("status"),
        measures: vec![TierMeasure { name: None, basis, window, span: Span::default() }],
        levels: needs
            .iter()
            .zip(names)
            .map(|(need, called)| Level {
                name: name(called),
                need: Need::AtLeast(0, n(need)),
                for_life: false,
                benefits: Vec::new(),
            })
            .collect(),
        reach: Reach::NextEvent,
        lasts: Lasts::EndOf(Period::Year, 1),
        miss: Miss::DropOne,
        recompute: false,
        carry_over: None,
        matches: Vec::new(),
        fees: Vec::new(),
        span: Span::default(),
    }
}

pub fn visits() -> Basis {
    Basis::Visits(Pick::default())
}

pub fn card(full: u32, per: StampPer, of: Pick) -> Card {
    Card {
        name: name("coffee"),
        stamps: vec![Stamp { number: 1, per, pick: of, span: Span::default() }],
        full,
        gives: vec![give(What::Gift(GiftId(0), 1))],
        limits: Vec::new(),
        expire: None,
        start: 0,
        discard: false,
        span: Span::default(),
    }
}

pub fn gift(called: &str, valid: Valid) -> Gift {
    Gift {
        name: name(called),
        words: None,
        item: None,
        at_most: None,
        costs: Some(n("4")),
        value: None,
        valid,
        stock: None,
        choose: Vec::new(),
        when: None,
        span: Span::default(),
    }
}

pub fn reward(called: &str, price: &str) -> Reward {
    Reward {
        name: name(called),
        prices: vec![Price { unit: STAR, number: n(price), money: None, when: None, span: Span::default() }],
        words: None,
        costs: None,
        value: None,
        when: None,
        limits: Vec::new(),
        stock: None,
        valid: Valid::Forever,
        from: None,
        until: None,
        span: Span::default(),
    }
}

/// A history from rows `id | time | type | member | amount | key=value …`; rows of one id are lines.
/// Keys are columns of the events file.
pub fn history(clock: &Clock, rows: &[&str]) -> History {
    let mut history = History::default();
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let columns: BTreeMap<&str, &str> = cells
            .get(5)
            .map(|more| more.split_whitespace().filter_map(|pair| pair.split_once('=')).collect())
            .unwrap_or_default();
        read(&mut history, clock, [cells[0], cells[1], cells[2], cells[3], cells.get(4).unwrap_or(&"")], &columns);
    }
    history.order();
    history
}

/// Adds one row of an events file.
pub fn read(history: &mut History, clock: &Clock, row: [&str; 5], columns: &BTreeMap<&str, &str>) {
    let [id, time, kind, member, amount] = row;
    let get = |key: &str| columns.get(key).copied().filter(|text| !text.is_empty());
    let number = |key: &str| get(key).map(n);
    let known =
        ["ref", "qty", "sku", "category", "brand", "store", "channel", "unit", "line", "regular", "tax", "currency"];
    let fields = columns
        .iter()
        .filter(|(key, text)| !known.contains(*key) && !text.is_empty())
        .map(|(key, text)| ((*key).to_owned(), (*text).to_owned()))
        .collect();
    let line = Line {
        number: get("line").map(str::to_owned),
        amount: Some(amount).filter(|amount| !amount.is_empty()).map(n),
        regular: number("regular"),
        tax: number("tax"),
        qty: number("qty"),
        sku: get("sku").map(str::to_owned),
        category: get("category").map(str::to_owned),
        brand: get("brand").map(str::to_owned),
        fields: BTreeMap::new(),
        exchanged: None,
    };
    if let Some(event) = history.events.iter_mut().find(|event| event.id == id) {
        event.lines.push(line);
        return;
    }
    let (at, timed) = clock.parse_moment(time).unwrap_or_else(|_| panic!("{time} is no time"));
    let kind = Kind::of(kind).unwrap_or_else(|| panic!("{kind} is no type"));
    history.events.push(Event {
        timed,
        member: Some(member.to_owned()).filter(|member| !member.is_empty()),
        reference: get("ref").map(str::to_owned),
        store: get("store").map(str::to_owned),
        channel: get("channel").map(str::to_owned),
        unit: get("unit").map(str::to_owned),
        lines: vec![line],
        fields,
        ..Event::new(id, at, clock, kind)
    });
}

pub fn joined(history: &mut History, member: &str, joined: Option<&str>, birthday: Option<&str>) {
    let row = MemberRow { joined: joined.map(d), birthday: birthday.map(d), columns: Default::default() };
    history.members.insert(member.to_owned(), row);
}

pub fn as_of(clock: &Clock, text: &str) -> AsOf {
    let when = match parse_date(text) {
        Ok(day) => When::EndOf(day),
        Err(_) => When::At(clock.parse_moment(text).unwrap_or_else(|_| panic!("{text} is no moment")).0),
    };
    AsOf { label: text.to_owned(), when }
}

/// A run and what can be asked of it.
pub struct Ran {
    pub program: Program,
    pub outcome: Outcome,
}

/// Runs rows through a program; asks for the state at each of the moments.
pub fn run(program: &Program, rows: &[&str], moments: &[&str]) -> Ran {
    let clock = &program.settings.clock;
    play(program, &history(clock, rows), moments)
}

pub fn play(program: &Program, history: &History, moments: &[&str]) -> Ran {
    let clock = &program.settings.clock;
    let moments: Vec<AsOf> = moments.iter().map(|moment| as_of(clock, moment)).collect();
    let outcome = reference::run(program, history, &moments);
    assert_eq!(outcome.verify(), Ok(()));
    Ran { program: program.clone(), outcome }
}

impl Ran {
    pub fn at(&self, moment: &str) -> &Snapshot {
        let found = self.outcome.snapshots.iter().find(|snapshot| snapshot.as_of.label == moment);
        found.unwrap_or_else(|| panic!("no snapshot of {moment}"))
    }

    pub fn member(&self, moment: &str, member: &str) -> MemberView {
        self.at(moment).members.get(member).cloned().unwrap_or_default()
    }

    /// Facts as `run --facts` words them, such as `balance:star`; empty where there is none.
    pub fn fact(&self, moment: &str, member: &str, what: &str) -> String {
        let (kind, of) = what.split_once(':').unwrap_or((what, ""));
        let view = self.member(moment, member);
        let (of, pocket) = match of.split_once('@') {
            Some((unit, pocket)) => (unit, Some(pocket.to_owned())),
            None => (of, None),
        };
        let unit = self.program.points.iter().position(|points| points.name.text == of);
        let decimals = unit.map_or(0, |unit| self.program.points[unit].decimals);
        let points = unit.and_then(|unit| view.points.get(&(PointsId(unit), pocket))).cloned().unwrap_or_default();
        let show = |figure: Exact| if figure.is_zero() { String::new() } else { figure.fixed(decimals) };
        match kind {
            "balance" => show(points.balance),
            "pending" => show(points.pending),
            "debt" => show(points.debt),
            "level" => {
                let place = self.program.tiers.iter().position(|tiers| tiers.name.text == of).expect("a tiers block");
                view.levels
                    .get(place)
                    .map_or(String::new(), |level| self.program.tiers[place].levels[level.0].name.text.clone())
            }
            "card" => {
                let place = self.program.cards.iter().position(|card| card.name.text == of).expect("a card");
                let stamps = view.cards.get(place).copied().unwrap_or(0);
                if stamps == 0 { String::new() } else { stamps.to_string() }
            }
            "gift" => {
                let gift =
                    self.program.gifts.iter().position(|gift| gift.name.text == of).map(|at| Held::Gift(GiftId(at)));
                let reward = || self.program.rewards.iter().position(|reward| reward.name.text == of);
                let held = gift.unwrap_or_else(|| Held::Reward(RewardId(reward().expect("a gift or reward"))));
                view.gifts.get(&held).map_or(String::new(), ToString::to_string)
            }
            "rejected" => self.rejected(moment, of),
            word => {
                let kind = |k: &loyal::engine::outcome::PostingKind| format!("{k:?}").to_lowercase() == word;
                show(points.totals.iter().find(|(k, _)| kind(k)).map(|(_, total)| total.clone()).unwrap_or_default())
            }
        }
    }

    fn rejected(&self, moment: &str, event: &str) -> String {
        let entries = &self.outcome.journal[..self.at(moment).entries];
        let reasons = entries.iter().filter(|entry| entry.event.as_deref() == Some(event));
        let mut reasons =
            reasons.filter_map(|entry| entry.what.rejection()).map(|(reason, _)| reason.word().to_owned());
        reasons.next().unwrap_or_default()
    }

    /// Asserts facts: `moment member what value`, a value of `-` for none.
    pub fn expect(&self, facts: &[[&str; 4]]) {
        for [moment, member, what, value] in facts {
            let got = self.fact(moment, member, what);
            let wanted = if *value == "-" { "" } else { value };
            assert_eq!(got, wanted, "{moment} {member} {what}\n{}", self.journal());
        }
    }

    /// The journal, for the message of a failed case.
    pub fn journal(&self) -> String {
        self.outcome
            .journal
            .iter()
            .map(|entry| format!("{} {:?} {:?} {:?}\n", entry.day, entry.member, entry.event, entry.what))
            .collect()
    }
}
