//! Every name a program declares, gathered before any clause is read, so that order does not matter.

use super::dimension::same_word;
use crate::mechanics::activity::FieldKind;
use crate::text::Span;
use crate::value::exact::Exact;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

/// What a name can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `points`.
    Points,
    /// `earn` and `bonus`; `challenge`, `payout` and `offer`, which give as rules do.
    Rule,
    /// `stack`.
    Stack,
    /// `tiers`.
    Tiers,
    /// `card`.
    Card,
    /// `gift`.
    Gift,
    /// `reward`.
    Reward,
    /// `discount`.
    Discount,
    /// `coupon`.
    Coupon,
    /// `budget`.
    Budget,
    /// `activity`.
    Activity,
    /// `list`.
    List,
    /// `calendar`.
    Calendar,
    /// `segment`.
    Segment,
    /// `draw`.
    Draw,
    /// `membership`.
    Membership,
    /// `pilot`.
    Pilot,
    /// `partner`.
    Partner,
    /// `scenario`.
    Scenario,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 19] = [
        Kind::Points,
        Kind::Rule,
        Kind::Stack,
        Kind::Tiers,
        Kind::Card,
        Kind::Gift,
        Kind::Reward,
        Kind::Discount,
        Kind::Coupon,
        Kind::Budget,
        Kind::Activity,
        Kind::List,
        Kind::Calendar,
        Kind::Segment,
        Kind::Draw,
        Kind::Membership,
        Kind::Pilot,
        Kind::Partner,
        Kind::Scenario,
    ];

    /// The kind that a block of this keyword declares.
    pub fn of_block(keyword: &str) -> Option<Kind> {
        Some(match keyword {
            "points" => Kind::Points,
            "earn" | "bonus" | "challenge" | "payout" | "offer" => Kind::Rule,
            "stack" => Kind::Stack,
            "tiers" => Kind::Tiers,
            "card" => Kind::Card,
            "gift" => Kind::Gift,
            "reward" => Kind::Reward,
            "discount" => Kind::Discount,
            "coupon" => Kind::Coupon,
            "budget" => Kind::Budget,
            "activity" => Kind::Activity,
            "list" => Kind::List,
            "calendar" => Kind::Calendar,
            "segment" => Kind::Segment,
            "draw" => Kind::Draw,
            "membership" => Kind::Membership,
            "pilot" => Kind::Pilot,
            "partner" => Kind::Partner,
            "scenario" => Kind::Scenario,
            _ => return None,
        })
    }

    /// What a message calls a thing of this kind.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Points => "points unit",
            Kind::Rule => "earn, bonus or offer",
            Kind::Stack => "stack",
            Kind::Tiers => "tiers block",
            Kind::Card => "card",
            Kind::Gift => "gift",
            Kind::Reward => "reward",
            Kind::Discount => "discount",
            Kind::Coupon => "coupon",
            Kind::Budget => "budget",
            Kind::Activity => "activity",
            Kind::List => "list",
            Kind::Calendar => "calendar",
            Kind::Segment => "segment",
            Kind::Draw => "draw",
            Kind::Membership => "membership",
            Kind::Pilot => "pilot",
            Kind::Partner => "partner",
            Kind::Scenario => "scenario",
        }
    }
}

/// A name as it was declared.
#[derive(Debug, Clone)]
pub struct Declared {
    /// The name; of a rule, stack, … the block's.
    pub name: String,
    /// Of a points unit, its plural.
    pub plural: Option<String>,
    /// Where.
    pub span: Span,
}

