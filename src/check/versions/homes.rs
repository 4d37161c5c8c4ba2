//! What members may hold of the old program, and whether the new one has it too.

use super::super::analyses::is_given;
use super::Version;
use super::align::class_word;
use super::line_of;
use super::missing::Wrong;
use crate::diag::Finding;
use crate::mechanics::draw;
use crate::mechanics::example::Held;
use crate::mechanics::gift::Valid;
use crate::mechanics::points::Pending;
use crate::mechanics::version::Replaces;
use crate::mechanics::{CouponId, GiftId, Name, Program};
use crate::syntax::ast::Block;
use crate::text::Span;
use crate::value::clock::Date;

/// One file and the one that it replaces.
struct Pair<'c, 'a> {
    new: &'c Version<'a>,
    replaces: &'c Replaces,
    /// The old one, and those before it.
    old: &'c [Version<'a>],
    found: Vec<Wrong>,
}

/// What has no home, and what cannot be compared, along the whole chain.
pub(super) fn check(chain: &[Version<'_>]) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, new) in chain.iter().enumerate() {
        let Some(replaces) = &new.program.settings.succession.replaces else { continue };
        let old = &chain[at + 1..];
        if old.is_empty() {
            continue;
        }
        let mut pair = Pair { new, replaces, old, found: Vec::new() };
        pair.days();
        pair.settings();
        pair.points();
        pair.levels();
        pair.things();
        pair.rules();
        found.extend(pair.found.into_iter().map(Finding::from));
    }
    found
}

impl<'c, 'a> Pair<'c, 'a> {
    fn old(&self) -> &'c Version<'a> {
        &self.old[0]
    }

    /// The days of both meet without a gap.
    fn days(&mut self) {
        let (new, old, from) = (&self.new.program.settings, &self.old().program.settings, self.replaces.from);
        let place = self.replaces.span;
        let begins = self.old().begins().or(old.from);
        if let Some(begins) = begins.filter(|begins| from <= *begins) {
            let line = if old.succession.replaces.is_some() { "replaces" } else { "from" };
            self.found.push(Wrong::NotLater { place, old: self.old().settings_line(line), from, begins });
        }
        if let Some(last) = old.until.filter(|last| last.tomorrow().is_ok_and(|next| next < from)) {
            let line = if self.old().settings_line("until") == self.old().settings_line("") { "from" } else { "until" };
            let says = format!("the old one ends on {last}");
            self.found.push(Wrong::Gap { place, other: self.old().settings_line(line), from, says });
        }
        let began = self.old.last().and_then(|oldest| oldest.program.settings.from);
        if let Some(first) = new.from.filter(|first| *first < from && Some(*first) != began) {
            let oldest = self.old.last().unwrap_or(self.old());
            let what = match began {
                Some(began) => format!("the program begins on {first} here and on {began} in the oldest program"),
                None => format!("the program begins on {first} here, and the oldest program says no first day"),
            };
            let (place, old) = (self.new.settings_line("from"), oldest.settings_line("from"));
            self.found.push(Wrong::NotAlike { place, old, what });
        }
        if let Some(first) = new.from.filter(|first| *first > from) {
            let says = format!("this one says `from {first}`");
            self.found.push(Wrong::Gap { place, other: self.new.settings_line("from"), from: first, says });
        }
    }

    /// Money and days are counted alike.
    fn settings(&mut self) {
        let (new, old) = (&self.new.program.settings, &self.old().program.settings);
        let mut differ = |alike: bool, keyword: &str, what: String| {
            if !alike {
                let (place, old) = (self.new.settings_line(keyword), self.old[0].settings_line(keyword));
                self.found.push(Wrong::NotAlike { place, old, what });
            }
        };
        let what = format!("the money is {} here and {} in the old program", new.money, old.money);
        differ(new.money == old.money, "money", what);
        differ(new.clock == old.clock, "clock", "the clock is another one than in the old program".to_owned());
    }

