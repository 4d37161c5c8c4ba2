//! Discounts, coupons, and points that pay (section 3). They are drawn from a stream of their own, so that programs
//! without them stay what they were.

use super::{Scope, Weave};
use crate::draw::Draw;
use crate::tree::Tree;

impl Weave {
    /// What `spend` says, for the units that pay; called before the points are woven.
    pub(super) fn pays(&mut self, seed: u64) {
        let mut d = Draw::new(seed, 9);
        self.till = d.chance(8);
        if !self.till {
            return;
        }
        self.pay = if d.chance(70) {
            let more =
                d.of(&["", ", at least 2", ", in steps of 3", ", up to 50% of receipt", ", at least 3, up to 90%"]);
            format!("spend at {} {} each{more}", d.of(&["1", "0.05", "0.5"]), self.money)
        } else if d.chance(20) {
            "spend by payout only".to_owned()
        } else {
            String::new()
        };
        self.till_draw = Some(d);
    }

    pub(super) fn till(&mut self, tree: &mut Tree) {
        let Some(d) = self.till_draw.take() else { return };
        // Conditions are drawn from the same stream as the rest of the till's lines.
        let own = std::mem::replace(&mut self.d, d);
        let mut woven = 0;
        for name in ["morning", "heap"] {
            if self.d.chance(75) {
                woven += 1;
                let clauses = self.discount();
                tree.block(format!("discount {name}"), clauses);
            }
        }
        let take = self.d.of(&["take best", "take all", "compound", "take best 2", "take first of [morning, heap]"]);
        let cap = self.maybe(30, |_| "cap 20% of receipt".to_owned());
        if woven > 0 {
            let take = if take.contains('[') && woven < 2 { "take best" } else { take };
            tree.block("stack at_the_till", vec![take.to_owned(), cap]);
        }
        let mut clauses = self.offs();
        clauses.push(self.maybe(50, |w| format!("valid {} days", w.d.figure(&[3, 30]))));
        clauses.push(self.maybe(20, |_| "until 2024-03-20".to_owned()));
        clauses.push(self.maybe(30, |_| "uses 2".to_owned()));
        clauses.push(self.maybe(30, |w| format!("at least 5 {}", w.money)));
        clauses.push(self.maybe(30, |w| format!("items {}", w.line_test())));
        clauses.push(self.maybe(15, |w| format!("when {}", w.condition(Scope::Purchase))));
        tree.block("coupon five_off", clauses);
        let number = self.d.of(&["coupon", "2 coupons"]);
        tree.block("earn come_again", vec!["on purchase".to_owned(), format!("give {number} five_off")]);
        self.d = own;
    }

    fn discount(&mut self) -> Vec<String> {
        let scale = format!("scale spend in calendar month: from 20 {} take 3%, from 50 {0} take 7%", self.money);
        let mut clauses = if self.d.chance(20) { vec![scale] } else { self.offs() };
        clauses.push("group at_the_till".to_owned());
        clauses.push(self.maybe(40, |w| format!("when {}", w.condition(Scope::Purchase))));
        clauses.push(self.maybe(40, |w| format!("items {}", w.line_test())));
        clauses.push(self.maybe(35, Self::limit_of_discount));
        clauses.push(self.maybe(20, |w| format!("cap 3 {} per receipt", w.money)));
        clauses.push(self.days(10));
        clauses
    }

    fn offs(&mut self) -> Vec<String> {
        let money = self.money;
        vec![match self.d.below(8) {
            0 | 1 => "take 10% off".to_owned(),
            2 => format!("take 3 {money} off"),
            3 => format!("take 1 {money} off each item"),
            4 => format!("take 2 {money} off per 10 {money}"),
            5 => "take 33.3% off cheapest item".to_owned(),
            6 => "take free cheapest item of every 2".to_owned(),
            _ => format!("price 4 {money}"),
        }]
    }
}
