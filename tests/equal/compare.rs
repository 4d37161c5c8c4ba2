//! Two outcomes side by side: the first thing that differs, as a person reads it.

use loyal::engine::deeds::{Deeds, Told};
use loyal::engine::outcome::{Entry, Happened, MemberView, Outcome, PointsView, PostingKind, Snapshot};
use loyal::engine::parts::{Counts, Played};
use loyal::mechanics::Program;
use loyal::mechanics::example::Held;
use loyal::value::exact::Exact;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Debug, Display};

/// The first difference between what was expected and what came; none when they are equal.
pub fn difference(program: &Program, expected: &Outcome, got: &Outcome) -> Option<String> {
    let compare = Compare { program };
    let (many, few) = (expected.snapshots.len(), got.snapshots.len());
    if many != few {
        return Some(format!("{many} moments expected, got {few}"));
    }
    let snapshots = expected.snapshots.iter().zip(&got.snapshots);
    snapshots
        .clone()
        .find_map(|(expected, got)| compare.snapshot(expected, got))
        .or_else(|| compare.rejections(expected, got))
        .or_else(|| compare.journals(expected, got))
        .or_else(|| snapshots.into_iter().find_map(|(expected, got)| entries(expected, got)))
}

/// The first difference in what members did whom the machine played.
pub fn deeds(wanted: &Deeds, got: &BTreeMap<String, Vec<Played>>, by_machine: &BTreeSet<String>) -> Option<String> {
    let shown = |told: &[Told]| -> Vec<String> { told.iter().map(deed).collect() };
    got.iter().filter(|(id, _)| by_machine.contains(*id)).find_map(|(id, played)| {
        let expected = shown(&wanted.told(id, std::iter::empty()));
        let got: Vec<String> = played.iter().flat_map(|played| shown(&played.deeds)).collect();
        differs(&format!("what {id} did"), &expected, &got)
    })
}

fn deed(told: &Told) -> String {
    let deed = &told.deed;
    let of = (&deed.of.id, deed.of.kind, deed.of.day, &deed.of.store);
    format!(
        "{} of {of:?}, {} by {:?}: {} money, {} reduced, {} receipts, from {} until {}",
        deed.event.id, deed.taken, deed.owner, deed.money, deed.reduced, deed.receipts, told.from, told.until
    )
}

fn entries(expected: &Snapshot, got: &Snapshot) -> Option<String> {
    differs(
        &format!("as of {}, entries of the journal before it", expected.as_of.label),
        &expected.entries,
        &got.entries,
    )
}

fn differs<T: PartialEq + Debug>(what: &str, expected: &T, got: &T) -> Option<String> {
    (expected != got).then(|| format!("{what}: expected {expected:?}, got {got:?}"))
}

fn shown<T: PartialEq + Display>(what: &str, expected: &T, got: &T) -> Option<String> {
    (expected != got).then(|| format!("{what}: expected {expected}, got {got}"))
}

/// Both maps at each key that either has.
fn both<'m, K: Ord, V>(
    a: &'m BTreeMap<K, V>,
    b: &'m BTreeMap<K, V>,
) -> impl Iterator<Item = (&'m K, Option<&'m V>, Option<&'m V>)> {
    let keys: BTreeSet<&K> = a.keys().chain(b.keys()).collect();
    keys.into_iter().map(|key| (key, a.get(key), b.get(key)))
}

struct Compare<'p> {
    program: &'p Program,
}

