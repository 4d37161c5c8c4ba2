//! What an event gives, in money: base, bonuses, stacks, rounding and caps, for a member with all room left.

use super::exchange::{best_money, money_off};
use super::fire::picks_all;
use super::witness::Witness;
use super::words;
use crate::mechanics::basis::{Basis, Pick};
use crate::mechanics::card::StampPer;
use crate::mechanics::condition::Condition;
use crate::mechanics::give::{Band, Give, What, Whom, at_rate, back_of};
use crate::mechanics::points::Scope;
use crate::mechanics::rule::{LimitOf, Rule, Trigger};
use crate::mechanics::stack::{Grown, Take};
use crate::mechanics::{PointsId, Program, RuleId, StackId};
use crate::value::exact::Exact;
use std::collections::{BTreeMap, BTreeSet};

/// A rule and which of its figures is used: 0 the first, k the k-th `or`.
pub type Choice = (usize, usize);

/// How an event is valued.
#[derive(Clone, Copy)]
pub struct Valuing<'w, 'p> {
    /// The event.
    pub witness: &'w Witness<'p>,
    /// These rules fire, whatever their conditions, over every line; none: those that do.
    pub forced: Option<&'w [Choice]>,
    /// These rules give nothing: what they may give is used up.
    pub used_up: &'w [usize],
    /// Gifts and cards count at cost.
    pub with_gifts: bool,
    /// Points are rounded as the program says; else exact.
    pub rounded: bool,
    /// What one of each unit is worth at best ([`best_worths`]).
    pub each: &'w [Exact],
}

/// What an event gives.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// In money.
    pub worth: Exact,
    /// Of that, what rests on the price of one item or on one visit.
    pub by_the_piece: Exact,
    /// Each part in words: `base 50 stars`.
    pub parts: Vec<String>,
    /// The points among them.
    pub units: BTreeSet<PointsId>,
}

struct Draft {
    rule: usize,
    unit: PointsId,
    exact: Exact,
    by_line: Vec<(usize, Exact)>,
    posted: Exact,
    /// The percentage, where it is one of another rule.
    percent: Option<(RuleId, Exact)>,
}

/// Whether a rule gives something for a purchase to who buys.
pub fn is_of_purchase(rule: &Rule) -> bool {
    rule.on.contains(&Trigger::Purchase)
}

/// Whether a purchase can bring what a rule gives: the first one of a day in a store is a visit too.
pub fn is_at_the_till(rule: &Rule) -> bool {
    is_of_purchase(rule) || rule.on.contains(&Trigger::Visit)
}

/// What one of each unit is worth at best: its face, what it pays at the till, or what a payout makes of it.
pub fn best_worths(program: &Program) -> Vec<Exact> {
    let about = Exact::from_int(100);
    let best = |unit| best_money(program, unit, &about).map(|turn| turn.each()).unwrap_or_default();
    (0..program.points.len()).map(|at| best(PointsId(at))).collect()
}

/// What the event gives as a purchase; none where something is not known.
pub fn value(valuing: &Valuing<'_, '_>) -> Option<Given> {
    let program = valuing.witness.program;
    let mut order: Vec<usize> = (0..program.rules.len()).filter(|at| is_at_the_till(&program.rules[*at])).collect();
    order.sort_by_key(|at| (program.rules[*at].bonus, *at));
    let mut drafts = Vec::new();
    let mut fired = Vec::new();
    for at in order {
        if valuing.fires(at)? {
            fired.push(at);
            for give in program.rules[at].gives.iter().filter(|give| give.to == Whom::Member) {
                drafts.extend(valuing.draft(at, give, &drafts)?);
            }
        }
    }
    let dropped = stack(program, &mut drafts);
    fired.retain(|at| !dropped.contains(at));
    round(program, &mut drafts, valuing.rounded);
    cap(program, &mut drafts, &valuing.witness.amount());
    let mut given = Given::default();
    for draft in drafts.iter().filter(|draft| draft.posted.is_positive()) {
        let worth = valuing.each.get(draft.unit.0).map(|one| &draft.posted * one).unwrap_or_default();
        if !is_of_purchase(&program.rules[draft.rule]) {
            given.by_the_piece += &worth;
        }
        given.worth += worth;
        given.units.insert(draft.unit);
        given.parts.push(format!(
            "`{}` {}",
            program.rules[draft.rule].name.text,
            words::points(program, draft.unit, &draft.posted)
        ));
    }
    if valuing.with_gifts {
        gifts(program, &fired, &mut given);
        valuing.cards(&mut given)?;
    }
    Some(given)
}

