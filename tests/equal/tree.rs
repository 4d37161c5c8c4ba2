//! A program as data: blocks of lines, printed as text, checked, and mended by taking out what is refused.

use loyal::check::check;
use loyal::diag::{Finding, Severity};
use loyal::mechanics::Program;
use loyal::syntax::parse_text;
use loyal::text::{Sources, Span};
use std::collections::BTreeSet;

/// A block: what stands before its brace, and its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// `earn base`; of a block without braces the whole of it.
    pub head: String,
    /// The clauses; none where the block has no braces.
    pub clauses: Option<Vec<String>>,
}

/// A whole program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    /// In file order.
    pub blocks: Vec<Block>,
}

/// A program that `check` accepts.
pub struct Sound {
    /// What it was read from, with what was refused taken out.
    pub tree: Tree,
    /// Its text.
    pub text: String,
    /// The typed tree.
    pub program: Program,
    /// Its text, for places.
    pub sources: Sources,
    /// How many lines had to be taken out.
    pub dropped: usize,
}

/// What stands on a line of the text.
enum Stands {
    Head(usize),
    Clause(usize, usize),
}

/// How often a program is mended before it is given up.
const ROUNDS: usize = 6;

impl Tree {
    /// Adds a block with braces.
    pub fn block(&mut self, head: impl Into<String>, clauses: Vec<String>) {
        let clauses = clauses.into_iter().filter(|clause| !clause.is_empty()).collect();
        self.blocks.push(Block { head: head.into(), clauses: Some(clauses) });
    }

    /// Adds clauses to the block of that head.
    pub fn more(&mut self, head: &str, clauses: Vec<String>) {
        if let Some(block) = self.blocks.iter_mut().find(|block| block.head == head) {
            block.clauses.get_or_insert_default().extend(clauses);
        }
    }

    /// Adds a block without braces.
    pub fn line(&mut self, head: impl Into<String>) {
        self.blocks.push(Block { head: head.into(), clauses: None });
    }

    /// The blocks of a text as [`Tree::print`] writes it, or as people do: one clause a line.
    pub fn parse(text: &str) -> Self {
        let mut tree = Self::default();
        let mut open: Option<Block> = None;
        for line in text.lines() {
            let line = line.split(" #").next().unwrap_or("").trim();
            if line.is_empty() || line.starts_with('#') || line.starts_with("loyal 1") {
                continue;
            }
            match (&mut open, line) {
                (Some(_), "}") => tree.blocks.extend(open.take()),
                (Some(block), clause) => block.clauses.get_or_insert_default().push(clause.to_owned()),
                (None, head) => match head.strip_suffix('{') {
                    Some(head) => open = Some(Block { head: head.trim().to_owned(), clauses: Some(Vec::new()) }),
                    None => tree.line(head),
                },
            }
        }
        tree.blocks.extend(open);
        tree
    }

    /// The program's text.
    pub fn print(&self) -> String {
        self.lines().into_iter().map(|(line, _)| line + "\n").collect()
    }

    /// How many lines it has that say something.
    pub fn size(&self) -> usize {
        self.blocks.iter().map(|block| 1 + block.clauses.as_ref().map_or(0, |clauses| clauses.len() + 1)).sum()
    }

    fn lines(&self) -> Vec<(String, Option<Stands>)> {
        let mut lines = vec![("loyal 1".to_owned(), None)];
        for (at, block) in self.blocks.iter().enumerate() {
            lines.push((String::new(), None));
            match &block.clauses {
                None => lines.push((block.head.clone(), Some(Stands::Head(at)))),
                Some(clauses) => {
                    lines.push((format!("{} {{", block.head), Some(Stands::Head(at))));
                    let clauses = clauses.iter().enumerate();
                    lines.extend(clauses.map(|(place, text)| (format!("  {text}"), Some(Stands::Clause(at, place)))));
                    lines.push(("}".to_owned(), None));
                }
            }
        }
        lines
    }

    /// The program, where `check` accepts it as it stands; else what is wrong with it.
    pub fn accepted(&self) -> Result<Sound, (Vec<Finding>, Sources)> {
        let text = self.print();
        let mut sources = Sources::default();
        let parsed = parse_text(&mut sources, "program.loyal", &text);
        let checked = check(&parsed.ast, &sources);
        let mut findings = parsed.findings;
        match checked.program {
            Some(program) if findings.iter().all(|finding| finding.severity == Severity::Warning) => {
                Ok(Sound { tree: self.clone(), text, program, sources, dropped: 0 })
            }
            Some(_) | None => {
                findings.extend(checked.findings);
                findings.retain(|finding| finding.severity == Severity::Error);
                Err((findings, sources))
            }
        }
    }

    /// Everything that `check` finds in the program, warnings too.
    pub fn findings(&self) -> Vec<Finding> {
        let mut sources = Sources::default();
        let parsed = parse_text(&mut sources, "program.loyal", &self.print());
        let checked = check(&parsed.ast, &sources);
        parsed.findings.into_iter().chain(checked.findings).collect()
    }

    /// The program with the lines that `check` refuses taken out.
    pub fn mended(mut self) -> Result<Sound, Vec<Finding>> {
        let mut dropped = 0;
        loop {
            match self.accepted() {
                Ok(sound) => return Ok(Sound { dropped, ..sound }),
                Err((findings, _)) if dropped >= ROUNDS || findings.is_empty() => return Err(findings),
                Err((findings, sources)) => {
                    if !self.take_out(&findings, &sources) {
                        return Err(findings);
                    }
                    dropped += 1;
                }
            }
        }
    }

    /// Takes out every line, and every block, that one of these places begins on.
    pub fn without(&self, places: &[Span], sources: &Sources) -> Self {
        let (mut tree, lines) = (self.clone(), self.lines());
        let (mut clauses, mut blocks) = (BTreeSet::new(), BTreeSet::new());
        for place in places {
            match lines.get(sources.line(*place) - 1).and_then(|(_, stands)| stands.as_ref()) {
                Some(Stands::Clause(block, clause)) => clauses.insert((*block, *clause)),
                Some(Stands::Head(block)) => blocks.insert(*block),
                None => false,
            };
        }
        for (block, clause) in clauses.into_iter().rev() {
            tree.blocks[block].clauses.iter_mut().for_each(|clauses| {
                clauses.remove(clause);
            });
        }
        blocks.into_iter().rev().for_each(|block| {
            tree.blocks.remove(block);
        });
        tree
    }

    /// Takes out the line of the first finding; a block when it is its head.
    fn take_out(&mut self, findings: &[Finding], sources: &Sources) -> bool {
        let lines = self.lines();
        for finding in findings {
            match lines.get(sources.line(finding.place) - 1).and_then(|(_, stands)| stands.as_ref()) {
                // What is missing is told under the line above its place: the block goes.
                Some(Stands::Clause(block, _)) if finding.code == "missing-line" => {
                    self.blocks.remove(*block);
                    return true;
                }
                Some(Stands::Clause(block, clause)) => {
                    if let Some(clauses) = &mut self.blocks[*block].clauses {
                        clauses.remove(*clause);
                        return true;
                    }
                }
                Some(Stands::Head(block)) if !self.blocks[*block].head.starts_with("program") => {
                    self.blocks.remove(*block);
                    return true;
                }
                Some(Stands::Head(_)) | None => {}
            }
        }
        false
    }
}
