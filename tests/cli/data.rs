//! Data that is wrong: the file, the row, the column, the value, what was expected; exit code 2;
//! nothing written.

use super::loyal::Folder;

/// Runs the points program over these events, with every output asked for.
fn run(folder: &Folder, events: &str) -> super::loyal::Came {
    folder.loyal(&["run", "shop", "--events", events, "--out", "out", "--facts", "facts.csv"])
}

#[test]
fn wrong_data_is_two_and_nothing_is_written() {
    let folder = Folder::with("points", "en");
    let good = folder.read("shop/events.csv");
    let row = "p1,2026-01-05 10:15,purchase,ana,24.60,GBP,,,food,";
    let with = |other: &str| good.replace(row, other).into_bytes();
    let cases: [(&str, Vec<u8>, &[&str]); 8] = [
        ("column.csv", good.replacen("member", "client", 1).into_bytes(), &["member"]),
        ("date.csv", with("p1,2026-13-05,purchase,ana,24.60,GBP,,,food,"), &["row 2", "`time`", "2026-13-05"]),
        ("amount.csv", with("p1,2026-01-05,purchase,ana,lots,GBP,,,food,"), &["row 2", "`amount`", "lots"]),
        ("currency.csv", with("p1,2026-01-05,purchase,ana,24.60,XAU,,,food,"), &["row 2", "XAU"]),
        ("type.csv", with("p1,2026-01-05,purchse,ana,24.60,GBP,,,food,"), &["row 2", "`type`", "purchse"]),
        ("empty.csv", Vec::new(), &["empty.csv"]),
        (
            "latin.csv",
            with("p1,2026-01-05,purchase,ana,24.60,GBP,,,caf\u{e9},")
                .iter()
                .map(|b| if *b == 0xc3 { 0xe9 } else { *b })
                .filter(|b| *b != 0xa9)
                .collect(),
            &["latin.csv", "row 2"],
        ),
        ("qty.csv", with("p1,2026-01-05,purchase,ana,24.60,GBP,,-1,food,"), &["row 2", "`qty`", "-1"]),
    ];
    let before = folder.files("").len();
    for (name, bytes, says) in cases {
        folder.write(name, bytes);
        run(&folder, name).code(2).says(&[name]).says(says);
        std::fs::remove_file(folder.path(name)).expect("it is there");
        assert_eq!(folder.files("").len(), before, "{name}: nothing was written");
    }
}

#[test]
fn the_same_id_with_other_contents_shows_both_places() {
    let folder = Folder::with("points", "en");
    folder.write("more.csv", "id,time,type,member,amount\np1,2026-01-05 10:15,purchase,ana,99\n");
    let came = folder.loyal(&["run", "shop", "--events", "shop/events.csv", "more.csv"]).code(2);
    came.says(&["p1", "events.csv", "more.csv"]);
}

#[test]
fn a_file_that_is_not_there_and_a_folder_are_said_so() {
    let folder = Folder::with("points", "en");
    run(&folder, "nosuch.csv").code(2).says(&["nosuch.csv"]);
    run(&folder, "shop").code(2).says(&["shop"]);
    assert!(!folder.path("out").exists());
}

#[test]
fn all_mistakes_are_told_the_first_twenty_in_full() {
    let folder = Folder::with("points", "en");
    let mut events = String::from("id,time,type,member,amount\n");
    for at in 0..70_000 {
        events.push_str(&format!("e{at},2026-01-05,purchase,ana,1.00\n"));
    }
    for at in 0..25 {
        events.push_str(&format!("b{at},2026-01-5x,purchase,ana,1.00\n"));
    }
    folder.write("long.csv", events);
    // Mistakes of one kind are told once, with where else and how many.
    run(&folder, "long.csv").code(2).says(&["row 70002", "2026-01-5x", "25 mistakes"]);
    let mut events = String::from("id,time,type,member,amount\n");
    for at in 0..25 {
        let letters = "x".repeat(at + 1);
        events.push_str(&format!("b{at},2026-01-05,purchase,ana,{letters}\n"));
    }
    folder.write("short.csv", events);
    let came = run(&folder, "short.csv").code(2).says(&["row 2", "and 5 more", "25 mistakes"]);
    assert!(!came.err.contains("row 22"));
}

#[test]
fn bad_rows_are_set_aside_when_asked() {
    let folder = Folder::with("points", "en");
    folder.edit("shop/events.csv", "p5,2026-02-10 12:00", "p5,never");
    let arguments = ["run", "shop", "--skip-bad", "bad.csv", "--facts", "facts.csv"];
    folder.loyal(&arguments).code(0).says(&["1 row with mistakes set aside in bad.csv"]);
    assert!(folder.read("bad.csv").contains("never"));
    assert!(folder.read("facts.csv").contains("balance:star"));
}

#[test]
fn standard_input_is_a_file_like_any() {
    let folder = Folder::with("points", "en");
    let events = folder.read("shop/events.csv");
    let piped = folder.loyal_reading(&events, &["run", "shop", "--events", "-", "--facts", "-"]).code(0);
    let named = folder.loyal(&["run", "shop", "--facts", "-"]).code(0);
    assert_eq!(piped.out, named.out);
    assert!(piped.out.starts_with("as_of,member,what,value\n"));
}

