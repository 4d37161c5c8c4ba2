//! Names that would steer a terminal, turn a line round or be taken for a formula.

use crate::loyal::Folder;

/// Letters that no terminal may get from data: an escape, a bell, a C1 control, an override of direction.
const STEERING: [char; 4] = ['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}'];

const HEADER: &str = "id,time,type,member,amount\n";

#[track_caller]
fn is_plain(text: &str) {
    let found = text.chars().find(|c| STEERING.contains(c));
    assert!(found.is_none(), "{found:?} in {text:?}");
}

/// A name with all of them.
fn steering() -> String {
    STEERING.iter().map(|c| format!("a{c}[31m")).collect()
}

#[test]
fn names_in_the_command_never_steer_a_terminal() {
    let folder = Folder::with("points", "en");
    let name = steering();
    let commands: [&[&str]; 5] = [
        &["run", &name],
        &["run", "shop", "--events", &name],
        &["run", "shop", "--as-of", &name],
        &["run", "shop", "--facts", &format!("no/{name}/f.csv")],
        &["explain", "shop", "--member", &name],
    ];
    for command in commands {
        let came = folder.loyal(command);
        assert!(came.code >= 3, "{came:?}");
        is_plain(&came.err);
    }
}

#[test]
fn names_in_data_never_steer_a_terminal() {
    let folder = Folder::with("points", "en");
    let name = steering();
    folder.write("good.csv", format!("{HEADER}p1,2026-02-03,purchase,{name},20\n"));
    let came = folder.loyal(&["run", "shop", "--events", "good.csv"]).code(0);
    is_plain(&came.out);
    is_plain(&came.err);
    let came = folder.loyal(&["explain", "shop", "--events", "good.csv", "--member", &name]).code(0);
    is_plain(&came.out);
    folder.write("bad.csv", format!("{HEADER}p1,{name},{name},{name},{name}\n{name},2026-02-03,purchase,ana,x\n"));
    is_plain(&folder.loyal(&["run", "shop", "--events", "bad.csv"]).code(2).err);
}

#[test]
fn a_name_of_a_megabyte_takes_no_screen() {
    let folder = Folder::with("points", "en");
    let name = "n".repeat(900_000);
    folder.write("long.csv", format!("{HEADER}p1,2026-02-03,purchase,{name},20\n"));
    let came = folder.loyal(&["run", "shop", "--events", "long.csv"]).code(0);
    assert!(came.out.len() < 10_000, "{} bytes", came.out.len());
    folder.write("bad.csv", format!("{HEADER}p1,2026-02-03,{name},ana,20\np2,{name},purchase,ana,20\n"));
    let came = folder.loyal(&["run", "shop", "--events", "bad.csv"]).code(2);
    assert!(came.err.len() < 10_000, "{} bytes", came.err.len());
}

#[test]
fn names_that_look_like_formulas_stand_in_the_files_as_they_are() {
    // docs/outputs.md says why: a mark for one reader would be a wrong name to every other.
    let folder = Folder::with("points", "en");
    folder.write(
        "f.csv",
        format!("{HEADER}p1,2026-02-03,purchase,=cmd|' /C calc'!A0,20\np2,2026-02-03,purchase,@x,20\n"),
    );
    folder.loyal(&["run", "shop", "--events", "f.csv", "--out", "out"]).code(0);
    let balances = folder.read("out/balances.csv");
    assert!(balances.contains(",=cmd|' /C calc'!A0,") && balances.contains(",@x,"), "{balances}");
}

#[test]
fn names_in_a_page_are_text() {
    let folder = Folder::new();
    let script = "<script>alert(1)<";
    folder.loyal(&["new", script]).code(0);
    folder.loyal(&["new", "other"]).code(0);
    let command = ["simulate", script, "other", "--events", "other/events.csv", "--report", "r.html"];
    folder.loyal(&command).code(0);
    assert!(!folder.read("r.html").contains("<script>alert"));
}
