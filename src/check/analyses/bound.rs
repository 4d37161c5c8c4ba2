//! How much a member can gather at most: what caps and limits allow in a stretch of days.

use crate::mechanics::give::{What, Whom};
use crate::mechanics::points::EarnCap;
use crate::mechanics::rule::{LimitOf, Rule, Trigger};
use crate::mechanics::{PointsId, Program};
use crate::value::clock::{Length, Period, Window};
use crate::value::exact::Exact;

/// The most days that a length can have.
pub fn days_of(length: Length) -> i64 {
    match length {
        Length::Days(days) => i64::from(days),
        Length::Weeks(weeks) => i64::from(weeks) * 7,
        Length::Months(months) => i64::from(months) * 31,
        Length::Years(years) => i64::from(years) * 366,
    }
}

/// The days of a window, at most; none: no end.
pub fn days_in(window: &Window) -> Option<i64> {
    match window {
        Window::Last(length) => Some(days_of(*length)),
        Window::LastHours(hours) => Some(i64::from(*hours) / 24 + 2),
        Window::Calendar(period) => Some(days_in_period(*period)),
        Window::MembershipYear => Some(366),
        Window::SinceJoining | Window::Campaign | Window::Ever => None,
    }
}

fn days_in_period(period: Period) -> i64 {
    match period {
        Period::Day => 1,
        Period::Week => 7,
        Period::Month => 31,
        Period::Quarter => 92,
        Period::Year => 366,
    }
}

/// How many windows of a cap a stretch of so many days can touch, at most. A whole calendar year or
/// quarter holds its months exactly (`aligned`).
pub fn windows_in(cap: &Window, days: i64, aligned: Option<Period>) -> i64 {
    let exact = match (cap, aligned) {
        (Window::Calendar(cap), Some(whole)) => match (cap, whole) {
            (Period::Month, Period::Year) => Some(12),
            (Period::Quarter, Period::Year) => Some(4),
            (Period::Month, Period::Quarter) => Some(3),
            (cap, whole) if *cap == whole => Some(1),
            (_, _) => None,
        },
        (_, _) => None,
    };
    exact.unwrap_or_else(|| match cap {
        Window::SinceJoining | Window::Campaign | Window::Ever => 1,
        Window::Last(length) => days / shortest(*length).max(1) + 2,
        Window::LastHours(hours) => days * 24 / i64::from(*hours).max(1) + 2,
        Window::MembershipYear => days / 365 + 2,
        Window::Calendar(Period::Day) => days,
        Window::Calendar(Period::Week) => days / 7 + 2,
        Window::Calendar(Period::Month) => days / 28 + 2,
        Window::Calendar(Period::Quarter) => days / 90 + 2,
        Window::Calendar(Period::Year) => days / 365 + 2,
    })
}

fn shortest(length: Length) -> i64 {
    match length {
        Length::Days(days) => i64::from(days),
        Length::Weeks(weeks) => i64::from(weeks) * 7,
        Length::Months(months) => i64::from(months) * 28,
        Length::Years(years) => i64::from(years) * 365,
    }
}

/// How many days something takes, and what is known of the calendar in it.
#[derive(Debug, Clone, Copy)]
pub enum Stretch {
    /// So many days, beginning anywhere, which touch at most so many calendar months where that is known.
    Days(i64, Option<i64>),
    /// A whole calendar period.
    Whole(Period),
    /// For ever.
    Endless,
}

impl Stretch {
    /// What a window covers.
    pub fn of(window: &Window) -> Self {
        match (window, days_in(window)) {
            (Window::Calendar(period), _) => Stretch::Whole(*period),
            (_, Some(days)) => Stretch::Days(days, None),
            (_, None) => Stretch::Endless,
        }
    }

    /// Its days, at most; none: no end.
    pub fn days(self) -> Option<i64> {
        match self {
            Stretch::Days(days, _) => Some(days),
            Stretch::Whole(period) => Some(days_in_period(period)),
            Stretch::Endless => None,
        }
    }
}

/// The most that caps allow in a stretch: in all, in how many windows, in each.
pub fn by_caps(caps: &[EarnCap], stretch: Stretch) -> Option<(Exact, i64, Exact)> {
    let bounds = caps.iter().filter_map(|cap| {
        let windows = match (stretch, cap.window) {
            (_, Window::Ever | Window::SinceJoining) => 1,
            (Stretch::Days(_, Some(months)), Window::Calendar(Period::Month)) => months,
            (Stretch::Days(days, _), window) => windows_in(&window, days, None),
            (Stretch::Whole(period), window) => windows_in(&window, days_in_period(period), Some(period)),
            (Stretch::Endless, _) => return None,
        };
        Some((&cap.most * &Exact::from_int(windows), windows, cap.most.clone()))
    });
    bounds.min_by(|a, b| a.0.cmp(&b.0))
}

