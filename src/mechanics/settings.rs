//! `program`: the money, the clock and the days the program runs.

use super::Name;
use crate::value::clock::{Clock, Date};

/// The `program` block (section 3).
#[derive(Debug, Clone)]
pub struct Settings {
    /// The program's name.
    pub name: Name,
    /// The money of account, ISO 4217.
    pub money: String,
    /// Its minor units: 2 for most, 0 for JPY, 3 for KWD.
    pub minor_units: u32,
    /// Zone, start of day, of week and of year.
    pub clock: Clock,
    /// First day, inclusive.
    pub from: Option<Date>,
    /// Last day, inclusive.
    pub until: Option<Date>,
    /// How far back an event may arrive and still be replayed, in days.
    pub late_days: u32,
    /// Who is a member.
    pub membership: Membership,
}

/// Who is a member (`members join …`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Membership {
    /// Nothing said: the members file, a `join` event, or the first purchase.
    Any,
    /// `members join by event`: the members file or a `join` event.
    ByEvent,
    /// `members join by first purchase`: the first purchase (or the members file).
    ByFirstPurchase,
}
