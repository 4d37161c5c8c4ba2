//! What a condition looks at: from `measure` phrases to [`Measure`] and its dimension.

use super::clash::Clash;
use super::{Dimension, Kind, Reading, Scope, period};
use crate::mechanics::basis::{Basis, Pick, Streak, StreakAct, Total};
use crate::mechanics::condition::Measure;
use crate::mechanics::habit::{Habit, RankedBy, Ranking};
use crate::mechanics::{ActivityId, CardId, TiersId};
use crate::syntax::{Phrase, Rule};
use crate::value::clock::{Period, Window};

/// Words that are a measure by themselves.
const PLAIN: &[&str] = &[
    "amount", "items", "category", "sku", "brand", "price", "quantity", "store", "channel", "time", "weekday", "date",
    "month",
];

/// Words that are a measure only with a window.
const WINDOWED: &[&str] = &["spend", "visits", "purchases", "total", "recency", "frequency", "monetary"];

/// Columns of the files that the tool keeps for itself, and how a condition asks about what they hold.
const KEPT: &[(&str, &str)] = &[
    ("tax", "count money without it: `count total without tax`"),
    ("qty", "write `quantity` of a line, or `items` of the whole purchase"),
    ("regular", "write `at reduced price`; `total before discounts` counts the regular prices"),
    ("currency", "leave it out: amounts are compared in the program's money, at the rate of the day"),
    ("coupon", "write `has coupon NAME` of what a member holds"),
    ("coupons", "write `has coupon NAME` of what a member holds"),
    ("birthday", "write `birthday within 0 days` for the day itself, or `on birthday` as the event"),
    ("joined", "write `member for at least 30 days`"),
];

