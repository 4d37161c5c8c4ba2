//! The parts of a fit's report: pictures of what happened beside what was expected, what is to come, and the models.

use super::Shown;
use crate::report::study::chart::{Picture, Series, Tone};
use crate::report::study::parts::Part;
use crate::report::study::said::{Said, fill};
use crate::report::study::tables::{Cell, Table};
use crate::report::study::words::Heading;
use crate::simulate::fit::holdout::Week;
use crate::simulate::fit::{self, Parameter, Unit};
use crate::simulate::study::{Estimate, MeasureUnit};

/// A mean of some purchases, which are few.
const FEW: MeasureUnit = MeasureUnit::Places(2);

/// All of them, in their order.
pub fn all(shown: Shown<'_>) -> Vec<Part> {
    let mut parts = vec![
        cumulative(shown),
        weekly(shown),
        conditional(shown),
        repeats(shown),
        worth(shown),
        outlook(shown),
        models(shown),
        parameters(shown),
        read(shown),
    ];
    parts.retain(|part| !part.table.is_empty());
    parts
}

/// An estimate as pictures and sentences have it; without a range where there is no honest one.
pub fn spread(of: fit::Estimate) -> Estimate {
    Estimate { low: of.low.unwrap_or(f64::NAN), mid: of.value, high: of.high.unwrap_or(f64::NAN) }
}

/// A part whose picture draws these columns of its table.
fn part(id: &str, heading: Heading, picture: Picture, table: Table, drawn: &[usize]) -> Part {
    let picture = (!table.is_empty()).then_some(picture);
    Part { drawn: drawn.to_vec(), ..Part::new(id.to_owned(), heading, picture, table) }
}

fn count(count: u64) -> Cell {
    Cell::Figure(MeasureUnit::Count, float(count), true)
}

#[expect(clippy::cast_precision_loss, reason = "counts of purchases and members, far below 2⁵²")]
fn float(count: u64) -> f64 {
    count as f64
}

/// What happened and what was expected, as two series.
fn both(shown: Shown<'_>, figures: impl Iterator<Item = (f64, f64)>) -> Vec<Series> {
    let words = shown.words();
    let (happened, expected): (Vec<_>, Vec<_>) =
        figures.map(|(one, other)| (Some(Estimate::known(one)), Some(Estimate::known(other)))).unzip();
    vec![
        Series { name: words.happened.to_owned(), tone: Tone(0), points: happened },
        Series { name: words.expected.to_owned(), tone: Tone(1), points: expected },
    ]
}

/// Weeks with what happened and what was expected in them, or up to them.
fn of_weeks(
    shown: Shown<'_>,
    (id, heading): (&str, Heading),
    [happened, expected]: [&str; 2],
    of: fn(&Week) -> (u64, f64),
) -> Part {
    let (words, weeks) = (shown.words(), &shown.report.weeks);
    let rows = weeks.iter().map(|week| {
        let (actual, foretold) = of(week);
        let held = if week.held_out { Cell::words(shown.language.words().yes) } else { Cell::Blank };
        vec![count(u64::from(week.week)), count(actual), Cell::Figure(MeasureUnit::Count, foretold, false), held]
    });
    let picture = Picture::Lines {
        labels: weeks.iter().map(|week| week.week.to_string()).collect(),
        unit: MeasureUnit::Count,
        from_zero: true,
        behind: weeks.iter().position(|week| week.held_out),
        series: both(shown, weeks.iter().map(of).map(|(actual, expected)| (float(actual), expected))),
    };
    part(id, heading, picture, Table::new(&[words.week, happened, expected, words.held_out], rows), &[1, 2])
}

fn cumulative(shown: Shown<'_>) -> Part {
    let words = shown.words();
    let heads = [words.happened, words.expected].map(|head| format!("{head}, {}", words.so_far));
    let heads = [heads[0].as_str(), heads[1].as_str()];
    of_weeks(shown, ("so-far", words.cumulative), heads, |week| (week.actual_sum, week.expected_sum))
}

fn weekly(shown: Shown<'_>) -> Part {
    let words = shown.words();
    let heads = [words.happened, words.expected];
    of_weeks(shown, ("weekly", words.weekly), heads, |week| (week.actual, week.expected))
}

/// Labels of so many purchases; the last is of more too.
fn often(lines: impl Iterator<Item = u32>) -> Vec<String> {
    let many = u32::try_from(fit::often::MANY).unwrap_or(u32::MAX);
    lines.map(|x| if x >= many { format!("{x}+") } else { x.to_string() }).collect()
}

