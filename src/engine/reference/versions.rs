//! Versions of a program: which of them holds for whom, and what changes on the day another begins (section 6.15).
//!
//! A happening is under the version of its day, or under an older one where its member keeps to that. The change
//! itself gives nothing: stamps, levels and what limits have used up stand as they stood, and the next event is the
//! first that the new terms look at. Only the end of points is worked out anew.

use super::Run;
use super::purse::Purse;
use super::state::{Member, Seen, SeenKind};
use crate::engine::outcome::Happened;
use crate::mechanics::card::head_start;
use crate::mechanics::points::{Expiry, Renewal};
use crate::mechanics::reading::Kind;
use crate::mechanics::tiers::Lasts;
use crate::mechanics::{PointsId, Program};
use crate::value::clock::Date;
use crate::value::exact::Exact;
use std::collections::BTreeMap;

/// Points whose end has moved: of which unit, from which last day to which, and how many.
type Moved = BTreeMap<(PointsId, Option<Date>, Option<Date>), Exact>;

impl<'a> Run<'a> {
    /// The number of the version that holds for a member on a day; who is none yet joins on it.
    pub(super) fn version_for(&self, id: Option<&str>, day: Date) -> usize {
        if self.whole.older.is_empty() {
            return 0;
        }
        let joined = id.and_then(|id| self.members.get(id)?.joined);
        self.whole.version_on(day, joined.or(Some(day)))
    }

    /// From here on that version holds.
    pub(super) fn under(&mut self, version: usize) {
        self.version = version;
        self.told_by = version;
        self.program = self.whole.version(version);
    }

    /// From here on the version holds that a member is under today.
    pub(super) fn under_terms_of(&mut self, id: &str) {
        self.under(self.version_for(Some(id), self.here.day));
    }

    /// Does something under another version.
    pub(super) fn while_under<T>(&mut self, version: usize, act: impl FnOnce(&mut Self) -> T) -> T {
        let now = self.version;
        self.under(version);
        let done = act(self);
        self.under(now);
        done
    }

    /// Does something under the version at hand for which the journal names another's lines.
    pub(super) fn while_telling<T>(&mut self, version: usize, act: impl FnOnce(&mut Self) -> T) -> T {
        let now = std::mem::replace(&mut self.told_by, version);
        let done = act(self);
        self.told_by = now;
        done
    }

    /// Whether the version at hand has draws.
    pub(super) fn holds_draws(&self) -> bool {
        (0..self.program.draws.len()).any(|place| self.program.has(Kind::Draw, place))
    }

    /// The next day on which other terms may hold for a member or for what she has.
    pub(super) fn change_due(&self, member: &Member<'a>) -> Option<Date> {
        self.whole.changes_after(member.changed).filter(|_| member.enrolled)
    }

    /// The first day of other terms: points take the end that these say, new cards begin with their head start.
    pub(super) fn change_terms(&mut self, id: &str) {
        let day = self.here.day;
        let due = self.members.get(id).and_then(|member| self.change_due(member));
        let (Some(_), Ok(yesterday)) = (due.filter(|due| *due <= day), day.yesterday()) else { return };
        let was = self.whole.version(self.version_for(Some(id), yesterday));
        self.member_mut(id).changed = day;
        self.move_ends(id, yesterday);
        for (place, card) in self.program.cards.iter().enumerate() {
            if self.program.has(Kind::Card, place) && !was.has(Kind::Card, place) {
                self.member_mut(id).cards[place].open += head_start(card);
            }
        }
        self.begin_terms_of_levels(id, was);
    }

