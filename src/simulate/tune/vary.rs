//! What is varied: `earn base give 1 to 3 step 0.5` names a number of a clause and says what it may be.

use super::amiss::{Amiss, MOST};
use crate::mechanics::table::BLOCKS;
use crate::syntax::Ast;
use crate::syntax::ast::{Block, Clause, Token, TokenKind};
use crate::text::{Sources, Span, closest};
use crate::value::exact::Exact;
use crate::value::nfc;

/// Blocks that say what is assumed or expected, and promise nobody anything.
const ASSUMED: [&str; 2] = ["scenario", "example"];

/// One number of a program and what it may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dial {
    /// Its clause, as it was asked for: `earn base give`.
    pub clause: String,
    /// Where the number stands.
    pub span: Span,
    /// The number as it is written: `+50%`.
    pub was: String,
    /// What may stand there, in the order asked for, none twice: `+25%`, `+50%`.
    pub values: Vec<String>,
}

/// The parts of what was asked: `earn base give nth 2 1 to 3 step 0.5`.
struct Asked<'a> {
    said: &'a str,
    /// `earn`, `base`, `give`.
    words: Vec<String>,
    /// Counted from 1.
    nth: usize,
    /// `1 to 3 step 0.5`.
    values: String,
}

/// Finds the number that is asked for in a program.
///
/// ```
/// use loyal::{simulate::tune::vary, syntax::parse_text, text::Sources};
/// let mut sources = Sources::default();
/// let parsed = parse_text(&mut sources, "a.loyal", "loyal 1\n\nearn base {\n  give 1 star per 2 RON\n}\n");
/// let dial = vary::dial("earn base give 1 to 2 step 0.5", &parsed.ast, &sources).unwrap();
/// assert_eq!((dial.was.as_str(), dial.values), ("1", vec!["1".into(), "1.5".into(), "2".into()]));
/// ```
///
/// # Errors
/// When it names nothing of the program, more than one clause, no number, or no values.
pub fn dial(said: &str, ast: &Ast, sources: &Sources) -> Result<Dial, Amiss> {
    let asked = Asked::read(said)?;
    let (blocks, words) = asked.blocks(ast)?;
    let clause = asked.clause(&blocks, words, sources)?;
    let token = asked.number(clause, sources)?;
    Ok(Dial {
        clause: asked.words.join(" "),
        span: token.span,
        was: token.text.clone(),
        values: asked.values(&token.text)?,
    })
}

impl<'a> Asked<'a> {
    fn read(said: &'a str) -> Result<Self, Amiss> {
        let pieces: Vec<&str> = said.split_whitespace().collect();
        let begins = |piece: &&str| piece.trim_start_matches(['+', '-']).starts_with(|c: char| c.is_ascii_digit());
        let nth_at = pieces.iter().position(|piece| *piece == "nth").filter(|at| *at > 0);
        let first = nth_at.map_or(0, |at| at + 2);
        let values_at = pieces.iter().skip(first).position(begins).map(|at| at + first);
        let values_at = values_at.ok_or_else(|| Amiss::NoValues { said: said.to_owned() })?;
        let nth = match nth_at {
            None => 1,
            Some(at) => {
                let number = pieces.get(at + 1).and_then(|piece| piece.parse().ok()).filter(|nth| *nth > 0);
                number.filter(|_| values_at == at + 2).ok_or_else(|| Amiss::Nth { said: said.to_owned() })?
            }
        };
        let words = pieces[..nth_at.unwrap_or(values_at)].iter().map(|word| nfc(word).into_owned()).collect();
        Ok(Self { said, words, nth, values: pieces[values_at..].join(" ") })
    }

    fn said(&self) -> String {
        self.said.to_owned()
    }

