//! What a level takes: `from 10 visits`, `from 50 nights or 4000 RON spent`.

use super::{Level, Need, TierMeasure, Wrong};
use crate::mechanics::basis::{Basis, Distinct};
use crate::mechanics::reading::dimension::{is_currency, same_word};
use crate::mechanics::reading::{Dimension, Kind, Mistake, Reading};
use crate::syntax::ast::Block;
use crate::syntax::{Phrase, Rule};
use crate::text::Span;
use crate::value::exact::Exact;

/// Reads a `need` phrase.
pub(super) fn read(
    reading: &mut Reading<'_>,
    phrase: &Phrase<'_>,
    measures: &[TierMeasure],
    block: &Block,
) -> Option<Need> {
    let any = phrase.all(Rule::need_all);
    let any = any.iter().map(|all| {
        let ones = all.all(Rule::need_one);
        let ones = ones.iter().map(|one| match one.inner() {
            inner if inner.rule() == Rule::need => read(reading, &inner, measures, block),
            inner => single(reading, &inner, measures, block),
        });
        Some(one_or(ones.collect::<Option<Vec<_>>>()?, Need::All))
    });
    Some(one_or(any.collect::<Option<Vec<_>>>()?, Need::Any))
}

/// One need stands by itself.
fn one_or(mut needs: Vec<Need>, many: impl FnOnce(Vec<Need>) -> Need) -> Need {
    match needs.len() {
        1 => needs.swap_remove(0),
        _ => many(needs),
    }
}

/// One figure. Without any measure only 0 is a need: that of a level everybody has.
fn single(reading: &mut Reading<'_>, phrase: &Phrase<'_>, measures: &[TierMeasure], block: &Block) -> Option<Need> {
    if measures.is_empty() {
        let number = reading.number(&phrase.find(Rule::number)?)?;
        if number.is_zero() {
            return Some(Need::All(Vec::new()));
        }
        if !block.broken {
            reading.say(Wrong::NoMeasure { place: phrase.span(), need: phrase.text().to_owned() });
        }
        return None;
    }
    amount(reading, phrase, measures).map(|(measure, most)| Need::AtLeast(measure, most))
}

/// A `need_amount`: which measure, and how much of it.
pub(super) fn amount(
    reading: &mut Reading<'_>,
    phrase: &Phrase<'_>,
    measures: &[TierMeasure],
) -> Option<(usize, Exact)> {
    let number = reading.number(&phrase.find(Rule::number)?)?;
    let unit = phrase.find(Rule::unit);
    let of = phrase.find(Rule::need_of);
    let Some(unit) = unit else {
        return plain(reading, phrase, number, measures);
    };
    if let Some(of) = &of {
        return Some((named(reading, phrase, &unit, of, measures)?, number));
    }
    let fits: Vec<usize> = (0..measures.len()).filter(|at| answers(reading, &measures[*at], unit.text())).collect();
    // A measure's own name wins over what another one counts.
    let money = |at: usize| reading.dimension(&measures[at].basis) == Dimension::Money;
    let named = |at: &usize| measures[*at].name.as_deref() == Some(unit.text()) && !money(*at);
    let own: Vec<usize> = fits.iter().copied().filter(named).collect();
    match if own.is_empty() { fits } else { own }.as_slice() {
        [one] => Some((*one, number)),
        _ => {
            blame(reading, phrase, &unit, measures);
            None
        }
    }
}

/// A figure without a unit: nought is nought in any; and a count of the only measure there is needs no other word.
fn plain(
    reading: &mut Reading<'_>,
    phrase: &Phrase<'_>,
    number: Exact,
    measures: &[TierMeasure],
) -> Option<(usize, Exact)> {
    let only = measures.first().filter(|_| measures.len() == 1);
    let counts = only.is_some_and(|measure| reading.dimension(&measure.basis) != Dimension::Money);
    if number.is_zero() || counts {
        return Some((0, number));
    }
    match only {
        Some(measure) => reading.say(Wrong::OtherKind {
            place: phrase.span(),
            measure: measure.span,
            got: String::new(),
            wanted: measured_words(reading, measure),
            like: format!("{} {}", phrase.text(), unit_word(reading, measure)),
        }),
        None => reading.say(Wrong::WhichMeasure {
            place: phrase.span(),
            got: phrase.text().to_owned(),
            wanted: measure_names(reading, measures),
        }),
    }
    None
}

