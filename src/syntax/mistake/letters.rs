//! Messages about single tokens: characters, names, quotes.

use super::character;
use crate::diag::{Message, Severity};
use crate::syntax::lex::{LINE_LIMIT, NAME_LIMIT, is_unseen};
use crate::text::{Mixture, Span, is_bidi_control};

/// A mistake within a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Letters {
    /// `"Happy hour` without the second quote.
    UnclosedText {
        /// The text, up to the end of its line.
        place: Span,
        /// As written, with its first quote.
        text: String,
    },
    /// `30days`.
    Glued {
        /// The number and the word.
        place: Span,
        /// As written.
        text: String,
    },
    /// `2026–01–01`.
    Dashes {
        /// The number.
        place: Span,
        /// As written.
        text: String,
    },
    /// `happy-hour`.
    Hyphen {
        /// The name.
        place: Span,
        /// As written.
        text: String,
    },
    /// `“Happy hour”` or `'Happy hour'`.
    Quotes {
        /// The text with its quotes.
        place: Span,
        /// As written.
        text: String,
    },
    /// `// a comment`.
    Slashes {
        /// Up to the end of the line.
        place: Span,
    },
    /// `٣٠`.
    ForeignDigits {
        /// The digits.
        place: Span,
        /// As written.
        text: String,
    },
    /// A character the language has no use for.
    Symbol {
        /// The characters.
        place: Span,
        /// As written.
        text: String,
    },
    /// A blank that is not an ordinary one, or a character that takes no place on screen.
    Unseen {
        /// The character.
        place: Span,
        /// Which.
        letter: char,
    },
    /// A control character.
    Control {
        /// The character.
        place: Span,
        /// Which.
        letter: char,
    },
    /// A character that steers the direction of text.
    Bidi {
        /// The character.
        place: Span,
        /// Which.
        letter: char,
        /// Inside a `text` or a `comment` it is only reported.
        inside: Option<&'static str>,
    },
    /// A name with letters of scripts that look alike.
    MixedScripts {
        /// The name.
        place: Span,
        /// As written.
        name: String,
        /// Where it mixes them.
        mixture: Mixture,
    },
    /// A name that is too long.
    NameTooLong {
        /// The name.
        place: Span,
        /// Its length in characters.
        length: usize,
    },
    /// A line that is too long.
    LineTooLong {
        /// The beginning of the line.
        place: Span,
        /// Its length.
        bytes: usize,
    },
}

impl Letters {
    /// The message for characters that begin no token.
    pub(in crate::syntax) fn stranger(place: Span, text: &str) -> Self {
        let unseen = text.char_indices().find(|(_, c)| is_unseen(*c));
        let Some((at, letter)) = unseen else { return Self::Symbol { place, text: text.to_owned() } };
        let start = place.start as usize + at;
        let place = Span::new(place.file, start, start + letter.len_utf8());
        match letter {
            letter if is_bidi_control(letter) => Self::Bidi { place, letter, inside: None },
            letter if letter.is_control() => Self::Control { place, letter },
            letter => Self::Unseen { place, letter },
        }
    }
}

impl Letters {
    /// Whether it is a mistake inside a text in quotes, too.
    pub(in crate::syntax) fn stands_in_texts(&self) -> bool {
        match self {
            Self::UnclosedText { .. } | Self::Control { .. } | Self::Bidi { .. } | Self::LineTooLong { .. } => true,
            Self::Glued { .. }
            | Self::Dashes { .. }
            | Self::Hyphen { .. }
            | Self::Quotes { .. }
            | Self::Slashes { .. }
            | Self::ForeignDigits { .. }
            | Self::Symbol { .. }
            | Self::Unseen { .. }
            | Self::MixedScripts { .. }
            | Self::NameTooLong { .. } => false,
        }
    }
}