    /// Points end as the terms of today say, counted from the day they were earned, unless theirs are kept.
    fn move_ends(&mut self, id: &str, yesterday: Date) {
        let (whole, day) = (self.whole, self.here.day);
        let Some(member) = self.members.get_mut(id) else { return };
        let joined = member.joined.or(Some(day));
        let acts: Vec<Option<Date>> = (0..whole.points.len())
            .map(|unit| last_act(&member.seen, &whole.version(whole.version_on(day, joined)).points[unit].expiry))
            .collect();
        let mut moved = Moved::new();
        for ((unit, _), purse) in &mut member.purses {
            let ends =
                |earned: Date, on: Date| &whole.version(whole.version_of_lot(on, joined, earned)).points[unit.0].expiry;
            move_lots(
                purse,
                (yesterday, day),
                ends,
                |expiry, earned| {
                    let renewed = match expiry {
                        Expiry::Sliding { .. } => acts[unit.0].map_or(earned, |act| act.max(earned)),
                        Expiry::Never | Expiry::After(_) | Expiry::Yearly(..) => earned,
                    };
                    expiry.last_day(&whole.settings.clock, renewed)
                },
                |from, to, left| {
                    *moved.entry((*unit, from, to)).or_insert_with(Exact::zero) += left;
                },
            );
        }
        for (unit, act) in acts.iter().enumerate().filter_map(|(unit, act)| Some((PointsId(unit), (*act)?))) {
            member.renewed.entry(unit).or_insert(act);
        }
        for ((unit, from, to), left) in moved.into_iter().filter(|(_, left)| left.is_positive()) {
            self.note(Some(id), Happened::NewTerms(told(&self.whole.points[unit.0], &left, from, to)));
        }
    }

    /// A level that was kept while measured has a term from today where the new terms give it one.
    fn begin_terms_of_levels(&mut self, id: &str, was: &Program) {
        let day = self.here.day;
        for (place, block) in self.program.tiers.iter().enumerate() {
            if was.tiers[place].lasts != Lasts::WhileMeasured || block.lasts == Lasts::WhileMeasured {
                continue;
            }
            let Some(member) = self.members.get(id) else { return };
            let until = self.term(member, place, member.levels[place].level, day);
            self.member_mut(id).levels[place].until = until;
        }
    }
}

/// Moves the last day of lots that live yet, where their terms have changed.
fn move_lots<'p>(
    purse: &mut Purse,
    (yesterday, day): (Date, Date),
    ends: impl Fn(Date, Date) -> &'p Expiry,
    last_day: impl Fn(&Expiry, Date) -> Option<Date>,
    mut tell: impl FnMut(Option<Date>, Option<Date>, &Exact),
) {
    let lives = |last: Option<Date>| last.is_none_or(|last| last >= day);
    // What was spent may be given back: all lots move.
    for place in 0..purse.lots().len() {
        let lot = &purse.lots()[place];
        let (was, is) = (ends(lot.earned, yesterday), ends(lot.earned, day));
        if lot.own_life || !lives(lot.last_day) || was == is {
            continue;
        }
        // What would have ended before today could be spent through yesterday.
        let last = last_day(is, lot.earned).map(|last| last.max(yesterday));
        if last != lot.last_day {
            tell(lot.last_day, last, &lot.left);
            purse.change(place, |lot| lot.last_day = last);
        }
    }
}

/// The day of the last act that renews points of a sliding clock.
fn last_act(seen: &[Seen<'_>], expiry: &Expiry) -> Option<Date> {
    let Expiry::Sliding { without, .. } = expiry else { return None };
    let renews = |act: Renewal| without.iter().any(|one| one.is_met_by(act));
    let acts = seen.iter().filter(|seen| match seen.kind {
        SeenKind::Purchase => renews(Renewal::Purchase) || renews(Renewal::Visit),
        SeenKind::Visit => renews(Renewal::Visit),
        SeenKind::Activity(activity) => renews(Renewal::Activity(Some(activity))),
        SeenKind::Redeem => renews(Renewal::Redeem),
        SeenKind::Join | SeenKind::Referral => renews(Renewal::Any),
    });
    acts.map(|seen| seen.day).max()
}

/// What the journal says of points whose end has moved.
fn told(points: &crate::mechanics::points::Points, left: &Exact, from: Option<Date>, to: Option<Date>) -> String {
    let name = points.plural.as_ref().filter(|_| *left != Exact::one()).unwrap_or(&points.name.text);
    let day = |day: Date| day.strftime("%-d %B %Y").to_string();
    let now = to.map_or("no longer end".to_owned(), |to| format!("now end on {}", day(to)));
    let before = from.map_or("which had no end".to_owned(), |from| format!("which would have ended on {}", day(from)));
    format!("new terms: {} {name}, {before}, {now}", left.fixed(points.decimals))
}
