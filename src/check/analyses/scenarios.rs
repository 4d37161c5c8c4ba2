//! Scenarios whose members answer something that the program does not have (section 8).

use crate::diag::{Finding, Message, Severity};
use crate::mechanics::Program;
use crate::mechanics::scenario::Answer;
use crate::text::Span;

/// An answer to nothing.
struct NothingToAnswer {
    place: Span,
    answer: Answer,
}

impl Message for NothingToAnswer {
    fn code(&self) -> &'static str {
        "nothing-to-answer"
    }

    fn severity(&self) -> Severity {
        Severity::Warning
    }

    fn says(&self) -> String {
        format!("`lift {}` answers nothing that this program has", self.answer.words())
    }

    fn place(&self) -> Span {
        self.place
    }

    fn why(&self) -> String {
        match self.answer {
            Answer::KeepingLevel => "No level ends here, so nobody has one to keep.",
            _ => "There is no reward, full card, payout or level that somebody could come near to.",
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self.answer {
            Answer::KeepingLevel => "take the line out, or give the levels a term",
            _ => "take the line out, or add what members collect for, such as a `reward`",
        }
        .to_owned()
    }
}

/// All lifts of scenarios that answer nothing.
pub(super) fn check(program: &Program) -> Vec<Finding> {
    let lifts = program.scenarios.iter().flat_map(|scenario| &scenario.lifts);
    let idle = lifts.filter(|lift| !lift.by.high.is_zero() && !has_what_is_answered(program, lift.of));
    idle.map(|lift| NothingToAnswer { place: lift.by.span, answer: lift.of }.into()).collect()
}

fn has_what_is_answered(program: &Program, answer: Answer) -> bool {
    match answer {
        Answer::NearReward | Answer::AfterReward => {
            !program.rewards.is_empty()
                || !program.cards.is_empty()
                || !program.payouts.is_empty()
                || program.tiers.iter().any(|tiers| tiers.levels.len() > 1)
        }
        Answer::KeepingLevel => !program.tiers.is_empty(),
        Answer::Visits | Answer::Basket | Answer::Staying | Answer::ComingBack => true,
    }
}
