//! The parts of an event of an example, in any order: `57.90 RON by ana at Gara via app as p1`.

use super::{ExampleLine, Happening};
use crate::mechanics::activity::FieldKind;
use crate::mechanics::example::read::{signed, who};
use crate::mechanics::reading::dimension::same_word;
use crate::mechanics::reading::{Kind, Reading, unquoted};
use crate::syntax::{Phrase, Rule};
use crate::value::exact::Exact;

/// Where the member after `to` is kept until the whole event is known; no column can have this name.
pub(super) const OTHER: &str = "to ";

/// Reads one part into the event; none when it cannot be read (and it is said why).
pub(super) fn read(reading: &mut Reading<'_>, part: &Phrase<'_>, event: &mut Happening) -> Option<()> {
    match part.rule() {
        Rule::part_by => event.member = Some(who(&part.find(Rule::who)?)),
        Rule::part_to => drop(event.fields.insert(OTHER.to_owned(), who(&part.find(Rule::who)?))),
        Rule::part_price => {
            let amount = Some(reading.money(&part.find(Rule::money)?)?);
            event.lines.push(ExampleLine { amount, ..ExampleLine::default() });
        }
        Rule::part_store => event.store = Some(cell(part)?),
        Rule::part_channel => event.channel = Some(cell(part)?),
        Rule::part_as => event.id = Some(who(&part.find(Rule::who)?)),
        Rule::part_of => event.reference = Some(who(&part.find(Rule::who)?)),
        Rule::part_line | Rule::part_sku => line(reading, part, event)?,
        Rule::part_coupon if event.kind == "purchase" => {
            event.coupons.push(unquoted(&part.find(Rule::name)?));
        }
        Rule::part_coupon => drop(event.fields.insert("coupon".to_owned(), unquoted(&part.find(Rule::name)?))),
        Rule::part_paid => paid(reading, part, event)?,
        Rule::part_quantity => quantity(reading, part, event)?,
        _ => super::column::read(reading, part, event)?,
    }
    Some(())
}

pub(super) fn cell(part: &Phrase<'_>) -> Option<String> {
    Some(unquoted(&part.find(Rule::cell)?.inner()))
}

/// `[2 x] 12 RON [of coffee] [sku A1]`. In a return, `of p1` names the purchase.
fn line(reading: &mut Reading<'_>, part: &Phrase<'_>, event: &mut Happening) -> Option<()> {
    let mut line = ExampleLine::default();
    if let Some(count) = part.find(Rule::number) {
        line.qty = Some(reading.number(&count)?);
    }
    if let Some(money) = part.find(Rule::money) {
        // `2 x 12 RON` is what it says aloud: 24 RON together.
        let each = reading.money(&money)?;
        line.amount = Some(line.qty.as_ref().map_or_else(|| each.clone(), |count| count * &each));
    }
    if let Some(before) = part.find(Rule::instead_of).and_then(|instead| instead.find(Rule::money)) {
        let each = reading.money(&before)?;
        line.regular = Some(line.qty.as_ref().map_or_else(|| each.clone(), |count| count * &each));
    }
    if let Some(of) = part.find(Rule::line_of) {
        let named = cell(&of)?;
        if event.kind == "return" {
            event.reference = Some(named);
        } else {
            line.category = Some(named);
        }
    }
    if let Some(sku) = part.find(Rule::line_sku) {
        line.sku = Some(cell(&sku)?);
    }
    event.lines.push(line);
    Some(())
}

/// `paid 100 stars`: what of a purchase was paid with points.
fn paid(reading: &mut Reading<'_>, part: &Phrase<'_>, event: &mut Happening) -> Option<()> {
    let number = reading.number(&part.find(Rule::number)?)?;
    let unit = reading.unit(&part.find(Rule::unit)?)?;
    if event.kind != "purchase" {
        let (place, part, kind) = (part.span(), part.text().to_owned(), event.kind.clone());
        reading.say(super::wrong::Wrong::OutOfPlace { place, part, kind });
        return None;
    }
    event.unit = Some(reading.names.unit(unit.0).to_owned());
    event.paid_points = Some(number);
    Some(())
}

/// `50 stars` of a transfer or adjustment, `35 minutes` of an activity.
fn quantity(reading: &mut Reading<'_>, part: &Phrase<'_>, event: &mut Happening) -> Option<()> {
    let unit = part.find(Rule::unit)?;
    let number: Exact = signed(&part.find(Rule::signed)?)?;
    if event.kind == "redeem" && event.reference.is_none() {
        let _ = super::read::held(reading, &unit)?;
        event.reference = Some(unquoted(&unit));
        event.qty = Some(number);
        return Some(());
    }
    // `grant 500 stars for 20 RON to ana`: points that are bought.
    if event.kind == "grant"
        && event.reference.is_none()
        && let Some(id) = reading.names.find(Kind::Points, unit.text())
    {
        event.reference = Some(reading.names.unit(id).to_owned());
        event.qty = Some(number);
        return Some(());
    }
    if matches!(event.kind.as_str(), "transfer" | "adjust") {
        let id = reading.unit(&unit)?;
        event.unit = Some(reading.names.unit(id.0).to_owned());
        event.qty = Some(number);
        return Some(());
    }
    if event.kind == "activity"
        && let Some(field) = field_counted_in(reading, event.reference.as_deref(), unit.text())
    {
        event.fields.insert(field, number.to_string());
        return Some(());
    }
    // Nothing else is counted so: the unit is a points unit out of place, or misspelled.
    let _ = reading.unit(&unit)?;
    reading.say(super::wrong::Wrong::OutOfPlace {
        place: part.span(),
        part: part.text().to_owned(),
        kind: event.kind.clone(),
    });
    None
}

/// The field of the activity that is counted in that unit, or has that name.
fn field_counted_in(reading: &Reading<'_>, activity: Option<&str>, word: &str) -> Option<String> {
    let at = reading.names.find(Kind::Activity, activity?)?;
    let fields = reading.names.fields.get(at)?;
    let counted = |(name, kind): &&(String, FieldKind)| match kind {
        FieldKind::Number(Some(unit)) => same_word(unit, word) || name == word,
        FieldKind::Number(None) => same_word(name, word),
        FieldKind::Text | FieldKind::OneOf(_) => false,
    };
    fields.iter().find(counted).map(|(name, _)| name.clone())
}
