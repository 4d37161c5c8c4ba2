//! Redemptions, and what people move by hand: rewards and gifts, adjustments, leaving (sections 6.12 and Edges).

use super::Beyond;
use super::days::date;
use super::gifts::{Gifts, Things};
use super::machine::{Act, Machine};
use super::purses::{Credit, Units};
use super::record::{More, Record, exact};
use super::redeem::{Counter, GiftRules, Redemptions, RewardRules, TakenLine, Wanted, When, use_gift};
use super::scene::{LineNow, Scene};
use super::state::{State, line_of};
use super::value::Fired;
use crate::engine::outcome::{GiftLife, PostingKind, Reason};
use crate::engine::pile::{NONE, Pile, SCALE};
use crate::engine::plan::{FIRST_CODE, Keep, NO_CODE, Plan, Read, Thing, on};
use crate::mechanics::example::Held;
use crate::mechanics::points::Renewal;
use crate::mechanics::{CardId, CouponId, GiftId, PointsId, Program, RewardId, RuleId};
use crate::value::exact::Exact;

/// Gifts and rewards of a program, worked out once.
#[derive(Debug)]
pub(super) struct Deals {
    things: Things,
    gifts: Vec<GiftRules>,
    rewards: Vec<RewardRules>,
    /// Where an event names its unit, and the names it is compared with.
    unit: Option<(usize, Vec<String>)>,
    /// Where a line says what was taken: `sku`, `category`, `brand`, each by code or by text.
    says: Vec<Column>,
}

/// A column of a line.
#[derive(Debug, Clone, Copy)]
enum Column {
    Code(usize),
    Text(usize),
}

/// What a member was given and redeemed.
#[derive(Debug, Default)]
pub(super) struct Hers {
    /// Gifts and rewards.
    pub gifts: Gifts,
    redemptions: Redemptions,
    /// Accepted redemptions, of gifts too: which of her events.
    redeemed: Vec<u32>,
}

impl Hers {
    /// The next member was given nothing yet.
    pub fn clear(&mut self) {
        self.gifts.clear();
        self.redemptions.clear();
        self.redeemed.clear();
    }
}

impl Deals {
    /// The gifts and rewards of a plan.
    pub fn of(plan: &Plan<'_>, units: &mut Units) -> Result<Self, Beyond> {
        let needs = &plan.needs;
        let words = |name: &str| {
            needs.event.iter().find(|one| one.name == name).and_then(|one| match &one.keep {
                Keep::Code(words) => Some(words.clone()),
                Keep::Text => None,
            })
        };
        let column = |name: &&str| {
            let code = needs.line_code(name).map(Column::Code);
            code.or_else(|| needs.line_text(name).map(Column::Text))
        };
        Ok(Self {
            things: Things::of(plan.program, &mut units.days)?,
            gifts: GiftRules::of(plan.program)?,
            rewards: RewardRules::of(plan.program)?,
            unit: needs.event_code("unit").zip(words("unit")),
            says: ["sku", "category", "brand"].iter().filter_map(column).collect(),
        })
    }

    /// The name of the unit that an event names; none where it names none.
    fn unit_named(&self, plan: &Plan<'_>, pile: &Pile, place: usize) -> Option<&str> {
        let (column, words) = self.unit.as_ref()?;
        match pile.codes[place * plan.event_widths.0 + column] {
            NO_CODE => None,
            // No unit has this name.
            code => Some(code.checked_sub(FIRST_CODE).and_then(|at| words.get(at as usize)).map_or("", String::as_str)),
        }
    }

    /// Whether a line says what was taken.
    fn says_what(&self, plan: &Plan<'_>, pile: &Pile, line: usize) -> bool {
        let (codes, texts) = plan.line_widths;
        self.says.iter().any(|column| match column {
            Column::Code(at) => pile.line_codes[line * codes + at] != NO_CODE,
            Column::Text(at) => !pile.line_texts.get(line * texts + at).is_empty(),
        })
    }
}

