//! The purse against a list of lots that is read from end to end for every question, as the contract words it.

use super::super::Beyond;
use super::super::days::{NEVER, next};
use super::super::record::{Source, Taken};
use super::{Coming, Ended, Purse, Spent};
use crate::mechanics::ActivityId;
use proptest::prelude::*;

/// A lot, plainly.
#[derive(Debug, Clone)]
struct Plain {
    source: Source,
    at: i64,
    earned: i32,
    granted: i64,
    left: i64,
    expired: i64,
    last_day: i32,
    own_life: bool,
    pending: bool,
    spendable_from: i32,
    waits_for: Option<ActivityId>,
}

#[derive(Debug, Default)]
struct Model {
    lots: Vec<Plain>,
    debt: i64,
}

impl Model {
    fn balance(&self) -> i64 {
        self.lots.iter().filter(|lot| !lot.pending).map(|lot| lot.left).sum()
    }

    fn pending(&self) -> i64 {
        self.lots.iter().filter(|lot| lot.pending).map(|lot| lot.left).sum()
    }

    fn ordered(&self, which: impl Fn(&Plain) -> bool) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.lots.len()).filter(|at| which(&self.lots[*at])).collect();
        places.sort_by_key(|at| (self.lots[*at].last_day, self.lots[*at].at, *at));
        places
    }

    fn take(&mut self, places: &[usize], amount: i64) -> Vec<(usize, i64)> {
        let mut rest = amount;
        let mut taken = Vec::new();
        for place in places {
            let part = rest.min(self.lots[*place].left);
            if part > 0 {
                self.lots[*place].left -= part;
                rest -= part;
                taken.push((*place, part));
            }
        }
        taken
    }

    fn spend(&mut self, amount: i64) -> Vec<(usize, i64)> {
        let places = self.ordered(|lot| !lot.pending && lot.left > 0);
        self.take(&places, amount)
    }

    fn settle(&mut self) -> i64 {
        let paid = self.spend(self.debt).iter().map(|(_, part)| part).sum();
        self.debt -= paid;
        paid
    }

    fn put(&mut self, coming: &Coming) -> i64 {
        let pending = coming.spendable_from != NEVER || coming.waits_for.is_some();
        let same = |lot: &&mut Plain| {
            (lot.source, lot.at, lot.last_day, lot.own_life)
                == (coming.source, coming.at, coming.last_day, coming.own_life)
                && (lot.pending, lot.spendable_from) == (pending, coming.spendable_from)
        };
        match self.lots.iter_mut().rev().take(8).find(same) {
            Some(lot) => {
                lot.granted += coming.amount;
                lot.left += coming.amount;
            }
            None => self.lots.push(Plain {
                source: coming.source,
                at: coming.at,
                earned: coming.day,
                granted: coming.amount,
                left: coming.amount,
                expired: 0,
                last_day: coming.last_day,
                own_life: coming.own_life,
                pending,
                spendable_from: coming.spendable_from,
                waits_for: coming.waits_for,
            }),
        }
        self.settle()
    }

    fn claw(&mut self, source: Source, own_life: bool, amount: i64, owe: i64) -> Taken {
        let own = self.ordered(|lot| lot.source == source && lot.own_life == own_life);
        let from_own: i64 = self.take(&own, amount).iter().map(|(_, part)| part).sum();
        let others: i64 = self.spend(amount - from_own).iter().map(|(_, part)| part).sum();
        let rest = amount - from_own - others;
        let debt = (owe - self.debt).max(0).min(rest);
        self.debt += debt;
        Taken { own: from_own, others, debt, written_off: rest - debt }
    }

    fn expire(&mut self, day: i32) -> Vec<Ended> {
        let mut ended = Vec::new();
        for lot in self.lots.iter_mut().filter(|lot| lot.left > 0 && lot.last_day < day) {
            ended.push(Ended { gone: lot.left, earned: lot.earned, last_day: lot.last_day });
            lot.expired += lot.left;
            lot.left = 0;
        }
        ended
    }

    fn release(&mut self, ready: impl Fn(&Plain) -> bool) -> i64 {
        for lot in self.lots.iter_mut().filter(|lot| lot.pending && ready(lot)) {
            lot.pending = false;
        }
        self.settle()
    }

    fn renew(&mut self, last_day: i32) {
        for lot in self.lots.iter_mut().filter(|lot| !lot.own_life && lot.left > 0) {
            lot.last_day = last_day;
        }
    }

    fn next_due(&self) -> i32 {
        let due = |lot: &Plain| next(lot.last_day).min(if lot.pending { lot.spendable_from } else { NEVER });
        self.lots.iter().filter(|lot| lot.left > 0).map(due).min().unwrap_or(NEVER)
    }
}

