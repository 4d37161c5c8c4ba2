//! Paid memberships: terms that a `subscribe` event begins, that renew themselves, and that `cancel` ends (section 3).
//!
//! ```text
//! subscribe ─► trial, once in her life ─► first term, charged as it begins ─► renewed by itself, or by `subscribe`
//!                                            cancel: over at once; within its days the fee comes back pro rata
//! ```

use super::Run;
use super::state::{GiftState, Grant, Member};
use crate::engine::outcome::{Happened, LevelWhy, Reason, Term as Became};
use crate::ledger::Event;
use crate::mechanics::MembershipId;
use crate::mechanics::example::Held;
use crate::mechanics::membership::Membership;
use crate::mechanics::points::Renewal;
use crate::mechanics::reading::Kind;
use crate::value::clock::{Date, Length};
use crate::value::exact::{Exact, Rounding};
use std::collections::BTreeMap;

/// What a member has of one membership.
#[derive(Debug, Clone, Default)]
pub struct MembershipState {
    /// Terms that run or follow, in order and without a gap; those that have ended are gone.
    pub terms: Vec<Term>,
    /// The first day of the term from which terms are counted.
    pub counted_from: Option<Date>,
    /// How many have been counted from there.
    pub counted: u32,
    /// She has had her trial.
    pub tried: bool,
    /// Fees paid since the start.
    pub charged: Exact,
    /// Of those, what was given back.
    pub returned: Exact,
}

/// A term of a membership.
#[derive(Debug, Clone)]
pub struct Term {
    /// Its first day.
    pub first: Date,
    /// Its last day.
    pub last: Date,
    /// What it costs.
    pub fee: Exact,
    /// Whether that was paid.
    pub charged: bool,
    /// Whether it is the trial.
    pub trial: bool,
    /// Whether its first day has begun.
    pub begun: bool,
    /// What it is called when it is charged as it begins.
    pub becomes: Became,
    /// What it gave: places in [`Member::gifts`].
    pub gifts: Vec<usize>,
}

impl MembershipState {
    /// Whether a term of it runs on `day`.
    pub fn runs(&self, day: Date) -> bool {
        self.terms.iter().any(|term| term.first <= day && day <= term.last)
    }

    /// The last day that is covered: by a term that has begun, or is paid already.
    pub fn until(&self) -> Option<Date> {
        self.terms.iter().filter(|term| term.begun || term.charged).map(|term| term.last).max()
    }

    /// When it next changes by itself: a term begins, or is over.
    fn due(&self) -> Option<Date> {
        let first = self.terms.first()?;
        if first.begun { first.last.tomorrow().ok() } else { Some(first.first) }
    }
}

/// Why not, and the sentence that says it.
type Refusal = (Reason, String);

impl<'a> Run<'a> {
    /// Whether the version at hand sells memberships.
    pub(super) fn sells_memberships(&self) -> bool {
        (0..self.program.memberships.len()).any(|place| self.program.has(Kind::Membership, place))
    }

    /// The membership that an event names; the only one where it names none.
    fn membership_of(&self, event: &Event) -> Result<(MembershipId, &'a Membership), Refusal> {
        let all = &self.program.memberships;
        let named = event.reference.as_deref();
        let answers = |one: &Membership| named.is_none_or(|word| one.answers_to(word, &self.program.tiers));
        let has = |place: &usize| self.program.has(Kind::Membership, *place);
        let exact = (0..all.len()).filter(has).find(|place| Some(all[*place].name.text.as_str()) == named);
        let places: Vec<usize> = match exact {
            Some(place) => vec![place],
            None => (0..all.len()).filter(has).filter(|place| answers(&all[*place])).collect(),
        };
        match (places.as_slice(), named) {
            ([place], _) => Ok((MembershipId(*place), &all[*place])),
            ([], Some(word)) => Err((Reason::NotEligible, format!("the program has no membership called {word:?}"))),
            (_, Some(word)) => Err((Reason::NotEligible, format!("{word:?} names more than one membership"))),
            (_, None) => Err((Reason::NotEligible, "the event does not say in its ref which membership".to_owned())),
        }
    }

