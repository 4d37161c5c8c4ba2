//! A machine without room, without rights, without handles, and a reader who stops the run.

use crate::loyal::{Came, Folder};
use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Runs `loyal` under a limit of the shell, such as `ulimit -n 40`.
fn under(folder: &Folder, limit: &str, arguments: &str) -> Came {
    let binary = env!("CARGO_BIN_EXE_loyal");
    let mut command = Command::new("sh");
    command.current_dir(folder.path("")).args(["-c", &format!("{limit}; exec '{binary}' {arguments}")]);
    let output = command.stdin(Stdio::null()).output().expect("a shell");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the command writes UTF-8");
    let code = output.status.code().unwrap_or_else(|| panic!("{arguments} under {limit}: {:?}", output.status));
    Came { code, out: text(output.stdout), err: text(output.stderr) }
}

/// What waits beside its place.
fn left_over(folder: &Folder) -> Vec<String> {
    folder.files("").into_keys().filter(|name| name.contains(".loyal-")).collect()
}

const QUICK: &str = "simulate shop --quick members=50,visits=2,basket=42,margin=30,lift=2..10 --seeds 2";

/// Many members, so that outputs are longer than a small limit.
fn many(rows: usize) -> String {
    let row = |at: usize| format!("p{at},2026-02-{:02} 10:00,purchase,member-{at},24.60\n", at % 28 + 1);
    "id,time,type,member,amount\n".chars().map(String::from).chain((0..rows).map(row)).collect()
}

#[test]
fn no_output_is_half_written_where_files_may_not_grow() {
    let folder = Folder::with("points", "en");
    folder.write("many.csv", many(600));
    // Eight blocks of 512 or 1024 bytes, whatever the shell calls a block.
    let limit = "ulimit -f 8";
    for output in
        ["--out out", "--out out --format json", "--out out --format parquet", "--facts facts.csv", "--state st"]
    {
        let came = under(&folder, limit, &format!("run shop --events many.csv --quiet {output}")).code(4);
        assert!(came.err.contains("ulimit -f") || came.err.contains("same command"), "{}", came.err);
        assert!(!folder.path("out").exists() && !folder.path("facts.csv").exists(), "{output}");
        assert_eq!(left_over(&folder), [""; 0], "{output}");
    }
    let came = under(&folder, limit, &format!("{QUICK} --report r.html --xlsx r.xlsx")).code(4);
    came.says(&["cannot be written", "ulimit -f"]);
    assert!(!folder.path("r.html").exists() && !folder.path("r.xlsx").exists());
    // What was stopped so goes on from where it stood.
    folder.loyal(&["run", "shop", "--events", "many.csv", "--quiet", "--state", "st"]).code(0);
}

#[test]
fn a_full_disk_is_said_with_what_helps() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let folder = Folder::with("points", "en");
    let says = ["no space left on device", "make room there"];
    folder.loyal(&["run", "shop", "--quiet", "--facts", "/dev/full"]).code(4).says(&says);
    for command in ["run shop", "check shop", "explain shop --member ana", "segment shop", "test shop", QUICK] {
        under(&folder, "exec >/dev/full", command).code(4).says(&says).says(&["standard output"]);
    }
}

#[test]
fn a_folder_without_rights_is_said_and_nothing_is_written() {
    let folder = Folder::with("points", "en");
    folder.write("shut/kept.txt", "kept");
    fs::set_permissions(folder.path("shut"), std::os::unix::fs::PermissionsExt::from_mode(0o555)).expect("ours");
    if File::create(folder.path("shut/try")).is_ok() {
        // Whoever runs this may write anywhere.
        return;
    }
    for output in ["--out shut/out", "--facts shut/facts.csv", "--state shut/st"] {
        under(&folder, "true", &format!("run shop {output}")).code(4).says(&["permission denied", "ask for the right"]);
    }
    assert_eq!(folder.files("shut").into_keys().collect::<Vec<_>>(), ["kept.txt"]);
}

#[test]
fn more_files_than_handles_are_read_one_after_the_other() {
    let folder = Folder::with("points", "en");
    let (header, rows) =
        ("id,time,type,member,amount\n", |day: usize| format!("p{day},2026-02-{day:02},purchase,ana,20\n"));
    for file in 0..100 {
        // Each event in several files: told twice, it is one.
        folder.write(&format!("tills/{file}.csv"), format!("{header}{}", rows(file % 28 + 1)));
    }
    let came = under(&folder, "ulimit -n 40", "run shop --events 'tills/*.csv' --format csv").code(0);
    assert!(came.out.contains(",ana,earned:star,"), "{}", came.out);
    folder.write("all.csv", format!("{header}{}", (1..=28).map(rows).collect::<String>()));
    assert_eq!(came.out, folder.loyal(&["run", "shop", "--events", "all.csv", "--format", "csv"]).code(0).out);
}

