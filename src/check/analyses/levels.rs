//! Levels out of order, twice the same, or out of reach (section 7).

use super::bound::{Stretch, by_caps};
use super::words;
use crate::diag::{Finding, Message, Severity};
use crate::mechanics::basis::{Basis, Distinct};
use crate::mechanics::condition::{Measure, Value};
use crate::mechanics::give::What;
use crate::mechanics::promise::Promised;
use crate::mechanics::tiers::{Need, Tiers};
use crate::mechanics::{Name, Program, TiersId};
use crate::text::Span;
use crate::value::exact::Exact;

enum Levels {
    /// A level takes no more than the one before it.
    NotAscending { tiers: String, lower: (Name, String), upper: (Name, String), same: bool },
    /// The first level takes something.
    NotFromZero { tiers: String, level: Name, need: String, unit: String },
    /// More is needed than can be gathered.
    OutOfReach { level: Name, need: String, window: String, reason: Short, promised: bool },
    /// A level that nothing gives.
    NotGiven { tiers: String, level: Name, promised: bool },
}

/// Why less can be gathered than a level takes.
struct Short {
    /// With the figures.
    arithmetic: String,
    /// What mends it.
    mend: String,
}

impl Short {
    fn capped(arithmetic: String) -> Self {
        Self { arithmetic, mend: "Lower what the level takes, or raise the cap.".to_owned() }
    }
}

impl Message for Levels {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAscending { same: true, .. } => "levels-the-same",
            Self::NotAscending { same: false, .. } => "levels-not-ascending",
            Self::NotFromZero { .. } => "first-level-not-from-0",
            Self::OutOfReach { .. } => "level-out-of-reach",
            Self::NotGiven { .. } => "level-never-given",
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Self::NotAscending { .. } | Self::NotFromZero { .. } => Severity::Error,
            Self::OutOfReach { promised, .. } | Self::NotGiven { promised, .. } => {
                if *promised {
                    Severity::Error
                } else {
                    Severity::Warning
                }
            }
        }
    }

    fn says(&self) -> String {
        match self {
            Self::NotAscending { lower, upper, same: true, .. } => {
                format!("`{}` and `{}` are reached at the same: {}", lower.0.text, upper.0.text, upper.1)
            }
            Self::NotAscending { lower, upper, same: false, .. } => {
                format!("`{}` from {} stands above `{}` from {}", upper.0.text, upper.1, lower.0.text, lower.1)
            }
            Self::NotFromZero { tiers, level, need, .. } => {
                format!("the first level of `{tiers}`, `{}`, begins at {need}, not at 0", level.text)
            }
            Self::OutOfReach { level, need, window, .. } => {
                format!("nobody can reach `{}`: it takes {need} in {window}", level.text)
            }
            Self::NotGiven { tiers, level, .. } => format!("nothing gives the level `{}` of `{tiers}`", level.text),
        }
    }

    fn place(&self) -> Span {
        match self {
            Self::NotAscending { upper, .. } => upper.0.span,
            Self::NotFromZero { level, .. } | Self::OutOfReach { level, .. } | Self::NotGiven { level, .. } => {
                level.span
            }
        }
    }

    fn label(&self) -> String {
        match self {
            Self::NotAscending { upper, .. } => format!("from {}", upper.1),
            Self::NotFromZero { .. } => "the first level".to_owned(),
            Self::OutOfReach { .. } => "out of reach".to_owned(),
            Self::NotGiven { .. } => "never given".to_owned(),
        }
    }

    fn related(&self) -> Vec<(Span, String)> {
        match self {
            Self::NotAscending { lower, .. } => vec![(lower.0.span, format!("from {}", lower.1))],
            Self::NotFromZero { .. } | Self::OutOfReach { .. } | Self::NotGiven { .. } => Vec::new(),
        }
    }

    fn why(&self) -> String {
        match self {
            Self::NotAscending { tiers, lower, .. } => format!(
                "Levels of `{tiers}` are written from the lowest up, and a member holds the highest reached: nobody would ever be `{}`.",
                lower.0.text
            ),
            Self::NotFromZero { level, .. } => {
                format!("A member below that would have no level at all, not even `{}`.", level.text)
            }
            Self::OutOfReach { reason, .. } => reason.arithmetic.clone(),
            Self::NotGiven { level, .. } => {
                format!(
                    "`{}` cannot be earned, and no fee, match or rule gives it: only a `grant` event can.",
                    level.text
                )
            }
        }
    }

    fn mend(&self) -> String {
        match self {
            Self::NotAscending { .. } => {
                "Write the levels in the order of what they take, each more than the one before.".to_owned()
            }
            Self::NotFromZero { level, unit, .. } => {
                format!("Put a level before it, such as `level basic from 0 {unit}`, or begin `{}` at 0.", level.text)
            }
            Self::OutOfReach { reason, .. } => reason.mend.clone(),
            Self::NotGiven { level, .. } => {
                format!(
                    "Write what it takes (`level {} from …`), what it costs (`fee …`), or a rule that gives it.",
                    level.text
                )
            }
        }
    }
}

