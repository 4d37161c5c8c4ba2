//! Rows of a batch joined to events, checked as the ledger would, and put into piles.

use super::columns::{self, Columns, From, Looked, Our, coded};
use super::glance::Glance;
use super::items::{Cell, Items};
use super::moments::{Moments, When};
use super::tally::Tally;
use crate::engine::parts::drive::pile_of;
use crate::engine::pile::{self, Pile, unscaled};
use crate::engine::plan::{Keep, Needs};
use crate::ledger::{Event, Kind, Line, add_coupons, coupons_named};
use crate::source::batch::{Batch, Column, NONE};
use crate::value::exact::Exact;
use crate::value::natural_cmp;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Range;

/// What all files of a reading share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shared<'a> {
    /// What the piles hold.
    pub needs: &'a Needs,
    /// The program's money.
    pub money: &'a str,
    /// The articles.
    pub items: &'a Items<'a>,
    /// Whether `sku` and `line` are kept in the piles.
    pub names_lines: bool,
    /// How many piles there are.
    pub piles: usize,
}

/// Why rows are not taken in this way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stop {
    /// What is unusual about them.
    Unusual(String),
    /// A return names lines: they have to be kept.
    NamesLines,
    /// The rows of an id stand apart.
    Scattered,
}

fn unusual<T>(what: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Unusual(what.into()))
}

/// An event of a batch, on its way to its pile.
#[derive(Debug)]
pub(super) struct Found {
    /// The pile it goes to.
    pub pile: usize,
    /// Its lines: places in [`Rows::lines`].
    lines: Range<usize>,
    /// Whether these are rows that follow one another.
    straight: bool,
    kind: Kind,
    when: When,
    /// What the columns of a pile do not hold.
    whole: Option<Box<Event>>,
}

/// Reads the rows of batches of one file.
#[derive(Debug)]
pub(super) struct Rows<'r, 'b> {
    pub shared: Shared<'r>,
    pub columns: &'r Columns,
    pub batch: &'r Batch<'b>,
    /// What its columns say as a whole.
    glance: &'r Glance,
    /// Rows, line by line in the order of their events'.
    lines: Vec<u32>,
    /// Of each row that was checked, what the items file says of its article; no places where there is no items file.
    articles: Vec<Option<&'r [Cell<'r>]>>,
}

impl<'r, 'b> Rows<'r, 'b> {
    /// Rows of a batch that was glanced at.
    pub fn new(shared: Shared<'r>, columns: &'r Columns, batch: &'r Batch<'b>, glance: &'r Glance) -> Self {
        let articles = vec![None; if shared.items.is_empty() { 0 } else { batch.rows }];
        Self { shared, columns, batch, glance, lines: Vec::with_capacity(batch.rows), articles }
    }

    /// The id of a row.
    pub fn id(&self, row: usize) -> &str {
        self.columns.text(Our::Id, self.batch, row)
    }

    fn text(&self, our: Our, row: usize) -> &str {
        self.columns.text(our, self.batch, row)
    }

    fn number(&self, our: Our, row: usize) -> i64 {
        self.columns.number(our, self.batch, row)
    }

