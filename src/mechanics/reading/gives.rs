//! What can be given: from a `give` phrase to [`Give`].

use super::clash::Clash;
use super::dimension::{is_currency, same_word};
use super::{Dimension, Kind, Reading, Scope};
use crate::mechanics::activity::FieldKind;
use crate::mechanics::basis::{Basis, Pick, Total};
use crate::mechanics::condition::Condition;
use crate::mechanics::give::{Band, Give, Until, What, Whom};
use crate::mechanics::points::Life;
use crate::mechanics::{ActivityId, CardId, CouponId, DrawId, GiftId, PointsId, RuleId, TiersId};
use crate::syntax::{Phrase, Rule};
use crate::value::exact::Exact;

/// What a block counts, for its `give` lines.
#[derive(Debug, Clone, Copy)]
pub struct Counting<'b> {
    /// What it says it counts; none: what `per` names (`per 2 RON` counts money, `per item` items).
    pub said: Option<&'b Basis>,
    /// Where conditions inside the line stand.
    pub scope: Scope,
    /// The words of `per` that name the event itself: `visit`, `purchase`, an activity.
    pub itself: &'b [String],
}

impl Reading<'_> {
    /// A `give` phrase; `basis` is what the block counts.
    pub fn give(&mut self, phrase: &Phrase<'_>, basis: &Basis) -> Option<Give> {
        self.give_counting(phrase, Counting { said: Some(basis), scope: Scope::Event, itself: &[] })
    }

    /// A `give` phrase where what is counted may follow from its `per`.
    pub fn give_counting(&mut self, phrase: &Phrase<'_>, counting: Counting<'_>) -> Option<Give> {
        let inner = phrase.inner();
        let what = match inner.rule() {
            Rule::give_gift => self.gift(&inner),
            Rule::give_coupon => self.coupon(&inner),
            Rule::give_entry => self.entries(&inner),
            Rule::give_stamps => self.stamps(&inner),
            Rule::give_level => self.given_level(&inner),
            Rule::give_scale => self.scale(&inner, counting),
            Rule::give_step => self.step(&inner, counting),
            Rule::give_percent_of => self.percent_of(&inner),
            Rule::give_back => self.back(&inner, counting),
            Rule::give_rate => self.rate(&inner, counting),
            _ => self.fixed(&inner, counting),
        };
        let life = self.life(&inner);
        Some(Give { what: what?, to: whom(&inner), life: life?, span: phrase.span() })
    }

    // ---- things -------------------------------------------------------------------------------

    fn gift(&mut self, phrase: &Phrase<'_>) -> Option<What> {
        let gift = self.resolve(Kind::Gift, &phrase.find(Rule::name)?);
        let count = self.how_many(phrase);
        Some(What::Gift(GiftId(gift?), count?))
    }

    fn coupon(&mut self, phrase: &Phrase<'_>) -> Option<What> {
        let coupon = self.resolve(Kind::Coupon, &phrase.find(Rule::name)?);
        let count = self.how_many(phrase);
        Some(What::Coupon(CouponId(coupon?), count?))
    }

    fn stamps(&mut self, phrase: &Phrase<'_>) -> Option<What> {
        let card = self.resolve(Kind::Card, &phrase.find(Rule::name)?);
        let count = self.how_many(phrase);
        Some(What::Stamps(CardId(card?), count?))
    }

    fn entries(&mut self, phrase: &Phrase<'_>) -> Option<What> {
        let draw = self.resolve(Kind::Draw, &phrase.find(Rule::name)?);
        let count = self.how_many(phrase);
        Some(What::Entries(DrawId(draw?), count?))
    }

    /// A whole number of at least 1; 1 when none is said.
    fn how_many(&mut self, phrase: &Phrase<'_>) -> Option<u32> {
        let Some(number) = phrase.find(Rule::whole) else { return Some(1) };
        let count = self.count(&number)?;
        if count == 0 {
            self.say(Clash::Nought { place: number.span() });
            return None;
        }
        Some(count)
    }

    fn given_level(&mut self, phrase: &Phrase<'_>) -> Option<What> {
        let names = phrase.all(Rule::name);
        let level_name = names.first()?;
        let tiers = match names.get(1) {
            Some(name) => self.resolve(Kind::Tiers, name)?,
            None => self.only_tiers(level_name)?,
        };
        let level = self.level(tiers, level_name);
        let until = if let Some(until) = phrase.find(Rule::level_until) {
            Some(Until::Date(self.date(&until.find(Rule::date)?)?))
        } else if let Some(length) = phrase.find(Rule::level_for) {
            Some(Until::For(self.length(&length.find(Rule::length)?)?))
        } else {
            None
        };
        Some(What::Level { tiers: TiersId(tiers), level: level?, until })
    }

    /// The one tiers block there is, or the one that has this level.
    pub(in crate::mechanics) fn only_tiers(&mut self, level: &Phrase<'_>) -> Option<usize> {
        let holding: Vec<usize> =
            (0..self.names.levels.len()).filter(|tiers| self.names.level(*tiers, level.text()).is_some()).collect();
        match (holding.as_slice(), self.names.all(Kind::Tiers).len()) {
            ([one], _) => Some(*one),
            ([], 1) => Some(0),
            _ => {
                if !self.names.broken.contains(&Kind::Tiers) {
                    self.say(Clash::WhichTiers { place: level.span(), level: level.text().to_owned() });
                }
                None
            }
        }
    }

    // ---- points -------------------------------------------------------------------------------

    /// The points unit that is given; money and stamps are told how they are given.
    fn given_unit(&mut self, unit: &Phrase<'_>) -> Option<PointsId> {
        let word = unit.text();
        if self.names.find(Kind::Points, word).is_none() {
            if is_currency(word) {
                self.say(Clash::GivesMoney { place: unit.span(), money: word.to_owned() });
                return None;
            }
            if same_word(word, "stamps") {
                self.say(Clash::WhichCard { place: unit.span() });
                return None;
            }
        }
        self.unit(unit)
    }

    fn fixed(&mut self, phrase: &Phrase<'_>, counting: Counting<'_>) -> Option<What> {
        let number = self.number(&phrase.find(Rule::number)?);
        let unit = self.given_unit(&phrase.find(Rule::unit)?);
        let or = self.or_numbers(phrase, unit, counting.scope);
        Some(What::Fixed { unit: unit?, number: number?, or: or? })
    }

    fn rate(&mut self, phrase: &Phrase<'_>, counting: Counting<'_>) -> Option<What> {
        let number = self.number(&phrase.find(Rule::number)?);
        let unit = self.given_unit(&phrase.find(Rule::unit)?);
        let measured = self.per(&phrase.find(Rule::rate_per)?, counting);
        let or = self.or_numbers(phrase, unit, counting.scope);
        let (per, basis) = measured?;
        Some(What::Rate { unit: unit?, number: number?, or: or?, per, full: phrase.has(Rule::full), basis })
    }

    fn back(&mut self, phrase: &Phrase<'_>, counting: Counting<'_>) -> Option<What> {
        let percent = self.number(&phrase.find(Rule::percent)?);
        let name = phrase.find(Rule::name)?;
        let unit = self.unit(&name);
        let mut or = Some(Vec::new());
        for other in phrase.all(Rule::or_percent) {
            let condition = self.condition(&other.find(Rule::condition)?, counting.scope);
            let percent = self.number(&other.find(Rule::percent)?);
            or = pushed(or, condition, percent);
        }
        let unit = unit?;
        if self.names.worth.get(unit.0).is_some_and(Option::is_none) && !self.names.broken_parts.contains(&Kind::Points)
        {
            self.say(Clash::NoWorth {
                place: name.span(),
                unit: self.names.unit(unit.0).to_owned(),
                money: self.names.money_word().to_owned(),
            });
            return None;
        }
        let basis = counting.said.cloned().unwrap_or_else(|| Basis::Total(Total::default()));
        let dimension = self.dimension(&basis);
        if dimension != Dimension::Money {
            let measured = dimension.words(self.names);
            self.say(Clash::ShareOf { place: phrase.find(Rule::percent)?.span(), measured });
            return None;
        }
        Some(What::Back { unit, percent: percent?, or: or?, basis })
    }

    fn percent_of(&mut self, phrase: &Phrase<'_>) -> Option<What> {
        let percent = self.number(&phrase.find(Rule::percent)?);
        let name = phrase.find(Rule::name)?;
        let rule = self.resolve(Kind::Rule, &name);
        let lines = if phrase.has(Rule::pick) { self.pick(&phrase.all(Rule::pick)) } else { Some(Pick::default()) };
        let rule = rule?;
        if self.names.bonus.get(rule).copied().unwrap_or(false) {
            self.say(Clash::BonusOfBonus { place: name.span(), name: name.text().to_owned() });
            return None;
        }
        Some(What::PercentOf { percent: percent?, rule: RuleId(rule), lines: lines? })
    }

    /// `or N when CONDITION`, in order; a unit said again must be the same.
    fn or_numbers(
        &mut self,
        phrase: &Phrase<'_>,
        unit: Option<PointsId>,
        scope: Scope,
    ) -> Option<Vec<(Condition, Exact)>> {
        let mut or = Some(Vec::new());
        for other in phrase.all(Rule::or_number) {
            let number = self.number(&other.find(Rule::number)?);
            let again = other.find(Rule::unit);
            let same = again.as_ref().is_none_or(|again| self.same_points(again, unit));
            let condition = self.condition(&other.find(Rule::condition)?, scope);
            or = pushed(or, condition, number.filter(|_| same));
        }
        or
    }

    /// Whether a unit is the one that this line gives.
    fn same_points(&mut self, again: &Phrase<'_>, unit: Option<PointsId>) -> bool {
        let found = self.given_unit(again);
        if let (Some(found), Some(unit)) = (found, unit)
            && found != unit
        {
            let wanted = self.names.units(unit.0).to_owned();
            self.say(super::Mistake::OtherUnit { place: again.span(), got: again.text().to_owned(), wanted });
            return false;
        }
        found.is_some()
    }

    /// `expiring 30 days after[, at end of month]`.
    #[allow(clippy::option_option)] // outer: whether it could be read; inner: whether it is said
    fn life(&mut self, phrase: &Phrase<'_>) -> Option<Option<Life>> {
        let Some(expiring) = phrase.find(Rule::expiring) else { return Some(None) };
        let length = self.length(&expiring.find(Rule::length)?)?;
        let at_end_of = expiring.find(Rule::at_end_of).and_then(|end| super::period(&end.inner()));
        Some(Some(Life { length, at_end_of }))
    }

    // ---- bands and steps ----------------------------------------------------------------------

    fn scale(&mut self, phrase: &Phrase<'_>, counting: Counting<'_>) -> Option<What> {
        let mut found: Vec<(Phrase<'_>, Band)> = Vec::new();
        let (mut unit, mut basis, mut whole) = (None, None, true);
        for band in phrase.all(Rule::band) {
            let from = band.find(Rule::quantity)?;
            let read = match band.find(Rule::band_back) {
                Some(back) => self.band_back(&back, &mut unit, counting),
                None => self.band_rate(&band, &mut unit, counting),
            };
            let Some((number, per, measured)) = read else {
                whole = false;
                continue;
            };
            let dimension = self.dimension(&measured);
            let Some(from) = self.quantity(&from, &dimension) else {
                whole = false;
                continue;
            };
            basis.get_or_insert(measured);
            found.push((band, Band { from, number, per }));
        }
        if !self.rising(&found.iter().map(|(band, read)| (band.clone(), read.from.clone())).collect::<Vec<_>>())
            || !whole
        {
            return None;
        }
        let bands = found.into_iter().map(|(_, band)| band).collect();
        Some(What::Scale { unit: unit?, bands, whole: phrase.has(Rule::whole_word), basis: basis? })
    }

    /// `1 star per 10 RON` of a band: how many, for how much, of what.
    fn band_rate(
        &mut self,
        band: &Phrase<'_>,
        unit: &mut Option<PointsId>,
        counting: Counting<'_>,
    ) -> Option<(Exact, Exact, Basis)> {
        let number = self.number(&band.find(Rule::number)?);
        let fits = self.banded(&band.find(Rule::unit)?, unit);
        let (per, measured) = self.per(&band.find(Rule::rate_per)?, counting)?;
        fits.then_some((number?, per, measured))
    }

    /// `2% back as cash` of a band: so many points for one of the money, by their worth.
    fn band_back(
        &mut self,
        back: &Phrase<'_>,
        unit: &mut Option<PointsId>,
        counting: Counting<'_>,
    ) -> Option<(Exact, Exact, Basis)> {
        let What::Back { unit: given, percent, basis, .. } = self.back(back, counting)? else { return None };
        if unit.is_some_and(|unit| unit != given) {
            let name = back.find(Rule::name)?;
            self.same_points(&name, *unit);
            return None;
        }
        *unit = Some(given);
        let worth = self.names.worth.get(given.0)?.clone()?;
        Some((percent.checked_div(&(Exact::from_int(100) * &worth))?, Exact::one(), basis))
    }

    fn step(&mut self, phrase: &Phrase<'_>, counting: Counting<'_>) -> Option<What> {
        let mut found: Vec<(Phrase<'_>, Exact)> = Vec::new();
        let mut steps = Vec::new();
        let (mut unit, mut basis, mut whole) = (None, None, true);
        for step in phrase.all(Rule::step) {
            let from = step.find(Rule::quantity)?;
            let number = self.number(&step.find(Rule::number)?);
            whole &= self.banded(&step.find(Rule::unit)?, &mut unit);
            let measured = match counting.said {
                Some(basis) => Some(basis.clone()),
                None => self.counted_by(&from, from.find(Rule::unit).as_ref(), counting),
            };
            let measured = measured?;
            let dimension = self.dimension(&measured);
            let (Some(from), Some(number)) = (self.quantity(&from, &dimension), number) else {
                whole = false;
                continue;
            };
            basis.get_or_insert(measured);
            found.push((step, from.clone()));
            steps.push((from, number));
        }
        if !self.rising(&found) || !whole {
            return None;
        }
        Some(What::Step { unit: unit?, steps, basis: basis? })
    }

    /// The unit of a band must be that of the bands before it.
    fn banded(&mut self, given: &Phrase<'_>, unit: &mut Option<PointsId>) -> bool {
        if unit.is_some() {
            return self.same_points(given, *unit);
        }
        *unit = self.given_unit(given);
        unit.is_some()
    }

    /// Whether each band begins above the one before.
    fn rising(&mut self, bands: &[(Phrase<'_>, Exact)]) -> bool {
        for pair in bands.windows(2) {
            if let [(_, before), (band, from)] = pair
                && from <= before
            {
                let place = band.find(Rule::quantity).map_or_else(|| band.span(), |from| from.span());
                self.say(Clash::BandsFall { place, before: before.to_string(), from: from.to_string() });
                return false;
            }
        }
        true
    }

    // ---- per ----------------------------------------------------------------------------------

    /// `per 2 RON`, `per item`: for how much, and of what.
    fn per(&mut self, phrase: &Phrase<'_>, counting: Counting<'_>) -> Option<(Exact, Basis)> {
        let inner = phrase.inner();
        let quantity = (inner.rule() == Rule::quantity).then(|| inner.clone());
        let unit = match &quantity {
            Some(quantity) => quantity.find(Rule::unit),
            None => Some(inner.clone()),
        };
        let basis = match counting.said {
            Some(basis) => basis.clone(),
            None => self.counted_by(phrase, unit.as_ref(), counting)?,
        };
        let dimension = self.dimension(&basis);
        let per = match (&quantity, &unit) {
            (Some(quantity), _) if matches!(basis, Basis::One) && self.is_itself(unit.as_ref(), counting) => {
                self.number(&quantity.find(Rule::number)?)?
            }
            (Some(quantity), _) => self.quantity(quantity, &dimension)?,
            (None, Some(unit)) if matches!(basis, Basis::One) && self.is_itself(Some(unit), counting) => Exact::one(),
            (None, Some(unit)) => self.fitting(phrase, &Exact::one(), unit, &dimension)?,
            (None, None) => return None,
        };
        if per.is_zero() {
            self.say(Clash::Nought { place: phrase.span() });
            return None;
        }
        Some((per, basis))
    }

    /// Whether `per visit` means the event itself, which is counted once.
    fn is_itself(&self, unit: Option<&Phrase<'_>>, counting: Counting<'_>) -> bool {
        unit.is_some_and(|unit| counting.itself.iter().any(|word| same_word(word, unit.text())))
    }

    /// What a block counts that does not say it: what the unit of its `per` measures.
    fn counted_by(&mut self, place: &Phrase<'_>, unit: Option<&Phrase<'_>>, counting: Counting<'_>) -> Option<Basis> {
        let Some(unit) = unit else {
            self.say(Clash::PerWhat {
                place: place.span(),
                number: place.text().to_owned(),
                money: self.names.money_word().to_owned(),
            });
            return None;
        };
        if self.is_itself(Some(unit), counting) {
            return Some(Basis::One);
        }
        let word = unit.text();
        let named = |many: &str| same_word(many, word);
        if is_currency(word) {
            return Some(Basis::Total(Total::default()));
        }
        if named("items") {
            return Some(Basis::Items(Pick::default()));
        }
        if named("visits") {
            return Some(Basis::Visits(Pick::default()));
        }
        if named("purchases") || named("receipts") {
            return Some(Basis::Purchases(Pick::default()));
        }
        if let Some(field) = self.field_of_unit(word, counting.scope) {
            return Some(field);
        }
        if let Some(id) = self.names.find(Kind::Activity, word) {
            return Some(Basis::Activity(Some(ActivityId(id))));
        }
        self.unknown_per(unit);
        None
    }

    /// The number field of the activity in view (else of any) that is counted in that unit or so named.
    fn field_of_unit(&self, word: &str, scope: Scope) -> Option<Basis> {
        let only = match scope {
            Scope::Activity(Some(id)) => Some(id.0),
            Scope::Activity(None) | Scope::Event | Scope::Lines | Scope::Redeem | Scope::Member => None,
        };
        let counted = |(name, kind): &(String, FieldKind)| match kind {
            FieldKind::Number(Some(unit)) => same_word(unit, word) || name == word,
            FieldKind::Number(None) => same_word(name, word),
            FieldKind::Text | FieldKind::OneOf(_) => false,
        };
        let (at, field) = self
            .names
            .fields
            .iter()
            .enumerate()
            .filter(|(at, _)| only.is_none_or(|only| only == *at))
            .find_map(|(at, fields)| fields.iter().find(|field| counted(field)).map(|field| (at, field)))?;
        Some(Basis::Field { activity: only.map(|_| ActivityId(at)), field: field.0.clone() })
    }

    fn unknown_per(&mut self, unit: &Phrase<'_>) {
        if self.names.broken_parts.contains(&Kind::Activity) || self.names.broken.contains(&Kind::Activity) {
            return;
        }
        let money = self.names.money_word();
        let fields = self.names.fields.iter().flatten().map(|(field, kind)| match kind {
            FieldKind::Number(Some(unit)) => unit.as_str(),
            FieldKind::Number(None) | FieldKind::Text | FieldKind::OneOf(_) => field.as_str(),
        });
        let known: Vec<&str> = [money, "item", "visit", "purchase"].into_iter().chain(fields).collect();
        self.say(Clash::NoSuchWord {
            place: unit.span(),
            word: unit.text().to_owned(),
            of: "something that points can be given for".to_owned(),
            near: crate::text::closest(unit.text(), &known).map(str::to_owned),
            known: known.join(", "),
        });
    }
}

/// To whom a line gives.
fn whom(phrase: &Phrase<'_>) -> Whom {
    match phrase.find(Rule::whom).map(|whom| whom.inner().rule()) {
        Some(Rule::to_referrer) => Whom::Referrer,
        Some(Rule::to_friend) => Whom::Friend,
        _ => Whom::Member,
    }
}

/// One more alternative, unless it or one before could not be read.
fn pushed(
    or: Option<Vec<(Condition, Exact)>>,
    condition: Option<Condition>,
    number: Option<Exact>,
) -> Option<Vec<(Condition, Exact)>> {
    let mut or = or?;
    or.push((condition?, number?));
    Some(or)
}
