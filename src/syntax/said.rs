//! What a program says, line by line, without its layout and comments: two programs that say the same run alike.

use super::ast::{Ast, Block, Token};

/// Blocks that change nothing of what a history comes to.
const SILENT: [&str; 3] = ["example", "promise", "scenario"];

/// Every line of every block that bears on a run, each behind its block: `earn base: give 1 star per 2 RON`.
pub fn said(ast: &Ast) -> Vec<String> {
    let blocks = ast.blocks().filter(|block| !SILENT.contains(&block.keyword.text.as_str()));
    blocks.flat_map(of_block).collect()
}

fn of_block(block: &Block) -> Vec<String> {
    let mut head = block.keyword.text.clone();
    for word in [&block.name, &block.plural].into_iter().flatten() {
        head.push(' ');
        head.push_str(&word.text);
    }
    let tail = spaced(&block.tail);
    if block.clauses.is_empty() {
        return vec![format!("{head} {tail}").trim_end().to_owned()];
    }
    block.clauses.iter().map(|clause| format!("{head}: {}", spaced(&clause.tokens))).collect()
}

fn spaced(tokens: &[Token]) -> String {
    let words: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::said;
    use crate::syntax::parse_text;
    use crate::text::Sources;

    fn of(text: &str) -> Vec<String> {
        said(&parse_text(&mut Sources::default(), "p.loyal", text).ast)
    }

    #[test]
    fn layout_comments_and_examples_say_nothing() {
        let one = "loyal 1\n\npoints star plural stars {\n  worth 0.05 RON each # each\n}\n\nlist a [x, y]\n";
        let other = "loyal 1\n# A star.\npoints star plural stars {\n  worth    0.05 RON each\n}\nlist a [x,\n  y]\nexample \"e\" {\n  \
                     expect ana has 5 stars\n}\n";
        assert_eq!(of(one), of(other));
        assert_eq!(of(one), ["points star stars: worth 0.05 RON each", "list a [ x , y ]"]);
        assert_ne!(of(one), of(&one.replace("0.05", "0.06")));
    }
}
