//! English.

use super::Words;
use crate::report::study::said::Said;
use crate::report::study::words::{Counted, Heading};
use crate::simulate::fit::Doubt;

pub(super) static WORDS: Words = Words {
    title: "How do members buy?",
    about: "{members} who first bought from {from} to {until}; {repeaters} of them ({share}) bought again: {repeats} in all.",
    made_by: "Made by loyal {version}, seed {seed}. The same history and seed give the same report.",
    band: "95% of what the parameters could be",
    behind: "The shaded weeks were held out: the model never saw them.",

    ahead: "In the {weeks} after {until}, these {members} are expected to make {purchases} more purchases and to spend {spend} in them, in today's money.",
    ahead_without: "In the {weeks} after {until}, these {members} are expected to make {purchases} more purchases.",
    tracks: "You can plan with these sums: in the {weeks} held out, {expected} repeat purchases were expected and {actual} happened, so the model tracks within {within}.",
    off: "Take it as a direction, not as a budget: in the {weeks} held out, {expected} repeat purchases were expected and {actual} happened ({off}).",
    poor: "Do not plan with it yet, the fit is poor: in the {weeks} held out, {expected} repeat purchases were expected and {actual} happened ({off}).",
    thin: "How well it foretells cannot be said: in the {weeks} held out only {actual} repeat purchases happened, too few to compare.",
    unchecked: "How well it foretells nobody has seen: nothing was held out to compare it with.",
    worth: "That is {each} for each member on average; times your margin, it is what she may cost you in that time.",
    no_worth: "What a member is worth in money is not told (see below); a new one is expected to buy again {new} times within {weeks}.",

    cumulative: Heading {
        title: "All repeat purchases so far",
        caption: "All repeat purchases up to the end of each week, counted from the first purchase of all: as they happened, and as the model expects them.",
    },
    weekly: Heading {
        title: "Week by week",
        caption: "The repeat purchases of each week: as they happened, and as the model expects them.",
    },
    conditional: Heading {
        title: "Who comes back how often",
        caption: "Purchases of a member in the weeks held out, on average, by how often she had bought again before: as they happened, and as the model expects them of who did what she did.",
    },
    repeats: Heading {
        title: "How often members bought again",
        caption: "How many members bought again so often in what was fitted, and how many the model expects.",
    },
    worth_by: Heading {
        title: "What a member is worth",
        caption: "What a member is expected to spend in the time ahead, in today's money, by how often she bought again so far. The thin line is the range: 95% of what the parameters could be.",
    },
    outlook: Heading {
        title: "What to expect",
        caption: "What is expected behind the last day that was fitted. Ranges hold 95% of what the parameters could be; they are of sums and averages, not of what one member does.",
    },
    models: Heading {
        title: "Which model fits",
        caption: "How well each model fits: the log-likelihood is better the higher it is, AIC and BIC the lower. The first of those that fit alike is used.",
    },
    parameters: Heading {
        title: "Parameters",
        caption: "The parameters of each model, and by how much each may be off. Without a standard error there is no honest one.",
    },
    read: Heading { title: "What was read", caption: "What of the history was used, and what was left out." },

    week: "Week",
    happened: "Happened",
    expected: "Expected",
    so_far: "so far",
    held_out: "Held out",
    again: "Bought again",
    model: "Model",
    parameter: "Parameter",
    error: "Standard error",
    log_likelihood: "Log-likelihood",
    used: "Used",
    settled: "All parameters known",

    alive: "Members who have not left",
    purchases: "Their purchases",
    spend: "What they spend, {percent} a year taken off",
    spend_each: "The same for each member",
    new_member: "Repeat purchases of a new member within {weeks}",
    first_spend: "A purchase of who is not known yet",
    correlation: "Correlation of how often and for how much",
    members: "Members who bought",
    repeaters: "Members who bought again",
    repeat_purchases: "Repeat purchases",
    newcomers: "Left out: members who first bought in the holdout",
    merged: "Joined to another purchase of the same day",
    by_itself: "Each purchase counts by itself",
    anonymous: "Left out: purchases without a member",
    returned: "Left out: purchases that came back whole",
    weeks: "weeks",
    days: "days",

    n_weeks: Counted { one: "{n} week", other: "{n} weeks", ..NONE },
    n_repeats: Counted { one: "{n} repeat purchase", other: "{n} repeat purchases", ..NONE },

    doubt,
};

const NONE: Counted = Counted { zero: "", one: "", two: "", few: "", many: "", other: "" };

/// As data has it, as a sentence of its own.
fn doubt(doubt: &Doubt) -> Said {
    let text = doubt.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    Said::words(&format!("{first}{}.", letters.as_str()))
}