/// What is done to a purse.
#[derive(Debug, Clone)]
enum Act {
    /// From a timer, or from an event so many back.
    Put {
        event: Option<u32>,
        amount: i64,
        lasts: i32,
        own_life: bool,
        waits: u8,
    },
    Spend(i64),
    Debit(i64),
    Undo(usize),
    Claw {
        back: u32,
        own_life: bool,
        amount: i64,
        owe: i64,
    },
    Days(i32),
    Expire,
    Release,
    ReleaseBy(usize),
    Renew(i32),
    Forfeit,
}

fn act() -> impl Strategy<Value = Act> {
    let lasts = prop_oneof![4 => Just(30), 2 => 0..60_i32, 1 => Just(NEVER)];
    let event = prop_oneof![4 => Just(None), 4 => Just(Some(0)), 1 => (0..6_u32).prop_map(Some)];
    prop_oneof![
        10 => (event, 1..50_i64, lasts, any::<bool>(), 0..6_u8)
            .prop_map(|(event, amount, lasts, own_life, waits)| Act::Put { event, amount, lasts, own_life, waits }),
        5 => (1..90_i64).prop_map(Act::Spend),
        1 => (1..40_i64).prop_map(Act::Debit),
        3 => (0..9_usize).prop_map(Act::Undo),
        4 => (0..12_u32, any::<bool>(), 0..60_i64, 0..100_i64)
            .prop_map(|(back, own_life, amount, owe)| Act::Claw { back, own_life, amount, owe }),
        5 => (0..20_i32).prop_map(Act::Days),
        4 => Just(Act::Expire),
        3 => Just(Act::Release),
        1 => (0..2_usize).prop_map(Act::ReleaseBy),
        2 => (10..40_i32).prop_map(Act::Renew),
        1 => Just(Act::Forfeit),
    ]
}

/// Both of them, and where they stand.
struct Pair {
    purse: Purse,
    model: Model,
    day: i32,
    event: u32,
    spent: Vec<(Spent, Vec<(usize, i64)>)>,
    beyond: bool,
}

impl Pair {
    fn source(&self, event: Option<u32>) -> Source {
        match event {
            Some(back) => Source::Event(self.event.saturating_sub(back)),
            None => Source::Timer(super::super::record::Words::Birthday, self.day),
        }
    }

    fn play(&mut self, act: &Act) -> Result<(), TestCaseError> {
        match act {
            Act::Put { event, amount, lasts, own_life, waits } => {
                self.put(*event, *amount, *lasts, *own_life, *waits)?
            }
            Act::Spend(amount) => {
                let amount = *amount.min(&self.model.balance());
                let spent = self.purse.spend(amount).unwrap();
                let parts = self.model.spend(amount);
                self.spent.push((spent, parts));
            }
            Act::Debit(amount) => {
                let amount = *amount.min(&self.model.balance());
                self.purse.debit(amount);
                self.model.spend(amount);
            }
            Act::Undo(which) if *which < self.spent.len() => {
                let (spent, parts) = self.spent.swap_remove(*which);
                let sum: i64 = parts.iter().map(|(_, part)| part).sum();
                parts.iter().for_each(|(place, part)| self.model.lots[*place].left += part);
                prop_assert_eq!(self.purse.restore(spent), Ok((sum, self.model.settle())));
            }
            Act::Undo(_) => {}
            Act::Claw { back, own_life, amount, owe } => {
                // A return is an event of its own.
                self.event += 1;
                let source = Source::Event(self.event.saturating_sub(1 + *back));
                let (fast, plain) = (
                    self.purse.claw(source, *own_life, *amount, *owe),
                    self.model.claw(source, *own_life, *amount, *owe),
                );
                prop_assert_eq!(fast, Ok(plain));
            }
            Act::Days(days) => {
                self.day += days;
                self.event += 1;
            }
            Act::Expire => {
                let mut ended = Vec::new();
                self.purse.expire(self.day, |one| ended.push(one)).unwrap();
                prop_assert_eq!(ended, self.model.expire(self.day));
            }
            Act::Release => {
                let day = self.day;
                let plain = self.model.release(|lot| lot.spendable_from <= day);
                prop_assert_eq!(self.purse.release(day), Ok(plain));
            }
            Act::ReleaseBy(activity) => {
                let activity = ActivityId(*activity);
                let plain = self.model.release(|lot| lot.waits_for == Some(activity));
                prop_assert_eq!(self.purse.release_by(activity), Ok(plain));
            }
            Act::Renew(lasts) => {
                self.purse.renew(self.day + lasts);
                self.model.renew(self.day + lasts);
            }
            Act::Forfeit => {
                let gone: i64 = self.model.lots.iter().map(|lot| lot.left).sum();
                for lot in &mut self.model.lots {
                    lot.expired += std::mem::take(&mut lot.left);
                }
                prop_assert_eq!(self.purse.forfeit(), (gone, std::mem::take(&mut self.model.debt)));
                // Who leaves does so by an event of its own.
                self.event += 1;
            }
        }
        Ok(())
    }

