//! The facts of one member as rows (`docs/formats.md`): what a program can say of anyone is known before the first
//! member comes, so its names are put in order and encoded once.

use super::rows::{Format, encode, encode_plain, end_row, push_number, push_signed};
use super::runs::{Gathered, record};
use crate::engine::outcome::{GiftLife, MemberView, PointsView, PostingKind, Reason};
use crate::mechanics::example::Held;
use crate::mechanics::membership::Membership;
use crate::mechanics::{PartnerId, PointsId};
use crate::report::facts::COLUMNS;
use crate::report::totals::Totals;
use crate::report::words::{ACCOUNT, Book, kind_word, push_day};
use crate::value::exact::{Exact, Rounding};
use std::collections::BTreeMap;

/// How many kinds of posting there are.
const KINDS: usize = ACCOUNT.len();

/// The names of all facts that do not hold a name of the data.
pub struct Names {
    format: Format,
    /// In the order of their bytes.
    whats: Vec<What>,
    units: Vec<UnitNames>,
    /// For each tiers block: its name, and its levels as encoded values.
    tiers: Vec<(usize, Vec<Vec<u8>>)>,
    cards: Vec<usize>,
    gifts: Vec<usize>,
    rewards: Vec<usize>,
    draws: Vec<usize>,
    coupons: Vec<usize>,
    /// For each membership: the names of its last day and of its fees.
    memberships: Vec<(usize, usize)>,
    /// Decimals of money.
    minor_units: u32,
}

/// A fact's name, and the cell of it.
struct What {
    name: String,
    cell: Vec<u8>,
}

/// The places of a unit's names.
struct UnitNames {
    unit: String,
    decimals: u32,
    holdings: [usize; 3],
    kinds: [usize; KINDS],
}

/// The words of what a member has of a unit.
const HOLDINGS: [&str; 3] = ["balance", "pending", "debt"];

impl Names {
    /// The names of a program's facts.
    pub fn new(book: Book<'_>, format: Format) -> Self {
        let program = book.program;
        let unit_names = |unit: &str| -> Vec<String> {
            let kinds = ACCOUNT.iter().map(|(kind, _)| kind_word(*kind));
            HOLDINGS.into_iter().chain(kinds).map(|word| format!("{word}:{unit}")).collect()
        };
        let gift = |held: Held| format!("gift:{}", book.held(held));
        let gifts = (0..program.gifts.len()).map(|at| gift(Held::Gift(crate::mechanics::GiftId(at))));
        let coupon = |at| format!("coupon:{}", book.held(Held::Coupon(crate::mechanics::CouponId(at))));
        let coupons = (0..program.coupons.len()).map(coupon);
        let rewards = (0..program.rewards.len()).map(|at| gift(Held::Reward(crate::mechanics::RewardId(at))));
        let mut all: Vec<String> = program.points.iter().flat_map(|points| unit_names(&points.name.text)).collect();
        all.extend(program.tiers.iter().map(|tiers| format!("level:{}", tiers.name.text)));
        all.extend(program.cards.iter().map(|card| format!("card:{}", card.name.text)));
        all.extend(gifts.clone().chain(rewards.clone()).chain(coupons.clone()));
        all.extend(program.draws.iter().map(|draw| format!("entries:{}", draw.name.text)));
        let of_membership = |one: &Membership| ["membership", "fee"].map(|word| format!("{word}:{}", one.name.text));
        all.extend(program.memberships.iter().flat_map(of_membership));
        all.sort();
        all.dedup();
        let place = |name: &String| all.binary_search(name).expect("every name is among them");
        let units = program.points.iter().map(|points| {
            let places: Vec<usize> = unit_names(&points.name.text).iter().map(place).collect();
            let mut kinds = [0; KINDS];
            for ((kind, _), at) in ACCOUNT.iter().zip(&places[HOLDINGS.len()..]) {
                kinds[*kind as usize] = *at;
            }
            let holdings = [places[0], places[1], places[2]];
            UnitNames { unit: points.name.text.clone(), decimals: points.decimals, holdings, kinds }
        });
        let tiers = program.tiers.iter().map(|tiers| {
            let levels = tiers.levels.iter().map(|level| value(format, &level.name.text));
            (place(&format!("level:{}", tiers.name.text)), levels.collect())
        });
        Self {
            format,
            minor_units: program.settings.minor_units,
            units: units.collect(),
            tiers: tiers.collect(),
            draws: program.draws.iter().map(|draw| place(&format!("entries:{}", draw.name.text))).collect(),
            cards: program.cards.iter().map(|card| place(&format!("card:{}", card.name.text))).collect(),
            gifts: gifts.map(|name| place(&name)).collect(),
            rewards: rewards.map(|name| place(&name)).collect(),
            coupons: coupons.map(|name| place(&name)).collect(),
            memberships: program
                .memberships
                .iter()
                .map(|one| {
                    let [until, fee] = of_membership(one);
                    (place(&until), place(&fee))
                })
                .collect(),
            whats: all.iter().map(|name| What { name: name.clone(), cell: what(format, name) }).collect(),
        }
    }

