//! Pictures over months and tenths: lines and columns.

use super::draw::{
    ASIDE, Drawn, GRID, Hit, INK, Places, UNDER, WIDTH, at, beside, between, colour, figure, label_at, letters, room,
    short, span, tick,
};
use super::{Series, Tone};
use crate::report::study::language::Figures;
use crate::simulate::study::{Estimate, MeasureUnit};
use plotters::coord::Shift;
use plotters::coord::ranged1d::{BoldPoints, Ranged};
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};
use std::ops::Range;

/// Height of a picture with a standing axis.
const HEIGHT: u32 = 640;
/// About so many lines of the grid.
const TICKS: usize = 6;
/// Points of a line that are marked one by one.
const MARKED: usize = 24;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<Places, RangedCoordf64>>;

/// The axes of a picture.
struct Axes<'a> {
    figures: Figures<'a>,
    labels: &'a [String],
    unit: MeasureUnit,
    up: Range<f64>,
}

impl Axes<'_> {
    /// Draws them; what is drawn after them lies over the grid.
    fn draw<'a, 'b>(&self, area: &'a Area<'b>) -> Option<Chart<'a, 'b>> {
        let figures = self.figures;
        let ends = [self.up.start, self.up.end, (self.up.start + self.up.end) / 2.0];
        let aside = room(ends.into_iter().map(|figure| tick(figures, self.unit, &self.up, figure)));
        let right_to_left = figures.language.is_right_to_left();
        let side = if right_to_left { LabelAreaPosition::Right } else { LabelAreaPosition::Left };
        // As many labels as stand beside one another.
        let shown = (WIDTH - aside) / room(self.labels.iter().map(|label| short(label)));
        let across = Places::new(self.labels.len(), right_to_left, usize::try_from(shown).unwrap_or(1));
        let mut builder = ChartBuilder::on(area);
        builder
            .margin(12)
            .margin_left(ASIDE)
            .margin_right(ASIDE)
            .set_label_area_size(side, aside)
            .set_label_area_size(LabelAreaPosition::Bottom, UNDER);
        let mut chart = builder.build_cartesian_2d(across, self.up.clone()).ok()?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .disable_y_axis()
            .max_light_lines(0)
            .bold_line_style(GRID.stroke_width(2))
            .axis_style(GRID.stroke_width(2))
            .x_label_style(letters(HPos::Center, VPos::Top))
            .x_label_formatter(&|place| label_at(self.labels, *place))
            .y_labels(TICKS)
            .draw()
            .ok()?;
        let axis = chart.backend_coord(&(-0.5, self.up.start)).0;
        let ticks = RangedCoordf64::from(self.up.clone()).key_points(BoldPoints(TICKS));
        let labels = ticks
            .into_iter()
            .map(|figure| (chart.backend_coord(&(-0.5, figure)).1, tick(figures, self.unit, &self.up, figure)));
        beside(figures, area, axis, labels)?;
        Some(chart)
    }

    /// The line at zero, where the picture goes over it.
    fn zero(&self, chart: &mut Chart<'_, '_>) -> Option<()> {
        if self.up.start > 0.0 || self.up.end < 0.0 {
            return Some(());
        }
        let ends = vec![(-0.5, 0.0), (at(self.labels.len()) - 0.5, 0.0)];
        chart.draw_series(std::iter::once(PathElement::new(ends, INK.stroke_width(2)))).ok()?;
        Some(())
    }

    /// Shades what lies behind a place, and draws a line before it.
    fn divide(&self, chart: &mut Chart<'_, '_>, place: usize) -> Option<()> {
        let (from, until) = (at(place) - 0.5, at(self.labels.len()) - 0.5);
        let corners = [(from, self.up.start), (until, self.up.end)];
        chart.draw_series(std::iter::once(Rectangle::new(corners, INK.mix(0.06).filled()))).ok()?;
        let ends = vec![(from, self.up.start), (from, self.up.end)];
        chart.draw_series(std::iter::once(PathElement::new(ends, INK.stroke_width(2)))).ok()?;
        Some(())
    }

    /// A strip over each label that says its figures.
    fn hits(&self, chart: &Chart<'_, '_>, says: impl Fn(usize) -> String) -> Vec<Hit> {
        let strip = |place: usize| {
            let top = chart.backend_coord(&(at(place) - 0.5, self.up.end));
            let bottom = chart.backend_coord(&(at(place) + 0.5, self.up.start));
            Hit { place: between(top, bottom), says: format!("{}: {}", self.labels[place], says(place)) }
        };
        (0..self.labels.len()).map(strip).collect()
    }
}

/// Lines with bands.
pub fn lines(
    figures: Figures<'_>,
    labels: &[String],
    unit: MeasureUnit,
    (from_zero, behind): (bool, Option<usize>),
    series: &[Series],
) -> Option<Drawn> {
    let points = series.iter().flat_map(|series| series.points.iter().flatten());
    let up = span(points.flat_map(|point| [point.low, point.mid, point.high]), from_zero)?;
    let axes = Axes { figures, labels, unit, up };
    let mut svg = String::new();
    let hits = {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, HEIGHT)).into_drawing_area();
        let mut chart = axes.draw(&area)?;
        if let Some(place) = behind {
            axes.divide(&mut chart, place)?;
        }
        axes.zero(&mut chart)?;
        // Many bands over one another would hide one another: then their edges tell them apart.
        let density = if series.len() > 1 { 0.10 } else { 0.18 };
        for one in series {
            band(&mut chart, one, density)?;
        }
        for one in series {
            line(&mut chart, one)?;
        }
        let hits = axes.hits(&chart, |place| told(figures, unit, series, place));
        area.present().ok()?;
        hits
    };
    Some(Drawn { svg, height: HEIGHT, hits })
}

