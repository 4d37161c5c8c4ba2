//! The workbook: real numbers, percents and dates under frozen heads, charts of Excel's own, sheets that read from
//! right to left in Hebrew and Arabic. A sheet has the rows of all programs, so that they can be filtered.

use super::View;
use super::chart::Picture;
use super::language::Figures;
use super::parts::{self, Part};
use super::said::plain_name;
use super::tables::{self, Cell, Table};
use super::whole::Whole;
use super::words::Heading;
use crate::simulate::study::MeasureUnit;
use crate::value::clock::Date;
use rust_xlsxwriter::{
    Chart, ChartAxisLabelPosition, ChartLine, ChartSolidFill, ChartType, DocProperties, ExcelDateTime, Format,
    FormatBorder, Workbook, Worksheet, XlsxError,
};

/// Widest column, in letters.
const WIDE: usize = 60;

/// The workbook's file: the answer first, then these sheets.
///
/// # Errors
/// What the writer refuses, such as a name too long for a cell.
pub fn bytes(whole: &Whole<'_>, sheets: &[Sheet]) -> Result<Vec<u8>, String> {
    written(whole, sheets).map_err(|error| error.to_string())
}

fn written(whole: &Whole<'_>, sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The day of the report, not of today: the same report gives the same bytes.
    let made = excel_day(whole.until).unwrap_or(ExcelDateTime::from_ymd(2000, 1, 1)?);
    book.set_properties(&DocProperties::new().set_title(whole.words().answer).set_creation_datetime(&made));
    let looks = Looks::new(whole.figures);
    book.push_worksheet(answer_sheet(whole, &looks)?);
    for sheet in sheets {
        book.push_worksheet(sheet.written(whole.figures, &looks)?);
    }
    book.save_to_buffer()
}

/// A day as Excel counts it; it knows none before 1900.
fn excel_day(day: Date) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok()?;
    ExcelDateTime::from_ymd(year, day.month().unsigned_abs(), day.day().unsigned_abs()).ok()
}

/// How cells look.
struct Looks {
    head: Format,
    strong: Format,
    wrapped: Format,
    first: Format,
    text: Format,
    heading: Format,
    money: Format,
    percent: Format,
    count: Format,
    mean: Format,
    price: Format,
    month: Format,
    /// Numbers without decimals, with one, and so on.
    places: Vec<Format>,
}

/// Most decimals of a number that is no money.
const PLACES: usize = 9;

impl Looks {
    fn new(figures: Figures<'_>) -> Self {
        let number = |format: &str| Format::new().set_num_format(format);
        // A sentence begins where its readers begin, whatever its first letter is.
        let text = || Format::new().set_reading_direction(if figures.language.is_right_to_left() { 2 } else { 1 });
        let zeros = "0".repeat(usize::from(figures.decimals));
        let point = if zeros.is_empty() { "" } else { "." };
        Self {
            head: text().set_bold().set_text_wrap().set_border_bottom(FormatBorder::Medium),
            strong: text().set_bold().set_text_wrap().set_font_size(13),
            wrapped: text().set_text_wrap(),
            first: text(),
            text: text().set_indent(1),
            heading: text().set_bold().set_font_size(12),
            money: number(&format!("#,##0{point}{zeros}")),
            percent: number("0.0%"),
            count: number("#,##0"),
            mean: number("#,##0.0"),
            price: number(&format!("0.00{zeros}")),
            month: number("mmm yyyy"),
            places: (0..=PLACES)
                .map(|decimals| {
                    number(&format!("#,##0{}{}", if decimals > 0 { "." } else { "" }, "0".repeat(decimals)))
                })
                .collect(),
        }
    }

    fn of(&self, figures: Figures<'_>, unit: MeasureUnit, figure: f64) -> &Format {
        match unit {
            MeasureUnit::Money if figures.is_small(figure) => &self.price,
            MeasureUnit::Money => &self.money,
            MeasureUnit::Percent => &self.percent,
            MeasureUnit::Count => &self.count,
            MeasureUnit::Mean => &self.mean,
            MeasureUnit::Places(decimals) => &self.places[usize::from(decimals).min(self.places.len() - 1)],
        }
    }
}

