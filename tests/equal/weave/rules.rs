//! `earn`, `bonus` and `stack` blocks, and what can be given (sections 3 and 5).

use super::{CATEGORIES, Measured, Scope, Weave};
use crate::tree::Tree;

/// What makes a rule fire, where its conditions stand, and whether it measures something.
struct On {
    text: String,
    scope: Scope,
    /// It has lines, so that money can be measured.
    lines: bool,
    /// It looks back over a stretch of time: `count … in WINDOW`.
    timer: bool,
    /// `to referrer`, `to friend` may stand behind what is given.
    friend: bool,
}

impl Weave {
    pub(super) fn rules(&mut self, tree: &mut Tree) {
        let mut bases = vec!["base"];
        self.base(tree, "base");
        if self.d.chance(15) {
            self.base(tree, "second");
            bases.push("second");
        }
        let bonuses = self.d.figure(&[0, 0, 1, 1, 1, 2, 2, 3]);
        for place in 0..bonuses {
            self.bonus(tree, place, &bases);
        }
        let others = if self.d.chance(5) { 6 } else { self.d.figure(&[0, 1, 1, 2, 2, 3]) };
        for place in 0..others {
            self.other(tree, place);
        }
    }

    /// The rule that points are mostly earned by.
    fn base(&mut self, tree: &mut Tree, name: &str) {
        let mut clauses = vec!["on purchase".to_owned()];
        clauses.push(self.maybe(25, |w| format!("when {}", w.condition(Scope::Purchase))));
        let measured = if self.d.chance(75) {
            let text = self.total();
            Measured { text, unit: self.money.to_owned(), figures: [10, 20, 50, 100] }
        } else {
            self.measured(false)
        };
        let plain = measured.text == "total" && self.d.chance(50);
        if !plain {
            clauses.push(format!("count {}", measured.text));
        }
        clauses.push(self.give_amount(&measured, Scope::Purchase));
        clauses.push(self.days(10));
        self.ends(&mut clauses, 25, Scope::Purchase);
        tree.block(format!("earn {name}"), clauses);
    }