/// The first figure of a column of an event's lines.
fn first(pile: &Pile, place: usize, column: &[i64]) -> Option<i64> {
    pile.lines(place).map(|line| column[line]).find(|figure| *figure != NONE)
}

/// The reward, gift or coupon of a name; a reward goes first, as `redeem` does.
fn held_named(program: &Program, name: &str) -> Option<Held> {
    let reward = program.rewards.iter().position(|reward| reward.name.text == name).map(RewardId);
    let gift = || program.gifts.iter().position(|gift| gift.name.text == name).map(GiftId);
    let coupon = || program.coupons.iter().position(|coupon| coupon.name.text == name).map(CouponId);
    reward.map(Held::Reward).or_else(|| gift().map(Held::Gift)).or_else(|| coupon().map(Held::Coupon))
}

fn held_name(program: &Program, held: Held) -> &str {
    match held {
        Held::Gift(gift) => &program.gifts[gift.0].name.text,
        Held::Reward(reward) => &program.rewards[reward.0].name.text,
        Held::Coupon(coupon) => &program.coupons[coupon.0].name.text,
    }
}

/// The unit an event names; the only one where it names none.
fn unit_of(program: &Program, named: Option<&str>) -> Option<PointsId> {
    match named {
        Some(name) => {
            let is_it = |unit: &crate::mechanics::points::Points| {
                unit.name.text == name || unit.plural.as_deref() == Some(name)
            };
            program.points.iter().position(is_it).map(PointsId)
        }
        None => (program.points.len() == 1).then_some(PointsId(0)),
    }
}

/// A number as the event has it, in whole pieces.
fn pieces(quantity: Option<i64>) -> Option<u32> {
    quantity.filter(|quantity| quantity % SCALE == 0).and_then(|quantity| u32::try_from(quantity / SCALE).ok())
}

/// Scaled by [`SCALE`], in steps of 10^-`decimals`; none where it lies between two.
fn on_grid(scaled: i64, decimals: u32) -> Result<Option<i64>, Beyond> {
    let steps = i128::from(scaled) * 10_i128.checked_pow(decimals).ok_or(Beyond)?;
    if steps % i128::from(SCALE) != 0 {
        return Ok(None);
    }
    i64::try_from(steps / i128::from(SCALE)).map(Some).map_err(|_| Beyond)
}

