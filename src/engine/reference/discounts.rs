//! Money off: discounts, and the coupons that a purchase names. They are worked out before points (section 6.3), on
//! the price before discounts, and change nothing of the amounts, which a history gives as they were paid.

use super::Run;
use super::coupons::{Used, by_use};
use super::events::seen_lines;
use super::off::{Draft, Item, changes, cut_together, never_more_than_it_costs};
use super::part::Shared;
use super::scene::{Scene, View};
use super::state::{Member, Opening, Position, Seen, SeenKind};
use super::tally::Tally;
use crate::engine::outcome::{DiscountOf, Happened, MoneyOff, OffCutBy, OffWhat};
use crate::ledger::{Event, Kind};
use crate::mechanics::condition::Condition;
use crate::mechanics::discount::{DiscountLimit, DiscountLimitOf};
use crate::mechanics::stack::Take;
use crate::mechanics::{CouponId, DiscountId, StackId};
use crate::value::clock::{Date, Moment, Window};
use crate::value::exact::{Exact, Rounding};
use std::collections::{BTreeMap, BTreeSet};

/// What a purchase had of a discount, or by how much a return changed it: for limits.
#[derive(Debug, Clone)]
pub struct DiscountHad {
    /// When it was noted.
    pub position: Position,
    /// The moment of its purchase.
    pub at: Moment,
    /// The day of its purchase.
    pub day: Date,
    /// Which.
    pub discount: DiscountId,
    /// 1, or minus 1 where a return undid it; nothing where only the money changed.
    pub times: i64,
    /// How much more was taken off.
    pub off: Exact,
}

/// What everybody together had of one discount.
#[derive(Debug, Clone, Default)]
pub(super) struct HadInAll {
    /// How many purchases.
    pub times: Tally,
    /// How much was taken off.
    pub off: Tally,
}

/// A purchase that nobody put a name to, and what is taken off it.
#[derive(Debug, Clone)]
pub(super) struct Nobodys<'a> {
    event: &'a Event,
    position: Position,
    off: Vec<MoneyOff>,
}

/// A coupon as it is shown at the till.
struct Shown<'m> {
    /// Which.
    coupon: CouponId,
    /// Money that it is worth by itself.
    worth: Option<Exact>,
    /// The category that an offer gave it for.
    only: Option<&'m str>,
}

impl<'a> Run<'a> {
    /// What the purchase at hand has taken off; coupons that it names are used by it, or rejected.
    pub(super) fn take_off(&mut self, id: &str) {
        let Some(event) = self.here.event.filter(|event| event.kind == Kind::Purchase) else { return };
        let coupons = self.coupons_of(event, id);
        let Some(member) = self.members.get(id) else { return };
        let Some(seen) = member.seen_of(event) else { return };
        let mut off = self.off_of(member, seen, &coupons);
        let coupons = self.that_take_something(id, coupons, &mut off);
        for (_, place) in &coupons {
            self.use_up(id, *place);
        }
        self.tell_off(Some(id), &[], &off);
        self.count_had(Some(id), &[], &off, (self.here.at, self.here.day));
        if let Some(seen) = self.seen_here(id) {
            seen.coupons = coupons;
            seen.off_of = Some(id.to_owned()).filter(|_| !off.is_empty());
            seen.off = off;
        }
    }

    /// Works out again what a purchase has taken off, with what is left of it; a coupon that takes nothing off any more
    /// is held again where it is still valid.
    pub(super) fn take_off_again(&mut self, id: &str, position: Position) {
        let Some(member) = self.members.get(id) else { return };
        let Some(seen) = member.seen_at(position) else { return };
        if seen.off.is_empty() && seen.coupons.is_empty() {
            return;
        }
        let (before, coupons, of, whole) =
            (seen.off.clone(), seen.coupons.clone(), (seen.at, seen.day), seen.gone.is_some());
        let mut off = if whole { Vec::new() } else { self.off_of(member, seen, &coupons) };
        let (used, idle) = by_use(coupons, &mut off);
        // What stands under a name is taken back under that name, though the account was taken in by another.
        let told = seen.off_of.clone().unwrap_or_else(|| id.to_owned());
        let purchase = seen.event.id.clone();
        let mut tells = off.clone();
        tells.extend(self.of_idle(id, &purchase, &idle));
        self.tell_off(Some(&told), &before, &tells);
        self.count_had(Some(id), &before, &off, of);
        for (_, place) in &idle {
            self.hold_again(id, *place);
        }
        if let Some(seen) = self.member_mut(id).seen_at_mut(position) {
            seen.off_of = Some(told).filter(|_| !off.is_empty());
            seen.off = off;
            seen.coupons = used;
        }
    }

