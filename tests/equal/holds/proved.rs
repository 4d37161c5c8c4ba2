//! What `check` proves, held against what woven histories show.

use super::{Said, said};
use crate::tree::{Sound, Tree};
use loyal::diag::{Finding, Severity};
use loyal::engine::outcome::{AsOf, Entry, GiftLife, Happened, How, Outcome, PostingKind};
use loyal::engine::reference;
use loyal::ledger::{Event, History, Kind, Line};
use loyal::mechanics::basis::{Basis, Pick};
use loyal::mechanics::example::Held;
use loyal::mechanics::give::{What, Whom};
use loyal::mechanics::payout::Pays;
use loyal::mechanics::points::{Pay, Scope};
use loyal::mechanics::rule::{Rule, Trigger};
use loyal::mechanics::{PointsId, Program, RuleId};
use loyal::value::exact::{Exact, Rounding};
use std::collections::{BTreeMap, BTreeSet};

/// What a purchase gave back.
#[derive(Default)]
struct Back {
    points: Exact,
    gifts: Exact,
    /// Parts that are rounded by themselves.
    parts: i64,
}

/// A purchase that gave back more than `check` proves that any can; how many were measured.
pub fn returns(sound: &Sound, history: &History, _: &[AsOf], expected: &Outcome) -> Said {
    let program = &sound.program;
    let mut back: BTreeMap<&str, Back> = BTreeMap::new();
    let purchases = history.events.iter().filter(|event| event.kind == Kind::Purchase && event.member.is_some());
    let purchases: BTreeMap<&str, &Event> = purchases.map(|event| (event.id.as_str(), event)).collect();
    for entry in &expected.journal {
        let Some(purchase) = entry.event.as_deref().and_then(|id| purchases.get(id)) else { continue };
        if entry.member == purchase.member {
            back.entry(purchase.id.as_str()).or_default().enter(program, entry);
        }
    }
    let mut looked = 0;
    // The purchase that gives back most, with gifts and without.
    for with_gifts in [false, true] {
        let shares = back.iter().filter_map(|(id, back)| {
            // What pays, a voucher or a deposit, makes it no smaller.
            let amounts = purchases[id].lines.iter().filter_map(|line| line.amount.as_ref());
            let amount: Exact = amounts.filter(|amount| amount.is_positive()).sum();
            Some((share(program, back, purchases[id].lines.len(), &amount, with_gifts)?, *id))
        });
        let Some((percent, id)) = shares.max() else { continue };
        // A little less than it gave.
        let promised = (&percent * &Exact::ratio(98, 100)).round(Rounding::Down, 2);
        if !promised.is_positive() {
            continue;
        }
        looked += 1;
        if proves(&sound.tree, &promised, with_gifts) {
            let gifts = if with_gifts { " with gifts" } else { "" };
            let says = format!("check proves at most {promised}%{gifts}, and {id} gives back {}%", percent.fixed(2));
            return said(Some(says), looked);
        }
    }
    said(None, looked)
}

impl Back {
    fn enter(&mut self, program: &Program, entry: &Entry) {
        match &entry.what {
            Happened::Posted(posting) if posting.kind == PostingKind::Earned => {
                let again = posting.parts.iter().any(|part| matches!(part.how, How::Revalued { .. }));
                let parts =
                    posting.parts.iter().filter(|part| !again && part.rule.is_some_and(|id| at_till(program, id)));
                for part in parts {
                    self.points += &part.posted * &worth(program, posting.unit);
                    self.parts += 1;
                }
            }
            Happened::Gift { held, life: GiftLife::Issued, rule: Some(rule), .. } if at_till(program, *rule) => {
                let costs = match held {
                    Held::Gift(gift) => &program.gifts[gift.0].costs,
                    Held::Coupon(coupon) => &program.coupons[coupon.0].costs,
                    Held::Reward(_) => &None,
                };
                self.gifts += costs.clone().unwrap_or_default();
            }
            _ => {}
        }
    }
}

/// Whether the rule gives for a purchase, or for the visit that it is, to who buys.
fn at_till(program: &Program, id: RuleId) -> bool {
    let rule = &program.rules[id.0];
    let on = rule.on.iter().all(|on| matches!(on, Trigger::Purchase | Trigger::Visit));
    on && rule.gives.iter().all(|give| give.to == Whom::Member)
}

/// What one of a unit is worth, or pays at the till where that is more.
fn worth(program: &Program, unit: PointsId) -> Exact {
    let points = &program.points[unit.0];
    let pays = match &points.pay {
        Some(Pay::At { each, .. }) => each.clone(),
        Some(Pay::ByPayoutOnly) | None => Exact::zero(),
    };
    points.worth.clone().unwrap_or_default().max(pays)
}

