//! Draws as anybody may check them: who wins is worked out again by a script of ten lines, a kept state keeps what was
//! held, and one run, members in parts and night after night say the same.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn loyal(arguments: &[&str]) -> Output {
    let binary = env!("CARGO_BIN_EXE_loyal");
    Command::new(binary).args(arguments).current_dir(root()).output().expect("the binary runs")
}

/// The facts of a run with these arguments more.
fn facts(program: &str, events: &[&Path], out: &Path, more: &[&str]) -> String {
    let path = |path: &Path| path.to_str().expect("a path in UTF-8").to_owned();
    let mut arguments = vec!["run".to_owned(), program.to_owned(), "--events".to_owned()];
    arguments.extend(events.iter().map(|one| path(one)));
    arguments.extend(["--facts".to_owned(), path(out)]);
    arguments.extend(more.iter().map(|&one| one.to_owned()));
    let ran = loyal(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    fs::read_to_string(out).expect("the facts")
}

const MALL: &str = "programs/lottery-mall/program.loyal";
const MARCH: &str = "23d836fe476fb1801b849b65e33284d9308adbcf711b28a8f46809bec3e6e05f";

/// `1 gal`, `2 dora`, …: the places and winners that `loyal` tells of, from the changes of a run.
fn told(changes: &str, date: &str) -> Vec<String> {
    let mut lines = changes.lines();
    let heads: Vec<&str> = lines.next().expect("a head").split(',').collect();
    let at = |name: &str| heads.iter().position(|head| *head == name).unwrap_or_else(|| panic!("{name} in {heads:?}"));
    let (member, name, change, last) = (at("member"), at("name"), at("change"), heads.len() - 1);
    let rows = lines.map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let won = rows.filter(|row| row[name] == "spring" && row[change] == "won" && row[last] == date);
    won.map(|row| format!("{} {}", row[change + 1], row[member])).collect()
}

#[test]
fn anybody_can_work_out_who_won() {
    let python =
        ["python3", "python"].into_iter().find(|python| Command::new(python).arg("--version").output().is_ok());
    let Some(python) = python else {
        println!("skipped: there is no python here");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let events = root().join("programs/lottery-mall/events.csv");
    let out = folder.path().join("facts.csv");
    // Entries go back until the draw is held: the moment before it counts.
    let draws = [("2026-03-31", "2026-04-02 11:59", MARCH), ("2026-04-30", "2026-05-02 11:59", "mall/april/5c1f0e")];
    for (date, moment, seed) in draws {
        facts(MALL, &[&events], &out, &["--as-of", moment]);
        let script = root().join("programs/lottery-mall/winners.py");
        let ran = Command::new(python).arg(script).arg(&out).args(["spring", date, seed, "3"]).output();
        let ran = ran.expect("python runs");
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        let worked_out = String::from_utf8_lossy(&ran.stdout);
        let worked_out: Vec<String> =
            worked_out.lines().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
        let tables = folder.path().join("out");
        let all = ["--out", tables.to_str().expect("a path in UTF-8"), "--tables", "changes"];
        facts(MALL, &[&events], &folder.path().join("all.csv"), &all);
        let changes = fs::read_to_string(tables.join("changes.csv")).expect("the changes");
        assert_eq!(worked_out, told(&changes, date), "{date}");
        assert_eq!(worked_out.len(), 3);
    }
}

/// The events of a file, split into files by a rule.
fn split(events: &Path, into: &[PathBuf], which: impl Fn(&str) -> usize) {
    let text = fs::read_to_string(events).expect("events");
    let head = text.lines().next().expect("a head");
    let mut parts = vec![format!("{head}\n"); into.len()];
    for line in text.lines().skip(1) {
        parts[which(line)].push_str(&format!("{line}\n"));
    }
    for (path, part) in into.iter().zip(parts) {
        fs::write(path, part).expect("a part");
    }
}

#[test]
fn one_run_and_nights_say_the_same() {
    let folders = [
        "programs/lottery-mall",
        "programs/app-streaks",
        "tests/corpus/quests-and-badges",
        "tests/corpus/points-that-pay-out",
    ];
    for from in folders {
        let folder = tempfile::tempdir().expect("a folder");
        let program = format!("{from}/program.loyal");
        let events = root().join(from).join("events.csv");
        let path = |name: &str| folder.path().join(name);
        let days = ["--as-of", "2026-03-31", "--as-of", "2026-05-03"];
        let plain = facts(&program, &[&events], &path("plain.csv"), &days);
        let reference =
            facts(&program, &[&events], &path("reference.csv"), &[&days[..], &["--engine", "reference"]].concat());
        assert_eq!(plain, reference, "{from}: in parts and by the reference");
        // Shuffled over two files it is the same history.
        let halves = [path("odd.csv"), path("even.csv")];
        split(&events, &halves, |line| {
            line.split(',').next().map_or(0, |id| id.bytes().map(usize::from).sum::<usize>() % 2)
        });
        let shuffled = facts(&program, &[&halves[1], &halves[0]], &path("shuffled.csv"), &days);
        assert_eq!(plain, shuffled, "{from}: split over two files");
        // Night after night.
        let nights = [path("n1.csv"), path("n2.csv"), path("n3.csv")];
        split(&events, &nights, |line| {
            let day = line.split(',').nth(1).expect("a time");
            if day < "2026-03-10" {
                0
            } else if day < "2026-04-01" {
                1
            } else {
                2
            }
        });
        let state = path("state");
        let state = state.to_str().expect("a path in UTF-8");
        facts(&program, &[&nights[0]], &path("one.csv"), &["--state", state]);
        facts(&program, &[&nights[1]], &path("two.csv"), &["--state", state, "--as-of", "2026-03-31"]);
        let last = ["--state", state, "--as-of", "2026-05-03"];
        let third = facts(&program, &[&nights[2]], &path("three.csv"), &last);
        let end: String =
            plain.lines().filter(|line| !line.starts_with("2026-03-31")).map(|line| format!("{line}\n")).collect();
        assert_eq!(end, third, "{from}: night after night");
    }
}

#[test]
fn a_draw_that_was_held_stays_as_it_was_whatever_comes_late() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let events = root().join("programs/lottery-mall/events.csv");
    let nights = [path("n1.csv"), path("rest.csv")];
    split(&events, &nights, |line| usize::from(line.split(',').nth(1).expect("a time") >= "2026-04-04"));
    let state = path("state");
    let state = ["--state", state.to_str().expect("a path in UTF-8"), "--as-of", "2026-04-10"];
    let winners = |facts: &str| -> Vec<String> {
        let of = |line: &&str| line.contains("gift:bicycle") || line.contains("gift:mug");
        facts.lines().filter(of).map(str::to_owned).collect()
    };
    let held = winners(&facts(MALL, &[&nights[0]], &path("one.csv"), &state));
    assert_eq!(held.len(), 3, "{held:?}");
    // Purchases of March that come late would have changed every number.
    let late = path("late.csv");
    let row = |id: usize, member: &str| format!("late{id},2026-03-2{id} 10:00,purchase,{member},400,Sud,,\n");
    let rows: String = (1..=6).map(|id| row(id, ["aaa", "abel", "zoe"][id % 3])).collect();
    fs::write(&late, format!("id,time,type,member,amount,store,ref,seed\n{rows}")).expect("late events");
    let after = facts(MALL, &[&late], &path("two.csv"), &state);
    assert_eq!(held, winners(&after));
    assert!(after.contains("zoe,balance:point,800"), "{after}");
    // One run over all of it would have drawn others.
    let whole = facts(MALL, &[&nights[0], &late], &path("whole.csv"), &["--as-of", "2026-04-10"]);
    assert_ne!(held, winners(&whole));
}

#[test]
fn a_draw_whose_seed_is_not_there_waits_and_the_run_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let events = folder.path().join("events.csv");
    let rest = folder.path().join("rest.csv");
    split(&root().join("programs/lottery-mall/events.csv"), &[events.clone(), rest], |line| {
        usize::from(line.split(',').next().is_some_and(|id| id.starts_with('w')))
    });
    let path = events.to_str().expect("a path in UTF-8");
    let ran = loyal(&["run", MALL, "--events", path, "--as-of", "2026-04-02"]);
    let said = String::from_utf8_lossy(&ran.stdout);
    let line = said.lines().find(|line| line.contains("waits for its seed")).unwrap_or_else(|| panic!("{said}"));
    assert!(line.contains("spring") && line.contains("2026-03-31"), "{line}");
}

