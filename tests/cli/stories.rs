//! Folders with a story: a program with ten mistakes, a member with everything.

use super::loyal::{Came, Folder};
use std::fs;
use std::path::Path;

/// A folder with a copy of `tests/cli/NAME` in it, under its name.
fn story(name: &str) -> Folder {
    let folder = Folder::new();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli").join(name);
    for entry in fs::read_dir(from).expect("the story's folder") {
        let path = entry.expect("an entry").path();
        let file = path.file_name().expect("a name").to_string_lossy().into_owned();
        folder.write(&format!("{name}/{file}"), fs::read(&path).expect("a file"));
    }
    folder
}

/// Who brings friends is told which limit gave her nothing for one of them, of times as of points.
#[test]
fn who_brings_friends_is_told_of_the_limit_that_is_reached() {
    let folder = Folder::new();
    let rule = |name: &str, on: &str, give: u32, limit: &str| {
        format!("\nearn {name} {{\n  on       {on}\n  give     {give} stars\n  limit    {limit}\n}}\n")
    };
    let program = [
        "loyal 1\n\nprogram shop {\n  money    EUR\n  clock    zone \"UTC\"\n}\n\n".to_owned(),
        "points star plural stars {\n  worth    0.01 EUR each\n  expire   never\n}\n".to_owned(),
        rule("brought", "referral", 50, "1 time per member per month"),
        rule("bought", "first purchase of friend", 7, "1 time per member per month"),
        rule("more", "first purchase of friend", 40, "60 stars per member per month"),
        rule("thanks", "referral", 3, "2 times in all"),
    ];
    folder.write("shop/program.loyal", program.concat());
    folder.write("shop/members.csv", "member,joined\nana,2026-01-01\n");
    let events = "id,time,type,member,amount,ref\n\
                  r1,2026-01-05 10:00,referral,ana,,bob\n\
                  p1,2026-01-06 10:00,purchase,bob,10,\n\
                  r2,2026-01-07 10:00,referral,ana,,cid\n\
                  p2,2026-01-08 10:00,purchase,cid,10,\n\
                  p3,2026-01-09 10:00,purchase,cid,10,\n\
                  r3,2026-01-10 10:00,referral,ana,,dan\n\
                  r4,2026-02-02 10:00,referral,ana,,eva\n";
    folder.write("shop/events.csv", events);
    insta::assert_snapshot!("limits_of_friends", folder.loyal(&["explain", "shop", "--member", "ana"]).code(0).out);
    let friend = folder.loyal(&["explain", "shop", "--member", "cid"]).code(0).out;
    assert!(!friend.contains("is reached"), "{friend}");
}

/// What `earn at most` takes off a full card's own points is told as that, not as rounding.
#[test]
fn a_full_card_is_told_what_the_cap_took_off_it() {
    let folder = Folder::new();
    let program = "loyal 1\n\nprogram shop {\n  money    EUR\n  clock    zone \"UTC\"\n}\n\n\
                   points star plural stars {\n  worth    0.01 EUR each\n  expire   never\n  \
                   earn     at most 8 stars per member per month\n}\n\n\
                   card coffee {\n  stamp    1 per purchase\n  full     at 1\n  give     5 stars\n}\n";
    folder.write("shop/program.loyal", program);
    let events = "id,time,type,member,amount\n\
                  p1,2026-01-06 10:00,purchase,ana,10\n\
                  p2,2026-01-07 10:00,purchase,ana,10\n\
                  p3,2026-01-08 10:00,purchase,ana,10\n";
    folder.write("shop/events.csv", events);
    insta::assert_snapshot!("cap_of_a_full_card", folder.loyal(&["explain", "shop", "--member", "ana"]).code(0).out);
}