    /// A `subscribe` event begins a membership, with its trial if she has not had it; while it runs, a term is added
    /// behind. Where the event has an amount, that is what she paid instead of the fee.
    pub(super) fn subscribe(&mut self, event: &'a Event, id: &str) {
        let (membership, block) = match self.membership_of(event) {
            Ok(found) => found,
            Err((reason, sentence)) => return self.reject(Some(id), reason, sentence),
        };
        let minor_units = self.program.settings.minor_units;
        let fee = event.amount().unwrap_or(&block.fee).round(Rounding::HalfEven, minor_units);
        if fee.is_negative() {
            return self.reject(Some(id), Reason::NotEligible, format!("{fee} is no fee"));
        }
        let day = self.here.day;
        let state = self.member_mut(id).memberships.entry(membership).or_default();
        let runs = !state.terms.is_empty();
        let trial = block.trial.filter(|_| !runs && !state.tried);
        let trial = trial.and_then(|days| Some((day, Length::Days(days).after(day)?.yesterday().ok()?)));
        if !runs {
            state.counted = 0;
            state.counted_from = match trial {
                Some((_, last)) => last.tomorrow().ok(),
                None => Some(day),
            };
        }
        if let Some((first, last)) = trial {
            state.tried = true;
            state.terms.push(term(first, last, Became::Trial));
        }
        let becomes = if runs { Became::Ahead } else { Became::Begun };
        state.add(block, fee, becomes);
        let last = state.terms.len().saturating_sub(1);
        if runs {
            self.charge(id, membership, last);
        }
        self.renew(id, Renewal::Any);
        self.move_terms(id, membership);
    }

    /// A `cancel` event ends a membership at once. What is paid and has not begun comes back whole, of the term that
    /// runs the part that is left, half even to the minor unit: where the block gives fees back at all, the term is
    /// not older than it says, and no gift of it was used.
    pub(super) fn cancel(&mut self, event: &'a Event, id: &str) {
        let (membership, block) = match self.membership_of(event) {
            Ok(found) => found,
            Err((reason, sentence)) => return self.reject(Some(id), reason, sentence),
        };
        let member = self.member_mut(id);
        let terms = member.memberships.get_mut(&membership).map(|state| std::mem::take(&mut state.terms));
        let Some(terms) = terms.filter(|terms| !terms.is_empty()) else {
            return self.reject(Some(id), Reason::NotHeld, format!("{} is not held", block.name.text));
        };
        let day = self.here.day;
        let (mut back, mut left, mut of) = (Exact::zero(), 0, 0);
        let mut gifts: Vec<usize> = Vec::new();
        for term in terms.iter().filter(|term| term.charged) {
            let Some(days) = block.refund else { continue };
            if !term.begun {
                back += &term.fee;
                continue;
            }
            let in_time = Length::Days(days).after(term.first).is_none_or(|last| day <= last);
            let member = &self.members[id];
            if in_time && term.gifts.iter().all(|gift| member.gifts[*gift].state != GiftState::Used) {
                (left, of) = (days_of(day, term.last), days_of(term.first, term.last));
                back += share(&term.fee, left, of).round(Rounding::HalfEven, self.program.settings.minor_units);
                gifts.extend(&term.gifts);
            }
        }
        let state = self.member_mut(id).memberships.entry(membership).or_default();
        state.returned += &back;
        let what = Became::Cancelled { left, of };
        self.note(Some(id), Happened::Membership { membership, what, fee: -back, until: None });
        for gift in gifts {
            if self.members[id].gifts[gift].state == GiftState::Held {
                self.set_gift(id, gift, GiftState::Revoked);
            }
        }
        self.membership_levels(id, membership);
    }

