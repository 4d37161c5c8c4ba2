//! Pictures, drawn by `plotters` as SVG: only its coordinates, grids and shapes, and no font, so that every machine
//! draws the same bytes.
//!
//! Colours are tokens that the page's style turns into those of its light, dark and printed look ([`Tone::token`]).
//! In a language from right to left pictures are mirrored: the first month and the names stand on the right.

mod bars;
mod draw;
mod upright;

use super::language::Figures;
use crate::simulate::study::{Estimate, MeasureUnit};

/// What a picture shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Picture {
    /// Lines over months, each with its band.
    Lines {
        /// What stands under each point.
        labels: Vec<String>,
        /// What the figures are of.
        unit: MeasureUnit,
        /// Whether the axis has zero on it.
        from_zero: bool,
        /// From which label on the figures are of another kind, as those that a model never saw are.
        behind: Option<usize>,
        /// The lines.
        series: Vec<Series>,
    },
    /// Columns side by side for each part.
    Groups {
        /// What stands under each part.
        labels: Vec<String>,
        /// What the figures are of.
        unit: MeasureUnit,
        /// The columns of each part, one a series.
        series: Vec<Series>,
    },
    /// A column for each part, with the range of its height.
    Columns {
        /// What stands under each column.
        labels: Vec<String>,
        /// What the figures are of.
        unit: MeasureUnit,
        /// Their heights.
        points: Vec<Estimate>,
    },
    /// A lying bar for each part, with the range of its length.
    Bars {
        /// What stands before each bar.
        labels: Vec<String>,
        /// What the figures are of.
        unit: MeasureUnit,
        /// Their lengths.
        points: Vec<Estimate>,
    },
    /// A lying bar between two ends for each part.
    Ranges {
        /// What stands before each bar.
        labels: Vec<String>,
        /// What the figures are of.
        unit: MeasureUnit,
        /// Each end: what stands at it, and where it is.
        ends: Vec<[(String, f64); 2]>,
    },
    /// How many went from each row to each column.
    Moves {
        /// Where they came from.
        rows: Vec<String>,
        /// Where they went.
        columns: Vec<String>,
        /// How many.
        cells: Vec<Vec<f64>>,
    },
}

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// Its colour.
    pub tone: Tone,
    /// Its points; none where nothing is known.
    pub points: Vec<Option<Estimate>>,
}

/// A colour of the page: its number among those that differ for everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tone(pub usize);

impl Tone {
    /// What the program gains, and the first program.
    pub const GAIN: Tone = Tone(0);
    /// What it loses, and the second.
    pub const LOSS: Tone = Tone(1);

    /// The colour by which the page's style knows it: those of Okabe and Ito (2008), which people with any colour
    /// vision tell apart; the lines differ by their dashes too.
    pub fn token(self) -> (u8, u8, u8) {
        const TOKENS: [(u8, u8, u8); 6] = [
            (0x00, 0x72, 0xb2),
            (0xd5, 0x5e, 0x00),
            (0x00, 0x9e, 0x73),
            (0xcc, 0x79, 0xa7),
            (0xe6, 0x9f, 0x00),
            (0x56, 0xb4, 0xe9),
        ];
        TOKENS[self.0 % TOKENS.len()]
    }

    /// The token as SVG has it: `#0072B2`.
    pub fn hex(self) -> String {
        let (red, green, blue) = self.token();
        format!("#{red:02X}{green:02X}{blue:02X}")
    }
}

/// A picture as SVG; none where it has nothing to show. `says` is read to who cannot see it.
pub fn svg(figures: Figures<'_>, picture: &Picture, says: &str) -> Option<String> {
    let drawn = match picture {
        Picture::Lines { labels, unit, from_zero, behind, series } => {
            upright::lines(figures, labels, *unit, (*from_zero, *behind), series)?
        }
        Picture::Groups { labels, unit, series } => upright::groups(figures, labels, *unit, series)?,
        Picture::Columns { labels, unit, points } => upright::columns(figures, labels, *unit, points)?,
        Picture::Bars { labels, unit, points } => bars::bars(figures, labels, *unit, points)?,
        Picture::Ranges { labels, unit, ends } => bars::ranges(figures, labels, *unit, ends)?,
        Picture::Moves { rows, columns, cells } => bars::moves(figures, rows, columns, cells)?,
    };
    Some(draw::finish(&drawn, says))
}
