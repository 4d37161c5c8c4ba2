//! Columns that line up in any script: widths are those of the terminal, not counts of letters.

use unicode_width::UnicodeWidthChar;

/// On which side a column's cells stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Names.
    Left,
    /// Figures.
    Right,
}

/// Rows of cells to be lined up.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    sides: Vec<Side>,
    rows: Vec<Vec<String>>,
}

impl Grid {
    /// An empty grid with these columns.
    pub fn new(sides: &[Side]) -> Self {
        Self { sides: sides.to_vec(), rows: Vec::new() }
    }

    /// Adds a row; it may have fewer cells than columns.
    pub fn row(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) -> &mut Self {
        self.rows.push(cells.into_iter().map(|cell| shortened(cell.into())).collect());
        self
    }

    /// Whether no row was added.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows as lines, two blanks between columns, none at the end.
    pub fn lines(&self) -> Vec<String> {
        let widths: Vec<usize> = (0..self.sides.len())
            .map(|at| self.rows.iter().filter_map(|row| row.get(at)).map(|cell| width(cell)).max().unwrap_or(0))
            .collect();
        self.rows.iter().map(|row| self.line(row, &widths)).collect()
    }

    fn line(&self, row: &[String], widths: &[usize]) -> String {
        let mut line = String::new();
        for ((cell, side), width) in row.iter().zip(&self.sides).zip(widths) {
            let blanks = " ".repeat(width.saturating_sub(self::width(cell)));
            match side {
                Side::Left => line.extend([cell, blanks.as_str(), "  "]),
                Side::Right => line.extend([blanks.as_str(), cell, "  "]),
            }
        }
        line.truncate(line.trim_end().len());
        line
    }
}

/// A cell of more bytes is cut: a name may have a megabyte, and no line of a terminal has.
const LONGEST: usize = 400;

fn shortened(mut cell: String) -> String {
    if cell.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|at| cell.is_char_boundary(*at)).unwrap_or(0);
        let isolated = cell.ends_with('\u{2069}');
        cell.truncate(end);
        cell.push_str(if isolated { "…\u{2069}" } else { "…" });
    }
    cell
}

/// The cells a text takes on a terminal; its colours take none.
pub fn width(text: &str) -> usize {
    let mut coloured = false;
    let mut cells = 0;
    for letter in text.chars() {
        match (coloured, letter) {
            (false, '\u{1b}') => coloured = true,
            (true, 'm') => coloured = false,
            (true, _) => {}
            (false, letter) => cells += letter.width().unwrap_or(0),
        }
    }
    cells
}

/// A bar of up to `width` cells for `part` of `whole`; anything above nothing shows.
pub fn bar(part: f64, whole: f64, width: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    if !(part > 0.0 && whole > 0.0) {
        return String::new();
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a picture, between 1 and 8 × width")]
    #[expect(clippy::cast_precision_loss, reason = "a picture, some tens of cells wide")]
    let eighths = (part / whole * width as f64 * 8.0).round().clamp(1.0, width as f64 * 8.0) as usize;
    "█".repeat(eighths / 8) + EIGHTHS[eighths % 8]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_right_and_wide_letters_count_twice() {
        let mut grid = Grid::new(&[Side::Left, Side::Right]);
        grid.row(["会员", "7"]).row(["ana", "1,204"]).row(["עדה", "31"]).row(["alone"]);
        assert_eq!(grid.lines(), ["会员       7", "ana    1,204", "עדה       31", "alone"]);
    }

    #[test]
    fn bars_show_every_part_and_none_for_nothing() {
        assert_eq!(bar(0.0, 5.0, 10), "");
        assert_eq!(bar(0.0001, 5.0, 10), "▏");
        assert_eq!(bar(5.0, 5.0, 3), "███");
        assert_eq!(bar(1.0, 2.0, 3), "█▌");
    }
}
