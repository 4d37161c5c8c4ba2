//! The books of all members, kept again from the postings.

use super::{Said, said};
use crate::tree::Sound;
use loyal::engine::outcome::{AsOf, Entry, Happened, How, Outcome, PointsView, Posting, PostingKind, Snapshot};
use loyal::ledger::{History, Kind};
use loyal::mechanics::points::Points;
use loyal::mechanics::{PointsId, Program};
use loyal::value::clock::Clock;
use loyal::value::exact::Exact;
use std::collections::BTreeMap;

/// An account: whose, of which points, and which balance of its own.
type Key = (String, PointsId, Option<String>);

#[derive(Default)]
struct Books {
    stands: BTreeMap<Key, Exact>,
    kinds: BTreeMap<(PointsId, PostingKind), Exact>,
    spent: BTreeMap<Key, Exact>,
}

/// The first account that is not what its postings say; how many postings and balances were looked at.
pub fn look(sound: &Sound, history: &History, _: &[AsOf], expected: &Outcome) -> Said {
    if let Err(why) = expected.verify() {
        return said(Some(why), 0);
    }
    let mut books = Books::default();
    let (mut read, mut looked) = (0, 0);
    // A merger brings two debts together.
    let merges = history.events.iter().any(|event| event.kind == Kind::Merge);
    for snapshot in &expected.snapshots {
        for entry in &expected.journal[read..snapshot.entries] {
            looked += 1;
            if let Err(why) = books.enter(&sound.program, entry, merges) {
                return said(Some(format!("{why}: {entry:?}")), looked);
            }
        }
        read = snapshot.entries;
        looked += snapshot.members.len() as u64;
        if let Err(why) = books.balance(&sound.program, snapshot, merges) {
            return said(Some(format!("as of {}: {why}", snapshot.as_of.label)), looked);
        }
    }
    said(None, looked)
}

impl Books {
    fn enter(&mut self, program: &Program, entry: &Entry, merges: bool) -> Result<(), String> {
        let (Happened::Posted(posting), Some(member)) = (&entry.what, &entry.member) else { return Ok(()) };
        let points = &program.points[posting.unit.0];
        well_formed(posting, points)?;
        let key = (member.clone(), posting.unit, posting.pocket.clone());
        *self.kinds.entry((posting.unit, posting.kind)).or_default() += &posting.amount;
        if posting.kind == PostingKind::Spent {
            let spent = self.spent.entry(key.clone()).or_default();
            *spent += &posting.amount;
            // What is undone goes back to where it came from.
            if spent.is_positive() && !merges {
                return Err(format!("{member} has {spent} more back than she ever spent"));
            }
        }
        let stands = self.stands.entry(key).or_default();
        *stands += &posting.amount;
        // What is owed beyond is written off by the next posting.
        let written_off = posting.taken.as_ref().map(|taken| taken.written_off.clone()).unwrap_or_default();
        if &*stands + &written_off < -points.owe.clone() && !merges {
            return Err(format!("{member} stands at {stands}, and may owe {}", points.owe));
        }
        Ok(())
    }

    fn balance(&self, program: &Program, snapshot: &Snapshot, merges: bool) -> Result<(), String> {
        let mut total: BTreeMap<PointsId, Exact> = BTreeMap::new();
        for (id, view) in &snapshot.members {
            for ((unit, pocket), points) in &view.points {
                let stands = &points.balance + &points.pending - &points.debt;
                let posted = self.stands.get(&(id.clone(), *unit, pocket.clone())).cloned().unwrap_or_default();
                if stands != posted {
                    return Err(format!("{id} stands at {stands}, the postings say {posted}"));
                }
                let block = &program.points[unit.0];
                if points.debt > block.owe && !merges {
                    return Err(format!("{id} owes {}, at most {}", points.debt, block.owe));
                }
                lots(points, snapshot, &program.settings.clock).map_err(|why| format!("{id}: {why}"))?;
                *total.entry(*unit).or_default() += stands;
            }
        }
        for (unit, stands) in total {
            let kind = |kind| self.kinds.get(&(unit, kind)).cloned().unwrap_or_default();
            let posted: Exact = PostingKind::ALL.into_iter().map(kind).sum();
            if stands != posted {
                return Err(format!("all together stand at {stands}, the postings say {posted}"));
            }
            let (sent, received) = (kind(PostingKind::Sent), kind(PostingKind::Received));
            if !(&sent + &received).is_zero() {
                return Err(format!("sent {sent}, received {received}"));
            }
        }
        Ok(())
    }
}

/// The sign of its kind, a figure that its unit has, parts that add up.
fn well_formed(posting: &Posting, points: &Points) -> Result<(), String> {
    let amount = &posting.amount;
    let fits = match posting.kind {
        PostingKind::Earned | PostingKind::Bought | PostingKind::Received | PostingKind::WrittenOff => {
            !amount.is_negative()
        }
        PostingKind::Expired | PostingKind::Clawed | PostingKind::Sent => !amount.is_positive(),
        PostingKind::Spent | PostingKind::Adjusted => true,
    };
    if !fits {
        return Err("a posting with the sign of another kind".to_owned());
    }
    // What is bought, sent or put right is as fine as the file says it.
    if posting.kind == PostingKind::Earned && !is_of(amount, points.decimals) {
        return Err(format!("{amount} has more than {} decimals", points.decimals));
    }
    if let Some(taken) = &posting.taken {
        let parts = [&taken.own, &taken.others, &taken.debt, &taken.written_off];
        let sum: Exact = parts.into_iter().sum();
        if sum != amount.abs() || parts.iter().any(|part| part.is_negative()) {
            return Err(format!("{amount} taken from {taken:?}"));
        }
    }
    if posting.paid_debt > amount.abs() || posting.paid_debt.is_negative() {
        return Err("more debt is paid than came".to_owned());
    }
    let again = posting.parts.iter().any(|part| matches!(part.how, How::Revalued { .. }));
    let sum: Exact = posting.parts.iter().map(|part| &part.posted).sum();
    if posting.kind == PostingKind::Earned && !again && !posting.parts.is_empty() && sum != *amount {
        return Err(format!("{amount}, its parts come to {sum}"));
    }
    Ok(())
}

fn is_of(amount: &Exact, decimals: u32) -> bool {
    amount.decimals().is_some_and(|needed| needed <= decimals)
}

/// Each lot holds something, no more than it was, and has not ended.
fn lots(points: &PointsView, snapshot: &Snapshot, clock: &Clock) -> Result<(), String> {
    let day = snapshot.as_of.when.day(clock);
    for lot in &points.lots {
        if !lot.left.is_positive() || lot.left > lot.granted {
            return Err(format!("{lot:?} holds {}", lot.left));
        }
        if lot.last_day.is_some_and(|last| last < day) {
            return Err(format!("{lot:?} has ended"));
        }
    }
    let sum =
        |pending: bool| -> Exact { points.lots.iter().filter(|lot| lot.pending == pending).map(|lot| &lot.left).sum() };
    let (pending, balance) = (sum(true), sum(false));
    if pending != points.pending || balance != points.balance {
        return Err(format!("lots hold {balance} and {pending} pending, the account says {}", points.balance));
    }
    Ok(())
}
