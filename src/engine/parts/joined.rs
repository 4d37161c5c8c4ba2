//! Programs in which what one member gets hangs on what others had: a budget that closes, a stock, a limit in all.
//!
//! Mostly there is room for everybody. So members are played one by one first, as if there were ([`roomy`]), and
//! what they draw is added up ([`Drawn`]). Where all of it together fits, nobody was held back by anybody, and what
//! came out stands; else the whole history is played by the reference, event by event.
//!
//! What is added up is never less than what any moment saw: what a return, or somebody who revokes a gift, gives back
//! is left out of the sum. So a thing that was used up in the middle of a history and had room again at its end does
//! not fit. The sum may be more than the peak was; then the history is played in order for nothing, with what is right.

use super::{Journal, Played};
use crate::engine::outcome::{GiftLife, Happened};
use crate::engine::pile::{Pile, day, unscaled};
use crate::engine::reference::part::Shared;
use crate::ledger::Kind;
use crate::mechanics::discount::{DiscountLimit, DiscountLimitOf};
use crate::mechanics::example::Held;
use crate::mechanics::rule::{Limit, LimitOf};
use crate::mechanics::{DiscountId, GiftId, Program, RewardId, RuleId};
use crate::value::clock::{Clock, Date, Window};
use crate::value::exact::Exact;
use std::collections::BTreeMap;

/// Whether a program has something that joins all members: what they draw from (a budget that closes, a stock, a
/// limit in all), a draw, in which each of them may win what another does not, or what hangs on all of them
/// (`in_order`). One of its versions is enough.
pub fn joins_all(program: &Program) -> bool {
    program.versions().any(joins)
}

fn joins(program: &Program) -> bool {
    let in_rewards = program.rewards.iter().flat_map(|reward| &reward.limits).any(|limit| !limit.per_member);
    let gifts = program.gifts.iter().any(|gift| gift.stock.is_some());
    let rewards = program.rewards.iter().any(|reward| reward.stock.is_some());
    let budgets = program.budgets.iter().any(|budget| !budget.warn_only);
    let of_rules = limits_of_all(program) || budgets;
    hangs_on_all(program) || !program.draws.is_empty() || of_rules || in_rewards || gifts || rewards
}

/// Whether what one member gets always hangs on what others did, so that nobody can be played before the others:
/// all members are ranked, or an offer learns from what anyone bought.
pub(super) fn in_order(program: &Program) -> bool {
    program.versions().any(hangs_on_all)
}

fn hangs_on_all(program: &Program) -> bool {
    !program.rankings.is_empty() || program.offers.iter().any(|offer| offer.from_history.is_some())
}

/// Whether rules have limits over all members together: only the reference says what is asked of them.
pub(super) fn limits_in_all(program: &Program) -> bool {
    program.versions().any(limits_of_all)
}

fn limits_of_all(program: &Program) -> bool {
    let in_all = program.rules.iter().flat_map(|rule| &rule.limits).any(|limit| !limit.per_member);
    let of_discounts = program.discounts.iter().flat_map(|discount| &discount.limits);
    in_all || of_discounts.into_iter().any(|limit| !limit.per_member)
}

/// More than any limit of a shop. A limit that is higher yet stays, so that none is ever lowered.
const PLENTY: i64 = 1_000_000_000_000;

/// The program as if there were room for everybody; none where nothing joins members. Limits of points in all stay,
/// since the reference tells what it asks of them; those of rewards are told by the events.
pub fn roomy(program: &Program) -> Option<Program> {
    if !joins_all(program) {
        return None;
    }
    let mut roomy = program.clone();
    roomy.older.iter_mut().for_each(make_room);
    make_room(&mut roomy);
    Some(roomy)
}

fn make_room(roomy: &mut Program) {
    let in_rules = roomy.rules.iter_mut().flat_map(|rule| &mut rule.limits);
    let in_rewards = roomy.rewards.iter_mut().flat_map(|reward| &mut reward.limits);
    for limit in in_rules.chain(in_rewards).filter(|limit| !limit.per_member) {
        limit.most = limit.most.clone().max(Exact::from_int(PLENTY));
    }
    let in_discounts = roomy.discounts.iter_mut().flat_map(|discount| &mut discount.limits);
    for limit in in_discounts.filter(|limit| !limit.per_member) {
        limit.most = limit.most.clone().max(Exact::from_int(PLENTY));
    }
    roomy.budgets.iter_mut().for_each(|budget| budget.warn_only = true);
    roomy.gifts.iter_mut().for_each(|gift| gift.stock = None);
    roomy.rewards.iter_mut().for_each(|reward| reward.stock = None);
}

/// Whether some gift, of any version, is a choice that this one can be taken out of.
fn is_a_choice(program: &Program, wanted: GiftId) -> bool {
    program.versions().any(|version| version.gifts.iter().any(|gift| gift.choose.contains(&wanted)))
}

/// What members drew of what they share.
#[derive(Debug, Default)]
pub(super) struct Drawn {
    days: BTreeMap<(Shared, Date), Exact>,
    /// What was drawn on days that nobody told.
    undated: BTreeMap<Shared, Exact>,
}

impl Drawn {
    /// What a part drew.
    pub fn part(&mut self, drawn: Vec<(Shared, Date, Exact)>) {
        for (shared, day, sum) in drawn {
            *self.days.entry((shared, day)).or_insert_with(Exact::zero) += sum;
        }
    }

