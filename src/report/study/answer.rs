//! The answer in three sentences: does it pay, how sure is that, what decides it.

use super::View;
use super::measured;
use super::said::{Said, fill};
use super::words::Pays;
use crate::simulate::study::{Arm, Estimate, Measure, RuleRow, StudyKind, TornadoBar};

/// The three sentences; none where the study has no program.
pub fn sentences(view: &View<'_>) -> Vec<Said> {
    let Some(best) = best(view) else { return Vec::new() };
    match view.study.kind {
        // Where the first question has no answer, the others have none.
        StudyKind::Population if measured(best, Measure::NetGain).is_none() => vec![pays(view, best)],
        StudyKind::Replay if measured(best, Measure::CostAtCost).is_none() => vec![costs(view, best)],
        StudyKind::Population => vec![pays(view, best), how_sure(view, best), what_decides(view, best)],
        StudyKind::Replay => vec![costs(view, best), Said::words(view.words().counted), what_costs(view, best)],
    }
}

/// The program the answer is about: the one that gains most; in a replay, the one that costs least.
pub fn best<'a>(view: &View<'a>) -> Option<&'a Arm> {
    let rank = |arm: &Arm| match view.study.kind {
        StudyKind::Population => measured(arm, Measure::NetGain).map_or(f64::NEG_INFINITY, |gain| gain.mid),
        StudyKind::Replay => measured(arm, Measure::CostAtCost).map_or(f64::NEG_INFINITY, |cost| -cost.mid),
    };
    // Of equals the first: `max_by` would take the last.
    view.study.arms.iter().rev().max_by(|one, other| rank(one).total_cmp(&rank(other)))
}

fn name(arm: &Arm) -> Said {
    Said::name(&arm.program)
}

/// The days of the study, and how many programs it compares: what nearly every first sentence has.
fn frame(view: &View<'_>, arm: &Arm) -> Vec<(&'static str, Said)> {
    let programs = u64::try_from(view.study.arms.len()).unwrap_or(u64::MAX);
    vec![
        ("program", name(arm)),
        ("from", Said::figure(view.language.day(view.study.from))),
        ("until", Said::figure(view.language.day(view.study.until))),
        ("programs", view.language.counted(&view.words().n_programs, programs)),
    ]
}

fn pays(view: &View<'_>, arm: &Arm) -> Said {
    let mut holes = frame(view, arm);
    let words = view.words();
    let Some(gain) = measured(arm, Measure::NetGain) else { return fill(words.unknown, &holes) };
    holes.push(("gain", view.money(gain.mid, gain.is_known())));
    holes.push(("loss", view.money(-gain.mid, gain.is_known())));
    let Pays { yes, perhaps, hardly, no } = if view.study.arms.len() > 1 { words.several } else { words.one };
    let template = match (gain.low >= 0.0, gain.mid >= 0.0, gain.high < 0.0) {
        (_, false, true) => no,
        (_, false, false) => hardly,
        (true, true, _) => yes,
        (false, true, _) => perhaps,
    };
    fill(template, &holes)
}

fn how_sure(view: &View<'_>, arm: &Arm) -> Said {
    let words = view.words();
    let percent = |percent: f64| Said::figure(view.language.percent(percent));
    let returns = measured(arm, Measure::ReturnOnInvestment).filter(|roi| roi.low.is_finite() && roi.high.is_finite());
    let roi = match returns {
        Some(roi) => fill(words.roi, &[("low", percent(roi.low)), ("high", percent(roi.high))]),
        None => Said::default(),
    };
    match measured(arm, Measure::NetGain) {
        Some(gain) if !gain.is_known() => {
            let template = if gain.low >= 0.0 || gain.high < 0.0 { words.sure } else { words.unsure };
            let ends = [("low", view.money(gain.low, false)), ("high", view.money(gain.high, false)), ("roi", roi)];
            fill(template, &ends)
        }
        Some(_) | None => fill(words.known, &[]),
    }
}

