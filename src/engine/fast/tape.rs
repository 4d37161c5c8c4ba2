//! A sum over a window that moves on: because all events of a member are at hand in order, what leaves the
//! window is always the oldest of what is in it.

use super::Beyond;

/// What one happening added to a sum.
#[derive(Debug, Clone, Copy)]
struct Entry {
    day: i32,
    at: i64,
    value: i64,
}

/// What was added, in the order of time, and the sum of what lies in the window.
#[derive(Debug, Clone, Default)]
pub struct Tape {
    entries: Vec<Entry>,
    head: usize,
    sum: i64,
}

impl Tape {
    /// Nothing yet; what there is room for is kept.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.head = 0;
        self.sum = 0;
    }

    /// Adds what a happening brought; its place.
    pub fn push(&mut self, day: i32, at: i64, value: i64) -> Result<u32, Beyond> {
        self.sum = self.sum.checked_add(value).ok_or(Beyond)?;
        self.entries.push(Entry { day, at, value });
        u32::try_from(self.entries.len() - 1).map_err(|_| Beyond)
    }

    /// The sum from a day on; the day never goes back.
    pub fn since(&mut self, first: i32) -> i64 {
        while let Some(entry) = self.entries.get(self.head).filter(|entry| entry.day < first) {
            self.sum -= entry.value;
            self.head += 1;
        }
        self.sum
    }

    /// The sum of what came after a moment; the moment never goes back.
    pub fn after(&mut self, moment: i64) -> i64 {
        while let Some(entry) = self.entries.get(self.head).filter(|entry| entry.at <= moment) {
            self.sum -= entry.value;
            self.head += 1;
        }
        self.sum
    }

    /// The sum between two days, both inclusive, wherever the window stands.
    pub fn between(&self, first: i32, last: i32) -> Result<i64, Beyond> {
        let within = self.entries.iter().filter(|entry| first <= entry.day && entry.day <= last);
        within.map(|entry| entry.value).try_fold(0_i64, i64::checked_add).ok_or(Beyond)
    }

    /// Changes what a happening brought: a return makes room for later events, never for earlier ones.
    pub fn change(&mut self, place: u32, by: i64) -> Result<(), Beyond> {
        let place = place as usize;
        let Some(entry) = self.entries.get_mut(place) else { return Err(Beyond) };
        entry.value = entry.value.checked_add(by).ok_or(Beyond)?;
        if place >= self.head {
            self.sum = self.sum.checked_add(by).ok_or(Beyond)?;
        }
        Ok(())
    }

    /// The day of the first entry in the window without which the sum is below `least`, or grows.
    pub fn holds_until(&self, least: i64) -> Option<i32> {
        let mut rest = self.sum;
        let gives_way = |entry: &&Entry| {
            rest = rest.saturating_sub(entry.value);
            rest < least || entry.value < 0
        };
        self.entries[self.head..].iter().find(gives_way).map(|entry| entry.day)
    }
}
