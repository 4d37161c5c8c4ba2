//! `--as-of`: the end of a day, or a moment.

use super::failure::Failure;
use crate::engine::outcome::{AsOf, When};
use crate::ledger::History;
use crate::value::clock::{Clock, Moment, YEARS_OF_EVENTS, is_far, parse_date};

/// Reads a date (the end of that day as the program's clock has it) or a moment.
pub fn parse(text: &str, clock: &Clock) -> Result<AsOf, String> {
    let label = text.trim().to_string();
    let (day, when) = match parse_date(&label) {
        Ok(day) => (day, When::EndOf(day)),
        Err(_) => match clock.parse_moment(&label) {
            Ok((moment, _)) => (clock.day_of(moment), When::At(moment)),
            Err(error) => {
                return Err(format!(
                    "{error}; a date such as 2026-02-03, or a moment such as 2026-02-03 15:10, is needed"
                ));
            }
        },
    };
    if is_far(day) {
        return Err(format!("it lies outside {YEARS_OF_EVENTS}, in which events may lie"));
    }
    Ok(AsOf { label, when })
}

/// The moments of the command: those given, in time order, else the last event's.
pub fn all(given: &[String], clock: &Clock, history: &History) -> Result<Vec<AsOf>, Failure> {
    all_upto(given, clock, history.events.iter().map(|event| event.at).max())
}

/// The same for a history whose last event is at a moment; none where there is no event.
pub fn all_upto(given: &[String], clock: &Clock, last: Option<Moment>) -> Result<Vec<AsOf>, Failure> {
    let mut moments: Vec<AsOf> = Vec::new();
    for text in given {
        let moment = parse(text, clock).map_err(|why| Failure::Command(format!("--as-of {text}: {why}")))?;
        if !moments.contains(&moment) {
            moments.push(moment);
        }
    }
    if given.is_empty() {
        moments.extend(last.map(|at| of(clock, at)));
    }
    Ok(moments)
}

/// The last event's moment; none in an empty history.
pub fn last(clock: &Clock, history: &History) -> Option<AsOf> {
    history.events.iter().map(|event| event.at).max().map(|at| of(clock, at))
}

/// A moment, as the clock shows it.
fn of(clock: &Clock, at: Moment) -> AsOf {
    AsOf { label: clock.show(at), when: When::At(at) }
}
