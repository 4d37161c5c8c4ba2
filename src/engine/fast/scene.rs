//! Questions that rules ask of an event and of the state before it (section 4), answered from columns and figures.

use super::Beyond;
use super::days::{date, number};
use crate::engine::pile::{NONE, Pile, SCALE, scaled};
use crate::engine::plan::among::{Among, NOTHING};
use crate::engine::plan::condition::{Cond, Figure, LineCond, LineFigure, Where};
use crate::engine::plan::{Money, Plan};
use crate::mechanics::condition::{How, Value, passes};
use crate::value::clock::{Clock, Date, Length, yearly};
use crate::value::exact::Exact;
use jiff::Timestamp;

/// A line with what is left of it. Figures are scaled, and over [`Scene::over`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineNow {
    /// Its place in the pile.
    pub place: u32,
    /// Money.
    pub amount: i64,
    /// Money before discounts.
    pub regular: i64,
    /// Tax inside the amount.
    pub tax: i64,
    /// How many.
    pub quantity: i64,
}

impl LineNow {
    /// Whether nothing of the line is left.
    pub fn is_gone(&self) -> bool {
        self.amount == 0 && self.quantity == 0
    }
}

/// What rules can know of a member apart from what she did.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The day she joined.
    pub joined: Option<i32>,
    /// Her birthday.
    pub birthday: Option<Date>,
    /// What each test of a member's column says of her.
    pub columns: Vec<bool>,
}

/// What a rule can see: one event (or timer), and the state before it.
#[derive(Clone, Copy)]
pub struct Scene<'s> {
    pub plan: &'s Plan<'s>,
    pub pile: &'s Pile,
    /// The event's place in the pile; none: a timer.
    pub event: Option<usize>,
    pub lines: &'s [LineNow],
    /// The denominator of the lines' figures: 1 but for what a return has left.
    pub over: i64,
    /// Figures of the state.
    pub reads: &'s [i64],
    pub facts: &'s Facts,
    pub day: i32,
    pub at: i64,
    pub timed: bool,
}

impl<'s> Scene<'s> {
    /// Whether a condition holds.
    pub fn holds(&self, cond: &Cond) -> Result<bool, Beyond> {
        Ok(match cond {
            Cond::Fixed(says) => *says,
            Cond::All(parts) => {
                for part in parts {
                    if !self.holds(part)? {
                        return Ok(false);
                    }
                }
                true
            }
            Cond::Any(parts) => {
                for part in parts {
                    if self.holds(part)? {
                        return Ok(true);
                    }
                }
                false
            }
            Cond::Not(part) => !self.holds(part)?,
            Cond::Some(lines) => {
                for line in self.lines {
                    if self.picks(lines, line)? {
                        return Ok(true);
                    }
                }
                false
            }
            Cond::Every(lines) => !self.lines.is_empty() && self.every(lines)?,
            Cond::Read(place, among) => among.holds(self.reads[*place]),
            Cond::Event(figure, among) => self.holds_of(among, self.figure(figure)?)?,
            Cond::Time(among) => self.timed && among.holds(seconds_of_day(&self.plan.program.settings.clock, self.at)),
            Cond::Column(wanted) => match self.event {
                Some(event) => self.event_says(event, wanted)?,
                None => self.says_nothing(wanted)?,
            },
            Cond::Member(place) => self.facts.columns[*place],
            Cond::BirthdayWithin(days, among) => among.holds(i64::from(self.birthday_within(*days))),
            Cond::MemberFor(length, among) => among.holds(self.member_for(*length)),
            Cond::Calendar(place) => {
                let stretches = &self.plan.calendars[*place];
                stretches.iter().any(|(first, last)| *first <= self.day && self.day <= *last)
            }
        })
    }

