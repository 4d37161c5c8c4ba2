//! How members buy, as a page for the terminal.

use super::grid::{Grid, Side, bar};
use super::terminal::Paint;
use super::words::{count, counted, grouped};
use crate::simulate::fit::holdout::{Check, Verdict, Week};
use crate::simulate::fit::{Estimate, FitReport, Model, Parameter, SpendFit, Unit};
use std::fmt::Write;

/// Lines are broken before this column.
const WIDTH: usize = 100;

/// Cells of a picture.
const PICTURE: usize = 44;

/// Lines of the picture of weeks, about.
const LINES: usize = 20;

/// The page.
pub fn text(report: &FitReport, paint: Paint) -> String {
    let mut page = String::new();
    head(&mut page, report, paint);
    models(&mut page, report, paint);
    spend(&mut page, report, paint);
    holdout(&mut page, report, paint);
    outlook(&mut page, report, paint);
    doubts(&mut page, report, paint);
    page
}

fn title(page: &mut String, paint: Paint, text: &str) {
    let _ = writeln!(page, "\n{}", paint.strong(text));
}

fn rows(page: &mut String, grid: &Grid) {
    for line in grid.lines() {
        let _ = writeln!(page, "  {line}");
    }
}

fn said(page: &mut String, text: &str) {
    wrapped(page, "  ", text);
}

/// Breaks a text into lines; the first begins with `mark`, the others with as many blanks.
fn wrapped(page: &mut String, mark: &str, text: &str) {
    let blanks = " ".repeat(mark.chars().count());
    let (mut line, mut begun) = (mark.to_owned(), false);
    for word in text.split_whitespace() {
        if begun && line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(page, "{line}");
            line.clone_from(&blanks);
            begun = false;
        }
        if begun {
            line.push(' ');
        }
        line.push_str(word);
        begun = true;
    }
    let _ = writeln!(page, "{line}");
}

fn head(page: &mut String, report: &FitReport, paint: Paint) {
    let _ = writeln!(page, "{}", paint.strong(&format!("How members buy, {} to {}", report.start, report.until)));
    let share = percent(report.repeaters, report.members);
    said(
        page,
        &format!(
            "{} bought; {} of them ({share}) bought again, {} in all. Time is in {}; purchases of one member on one day \
             {}.",
            counted(report.members, "member", "members"),
            count(report.repeaters),
            counted(report.repeats, "time", "times"),
            unit(report.unit),
            if report.merge_days {
                format!("count as one ({} joined to another)", were(report.merged))
            } else {
                "count each by itself".to_owned()
            }
        ),
    );
    let left_out = [
        (report.newcomers, "who first bought in the holdout", "member", "members"),
        (report.anonymous, "without a member", "purchase", "purchases"),
        (report.returned, "that came back whole", "purchase", "purchases"),
    ];
    let left_out: Vec<String> = left_out
        .iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, what, one, many)| format!("{} {what}", counted(*number, one, many)))
        .collect();
    if !left_out.is_empty() {
        said(page, &format!("Left out: {}.", left_out.join(", ")));
    }
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Days => "days",
        Unit::Weeks => "weeks",
    }
}

fn were(number: u64) -> String {
    if number == 1 { "1 was".to_owned() } else { format!("{} were", count(number)) }
}

fn percent(part: u64, whole: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a share, shown in whole percent")]
    let share = part as f64 / whole.max(1) as f64 * 100.0;
    format!("{share:.0}%")
}

fn models(page: &mut String, report: &FitReport, paint: Paint) {
    title(page, paint, "When they buy and when they stop");
    let mut grid = Grid::new(&[Side::Left, Side::Right, Side::Right, Side::Right, Side::Left]);
    grid.row(["model", "log-likelihood", "AIC", "BIC", ""]);
    for model in &report.models {
        let note = match (model.chosen, model.settled) {
            (true, true) => "used",
            (true, false) => "used, not settled",
            (false, true) => "",
            (false, false) => "not settled",
        };
        grid.row([
            model.name.to_owned(),
            fixed(model.log_likelihood, 1),
            fixed(model.aic, 1),
            fixed(model.bic, 1),
            note.to_owned(),
        ]);
    }
    rows(page, &grid);
    page.push('\n');
    for model in &report.models {
        parameters(page, model.name, &model.parameters);
    }
}