#[test]
fn a_seed_that_came_too_early_stays_rejected_when_a_night_plays_the_draw_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let place = folder.path().join(name);
        fs::write(&place, text).expect("a file");
        place
    };
    let seed = "fe0acc4985e13ed27769baae233dc0c004abbae7831173245e1bddc5b2101dad";
    let program = write(
        "program.loyal",
        "loyal 1\n\nprogram mall {\n  money    RON\n  clock    zone \"Europe/Bucharest\"\n  from     2026-01-01\n}\n\n\
         gift bike {\n  costs    100 RON\n}\n\ndraw spring {\n  entry    1 per 10 RON\n  every    month\n  winners  1\n  \
         prize    gift bike\n  free     entry \"a card\"\n  \
         seed     \"255fda4a5d28f8270bc4e2e1f5a5bfea9bd1617eeee2bd40b57185ee5ff9854a\"\n}\n",
    );
    let head = "id,time,type,member,amount,ref,seed\n";
    let first = write(
        "first.csv",
        &format!(
            "{head}p1,2026-01-03 10:00,purchase,ana,60,,\nx,2026-01-31 23:00,draw,,,spring,{seed}\n\
             y,2026-02-01 00:00,draw,,,spring,{seed}\n"
        ),
    );
    let second = write("second.csv", &format!("{head}b1,2026-01-10 10:00,purchase,bob,9,,\n"));
    let program = program.to_str().expect("a path in UTF-8");
    let state = folder.path().join("state");
    let state = ["--state", state.to_str().expect("a path in UTF-8"), "--as-of", "2026-01-31", "--as-of", "2026-02-01"];
    let out = folder.path().join("facts.csv");
    facts(program, &[&first], &out, &state);
    let nights = facts(program, &[&second], &out, &state);
    let whole = facts(program, &[&first, &second], &out, &state[2..]);
    assert!(whole.contains("rejected:x"), "{whole}");
    assert_eq!(nights, whole);
}

