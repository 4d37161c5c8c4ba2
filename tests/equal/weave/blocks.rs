//! Points, tiers, cards, gifts, rewards, segments, budgets, activities and promises (section 3).

use super::{CATEGORIES, Scope, Weave};
use crate::tree::Tree;

impl Weave {
    pub(super) fn points(&mut self, tree: &mut Tree) {
        for (unit, plural) in self.units.clone() {
            let head = if unit == plural { format!("points {unit}") } else { format!("points {unit} plural {plural}") };
            let worth = match unit {
                "cash" => "1",
                _ if self.cents => self.d.of(&["0.01", "0.05", "0.5", "0.02"]),
                _ => self.d.of(&["1", "2"]),
            };
            let mut clauses = vec![format!("worth {worth} {} each", self.money)];
            clauses.push(self.maybe(55, |w| {
                let mode = w.d.of(&["down", "up", "nearest", "half even"]);
                format!("round {mode} per {}", w.d.of(&["receipt", "line", "rule", "month"]))
            }));
            clauses.push(self.maybe(25, |w| format!("decimals {}", w.d.figure(&[1, 2, 2, 3, 6]))));
            clauses.push(self.maybe(70, Self::expire));
            clauses.push(self.maybe(20, |w| match w.one_of(&w.activities.clone()) {
                Some(activity) if w.d.chance(50) => format!("pending until {activity}"),
                Some(_) | None => format!("pending {} days", w.d.figure(&[1, 3, 14])),
            }));
            clauses.push(self.maybe(8, |w| w.d.of(&["separate by store", "separate by region"]).to_owned()));
            clauses.push(self.maybe(50, |w| match w.d.below(5) {
                0 => "owe nothing".to_owned(),
                _ => format!("owe at most {} {plural}", w.d.figure(&[3, 20, 500])),
            }));
            for percent in [30, 6] {
                let most = self.d.figure(&[10, 30, 60, 150]);
                clauses.push(self.maybe(percent, |w| format!("earn at most {most} {plural} {}", w.per_member())));
            }
            if !self.apart {
                let most = self.d.figure(&[10, 30]);
                clauses.push(self.maybe(40, |w| format!("transfer at most {most} {plural} {}", w.per_member())));
            }
            clauses.push(match self.one_of(&self.tiers.iter().map(|tiers| tiers.0).collect::<Vec<_>>()) {
                Some(tiers) if self.d.chance(8) => format!("counts for {tiers}"),
                Some(_) if self.d.chance(5) => "does not count".to_owned(),
                Some(_) | None => String::new(),
            });
            clauses.push(std::mem::take(&mut self.pay));
            clauses.push(if unit == self.units[0].0 { self.buys() } else { String::new() });
            tree.block(head, clauses);
        }
    }

    fn expire(&mut self) -> String {
        match self.d.below(12) {
            0 | 1 => format!("expire {} days after earning", self.d.figure(&[1, 5, 20, 30])),
            2 => format!("expire {} months after earning", self.d.figure(&[1, 2, 12])),
            3 | 4 => {
                let length = self.d.of(&["1 months", "10 days", "12 months", "2 weeks", "1 years"]);
                format!("expire {length} after earning, at end of {}", self.period())
            }
            5 => "expire at end of month".to_owned(),
            6..=8 => {
                let length = self.d.of(&["15 days", "1 months", "9 days", "3 weeks"]);
                let activity = self.one_of(&self.activities.clone());
                let without = match (self.d.below(6), activity) {
                    (0 | 1, _) => "purchase".to_owned(),
                    (2, _) => "purchase or redeem".to_owned(),
                    (3, _) => "any activity".to_owned(),
                    (4, _) | (_, None) => "visit".to_owned(),
                    (_, Some(activity)) => format!("purchase or activity {activity}"),
                };
                format!("expire after {length} without {without}")
            }
            9 => format!("expire on {} each year", self.d.of(&["03-31", "12-31", "02-29", "04-01"])),
            10 => "expire never".to_owned(),
            _ => "never expire".to_owned(),
        }
    }

