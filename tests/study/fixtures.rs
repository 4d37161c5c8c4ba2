//! Two studies with plausible figures: a population with two programs, and a replay of one.

use loyal::simulate::study::*;

type Date = loyal::value::clock::Date;

/// A day; those here exist.
fn day(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).expect("a day of the calendar")
}

/// An estimate with its ends at so many percent around it.
fn about(mid: f64, percent: f64) -> Estimate {
    let reach = mid.abs() * percent / 100.0;
    Estimate { low: mid - reach, mid, high: mid + reach }
}

fn range(low: f64, mid: f64, high: f64) -> Estimate {
    Estimate { low, mid, high }
}

fn month(at: i8) -> Date {
    day(2026, at, 1)
}

/// A population of 10,000 and two ideas for it: points for a coffee club, and a card with stamps.
pub fn population() -> Study {
    Study {
        kind: StudyKind::Population,
        money: "RON".to_owned(),
        decimals: 2,
        from: day(2026, 1, 1),
        until: day(2026, 12, 31),
        members: 10_000,
        worlds: 200,
        seed: 7,
        arms: vec![points(), stamps()],
        beside: vec![Beside {
            arm: 1,
            winners: 3_120,
            losers: 5_480,
            same: 1_400,
            most: vec![
                ("m00417".to_owned(), 112.5, 288.0),
                ("m08812".to_owned(), 96.0, 240.0),
                ("m02201".to_owned(), 310.2, 96.0),
            ],
            deciles: vec![-41.2, -18.7, -6.1, -0.4, 2.2, 3.9, 4.4, 3.1, 1.2, 0.0],
            gain: range(-61_400.0, -22_700.0, 14_100.0),
        }],
        assumptions: vec![
            assumption("lift visits", 2.0, 10.0, "%", Some("Lewis 2004")),
            assumption("lift near reward", 5.0, 20.0, "%", Some("Kivetz, Urminsky, Zheng 2006")),
            assumption("redeem", 40.0, 80.0, "%", None),
            assumption("margin", 30.0, 30.0, "%", None),
            assumption("gap", 12.0, 16.0, "days", None),
        ],
        cautions: vec![
            Caution::Decides { assumption: 0 },
            Caution::OneFigure { assumption: 3 },
            Caution::NoCost { arm: 1, thing: "mug".to_owned() },
            Caution::NotPlayed { arm: 0, what: "draw summer".to_owned() },
        ],
    }
}

fn assumption(name: &str, low: f64, high: f64, unit: &str, source: Option<&str>) -> Assumption {
    Assumption { name: name.to_owned(), low, high, unit: unit.to_owned(), source: source.map(str::to_owned) }
}

/// Months of a program that brings `lift` of sales and costs `cost` of them, each in percent.
fn months(lift: f64, cost: f64) -> Vec<MonthRow> {
    let season = [0.92, 0.90, 1.0, 0.98, 1.03, 1.01, 0.94, 0.91, 1.02, 1.05, 1.08, 1.22];
    let (mut so_far, mut owed) = (-18_000.0, 0.0);
    let rows = season.iter().zip(1i8..).map(|(season, at)| {
        let without = 840_000.0 * season;
        let grown = without * lift / 100.0 * (f64::from(at) / 4.0).min(1.0);
        let given = (without + grown) * 0.02;
        let spent = given * (f64::from(at) / 12.0).min(0.7);
        let expired = if at > 9 { given * 0.2 } else { 0.0 };
        owed += given - spent - expired;
        so_far += grown * 0.3 - (without + grown) * cost / 100.0;
        MonthRow {
            month: month(at),
            sales: about(without + grown, 2.5),
            sales_without: Some(about(without, 2.0)),
            cost: about((without + grown) * cost / 100.0, 12.0),
            given: about(given, 4.0),
            spent: about(spent, 9.0),
            expired: about(expired, 15.0),
            liability: about(owed, 6.0),
            liability_expected: about(owed * 0.74, 9.0),
            active: about(6_800.0 * season, 3.0),
            gain_so_far: Some(range(so_far - 9_000.0 * f64::from(at), so_far, so_far + 9_500.0 * f64::from(at))),
        }
    });
    rows.collect()
}

