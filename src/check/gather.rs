//! The first pass: every name that the program declares, so that the order of its blocks does not matter.

use crate::mechanics::reading::names::Declared;
use crate::mechanics::reading::{Kind, Names, Reading};
use crate::mechanics::table::{self, BLOCKS, BlockSpec};
use crate::mechanics::{activity, coupon, points, settings, tiers};
use crate::syntax::Ast;
use crate::syntax::ast::Block;
use crate::text::{Sources, closest};

/// Gathers the names of all blocks.
pub(super) fn names(ast: &Ast, sources: &Sources) -> Names {
    let mut names = Names::default();
    if ast.lost {
        names.broken.extend(Kind::ALL);
        names.broken_parts.extend(Kind::ALL);
    }
    for block in ast.blocks() {
        let keyword = block.keyword.text.as_str();
        match table::block(keyword) {
            Some(spec) => known(&mut names, sources, block, spec),
            None => unknown(&mut names, keyword),
        }
    }
    names
}

fn known(names: &mut Names, sources: &Sources, block: &Block, spec: &'static BlockSpec) {
    if block.keyword.text == "program" && names.money.is_none() {
        names.money = settings::money(sources, block);
    }
    let Some(kind) = Kind::of_block(&block.keyword.text) else { return };
    if block.name.is_none() {
        names.broken.insert(kind);
    }
    let damaged = |clause: &crate::syntax::ast::Clause| clause.broken || spec.clause(&clause.keyword.text).is_none();
    if block.broken || block.clauses.iter().any(damaged) {
        names.broken_parts.insert(kind);
    }
    names.declared.entry(kind).or_default().push(Declared {
        name: block.name.as_ref().map(|name| name.text.clone()).unwrap_or_default(),
        plural: block.plural.as_ref().map(|plural| plural.text.clone()),
        span: block.name.as_ref().map_or(block.header, |name| name.span),
    });
    match kind {
        Kind::Tiers => {
            let levels = tiers::levels(sources, block);
            // The same of a level whose name cannot be read.
            if levels.len() < Reading::clauses(block, "level").len() {
                names.broken_parts.insert(kind);
            }
            names.levels.push(levels);
            let block_number = names.levels.len() - 1;
            names.sold.extend(tiers::sold(sources, block).into_iter().map(|level| (block_number, level)));
            names.measures.push(tiers::measures(sources, block));
        }
        Kind::Activity => {
            let fields = activity::fields(sources, block);
            // A field that cannot be read has a message of its own: what names it is not blamed.
            if fields.len() < Reading::clauses(block, "field").len() {
                names.broken_parts.insert(kind);
            }
            names.fields.push(fields);
        }
        Kind::Points => {
            let worth = points::worth(sources, block);
            if worth.is_none() && Reading::one(block, "worth").is_some() {
                names.broken_parts.insert(kind);
            }
            names.worth.push(worth);
        }
        Kind::Rule => {
            if block.keyword.text == "challenge" {
                names.challenges.push(names.bonus.len());
            }
            names.bonus.push(matches!(block.keyword.text.as_str(), "bonus" | "offer"));
            names.worth_taken.extend(coupon::worth_taken(sources, block));
        }
        Kind::Stack
        | Kind::Card
        | Kind::Gift
        | Kind::Reward
        | Kind::Discount
        | Kind::Coupon
        | Kind::Budget
        | Kind::List
        | Kind::Calendar
        | Kind::Segment
        | Kind::Draw
        | Kind::Membership
        | Kind::Pilot
        | Kind::Partner
        | Kind::Scenario => {}
    }
}

/// A block that the language does not know declares something all the same: its name is not blamed where
/// it is used.
fn unknown(names: &mut Names, keyword: &str) {
    if names.broken.len() == Kind::ALL.len() && names.broken_parts.len() == Kind::ALL.len() {
        return;
    }
    let keywords: Vec<&str> = BLOCKS.iter().map(|block| block.keyword).collect();
    match closest(keyword, &keywords).map(Kind::of_block) {
        Some(Some(kind)) => {
            names.broken.insert(kind);
            names.broken_parts.insert(kind);
        }
        Some(None) => {}
        None => {
            names.broken.extend(Kind::ALL);
            names.broken_parts.extend(Kind::ALL);
        }
    }
}
