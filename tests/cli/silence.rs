//! What used to pass in silence: columns that no file has, members who are none any more, programs in a folder.

use super::loyal::Folder;

const PROGRAM: &str = "loyal 1\nprogram shop {\n  money EUR\n  clock zone \"Europe/Berlin\"\n}\npoints leaf plural leaves {\n  \
                       worth 0.01 EUR each\n  expire 12 months after earning\n}\nearn base {\n  on purchase\n  \
                       when not (Sorte in [gift_card])\n  give 1 leaf per 1 EUR\n}\ntiers t {\n  \
                       measure spend in calendar year\n  level a from 0 EUR\n  level b from 50 EUR\n}\n";

const EVENTS: &str = "id,time,type,member,amount,ref\np1,2026-01-05 10:00,purchase,ana,100,\n\
                      p2,2026-01-05 10:00,purchase,zoe,100,\nl1,2026-01-20,leave,zoe,,\n\
                      r1,2026-01-21,return,ana,,p1\np4,2026-02-21 10:00,purchase,ben,5,\n";

fn shop() -> Folder {
    let folder = Folder::new();
    folder.write("shop/program.loyal", PROGRAM);
    folder.write("shop/events.csv", EVENTS);
    folder
}

#[test]
fn a_column_that_no_file_has_is_noted_with_its_line() {
    let folder = shop();
    folder.loyal(&["run", "shop"]).code(0).says(&["no file has anything in a column `Sorte` (program.loyal:12)"]);
    folder.write("shop/columns.toml", "[events]\ncategory = \"Sorte\"\n");
    folder.write("shop/events.csv", "id,time,type,member,amount,Sorte\np1,2026-01-05 10:00,purchase,ana,100,tea\n");
    folder.loyal(&["run", "shop"]).code(0).says(&["columns.toml reads that column as `category`"]);
}

#[test]
fn who_left_is_no_member_and_on_no_level() {
    let folder = shop();
    let out = folder.loyal(&["run", "shop"]).code(0).out;
    let words = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("members 2 purchases 2 sales 105.00 EUR"), "one was returned whole: {out}");
    let facts = folder.loyal(&["run", "shop", "--format", "csv"]).code(0).out;
    assert!(!facts.contains(",zoe,level:t"), "{facts}");
    let told = folder.loyal(&["explain", "shop", "--member", "zoe"]).code(0).out;
    assert!(told.contains("Left the program on 20 January 2026."), "{told}");
}

#[test]
fn an_event_of_another_member_is_said_to_be_hers() {
    let folder = shop();
    let said = folder.loyal(&["explain", "shop", "--member", "ana", "--event", "p2"]).code(3);
    said.says(&["event p2 is of zoe", "`--member zoe` explains it"]);
}

#[test]
fn check_looks_at_every_program_in_a_folder_and_at_parts_only_once() {
    let folder = shop();
    folder.write("stray.loyal", "loyal 1\nprogram stray {\n  money EUR\n}\nuse \"parts/points.loyal\"\n");
    folder.write("parts/points.loyal", "points star plural stars {\n}\n");
    folder.write("shop/program.loyal", PROGRAM.replace("give 1 leaf", "give 1 leef"));
    let out = folder.loyal(&["check", "."]).code(1).out;
    assert!(out.contains("shop/program.loyal"), "{out}");
}
