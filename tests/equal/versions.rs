//! Programs with versions: the woven program of a seed, and the same with other figures and fewer blocks before it.
//! Split by member, and night by night, they come to what one run of the reference says.

use crate::draw::Draw;
use crate::engines::both;
use crate::nights::night_by_night;
use crate::pair;
use crate::tree::{Sound, Tree};
use loyal::check::check;
use loyal::diag;
use loyal::engine::reference;
use loyal::syntax::{self, Files};
use loyal::text::Sources;
use std::collections::BTreeMap;

/// Files in memory.
struct Shelf(BTreeMap<String, String>);

impl Files for Shelf {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or_else(|| "there is no such file".to_owned())
    }
}

/// The stream of a seed that versions are drawn from.
const STREAM: u64 = 15;

/// Lines whose figures may differ between versions without a question of homes.
const FIGURES: [&str; 11] =
    ["give", "price", "expire", "full", "limit", "stamp", "take", "owe", "cap", "earn at most", "worth"];

/// A line with its whole numbers moved a little.
fn moved(line: &str, draw: &mut Draw) -> String {
    let mut out = Vec::new();
    for word in line.split(' ') {
        out.push(match word.parse::<usize>() {
            Ok(number) if number > 0 && draw.below(2) == 0 => (number + draw.below(4)).to_string(),
            Ok(_) | Err(_) => word.to_owned(),
        });
    }
    out.join(" ")
}

/// The program as it was before: other figures, and some rules and discounts not there yet.
fn before(tree: &Tree, draw: &mut Draw) -> Tree {
    let mut old = tree.clone();
    let drops = ["earn other", "bonus", "discount", "challenge", "payout", "offer", "segment", "budget", "draw"];
    old.blocks.retain(|block| !drops.iter().any(|head| block.head.starts_with(head)) || draw.below(3) > 0);
    for block in old.blocks.iter_mut().filter(|block| !block.head.starts_with("program")) {
        for line in block.clauses.iter_mut().flatten() {
            if FIGURES.iter().any(|word| line.starts_with(word)) {
                *line = moved(line, draw);
            }
        }
    }
    old.blocks.retain(|block| !block.head.starts_with("example") && !block.head.starts_with("promise"));
    old
}

/// The program after it, which keeps something of it or nothing.
fn after(tree: &Tree, day: &str, draw: &mut Draw) -> Tree {
    let mut new = tree.clone();
    new.blocks.retain(|block| !block.head.starts_with("example") && !block.head.starts_with("promise"));
    // Some rules are not there any more.
    new.blocks.retain(|block| !block.head.starts_with("earn other") || draw.below(3) > 0);
    let Some(block) = new.blocks.iter_mut().find(|block| block.head.starts_with("program")) else { return new };
    let clauses = block.clauses.get_or_insert_default();
    clauses.retain(|clause| !clause.starts_with("from") && !clause.starts_with("until"));
    clauses.push(format!("replaces \"old.loyal\" from {day}"));
    let until = |draw: &mut Draw| if draw.below(2) == 0 { String::new() } else { " until 2027-06-30".to_owned() };
    if draw.below(2) == 0 {
        clauses.push(format!("keep old for lots earned before {day}{}", until(draw)));
    }
    if draw.below(2) == 0 {
        clauses.push(format!("keep old for members joined before {day}{}", until(draw)));
    }
    new
}

/// Both versions of a seed's program as one, where `check` accepts them together.
fn versions(sound: &Sound, day: &str, seed: u64) -> Option<Sound> {
    let mut draw = Draw::new(seed, STREAM);
    let old = before(&sound.tree, &mut draw);
    let old = Tree { blocks: old.blocks.into_iter().map(without_days).collect() }.mended().ok()?;
    let new = after(&sound.tree, day, &mut draw);
    let text = new.print();
    let shelf = Shelf(BTreeMap::from([("new.loyal".to_owned(), text.clone()), ("old.loyal".to_owned(), old.text)]));
    let mut sources = Sources::default();
    let parsed = syntax::parse(&mut sources, &shelf, "new.loyal");
    let checked = check(&parsed.ast, &sources);
    let program = checked.program.filter(|_| !diag::has_error(&parsed.findings))?;
    assert_eq!(program.older.len(), 1);
    Some(Sound {
        tree: new,
        text: format!("{text}\n--- old.loyal\n{}", shelf.0["old.loyal"]),
        program,
        sources,
        dropped: 0,
    })
}

fn without_days(mut block: crate::tree::Block) -> crate::tree::Block {
    if block.head.starts_with("program") {
        let clauses = block.clauses.iter_mut();
        clauses.for_each(|clauses| clauses.retain(|line| !line.starts_with("from") && !line.starts_with("until")));
    }
    block
}

#[test]
fn versions_come_to_the_same_by_members_and_by_nights() {
    let number = |name: &str, usual: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (from, pairs) = (number("LOYAL_VERSIONS_FROM", 0), number("LOYAL_VERSIONS", 160));
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for seed in from..from + pairs {
        let Some(sound) = pair::program(seed) else { continue };
        let chronicle = pair::history(seed, &sound);
        let Ok(history) = chronicle.read(&sound.program) else { continue };
        let Some(middle) = history.events.get(history.events.len() / 2) else { continue };
        let Some(sound) = versions(&sound, &middle.day.to_string(), seed) else { continue };
        let Ok(history) = chronicle.read(&sound.program) else { continue };
        tried += 1;
        let as_of = chronicle.moments(&sound.program);
        let expected = reference::run(&sound.program, &history, &as_of);
        expected.verify().unwrap_or_else(|why| panic!("seed {seed}: {why}"));
        let difference = both(&sound.program, &history, &as_of, &expected).0;
        let difference = difference.or_else(|| night_by_night(seed, &sound, &chronicle));
        wrong.extend(difference.map(|says| format!("seed {seed}: {says}\n{}", sound.text)));
        if wrong.len() >= 2 {
            break;
        }
    }
    println!("{tried} of {pairs}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(tried * 4 > pairs, "only {tried} of {pairs} programs have versions");
}
