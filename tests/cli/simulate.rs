//! `loyal simulate`: a program's worth before it is launched.

use super::loyal::Folder;

const PROGRAM: &str = r#"loyal 1

program cafe {
  money    RON
  clock    zone "Europe/Bucharest"
}

points star plural stars {
  worth    0.10 RON each
  pending  14 days
}

earn base {
  on       purchase
  give     1 star per 2 RON
}

reward coffee {
  price    60 stars
  costs    3 RON
  value    9 RON
}
"#;

const FIGURES: &str = "members=60,visits=3,basket=30,margin=60,lift=2..10%";

fn cafe() -> Folder {
    let folder = Folder::new();
    folder.write("cafe/program.loyal", PROGRAM);
    folder
}

#[test]
fn five_figures_are_enough() {
    let came = cafe().loyal(&["simulate", "cafe", "--quick", FIGURES, "--seeds", "3", "--quiet"]).code(0);
    for line in [
        "60 members simulated from 1 January 2026 to 31 December 2026",
        "Net gain",
        "Break-even lift",
        "Owed, expected use",
    ] {
        assert!(came.out.contains(line), "{line}: {}", came.out);
    }
}

#[test]
fn the_same_seed_says_the_same_whatever_the_threads() {
    let folder = cafe();
    let told = |threads: &str, seed: &str| {
        let all = ["simulate", "cafe", "--quick", FIGURES, "--seeds", "2", "--format", "json"];
        folder.loyal(&[&all[..], &["--threads", threads, "--seed", seed]].concat()).code(0).out
    };
    assert_eq!(told("1", "7"), told("3", "7"));
    assert_ne!(told("1", "7"), told("1", "8"));
}

#[test]
fn who_buys_has_to_be_said() {
    let folder = cafe();
    let wrong = |more: &[&str], says: &str| {
        let came = folder.loyal(&[&["simulate", "cafe", "--quiet"], more].concat()).code(3);
        assert!(came.err.contains(says), "{says}: {}", came.err);
    };
    wrong(&[], "who buys? Name a history (--events FILE), write a `scenario` block, or say five figures");
    wrong(&["--scenario", "next_year"], "no program here has a scenario `next_year`; there is none");
    wrong(&["--quick", "members=60,visits=3"], "missing: basket, margin, lift");
    wrong(&["--quick", "members=60,visits=3,basket=x,margin=60,lift=2"], "`x` is no number");
    wrong(&["--quick", "members=60,visits=3,basket=30,margin=60,lift=10..2"], "write the lower figure first");
    wrong(&["--quick", "members=60,visits=0,basket=30,margin=60,lift=2"], "`visits` has to be more than 0");
}