    fn points(&mut self) {
        for old in &self.old().program.points {
            let name = &old.name.text;
            let Some(new) = self.new.program.points.iter().find(|new| new.name.text == *name) else {
                self.no_home("points", "points unit", &old.name, "may have a balance of them");
                continue;
            };
            let (place, was) = self.lines("points", name, "decimals");
            if new.decimals != old.decimals {
                let what = format!(
                    "`{name}` has `decimals {}` here and `decimals {}` in the old program",
                    new.decimals, old.decimals
                );
                self.found.push(Wrong::NotAlike { place, old: was, what });
            }
            if new.separate_by != old.separate_by {
                let (place, was) = self.lines("points", name, "separate");
                let by = |of: &Option<String>| {
                    of.as_ref().map_or("one balance".to_owned(), |by| format!("a balance by {by}"))
                };
                let what = format!(
                    "`{name}` has {} here and {} in the old program",
                    by(&new.separate_by),
                    by(&old.separate_by)
                );
                self.found.push(Wrong::NotAlike { place, old: was, what });
            }
            if let Pending::Until(activity) = old.pending {
                let activity = &self.old().program.activities[activity.0].name.text;
                if !self.new.program.activities.iter().any(|one| one.name.text == *activity) {
                    let (_, was) = self.lines("points", name, "pending");
                    let (unit, activity) = (name.clone(), activity.clone());
                    self.found.push(Wrong::NoConfirmation { place: self.replaces.span, old: was, unit, activity });
                }
            }
        }
    }

    fn levels(&mut self) {
        for old in &self.old().program.tiers {
            let name = &old.name.text;
            let Some(new) = self.new.program.tiers.iter().find(|new| new.name.text == *name) else {
                self.no_home("tiers", "tiers block", &old.name, "may hold a level of it");
                continue;
            };
            let place_of = |level: &str| new.levels.iter().position(|one| one.name.text == level);
            let mut last: Option<(usize, &Name)> = None;
            for level in &old.levels {
                let Some(place) = place_of(&level.name.text) else {
                    let (tiers, level_name) = (name.clone(), level.name.text.clone());
                    let place = new.name.span;
                    self.found.push(Wrong::NoLevel { place, old: level.name.span, tiers, level: level_name });
                    continue;
                };
                if let Some((before, lower)) = last.filter(|(before, _)| place < *before) {
                    let (lower, higher) = (level.name.text.clone(), lower.text.clone());
                    let place = new.levels[before].name.span;
                    self.found.push(Wrong::OtherOrder { place, old: level.name.span, lower, higher });
                }
                last = Some((place, &level.name));
            }
            if let (Some(is), Some(was)) = (new.levels.first(), old.levels.first())
                && is.name.text != was.name.text
                && place_of(&was.name.text).is_some()
            {
                let (place, old) = (is.name.span, was.name.span);
                let (was, is) = (was.name.text.clone(), is.name.text.clone());
                self.found.push(Wrong::OtherLowest { place, old, was, is });
            }
        }
    }

    /// Cards, gifts, rewards, coupons, memberships, draws.
    fn things(&mut self) {
        let (new, old) = (&self.new.program, &self.old().program);
        for card in old.cards.iter().filter(|card| !new.cards.iter().any(|one| one.name.text == card.name.text)) {
            self.no_home("card", "card", &card.name, "may have stamps on it");
        }
        let gifts = old.gifts.iter().map(|one| ("gift", &one.name));
        let rewards = old.rewards.iter().map(|one| ("reward", &one.name));
        let coupons = old.coupons.iter().map(|one| ("coupon", &one.name));
        for (keyword, name) in gifts.chain(rewards).chain(coupons) {
            if self.new.block(keyword, &name.text).is_none() && self.may_be_held(keyword, name) {
                self.no_home(keyword, keyword, name, "may still hold one");
            }
        }
        for sold in &old.memberships {
            let same = new
                .memberships
                .iter()
                .any(|one| one.name.text == sold.name.text && one.sold_by.is_some() == sold.sold_by.is_some());
            if !same {
                self.no_home("membership", "membership", &sold.name, "may have paid for it");
            }
        }
        for draw in old.draws.iter().filter(|draw| !new.draws.iter().any(|one| one.name.text == draw.name.text)) {
            let over = draw.until.is_some_and(|until| until < self.replaces.from)
                || matches!(draw.held, draw::Held::On(day) if day < self.replaces.from);
            if !over {
                self.no_home("draw", "draw", &draw.name, "may have entries in it");
            }
        }
    }

    /// An `earn` stays one, and a challenge a challenge.
    fn rules(&mut self) {
        let classes =
            |version: &'c Version<'a>| version.ast.blocks().filter_map(|block| Some((block, class_word(block)?)));
        for (block, is) in classes(self.new) {
            let name = |block: &Block| block.name.as_ref().map(|name| name.text.clone());
            let same = classes(self.old()).find(|(old, _)| name(old) == name(block));
            if let Some((old, was)) = same.filter(|(_, was)| *was != is) {
                let name = name(block).unwrap_or_default();
                self.found.push(Wrong::OtherKind { place: block.header, old: old.header, name, was, is });
            }
        }
    }

