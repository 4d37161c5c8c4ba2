//! What a trial would tell, in sentences: what would settle whether the program pays, what that is worth, and whether the
//! program's own pilots are large enough.

use super::View;
use super::said::{Said, fill};
use crate::simulate::study::{Arm, Trial, TrialSize, TrialWritten};

/// The sentences about the trial of a program; none where nothing is known of one.
pub fn sentences(view: &View<'_>, arm: &Arm) -> Vec<Said> {
    let Some(trial) = &arm.trial else { return Vec::new() };
    let mut said = vec![size(view, arm, trial)];
    said.extend(worth(view, trial));
    said.extend(trial.written.iter().map(|pilot| written(view, arm, (trial, pilot))));
    said
}

fn percent(view: &View<'_>, percent: f64) -> Said {
    Said::figure(view.language.percent(percent))
}

fn size(view: &View<'_>, arm: &Arm, trial: &Trial) -> Said {
    let words = view.words();
    let members = |count: u64| view.language.counted(&words.n_members, count);
    let mut holes = vec![("lift", percent(view, trial.lift)), ("program", Said::name(&arm.program))];
    let Some(TrialSize { weeks, members: takes, known_before }) =
        trial.shortest.and_then(|place| trial.sizes.get(place)).copied()
    else {
        holes.push(("members", members(view.study.members)));
        return fill(words.trial.too_few, &holes);
    };
    let fewer = known_before.filter(|fewer| *fewer < takes);
    let known = fewer.map(|fewer| fill(words.trial.settles_known, &[("fewer", members(fewer))]));
    holes.push(("members", members(takes)));
    holes.push(("weeks", view.language.counted(&words.trial.n_weeks, u64::from(weeks))));
    holes.push(("known", known.unwrap_or_default()));
    fill(words.trial.settles, &holes)
}

/// None where no world was drawn: then nobody knows how sure it is.
fn worth(view: &View<'_>, trial: &Trial) -> Option<Said> {
    let words = view.words();
    let worth = trial.worth_of_knowing?;
    if worth <= 0.0 {
        return Some(Said::words(words.trial.worth_nothing));
    }
    let of_trial = trial.worth_of_trial.map(|worth| fill(words.trial.of_trial, &[("trial", view.money(worth, false))]));
    let holes = [("worth", view.money(worth, false)), ("trial", of_trial.unwrap_or_default())];
    Some(fill(words.trial.worth, &holes))
}

fn written(view: &View<'_>, arm: &Arm, (trial, pilot): (&Trial, &TrialWritten)) -> Said {
    let words = view.words();
    let mut holes = vec![("pilot", Said::name(&pilot.name))];
    if pilot.without == Some(0) {
        return fill(words.trial.blind, &holes);
    }
    let (Some(with), Some(without), Some(tells)) = (pilot.with, pilot.without, pilot.tells) else {
        return fill(words.trial.unreached, &holes);
    };
    let members = |count: u64| view.language.counted(&words.n_members, count);
    holes.extend([
        ("with", members(with)),
        ("without", members(without)),
        ("days", view.language.counted(&words.trial.n_days, u64::from(pilot.days))),
        ("tells", percent(view, tells)),
        ("lift", percent(view, trial.lift)),
        ("program", Said::name(&arm.program)),
    ]);
    fill(if tells <= trial.lift { words.trial.enough } else { words.trial.small }, &holes)
}
