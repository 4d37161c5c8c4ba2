//! Names in any script: which characters deceive the eye, and which scripts may stand together.

use unicode_security::mixed_script::AugmentedScriptSet;
use unicode_security::{MixedScript, RestrictionLevel, RestrictionLevelDetection};

/// Whether `c` steers the direction of text (UAX 9): such a character can make a line look like another one.
pub fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether `c` takes no place on screen and steers nothing: zero-width blanks and joiners, soft hyphens, marks of
/// byte order, variation selectors, tags.
pub fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}' | '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Two letters of one name that belong to different scripts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mixture {
    /// The first letter that does not go with those before it.
    pub letter: char,
    /// Its byte in the name.
    pub at: usize,
    /// Its script, in English.
    pub script: String,
    /// The script of the letters before it.
    pub before: String,
}

/// The place where a name mixes scripts that must not stand together (UTS 39): all letters are of one script, or
/// of Latin with Chinese, Japanese or Korean, which no eye confuses. Digits and `_` go with every script.
///
/// ```
/// assert!(loyal::text::mixture("מועדון_2").is_none());
/// let mixed = loyal::text::mixture("g\u{43e}ld").expect("the o is Cyrillic");
/// assert_eq!((mixed.script.as_str(), mixed.before.as_str()), ("Cyrillic", "Latin"));
/// ```
pub fn mixture(name: &str) -> Option<Mixture> {
    if name.is_ascii() || name.is_single_script() {
        return None;
    }
    if name.detect_restriction_level() <= RestrictionLevel::HighlyRestrictive {
        return None;
    }
    let mut before = AugmentedScriptSet::default();
    for (at, letter) in name.char_indices() {
        let own = AugmentedScriptSet::for_char(letter);
        let mut both = before;
        both.intersect_with(own);
        if both.is_empty() {
            return Some(Mixture { letter, at, script: own.to_string(), before: before.to_string() });
        }
        before = both;
    }
    None
}

/// What a reader sees in `name`: letters that look alike become one (UTS 39), case aside.
pub(super) fn looks(name: &str) -> String {
    unicode_security::skeleton(&name.to_lowercase()).collect()
}
