//! Caps, limits, budgets and stock, added up again from the postings. A return makes room for later events, never for
//! earlier ones (section 6, Counting): so each is asked as something new is given.

use super::book::{Book, Days, Had, lies_in, posting};
use super::{Said, said};
use crate::tree::Sound;
use loyal::engine::outcome::{AsOf, Entry, GiftLife, Happened, MoneyOff, Outcome, PostingKind};
use loyal::ledger::{Event, History, Kind};
use loyal::mechanics::discount::DiscountLimitOf;
use loyal::mechanics::example::Held;
use loyal::mechanics::give::Whom;
use loyal::mechanics::off::DiscountOf;
use loyal::mechanics::points::Scope;
use loyal::mechanics::rule::{LimitOf, Rule};
use loyal::mechanics::{Program, RuleId, StackId};
use loyal::value::clock::{Date, Moment, Window};
use loyal::value::exact::Exact;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

struct Most<'p> {
    program: &'p Program,
    events: BTreeMap<&'p str, &'p Event>,
    book: Book,
    /// Gifts that rules gave: to whom, by which rule, when, by what.
    gifts: Vec<Gift>,
    offs: Vec<Off>,
    sent: Vec<Had>,
    issued: BTreeMap<Held, i64>,
    redeemed: Vec<(String, Held, (Moment, Date))>,
    looked: Cell<u64>,
    /// Purchases of which something came back.
    returned: BTreeSet<&'p str>,
    /// Somebody took back by hand: what of a thing's rule that was is not told.
    revokes: bool,
}

fn returned(history: &History) -> BTreeSet<&str> {
    let returns = history.events.iter().filter(|event| event.kind == Kind::Return);
    returns.filter_map(|event| event.reference.as_deref()).collect()
}

struct Gift {
    member: String,
    held: Held,
    rule: RuleId,
    at: (Moment, Date),
    revoked: bool,
}

struct Off {
    member: Option<String>,
    of: DiscountOf,
    purchase: String,
    at: (Moment, Date),
    off: Exact,
}

/// The first limit that is overrun; how often one was asked.
pub fn look(sound: &Sound, history: &History, _: &[AsOf], expected: &Outcome) -> Said {
    // Accounts that were put together have what both had; an account of several lives has several lots an event.
    let merges = history.events.iter().any(|event| event.kind == Kind::Merge);
    if merges || sound.text.contains(" expiring ") {
        return said(None, 0);
    }
    let mut most = Most {
        program: &sound.program,
        events: history.events.iter().map(|event| (event.id.as_str(), event)).collect(),
        book: Book::default(),
        gifts: Vec::new(),
        offs: Vec::new(),
        sent: Vec::new(),
        issued: BTreeMap::new(),
        redeemed: Vec::new(),
        looked: Cell::new(0),
        returned: returned(history),
        revokes: history.events.iter().any(|event| event.kind == Kind::Revoke),
    };
    let broken = expected.journal.iter().find_map(|entry| most.enter(entry));
    said(broken, most.looked.get())
}

