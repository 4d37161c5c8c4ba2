//! The parts of a report, in their order: each with what it is called, what it shows, its picture and its table.

use super::chart::{Picture, Series, Tone};
use super::tables::{self, Table};
use super::words::Heading;
use super::{View, said, trial};
use crate::simulate::study::{Arm, Beside, Cut, CutBy, Estimate, MeasureUnit, MonthRow, RuleRow};

/// Rules that a picture has room for; the table has all.
const RULES: usize = 16;

/// A part.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its name on the page, of letters, digits and hyphens.
    pub id: String,
    /// Its title, and what it shows.
    pub heading: Heading,
    /// What it is of, where several parts have one title: the tiers block.
    pub of: Option<String>,
    /// What it says beside its figures.
    pub says: Vec<said::Said>,
    /// Its picture, if it has one.
    pub picture: Option<Picture>,
    /// Its figures.
    pub table: Table,
    /// The names of rows of the table that are led to; as many as rows, or none.
    pub places: Vec<String>,
    /// The columns of the table that the picture draws, where a workbook draws them too.
    pub drawn: Vec<usize>,
}

impl Part {
    /// A part that is of everything.
    pub fn new(id: String, heading: Heading, picture: Option<Picture>, table: Table) -> Self {
        Self { id, heading, of: None, says: Vec::new(), picture, table, places: Vec::new(), drawn: Vec::new() }
    }
}

/// The parts that hold of all programs at once.
pub fn of_all(view: &View<'_>) -> Vec<Part> {
    let words = view.words();
    let arms: Vec<&Arm> = view.study.arms.iter().collect();
    let mut parts = Vec::new();
    if arms.len() > 1 {
        let headings = words.headings_of(view.study.kind);
        parts.push(Part::new("beside".into(), headings.side_by_side, None, tables::side_by_side(view)));
        parts.push(gain(view, &arms, None));
        parts.push(first_reward(view, &arms, None));
        parts.push(Part::new("winners".into(), words.beside, None, tables::beside(view)));
        for beside in &view.study.beside {
            parts.extend(beside_parts(view, beside));
        }
    }
    parts.retain(|part| !part.table.is_empty());
    parts
}

/// The parts of one program. What several programs show in one picture is not shown again.
pub fn of_arm(view: &View<'_>, at: usize, arm: &Arm) -> Vec<Part> {
    let words = view.words();
    let id = |name: &str| format!("p{}-{name}", at + 1);
    let headings = words.headings_of(view.study.kind);
    let alone = view.study.arms.len() == 1;
    let mut parts = Vec::new();
    if alone {
        parts.push(gain(view, &[arm], Some(id("gain"))));
    }
    let sales_picture = sales_picture(view, arm);
    parts.push(Part::new(id("sales"), headings.sales, sales_picture, tables::sales(view, arm)));
    parts.push(Part::new(id("rules"), headings.rules, rules_picture(arm), tables::rules(view, arm)));
    parts.push(Part::new(id("tornado"), words.tornado, tornado_picture(view, arm), tables::tornado(view, arm)));
    let says = trial::sentences(view, arm);
    parts.push(Part { says, ..Part::new(id("pilot"), words.trial.heading, None, tables::trial(view, arm)) });
    parts.push(Part::new(id("liability"), words.liability, liability_picture(view, arm), tables::liability(view, arm)));
    parts.push(Part::new(id("aged"), words.aged, aged_picture(view, arm), tables::aged(view, arm)));
    if alone {
        parts.push(first_reward(view, &[arm], Some(id("first-reward"))));
    }
    parts.push(Part::new(id("migration"), words.migration, migration_picture(arm), tables::migration(view, arm)));
    parts.extend(arm.cuts.iter().enumerate().map(|(number, cut)| cut_part(view, id(&format!("cut{number}")), cut)));
    parts.push(Part::new(id("objectives"), words.objectives, None, tables::objectives(view, arm)));
    let mut measures = Part::new(id("measures"), headings.measures, None, tables::measures(view, arm));
    measures.places = arm.measures.iter().map(|(measure, _)| tables::place(view, arm, *measure)).collect();
    parts.push(measures);
    parts.retain(|part| !part.table.is_empty());
    parts
}

fn months(view: &View<'_>, arm: &Arm) -> Vec<String> {
    arm.months.iter().map(|month| view.language.month(month.month)).collect()
}