    /// The blocks that are named, and the words that are left for the clause.
    fn blocks<'p>(&self, ast: &'p Ast) -> Result<(Vec<&'p Block>, &[String]), Amiss> {
        let Some((keyword, rest)) = self.words.split_first() else {
            return Err(Amiss::NoBlock { said: self.said(), keyword: String::new(), near: None, known: keywords(ast) });
        };
        if ASSUMED.contains(&keyword.as_str()) {
            return Err(Amiss::Assumed { said: self.said(), keyword: keyword.clone() });
        }
        let of_kind: Vec<&Block> = ast.blocks().filter(|block| block.keyword.text == *keyword).collect();
        if of_kind.is_empty() {
            let known = keywords(ast);
            // A block of the language that the program does not have was not meant to be another one.
            let is_word = BLOCKS.iter().any(|spec| spec.keyword == keyword);
            let near = if is_word { None } else { near(keyword, &known) };
            return Err(Amiss::NoBlock { said: self.said(), keyword: keyword.clone(), near, known });
        }
        let word = rest.first().map_or("", String::as_str);
        let named: Vec<&Block> = of_kind.iter().copied().filter(|block| name(block) == Some(word)).collect();
        if !named.is_empty() {
            return Ok((named, &rest[1..]));
        }
        // `promise return 4%`, `program …`: what has no name, or is the only one of its kind, needs none.
        let unnamed: Vec<&Block> = of_kind.iter().copied().filter(|block| name(block).is_none()).collect();
        match (unnamed.is_empty(), of_kind.as_slice()) {
            (false, _) => Ok((unnamed, rest)),
            (true, [only]) if only.clauses.iter().any(|clause| clause.keyword.text == word) => Ok((of_kind, rest)),
            (true, _) => {
                let known: Vec<String> =
                    of_kind.iter().filter_map(|block| name(block)).map(ToOwned::to_owned).collect();
                let near = near(word, &known);
                Err(Amiss::NoName { said: self.said(), keyword: keyword.clone(), name: word.to_owned(), near, known })
            }
        }
    }

    /// The one clause of the blocks that the words tell.
    fn clause<'p>(&self, blocks: &[&'p Block], words: &[String], sources: &Sources) -> Result<&'p Clause, Amiss> {
        let clauses: Vec<&Clause> = blocks.iter().flat_map(|block| &block.clauses).collect();
        let block = self.words[..self.words.len() - words.len()].join(" ");
        let Some((keyword, further)) = words.split_first() else {
            // The figure of a budget stands without a keyword.
            let bare: Vec<&Clause> = clauses.iter().copied().filter(|clause| number(&clause.keyword.text)).collect();
            return match bare.as_slice() {
                [one] => Ok(one),
                [] | [_, _, ..] => {
                    let known = clause_words(&clauses);
                    Err(Amiss::NoClause { said: self.said(), block, keyword: String::new(), near: None, known })
                }
            };
        };
        let of_kind: Vec<&Clause> = clauses.iter().copied().filter(|clause| clause.keyword.text == *keyword).collect();
        let lines = |clauses: &[&Clause]| clauses.iter().map(|clause| line(clause, sources)).collect();
        if of_kind.is_empty() {
            let known = clause_words(&clauses);
            let near = near(keyword, &known);
            return Err(Amiss::NoClause { said: self.said(), block, keyword: keyword.clone(), near, known });
        }
        let told: Vec<&Clause> = of_kind.iter().copied().filter(|clause| says(clause, further)).collect();
        match told.as_slice() {
            [one] => Ok(one),
            [] => Err(Amiss::NoLine {
                said: self.said(),
                block,
                words: words.join(" "),
                lines: lines(of_kind.as_slice()),
            }),
            [_, _, ..] => Err(Amiss::SeveralLines { said: self.said(), block, lines: lines(told.as_slice()) }),
        }
    }

    /// The number of the clause that is meant.
    fn number<'p>(&self, clause: &'p Clause, sources: &Sources) -> Result<&'p Token, Amiss> {
        let numbers = || clause.tokens.iter().filter(|token| token.kind == TokenKind::Number && number(&token.text));
        numbers().nth(self.nth - 1).ok_or_else(|| Amiss::NoNumber {
            said: self.said(),
            line: line(clause, sources),
            nth: self.nth,
            known: numbers().map(|token| token.text.clone()).collect(),
        })
    }

    /// The values, each as it would stand in place of a number written so.
    fn values(&self, was: &str) -> Result<Vec<String>, Amiss> {
        let percent = was.ends_with('%');
        let read = |text: &str| self.value(text, was, percent);
        let values = match self.values.split_once(" to ") {
            None => self.values.split(',').map(read).collect::<Result<Vec<Exact>, Amiss>>()?,
            Some((low, rest)) => {
                let Some((high, step)) = rest.split_once(" step ") else {
                    return Err(Amiss::NoStep { said: self.said() });
                };
                self.range(&read(low)?, &read(high)?, &read(step)?)?
            }
        };
        let decimals = was.split_once('.').map_or(0, |(_, after)| after.trim_end_matches('%').len());
        let decimals = u32::try_from(decimals).unwrap_or(0);
        let sign: String = was.chars().take_while(|c| matches!(c, '+' | '-')).collect();
        let written = |value: &Exact| {
            let decimals = value.decimals().unwrap_or(0).max(decimals);
            format!("{sign}{}{}", value.fixed(decimals), if percent { "%" } else { "" })
        };
        let mut texts: Vec<String> = Vec::new();
        for text in values.iter().map(written) {
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        Ok(texts)
    }

    fn value(&self, text: &str, was: &str, percent: bool) -> Result<Exact, Amiss> {
        let text = text.trim();
        let sign: &[char] = if was.starts_with('+') { &['+'] } else { &[] };
        let bare = text.trim_start_matches(sign);
        let bare = if percent { bare.trim_end_matches('%').trim_end() } else { bare };
        let figures = bare.chars().all(|c| c.is_ascii_digit() || c == '.');
        let value = if figures { Exact::parse(bare) } else { None };
        value.ok_or_else(|| Amiss::Value { said: self.said(), value: text.to_owned(), was: was.to_owned() })
    }

    fn range(&self, low: &Exact, high: &Exact, step: &Exact) -> Result<Vec<Exact>, Amiss> {
        if high < low {
            return Err(Amiss::Backwards { said: self.said() });
        }
        let steps = (high - low).checked_div(step).ok_or_else(|| Amiss::StepOfNothing { said: self.said() })?;
        let steps = steps.floor().to_i64().filter(|steps| *steps < MOST);
        let steps = steps.ok_or_else(|| Amiss::TooManyValues { said: self.said() })?;
        Ok((0..=steps).map(|at| low + &(step * &Exact::from_int(at))).collect())
    }
}