    /// The format of the rows.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The cell of a moment.
    pub fn as_of(&self, label: &str) -> Vec<u8> {
        let mut cell = Vec::new();
        encode(&mut cell, self.format, COLUMNS[0], 0, label);
        cell
    }

    /// `total:UNIT:WORD`, the whole program at one moment: a run of records.
    pub fn totals(&self, book: Book<'_>, as_of: &[u8], totals: &Totals) -> Vec<u8> {
        // What points and things are worth is what the terms of that day say.
        let book = book.of_day(totals.day);
        let mut rows = money_of_things(book, totals);
        let minor_units = book.program.settings.minor_units;
        let off = totals.discounts.iter().filter(|(_, given)| !given.off.is_zero());
        rows.extend(
            off.map(|(of, given)| (format!("total:{}:off", book.discount(*of)), given.off.clone(), minor_units)),
        );
        for (at, partner) in book.program.partners.iter().enumerate() {
            let (pays, gets) = totals.settled.of_partner(book.program, PartnerId(at));
            let net = &pays - &gets;
            let words = [("pays", pays), ("gets", gets), ("net", net)].into_iter().filter(|(_, sum)| !sum.is_zero());
            rows.extend(words.map(|(word, sum)| (format!("total:{}:{word}", partner.name.text), sum, minor_units)));
        }
        for (place, (unit, sums)) in self.units.iter().zip(&totals.units).enumerate() {
            let liability = book.worth(PointsId(place), &sums.outstanding()).filter(|worth| !worth.is_zero());
            rows.extend(liability.map(|worth| (format!("total:{}:liability", unit.unit), worth, minor_units)));
            let words = [
                ("outstanding", sums.outstanding()),
                ("earned", sums.total(PostingKind::Earned)),
                ("spent", sums.total(PostingKind::Spent)),
                ("expired", sums.total(PostingKind::Expired)),
                ("debt", sums.debt.exact()),
            ];
            let words = words.into_iter().filter(|(_, number)| !number.is_zero());
            rows.extend(words.map(|(word, number)| (format!("total:{}:{word}", unit.unit), number, unit.decimals)));
        }
        rows.sort();
        let mut run = Vec::new();
        for (name, number, decimals) in rows {
            let mut row = as_of.to_vec();
            encode(&mut row, self.format, COLUMNS[1], 1, "");
            row.extend(what(self.format, &name));
            encode_plain(&mut row, self.format, COLUMNS[3], 3, |out| number.push_fixed(decimals, out));
            end_row(&mut row, self.format);
            record(&[super::NAMELESS, name.as_bytes()].concat(), &row, &mut run);
        }
        run
    }
}

/// `total:THING:cost` and `total:THING:value`: of every gift and reward that was issued, or taken out of a choice that
/// says nothing of its own, and neither lapsed nor was taken back. Things of one name are counted together.
fn money_of_things(book: Book<'_>, totals: &Totals) -> Vec<(String, Exact, u32)> {
    let mut sums: BTreeMap<String, Exact> = BTreeMap::new();
    for (held, gift) in &totals.gifts {
        let times = |life: GiftLife| i128::from(gift.lives.get(&life).copied().unwrap_or_default());
        let given = times(GiftLife::Issued) + times(GiftLife::Taken);
        let standing = given - times(GiftLife::Expired) - times(GiftLife::Revoked);
        let (costs, value) = book.figures(*held);
        for (word, figure) in [("cost", costs), ("value", value)] {
            let Some(figure) = figure else { continue };
            *sums.entry(format!("total:{}:{word}", book.held(*held))).or_default() +=
                figure * &Exact::from_scaled(standing, 0);
        }
    }
    let minor_units = book.program.settings.minor_units;
    let sums = sums.into_iter().filter(|(_, sum)| !sum.is_zero());
    sums.map(|(name, sum)| (name, sum.round(Rounding::HalfEven, minor_units), minor_units)).collect()
}

fn what(format: Format, name: &str) -> Vec<u8> {
    let mut cell = Vec::new();
    encode(&mut cell, format, COLUMNS[2], 2, name);
    cell
}