/// The first sheet: the answer, what it is about, the cautions.
fn answer_sheet(whole: &Whole<'_>, looks: &Looks) -> Result<Worksheet, XlsxError> {
    let words = whole.words();
    let backwards = whole.figures.language.is_right_to_left();
    let mut sheet = blank(whole.figures, words.answer)?;
    sheet.set_column_width(0, 100)?;
    // Each line with its look, and how large its letters are beside the usual.
    let mut lines: Vec<(String, &Format, f64)> = Vec::new();
    for (at, sentence) in whole.answer.iter().enumerate() {
        let (look, size) = if at == 0 { (&looks.strong, 1.25) } else { (&looks.wrapped, 1.0) };
        lines.push((sentence.cell(backwards), look, size));
    }
    let gap = || (String::new(), &looks.wrapped, 1.0);
    lines.extend([gap(), (whole.about.cell(backwards), &looks.wrapped, 1.0)]);
    for part in whole.groups.iter().flat_map(|group| &group.parts).filter(|part| !part.says.is_empty()) {
        lines.extend([gap(), (part.heading.title.to_owned(), &looks.heading, 1.1)]);
        lines.extend(part.says.iter().map(|said| (said.cell(backwards), &looks.wrapped, 1.0)));
    }
    if !whole.cautions.is_empty() {
        lines.extend([gap(), (words.cautions.title.to_owned(), &looks.heading, 1.1)]);
        lines.extend(whole.cautions.iter().map(|caution| (caution.cell(backwards), &looks.wrapped, 1.0)));
    }
    lines.extend([gap(), (whole.made.cell(backwards), &looks.wrapped, 1.0)]);
    for (row, (text, look, size)) in (0u32..).zip(&lines) {
        sheet.write_string_with_format(row, 0, text, look)?;
        sheet.set_row_height(row, tall(text, 100.0 / size) * size)?;
    }
    Ok(sheet)
}

fn blank(figures: Figures<'_>, name: &str) -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    sheet.set_name(name)?;
    sheet.set_right_to_left(figures.language.is_right_to_left());
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(sheet)
}

/// A chart over rows of a sheet.
struct Plot {
    kind: ChartType,
    title: String,
    /// The first and last row of figures, counted from the head.
    rows: (usize, usize),
    /// The column of what stands along the axis.
    along: usize,
    /// The columns drawn.
    of: Vec<usize>,
    /// Whether they are shares; else money.
    is_percent: bool,
}

/// The kind of a chart and the columns it is over; none where a sheet has none.
type Over = Option<(ChartType, Vec<usize>)>;

/// A sheet to be written.
pub struct Sheet {
    heading: Heading,
    table: Table,
    plots: Vec<Plot>,
}

