//! Conditions and figures in the words of the language, for messages.
//!
//! The words also tell measures apart: two measures are the same thing when their words are.

use crate::mechanics::basis::{Basis, Distinct, Pick, StreakAct};
use crate::mechanics::condition::{Condition, How, Measure, Test, Value};
use crate::mechanics::habit::Habit;
use crate::mechanics::rule::Trigger;
use crate::mechanics::{PointsId, Program};
use crate::value::clock::Window;
use crate::value::exact::Exact;

/// `57.90 RON`: money of the program, with its minor units unless it needs more, whole when it is.
pub fn money(program: &Program, figure: &Exact) -> String {
    format!("{} {}", number(figure, program.settings.minor_units), program.settings.money)
}

/// `1 star`, `57 stars`.
pub fn points(program: &Program, unit: PointsId, figure: &Exact) -> String {
    let block = &program.points[unit.0];
    let name = if *figure == Exact::one() { &block.name.text } else { plural(program, unit) };
    format!("{} {name}", number(figure, block.decimals))
}

/// The plural of a unit, or its name when it has none.
pub fn plural(program: &Program, unit: PointsId) -> &str {
    let block = &program.points[unit.0];
    block.plural.as_deref().unwrap_or(&block.name.text)
}

/// A figure: whole when it is, exact when it ends, else with two decimals.
pub fn number(figure: &Exact, decimals: u32) -> String {
    match figure.decimals() {
        Some(0) => figure.to_string(),
        Some(needed) if needed <= 6 => figure.fixed(needed.max(decimals)),
        Some(_) | None => figure.fixed(decimals.max(2)),
    }
}

/// `6%`, `6.25%`.
pub fn percent(figure: &Exact) -> String {
    format!("{}%", number(figure, 0))
}

/// `a, b and c`.
pub fn list(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}

/// A window in a sentence: `a calendar year`, `the last 365 days`.
pub fn window(of: &Window) -> String {
    match of {
        Window::Calendar(_) | Window::MembershipYear => format!("a {of}"),
        Window::Last(_) | Window::LastHours(_) | Window::Campaign => format!("the {of}"),
        Window::SinceJoining => of.to_string(),
        Window::Ever => "all time".to_owned(),
    }
}

/// What makes a rule fire, as `on` says it.
pub fn trigger(program: &Program, trigger: &Trigger) -> String {
    let moved = |name: &str, days: i32| match days {
        0 => name.to_owned(),
        1.. => format!("{days} days after {name}"),
        _ => format!("{} days before {name}", days.unsigned_abs()),
    };
    match trigger {
        Trigger::Purchase => "purchase".to_owned(),
        Trigger::FirstPurchaseOfFriend => "first purchase of friend".to_owned(),
        Trigger::Visit => "visit".to_owned(),
        Trigger::Activity(None) => "activity".to_owned(),
        Trigger::Activity(Some(id)) => format!("activity {}", program.activities[id.0].name.text),
        Trigger::Referral => "referral".to_owned(),
        Trigger::Join => "join".to_owned(),
        Trigger::Birthday(days) => moved("birthday", *days),
        Trigger::Anniversary(days) => moved("anniversary", *days),
        Trigger::LevelUp(id) => format!("level up in {}", program.tiers[id.0].name.text),
        Trigger::Full(id) => format!("full {}", program.cards[id.0].name.text),
        Trigger::Redeem => "redeem".to_owned(),
        Trigger::Every { period, at_start: false } => format!("every {period}"),
        Trigger::EveryMembershipYear => "every membership year".to_owned(),
        Trigger::Every { period, at_start: true } => format!("at start of every {period}"),
        Trigger::EveryLength { length, at_start: false } => format!("every {length}"),
        Trigger::EveryLength { length, at_start: true } => format!("at start of every {length}"),
        Trigger::Completed(id) => format!("challenge {}", program.challenges[id.0].name.text),
        Trigger::PaidOut(id) => format!("payout {}", program.payouts[id.0].name.text),
        Trigger::NoPurchaseIn(days) => format!("no purchase in {days} days"),
    }
}

/// A condition as a program writes it.
pub fn condition(program: &Program, condition_: &Condition) -> String {
    let joined =
        |parts: &[Condition], word: &str| parts.iter().map(|part| inner(program, part)).collect::<Vec<_>>().join(word);
    match condition_ {
        Condition::All(parts) => joined(parts, " and "),
        Condition::Any(parts) => joined(parts, " or "),
        Condition::Not(part) => format!("not {}", inner(program, part)),
        Condition::EveryLine(part) => format!("every line {}", inner(program, part)),
        Condition::Test(part) => test(program, part),
    }
}

