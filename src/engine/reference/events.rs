//! Each kind of event: who may do it, what is remembered of it, what it brings (section 6.3).

use super::Run;
use super::state::{Left, Opening, Seen, SeenKind, SeenLine};
use super::valuation::Valuation;
use crate::engine::outcome::{Happened, Reason};
use crate::ledger::{Event, Kind};
use crate::mechanics::ActivityId;
use crate::mechanics::activity::FieldKind;
use crate::mechanics::condition::is_yes;
use crate::mechanics::points::Renewal;
use crate::mechanics::reading::Kind as Block;
use crate::mechanics::settings::Membership;
use crate::value::clock::Moment;
use crate::value::exact::Exact;
use std::collections::BTreeMap;

impl<'a> Run<'a> {
    /// One event, after the timers that stand before it.
    pub(super) fn event(&mut self, event: &'a Event) {
        let id = event.member.as_deref().filter(|id| !id.is_empty()).map(|id| self.account(id));
        self.under(self.version_for(id.as_deref(), event.day));
        if !self.runs_on(event.day) {
            self.reject(id.as_deref(), Reason::OutsideProgram, "the program does not run on this day");
            return;
        }
        // A return goes to the owner of its purchase, card shown or not.
        if event.kind == Kind::Return {
            return self.returns(event, id.as_deref());
        }
        if event.kind == Kind::Draw && self.holds_draws() {
            match id.as_deref().map(|id| (id, self.is_member(id))) {
                None => return self.hold_draw(event),
                Some((id, true)) => return self.free_entry(event, id),
                Some((_, false)) => {}
            }
        }
        let Some(id) = id else { return self.anonymous_event(event) };
        if event.kind == Kind::Join {
            return self.join(event, &id);
        }
        let enrolls = event.kind == Kind::Purchase && self.enrolls(&id);
        if !enrolls && !self.is_member(&id) {
            self.reject(Some(&id), Reason::NotAMember, format!("{id} is no member on {}", event.day));
            return;
        }
        match event.kind {
            Kind::Purchase => self.purchase(event, &id, enrolls),
            Kind::Visit => self.visit(event, &id),
            Kind::Activity => self.activity(event, &id),
            Kind::Redeem => self.redeem(event, &id),
            Kind::Referral => self.referral(event, &id),
            Kind::Leave => self.leave(&id),
            Kind::Merge => self.merge(event, &id),
            Kind::Transfer => self.transfer(event, &id),
            Kind::Grant => self.grant(event, &id),
            Kind::Revoke => self.revoke(event, &id),
            Kind::Adjust => self.adjust(event, &id),
            Kind::Subscribe if self.sells_memberships() => self.subscribe(event, &id),
            Kind::Cancel if self.sells_memberships() => self.cancel(event, &id),
            Kind::Subscribe | Kind::Cancel | Kind::Draw => {
                self.nothing(Some(&id), format!("this program does nothing on {}", event.kind.word()));
            }
            Kind::Return | Kind::Join => {}
        }
    }

    /// What nobody put a name to is counted in the economics and earns nothing.
    fn anonymous_event(&mut self, event: &'a Event) {
        if event.kind == Kind::Purchase {
            let lines = seen_lines(event, self.here.position);
            self.sales += lines.iter().map(|line| &line.now().amount).sum::<Exact>();
            self.purchases += 1;
            self.anonymous.insert(&event.id, lines);
            self.bought.insert(&event.id, (None, self.here.position));
            self.take_off_nobodys(event);
        }
        self.nothing(None, "nobody's: counted, earns nothing");
    }

    /// Whether a purchase makes its customer a member.
    fn enrolls(&self, id: &str) -> bool {
        match self.program.settings.membership {
            Membership::Any | Membership::ByFirstPurchase => {
                self.members.get(id).is_none_or(|member| !member.enrolled && !member.listed && !member.left)
            }
            Membership::ByEvent => false,
        }
    }

