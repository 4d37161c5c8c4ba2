//! `draw`: lotteries and prizes.

use super::card::{Stamp, read_stamp};
use super::condition::Condition;
use super::lines::{self, Slip};
use super::points::EarnCap;
use super::reading::{Kind, Reading, Scope, period, unquoted};
use super::table::{BlockSpec, Head, many, once};
use super::{GiftId, Name};
use crate::diag::Message;
use crate::syntax::ast::Block;
use crate::syntax::{Phrase, Rule};
use crate::text::Span;
use crate::value::clock::{Date, Period};

/// `draw` in the table of blocks.
pub static BLOCK: BlockSpec = BlockSpec {
    keyword: "draw",
    head: Head::Name,
    clauses: &[
        many("entry", "entry 1 per 20 EUR"),
        many("when", "when status in [gold]"),
        once("every", "every month"),
        once("on", "on 2026-12-24"),
        once("instant", "instant chance 1 in 50"),
        once("winners", "winners 3"),
        many("prize", "prize gift bicycle"),
        many("limit", "limit 10 entries per member"),
        once("free", "free entry \"a postcard to the shop\""),
        once("seed", "seed \"…\""),
        once("from", "from 2026-01-01"),
        once("until", "until 2026-12-31"),
    ],
    ordered: false,
    says: "lotteries and prizes",
};

/// The most winners of one draw.
pub const MOST_WINNERS: u32 = 100_000;

/// A `draw` block (section 3).
#[derive(Debug, Clone)]
pub struct Draw {
    /// Its name.
    pub name: Name,
    /// What brings entries; all lines apply.
    pub entries: Vec<Stamp>,
    /// Of the event that brings them.
    pub when: Option<Condition>,
    /// When it is held.
    pub held: Held,
    /// How many win, at most; of an instant draw, in all. None: as many as there are prizes.
    pub winners: Option<u32>,
    /// What they win, the first winners first.
    pub prizes: Vec<Prize>,
    /// `limit N entries per member`, of one draw where no window is said.
    pub limits: Vec<EarnCap>,
    /// The way in that costs nothing, in words.
    pub free: Option<String>,
    /// The SHA-256 of the first seed, in small hexadecimal letters.
    pub seed: String,
    /// First day, inclusive: what lies before brings no entries.
    pub from: Option<Date>,
    /// Last day, inclusive.
    pub until: Option<Date>,
    /// The whole block.
    pub span: Span,
}

/// When a draw is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// After each period, of what it brought.
    Every(Period),
    /// On a day, of what came before that day.
    On(Date),
    /// At the event: of so many entries, about so many win.
    Instant {
        /// `1` of `1 in 50`.
        of: u32,
        /// `50`.
        among: u32,
    },
}

/// `prize [N] gift NAME`.
#[derive(Debug, Clone)]
pub struct Prize {
    /// What.
    pub gift: GiftId,
    /// For so many winners; none: for all that are left.
    pub number: Option<u32>,
    /// The clause.
    pub span: Span,
}

impl Draw {
    /// The name of the draw that an entry of that day belongs to: the last day of its period, or the day it is held on;
    /// none where the day is too late for it, or lies outside the draw's own days.
    pub fn dated(&self, clock: &crate::value::clock::Clock, day: Date) -> Option<Date> {
        if self.from.is_some_and(|from| day < from) || self.until.is_some_and(|until| until < day) {
            return None;
        }
        match self.held {
            Held::Every(period) => Some(clock.span_of(period, day).1),
            Held::On(date) => Some(date).filter(|date| day < *date),
            Held::Instant { .. } => Some(day),
        }
    }

    /// Whether the draw of that date can be held on a day: its entries are all in.
    pub fn is_closed(&self, date: Date, day: Date) -> bool {
        match self.held {
            Held::Every(_) => date < day,
            Held::On(_) => date <= day,
            Held::Instant { .. } => false,
        }
    }

    /// Whether it is decided at the event.
    pub fn is_instant(&self) -> bool {
        matches!(self.held, Held::Instant { .. })
    }

    /// What the winner of that place (from 1) wins; none: there are no more prizes.
    pub fn prize(&self, place: u32) -> Option<GiftId> {
        if self.winners.is_some_and(|winners| winners < place) {
            return None;
        }
        let mut upto: u32 = 0;
        for prize in &self.prizes {
            match prize.number {
                None => return Some(prize.gift),
                Some(number) => upto = upto.saturating_add(number),
            }
            if place <= upto {
                return Some(prize.gift);
            }
        }
        None
    }