fn inner(program: &Program, part: &Condition) -> String {
    match part {
        Condition::All(_) | Condition::Any(_) => format!("({})", condition(program, part)),
        Condition::Not(_) | Condition::EveryLine(_) | Condition::Test(_) => condition(program, part),
    }
}

/// One test as a program writes it.
pub fn test(program: &Program, test: &Test) -> String {
    let name = measure(program, &test.measure);
    let one = |wanted: &Value| value(program, &test.measure, wanted);
    let many = |wanted: &[Value]| wanted.iter().map(one).collect::<Vec<_>>().join(", ");
    match &test.how {
        How::Is(wanted) => format!("{name} is {}", one(wanted)),
        How::IsNot(wanted) => format!("{name} is not {}", one(wanted)),
        How::AtLeast(wanted) => format!("{name} is at least {}", one(wanted)),
        How::AtMost(wanted) => format!("{name} is at most {}", one(wanted)),
        How::MoreThan(wanted) => format!("{name} is more than {}", one(wanted)),
        How::LessThan(wanted) => format!("{name} is less than {}", one(wanted)),
        How::Between(low, high) => format!("{name} is between {} and {}", one(low), one(high)),
        How::In(wanted) => format!("{name} in [{}]", many(wanted)),
        How::NotIn(wanted) => format!("{name} not in [{}]", many(wanted)),
        How::InList(list) => format!("{name} in {}", program.lists[list.0].name.text),
        How::NotInList(list) => format!("{name} not in {}", program.lists[list.0].name.text),
        How::InCalendar(calendar) => format!("date in {}", program.calendars[calendar.0].name.text),
        How::NotInCalendar(calendar) => format!("date not in {}", program.calendars[calendar.0].name.text),
        How::Exists => format!("{name} exists"),
        How::Holds => name,
    }
}

/// A measure as a program writes it.
pub fn measure(program: &Program, of: &Measure) -> String {
    match of {
        Measure::Amount => "amount".to_owned(),
        Measure::TotalOf(part) => format!("total of items {}", condition(program, part)),
        Measure::Items => "items".to_owned(),
        Measure::ItemsOf(part) => format!("items of {}", condition(program, part)),
        Measure::Category => "category".to_owned(),
        Measure::Sku => "sku".to_owned(),
        Measure::Brand => "brand".to_owned(),
        Measure::Price => "price".to_owned(),
        Measure::Quantity => "quantity".to_owned(),
        Measure::ReducedPrice => "at reduced price".to_owned(),
        Measure::Store => "store".to_owned(),
        Measure::Channel => "channel".to_owned(),
        Measure::Time => "time".to_owned(),
        Measure::Weekday => "weekday".to_owned(),
        Measure::Date => "date".to_owned(),
        Measure::DayOfMonth => "day of month".to_owned(),
        Measure::Month => "month".to_owned(),
        Measure::FirstPurchase => "first purchase".to_owned(),
        Measure::Column(name) => name.clone(),
        Measure::Level(id) => program.tiers[id.0].name.text.clone(),
        Measure::Stamps(id) => format!("stamps on {}", program.cards[id.0].name.text),
        Measure::MemberColumn(name) => format!("member.{name}"),
        Measure::InSegment(id) => format!("in segment {}", program.segments[id.0].name.text),
        Measure::HasGift(id) => format!("has gift {}", program.gifts[id.0].name.text),
        Measure::HasCoupon(id) => format!("has coupon {}", program.coupons[id.0].name.text),
        Measure::HasReward(id) => format!("has {}", program.rewards[id.0].name.text),
        Measure::HasMembership(id) => format!("has membership {}", program.memberships[id.0].name.text),
        Measure::BirthdayWithin(days) => format!("birthday within {days} days"),
        Measure::MemberFor(length) => format!("member for at least {length}"),
        Measure::Balance(id) => format!("balance of {}", plural(program, *id)),
        Measure::Aggregate { basis: of, window: Window::Ever } => format!("{} ever", basis(program, of)),
        Measure::Aggregate { basis: of, window } => format!("{} in {window}", basis(program, of)),
        Measure::DaysSinceLastPurchase => "days since last purchase".to_owned(),
        Measure::Habit(habit) => habit.words(),
        Measure::Consecutive(streak) => {
            let act = match &streak.with {
                StreakAct::Purchase => "purchase".to_owned(),
                StreakAct::Visit => "visit".to_owned(),
                StreakAct::Activity(None) => "activity".to_owned(),
                StreakAct::Activity(Some(id)) => format!("activity {}", program.activities[id.0].name.text),
            };
            format!("consecutive {}s with {act}", streak.of)
        }
    }
}

