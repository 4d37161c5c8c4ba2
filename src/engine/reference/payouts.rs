//! Payouts: points that turn into something by themselves, as a balance is reached or a window ends.

use super::Run;
use super::households::{by_owner, by_whom};
use super::lots::plain;
use super::state::{Opening, PurseKey};
use crate::engine::outcome::{How, Part, Posting, PostingKind};
use crate::mechanics::basis::Basis;
use crate::mechanics::example::Held;
use crate::mechanics::give::What;
use crate::mechanics::payout::{Payout, Pays};
use crate::mechanics::reading::Kind;
use crate::mechanics::rule::Trigger;
use crate::mechanics::{PayoutId, Program};
use crate::value::exact::{Exact, Rounding};

/// So often a payout pays one member at one moment at most: what is left over waits for the next.
const MOST_PAID: u32 = 10_000;

impl<'a> Run<'a> {
    /// Pays those whom what just happened has brought to a balance.
    pub(super) fn pay_what_is_reached(&mut self) {
        let mut all = self.whole.versions().flat_map(|version| &version.payouts);
        if !all.any(|payout| matches!(payout.pays, Pays::Reaching(_))) {
            return;
        }
        // Of a household's points, whoever brought them to the balance is paid before those who live with her.
        let brought = self.here.event.and_then(|event| event.member.as_ref()).filter(|_| self.whole.shares_homes());
        let mut touched: Vec<String> = self.touched.iter().cloned().collect();
        touched.sort_by_key(|id| brought != Some(id));
        for id in touched {
            self.under_terms_of(&id);
            for (place, payout) in self.payouts() {
                if let Pays::Reaching(least) = &payout.pays {
                    self.pay(&id, PayoutId(place), payout, least);
                }
            }
        }
    }

    /// Pays a member as windows end.
    pub(super) fn pay_as_ends(&mut self, id: &str, ended: &[Trigger]) {
        for (place, payout) in self.payouts() {
            if let Pays::Every(trigger) = &payout.pays
                && ended.contains(trigger)
            {
                let least = payout.number.clone().unwrap_or_default();
                self.pay(id, PayoutId(place), payout, &least);
            }
        }
    }

