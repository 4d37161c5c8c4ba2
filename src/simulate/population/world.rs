//! Worlds: what a scenario assumes, and one draw of it.

use crate::mechanics::scenario::{Answer, Basket, BgNbd, Buying, Continued, Range, Scenario};
use crate::simulate::study::Assumption;
use crate::value::clock::Length;
use crate::value::exact::Exact;

use super::deeds::{Rate, days_of};
use super::draw::{For, Stream};
use super::terms::Taking;

/// A year, in days: what is written for a year is spread over so many.
pub(super) const YEAR: f64 = 365.25;

/// Who can say nothing of redeeming takes every reward at once: the dearest assumption for the shop.
const REDEEMS: f64 = 100.0;

/// What one assumption is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// The gap of everybody.
    Gap,
    /// The gap of a group.
    GroupGap(usize),
    /// How many leave in a year.
    Leave,
    /// An answer.
    Answer(Answer),
    /// How often something else is done.
    Often(usize),
    /// How many do it.
    DoneBy(usize),
    /// How many take a membership.
    Subscribe(usize),
    /// How many go on at the end of a term.
    Renew(usize),
    /// How many join at once.
    AtOnce,
    /// How many join over time.
    OverTime,
    /// Redeeming.
    Redeem,
    /// The margin.
    Margin,
}

/// What is assumed, each with its range.
#[derive(Debug, Clone)]
pub(super) struct Assumed {
    /// What each is about.
    pub(super) about: Vec<About>,
    /// As they are shown, with the ends of their ranges.
    pub(super) shown: Vec<Assumption>,
}

fn float(number: &Exact) -> f64 {
    number.to_f64_lossy()
}

impl Assumed {
    /// Of a scenario, in the order of its lines in the standard shape.
    pub(super) fn of(scenario: &Scenario) -> Self {
        let mut all = Self { about: Vec::new(), shown: Vec::new() };
        if let Buying::Said(habits) = &scenario.purchases {
            all.add(About::Gap, "gap".to_owned(), &habits.gap, "days", None);
            if let Some(leave) = &habits.leave {
                all.add(About::Leave, "leave".to_owned(), leave, "%", None);
            }
        }
        for (place, group) in scenario.groups.iter().enumerate() {
            if let Some(gap) = &group.gap {
                all.add(About::GroupGap(place), format!("gap of {}", group.name), gap, "days", None);
            }
        }
        for (place, deed) in scenario.people.deeds.iter().enumerate() {
            let per = format!("per {}", deed.per);
            all.add(About::Often(place), deed.words(), &deed.often, &per, None);
            if let Some(share) = &deed.share {
                all.add(About::DoneBy(place), format!("members with {}", deed.words()), share, "%", None);
            }
        }
        for (place, taken) in scenario.people.subscriptions.iter().enumerate() {
            let name = &taken.membership;
            all.add(About::Subscribe(place), format!("subscribe {name}"), &taken.share, "%", None);
            all.add(About::Renew(place), format!("renew {name}"), &taken.renew, "%", None);
        }
        if let Some(joining) = &scenario.people.joining {
            if let Some(at_once) = &joining.at_once {
                all.add(About::AtOnce, "joining at once".to_owned(), at_once, "%", None);
            }
            if let Some((Some(over), _)) = &joining.over {
                all.add(About::OverTime, "joining over time".to_owned(), over, "%", None);
            }
        }
        for lift in &scenario.lifts {
            let name = format!("lift {}", lift.of.words());
            all.add(About::Answer(lift.of), name, &lift.by, "%", lift.source.clone());
        }
        if let Some(redeem) = &scenario.redeem {
            all.add(About::Redeem, "redeem".to_owned(), redeem, "%", None);
        }
        all.add(About::Margin, "margin".to_owned(), &scenario.margin, "%", None);
        all
    }

    fn add(&mut self, about: About, name: String, range: &Range, unit: &str, source: Option<String>) {
        let (low, high) = (float(&range.low), float(&range.high));
        self.about.push(about);
        self.shown.push(Assumption { name, low, high, unit: unit.to_owned(), source });
    }

    /// All of them in the middle of their ranges.
    pub(super) fn middle(&self) -> Vec<f64> {
        self.shown.iter().map(|one| one.low.midpoint(one.high)).collect()
    }