/// All sheets of a study behind the answer, in their order.
pub fn sheets(view: &View<'_>) -> Vec<Sheet> {
    let words = view.words();
    let headings = words.headings_of(view.study.kind);
    let mut sheets = Vec::new();
    add(view, &mut sheets, headings.measures, |arm| tables::measures(view, arm), None);
    let lines = |of: &[usize]| Some((ChartType::Line, of.to_vec()));
    let without_control =
        view.study.arms.iter().all(|arm| arm.months.iter().all(|month| month.sales_without.is_none()));
    let months: Vec<(&str, Over)> = if without_control {
        vec![(words.sales.title, lines(&[1])), (words.liability.title, lines(&[7, 8]))]
    } else {
        vec![
            (words.gain.title, lines(&[10, 11, 12])),
            (words.sales.title, lines(&[1, 2])),
            (words.liability.title, lines(&[7, 8])),
        ]
    };
    add_many(view, &mut sheets, words.months, |arm| tables::months(view, arm), &months);
    // The middle of the cost.
    let cost = if view.is_counted() { 4 } else { 5 };
    add(view, &mut sheets, headings.rules, |arm| tables::rules(view, arm), Some((ChartType::Bar, vec![cost])));
    add(view, &mut sheets, words.tornado, |arm| tables::tornado(view, arm), Some((ChartType::Bar, vec![3, 4])));
    cuts(view, &mut sheets);
    add(view, &mut sheets, words.trial.heading, |arm| tables::trial(view, arm), None);
    add(view, &mut sheets, words.aged, |arm| tables::aged(view, arm), Some((ChartType::Column, vec![3])));
    let arms: Vec<_> = view.study.arms.iter().collect();
    let first = tables::first_reward(view, &arms);
    let of = (1..=arms.len()).collect();
    let rows = (1, first.rows.len());
    let plot = Plot {
        kind: ChartType::Line,
        title: words.first_reward.title.to_owned(),
        rows,
        along: 0,
        of,
        is_percent: true,
    };
    sheets.push(Sheet { heading: words.first_reward, table: first, plots: vec![plot] });
    add(view, &mut sheets, words.migration, |arm| tables::migration(view, arm), None);
    add(view, &mut sheets, words.objectives, |arm| tables::objectives(view, arm), None);
    sheets.push(Sheet { heading: words.beside, table: tables::beside(view), plots: Vec::new() });
    for part in parts::of_all(view).into_iter().filter(|part| part.id.starts_with("winners") && part.of.is_some()) {
        let heading = part.heading;
        stack(&mut sheets, heading, named_rows(words.program, part));
    }
    sheets.push(Sheet { heading: words.assumptions, table: tables::assumptions(view), plots: Vec::new() });
    sheets.retain(|sheet| !sheet.table.is_empty());
    sheets
}

/// The rows of a part with what it is of before each.
fn named_rows(head: &str, part: Part) -> Table {
    let name = part.of.unwrap_or_default();
    prefixed(head, &name, part.table)
}

fn prefixed(head: &str, name: &str, mut table: Table) -> Table {
    table.heads.insert(0, head.to_owned());
    for row in &mut table.rows {
        row.insert(0, Cell::Said(super::said::Said::name(name)));
    }
    table
}

/// Puts a table under the sheet of its heading, or on a new one; the first row and the last of it there.
fn stack(sheets: &mut Vec<Sheet>, heading: Heading, table: Table) -> (usize, usize) {
    let rows = table.rows.len();
    if let Some(sheet) = sheets.iter_mut().find(|sheet| sheet.heading.title == heading.title) {
        let first = sheet.table.rows.len() + 1;
        if table.heads.len() > sheet.table.heads.len() {
            sheet.table.heads = table.heads;
        }
        sheet.table.rows.extend(table.rows);
        return (first, first + rows - 1);
    }
    sheets.push(Sheet { heading, table, plots: Vec::new() });
    (1, rows)
}

fn add(
    view: &View<'_>,
    sheets: &mut Vec<Sheet>,
    heading: Heading,
    table: impl Fn(&crate::simulate::study::Arm) -> Table,
    plot: Over,
) {
    add_many(view, sheets, heading, table, &[(heading.title, plot)]);
}

/// A sheet of all programs, each with its charts. Columns of charts are counted without that of the program.
fn add_many(
    view: &View<'_>,
    sheets: &mut Vec<Sheet>,
    heading: Heading,
    table: impl Fn(&crate::simulate::study::Arm) -> Table,
    plots: &[(&str, Over)],
) {
    let several = view.study.arms.len() > 1;
    for arm in &view.study.arms {
        let name = plain_name(&arm.program);
        let table = table(arm);
        if table.is_empty() {
            continue;
        }
        let more = usize::from(several);
        // What stands along the axis is the first column of the table itself.
        let table = if several { prefixed(view.words().program, &name, table) } else { table };
        let rows = stack(sheets, heading, table);
        let Some(sheet) = sheets.iter_mut().find(|sheet| sheet.heading.title == heading.title) else { continue };
        for (title, plot) in plots {
            let Some((kind, of)) = plot else { continue };
            let title = if several { format!("{title}: {name}") } else { (*title).to_owned() };
            let of = of.iter().map(|column| column + more).collect();
            sheet.plots.push(Plot { kind: *kind, title, rows, along: more, of, is_percent: false });
        }
    }
}