impl Message for Letters {
    fn code(&self) -> &'static str {
        match self {
            Self::UnclosedText { .. } => "unclosed-text",
            Self::Glued { .. } => "number-and-word",
            Self::Dashes { .. } => "other-dashes",
            Self::Hyphen { .. } => "hyphen-in-name",
            Self::Quotes { .. } => "other-quotes",
            Self::Slashes { .. } => "other-comment",
            Self::ForeignDigits { .. } => "other-digits",
            Self::Symbol { .. } => "unknown-character",
            Self::Unseen { .. } => "unseen-character",
            Self::Control { .. } => "control-character",
            Self::Bidi { .. } => "direction-character",
            Self::MixedScripts { .. } => "mixed-scripts",
            Self::NameTooLong { .. } => "name-too-long",
            Self::LineTooLong { .. } => "line-too-long",
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Self::Bidi { inside: Some(_), .. } => Severity::Warning,
            Self::UnclosedText { .. }
            | Self::Glued { .. }
            | Self::Dashes { .. }
            | Self::Hyphen { .. }
            | Self::Quotes { .. }
            | Self::Slashes { .. }
            | Self::ForeignDigits { .. }
            | Self::Symbol { .. }
            | Self::Unseen { .. }
            | Self::Control { .. }
            | Self::Bidi { inside: None, .. }
            | Self::MixedScripts { .. }
            | Self::NameTooLong { .. }
            | Self::LineTooLong { .. } => Severity::Error,
        }
    }

    fn says(&self) -> String {
        match self {
            Self::UnclosedText { .. } => "this text has no closing quote on its line".to_owned(),
            Self::Glued { text, .. } => format!("`{text}` runs a number and a word together"),
            Self::Dashes { text, .. } => format!("`{text}` is written with dashes that are not `-`"),
            Self::Hyphen { text, .. } => format!("the name `{text}` has a hyphen in it"),
            Self::Quotes { .. } => "texts stand in straight double quotes".to_owned(),
            Self::Slashes { .. } => "a comment begins with `#`, not with `//`".to_owned(),
            Self::ForeignDigits { text, .. } => format!("the number `{text}` is not written with the digits 0 to 9"),
            Self::Symbol { text, .. } => format!("`{}` means nothing here", short(text)),
            Self::Unseen { letter, .. } | Self::Control { letter, .. } | Self::Bidi { letter, inside: None, .. } => {
                format!("there is {} here", character(*letter))
            }
            Self::Bidi { letter, inside: Some(what), .. } => {
                format!("there is {} inside this {what}", character(*letter))
            }
            Self::MixedScripts { name, mixture, .. } => format!(
                "the name `{name}` mixes {} and {} letters: its `{}` is {}",
                mixture.before, mixture.script, mixture.letter, mixture.script
            ),
            Self::NameTooLong { length, .. } => {
                format!("this name has {length} characters, a name has at most {NAME_LIMIT}")
            }
            Self::LineTooLong { bytes, .. } => format!("this line has {bytes} bytes, a line has at most {LINE_LIMIT}"),
        }
    }

    fn place(&self) -> Span {
        match self {
            Self::UnclosedText { place, .. }
            | Self::Glued { place, .. }
            | Self::Dashes { place, .. }
            | Self::Hyphen { place, .. }
            | Self::Quotes { place, .. }
            | Self::Slashes { place }
            | Self::ForeignDigits { place, .. }
            | Self::Symbol { place, .. }
            | Self::Unseen { place, .. }
            | Self::Control { place, .. }
            | Self::Bidi { place, .. }
            | Self::MixedScripts { place, .. }
            | Self::NameTooLong { place, .. }
            | Self::LineTooLong { place, .. } => *place,
        }
    }

    fn label(&self) -> String {
        match self {
            Self::UnclosedText { .. } => "begins here and does not end".to_owned(),
            Self::MixedScripts { mixture, .. } => format!("has a {} letter", mixture.script),
            Self::Unseen { .. } | Self::Control { .. } | Self::Bidi { .. } => "cannot be seen".to_owned(),
            Self::Glued { .. }
            | Self::Dashes { .. }
            | Self::Hyphen { .. }
            | Self::Quotes { .. }
            | Self::Slashes { .. }
            | Self::ForeignDigits { .. }
            | Self::Symbol { .. }
            | Self::NameTooLong { .. }
            | Self::LineTooLong { .. } => String::new(),
        }
    }

    fn why(&self) -> String {
        match self {
            Self::UnclosedText { .. } => "Without it nobody can tell where the text ends and the rule goes on.",
            Self::Glued { .. } => "A number and its unit are two words; a code that begins with a figure is a text.",
            Self::Dashes { .. } => "Word processors change dashes by themselves; a date has the plain ones.",
            Self::Hyphen { .. } => "A hyphen between two words could as well be a minus.",
            Self::Quotes { .. } => "Word processors change quotes by themselves; the program needs the plain ones.",
            Self::Slashes { .. } => "Without the `#` these words would be read as rules of the program.",
            Self::ForeignDigits { .. } => {
                "Amounts are written one way in every language, so that no one misreads a sum of money."
            }
            Self::Symbol { .. } => "The program is read aloud: it is made of words, numbers, texts and commas.",
            Self::Unseen { .. } => "Two lines that look the same on screen would not mean the same.",
            Self::Control { .. } => "Such a character can hide a part of the program from the person who approves it.",
            Self::Bidi { .. } => {
                "Such a character can make a line look different from what it says to the person who approves it."
            }
            Self::MixedScripts { .. } => {
                "Two names that look the same on screen could be different ones, and nobody would see which rule pays."
            }
            Self::NameTooLong { .. } => "Names stand in reports and on receipts.",
            Self::LineTooLong { .. } => "No one can read or review such a line.",
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Self::UnclosedText { text, .. } if text[1..].starts_with([',', ']', ')', ' ']) || text.len() == 1 => {
                "put a quote where the text begins: this one looks like its end".to_owned()
            }
            Self::UnclosedText { .. } => "put a quote where the text ends, on the same line".to_owned(),
            Self::Glued { text, .. } => {
                let at = text.find(|c: char| !c.is_ascii_digit() && !".:-+".contains(c)).unwrap_or(0);
                let (number, word) = text.split_at(at);
                if let Some(time) = half_day(number, word) {
                    return format!("write `{time}`: the hours go from 0 to 23");
                }
                format!("write `{number} {word}`, or `\"{text}\"` if it is a code")
            }
            Self::Dashes { text, .. } => {
                let plain: String = text.chars().map(|c| if c.is_ascii_digit() || ".:".contains(c) { c } else { '-' }).collect();
                format!("write `{plain}`")
            }
            Self::Hyphen { text, .. } => {
                let joined: String = text.chars().map(|c| if is_hyphen(c) { '_' } else { c }).collect();
                format!("write `{joined}` if it is a name, or `\"{text}\"` if it is a value of the data")
            }
            Self::Quotes { text, .. } => {
                let inner: String = text.chars().filter(|c| !"“”„«»‘’'".contains(*c)).collect();
                format!("write `\"{}\"`", short(&inner))
            }
            Self::Slashes { .. } => "begin the comment with `#`".to_owned(),
            Self::ForeignDigits { text, .. } => match ascii_digits(text) {
                Some(digits) => format!("write `{digits}`"),
                None => "write the number with the digits 0 to 9".to_owned(),
            },
            Self::Symbol { text, .. } => match instead(text) {
                Some(word) => word.to_owned(),
                None => "take it out, or put the whole in quotes if it is a text".to_owned(),
            },
            Self::Unseen { letter, .. } if letter.is_whitespace() => "type an ordinary space instead".to_owned(),
            Self::Unseen { .. } | Self::Control { .. } | Self::Bidi { .. } => {
                "take it out: delete the characters around it and type them again".to_owned()
            }
            Self::MixedScripts { mixture, .. } => {
                format!("type the name again, all in {} or all in {} letters", mixture.before, mixture.script)
            }
            Self::NameTooLong { .. } => "choose a shorter name; a long text can stand in a comment".to_owned(),
            Self::LineTooLong { .. } => {
                "inside brackets a line may go on below; a long list belongs in a file: `list NAME from \"file.csv\" column sku`"
                    .to_owned()
            }
        }
    }
}

