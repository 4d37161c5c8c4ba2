//! Conditions, windows and what can be measured (section 4, and BASIS of section 3).

use super::{BRANDS, CATEGORIES, CHANNELS, Measured, REGIONS, STORES, Scope, Weave};

const SKUS: [&str; 5] = ["C1", "C2", "T1", "K1", "G1"];

impl Weave {
    /// A condition of up to three tests, or two of them with a bracket.
    pub(super) fn condition(&mut self, scope: Scope) -> String {
        let first = self.test(scope);
        match self.d.below(14) {
            0..=7 => first,
            8 | 9 => format!("{first} and {}", self.test(scope)),
            10 => format!("{first} or {}", self.test(scope)),
            11 => format!("not ({first})"),
            12 => format!("({first} or {}) and {}", self.test(scope), self.test(scope)),
            _ => format!("{first} and not ({})", self.test(scope)),
        }
    }

    fn test(&mut self, scope: Scope) -> String {
        if self.measures && self.d.chance(25) {
            return self.ready_made();
        }
        match scope {
            Scope::Purchase => match self.d.below(20) {
                0..=4 => self.line_test(),
                5 => format!("every line {}", self.line_test()),
                6..=9 => self.receipt_test(),
                10..=12 => self.time_test(),
                13..=15 => self.member_test(scope),
                _ => self.before_test(scope),
            },
            Scope::Activity => match self.d.below(8) {
                0..=2 => self.field_test(),
                3 => self.time_test(),
                4 | 5 => self.member_test(scope),
                _ => self.before_test(scope),
            },
            Scope::Bare => match self.d.below(8) {
                0 | 1 => self.date_test(),
                2..=4 => self.member_test(scope),
                _ => self.before_test(scope),
            },
            Scope::Redeem => match self.d.below(8) {
                0 => self.time_test(),
                1..=4 => self.member_test(scope),
                _ => self.before_test(scope),
            },
            Scope::Segment => match self.d.below(8) {
                0..=3 => self.member_test(scope),
                _ => self.before_test(scope),
            },
        }
    }

    /// A test of one line.
    pub(super) fn line_test(&mut self) -> String {
        let money = self.money;
        match self.d.below(20) {
            0..=4 => format!("category in [{}]", self.d.some(&CATEGORIES).join(", ")),
            5 => format!("category is {}", self.d.of(&CATEGORIES)),
            6 => format!("category not in [{}]", self.d.of(&CATEGORIES)),
            7 => format!("category is not {}", self.d.of(&CATEGORIES)),
            8 => format!("sku in [{}]", self.d.some(&SKUS).join(", ")),
            9 => match self.one_of(&self.lists.clone()) {
                Some(list) => format!("sku {}in {list}", self.d.of(&["", "not "])),
                None => format!("sku is {}", self.d.of(&SKUS)),
            },
            10 => format!("brand is {}", self.d.of(&BRANDS)),
            11 => "brand exists".to_owned(),
            12 => format!("price is at least {} {money}", self.d.figure(&[3, 5, 10])),
            13 => format!("price is between {} {money} and 12 {money}", self.d.figure(&[3, 5])),
            14 => format!("quantity is at least {}", self.d.figure(&[2, 3])),
            15 => "at reduced price".to_owned(),
            16 => format!("origin is {}", self.d.of(&["local", "far"])),
            17 => format!("weight is more than {}", self.d.figure(&[1, 2])),
            18 => format!("category in [{}] and price is less than 8 {money}", self.d.of(&CATEGORIES)),
            _ => format!("not category in [{}]", self.d.of(&CATEGORIES)),
        }
    }

    fn receipt_test(&mut self) -> String {
        let money = self.money;
        let how = self.d.of(&["is at least", "is at most", "is more than", "is less than"]);
        match self.d.below(12) {
            0..=2 => format!("amount {how} {} {money}", self.d.figure(&[10, 20, 30, 50])),
            3 => format!("amount is between 10 {money} and {} {money}", self.d.figure(&[20, 50])),
            4 => format!("total of items {} {how} {} {money}", self.plain_line_test(), self.d.figure(&[5, 10, 20])),
            5 => format!("items {how} {}", self.d.figure(&[2, 3, 4])),
            6 => format!("items of {} is at least {}", self.plain_line_test(), self.d.figure(&[1, 2])),
            7 => format!("store {} [{}]", self.d.of(&["in", "not in"]), self.d.some(&STORES).join(", ")),
            8 => format!("store {} {}", self.d.of(&["is", "is not"]), self.d.of(&STORES)),
            9 => format!("channel is {}", self.d.of(&CHANNELS)),
            10 => "first purchase".to_owned(),
            _ => format!("region {} {}", self.d.of(&["is", "is not"]), self.d.of(&REGIONS)),
        }
    }