/// The cuts, a sheet for each kind.
fn cuts(view: &View<'_>, sheets: &mut Vec<Sheet>) {
    let several = view.study.arms.len() > 1;
    for (at, arm) in view.study.arms.iter().enumerate() {
        let parts = parts::of_arm(view, at, arm).into_iter().filter(|part| part.id.contains("-cut"));
        for part in parts {
            let (heading, of) = (part.heading, part.of.clone());
            let mut table = part.table;
            if let Some(of) = &of {
                table = prefixed(view.words().by_tier.title, of, table);
            }
            let is_drawn = matches!(part.picture, Some(Picture::Columns { .. }));
            // The gain where there is one, else what was given.
            let drawn = if table.heads.len() > 5 { 5 } else { 3 };
            let name = plain_name(&arm.program);
            if several {
                table = prefixed(view.words().program, &name, table);
            }
            let more = usize::from(several);
            let rows = stack(sheets, heading, table);
            if let (true, Some(sheet)) =
                (is_drawn, sheets.iter_mut().find(|sheet| sheet.heading.title == heading.title))
            {
                let title = if several { format!("{}: {name}", heading.title) } else { heading.title.to_owned() };
                let of = vec![drawn + more];
                sheet.plots.push(Plot { kind: ChartType::Column, title, rows, along: more, of, is_percent: false });
            }
        }
    }
}

/// The sheets of a report whose parts are each a sheet: the table, and its picture as a chart of the same columns.
pub fn sheets_of(whole: &Whole<'_>) -> Vec<Sheet> {
    let parts = whole.groups.iter().flat_map(|group| &group.parts);
    parts
        .map(|part| Sheet {
            heading: part.heading,
            table: part.table.clone(),
            plots: plot_of(part).into_iter().collect(),
        })
        .collect()
}

/// The chart of a part: the columns that its picture draws.
fn plot_of(part: &Part) -> Option<Plot> {
    let (kind, is_percent) = match part.picture.as_ref()? {
        Picture::Lines { unit, .. } => (ChartType::Line, *unit == MeasureUnit::Percent),
        Picture::Columns { unit, .. } | Picture::Groups { unit, .. } => {
            (ChartType::Column, *unit == MeasureUnit::Percent)
        }
        Picture::Bars { unit, .. } => (ChartType::Bar, *unit == MeasureUnit::Percent),
        Picture::Ranges { .. } | Picture::Moves { .. } => return None,
    };
    let (title, rows) = (part.heading.title.to_owned(), (1, part.table.rows.len()));
    Some(Plot { kind, title, rows, along: 0, of: part.drawn.clone(), is_percent })
}

impl Sheet {
    fn written(&self, figures: Figures<'_>, looks: &Looks) -> Result<Worksheet, XlsxError> {
        let mut sheet = blank(figures, self.heading.title)?;
        let columns = self.table.heads.len();
        for (column, head) in (0u16..).zip(&self.table.heads) {
            sheet.write_string_with_format(0, column, head, &looks.head)?;
            sheet.set_column_width(column, self.width(figures, usize::from(column)))?;
        }
        let heads = self.table.heads.iter().enumerate();
        let height = heads.map(|(column, head)| tall(head, self.width(figures, column))).fold(0.0, f64::max);
        sheet.set_row_height(0, height)?;
        for (row, cells) in (1u32..).zip(&self.table.rows) {
            for (column, cell) in (0u16..).zip(cells) {
                put(&mut sheet, (row, column), cell, figures, looks)?;
            }
        }
        sheet.set_freeze_panes(1, 1)?;
        let (last_row, last_column) = (index(self.table.rows.len()), column_of(columns.saturating_sub(1)));
        sheet.autofilter(0, 0, last_row, last_column)?;
        for (at, plot) in self.plots.iter().enumerate() {
            // Beside the table, one under the other.
            let row = index(at * 18 + 1);
            sheet.insert_chart(row, column_of(columns + 1), &plot.chart(figures, self.heading.title))?;
        }
        Ok(sheet)
    }