/// The share of the purchase in percent, less what rounding may bring over: a cent, or one of the least, a line and part.
fn share(program: &Program, back: &Back, lines: usize, amount: &Exact, with_gifts: bool) -> Option<Exact> {
    let least = program.points.iter().enumerate().map(|(at, points)| {
        worth(program, PointsId(at)).checked_div(&Exact::from_int(10_i64.pow(points.decimals))).unwrap_or_default()
    });
    let cent = Exact::one().checked_div(&Exact::from_int(10_i64.pow(program.settings.minor_units)))?;
    let slack = least.max().unwrap_or_default().max(cent) * Exact::from_int(lines as i64 + back.parts);
    let gave = if with_gifts { &back.points + &back.gifts } else { back.points.clone() } - slack;
    let percent = gave.checked_div(amount)? * Exact::from_int(100);
    // What is given for next to nothing has no end, and no promise is of more than the whole.
    percent.is_positive().then(|| percent.min(Exact::from_int(100)))
}

/// Whether `check` accepts the promise of a return without a word.
fn proves(tree: &Tree, percent: &Exact, with_gifts: bool) -> bool {
    let gifts = if with_gifts { ", with gifts" } else { "" };
    accepts(tree, format!("return on purchase at most {}%{gifts}", percent.fixed(2)), "return-")
}

/// Whether `check` accepts a promise, about which it speaks with codes that begin so, without a word.
fn accepts(tree: &Tree, promise: String, codes: &str) -> bool {
    let mut tree = tree.clone();
    tree.blocks.retain(|block| block.head != "promise");
    tree.block("promise", vec![promise]);
    let findings = tree.findings();
    let broken = |finding: &Finding| finding.severity == Severity::Error || finding.code.starts_with(codes);
    !findings.iter().any(broken)
}

/// More spent on the same purchase, and fewer points by a rule that looks at nothing but the amount; where `check` proves
/// that no purchase earns less than a smaller one, fewer by all rules together; how often it was tried.
pub fn rising(sound: &Sound, history: &History, _: &[AsOf], _: &Outcome) -> Said {
    let program = &sound.program;
    let rules: BTreeSet<RuleId> =
        (0..program.rules.len()).map(RuleId).filter(|id| by_amount(&program.rules[id.0])).collect();
    let taken_off = !program.discounts.is_empty() || !program.coupons.is_empty();
    let proved = || accepts(&sound.tree, "no purchase earns less than a smaller one".to_owned(), "smaller-");
    let all = !taken_off && proved();
    let at = last_purchase(history).filter(|at| all || !rules.is_empty() && history.events[*at].lines.len() == 1);
    let Some(at) = at else { return said(None, 0) };
    let least = program.points.iter().map(|points| Exact::from_scaled(1, points.decimals)).max().unwrap_or_default();
    let mut looked = 0;
    let mut before: Option<(BTreeMap<RuleId, Exact>, Earned)> = None;
    for more in ["0", "0.01", "1", "9", "40", "100"] {
        let mut history = History { events: history.events[..=at].to_vec(), members: history.members.clone() };
        let event = &mut history.events[at];
        event.lines.iter_mut().for_each(|line| (line.regular, line.tax) = (None, None));
        let Some(line) = event.lines.iter_mut().find(|line| line.amount.as_ref().is_some_and(Exact::is_positive))
        else {
            break;
        };
        line.amount = line.amount.as_ref().map(|amount| amount + Exact::parse(more).unwrap_or_default());
        let amount = line.amount.clone().unwrap_or_default();
        let bought = history.events[at].clone();
        let event = bought.id.clone();
        let outcome = reference::run_without_deeds(program, &history, &[]);
        let now = (by_rule(&outcome, &event, &rules), earned(program, &outcome, &bought));
        if let Some((rule_by_rule, together)) = &before {
            looked += 1;
            // What rounds to nothing need not be told: of what was told, less than one point may be missing.
            let fewer = |rule: &RuleId, had: &Exact| now.0.get(rule).map_or(*had >= least, |now| now < had);
            if let Some((rule, had)) = rule_by_rule.iter().find(|(rule, had)| fewer(rule, had)) {
                let name = &program.rules[rule.0].name.text;
                let says = format!("{name} gives {had} for less than {amount}, and {:?} for it", now.0.get(rule));
                return said(Some(says), looked);
            }
            if all && together.is_more_than(&now.1) {
                let (less, more) = (&together.all, &now.1.all);
                let says = format!("{event} earns {less:?} with a line below {amount}, and {more:?} with it");
                return said(Some(says), looked);
            }
        }
        before = Some(now);
    }
    said(None, looked)
}

