//! Dates that do not meet, and rules that no event can make fire (section 7).

use super::fire::{fires, together};
use super::formula::Formula;
use super::meet::meet;
use super::steps::Steps;
use super::{unfinished, words};
use crate::diag::{Finding, Message, Severity};
use crate::mechanics::coupon::Coupon;
use crate::mechanics::draw::Held;
use crate::mechanics::gift::Valid;
use crate::mechanics::give::What;
use crate::mechanics::list::Calendar;
use crate::mechanics::rule::Rule;
use crate::mechanics::{Name, Program};
use crate::text::Span;
use crate::value::clock::Date;

enum Dates {
    /// The last day lies before the first.
    Turned { block: String, from: Date, until: Date, span: Span },
    /// The block's days lie outside the program's.
    Outside { block: String, days: String, program: String, span: Span },
    /// Days, conditions and exceptions leave no event.
    NeverFires { block: String, dated: bool, span: Span },
    /// A bonus that takes a share of what cannot be there.
    NoBase { bonus: String, base: String, triggers: Option<(String, String)>, span: Span, base_span: Span },
    /// What ends before the rule that gives it begins, or a rule outside the days of its pilot.
    Apart { block: String, days: String, rule: String, rule_days: String, of_pilot: bool, span: Span },
    /// Two stretches of a calendar share days.
    Overlap { calendar: String, first: (Date, Date), second: (Date, Date), span: Span },
}

impl Message for Dates {
    fn code(&self) -> &'static str {
        match self {
            Self::Turned { .. } => "dates-turned",
            Self::Outside { .. } | Self::Apart { .. } => "dates-do-not-meet",
            Self::NeverFires { .. } => "never-fires",
            Self::NoBase { .. } => "bonus-without-base",
            Self::Overlap { .. } => "days-twice",
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Self::Turned { .. }
            | Self::Apart { of_pilot: true, .. }
            | Self::NeverFires { .. }
            | Self::NoBase { .. } => Severity::Error,
            Self::Outside { .. } | Self::Apart { of_pilot: false, .. } | Self::Overlap { .. } => Severity::Warning,
        }
    }

    fn says(&self) -> String {
        match self {
            Self::Turned { block, from, until, .. } => format!("`{block}` ends on {until}, before it begins on {from}"),
            Self::Outside { block, days, program, .. } => {
                format!("the days of `{block}` ({days}) and of the program ({program}) do not meet")
            }
            Self::Apart { block, days, rule, of_pilot: true, .. } => {
                format!("the days of `{rule}` and of its pilot `{block}` ({days}) do not meet")
            }
            Self::Apart { block, days, rule, rule_days, of_pilot: false, .. } => {
                format!("the days of `{rule}` ({rule_days}) and of `{block}` ({days}) do not meet")
            }
            Self::NeverFires { block, .. } => format!("no event can make `{block}` fire"),
            Self::NoBase { bonus, base, .. } => format!("`{bonus}` never meets `{base}`, which it takes a share of"),
            Self::Overlap { calendar, first, second, .. } => {
                format!("`{calendar}` names days twice: {} and {}", stretch(*first), stretch(*second))
            }
        }
    }

    fn place(&self) -> Span {
        match self {
            Self::Turned { span, .. }
            | Self::Outside { span, .. }
            | Self::Apart { span, .. }
            | Self::NeverFires { span, .. }
            | Self::NoBase { span, .. }
            | Self::Overlap { span, .. } => *span,
        }
    }

    fn label(&self) -> String {
        match self {
            Self::Turned { .. } => "has no day".to_owned(),
            Self::Outside { .. } | Self::Apart { .. } => "never runs".to_owned(),
            Self::NeverFires { .. } => "never fires".to_owned(),
            Self::NoBase { .. } => "adds nothing".to_owned(),
            Self::Overlap { .. } => "the same days twice".to_owned(),
        }
    }

    fn related(&self) -> Vec<(Span, String)> {
        match self {
            Self::NoBase { base, base_span, .. } => vec![(*base_span, format!("`{base}` stands here"))],
            Self::Turned { .. }
            | Self::Outside { .. }
            | Self::Apart { .. }
            | Self::NeverFires { .. }
            | Self::Overlap { .. } => Vec::new(),
        }
    }

    fn why(&self) -> String {
        match self {
            Self::Turned { block, .. } => format!("There is no day on which `{block}` runs."),
            Self::Outside { block, .. } => {
                format!("Events outside the program's days earn nothing, so `{block}` never counts.")
            }
            Self::Apart { rule, of_pilot: true, .. } => {
                format!("`{rule}` gives only inside its pilot, so it never gives.")
            }
            Self::Apart { block, rule, of_pilot: false, .. } => {
                format!("What `{rule}` gives has ended before it is given: nobody can ever use `{block}`.")
            }
            Self::NeverFires { dated: true, .. } => {
                "Between its first and last day there is no event of which all its conditions hold.".to_owned()
            }
            Self::NeverFires { dated: false, .. } => {
                "Its exceptions take away all that its conditions allow.".to_owned()
            }
            Self::NoBase { bonus, base, triggers: Some((on, base_on)), .. } => {
                format!("`{bonus}` is on {on} and `{base}` on {base_on}: no event is both, so the member gets nothing.")
            }
            Self::NoBase { bonus, base, triggers: None, .. } => {
                format!(
                    "Whenever the conditions of `{bonus}` hold, those of `{base}` do not, so the member gets nothing."
                )
            }
            Self::Overlap { .. } => "It changes nothing, but one of the two may be meant to be another day.".to_owned(),
        }
    }

    fn mend(&self) -> String {
        match self {
            Self::Turned { from, until, .. } => {
                format!("Write `from {until}` and `until {from}` if they were exchanged.")
            }
            Self::Outside { .. } => "Move its `from` and `until` into the program's days, or take it out.".to_owned(),
            Self::Apart { .. } => "Change the `from` and `until` of one of the two.".to_owned(),
            Self::NeverFires { .. } => "Widen its `from` and `until`, or change its `when` or `except`.".to_owned(),
            Self::NoBase { base, triggers: Some((_, on)), .. } => {
                format!("Write `on {on}` as in `{base}`, or name another base.")
            }
            Self::NoBase { base, triggers: None, .. } => {
                format!("Let the conditions of both hold together, or name another base than `{base}`.")
            }
            Self::Overlap { .. } => "Write each day once.".to_owned(),
        }
    }
}

