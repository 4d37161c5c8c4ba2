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
fn two_programs_of_one_name_are_told_apart_by_their_files() {
    let folder = cafe();
    folder.write("dearer/program.loyal", PROGRAM.replace("price    60", "price    90"));
    let both = ["simulate", "cafe", "dearer", "--quick", FIGURES, "--seeds", "0", "--quiet"];
    let came = folder.loyal(&both).code(0);
    for name in ["cafe (cafe)", "cafe (dearer)"] {
        assert!(came.out.contains(name), "{name}: {}", came.out);
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
    let items = |items: &str| format!("{FIGURES},items={items}");
    wrong(&["--quick", &items("coffee")], "`coffee` has no share; write items=coffee:60+cake:40");
    wrong(&["--quick", &items("coffee:60+coffee:20")], "`coffee:20`: name each category once, with a share above 0");
    wrong(&["--quick", &items("coffee:60+cake:50")], "come to 110%, and all baskets together are 100%");
}

const CONTINUED: &str = r#"
scenario goes_on {
  members    200
  purchases  like history "till.csv", 20% new
  lift       visits 0% to 5%
  margin     40%
  months     3
}
"#;

/// Forty members who buy every few days, at a till; the last day is 24 December 2025.
fn going_on(purchases: &str) -> Folder {
    let folder = cafe();
    folder.write("cafe/program.loyal", format!("{PROGRAM}{purchases}"));
    let mut events = String::from("id,time,type,member,amount\n");
    for member in 0..40_u64 {
        let mut day = jiff::civil::date(2025, 9, 1) + jiff::Span::new().days(member as i64 % 9);
        for nth in 0..=(member * member) % 12 {
            events.push_str(&format!("p{member}-{nth},{day},purchase,m{member},{}.50\n", 8 + (member + nth) % 13));
            day += jiff::Span::new().days(3 + ((member * 7 + nth * 5) % 8) as i64);
        }
    }
    events.push_str("last,2025-12-24,purchase,m1,12.00\n");
    folder.write("cafe/till.csv", events);
    folder
}

#[test]
fn a_history_goes_on_from_the_day_behind_it() {
    let folder = going_on(CONTINUED);
    let told = |threads: &str| {
        let all = ["simulate", "cafe", "--seeds", "3", "--format", "json", "--threads", threads];
        folder.loyal(&all).code(0).out
    };
    let once = told("1");
    assert_eq!(once, told("2"), "the same seed, the same bytes");
    let data: serde_json::Value = serde_json::from_str(&once).expect("JSON");
    assert_eq!((data["from"].as_str(), data["until"].as_str()), (Some("2025-12-25"), Some("2026-03-24")));
    assert_eq!(data["members"], 200);
    let later = ["simulate", "cafe", "--seeds", "3", "--format", "json", "--from", "2026-02-01"];
    let data: serde_json::Value = serde_json::from_str(&folder.loyal(&later).code(0).out).expect("JSON");
    assert_eq!(data["from"], "2026-02-01");
}

#[test]
fn a_history_that_goes_on_lies_in_the_folder_of_the_program() {
    let folder = going_on(CONTINUED);
    folder.write("secret.csv", "id,time,type,member,amount\n");
    let absolute = folder.path("secret.csv").display().to_string();
    for place in ["../secret.csv", "../cafe/../secret.csv", absolute.as_str()] {
        let written = CONTINUED.replace("till.csv", place);
        folder.write("cafe/program.loyal", format!("{PROGRAM}{written}"));
        folder.loyal(&["simulate", "cafe"]).code(3).says(&["lies outside the program's folder", place]);
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.path("secret.csv"), folder.path("cafe/link.csv")).expect("a link");
        let written = CONTINUED.replace("till.csv", "link.csv");
        folder.write("cafe/program.loyal", format!("{PROGRAM}{written}"));
        folder.loyal(&["simulate", "cafe"]).code(3).says(&["lies outside the program's folder"]);
    }
}

#[test]
fn a_history_that_tells_too_little_cannot_go_on() {
    let folder = going_on(CONTINUED);
    let file = folder.path("cafe/till.csv").display().to_string();
    let with = |events: &str| {
        folder.write("cafe/till.csv", format!("id,time,type,member,amount\n{events}"));
        folder.loyal(&["simulate", "cafe"])
    };
    with("").code(2).says(&["till.csv: nothing can be fitted: no member bought anything"]);
    with("1,2025-12-01,purchase,ana,5\n2,2025-12-02,purchase,ben,5\n").code(2).says(&["nobody bought again"]);
    let tiny = "1,2025-12-01,purchase,ana,5\n2,2025-12-05,purchase,ana,5\n3,2025-12-02,purchase,ben,5\n";
    with(tiny).code(2).says(&["of 2 members only 1 bought again, and at least 10 are needed"]);
    std::fs::remove_file(&file).expect("the history");
    folder.loyal(&["simulate", "cafe"]).code(2).says(&["till.csv: there is no such file"]);
}

/// A fit is shown as a page and as a workbook too, and in the language that is asked for.
#[test]
fn a_fit_has_a_page_and_a_workbook() {
    let folder = going_on("");
    let all = ["simulate", "cafe", "--fit", "--events", "cafe/till.csv", "--holdout", "4", "--quiet"];
    let with = |more: &[&str]| folder.loyal(&[&all[..], more].concat());
    let came = with(&["--report", "fit.html", "--xlsx", "fit.xlsx", "--lang", "ro"]).code(0);
    assert!(came.out.contains("Cât valorează un membru"), "{}", came.out);
    let page = std::fs::read_to_string(folder.path("fit.html")).expect("the page");
    assert!(page.contains("<html lang=\"ro\" dir=\"ltr\">") && page.contains("Cum cumpără membrii?"));
    assert!(std::fs::read(folder.path("fit.xlsx")).expect("the workbook").starts_with(b"PK"));
    with(&["--report", "nowhere/fit.html"]).code(4);
    let data = with(&["--format", "json", "--report", "again.html"]).code(0).out;
    assert!(serde_json::from_str::<serde_json::Value>(&data).is_ok());
    assert!(std::fs::read_to_string(folder.path("again.html")).expect("the page").contains("How do members buy?"));
}
