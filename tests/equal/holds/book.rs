//! What rules gave, as the journal tells it: each rule's part of what an event brought a member, and what is left of it
//! after returns.

use loyal::engine::outcome::{Entry, Happened, How, Part, Posting, PostingKind};
use loyal::mechanics::{PointsId, RuleId};
use loyal::value::clock::{Clock, Date, Moment, Window};
use loyal::value::exact::Exact;

/// One rule's part of what an event brought.
#[derive(Debug, Clone)]
pub struct Had {
    pub member: String,
    /// The event, or the moment of a timer.
    pub source: String,
    pub at: Moment,
    pub day: Date,
    pub unit: PointsId,
    pub rule: Option<RuleId>,
    /// The card that gave it by being full.
    pub card: Option<String>,
    /// What is left of it.
    pub posted: Exact,
}

/// Everything that rules gave so far.
#[derive(Debug, Default)]
pub struct Book {
    pub had: Vec<Had>,
}

/// How a posting for a purchase valued again names it.
const AGAIN: &str = " valued again without what came back";

/// How one for what began with a day names that: the day behind it.
const BEGAN: &str = "what began on ";

/// How postings of a card that is full, and of one that is opened again, name it.
const CARD: &str = "the card ";
const FULL: &str = " is full";
const NO_LONGER: &str = " is no longer full";

impl Book {
    /// Takes a posting in; how many of the last of `had` are newly given. What a return changes is no new gift: none.
    pub fn enter(&mut self, entry: &Entry, posting: &Posting) -> usize {
        let Some(member) = &entry.member else { return 0 };
        if !matches!(posting.kind, PostingKind::Earned | PostingKind::Clawed) {
            return 0;
        }
        let source = entry.event.clone().unwrap_or_else(|| format!("{:?}", entry.at));
        let again = posting.parts.iter().find_map(|part| match &part.how {
            How::Revalued { now, .. } => Some(now),
            _ => None,
        });
        match again {
            Some(now) => {
                if let Some((what, _)) = posting.note.split_once(AGAIN) {
                    match what.strip_prefix(BEGAN) {
                        Some(day) => self.began_again(member, day, posting.unit, now),
                        None => self.again(member, |had| had.source == what, posting.unit, now),
                    }
                }
                0
            }
            None if posting.kind == PostingKind::Clawed => {
                self.opened_again(member, posting);
                0
            }
            None => {
                let card = posting.note.strip_prefix(CARD).and_then(|note| note.strip_suffix(FULL));
                // Parts of nothing too: a return may have rounding tell something of them.
                let had = posting.parts.iter().map(|part| Had {
                    member: member.clone(),
                    source: source.clone(),
                    at: entry.at,
                    day: entry.day,
                    unit: posting.unit,
                    rule: part.rule,
                    card: card.map(str::to_owned),
                    posted: part.posted.clone(),
                });
                let before = self.had.len();
                self.had.extend(had);
                self.had.len() - before
            }
        }
    }

    /// What a card gave, the last first, is taken back: it is no longer full.
    fn opened_again(&mut self, owner: &str, posting: &Posting) {
        let Some((card, whose)) = posting.note.strip_prefix(CARD).and_then(|note| note.split_once(NO_LONGER)) else {
            return;
        };
        // Of points that a household shares, those of another may go.
        let by = whose.strip_prefix(", by ").and_then(|by| by.strip_suffix(" of the household"));
        let member = by.unwrap_or(owner);
        let mut back = -&posting.amount;
        let of_card = |had: &&mut Had| {
            (had.member.as_str(), had.card.as_deref()) == (member, Some(card)) && had.unit == posting.unit
        };
        for had in self.had.iter_mut().rev().filter(of_card) {
            let part = back.clone().min(had.posted.clone());
            had.posted -= &part;
            back -= part;
        }
    }

    /// What began with a day (`9 April 2025`) gives this now.
    fn began_again(&mut self, member: &str, day: &str, unit: PointsId, now: &[Part]) {
        let of_day =
            |had: &Had| had.source == format!("{:?}", had.at) && had.day.strftime("%-d %B %Y").to_string() == day;
        self.again(member, of_day, unit, now);
    }

    /// A purchase, or a day, gives this now.
    fn again(&mut self, member: &str, gave: impl Fn(&Had) -> bool, unit: PointsId, now: &[Part]) {
        let mut now: Vec<(Option<RuleId>, Exact)> = now.iter().map(|part| (part.rule, part.posted.clone())).collect();
        // What a full card gave is taken back by a posting of its own.
        let of_it = |had: &&mut Had| had.member == member && gave(had) && had.unit == unit && had.card.is_none();
        let mut last = None;
        for had in self.had.iter_mut().filter(of_it) {
            had.posted = Exact::zero();
            for (_, posted) in now.iter_mut().filter(|(rule, _)| *rule == had.rule) {
                had.posted += &std::mem::take(posted);
            }
            last = Some(had.clone());
        }
        // What rounding makes of it may be told of a rule that had posted nothing.
        let (Some(last), rest) = (last, now.into_iter().filter(|(_, posted)| !posted.is_zero())) else { return };
        self.had.extend(rest.map(|(rule, posted)| Had { rule, posted, ..last.clone() }));
    }
}

/// Whether something lies in the window that is seen at a moment; none where the window hangs on a member's joining.
pub fn lies_in(window: &Window, clock: &Clock, seen: (Moment, Date), of: (Moment, Date), days: Days) -> Option<bool> {
    match window {
        Window::MembershipYear | Window::SinceJoining => None,
        Window::LastHours(_) => {
            let (after, upto) = window.hours(seen.0)?;
            Some(after < of.0 && of.0 <= upto)
        }
        Window::Last(_) | Window::Calendar(_) | Window::Campaign | Window::Ever => {
            let (first, last) = window.days(clock, seen.1, None, days);
            Some(first.is_none_or(|first| first <= of.1) && last.is_none_or(|last| of.1 <= last))
        }
    }
}

/// A first and a last day.
pub type Days = (Option<Date>, Option<Date>);

/// The posting of an entry.
pub fn posting(entry: &Entry) -> Option<&Posting> {
    match &entry.what {
        Happened::Posted(posting) => Some(posting),
        _ => None,
    }
}