fn stretch((first, last): (Date, Date)) -> String {
    if first == last { first.to_string() } else { format!("{first} until {last}") }
}

fn days(from: Option<Date>, until: Option<Date>) -> String {
    match (from, until) {
        (Some(from), Some(until)) if from == until => format!("on {from}"),
        (Some(from), Some(until)) => format!("from {from} until {until}"),
        (Some(from), None) => format!("from {from}"),
        (None, Some(until)) => format!("until {until}"),
        (None, None) => "always".to_owned(),
    }
}

/// What is found in a program.
pub fn check(program: &Program) -> Vec<Finding> {
    let mut found = Vec::new();
    let steps = Steps::of(program);
    let settings = &program.settings;
    if let (Some(from), Some(until)) = (settings.from, settings.until)
        && until < from
    {
        found.push(Dates::Turned { block: settings.name.text.clone(), from, until, span: settings.name.span });
        // Nothing meets days that are none.
        return found.into_iter().map(Finding::from).collect();
    }
    blocks(program, &mut found);
    for rule in &program.rules {
        // A pilot outside the program's days is told once, not again of each of its rules.
        let of_pilot = rule.pilot.map(|pilot| &program.pilots[pilot.0].name.text);
        let told = |dates: &Dates| matches!(dates, Dates::Outside { block, .. } if Some(block) == of_pilot);
        // Its days are those that are the pilot's too; where there are none, that is told.
        let turned = ends_before(rule.until, rule.from);
        if found.iter().any(told) || (turned && rule.pilot.is_some()) {
            continue;
        }
        if !own_days(program, &rule.name, (rule.from, rule.until), &mut found) {
            conditions(program, rule, &steps, &mut found);
        }
    }
    program.rules.iter().for_each(|rule| ends_of_gives(program, rule, &mut found));
    program.calendars.iter().for_each(|calendar| days_of_calendar(calendar, &mut found));
    let unfinished = unfinished(program, &steps, "whether every rule can fire");
    found.into_iter().map(Finding::from).chain(unfinished).collect()
}

/// The days of all blocks but rules, and challenges, which are rules too.
fn blocks(program: &Program, found: &mut Vec<Dates>) {
    let mut own = |name: &Name, from: Option<Date>, until: Option<Date>| own_days(program, name, (from, until), found);
    for draw in &program.draws {
        let said = own(&draw.name, draw.from, draw.until);
        if let (Held::On(day), false) = (draw.held, said) {
            own(&draw.name, Some(day), Some(day));
        }
    }
    for reward in &program.rewards {
        own(&reward.name, reward.from, reward.until);
    }
    for discount in &program.discounts {
        own(&discount.name, discount.from, discount.until);
    }
    for pilot in &program.pilots {
        own(&pilot.name, pilot.from, pilot.until);
    }
    for gift in &program.gifts {
        own(&gift.name, None, last_of(gift.valid));
    }
    for coupon in &program.coupons {
        own(&coupon.name, None, last_of_coupon(coupon));
    }
    for calendar in program.calendars.iter().filter(|calendar| calendar.days.iter().all(|(from, until)| from <= until))
    {
        let ends = (calendar.days.iter().map(|day| day.0).min(), calendar.days.iter().map(|day| day.1).max());
        own(&calendar.name, ends.0, ends.1);
    }
}

fn last_of(valid: Valid) -> Option<Date> {
    match valid {
        Valid::Until(until) => Some(until),
        Valid::Forever | Valid::For(_) | Valid::UntilEndOf(_) => None,
    }
}

