//! The word that was meant.

use super::names::looks;

/// Of the candidates, the one that `word` most likely meant: few edits away for its length, or made of
/// letters of another script that look the same. The first of equally near ones in alphabetical order.
///
/// ```
/// assert_eq!(loyal::text::closest("purchse", &["visit", "purchase"]), Some("purchase"));
/// assert_eq!(loyal::text::closest("zebra", &["visit", "purchase"]), None);
/// ```
pub fn closest<'c>(word: &str, candidates: &[&'c str]) -> Option<&'c str> {
    let length = word.chars().count();
    let allowed = match length {
        0 | 1 => 0,
        2 | 3 => 1,
        4..=7 => 2,
        // No word of ours is that long; comparing would take time in its square.
        101.. => return None,
        8..=100 => 3,
    };
    let (lower, seen) = (word.to_lowercase(), looks(word));
    let distance = |candidate: &str| match looks(candidate) == seen {
        true => 0,
        false => strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()),
    };
    candidates
        .iter()
        .map(|candidate| (distance(candidate), *candidate))
        .filter(|(edits, candidate)| *edits <= allowed && *edits < candidate.chars().count())
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        for (word, near) in [
            ("ern", Some("earn")),
            ("EARN", Some("earn")),
            ("bonsu", Some("bonus")),
            // Cyrillic letters that look like Latin ones.
            ("с\u{430}р", Some("cap")),
            ("x", None),
            ("", None),
            ("completely", None),
        ] {
            assert_eq!(closest(word, &["earn", "bonus", "cap"]), near, "{word}");
        }
        assert_eq!(closest(&"a".repeat(100_000), &["earn"]), None);
    }
}
