//! Rows of an events file: each read and checked by itself, then joined to its event.

use std::collections::{BTreeMap, HashMap};

use super::columns::EVENTS;
use super::coupons::{add_coupons, coupons_named};
use super::forms::{NumberForm, guessed_form, read_time, shown_forms};
use super::layout::{Layout, Part};
use super::loaded::BadRows;
use super::mistake::{DataError, Place, Problem, TimeFault, all_of};
use super::read::Reading;
use super::sheet::Rows;
use super::{Event, Exchanged, Kind, Line};
use crate::value::clock::{Date, Moment, is_far};
use crate::value::exact::Exact;

// Places in `EVENTS`.
const ID: usize = 0;
const LINE: usize = 1;
const TIME: usize = 2;
const TYPE: usize = 3;
const MEMBER: usize = 4;
const AMOUNT: usize = 5;
const CURRENCY: usize = 6;
const REGULAR: usize = 7;
const TAX: usize = 8;
const REF: usize = 9;
const QTY: usize = 10;
const UNIT: usize = 11;
const SKU: usize = 12;
const CATEGORY: usize = 13;
const BRAND: usize = 14;
const PAID_POINTS: usize = 15;
const COUPON: usize = 16;
const STORE: usize = 17;
const CHANNEL: usize = 18;
const NOTE: usize = 19;

/// Why an event must say when it was.
const TIME_MATTERS: &str = "Points, levels and expiry all hang on the day of the event.";

/// An event that is still being read.
pub(super) struct Draft {
    /// Its head; the lines are beside it.
    pub(super) event: Event,
    /// Its lines, each with its row.
    pub(super) lines: Vec<(Line, u64)>,
    /// The first of its rows that has a mistake.
    pub(super) bad: Option<u64>,
    /// With [`BadRows::SetAside`]: its rows as they stand.
    pub(super) originals: Vec<Original>,
    /// How many of its rows were told again.
    pub(super) repeated_rows: u64,
}

/// A row as it stands, with what is wrong with it.
pub(super) struct Original {
    pub(super) row: u64,
    pub(super) cells: Vec<(String, String)>,
    pub(super) wrong: Option<(Option<String>, String)>,
}

/// The drafts of one file.
#[derive(Default)]
pub(super) struct Sheet {
    pub(super) drafts: Vec<Draft>,
    by_id: HashMap<String, usize>,
}

impl Sheet {
    fn find(&self, id: &str) -> Option<usize> {
        // Lines of one event mostly stand together.
        match self.drafts.last() {
            Some(last) if last.event.id == id => Some(self.drafts.len() - 1),
            _ => self.by_id.get(id).copied(),
        }
    }

    fn add(&mut self, draft: Draft, joins: bool) {
        if joins {
            self.by_id.insert(draft.event.id.clone(), self.drafts.len());
        }
        self.drafts.push(draft);
    }
}

/// One row, read.
struct Row {
    event: Event,
    line: Line,
}

/// Reads all rows of a file.
pub(super) fn read_rows(reading: &mut Reading<'_>, rows: &mut Rows, layout: &Layout, file: usize) -> Sheet {
    let mut sheet = Sheet::default();
    let joins = !reading.how.map.events.numbers_ids();
    let mut last_time = None;
    let mut any = false;
    loop {
        match rows.advance() {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                reading.fail(*error);
                break;
            }
        }
        any = true;
        reading.count_row();
        let mut cells = RowReading { reading, rows, layout, file, wrong: Vec::new(), last_time: &mut last_time };
        let (id, row) = cells.read();
        let wrong = std::mem::take(&mut cells.wrong);
        join(reading, &mut sheet, rows, layout, (id, row, wrong), (file, joins));
    }
    if !any {
        reading.no_rows(file);
    }
    sheet
}

