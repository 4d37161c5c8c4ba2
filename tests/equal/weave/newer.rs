//! The blocks that came to the language later: who belongs together, what is sold, what is measured of all. They are
//! drawn from a stream of their own, so that programs without them stay what they were.

use super::{Scope, Weave};
use crate::draw::Draw;
use crate::tree::Tree;

/// Which of the newer blocks a program has, and the stream they are drawn from.
pub(super) struct Newer {
    d: Draw,
    membership: bool,
    household: bool,
    buy: bool,
    pub(super) measured: bool,
    timers: bool,
    pub(super) challenge: bool,
    pub(super) payout: bool,
    pub(super) draw: bool,
    pub(super) pilot: bool,
    pub(super) offer: bool,
}

impl Newer {
    /// What a program of that seed has; mostly nothing.
    pub(super) fn of(seed: u64) -> Option<Self> {
        let mut d = Draw::new(seed, 20);
        if !d.chance(45) {
            return None;
        }
        let mut some = || d.chance(24);
        let [membership, household, buy, measured, timers] = [some(), some(), some(), some(), some()];
        let [challenge, payout, draw, pilot, offer] = [some(), some(), some(), some(), some()];
        Some(Self { membership, household, buy, measured, timers, challenge, payout, draw, pilot, offer, d })
    }
}

impl Weave {
    /// Something drawn from the newer stream; nothing in programs without newer blocks.
    pub(super) fn newly(&mut self, percent: usize, make: impl FnOnce(&mut Self) -> String) -> String {
        let Some(mut newer) = self.newer.take() else { return String::new() };
        let own = std::mem::replace(&mut self.d, newer.d);
        let text = self.maybe(percent, make);
        newer.d = std::mem::replace(&mut self.d, own);
        self.newer = Some(newer);
        text
    }

    /// `buy` of the first unit.
    pub(super) fn buys(&mut self) -> String {
        let buy = self.newer.as_ref().is_some_and(|newer| newer.buy);
        let (money, plural) = (self.money, self.units[0].1);
        let per = |w: &mut Self| format!("buy {} {money} per 10 {plural}", w.d.figure(&[3, 5, 7, 12, 30]));
        self.newly(if buy { 100 } else { 0 }, per)
    }

    /// `fee` of a tiers block.
    pub(super) fn sells(&mut self, levels: &[&str]) -> String {
        let sells = self.newer.as_ref().is_some_and(|newer| newer.membership);
        let (money, level) = (self.money, levels[levels.len() - 1].to_owned());
        self.newly(if sells { 40 } else { 0 }, |w| {
            let per = w.d.of(&["month", "10 days", "year"]);
            format!("fee {} {money} per {per} gives {level}", w.d.figure(&[4, 10]))
        })
    }

    /// A life of its own behind points that depend on an amount.
    pub(super) fn sooner(&mut self) -> String {
        self.newly(12, |w| w.d.of(&[" expiring 6 days after", " expiring 1 months after, at end of month"]).to_owned())
    }

    /// The newer blocks.
    pub(super) fn newer(&mut self, tree: &mut Tree) {
        let Some(newer) = self.newer.take() else { return };
        let Newer { membership, household, buy: _, measured, timers, challenge, payout, draw, pilot, offer, d } = newer;
        let own = std::mem::replace(&mut self.d, d);
        // Conditions of the newer blocks may use what only they know.
        self.measures = measured;
        type Make = fn(&mut Weave, &mut Tree);
        let all: [(bool, Make); 9] = [
            (membership, Weave::memberships),
            (household, Weave::household),
            (measured, Weave::keen),
            (timers, Weave::timers),
            (challenge, Weave::challenges),
            (payout, Weave::payouts),
            (draw, Weave::draws),
            (pilot, Weave::pilots),
            (offer, Weave::offers),
        ];
        for (_, make) in all.into_iter().filter(|(has, _)| *has) {
            make(self, tree);
        }
        self.d = own;
    }

