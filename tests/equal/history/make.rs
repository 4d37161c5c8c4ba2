//! Histories from a seed that aim at the edges of their program.

use super::edges::Edges;
use super::newer::Kinds;
use super::{Chronicle, Row};
use crate::draw::Draw;
use crate::tree::Sound;
use crate::weave::{CHANNELS, REGIONS, SKUS, STORES};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use loyal::mechanics::Program;
use loyal::value::clock::Length;
use loyal::value::exact::Exact;

pub(super) const MEMBERS: [&str; 5] = ["ana", "bob", "eva", "dan", "ion"];

/// Days at which something ends whatever the program says: months, leap days, clock changes, years.
const DAYS: [(i16, i8, i8); 26] = [
    (2024, 1, 31),
    (2024, 2, 1),
    (2024, 2, 28),
    (2024, 2, 29),
    (2024, 3, 1),
    (2024, 3, 10),
    (2024, 3, 30),
    (2024, 3, 31),
    (2024, 4, 1),
    (2024, 4, 7),
    (2024, 4, 30),
    (2024, 6, 30),
    (2024, 7, 1),
    (2024, 10, 6),
    (2024, 10, 26),
    (2024, 10, 27),
    (2024, 11, 3),
    (2024, 12, 31),
    (2025, 1, 1),
    (2025, 2, 28),
    (2025, 3, 1),
    (2024, 1, 1),
    (2024, 1, 20),
    (2024, 1, 28),
    (2024, 2, 5),
    (2023, 12, 31),
];

/// What a history may hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mood {
    /// Transfers, referrals, mergers, returns of another's purchase.
    pub(super) kin: bool,
    /// Figures that no till writes.
    pub(super) odd: bool,
    /// Among them such as fill any card a billion times.
    pub(super) huge: bool,
    /// Purchases, returns, visits and redemptions only.
    pub(super) plain: bool,
    /// Something happens every day: a short stretch has enough of them.
    pub(super) daily: bool,
    pub(super) members: usize,
    pub(super) events: usize,
}

pub(super) struct Maker<'p> {
    pub(super) d: Draw,
    pub(super) program: &'p Program,
    /// What newer blocks it has events for.
    pub(super) kinds: Kinds,
    edges: Edges,
    pub(super) mood: Mood,
    pub(super) made: Chronicle,
    /// The moments of what was made: day and time of day (empty: none).
    pub(super) when: Vec<(Date, String)>,
    pub(super) start: Date,
}

/// The history of a seed for a program.
pub fn chronicle(seed: u64, sound: &Sound) -> Chronicle {
    let mut d = Draw::new(seed, 2);
    let kinds = Kinds::of(&sound.program);
    let mood = Mood {
        kin: d.chance(if kinds.any { 45 } else { 30 }),
        odd: d.chance(5),
        // Nor pay ten thousand vouchers a week.
        huge: sound.program.cards.is_empty() && sound.program.payouts.is_empty(),
        plain: d.chance(35),
        daily: ["every day", "every week", "no purchase in 1 days"].iter().any(|timer| sound.text.contains(timer)),
        members: d.between(1, 4) + usize::from(d.chance(5)),
        events: match d.below(20) {
            0 => d.between(30, 70),
            1..=6 => d.between(1, 6),
            _ => d.between(6, 20),
        },
    };
    let edges = Edges::of(&sound.text, &sound.program.settings.money);
    let (year, month, day) = [(2024, 1, 10), (2024, 2, 20), (2024, 3, 20), (2024, 10, 20), (2024, 12, 20)][d.below(5)];
    let start = date(year, month, day);
    let mut maker =
        Maker { d, program: &sound.program, kinds, edges, mood, made: Chronicle::default(), when: Vec::new(), start };
    for _ in 0..mood.events {
        maker.happening();
    }
    maker.members();
    maker.items();
    maker.as_of();
    maker.made
}