    /// As wide as its widest cell, in letters; a long head goes over several lines.
    fn width(&self, figures: Figures<'_>, column: usize) -> f64 {
        let cells = self.table.rows.iter().filter_map(|row| row.get(column));
        let widest = cells.map(|cell| cell.shown(figures).plain().chars().count()).max().unwrap_or(0);
        let letters = u32::try_from(widest.clamp(11, WIDE)).unwrap_or(0);
        f64::from(letters) + 2.5
    }
}

/// The height, in points, of a text that is wrapped at so many letters. Not every program works it out by itself.
fn tall(text: &str, letters: f64) -> f64 {
    let length = f64::from(u32::try_from(text.chars().count()).unwrap_or(u32::MAX));
    // Words do not fill their lines, and bold letters are broader.
    15.5 * (length * 1.15 / letters).ceil().clamp(1.0, 12.0)
}

fn index(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

fn column_of(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

/// Writes a cell as what it is: a number with its format, a date, a text.
fn put(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    figures: Figures<'_>,
    looks: &Looks,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Blank => {}
        Cell::Said(said) => {
            let look = if column == 0 { &looks.first } else { &looks.text };
            sheet.write_string_with_format(row, column, said.plain(), look)?;
        }
        Cell::Figure(_, figure, _) | Cell::End(_, figure) if !figure.is_finite() => {}
        Cell::Figure(unit, figure, _) => {
            let figure_of = if *unit == MeasureUnit::Percent { figure / 100.0 } else { *figure };
            sheet.write_number_with_format(row, column, figure_of, looks.of(figures, *unit, *figure))?;
        }
        Cell::End(unit, figure) => {
            let unit_shown = if unit == "days" { figures.language.words().days } else { unit };
            if unit == "%" {
                let percent = Format::new().set_num_format("0.##%");
                sheet.write_number_with_format(row, column, figure / 100.0, &percent)?;
            } else {
                let format = format!("#,##0.## \"{}\"", unit_shown.replace(['"', '\\'], ""));
                sheet.write_number_with_format(row, column, *figure, &Format::new().set_num_format(format))?;
            }
        }
        Cell::Month(day) => match excel_day(*day) {
            Some(date) => {
                sheet.write_datetime_with_format(row, column, &date, &looks.month)?;
            }
            None => {
                sheet.write_string(row, column, day.to_string())?;
            }
        },
    }
    Ok(())
}

impl Plot {
    fn chart(&self, figures: Figures<'_>, sheet: &str) -> Chart {
        let mut chart = Chart::new(self.kind);
        chart.title().set_name(&self.title);
        chart.set_alt_text(&self.title).set_width(640).set_height(330);
        let (first, last) = (index(self.rows.0), index(self.rows.1));
        for (at, column) in self.of.iter().enumerate() {
            let tone = super::chart::Tone(at);
            let column = column_of(*column);
            let series = chart.add_series();
            series.set_categories((sheet, first, column_of(self.along), last, column_of(self.along)));
            series.set_values((sheet, first, column, last, column));
            series.set_name((sheet, 0, column));
            match self.kind {
                ChartType::Line => series.set_format(ChartLine::new().set_color(tone.hex().as_str()).set_width(2.25)),
                _ => series.set_format(ChartSolidFill::new().set_color(tone.hex().as_str())),
            };
        }
        if self.of.len() == 1 {
            chart.legend().set_hidden();
        } else {
            chart.legend().set_position(rust_xlsxwriter::ChartLegendPosition::Bottom);
        }
        let number = if self.is_percent { "0%" } else { "#,##0" };
        // Figures run from the right where people read so; in a bar chart they lie, and the first name stands on top.
        if figures.language.is_right_to_left() {
            chart.x_axis().set_reverse();
        }
        if self.kind == ChartType::Bar {
            chart.y_axis().set_reverse().set_label_position(ChartAxisLabelPosition::Low);
            chart.x_axis().set_label_position(ChartAxisLabelPosition::High).set_num_format(number);
        } else {
            chart.x_axis().set_label_position(ChartAxisLabelPosition::Low);
            chart.y_axis().set_num_format(number);
        }
        chart
    }
}
