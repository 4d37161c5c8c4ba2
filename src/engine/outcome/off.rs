//! Money that discounts and coupons take off a purchase.

use crate::mechanics::StackId;
use crate::mechanics::off::Off;
use crate::value::exact::Exact;

pub use crate::mechanics::off::DiscountOf;

/// What one discount or coupon takes off a purchase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoneyOff {
    /// The purchase: its event.
    pub purchase: String,
    /// What takes it off.
    pub of: DiscountOf,
    /// How many items it is for.
    pub items: Exact,
    /// What they cost before it.
    pub price: Exact,
    /// What each of its lines takes off, exactly.
    pub takes: Vec<OffPart>,
    /// What caps, stacks and the price of the items took off that.
    pub cuts: Vec<OffCut>,
    /// What is taken off, rounded.
    pub off: Exact,
    /// Of each line of the purchase of which there is something, before it is rounded.
    pub by_line: Vec<Exact>,
    /// Of a purchase worked out again after a return: what was taken off before.
    pub before: Option<Exact>,
    /// Of a coupon that takes nothing off any more: what becomes of it, where nothing else that happens says so.
    pub note: String,
}

impl MoneyOff {
    /// Nothing taken off a purchase.
    pub fn nothing(purchase: &str, of: DiscountOf) -> Self {
        Self {
            purchase: purchase.to_owned(),
            of,
            items: Exact::zero(),
            price: Exact::zero(),
            takes: Vec::new(),
            cuts: Vec::new(),
            off: Exact::zero(),
            by_line: Vec::new(),
            before: None,
            note: String::new(),
        }
    }

    /// By how much it changes what is taken off the purchase.
    pub fn change(&self) -> Exact {
        match &self.before {
            Some(before) => &self.off - before,
            None => self.off.clone(),
        }
    }

    /// By how much it changes how often it was given.
    pub fn times(&self) -> i64 {
        let before = self.before.as_ref().is_some_and(Exact::is_positive);
        i64::from(self.off.is_positive()) - i64::from(before)
    }
}

/// What one line of a discount or coupon takes off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OffPart {
    /// What it says.
    pub what: OffWhat,
    /// How much, exactly.
    pub exact: Exact,
}

/// What a line of a discount or coupon says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OffWhat {
    /// `take …`, `price …`.
    Off(Off),
    /// `scale …`: the share of the band that was reached.
    Scale {
        /// 5 for 5%.
        percent: Exact,
        /// What was measured.
        measured: Exact,
    },
    /// `worth taken`: money that the coupon itself is worth.
    Worth(Exact),
}

/// What was not taken off after all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OffCut {
    /// Why.
    pub by: OffCutBy,
    /// How much.
    pub off: Exact,
}

/// Why money was not taken off after all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OffCutBy {
    /// The discount's own cap.
    Cap,
    /// A limit of the discount, by its place.
    Limit(usize),
    /// The stack did not take it.
    Stack(StackId),
    /// The stack's cap.
    StackCap(StackId),
    /// The stack's cap in money, by its place.
    StackMoney(StackId, usize),
    /// Never more than the items cost.
    Price,
}
