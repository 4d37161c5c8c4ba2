//! The first and second workload: an earn rule with more in some categories; levels by the spend of a year.

use crate::back::{Ids, Left};
use crate::facts::{Facts, Rejected, rejected};
use crate::model::*;
use crate::table::prefetch;
use crate::work::Work;
use std::collections::HashMap;
use std::io;

/// What is kept of a member.
#[derive(Clone, Copy, Default)]
struct Member {
    key: u64,
    /// Hundredths in the window.
    spend: i64,
    earned: u32,
    clawed: u32,
}

/// A purchase in the window.
#[derive(Clone, Copy)]
struct Spent {
    member: u32,
    spend: u32,
}

/// A purchase that a return may name.
#[derive(Clone, Copy)]
struct Bought {
    member: u32,
    points: u32,
    first: u32,
    lines: u16,
    level: u8,
}

pub struct Earning<const TIERS: bool, const FULL: bool> {
    members: Vec<Member>,
    rejected: Vec<Rejected>,
    /// With levels: every purchase, in time order; those before `left` are out of the window.
    spent: Vec<Spent>,
    /// Where each day's purchases begin in `spent`, from `first_day` on.
    days: Vec<u32>,
    first_day: u16,
    left: usize,
    left_day: usize,
    /// What returns may name.
    ids: Ids,
    bought: Vec<Bought>,
    lines: Vec<Line>,
    came_back: HashMap<u32, Left>,
}

const LEVELS: [(i64, i128, &str); 3] = [(0, 4, "basic"), (50_000, 5, "silver"), (200_000, 6, "gold")];

fn level_of(spend: i64) -> usize {
    usize::from(spend >= LEVELS[1].0) + usize::from(spend >= LEVELS[2].0)
}

/// Points of sums over a denominator: 1 for 2 RON at the level's rate, twice in fresh, half more in house.
fn points(sums: &[i128; CLASSES], den: i128, level: usize) -> u32 {
    let base: i128 = sums.iter().sum::<i128>() - sums[EXCLUDED as usize];
    let units = 2 * base + 2 * sums[FRESH as usize] + sums[HOUSE as usize];
    (units * LEVELS[level].1 / (1600 * den)) as u32
}

impl<const TIERS: bool, const FULL: bool> Earning<TIERS, FULL> {
    fn returned(&mut self, place: usize, event: &Event, row: &Line) -> Result<(), String> {
        let at = self.ids.find(event.reference).filter(|at| self.bought[*at].member as usize == place);
        let Some(at) = at else {
            self.rejected.push((event.member, event.id, "unknown_purchase"));
            return Ok(());
        };
        let bought = self.bought[at];
        let lines = &self.lines[bought.first as usize..][..usize::from(bought.lines)];
        let before = self.came_back.get(&(at as u32)).cloned().unwrap_or_else(|| Left::of(lines));
        let mut left = before.clone();
        if !left.take(lines, row) {
            self.rejected.push((event.member, event.id, "over_returned"));
            return Ok(());
        }
        let now = points(&left.sums(lines), left.den, usize::from(bought.level));
        self.members[place].clawed += bought.points - now;
        self.bought[at].points = now;
        if TIERS {
            let spend = left.spend()?;
            if at >= self.left {
                self.members[place].spend -= i64::from(self.spent[at].spend - spend);
            }
            self.spent[at].spend = spend;
        }
        self.came_back.insert(at as u32, left);
        Ok(())
    }
}

impl<const TIERS: bool, const FULL: bool> Work for Earning<TIERS, FULL> {
    const FULL: bool = FULL;

    fn new() -> Self {
        Earning {
            members: Vec::new(),
            rejected: Vec::new(),
            spent: Vec::new(),
            days: Vec::new(),
            first_day: 0,
            left: 0,
            left_day: 0,
            ids: Ids::new(),
            bought: Vec::new(),
            lines: Vec::new(),
            came_back: HashMap::new(),
        }
    }

    fn add_member(&mut self, key: u64, _: u16) {
        self.members.push(Member { key, ..Member::default() });
    }

    #[inline]
    fn prefetch(&self, place: usize) {
        prefetch(&self.members[place]);
    }

    /// Purchases that the window of a new day leaves behind.
    fn begin_day(&mut self, day: u16) {
        if !TIERS {
            return;
        }
        if self.days.is_empty() {
            self.first_day = day;
        }
        while self.days.len() <= usize::from(day - self.first_day) {
            self.days.push(self.spent.len() as u32);
        }
        // `last 365 days`: today and 364 before.
        while self.first_day + self.left_day as u16 + 365 <= day {
            self.left_day += 1;
            let end = self.days.get(self.left_day).map_or(self.spent.len(), |at| *at as usize);
            for at in self.left..end {
                if let Some(soon) = self.spent.get(at + 16) {
                    prefetch(&self.members[soon.member as usize]);
                }
                let spent = self.spent[at];
                self.members[spent.member as usize].spend -= i64::from(spent.spend);
            }
            self.left = end;
        }
    }

    #[inline]
    fn event(&mut self, place: usize, event: &Event, lines: &[Line]) -> Result<(), String> {
        match event.kind {
            Kind::Purchase => {
                let member = &mut self.members[place];
                let level = if TIERS { level_of(member.spend) } else { 0 };
                let units = 2 * event.earning() + 2 * event.sums[FRESH as usize] + event.sums[HOUSE as usize];
                let points = (u64::from(units) * LEVELS[level].1 as u64 / 1600) as u32;
                member.earned += points;
                if TIERS {
                    let spend = event.all();
                    member.spend += i64::from(spend);
                    self.spent.push(Spent { member: place as u32, spend });
                }
                if FULL {
                    let (first, lines) = (self.lines.len() as u32, {
                        self.lines.extend_from_slice(lines);
                        lines.len() as u16
                    });
                    self.ids.push(event.id);
                    self.bought.push(Bought { member: place as u32, points, first, lines, level: level as u8 });
                }
                Ok(())
            }
            Kind::Return => lines.iter().try_for_each(|row| self.returned(place, event, row)),
            Kind::Redeem => {
                self.rejected.push((event.member, event.id, "unknown_reward"));
                Ok(())
            }
        }
    }

    fn facts(bins: Vec<Self>, facts: &mut Facts) -> io::Result<()> {
        let all = || bins.iter().flat_map(|bin| &bin.members);
        let earned: i64 = all().map(|member| i64::from(member.earned)).sum();
        let clawed: i64 = all().map(|member| i64::from(member.clawed)).sum();
        facts.program();
        facts.number(b"total:point:earned", earned)?;
        facts.money(b"total:point:liability", (earned - clawed) * WORTH)?;
        facts.number(b"total:point:outstanding", earned - clawed)?;
        let mut members: Vec<Member> = all().copied().collect();
        members.sort_unstable_by_key(|member| member.key);
        let mut turned: Vec<Rejected> = bins.iter().flat_map(|bin| bin.rejected.iter().copied()).collect();
        turned.sort_unstable();
        let mut at = 0;
        for member in members {
            facts.member(member.key);
            facts.number(b"balance:point", i64::from(member.earned) - i64::from(member.clawed))?;
            facts.number(b"clawed:point", i64::from(member.clawed))?;
            facts.number(b"earned:point", i64::from(member.earned))?;
            if TIERS {
                facts.words(b"level:status", LEVELS[level_of(member.spend)].2.as_bytes())?;
            }
            facts.rejections(rejected(&turned, &mut at, member.key))?;
        }
        Ok(())
    }
}
