//! `--pseudonymise KEYFILE`: the key by which people are given other names.

use super::data::{Piled, too_full};
use super::failure::Failure;
use crate::engine::parts;
use crate::ledger::History;
use crate::report::pseudonyms::{LEAST, Pseudonyms};
use std::fs;
use std::path::Path;

/// The new names by the key of a file.
///
/// # Errors
/// That the file cannot be read, or holds too little.
pub fn names(place: &Path) -> Result<Pseudonyms, Failure> {
    let key = fs::read(place).map_err(|error| Failure::file("read", place, &error))?;
    Pseudonyms::of(&key).ok_or_else(|| {
        Failure::Command(format!(
            "--pseudonymise {}: a key of at least {LEAST} bytes is needed, for a shorter one can be guessed. `head -c 32 \
             /dev/urandom | base64` makes one; keep it apart from what is written with it",
            place.display()
        ))
    })
}

/// Who is meant by a name that may be a new one: of a history in piles.
pub fn meant(names: Option<&Pseudonyms>, member: &str, piled: &Piled<'_>) -> Result<String, Failure> {
    let mut meant = Meant::new(names, member);
    if meant.asks() {
        parts::each_member(&piled.store, |id| meant.look(id)).map_err(|full| too_full(&full))?;
        piled.members.keys().for_each(|id| meant.look(id));
    }
    Ok(meant.found())
}

/// The same of a history in memory.
pub fn meant_in(names: Option<&Pseudonyms>, member: &str, history: &History) -> String {
    let mut meant = Meant::new(names, member);
    if meant.asks() {
        history.events.iter().filter_map(|event| event.member.as_deref()).for_each(|id| meant.look(id));
        history.members.keys().for_each(|id| meant.look(id));
    }
    meant.found()
}

/// A search for who has a new name.
struct Meant<'m> {
    names: Option<&'m Pseudonyms>,
    wanted: &'m str,
    found: Option<String>,
}

impl<'m> Meant<'m> {
    fn new(names: Option<&'m Pseudonyms>, wanted: &'m str) -> Self {
        Self { names, wanted, found: None }
    }

    fn asks(&self) -> bool {
        self.names.is_some()
    }

    fn look(&mut self, id: &str) {
        if self.found.is_none() && self.names.is_some_and(|names| names.member(id) == self.wanted) {
            self.found = Some(id.to_owned());
        }
    }

    fn found(self) -> String {
        self.found.unwrap_or_else(|| self.wanted.to_owned())
    }
}