    fn purchase(&mut self, event: &'a Event, id: &str, enrolled: bool) {
        if enrolled {
            self.enroll(id);
        }
        let day = event.day;
        self.member_mut(id).joined.get_or_insert(day);
        if enrolled {
            self.give_what_waited(id);
        }
        let lines = seen_lines(event, self.here.position);
        self.sales += lines.iter().map(|line| &line.now().amount).sum::<Exact>();
        self.purchases += 1;
        self.bought.insert(&event.id, (Some(id.to_owned()), self.here.position));
        let paid = self.payment(event, id);
        let first = !self.members[id].seen.iter().any(|seen| seen.kind == SeenKind::Purchase && seen.gone.is_none());
        let valuation = self.take_in(event, id, SeenKind::Purchase, |seen| {
            seen.enrolled = enrolled;
            seen.first_purchase = first;
            seen.paid.clone_from(&paid);
        });
        if let Some(paid) = paid {
            self.pay_with_points(id, paid);
        }
        let position = self.here.position;
        self.member_mut(id).armed.insert(position, day);
        self.renew(id, Renewal::Visit);
        self.bring(id, Renewal::Purchase, &valuation);
    }

    fn visit(&mut self, event: &'a Event, id: &str) {
        let valuation = self.take_in(event, id, SeenKind::Visit, |_| {});
        self.bring(id, Renewal::Visit, &valuation);
    }

    fn activity(&mut self, event: &'a Event, id: &str) {
        let name = event.reference.as_deref().unwrap_or("");
        let names = self.program.activities.iter().map(|activity| activity.name.text.as_str());
        let Some(place) = self.program.named(Block::Activity, names, name) else {
            self.reject(Some(id), Reason::NotEligible, format!("the program has no activity called {name:?}"));
            return;
        };
        if let Err((reason, sentence)) = self.accepts(event, id, place) {
            self.reject(Some(id), reason, sentence);
            return;
        }
        let activity = ActivityId(place);
        let valuation = self.take_in(event, id, SeenKind::Activity(activity), |_| {});
        self.bring(id, Renewal::Activity(Some(activity)), &valuation);
        self.release(id, |lot| lot.waits_for == Some(activity));
    }

