//! Runs with a kept state that are killed (`kill -9`) at moments spread over their length, and run again: every output
//! is what it would have been, and so is every later night.
//!
//! `cargo test --test kills` kills ten. By hand: `LOYAL_KILLS=200 LOYAL_KILLS_ROWS=20000 cargo test --release --test
//! kills -- --nocapture`; `LOYAL_KILLS_SEED` moves the moments.

#[allow(dead_code, reason = "the tests of the command line use all of it")]
#[path = "cli/loyal.rs"]
mod loyal;

use loyal::Folder;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Numbers that look drawn, the same for the same seed.
struct Draw(u64);

impl Draw {
    /// A number from 0 up to 1.
    fn part(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 40).expect("24 bits")) / f64::from(1_u32 << 24)
    }
}

const HEADER: &str = "id,time,type,member,amount,qty,ref\n";

/// The nights of a real shop's purchases, some of them late by a few days, with returns of ours, of which some show
/// no card.
fn nights(rows: usize) -> [String; 3] {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs/cdnow/CDNOW_master.txt");
    let text = fs::read_to_string(from).expect("the purchases");
    let mut bought: Vec<Vec<&str>> =
        text.lines().map(|row| row.split_whitespace().collect()).filter(|row: &Vec<&str>| row.len() == 4).collect();
    bought.retain(|row| row[1].bytes().all(|byte| byte.is_ascii_digit()));
    bought.truncate(rows);
    bought.sort_by_key(|row| row[1]);
    let mut nights = [HEADER.to_owned(), HEADER.to_owned(), HEADER.to_owned()];
    for (nth, row) in bought.iter().enumerate() {
        let (member, day, number, amount) = (row[0], row[1], row[2], row[3]);
        let day = format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]);
        let night = [6, 8, 10].iter().position(|tenth| nth * 10 < bought.len() * tenth).unwrap_or(2);
        // The last of a night come with the next one, too late for nothing.
        let late = usize::from(nth % 7 == 0 && (nth + bought.len() / 40) * 10 / 2 >= bought.len() * (night + 3));
        let night = &mut nights[(night + late).min(2)];
        night.push_str(&format!("e{nth},{day} 10:00,purchase,{member},{amount},{number},\n"));
        if nth % 11 == 0 {
            let shown = if nth % 2 == 0 { member } else { "" };
            night.push_str(&format!("r{nth},{day} 18:00,return,{shown},{amount},{number},e{nth}\n"));
        }
    }
    nights
}

struct Shop {
    folder: Folder,
    /// What stands in `out` behind each night of an unbroken run.
    unbroken: Vec<BTreeMap<String, Vec<u8>>>,
    /// How long each night takes.
    lengths: Vec<Duration>,
}

/// The files of a folder; those that a killed run was about to move are no output.
fn outputs(folder: &Folder, name: &str) -> BTreeMap<String, Vec<u8>> {
    let mut files = folder.files(name);
    files.retain(|name, _| !name.contains(".loyal-"));
    files
}

impl Shop {
    fn new(rows: usize) -> Self {
        let folder = Folder::new();
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs/cdnow/program.loyal");
        folder.write("program.loyal", fs::read(program).expect("the program"));
        for (nth, night) in nights(rows).iter().enumerate() {
            folder.write(&format!("n{nth}.csv"), night);
        }
        let mut shop = Self { folder, unbroken: Vec::new(), lengths: Vec::new() };
        for nth in 0..3 {
            shop.before(nth, "base");
            let begun = Instant::now();
            assert!(shop.night(nth).status().expect("the binary runs").success());
            shop.lengths.push(begun.elapsed());
            shop.unbroken.push(outputs(&shop.folder, "out"));
            copy(&shop.folder.path("st"), &shop.folder.path(&format!("base{nth}")));
            copy(&shop.folder.path("out"), &shop.folder.path(&format!("base{nth}-out")));
        }
        shop
    }

