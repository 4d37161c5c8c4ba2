//! Returns: which purchase, which of its lines, how much of them (section 6.11).

use super::Run;
use super::state::{Left, Position, Seen, SeenKind, SeenLine, Shrunk};
use crate::engine::outcome::Reason;
use crate::ledger::{Event, Line};
use crate::value::exact::Exact;

/// Why not, and the sentence that says it.
type Refusal = (Reason, String);

impl<'a> Run<'a> {
    /// A `return` event: all or nothing.
    pub(super) fn returns(&mut self, event: &'a Event, claimed: Option<&str>) {
        let named = event.reference.as_deref().unwrap_or("");
        if let Some(owner) = self.redeemed_by.get(named).map(|owner| self.account(owner))
            && claimed.is_none_or(|claimed| claimed == owner)
        {
            return self.return_redemption(&owner, named);
        }
        let Some((owner, position)) = self.bought.get(named).cloned() else {
            let sentence = format!("no purchase {named:?} was taken in before this");
            return self.reject(claimed, Reason::UnknownPurchase, sentence);
        };
        let Some(owner) = owner.map(|owner| self.account(&owner)) else { return self.return_anonymous(event, named) };
        if claimed.is_some_and(|claimed| claimed != owner) {
            return self.reject(claimed, Reason::UnknownPurchase, format!("{named} is another member's purchase"));
        }
        let Some(seen) = self.members[&owner].seen_at(position) else {
            return self.reject(claimed, Reason::UnknownPurchase, format!("{named} is not known any more"));
        };
        let left = what_is_left(&seen.lines, event);
        self.under_terms_of(&owner);
        match left {
            Err((reason, sentence)) => self.reject(Some(&owner), reason, sentence),
            Ok(left) => self.take_back(&owner, position, left),
        }
    }

    fn return_redemption(&mut self, owner: &str, named: &str) {
        match self.undo_redemption(owner, named) {
            Ok(()) => {
                self.unstamp_event(owner, self.here.position);
                self.recompute_levels(owner);
                // What a challenge gave may have earned a level, and what a level brought a challenge.
                while self.look_again_at_challenges(owner) {
                    self.recompute_levels(owner);
                }
            }
            Err((reason, sentence)) => self.reject(Some(owner), reason, sentence),
        }
    }

    fn return_anonymous(&mut self, event: &'a Event, named: &str) {
        let position = self.here.position;
        let Some(lines) = self.anonymous.get_mut(named) else { return };
        match what_is_left(lines, event) {
            Err((reason, sentence)) => self.reject(None, reason, sentence),
            Ok(left) => {
                let stood = !lines.iter().all(|line| line.now().is_gone());
                self.sales -= shrink(lines, left, position);
                self.purchases -= u64::from(stood && lines.iter().all(|line| line.now().is_gone()));
                self.take_off_nobodys_again(named);
                self.nothing(None, "the return of a purchase that earned nothing");
            }
        }
    }

