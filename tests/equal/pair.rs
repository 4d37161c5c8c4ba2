//! One program and one history through both engines.

use crate::compare::difference;
use crate::history::Chronicle;
use crate::history::make::chronicle;
use crate::tree::{Sound, Tree};
use crate::weave;
use loyal::engine::outcome::{AsOf, Outcome};
use loyal::engine::reference;
use loyal::ledger::History;
use loyal::mechanics::Program;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How many histories are tried with one program.
pub const HISTORIES: u64 = 4;

/// How many members there were, and how many of them the fast machine played.
#[derive(Debug, Clone, Copy, Default)]
pub struct Share {
    pub members: u64,
    pub fast: u64,
}

/// An engine that is held against the reference.
pub type Engine = fn(&Program, &History, &[AsOf]) -> (Outcome, Share);

/// What comparing one pair came to.
pub struct Compared {
    /// The first difference, if there is one.
    pub difference: Option<String>,
    /// What the reference came to; none where it panics.
    pub expected: Option<Outcome>,
    /// Who played.
    pub share: Share,
}

/// Runs a history through the reference and through `engine`; an error where the history cannot be read.
pub fn compare(program: &Program, chronicle: &Chronicle, engine: Engine) -> Result<Compared, String> {
    let history = chronicle.read(program)?;
    let as_of = chronicle.moments(program);
    let wrong = |difference: String, share| Compared { difference: Some(difference), expected: None, share };
    let expected = match catch_unwind(AssertUnwindSafe(|| reference::run(program, &history, &as_of))) {
        Ok(outcome) => outcome,
        Err(panic) => return Ok(wrong(format!("the reference panics: {}", words(&*panic)), Share::default())),
    };
    // A debug build asks this itself.
    if !cfg!(debug_assertions)
        && let Err(why) = expected.verify()
    {
        return Ok(wrong(format!("the reference does not add up: {why}"), Share::default()));
    }
    let (got, share) = match catch_unwind(AssertUnwindSafe(|| engine(program, &history, &as_of))) {
        Ok(played) => played,
        Err(panic) => return Ok(wrong(format!("the engine panics: {}", words(&*panic)), Share::default())),
    };
    let difference = difference(program, &expected, &got);
    Ok(Compared { difference, expected: Some(expected), share })
}

fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without words").to_owned()
}

/// The program of a seed, mended; none when it cannot be.
pub fn program(seed: u64) -> Option<Sound> {
    weave::program(seed / HISTORIES).mended().ok()
}

/// The history of a seed for its program.
pub fn history(seed: u64, sound: &Sound) -> Chronicle {
    chronicle(seed, sound)
}

/// Whether a program and a history still differ: the words of it. What is refused does not.
pub fn differs(tree: &Tree, chronicle: &Chronicle, engine: Engine) -> Option<String> {
    let sound = tree.accepted().ok()?;
    compare(&sound.program, chronicle, engine).ok()?.difference
}

/// Until there is a second engine: the reference, over the events in another order and put in order again.
pub fn shuffled(program: &Program, history: &History, as_of: &[AsOf]) -> (Outcome, Share) {
    let mut mixed = history.clone();
    mixed.events.reverse();
    mixed.order();
    let members = history.members.len() as u64;
    (reference::run(program, &mixed, as_of), Share { members, fast: 0 })
}
