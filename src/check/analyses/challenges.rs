//! Challenges that nobody can complete: a step that takes more than fits into the time there is (section 7).

use super::bound::{Stretch, by_caps};
use super::words;
use crate::diag::{Finding, Message, Severity};
use crate::mechanics::activity::Activity;
use crate::mechanics::basis::{Basis, Distinct, Streak, StreakAct};
use crate::mechanics::challenge::{Challenge, Done, Step};
use crate::mechanics::condition::{Condition, How, Measure, Value};
use crate::mechanics::{ActivityId, Name, Program};
use crate::text::Span;
use crate::value::clock::Period;
use crate::value::exact::{Exact, Rounding};

/// A step that cannot be made.
struct OutOfReach {
    challenge: Name,
    step: Name,
    /// Without it too many are missing; else the others are enough.
    needed: bool,
    arithmetic: String,
    place: Span,
}

impl Message for OutOfReach {
    fn code(&self) -> &'static str {
        "challenge-out-of-reach"
    }

    fn severity(&self) -> Severity {
        Severity::Warning
    }

    fn says(&self) -> String {
        let (challenge, step) = (&self.challenge.text, &self.step.text);
        if self.needed {
            format!("nobody can complete `{challenge}`: its step `{step}` cannot be made")
        } else {
            format!("the step `{step}` of `{challenge}` cannot be made by anybody")
        }
    }

    fn place(&self) -> Span {
        self.place
    }

    fn label(&self) -> String {
        "out of reach".to_owned()
    }

    fn why(&self) -> String {
        self.arithmetic.clone()
    }

    fn mend(&self) -> String {
        "Ask for less, or give it more time (`within …`).".to_owned()
    }
}

/// What is found in a program.
pub fn check(program: &Program) -> Vec<Finding> {
    let mut findings = Vec::new();
    for challenge in &program.challenges {
        let time = Time::of(program, challenge);
        let short = |step: &Step| Some((step.name.clone(), step.span, time.short(program, step)?));
        let impossible: Vec<_> = challenge.steps.iter().filter_map(short).collect();
        let needed = challenge.steps.len() - impossible.len() < challenge.need;
        findings.extend(impossible.into_iter().map(|(step, place, arithmetic)| {
            let challenge = challenge.name.clone();
            Finding::from(OutOfReach { challenge, step, needed, arithmetic, place })
        }));
    }
    findings
}

/// The time in which the steps of a challenge are made.
struct Time {
    stretch: Stretch,
    /// In words: `a calendar month`.
    words: String,
}

impl Time {
    fn of(program: &Program, challenge: &Challenge) -> Self {
        let settings = &program.settings;
        let from = challenge.from.into_iter().chain(settings.from).max();
        let until = challenge.until.into_iter().chain(settings.until).min();
        let dated = from.zip(until).and_then(|(from, until)| {
            let days = from.until(until).ok()?.get_days();
            (days >= 0).then_some(i64::from(days) + 1)
        });
        let stretch = Stretch::of(&challenge.within);
        match (stretch.days(), dated) {
            (window, Some(dated)) if window.is_none_or(|window| dated < window) => {
                Self { stretch: Stretch::Days(dated, None), words: "all its days".to_owned() }
            }
            (Some(_), _) => Self { stretch, words: words::window(&challenge.within) },
            (None, _) => Self { stretch, words: "all time".to_owned() },
        }
    }

    /// Why a step cannot be made; none where it can, or where that is not known.
    fn short(&self, program: &Program, step: &Step) -> Option<String> {
        match &step.what {
            Done::Streak(streak) => self.short_streak(program, step, streak),
            Done::Basis(Basis::Distinct(Distinct::Days, _)) => self.too_few(self.stretch.days()?, "day", &step.least),
            Done::Basis(Basis::Activity(Some(id))) => {
                let most = self.times(program, *id)?;
                self.over(program, *id, &most, &most, &step.least)
            }
            Done::Basis(Basis::Field { activity, field }) => {
                let id = activity.or_else(|| only_with(program, field))?;
                let times = self.times(program, id)?;
                let each = largest(&program.activities[id.0], field)?;
                self.over(program, id, &times, &(&times * &each), &step.least)
            }
            Done::Basis(Basis::Points(unit)) => {
                let points = &program.points[unit.0];
                let (most, _, _) = by_caps(&points.caps, self.stretch).filter(|(most, _, _)| *most < step.least)?;
                let (most, least) = (words::points(program, *unit, &most), words::points(program, *unit, &step.least));
                Some(format!(
                    "The cap lets a member earn at most {most} in {}, fewer than the {least} it takes.",
                    self.words
                ))
            }
            Done::Basis(
                Basis::Total(_)
                | Basis::Items(_)
                | Basis::Purchases(_)
                | Basis::Visits(_)
                | Basis::Activity(None)
                | Basis::Distinct(..)
                | Basis::One,
            ) => None,
        }
    }

