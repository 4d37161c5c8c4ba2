//! What the reader must know before she believes it.

use super::View;
use super::said::{Said, fill};
use crate::simulate::study::{Asks, Caution};

/// Each caution as a sentence.
pub fn sentences(view: &View<'_>) -> Vec<Said> {
    view.study.cautions.iter().map(|caution| sentence(view, caution)).collect()
}

fn sentence(view: &View<'_>, caution: &Caution) -> Said {
    let words = view.words();
    let program = |arm: usize| view.study.arms.get(arm).map(|arm| Said::name(&arm.program)).unwrap_or_default();
    match caution {
        Caution::NoBehaviourChange => Said::words(words.no_behaviour_change),
        Caution::Rejected { arm, events } => {
            let events = view.language.counted(&words.n_events, *events);
            fill(words.rejected, &[("program", program(*arm)), ("events", events)])
        }
        Caution::NoWorth { arm, unit } => {
            fill(words.no_worth, &[("program", program(*arm)), ("unit", Said::name(unit))])
        }
        Caution::BreakageUnknown { arm, unit } => {
            fill(words.breakage_unknown, &[("program", program(*arm)), ("unit", Said::name(unit))])
        }
        Caution::NoCost { arm, thing } => {
            fill(words.no_cost, &[("program", program(*arm)), ("thing", Said::name(thing))])
        }
        Caution::NotPlayed { arm, what } => {
            fill(words.not_played, &[("program", program(*arm)), ("what", Said::code(what))])
        }
        Caution::NeverCame { arm, what, asks } => {
            let template = match asks {
                Asks::Items => words.never_came.items,
                Asks::Activities => words.never_came.activities,
                Asks::Visits => words.never_came.visits,
                Asks::Joining => words.never_came.joining,
                Asks::Friends => words.never_came.friends,
                Asks::Other => words.never_came.other,
            };
            fill(template, &[("program", program(*arm)), ("what", Said::code(&what.join(", ")))])
        }
        Caution::OneFigure { assumption } => fill(words.one_figure, &[("assumption", view.assumption(*assumption))]),
        Caution::Decides { assumption } => fill(words.decides_sign, &[("assumption", view.assumption(*assumption))]),
        Caution::FewWorlds { worlds } => {
            let worlds = view.language.counted(&words.n_worlds, u64::from(*worlds));
            fill(words.few_worlds, &[("worlds", worlds)])
        }
        Caution::Sampled { played, of } => {
            let counted = |count| view.language.counted(&words.n_members, count);
            #[expect(clippy::cast_precision_loss, reason = "a count that is shown")]
            let number = Said::figure(view.language.number(*played as f64, 0));
            fill(words.sampled, &[("played", number), ("of", counted(*of))])
        }
    }
}
