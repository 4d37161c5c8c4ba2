//! Pictures with names beside them: bars, ranges, and moves from one name to another.

use super::Tone;
use super::draw::{
    ASIDE, Drawn, GRID, Hit, INK, Places, UNDER, WIDTH, at, beside, between, colour, figure, label_at, letters,
    mirrored, room, short, span, tick,
};
use crate::report::study::language::Figures;
use crate::simulate::study::{Estimate, MeasureUnit};
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};
use std::ops::Range;

/// Height of a row.
const ROW: u32 = 64;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, Places>>;

/// The axes of a picture with names: the first name on top.
struct Axes<'a> {
    figures: Figures<'a>,
    labels: &'a [String],
    unit: MeasureUnit,
    across: Range<f64>,
}

impl Axes<'_> {
    fn height(&self) -> u32 {
        u32::try_from(self.labels.len()).unwrap_or(u32::MAX).saturating_mul(ROW).saturating_add(UNDER + 24)
    }

    fn draw<'a, 'b>(&self, area: &'a Area<'b>) -> Option<Chart<'a, 'b>> {
        let figures = self.figures;
        let right_to_left = figures.language.is_right_to_left();
        let side = if right_to_left { LabelAreaPosition::Right } else { LabelAreaPosition::Left };
        let aside = room(self.labels.iter().map(|label| short(label)));
        // A standing axis counts from below: the first name is its last place.
        let down = Places::new(self.labels.len(), true, self.labels.len());
        let mut builder = ChartBuilder::on(area);
        builder.margin(12).margin_left(ASIDE).margin_right(ASIDE);
        builder.set_label_area_size(side, aside).set_label_area_size(LabelAreaPosition::Bottom, UNDER);
        let across = mirrored(figures, self.across.clone());
        let mut chart = builder.build_cartesian_2d(across, down).ok()?;
        chart
            .configure_mesh()
            .disable_y_mesh()
            .disable_y_axis()
            .max_light_lines(0)
            .bold_line_style(GRID.stroke_width(2))
            .axis_style(GRID.stroke_width(2))
            .x_label_style(letters(HPos::Center, VPos::Top))
            .x_label_formatter(&|figure| tick(figures, self.unit, &self.across, *figure))
            .x_labels(6)
            .draw()
            .ok()?;
        let axis = chart.backend_coord(&(self.across.start, 0.0)).0;
        let places = self.labels.iter().enumerate();
        let labels =
            places.map(|(place, label)| (chart.backend_coord(&(self.across.start, at(place))).1, short(label)));
        beside(figures, area, axis, labels)?;
        Some(chart)
    }

    fn zero(&self, chart: &mut Chart<'_, '_>) -> Option<()> {
        if self.across.start > 0.0 || self.across.end < 0.0 {
            return Some(());
        }
        let ends = vec![(0.0, -0.5), (0.0, at(self.labels.len()) - 0.5)];
        chart.draw_series(std::iter::once(PathElement::new(ends, INK.stroke_width(2)))).ok()?;
        Some(())
    }

    fn hits(&self, chart: &Chart<'_, '_>, says: impl Fn(usize) -> String) -> Vec<Hit> {
        let strip = |place: usize| {
            let one = chart.backend_coord(&(self.across.start, at(place) - 0.5));
            let other = chart.backend_coord(&(self.across.end, at(place) + 0.5));
            Hit { place: between(one, other), says: format!("{}: {}", self.labels[place], says(place)) }
        };
        (0..self.labels.len()).map(strip).collect()
    }
}

/// A part of a bar, in the colour of what is gained or lost.
fn bar(chart: &mut Chart<'_, '_>, place: usize, from: f64, to: f64) -> Option<()> {
    let half = 0.32;
    let mut part = |from: f64, to: f64, tone: Tone| {
        let corners = [(from, at(place) - half), (to, at(place) + half)];
        chart.draw_series(std::iter::once(Rectangle::new(corners, colour(tone).filled()))).ok().map(|_| ())
    };
    let (low, high) = (from.min(to), from.max(to));
    if low < 0.0 {
        part(low, high.min(0.0), Tone::LOSS)?;
    }
    if high > 0.0 {
        part(low.max(0.0), high, Tone::GAIN)?;
    }
    Some(())
}

/// Bars from zero.
pub fn bars(figures: Figures<'_>, labels: &[String], unit: MeasureUnit, points: &[Estimate]) -> Option<Drawn> {
    let across = span(points.iter().flat_map(|point| [point.low, point.mid, point.high]), true)?;
    let axes = Axes { figures, labels, unit, across };
    let mut svg = String::new();
    let hits = {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, axes.height())).into_drawing_area();
        let mut chart = axes.draw(&area)?;
        for (place, point) in points.iter().enumerate().filter(|(_, point)| point.mid.is_finite()) {
            bar(&mut chart, place, 0.0, point.mid)?;
            if !point.is_known() && point.low.is_finite() && point.high.is_finite() {
                let ends = vec![(point.low, at(place)), (point.high, at(place))];
                chart.draw_series(std::iter::once(PathElement::new(ends, INK.stroke_width(3)))).ok()?;
            }
        }
        axes.zero(&mut chart)?;
        let hits =
            axes.hits(&chart, |place| points.get(place).map(|point| figure(figures, unit, *point)).unwrap_or_default());
        area.present().ok()?;
        hits
    };
    Some(Drawn { svg, height: axes.height(), hits })
}

