//! Which columns of a history a program can look at, and how little of each is enough.

use super::{Keep, Needs, Wanted};
use crate::mechanics::Program;
use crate::mechanics::activity::FieldKind;
use crate::mechanics::basis::{Basis, Distinct, Pick};
use crate::mechanics::card::{Stamp, StampPer};
use crate::mechanics::challenge::Done;
use crate::mechanics::condition::{Column, Condition, How, Measure, Test, Value};
use crate::mechanics::give::{Give, What};
use crate::mechanics::habit::{COST, Habit};
use crate::mechanics::objective::Indicator;
use crate::mechanics::rule::Trigger;
use std::collections::{BTreeMap, BTreeSet};

impl Needs {
    /// The needs of a program.
    ///
    /// A column is kept as a code where all that is asked of a text is whether it is one of the words that
    /// the program writes down; where a text may be read as a number, a day or a yes, it is kept as it is.
    pub fn of(program: &Program) -> Self {
        let mut walk = Walk::new(program);
        for version in program.versions() {
            walk.program = version;
            walk.accounts();
            walk.rules();
            walk.things();
            walk.members();
            walk.objectives();
        }
        Self { event: wanted(walk.event), line: wanted(walk.line), regular: walk.regular, tax: walk.tax }
    }

    /// The same, with a column of the event kept as it is, for those who show it.
    #[must_use]
    pub fn with_event_text(mut self, name: &str) -> Self {
        self.event.retain(|wanted| wanted.name != name);
        self.event.push(Wanted { name: name.to_owned(), keep: Keep::Text });
        self.event.sort_by(|a, b| a.name.cmp(&b.name));
        self
    }

    /// The same, with the regular price of lines.
    #[must_use]
    pub fn with_regular(mut self) -> Self {
        self.regular = true;
        self
    }

    /// What this and another program need, of one history for both.
    #[must_use]
    pub fn with(mut self, other: &Needs) -> Self {
        join(&mut self.event, &other.event);
        join(&mut self.line, &other.line);
        self.regular |= other.regular;
        self.tax |= other.tax;
        self
    }

    /// Whether a history that was read for these needs serves those others too.
    pub fn serve(&self, other: &Needs) -> bool {
        self.clone().with(other) == *self
    }

    /// The place of an event's column among those kept as codes.
    pub fn event_code(&self, name: &str) -> Option<usize> {
        place_of(&self.event, name, true)
    }

    /// The place of an event's column among those kept as texts.
    pub fn event_text(&self, name: &str) -> Option<usize> {
        place_of(&self.event, name, false)
    }

    /// The place of a line's column among those kept as codes.
    pub fn line_code(&self, name: &str) -> Option<usize> {
        place_of(&self.line, name, true)
    }

    /// The place of a line's column among those kept as texts.
    pub fn line_text(&self, name: &str) -> Option<usize> {
        place_of(&self.line, name, false)
    }

    /// How many of an event's columns are kept as codes, and how many as texts.
    pub fn event_widths(&self) -> (usize, usize) {
        widths(&self.event)
    }

    /// How many of a line's columns are kept as codes, and how many as texts.
    pub fn line_widths(&self) -> (usize, usize) {
        widths(&self.line)
    }
}

/// Adds the columns that another looks at: where either wants a text as it is, it is kept so.
fn join(ours: &mut Vec<Wanted>, theirs: &[Wanted]) {
    for wanted in theirs {
        match ours.iter_mut().find(|one| one.name == wanted.name) {
            None => ours.push(wanted.clone()),
            Some(one) => {
                one.keep = match (std::mem::replace(&mut one.keep, Keep::Text), &wanted.keep) {
                    (Keep::Code(words), Keep::Code(more)) => {
                        let all: BTreeSet<String> = words.into_iter().chain(more.iter().cloned()).collect();
                        Keep::Code(all.into_iter().collect())
                    }
                    (Keep::Code(_) | Keep::Text, _) => Keep::Text,
                };
            }
        }
    }
    ours.sort_by(|a, b| a.name.cmp(&b.name));
}

