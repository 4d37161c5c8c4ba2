//! Figures, days, names and places as people read them: in English, the names as written.

use crate::diag;
use crate::engine::outcome::{DiscountOf, GiftLife, PostingKind};
use crate::mechanics::basis::{Basis, Distinct};
use crate::mechanics::example::Held;
use crate::mechanics::{MembershipId, PointsId, Program, RuleId};
use crate::text::{Sources, Span};
use crate::value::clock::Date;
use crate::value::exact::Exact;
use std::borrow::Cow;

/// A program and its source files, for saying what a figure is and where it comes from.
#[derive(Debug, Clone, Copy)]
pub struct Book<'a> {
    /// The program.
    pub program: &'a Program,
    /// The files it was read from.
    pub sources: &'a Sources,
}

impl<'a> Book<'a> {
    /// The same of the version of that number: what an entry of the journal names stands in its file.
    pub fn of_version(self, version: usize) -> Self {
        Self { program: self.program.version(version), ..self }
    }

    /// The same of the version of that day, whoever keeps the old terms: what points of everybody are worth stands in it.
    pub fn of_day(self, day: Date) -> Self {
        self.of_version(self.program.version_on(day, None))
    }

    /// The singular name of a unit.
    pub fn unit(&self, unit: PointsId) -> &'a str {
        &self.program.points[unit.0].name.text
    }

    /// The unit's name that stands behind `number`: `1 star`, `57 stars`.
    pub fn unit_for(&self, unit: PointsId, number: &Exact) -> Cow<'a, str> {
        let points = &self.program.points[unit.0];
        let singular = number.abs() == Exact::one();
        let plural = points.plural.as_deref().unwrap_or(&points.name.text);
        isolate(if singular { &points.name.text } else { plural })
    }

    /// A number of points with the unit's decimals: `57`, `32.60`.
    pub fn number(&self, unit: PointsId, number: &Exact) -> String {
        padded(number, self.program.points[unit.0].decimals)
    }

    /// A number of points with its unit: `57 stars`.
    pub fn amount(&self, unit: PointsId, number: &Exact) -> String {
        format!("{} {}", grouped(&self.number(unit, number)), self.unit_for(unit, number))
    }

    /// Money of the program: `57.90 RON`; rounded, and said so, where its decimals never end: `≈ 551.81 RON`.
    pub fn money(&self, money: &Exact) -> String {
        format!("{} {}", self.sum(money), self.program.settings.money)
    }

    /// The same without the currency.
    pub fn sum(&self, money: &Exact) -> String {
        let minor = self.program.settings.minor_units;
        match money.decimals() {
            Some(_) => grouped(&padded(money, minor)),
            None => about(money, minor),
        }
    }

    /// The worth of so many points, rounded half even to the money's minor units; none when a
    /// point has no worth.
    pub fn worth(&self, unit: PointsId, number: &Exact) -> Option<Exact> {
        let worth = self.program.points[unit.0].worth.as_ref()?;
        Some((worth * number).round(crate::value::exact::Rounding::HalfEven, self.program.settings.minor_units))
    }

    /// The name of a gift, reward or coupon.
    pub fn held(&self, held: Held) -> &'a str {
        match held {
            Held::Gift(gift) => &self.program.gifts[gift.0].name.text,
            Held::Reward(reward) => &self.program.rewards[reward.0].name.text,
            Held::Coupon(coupon) => &self.program.coupons[coupon.0].name.text,
        }
    }

    /// What one of a gift or reward costs the shop, and what it is worth to the member, where the program says it.
    pub fn figures(&self, held: Held) -> (Option<&'a Exact>, Option<&'a Exact>) {
        match held {
            Held::Gift(gift) => (self.program.gifts[gift.0].costs.as_ref(), self.program.gifts[gift.0].value.as_ref()),
            Held::Reward(reward) => {
                (self.program.rewards[reward.0].costs.as_ref(), self.program.rewards[reward.0].value.as_ref())
            }
            Held::Coupon(coupon) => {
                (self.program.coupons[coupon.0].costs.as_ref(), self.program.coupons[coupon.0].value.as_ref())
            }
        }
    }

    /// The name of a membership.
    pub fn membership(&self, membership: MembershipId) -> &'a str {
        &self.program.memberships[membership.0].name.text
    }
    /// The name of a discount or coupon.
    pub fn discount(&self, of: DiscountOf) -> &'a str {
        match of {
            DiscountOf::Discount(id) => &self.program.discounts[id.0].name.text,
            DiscountOf::Coupon(id) => &self.program.coupons[id.0].name.text,
        }
    }

    /// The line of a discount or coupon that says what it takes off.
    pub fn discount_span(&self, of: DiscountOf) -> Span {
        match of {
            DiscountOf::Discount(id) => self.program.discounts[id.0].take_span(),
            DiscountOf::Coupon(id) => self.program.coupons[id.0].take_span(),
        }
    }

    /// The name of a rule.
    pub fn rule(&self, rule: RuleId) -> &'a str {
        &self.program.rules[rule.0].name.text
    }

    /// `program.loyal:17`: the file, from the program's own folder on, and the line.
    pub fn place(&self, span: Span) -> String {
        match self.sources.all().get(span.file as usize) {
            Some(_) => format!("{}:{}", self.file(span.file), self.sources.line(span)),
            None => String::new(),
        }
    }

    /// `line 17` in the program's first file, `other.loyal:17` in one it uses.
    pub fn line(&self, span: Span) -> String {
        match (self.sources.all().get(span.file as usize), span.file) {
            (Some(_), 0) => format!("line {}", self.sources.line(span)),
            (Some(_), _) => self.place(span),
            (None, _) => "the program".to_string(),
        }
    }

    /// `“replaces "old.loyal" from 2026-01-01” (line 9)`.
    pub fn said(&self, span: Span) -> String {
        match self.quote(span) {
            Some(quote) => format!("“{}” ({})", isolate(&quote), self.line(span)),
            None => self.line(span),
        }
    }

    /// The words under `span` as the program has them, on one line; none when there are none.
    pub fn quote(&self, span: Span) -> Option<String> {
        self.sources.all().get(span.file as usize)?;
        let words: Vec<&str> = self.sources.slice(span).split_whitespace().collect();
        (!words.is_empty()).then(|| words.join(" "))
    }

    /// The path of a file, from the folder of the first one on, so that the same program gives the
    /// same outputs wherever its folder lies.
    fn file(&self, file: u32) -> &'a str {
        let path = |at: usize| self.sources.all()[at].path.as_str();
        let folder = path(0).rfind(['/', '\\']).map_or("", |at| &path(0)[..=at]);
        path(file as usize).strip_prefix(folder).unwrap_or_else(|| path(file as usize))
    }

    /// What a basis counts, for `number` of it: money, or a counted thing by its name.
    pub fn measured(&self, basis: &Basis, number: &Exact) -> String {
        let counted = |singular: &str, plural: &str| {
            let word = if number.abs() == Exact::one() { singular } else { plural };
            format!("{} {word}", figure(number))
        };
        match basis {
            Basis::Total(_) => self.money(number),
            Basis::Items(_) => counted("item", "items"),
            Basis::Purchases(_) => counted("purchase", "purchases"),
            Basis::Visits(_) => counted("visit", "visits"),
            Basis::Activity(None) => counted("activity", "activities"),
            Basis::Activity(Some(activity)) => {
                let name = isolate(&self.program.activities[activity.0].name.text);
                format!("{} × {name}", figure(number))
            }
            Basis::Field { field, .. } => format!("{} {}", figure(number), isolate(field)),
            Basis::Points(unit) => self.amount(*unit, number),
            Basis::Distinct(what, _) => format!("{} different {}", figure(number), distinct(what)),
            Basis::One => figure(number),
        }
    }
}