#[test]
fn files_that_the_program_names_are_read_and_their_mistakes_told() {
    let folder = Folder::with("points", "en");
    let quiet = "weekday in [monday]";
    folder.edit("shop/program.loyal", quiet, "weekday in [monday] and date not in closed and category in sweet");
    let program = folder.read("shop/program.loyal");
    let money = "  clock    zone";
    let program = program.replace(money, "  exchange \"rates.csv\"\n  clock    zone");
    let lists = "\ncalendar closed from \"closed.csv\"\n\nlist sweet from \"sweet.csv\" column kind\n";
    folder.write("shop/program.loyal", format!("{program}{lists}"));
    folder.write("shop/closed.csv", "date,until\n2026-02-01,2026-02-03\n");
    folder.write("shop/sweet.csv", "sku;kind\nA1;food\n");
    folder.write("shop/rates.csv", "date,from,to,rate\n2026-02-10,EUR,GBP,0.5\n");
    folder.edit(
        "shop/events.csv",
        "p5,2026-02-10 12:00,purchase,,8.90,GBP",
        "p5,2026-02-10 12:00,purchase,eva,8.00,EUR",
    );
    let facts = folder.loyal(&["run", "shop", "--facts", "-"]).code(0).out;
    assert!(facts.contains(",eva,balance:star,2\n"), "4 GBP at the day's rate: {facts}");
    assert!(facts.contains(",ana,earned:star,77\n"), "nothing doubled on the days closed: {facts}");
    folder.write("shop/closed.csv", "date\nsoon\n");
    folder.loyal(&["run", "shop"]).code(2).says(&["closed.csv, row 2, column `date`", "soon"]);
    folder.write("shop/closed.csv", "date\n");
    folder.write("shop/rates.csv", "date,from,to,rate\n2026-02-11,EUR,GBP,0.5\n");
    let run = folder.loyal(&["run", "shop", "--out", "told"]).code(2);
    run.says(&[
        "events.csv, row 7",
        "no rate from EUR to GBP for 2026-02-10; its first is of 2026-02-11",
        "--skip-bad",
    ]);
    assert!(!folder.path("told").exists(), "nothing is written");
    folder.edit("shop/program.loyal", "  exchange", "  from     2026-01-01\n  exchange");
    let check = folder.loyal(&["check", "shop"]).code(0);
    assert!(check.out.contains("`rates.csv` has rates from EUR to GBP since 2026-02-11"), "{}", check.out);
    std::fs::remove_file(folder.path("shop/sweet.csv")).expect("it is there");
    folder.loyal(&["run", "shop"]).code(2).says(&["sweet.csv", "cannot be read"]);
}

#[test]
fn a_cell_that_the_program_reads_as_a_day_or_a_number_must_be_one() {
    let folder = Folder::with("points", "en");
    folder.write("events.csv", "id,time,type,member,amount,currency,sku\np1,2026-02-03,purchase,ana,20,GBP,A\n");
    let program = folder.read("shop/program.loyal");
    let asks = "\ngift mug { item \"a mug\" }\n\nbonus near_the_wedding {\n  on purchase\n  when member.wedding within 7 days\n  give gift mug\n}\n\n\
                bonus worthy {\n  on purchase\n  when margin in last 90 days is at least 5 GBP\n  give gift mug\n}\n";
    let members = |day: &str| folder.write("members.csv", format!("member,joined,wedding\nana,2026-01-05,{day}\n"));
    let items = |cost: &str| folder.write("items.csv", format!("sku,cost\nA,{cost}\n"));
    let run = || {
        folder.loyal(&[
            "run",
            "shop",
            "--events",
            "events.csv",
            "--members",
            "members.csv",
            "--items",
            "items.csv",
            "-q",
        ])
    };
    members("xx");
    items("abc");
    // Nobody asks about them yet.
    run().code(0);
    folder.write("shop/program.loyal", program.clone() + asks);
    let hidden =
        ["members.csv, row 2, column `wedding`: `…`", "items.csv, row 2, column `cost`: `abc`", "--show-values"];
    run().code(2).says(&hidden);
    members("2010-02-30");
    items("2.50");
    run().code(2).says(&["row 2", "`wedding`", "is no day of the calendar"]);
    for day in ["2010-02-28", "02-29", ""] {
        members(day);
        run().code(0);
    }
    items("nil");
    folder.write("shop/program.loyal", program);
    run().code(0);
    // `segment` shows a margin, whatever the program asks.
    let segment = ["segment", "shop", "--events", "events.csv", "--items", "items.csv"];
    folder.loyal(&segment).code(2).says(&["items.csv, row 2"]);
}

#[test]
fn a_message_shows_no_cell_that_may_tell_of_a_person() {
    let folder = Folder::with("points", "en");
    folder.write("people.csv", "member,birthday\nzacharias,1990-02-30\nzacharias,1990-02-31\nida,31 April\n");
    folder.write(
        "events.csv",
        "id,time,type,member,amount,currency,note\n\
         p1,2026-01-05 10:15,purchase,zacharias,24.60,GBP,\n\
         p1,2026-01-05 10:15,purchase,theodora,24.60,GBP,\n\
         p2,2026-01-05 10:15,purchase,ida,abc,GBP,\n",
    );
    let run = |more: &[&str]| {
        let run = ["run", "shop", "--members", "people.csv", "--events", "events.csv"];
        folder.loyal(&[&run[..], more].concat()).code(2).err
    };
    let told = run(&[]);
    for person in ["zacharias", "theodora", "1990", "April"] {
        assert!(!told.contains(person), "{person} is in: {told}");
    }
    insta::assert_snapshot!("discreet", told);
    let shown = run(&["--show-values"]);
    for person in ["zacharias", "theodora", "1990-02-30", "31 April"] {
        assert!(shown.contains(person), "{person} is not in: {shown}");
    }
}
