//! Histories that tell little are said to tell little: no optimum is invented.

use super::people::{People, day, purchase};
use loyal::simulate::fit::{
    Ahead, Bought, Doubt, FitReport, Model, Purchase, Row, Span, Unfit, Unit, Wanted, fit, fit_buying, fit_spend,
};

const SPAN: Span = Span { unit: Unit::Weeks, merge_days: true, until: None, holdout: Some(0), last: None };
const AHEAD: Ahead = Ahead { weeks: 52, discount: 10.0, seed: 1, draws: 40 };

fn fitted(purchases: Vec<Purchase>, span: Span) -> Result<FitReport, Unfit> {
    let bought = Bought { purchases, ..Bought::default() };
    fit(&bought, "EUR", &Wanted { span, model: None, ahead: AHEAD })
}

#[track_caller]
fn refused(purchases: Vec<Purchase>, words: &[&str]) {
    let said = fitted(purchases, SPAN).expect_err("no fit").to_string();
    words.iter().for_each(|words| assert!(said.contains(words), "{words:?} is not in: {said}"));
}

#[test]
fn an_empty_history_is_refused() {
    refused(Vec::new(), &["no member bought anything"]);
}

#[test]
fn one_member_tells_nothing_of_how_members_differ() {
    refused(
        (0..30).map(|week| purchase("ana", week * 7)).collect(),
        &["of one member only 1 bought again", "at least 10"],
    );
}

#[test]
fn where_nobody_comes_back_nothing_is_fitted() {
    let once = (0..200).map(|member| purchase(&format!("m{member}"), member % 90)).collect();
    refused(once, &["200 members bought", "nobody bought again", "longer"]);
}

#[test]
fn a_day_outside_the_history_is_refused() {
    let weekly = || (0..30).map(|week| purchase("ana", week * 7)).collect();
    let outside = fitted(weekly(), Span { until: Some(day(900)), ..SPAN });
    assert!(matches!(outside, Err(Unfit::OutsideHistory { .. })), "{outside:?}");
    let long = fitted(weekly(), Span { holdout: Some(40), ..SPAN });
    assert!(matches!(long, Err(Unfit::HoldoutTooLong { weeks: 40, .. })), "{long:?}");
}

#[test]
fn who_buys_by_the_clock_is_not_fitted_without_a_word() {
    let mut purchases = Vec::new();
    for member in 0..60 {
        purchases.extend((0..40).map(|week| purchase(&format!("m{member}"), member % 7 + week * 7)));
    }
    match fitted(purchases, SPAN) {
        Err(unfit) => assert!(matches!(unfit, Unfit::NotSettled { .. }), "{unfit}"),
        Ok(report) => {
            assert!(report.doubts.iter().any(|doubt| matches!(doubt, Doubt::RunsAway { .. })), "{:?}", report.doubts);
            assert!(report.models.iter().all(|model| !model.settled), "{:?}", report.models);
            assert!(report.outlook.purchases.low.is_none(), "no range where there is no honest one");
            // All the same: she who bought every week is expected to go on about so.
            let each = report.outlook.purchases.value / 60.0;
            assert!((40.0..56.0).contains(&each), "{each}");
        }
    }
}

#[test]
fn where_nobody_leaves_the_forecast_says_so() {
    // Bought at random, at rates of their own, to the end: leaving cannot be estimated.
    for model in Model::ALL {
        let rows = People::new(5).rows(model, &[1.0, 4.0, 0.001, 100.0], 800);
        let Some(fit) = fit_buying(model, &rows) else { continue };
        let warned = |doubt: &Doubt| matches!(doubt, Doubt::RunsAway { .. } | Doubt::Wide { .. });
        assert!(fit.doubts.iter().any(warned), "{model:?} {:?} {:?}", fit.theta, fit.parameters());
        assert!((fit.theta[0] - 1.0).abs() < 0.3, "{model:?} {:?}", fit.theta);
    }
}

#[test]
fn where_all_leave_alike_the_beta_runs_away_and_its_mean_stays() {
    // Everyone leaves with a probability of a fifth after each purchase: a and b grow without end, a/(a+b) does not.
    let rows = People::new(7).rows(Model::BgNbd, &[0.8, 4.0, 2000.0, 8000.0], 3000);
    let fit = fit_buying(Model::BgNbd, &rows).expect("a fit");
    let [.., a, b] = fit.theta;
    assert!((a / (a + b) - 0.2).abs() < 0.02, "{:?}", fit.theta);
    let warned = |doubt: &Doubt| matches!(doubt, Doubt::RunsAway { .. } | Doubt::Wide { .. });
    assert!(fit.doubts.iter().any(warned) || a < 100.0, "{:?} {:?}", fit.theta, fit.doubts);
    assert!(fit.log_likelihood.is_finite());
}

#[test]
fn very_many_purchases_and_no_time_at_all_do_no_harm() {
    let rows = [
        Row { x: 20_000, last: 39.9, seen: 40.0, members: 1.0 },
        Row { x: 0, last: 0.0, seen: 0.0, members: 50.0 },
        Row { x: 1, last: 0.0, seen: 0.0, members: 3.0 },
        Row { x: 3, last: 0.1, seen: 40.0, members: 40.0 },
    ];
    for model in Model::ALL {
        if let Some(fit) = fit_buying(model, &rows) {
            assert!(fit.log_likelihood.is_finite() && fit.theta.iter().all(|value| value.is_finite()), "{fit:?}");
            for row in &rows {
                let (alive, more) =
                    (model.alive(&fit.theta, row.x, row.last, row.seen), model.expected(&fit.theta, row, 52.0));
                assert!((0.0..=1.0).contains(&alive), "{model:?} {row:?} {alive}");
                assert!(more.is_finite() && more >= 0.0, "{model:?} {row:?} {more}");
            }
        }
    }
    assert!(fit_buying(Model::BgNbd, &[Row { x: 0, last: 0.0, seen: 0.0, members: 9.0 }]).is_none());
}

#[test]
fn spends_that_tell_nothing_are_refused() {
    assert!(fit_spend(&[]).is_err());
    assert!(fit_spend(&[(3, 20.0); 50]).expect_err("all alike").to_string().contains("the same each time"));
}

#[test]
fn few_members_and_few_weeks_are_told() {
    let rows = People::new(3).rows(Model::BgNbd, &[1.0, 4.0, 0.8, 2.4], 80);
    let mut purchases = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let name = format!("m{at}");
        let of = |share: f64| {
            #[expect(clippy::cast_possible_truncation, reason = "some days")]
            let days = (row.last * share) as i32;
            days
        };
        purchases.push(purchase(&name, 0));
        let again = (1..=row.x).map(|nth| purchase(&name, of(f64::from(nth) / f64::from(row.x)) * 2));
        purchases.extend(again);
    }
    let report = fitted(purchases, SPAN).expect("a fit");
    let has = |which: fn(&Doubt) -> bool| report.doubts.iter().any(which);
    assert!(has(|doubt| matches!(doubt, Doubt::FewRepeaters(_))), "{:?}", report.doubts);
    assert!(has(|doubt| matches!(doubt, Doubt::ShortHistory { .. })), "{:?}", report.doubts);
    assert!(has(|doubt| matches!(doubt, Doubt::NoHoldout)), "{:?}", report.doubts);
}