/// The gain so far of one program or of several. The table is of the first; of several, each has its own columns.
fn gain(view: &View<'_>, arms: &[&Arm], id: Option<String>) -> Part {
    let longest = arms.iter().max_by_key(|arm| arm.months.len());
    let labels = longest.map(|arm| months(view, arm)).unwrap_or_default();
    let series = arms.iter().enumerate().map(|(at, arm)| Series {
        name: said::plain_name(&arm.program),
        tone: Tone(at),
        points: arm.months.iter().map(|month| month.gain_so_far).collect(),
    });
    let series: Vec<Series> = series.collect();
    let any = series.iter().any(|one| one.points.iter().any(Option::is_some));
    let picture =
        any.then_some(Picture::Lines { labels, unit: MeasureUnit::Money, from_zero: true, behind: None, series });
    let mut tables = arms.iter().map(|arm| (arm, tables::gain(view, arm)));
    let mut table = tables.next().map(|(_, table)| table).unwrap_or_default();
    if arms.len() > 1 {
        for (head, arm) in table.heads.iter_mut().skip(1).zip(std::iter::repeat(arms[0])) {
            *head = format!("{}: {head}", said::plain_name(&arm.program));
        }
    }
    for (arm, other) in tables {
        let name = said::plain_name(&arm.program);
        table.heads.extend(other.heads.into_iter().skip(1).map(|head| format!("{name}: {head}")));
        for (row, more) in table.rows.iter_mut().zip(other.rows) {
            row.extend(more.into_iter().skip(1));
        }
    }
    Part::new(id.unwrap_or_else(|| "gain".into()), view.words().gain, picture, table)
}

fn first_reward(view: &View<'_>, arms: &[&Arm], id: Option<String>) -> Part {
    let longest = arms.iter().map(|arm| arm.first_reward.len()).max().unwrap_or(0);
    let labels = (1..=longest).map(|month| month.to_string()).collect();
    let series = arms.iter().enumerate().map(|(at, arm)| Series {
        name: said::plain_name(&arm.program),
        tone: Tone(at),
        points: arm.first_reward.iter().map(|share| Some(Estimate::known(share * 100.0))).collect(),
    });
    let picture =
        Picture::Lines { labels, unit: MeasureUnit::Percent, from_zero: true, behind: None, series: series.collect() };
    let id = id.unwrap_or_else(|| "first-reward".into());
    Part::new(id, view.words().first_reward, Some(picture), tables::first_reward(view, arms))
}

fn sales_picture(view: &View<'_>, arm: &Arm) -> Option<Picture> {
    let words = view.words();
    let line = |name: &str, tone, points| Series { name: name.to_owned(), tone, points };
    let with = line(words.with_program, Tone(0), arm.months.iter().map(|month| Some(month.sales)).collect());
    let mut series = vec![with];
    if arm.months.iter().any(|month| month.sales_without.is_some()) {
        let without = |month: &MonthRow| month.sales_without.map(|without| Estimate::known(without.mid));
        series.push(line(words.without_program, Tone(1), arm.months.iter().map(without).collect()));
    }
    let labels = months(view, arm);
    (!labels.is_empty()).then_some(Picture::Lines {
        labels,
        unit: MeasureUnit::Money,
        from_zero: false,
        behind: None,
        series,
    })
}

fn liability_picture(view: &View<'_>, arm: &Arm) -> Option<Picture> {
    let words = view.words();
    let line = |name: &str, tone, of: fn(&MonthRow) -> Estimate| Series {
        name: name.to_owned(),
        tone,
        points: arm.months.iter().map(|month| Some(Estimate::known(of(month).mid))).collect(),
    };
    let owes = arm.months.iter().any(|month| month.liability.mid != 0.0);
    let series = vec![
        line(words.face, Tone(0), |month| month.liability),
        line(words.expected, Tone(2), |month| month.liability_expected),
    ];
    owes.then(|| Picture::Lines {
        labels: months(view, arm),
        unit: MeasureUnit::Money,
        from_zero: true,
        behind: None,
        series,
    })
}

/// The dearest rules; those that cost nothing need no bar.
fn rules_picture(arm: &Arm) -> Option<Picture> {
    let mut rules: Vec<&RuleRow> =
        arm.rules.iter().filter(|rule| rule.cost.mid.is_finite() && rule.cost.high != 0.0).collect();
    rules.sort_by(|one, other| other.cost.mid.total_cmp(&one.cost.mid));
    rules.truncate(RULES);
    let labels = rules.iter().map(|rule| said::plain_name(&rule.name)).collect();
    let points = rules.iter().map(|rule| rule.cost).collect();
    (!rules.is_empty()).then_some(Picture::Bars { labels, unit: MeasureUnit::Money, points })
}

