//! One numbering for all versions: each file is read again with the blocks that it lacks put in from the others, so
//! that a block of one name has one number in all of them. What was put in is then closed.

use super::super::{Parts, gather, ranked};
use super::Version;
use crate::diag::Finding;
use crate::mechanics::reading::{Kind, Names, Reading};
use crate::mechanics::tiers::{Lasts, Level, Need, Tiers};
use crate::mechanics::{Program, TiersId};
use crate::syntax::Ast;
use crate::syntax::ast::{Block, File, Item};
use crate::text::Sources;
use std::collections::BTreeSet;

/// What tells the blocks of a program apart: two versions mean the same thing where all of it is the same.
#[derive(Clone, PartialEq, Eq)]
struct Key {
    kind: Kind,
    /// `challenge`, `payout` and `offer` are numbered by themselves beside being rules.
    class: &'static str,
    name: String,
}

fn key(block: &Block) -> Option<Key> {
    let kind = Kind::of_block(&block.keyword.text)?;
    let class = match block.keyword.text.as_str() {
        "challenge" => "challenge",
        "payout" => "payout",
        "offer" => "offer",
        _ => "",
    };
    Some(Key { kind, class, name: block.name.as_ref()?.text.clone() })
}

/// The class of what two blocks may not change between versions, as a word.
pub(super) fn class_word(block: &Block) -> Option<&'static str> {
    key(block)
        .filter(|key| key.kind == Kind::Rule)
        .map(|key| if key.class.is_empty() { "earn or bonus" } else { key.class })
}

/// All versions of a program as one.
///
/// # Errors
/// What cannot be read where the files stand together: names that are told apart in each file alone.
pub(super) fn align(chain: &[Version<'_>], sources: &Sources) -> Result<Program, Vec<Finding>> {
    let all = things(chain.iter().map(|version| version.ast));
    let mut youngest: Option<Names> = None;
    let mut programs: Vec<Program> = Vec::new();
    for version in chain {
        let (ast, absent) = completed(version.ast, &all);
        let mut names = gather::names(&ast, sources);
        if let Some(youngest) = &youngest {
            names.levels.clone_from(&youngest.levels);
            names.sold.clone_from(&youngest.sold);
        }
        let program = read(&ast, sources, &names, programs.first())?;
        programs.push(settled(program, version, absent, programs.first()));
        youngest.get_or_insert(names);
    }
    joined(programs).ok_or_else(Vec::new)
}

/// The names that examples of a file may say: its own, numbered as they are there, and those of the files it replaces.
/// `own` are those of the file alone; what is broken in any file is blamed in none.
pub(in crate::check) fn names_of_all(ast: &Ast, sources: &Sources, own: &Names) -> Names {
    let older = || std::iter::successors(ast.replaced.as_deref(), |old| old.replaced.as_deref());
    let all = things(std::iter::once(ast).chain(older()));
    let (completed, _) = completed(ast, &all);
    let lost = older().any(|old| old.lost);
    let mut names = gather::names(&Ast { lost, ..completed }, sources);
    names.broken.extend(&own.broken);
    names.broken_parts.extend(&own.broken_parts);
    names
}

/// Each thing of several files with the first block that says it, the first file's things first.
fn things<'a>(files: impl Iterator<Item = &'a Ast>) -> Vec<(Key, &'a Block)> {
    let mut all: Vec<(Key, &Block)> = Vec::new();
    for block in files.flat_map(Ast::blocks) {
        if let Some(key) = key(block).filter(|key| !all.iter().any(|(other, _)| other == key)) {
            all.push((key, block));
        }
    }
    all
}

/// The blocks of a version in the order of all, those that it lacks put in from the others, and which these are.
fn completed(ast: &Ast, all: &[(Key, &Block)]) -> (Ast, BTreeSet<(Kind, usize)>) {
    let mut items = Vec::new();
    let mut absent = BTreeSet::new();
    let mut met: std::collections::BTreeMap<Kind, usize> = std::collections::BTreeMap::new();
    for (wanted, first) in all {
        let number = met.entry(wanted.kind).or_default();
        let own = ast.blocks().find(|block| key(block).as_ref() == Some(wanted));
        if own.is_none() {
            absent.insert((wanted.kind, *number));
        }
        *number += 1;
        items.push(Item::Block(own.unwrap_or(first).clone()));
    }
    let beside = |block: &&Block| matches!(block.keyword.text.as_str(), "program" | "household");
    items.extend(ast.blocks().filter(beside).cloned().map(Item::Block));
    (Ast { files: vec![File { items, ..File::default() }], ..Ast::default() }, absent)
}