    fn plain_line_test(&mut self) -> String {
        match self.d.below(4) {
            0 | 1 => format!("category in [{}]", self.d.some(&CATEGORIES).join(", ")),
            2 => format!("sku is {}", self.d.of(&SKUS)),
            _ => format!("(category is {} and price is at least 3 {})", self.d.of(&CATEGORIES), self.money),
        }
    }

    fn time_test(&mut self) -> String {
        match self.d.below(6) {
            0 | 1 => self
                .d
                .of(&[
                    "time is between 14:00 and 16:00",
                    "time is between 22:00 and 02:00",
                    "time is at least 18:30",
                    "time is less than 04:00",
                    "time is between 00:00 and 04:00",
                    "time is between 03:00 and 03:30",
                ])
                .to_owned(),
            _ => self.date_test(),
        }
    }

    fn date_test(&mut self) -> String {
        match self.d.below(11) {
            0 | 1 => format!("weekday in [{}]", self.d.some(&["saturday", "sunday", "thursday", "monday"]).join(", ")),
            2 => "weekday is between friday and monday".to_owned(),
            3 => "date is between 2024-02-10 and 2024-03-01".to_owned(),
            4 => format!("date is {} 2024-02-29", self.d.of(&["at least", "more than", "less than", "not"])),
            5 | 6 => match self.one_of(&self.calendars.clone()) {
                Some(days) => format!("date {}in {days}", self.d.of(&["", "not "])),
                None => "date is 2024-03-31".to_owned(),
            },
            7 => format!("day of month is {} {}", self.d.of(&["at least", "at most"]), self.d.figure(&[10, 29, 31])),
            8 => "day of month in [1, 15, 29, 31]".to_owned(),
            9 => format!("month in [{}]", self.d.of(&["2", "3, 12", "1, 3"])),
            _ => "month is between 2 and 3".to_owned(),
        }
    }

    fn member_test(&mut self, scope: Scope) -> String {
        loop {
            match self.d.below(20) {
                0..=4 => {
                    let Some((name, levels)) = self.a_tiers() else { continue };
                    let level = levels[self.d.between(1, levels.len() - 1)];
                    return match self.d.below(6) {
                        0 => format!("{name} is {level}"),
                        1 => format!("{name} is not {level}"),
                        2 | 3 => format!("{name} is at least {level}"),
                        4 => format!("{name} is less than {level}"),
                        _ => format!("{name} in [{level}]"),
                    };
                }
                5 | 6 if scope != Scope::Segment => {
                    let Some(segment) = self.one_of(&self.segments.clone()) else { continue };
                    return format!("{}in segment {segment}", self.d.of(&["", "", "not "]));
                }
                7 | 8 => return format!("birthday within {} days", self.d.figure(&[3, 7, 30])),
                9 => {
                    return format!("member for at least {}", self.d.of(&["1 month", "30 days", "2 weeks", "1 year"]));
                }
                10 | 11 => {
                    let Some(gift) = self.one_of(&self.gifts.clone()) else { continue };
                    return format!("has gift {gift}");
                }
                12 => {
                    let Some(reward) = self.one_of(&self.rewards.clone()) else { continue };
                    return format!("has reward {reward}");
                }
                13 | 14 => {
                    let Some(card) = self.one_of(&self.cards.clone()) else { continue };
                    return format!(
                        "stamps on {card} is at {} {}",
                        self.d.of(&["least", "most"]),
                        self.d.figure(&[1, 2])
                    );
                }
                15 | 16 => {
                    let (unit, plural) = self.unit();
                    let how = self.d.of(&["is at least", "is less than", "is at most"]);
                    return format!("balance of {unit} {how} {} {plural}", self.d.figure(&[5, 20, 40]));
                }
                17 => return format!("member.plan {} executive", self.d.of(&["is", "is not"])),
                18 => return format!("member.age is at least {}", self.d.figure(&[18, 65])),
                _ => return self.d.of(&["member.plan exists", "member.plan in [executive, staff]"]).to_owned(),
            }
        }
    }

