//! Tests of one figure, worked out ahead: the whole numbers that pass.

use crate::mechanics::Program;
use crate::mechanics::condition::{How, Value, passes};
use crate::value::clock::{Date, Time};
use crate::value::exact::Exact;

/// No figure: there is nothing to look at.
pub const NOTHING: i64 = i64::MIN;

/// The whole numbers that pass a test, as stretches, both ends included.
#[derive(Debug, Clone)]
pub struct Among {
    stretches: Vec<(i64, i64)>,
    /// Whether nothing at all passes too.
    nothing: bool,
    /// Of a number: the test itself, and the scale, for figures between two whole ones.
    exactly: Option<Box<(How, i64)>>,
}

impl Among {
    /// Whether a figure passes.
    pub fn holds(&self, figure: i64) -> bool {
        if figure == NOTHING {
            return self.nothing;
        }
        self.stretches.iter().any(|(low, high)| *low <= figure && figure <= *high)
    }

    /// Whether the figure `numer / denom` passes; none where only the plain engine can tell. `denom` is positive.
    pub fn holds_over(&self, numer: i64, denom: i64, program: &Program) -> Option<bool> {
        if numer % denom == 0 {
            return Some(self.holds(numer / denom));
        }
        let (how, scale) = self.exactly.as_deref()?;
        let number = Exact::ratio(numer, denom.checked_mul(*scale)?);
        passes(how, Some(&Value::Number(number)), program)
    }

    /// Whatever there is passes.
    pub fn anything() -> Self {
        Self { stretches: vec![(LEAST, i64::MAX)], nothing: false, exactly: None }
    }

    /// The numbers, scaled by `scale`, that pass `how`; none where only the plain engine can tell.
    pub fn of_number(how: &How, scale: i64, program: &Program) -> Option<Self> {
        let bounds = |value: &Value| {
            let number = match value {
                Value::Number(number) => number.clone(),
                Value::Text(text) => Exact::parse(text)?,
                Value::Time(_) | Value::Date(_) | Value::Weekday(_) | Value::Level(_) | Value::YesNo(_) => return None,
            };
            let scaled = number * Exact::from_int(scale);
            Some((clamped(&scaled.floor()), clamped(&scaled.ceil())))
        };
        if let How::InList(list) | How::NotInList(list) = how {
            let values = &program.lists.get(list.0)?.values;
            let written = |text: &String| Exact::parse(text).filter(|number| number.to_string() == *text);
            let points = values.iter().filter_map(written).filter_map(|number| point(bounds(&Value::Number(number))?));
            let listed = Self { stretches: points.collect(), nothing: false, exactly: None };
            let among = if matches!(how, How::InList(_)) { listed } else { listed.negated() };
            return Some(Self { exactly: Some(Box::new((how.clone(), scale))), ..among });
        }
        let among = Self::ordered(how, bounds, false)?;
        Some(Self { exactly: Some(Box::new((how.clone(), scale))), ..among })
    }

    /// The days (since 1970-01-01) that pass.
    pub fn of_day(how: &How, day: impl Fn(Date) -> i32) -> Option<Self> {
        let bounds = |value: &Value| match value {
            Value::Date(date) => Some((i64::from(day(*date)), i64::from(day(*date)))),
            Value::Number(_)
            | Value::Text(_)
            | Value::Time(_)
            | Value::Weekday(_)
            | Value::Level(_)
            | Value::YesNo(_) => None,
        };
        Self::ordered(how, bounds, false)
    }

    /// The seconds of a day that pass; none where a time has a fraction of a second.
    pub fn of_time(how: &How) -> Option<Self> {
        let bounds = |value: &Value| match value {
            Value::Time(time) => Some((seconds(*time), seconds(*time))),
            Value::Number(_)
            | Value::Text(_)
            | Value::Date(_)
            | Value::Weekday(_)
            | Value::Level(_)
            | Value::YesNo(_) => None,
        };
        Self::ordered(how, bounds, true)
    }

    /// What passes of a few values that each have a number.
    pub fn of_few(how: &How, values: impl IntoIterator<Item = (i64, Value)>, program: &Program) -> Option<Self> {
        let mut stretches = Vec::new();
        for (number, value) in values {
            if passes(how, Some(&value), program)? {
                stretches.push((number, number));
            }
        }
        Some(Self { stretches, nothing: passes(how, None, program)?, exactly: None })
    }

    fn ordered(how: &How, bounds: impl Fn(&Value) -> Option<(i64, i64)>, half_open: bool) -> Option<Self> {
        let of = |stretch: Option<(i64, i64)>| Self {
            stretches: stretch.into_iter().collect(),
            nothing: false,
            exactly: None,
        };
        let any = |values: &[Value]| Self {
            stretches: values.iter().filter_map(|value| point(bounds(value)?)).collect(),
            nothing: false,
            exactly: None,
        };
        Some(match how {
            How::Is(value) => of(bounds(value).and_then(point)),
            How::IsNot(value) => of(bounds(value).and_then(point)).negated(),
            How::AtLeast(value) => of(bounds(value).map(|(_, high)| (high, i64::MAX))),
            How::AtMost(value) => of(bounds(value).map(|(low, _)| (LEAST, low))),
            How::MoreThan(value) => of(bounds(value).and_then(|(low, _)| Some((low.checked_add(1)?, i64::MAX)))),
            How::LessThan(value) => of(bounds(value).and_then(|(_, high)| Some((LEAST, high.checked_sub(1)?)))),
            How::Between(low, high) => match (bounds(low), bounds(high)) {
                (Some((low, _)), Some((high, _))) if half_open => of(Some((low, high - 1))),
                (Some((_, low)), Some((high, _))) => of(Some((low, high))),
                (Some(_) | None, Some(_) | None) => of(None),
            },
            How::In(values) => any(values),
            How::NotIn(values) => any(values).negated(),
            How::Exists => of(Some((LEAST, i64::MAX))),
            // No number and no day is a yes.
            How::Holds => of(None),
            How::InList(_) => of(None),
            How::NotInList(_) => of(None).negated(),
            How::InCalendar(_) | How::NotInCalendar(_) => return None,
        })
    }

    fn negated(mut self) -> Self {
        self.stretches.sort_unstable();
        let mut gaps = Vec::new();
        let mut from = LEAST;
        for (low, high) in &self.stretches {
            if from < *low {
                gaps.push((from, low - 1));
            }
            if *high == i64::MAX {
                return Self { stretches: gaps, nothing: !self.nothing, exactly: None };
            }
            from = from.max(high + 1);
        }
        gaps.push((from, i64::MAX));
        Self { stretches: gaps, nothing: !self.nothing, exactly: None }
    }
}

/// The least figure there can be: below it stands [`NOTHING`].
const LEAST: i64 = i64::MIN + 1;

fn point((low, high): (i64, i64)) -> Option<(i64, i64)> {
    (low == high).then_some((low, high))
}

/// A whole number as a figure; one too large for any figure stands at the edge.
fn clamped(whole: &Exact) -> i64 {
    whole.to_i64().unwrap_or(if whole.is_negative() { LEAST } else { i64::MAX }).max(LEAST)
}

fn seconds(time: Time) -> i64 {
    i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second())
}
