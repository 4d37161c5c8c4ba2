//! The page: one file that needs no other, for screens light and dark, paper, keyboards and screen readers.

use super::chart::{self, Picture};
use super::parts::{self, Part};
use super::said::{Said, fill};
use super::tables::{self, Cell, Table};
use super::{View, answer, cautions};
use crate::simulate::study::{Arm, StudyKind};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The looks of the page.
const STYLE: &str = include_str!("page/style.css");
/// What lets the keyboard read a picture, and opens the tables for paper.
const SCRIPT: &str = include_str!("page/script.js");

/// The whole page.
pub fn html(view: &View<'_>) -> String {
    let words = view.words();
    let direction = if view.language.is_right_to_left() { "rtl" } else { "ltr" };
    let of_all = parts::of_all(view);
    let arms: Vec<(&Arm, Vec<Part>)> =
        view.study.arms.iter().enumerate().map(|(at, arm)| (arm, parts::of_arm(view, at, arm))).collect();
    let page = html! {
        (DOCTYPE)
        html lang=(view.language.code()) dir=(direction) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                // Nothing is fetched, whatever a program is called.
                meta http-equiv="Content-Security-Policy"
                    content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
                meta name="color-scheme" content="light dark";
                title { (title(view)) " " (programs(view)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header { (head(view)) }
                main {
                    (answered(view))
                    (cautions_of(view))
                    (contents(view, &of_all, &arms))
                    @for part in &of_all { (section(view, part, false)) }
                    @for (at, (arm, parts)) in arms.iter().enumerate() {
                        @if arms.len() > 1 {
                            h2 id={ "p" (at + 1) } { (fill(words.one_program, &[("program", Said::name(&arm.program))]).markup()) }
                        }
                        @for part in parts { (section_of(view, part, arm, arms.len() > 1)) }
                    }
                    (assumed(view))
                }
                footer { p { (made(view).markup()) } }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

fn title(view: &View<'_>) -> &'static str {
    match view.study.kind {
        StudyKind::Population => view.words().title_population,
        StudyKind::Replay => view.words().title_replay,
    }
}

fn programs(view: &View<'_>) -> String {
    let names: Vec<String> = view.study.arms.iter().map(|arm| super::said::plain_name(&arm.program)).collect();
    names.join(", ")
}

/// What the study is about: whom, when, how many worlds.
pub fn about(view: &View<'_>) -> Said {
    let words = view.words();
    let template = match view.study.kind {
        StudyKind::Population => words.about_population,
        StudyKind::Replay => words.about_replay,
    };
    let holes = [
        ("members", view.language.counted(&words.n_members, view.study.members)),
        ("from", Said::figure(view.language.day(view.study.from))),
        ("until", Said::figure(view.language.day(view.study.until))),
        ("worlds", view.language.counted(&words.n_worlds, u64::from(view.study.worlds))),
    ];
    fill(template, &holes)
}

/// What made it, and from which seed.
pub fn made(view: &View<'_>) -> Said {
    let holes =
        [("version", Said::figure(env!("CARGO_PKG_VERSION"))), ("seed", Said::figure(view.study.seed.to_string()))];
    fill(view.words().made_by, &holes)
}

fn head(view: &View<'_>) -> Markup {
    html! {
        p .programs {
            @for (at, arm) in view.study.arms.iter().enumerate() {
                @if at > 0 { " · " }
                bdi { (super::said::plain_name(&arm.program)) }
            }
        }
        h1 { (title(view)) }
        p .about { (about(view).markup()) }
    }
}

fn answered(view: &View<'_>) -> Markup {
    html! {
        section .answer aria-labelledby="answer" {
            h2 id="answer" { (view.words().answer) }
            @for sentence in answer::sentences(view) { p { (sentence.markup()) } }
        }
    }
}

fn cautions_of(view: &View<'_>) -> Markup {
    let cautions = cautions::sentences(view);
    let heading = view.words().cautions;
    html! {
        @if !cautions.is_empty() {
            section .cautions aria-labelledby="cautions" {
                h2 id="cautions" { (heading.title) }
                p .caption { (heading.caption) }
                ul { @for caution in cautions { li { (caution.markup()) } } }
            }
        }
    }
}

fn contents(view: &View<'_>, of_all: &[Part], arms: &[(&Arm, Vec<Part>)]) -> Markup {
    let words = view.words();
    let link = |part: &Part| html! { li { a href={ "#" (part.id) } { (named(part)) } } };
    html! {
        nav aria-labelledby="contents" {
            h2 id="contents" { (words.contents) }
            ul {
                @for part in of_all { (link(part)) }
                @for (at, (arm, parts)) in arms.iter().enumerate() {
                    @if arms.len() > 1 {
                        li { a href={ "#p" (at + 1) } { (fill(words.one_program, &[("program", Said::name(&arm.program))]).markup()) } }
                    } @else {
                        @for part in parts { (link(part)) }
                    }
                }
                @if !view.study.assumptions.is_empty() {
                    li { a href="#assumptions" { (words.assumptions.title) } }
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

/// A part of the whole: its heading is of the second level, of the third under a program.
fn section(view: &View<'_>, part: &Part, under: bool) -> Markup {
    framed(view, part, under, grid(view, &part.table, |_| None))
}

/// A part of a program; the rows of its measures have places to be led to.
fn section_of(view: &View<'_>, part: &Part, arm: &Arm, under: bool) -> Markup {
    let is_measures = part.id.ends_with("-measures");
    let place = |row: usize| {
        let (measure, _) = arm.measures.get(row).filter(|_| is_measures)?;
        Some(tables::place(view, arm, *measure))
    };
    framed(view, part, under, grid(view, &part.table, place))
}

fn framed(view: &View<'_>, part: &Part, under: bool, grid: Markup) -> Markup {
    let words = view.words();
    let says = format!("{}. {}", part.heading.title, part.heading.caption);
    let svg = part.picture.as_ref().and_then(|picture| chart::svg(view, picture, &says));
    html! {
        section .part {
            @if under { h3 id=(part.id) { (named(part)) } } @else { h2 id=(part.id) { (named(part)) } }
            p .caption {
                (part.heading.caption)
                @if let (Some(_), Some(Picture::Lines { from_zero, .. })) = (&svg, &part.picture) {
                    " " (words.time_runs)
                    @if !from_zero { " " (words.axis_cut) }
                }
            }
            @if let (Some(svg), Some(picture)) = (&svg, &part.picture) {
                figure {
                    (legend(view, picture))
                    div .plot tabindex="0" role="group" aria-label={ (part.heading.title) ". " (words.keys) } {
                        (PreEscaped(svg))
                    }
                    p .readout role="status" {}
                }
                details { summary { (words.table) } (grid) }
            } @else {
                (grid)
            }
        }
    }
}

/// What the lines of a picture are, and its money.
fn legend(view: &View<'_>, picture: &Picture) -> Markup {
    let unit = match picture {
        Picture::Lines { unit, .. }
        | Picture::Columns { unit, .. }
        | Picture::Bars { unit, .. }
        | Picture::Ranges { unit, .. } => Some(*unit),
        Picture::Moves { .. } => None,
    };
    let series: &[chart::Series] = match picture {
        Picture::Lines { series, .. } => series,
        Picture::Columns { .. } | Picture::Bars { .. } | Picture::Ranges { .. } | Picture::Moves { .. } => &[],
    };
    let has_band = series.iter().flat_map(|one| one.points.iter().flatten()).any(|point| !point.is_known());
    let is_money = unit == Some(crate::simulate::study::MeasureUnit::Money);
    html! {
        @if is_money || !series.is_empty() {
            figcaption .legend {
                @if is_money { span .unit { bdi { (view.study.money) } } }
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
                        (view.words().band)
                    }
                }
            }
        }
    }
}

/// A table; `place` names rows that are led to.
fn grid(view: &View<'_>, table: &Table, place: impl Fn(usize) -> Option<String>) -> Markup {
    // A column of figures stands at the end, its head too.
    let figures: Vec<bool> = (0..table.heads.len())
        .map(|column| table.rows.iter().any(|row| row.get(column).is_some_and(Cell::is_figure)))
        .collect();
    let class = |column: usize| figures.get(column).copied().unwrap_or(false).then_some("n");
    html! {
        div .grid tabindex="0" role="group" aria-label=(view.words().table) {
            table {
                thead {
                    tr { @for (column, head) in table.heads.iter().enumerate() { th scope="col" class=[class(column)] { bdi { (head) } } } }
                }
                tbody {
                    @for (at, row) in table.rows.iter().enumerate() {
                        tr id=[place(at)] {
                            @for (column, cell) in row.iter().enumerate() {
                                @if column == 0 {
                                    th scope="row" class=[class(column)] { (cell.shown(view).markup()) }
                                } @else {
                                    td class=[class(column)] { (cell.shown(view).markup()) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn assumed(view: &View<'_>) -> Markup {
    let heading = view.words().assumptions;
    let table = tables::assumptions(view);
    html! {
        @if !table.is_empty() {
            section .part {
                h2 id="assumptions" { (heading.title) }
                p .caption { (heading.caption) }
                (grid(view, &table, |_| None))
            }
        }
    }
}