    fn period(&mut self) -> &'static str {
        self.d.of(&["week", "month", "month", "quarter", "year"])
    }

    pub(super) fn activities(&mut self, tree: &mut Tree) {
        for name in self.activities.clone() {
            let mut clauses = Vec::new();
            if name == "workout" {
                clauses.extend(
                    [
                        "field length number minutes",
                        "field steps number",
                        "field place text",
                        "field sport one of [run, swim]",
                    ]
                    .map(str::to_owned),
                );
                clauses.push(self.maybe(30, |w| {
                    w.d.of(&[
                        "accept when length is at least 30 minutes",
                        "accept when steps is more than 1000",
                        "accept when sport is run",
                        "accept when place exists",
                    ])
                    .to_owned()
                }));
            }
            clauses.push(self.maybe(15, |_| "verified by trainer".to_owned()));
            clauses.push(self.maybe(35, |w| {
                w.d.of(&[
                    "at most 1 per day",
                    "at most 2 times per week",
                    "at most 3 per month",
                    "at most 1 in last 24 hours",
                ])
                .to_owned()
            }));
            if name == "workout" {
                clauses.push(self.newly(50, |w| {
                    w.d.of(&["at most once per place", "at most 1 per sport per week", "at most 2 per sport"])
                        .to_owned()
                }));
            }
            clauses.push(self.maybe(25, |w| {
                w.d.of(&["gap at least 4 hours", "gap at least 30 minutes", "gap at least 2 days"]).to_owned()
            }));
            tree.block(format!("activity {name}"), clauses);
        }
    }

    pub(super) fn tiers(&mut self, tree: &mut Tree) {
        for (name, levels) in self.tiers.clone() {
            let window = match self.d.below(6) {
                0 | 1 => format!("calendar {}", self.d.of(&["month", "month", "year", "quarter", "week"])),
                2 | 3 => format!("last {}", self.d.of(&["12 days", "1 months", "30 days", "365 days"])),
                4 => self.d.of(&["membership year", "since joining"]).to_owned(),
                _ => "ever".to_owned(),
            };
            let first = self.measured(true);
            let two = self.d.chance(12);
            let mut clauses = Vec::new();
            let unit_of = |unit: &str| if unit.is_empty() { String::new() } else { format!(" {unit}") };
            let mut needs: Vec<String> = first
                .figures
                .iter()
                .take(levels.len())
                .map(|figure| format!("{figure}{}", unit_of(&first.unit)))
                .collect();
            if two {
                let window = window.replace("ever", "in calendar year").replace("in in", "in");
                clauses.push(format!("measure spent is spend in {}", window.trim_start_matches("in ")));
                clauses.push(format!("measure times is purchases in {}", window.trim_start_matches("in ")));
                let word = self.d.of(&["or", "and"]);
                needs = [(10, 1), (20, 2), (50, 3), (90, 5)]
                    .iter()
                    .map(|(money, times)| format!("{money} {} spent {word} {times} times", self.money))
                    .collect();
            } else {
                clauses.push(format!("measure {} in {window}", first.text).replace(" in ever", " ever"));
            }
            for (place, level) in levels.iter().enumerate() {
                let nought = if two { format!("0 {}", self.money) } else { format!("0{}", unit_of(&first.unit)) };
                let need = if place == 0 { nought } else { needs[place - 1].clone() };
                let last = place + 1 == levels.len() && place > 1;
                clauses.push(match self.d.below(12) {
                    0 if last => format!("level {level} by membership"),
                    1 if place > 0 => format!("level {level} for life from {need}"),
                    _ => format!("level {level} from {need}"),
                });
            }
            clauses.push(self.maybe(10, |_| "benefit \"a smile\"".to_owned()));
            clauses
                .push(self.maybe(40, |w| w.d.of(&["reach at once", "reach next day", "reach next event"]).to_owned()));
            clauses.push(self.maybe(75, |w| {
                w.d.of(&[
                    "lasts until end of next calendar month",
                    "lasts until end of calendar month",
                    "lasts 10 days",
                    "lasts 1 months",
                    "lasts while measured",
                    "lasts while measured",
                    "lasts until end of next calendar year",
                    "lasts until end of calendar quarter",
                    "lasts until 03-10 after end of calendar year",
                    "lasts until end of next membership year",
                    "lasts until end of membership year",
                    "lasts until 02-15 after end of calendar month",
                    "lasts forever",
                ])
                .to_owned()
            }));
            clauses.push(self.maybe(60, |w| {
                w.d.of(&["miss drop one level", "miss drop to earned", "miss start over", "miss keep"]).to_owned()
            }));
            clauses.push(self.maybe(40, |w| w.d.of(&["refund recompute", "refund keep"]).to_owned()));
            let given = levels[levels.len() - 1];
            clauses.push(self.maybe(12, |w| format!("match {given}{}", w.d.of(&["", " until 2024-04-30"]))));
            let up_to =
                if two { String::new() } else { format!(" up to {}{}", first.figures[0], unit_of(&first.unit)) };
            clauses.push(self.maybe(15, |w| format!("carry over surplus{}", w.d.of(&["", &up_to]))));
            clauses.push(self.sells(levels));
            tree.block(format!("tiers {name}"), clauses);
        }
    }

    pub(super) fn cards(&mut self, tree: &mut Tree) {
        for name in self.cards.clone() {
            let mut clauses = vec![self.stamp()];
            clauses.push(self.maybe(25, Self::stamp));
            clauses.push(format!("full at {}", self.d.figure(&[2, 3, 3, 5])));
            clauses.push(self.give_thing(Scope::Bare));
            clauses.push(self.maybe(20, |w| w.give_thing(Scope::Bare)));
            let most = self.d.figure(&[1, 2, 3]);
            clauses.push(self.maybe(25, |w| format!("limit {most} stamps {}", w.per_member())));
            clauses.push(self.maybe(40, |w| {
                w.d.of(&[
                    "expire 9 days after first stamp",
                    "expire 9 days after last stamp",
                    "expire 1 months after first stamp",
                    "expire 2 weeks after last stamp",
                    "expire never",
                ])
                .to_owned()
            }));
            clauses.push(self.maybe(20, |_| "start 1 stamp".to_owned()));
            clauses.push(self.maybe(30, |w| w.d.of(&["discard", "carry over"]).to_owned()));
            tree.block(format!("card {name}"), clauses);
        }
    }

    pub(super) fn gifts(&mut self, tree: &mut Tree) {
        for name in self.gifts.clone() {
            let money = self.money;
            let what = match self.d.below(6) {
                _ if name == "choice" => "choose 1 of [mug, bag]".to_owned(),
                0 | 1 => format!("item category in [{}], at most 18 {money}", self.d.of(&CATEGORIES)),
                2 => "item \"a mug\"".to_owned(),
                3 => format!("item {}", self.line_test()),
                4 => "experience \"a tasting\"".to_owned(),
                _ => "service \"a wash\"".to_owned(),
            };
            let mut clauses = vec![what, format!("costs 3 {money}")];
            clauses.push(self.maybe(40, |w| format!("value 5 {}", w.money)));
            clauses.push(self.maybe(55, Self::valid));
            if !self.apart {
                clauses.push(self.maybe(30, |w| format!("stock {}", w.d.figure(&[1, 2, 5]))));
            }
            clauses.push(self.maybe(12, |w| format!("when {}", w.condition(Scope::Redeem))));
            tree.block(format!("gift {name}"), clauses);
        }
    }

    fn valid(&mut self) -> String {
        match self.d.below(6) {
            0 | 1 => format!("valid {} days", self.d.figure(&[1, 5, 30])),
            2 => "valid 1 months".to_owned(),
            3 => format!("valid until end of {}", self.period()),
            4 => "valid until 2024-03-31".to_owned(),
            _ => "valid forever".to_owned(),
        }
    }

    pub(super) fn rewards(&mut self, tree: &mut Tree) {
        for name in self.rewards.clone() {
            let (unit, plural) = self.unit();
            let price = self.d.figure(&[1, 5, 10, 20]);
            let word = if price == 1 { unit } else { plural };
            let and = if self.d.chance(15) { format!(" and 2 {}", self.money) } else { String::new() };
            let mut clauses = Vec::new();
            clauses.push(self.maybe(20, |w| format!("price 4 {plural} when {}", w.condition(Scope::Redeem))));
            let when = self.maybe(8, |w| format!(" when {}", w.condition(Scope::Redeem)));
            clauses.push(format!("price {price} {word}{and}{when}"));
            clauses.push(
                self.maybe(40, |w| {
                    w.d.of(&["item \"a slice\"", "service \"a wash\"", "experience \"a day\""]).to_owned()
                }),
            );
            clauses.push(format!("costs 1 {}", self.money));
            clauses.push(self.maybe(30, |w| format!("value 3 {}", w.money)));
            clauses.push(self.maybe(40, Self::valid));
            if !self.apart {
                clauses.push(self.maybe(30, |w| format!("stock {}", w.d.figure(&[1, 2, 5]))));
                clauses.push(self.maybe(15, |w| format!("limit {} times in all", w.d.figure(&[1, 2]))));
            }
            clauses.push(self.maybe(15, |w| format!("when {}", w.condition(Scope::Redeem))));
            clauses.push(self.maybe(30, |w| format!("limit {} times {}", w.d.figure(&[1, 2]), w.per_member())));
            clauses.push(self.days(10));
            tree.block(format!("reward {name}"), clauses);
        }
    }

    pub(super) fn segments(&mut self, tree: &mut Tree) {
        for (place, name) in self.segments.clone().into_iter().enumerate() {
            let mut clauses = vec![format!("when {}", self.condition(Scope::Segment))];
            clauses.push(self.maybe(30, |w| format!("when {}", w.condition(Scope::Segment))));
            if place == 1 && self.d.chance(40) {
                clauses.push("when not in segment regulars".to_owned());
            }
            tree.block(format!("segment {name}"), clauses);
        }
    }

    pub(super) fn budgets(&mut self, tree: &mut Tree) {
        for name in self.budgets.clone() {
            let per = self.d.of(&["", " per month", " per quarter", " per campaign", " per year"]);
            let most = if self.d.chance(20) { "at most " } else { "" };
            let mut clauses = vec![format!("{most}{} {}{per}", self.d.figure(&[1, 2, 5]), self.money)];
            clauses.push(self.maybe(50, |w| w.d.of(&["counts costs", "counts worth"]).to_owned()));
            clauses.push(
                self.maybe(60, |w| w.d.of(&["when spent close", "when spent close", "when spent warn"]).to_owned()),
            );
            tree.block(format!("budget {name}"), clauses);
        }
    }

    pub(super) fn promises(&mut self, tree: &mut Tree) {
        if self.d.chance(3) {
            tree.block("promise", vec!["return on purchase at most 100%, with gifts".to_owned()]);
        }
    }
}
