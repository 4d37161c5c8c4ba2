//! The terminal's report: the answer, the measures with their ranges, small pictures, cautions.

use super::said::{Said, fill};
use super::tables::{self, Cell, Table};
use super::{View, answer, cautions, trial};
use crate::report::grid::{Grid, Side, bar};
use crate::report::terminal::Paint;
use crate::simulate::study::{Arm, Estimate, MeasureUnit, RuleRow, TornadoBar};

/// Cells of the longest bar.
const BAR: usize = 24;
/// Rules shown; the page and the workbook have all.
const RULES: usize = 10;
/// Heights of a line of text.
const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The report.
pub fn text(view: &View<'_>, paint: Paint) -> String {
    let mut screen = Screen { view, paint, text: String::new() };
    screen.write();
    screen.text
}

struct Screen<'a> {
    view: &'a View<'a>,
    paint: Paint,
    text: String,
}

impl Screen<'_> {
    fn write(&mut self) {
        let view = self.view;
        for (at, sentence) in answer::sentences(view).iter().enumerate() {
            let line = self.said(sentence);
            let line = if at == 0 { self.paint.strong(&line) } else { line };
            self.line(&line);
        }
        let about = self.said(&view.about());
        let about = self.paint.quiet(&about);
        self.line("");
        self.line(&about);
        if view.study.arms.len() > 1 {
            let words = view.words();
            self.table(words.side_by_side.title, &tables::side_by_side(view));
            self.table(words.beside.title, &tables::beside(view));
        }
        for arm in &view.study.arms {
            self.program(arm);
        }
        let words = view.words();
        self.table(words.assumptions.title, &tables::assumptions(view));
        self.cautions();
        let made = self.said(&view.made());
        let made = self.paint.quiet(&made);
        self.line("");
        self.line(&made);
    }

    fn program(&mut self, arm: &Arm) {
        let view = self.view;
        let words = view.words();
        if view.study.arms.len() > 1 {
            let title = self.said(&fill(words.one_program, &[("program", Said::name(&arm.program))]));
            let title = self.paint.strong(&format!("── {title} ──"));
            self.line("");
            self.line(&title);
        }
        let mut measures = tables::measures(view, arm);
        // The formulas are on the page.
        measures.heads.pop();
        measures.rows.iter_mut().for_each(|row| row.truncate(measures.heads.len()));
        self.table(words.measures.title, &measures);
        self.lines(arm);
        self.rules(arm);
        self.tornado(arm);
        self.trial(arm);
        self.table(words.objectives.title, &tables::objectives(view, arm));
    }

    fn said(&self, said: &Said) -> String {
        said.line(self.view.language.is_right_to_left())
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A blank line, a heading, and lines under it.
    fn section(&mut self, heading: &str, grid: &Grid) {
        if grid.is_empty() {
            return;
        }
        let heading = self.paint.strong(heading);
        self.line("");
        self.line(&heading);
        for line in grid.lines() {
            self.line(&format!("  {line}"));
        }
    }

    fn table(&mut self, heading: &str, table: &Table) {
        let is_figure = |column: usize| table.rows.iter().any(|row| row.get(column).is_some_and(Cell::is_figure));
        let sides: Vec<Side> =
            (0..table.heads.len()).map(|column| if is_figure(column) { Side::Right } else { Side::Left }).collect();
        let mut grid = Grid::new(&sides);
        if !table.is_empty() {
            grid.row(table.heads.iter().map(|head| self.paint.quiet(&self.said(&Said::words(head)))));
        }
        for row in &table.rows {
            grid.row(row.iter().map(|cell| self.said(&cell.shown(self.view.figures()))));
        }
        self.section(heading, &grid);
    }

    /// Months in a line each: the gain so far, sales, what is owed.
    fn lines(&mut self, arm: &Arm) {
        let words = self.view.words();
        let (Some(first), Some(last)) = (arm.months.first(), arm.months.last()) else { return };
        let month = |day| Said::figure(self.view.language.month(day));
        let gain: Vec<f64> = arm.months.iter().filter_map(|month| month.gain_so_far.map(|gain| gain.mid)).collect();
        let of = |of: fn(&crate::simulate::study::MonthRow) -> Estimate| -> Vec<f64> {
            arm.months.iter().map(|month| of(month).mid).collect()
        };
        let rows = [
            (words.gain.title, gain),
            (words.sales.title, of(|month| month.sales)),
            (words.liability.title, of(|month| month.liability)),
        ];
        let mut grid = Grid::new(&[Side::Left, Side::Right, Side::Left, Side::Right]);
        for (name, points) in rows {
            let (Some(from), Some(until)) = (points.first(), points.last()) else { continue };
            if points.iter().all(|point| *point == 0.0) {
                continue;
            }
            let known = self.view.is_counted();
            let money = |sum: f64| self.said(&Said::figure(self.view.figures().money(sum, known)));
            grid.row([name.to_owned(), money(*from), self.paint.picture(&sparkline(&points)), money(*until)]);
        }
        let heading = Said::words(words.months.title).then(Said::words(": ")).then(month(first.month));
        let heading = self.said(&heading.then(Said::words(" … ")).then(month(last.month)));
        self.section(&heading, &grid);
    }

    fn rules(&mut self, arm: &Arm) {
        let mut rules: Vec<&RuleRow> = arm.rules.iter().filter(|rule| rule.cost.mid > 0.0).collect();
        rules.sort_by(|one, other| other.cost.mid.total_cmp(&one.cost.mid));
        let most = rules.first().map_or(0.0, |rule| rule.cost.mid);
        let mut grid = Grid::new(&[Side::Left, Side::Right, Side::Left]);
        for rule in rules.into_iter().take(RULES) {
            let cost = Said::figure(self.view.figures().interval(MeasureUnit::Money, rule.cost));
            let bar = self.paint.picture(&bar(rule.cost.mid, most, BAR));
            grid.row([self.said(&Said::name(&rule.name)), self.said(&cost), bar]);
        }
        self.section(self.view.words().rules.title, &grid);
    }

    fn tornado(&mut self, arm: &Arm) {
        let bars = answer::by_pull(arm);
        let pull = |bar: &TornadoBar| (bar.at_high - bar.at_low).abs();
        let most = bars.first().map_or(0.0, |bar| pull(bar));
        let mut grid = Grid::new(&[Side::Left, Side::Right, Side::Right, Side::Left]);
        for one in bars {
            let name = self.view.study.assumptions.get(one.assumption).map_or("", |of| &of.name);
            let end = |figure: f64, gain: f64| {
                let gain = self.view.figures().money(gain, false);
                self.said(&Said::figure(format!("{} → {gain}", self.view.end(one.assumption, figure))))
            };
            let of = self.view.study.assumptions.get(one.assumption);
            let [low, high] = [of.map(|of| end(of.low, one.at_low)), of.map(|of| end(of.high, one.at_high))];
            let bar = self.paint.picture(&bar(pull(one), most, BAR));
            grid.row([self.said(&Said::name(name)), low.unwrap_or_default(), high.unwrap_or_default(), bar]);
        }
        self.section(self.view.words().tornado.title, &grid);
    }

    /// What a pilot would tell; the page has how many members it takes by its length.
    fn trial(&mut self, arm: &Arm) {
        self.list(self.view.words().trial.heading.title, &trial::sentences(self.view, arm));
    }

    fn cautions(&mut self) {
        self.list(self.view.words().cautions.title, &cautions::sentences(self.view));
    }

    /// Sentences under a heading.
    fn list(&mut self, heading: &str, sentences: &[Said]) {
        if sentences.is_empty() {
            return;
        }
        let heading = self.paint.strong(heading);
        self.line("");
        self.line(&heading);
        for sentence in sentences {
            let line = self.said(sentence);
            self.line(&format!("  - {line}"));
        }
    }
}

/// A line of small columns from the least to the most; a flat one stands low.
fn sparkline(points: &[f64]) -> String {
    let finite = || points.iter().copied().filter(|point| point.is_finite());
    let (low, high) = (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
    let column = |point: &f64| {
        if !point.is_finite() {
            return ' ';
        }
        let share = if high > low { (point - low) / (high - low) } else { 0.0 };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of one, times 7")]
        HEIGHTS[(share.clamp(0.0, 1.0) * 7.0).round() as usize]
    };
    points.iter().map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::sparkline;

    #[test]
    fn small_columns_go_from_the_least_to_the_most() {
        assert_eq!(sparkline(&[-1.0, 0.0, 1.0, f64::NAN]), "▁▅█ ");
        assert_eq!(sparkline(&[3.0, 3.0]), "▁▁");
    }
}
