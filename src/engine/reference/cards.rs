//! Punch cards: stamps that come, fill a card, lapse, and are taken back.

use super::Run;
use super::given::{views_now, visit_stands};
use super::log::Contribution;
use super::lots::Credit;
use super::scene::{Scene, View};
use super::state::{CardState, FullCard, GiftState, Member, Position, PurseKey, Seen, SeenKind, Stamp};
use crate::engine::outcome::{Cut, CutBy, Happened, How, Part, PostingKind, StampWhy};
use crate::mechanics::CardId;
use crate::mechanics::basis::Basis;
use crate::mechanics::card::{MOST_STAMPS, Stamp as Clause, StampPer, head_start};
use crate::mechanics::example::Held;
use crate::mechanics::give::{Give, What};
use crate::mechanics::rule::Trigger;
use crate::value::clock::{Date, Moment};
use crate::value::exact::{Exact, Rounding};

/// How many cards may fill one another in one event.
const MOST_CARDS: u32 = 16;

/// What brings stamps.
#[derive(Debug, Clone)]
pub(super) enum Origin {
    /// A `stamp` clause, by its place; of a visit, which.
    Clause(usize, Option<(Date, Option<String>)>),
    /// The `give` of a rule or of another card.
    Given,
}

impl<'a> Run<'a> {
    /// A new member's cards begin with their head start.
    pub(super) fn open_cards(&mut self, id: &str) {
        for (place, card) in self.program.cards.iter().enumerate() {
            self.member_mut(id).cards[place].open = head_start(card);
        }
    }

    /// The stamps that the event at hand brings by the cards' own clauses.
    pub(super) fn stamp_event(&mut self, id: &str) {
        for (place, card) in self.program.cards.iter().enumerate() {
            for clause in 0..card.stamps.len() {
                let Some(seen) = self.seen_now(id).cloned() else { return };
                let Some(member) = self.members.get(id) else { return };
                let number = self.stamps_of(member, &seen, CardId(place), clause);
                let visit = match card.stamps[clause].per {
                    StampPer::Visit => Some((seen.day, seen.event.store.clone())),
                    StampPer::Item | StampPer::Purchase | StampPer::Amount(..) => None,
                };
                let has = |stamp: &Stamp| stamp.clause == Some(clause) && stamp.visit == visit;
                if visit.is_some() && member.cards[place].stamps.iter().any(has) {
                    continue;
                }
                self.stamp(id, CardId(place), number, Origin::Clause(clause, visit));
            }
        }
    }

    /// How many stamps a clause gives for what is left of an event.
    fn stamps_of(&self, member: &Member<'a>, seen: &Seen<'a>, card: CardId, clause: usize) -> i64 {
        self.times_of(member, seen, &self.program.cards[card.0].stamps[clause])
    }

    /// How many stamps or entries a clause gives for what is left of an event.
    pub(super) fn times_of(&self, member: &Member<'a>, seen: &Seen<'a>, clause: &Clause) -> i64 {
        let lines = views_now(seen);
        let scene = self.scene_of(member, seen, &lines);
        let picked: Vec<View<'a>> = lines.iter().filter(|view| scene.picks(&clause.pick, view)).cloned().collect();
        let no_pick = clause.pick.with.is_none() && clause.pick.without.is_none();
        let scene = Scene { lines: &picked, ..scene };
        let purchase = seen.kind == SeenKind::Purchase && seen.gone.is_none();
        let visit = purchase || seen.kind == SeenKind::Visit;
        let times = match &clause.per {
            StampPer::Item if purchase => {
                picked.iter().map(|view| view.left.quantity.clone()).sum::<Exact>().round(Rounding::Down, 0)
            }
            StampPer::Purchase if purchase && (no_pick || !picked.is_empty()) => Exact::one(),
            StampPer::Visit if visit && (no_pick || !picked.is_empty()) => Exact::one(),
            StampPer::Amount(step, basis)
                if measures(basis, seen.kind) && (purchase || seen.kind != SeenKind::Purchase) =>
            {
                scene.count(basis).0.checked_div(step).unwrap_or_default().round(Rounding::Down, 0)
            }
            StampPer::Item | StampPer::Purchase | StampPer::Visit | StampPer::Amount(..) => Exact::zero(),
        };
        let times = times.max(Exact::zero()).to_i64().unwrap_or(i64::MAX);
        times.saturating_mul(i64::from(clause.number))
    }

