//! Programs and histories as text, woven from a list of choices: the first of each pool is the
//! plainest, so that a failing case shrinks to a plain one.

/// Draws from pools by a list of bytes; past its end everything is the first of its pool.
pub struct Choices<'a> {
    bytes: std::slice::Iter<'a, u8>,
}

impl<'a> Choices<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes: bytes.iter() }
    }

    fn below(&mut self, count: usize) -> usize {
        usize::from(self.bytes.next().copied().unwrap_or(0)) % count
    }

    fn of(&mut self, pool: &[&'static str]) -> &'static str {
        pool[self.below(pool.len())]
    }
}

/// What a woven program may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ties {
    /// Budgets, stock and limits over all members, transfers, mergers and friends.
    Among,
    /// Nothing that ties one member to another.
    None,
}

const SETTINGS: [&str; 5] =
    ["", ", day starts 04:00", ", week starts sunday", ", year starts 02-01", ", day starts 05:30, year starts 04-15"];
const TERMS: [&str; 5] = ["", "  from 2024-01-20\n", "  until 2024-03-20\n", "  members join by event\n", ""];
const ROUND: [&str; 4] = ["down", "up", "nearest", "half even"];
const SCOPE: [&str; 5] = ["receipt", "line", "rule", "month", "receipt"];
const EXPIRE: [&str; 9] = [
    "never",
    "20 days after earning",
    "1 month after earning, at end of month",
    "1 month after earning",
    "10 days after earning, at end of week",
    "after 15 days without purchase",
    "after 1 month without purchase or redeem",
    "after 9 days without any activity",
    "on 03-31 each year",
];
const PENDING: [&str; 5] = ["", "pending 3 days", "pending until checkin", "pending 14 days", ""];
const OWE: [&str; 4] = ["", "owe at most 5 stars", "owe at most 100 stars", "owe nothing"];
const MOST: [&str; 5] = [
    "",
    "earn at most 30 stars per member per day",
    "earn at most 60 stars per member per calendar month",
    "earn at most 25 stars per member per last 7 days",
    "earn at most 150 stars per member per ever",
];
const COUNT: [&str; 6] = [
    "total",
    "total, without category in [tea]",
    "total with tax",
    "total without tax, with category in [cake, tea]",
    "total before discounts",
    "total, with price is at least 5 RON",
];
const GIVE: [&str; 8] = [
    "give 1 star per 1 RON",
    "give 1 star per 3 RON",
    "give 1 star per full 10 RON",
    "give 7% back as star",
    "give 1 star per 2 RON, or 2 when status is gold",
    "give by scale: from 0 RON 1 star per 4 RON, from 20 RON 1 star per 2 RON",
    "give by scale whole: from 0 RON 1 star per 4 RON, from 20 RON 1 star per 2 RON",
    "give 3 stars per 7 RON",
];
const WHEN: [&str; 16] = [
    "",
    "amount is at least 10 RON",
    "status in [gold]",
    "first purchase",
    "weekday in [saturday, sunday]",
    "time is between 22:00 and 06:00",
    "purchases in last 7 days is at least 2",
    "spend in calendar month is at least 50 RON",
    "every line category in [tea, cake]",
    "consecutive days with purchase is at least 2",
    "days since last purchase is at least 5 days",
    "stamps on coffee is at least 1",
    "points star in last 30 days is at least 40",
    "purchases in last 24 hours is at least 1 and not category in [gift]",
    "distinct stores in calendar month is at least 2 or items is more than 3",
    "visits in last 10 days is at most 1",
];
const LIMIT: [&str; 6] = [
    "",
    "limit 1 time per member per day",
    "limit 2 times per member per week",
    "limit 20 stars per member per calendar month",
    "limit 15 stars per member per last 7 days",
    "limit 3 times per member per ever",
];
const BONUS: [&str; 5] = [
    "give +100% of base",
    "give +50% of base",
    "give +3 stars",
    "give +50% of base, with category in [tea]",
    "give +33% of base",
];
const STACK: [&str; 6] = [
    "take all",
    "take best",
    "take first of [two, one]",
    "take best 2",
    "take all\n  cap 12 stars per member per day",
    "compound\n  cap 20% of receipt",
];
const OTHER: [&str; 14] = [
    "",
    "on visit\n  give 2 stars",
    "on join\n  give 10 stars",
    "on birthday\n  give 10 stars expiring 9 days after",
    "on every month\n  when spend in calendar month is at least 30 RON\n  give 5 stars",
    "on at start of every week\n  give 1 star",
    "on no purchase in 9 days\n  give 4 stars",
    "on level up in status\n  give 8 stars",
    "on full coffee\n  give 6 stars",
    "on redeem\n  give 2 stars",
    "on activity workout\n  count minutes\n  give 1 star per 7",
    "on every membership year\n  give 3 stars",
    "on purchase\n  count items, with category in [coffee]\n  give 2 miles per 3 items",
    "on purchase\n  give gift mug",
];
/// Blocks of their own.
const MORE: [&str; 11] = [
    "",
    "challenge quest {\n  within calendar month\n  step a purchases at least 2\n  step b distinct stores at least 2\n  \
     need 1 of\n  give 7 stars\n  repeat\n}",
    "challenge weeks {\n  step w consecutive weeks with purchase at least 2\n  give gift mug\n  give 3 stars\n}",
    "payout five {\n  on reaching\n  take 15 stars\n  give gift mug\n  repeat\n}",
    "payout rest {\n  every month\n  take all stars\n  give 1 mile per 10 stars\n}",
    "discount tenth {\n  take 10% off\n  limit 3 RON per member per month\n}",
    "discount growing {\n  scale spend in calendar month: from 10 RON take 5%, from 50 RON take 10%\n  limit 2 times per \
     member per week\n}",
    "pilot north {\n  members 60%\n  control 30%\n}\n\nearn piloted {\n  on purchase\n  give 2 stars\n  pilot north\n}",
    "offer beside {\n  on purchase\n  complement of coffee is tea\n  give 2 stars\n  limit 1 time per member per month\n  \
     holdout 30%\n}",
    "earn rhythm {\n  on every 10 days\n  count purchases\n  give 2 stars per purchase\n}",
    "earn quick {\n  on purchase\n  when expected gap is at most 9 days or dormant\n  give 1 star per 5 RON expiring 4 days \
     after\n}",
];
/// The same of all members together.
const TOGETHER: [&str; 4] = [
    "",
    "discount first_ones {\n  take 2 RON off\n  limit 4 times in all\n}",
    "discount opening {\n  take 30% off\n  limit 20 RON in all\n}",
    "earn for_the_best {\n  on purchase\n  when monetary in last 30 days is at least 4\n  give 3 stars\n}",
];
const TIED: [&str; 6] = [
    "",
    "on first purchase of friend\n  give 9 stars to referrer\n  give 4 stars to friend",
    "on purchase\n  give 5 stars\n  limit 12 stars in all",
    "on purchase\n  give 1 star per 2 RON\n  budget pot",
    "on referral\n  give 3 stars",
    "on purchase\n  give gift mug\n  limit 2 times in all",
];
const MEASURE: [&str; 9] = [
    "spend in calendar month",
    "spend in last 12 days",
    "visits in calendar month",
    "purchases in last 1 month",
    "points star in calendar month",
    "points star in last 15 days",
    "spend in membership year",
    "items in calendar quarter",
    "spend ever",
];
const LASTS: [&str; 8] = [
    "lasts until end of next calendar month",
    "lasts 10 days",
    "lasts while measured",
    "lasts 1 month",
    "lasts until end of next calendar year",
    "lasts until 03-10 after end of calendar year",
    "lasts until end of calendar month",
    "lasts until end of next membership year",
];
const MISS: [&str; 4] = ["miss drop one level", "miss drop to earned", "miss start over", "miss keep"];
const REACH: [&str; 3] = ["", "reach at once", "reach next day"];
const REFUND: [&str; 2] = ["", "refund recompute"];
const SURPLUS: [&str; 3] = ["", "carry over surplus", "carry over surplus up to 20"];
const STAMP: [&str; 6] = [
    "stamp 1 per item, category in [coffee]",
    "stamp 1 per visit",
    "stamp 1 per purchase",
    "stamp 1 per 10 RON",
    "stamp 2 per item, category in [coffee]\n  stamp 1 per purchase, category in [tea]",
    "stamp 1 per visit, category in [tea]",
];
const CARD: [&str; 6] = [
    "",
    "expire 9 days after first stamp",
    "expire 9 days after last stamp",
    "start 1 stamp",
    "discard",
    "limit 2 stamps per member per day",
];
const FULL: [&str; 4] = ["give gift mug", "give 5 stars", "give gift mug\n  give 5 stars", "give 2 miles"];
const VALID: [&str; 4] = ["", "valid 5 days", "valid until end of month", "valid 1 month"];
const PRICE: [&str; 4] = [
    "price 20 stars",
    "price 20 stars and 3 RON",
    "price 30 stars\n  price 15 stars when status is gold",
    "price 2 miles",
];
const ONCE: [&str; 3] = ["", "limit 1 time per member per calendar month", "limit 2 times per member per last 9 days"];