/// The first rule of which it is not known what it gives for an event.
pub fn first_unknown(witness: &Witness<'_>) -> Option<usize> {
    let valuing = Valuing { witness, forced: None, used_up: &[], with_gifts: false, rounded: false, each: &[] };
    let mut rules = witness.program.rules.iter().enumerate().filter(|(_, rule)| is_at_the_till(rule));
    let is_known = |at: usize, rule: &Rule| {
        let mut gives = rule.gives.iter().filter(|give| give.to == Whom::Member);
        valuing.fires(at).is_some_and(|fires| !fires || gives.all(|give| valuing.draft(at, give, &[]).is_some()))
    };
    rules.find(|(at, rule)| !is_known(*at, rule)).map(|(at, _)| at)
}

impl Valuing<'_, '_> {
    fn fires(&self, at: usize) -> Option<bool> {
        if self.used_up.contains(&at) {
            return Some(false);
        }
        match self.forced {
            Some(forced) => Some(forced.iter().any(|(rule, _)| *rule == at)),
            None => self.witness.lets(&self.witness.program.rules[at]),
        }
    }

    fn figure(&self, at: usize, first: &Exact, or: &[(Condition, Exact)]) -> Option<Exact> {
        if let Some(forced) = self.forced {
            let place = forced.iter().find(|(rule, _)| *rule == at).map_or(0, |(_, choice)| *choice);
            return Some(
                place
                    .checked_sub(1)
                    .and_then(|place| or.get(place))
                    .map_or_else(|| first.clone(), |(_, figure)| figure.clone()),
            );
        }
        for (when, figure) in or {
            if self.witness.holds(when)? {
                return Some(figure.clone());
            }
        }
        Some(first.clone())
    }

    /// The measure in all, and by line where lines bring it.
    fn measured(&self, basis: &Basis) -> Option<(Exact, Vec<(usize, Exact)>)> {
        let by_line = |pick: &Pick, money: bool| {
            let mut lines = Vec::new();
            for (at, line) in self.witness.lines.iter().enumerate() {
                if self.forced.is_some() || self.witness.picks(pick, line)? {
                    lines.push((at, if money { line.amount.clone() } else { line.quantity.clone() }));
                }
            }
            Some((lines.iter().map(|(_, figure)| figure).sum(), lines))
        };
        match basis {
            Basis::Total(total) => by_line(&total.pick, true),
            Basis::Items(pick) => by_line(pick, false),
            Basis::Purchases(_)
            | Basis::Visits(_)
            | Basis::Activity(_)
            | Basis::Field { .. }
            | Basis::Points(_)
            | Basis::Distinct(..)
            | Basis::One => Some((self.witness.measured(basis)?, Vec::new())),
        }
    }

    /// The outer none where something is not known, the inner where the line gives no points.
    fn draft(&self, at: usize, give: &Give, drafts: &[Draft]) -> Option<Option<Draft>> {
        let program = self.witness.program;
        let made = |unit: PointsId, exact: Exact, by_line| {
            Some(Some(Draft { rule: at, unit, exact, by_line, posted: Exact::zero(), percent: None }))
        };
        match &give.what {
            What::Rate { unit, number, or, per, full, basis } => {
                let number = self.figure(at, number, or)?;
                let (all, lines) = self.measured(basis)?;
                let exact = at_rate(&all, &number, per, *full)?;
                let by_line = shared(&exact, &all, lines);
                made(*unit, exact, by_line)
            }
            What::Back { unit, percent, or, basis } => {
                let percent = self.figure(at, percent, or)?;
                let (all, lines) = self.measured(basis)?;
                let Some(worth) = &program.points[unit.0].worth else { return Some(None) };
                let exact = back_of(&all, &percent, worth)?;
                let by_line = shared(&exact, &all, lines);
                made(*unit, exact, by_line)
            }
            What::Fixed { unit, number, or, .. } => made(*unit, self.figure(at, number, or)?, Vec::new()),
            What::PercentOf { percent, rule, lines } => self.percent_of(at, percent, *rule, lines, drafts),
            What::Scale { unit, bands, whole, basis } => {
                let (all, lines) = self.measured(basis)?;
                let exact = scale(bands, *whole, &all);
                let by_line = shared(&exact, &all, lines);
                made(*unit, exact, by_line)
            }
            What::Step { unit, steps, basis } => {
                let (all, lines) = self.measured(basis)?;
                let exact = steps.iter().rev().find(|(from, _)| *from <= all).map(|(_, number)| number.clone());
                let exact = exact.unwrap_or_default();
                let by_line = shared(&exact, &all, lines);
                made(*unit, exact, by_line)
            }
            What::Gift(..) | What::Coupon(..) | What::Stamps(..) | What::Entries(..) | What::Level { .. } => Some(None),
        }
    }

