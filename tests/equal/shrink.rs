//! From a difference to the smallest program and history that anyone can read and that still differ.

use crate::history::{Chronicle, Row};
use crate::pair::{Engine, compare};
use crate::tree::{Sound, Tree};
use std::time::{Duration, Instant};

/// What is being made small.
pub struct Shrink {
    sound: Sound,
    chronicle: Chronicle,
    engine: Engine,
    /// The difference that is left.
    pub says: String,
    /// How many pairs were tried.
    pub tried: usize,
    until: Instant,
}

/// Makes a difference small, for at most so long.
pub fn shrink(sound: Sound, chronicle: Chronicle, says: String, engine: Engine, most: Duration) -> Shrink {
    let mut shrink = Shrink { sound, chronicle, engine, says, tried: 0, until: Instant::now() + most };
    loop {
        let before = shrink.size();
        shrink.events();
        shrink.blocks();
        shrink.clauses();
        shrink.moments();
        shrink.rows();
        shrink.phrases();
        shrink.cells();
        shrink.members();
        shrink.values();
        if shrink.size() == before || shrink.is_over() {
            return shrink;
        }
    }
}

impl Shrink {
    /// The program's text.
    pub fn text(&self) -> &str {
        &self.sound.text
    }

    /// The history.
    pub fn chronicle(&self) -> &Chronicle {
        &self.chronicle
    }

    fn is_over(&self) -> bool {
        Instant::now() >= self.until
    }

    /// Letters of everything: what must become less.
    fn size(&self) -> usize {
        self.sound.text.len() + self.chronicle.files().iter().map(|(_, text)| text.len()).sum::<usize>()
    }

    /// Takes another history when it still differs.
    fn try_history(&mut self, chronicle: Chronicle) -> bool {
        if chronicle == self.chronicle || chronicle.as_of.is_empty() || self.is_over() {
            return false;
        }
        self.tried += 1;
        let compared = compare(&self.sound, &chronicle, self.engine);
        match compared.ok().and_then(|compared| compared.difference) {
            Some(says) => {
                (self.chronicle, self.says) = (chronicle, says);
                true
            }
            None => false,
        }
    }

    /// Takes another program when it is accepted, with what leaned on the rest taken out, and still differs.
    fn try_tree(&mut self, tree: Tree) -> bool {
        if tree == self.sound.tree || self.is_over() {
            return false;
        }
        self.tried += 1;
        let Ok(sound) = tree.mended() else { return false };
        if sound.tree.size() > self.sound.tree.size() {
            return false;
        }
        let compared = compare(&sound, &self.chronicle, self.engine);
        match compared.ok().and_then(|compared| compared.difference) {
            Some(says) => {
                (self.sound, self.says) = (sound, says);
                true
            }
            None => false,
        }
    }

    /// Fewer events: halves first, then smaller pieces.
    fn events(&mut self) {
        let mut piece = self.chronicle.events.len().div_ceil(2);
        while piece > 0 {
            let mut at = 0;
            while at < self.chronicle.events.len() {
                let mut fewer = self.chronicle.clone();
                let end = (at + piece).min(fewer.events.len());
                fewer.events.drain(at..end);
                if !self.try_history(fewer) {
                    at += piece;
                }
            }
            piece /= 2;
        }
    }

    fn blocks(&mut self) {
        let mut at = self.sound.tree.blocks.len();
        while at > 0 {
            at -= 1;
            let Some(block) = self.sound.tree.blocks.get(at) else { continue };
            if block.head.starts_with("program") {
                continue;
            }
            let mut fewer = self.sound.tree.clone();
            fewer.blocks.remove(at);
            self.try_tree(fewer);
        }
    }

    fn clauses(&mut self) {
        for block in (0..self.sound.tree.blocks.len()).rev() {
            let clauses =
                |tree: &Tree| tree.blocks.get(block).and_then(|block| block.clauses.as_ref()).map_or(0, Vec::len);
            for clause in (0..clauses(&self.sound.tree)).rev() {
                if clause >= clauses(&self.sound.tree) {
                    continue;
                }
                let mut fewer = self.sound.tree.clone();
                if let Some(clauses) = &mut fewer.blocks[block].clauses {
                    clauses.remove(clause);
                }
                self.try_tree(fewer);
            }
        }
    }

    /// Shorter lines: what stands behind a joining word is left out, or before it.
    fn phrases(&mut self) {
        for block in 0..self.sound.tree.blocks.len() {
            let mut clause = 0;
            while let Some(text) = self.clause(block, clause) {
                for shorter in shorter(&text) {
                    let mut tree = self.sound.tree.clone();
                    if let Some(clauses) = tree.blocks.get_mut(block).and_then(|block| block.clauses.as_mut()) {
                        clauses[clause] = shorter;
                    }
                    if tree.accepted().is_ok() && self.try_tree(tree) {
                        break;
                    }
                }
                clause += 1;
            }
        }
    }