/// Points that she spent are owed when their purchase comes back; the reward given back pays that.
#[test]
fn a_redemption_that_is_undone_pays_what_is_owed() {
    let folder = Folder::new();
    let program = "loyal 1\n\nprogram shop {\n  money    EUR\n  clock    zone \"UTC\"\n}\n\n\
                   points star plural stars {\n  worth    0.01 EUR each\n  owe      at most 200\n}\n\n\
                   earn base {\n  on       purchase\n  give     1 star per 1 EUR\n}\n\n\
                   reward mug {\n  price    80 stars\n  costs    1 EUR\n}\n";
    folder.write("shop/program.loyal", program);
    let events = "id,time,type,member,amount,ref\n\
                  p1,2026-01-06 10:00,purchase,ana,100,\n\
                  u1,2026-01-07 10:00,redeem,ana,,mug\n\
                  r1,2026-01-08 10:00,return,ana,,p1\n\
                  v1,2026-01-09 10:00,revoke,ana,,u1\n";
    folder.write("shop/events.csv", events);
    insta::assert_snapshot!("undone_pays", folder.loyal(&["explain", "shop", "--member", "ana"]).code(0).out);
}

/// A coupon that takes nothing off what is left of its purchase: one has a use more again, one was used up and is held again,
/// one has ended. Named twice, one that is held once is used once.
#[test]
fn a_coupon_that_takes_nothing_off_any_more_is_told_as_what_it_is_now() {
    let folder = Folder::new();
    let coupon = |name: &str, more: &str| {
        format!("coupon {name} {{\n  take     2 EUR off\n  at       least 20 EUR\n{more}}}\n\n")
    };
    let coupons = [coupon("twice", "  uses     2\n"), coupon("once", ""), coupon("short", "  valid    2 days\n")];
    let program = format!(
        "loyal 1\n\nprogram shop {{\n  money    EUR\n  clock    zone \"UTC\"\n}}\n\n\
         points star plural stars {{\n  worth    0.01 EUR each\n}}\n\n\
         earn base {{\n  on       purchase\n  give     1 star per 1 EUR\n}}\n\n{}",
        coupons.concat()
    );
    folder.write("shop/program.loyal", program);
    let events = "id,time,type,member,line,amount,ref,coupon\n\
                  j1,2026-01-06 08:00,join,ana,,,,\n\
                  g1,2026-01-06 09:00,grant,ana,,,twice,\n\
                  g2,2026-01-06 09:00,grant,ana,,,once,\n\
                  g3,2026-01-06 09:00,grant,ana,,,short,\n\
                  p1,2026-01-06 10:00,purchase,ana,1,25,,twice\n\
                  p2,2026-01-06 11:00,purchase,ana,1,25,,once\n\
                  p3,2026-01-06 12:00,purchase,ana,1,25,,short\n\
                  r1,2026-01-07 10:00,return,ana,1,10,p1,\n\
                  r2,2026-01-07 11:00,return,ana,1,10,p2,\n\
                  p4,2026-01-08 10:00,purchase,ana,1,50,,once; once\n\
                  r3,2026-01-09 12:00,return,ana,1,10,p3,\n";
    folder.write("shop/events.csv", events);
    insta::assert_snapshot!("idle_coupons", folder.loyal(&["explain", "shop", "--member", "ana"]).code(0).out);
}

