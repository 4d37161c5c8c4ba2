//! `loyal forget`: a member's name goes out of a kept state, and every figure stays.

use super::loyal::{Came, Folder};

const HEADER: &str = "id,time,type,member,amount,currency,ref,qty,unit,note\n";

/// Two nights in which `nadezhda` buys, returns, sends points, spends, and is told of in a note.
const NIGHTS: [&str; 2] = [
    "p1,2026-01-05 10:15,purchase,nadezhda,124.60,GBP,,,,call her at home\n\
     p2,2026-01-07 17:40,purchase,ben,61.30,GBP,,,,\n\
     nadezhda 2026-01-08,2026-01-08 09:00,purchase,nadezhda,20.00,GBP,,,,\n\
     g1,2026-01-25 09:00,transfer,ben,,,nadezhda,5,,\n",
    "x1,2026-02-16 11:00,return,,30.00,GBP,p1,,,\n\
     x2,2026-02-17 11:00,return,,5.00,GBP,nadezhda 2026-01-08,,,\n\
     r1,2026-02-20 10:00,redeem,nadezhda,,,cake,1,,\n\
     r2,2026-02-21 10:00,redeem,nadezhda,,,no such thing,1,,\n",
];

/// A night of others, and one in which an old purchase of hers comes back without a card.
const LATER: &str = "p7,2026-03-09 08:30,purchase,ben,40.00,GBP,,,,\n\
                     x3,2026-03-10 11:00,return,,4.60,GBP,p1,,,\n";

const MEMBERS: &str = "member,birthday,email\nnadezhda,1990-04-01,n@example.org\nben,1980-04-02,b@example.org\n";

fn shop() -> Folder {
    let folder = Folder::with("points", "en");
    for (nth, rows) in NIGHTS.iter().chain([&LATER]).enumerate() {
        folder.write(&format!("n{nth}.csv"), format!("{HEADER}{rows}"));
    }
    folder.write("members.csv", MEMBERS);
    for nth in 0..2 {
        night(&folder, &format!("n{nth}.csv"), "st", &[]).code(0);
    }
    folder
}

fn night(folder: &Folder, events: &str, state: &str, more: &[&str]) -> Came {
    let run = ["run", "shop", "--events", events, "--state", state, "--out", state, "--as-of", "2027-12-31"];
    let place = format!("{state}-out");
    let mut run: Vec<&str> = run.to_vec();
    run[7] = &place;
    let members = if events == "n0.csv" { &["--members", "members.csv"][..] } else { &[] };
    folder.loyal(&[&run[..], members, more].concat())
}

fn forget(folder: &Folder) -> Came {
    folder.loyal(&["forget", "shop", "--member", "nadezhda", "--state", "st"])
}

/// A folder copied, as a backup is.
fn copied(folder: &Folder, from: &str, to: &str) {
    for (name, bytes) in folder.files(from) {
        folder.write(&format!("{to}/{name}"), bytes);
    }
}

#[test]
fn figures_stay_and_no_output_names_her() {
    let folder = shop();
    copied(&folder, "st", "kept");
    let came = forget(&folder).code(0);
    let tombstone = came.out.split("stands under ").nth(1).and_then(|rest| rest.split([',', '.']).next());
    let tombstone = tombstone.expect("it says under which name").to_owned();
    assert!(tombstone.starts_with("forgotten-") && tombstone.len() == 26, "{}", came.out);
    insta::assert_snapshot!("forget", came.out.replace(&tombstone, "forgotten-[…]"));
    night(&folder, "n2.csv", "st", &[]).code(0);
    night(&folder, "n2.csv", "kept", &[]).code(0);
    assert_eq!(folder.read("st-out/summary.json"), folder.read("kept-out/summary.json"));
    let out = folder.files("st-out");
    for (name, bytes) in &out {
        assert!(!String::from_utf8_lossy(bytes).contains("nadezhda"), "{name}");
    }
    // Every row but hers is what it was, and hers are too, but for her name.
    let sorted = |place: &str| {
        let text = folder.read(place).replace("nadezhda", &tombstone);
        let mut rows: Vec<String> = text.lines().map(str::to_owned).collect();
        rows.sort();
        rows
    };
    for name in ["balances", "lots", "levels", "gifts", "rejections"] {
        let (now, before) = (sorted(&format!("st-out/{name}.csv")), sorted(&format!("kept-out/{name}.csv")));
        assert_eq!(now, before, "{name}");
    }
    let state = folder.read("st/state.json");
    assert!(!state.contains("nadezhda"), "{state}");
    assert!(folder.files("st").keys().all(|name| !name.contains("trial")), "nothing is left over");
}