fn name(label: &str) -> Cell {
    Cell::Said(Said::figure(label))
}

/// Purchases in the holdout by how often members had bought.
fn conditional(shown: Shown<'_>) -> Part {
    let words = shown.words();
    let lines = shown.report.check.as_ref().map(|check| check.by_frequency.as_slice()).unwrap_or_default();
    let labels = often(lines.iter().map(|line| line.x));
    let rows = labels.iter().zip(lines).map(|(label, line)| {
        let mean = |figure| Cell::Figure(FEW, figure, false);
        vec![name(label), count(line.members), mean(line.actual), mean(line.expected)]
    });
    let heads = [words.again, shown.language.words().members, words.happened, words.expected];
    let table = Table::new(&heads, rows);
    let series = both(shown, lines.iter().map(|line| (line.actual, line.expected)));
    part("conditional", words.conditional, Picture::Groups { labels, unit: FEW, series }, table, &[2, 3])
}

/// Members by how often they bought again.
fn repeats(shown: Shown<'_>) -> Part {
    let (words, lines) = (shown.words(), &shown.report.by_repeats);
    let labels = often(lines.iter().map(|line| line.x));
    let rows = labels.iter().zip(lines).map(|(label, line)| {
        vec![name(label), count(line.actual), Cell::Figure(MeasureUnit::Count, line.expected, false)]
    });
    let table = Table::new(&[words.again, words.happened, words.expected], rows);
    let series = both(shown, lines.iter().map(|line| (float(line.actual), line.expected)));
    part("repeats", words.repeats, Picture::Groups { labels, unit: MeasureUnit::Count, series }, table, &[1, 2])
}

/// What a member is worth by how often she bought again.
fn worth(shown: Shown<'_>) -> Part {
    let (words, lines) = (shown.words(), &shown.report.outlook.worth);
    let shared = shown.language.words();
    let labels = often(lines.iter().map(|line| line.x));
    let rows = labels.iter().zip(lines).map(|(label, line)| {
        let [low, mid, high] = three(MeasureUnit::Money, line.each);
        vec![name(label), count(line.members), mid, low, high]
    });
    let money = [words.expected, shared.low, shared.high].map(|head| format!("{head}, {}", shown.report.money));
    let heads = [words.again, shared.members, &money[0], &money[1], &money[2]];
    let table = Table::new(&heads, rows);
    let points = lines.iter().map(|line| spread(line.each)).collect();
    part("worth", words.worth_by, Picture::Columns { labels, unit: MeasureUnit::Money, points }, table, &[2])
}

/// Low, middle and high of an estimate.
fn three(unit: MeasureUnit, of: fit::Estimate) -> [Cell; 3] {
    let end = |end: Option<f64>| end.map_or(Cell::Blank, |end| Cell::Figure(unit, end, false));
    [end(of.low), Cell::Figure(unit, of.value, false), end(of.high)]
}

/// What is expected behind the last day fitted.
fn outlook(shown: Shown<'_>) -> Part {
    let (words, ahead) = (shown.words(), &shown.report.outlook);
    let shared = shown.language.words();
    let money = shown.report.money.as_str();
    let row = |what: Said, unit: MeasureUnit, of: fit::Estimate| {
        let [low, mid, high] = three(unit, of);
        let unit = if unit == MeasureUnit::Money { Cell::Said(Said::name(money)) } else { Cell::Blank };
        vec![Cell::Said(what), mid, low, high, unit]
    };
    let mut rows = vec![
        row(Said::words(words.alive), MeasureUnit::Count, ahead.alive),
        row(Said::words(words.purchases), MeasureUnit::Count, ahead.purchases),
    ];
    if let Some(spend) = ahead.spend {
        let discount = shown.language.with_sign(&shown.language.number(ahead.discount, places_of(ahead.discount)));
        rows.push(row(fill(words.spend, &[("percent", Said::figure(discount))]), MeasureUnit::Money, spend));
    }
    if let Some(each) = ahead.spend_each {
        rows.push(row(Said::words(words.spend_each), MeasureUnit::Money, each));
    }
    for new in &ahead.new_member {
        let weeks = shown.language.counted(&words.n_weeks, u64::from(new.weeks));
        rows.push(row(fill(words.new_member, &[("weeks", weeks)]), FEW, new.purchases));
    }
    if let Some(spend) = &shown.report.spend {
        let alone = |value| fit::Estimate { value, low: None, high: None };
        if let Some(mean) = spend.mean {
            rows.push(row(Said::words(words.first_spend), MeasureUnit::Money, alone(mean)));
        }
        rows.push(row(Said::words(words.correlation), FEW, alone(spend.correlation)));
    }
    let heads = [shared.measure, words.expected, shared.low, shared.high, shared.unit];
    Part::new("outlook".to_owned(), words.outlook, None, Table::new(&heads, rows.into_iter()))
}