fn points() -> Arm {
    use Measure::*;
    let money = |measure, low, mid, high| (measure, range(low, mid, high));
    Arm {
        program: "cafenea_points".to_owned(),
        file: "points.loyal".to_owned(),
        measures: vec![
            money(NetGain, -31_200.0, 48_600.0, 131_900.0),
            money(ReturnOnInvestment, -18.0, 29.4, 78.1),
            money(BreakEvenLift, 3.9, 4.4, 5.0),
            money(PaybackMonth, 5.0, 8.0, 12.0),
            money(Sales, 10_210_000.0, 10_640_000.0, 11_050_000.0),
            money(SalesWithout, 9_910_000.0, 10_120_000.0, 10_330_000.0),
            money(IncrementalSales, 310_000.0, 520_000.0, 760_000.0),
            money(IncrementalMargin, 93_000.0, 156_000.0, 228_000.0),
            money(CostAtCost, 78_000.0, 89_400.0, 103_000.0),
            money(CostAtWorth, 156_000.0, 178_800.0, 206_000.0),
            (RunningCost, Estimate::known(18_000.0)),
            money(CostShareOfSales, 0.7, 0.8, 1.0),
            money(PriceOfPoint, 0.0071, 0.0084, 0.0098),
            money(PointsGiven, 10_100_000.0, 10_640_000.0, 11_050_000.0),
            money(PointsSpent, 4_900_000.0, 5_870_000.0, 6_800_000.0),
            money(PointsExpired, 1_200_000.0, 1_510_000.0, 1_890_000.0),
            money(LiabilityFace, 48_000.0, 65_200.0, 81_000.0),
            money(LiabilityExpected, 35_000.0, 48_200.0, 61_000.0),
            money(RedemptionRate, 48.0, 55.2, 62.0),
            money(Breakage, 16.0, 20.5, 26.0),
            (Members, Estimate::known(10_000.0)),
            money(ActiveRate, 78.0, 81.3, 84.0),
            money(RepeatRate, 71.0, 74.9, 78.0),
            money(PurchaseFrequency, 23.1, 24.9, 26.8),
            money(AverageBasket, 42.1, 42.7, 43.3),
            money(ChurnRate, 15.0, 18.2, 22.0),
            money(EverRewarded, 58.0, 63.4, 69.0),
            money(MonthsToFirstReward, 2.6, 3.1, 3.9),
            (MeasurableLift, Estimate::known(3.1)),
        ],
        rules: vec![
            rule("earn base", 249_000.0, Some(("point", 8_500_000.0)), 64_100.0, 128_200.0),
            rule("bonus happy_hour", 41_000.0, Some(("point", 2_140_000.0)), 21_900.0, 43_800.0),
            rule("gift birthday", 7_900.0, None, 3_400.0, 6_800.0),
        ],
        uses: Vec::new(),
        months: months(5.6, 0.9),
        cuts: vec![
            deciles(&[21_400.0, 11_900.0, 7_300.0, 4_800.0, 2_900.0, 1_400.0, 300.0, -400.0, -500.0, -500.0]),
            Cut {
                by: CutBy::Tier("status".to_owned()),
                rows: vec![
                    cut_row("regular", 7_400.0, 4_900_000.0, 31_000.0),
                    cut_row("gold", 2_600.0, 5_740_000.0, 17_600.0),
                ],
            },
            Cut {
                by: CutBy::Segment,
                rows: vec![
                    cut_row("commuters", 2_000.0, 3_900_000.0, 22_800.0),
                    cut_row("students", 1_500.0, 900_000.0, -1_900.0),
                ],
            },
        ],
        aged: (1..=6)
            .map(|at| Aged {
                unit: "point".to_owned(),
                month: Some(day(2027, at, 1)),
                points: 700_000.0 + 90_000.0 * f64::from(at),
                worth: 7_000.0 + 900.0 * f64::from(at),
            })
            .chain([Aged { unit: "token".to_owned(), month: None, points: 1_250.0, worth: 6_250.0 }])
            .collect(),
        first_reward: vec![0.04, 0.17, 0.33, 0.44, 0.51, 0.55, 0.58, 0.60, 0.61, 0.62, 0.63, 0.634],
        migration: vec![
            ("regular".to_owned(), "regular".to_owned(), 7_200.0),
            ("regular".to_owned(), "gold".to_owned(), 1_450.0),
            ("gold".to_owned(), "gold".to_owned(), 1_150.0),
            ("gold".to_owned(), "regular".to_owned(), 200.0),
        ],
        tornado: vec![
            TornadoBar { assumption: 1, at_low: 31_000.0, at_high: 69_500.0 },
            TornadoBar { assumption: 0, at_low: -52_300.0, at_high: 149_800.0 },
            TornadoBar { assumption: 2, at_low: 71_000.0, at_high: 27_400.0 },
            TornadoBar { assumption: 4, at_low: 52_200.0, at_high: 45_100.0 },
        ],
        objectives: vec![
            ObjectiveRow {
                text: "objective retain, repeat rate at least 70%".to_owned(),
                came_to: Some("74.9%".to_owned()),
                met: Some(0.96),
            },
            ObjectiveRow { text: "objective owed, liability at most 60000 RON".to_owned(), came_to: None, met: None },
        ],
        trial: Some(trial()),
    }
}

