//! For tests: the blocks of a text and the names they declare, and frames that try lines of one block.

use super::reading::names::Declared;
use super::reading::{Kind, Names, Reading};
use super::{activity, coupon, points, settings, tiers};
use crate::diag::Finding;
use crate::syntax::ast::Block;
use crate::syntax::parse_text;
use crate::text::Sources;
use std::fmt::Write;

/// A text, its blocks, and the names they declare.
pub struct Specimen {
    /// The one file.
    pub sources: Sources,
    /// Its blocks.
    pub blocks: Vec<Block>,
    /// Their names.
    pub names: Names,
    /// What the first stage complains of.
    pub findings: Vec<Finding>,
}

impl Specimen {
    /// Reads the blocks of a text without its edition line.
    pub fn new(text: &str) -> Self {
        let mut sources = Sources::default();
        let parsed = parse_text(&mut sources, "test.loyal", &format!("loyal 1\n\n{text}\n"));
        let blocks: Vec<Block> = parsed.ast.blocks().cloned().collect();
        let names = names(&sources, &blocks);
        Self { sources, blocks, names, findings: parsed.findings }
    }

    /// The first block of that keyword.
    pub fn block(&self, keyword: &str) -> &Block {
        self.blocks.iter().find(|block| block.keyword.text == keyword).expect("the test has such a block")
    }

    /// What a reader makes of the first block of that keyword, and what it complains of.
    pub fn read<T>(&self, keyword: &str, read: impl FnOnce(&mut Reading<'_>, &Block) -> T) -> (T, Vec<Finding>) {
        let mut reading = Reading::new(&self.sources, &self.names);
        let made = read(&mut reading, self.block(keyword));
        (made, [self.findings.as_slice(), &reading.findings].concat())
    }
}

/// A frame with `@` where the lines of the block under test stand.
pub struct Frame<'t, T> {
    /// The whole text.
    pub text: &'t str,
    /// The keyword of that block.
    pub keyword: &'t str,
    /// Its reader.
    pub read: fn(&mut Reading<'_>, &Block) -> T,
}

impl<T> Frame<'_, T> {
    /// What the block means with these lines, of which none may be complained.
    pub fn good(&self, lines: &str) -> T {
        let (made, findings) = self.both(lines);
        assert!(findings.is_empty(), "{lines}\n{}", page(&Specimen::new(&self.filled(lines)), &findings));
        made
    }

    /// The message for each bad line; its good twin passes without one.
    pub fn bad(&self, cases: &[(&str, &str)]) -> String {
        let mut pages = String::new();
        for (bad, twin) in cases {
            let (_, findings) = self.both(bad);
            let specimen = Specimen::new(&self.filled(bad));
            let said = page(&specimen, &findings);
            assert_eq!(findings.len(), 1, "{bad}\n{said}");
            write!(pages, "{}\n{said}\n", bad.replace('\n', " / ")).expect("writing to a string");
            self.good(twin);
        }
        pages
    }

    fn filled(&self, lines: &str) -> String {
        self.text.replace('@', lines)
    }

    fn both(&self, lines: &str) -> (T, Vec<Finding>) {
        Specimen::new(&self.filled(lines)).read(self.keyword, self.read)
    }
}

/// Findings as plain lines.
fn page(specimen: &Specimen, findings: &[Finding]) -> String {
    let mut page = String::new();
    for finding in findings {
        let under = specimen.sources.slice(finding.place);
        writeln!(page, "  {:?} {} under `{under}`", finding.severity, finding.code).expect("writing to a string");
        writeln!(page, "    {}", finding.says).expect("writing to a string");
        for (place, label) in &finding.related {
            writeln!(page, "    ({label}: `{}`)", specimen.sources.slice(*place)).expect("writing to a string");
        }
        writeln!(page, "    {}\n    > {}", finding.why, finding.mend).expect("writing to a string");
    }
    page
}

fn names(sources: &Sources, blocks: &[Block]) -> Names {
    let mut names = Names::default();
    for block in blocks {
        match block.keyword.text.as_str() {
            "program" => names.money = settings::money(sources, block),
            "points" => names.worth.push(points::worth(sources, block)),
            "tiers" => {
                names.levels.push(tiers::levels(sources, block));
                names.measures.push(tiers::measures(sources, block));
            }
            "activity" => names.fields.push(activity::fields(sources, block)),
            "earn" | "bonus" | "challenge" | "payout" | "offer" => {
                names.bonus.push(matches!(block.keyword.text.as_str(), "bonus" | "offer"));
                names.worth_taken.extend(coupon::worth_taken(sources, block));
            }
            _ => {}
        }
        if let (Some(kind), Some(name)) = (Kind::of_block(&block.keyword.text), &block.name) {
            let plural = block.plural.as_ref().map(|word| word.text.clone());
            names.declared.entry(kind).or_default().push(Declared { name: name.text.clone(), plural, span: name.span });
        }
    }
    names
}