impl Compare<'_> {
    fn held(&self, held: Held) -> &str {
        match held {
            Held::Gift(gift) => &self.program.gifts[gift.0].name.text,
            Held::Reward(reward) => &self.program.rewards[reward.0].name.text,
            Held::Coupon(coupon) => &self.program.coupons[coupon.0].name.text,
        }
    }

    fn snapshot(&self, expected: &Snapshot, got: &Snapshot) -> Option<String> {
        let label = &expected.as_of.label;
        differs("the moment", &expected.as_of, &got.as_of)
            .or_else(|| self.members(label, expected, got))
            .or_else(|| shown(&format!("as of {label}, sales"), &expected.sales, &got.sales))
            .or_else(|| shown(&format!("as of {label}, purchases"), &expected.purchases, &got.purchases))
    }

    fn members(&self, label: &str, expected: &Snapshot, got: &Snapshot) -> Option<String> {
        both(&expected.members, &got.members).find_map(|(id, expected, got)| match (expected, got) {
            (Some(expected), Some(got)) => self.member(&format!("as of {label}, {id}"), expected, got),
            (Some(_), None) => Some(format!("as of {label}, {id} is expected and not there")),
            (None, _) => Some(format!("as of {label}, {id} is there and not expected")),
        })
    }

    fn member(&self, of: &str, expected: &MemberView, got: &MemberView) -> Option<String> {
        let points = both(&expected.points, &got.points).find_map(|((unit, pocket), expected, got)| {
            let unit = &self.program.points[unit.0].name.text;
            let pocket = pocket.as_ref().map_or(String::new(), |pocket| format!("@{pocket}"));
            let of = format!("{of}, {unit}{pocket}");
            match (expected, got) {
                (Some(expected), Some(got)) => points(&of, expected, got),
                (Some(expected), None) => Some(format!("{of}: expected {expected:?}, got none")),
                (None, got) => Some(format!("{of}: expected none, got {got:?}")),
            }
        });
        let tiers = self.program.tiers.iter().enumerate();
        let level = |view: &MemberView, at: usize| {
            let (level, until) = view.levels.get(at).copied().unwrap_or((usize::MAX, None));
            let name = self.program.tiers[at].levels.get(level).map_or("none", |level| &level.name.text);
            format!("{name} until {}", until.map_or("for good".to_owned(), |day| day.to_string()))
        };
        let cards = self.program.cards.iter().enumerate();
        points
            .or_else(|| {
                tiers.into_iter().find_map(|(at, tiers)| {
                    shown(&format!("{of}, level in {}", tiers.name.text), &level(expected, at), &level(got, at))
                })
            })
            .or_else(|| {
                cards.into_iter().find_map(|(at, card)| {
                    let of = format!("{of}, stamps on {}", card.name.text);
                    differs(&of, &expected.cards.get(at), &got.cards.get(at))
                })
            })
            .or_else(|| {
                both(&expected.gifts, &got.gifts).find_map(|(held, expected, got)| {
                    differs(&format!("{of}, {} held", self.held(*held)), &expected, &got)
                })
            })
            .or_else(|| differs(&format!("{of}, has left"), &expected.left, &got.left))
            .or_else(|| (expected.levels != got.levels).then(|| format!("{of}: levels of different length")))
            .or_else(|| (expected.cards != got.cards).then(|| format!("{of}: cards of different length")))
    }

    fn rejections(&self, expected: &Outcome, got: &Outcome) -> Option<String> {
        let all = |outcome: &Outcome| {
            let mut all = BTreeMap::new();
            for entry in &outcome.journal {
                if let Happened::Rejected { reason, .. } = &entry.what {
                    let key = (entry.member.clone(), entry.event.clone());
                    all.entry(key).or_insert_with(Vec::new).push(reason.word());
                }
            }
            all
        };
        both(&all(expected), &all(got)).find_map(|((member, event), expected, got)| {
            let of = format!(
                "{} of {} is rejected",
                event.as_deref().unwrap_or("a timer"),
                member.as_deref().unwrap_or("nobody")
            );
            differs(&of, &expected, &got)
        })
    }

    /// The whole journal; where it differs, each member's entries in their order first.
    fn journals(&self, expected: &Outcome, got: &Outcome) -> Option<String> {
        let all = |outcome: &Outcome| outcome.journal.iter().map(|entry| format!("{entry:?}")).collect::<Vec<_>>();
        let whole = lists("the whole journal", &all(expected), &all(got))?;
        let by_member = |outcome: &Outcome| {
            let mut all: BTreeMap<Option<String>, Vec<String>> = BTreeMap::new();
            for entry in &outcome.journal {
                all.entry(entry.member.clone()).or_default().push(unnumbered(entry));
            }
            all
        };
        let own = both(&by_member(expected), &by_member(got)).find_map(|(member, expected, got)| {
            let none = Vec::new();
            let (expected, got) = (expected.unwrap_or(&none), got.unwrap_or(&none));
            lists(&format!("journal of {}", member.as_deref().unwrap_or("nobody")), expected, got)
        });
        Some(own.unwrap_or(whole))
    }
}

