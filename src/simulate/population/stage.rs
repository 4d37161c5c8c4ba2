//! Where members are played: the world, its days, and what is sold in it.

use crate::ledger::{Line, MemberRow};
use crate::mechanics::scenario::people::People;
use crate::mechanics::scenario::{Items, Scenario};

use super::calendar::Calendar;
use super::known::Known;
use super::world::World;

/// What is sold, of one line a purchase.
#[derive(Debug, Clone)]
pub(super) struct Wares {
    column: String,
    /// Upper ends of the shares, and the values.
    values: Vec<(f64, String)>,
}

impl Wares {
    fn of(items: &Items) -> Self {
        let mut upto = 0.0;
        let mut values = Vec::new();
        for (value, share) in &items.shares {
            upto += share.to_f64_lossy() / 100.0;
            values.push((upto, value.clone()));
        }
        Self { column: items.column.clone(), values }
    }

    pub(super) fn put(&self, line: &mut Line, place: f64) {
        // Shares of all add up to one, but for a digit; where they are of a part, the rest is of none.
        let whole = self.values.last().filter(|(upto, _)| *upto > 1.0 - 1e-9);
        let found = self.values.iter().find(|(upto, _)| place < *upto).or(whole);
        let Some((_, value)) = found else { return };
        match self.column.as_str() {
            "category" => line.category.clone_from(&Some(value.clone())),
            "brand" => line.brand.clone_from(&Some(value.clone())),
            "sku" => line.sku.clone_from(&Some(value.clone())),
            other => drop(line.fields.insert(other.to_owned(), value.clone())),
        }
    }
}

/// What is the same for all members.
#[derive(Debug)]
pub(super) struct Stage<'s> {
    /// The world.
    pub(super) world: &'s World,
    /// Its days, and those behind its horizon where they are looked at.
    pub(super) calendar: &'s Calendar,
    /// Days up to the horizon.
    pub(super) days: f64,
    /// Days that are played.
    pub(super) end: f64,
    /// Whether it is told when points end that are left at the horizon.
    pub(super) ages: bool,
    /// Whether it is told what members do lately.
    pub(super) lately: bool,
    /// Of which first days it is told what members spend in them, in days.
    pub(super) spans: &'s [f64],
    /// What is sold.
    pub(super) wares: Option<Wares>,
    /// Rows of the members file, by group.
    pub(super) rows: Vec<Option<MemberRow>>,
    /// The members of the history that goes on, where one does.
    pub(super) known: Option<Known<'s>>,
    /// What members do besides buying.
    pub(super) people: &'s People,
    /// How fast everybody's time runs in each month: the day on which it begins, and the factor. Empty: always alike.
    pub(super) seasons: Vec<(f64, f64)>,
    /// Minor units of the money.
    pub(super) minor_units: u32,
    /// The seed.
    pub(super) seed: u64,
    /// The number of the world, for its draws.
    pub(super) number: u64,
}

impl<'s> Stage<'s> {
    /// A stage up to a horizon, in days.
    pub(super) fn new(
        scenario: &'s Scenario,
        world: &'s World,
        calendar: &'s Calendar,
        days: f64,
        minor_units: u32,
    ) -> Self {
        let rows = scenario.groups.iter().map(|group| {
            let row = MemberRow {
                columns: group.columns.iter().map(|(name, value)| (name, value)).collect(),
                ..MemberRow::default()
            };
            (!group.columns.is_empty()).then_some(row)
        });
        Self {
            world,
            calendar,
            days,
            end: days,
            ages: false,
            lately: false,
            spans: &[],
            wares: scenario.items.as_ref().map(Wares::of),
            rows: rows.chain([None]).collect(),
            known: Known::of(scenario),
            people: &scenario.people,
            seasons: seasons(&scenario.people, calendar),
            minor_units,
            seed: 0,
            number: 0,
        }
    }
}

/// How fast time runs in each month of a calendar.
fn seasons(people: &People, calendar: &Calendar) -> Vec<(f64, f64)> {
    let Some(season) = &people.season else { return Vec::new() };
    let factor =
        |month: i8| season.get(usize::try_from(month - 1).unwrap_or(0)).map_or(1.0, |of| of.to_f64_lossy() / 100.0);
    calendar.months.iter().map(|first| (calendar.number(*first), factor(first.month()))).collect()
}