fn read(ast: &Ast, sources: &Sources, names: &Names, youngest: Option<&Program>) -> Result<Program, Vec<Finding>> {
    let mut reading = Reading::new(sources, names);
    let mut parts = Parts::default();
    let read = ast.blocks().all(|block| parts.read(&mut reading, block).is_some());
    if let Some(youngest) = youngest {
        for (tiers, young) in parts.tiers.iter_mut().zip(&youngest.tiers) {
            fill_levels(tiers, young);
        }
    }
    let rankings = std::mem::take(&mut reading.rankings);
    let findings = std::mem::take(&mut reading.findings);
    let program = if read && !crate::diag::has_error(&findings) { parts.program(ast) } else { None };
    program.map(|program| ranked(program, rankings)).ok_or(findings)
}

/// The levels of an older block in the order of the youngest: one that only the youngest has cannot be earned.
fn fill_levels(tiers: &mut Tiers, youngest: &Tiers) {
    let of_level = |young: &Level| {
        let own = tiers.levels.iter().find(|level| level.name.text == young.name.text);
        own.cloned().unwrap_or_else(|| Level { need: Need::NotEarned, for_life: false, ..young.clone() })
    };
    tiers.levels = youngest.levels.iter().map(of_level).collect();
}

/// A version with what it does not have closed.
fn settled(
    mut program: Program,
    version: &Version<'_>,
    absent: BTreeSet<(Kind, usize)>,
    youngest: Option<&Program>,
) -> Program {
    program.absent = absent;
    // What a file alone says of cashback counts: a rule that was put in says nothing of its points.
    for points in &mut program.points {
        let own = version.program.points.iter().find(|own| own.name.text == points.name.text);
        if let Some(own) = own {
            (points.decimals, points.round, points.scope) = (own.decimals, own.round, own.scope);
        }
    }
    if let Some(youngest) = youngest {
        sell_alike(&mut program, youngest);
    }
    // Nor does a membership that was put in keep a discount from others.
    let absent = program.absent.clone();
    for discount in &mut program.discounts {
        discount.memberships.retain(|membership| !absent.contains(&(Kind::Membership, membership.0)));
    }
    for at in 0..program.rules.len() {
        if !program.has(Kind::Rule, at) {
            program.rules[at].on.clear();
        }
    }
    for at in 0..program.tiers.len() {
        if !program.has(Kind::Tiers, at) {
            close_tiers(&mut program.tiers[at]);
        }
    }
    for at in 0..program.cards.len() {
        if !program.has(Kind::Card, at) {
            let card = &mut program.cards[at];
            card.stamps.clear();
            (card.start, card.expire) = (0, None);
        }
    }
    for at in 0..program.draws.len() {
        if !program.has(Kind::Draw, at) {
            program.draws[at].entries.clear();
        }
    }
    if youngest.is_none() {
        program.examples.clone_from(&version.program.examples);
        program.promises.clone_from(&version.program.promises);
    }
    program
}

/// A tiers block of another version: nobody rises in it.
fn close_tiers(tiers: &mut Tiers) {
    tiers.levels.iter_mut().skip(1).for_each(|level| level.need = Need::NotEarned);
    tiers.lasts = Lasts::Forever;
    tiers.carry_over = None;
    tiers.recompute = false;
    tiers.matches.clear();
}

/// The levels that tiers blocks sell, numbered as the youngest has them.
fn sell_alike(program: &mut Program, youngest: &Program) {
    let blocks = program.memberships.iter().take_while(|one| one.sold_by.is_none()).count();
    let own = program.memberships.split_off(blocks);
    for young in youngest.memberships.iter().filter(|one| one.sold_by.is_some()) {
        let same = own.iter().find(|one| one.name.text == young.name.text && one.sold_by == young.sold_by);
        let ghost = young.sold_by.is_none_or(|TiersId(at)| !program.has(Kind::Tiers, at));
        if same.is_none() || ghost {
            program.absent.insert((Kind::Membership, program.memberships.len()));
        }
        program.memberships.push(same.unwrap_or(young).clone());
    }
}

/// The youngest with the others behind it, and what all of them share; none of none.
fn joined(mut programs: Vec<Program>) -> Option<Program> {
    let first_day = programs.last().and_then(|oldest| oldest.settings.from);
    let last_day = programs.first().and_then(|youngest| youngest.settings.until);
    let exchange = programs.iter().find_map(|program| program.settings.exchange.clone());
    let mut rankings: Vec<_> = programs.iter().flat_map(|program| program.rankings.iter().copied()).collect();
    rankings.sort_unstable();
    rankings.dedup();
    // What the program is for is what its newest file says: sums are added up by that one.
    let objectives = programs.first().map(|youngest| youngest.settings.objectives.clone()).unwrap_or_default();
    for program in &mut programs {
        program.settings.objectives.clone_from(&objectives);
        (program.settings.from, program.settings.until) = (first_day, last_day);
        program.settings.exchange.clone_from(&exchange);
        program.rankings.clone_from(&rankings);
    }
    let mut all = programs.into_iter();
    let youngest = all.next()?;
    Some(Program { older: all.collect(), ..youngest })
}