    fn percent_of(
        &self,
        at: usize,
        percent: &Exact,
        base: RuleId,
        lines: &Pick,
        drafts: &[Draft],
    ) -> Option<Option<Draft>> {
        let bases: Vec<&Draft> = drafts.iter().filter(|draft| draft.rule == base.0).collect();
        let Some(first) = bases.first() else { return Some(None) };
        // Several units at once are not told here.
        if bases.iter().any(|base| base.unit != first.unit) {
            return None;
        }
        let share = percent * &Exact::ratio(1, 100);
        let mut by_line = Vec::new();
        for (place, part) in bases.iter().flat_map(|base| &base.by_line) {
            if self.forced.is_some() || self.witness.picks(lines, &self.witness.lines[*place])? {
                by_line.push((*place, part * &share));
            }
        }
        let exact = if picks_all(lines) {
            bases.iter().map(|base| &base.exact).sum::<Exact>() * &share
        } else {
            by_line.iter().map(|(_, part)| part).sum()
        };
        let percent = Some((base, percent.clone()));
        Some(Some(Draft { rule: at, unit: first.unit, exact, by_line, posted: Exact::zero(), percent }))
    }

    /// Cards at cost: a stamp is its share of what the full card gives.
    fn cards(&self, given: &mut Given) -> Option<()> {
        let program = self.witness.program;
        for card in &program.cards {
            let cost: Exact = card.gives.iter().map(|give| cost_of(program, give)).sum();
            let room = Exact::from_int(i64::from(card.full.saturating_sub(card.start).max(1)));
            for stamp in &card.stamps {
                let (stamps, by_piece) = match &stamp.per {
                    StampPer::Item => (self.measured(&Basis::Items(stamp.pick.clone()))?.0, true),
                    StampPer::Visit | StampPer::Purchase => {
                        (self.measured(&Basis::Purchases(stamp.pick.clone()))?.0, true)
                    }
                    StampPer::Amount(step, basis) => {
                        (self.measured(basis)?.0.checked_div(step)?, !matches!(basis, Basis::Total(_)))
                    }
                };
                let stamps = stamps * Exact::from_int(i64::from(stamp.number));
                let worth = (&cost * &stamps).checked_div(&room)?;
                if worth.is_positive() {
                    given.parts.push(format!(
                        "`{}` {} of the {} stamps it takes",
                        card.name.text,
                        words::number(&stamps, 0),
                        words::number(&room, 0)
                    ));
                    given.by_the_piece += if by_piece { worth.clone() } else { Exact::zero() };
                    given.worth += worth;
                }
            }
        }
        Some(())
    }
}

fn gifts(program: &Program, fired: &[usize], given: &mut Given) {
    for at in fired {
        for give in &program.rules[*at].gives {
            let cost = cost_of(program, give);
            if cost.is_positive() && give.to == Whom::Member {
                given.parts.push(format!(
                    "`{}` a gift of {}",
                    program.rules[*at].name.text,
                    words::money(program, &cost)
                ));
                given.worth += cost;
            }
        }
    }
}

