//! A walk along everything that can be wrong around a run: what is said, which exit code, and that
//! nothing is half written. One row a mistake; the messages are one snapshot.

use super::loyal::Folder;

/// A mistake: its name, the events file (none: as it is), what is run, the exit code.
struct Wrong {
    name: &'static str,
    events: Option<Vec<u8>>,
    arguments: &'static [&'static str],
    code: i32,
}

const RUN: &[&str] = &["run", "shop", "--events", "till.csv", "--out", "out", "--facts", "facts.csv"];
const HEADER: &str = "id,time,type,member,amount,currency,qty\n";

fn rows(rows: &str) -> Option<Vec<u8>> {
    Some(format!("{HEADER}{rows}").into_bytes())
}

fn late(row: &str) -> Option<Vec<u8>> {
    let good = (1..69_999).map(|at| format!("e{at},2026-01-05 10:00,purchase,ana,1.00,GBP,\n"));
    rows(&good.chain([row.to_string()]).collect::<String>())
}

fn all() -> Vec<Wrong> {
    let data = |name, events| Wrong { name, events, arguments: RUN, code: 2 };
    let command = |name, arguments, code| Wrong {
        name,
        events: rows("p1,2026-01-05 10:00,purchase,ana,24.60,GBP,\n"),
        arguments,
        code,
    };
    vec![
        data("missing column", Some(b"id,time,type,amount\np1,2026-01-05,purchase,24.60\n".to_vec())),
        data("bad date on row 70,000", late("e70000,2026-02-31 10:00,purchase,ana,1.00,GBP,\n")),
        data("wrong currency", rows("p1,2026-01-05 10:00,purchase,ana,24.60,EUR,\n")),
        data(
            "id twice with other contents",
            rows("p1,2026-01-05 10:00,purchase,ana,24.60,GBP,\np1,2026-01-06 10:00,purchase,ana,24.60,GBP,\n"),
        ),
        data("negative quantity", rows("p1,2026-01-05 10:00,purchase,ana,24.60,GBP,-2\n")),
        data("Latin-1", Some([HEADER.as_bytes(), b"p1,2026-01-05 10:00,purchase,Andr\xe9,24.60,GBP,\n"].concat())),
        data("empty file", Some(Vec::new())),
        data("no such file", None),
        command("a folder for a file", &["run", "shop", "--events", "shop", "--out", "out"], 2),
        command("--out that is a file", &["run", "shop", "--out", "till.csv"], 3),
        command("--facts that is a folder", &["run", "shop", "--facts", "shop", "--out", "out"], 3),
        #[cfg(target_os = "linux")]
        command("a folder nobody can write into", &["run", "shop", "--out", "/proc/out"], 4),
        #[cfg(target_os = "linux")]
        command("a full disk", &["run", "shop", "--facts", "/dev/full"], 4),
        command("nobody of that name to explain", &["run", "shop", "--explain", "anna", "--out", "out"], 3),
        command("data where --explain speaks", &["run", "shop", "--explain", "ana", "--format", "json"], 3),
    ]
}

#[test]
fn every_mistake_is_clear_has_its_exit_code_and_leaves_nothing_half_written() {
    let mut told = String::new();
    for wrong in all() {
        let folder = Folder::with("points", "en");
        if let Some(events) = &wrong.events {
            folder.write("till.csv", events);
        }
        let before = folder.files("");
        let came = folder.loyal(wrong.arguments).code(wrong.code);
        assert!(came.out.is_empty(), "{}: {}", wrong.name, came.out);
        assert_eq!(folder.files(""), before, "{}: nothing is written", wrong.name);
        told.push_str(&format!("--- {}: exit code {}\n{}\n", wrong.name, came.code, came.err));
    }
    insta::assert_snapshot!("walk", told);
}

#[test]
fn files_that_the_column_map_names_are_read_and_a_missing_one_is_the_datas_mistake() {
    let folder = Folder::with("points", "en");
    let facts = folder.loyal(&["run", "shop", "--facts", "-"]).code(0).out;
    folder.write("shop/data/till.csv", folder.read("shop/events.csv"));
    folder.write("shop/events.csv", "not read");
    folder.write("shop/columns.toml", "[events]\nfile = \"data/till.csv\"\n");
    assert_eq!(folder.loyal(&["run", "shop", "--facts", "-"]).code(0).out, facts);
    assert!(folder.loyal(&["test", "shop"]).code(0).out.contains("recorded facts"));
    folder.write("shop/columns.toml", "[events]\nfile = \"till.csv\"\n");
    let came = folder.loyal(&["run", "shop"]).code(2).says(&["shop/columns.toml", "[events]", "shop/till.csv"]);
    insta::assert_snapshot!("map_names_no_file", came.err);
    folder.loyal(&["run", "shop", "--events", "shop/data/till.csv"]).code(0);
}

#[test]
fn check_says_which_files_of_a_program_are_not_there() {
    let folder = Folder::with("points", "en");
    let lists = "\ncalendar closed from \"closed.csv\"\n\nlist sweet from \"lists/sweet.csv\" column kind\n";
    let program = folder.read("shop/program.loyal") + lists;
    let program = program.replace("  clock    zone", "  exchange \"../rates.csv\"\n  clock    zone");
    let program = program.replace("in [monday]", "in [monday] and date not in closed and category in sweet");
    folder.write("shop/program.loyal", program);
    insta::assert_snapshot!("files_not_there", folder.loyal(&["check", "shop"]).code(1).out);
    folder.write("shop/closed.csv", "date\n");
    folder.write("shop/lists/sweet.csv", "kind\n");
    folder.edit("shop/program.loyal", "../rates.csv", "rates.csv");
    folder.write("shop/rates.csv", "date,from,to,rate\n");
    folder.loyal(&["check", "shop"]).code(0);
    // What the rows lack is found as well, before anything runs.
    folder.write("shop/closed.csv", "day,name\n2026-12-24,eve\n");
    folder.write("shop/lists/sweet.csv", "sku,kinds,the shelf\nA1,cake,3\n");
    folder.write("shop/rates.csv", "date,from,to,rate\n2026-01-05,RON,GBP,dear\n");
    insta::assert_snapshot!("files_without_columns", folder.loyal(&["check", "shop"]).code(1).out);
    let columns = "there is no column `kind`; the file's columns are `sku`, `kinds` and `the shelf`";
    folder.loyal(&["run", "shop"]).code(2).says(&["there is no column `date`", columns]);
    // An old file's are the program's own too.
    let newer = folder
        .read("shop/program.loyal")
        .replace("  clock    zone", "  replaces \"old.loyal\" from 2026-06-01\n  clock    zone");
    folder.write("shop/old.loyal", folder.read("shop/program.loyal"));
    folder.write("shop/program.loyal", newer.replace("closed.csv", "closed2.csv"));
    folder.write("shop/closed2.csv", "date\n");
    folder.write("shop/lists/sweet.csv", "kind\n");
    folder.write("shop/rates.csv", "date,from,to,rate\n");
    let said = folder.loyal(&["check", "shop/program.loyal"]).code(1).out;
    assert!(said.contains("`closed.csv` has no column `date`") && said.contains("shop/old.loyal:"), "{said}");
}

#[test]
fn a_program_without_tests_is_said_to_have_none() {
    let folder = Folder::with("points", "en");
    let program = folder.read("shop/program.loyal");
    let without = program.split("# Examples are tests").next().expect("the program");
    folder.write("bare/program.loyal", without);
    insta::assert_snapshot!("no_tests", folder.loyal(&["test", "bare"]).code(0).out);
}