fn is_code(wanted: &Wanted) -> bool {
    match wanted.keep {
        Keep::Code(_) => true,
        Keep::Text => false,
    }
}

fn place_of(columns: &[Wanted], name: &str, codes: bool) -> Option<usize> {
    columns.iter().filter(|one| is_code(one) == codes).position(|one| one.name == name)
}

fn widths(columns: &[Wanted]) -> (usize, usize) {
    let codes = columns.iter().filter(|one| is_code(one)).count();
    (codes, columns.len() - codes)
}

/// What is asked of one column: the words it is compared with; none where its text itself is wanted.
type Asked = BTreeMap<String, Option<BTreeSet<String>>>;

fn wanted(asked: Asked) -> Vec<Wanted> {
    asked
        .into_iter()
        .map(|(name, words)| Wanted {
            name,
            keep: words.map_or(Keep::Text, |words| Keep::Code(words.into_iter().collect())),
        })
        .collect()
}

/// The columns found so far.
struct Walk<'p> {
    program: &'p Program,
    event: Asked,
    line: Asked,
    regular: bool,
    tax: bool,
}

/// Whose column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Event,
    Line,
}

/// The column of an event that names points.
const UNIT: &str = "unit";

impl<'p> Walk<'p> {
    fn new(program: &'p Program) -> Self {
        Self { program, event: Asked::new(), line: Asked::new(), regular: false, tax: false }
    }

    /// What people do to accounts by hand: which points they name, and until when.
    fn accounts(&mut self) {
        for points in &self.program.points {
            let names = std::iter::once(points.name.text.clone()).chain(points.plural.clone());
            self.words(Of::Event, UNIT, names);
            if let Some(column) = &points.separate_by {
                self.text(Of::Event, column);
            }
        }
        if !self.program.tiers.is_empty() {
            self.text(Of::Event, "until");
        }
    }

    fn rules(&mut self) {
        for rule in &self.program.rules {
            rule.when.iter().chain(&rule.except).for_each(|condition| self.condition(condition));
            rule.gives.iter().for_each(|give| self.give(give));
            if rule.on.contains(&Trigger::Visit) {
                self.visits();
            }
        }
    }

    /// Cards, challenges, payouts, gifts, coupons and rewards.
    fn things(&mut self) {
        for challenge in &self.program.challenges {
            challenge.when.iter().for_each(|when| self.condition(when));
            for step in &challenge.steps {
                match &step.what {
                    Done::Basis(basis) => self.basis(basis),
                    Done::Streak(_) => {}
                }
            }
        }
        for draw in &self.program.draws {
            self.text(Of::Event, "seed");
            draw.when.iter().for_each(|when| self.condition(when));
            draw.entries.iter().for_each(|entry| self.stamp(entry));
        }
        self.program.partners.iter().for_each(|partner| self.condition(&partner.when));
        self.program.payouts.iter().flat_map(|payout| &payout.when).for_each(|when| self.condition(when));
        for card in &self.program.cards {
            card.gives.iter().for_each(|give| self.give(give));
            card.stamps.iter().for_each(|stamp| self.stamp(stamp));
        }
        for gift in &self.program.gifts {
            gift.when.iter().chain(&gift.item).for_each(|condition| self.condition(condition));
            if gift.item.is_some() {
                // Whether a redemption says what was taken.
                for column in ["sku", "category", "brand"] {
                    self.words(Of::Line, column, []);
                }
            }
        }
        for discount in &self.program.discounts {
            discount.when.iter().chain(&discount.items).for_each(|condition| self.condition(condition));
            discount.scale.iter().for_each(|scale| self.basis(&scale.basis));
        }
        if !self.program.discounts.is_empty() || !self.program.coupons.is_empty() {
            self.regular = true;
        }
        for coupon in &self.program.coupons {
            coupon.when.iter().chain(&coupon.items).for_each(|condition| self.condition(condition));
            // Whether a redemption says what was taken.
            if coupon.items.is_some() {
                for column in ["sku", "category", "brand"] {
                    self.words(Of::Line, column, []);
                }
            }
        }
        for reward in &self.program.rewards {
            let prices = reward.prices.iter().filter_map(|price| price.when.as_ref());
            reward.when.iter().chain(prices).for_each(|condition| self.condition(condition));
        }
    }