    /// Takes the fee of a term, by its place.
    fn charge(&mut self, id: &str, membership: MembershipId, place: usize) {
        let Some(state) = self.member_mut(id).memberships.get_mut(&membership) else { return };
        let Some(term) = state.terms.get_mut(place) else { return };
        term.charged = true;
        let (fee, what) = (term.fee.clone(), term.becomes);
        state.charged += &fee;
        let until = state.until();
        self.note(Some(id), Happened::Membership { membership, what, fee, until });
    }

    /// Terms that are over go, those whose day has come begin; one that renews itself goes on.
    fn move_terms(&mut self, id: &str, membership: MembershipId) {
        let block = &self.program.memberships[membership.0];
        let day = self.here.day;
        let fee = block.fee.round(Rounding::HalfEven, self.program.settings.minor_units);
        while let Some(first) = self.first_term(id, membership) {
            if !first.begun && first.first <= day {
                if !self.runs_on(first.first) && !first.charged {
                    // A program that is over takes no fees.
                    self.end_membership(id, membership, Became::Ended);
                } else {
                    self.begin_term(id, membership, first.charged, first.trial);
                }
            } else if first.last < day {
                let state = self.member_mut(id).memberships.entry(membership).or_default();
                state.terms.remove(0);
                if state.terms.is_empty() {
                    let next = first.last.tomorrow().ok().filter(|next| block.renew && self.runs_on(*next));
                    let state = self.member_mut(id).memberships.entry(membership).or_default();
                    if next.is_none() || !state.add(block, fee.clone(), Became::Renewed) {
                        self.end_membership(id, membership, Became::Ended);
                    }
                }
            } else {
                break;
            }
        }
        self.membership_levels(id, membership);
    }

    fn first_term(&self, id: &str, membership: MembershipId) -> Option<Term> {
        self.members.get(id)?.memberships.get(&membership)?.terms.first().cloned()
    }

    /// The first term begins: it is charged where it was not, and a term that is paid gives its gifts.
    fn begin_term(&mut self, id: &str, membership: MembershipId, charged: bool, trial: bool) {
        if let Some(term) = self.member_mut(id).memberships.entry(membership).or_default().terms.first_mut() {
            term.begun = true;
        }
        if trial {
            let until = self.members[id].memberships[&membership].until();
            let (what, fee) = (Became::Trial, Exact::zero());
            self.note(Some(id), Happened::Membership { membership, what, fee, until });
            return;
        }
        if !charged {
            self.charge(id, membership, 0);
        }
        for (gift, number) in &self.program.memberships[membership.0].gifts {
            let given = self.issue(id, Held::Gift(*gift), *number, None);
            if let Some(term) = self.member_mut(id).memberships.entry(membership).or_default().terms.first_mut() {
                term.gifts.extend(given);
            }
        }
    }

    fn end_membership(&mut self, id: &str, membership: MembershipId, what: Became) {
        self.member_mut(id).memberships.entry(membership).or_default().terms.clear();
        self.note(Some(id), Happened::Membership { membership, what, fee: Exact::zero(), until: None });
    }

    /// What is due to a member's memberships as a day begins.
    pub(super) fn membership_timers(&mut self, id: &str) {
        let day = self.here.day;
        let due = |state: &MembershipState| state.due().is_some_and(|due| due <= day);
        let member = &self.members[id];
        let due: Vec<MembershipId> =
            member.memberships.iter().filter(|(_, state)| due(state)).map(|(membership, _)| *membership).collect();
        for membership in due {
            self.move_terms(id, membership);
        }
    }

    /// The earliest day on which a membership of hers changes by itself.
    pub(super) fn memberships_due(member: &Member<'_>) -> Option<Date> {
        member.memberships.values().filter_map(MembershipState::due).min()
    }

