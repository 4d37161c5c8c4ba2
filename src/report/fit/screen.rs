//! The fit on a terminal: the answer first, then the figures of each part with small pictures.

use super::Shown;
use crate::report::grid::{Grid, Side, bar};
use crate::report::study::chart::{Picture, Series};
use crate::report::study::parts::Part;
use crate::report::study::said::Said;
use crate::report::study::tables::Cell;
use crate::report::study::whole::Whole;
use crate::report::terminal::Paint;
use crate::simulate::study::Estimate;
use std::fmt::Write;

/// Lines are broken before this column.
const WIDTH: usize = 100;
/// Cells of a picture.
const PICTURE: usize = 40;
/// Lines of a table of weeks, about; the page and the workbook have all.
const LINES: usize = 20;
/// The part that only the page and the workbook have: weeks one by one are too uneven for a terminal.
const NOT_SHOWN: &str = "weekly";

/// The report.
pub fn text(shown: Shown<'_>, whole: &Whole<'_>, paint: Paint) -> String {
    let mut screen = Screen { shown, paint, page: String::new() };
    for (at, sentence) in whole.answer.iter().enumerate() {
        screen.said("", sentence, |paint, line| if at == 0 { paint.strong(line) } else { line.to_owned() });
    }
    screen.line("");
    screen.said("", &whole.about, |paint, line| paint.quiet(line));
    let parts = whole.groups.iter().flat_map(|group| &group.parts);
    for part in parts.filter(|part| part.id != NOT_SHOWN) {
        screen.part(part);
    }
    if !whole.cautions.is_empty() {
        screen.heading(whole.words().cautions.title);
        for caution in &whole.cautions {
            screen.said("  - ", caution, |_, line| line.to_owned());
        }
    }
    screen.line("");
    screen.said("", &whole.made, |paint, line| paint.quiet(line));
    screen.page
}

struct Screen<'a> {
    shown: Shown<'a>,
    paint: Paint,
    page: String,
}

impl Screen<'_> {
    fn line(&mut self, line: &str) {
        let _ = writeln!(self.page, "{line}");
    }

    fn heading(&mut self, heading: &str) {
        let heading = self.paint.strong(heading);
        self.line("");
        self.line(&heading);
    }

    fn plain(&self, said: &Said) -> String {
        said.line(self.shown.language.is_right_to_left())
    }

    /// A sentence in lines; the first begins with `mark`, the others with as many blanks.
    fn said(&mut self, mark: &str, said: &Said, look: impl Fn(Paint, &str) -> String) {
        for line in wrapped(mark, &self.plain(said)) {
            let line = look(self.paint, &line);
            self.line(&line);
        }
    }

    /// A part: its heading, its table, and beside it its picture in small.
    fn part(&mut self, part: &Part) {
        self.heading(part.heading.title);
        let bars = self.bars(part);
        let rows = part.table.rows.len();
        let every = if matches!(part.picture, Some(Picture::Lines { .. })) { rows.div_ceil(LINES).max(1) } else { 1 };
        let is_figure = |column: usize| part.table.rows.iter().any(|row| row.get(column).is_some_and(Cell::is_figure));
        let side = |column| if is_figure(column) { Side::Right } else { Side::Left };
        let sides: Vec<Side> = (0..part.table.heads.len()).map(side).chain([Side::Left]).collect();
        let mut grid = Grid::new(&sides);
        let heads = part.table.heads.iter().map(|head| self.plain(&Said::words(head)));
        let key = if bars.is_empty() { String::new() } else { self.key(part) };
        grid.row(heads.chain([key]).map(|head| self.paint.quiet(&head)));
        for (at, row) in part.table.rows.iter().enumerate() {
            if (at + 1) % every != 0 && at + 1 != rows {
                continue;
            }
            let cells = row.iter().map(|cell| self.plain(&cell.shown(self.shown.figures())));
            let bar = bars.get(at).map(|bar| self.paint.picture(bar)).unwrap_or_default();
            grid.row(cells.chain([bar]));
        }
        for line in grid.lines() {
            self.line(&format!("  {line}"));
        }
    }

    /// What the signs of a picture are.
    fn key(&self, part: &Part) -> String {
        match &part.picture {
            Some(Picture::Lines { series, .. } | Picture::Groups { series, .. }) => {
                let name = |at: usize| series.get(at).map_or("", |one: &Series| &one.name);
                format!("▉ {}  │ {}", name(0), name(1))
            }
            Some(_) | None => String::new(),
        }
    }

    /// The picture of a part, a bar a row; none where it has no picture.
    fn bars(&self, part: &Part) -> Vec<String> {
        match &part.picture {
            Some(Picture::Lines { series, .. } | Picture::Groups { series, .. }) => {
                let [happened, expected] = series.as_slice() else { return Vec::new() };
                let both = happened.points.iter().zip(&expected.points);
                let both: Vec<(f64, f64)> = both.map(|(one, other)| (middle(one), middle(other))).collect();
                let most = both.iter().map(|(one, other)| one.max(*other)).fold(0.0, f64::max);
                both.iter().map(|(happened, expected)| marked(*happened, *expected, most)).collect()
            }
            Some(Picture::Columns { points, .. }) => {
                let most = points.iter().map(|point| point.mid).fold(0.0, f64::max);
                points.iter().map(|point| bar(point.mid, most, PICTURE)).collect()
            }
            Some(Picture::Bars { .. } | Picture::Ranges { .. } | Picture::Moves { .. }) | None => Vec::new(),
        }
    }
}

fn middle(point: &Option<Estimate>) -> f64 {
    point.map_or(0.0, |point| point.mid)
}

/// A bar of what happened, with a mark where it was expected to end.
fn marked(happened: f64, expected: f64, most: f64) -> String {
    if most <= 0.0 {
        return String::new();
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a picture, between 0 and its width")]
    #[expect(clippy::cast_precision_loss, reason = "a picture, some tens of cells wide")]
    let place = (expected / most * (PICTURE - 1) as f64).round() as usize;
    let mut cells: Vec<char> = bar(happened, most, PICTURE).chars().collect();
    while cells.len() <= place {
        cells.push(' ');
    }
    cells[place] = '│';
    cells.into_iter().collect()
}

/// A text in lines; the first begins with `mark`, the others with as many blanks.
fn wrapped(mark: &str, text: &str) -> Vec<String> {
    let blanks = " ".repeat(mark.chars().count());
    let mut lines = Vec::new();
    let (mut line, mut begun) = (mark.to_owned(), false);
    for word in text.split(' ') {
        if begun && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(std::mem::replace(&mut line, blanks.clone()));
            begun = false;
        }
        if begun {
            line.push(' ');
        }
        line.push_str(word);
        begun = true;
    }
    lines.push(line);
    lines
}
