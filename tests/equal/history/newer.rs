//! Events, and columns of the other files, that only programs with newer blocks look at.

use super::Row;
use super::make::Maker;
use loyal::mechanics::Program;

/// The seeds of the draws of woven programs, in the order they are given: the hash of each is the one before it.
pub const SEEDS: [&str; 4] = [
    "1fb8d577b11ec2fb17d332c61ff01dd52c8c1b5bf4f31deaac0073c101ca8fff",
    "7e12fb22cdb02ff561a406820b8200104814aaa7b2ed4030ae4fe4c8ceed8b3c",
    "a22925b9c393ad6cfb3dec3997000e06e38a0ede0bad351603daa6922713dfa5",
    "moonlight",
];

/// What of the newer blocks a program has that events of their own belong to.
#[derive(Debug, Clone, Copy)]
pub struct Kinds {
    memberships: bool,
    buys: bool,
    draws: bool,
    household: bool,
    /// Any block that came later.
    pub any: bool,
}

impl Kinds {
    /// Those of a program.
    pub fn of(program: &Program) -> Self {
        let memberships = !program.memberships.is_empty();
        let buys = program.points.iter().any(|points| points.buy.is_some());
        let draws = !program.draws.is_empty();
        let household = program.household.is_some();
        let others = !program.challenges.is_empty()
            || !program.payouts.is_empty()
            || !program.pilots.is_empty()
            || !program.offers.is_empty()
            || !program.rankings.is_empty();
        Self { memberships, buys, draws, household, any: memberships || buys || draws || household || others }
    }

    /// Whether members have columns that the program asks for.
    pub fn has_columns(self) -> bool {
        self.household
    }
}

impl Maker<'_> {
    /// An event of a newer block, so often; else none, and the row is as it was.
    pub fn newer(&mut self, base: &Row) -> Option<Vec<Row>> {
        let kinds = self.kinds;
        if !kinds.any || !self.d.chance(28) {
            return None;
        }
        let base = base.clone();
        let mut wanted: Vec<&str> = Vec::new();
        wanted.extend(if kinds.memberships { &["subscribe", "subscribe", "cancel"][..] } else { &[] });
        wanted.extend(if kinds.buys { &["buy"][..] } else { &[] });
        wanted.extend(if kinds.draws { &["seed", "seed", "entry"][..] } else { &[] });
        wanted.extend(if kinds.household { &["merge", "leave", "redeem"][..] } else { &[] });
        if wanted.is_empty() {
            return None;
        }
        Some(match self.d.of(&wanted) {
            "buy" => self.buy(base),
            "seed" => self.seed(base),
            "entry" => self.entry(base),
            "redeem" => {
                let names = self.names();
                self.redeem(base, &names)
            }
            "leave" => self.bare(base, "leave"),
            "merge" => self.among(base),
            kind => self.membership(base, kind),
        })
    }

    fn membership(&mut self, mut base: Row, kind: &str) -> Vec<Row> {
        let all = &self.program.memberships;
        let mut names: Vec<String> = all.iter().map(|one| one.name.text.clone()).collect();
        names.extend(self.program.tiers.iter().map(|tiers| tiers.name.text.clone()));
        base.insert("type".to_owned(), kind.to_owned());
        match self.d.below(12) {
            0 => {}
            1 => {
                base.insert("ref".to_owned(), "nothing_such".to_owned());
            }
            2 => {
                base.insert("ref".to_owned(), self.d.text(&names));
            }
            _ => {
                let place = self.d.below(all.len());
                base.insert("ref".to_owned(), all[place].name.text.clone());
            }
        }
        if kind == "subscribe" && self.d.chance(20) {
            base.insert("amount".to_owned(), self.d.of(&["2", "0", "11"]).to_owned());
        }
        vec![base]
    }

    /// Points that are bought: for their price, and not.
    fn buy(&mut self, mut base: Row) -> Vec<Row> {
        base.insert("type".to_owned(), "grant".to_owned());
        let Some(points) = self.program.points.iter().find(|points| points.buy.is_some()) else { return vec![base] };
        base.insert("ref".to_owned(), points.name.text.clone());
        let (qty, amount) =
            [("10", "3"), ("20", "14"), ("5", "2.5"), ("10", "7"), ("10", "5"), ("7", "1")][self.d.below(6)];
        base.insert("qty".to_owned(), qty.to_owned());
        base.insert("amount".to_owned(), amount.to_owned());
        if let (Some((money, number)), true) = (points.buy.as_ref(), self.d.chance(70)) {
            base.insert("qty".to_owned(), number.to_string());
            base.insert("amount".to_owned(), money.to_string());
        }
        self.place(&mut base, 20);
        vec![base]
    }

    /// The next seed of the draw; now and then one that does not fit.
    fn seed(&mut self, mut base: Row) -> Vec<Row> {
        base.insert("type".to_owned(), "draw".to_owned());
        base.insert("ref".to_owned(), "luck".to_owned());
        base.remove("member");
        let given = self.made.events.iter().filter(|rows| rows[0].contains_key("seed")).count();
        let place = if self.d.chance(85) { given.min(SEEDS.len() - 1) } else { self.d.below(SEEDS.len()) };
        base.insert("seed".to_owned(), SEEDS[place].to_owned());
        vec![base]
    }

    /// A free entry.
    fn entry(&mut self, mut base: Row) -> Vec<Row> {
        base.insert("type".to_owned(), "draw".to_owned());
        base.insert("ref".to_owned(), if self.d.chance(5) { "nothing_such" } else { "luck" }.to_owned());
        vec![base]
    }

    /// Columns of a member's row.
    pub fn newer_member(&mut self, row: &mut Row) {
        if self.kinds.household && self.d.chance(75) {
            row.insert("household".to_owned(), self.d.of(&["pop", "pop", "ion"]).to_owned());
        }
        if self.kinds.any && self.d.chance(40) {
            let day = self.edge_or_event();
            row.insert("wedding".to_owned(), format!("2010-{:02}-{:02}", day.month(), day.day().min(28)));
        }
    }

    /// Columns of an article's row.
    pub fn newer_item(&mut self, row: &mut Row) {
        if self.kinds.any && self.d.chance(70) {
            row.insert("cost".to_owned(), self.d.of(&["1", "2.5", "7"]).to_owned());
        }
    }
}