    /// Takes lines of a member's purchase back and posts what that changes.
    fn take_back(&mut self, owner: &str, position: Position, left: Vec<Left>) {
        let (here, today) = (self.here.position, self.here.day);
        let before = self.outcome.journal.len();
        let member = self.member_mut(owner);
        member.shrunk.push(Shrunk { at: here, of: position });
        let Some(seen) = member.seen_at_mut(position) else { return };
        let back = shrink(&mut seen.lines, left, here);
        let whole = seen.lines.iter().all(|line| line.now().is_gone());
        let fewer = whole && seen.gone.is_none() && seen.kind == SeenKind::Purchase;
        if whole {
            seen.gone = Some(here);
        }
        let (visit_day, visit_store, version) = (seen.day, seen.event.store.clone(), seen.version);
        if whole && member.armed.remove(&position).is_some() {
            member.disarmed = Some(today);
        }
        self.sales -= back;
        self.purchases -= u64::from(fewer);
        self.give_back(owner, position);
        self.while_under(version, |run| run.take_off_again(owner, position));
        self.revalue(owner, position, None);
        if whole {
            // The visit's own points were given to the purchase that began it, which may be gone already.
            let visit = (visit_day, visit_store.as_deref());
            let began = |seen: &&Seen<'_>| seen.began_visit && seen.gone.is_some() && seen.position != position;
            let began = self.members[owner].of_visit(visit).find(began).map(|seen| seen.position);
            if let Some(began) = began {
                self.revalue(owner, began, None);
            }
        }
        self.while_under(version, |run| {
            run.unstamp_event(owner, position);
            run.unenter_event(owner, position);
        });
        self.levels_fall(owner);
        // What a challenge gave may have earned a level, and what a level brought a challenge.
        while self.look_again_at_challenges(owner) {
            self.levels_fall(owner);
        }
        if self.outcome.journal.len() == before {
            self.nothing(Some(owner), "the return changes nothing of what the purchase gave");
        }
    }

    /// Levels that what is left does not earn any more.
    fn levels_fall(&mut self, owner: &str) {
        self.recompute_levels(owner);
        self.let_levels_fall(owner);
    }
}

