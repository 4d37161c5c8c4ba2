//! Streaks: periods in a row in which she did something (section 4, `consecutive`).

use super::machine::{Act, Machine};
use super::windows::Windows;
use crate::mechanics::basis::StreakAct;
use crate::value::clock::Period;

/// The periods in which a streak was kept alive, in the order of time.
#[derive(Debug, Clone, Default)]
pub(super) struct Periods(Vec<Alive>);

/// A period in which a streak was kept alive.
#[derive(Debug, Clone, Copy)]
struct Alive {
    /// Its first day.
    first: i32,
    /// How often.
    times: u32,
    /// How many periods in a row end with it.
    length: u32,
}

impl Periods {
    /// None yet; what there is room for is kept.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Something was done on a day; days never go back.
    fn done(&mut self, windows: &Windows, of: Period, day: i32) {
        let first = windows.span(of, day).0;
        match self.0.last_mut() {
            Some(last) if last.first == first => last.times += 1,
            _ => {
                self.0.push(Alive { first, times: 1, length: 1 });
                self.count_from(windows, of, self.0.len() - 1);
            }
        }
    }

    /// What was done on a day came back.
    fn undone(&mut self, windows: &Windows, of: Period, day: i32) {
        let first = windows.span(of, day).0;
        let Some(at) = self.0.iter().rposition(|period| period.first == first) else { return };
        self.0[at].times -= 1;
        if self.0[at].times == 0 {
            self.0.remove(at);
            self.count_from(windows, of, at);
        }
    }

    /// Counts anew how many in a row end with each period from this place on.
    fn count_from(&mut self, windows: &Windows, of: Period, place: usize) {
        for at in place..self.0.len() {
            let before = at.checked_sub(1).map(|before| self.0[before]);
            let previous = windows.span(of, self.0[at].first - 1).0;
            self.0[at].length = before.filter(|one| one.first == previous).map_or(1, |one| one.length + 1);
        }
    }

    /// How many periods in a row, ending with that of a day when it already has one, else with the one before.
    fn on(&self, windows: &Windows, of: Period, day: i32) -> u32 {
        let Some(last) = self.0.last() else { return 0 };
        let first = windows.span(of, day).0;
        let counts = last.first == first || last.first == windows.span(of, first - 1).0;
        if counts { last.length } else { 0 }
    }
}

impl Machine<'_> {
    /// How long a streak is as it stands.
    pub(super) fn streak(&self, streak: usize) -> i64 {
        let of = self.plan.streaks[streak].of;
        i64::from(self.state.streaks[streak].on(&self.windows, of, self.state.here.day))
    }

    /// What is taken in here keeps streaks alive.
    pub(super) fn keep_streaks(&mut self, act: Act) {
        for (of, periods) in self.plan.streaks.iter().zip(&mut self.state.streaks) {
            if keeps_alive(&of.with, act) {
                periods.done(&self.windows, of.of, self.state.here.day);
            }
        }
    }

    /// A purchase of a day was returned whole.
    pub(super) fn lose_streaks(&mut self, day: i32) {
        for (of, periods) in self.plan.streaks.iter().zip(&mut self.state.streaks) {
            if keeps_alive(&of.with, Act::Purchase) {
                periods.undone(&self.windows, of.of, day);
            }
        }
    }
}

fn keeps_alive(with: &StreakAct, act: Act) -> bool {
    match (with, act) {
        (StreakAct::Purchase, act) => act == Act::Purchase,
        (StreakAct::Visit, act) => matches!(act, Act::Purchase | Act::Visit),
        (StreakAct::Activity(wanted), Act::Activity(done)) => wanted.is_none_or(|wanted| wanted == done),
        (StreakAct::Activity(_), Act::Purchase | Act::Visit | Act::Other) => false,
    }
}
