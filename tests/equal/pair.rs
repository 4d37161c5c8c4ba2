//! One program and one history through both engines.

use crate::engines::beyond;
use crate::history::Chronicle;
use crate::history::make::chronicle;
use crate::promises;
use crate::tree::Sound;
use crate::weave;
use loyal::engine::outcome::{AsOf, Outcome};
use loyal::engine::reference;
use loyal::ledger::History;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

/// How many histories are tried with one program.
pub const HISTORIES: u64 = 4;

/// How many members there were, and how many of them the fast machine played.
#[derive(Debug, Clone, Copy, Default)]
pub struct Share {
    pub members: u64,
    pub fast: u64,
    /// Whether members who draw from one thing were held back by one another.
    pub no_room: bool,
    /// How often a promise was measured.
    pub looked: u64,
}

/// Holds an engine against what the reference came to: the first difference, and who played.
pub type Engine = fn(&Sound, &History, &[AsOf], &Outcome) -> (Option<String>, Share);

/// What comparing one pair came to.
pub struct Compared {
    /// The history as the ledger reads it, and the moments asked for.
    pub history: History,
    pub as_of: Vec<AsOf>,
    /// The first difference, if there is one.
    pub difference: Option<String>,
    /// What the reference came to; none where it panics.
    pub expected: Option<Outcome>,
    /// Who played.
    pub share: Share,
}

/// Runs a history through the reference and through `engine`; an error where the history cannot be read.
pub fn compare(sound: &Sound, chronicle: &Chronicle, engine: Engine) -> Result<Compared, String> {
    let program = &sound.program;
    let history = chronicle.read(program)?;
    let as_of = chronicle.moments(program);
    let (difference, expected, share) = of_engine(sound, chronicle, (&history, &as_of), engine);
    Ok(Compared { history, as_of, difference: difference.filter(|says| !is_passed(says)), expected, share })
}

/// The first difference, what the reference came to, and who played.
fn of_engine(
    sound: &Sound,
    chronicle: &Chronicle,
    (history, as_of): (&History, &[AsOf]),
    engine: Engine,
) -> (Option<String>, Option<Outcome>, Share) {
    let program = &sound.program;
    let wrong = |difference: String| (Some(difference), None, Share::default());
    let expected = match catch_unwind(AssertUnwindSafe(|| reference::run(program, history, as_of))) {
        Ok(outcome) => outcome,
        Err(panic) => return wrong(format!("the reference panics: {}", words(&*panic))),
    };
    // A debug build asks this itself.
    if !cfg!(debug_assertions)
        && let Err(why) = expected.verify()
    {
        return wrong(format!("the reference does not add up: {why}"));
    }
    let (difference, share) = match asked(sound, (history, as_of), &expected, engine) {
        Ok(compared) => compared,
        Err(panics) => return wrong(panics),
    };
    // Now and then: what holds of every history.
    let promised = || match history.events.len() % 3 {
        1 => promises::broken(program, chronicle, (history, as_of), &expected),
        _ => None,
    };
    (difference.or_else(promised), Some(expected), share)
}

/// What an engine, or a promise, says of what the reference came to; how it panics.
pub fn asked(
    sound: &Sound,
    (history, as_of): (&History, &[AsOf]),
    expected: &Outcome,
    engine: Engine,
) -> Result<(Option<String>, Share), String> {
    let asked = catch_unwind(AssertUnwindSafe(|| engine(sound, history, as_of, expected)));
    asked.map_err(|panic| format!("the engine panics: {}", words(&*panic)))
}

/// Differences that are known already: while hunting for others, those whose words hold one of these are passed over.
pub fn is_passed(says: &str) -> bool {
    static PASSED: OnceLock<Vec<String>> = OnceLock::new();
    let passed = PASSED.get_or_init(|| {
        let said = std::env::var("LOYAL_EQUAL_PASS").unwrap_or_default();
        said.split(';').filter(|words| !words.is_empty()).map(str::to_owned).collect()
    });
    passed.iter().any(|words| says.contains(words.as_str()))
}

fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without words").to_owned()
}

/// The program of a seed, mended; none when it cannot be. Every other one is narrowed to what the fast machine
/// plays, so that it is the machine that is looked at.
pub fn program(seed: u64) -> Option<Sound> {
    let group = seed / HISTORIES;
    let mut sound = woven(group)?;
    if group % 2 == 1 {
        return Some(sound);
    }
    for _ in 0..NARROWER {
        let beyond = beyond(&sound.program);
        if beyond.is_empty() {
            break;
        }
        let narrower = sound.tree.without(&beyond, &sound.sources);
        if narrower == sound.tree {
            break;
        }
        let Ok(next) = narrower.mended() else { break };
        sound = next;
    }
    Some(sound)
}

/// The program of a group of seeds as it is woven and mended, not narrowed.
pub fn woven(group: u64) -> Option<Sound> {
    weave::program(group).mended().ok()
}

/// How often a program is narrowed before it is taken as it is.
const NARROWER: usize = 5;

/// The history of a seed for its program.
pub fn history(seed: u64, sound: &Sound) -> Chronicle {
    chronicle(seed, sound)
}