fn parameters(page: &mut String, name: &str, parameters: &[Parameter]) {
    let one = |parameter: &Parameter| match parameter.error {
        Some(error) => format!("{} {} ± {}", parameter.name, figure(parameter.value), figure(error)),
        None => format!("{} {} ± ?", parameter.name, figure(parameter.value)),
    };
    let all: Vec<String> = parameters.iter().map(one).collect();
    said(page, &format!("{name}: {}", all.join(",  ")));
}

fn spend(page: &mut String, report: &FitReport, paint: Paint) {
    let Some(spend) = &report.spend else { return };
    title(page, paint, "What they spend each time");
    parameters(page, "Gamma-Gamma", &spend.parameters);
    said(page, &about_spend(spend, &report.money));
}

fn about_spend(spend: &SpendFit, money: &str) -> String {
    let mean = match spend.mean {
        Some(mean) => format!("A member of whom nothing is known spends {} {money} each time", fixed(mean, 2)),
        None => "What a member spends each time has no bound".to_owned(),
    };
    format!(
        "{mean}. Fitted to {} who bought again (log-likelihood {}, AIC {}); how often they buy and what they spend are \
         correlated by {:.2}.",
        counted(spend.members, "member", "members"),
        fixed(spend.log_likelihood, 1),
        fixed(spend.aic, 1),
        spend.correlation
    )
}

fn holdout(page: &mut String, report: &FitReport, paint: Paint) {
    title(page, paint, "Expected beside what happened");
    if let Some(check) = &report.check {
        said(page, &verdict(check));
        page.push('\n');
    }
    weeks(page, &report.weeks, paint);
    let Some(check) = &report.check else { return };
    page.push('\n');
    said(page, "Purchases of each member in the holdout, by how often she had bought again before:");
    let most = check.by_frequency.iter().map(|line| line.actual.max(line.expected)).fold(0.0, f64::max);
    let mut grid = Grid::new(&[Side::Right, Side::Right, Side::Right, Side::Right, Side::Left]);
    grid.row(["before", "members", "happened", "expected", ""]);
    let last = check.by_frequency.last().map(|line| line.x);
    for line in &check.by_frequency {
        let more = if Some(line.x) == last && line.x >= 7 { "+" } else { "" };
        grid.row([
            format!("{}{more}", line.x),
            count(line.members),
            fixed(line.actual, 2),
            fixed(line.expected, 2),
            paint.picture(&marked(line.actual, line.expected, most, PICTURE)),
        ]);
    }
    rows(page, &grid);
}

fn verdict(check: &Check) -> String {
    let weeks = counted(u64::from(check.weeks), "week", "weeks");
    let numbers = format!(
        "in the {weeks} held out {} repeat purchases were expected and {} happened",
        fixed(check.expected, 0),
        count(check.actual)
    );
    let sums = check.mape.map_or_else(String::new, |mape| {
        format!(", and week by week the sum of all so far was off by {mape:.1}% on average")
    });
    let off = check.off_percent.map_or_else(String::new, |off| format!(" ({off:+.1}%)"));
    let judged = match check.verdict() {
        Verdict::Tracks { within } => format!("The model tracks within {within:.0}%"),
        Verdict::Off => "The model shows the direction, but is no budget".to_owned(),
        Verdict::Poor => "The fit is poor (see below)".to_owned(),
        Verdict::Thin => "There is too little to compare".to_owned(),
    };
    format!("{judged}: {numbers}{off}{sums}.")
}