    /// Holds the levels of a membership through its last day, or takes them away.
    fn membership_levels(&mut self, id: &str, membership: MembershipId) {
        let block = &self.program.memberships[membership.0];
        let day = self.here.day;
        let source = format!("membership {}", block.name.text);
        let until = self.members[id].memberships.get(&membership).and_then(MembershipState::until);
        for (tiers, level) in &block.levels {
            let state = &mut self.member_mut(id).levels[tiers.0];
            let (from, before) = state.best(day);
            let held = state.grants.iter().find(|grant| grant.source == source).map(|grant| grant.last);
            if held == until.map(Some) {
                continue;
            }
            state.grants.retain(|grant| grant.source != source);
            if until.is_some() {
                state.grants.push(Grant { level: *level, last: until, source: source.clone(), lifted: None });
            }
            let (to, last) = state.best(day);
            if (from, before) != (to, last) || held.is_none() {
                let why = if to < from { LevelWhy::Ended } else { LevelWhy::Membership(membership) };
                self.note_level(id, tiers.0, from, to, last, why);
            }
        }
    }

    /// A member leaves: her memberships are over, and nothing comes back.
    pub(super) fn leave_memberships(&mut self, id: &str) {
        let runs = |state: &MembershipState| !state.terms.is_empty();
        let all = &self.members[id].memberships;
        let running: Vec<MembershipId> = all.iter().filter(|(_, state)| runs(state)).map(|(id, _)| *id).collect();
        for membership in running {
            self.end_membership(id, membership, Became::Left);
        }
    }

    /// Two accounts become one: of each membership the terms that last longer stay, and what was paid is added up.
    /// `shift`: where the gifts that were taken in begin.
    pub(super) fn merge_memberships(&mut self, id: &str, taken: BTreeMap<MembershipId, MembershipState>, shift: usize) {
        for (membership, mut theirs) in taken {
            for term in &mut theirs.terms {
                term.gifts.iter_mut().for_each(|gift| *gift += shift);
            }
            let ours = self.member_mut(id).memberships.entry(membership).or_default();
            ours.charged += &theirs.charged;
            ours.returned += &theirs.returned;
            ours.tried |= theirs.tried;
            let last = |state: &MembershipState| state.terms.last().map(|term| term.last);
            if last(&theirs) > last(ours) {
                ours.terms = theirs.terms;
                (ours.counted_from, ours.counted) = (theirs.counted_from, theirs.counted);
            }
            self.membership_levels(id, membership);
        }
    }

    /// A member of an example starts with a membership that was paid before.
    pub(super) fn hand_out_membership(&mut self, id: &str, membership: MembershipId, until: Option<Date>) {
        let block = &self.program.memberships[membership.0];
        let day = self.here.day;
        let Some(last) = until.or_else(|| block.term(day, 0).map(|(_, last)| last)) else { return };
        let state = self.member_mut(id).memberships.entry(membership).or_default();
        // The next term is counted from the day behind the last.
        state.counted_from = last.tomorrow().ok();
        state.tried = true;
        state.terms = vec![Term { begun: true, charged: true, ..term(day, last, Became::Begun) }];
        let source = format!("membership {}", block.name.text);
        for (tiers, level) in &block.levels {
            let grant = Grant { level: *level, last: Some(last), source: source.clone(), lifted: None };
            self.member_mut(id).levels[tiers.0].grants.push(grant);
        }
    }
}

impl MembershipState {
    /// Adds the next term, not paid yet; whether the calendar has it.
    fn add(&mut self, block: &Membership, fee: Exact, becomes: Became) -> bool {
        let days = self.counted_from.and_then(|from| block.term(from, self.counted));
        let Some((first, last)) = days else { return false };
        self.counted += 1;
        self.terms.push(Term { fee, ..term(first, last, becomes) });
        true
    }
}

/// A term without a fee that has not begun.
fn term(first: Date, last: Date, becomes: Became) -> Term {
    let trial = becomes == Became::Trial;
    Term { first, last, fee: Exact::zero(), charged: false, trial, begun: false, becomes, gifts: Vec::new() }
}

/// How many days lie from one through the other.
fn days_of(first: Date, last: Date) -> i64 {
    i64::from((last - first).get_days()) + 1
}

/// So many days' share of a fee.
fn share(fee: &Exact, left: i64, of: i64) -> Exact {
    (fee * Exact::from_int(left)).checked_div(&Exact::from_int(of)).unwrap_or_default()
}