    /// The payouts of the version at hand, each with its place.
    fn payouts(&self) -> impl Iterator<Item = (usize, &'a Payout)> + use<'a> {
        let program = self.program;
        program.payouts.iter().enumerate().filter(|(_, payout)| program.has(Kind::Rule, payout.rule.0))
    }

    /// Pays a member, where her balance is at least that; each pocket of separate balances by itself.
    fn pay(&mut self, id: &str, payout: PayoutId, block: &'a Payout, least: &Exact) {
        if !self.runs_on(self.here.day) || !self.is_member(id) {
            return;
        }
        for key in self.purses_of(id, block.unit) {
            let most = if block.repeat { MOST_PAID } else { 1 };
            for _ in 0..most {
                if !self.pay_once(id, payout, block, &key, least) {
                    break;
                }
            }
        }
    }

    /// Takes the points and gives what the payout gives; whether it did.
    fn pay_once(&mut self, id: &str, payout: PayoutId, block: &'a Payout, key: &PurseKey, least: &Exact) -> bool {
        let balance = self.pool(id, key);
        let amount = block.number.clone().unwrap_or_else(|| balance.clone());
        let Some(member) = self.members.get(id) else { return false };
        let paid = block.once && member.paid_once.contains(&payout);
        if paid || balance < *least || balance < amount || !amount.is_positive() {
            return false;
        }
        let lines = self.here.event.map(|event| self.lines_here(member, event)).unwrap_or_default();
        let now = if asks_of_state(block, self.program) { self.opening_of(member) } else { Opening::default() };
        if block.when.as_ref().is_some_and(|when| !self.scene_now(member, &lines, &now).holds(when)) {
            return false;
        }
        // What a rate of its `give` measures is what was taken.
        let mut opening = now;
        opening.balances.insert(block.unit, amount.clone());
        let here = self.here;
        self.step(here.at, here.day, here.event, here.words);
        let spent = self.spend(id, key, &amount);
        let note = self.worths(block, &amount);
        for (owner, key, sum) in by_owner(id, &spent) {
            let note = by_whom(&note, id, &owner);
            let part = Part { rule: Some(block.rule), exact: -&sum, posted: -&sum, how: How::Fixed };
            self.post(&owner, &key, Posting { parts: vec![part], note, ..plain(PostingKind::Spent, -sum) });
        }
        let Some(member) = self.members.get(id) else { return false };
        let valuation = self.value(&self.scene_now(member, &lines, &opening), &[Trigger::PaidOut(payout)]);
        self.give_points(id, &valuation);
        self.give_things(id, &valuation);
        self.set_worths(id, block, &amount);
        self.look_at_levels(id);
        if block.once {
            self.member_mut(id).paid_once.insert(payout);
        }
        self.follow();
        true
    }

    /// The money that points taken are worth.
    fn worth_of(&self, block: &Payout, amount: &Exact) -> Option<Exact> {
        let worth = self.program.points[block.unit.0].worth.as_ref()?;
        Some((amount * worth).round(Rounding::HalfEven, self.program.settings.minor_units))
    }

    /// What coupons that are `worth taken` are worth, in words.
    fn worths(&self, block: &Payout, amount: &Exact) -> String {
        let gives = &self.program.rules[block.rule.0].gives;
        let coupon = gives.iter().find_map(|give| match &give.what {
            What::Coupon(coupon, _) if self.program.coupons[coupon.0].worth_taken => Some(*coupon),
            What::Coupon(..)
            | What::Gift(..)
            | What::Stamps(..)
            | What::Entries(..)
            | What::Level { .. }
            | What::Rate { .. }
            | What::Back { .. }
            | What::Fixed { .. }
            | What::PercentOf { .. }
            | What::Scale { .. }
            | What::Step { .. } => None,
        });
        let settings = &self.program.settings;
        match (coupon, self.worth_of(block, amount)) {
            (Some(coupon), Some(worth)) => {
                let name = &self.program.coupons[coupon.0].name.text;
                format!("{name} is worth {} {}", worth.fixed(settings.minor_units), settings.money)
            }
            (Some(_) | None, Some(_) | None) => String::new(),
        }
    }

    /// Coupons that are `worth taken` are worth what was taken for them.
    fn set_worths(&mut self, id: &str, block: &Payout, amount: &Exact) {
        let (position, worth) = (self.here.position, self.worth_of(block, amount));
        let coupons = &self.program.coupons;
        // What was given just now stands last.
        let gifts = &mut self.member_mut(id).gifts;
        for gift in gifts.iter_mut().rev().take_while(|gift| gift.position == position) {
            if let Held::Coupon(coupon) = gift.held
                && coupons[coupon.0].worth_taken
            {
                gift.worth = worth.clone();
            }
        }
    }
}

/// Whether what a payout gives, or whether it pays, hangs on more of her state than the points it takes. Most do not,
/// and one that pays a member thousands of times need not look at all she holds each time.
fn asks_of_state(block: &Payout, program: &Program) -> bool {
    let rule = &program.rules[block.rule.0];
    let asks = |basis: &Basis| match basis {
        Basis::One => false,
        Basis::Points(unit) => *unit != block.unit,
        Basis::Total(_)
        | Basis::Items(_)
        | Basis::Purchases(_)
        | Basis::Visits(_)
        | Basis::Activity(_)
        | Basis::Field { .. }
        | Basis::Distinct(..) => true,
    };
    let gives = rule.gives.iter().any(|give| match &give.what {
        What::Rate { or, basis, .. } | What::Back { or, basis, .. } => !or.is_empty() || asks(basis),
        What::Fixed { or, .. } => !or.is_empty(),
        What::Scale { basis, .. } | What::Step { basis, .. } => asks(basis),
        What::PercentOf { .. } => true,
        What::Gift(..) | What::Coupon(..) | What::Stamps(..) | What::Entries(..) | What::Level { .. } => false,
    });
    gives || block.when.is_some() || rule.when.is_some() || !rule.except.is_empty()
}