    /// Everything stands as it stood before a night.
    fn before(&self, night: usize, base: &str) {
        for (name, behind) in [("st", ""), ("out", "-out")] {
            let place = self.folder.path(name);
            let _ = fs::remove_dir_all(&place);
            if night > 0 {
                copy(&self.folder.path(&format!("{base}{}{behind}", night - 1)), &place);
            }
        }
        fs::create_dir_all(self.folder.path("out")).expect("a folder");
    }

    fn night(&self, nth: usize) -> Command {
        let mut command = self.folder.command();
        let events = format!("n{nth}.csv");
        command.args(["run", "program.loyal", "--quiet", "--state", "st", "--out", "out", "--facts", "out/facts.csv"]);
        command.args(["--events", &events]).stdout(Stdio::null());
        command
    }

    /// Runs a night and kills it after a while; whether it was still running.
    fn kill(&self, nth: usize, after: Duration) -> bool {
        let mut child = self.night(nth).spawn().expect("the binary runs");
        std::thread::sleep(after);
        child.kill().expect("a child may be killed");
        !child.wait().expect("it ends").success()
    }

    /// How far a night had come when it was killed.
    fn reached(&self, nth: usize) -> &'static str {
        let list = fs::read_to_string(self.folder.path("st/state.json")).unwrap_or_default();
        let (done, before) =
            (format!("\"nights\": {}", nth + 1), nth.checked_sub(1).map(|night| &self.unbroken[night]));
        let tables = self.folder.path(&format!("st/results-{}.table", nth + 1)).exists();
        let out = outputs(&self.folder, "out");
        match () {
            () if list.contains(&done) => "4 the state was moved",
            () if out == self.unbroken[nth] => "3 the outputs were moved",
            () if before.map_or(!out.is_empty(), |before| *before != out) => "2 some outputs were moved",
            () if tables => "1 tables were written",
            () => "0 nothing was written yet",
        }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        fs::copy(&path, to.join(path.file_name().expect("a name"))).expect("a copy");
    }
}

#[test]
fn whoever_is_killed_and_runs_again_gets_the_bytes_of_an_unbroken_run() {
    let kills = number("LOYAL_KILLS", 10);
    let rows = usize::try_from(number("LOYAL_KILLS_ROWS", 400)).expect("a number of rows");
    let mut draw = Draw(number("LOYAL_KILLS_SEED", 1));
    let shop = Shop::new(rows);
    let corrections = String::from_utf8_lossy(&shop.unbroken[1]["corrections.csv"]).lines().count();
    assert!(corrections > 1, "late events correct something");
    let (mut reached, mut ended, mut twice) = (BTreeMap::<(usize, &str), u64>::new(), 0, 0);
    for kill in 0..kills {
        let night = usize::from(kill % 4 != 0) + usize::from(kill % 8 == 5);
        // Spread over the whole run; every fifth over its last part, where files are moved.
        let spread = (f64::from(u32::try_from(kill).expect("few")) + draw.part())
            / f64::from(u32::try_from(kills).expect("few"));
        let part = if kill % 5 == 4 { 0.8 + 0.25 * draw.part() } else { spread };
        shop.before(night, "base");
        let killed = shop.kill(night, shop.lengths[night].mul_f64(part));
        ended += u64::from(!killed);
        *reached.entry((night, shop.reached(night))).or_default() += 1;
        if kill % 3 == 0 {
            twice += u64::from(shop.kill(night, shop.lengths[night].mul_f64(draw.part())));
        }
        for nth in night..3 {
            let came = shop.night(nth).output().expect("the binary runs");
            let said = String::from_utf8_lossy(&came.stderr).into_owned();
            assert!(came.status.success(), "kill {kill} of night {night} at {part:.3}: night {nth} says {said}");
            let same = outputs(&shop.folder, "out") == shop.unbroken[nth];
            assert!(same, "kill {kill} of night {night} at {part:.3}: other bytes behind night {nth}");
        }
    }
    println!("{kills} runs of {:?} with {rows} rows; {ended} ended before they were killed", shop.lengths);
    println!("{twice} were killed again while they ran again; all came to the bytes of an unbroken run");
    for ((night, what), count) in reached {
        println!("night {}: {count:4} {what}", night + 1);
    }
}