    /// How many can win at most.
    pub fn most_winners(&self) -> u32 {
        let numbered = self.prizes.iter().map(|prize| prize.number).sum::<Option<u32>>();
        self.winners.or(numbered).unwrap_or(MOST_WINNERS).min(MOST_WINNERS)
    }
}

/// What can be wrong with a `draw` block alone.
#[allow(missing_docs)] // the fields are the words of the messages
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wrong {
    /// It does not say when it is held.
    When { place: Span },
    /// It says two moments.
    Twice { place: Span, first: Span },
    /// No number of winners, and a prize for all of them.
    HowMany { place: Span },
    /// More winners than prizes.
    FewPrizes { place: Span, winners: u32, prizes: u32 },
    /// A prize behind one that is for all who are left.
    Behind { place: Span, first: Span },
    /// More winners than a draw can have.
    TooMany { place: Span, winners: u32 },
    /// A hash that is none.
    Seed { place: Span },
    /// No seed.
    NoSeed { place: Span },
    /// A chance above 1.
    Chance { place: Span, chance: String },
    /// A free entry, and nobody knows how.
    FreeHow { place: Span },
    /// It is held before it begins.
    NoDays { place: Span, from: Date, on: Date },
    /// No line brings entries.
    NoEntry { place: Span },
}

impl Message for Wrong {
    fn code(&self) -> &'static str {
        match self {
            Wrong::When { .. } => "drawn-when",
            Wrong::Twice { .. } => "drawn-twice",
            Wrong::HowMany { .. } => "how-many-winners",
            Wrong::FewPrizes { .. } => "more-winners-than-prizes",
            Wrong::Behind { .. } => "prize-behind-the-rest",
            Wrong::TooMany { .. } => "too-many-winners",
            Wrong::Seed { .. } => "no-hash",
            Wrong::NoSeed { .. } => "missing-line",
            Wrong::Chance { .. } => "chance-past-the-whole",
            Wrong::FreeHow { .. } => "free-how",
            Wrong::NoDays { .. } => "held-before-it-begins",
            Wrong::NoEntry { .. } => "draw-without-entries",
        }
    }

    fn says(&self) -> String {
        match self {
            Wrong::When { .. } => "this draw does not say when it is held".to_owned(),
            Wrong::Twice { .. } => "this draw is held at two kinds of moment".to_owned(),
            Wrong::HowMany { .. } => "this draw does not say how many win".to_owned(),
            Wrong::FewPrizes { winners, prizes, .. } => format!("{winners} win, and there are prizes for {prizes}"),
            Wrong::Behind { .. } => "the prize before this one is for all who are left".to_owned(),
            Wrong::TooMany { winners, .. } => format!("{winners} is more than a draw can have"),
            Wrong::NoSeed { .. } => "this draw has no `seed` line".to_owned(),
            Wrong::Seed { .. } => "this is no SHA-256: that has 64 figures and letters from a to f".to_owned(),
            Wrong::Chance { chance, .. } => format!("`{chance}` is more than every time"),
            Wrong::FreeHow { .. } => "this does not say how a free entry is made".to_owned(),
            Wrong::NoDays { from, on, .. } => format!("it is held on {on}, and takes entries from {from}"),
            Wrong::NoEntry { .. } => "nothing brings entries to this draw".to_owned(),
        }
    }

    fn place(&self) -> Span {
        match self {
            Wrong::When { place }
            | Wrong::Twice { place, .. }
            | Wrong::HowMany { place }
            | Wrong::FewPrizes { place, .. }
            | Wrong::Behind { place, .. }
            | Wrong::TooMany { place, .. }
            | Wrong::Seed { place }
            | Wrong::NoSeed { place }
            | Wrong::Chance { place, .. }
            | Wrong::FreeHow { place }
            | Wrong::NoDays { place, .. }
            | Wrong::NoEntry { place } => *place,
        }
    }

    fn related(&self) -> Vec<(Span, String)> {
        match self {
            Wrong::Twice { first, .. } => vec![(*first, "and this line".to_owned())],
            Wrong::Behind { first, .. } => vec![(*first, "this one".to_owned())],
            Wrong::When { .. }
            | Wrong::HowMany { .. }
            | Wrong::FewPrizes { .. }
            | Wrong::TooMany { .. }
            | Wrong::Seed { .. }
            | Wrong::NoSeed { .. }
            | Wrong::Chance { .. }
            | Wrong::FreeHow { .. }
            | Wrong::NoDays { .. }
            | Wrong::NoEntry { .. } => Vec::new(),
        }
    }

    fn why(&self) -> String {
        match self {
            Wrong::When { .. } => "Customers must know on which day they can win.",
            Wrong::Twice { .. } => "Two answers to one question: customers could be told either.",
            Wrong::HowMany { .. } => "Everybody who has an entry would win.",
            Wrong::FewPrizes { .. } => "Some would win nothing.",
            Wrong::Behind { .. } => "It would never be given.",
            Wrong::TooMany { .. } => "At most 100000 win one draw.",
            Wrong::Seed { .. } | Wrong::NoSeed { .. } => {
                "The hash is published before the draw, so that nobody can choose the seed when the entries are known."
            }
            Wrong::Chance { .. } => "A chance goes up to 1 in 1.",
            Wrong::FreeHow { .. } => "Whoever wants to take part without buying must be told what to do.",
            Wrong::NoDays { .. } => "A draw takes the entries of the days before it: there are none.",
            Wrong::NoEntry { .. } => "Nobody could ever win.",
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Wrong::When { .. } => "add a line: `every month`, `on 2026-12-24` or `instant chance 1 in 50`".to_owned(),
            Wrong::Twice { .. } => "keep one of the two lines".to_owned(),
            Wrong::HowMany { .. } => "add a line such as: `winners 3`".to_owned(),
            Wrong::FewPrizes { prizes, .. } => {
                format!("write `winners {prizes}`, or a last prize without a number: `prize gift mug`")
            }
            Wrong::Behind { .. } => "say for how many the prize before it is: `prize 1 gift bicycle`".to_owned(),
            Wrong::TooMany { .. } => "write fewer".to_owned(),
            Wrong::NoSeed { .. } => {
                "keep a secret text, and write its SHA-256: `seed \"…\"` with what `printf %s 'your secret seed' | sha256sum` \
                 prints"
                    .to_owned()
            }
            Wrong::Seed { .. } => "take what `printf %s 'your secret seed' | sha256sum` prints".to_owned(),
            Wrong::Chance { .. } => "write it like: `instant chance 1 in 50`".to_owned(),
            Wrong::FreeHow { .. } => "write it like: `free entry \"a postcard to the shop\"`".to_owned(),
            Wrong::NoDays { .. } => "let it begin earlier, or be held later".to_owned(),
            Wrong::NoEntry { .. } => {
                "add a line such as `entry 1 per 20 EUR` or `free entry \"a postcard to the shop\"`".to_owned()
            }
        }
    }
}

