//! Which clauses a program has: so that a table shows what came up, and a test what never did.

mod newer;
mod things;

use loyal::mechanics::Program;
use loyal::mechanics::basis::{Basis, Distinct, Pick, StreakAct};
use loyal::mechanics::condition::{Condition, How, Measure, Test};
use loyal::mechanics::give::{Give, Until, What, Whom};
use loyal::mechanics::points::{Expiry, Pending, Renewal, Scope};
use loyal::mechanics::rule::{Limit, LimitOf, Trigger};
use loyal::mechanics::settings::Membership;
use loyal::mechanics::stack::Take;
use loyal::mechanics::tiers::{Lasts, Miss, Need, Reach};
use loyal::value::clock::{Period, Window};
use loyal::value::exact::Rounding;
use std::collections::BTreeSet;

/// The clauses of one program, by words such as `give: back` or `window: last days`.
pub fn clauses(program: &Program) -> BTreeSet<String> {
    let mut seen = Seen::default();
    seen.settings(program);
    seen.points(program);
    seen.rules(program);
    seen.tiers(program);
    seen.things(program);
    seen.newer(program);
    seen.words
}

#[derive(Default)]
struct Seen {
    words: BTreeSet<String>,
}

impl Seen {
    fn add(&mut self, what: &str, word: &str) {
        self.words.insert(format!("{what}: {word}"));
    }

    fn add_if(&mut self, holds: bool, what: &str, word: &str) {
        if holds {
            self.add(what, word);
        }
    }

    fn settings(&mut self, program: &Program) {
        let settings = &program.settings;
        let clock = &settings.clock;
        self.add_if(settings.from.is_some(), "program", "from");
        self.add_if(settings.until.is_some(), "program", "until");
        self.add_if(clock.day_starts() != jiff::civil::Time::midnight(), "clock", "day starts");
        self.add_if(clock.week_starts() != jiff::civil::Weekday::Monday, "clock", "week starts");
        self.add_if(clock.year_starts() != (1, 1), "clock", "year starts");
        self.add_if(settings.minor_units != 2, "program", "money of other minor units");
        match settings.membership {
            Membership::Any => {}
            Membership::ByEvent => self.add("program", "members join by event"),
            Membership::ByFirstPurchase => self.add("program", "members join by first purchase"),
        }
    }

    fn points(&mut self, program: &Program) {
        self.add_if(program.points.len() > 1, "points", "two units");
        for points in &program.points {
            self.add(
                "round",
                match points.round {
                    Rounding::Down => "down",
                    Rounding::Up => "up",
                    Rounding::Nearest => "nearest",
                    Rounding::HalfEven => "half even",
                },
            );
            self.add(
                "round per",
                match points.scope {
                    Scope::Receipt => "receipt",
                    Scope::Line => "line",
                    Scope::Rule => "rule",
                    Scope::Month => "month",
                },
            );
            self.add_if(points.decimals > 0, "points", "decimals");
            match &points.expiry {
                Expiry::Never => self.add("expire", "never"),
                Expiry::After(life) => {
                    self.add("expire", if life.at_end_of.is_some() { "after, at end of" } else { "after earning" });
                }
                Expiry::Sliding { without, .. } => {
                    for renewal in without {
                        self.add(
                            "expire",
                            match renewal {
                                Renewal::Any => "without any activity",
                                Renewal::Purchase => "without purchase",
                                Renewal::Redeem => "without redeem",
                                Renewal::Visit => "without visit",
                                Renewal::Activity(_) => "without activity",
                            },
                        );
                    }
                }
                Expiry::Yearly(..) => self.add("expire", "on a day each year"),
            }
            match points.pending {
                Pending::No => {}
                Pending::Days(_) => self.add("pending", "days"),
                Pending::Until(_) => self.add("pending", "until activity"),
            }
            self.add_if(points.separate_by.as_deref() == Some("store"), "points", "separate by store");
            self.add_if(points.separate_by.as_deref().is_some_and(|by| by != "store"), "points", "separate by column");
            self.add_if(!points.owe.is_zero(), "points", "owe at most");
            self.add_if(!points.caps.is_empty(), "points", "earn at most");
            self.add_if(!points.transfer.is_empty(), "points", "transfer");
            self.add_if(!points.counts_for.is_empty(), "points", "counts for");
            self.add_if(points.does_not_count, "points", "does not count");
            points.caps.iter().chain(&points.transfer).for_each(|cap| self.window("cap window", &cap.window));
        }
    }

