//! All points of a member: a purse for each unit, and for each pocket where `separate by` keeps several.

use super::Beyond;
use super::days::{Days, Ending, EndingId, NEVER, date};
use super::purse::{Coming, Purse, Spent};
use super::record::{Here, More, Moved, Record, Source, Taken, exact};
use crate::engine::outcome::{PointsView, PostingKind};
use crate::mechanics::points::{Expiry, Life, Pending, Points, Renewal};
use crate::mechanics::{ActivityId, PointsId, Program};
use crate::value::clock::Date;
use crate::value::exact::Exact;
use std::collections::BTreeMap;

/// What a unit does with its lots: its `points` block, worked out once for a program.
#[derive(Debug, Clone)]
pub struct UnitRules {
    /// Digits after the point: a step is 10^-decimals.
    pub decimals: u32,
    /// How far a clawback may drive the balance below zero, in steps.
    pub owe: i64,
    /// How the last day follows from the day of earning; none: never.
    ending: Option<EndingId>,
    /// What renews all lots, where they slide.
    sliding: Option<Vec<Renewal>>,
    pending: Pending,
    name: String,
    plural: Option<String>,
}

/// An exact number in steps of 10^-`decimals`.
pub fn steps(number: &Exact, decimals: u32) -> Result<i64, Beyond> {
    (number * Exact::from_int(10_i64.checked_pow(decimals).ok_or(Beyond)?)).to_i64().ok_or(Beyond)
}

/// The rules of all units of a program, and the last days worked out so far.
#[derive(Debug, Clone)]
pub struct Units {
    /// Each unit's, by its place.
    pub rules: Vec<UnitRules>,
    /// Last days.
    pub days: Days,
}

impl Units {
    /// The units of a program; beyond this interpreter where `owe` is no whole number of steps.
    pub fn of(program: &Program) -> Result<Self, Beyond> {
        let mut days = Days::new(&program.settings.clock);
        let rules =
            program.points.iter().map(|points| UnitRules::of_block(points, &mut days)).collect::<Result<_, _>>()?;
        Ok(Self { rules, days })
    }

    /// A life of points' own, for [`Credit::life`].
    pub fn life(&mut self, life: Life) -> Result<EndingId, Beyond> {
        self.days.ending(Ending::Life(life))
    }
}

impl UnitRules {
    fn of_block(points: &Points, days: &mut Days) -> Result<Self, Beyond> {
        let plain = |length| Ending::Life(Life { length, at_end_of: None });
        let (ending, sliding) = match &points.expiry {
            Expiry::Never => (None, None),
            Expiry::After(life) => (Some(Ending::Life(*life)), None),
            Expiry::Sliding { length, without } => (Some(plain(*length)), Some(without.clone())),
            Expiry::Yearly(month, day) => (Some(Ending::Yearly(*month, *day)), None),
        };
        Ok(Self {
            decimals: points.decimals,
            owe: steps(&points.owe, points.decimals)?,
            ending: ending.map(|ending| days.ending(ending)).transpose()?,
            sliding,
            pending: points.pending.clone(),
            name: points.name.text.clone(),
            plural: points.plural.clone(),
        })
    }

    /// Whether an act of the member renews the unit's lots.
    fn renews(&self, act: Renewal) -> bool {
        let by = |one: &Renewal| {
            *one == act || *one == Renewal::Any || matches!((one, act), (Renewal::Activity(None), Renewal::Activity(_)))
        };
        self.sliding.as_ref().is_some_and(|without| without.iter().any(by))
    }

    /// The first day that what is earned on `day` can be spent, and the activity it waits for.
    fn waits(&self, day: i32) -> (i32, Option<ActivityId>) {
        match &self.pending {
            Pending::No | Pending::Days(0) => (NEVER, None),
            Pending::Days(days) => {
                let from = i32::try_from(*days).ok().and_then(|days| day.checked_add(days));
                (from.filter(|from| *from <= super::days::LAST).unwrap_or(NEVER), None)
            }
            Pending::Until(activity) => (NEVER, Some(*activity)),
        }
    }
}

/// Points on their way to a member.
#[derive(Debug, Clone, Copy)]
pub struct Credit {
    /// `earned`, `adjusted`, ….
    pub kind: PostingKind,
    /// How many steps.
    pub amount: i64,
    /// A life of their own: [`Days::ending`] of it.
    pub life: Option<EndingId>,
    /// Whether something was cut off: then a posting of nothing is told too.
    pub cut: bool,
    /// What the lot is named after; none: what is at hand.
    pub source: Option<Source>,
}

/// Which purse: its place in [`Purses`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PurseAt(u32);

