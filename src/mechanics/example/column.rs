//! `with NAME VALUE` behind an event of an example: a column of the events file, ours or one of the user's own.

use super::part::cell;
use super::wrong::Wrong;
use super::{ExampleLine, Happening};
use crate::mechanics::reading::{Kind, Reading};
use crate::syntax::{Phrase, Rule};
use crate::value::exact::Exact;

/// Reads a column: one of ours fills what it fills in the events file, or is refused where an example has words of
/// its own for it; any other is a column of the user's own, or a field of an activity.
pub(super) fn read(reading: &mut Reading<'_>, part: &Phrase<'_>, event: &mut Happening) -> Option<()> {
    let word = part.find(Rule::word)?;
    let text = cell(part)?;
    let of_activity = event.kind == "activity" && is_field(reading, event.reference.as_deref(), word.text());
    match word.text() {
        _ if of_activity => drop(event.fields.insert(word.text().to_owned(), text)),
        "regular" => of_line(reading, part, event)?.regular = Some(number(reading, part, &text)?),
        "tax" => of_line(reading, part, event)?.tax = Some(number(reading, part, &text)?),
        "qty" if !matches!(event.kind.as_str(), "purchase" | "return") => {
            event.qty = Some(number(reading, part, &text)?);
        }
        "qty" => of_line(reading, part, event)?.qty = Some(number(reading, part, &text)?),
        "sku" => of_line(reading, part, event)?.sku = Some(text),
        "category" => of_line(reading, part, event)?.category = Some(text),
        "brand" => of_line(reading, part, event)?.brand = Some(text),
        "store" => event.store = Some(text),
        "channel" => event.channel = Some(text),
        "coupon" if event.kind == "purchase" => event.coupons.push(text),
        ours
        @ ("id" | "line" | "time" | "type" | "member" | "amount" | "currency" | "ref" | "unit" | "paid_points") => {
            let like = in_words(reading, ours);
            reading.say(Wrong::SaidOtherwise { place: part.span(), column: ours.to_owned(), like });
            return None;
        }
        own => drop(event.fields.insert(own.to_owned(), text)),
    }
    Some(())
}

/// The line that a column belongs to: the one that was said last.
fn of_line<'e>(reading: &mut Reading<'_>, part: &Phrase<'_>, event: &'e mut Happening) -> Option<&'e mut ExampleLine> {
    if event.lines.is_empty() && matches!(event.kind.as_str(), "purchase" | "return") {
        let column = part.find(Rule::word)?.text().to_owned();
        reading.say(Wrong::OfNoLine { place: part.span(), column, money: money(reading) });
        return None;
    }
    if event.lines.is_empty() {
        event.lines.push(ExampleLine::default());
    }
    event.lines.last_mut()
}

fn number(reading: &mut Reading<'_>, part: &Phrase<'_>, text: &str) -> Option<Exact> {
    let number = Exact::parse(text);
    if number.is_none() {
        let column = part.find(Rule::word)?.text().to_owned();
        reading.say(Wrong::NoNumber { place: part.span(), column, cell: text.to_owned() });
    }
    number
}

fn is_field(reading: &Reading<'_>, activity: Option<&str>, word: &str) -> bool {
    let at = activity.and_then(|activity| reading.names.find(Kind::Activity, activity));
    let fields = at.and_then(|at| reading.names.fields.get(at));
    fields.is_some_and(|fields| fields.iter().any(|(name, _)| name == word))
}

/// How an example says what that column of the events file says.
fn in_words(reading: &Reading<'_>, column: &str) -> String {
    let money = money(reading);
    match column {
        "id" => format!("purchase 12 {money} by ana as p1"),
        "time" => format!("2026-02-03 15:10 purchase 12 {money} by ana"),
        "ref" => "return of p1 by ana".to_owned(),
        "unit" | "paid_points" => format!("purchase 12 {money} by ana paid 100 points"),
        _ => format!("purchase 12 {money} of coffee, 8 {money} of cake by ana"),
    }
}

fn money(reading: &Reading<'_>) -> String {
    reading.names.money.as_ref().map_or_else(|| "EUR".to_owned(), |(money, _)| money.clone())
}