/// Bars between two ends, each with what it stands for.
pub fn ranges(
    figures: Figures<'_>,
    labels: &[String],
    unit: MeasureUnit,
    ends: &[[(String, f64); 2]],
) -> Option<Drawn> {
    let across = span(ends.iter().flatten().map(|(_, figure)| *figure), true)?;
    // What stands at the ends needs room.
    let size = across.end - across.start;
    let across = across.start - size * 0.08..across.end + size * 0.08;
    let axes = Axes { figures, labels, unit, across };
    let mut svg = String::new();
    let hits = {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, axes.height())).into_drawing_area();
        let mut chart = axes.draw(&area)?;
        let right_to_left = figures.language.is_right_to_left();
        for (place, [one, other]) in ends.iter().enumerate() {
            bar(&mut chart, place, one.1, other.1)?;
            for (end, outwards) in [(one, one.1 > other.1), (other, other.1 >= one.1)] {
                // A text stands outside of its end: behind the larger figure, before the smaller.
                let pos = if outwards == right_to_left { HPos::Right } else { HPos::Left };
                let gap = size * 0.008 * if outwards { 1.0 } else { -1.0 };
                let text = Text::new(end.0.clone(), (end.1 + gap, at(place)), letters(pos, VPos::Center));
                chart.draw_series(std::iter::once(text)).ok()?;
            }
        }
        axes.zero(&mut chart)?;
        let says = |place: usize| {
            let end = |(label, figure): &(String, f64)| format!("{label} → {}", figures.of(unit, *figure, false));
            ends.get(place).map(|[one, other]| format!("{}; {}", end(one), end(other))).unwrap_or_default()
        };
        let hits = axes.hits(&chart, says);
        area.present().ok()?;
        hits
    };
    Some(Drawn { svg, height: axes.height(), hits })
}

/// A square for each move, the darker the more.
pub fn moves(figures: Figures<'_>, rows: &[String], columns: &[String], cells: &[Vec<f64>]) -> Option<Drawn> {
    let most = cells.iter().flatten().copied().filter(|count| count.is_finite()).fold(0.0, f64::max);
    if most <= 0.0 || columns.is_empty() {
        return None;
    }
    let right_to_left = figures.language.is_right_to_left();
    let height = u32::try_from(rows.len()).unwrap_or(u32::MAX).saturating_mul(ROW + 16).saturating_add(UNDER + 24);
    let mut svg = String::new();
    let hits = {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        let side = if right_to_left { LabelAreaPosition::Right } else { LabelAreaPosition::Left };
        let mut builder = ChartBuilder::on(&area);
        let aside = room(rows.iter().map(|row| short(row)));
        builder.margin(12).set_label_area_size(side, aside).set_label_area_size(LabelAreaPosition::Bottom, UNDER);
        let across = Places::new(columns.len(), right_to_left, columns.len());
        let down = Places::new(rows.len(), true, rows.len());
        let mut chart = builder.build_cartesian_2d(across, down).ok()?;
        chart
            .configure_mesh()
            .disable_mesh()
            .disable_y_axis()
            .axis_style(GRID.stroke_width(2))
            .x_label_style(letters(HPos::Center, VPos::Top))
            .x_label_formatter(&|place| label_at(columns, *place))
            .draw()
            .ok()?;
        let axis = chart.backend_coord(&(-0.5, 0.0)).0;
        let places = rows.iter().enumerate();
        let labels = places.map(|(place, row)| (chart.backend_coord(&(-0.5, at(place))).1, short(row)));
        beside(figures, &area, axis, labels)?;
        let mut hits = Vec::new();
        for (row, counts) in cells.iter().enumerate() {
            for (column, count) in counts.iter().enumerate().filter(|(_, count)| count.is_finite() && **count > 0.0) {
                let corners = [(at(column) - 0.48, at(row) - 0.46), (at(column) + 0.48, at(row) + 0.46)];
                // Never so dark that the figure in it could not be read.
                let fill = colour(Tone::GAIN).mix(0.08 + 0.32 * count / most).filled();
                chart.draw_series(std::iter::once(Rectangle::new(corners, fill))).ok()?;
                let number = figures.language.number(*count, 0);
                let text = Text::new(number.clone(), (at(column), at(row)), letters(HPos::Center, VPos::Center));
                chart.draw_series(std::iter::once(text)).ok()?;
                let place = between(chart.backend_coord(&corners[0]), chart.backend_coord(&corners[1]));
                let arrow = if right_to_left { '←' } else { '→' };
                hits.push(Hit { place, says: format!("{} {arrow} {}: {number}", rows[row], columns[column]) });
            }
        }
        area.present().ok()?;
        hits
    };
    Some(Drawn { svg, height, hits })
}
