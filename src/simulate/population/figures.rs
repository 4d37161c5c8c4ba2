//! From what members came to, the figures of one world: each measure by its formula in `docs/simulation.md`.

use crate::mechanics::objective::Indicator;
use crate::mechanics::scenario::Scenario;
use crate::simulate::ifrs::{self, Period};
use crate::simulate::power::{self, Sureness};
use crate::simulate::study::{CutBy, Measure};
use crate::simulate::tenths::tenth;
use crate::value::clock::Length;
use crate::value::exact::Exact;

use super::calendar::Calendar;
use super::lately::{LATELY, Lately, Stretch, Told};
use super::shop::{PARTS, Shop, Unit};
use super::tally::{Given, Hers, Moved, Rows, Tally, Trade};
use super::world::World;

/// What is expected of points that are outstanding at the end.
#[derive(Debug, Clone)]
pub(super) struct Expected {
    /// Of each unit, the part that will be used.
    pub(super) used: Vec<f64>,
}

impl Expected {
    /// From what became of the points of a sample, once they were left to themselves.
    pub(super) fn of(shop: &Shop<'_>, given: &Given) -> Self {
        let used = given.run_off.iter().zip(&shop.units).map(|((used, lost), unit)| {
            let all = used + lost;
            // What nothing can be had for is owed as it stands.
            if all > 0 && unit.useful { *used as f64 / all as f64 } else { 1.0 }
        });
        Self { used: used.collect() }
    }
}

/// What stays the same in all worlds of a study.
pub(super) struct Frame<'a> {
    /// The scenario.
    pub(super) scenario: &'a Scenario,
    /// The program.
    pub(super) shop: &'a Shop<'a>,
    /// What is expected of outstanding points.
    pub(super) expected: &'a Expected,
    /// Minor units of the money.
    pub(super) minor_units: u32,
    /// The days that are played.
    pub(super) calendar: &'a Calendar,
    /// The interest of a year, in percent, that later margin is discounted by.
    pub(super) discount: f64,
}

/// Members in parts by one thing: of each part its name, and members, sales, given, cost, gain.
pub(super) type Parts = (CutBy, Vec<(String, [f64; 5])>);

/// The figures of one world. What it does not have is no number.
#[derive(Debug, Clone, Default)]
pub(super) struct Figures {
    /// In the order of [`Measure`].
    pub(super) measures: Vec<(Measure, f64)>,
    /// Of each month: sales, sales without, cost, given, spent, expired, liability, expected liability, buyers, gain so far.
    pub(super) months: Vec<[f64; 10]>,
    /// Of each row of the program: times, points, cost, worth.
    pub(super) rows: Vec<[f64; 4]>,
    /// Members in parts: members, sales, given, cost, gain.
    pub(super) cuts: Vec<Parts>,
    /// Net gain.
    pub(super) gain: f64,
    /// What members did in each of the program's stretches of days, with how many members each that was played stands
    /// for, and how many of those that were played are members.
    pub(super) lately: (Vec<Lately>, f64, f64),
}

impl Figures {
    /// A measure; none: it is not known.
    pub(super) fn measure(&self, wanted: Measure) -> Option<f64> {
        let found = self.measures.iter().find(|(one, _)| *one == wanted);
        found.map(|(_, figure)| *figure).filter(|figure| figure.is_finite())
    }
}

/// Points of one unit.
struct Purse {
    /// Over all months.
    moved: Moved,
    /// What a step costs when it is used, in money.
    price: f64,
    /// What a step that is used is worth, in money.
    brings: f64,
    /// How much of what is outstanding will be used.
    used: f64,
    outstanding: f64,
}

impl Purse {
    fn of(frame: &Frame<'_>, given: &Given, place: usize) -> Self {
        let unit: &Unit = &frame.shop.units[place];
        let mut moved = Moved::default();
        for month in &given.points[place] {
            moved.given += month.given;
            moved.spent += month.spent;
            moved.expired += month.expired;
        }
        let (cost, worth) = given.bought[place];
        let each = |sum: i128, else_each: f64| match moved.spent {
            spent if spent > 0 && sum != 0 => sum as f64 / PARTS / spent as f64,
            _ => else_each,
        };
        Self {
            moved,
            price: each(cost, unit.guess),
            brings: each(worth, unit.worth),
            used: frame.expected.used[place],
            outstanding: given.outstanding[place] as f64,
        }
    }

