//! Conditions: from `condition` and `term` phrases to [`Condition`], with the units checked.

use super::clash::Clash;
use super::{Dimension, Kind, Mistake, Reading, Scope};
use crate::mechanics::condition::{Condition, How, Measure, Test, Value};
use crate::mechanics::habit::Habit;
use crate::mechanics::{CalendarId, CouponId, GiftId, ListId, MembershipId, RewardId, SegmentId};
use crate::syntax::{Phrase, Rule};
use crate::text::closest;
use crate::value::clock::{Length, Weekday};

impl Reading<'_> {
    /// A `condition` or `term` phrase. All of it is read, so that every mistake in it is said.
    pub fn condition(&mut self, phrase: &Phrase<'_>, scope: Scope) -> Option<Condition> {
        match phrase.rule() {
            Rule::condition => self.joined(phrase, scope, Condition::Any),
            Rule::conjunct => self.joined(phrase, scope, Condition::All),
            Rule::negation => Some(Condition::Not(Box::new(self.condition(&phrase.inner(), scope)?))),
            Rule::every_line => {
                let lines = if scope == Scope::Member { scope } else { Scope::Lines };
                Some(Condition::EveryLine(Box::new(self.condition(&phrase.inner(), lines)?)))
            }
            Rule::test => self.test(phrase, scope),
            // `term` and `parens` hold one of the others.
            _ => self.condition(&phrase.inner(), scope),
        }
    }

    fn joined(
        &mut self,
        phrase: &Phrase<'_>,
        scope: Scope,
        join: fn(Vec<Condition>) -> Condition,
    ) -> Option<Condition> {
        let parts: Vec<Option<Condition>> = phrase.children().map(|part| self.condition(&part, scope)).collect();
        let mut parts = parts.into_iter().collect::<Option<Vec<Condition>>>()?;
        if parts.len() == 1 { parts.pop() } else { Some(join(parts)) }
    }

    fn test(&mut self, phrase: &Phrase<'_>, scope: Scope) -> Option<Condition> {
        let first = phrase.inner();
        if first.rule() == Rule::standing {
            return self.standing(&first.inner(), scope);
        }
        let how = phrase.find(Rule::how)?.inner();
        if let Some(clash) = yes_or_no(&first.inner(), &how) {
            self.say(clash);
            return None;
        }
        let measured = self.measure(&first.inner(), scope);
        let (measure, dimension) = measured?;
        self.how(&how, &first, measure, &dimension)
    }

    // ---- what holds by itself -----------------------------------------------------------------

    fn standing(&mut self, phrase: &Phrase<'_>, scope: Scope) -> Option<Condition> {
        let measure = match phrase.rule() {
            Rule::in_segment | Rule::not_in_segment => {
                Measure::InSegment(SegmentId(self.resolve(Kind::Segment, &phrase.find(Rule::name)?)?))
            }
            Rule::birthday_within => Measure::BirthdayWithin(self.days(&phrase.find(Rule::length)?)?),
            Rule::column_within => {
                let column = phrase.find(Rule::member_column)?.find(Rule::word)?.text().to_owned();
                Measure::Habit(Habit::DateWithin(column, self.days(&phrase.find(Rule::length)?)?))
            }
            Rule::dormant => Measure::Habit(Habit::Dormant),
            Rule::member_for => Measure::MemberFor(self.length(&phrase.find(Rule::length)?)?),
            Rule::has_thing => self.has_thing(phrase)?,
            Rule::first_purchase => {
                self.of_an_event(phrase, scope)?;
                Measure::FirstPurchase
            }
            _ => {
                self.of_an_event(phrase, scope)?;
                Measure::ReducedPrice
            }
        };
        let holds = Condition::Test(Test { measure, how: How::Holds, span: phrase.span() });
        Some(if phrase.rule() == Rule::not_in_segment { Condition::Not(Box::new(holds)) } else { holds })
    }

    /// `has gift X`, `has reward X`, `has membership X`, `has X`.
    fn has_thing(&mut self, phrase: &Phrase<'_>) -> Option<Measure> {
        let name = phrase.find(Rule::name)?;
        match phrase.find(Rule::has_kind).map(|kind| kind.text()) {
            Some("coupon") => self.resolve(Kind::Coupon, &name).map(|id| Measure::HasCoupon(CouponId(id))),
            Some("reward") => self.resolve(Kind::Reward, &name).map(|id| Measure::HasReward(RewardId(id))),
            Some("gift") => self.resolve(Kind::Gift, &name).map(|id| Measure::HasGift(GiftId(id))),
            Some("membership") => {
                self.resolve(Kind::Membership, &name).map(|id| Measure::HasMembership(MembershipId(id)))
            }
            // Memberships share no name with what can be held.
            Some(_) | None if self.names.find(Kind::Membership, name.text()).is_some() => {
                self.names.find(Kind::Membership, name.text()).map(|id| Measure::HasMembership(MembershipId(id)))
            }
            Some(_) | None => match (self.names.find(Kind::Reward, name.text()), self.coupon_alone(&name)) {
                (_, Some(coupon)) => Some(Measure::HasCoupon(coupon)),
                (Some(id), None) if self.names.find(Kind::Gift, name.text()).is_none() => {
                    Some(Measure::HasReward(RewardId(id)))
                }
                (Some(_) | None, None) => self.resolve(Kind::Gift, &name).map(|id| Measure::HasGift(GiftId(id))),
            },
        }
    }

    /// The coupon of a name that is no gift's and no reward's.
    fn coupon_alone(&self, name: &Phrase<'_>) -> Option<CouponId> {
        let is = |kind| self.names.find(kind, name.text());
        if is(Kind::Gift).is_some() || is(Kind::Reward).is_some() { None } else { is(Kind::Coupon).map(CouponId) }
    }

    /// Days of a length that must be in days or weeks; at most `i32::MAX`, so that they can stand before a day too.
    pub fn days(&mut self, phrase: &Phrase<'_>) -> Option<u32> {
        let days = match self.length(phrase)? {
            Length::Days(days) => Some(days),
            Length::Weeks(weeks) => weeks.checked_mul(7),
            Length::Months(count) | Length::Years(count) => {
                let number = crate::value::Exact::from_int(i64::from(count));
                let is_month = phrase.has(Rule::month_word);
                let unit = if is_month { "months" } else { "years" };
                let got = format!("a number of {unit}");
                self.clash(phrase, got, &Dimension::Days, Some((&number, unit)));
                return None;
            }
        };
        let days = days.filter(|days| i32::try_from(*days).is_ok());
        if days.is_none() {
            self.say(Mistake::TooLong { place: phrase.span(), length: phrase.text().to_owned() });
        }
        days
    }

    /// Complains of an event's measure where only a member is looked at.
    pub(super) fn of_an_event(&mut self, phrase: &Phrase<'_>, scope: Scope) -> Option<()> {
        if scope == Scope::Member {
            self.say(Clash::OfAnEvent { place: phrase.span(), measure: phrase.text().to_owned(), column: false });
            return None;
        }
        Some(())
    }

    // ---- how ----------------------------------------------------------------------------------

    fn how(
        &mut self,
        how: &Phrase<'_>,
        measured: &Phrase<'_>,
        measure: Measure,
        dimension: &Dimension,
    ) -> Option<Condition> {
        let span = measured.span().to(how.span());
        let kind = match how.rule() {
            Rule::how_exists => How::Exists,
            Rule::how_in | Rule::how_not_in => self.listed(how, measured, dimension)?,
            Rule::how_between => return self.between(how, measured, measure, dimension),
            Rule::how_is => How::Is(self.value(&how.inner(), dimension)?),
            Rule::how_is_not => How::IsNot(self.value(&how.inner(), dimension)?),
            rule => {
                let value = self.ordered(&how.inner(), measured, dimension)?;
                match rule {
                    Rule::how_at_least => How::AtLeast(value),
                    Rule::how_at_most => How::AtMost(value),
                    Rule::how_more => How::MoreThan(value),
                    _ => How::LessThan(value),
                }
            }
        };
        Some(Condition::Test(Test { measure, how: kind, span }))
    }

    /// A value of something that has an order.
    fn ordered(&mut self, phrase: &Phrase<'_>, measured: &Phrase<'_>, dimension: &Dimension) -> Option<Value> {
        let what = if dimension.has_order() { None } else { Some(format!("`{}`", measured.text())) };
        let value = if what.is_none() { self.value(phrase, dimension) } else { None };
        let what = match &value {
            // What a column holds shows in what it is compared with.
            Some(Value::Text(text)) => Some(format!("the text `{text}`")),
            Some(_) | None => what,
        };
        match what {
            Some(what) => {
                self.say(Clash::NoOrder { place: measured.span().to(phrase.span()), what });
                None
            }
            None => value,
        }
    }

    /// `in [..]`, `in LIST`, `in CALENDAR`, and the same with `not`.
    fn listed(&mut self, how: &Phrase<'_>, measured: &Phrase<'_>, dimension: &Dimension) -> Option<How> {
        let not = how.rule() == Rule::how_not_in;
        if let Some(set) = how.find(Rule::set) {
            let values: Vec<Option<Value>> = set.children().map(|value| self.value(&value, dimension)).collect();
            let values = values.into_iter().collect::<Option<Vec<Value>>>()?;
            return Some(if not { How::NotIn(values) } else { How::In(values) });
        }
        let name = how.find(Rule::name)?;
        let list = self.names.find(Kind::List, name.text());
        let calendar = self.names.find(Kind::Calendar, name.text());
        let (kind, listed) = match (dimension, list, calendar) {
            (Dimension::Date, _, _) | (Dimension::Column, None, Some(_)) => (Kind::Calendar, calendar),
            _ => (Kind::List, list),
        };
        let Some(id) = listed else {
            self.no_list(&name, kind, measured);
            return None;
        };
        match dimension {
            Dimension::Text | Dimension::OneOf(_) | Dimension::Column | Dimension::Date => Some(match (kind, not) {
                (Kind::Calendar, false) => How::InCalendar(CalendarId(id)),
                (Kind::Calendar, true) => How::NotInCalendar(CalendarId(id)),
                (_, false) => How::InList(ListId(id)),
                (_, true) => How::NotInList(ListId(id)),
            }),
            Dimension::Money
            | Dimension::Points(_)
            | Dimension::Count(_)
            | Dimension::Unit(_)
            | Dimension::Plain
            | Dimension::Percent
            | Dimension::Quintile
            | Dimension::Days
            | Dimension::Month
            | Dimension::Time
            | Dimension::Weekday
            | Dimension::Level(_) => {
                self.clash(&name, "a list of texts".to_owned(), dimension, None);
                None
            }
        }
    }

    fn no_list(&mut self, name: &Phrase<'_>, kind: Kind, measured: &Phrase<'_>) {
        if self.names.broken.contains(&kind) {
            return;
        }
        self.say(Clash::NoList {
            place: name.span(),
            name: name.text().to_owned(),
            kind: kind.word(),
            near: closest(name.text(), &self.names.candidates(kind)).map(str::to_owned),
            alone: measured.text().to_owned(),
        });
    }

    /// `is between A and B`. Times of day are half open, and go over midnight when A is after B;
    /// days of the week, days of the month and months go round likewise.
    fn between(
        &mut self,
        how: &Phrase<'_>,
        measured: &Phrase<'_>,
        measure: Measure,
        dimension: &Dimension,
    ) -> Option<Condition> {
        let ends = how.all(Rule::value);
        let [first, second] = ends.as_slice() else { return None };
        let span = measured.span().to(how.span());
        let test = |measure: Measure, how: How| Condition::Test(Test { measure, how, span });
        if *dimension == Dimension::Weekday {
            let (from, to) = (self.value(first, dimension), self.value(second, dimension));
            let (Value::Weekday(from), Value::Weekday(to)) = (from?, to?) else { return None };
            return Some(test(measure, How::In(week_from(from, to))));
        }
        let from = self.ordered(first, measured, dimension);
        // `24:00` is the end of the day.
        if second.text() == "24:00" && *dimension == Dimension::Time {
            return Some(test(measure, How::AtLeast(from?)));
        }
        let to = if dimension.has_order() { self.ordered(second, measured, dimension) } else { None };
        let (from, to) = (from?, to?);
        if let (Value::Time(a), Value::Time(b)) = (&from, &to)
            && a > b
        {
            let (evening, night) = (How::AtLeast(from), How::LessThan(to));
            return Some(Condition::Any(vec![test(measure.clone(), evening), test(measure, night)]));
        }
        // Months and days of the month go round: from november through february, from the 25th through the 5th.
        let goes_round = *dimension == Dimension::Month || matches!(measure, Measure::DayOfMonth);
        if goes_round && out_of_order(&from, &to) {
            let (late, early) = (How::AtLeast(from), How::AtMost(to));
            return Some(Condition::Any(vec![test(measure.clone(), late), test(measure, early)]));
        }
        if out_of_order(&from, &to) {
            self.say(Clash::Backwards {
                place: how.span(),
                first: first.text().to_owned(),
                second: second.text().to_owned(),
                like: format!("is between {} and {}", second.text(), first.text()),
            });
            return None;
        }
        Some(test(measure, How::Between(from, to)))
    }
}

