//! Sums of a replay as what a study shows.

use super::fold::Frame;
use super::giver::Giver;
use super::sums::{OfUnit, Part, Person, Row, Sums};
use super::{Named, deciles};
use crate::engine::measures::Came;
use crate::mechanics::objective::{Figured, Indicator, Objective};
use crate::mechanics::promise::{Promised, monthly_cost};
use crate::mechanics::{PointsId, Program};
use crate::simulate::ifrs::{Period, summed};
use crate::simulate::study::{
    Aged, Arm, Caution, Cut, CutBy, CutRow, Estimate, Measure, MonthRow, ObjectiveRow, RuleRow,
};
use crate::value::clock::{Date, Length};
use crate::value::exact::{Exact, Rounding};
use crate::value::natural_cmp;
use std::collections::BTreeMap;

/// How many days the measures of what members do lately look at.
const LATELY: Length = Length::Days(90);

/// The measures that are always told, by what `docs/numbers.md` calls them, and over how long.
const MEASURES: [(Measure, Indicator, Option<Length>); 10] = [
    (Measure::RedemptionRate, Indicator::RedemptionRate, None),
    (Measure::Breakage, Indicator::Breakage, None),
    (Measure::Adoption, Indicator::ShareOfPurchases, None),
    (Measure::ActiveRate, Indicator::ActiveRate, Some(LATELY)),
    (Measure::RepeatRate, Indicator::RepeatRate, Some(LATELY)),
    (Measure::PurchaseFrequency, Indicator::PurchaseFrequency, None),
    (Measure::AverageBasket, Indicator::AverageBasket, None),
    (Measure::ChurnRate, Indicator::ChurnRate, Some(LATELY)),
    (Measure::BargainHunters, Indicator::BargainHunters, None),
    (Measure::DormantWonBack, Indicator::WonBack, Some(LATELY)),
];

/// Those measures as objectives: the figure that is wanted does not matter.
pub fn measured(program: &Program) -> Vec<Objective> {
    let objective = |(_, indicator, within): &(Measure, Indicator, Option<Length>)| Objective {
        word: String::new(),
        indicator: *indicator,
        unit: None,
        at_least: true,
        figure: Exact::zero(),
        within: *within,
        span: program.settings.name.span,
    };
    MEASURES.iter().map(objective).collect()
}

/// A program over its sums.
pub struct Of<'a> {
    /// What it was played with.
    pub frame: &'a Frame<'a>,
    /// What its members came to.
    pub sums: &'a Sums,
    /// Its sources, and what the user calls it.
    pub named: &'a Named<'a>,
    /// Of each segment, its name and the members that are in it at the end.
    pub segments: &'a [(String, Vec<String>)],
}

