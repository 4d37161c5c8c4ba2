//! A page as a reader has it.

/// What a reader reads of a page, a line a block; isolates of the page as those of plain text.
pub fn text_of(page: &str) -> String {
    let body = page.split_once("<body>").map_or("", |(_, body)| body);
    let body = body.split("<script>").next().unwrap_or_default();
    let mut text = String::new();
    let mut rest = body;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, behind) = after.split_once('>').expect("a tag that ends");
        let name = tag.trim_start_matches('/').split([' ', '/', '\n']).next().unwrap_or_default();
        match name {
            "td" | "th" if tag.starts_with('/') => text.push_str(" | "),
            "h1" | "h2" | "h3" if !tag.starts_with('/') => text.push_str("\n\n# "),
            "p" | "li" | "tr" | "section" | "figcaption" | "title" | "text" | "summary" => text.push('\n'),
            _ => {}
        }
        rest = behind;
    }
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.trim().is_empty()).collect();
    lines.join("\n")
}

/// Nothing of a page is fetched, and no name has become a part of it.
pub fn needs_nothing_else(page: &str) {
    for forbidden in ["http://", "https://", "src=", "url(", "@import", "<b>", "<link", "NaN", "inf"] {
        let found = page.match_indices(forbidden).map(|(at, _)| &page[at.saturating_sub(30)..at + 30]);
        // The only addresses are names of namespaces, and there are none of those either.
        let found: Vec<&str> = found.filter(|around| !around.contains("info")).collect();
        assert!(found.is_empty(), "{forbidden}: {found:?}");
    }
}

/// Headings go down one step at a time, places are there once, and links lead somewhere.
pub fn is_in_order(page: &str) {
    let mut last = 0;
    for (at, _) in page.match_indices("<h") {
        let Some(level) = page[at + 2..].chars().next().and_then(|level| level.to_digit(10)) else { continue };
        assert!(level <= last + 1, "h{level} after h{last}");
        last = level;
    }
    let mut ids: Vec<&str> =
        page.match_indices(" id=\"").map(|(at, _)| page[at + 5..].split('"').next().unwrap_or_default()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "a place is named twice");
    for (at, _) in page.match_indices("href=\"#") {
        let to = page[at + 7..].split('"').next().unwrap_or_default();
        assert!(ids.contains(&to), "a link leads nowhere: {to}");
    }
}