    fn rules(&mut self, program: &Program) {
        for rule in &program.rules {
            self.add("rule", if rule.bonus { "bonus" } else { "earn" });
            self.add_if(rule.on.len() > 1, "on", "two events");
            rule.on.iter().for_each(|on| self.trigger(on));
            if let Some(when) = &rule.when {
                self.add("rule", "when");
                self.condition(when);
            }
            for except in &rule.except {
                self.add("rule", "except");
                self.condition(except);
            }
            self.add_if(!rule.except_in.is_empty(), "rule", "except in calendar");
            self.add_if(rule.from.is_some(), "rule", "from");
            self.add_if(rule.until.is_some(), "rule", "until");
            self.add_if(rule.group.is_some(), "rule", "group");
            self.add_if(rule.budget.is_some(), "rule", "budget");
            self.add_if(rule.gives.len() > 1, "give", "two");
            if let Some(window) = &rule.count_in {
                self.window("count window", window);
            }
            rule.gives.iter().for_each(|give| self.give(give));
            rule.limits.iter().for_each(|limit| self.limit("limit", limit));
        }
        for stack in &program.stacks {
            self.add(
                "stack",
                match &stack.take {
                    Take::All => "all",
                    Take::Best(1) => "best",
                    Take::Best(_) => "best 2",
                    Take::First(_) | Take::FirstDiscount(_) => "first of",
                    Take::Compound => "compound",
                },
            );
            self.add_if(!stack.caps.is_empty(), "stack", "cap of units");
            self.add_if(stack.cap_percent.is_some(), "stack", "cap of receipt");
        }
    }

    fn trigger(&mut self, on: &Trigger) {
        let (shift, of_shift) = match on {
            Trigger::Birthday(days) => (*days, "birthday"),
            Trigger::Anniversary(days) => (*days, "anniversary"),
            _ => (0, ""),
        };
        match shift {
            0 => {}
            ..0 => self.add("on", &format!("days before {of_shift}")),
            1.. => self.add("on", &format!("days after {of_shift}")),
        }
        self.add(
            "on",
            match on {
                Trigger::Purchase => "purchase",
                Trigger::FirstPurchaseOfFriend => "first purchase of friend",
                Trigger::Visit => "visit",
                Trigger::Activity(Some(_)) => "activity by name",
                Trigger::Activity(None) => "any activity",
                Trigger::Referral => "referral",
                Trigger::Join => "join",
                Trigger::Birthday(_) => "birthday",
                Trigger::Anniversary(_) => "anniversary",
                Trigger::LevelUp(_) => "level up",
                Trigger::Full(_) => "full",
                Trigger::Completed(_) => "challenge completed",
                Trigger::PaidOut(_) => "paid out",
                Trigger::Redeem => "redeem",
                Trigger::Every { period, at_start: false } => match period {
                    Period::Day => "every day",
                    Period::Week => "every week",
                    Period::Month => "every month",
                    Period::Quarter => "every quarter",
                    Period::Year => "every year",
                },
                Trigger::Every { period, at_start: true } => match period {
                    Period::Day => "at start of every day",
                    Period::Week => "at start of every week",
                    Period::Month => "at start of every month",
                    Period::Quarter => "at start of every quarter",
                    Period::Year => "at start of every year",
                },
                Trigger::EveryLength { at_start: false, .. } => "every N days",
                Trigger::EveryLength { at_start: true, .. } => "at start of every N days",
                Trigger::EveryMembershipYear => "every membership year",
                Trigger::NoPurchaseIn(_) => "no purchase in",
            },
        );
    }

