//! The figures of each part as a table: made once, shown by the page, the workbook and the terminal.

use super::View;
use super::answer::by_pull;
use super::language::Figures;
use super::measured;
use super::said::{Said, fill};
use crate::simulate::study::{
    Aged, Arm, Assumption, Beside, Cut, CutBy, Estimate, Measure, MeasureUnit, MonthRow, ObjectiveRow, RuleRow,
    StudyKind,
};
use crate::value::clock::Date;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing: it does not hold, or is not known.
    Blank,
    /// Words and names.
    Said(Said),
    /// A figure of a unit, and whether it is known, not estimated.
    Figure(MeasureUnit, f64, bool),
    /// A month.
    Month(Date),
    /// An end of an assumption: its unit, and the figure.
    End(String, f64),
}

impl Cell {
    /// Words of the report.
    pub fn words(text: &str) -> Self {
        Cell::Said(Said::words(text))
    }

    fn name(text: &str) -> Self {
        Cell::Said(Said::name(text))
    }

    fn code(text: &str) -> Self {
        Cell::Said(Said::code(text))
    }

    fn money(money: f64) -> Self {
        Cell::Figure(MeasureUnit::Money, money, false)
    }

    fn count(count: f64) -> Self {
        Cell::Figure(MeasureUnit::Count, count, false)
    }

    fn percent(percent: f64) -> Self {
        Cell::Figure(MeasureUnit::Percent, percent, false)
    }

    /// What it says to a reader. Of money without its code: that stands in the head of its column or before the table.
    pub fn shown(&self, figures: Figures<'_>) -> Said {
        match self {
            Cell::Blank => Said::default(),
            Cell::Said(said) => said.clone(),
            Cell::Figure(MeasureUnit::Money, money, known) => Said::figure(figures.sum(*money, *known)),
            Cell::Figure(unit, figure, known) => Said::figure(figures.of(*unit, *figure, *known)),
            Cell::Month(day) => Said::figure(figures.language.month(*day)),
            Cell::End(unit, figure) => Said::figure(figures.end(unit, *figure)),
        }
    }

    /// Whether it stands at the end of its column, as figures do.
    pub fn is_figure(&self) -> bool {
        matches!(self, Cell::Figure(..) | Cell::End(..))
    }
}

/// A table: the first cell of a row names it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// The heads of its columns.
    pub heads: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Of these columns.
    pub fn new(heads: &[&str], rows: impl Iterator<Item = Vec<Cell>>) -> Self {
        Self { heads: heads.iter().map(|head| (*head).to_owned()).collect(), rows: rows.collect() }
    }

    /// Whether it has no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// A head of a column of money: `Cost, RON`.
fn in_money(view: &View<'_>, head: &str) -> String {
    format!("{head}, {}", view.study.money)
}

/// The figures of an estimate: low, middle, high; of what was counted, one.
fn spread(view: &View<'_>, unit: MeasureUnit, estimate: Estimate) -> Vec<Cell> {
    match (view.is_counted(), three(unit, estimate)) {
        (true, [_, mid, _]) => vec![mid],
        (false, all) => all.into(),
    }
}

/// The heads over [`spread`].
fn spread_heads(view: &View<'_>, head: &str) -> Vec<String> {
    let words = view.words();
    if view.is_counted() {
        return vec![in_money(view, head)];
    }
    [words.low, words.middle, words.high].map(|end| in_money(view, &format!("{head} ({end})"))).into()
}

/// Low, middle, high of an estimate.
fn three(unit: MeasureUnit, estimate: Estimate) -> [Cell; 3] {
    let known = estimate.is_known();
    [estimate.low, estimate.mid, estimate.high].map(|figure| Cell::Figure(unit, figure, known))
}

fn money_of(estimate: Estimate) -> Cell {
    Cell::Figure(MeasureUnit::Money, estimate.mid, estimate.is_known())
}

fn count_of(estimate: Estimate) -> Cell {
    Cell::Figure(MeasureUnit::Count, estimate.mid, estimate.is_known())
}

