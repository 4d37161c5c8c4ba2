//! What a member came to, as bytes: her state and what of hers was rejected.

use super::{sound, tables};
use crate::engine::outcome::{
    DiscountOf, EntriesView, GiftLife, LotView, MemberView, MembershipView, PointsView, PostingKind, Reason,
};
use crate::engine::parts::{Counts, Given};
use crate::kept::Fault;
use crate::kept::bytes::{get, pull, push, put};
use crate::mechanics::Program;
use crate::mechanics::example::Held;
use crate::mechanics::{CouponId, DiscountId, DrawId, GiftId, MembershipId, PointsId, RewardId};
use crate::value::clock::{Date, Moment};
use crate::value::exact::Exact;
use jiff::civil::date;

/// What of a member is kept from one night to the next.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// Her state at the moment the state is of; none: the program does not know her.
    pub view: Option<MemberView>,
    /// What was rejected: the event and why.
    pub rejected: Vec<(String, Reason)>,
    /// What was taken off her purchases: the purchase and how much.
    pub discounts: Vec<(String, Exact)>,
    /// What came too late and was never played: the event and when it was.
    pub too_late: Vec<(String, Moment)>,
    /// What is nobody's of all that was played with her; it is told of once, with one of those who were.
    pub nameless: Option<Nameless>,
    /// The day at whose start her state can next change without an event; none: never.
    pub due: Option<Date>,
    /// What her state does not show.
    pub counts: Counts,
    /// Others whose history and hers touch: they are played together.
    pub kin: Vec<String>,
}

/// What is nobody's.
#[derive(Debug, Clone, Default)]
pub struct Nameless {
    /// What was rejected: the event and why.
    pub rejected: Vec<(String, Reason)>,
    /// What was taken off: the purchase and how much.
    pub discounts: Vec<(String, Exact)>,
    /// What was bought.
    pub counts: Counts,
}

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        self.to_bytes() == other.to_bytes()
    }
}

impl Kept {
    /// What a table of results says of a member, where it can be of this program.
    ///
    /// # Errors
    /// That the table is damaged.
    pub(super) fn of_program(program: &Program, bytes: &[u8], table: &str) -> Result<Self, Fault> {
        let kept = Self::from_bytes(bytes).filter(|kept| sound::kept(program, kept));
        kept.ok_or_else(|| tables::wrong(table))
    }

    /// As bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(128);
        put_day(&mut out, self.due);
        put_counts(&mut out, &self.counts);
        put(&mut out, self.kin.len() as u64);
        self.kin.iter().for_each(|other| push(&mut out, other.as_bytes()));
        put_rejected(&mut out, &self.rejected);
        put_discounts(&mut out, &self.discounts);
        put(&mut out, self.too_late.len() as u64);
        for (event, at) in &self.too_late {
            push(&mut out, event.as_bytes());
            push(&mut out, at.0.to_string().as_bytes());
        }
        put(&mut out, u64::from(self.nameless.is_some()));
        if let Some(Nameless { rejected, discounts, counts }) = &self.nameless {
            put_rejected(&mut out, rejected);
            put_discounts(&mut out, discounts);
            put_counts(&mut out, counts);
        }
        put_view(&mut out, self.view.as_ref());
        out
    }

    /// From bytes; none when they are no such thing.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let rest = &mut { bytes };
        let due = day(rest)?;
        let counts = counts(rest)?;
        let mut kin = Vec::new();
        for _ in 0..get(rest)? {
            kin.push(text(rest)?);
        }
        let rejected = rejected(rest)?;
        let discounts = discounts(rest)?;
        let mut too_late = Vec::new();
        for _ in 0..get(rest)? {
            too_late.push((text(rest)?, Moment(text(rest)?.parse().ok()?)));
        }
        let nameless = match get(rest)? {
            0 => None,
            _ => Some(Nameless {
                rejected: self::rejected(rest)?,
                discounts: self::discounts(rest)?,
                counts: self::counts(rest)?,
            }),
        };
        let view = optional_view(rest)?;
        rest.is_empty().then_some(Self { discounts, view, rejected, too_late, nameless, due, counts, kin })
    }
}

/// What late events changed of a member, as bytes.
pub(super) fn changed_to_bytes(was: Option<&MemberView>, is: Option<&MemberView>) -> Vec<u8> {
    let mut out = Vec::new();
    put_view(&mut out, was);
    put_view(&mut out, is);
    out
}

/// The same from bytes; none when they are no such thing, or of no such program.
pub(super) fn changed_from_bytes(program: &Program, bytes: &[u8]) -> Option<(Option<MemberView>, Option<MemberView>)> {
    let rest = &mut { bytes };
    let changed = (optional_view(rest)?, optional_view(rest)?);
    let is_sound = [&changed.0, &changed.1].into_iter().flatten().all(|view| sound::view(program, view));
    (rest.is_empty() && is_sound).then_some(changed)
}

