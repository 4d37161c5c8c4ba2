//! The engines compared: programs woven from a seed, histories aimed at their edges, the first
//! difference shrunk to something a person reads.

mod cover;
mod draw;
mod history;
mod tree;
mod weave;

#[test]
fn programs() {
    let mut refused = std::collections::BTreeMap::new();
    let (mut good, mut dropped) = (0, 0);
    for seed in 0..200 {
        let tree = weave::program(seed);
        match tree.accepted() {
            Ok(_) => good += 1,
            Err((findings, sources)) => {
                let line = tree.print().lines().nth(sources.line(findings[0].place) - 1).unwrap_or("").to_owned();
                refused.entry(findings[0].code).or_insert_with(Vec::new).push(format!("{seed}: {} | {line}", findings[0].says));
            }
        }
        match tree.mended() {
            Ok(sound) => dropped += sound.dropped,
            Err(findings) => println!("{seed} {findings:?}"),
        }
    }
    for (code, lines) in refused {
        println!("{code} {}", lines.len());
        for line in lines.iter().take(6) {
            println!("    {line}");
        }
    }
    println!("{good} {dropped}");
}
