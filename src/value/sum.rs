//! Sums of many exact numbers.

use super::exact::Exact;

/// A sum that does not mind in which order it is added up: what is a whole number of the last decimal is added as
/// such, the rest exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    decimals: u32,
    units: i128,
    rest: Exact,
}

impl Sum {
    /// Nothing yet, of numbers with so many decimals for the most part.
    pub fn new(decimals: u32) -> Self {
        Self { decimals, units: 0, rest: Exact::zero() }
    }

    /// The decimals of most of its numbers.
    pub fn decimals(&self) -> u32 {
        self.decimals
    }

    /// Adds a number.
    pub fn add(&mut self, number: &Exact) {
        match number.scaled(self.decimals) {
            // An i128 holds more i64 than anyone can add.
            Some(units) => self.units += i128::from(units),
            None => self.rest += number,
        }
    }

    /// Adds what another sum of the same decimals has come to.
    pub fn join(&mut self, other: &Sum) {
        self.units += other.units;
        self.rest += &other.rest;
    }

    /// What it comes to.
    pub fn exact(&self) -> Exact {
        &Exact::from_scaled(self.units, self.decimals) + &self.rest
    }
}
