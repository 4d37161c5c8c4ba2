//! Histories: events, members and items as the engine sees them (the edges are in `docs/formats.md`).

mod columns;
mod coupons;
mod events;
mod forms;
mod kind;
mod layout;
mod lists;
mod loaded;
mod mistake;
mod mistakes;
mod named;
mod plain;
mod read;
mod rows;
mod settle;
mod sheet;
mod words;

pub use columns::{ColumnMap, Delimiter, FileMap, Source};
pub use coupons::{add_coupons, coupons_named};
pub use forms::{DateForm, NumberForm};
pub use kind::FileKind;
pub use loaded::{BadRows, Exchange, How, Input, Inputs, Loaded, Note, SetAside, Totals, write_set_aside};
pub use mistake::{DataError, Fault, MapFault, NumberFault, Place, Problem, SHOWN, TimeFault};
pub use mistakes::Mistakes;
pub use named::Named;
pub use plain::{Articles, EVENT_COLUMNS, EventColumns, Listed, Taken, event_columns, lists};
pub use read::read;

use crate::value::clock::{Clock, Date, Moment};
use crate::value::exact::Exact;
use crate::value::natural_cmp;
use std::collections::BTreeMap;

/// A whole history, ready to run.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// In the order of section 6.2 (see [`History::order`]).
    pub events: Vec<Event>,
    /// The members file, by member.
    pub members: BTreeMap<String, MemberRow>,
}

/// A row of the members file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemberRow {
    /// The day of joining.
    pub joined: Option<Date>,
    /// The birthday.
    pub birthday: Option<Date>,
    /// Every column by name, those two and `member` too.
    pub columns: Named,
}

/// One event: the rows of one id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Moment,
    /// The program's day it lies in.
    pub day: Date,
    /// Whether a time of day was given; else `at` is the start of the day.
    pub timed: bool,
    /// What happened.
    pub kind: Kind,
    /// Whose; none: anonymous.
    pub member: Option<String>,
    /// `ref`.
    pub reference: Option<String>,
    /// `store`.
    pub store: Option<String>,
    /// `channel`.
    pub channel: Option<String>,
    /// `unit`: which points.
    pub unit: Option<String>,
    /// `paid_points`: how many points paid part of a purchase.
    pub paid_points: Option<Exact>,
    /// `coupon`: the coupons used, as often as they were.
    pub coupons: Vec<String>,
    /// At least one line; for what is no purchase or return, one that holds `amount` and `qty`.
    pub lines: Vec<Line>,
    /// Extra columns (of its first row), by name; empty cells are left out.
    pub fields: BTreeMap<String, String>,
    /// Where it was read: file number and row (the header is row 1); for messages only.
    pub place: (usize, u64),
}

/// One line of an event. The derived order is only there so that lines have one whatever their order in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// `line`.
    pub number: Option<String>,
    /// `amount`, in the program's money.
    pub amount: Option<Exact>,
    /// `regular`: before discounts.
    pub regular: Option<Exact>,
    /// `tax` inside the amount.
    pub tax: Option<Exact>,
    /// `qty`; none where the cell is empty (a purchase then means 1).
    pub qty: Option<Exact>,
    /// `sku`.
    pub sku: Option<String>,
    /// `category`, of the line or of its item.
    pub category: Option<String>,
    /// `brand`, of the line or of its item.
    pub brand: Option<String>,
    /// Extra columns of the row and of its item, by name; empty cells are left out.
    pub fields: BTreeMap<String, String>,
    /// What its amounts were in, when they were not in the program's money.
    pub exchanged: Option<Exchanged>,
}

/// A currency, and the rate at which amounts of it became the program's money.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exchanged {
    /// As the file writes it.
    pub currency: String,
    /// How much of the program's money one of it is.
    pub rate: Exact,
}

/// What stands before what within a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A return of an earlier purchase.
    Return,
    /// A redemption.
    Redeem,
    /// Anything else, and the returns of the purchases of the same moment.
    Rest,
}