impl Reading<'_> {
    /// The child of a `measure` phrase: what it looks at, and of what dimension that is.
    pub(super) fn measure(&mut self, phrase: &Phrase<'_>, scope: Scope) -> Option<(Measure, Dimension)> {
        match phrase.rule() {
            Rule::total_of | Rule::items_of => self.of_lines(phrase, scope),
            Rule::stamps_on => {
                let card = self.resolve(Kind::Card, &phrase.find(Rule::name)?)?;
                Some((Measure::Stamps(CardId(card)), Dimension::Count("stamps".to_owned())))
            }
            Rule::balance_of => {
                let unit = self.unit(&phrase.find(Rule::name)?)?;
                Some((Measure::Balance(unit), Dimension::Points(unit)))
            }
            Rule::day_of_month => Some((Measure::DayOfMonth, Dimension::Plain)),
            Rule::days_since => Some((Measure::DaysSinceLastPurchase, Dimension::Days)),
            Rule::consecutive => self.streak(phrase),
            Rule::first_day_bought => Some((Measure::Habit(Habit::FirstPurchaseDay), Dimension::Date)),
            Rule::days_since_first => Some((Measure::Habit(Habit::DaysSinceFirstPurchase), Dimension::Days)),
            Rule::expected_gap => Some((Measure::Habit(Habit::ExpectedGap), Dimension::Days)),
            Rule::churn_risk => Some((Measure::Habit(Habit::ChurnRisk), Dimension::Percent)),
            Rule::reduced_share => {
                let window = self.over(phrase)?;
                Some((Measure::Habit(Habit::ReducedShare(window)), Dimension::Percent))
            }
            Rule::margin => Some((Measure::Habit(Habit::Margin(self.over(phrase)?)), Dimension::Money)),
            Rule::quintile => self.quintile(phrase),
            Rule::aggregate => {
                let basis = self.measured_in(&phrase.find(Rule::measured)?, scope)?;
                let window = self.window(&phrase.find(Rule::window)?)?;
                let dimension = self.dimension(&basis);
                Some((Measure::Aggregate { basis, window }, dimension))
            }
            Rule::member_column => {
                Some((Measure::MemberColumn(phrase.find(Rule::word)?.text().to_owned()), Dimension::Column))
            }
            _ => self.plain(phrase, scope),
        }
    }

    /// Money or items of some lines: of the event, or with a window of what lay before it.
    fn of_lines(&mut self, phrase: &Phrase<'_>, scope: Scope) -> Option<(Measure, Dimension)> {
        let money = phrase.rule() == Rule::total_of;
        let past = phrase.find(Rule::over).is_some();
        if !past {
            self.of_an_event(phrase, scope)?;
        }
        let lines = Box::new(self.condition(&phrase.find(Rule::term)?, Scope::Lines)?);
        let dimension = if money { Dimension::Money } else { Dimension::Count("items".to_owned()) };
        let measure = match (past, money) {
            (false, true) => Measure::TotalOf(lines),
            (false, false) => Measure::ItemsOf(lines),
            (true, _) => {
                let window = self.over(phrase)?;
                let pick = Pick { with: Some(lines), without: None };
                let basis = if money { Basis::Total(Total { pick, ..Total::default() }) } else { Basis::Items(pick) };
                Measure::Aggregate { basis, window }
            }
        };
        Some((measure, dimension))
    }

    /// `in WINDOW` of a ready-made measure; nothing said is all that lay before.
    fn over(&mut self, phrase: &Phrase<'_>) -> Option<Window> {
        match phrase.find(Rule::over) {
            Some(over) => self.window(&over.find(Rule::window)?),
            None => Some(Window::Ever),
        }
    }

    /// `recency in last 365 days`.
    fn quintile(&mut self, phrase: &Phrase<'_>) -> Option<(Measure, Dimension)> {
        let by = match phrase.find(Rule::quintile_word)?.text() {
            "recency" => RankedBy::Recency,
            "frequency" => RankedBy::Frequency,
            _ => RankedBy::Monetary,
        };
        let window = self.over(phrase)?;
        if matches!(window, Window::LastHours(_) | Window::Campaign) {
            self.say(Clash::RankedOver { place: phrase.span(), by: by.word() });
            return None;
        }
        let ranking = Ranking { by, window };
        self.rankings.push((ranking, phrase.span()));
        Some((Measure::Habit(Habit::Quintile(ranking)), Dimension::Quintile))
    }

    /// `consecutive weeks with purchase`.
    pub(in crate::mechanics) fn streak(&mut self, phrase: &Phrase<'_>) -> Option<(Measure, Dimension)> {
        let of = period(&phrase.find(Rule::period)?)?;
        let act = phrase.find(Rule::streak_act)?.inner();
        let with = match act.rule() {
            Rule::act_purchase => StreakAct::Purchase,
            Rule::act_visit => StreakAct::Visit,
            _ => StreakAct::Activity(match act.find(Rule::name) {
                Some(name) => Some(ActivityId(self.resolve(Kind::Activity, &name)?)),
                None => None,
            }),
        };
        let many = match of {
            Period::Day => "days",
            Period::Week => "weeks",
            Period::Month => "months",
            Period::Quarter => "quarters",
            Period::Year => "years",
        };
        Some((Measure::Consecutive(Streak { of, with }), Dimension::Count(many.to_owned())))
    }

    /// A measure that is one word: one of the language's, a tiers block, a field, or a column of the
    /// events file.
    fn plain(&mut self, phrase: &Phrase<'_>, scope: Scope) -> Option<(Measure, Dimension)> {
        let word = phrase.text();
        if let Some((measure, dimension)) = own_word(word) {
            if !matches!(measure, Measure::Date | Measure::Weekday | Measure::Month) {
                self.of_an_event(phrase, scope)?;
            }
            return Some((measure, dimension));
        }
        if let Some(tiers) = self.names.find(Kind::Tiers, word) {
            return Some((Measure::Level(TiersId(tiers)), Dimension::Level(TiersId(tiers))));
        }
        let of = match scope {
            Scope::Activity(Some(id)) => Some(id.0),
            Scope::Activity(None) | Scope::Event | Scope::Lines | Scope::Redeem | Scope::Member => None,
        };
        if let Some((_, kind)) = self.names.field(of, word) {
            let dimension = Dimension::of_named_field(word, kind);
            self.of_an_event(phrase, scope)?;
            return Some((Measure::Column(word.to_owned()), dimension));
        }
        self.column(phrase, scope)
    }

    /// A word that the language does not know: a column of the events file, unless it is more likely a slip.
    fn column(&mut self, phrase: &Phrase<'_>, scope: Scope) -> Option<(Measure, Dimension)> {
        let word = phrase.text();
        if WINDOWED.contains(&word) {
            self.say(Clash::NoWindow { place: phrase.span(), measure: word.to_owned() });
            return None;
        }
        if let Some(kind) = self.names.kinds_of(word).first() {
            let mend = self.instead(*kind, word);
            self.say(Clash::NotAMeasure { place: phrase.span(), word: word.to_owned(), kind: kind.word(), mend });
            return None;
        }
        if let Some((_, mend)) = KEPT.iter().find(|(kept, _)| *kept == word) {
            self.say(Clash::KeptColumn { place: phrase.span(), word: word.to_owned(), mend });
            return None;
        }
        let tiers = self.names.candidates(Kind::Tiers);
        let fields: Vec<&str> = self.names.fields.iter().flatten().map(|(name, _)| name.as_str()).collect();
        let known = PLAIN.iter().chain(WINDOWED).copied().chain(tiers.iter().copied()).chain(fields);
        let near = match ["level", "tier", "tiers", "status"].contains(&word) {
            true => tiers.first().copied(),
            false => known.into_iter().find(|known| is_slip(word, known)),
        };
        if let Some(near) = near {
            self.say(Clash::Measure { place: phrase.span(), word: word.to_owned(), near: near.to_owned() });
            return None;
        }
        if scope == Scope::Member {
            self.say(match word {
                "margin" => Clash::NoWindow { place: phrase.span(), measure: word.to_owned() },
                _ => Clash::OfAnEvent { place: phrase.span(), measure: word.to_owned(), column: true },
            });
            return None;
        }
        Some((Measure::Column(word.to_owned()), Dimension::Column))
    }

    /// How a declared thing is looked at.
    fn instead(&self, kind: Kind, word: &str) -> String {
        match kind {
            Kind::Points => {
                format!("write `balance of {word}` for what can be spent, or `points {word} in calendar year`")
            }
            Kind::Card => format!("write `stamps on {word}`"),
            Kind::Gift | Kind::Reward | Kind::Coupon | Kind::Membership => {
                format!("write `has {} {word}`", kind.word())
            }
            Kind::Activity => format!("write `activity {word} in last 30 days`"),
            Kind::Segment => format!("write `in segment {word}`"),
            Kind::List => format!("write what should be in it first: `sku in {word}`"),
            Kind::Calendar => format!("write `date in {word}`"),
            Kind::Rule
            | Kind::Stack
            | Kind::Tiers
            | Kind::Discount
            | Kind::Budget
            | Kind::Draw
            | Kind::Pilot
            | Kind::Partner
            | Kind::Scenario => "write what to look at, such as `amount`, `category` or `status`".to_owned(),
        }
    }
}

