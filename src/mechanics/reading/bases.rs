//! What is measured: from `basis`, `measured` and `pick` phrases to [`Basis`] and [`Pick`].

use super::clash::Clash;
use super::{Kind, Reading, Scope};
use crate::mechanics::ActivityId;
use crate::mechanics::activity::FieldKind;
use crate::mechanics::basis::{Basis, Distinct, Pick, Total};
use crate::mechanics::condition::Condition;
use crate::syntax::{Phrase, Rule};
use crate::text::closest;

impl Reading<'_> {
    /// `pick` and `of_items` phrases: which lines count. Several `with` must all hold; a line that any
    /// `without` holds for does not count.
    pub fn pick(&mut self, phrases: &[Phrase<'_>]) -> Option<Pick> {
        let (mut with, mut without, mut whole) = (Vec::new(), Vec::new(), true);
        for phrase in phrases {
            let inner = if phrase.rule() == Rule::pick { phrase.inner() } else { phrase.clone() };
            let Some(condition) = self.condition(&inner.inner(), Scope::Lines) else {
                whole = false;
                continue;
            };
            match inner.rule() {
                Rule::pick_without => without.push(condition),
                _ => with.push(condition),
            }
        }
        let pick = Pick { with: joined(with, Condition::All), without: joined(without, Condition::Any) };
        whole.then_some(pick)
    }

    /// A `basis` phrase.
    pub fn basis(&mut self, phrase: &Phrase<'_>) -> Option<Basis> {
        self.basis_in(phrase, Scope::Activity(None))
    }

    /// A `basis` phrase where the activity is known whose field it may name.
    pub fn basis_in(&mut self, phrase: &Phrase<'_>, scope: Scope) -> Option<Basis> {
        let inner = phrase.inner();
        match inner.rule() {
            Rule::total => self.total(&inner),
            Rule::points_basis => Some(Basis::Points(self.unit(&inner.find(Rule::name)?)?)),
            Rule::activity_basis => Some(Basis::Activity(match inner.find(Rule::name) {
                Some(name) => Some(ActivityId(self.resolve(Kind::Activity, &name)?)),
                None => None,
            })),
            Rule::distinct => {
                let pick = self.pick(&inner.all(Rule::pick))?;
                Some(Basis::Distinct(distinct(inner.find(Rule::word)?.text()), pick))
            }
            Rule::items_basis => Some(Basis::Items(self.pick(&inner.all(Rule::pick))?)),
            Rule::purchases_basis => Some(Basis::Purchases(self.pick(&inner.all(Rule::pick))?)),
            Rule::visits_basis => Some(Basis::Visits(self.pick(&inner.all(Rule::pick))?)),
            Rule::one => self.one_event(&inner),
            // `sum of minutes` and `minutes`
            _ => self.field(&inner.find(Rule::name)?, scope),
        }
    }

    /// A `measured` phrase: a basis and `of items CONDITION`.
    pub fn measured(&mut self, phrase: &Phrase<'_>) -> Option<Basis> {
        self.measured_in(phrase, Scope::Activity(None))
    }

    /// A `measured` phrase where the activity is known whose field it may name.
    pub fn measured_in(&mut self, phrase: &Phrase<'_>, scope: Scope) -> Option<Basis> {
        let basis = match phrase.find(Rule::basis) {
            Some(basis) => self.basis_in(&basis, scope),
            None => Some(Basis::Total(Total::default())),
        };
        let Some(of) = phrase.find(Rule::of_items) else { return basis };
        let lines = self.pick(std::slice::from_ref(&of))?.with?;
        let mut basis = basis?;
        let pick = match &mut basis {
            Basis::Total(total) => &mut total.pick,
            Basis::Items(pick) | Basis::Purchases(pick) | Basis::Visits(pick) | Basis::Distinct(_, pick) => pick,
            Basis::Activity(_) | Basis::Field { .. } | Basis::Points(_) | Basis::One => {
                self.say(Clash::NoItems { place: of.span(), basis: phrase.inner().text().to_owned() });
                return None;
            }
        };
        pick.with = Some(match pick.with.take() {
            None => lines,
            Some(first) => Box::new(Condition::All(vec![*first, *lines])),
        });
        Some(basis)
    }

    fn total(&mut self, phrase: &Phrase<'_>) -> Option<Basis> {
        let mut total = Total::default();
        for how in phrase.all(Rule::total_how) {
            match how.inner().rule() {
                Rule::before_discounts => total.before_discounts = true,
                Rule::without_tax => total.without_tax = true,
                Rule::paid_by_points => total.with_paid_by_points = true,
                // `after discounts` and `with tax` are how the file's amounts stand.
                _ => {}
            }
        }
        total.pick = self.pick(&phrase.all(Rule::pick))?;
        Some(Basis::Total(total))
    }

    /// `1`: the event itself; no other number measures anything.
    fn one_event(&mut self, phrase: &Phrase<'_>) -> Option<Basis> {
        if phrase.text() == "1" {
            return Some(Basis::One);
        }
        self.say(Clash::NoSuchWord {
            place: phrase.span(),
            word: phrase.text().to_owned(),
            of: "something that can be counted; `1` is the event itself".to_owned(),
            near: None,
            known: "`total`, `items`, `purchases`, `visits`, `1`, or a number field of the activity".to_owned(),
        });
        None
    }

    /// A number field, of the activity in view or of any.
    fn field(&mut self, name: &Phrase<'_>, scope: Scope) -> Option<Basis> {
        let activity = match scope {
            Scope::Activity(activity) => activity,
            Scope::Event | Scope::Lines | Scope::Redeem | Scope::Member => None,
        };
        let of = activity.map(|id| id.0).filter(|at| self.names.field(Some(*at), name.text()).is_some());
        match self.names.field(of, name.text()) {
            Some((_, FieldKind::Number(_))) => {
                Some(Basis::Field { activity: of.map(ActivityId), field: name.text().to_owned() })
            }
            Some((at, FieldKind::Text | FieldKind::OneOf(_))) => {
                let activity = self.names.all(Kind::Activity).get(at).map_or("", |one| one.name.as_str()).to_owned();
                self.say(Clash::NotANumber { place: name.span(), field: name.text().to_owned(), activity });
                None
            }
            None => {
                self.unknown_basis(name);
                None
            }
        }
    }

    fn unknown_basis(&mut self, name: &Phrase<'_>) {
        if self.names.broken_parts.contains(&Kind::Activity) || self.names.broken.contains(&Kind::Activity) {
            return;
        }
        let numbers = self.names.fields.iter().flatten().filter(|(_, kind)| matches!(kind, FieldKind::Number(_)));
        let fields = numbers.map(|(field, _)| field.as_str());
        let mut known: Vec<&str> = vec!["total", "items", "purchases", "visits", "spend"];
        for field in fields {
            if !known.contains(&field) {
                known.push(field);
            }
        }
        self.say(Clash::NoSuchWord {
            place: name.span(),
            word: name.text().to_owned(),
            of: "something that can be counted".to_owned(),
            near: closest(name.text(), &known).map(str::to_owned),
            known: known.join(", "),
        });
    }
}

/// One condition of several, none of none.
fn joined(mut parts: Vec<Condition>, join: fn(Vec<Condition>) -> Condition) -> Option<Box<Condition>> {
    match parts.len() {
        0 => None,
        1 => parts.pop().map(Box::new),
        _ => Some(Box::new(join(parts))),
    }
}

fn distinct(word: &str) -> Distinct {
    match word {
        "stores" | "store" => Distinct::Stores,
        "categories" | "category" => Distinct::Categories,
        "days" | "day" => Distinct::Days,
        "brands" | "brand" => Distinct::Brands,
        "skus" | "sku" => Distinct::Skus,
        "channels" | "channel" => Distinct::Channels,
        other => Distinct::Column(other.to_owned()),
    }
}
