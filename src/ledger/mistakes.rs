//! All mistakes of one reading: those alike are told once, the rest after the first twenty are counted.

use std::fmt;

use super::mistake::{DataError, Fault, NumberFault, Problem, SHOWN};

/// All mistakes of one reading: the first [`SHOWN`], and how many there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mistakes {
    first: Vec<DataError>,
    /// Beside each of them: the same mistake in other rows.
    alike: Vec<Alike>,
    count: u64,
}

/// The same mistake in other rows: told once, with the places of some.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Alike {
    places: Vec<String>,
    count: u64,
}

/// Of how many rows alike the place is named.
const NAMED: usize = 5;

impl Alike {
    fn add(&mut self, other: &DataError) {
        self.count += 1;
        if let (Some(row), true) = (other.row, self.places.len() < NAMED) {
            let same = matches!(other.problem, Problem::UnknownType { .. });
            self.places.push(match &other.value {
                Some(value) if !same && value.len() <= 20 => format!("{row} (`{value}`)"),
                Some(_) | None => row.to_string(),
            });
        }
    }

    /// The line that stands under the mistake; empty when there is none.
    fn says(&self) -> String {
        let rows = if self.count == 1 { "row" } else { "rows" };
        let more = self.count - self.places.len() as u64;
        match (self.count, more) {
            (0, _) => String::new(),
            (_, 0) => format!("\n  the same  in {rows} {}", self.places.join(", ")),
            (count, more) => {
                let others = if more == 1 { "1 other".to_owned() } else { format!("{more} others") };
                format!("\n  the same  in {count} more rows: {} and {others}", self.places.join(", "))
            }
        }
    }
}

impl DataError {
    /// Whether the other is the same mistake in another row: one cause, mended in one place.
    fn is_like(&self, other: &Self) -> bool {
        // Digits aside: `02/25/2026` and `02/26/2026` are written alike, a typing error is not.
        let outline = |error: &Self| -> String {
            let value = error.value.as_deref().unwrap_or("");
            value.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
        };
        let alike = match (&self.problem, &other.problem) {
            (Problem::Time { fault: a, .. }, Problem::Time { fault: b, .. }) => {
                a == b && outline(self) == outline(other)
            }
            (Problem::Number { fault: a, .. }, Problem::Number { fault: b, .. }) => {
                let of_the_map = matches!(a, NumberFault::Comma | NumberFault::Grouped | NumberFault::Point);
                a == b && of_the_map && self.mend() == other.mend()
            }
            (Problem::UnknownType { .. }, Problem::UnknownType { .. }) => self.value == other.value,
            (_, _) => false,
        };
        alike && self.file == other.file && self.column == other.column
    }

    /// What another row shows of a cause that this one leaves open: `02/25/2026` says where the month stands.
    fn learn(&mut self, other: &Self) {
        if let (Problem::Time { perhaps: ours, .. }, Problem::Time { perhaps: Some(theirs), .. }) =
            (&mut self.problem, &other.problem)
            && (ours.is_none() || theirs.starts_with("%m"))
        {
            *ours = Some(theirs.clone());
        }
    }
}

/// What stands for a cell that is not shown.
const HIDDEN: &str = "…";

impl DataError {
    /// Leaves out what stands in the cell; whether there was anything.
    fn hide(&mut self) -> bool {
        let shown = self.value.is_some();
        self.value = self.value.take().map(|_| HIDDEN.to_owned());
        if let Problem::Disagree { theirs, .. } = &mut self.problem {
            HIDDEN.clone_into(theirs);
        }
        shown
    }
}

impl Mistakes {
    /// In the order of their lines.
    pub(super) fn sorted(mut self) -> Self {
        self.first.sort_by_key(|error| error.row);
        self
    }

    /// Counts one more, and keeps it while there is room.
    pub fn add(&mut self, error: DataError) {
        self.count += 1;
        if let Some(at) = self.first.iter().position(|first| first.is_like(&error)) {
            self.first[at].learn(&error);
            self.alike[at].add(&error);
        } else if self.first.len() < SHOWN {
            self.first.push(error);
            self.alike.push(Alike::default());
        }
    }

    /// The first of them as the terminal shows them, each with the rows that have the same.
    pub fn told(&self) -> impl Iterator<Item = String> + '_ {
        self.first.iter().zip(&self.alike).map(|(error, alike)| format!("{error}{}", alike.says()))
    }

    /// The same without what may tell of a person, as `personal` says of each; whether anything was left out.
    pub fn discreet(mut self, personal: &dyn Fn(&DataError) -> bool) -> (Self, bool) {
        let mut any = false;
        for (error, alike) in self.first.iter_mut().zip(&mut self.alike).filter(|(error, _)| personal(error)) {
            any |= error.hide();
            for place in &mut alike.places {
                place.truncate(place.find(' ').unwrap_or(place.len()));
            }
        }
        (self, any)
    }

    /// How many are only counted.
    pub fn untold(&self) -> u64 {
        self.count - self.first.len() as u64 - self.alike.iter().map(|alike| alike.count).sum::<u64>()
    }

    /// The first of them, in the order they were found.
    pub fn first(&self) -> &[DataError] {
        &self.first
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whose fault they are: the machine's only when it is to blame for the first.
    pub fn fault(&self) -> Fault {
        self.first.first().map_or(Fault::Data, DataError::fault)
    }
}

impl From<DataError> for Mistakes {
    fn from(error: DataError) -> Self {
        let mut mistakes = Self::default();
        mistakes.add(error);
        mistakes
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for told in self.told() {
            writeln!(f, "{told}\n")?;
        }
        let more = self.untold();
        match self.count {
            1 => write!(f, "1 mistake in the data"),
            count if more == 0 => write!(f, "{count} mistakes in the data"),
            count => write!(f, "{count} mistakes in the data: these {}, and {more} more", count - more),
        }
    }
}

impl std::error::Error for Mistakes {}