/// Whether two states of a member are the same.
pub(super) fn same(one: Option<&MemberView>, other: Option<&MemberView>) -> bool {
    changed_to_bytes(one, None) == changed_to_bytes(other, None)
}

fn put_rejected(out: &mut Vec<u8>, rejected: &[(String, Reason)]) {
    put(out, rejected.len() as u64);
    for (event, reason) in rejected {
        push(out, event.as_bytes());
        put(out, *reason as u64);
    }
}

fn put_discounts(out: &mut Vec<u8>, discounts: &[(String, Exact)]) {
    put(out, discounts.len() as u64);
    for (purchase, off) in discounts {
        push(out, purchase.as_bytes());
        put_number(out, off);
    }
}

fn discounts(rest: &mut &[u8]) -> Option<Vec<(String, Exact)>> {
    let mut discounts = Vec::new();
    for _ in 0..get(rest)? {
        discounts.push((text(rest)?, number(rest)?));
    }
    Some(discounts)
}

fn rejected(rest: &mut &[u8]) -> Option<Vec<(String, Reason)>> {
    let mut rejected = Vec::new();
    for _ in 0..get(rest)? {
        let event = text(rest)?;
        rejected.push((event, *Reason::ALL.get(place(rest)?)?));
    }
    Some(rejected)
}

fn put_counts(out: &mut Vec<u8>, counts: &Counts) {
    put(out, counts.purchases);
    put_number(out, &counts.sales);
    put(out, counts.postings);
    put(out, counts.filled.len() as u64);
    counts.filled.iter().for_each(|number| put(out, *number));
    put(out, counts.lives.len() as u64);
    for ((held, life), number) in &counts.lives {
        put_held(out, *held);
        put(out, *life as u64);
        put(out, *number);
    }
    put(out, counts.discounts.len() as u64);
    for (of, given) in &counts.discounts {
        let (kind, place) = match of {
            DiscountOf::Discount(id) => (0, id.0),
            DiscountOf::Coupon(id) => (1, id.0),
        };
        put(out, kind);
        put(out, place as u64);
        put_signed(out, given.times);
        put_number(out, &given.off);
    }
}

fn counts(rest: &mut &[u8]) -> Option<Counts> {
    let mut counts = Counts { purchases: get(rest)?, sales: number(rest)?, postings: get(rest)?, ..Counts::default() };
    for _ in 0..get(rest)? {
        counts.filled.push(get(rest)?);
    }
    for _ in 0..get(rest)? {
        let thing = (held(rest)?, *GiftLife::ALL.get(place(rest)?)?);
        counts.lives.insert(thing, get(rest)?);
    }
    for _ in 0..get(rest)? {
        let of = match (get(rest)?, place(rest)?) {
            (0, id) => DiscountOf::Discount(DiscountId(id)),
            (1, id) => DiscountOf::Coupon(CouponId(id)),
            (_, _) => return None,
        };
        counts.discounts.insert(of, Given { times: signed(rest)?, off: number(rest)? });
    }
    Some(counts)
}

fn put_held(out: &mut Vec<u8>, held: Held) {
    let (kind, place) = match held {
        Held::Gift(gift) => (0, gift.0),
        Held::Reward(reward) => (1, reward.0),
        Held::Coupon(coupon) => (2, coupon.0),
    };
    put(out, kind);
    put(out, place as u64);
}

fn held(rest: &mut &[u8]) -> Option<Held> {
    match (get(rest)?, place(rest)?) {
        (0, gift) => Some(Held::Gift(GiftId(gift))),
        (1, reward) => Some(Held::Reward(RewardId(reward))),
        (2, coupon) => Some(Held::Coupon(CouponId(coupon))),
        (_, _) => None,
    }
}

/// A state, or that there is none.
fn put_view(out: &mut Vec<u8>, view: Option<&MemberView>) {
    put(out, u64::from(view.is_some()));
    if let Some(view) = view {
        put_known(out, view);
    }
}

/// The outer is none when the bytes are no such thing.
fn optional_view(rest: &mut &[u8]) -> Option<Option<MemberView>> {
    if get(rest)? == 1 { view(rest).map(Some) } else { Some(None) }
}