/// What is said of a program in a line beside the others.
const MAIN: [Measure; 12] = [
    Measure::NetGain,
    Measure::ReturnOnInvestment,
    Measure::BreakEvenLift,
    Measure::PaybackMonth,
    Measure::Sales,
    Measure::IncrementalSales,
    Measure::CostAtCost,
    Measure::CostShareOfSales,
    Measure::LiabilityExpected,
    Measure::RedemptionRate,
    Measure::Breakage,
    Measure::EverRewarded,
];

/// Each program's main figures in a column.
pub fn side_by_side(view: &View<'_>) -> Table {
    let words = view.words();
    let arms = &view.study.arms;
    let held = MAIN.iter().filter(|measure| arms.iter().any(|arm| measured(arm, **measure).is_some()));
    let rows = held.map(|measure| {
        let of = |arm: &Arm| match measured(arm, *measure) {
            Some(estimate) => Cell::Said(Said::figure(view.figures().interval(measure.unit(), estimate))),
            None => Cell::Blank,
        };
        std::iter::once(Cell::words((words.term)(*measure).name)).chain(arms.iter().map(of)).collect()
    });
    let mut table = Table::new(&[words.measure], rows);
    table.heads.extend(arms.iter().map(|arm| super::said::plain_name(&arm.program)));
    table
}

/// All measures of a program, with their ranges and formulas.
pub fn measures(view: &View<'_>, arm: &Arm) -> Table {
    let words = view.words();
    let rows = arm.measures.iter().map(|(measure, estimate)| {
        let unit = measure.unit();
        // In one column stand money, percents and counts: each says what it is.
        let shown = |figure: f64| {
            if figure.is_finite() { Cell::Figure(unit, figure, estimate.is_known()) } else { Cell::Blank }
        };
        let mid = if estimate.mid.is_finite() { shown(estimate.mid) } else { Cell::words(words.not_known) };
        let mut row = vec![Cell::words((words.term)(*measure).name)];
        if view.is_counted() {
            row.push(mid);
        } else {
            row.extend([shown(estimate.low), mid, shown(estimate.high)]);
        }
        row.push(Cell::words(match unit {
            MeasureUnit::Money => &view.study.money,
            MeasureUnit::Percent | MeasureUnit::Count | MeasureUnit::Mean | MeasureUnit::Places(_) => "",
        }));
        row.push(Cell::Said(formula(view, arm, *measure)));
        row
    });
    if view.is_counted() {
        return Table::new(&[words.measure, words.figure, words.unit, words.what_it_is], rows);
    }
    Table::new(&[words.measure, words.low, words.middle, words.high, words.unit, words.what_it_is], rows)
}

/// A measure's formula; the other measures in it lead to their rows, where they have one.
fn formula(view: &View<'_>, arm: &Arm, measure: Measure) -> Said {
    let words = view.words();
    let says = (words.term)(measure).says;
    let holes: Vec<(String, Said)> = super::said::holes(says)
        .into_iter()
        .filter_map(|hole| {
            let of = measure_of(hole)?;
            let name = (words.term)(of).name;
            let shown = arm.measures.iter().any(|(measure, _)| *measure == of);
            Some((hole.to_owned(), if shown { Said::link(name, &place(view, arm, of)) } else { Said::words(name) }))
        })
        .collect();
    let holes: Vec<(&str, Said)> = holes.iter().map(|(hole, said)| (hole.as_str(), said.clone())).collect();
    fill(says, &holes)
}

/// Where the page has the row of a measure.
pub fn place(view: &View<'_>, arm: &Arm, measure: Measure) -> String {
    let at = view.study.arms.iter().position(|other| std::ptr::eq(other, arm)).unwrap_or(0);
    format!("p{}-m-{}", at + 1, key(measure))
}

/// The key of a measure, as JSON has it.
fn key(measure: Measure) -> String {
    match serde_json::to_value(measure) {
        Ok(serde_json::Value::String(key)) => key,
        Ok(_) | Err(_) => String::new(),
    }
}

