//! check, test, explain and fmt, from the outside.

use super::loyal::Folder;

/// A program with one mistake.
fn broken() -> Folder {
    let folder = Folder::with("points", "en");
    folder.edit("shop/program.loyal", "+100% of base", "+100% of bass");
    folder
}

#[test]
fn a_wrong_program_is_one_in_every_verb() {
    let folder = broken();
    let checked = folder.loyal(&["check", "shop"]).code(1);
    assert!(checked.out.contains("bass") && checked.err.is_empty());
    for arguments in [&["run", "shop", "--out", "out"][..], &["explain", "shop", "--member", "ana"], &["test", "shop"]]
    {
        folder.loyal(arguments).code(1).says(&["bass"]);
    }
    assert!(!folder.path("out").exists());
}

#[test]
fn findings_come_as_json_sarif_and_workflow_commands() {
    let folder = broken();
    let json = folder.loyal(&["check", "shop", "--format", "json"]).code(1).out;
    serde_json::from_str::<serde_json::Value>(&json).expect("JSON");
    let sarif = folder.loyal(&["check", "shop", "--format", "sarif"]).code(1).out;
    let sarif: serde_json::Value = serde_json::from_str(&sarif).expect("JSON");
    assert_eq!(sarif["version"], "2.1.0");
    assert!(folder.loyal(&["check", "shop", "--format", "github"]).code(1).out.starts_with("::error "));
}

#[test]
fn several_programs_are_checked_together() {
    let folder = broken();
    folder.loyal(&["new", "cafe", "--like", "coffee"]).code(0);
    let came = folder.loyal(&["check", "."]).code(1);
    assert!(came.out.contains("shop") && came.out.contains("bass"), "{}", came.out);
    folder.loyal(&["check", "cafe"]).code(0);
}

#[test]
fn a_program_comes_from_standard_input() {
    let folder = Folder::with("points", "en");
    let program = folder.read("shop/program.loyal");
    folder.loyal_reading(&program, &["check", "-"]).code(0);
    folder.loyal_reading(&program.replace("of base", "of bass"), &["check", "-"]).code(1);
}

#[test]
fn a_failed_example_shows_what_came_and_why() {
    let folder = Folder::with("points", "en");
    folder.edit("shop/program.loyal", "earns 21 stars", "earns 22 stars");
    let came = folder.loyal(&["test", "shop", "--junit", "results.xml"]).code(1);
    insta::assert_snapshot!("test_failed", came.out);
    let junit = folder.read("results.xml");
    assert!(junit.contains("failures=\"1\"") && junit.contains("22"), "{junit}");
}

#[test]
fn a_recorded_history_is_compared_and_accepted() {
    let folder = Folder::with("points", "en");
    let recorded = folder.read("shop/expected.csv");
    folder.edit("shop/program.loyal", "0.05 GBP each", "0.06 GBP each");
    folder.loyal(&["test", "shop"]).code(0);
    folder.edit("shop/program.loyal", "price    60 stars", "price    70 stars");
    let came = folder.loyal(&["test", "shop"]).code(1);
    assert!(came.out.contains("is recorded as") && came.out.contains("the run says"), "{}", came.out);
    assert_eq!(folder.read("shop/expected.csv"), recorded, "nothing is accepted unasked");
    folder.loyal(&["test", "shop", "--accept"]).code(0);
    assert_ne!(folder.read("shop/expected.csv"), recorded);
    folder.loyal(&["test", "shop"]).code(0);
    folder.write("shop/expected.csv", "as_of,member,what\n2026-01-01,ana,balance:star\n");
    folder.loyal(&["test", "shop"]).code(2).says(&["expected.csv", "`value`"]);
    folder.write("shop/expected.csv", "as_of,member,what,value\nsoon,ana,balance:star,1\n");
    folder.loyal(&["test", "shop"]).code(2).says(&["expected.csv, row 2", "`as_of`", "soon"]);
}