impl Of<'_> {
    fn program(&self) -> &Program {
        self.frame.values.program
    }

    /// What the study shows.
    pub fn arm(&self) -> Arm {
        Arm {
            program: self.program().settings.name.text.clone(),
            file: self.named.file.to_owned(),
            measures: self.measures(),
            rules: self.rules(),
            uses: self.uses(),
            months: self.months(),
            cuts: self.cuts(),
            aged: self.aged(),
            first_reward: self.sums.waits.shares(),
            migration: self.migration(),
            tornado: Vec::new(),
            objectives: self.objectives(),
            trial: None,
        }
    }

    /// What the reader must know of it; `arm` is its place.
    pub fn cautions(&self, arm: usize) -> Vec<Caution> {
        let mut cautions = Vec::new();
        if self.sums.rejected > 0 {
            cautions.push(Caution::Rejected { arm, events: self.sums.rejected });
        }
        for (at, of) in self.sums.units.iter().enumerate() {
            let unit = || self.unit(PointsId(at));
            if !self.frame.values.has_worth(PointsId(at)) && !of.given.is_zero() {
                cautions.push(Caution::NoWorth { arm, unit: unit() });
            }
            let runs = of.running.last().is_some_and(Exact::is_positive);
            if runs && !is_breakage_known(of) {
                cautions.push(Caution::BreakageUnknown { arm, unit: unit() });
            }
        }
        for held in &self.sums.without_cost {
            let thing = match held {
                crate::mechanics::example::Held::Gift(gift) => Giver::Gift(*gift),
                crate::mechanics::example::Held::Reward(reward) => Giver::Reward(*reward),
                crate::mechanics::example::Held::Coupon(_) => continue,
            };
            cautions.push(Caution::NoCost { arm, thing: thing.name(self.program()) });
        }
        cautions
    }

    fn unit(&self, unit: PointsId) -> String {
        self.program().points[unit.0].name.text.clone()
    }

    // ---- measures -----------------------------------------------------------------------------

    fn measures(&self) -> Vec<(Measure, Estimate)> {
        let sums = self.sums;
        let (sales, cost) = (self.sales(), self.cost());
        let hundred = Exact::from_int(100);
        let share = |part: &Exact, of: &Exact| part.checked_div(of).map(|share| share * &hundred);
        let last = self.frame.days.len().checked_sub(1);
        let [allocated, recognised, deferred] = self.books().map_or([None, None, None], |books| books.map(Some));
        let mut all: Vec<(Measure, Option<Exact>)> = vec![
            (Measure::CostShareOfSales, share(&cost, &sales)),
            (Measure::Sales, Some(sales)),
            (Measure::CostAtCost, Some(cost)),
            (Measure::CostAtWorth, Some(self.worth())),
            (Measure::Fees, Some(sums.fees.clone()).filter(|_| !self.program().memberships.is_empty())),
            (Measure::PriceOfPoint, self.price_of_point()),
            (Measure::PointsGiven, self.points(|of| &of.given)),
            (Measure::PointsSpent, self.points(|of| &of.spent)),
            (Measure::PointsExpired, self.points(|of| &of.expired)),
            (Measure::LiabilityFace, last.map(|at| self.liability(at).0)),
            (Measure::LiabilityExpected, last.map(|at| self.liability(at).1)),
            (Measure::AllocatedToPoints, allocated),
            (Measure::RecognisedOfPoints, recognised),
            (Measure::ContractLiability, deferred),
            (Measure::Members, Some(number(sums.members))),
            (Measure::EverRewarded, share(&number(sums.rewarded), &number(sums.members))),
            (Measure::MonthsToFirstReward, sums.waits.median().map(|months| Exact::from_int(i64::from(months)))),
        ];
        let came = sums.measures.came();
        all.extend(MEASURES.iter().zip(came).map(|((measure, ..), (_, came))| (*measure, came.figure)));
        if self.program().points.is_empty() {
            all.retain(|(measure, _)| !is_of_points(*measure));
        }
        let mut all: Vec<(Measure, Estimate)> =
            all.into_iter().filter_map(|(measure, figure)| Some((measure, known(&figure?)))).collect();
        all.sort_by_key(|(measure, _)| *measure);
        all
    }

    fn sales(&self) -> Exact {
        self.sums.months.values().map(|month| &month.sales).sum()
    }

    fn cost(&self) -> Exact {
        self.sums.months.values().map(|month| &month.cost).sum()
    }

    fn worth(&self) -> Exact {
        let by_rules: Exact = self.sums.rules.values().map(|row| &row.worth).sum();
        by_rules + self.sums.units.iter().map(|of| &of.worth).sum::<Exact>()
    }

    /// A figure of points: of the only unit, else of all at their worth.
    fn points(&self, of: impl Fn(&OfUnit) -> &Exact) -> Option<Exact> {
        match self.sums.units.as_slice() {
            [] => None,
            [one] => Some(of(one).clone()),
            units => {
                let worth = |(at, unit)| self.frame.values.of_points(PointsId(at), of(unit));
                Some(units.iter().enumerate().map(worth).sum())
            }
        }
    }

    /// What a point that was used cost; of several units nobody could say which one it is.
    fn price_of_point(&self) -> Option<Exact> {
        match self.sums.units.as_slice() {
            [one] => one.cost.checked_div(&one.spent).filter(|_| one.spent.is_positive()),
            _ => None,
        }
    }

    /// What is owed at a moment, by its place: at face, and less what is expected to end unused.
    fn liability(&self, at: usize) -> (Exact, Exact) {
        let (mut face, mut expected) = (Exact::zero(), Exact::zero());
        for (place, of) in self.sums.units.iter().enumerate() {
            let unit = PointsId(place);
            let outstanding = &of.outstanding[at];
            let ends = &of.running[at] * &breakage(of);
            let used = (outstanding - &ends).max(Exact::zero());
            face += self.frame.values.of_points(unit, outstanding);
            expected += self.frame.values.of_points(unit, &used);
        }
        (face, expected)
    }

    // ---- rows ---------------------------------------------------------------------------------

    fn rules(&self) -> Vec<RuleRow> {
        let mut rows = self.sums.rules.clone();
        // What points cost when they are used is carried by who gave them, each by how many.
        for (at, of) in self.sums.units.iter().enumerate() {
            let unit = PointsId(at);
            if of.cost.is_zero() && of.worth.is_zero() {
                continue;
            }
            let givers: Vec<(Giver, Exact)> = rows
                .iter()
                .filter(|((_, of), row)| *of == Some(unit) && row.points.is_positive())
                .map(|((giver, _), row)| (*giver, row.points.clone()))
                .collect();
            let all: Exact = givers.iter().map(|(_, points)| points).sum();
            if givers.is_empty() {
                let row = rows.entry((Giver::Points(unit), Some(unit))).or_default();
                row.cost += &of.cost;
                row.worth += &of.worth;
            }
            for (giver, points) in givers {
                let share = points.checked_div(&all).unwrap_or_default();
                let row = rows.entry((giver, Some(unit))).or_default();
                row.cost += &of.cost * &share;
                row.worth += &of.worth * &share;
            }
        }
        let name = |giver: &Giver| giver.name(self.program());
        rows.iter().map(|((giver, unit), row)| self.row(name(giver), *unit, row)).collect()
    }

    fn uses(&self) -> Vec<RuleRow> {
        let name = |of: &super::giver::Use| of.name(self.program());
        self.sums.uses.iter().map(|((of, unit), row)| self.row(name(of), *unit, row)).collect()
    }

    fn row(&self, name: String, unit: Option<PointsId>, row: &Row) -> RuleRow {
        RuleRow {
            name,
            times: Estimate::known(row.times as f64),
            points: unit.map(|unit| (self.unit(unit), known(&row.points))),
            cost: known(&row.cost),
            worth: known(&row.worth),
        }
    }

    fn months(&self) -> Vec<MonthRow> {
        let of = |(at, day): (usize, &Date)| {
            let month = day.first_of_month();
            let sums = self.sums.months.get(&month).cloned().unwrap_or_default();
            let (face, expected) = self.liability(at);
            MonthRow {
                month,
                sales: known(&sums.sales),
                sales_without: None,
                cost: known(&sums.cost),
                given: known(&sums.given),
                spent: known(&sums.spent),
                expired: known(&sums.expired),
                liability: known(&face),
                liability_expected: known(&expected),
                active: Estimate::known(sums.active as f64),
                gain_so_far: None,
            }
        };
        self.frame.days.iter().enumerate().map(of).collect()
    }

    /// What of the sales is allocated to points, what of that became revenue, and what is deferred at the end (IFRS 15, B42
    /// and B46): points at their worth, month by month, with the use that the whole history lets expect. None where nothing
    /// was given.
    fn books(&self) -> Option<[Exact; 3]> {
        let mut used = Exact::zero();
        let mut periods = Vec::new();
        for (at, day) in self.frame.days.iter().enumerate() {
            let sums = self.sums.months.get(&day.first_of_month()).cloned().unwrap_or_default();
            used += &sums.spent;
            let expected = &used + &self.liability(at).1;
            periods.push(Period { sales: sums.sales, given: sums.given, used: sums.spent, expected });
        }
        summed(&periods, self.program().settings.minor_units)
    }

    fn aged(&self) -> Vec<Aged> {
        let mut all = Vec::new();
        for (at, of) in self.sums.units.iter().enumerate() {
            let unit = PointsId(at);
            // Those that never end stand last.
            let (never, some): (Vec<_>, Vec<_>) = of.ends.iter().partition(|(month, _)| month.is_none());
            for (month, points) in some.into_iter().chain(never).filter(|(_, points)| !points.is_zero()) {
                all.push(Aged {
                    unit: self.unit(unit),
                    month: *month,
                    points: points.to_f64_lossy(),
                    worth: self.frame.values.of_points(unit, points).to_f64_lossy(),
                });
            }
        }
        all
    }

    // ---- cuts ---------------------------------------------------------------------------------

    fn cuts(&self) -> Vec<Cut> {
        let mut cuts = Vec::new();
        for (at, tiers) in self.program().tiers.iter().enumerate() {
            let place = |person: &Person| person.levels.get(at).copied().flatten();
            let names = tiers.levels.iter().map(|level| level.name.text.clone()).collect();
            cuts.push(Cut { by: CutBy::Tier(tiers.name.text.clone()), rows: self.parts(names, |_, one| place(one)) });
        }
        if !self.segments.is_empty() {
            let of = |(name, members): &(String, Vec<String>)| {
                let mut part = Part::default();
                for person in members.iter().filter_map(|id| self.sums.people.get(id)) {
                    part.join(&of_person(person));
                }
                cut_row(name.clone(), &part)
            };
            cuts.push(Cut { by: CutBy::Segment, rows: self.segments.iter().map(of).collect() });
        }
        if self.sums.stores.keys().any(Option::is_some) {
            let mut stores: Vec<(&Option<String>, &Part)> = self.sums.stores.iter().collect();
            stores.sort_by(|(a, _), (b, _)| match (a, b) {
                (Some(a), Some(b)) => natural_cmp(a, b).then_with(|| a.cmp(b)),
                (a, b) => a.is_none().cmp(&b.is_none()),
            });
            let rows = stores.into_iter().map(|(store, part)| cut_row(store.clone().unwrap_or_default(), part));
            cuts.push(Cut { by: CutBy::Store, rows: rows.collect() });
        }
        let tenth = deciles(&self.sums.people);
        let names = (1..=10).map(|decile| decile.to_string()).collect();
        let by = |id: &str, _: &Person| tenth.get(id).copied();
        cuts.push(Cut { by: CutBy::Decile, rows: self.parts(names, by) });
        cuts
    }

    /// Everybody in parts, and what is in none under no name.
    fn parts(&self, names: Vec<String>, place: impl Fn(&str, &Person) -> Option<usize>) -> Vec<CutRow> {
        let mut parts = vec![Part::default(); names.len()];
        let mut rest = self.sums.nobody.clone();
        for (id, person) in &self.sums.people {
            let part = place(id, person).and_then(|at| parts.get_mut(at)).unwrap_or(&mut rest);
            part.join(&of_person(person));
        }
        let mut rows: Vec<CutRow> = names.into_iter().zip(&parts).map(|(name, part)| cut_row(name, part)).collect();
        if rest != Part::default() {
            rows.push(cut_row(String::new(), &rest));
        }
        rows
    }

    fn migration(&self) -> Vec<(String, String, f64)> {
        let several = self.program().tiers.len() > 1;
        let moved = self.sums.moved.iter().map(|((tiers, from, to), members)| {
            let block = &self.program().tiers[tiers.0];
            let name = |level: &Option<usize>| match level.and_then(|level| block.levels.get(level)) {
                Some(level) if several => format!("{} {}", block.name.text, level.name.text),
                Some(level) => level.name.text.clone(),
                None => String::new(),
            };
            (name(from), name(to), *members as f64)
        });
        moved.collect()
    }

    // ---- objectives ---------------------------------------------------------------------------

    fn objectives(&self) -> Vec<ObjectiveRow> {
        let of = |(objective, came): (&Objective, Came)| ObjectiveRow {
            text: self.named.sources.slice(objective.span).split_whitespace().collect::<Vec<_>>().join(" "),
            came_to: came.figure.map(|figure| self.shown(objective, &figure)),
            met: came.met.map(|met| if met { 1.0 } else { 0.0 }),
        };
        let settings = &self.program().settings;
        let promised = self.program().promises.iter().filter_map(|promise| {
            let Promised::MonthlyCost(most) = &promise.what else { return None };
            let dearest = self.sums.months.values().map(|month| &month.cost).max().cloned().unwrap_or_default();
            Some(ObjectiveRow {
                text: monthly_cost(most, settings),
                came_to: Some(self.money(&dearest)),
                met: Some(if dearest <= *most { 1.0 } else { 0.0 }),
            })
        });
        self.sums.objectives.came().into_iter().map(of).chain(promised).collect()
    }

    fn money(&self, figure: &Exact) -> String {
        let settings = &self.program().settings;
        let rounded = figure.round(Rounding::HalfEven, settings.minor_units).fixed(settings.minor_units);
        format!("{rounded} {}", settings.money)
    }

    /// A figure as it is shown, half even: one decimal of a percent, two of a mean, the money's own.
    fn shown(&self, objective: &Objective, figure: &Exact) -> String {
        let rounded = |decimals| figure.round(Rounding::HalfEven, decimals).fixed(decimals);
        match objective.indicator.figured() {
            Figured::Percent => format!("{}%", rounded(1)),
            Figured::Money => self.money(figure),
            Figured::Count(_) => rounded(0),
            Figured::Mean(_) => rounded(2),
        }
    }
}

