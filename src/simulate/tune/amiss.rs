//! Why a search cannot begin, in the reader's words.

use std::fmt;

/// Combinations that one search goes through at most.
pub const MOST: i64 = 10_000;

/// What is wrong with what was asked; `said` is the `--vary` as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the sentences below say what each holds")]
pub enum Amiss {
    NoValues {
        said: String,
    },
    Nth {
        said: String,
    },
    NoBlock {
        said: String,
        keyword: String,
        near: Option<String>,
        known: Vec<String>,
    },
    Assumed {
        said: String,
        keyword: String,
    },
    NoName {
        said: String,
        keyword: String,
        name: String,
        near: Option<String>,
        known: Vec<String>,
    },
    NoClause {
        said: String,
        block: String,
        keyword: String,
        near: Option<String>,
        known: Vec<String>,
    },
    NoLine {
        said: String,
        block: String,
        words: String,
        lines: Vec<String>,
    },
    SeveralLines {
        said: String,
        block: String,
        lines: Vec<String>,
    },
    NoNumber {
        said: String,
        line: String,
        nth: usize,
        known: Vec<String>,
    },
    NoStep {
        said: String,
    },
    Value {
        said: String,
        value: String,
        was: String,
    },
    Backwards {
        said: String,
    },
    StepOfNothing {
        said: String,
    },
    TooManyValues {
        said: String,
    },
    /// Two of them vary one number.
    SameNumber {
        said: String,
        first: String,
    },
    TooMany {
        combinations: Option<u64>,
        counts: Vec<usize>,
    },
    /// The program has no objective of this word.
    NoObjective {
        word: String,
        near: Option<String>,
        known: Vec<String>,
    },
    /// Nothing here tells what the objective comes to.
    ObjectiveUnknown {
        text: String,
    },
    /// What is simulated does not say what it costs, or what it brings.
    NoFigure {
        of: &'static str,
    },
    /// No combination is a program that may run: reasons, the commonest first.
    NoneLeft {
        combinations: u64,
        reasons: Vec<String>,
    },
}

/// How it is written, for those who have it wrong.
const SHAPE: &str = "say a block, its name, a clause and values, such as `earn base give 1 to 3 step 0.5` or \
                     `tiers status level gold 20, 30, 40`";

impl fmt::Display for Amiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Amiss::NoValues { said } => vary(said, &format!("there are no values in it; {SHAPE}")),
            Amiss::Nth { said } => {
                vary(said, "behind `nth` stands which number of the clause is meant, then the values: `nth 2 1, 2, 5`")
            }
            Amiss::NoBlock { said, keyword, .. } if keyword.is_empty() => {
                vary(said, &format!("it does not say what is varied; {SHAPE}"))
            }
            Amiss::NoBlock { said, keyword, near, known } => {
                vary(said, &format!("the program has no block `{keyword}`{}", instead(near.as_deref(), known)))
            }
            Amiss::Assumed { said, keyword } => vary(
                said,
                &format!(
                    "`{keyword}` says what is {}, and gives nobody anything; only what the program gives is varied",
                    if keyword == "example" { "expected" } else { "assumed" }
                ),
            ),
            Amiss::NoName { said, keyword, name, near, known } if name.is_empty() => {
                vary(said, &format!("it does not say which `{keyword}`{}", instead(near.as_deref(), known)))
            }
            Amiss::NoName { said, keyword, name, near, known } => {
                vary(said, &format!("the program has no `{keyword} {name}`{}", instead(near.as_deref(), known)))
            }
            Amiss::NoClause { said, block, keyword, near, known } if keyword.is_empty() => {
                vary(said, &format!("it does not say which clause of `{block}`{}", instead(near.as_deref(), known)))
            }
            Amiss::NoClause { said, block, keyword, near, known } => {
                vary(said, &format!("`{block}` has no clause `{keyword}`{}", instead(near.as_deref(), known)))
            }
            Amiss::NoLine { said, block, words, lines } => {
                vary(said, &format!("no clause of `{block}` says `{words}`; there is {}", quoted(lines, "and")))
            }
            Amiss::SeveralLines { said, block, lines } => vary(
                said,
                &format!(
                    "`{block}` says more than one of it: {}; add the word that tells the one you mean",
                    quoted(lines, "and")
                ),
            ),
            Amiss::NoNumber { said, line, known, .. } if known.is_empty() => {
                vary(said, &format!("there is no number in `{line}`; days and times are not varied"))
            }
            Amiss::NoNumber { said, line, nth, known } => {
                vary(said, &format!("there is no number {nth} in `{line}`; its numbers are {}", quoted(known, "and")))
            }
            Amiss::NoStep { said } => vary(said, "a range says how far apart its values are: `1 to 3 step 0.5`"),
            Amiss::Value { said, value, was } => vary(
                said,
                &format!("`{value}` cannot stand for `{was}`; write a figure such as 2 or 0.5, separated by commas"),
            ),
            Amiss::Backwards { said } => vary(said, "the range goes down; write the lower figure first"),
            Amiss::StepOfNothing { said } => vary(said, "a step of 0 never comes to the end"),
            Amiss::TooManyValues { said } => {
                vary(said, &format!("that is more than {} values; take a larger step", grouped(MOST.unsigned_abs())))
            }
            Amiss::SameNumber { said, first } => {
                vary(said, &format!("--vary \"{first}\" varies that number already; say all its values in one"))
            }
            Amiss::TooMany { combinations, counts } => {
                let product = counts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" × ");
                let sum = combinations.map_or_else(String::new, |all| format!(" = {}", grouped(all)));
                format!(
                    "{product}{sum} combinations are more than the {} that one search goes through: vary less at \
                     once, or search with larger steps first and with smaller ones around what it finds",
                    grouped(MOST.unsigned_abs())
                )
            }
            Amiss::NoObjective { word, known, .. } if known.is_empty() => format!(
                "--objective {word}: the program has no objective; write one into its `program` block, such as \
                 `objective {word} repeat rate at least 35% within 90 days`"
            ),
            Amiss::NoObjective { word, near, known } => {
                format!("--objective {word}: the program has no objective `{word}`{}", instead(near.as_deref(), known))
            }
            Amiss::ObjectiveUnknown { text } => format!(
                "nothing here tells what `{text}` comes to, so no program can be found that meets it; a history \
                 (--events) knows each objective, a population those that look at no stretch of days"
            ),
            Amiss::NoFigure { of } => format!("what was simulated does not tell {of}, so nothing can be compared"),
            Amiss::NoneLeft { combinations, reasons } => {
                let all = if *combinations == 1 {
                    "The one combination is no program that may run".to_owned()
                } else {
                    format!("None of the {} combinations is a program that may run", grouped(*combinations))
                };
                format!("{all}:\n  {}", reasons.join("\n  "))
            }
        })
    }
}

fn vary(said: &str, what: &str) -> String {
    format!("--vary \"{said}\": {what}")
}

/// What there is in place of what was named.
fn instead(near: Option<&str>, known: &[String]) -> String {
    match (near, known) {
        (Some(near), _) => format!("; did you mean `{near}`?"),
        (None, []) => String::new(),
        (None, known) => format!("; there is {}", quoted(known, "and")),
    }
}

fn quoted(words: &[String], and: &str) -> String {
    const MOST_WORDS: usize = 12;
    let mut words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    if words.len() > MOST_WORDS {
        let more = words.len() - MOST_WORDS;
        words.truncate(MOST_WORDS);
        words.push(format!("{more} more"));
    }
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} {and} {last}", before.join(", ")),
    }
}

/// `12,000`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