impl Maker<'_> {
    // ---- when -----------------------------------------------------------------------------------

    pub(super) fn day(&mut self) -> Date {
        let Some((before, _)) = self.some_moment() else {
            return if self.d.chance(60) { self.start } else { self.edge_day() };
        };
        match self.d.below(10) {
            0..=2 => before,
            3..=5 => self.off_by(before),
            6 => self.edge_day(),
            _ => before + i64::try_from(self.d.below(12)).unwrap_or(0).days(),
        }
    }

    /// A day of something that was made: mostly of the last.
    pub(super) fn some_moment(&mut self) -> Option<(Date, String)> {
        if self.when.is_empty() {
            return None;
        }
        let at = if self.d.chance(60) { self.when.len() - 1 } else { self.d.below(self.when.len()) };
        Some(self.when[at].clone())
    }

    pub(super) fn edge_day(&mut self) -> Date {
        if self.mood.daily {
            let month = self.start.last_of_month();
            return month + [-1, 0, 1, 2][self.d.below(4)].days();
        }
        let own = !self.edges.days.is_empty() && self.d.chance(50);
        let day = if own {
            self.edges.days[self.d.below(self.edges.days.len())]
        } else {
            let (year, month, day) = DAYS[self.d.below(DAYS.len())];
            date(year, month, day)
        };
        let near = [-1, 0, 0, 1][self.d.below(4)];
        day + near.days()
    }

    /// A day one of the program's lengths after another: the last of it, the next, or the one before.
    pub(super) fn off_by(&mut self, day: Date) -> Date {
        if self.edges.lengths.is_empty() {
            return day + 1.days();
        }
        let length = self.edges.lengths[self.d.below(self.edges.lengths.len())];
        let length = if matches!(length, Length::Years(_)) && self.d.chance(50) { Length::Days(1) } else { length };
        let there = length.after(day).unwrap_or(day);
        if self.mood.daily && there > self.start + 60.days() {
            return day + 1.days();
        }
        there + [-1, 0, 0, 1, 1][self.d.below(5)].days()
    }

    pub(super) fn time(&mut self) -> String {
        match self.d.below(20) {
            0..=2 => String::new(),
            3..=7 if !self.edges.times.is_empty() => {
                let time = self.d.text(&self.edges.times.clone());
                self.near(&time)
            }
            8 | 9 => {
                let begins = self.program.settings.clock.day_starts();
                self.near(&format!("{:02}:{:02}", begins.hour(), begins.minute()))
            }
            10 => self.d.of(&["00:00", "23:59:59", "00:00:01", "23:59"]).to_owned(),
            11 => self.d.of(&["02:30", "03:30", "03:00", "01:59:59", "02:15", "01:30"]).to_owned(),
            _ => self.d.of(&["12:00", "15:10", "18:31:07", "09:00", "12:00"]).to_owned(),
        }
    }

    /// A time of day, or the second before or after it.
    fn near(&mut self, time: &str) -> String {
        let read: Result<jiff::civil::Time, _> = format!("{time}:00").parse();
        let Ok(read) = read else { return time.to_owned() };
        let off = [0, 0, -1, 1][self.d.below(4)];
        let moved = read.wrapping_add(off.seconds());
        moved.to_string()
    }

    /// Day and time of the next happening.
    pub(super) fn moment(&mut self) -> (Date, String) {
        if !self.when.is_empty() && self.d.chance(8) {
            // The same moment as another.
            return self.when[self.d.below(self.when.len())].clone();
        }
        if let Some((day, time)) = self.some_moment()
            && !self.edges.hours.is_empty()
            && self.d.chance(15)
            && time.len() >= 5
            && !time.contains(['Z', '+'])
        {
            let hours = self.edges.hours[self.d.below(self.edges.hours.len())];
            let off = [-1, 0, 0, 1][self.d.below(4)];
            if let Ok(at) = time.parse::<jiff::civil::Time>() {
                let then = day.to_datetime(at) + hours.hours() + off.seconds();
                return (then.date(), then.time().to_string());
            }
        }
        (self.day(), self.time())
    }

    pub(super) fn written(&mut self, (day, time): &(Date, String)) -> String {
        if time.is_empty() {
            return day.to_string();
        }
        match self.d.below(40) {
            0 => format!("{day}T{time}{}+02:00", if time.len() == 5 { ":00" } else { "" }),
            1 => format!("{day}T{time}{}Z", if time.len() == 5 { ":00" } else { "" }),
            _ => format!("{day} {time}"),
        }
    }

    // ---- figures --------------------------------------------------------------------------------

    pub(super) fn amount(&mut self) -> String {
        if self.mood.odd && self.d.chance(35) {
            let huge = ["99999999999.99", "1234567890123456789.5", "922337203685477.5807"];
            let many = ["12.345", "0.3333333", "0.000001", "7.00001", "33.3333"];
            return if self.mood.huge && self.d.chance(40) { self.d.of(&huge) } else { self.d.of(&many) }.to_owned();
        }
        let cents = self.program.settings.minor_units > 0;
        match self.d.below(10) {
            0..=3 if !self.edges.money.is_empty() => {
                let edge = self.d.text(&self.edges.money.clone());
                let step = if cents { Exact::ratio(1, 100) } else { Exact::one() };
                let edge = Exact::parse(&edge).unwrap_or_default();
                let off = match self.d.below(6) {
                    0 => edge - step,
                    1 => edge + step,
                    2 => edge.clone() + edge,
                    _ => edge,
                };
                if off.is_negative() { "0".to_owned() } else { decimal(&off) }
            }
            4 if cents => format!("{}.{:02}", self.d.below(60), self.d.below(100)),
            5 => self.d.of(&["0", "1", "100"]).to_owned(),
            6 if cents => self.d.of(&["19.99", "0.01", "49.99", "7.77", "3.33", "29.50"]).to_owned(),
            _ => self.d.of(&["10", "20", "5", "30", "50", "25", "12", "7"]).to_owned(),
        }
    }

    pub(super) fn member(&mut self) -> &'static str {
        MEMBERS[self.d.below(self.mood.members)]
    }

    // ---- events ---------------------------------------------------------------------------------

    fn happening(&mut self) {
        let number = self.made.events.len();
        let when = self.moment();
        let member = self.member();
        let names = self.names();
        let mut base = Row::new();
        let mut put = |column: &str, cell: &str| {
            if !cell.is_empty() {
                base.insert(column.to_owned(), cell.to_owned());
            }
        };
        put("member", member);
        let time = self.written(&when);
        put("time", &time);
        if let Some(rows) = self.newer(&base) {
            return self.put(number, when, rows);
        }
        let weight = if self.mood.plain { 70 } else { 110 };
        let rows = match self.d.below(weight) {
            0..=41 => self.purchase(base),
            42..=54 => return self.a_return(number, base),
            55..=64 => self.redeem(base, &names),
            65..=69 => self.bare(base, "visit"),
            70..=81 => self.activity(base),
            82..=85 => self.bare(base, "join"),
            86..=89 => self.adjust(base),
            90..=93 => self.by_hand(base, "grant", &names),
            94..=96 => self.by_hand(base, "revoke", &names),
            97 => self.bare(base, "leave"),
            98..=109 if self.mood.kin => self.among(base),
            98 => {
                let kind = self.d.of(&["subscribe", "cancel", "draw"]);
                self.bare(base, kind)
            }
            _ => self.purchase(base),
        };
        self.put(number, when, rows);
    }

    pub(super) fn put(&mut self, number: usize, when: (Date, String), mut rows: Vec<Row>) {
        let id = format!("e{number}");
        rows.iter_mut().for_each(|row| {
            row.insert("id".to_owned(), id.clone());
        });
        self.made.events.push(rows);
        self.when.push(when);
    }

    pub(super) fn bare(&mut self, mut base: Row, kind: &str) -> Vec<Row> {
        base.insert("type".to_owned(), kind.to_owned());
        self.place(&mut base, 60);
        vec![base]
    }

    /// Store, channel and region, each so often.
    pub(super) fn place(&mut self, row: &mut Row, percent: usize) {
        for (column, pool) in [("store", &STORES[..]), ("channel", &CHANNELS), ("region", &REGIONS)] {
            if self.d.chance(percent) {
                row.insert(column.to_owned(), self.d.of(pool).to_owned());
            }
        }
    }

    pub(super) fn redeem(&mut self, mut base: Row, names: &Names) -> Vec<Row> {
        base.insert("type".to_owned(), "redeem".to_owned());
        let pool = if names.rewards.is_empty() || (self.d.chance(35) && !names.gifts.is_empty()) {
            &names.gifts
        } else {
            &names.rewards
        };
        let what = if pool.is_empty() || self.d.chance(2) { "nothing_such".to_owned() } else { self.d.text(pool) };
        base.insert("ref".to_owned(), what);
        if self.d.chance(20) {
            base.insert("qty".to_owned(), self.d.of(&["2", "1", "3"]).to_owned());
        }
        if self.d.chance(25) {
            let (sku, category) = SKUS[self.d.below(SKUS.len())];
            base.insert("sku".to_owned(), sku.to_owned());
            base.insert("category".to_owned(), category.to_owned());
            base.insert("amount".to_owned(), self.d.of(&["18", "18.01", "5", "3"]).to_owned());
        }
        self.place(&mut base, 30);
        vec![base]
    }

    fn activity(&mut self, mut base: Row) -> Vec<Row> {
        let all = &self.program.activities;
        if all.is_empty() {
            return self.purchase(base);
        }
        base.insert("type".to_owned(), "activity".to_owned());
        let name = all[self.d.below(all.len())].name.text.clone();
        base.insert("ref".to_owned(), if self.d.chance(2) { "nothing_such".to_owned() } else { name });
        for (column, pool) in [
            ("length", &["30", "29", "45", "60", "long", "12.5"][..]),
            ("steps", &["1000", "1001", "250", "999"]),
            ("place", &["home", "park"]),
            ("sport", &["run", "swim", "run", "chess"]),
            ("verified", &["yes", "trainer", "no"]),
        ] {
            if self.d.chance(70) {
                base.insert(column.to_owned(), self.d.of(pool).to_owned());
            }
        }
        self.place(&mut base, 20);
        vec![base]
    }

    fn adjust(&mut self, mut base: Row) -> Vec<Row> {
        base.insert("type".to_owned(), "adjust".to_owned());
        base.insert("qty".to_owned(), self.d.of(&["5", "-5", "40", "-100", "20", "0.5", "1"]).to_owned());
        self.unit(&mut base);
        self.place(&mut base, 40);
        vec![base]
    }

    pub(super) fn unit(&mut self, row: &mut Row) {
        let all = &self.program.points;
        if self.d.chance(2) {
            row.insert("unit".to_owned(), "crowns".to_owned());
        } else if !all.is_empty() && (all.len() > 1 || self.d.chance(40)) && !self.d.chance(3) {
            row.insert("unit".to_owned(), all[self.d.below(all.len())].name.text.clone());
        }
    }

    fn by_hand(&mut self, mut base: Row, kind: &str, names: &Names) -> Vec<Row> {
        base.insert("type".to_owned(), kind.to_owned());
        let all: Vec<String> = names.rewards.iter().chain(&names.gifts).chain(&names.levels).cloned().collect();
        let mut what = if all.is_empty() { "gold".to_owned() } else { self.d.text(&all) };
        if kind == "revoke" && self.d.chance(30) {
            let redeems =
                self.made.events.iter().filter(|rows| rows[0].get("type").is_some_and(|kind| kind == "redeem"));
            let ids: Vec<String> = redeems.filter_map(|rows| rows[0].get("id").cloned()).collect();
            if !ids.is_empty() {
                what = self.d.text(&ids);
            }
        }
        base.insert("ref".to_owned(), what);
        if kind == "grant" && self.d.chance(25) {
            base.insert("until".to_owned(), self.d.of(&["2024-03-31", "2024-05-01", "2025-01-01"]).to_owned());
        }
        vec![base]
    }

    /// What members do to one another.
    pub(super) fn among(&mut self, mut base: Row) -> Vec<Row> {
        let other = self.member().to_owned();
        base.insert("ref".to_owned(), other);
        let kind = self.d.of(&["transfer", "transfer", "referral", "referral", "merge"]);
        base.insert("type".to_owned(), kind.to_owned());
        if kind == "transfer" {
            base.insert("qty".to_owned(), self.d.of(&["1", "5", "10", "30", "0.5"]).to_owned());
            self.unit(&mut base);
            self.place(&mut base, 40);
        }
        vec![base]
    }

    pub(super) fn names(&self) -> Names {
        let text = |name: &loyal::mechanics::Name| name.text.clone();
        Names {
            rewards: self.program.rewards.iter().map(|reward| text(&reward.name)).collect(),
            gifts: (self.program.gifts.iter().map(|gift| text(&gift.name)))
                .chain(self.program.coupons.iter().map(|coupon| text(&coupon.name)))
                .collect(),
            levels: self
                .program
                .tiers
                .iter()
                .flat_map(|tiers| tiers.levels.iter().skip(1))
                .map(|level| text(&level.name))
                .collect(),
        }
    }
}

/// What can be redeemed, granted and revoked.
pub(super) struct Names {
    rewards: Vec<String>,
    gifts: Vec<String>,
    levels: Vec<String>,
}

/// A figure as a till writes it.
pub(super) fn decimal(figure: &Exact) -> String {
    let digits = figure.decimals().unwrap_or(6);
    figure.fixed(digits)
}