    /// What nobody's purchase has taken off: by discounts that ask nothing of a member.
    pub(super) fn take_off_nobodys(&mut self, event: &'a Event) {
        let Nobodys { off, .. } = self.off_nobodys(event, self.here.position, None);
        self.tell_off(None, &[], &off);
        self.count_had(None, &[], &off, (event.at, event.day));
        if !off.is_empty() {
            self.nobodys.insert(&event.id, Nobodys { event, position: self.here.position, off });
        }
    }

    /// The same once more, after a return.
    pub(super) fn take_off_nobodys_again(&mut self, purchase: &str) {
        let Some(nobodys) = self.nobodys.get(purchase) else { return };
        let (event, before) = (nobodys.event, nobodys.off.clone());
        let lines: Vec<View<'a>> = self.anonymous.get(purchase).into_iter().flatten().map(view).collect();
        let position = nobodys.position;
        let again = self.while_under(self.version_for(None, event.day), |run| {
            let again = run.off_nobodys(event, position, Some(lines));
            run.tell_off(None, &before, &again.off);
            run.count_had(None, &before, &again.off, (event.at, event.day));
            again
        });
        self.nobodys.insert(&event.id, again);
    }

    fn off_nobodys(&self, event: &'a Event, position: Position, left: Option<Vec<View<'a>>>) -> Nobodys<'a> {
        let (tiers, cards) = (self.program.tiers.len(), self.program.cards.len());
        let stranger = Member::stranger("", tiers, cards);
        let mut lines: Vec<View<'a>> = left.unwrap_or_else(|| seen_lines(event, position).iter().map(view).collect());
        // What is gone, or was struck off at the till, is no line of a discount, as in a member's purchase.
        lines.retain(|view| !view.left.is_gone());
        let opening = Opening::default();
        let scene = Scene {
            program: self.program,
            member: &stranger,
            before: position,
            at: event.at,
            day: event.day,
            timed: event.timed,
            event: Some(event),
            lines: &lines,
            opening: &opening,
            campaign: (None, None),
            whole: None,
        };
        Nobodys { event, position, off: self.money_off(&scene, &event.id, true, &[]) }
    }

    /// What discounts and these coupons take off a remembered purchase.
    fn off_of(&self, member: &Member<'a>, seen: &Seen<'a>, coupons: &[Used]) -> Vec<MoneyOff> {
        if seen.kind != SeenKind::Purchase {
            return Vec::new();
        }
        let lines = super::given::views_now(seen);
        let scene = self.scene_of(member, seen, &lines);
        let shown = |(coupon, place): &Used| {
            let gift = member.gifts.get(*place);
            let (worth, only) = gift.map(|gift| (gift.worth.clone(), gift.only.as_deref())).unwrap_or_default();
            Shown { coupon: *coupon, worth, only }
        };
        let coupons: Vec<_> = coupons.iter().map(shown).collect();
        self.money_off(&scene, &seen.event.id, false, &coupons)
    }

    /// Everything that is taken off a purchase, in the order of the file, coupons last; each coupon has a place, though
    /// it takes nothing off.
    fn money_off(&self, scene: &Scene<'_, 'a>, purchase: &str, nobodys: bool, coupons: &[Shown<'_>]) -> Vec<MoneyOff> {
        let full: Vec<Exact> = scene.lines.iter().map(|view| view.left.regular.clone().max(Exact::zero())).collect();
        let mut drafts: Vec<Draft> = Vec::new();
        for (place, block) in self.program.discounts.iter().enumerate() {
            if !self.program.has(crate::mechanics::reading::Kind::Discount, place) {
                continue;
            }
            let id = DiscountId(place);
            if (nobodys && !block.is_for_anybody()) || !self.is_given(id, scene) {
                continue;
            }
            let compound = block.group.filter(|stack| self.program.stacks[stack.0].take == Take::Compound);
            let prices = match compound {
                Some(stack) => self.left_by(stack, &full, &drafts),
                None => full.clone(),
            };
            drafts.extend(self.draft_discount(id, scene, &prices));
        }
        self.stacks(scene, &mut drafts, &full);
        drafts.extend(coupons.iter().map(|coupon| self.draft_coupon(coupon, scene, &full)));
        never_more_than_it_costs(&mut drafts, &full, self.program.settings.minor_units);
        drafts.into_iter().map(|draft| draft.told(purchase)).collect()
    }

    /// Whether a discount is given here: its days, conditions and limits.
    fn is_given(&self, id: DiscountId, scene: &Scene<'_, 'a>) -> bool {
        let block = &self.program.discounts[id.0];
        let scene = &Scene { campaign: (block.from, block.until), ..*scene };
        block.from.is_none_or(|from| from <= scene.day)
            && block.until.is_none_or(|until| scene.day <= until)
            && block.when.as_ref().is_none_or(|when| scene.holds(when))
            && (block.memberships.is_empty()
                || block.memberships.iter().any(|one| scene.opening.memberships.contains(one)))
            && block.limits.iter().all(|limit| match limit.of {
                DiscountLimitOf::Times => self.had(id, limit, scene) < limit.most,
                // What is left of money is known when it is clear how much is taken off.
                DiscountLimitOf::Money => true,
            })
    }

    /// What was had before of what a limit counts.
    fn had(&self, id: DiscountId, limit: &DiscountLimit, scene: &Scene<'_, 'a>) -> Exact {
        if !limit.per_member {
            let span = scene.span(&limit.window);
            let all = &self.had_in_all[id.0];
            return match limit.of {
                DiscountLimitOf::Times => all.times.before(scene.before, &span),
                DiscountLimitOf::Money => all.off.before(scene.before, &span),
            };
        }
        let hers = had_within(scene, &limit.window, |one| one == id);
        match limit.of {
            DiscountLimitOf::Times => Exact::from_int(hers.map(|one| one.times).sum()),
            DiscountLimitOf::Money => hers.map(|one| &one.off).sum(),
        }
    }

    /// Cuts a discount to what its limits of money leave.
    fn within_limits(&self, id: DiscountId, scene: &Scene<'_, 'a>, draft: &mut Draft) {
        for (place, limit) in self.program.discounts[id.0].limits.iter().enumerate() {
            match limit.of {
                DiscountLimitOf::Times => {}
                DiscountLimitOf::Money => {
                    if !limit.per_member {
                        let asked = (Shared::DiscountMoney(id), scene.day);
                        *self.asked.borrow_mut().entry(asked).or_default() += &draft.off;
                    }
                    let left = &limit.most - self.had(id, limit, scene);
                    draft.cut_to(&left.max(Exact::zero()), OffCutBy::Limit(place));
                }
            }
        }
    }

    /// The lines that something is for, at these prices; none cost less than nothing.
    fn items(&self, scene: &Scene<'_, 'a>, which: Option<&Condition>, prices: &[Exact]) -> Vec<Item> {
        let lines = scene.lines.iter().zip(prices).enumerate();
        let picked = lines
            .filter(|(_, (view, price))| price.is_positive() && which.is_none_or(|which| scene.holds_for(which, view)));
        picked
            .map(|(at, (view, price))| Item { at, price: price.clone(), quantity: view.left.quantity.clone() })
            .collect()
    }

    /// What one discount takes off, before its stack; none where it is for nothing here.
    fn draft_discount(&self, id: DiscountId, scene: &Scene<'_, 'a>, prices: &[Exact]) -> Option<Draft> {
        let block = &self.program.discounts[id.0];
        let scene = &Scene { campaign: (block.from, block.until), ..*scene };
        let items = self.items(scene, block.items.as_ref(), prices);
        let mut takes: Vec<OffWhat> = block.takes.iter().map(|(off, _)| OffWhat::Off(off.clone())).collect();
        if let Some(scale) = &block.scale {
            let measured = scene.aggregate(&scale.basis, &scene.span(&scale.window));
            let reached = scale.bands.iter().rev().find(|(from, _)| *from <= measured);
            takes.extend(reached.map(|(_, percent)| OffWhat::Scale { percent: percent.clone(), measured }));
        }
        let mut draft = Draft::new(DiscountOf::Discount(id), &items, takes, prices.len());
        draft.round(self.program.settings.minor_units);
        if let Some((cap, _)) = &block.cap {
            draft.cut_to(cap, OffCutBy::Cap);
        }
        self.within_limits(id, scene, &mut draft);
        draft.off.is_positive().then_some(draft)
    }

    fn draft_coupon(&self, coupon: &Shown<'_>, scene: &Scene<'_, 'a>, prices: &[Exact]) -> Draft {
        let block = &self.program.coupons[coupon.coupon.0];
        let fits = self.unfit(coupon.coupon, coupon.only, scene).is_none();
        let items = if fits { self.coupon_items(coupon.coupon, coupon.only, scene, prices) } else { Vec::new() };
        let takes = block.takes.iter().map(|(off, _)| OffWhat::Off(off.clone()));
        let takes = takes.chain(coupon.worth.clone().map(OffWhat::Worth)).collect();
        let mut draft = Draft::new(DiscountOf::Coupon(coupon.coupon), &items, takes, prices.len());
        draft.round(self.program.settings.minor_units);
        draft
    }

    /// The lines that a coupon is for: what its `items` say, and of one that an offer gave for a category that alone.
    fn coupon_items(&self, id: CouponId, only: Option<&str>, scene: &Scene<'_, 'a>, prices: &[Exact]) -> Vec<Item> {
        let mut items = self.items(scene, self.program.coupons[id.0].items.as_ref(), prices);
        if let Some(only) = only {
            items.retain(|item| scene.lines[item.at].line.category.as_deref() == Some(only));
        }
        items
    }

    /// Why a coupon is not for a purchase; none where it is. `only` is the category that an offer gave it for.
    pub(super) fn unfit(&self, id: CouponId, only: Option<&str>, scene: &Scene<'_, 'a>) -> Option<String> {
        let block = &self.program.coupons[id.0];
        let name = &block.name.text;
        let prices: Vec<Exact> = scene.lines.iter().map(|view| view.left.regular.clone().max(Exact::zero())).collect();
        let total: Exact = prices.iter().sum();
        if block.when.as_ref().is_some_and(|when| !scene.holds(when)) {
            return Some(format!("{name} is not for this purchase"));
        }
        if let Some(least) = block.at_least.as_ref().filter(|least| total < **least) {
            let settings = &self.program.settings;
            let figure = |money: &Exact| money.fixed(settings.minor_units);
            let (least, total, money) = (figure(least), figure(&total), &settings.money);
            return Some(format!("{name} is for purchases of at least {least} {money}, this one is {total} {money}"));
        }
        if !self.coupon_items(id, only, scene, &prices).is_empty() {
            return None;
        }
        Some(match only {
            Some(only) => format!("this {name} is for {only}, and none of the items is one that it is for"),
            None => format!("none of the items is one that {name} is for"),
        })
    }

    /// What earlier discounts of a stack leave of the prices.
    fn left_by(&self, stack: StackId, full: &[Exact], drafts: &[Draft]) -> Vec<Exact> {
        let mut left = full.to_vec();
        for draft in drafts.iter().filter(|draft| self.stack_of(draft) == Some(stack)) {
            draft.leave(&mut left);
        }
        left
    }

    fn stack_of(&self, draft: &Draft) -> Option<StackId> {
        match draft.of {
            DiscountOf::Discount(id) => self.program.discounts[id.0].group,
            DiscountOf::Coupon(_) => None,
        }
    }

    /// Of the discounts of one stack that meet, keeps those that its `take` names; then its cap, the last in the file
    /// cut first.
    fn stacks(&self, scene: &Scene<'_, 'a>, drafts: &mut [Draft], full: &[Exact]) {
        for (place, stack) in self.program.stacks.iter().enumerate() {
            let id = StackId(place);
            let of_stack: Vec<usize> = (0..drafts.len()).filter(|at| self.stack_of(&drafts[*at]) == Some(id)).collect();
            let mut by_off = of_stack.clone();
            by_off.sort_by(|a, b| drafts[*b].off.cmp(&drafts[*a].off).then(a.cmp(b)));
            let kept: BTreeSet<usize> = match &stack.take {
                Take::All | Take::Compound | Take::First(_) => of_stack.iter().copied().collect(),
                Take::Best(number) => by_off.into_iter().take(*number as usize).collect(),
                Take::FirstDiscount(order) => {
                    let at = |wanted: &DiscountId| {
                        of_stack.iter().copied().find(|at| drafts[*at].of == DiscountOf::Discount(*wanted))
                    };
                    order.iter().find_map(at).into_iter().collect()
                }
            };
            for at in of_stack.iter().filter(|at| !kept.contains(at)) {
                drafts[*at].cut_to(&Exact::zero(), OffCutBy::Stack(id));
            }
            if let Some((percent, _)) = &stack.cap_percent {
                let receipt: Exact = full.iter().sum();
                let minor_units = self.program.settings.minor_units;
                let most = (receipt * percent * Exact::ratio(1, 100)).round(Rounding::Down, minor_units);
                cut_together(drafts, &of_stack, &most, OffCutBy::StackCap(id));
            }
            for (nth, cap) in stack.money_caps.iter().enumerate() {
                let left = &cap.most - self.taken_by(id, scene, &cap.window);
                cut_together(drafts, &of_stack, &left.max(Exact::zero()), OffCutBy::StackMoney(id, nth));
            }
        }
    }

    /// What the discounts of a stack took off before, in a window of the member's.
    fn taken_by(&self, stack: StackId, scene: &Scene<'_, 'a>, window: &Window) -> Exact {
        let of_stack = |id: DiscountId| self.program.discounts[id.0].group == Some(stack);
        had_within(scene, window, of_stack).map(|one| &one.off).sum()
    }

    /// Writes down what is taken off now and was not before.
    fn tell_off(&mut self, member: Option<&str>, before: &[MoneyOff], now: &[MoneyOff]) {
        for one in changes(before, now) {
            self.note(member, Happened::Discount(Box::new(one)));
        }
    }

    /// Counts what was had of discounts, at the position at hand and on the purchase's own day; nobody's only over
    /// everybody together.
    fn count_had(&mut self, id: Option<&str>, before: &[MoneyOff], now: &[MoneyOff], (at, day): (Moment, Date)) {
        let had = |all: &[MoneyOff]| -> BTreeMap<DiscountId, Exact> {
            let off = all.iter().filter(|one| one.off.is_positive());
            off.filter_map(|one| Some((one.of.discount()?, one.off.clone()))).collect()
        };
        let (before, now) = (had(before), had(now));
        let either: BTreeSet<DiscountId> = before.keys().chain(now.keys()).copied().collect();
        let position = self.here.position;
        for discount in either {
            let (old, new) = (before.get(&discount), now.get(&discount));
            let times = i64::from(new.is_some()) - i64::from(old.is_some());
            let off = new.cloned().unwrap_or_default() - old.cloned().unwrap_or_default();
            if times == 0 && off.is_zero() {
                continue;
            }
            let all = &mut self.had_in_all[discount.0];
            all.times.add(position, at, day, Exact::from_int(times));
            all.off.add(position, at, day, off.clone());
            if let Some(id) = id {
                self.member_mut(id).discounted.push(DiscountHad { position, at, day, discount, times, off });
            }
        }
    }
}

fn view<'a>(line: &super::state::SeenLine<'a>) -> View<'a> {
    View { line: line.line, left: line.now().clone() }
}

/// What a member had of some discounts before a scene, within a window.
fn had_within<'s>(
    scene: &Scene<'s, '_>,
    window: &Window,
    which: impl Fn(DiscountId) -> bool,
) -> impl Iterator<Item = &'s DiscountHad> {
    let (span, before) = (scene.span(window), scene.before);
    let log = scene.member.discounted.iter();
    log.filter(move |one| which(one.discount) && one.position < before && span.holds(one.at, one.day))
}
