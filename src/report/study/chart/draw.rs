//! What all pictures have in common: their area, axes, colours, and the places that say their figures.

use super::Tone;
use crate::report::study::language::Figures;
use crate::simulate::study::{Estimate, MeasureUnit};
use maud::html;
use plotters::coord::Shift;
use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::fmt::Write;
use std::ops::Range;

/// Width of every picture, in its own units: twice those of the screen, since places are whole numbers.
pub const WIDTH: u32 = 1600;
/// Size of letters.
pub const LETTERS: u32 = 26;
/// Room under a picture for what stands there.
pub const UNDER: u32 = 52;
/// Room at both sides, for figures that stand under the ends.
pub const ASIDE: u32 = 44;
/// Beyond this no axis is drawn: the figures are none that a shop has.
const LARGEST: f64 = 1e15;
/// Letters of a name before it is cut short; the table has it whole.
const NAME: usize = 30;

/// What is drawn.
pub struct Drawn {
    /// The picture, as `plotters` wrote it.
    pub svg: String,
    /// Its height.
    pub height: u32,
    /// Where its figures are said.
    pub hits: Vec<Hit>,
}

/// A place of a picture that says a figure to who points at it.
pub struct Hit {
    /// Left, top, right, bottom.
    pub place: [i32; 4],
    /// What it says.
    pub says: String,
}

/// A place between two corners, whichever they are.
pub fn between(one: (i32, i32), other: (i32, i32)) -> [i32; 4] {
    [one.0.min(other.0), one.1.min(other.1), one.0.max(other.0), one.1.max(other.1)]
}

/// Text and axes.
pub const INK: RGBColor = RGBColor(0x1a, 0x1a, 0x1a);
/// Lines of the grid.
pub const GRID: RGBColor = RGBColor(0xd0, 0xd0, 0xd0);

/// A tone as `plotters` has it.
pub fn colour(tone: Tone) -> RGBColor {
    let (red, green, blue) = tone.token();
    RGBColor(red, green, blue)
}

/// Letters, standing so to their place.
pub fn letters<'a>(across: HPos, down: VPos) -> TextStyle<'a> {
    let style: TextStyle<'a> = ("sans-serif", LETTERS).into();
    style.color(&INK).pos(Pos::new(across, down))
}

/// The pixels that a text takes at most, without asking a font.
pub fn room(texts: impl Iterator<Item = String>) -> u32 {
    let longest = texts.map(|text| text.chars().count()).max().unwrap_or(0);
    u32::try_from(longest).unwrap_or(u32::MAX).min(40) * LETTERS * 6 / 10 + 24
}

/// Writes the labels of the standing axis beside it: to its left, in a language from right to left to its right.
pub fn beside(
    figures: Figures<'_>,
    area: &DrawingArea<SVGBackend<'_>, Shift>,
    axis: i32,
    labels: impl Iterator<Item = (i32, String)>,
) -> Option<()> {
    let (place, across) =
        if figures.language.is_right_to_left() { (axis + 14, HPos::Left) } else { (axis - 14, HPos::Right) };
    for (height, label) in labels {
        area.draw(&Text::new(label, (place, height), letters(across, VPos::Center))).ok()?;
    }
    Some(())
}

/// A name short enough to stand beside a picture.
pub fn short(name: &str) -> String {
    if name.chars().count() <= NAME {
        return name.to_owned();
    }
    name.chars().take(NAME - 1).chain(std::iter::once('…')).collect()
}

/// From the least to the largest of the figures, with some room; with zero when asked. None of nothing finite.
pub fn span(figures: impl Iterator<Item = f64>, with_zero: bool) -> Option<Range<f64>> {
    let (low, high) = figures
        .filter(|figure| figure.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), figure| (low.min(figure), high.max(figure)));
    if low > high || high - low > LARGEST {
        return None;
    }
    let (low, high) = if with_zero { (low.min(0.0), high.max(0.0)) } else { (low, high) };
    // A flat line stands in the middle of something; so does one whose steps are lost in the size of its figures.
    let most = high.abs().max(low.abs());
    let size = if high - low > most * 1e-6 { high - low } else { most.max(1.0) };
    let room = |end: f64| if with_zero && end == 0.0 { 0.0 } else { size * 0.06 };
    Some(low - room(low)..high + room(high))
}