/// The measure of a key. Formulas name only a few.
fn measure_of(key: &str) -> Option<Measure> {
    Some(match key {
        "sales" => Measure::Sales,
        "sales_without" => Measure::SalesWithout,
        "incremental_sales" => Measure::IncrementalSales,
        "incremental_margin" => Measure::IncrementalMargin,
        "cost_at_cost" => Measure::CostAtCost,
        "running_cost" => Measure::RunningCost,
        "fees_earned" => Measure::FeesEarned,
        "fees" => Measure::Fees,
        "net_gain" => Measure::NetGain,
        "points_given" => Measure::PointsGiven,
        "points_spent" => Measure::PointsSpent,
        "points_expired" => Measure::PointsExpired,
        "liability_face" => Measure::LiabilityFace,
        "allocated_to_points" => Measure::AllocatedToPoints,
        "members" => Measure::Members,
        _ => return None,
    })
}

/// Months with the gain so far.
pub fn gain(view: &View<'_>, arm: &Arm) -> Table {
    let words = view.words();
    let rows = arm.months.iter().filter_map(|month| {
        let [low, mid, high] = three(MeasureUnit::Money, month.gain_so_far?);
        Some(vec![Cell::Month(month.month), low, mid, high])
    });
    let money = [words.low, words.middle, words.high].map(|head| in_money(view, head));
    Table::new(&[words.month, &money[0], &money[1], &money[2]], rows)
}

/// Months with sales, and those without the program where they are known.
pub fn sales(view: &View<'_>, arm: &Arm) -> Table {
    let words = view.words();
    let has_control = arm.months.iter().any(|month| month.sales_without.is_some());
    let rows = arm.months.iter().map(|month| {
        let mut row = vec![Cell::Month(month.month)];
        row.extend(spread(view, MeasureUnit::Money, month.sales));
        if has_control {
            let without = month.sales_without;
            row.push(without.map_or(Cell::Blank, money_of));
            row.push(without.map_or(Cell::Blank, |without| Cell::money(month.sales.mid - without.mid)));
        }
        row
    });
    let mut table = Table::new(&[words.month], rows);
    table.heads.extend(spread_heads(view, words.with_program));
    if has_control {
        table.heads.extend([in_money(view, words.without_program), in_money(view, words.difference)]);
    }
    table
}

/// Months with what is owed.
pub fn liability(view: &View<'_>, arm: &Arm) -> Table {
    let words = view.words();
    let rows = arm.months.iter().map(|month| {
        vec![
            Cell::Month(month.month),
            money_of(month.liability),
            money_of(month.liability_expected),
            money_of(month.given),
            money_of(month.spent),
            money_of(month.expired),
        ]
    });
    let heads = [words.face, words.expected, words.given, words.spent, words.expired].map(|head| in_money(view, head));
    Table::new(&[words.month, &heads[0], &heads[1], &heads[2], &heads[3], &heads[4]], rows)
}

/// All figures of each month; for the workbook.
pub fn months(view: &View<'_>, arm: &Arm) -> Table {
    let words = view.words();
    let row = |month: &MonthRow| {
        let mut row = vec![Cell::Month(month.month), money_of(month.sales)];
        row.push(month.sales_without.map_or(Cell::Blank, money_of));
        row.extend([month.cost, month.given, month.spent, month.expired].map(money_of));
        row.extend([month.liability, month.liability_expected].map(money_of));
        row.push(count_of(month.active));
        match month.gain_so_far {
            Some(gain) => row.extend(three(MeasureUnit::Money, gain)),
            None => row.extend([Cell::Blank, Cell::Blank, Cell::Blank]),
        }
        row
    };
    let ends = [words.low, words.middle, words.high].map(|end| format!("{} ({end})", words.gain_so_far));
    let heads = [
        words.month,
        words.with_program,
        words.without_program,
        words.cost,
        words.given,
        words.spent,
        words.expired,
        words.face,
        words.expected,
        words.active,
        &ends[0],
        &ends[1],
        &ends[2],
    ];
    Table::new(&heads, arm.months.iter().map(row))
}