/// `4000 RON spent`: the word behind the unit names the measure, which must be of that unit.
fn named(
    reading: &mut Reading<'_>,
    phrase: &Phrase<'_>,
    unit: &Phrase<'_>,
    of: &Phrase<'_>,
    measures: &[TierMeasure],
) -> Option<usize> {
    let by_name = measures.iter().position(|measure| measure.name.as_deref() == Some(of.text()));
    // A measure without a name may be spoken of in passing: `from 500 RON spent`.
    let alone = measures.iter().position(|measure| measure.name.is_none() && matches!(of.text(), "spent" | "spend"));
    let Some(at) = by_name.or(alone) else {
        let wanted = measure_names(reading, measures);
        reading.say(Wrong::WhichMeasure { place: of.span(), got: of.text().to_owned(), wanted });
        return None;
    };
    if of_unit(reading, &measures[at], unit.text()) {
        return Some(at);
    }
    blame_unit(reading, phrase.find(Rule::number)?.text(), unit, &measures[at]);
    None
}

/// Whether a measure is the one that a unit speaks of: by its name, or by what it counts.
fn answers(reading: &Reading<'_>, measure: &TierMeasure, unit: &str) -> bool {
    let money = reading.dimension(&measure.basis) == Dimension::Money;
    let by_name = measure.name.as_deref().is_some_and(|name| same_word(name, unit));
    (by_name && !money) || of_unit(reading, measure, unit)
}

/// Whether a unit is that of what a measure counts.
fn of_unit(reading: &Reading<'_>, measure: &TierMeasure, unit: &str) -> bool {
    if reading.dimension(&measure.basis) == Dimension::Money {
        return reading.names.money.as_ref().is_none_or(|(money, _)| money == unit && is_currency(unit));
    }
    match &measure.basis {
        Basis::Points(points) => unit == "points" || reading.names.find(Kind::Points, unit) == Some(points.0),
        Basis::Activity(Some(activity)) => {
            let name = reading.names.all(Kind::Activity).get(activity.0).map_or("", |one| one.name.as_str());
            same_word(name, unit) || matches!(unit, "times" | "time" | "activities" | "activity")
        }
        Basis::Activity(None) => matches!(unit, "times" | "time" | "activities" | "activity"),
        Basis::Field { field, .. } => {
            field == unit
                || matches!(reading.dimension(&measure.basis), Dimension::Unit(word) if same_word(&word, unit))
        }
        Basis::Items(_) => same_word("item", unit),
        Basis::Purchases(_) => same_word("purchase", unit) || same_word("receipt", unit),
        Basis::Visits(_) => same_word("visit", unit),
        Basis::Distinct(distinct, _) => same_word(distinct_word(distinct), unit),
        Basis::Total(_) | Basis::One => false,
    }
}

fn distinct_word(distinct: &Distinct) -> &str {
    match distinct {
        Distinct::Stores => "stores",
        Distinct::Categories => "categories",
        Distinct::Days => "days",
        Distinct::Brands => "brands",
        Distinct::Skus => "skus",
        Distinct::Channels => "channels",
        Distinct::Column(column) => column,
    }
}

/// A unit that no measure, or more than one, answers to.
fn blame(reading: &mut Reading<'_>, phrase: &Phrase<'_>, unit: &Phrase<'_>, measures: &[TierMeasure]) {
    match measures {
        [only] => {
            let number = phrase.find(Rule::number).map_or("10", |number| number.text());
            blame_unit(reading, number, unit, only);
        }
        _ => {
            let wanted = measure_names(reading, measures);
            reading.say(Wrong::WhichMeasure { place: phrase.span(), got: unit.text().to_owned(), wanted });
        }
    }
}

/// A unit that is not the measure's.
fn blame_unit(reading: &mut Reading<'_>, number: &str, unit: &Phrase<'_>, measure: &TierMeasure) {
    let got = unit.text().to_owned();
    let money = reading.dimension(&measure.basis) == Dimension::Money;
    match &reading.names.money {
        Some((wanted, _)) if money && is_currency(&got) => {
            reading.say(Mistake::OtherMoney { place: unit.span(), got, money: wanted.clone() });
        }
        Some(_) | None => reading.say(Wrong::OtherKind {
            place: unit.span(),
            measure: measure.span,
            got,
            wanted: measured_words(reading, measure),
            like: format!("{number} {}", unit_word(reading, measure)),
        }),
    }
}