impl Most<'_> {
    fn enter(&mut self, entry: &Entry) -> Option<String> {
        match &entry.what {
            Happened::Posted(posted) if posted.kind == PostingKind::Sent => self.send(entry),
            Happened::Posted(_) => self.post(entry),
            Happened::Gift { held, life, rule, .. } => self.gift(entry, *held, *life, *rule),
            Happened::Discount(off) => self.off(entry, off),
            _ => None,
        }
    }

    fn post(&mut self, entry: &Entry) -> Option<String> {
        let new = self.book.enter(entry, posting(entry)?);
        let from = self.book.had.len() - new;
        (from..self.book.had.len())
            .filter_map(|at| Some(self.book.had[at].clone()).filter(|had| !had.posted.is_zero()))
            .collect::<Vec<_>>()
            .iter()
            .find_map(|had| self.given(had))
    }

    /// What something newly given may not overrun.
    fn given(&self, new: &Had) -> Option<String> {
        let program = self.program;
        let hers = |had: &Had| had.member == new.member && had.unit == new.unit;
        // What rounds to nothing is not told, and its return may take the point that the month has rounded up by.
        let points = &program.points[new.unit.0];
        let carried = points.scope == Scope::Month && !self.returned.is_empty();
        for cap in points.caps.iter().filter(|_| !carried) {
            let name = format!("`earn at most` of {}", program.points[new.unit.0].name.text);
            let broken = self.within(new, (&cap.most, &cap.window, (None, None)), hers, &name);
            if broken.is_some() {
                return broken;
            }
        }
        let id = new.rule?;
        let rule = &program.rules[id.0];
        self.limits(new, rule, id)
            .or_else(|| self.stack(new, rule, &hers))
            .or_else(|| self.budget(rule, (new.at, new.day)))
    }

    fn limits(&self, new: &Had, rule: &Rule, id: RuleId) -> Option<String> {
        let days = (rule.from, rule.until);
        rule.limits.iter().find_map(|limit| {
            let whose = |had: &Had| !limit.per_member || had.member == new.member;
            match limit.of {
                LimitOf::Points(unit) if unit == new.unit => {
                    let of_rule = |had: &Had| had.rule == Some(id) && had.unit == unit && whose(had);
                    let most = (&limit.most, &limit.window, days);
                    self.within(new, most, of_rule, &format!("limit of {}", rule.name.text))
                }
                LimitOf::Points(_) => None,
                // Of who else receives, the limit is of the one it belongs to.
                LimitOf::Times if rule.gives.iter().all(|give| give.to == Whom::Member) => {
                    let of_rule = |had: &&Had| had.rule == Some(id) && whose(had) && had.posted.is_positive();
                    self.count();
                    let clock = &self.program.settings.clock;
                    let seen = (new.at, new.day);
                    let times: BTreeSet<(&str, &str)> = (self.book.had.iter().filter(of_rule))
                        .filter(|had| lies_in(&limit.window, clock, seen, (had.at, had.day), days) == Some(true))
                        .map(|had| (had.member.as_str(), had.source.as_str()))
                        .collect();
                    let over = Exact::from_int(times.len() as i64) > limit.most;
                    over.then(|| {
                        format!("{} gave {} times, at most {}: {times:?}", rule.name.text, times.len(), limit.most)
                    })
                }
                LimitOf::Times => None,
            }
        })
    }

    fn stack(&self, new: &Had, rule: &Rule, hers: &dyn Fn(&Had) -> bool) -> Option<String> {
        let program = self.program;
        let StackId(place) = rule.group?;
        let of_stack = |had: &Had| had.rule.is_some_and(|rule| program.rules[rule.0].group == Some(StackId(place)));
        let stack = &program.stacks[place];
        let caps = stack.caps.iter().filter(|(unit, _)| *unit == new.unit);
        for (_, cap) in caps {
            let limit = (&cap.most, &cap.window, (None, None));
            let broken =
                self.within(new, limit, |had| hers(had) && of_stack(had), &format!("cap of {}", stack.name.text));
            if broken.is_some() {
                return broken;
            }
        }
        None
    }

    fn count(&self) {
        self.looked.set(self.looked.get() + 1);
    }

    /// What lies in the window, with what is new, against the most there may be.
    fn within(
        &self,
        new: &Had,
        (most, window, days): (&Exact, &Window, Days),
        of: impl Fn(&Had) -> bool,
        name: &str,
    ) -> Option<String> {
        let clock = &self.program.settings.clock;
        let seen = (new.at, new.day);
        let mut sum = Exact::zero();
        for had in self.book.had.iter().filter(|had| of(had)) {
            if lies_in(window, clock, seen, (had.at, had.day), days)? {
                sum += &had.posted;
            }
        }
        self.count();
        (sum > *most).then(|| format!("{name}: {sum} by {} for {}, at most {most} {window}", new.source, new.member))
    }

    /// What the rules of a budget gave, in money, where it closes.
    fn budget(&self, rule: &Rule, seen: (Moment, Date)) -> Option<String> {
        let program = self.program;
        let id = rule.budget?;
        let budget = &program.budgets[id.0];
        if budget.warn_only {
            return None;
        }
        let of_budget = |rule: RuleId| program.rules[rule.0].budget == Some(id);
        let clock = &program.settings.clock;
        let mut sum = Exact::zero();
        let had = self.book.had.iter().filter(|had| had.rule.is_some_and(of_budget));
        for had in had {
            if lies_in(&budget.window, clock, seen, (had.at, had.day), (rule.from, rule.until))? {
                let worth = program.points[had.unit.0].worth.clone().unwrap_or_default();
                sum += &had.posted * &worth;
            }
        }
        for gift in self.gifts.iter().filter(|gift| !gift.revoked && of_budget(gift.rule)) {
            if lies_in(&budget.window, clock, seen, gift.at, (rule.from, rule.until))? {
                sum += counted(program, gift.held, budget.at_cost);
            }
        }
        self.count();
        (sum > budget.most).then(|| format!("budget {}: {sum} of {}", budget.name.text, budget.most))
    }

    fn gift(&mut self, entry: &Entry, held: Held, life: GiftLife, rule: Option<RuleId>) -> Option<String> {
        let member = entry.member.clone()?;
        match life {
            GiftLife::Issued => {
                *self.issued.entry(held).or_default() += 1;
                if let Some(rule) = rule {
                    let at = (entry.at, entry.day);
                    self.gifts.push(Gift { member, held, rule, at, revoked: false });
                    let rule = &self.program.rules[rule.0];
                    return self.stock(held).or_else(|| self.budget(rule, at));
                }
                let event = entry.event.as_deref().and_then(|id| self.events.get(id));
                if event.is_some_and(|event| event.kind == Kind::Redeem) {
                    self.redeemed.push((member, held, (entry.at, entry.day)));
                    return self.stock(held).or_else(|| self.redemptions(held));
                }
                self.stock(held)
            }
            GiftLife::Taken | GiftLife::Chosen => {
                *self.issued.entry(held).or_default() += 1;
                self.stock(held)
            }
            GiftLife::Revoked => {
                *self.issued.entry(held).or_default() -= 1;
                let same = |gift: &&mut Gift| (gift.held, Some(gift.rule), &gift.member) == (held, rule, &member);
                // Which of them it was hangs on the return; to leave out the youngest can only hide something.
                let of = self.gifts.iter_mut().filter(|gift| !gift.revoked).rev().find(same);
                of.into_iter().for_each(|gift| gift.revoked = true);
                None
            }
            GiftLife::Used | GiftLife::Expired | GiftLife::OutOfStock | GiftLife::HeldAgain => None,
        }
    }

    fn stock(&mut self, held: Held) -> Option<String> {
        let stock = match held {
            Held::Gift(gift) => self.program.gifts[gift.0].stock,
            Held::Reward(reward) => self.program.rewards[reward.0].stock,
            Held::Coupon(_) => None,
        }?;
        self.count();
        let issued = self.issued.get(&held).copied().unwrap_or(0);
        (issued > i64::from(stock) || issued < 0).then(|| format!("{issued} of {held:?} given, {stock} in stock"))
    }

    fn redemptions(&mut self, held: Held) -> Option<String> {
        let Held::Reward(reward) = held else { return None };
        let (last, _, seen) = self.redeemed.last()?.clone();
        if self.revokes {
            return None;
        }
        let block = &self.program.rewards[reward.0];
        block.limits.iter().find_map(|limit| {
            let clock = &self.program.settings.clock;
            let days = (block.from, block.until);
            let mut times = 0;
            for (member, of, at) in &self.redeemed {
                if *of == held
                    && (!limit.per_member || *member == last)
                    && lies_in(&limit.window, clock, seen, *at, days)?
                {
                    times += 1;
                }
            }
            self.count();
            let over = Exact::from_int(times) > limit.most;
            over.then(|| format!("{last} redeemed {} {times} times, at most {}", block.name.text, limit.most))
        })
    }

    fn send(&mut self, entry: &Entry) -> Option<String> {
        let (posted, member) = (posting(entry)?, entry.member.clone()?);
        // Of a household the lots of all are sent, and the limit is of who sends.
        if self.program.household.is_some() {
            return None;
        }
        let (source, unit) = (entry.event.clone().unwrap_or_default(), posted.unit);
        let new = Had {
            member,
            source,
            at: entry.at,
            day: entry.day,
            unit,
            rule: None,
            card: None,
            posted: posted.amount.abs(),
        };
        self.sent.push(new.clone());
        let clock = &self.program.settings.clock;
        self.program.points[unit.0].transfer.iter().find_map(|cap| {
            let mut sum = Exact::zero();
            for had in self.sent.iter().filter(|had| (&had.member, had.unit) == (&new.member, unit)) {
                if lies_in(&cap.window, clock, (new.at, new.day), (had.at, had.day), (None, None))? {
                    sum += &had.posted;
                }
            }
            self.count();
            (sum > cap.most).then(|| format!("{} sent {sum}, at most {}", new.member, cap.most))
        })
    }

    /// Limits and caps of money that is taken off.
    fn off(&mut self, entry: &Entry, off: &MoneyOff) -> Option<String> {
        let before = self.offs.iter_mut().find(|one| one.purchase == off.purchase && one.of == off.of);
        if let Some(before) = before.filter(|_| off.before.is_some()) {
            before.off = off.off.clone();
            return None;
        }
        let at = (entry.at, entry.day);
        let new =
            Off { member: entry.member.clone(), of: off.of, purchase: off.purchase.clone(), at, off: off.off.clone() };
        self.offs.push(new);
        // What a return brings about is of earlier events.
        if off.before.is_some() || !off.off.is_positive() {
            return None;
        }
        let discount = &self.program.discounts[off.of.discount()?.0];
        if discount.cap.as_ref().is_some_and(|(cap, _)| off.off > *cap) {
            return Some(format!("{} takes {} off, more than its cap", discount.name.text, off.off));
        }
        let days = (discount.from, discount.until);
        discount
            .limits
            .iter()
            .find_map(|limit| {
                let of = |one: &&Off| one.of == off.of && (!limit.per_member || one.member == entry.member);
                let used = self.used(at, &limit.window, days, limit.of == DiscountLimitOf::Times, &of)?;
                self.count();
                (used > limit.most).then(|| format!("{}: {used}, at most {}", discount.name.text, limit.most))
            })
            .or_else(|| {
                let stack = &self.program.stacks[discount.group?.0];
                stack.money_caps.iter().find_map(|cap| {
                    let of_stack = |one: &&Off| {
                        let group = one.of.discount().and_then(|id| self.program.discounts[id.0].group);
                        group == discount.group && one.member == entry.member
                    };
                    let used = self.used(at, &cap.window, (None, None), false, &of_stack)?;
                    (used > cap.most).then(|| format!("{}: {used}, at most {}", stack.name.text, cap.most))
                })
            })
    }

    fn used(
        &self,
        seen: (Moment, Date),
        window: &Window,
        days: Days,
        times: bool,
        of: &dyn Fn(&&Off) -> bool,
    ) -> Option<Exact> {
        let clock = &self.program.settings.clock;
        let mut sum = Exact::zero();
        for one in self.offs.iter().filter(of).filter(|one| one.off.is_positive()) {
            if lies_in(window, clock, seen, one.at, days)? {
                sum += if times { Exact::one() } else { one.off.clone() };
            }
        }
        Some(sum)
    }
}

/// What a budget counts of a thing (3, budget): at cost or at worth, else the other; of a choice that says neither, the
/// dearest.
fn counted(program: &Program, held: Held, at_cost: bool) -> Exact {
    let said = |held: Held| {
        let (costs, value) = match held {
            Held::Gift(gift) => (&program.gifts[gift.0].costs, &program.gifts[gift.0].value),
            Held::Reward(reward) => (&program.rewards[reward.0].costs, &program.rewards[reward.0].value),
            Held::Coupon(coupon) => (&program.coupons[coupon.0].costs, &program.coupons[coupon.0].value),
        };
        let (first, other) = if at_cost { (costs, value) } else { (value, costs) };
        first.clone().or_else(|| other.clone())
    };
    let dearest = || match held {
        Held::Gift(gift) => program.gifts[gift.0].choose.iter().filter_map(|one| said(Held::Gift(*one))).max(),
        Held::Reward(_) | Held::Coupon(_) => None,
    };
    said(held).or_else(dearest).unwrap_or_default()
}