    fn no_home(&mut self, keyword: &'static str, kind: &'static str, name: &Name, held: &'static str) {
        let close = self.replaces.from.yesterday().map(|last| format!("until {last}")).unwrap_or_default();
        let mend = match keyword {
            "reward" => format!("keep the block, and close it: `{close}`"),
            "gift" | "coupon" => format!("keep the block `{keyword} {}`; no rule needs to give it", name.text),
            "card" | "draw" => format!("keep the block `{keyword} {}` until it is over", name.text),
            "tiers" => {
                format!(
                    "keep the block `tiers {}`; of levels that nobody is to reach any more say `by membership`",
                    name.text
                )
            }
            "membership" => "keep it, without `renew` where it is to end".to_owned(),
            _ => format!("keep the block `{keyword} {}`; no rule needs to give any more", name.text),
        };
        let (place, old, name) = (self.replaces.span, name.span, name.text.clone());
        self.found.push(Wrong::NoHome { place, old, kind, name, held, mend });
    }

    /// The lines of a clause in the new and the old block, else their heads.
    fn lines(&self, keyword: &str, name: &str, clause: &str) -> (Span, Span) {
        let of = |version: &Version<'_>| version.block(keyword, name).map(|block| line_of(block, clause));
        let place = of(self.new).unwrap_or(self.replaces.span);
        (place, of(self.old()).unwrap_or(place))
    }

    /// Whether somebody may hold a gift, reward or coupon of the old program as the new one begins: what was last
    /// given is still valid. Nobody gives any more what a version only keeps for those who hold it.
    fn may_be_held(&self, keyword: &str, name: &Name) -> bool {
        // Members who keep the old terms have them for longer; without an end, for good.
        let mut last_day = last_day_before(self.new);
        for (at, version) in self.old.iter().enumerate() {
            let Some(thing) = thing(&version.program, keyword, &name.text) else { return false };
            let in_older = self.old.get(at + 1).is_some_and(|older| older.block(keyword, &name.text).is_some());
            if thing.given || !in_older {
                let last = last_day.into_iter().chain(thing.until).min();
                let clock = &version.program.settings.clock;
                let own = last.and_then(|last| thing.valid.last_day(clock, last));
                return own.into_iter().chain(thing.ends).min().is_none_or(|end| end >= self.replaces.from);
            }
            last_day = last_day.into_iter().chain(last_day_before(version)).min();
        }
        true
    }
}

/// The last day of what a version replaces; none: some members keep it for good.
fn last_day_before(version: &Version<'_>) -> Option<Date> {
    let succession = &version.program.settings.succession;
    match succession.members {
        Some(keep) => keep.until,
        None => succession.replaces.as_ref().and_then(|replaces| replaces.from.yesterday().ok()),
    }
}

/// A gift, reward or coupon, as far as its end goes.
struct Thing {
    valid: Valid,
    /// The last day on which it is bought.
    until: Option<Date>,
    /// The day on which all of them end.
    ends: Option<Date>,
    /// Whether anything gives it.
    given: bool,
}

fn thing(program: &Program, keyword: &str, name: &str) -> Option<Thing> {
    Some(match keyword {
        "gift" => {
            let at = program.gifts.iter().position(|gift| gift.name.text == name)?;
            Thing {
                valid: program.gifts[at].valid,
                until: None,
                ends: None,
                given: is_given(program, Held::Gift(GiftId(at))),
            }
        }
        "reward" => {
            let reward = program.rewards.iter().find(|reward| reward.name.text == name)?;
            let begins = program.settings.succession.replaces.as_ref().map(|replaces| replaces.from);
            let over = reward.until.zip(begins).is_some_and(|(until, begins)| until < begins);
            Thing { valid: reward.valid, until: reward.until, ends: None, given: !over }
        }
        _ => {
            let at = program.coupons.iter().position(|coupon| coupon.name.text == name)?;
            let coupon = &program.coupons[at];
            Thing {
                valid: coupon.valid,
                until: None,
                ends: coupon.until,
                given: is_given(program, Held::Coupon(CouponId(at))),
            }
        }
    })
}