    fn every(&self, lines: &LineCond) -> Result<bool, Beyond> {
        for line in self.lines {
            if !self.picks(lines, line)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a condition holds of one line.
    pub fn picks(&self, cond: &LineCond, line: &LineNow) -> Result<bool, Beyond> {
        Ok(match cond {
            LineCond::Fixed(says) => *says,
            LineCond::All(parts) => {
                for part in parts {
                    if !self.picks(part, line)? {
                        return Ok(false);
                    }
                }
                true
            }
            LineCond::Any(parts) => {
                for part in parts {
                    if self.picks(part, line)? {
                        return Ok(true);
                    }
                }
                false
            }
            LineCond::Not(part) => !self.picks(part, line)?,
            LineCond::Every(part) => self.every(part)?,
            LineCond::Column(wanted) => {
                self.line_says(line.place as usize, wanted)?.unwrap_or(self.says_nothing(wanted)?)
            }
            LineCond::Either { line: of_line, event: of_event } => {
                match (self.line_says(line.place as usize, of_line)?, self.event) {
                    (Some(says), _) => says,
                    (None, Some(event)) if self.no_line_says(event, of_line)? => self.event_says(event, of_event)?,
                    (None, Some(_) | None) => self.says_nothing(of_event)?,
                }
            }
            LineCond::Line(LineFigure::Amount, among) => self.holds_of(among, line.amount)?,
            LineCond::Line(LineFigure::Quantity, among) => self.holds_of(among, line.quantity)?,
            LineCond::Price(how) => self.price_passes(how, line)?,
            LineCond::Reduced(among) => {
                let regular = self.pile.regular.get(line.place as usize).copied().unwrap_or(NONE);
                among.holds(i64::from(regular != NONE && line.amount < line.regular))
            }
            LineCond::Event(cond) => self.holds(cond)?,
        })
    }

    /// Whether a figure over the lines' denominator passes.
    fn holds_of(&self, among: &Among, figure: i64) -> Result<bool, Beyond> {
        match self.over {
            1 => Ok(among.holds(figure)),
            over => among.holds_over(figure, over, self.plan.program).ok_or(Beyond),
        }
    }

    /// A whole figure over the lines' denominator.
    pub fn whole(&self, figure: i64) -> Result<i64, Beyond> {
        figure.checked_mul(self.over).ok_or(Beyond)
    }

    /// A figure over the lines' denominator, where it is whole.
    pub fn over_one(&self, figure: i64) -> Result<i64, Beyond> {
        if figure % self.over == 0 { Ok(figure / self.over) } else { Err(Beyond) }
    }

    fn price_passes(&self, how: &How, line: &LineNow) -> Result<bool, Beyond> {
        let exact = |scaled: i64| Exact::ratio(scaled, SCALE);
        let price = exact(line.amount).checked_div(&exact(line.quantity)).map(Value::Number);
        passes(how, price.as_ref(), self.plan.program).ok_or(Beyond)
    }

    /// What a line (its place in the pile) says; none where its cell is empty.
    fn line_says(&self, line: usize, wanted: &Where) -> Result<Option<bool>, Beyond> {
        let (codes, texts) = self.plan.line_widths;
        match wanted {
            Where::Code(column, table) => {
                let code = self.pile.line_codes[line * codes + column];
                Ok((code != 0).then(|| table[code as usize]))
            }
            Where::Text(column, how) => self.text_says(self.pile.line_texts.get(line * texts + column), how),
        }
    }

    /// Whether a column is empty on all lines of an event: only then it is a column of the event.
    fn no_line_says(&self, event: usize, wanted: &Where) -> Result<bool, Beyond> {
        for line in self.pile.lines(event) {
            if self.line_says(line, wanted)?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn event_says(&self, event: usize, wanted: &Where) -> Result<bool, Beyond> {
        let (codes, texts) = self.plan.event_widths;
        match wanted {
            Where::Code(column, table) => Ok(table[self.pile.codes[event * codes + column] as usize]),
            Where::Text(column, how) => {
                let says = self.text_says(self.pile.texts.get(event * texts + column), how)?;
                says.map_or_else(|| self.says_nothing(wanted), Ok)
            }
        }
    }

    /// What a column of the event kept as a text says; none where its cell is empty, or where there is no event.
    pub fn text(&self, column: usize) -> Option<&'s str> {
        let text = self.pile.texts.get(self.event? * self.plan.event_widths.1 + column);
        Some(text).filter(|text| !text.is_empty())
    }

    /// The number in a column of the event, scaled by [`SCALE`]; 0 where it is none.
    pub fn number_in(&self, column: usize) -> Result<i64, Beyond> {
        let number = self.text(column).and_then(Exact::parse);
        number.map_or(Ok(0), |number| scaled(&number).ok_or(Beyond))
    }

    fn text_says(&self, text: &str, how: &How) -> Result<Option<bool>, Beyond> {
        if text.is_empty() {
            return Ok(None);
        }
        passes(how, Some(&Value::Text(text.to_owned())), self.plan.program).map(Some).ok_or(Beyond)
    }

    fn says_nothing(&self, wanted: &Where) -> Result<bool, Beyond> {
        match wanted {
            Where::Code(_, table) => Ok(table[0]),
            Where::Text(_, how) => passes(how, None, self.plan.program).ok_or(Beyond),
        }
    }

    fn figure(&self, figure: &Figure) -> Result<i64, Beyond> {
        let calendar = || date(self.day).ok_or(Beyond);
        match figure {
            Figure::Amount => sum(self.lines.iter().map(|line| line.amount)),
            Figure::Items => sum(self.lines.iter().map(|line| line.quantity)),
            Figure::TotalOf(lines) => self.sum(lines, |line| line.amount),
            Figure::ItemsOf(lines) => self.sum(lines, |line| line.quantity),
            Figure::Weekday => self.whole(i64::from((self.day + 3).rem_euclid(7))),
            Figure::Day => self.whole(i64::from(self.day)),
            Figure::DayOfMonth => self.whole(i64::from(calendar()?.day())),
            Figure::Month => self.whole(i64::from(calendar()?.month())),
        }
    }

    /// The sum over the lines picked.
    pub fn sum(&self, lines: &LineCond, of: impl Fn(&LineNow) -> i64) -> Result<i64, Beyond> {
        // What depends on one coded column alone is a look into a table.
        if let Some((column, table)) = lines.as_codes() {
            let (codes, _) = self.plan.line_widths;
            let picked = |line: &&LineNow| table[self.pile.line_codes[line.place as usize * codes + column] as usize];
            return sum(self.lines.iter().filter(picked).map(of));
        }
        if let LineCond::Fixed(all) = lines {
            return if *all { sum(self.lines.iter().map(of)) } else { Ok(0) };
        }
        let mut all = 0_i64;
        for line in self.lines {
            if self.picks(lines, line)? {
                all = all.checked_add(of(line)).ok_or(Beyond)?;
            }
        }
        Ok(all)
    }

    /// Money of the lines picked.
    pub fn money(&self, money: &Money) -> Result<i64, Beyond> {
        match (money.regular, money.without_tax) {
            (false, false) => self.sum(&money.pick, |line| line.amount),
            (true, false) => self.sum(&money.pick, |line| line.regular),
            (false, true) => self.sum(&money.pick, |line| line.amount.saturating_sub(line.tax)),
            (true, true) => self.sum(&money.pick, |line| line.regular.saturating_sub(line.tax)),
        }
    }

    /// Whether a line that is left is picked; without a condition every event has one.
    pub fn has(&self, lines: Option<&LineCond>) -> Result<bool, Beyond> {
        let Some(lines) = lines else { return Ok(true) };
        for line in self.lines.iter().filter(|line| !line.is_gone()) {
            if self.picks(lines, line)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn birthday_within(&self, days: u32) -> bool {
        let (Some(birthday), Some(today)) = (self.facts.birthday, date(self.day)) else { return false };
        let Some(last) = Length::Days(days).after(today) else { return false };
        (today.year()..=last.year()).any(|year| {
            let this = yearly(birthday, year);
            today <= this && this <= last
        })
    }

    fn member_for(&self, length: Length) -> i64 {
        let since = self.facts.joined.and_then(date).and_then(|joined| length.after(joined));
        since.map_or(NOTHING, |since| i64::from(number(since) <= self.day))
    }
}

fn sum(figures: impl Iterator<Item = i64>) -> Result<i64, Beyond> {
    let mut all = 0_i64;
    for figure in figures {
        all = all.checked_add(figure).ok_or(Beyond)?;
    }
    Ok(all)
}

/// The wall time of a moment in seconds.
fn seconds_of_day(clock: &Clock, at: i64) -> i64 {
    let Ok(moment) = Timestamp::from_second(at) else { return 0 };
    let offset = clock.zone().to_offset(moment);
    (at + i64::from(offset.seconds())).rem_euclid(86_400)
}

/// What a test of a member's column says of her.
pub fn column_says(plan: &Plan<'_>, how: &How, text: Option<&str>) -> Result<bool, Beyond> {
    let value = text.map(|text| Value::Text(text.to_owned()));
    passes(how, value.as_ref(), plan.program).ok_or(Beyond)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_of_a_day_are_those_of_the_wall_clock() {
        let clock = Clock::new("Europe/Bucharest").unwrap();
        for at in (1_700_000_000..1_760_000_000).step_by(1_234_567) {
            let time = clock.local(crate::value::clock::Moment(Timestamp::from_second(at).unwrap())).1;
            let wall = i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
            assert_eq!(seconds_of_day(&clock, at), wall);
        }
    }
}