/// Whether a history shows how many points nobody uses: some have come to their last day, and some were used. Where none
/// was ever used, the history may just not tell of it.
fn is_breakage_known(of: &OfUnit) -> bool {
    of.ended.is_positive() && of.spent.is_positive()
}

/// Of points that came in lots whose last day is over, the share that nobody used; nothing where that is not known.
fn breakage(of: &OfUnit) -> Exact {
    let share = of.expired.checked_div(&of.ended).filter(|_| is_breakage_known(of));
    share.unwrap_or_default().clamp(Exact::zero(), Exact::one())
}

fn is_of_points(measure: Measure) -> bool {
    matches!(
        measure,
        Measure::PriceOfPoint
            | Measure::PointsGiven
            | Measure::PointsSpent
            | Measure::PointsExpired
            | Measure::LiabilityFace
            | Measure::LiabilityExpected
            | Measure::AllocatedToPoints
            | Measure::RecognisedOfPoints
            | Measure::ContractLiability
            | Measure::RedemptionRate
            | Measure::Breakage
    )
}

fn of_person(person: &Person) -> Part {
    Part {
        members: u64::from(person.member),
        sales: person.spend.clone(),
        given: person.given.clone(),
        cost: person.cost.clone(),
    }
}

fn cut_row(name: String, part: &Part) -> CutRow {
    CutRow {
        name,
        members: part.members as f64,
        sales: known(&part.sales),
        given: known(&part.given),
        cost: known(&part.cost),
        gain: None,
    }
}

/// A figure that is known.
pub fn known(figure: &Exact) -> Estimate {
    Estimate::known(figure.to_f64_lossy())
}

fn number(count: u64) -> Exact {
    Exact::from_scaled(i128::from(count), 0)
}

/// By id, the tenth of people she is in by what she spent: 0 for those who spent most.
pub type Tenths<'s> = BTreeMap<&'s str, usize>;