    /// What brings stamps or entries.
    fn stamp(&mut self, stamp: &'p Stamp) {
        self.pick(&stamp.pick);
        match &stamp.per {
            StampPer::Amount(_, basis) => self.basis(basis),
            StampPer::Visit => self.visits(),
            StampPer::Item | StampPer::Purchase => {}
        }
    }

    /// Levels, segments and activities.
    fn members(&mut self) {
        self.program.tiers.iter().flat_map(|tiers| &tiers.measures).for_each(|measure| self.basis(&measure.basis));
        if self.program.offers.iter().any(|offer| offer.has_complement()) {
            self.text(Of::Line, "category");
        }
        self.program.segments.iter().for_each(|segment| self.condition(&segment.when));
        for activity in &self.program.activities {
            activity.accept.iter().for_each(|accept| self.condition(accept));
            for field in &activity.fields {
                match &field.kind {
                    // A value that is none of them is told in the rejection.
                    FieldKind::Number(_) | FieldKind::OneOf(_) => self.text(Of::Event, &field.name.text),
                    FieldKind::Text => {}
                }
            }
            activity.at_most_each.iter().for_each(|(field, _)| self.text(Of::Event, field));
            if let Some(word) = &activity.verified_by {
                self.text(Of::Event, "verified");
                self.text(Of::Event, word);
            }
        }
    }

    /// What the measures of objectives look at.
    fn objectives(&mut self) {
        for objective in &self.program.settings.objectives {
            self.regular |= objective.indicator.needs_regular();
            if objective.indicator == Indicator::Visits {
                self.visits();
            }
        }
    }

    fn give(&mut self, give: &'p Give) {
        match &give.what {
            What::Rate { or, basis, .. } | What::Back { or, basis, .. } => {
                or.iter().for_each(|(when, _)| self.condition(when));
                self.basis(basis);
            }
            What::Fixed { or, .. } => or.iter().for_each(|(when, _)| self.condition(when)),
            What::PercentOf { lines, .. } => self.pick(lines),
            What::Scale { basis, .. } | What::Step { basis, .. } => self.basis(basis),
            What::Gift(..) | What::Coupon(..) | What::Stamps(..) | What::Entries(..) | What::Level { .. } => {}
        }
    }

    fn pick(&mut self, pick: &Pick) {
        pick.each_test(&mut |test| self.test(test));
    }

    fn condition(&mut self, condition: &Condition) {
        condition.each_test(&mut |test| self.test(test));
    }

    fn basis(&mut self, basis: &Basis) {
        self.measured(basis);
        basis.each_test(&mut |test| self.test(test));
    }

    /// What a basis itself measures, beside the conditions in it.
    fn measured(&mut self, basis: &Basis) {
        match basis {
            Basis::Total(total) => {
                self.regular |= total.before_discounts;
                self.tax |= total.without_tax;
            }
            Basis::Visits(_) => self.visits(),
            Basis::Field { field, .. } => self.text(Of::Event, field),
            Basis::Distinct(Distinct::Stores, _) => self.text(Of::Event, "store"),
            Basis::Distinct(Distinct::Channels, _) => self.text(Of::Event, "channel"),
            Basis::Distinct(Distinct::Categories, _) => self.text(Of::Line, "category"),
            Basis::Distinct(Distinct::Brands, _) => self.text(Of::Line, "brand"),
            Basis::Distinct(Distinct::Skus, _) => self.text(Of::Line, "sku"),
            Basis::Distinct(Distinct::Column(name), _) => {
                self.text(Of::Line, name);
                self.text(Of::Event, name);
            }
            Basis::Distinct(Distinct::Days, _)
            | Basis::Items(_)
            | Basis::Purchases(_)
            | Basis::Activity(_)
            | Basis::Points(_)
            | Basis::One => {}
        }
    }