    fn short_streak(&self, program: &Program, step: &Step, streak: &Streak) -> Option<String> {
        let (length, word) = match streak.of {
            Period::Day => (1, "day"),
            Period::Week => (7, "week"),
            Period::Month => (28, "month"),
            Period::Quarter => (90, "quarter"),
            Period::Year => (365, "year"),
        };
        let touched = self.stretch.days().map(|days| match (self.stretch, streak.of) {
            (Stretch::Whole(whole), of) if whole == of => 1,
            (Stretch::Whole(Period::Quarter), Period::Month) => 3,
            (Stretch::Whole(Period::Year), Period::Month) => 12,
            (Stretch::Whole(Period::Year), Period::Quarter) => 4,
            // A stretch may begin on the last day of the first and end on the first of the last.
            (_, of) if of == Period::Day || days < 2 => days,
            _ => (days - 2) / length + 2,
        });
        if let Some(short) = touched.and_then(|touched| self.too_few(touched, word, &step.least)) {
            return Some(short);
        }
        match streak.with {
            StreakAct::Purchase | StreakAct::Visit | StreakAct::Activity(None) => None,
            StreakAct::Activity(Some(id)) => {
                let most = self.times(program, id)?;
                self.over(program, id, &most, &most, &step.least)
            }
        }
    }

    fn too_few(&self, most: i64, word: &str, least: &Exact) -> Option<String> {
        if Exact::from_int(most) >= *least {
            return None;
        }
        let plural = if most == 1 { "" } else { "s" };
        let are = if most == 1 { "is" } else { "are" };
        Some(format!(
            "There {are} at most {most} {word}{plural} in {}, fewer than the {} it takes.",
            self.words,
            words::number(least, 0)
        ))
    }

    /// How often an activity can be accepted in that time, by its limits and its gap.
    fn times(&self, program: &Program, id: ActivityId) -> Option<Exact> {
        let activity = &program.activities[id.0];
        let by_limit = by_caps(&activity.at_most, self.stretch).map(|(most, _, _)| most);
        let by_gap = self.stretch.days().zip(activity.gap_minutes).and_then(|(days, gap)| {
            // A day of a clock that goes back has 25 hours.
            let minutes = days.checked_mul(25 * 60)?;
            Some(Exact::from_int(minutes / i64::try_from(gap).ok()?.max(1) + 1))
        });
        by_limit.into_iter().chain(by_gap).min()
    }

    fn over(&self, program: &Program, id: ActivityId, times: &Exact, most: &Exact, least: &Exact) -> Option<String> {
        if most >= least {
            return None;
        }
        let name = &program.activities[id.0].name.text;
        let number = |figure: &Exact| words::number(&figure.round(Rounding::Down, 2), 0);
        let sum = if times == most { String::new() } else { format!(", which come to at most {}", number(most)) };
        Some(format!(
            "`{name}` is accepted at most {} in {}{sum}: less than the {} it takes.",
            if *times == Exact::one() { "once".to_owned() } else { format!("{} times", number(times)) },
            self.words,
            number(least)
        ))
    }
}

/// The activity that a field belongs to, where it is one.
fn only_with(program: &Program, field: &str) -> Option<ActivityId> {
    let has = |activity: &Activity| activity.fields.iter().any(|of| of.name.text == field);
    let mut with = (0..program.activities.len()).filter(|at| has(&program.activities[*at]));
    let first = with.next()?;
    with.next().is_none().then_some(ActivityId(first))
}

/// The largest value of a field that an activity accepts; none where nothing bounds it.
fn largest(activity: &Activity, field: &str) -> Option<Exact> {
    fn bound(condition: &Condition, field: &str) -> Option<Exact> {
        match condition {
            Condition::All(parts) => parts.iter().filter_map(|part| bound(part, field)).min(),
            Condition::Test(test) => {
                let of_field = matches!(&test.measure, Measure::Column(column) if column == field);
                match &test.how {
                    How::Is(Value::Number(most))
                    | How::AtMost(Value::Number(most))
                    | How::LessThan(Value::Number(most))
                    | How::Between(_, Value::Number(most))
                        if of_field =>
                    {
                        Some(most.clone())
                    }
                    _ => None,
                }
            }
            Condition::Any(_) | Condition::Not(_) | Condition::EveryLine(_) => None,
        }
    }
    activity.accept.as_ref().and_then(|accept| bound(accept, field))
}