/// All points of a member.
#[derive(Debug, Clone, Default)]
pub struct Purses {
    /// The units' own purses, then the pockets.
    purses: Vec<Purse>,
    /// Unit and value of each pocket; behind `pockets` stand those of earlier members.
    keys: Vec<(usize, String)>,
    pockets: usize,
    units: usize,
    /// The order of all purses: by unit, then the one without a pocket, then by pocket.
    order: Vec<u32>,
    /// The last day that renewed each sliding unit.
    renewed: Vec<Option<i32>>,
}

impl Purses {
    /// Empty purses for so many units.
    pub fn new(units: usize) -> Self {
        let mut purses = Self { units, ..Self::default() };
        purses.purses.resize_with(units, Purse::default);
        purses.clear();
        purses
    }

    /// The next member has nothing yet; what there is room for is kept.
    pub fn clear(&mut self) {
        let used = self.units + self.pockets;
        self.purses[..used].iter_mut().for_each(Purse::clear);
        self.pockets = 0;
        self.order.clear();
        self.order.extend((0..self.units).map(|unit| unit as u32));
        self.renewed.clear();
        self.renewed.resize(self.units, None);
    }

    /// The purse of a unit that keeps no pockets.
    pub fn of(&self, unit: PointsId) -> PurseAt {
        PurseAt(unit.0 as u32)
    }

    /// The purse of a unit and pocket; there is one from here on, though she has it only once something passed.
    pub fn pocket(&mut self, unit: PointsId, pocket: Option<&str>) -> PurseAt {
        let Some(pocket) = pocket else { return self.of(unit) };
        let known = self.keys[..self.pockets].iter().position(|(of, name)| *of == unit.0 && name == pocket);
        let place = known.unwrap_or_else(|| self.open_pocket(unit.0, pocket));
        PurseAt((self.units + place) as u32)
    }

    fn open_pocket(&mut self, unit: usize, pocket: &str) -> usize {
        let place = self.pockets;
        self.pockets += 1;
        match self.keys.get_mut(place) {
            Some(key) => {
                key.0 = unit;
                key.1.clear();
                key.1.push_str(pocket);
            }
            None => {
                self.keys.push((unit, pocket.to_owned()));
                self.purses.push(Purse::default());
            }
        }
        let at = (self.units + place) as u32;
        self.purses[at as usize].clear();
        let wanted = self.key(at);
        let before = self.order.partition_point(|other| self.key(*other) < wanted);
        self.order.insert(before, at);
        place
    }

    fn key(&self, at: u32) -> (usize, Option<&str>) {
        key_of(&self.keys, self.units, at)
    }

    /// A purse as it stands.
    pub fn get(&self, at: PurseAt) -> &Purse {
        &self.purses[at.0 as usize]
    }

    /// What can be spent of a unit, all pockets together.
    pub fn balance(&self, unit: PointsId) -> i64 {
        let of_pocket = |(key, purse): (&(usize, String), &Purse)| if key.0 == unit.0 { purse.balance() } else { 0 };
        let pockets = self.keys[..self.pockets].iter().zip(&self.purses[self.units..]);
        self.purses[unit.0].balance() + pockets.map(of_pocket).sum::<i64>()
    }

    /// Of each unit, all pockets together: what can be spent, and what is outstanding.
    pub fn stand(&self, spendable: &mut Vec<i64>, outstanding: &mut Vec<i64>) -> Result<(), Beyond> {
        spendable.clear();
        outstanding.clear();
        spendable.resize(self.units, 0);
        outstanding.resize(self.units, 0);
        for at in &self.order {
            let (unit, purse) = (self.key(*at).0, &self.purses[*at as usize]);
            spendable[unit] = spendable[unit].checked_add(purse.balance()).ok_or(Beyond)?;
            let stands = purse.balance().checked_add(purse.pending()).and_then(|all| all.checked_sub(purse.debt()));
            let stands = stands.and_then(|stands| outstanding[unit].checked_add(stands));
            outstanding[unit] = stands.ok_or(Beyond)?;
        }
        Ok(())
    }

    /// Whether she has any purse at all.
    pub fn any(&self) -> bool {
        self.order.iter().any(|at| self.purses[*at as usize].is_known())
    }

    /// The last day of what comes on `day`, with a life of its own or by the unit's rule; [`NEVER`] for none.
    pub fn ending(&self, unit: PointsId, life: Option<EndingId>, units: &mut Units, day: i32) -> i32 {
        match life {
            Some(life) => units.days.end(life, day),
            None => self.last_day(unit, units, day),
        }
    }

    /// The last day of what comes on `day` by the unit's own rule.
    pub fn last_day(&self, unit: PointsId, units: &mut Units, day: i32) -> i32 {
        let (rules, days) = (&units.rules[unit.0], &mut units.days);
        let Some(ending) = rules.ending else { return NEVER };
        if rules.sliding.is_some()
            && let Some(renewed) = self.renewed[unit.0]
        {
            // The clock runs from the last renewing act, as long as it has not run out.
            let running = days.end(ending, renewed);
            if running != NEVER && day <= running {
                return running;
            }
        }
        days.end(ending, day)
    }

