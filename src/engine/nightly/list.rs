//! The list of a state's files, and of which program it is.

use super::forget::{Swap, mark};
use crate::engine::outcome::{AsOf, HeldDraw, When};
use crate::source::brought::Brought;
use crate::value::clock::Moment;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a kept state is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// The version of this tool that wrote it last.
    pub version: String,
    /// What the program says, line by line ([`crate::syntax::said`]).
    pub said: Vec<String>,
    /// How columns are kept ([`crate::engine::plan::Needs`]): another version may keep them otherwise.
    pub needs: String,
    /// What it stands on beside its text that may change: the days of its calendars, in short.
    pub aside: String,
    /// How many runs it has seen.
    pub nights: u64,
    /// The first day of the history, `2026-01-31`.
    pub begin: Option<String>,
    /// The moment of the last event, `2026-01-31T10:15:00Z`.
    pub clock: Option<String>,
    /// The last moment that was reported.
    pub reported: Option<Reported>,
    /// The moment that the results are of, never before the last event.
    pub viewed: Option<Reported>,
    /// The moment of the corrections.
    pub corrected: Option<Reported>,
    /// Returns whose purchase is not known yet: the id they name, and who holds them.
    pub waiting: Vec<(String, String)>,
    /// Draws that were held: they stay as they were held (section 6.14).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub draws: Vec<HeldDraw>,
    /// The files that its runs read, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<Brought>,
    /// Names that stand for members who were forgotten, in the order of letters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tombstones: Vec<String>,
    /// What is kept of their ids (`forget::mark`), in the order of letters: which is whose is said nowhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forgotten: Vec<String>,
    /// The key of that, 64 digits and letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forgotten_by: Option<String>,
    /// Tables of events, the oldest first.
    pub events: Vec<String>,
    /// Tables of owners, the oldest first.
    pub owners: Vec<String>,
    /// The table of results.
    pub results: Option<String>,
    /// The table of the members file.
    pub members: Option<String>,
    /// The table of what the last night that brought something corrected.
    pub corrections: Option<String>,
}

impl List {
    /// Its files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let several = self.events.iter().chain(&self.owners);
        several.chain(&self.results).chain(&self.members).chain(&self.corrections).map(String::as_str)
    }

    /// The moment of the last event.
    pub fn clock(&self) -> Option<Moment> {
        self.clock.as_ref().and_then(|clock| clock.parse().ok()).map(Moment)
    }

    /// The key by which ids of forgotten members are kept; none before the first.
    pub fn key(&self) -> Option<[u8; 32]> {
        blake3::Hash::from_hex(self.forgotten_by.as_ref()?).ok().map(Into::into)
    }

    /// Notes that a member was forgotten.
    pub fn forgets(&mut self, swap: &Swap, key: [u8; 32]) {
        self.forgotten_by = Some(blake3::Hash::from_bytes(key).to_hex().to_string());
        self.tombstones.push(swap.tombstone.clone());
        self.forgotten.push(mark(&key, &swap.member));
        self.tombstones.sort();
        self.forgotten.sort();
    }

    /// Whether a member was forgotten.
    pub fn forgot(&self, id: &str) -> bool {
        !self.forgotten.is_empty()
            && self.key().is_some_and(|key| self.forgotten.binary_search(&mark(&key, id)).is_ok())
    }

    /// Whether a program is the one that the state is of.
    ///
    /// # Errors
    /// The first line in which they differ.
    pub fn fits(&self, said: &[String], needs: &str) -> Result<(), Unfit> {
        let differs = self.said.iter().zip(said).find(|(was, is)| was != is);
        if let Some((was, is)) = differs {
            return Err(match (said.contains(was), self.said.contains(is)) {
                (false, true) => Unfit::Gone(was.clone()),
                (true, false) => Unfit::New(is.clone()),
                (false, false) | (true, true) => Unfit::Changed { was: was.clone(), is: is.clone() },
            });
        }
        match (self.said.get(said.len()), said.get(self.said.len())) {
            (Some(gone), _) => Err(Unfit::Gone(gone.clone())),
            (None, Some(new)) => Err(Unfit::New(new.clone())),
            (None, None) if self.needs != needs => Err(Unfit::Version(self.version.clone())),
            (None, None) => Ok(()),
        }
    }
}

/// A moment that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    /// As the user wrote it.
    pub label: String,
    /// The end of this day, `2026-01-31`.
    pub day: Option<String>,
    /// Else this moment, `2026-01-31T10:15:00Z`.
    pub at: Option<String>,
}

impl Reported {
    /// To be kept.
    pub fn of(as_of: &AsOf) -> Self {
        let label = as_of.label.clone();
        match as_of.when {
            When::EndOf(day) => Self { label, day: Some(day.to_string()), at: None },
            When::At(moment) => Self { label, day: None, at: Some(moment.0.to_string()) },
        }
    }

    /// As it was asked for; none when it cannot be read.
    pub fn as_of(&self) -> Option<AsOf> {
        let when = match (&self.day, &self.at) {
            (Some(day), _) => When::EndOf(day.parse().ok()?),
            (None, Some(at)) => When::At(Moment(at.parse().ok()?)),
            (None, None) => return None,
        };
        Some(AsOf { label: self.label.clone(), when })
    }
}

/// Why a state is not this program's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// A line says something else.
    Changed {
        /// As the state has it.
        was: String,
        /// As the program has it.
        is: String,
    },
    /// A line is no longer there.
    Gone(String),
    /// A line is new.
    New(String),
    /// Another version keeps columns otherwise.
    Version(String),
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed { was, is } => write!(f, "it was made when the program said `{was}`; now it says `{is}`"),
            Self::Gone(line) => write!(f, "it was made when the program said `{line}`, which is no longer there"),
            Self::New(line) => write!(f, "the program now says `{line}`, which it did not when the state was made"),
            Self::Version(version) => {
                write!(f, "it was made by version {version} of loyal, which keeps other columns of the history")
            }
        }
    }
}