/// An entry without the number of its posting, which counts all members' postings.
fn unnumbered(entry: &Entry) -> String {
    let mut entry = entry.clone();
    if let Happened::Posted(posting) = &mut entry.what {
        posting.number = 0;
    }
    format!("{entry:?}")
}

fn lists(of: &str, expected: &[String], got: &[String]) -> Option<String> {
    let at = (0..expected.len().max(got.len())).find(|at| expected.get(*at) != got.get(*at))?;
    let entry = |list: &[String]| list.get(at).map_or("(no more)".to_owned(), Clone::clone);
    Some(format!("{of}, entry {}:\n  expected {}\n  got      {}", at + 1, entry(expected), entry(got)))
}

fn points(of: &str, expected: &PointsView, got: &PointsView) -> Option<String> {
    let total = |view: &PointsView, kind: PostingKind| view.totals.get(&kind).cloned().unwrap_or_default();
    let kinds: BTreeSet<PostingKind> = expected.totals.keys().chain(got.totals.keys()).copied().collect();
    shown(&format!("{of}, balance"), &expected.balance, &got.balance)
        .or_else(|| shown(&format!("{of}, pending"), &expected.pending, &got.pending))
        .or_else(|| shown(&format!("{of}, debt"), &expected.debt, &got.debt))
        .or_else(|| {
            kinds.into_iter().find_map(|kind| {
                shown(&format!("{of}, {kind:?} in all").to_lowercase(), &total(expected, kind), &total(got, kind))
            })
        })
        .or_else(|| lots(of, expected, got))
}

fn lots(of: &str, expected: &PointsView, got: &PointsView) -> Option<String> {
    let count = expected.lots.len().max(got.lots.len());
    (0..count).find_map(|at| {
        let (expected, got) = (expected.lots.get(at), got.lots.get(at));
        differs(&format!("{of}, lot {}", at + 1), &expected, &got)
    })
}

/// The same of members played one by one: states, counts and rejections; who was played fast is told.
pub fn played(
    program: &Program,
    expected: &Outcome,
    members: &BTreeMap<String, Vec<Played>>,
    fast: &BTreeSet<String>,
) -> Option<String> {
    let compare = Compare { program };
    let by = |id: &str| if fast.contains(id) { "fast machine: " } else { "reference by member: " };
    for (nth, snapshot) in expected.snapshots.iter().enumerate() {
        let label = &snapshot.as_of.label;
        let views: BTreeMap<&String, &MemberView> =
            members.iter().filter_map(|(id, played)| Some((id, played.first()?.views.get(nth)?.as_ref()?))).collect();
        let known: BTreeSet<&String> = snapshot.members.keys().chain(views.keys().copied()).collect();
        for id in known {
            let of = format!("{}as of {label}, {id}", by(id));
            match (snapshot.members.get(id), views.get(id)) {
                (Some(expected), Some(got)) => {
                    if let Some(differs) = compare.member(&of, expected, got) {
                        return Some(differs);
                    }
                }
                (Some(_), None) => return Some(format!("{of} is expected and not there")),
                (None, _) => return Some(format!("{of} is there and not expected")),
            }
        }
        let counts = || members.values().flatten().filter_map(|played| played.counts.get(nth));
        let sales = counts().map(|counts| counts.sales.clone()).sum::<Exact>();
        let differs = shown(&format!("as of {label}, sales"), &snapshot.sales, &sales).or_else(|| {
            let purchases = counts().map(|counts| counts.purchases).sum::<u64>();
            shown(&format!("as of {label}, purchases"), &snapshot.purchases, &purchases)
        });
        let differs = differs.or_else(|| {
            fast.iter().find_map(|id| {
                let got = members.get(id)?.first()?.counts.get(nth).cloned().unwrap_or_default();
                counted(&format!("fast machine: as of {label}, {id}"), id, &expected.journal[..snapshot.entries], &got)
            })
        });
        if differs.is_some() {
            return differs;
        }
    }
    members.iter().find_map(|(id, played)| rejected(by(id), id, expected, played))
}

