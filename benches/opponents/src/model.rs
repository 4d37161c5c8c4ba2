//! What readers hand over: events with their lines, as small as the workloads allow.

/// What a line's category means to the programs.
pub const PLAIN: u8 = 0;
pub const EXCLUDED: u8 = 1;
pub const FRESH: u8 = 2;
pub const HOUSE: u8 = 3;
pub const COFFEE: u8 = 4;
pub const CLASSES: usize = 5;

/// The categories that the programs name.
pub const NAMED: [(&str, u8); 7] = [
    ("tobacco", EXCLUDED),
    ("gift_card", EXCLUDED),
    ("produce", FRESH),
    ("bakery", FRESH),
    ("household", HOUSE),
    ("pet", HOUSE),
    ("coffee", COFFEE),
];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Kind {
    Purchase,
    Return,
    Redeem,
}

/// One event; its lines lie elsewhere, one after the other.
#[derive(Clone, Copy)]
pub struct Event {
    /// Texts of up to eight bytes as big-endian numbers, so that they sort as texts do.
    pub id: u64,
    pub member: u64,
    pub reference: u64,
    /// Days since 1970-01-01.
    pub day: u16,
    pub hour: u8,
    pub kind: Kind,
    pub lines: u16,
    /// Items of coffee.
    pub coffee: u16,
    /// Hundredths of money by class.
    pub sums: [u32; CLASSES],
}

impl Event {
    pub fn all(&self) -> u32 {
        self.sums.iter().sum()
    }

    /// What earns.
    pub fn earning(&self) -> u32 {
        self.all() - self.sums[EXCLUDED as usize]
    }
}

/// No amount.
pub const NONE: u32 = u32::MAX;

/// One line.
#[derive(Clone, Copy)]
pub struct Line {
    pub sku: u64,
    /// Hundredths, or `NONE`.
    pub amount: u32,
    /// 0: empty.
    pub qty: u16,
    pub class: u8,
    /// 0: empty.
    pub number: u8,
}

/// Events in time order, those of one bin of members; some rows of the file.
#[derive(Default)]
pub struct Bin {
    pub events: Vec<Event>,
    pub lines: Vec<Line>,
}

impl Bin {
    pub fn clear(&mut self) {
        self.events.clear();
        self.lines.clear();
    }
}

/// Which bin a member belongs to.
#[inline]
pub fn bin_of(member: u64, bins: usize) -> usize {
    if bins == 1 { 0 } else { (hash(member) as usize) % bins }
}

#[inline]
pub fn hash(key: u64) -> u64 {
    let wide = u128::from(key ^ 0x9e37_79b9_7f4a_7c15) * 0xa076_1d64_78bd_642f_e703_7ed1_a0b4_28db;
    (wide >> 64) as u64 ^ wide as u64
}

/// A text of up to eight bytes as a big-endian number.
pub fn key(text: &[u8]) -> Option<u64> {
    if text.len() > 8 {
        return None;
    }
    let mut bytes = [0; 8];
    bytes[..text.len()].copy_from_slice(text);
    Some(u64::from_be_bytes(bytes))
}

/// The text of a key.
pub fn text(key: u64, into: &mut Vec<u8>) {
    let bytes = key.to_be_bytes();
    let len = 8 - (key.trailing_zeros() as usize / 8).min(8);
    into.extend_from_slice(&bytes[..len]);
}

/// Days since 1970-01-01 of a date.
pub fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + (153 * month + 2) / 5 + day - 1 - 719_468
}

/// Year, month and day of days since 1970-01-01.
pub fn date_of(day: i64) -> (i64, i64, i64) {
    let z = day + 719_468;
    let (era, of_era) = (z.div_euclid(146_097), z.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let mp = (5 * of_year + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (year + era * 400 + i64::from(month <= 2), month, of_year - (153 * mp + 2) / 5 + 1)
}

/// What a point is worth, in hundredths.
pub const WORTH: i64 = 2;