/// What something given costs the shop; a choice that does not say it, what the dearest of its gifts does.
fn cost_of(program: &Program, give: &Give) -> Exact {
    match &give.what {
        What::Gift(id, number) => {
            let gift = &program.gifts[id.0];
            let dearest = gift.choose.iter().filter_map(|one| program.gifts[one.0].costs.as_ref()).max();
            gift.costs.as_ref().or(dearest).cloned().unwrap_or_default() * Exact::from_int(i64::from(*number))
        }
        What::Coupon(id, number) => {
            let coupon = &program.coupons[id.0];
            let uses = Exact::from_int(i64::from(*number) * i64::from(coupon.uses));
            let cost = coupon.costs.clone().or_else(|| money_off(coupon)).unwrap_or_default();
            cost * uses
        }
        What::Fixed { unit, number, .. } if give.to == Whom::Member => {
            // Points that a full card gives, at their worth; those of rules are counted as points.
            program.points[unit.0].worth.as_ref().map(|worth| worth * number).unwrap_or_default()
        }
        What::Rate { .. }
        | What::Back { .. }
        | What::Fixed { .. }
        | What::PercentOf { .. }
        | What::Scale { .. }
        | What::Step { .. }
        | What::Stamps(..)
        | What::Entries(..)
        | What::Level { .. } => Exact::zero(),
    }
}

/// A sum shared over lines in proportion to what they brought.
fn shared(sum: &Exact, all: &Exact, lines: Vec<(usize, Exact)>) -> Vec<(usize, Exact)> {
    lines.into_iter().map(|(at, figure)| (at, (figure * sum).checked_div(all).unwrap_or_default())).collect()
}

/// `by scale`: marginal bands, or the whole at the rate of the band it reaches.
pub fn scale(bands: &[Band], whole: bool, all: &Exact) -> Exact {
    let rate = |figure: &Exact, band: &Band| {
        figure.checked_div(&band.per).map(|steps| steps * &band.number).unwrap_or_default()
    };
    if whole {
        return bands.iter().rev().find(|band| band.from <= *all).map(|band| rate(all, band)).unwrap_or_default();
    }
    let upto = |at: usize| bands.get(at + 1).map_or_else(|| all.clone(), |next| next.from.clone().min(all.clone()));
    let parts = bands.iter().enumerate().filter(|(at, band)| upto(*at) > band.from);
    parts.map(|(at, band)| rate(&(upto(at) - &band.from), band)).sum()
}

/// What a rule's own limits of a unit leave of it, and its budget, with nothing used yet.
fn rooms(program: &Program, rule: usize, unit: PointsId) -> impl Iterator<Item = Exact> {
    let rule = &program.rules[rule];
    let limits =
        rule.limits.iter().filter(move |limit| limit.of == LimitOf::Points(unit)).map(|limit| limit.most.clone());
    let budget = rule.budget.map(|id| &program.budgets[id.0]).filter(|budget| !budget.warn_only);
    let worth = program.points[unit.0].worth.as_ref();
    limits.chain(budget.and_then(|budget| budget.most.checked_div(worth?)))
}

/// Keeps what each stack keeps, its best by what their own limits and budgets leave (section 6.13); the rules dropped.
fn stack(program: &Program, drafts: &mut Vec<Draft>) -> BTreeSet<usize> {
    let mut dropped = BTreeSet::new();
    for (place, stack) in program.stacks.iter().enumerate() {
        let of_stack = |rule: usize| program.rules[rule].group == Some(StackId(place));
        let mut worth: BTreeMap<usize, Exact> = BTreeMap::new();
        for draft in drafts.iter().filter(|draft| of_stack(draft.rule)) {
            let one = program.points[draft.unit.0].worth.clone().unwrap_or_else(Exact::one);
            let room = rooms(program, draft.rule, draft.unit).min();
            let brings = room.map_or_else(|| draft.exact.clone(), |room| room.min(draft.exact.clone()));
            *worth.entry(draft.rule).or_default() += brings * &one;
        }
        let mut best: Vec<usize> = worth.keys().copied().filter(|rule| worth[rule].is_positive()).collect();
        let kept: Vec<usize> = match &stack.take {
            Take::All | Take::FirstDiscount(_) => continue,
            Take::Compound => {
                compound(drafts, of_stack);
                continue;
            }
            Take::Best(number) => {
                best.sort_by(|a, b| worth[b].cmp(&worth[a]).then(a.cmp(b)));
                best.into_iter().take(*number as usize).collect()
            }
            Take::First(order) => order.iter().map(|id| id.0).find(|rule| best.contains(rule)).into_iter().collect(),
        };
        dropped.extend(drafts.iter().map(|draft| draft.rule).filter(|rule| of_stack(*rule) && !kept.contains(rule)));
        drafts.retain(|draft| !dropped.contains(&draft.rule));
    }
    dropped
}