/// Rules, and what each gave and cost.
pub fn rules(view: &View<'_>, arm: &Arm) -> Table {
    let words = view.words();
    let row = |rule: &RuleRow| {
        let (unit, points) = match &rule.points {
            Some((unit, points)) => (Cell::name(unit), count_of(*points)),
            None => (Cell::Blank, Cell::Blank),
        };
        let mut row = vec![Cell::code(&rule.name), count_of(rule.times), points, unit];
        row.extend(spread(view, MeasureUnit::Money, rule.cost));
        row.push(money_of(rule.worth));
        row
    };
    let mut table = Table::new(&[words.rule, words.times, words.points, words.unit], arm.rules.iter().map(row));
    table.heads.extend(spread_heads(view, words.cost));
    table.heads.push(in_money(view, words.worth));
    table
}

/// Assumptions by how far they move the answer.
pub fn tornado(view: &View<'_>, arm: &Arm) -> Table {
    let words = view.words();
    let rows = by_pull(arm).into_iter().map(|bar| {
        let of = view.study.assumptions.get(bar.assumption);
        let end = |figure: Option<f64>| match (of, figure) {
            (Some(of), Some(figure)) => Cell::End(of.unit.clone(), figure),
            (Some(_) | None, _) => Cell::Blank,
        };
        vec![
            Cell::Said(view.assumption(bar.assumption)),
            end(of.map(|of| of.low)),
            end(of.map(|of| of.high)),
            Cell::money(bar.at_low),
            Cell::money(bar.at_high),
        ]
    });
    let gains = [words.gain_at_low, words.gain_at_high].map(|head| in_money(view, head));
    Table::new(&[words.assumption, words.from, words.to, &gains[0], &gains[1]], rows)
}

/// How many members a trial takes, by its length.
pub fn trial(view: &View<'_>, arm: &Arm) -> Table {
    let words = view.words();
    #[expect(clippy::cast_precision_loss, reason = "a count that is shown")]
    let count = |count: u64| Cell::count(count as f64);
    let sizes = arm.trial.iter().flat_map(|trial| &trial.sizes);
    let rows = sizes.map(|size| {
        vec![count(u64::from(size.weeks)), count(size.members), size.known_before.map_or(Cell::Blank, count)]
    });
    Table::new(&[words.trial.weeks, words.trial.members, words.trial.known_before], rows)
}

/// A cut of members or sales.
pub fn cut(view: &View<'_>, cut: &Cut) -> Table {
    let words = view.words();
    let has_gain = cut.rows.iter().any(|row| row.gain.is_some());
    let rows = cut.rows.iter().map(|row| {
        let mut cells = vec![Cell::name(&row.name), Cell::count(row.members)];
        cells.extend([row.sales, row.given, row.cost].map(money_of));
        if has_gain {
            cells.push(row.gain.map_or(Cell::Blank, money_of));
        }
        cells
    });
    let first = match &cut.by {
        CutBy::Decile => words.decile,
        CutBy::Tier(_) | CutBy::Segment | CutBy::Store => words.part,
    };
    let heads = [words.sales_head, words.given, words.cost].map(|head| in_money(view, head));
    let mut table = Table::new(&[first, words.members, &heads[0], &heads[1], &heads[2]], rows);
    if has_gain {
        table.heads.push(in_money(view, words.gain_with_them));
    }
    table
}

/// Who had a first reward, by months since joining, program by program.
pub fn first_reward(view: &View<'_>, arms: &[&Arm]) -> Table {
    let words = view.words();
    let longest = arms.iter().map(|arm| arm.first_reward.len()).max().unwrap_or(0);
    let rows = (0..longest).map(|at| {
        #[expect(clippy::cast_precision_loss, reason = "a number of months")]
        let month = Cell::count((at + 1) as f64);
        let share = |arm: &&Arm| arm.first_reward.get(at).map_or(Cell::Blank, |share| Cell::percent(share * 100.0));
        std::iter::once(month).chain(arms.iter().map(share)).collect()
    });
    let mut table = Table::new(&[words.month_number], rows);
    table.heads.extend(arms.iter().map(|arm| super::said::plain_name(&arm.program)));
    table
}

/// Moves between levels.
pub fn migration(view: &View<'_>, arm: &Arm) -> Table {
    let words = view.words();
    let rows =
        arm.migration.iter().map(|(from, to, members)| vec![Cell::name(from), Cell::name(to), Cell::count(*members)]);
    Table::new(&[words.level_before, words.level_after, words.members], rows)
}

