//! A pile as bytes, for scratch files and for kept state: columns one after the other, little endian, under a
//! version and over a checksum.

use super::Pile;
use crate::ledger::{Event, Exchanged, Kind, Line};
use crate::source::texts::Texts;
use crate::value::clock::Moment;
use crate::value::exact::Exact;
use jiff::Timestamp;
use num_bigint::BigInt;
use std::collections::BTreeMap;
use std::fmt;

/// What the bytes of a pile begin with: whose they are, and the version of their form.
const HEAD: &[u8; 8] = b"loyalp\x00\x01";

/// Bytes that are no pile of this version, or not as they were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damaged;

impl fmt::Display for Damaged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not as it was written")
    }
}

impl std::error::Error for Damaged {}

impl Pile {
    /// Writes the pile behind what stands in `out`.
    pub fn write(&self, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(HEAD);
        let mut bytes = Writer { out };
        for texts in [&self.member, &self.id, &self.reference, &self.texts, &self.line_texts, &self.sku, &self.number] {
            bytes.texts(texts);
        }
        bytes.longs(&self.at);
        bytes.ints(self.day.iter().map(|day| day.cast_unsigned()));
        bytes.shorts(self.kind.iter().map(|kind| place_of(*kind)));
        bytes.shorts(self.timed.iter().map(|timed| u8::from(*timed)));
        for ints in [&self.codes, &self.lines_end, &self.line_codes] {
            bytes.ints(ints.iter().copied());
        }
        for longs in [&self.amount, &self.quantity, &self.regular, &self.tax] {
            bytes.longs(longs);
        }
        bytes.shorts([u8::from(self.names_lines)].into_iter());
        bytes.count(self.whole.len());
        for (place, event) in &self.whole {
            bytes.int(*place);
            bytes.event(event);
        }
        let sum = crc32fast::hash(&out[start..]);
        out.extend_from_slice(&sum.to_le_bytes());
    }

    /// Reads what [`Pile::write`] wrote, no byte more or less.
    ///
    /// # Errors
    /// When the bytes are not those of a pile of this version.
    pub fn read(bytes: &[u8]) -> Result<Self, Damaged> {
        let (body, sum) = bytes.split_last_chunk::<4>().ok_or(Damaged)?;
        if crc32fast::hash(body) != u32::from_le_bytes(*sum) {
            return Err(Damaged);
        }
        let mut bytes = Reader { left: body.strip_prefix(HEAD).ok_or(Damaged)? };
        let (member, id, reference) = (bytes.texts()?, bytes.texts()?, bytes.texts()?);
        let (texts, line_texts, sku, number) = (bytes.texts()?, bytes.texts()?, bytes.texts()?, bytes.texts()?);
        let pile = Self {
            member,
            id,
            reference,
            texts,
            line_texts,
            sku,
            number,
            at: bytes.longs()?,
            day: bytes.ints()?.into_iter().map(u32::cast_signed).collect(),
            kind: bytes.shorts()?.iter().map(|place| kind_of(*place)).collect::<Result<_, _>>()?,
            timed: bytes.shorts()?.iter().map(|timed| *timed != 0).collect(),
            codes: bytes.ints()?,
            lines_end: bytes.ints()?,
            line_codes: bytes.ints()?,
            amount: bytes.longs()?,
            quantity: bytes.longs()?,
            regular: bytes.longs()?,
            tax: bytes.longs()?,
            names_lines: bytes.shorts()? == [1],
            whole: bytes.whole()?,
        };
        if bytes.left.is_empty() && pile.is_sound() { Ok(pile) } else { Err(Damaged) }
    }

    /// Whether its columns are as long as each other.
    fn is_sound(&self) -> bool {
        let events = [self.member.len(), self.id.len(), self.reference.len(), self.day.len(), self.kind.len()];
        let lines = self.lines_end.last().map_or(0, |end| *end as usize);
        events.iter().all(|len| *len == self.len())
            && (self.timed.len(), self.lines_end.len()) == (self.len(), self.len())
            && self.lines_end.is_sorted()
            && (self.amount.len(), self.quantity.len()) == (lines, lines)
    }
}

