//! Redemptions: a reward bought with points, a gift used; all or nothing (section 6.12).

use super::Run;
use super::households::by_owner;
use super::lots::plain;
use super::scene::{Span, View};
use super::state::{GiftState, Member, Redemption, SeenKind};
use crate::engine::outcome::{GiftLife, Happened, Posting, PostingKind, Reason};
use crate::ledger::Event;
use crate::mechanics::condition::Condition;
use crate::mechanics::example::Held;
use crate::mechanics::points::{Pay, Renewal};
use crate::mechanics::reward::{MOST_AT_ONCE, Price, Reward};
use crate::mechanics::{CouponId, GiftId, RewardId};
use crate::value::exact::Exact;

/// Why not, and the sentence that says it.
type Refusal = (Reason, String);

impl<'a> Run<'a> {
    /// A `redeem` event: the name of a reward always buys one, that of a gift or coupon uses one that is held.
    pub(super) fn redeem(&mut self, event: &'a Event, id: &str) {
        let name = event.reference.as_deref().unwrap_or("");
        let done = match self.held_named(name) {
            None => Err((Reason::UnknownReward, format!("the program has no reward, gift or coupon called {name:?}"))),
            Some(Held::Reward(reward)) => self.buy(event, id, reward),
            Some(Held::Gift(gift)) => self.use_gift(event, id, gift),
            Some(Held::Coupon(coupon)) => self.use_coupon(event, id, coupon),
        };
        if let Err((reason, sentence)) = done {
            return self.reject(Some(id), reason, sentence);
        }
        self.redeemed_by.insert(&event.id, id.to_owned());
        let valuation = self.take_in(event, id, SeenKind::Redeem, |_| {});
        self.bring(id, Renewal::Redeem, &valuation);
    }

    /// How many: 1 where nothing is said; one event takes no more than [`MOST_AT_ONCE`].
    fn how_many(event: &Event) -> Result<u32, Refusal> {
        let wanted = event.qty().cloned().unwrap_or_else(Exact::one);
        let number = wanted.to_i64().and_then(|number| u32::try_from(number).ok());
        let number = number.filter(|number| (1..=MOST_AT_ONCE).contains(number));
        number.ok_or_else(|| (Reason::NotEligible, format!("{wanted} is no number of rewards")))
    }

    fn buy(&mut self, event: &'a Event, id: &str, reward: RewardId) -> Result<(), Refusal> {
        let number = Self::how_many(event)?;
        let block = &self.program.rewards[reward.0];
        let price = self.price(event, id, block)?;
        self.limits_allow(id, reward, number)?;
        if self.in_stock(Held::Reward(reward)).is_some_and(|left| left < number) {
            return Err((Reason::OutOfStock, format!("fewer than {number} left of {}", block.name.text)));
        }
        let unit = &self.program.points[price.unit.0];
        if unit.pay == Some(Pay::ByPayoutOnly) {
            let name = unit.plural.as_ref().unwrap_or(&unit.name.text);
            return Err((Reason::NotEligible, format!("{name} are spent by payout only")));
        }
        let key = self.purse_key(price.unit, Some(event));
        let cost = &price.number * Exact::from_int(i64::from(number));
        let balance = self.pool(id, &key);
        if balance < cost {
            let unit = &self.program.points[price.unit.0];
            let figure = |amount: &Exact| amount.fixed(unit.decimals);
            let whose = self.whose_balance(id, key.0);
            let sentence = format!("{} costs {}, {whose} is {}", block.name.text, figure(&cost), figure(&balance));
            return Err((Reason::NotEnough, sentence));
        }
        let spent = self.spend(id, &key, &cost);
        let note = match &price.money {
            Some(money) => format!("{} and {money} {}", block.name.text, self.program.settings.money),
            None => block.name.text.clone(),
        };
        self.post_spent(id, PostingKind::Spent, &note, &spent);
        let gifts = self.issue(id, Held::Reward(reward), number, None);
        let here = self.here;
        let quantity = Exact::from_int(i64::from(number));
        self.redemptions[reward.0].add(here.position, here.at, here.day, quantity.clone());
        self.member_mut(id).redemptions.push(Redemption {
            event: event.id.clone(),
            position: here.position,
            at: here.at,
            day: here.day,
            reward: reward.0,
            quantity,
            spent,
            gifts,
            undone: None,
        });
        Ok(())
    }

