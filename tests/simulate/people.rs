//! People who buy as a model says.

use loyal::simulate::fit::{Model, Purchase, Row, Theta};
use loyal::value::clock::Date;
use loyal::value::exact::Exact;
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Beta, Distribution, Exp, Gamma, StandardUniform};

/// A day, so many days after the first of 2025.
pub fn day(after: i32) -> Date {
    Date::constant(2025, 1, 1).checked_add(jiff::Span::new().days(after)).expect("a day")
}

/// A purchase of ten on a day.
pub fn purchase(member: &str, after: i32) -> Purchase {
    Purchase { member: member.to_owned(), day: day(after), amount: Exact::from_int(10) }
}

/// One whom chance makes.
pub struct People(ChaCha12Rng);

impl People {
    /// Always the same ones for a seed.
    pub fn new(seed: u64) -> Self {
        Self(ChaCha12Rng::seed_from_u64(seed))
    }

    fn gamma(&mut self, shape: f64, rate: f64) -> f64 {
        Gamma::new(shape, 1.0 / rate).expect("a gamma").sample(&mut self.0)
    }

    fn beta(&mut self, a: f64, b: f64) -> f64 {
        Beta::new(a, b).expect("a beta").sample(&mut self.0)
    }

    fn after(&mut self, rate: f64) -> f64 {
        Exp::new(rate).expect("a rate").sample(&mut self.0)
    }

    fn chance(&mut self, of: f64) -> bool {
        let drawn: f64 = StandardUniform.sample(&mut self.0);
        drawn < of
    }

    /// Members of whom each is seen for 30 to 60 units of time.
    pub fn rows(&mut self, model: Model, theta: &Theta, number: usize) -> Vec<Row> {
        (0..number).map(|_| self.row(model, theta)).collect()
    }

    fn row(&mut self, model: Model, theta: &Theta) -> Row {
        let [r, alpha, third, fourth] = *theta;
        let drawn: f64 = StandardUniform.sample(&mut self.0);
        let seen = 30.0 + 30.0 * drawn;
        let rate = self.gamma(r, alpha);
        // Until when she stays, and with which probability she leaves after a purchase.
        let (stays, leaves) = match model {
            Model::BgNbd | Model::MbgNbd => (f64::INFINITY, self.beta(third, fourth)),
            Model::ParetoNbd => {
                let leaving = self.gamma(third, fourth);
                (self.after(leaving), 0.0)
            }
        };
        let mut row = Row { x: 0, last: 0.0, seen, members: 1.0 };
        let mut gone = model == Model::MbgNbd && self.chance(leaves);
        while !gone {
            let next = row.last + self.after(rate);
            if next > seen.min(stays) {
                break;
            }
            row = Row { x: row.x + 1, last: next, ..row };
            gone = self.chance(leaves);
        }
        row
    }

    /// Members who bought again 1 to 8 times, with the mean of what they spent.
    pub fn spends(&mut self, [p, q, gamma]: [f64; 3], number: u32) -> Vec<(u32, f64)> {
        let spend = |at: u32| {
            let x = at % 8 + 1;
            let scale = self.gamma(q, gamma);
            let total: f64 = (0..x).map(|_| self.gamma(p, scale)).sum();
            (x, total / f64::from(x))
        };
        (0..number).map(spend).collect()
    }
}