/// Puts a row to its event; says where it disagrees with the event's other rows.
fn join(
    reading: &mut Reading<'_>,
    sheet: &mut Sheet,
    rows: &Rows,
    layout: &Layout,
    (id, row, mut wrong): (String, Option<Row>, Vec<DataError>),
    (file, joins): (usize, bool),
) {
    let number = rows.row();
    let found = if joins && !id.is_empty() { sheet.find(&id) } else { None };
    if let (Some(at), Some(row)) = (found, &row)
        && !sheet.drafts[at].lines.is_empty()
    {
        let before = wrong.len();
        agree(reading, layout, &mut sheet.drafts[at], row, number, &mut wrong);
        if wrong.len() > before && sheet.drafts[at].bad.is_none() {
            sheet.drafts[at].bad = Some(number);
        }
    }
    let original = (reading.how.bad == BadRows::SetAside).then(|| Original {
        row: number,
        cells: layout.original(rows.cells()),
        wrong: all_of(&wrong),
    });
    let bad = (!wrong.is_empty()).then_some(number);
    for error in wrong {
        reading.wrong(error);
    }
    match found {
        Some(at) => {
            let draft = &mut sheet.drafts[at];
            draft.bad = draft.bad.or(bad);
            // Lines stand only behind a head that could be read.
            if draft.bad.is_none() {
                draft.lines.extend(row.map(|row| (row.line, number)));
            }
            draft.originals.extend(original);
        }
        None => {
            let (mut event, lines) = match row.filter(|_| bad.is_none()) {
                Some(row) => (row.event, vec![(row.line, number)]),
                // A bad row keeps its place, so that the rest of its event can be set aside with it.
                None if original.is_some() || !id.is_empty() => {
                    (Event::new(id, Moment::MIN, reading.how.clock, Kind::Visit), Vec::new())
                }
                None => return,
            };
            event.place = (file, number);
            let joins = joins && !event.id.is_empty();
            sheet.add(Draft { event, lines, bad, originals: original.into_iter().collect(), repeated_rows: 0 }, joins);
        }
    }
}

/// Rows of one id have one time, type, member and `ref`; what else an event has once is said once
/// or said alike.
fn agree(
    reading: &Reading<'_>,
    layout: &Layout,
    draft: &mut Draft,
    row: &Row,
    number: u64,
    wrong: &mut Vec<DataError>,
) {
    let (first, this) = (&mut draft.event, &row.event);
    let clock = reading.how.clock;
    let other = Place { file: reading.files[first.place.0].clone(), row: first.place.1 };
    let mut differs = |column: usize, ours: String, theirs: String| {
        wrong.push(DataError {
            file: other.file.clone(),
            row: Some(number),
            column: Some(layout.shown(column)),
            value: Some(ours),
            problem: Problem::Disagree { id: this.id.clone(), other: other.clone(), theirs },
        });
    };
    if (first.at, first.timed) != (this.at, this.timed) {
        let shown = |event: &Event| if event.timed { clock.show(event.at) } else { event.day.to_string() };
        differs(TIME, shown(this), shown(first));
    }
    if first.kind != this.kind {
        differs(TYPE, this.kind.word().to_owned(), first.kind.word().to_owned());
    }
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    for (column, ours, theirs) in [(MEMBER, &this.member, &first.member), (REF, &this.reference, &first.reference)] {
        if ours != theirs {
            differs(column, text(ours), text(theirs));
        }
    }
    for (column, ours, theirs) in [
        (STORE, &this.store, &mut first.store),
        (CHANNEL, &this.channel, &mut first.channel),
        (UNIT, &this.unit, &mut first.unit),
    ] {
        match (ours, &*theirs) {
            (Some(_), None) => *theirs = ours.clone(),
            (Some(a), Some(b)) if a != b => differs(column, a.clone(), b.clone()),
            (Some(_), Some(_)) | (None, _) => {}
        }
    }
    match (&this.paid_points, &first.paid_points) {
        (Some(_), None) => first.paid_points = this.paid_points.clone(),
        (Some(a), Some(b)) if a != b => differs(PAID_POINTS, a.to_string(), b.to_string()),
        (Some(_), Some(_)) | (None, _) => {}
    }
    add_coupons(&mut first.coupons, &this.coupons);
}

/// The time of the row before: rows of one event share it, and zones take time.
type LastTime = Option<(String, When)>;

/// When an event was.
#[derive(Clone, Copy)]
struct When {
    at: Moment,
    day: Date,
    timed: bool,
}

struct RowReading<'r, 'h> {
    reading: &'r mut Reading<'h>,
    rows: &'r Rows,
    layout: &'r Layout,
    file: usize,
    wrong: Vec<DataError>,
    last_time: &'r mut LastTime,
}

impl RowReading<'_, '_> {
    /// The id, where one can be read, and the row when nothing is wrong with its head.
    fn read(&mut self) -> (String, Option<Row>) {
        let (found, expected) = (self.rows.cells().len(), self.layout.header.len());
        if found != expected {
            let problem = Problem::Cells { found, expected, lines: self.rows.lines() };
            self.push(None, None, problem);
            return (String::new(), None);
        }
        let id = self.text(ID).unwrap_or_default();
        if id.is_empty() {
            self.empty(ID, "Without an id the same purchase could count twice.");
        }
        let (time, kind) = (self.time(), self.kind());
        let line = self.line();
        let (Some(When { at, day, timed }), Some(kind)) = (time, kind) else { return (id, None) };
        let event = Event {
            id: id.clone(),
            at,
            day,
            timed,
            kind,
            member: self.text(MEMBER),
            reference: self.text(REF),
            store: self.text(STORE),
            channel: self.text(CHANNEL),
            unit: self.text(UNIT),
            paid_points: self.number(PAID_POINTS),
            coupons: self.text(COUPON).map(|cell| coupons_named(&cell)).unwrap_or_default(),
            lines: Vec::new(),
            fields: BTreeMap::new(),
            place: (self.file, self.rows.row()),
        };
        let mut row = Row { event, line };
        self.check(&row);
        self.exchange(&mut row);
        (id, Some(row))
    }

