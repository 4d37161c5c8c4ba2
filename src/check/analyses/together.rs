//! Rules that can fire together in one purchase: sets of them, each with one of its figures, and a basket for each set.

use super::apart::Glance;
use super::fire::{asked_of_lines, fires_when, lines_of, passed_over, picked, picked_by_one_part, picks_all};
use super::formula::{Fact, Formula, OfLine};
use super::meet::{Answer, meet, meet_each};
use super::steps::Steps;
use super::witness::Witness;
use super::words;
use super::worth::{Choice, is_at_the_till};
use crate::mechanics::Program;
use crate::mechanics::basis::Pick;
use crate::mechanics::condition::Condition;
use crate::mechanics::give::What;
use crate::mechanics::rule::Rule;
use crate::value::exact::Exact;
use std::collections::BTreeSet;

/// The most sets of rules looked at.
const MOST_SETS: usize = 600;

/// Why nothing is proved where not all could be looked at.
pub const TOO_MANY: &str = "there are too many ways for the rules to meet";

/// The most rules of a set that is grown from one.
const MOST_GROWN: usize = 12;

/// The rules of a program that a purchase can fire.
pub struct Together<'p> {
    program: &'p Program,
    /// What may still be looked at.
    pub steps: Steps,
}

impl<'p> Together<'p> {
    /// Those of a program, with the steps of one question.
    pub fn of(program: &'p Program) -> Self {
        Self { program, steps: Steps::of_sets(program) }
    }

    /// Why nothing is proved of a set that cannot be valued.
    pub fn unknown(&self, set: &[Choice]) -> String {
        let names = self.names(set);
        format!("what {names} gives hangs on a field, a file or a count that the program does not hold")
    }

    /// Why nothing is proved of a set of which it is not known when it can be.
    pub fn unsure(&self, set: &[Choice]) -> String {
        let names = self.names(set);
        match set.len() {
            1 => format!("it is not clear in which purchases {names} can hold"),
            _ => format!("it is not clear whether {names} can hold in one purchase"),
        }
    }

    /// The names of a set's rules, in words.
    fn names(&self, set: &[Choice]) -> String {
        words::list(&set.iter().map(|(at, _)| format!("`{}`", self.program.rules[*at].name.text)).collect::<Vec<_>>())
    }

    /// The rules, with their places.
    pub fn rules(&self) -> impl Iterator<Item = (usize, &'p Rule)> {
        self.program.rules.iter().enumerate().filter(|(_, rule)| is_at_the_till(rule))
    }

    /// The steps that valuing an event takes: every rule is asked.
    pub fn weight(&self, witness: &Witness<'_>) -> usize {
        1 + self.program.rules.len() * witness.lines.len() / 4
    }

    /// Sets of rules to look at; whether these are all there are. Where there are too many, each rule with what
    /// can be added to it, in the order of the file.
    pub fn sets(&self) -> (Vec<Vec<Choice>>, bool) {
        if let Some(sets) = self.every_set() {
            return (sets, true);
        }
        let glances: Vec<Glance> = self.program.rules.iter().map(|rule| Glance::at(self.program, rule)).collect();
        let grown =
            self.rules().map(|(at, _)| self.grown(at, &glances)).take_while(|_| !self.steps.has_used_quarters(2));
        let mut sets: Vec<Vec<Choice>> = Vec::new();
        for mut set in grown.filter(|set| !set.is_empty()) {
            set.sort_unstable();
            if !sets.contains(&set) {
                sets.push(set);
            }
        }
        (sets, false)
    }

    /// A rule with the rules that can fire with it and with each other.
    fn grown(&self, first: usize, glances: &[Glance]) -> Vec<Choice> {
        let can = |set: &[Choice]| matches!(meet(self.program, &self.formula(set), &self.steps), Answer::Yes(_));
        let mut set: Vec<Choice> = vec![(first, 0)];
        if !can(&set) {
            return Vec::new();
        }
        for (at, rule) in self.rules().filter(|(at, _)| *at != first) {
            if set.iter().any(|(other, _)| glances[*other].is_apart_from(&glances[at])) || set.len() >= MOST_GROWN {
                continue;
            }
            for choice in (0..=longest_or(rule).len()).rev() {
                set.push((at, choice));
                if can(&set) {
                    break;
                }
                set.pop();
            }
        }
        set
    }

