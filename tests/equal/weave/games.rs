//! Challenges, payouts, draws, pilots and offers (section 3), from the stream of the newer blocks.

use super::{CATEGORIES, STORES, Scope, Weave};
use crate::tree::Tree;

/// The hash in the program of the first of [`crate::history::newer::SEEDS`].
const SEED: &str = "cb460e253a08192706b19689cf0ac0c115354ae816fba1129502b1540fea2cbd";

impl Weave {
    pub(super) fn challenges(&mut self, tree: &mut Tree) {
        let within = [
            "calendar month",
            "calendar week",
            "last 10 days",
            "30 days",
            "calendar year",
            "membership year",
            "last 48 hours",
            "campaign",
            "",
        ];
        let within = self.d.of(&within);
        let mut clauses = vec![if within.is_empty() { String::new() } else { format!("within {within}") }];
        let steps = self.d.figure(&[1, 1, 2, 3]);
        for place in 0..steps {
            clauses.push(if self.d.chance(20) {
                let period = self.d.of(&["days", "weeks"]);
                format!("step s{place} consecutive {period} with purchase at least 2")
            } else {
                let measured = self.measured(true);
                let unit = if measured.unit.is_empty() { String::new() } else { format!(" {}", measured.unit) };
                format!("step s{place} {} at least {}{unit}", measured.text, self.d.figure(&measured.figures[..3]))
            });
        }
        clauses.push(if steps > 1 && self.d.chance(40) { "need 1 of".to_owned() } else { String::new() });
        clauses.push(self.give_thing(Scope::Bare));
        clauses.push(self.maybe(20, |w| w.give_thing(Scope::Bare)));
        clauses.push(self.maybe(60, |_| "repeat".to_owned()));
        clauses.push(self.maybe(20, |w| format!("when {}", w.condition(Scope::Bare))));
        clauses.push(if within == "campaign" { "from 2024-01-31 until 2024-03-31".to_owned() } else { String::new() });
        tree.block("challenge quest", clauses);
    }

    pub(super) fn payouts(&mut self, tree: &mut Tree) {
        let money = self.money;
        let plural = self.units[0].1;
        tree.block(
            "gift voucher",
            vec!["service \"a voucher\"".to_owned(), format!("costs 1 {money}"), "valid 20 days".to_owned()],
        );
        let when = self.d.of(&[
            "on reaching",
            "on reaching",
            "on reaching 12 #",
            "every month",
            "every week",
            "every membership year",
            "every 10 days",
        ]);
        let take = self.d.of(&["take 5 #", "take 20 #", "take 5 #", "take all", "take all #"]);
        let mut clauses = vec![when.replace('#', plural), take.replace('#', plural)];
        clauses.push(match (self.units.get(1).copied(), self.d.below(4)) {
            (Some((other, _)), 0) => format!("give 1 {other} per 3 {plural}"),
            (_, 1) if take.contains("all") => "give coupon worth_it".to_owned(),
            _ => "give gift voucher".to_owned(),
        });
        clauses.push(self.d.of(&["repeat", "once", ""]).to_owned());
        clauses.push(self.maybe(25, |w| format!("when {}", w.condition(Scope::Bare))));
        if clauses.iter().any(|clause| clause.contains("worth_it")) {
            tree.block("coupon worth_it", vec!["worth taken".to_owned(), "valid 15 days".to_owned()]);
        }
        tree.block("payout cashed", clauses);
        if self.d.chance(25) {
            let clauses =
                vec![format!("on reaching 30 {plural}"), format!("take 3 {plural}"), "give gift voucher".to_owned()];
            tree.block("payout second", clauses);
        }
    }