    /// An accepted event as rules see it, with these lines.
    pub(super) fn scene_of<'s>(
        &'s self,
        member: &'s Member<'a>,
        seen: &'s Seen<'a>,
        lines: &'s [View<'a>],
    ) -> Scene<'s, 'a> {
        Scene {
            program: self.program,
            member,
            before: seen.position,
            at: seen.at,
            day: seen.day,
            timed: seen.event.timed,
            event: Some(seen.event),
            lines,
            opening: &seen.opening,
            campaign: (None, None),
            whole: None,
        }
    }

    /// Stamps come: limits first, then onto the open card; each full one gives what it gives.
    pub(super) fn stamp(&mut self, id: &str, card: CardId, number: i64, origin: Origin) {
        if number <= 0 {
            return;
        }
        let block = &self.program.cards[card.0];
        let mut number = number;
        let room = self.stamp_room(id, card).max(0);
        if room < number {
            self.note_stamps(id, card, room - number, StampWhy::Cut);
            number = room;
        }
        if number == 0 {
            return;
        }
        let (here, source) = (self.here, self.source());
        let state = &mut self.member_mut(id).cards[card.0];
        // What `discard` loses never stands on a card, so that a return cannot take it back either.
        let fits = if block.discard { (i64::from(block.full) - state.open).clamp(0, number) } else { number };
        let (clause, visit) = match origin {
            Origin::Clause(clause, visit) => (Some(clause), visit),
            Origin::Given => (None, None),
        };
        state.open += fits;
        state.stamps.push(Stamp { event: source, day: here.day, clause, visit, number: fits });
        state.log.add(here.position, here.at, here.day, Exact::from_int(fits));
        self.note_stamps(id, card, fits, StampWhy::Event);
        if fits < number {
            self.note_stamps(id, card, fits - number, StampWhy::Cut);
        }
        while self.members[id].cards[card.0].open >= i64::from(block.full.max(1)) {
            self.fill(id, card);
        }
    }

    /// What the card's limits leave, and what one event may bring.
    fn stamp_room(&self, id: &str, card: CardId) -> i64 {
        let Some(member) = self.members.get(id) else { return MOST_STAMPS };
        let source = self.source();
        let here = |stamp: &&Stamp| stamp.day == self.here.day && stamp.event == source;
        let came: i64 = member.cards[card.0].stamps.iter().rev().take_while(here).map(|stamp| stamp.number).sum();
        let room = |cap: &crate::mechanics::points::EarnCap| {
            let here = self.here;
            let span = super::scene::span(&cap.window, self.clock(), here.at, here.day, member.joined, (None, None));
            let used = member.cards[card.0].log.before(Position::MAX, &span);
            (&cap.most - used).round(Rounding::Down, 0).to_i64().unwrap_or(i64::MAX)
        };
        self.program.cards[card.0].limits.iter().map(room).fold(MOST_STAMPS - came, i64::min)
    }

    /// A card is full: it gives, and the next one begins.
    fn fill(&mut self, id: &str, card: CardId) {
        let block = &self.program.cards[card.0];
        let (here, source) = (self.here, self.source());
        let state = &mut self.member_mut(id).cards[card.0];
        state.open += head_start(block) - i64::from(block.full.max(1));
        let place = state.full.len();
        let took = i64::from(block.full.max(1)) - head_start(block);
        state.full.push(FullCard {
            gifts: Vec::new(),
            points: Vec::new(),
            stamps: Vec::new(),
            entries: Vec::new(),
            levels: Vec::new(),
            at: here.at,
            day: here.day,
            source,
            position: here.position,
            took,
        });
        self.note_stamps(id, card, -i64::from(block.full), StampWhy::Full);
        if head_start(block) > 0 {
            self.note_stamps(id, card, head_start(block), StampWhy::Start);
        }
        for give in &block.gives {
            self.give_for_card(id, card, place, give);
        }
        self.following.push_back((id.to_owned(), Trigger::Full(card)));
    }

    fn give_for_card(&mut self, id: &str, card: CardId, place: usize, give: &Give) {
        match &give.what {
            What::Gift(gift, number) => {
                let gifts = self.issue(id, Held::Gift(*gift), *number, None);
                self.member_mut(id).cards[card.0].full[place].gifts.extend(gifts);
            }
            What::Coupon(coupon, number) => {
                let coupons = self.issue(id, Held::Coupon(*coupon), *number, None);
                self.member_mut(id).cards[card.0].full[place].gifts.extend(coupons);
            }
            // Cards that stamp each other end somewhere.
            What::Stamps(other, number) if *other != card && self.depth < MOST_CARDS => {
                self.depth += 1;
                self.stamp(id, *other, i64::from(*number), Origin::Given);
                self.depth -= 1;
                self.member_mut(id).cards[card.0].full[place].stamps.push((*other, *number));
            }
            What::Stamps(..) => {}
            What::Entries(draw, number) => {
                self.enter_given(id, *draw, *number);
                self.member_mut(id).cards[card.0].full[place].entries.push((*draw, *number));
            }
            What::Level { tiers, level, until } => {
                self.grant_level(id, *tiers, *level, *until, None);
                self.member_mut(id).cards[card.0].full[place].levels.push((*tiers, *level));
            }
            What::Rate { .. }
            | What::Back { .. }
            | What::Fixed { .. }
            | What::PercentOf { .. }
            | What::Scale { .. }
            | What::Step { .. } => self.points_for_card(id, card, place, give),
        }
    }

    fn points_for_card(&mut self, id: &str, card: CardId, place: usize, give: &Give) {
        let Some(member) = self.members.get(id) else { return };
        let opening = self.opening_of(member);
        let lines = self.here.event.map(|event| self.lines_here(member, event)).unwrap_or_default();
        let scene = self.scene_now(member, &lines, &opening);
        let Some((unit, life, exact)) = self.points_of(give, &scene) else { return };
        let points = &self.program.points[unit.0];
        let mut amount = exact.round(points.round, points.decimals);
        let mut cuts = Vec::new();
        for (number, cap) in points.caps.iter().enumerate() {
            let span = scene.span(&cap.window);
            let used = super::valuation::used_in(&member.contributions, Position::MAX, span, |one| {
                if one.unit == Some(unit) { one.posted.clone() } else { Exact::zero() }
            });
            let room = (&cap.most - used).round(Rounding::Down, points.decimals).max(Exact::zero());
            if room < amount {
                cuts.push(Cut { rule: None, by: CutBy::EarnAtMost(number), off: &amount - &room });
                amount = room;
            }
        }
        let key = self.purse_key(unit, self.here.event);
        let part = Part { rule: None, exact, posted: amount.clone(), how: How::Fixed };
        let note = format!("the card {} is full", self.program.cards[card.0].name.text);
        self.credit(
            id,
            Credit {
                key: key.clone(),
                kind: PostingKind::Earned,
                amount: amount.clone(),
                life,
                parts: vec![part],
                cuts,
                note,
            },
        );
        let here = self.here;
        let member = self.member_mut(id);
        let contribution = Contribution {
            position: here.position,
            at: here.at,
            day: here.day,
            rule: None,
            unit: Some(unit),
            life,
            posted: amount,
            // A card's own points are rounded by themselves: a month that is rounded as one goes on without them.
            exact: Exact::zero(),
            times: 0,
        };
        member.cards[card.0].full[place].points.push((key, contribution.clone()));
        member.contributions.add(contribution);
    }

    /// After a return: stamps that what is left of the event no longer brings are taken back.
    pub(super) fn unstamp_event(&mut self, id: &str, position: Position) {
        for (place, card) in self.program.cards.iter().enumerate() {
            for clause in 0..card.stamps.len() {
                let Some(member) = self.members.get(id) else { return };
                let Some(seen) = member.seen_at(position) else { return };
                let state = &member.cards[place];
                let over = match card.stamps[clause].per {
                    StampPer::Visit => {
                        let visit = Some((seen.day, seen.event.store.clone()));
                        let stamps = state.stamps.iter().filter(|s| s.clause == Some(clause) && s.visit == visit);
                        if self.visit_still_stamps(member, seen, CardId(place), clause) {
                            0
                        } else {
                            stamps.map(|stamp| stamp.number).sum()
                        }
                    }
                    StampPer::Item | StampPer::Purchase | StampPer::Amount(..) => {
                        let own = |stamp: &&Stamp| stamp.clause == Some(clause) && stamp.event == seen.event.id;
                        let had: i64 = state.stamps.iter().filter(own).map(|stamp| stamp.number).sum();
                        (had - self.stamps_of(member, seen, CardId(place), clause)).max(0)
                    }
                };
                let visit = Some((seen.day, seen.event.store.clone()));
                let (event, at, day) = (seen.event.id.clone(), seen.at, seen.day);
                let per_visit = matches!(card.stamps[clause].per, StampPer::Visit);
                self.take_stamps(id, CardId(place), over, (at, day), |stamp| {
                    stamp.clause == Some(clause) && if per_visit { stamp.visit == visit } else { stamp.event == event }
                });
            }
        }
    }

    /// A stamp for a visit stays while one purchase of the visit stays.
    fn visit_still_stamps(&self, member: &Member<'a>, seen: &Seen<'a>, card: CardId, clause: usize) -> bool {
        visit_stands(member, seen)
            && member.of_visit(seen.visit()).any(|other| self.stamps_of(member, other, card, clause) > 0)
    }

    /// Takes stamps back, the last first: off the open card, or by opening the last full one again.
    pub(super) fn take_stamps(
        &mut self,
        id: &str,
        card: CardId,
        number: i64,
        (at, day): (Moment, Date),
        which: impl Fn(&Stamp) -> bool,
    ) {
        let mut taken = 0;
        let state = &mut self.member_mut(id).cards[card.0];
        for stamp in state.stamps.iter_mut().rev().filter(|stamp| which(stamp)) {
            let part = stamp.number.min(number - taken).max(0);
            stamp.number -= part;
            taken += part;
        }
        state.stamps.retain(|stamp| stamp.number > 0);
        if taken > 0 {
            let position = self.here.position;
            self.member_mut(id).cards[card.0].log.add(position, at, day, Exact::from_int(-taken));
        }
        for _ in 0..taken {
            self.take_one_stamp(id, card);
        }
    }

    fn take_one_stamp(&mut self, id: &str, card: CardId) {
        let block = &self.program.cards[card.0];
        let member = &self.members[id];
        let state = &member.cards[card.0];
        let empty = state.open <= head_start(block);
        let last_full = state.full.last().filter(|_| empty);
        let became = |wanted: GiftState| {
            last_full.is_some_and(|full| full.gifts.iter().any(|place| member.gifts[*place].state == wanted))
        };
        if last_full.is_some() && became(GiftState::Expired) && !became(GiftState::Used) {
            // Lapsed: nothing is owed.
            return;
        }
        let reopens = last_full.is_some() && !became(GiftState::Used);
        self.member_mut(id).cards[card.0].open -= 1;
        self.note_stamps(id, card, -1, StampWhy::Returned);
        if reopens {
            self.reopen(id, card);
        }
    }

    /// Opens the last full card again: its gift is revoked, its points, stamps, entries and levels are taken back.
    ///
    /// Stamps that it gave may have filled the card before it, and so on: as deep as there are full cards, so the stack
    /// grows as it has to.
    fn reopen(&mut self, id: &str, card: CardId) {
        /// Bytes that have to be free to go on, and bytes that a stack grows by.
        const STACK: (usize, usize) = (256 << 10, 4 << 20);
        stacker::maybe_grow(STACK.0, STACK.1, || self.reopen_last(id, card));
    }

    fn reopen_last(&mut self, id: &str, card: CardId) {
        let state = &mut self.member_mut(id).cards[card.0];
        let Some(full) = state.full.pop() else { return };
        let back = full.took;
        state.open += back;
        self.note_stamps(id, card, back, StampWhy::Reopened);
        for place in full.gifts {
            if self.members[id].gifts[place].state == GiftState::Held {
                self.set_gift(id, place, GiftState::Revoked);
            } else {
                self.member_mut(id).gifts[place].withdrawn = true;
            }
        }
        for (key, given) in full.points {
            self.claw_from_card(id, &key, &full.source, given, card);
        }
        for (other, number) in full.stamps {
            self.take_stamps(id, other, i64::from(number), (full.at, full.day), |stamp| {
                stamp.clause.is_none() && stamp.event == full.source
            });
        }
        for (draw, number) in full.entries {
            self.take_entries(id, draw, number, &full.source);
        }
        for (tiers, level) in full.levels {
            self.take_given_back(id, tiers, level, &full.source);
        }
        self.undo_further(id, Trigger::Full(card), Some(full.position));
    }

    /// What a card gave that is full no more is taken back, and counts no more in limits, levels and measures; what of
    /// it has expired stays used up.
    fn claw_from_card(&mut self, id: &str, key: &PurseKey, source: &str, given: Contribution, card: CardId) {
        let life = given.life;
        let expired = self.members[id].purses.get(key).map(|purse| purse.expired_of(source, life)).unwrap_or_default();
        let amount = (&given.posted - expired).max(Exact::zero());
        let undone = Contribution { position: self.here.position, posted: -&amount, exact: -&given.exact, ..given };
        self.member_mut(id).contributions.add(undone);
        let taken = self.claw(id, key, source, life, amount);
        let note = format!("the card {} is no longer full", self.program.cards[card.0].name.text);
        self.post_claw(id, key, taken, Vec::new(), note);
    }

    /// Cards whose last day has passed lapse here; stamps owed are cleared with them.
    pub(super) fn lapse_cards(&mut self, id: &str) {
        for card in 0..self.program.cards.len() {
            let ended = self.members.get(id).and_then(|member| self.card_last_day(member, CardId(card)));
            if ended.is_some_and(|last| last < self.here.day) {
                let start = head_start(&self.program.cards[card]);
                self.clear_card(id, CardId(card), StampWhy::Lapsed, start);
            }
        }
    }

    /// Ends an open card; the next one begins with `start` stamps.
    pub(super) fn clear_card(&mut self, id: &str, card: CardId, why: StampWhy, start: i64) {
        let head = head_start(&self.program.cards[card.0]);
        let state = &mut self.member_mut(id).cards[card.0];
        let change = start - state.open;
        let mut rest = state.open - head;
        for stamp in state.stamps.iter_mut().rev() {
            let part = stamp.number.min(rest).max(0);
            stamp.number -= part;
            rest -= part;
        }
        state.stamps.retain(|stamp| stamp.number > 0);
        state.open = start;
        if change != 0 {
            self.note_stamps(id, card, change, why);
        }
    }

    /// The earliest day on which a card of a member lapses.
    pub(super) fn cards_due(&self, member: &Member<'a>) -> Option<Date> {
        let cards = (0..self.program.cards.len()).map(CardId);
        cards.filter_map(|card| self.card_last_day(member, card)?.tomorrow().ok()).min()
    }

    /// The last day of the open card: its clock runs from its first or its last remaining stamp.
    fn card_last_day(&self, member: &Member<'a>, card: CardId) -> Option<Date> {
        let block = &self.program.cards[card.0];
        let life = block.expire?;
        let state = &member.cards[card.0];
        let head = head_start(block);
        if state.open == head {
            return None;
        }
        let first = state.open_from(head);
        let full = || state.full.last().map(|full| full.day);
        let last = || state.stamps.last().map(|stamp| stamp.day).or_else(full);
        let from = if life.after_first { state.stamps.get(first).map(|stamp| stamp.day).or_else(last) } else { last() };
        life.length.after(from?)
    }

    fn note_stamps(&mut self, id: &str, card: CardId, change: i64, why: StampWhy) {
        let stands_at = self.members.get(id).map_or(0, |member| member.cards[card.0].open);
        self.note(Some(id), Happened::Stamped { card, change, stands_at, why });
    }

    /// The card of an account taken in: its stamps come onto this one.
    pub(super) fn merge_card(&mut self, id: &str, card: CardId, theirs: CardState, shift: usize) {
        let block = &self.program.cards[card.0];
        let more = theirs.open - head_start(block);
        let state = &mut self.member_mut(id).cards[card.0];
        state.open += more;
        state.stamps.extend(theirs.stamps);
        state.stamps.sort_by_key(|stamp| stamp.day);
        let moved = theirs.full.into_iter().map(|mut full| {
            full.gifts.iter_mut().for_each(|place| *place += shift);
            full
        });
        state.full.extend(moved);
        state.full.sort_by_key(|full| full.position);
        state.log.absorb(theirs.log);
        if more != 0 {
            self.note_stamps(id, card, more, StampWhy::Event);
        }
        while self.members[id].cards[card.0].open >= i64::from(block.full.max(1)) {
            self.fill(id, card);
        }
    }
}

impl CardState {
    /// The place of the first stamp that stands on the open card.
    fn open_from(&self, head: i64) -> usize {
        let mut need = self.open - head;
        let mut first = self.stamps.len();
        while need > 0 && first > 0 {
            first -= 1;
            need -= self.stamps[first].number;
        }
        first
    }
}

/// Whether a measure belongs to this kind of event.
fn measures(basis: &Basis, kind: SeenKind) -> bool {
    match basis {
        Basis::Total(_) | Basis::Items(_) | Basis::Purchases(_) => kind == SeenKind::Purchase,
        Basis::Visits(_) => matches!(kind, SeenKind::Purchase | SeenKind::Visit),
        Basis::Activity(None) | Basis::Field { activity: None, .. } => matches!(kind, SeenKind::Activity(_)),
        Basis::Activity(Some(wanted)) | Basis::Field { activity: Some(wanted), .. } => {
            kind == SeenKind::Activity(*wanted)
        }
        Basis::Points(_) | Basis::Distinct(..) | Basis::One => kind == SeenKind::Purchase,
    }
}