/// The day on which all coupons of that name have ended.
fn last_of_coupon(coupon: &Coupon) -> Option<Date> {
    last_of(coupon.valid).into_iter().chain(coupon.until).min()
}

/// Whether one stretch of days is over before another begins.
fn ends_before(until: Option<Date>, from: Option<Date>) -> bool {
    until.zip(from).is_some_and(|(until, from)| until < from)
}

/// Gifts and coupons that end before the rule begins that gives them, and pilots whose days the rule misses.
fn ends_of_gives(program: &Program, rule: &Rule, found: &mut Vec<Dates>) {
    let mut say = |block: &Name, of: (Option<Date>, Option<Date>), of_pilot: bool, span: Span| {
        if ends_before(of.1, rule.from) || ends_before(rule.until, of.0) {
            found.push(Dates::Apart {
                block: block.text.clone(),
                days: days(of.0, of.1),
                rule: rule.name.text.clone(),
                rule_days: days(rule.from, rule.until),
                of_pilot,
                span,
            });
        }
    };
    for give in &rule.gives {
        match &give.what {
            What::Gift(gift, _) => {
                let gift = &program.gifts[gift.0];
                say(&gift.name, (None, last_of(gift.valid)), false, give.span);
            }
            What::Coupon(coupon, _) => {
                let coupon = &program.coupons[coupon.0];
                say(&coupon.name, (None, last_of_coupon(coupon)), false, give.span);
            }
            What::Rate { .. }
            | What::Back { .. }
            | What::Fixed { .. }
            | What::PercentOf { .. }
            | What::Scale { .. }
            | What::Step { .. }
            | What::Stamps(..)
            | What::Entries(..)
            | What::Level { .. } => {}
        }
    }
    if let Some(pilot) = rule.pilot {
        let pilot = &program.pilots[pilot.0];
        say(&pilot.name, (pilot.from, pilot.until), true, rule.name.span);
    }
}

/// Days turned round, and days named twice: each with the one before it that reaches furthest.
fn days_of_calendar(calendar: &Calendar, found: &mut Vec<Dates>) {
    let block = || calendar.name.text.clone();
    let (mut days, turned): (Vec<_>, Vec<_>) = calendar.days.iter().partition(|day| day.0 <= day.1);
    for (from, until) in turned {
        found.push(Dates::Turned { block: block(), from, until, span: calendar.name.span });
    }
    days.sort_unstable();
    let mut furthest: Option<(Date, Date)> = None;
    for second in days {
        if let Some(first) = furthest.filter(|first| second.0 <= first.1) {
            found.push(Dates::Overlap { calendar: block(), first, second, span: calendar.name.span });
        }
        if furthest.is_none_or(|first| first.1 < second.1) {
            furthest = Some(second);
        }
    }
}

/// Whether something was said of a block's own days.
fn own_days(
    program: &Program,
    name: &Name,
    (from, until): (Option<Date>, Option<Date>),
    found: &mut Vec<Dates>,
) -> bool {
    if let (Some(from), Some(until)) = (from, until)
        && until < from
    {
        found.push(Dates::Turned { block: name.text.clone(), from, until, span: name.span });
        return true;
    }
    let settings = &program.settings;
    if ends_before(until, settings.from) || ends_before(settings.until, from) {
        found.push(Dates::Outside {
            block: name.text.clone(),
            days: days(from, until),
            program: days(settings.from, settings.until),
            span: name.span,
        });
        return true;
    }
    false
}

fn conditions(program: &Program, rule: &Rule, steps: &Steps, found: &mut Vec<Dates>) {
    // A condition that is never true by itself is told where it stands.
    let alone = |rule: &Rule| {
        rule.when.as_ref().is_some_and(|when| meet(program, &Formula::of(program, when, true), steps).is_no())
    };
    if alone(rule) {
        return;
    }
    let fire = fires(program, rule);
    if meet(program, &fire, steps).is_no() {
        let dated = rule.from.is_some() || rule.until.is_some();
        let plain = Rule { from: None, until: None, ..rule.clone() };
        let dated = dated && !meet(program, &fires(program, &plain), steps).is_no();
        found.push(Dates::NeverFires { block: rule.name.text.clone(), dated, span: rule.name.span });
        return;
    }
    for give in &rule.gives {
        let What::PercentOf { rule: base, .. } = &give.what else { continue };
        let base = &program.rules[base.0];
        let on = |rule: &Rule| words::list(&rule.on.iter().map(|on| words::trigger(program, on)).collect::<Vec<_>>());
        let triggers = together(&rule.on, &base.on).is_empty().then(|| (on(rule), on(base)));
        let base_fires = fires(program, base);
        let never = || {
            !alone(base)
                && !meet(program, &base_fires, steps).is_no()
                && meet(program, &Formula::All(vec![fire.clone(), base_fires.clone()]), steps).is_no()
        };
        if triggers.is_some() || never() {
            found.push(Dates::NoBase {
                bonus: rule.name.text.clone(),
                base: base.name.text.clone(),
                triggers,
                span: give.span,
                base_span: base.name.span,
            });
        }
    }
}