/// Eight weeks are enough; of three pilots one is large enough, one keeps nobody back, one is in stores.
fn trial() -> Trial {
    let size = |weeks, members, known_before| TrialSize { weeks, members, known_before };
    let written =
        |name: &str, days, with, without, tells| TrialWritten { name: name.to_owned(), days, with, without, tells };
    Trial {
        lift: 4.4,
        sizes: vec![
            size(4, 6_180, Some(4_012)),
            size(8, 3_804, Some(1_911)),
            size(13, 2_960, Some(1_204)),
            size(26, 2_377, Some(801)),
            size(52, 2_102, None),
        ],
        shortest: Some(1),
        worth_of_knowing: Some(9_420.0),
        worth_of_trial: Some(6_115.0),
        written: vec![
            written("spring", 84, Some(2_500), Some(2_500), Some(3.6)),
            written("taste", 14, Some(900), Some(100), Some(21.4)),
            written("open", 59, Some(10_000), Some(0), None),
            written("gara", 59, None, None, None),
        ],
    }
}

fn stamps() -> Arm {
    use Measure::*;
    let money = |measure, low, mid, high| (measure, range(low, mid, high));
    Arm {
        program: "cafenea_stamps".to_owned(),
        file: "stamps.loyal".to_owned(),
        measures: vec![
            money(NetGain, -58_000.0, 25_900.0, 96_000.0),
            money(ReturnOnInvestment, -31.0, 15.1, 55.0),
            money(BreakEvenLift, 4.1, 4.7, 5.3),
            money(Sales, 10_180_000.0, 10_590_000.0, 11_000_000.0),
            money(SalesWithout, 9_910_000.0, 10_120_000.0, 10_330_000.0),
            money(IncrementalSales, 280_000.0, 470_000.0, 690_000.0),
            money(IncrementalMargin, 84_000.0, 141_000.0, 207_000.0),
            money(CostAtCost, 82_000.0, 97_100.0, 115_000.0),
            (RunningCost, Estimate::known(18_000.0)),
            money(CostShareOfSales, 0.8, 0.9, 1.1),
            money(EverRewarded, 66.0, 71.8, 77.0),
        ],
        rules: vec![
            rule("card ten", 231_000.0, None, 97_100.0, 194_200.0),
            rule("gift mug", 400.0, None, 0.0, 3_200.0),
        ],
        uses: Vec::new(),
        months: months(4.9, 0.92),
        cuts: vec![deciles(&[
            12_100.0, 8_200.0, 5_400.0, 3_300.0, 1_600.0, 300.0, -700.0, -1_400.0, -1_500.0, -1_400.0,
        ])],
        aged: Vec::new(),
        first_reward: vec![0.09, 0.28, 0.43, 0.54, 0.61, 0.65, 0.68, 0.70, 0.71, 0.715, 0.717, 0.718],
        migration: Vec::new(),
        tornado: vec![
            TornadoBar { assumption: 0, at_low: -70_200.0, at_high: 118_000.0 },
            TornadoBar { assumption: 1, at_low: 8_800.0, at_high: 44_100.0 },
        ],
        objectives: Vec::new(),
        trial: None,
    }
}

fn rule(name: &str, times: f64, points: Option<(&str, f64)>, cost: f64, worth: f64) -> RuleRow {
    RuleRow {
        name: name.to_owned(),
        times: about(times, 3.0),
        points: points.map(|(unit, points)| (unit.to_owned(), about(points, 4.0))),
        cost: about(cost, 14.0),
        worth: about(worth, 14.0),
    }
}

fn cut_row(name: &str, members: f64, sales: f64, gain: f64) -> CutRow {
    CutRow {
        name: name.to_owned(),
        members,
        sales: about(sales, 4.0),
        given: about(sales * 0.017, 8.0),
        cost: about(sales * 0.0085, 8.0),
        gain: Some(about(gain, 45.0)),
    }
}

fn deciles(gains: &[f64]) -> Cut {
    let rows =
        gains.iter().zip(1..).map(|(gain, at)| cut_row(&at.to_string(), 1_000.0, 3_000_000.0 / f64::from(at), *gain));
    Cut { by: CutBy::Decile, rows: rows.collect() }
}

