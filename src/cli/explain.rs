//! `loyal explain`: why a member has what she has.

use super::data::{self, Means, Piled, Which};
use super::failure::Failure;
use super::keyfile;
use super::program::{Ready, ready};
use super::run::{outcome, set_aside};
use super::scratch::OnDisk;
use super::screen::Screen;
use super::write::Batch;
use super::{Files, as_of, floors};
use crate::engine::outcome::{Entry, Outcome};
use crate::engine::parts::{self, Job, Journal};
use crate::engine::plan::Needs;
use crate::ledger::{BadRows, History, SetAside};
use crate::report::explain::{self, Explanation, Question};
use crate::report::pseudonyms::Pseudonyms;
use crate::report::statement;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// The arguments of `explain`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    files: Files,
    /// Whom to explain
    #[arg(long, value_name = "MEMBER")]
    member: String,
    /// Not why, but what she could read of her points: what can be spent, what ends when, what the next reward and
    /// level take
    #[arg(long, conflicts_with = "event")]
    statement: bool,
    /// Only what this event brought
    #[arg(long, value_name = "ID")]
    event: Option<String>,
    /// MEMBER may be the name that this key gave her in outputs
    #[arg(long, value_name = "KEYFILE")]
    pseudonymise: Option<PathBuf>,
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
    let which = Which::of(screen, &arguments.files, &ready)?;
    let bad = if arguments.files.skip_bad.is_some() { BadRows::SetAside } else { BadRows::Refuse };
    let names = arguments.pseudonymise.as_deref().map(keyfile::names).transpose()?;
    let names = names.as_ref();
    // Data has the numbers of postings, which count those of everybody.
    let (explanation, rows) = match arguments.format {
        Format::Text if !parts::joins_all(&ready.program) => {
            by_herself(screen, (arguments, names), &ready, (&which, bad))?
        }
        Format::Text | Format::Json => among_all(screen, (arguments, names), &ready, (&which, bad))?,
    };
    let mut batch = Batch::default();
    set_aside(screen, &mut batch, arguments.files.skip_bad.as_deref(), &rows)?;
    batch.commit(screen)?;
    match arguments.statement {
        true => screen.say(&stated(&ready, explanation?, arguments.format)?),
        false => screen.say(&shown(explanation?, arguments.format)),
    }
}

/// An explanation, or the command's mistake, and the rows that were set aside.
type Came = (Result<Explanation, Failure>, Vec<SetAside>);

/// Explains a member out of a run over the whole history.
fn among_all(
    screen: &Screen,
    (arguments, names): (&Arguments, Option<&Pseudonyms>),
    ready: &Ready,
    (which, bad): (&Which, BadRows),
) -> Result<Came, Failure> {
    let loaded = data::read(screen, ready, which, bad)?;
    let member = &keyfile::meant_in(names, &arguments.member, &loaded.history);
    let question = Question { member, event: arguments.event.as_deref() };
    let clock = &ready.program.settings.clock;
    let given: Vec<String> = arguments.as_of.iter().cloned().collect();
    let moments = as_of::all(&given, clock, &loaded.history)?;
    let outcome = outcome(screen, ready, &loaded.history, &moments, false);
    let explain = || {
        let explanation = of(ready, &loaded.history, &outcome, &question)?;
        let explanation = explanation.ok_or_else(|| unknown_in(member, &loaded.history, &outcome))?;
        if let Some(event) = question.event {
            known_event((event, question.member), &loaded.history, &outcome, || Ok(None))?;
        }
        Ok(explanation)
    };
    Ok((explain(), loaded.set_aside))
}

/// Explains a member who is played with all whom she touches.
fn by_herself(
    screen: &Screen,
    (arguments, names): (&Arguments, Option<&Pseudonyms>),
    ready: &Ready,
    (which, bad): (&Which, BadRows),
) -> Result<Came, Failure> {
    let threads = super::threads(None);
    let needs = needs(ready);
    let piled = data::piled(screen, ready, which, bad, &needs, Means { threads, memory: MEMORY, scratch: &OnDisk })?;
    let clock = &ready.program.settings.clock;
    let given: Vec<String> = arguments.as_of.iter().cloned().collect();
    let moments = as_of::all_upto(&given, clock, piled.whole.last.as_ref().map(|(at, _)| *at))?;
    let job = Job {
        program: &ready.program,
        needs: &needs,
        as_of: &moments,
        whole: piled.whole.clone(),
        journal: Journal::None,
        deeds: false,
        threads,
        shared: None,
    };
    let members = &[keyfile::meant(names, &arguments.member, &piled)?];
    let explanation = apart(ready, &job, &piled, (members, arguments.event.as_deref()));
    let only = |all: Vec<Explanation>| all.into_iter().next().ok_or_else(nothing_to_explain);
    Ok((explanation.and_then(only), piled.set_aside))
}