/// What is found in a program.
pub fn check(program: &Program) -> Vec<Finding> {
    let promised = program.promises.iter().any(|promise| matches!(promise.what, Promised::LevelsReachable));
    let mut found = Vec::new();
    for (place, tiers) in program.tiers.iter().enumerate() {
        order(program, tiers, &mut found);
        reach(program, TiersId(place), promised, &mut found);
    }
    found.into_iter().map(Finding::from).collect()
}

fn simple(need: &Need) -> Option<(usize, &Exact)> {
    match need {
        Need::AtLeast(measure, figure) => Some((*measure, figure)),
        Need::All(_) | Need::Any(_) | Need::NotEarned => None,
    }
}

fn shown(program: &Program, tiers: &Tiers, measure: usize, figure: &Exact) -> String {
    let Some(of) = tiers.measures.get(measure) else { return words::number(figure, 0) };
    let as_measure = Measure::Aggregate { basis: of.basis.clone(), window: of.window };
    let value = words::value(program, &as_measure, &Value::Number(figure.clone()));
    match &of.basis {
        Basis::Total(_) | Basis::Points(_) => value,
        Basis::Items(_)
        | Basis::Purchases(_)
        | Basis::Visits(_)
        | Basis::Field { .. }
        | Basis::Distinct(..)
        | Basis::One => {
            let unit = unit(program, tiers, measure);
            let one = if *figure == Exact::one() { unit.strip_suffix('s').unwrap_or(&unit) } else { &unit };
            format!("{value} {one}")
        }
        Basis::Activity(_) => format!("{value} × {}", unit(program, tiers, measure)),
    }
}

/// What a level's figure counts.
fn unit(program: &Program, tiers: &Tiers, measure: usize) -> String {
    let Some(of) = tiers.measures.get(measure) else { return String::new() };
    match (&of.name, &of.basis) {
        (_, Basis::Total(_)) => program.settings.money.clone(),
        (_, Basis::Points(unit)) => words::plural(program, *unit).to_owned(),
        (Some(name), _) => name.clone(),
        (None, basis) => words::basis(program, basis),
    }
}

fn order(program: &Program, tiers: &Tiers, found: &mut Vec<Levels>) {
    let name = || tiers.name.text.clone();
    let earned: Vec<_> = tiers.levels.iter().filter_map(|level| Some((level, simple(&level.need)?))).collect();
    // A lowest level that cannot be earned is held by all who have no other.
    if let (Some(first), Some((level, (measure, figure)))) = (tiers.levels.first(), earned.first())
        && first.name == level.name
        && figure.is_positive()
    {
        let (need, unit) = (shown(program, tiers, *measure, figure), unit(program, tiers, *measure));
        found.push(Levels::NotFromZero { tiers: name(), level: level.name.clone(), need, unit });
    }
    for pair in earned.windows(2) {
        let [(lower, (below, low)), (upper, (above, high))] = pair else { continue };
        if below == above && high <= low {
            found.push(Levels::NotAscending {
                tiers: name(),
                lower: (lower.name.clone(), shown(program, tiers, *below, low)),
                upper: (upper.name.clone(), shown(program, tiers, *above, high)),
                same: high == low,
            });
        }
    }
}