    /// What is only counted: objectives, and partners who settle. Nothing is drawn for them.
    pub(super) fn counted(&mut self, tree: &mut Tree) {
        let (money, (unit, _)) = (self.money, self.units[0]);
        let objectives = [
            "a repeat rate at least 35% within 30 days".to_owned(),
            "b active rate at least 35% within 20 days".to_owned(),
            "c retention rate at least 35% within 20 days".to_owned(),
            "d win back rate at least 5% within 40 days".to_owned(),
            format!("e average basket at least 20 {money}"),
            format!("f redemption rate of {unit} at least 5%"),
            format!("g breakage of {unit} at most 5%"),
            "h member share of sales at least 50% within 40 days".to_owned(),
            "i bargain hunters at most 30%".to_owned(),
            "j reward cost rate at most 3%".to_owned(),
            "k visits at least 20".to_owned(),
        ];
        tree.more("program woven", objectives.map(|objective| format!("objective {objective}")).into());
        let rate = if self.cents { "0.03" } else { "3" };
        for (name, store) in [("north", super::STORES[0]), ("south", super::STORES[1])] {
            let clauses = vec![
                format!("when store is {store}"),
                format!("pays {rate} {money} per {unit} earned"),
                format!("gets {rate} {money} per {unit} spent"),
            ];
            tree.block(format!("partner {name}"), clauses);
        }
    }

    fn memberships(&mut self, tree: &mut Tree) {
        let money = self.money;
        let discount = self.d.chance(40);
        let names = if self.d.chance(30) { vec!["plus", "extra"] } else { vec!["plus"] };
        for name in &names {
            let fee =
                self.d.of(&["5 # per month", "3 # per 10 days", "20 # per year", "9 # per quarter", "2 # per week"]);
            let mut clauses = vec![format!("fee {}", fee.replace('#', money))];
            if let Some((tiers, levels)) = self.tiers.first().copied() {
                let level = levels[self.d.between(1, levels.len() - 1)];
                clauses.push(self.maybe(60, |_| format!("gives level {level} of {tiers}")));
            }
            if let Some(gift) = self.one_of(&self.gifts.clone()) {
                clauses.push(
                    self.maybe(50, |w| w.d.text(&[format!("gives gift {gift}"), format!("gives 2 gifts {gift}")])),
                );
            }
            clauses.push(if discount { "gives discount club_price".to_owned() } else { String::new() });
            clauses.push(self.maybe(40, |w| w.d.of(&["trial 3 days", "trial 10 days", "trial 1 week"]).to_owned()));
            clauses.push(self.maybe(60, |_| "renew".to_owned()));
            clauses.push(self.maybe(60, |w| format!("refund pro rata within {} days", w.d.figure(&[1, 5]))));
            tree.block(format!("membership {name}"), clauses);
        }
        if discount {
            let mut clauses = vec![self.d.of(&["take 20% off", "price 4 #", "take 2 # off"]).replace('#', money)];
            clauses.push(if self.till { "group at_the_till".to_owned() } else { String::new() });
            clauses.push(self.maybe(40, Self::limit_of_discount));
            tree.block("discount club_price", clauses);
        }
        let name = names[self.d.below(names.len())];
        let mut on = self.d.of(&["purchase", "purchase", "visit", "every week", "level up in status"]);
        if on.contains("status") && !self.tiers.iter().any(|(name, _)| *name == "status") {
            on = "visit";
        }
        let scope = if on == "purchase" { Scope::Purchase } else { Scope::Bare };
        let mut clauses = vec![format!("on {on}")];
        clauses.push(format!("when {}has membership {name}", self.d.of(&["", "", "not "])));
        clauses.push(self.maybe(25, |w| format!("when {}", w.condition(scope))));
        clauses.push(self.give_thing(scope));
        tree.block("earn for_members", clauses);
    }

    fn household(&mut self, tree: &mut Tree) {
        let units: Vec<&str> = self.units.iter().map(|(_, plural)| *plural).collect();
        let mut clauses = vec![self.maybe(35, |w| format!("up to {} members", w.d.figure(&[2, 3])))];
        clauses.push(self.maybe(65, |w| format!("share {}", w.d.some(&units).join(", "))));
        if !self.tiers.is_empty() {
            clauses
                .push(self.maybe(70, |w| w.d.of(&["tier of household", "tier of household", "tier each"]).to_owned()));
        }
        if clauses.iter().all(String::is_empty) {
            clauses.push(format!("share {}", units[0]));
        }
        tree.block("household", clauses);
        if let Some((tiers, _)) = self.tiers.first().copied() {
            let clauses = vec![format!("on level up in {tiers}"), self.give_thing(Scope::Bare)];
            if self.d.chance(40) {
                tree.block("earn up_together", clauses);
            }
        }
    }

