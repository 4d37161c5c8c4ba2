//! Small programs by hand, until the cases are text.

use loyal::mechanics::basis::{Basis, Pick, Total};
use loyal::mechanics::card::{Card, Stamp, StampPer};
use loyal::mechanics::condition::{Condition, How, Measure, Test, Value};
use loyal::mechanics::gift::{Gift, Valid};
use loyal::mechanics::give::{Give, What, Whom};
use loyal::mechanics::points::{EarnCap, Expiry, Pending, Points, Scope};
use loyal::mechanics::promise::{Promise, Promised};
use loyal::mechanics::reward::{Price, Reward};
use loyal::mechanics::rule::{Limit, LimitOf, Rule, Trigger};
use loyal::mechanics::settings::{Membership, Settings};
use loyal::mechanics::stack::{Stack, Take};
use loyal::mechanics::tiers::{Lasts, Level, Miss, Need, Reach, TierMeasure, Tiers};
use loyal::mechanics::*;
use loyal::text::Span;
use loyal::value::clock::{Clock, Date, Length, Period, Time, Weekday, Window};
use loyal::value::exact::{Exact, Rounding};

pub fn n(text: &str) -> Exact {
    Exact::parse(text).unwrap_or_else(|| panic!("{text} is no number"))
}

pub fn day(text: &str) -> Date {
    text.parse().unwrap_or_else(|_| panic!("{text} is no day"))
}

pub fn name(text: &str) -> Name {
    Name { text: text.to_owned(), span: Span::default() }
}

pub fn program() -> Program {
    Program {
        ..Program::bare(Settings {
            name: name("test"),
            money: "RON".to_owned(),
            minor_units: 2,
            clock: Clock::new("Europe/Bucharest").expect("a zone"),
            from: Some(day("2026-01-01")),
            until: None,
            late_days: 30,
            membership: Membership::Any,
            exchange: None,
            succession: Default::default(),
            objectives: Vec::new(),
        })
    }
}