    fn bonus(&mut self, tree: &mut Tree, place: u32, bases: &[&'static str]) {
        let mut clauses = vec!["on purchase".to_owned()];
        clauses.push(self.maybe(65, |w| format!("when {}", w.condition(Scope::Purchase))));
        let base = bases[self.d.below(bases.len())];
        let give = match self.d.below(10) {
            0..=5 => {
                let percent = self.d.figure(&[100, 50, 33, 25, 200, 10]);
                let decimals = if self.d.chance(10) { ".5" } else { "" };
                let pick = self.pick();
                format!("give +{percent}{decimals}% of {base}{pick}{}", self.sooner())
            }
            6 | 7 => self.give_fixed(false),
            _ => {
                let measured = self.measured(false);
                let give = self.give_amount(&measured, Scope::Purchase);
                clauses.push(format!("count {}", measured.text));
                give
            }
        };
        clauses.push(give);
        clauses.push(self.days(12));
        self.ends(&mut clauses, 30, Scope::Purchase);
        // Two that can meet need a stack.
        let stack = if self.stacks.is_empty() { None } else { self.one_of(&self.stacks.clone()) };
        if let Some(stack) = stack {
            clauses.push(format!("group {stack}"));
            self.grouped.push((stack, format!("extra_{place}")));
        }
        tree.block(format!("bonus extra_{place}"), clauses);
    }

    /// A rule on anything.
    fn other(&mut self, tree: &mut Tree, place: u32) {
        let on = self.trigger();
        let mut clauses = vec![format!("on {}", on.text)];
        if self.d.chance(5) && !on.timer && !on.friend {
            clauses.push("on visit".to_owned());
        }
        clauses.push(self.maybe(30, |w| format!("when {}", w.condition(on.scope))));
        let measured = if on.lines && self.d.chance(50) {
            Some(self.measured(false))
        } else if on.timer && self.d.chance(60) {
            let mut measured = self.measured(true);
            let give = measured.text.clone();
            let window = self.window(false);
            measured.text = format!("{give} in {window}").replace(" in ever", " ever");
            Some(measured)
        } else if on.scope == Scope::Activity && on.text.contains("workout") && self.d.chance(60) {
            Some(if self.d.chance(50) {
                Measured { text: "length".to_owned(), unit: "minutes".to_owned(), figures: [10, 20, 30, 45] }
            } else {
                Measured { text: "steps".to_owned(), unit: "steps".to_owned(), figures: [100, 300, 1000, 5000] }
            })
        } else {
            None
        };
        if let Some(measured) = &measured {
            clauses.push(format!("count {}", measured.text));
        }
        for _ in 0..self.d.figure(&[1, 1, 1, 2]) {
            let give = match &measured {
                Some(measured) if self.d.chance(80) => self.give_amount(measured, on.scope),
                Some(_) | None => self.give_thing(on.scope),
            };
            let to = if on.friend { self.d.of(&["", "", " to referrer", " to friend", " to member"]) } else { "" };
            clauses.push(format!("{give}{to}"));
        }
        clauses.push(self.days(8));
        self.ends(&mut clauses, 25, on.scope);
        let word = if self.d.chance(12) { "bonus" } else { "earn" };
        if let Some(stack) = self.one_of(&self.stacks.clone())
            && self.d.chance(8)
        {
            clauses.push(format!("group {stack}"));
            self.grouped.push((stack, format!("other_{place}")));
        }
        tree.block(format!("{word} other_{place}"), clauses);
    }

    fn trigger(&mut self) -> On {
        let bare = |text: String| On { text, scope: Scope::Bare, lines: false, timer: false, friend: false };
        loop {
            return match self.d.below(30) {
                0..=3 => {
                    On { text: "purchase".to_owned(), scope: Scope::Purchase, lines: true, timer: false, friend: false }
                }
                4 => On {
                    text: "first purchase".to_owned(),
                    scope: Scope::Purchase,
                    lines: true,
                    timer: false,
                    friend: false,
                },
                5 if !self.apart => {
                    let text = "first purchase of friend".to_owned();
                    On { text, scope: Scope::Purchase, lines: true, timer: false, friend: true }
                }
                6 if !self.apart => On { friend: true, ..bare("referral".to_owned()) },
                7 | 8 => bare("visit".to_owned()),
                9..=11 => {
                    let Some(activity) = self.one_of(&self.activities.clone()) else { continue };
                    let text = if self.d.chance(15) { "activity".to_owned() } else { format!("activity {activity}") };
                    On { scope: Scope::Activity, ..bare(text) }
                }
                12 | 13 => bare("join".to_owned()),
                14 => bare(self.d.of(&["birthday", "7 days before birthday", "2 days after birthday"]).to_owned()),
                15 => bare(
                    self.d.of(&["anniversary", "1 days before anniversary", "3 days after anniversary"]).to_owned(),
                ),
                16 | 17 => {
                    if self.tiers.is_empty() {
                        continue;
                    }
                    let tiers = self.tiers[self.d.below(self.tiers.len())].0;
                    bare(format!("level up in {tiers}"))
                }
                18 | 19 => {
                    let Some(card) = self.one_of(&self.cards.clone()) else { continue };
                    bare(format!("full {card}"))
                }
                20 | 21 => On { scope: Scope::Redeem, ..bare("redeem".to_owned()) },
                22..=24 => {
                    let every = self.d.of(&[
                        "every month",
                        "every month",
                        "every day",
                        "every week",
                        "every quarter",
                        "every year",
                        "every membership year",
                    ]);
                    On { timer: true, ..bare(every.to_owned()) }
                }
                25 | 26 => {
                    let every = self.d.of(&["month", "day", "week", "quarter", "year"]);
                    On { timer: true, ..bare(format!("at start of every {every}")) }
                }
                27 | 28 => bare(format!("no purchase in {} days", self.d.figure(&[1, 5, 10, 30]))),
                _ => continue,
            };
        }
    }

    /// Limits, exceptions and the budget.
    pub(super) fn ends(&mut self, clauses: &mut Vec<String>, percent: usize, scope: Scope) {
        clauses.push(self.maybe(percent, |w| w.limit()));
        clauses.push(self.maybe(percent / 5, |w| w.limit()));
        clauses.push(self.maybe(8, |w| format!("except {}", w.condition(scope))));
        clauses.push(self.maybe(10, |w| match w.one_of(&w.calendars.clone()) {
            Some(days) => format!("except in {days}"),
            None => String::new(),
        }));
        clauses.push(match self.one_of(&self.budgets.clone()) {
            Some(budget) if self.d.chance(50) => format!("budget {budget}"),
            Some(_) | None => String::new(),
        });
    }

    fn limit(&mut self) -> String {
        let (_, plural) = self.units[0];
        let of = match self.d.below(8) {
            0 => "once".to_owned(),
            1..=3 => format!("{} times", self.d.figure(&[1, 2, 3])),
            _ => format!("{} {plural}", self.d.figure(&[5, 12, 20, 40])),
        };
        if !self.apart && self.d.chance(25) {
            return format!("limit {of} in all");
        }
        format!("limit {of} {}", self.per_member())
    }

    /// `per member per day` and the like.
    pub(super) fn per_member(&mut self) -> String {
        self.d
            .of(&[
                "per member per day",
                "per member per day",
                "per member per week",
                "per member per month",
                "per member per quarter",
                "per member per year",
                "per member in last 7 days",
                "per member in last 30 days",
                "per member in last 24 hours",
                "per member per membership year",
                "per member in last 1 months",
                "per member",
                "per member ever",
                "per member in since joining",
            ])
            .to_owned()
    }

    /// What a receipt or a count brings.
    pub(super) fn give_amount(&mut self, measured: &Measured, scope: Scope) -> String {
        let (unit, plural) = self.unit();
        let is_money = measured.unit == self.money;
        let per_unit = if measured.unit.is_empty() { String::new() } else { format!(" {}", measured.unit) };
        let number = if self.d.chance(8) { "1.5".to_owned() } else { self.d.figure(&[1, 1, 1, 2, 3, 5]).to_string() };
        let word = if number == "1" { unit } else { plural };
        let per = match is_money {
            true => self.d.figure(&[1, 2, 2, 3, 7, 10]),
            false if measured.figures[0] >= 10 => self.d.figure(&measured.figures),
            false => self.d.figure(&[1, 1, 2, 3]),
        };
        match self.d.below(12) {
            0..=4 => {
                let or = self.or_when("2", scope);
                format!("give {number} {word} per {per}{per_unit}{or}{}", self.sooner())
            }
            5 | 6 => format!("give {number} {word} per full {per}{per_unit}{}", self.sooner()),
            7 | 8 if is_money => {
                let percent = self.d.of(&["5", "2", "7.5", "1", "0.3"]);
                let or = self.or_when("10%", scope);
                format!("give {percent}% back as {unit}{or}{}", self.sooner())
            }
            9 | 10 => {
                let whole = self.d.of(&["", " whole"]);
                let edge = measured.figures[self.d.below(3)];
                let unit_of = if per_unit.is_empty() { "" } else { &per_unit };
                format!(
                    "give by scale{whole}: from 0{unit_of} 1 {unit} per {per}{unit_of}, from {edge}{unit_of} 2 {plural} per {per}{unit_of}"
                )
            }
            _ => {
                let (low, high) = (measured.figures[0], measured.figures[2]);
                let life = self.sooner();
                format!("give by step: from {low}{per_unit} 3 {plural}, from {high}{per_unit} 8 {plural}{life}")
            }
        }
    }

    fn or_when(&mut self, figure: &str, scope: Scope) -> String {
        match self.d.below(10) {
            0 => format!(", or {figure} when {}", self.condition(scope)),
            1 => {
                let (first, second) = (self.condition(scope), self.condition(scope));
                let third = if figure.ends_with('%') { "4%" } else { "3" };
                format!(", or {figure} when {first}, or {third} when {second}")
            }
            _ => String::new(),
        }
    }

    fn give_fixed(&mut self, life: bool) -> String {
        let (unit, plural) = self.unit();
        let number = self.d.figure(&[1, 3, 5, 10, 25]);
        let word = if number == 1 { unit } else { plural };
        let plus = self.d.of(&["", "+"]);
        let life = if life && self.d.chance(30) {
            self.d.of(&[
                " expiring 5 days after",
                " expiring 1 months after",
                " expiring 10 days after, at end of month",
                " expiring 1 weeks after, at end of week",
            ])
        } else {
            ""
        };
        format!("give {plus}{number} {word}{life}")
    }

    /// Something that depends on no amount.
    pub(super) fn give_thing(&mut self, scope: Scope) -> String {
        match self.d.below(12) {
            0 | 1 => match self.one_of(&self.gifts.clone()) {
                Some(gift) => self.d.text(&[format!("give gift {gift}"), format!("give 2 gifts {gift}")]),
                None => self.give_fixed(true),
            },
            2 => match self.one_of(&self.cards.clone()) {
                Some(card) => {
                    format!("give {} stamps on {card}", self.d.figure(&[1, 2])).replace("1 stamps", "1 stamp")
                }
                None => self.give_fixed(true),
            },
            3 if !self.tiers.is_empty() => {
                let (tiers, levels) = self.tiers[self.d.below(self.tiers.len())];
                let level = levels[self.d.between(1, levels.len() - 1)];
                let until = self.d.of(&["", "", " until 2024-03-31", " for 10 days", " for 1 months"]);
                format!("give level {level} of {tiers}{until}")
            }
            4 => {
                let (_, plural) = self.units[0];
                format!("give 3 {plural}, or 7 when {}", self.condition(scope))
            }
            _ => self.give_fixed(true),
        }
    }

    pub(super) fn stacks(&mut self, tree: &mut Tree) {
        for name in self.stacks.clone() {
            let take = match self.d.below(8) {
                0 | 1 => "take best",
                2 => "take best 2",
                3 => "take all",
                4 | 5 => &self.take_first(name),
                6 => self.d.of(&["compound", "take compound"]),
                _ => "",
            };
            let (_, plural) = self.units[0];
            let mut clauses = vec![take.to_owned()];
            let cap = format!("cap {} {plural} ", self.d.figure(&[5, 12, 40]));
            // What multiplies has a cap.
            let always = take.ends_with("compound");
            clauses.push(self.maybe(if always { 100 } else { 30 }, |w| cap + &w.per_member()));
            clauses.push(self.maybe(15, |w| format!("cap {}% of receipt", w.d.figure(&[5, 20]))));
            if clauses.iter().all(String::is_empty) {
                clauses.push("take all".to_owned());
            }
            tree.block(format!("stack {name}"), clauses);
        }
    }

    /// Names some of the stack's own, in either order.
    fn take_first(&mut self, stack: &str) -> String {
        let own = self.grouped.iter().filter(|(of, _)| *of == stack);
        let mut names: Vec<&str> = own.map(|(_, name)| name.as_str()).collect();
        if self.d.chance(50) {
            names.reverse();
        }
        if names.is_empty() { "take all".to_owned() } else { format!("take first of [{}]", names.join(", ")) }
    }

    /// A card's `stamp` line.
    pub(super) fn stamp(&mut self) -> String {
        let number = self.d.figure(&[1, 1, 1, 2]);
        let per = match self.d.below(9) {
            0 | 1 => "item".to_owned(),
            2 | 3 => "visit".to_owned(),
            4 | 5 => "purchase".to_owned(),
            6 => match self.one_of(&self.activities.clone()) {
                Some(activity) => format!("activity {activity}"),
                None => "item".to_owned(),
            },
            _ => format!("{} {}", self.d.figure(&[5, 10, 20]), self.money),
        };
        let lines = if per.starts_with("activity") {
            String::new()
        } else {
            match self.d.below(6) {
                0 | 1 => format!(", category in [{}]", self.d.some(&CATEGORIES).join(", ")),
                2 => self.pick(),
                _ => String::new(),
            }
        };
        format!("stamp {number} per {per}{lines}")
    }
}