    /// A rule, and perhaps a segment, on a ready-made measure.
    fn keen(&mut self, tree: &mut Tree) {
        let on = self.d.of(&["purchase", "purchase", "visit", "every week", "every month", "redeem", "birthday"]);
        let scope = match on {
            "purchase" => Scope::Purchase,
            "redeem" => Scope::Redeem,
            _ => Scope::Bare,
        };
        if self.d.chance(40) {
            let clauses =
                vec![format!("when {}", self.ready_made()), self.maybe(30, |w| format!("when {}", w.ready_made()))];
            tree.block("segment keen", clauses);
            let clauses = vec![format!("on {on}"), "when in segment keen".to_owned(), self.give_thing(scope)];
            tree.block("earn for_keen", clauses);
        }
        let mut clauses = vec![format!("on {on}")];
        clauses.push(format!("when {}{}", self.d.of(&["", "", "not "]), self.ready_made()));
        clauses.push(self.maybe(30, |w| format!("when {}", w.condition(scope))));
        clauses.push(self.give_thing(scope));
        tree.block("earn as_measured", clauses);
    }

    /// A test of a ready-made measure.
    pub(super) fn ready_made(&mut self) -> String {
        let window = self.d.of(&["in last 30 days", "in calendar month", "ever", "in last 7 days", "in calendar year"]);
        let how = self.d.of(&["is at least", "is at most", "is"]);
        let (few, days) = (self.d.figure(&[2, 3, 4, 5]), self.d.figure(&[1, 5, 10]));
        match self.d.below(14) {
            0 => format!("recency {window} {how} {few}"),
            1 => format!("frequency {window} {how} {few}"),
            2 => format!("monetary {window} {how} {few}"),
            3 => format!("days since first purchase is at least {days} days"),
            4 => "first purchase is at least 2024-02-10".to_owned(),
            5 | 6 => format!("expected gap is at most {days} days"),
            7 => "expected gap exists".to_owned(),
            8 => "dormant".to_owned(),
            9 => format!("churn risk is at least {}%", self.d.figure(&[1, 50, 100])),
            10 => format!("share of spend at reduced price {window} is at least {}%", self.d.figure(&[1, 50])),
            11 | 12 => format!("margin {window} is at least {} {}", self.d.figure(&[1, 5, 20]), self.money),
            _ => format!("member.wedding within {days} days"),
        }
        .replace("price ever", "price in ever")
        .replace(" in ever", " ever")
    }

    /// Rules over stretches that no calendar has.
    fn timers(&mut self, tree: &mut Tree) {
        let every = self.d.of(&["10 days", "2 weeks", "1 months", "3 months", "2 days"]);
        let start = self.d.of(&["", "", "at start of "]);
        let mut clauses = vec![format!("on {start}every {every}")];
        clauses.push(self.maybe(30, |w| format!("when {}", w.condition(Scope::Bare))));
        if self.d.chance(60) && start.is_empty() {
            let measured = self.measured(true);
            clauses.push(format!("count {}", measured.text));
            clauses.push(self.give_amount(&measured, Scope::Bare));
        } else {
            clauses.push(self.give_thing(Scope::Bare));
        }
        clauses.push(self.maybe(25, |w| format!("limit 2 times {}", w.per_member())));
        tree.block("earn now_and_then", clauses);
        if self.d.chance(30) {
            let clauses = vec!["on at start of every membership year".to_owned(), self.give_thing(Scope::Bare)];
            tree.block("earn own_year", clauses);
        }
    }

    /// `limit` of a discount: of times or of money, of each member or of all.
    pub(super) fn limit_of_discount(&mut self) -> String {
        let of = match self.d.below(3) {
            0 => format!("{} times", self.d.figure(&[1, 2, 3])),
            1 => "once".to_owned(),
            _ => format!("{} {}", self.d.figure(&[1, 4, 9]), self.money),
        };
        if !self.apart && self.d.chance(60) {
            let whose = self.d.of(&["in all", "in all", "per day", "per month"]);
            return format!("limit {of} {whose}");
        }
        format!("limit {of} {}", self.per_member())
    }
}
