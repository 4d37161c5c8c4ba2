//! From the typed tree to the plan: what stamps cards, and what full ones give.

use super::compile::Compiler;
use super::condition::LineCond;
use super::ratios::parts;
use super::sums::of_itself;
use super::{CardGives, CardPlan, MeasuredOn, StampPlan, StampsPer, Thing};
use crate::mechanics::basis::Basis;
use crate::mechanics::card::{Card, Stamp, StampPer};
use crate::mechanics::example::Held;
use crate::mechanics::give::{Give, What, Whom};
use crate::value::exact::Exact;

impl Compiler<'_> {
    /// The cards.
    pub fn cards(&mut self) -> Vec<CardPlan> {
        let program = self.program;
        program.cards.iter().map(|card| self.card(card)).collect()
    }

    fn card(&mut self, card: &Card) -> CardPlan {
        let stamps = card.stamps.iter().map(|stamp| self.stamp(stamp)).collect();
        let gives = card.gives.iter().filter_map(|give| self.card_gives(give)).collect();
        CardPlan { stamps, gives }
    }

    fn stamp(&mut self, stamp: &Stamp) -> StampPlan {
        let nobodys = (None, None);
        let picked = stamp.pick.with.is_some() || stamp.pick.without.is_some();
        let lines: Option<LineCond> = picked.then(|| self.pick(&stamp.pick, nobodys));
        if !lines.as_ref().is_none_or(of_itself) {
            self.give_up(stamp.span, "stamps for lines that are picked by what the member was at the time");
        }
        let per = match &stamp.per {
            StampPer::Item => StampsPer::Item,
            StampPer::Purchase => StampsPer::Purchase,
            StampPer::Visit => StampsPer::Visit,
            StampPer::Amount(step, basis) => {
                let (of, scale) = self.measure(basis, nobodys, stamp.span);
                let (step, by) = parts(&(step * Exact::from_int(scale))).unwrap_or_else(|| {
                    self.give_up(stamp.span, "figures too fine for whole numbers");
                    (1, 1)
                });
                StampsPer::Amount { on: measured_on(basis), of, step, by }
            }
        };
        StampPlan { number: i64::from(stamp.number), per, lines }
    }

    fn card_gives(&mut self, give: &Give) -> Option<CardGives> {
        if give.to != Whom::Member {
            self.give_up(give.span, "a card that gives to somebody else");
        }
        match &give.what {
            What::Gift(gift, number) => Some(CardGives::Thing(Thing::Held(Held::Gift(*gift), *number))),
            What::Coupon(coupon, number) => Some(CardGives::Thing(Thing::Held(Held::Coupon(*coupon), *number))),
            What::Fixed { unit, number, or } if or.is_empty() => {
                let points = &self.program.points[unit.0];
                let scale = self.scales[unit.0];
                let steps = (number.round(points.round, points.decimals) * Exact::from_int(scale)).to_i64();
                let Some(amount) = steps else {
                    self.give_up(give.span, "a number too large to count to");
                    return None;
                };
                Some(CardGives::Points {
                    unit: unit.0,
                    life: give.life.map(|life| self.life(life)),
                    amount,
                    exact: number.clone(),
                })
            }
            What::Fixed { .. } | What::Stamps(..) | What::Entries(..) | What::Level { .. } => {
                self.give_up(give.span, "stamps, levels or points by a condition that a full card gives");
                None
            }
            What::Rate { .. } | What::Back { .. } | What::PercentOf { .. } | What::Scale { .. } | What::Step { .. } => {
                self.give_up(give.span, "points in proportion that a full card gives");
                None
            }
        }
    }
}

/// Which events a basis belongs to.
fn measured_on(basis: &Basis) -> MeasuredOn {
    match basis {
        Basis::Total(_) | Basis::Items(_) | Basis::Purchases(_) => MeasuredOn::Purchase,
        Basis::Points(_) | Basis::Distinct(..) | Basis::One => MeasuredOn::Purchase,
        Basis::Visits(_) => MeasuredOn::Visit,
        Basis::Activity(activity) | Basis::Field { activity, .. } => MeasuredOn::Activity(*activity),
    }
}
