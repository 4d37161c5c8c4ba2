//! The answer in three sentences: what is expected, how far that is to be trusted, what a member is worth.

use super::Shown;
use super::parts::spread;
use crate::report::study::said::{Said, fill};
use crate::simulate::fit::Estimate;
use crate::simulate::fit::holdout::{Check, Verdict};
use crate::simulate::study::MeasureUnit;

/// Whom it is about: how many bought, and how many of them again.
pub fn about(shown: Shown<'_>) -> Said {
    let (report, figures) = (shown.report, shown.figures());
    let language = shown.language;
    #[expect(clippy::cast_precision_loss, reason = "a share, shown with one decimal")]
    let share = report.repeaters as f64 / report.members.max(1) as f64 * 100.0;
    let holes = [
        ("members", members(shown)),
        ("from", Said::figure(language.day(report.start))),
        ("until", Said::figure(language.day(report.until))),
        ("repeaters", count(shown, report.repeaters)),
        ("share", Said::figure(figures.language.percent(share))),
        ("repeats", language.counted(&shown.words().n_repeats, report.repeats)),
    ];
    fill(shown.words().about, &holes)
}

/// The three sentences.
pub fn sentences(shown: Shown<'_>) -> Vec<Said> {
    vec![ahead(shown), how_sure(shown), worth(shown)]
}

fn members(shown: Shown<'_>) -> Said {
    shown.language.counted(&shown.language.words().n_members, shown.report.members)
}

fn weeks(shown: Shown<'_>, weeks: u32) -> Said {
    shown.language.counted(&shown.words().n_weeks, u64::from(weeks))
}

fn count(shown: Shown<'_>, count: u64) -> Said {
    #[expect(clippy::cast_precision_loss, reason = "a count that is shown")]
    let number = shown.language.number(count as f64, 0);
    Said::figure(number)
}

/// An estimate with its range.
fn estimate(shown: Shown<'_>, unit: MeasureUnit, of: Estimate) -> Said {
    Said::figure(shown.figures().interval(unit, spread(of)))
}

fn ahead(shown: Shown<'_>) -> Said {
    let (words, ahead) = (shown.words(), &shown.report.outlook);
    let mut holes = vec![
        ("weeks", weeks(shown, ahead.weeks)),
        ("until", Said::figure(shown.language.day(shown.report.until))),
        ("members", members(shown)),
        ("purchases", estimate(shown, MeasureUnit::Count, ahead.purchases)),
    ];
    match ahead.spend {
        Some(spend) => {
            holes.push(("spend", estimate(shown, MeasureUnit::Money, spend)));
            fill(words.ahead, &holes)
        }
        None => fill(words.ahead_without, &holes),
    }
}

fn how_sure(shown: Shown<'_>) -> Said {
    let words = shown.words();
    let Some(check) = &shown.report.check else { return Said::words(words.unchecked) };
    let mut holes = vec![
        ("weeks", weeks(shown, check.weeks)),
        ("expected", Said::figure(shown.language.number(check.expected, 0))),
        ("actual", count(shown, check.actual)),
    ];
    let off = |check: &Check| check.off_percent.map_or_else(Said::default, |off| Said::figure(signed(shown, off)));
    match check.verdict() {
        Verdict::Tracks { within } => {
            let within = shown.language.with_sign(&shown.language.number(within, 0));
            holes.push(("within", Said::figure(within)));
            fill(words.tracks, &holes)
        }
        Verdict::Off => {
            holes.push(("off", off(check)));
            fill(words.off, &holes)
        }
        Verdict::Poor => {
            holes.push(("off", off(check)));
            fill(words.poor, &holes)
        }
        Verdict::Thin => fill(words.thin, &holes),
    }
}

/// Percent with its sign, above nought too.
fn signed(shown: Shown<'_>, percent: f64) -> String {
    let plus = if percent > 0.0 { "+" } else { "" };
    format!("{plus}{}", shown.language.percent(percent))
}

fn worth(shown: Shown<'_>) -> Said {
    let (words, ahead) = (shown.words(), &shown.report.outlook);
    if let Some(each) = ahead.spend_each {
        return fill(words.worth, &[("each", estimate(shown, MeasureUnit::Money, each))]);
    }
    let Some(new) = ahead.new_member.last() else { return Said::default() };
    let new = [("new", estimate(shown, MeasureUnit::Places(2), new.purchases)), ("weeks", weeks(shown, new.weeks))];
    fill(words.no_worth, &new)
}
