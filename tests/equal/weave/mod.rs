//! Whole programs from a seed: a cast of names first, then blocks that use them.

mod blocks;
mod conditions;
mod games;
mod newer;
mod rules;
mod till;

use crate::draw::Draw;
use crate::tree::Tree;

/// Where a condition stands, and so what it can look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// A purchase: lines, the receipt, the member.
    Purchase,
    /// An activity: its fields and the member.
    Activity,
    /// Something without lines: a visit, a timer, a referral.
    Bare,
    /// A redemption, or who may have a gift.
    Redeem,
    /// A set of members.
    Segment,
}

/// What `count`, `measure` or an aggregate measures, and the word its figures stand with.
struct Measured {
    text: String,
    unit: String,
    /// Figures of it that are small, middling and large.
    figures: [u32; 4],
}

/// The names of a program, and the stream it is drawn from.
struct Weave {
    d: Draw,
    money: &'static str,
    /// Each with its plural.
    units: Vec<(&'static str, &'static str)>,
    /// Each with its levels.
    tiers: Vec<(&'static str, &'static [&'static str])>,
    cards: Vec<&'static str>,
    gifts: Vec<&'static str>,
    rewards: Vec<&'static str>,
    activities: Vec<&'static str>,
    segments: Vec<&'static str>,
    lists: Vec<&'static str>,
    calendars: Vec<&'static str>,
    budgets: Vec<&'static str>,
    stacks: Vec<&'static str>,
    /// The rules of each stack.
    grouped: Vec<(&'static str, String)>,
    /// Money's minor units, for amounts with decimals.
    cents: bool,
    /// Nothing that ties members to one another: no transfers, friends, stock, budgets, `in all`.
    apart: bool,
    /// Whether the till takes money off.
    till: bool,
    /// What `spend` says of the first unit.
    pay: String,
    /// The stream of what stands at the till.
    till_draw: Option<Draw>,
    /// The newer blocks it has.
    newer: Option<newer::Newer>,
    /// Whether conditions may ask ready-made measures.
    measures: bool,
}

/// Words that the files of a history hold.
pub const CATEGORIES: [&str; 4] = ["coffee", "tea", "cake", "gift_card"];
pub const SKUS: [(&str, &str); 5] =
    [("C1", "coffee"), ("C2", "coffee"), ("T1", "tea"), ("K1", "cake"), ("G1", "gift_card")];
pub const BRANDS: [&str; 3] = ["acme", "moka", "own"];
pub const STORES: [&str; 3] = ["Gara", "Unirii", "web"];
pub const CHANNELS: [&str; 2] = ["app", "till"];
pub const REGIONS: [&str; 2] = ["north", "south"];

const ZONES: [&str; 7] = [
    "Europe/Bucharest",
    "UTC",
    "America/New_York",
    "Asia/Jerusalem",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Asia/Kathmandu",
];
const LEVELS: [&[&str]; 3] = [&["basic", "silver", "gold"], &["basic", "gold"], &["basic", "silver", "gold", "black"]];
const CLUB: [&[&str]; 2] = [&["guest", "friend"], &["guest", "friend", "family"]];

/// The program of a seed, not yet checked.
pub fn program(seed: u64) -> Tree {
    let mut weave = Weave::cast(Draw::new(seed, 1));
    weave.newer = newer::Newer::of(seed);
    let mut tree = Tree::default();
    weave.settings(&mut tree);
    weave.lists(&mut tree);
    weave.pays(seed);
    weave.points(&mut tree);
    weave.activities(&mut tree);
    weave.rules(&mut tree);
    weave.stacks(&mut tree);
    weave.tiers(&mut tree);
    weave.cards(&mut tree);
    weave.gifts(&mut tree);
    weave.rewards(&mut tree);
    weave.segments(&mut tree);
    weave.budgets(&mut tree);
    weave.promises(&mut tree);
    weave.till(&mut tree);
    weave.newer(&mut tree);
    if seed % 3 == 1 {
        weave.counted(&mut tree);
    }
    tree
}

impl Weave {
    fn cast(mut d: Draw) -> Self {
        let maybe = |d: &mut Draw, percent: usize, name: &'static str| -> Vec<&'static str> {
            if d.chance(percent) { vec![name] } else { Vec::new() }
        };
        let money = if d.chance(75) { "RON" } else { d.of(&["EUR", "JPY", "KWD", "USD"]) };
        let mut units = vec![("star", "stars")];
        if d.chance(25) {
            units.push(d_pair(&mut d));
        }
        let mut tiers = Vec::new();
        if d.chance(55) {
            tiers.push(("status", LEVELS[d.below(LEVELS.len())]));
        }
        if d.chance(12) {
            tiers.push(("club", CLUB[d.below(CLUB.len())]));
        }
        let cards = [maybe(&mut d, 35, "coffee_card"), maybe(&mut d, 6, "lunch")].concat();
        let mut gifts = [maybe(&mut d, 30, "mug"), maybe(&mut d, 12, "bag")].concat();
        if gifts.len() == 2 && d.chance(60) {
            gifts.push("choice");
        }
        let rewards = [maybe(&mut d, 45, "cake_slice"), maybe(&mut d, 12, "tasting")].concat();
        let activities = [maybe(&mut d, 25, "checkin"), maybe(&mut d, 25, "workout")].concat();
        let segments = [maybe(&mut d, 15, "regulars"), maybe(&mut d, 6, "big")].concat();
        let lists = maybe(&mut d, 15, "hot");
        let calendars = maybe(&mut d, 15, "holidays");
        let apart = d.chance(70);
        let budgets = if apart { Vec::new() } else { maybe(&mut d, 30, "pot") };
        let stacks = [maybe(&mut d, 50, "promo"), maybe(&mut d, 6, "more")].concat();
        let cents = money != "JPY";
        Self {
            d,
            money,
            units,
            tiers,
            cards,
            gifts,
            rewards,
            activities,
            segments,
            lists,
            calendars,
            budgets,
            stacks,
            grouped: Vec::new(),
            cents,
            apart,
            till: false,
            pay: String::new(),
            till_draw: None,
            newer: None,
            measures: false,
        }
    }

    /// One of the units: mostly the first.
    fn unit(&mut self) -> (&'static str, &'static str) {
        if self.d.chance(70) { self.units[0] } else { self.units[self.d.below(self.units.len())] }
    }

    /// One of some names, if there are any.
    fn one_of(&mut self, names: &[&'static str]) -> Option<&'static str> {
        if names.is_empty() { None } else { Some(names[self.d.below(names.len())]) }
    }

    /// A line, so many times out of a hundred.
    fn maybe(&mut self, percent: usize, make: impl FnOnce(&mut Self) -> String) -> String {
        if self.d.chance(percent) { make(self) } else { String::new() }
    }

    fn settings(&mut self, tree: &mut Tree) {
        let zone = if self.d.chance(50) { "Europe/Bucharest" } else { self.d.of(&ZONES) };
        let mut clock = format!("clock zone \"{zone}\"");
        if self.d.chance(35) {
            clock += self.d.of(&[
                ", day starts 04:00",
                ", day starts 05:30",
                ", day starts 03:00",
                ", day starts 02:15",
                ", day starts 23:00",
            ]);
        }
        if self.d.chance(15) {
            clock += self.d.of(&[", week starts sunday", ", week starts saturday", ", week starts thursday"]);
        }
        if self.d.chance(15) {
            clock += self.d.of(&[", year starts 02-01", ", year starts 04-15", ", year starts 12-31"]);
        }
        let mut clauses = vec![format!("money {}", self.money), clock];
        if self.d.chance(15) {
            clauses.push(
                self.d.of(&["from 2024-01-20", "from 2024-02-10 until 2025-01-15", "from 2023-06-01"]).to_owned(),
            );
        } else if self.d.chance(8) {
            clauses.push("until 2024-04-20".to_owned());
        }
        if self.d.chance(15) {
            clauses.push(self.d.of(&["members join by event", "members join by first purchase"]).to_owned());
        }
        tree.block("program woven", clauses);
    }

    fn lists(&mut self, tree: &mut Tree) {
        for name in self.lists.clone() {
            let values = self.d.some(&["C1", "T1", "K1"]).join(", ");
            tree.line(format!("list {name} [{values}]"));
        }
        for name in self.calendars.clone() {
            let days = self.d.some(&[
                "2024-02-28 until 2024-03-01",
                "2024-03-31",
                "2024-12-24 until 2024-12-26",
                "2024-02-10",
                "2025-01-01",
            ]);
            tree.line(format!("calendar {name} [{}]", days.join(", ")));
        }
    }

    /// A first and last day, mostly none.
    fn days(&mut self, percent: usize) -> String {
        self.maybe(percent, |w| {
            w.d.of(&[
                "from 2024-02-01",
                "from 2024-01-31 until 2024-03-31",
                "until 2024-03-30",
                "from 2024-02-29 until 2024-11-03",
            ])
            .to_owned()
        })
    }
}

fn d_pair(d: &mut Draw) -> (&'static str, &'static str) {
    if d.chance(50) { ("mile", "miles") } else { ("cash", "cash") }
}