    fn test(&mut self, test: &Test) {
        match test.measure.column() {
            Some(Column::Line(name)) => self.compared(&[Of::Line], name, &test.how),
            Some(Column::Event(name)) => self.compared(&[Of::Event], name, &test.how),
            Some(Column::Either(name)) => self.compared(&[Of::Line, Of::Event], name, &test.how),
            Some(Column::Member(_)) | None => {}
        }
        self.regular |= matches!(test.measure, Measure::ReducedPrice | Measure::Habit(Habit::ReducedShare(_)));
        if let Measure::Habit(Habit::Margin(_)) = &test.measure {
            self.tax = true;
            self.text(Of::Line, COST);
        }
        if let Some(basis) = test.measure.basis() {
            self.measured(basis);
        }
    }

    /// A visit is a day and a store.
    fn visits(&mut self) {
        self.text(Of::Event, "store");
    }

    /// A column that a test compares with something.
    fn compared(&mut self, of: &[Of], name: &str, how: &How) {
        let words: Option<Vec<String>> = match how {
            How::Is(value) | How::IsNot(value) => word(value).map(|word| vec![word]),
            How::In(values) | How::NotIn(values) => values.iter().map(word).collect(),
            How::InList(list) | How::NotInList(list) => {
                self.program.lists.get(list.0).map(|list| list.values.iter().cloned().collect())
            }
            How::Exists => Some(Vec::new()),
            // The order of texts, and what no text can be.
            How::AtLeast(_)
            | How::AtMost(_)
            | How::MoreThan(_)
            | How::LessThan(_)
            | How::Between(..)
            | How::InCalendar(_)
            | How::NotInCalendar(_)
            | How::Holds => None,
        };
        for of in of {
            match &words {
                Some(words) => self.words(*of, name, words.iter().cloned()),
                None => self.text(*of, name),
            }
        }
    }

    /// A column that is compared with these words.
    fn words(&mut self, of: Of, name: &str, words: impl IntoIterator<Item = String>) {
        if let Some(known) = self.column(of, name) {
            known.extend(words);
        }
    }

    /// A column whose text itself is wanted.
    fn text(&mut self, of: Of, name: &str) {
        match of {
            Of::Event => self.event.insert(name.to_owned(), None),
            Of::Line => self.line.insert(name.to_owned(), None),
        };
    }

    fn column(&mut self, of: Of, name: &str) -> Option<&mut BTreeSet<String>> {
        let columns = match of {
            Of::Event => &mut self.event,
            Of::Line => &mut self.line,
        };
        columns.entry(name.to_owned()).or_insert_with(|| Some(BTreeSet::new())).as_mut()
    }
}

/// The word a text is compared with letter by letter; none where the comparison reads a number, a day or yes
/// in the cell ([`crate::mechanics::condition::compare`]).
fn word(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Number(_) | Value::Time(_) | Value::Date(_) | Value::Weekday(_) | Value::Level(_) | Value::YesNo(_) => {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(columns: &[(&str, Option<&[&str]>)]) -> Needs {
        let one = |(name, words): &(&str, Option<&[&str]>)| Wanted {
            name: (*name).to_owned(),
            keep: words.map_or(Keep::Text, |words| Keep::Code(words.iter().map(|word| (*word).to_owned()).collect())),
        };
        Needs { event: columns.iter().map(one).collect(), ..Needs::default() }
    }

    #[test]
    fn what_two_programs_need_together_serves_both() {
        let one = needs(&[("app", Some(&["no", "yes"])), ("store", None), ("till", Some(&["a"]))]);
        let other = Needs {
            regular: true,
            ..needs(&[("app", Some(&["maybe", "no"])), ("store", Some(&["x"])), ("way", None)])
        };
        let both = one.clone().with(&other);
        let words: &[&str] = &["maybe", "no", "yes"];
        let wanted = needs(&[("app", Some(words)), ("store", None), ("till", Some(&["a"])), ("way", None)]);
        assert_eq!(both, Needs { regular: true, ..wanted });
        assert_eq!(both, other.clone().with(&one));
        assert!(both.serve(&one) && both.serve(&other));
        assert!(!one.serve(&other) && !other.serve(&one));
    }
}
