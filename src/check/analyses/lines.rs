//! Lines for an event: one for each wish, with money and quantities that sum as asked.

use super::formula::{Fact, OfLine};
use super::meet::{Asked, Ground, passing};
use super::steps::Steps;
use super::witness::{Item, Witness};
use super::words;
use crate::mechanics::Program;
use crate::mechanics::condition::{Condition, Measure, Test, Value, is_of_line};
use crate::value::exact::Exact;
use std::collections::BTreeMap;

/// The lines of the event, with money and quantities.
pub fn lines<'p>(
    program: &'p Program,
    facts: &[Fact],
    by_measure: &Asked,
    witness: &mut Witness<'p>,
    ground: &mut Ground<'_>,
) -> Option<()> {
    let every: Vec<OfLine> = facts
        .iter()
        .filter_map(|fact| if let Fact::EveryLine(part) = fact { Some(part.clone()) } else { None })
        .collect();
    let line_of = |part: Option<&OfLine>, ground: &mut Ground<'_>| {
        let all = OfLine::All(every.iter().cloned().chain(part.cloned()).collect());
        line(program, &all, ground)
    };
    for fact in facts {
        if let Fact::SomeLine(part) = fact {
            let made = line_of(Some(part), ground)?;
            // One line may serve more than one wish.
            if !witness.lines.iter().any(|line| witness.is_so_of(part, line) == Some(true)) {
                witness.lines.push(made);
            }
        }
    }
    if witness.lines.is_empty() {
        witness.lines.push(line_of(None, ground)?);
    }
    let sums: Vec<(&Measure, Vec<Exact>)> = by_measure
        .values()
        .filter(|tests| is_sum(&tests[0].0.measure))
        .filter_map(|tests| {
            let measure = &tests[0].0.measure;
            let figures = passing(program, measure, tests, ground)?.into_iter().filter_map(|value| match value {
                Some(Value::Number(figure)) => Some(figure),
                _ => None,
            });
            Some((measure, figures.collect()))
        })
        .collect();
    if sums.is_empty() {
        return Some(());
    }
    witness.amount_matters = sums.iter().any(|(measure, _)| matches!(measure, Measure::Amount | Measure::TotalOf(_)));
    let steps = ground.steps;
    let filler = |part: Option<&Condition>| {
        let mut quiet = Ground::sure(steps);
        line_of(part.map(|part| OfLine::of(part, true)).as_ref(), &mut quiet).filter(|_| !quiet.unsure)
    };
    let fits = |witness: &Witness<'_>| {
        steps.take(facts.len() * witness.lines.len()) && facts.iter().all(|fact| witness.is_so(fact) != Some(false))
    };
    match fit(witness, &sums, &filler, &fits, steps) {
        Some(fitting) => witness.lines = fitting,
        None => ground.unsure = true,
    }
    Some(())
}

fn is_sum(measure: &Measure) -> bool {
    matches!(measure, Measure::Amount | Measure::TotalOf(_) | Measure::Items | Measure::ItemsOf(_))
}

/// The most combinations of sums tried.
const SUMS: usize = 400;

