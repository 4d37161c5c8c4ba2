//! `columns.toml`: how a user's own file is read as ours (`docs/columns.md` has it with examples).

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::forms::{DateForm, NumberForm};
use super::mistake::{DataError, MapFault, Problem};
use super::mistakes::Mistakes;
use crate::value::clock::Clock;

/// Our columns of the events file, in the order of `docs/formats.md`.
pub(super) const EVENTS: [&str; 20] = [
    "id",
    "line",
    "time",
    "type",
    "member",
    "amount",
    "currency",
    "regular",
    "tax",
    "ref",
    "qty",
    "unit",
    "sku",
    "category",
    "brand",
    "paid_points",
    "coupon",
    "store",
    "channel",
    "note",
];
/// Our columns of the members file.
pub(super) const MEMBERS: [&str; 3] = ["member", "joined", "birthday"];
/// Our columns of the items file.
pub(super) const ITEMS: [&str; 3] = ["sku", "category", "brand"];

/// Keys of a section besides our columns.
const SETTINGS: [&str; 11] =
    ["file", "delimiter", "header", "dates", "zone", "decimal", "thousands", "floats", "leave_out", "extra", "values"];

/// As many decimals as floating point can stand for.
const MOST_DECIMALS: u32 = 9;

/// What parts the cells of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delimiter {
    /// This byte; cells may be quoted.
    Byte(u8),
    /// Any number of blanks and tabs; there are no quotes.
    Blank,
}

/// The whole map; the default reads files in our own columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnMap {
    /// The path, for messages; empty when there is no map.
    pub path: String,
    /// Of the events files.
    pub events: FileMap,
    /// Of the members files.
    pub members: FileMap,
    /// Of the items files.
    pub items: FileMap,
}

/// How one kind of file is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileMap {
    /// The files read when a command names none, as paths from the map's folder.
    pub files: Vec<String>,
    /// What parts the cells; found from the header when none is given.
    pub delimiter: Option<Delimiter>,
    /// Names of the columns of a file that has no header row.
    pub header: Option<Vec<String>>,
    /// How dates are written; ours when empty.
    pub dates: Vec<DateForm>,
    /// The zone of the clock that tells times without an offset; the program's when none is given.
    pub zone: Option<Clock>,
    /// How numbers are written.
    pub numbers: NumberForm,
    /// How many decimals the numbers have that floating point stands for; none: it is not taken for numbers.
    pub floats: Option<u32>,
    /// Where our columns come from.
    pub columns: BTreeMap<String, Source>,
    /// Other columns of the file under another name: new name, name in the file.
    pub extra: BTreeMap<String, String>,
    /// By column (ours or extra): what the file writes, and what it means.
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// Columns of the file that are not kept.
    pub leave_out: Vec<String>,
    /// Columns that must hold days, since the program reads them so.
    pub days: Vec<String>,
    /// Columns that must hold numbers, since the program reads them so.
    pub figures: Vec<String>,
}

/// Where one of our columns comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// `"their column"`.
    Column(String),
    /// `{ always = "purchase" }`.
    Always(String),
    /// `{ from = ["a", "b"], join = "-", number = true }`.
    Joined {
        /// Their columns.
        from: Vec<String>,
        /// What stands between them.
        join: String,
        /// Only of `id`: every row is an event, and those of equal cells are numbered.
        number: bool,
    },
    /// `{ sum = ["a", "b"] }`: amounts added.
    Sum(Vec<String>),
}

impl Source {
    /// Their columns that it reads.
    pub(super) fn reads(&self) -> &[String] {
        match self {
            Self::Column(column) => std::slice::from_ref(column),
            Self::Always(_) => &[],
            Self::Joined { from, .. } => from,
            Self::Sum(columns) => columns,
        }
    }
}

impl FileMap {
    /// Whether one of our columns, or an extra one, is read from that column of the file.
    pub(super) fn reads(&self, theirs: &str) -> bool {
        let read = |source: &Source| source.reads().iter().any(|column| column == theirs);
        self.columns.values().any(read) || self.extra.values().any(|column| column == theirs)
    }

    /// Whether every row is an event of its own, numbered among those with equal cells.
    pub(super) fn numbers_ids(&self) -> bool {
        matches!(self.columns.get("id"), Some(Source::Joined { number: true, .. }))
    }
}

impl ColumnMap {
    /// Reads a map.
    ///
    /// ```
    /// use loyal::ledger::ColumnMap;
    /// let map = ColumnMap::parse("columns.toml", "[events]\nmember = \"customer\"\n").unwrap();
    /// assert_eq!(map.events.columns.len(), 1);
    /// assert!(ColumnMap::parse("columns.toml", "[evnts]\n").unwrap_err().to_string().contains("`events`"));
    /// ```
    ///
    /// # Errors
    /// All mistakes in it, each with its line.
    pub fn parse(path: &str, text: &str) -> Result<Self, Mistakes> {
        let mut reading = Reading { path, text, mistakes: Mistakes::default() };
        let mut map = Self { path: path.to_owned(), ..Self::default() };
        let (table, errors) = DeTable::parse_recoverable(text.strip_prefix('\u{feff}').unwrap_or(text));
        for error in errors {
            let words = error.message().to_owned();
            reading.wrong(error.span().unwrap_or(0..0), None, None, MapFault::Toml(words));
        }
        for (key, value) in table.get_ref() {
            match key.get_ref().as_ref() {
                "events" => map.events = reading.section(key, value, &EVENTS),
                "members" => map.members = reading.section(key, value, &MEMBERS),
                "items" => map.items = reading.section(key, value, &ITEMS),
                _ => reading.unknown(key, &["events", "members", "items"]),
            }
        }
        if reading.mistakes.is_empty() { Ok(map) } else { Err(reading.mistakes.sorted()) }
    }
}