    /// Sets of rules, each with one of its figures, that are not known to exclude each other; none where there are
    /// too many.
    fn every_set(&self) -> Option<Vec<Vec<Choice>>> {
        let mut sets: Vec<Vec<Choice>> = vec![Vec::new()];
        for (at, rule) in self.rules() {
            let longer: Vec<Vec<Choice>> = sets
                .iter()
                .flat_map(|set| {
                    (0..=longest_or(rule).len()).map(move |choice| set.iter().copied().chain([(at, choice)]).collect())
                })
                .filter(|set: &Vec<Choice>| !meet(self.program, &self.formula(set), &self.steps).is_no())
                .collect();
            sets.extend(longer);
            if sets.len() > MOST_SETS || self.steps.has_used_quarters(1) {
                return None;
            }
        }
        Some(sets)
    }

    fn formula(&self, set: &[Choice]) -> Formula {
        self.formula_of(set, &|condition, wanted| Formula::of(self.program, condition, wanted))
    }

    fn formula_of(&self, set: &[Choice], holds: &dyn Fn(&Condition, bool) -> Formula) -> Formula {
        let parts = set.iter().flat_map(|(at, choice)| {
            let rule = &self.program.rules[*at];
            let chosen = chosen(rule, *choice).map(|(when, wanted)| holds(when, wanted));
            std::iter::once(fires_when(rule, holds)).chain(chosen)
        });
        Formula::All(parts.collect())
    }

    /// Purchases in which the rules fire, one for each way in which they can, all lines of it counting for all of them where
    /// that can be; whether there may be others.
    pub fn baskets(&self, set: &[Choice], lines: Option<&Pick>) -> (Vec<Witness<'p>>, bool) {
        let picks = || set.iter().flat_map(|(at, _)| picks_of(&self.program.rules[*at])).chain(lines);
        let (mut all, mut unsure) = self.baskets_of(self.formula(set), picks().map(picked).collect());
        let asks = |(at, choice): &Choice| asked_of(&self.program.rules[*at], *choice);
        let mut asked = set.iter().flat_map(asks).chain(picks().flat_map(asked_of_lines));
        if asked.any(|(condition, wanted)| Formula::has_parts(self.program, condition, wanted)) {
            let by_one =
                self.formula_of(set, &|condition, wanted| Formula::by_one_part(self.program, condition, wanted));
            for lines in ways(&picks().map(picked_by_one_part).collect::<Vec<_>>()) {
                if self.steps.is_over() {
                    unsure = true;
                    break;
                }
                let (more, other) = self.baskets_of(by_one.clone(), lines);
                all.extend(more);
                unsure |= other;
            }
        }
        (all, unsure)
    }

