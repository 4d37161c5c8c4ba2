//! Which populations are played for a study, and what of them it holds.

use crate::mechanics::Program;
use crate::mechanics::scenario::{Buying, Scenario};
use crate::simulate::study::{
    Aged, Arm, Asks, Assumption, Beside, Caution, Cut, CutRow, Estimate, Measure, MonthRow, RuleRow, Study, StudyKind,
    TornadoBar,
};
use crate::value::clock::Date;
use std::collections::BTreeMap;

use super::asks::asks;
use super::calendar::Calendar;
use super::economics;
use super::figures::{Expected, Figures, Frame, deciles};
use super::objectives;
use super::run::{self, Run};
use super::shop::Shop;
use super::stage::Stage;
use super::tally::{Given, Hers, Rows, Tally};
use super::trial::{Spans, Told};
use super::unplayed;
use super::world::{Assumed, World};
use super::{How, Seat};

/// Worlds that are drawn where nobody says how many.
const WORLDS: u32 = 40;
/// Fewer of them make rough intervals.
const FEW: u32 = 20;
/// Purchases that are played for the intervals, for the tornado, and for one look of a search; of a program that is
/// played the plain way only a part of them, so that both end in seconds.
const PURCHASES: [f64; 3] = [1_500_000.0, 800_000.0, 130_000.0];
/// That part.
const PLAIN: f64 = 0.04;
/// Fewer members say nothing.
const LEAST_MEMBERS: u64 = 100;
/// Members whose points are followed behind the horizon: of the middle world, of a world that was drawn.
const FOLLOWED: [u64; 2] = [400, 100];
/// Of so many people not more than one.
const FOLLOW_OF: u64 = 4;
/// For how many months they are.
const RUN_OFF: u32 = 24;
/// Members in the lists of those who win and lose most.
const MOST: usize = 10;

/// Everything that is played on.
pub(super) struct Plays<'a, 'p> {
    seats: &'a [Seat<'p>],
    shops: &'a [Shop<'a>],
    scenario: &'a Scenario,
    assumed: &'a Assumed,
    calendar: &'a Calendar,
    /// The same and the months behind it.
    longer: &'a Calendar,
    days: f64,
    minor_units: u32,
    how: &'a How,
    /// Whether it is asked what moves the answer, and what would break even.
    questions: bool,
    /// The lengths of trials.
    spans: Spans,
}

/// What is played of worlds.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    /// The program; none: all.
    program: Option<usize>,
    /// People.
    members: u64,
    /// People whose points are followed behind the horizon.
    followed: u64,
    /// Whether each is written down.
    cuts: bool,
    /// Whether it is told when the points end that are left.
    ages: bool,
}

impl Wanted {
    /// So many people with one program: for what it gains.
    pub(super) fn gain(program: usize, members: u64, drawn: bool) -> Self {
        let followed = FOLLOWED[usize::from(drawn)];
        Self { program: Some(program), members, followed, cuts: false, ages: false }
    }
}

/// What a world came to, and what each program's outstanding points will.
pub(super) struct Played {
    tally: Tally,
    expected: Vec<Expected>,
}