fn value(format: Format, text: &str) -> Vec<u8> {
    let mut cell = Vec::new();
    encode(&mut cell, format, COLUMNS[3], 3, text);
    cell
}

/// The facts of one member while they are found; kept, so that nothing is allocated for the next one.
#[derive(Default)]
pub struct Finder {
    /// Her cell.
    member: Vec<u8>,
    found: Vec<Found>,
    /// Names that hold a name of the data.
    names: Vec<u8>,
    /// Encoded values.
    values: Vec<u8>,
    gifts: Vec<(usize, u64)>,
    sums: [Option<Exact>; KINDS],
}

/// One fact: its name, and where its value stands.
#[derive(Debug, Clone, Copy)]
struct Found {
    name: Name,
    value: (usize, usize),
}

#[derive(Debug, Clone, Copy)]
enum Name {
    /// A place among the names.
    Known(usize),
    /// It stands there.
    Own(usize, usize),
    /// The same, of a rejection: of several, the first is the one that stopped it.
    Rejected(usize, usize),
}

impl Finder {
    /// Begins a member.
    pub fn begin(&mut self, names: &Names, id: &str) {
        self.member.clear();
        encode(&mut self.member, names.format, COLUMNS[1], 1, id);
    }

    /// Finds what holds of her and writes a record of its rows; of who has no name, a record for each.
    pub fn write(
        &mut self,
        names: &Names,
        as_of: &[u8],
        (id, view): (&str, Option<&MemberView>),
        (rejected, off): (&mut dyn Iterator<Item = (&str, Reason)>, &BTreeMap<&str, Exact>),
        into: &mut Gathered,
    ) {
        self.found.clear();
        self.names.clear();
        self.values.clear();
        if let Some(view) = view {
            self.points(names, view);
            self.holds(names, view);
        }
        for (event, off) in off {
            let from = self.names.len();
            self.names.extend_from_slice(b"discount:");
            self.names.extend_from_slice(event.as_bytes());
            let name = Name::Own(from, self.names.len());
            self.number(names, name, off, names.minor_units);
        }
        for (event, reason) in rejected {
            let from = self.names.len();
            self.names.extend_from_slice(b"rejected:");
            self.names.extend_from_slice(event.as_bytes());
            let name = Name::Rejected(from, self.names.len());
            self.add(names, name, |out| out.extend_from_slice(reason.word().as_bytes()));
        }
        self.order(names);
        if id.is_empty() {
            for found in &self.found {
                let open = into.begin(&[super::NAMELESS, self.name(names, found.name)]);
                self.row(names, as_of, *found, into.value());
                into.end(open);
            }
            return;
        }
        let open = into.begin(&[super::NAMED, id.as_bytes()]);
        for found in &self.found {
            self.row(names, as_of, *found, into.value());
        }
        into.end(open);
    }

    fn row(&self, names: &Names, as_of: &[u8], found: Found, out: &mut Vec<u8>) {
        out.extend_from_slice(as_of);
        out.extend_from_slice(&self.member);
        match found.name {
            Name::Known(at) => out.extend_from_slice(&names.whats[at].cell),
            Name::Own(from, to) | Name::Rejected(from, to) => {
                // It was put together of texts.
                encode(out, names.format, COLUMNS[2], 2, &String::from_utf8_lossy(&self.names[from..to]));
            }
        }
        out.extend_from_slice(&self.values[found.value.0..found.value.1]);
        end_row(out, names.format);
    }

    fn add(&mut self, names: &Names, name: Name, write: impl FnOnce(&mut Vec<u8>)) {
        let from = self.values.len();
        encode_plain(&mut self.values, names.format, COLUMNS[3], 3, write);
        self.found.push(Found { name, value: (from, self.values.len()) });
    }

    fn number(&mut self, names: &Names, name: Name, number: &Exact, decimals: u32) {
        if !number.is_zero() {
            self.add(names, name, |out| number.push_fixed(decimals, out));
        }
    }

    /// What she has of each unit. Totals without a pocket are over all pockets of the unit; what can be spent never is.
    fn points(&mut self, names: &Names, view: &MemberView) {
        let mut accounts = view.points.iter().peekable();
        while let Some(((unit, pocket), points)) = accounts.next() {
            let (of, next) = (&names.units[unit.0], accounts.peek().map(|((unit, _), _)| *unit));
            match pocket {
                None => self.holdings(names, of, points),
                Some(pocket) => self.pocket(names, of, pocket, points),
            }
            let alone = next != Some(*unit) && self.sums.iter().all(Option::is_none);
            for (kind, number) in &points.totals {
                let place = *kind as usize;
                if alone {
                    self.number(names, Name::Known(of.kinds[place]), number, of.decimals);
                } else {
                    *self.sums[place].get_or_insert_with(Exact::zero) += number;
                }
            }
            if next != Some(*unit) && !alone {
                self.all_pockets(names, *unit);
            }
        }
    }