    /// One draw of all: each anywhere in its range, each place as likely.
    pub(super) fn drawn(&self, seed: u64, world: u64) -> Vec<f64> {
        let mut stream = Stream::of(seed, world, 0, For::World);
        self.shown.iter().map(|one| one.low + (one.high - one.low) * stream.uniform()).collect()
    }
}

/// How purchases come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Process {
    /// A Poisson process of a gap of her own, until she leaves at this rate a day.
    Gaps {
        /// How members differ: the deviation of the logarithm of their gap.
        spread: f64,
        /// How many of those who are left leave in a day.
        leaves: f64,
    },
    /// BG/NBD, its scale in days.
    BgNbd {
        /// Shape of the rates.
        r: f64,
        /// Scale of the rates, in days.
        alpha: f64,
        /// First parameter of the chance to leave.
        a: f64,
        /// Second parameter.
        b: f64,
    },
}

/// A lognormal basket.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Size {
    /// Its median, in minor units of the money.
    pub(super) median: f64,
    /// The deviation of its logarithm.
    pub(super) spread: f64,
}

/// A group of members.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Kind {
    /// Up to which place among all members it goes: its share behind those before it.
    pub(super) upto: f64,
    /// The median of a member's mean gap, in days.
    pub(super) gap: f64,
    /// What she buys.
    pub(super) size: Size,
}

/// When people join.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Joining {
    /// The part of them who do as soon as they do anything.
    at_once: f64,
    /// The part of them who do later.
    over: f64,
    /// Within how many days those do.
    days: f64,
}

impl Joining {
    /// Everybody, with the first thing that she does.
    const AT_ONCE: Self = Self { at_once: 1.0, over: 0.0, days: 0.0 };

    /// From which day on she would, who stands at this place among all, from 0 to below 1.
    pub(super) fn day_of(&self, place: f64) -> f64 {
        if place < self.at_once {
            0.0
        } else if place < self.at_once + self.over {
            (place - self.at_once) / self.over * self.days
        } else {
            f64::INFINITY
        }
    }
}

/// Days in a length of time, about: of months and years as many as there are on average.
pub(super) fn days_in(length: Length) -> f64 {
    match length {
        Length::Days(count) => f64::from(count),
        Length::Weeks(count) => f64::from(count) * 7.0,
        Length::Months(count) => f64::from(count) * YEAR / 12.0,
        Length::Years(count) => f64::from(count) * YEAR,
    }
}

/// A world: all that members are and do, in figures. Shares and lifts are parts of one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct World {
    /// How purchases come.
    pub(super) process: Process,
    /// The groups; the last is of those in none.
    pub(super) kinds: Vec<Kind>,
    /// What else is done, in the order of the scenario.
    pub(super) deeds: Vec<Rate>,
    /// How memberships are taken, in the order of the scenario.
    pub(super) takings: Vec<Taking>,
    /// When people join.
    pub(super) joining: Joining,
    /// Answers, by their place in [`Answer::ALL`].
    answers: [f64; 7],
    /// The chance to take a reward.
    pub(super) redeem: f64,
    /// What is left of a price.
    pub(super) margin: f64,
    /// The chance that a purchase comes back.
    pub(super) returns: f64,
    /// What running the program costs in a year, in money.
    pub(super) running: f64,
}

