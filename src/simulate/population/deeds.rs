//! What members do besides buying, now and then: each of them at a pace of her own (a Poisson process, as for purchases).
//!
//! Like purchases it is drawn whether a program looks at it or not, so all programs see the same.

use crate::ledger::Event;
use crate::mechanics::scenario::people::{Deed, Field, Says};
use crate::value::clock::Period;
use crate::value::exact::Exact;

use super::draw::{For, Stream};
use super::stage::Stage;
use super::world::YEAR;

/// How members differ in how often they do it: the deviation of the logarithm of their pace, as for purchases where
/// nothing is said.
const SPREAD: f64 = 0.5;

/// How often a thing is done, in one world.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rate {
    /// Times a day, on average over those who do it.
    pub(super) a_day: f64,
    /// How many of the members do it, as a part of one.
    pub(super) share: f64,
}

/// Days in a time, where something is said of it.
pub(super) fn days_of(period: Period) -> f64 {
    match period {
        Period::Day => 1.0,
        Period::Week => 7.0,
        Period::Month => YEAR / 12.0,
        Period::Quarter => YEAR / 4.0,
        Period::Year => YEAR,
    }
}

/// One that is to come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Coming {
    /// Which of the scenario's.
    pub(super) place: usize,
    /// When, in days.
    pub(super) at: f64,
}

/// All of one member's.
#[derive(Debug, Default)]
pub(super) struct Deeds {
    all: Vec<Track>,
}

/// One thing that she does.
#[derive(Debug)]
struct Track {
    place: usize,
    stream: Stream,
    /// Means of waits, in days.
    gap: f64,
    at: f64,
    /// Which of its kind comes next, from 0.
    number: usize,
}

/// What is drawn for one deed.
#[derive(Debug)]
pub(super) struct Drawn {
    /// Which of its kind, from 0.
    pub(super) number: usize,
    /// Whether she takes a reward on this occasion.
    pub(super) takes: f64,
    /// Whether she uses what she holds.
    pub(super) uses: f64,
    /// Of each field, what it says.
    pub(super) fields: Vec<f64>,
}

impl Deeds {
    /// The first of each, of the member of this number.
    pub(super) fn begin(&mut self, stage: &Stage<'_>, member: u64) {
        self.all.clear();
        for (place, rate) in stage.world.deeds.iter().enumerate() {
            let mut stream = Stream::nth(stage.seed, stage.number, member, (For::Deeds, place));
            let (does, own) = (stream.uniform() < rate.share, stream.normal());
            if !does || rate.a_day <= 0.0 {
                continue;
            }
            // Its mean is 1: the mean over members is as it was said.
            let gap = 1.0 / (rate.a_day * (SPREAD * own - SPREAD * SPREAD / 2.0).exp());
            let at = stream.exponential() * gap;
            self.all.push(Track { place, stream, gap, at, number: 0 });
        }
    }

    /// The next of all; of two at one time, the one that the scenario says first.
    pub(super) fn next(&self) -> Option<Coming> {
        let first = self.all.iter().min_by(|a, b| a.at.total_cmp(&b.at).then(a.place.cmp(&b.place)))?;
        Some(Coming { place: first.place, at: first.at })
    }

    /// Goes on behind the next one of this place: what was drawn for it, with so many fields.
    pub(super) fn take(&mut self, place: usize, fields: usize) -> Option<Drawn> {
        let track = self.all.iter_mut().find(|track| track.place == place)?;
        let stream = &mut track.stream;
        let (takes, uses) = (stream.uniform(), stream.uniform());
        let fields = (0..fields).map(|_| stream.uniform()).collect();
        track.at += stream.exponential() * track.gap;
        track.number += 1;
        Some(Drawn { number: track.number - 1, takes, uses, fields })
    }
}

/// Puts what was drawn for a deed into its event; what says that it was verified says so.
pub(super) fn fill(event: &mut Event, deed: &Deed, drawn: &Drawn) {
    event.reference.clone_from(&deed.activity);
    event.fields.insert("verified".to_owned(), "yes".to_owned());
    for (field, place) in deed.fields.iter().zip(&drawn.fields) {
        event.fields.insert(field.name.clone(), said(field, *place));
    }
}

/// What a field says, at a place from 0 to below 1.
fn said(field: &Field, place: f64) -> String {
    match &field.says {
        Says::Between { low, high, digits } => {
            let steps = high.saturating_sub(*low).saturating_add(1);
            let step = low.saturating_add(((place * steps as f64) as i64).min(steps - 1));
            Exact::from_scaled(i128::from(step), *digits).to_string()
        }
        Says::AnyOf(words) => {
            let nth = ((place * words.len() as f64) as usize).min(words.len().saturating_sub(1));
            words.get(nth).cloned().unwrap_or_default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_says_all_that_it_may_and_nothing_else() {
        let between = Field { name: "km".to_owned(), says: Says::Between { low: 15, high: 17, digits: 1 } };
        let all: Vec<String> = [0.0, 0.34, 0.67, 0.999_999].iter().map(|place| said(&between, *place)).collect();
        assert_eq!(all, ["1.5", "1.6", "1.7", "1.7"]);
        let words = Field { name: "kind".to_owned(), says: Says::AnyOf(vec!["yoga".to_owned(), "run".to_owned()]) };
        assert_eq!([0.0, 0.49, 0.5, 0.999].map(|place| said(&words, place)), ["yoga", "yoga", "run", "run"]);
    }
}