#[test]
fn explanations_add_up() {
    for like in ["points", "tiers", "cashback"] {
        let folder = Folder::with(like, "en");
        let came = folder.loyal(&["explain", "shop", "--member", "ana"]).code(0);
        insta::assert_snapshot!(format!("explain_{like}"), came.out);
        let json = folder.loyal(&["explain", "shop", "--member", "ana", "--format", "json"]).code(0).out;
        let said: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        for account in said["accounts"].as_array().expect("a list") {
            assert_eq!(account["adds_up"], true, "{json}");
        }
    }
    for lang in ["he", "ar", "ro"] {
        let folder = Folder::with("points", lang);
        let member = if lang == "he" {
            "דנה"
        } else if lang == "ar" {
            "ليلى"
        } else {
            "ana"
        };
        let came = folder.loyal(&["explain", "shop", "--member", member]).code(0);
        insta::assert_snapshot!(format!("explain_{lang}"), came.out);
    }
}

#[test]
fn formatting_changes_only_what_is_out_of_shape() {
    let folder = Folder::with("points", "en");
    let shaped = folder.read("shop/program.loyal");
    folder.edit("shop/program.loyal", "  money    GBP", "\tmoney GBP  ");
    let checked = folder.loyal(&["fmt", "--check", "shop"]).code(1);
    assert_eq!(checked.out.trim(), "shop/program.loyal");
    let piped = folder.loyal_reading(&folder.read("shop/program.loyal"), &["fmt", "-"]).code(0);
    assert_eq!(piped.out, shaped);
    folder.loyal(&["fmt", "shop"]).code(0);
    assert_eq!(folder.read("shop/program.loyal"), shaped);
    folder.write("shop/program.loyal", "loyal 1\n\nprogram {{{\n");
    folder.loyal(&["fmt", "shop"]).code(1);
    assert_eq!(folder.read("shop/program.loyal"), "loyal 1\n\nprogram {{{\n", "what cannot be read is left alone");
}

#[cfg(unix)]
#[test]
fn a_link_leads_no_program_out_of_its_folder() {
    let folder = Folder::with("points", "en");
    folder.write("secret.loyal", "loyal 1\n\ngift key {\n  service \"a key\"\n  costs 1 GBP\n}\n");
    folder.write("secret.csv", "sku\nA\n");
    for name in ["secret.loyal", "secret.csv"] {
        std::os::unix::fs::symlink(folder.path(name), folder.path(&format!("shop/{name}"))).expect("a link");
    }
    let good = folder.read("shop/program.loyal");
    folder.write("shop/program.loyal", good.replacen("loyal 1\n", "loyal 1\nuse \"secret.loyal\"\n", 1));
    let came = folder.loyal(&["check", "shop"]).code(1);
    assert!(came.out.contains("leads out of the program's folder") && !came.out.contains("a key"), "{}", came.out);
    folder.write("shop/program.loyal", format!("{good}\nlist known from \"secret.csv\" column sku\n"));
    let came = folder.loyal(&["check", "shop"]).code(1);
    assert!(came.out.contains("outside the program's folder"), "{}", came.out);
    // A link beside its target stays inside, and so does the program's own file where it is one.
    folder.write("shop/more.loyal", folder.read("secret.loyal"));
    std::os::unix::fs::symlink("more.loyal", folder.path("shop/link.loyal")).expect("a link");
    folder.write("shop/program.loyal", good.replacen("loyal 1\n", "loyal 1\nuse \"link.loyal\"\n", 1));
    folder.loyal(&["check", "shop/program.loyal"]).code(0);
}

#[test]
fn a_plan_says_how_a_program_runs() {
    let folder = Folder::new();
    let programs = concat!(env!("CARGO_MANIFEST_DIR"), "/programs");
    let mut plans = String::new();
    for program in ["coffee", "driving-club", "growing-discount-card", "lottery-mall", "app-streaks"] {
        plans += &folder.loyal(&["run", &format!("{programs}/{program}"), "--plan"]).code(0).out;
        plans.push('\n');
    }
    insta::assert_snapshot!("plans", plans);
}