    /// What a member drew whom a player played: what it tells, and gifts, as far as her story is told (`journal`).
    pub fn member(&mut self, played: &Played, journal: Journal) {
        self.part(played.drawn.clone());
        let mut issued = |held: Held, count: u64| {
            let count = Exact::from_int(i64::try_from(count).unwrap_or(PLENTY));
            *self.undated.entry(Shared::Issued(held)).or_insert_with(Exact::zero) += count;
        };
        if journal == Journal::Whole {
            for (_, entry) in &played.journal {
                if let Happened::Gift { held: held @ Held::Gift(_), life: GiftLife::Issued, .. } = entry.what {
                    issued(held, 1);
                }
            }
            return;
        }
        let lives = played.counts.last().into_iter().flat_map(|counts| &counts.lives);
        for ((held, life), count) in lives {
            if let (Held::Gift(_), GiftLife::Issued) = (held, life) {
                issued(*held, *count);
            }
        }
    }

    /// What is asked of rewards and gifts by the events of a pile, whether it is given or not: a stock or a limit
    /// is looked at before the balance is.
    pub fn asked(&mut self, program: &Program, pile: &Pile) {
        for place in (0..pile.len()).filter(|place| matches!(pile.kind[*place], Kind::Redeem | Kind::Grant)) {
            let (granted, named) = (pile.kind[place] == Kind::Grant, pile.reference.get(place));
            let reward = program.rewards.iter().position(|reward| reward.name.text == named);
            let gift = || program.gifts.iter().position(|gift| gift.name.text == named);
            let held = match (reward, gift()) {
                (Some(reward), _) => Held::Reward(RewardId(reward)),
                // One that is held is used; one that is chosen of several comes out of stock.
                (None, Some(gift)) if granted || is_a_choice(program, GiftId(gift)) => Held::Gift(GiftId(gift)),
                (None, Some(_) | None) => continue,
            };
            let whole = u32::try_from(place).ok().and_then(|place| pile.whole.get(&place));
            let number = match whole {
                Some(event) => event.qty().cloned(),
                None => pile.lines(place).find_map(|line| unscaled(pile.quantity[line])),
            };
            let number = number.map_or_else(Exact::one, |number| number.abs().max(Exact::one()));
            *self.days.entry((Shared::Issued(held), day(pile.day[place]))).or_insert_with(Exact::zero) += number;
        }
    }

    /// Adds what others drew.
    pub fn add(&mut self, other: Drawn) {
        for (key, sum) in other.days {
            *self.days.entry(key).or_insert_with(Exact::zero) += sum;
        }
        for (shared, sum) in other.undated {
            *self.undated.entry(shared).or_insert_with(Exact::zero) += sum;
        }
    }

    /// Whether all that was drawn fits into what each version of the program has.
    pub fn fits(&self, program: &Program) -> bool {
        program.versions().all(|version| self.fits_one(version))
    }

    fn fits_one(&self, program: &Program) -> bool {
        // Who wins a draw hangs on everybody's entries.
        if !program.draws.is_empty() {
            return false;
        }
        let clock = &program.settings.clock;
        let within = |shared: Shared, window: &Window, most: &Exact| self.within(shared, window, most, clock);
        let in_all =
            |limit: &Limit, shared: Shared, most: &Exact| limit.per_member || within(shared, &limit.window, most);
        let rules = program.rules.iter().enumerate().all(|(at, rule)| {
            rule.limits.iter().all(|limit| match limit.of {
                // The last time of all would be asked about again by who comes next.
                LimitOf::Times => in_all(limit, Shared::Times(RuleId(at)), &(&limit.most - Exact::one())),
                LimitOf::Points(unit) => in_all(limit, Shared::Posted(RuleId(at), unit), &limit.most),
            })
        });
        let discounts = program.discounts.iter().enumerate().all(|(at, discount)| {
            let of_everybody = |limit: &&DiscountLimit| !limit.per_member;
            discount.limits.iter().filter(of_everybody).all(|limit| match limit.of {
                DiscountLimitOf::Times => {
                    within(Shared::DiscountTimes(DiscountId(at)), &limit.window, &(&limit.most - Exact::one()))
                }
                DiscountLimitOf::Money => within(Shared::DiscountMoney(DiscountId(at)), &limit.window, &limit.most),
            })
        });
        let budgets = program
            .budgets
            .iter()
            .enumerate()
            .all(|(at, budget)| budget.warn_only || within(Shared::Budget(at), &budget.window, &budget.most));
        let stock = |held: Held, stock: Option<u32>| {
            let most = |stock: u32| Exact::from_int(i64::from(stock));
            stock.is_none_or(|stock| within(Shared::Issued(held), &Window::Ever, &most(stock)))
        };
        let gifts = program.gifts.iter().enumerate().all(|(at, gift)| stock(Held::Gift(GiftId(at)), gift.stock));
        let rewards = program.rewards.iter().enumerate().all(|(at, reward)| {
            let held = Held::Reward(RewardId(at));
            let limits = reward.limits.iter().all(|limit| in_all(limit, Shared::Issued(held), &limit.most));
            limits && stock(held, reward.stock)
        });
        rules && discounts && budgets && gifts && rewards
    }

    /// Whether no window has more of a thing than `most`; of windows that roll, all days together.
    fn within(&self, shared: Shared, window: &Window, most: &Exact, clock: &Clock) -> bool {
        let undated = self.undated.get(&shared).cloned().unwrap_or_default();
        let of_window = |day: Date| match window {
            Window::Calendar(period) => clock.span_of(*period, day).0,
            Window::Last(_)
            | Window::LastHours(_)
            | Window::MembershipYear
            | Window::SinceJoining
            | Window::Campaign
            | Window::Ever => Date::MIN,
        };
        let mut sums: BTreeMap<Date, Exact> = BTreeMap::new();
        for ((_, day), sum) in self.days.range((shared, Date::MIN)..=(shared, Date::MAX)) {
            *sums.entry(of_window(*day)).or_insert_with(Exact::zero) += sum;
        }
        undated <= *most && sums.values().all(|sum| sum + &undated <= *most)
    }
}