#[test]
fn what_comes_for_her_later_is_refused_or_left_out() {
    let folder = shop();
    forget(&folder).code(0);
    let header_and = |row: &str| format!("{HEADER}p8,2026-03-09 08:40,purchase,ben,10.00,GBP,,,,\n{row}");
    folder.write("again.csv", header_and("p9,2026-03-09 08:30,purchase,nadezhda,40.00,GBP,,,,\n"));
    folder.write("named.csv", header_and("g9,2026-03-09 08:30,transfer,ben,,,nadezhda,1,,\n"));
    let before = folder.files("st");
    let refused = night(&folder, "again.csv", "st", &[]).code(2);
    assert!(!refused.err.contains("nadezhda"), "{}", refused.err);
    insta::assert_snapshot!("forget_refused", refused.err);
    night(&folder, "named.csv", "st", &[]).code(2).says(&["event g9 is of a member who was forgotten"]);
    // An id that is made of hers names her no more than a message may.
    folder.write("made.csv", header_and("nadezhda 2026-03-09,2026-03-09 08:30,purchase,nadezhda,40.00,GBP,,,,\n"));
    let made = night(&folder, "made.csv", "st", &[]).code(2);
    assert!(made.err.contains("an event is of a member") && !made.err.contains("nadezhda"), "{}", made.err);
    // A file of days that she was still known in.
    night(&folder, "n1.csv", "st", &[]).code(2).says(&["was forgotten"]);
    night(&folder, "n2.csv", "st", &["--members", "members.csv"]).code(2).says(&["the members file has a row"]);
    assert!(folder.files("st") == before, "nothing was written");
    let left_out = night(&folder, "again.csv", "st", &["--skip-bad", "bad.csv", "--members", "members.csv"]).code(0);
    assert!(left_out.err.contains("2 events and rows left out"), "{}", left_out.err);
    assert!(!folder.read("bad.csv").contains("nadezhda"));
    assert!(folder.read("st-out/postings.csv").contains(",p8,"));
    assert!(!folder.read("st-out/postings.csv").contains("p9"));
}

#[test]
fn several_may_be_forgotten_and_each_once() {
    let folder = shop();
    forget(&folder).code(0);
    forget(&folder).code(3).says(&["she is forgotten in st already"]);
    folder.loyal(&["forget", "shop", "--member", "ben", "--state", "st"]).code(0);
    night(&folder, "n2.csv", "st", &["--skip-bad", "bad.csv"]).code(0);
    let balances = folder.read("st-out/balances.csv");
    assert_eq!(balances.matches("forgotten-").count(), 2, "{balances}");
    assert!(!balances.contains("ben"), "{balances}");
}

#[test]
fn what_cannot_be_forgotten_is_said() {
    let folder = shop();
    let forget = |member: &str, state: &str| folder.loyal(&["forget", "shop", "--member", member, "--state", state]);
    forget("nobody", "st").code(3).says(&["no member nobody in the state st"]);
    forget("", "st").code(3).says(&["no member"]);
    forget("ben", "nowhere").code(3).says(&["there is no state here"]);
    assert!(!folder.path("nowhere").exists());
    folder.edit("shop/program.loyal", "limit    40 stars", "limit    50 stars");
    forget("ben", "st").code(3).says(&["this state is of another program"]);
}