/// A program with a little of everything.
pub fn program(choices: &mut Choices<'_>, ties: Ties) -> String {
    let c = choices;
    let amongst = ties == Ties::Among;
    let mut text = format!(
        "loyal 1\n\nprogram woven {{\n  money RON\n  clock zone \"Europe/Bucharest\"{}\n{}}}\n\n",
        c.of(&SETTINGS),
        c.of(&TERMS)
    );
    let decimals = c.of(&["", "decimals 1", "decimals 2"]);
    let lot = [c.of(&EXPIRE), c.of(&PENDING), c.of(&OWE), c.of(&MOST)];
    let transfer = if amongst { "transfer at most 30 stars per member per calendar month" } else { "" };
    text += &format!(
        "points star plural stars {{\n  worth 0.05 RON each\n  round {} per {}\n  {decimals}\n  expire {}\n  {}\n  {}\n  {}\n  {transfer}\n  {}\n}}\n\n",
        c.of(&ROUND),
        c.of(&SCOPE),
        lot[0],
        lot[1],
        lot[2],
        lot[3],
        c.of(&["", "", "", "separate by store"]),
    );
    text += &format!(
        "points mile plural miles {{\n  worth 0.50 RON each\n  round {} per {}\n  expire {}\n  owe at most 2 miles\n}}\n\n",
        c.of(&ROUND),
        c.of(&SCOPE),
        c.of(&EXPIRE),
    );
    text += "activity checkin { at most 1 per day }\n\nactivity workout {\n  field minutes number\n  gap at least 4 hours\n}\n\n";
    let clause = |word: &str, said: &str| if said.is_empty() { String::new() } else { format!("  {word}{said}\n") };
    text += &format!(
        "earn base {{\n  on purchase\n  count {}\n  {}\n{}{}}}\n\n",
        c.of(&COUNT),
        c.of(&GIVE),
        clause("when ", c.of(&WHEN)),
        clause("", c.of(&LIMIT)),
    );
    for name in ["one", "two"] {
        text += &format!(
            "bonus {name} {{\n  on purchase\n{}  {}\n{}  group promo\n}}\n\n",
            clause("when ", c.of(&WHEN)),
            c.of(&BONUS),
            clause("", c.of(&LIMIT)),
        );
    }
    text += &format!("stack promo {{\n  {}\n}}\n\n", c.of(&STACK));
    for place in 0..3 {
        let other = c.of(&OTHER);
        if !other.is_empty() {
            text += &format!("earn other_{place} {{\n  {other}\n{}}}\n\n", clause("", c.of(&LIMIT[..3])));
        }
    }
    let more = c.of(&MORE);
    text += &format!("{more}\n\n");
    if amongst && !more.starts_with("discount") {
        text += &format!("{}\n\n", c.of(&TOGETHER));
    }
    let tied = c.of(&TIED);
    if amongst && !tied.is_empty() {
        text += &format!("earn tied {{\n  {tied}\n}}\n\n");
        text += "budget pot {\n  1 RON per month\n  counts worth\n  when spent close\n}\n\n";
    }
    text += &tiers(c);
    text += &format!(
        "card coffee {{\n  {}\n  full at {}\n  {}\n  {}\n  {}\n}}\n\n",
        c.of(&STAMP),
        c.of(&["3", "2", "5"]),
        c.of(&FULL),
        c.of(&CARD),
        c.of(&CARD[..1])
    );
    let stock = if amongst { "stock 3" } else { "" };
    text += &format!("gift mug {{\n  service \"a mug\"\n  costs 3 RON\n  {}\n  {stock}\n}}\n\n", c.of(&VALID));
    text += &format!(
        "reward cake {{\n  {}\n  costs 1 RON\n  {}\n  {}\n  {stock}\n}}\n",
        c.of(&PRICE),
        c.of(&ONCE),
        c.of(&VALID),
    );
    text.lines().filter(|line| line.is_empty() || !line.trim().is_empty()).map(|line| format!("{line}\n")).collect()
}