/// Decimals of a figure that a user wrote.
fn places_of(figure: f64) -> u8 {
    if figure.fract() == 0.0 { 0 } else { 2 }
}

fn models(shown: Shown<'_>) -> Part {
    let words = shown.words();
    let shared = shown.language.words();
    let rows = shown.report.models.iter().map(|model| {
        let figure = |figure| Cell::Figure(MeasureUnit::Places(1), figure, false);
        let said = |yes: bool| Cell::words(if yes { shared.yes } else { shared.no });
        vec![
            name(model.name),
            figure(model.log_likelihood),
            figure(model.aic),
            figure(model.bic),
            said(model.settled),
            said(model.chosen),
        ]
    });
    let heads = [words.model, words.log_likelihood, "AIC", "BIC", words.settled, words.used];
    Part::new("models".to_owned(), words.models, None, Table::new(&heads, rows))
}

/// The parameters of all models, with their standard errors and units.
fn parameters(shown: Shown<'_>) -> Part {
    let (words, report) = (shown.words(), shown.report);
    let time = match report.unit {
        Unit::Weeks => words.weeks,
        Unit::Days => words.days,
    };
    let row = |model: &str, of: &Parameter, unit: Said| {
        let figure = |figure: f64| Cell::Figure(MeasureUnit::Places(places(figure)), figure, false);
        vec![name(model), name(of.name), figure(of.value), of.error.map_or(Cell::Blank, figure), Cell::Said(unit)]
    };
    let mut rows = Vec::new();
    for model in &report.models {
        for of in &model.parameters {
            let is_time = matches!(of.name, "alpha" | "beta");
            rows.push(row(model.name, of, if is_time { Said::words(time) } else { Said::default() }));
        }
    }
    for of in report.spend.iter().flat_map(|spend| &spend.parameters) {
        let unit = if of.name == "gamma" { Said::name(&report.money) } else { Said::default() };
        rows.push(row("Gamma-Gamma", of, unit));
    }
    let shared = shown.language.words();
    let heads = [words.model, words.parameter, shared.figure, words.error, shared.unit];
    Part::new("parameters".to_owned(), words.parameters, None, Table::new(&heads, rows.into_iter()))
}

/// Three decimals; more of a small figure, so that three digits are left of it, and fewer of a large one.
fn places(figure: f64) -> u8 {
    match figure.abs() {
        size if size >= 1000.0 => 0,
        size if size >= 100.0 => 1,
        size if size >= 0.1 || size == 0.0 => 3,
        size if size >= 0.01 => 4,
        size if size >= 0.001 => 5,
        size if size >= 0.0001 => 6,
        _ => 9,
    }
}

/// What was counted in the history.
fn read(shown: Shown<'_>) -> Part {
    let (words, report) = (shown.words(), shown.report);
    let mut rows = vec![
        vec![Cell::words(words.members), count(report.members)],
        vec![Cell::words(words.repeaters), count(report.repeaters)],
        vec![Cell::words(words.repeat_purchases), count(report.repeats)],
    ];
    rows.push(match report.merge_days {
        true => vec![Cell::words(words.merged), count(report.merged)],
        false => vec![Cell::words(words.by_itself), Cell::Blank],
    });
    let left_out =
        [(words.newcomers, report.newcomers), (words.anonymous, report.anonymous), (words.returned, report.returned)];
    rows.extend(left_out.iter().filter(|(_, number)| *number > 0).map(|(what, n)| vec![Cell::words(what), count(*n)]));
    let heads = [shown.language.words().measure, shown.language.words().figure];
    Part::new("read".to_owned(), words.read, None, Table::new(&heads, rows.into_iter()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_keeps_three_digits_however_small_it_is() {
        let written = |figure: f64| format!("{figure:.*}", usize::from(places(figure)));
        let figures = [2426.4, 151.23, 15.4444, 0.2434, 0.01234, 0.001234, 0.000_123_4, 0.0];
        assert_eq!(
            figures.map(written),
            ["2426", "151.2", "15.444", "0.243", "0.0123", "0.00123", "0.000123", "0.000"]
        );
    }
}