/// What is left of a purchase may come to as much as all of it did, by other rules; and of what had ended nothing can be
/// taken. Both are told, with each rule's part.
#[test]
fn a_return_that_takes_nothing_tells_whose_the_points_are_now() {
    let folder = Folder::new();
    let program = "loyal 1\n\nprogram shop {\n  money    EUR\n  clock    zone \"UTC\"\n}\n\n\
                   points star plural stars {\n  worth    0.01 EUR each\n  expire   1 month after earning\n  \
                   earn     at most 40 stars per member per day\n}\n\n\
                   earn base {\n  on       purchase\n  give     1 star per 1 EUR\n}\n\n\
                   bonus tea {\n  on       purchase\n  when     category in [tea]\n  give     1 star per 1 EUR\n}\n";
    folder.write("shop/program.loyal", program);
    let events = "id,time,type,member,line,category,amount,ref\n\
                  p1,2026-01-06 10:00,purchase,ana,1,coffee,30,\n\
                  p1,2026-01-06 10:00,purchase,ana,2,tea,10,\n\
                  r1,2026-01-07 10:00,return,ana,1,,20,p1\n\
                  p2,2026-01-31 10:00,purchase,ana,1,coffee,9,\n\
                  r2,2026-02-20 10:00,return,ana,,,,p1\n";
    folder.write("shop/events.csv", events);
    let told = folder.loyal(&["explain", "shop", "--member", "ana"]).code(0).out;
    insta::assert_snapshot!("whose_points_they_are_now", told);
    folder.loyal(&["run", "shop", "--out", "out", "--quiet"]).code(0);
    let postings = folder.read("out/postings.csv");
    let clawed: Vec<&str> = postings.lines().filter(|row| row.contains(",clawed,")).collect();
    assert_eq!(clawed.len(), 2, "{postings}");
    for row in clawed {
        assert!(row.contains(",0,0,") && row.contains("p1 valued again without what came back"), "{row}");
    }
}

/// Of a purchase whose points round to nothing it is not said that no rule gives anything.
#[test]
fn a_purchase_that_rounds_to_nothing_is_told_as_that() {
    let folder = Folder::new();
    let program = "loyal 1\n\nprogram shop {\n  money    EUR\n  clock    zone \"UTC\"\n}\n\n\
                   points star plural stars {\n  worth    0.01 EUR each\n  expire   never\n}\n\n\
                   earn base {\n  on       purchase\n  give     1 star per 10 EUR\n}\n\n\
                   earn rainy {\n  on       purchase\n  when     weather is rain\n  give     0.4 stars\n}\n";
    folder.write("shop/program.loyal", program);
    let events = "id,time,type,member,amount,weather\n\
                  p1,2026-01-06 10:00,purchase,ana,9.99,sun\n\
                  p2,2026-01-07 10:00,purchase,ana,0,sun\n\
                  p3,2026-01-08 10:00,purchase,ana,0,rain\n\
                  p4,2026-01-09 10:00,purchase,ana,6,rain\n";
    folder.write("shop/events.csv", events);
    let told = folder.loyal(&["explain", "shop", "--member", "ana"]).code(0).out;
    insta::assert_snapshot!("rounds_to_nothing", told);
}

/// How points were rounded, and what together, reads as a sentence.
#[test]
fn what_is_rounded_together_is_told_with_one_comma() {
    for (round, told) in [
        ("nearest", "1.5 rounded to the nearest, to 2"),
        ("nearest per rule", "1.5 rounded to the nearest, rule by rule, to 2"),
        ("nearest per month", "1.5 rounded to the nearest, with what the month carried, to 2"),
        ("down per rule", "1.5 rounded down, rule by rule, to 1"),
        ("down", "1.5 rounded down to 1"),
    ] {
        let folder = Folder::new();
        let program = format!(
            "loyal 1\n\nprogram shop {{\n  money    EUR\n  clock    zone \"UTC\"\n}}\n\npoints star plural stars {{\n  \
             round    {round}\n  expire   never\n}}\n\nearn base {{\n  on       purchase\n  give     1 star per 2 EUR\n}}\n"
        );
        folder.write("shop/program.loyal", &program);
        folder.write("shop/events.csv", "id,time,type,member,amount\np1,2026-01-06 10:00,purchase,ana,3\n");
        let said = folder.loyal(&["explain", "shop", "--member", "ana"]).code(0).out;
        assert!(said.contains(told), "{round}: {said}");
    }
}

fn checked(folder: &Folder, format: &str) -> Came {
    folder.loyal(&["check", "ten-mistakes", "--format", format]).code(1)
}