    /// What outstanding points are expected to cost.
    fn owed(&self) -> f64 {
        self.outstanding * self.used * self.price
    }
}

impl Frame<'_> {
    /// The figures of a world that was played with so many of the scenario's members.
    pub(super) fn figures(&self, world: &World, tally: &Tally, program: usize) -> Figures {
        let (trade, given) = &tally.with[program];
        let scale = self.scenario.members as f64 / tally.members.max(1) as f64;
        let money = 10_f64.powi(i32::try_from(self.minor_units).unwrap_or(2));
        let purses: Vec<Purse> = (0..self.shop.units.len()).map(|unit| Purse::of(self, given, unit)).collect();
        let whole = Whole { frame: self, world, trade, given, without: &tally.without, purses: &purses, scale, money };
        let (measures, gain) = whole.measures();
        Figures {
            measures,
            gain,
            months: whole.months(),
            rows: whole.rows(),
            cuts: whole.cuts(tally.hers.get(program).map_or(&[], Vec::as_slice)),
            lately: (given.lately.clone(), scale, trade.bought as f64),
        }
    }
}

/// All that figures are made of.
struct Whole<'a> {
    frame: &'a Frame<'a>,
    world: &'a World,
    trade: &'a Trade,
    given: &'a Given,
    without: &'a Trade,
    purses: &'a [Purse],
    /// Members of the scenario for each that was played.
    scale: f64,
    /// Minor units in one of the money.
    money: f64,
}

/// The first month in which what the program brought covers what it cost so far.
fn payback(months: &[[f64; 10]]) -> f64 {
    months.iter().position(|month| month[9] >= 0.0).map_or(f64::NAN, |month| month as f64 + 1.0)
}

/// A share in percent; no number where there is nothing to take it of.
fn percent(part: f64, of: f64) -> f64 {
    if of > 0.0 { part / of * 100.0 } else { f64::NAN }
}