/// Where `check` proves that nobody below a level earns more than that level: a purchase that earns less once its buyer
/// was given the level; how often it was tried.
pub fn higher(sound: &Sound, history: &History, _: &[AsOf], _: &Outcome) -> Said {
    let program = &sound.program;
    // What is given for the rise itself uses up caps.
    let lifted = program.rules.iter().any(|rule| rule.on.iter().any(|on| matches!(on, Trigger::LevelUp(_))));
    // To be given the level is an event, after which a payout pays what is reached.
    let paid = program.payouts.iter().any(|payout| matches!(payout.pays, Pays::Reaching(_)));
    let Some(at) = last_purchase(history).filter(|_| !lifted && !paid) else { return said(None, 0) };
    let upto = |events: &[Event]| History { events: events.to_vec(), members: history.members.clone() };
    let purchase = &history.events[at];
    let plain = upto(&history.events[..=at]);
    let mut looked = 0;
    let mut without: Option<Earned> = None;
    for tiers in &program.tiers {
        for level in tiers.levels.iter().skip(1).map(|level| &level.name.text) {
            let of = &tiers.name.text;
            let promise = format!("no member below level {level} of {of} earns more than {level}");
            if !accepts(&sound.tree, promise, "lower-level-") {
                continue;
            }
            looked += 1;
            let mut grant = purchase.clone();
            (grant.id, grant.kind, grant.reference) =
                (format!("{}-grant", purchase.id), Kind::Grant, Some(level.clone()));
            (grant.store, grant.channel, grant.fields) = (None, None, BTreeMap::new());
            (grant.coupons, grant.lines) = (Vec::new(), vec![Line::default()]);
            let mut raised = plain.clone();
            raised.events.insert(at, grant);
            let earns = |history| earned(program, &reference::run_without_deeds(program, history, &[]), purchase);
            let without = without.get_or_insert_with(|| earns(&plain));
            let with = earns(&raised);
            if without.is_more_than(&with) {
                let (id, less, more) = (&purchase.id, &without.all, &with.all);
                let says = format!("{id} earns {less:?}, and {more:?} where its buyer is {level} of {of}");
                return said(Some(says), looked);
            }
        }
    }
    said(None, looked)
}

/// The last purchase of a member who does not pay with points: who does, earns for what is left of the price alone.
fn last_purchase(history: &History) -> Option<usize> {
    let buys = |event: &Event| event.kind == Kind::Purchase && event.member.is_some() && event.paid_points.is_none();
    history.events.iter().rposition(buys)
}

/// What the rules of the till posted of an event.
struct Earned {
    /// In money what has a worth, and each kind of points without one.
    all: Vec<Exact>,
    /// Of each, what rounding may have made.
    slack: Vec<Exact>,
}

impl Earned {
    /// Whether something of it is more, by more than rounding can make.
    fn is_more_than(&self, other: &Self) -> bool {
        let slack = self.slack.iter().zip(&other.slack).map(|(one, other)| one + other);
        self.all.iter().zip(&other.all).zip(slack).any(|((one, other), slack)| *one > other + slack)
    }
}

fn earned(program: &Program, outcome: &Outcome, event: &Event) -> Earned {
    let mut all = vec![Exact::zero(); program.points.len() + 1];
    let mut slack = all.clone();
    // What a rule gives for a card that is full then is none of the purchase's own.
    let at_till = |id: RuleId| program.rules[id.0].on.iter().all(|on| matches!(on, Trigger::Purchase | Trigger::Visit));
    for entry in outcome.journal.iter().filter(|entry| entry.event.as_deref() == Some(event.id.as_str())) {
        let Happened::Posted(posting) = &entry.what else { continue };
        let points = &program.points[posting.unit.0];
        let rounded = if points.scope == Scope::Line { event.lines.len() as i128 } else { 1 };
        let (at, worth) = match &points.worth {
            Some(worth) => (program.points.len(), worth.clone()),
            None => (posting.unit.0, Exact::one()),
        };
        for part in posting.parts.iter().filter(|part| part.rule.is_some_and(at_till)) {
            all[at] += &part.posted * &worth;
            slack[at] += Exact::from_scaled(rounded, points.decimals) * &worth;
        }
    }
    Earned { all, slack }
}

/// Whether a rule looks at the amount of a purchase and at nothing else.
fn by_amount(rule: &Rule) -> bool {
    let all = |pick: &Pick| pick.with.is_none() && pick.without.is_none();
    let figures = rule.gives.iter().all(|give| match &give.what {
        What::Rate { or, basis: Basis::Total(total), .. } | What::Back { or, basis: Basis::Total(total), .. } => {
            or.is_empty() && all(&total.pick)
        }
        What::Scale { basis: Basis::Total(total), .. } | What::Step { basis: Basis::Total(total), .. } => {
            all(&total.pick)
        }
        _ => false,
    });
    let plain = rule.when.is_none() && rule.except.is_empty() && rule.limits.is_empty() && rule.group.is_none();
    figures && plain && rule.on == [Trigger::Purchase] && rule.budget.is_none() && rule.pilot.is_none()
}

/// What each rule brought to an event, exactly.
fn by_rule(outcome: &Outcome, event: &str, rules: &BTreeSet<RuleId>) -> BTreeMap<RuleId, Exact> {
    let mut all = BTreeMap::new();
    for entry in outcome.journal.iter().filter(|entry| entry.event.as_deref() == Some(event)) {
        let Happened::Posted(posting) = &entry.what else { continue };
        for part in posting.parts.iter().filter(|part| part.rule.is_some_and(|rule| rules.contains(&rule))) {
            let Some(rule) = part.rule else { continue };
            *all.entry(rule).or_insert_with(Exact::zero) += &part.exact;
        }
    }
    all
}
