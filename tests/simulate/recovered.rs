//! Populations of known parameters are found again, within what the standard errors promise.

use super::people::People;
use loyal::simulate::fit::{Model, Parameter, Theta, fit_buying, fit_spend};

/// Of a normal error one in 16,000 is further off.
const FAR: f64 = 4.0;

fn within(what: &str, found: &[Parameter], truth: &[f64]) -> f64 {
    let off = |(parameter, truth): (&Parameter, &f64)| {
        let error = parameter.error.unwrap_or_else(|| panic!("{what}: {parameter:?} has no error"));
        let off = (parameter.value - truth) / error;
        assert!(off.abs() < FAR, "{what}: {parameter:?}, in truth {truth}");
        off * off
    };
    found.iter().zip(truth).map(off).sum()
}

#[test]
fn each_model_finds_its_own_members_again() {
    let truths: [(Model, Theta); 3] = [
        (Model::BgNbd, [0.5, 6.0, 0.8, 2.4]),
        (Model::MbgNbd, [0.9, 5.0, 0.7, 1.9]),
        (Model::ParetoNbd, [0.7, 8.0, 0.8, 12.0]),
    ];
    let (mut squares, mut number) = (0.0, 0.0);
    for (model, truth) in truths {
        for seed in 1..=2 {
            let rows = People::new(seed).rows(model, &truth, 3000);
            let fit = fit_buying(model, &rows).expect("a fit");
            squares += within(&format!("{model:?} {seed}"), &fit.parameters(), &truth);
            number += 4.0;
        }
    }
    // The errors are neither far too small nor far too large: their squares are about one on average (24 of them,
    // those of one fit not independent).
    let mean = squares / number;
    assert!((0.3..2.5).contains(&mean), "{mean}");
}

#[test]
fn the_spend_model_finds_its_own_members_again() {
    let truth = [4.0, 3.5, 25.0];
    for seed in 1..=3 {
        let fit = fit_spend(&People::new(seed).spends(truth, 3000)).expect("a fit");
        within(&format!("{seed}"), &fit.parameters(), &truth);
    }
}

#[test]
fn expectations_hold_in_a_population() {
    // What members of a known kind go on to do is what was expected of them, within what chance allows.
    let theta: Theta = [0.7, 8.0, 0.8, 12.0];
    let people = 20_000;
    let rows = People::new(11).rows(Model::ParetoNbd, &theta, people);
    let bought: f64 = rows.iter().map(|row| f64::from(row.x)).sum();
    let expected: f64 = rows.iter().map(|row| Model::ParetoNbd.expected_new(&theta, row.seen)).sum();
    assert!((bought / expected - 1.0).abs() < 0.05, "{bought} {expected}");
    let theta: Theta = [0.9, 5.0, 0.7, 1.9];
    for model in [Model::BgNbd, Model::MbgNbd] {
        let rows = People::new(12).rows(model, &theta, people);
        let bought: f64 = rows.iter().map(|row| f64::from(row.x)).sum();
        let expected: f64 = rows.iter().step_by(40).map(|row| 40.0 * model.expected_new(&theta, row.seen)).sum();
        assert!((bought / expected - 1.0).abs() < 0.05, "{model:?} {bought} {expected}");
    }
}