    /// The rows of each id that stand together.
    pub fn runs(&self) -> impl DoubleEndedIterator<Item = Range<usize>> + ExactSizeIterator + '_ {
        self.glance.starts().windows(2).map(|pair| pair[0] as usize..pair[1] as usize)
    }

    /// The event of rows that stand together.
    pub fn event(&mut self, rows: Range<usize>, moments: &mut Moments<'_>, tally: &mut Tally) -> Result<Found, Stop> {
        let first = rows.start;
        let id = self.id(first);
        if id.is_empty() {
            return unusual("an event without an id");
        }
        let Some(kind) = self.columns.kind(self.batch, first) else { return unusual("a type that is none of ours") };
        let Some(stamp) = self.columns.time(self.batch, first) else { return unusual("an event without a time") };
        let when = moments.of(stamp);
        if !moments.may_be(when.day) {
            return unusual("an event on a day that is far from all others");
        }
        let plain = pile::is_common(kind) && self.glance.is_plain(rows.clone());
        if plain {
            self.check_plain(kind, rows.clone(), tally)?;
        } else {
            rows.clone().try_for_each(|row| self.check(kind, row, tally))?;
        }
        let from = self.lines.len();
        self.lines.extend(rows.clone().map(|row| u32::try_from(row).unwrap_or(u32::MAX)));
        if rows.len() > 1 && !plain {
            self.join(kind, when, rows.clone(), moments)?;
        }
        let straight = self.glance.in_order(rows.clone());
        if !straight {
            let mut lines = self.lines.split_off(from);
            let order = |a: &u32, b: &u32| self.order(*a as usize, *b as usize);
            lines.sort_by(order);
            tally.equal(&lines, |a, b| order(&a, &b) == Ordering::Equal);
            let numbered = |row: u32| self.text(Our::Line, row as usize);
            let clash = |pair: &[u32]| !numbered(pair[0]).is_empty() && numbered(pair[0]) == numbered(pair[1]);
            if lines.windows(2).any(clash) {
                return unusual("a line number that stands twice in one event");
            }
            self.lines.extend(lines);
        }
        let lines = from..self.lines.len();
        if kind == Kind::Purchase && !self.glance.is_paid() {
            self.purchase(&lines, tally)?;
        }
        if kind == Kind::Return && !self.shared.names_lines && rows.clone().any(|row| self.names_a_line(row)) {
            return Err(Stop::NamesLines);
        }
        let member = self.text(Our::Member, first);
        let id = self.id(first);
        let pile = pile_of(if member.is_empty() { id } else { member }, self.shared.piles);
        let whole =
            if plain || self.fits(kind, &rows) { None } else { Some(Box::new(self.whole(kind, when, &rows, &lines))) };
        tally.event(kind, when, self.text(Our::Ref, first));
        Ok(Found { pile, lines, straight, kind, when, whole })
    }

    /// What the cells of rows say together that are plain as a whole.
    fn check_plain(&mut self, kind: Kind, rows: Range<usize>, tally: &mut Tally) -> Result<(), Stop> {
        let first = rows.start;
        if rows.len() > 1 && !kind.is_in_lines() {
            return unusual("several rows of an event that has no lines");
        }
        self.check_names(kind, first)?;
        rows.clone().for_each(|row| tally.line(self.number(Our::Amount, row)));
        self.check_articles(rows, tally);
        Ok(())
    }

    /// Whom and what an event has to name.
    fn check_names(&self, kind: Kind, row: usize) -> Result<(), Stop> {
        if kind.is_of_a_member() && self.text(Our::Member, row).is_empty() {
            return unusual("an event of a member without one");
        }
        if kind.must_refer() && self.text(Our::Ref, row).is_empty() {
            return unusual("an event without the `ref` that it needs");
        }
        Ok(())
    }

    /// Looks up what was bought in the items file, where there is one, and whether it has it.
    fn check_articles(&mut self, rows: Range<usize>, tally: &mut Tally) {
        let items = self.shared.items;
        if items.is_empty() {
            return;
        }
        for row in rows {
            let sku = self.columns.text(Our::Sku, self.batch, row);
            let article = items.of(sku);
            if !sku.is_empty() && article.is_none() {
                tally.unknown_item(sku);
            }
            self.articles[row] = article;
        }
    }

    /// What the cells of a row say together.
    fn check(&mut self, kind: Kind, row: usize, tally: &mut Tally) -> Result<(), Stop> {
        let number = |our| self.number(our, row);
        let negative = |number: i64| number != NONE && number < 0;
        let (amount, quantity) = (number(Our::Amount), number(Our::Qty));
        if matches!(kind, Kind::Purchase | Kind::Transfer) && negative(quantity) {
            return unusual("a quantity below zero");
        }
        if negative(number(Our::PaidPoints)) {
            return unusual("points paid below zero");
        }
        if kind == Kind::Purchase && negative(number(Our::Regular)) && !negative(amount) {
            return unusual("a regular price below zero");
        }
        self.check_names(kind, row)?;
        if matches!(kind, Kind::Transfer | Kind::Adjust) && quantity == NONE {
            return unusual("a movement of points without a number");
        }
        let currency = self.text(Our::Currency, row);
        if !currency.is_empty() && !currency.eq_ignore_ascii_case(self.shared.money) {
            let amounts = [amount, number(Our::Regular), number(Our::Tax)];
            if amounts.iter().any(|amount| *amount != NONE) {
                return unusual(format!("amounts in {currency}"));
            }
        }
        tally.line(amount);
        self.check_articles(row..row + 1, tally);
        Ok(())
    }

    /// Rows of one id have to agree.
    fn join(&self, kind: Kind, when: When, rows: Range<usize>, moments: &mut Moments<'_>) -> Result<(), Stop> {
        let first = rows.start;
        if !kind.is_in_lines() {
            return unusual("several rows of an event that has no lines");
        }
        for row in rows.clone().skip(1) {
            let stamp = self.columns.time(self.batch, row);
            let alike = self.columns.kind(self.batch, row) == Some(kind)
                && stamp.is_some_and(|stamp| moments.of(stamp) == when)
                && self.text(Our::Member, row) == self.text(Our::Member, first)
                && self.text(Our::Ref, row) == self.text(Our::Ref, first);
            if !alike {
                return unusual("rows of one id that do not agree");
            }
        }
        for our in [Our::Store, Our::Channel, Our::Unit] {
            let said = self.said(our, &rows);
            if rows.clone().any(|row| !self.text(our, row).is_empty() && self.text(our, row) != said) {
                return unusual("rows of one id that do not agree");
            }
        }
        let mut paid = rows.clone().map(|row| self.number(Our::PaidPoints, row)).filter(|paid| *paid != NONE);
        if let Some(first) = paid.next()
            && paid.any(|paid| paid != first)
        {
            return unusual("rows of one id that do not agree");
        }
        Ok(())
    }

    /// What rows of one id say of a column that an event has once.
    fn said(&self, our: Our, rows: &Range<usize>) -> &str {
        rows.clone().map(|row| self.text(our, row)).find(|text| !text.is_empty()).unwrap_or("")
    }

    /// The order of lines: by number, then by all that they say, as the ledger has it.
    fn order(&self, a: usize, b: usize) -> Ordering {
        let text = |our: Our| (self.text(our, a), self.text(our, b));
        let mut order = match (self.columns.our(Our::Line), text(Our::Line)) {
            (From::Nowhere, _) => Ordering::Equal,
            (From::Asked(_) | From::Always(_), (a, b)) => natural_cmp(a, b),
        };
        for our in [Our::Amount, Our::Regular, Our::Tax, Our::Qty] {
            order = order.then_with(|| self.number(our, a).cmp(&self.number(our, b)));
        }
        for our in [Our::Sku, Our::Category, Our::Brand] {
            order = order.then_with(|| {
                let (a, b) = text(our);
                a.cmp(b)
            });
        }
        order.then_with(|| self.fields_order(a, b))
    }

    /// The order of the other columns: of maps that leave empty cells out.
    fn fields_order(&self, a: usize, b: usize) -> Ordering {
        let cell = |at: usize, row: usize| columns::cell(self.batch, at, row);
        for (nth, (at, _)) in self.columns.extras.iter().enumerate() {
            let (one, other) = (cell(*at, a), cell(*at, b));
            if one == other {
                continue;
            }
            // Who has the earlier name comes first, unless the other has no more names at all.
            let more = |row: usize| self.columns.extras[nth + 1..].iter().any(|(at, _)| !cell(*at, row).is_empty());
            return match (one.is_empty(), other.is_empty()) {
                (false, false) => one.cmp(other),
                (true, _) if more(a) => Ordering::Greater,
                (true, _) => Ordering::Less,
                (false, true) if more(b) => Ordering::Less,
                (false, true) => Ordering::Greater,
            };
        }
        Ordering::Equal
    }

    /// A receipt below zero is refused.
    fn purchase(&self, lines: &Range<usize>, tally: &mut Tally) -> Result<(), Stop> {
        let amounts = self.lines[lines.clone()].iter().map(|row| self.number(Our::Amount, *row as usize));
        let mut sum = 0_i128;
        for amount in amounts {
            if amount == NONE {
                tally.no_amount();
            } else {
                sum += i128::from(amount);
            }
        }
        if sum < 0 { unusual("a receipt below zero") } else { Ok(()) }
    }

    fn names_a_line(&self, row: usize) -> bool {
        !self.text(Our::Line, row).is_empty() || !self.text(Our::Sku, row).is_empty()
    }

    /// Whether the columns of a pile hold all of an event.
    fn fits(&self, kind: Kind, rows: &Range<usize>) -> bool {
        let bare = |our: Our| *self.columns.our(our) == From::Nowhere || self.said(our, rows).is_empty();
        let unpaid = || rows.clone().all(|row| self.number(Our::PaidPoints, row) == NONE);
        pile::is_common(kind) && bare(Our::Unit) && bare(Our::Coupon) && unpaid()
    }

    /// An event with all that it says.
    fn whole(&self, kind: Kind, when: When, rows: &Range<usize>, lines: &Range<usize>) -> Event {
        let some = |our: Our| Some(self.said(our, rows).to_owned()).filter(|text| !text.is_empty());
        let mut coupons: Vec<String> = Vec::new();
        for row in rows.clone() {
            add_coupons(&mut coupons, &coupons_named(self.text(Our::Coupon, row)));
        }
        let paid = rows.clone().map(|row| self.number(Our::PaidPoints, row)).find(|paid| *paid != NONE);
        let mut event = Event {
            id: self.id(rows.start).to_owned(),
            at: pile::moment(when.at),
            day: pile::day(when.day),
            timed: when.timed,
            kind,
            member: some(Our::Member),
            reference: some(Our::Ref),
            store: some(Our::Store),
            channel: some(Our::Channel),
            unit: some(Our::Unit),
            paid_points: paid.and_then(unscaled),
            coupons,
            lines: self.lines[lines.clone()].iter().map(|row| self.line(*row as usize)).collect(),
            fields: BTreeMap::new(),
            place: (0, 0),
        };
        for (name, value) in event.lines.iter().flat_map(|line| &line.fields) {
            if !event.fields.contains_key(name) {
                event.fields.insert(name.clone(), value.clone());
            }
        }
        event.lines.iter_mut().for_each(|line| self.shared.items.join(line));
        event
    }

    fn line(&self, row: usize) -> Line {
        let some = |our: Our| Some(self.text(our, row).to_owned()).filter(|text| !text.is_empty());
        let number = |our: Our| -> Option<Exact> { unscaled(self.number(our, row)) };
        let fields = self.columns.extras.iter().map(|(at, name)| (name, columns::cell(self.batch, *at, row)));
        Line {
            number: some(Our::Line),
            amount: number(Our::Amount),
            regular: number(Our::Regular),
            tax: number(Our::Tax),
            qty: number(Our::Qty),
            sku: some(Our::Sku),
            category: some(Our::Category),
            brand: some(Our::Brand),
            fields: fields
                .filter(|(_, text)| !text.is_empty())
                .map(|(name, text)| (name.clone(), text.to_owned()))
                .collect(),
            // A history in other currencies is read the plain way.
            exchanged: None,
        }
    }

    /// Tells the tally which events come last.
    pub fn last(&self, found: &[Found], tally: &mut Tally) {
        let Some(last) = found.iter().map(|event| event.when.at).max() else { return };
        let those = found.iter().filter(|event| event.when.at == last);
        let told = those.map(|event| {
            let row = self.lines[event.lines.start] as usize;
            (event.kind, self.id(row), self.text(Our::Ref, row))
        });
        tally.last(last, told);
    }

    /// Puts an event into its pile.
    pub fn push(&self, found: &Found, into: &mut Pile) {
        if let Some(whole) = &found.whole {
            return into.push_event(whole, self.shared.needs);
        }
        let lines = &self.lines[found.lines.clone()];
        let first = lines[0] as usize;
        into.member.push(self.text(Our::Member, first));
        into.id.push(self.id(first));
        into.at.push(found.when.at);
        into.day.push(found.when.day);
        into.kind.push(found.kind);
        into.timed.push(found.when.timed);
        into.reference.push(self.text(Our::Ref, first));
        for looked in &self.columns.event {
            let row = lines.iter().map(|row| *row as usize);
            let row = row.into_iter().find(|row| !columns::text(&looked.text, self.batch, *row).is_empty());
            match &looked.keep {
                Keep::Code(_) => {
                    into.codes.push(row.map_or(crate::engine::plan::NO_CODE, |row| self.code(looked, row)))
                }
                Keep::Text => into.texts.push(row.map_or("", |row| columns::text(&looked.text, self.batch, row))),
            }
        }
        if found.straight {
            self.push_lines(first..first + lines.len(), into);
        } else {
            lines.iter().for_each(|line| self.push_lines(*line as usize..*line as usize + 1, into));
        }
        into.lines_end.push(u32::try_from(into.amount.len()).unwrap_or(u32::MAX));
    }

    /// Puts rows that follow one another into a pile, as lines.
    fn push_lines(&self, rows: Range<usize>, into: &mut Pile) {
        self.push_numbers(Our::Amount, rows.clone(), &mut into.amount);
        self.push_numbers(Our::Qty, rows.clone(), &mut into.quantity);
        if self.shared.needs.regular {
            self.push_numbers(Our::Regular, rows.clone(), &mut into.regular);
        }
        if self.shared.needs.tax {
            self.push_numbers(Our::Tax, rows.clone(), &mut into.tax);
        }
        self.push_looked(rows.clone(), into);
        if self.shared.names_lines {
            rows.clone().for_each(|row| into.sku.push(self.text(Our::Sku, row)));
            rows.for_each(|row| into.number.push(self.text(Our::Line, row)));
        }
    }

    fn push_numbers(&self, our: Our, rows: Range<usize>, into: &mut Vec<i64>) {
        match self.columns.numbers(our, self.batch) {
            Some(numbers) => into.extend_from_slice(&numbers[rows]),
            None => into.extend(rows.map(|_| NONE)),
        }
    }

    /// What the program looks at of lines.
    fn push_looked(&self, rows: Range<usize>, into: &mut Pile) {
        if let [Looked { code: Some(at), .. }] = &self.columns.line[..]
            && let Column::Code(codes) = &self.batch.columns[*at]
            && self.shared.items.is_empty()
        {
            return into.line_codes.extend_from_slice(&codes[rows]);
        }
        for row in rows {
            let article = self.articles.get(row).copied().flatten();
            for (nth, looked) in self.columns.line.iter().enumerate() {
                let own = columns::text(&looked.text, self.batch, row);
                let article = article.filter(|_| own.is_empty() && looked.of_item.is_some());
                match &looked.keep {
                    Keep::Code(_) => {
                        into.line_codes.push(article.map_or_else(|| self.code(looked, row), |one| one[nth].code))
                    }
                    Keep::Text => into.line_texts.push(article.map_or(own, |one| one[nth].text)),
                }
            }
        }
    }

    /// The code of what a row says of a column.
    fn code(&self, looked: &Looked, row: usize) -> u32 {
        match (&looked.code, &looked.keep) {
            (Some(at), _) => coded(self.batch, *at, row),
            (None, Keep::Code(words)) => pile::code(words, columns::text(&looked.text, self.batch, row)),
            (None, Keep::Text) => crate::engine::plan::NO_CODE,
        }
    }
}
