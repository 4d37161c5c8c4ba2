//! BASIS: what is measured (section 3, under earn).

use super::condition::{Condition, Test};
use super::{ActivityId, PointsId};
use crate::value::clock::Period;

/// What a rule counts, a tier measures, or an aggregate sums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Basis {
    /// `total …` and `spend`: money of the lines.
    Total(Total),
    /// `items[, with …]`: quantity of the lines.
    Items(Pick),
    /// `purchases`: receipts not returned whole; the pick says which count (any line).
    Purchases(Pick),
    /// `visits`: days and stores.
    Visits(Pick),
    /// `activity NAME`: how many were accepted; none named: any activity.
    Activity(Option<ActivityId>),
    /// A number field of the activity, summed.
    Field {
        /// Whose field; none: of any activity that has it.
        activity: Option<ActivityId>,
        /// The column.
        field: String,
    },
    /// `points UNIT`: earned less clawed back.
    Points(PointsId),
    /// `distinct stores/categories/days/…`.
    Distinct(Distinct, Pick),
    /// `1`: the event itself.
    One,
}

impl Basis {
    /// Shows every test on the lines that it picks.
    pub fn each_test<'c>(&'c self, see: &mut dyn FnMut(&'c Test)) {
        match self {
            Basis::Total(total) => total.pick.each_test(see),
            Basis::Items(pick) | Basis::Purchases(pick) | Basis::Visits(pick) | Basis::Distinct(_, pick) => {
                pick.each_test(see);
            }
            Basis::Activity(_) | Basis::Field { .. } | Basis::Points(_) | Basis::One => {}
        }
    }

    /// Whether which lines it picks is told by their event alone, whoever asks and whenever.
    pub fn picks_by_event(&self) -> bool {
        let mut by_event = true;
        self.each_test(&mut |test| by_event &= test.measure.is_of_event());
        by_event
    }
}

impl Pick {
    /// Shows every test on the lines it picks: `with`, then `without`.
    pub fn each_test<'c>(&'c self, see: &mut dyn FnMut(&'c Test)) {
        self.with.iter().chain(&self.without).for_each(|condition| condition.each_test(see));
    }
}

/// Which lines count: those `with` and not those `without`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pick {
    /// Only lines that hold.
    pub with: Option<Box<Condition>>,
    /// No lines that hold.
    pub without: Option<Box<Condition>>,
}

/// Money of the lines picked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Total {
    /// `before discounts`: the regular price where it is known.
    pub before_discounts: bool,
    /// `without tax`: less the tax inside the amount.
    pub without_tax: bool,
    /// `with paid by points`: what points paid counts too.
    pub with_paid_by_points: bool,
    /// Which lines.
    pub pick: Pick,
}

/// What is told apart by `distinct …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Distinct {
    /// Stores.
    Stores,
    /// Categories of lines.
    Categories,
    /// Days with a purchase or visit.
    Days,
    /// Brands.
    Brands,
    /// Skus.
    Skus,
    /// Channels.
    Channels,
    /// Values of any column.
    Column(String),
}

/// `consecutive weeks with purchase`: a streak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Streak {
    /// Days, weeks or months.
    pub of: Period,
    /// What each of them must hold.
    pub with: StreakAct,
}

/// What keeps a streak alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreakAct {
    /// A purchase.
    Purchase,
    /// A visit.
    Visit,
    /// An accepted activity; none named: any.
    Activity(Option<ActivityId>),
}
