//! The page: one file that needs no other, for screens light and dark, paper, keyboards and screen readers.

use super::chart::{self, Picture};
use super::parts::Part;
use super::tables::{Cell, Table};
use super::whole::Whole;
use crate::simulate::study::MeasureUnit;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The looks of the page.
const STYLE: &str = include_str!("page/style.css");
/// What lets the keyboard read a picture, and opens the tables for paper.
const SCRIPT: &str = include_str!("page/script.js");

/// The whole page.
pub fn html(whole: &Whole<'_>) -> String {
    let language = whole.figures.language;
    let direction = if language.is_right_to_left() { "rtl" } else { "ltr" };
    let page = html! {
        (DOCTYPE)
        html lang=(language.code()) dir=(direction) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                // Nothing is fetched, whatever a program is called.
                meta http-equiv="Content-Security-Policy"
                    content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
                meta name="color-scheme" content="light dark";
                title { (whole.title) " " (whole.names.join(", ")) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header { (head(whole)) }
                main {
                    (answered(whole))
                    (cautions_of(whole))
                    (contents(whole))
                    @for group in &whole.groups {
                        @if let Some((place, heading)) = &group.heading {
                            h2 id=(place) { (heading.markup()) }
                        }
                        @for part in &group.parts { (section(whole, part, group.heading.is_some())) }
                    }
                }
                footer { p { (whole.made.markup()) } }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

fn head(whole: &Whole<'_>) -> Markup {
    html! {
        p .programs {
            @for (at, name) in whole.names.iter().enumerate() {
                @if at > 0 { " · " }
                bdi { (name) }
            }
        }
        h1 { (whole.title) }
        p .about { (whole.about.markup()) }
    }
}

fn answered(whole: &Whole<'_>) -> Markup {
    html! {
        section .answer aria-labelledby="answer" {
            h2 id="answer" { (whole.words().answer) }
            @for sentence in &whole.answer { p { (sentence.markup()) } }
        }
    }
}

fn cautions_of(whole: &Whole<'_>) -> Markup {
    let heading = whole.words().cautions;
    html! {
        @if !whole.cautions.is_empty() {
            section .cautions aria-labelledby="cautions" {
                h2 id="cautions" { (heading.title) }
                p .caption { (heading.caption) }
                ul { @for caution in &whole.cautions { li { (caution.markup()) } } }
            }
        }
    }
}

fn contents(whole: &Whole<'_>) -> Markup {
    html! {
        nav aria-labelledby="contents" {
            h2 id="contents" { (whole.words().contents) }
            ul {
                @for group in &whole.groups {
                    @if let Some((place, heading)) = &group.heading {
                        li { a href={ "#" (place) } { (heading.markup()) } }
                    } @else {
                        @for part in &group.parts { li { a href={ "#" (part.id) } { (named(part)) } } }
                    }
                }
            }
        }
    }
}

fn named(part: &Part) -> Markup {
    html! {
        (part.heading.title)
        @if let Some(of) = &part.of { ": " bdi { (of) } }
    }
}

/// A part: its heading is of the second level, of the third under a program.
fn section(whole: &Whole<'_>, part: &Part, under: bool) -> Markup {
    let words = whole.words();
    let says = format!("{}. {}", part.heading.title, part.heading.caption);
    let svg = part.picture.as_ref().and_then(|picture| chart::svg(whole.figures, picture, &says));
    html! {
        section .part {
            @if under { h3 id=(part.id) { (named(part)) } } @else { h2 id=(part.id) { (named(part)) } }
            p .caption {
                (part.heading.caption)
                @if let (Some(_), Some(Picture::Lines { from_zero, behind, .. })) = (&svg, &part.picture) {
                    @if behind.is_some() { " " (whole.behind) }
                    " " (words.time_runs)
                    @if !from_zero { " " (words.axis_cut) }
                }
            }
            @for sentence in &part.says { p { (sentence.markup()) } }
            @if let (Some(svg), Some(picture)) = (&svg, &part.picture) {
                figure {
                    (legend(whole, picture))
                    div .plot tabindex="0" role="group" aria-label={ (part.heading.title) ". " (words.keys) } {
                        (PreEscaped(svg))
                    }
                    p .readout role="status" {}
                }
                details { summary { (words.table) } (grid(whole, part)) }
            } @else {
                (grid(whole, part))
            }
        }
    }
}

/// What the lines of a picture are, and its money.
fn legend(whole: &Whole<'_>, picture: &Picture) -> Markup {
    let unit = match picture {
        Picture::Lines { unit, .. }
        | Picture::Columns { unit, .. }
        | Picture::Groups { unit, .. }
        | Picture::Bars { unit, .. }
        | Picture::Ranges { unit, .. } => Some(*unit),
        Picture::Moves { .. } => None,
    };
    let series: &[chart::Series] = match picture {
        Picture::Lines { series, .. } | Picture::Groups { series, .. } => series,
        Picture::Columns { .. } | Picture::Bars { .. } | Picture::Ranges { .. } | Picture::Moves { .. } => &[],
    };
    let has_band = series.iter().flat_map(|one| one.points.iter().flatten()).any(|point| !point.is_known());
    let is_money = unit == Some(MeasureUnit::Money);
    html! {
        @if is_money || !series.is_empty() {
            figcaption .legend {
                @if is_money { span .unit { bdi { (whole.figures.money) } } }
                @for one in series {
                    span .line {
                        svg viewBox="0 0 60 20" aria-hidden="true" {
                            line x1="2" y1="10" x2="58" y2="10" stroke=(one.tone.hex()) stroke-width="5" {}
                        }
                        bdi { (one.name) }
                    }
                }
                @if has_band {
                    span .line {
                        svg viewBox="0 0 60 20" aria-hidden="true" {
                            @if let Some(one) = series.first() {
                                rect x="2" y="2" width="56" height="16" fill=(one.tone.hex()) opacity="0.25" {}
                            }
                        }
                        (whole.band)
                    }
                }
            }
        }
    }
}

/// The table of a part; rows that are led to have a name.
fn grid(whole: &Whole<'_>, part: &Part) -> Markup {
    let table: &Table = &part.table;
    // A column of figures stands at the end, its head too.
    let figures: Vec<bool> = (0..table.heads.len())
        .map(|column| table.rows.iter().any(|row| row.get(column).is_some_and(Cell::is_figure)))
        .collect();
    let class = |column: usize| figures.get(column).copied().unwrap_or(false).then_some("n");
    html! {
        div .grid tabindex="0" role="group" aria-label=(whole.words().table) {
            table {
                thead {
                    tr { @for (column, head) in table.heads.iter().enumerate() { th scope="col" class=[class(column)] { bdi { (head) } } } }
                }
                tbody {
                    @for (at, row) in table.rows.iter().enumerate() {
                        tr id=[part.places.get(at)] {
                            @for (column, cell) in row.iter().enumerate() {
                                @if column == 0 {
                                    th scope="row" class=[class(column)] { (cell.shown(whole.figures).markup()) }
                                } @else {
                                    td class=[class(column)] { (cell.shown(whole.figures).markup()) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