fn tiers(c: &mut Choices<'_>) -> String {
    let measure = c.of(&MEASURE);
    let unit = match measure.split(' ').next() {
        Some("spend") => "RON",
        Some("points") => "stars",
        Some(word) => word,
        None => "",
    };
    let need: [u32; 2] = if matches!(unit, "RON" | "stars") { [20, 50] } else { [2, 4] };
    let reach = c.of(&REACH);
    let reach = if unit == "stars" && reach == "reach at once" { "" } else { reach };
    let surplus = if measure.contains("calendar") { format!("{}\n", c.of(&SURPLUS)) } else { String::new() };
    let surplus = surplus.replace("up to 20", &format!("up to {} {unit}", need[0] / 2));
    format!(
        "tiers status {{\n  measure {measure}\n  level basic from 0 {unit}\n  level silver from {} {unit}\n  level gold from {} {unit}\n  {reach}\n  {}\n  {}\n  {}\n  {surplus}}}\n\n",
        need[0],
        need[1],
        c.of(&LASTS),
        c.of(&MISS),
        c.of(&REFUND),
    )
}

/// The columns of a woven history.
pub const HEADER: &str = "id,time,type,member,amount,regular,tax,ref,qty,unit,sku,category,store,minutes\n";

/// One happening of a history, as bytes that choose.
pub type Row = [u8; 7];