/// Reads a `draw` block.
pub fn read(reading: &mut Reading<'_>, block: &Block) -> Option<Draw> {
    lines::require(reading, block, &BLOCK, "prize");
    if Reading::one(block, "seed").is_none() && lines::is_sound(block, &BLOCK) {
        reading.say(Wrong::NoSeed { place: block.header });
    }
    let clauses = Reading::clauses(block, "entry").len();
    let lines = lines::lines(reading, block, "entry", Rule::draw_entry);
    let entries: Vec<Stamp> = lines.iter().filter_map(|line| read_stamp(reading, line, "entry")).collect();
    let whens = lines::lines(reading, block, "when", Rule::draw_when);
    let when = lines::all_of(reading, &whens, Scope::Event);
    let held = read_held(reading, block);
    let winners = match lines::line(reading, block, "winners", Rule::draw_winners) {
        Some(line) => Some(winners(reading, &line)?),
        None => None,
    };
    let prizes = read_prizes(reading, block)?;
    enough(reading, block, winners, &prizes);
    let limits = lines::lines(reading, block, "limit", Rule::draw_limit);
    let like = "limit 10 entries per member";
    let limits = limits.iter().filter_map(|line| lines::cap(reading, line, None, false, like)).collect();
    let free = read_free(reading, block);
    let seed = read_seed(reading, block);
    let (from, until) = lines::days(reading, block, Rule::draw_from, Rule::draw_until);
    if let (Some(Held::On(on)), Some(from)) = (held, from)
        && on <= from
    {
        let place = Reading::one(block, "on").map_or(block.header, |clause| clause.span);
        reading.say(Wrong::NoDays { place, from, on });
    }
    if prizes.is_empty() || entries.len() < clauses {
        return None;
    }
    Some(Draw {
        name: lines::name(block)?,
        entries,
        when,
        held: held?,
        winners,
        prizes,
        limits,
        free,
        seed: seed?,
        from,
        until,
        span: block.span,
    })
}

