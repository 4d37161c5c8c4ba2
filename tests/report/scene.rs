//! A program and an outcome built by hand, with one of everything that can happen.

use loyal::engine::outcome::*;
use loyal::ledger::{Event, History, Kind, Line};
use loyal::mechanics::basis::{Basis, Total};
use loyal::mechanics::card::Card;
use loyal::mechanics::example::Held;
use loyal::mechanics::gift::{Gift, Valid};
use loyal::mechanics::give::{Give, What, Whom};
use loyal::mechanics::points::{EarnCap, Expiry, Pending, Points, Scope};
use loyal::mechanics::rule::{Limit, LimitOf, Rule, Trigger};
use loyal::mechanics::settings::{Membership, Settings};
use loyal::mechanics::stack::{Stack, Take};
use loyal::mechanics::tiers::{Lasts, Level, Miss, Need, Reach, TierMeasure, Tiers};
use loyal::mechanics::*;
use loyal::text::{Sources, Span};
use loyal::value::clock::{Date, parse_date};
use loyal::value::{Clock, Exact, Rounding, Window};
use std::collections::BTreeMap;

/// The program's text: only its places matter here.
pub const TEXT: &str = "loyal 1
points star plural stars { }
points כוכב plural כוכבים { }
earn base {
  give     1 star per 2 RON
}
bonus gold_double {
  give     +100% of base
  limit    40 stars per member per day
}
stack promo {
  cap      20 stars per member per day
}
tiers status { level gold level basic }
card coffee { }
gift free_coffee { }
earn בסיס { give 1 כוכב per 3 RON }
";

/// Where `words` stand in the text.
pub fn at(words: &str) -> Span {
    let start = TEXT.find(words).unwrap_or_else(|| panic!("{words} is in the text"));
    Span::new(0, start, start + words.len())
}

pub fn sources() -> Sources {
    let mut sources = Sources::default();
    sources.add("shop/program.loyal", TEXT);
    sources
}

pub fn exact(text: &str) -> Exact {
    text.parse().expect("a number")
}

pub fn date(text: &str) -> Date {
    parse_date(text).expect("a date")
}

fn name(text: &str) -> Name {
    Name { text: text.to_string(), span: at(text) }
}

fn points(singular: &str, plural: &str, worth: Option<&str>, decimals: u32) -> Points {
    Points {
        name: name(singular),
        plural: Some(plural.to_string()),
        worth: worth.map(exact),
        round: Rounding::Down,
        scope: Scope::Receipt,
        decimals,
        expiry: Expiry::Never,
        pending: Pending::No,
        separate_by: (decimals > 0).then(|| "store".to_string()),
        owe: exact("50"),
        caps: Vec::new(),
        counts_for: Vec::new(),
        does_not_count: false,
        transfer: Vec::new(),
        buy: None,
        pay: None,
        span: at(singular),
    }
}

fn rule(of: &str, give: &str, what: What, bonus: bool) -> Rule {
    let gives = vec![Give { what, to: Whom::Member, life: None, span: at(give) }];
    Rule {
        name: name(of),
        bonus,
        on: vec![Trigger::Purchase],
        when: None,
        except: Vec::new(),
        except_in: Vec::new(),
        gives,
        limits: Vec::new(),
        group: None,
        from: None,
        until: None,
        count_in: None,
        budget: None,
        pilot: None,
        offer: None,
        span: at(of),
        give_span: at(give),
    }
}

fn rate(unit: usize, per: &str) -> What {
    let basis = Basis::Total(Total::default());
    What::Rate { unit: PointsId(unit), number: Exact::one(), or: Vec::new(), per: exact(per), full: false, basis }
}

