//! How far a member is on the way to her next level: from her own purchases, since who plays her does not tell it.

use crate::mechanics::basis::{Basis, Pick};
use crate::mechanics::tiers::{Need, TierMeasure, Tiers};
use crate::value::clock::{Clock, Date, Window};

use super::calendar::Calendar;
use super::member::Sale;

/// What is counted for a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counts {
    /// Money, in minor units.
    Spend,
    /// Purchases.
    Purchases,
    /// Days with a purchase: in a population there is one store.
    Days,
}

/// What a level takes, where it is of what can be seen in purchases.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Rung {
    counts: Counts,
    window: Window,
    takes: f64,
}

/// The levels of one tiers block; none where nobody can tell how near they are.
#[derive(Debug, Clone)]
pub(super) struct Ladder(Vec<Option<Rung>>);

impl Ladder {
    /// Of a block. Money has so many minor units.
    pub(super) fn of(tiers: &Tiers, minor_units: u32) -> Self {
        let money = 10_f64.powi(i32::try_from(minor_units).unwrap_or(2));
        Self(tiers.levels.iter().map(|level| rung(&tiers.measures, &level.need, money)).collect())
    }

    /// How much of what the next level takes she has, as things stand on a day: from 0 to below 1.
    pub(super) fn progress(&self, level: usize, sales: &[Sale], calendar: &Calendar, clock: &Clock, day: Date) -> f64 {
        let Some(Some(rung)) = level.checked_add(1).and_then(|next| self.0.get(next)) else { return 0.0 };
        let joined = sales.first().map(|sale| calendar.at(sale.at).0);
        let (from, _) = rung.window.days(clock, day, joined, (None, None));
        let from = from.map_or(f64::NEG_INFINITY, |from| calendar.number(from));
        let inside = sales.iter().rev().take_while(|sale| sale.at >= from);
        let has = match rung.counts {
            Counts::Spend => inside.map(|sale| sale.amount as f64).sum::<f64>(),
            Counts::Purchases => inside.map(|sale| sale.amount.signum() as f64).sum(),
            Counts::Days => {
                let mut last = f64::NAN;
                let new = |sale: &&Sale| {
                    let day = sale.at.floor();
                    sale.amount > 0 && std::mem::replace(&mut last, day) != day
                };
                inside.filter(new).count() as f64
            }
        };
        let part = has / rung.takes;
        if (0.0..1.0).contains(&part) { part } else { 0.0 }
    }
}

/// A level of one measure; of several together nobody says which is the nearer.
fn rung(measures: &[TierMeasure], need: &Need, money: f64) -> Option<Rung> {
    let Need::AtLeast(place, number) = need else { return None };
    let measure = measures.get(*place)?;
    let all = |pick: &Pick| pick.with.is_none() && pick.without.is_none();
    let takes = number.to_f64_lossy();
    let (counts, takes) = match &measure.basis {
        Basis::Total(total) if all(&total.pick) => (Counts::Spend, takes * money),
        Basis::Purchases(pick) if all(pick) => (Counts::Purchases, takes),
        Basis::Visits(pick) if all(pick) => (Counts::Days, takes),
        Basis::Total(_)
        | Basis::Purchases(_)
        | Basis::Visits(_)
        | Basis::Items(_)
        | Basis::Activity(_)
        | Basis::Field { .. }
        | Basis::Points(_)
        | Basis::Distinct(..)
        | Basis::One => return None,
    };
    (takes > 0.0).then_some(Rung { counts, window: measure.window, takes })
}