    /// Purchases in which the rules fire and no other counts a line: what others give for it may fill a cap, and hide what is
    /// so without them.
    pub fn baskets_alone(&self, set: &[Choice]) -> Vec<Witness<'p>> {
        let picks = set.iter().flat_map(|(at, _)| picks_of(&self.program.rules[*at])).map(picked);
        self.baskets_of(self.alone(set), picks.collect()).0
    }

    fn alone(&self, set: &[Choice]) -> Formula {
        let others = self.rules().filter(|(at, _)| set.iter().all(|(one, _)| one != at));
        let lines: Vec<OfLine> = others.flat_map(|(_, rule)| picks_of(rule)).map(passed_over).collect();
        match lines.is_empty() {
            true => Formula::Any(Vec::new()),
            false => Formula::All(vec![self.formula(set), Formula::Fact(Fact::EveryLine(OfLine::All(lines)))]),
        }
    }

    /// The same of a formula for when the rules fire, and of the lines that they count.
    fn baskets_of(&self, fire: Formula, picks: Vec<OfLine>) -> (Vec<Witness<'p>>, bool) {
        let each = |parts: Vec<Formula>| meet_each(self.program, &Formula::All(parts), &self.steps);
        if picks.is_empty() {
            let each = each(vec![fire]);
            return (each.witnesses, each.unsure);
        }
        let every = Formula::Fact(Fact::EveryLine(OfLine::All(picks.clone())));
        let mut all = each(vec![fire.clone(), every]);
        if all.unsure || all.some_not {
            all.unsure = false;
            for shared in self.shared(&fire, &picks) {
                let some = |parts: Vec<OfLine>| Formula::Fact(Fact::SomeLine(OfLine::All(parts)));
                let alone = (0..picks.len()).filter(|at| !shared.contains(at)).map(|at| some(vec![picks[at].clone()]));
                let together = some(shared.iter().map(|at| picks[*at].clone()).collect());
                let others = each([fire.clone(), together].into_iter().chain(alone).collect());
                all.witnesses.extend(others.witnesses);
                all.unsure |= others.unsure;
            }
        }
        (all.witnesses, all.unsure)
    }

    /// Which wishes one line can serve, where none serves all: from each of them on, as many more as can be.
    fn shared(&self, fire: &Formula, picks: &[OfLine]) -> BTreeSet<BTreeSet<usize>> {
        let can = |wishes: &BTreeSet<usize>| {
            let line = OfLine::All(wishes.iter().map(|at| picks[*at].clone()).collect());
            let formula = Formula::All(vec![fire.clone(), Formula::Fact(Fact::SomeLine(line))]);
            matches!(meet(self.program, &formula, &self.steps), Answer::Yes(_))
        };
        let from = |first: usize| {
            let mut wishes = BTreeSet::from([first]);
            for other in 0..picks.len() {
                let mut more = wishes.clone();
                if more.insert(other) && can(&more) {
                    wishes = more;
                }
            }
            wishes
        };
        (0..picks.len()).map(from).collect()
    }
}

/// What lines have to be, one of them in each of its ways in turn.
fn ways(lines: &[OfLine]) -> Vec<Vec<OfLine>> {
    let mut all = vec![lines.to_vec()];
    for (at, line) in lines.iter().enumerate() {
        // The first way is what a line is made for where nothing more is said.
        all.extend(line.clone().ways().into_iter().skip(1).map(|way| {
            let mut other = lines.to_vec();
            other[at] = way;
            other
        }));
    }
    all
}

/// What has to hold, or not, for a rule to give this figure: its conditions, and of its `or`s this one and none before.
fn asked_of(rule: &Rule, choice: usize) -> impl Iterator<Item = (&Condition, bool)> {
    let fires = rule.when.iter().map(|when| (when, true)).chain(rule.except.iter().map(|except| (except, false)));
    fires.chain(chosen(rule, choice))
}

/// Of the `or`s of a rule: this one, and none before it.
fn chosen(rule: &Rule, choice: usize) -> impl Iterator<Item = (&Condition, bool)> {
    let or = longest_or(rule);
    let (before, own) = match choice.checked_sub(1) {
        Some(place) => (&or[..place], or.get(place)),
        None => (or, None),
    };
    before.iter().map(|(when, _)| (when, false)).chain(own.map(|(when, _)| (when, true)))
}

fn longest_or(rule: &Rule) -> &[(Condition, Exact)] {
    rule.gives.iter().map(|give| give.what.or()).max_by_key(|or| or.len()).unwrap_or_default()
}

/// The lines that a rule counts.
fn picks_of(rule: &Rule) -> Vec<&Pick> {
    let picks = rule.gives.iter().filter_map(|give| match &give.what {
        What::Rate { basis, .. } | What::Back { basis, .. } | What::Scale { basis, .. } | What::Step { basis, .. } => {
            lines_of(basis)
        }
        What::PercentOf { lines, .. } => Some(lines),
        What::Fixed { .. }
        | What::Gift(..)
        | What::Coupon(..)
        | What::Stamps(..)
        | What::Entries(..)
        | What::Level { .. } => None,
    });
    picks.filter(|pick| !picks_all(pick)).collect()
}
