//! Points: lots that come, are spent, end, and are taken back (sections 6.8 and 6.11).

use super::Run;
use super::households::Spent;
use super::purse::{Lot, Purse};
use super::state::{Member, PurseKey};
use crate::engine::outcome::{Cut, Happened, Part, Posting, PostingKind, Taken};
use crate::ledger::Event;
use crate::mechanics::PointsId;
use crate::mechanics::points::{Expiry, Life, Pending, Renewal};
use crate::value::clock::Date;
use crate::value::exact::Exact;

/// What a clawback took.
#[derive(Debug, Clone)]
pub(super) struct Clawed {
    /// From her own points, what became her debt, and what is written off.
    hers: Taken,
    /// From the points of others of her household, who share them with her.
    of_mates: Vec<Spent>,
}

/// Points on their way into a purse.
#[derive(Debug, Clone)]
pub(super) struct Credit {
    /// Which purse.
    pub key: PurseKey,
    /// `earned`, `adjusted`, ….
    pub kind: PostingKind,
    /// How many.
    pub amount: Exact,
    /// A life of their own.
    pub life: Option<Life>,
    /// The rules that brought them.
    pub parts: Vec<Part>,
    /// What was taken off.
    pub cuts: Vec<Cut>,
    /// A sentence more.
    pub note: String,
}

impl<'a> Run<'a> {
    /// The purse for points of a unit at an event: its own pocket where `separate by` keeps several.
    pub(super) fn purse_key(&self, unit: PointsId, event: Option<&Event>) -> PurseKey {
        let column = self.program.points[unit.0].separate_by.as_deref();
        let pocket = column.and_then(|column| event?.field(column)).map(str::to_owned);
        (unit, pocket)
    }

    /// Points come: one lot for each event, unit and life; a debt is paid first, once they can be spent.
    pub(super) fn credit(&mut self, id: &str, credit: Credit) {
        let source = self.source();
        self.credit_of(id, source, credit);
    }

    /// The same, in a lot that is named after what brought it: a purchase of which a return left more than before.
    pub(super) fn credit_of(&mut self, id: &str, source: String, credit: Credit) {
        if !credit.amount.is_positive() && credit.cuts.is_empty() {
            return;
        }
        let here = self.here;
        let points = &self.program.points[credit.key.0.0];
        let waits = if credit.kind == PostingKind::Earned { points.pending.clone() } else { Pending::No };
        let (spendable_from, waits_for) = match waits {
            Pending::No | Pending::Days(0) => (None, None),
            Pending::Days(days) => (crate::value::clock::Length::Days(days).after(here.day), None),
            Pending::Until(activity) => (None, Some(activity)),
        };
        let last_day = self.lot_ends(id, credit.key.0, credit.life);
        let pending = spendable_from.is_some() || waits_for.is_some();
        let lot = Lot {
            source,
            at: here.at,
            earned: here.day,
            granted: credit.amount.clone(),
            left: credit.amount.clone(),
            expired: Exact::zero(),
            last_day,
            own_life: credit.life.is_some(),
            pending,
            spendable_from,
            waits_for,
        };
        let purse = self.member_mut(id).purses.entry(credit.key.clone()).or_default();
        if credit.amount.is_positive() {
            purse.put(lot);
        }
        let paid = purse.settle();
        self.post(
            id,
            &credit.key,
            Posting {
                last_day,
                spendable_from,
                parts: credit.parts,
                cuts: credit.cuts,
                paid_debt: paid,
                note: credit.note,
                ..plain(credit.kind, credit.amount)
            },
        );
    }

    /// Writes a posting down: every movement of points passes here.
    pub(super) fn post(&mut self, id: &str, key: &PurseKey, posting: Posting) {
        self.postings += 1;
        let posting = Posting { number: self.postings, unit: key.0, pocket: key.1.clone(), ..posting };
        let purse = self.member_mut(id).purses.entry(key.clone()).or_default();
        *purse.totals.entry(posting.kind).or_default() += &posting.amount;
        self.note(Some(id), Happened::Posted(posting));
    }