/// The sums of all repeat purchases so far: a bar of what happened, and a mark where it was expected to be.
fn weeks(page: &mut String, weeks: &[Week], paint: Paint) {
    said(page, "All repeat purchases up to the end of a week (bar: happened, │: expected):");
    #[expect(clippy::cast_precision_loss, reason = "a picture")]
    let actual = |week: &Week| week.actual_sum as f64;
    let most = weeks.iter().map(|week| actual(week).max(week.expected_sum)).fold(0.0, f64::max);
    let every = weeks.len().div_ceil(LINES).max(1);
    let mut grid = Grid::new(&[Side::Right, Side::Right, Side::Right, Side::Left, Side::Left]);
    grid.row(["week", "happened", "expected", "", ""]);
    for (at, week) in weeks.iter().enumerate() {
        if (at + 1) % every != 0 && at + 1 != weeks.len() {
            continue;
        }
        grid.row([
            week.week.to_string(),
            count(week.actual_sum),
            fixed(week.expected_sum, 0),
            if week.held_out { "held out" } else { "fitted" }.to_owned(),
            paint.picture(&marked(actual(week), week.expected_sum, most, PICTURE)),
        ]);
    }
    rows(page, &grid);
}

/// A bar with a mark.
fn marked(actual: f64, expected: f64, most: f64, width: usize) -> String {
    if most <= 0.0 {
        return String::new();
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a picture, between 0 and its width")]
    #[expect(clippy::cast_precision_loss, reason = "a picture, some tens of cells wide")]
    let place = (expected / most * (width - 1) as f64).round() as usize;
    let mut cells: Vec<char> = bar(actual, most, width).chars().collect();
    while cells.len() <= place {
        cells.push(' ');
    }
    cells[place] = '│';
    cells.into_iter().collect()
}

fn outlook(page: &mut String, report: &FitReport, paint: Paint) {
    let ahead = &report.outlook;
    let weeks = counted(u64::from(ahead.weeks), "week", "weeks");
    title(page, paint, &format!("The {weeks} after {}", report.until));
    let money = &report.money;
    let mut grid = Grid::new(&[Side::Left, Side::Right, Side::Left]);
    let mut row = |what: String, estimate: &Estimate, decimals: usize, unit: &str| {
        let number = format!("{}{unit}", fixed(estimate.value, decimals));
        grid.row([what, number, range(estimate, decimals)]);
    };
    row(format!("of {}, have not left", counted(report.members, "member", "members")), &ahead.alive, 0, "");
    row("their purchases".to_owned(), &ahead.purchases, 0, "");
    let spent = format!("what they spend, {}% a year taken off", figure(ahead.discount));
    if let Some(spend) = &ahead.spend {
        row(spent, spend, 0, &format!(" {money}"));
    }
    if let Some(each) = &ahead.spend_each {
        row("the same for each member".to_owned(), each, 2, &format!(" {money}"));
    }
    for new in &ahead.new_member {
        let weeks = counted(u64::from(new.weeks), "week", "weeks");
        row(format!("a new member buys again within {weeks}"), &new.purchases, 2, " times");
    }
    rows(page, &grid);
    if report.models.iter().any(|model| model.chosen && model.model == Model::BgNbd) {
        said(page, "BG/NBD takes all who bought only once to be still there: the others may count far fewer.");
    }
    if ahead.purchases.low.is_some() {
        said(
            page,
            &format!(
                "Ranges hold 95% of what the parameters could be (seed {}); they are of averages and sums, not of what \
                 one member does.",
                ahead.seed
            ),
        );
    }
}

fn range(estimate: &Estimate, decimals: usize) -> String {
    match (estimate.low, estimate.high) {
        (Some(low), Some(high)) => format!("{} to {}", fixed(low, decimals), fixed(high, decimals)),
        (Some(_) | None, _) => String::new(),
    }
}

fn doubts(page: &mut String, report: &FitReport, paint: Paint) {
    if report.doubts.is_empty() {
        return;
    }
    title(page, paint, "To keep in mind");
    for doubt in &report.doubts {
        wrapped(page, "  - ", &doubt.to_string());
    }
}

/// A number with so many decimals, thousands parted.
fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(text) if text.chars().all(|letter| letter == '0' || letter == '.') => text.to_owned(),
        Some(text) => format!("-{}", grouped(text)),
        None => grouped(&text),
    }
}

/// A parameter: three decimals, more of a small one, none of a large one.
fn figure(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        size if size < 0.001 => format!("{value:.1e}"),
        size if size >= 1000.0 => fixed(value, 0),
        size if size >= 100.0 => format!("{value:.1}"),
        _ if value.fract() == 0.0 => format!("{value:.0}"),
        _ => format!("{value:.3}"),
    }
}