    fn put(&mut self, event: Option<u32>, amount: i64, lasts: i32, own: bool, waits: u8) -> Result<(), TestCaseError> {
        let coming = Coming {
            source: self.source(event),
            at: i64::from(self.day) * 86_400 + i64::from(self.event),
            day: self.day,
            amount,
            last_day: self.day.saturating_add(lasts),
            own_life: own,
            spendable_from: if waits == 1 { self.day + 14 } else { NEVER },
            waits_for: (waits == 2).then_some(ActivityId(0)),
        };
        match self.purse.put(&coming) {
            Err(Beyond) => self.beyond = true,
            told => prop_assert_eq!(told, Ok(self.model.put(&coming))),
        }
        Ok(())
    }

    fn same(&mut self) -> Result<(), TestCaseError> {
        let (purse, model) = (&mut self.purse, &self.model);
        prop_assert_eq!(
            (purse.balance(), purse.pending(), purse.debt()),
            (model.balance(), model.pending(), model.debt)
        );
        prop_assert_eq!(purse.next_due(), model.next_due());
        let view = purse.view(0, |source| format!("{source:?}"));
        let shown: Vec<_> =
            view.lots.iter().map(|lot| (lot.source.clone(), lot.granted.to_i64(), lot.left.to_i64())).collect();
        let plain: Vec<_> = model.ordered(|lot| lot.left > 0).into_iter().map(|at| &model.lots[at]).collect();
        let words: Vec<_> =
            plain.iter().map(|lot| (format!("{:?}", lot.source), Some(lot.granted), Some(lot.left))).collect();
        prop_assert_eq!(shown, words);
        for (lot, plain) in view.lots.iter().zip(plain) {
            let waits = super::date(plain.spendable_from).filter(|_| plain.pending);
            prop_assert_eq!((lot.pending, lot.spendable_from), (plain.pending, waits));
            prop_assert_eq!((Some(lot.earned), lot.last_day), (super::date(plain.earned), super::date(plain.last_day)));
        }
        for event in self.event.saturating_sub(5)..=self.event {
            let source = Source::Event(event);
            let own = |own_life: bool| {
                let lots = model.lots.iter().filter(move |lot| lot.source == source && lot.own_life == own_life);
                lots.map(|lot| lot.expired).sum::<i64>()
            };
            prop_assert_eq!(purse.expired_of(source, false), own(false));
            prop_assert_eq!(purse.expired_of(source, true), own(true));
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_purse_is_its_lots_read_from_end_to_end(acts in prop::collection::vec(act(), 1..80)) {
        let mut purse = Purse::default();
        purse.clear();
        let mut pair = Pair { purse, model: Model::default(), day: 20_000, event: 0, spent: Vec::new(), beyond: false };
        for act in &acts {
            pair.play(act)?;
            if pair.beyond {
                break;
            }
            pair.same()?;
        }
        // What the next member finds is an empty purse.
        pair.purse.clear();
        pair.model = Model::default();
        prop_assert!(!pair.purse.is_known());
        pair.same()?;
    }
}

#[test]
fn tens_of_thousands_of_lots_are_spent_and_ended_from_the_front() {
    let mut purse = Purse::default();
    let lots = 200_000;
    for place in 0..lots {
        let day = place / 100;
        let coming = Coming {
            source: Source::Event(place as u32),
            at: i64::from(day) * 86_400,
            day,
            amount: 3,
            last_day: day + if place % 7 == 0 { 30 } else { 365 },
            own_life: place % 7 == 0,
            spendable_from: NEVER,
            waits_for: None,
        };
        purse.put(&coming).unwrap();
        if place % 3 > 0 {
            purse.debit(1);
        }
        if place % 100 == 0 {
            purse.expire(day, |_| {}).unwrap();
            purse.renew(day + 365);
        }
        assert!(purse.next_due() > day);
    }
    let told = purse.claw(Source::Event(199_001), false, 3, 0).unwrap();
    assert_eq!(told, Taken { own: 3, ..Taken::default() });
}