    /// The first price whose condition holds, for one who may have the reward today.
    fn price(&self, event: &'a Event, id: &str, block: &'a Reward) -> Result<&'a Price, Refusal> {
        let name = &block.name.text;
        if block.from.is_some_and(|from| event.day < from) {
            return Err((Reason::NotEligible, format!("{name} is not offered yet")));
        }
        if block.until.is_some_and(|until| until < event.day) {
            return Err((Reason::Expired, format!("{name} is not offered any more")));
        }
        let not_hers = || (Reason::NotEligible, format!("{name} is not for this member"));
        let member = self.members.get(id).ok_or_else(not_hers)?;
        let opening = self.opening_of(member);
        let lines = self.lines_here(member, event);
        let scene = self.scene_now(member, &lines, &opening);
        if block.when.as_ref().is_some_and(|when| !scene.holds(when)) {
            return Err(not_hers());
        }
        let in_unit = |price: &&Price| {
            let unit = &self.program.points[price.unit.0];
            event.unit.as_ref().is_none_or(|wanted| *wanted == unit.name.text || unit.plural.as_ref() == Some(wanted))
        };
        let mut prices = block.prices.iter().filter(in_unit);
        prices.find(|price| price.when.as_ref().is_none_or(|when| scene.holds(when))).ok_or_else(not_hers)
    }

    /// A reward's limits, net of redemptions that were undone.
    fn limits_allow(&self, id: &str, reward: RewardId, number: u32) -> Result<(), Refusal> {
        let block = &self.program.rewards[reward.0];
        let Some(member) = self.members.get(id) else { return Ok(()) };
        for limit in &block.limits {
            let (here, campaign) = (self.here, (block.from, block.until));
            let span: Span =
                super::scene::span(&limit.window, self.clock(), here.at, here.day, member.joined, campaign);
            let used: Exact = if limit.per_member {
                let hers = member.redemptions.iter().filter(|one| one.reward == reward.0 && one.undone.is_none());
                hers.filter(|one| span.holds(one.at, one.day)).map(|one| &one.quantity).sum()
            } else {
                self.redemptions[reward.0].before(here.position, &span)
            };
            if used + Exact::from_int(i64::from(number)) > limit.most {
                let sentence = format!("at most {} of {} in {}", limit.most, block.name.text, limit.window);
                return Err((Reason::Limit, sentence));
            }
        }
        Ok(())
    }

    fn use_gift(&mut self, event: &'a Event, id: &str, gift: GiftId) -> Result<(), Refusal> {
        let number = Self::how_many(event)? as usize;
        let name = self.held_name(Held::Gift(gift));
        self.within_gift(event, id, gift)?;
        let Some(member) = self.members.get(id) else {
            return Err((Reason::NotHeld, format!("{name} was never held")));
        };
        // A gift that is a choice of several is used by the name of the one chosen, by whom that one is for.
        let chosen = |held: Held| match held {
            Held::Gift(other) => self.program.gifts[other.0].choose.contains(&gift),
            Held::Reward(_) | Held::Coupon(_) => false,
        };
        let may_choose = self.may_choose(member, event, gift);
        let serves = |held: Held| held == Held::Gift(gift) || may_choose && chosen(held);
        let usable = member.usable(event.day, serves);
        if usable.len() < number {
            if !may_choose && !member.usable(event.day, chosen).is_empty() {
                return Err((Reason::NotEligible, format!("{name} is not for this member")));
            }
            let ended = member.gifts.iter().any(|held| serves(held.held) && held.state == GiftState::Expired);
            return Err(if ended {
                (Reason::Expired, format!("{name} has ended"))
            } else {
                (Reason::NotHeld, format!("{name} is not held"))
            });
        }
        // One given by its name came out of stock then; one that is chosen comes out of it now.
        let from_choice = |place: &usize| chosen(member.gifts[*place].held);
        let mut left = self.in_stock(Held::Gift(gift)).unwrap_or(u32::MAX);
        let there = |place: &usize| {
            let there = !from_choice(place) || left > 0;
            left -= u32::from(from_choice(place) && there);
            there
        };
        let taken: Vec<usize> = usable.into_iter().filter(there).take(number).collect();
        if taken.len() < number {
            return Err((Reason::OutOfStock, format!("fewer than {number} left of {name}")));
        }
        let from_stock = taken.iter().filter(|place| from_choice(place)).count();
        *self.issued.entry(Held::Gift(gift)).or_default() += u32::try_from(from_stock).unwrap_or(u32::MAX);
        for place in &taken {
            self.set_gift(id, *place, GiftState::Used);
        }
        for place in taken {
            let (held, rule) = (self.members[id].gifts[place].held, self.members[id].gifts[place].rule);
            if let Some(life) = GiftLife::taken_out_of(self.program, held, gift) {
                self.note(Some(id), Happened::Gift { held: Held::Gift(gift), life, rule, last_day: None });
            }
        }
        Ok(())
    }

    /// Whether a member may choose a gift: its own `when`, which is looked at where it is given by itself.
    fn may_choose(&self, member: &Member<'a>, event: &'a Event, gift: GiftId) -> bool {
        let Some(when) = &self.program.gifts[gift.0].when else { return true };
        let opening = self.opening_of(member);
        let lines = self.lines_here(member, event);
        self.scene_now(member, &lines, &opening).holds(when)
    }

    fn use_coupon(&mut self, event: &'a Event, id: &str, coupon: CouponId) -> Result<(), Refusal> {
        let number = Self::how_many(event)?;
        self.within_coupon(event, id, coupon)?;
        let places = self.coupons_at_hand(event, id, coupon, number)?;
        for place in places {
            self.use_up(id, place);
        }
        Ok(())
    }

    /// The coupons of a name that so many uses take, one place for each use, soonest to end first.
    /// One that an offer gave for a category is for that alone.
    fn coupons_at_hand(&self, event: &'a Event, id: &str, coupon: CouponId, uses: u32) -> Result<Vec<usize>, Refusal> {
        let is_it = |held: Held| held == Held::Coupon(coupon);
        let name = self.held_name(Held::Coupon(coupon));
        let Some(member) = self.members.get(id) else {
            return Err((Reason::NotHeld, format!("{name} was never held")));
        };
        let usable = member.usable(event.day, is_it);
        let fits = |at: &usize| member.gifts[*at].only.as_ref().is_none_or(|only| speaks_of(event, only));
        let each = usable.iter().copied().filter(fits);
        let uses_of = each.flat_map(|at| std::iter::repeat_n(at, member.gifts[at].uses as usize));
        let places: Vec<usize> = uses_of.take(uses as usize).collect();
        if places.len() == uses as usize {
            return Ok(places);
        }
        if let Some(only) = usable.iter().find_map(|at| member.gifts[*at].only.as_ref().filter(|_| !fits(at))) {
            return Err((Reason::NotEligible, format!("this {name} is for {only}")));
        }
        let ended = member.gifts.iter().any(|held| is_it(held.held) && held.state == GiftState::Expired);
        Err(if ended {
            (Reason::Expired, format!("{name} has ended"))
        } else {
            (Reason::NotHeld, format!("{name} is not held"))
        })
    }

    /// One use of a coupon less; with the last it is used.
    pub(super) fn use_up(&mut self, id: &str, place: usize) {
        let gift = &mut self.member_mut(id).gifts[place];
        gift.uses = gift.uses.saturating_sub(1);
        let (held, left) = (gift.held, gift.uses);
        match left {
            0 => self.set_gift(id, place, GiftState::Used),
            1 => self.nothing(Some(id), format!("{} used, 1 use left", self.held_name(held))),
            left => self.nothing(Some(id), format!("{} used, {left} uses left", self.held_name(held))),
        }
    }

    /// What a redemption says of the purchase is held to the coupon's conditions.
    fn within_coupon(&self, event: &'a Event, id: &str, coupon: CouponId) -> Result<(), Refusal> {
        let block = &self.program.coupons[coupon.0];
        let Some(member) = self.members.get(id) else { return Ok(()) };
        let opening = self.opening_of(member);
        let lines = self.lines_here(member, event);
        let scene = self.scene_now(member, &lines, &opening);
        let name = &block.name.text;
        let no = |sentence: String| Err((Reason::NotEligible, sentence));
        if block.when.as_ref().is_some_and(|when| !scene.holds(when)) {
            return no(format!("{name} is not for this purchase"));
        }
        let says_amount = event.lines.iter().any(|line| line.amount.is_some());
        let total: Exact = lines.iter().map(|view| &view.left.amount).sum();
        if let Some(least) = block.at_least.as_ref().filter(|least| says_amount && total < **least) {
            return no(format!("{name} is for purchases of at least {least} {}", self.program.settings.money));
        }
        let says_what =
            |view: &View<'a>| view.line.sku.is_some() || view.line.category.is_some() || view.line.brand.is_some();
        let fits = |items: &Condition| lines.iter().any(|view| scene.holds_for(items, view));
        if lines.iter().any(says_what) && !block.items.as_ref().is_none_or(fits) {
            return no(format!("{name} is not for these items"));
        }
        Ok(())
    }

    /// What was taken, where the event says it, is held to the gift's limits.
    fn within_gift(&self, event: &'a Event, id: &str, gift: GiftId) -> Result<(), Refusal> {
        let block = &self.program.gifts[gift.0];
        let Some(member) = self.members.get(id) else { return Ok(()) };
        let opening = self.opening_of(member);
        let lines = self.lines_here(member, event);
        let scene = self.scene_now(member, &lines, &opening);
        let no = |sentence: String| Err((Reason::NotEligible, sentence));
        for view in &lines {
            let says_what = view.line.sku.is_some() || view.line.category.is_some() || view.line.brand.is_some();
            let fits = |item: &Condition| scene.holds_for(item, view);
            if says_what && !block.item.as_ref().is_none_or(fits) {
                return no(format!("{} is not for this item", block.name.text));
            }
            let number = view.line.qty.clone().filter(Exact::is_positive).unwrap_or_else(Exact::one);
            let most = block.at_most.as_ref().map(|most| most * &number);
            if most.is_some_and(|most| view.line.amount.as_ref().is_some_and(|amount| amount.abs() > most)) {
                return no(format!("the item costs more than {} allows", block.name.text));
            }
        }
        Ok(())
    }

    /// Undoes a redemption: the same lots come back with their own expiry (section 6.8). A reward that
    /// was used or has ended stays redeemed.
    pub(super) fn undo_redemption(&mut self, id: &str, event: &str) -> Result<(), Refusal> {
        let Some(member) = self.members.get(id) else { return Err((Reason::NotHeld, "nothing to undo".to_owned())) };
        let Some(place) = member.redemptions.iter().position(|one| one.event == event && one.undone.is_none()) else {
            return Err((Reason::NotHeld, format!("{event} was undone already, or bought nothing")));
        };
        let redemption = member.redemptions[place].clone();
        let held = |gift: &usize| member.gifts[*gift].state == GiftState::Held;
        if !redemption.gifts.iter().all(held) {
            return Err((Reason::NotHeld, format!("what {event} bought was used or has ended")));
        }
        let position = self.here.position;
        self.member_mut(id).redemptions[place].undone = Some(position);
        self.redemptions[redemption.reward].add(position, redemption.at, redemption.day, -redemption.quantity);
        for gift in redemption.gifts {
            self.set_gift(id, gift, GiftState::Revoked);
        }
        for (owner, key, lot, part) in &redemption.spent {
            let purse = self.member_mut(owner).purses.entry(key.clone()).or_default();
            purse.restore(*lot, part);
        }
        for (owner, key, sum) in by_owner(id, &redemption.spent) {
            let paid_debt = self.member_mut(&owner).purses.entry(key.clone()).or_default().settle();
            let note = format!("the redemption {event} was undone");
            self.post(&owner, &key, Posting { note, paid_debt, ..plain(PostingKind::Spent, sum) });
            if self.members[&owner].left {
                self.forfeit_points(&owner);
            }
        }
        let redeemed = self.members[id].seen.iter().find(|seen| seen.event.id == event).map(|seen| seen.position);
        if let Some(redeemed) = redeemed {
            self.revalue(id, redeemed, Some(super::valuation::Valuation::default()));
        }
        Ok(())
    }
}

/// Whether an event is of a category, or says nothing of what was taken.
fn speaks_of(event: &Event, category: &str) -> bool {
    let says_what = event.lines.iter().any(|line| line.sku.is_some() || line.category.is_some());
    !says_what || event.lines.iter().any(|line| line.category.as_deref() == Some(category))
}