fn tornado_picture(view: &View<'_>, arm: &Arm) -> Option<Picture> {
    let bars = super::answer::by_pull(arm);
    let assumption = |at: usize| view.study.assumptions.get(at);
    let labels = bars.iter().map(|bar| assumption(bar.assumption).map_or("", |of| &of.name));
    let ends = bars.iter().map(|bar| {
        let end = |figure: f64| view.end(bar.assumption, figure);
        let of = assumption(bar.assumption);
        let label = |of: Option<f64>| of.map(end).unwrap_or_default();
        [(label(of.map(|of| of.low)), bar.at_low), (label(of.map(|of| of.high)), bar.at_high)]
    });
    let labels = labels.map(said::plain_name).collect();
    let ends: Vec<_> = ends.collect();
    (!ends.is_empty()).then_some(Picture::Ranges { labels, unit: MeasureUnit::Money, ends })
}

/// What points that end in each month are worth, all units together; those that never end stand last.
fn aged_picture(view: &View<'_>, arm: &Arm) -> Option<Picture> {
    let mut sums: Vec<(String, f64)> = Vec::new();
    for aged in &arm.aged {
        let label = aged.month.map_or_else(|| view.words().never.to_owned(), |month| view.language.month(month));
        match sums.iter_mut().find(|(known, _)| *known == label) {
            Some((_, sum)) => *sum += aged.worth,
            None => sums.push((label, aged.worth)),
        }
    }
    if sums.iter().all(|(_, worth)| *worth == 0.0) {
        return None;
    }
    let (labels, worths): (Vec<String>, Vec<f64>) = sums.into_iter().unzip();
    let points = worths.into_iter().map(Estimate::known).collect();
    Some(Picture::Columns { labels, unit: MeasureUnit::Money, points })
}

fn migration_picture(arm: &Arm) -> Option<Picture> {
    let mut levels: Vec<&str> = Vec::new();
    for (from, to, _) in &arm.migration {
        for level in [from, to] {
            if !levels.contains(&level.as_str()) {
                levels.push(level);
            }
        }
    }
    let mut cells = vec![vec![0.0; levels.len()]; levels.len()];
    let place = |level: &str| levels.iter().position(|known| *known == level);
    for (from, to, members) in &arm.migration {
        if let (Some(row), Some(column)) = (place(from), place(to)) {
            cells[row][column] += members;
        }
    }
    let names: Vec<String> = levels.into_iter().map(said::plain_name).collect();
    (!names.is_empty()).then(|| Picture::Moves { rows: names.clone(), columns: names, cells })
}

fn cut_part(view: &View<'_>, id: String, cut: &Cut) -> Part {
    let words = view.words();
    let has_gain = cut.rows.iter().any(|row| row.gain.is_some());
    let heading = match (&cut.by, has_gain) {
        (CutBy::Decile, true) => words.deciles_gain,
        (CutBy::Decile, false) => words.deciles_given,
        (CutBy::Tier(_), _) => words.by_tier,
        (CutBy::Segment, _) => words.by_segment,
        (CutBy::Store, _) => words.by_store,
    };
    let points = cut.rows.iter().map(|row| if has_gain { row.gain.unwrap_or(Estimate::known(0.0)) } else { row.given });
    let labels = cut.rows.iter().map(|row| said::plain_name(&row.name)).collect();
    let unit = MeasureUnit::Money;
    let picture = match cut.by {
        CutBy::Decile => Some(Picture::Columns { labels, unit, points: points.collect() }),
        CutBy::Tier(_) | CutBy::Segment | CutBy::Store => None,
    };
    let of = match &cut.by {
        CutBy::Tier(block) => Some(said::plain_name(block)),
        CutBy::Segment | CutBy::Store | CutBy::Decile => None,
    };
    Part { of, ..Part::new(id, heading, picture, tables::cut(view, cut)) }
}

fn beside_parts(view: &View<'_>, beside: &Beside) -> Vec<Part> {
    let words = view.words();
    let id = |name: &str| format!("winners{}-{name}", beside.arm + 1);
    let of = view.study.arms.get(beside.arm).map(|arm| said::plain_name(&arm.program));
    let labels = (1..=beside.deciles.len()).map(|decile| decile.to_string()).collect();
    let points: Vec<Estimate> = beside.deciles.iter().copied().map(Estimate::known).collect();
    let picture = (!points.is_empty()).then_some(Picture::Columns { labels, unit: MeasureUnit::Money, points });
    let mut deciles = Part::new(id("deciles"), words.beside_deciles, picture, tables::beside_deciles(view, beside));
    deciles.of.clone_from(&of);
    let mut most = Part::new(id("most"), words.beside_most, None, tables::beside_most(view, beside));
    most.of = of;
    vec![deciles, most]
}
