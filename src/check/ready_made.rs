//! The segments that come with the tool, written as a program would write them (`segments.loyal`).

use crate::mechanics::reading::{Names, Reading};
use crate::mechanics::segment::{self, Segment};
use crate::syntax::parse_text;
use crate::text::Sources;

/// Their text.
const TEXT: &str = include_str!("segments.loyal");

/// The segments of `loyal segment`, looking at the last so many days.
pub fn segments(days: u32) -> Vec<Segment> {
    let text = TEXT.replace("DAYS", &days.to_string());
    let mut sources = Sources::default();
    let parsed = parse_text(&mut sources, "segments.loyal", &text);
    let names = Names::default();
    let mut reading = Reading::new(&sources, &names);
    parsed.ast.blocks().filter_map(|block| segment::read(&mut reading, block)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_them_are_read() {
        let names: Vec<String> = segments(365).into_iter().map(|segment| segment.name.text).collect();
        assert_eq!(names, ["best", "worst", "new", "dormant", "at_risk", "bargain_hunters"]);
    }
}