    /// Takes points that can be spent, soonest to expire first; the caller has seen that there are
    /// enough. What was taken from which lot.
    pub(super) fn debit(&mut self, id: &str, key: &PurseKey, amount: &Exact) -> Vec<(usize, Exact)> {
        let purse = self.member_mut(id).purses.entry(key.clone()).or_default();
        let order = purse.spending_order();
        purse.take(&order, amount)
    }

    /// What can be spent from a purse.
    pub(super) fn spendable(&self, id: &str, key: &PurseKey) -> Exact {
        self.members.get(id).and_then(|member| member.purses.get(key)).map(Purse::balance).unwrap_or_default()
    }

    /// A clawback: the event's own lots, then the soonest to expire, then those of who shares them with her, then debt
    /// up to `owe`; the rest is written off.
    pub(super) fn claw(&mut self, id: &str, key: &PurseKey, source: &str, life: Option<Life>, amount: Exact) -> Clawed {
        let owe = self.program.points[key.0.0].owe.clone();
        let purse = self.member_mut(id).purses.entry(key.clone()).or_default();
        let mut rest = amount;
        let own = purse.own_lots(source, life);
        let from_own: Exact = purse.take(&own, &rest).into_iter().map(|(_, part)| part).sum();
        rest -= &from_own;
        let others = purse.spending_order();
        let from_others: Exact = purse.take(&others, &rest).into_iter().map(|(_, part)| part).sum();
        rest -= &from_others;
        let of_mates = self.claw_from_mates(id, key, &rest);
        rest -= &of_mates.iter().map(|(.., part)| part).sum::<Exact>();
        let purse = self.member_mut(id).purses.entry(key.clone()).or_default();
        let room = &owe - &purse.debt;
        let debt = if room.is_positive() { room.min(rest.clone()) } else { Exact::zero() };
        purse.debt += &debt;
        rest -= &debt;
        Clawed { hers: Taken { own: from_own, others: from_others, debt, written_off: rest }, of_mates }
    }

    /// Posts what a clawback took, and what of it had to be written off. One that takes nothing is posted where it tells what
    /// an event gives now.
    pub(super) fn post_claw(&mut self, id: &str, key: &PurseKey, clawed: Clawed, parts: Vec<Part>, note: String) {
        let Clawed { hers: taken, of_mates } = clawed;
        let mut tells = vec![note.clone()];
        tells.extend(self.whose_were_clawed(id, &of_mates));
        let written_off = taken.written_off.clone();
        let all = &taken.own + &taken.others + &taken.debt + &written_off;
        if all.is_zero() && of_mates.is_empty() && parts.is_empty() {
            return;
        }
        let hers = Posting { parts, taken: Some(taken), note: tells.join("; "), ..plain(PostingKind::Clawed, -all) };
        self.post(id, key, hers);
        self.post_claw_from_mates(id, &of_mates, &note);
        if written_off.is_positive() {
            let note = "what the clawback could not take".to_owned();
            self.post(id, key, Posting { note, ..plain(PostingKind::WrittenOff, written_off) });
        }
    }

    /// The last day of points that come here and now, with a life of their own or by the unit's rule.
    pub(super) fn lot_ends(&self, id: &str, unit: PointsId, life: Option<Life>) -> Option<Date> {
        match life {
            Some(life) => life.last_day(self.clock(), self.here.day),
            None => self.last_day(id, unit, self.here.day),
        }
    }

    /// The last day of a lot that comes on `day`, by the unit's own rule.
    pub(super) fn last_day(&self, id: &str, unit: PointsId, day: Date) -> Option<Date> {
        let member = self.members.get(id);
        let joined = member.and_then(|member| member.joined).or(Some(day));
        let version = self.whole.version(self.whole.version_of_lot(day, joined, day));
        let expiry = &version.points[unit.0].expiry;
        match expiry {
            Expiry::Sliding { length, .. } => {
                // The clock runs from the last renewing act; where that has run out, or never ran,
                // from the day the points came.
                let renewed = member.and_then(|member| member.renewed.get(&unit));
                let running = renewed.and_then(|renewed| length.after(*renewed)).filter(|last| day <= *last);
                running.or_else(|| length.after(day))
            }
            Expiry::Never | Expiry::After(_) | Expiry::Yearly(..) => expiry.last_day(self.clock(), day),
        }
    }