fn place_of(kind: Kind) -> u8 {
    let place = Kind::ALL.iter().position(|other| *other == kind).unwrap_or_default();
    u8::try_from(place).unwrap_or_default()
}

fn kind_of(place: u8) -> Result<Kind, Damaged> {
    Kind::ALL.get(usize::from(place)).copied().ok_or(Damaged)
}

struct Writer<'w> {
    out: &'w mut Vec<u8>,
}

impl Writer<'_> {
    fn count(&mut self, count: usize) {
        self.out.extend_from_slice(&(count as u64).to_le_bytes());
    }

    fn int(&mut self, number: u32) {
        self.out.extend_from_slice(&number.to_le_bytes());
    }

    fn long(&mut self, number: i64) {
        self.out.extend_from_slice(&number.to_le_bytes());
    }

    fn ints(&mut self, numbers: impl ExactSizeIterator<Item = u32>) {
        self.count(numbers.len());
        numbers.for_each(|number| self.int(number));
    }

    fn longs(&mut self, numbers: &[i64]) {
        self.count(numbers.len());
        numbers.iter().for_each(|number| self.long(*number));
    }

    fn shorts(&mut self, numbers: impl ExactSizeIterator<Item = u8>) {
        self.count(numbers.len());
        self.out.extend(numbers);
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.out.extend_from_slice(text.as_bytes());
    }

    fn texts(&mut self, texts: &Texts) {
        let (text, ends) = texts.parts();
        self.text(text);
        self.ints(ends.iter().copied());
    }

    fn optional(&mut self, text: Option<&str>) {
        self.out.push(u8::from(text.is_some()));
        self.text(text.unwrap_or_default());
    }

    fn number(&mut self, number: Option<&Exact>) {
        self.out.push(u8::from(number.is_some()));
        for part in number.map(|number| [number.numer(), number.denom()]).into_iter().flatten() {
            self.shorts(part.to_signed_bytes_le().into_iter());
        }
    }

    fn fields(&mut self, fields: &BTreeMap<String, String>) {
        self.count(fields.len());
        for (name, text) in fields {
            self.text(name);
            self.text(text);
        }
    }

    fn event(&mut self, event: &Event) {
        self.text(&event.id);
        self.long(event.at.0.as_second());
        self.int(event.at.0.subsec_nanosecond().cast_unsigned());
        self.int(super::days(event.day).cast_unsigned());
        self.out.push(u8::from(event.timed));
        self.out.push(place_of(event.kind));
        for text in [&event.member, &event.reference, &event.store, &event.channel, &event.unit] {
            self.optional(text.as_deref());
        }
        self.number(event.paid_points.as_ref());
        self.count(event.coupons.len());
        event.coupons.iter().for_each(|coupon| self.text(coupon));
        self.fields(&event.fields);
        self.count(event.lines.len());
        event.lines.iter().for_each(|line| self.line(line));
        self.count(event.place.0);
        self.out.extend_from_slice(&event.place.1.to_le_bytes());
    }

    fn line(&mut self, line: &Line) {
        for number in [&line.amount, &line.regular, &line.tax, &line.qty] {
            self.number(number.as_ref());
        }
        for text in [&line.number, &line.sku, &line.category, &line.brand] {
            self.optional(text.as_deref());
        }
        self.fields(&line.fields);
        self.optional(line.exchanged.as_ref().map(|one| one.currency.as_str()));
        self.number(line.exchanged.as_ref().map(|one| &one.rate));
    }
}

struct Reader<'r> {
    left: &'r [u8],
}