fn put_known(out: &mut Vec<u8>, view: &MemberView) {
    put(out, view.points.len() as u64);
    for ((unit, pocket), points) in &view.points {
        put(out, unit.0 as u64);
        put_text(out, pocket.as_deref());
        put_points(out, points);
    }
    put(out, view.levels.len() as u64);
    for (level, until) in &view.levels {
        put(out, *level as u64);
        put_day(out, *until);
    }
    put(out, view.cards.len() as u64);
    view.cards.iter().for_each(|stamps| put_signed(out, *stamps));
    put(out, view.gifts.len() as u64);
    for (held, number) in &view.gifts {
        put_held(out, *held);
        put(out, u64::from(*number));
    }
    put(out, view.memberships.len() as u64);
    for (membership, of) in &view.memberships {
        put(out, membership.0 as u64);
        put_day(out, of.until);
        put(out, u64::from(of.trial));
        put_number(out, &of.charged);
        put_number(out, &of.returned);
    }
    let entries = if view.entries.is_empty() { 0 } else { ENTRIES };
    put(out, u64::from(view.left) + entries + VERSIONS * view.version as u64);
    if view.entries.is_empty() {
        return;
    }
    put(out, view.entries.len() as u64);
    for entries in &view.entries {
        put(out, entries.draw.0 as u64);
        put_day(out, Some(entries.date));
        put_signed(out, entries.number);
        put(out, u64::from(entries.next));
    }
}

/// Stands beside whether she has left: entries in draws follow.
const ENTRIES: u64 = 2;
/// So much stands beside those for each version of the program that has come after hers.
const VERSIONS: u64 = 4;

fn view(rest: &mut &[u8]) -> Option<MemberView> {
    let mut view = MemberView::default();
    for _ in 0..get(rest)? {
        let unit = PointsId(place(rest)?);
        let pocket = optional_text(rest)?;
        view.points.insert((unit, pocket), points(rest)?);
    }
    for _ in 0..get(rest)? {
        view.levels.push((place(rest)?, day(rest)?));
    }
    for _ in 0..get(rest)? {
        view.cards.push(signed(rest)?);
    }
    for _ in 0..get(rest)? {
        let held = held(rest)?;
        view.gifts.insert(held, u32::try_from(get(rest)?).ok()?);
    }
    for _ in 0..get(rest)? {
        let membership = MembershipId(place(rest)?);
        let (until, trial) = (day(rest)?, get(rest)? == 1);
        let of = MembershipView { until, trial, charged: number(rest)?, returned: number(rest)? };
        view.memberships.insert(membership, of);
    }
    let flags = get(rest)?;
    view.left = flags % ENTRIES == 1;
    view.version = usize::try_from(flags / VERSIONS).ok()?;
    if flags % VERSIONS >= ENTRIES {
        for _ in 0..get(rest)? {
            let (draw, date) = (DrawId(place(rest)?), day(rest)??);
            view.entries.push(EntriesView { draw, date, number: signed(rest)?, next: get(rest)? == 1 });
        }
    }
    Some(view)
}

fn put_points(out: &mut Vec<u8>, points: &PointsView) {
    put_number(out, &points.balance);
    put_number(out, &points.pending);
    put_number(out, &points.debt);
    put(out, points.totals.len() as u64);
    for (kind, total) in &points.totals {
        put(out, *kind as u64);
        put_number(out, total);
    }
    put(out, points.lots.len() as u64);
    for lot in &points.lots {
        push(out, lot.source.as_bytes());
        put_day(out, Some(lot.earned));
        put_number(out, &lot.granted);
        put_number(out, &lot.left);
        put_day(out, lot.spendable_from);
        put(out, u64::from(lot.pending));
        put_day(out, lot.last_day);
    }
}

fn points(rest: &mut &[u8]) -> Option<PointsView> {
    let mut points =
        PointsView { balance: number(rest)?, pending: number(rest)?, debt: number(rest)?, ..PointsView::default() };
    for _ in 0..get(rest)? {
        let kind = *PostingKind::ALL.get(place(rest)?)?;
        points.totals.insert(kind, number(rest)?);
    }
    for _ in 0..get(rest)? {
        points.lots.push(LotView {
            source: text(rest)?,
            earned: day(rest)??,
            granted: number(rest)?,
            left: number(rest)?,
            spendable_from: day(rest)?,
            pending: get(rest)? == 1,
            last_day: day(rest)?,
        });
    }
    Some(points)
}

fn place(rest: &mut &[u8]) -> Option<usize> {
    usize::try_from(get(rest)?).ok()
}

fn put_signed(out: &mut Vec<u8>, number: i64) {
    put(out, ((number << 1) ^ (number >> 63)).cast_unsigned());
}

fn signed(rest: &mut &[u8]) -> Option<i64> {
    let number = get(rest)?;
    Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
}

fn put_text(out: &mut Vec<u8>, text: Option<&str>) {
    put(out, u64::from(text.is_some()));
    if let Some(text) = text {
        push(out, text.as_bytes());
    }
}

fn text(rest: &mut &[u8]) -> Option<String> {
    String::from_utf8(pull(rest)?.to_vec()).ok()
}

