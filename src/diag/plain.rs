//! Text made safe to show: nothing a program, a file name or a value holds can steer a terminal.

use std::borrow::Cow;
use std::fmt::Write;

/// The text with each control character written out: `␛` for an escape, `⟨U+202E⟩` for what turns
/// the direction of a line. Line feeds and tabs stay.
///
/// ```
/// assert_eq!(loyal::diag::plain("a\u{1b}[31m"), "a␛[31m");
/// assert_eq!(loyal::diag::plain("קפה ☕"), "קפה ☕");
/// ```
pub fn plain(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    text.chars().for_each(|c| push_plain(&mut shown, c));
    Cow::Owned(shown)
}

/// As [`plain`], with line feeds and tabs made spaces: for what must stay on one line.
pub fn one_line(text: &str) -> String {
    plain(text).replace(['\n', '\t'], " ")
}

/// Adds a character as it is shown.
pub fn push_plain(shown: &mut String, c: char) {
    match u32::from(c) {
        _ if !is_unsafe(c) => shown.push(c),
        // The pictures of the control codes stand in their order from U+2400.
        code @ 0..0x20 => shown.push(char::from_u32(0x2400 + code).unwrap_or('�')),
        0x7f => shown.push('␡'),
        code => {
            // Writing into a String cannot fail.
            let _ = write!(shown, "⟨U+{code:04X}⟩");
        }
    }
}

/// Whether a character can steer a terminal or hide in a line.
pub fn is_unsafe(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        // Control codes; marks and overrides of direction; separators of lines; the byte order
        // mark; tags, which no terminal shows.
        _ => {
            c.is_control()
                || matches!(c,
                    '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{206f}'
                    | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
        }
    }
}