impl<'r> Reader<'r> {
    fn take(&mut self, count: usize) -> Result<&'r [u8], Damaged> {
        let (taken, left) = self.left.split_at_checked(count).ok_or(Damaged)?;
        self.left = left;
        Ok(taken)
    }

    fn chunk<const N: usize>(&mut self) -> Result<[u8; N], Damaged> {
        let (chunk, left) = self.left.split_first_chunk::<N>().ok_or(Damaged)?;
        self.left = left;
        Ok(*chunk)
    }

    fn byte(&mut self) -> Result<u8, Damaged> {
        Ok(self.chunk::<1>()?[0])
    }

    fn count(&mut self) -> Result<usize, Damaged> {
        let count = usize::try_from(u64::from_le_bytes(self.chunk()?)).map_err(|_| Damaged)?;
        // Nothing that is counted takes less than a byte: a damaged count asks for no memory.
        if count > self.left.len() { Err(Damaged) } else { Ok(count) }
    }

    fn int(&mut self) -> Result<u32, Damaged> {
        Ok(u32::from_le_bytes(self.chunk()?))
    }

    fn long(&mut self) -> Result<i64, Damaged> {
        Ok(i64::from_le_bytes(self.chunk()?))
    }

    fn ints(&mut self) -> Result<Vec<u32>, Damaged> {
        let count = self.count()?;
        let bytes = self.take(count.checked_mul(4).ok_or(Damaged)?)?;
        Ok(bytes.as_chunks::<4>().0.iter().map(|chunk| u32::from_le_bytes(*chunk)).collect())
    }

    fn longs(&mut self) -> Result<Vec<i64>, Damaged> {
        let count = self.count()?;
        let bytes = self.take(count.checked_mul(8).ok_or(Damaged)?)?;
        Ok(bytes.as_chunks::<8>().0.iter().map(|chunk| i64::from_le_bytes(*chunk)).collect())
    }

    fn shorts(&mut self) -> Result<&'r [u8], Damaged> {
        let count = self.count()?;
        self.take(count)
    }

    fn text(&mut self) -> Result<String, Damaged> {
        std::str::from_utf8(self.shorts()?).map(str::to_owned).map_err(|_| Damaged)
    }

    fn texts(&mut self) -> Result<Texts, Damaged> {
        let text = self.text()?;
        Texts::of_parts(text, self.ints()?).ok_or(Damaged)
    }

    fn optional(&mut self) -> Result<Option<String>, Damaged> {
        let there = self.byte()? != 0;
        let text = self.text()?;
        Ok(there.then_some(text))
    }

    fn number(&mut self) -> Result<Option<Exact>, Damaged> {
        if self.byte()? == 0 {
            return Ok(None);
        }
        let numer = BigInt::from_signed_bytes_le(self.shorts()?);
        let denom = BigInt::from_signed_bytes_le(self.shorts()?);
        Exact::from_big(numer, denom).map(Some).ok_or(Damaged)
    }

    fn fields(&mut self) -> Result<BTreeMap<String, String>, Damaged> {
        (0..self.count()?).map(|_| Ok((self.text()?, self.text()?))).collect()
    }

    fn whole(&mut self) -> Result<BTreeMap<u32, Box<Event>>, Damaged> {
        (0..self.count()?).map(|_| Ok((self.int()?, Box::new(self.event()?)))).collect()
    }

    fn event(&mut self) -> Result<Event, Damaged> {
        let id = self.text()?;
        let (second, nanos) = (self.long()?, self.int()?.cast_signed());
        Ok(Event {
            id,
            at: Moment(Timestamp::new(second, nanos).map_err(|_| Damaged)?),
            day: super::day(self.int()?.cast_signed()),
            timed: self.byte()? != 0,
            kind: kind_of(self.byte()?)?,
            member: self.optional()?,
            reference: self.optional()?,
            store: self.optional()?,
            channel: self.optional()?,
            unit: self.optional()?,
            paid_points: self.number()?,
            coupons: (0..self.count()?).map(|_| self.text()).collect::<Result<_, _>>()?,
            fields: self.fields()?,
            lines: (0..self.count()?).map(|_| self.line()).collect::<Result<_, _>>()?,
            place: (usize::try_from(self.long()?).map_err(|_| Damaged)?, self.long()?.cast_unsigned()),
        })
    }

    fn line(&mut self) -> Result<Line, Damaged> {
        Ok(Line {
            amount: self.number()?,
            regular: self.number()?,
            tax: self.number()?,
            qty: self.number()?,
            number: self.optional()?,
            sku: self.optional()?,
            category: self.optional()?,
            brand: self.optional()?,
            fields: self.fields()?,
            exchanged: match (self.optional()?, self.number()?) {
                (Some(currency), Some(rate)) => Some(Exchanged { currency, rate }),
                (None, None) => None,
                (Some(_), None) | (None, Some(_)) => return Err(Damaged),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::plan::{Keep, Needs, Wanted};
    use crate::value::clock::Clock;

    fn needs() -> Needs {
        let wanted = |name: &str, keep| Wanted { name: name.to_owned(), keep };
        let words = Keep::Code(vec!["north".to_owned()]);
        Needs {
            event: vec![wanted("store", words), wanted("weather", Keep::Text)],
            line: vec![wanted("category", Keep::Code(vec!["bread".to_owned(), "?".to_owned()]))],
            regular: true,
            tax: false,
        }
    }

    fn pile() -> Pile {
        let (clock, needs) = (Clock::utc(), needs());
        let mut pile = Pile::new(true);
        let line = |amount: &str, category: &str| Line {
            amount: Exact::parse(amount),
            category: Some(category.to_owned()),
            sku: Some("s1".to_owned()),
            ..Line::default()
        };
        for (place, (store, amount)) in [("north", "12.50"), ("south", "1.00001"), ("", "-3")].into_iter().enumerate() {
            let mut event = Event::new(format!("p{place}"), super::super::moment(86_400), &clock, Kind::Purchase);
            event.member = Some("ana".to_owned());
            event.store = Some(store.to_owned()).filter(|store| !store.is_empty());
            event.fields.insert("weather".to_owned(), "rain".to_owned());
            event.lines = vec![line(amount, "bread"), line("1", "milk")];
            pile.push_event(&event, &needs);
        }
        pile
    }

    #[test]
    fn what_is_written_is_read_again() {
        let (pile, clock) = (pile(), Clock::utc());
        let mut bytes = Vec::new();
        pile.write(&mut bytes);
        let again = Pile::read(&bytes).expect("a pile");
        let events = |pile: &Pile| (0..pile.len()).map(|at| pile.event(at, &needs(), &clock)).collect::<Vec<_>>();
        assert_eq!(events(&pile), events(&again));
        assert_eq!(again.whole.keys().copied().collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn damage_is_noticed_wherever_it_is() {
        let mut bytes = Vec::new();
        pile().write(&mut bytes);
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 4;
            assert_eq!(Pile::read(&damaged).err(), Some(Damaged), "byte {at}");
            assert_eq!(Pile::read(&bytes[..at]).err(), Some(Damaged), "cut at {at}");
        }
    }

    #[test]
    fn an_event_comes_back_as_the_program_can_see_it() {
        let (pile, clock) = (pile(), Clock::utc());
        let event = pile.event(0, &needs(), &clock);
        assert_eq!((event.id.as_str(), event.store.as_deref()), ("p0", Some("north")));
        assert_eq!(event.field("weather"), Some("rain"));
        let categories: Vec<_> = event.lines.iter().map(|line| line.category.as_deref()).collect();
        // A text that the program does not name is none of its words.
        assert_eq!(categories, [Some("bread"), Some("??")]);
        assert_eq!(event.lines[0].sku.as_deref(), Some("s1"));
        assert_eq!(pile.event(2, &needs(), &clock).store, None);
    }
}
