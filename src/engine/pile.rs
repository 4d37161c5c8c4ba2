//! Events of many members in columns: what a program can look at, and nothing more.
//!
//! Numbers are scaled integers ([`SCALE`]); texts that are only compared with words of the program are
//! codes ([`super::plan::Keep::Code`]). What does not fit (a number with too many decimals, a kind of event that
//! is rare) is kept whole beside the columns, and whoever reads it is told ([`Pile::whole`]).

mod bytes;

use super::plan::{FIRST_CODE, Keep, NO_CODE, Needs, OTHER_CODE, Wanted};
use crate::ledger::{Event, Kind, Line};
use crate::source::texts::Texts;
use crate::value::clock::{Clock, Date, Moment};
use crate::value::exact::Exact;
use jiff::{Span, Timestamp};
use std::collections::BTreeMap;

pub use bytes::Damaged;

pub use crate::source::batch::{NONE, SCALE};

/// Events in columns, one place an event; lines in columns of their own.
#[derive(Debug, Clone, Default)]
pub struct Pile {
    /// Whose; empty: anonymous.
    pub member: Texts,
    /// The ids.
    pub id: Texts,
    /// When: seconds of Unix time.
    pub at: Vec<i64>,
    /// The program's day: days since 1970-01-01.
    pub day: Vec<i32>,
    /// What happened.
    pub kind: Vec<Kind>,
    /// Whether a time of day was given.
    pub timed: Vec<bool>,
    /// `ref`; empty: none.
    pub reference: Texts,
    /// The event's columns kept as codes ([`super::plan::Needs::event`]), so many an event.
    pub codes: Vec<u32>,
    /// The event's columns kept as texts, so many an event; empty: none.
    pub texts: Texts,
    /// For each event, the place behind its last line.
    pub lines_end: Vec<u32>,
    /// `amount` of each line, scaled; [`NONE`] where the cell is empty.
    pub amount: Vec<i64>,
    /// `qty` of each line, scaled; [`NONE`] where the cell is empty.
    pub quantity: Vec<i64>,
    /// `regular` of each line; no places at all when the program does not look at it.
    pub regular: Vec<i64>,
    /// `tax` of each line; no places at all when the program does not look at it.
    pub tax: Vec<i64>,
    /// The lines' columns kept as codes, so many a line.
    pub line_codes: Vec<u32>,
    /// The lines' columns kept as texts, so many a line; empty: none.
    pub line_texts: Texts,
    /// `sku` of each line; no places at all while no return names lines.
    pub sku: Texts,
    /// `line` of each line; no places at all while no return names lines.
    pub number: Texts,
    /// Events that the columns do not hold whole, by their place: with all that the program can look at.
    pub whole: BTreeMap<u32, Box<Event>>,
    /// Whether `sku` and `number` are kept.
    pub names_lines: bool,
}

impl Pile {
    /// An empty pile; `names_lines`: whether some return names lines by `line` or `sku`.
    pub fn new(names_lines: bool) -> Self {
        Self { names_lines, ..Self::default() }
    }