fn read_held(reading: &mut Reading<'_>, block: &Block) -> Option<Held> {
    let said: Vec<_> = block
        .clauses
        .iter()
        .filter(|clause| matches!(clause.keyword.text.as_str(), "every" | "on" | "instant"))
        .collect();
    let Some(first) = said.first() else {
        if lines::is_sound(block, &BLOCK) {
            reading.say(Wrong::When { place: block.header });
        }
        return None;
    };
    if let Some(second) = said.iter().find(|clause| clause.keyword.text != first.keyword.text) {
        reading.say(Wrong::Twice { place: second.span, first: first.span });
        return None;
    }
    match first.keyword.text.as_str() {
        "every" => {
            let line = reading.clause(first, Rule::draw_every)?;
            Some(Held::Every(period(&line.find(Rule::period)?)?))
        }
        "on" => {
            let line = reading.clause(first, Rule::draw_on)?;
            Some(Held::On(reading.date(&line.find(Rule::date)?)?))
        }
        _ => {
            let line = reading.clause(first, Rule::draw_instant)?;
            let numbers = line.all(Rule::whole);
            let (of, among) = (numbers.first()?, numbers.get(1)?);
            let (of, among) = (reading.count(of)?, reading.count(among)?);
            if of == 0 || among == 0 {
                reading.say(Slip::Nought { place: line.span(), what: "a chance" });
                return None;
            }
            if among < of {
                reading.say(Wrong::Chance { place: line.span(), chance: format!("{of} in {among}") });
                return None;
            }
            Some(Held::Instant { of, among })
        }
    }
}

fn winners(reading: &mut Reading<'_>, line: &Phrase<'_>) -> Option<u32> {
    let winners = lines::counted(reading, line, "the number of winners")?;
    if winners > MOST_WINNERS {
        reading.say(Wrong::TooMany { place: line.span(), winners });
        return None;
    }
    Some(winners)
}

/// All prizes; none when one of them cannot be read.
fn read_prizes(reading: &mut Reading<'_>, block: &Block) -> Option<Vec<Prize>> {
    let clauses = Reading::clauses(block, "prize").len();
    let mut prizes: Vec<Prize> = Vec::new();
    for line in lines::lines(reading, block, "prize", Rule::draw_prize) {
        let number = match line.find(Rule::whole) {
            Some(_) => Some(lines::counted(reading, &line, "the number of prizes")?),
            None => None,
        };
        let gift = reading.resolve(Kind::Gift, &line.find(Rule::name)?).map(GiftId)?;
        prizes.push(Prize { gift, number, span: line.span() });
    }
    (prizes.len() == clauses).then_some(prizes)
}

/// Whether there is a prize for every winner, and a winner for every prize.
fn enough(reading: &mut Reading<'_>, block: &Block, winners: Option<u32>, prizes: &[Prize]) {
    let Some(last) = prizes.last() else { return };
    let rest = prizes.iter().position(|prize| prize.number.is_none());
    if let Some(rest) = rest.filter(|rest| rest + 1 < prizes.len()) {
        reading.say(Wrong::Behind { place: prizes[rest + 1].span, first: prizes[rest].span });
        return;
    }
    let numbered: u32 = prizes.iter().filter_map(|prize| prize.number).fold(0, u32::saturating_add);
    let instant = Reading::one(block, "instant").is_some();
    match (winners, last.number) {
        (None, None) if !instant => reading.say(Wrong::HowMany { place: last.span }),
        (Some(winners), Some(_)) if numbered < winners => {
            reading.say(Wrong::FewPrizes { place: last.span, winners, prizes: numbered });
        }
        (Some(_) | None, Some(_) | None) => {}
    }
}

/// How the free entry is made.
fn read_free(reading: &mut Reading<'_>, block: &Block) -> Option<String> {
    let line = lines::line(reading, block, "free", Rule::draw_free)?;
    let text = lines::text_of(&line);
    if text.is_none() {
        reading.say(Wrong::FreeHow { place: line.span() });
    }
    text.map(|text| unquoted(&text))
}

/// The published hash, in small letters.
fn read_seed(reading: &mut Reading<'_>, block: &Block) -> Option<String> {
    let line = lines::line(reading, block, "seed", Rule::draw_seed)?;
    let text = line.find(Rule::text)?;
    let seed = unquoted(&text).to_ascii_lowercase();
    if seed.len() != 64 || !seed.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        reading.say(Wrong::Seed { place: text.span() });
        return None;
    }
    Some(seed)
}

/// Complains of draws that nothing brings entries to: no line of their own, and no rule that gives some.
pub fn without_entries(reading: &mut Reading<'_>, draws: &[Draw], is_given: impl Fn(usize) -> bool) {
    for (at, draw) in draws.iter().enumerate() {
        if draw.entries.is_empty() && draw.free.is_none() && !is_given(at) {
            reading.say(Wrong::NoEntry { place: draw.name.span });
        }
    }
}

#[cfg(test)]
mod tests;