impl Machine<'_> {
    /// A `redeem` event: the name of a reward always buys one, the name of a gift uses one that is held.
    pub(super) fn redeem(
        &mut self,
        pile: &Pile,
        (place, nth): (usize, usize),
        record: &mut impl Record,
    ) -> Result<(), Beyond> {
        let here = self.state.here;
        let name = pile.reference.get(place);
        self.state.read_lines(pile, place);
        self.refresh(false)?;
        let done = match held_named(self.plan.program, name) {
            None => Err((Reason::UnknownReward, format!("the program has no reward, gift or coupon called {name:?}"))),
            Some(Held::Reward(reward)) => self.buy(pile, place, reward, record)?,
            Some(Held::Gift(gift)) => self.use_held(pile, place, gift, record)?,
            // Who uses a coupon is left to the reference.
            Some(Held::Coupon(_)) => return Err(Beyond),
        };
        if let Err((reason, sentence)) = done {
            record.rejected(&here, reason, || sentence);
            return Ok(());
        }
        self.state.hers.redeemed.push(u32::try_from(nth).map_err(|_| Beyond)?);
        self.take_in(pile, (nth, Act::Other), Fired { on: on::REDEEM, trigger: None }, &[Renewal::Redeem], record)
    }

    fn buy(
        &mut self,
        pile: &Pile,
        place: usize,
        reward: RewardId,
        record: &mut impl Record,
    ) -> Result<Result<(), super::redeem::Refusal>, Beyond> {
        let Self { plan, units, deals, state, .. } = self;
        let State { purses, hers, reads, lines, facts, here, .. } = state;
        let scene = Scene {
            plan,
            pile,
            event: Some(place),
            lines,
            over: 1,
            reads,
            facts,
            day: here.day,
            at: here.at,
            timed: pile.timed[place],
        };
        let asked = |when: When| match when {
            When::Reward(id) => plan.rewards[id.0].when.as_ref().map_or(Ok(true), |when| scene.holds(when)),
            When::Price(id, at) => plan.rewards[id.0].prices[at].as_ref().map_or(Ok(true), |when| scene.holds(when)),
        };
        let wanted = Wanted {
            quantity: first(pile, place, &pile.quantity),
            unit: deals.unit_named(plan, pile, place),
            pocket: &|_| None,
        };
        let counter = Counter { purses, gifts: &mut hers.gifts, units, things: &deals.things, joined: facts.joined };
        hers.redemptions.buy((&deals.rewards, reward), counter, here, wanted, record, asked)
    }

    fn use_held(
        &mut self,
        pile: &Pile,
        place: usize,
        gift: GiftId,
        record: &mut impl Record,
    ) -> Result<Result<(), super::redeem::Refusal>, Beyond> {
        let mut taken = Vec::new();
        let scene = self.state.scene(self.plan, pile);
        for line in pile.lines(place) {
            let now: LineNow = line_of(pile, line, false);
            let fits = match &self.plan.gifts[gift.0].item {
                Some(item) if self.deals.says_what(self.plan, pile, line) => scene.picks(item, &now)?,
                Some(_) | None => true,
            };
            let figure = |figure: i64| Some(figure).filter(|figure| *figure != NONE);
            let (amount, quantity) = (figure(pile.amount[line]), figure(pile.quantity[line]));
            taken.push(TakenLine { fits, amount, quantity });
        }
        let may_choose = match &self.plan.gifts[gift.0].when {
            Some(when) => scene.holds(when)?,
            None => true,
        };
        let Self { deals, state, .. } = self;
        let rules = (&deals.things, deals.gifts.as_slice(), gift, may_choose);
        let quantity = first(pile, place, &pile.quantity);
        Ok(use_gift(&mut state.hers.gifts, rules, &state.here, quantity, taken.into_iter(), record))
    }

    /// Whether a gift's `when` holds; a reward's is looked at when it is redeemed.
    fn may_have(&mut self, pile: &Pile, held: Held) -> Result<bool, Beyond> {
        let (plan, Held::Gift(gift)) = (self.plan, held) else { return Ok(true) };
        let Some(when) = &plan.gifts[gift.0].when else { return Ok(true) };
        self.refresh_held();
        self.state.scene(self.plan, pile).holds(when)
    }

    /// What the event itself has changed of the state is seen by a gift's `when`; sums are as before it.
    fn refresh_held(&mut self) {
        let state = &mut self.state;
        let day = state.here.day;
        for (read, figure) in self.plan.reads.iter().zip(&mut state.reads) {
            match read {
                Read::Level(tiers) => *figure = i64::try_from(state.levels[*tiers].on(day)).unwrap_or(0),
                Read::Balance(unit) => *figure = state.purses.balance(*unit),
                Read::Held(held) => *figure = i64::from(state.hers.gifts.has(*held, day)),
                Read::Stamps(card) => *figure = state.cards.open(CardId(*card)),
                Read::Slot(_) | Read::FirstPurchase | Read::Visited(_) | Read::Streak(_) | Read::SinceLast => {}
            }
        }
    }

    /// Gives things to the member; the first place among her gifts, and the one behind the last.
    pub(super) fn issue(
        &mut self,
        pile: &Pile,
        (held, number, rule): (Held, u32, Option<RuleId>),
        record: &mut impl Record,
    ) -> Result<(u32, u32), Beyond> {
        if !self.may_have(pile, held)? {
            let program = self.plan.program;
            record.nothing(&self.state.here, || format!("{} is not for this member", held_name(program, held)));
            return Ok((0, 0));
        }
        self.hold((held, number, rule), record)
    }

    fn hold(&mut self, what: (Held, u32, Option<RuleId>), record: &mut impl Record) -> Result<(u32, u32), Beyond> {
        let Self { plan, units, deals, state, .. } = self;
        if let Some(last) = deals.things.over(what.0, &mut units.days, state.here.day) {
            let last = || date(last).map_or_else(String::new, |last| last.to_string());
            record.nothing(&state.here, || format!("{} ended on {}", held_name(plan.program, what.0), last()));
            return Ok((0, 0));
        }
        state.hers.gifts.hold((&deals.things, &mut units.days), &state.here, what, record)
    }

    /// Gives the gifts and coupons of the valuation at hand.
    pub(super) fn give_gifts(&mut self, pile: &Pile, record: &mut impl Record) -> Result<(), Beyond> {
        for at in 0..self.valuation.things.len() {
            if let (rule, Thing::Held(held, number)) = self.valuation.things[at] {
                self.issue(pile, (held, number, Some(RuleId(rule as usize))), record)?;
            }
        }
        Ok(())
    }

    /// Of the gifts and coupons that rules gave for an event, takes back what they give no more and is still held.
    pub(super) fn revoke_gifts(
        &mut self,
        nth: u32,
        before: &[(u32, Thing)],
        after: &[(u32, Thing)],
        record: &mut impl Record,
    ) -> Result<(), Beyond> {
        for (rule, thing) in before {
            let Thing::Held(held, number) = thing else { continue };
            let same = |one: &&(u32, Thing)| one.0 == *rule && matches!(one.1, Thing::Held(other, _) if other == *held);
            let kept = after.iter().find(same).map_or(0, |one| match one.1 {
                Thing::Held(_, kept) => kept,
                Thing::Stamps(..) => 0,
            });
            let given = (*held, RuleId(*rule as usize), nth);
            let number = number.saturating_sub(kept) as usize;
            let taken = self.state.hers.gifts.revoke_given(given, number, &self.state.here, record);
            if taken < number && !self.plan.rules[*rule as usize].times_slots.is_empty() {
                // What was used, or has ended, stays used up in the limits of its rule.
                return Err(Beyond);
            }
        }
        Ok(())
    }

    /// Which of her events a name is that redeemed something.
    fn redemption_named(&self, pile: &Pile, events: &[u32], name: &str) -> Option<u32> {
        let is_it = |nth: &&u32| pile.id.get(events[**nth as usize] as usize) == name;
        self.state.hers.redeemed.iter().find(is_it).copied()
    }

    /// Undoes a redemption of hers that a return or a `revoke` names, or says why not; whether it names one.
    pub(super) fn undo_named(
        &mut self,
        pile: &Pile,
        events: &[u32],
        name: &str,
        record: &mut impl Record,
    ) -> Result<bool, Beyond> {
        let Some(nth) = self.redemption_named(pile, events, name) else { return Ok(false) };
        let State { purses, hers, here, .. } = &mut self.state;
        let had = (purses, &mut hers.gifts);
        if let Err((reason, sentence)) = hers.redemptions.undo(nth, name, had, here, record)? {
            record.rejected(here, reason, || sentence);
        } else if self.plan.rules.iter().any(|rule| rule.on & on::REDEEM != 0) {
            // What the redemption brought by rules would have to be valued again.
            return Err(Beyond);
        } else {
            self.keep_earned_levels()?;
        }
        Ok(true)
    }

    /// `grant`: a reward or gift by hand. Levels are left to the plain engine.
    pub(super) fn grant(&mut self, pile: &Pile, place: usize, record: &mut impl Record) -> Result<(), Beyond> {
        let (here, program) = (self.state.here, self.plan.program);
        let name = pile.reference.get(place);
        let Some(held) = held_named(program, name) else { return self.no_thing(name, record) };
        let number = pieces(first(pile, place, &pile.quantity)).unwrap_or(1);
        self.state.read_lines(pile, place);
        self.refresh(false)?;
        if !self.may_have(pile, held)? {
            record.rejected(&here, Reason::NotEligible, || format!("{name} is not for this member"));
            return Ok(());
        }
        self.hold((held, number, None), record).map(|_| ())
    }

    /// A name that is neither a reward's nor a gift's.
    fn no_thing(&mut self, name: &str, record: &mut impl Record) -> Result<(), Beyond> {
        let program = self.plan.program;
        if !program.tiers.is_empty() || program.points.iter().any(|points| points.buy.is_some()) {
            // It may be a level's, or that of points that are bought.
            return Err(Beyond);
        }
        let sentence = || format!("the program has no reward, gift, coupon or level called {name:?}");
        record.rejected(&self.state.here, Reason::UnknownReward, sentence);
        Ok(())
    }

    /// `revoke`: takes a held gift or reward, or a whole redemption (by its id) back.
    pub(super) fn revoke(
        &mut self,
        pile: &Pile,
        place: usize,
        events: &[u32],
        record: &mut impl Record,
    ) -> Result<(), Beyond> {
        let (here, program) = (self.state.here, self.plan.program);
        let name = pile.reference.get(place);
        if self.undo_named(pile, events, name, record)? {
            return Ok(());
        }
        let Some(held) = held_named(program, name) else { return self.no_thing(name, record) };
        let number = pieces(first(pile, place, &pile.quantity)).unwrap_or(1) as usize;
        let gifts = &mut self.state.hers.gifts;
        if !gifts.change((number, GiftLife::Revoked), |other| other == held, &here, record) {
            record.rejected(&here, Reason::NotHeld, || format!("{} is not held", held_name(program, held)));
        }
        Ok(())
    }

    /// `adjust`: somebody puts a balance right; what is not there cannot be taken.
    pub(super) fn adjust(&mut self, pile: &Pile, place: usize, record: &mut impl Record) -> Result<(), Beyond> {
        let (here, program) = (self.state.here, self.plan.program);
        let Some(unit) = unit_of(program, self.deals.unit_named(self.plan, pile, place)) else {
            let sentence = || "an adjust names the points it moves in its unit".to_owned();
            record.rejected(&here, Reason::NotEligible, sentence);
            return Ok(());
        };
        let points = &program.points[unit.0];
        let wanted = first(pile, place, &pile.quantity).unwrap_or(0);
        let Some(amount) = on_grid(wanted, points.decimals)?.filter(|amount| *amount != 0) else {
            let name = points.plural.as_ref().unwrap_or(&points.name.text);
            let figure = Exact::ratio(wanted, SCALE);
            record.rejected(&here, Reason::NotEligible, || format!("{figure} is no number of {name} to adjust by"));
            return Ok(());
        };
        let Self { units, state, .. } = self;
        let at = state.purses.of(unit);
        let note = || "put right by hand".to_owned();
        if amount > 0 {
            let credit = Credit { kind: PostingKind::Adjusted, amount, life: None, cut: false, source: None };
            return state.purses.credit(at, units, &here, credit, record, || More::note(note()));
        }
        let (balance, amount) = (state.purses.get(at).balance(), amount.checked_neg().ok_or(Beyond)?);
        if balance < amount {
            let balance = || exact(balance, points.decimals).fixed(points.decimals);
            record.rejected(&here, Reason::NotEnough, || format!("the balance is {}", balance()));
            return Ok(());
        }
        state.purses.adjust_down(at, &here, amount, record, note)
    }

    /// `leave`: what remains is forfeited and shown so.
    pub(super) fn leave(&mut self, record: &mut impl Record) -> Result<(), Beyond> {
        let here = self.state.here;
        self.state.purses.leave(&here, record)?;
        self.state.hers.gifts.leave(&here, record);
        self.state.cards.leave(&self.card_rules, &here, record);
        self.leave_levels(record);
        let state = &mut self.state;
        (state.left, state.enrolled) = (true, false);
        record.nothing(&here, || "left the program".to_owned());
        Ok(())
    }
}