const SCRATCH: &str = r#"loyal 1

program scratch_cards {
  money    RON
  clock    zone "Europe/Bucharest"
}

gift bicycle { costs 180 RON }

gift mug { costs 5 RON }

draw scratch {
  entry    1 per purchase
  instant  chance 1 in 2
  prize    1 gift bicycle
  prize    1 gift mug
  limit    1 entry per member
  seed     "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"
}
"#;

/// By the lines `secret`, `scratch`, id, 1, 0 of each purchase, `sha256sum` makes p4, p7, p8, p9, p10 and p14 win and
/// p5 lose: the last figure of the hash is even, or odd.
#[test]
fn who_has_won_at_once_is_not_asked_to_give_it_back_for_what_comes_late() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    fs::write(path("program.loyal"), SCRATCH).expect("a program");
    let program = path("program.loyal").to_str().expect("a path in UTF-8").to_owned();
    let night = |name: &str, rows: &[&str]| {
        fs::write(path(name), format!("id,time,type,member,amount,ref,seed\n{}\n", rows.join("\n"))).expect("events");
        path(name)
    };
    let state = path("state");
    let state = ["--state", state.to_str().expect("a path in UTF-8"), "--as-of", "2026-03-20"];
    let prizes = |facts: &str| -> Vec<String> {
        let of = |line: &&str| line.contains(",gift:") && !line.contains(",0");
        facts
            .lines()
            .filter(of)
            .filter_map(|line| line.split_once("2026-03-20,").map(|(_, fact)| fact.to_owned()))
            .collect()
    };
    let first = night(
        "first.csv",
        &[
            "s,2026-03-01,draw,,,scratch,secret",
            "p5,2026-03-05 10:00,purchase,zoe,20,,",
            "p7,2026-03-07 10:00,purchase,ana,20,,",
            "p9,2026-03-09 10:00,purchase,bob,20,,",
        ],
    );
    let won = prizes(&facts(&program, &[&first], &path("1.csv"), &state));
    assert_eq!(won, ["ana,gift:bicycle,1", "bob,gift:mug,1"]);
    // One that would have won the bicycle, and one that uses up the limit of the entry that did.
    let late = night("late.csv", &["p8,2026-03-04 09:00,purchase,eve,20,,", "p4,2026-03-04 10:00,purchase,ana,20,,"]);
    let after = facts(&program, &[&late], &path("2.csv"), &state);
    assert_eq!(won, prizes(&after));
    let whole = facts(&program, &[&first, &late], &path("whole.csv"), &["--as-of", "2026-03-20"]);
    assert_eq!(prizes(&whole), ["ana,gift:mug,1", "eve,gift:bicycle,1"]);
    // No prize is left, until one is taken back: then the next who wins has that one.
    let next = night("next.csv", &["p10,2026-03-10 10:00,purchase,dan,20,,"]);
    assert_eq!(won, prizes(&facts(&program, &[&next], &path("3.csv"), &state)));
    let back = night("back.csv", &["r9,2026-03-11 10:00,return,bob,20,p9,", "p14,2026-03-14 10:00,purchase,fay,20,,"]);
    let back = prizes(&facts(&program, &[&back], &path("4.csv"), &state));
    assert_eq!(back, ["ana,gift:bicycle,1", "fay,gift:mug,1"], "the mug came back");
}