/// What a measure measures, for a reader.
fn measured_words(reading: &Reading<'_>, measure: &TierMeasure) -> String {
    match (&measure.name, reading.dimension(&measure.basis)) {
        (Some(name), dimension) if dimension != Dimension::Money => format!("a number of {name}"),
        (_, dimension) => dimension.words(reading.names),
    }
}

/// The unit in which a measure is written.
fn unit_word(reading: &Reading<'_>, measure: &TierMeasure) -> String {
    if reading.dimension(&measure.basis) == Dimension::Money {
        let money = reading.names.money_word();
        return money.to_owned();
    }
    if let Some(name) = &measure.name {
        return name.clone();
    }
    match &measure.basis {
        Basis::Points(points) => {
            let unit = reading.names.all(Kind::Points).get(points.0);
            unit.map_or(String::new(), |one| one.plural.clone().unwrap_or_else(|| one.name.clone()))
        }
        Basis::Activity(Some(activity)) => {
            reading.names.all(Kind::Activity).get(activity.0).map_or(String::new(), |one| one.name.clone())
        }
        Basis::Activity(None) => "times".to_owned(),
        Basis::Field { field, .. } => match reading.dimension(&measure.basis) {
            Dimension::Unit(word) => word,
            _ => field.clone(),
        },
        Basis::Items(_) => "items".to_owned(),
        Basis::Purchases(_) => "purchases".to_owned(),
        Basis::Visits(_) => "visits".to_owned(),
        Basis::Distinct(distinct, _) => distinct_word(distinct).to_owned(),
        Basis::Total(_) | Basis::One => String::new(),
    }
}

/// The measures as a figure would name them: `nights`, `RON spent`.
fn measure_names(reading: &Reading<'_>, measures: &[TierMeasure]) -> String {
    let written = measures.iter().map(|measure| {
        let unit = unit_word(reading, measure);
        match &measure.name {
            Some(name) if *name != unit => format!("`{unit} {name}`"),
            Some(_) | None => format!("`{unit}`"),
        }
    });
    written.collect::<Vec<_>>().join(", ")
}

/// Levels begin at 0 and each takes more than the earned one below it.
pub(super) fn ascend(reading: &mut Reading<'_>, levels: &[Level], places: &[Span]) {
    if let (Some(first), Some(place)) = (levels.first(), places.first())
        && !is_nought(&first.need)
    {
        reading.say(Wrong::FirstNotFromNought { place: *place, level: first.name.text.clone() });
    }
    let earned: Vec<usize> = (0..levels.len()).filter(|at| !matches!(levels[*at].need, Need::NotEarned)).collect();
    for pair in earned.windows(2) {
        let (below, level) = (pair[0], pair[1]);
        if no_more(&levels[level].need, &levels[below].need) {
            reading.say(Wrong::NotAscending {
                place: places[level],
                below: places[below],
                level: levels[level].name.text.clone(),
                lower: levels[below].name.text.clone(),
            });
        }
    }
}

/// Whether everybody has it.
fn is_nought(need: &Need) -> bool {
    match need {
        Need::AtLeast(_, most) => most.is_zero(),
        Need::All(needs) => needs.iter().all(is_nought),
        Need::Any(needs) => needs.iter().any(is_nought),
        Need::NotEarned => false,
    }
}

/// Whether whoever has `lower` surely has `need`, so that nobody stands at `lower` alone.
fn no_more(need: &Need, lower: &Need) -> bool {
    if is_nought(need) {
        return true;
    }
    match (need, lower) {
        (Need::All(needs), _) => needs.iter().all(|one| no_more(one, lower)),
        (_, Need::Any(lowers)) => lowers.iter().all(|one| no_more(need, one)),
        (Need::Any(needs), _) => needs.iter().any(|one| no_more(one, lower)),
        (_, Need::All(lowers)) => lowers.iter().any(|one| no_more(need, one)),
        (Need::AtLeast(a, most), Need::AtLeast(b, least)) => a == b && most <= least,
        (Need::NotEarned, _) | (_, Need::NotEarned) => false,
    }
}
