//! `docs/mechanics.md`: every clause of every block, with a line of a program of the library that says it. Made from
//! the table of blocks; `LOYAL_WRITE=1` writes it anew.

use super::{Listed, library, root};
use loyal::mechanics::table::{BLOCKS, BlockSpec, ClauseSpec};
use loyal::syntax::ast::Clause;
use std::fmt::Write as _;

/// Where a clause is said: the program, and the line as it stands there.
struct Said {
    program: String,
    line: String,
}

/// The first program that says a clause: one in Latin letters before the others, a short line before a long one.
fn said(programs: &[Listed], block: &BlockSpec, clause: &ClauseSpec) -> Option<Said> {
    let mut all = Vec::new();
    for program in programs {
        let blocks = program.ast.blocks().filter(|one| one.keyword.text == block.keyword);
        let says = |one: &&Clause| block.clause(&one.keyword.text).is_some_and(|spec| spec.keyword == clause.keyword);
        for one in blocks.flat_map(|one| &one.clauses).filter(says) {
            let written = program.sources.slice(one.span);
            let line = written.split_whitespace().collect::<Vec<_>>().join(" ");
            all.push(Said { program: program.name.clone(), line });
        }
    }
    all.into_iter().min_by_key(|said| (!said.line.is_ascii(), said.line.len(), said.line.clone()))
}

/// The first program with a block that has no clauses of its own (`list`, `calendar`).
fn said_alone(programs: &[Listed], block: &BlockSpec) -> Option<Said> {
    programs.iter().find_map(|program| {
        let one = program.ast.blocks().find(|one| one.keyword.text == block.keyword)?;
        let line = program.sources.slice(one.span).split_whitespace().collect::<Vec<_>>().join(" ");
        Some(Said { program: program.name.clone(), line })
    })
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// The page, and the clauses that no program says.
fn page(programs: &[Listed]) -> (String, Vec<String>) {
    let mut page = String::from(
        "# Every block and clause, and a program that says it\n\n\
         Made from the table of blocks in the code (`LOYAL_WRITE=1 cargo test --test library`): a test holds this page to\n\
         it, and to the programs of [`programs/`](../programs), whose lines these are. What a clause means is said in\n\
         [language.md](language.md).\n",
    );
    let mut unsaid = Vec::new();
    for block in BLOCKS {
        let _ = write!(
            page,
            "\n## {}: {}\n\n| clause | as a program says it | which |\n|---|---|---|\n",
            block.keyword, block.says
        );
        let mut row = |name: &str, said: Option<Said>| match said {
            Some(Said { program, line }) => {
                let _ = writeln!(page, "| `{}` | `{}` | [{program}](../programs/{program}) |", cell(name), cell(&line));
            }
            None => unsaid.push(format!("{} › {name}", block.keyword)),
        };
        for clause in block.clauses {
            row(clause.keyword, said(programs, block, clause));
        }
        if block.clauses.is_empty() {
            row(block.keyword, said_alone(programs, block));
        }
    }
    (page, unsaid)
}

#[test]
fn every_clause_is_said_by_a_program_and_listed_on_the_page() {
    let (page, unsaid) = page(&library());
    let place = root().join("docs/mechanics.md");
    if std::env::var_os("LOYAL_WRITE").is_some() {
        std::fs::write(&place, &page).expect("the page can be written");
    }
    assert!(unsaid.is_empty(), "no program of the library says: {unsaid:#?}");
    let written = std::fs::read_to_string(&place).unwrap_or_default();
    assert!(written == page, "docs/mechanics.md is not what the code says; LOYAL_WRITE=1 writes it anew");
}