impl World {
    /// A scenario with these figures for what it assumes. Money has so many minor units.
    pub(super) fn of(scenario: &Scenario, assumed: &Assumed, figures: &[f64], minor_units: u32) -> Self {
        let figure = |wanted: About| {
            let mut found = assumed.about.iter().zip(figures).filter(|(about, _)| **about == wanted);
            found.next().map(|(_, figure)| *figure)
        };
        let money = 10_f64.powi(i32::try_from(minor_units).unwrap_or(2));
        let size = |basket: &Basket| Size { median: float(&basket.median) * money, spread: float(&basket.spread) };
        let modelled = |fitted: &BgNbd| {
            let days = f64::from(fitted.unit);
            let (r, alpha) = (float(&fitted.r), float(&fitted.alpha) * days);
            let process = Process::BgNbd { r, alpha, a: float(&fitted.a), b: float(&fitted.b) };
            (process, alpha / r, size(&fitted.basket))
        };
        let (process, gap, basket) = match &scenario.purchases {
            Buying::Said(habits) => {
                let left = 1.0 - figure(About::Leave).unwrap_or(0.0) / 100.0;
                let leaves = -left.max(1e-9).ln() / YEAR;
                let process = Process::Gaps { spread: float(&habits.gap_spread), leaves };
                (process, figure(About::Gap).unwrap_or(1.0), size(&habits.basket))
            }
            Buying::Continued(Continued { fitted, a_year, .. }) => {
                let (process, _, basket) = modelled(fitted);
                (process, YEAR / float(a_year).max(1e-9), basket)
            }
            Buying::Fitted(fitted) => modelled(fitted),
            // Who asks has fitted the history before, and put what was found in its place.
            Buying::Like(_) => {
                (Process::Gaps { spread: 0.0, leaves: 0.0 }, f64::INFINITY, Size { median: 0.0, spread: 0.0 })
            }
        };
        let mut kinds = Vec::new();
        let mut upto = 0.0;
        for (place, group) in scenario.groups.iter().enumerate() {
            upto += float(&group.share) / 100.0;
            kinds.push(Kind {
                upto,
                gap: figure(About::GroupGap(place)).unwrap_or(gap),
                size: group.basket.as_ref().map_or(basket, size),
            });
        }
        kinds.push(Kind { upto: f64::INFINITY, gap, size: basket });
        let deeds = scenario.people.deeds.iter().enumerate().map(|(place, deed)| Rate {
            a_day: figure(About::Often(place)).unwrap_or(0.0) / days_of(deed.per),
            share: figure(About::DoneBy(place)).map_or(1.0, |share| share / 100.0),
        });
        let takings = scenario.people.subscriptions.iter().enumerate().map(|(place, taken)| Taking {
            share: figure(About::Subscribe(place)).unwrap_or(0.0) / 100.0,
            within: taken.within.map_or(0.0, days_in),
            renew: figure(About::Renew(place)).unwrap_or(0.0) / 100.0,
        });
        let joining = scenario.people.joining.as_ref().map_or(Joining::AT_ONCE, |joining| {
            let at_once = figure(About::AtOnce).unwrap_or(0.0) / 100.0;
            let over = match &joining.over {
                None => 0.0,
                Some(_) => figure(About::OverTime).map_or(1.0 - at_once, |share| share / 100.0),
            };
            Joining { at_once, over, days: joining.over.as_ref().map_or(0.0, |(_, time)| days_in(*time)) }
        });
        // Two lines about one answer add up.
        let answers = Answer::ALL.map(|answer| {
            let of_it = assumed.about.iter().zip(figures).filter(|(about, _)| **about == About::Answer(answer));
            of_it.map(|(_, figure)| figure / 100.0).sum()
        });
        Self {
            process,
            kinds,
            deeds: deeds.collect(),
            takings: takings.collect(),
            joining,
            answers,
            redeem: figure(About::Redeem).unwrap_or(REDEEMS) / 100.0,
            margin: figure(About::Margin).unwrap_or(0.0) / 100.0,
            returns: scenario.returns.as_ref().map_or(0.0, float) / 100.0,
            running: scenario.running.as_ref().map_or(0.0, float),
        }
    }

    /// An answer, as a part of one.
    pub(super) fn answer(&self, answer: Answer) -> f64 {
        self.answers[answer as usize]
    }

    /// The same world with another answer of this kind.
    pub(super) fn with(mut self, answer: Answer, by: f64) -> Self {
        self.answers[answer as usize] = by;
        self
    }

    /// How many purchases a member makes in a year without any program, and what else she does, roughly: for telling how
    /// much work it is.
    pub(super) fn purchases_a_year(&self) -> f64 {
        let mut from = 0.0;
        let mut sum: f64 = self.deeds.iter().map(|deed| deed.a_day * deed.share * YEAR).sum();
        for kind in &self.kinds {
            let upto = kind.upto.min(1.0);
            let spread = if let Process::Gaps { spread, .. } = self.process { spread } else { 0.0 };
            // The mean of 1/gap, where the logarithm of the gap is normal.
            sum += (upto - from).max(0.0) * YEAR / kind.gap * (spread * spread / 2.0).exp();
            from = upto;
        }
        sum
    }
}