/// Every name of a program. A thing's place in its kind's list is its id; a block without a name
/// (reported by the first stage) keeps its place with an empty one.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// The money of account, with its minor units, when the program block says it.
    pub money: Option<(String, u32)>,
    /// Declared things, by kind.
    pub declared: BTreeMap<Kind, Vec<Declared>>,
    /// Level names of each tiers block, lowest first.
    pub levels: Vec<Vec<String>>,
    /// Levels that tiers blocks sell (`fee … gives LEVEL`): the block and the level, in file order. Each is a membership
    /// behind those of the `membership` blocks.
    pub sold: Vec<(usize, String)>,
    /// Names of the measures of each tiers block (`measure NAME is …`).
    pub measures: Vec<Vec<String>>,
    /// Fields of each activity.
    pub fields: Vec<Vec<(String, FieldKind)>>,
    /// The worth of one of each points unit, where it says one.
    pub worth: Vec<Option<Exact>>,
    /// Whether each rule is a `bonus` or an `offer`.
    pub bonus: Vec<bool>,
    /// Coupons of which a rule says that they are `worth taken`, with that line.
    pub worth_taken: BTreeMap<String, Span>,
    /// Which of the rules are challenges, in file order.
    pub challenges: Vec<usize>,
    /// Kinds of which a declaration is broken: an unknown name of such a kind is not blamed.
    pub broken: BTreeSet<Kind>,
    /// Clauses broken inside blocks that declare levels, measures or fields: those are not blamed either.
    pub broken_parts: BTreeSet<Kind>,
    /// The first thing of each name or plural, made at the first question, when all are gathered.
    index: OnceLock<BTreeMap<Kind, HashMap<String, usize>>>,
}

impl Declared {
    /// Its singular and its plural.
    pub fn forms(&self) -> Vec<&str> {
        std::iter::once(self.name.as_str()).chain(self.plural.as_deref()).collect()
    }
}

impl Names {
    /// The place of the thing of that name; a points unit answers to its plural too, also to the
    /// regular one when it declares none.
    pub fn find(&self, kind: Kind, name: &str) -> Option<usize> {
        let found = self.index().get(&kind).and_then(|of_kind| of_kind.get(name)).copied();
        if found.is_some() || kind != Kind::Points {
            return found;
        }
        let regular = |one: &Declared| !one.name.is_empty() && one.plural.is_none() && same_word(&one.name, name);
        self.all(kind).iter().position(regular)
    }

    fn index(&self) -> &BTreeMap<Kind, HashMap<String, usize>> {
        self.index.get_or_init(|| {
            let of_kind = |all: &Vec<Declared>| {
                let mut places = HashMap::new();
                for (at, one) in all.iter().enumerate() {
                    for form in one.forms() {
                        places.entry(form.to_owned()).or_insert(at);
                    }
                }
                places
            };
            self.declared.iter().map(|(kind, all)| (*kind, of_kind(all))).collect()
        })
    }

    /// All things of a kind.
    pub fn all(&self, kind: Kind) -> &[Declared] {
        self.declared.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// The names of a kind, for suggestions.
    pub fn candidates(&self, kind: Kind) -> Vec<&str> {
        self.all(kind)
            .iter()
            .flat_map(|one| std::iter::once(one.name.as_str()).chain(one.plural.as_deref()))
            .filter(|name| !name.is_empty())
            .collect()
    }

    /// The kinds in which a name is declared.
    pub fn kinds_of(&self, name: &str) -> Vec<Kind> {
        self.declared.keys().copied().filter(|kind| self.find(*kind, name).is_some()).collect()
    }

    /// Whether a word is a name of anything: a declared thing, a level, a measure, a field.
    pub fn knows(&self, word: &str) -> bool {
        let listed = |lists: &[Vec<String>]| lists.iter().flatten().any(|one| one == word);
        let field = self.fields.iter().flatten().any(|(name, _)| name == word);
        field || listed(&self.levels) || listed(&self.measures) || !self.kinds_of(word).is_empty()
    }

    /// The place of a level in a tiers block.
    pub fn level(&self, tiers: usize, name: &str) -> Option<usize> {
        self.levels.get(tiers)?.iter().position(|level| level == name)
    }

    /// The program's money; where it names none, one to show in a message.
    pub fn money_word(&self) -> &str {
        self.money.as_ref().map_or("EUR", |(money, _)| money)
    }

    /// The singular of a points unit.
    pub fn unit(&self, points: usize) -> &str {
        self.all(Kind::Points).get(points).map_or("", |one| one.name.as_str())
    }

    /// The plural of a points unit, or its singular when it has no other.
    pub fn units(&self, points: usize) -> &str {
        self.all(Kind::Points).get(points).map_or("", |one| one.plural.as_deref().unwrap_or(&one.name))
    }

    /// A field of that activity, or of the first that has it.
    pub fn field(&self, activity: Option<usize>, field: &str) -> Option<(usize, &FieldKind)> {
        let of = |at: usize| self.fields.get(at)?.iter().find(|(name, _)| name == field).map(|(_, kind)| (at, kind));
        match activity {
            Some(at) => of(at),
            None => (0..self.fields.len()).find_map(of),
        }
    }
}