/// What `distinct` tells apart.
fn distinct(what: &Distinct) -> Cow<'_, str> {
    match what {
        Distinct::Stores => Cow::Borrowed("stores"),
        Distinct::Categories => Cow::Borrowed("categories"),
        Distinct::Days => Cow::Borrowed("days"),
        Distinct::Brands => Cow::Borrowed("brands"),
        Distinct::Skus => Cow::Borrowed("skus"),
        Distinct::Channels => Cow::Borrowed("channels"),
        Distinct::Column(column) => isolate(column),
    }
}

/// A number as a sentence has it: `28.95`, `28 1/3` where the decimals never end, and rounded where
/// that fraction says nothing to anyone: `≈ 551.81`.
///
/// ```
/// use loyal::report::words::figure;
/// use loyal::value::Exact;
/// assert_eq!(figure(&Exact::ratio(289500, 100)), "2,895");
/// assert_eq!(figure(&Exact::ratio(-85, 3)), "-28 1/3");
/// assert_eq!(figure(&Exact::ratio(3650191, 6615)), "≈ 551.81");
/// ```
pub fn figure(number: &Exact) -> String {
    let exactly = exact(number);
    match exactly.split_once('/') {
        Some((_, below)) if below.len() > 2 => about(number, 2),
        Some(_) | None => grouped(&exactly),
    }
}

/// A number exactly: `28.95`, and `28 1/3` where the decimals never end.
fn exact(number: &Exact) -> String {
    if number.decimals().is_some() {
        return number.to_string();
    }
    let size = number.abs();
    let whole = size.floor();
    let rest = &size - &whole;
    let sign = if number.is_negative() { "-" } else { "" };
    if whole.is_zero() { format!("{sign}{rest}") } else { format!("{sign}{whole} {rest}") }
}

/// A number rounded to so many decimals, and that it is.
fn about(number: &Exact, decimals: u32) -> String {
    let rounded = number.round(crate::value::exact::Rounding::HalfEven, decimals);
    format!("≈ {}", grouped(&rounded.fixed(decimals)))
}