/// Each percentage also takes what those before it added.
fn compound(drafts: &mut [Draft], of_stack: impl Fn(usize) -> bool) {
    let mut grown: BTreeMap<RuleId, Grown> = BTreeMap::new();
    for draft in drafts.iter_mut().filter(|draft| of_stack(draft.rule)) {
        let Some((base, percent)) = &draft.percent else { continue };
        let share = percent * &Exact::ratio(1, 100);
        grown.entry(*base).or_default().compound(&share, &mut draft.exact, &mut draft.by_line);
    }
}

fn round(program: &Program, drafts: &mut [Draft], rounded: bool) {
    let mut sums: BTreeMap<(PointsId, Option<usize>), Exact> = BTreeMap::new();
    for draft in drafts {
        let points = &program.points[draft.unit.0];
        let round = |figure: &Exact| if rounded { figure.round(points.round, points.decimals) } else { figure.clone() };
        let mut step = |key: Option<usize>, more: &Exact| {
            let sum = sums.entry((draft.unit, key)).or_default();
            let before = round(sum);
            *sum += more;
            round(sum) - before
        };
        draft.posted = match points.scope {
            Scope::Receipt | Scope::Month => step(None, &draft.exact),
            Scope::Rule => step(Some(draft.rule), &draft.exact),
            Scope::Line => {
                let of_lines: Exact = draft.by_line.iter().map(|(_, part)| part).sum();
                let rest = step(None, &(&draft.exact - of_lines));
                draft.by_line.iter().map(|(at, part)| step(Some(*at), part)).sum::<Exact>() + rest
            }
        };
    }
}

/// Caps of rules, stacks, budgets and units, in the order of section 6.13.
fn cap(program: &Program, drafts: &mut [Draft], receipt: &Exact) {
    let worth = |unit: PointsId| program.points[unit.0].worth.clone();
    for at in 0..drafts.len() {
        let (rule, unit) = (drafts[at].rule, drafts[at].unit);
        for limit in &program.rules[rule].limits {
            if limit.of == LimitOf::Points(unit) {
                cut(drafts, |draft| draft.rule == rule && draft.unit == unit, &limit.most);
            }
        }
    }
    for (place, stack) in program.stacks.iter().enumerate() {
        let of_stack = |draft: &Draft| program.rules[draft.rule].group == Some(StackId(place));
        for (unit, cap) in &stack.caps {
            cut(drafts, |draft| of_stack(draft) && draft.unit == *unit, &cap.most);
        }
        if let Some((percent, _)) = &stack.cap_percent {
            let money = receipt * percent * Exact::ratio(1, 100);
            for unit in (0..program.points.len()).map(PointsId) {
                let room = money.checked_div(&worth(unit).unwrap_or_else(Exact::one)).unwrap_or_default();
                cut(drafts, |draft| of_stack(draft) && draft.unit == unit, &room);
            }
        }
    }
    for at in 0..drafts.len() {
        let (rule, unit) = (drafts[at].rule, drafts[at].unit);
        let Some(budget) = program.rules[rule].budget.map(|id| &program.budgets[id.0]) else { continue };
        let room = worth(unit).and_then(|worth| budget.most.checked_div(&worth));
        if let (false, Some(room)) = (budget.warn_only, room) {
            cut(drafts, |draft| draft.rule == rule && draft.unit == unit, &room);
        }
    }
    for (place, points) in program.points.iter().enumerate() {
        for cap in &points.caps {
            cut(drafts, |draft| draft.unit == PointsId(place), &cap.most);
        }
    }
}

/// Cuts the drafts meant, the last first, until together they post at most `room`.
fn cut(drafts: &mut [Draft], meant: impl Fn(&Draft) -> bool, room: &Exact) {
    let posted: Exact = drafts.iter().filter(|draft| meant(draft)).map(|draft| &draft.posted).sum();
    let mut over = posted - room;
    for draft in drafts.iter_mut().rev().filter(|draft| meant(draft)) {
        if !over.is_positive() {
            return;
        }
        let off = over.clone().min(draft.posted.clone());
        draft.posted -= &off;
        over -= &off;
    }
}