    /// Writes a posting down: every movement of points passes here.
    fn post(
        &mut self,
        at: PurseAt,
        here: &Here,
        moved: Moved,
        record: &mut impl Record,
        more: impl FnOnce() -> More,
    ) -> Result<(), Beyond> {
        self.purses[at.0 as usize].post(moved.kind, moved.amount)?;
        let (unit, pocket) = self.key(at.0);
        record.posted(here, PointsId(unit), pocket, moved, more);
        Ok(())
    }

    /// Points come: one lot for each event, unit and life; a debt is paid first, once they can be spent.
    pub fn credit(
        &mut self,
        at: PurseAt,
        units: &mut Units,
        here: &Here,
        credit: Credit,
        record: &mut impl Record,
        more: impl FnOnce() -> More,
    ) -> Result<(), Beyond> {
        if credit.amount <= 0 && !credit.cut {
            return Ok(());
        }
        let (unit, _) = self.key(at.0);
        let (spendable_from, waits_for) =
            if credit.kind == PostingKind::Earned { units.rules[unit].waits(here.day) } else { (NEVER, None) };
        let last_day = self.ending(PointsId(unit), credit.life, units, here.day);
        let coming = Coming {
            source: credit.source.unwrap_or(here.source),
            at: here.at,
            day: here.day,
            amount: credit.amount,
            last_day,
            own_life: credit.life.is_some(),
            spendable_from,
            waits_for,
        };
        let paid_debt = self.purses[at.0 as usize].put(&coming)?;
        let moved = Moved { last_day, spendable_from, paid_debt, ..Moved::plain(credit.kind, credit.amount) };
        self.post(at, here, moved, record, more)
    }

    /// Spends points on a reward; the caller has seen that there are enough. What undoes it.
    pub fn spend(
        &mut self,
        at: PurseAt,
        here: &Here,
        amount: i64,
        record: &mut impl Record,
        note: impl FnOnce() -> String,
    ) -> Result<Spent, Beyond> {
        let spent = self.purses[at.0 as usize].spend(amount)?;
        if amount > 0 {
            let moved = Moved::plain(PostingKind::Spent, -amount);
            self.post(at, here, moved, record, || More::note(note()))?;
        }
        Ok(spent)
    }

    /// Undoes a spending: the same lots come back with their own last days.
    pub fn unspend(
        &mut self,
        at: PurseAt,
        here: &Here,
        spent: Spent,
        record: &mut impl Record,
        note: impl FnOnce() -> String,
    ) -> Result<(), Beyond> {
        if spent.is_empty() {
            return Ok(());
        }
        let (sum, paid_debt) = self.purses[at.0 as usize].restore(spent)?;
        let moved = Moved { paid_debt, ..Moved::plain(PostingKind::Spent, sum) };
        self.post(at, here, moved, record, || More::note(note()))
    }

    /// Takes points by hand; the caller has seen that there are enough.
    pub fn adjust_down(
        &mut self,
        at: PurseAt,
        here: &Here,
        amount: i64,
        record: &mut impl Record,
        note: impl FnOnce() -> String,
    ) -> Result<(), Beyond> {
        self.purses[at.0 as usize].debit(amount);
        self.post(at, here, Moved::plain(PostingKind::Adjusted, -amount), record, || More::note(note()))
    }

    /// Claws back up to `amount` of what `source` brought with a life of its own or not, and posts it: also nothing, so that
    /// it is told what an event gives now.
    pub fn claw(
        &mut self,
        at: PurseAt,
        units: &Units,
        here: &Here,
        (source, own_life, amount): (Source, bool, i64),
        record: &mut impl Record,
        more: impl FnOnce() -> More,
    ) -> Result<Taken, Beyond> {
        let (unit, _) = self.key(at.0);
        let taken = self.purses[at.0 as usize].claw(source, own_life, amount, units.rules[unit].owe)?;
        let moved = Moved { taken: Some(taken), ..Moved::plain(PostingKind::Clawed, -amount) };
        self.post(at, here, moved, record, more)?;
        if taken.written_off > 0 {
            let moved = Moved::plain(PostingKind::WrittenOff, taken.written_off);
            self.post(at, here, moved, record, || More::note("what the clawback could not take"))?;
        }
        Ok(taken)
    }

    /// What of the lots that `source` brought has expired.
    pub fn expired_of(&self, at: PurseAt, source: Source, own_life: bool) -> i64 {
        self.get(at).expired_of(source, own_life)
    }

