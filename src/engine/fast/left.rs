//! What is left of a purchase's lines after returns, exactly: figures over one denominator (section 6.11).

use super::Beyond;
use super::scene::LineNow;
use crate::engine::pile::SCALE;
use crate::engine::plan::ratios::{common, greatest};
use crate::value::exact::Exact;

/// Lines with what is left of them. Half of a receipt need not be whole ten-thousandths of each line: figures are
/// whole numbers of `1 / over` of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Left {
    /// The lines, those that are gone too.
    pub lines: Vec<LineNow>,
    /// The denominator of all their figures, at least 1.
    pub over: i64,
}

impl Default for Left {
    fn default() -> Self {
        Self { lines: Vec::new(), over: 1 }
    }
}

/// A row of a return; figures are positive ten-thousandths.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Row {
    pub amount: Option<i64>,
    pub quantity: Option<i64>,
    pub tax: Option<i64>,
}

/// Why a return is not taken, and the sentence that says it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Over(String),
    Beyond,
}

impl From<Beyond> for Refused {
    fn from(_: Beyond) -> Self {
        Refused::Beyond
    }
}

fn over(sentence: impl Into<String>) -> Refused {
    Refused::Over(sentence.into())
}

/// What a row does to a line: its figures are multiplied by `keep / of`.
struct Cut {
    at: usize,
    keep: i64,
    of: i64,
    pieces: i64,
    tax: TaxCut,
}

enum TaxCut {
    /// As the other figures.
    Alike,
    /// So much less.
    Off(i64),
    /// By a fraction of its own.
    Keep(i64, i64),
}

impl Left {
    /// All of a purchase's lines.
    pub fn all(lines: Vec<LineNow>) -> Self {
        Self { lines, over: 1 }
    }

    /// Whether nothing is left.
    pub fn is_gone(&self) -> bool {
        self.lines.iter().all(LineNow::is_gone)
    }

    /// Money of all lines, over the denominator.
    fn money(&self) -> Result<i64, Beyond> {
        sum(self.lines.iter().map(|line| line.amount))
    }

    /// How much more money this holds than `other`, as a fraction of ten-thousandths.
    pub fn more_than(&self, other: &Self) -> Result<(i128, i128), Beyond> {
        let (ours, theirs) = (i128::from(self.over), i128::from(other.over));
        let had = i128::from(self.money()?).checked_mul(theirs).ok_or(Beyond)?;
        let has = i128::from(other.money()?).checked_mul(ours).ok_or(Beyond)?;
        Ok((had.checked_sub(has).ok_or(Beyond)?, ours.checked_mul(theirs).ok_or(Beyond)?))
    }

    /// By line or sku: so many of them, or so much money of them, or all that is left of them.
    pub fn take_named(&mut self, places: &[usize], row: &Row) -> Result<(), Refused> {
        let open: Vec<usize> = places.iter().copied().filter(|at| !self.lines[*at].is_gone()).collect();
        if open.is_empty() {
            return Err(over("nothing is left of what it names"));
        }
        let cuts = match (row.amount, row.quantity) {
            (Some(amount), quantity) => self.by_money(&open, amount, quantity.unwrap_or(0), row.tax)?,
            (None, Some(quantity)) => self.by_number(&open, quantity)?,
            (None, None) => {
                open.into_iter().for_each(|at| clear(&mut self.lines[at]));
                return Ok(());
            }
        };
        Ok(self.take(&cuts)?)
    }

    fn by_money(&self, open: &[usize], amount: i64, items: i64, tax: Option<i64>) -> Result<Vec<Cut>, Refused> {
        let money = sum(open.iter().map(|at| self.lines[*at].amount))?;
        let (mut rest, mut items) = (self.finer(amount)?, self.finer(items)?);
        if rest > money {
            return Err(over(format!("{} is more than the {} that is left", figure(amount), self.figure(money)?)));
        }
        let mut tax = tax.map(|tax| self.finer(tax)).transpose()?;
        let mut cuts = Vec::new();
        for at in open {
            let line = &self.lines[*at];
            let (part, pieces) = (rest.min(line.amount), items.min(line.quantity));
            rest = rest.checked_sub(part).ok_or(Beyond)?;
            items = items.checked_sub(pieces).ok_or(Beyond)?;
            let (off, of) = if line.amount == 0 { (pieces, line.quantity) } else { (part, line.amount) };
            let keep = of.checked_sub(off).ok_or(Beyond)?;
            cuts.push(Cut { at: *at, keep, of, pieces, tax: tax.take().map_or(TaxCut::Alike, TaxCut::Off) });
        }
        Ok(cuts)
    }

    fn by_number(&self, open: &[usize], quantity: i64) -> Result<Vec<Cut>, Refused> {
        let number = sum(open.iter().map(|at| self.lines[*at].quantity))?;
        let mut items = self.finer(quantity)?;
        if items > number {
            return Err(over(format!("{} is more than the {} that are left", figure(quantity), self.figure(number)?)));
        }
        let mut cuts = Vec::new();
        for at in open {
            let all = self.lines[*at].quantity;
            let pieces = items.min(all);
            items = items.checked_sub(pieces).ok_or(Beyond)?;
            let (keep, of) = if all == 0 { (1, 1) } else { (all.checked_sub(pieces).ok_or(Beyond)?, all) };
            cuts.push(Cut { at: *at, keep, of, pieces, tax: TaxCut::Alike });
        }
        Ok(cuts)
    }