    pub(super) fn draws(&mut self, tree: &mut Tree) {
        let money = self.money;
        let mut prize = vec!["service \"a bicycle\"".to_owned(), format!("costs 2 {money}")];
        prize.push(self.maybe(40, |_| "valid 30 days".to_owned()));
        tree.block("gift bicycle", prize);
        let instant = self.d.chance(35);
        let mut clauses = vec![self.stamp().replacen("stamp", "entry", 1)];
        clauses.push(self.maybe(30, |w| w.stamp().replacen("stamp", "entry", 1)));
        clauses.push(self.maybe(25, |w| format!("when {}", w.condition(Scope::Bare))));
        clauses.push(match instant {
            true => format!("instant chance 1 in {}", self.d.figure(&[2, 3])),
            false => self.d.of(&["every month", "every week", "every month", "on 2024-03-31"]).to_owned(),
        });
        clauses.push(format!("winners {}", self.d.figure(&[1, 2])));
        clauses.push("prize gift bicycle".to_owned());
        clauses.push(self.maybe(40, |w| format!("limit {} entries per member", w.d.figure(&[1, 3]))));
        clauses.push(self.maybe(60, |_| "free entry \"a card\"".to_owned()));
        clauses.push(format!("seed \"{SEED}\""));
        clauses.push(self.days(15));
        tree.block("draw luck", clauses);
        if self.d.chance(50) {
            let on = self.d.of(&["visit", "purchase", "join"]);
            let clauses = vec![format!("on {on}"), "give 2 entries in luck".to_owned()];
            tree.block("earn tickets", clauses);
        }
    }

    pub(super) fn pilots(&mut self, tree: &mut Tree) {
        let segment = self.one_of(&self.segments.clone());
        let mut clauses = vec![self.maybe(40, |w| format!("stores [{}]", w.d.some(&STORES).join(", ")))];
        clauses.push(self.maybe(50, |_| "members 60%".to_owned()));
        clauses.push(segment.map_or(String::new(), |segment| self.maybe(40, |_| format!("segment {segment}"))));
        clauses.push(self.days(20));
        clauses.push(self.maybe(60, |_| "control 40%".to_owned()));
        if clauses.iter().all(|clause| clause.is_empty() || clause.starts_with("from") || clause.starts_with("until")) {
            clauses.push("control 50%".to_owned());
        }
        tree.block("pilot north", clauses);
        let on = self.d.of(&["purchase", "purchase", "visit", "every week", "redeem"]);
        let scope = match on {
            "purchase" => Scope::Purchase,
            "redeem" => Scope::Redeem,
            _ => Scope::Bare,
        };
        let mut clauses = vec![format!("on {on}")];
        clauses.push(self.maybe(40, |w| format!("when {}", w.condition(scope))));
        clauses.push(self.give_thing(scope));
        self.ends(&mut clauses, 40, scope);
        clauses.push("pilot north".to_owned());
        tree.block("earn piloted", clauses);
    }

    pub(super) fn offers(&mut self, tree: &mut Tree) {
        let coupon = self.d.chance(50);
        if coupon {
            tree.block("coupon beside", vec!["take 20% off".to_owned(), "valid 9 days".to_owned()]);
        }
        let segment = self.one_of(&self.segments.clone());
        let mut clauses =
            vec![segment.map_or(String::new(), |segment| self.maybe(60, |_| format!("to segment {segment}")))];
        let when = self.d.of(&[
            "on purchase",
            "on purchase",
            "on visit",
            "every week",
            "every 10 days",
            "every month",
            "on redeem",
        ]);
        clauses.push(when.to_owned());
        let scope = if when == "on purchase" { Scope::Purchase } else { Scope::Bare };
        clauses.push(self.maybe(30, |w| format!("when {}", w.condition(scope))));
        match self.d.below(4) {
            0 => clauses.push("complement from history, seen at least 2 times".to_owned()),
            1 | 2 => {
                let (one, other) = (self.d.of(&CATEGORIES), self.d.of(&CATEGORIES));
                clauses.push(format!("complement of {one} is {other}"));
            }
            _ => {}
        }
        clauses.push(if coupon { "give coupon beside".to_owned() } else { self.give_thing(scope) });
        self.ends(&mut clauses, 50, scope);
        clauses.push(self.maybe(30, |_| "channel [app, email]".to_owned()));
        clauses.push(self.maybe(40, |_| "holdout 40%".to_owned()));
        tree.block("offer beside_it", clauses);
    }
}
