//! Messages about figures and words that do not fit where they stand (sections 6.5 and 6.7).

use super::mistake::a;
use crate::diag::Message;
use crate::text::Span;

/// What does not fit.
#[allow(missing_docs)] // the fields are the words of the messages
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clash {
    /// A value of another dimension than what it is compared with, or than what stands here.
    Units { place: Span, value: String, got: String, wanted: String, conversion: Option<String>, mend: String },
    /// `is between B and A`.
    Backwards { place: Span, first: String, second: String, like: String },
    /// What holds or does not by itself is compared with something.
    YesOrNo { place: Span, measure: String, is: &'static str, mend: String },
    /// Only things that have an order can be `at least`.
    NoOrder { place: Span, what: String },
    /// A word that is none of the words that can stand here.
    NoSuchWord { place: Span, word: String, of: String, near: Option<String>, known: String },
    /// `spend is at least …` without a window.
    NoWindow { place: Span, measure: String },
    /// A ranking of all members over a time that is each rule's own, or no whole days.
    RankedOver { place: Span, by: &'static str },
    /// A quintile outside of 1 to 5.
    NoQuintile { place: Span, number: String },
    /// A column that files have and that conditions look at in other words.
    KeptColumn { place: Span, word: String, mend: &'static str },
    /// A word close to one that can be looked at.
    Measure { place: Span, word: String, near: String },
    /// A declared thing where something to look at should stand.
    NotAMeasure { place: Span, word: String, kind: &'static str, mend: String },
    /// An event's measure where only a member is looked at.
    OfAnEvent { place: Span, measure: String, column: bool },
    /// `of items` of what has no items.
    NoItems { place: Span, basis: String },
    /// A field that holds no number, where one is summed.
    NotANumber { place: Span, field: String, activity: String },
    /// `every` with what no timer can be.
    NoTimer { place: Span },
    /// `in NAME` where no list of that name exists.
    NoList { place: Span, name: String, kind: &'static str, near: Option<String>, alone: String },
    /// Conditions inside conditions past what anyone can read.
    TooDeep { place: Span },
    /// Nought where something must be.
    Nought { place: Span },
    /// A level without its tiers block, where several have one.
    WhichTiers { place: Span, level: String },
    /// Money given as it is.
    GivesMoney { place: Span, money: String },
    /// Stamps without their card.
    WhichCard { place: Span },
    /// Money back in points that have no worth.
    NoWorth { place: Span, unit: String, money: String },
    /// A share of what is no money.
    ShareOf { place: Span, measured: String },
    /// A bonus of a bonus.
    BonusOfBonus { place: Span, name: String },
    /// Bands that do not rise.
    BandsFall { place: Span, before: String, from: String },
    /// `per 2` of nothing in particular.
    PerWhat { place: Span, number: String, money: String },
    /// A stack that both takes and compounds.
    TakesTwoWays { place: Span, first: Span },
}

impl Message for Clash {
    fn code(&self) -> &'static str {
        match self {
            Clash::TakesTwoWays { .. } => "takes-two-ways",
            Clash::PerWhat { .. } => "per-what",
            Clash::BandsFall { .. } => "bands-do-not-rise",
            Clash::BonusOfBonus { .. } => "bonus-of-bonus",
            Clash::ShareOf { .. } => "share-of-no-money",
            Clash::NoWorth { .. } => "no-worth",
            Clash::WhichCard { .. } => "which-card",
            Clash::GivesMoney { .. } => "gives-money",
            Clash::WhichTiers { .. } => "which-tiers",
            Clash::Nought { .. } => "nought",
            Clash::Units { .. } => "units-do-not-fit",
            Clash::Backwards { .. } => "never-between",
            Clash::YesOrNo { .. } => "yes-or-no",
            Clash::NoOrder { .. } => "no-order",
            Clash::NoSuchWord { .. } => "no-such-word",
            Clash::NoWindow { .. } => "no-window",
            Clash::RankedOver { .. } => "ranked-over-days",
            Clash::NoQuintile { .. } => "no-quintile",
            Clash::KeptColumn { .. } => "said-in-other-words",
            Clash::Measure { .. } => "unknown-measure",
            Clash::NotAMeasure { .. } => "not-a-measure",
            Clash::OfAnEvent { .. } => "needs-an-event",
            Clash::NoItems { .. } => "has-no-items",
            Clash::NotANumber { .. } => "not-a-number",
            Clash::NoTimer { .. } => "no-timer",
            Clash::NoList { .. } => "unknown-list",
            Clash::TooDeep { .. } => "too-deep",
        }
    }

    fn says(&self) -> String {
        match self {
            Clash::TakesTwoWays { .. } => "this stack says in two ways what it takes".to_owned(),
            Clash::PerWhat { number, .. } => format!("`{number}` does not say of what"),
            Clash::BandsFall { before, from, .. } => format!("a band from {from} stands after one from {before}"),
            Clash::BonusOfBonus { name, .. } => {
                format!("`{name}` is a bonus itself, and a bonus is a share of an `earn`")
            }
            Clash::ShareOf { measured, .. } => format!("a share comes back of money, and {measured} is counted here"),
            Clash::NoWorth { unit, .. } => {
                format!("`points {unit}` does not say what one is worth, so a share of money cannot be given in it")
            }
            Clash::WhichCard { .. } => "these stamps do not say on which card".to_owned(),
            Clash::GivesMoney { money, .. } => format!("`{money}` is money, and a program gives points"),
            Clash::WhichTiers { level, .. } => format!("`level {level}` does not say of which tiers block"),
            Clash::Nought { .. } => "nothing is given for nothing: 0 cannot stand here".to_owned(),
            Clash::Units { value, got, wanted, .. } => format!("`{value}` is {got}, and {wanted} is needed here"),
            Clash::Backwards { first, second, .. } => format!("nothing lies between {first} and {second}"),
            Clash::YesOrNo { measure, .. } => {
                format!("`{measure}` holds or does not: there is nothing to compare it with")
            }
            Clash::NoOrder { what, .. } => format!("{what} has no order, so nothing is more or less than it"),
            Clash::NoSuchWord { word, of, .. } => format!("`{word}` is not {of}"),
            Clash::NoWindow { measure, .. } => format!("`{measure}` does not say over which time"),
            Clash::RankedOver { by, .. } => format!("`{by}` ranks all members, over whole days"),
            Clash::NoQuintile { number, .. } => format!("`{number}` is no quintile: there are five, 1 to 5"),
            Clash::KeptColumn { word, .. } => format!("`{word}` is not asked about in this way"),
            Clash::Measure { word, .. } => format!("`{word}` is not something to look at"),
            Clash::NotAMeasure { word, kind, .. } => {
                format!("`{word}` is {}, and something to look at should stand here", a(kind))
            }
            Clash::OfAnEvent { measure, .. } => {
                format!("`{measure}` belongs to one purchase, and a segment looks at the member alone")
            }
            Clash::NoItems { basis, .. } => format!("`{basis}` has no items to pick from"),
            Clash::NotANumber { field, activity, .. } => {
                format!("the field `{field}` of activity `{activity}` holds no number, so it cannot be summed")
            }
            Clash::NoTimer { .. } => "no timer runs like this".to_owned(),
            Clash::NoList { name, kind, .. } => format!("there is no {kind} called `{name}`"),
            Clash::TooDeep { .. } => "this condition holds conditions inside conditions more than 60 deep".to_owned(),
        }
    }

    fn related(&self) -> Vec<(Span, String)> {
        let first = if let Clash::TakesTwoWays { first, .. } = self { Some(*first) } else { None };
        first.map(|first| (first, "and here".to_owned())).into_iter().collect()
    }

    fn place(&self) -> Span {
        match self {
            Clash::TakesTwoWays { place, .. } => *place,
            Clash::PerWhat { place, .. }
            | Clash::BandsFall { place, .. }
            | Clash::BonusOfBonus { place, .. }
            | Clash::ShareOf { place, .. }
            | Clash::NoWorth { place, .. }
            | Clash::WhichCard { place, .. }
            | Clash::GivesMoney { place, .. }
            | Clash::WhichTiers { place, .. }
            | Clash::Nought { place, .. }
            | Clash::Units { place, .. }
            | Clash::Backwards { place, .. }
            | Clash::NoOrder { place, .. }
            | Clash::YesOrNo { place, .. }
            | Clash::NoSuchWord { place, .. }
            | Clash::NoWindow { place, .. }
            | Clash::RankedOver { place, .. }
            | Clash::NoQuintile { place, .. }
            | Clash::KeptColumn { place, .. }
            | Clash::Measure { place, .. }
            | Clash::NotAMeasure { place, .. }
            | Clash::OfAnEvent { place, .. }
            | Clash::NoItems { place, .. }
            | Clash::NotANumber { place, .. }
            | Clash::NoTimer { place }
            | Clash::NoList { place, .. }
            | Clash::TooDeep { place, .. } => *place,
        }
    }

    fn why(&self) -> String {
        match self {
            Clash::TakesTwoWays { .. } => "Rules that meet are either chosen among or multiplied.".to_owned(),
            Clash::PerWhat { .. } => "What is counted follows from the unit: money, items, visits, minutes.".to_owned(),
            Clash::BandsFall { .. } => "Each band reaches to where the next begins, so they must rise.".to_owned(),
            Clash::BonusOfBonus { .. } => {
                "Bonuses are added, never compounded: two of +100% give three times the base.".to_owned()
            }
            Clash::ShareOf { .. } => "A percentage of a count is worth nothing in particular.".to_owned(),
            Clash::NoWorth { .. } => "Money turns into points only through their worth.".to_owned(),
            Clash::WhichCard { .. } => "Each card has stamps of its own.".to_owned(),
            Clash::GivesMoney { .. } => {
                "What is owed to members is kept in points, whose worth in money is said once.".to_owned()
            }
            Clash::WhichTiers { .. } => "Each tiers block has levels of its own.".to_owned(),
            Clash::Nought { .. } => "The line would give nothing, or no end of it.".to_owned(),
            Clash::Units { conversion: Some(conversion), .. } => {
                format!("Things of two kinds are never added or compared. {conversion}.")
            }
            Clash::Units { .. } => "Things of two kinds are never added or compared: the rule would mean \
                                    something else than it says."
                .to_owned(),
            Clash::Backwards { .. } => "The smaller stands first; turned round, the rule never applies.".to_owned(),
            Clash::YesOrNo { is, .. } => (*is).to_owned(),
            Clash::NoOrder { .. } => "A customer could not tell on which side of the limit she is.".to_owned(),
            Clash::NoSuchWord { .. } => "A word that means nothing here decides nothing for customers.".to_owned(),
            Clash::NoWindow { .. } => {
                "A year's spend and a month's are different promises; customers ask which.".to_owned()
            }
            Clash::RankedOver { .. } => {
                "One ranking holds for everybody; hours, and a rule's own dates, are another time for each who asks."
                    .to_owned()
            }
            Clash::NoQuintile { .. } => {
                "Members are ranked in five parts of one size, 5 the best: a sixth has nobody in it.".to_owned()
            }
            Clash::KeptColumn { .. } => {
                "The tool reads that column of the files itself, so a condition on it would find nothing and never hold."
                    .to_owned()
            }
            Clash::Measure { .. } => {
                "A word that is not known is taken as a column of the events file; this one is more likely a slip, and \
                 the rule would never apply."
                    .to_owned()
            }
            Clash::NotAMeasure { .. } => "A condition that looks at nothing is never true.".to_owned(),
            Clash::OfAnEvent { .. } => {
                "Who is in a segment is asked at any time, also when nobody is buying.".to_owned()
            }
            Clash::NoItems { .. } => "Only what was bought has items.".to_owned(),
            Clash::NotANumber { .. } => "Points by a text would come out as nothing.".to_owned(),
            Clash::NoTimer { .. } => {
                "A timer goes by whole days: as a day, a week, a month or so many of them end or begin.".to_owned()
            }
            Clash::NoList { .. } => "A rule that names something unknown never applies.".to_owned(),
            Clash::TooDeep { .. } => "Nobody could tell a customer whether it holds.".to_owned(),
        }
    }

    fn mend(&self) -> String {
        match self {
            Clash::TakesTwoWays { .. } => "keep `take …` or `compound`".to_owned(),
            Clash::PerWhat { number, money, .. } => {
                format!("write it with its unit, like `{number} {money}`, or add a `count` line")
            }
            Clash::BandsFall { .. } => "put the bands in rising order".to_owned(),
            Clash::BonusOfBonus { .. } => {
                "name the `earn` block; to multiply bonuses, use a stack with `compound` and a cap".to_owned()
            }
            Clash::ShareOf { .. } => "count `total`, or give so many points per one of them".to_owned(),
            Clash::NoWorth { unit, money, .. } => format!("say it in `points {unit}`: `worth 1 {money} each`"),
            Clash::WhichCard { .. } => "write it like `give 1 stamp on coffee`".to_owned(),
            Clash::GivesMoney { money, .. } => {
                format!("declare `points cash {{ worth 1 {money} each }}` and give `cash`")
            }
            Clash::WhichTiers { level, .. } => {
                format!("write `level {level} of NAME`, with the name of the tiers block")
            }
            Clash::Nought { .. } => "write a number of at least 1, or leave the line out".to_owned(),
            Clash::Units { mend, .. } => mend.clone(),
            Clash::Backwards { like, .. } => format!("write `{like}`"),
            Clash::YesOrNo { mend, .. } => mend.clone(),
            Clash::NoOrder { .. } => "use `is`, `is not`, `in [..]` or `not in [..]`".to_owned(),
            Clash::NoSuchWord { near: Some(near), .. } => format!("did you mean `{near}`?"),
            Clash::NoSuchWord { known, .. } => format!("write one of: {known}"),
            Clash::NoWindow { measure, .. } if matches!(measure.as_str(), "spend" | "total") => {
                format!("say the time: `{measure} in last 30 days`, `{measure} ever`; of this purchase write `amount`")
            }
            Clash::RankedOver { by, .. } => format!("write `{by} in last 365 days` or `{by} in calendar year`"),
            Clash::NoQuintile { .. } => "write `is 5` for the best fifth, `is at least 4` for the best two".to_owned(),
            Clash::NoWindow { measure, .. } => {
                format!("say the time: `{measure} in last 30 days`, `{measure} in calendar year` or `{measure} ever`")
            }
            Clash::KeptColumn { mend, .. } => (*mend).to_owned(),
            Clash::Measure { near, .. } => {
                format!("did you mean `{near}`? A column of yours so close to it needs another name, in columns.toml")
            }
            Clash::NotAMeasure { mend, .. } => mend.clone(),
            Clash::OfAnEvent { measure, column: true, .. } => {
                format!("a column of the members file is written `member.{measure}`")
            }
            Clash::OfAnEvent { .. } => {
                "look at what a member did over a time: `spend in last 90 days is at least …`".to_owned()
            }
            Clash::NoItems { .. } => "leave `of items …` out, or count `spend`, `items` or `purchases`".to_owned(),
            Clash::NotANumber { field, .. } => format!("declare it as `field {field} number`, or count `1`"),
            Clash::NoTimer { .. } => "write such as `every 30 days`, `every month` or `every 3 months`".to_owned(),
            Clash::NoList { near: Some(near), .. } => format!("did you mean `{near}`?"),
            Clash::NoList { name, alone, .. } => format!("for one value write `{alone} is {name}`"),
            Clash::TooDeep { .. } => "split the condition over several `when` lines".to_owned(),
        }
    }
}
