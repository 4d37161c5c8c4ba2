//! What is summed of a member, and what rules measure of an event.

use super::compile::{Campaign, Compiler};
use super::condition::{Cond, LineCond};
use super::{CardPlan, Measured, Money, Read, RulePlan, Slot, StampsPer, Summed, VisitPlan, on};
use crate::engine::pile::SCALE;
use crate::mechanics::basis::{Basis, Pick, Total};
use crate::text::Span;
use crate::value::clock::{Period, Window};

impl Compiler<'_> {
    /// The slot of a sum, made where there is none yet.
    pub fn slot(&mut self, sum: Summed, window: Window, campaign: Campaign, scale: i64) -> usize {
        let campaign = if window == Window::Campaign { campaign } else { (None, None) };
        let key = format!("{sum:?} {window:?} {campaign:?}");
        match self.keys.iter().position(|known| *known == key) {
            Some(place) => place,
            None => {
                self.keys.push(key);
                self.slots.push(Slot { sum, window, campaign, scale });
                self.slots.len() - 1
            }
        }
    }

    /// The figure of a sum over a window.
    pub fn read_sum(&mut self, sum: Summed, window: Window, campaign: Campaign, scale: i64) -> usize {
        let slot = self.slot(sum, window, campaign, scale);
        self.read(Read::Slot(slot))
    }

    /// The slot of a basis over a window; none (and said so) where the fast engine has no such sum.
    pub fn aggregate(&mut self, basis: &Basis, window: Window, campaign: Campaign, span: Span) -> Option<usize> {
        let (sum, scale) = match basis {
            Basis::Total(total) => (Summed::Money(self.money(total, campaign, span)), SCALE),
            Basis::Items(pick) => (Summed::Items(self.past_pick(pick, campaign, span)), SCALE),
            Basis::Purchases(pick) => (Summed::Purchases(self.any_line(pick, campaign, span)), 1),
            Basis::Activity(activity) => (Summed::Activities(*activity), 1),
            Basis::Points(unit) => (Summed::Points(*unit), self.scales.get(unit.0).copied()?),
            Basis::One => (Summed::Everything, 1),
            Basis::Visits(_) if matches!(window, Window::LastHours(_)) => {
                return self.no_sum(span, "visits over hours, of which one may hold a part");
            }
            Basis::Visits(pick) => (Summed::Visits(self.any_line(pick, campaign, span)), 1),
            Basis::Field { activity, field } => (Summed::Field(*activity, self.text_of(field, span)), SCALE),
            Basis::Distinct(..) => return self.no_sum(span, "how many different ones there were"),
        };
        Some(self.slot(sum, window, campaign, scale))
    }

    fn no_sum(&mut self, span: Span, what: &str) -> Option<usize> {
        self.give_up(span, what);
        // Anything will do: the plan is not run.
        Some(self.slot(Summed::Everything, Window::Ever, (None, None), 1))
    }

    /// What a rule measures of its event.
    pub fn measure(&mut self, basis: &Basis, campaign: Campaign, span: Span) -> (Measured, i64) {
        match basis {
            Basis::Total(total) => {
                let pick = self.pick(&total.pick, campaign);
                let money = Money { pick, regular: total.before_discounts, without_tax: total.without_tax };
                (Measured::Money(money), SCALE)
            }
            Basis::Items(pick) => (Measured::Items(self.pick(pick, campaign)), SCALE),
            Basis::Purchases(pick) => {
                let picked = (pick.with.is_some() || pick.without.is_some()).then(|| self.pick(pick, campaign));
                (Measured::Has(picked), 1)
            }
            Basis::Activity(_) | Basis::One => (Measured::One, 1),
            Basis::Points(unit) => {
                let scale = self.scales.get(unit.0).copied().unwrap_or(1);
                (Measured::Read(self.read(Read::Balance(*unit))), scale)
            }
            Basis::Field { field, .. } => (Measured::Field(self.text_of(field, span)), SCALE),
            Basis::Visits(pick) => {
                let picked = (pick.with.is_some() || pick.without.is_some()).then(|| self.pick(pick, campaign));
                let counted = Summed::Visits(self.any_line(pick, campaign, span));
                let slot = self.slot(counted, Window::Calendar(Period::Day), (None, None), 1);
                (Measured::Visit { lines: picked, again: self.read(Read::Visited(slot)) }, 1)
            }
            Basis::Distinct(..) => {
                self.give_up(span, "what is counted here");
                (Measured::One, 1)
            }
        }
    }

    /// How visits are told apart, where anything looks at them.
    pub fn visits(&mut self, rules: &[RulePlan], cards: &[CardPlan]) -> Option<VisitPlan> {
        let of_visits = |slot: &usize| matches!(self.slots[*slot].sum, Summed::Visits(_));
        let slots: Vec<usize> = (0..self.slots.len()).filter(of_visits).collect();
        let fired = rules.iter().any(|rule| rule.on & on::VISIT != 0);
        let stamped = cards.iter().flat_map(|card| &card.stamps).any(|stamp| matches!(stamp.per, StampsPer::Visit));
        if !fired && !stamped && slots.is_empty() {
            return None;
        }
        Some(VisitPlan { store: self.text_of("store", self.program.settings.name.span), slots, stamped })
    }

    fn money(&mut self, total: &Total, campaign: Campaign, span: Span) -> Money {
        let pick = self.past_pick(&total.pick, campaign, span);
        Money { pick, regular: total.before_discounts, without_tax: total.without_tax }
    }

    /// Whether any line is picked; none where every event is.
    fn any_line(&mut self, pick: &Pick, campaign: Campaign, span: Span) -> Option<LineCond> {
        (pick.with.is_some() || pick.without.is_some()).then(|| self.past_pick(pick, campaign, span))
    }

    /// Which lines of a past event count: what is asked must be of the line itself, or of its event's day
    /// and place, for the state has moved on since.
    fn past_pick(&mut self, pick: &Pick, campaign: Campaign, span: Span) -> LineCond {
        let lines = self.pick(pick, campaign);
        if !of_itself(&lines) {
            self.give_up(span, "a sum over lines that are picked by what the member was at the time");
        }
        lines
    }
}

