//! The journal of a member as paragraphs: one for each event, or for the timers of one moment.

use super::why;
use super::{Paragraph, Sentence};
use crate::engine::outcome::{Entry, EntryWhy, GiftLife, Happened, LevelWhy, Posting, PostingKind, StampWhy, Term};
use crate::ledger::{Event, Kind};
use crate::mechanics::example::Held;
use crate::mechanics::tiers::{Need, Tiers};
use crate::mechanics::{CardId, ChallengeId, MembershipId, RuleId, TiersId};
use crate::report::words::{self, Book, counted, day, figure, isolate};
use crate::value::clock::Date;
use crate::value::exact::Exact;
use std::collections::BTreeMap;

/// The paragraphs of these entries, all of one member, in order.
pub fn paragraphs(book: Book<'_>, events: &BTreeMap<&str, &Event>, member: &str, entries: &[&Entry]) -> Vec<Paragraph> {
    let same = |a: &&Entry, b: &&Entry| a.event == b.event && a.at == b.at;
    entries.chunk_by(same).map(|together| paragraph(book, events, member, together)).collect()
}

fn paragraph(book: Book<'_>, events: &BTreeMap<&str, &Event>, member: &str, together: &[&Entry]) -> Paragraph {
    // `chunk_by` never yields an empty chunk.
    let first = together[0];
    let event = first.event.as_deref().and_then(|id| events.get(id)).copied();
    let clock = &book.program.settings.clock;
    let (date, time) = clock.local(first.at);
    let timed = event.is_some_and(|event| event.timed);
    let mut when = if timed { format!("{}, {}", day(date), time.strftime("%H:%M")) } else { day(first.day) };
    if timed && date != first.day {
        let (of, starts) = (first.day.strftime("%-d %B"), clock.day_starts());
        when.push_str(&format!(" (counts for {of}: the day starts at {})", starts.strftime("%H:%M")));
    }
    let what = match (event, &first.event) {
        (Some(event), _) => event_words(book, event, member),
        (None, Some(id)) => format!("event {}", isolate(id)),
        (None, None) => String::new(),
    };
    Paragraph {
        when,
        time: clock.show(first.at),
        event: first.event.clone(),
        what,
        sentences: told(together).map(|entry| sentence(book.of_version(entry.version), entry)).collect(),
    }
}

/// Since when a member is none any more: the last time she left or was merged into another.
pub fn gone<'a>(
    events: &BTreeMap<&str, &Event>,
    member: &str,
    journal: impl DoubleEndedIterator<Item = &'a Entry>,
) -> Option<String> {
    let accepted = journal.rev().filter(|entry| !matches!(entry.what, Happened::Rejected { .. }));
    accepted.filter_map(|entry| events.get(entry.event.as_deref()?)).find_map(|event| match event.kind {
        Kind::Leave if event.member.as_deref() == Some(member) => {
            Some(format!("Left the program on {}.", day(event.day)))
        }
        Kind::Merge if event.reference.as_deref() == Some(member) => {
            let into = isolate(event.member.as_deref().unwrap_or_default());
            Some(format!("Merged into {into} on {}: what happens from then on is there.", day(event.day)))
        }
        Kind::Leave | Kind::Merge => None,
        Kind::Purchase
        | Kind::Return
        | Kind::Redeem
        | Kind::Visit
        | Kind::Activity
        | Kind::Join
        | Kind::Referral
        | Kind::Subscribe
        | Kind::Cancel
        | Kind::Transfer
        | Kind::Grant
        | Kind::Revoke
        | Kind::Adjust
        | Kind::Draw => None,
    })
}