/// The journals of those played fast, up to the last moment asked for.
pub fn journals(
    expected: &Outcome,
    members: &BTreeMap<String, Vec<Played>>,
    fast: &BTreeSet<String>,
) -> Option<String> {
    let upto = expected.snapshots.last().map_or(0, |last| last.entries);
    fast.iter().find_map(|id| {
        let hers = |entry: &&Entry| entry.member.as_ref() == Some(id);
        let wanted: Vec<String> = expected.journal[..upto].iter().filter(hers).map(unnumbered).collect();
        let got = members.get(id)?.iter().flat_map(|played| &played.journal);
        let got: Vec<String> = got.map(|(_, entry)| unnumbered(entry)).collect();
        lists(&format!("fast machine: journal of {id} up to the last moment"), &wanted, &got)
    })
}

/// What the journal of a member adds up to.
fn counted(of: &str, id: &str, journal: &[Entry], got: &Counts) -> Option<String> {
    let mut wanted = Counts { sales: got.sales.clone(), purchases: got.purchases, ..Counts::default() };
    journal.iter().filter(|entry| entry.member.as_deref() == Some(id)).for_each(|entry| wanted.count(entry));
    shown(&format!("{of}, postings"), &wanted.postings, &got.postings)
        .or_else(|| differs(&format!("{of}, cards filled"), &trimmed(&wanted.filled), &trimmed(&got.filled)))
        .or_else(|| differs(&format!("{of}, lives of gifts"), &wanted.lives, &got.lives))
}

fn trimmed(filled: &[u64]) -> &[u64] {
    let end = filled.iter().rposition(|count| *count > 0).map_or(0, |at| at + 1);
    &filled[..end]
}

/// What was rejected, and as of which moment first; what nobody did has no order.
fn rejected(by: &str, id: &str, expected: &Outcome, got: &[Played]) -> Option<String> {
    let moment = |at: usize| expected.snapshots.iter().position(|snapshot| at < snapshot.entries);
    let own = |entry: &Entry| entry.member.as_deref().unwrap_or("") == id;
    let entries = expected.journal.iter().enumerate().filter(|(_, entry)| own(entry));
    let wanted = entries.filter_map(|(at, entry)| match (&entry.what, &entry.event) {
        (Happened::Rejected { reason, .. }, Some(event)) => Some((event.clone(), reason.word(), moment(at)?)),
        _ => None,
    });
    let got = got.iter().flat_map(|played| &played.rejected);
    let mut wanted = shown_all(wanted);
    let mut got = shown_all(got.map(|(event, reason, moment)| (event.clone(), reason.word(), *moment)));
    if id.is_empty() {
        wanted.sort();
        got.sort();
    }
    lists(&format!("{by}{id}, rejected"), &wanted, &got)
}

fn shown_all<'r>(all: impl Iterator<Item = (String, &'r str, usize)>) -> Vec<String> {
    all.map(|(event, reason, moment)| format!("{event} because {reason}, from moment {moment}")).collect()
}
