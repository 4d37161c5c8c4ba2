//! `card`: punch cards.

use super::Name;
use super::basis::{Basis, Pick};
use super::give::Give;
use super::points::EarnCap;
use crate::text::Span;
use crate::value::clock::Length;
use crate::value::exact::Exact;

/// A `card` block (section 3).
#[derive(Debug, Clone)]
pub struct Card {
    /// Its name.
    pub name: Name,
    /// What brings stamps; all lines apply.
    pub stamps: Vec<Stamp>,
    /// Stamps that fill it; at least 1.
    pub full: u32,
    /// What a full card gives.
    pub gives: Vec<Give>,
    /// `limit N stamps per member per WINDOW`.
    pub limits: Vec<EarnCap>,
    /// When an open card lapses.
    pub expire: Option<CardLife>,
    /// `start N stamps`: what each new card begins with.
    pub start: u32,
    /// `discard`: stamps beyond full are lost; else they begin the next card.
    pub discard: bool,
    /// The whole block.
    pub span: Span,
}

/// `stamp N per …`.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// How many.
    pub number: u32,
    /// For each.
    pub per: StampPer,
    /// Which lines count.
    pub pick: Pick,
    /// The clause.
    pub span: Span,
}

/// For what a stamp is given.
#[derive(Debug, Clone)]
pub enum StampPer {
    /// Each item.
    Item,
    /// Each visit: a day and a store.
    Visit,
    /// Each purchase.
    Purchase,
    /// Each whole step of this measure, such as 10 RON or an activity.
    Amount(Exact, Basis),
}

/// When an open card lapses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CardLife {
    /// How long.
    pub length: Length,
    /// `after first stamp`; else after the last.
    pub after_first: bool,
}