    fn clause(&self, block: usize, clause: usize) -> Option<String> {
        self.sound.tree.blocks.get(block)?.clauses.as_ref()?.get(clause).cloned()
    }

    fn moments(&mut self) {
        for at in (0..self.chronicle.as_of.len()).rev() {
            let mut fewer = self.chronicle.clone();
            fewer.as_of.remove(at);
            self.try_history(fewer);
        }
    }

    /// Fewer lines of events, members and items.
    fn rows(&mut self) {
        for event in 0..self.chronicle.events.len() {
            for row in (0..self.chronicle.events[event].len()).rev() {
                let mut fewer = self.chronicle.clone();
                if fewer.events[event].len() > 1 {
                    fewer.events[event].remove(row);
                    self.try_history(fewer);
                }
            }
        }
        for at in (0..self.chronicle.members.len()).rev() {
            let mut fewer = self.chronicle.clone();
            fewer.members.remove(at);
            self.try_history(fewer);
        }
        for at in (0..self.chronicle.items.len()).rev() {
            let mut fewer = self.chronicle.clone();
            fewer.items.remove(at);
            self.try_history(fewer);
        }
    }

    /// Fewer columns, then fewer cells.
    fn cells(&mut self) {
        let columns: std::collections::BTreeSet<String> =
            self.chronicle.events.iter().flatten().flat_map(|row| row.keys().cloned()).collect();
        for column in columns.iter().filter(|column| !matches!(column.as_str(), "id" | "time" | "type")) {
            let mut fewer = self.chronicle.clone();
            fewer.events.iter_mut().flatten().for_each(|row| {
                row.remove(column);
            });
            if self.try_history(fewer) {
                continue;
            }
            for event in 0..self.chronicle.events.len() {
                let mut fewer = self.chronicle.clone();
                fewer.events[event].iter_mut().for_each(|row| {
                    row.remove(column);
                });
                self.try_history(fewer);
            }
        }
        for at in 0..self.chronicle.members.len() {
            for column in self.chronicle.members[at].keys().cloned().collect::<Vec<_>>() {
                let mut fewer = self.chronicle.clone();
                if column != "member" {
                    fewer.members[at].remove(&column);
                    self.try_history(fewer);
                }
            }
        }
    }

    /// Everybody is the first of them.
    fn members(&mut self) {
        let mut one = self.chronicle.clone();
        let own = one.events.iter_mut().flatten().filter_map(|row| row.get_mut("member"));
        own.for_each(|member| *member = "ana".to_owned());
        one.members.clear();
        self.try_history(one);
    }

    /// Plainer figures and times.
    fn values(&mut self) {
        for event in 0..self.chronicle.events.len() {
            for row in 0..self.chronicle.events[event].len() {
                for column in ["amount", "qty", "regular", "tax"] {
                    let Some(cell) = self.chronicle.events[event][row].get(column).cloned() else { continue };
                    for plainer in ["1", "10", "20", "50", "100"]
                        .iter()
                        .filter(|plainer| plainer.len() <= cell.len() && **plainer != cell)
                    {
                        let mut other = self.chronicle.clone();
                        other.events[event][row].insert(column.to_owned(), (*plainer).to_owned());
                        if self.try_history(other) {
                            break;
                        }
                    }
                }
            }
            self.time(event);
        }
    }

    fn time(&mut self, event: usize) {
        let Some(time) = self.chronicle.events[event].first().and_then(|row| row.get("time")).cloned() else { return };
        let Some(day) = time.get(..10) else { return };
        for plainer in [format!("{day} 12:00"), day.to_owned()] {
            if plainer == time || time == format!("{day} 12:00") {
                continue;
            }
            let mut other = self.chronicle.clone();
            other.events[event].iter_mut().for_each(|row: &mut Row| {
                row.insert("time".to_owned(), plainer.clone());
            });
            if self.try_history(other) {
                break;
            }
        }
    }
}

/// Shorter wordings of a line, the shortest first.
fn shorter(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let keyword = text.split(' ').next().unwrap_or("");
    for joint in [" and ", " or ", ", ", " expiring ", " of items ", " without ", " before ", " per member "] {
        for (at, _) in text.match_indices(joint) {
            all.push(text[..at].to_owned());
            if matches!(keyword, "when" | "except") {
                all.push(format!("{keyword} {}", &text[at + joint.len()..]));
            }
        }
    }
    if let Some(inner) = text.find("not (").map(|at| (at, &text[at + 5..])) {
        all.push(format!("{}{}", &text[..inner.0], inner.1.replacen(')', "", 1)));
    }
    all.sort_by_key(String::len);
    all.dedup();
    all
}