/// A basis as a program writes it.
pub fn basis(program: &Program, of: &Basis) -> String {
    match of {
        Basis::Total(total) => {
            let mut words = "spend".to_owned();
            words.push_str(if total.before_discounts { " before discounts" } else { "" });
            words.push_str(if total.without_tax { " without tax" } else { "" });
            words.push_str(if total.with_paid_by_points { " with paid by points" } else { "" });
            words + &pick(program, &total.pick)
        }
        Basis::Items(lines) => format!("items{}", pick(program, lines)),
        Basis::Purchases(lines) => format!("purchases{}", pick(program, lines)),
        Basis::Visits(lines) => format!("visits{}", pick(program, lines)),
        Basis::Activity(None) => "activity".to_owned(),
        Basis::Activity(Some(id)) => format!("activity {}", program.activities[id.0].name.text),
        Basis::Field { activity: None, field } => format!("sum of {field}"),
        Basis::Field { activity: Some(id), field } => {
            format!("sum of {field} of {}", program.activities[id.0].name.text)
        }
        Basis::Points(id) => format!("points {}", program.points[id.0].name.text),
        Basis::Distinct(what, lines) => {
            let word = match what {
                Distinct::Stores => "stores",
                Distinct::Categories => "categories",
                Distinct::Days => "days",
                Distinct::Brands => "brands",
                Distinct::Skus => "skus",
                Distinct::Channels => "channels",
                Distinct::Column(name) => name,
            };
            format!("distinct {word}{}", pick(program, lines))
        }
        Basis::One => "1".to_owned(),
    }
}

fn pick(program: &Program, of: &Pick) -> String {
    let part = |word: &str, lines: &Option<Box<Condition>>| {
        lines.as_ref().map(|lines| format!(", {word} {}", condition(program, lines))).unwrap_or_default()
    };
    part("with", &of.with) + &part("without", &of.without)
}

/// A value as a program writes it next to its measure.
pub fn value(program: &Program, of: &Measure, wanted: &Value) -> String {
    match wanted {
        Value::Number(figure) if is_money(of) => money(program, figure),
        Value::Number(figure) if is_percent(of) => number(figure, 0) + "%",
        Value::Number(figure) => match unit_of(of) {
            Some(unit) => points(program, unit, figure),
            None => number(figure, 0),
        },
        Value::Text(text) => text.clone(),
        Value::Time(time) => format!("{:02}:{:02}", time.hour(), time.minute()),
        Value::Date(date) => date.to_string(),
        Value::Weekday(day) => weekday(*day).to_owned(),
        Value::Level(level) => {
            let named = if let Measure::Level(id) = of { program.tiers[id.0].levels.get(*level) } else { None };
            named.map_or_else(|| level.to_string(), |named| named.name.text.clone())
        }
        Value::YesNo(true) => "yes".to_owned(),
        Value::YesNo(false) => "no".to_owned(),
    }
}

/// Whether numbers of this measure are percentages.
fn is_percent(of: &Measure) -> bool {
    matches!(of, Measure::Habit(Habit::ChurnRisk | Habit::ReducedShare(_)))
}

fn unit_of(of: &Measure) -> Option<PointsId> {
    if let Measure::Balance(unit) | Measure::Aggregate { basis: Basis::Points(unit), .. } = of {
        return Some(*unit);
    }
    None
}

/// Whether numbers of this measure are money.
pub fn is_money(of: &Measure) -> bool {
    match of {
        Measure::Amount | Measure::TotalOf(_) | Measure::Price | Measure::Habit(Habit::Margin(_)) => true,
        Measure::Aggregate { basis, .. } => matches!(basis, Basis::Total(_)),
        Measure::Items
        | Measure::ItemsOf(_)
        | Measure::Category
        | Measure::Sku
        | Measure::Brand
        | Measure::Quantity
        | Measure::ReducedPrice
        | Measure::Store
        | Measure::Channel
        | Measure::Time
        | Measure::Weekday
        | Measure::Date
        | Measure::DayOfMonth
        | Measure::Month
        | Measure::FirstPurchase
        | Measure::Column(_)
        | Measure::Level(_)
        | Measure::Stamps(_)
        | Measure::MemberColumn(_)
        | Measure::InSegment(_)
        | Measure::HasGift(_)
        | Measure::HasReward(_)
        | Measure::HasCoupon(_)
        | Measure::HasMembership(_)
        | Measure::BirthdayWithin(_)
        | Measure::MemberFor(_)
        | Measure::Balance(_)
        | Measure::DaysSinceLastPurchase
        | Measure::Consecutive(_)
        | Measure::Habit(_) => false,
    }
}

/// `monday`.
pub fn weekday(day: crate::value::clock::Weekday) -> &'static str {
    use crate::value::clock::Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
    match day {
        Monday => "monday",
        Tuesday => "tuesday",
        Wednesday => "wednesday",
        Thursday => "thursday",
        Friday => "friday",
        Saturday => "saturday",
        Sunday => "sunday",
    }
}
