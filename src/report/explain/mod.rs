//! Why a member has what she has: her journal as sentences, then the account that adds it up.

pub mod account;
pub mod off;
pub mod story;
pub mod why;

use super::statement::{self, Statement};
use super::words::{Book, bare, isolate};
use crate::engine::outcome::{Entry, Outcome, Snapshot};
use crate::ledger::{Event, History};
use account::Account;
use serde::Serialize;
use std::collections::BTreeMap;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// About whom.
    pub member: &'a str,
    /// About one event only.
    pub event: Option<&'a str>,
}

/// An explanation, ready to be shown as sentences or as data.
#[derive(Debug, Serialize)]
pub struct Explanation {
    /// The member.
    pub member: String,
    /// The program.
    pub program: String,
    /// The moment, as the user wrote it.
    pub as_of: String,
    /// What happened, in order.
    pub story: Vec<Paragraph>,
    /// For each unit and pocket, what adds up to what.
    pub accounts: Vec<Account>,
    /// What she has besides points: levels, cards, gifts; when she is no member any more, since when.
    pub holds: Vec<String>,
    /// What she could read of her points; none where the program does not know her.
    #[serde(skip)]
    pub statement: Option<Statement>,
}

/// What one event, or the timers of one moment, brought her.
#[derive(Debug, Serialize)]
pub struct Paragraph {
    /// When, in words.
    pub when: String,
    /// The moment, as the files write it.
    pub time: String,
    /// The event; none: timers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// What it was: `purchase p1 of 57.90 RON`.
    pub what: String,
    /// What came of it, each a sentence with its reasons.
    pub sentences: Vec<Sentence>,
}

/// One thing that came of an event.
#[derive(Debug, Serialize)]
pub struct Sentence {
    /// The thing: `57 stars`.
    pub says: String,
    /// Why: each a clause.
    pub because: Vec<String>,
    /// The postings behind it, by number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub posting: Option<u64>,
}

/// Explains a member at a snapshot; none when the program does not know her by then.
pub fn explain(
    book: Book<'_>,
    history: &History,
    outcome: &Outcome,
    snapshot: &Snapshot,
    question: Question<'_>,
) -> Option<Explanation> {
    let events: BTreeMap<&str, &Event> = history.events.iter().map(|event| (event.id.as_str(), event)).collect();
    let hers: Vec<&Entry> = outcome
        .journal
        .iter()
        .take(snapshot.entries)
        .filter(|entry| entry.member.as_deref() == Some(question.member))
        .collect();
    let view = snapshot.members.get(question.member);
    if hers.is_empty() && view.is_none() {
        return None;
    }
    let asked: Vec<&Entry> = hers
        .iter()
        .filter(|entry| question.event.is_none() || entry.event.as_deref() == question.event)
        .copied()
        .collect();
    let mut holds: Vec<String> =
        view.map(|view| account::holds(book.of_version(view.version), question.member, view)).unwrap_or_default();
    if view.is_some_and(|view| view.left) {
        let journal = outcome.journal.iter().take(snapshot.entries);
        holds.splice(0..0, story::gone(&events, question.member, journal));
    }
    Some(Explanation {
        member: question.member.to_string(),
        program: book.program.settings.name.text.clone(),
        as_of: snapshot.as_of.label.clone(),
        story: story::paragraphs(book, &events, question.member, &asked),
        accounts: view.map(|view| account::accounts(book.of_version(view.version), view)).unwrap_or_default(),
        holds,
        statement: view.map(|view| {
            let today = snapshot.as_of.when.day(&book.program.settings.clock);
            statement::of(book.of_version(view.version), question.member, (&snapshot.as_of.label, today), view)
        }),
    })
}

impl Explanation {
    /// The same as data: without the isolates that keep a line in order on a screen.
    pub fn as_data(mut self) -> Self {
        let paragraphs = self.story.iter_mut();
        let sentences = paragraphs.flat_map(|one| {
            one.what = bare(&one.what);
            one.sentences.iter_mut()
        });
        for sentence in sentences {
            sentence.says = bare(&sentence.says);
            sentence.because = sentence.because.iter().map(|clause| bare(clause)).collect();
        }
        let lots = self.accounts.iter_mut().flat_map(|account| account.lots.iter_mut());
        for line in lots.chain(self.holds.iter_mut()) {
            *line = bare(line);
        }
        self
    }
}

/// The explanation as lines of text.
pub fn text(explanation: &Explanation) -> String {
    let mut text =
        format!("{} in {}, as of {}\n", isolate(&explanation.member), isolate(&explanation.program), explanation.as_of);
    for paragraph in &explanation.story {
        text.push('\n');
        story::write(&mut text, paragraph);
    }
    if explanation.story.is_empty() {
        text.push_str("\nNothing happened that gave or took anything.\n");
    }
    for account in &explanation.accounts {
        text.push('\n');
        account::write(&mut text, account);
    }
    if !explanation.holds.is_empty() {
        text.push('\n');
        for line in &explanation.holds {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}