/// The language's own words.
fn own_word(word: &str) -> Option<(Measure, Dimension)> {
    Some(match word {
        "amount" => (Measure::Amount, Dimension::Money),
        "items" => (Measure::Items, Dimension::Count("items".to_owned())),
        "category" => (Measure::Category, Dimension::Text),
        "sku" => (Measure::Sku, Dimension::Text),
        "brand" => (Measure::Brand, Dimension::Text),
        "price" => (Measure::Price, Dimension::Money),
        "quantity" => (Measure::Quantity, Dimension::Count("items".to_owned())),
        "store" => (Measure::Store, Dimension::Text),
        "channel" => (Measure::Channel, Dimension::Text),
        "time" => (Measure::Time, Dimension::Time),
        "weekday" => (Measure::Weekday, Dimension::Weekday),
        "date" => (Measure::Date, Dimension::Date),
        "month" => (Measure::Month, Dimension::Month),
        _ => return None,
    })
}

/// Whether a word is more likely a slip of a known one than a column of its own. Stricter than a
/// suggestion: `score`, `rate` and `quality` are fine columns, `catgory` and `stroe` are not, so for short
/// words only a letter dropped, added or swapped counts, never one that was replaced.
fn is_slip(word: &str, known: &str) -> bool {
    let edits = strsim::damerau_levenshtein(&word.to_lowercase(), known);
    let letters = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    let (length, other) = (known.chars().count(), word.chars().count());
    let swapped = letters(word) == letters(known);
    match edits {
        0 => true,
        1 => length != other || swapped || length >= 7,
        2 => length >= 7 && (swapped || length.abs_diff(other) == 2),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_from_columns() {
        for (word, known) in [
            ("catgory", "category"),
            ("catagory", "category"),
            ("categry", "category"),
            ("stroe", "store"),
            ("ammount", "amount"),
            ("chanel", "channel"),
            ("weekdy", "weekday"),
            ("Category", "category"),
            ("prices", "price"),
        ] {
            assert!(is_slip(word, known), "{word}");
        }
        let columns =
            ["score", "rate", "state", "stage", "quality", "account", "country", "size", "store_region", "tile"];
        for column in columns {
            assert!(!PLAIN.iter().chain(WINDOWED).any(|known| is_slip(column, known)), "{column}");
        }
    }
}