fn reach(program: &Program, id: TiersId, promised: bool, found: &mut Vec<Levels>) {
    let tiers = &program.tiers[id.0];
    for (place, level) in tiers.levels.iter().enumerate() {
        let given =
            tiers.matches.iter().any(|(to, _)| *to == place)
                || program.memberships.iter().any(|one| one.levels.contains(&(id, place)))
                || program.rules.iter().flat_map(|rule| &rule.gives).any(
                    |give| matches!(&give.what, What::Level { tiers, level, .. } if *tiers == id && *level == place),
                );
        if given {
            continue;
        }
        if place > 0 && matches!(level.need, Need::NotEarned) {
            found.push(Levels::NotGiven { tiers: tiers.name.text.clone(), level: level.name.clone(), promised });
        }
        let Some((measure, figure)) = simple(&level.need) else { continue };
        if let Some(reason) = most(program, id, measure, figure) {
            let window = words::window(&tiers.measures[measure].window);
            found.push(Levels::OutOfReach {
                level: level.name.clone(),
                need: shown(program, tiers, measure, figure),
                window,
                reason,
                promised,
            });
        }
    }
}

/// Why less than `figure` can be gathered; none where it can, or is not known.
fn most(program: &Program, id: TiersId, measure: usize, figure: &Exact) -> Option<Short> {
    let tiers = &program.tiers[id.0];
    let of = tiers.measures.get(measure)?;
    if tiers.carry_over.is_some() {
        // What was left over from the window before counts too.
        return None;
    }
    // A household is measured together: what caps allow one member is no bound of all of them.
    let together = program.household.as_ref().is_some_and(|household| household.tier);
    let stretch = Stretch::of(&of.window);
    let need = shown(program, tiers, measure, figure);
    let over = |bound: Option<(Exact, i64, Exact)>, what: &dyn Fn(&Exact) -> String| {
        let (most, windows, each) = bound.filter(|(most, _, _)| most < figure && !together)?;
        let sum = if windows == 1 { what(&most) } else { format!("{} × {windows} = {}", what(&each), what(&most)) };
        let window = words::window(&of.window);
        Some(Short::capped(format!("A cap allows at most {sum} in {window}, less than the {need} it takes.")))
    };
    match &of.basis {
        Basis::Points(unit) => {
            let points = &program.points[unit.0];
            let unfed = !points.feeds(id);
            if unfed && figure.is_positive() {
                let (units, name) = (words::plural(program, *unit), &tiers.name.text);
                let mend = match !points.counts_for.is_empty() {
                    true => format!("Write `counts for {name}` in `points {}`.", points.name.text),
                    false => format!(
                        "Take `does not count` out of `points {}`, or measure something else.",
                        points.name.text
                    ),
                };
                return Some(Short {
                    arithmetic: format!("It is measured in {units}, which do not count for `{name}`."),
                    mend,
                });
            }
            over(by_caps(&points.caps, stretch), &|figure| words::points(program, *unit, figure))
        }
        Basis::Activity(Some(activity)) => {
            let caps = &program.activities[activity.0].at_most;
            over(by_caps(caps, stretch), &|figure| words::number(figure, 0))
        }
        Basis::Distinct(Distinct::Days, _) => {
            let days = stretch.days().filter(|days| Exact::from_int(*days) < *figure)?;
            Some(Short {
                arithmetic: format!(
                    "There are at most {days} days in {}, fewer than the {} it takes.",
                    words::window(&of.window),
                    words::number(figure, 0)
                ),
                mend: "Lower what the level takes, or measure over a longer time.".to_owned(),
            })
        }
        Basis::Total(_)
        | Basis::Items(_)
        | Basis::Purchases(_)
        | Basis::Visits(_)
        | Basis::Activity(None)
        | Basis::Field { .. }
        | Basis::Distinct(..)
        | Basis::One => None,
    }
}