/// Points outstanding at the end by the month in which they end.
pub fn aged(view: &View<'_>, arm: &Arm) -> Table {
    let words = view.words();
    let rows = arm.aged.iter().map(|aged: &Aged| {
        let month = aged.month.map_or_else(|| Cell::words(words.never), Cell::Month);
        vec![month, Cell::name(&aged.unit), Cell::count(aged.points), Cell::money(aged.worth)]
    });
    Table::new(&[words.month, words.unit, words.points, &in_money(view, words.worth)], rows)
}

/// Objectives, and whether they are met.
pub fn objectives(view: &View<'_>, arm: &Arm) -> Table {
    let words = view.words();
    let met = |row: &ObjectiveRow| match (row.met, view.study.kind) {
        (None, _) => Cell::words(words.not_known),
        (Some(share), StudyKind::Population) => {
            Cell::Said(fill(words.met_in, &[("percent", Said::figure(view.language.percent(share * 100.0)))]))
        }
        (Some(share), StudyKind::Replay) => Cell::words(if share > 0.5 { words.yes } else { words.no }),
    };
    let rows = arm.objectives.iter().map(|row| {
        let came_to = row.came_to.as_deref().map_or(Cell::Blank, Cell::name);
        vec![Cell::code(&row.text), came_to, met(row)]
    });
    Table::new(&[words.objective, words.came_to, words.met], rows)
}

/// Further programs beside the first.
pub fn beside(view: &View<'_>) -> Table {
    let words = view.words();
    let rows = view.study.beside.iter().filter_map(|beside| {
        let arm = view.study.arms.get(beside.arm)?;
        #[expect(clippy::cast_precision_loss, reason = "a count that is shown")]
        let [more, less, same] = [beside.winners, beside.losers, beside.same].map(|count| Cell::count(count as f64));
        let mut row = vec![Cell::name(&arm.program), more, less, same];
        row.extend(spread(view, MeasureUnit::Money, beside.gain));
        Some(row)
    });
    let gain = match view.study.kind {
        StudyKind::Population => words.difference_of_gain,
        StudyKind::Replay => words.saved,
    };
    let mut table = Table::new(&[words.program, words.get_more, words.get_less, words.get_same], rows);
    table.heads.extend(spread_heads(view, gain));
    table
}

/// What a member gets more than from the first program, by deciles.
pub fn beside_deciles(view: &View<'_>, beside: &Beside) -> Table {
    let words = view.words();
    let rows = beside.deciles.iter().enumerate().map(|(at, more)| {
        #[expect(clippy::cast_precision_loss, reason = "1 to 10")]
        let decile = Cell::count((at + 1) as f64);
        vec![decile, Cell::money(*more)]
    });
    Table::new(&[words.decile, &in_money(view, words.difference)], rows)
}

/// The members who win and lose most.
pub fn beside_most(view: &View<'_>, beside: &Beside) -> Table {
    let words = view.words();
    let rows = beside.most.iter().map(|(member, first, this)| {
        vec![Cell::name(member), Cell::money(*first), Cell::money(*this), Cell::money(this - first)]
    });
    let program =
        |at: usize| view.study.arms.get(at).map(|arm| super::said::plain_name(&arm.program)).unwrap_or_default();
    let heads = [program(0), program(beside.arm), words.difference.to_owned()].map(|head| in_money(view, &head));
    Table::new(&[words.member, &heads[0], &heads[1], &heads[2]], rows)
}

/// Assumptions and where they come from.
pub fn assumptions(view: &View<'_>) -> Table {
    let words = view.words();
    let row = |(at, of): (usize, &Assumption)| {
        let source = match &of.source {
            Some(source) => Cell::name(source),
            None => Cell::words(words.own_figure),
        };
        let end = |figure| Cell::End(of.unit.clone(), figure);
        vec![Cell::Said(view.assumption(at)), end(of.low), end(of.high), source]
    };
    Table::new(
        &[words.assumption, words.from, words.to, words.source],
        view.study.assumptions.iter().enumerate().map(row),
    )
}