/// What the series say at a place.
fn told(figures: Figures<'_>, unit: MeasureUnit, series: &[Series], place: usize) -> String {
    let told = series.iter().filter_map(|one| {
        let point = one.points.get(place).copied().flatten()?;
        Some(format!("{} {}", one.name, figure(figures, unit, point)))
    });
    told.collect::<Vec<_>>().join("; ")
}

/// The points of a line that are known.
fn known(series: &Series) -> Vec<(f64, Estimate)> {
    let points = series.points.iter().enumerate().filter_map(|(place, point)| point.map(|point| (at(place), point)));
    points.filter(|(_, point)| point.mid.is_finite()).collect()
}

/// Where nine of ten worlds lie.
fn band(chart: &mut Chart<'_, '_>, series: &Series, density: f64) -> Option<()> {
    let points = known(series);
    if points.iter().all(|(_, point)| point.is_known()) || points.iter().any(|(_, point)| !is_whole(point)) {
        return Some(());
    }
    let over = points.iter().map(|(place, point)| (*place, point.high));
    let under = points.iter().rev().map(|(place, point)| (*place, point.low));
    let around: Vec<(f64, f64)> = over.clone().chain(under.clone()).collect();
    let fill = colour(series.tone).mix(density).filled();
    chart.draw_series(std::iter::once(Polygon::new(around, fill))).ok()?;
    for edge in [over.collect::<Vec<_>>(), under.collect()] {
        chart.draw_series(LineSeries::new(edge, colour(series.tone).mix(0.7).stroke_width(2))).ok()?;
    }
    Some(())
}

fn is_whole(point: &Estimate) -> bool {
    point.low.is_finite() && point.high.is_finite()
}

fn line(chart: &mut Chart<'_, '_>, series: &Series) -> Option<()> {
    let points: Vec<(f64, f64)> = known(series).into_iter().map(|(place, point)| (place, point.mid)).collect();
    let colour = colour(series.tone);
    chart.draw_series(LineSeries::new(points.iter().copied(), colour.stroke_width(5))).ok()?;
    if points.len() <= MARKED {
        let marks = points.into_iter().map(|place| Circle::new(place, 7, colour.filled()));
        chart.draw_series(marks).ok()?;
    }
    Some(())
}

/// Columns, up what is gained and down what is lost.
pub fn columns(figures: Figures<'_>, labels: &[String], unit: MeasureUnit, points: &[Estimate]) -> Option<Drawn> {
    let up = span(points.iter().flat_map(|point| [point.low, point.mid, point.high]), true)?;
    let axes = Axes { figures, labels, unit, up };
    let mut svg = String::new();
    let hits = {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, HEIGHT)).into_drawing_area();
        let mut chart = axes.draw(&area)?;
        // Few columns need not be broad.
        let half = 0.34 * (at(points.len()) / 6.0).min(1.0);
        for (place, point) in points.iter().enumerate().filter(|(_, point)| point.mid.is_finite()) {
            let tone = if point.mid < 0.0 { Tone::LOSS } else { Tone::GAIN };
            let corners = [(at(place) - half, 0.0), (at(place) + half, point.mid)];
            chart.draw_series(std::iter::once(Rectangle::new(corners, colour(tone).filled()))).ok()?;
            if !point.is_known() && is_whole(point) {
                let ends = vec![(at(place), point.low), (at(place), point.high)];
                chart.draw_series(std::iter::once(PathElement::new(ends, INK.stroke_width(3)))).ok()?;
            }
        }
        axes.zero(&mut chart)?;
        let hits =
            axes.hits(&chart, |place| points.get(place).map(|point| figure(figures, unit, *point)).unwrap_or_default());
        area.present().ok()?;
        hits
    };
    Some(Drawn { svg, height: HEIGHT, hits })
}

/// Columns side by side: at each label one of each series, in their order.
pub fn groups(figures: Figures<'_>, labels: &[String], unit: MeasureUnit, series: &[Series]) -> Option<Drawn> {
    let points = || series.iter().flat_map(|one| one.points.iter().flatten());
    let up = span(points().map(|point| point.mid), true)?;
    let axes = Axes { figures, labels, unit, up };
    let mut svg = String::new();
    let hits = {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, HEIGHT)).into_drawing_area();
        let mut chart = axes.draw(&area)?;
        let wide = 0.72 / at(series.len().max(1));
        for (nth, one) in series.iter().enumerate() {
            for (place, point) in known(one) {
                let left = place - 0.36 + wide * at(nth);
                let corners = [(left, 0.0), (left + wide * 0.94, point.mid)];
                chart.draw_series(std::iter::once(Rectangle::new(corners, colour(one.tone).filled()))).ok()?;
            }
        }
        axes.zero(&mut chart)?;
        let hits = axes.hits(&chart, |place| told(figures, unit, series, place));
        area.present().ok()?;
        hits
    };
    Some(Drawn { svg, height: HEIGHT, hits })
}