/// `8pm` or `8:30am` on a clock of 24 hours.
fn half_day(number: &str, word: &str) -> Option<String> {
    let later = match word.to_ascii_lowercase().trim_end_matches('.') {
        "am" | "a.m" => 0,
        "pm" | "p.m" => 12,
        _ => return None,
    };
    let (hour, minute) = number.split_once([':', '.']).unwrap_or((number, "00"));
    let hour = hour.parse::<u32>().ok().filter(|hour| (1..=12).contains(hour))?;
    let minute = minute.parse::<u32>().ok().filter(|minute| *minute < 60)?;
    Some(format!("{:02}:{minute:02}", hour % 12 + later))
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{5BE}' | '\u{2010}' | '\u{2011}' | '\u{2013}')
}

/// What is written instead of a sign of other languages.
fn instead(text: &str) -> Option<&'static str> {
    Some(match text {
        ">=" | "≥" | "=>" => "say it in words: `is at least`",
        "<=" | "≤" | "=<" => "say it in words: `is at most`",
        ">" => "say it in words: `is more than`",
        "<" => "say it in words: `is less than`",
        "=" | "==" => "say it in words: `is`",
        "!=" | "<>" | "≠" => "say it in words: `is not`",
        "&" => "say it in words: `and`; if it is part of a value, put the whole value in quotes",
        "&&" => "say it in words: `and`",
        "|" | "||" => "say it in words: `or`",
        "!" => "say it in words: `not`",
        "*" | "×" => "say it in words: `per`, `each` or `of`",
        "/" => "write a date as `2026-12-31`, say `per` or `or` in words, or put a value that has it in quotes",
        "%" | "٪" | "％" => "put the percent sign right behind its number: `5%`",
        "+" => "put the plus sign right before its number: `+50%`",
        "-" | "–" | "—" | "−" => {
            "say it in words: `until`, `between … and …`; if it is part of a value, put the whole value in quotes"
        }
        "$" => "name the currency behind the number: `10 USD`",
        "€" => "name the currency behind the number: `10 EUR`",
        "£" => "name the currency behind the number: `10 GBP`",
        "₪" => "name the currency behind the number: `10 ILS`",
        "،" | "、" | "，" => "write the comma of the Latin keyboard: `,`",
        "؛" | "；" => "end the line instead",
        "״" | "׳" | "'" | "’" | "`" => "leave it out of names; put a value that has it in double quotes",
        "…" | "..." => "list every value: `[a, b, c]`",
        _ => return None,
    })
}

/// Digits of the scripts with most readers, in 0 to 9.
fn ascii_digits(text: &str) -> Option<String> {
    let zeros = ['\u{660}', '\u{6F0}', '\u{966}', '\u{9E6}', '\u{E50}', '\u{FF10}'];
    text.chars()
        .map(|c| {
            let digit = |zero: &char| u32::from(c).checked_sub(u32::from(*zero)).filter(|digit| *digit < 10);
            zeros.iter().find_map(digit).and_then(|digit| char::from_digit(digit, 10))
        })
        .collect()
}

/// The beginning of a text that may be long.
pub(super) fn short(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