    /// How many events.
    pub fn len(&self) -> usize {
        self.at.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// No events any more; what there is room for is kept.
    pub fn clear(&mut self) {
        let texts = [
            &mut self.member,
            &mut self.id,
            &mut self.reference,
            &mut self.texts,
            &mut self.line_texts,
            &mut self.sku,
            &mut self.number,
        ];
        texts.into_iter().for_each(Texts::clear);
        let longs = [&mut self.at, &mut self.amount, &mut self.quantity, &mut self.regular, &mut self.tax];
        longs.into_iter().for_each(Vec::clear);
        [&mut self.codes, &mut self.lines_end, &mut self.line_codes].into_iter().for_each(Vec::clear);
        self.day.clear();
        self.kind.clear();
        self.timed.clear();
        self.whole.clear();
    }

    /// Whether its columns are those that are kept for these needs: a pile that comes from a file may be any.
    pub fn is_of(&self, needs: &Needs) -> bool {
        let (events, lines) = (self.len(), self.amount.len());
        let (event, line) = (needs.event_widths(), needs.line_widths());
        let named = if self.names_lines { lines } else { 0 };
        (self.codes.len(), self.texts.len()) == (events * event.0, events * event.1)
            && (self.line_codes.len(), self.line_texts.len()) == (lines * line.0, lines * line.1)
            && are_codes(&needs.event, &self.codes)
            && are_codes(&needs.line, &self.line_codes)
            && self.regular.len() == if needs.regular { lines } else { 0 }
            && self.tax.len() == if needs.tax { lines } else { 0 }
            && (self.sku.len(), self.number.len()) == (named, named)
            && self.whole.iter().all(|(place, event)| (*place as usize) < events && !event.lines.is_empty())
    }

    /// The places of an event's lines.
    pub fn lines(&self, event: usize) -> std::ops::Range<usize> {
        let from = if event == 0 { 0 } else { self.lines_end[event - 1] as usize };
        from..self.lines_end[event] as usize
    }

    /// Brings the lines of some events into the caches all at once. Events of a member stand apart in a pile; asked for
    /// one after the other, each would be waited for.
    pub fn bring_near(&self, events: &[u32]) {
        let (mut seen, mut codes) = (0_i64, 0_u32);
        let mut look = |column: &[i64], line: usize| seen ^= column.get(line).copied().unwrap_or(0);
        let width = self.line_codes.len() / self.amount.len().max(1);
        for event in events {
            let lines = self.lines(*event as usize);
            // A line in a cache holds eight numbers, and most events have fewer lines.
            for line in [lines.start, lines.end.saturating_sub(1)] {
                look(&self.amount, line);
                look(&self.quantity, line);
                look(&self.regular, line);
                codes ^= self.line_codes.get(line * width).copied().unwrap_or(0);
            }
        }
        std::hint::black_box((seen, codes));
    }

    /// About how many bytes of memory it takes, with what is kept ready for more.
    pub fn size(&self) -> usize {
        let texts = [&self.member, &self.id, &self.reference, &self.texts, &self.line_texts, &self.sku, &self.number];
        let texts: usize = texts.into_iter().map(Texts::size).sum();
        let longs = [&self.at, &self.amount, &self.quantity, &self.regular, &self.tax].map(Vec::capacity);
        let codes = [&self.codes, &self.lines_end, &self.line_codes].map(Vec::capacity);
        // A whole event is maps and texts of its own.
        texts
            + longs.into_iter().sum::<usize>() * 8
            + (codes.into_iter().sum::<usize>() + self.day.capacity()) * 4
            + self.kind.capacity()
            + self.timed.capacity()
            + self.whole.len() * 1024
    }

    /// Adds an event; what the columns do not hold is kept whole.
    pub fn push_event(&mut self, event: &Event, needs: &Needs) {
        let whole = (!fits(event)).then(|| Box::new(event.clone()));
        self.push(event.member.as_deref().unwrap_or(""), event, whole, needs);
    }

    /// The same of an event of this member's, whosever it says it is.
    pub fn push_event_of(&mut self, member: &str, event: &Event, needs: &Needs) {
        let hers = || Box::new(Event { member: Some(member.to_owned()), ..event.clone() });
        self.push(member, event, (!fits(event)).then(hers), needs);
    }

    /// Adds an event of a member's that is like the first of another pile with the same columns, but for its id, its
    /// moment in seconds, its day and the amounts of its first lines.
    pub fn push_like(
        &mut self,
        like: &Pile,
        (member, id): (&str, &str),
        (at, day): (i64, i32),
        amounts: &[i64],
        needs: &Needs,
    ) {
        let from = self.amount.len();
        self.member.push(member);
        self.id.push(id);
        self.at.push(at);
        self.day.push(day);
        self.copy_rest(like, 0, needs);
        for (place, amount) in self.amount[from..].iter_mut().zip(amounts) {
            *place = *amount;
        }
    }

    fn push(&mut self, member: &str, event: &Event, whole: Option<Box<Event>>, needs: &Needs) {
        if let Some(whole) = whole {
            self.whole.insert(u32::try_from(self.len()).unwrap_or(u32::MAX), whole);
        }
        self.member.push(member);
        self.id.push(&event.id);
        self.at.push(event.at.0.as_second());
        self.day.push(days(event.day));
        self.kind.push(event.kind);
        self.timed.push(event.timed);
        self.reference.push(event.reference.as_deref().unwrap_or(""));
        push_texts(&needs.event, |name| event.field(name), &mut self.codes, &mut self.texts);
        for line in &event.lines {
            self.push_line(line, needs);
        }
        self.lines_end.push(u32::try_from(self.amount.len()).unwrap_or(u32::MAX));
    }

    fn push_line(&mut self, line: &Line, needs: &Needs) {
        let number = |number: &Option<Exact>| number.as_ref().and_then(scaled).unwrap_or(NONE);
        self.amount.push(number(&line.amount));
        self.quantity.push(number(&line.qty));
        if needs.regular {
            self.regular.push(number(&line.regular));
        }
        if needs.tax {
            self.tax.push(number(&line.tax));
        }
        push_texts(&needs.line, |name| line.field(name), &mut self.line_codes, &mut self.line_texts);
        if self.names_lines {
            self.sku.push(line.sku.as_deref().unwrap_or(""));
            self.number.push(line.number.as_deref().unwrap_or(""));
        }
    }

    /// Adds all events of another pile with the same columns.
    pub fn append(&mut self, other: &Pile) {
        let (events, lines) = (self.len(), u32::try_from(self.amount.len()).unwrap_or(u32::MAX));
        let events = u32::try_from(events).unwrap_or(u32::MAX);
        self.whole.extend(other.whole.iter().map(|(place, event)| (events + place, event.clone())));
        let texts = [
            (&mut self.member, &other.member),
            (&mut self.id, &other.id),
            (&mut self.reference, &other.reference),
            (&mut self.texts, &other.texts),
            (&mut self.line_texts, &other.line_texts),
            (&mut self.sku, &other.sku),
            (&mut self.number, &other.number),
        ];
        texts.into_iter().for_each(|(ours, theirs)| ours.append(theirs));
        self.at.extend_from_slice(&other.at);
        self.day.extend_from_slice(&other.day);
        self.kind.extend_from_slice(&other.kind);
        self.timed.extend_from_slice(&other.timed);
        self.codes.extend_from_slice(&other.codes);
        self.line_codes.extend_from_slice(&other.line_codes);
        self.lines_end.extend(other.lines_end.iter().map(|end| lines + end));
        let numbers = [
            (&mut self.amount, &other.amount),
            (&mut self.quantity, &other.quantity),
            (&mut self.regular, &other.regular),
            (&mut self.tax, &other.tax),
        ];
        numbers.into_iter().for_each(|(ours, theirs)| ours.extend_from_slice(theirs));
    }

    /// Adds an event of another pile with the same columns.
    pub fn copy_from(&mut self, other: &Pile, place: usize, needs: &Needs) {
        let here = u32::try_from(self.len()).unwrap_or(u32::MAX);
        if let Some(whole) = u32::try_from(place).ok().and_then(|place| other.whole.get(&place)) {
            self.whole.insert(here, whole.clone());
        }
        self.member.push(other.member.get(place));
        self.id.push(other.id.get(place));
        self.at.push(other.at[place]);
        self.day.push(other.day[place]);
        self.copy_rest(other, place, needs);
    }

    /// Adds what else there is of an event.
    fn copy_rest(&mut self, other: &Pile, place: usize, needs: &Needs) {
        self.kind.push(other.kind[place]);
        self.timed.push(other.timed[place]);
        self.reference.push(other.reference.get(place));
        let (codes, texts) = needs.event_widths();
        self.codes.extend_from_slice(&other.codes[place * codes..(place + 1) * codes]);
        (place * texts..(place + 1) * texts).for_each(|at| self.texts.push(other.texts.get(at)));
        let lines = other.lines(place);
        self.amount.extend_from_slice(&other.amount[lines.clone()]);
        self.quantity.extend_from_slice(&other.quantity[lines.clone()]);
        if needs.regular {
            self.regular.extend_from_slice(&other.regular[lines.clone()]);
        }
        if needs.tax {
            self.tax.extend_from_slice(&other.tax[lines.clone()]);
        }
        let (codes, texts) = needs.line_widths();
        self.line_codes.extend_from_slice(&other.line_codes[lines.start * codes..lines.end * codes]);
        (lines.start * texts..lines.end * texts).for_each(|at| self.line_texts.push(other.line_texts.get(at)));
        if self.names_lines {
            lines.clone().for_each(|line| self.sku.push(other.sku.get(line)));
            lines.for_each(|line| self.number.push(other.number.get(line)));
        }
        self.lines_end.push(u32::try_from(self.amount.len()).unwrap_or(u32::MAX));
    }

    /// The event at a place, as far as the program can look at it: a text that the program names nowhere is
    /// some other text.
    pub fn event(&self, place: usize, needs: &Needs, clock: &Clock) -> Event {
        let mut event = self.head(place, needs, clock);
        if !self.is_whole(place) {
            event.lines = self.lines(place).map(|line| self.line(line, needs)).collect();
        }
        event
    }

    /// Whether an event is kept whole beside the columns.
    pub fn is_whole(&self, place: usize) -> bool {
        u32::try_from(place).is_ok_and(|place| self.whole.contains_key(&place))
    }

    /// The same as [`Self::event`] without its lines, where it is not kept whole.
    pub fn head(&self, place: usize, needs: &Needs, clock: &Clock) -> Event {
        if let Some(whole) = u32::try_from(place).ok().and_then(|place| self.whole.get(&place)) {
            return (**whole).clone();
        }
        let mut event = Event::new(self.id.get(place), moment(self.at[place]), clock, self.kind[place]);
        event.timed = self.timed[place];
        event.member = some(self.member.get(place));
        event.reference = some(self.reference.get(place));
        let widths = needs.event_widths();
        each_text(&needs.event, widths, place, (&self.codes, &self.texts), |name, text| match name {
            "store" => event.store = Some(text),
            "channel" => event.channel = Some(text),
            "unit" => event.unit = Some(text),
            // It has a column of its own.
            "ref" => {}
            _ => {
                event.fields.insert(name.to_owned(), text);
            }
        });
        event
    }

    /// What a purchase came to: its money, and that of the lines below their regular price. It is not kept whole.
    pub fn bought(&self, place: usize) -> (Exact, Exact) {
        let (mut money, mut reduced) = (0_i128, 0_i128);
        for line in self.lines(place) {
            let amount = if self.amount[line] == NONE { 0 } else { self.amount[line] };
            money += i128::from(amount);
            if self.regular.get(line).is_some_and(|regular| *regular != NONE && amount < *regular) {
                reduced += i128::from(amount);
            }
        }
        let figure = |sum: i128| Exact::from_scaled(sum, SCALE.ilog10());
        (figure(money), figure(reduced))
    }

    fn line(&self, place: usize, needs: &Needs) -> Line {
        let number = |column: &[i64]| column.get(place).copied().and_then(unscaled);
        let mut line = Line {
            amount: number(&self.amount),
            qty: number(&self.quantity),
            regular: number(&self.regular),
            tax: number(&self.tax),
            ..Line::default()
        };
        let columns = (&self.line_codes[..], &self.line_texts);
        each_text(&needs.line, needs.line_widths(), place, columns, |name, text| match name {
            "sku" => line.sku = Some(text),
            "category" => line.category = Some(text),
            "brand" => line.brand = Some(text),
            _ => {
                line.fields.insert(name.to_owned(), text);
            }
        });
        if self.names_lines {
            line.sku = some(self.sku.get(place));
            line.number = some(self.number.get(place));
        }
        line
    }
}

/// Whether the codes of rows of these columns name words that the columns have.
fn are_codes(wanted: &[Wanted], codes: &[u32]) -> bool {
    let words = wanted.iter().filter_map(|column| match &column.keep {
        Keep::Code(words) => Some(words.len()),
        Keep::Text => None,
    });
    let most: Vec<usize> = words.map(|words| FIRST_CODE as usize + words).collect();
    codes.chunks(most.len().max(1)).all(|row| row.iter().zip(&most).all(|(code, most)| (*code as usize) < *most))
}

/// Whether events of a kind can be held by the columns.
pub fn is_common(kind: Kind) -> bool {
    match kind {
        Kind::Purchase | Kind::Return | Kind::Redeem | Kind::Visit | Kind::Activity | Kind::Join => true,
        Kind::Leave
        | Kind::Merge
        | Kind::Referral
        | Kind::Subscribe
        | Kind::Cancel
        | Kind::Transfer
        | Kind::Grant
        | Kind::Revoke
        | Kind::Adjust
        | Kind::Draw => false,
    }
}

/// Whether the columns hold all of an event.
fn fits(event: &Event) -> bool {
    let on_grid = |number: &Option<Exact>| number.as_ref().is_none_or(|number| scaled(number).is_some());
    let said = |text: &Option<String>| text.as_deref() != Some("");
    is_common(event.kind)
        && event.unit.is_none()
        && event.paid_points.is_none()
        && event.coupons.is_empty()
        && event.at.0.subsec_nanosecond() == 0
        && said(&event.member)
        && said(&event.reference)
        && event.lines.iter().all(|line| line.exchanged.is_none())
        && event.lines.iter().all(|line| [&line.amount, &line.qty, &line.regular, &line.tax].into_iter().all(on_grid))
}

/// A number in ten-thousandths; none where it has more decimals, or is too large.
pub fn scaled(number: &Exact) -> Option<i64> {
    (number * Exact::from_int(SCALE)).to_i64().filter(|number| *number != NONE)
}

/// The number of a place in a column; none where the cell is empty.
pub fn unscaled(number: i64) -> Option<Exact> {
    (number != NONE).then(|| Exact::ratio(number, SCALE))
}

/// The moment of a second of Unix time.
pub fn moment(second: i64) -> Moment {
    let edge = if second < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Moment(Timestamp::from_second(second).unwrap_or(edge))
}

/// The first day of Unix time.
const EPOCH: Date = jiff::civil::date(1970, 1, 1);

/// Days since 1970-01-01.
pub fn days(day: Date) -> i32 {
    super::fast::days::number(day)
}

/// The day so many days after 1970-01-01; the calendar's edge beyond it.
pub fn day(days: i32) -> Date {
    EPOCH.saturating_add(Span::new().days(days.clamp(days_of_min(), days_of_max())))
}

fn days_of_min() -> i32 {
    days(Date::MIN)
}

fn days_of_max() -> i32 {
    days(Date::MAX)
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn push_texts<'t>(wanted: &[Wanted], text: impl Fn(&str) -> Option<&'t str>, codes: &mut Vec<u32>, texts: &mut Texts) {
    for column in wanted {
        let text = text(&column.name).unwrap_or("");
        match &column.keep {
            Keep::Code(words) => codes.push(code(words, text)),
            Keep::Text => texts.push(text),
        }
    }
}

/// The code of a text among these words ([`Keep::Code`]).
pub fn code(words: &[String], text: &str) -> u32 {
    if text.is_empty() {
        return NO_CODE;
    }
    let place = words.iter().position(|word| word == text).and_then(|place| u32::try_from(place).ok());
    place.map_or(OTHER_CODE, |place| FIRST_CODE + place)
}

/// A text that is none of these words, for whoever must have one.
pub fn other_than(words: &[String]) -> String {
    let mut other = "?".to_owned();
    while words.contains(&other) {
        other.push('?');
    }
    other
}

/// Hands over the columns of one place that are not empty, by their names.
fn each_text(
    wanted: &[Wanted],
    (codes_wide, texts_wide): (usize, usize),
    place: usize,
    (codes, texts): (&[u32], &Texts),
    mut take: impl FnMut(&str, String),
) {
    let (mut code_at, mut text_at) = (place * codes_wide, place * texts_wide);
    for column in wanted {
        let text = match &column.keep {
            Keep::Code(words) => {
                let code = codes[code_at];
                code_at += 1;
                match code {
                    NO_CODE => None,
                    OTHER_CODE => Some(other_than(words)),
                    named => words.get((named - FIRST_CODE) as usize).cloned(),
                }
            }
            Keep::Text => {
                text_at += 1;
                some(texts.get(text_at - 1))
            }
        };
        if let Some(text) = text {
            take(&column.name, text);
        }
    }
}