    fn line(&mut self) -> Line {
        let extras = self.layout.extras(self.rows.cells());
        let mut fields: BTreeMap<String, String> =
            extras.map(|(name, text)| (name.to_owned(), text.into_owned())).collect();
        if let Some(note) = self.text(NOTE) {
            fields.insert(EVENTS[NOTE].to_owned(), note);
        }
        Line {
            number: self.text(LINE),
            amount: self.number(AMOUNT),
            regular: self.number(REGULAR),
            tax: self.number(TAX),
            qty: self.number(QTY),
            sku: self.text(SKU),
            category: self.text(CATEGORY),
            brand: self.text(BRAND),
            fields,
            exchanged: None,
        }
    }

    /// What the cells say together.
    fn check(&mut self, row: &Row) {
        let (event, line) = (&row.event, &row.line);
        let negative = |number: &Option<Exact>| number.as_ref().is_some_and(Exact::is_negative);
        if event.kind == Kind::Purchase && negative(&line.qty) {
            let instead = "write what came back as a `return`, with the purchase in `ref`";
            self.negative(QTY, "the quantity of a purchase", instead);
        }
        if event.kind == Kind::Transfer && negative(&line.qty) {
            self.negative(QTY, "the quantity of a transfer", "swap `member` (who gives) and `ref` (who gets)");
        }
        if negative(&event.paid_points) {
            self.negative(PAID_POINTS, "what was paid with points", "write it without the sign");
        }
        if negative(&line.regular) && event.kind == Kind::Purchase && !negative(&line.amount) {
            self.negative(REGULAR, "the regular price of what was bought", "leave it empty when it is not known");
        }
        if event.member.is_none() && event.kind.needs_member() {
            self.empty(MEMBER, "This type of event is about one member's account.");
        }
        if event.reference.is_none()
            && let Some(because) = event.kind.needs_reference()
        {
            self.empty(REF, because);
        }
        if line.qty.is_none() && matches!(event.kind, Kind::Transfer | Kind::Adjust) {
            self.empty(QTY, "How many points move is said in `qty`.");
        }
    }

    /// Amounts of another currency become the program's money.
    fn exchange(&mut self, row: &mut Row) {
        let Some(currency) = self.text(CURRENCY) else { return };
        let money = self.reading.how.money;
        let line = &mut row.line;
        let amounts = [&mut line.amount, &mut line.regular, &mut line.tax];
        if currency.eq_ignore_ascii_case(money) || amounts.iter().all(|amount| amount.is_none()) {
            return;
        }
        let reason = match self.reading.how.exchange.map(|table| table.rate(&currency, row.event.day)) {
            Some(Ok(rate)) => {
                amounts.into_iter().flatten().for_each(|amount| *amount = &*amount * &rate);
                line.exchanged = Some(Exchanged { currency, rate });
                return;
            }
            Some(Err(why)) => Some(why),
            None => None,
        };
        let problem = Problem::Currency { money: money.to_owned(), exchange: reason };
        self.push(Some(CURRENCY), Some(currency), problem);
    }

    fn time(&mut self) -> Option<When> {
        let text = self.layout.text(TIME, self.rows.cells());
        if let Some((last, when)) = self.last_time.as_ref()
            && *last == text
        {
            return Some(*when);
        }
        if text.is_empty() {
            self.empty(TIME, TIME_MATTERS);
            return None;
        }
        let (how, text) = (self.reading.how, text.into_owned());
        let forms = if self.layout.is_typed(TIME) { &[] } else { how.map.events.dates.as_slice() };
        let read = match &how.map.events.zone {
            // A day is the program's own, wherever the clock of the file stands.
            Some(zone) => read_time(forms, zone, &text).and_then(|(at, timed)| match timed {
                true => Ok((at, true)),
                false => read_time(forms, how.clock, &text),
            }),
            None => read_time(forms, how.clock, &text),
        };
        let read = match read.map(|(at, timed)| When { at, day: how.clock.day_of(at), timed }) {
            Ok(when) if is_far(when.day) => Err(TimeFault::Far),
            Err(TimeFault::Year) => Err(TimeFault::Far),
            read => read,
        };
        match read {
            Ok(when) => {
                *self.last_time = Some((text, when));
                Some(when)
            }
            Err(fault) => {
                let perhaps = guessed_form(&text);
                let problem = Problem::Time { fault, expected: shown_forms(forms), perhaps, because: TIME_MATTERS };
                self.push(Some(TIME), Some(text), problem);
                None
            }
        }
    }