const TIMES: [&str; 10] =
    [" 12:00", "", " 00:00", " 23:59:59", " 03:59", " 04:00", " 05:30", " 12:00", " 22:00", " 18:30"];
const DAYS: [&str; 24] = [
    "2024-01-20",
    "2024-01-01",
    "2024-01-31",
    "2024-02-01",
    "2024-02-28",
    "2024-02-29",
    "2024-03-01",
    "2024-03-10",
    "2024-03-11",
    "2024-03-30",
    "2024-03-31",
    "2024-04-01",
    "2024-04-15",
    "2024-01-21",
    "2024-02-09",
    "2024-02-10",
    "2024-02-19",
    "2024-03-20",
    "2024-03-21",
    "2024-12-31",
    "2025-01-01",
    "2025-02-28",
    "2024-05-01",
    "2024-02-03",
];
const AMOUNTS: [&str; 16] = [
    "10", "20.00", "19.99", "0.01", "50", "49.99", "30.01", "7.77", "0", "3.33", "100", "12.345", "1", "29.50", "5",
    "2.50",
];
const SKUS: [(&str, &str); 5] = [("C", "coffee"), ("T", "tea"), ("K", "cake"), ("G", "gift"), ("", "")];
const MEMBERS: [&str; 3] = ["ana", "bob", "eva"];