/// Writes down what is left of each line from a position on; the money that came back.
pub(in crate::engine) fn shrink(lines: &mut [SeenLine<'_>], left: Vec<Left>, position: Position) -> Exact {
    let mut back = Exact::zero();
    for (line, left) in lines.iter_mut().zip(left) {
        if line.now() != &left {
            back += &line.now().amount - &left.amount;
            line.left.push((position, left));
        }
    }
    back
}

/// What is left of a purchase's lines after a return: each of its rows names lines by `line`, else by
/// `sku` and `qty`, else by amount; an empty amount means all that is left.
pub(in crate::engine) fn what_is_left(lines: &[SeenLine<'_>], event: &Event) -> Result<Vec<Left>, (Reason, String)> {
    let mut left: Vec<Left> = lines.iter().map(|line| line.now().clone()).collect();
    for row in &event.lines {
        let row = &at_own_rate(lines, row);
        let named: Option<Vec<usize>> = match (&row.number, &row.sku) {
            (Some(number), _) => Some(places(lines, |line| line.number.as_ref() == Some(number))),
            (None, Some(sku)) => Some(places(lines, |line| line.sku.as_ref() == Some(sku))),
            (None, None) => None,
        };
        match named {
            Some(places) => take_named(&mut left, &places, row)?,
            None => take_amount(&mut left, row)?,
        }
    }
    // With its money and its last line gone, a purchase is returned whole, free items too.
    if left.iter().all(|line| line.amount.is_zero()) && lines.iter().any(|line| !line.now().amount.is_zero()) {
        left.iter_mut().for_each(|line| *line = Left::default());
    }
    Ok(left)
}

/// A row in the currency that the purchase was paid in comes back at the rate it was paid at: what was given back whole
/// leaves nothing, however the rate has moved since.
fn at_own_rate(lines: &[SeenLine<'_>], row: &Line) -> Line {
    let mut row = row.clone();
    let Some(now) = &row.exchanged else { return row };
    let mut paid = lines.iter().filter_map(|line| line.line.exchanged.as_ref());
    let Some(paid) = paid.find(|paid| paid.currency.eq_ignore_ascii_case(&now.currency)) else { return row };
    let Some(change) = paid.rate.checked_div(&now.rate) else { return row };
    for amount in [&mut row.amount, &mut row.regular, &mut row.tax].into_iter().flatten() {
        *amount = &*amount * &change;
    }
    row
}

fn places(lines: &[SeenLine<'_>], which: impl Fn(&Line) -> bool) -> Vec<usize> {
    (0..lines.len()).filter(|at| which(lines[*at].line)).collect()
}

fn over(sentence: impl Into<String>) -> Refusal {
    (Reason::OverReturned, sentence.into())
}

/// By line or sku: so many of them, or so much money of them, or all that is left of them.
fn take_named(left: &mut [Left], places: &[usize], row: &Line) -> Result<(), Refusal> {
    let open: Vec<usize> = places.iter().copied().filter(|at| !left[*at].is_gone()).collect();
    if open.is_empty() {
        return Err(over("nothing is left of what it names"));
    }
    let money: Exact = open.iter().map(|at| &left[*at].amount).sum();
    let number: Exact = open.iter().map(|at| &left[*at].quantity).sum();
    let quantity = row.qty.as_ref().map(Exact::abs).filter(Exact::is_positive);
    match (row.amount.as_ref().map(Exact::abs), quantity) {
        (Some(amount), quantity) => {
            if amount > money {
                return Err(over(format!("{amount} is more than the {money} that is left")));
            }
            let (mut rest, mut items) = (amount, quantity.unwrap_or_default());
            let mut tax = row.tax.as_ref().map(Exact::abs);
            for at in open {
                let part = rest.clone().min(left[at].amount.clone());
                let pieces = items.clone().min(left[at].quantity.clone());
                rest -= &part;
                items -= &pieces;
                take(&mut left[at], &part, &pieces, tax.take());
            }
        }
        (None, Some(quantity)) => {
            if quantity > number {
                return Err(over(format!("{quantity} is more than the {number} that are left")));
            }
            let mut items = quantity;
            for at in open {
                let pieces = items.clone().min(left[at].quantity.clone());
                items -= &pieces;
                let part = (&left[at].amount * &pieces).checked_div(&left[at].quantity).unwrap_or_default();
                take(&mut left[at], &part, &pieces, None);
            }
        }
        (None, None) => {
            for at in open {
                left[at] = Left::default();
            }
        }
    }
    Ok(())
}

/// By amount alone: all lines shrink in proportion; without one, all that is left comes back.
fn take_amount(left: &mut [Left], row: &Line) -> Result<(), Refusal> {
    let money: Exact = left.iter().map(|line| &line.amount).sum();
    let Some(amount) = row.amount.as_ref().map(Exact::abs) else {
        if left.iter().all(Left::is_gone) {
            return Err(over("nothing is left of it"));
        }
        left.iter_mut().for_each(|line| *line = Left::default());
        return Ok(());
    };
    if amount > money {
        return Err(over(format!("{amount} is more than the {money} that is left")));
    }
    let Some(share) = amount.checked_div(&money) else {
        return if left.iter().all(Left::is_gone) { Err(over("nothing is left of it")) } else { Ok(()) };
    };
    let taxes: Exact = left.iter().map(|line| &line.tax).sum();
    for line in left.iter_mut() {
        let part = &line.amount * &share;
        let tax = row.tax.as_ref().map(|tax| match taxes.is_zero() {
            true => Exact::zero(),
            false => (tax.abs() * &line.tax).checked_div(&taxes).unwrap_or_default(),
        });
        take(line, &part, &Exact::zero(), tax);
    }
    Ok(())
}

/// Takes money and items off one line, its other figures in proportion. A line that still has money
/// still has an item: a refund of part of the price leaves it.
fn take(line: &mut Left, amount: &Exact, quantity: &Exact, tax: Option<Exact>) {
    let by_money = amount.checked_div(&line.amount);
    let share = by_money.or_else(|| quantity.checked_div(&line.quantity)).unwrap_or_default();
    let keep = Exact::one() - &share;
    line.regular = &line.regular * &keep;
    line.tax = match tax {
        Some(tax) => (&line.tax - tax).max(Exact::zero()),
        None => &line.tax * &keep,
    };
    let had_money = !line.amount.is_zero();
    line.amount -= amount;
    let items = &line.quantity - quantity;
    if had_money && line.amount.is_zero() {
        *line = Left::default();
    } else if items.is_positive() || !had_money {
        line.quantity = items;
    }
}