    fn holdings(&mut self, names: &Names, of: &UnitNames, points: &PointsView) {
        for (place, number) in of.holdings.iter().zip([&points.balance, &points.pending, &points.debt]) {
            self.number(names, Name::Known(*place), number, of.decimals);
        }
    }

    fn pocket(&mut self, names: &Names, of: &UnitNames, pocket: &str, points: &PointsView) {
        let holdings = HOLDINGS.into_iter().zip([&points.balance, &points.pending, &points.debt]);
        let totals = points.totals.iter().map(|(kind, number)| (kind_word(*kind), number));
        for (word, number) in holdings.chain(totals).filter(|(_, number)| !number.is_zero()) {
            let from = self.names.len();
            for part in [word, ":", &of.unit, "@", pocket] {
                self.names.extend_from_slice(part.as_bytes());
            }
            let name = Name::Own(from, self.names.len());
            self.number(names, name, number, of.decimals);
        }
    }

    fn all_pockets(&mut self, names: &Names, unit: PointsId) {
        let of = &names.units[unit.0];
        for place in 0..KINDS {
            if let Some(sum) = self.sums[place].take() {
                self.number(names, Name::Known(of.kinds[place]), &sum, of.decimals);
            }
        }
    }

    /// Her levels, cards and gifts.
    fn holds(&mut self, names: &Names, view: &MemberView) {
        for ((place, levels), (level, _)) in names.tiers.iter().zip(&view.levels).filter(|_| !view.left) {
            if let Some(cell) = levels.get(*level) {
                let from = self.values.len();
                self.values.extend_from_slice(cell);
                self.found.push(Found { name: Name::Known(*place), value: (from, self.values.len()) });
            }
        }
        for (place, stamps) in names.cards.iter().zip(&view.cards).filter(|(_, stamps)| **stamps != 0) {
            self.add(names, Name::Known(*place), |out| push_signed(out, *stamps));
        }
        for entries in view.entries.iter().filter(|entries| entries.next) {
            self.add(names, Name::Known(names.draws[entries.draw.0]), |out| push_signed(out, entries.number));
        }
        for (membership, of) in &view.memberships {
            let (until, fee) = names.memberships[membership.0];
            if let Some(last) = of.until {
                self.add(names, Name::Known(until), |out| push_day(last, out));
            }
            self.number(names, Name::Known(fee), &(&of.charged - &of.returned), names.minor_units);
        }
        if view.gifts.is_empty() {
            return;
        }
        // A gift and a reward of one name are counted together.
        self.gifts.clear();
        for (held, number) in &view.gifts {
            let place = match held {
                Held::Gift(gift) => names.gifts[gift.0],
                Held::Reward(reward) => names.rewards[reward.0],
                Held::Coupon(coupon) => names.coupons[coupon.0],
            };
            match self.gifts.iter_mut().find(|(other, _)| *other == place) {
                Some((_, sum)) => *sum += u64::from(*number),
                None => self.gifts.push((place, u64::from(*number))),
            }
        }
        for at in 0..self.gifts.len() {
            let (place, number) = self.gifts[at];
            if number > 0 {
                self.add(names, Name::Known(place), |out| push_number(out, number));
            }
        }
    }

    /// Puts the facts in the order of their names as bytes, each name once.
    fn order(&mut self, names: &Names) {
        let known = |found: &Found| match found.name {
            Name::Known(at) => Some(at),
            Name::Own(..) | Name::Rejected(..) => None,
        };
        if self.found.iter().all(|found| known(found).is_some()) {
            self.found.sort_by_key(known);
            return;
        }
        let mut found = std::mem::take(&mut self.found);
        found.sort_by(|a, b| self.name(names, a.name).cmp(self.name(names, b.name)));
        found.dedup_by(|next, first| {
            let same = self.name(names, next.name) == self.name(names, first.name);
            if same && !matches!(next.name, Name::Rejected(..)) {
                *first = *next;
            }
            same
        });
        self.found = found;
    }

    fn name<'n>(&'n self, names: &'n Names, name: Name) -> &'n [u8] {
        match name {
            Name::Known(at) => names.whats[at].name.as_bytes(),
            Name::Own(from, to) | Name::Rejected(from, to) => &self.names[from..to],
        }
    }
}
