//! That no id comes twice: shown by the order of the file, else by looking at all of them.

use crate::engine::parts::kin::hash;
use crate::engine::parts::store::{Store, TooFull};
use crate::engine::parts::threads::share;
use crate::value::natural_cmp;
use std::cmp::Ordering;

/// What a chunk says of its ids.
#[derive(Debug, Clone, Default)]
pub(super) struct Ids {
    /// Whether each is above the one before, in natural order.
    pub ascend: bool,
    /// The first.
    pub first: String,
    /// The last.
    pub last: String,
}

impl Ids {
    /// What several say one after the other; where one ends with an id, the next may begin with it.
    pub fn of(all: impl Iterator<Item = Ids>) -> Option<Ids> {
        all.reduce(|a, b| Ids {
            ascend: a.ascend && b.ascend && natural_cmp(&a.last, &b.first) != Ordering::Greater,
            first: a.first,
            last: b.last,
        })
    }
}

/// Whether the order of the files shows that no id comes twice.
pub(super) fn shown(files: &[Ids]) -> bool {
    let mut files: Vec<&Ids> = files.iter().collect();
    files.sort_by(|a, b| natural_cmp(&a.first, &b.first));
    let apart = |pair: &[&Ids]| natural_cmp(&pair[0].last, &pair[1].first) == Ordering::Less;
    files.iter().all(|ids| ids.ascend) && files.windows(2).all(apart)
}

/// So many ids are compared at a time: 64 MiB of hashes.
const AT_A_TIME: u64 = 8 << 20;

/// Whether no id comes twice, by comparing hashes of all of them, some at a time. Two ids of one hash are taken for
/// one id, which is seldom wrong and then only slow.
///
/// # Errors
/// When piles that were put beside memory cannot be read again.
pub(super) fn looked_up(store: &Store<'_>, events: u64, threads: usize) -> Result<bool, TooFull> {
    let rounds = usize::try_from(events.div_ceil(AT_A_TIME)).unwrap_or(usize::MAX).max(1);
    for round in 0..rounds {
        let of_round = |hash: u64| (u128::from(hash) * rounds as u128) >> 64 == round as u128;
        let hashes: Vec<Vec<u64>> = share(
            store.len(),
            threads,
            || (),
            |(), at| {
                store.look(at, |pile| {
                    (0..pile.len()).map(|event| hash(pile.id.get(event))).filter(|h| of_round(*h)).collect()
                })
            },
        )?;
        let mut all: Vec<u64> = hashes.concat();
        all.sort_unstable();
        if all.windows(2).any(|pair| pair[0] == pair[1]) {
            return Ok(false);
        }
    }
    Ok(true)
}