/// The most that these rules together can give a member of a unit in so many days; none: no bound.
pub fn by_rules(program: &Program, rules: &[&Rule], unit: PointsId, days: i64) -> Option<Exact> {
    let mut sum = Exact::zero();
    for rule in rules {
        if gives(program, rule, unit) {
            sum += &by_rule(rule, unit, days)?;
        }
    }
    // A full card may give points without end.
    let by_card =
        program.cards.iter().flat_map(|card| &card.gives).any(|give| unit_of(program, &give.what) == Some(unit));
    if by_card { None } else { Some(sum) }
}

/// Whether a rule gives this unit.
pub fn gives(program: &Program, rule: &Rule, unit: PointsId) -> bool {
    let of_base = |what: &What| match what {
        What::PercentOf { rule: base, .. } => {
            program.rules[base.0].gives.iter().any(|give| give.what.unit() == Some(unit))
        }
        what => what.unit() == Some(unit),
    };
    rule.gives.iter().any(|give| of_base(&give.what))
}

/// The unit that a line of `give` gives; a share of a base gives the base's.
pub fn unit_of(program: &Program, what: &What) -> Option<PointsId> {
    fn deep(program: &Program, what: &What, depth: usize) -> Option<PointsId> {
        match what {
            What::PercentOf { rule, .. } if depth < 8 => {
                program.rules[rule.0].gives.iter().find_map(|give| deep(program, &give.what, depth + 1))
            }
            what => what.unit(),
        }
    }
    deep(program, what, 0)
}

fn by_rule(rule: &Rule, unit: PointsId, days: i64) -> Option<Exact> {
    let limits = rule.limits.iter().filter(|limit| limit.per_member);
    let mut bounds: Vec<Exact> = Vec::new();
    let once = once_in(rule, days);
    let each: Option<Exact> = rule
        .gives
        .iter()
        .map(|give| match &give.what {
            What::Fixed { unit: of, number, or, .. } if *of == unit && give.to == Whom::Member => {
                Some(or.iter().map(|(_, other)| other).chain([number]).max()?.clone())
            }
            What::Step { unit: of, steps, .. } if *of == unit => steps.iter().map(|(_, number)| number).max().cloned(),
            What::Gift(..) | What::Coupon(..) | What::Stamps(..) | What::Entries(..) | What::Level { .. } => {
                Some(Exact::zero())
            }
            What::Rate { .. }
            | What::Back { .. }
            | What::Fixed { .. }
            | What::PercentOf { .. }
            | What::Scale { .. }
            | What::Step { .. } => None,
        })
        .sum::<Option<Exact>>();
    if let (Some(each), Some(times)) = (&each, once) {
        bounds.push(each * &Exact::from_int(times));
    }
    for limit in limits {
        let windows = Exact::from_int(windows_in(&limit.window, days, None));
        match limit.of {
            LimitOf::Points(of) if of == unit => bounds.push(&limit.most * &windows),
            LimitOf::Points(_) => {}
            LimitOf::Times => bounds.extend(each.iter().map(|each| each * &limit.most * &windows)),
        }
    }
    bounds.into_iter().min()
}

/// How often a rule can fire by its trigger alone; none: without bound.
fn once_in(rule: &Rule, days: i64) -> Option<i64> {
    let mut sum = 0;
    for on in &rule.on {
        sum += match on {
            Trigger::Join => 1,
            Trigger::Birthday(_) | Trigger::Anniversary(_) | Trigger::EveryMembershipYear => days / 365 + 2,
            Trigger::Every { period, .. } => windows_in(&Window::Calendar(*period), days, None),
            Trigger::EveryLength { length, .. } => windows_in(&Window::Last(*length), days, None),
            Trigger::NoPurchaseIn(idle) => days / i64::from(*idle).max(1) + 1,
            Trigger::Purchase
            | Trigger::FirstPurchaseOfFriend
            | Trigger::Visit
            | Trigger::Activity(_)
            | Trigger::Referral
            | Trigger::LevelUp(_)
            | Trigger::Full(_)
            | Trigger::Redeem
            | Trigger::Completed(_)
            | Trigger::PaidOut(_) => return None,
        };
    }
    Some(sum)
}