fn name(block: &Block) -> Option<&str> {
    block.name.as_ref().map(|name| name.text.as_str())
}

/// Whether a token is a plain number, no day and no time: `12`, `57.90`, `+100%`.
fn number(text: &str) -> bool {
    let bare = text.trim_start_matches(['+', '-']);
    let bare = bare.strip_suffix('%').unwrap_or(bare);
    bare.starts_with(|c: char| c.is_ascii_digit()) && bare.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// Whether a clause has these words behind its keyword, in this order.
fn says(clause: &Clause, words: &[String]) -> bool {
    let mut tokens = clause.tokens.iter().skip(1);
    words.iter().all(|word| tokens.any(|token| token.text == *word))
}

fn line(clause: &Clause, sources: &Sources) -> String {
    sources.slice(clause.span).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn keywords(ast: &Ast) -> Vec<String> {
    let blocks = ast.blocks().filter(|block| !ASSUMED.contains(&block.keyword.text.as_str()));
    without_repeats(blocks.map(|block| block.keyword.text.as_str()))
}

fn clause_words(clauses: &[&Clause]) -> Vec<String> {
    without_repeats(clauses.iter().map(|clause| clause.keyword.text.as_str()))
}

fn without_repeats<'w>(words: impl Iterator<Item = &'w str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in words {
        if !found.iter().any(|other| other == word) {
            found.push(word.to_owned());
        }
    }
    found
}

fn near(word: &str, known: &[String]) -> Option<String> {
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    closest(word, &known).map(ToOwned::to_owned)
}