/// Memory for what is read, when only one member is asked about.
const MEMORY: usize = 256 << 20;

/// What is kept of a history that is explained: an explanation says where something was, whether a rule asks for it
/// or not.
pub fn needs(ready: &Ready) -> Needs {
    Needs::of(&ready.program).with_event_text("store")
}

/// Explains members, each played with all whom she touches: where members are joined, as if nobody was held back by
/// another.
pub fn apart(
    ready: &Ready,
    job: &Job<'_>,
    piled: &Piled<'_>,
    (members, event): (&[String], Option<&str>),
) -> Result<Vec<Explanation>, Failure> {
    let parts = parts::hers(job, &piled.store, &piled.members, members).map_err(|full| data::too_full(&full))?;
    let explain = |(member, part): (&String, &History)| {
        let outcome = floors::run_part(job, part);
        let Some(found) = of(ready, part, &outcome, &Question { member, event })? else {
            return Err(unknown_among(member, piled, job)?);
        };
        if let Some(event) = event {
            let elsewhere = || parts::whose(&piled.store, event).map_err(|full| data::too_full(&full));
            known_event((event, member), part, &outcome, elsewhere)?;
        }
        Ok(found)
    };
    members.iter().zip(&parts).map(explain).collect()
}

fn nothing_to_explain() -> Failure {
    Failure::Command("there are no events to explain".to_string())
}

/// The explanation of a member at the last moment of a run; none where the program does not know her by then.
pub fn of(
    ready: &Ready,
    history: &History,
    outcome: &Outcome,
    question: &Question<'_>,
) -> Result<Option<Explanation>, Failure> {
    let Some(snapshot) = outcome.snapshots.last() else {
        return Err(nothing_to_explain());
    };
    Ok(explain::explain(ready.book(), history, outcome, snapshot, *question))
}

/// What she could read of her points.
fn stated(ready: &Ready, explanation: Explanation, format: Format) -> Result<String, Failure> {
    let Some(statement) = explanation.statement else {
        return Err(Failure::Command(format!("{} is no member of the program by then", explanation.member)));
    };
    Ok(match format {
        Format::Text => statement::text(ready.book(), &statement),
        Format::Json => {
            let text = serde_json::to_string_pretty(&statement.as_data());
            text.expect("texts and lists always serialize")
                + "
"
        }
    })
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
fn unknown_among(member: &str, piled: &Piled<'_>, job: &Job<'_>) -> Result<Failure, Failure> {
    let mut names = Near::to(member);
    parts::each_member(&piled.store, |name| names.look(name)).map_err(|full| data::too_full(&full))?;
    piled.members.keys().for_each(|name| names.look(name));
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
/// friend's first purchase, a transfer, a return without a card. `elsewhere` says whose an event is that is not in the
/// history at hand.
fn known_event(
    (event, member): (&str, &str),
    history: &History,
    outcome: &Outcome,
    elsewhere: impl FnOnce() -> Result<Option<Option<String>>, Failure>,
) -> Result<(), Failure> {
    let of_whom = match history.events.iter().find(|one| one.id == event) {
        Some(found) => Some(found.member.clone()),
        None => elsewhere()?,
    };
    let hers = |entry: &Entry| entry.event.as_deref() == Some(event) && entry.member.as_deref() == Some(member);
    let message = match of_whom {
        Some(whose) if whose.as_deref() == Some(member) || outcome.journal.iter().any(hers) => return Ok(()),
        Some(Some(other)) => {
            format!("event {event} is of {other}, and did nothing to {member}; `--member {other}` explains it")
        }
        Some(None) => format!("event {event} is nobody's, and did nothing to {member}"),
        None => {
            let hers = history.events.iter().filter(|one| one.member.as_deref() == Some(member));
            format!("no event {event} in this history{}", nearest(event, hers.map(|one| one.id.as_str())))
        }
    };
    Err(Failure::Command(message))
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
        // Two slips of the keyboard change no more bytes, and a name may have a million.
        if name.len().abs_diff(self.wanted.len()) > 8 {
            return;
        }
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