    /// By amount alone: all lines shrink in proportion; without one, all that is left comes back.
    pub fn take_amount(&mut self, row: &Row) -> Result<(), Refused> {
        let money = self.money()?;
        let Some(wanted) = row.amount else {
            if self.is_gone() {
                return Err(over("nothing is left of it"));
            }
            self.clear();
            return Ok(());
        };
        let amount = self.finer(wanted)?;
        if amount > money {
            return Err(over(format!("{} is more than the {} that is left", figure(wanted), self.figure(money)?)));
        }
        if money == 0 {
            return if self.is_gone() { Err(over("nothing is left of it")) } else { Ok(()) };
        }
        let taxes = sum(self.lines.iter().map(|line| line.tax))?;
        let mut cuts = Vec::new();
        for (at, line) in self.lines.iter().enumerate() {
            let (keep, of) = if line.amount == 0 { (1, 1) } else { (money - amount, money) };
            let tax = match row.tax {
                None => TaxCut::Alike,
                Some(_) if taxes == 0 => TaxCut::Off(0),
                Some(tax) => TaxCut::Keep(taxes.checked_sub(self.finer(tax)?).ok_or(Beyond)?, taxes),
            };
            cuts.push(Cut { at, keep, of, pieces: 0, tax });
        }
        Ok(self.take(&cuts)?)
    }

    /// With its money and its last line gone, a purchase is returned whole, free items too.
    pub fn settle(&mut self, before: &Left) {
        let no_money = |left: &Left| left.lines.iter().all(|line| line.amount == 0);
        if no_money(self) && !no_money(before) {
            self.clear();
        }
        self.reduce();
    }

    fn clear(&mut self) {
        self.lines.iter_mut().for_each(clear);
    }

    /// Takes money and items off lines, their other figures in proportion. A line that still has money still has
    /// an item: a refund of part of the price leaves it.
    fn take(&mut self, cuts: &[Cut]) -> Result<(), Beyond> {
        let by = self.refine(cuts)?;
        for cut in cuts {
            let line = &mut self.lines[cut.at];
            let had_money = line.amount != 0;
            line.regular = share(line.regular, cut.keep, cut.of)?;
            line.tax = match cut.tax {
                TaxCut::Alike => share(line.tax, cut.keep, cut.of)?,
                TaxCut::Off(tax) => line.tax.checked_sub(tax.checked_mul(by).ok_or(Beyond)?).ok_or(Beyond)?.max(0),
                TaxCut::Keep(keep, of) => share(line.tax, keep, of)?.max(0),
            };
            line.amount = share(line.amount, cut.keep, cut.of)?;
            let pieces = cut.pieces.checked_mul(by).ok_or(Beyond)?;
            let items = line.quantity.checked_sub(pieces).ok_or(Beyond)?;
            if had_money && line.amount == 0 {
                clear(line);
            } else if items > 0 || !had_money {
                line.quantity = items;
            }
        }
        Ok(())
    }

    /// Makes the denominator so fine that every cut comes to whole numbers; what all figures are multiplied by.
    fn refine(&mut self, cuts: &[Cut]) -> Result<i64, Beyond> {
        let mut by = 1_i64;
        for cut in cuts {
            let line = &self.lines[cut.at];
            let alike = if matches!(cut.tax, TaxCut::Alike) { line.tax } else { 0 };
            let figures = greatest(greatest(line.amount, line.regular), alike);
            by = common(by, finer_by(cut.keep, cut.of, figures)).ok_or(Beyond)?;
            if let TaxCut::Keep(keep, of) = cut.tax {
                by = common(by, finer_by(keep, of, line.tax)).ok_or(Beyond)?;
            }
        }
        if by > 1 {
            self.over = self.over.checked_mul(by).ok_or(Beyond)?;
            for figure in self.lines.iter_mut().flat_map(figures) {
                *figure = figure.checked_mul(by).ok_or(Beyond)?;
            }
        }
        Ok(by)
    }

    /// Makes the denominator as small as it can be.
    fn reduce(&mut self) {
        if self.over == 1 {
            return;
        }
        let shared =
            self.lines.iter_mut().flat_map(figures).fold(self.over, |shared, figure| greatest(shared, *figure));
        self.over /= shared;
        self.lines.iter_mut().flat_map(figures).for_each(|figure| *figure /= shared);
    }

    /// Ten-thousandths over the denominator.
    fn finer(&self, figure: i64) -> Result<i64, Beyond> {
        figure.checked_mul(self.over).ok_or(Beyond)
    }

    fn figure(&self, figure: i64) -> Result<Exact, Beyond> {
        Ok(Exact::ratio(figure, SCALE.checked_mul(self.over).ok_or(Beyond)?))
    }
}

fn figures(line: &mut LineNow) -> [&mut i64; 4] {
    [&mut line.amount, &mut line.regular, &mut line.tax, &mut line.quantity]
}

fn figure(figure: i64) -> Exact {
    Exact::ratio(figure, SCALE)
}

fn clear(line: &mut LineNow) {
    *line = LineNow { place: line.place, amount: 0, regular: 0, tax: 0, quantity: 0 };
}

fn sum(figures: impl Iterator<Item = i64>) -> Result<i64, Beyond> {
    let mut all = 0_i64;
    for figure in figures {
        all = all.checked_add(figure).ok_or(Beyond)?;
    }
    Ok(all)
}

/// By how much figures with this common divisor are to be multiplied so that `keep / of` of them is whole.
fn finer_by(keep: i64, of: i64, figures: i64) -> i64 {
    let of = of / greatest(keep, of);
    (of / greatest(of, figures)).saturating_abs()
}

/// `figure × numer / denom`, which is whole.
fn share(figure: i64, numer: i64, denom: i64) -> Result<i64, Beyond> {
    let product = i128::from(figure) * i128::from(numer);
    let denom = i128::from(denom);
    if product % denom != 0 {
        return Err(Beyond);
    }
    i64::try_from(product / denom).map_err(|_| Beyond)
}

#[cfg(test)]
mod tests;