/// The longest bar first; of equals the one that was written first.
pub fn by_pull(arm: &Arm) -> Vec<&TornadoBar> {
    let pull = |bar: &TornadoBar| (bar.at_high - bar.at_low).abs();
    let mut bars: Vec<&TornadoBar> =
        arm.tornado.iter().filter(|bar| bar.at_low.is_finite() && bar.at_high.is_finite()).collect();
    bars.sort_by(|one, other| pull(other).total_cmp(&pull(one)));
    bars
}

fn what_decides(view: &View<'_>, arm: &Arm) -> Said {
    let words = view.words();
    // `0.0% oftener` says nothing.
    let is_some = |lift: &Estimate| lift.mid.abs() >= 0.05;
    let lift = match measured(arm, Measure::BreakEvenLift).filter(is_some) {
        Some(lift) => {
            let says = if lift.mid < 0.0 { words.from_lift_below } else { words.from_lift };
            fill(says, &[("percent", Said::figure(view.language.percent(lift.mid.abs())))])
        }
        None => Said::default(),
    };
    let bars = by_pull(arm);
    let Some(bar) = bars.first() else { return fill(words.decides_nothing, &[("lift", lift)]) };
    let turns = (bar.at_low < 0.0) != (bar.at_high < 0.0);
    let Some(of) = view.study.assumptions.get(bar.assumption) else {
        return fill(words.decides_nothing, &[("lift", lift)]);
    };
    let end = |figure: f64| Said::figure(view.end(bar.assumption, figure));
    let holes = [
        ("assumption", view.assumption(bar.assumption)),
        ("from", end(of.low)),
        ("to", end(of.high)),
        ("at_from", view.money(bar.at_low, false)),
        ("at_to", view.money(bar.at_high, false)),
        ("lift", lift),
    ];
    fill(if turns { words.decides } else { words.decides_little }, &holes)
}

fn costs(view: &View<'_>, arm: &Arm) -> Said {
    let words = view.words();
    let mut holes = frame(view, arm);
    let cost = |arm: &Arm| measured(arm, Measure::CostAtCost);
    let Some(least) = cost(arm) else { return fill(words.cost_none, &holes) };
    holes.push(("cost", view.money(least.mid, least.is_known())));
    let share = measured(arm, Measure::CostShareOfSales)
        .map(|share| Said::words(" (").then(Said::figure(view.language.percent(share.mid))).then(in_sales(view)));
    holes.push(("share", share.unwrap_or_default()));
    let most = view.study.arms.iter().filter_map(|arm| cost(arm).map(|cost| (arm, cost)));
    match most.max_by(|(_, one), (_, other)| one.mid.total_cmp(&other.mid)) {
        Some((dearest, most)) if view.study.arms.len() > 1 && !std::ptr::eq(dearest, arm) => {
            holes.push(("other", name(dearest)));
            holes.push(("dearest", view.money(most.mid, most.is_known())));
            fill(words.cost_several, &holes)
        }
        Some(_) | None => fill(words.cost_one, &holes),
    }
}

/// ` of sales)`: what the share behind the cost is of.
fn in_sales(view: &View<'_>) -> Said {
    Said::words(view.words().of_sales).then(Said::words(")"))
}

/// In a replay: what would pay for it, else where the money goes.
fn what_costs(view: &View<'_>, arm: &Arm) -> Said {
    let words = view.words();
    let percent = |percent: f64| Said::figure(view.language.percent(percent));
    if let Some(lift) = measured(arm, Measure::BreakEvenLift) {
        return fill(words.lift_needed, &[("percent", percent(lift.mid))]);
    }
    let all: f64 = arm.rules.iter().map(|rule| rule.cost.mid).filter(|cost| *cost > 0.0).sum();
    match dearest(arm) {
        Some(rule) if all > 0.0 => {
            let holes = [("rule", Said::code(&rule.name)), ("share", percent(100.0 * rule.cost.mid / all))];
            fill(words.dearest_rule, &holes)
        }
        Some(_) | None => Said::words(words.no_rule),
    }
}

/// The rule that costs most.
fn dearest(arm: &Arm) -> Option<&RuleRow> {
    let finite = arm.rules.iter().rev().filter(|rule| rule.cost.mid.is_finite());
    finite.max_by(|one, other| one.cost.mid.total_cmp(&other.cost.mid))
}