fn optional_text(rest: &mut &[u8]) -> Option<Option<String>> {
    if get(rest)? == 1 { text(rest).map(Some) } else { Some(None) }
}

/// Days are counted from 1970; zero is none.
fn put_day(out: &mut Vec<u8>, day: Option<Date>) {
    match day {
        None => put(out, 0),
        Some(day) => put_signed(out, i64::from((day - date(1970, 1, 1)).get_days()) * 2 + 1),
    }
}

/// The outer is none when the bytes are no day.
fn day(rest: &mut &[u8]) -> Option<Option<Date>> {
    let number = signed(rest)?;
    if number == 0 {
        return Some(None);
    }
    let days = jiff::Span::new().try_days(number.div_euclid(2)).ok()?;
    date(1970, 1, 1).checked_add(days).ok().map(Some)
}

/// A whole number as one, any other as its text.
fn put_number(out: &mut Vec<u8>, number: &Exact) {
    match number.to_i64() {
        Some(whole) => {
            put(out, 0);
            put_signed(out, whole);
        }
        None => {
            put(out, 1);
            push(out, number.numer().to_string().as_bytes());
            push(out, number.denom().to_string().as_bytes());
        }
    }
}

fn number(rest: &mut &[u8]) -> Option<Exact> {
    if get(rest)? == 0 {
        return signed(rest).map(Exact::from_int);
    }
    let numer = text(rest)?.parse().ok()?;
    Exact::from_big(numer, text(rest)?.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every member of a program with lots, levels, cards and gifts comes back as she was.
    #[test]
    fn a_member_comes_back_as_she_was() {
        let kept = Kept {
            discounts: vec![("p7".to_owned(), Exact::ratio(-5, 4))],
            view: Some(MemberView {
                entries: vec![EntriesView { draw: DrawId(1), date: date(2026, 3, 31), number: 7, next: true }],
                challenges: Vec::new(),
                measured: Vec::new(),
                points: [(
                    (PointsId(1), Some("Gara".to_owned())),
                    PointsView {
                        balance: Exact::ratio(-7, 3),
                        pending: Exact::parse("12345678901234567890.5").unwrap_or_default(),
                        debt: Exact::from_int(i64::MIN),
                        totals: PostingKind::ALL.iter().map(|kind| (*kind, Exact::from_int(*kind as i64))).collect(),
                        lots: vec![LotView {
                            source: "p1".to_owned(),
                            earned: date(1969, 12, 31),
                            granted: Exact::one(),
                            left: Exact::zero(),
                            spendable_from: Some(date(2026, 2, 28)),
                            pending: true,
                            last_day: None,
                        }],
                    },
                )]
                .into(),
                levels: vec![(2, None), (0, Some(date(9999, 12, 31)))],
                cards: vec![-3, 4],
                gifts: [(Held::Gift(GiftId(3)), 2), (Held::Reward(RewardId(0)), 1)].into(),
                memberships: [(
                    MembershipId(1),
                    MembershipView {
                        until: Some(date(2026, 2, 28)),
                        trial: true,
                        charged: Exact::ratio(4990, 100),
                        returned: Exact::zero(),
                    },
                )]
                .into(),
                left: true,
                version: 3,
            }),
            rejected: Reason::ALL.iter().map(|reason| (format!("r{}", reason.word()), *reason)).collect(),
            due: Some(date(1969, 12, 31)),
            counts: Counts {
                discounts: [
                    (DiscountOf::Discount(DiscountId(2)), Given { times: 3, off: Exact::ratio(1, 3) }),
                    (DiscountOf::Coupon(CouponId(0)), Given { times: -1, off: Exact::from_int(-2) }),
                ]
                .into(),
                purchases: 7,
                sales: Exact::ratio(1, 100),
                postings: 300,
                filled: vec![0, 2],
                lives: GiftLife::ALL.iter().map(|life| ((Held::Gift(GiftId(1)), *life), *life as u64 + 1)).collect(),
            },
            kin: vec!["bob".to_owned()],
            too_late: vec![("t1".to_owned(), Moment(jiff::Timestamp::new(-7, -500).unwrap_or_default()))],
            nameless: Some(Nameless {
                discounts: vec![("n2".to_owned(), Exact::from_int(4))],
                rejected: vec![("n1".to_owned(), Reason::UnknownPurchase)],
                counts: Counts { purchases: 2, ..Counts::default() },
            }),
        };
        let bytes = kept.to_bytes();
        let back = Kept::from_bytes(&bytes).expect("what was written");
        assert_eq!(format!("{back:?}"), format!("{kept:?}"));
        for end in 0..bytes.len() {
            assert!(Kept::from_bytes(&bytes[..end]).is_none(), "cut at {end}");
        }
        assert_eq!(Kept::from_bytes(&Kept::default().to_bytes()), Some(Kept::default()));
    }
}