    fn kind(&mut self) -> Option<Kind> {
        let text = self.layout.text(TYPE, self.rows.cells());
        if text.is_empty() {
            self.empty(TYPE, "What this event does to a member would be a guess.");
            return None;
        }
        let kind = Kind::of(&text);
        if kind.is_none() {
            let closest = super::closest(&text, Kind::ALL.map(Kind::word));
            let text = text.into_owned();
            self.push(Some(TYPE), Some(text), Problem::UnknownType { closest });
        }
        kind
    }

    fn text(&self, column: usize) -> Option<String> {
        let text = self.layout.text(column, self.rows.cells());
        (!text.is_empty()).then(|| text.into_owned())
    }

    fn number(&mut self, column: usize) -> Option<Exact> {
        let (layout, cells) = (self.layout, self.rows.cells());
        if layout.is_sum(column) {
            let parts = layout.parts(column, cells).filter(|part| !part.cell.is_empty());
            let mut sum = None;
            for part in parts {
                match self.part(part.cell, &part) {
                    Ok(part) => sum = Some(sum.unwrap_or_else(Exact::zero) + part),
                    Err(problem) => {
                        let mut error = self.error(Some(part.cell.to_owned()), problem);
                        error.column = Some(part.name.to_owned());
                        self.wrong.push(error);
                    }
                }
            }
            return sum;
        }
        let text = layout.text(column, cells);
        if text.is_empty() {
            return None;
        }
        // What the map says that a value means is written in the map's form.
        let written = Part { name: "", cell: "", typed: false, inexact: false };
        let part = layout.parts(column, cells).find(|part| part.cell == text).unwrap_or(written);
        match self.part(&text, &part) {
            Ok(number) => Some(number),
            Err(problem) => {
                self.push(Some(column), Some(text.into_owned()), problem);
                None
            }
        }
    }

    /// The number of one cell.
    fn part(&self, text: &str, part: &Part<'_>) -> Result<Exact, Problem> {
        let map = &self.reading.how.map.events;
        if part.inexact {
            return Err(Problem::InexactFloat { decimals: map.floats.unwrap_or(0) });
        }
        let form = if part.typed { NumberForm::default() } else { map.numbers };
        form.read(text).map_err(|fault| Problem::Number { fault, form })
    }

    fn empty(&mut self, column: usize, because: &'static str) {
        self.push(Some(column), None, Problem::EmptyCell { because });
    }

    fn negative(&mut self, column: usize, what: &'static str, instead: &'static str) {
        let value = self.text(column);
        self.push(Some(column), value, Problem::Negative { what, instead });
    }

    fn push(&mut self, column: Option<usize>, value: Option<String>, problem: Problem) {
        let mut error = self.error(value, problem);
        error.column = column.map(|column| self.layout.shown(column));
        self.wrong.push(error);
    }

    fn error(&self, value: Option<String>, problem: Problem) -> DataError {
        let file = self.reading.files[self.file].clone();
        DataError { file, row: Some(self.rows.row()), column: None, value, problem }
    }
}

impl Kind {
    /// Whether its rows are lines; other events are one row.
    pub(super) fn has_lines(self) -> bool {
        matches!(self, Kind::Purchase | Kind::Return | Kind::Redeem)
    }

    /// Whether it is about a member's account; the rest may be anonymous.
    pub(super) fn needs_member(self) -> bool {
        match self {
            Kind::Join | Kind::Leave | Kind::Merge | Kind::Transfer | Kind::Grant | Kind::Revoke | Kind::Adjust => true,
            Kind::Purchase
            | Kind::Return
            | Kind::Redeem
            | Kind::Visit
            | Kind::Activity
            | Kind::Referral
            | Kind::Subscribe
            | Kind::Cancel
            | Kind::Draw => false,
        }
    }

    /// Why it must have a `ref`; none where the engine has an answer of its own to an empty one
    /// (a return of no known purchase is rejected as `unknown_purchase`).
    pub(super) fn needs_reference(self) -> Option<&'static str> {
        match self {
            Kind::Activity => Some("Which activity it was is said in `ref`."),
            Kind::Transfer => Some("Who gets the points is said in `ref`."),
            Kind::Merge => Some("Which account is taken in is said in `ref`."),
            Kind::Grant | Kind::Revoke => Some("What is given or taken is said in `ref`."),
            Kind::Purchase
            | Kind::Return
            | Kind::Redeem
            | Kind::Visit
            | Kind::Join
            | Kind::Leave
            | Kind::Referral
            | Kind::Subscribe
            | Kind::Cancel
            | Kind::Adjust
            | Kind::Draw => None,
        }
    }
}