impl Whole<'_> {
    fn sales(&self, trade: &Trade) -> f64 {
        trade.sales.iter().sum::<i128>() as f64 / self.money * self.scale
    }

    fn cost_used(&self) -> f64 {
        self.given.cost.iter().sum::<i128>() as f64 / PARTS * self.scale
    }

    fn owed(&self) -> f64 {
        self.purses.iter().map(Purse::owed).sum::<f64>() * self.scale
    }

    fn running(&self) -> f64 {
        self.world.running * f64::from(self.frame.scenario.months) / 12.0
    }

    /// All measures, and the net gain.
    fn measures(&self) -> (Vec<(Measure, f64)>, f64) {
        let (scale, trade, given) = (self.scale, self.trade, self.given);
        let (sales, without) = (self.sales(trade), self.sales(self.without));
        let margin = (sales - without) * self.world.margin;
        let (owed, running) = (self.owed(), self.running());
        let cost = self.cost_used() + owed;
        let owed_worth: f64 = self.purses.iter().map(|purse| purse.outstanding * purse.used * purse.brings).sum();
        let worth = given.worth as f64 / PARTS * scale + owed_worth * scale;
        let (paid, fees) = self.fees();
        let gain = margin + fees - cost - running;
        let monthly = self.months();
        let (value, value_without) = self.values(&monthly, owed);
        let books = self.books(&monthly).unwrap_or([f64::NAN; 3]);
        // Points of several kinds are counted together.
        let points = |of: fn(&Moved) -> i128| {
            let all = self.purses.iter().zip(&self.frame.shop.units);
            all.map(|(purse, unit)| of(&purse.moved) as f64 / 10_f64.powi(i32::try_from(unit.decimals).unwrap_or(0)))
                .sum::<f64>()
                * scale
        };
        let (got, spent, expired) =
            (points(|moved| moved.given), points(|moved| moved.spent), points(|moved| moved.expired));
        let by_points: f64 = given.bought.iter().map(|(cost, _)| *cost as f64).sum::<f64>() / PARTS * scale;
        let bought = trade.bought as f64 * scale;
        let rewarded: u64 = given.first_rewards.iter().sum();
        let months =
            given.first_rewards.iter().enumerate().map(|(month, members)| (month as f64 + 0.5) * *members as f64);
        let all = vec![
            (Measure::Sales, sales),
            (Measure::SalesWithout, without),
            (Measure::IncrementalSales, sales - without),
            (Measure::IncrementalMargin, margin),
            (Measure::CostAtCost, cost),
            (Measure::CostAtWorth, worth),
            (Measure::RunningCost, running),
            (Measure::NetGain, gain),
            (Measure::ReturnOnInvestment, percent(gain, cost + running)),
            (Measure::PaybackMonth, payback(&monthly)),
            (Measure::PriceOfPoint, if got > 0.0 { (by_points + owed) / got } else { f64::NAN }),
            (Measure::CostShareOfSales, percent(cost, sales)),
            (Measure::Fees, paid),
            (Measure::FeesEarned, if paid.is_nan() { paid } else { fees }),
            (Measure::PointsGiven, if self.purses.is_empty() { f64::NAN } else { got }),
            (Measure::PointsSpent, if self.purses.is_empty() { f64::NAN } else { spent }),
            (Measure::PointsExpired, if self.purses.is_empty() { f64::NAN } else { expired }),
            (Measure::LiabilityFace, self.liability(|_| 1.0)),
            (Measure::LiabilityExpected, self.liability(|purse| purse.used)),
            (Measure::AllocatedToPoints, books[0]),
            (Measure::RecognisedOfPoints, books[1]),
            (Measure::ContractLiability, books[2]),
            (Measure::RedemptionRate, percent(spent, got)),
            (Measure::Breakage, percent(expired, expired + spent)),
            (Measure::Members, given.joined as f64 * scale),
            (Measure::Adoption, self.adoption()),
            (Measure::ActiveRate, percent(trade.active as f64 * scale, bought)),
            (Measure::RepeatRate, percent(trade.again as f64, trade.bought as f64)),
            (Measure::PurchaseFrequency, trade.purchases as f64 / trade.bought as f64),
            (Measure::AverageBasket, sales / (trade.purchases as f64 * scale)),
            (Measure::ChurnRate, percent(trade.gone as f64 * scale, self.scenario_members())),
            (Measure::EverRewarded, percent(rewarded as f64, given.joined as f64)),
            (Measure::MonthsToFirstReward, months.sum::<f64>() / rewarded as f64),
            (Measure::MemberValue, value),
            (Measure::MemberValueWithout, value_without),
            (Measure::BargainHunters, self.lately(Indicator::BargainHunters, None)),
            (Measure::DormantWonBack, self.lately(Indicator::WonBack, Some(LATELY))),
            (Measure::MeasurableLift, self.measurable()),
        ];
        (all, gain)
    }

    /// Fees of memberships that were paid, and those that were earned; the first is no number where nothing is sold.
    fn fees(&self) -> (f64, f64) {
        let money = |sum: i128| sum as f64 / PARTS * self.scale;
        let paid = money(self.given.fees_paid);
        let sold = !self.frame.shop.program.memberships.is_empty();
        (if sold { paid } else { f64::NAN }, money(self.given.fees.iter().sum()))
    }

    /// The part of all purchases that members made; no number where everybody joins at once.
    fn adoption(&self) -> f64 {
        let joining = self.frame.scenario.people.joining.is_some();
        if joining { percent(self.given.purchases as f64, self.trade.purchases as f64) } else { f64::NAN }
    }

    fn scenario_members(&self) -> f64 {
        self.frame.scenario.members as f64
    }

    /// Outstanding points at face, each unit by this part.
    fn liability(&self, part: fn(&Purse) -> f64) -> f64 {
        if self.purses.is_empty() {
            return f64::NAN;
        }
        let units = self.purses.iter().zip(&self.frame.shop.units);
        units.map(|(purse, unit)| purse.outstanding * part(purse) * unit.worth).sum::<f64>() * self.scale
    }

    /// Fees that were earned in a month.
    fn fees_in(&self, month: usize) -> f64 {
        self.given.fees[month] as f64 / PARTS * self.scale
    }

    /// What one of the scenario's people is worth to the shop over the horizon: her margin, discounted, each month in its
    /// middle; with the program, and fees, less what she and the program cost, and without it (S. Gupta, D. Lehmann, J. Stuart,
    /// "Valuing Customers", Journal of Marketing Research 41, 2004, equation 1, over the months played).
    fn values(&self, months: &[[f64; 10]], owed: f64) -> (f64, f64) {
        let discounted = |years: f64| (-(self.frame.discount / 100.0).ln_1p() * years).exp();
        let (count, running) = (months.len() as f64, self.running());
        let (mut with, mut without) = (0.0, 0.0);
        for (place, [sales, alone, cost, ..]) in months.iter().enumerate() {
            let factor = discounted((place as f64 + 0.5) / 12.0);
            with += (sales * self.world.margin + self.fees_in(place) - cost - running / count) * factor;
            without += alone * self.world.margin * factor;
        }
        // What is owed is paid at the end at the earliest.
        with -= owed * discounted(count / 12.0);
        (with / self.scenario_members(), without / self.scenario_members())
    }

    /// What of the sales is allocated to points, what of that became revenue, and what is deferred at the end (IFRS 15, B42
    /// and B46), as of a history: points at their worth, month by month. None where no points were given.
    fn books(&self, months: &[[f64; 10]]) -> Option<[f64; 3]> {
        let exact = |figure: f64| Exact::parse(&format!("{figure:.6}")).unwrap_or_else(Exact::zero);
        let mut used = Exact::zero();
        let periods = months.iter().map(|[sales, _, _, given, spent, _, _, expected, ..]| {
            used += exact(*spent);
            let expected = &used + &exact(*expected);
            Period { sales: exact(*sales), given: exact(*given), used: exact(*spent), expected }
        });
        let periods: Vec<Period> = periods.collect();
        ifrs::summed(&periods, self.frame.minor_units).map(|sums| sums.map(|sum| sum.to_f64_lossy()))
    }

    /// What members did in a stretch of days.
    fn lately(&self, indicator: Indicator, length: Option<Length>) -> f64 {
        // Who buys for less than the price where nothing is taken off is not known here.
        let program = self.frame.shop.program;
        if indicator == Indicator::BargainHunters && program.discounts.is_empty() && program.coupons.is_empty() {
            return f64::NAN;
        }
        let place = self.frame.shop.stretches.iter().position(|known| *known == length);
        let Some(lately) = place.and_then(|place| self.given.lately.get(place)) else { return f64::NAN };
        let stretch = Stretch::of(length, self.frame.calendar);
        let told = Told { stretch: &stretch, money: self.money, scale: self.scale, members: self.trade.bought as f64 };
        lately.measured(indicator, &told).unwrap_or(f64::NAN)
    }

    /// The least difference in percent that a control group of the scenario's size tells from none four times of five,
    /// where one of twenty may be told by chance: J. Cohen, *Statistical Power Analysis for the Behavioral Sciences*
    /// (1988), for two means.
    fn measurable(&self) -> f64 {
        let Some(share) = self.frame.scenario.control.as_ref().map(|share| share.to_f64_lossy() / 100.0) else {
            return f64::NAN;
        };
        let played = self.scenario_members() / self.scale;
        let mean = self.sales(self.without) / self.scale * self.money / played;
        let variance = self.without.squares as f64 / played - mean * mean;
        let (kept, treated) = (share * self.scenario_members(), (1.0 - share) * self.scenario_members());
        let told = power::tellable(treated, kept, variance.max(0.0).sqrt(), Sureness { alpha: 0.05, power: 0.80 });
        told.map_or(f64::NAN, |told| told / mean * 100.0)
    }

    /// Month by month.
    fn months(&self) -> Vec<[f64; 10]> {
        let (mut gain, mut rows) = (0.0, Vec::new());
        let count = self.trade.sales.len();
        let mut standing = vec![0_i128; self.purses.len()];
        for month in 0..count {
            let at = |sums: &[i128], of: f64| sums[month] as f64 / of * self.scale;
            let (sales, without) = (at(&self.trade.sales, self.money), at(&self.without.sales, self.money));
            let cost = at(&self.given.cost, PARTS);
            let mut figures = [0.0; 5];
            let mut owed = 0.0;
            for (place, purse) in self.purses.iter().enumerate() {
                let moved = &self.given.points[place][month];
                standing[place] += moved.given - moved.spent - moved.expired;
                let worth = self.frame.shop.units[place].worth * self.scale;
                let stands = standing[place] as f64;
                let of_it = [moved.given as f64, moved.spent as f64, moved.expired as f64, stands, stands * purse.used];
                figures.iter_mut().zip(of_it).for_each(|(sum, points)| *sum += points * worth);
                owed += stands * purse.used * purse.price * self.scale;
            }
            gain += (sales - without) * self.world.margin + self.fees_in(month) - cost - self.running() / count as f64;
            let [given, spent, expired, liability, expected] = figures;
            let buyers = self.trade.buyers[month] as f64 * self.scale;
            rows.push([sales, without, cost, given, spent, expired, liability, expected, buyers, gain - owed]);
        }
        rows
    }

    /// Each row of the program. Points cost what they are used for, as far as they are used.
    fn rows(&self) -> Vec<[f64; 4]> {
        let rows = Rows::of(self.frame.shop);
        let points_of = |place: usize| match place {
            place if place < rows.others() => self.frame.shop.rules[place].0,
            place if place == rows.others() => (!self.purses.is_empty()).then_some(0),
            _ => None,
        };
        let all = self.given.rows.iter().enumerate().map(|(place, row)| {
            let (mut points, mut cost, mut worth) = (0.0, row.cost as f64 / PARTS, row.worth as f64 / PARTS);
            if let Some(unit) = points_of(place) {
                let purse = &self.purses[unit];
                let steps = row.points as f64;
                points = steps / 10_f64.powi(i32::try_from(self.frame.shop.units[unit].decimals).unwrap_or(0));
                let used = purse.moved.spent as f64 + purse.outstanding * purse.used;
                let used = if purse.moved.given > 0 { steps * used / purse.moved.given as f64 } else { 0.0 };
                cost += used * purse.price;
                worth += used * purse.brings;
            }
            [row.times as f64, points, cost, worth].map(|figure| figure * self.scale)
        });
        all.collect()
    }

    /// Members in parts: by level, by group, by tenth of what they would spend without any program.
    fn cuts(&self, hers: &[Hers]) -> Vec<Parts> {
        let mut cuts = Vec::new();
        if hers.is_empty() {
            return cuts;
        }
        if let Some(tiers) = self.frame.shop.program.tiers.first() {
            let rows = tiers.levels.iter().enumerate().map(|(place, level)| {
                let of_it = hers.iter().filter(|her| usize::from(her.level) == place);
                (level.name.text.clone(), self.part(of_it))
            });
            cuts.push((CutBy::Tier(tiers.name.text.clone()), rows.collect()));
        }
        if !self.frame.scenario.groups.is_empty() {
            let rows = self.frame.scenario.groups.iter().enumerate().map(|(place, group)| {
                let of_it = hers.iter().filter(|her| usize::from(her.kind) == place);
                (group.name.clone(), self.part(of_it))
            });
            cuts.push((CutBy::Segment, rows.collect()));
        }
        let rows = deciles(hers)
            .into_iter()
            .enumerate()
            .map(|(tenth, of_it)| ((tenth + 1).to_string(), self.part(of_it.into_iter().map(|place| &hers[place]))));
        cuts.push((CutBy::Decile, rows.collect()));
        cuts
    }

    fn part<'h>(&self, hers: impl Iterator<Item = &'h Hers>) -> [f64; 5] {
        // What is left is expected to cost as much for its face as all that is left together.
        let face: f64 = self.liability(|_| 1.0) / self.scale;
        let owed = self.purses.iter().map(Purse::owed).sum::<f64>();
        let rate = if face > 0.0 { owed / face } else { 0.0 };
        let mut sums = [0.0; 5];
        for her in hers {
            let sales = her.sales as f64 / self.money;
            let cost = her.cost as f64 / PARTS + her.left * rate;
            let margin = (her.sales - her.without) as f64 / self.money * self.world.margin;
            let brought = margin + her.fees as f64 / PARTS;
            for (sum, figure) in sums.iter_mut().zip([1.0, sales, her.given, cost, brought - cost]) {
                *sum += figure;
            }
        }
        sums.map(|sum| sum * self.scale)
    }
}

/// Places of members, in tenths by what they would spend without any program, the best first: so that no program moves
/// anybody from one to another.
pub(super) fn deciles(hers: &[Hers]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..hers.len()).collect();
    order.sort_by_key(|place| (std::cmp::Reverse(hers[*place].without), *place));
    let mut tenths = vec![Vec::new(); 10];
    let count = order.len();
    order.into_iter().enumerate().for_each(|(at, place)| tenths[tenth(at, count)].push(place));
    tenths
}