    /// An act of the member renews her sliding lots, though it earn nothing.
    pub(super) fn renew(&mut self, id: &str, act: Renewal) {
        let (whole, day) = (self.whole, self.here.day);
        for (number, version) in whole.versions().enumerate() {
            for (place, points) in version.points.iter().enumerate() {
                let Expiry::Sliding { length, without } = &points.expiry else { continue };
                if !without.iter().any(|one| one.is_met_by(act)) {
                    continue;
                }
                let last_day = length.after(day);
                let member = self.member_mut(id);
                let joined = member.joined.or(Some(day));
                // Each lot has the clock of its own terms, where old ones are kept.
                let of_version = |earned: Date| whole.version_of_lot(day, joined, earned) == number;
                if of_version(day) {
                    member.renewed.insert(PointsId(place), day);
                }
                for (_, purse) in member.purses.iter_mut().filter(|(key, _)| key.0.0 == place) {
                    let slides = |lot: &Lot| {
                        lot.last_day != last_day && !lot.own_life && lot.left.is_positive() && of_version(lot.earned)
                    };
                    purse.change_each(slides, |lot| lot.last_day = last_day);
                }
            }
        }
    }

    /// Points whose last day has passed end here.
    pub(super) fn expire_lots(&mut self, id: &str) {
        let day = self.here.day;
        let mut ended = Vec::new();
        for (key, purse) in &mut self.member_mut(id).purses {
            purse.close();
            if !purse.ends_before(day) {
                continue;
            }
            let ends = |lot: &Lot| lot.left.is_positive() && lot.last_day.is_some_and(|last| last < day);
            purse.change_each(ends, |lot| {
                let gone = std::mem::take(&mut lot.left);
                lot.expired += &gone;
                ended.push((key.clone(), gone, lot.earned, lot.last_day));
            });
        }
        for (key, gone, earned, last_day) in ended {
            let note = format!("earned on {}, not used", earned.strftime("%-d %B %Y"));
            self.post(id, &key, Posting { last_day, note, ..plain(PostingKind::Expired, -gone) });
        }
    }

    /// Points that have waited long enough can be spent from here on; a debt is paid first.
    pub(super) fn release_lots(&mut self, id: &str) {
        let day = self.here.day;
        self.release(id, |lot| lot.spendable_from.is_some_and(|from| from <= day));
    }

    /// Pending lots that `ready` picks become spendable.
    pub(super) fn release(&mut self, id: &str, ready: impl Fn(&Lot) -> bool) {
        let mut paid = Vec::new();
        for (key, purse) in &mut self.member_mut(id).purses {
            if !purse.waits() {
                continue;
            }
            let mut any = false;
            purse.change_each(
                |lot| lot.pending && ready(lot),
                |lot| {
                    lot.pending = false;
                    any = true;
                },
            );
            if any {
                paid.push((key.clone(), purse.settle()));
            }
        }
        for (key, paid) in paid.into_iter().filter(|(_, paid)| paid.is_positive()) {
            let unit = &self.program.points[key.0.0];
            let plural = unit.plural.as_ref().filter(|_| paid != Exact::one());
            let (name, figure) = (plural.unwrap_or(&unit.name.text), paid.fixed(unit.decimals));
            self.nothing(Some(id), format!("{figure} {name} that became spendable paid what was owed"));
        }
    }

    /// The earliest day on which something of a member's lots is due.
    pub(super) fn lots_due(member: &Member<'_>) -> Option<Date> {
        member.purses.values().filter_map(Purse::due).min()
    }
}

/// A posting with nothing but its kind and amount; [`Run::post`] numbers it.
pub(super) fn plain(kind: PostingKind, amount: Exact) -> Posting {
    Posting {
        number: 0,
        unit: PointsId(0),
        pocket: None,
        kind,
        amount,
        last_day: None,
        spendable_from: None,
        parts: Vec::new(),
        cuts: Vec::new(),
        taken: None,
        paid_debt: Exact::zero(),
        note: String::new(),
    }
}