type Key<'a> = Spanned<std::borrow::Cow<'a, str>>;
type Value<'a> = Spanned<DeValue<'a>>;

struct Reading<'a> {
    path: &'a str,
    text: &'a str,
    mistakes: Mistakes,
}

impl Reading<'_> {
    fn section(&mut self, key: &Key<'_>, value: &Value<'_>, ours: &[&'static str]) -> FileMap {
        let mut map = FileMap::default();
        let Some(table) = value.get_ref().as_table() else {
            self.shape(key, value, "a section: [events] on a line of its own");
            return map;
        };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "file" => map.files = self.files(key, value),
                "delimiter" => map.delimiter = self.delimiter(key, value),
                "header" => map.header = self.texts(key, value),
                "dates" => map.dates = self.dates(key, value),
                "decimal" => match one_char(value).filter(|sign| matches!(sign, '.' | ',' | '٫')) {
                    Some(sign) => map.numbers.decimal = sign,
                    None => self.shape(key, value, "\".\" or \",\""),
                },
                "thousands" => match one_char(value).filter(|sign| !sign.is_alphanumeric()) {
                    Some(sign) => map.numbers.thousands = Some(sign),
                    None => self.shape(key, value, "one sign: \",\", \".\", \" \" or \"'\""),
                },
                "zone" => map.zone = self.zone(key, value),
                "floats" => match value.get_ref().as_str().and_then(decimals) {
                    Some(decimals) => map.floats = Some(decimals),
                    None => self.shape(key, value, "how many decimals the numbers have: \"2 decimals\""),
                },
                "leave_out" => map.leave_out = self.texts(key, value).unwrap_or_default(),
                "extra" => map.extra = self.renames(key, value),
                "values" => map.values = self.values(key, value),
                name if ours.contains(&name) => {
                    if let Some(source) = self.source(name, key, value) {
                        map.columns.insert(name.to_owned(), source);
                    }
                }
                _ => self.unknown(key, &[ours, &SETTINGS[..]].concat()),
            }
        }
        if map.numbers.thousands == Some(map.numbers.decimal) {
            let find = |name: &str| table.iter().find(|(key, _)| key.get_ref() == name);
            // A sign that both would use is a wrong pair, or a missing half of one.
            let (key, value) = find("thousands").unwrap_or((key, value));
            let (sign, decimal) = (map.numbers.decimal, find("decimal").is_some());
            let other = if sign == ',' { '.' } else { ',' };
            let file = value.get_ref().as_str().map(str::to_owned);
            self.wrong(value.span(), Some(key.get_ref().to_string()), file, MapFault::OneSign { other, decimal });
        }
        map
    }

    fn source(&mut self, ours: &str, key: &Key<'_>, value: &Value<'_>) -> Option<Source> {
        const FORMS: &str = "\"your column\", { always = \"a value\" }, { from = [\"a\", \"b\"], join = \"-\" } \
                             or { sum = [\"a\", \"b\"] }";
        if let Some(column) = value.get_ref().as_str() {
            return Some(Source::Column(column.trim().to_owned()));
        }
        let Some(table) = value.get_ref().as_table() else {
            self.shape(key, value, FORMS);
            return None;
        };
        let find = |name: &str| table.iter().find(|(key, _)| key.get_ref() == name);
        let known: &[&'static str] = match ours {
            "id" => &["always", "from", "join", "number"],
            "amount" | "regular" | "tax" | "qty" => &["always", "from", "join", "sum"],
            _ => &["always", "from", "join"],
        };
        let strange: Vec<_> = table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())).collect();
        for key in &strange {
            self.unknown(key, known);
        }
        if !strange.is_empty() {
            return None;
        }
        if let Some((key, value)) = find("always") {
            return self.text(key, value).map(Source::Always);
        }
        if let Some((key, value)) = find("sum") {
            return self.texts(key, value).map(Source::Sum);
        }
        let Some((from_key, from)) = find("from") else {
            self.shape(key, value, FORMS);
            return None;
        };
        let join = match find("join") {
            Some((key, value)) => self.text(key, value)?,
            None => "-".to_owned(),
        };
        let number = match find("number") {
            Some((key, value)) => value.get_ref().as_bool().or_else(|| {
                self.shape(key, value, "true or false");
                None
            })?,
            None => false,
        };
        Some(Source::Joined { from: self.texts(from_key, from)?, join, number })
    }

    fn delimiter(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<Delimiter> {
        let found = match value.get_ref().as_str() {
            Some("blank") => Some(Delimiter::Blank),
            Some("tab") => Some(Delimiter::Byte(b'\t')),
            Some(text) => match text.as_bytes() {
                [byte] if byte.is_ascii_punctuation() && *byte != b'"' || *byte == b'\t' => {
                    Some(Delimiter::Byte(*byte))
                }
                _ => None,
            },
            None => None,
        };
        if found.is_none() {
            self.shape(key, value, "\",\", \";\", \"|\", \"tab\" or \"blank\"");
        }
        found
    }

    /// Paths that stay inside the map's folder: a program that comes from others reads nothing else.
    fn files(&mut self, key: &Key<'_>, value: &Value<'_>) -> Vec<String> {
        let paths = match value.get_ref().as_str() {
            Some(path) => vec![path.to_owned()],
            None => self.texts(key, value).unwrap_or_default(),
        };
        let stays = |path: &String| {
            let mut parts = path.split(['/', '\\']);
            !path.is_empty() && parts.all(|part| !part.is_empty() && part != ".." && !part.contains(':'))
        };
        if !paths.iter().all(stays) {
            self.shape(key, value, "a file in this folder or below it: \"till.csv\"");
            return Vec::new();
        }
        paths
    }

    fn dates(&mut self, key: &Key<'_>, value: &Value<'_>) -> Vec<DateForm> {
        let texts = match value.get_ref().as_str() {
            Some(text) => vec![text.to_owned()],
            None => self.texts(key, value).unwrap_or_default(),
        };
        let mut forms = Vec::new();
        for text in texts {
            match DateForm::parse(&text) {
                Ok(form) => forms.push(form),
                Err(perhaps) => {
                    let name = key.get_ref().to_string();
                    self.wrong(value.span(), Some(name), Some(text), MapFault::DateForm { perhaps });
                }
            }
        }
        forms
    }

    fn zone(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<Clock> {
        let zone = value.get_ref().as_str().and_then(|name| Clock::new(name).ok());
        if zone.is_none() {
            self.shape(key, value, "a zone: \"UTC\", \"Europe/Bucharest\"");
        }
        zone
    }

    fn renames(&mut self, key: &Key<'_>, value: &Value<'_>) -> BTreeMap<String, String> {
        let Some(table) = value.get_ref().as_table() else {
            self.shape(key, value, "names: region = \"your column\"");
            return BTreeMap::new();
        };
        let named = table.iter().filter_map(|(key, value)| Some((key.get_ref().to_string(), self.text(key, value)?)));
        named.collect()
    }

    fn values(&mut self, key: &Key<'_>, value: &Value<'_>) -> BTreeMap<String, BTreeMap<String, String>> {
        let Some(table) = value.get_ref().as_table() else {
            self.shape(key, value, "a section by column: [events.values.type]");
            return BTreeMap::new();
        };
        table.iter().map(|(key, value)| (key.get_ref().to_string(), self.renames(key, value))).collect()
    }

    fn text(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<String> {
        let text = value.get_ref().as_str().map(|text| crate::value::nfc(text).into_owned());
        if text.is_none() {
            self.shape(key, value, "a text in quotes");
        }
        text
    }

    fn texts(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<Vec<String>> {
        let texts: Option<Vec<String>> = value
            .get_ref()
            .as_array()
            .and_then(|array| array.iter().map(|text| text.get_ref().as_str().map(str::to_owned)).collect());
        if texts.as_ref().is_none_or(Vec::is_empty) {
            self.shape(key, value, "a list of texts: [\"a\", \"b\"]");
            return None;
        }
        texts
    }

    fn unknown(&mut self, key: &Key<'_>, known: &[&'static str]) {
        let closest = super::closest(key.get_ref(), known.iter().copied()).map(str::to_owned);
        let fault = MapFault::UnknownKey { closest, known: known.to_vec() };
        self.wrong(key.span(), Some(key.get_ref().to_string()), None, fault);
    }

    fn shape(&mut self, key: &Key<'_>, value: &Value<'_>, expected: &'static str) {
        let text = self.text.get(value.span()).unwrap_or("").to_owned();
        self.wrong(value.span(), Some(key.get_ref().to_string()), Some(text), MapFault::Shape { expected });
    }

    fn wrong(&mut self, span: Range<usize>, column: Option<String>, value: Option<String>, fault: MapFault) {
        let before = &self.text.as_bytes()[..span.start.min(self.text.len())];
        let line = before.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
        self.mistakes.add(DataError {
            file: self.path.to_owned(),
            row: Some(line),
            column,
            value,
            problem: Problem::Map(fault),
        });
    }
}

/// `2 decimals`.
fn decimals(text: &str) -> Option<u32> {
    let (count, word) = text.trim().split_once(' ')?;
    let count = count.parse().ok().filter(|count| *count <= MOST_DECIMALS)?;
    matches!(word.trim(), "decimals" | "decimal").then_some(count)
}

fn one_char(value: &Value<'_>) -> Option<char> {
    let mut chars = value.get_ref().as_str()?.chars();
    chars.next().filter(|_| chars.next().is_none())
}