    /// An act of the member renews her sliding lots, though it earn nothing.
    pub fn renew(&mut self, units: &mut Units, day: i32, act: Renewal) {
        for (unit, rules) in units.rules.iter().enumerate() {
            let Some(ending) = rules.ending.filter(|_| rules.renews(act)) else { continue };
            let last_day = units.days.end(ending, day);
            self.renewed[unit] = Some(day);
            for place in 0..self.order.len() {
                let at = self.order[place];
                if self.key(at).0 == unit {
                    self.purses[at as usize].renew(last_day);
                }
            }
        }
    }

    /// Points whose last day has passed end here.
    pub fn expire(&mut self, here: &Here, record: &mut impl Record) -> Result<(), Beyond> {
        let Self { purses, keys, units, order, .. } = self;
        for at in order {
            let (unit, pocket) = key_of(keys, *units, *at);
            purses[*at as usize].expire(here.day, |ended| {
                let moved = Moved { last_day: ended.last_day, ..Moved::plain(PostingKind::Expired, -ended.gone) };
                record.posted(here, PointsId(unit), pocket, moved, || {
                    let earned = date(ended.earned).unwrap_or(Date::MAX);
                    More::note(format!("earned on {}, not used", earned.strftime("%-d %B %Y")))
                });
            })?;
        }
        Ok(())
    }

    /// Points that have waited long enough can be spent from here on; a debt is paid first.
    pub fn release(&mut self, units: &Units, here: &Here, record: &mut impl Record) -> Result<(), Beyond> {
        self.release_each(units, here, record, |purse| purse.release(here.day))
    }

    /// Points that waited for an activity can be spent from here on; a debt is paid first.
    pub fn release_by(
        &mut self,
        units: &Units,
        here: &Here,
        activity: ActivityId,
        record: &mut impl Record,
    ) -> Result<(), Beyond> {
        self.release_each(units, here, record, |purse| purse.release_by(activity))
    }

    fn release_each(
        &mut self,
        units: &Units,
        here: &Here,
        record: &mut impl Record,
        release: impl Fn(&mut Purse) -> Result<i64, Beyond>,
    ) -> Result<(), Beyond> {
        for place in 0..self.order.len() {
            let at = self.order[place];
            let paid = release(&mut self.purses[at as usize])?;
            if paid > 0 {
                let unit = &units.rules[self.key(at).0];
                record.nothing(here, || {
                    let paid = exact(paid, unit.decimals);
                    let plural = unit.plural.as_ref().filter(|_| paid != Exact::one());
                    let (name, figure) = (plural.unwrap_or(&unit.name), paid.fixed(unit.decimals));
                    format!("{figure} {name} that became spendable paid what was owed")
                });
            }
        }
        Ok(())
    }

    /// She leaves: what remains is forfeited, what is owed is written off.
    pub fn leave(&mut self, here: &Here, record: &mut impl Record) -> Result<(), Beyond> {
        for place in 0..self.order.len() {
            let at = PurseAt(self.order[place]);
            let (gone, debt) = self.purses[at.0 as usize].forfeit();
            if gone > 0 {
                let moved = Moved::plain(PostingKind::Expired, -gone);
                self.post(at, here, moved, record, || More::note("forfeited: the member left"))?;
            }
            if debt > 0 {
                let moved = Moved::plain(PostingKind::WrittenOff, debt);
                self.post(at, here, moved, record, || More::note("owed by a member who left"))?;
            }
        }
        Ok(())
    }

    /// The next day on which something of her points happens by itself; [`NEVER`] for none. It may have passed
    /// (an undone redemption brings back points that have ended): then it happens before anything else.
    pub fn next_due(&mut self) -> i32 {
        self.purses[..self.units + self.pockets].iter_mut().map(Purse::next_due).min().unwrap_or(NEVER)
    }

    /// Her points as they stand. `name` gives the name of what brought a lot.
    pub fn view(
        &self,
        units: &Units,
        name: impl Fn(Source) -> String,
    ) -> BTreeMap<(PointsId, Option<String>), PointsView> {
        let known = self.order.iter().filter(|at| self.purses[**at as usize].is_known());
        let one = |at: &u32| {
            let (unit, pocket) = self.key(*at);
            let view = self.purses[*at as usize].view(units.rules[unit].decimals, &name);
            ((PointsId(unit), pocket.map(str::to_owned)), view)
        };
        known.map(one).collect()
    }
}

/// Unit and pocket of a purse.
fn key_of(keys: &[(usize, String)], units: usize, at: u32) -> (usize, Option<&str>) {
    match (at as usize).checked_sub(units) {
        Some(pocket) => (keys[pocket].0, Some(keys[pocket].1.as_str())),
        None => (at as usize, None),
    }
}