/// The types of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `purchase`.
    Purchase,
    /// `return`.
    Return,
    /// `redeem`.
    Redeem,
    /// `visit`.
    Visit,
    /// `activity`.
    Activity,
    /// `join`.
    Join,
    /// `leave`.
    Leave,
    /// `merge`.
    Merge,
    /// `referral`.
    Referral,
    /// `subscribe`.
    Subscribe,
    /// `cancel`.
    Cancel,
    /// `transfer`.
    Transfer,
    /// `grant`.
    Grant,
    /// `revoke`.
    Revoke,
    /// `adjust`.
    Adjust,
    /// `draw`.
    Draw,
}

impl Kind {
    /// All of them, in the order of `docs/formats.md`.
    pub const ALL: [Kind; 16] = [
        Kind::Purchase,
        Kind::Return,
        Kind::Redeem,
        Kind::Visit,
        Kind::Activity,
        Kind::Join,
        Kind::Leave,
        Kind::Merge,
        Kind::Referral,
        Kind::Subscribe,
        Kind::Cancel,
        Kind::Transfer,
        Kind::Grant,
        Kind::Revoke,
        Kind::Adjust,
        Kind::Draw,
    ];

    /// The word of the `type` column.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Purchase => "purchase",
            Kind::Return => "return",
            Kind::Redeem => "redeem",
            Kind::Visit => "visit",
            Kind::Activity => "activity",
            Kind::Join => "join",
            Kind::Leave => "leave",
            Kind::Merge => "merge",
            Kind::Referral => "referral",
            Kind::Subscribe => "subscribe",
            Kind::Cancel => "cancel",
            Kind::Transfer => "transfer",
            Kind::Grant => "grant",
            Kind::Revoke => "revoke",
            Kind::Adjust => "adjust",
            Kind::Draw => "draw",
        }
    }

    /// Where it stands within a moment (section 6.2); `behind`: it is a return of a purchase of that very moment.
    pub fn class(self, behind: bool) -> Class {
        match self {
            Kind::Return if !behind => Class::Return,
            Kind::Redeem => Class::Redeem,
            Kind::Return
            | Kind::Purchase
            | Kind::Visit
            | Kind::Activity
            | Kind::Join
            | Kind::Leave
            | Kind::Merge
            | Kind::Referral
            | Kind::Subscribe
            | Kind::Cancel
            | Kind::Transfer
            | Kind::Grant
            | Kind::Revoke
            | Kind::Adjust
            | Kind::Draw => Class::Rest,
        }
    }

    /// Whether it is of two members: its own, and the one that `ref` names.
    pub fn is_of_two(self) -> bool {
        matches!(self, Kind::Transfer | Kind::Referral | Kind::Merge)
    }

    /// What it is, in a few words.
    pub(crate) fn says(self) -> &'static str {
        match self {
            Kind::Purchase => "something is bought",
            Kind::Return => "something bought comes back",
            Kind::Redeem => "a member takes a reward, or uses a gift",
            Kind::Visit => "a member is there, with or without buying",
            Kind::Activity => "something else that a member does, named in `ref`",
            Kind::Join => "a member joins",
            Kind::Leave => "a member leaves",
            Kind::Merge => "another account, named in `ref`, is taken into this one",
            Kind::Referral => "a member brings in another",
            Kind::Subscribe => "a paid membership, named in `ref`, begins or goes on",
            Kind::Cancel => "a paid membership, named in `ref`, is given up",
            Kind::Transfer => "points go to another member, named in `ref`",
            Kind::Grant => "something, named in `ref`, is given by hand",
            Kind::Revoke => "something, named in `ref`, is taken away by hand",
            Kind::Adjust => "a balance is corrected by `qty`",
            Kind::Draw => "a prize is drawn (read, and without effect in this version)",
        }
    }

    /// The type of that word.
    pub fn of(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl Event {
    /// A bare event; the rest is filled in by who makes it.
    pub fn new(id: impl Into<String>, at: Moment, clock: &Clock, kind: Kind) -> Self {
        Self {
            id: id.into(),
            at,
            day: clock.day_of(at),
            timed: true,
            kind,
            member: None,
            reference: None,
            store: None,
            channel: None,
            unit: None,
            paid_points: None,
            coupons: Vec::new(),
            lines: Vec::new(),
            fields: BTreeMap::new(),
            place: (0, 0),
        }
    }

    /// An extra column, or one of the event's own texts, by its name in the events file.
    pub fn field(&self, name: &str) -> Option<&str> {
        match name {
            "store" => self.store.as_deref(),
            "channel" => self.channel.as_deref(),
            "ref" => self.reference.as_deref(),
            "unit" => self.unit.as_deref(),
            _ => self.fields.get(name).map(String::as_str),
        }
    }

    /// A column as one of the event's lines has it. Where no line has it, it is the event's own; where others have it,
    /// an empty cell of this one says nothing.
    pub fn field_of<'e>(&'e self, line: &'e Line, name: &str) -> Option<&'e str> {
        let own = line.field(name);
        let of_event = || self.field(name).filter(|_| self.lines.iter().all(|other| other.field(name).is_none()));
        own.or_else(of_event)
    }

    /// The first `amount` of the event.
    pub fn amount(&self) -> Option<&Exact> {
        self.lines.iter().find_map(|line| line.amount.as_ref())
    }

    /// The first `qty` of the event.
    pub fn qty(&self) -> Option<&Exact> {
        self.lines.iter().find_map(|line| line.qty.as_ref())
    }
}

impl Line {
    /// An extra column, or one of the line's own texts, by its name in the events file.
    pub fn field(&self, name: &str) -> Option<&str> {
        match name {
            "sku" => self.sku.as_deref(),
            "category" => self.category.as_deref(),
            "brand" => self.brand.as_deref(),
            _ => self.fields.get(name).map(String::as_str),
        }
    }
}

impl History {
    /// Puts the events in the order of section 6.2: time, then refunds before redemptions before
    /// the rest (a return right after the purchase of the same moment that it names), then id in
    /// natural order. Position in the source plays no part, so that a shuffled or split history
    /// gives the same result.
    pub fn order(&mut self) {
        let at_purchase: BTreeMap<String, Moment> = self
            .events
            .iter()
            .filter(|event| event.kind == Kind::Purchase)
            .map(|event| (event.id.clone(), event.at))
            .collect();
        // (class, own id or that of the purchase a return follows, after it)
        let key = |event: &Event| -> (Class, String, bool) {
            let purchase = event.reference.as_ref().filter(|purchase| at_purchase.get(*purchase) == Some(&event.at));
            let after = purchase.filter(|_| event.kind == Kind::Return);
            (event.kind.class(after.is_some()), after.unwrap_or(&event.id).clone(), after.is_some())
        };
        self.events.sort_by(|a, b| {
            a.at.cmp(&b.at).then_with(|| {
                let (class_a, id_a, after_a) = key(a);
                let (class_b, id_b, after_b) = key(b);
                class_a
                    .cmp(&class_b)
                    .then_with(|| natural_cmp(&id_a, &id_b))
                    .then(after_a.cmp(&after_b))
                    .then_with(|| natural_cmp(&a.id, &b.id))
            })
        });
    }
}

/// The word nearest to `word`: alike but for case, or a slip or two of the keyboard away.
fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let slips = |other: &str| strsim::damerau_levenshtein(&lower, &other.to_lowercase());
    let length = lower.chars().count();
    // Who differs in length by more is not compared: a cell may have a million letters.
    let room = |other: &str| other.chars().count().max(3);
    let alike = known.into_iter().filter(|other| other.chars().count().abs_diff(length) * 3 <= room(other) + 6);
    let near = alike.map(|other| (slips(other), other));
    near.filter(|(slips, other)| *slips * 3 <= room(other)).min_by_key(|(slips, _)| *slips).map(|(_, other)| other)
}