    fn give(&mut self, give: &Give) {
        match give.to {
            Whom::Member => {}
            Whom::Referrer => self.add("give", "to referrer"),
            Whom::Friend => self.add("give", "to friend"),
        }
        if let Some(life) = give.life {
            self.add("give", if life.at_end_of.is_some() { "expiring, at end of" } else { "expiring" });
        }
        match &give.what {
            What::Rate { or, full, basis, .. } => {
                self.add("give", if *full { "per full" } else { "per" });
                self.or(or);
                self.basis("count", basis);
            }
            What::Back { or, basis, .. } => {
                self.add("give", "back");
                self.or(or);
                self.basis("count", basis);
            }
            What::Fixed { or, .. } => {
                self.add("give", "fixed");
                self.or(or);
            }
            What::PercentOf { lines, .. } => {
                self.add("give", "percent of");
                self.add_if(lines.with.is_some() || lines.without.is_some(), "give", "percent of, with lines");
                self.pick(lines);
            }
            What::Scale { whole, basis, .. } => {
                self.add("give", if *whole { "by scale whole" } else { "by scale" });
                self.basis("count", basis);
            }
            What::Step { basis, .. } => {
                self.add("give", "by step");
                self.basis("count", basis);
            }
            What::Gift(_, many) => self.add("give", if *many > 1 { "gifts" } else { "gift" }),
            What::Coupon(..) => self.add("give", "coupon"),
            What::Stamps(..) => self.add("give", "stamps"),
            What::Entries(..) => self.add("give", "entries"),
            What::Level { until, .. } => self.add(
                "give",
                match until {
                    None => "level",
                    Some(Until::Date(_)) => "level until",
                    Some(Until::For(_)) => "level for",
                },
            ),
        }
    }

    fn or<T>(&mut self, or: &[(Condition, T)]) {
        self.add_if(!or.is_empty(), "give", "or when");
        or.iter().for_each(|(when, _)| self.condition(when));
    }

    fn limit(&mut self, of: &str, limit: &Limit) {
        self.add(
            of,
            match limit.of {
                LimitOf::Times => "times",
                LimitOf::Points(_) => "points",
            },
        );
        self.add_if(!limit.per_member, of, "in all");
        self.window("limit window", &limit.window);
    }

    fn window(&mut self, of: &str, window: &Window) {
        let word = format!("{window:?}");
        let word = word.split(['(', '{', ' ']).next().unwrap_or("").to_lowercase();
        match window {
            Window::Calendar(period) => self.add(of, &format!("calendar {}", format!("{period:?}").to_lowercase())),
            Window::Last(length) => {
                let length = format!("{length:?}");
                let unit = length.split('(').next().unwrap_or("").to_lowercase();
                self.add(of, &format!("last {unit}"));
            }
            _ => self.add(of, &word),
        }
    }

    fn basis(&mut self, of: &str, basis: &Basis) {
        match basis {
            Basis::Total(total) => {
                self.add(of, "total");
                self.add_if(total.before_discounts, of, "total before discounts");
                self.add_if(total.without_tax, of, "total without tax");
                self.pick(&total.pick);
            }
            Basis::Items(pick) => self.picked(of, "items", pick),
            Basis::Purchases(pick) => self.picked(of, "purchases", pick),
            Basis::Visits(pick) => self.picked(of, "visits", pick),
            Basis::Activity(_) => self.add(of, "activity"),
            Basis::Field { .. } => self.add(of, "field"),
            Basis::Points(_) => self.add(of, "points"),
            Basis::Distinct(what, pick) => self.picked(
                of,
                match what {
                    Distinct::Stores => "distinct stores",
                    Distinct::Categories => "distinct categories",
                    Distinct::Days => "distinct days",
                    Distinct::Brands => "distinct brands",
                    Distinct::Skus => "distinct skus",
                    Distinct::Channels => "distinct channels",
                    Distinct::Column(_) => "distinct column",
                },
                pick,
            ),
            Basis::One => self.add(of, "1"),
        }
    }

    fn picked(&mut self, of: &str, word: &str, pick: &Pick) {
        self.add(of, word);
        self.pick(pick);
    }

    fn pick(&mut self, pick: &Pick) {
        if let Some(with) = &pick.with {
            self.add("lines", "with");
            self.condition(with);
        }
        if let Some(without) = &pick.without {
            self.add("lines", "without");
            self.condition(without);
        }
    }

    fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::All(parts) => {
                self.add("condition", "and");
                parts.iter().for_each(|part| self.condition(part));
            }
            Condition::Any(parts) => {
                self.add("condition", "or");
                parts.iter().for_each(|part| self.condition(part));
            }
            Condition::Not(part) => {
                self.add("condition", "not");
                self.condition(part);
            }
            Condition::EveryLine(part) => {
                self.add("condition", "every line");
                self.condition(part);
            }
            Condition::Test(test) => self.test(test),
        }
    }

    fn test(&mut self, test: &Test) {
        self.add(
            "how",
            match &test.how {
                How::Is(_) => "is",
                How::IsNot(_) => "is not",
                How::AtLeast(_) => "at least",
                How::AtMost(_) => "at most",
                How::MoreThan(_) => "more than",
                How::LessThan(_) => "less than",
                How::Between(..) => "between",
                How::In(_) => "in",
                How::NotIn(_) => "not in",
                How::InList(_) => "in list",
                How::NotInList(_) => "not in list",
                How::InCalendar(_) => "in calendar",
                How::NotInCalendar(_) => "not in calendar",
                How::Exists => "exists",
                How::Holds => "holds",
            },
        );
        self.measure(&test.measure);
    }

    fn measure(&mut self, measure: &Measure) {
        let of = "condition on";
        let word = match measure {
            Measure::Amount => "amount",
            Measure::TotalOf(part) => {
                self.condition(part);
                "total of items"
            }
            Measure::Items => "items",
            Measure::ItemsOf(part) => {
                self.condition(part);
                "items of"
            }
            Measure::Category => "category",
            Measure::Sku => "sku",
            Measure::Brand => "brand",
            Measure::Price => "price",
            Measure::Quantity => "quantity",
            Measure::ReducedPrice => "at reduced price",
            Measure::Store => "store",
            Measure::Channel => "channel",
            Measure::Time => "time",
            Measure::Weekday => "weekday",
            Measure::Date => "date",
            Measure::DayOfMonth => "day of month",
            Measure::Month => "month",
            Measure::FirstPurchase => "first purchase",
            Measure::Column(_) => "column",
            Measure::Level(_) => "level",
            Measure::Stamps(_) => "stamps",
            Measure::MemberColumn(_) => "member column",
            Measure::InSegment(_) => "segment",
            Measure::HasGift(_) => "has gift",
            Measure::HasMembership(_) => "has membership",
            Measure::HasReward(_) | Measure::HasCoupon(_) => "has reward",
            Measure::BirthdayWithin(_) => "birthday within",
            Measure::MemberFor(_) => "member for",
            Measure::Balance(_) => "balance",
            Measure::Aggregate { basis, window } => {
                self.window("window", window);
                self.basis("aggregate", basis);
                "aggregate"
            }
            Measure::DaysSinceLastPurchase => "days since last purchase",
            Measure::Habit(habit) => newer::habit(habit),
            Measure::Consecutive(streak) => {
                self.add("consecutive", &format!("{:?}", streak.of).to_lowercase());
                self.add(
                    "consecutive with",
                    match streak.with {
                        StreakAct::Purchase => "purchase",
                        StreakAct::Visit => "visit",
                        StreakAct::Activity(_) => "activity",
                    },
                );
                "consecutive"
            }
        };
        self.add(of, word);
    }

    fn tiers(&mut self, program: &Program) {
        self.add_if(program.tiers.len() > 1, "tiers", "two blocks");
        for tiers in &program.tiers {
            self.add_if(tiers.measures.len() > 1, "tiers", "two measures");
            for measure in &tiers.measures {
                self.window("measure window", &measure.window);
                self.basis("measure", &measure.basis);
            }
            for level in &tiers.levels {
                self.add_if(level.for_life, "level", "for life");
                match &level.need {
                    Need::NotEarned => self.add("level", "by membership"),
                    Need::AtLeast { .. } => self.add("level", "from"),
                    Need::All(_) => self.add("level", "from … and"),
                    Need::Any(_) => self.add("level", "from … or"),
                }
            }
            self.add(
                "reach",
                match tiers.reach {
                    Reach::NextEvent => "next event",
                    Reach::AtOnce => "at once",
                    Reach::NextDay => "next day",
                },
            );
            self.add(
                "lasts",
                match tiers.lasts {
                    Lasts::EndOf(_, 0) => "end of period",
                    Lasts::EndOf(..) => "end of next period",
                    Lasts::EndOfMembershipYear(_) => "end of membership year",
                    Lasts::DayAfterEndOf { .. } => "day after end of period",
                    Lasts::For(_) => "length",
                    Lasts::WhileMeasured => "while measured",
                    Lasts::Forever => "forever",
                },
            );
            self.add(
                "miss",
                match tiers.miss {
                    Miss::DropOne => "drop one",
                    Miss::DropToEarned => "drop to earned",
                    Miss::StartOver => "start over",
                    Miss::Keep => "keep",
                },
            );
            self.add_if(tiers.recompute, "tiers", "refund recompute");
            self.add_if(!tiers.matches.is_empty(), "tiers", "match");
            match &tiers.carry_over {
                None => {}
                Some(None) => self.add("tiers", "carry over surplus"),
                Some(Some(_)) => self.add("tiers", "carry over surplus up to"),
            }
        }
    }
}