/// The same range, from its end when the reader reads from right to left.
pub fn mirrored(figures: Figures<'_>, range: Range<f64>) -> Range<f64> {
    if figures.language.is_right_to_left() { range.end..range.start } else { range }
}

/// How a figure stands at an axis over such a range.
pub fn tick(figures: Figures<'_>, unit: MeasureUnit, range: &Range<f64>, figure: f64) -> String {
    let size = (range.end - range.start).abs();
    let figure = if figure.abs() < size * 1e-9 { 0.0 } else { figure };
    let decimals = match size {
        size if size < 0.5 => 3,
        size if size < 5.0 => 1,
        _ => 0,
    };
    let number = figures.language.number(figure, decimals);
    match unit {
        MeasureUnit::Percent => figures.language.with_sign(&number),
        MeasureUnit::Money | MeasureUnit::Count | MeasureUnit::Mean | MeasureUnit::Places(_) => number,
    }
}

/// A figure with its range, as a place says it.
pub fn figure(figures: Figures<'_>, unit: MeasureUnit, estimate: Estimate) -> String {
    figures.interval(unit, estimate)
}

/// An axis of places: the first in the middle of the first part, and so on.
pub struct Places {
    count: usize,
    backwards: bool,
    /// Every so many is named.
    step: usize,
}

impl Places {
    /// An axis of so many places, from its end when asked, with names at as many of them as there is room for.
    pub fn new(count: usize, backwards: bool, room: usize) -> Self {
        let least = count.div_ceil(room.max(1));
        // Steps that come round with the year: most places are months.
        let step = [1, 2, 3, 4, 6, 12, 24, 60].into_iter().find(|step| *step >= least).unwrap_or(least);
        Self { count, backwards, step }
    }
}

impl Ranged for Places {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, place: &f64, (start, end): (i32, i32)) -> i32 {
        let share = (place + 0.5) / at(self.count.max(1));
        let share = if self.backwards { 1.0 - share } else { share };
        #[expect(clippy::cast_possible_truncation, reason = "a place in a picture")]
        let along = (f64::from(end - start) * share).round() as i32;
        start + along
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        (0..self.count).step_by(self.step).map(at).collect()
    }

    fn range(&self) -> Range<f64> {
        -0.5..at(self.count) - 0.5
    }
}

/// The label at a place of an axis.
pub fn label_at(labels: &[String], place: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below zero there is no label")]
    let at = if place > -0.5 { place.round() as usize } else { usize::MAX };
    labels.get(at).map(|label| short(label)).unwrap_or_default()
}

/// A point's place as `plotters` counts.
#[expect(clippy::cast_precision_loss, reason = "a place among some tens")]
pub fn at(place: usize) -> f64 {
    place as f64
}

/// The picture for the page: it scales, has a name, and says its figures.
pub fn finish(drawn: &Drawn, says: &str) -> String {
    let inner = drawn.svg.split_once('>').map_or("", |(_, inner)| inner);
    let inner = inner.trim_end().strip_suffix("</svg>").unwrap_or(inner);
    let mut svg = String::new();
    let label = html! { (says) }.into_string();
    let _ = write!(
        svg,
        "<svg viewBox=\"0 0 {WIDTH} {}\" role=\"img\" aria-label=\"{label}\" direction=\"ltr\">{inner}",
        drawn.height
    );
    for hit in &drawn.hits {
        let [left, top, right, bottom] = hit.place;
        let says = html! { (hit.says) }.into_string();
        let _ = writeln!(
            svg,
            "<rect class=\"hit\" x=\"{left}\" y=\"{top}\" width=\"{}\" height=\"{}\"><title>{says}</title></rect>",
            right - left,
            bottom - top
        );
    }
    svg.push_str("</svg>");
    svg
}