/// The rows of a history, each ended; lines of one purchase follow each other.
pub fn rows(choices: &[Row], ties: Ties) -> Vec<String> {
    let mut rows = Vec::new();
    let mut last_day = DAYS[0];
    for (at, choice) in choices.iter().enumerate() {
        let pick = |place: usize, count: usize| usize::from(choice[place]) % count;
        // A third of the happenings stand on the day of the one before.
        let day = if choice[1] >= 170 { last_day } else { DAYS[pick(1, DAYS.len())] };
        last_day = day;
        rows.extend(happening(at, choice, &format!("{day}{}", TIMES[pick(2, TIMES.len())]), choices, ties));
    }
    rows
}

fn happening(at: usize, choice: &Row, time: &str, all: &[Row], ties: Ties) -> Vec<String> {
    let pick = |place: usize, count: usize| usize::from(choice[place]) % count;
    let member = MEMBERS[pick(3, 3)];
    let amount = AMOUNTS[pick(4, AMOUNTS.len())];
    let (sku, category) = SKUS[pick(5, SKUS.len())];
    let store = ["s1", "s2", ""][pick(6, 3)];
    let id = |at: usize| format!("{}{at}", MEMBERS[usize::from(all[at][3]) % 3]);
    // Returns name an earlier happening of the same member, or (with ties) of anyone.
    let mut earlier = usize::from(choice[5]) % (at + 1);
    if ties == Ties::None {
        while earlier > 0 && id(earlier)[..3] != *member {
            earlier -= 1;
        }
        if id(earlier)[..3] != *member {
            earlier = at;
        }
    }
    let of = id(earlier);
    let me = id(at);
    let bare = |kind: &str, rest: &str| vec![format!("{me},{time},{kind},{member},{rest}\n")];
    let other = MEMBERS[(pick(3, 3) + 1) % 3];
    match pick(0, 32) {
        0..=11 => {
            let lines = 1 + pick(6, 3);
            (0..lines)
                .map(|line| {
                    let (sku, category) = SKUS[(pick(5, 5) + line) % 5];
                    let amount = AMOUNTS[(pick(4, 16) + line * 3) % 16];
                    let regular = if choice[6] > 200 { "60" } else { "" };
                    let qty = ["", "2", "3", "0.5"][(pick(6, 4) + line) % 4];
                    format!("{me},{time},purchase,{member},{amount},{regular},,,{qty},,{sku},{category},{store},\n")
                })
                .collect()
        }
        12..=14 => bare("return", &format!(",,,{of},,,,,,")),
        15 => bare("return", &format!("{amount},,,{of},,,,,,")),
        16 | 17 => bare("return", &format!(",,,{of},1,,{sku},,,")),
        18 => bare("return", &format!("-{amount},,,{of},,,{sku},,,")),
        19 | 20 => bare("redeem", ",,,cake,,,,,,"),
        21 => bare("redeem", ",,,mug,,,,,,"),
        22 => bare("visit", &format!(",,,,,,,,{store},")),
        23 => bare("activity", ",,,checkin,,,,,,"),
        24 => bare("activity", &format!(",,,workout,,,,,,{}", pick(4, 60))),
        25 => bare("join", ",,,,,,,,,"),
        26 => bare("adjust", &format!(",,,,{},star,,,,", [5, -5, 40, -100][pick(4, 4)])),
        27 => bare(
            ["grant", "revoke"][pick(4, 2)],
            &format!(",,,{},,,,,,", ["mug", "gold", "cake", "silver"][pick(5, 4)]),
        ),
        28 if ties == Ties::Among => bare("transfer", &format!(",,,{other},{},star,,,,", 1 + pick(4, 25))),
        29 if ties == Ties::Among => bare("referral", &format!(",,,{other},,,,,,")),
        30 if ties == Ties::Among && choice[4] > 200 => bare("merge", &format!(",,,{other},,,,,,")),
        31 if choice[4] > 220 => bare("leave", ",,,,,,,,,"),
        _ => bare("purchase", &format!("{amount},,,,,,{sku},{category},{store},")),
    }
}