/// A shop's real year with the club it thinks of; all figures are known. Names of all kinds.
pub fn replay() -> Study {
    use Measure::*;
    let known = Estimate::known;
    let months = (1i8..=6).map(|at| {
        let sales = 41_250.5 + 1_800.25 * f64::from(at);
        MonthRow {
            month: day(2025, at, 1),
            sales: known(sales),
            sales_without: None,
            cost: known(310.5 + 12.0 * f64::from(at)),
            given: known(sales * 0.02),
            spent: known(sales * 0.012),
            expired: known(0.0),
            liability: known(sales * 0.008 * f64::from(at)),
            liability_expected: known(sales * 0.006 * f64::from(at)),
            active: known(412.0 + f64::from(at)),
            gain_so_far: None,
        }
    });
    let row = |name: &str, members: f64, sales: f64, given: f64| CutRow {
        name: name.to_owned(),
        members,
        sales: known(sales),
        given: known(given),
        cost: known(given / 2.0),
        gain: None,
    };
    Study {
        kind: StudyKind::Replay,
        money: "ILS".to_owned(),
        decimals: 2,
        from: day(2025, 1, 1),
        until: day(2025, 6, 30),
        members: 1_204,
        worlds: 0,
        seed: 1,
        arms: vec![Arm {
            program: "מועדון <b>הקפה</b>".to_owned(),
            file: "club.loyal".to_owned(),
            measures: vec![
                (Sales, known(285_306.75)),
                (CostAtCost, known(2_115.0)),
                (CostAtWorth, known(4_230.0)),
                (CostShareOfSales, known(0.741)),
                (PriceOfPoint, known(0.0371)),
                (PointsGiven, known(57_061.0)),
                (PointsSpent, known(34_237.0)),
                (RedemptionRate, known(60.0)),
                (Breakage, known(f64::NAN)),
                (LiabilityFace, known(2_282.45)),
                (Members, known(1_204.0)),
                (PurchaseFrequency, known(7.4)),
            ],
            rules: vec![
                RuleRow {
                    name: "earn base".to_owned(),
                    times: known(8_910.0),
                    points: Some(("כוכב".to_owned(), known(57_061.0))),
                    cost: known(1_904.0),
                    worth: known(3_808.0),
                },
                RuleRow {
                    name: "=cmd|' /C calc'!A0".to_owned(),
                    times: known(12.0),
                    points: None,
                    cost: known(211.0),
                    worth: known(422.0),
                },
            ],
            uses: Vec::new(),
            months: months.collect(),
            cuts: vec![
                Cut {
                    by: CutBy::Decile,
                    rows: (1..=10)
                        .map(|at| {
                            let share = f64::from(11 - at) / 55.0;
                            row(&at.to_string(), 120.0, 285_306.75 * share, 4_230.0 * share)
                        })
                        .collect(),
                },
                Cut {
                    by: CutBy::Store,
                    rows: vec![row("Gara", 640.0, 170_100.5, 2_500.0), row("חיפה", 702.0, 115_206.25, 1_730.0)],
                },
            ],
            aged: vec![Aged {
                unit: "כוכב".to_owned(),
                month: Some(day(2025, 12, 1)),
                points: 22_824.0,
                worth: 2_282.4,
            }],
            first_reward: vec![0.11, 0.24, 0.31, 0.35, 0.38, 0.4],
            migration: Vec::new(),
            tornado: Vec::new(),
            objectives: vec![ObjectiveRow {
                text: "objective cost, reward cost rate at most 1%".to_owned(),
                came_to: Some("0.7%".to_owned()),
                met: Some(1.0),
            }],
            trial: None,
        }],
        beside: Vec::new(),
        assumptions: Vec::new(),
        cautions: vec![Caution::NoBehaviourChange, Caution::Rejected { arm: 0, events: 21 }],
    }
}

/// A study that found nothing: every part is empty.
pub fn nothing() -> Study {
    let mut study = replay();
    let arm = &mut study.arms[0];
    *arm = Arm {
        program: "empty".to_owned(),
        file: "empty.loyal".to_owned(),
        measures: Vec::new(),
        rules: Vec::new(),
        uses: Vec::new(),
        months: Vec::new(),
        cuts: Vec::new(),
        aged: Vec::new(),
        first_reward: Vec::new(),
        migration: Vec::new(),
        tornado: Vec::new(),
        objectives: Vec::new(),
        trial: None,
    };
    study.cautions.clear();
    study
}