/// What is told of these entries: that nothing came of an event is said only when nothing else was.
fn told<'a>(together: &'a [&'a Entry]) -> impl Iterator<Item = &'a Entry> {
    let something = together.iter().any(|entry| !matches!(entry.what, Happened::Nothing(_)));
    together.iter().copied().filter(move |entry| !(something && matches!(entry.what, Happened::Nothing(_))))
}

/// `purchase p1 of 57.90 RON`, `return x1 of purchase p3`.
fn event_words(book: Book<'_>, event: &Event, member: &str) -> String {
    let mut words = format!("{} {}", event.kind.word(), isolate(&event.id));
    let reference = event.reference.as_deref().map(isolate);
    match event.kind {
        Kind::Purchase => {
            let total =
                event.lines.iter().filter_map(|line| line.amount.as_ref()).fold(Exact::zero(), |sum, one| sum + one);
            words.push_str(&format!(" of {}", book.money(&total)));
        }
        Kind::Return => {
            if let Some(purchase) = reference {
                words.push_str(&format!(" of purchase {purchase}"));
            }
        }
        Kind::Redeem | Kind::Activity | Kind::Grant | Kind::Revoke | Kind::Subscribe | Kind::Cancel | Kind::Draw => {
            if let Some(name) = reference {
                words.push_str(&format!(" of {name}"));
            }
        }
        Kind::Referral | Kind::Transfer | Kind::Merge => {
            if let Some(other) = reference {
                words.push_str(&format!(" with {other}"));
            }
        }
        Kind::Visit | Kind::Join | Kind::Leave | Kind::Adjust => {}
    }
    if let Some(store) = &event.store {
        words.push_str(&format!(" at {}", isolate(store)));
    }
    if let Some(other) = event.member.as_deref().filter(|other| *other != member) {
        words.push_str(&format!(", by {}", isolate(other)));
    }
    words
}

fn sentence(book: Book<'_>, entry: &Entry) -> Sentence {
    let plain = |says: String, because: Vec<String>| Sentence { says, because, posting: None };
    match &entry.what {
        Happened::Posted(posting) => posted(book, posting),
        Happened::Rejected { reason, sentence } => {
            plain(format!("rejected ({})", reason.word()), vec![words::sentence(sentence)])
        }
        Happened::NewTerms(sentence) => {
            let replaces = book.program.settings.succession.replaces.as_ref();
            plain(words::sentence(sentence), replaces.map(|replaces| book.said(replaces.span)).into_iter().collect())
        }
        Happened::Limited { rule, place } => {
            let limit = book.program.rules[rule.0].limits.get(*place);
            let by = limit.map_or_else(|| "a limit".to_owned(), |limit| book.said(limit.span));
            plain(format!("nothing from {}", isolate(book.rule(*rule))), vec![format!("{by} is reached")])
        }
        Happened::Nothing(why) => plain(words::sentence(why), Vec::new()),
        Happened::Stamped { card, change, stands_at, why } => stamped(book, *card, *change, *stands_at, *why),
        Happened::Gift { held, life, rule, last_day } => gift(book, *held, *life, *rule, *last_day),
        Happened::Entries { draw, date, change, stands_at, why } => {
            let block = &book.program.draws[draw.0];
            let line = book.line(block.span);
            let (tail, stands) = match block.is_instant() {
                true => (format!(" ({line})"), Vec::new()),
                false => (String::new(), vec![format!("That makes {stands_at} ({line})")]),
            };
            let of = if block.is_instant() { String::new() } else { format!(" of {}", day(*date)) };
            let size = counted(change.unsigned_abs(), "entry", "entries");
            let name = isolate(&block.name.text);
            let says = match why {
                EntryWhy::Event => format!("{size} in {name}{of}"),
                EntryWhy::Free => format!("{size} in {name}{of}, free"),
                EntryWhy::Returned => format!("{size} in {name}{of} taken back"),
                EntryWhy::Cut => format!("{size} in {name}{of} not given: the limit is reached"),
                EntryWhy::Left => format!("{size} in {name}{of} forfeited"),
            };
            plain(says + &tail, stands)
        }
        Happened::Drawn { draw, date, seed, entries, members, winners } => {
            let block = &book.program.draws[draw.0];
            let entries = counted(*entries, "entry", "entries");
            let of = format!("{entries} of {}", counted(*members, "member", "members"));
            let winners = counted(*winners as u64, "winner", "winners");
            let says = format!("the draw {} of {} is held: {winners}", isolate(&block.name.text), day(*date));
            plain(says, vec![format!("By the seed {}, of {of} ({})", isolate(seed), book.line(block.span))])
        }
        Happened::Won { draw, date, place, entry, among } => {
            let block = &book.program.draws[draw.0];
            let name = isolate(&block.name.text);
            let line = book.line(block.span);
            if block.is_instant() {
                plain(format!("wins in {name}"), vec![format!("Entry {entry} of this event, prize {place} ({line})")])
            } else {
                let says = format!("wins in {name} of {}", day(*date));
                plain(says, vec![format!("Winner {place}: entry {entry} of {among} ({line})")])
            }
        }
        Happened::Challenge { challenge, figures, undone } => challenge_words(book, *challenge, figures, *undone),
        Happened::Membership { membership, what, fee, until } => {
            self::membership(book, *membership, *what, fee, *until)
        }
        Happened::Discount(off) => super::off::sentence(book, off),
        Happened::Offer { rule, held_back, category } => offered(book, *rule, *held_back, category.as_deref()),
        Happened::Level { tiers, from, to, until, why } => level(book, *tiers, *from, *to, *until, why),
    }
}

fn posted(book: Book<'_>, posting: &Posting) -> Sentence {
    let size = book.amount(posting.unit, &posting.amount.abs());
    let pocket = posting.pocket.as_deref().map(|pocket| format!(" at {}", isolate(pocket))).unwrap_or_default();
    let back = posting.amount.is_positive();
    let says = match posting.kind {
        PostingKind::Earned => size,
        PostingKind::Spent if back => format!("{size} given back"),
        PostingKind::Spent => format!("{size} spent"),
        PostingKind::Expired => format!("{size} expired"),
        PostingKind::Clawed if back => format!("{size} restored"),
        PostingKind::Clawed if posting.amount.is_zero() => "nothing taken back".to_owned(),
        PostingKind::Clawed => format!("{size} taken back"),
        PostingKind::WrittenOff => format!("{size} written off"),
        PostingKind::Bought => format!("{size} bought"),
        PostingKind::Received => format!("{size} received"),
        PostingKind::Sent => format!("{size} sent"),
        PostingKind::Adjusted if back => format!("{size} added by hand"),
        PostingKind::Adjusted => format!("{size} taken by hand"),
    };
    let mut because = why::clauses(book, posting);
    if let (Some(first), true) = (because.first_mut(), posting.parts.is_empty()) {
        *first = capital(first);
    }
    because.extend(life(posting, because.is_empty()));
    Sentence { says: says + &pocket, because, posting: Some(posting.number) }
}

/// From when the points can be spent and when they end.
fn life(posting: &Posting, begins: bool) -> Option<String> {
    let from = posting.spendable_from.map(|from| format!("to be spent from {}", day(from)));
    let until = posting.last_day.map(|last| match posting.kind {
        PostingKind::Expired => format!("their last day was {}", day(last)),
        PostingKind::Earned
        | PostingKind::Spent
        | PostingKind::Clawed
        | PostingKind::WrittenOff
        | PostingKind::Bought
        | PostingKind::Received
        | PostingKind::Sent
        | PostingKind::Adjusted => format!("valid through {}", day(last)),
    });
    let said: Vec<String> = from.into_iter().chain(until).collect();
    let said = said.join(", ");
    (!said.is_empty() && !posting.amount.is_zero()).then(|| if begins { capital(&said) } else { said })
}

fn stamped(book: Book<'_>, card: CardId, change: i64, stands_at: i64, why: StampWhy) -> Sentence {
    let card = &book.program.cards[card.0];
    let name = isolate(&card.name.text);
    let size = change.unsigned_abs();
    let stamps = format!("{size} {}", if size == 1 { "stamp" } else { "stamps" });
    let says = match why {
        StampWhy::Event if change >= 0 => format!("{stamps} on {name}"),
        StampWhy::Event | StampWhy::Returned => format!("{stamps} taken off {name}"),
        StampWhy::Start => format!("{stamps} on {name} to begin with"),
        StampWhy::Full => format!("card {name} is full"),
        StampWhy::Lapsed => format!("{stamps} on {name} lapsed"),
        StampWhy::Cut => format!("{stamps} not given on {name}"),
        StampWhy::Reopened => format!("the full card {name} was opened again"),
    };
    let (full, line) = (card.full, book.line(card.span));
    let stands = match why {
        StampWhy::Full if stands_at == 0 => format!("A new one begins ({line})"),
        StampWhy::Full => format!("A new one begins with {stands_at} of {full} ({line})"),
        StampWhy::Event
        | StampWhy::Returned
        | StampWhy::Start
        | StampWhy::Lapsed
        | StampWhy::Cut
        | StampWhy::Reopened
            if stands_at > i64::from(full) =>
        {
            format!("That makes {stands_at}, and {full} are enough ({line})")
        }
        StampWhy::Event
        | StampWhy::Returned
        | StampWhy::Start
        | StampWhy::Lapsed
        | StampWhy::Cut
        | StampWhy::Reopened => format!("It stands at {stands_at} of {full} ({line})"),
    };
    let mut because = vec![stands];
    let limit = card.limits.first().filter(|_| why == StampWhy::Cut);
    if let Some((limit, quote)) = limit.and_then(|limit| Some((limit, book.quote(limit.span)?))) {
        because = vec![format!("“{}” ({})", isolate(&quote), book.line(limit.span))];
    }
    Sentence { says, because, posting: None }
}

fn gift(book: Book<'_>, held: Held, life: GiftLife, rule: Option<RuleId>, last_day: Option<Date>) -> Sentence {
    let name = isolate(book.held(held));
    let (kind, span) = match held {
        Held::Gift(gift) => ("gift", book.program.gifts[gift.0].span),
        Held::Reward(reward) => ("reward", book.program.rewards[reward.0].span),
        Held::Coupon(coupon) => ("coupon", book.program.coupons[coupon.0].span),
    };
    let mut says = match life {
        GiftLife::Issued => format!("{kind} {name}"),
        GiftLife::Used => format!("{kind} {name} used"),
        GiftLife::Expired => format!("{kind} {name} expired"),
        GiftLife::Revoked => format!("{kind} {name} taken back"),
        GiftLife::OutOfStock => format!("no {kind} {name}: there was none left"),
        GiftLife::HeldAgain => format!("{kind} {name} held again: its purchase has nothing off by it any more"),
        GiftLife::Taken | GiftLife::Chosen => format!("{kind} {name} taken out of a choice"),
    };
    let (source, line) = match rule {
        Some(rule) => {
            (Some(format!("From {}", isolate(book.rule(rule)))), book.line(book.program.rules[rule.0].give_span))
        }
        None => (None, book.line(span)),
    };
    let ends = last_day.map(day).and_then(|last| match life {
        GiftLife::Issued | GiftLife::HeldAgain => Some(format!("valid through {last}")),
        GiftLife::Expired => Some(format!("its last day was {last}")),
        GiftLife::Used | GiftLife::Revoked | GiftLife::OutOfStock | GiftLife::Taken | GiftLife::Chosen => None,
    });
    let mut because: Vec<String> = source.into_iter().chain(ends).collect();
    match because.first_mut() {
        Some(first) => *first = format!("{} ({line})", capital(first)),
        None => says.push_str(&format!(" ({line})")),
    }
    Sentence { says, because, posting: None }
}

/// A challenge completed, or taken back: with what was done of each step.
fn challenge_words(book: Book<'_>, challenge: ChallengeId, figures: &[Exact], undone: bool) -> Sentence {
    let block = &book.program.challenges[challenge.0];
    let name = isolate(&block.name.text);
    let says = if undone { format!("challenge {name} taken back") } else { format!("challenge {name} completed") };
    let mut because: Vec<String> =
        block.steps.iter().zip(figures).map(|(step, figure)| super::account::step(book, step, figure)).collect();
    if undone {
        because.insert(0, "What came back was needed".to_owned());
    }
    let line = book.line(block.span);
    if let Some(last) = because.last_mut() {
        last.push_str(&format!(" ({line})"));
    }
    Sentence { says, because, posting: None }
}

/// An offer made, or what was kept back from her.
fn offered(book: Book<'_>, rule: RuleId, held_back: bool, category: Option<&str>) -> Sentence {
    let of = &book.program.rules[rule.0];
    let name = isolate(book.rule(rule));
    let kind = if of.offer.is_some() { "offer" } else { "pilot rule" };
    let says = match (held_back, category) {
        (true, _) => format!("{kind} {name} kept back"),
        (false, Some(category)) => format!("{kind} {name}, for {}", isolate(category)),
        (false, None) => format!("{kind} {name}"),
    };
    let offer = of.offer.map(|id| &book.program.offers[id.0]);
    let channels = offer.map(|offer| offer.channels.join(" and ")).unwrap_or_default();
    let mut because = match held_back {
        true => vec!["This member is one of those who serve to measure it, and gets nothing of it".to_owned()],
        false if channels.is_empty() => Vec::new(),
        false => vec![format!("By {}", isolate(&channels))],
    };
    let line = book.line(of.give_span);
    match because.last_mut() {
        Some(last) => last.push_str(&format!(" ({line})")),
        None => because.push(format!("Made to this member ({line})")),
    }
    Sentence { says, because, posting: None }
}

fn level(book: Book<'_>, tiers: TiersId, from: usize, to: usize, until: Option<Date>, why: &LevelWhy) -> Sentence {
    let block = &book.program.tiers[tiers.0];
    let name = |at: usize| block.levels.get(at).map(|level| isolate(&level.name.text)).unwrap_or_default();
    let status = isolate(&block.name.text);
    let says = if from == to {
        format!("level {} in {status} again", name(to))
    } else {
        format!("level {} in {status}, after {}", name(to), name(from))
    };
    let measured = |number: &Exact| match block.measures.first() {
        Some(measure) => book.measured(&measure.basis, number),
        None => figure(number),
    };
    let mut because = vec![match why {
        LevelWhy::Reached(number) => format!("Reached with {}{}", measured(number), need(book, block, to)),
        LevelWhy::Renewed(number) => format!("Met again with {}{}", measured(number), need(book, block, to)),
        LevelWhy::Missed(number) => format!("Its time ended with {}{}", measured(number), need(book, block, from)),
        LevelWhy::Fell(number) => format!("The measure fell to {}{}", measured(number), need(book, block, from)),
        LevelWhy::Refunded(number) => format!("A return left {}{}", measured(number), need(book, block, from)),
        LevelWhy::Given(rule) => {
            let line = book.line(book.program.rules[rule.0].give_span);
            format!("Given by {} ({line})", isolate(book.rule(*rule)))
        }
        LevelWhy::Granted => "Granted".to_string(),
        LevelWhy::Membership(membership) => {
            let line = book.line(book.program.memberships[membership.0].span);
            format!("By membership {} ({line})", isolate(book.membership(*membership)))
        }
        LevelWhy::Ended => "Its end came".to_string(),
        LevelWhy::TakenBack => "What gave it came back".to_string(),
    }];
    because.extend(until.map(|until| format!("through {}", day(until))));
    Sentence { says, because, posting: None }
}

fn membership(book: Book<'_>, id: MembershipId, what: Term, fee: &Exact, until: Option<Date>) -> Sentence {
    let block = &book.program.memberships[id.0];
    let name = isolate(&block.name.text);
    let says = match what {
        Term::Trial => format!("membership {name} on trial"),
        Term::Begun => format!("membership {name}"),
        Term::Ahead => format!("membership {name}: one more term"),
        Term::Renewed => format!("membership {name} renewed"),
        Term::Ended => format!("membership {name} is over"),
        Term::Cancelled { .. } => format!("membership {name} cancelled"),
        Term::Left => format!("membership {name} is over: the member left"),
    };
    let says = match (fee.is_positive(), fee.is_negative()) {
        (true, _) => format!("{says}, {} paid", book.money(fee)),
        (_, true) => format!("{says}, {} given back", book.money(&fee.abs())),
        (false, false) => says,
    };
    let mut because = Vec::new();
    let words = fee_words(book, id, what, fee);
    if !words.is_empty() {
        because.push(capital(&words));
    }
    because.extend(until.map(|until| format!("through {}", day(until))));
    Sentence { says: format!("{says} ({})", book.line(block.span)), because, posting: None }
}

/// Why a fee was taken or given back: the arithmetic.
pub fn fee_words(book: Book<'_>, membership: MembershipId, what: Term, fee: &Exact) -> String {
    let block = &book.program.memberships[membership.0];
    match what {
        Term::Trial => block.trial.map(|days| format!("{days} days that cost nothing")).unwrap_or_default(),
        Term::Begun | Term::Ahead | Term::Renewed => {
            let instead = if *fee == block.fee { "" } else { "instead of " };
            format!("{instead}{} for {}", book.money(&block.fee), block.term)
        }
        Term::Ended | Term::Left => String::new(),
        Term::Cancelled { of: 0, .. } if block.refund.is_none() => "no fee of it comes back".to_string(),
        Term::Cancelled { of: 0, .. } => "nothing of the fee of the term that runs comes back".to_string(),
        Term::Cancelled { left, of } => format!("{left} of {of} days are left of the term"),
    }
}

/// `; gold takes 30 visits (line 44)`: for a level with one plain need, else the line alone.
fn need(book: Book<'_>, tiers: &Tiers, at: usize) -> String {
    let Some(level) = tiers.levels.get(at) else { return String::new() };
    match &level.need {
        Need::AtLeast(measure, number) => {
            let takes = tiers.measures.get(*measure).map(|measure| book.measured(&measure.basis, number));
            let takes = takes.unwrap_or_else(|| figure(number));
            format!("; {} takes {takes} ({})", isolate(&level.name.text), book.line(level.name.span))
        }
        Need::All(_) | Need::Any(_) | Need::NotEarned => format!(" ({})", book.line(level.name.span)),
    }
}

/// Writes a paragraph: on one line when one thing came of the event, else a line for each thing.
pub fn write(text: &mut String, paragraph: &Paragraph) {
    text.push_str(&paragraph.when);
    if !paragraph.what.is_empty() {
        text.push_str(&format!(" — {}", paragraph.what));
    }
    match paragraph.sentences.as_slice() {
        [only] => text.push_str(&format!(": {}\n", line(only))),
        several => {
            text.push_str(":\n");
            for sentence in several {
                text.push_str(&format!("  {}\n", capital(&line(sentence))));
            }
        }
    }
}

/// What came of it, then why: `57 stars. 28.95 from base (…); 57.90 rounded down to 57.`
fn line(sentence: &Sentence) -> String {
    let because = sentence.because.join("; ");
    match because.chars().next() {
        None => ended(&sentence.says),
        // A name may stand first, and stays as it is written: no sentence begins with it.
        Some(first) if first.is_lowercase() => format!("{}: {}", sentence.says, ended(&because)),
        Some(_) => format!("{} {}", ended(&sentence.says), ended(&because)),
    }
}

/// With a full stop at its end, but never two.
fn ended(text: &str) -> String {
    if text.ends_with(['.', '!', '?']) { text.to_string() } else { format!("{text}.") }
}

/// With a large first letter. Only for words of our own: a name stays as it is written.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