/// Whether a condition looks at nothing but its line and its event.
pub fn of_itself(lines: &LineCond) -> bool {
    match lines {
        LineCond::Fixed(_) | LineCond::Column(_) | LineCond::Either { .. } | LineCond::Line(..) => true,
        LineCond::Price(_) | LineCond::Reduced(_) => true,
        LineCond::All(parts) | LineCond::Any(parts) => parts.iter().all(of_itself),
        LineCond::Not(part) => of_itself(part),
        // Of a past event they look at lines that are gone, too.
        LineCond::Every(_) => false,
        LineCond::Event(cond) => of_event(cond),
    }
}

fn of_event(cond: &Cond) -> bool {
    match cond {
        Cond::Fixed(_) | Cond::Time(_) | Cond::Column(_) | Cond::Calendar(_) => true,
        Cond::Event(figure, _) => match figure {
            super::condition::Figure::Weekday
            | super::condition::Figure::Day
            | super::condition::Figure::DayOfMonth
            | super::condition::Figure::Month => true,
            super::condition::Figure::Amount
            | super::condition::Figure::TotalOf(_)
            | super::condition::Figure::Items
            | super::condition::Figure::ItemsOf(_) => false,
        },
        Cond::All(parts) | Cond::Any(parts) => parts.iter().all(of_event),
        Cond::Not(part) => of_event(part),
        Cond::Some(_)
        | Cond::Every(_)
        | Cond::Read(..)
        | Cond::Member(_)
        | Cond::BirthdayWithin(..)
        | Cond::MemberFor(..) => false,
    }
}