    fn a_tiers(&mut self) -> Option<(&'static str, &'static [&'static str])> {
        if self.tiers.is_empty() { None } else { Some(self.tiers[self.d.below(self.tiers.len())]) }
    }

    fn field_test(&mut self) -> String {
        match self.d.below(5) {
            0 => "length is at least 30 minutes".to_owned(),
            1 => "steps is more than 1000".to_owned(),
            2 => "sport is run".to_owned(),
            3 => "place is not home".to_owned(),
            _ => "place exists".to_owned(),
        }
    }

    /// What lay before the event.
    fn before_test(&mut self, scope: Scope) -> String {
        match self.d.below(12) {
            0 => {
                let how = self.d.of(&["is at least", "is more than", "is at most"]);
                format!("days since last purchase {how} {} days", self.d.figure(&[1, 5, 10, 30]))
            }
            1 | 2 => {
                let period = self.d.of(&["days", "weeks", "months", "quarters", "years"]);
                let act = match self.d.below(4) {
                    0 => "visit".to_owned(),
                    1 => {
                        self.one_of(&self.activities.clone()).map_or("purchase".to_owned(), |a| format!("activity {a}"))
                    }
                    _ => "purchase".to_owned(),
                };
                format!("consecutive {period} with {act} is at least {}", self.d.figure(&[1, 2, 3]))
            }
            _ => {
                let measured = self.measured(true);
                let how = self.d.of(&["is at least", "is at least", "is more than", "is less than", "is at most"]);
                let window = self.window(scope == Scope::Purchase);
                let figure = self.d.figure(&measured.figures);
                let unit = if measured.unit.is_empty() { String::new() } else { format!(" {}", measured.unit) };
                format!("{} in {window} {how} {figure}{unit}", measured.text).replace(" in ever", " ever")
            }
        }
    }

    /// A window; `campaign` where the rule has dates.
    pub(super) fn window(&mut self, campaign: bool) -> String {
        match self.d.below(24) {
            0..=3 => format!("last {} days", self.d.figure(&[1, 7, 10, 30, 365])),
            4 => format!("last {} weeks", self.d.figure(&[1, 2])),
            5 | 6 => format!("last {} months", self.d.figure(&[1, 2])),
            7 => "last 1 years".to_owned(),
            8 | 9 => format!("last {} hours", self.d.figure(&[1, 24, 36])),
            10 => "calendar day".to_owned(),
            11 | 12 => "calendar week".to_owned(),
            13..=15 => "calendar month".to_owned(),
            16 => "calendar quarter".to_owned(),
            17 | 18 => "calendar year".to_owned(),
            19 => "membership year".to_owned(),
            20 => "since joining".to_owned(),
            21 if campaign => "campaign".to_owned(),
            _ => "ever".to_owned(),
        }
    }

    /// Something to measure; `aggregate`: beside a window, where it may be about the past alone.
    pub(super) fn measured(&mut self, aggregate: bool) -> Measured {
        let money = [10, 20, 50, 100];
        let few = [1, 2, 3, 5];
        let make = |text: String, unit: &str, figures| Measured { text, unit: unit.to_owned(), figures };
        loop {
            match self.d.below(22) {
                0..=3 if aggregate => return make(format!("spend{}", self.of_items()), self.money, money),
                4..=8 => {
                    let total = self.total();
                    return make(total, self.money, money);
                }
                9..=11 => return make(format!("items{}", self.pick()), "", few),
                12 | 13 => return make(format!("purchases{}", self.few_picks(aggregate)), "", few),
                14 | 15 => return make(format!("visits{}", self.few_picks(aggregate)), "", few),
                16 => {
                    let Some(activity) = self.one_of(&self.activities.clone()) else { continue };
                    return make(format!("activity {activity}"), "", few);
                }
                17 if self.activities.contains(&"workout") && aggregate => {
                    return match self.d.below(2) {
                        0 => make("sum of length".to_owned(), "minutes", [10, 30, 45, 60]),
                        _ => make("steps".to_owned(), "steps", [10, 30, 1000, 60]),
                    };
                }
                18 | 19 => {
                    let (unit, plural) = self.unit();
                    return make(format!("points {unit}"), plural, [5, 10, 40, 100]);
                }
                20 | 21 => {
                    let what =
                        self.d.of(&["stores", "categories", "days", "brands", "skus", "channels", "region", "origin"]);
                    return make(format!("distinct {what}{}", self.few_picks(aggregate)), "", few);
                }
                _ => {}
            }
        }
    }

    /// Money of a receipt.
    pub(super) fn total(&mut self) -> String {
        let discounts = self.d.of(&["", "", "", " after discounts", " before discounts"]);
        let tax = self.d.of(&["", "", "", " with tax", " without tax"]);
        format!("total{discounts}{tax}{}", self.pick())
    }

    /// Which lines, mostly all.
    pub(super) fn pick(&mut self) -> String {
        match self.d.below(12) {
            0 => format!(", with {}", self.line_test()),
            1 => format!(", without {}", self.line_test()),
            2 => format!(", {}", self.line_test()),
            3 => format!(", with {}, without {}", self.line_test(), self.line_test()),
            _ => String::new(),
        }
    }

    fn few_picks(&mut self, aggregate: bool) -> String {
        if aggregate && self.d.chance(30) { format!(", with {}", self.line_test()) } else { String::new() }
    }

    fn of_items(&mut self) -> String {
        if self.d.chance(25) { format!(" of items category in [{}]", self.d.of(&CATEGORIES)) } else { String::new() }
    }
}