#[test]
fn ten_mistakes_are_ten_messages_in_every_format() {
    let folder = story("ten-mistakes");
    let text = checked(&folder, "text").out;
    assert_eq!(text.matches("\n  × ").count(), 10, "{text}");
    let mut places: Vec<&str> = text.lines().filter(|line| line.contains("─[")).collect();
    let all = places.len();
    places.dedup();
    assert_eq!((all, places.len()), (10, 10), "each under its own line");
    insta::assert_snapshot!("ten_mistakes_text", text);
    let json = checked(&folder, "json").out;
    insta::assert_snapshot!("ten_mistakes_json", json);
    let sarif: serde_json::Value = serde_json::from_str(&checked(&folder, "sarif").out).expect("JSON");
    assert_eq!(sarif["runs"][0]["results"].as_array().map(Vec::len), Some(10));
    insta::assert_snapshot!(
        "ten_mistakes_sarif",
        checked(&folder, "sarif").out.replace(env!("CARGO_PKG_VERSION"), "VERSION")
    );
    let github = checked(&folder, "github").out;
    assert_eq!(github.lines().count(), 10);
    insta::assert_snapshot!("ten_mistakes_github", github);
}

#[test]
fn a_member_with_everything_is_explained_to_the_last_point() {
    let folder = story("explain-all");
    let explain = ["explain", "explain-all", "--member", "ana", "--as-of", "2026-06-30", "--quiet"];
    let came = folder.loyal(&explain).code(0);
    assert!(came.err.is_empty(), "{}", came.err);
    insta::assert_snapshot!("explain_all", came.out);
    // What it says is what the facts say.
    let facts = folder.loyal(&["run", "explain-all", "--as-of", "2026-06-30", "--facts", "-"]).code(0).out;
    for fact in ["balance:leaf,92", "earned:leaf,202", "spent:leaf,60", "expired:leaf,14", "clawed:leaf,36"] {
        assert!(facts.contains(&format!("ana,{fact}\n")), "{fact}: {facts}");
    }
    let run = ["run", "explain-all", "--as-of", "2026-06-30", "--explain", "ana"];
    assert!(folder.loyal(&run).code(0).out.ends_with(&came.out), "`run --explain` says the same under the totals");
}

#[test]
fn real_purchases_shuffled_or_split_or_run_twice_give_the_same_bytes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs/cdnow");
    let folder = Folder::new();
    for name in ["program.loyal", "columns.toml"] {
        folder.write(&format!("cdnow/{name}"), fs::read(root.join(name)).expect("a file of the program"));
    }
    let text = fs::read_to_string(root.join("CDNOW_master.txt")).expect("the history");
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let header = lines.next().expect("a header");
    let rows: Vec<&str> = lines.take(3000).collect();
    // Every seventh row, then every seventh from the next on: far from the order of the file.
    let shuffled: Vec<&str> = (0..7).flat_map(|first| rows.iter().skip(first).step_by(7).copied()).collect();
    assert_eq!(shuffled.len(), rows.len());
    let write = |name: &str, rows: &[&str]| folder.write(name, format!("{header}\n{}\n", rows.join("\n")));
    write("cdnow/CDNOW_master.txt", &rows);
    write("shuffled.txt", &shuffled);
    for (at, part) in shuffled.chunks(1000).enumerate() {
        write(&format!("part{at}.txt"), part);
    }
    let run = |out: &str, events: &[&str]| {
        let mut arguments =
            vec!["run", "cdnow", "--quiet", "--out", out, "--as-of", "1997-09-30", "--as-of", "1998-06-30"];
        arguments.extend(events);
        folder.loyal(&arguments).code(0);
        folder.files(out)
    };
    let first = run("a", &[]);
    assert_eq!(first.len(), 15);
    assert_eq!(run("b", &[]), first, "run twice");
    assert_eq!(run("c", &["--events", "shuffled.txt"]), first, "shuffled");
    assert_eq!(run("d", &["--events", "part2.txt", "part0.txt", "part1.txt"]), first, "split");
}