/// The days of the week from one through the other.
fn week_from(from: Weekday, to: Weekday) -> Vec<Value> {
    let mut days = vec![Value::Weekday(from)];
    let mut day = from;
    while day != to {
        day = day.next();
        days.push(Value::Weekday(day));
    }
    days
}

/// Whether nothing lies between two values because the first is the larger.
fn out_of_order(from: &Value, to: &Value) -> bool {
    match (from, to) {
        (Value::Number(a), Value::Number(b)) => a > b,
        (Value::Date(a), Value::Date(b)) => a > b,
        (Value::Level(a), Value::Level(b)) => a > b,
        (
            Value::Number(_)
            | Value::Date(_)
            | Value::Level(_)
            | Value::Text(_)
            | Value::Time(_)
            | Value::Weekday(_)
            | Value::YesNo(_),
            _,
        ) => false,
    }
}

/// What is yes or no, and is compared: `dormant is at least 3`, `first purchase is yes`.
fn yes_or_no(measured: &Phrase<'_>, how: &Phrase<'_>) -> Option<Clash> {
    const DORMANT: &str = "Who is dormant has been away for more than twice her own expected gap between purchases: that is yes \
                           or no.";
    const FIRST: &str = "By itself it asks whether this is her first purchase; what is compared is the day of it.";
    let (measure, compared) = (measured.text().trim(), how.text().trim());
    let place = measured.span().to(how.span());
    let is = how.rule() == Rule::how_is;
    let not = how.rule() == Rule::how_is_not;
    let yes = (is && compared.ends_with("yes")) || (not && compared.ends_with("no"));
    let no = (is && compared.ends_with("no")) || (not && compared.ends_with("yes"));
    let by_itself = match (yes, no) {
        (true, _) => format!("write `when {measure}`"),
        (false, true) => format!("write `when not {measure}`"),
        (false, false) => {
            format!("write `when {measure}`, or of days: `when days since last purchase is at least 60 days`")
        }
    };
    let is_first = measured.rule() == Rule::first_day_bought;
    match measured.rule() {
        Rule::plain_measure if measure == "dormant" => {
            Some(Clash::YesOrNo { place, measure: measure.to_owned(), is: DORMANT, mend: by_itself })
        }
        _ if is_first && (yes || no) => {
            Some(Clash::YesOrNo { place, measure: measure.to_owned(), is: FIRST, mend: by_itself })
        }
        _ => None,
    }
}
