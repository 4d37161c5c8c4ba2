//! `loyal explain`: why a member has what she has.

use super::data::{self, Which};
use super::failure::Failure;
use super::program::{Ready, ready};
use super::run::{outcome, set_aside};
use super::screen::Screen;
use super::write::Batch;
use super::{Files, as_of};
use crate::engine::outcome::Outcome;
use crate::engine::parts::{self, Job, Store};
use crate::ledger::{BadRows, History, MemberRow};
use crate::report::explain::{self, Explanation, Question};
use clap::{Args, ValueEnum};
use std::collections::BTreeMap;

/// The arguments of `explain`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    files: Files,
    /// Whom to explain
    #[arg(long, value_name = "MEMBER")]
    member: String,
    /// Only what this event brought
    #[arg(long, value_name = "ID")]
    event: Option<String>,
    /// Up to the end of this day, or this moment [default: the last event]
    #[arg(long, value_name = "WHEN")]
    as_of: Option<String>,
    /// Sentences, or data
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How an explanation is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Sentences
    Text,
    /// JSON
    Json,
}

/// Explains one member.
pub fn explain(screen: &Screen, arguments: &Arguments) -> Result<(), Failure> {
    let ready = ready(screen, &arguments.files.program)?;
    let which = Which::of(screen, &arguments.files, &ready.folder())?;
    let bad = if arguments.files.skip_bad.is_some() { BadRows::SetAside } else { BadRows::Refuse };
    let loaded = data::read(screen, &ready, &which, bad)?;
    let clock = &ready.program.settings.clock;
    let given: Vec<String> = arguments.as_of.iter().cloned().collect();
    let moments = as_of::all(&given, clock, &loaded.history)?;
    let outcome = outcome(screen, &ready, &loaded.history, &moments);
    let mut batch = Batch::default();
    set_aside(screen, &mut batch, arguments.files.skip_bad.as_deref(), &loaded.set_aside)?;
    batch.commit(screen)?;
    let question = Question { member: &arguments.member, event: arguments.event.as_deref() };
    let explanation = of(&ready, &loaded.history, &outcome, &question)?;
    let explanation = explanation.ok_or_else(|| unknown_in(&arguments.member, &loaded.history, &outcome))?;
    if let Some(event) = &arguments.event {
        known_event(event, &arguments.member, &loaded.history, &outcome)?;
    }
    screen.say(&shown(explanation, arguments.format))
}

/// The explanation of a member at the last moment of a run; none where the program does not know her by then.
pub fn of(
    ready: &Ready,
    history: &History,
    outcome: &Outcome,
    question: &Question<'_>,
) -> Result<Option<Explanation>, Failure> {
    let Some(snapshot) = outcome.snapshots.last() else {
        return Err(Failure::Command("there are no events to explain".to_string()));
    };
    Ok(explain::explain(ready.book(), history, outcome, snapshot, *question))
}

fn shown(explanation: Explanation, format: Format) -> String {
    match format {
        Format::Text => explain::text(&explanation),
        Format::Json => {
            let text = serde_json::to_string_pretty(&explanation.as_data());
            text.expect("texts, numbers and lists always serialize") + "\n"
        }
    }
}

/// Says that nobody has that name in a history, and who has the nearest.
pub fn unknown_in(member: &str, history: &History, outcome: &Outcome) -> Failure {
    let mut names = Near::to(member);
    history.events.iter().filter_map(|event| event.member.as_deref()).for_each(|name| names.look(name));
    history.members.keys().for_each(|name| names.look(name));
    unknown(&names, outcome.snapshots.last().map(|snapshot| snapshot.as_of.label.as_str()))
}

/// The same of a history in piles.
pub fn unknown_among(
    member: &str,
    store: &Store<'_>,
    members: &BTreeMap<String, MemberRow>,
    job: &Job<'_>,
) -> Result<Failure, Failure> {
    let mut names = Near::to(member);
    parts::each_member(store, |name| names.look(name)).map_err(|full| data::too_full(&full))?;
    members.keys().for_each(|name| names.look(name));
    Ok(unknown(&names, job.as_of.last().map(|wanted| wanted.label.as_str())))
}

fn unknown(names: &Near<'_>, as_of: Option<&str>) -> Failure {
    let member = names.wanted;
    if names.is_there() {
        return Failure::Command(format!("{member} is no member of the program by {}", as_of.unwrap_or_default()));
    }
    Failure::Command(format!("no member {member} in this history{}", names.said()))
}

/// Says that there is no such event, or whose it is. What somebody else did may well be hers too: a
/// friend's first purchase, a transfer, a return without a card.
fn known_event(event: &str, member: &str, history: &History, outcome: &Outcome) -> Result<(), Failure> {
    if let Some(found) = history.events.iter().find(|one| one.id == event) {
        let mut journal = outcome.journal.iter();
        let hers = found.member.as_deref() == Some(member)
            || journal.any(|entry| entry.event.as_deref() == Some(event) && entry.member.as_deref() == Some(member));
        return match &found.member {
            _ if hers => Ok(()),
            Some(other) => Err(Failure::Command(format!(
                "event {event} is of {other}, and did nothing to {member}; `--member {other}` explains it"
            ))),
            None => Err(Failure::Command(format!("event {event} is nobody's, and did nothing to {member}"))),
        };
    }
    let hers = history.events.iter().filter(|one| one.member.as_deref() == Some(member));
    let near = nearest(event, hers.map(|one| one.id.as_str()));
    Err(Failure::Command(format!("no event {event} in this history{near}")))
}

fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let mut near = Near::to(wanted);
    names.into_iter().for_each(|name| near.look(name));
    near.said()
}

/// The name nearest to one that is looked for; of several the first in the order of letters.
struct Near<'w> {
    wanted: &'w str,
    best: Option<(usize, String)>,
}

impl<'w> Near<'w> {
    fn to(wanted: &'w str) -> Self {
        Self { wanted, best: None }
    }

    fn look(&mut self, name: &str) {
        let distance = strsim::damerau_levenshtein(self.wanted, name);
        if self.best.as_ref().is_none_or(|(least, best)| (distance, name) < (*least, best.as_str())) {
            self.best = Some((distance, name.to_owned()));
        }
    }

    /// Whether it is there itself.
    fn is_there(&self) -> bool {
        self.best.as_ref().is_some_and(|(distance, _)| *distance == 0)
    }

    /// `; is anna meant?`, where one is near enough.
    fn said(&self) -> String {
        let near = self.best.as_ref().filter(|(distance, name)| *distance <= 2 && *distance < name.chars().count());
        near.map(|(_, name)| format!("; is {name} meant?")).unwrap_or_default()
    }
}