    /// Whether an activity is accepted: what is not uses up no limit.
    fn accepts(&self, event: &'a Event, id: &str, place: usize) -> Result<(), (Reason, String)> {
        let block = &self.program.activities[place];
        let no = |reason: Reason, sentence: String| Err((reason, sentence));
        for field in &block.fields {
            let Some(text) = event.field(&field.name.text) else { continue };
            let good = match &field.kind {
                FieldKind::Number(_) => Exact::parse(text).is_some(),
                FieldKind::Text => true,
                FieldKind::OneOf(words) => words.iter().any(|word| word == text),
            };
            if !good {
                return no(Reason::NotEligible, format!("{text:?} is no value for {}", field.name.text));
            }
        }
        if let Some(word) = &block.verified_by {
            let says = |column: &str| event.field(column).is_some_and(|text| text == word || is_yes(text));
            if !says("verified") && !says(word) {
                return no(Reason::NotEligible, format!("not verified by {word}"));
            }
        }
        let Some(member) = self.members.get(id) else { return Ok(()) };
        let opening = self.opening_of(member);
        let lines = self.lines_here(member, event);
        let scene = self.scene_now(member, &lines, &opening);
        if block.accept.as_ref().is_some_and(|accept| !scene.holds(accept)) {
            return no(Reason::NotEligible, "not what the program accepts".to_owned());
        }
        let wanted = Some(ActivityId(place));
        for cap in &block.at_most {
            let basis = crate::mechanics::basis::Basis::Activity(wanted);
            if scene.aggregate(&basis, &scene.span(&cap.window)) >= cap.most {
                return no(Reason::Limit, format!("{} in {} are in already", cap.most, cap.window));
            }
        }
        let kind = SeenKind::Activity(ActivityId(place));
        for (field, cap) in &block.at_most_each {
            let Some(value) = event.field(field) else { continue };
            let span = scene.span(&cap.window);
            let same = |seen: &&Seen<'a>| {
                seen.kind == kind && span.holds(seen.at, seen.day) && seen.event.field(field) == Some(value)
            };
            let count = member.seen.iter().filter(same).count();
            if Exact::from_int(i64::try_from(count).unwrap_or(i64::MAX)) >= cap.most {
                return no(
                    Reason::Limit,
                    format!("{} with {field} {value} in {} are in already", cap.most, cap.window),
                );
            }
        }
        let last = member.seen.iter().rev().find(|seen| seen.kind == kind).map(|seen| seen.at);
        match (block.gap_minutes, last) {
            (Some(gap), Some(last)) if minutes_between(last, event.at) < i128::from(gap) => {
                no(Reason::Limit, format!("less than {gap} minutes since the last one"))
            }
            (Some(_) | None, Some(_) | None) => Ok(()),
        }
    }

    /// Remembers an accepted event under the state it found, and values it.
    pub(super) fn take_in(
        &mut self,
        event: &'a Event,
        id: &str,
        kind: SeenKind,
        more: impl FnOnce(&mut Seen<'a>),
    ) -> Valuation {
        let opening: Opening = self.opening(id);
        let here = self.here;
        let mut seen = Seen {
            position: here.position,
            at: event.at,
            day: event.day,
            event,
            kind,
            version: self.version,
            lines: seen_lines(event, here.position),
            gone: None,
            began_visit: false,
            first_purchase: false,
            enrolled: false,
            opening,
            valuation: Valuation::default(),
            off: Vec::new(),
            off_of: None,
            coupons: Vec::new(),
            paid: None,
            further: Vec::new(),
            accounts: BTreeMap::new(),
        };
        more(&mut seen);
        let member = self.member_mut(id);
        seen.began_visit =
            matches!(kind, SeenKind::Purchase | SeenKind::Visit) && !super::given::visit_stands(member, &seen);
        debug_assert!(
            member.seen.last().is_none_or(|last| last.position < seen.position),
            "each has a place of its own"
        );
        member.seen.push(seen);
        let member = &self.members[id];
        let seen = member.seen.last().expect("it was pushed just above");
        let valuation = self.value_of(member, seen);
        if let Some(seen) = self.seen_here(id) {
            seen.valuation = valuation.clone();
        }
        valuation
    }

    /// What a remembered event brings, in the order of section 6.3: money off, lots, stamps, gifts, levels.
    pub(super) fn bring(&mut self, id: &str, act: Renewal, valuation: &Valuation) {
        let before = self.outcome.journal.len();
        self.renew(id, act);
        self.take_off(id);
        self.give_points(id, valuation);
        self.stamp_event(id);
        self.enter_event(id);
        self.give_things(id, valuation);
        self.look_at_levels(id);
        self.look_at_challenges(id);
        self.honour(id);
        for (rule, place, to) in &valuation.limited {
            if let Some(to) = self.receiver(id, *to) {
                self.note(Some(&to), Happened::Limited { rule: *rule, place: *place });
            }
        }
        if self.outcome.journal.len() == before {
            self.nothing(Some(id), taken_in(valuation.rounds_to_nothing()));
        }
    }
}

/// What is told of an event that was taken in and brings nothing; `rounds`: what rules give for it is less than the
/// smallest step of its unit.
pub(in crate::engine) fn taken_in(rounds: bool) -> &'static str {
    match rounds {
        true => "taken in; what rules give for it rounds to nothing",
        false => "taken in; no rule gives anything for it",
    }
}

/// The lines of an event as they came: a line of a purchase is one item where nothing is said.
pub(in crate::engine) fn seen_lines<'a>(event: &'a Event, position: super::state::Position) -> Vec<SeenLine<'a>> {
    let one = if event.kind == Kind::Purchase { Exact::one() } else { Exact::zero() };
    event
        .lines
        .iter()
        .map(|line| {
            let amount = line.amount.clone().unwrap_or_default();
            let left = Left {
                regular: line.regular.clone().unwrap_or_else(|| amount.clone()),
                tax: line.tax.clone().unwrap_or_default(),
                quantity: line.qty.clone().unwrap_or_else(|| one.clone()),
                amount,
            };
            SeenLine { line, left: vec![(position, left)] }
        })
        .collect()
}

/// Elapsed minutes, whole.
fn minutes_between(from: Moment, to: Moment) -> i128 {
    to.0.duration_since(from.0).as_secs().div_euclid(60).into()
}