/// A number with so many decimals when that is exact, else exactly.
pub fn padded(number: &Exact, decimals: u32) -> String {
    match number.decimals() {
        Some(needed) if needed <= decimals => number.fixed(decimals),
        Some(_) | None => exact(number),
    }
}

/// Writes the text of [`padded`] behind what is there.
pub fn push_padded(number: &Exact, decimals: u32, out: &mut Vec<u8>) {
    match number.scaled(decimals) {
        Some(_) => number.push_fixed(decimals, out),
        None => out.extend_from_slice(padded(number, decimals).as_bytes()),
    }
}

/// Writes a day, `2026-02-03`, behind what is there.
pub fn push_day(day: Date, out: &mut Vec<u8>) {
    let digits = |number: i32, at: i32| b'0' + u8::try_from(number / at % 10).unwrap_or(0);
    let (year, month, of_month) = (i32::from(day.year()), i32::from(day.month()), i32::from(day.day()));
    if year < 0 {
        return out.extend_from_slice(day.to_string().as_bytes());
    }
    out.extend([1000, 100, 10, 1].map(|at| digits(year, at)));
    out.push(b'-');
    out.extend([digits(month, 10), digits(month, 1), b'-', digits(of_month, 10), digits(of_month, 1)]);
}

/// Decimal text with a comma between thousands, for people: `2,500,315.63`.
///
/// ```
/// assert_eq!(loyal::report::words::grouped("-2500315.63"), "-2,500,315.63");
/// ```
pub fn grouped(number: &str) -> String {
    let (sign, rest) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (whole, tail) = rest.split_at(digits);
    let mut text = String::from(sign);
    for (at, digit) in whole.char_indices() {
        if at > 0 && (digits - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text + tail
}

/// A count with a comma between thousands.
pub fn count(number: u64) -> String {
    grouped(&number.to_string())
}

/// A count and its noun: `1 member`, `2 members`.
pub fn counted(number: u64, singular: &str, plural: &str) -> String {
    format!("{} {}", count(number), if number == 1 { singular } else { plural })
}

/// A day as a sentence says it: `3 February 2026`.
pub fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// A month as tables have it: `2026-02`.
pub fn month((year, month): (i16, i8)) -> String {
    format!("{year:04}-{month:02}")
}

/// `a`, `a and b`, `a, b and c`.
pub fn and(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}

/// A name in an English line: what could steer a terminal is written out, and one with
/// right-to-left letters is put between isolates, so that the figures around it stay where they
/// stand (UAX #9).
pub fn isolate(name: &str) -> Cow<'_, str> {
    let safe = match diag::plain(name) {
        Cow::Borrowed(same) if !same.contains(['\n', '\t']) => Cow::Borrowed(same),
        Cow::Borrowed(_) | Cow::Owned(_) => Cow::Owned(diag::one_line(name)),
    };
    if safe.chars().any(right_to_left) {
        return Cow::Owned(format!("\u{2068}{safe}\u{2069}"));
    }
    safe
}

/// A sentence of the engine in a line: it may hold names.
pub fn sentence(text: &str) -> String {
    diag::one_line(text)
}

/// Prose without isolates, for files.
pub fn bare(text: &str) -> String {
    text.replace(['\u{2068}', '\u{2069}'], "")
}

/// Whether a letter belongs to a script written from right to left.
fn right_to_left(letter: char) -> bool {
    matches!(u32::from(letter), 0x0590..=0x08ff | 0xfb1d..=0xfdff | 0xfe70..=0xfefc | 0x10800..=0x10fff | 0x1e800..=0x1efff)
}

/// The word of the facts for a kind of posting.
pub fn kind_word(kind: PostingKind) -> &'static str {
    match kind {
        PostingKind::Earned => "earned",
        PostingKind::Spent => "spent",
        PostingKind::Expired => "expired",
        PostingKind::Clawed => "clawed",
        PostingKind::WrittenOff => "writtenoff",
        PostingKind::Bought => "bought",
        PostingKind::Received => "received",
        PostingKind::Sent => "sent",
        PostingKind::Adjusted => "adjusted",
    }
}

/// All kinds of posting, in the order of the accounts, each with what its total does to
/// balance + pending − debt: `true` adds, `false` takes.
pub const ACCOUNT: [(PostingKind, bool); 9] = [
    (PostingKind::Earned, true),
    (PostingKind::Bought, true),
    (PostingKind::Received, true),
    (PostingKind::Spent, false),
    (PostingKind::Sent, false),
    (PostingKind::Expired, false),
    (PostingKind::Clawed, false),
    (PostingKind::WrittenOff, true),
    (PostingKind::Adjusted, true),
];

/// The word for what became of a gift.
pub fn life_word(life: GiftLife) -> &'static str {
    match life {
        GiftLife::Issued => "issued",
        GiftLife::Used => "used",
        GiftLife::Expired => "expired",
        GiftLife::Revoked => "revoked",
        GiftLife::OutOfStock => "out_of_stock",
        GiftLife::HeldAgain => "held_again",
        GiftLife::Taken | GiftLife::Chosen => "taken",
    }
}
