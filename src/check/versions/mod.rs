//! `replaces "old.loyal" from DATE`: the versions of a program, read together (section 6.15).
//!
//! Each file is first checked by itself. Then what members may hold is looked up in the file that follows ([`homes`]),
//! what they get less of is told ([`worse`]), and all files are read once more with one numbering ([`align`]).

mod align;
mod homes;
mod missing;
mod worse;

pub(super) use align::names_of_all;

use super::{Checked, alone};
use crate::diag::{Finding, Severity, has_error, sorted};
use crate::mechanics::Program;
use crate::mechanics::reading::Kind;
use crate::syntax::Ast;
use crate::syntax::ast::{Block, Clause};
use crate::text::{Sources, Span};
use crate::value::clock::Date;

/// One file of the chain, checked by itself.
struct Version<'a> {
    ast: &'a Ast,
    program: Program,
}

impl<'a> Version<'a> {
    /// The first day on which it holds: what it replaces ends the day before.
    fn begins(&self) -> Option<Date> {
        self.program.settings.succession.replaces.as_ref().map(|replaces| replaces.from)
    }

    /// Its block of that keyword and name.
    fn block(&self, keyword: &str, name: &str) -> Option<&'a Block> {
        let named = |block: &&Block| block.name.as_ref().is_some_and(|word| word.text == name);
        self.ast.blocks().filter(|block| block.keyword.text == keyword).find(named)
    }

    /// The line of its `program` block that begins with that keyword, else the block's head.
    fn settings_line(&self, keyword: &str) -> Span {
        let block = self.ast.blocks().find(|block| block.keyword.text == "program");
        block.map_or(self.program.settings.name.span, |block| line_of(block, keyword))
    }
}

/// A clause of a block, else its head.
fn line_of(block: &Block, keyword: &str) -> Span {
    let clause = block.clauses.iter().find(|clause| clause.keyword.text == keyword);
    clause.map_or(block.header, |clause: &Clause| clause.span)
}

/// Adds to a checked program the programs that it replaces.
pub(super) fn join(checked: Checked, ast: &Ast, sources: &Sources) -> Checked {
    let Checked { program, mut findings } = checked;
    let mut chain: Vec<Version<'_>> = program.into_iter().map(|program| Version { ast, program }).collect();
    let mut next = ast.replaced.as_deref();
    while let Some(ast) = next {
        next = ast.replaced.as_deref();
        let Checked { program, findings: found } = alone(ast, sources);
        // Its warnings are told where it is checked itself.
        findings.extend(found.into_iter().filter(|finding| finding.severity == Severity::Error));
        match program {
            Some(program) if !chain.is_empty() => chain.push(Version { ast, program }),
            Some(_) | None => chain.clear(),
        }
    }
    let mut program = None;
    if !chain.is_empty() {
        findings.extend(homes::check(&chain));
        findings.retain(|finding| !kept_for_the_old(finding, &chain));
    }
    if !chain.is_empty() && !has_error(&findings) {
        match align::align(&chain, sources) {
            Ok(aligned) => {
                findings.extend(worse::check(&chain, &aligned));
                program = Some(aligned);
            }
            Err(found) => findings.extend(found),
        }
    }
    Checked { program, findings: sorted(findings) }
}

/// Whether a finding blames a block that gives nothing any more, and is there because members may hold what the old
/// program gave.
fn kept_for_the_old(finding: &Finding, chain: &[Version<'_>]) -> bool {
    let of_home =
        ["never-used", "card-never-stamped", "card-gives-nothing", "reward-out-of-reach", "dates-do-not-meet"];
    let blamed = |block: &&Block| block.span.holds(finding.place);
    let Some(block) = chain[0].ast.blocks().find(blamed).filter(|_| of_home.contains(&finding.code)) else {
        return false;
    };
    let Some(name) = block.name.as_ref().filter(|_| Kind::of_block(&block.keyword.text).is_some()) else {
        return false;
    };
    chain[1..].iter().any(|version| version.block(&block.keyword.text, &name.text).is_some())
}