pub fn program() -> Program {
    let double = What::PercentOf { percent: exact("100"), rule: RuleId(0), lines: basis::Pick::default() };
    let mut gold = rule("gold_double", "give     +100% of base", double, true);
    let limit = at("limit    40 stars per member per day");
    let day = Window::Calendar(loyal::value::Period::Day);
    gold.limits.push(Limit {
        most: exact("40"),
        of: LimitOf::Points(PointsId(0)),
        per_member: true,
        window: day,
        span: limit,
    });
    let cap = EarnCap { most: exact("20"), window: day, span: at("cap      20 stars per member per day") };
    Program {
        points: vec![points("star", "stars", Some("0.05"), 0), points("כוכב", "כוכבים", None, 2)],
        rules: vec![
            rule("base", "give     1 star per 2 RON", rate(0, "2"), false),
            gold,
            rule("בסיס", "give 1 כוכב per 3 RON", rate(1, "3"), false),
        ],
        stacks: vec![Stack {
            name: name("promo"),
            take: Take::Best(1),
            caps: vec![(PointsId(0), cap)],
            money_caps: Vec::new(),
            cap_percent: None,
            span: at("stack promo"),
        }],
        tiers: vec![tiers()],
        cards: vec![card()],
        gifts: vec![gift()],
        ..Program::bare(Settings {
            name: Name { text: "shop".into(), span: Span::default() },
            money: "RON".into(),
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

fn tiers() -> Tiers {
    let level = |of: &str, from: &str| Level {
        name: name(of),
        need: Need::AtLeast(0, exact(from)),
        for_life: false,
        benefits: Vec::new(),
    };
    let measure = TierMeasure {
        name: None,
        basis: Basis::Visits(basis::Pick::default()),
        window: Window::Ever,
        span: at("tiers status"),
    };
    Tiers {
        name: name("status"),
        measures: vec![measure],
        levels: vec![level("basic", "0"), level("gold", "30")],
        reach: Reach::NextEvent,
        lasts: Lasts::Forever,
        miss: Miss::DropOne,
        recompute: false,
        carry_over: None,
        matches: Vec::new(),
        fees: Vec::new(),
        span: at("tiers status"),
    }
}

fn card() -> Card {
    Card {
        name: name("coffee"),
        stamps: Vec::new(),
        full: 10,
        gives: Vec::new(),
        limits: Vec::new(),
        expire: None,
        start: 0,
        discard: false,
        span: at("card coffee"),
    }
}

fn gift() -> Gift {
    Gift {
        name: name("free_coffee"),
        words: None,
        item: None,
        at_most: None,
        costs: None,
        value: None,
        valid: Valid::Forever,
        choose: Vec::new(),
        stock: None,
        when: None,
        span: at("gift free_coffee"),
    }
}

/// A journal being written: it keeps the numbers and the totals.
pub struct Journal {
    program: Program,
    pub entries: Vec<Entry>,
    pub history: History,
}

impl Journal {
    pub fn new() -> Self {
        Self { program: program(), entries: Vec::new(), history: History::default() }
    }

    pub fn event(&mut self, id: &str, time: &str, kind: Kind, member: &str, amount: &str) -> &mut Event {
        let clock = &self.program.settings.clock;
        let (moment, timed) = clock.parse_moment(time).expect("a moment");
        let mut event = Event::new(id, moment, clock, kind);
        event.timed = timed;
        event.member = Some(member.to_string());
        let amount = (!amount.is_empty()).then(|| exact(amount));
        event.lines.push(Line { amount, ..Line::default() });
        self.history.events.push(event);
        self.history.events.last_mut().expect("the one just added")
    }

    pub fn happened(&mut self, time: &str, event: Option<&str>, member: &str, what: Happened) {
        let clock = &self.program.settings.clock;
        let (at, _) = clock.parse_moment(time).expect("a moment");
        let (member, event) = (Some(member.to_string()), event.map(str::to_string));
        self.entries.push(Entry { at, day: clock.day_of(at), version: 0, member, event, what });
    }

    /// The outcome, with one snapshot after everything.
    pub fn outcome(&self, label: &str) -> Outcome {
        let mut members: BTreeMap<String, MemberView> = BTreeMap::new();
        for entry in &self.entries {
            let view = members.entry(entry.member.clone().unwrap_or_default()).or_default();
            view.levels = vec![(0, None)];
            view.cards = vec![0];
            if let Happened::Posted(posting) = &entry.what {
                book(view.points.entry((posting.unit, posting.pocket.clone())).or_default(), posting);
            }
        }
        for entry in &self.entries {
            let view = members.entry(entry.member.clone().unwrap_or_default()).or_default();
            match &entry.what {
                Happened::Level { to, until, .. } => view.levels = vec![(*to, *until)],
                Happened::Stamped { stands_at, .. } => view.cards = vec![*stands_at],
                Happened::Gift { held, life: GiftLife::Issued, .. } => *view.gifts.entry(*held).or_default() += 1,
                Happened::Gift { held, .. } => *view.gifts.entry(*held).or_default() -= 1,
                Happened::Posted(_)
                | Happened::Rejected { .. }
                | Happened::Challenge { .. }
                | Happened::Entries { .. }
                | Happened::Drawn { .. }
                | Happened::Won { .. }
                | Happened::Membership { .. }
                | Happened::Discount(_)
                | Happened::Offer { .. }
                | Happened::Limited { .. }
                | Happened::NewTerms(_)
                | Happened::Nothing(_) => {}
            }
        }
        let as_of = AsOf { label: label.to_string(), when: When::EndOf(date("2026-12-31")) };
        let (entries, sales) = (self.entries.len(), exact("1234567.80"));
        let snapshot = Snapshot { as_of, entries, members, sales, purchases: 1204 };
        Outcome { journal: self.entries.clone(), snapshots: vec![snapshot], ..Outcome::default() }
    }
}

/// Adds a posting to an account: a negative balance is debt.
fn book(points: &mut PointsView, posting: &Posting) {
    let net = &points.balance - &points.debt + &posting.amount;
    (points.balance, points.debt) = if net.is_negative() { (Exact::zero(), -net) } else { (net, Exact::zero()) };
    let positive = match posting.kind {
        PostingKind::Earned
        | PostingKind::WrittenOff
        | PostingKind::Bought
        | PostingKind::Received
        | PostingKind::Adjusted => posting.amount.clone(),
        PostingKind::Spent | PostingKind::Expired | PostingKind::Clawed | PostingKind::Sent => -&posting.amount,
    };
    let total = points.totals.entry(posting.kind).or_insert_with(Exact::zero);
    *total = &*total + positive;
    points.lots.clear();
    if points.balance.is_positive() {
        points.lots.push(LotView {
            source: "p1".into(),
            earned: date("2026-02-03"),
            granted: exact("57"),
            left: points.balance.clone(),
            spendable_from: None,
            pending: false,
            last_day: posting.pocket.is_none().then(|| date("2027-02-28")),
        });
    }
}

/// A posting with nothing but its figures.
pub fn posting(number: u64, unit: usize, kind: PostingKind, amount: &str) -> Posting {
    Posting {
        number,
        unit: PointsId(unit),
        pocket: None,
        kind,
        amount: exact(amount),
        last_day: None,
        spendable_from: None,
        parts: Vec::new(),
        cuts: Vec::new(),
        taken: None,
        paid_debt: Exact::zero(),
        note: String::new(),
    }
}

/// A rule's part.
pub fn part(rule: usize, exact_text: &str, posted: &str, how: How) -> Part {
    Part { rule: Some(RuleId(rule)), exact: exact(exact_text), posted: exact(posted), how }
}

/// The arithmetic of a rate.
pub fn by_rate(measured: &str, per: &str) -> How {
    How::Rate { measured: exact(measured), number: Exact::one(), per: exact(per), full: false }
}

/// One of everything.
pub fn everything() -> Journal {
    let mut journal = Journal::new();
    journal.event("p1", "2026-02-03 15:10", Kind::Purchase, "ana", "57.90").store = Some("Gara".into());
    let mut earned = posting(1, 0, PostingKind::Earned, "57");
    let base = How::PercentOf { rule: RuleId(0), base: exact("28.95"), percent: exact("100") };
    earned.parts = vec![part(0, "28.95", "28", by_rate("57.90", "2")), part(1, "28.95", "29", base)];
    earned.last_day = Some(date("2027-02-28"));
    journal.happened("2026-02-03 15:10", Some("p1"), "ana", Happened::Posted(earned));

    journal.event("p2", "2026-02-04", Kind::Purchase, "ana", "170.00");
    let base = How::PercentOf { rule: RuleId(0), base: exact("85"), percent: exact("100") };
    let mut cut = posting(2, 0, PostingKind::Earned, "105");
    cut.parts = vec![part(0, "85", "85", by_rate("170", "2")), part(1, "85", "20", base)];
    cut.cuts = vec![
        Cut { rule: Some(RuleId(1)), by: CutBy::Limit(0), off: exact("45") },
        Cut { rule: Some(RuleId(1)), by: CutBy::StackCap(StackId(0), 0), off: exact("20") },
    ];
    cut.spendable_from = Some(date("2026-02-18"));
    journal.happened("2026-02-04", Some("p2"), "ana", Happened::Posted(cut));
    let up = LevelWhy::Reached(exact("31"));
    let level = Happened::Level { tiers: TiersId(0), from: 0, to: 1, until: Some(date("2027-12-31")), why: up };
    journal.happened("2026-02-04", Some("p2"), "ana", level);
    let stamp = Happened::Stamped { card: CardId(0), change: 1, stands_at: 1, why: StampWhy::Event };
    journal.happened("2026-02-04", Some("p2"), "ana", stamp);
    let (held, last_day) = (Held::Gift(GiftId(0)), Some(date("2026-03-06")));
    let gift = Happened::Gift { held, life: GiftLife::Issued, rule: None, last_day };
    journal.happened("2026-02-04", Some("p2"), "ana", gift);

    journal.event("r1", "2026-02-20 10:00", Kind::Redeem, "ana", "").reference = Some("cake".into());
    journal.happened(
        "2026-02-20 10:00",
        Some("r1"),
        "ana",
        Happened::Posted(posting(3, 0, PostingKind::Spent, "-150")),
    );
    journal.event("x1", "2026-02-21 10:00", Kind::Return, "ana", "57.90").reference = Some("p1".into());
    let mut clawed = posting(4, 0, PostingKind::Clawed, "-57");
    let how = How::Revalued { before: exact("57"), now: Vec::new(), cuts: Vec::new() };
    clawed.parts = vec![Part { rule: None, exact: Exact::zero(), posted: Exact::zero(), how }];
    clawed.note = "p1 valued again without what came back".into();
    let (own, others, debt, written_off) = (exact("10"), exact("2"), exact("40"), exact("5"));
    clawed.taken = Some(Taken { own, others, debt, written_off });
    journal.happened("2026-02-21 10:00", Some("x1"), "ana", Happened::Posted(clawed));
    let off = posting(5, 0, PostingKind::WrittenOff, "5");
    journal.happened("2026-02-21 10:00", Some("x1"), "ana", Happened::Posted(off));
    let sentence = "cake takes 300 stars; ana has none.".to_string();
    journal.event("r2", "2026-02-22 10:00", Kind::Redeem, "ana", "").reference = Some("cake".into());
    let rejected = Happened::Rejected { reason: Reason::NotEnough, sentence };
    journal.happened("2026-02-22 10:00", Some("r2"), "ana", rejected);

    journal.event("p3", "2026-03-01 09:00", Kind::Purchase, "=דנה", "100.00");
    let mut third = posting(6, 1, PostingKind::Earned, "33.33");
    third.pocket = Some("תל אביב".into());
    third.parts = vec![part(2, "100/3", "33.33", by_rate("100", "3"))];
    journal.happened("2026-03-01 09:00", Some("p3"), "=דנה", Happened::Posted(third));
    journal.happened("2026-03-02", None, "=דנה", Happened::Nothing("nothing is due".into()));
    journal
}