/// Lines whose sums are as wanted.
fn fit(
    witness: &Witness<'_>,
    sums: &[(&Measure, Vec<Exact>)],
    filler: &dyn Fn(Option<&Condition>) -> Option<Item>,
    fits: &dyn Fn(&Witness<'_>) -> bool,
    steps: &Steps,
) -> Option<Vec<Item>> {
    let mut places = vec![0; sums.len()];
    for _ in 0..SUMS {
        if !steps.take(1 + witness.lines.len()) {
            return None;
        }
        let wanted: Vec<(&Measure, &Exact)> = sums
            .iter()
            .zip(&places)
            .filter_map(|((measure, figures), at)| Some((*measure, figures.get(*at)?)))
            .collect();
        if wanted.len() == sums.len()
            && let Some(lines) = lines_summing(witness, &wanted, filler)
        {
            let trial = Witness { lines: lines.clone(), ..witness.clone() };
            if fits(&trial) {
                return Some(lines);
            }
        }
        let next = (0..places.len()).find(|at| places[*at] + 1 < sums[*at].1.len())?;
        places[..next].fill(0);
        places[next] += 1;
    }
    None
}

/// Lines made to sum: those that a condition picks first, then the rest.
fn lines_summing(
    witness: &Witness<'_>,
    wanted: &[(&Measure, &Exact)],
    filler: &dyn Fn(Option<&Condition>) -> Option<Item>,
) -> Option<Vec<Item>> {
    let mut trial = witness.clone();
    // Where the money of all is given, a line that nothing asks about weighs as little as can be.
    if wanted.iter().any(|(measure, _)| matches!(measure, Measure::Amount)) {
        let cent = Exact::from_int(10).checked_div(&Exact::from_int(1_000))?;
        trial.lines.iter_mut().filter(|line| !line.fixed).for_each(|line| line.amount = cent.clone());
    }
    // Where nothing says how many items there are, money lies on one.
    let counted = wanted.iter().any(|(measure, _)| matches!(measure, Measure::Items | Measure::ItemsOf(_)));
    let one = if counted { Exact::zero() } else { Exact::one() };
    let parts = |money: bool| {
        wanted.iter().filter_map(move |(measure, figure)| match measure {
            Measure::TotalOf(part) if money => Some((Some(&**part), *figure)),
            Measure::ItemsOf(part) if !money => Some((Some(&**part), *figure)),
            _ => None,
        })
    };
    let whole = |money: bool| {
        wanted.iter().filter_map(move |(measure, figure)| match measure {
            Measure::Amount if money => Some((None, *figure)),
            Measure::Items if !money => Some((None, *figure)),
            _ => None,
        })
    };
    for money in [true, false] {
        for (part, figure) in parts(money).chain(whole(money)) {
            make_sum(&mut trial, part, figure, money, &|part, missing| {
                Some(filling(filler(part)?, missing, money, &one))
            })?;
        }
    }
    Some(trial.lines)
}

fn make_sum(
    trial: &mut Witness<'_>,
    part: Option<&Condition>,
    figure: &Exact,
    money: bool,
    filling: &dyn Fn(Option<&Condition>, Exact) -> Option<Item>,
) -> Option<()> {
    let picked = |trial: &Witness<'_>, line: &Item| part.is_none_or(|part| trial.holds_for(part, line) == Some(true));
    let held: Exact = trial
        .lines
        .iter()
        .filter(|line| picked(trial, line))
        .map(|line| if money { &line.amount } else { &line.quantity })
        .sum();
    let missing = figure - held;
    if missing.is_zero() {
        return Some(());
    }
    let free = trial.lines.iter().position(|line| !line.fixed && picked(trial, line));
    let Some(at) = free else {
        trial.lines.push(filling(part, missing)?);
        return Some(());
    };
    let line = &mut trial.lines[at];
    *(if money { &mut line.amount } else { &mut line.quantity }) += missing;
    Some(())
}

/// A line with so much money, or so many items, and at its own price where it has one.
fn filling(mut line: Item, missing: Exact, money: bool, one: &Exact) -> Item {
    let price = line.amount.checked_div(&line.quantity).filter(|price| line.fixed && price.is_positive());
    (line.amount, line.quantity) = match (price, money) {
        (Some(price), true) => (missing.clone(), missing.checked_div(&price).unwrap_or_else(Exact::one)),
        (Some(price), false) => (&missing * &price, missing),
        (None, true) => (missing, one.clone()),
        (None, false) => (Exact::zero(), missing),
    };
    line
}

/// A line for what is asked of one; none where no line can be.
fn line(program: &Program, part: &OfLine, ground: &mut Ground<'_>) -> Option<Item> {
    let Some(alternatives) = part.alternatives() else {
        ground.unsure = true;
        return Some(Item::default());
    };
    let mut doubtful = None;
    for tests in &alternatives {
        if !ground.take(1 + tests.len()) {
            return Some(doubtful.unwrap_or_default());
        }
        let mut own = Ground::sure(ground.steps);
        match line_passing(program, tests, &mut own) {
            Some(made) if !own.unsure => return Some(made),
            Some(made) => doubtful = Some(made),
            None => {}
        }
    }
    ground.unsure |= doubtful.is_some();
    doubtful
}

fn line_passing(program: &Program, tests: &[(Test, bool)], ground: &mut Ground<'_>) -> Option<Item> {
    let mut by_measure: Asked = BTreeMap::new();
    for (test, wanted) in tests {
        by_measure.entry(words::measure(program, &test.measure)).or_default().push((test.clone(), *wanted));
    }
    let mut item = Item::default();
    let mut figures: [Option<Vec<Exact>>; 3] = [None, None, None];
    for (name, tests) in by_measure {
        let measure = &tests[0].0.measure;
        let place = match measure {
            Measure::Amount => Some(0),
            Measure::Price => Some(1),
            Measure::Quantity => Some(2),
            _ => None,
        };
        if place.is_none() && !is_of_line(measure) {
            // What a condition on lines asks of the event is tried on the whole event.
            continue;
        }
        let passing = passing(program, measure, &tests, ground)?;
        match place {
            None => {
                item.values.insert(name, (measure.clone(), passing.into_iter().next().flatten()));
            }
            Some(place) => {
                let numbers = passing.into_iter().filter_map(|value| match value {
                    Some(Value::Number(figure)) => Some(figure),
                    _ => None,
                });
                figures[place] = Some(numbers.collect());
            }
        }
    }
    price(&mut item, &figures, ground);
    Some(item)
}

/// Amount, price and quantity that agree: price is amount by quantity.
fn price(item: &mut Item, figures: &[Option<Vec<Exact>>; 3], ground: &mut Ground<'_>) {
    let [amounts, prices, quantities] = figures;
    item.fixed = figures.iter().any(Option::is_some);
    let first = |all: &Option<Vec<Exact>>| all.as_ref().and_then(|all| all.first().cloned());
    match (first(amounts), first(prices), first(quantities)) {
        (None, None, None) => {}
        (Some(_), Some(_), Some(_)) => ground.unsure = true,
        (Some(amount), Some(price), None) => match amount.checked_div(&price) {
            Some(quantity) if quantity.is_positive() => (item.amount, item.quantity) = (amount, quantity),
            Some(_) | None => ground.unsure = true,
        },
        (Some(amount), None, quantity) => (item.amount, item.quantity) = (amount, quantity.unwrap_or_else(Exact::one)),
        (None, price, quantity) => {
            let quantity = quantity.unwrap_or_else(Exact::one);
            (item.amount, item.quantity) = (price.unwrap_or_else(|| Exact::from_int(10)) * &quantity, quantity);
        }
    }
}