/// The scenario played through the programs; `questions`: also what moves the answer, and what would break even.
pub(super) fn study(seats: &[Seat<'_>], scenario: &Scenario, how: &How, questions: bool) -> Study {
    let shops: Vec<Shop<'_>> = seats.iter().map(|seat| Shop::of(seat.program)).collect();
    let clock = seats.first().map_or_else(crate::value::clock::Clock::utc, |seat| seat.program.settings.clock.clone());
    let first = how.first.or_else(|| seats.first().and_then(|seat| seat.program.settings.from));
    let first = first.or_else(|| behind_history(scenario)).unwrap_or(Date::constant(2026, 1, 1));
    let calendar = Calendar::new(&clock, first, scenario.months);
    let minor_units = seats.first().map_or(2, |seat| seat.program.settings.minor_units);
    let assumed = Assumed::of(scenario);
    let longer = Calendar::new(&clock, first, scenario.months.saturating_add(RUN_OFF));
    let plays = Plays {
        seats,
        shops: &shops,
        scenario,
        assumed: &assumed,
        calendar: &calendar,
        longer: &longer,
        days: calendar.len() as f64,
        minor_units,
        how,
        questions,
        spans: Spans::of(&shops, (calendar.first(), calendar.last())),
    };
    plays.found()
}

/// The day behind the last one of the history that goes on.
fn behind_history(scenario: &Scenario) -> Option<Date> {
    match &scenario.purchases {
        Buying::Continued(continued) => continued.until.tomorrow().ok(),
        Buying::Said(_) | Buying::Fitted(_) | Buying::Like(_) => None,
    }
}

/// The figures of the middle world, and those of each world that was drawn.
struct Found {
    middle: Figures,
    worlds: Vec<Figures>,
}

impl Found {
    /// A figure with its interval: the middle world's, and the percentiles 5 and 95 of the worlds drawn.
    fn estimate(&self, of: impl Fn(&Figures) -> f64) -> Option<Estimate> {
        let mid = of(&self.middle);
        if !mid.is_finite() {
            return None;
        }
        let worlds: Vec<f64> = self.worlds.iter().map(of).collect();
        Some(match Estimate::of(&worlds) {
            Some(spread) => Estimate { low: spread.low.min(mid), mid, high: spread.high.max(mid) },
            None => Estimate::known(mid),
        })
    }

    /// The same of a figure that is always there.
    fn sure(&self, of: impl Fn(&Figures) -> f64) -> Estimate {
        self.estimate(of).unwrap_or(Estimate::known(0.0))
    }
}

impl Plays<'_, '_> {
    fn world(&self, figures: &[f64]) -> World {
        World::of(self.scenario, self.assumed, figures, self.minor_units)
    }

    fn middle(&self) -> World {
        self.world(&self.assumed.middle())
    }

    fn stage<'s>(&'s self, world: &'s World, number: u64) -> Stage<'s> {
        let stage = Stage::new(self.scenario, world, self.calendar, self.days, self.minor_units);
        Stage { seed: self.how.seed, number, ..stage }
    }

    /// How many members make so many purchases: not more than there are.
    fn members_for(&self, purchases: f64, world: &World) -> u64 {
        let years = f64::from(self.scenario.months) / 12.0;
        let each = (world.purchases_a_year() * years).max(1.0) * self.seats.len().max(1) as f64;
        let part = if self.seats.iter().all(|seat| seat.quick) { 1.0 } else { PLAIN };
        ((purchases * part / each) as u64).max(LEAST_MEMBERS).min(self.scenario.members)
    }

    /// The figures of a program, of what was played of a world; `nth` of the programs that were played.
    pub(super) fn figures(&self, world: &World, played: &Played, program: usize, nth: usize) -> Figures {
        let (shop, expected) = (&self.shops[program], &played.expected[nth]);
        let frame = Frame {
            scenario: self.scenario,
            shop,
            expected,
            minor_units: self.minor_units,
            calendar: self.calendar,
            discount: self.how.discount,
        };
        frame.figures(world, &played.tally, nth)
    }

    /// Plays worlds, each with the draws of its number; and a sample of each on behind the horizon, to see what becomes of
    /// points that are outstanding there.
    pub(super) fn play(&self, worlds: &[(&World, u64)], wanted: Wanted) -> Vec<Played> {
        let Wanted { program, members, followed, cuts, ages } = wanted;
        let programs = program.map_or(0..self.seats.len(), |program| program..program + 1);
        let (seats, shops) = (&self.seats[programs.clone()], &self.shops[programs]);
        // Nothing outstanding, nothing to follow; and of few people not most.
        let points = shops.iter().any(|shop| !shop.units.is_empty());
        let followed = if points { followed.min(members.div_ceil(FOLLOW_OF)) } else { 0 };
        let mut runs = Vec::new();
        for (world, number) in worlds {
            let spans: &[f64] = if ages { &self.spans.days } else { &[] };
            let stage = Stage { ages, lately: cuts, spans, ..self.stage(world, *number) };
            runs.push(Run { stage, members, cuts });
            let stage = self.stage(world, *number);
            let stage = Stage { calendar: self.longer, end: self.longer.len() as f64, ..stage };
            runs.push(Run { stage, members: followed, cuts: false });
        }
        let mut tallies = run::play(seats, shops, &runs, self.how.threads).into_iter();
        let mut all = Vec::new();
        while let (Some(tally), Some(behind)) = (tallies.next(), tallies.next()) {
            let expected = shops.iter().zip(&behind.with).map(|(shop, (_, given))| Expected::of(shop, given));
            all.push(Played { tally, expected: expected.collect() });
        }
        all
    }

    /// Net gain and all costs of one program in a world, over the draws of the middle world.
    pub(super) fn gain(&self, world: &World, program: usize, members: u64) -> (f64, f64) {
        let played = self.play(&[(world, 0)], Wanted::gain(program, members, false));
        let Some(played) = played.first() else { return (0.0, 0.0) };
        let figures = self.figures(world, played, program, 0);
        let costs = [Measure::CostAtCost, Measure::RunningCost];
        let cost = figures.measures.iter().filter(|(measure, _)| costs.contains(measure)).map(|(_, cost)| cost).sum();
        (figures.gain, cost)
    }

    fn found(&self) -> Study {
        let middle = self.middle();
        let Some(central) = self.central(&middle) else { return self.nothing() };
        let (drawn, sampled) = self.drawn(&middle);
        let all = &central.tally;
        let mut cautions = Vec::new();
        let mut played_least = sampled.min(all.members);
        let mut arms = Vec::new();
        let mut beside = Vec::new();
        let mut gains: Vec<Vec<f64>> = Vec::new();
        for (program, seat) in self.seats.iter().enumerate() {
            let found = Found {
                middle: self.figures(&middle, &central, program, program),
                worlds: drawn.iter().map(|(world, played)| self.figures(world, played, program, program)).collect(),
            };
            let members = self.members_for(PURCHASES[2], &middle);
            let (tornado, of) = match self.questions {
                true => self.tornado(program, found.middle.gain),
                false => (Vec::new(), members),
            };
            played_least = played_least.min(of).min(members);
            let mut arm = self.arm(seat, &found, all, program);
            arm.tornado = tornado;
            let lift = self.questions.then(|| economics::break_even(self, &middle, program, members)).flatten();
            if let Some(lift) = lift {
                let place = arm.measures.iter().position(|(measure, _)| *measure > Measure::BreakEvenLift);
                let place = place.unwrap_or(arm.measures.len());
                let worlds = economics::break_evens(self, program, &drawn, &found.worlds, sampled);
                arm.measures.insert(place, (Measure::BreakEvenLift, economics::ranged(lift, &worlds)));
                let told = Told {
                    scenario: self.scenario,
                    shop: &self.shops[program],
                    days: (self.calendar.first(), self.calendar.last()),
                    spans: &self.spans,
                    spreads: &all.without.spreads,
                    played: all.members as f64,
                    worlds: &found.worlds,
                };
                let rise = economics::rise_at(self, &middle, program, members, lift);
                arm.trial = rise.and_then(|rise| told.trial(rise));
            }
            cautions.extend(self.cautions(program, &all.with[program].1, &arm.tornado));
            gains.push(std::iter::once(found.middle.gain).chain(found.worlds.iter().map(|world| world.gain)).collect());
            if program > 0 {
                beside.push(self.beside(program, (&all.hers[0], &all.hers[program]), (&gains[0], &gains[program])));
            }
            arms.push(arm);
        }
        for (assumption, one) in self.assumed.shown.iter().enumerate() {
            if one.low == one.high && one.name.starts_with("lift ") {
                cautions.push(Caution::OneFigure { assumption });
            }
        }
        let worlds = u32::try_from(drawn.len()).unwrap_or(u32::MAX);
        if worlds < FEW {
            cautions.push(Caution::FewWorlds { worlds });
        }
        if played_least < self.scenario.members {
            cautions.push(Caution::Sampled { played: played_least, of: self.scenario.members });
        }
        Study { worlds, arms, beside, cautions, ..self.nothing() }
    }

    /// A study that has found nothing yet.
    fn nothing(&self) -> Study {
        let settings = self.seats.first().map(|seat| &seat.program.settings);
        Study {
            kind: StudyKind::Population,
            money: settings.map_or_else(String::new, |settings| settings.money.clone()),
            decimals: u8::try_from(self.minor_units).unwrap_or(2),
            from: self.calendar.first(),
            until: self.calendar.last(),
            members: self.scenario.members,
            worlds: 0,
            seed: self.how.seed,
            arms: Vec::new(),
            beside: Vec::new(),
            assumptions: self.assumed.shown.clone(),
            cautions: Vec::new(),
        }
    }

    /// The middle world, all members of it; of a program that is played the plain way, as many as end in seconds.
    fn central(&self, middle: &World) -> Option<Played> {
        let quick = self.seats.iter().all(|seat| seat.quick);
        let members = if quick { self.scenario.members } else { self.members_for(PURCHASES[0], middle) };
        let wanted = Wanted { program: None, members, followed: FOLLOWED[0], cuts: true, ages: true };
        self.play(&[(middle, 0)], wanted).pop()
    }

    /// Worlds that are drawn, each with people of its own; and how many people of each were played.
    fn drawn(&self, middle: &World) -> (Vec<(World, Played)>, u64) {
        let count = self.how.worlds.unwrap_or(WORLDS);
        if count == 0 {
            return (Vec::new(), self.scenario.members);
        }
        let members = self.members_for(PURCHASES[0] / f64::from(count), middle);
        let worlds: Vec<World> =
            (1..=u64::from(count)).map(|number| self.world(&self.assumed.drawn(self.how.seed, number))).collect();
        let numbered: Vec<(&World, u64)> = worlds.iter().zip(1..).collect();
        let wanted = Wanted { program: None, members, followed: FOLLOWED[1], cuts: true, ages: false };
        let played = self.play(&numbered, wanted);
        (worlds.into_iter().zip(played).collect(), members)
    }

    /// How far the net gain moves with each assumption, over the same draws; and how many people were played. What
    /// a sample moves by is put on what all of them came to.
    fn tornado(&self, program: usize, gain: f64) -> (Vec<TornadoBar>, u64) {
        let middle = self.assumed.middle();
        let ranges = self.assumed.shown.iter().enumerate().filter(|(_, one)| one.low != one.high);
        let ranges: Vec<(usize, &Assumption)> = ranges.collect();
        let ends = ranges.iter().flat_map(|(place, one)| [(*place, one.low), (*place, one.high)]);
        let with = |(place, figure): (usize, f64)| {
            let mut figures = middle.clone();
            figures[place] = figure;
            self.world(&figures)
        };
        let worlds: Vec<World> = std::iter::once(self.middle()).chain(ends.map(with)).collect();
        let members = self.members_for(PURCHASES[1] / worlds.len() as f64, &worlds[0]);
        let numbered: Vec<(&World, u64)> = worlds.iter().map(|world| (world, 0)).collect();
        let played = self.play(&numbered, Wanted::gain(program, members, false));
        let gains: Vec<f64> =
            worlds.iter().zip(&played).map(|(world, played)| self.figures(world, played, program, 0).gain).collect();
        let moved = |at: f64| gain + at - gains[0];
        let bars = ranges.iter().zip(gains[1..].chunks_exact(2)).map(|((assumption, _), ends)| TornadoBar {
            assumption: *assumption,
            at_low: moved(ends[0]),
            at_high: moved(ends[1]),
        });
        let mut bars: Vec<TornadoBar> = bars.collect();
        let width = |bar: &TornadoBar| (bar.at_high - bar.at_low).abs();
        bars.sort_by(|a, b| width(b).total_cmp(&width(a)).then(a.assumption.cmp(&b.assumption)));
        (bars, if ranges.is_empty() { self.scenario.members } else { members })
    }

    fn arm(&self, seat: &Seat<'_>, found: &Found, all: &Tally, program: usize) -> Arm {
        let given = &all.with[program].1;
        let scale = self.scenario.members as f64 / all.members.max(1) as f64;
        let places = 0..found.middle.measures.len();
        let measures = places.filter_map(|place| {
            let measure = found.middle.measures[place].0;
            Some((measure, found.estimate(|figures| figures.measures[place].1)?))
        });
        Arm {
            program: seat.program.settings.name.text.clone(),
            file: seat.file.clone(),
            measures: measures.collect(),
            rules: rules(&self.shops[program], found),
            uses: Vec::new(),
            months: self.months(found),
            cuts: cuts(found),
            aged: self.aged(given, program, scale),
            first_reward: first_rewards(given, found),
            migration: self.migration(given, program, scale),
            tornado: Vec::new(),
            trial: None,
            objectives: objectives::rows(&self.shops[program], self.calendar, &found.middle, &found.worlds),
        }
    }

    fn months(&self, found: &Found) -> Vec<MonthRow> {
        let rows = self.calendar.months.iter().enumerate().map(|(month, first)| {
            let figure = |column: usize| found.sure(|figures| figures.months[month][column]);
            MonthRow {
                month: *first,
                sales: figure(0),
                sales_without: Some(figure(1)),
                cost: figure(2),
                given: figure(3),
                spent: figure(4),
                expired: figure(5),
                liability: figure(6),
                liability_expected: figure(7),
                active: figure(8),
                gain_so_far: Some(figure(9)),
            }
        });
        rows.collect()
    }

    fn aged(&self, given: &Given, program: usize, scale: f64) -> Vec<Aged> {
        let mut all = Vec::new();
        for (place, unit) in self.shops[program].units.iter().enumerate() {
            let steps = 10_f64.powi(i32::try_from(unit.decimals).unwrap_or(0));
            let mut add = |month: Option<Date>, points: i128| {
                if points != 0 {
                    let points = points as f64 * scale;
                    all.push(Aged {
                        unit: unit.name.clone(),
                        month,
                        points: points / steps,
                        worth: points * unit.worth,
                    });
                }
            };
            let ends = &given.ends[place];
            let last = self.calendar.last();
            for (behind, points) in ends {
                let month = last.first_of_month().saturating_add(jiff::Span::new().months(i64::from(*behind)));
                add(Some(month), *points);
            }
            add(None, given.outstanding[place] - ends.values().sum::<i128>());
        }
        all
    }

    fn migration(&self, given: &Given, program: usize, scale: f64) -> Vec<(String, String, f64)> {
        let tiers = &self.shops[program].program.tiers;
        let name = |block: usize, level: usize| {
            let level = tiers[block].levels.get(level).map_or("", |level| level.name.text.as_str());
            if tiers.len() > 1 { format!("{} {level}", tiers[block].name.text) } else { level.to_owned() }
        };
        let moves = given.moves.iter();
        moves
            .map(|((block, from, to), members)| (name(*block, *from), name(*block, *to), *members as f64 * scale))
            .collect()
    }

    fn beside(&self, arm: usize, (first, this): (&[Hers], &[Hers]), (base, gains): (&[f64], &[f64])) -> Beside {
        let differences: Vec<f64> = first.iter().zip(this).map(|(a, b)| b.given - a.given).collect();
        // Less than the smallest money is none.
        let least = 0.5 / 10_f64.powi(i32::try_from(self.minor_units).unwrap_or(2));
        let scale = self.scenario.members as f64 / differences.len().max(1) as f64;
        let count = |of: &dyn Fn(f64) -> bool| {
            (differences.iter().filter(|one| of(**one)).count() as f64 * scale).round() as u64
        };
        let mut order: Vec<usize> = (0..differences.len()).collect();
        order.sort_by(|a, b| differences[*b].total_cmp(&differences[*a]).then(a.cmp(b)));
        let named = |place: &usize| (format!("m{place}"), first[*place].given, this[*place].given);
        let winners = order.iter().take(MOST).filter(|place| differences[**place] > least).map(named);
        let losers = order.iter().rev().take(MOST).filter(|place| differences[**place] < -least).map(named);
        let tenths = deciles(first)
            .into_iter()
            .map(|tenth| tenth.iter().map(|place| differences[*place]).sum::<f64>() / tenth.len().max(1) as f64);
        let moved: Vec<f64> = base.iter().zip(gains).map(|(base, gain)| gain - base).collect();
        let mid = moved.first().copied().unwrap_or(0.0);
        let gain = Estimate::of(moved.get(1..).unwrap_or(&[])).map_or(Estimate::known(mid), |spread| Estimate {
            low: spread.low.min(mid),
            mid,
            high: spread.high.max(mid),
        });
        Beside {
            arm,
            winners: count(&|one| one > least),
            losers: count(&|one| one < -least),
            same: count(&|one| one.abs() <= least),
            most: winners.chain(losers).collect(),
            deciles: tenths.collect(),
            gain,
        }
    }

    fn cautions(&self, arm: usize, given: &Given, tornado: &[TornadoBar]) -> Vec<Caution> {
        let (shop, program) = (&self.shops[arm], self.seats[arm].program);
        let mut all = Vec::new();
        let events = given.rejected;
        if events > 0 {
            all.push(Caution::Rejected { arm, events });
        }
        if given.unplayed > 0 {
            all.push(Caution::NotPlayed { arm, what: format!("{} members", given.unplayed) });
        }
        let worthless = shop.units.iter().filter(|unit| unit.useful && unit.worth == 0.0);
        all.extend(worthless.map(|unit| Caution::NoWorth { arm, unit: unit.name.clone() }));
        let gifts = program.gifts.iter().zip(&shop.gifts).filter(|(gift, thing)| !thing.said && gift.choose.is_empty());
        all.extend(gifts.map(|(gift, _)| Caution::NoCost { arm, thing: format!("gift {}", gift.name.text) }));
        let rewards = program.rewards.iter().zip(&shop.rewards).filter(|(_, (_, thing))| !thing.said);
        all.extend(rewards.map(|(reward, _)| Caution::NoCost { arm, thing: format!("reward {}", reward.name.text) }));
        all.extend(unplayed::of(program, self.scenario).into_iter().map(|what| Caution::NotPlayed { arm, what }));
        let rows = Rows::of(shop);
        let idle =
            named(shop).into_iter().filter(|(place, ..)| *place != rows.others() && given.rows[*place].is_idle());
        let mut by_asks: BTreeMap<Asks, Vec<String>> = BTreeMap::new();
        idle.for_each(|(place, name, _)| by_asks.entry(asks(shop, place)).or_default().push(name));
        all.extend(by_asks.into_iter().map(|(asks, what)| Caution::NeverCame { arm, what, asks }));
        let decides = tornado.iter().filter(|bar| (bar.at_low < 0.0) != (bar.at_high < 0.0));
        all.extend(decides.map(|bar| Caution::Decides { assumption: bar.assumption }));
        all
    }
}

/// The rules of a program and what they brought: what points cost stands with the rule that gave them, so all rows
/// together are the cost of the program. Rows that did nothing are left out.
fn rules(shop: &Shop<'_>, found: &Found) -> Vec<RuleRow> {
    let told =
        named(shop).into_iter().filter(|(place, ..)| found.middle.rows[*place].iter().any(|figure| *figure != 0.0));
    told.map(|(place, name, unit)| {
        let figure = |column: usize| found.sure(|figures| figures.rows[place][column]);
        RuleRow {
            name,
            times: figure(0),
            points: unit.map(|unit| (unit, figure(1))),
            cost: figure(2),
            worth: figure(3),
        }
    })
    .collect()
}

/// What points that no rule gave came of: full cards that give some, and returns, which take points of any rule.
fn of_no_rule(program: &Program) -> String {
    let with_points = program.cards.iter().filter(|card| card.gives.iter().any(|give| give.what.unit().is_some()));
    let cards: Vec<&str> = with_points.map(|card| card.name.text.as_str()).collect();
    if cards.is_empty() { "returns".to_owned() } else { format!("card {}, returns", cards.join(", ")) }
}

/// Everything of a program that gives something: its row, its kind and name, and the points it gives.
fn named(shop: &Shop<'_>) -> Vec<(usize, String, Option<String>)> {
    use crate::mechanics::example::Held;
    use crate::mechanics::{CouponId, GiftId};
    let (rows, program) = (Rows::of(shop), shop.program);
    let unit_of = |unit: Option<usize>| unit.map(|unit| shop.units[unit].name.clone());
    let mut all: Vec<(usize, String, Option<String>)> = Vec::new();
    for (place, rule) in program.rules.iter().enumerate() {
        let kind = if rule.offer.is_some() {
            "offer"
        } else if shop.rules[place].1.is_some() {
            "payout"
        } else if rule.bonus {
            "bonus"
        } else {
            "earn"
        };
        all.push((place, format!("{kind} {}", rule.name.text), unit_of(shop.rules[place].0)));
    }
    all.push((rows.others(), of_no_rule(program), unit_of((!shop.units.is_empty()).then_some(0))));
    for (place, gift) in program.gifts.iter().enumerate() {
        all.push((rows.thing(Held::Gift(GiftId(place))), format!("gift {}", gift.name.text), None));
    }
    for (place, coupon) in program.coupons.iter().enumerate() {
        all.push((rows.thing(Held::Coupon(CouponId(place))), format!("coupon {}", coupon.name.text), None));
    }
    for (place, discount) in program.discounts.iter().enumerate() {
        all.push((rows.discount(place), format!("discount {}", discount.name.text), None));
    }
    all
}

fn cuts(found: &Found) -> Vec<Cut> {
    let all = found.middle.cuts.iter().enumerate().map(|(cut, (by, rows))| {
        let rows = rows.iter().enumerate().map(|(row, (name, figures))| {
            let figure = |column: usize| found.sure(|of: &Figures| of.cuts[cut].1[row].1[column]);
            CutRow {
                name: name.clone(),
                members: figures[0],
                sales: figure(1),
                given: figure(2),
                cost: figure(3),
                gain: Some(figure(4)),
            }
        });
        Cut { by: by.clone(), rows: rows.collect() }
    });
    all.collect()
}

/// The share of members who had a first reward within 1, 2, … months.
fn first_rewards(given: &Given, found: &Found) -> Vec<f64> {
    let ever = found.middle.measures.iter().find(|(measure, _)| *measure == Measure::EverRewarded);
    let rewarded: u64 = given.first_rewards.iter().sum();
    let (Some((_, ever)), true) = (ever, rewarded > 0) else { return Vec::new() };
    let mut sum = 0;
    let months = given.first_rewards.len().saturating_sub(1);
    let shares = given.first_rewards.iter().take(months).map(|count| {
        sum += count;
        ever / 100.0 * sum as f64 / rewarded as f64
    });
    shares.collect()
}