#[test]
fn any_number_of_threads_and_any_memory_give_the_same_bytes() {
    let folder = Folder::with("points", "en");
    let usual = folder.loyal(&["run", "shop", "--format", "csv"]).code(0).out;
    for more in [["--threads", "1"], ["--threads", "300"], ["--memory", "16MiB"], ["--memory", "900GiB"]] {
        let command = ["run", "shop", "--format", "csv", more[0], more[1]];
        assert_eq!(folder.loyal(&command).code(0).out, usual, "{more:?}");
    }
    folder.loyal(&["run", "shop", "--threads", "0"]).code(3);
}

#[test]
fn a_state_that_is_held_is_left_alone_and_an_old_lock_holds_nothing() {
    let folder = Folder::with("points", "en");
    folder.write("st/lock", "");
    let lock = File::open(folder.path("st/lock")).expect("the lock");
    lock.lock().expect("nobody else has it");
    folder.loyal(&["run", "shop", "--state", "st"]).code(4).says(&["another run is at work", "Nothing was written"]);
    drop(lock);
    folder.loyal(&["run", "shop", "--state", "st"]).code(0);
}

/// A command that has begun to write beside its place.
fn writing(folder: &Folder, arguments: &[&str], place: &str) -> Child {
    let mut command = folder.command();
    let mut child = command.args(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it runs");
    let begun = Instant::now();
    let waits = || {
        fs::read_dir(folder.path(place)).is_ok_and(|mut names| {
            names.any(|name| name.is_ok_and(|name| name.file_name().to_string_lossy().starts_with(".loyal-")))
        })
    };
    while !waits() && child.try_wait().expect("ours").is_none() && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_micros(200));
    }
    child
}

/// Sends a signal.
fn send(child: &Child, signal: &str) {
    // Who has ended already hears nothing.
    let _ = Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill runs");
}

#[test]
fn a_run_that_is_stopped_leaves_all_or_nothing() {
    let folder = Folder::with("points", "en");
    folder.write("many.csv", many(2_000));
    fs::create_dir(folder.path("out")).expect("a folder");
    let command = ["run", "shop", "--events", "many.csv", "--out", "out", "--facts", "out/facts.csv"];
    for signal in ["-INT", "-TERM"] {
        let child = writing(&folder, &command, "out");
        send(&child, signal);
        let came = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&came.stderr).into_owned();
        assert_eq!(left_over(&folder), [""; 0], "{said}");
        let files = folder.files("out");
        if came.status.success() || said.contains("what was written is whole") {
            assert!(files.contains_key("facts.csv") && files.contains_key("balances.csv"), "{said}");
        } else {
            let by = if signal == "-INT" { 2 } else { 15 };
            assert_eq!(came.status.signal(), Some(by), "{said}");
            assert!(said.contains("stopped; nothing was written") && files.is_empty(), "{said} {:?}", files.keys());
        }
        for name in files.keys() {
            fs::remove_file(folder.path("out").join(name)).expect("ours");
        }
    }
}

#[test]
fn every_command_that_is_stopped_ends_by_the_signal() {
    let folder = Folder::with("points", "en");
    folder.write("many.csv", many(20_000));
    let long = "simulate shop --quick members=5000,visits=2,basket=42,margin=30,lift=2..10";
    let others = ["check", "fmt"].map(|verb| format!("{verb} -"));
    let over = ["run", "explain --member member-1", "segment"].map(|verb| {
        let (verb, rest) = verb.split_once(' ').unwrap_or((verb, ""));
        format!("{verb} shop --events many.csv {rest}")
    });
    for arguments in others.iter().chain(&over).map(String::as_str).chain([long]) {
        let mut command = folder.command();
        command.args(arguments.split_whitespace()).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it runs");
        // Open until the end: who reads it must not come to its end before the signal.
        let input = child.stdin.take();
        std::thread::sleep(Duration::from_millis(250));
        send(&child, "-INT");
        let begun = Instant::now();
        let came = child.wait_with_output().expect("it ends");
        drop(input);
        assert!(came.status.signal() == Some(2) || came.status.success(), "{arguments}: {came:?}");
        assert!(begun.elapsed() < Duration::from_secs(5), "{arguments}");
    }
    assert_eq!(left_over(&folder), [""; 0]);
}