pub fn points(worth: Option<&str>) -> Points {
    Points {
        name: name("star"),
        plural: Some("stars".to_owned()),
        worth: worth.map(n),
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

pub fn rule(named: &str, bonus: bool, gives: Vec<What>) -> Rule {
    Rule {
        name: name(named),
        bonus,
        on: vec![Trigger::Purchase],
        when: None,
        except: Vec::new(),
        except_in: Vec::new(),
        gives: gives.into_iter().map(give).collect(),
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

pub fn give(what: What) -> Give {
    Give { what, to: Whom::Member, life: None, span: Span::default() }
}

pub const STAR: PointsId = PointsId(0);

/// `1 star per 2 RON`, of the lines picked.
pub fn rate(number: &str, per: &str, pick: Pick) -> What {
    What::Rate {
        unit: STAR,
        number: n(number),
        or: Vec::new(),
        per: n(per),
        full: false,
        basis: Basis::Total(Total { pick, ..Total::default() }),
    }
}

pub fn fixed(number: &str) -> What {
    What::Fixed { unit: STAR, number: n(number), or: Vec::new() }
}

/// `+100% of` the rule at this place.
pub fn percent_of(percent: &str, rule: usize, lines: Pick) -> What {
    What::PercentOf { percent: n(percent), rule: RuleId(rule), lines }
}

pub fn with(condition: Condition) -> Pick {
    Pick { with: Some(Box::new(condition)), without: None }
}

pub fn without(condition: Condition) -> Pick {
    Pick { with: None, without: Some(Box::new(condition)) }
}

pub fn test(measure: Measure, how: How) -> Condition {
    Condition::Test(Test { measure, how, span: Span::default() })
}

pub fn text(word: &str) -> Value {
    Value::Text(word.to_owned())
}

pub fn texts(words: &[&str]) -> Vec<Value> {
    words.iter().map(|word| text(word)).collect()
}

pub fn num(figure: &str) -> Value {
    Value::Number(n(figure))
}

pub fn time(hour: i8, minute: i8) -> Value {
    Value::Time(Time::constant(hour, minute, 0, 0))
}

pub fn category(words: &[&str]) -> Condition {
    test(Measure::Category, How::In(texts(words)))
}

pub fn level(places: &[usize]) -> Condition {
    test(Measure::Level(TiersId(0)), How::In(places.iter().map(|place| Value::Level(*place)).collect()))
}

pub fn weekdays(days: &[Weekday]) -> Condition {
    test(Measure::Weekday, How::In(days.iter().map(|day| Value::Weekday(*day)).collect()))
}

/// `time is between A and B`, as it is read: over midnight it is two tests.
pub fn between(from: (i8, i8), to: (i8, i8)) -> Condition {
    let (a, b) = (time(from.0, from.1), time(to.0, to.1));
    let test = |how: How| test(Measure::Time, how);
    if from > to {
        return Condition::Any(vec![test(How::AtLeast(a)), test(How::LessThan(b))]);
    }
    test(How::Between(a, b))
}

pub fn all(parts: Vec<Condition>) -> Option<Condition> {
    Some(Condition::All(parts))
}

pub fn stack(named: &str, take: Take) -> Stack {
    Stack {
        name: name(named),
        take,
        caps: Vec::new(),
        money_caps: Vec::new(),
        cap_percent: None,
        span: Span::default(),
    }
}

pub fn cap(most: &str, window: Window) -> EarnCap {
    EarnCap { most: n(most), window, span: Span::default() }
}

pub fn times(most: &str, window: Window) -> Limit {
    Limit { most: n(most), of: LimitOf::Times, per_member: true, window, span: Span::default() }
}

pub fn tiers(named: &str, basis: Basis, window: Window, levels: &[(&str, &str)]) -> Tiers {
    Tiers {
        name: name(named),
        measures: vec![TierMeasure { name: None, basis, window, span: Span::default() }],
        levels: levels
            .iter()
            .map(|(named, from)| Level {
                name: name(named),
                need: Need::AtLeast(0, n(from)),
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

pub fn status() -> Tiers {
    tiers(
        "status",
        Basis::Visits(Pick::default()),
        Window::Calendar(Period::Year),
        &[("basic", "0"), ("silver", "10"), ("gold", "30")],
    )
}

pub fn gift(named: &str, costs: &str) -> Gift {
    Gift {
        name: name(named),
        words: None,
        item: None,
        at_most: None,
        costs: Some(n(costs)),
        value: None,
        valid: Valid::For(Length::Days(30)),
        stock: None,
        choose: Vec::new(),
        when: None,
        span: Span::default(),
    }
}

pub fn card(named: &str, full: u32, per: StampPer, gives: Vec<What>) -> Card {
    Card {
        name: name(named),
        stamps: vec![Stamp { number: 1, per, pick: Pick::default(), span: Span::default() }],
        full,
        gives: gives.into_iter().map(give).collect(),
        limits: Vec::new(),
        expire: None,
        start: 0,
        discard: false,
        span: Span::default(),
    }
}

pub fn reward(named: &str, price: &str, value: &str) -> Reward {
    Reward {
        name: name(named),
        prices: vec![Price { unit: STAR, number: n(price), money: None, when: None, span: Span::default() }],
        words: None,
        costs: Some(n("6")),
        value: Some(n(value)),
        when: None,
        limits: Vec::new(),
        stock: None,
        valid: Valid::Forever,
        from: None,
        until: None,
        span: Span::default(),
    }
}

pub fn promise(what: Promised) -> Promise {
    Promise { what, span: Span::default() }
}

pub fn promised_return(percent: &str) -> Promise {
    promise(Promised::Return { percent: n(percent), with_gifts: false })
}

/// The program of section 2 of the language.
pub fn coffee() -> Program {
    let mut program = program();
    program.points = vec![Points {
        expiry: Expiry::After(points::Life { length: Length::Months(12), at_end_of: Some(Period::Month) }),
        owe: n("200"),
        ..points_of("0.05")
    }];
    program.tiers = vec![status()];
    program.activities = vec![activity::Activity {
        name: name("survey"),
        fields: Vec::new(),
        verified_by: None,
        accept: None,
        at_most: vec![cap("1", Window::Calendar(Period::Month))],
        at_most_each: Vec::new(),
        gap_minutes: None,
        span: Span::default(),
    }];
    let mut gold = rule("gold_double", true, vec![percent_of("100", 0, Pick::default())]);
    gold.when = Some(level(&[2]));
    gold.group = Some(StackId(0));
    let mut happy = rule("happy_hour", true, vec![percent_of("50", 0, Pick::default())]);
    happy.when = all(vec![between((14, 0), (16, 0)), weekdays(&[Weekday::Monday, Weekday::Tuesday])]);
    happy.group = Some(StackId(0));
    let mut hello = rule("say_hello", false, vec![fixed("20")]);
    hello.on = vec![Trigger::Activity(Some(ActivityId(0)))];
    program.rules = vec![
        rule("base", false, vec![rate("1", "2", without(category(&["gift_card", "tobacco"])))]),
        gold,
        happy,
        hello,
    ];
    let mut promo = stack("promo", Take::Best(1));
    promo.caps = vec![(STAR, cap("40", Window::Calendar(Period::Day)))];
    program.stacks = vec![promo];
    let mut coffee = card("coffee", 10, StampPer::Item, vec![What::Gift(GiftId(0), 1)]);
    coffee.stamps[0].pick = with(category(&["coffee"]));
    program.cards = vec![coffee];
    let mut free = gift("free_coffee", "4");
    (free.item, free.at_most) = (Some(category(&["coffee"])), Some(n("18")));
    program.gifts = vec![free];
    program.rewards = vec![reward("cake", "300", "15")];
    program.promises = vec![promised_return("6"), promise(Promised::MonthlyCost(n("40000")))];
    program
}

pub fn points_of(worth: &str) -> Points {
    points(Some(worth))
}
