//! Files of another kind, given by mistake: told by their first bytes, with the way to the table in them.

/// Kinds of file that are given by mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A workbook of a spreadsheet: `.xlsx`, `.ods`, `.xls`.
    Workbook,
    /// `.zip`.
    Zip,
    /// Packed in a way that is not read: `.bz2`, `.xz`, `.7z`.
    Packed,
    /// Feather of the first version, before it was Arrow.
    OldFeather,
    /// `.pdf`.
    Pdf,
    /// JSON.
    Json,
    /// A page of the web, or XML.
    Page,
}

impl FileKind {
    /// What a file is by its first bytes; none for what may be a table in text.
    pub(super) fn of(start: &[u8]) -> Option<Self> {
        let has = |part: &[u8]| start.windows(part.len()).any(|window| window == part);
        let text = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start).trim_ascii_start();
        let word = text.get(..text.len().min(9)).unwrap_or(b"").to_ascii_lowercase();
        let begins = |words: &[&[u8]]| words.iter().any(|one| word.starts_with(one));
        let compact: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).take(2).collect();
        match start {
            [b'P', b'K', 3, 4, ..] if has(b"xl/") || has(b"[Content_Types]") || has(b"opendocument") => {
                Some(Self::Workbook)
            }
            [b'P', b'K', 3, 4, ..] => Some(Self::Zip),
            [0xD0, 0xCF, 0x11, 0xE0, ..] => Some(Self::Workbook),
            [0xFD, b'7', b'z', b'X', b'Z', ..] | [b'7', b'z', 0xBC, 0xAF, ..] => Some(Self::Packed),
            [b'F', b'E', b'A', b'1', ..] => Some(Self::OldFeather),
            [b'B', b'Z', b'h', b'1'..=b'9', b'1', ..] => Some(Self::Packed),
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(Self::Pdf),
            _ if begins(&[b"<html", b"<!doctype", b"<?xml", b"<table"]) => Some(Self::Page),
            _ if matches!(compact.as_slice(), b"{\"" | b"[{" | b"[[" | b"[\"") => Some(Self::Json),
            _ => None,
        }
    }

    /// What it is, for people.
    pub(super) fn says(self) -> &'static str {
        match self {
            Self::Workbook => "a spreadsheet's workbook",
            Self::Zip => "a zip archive",
            Self::Packed => "a packed file",
            Self::OldFeather => "an old Feather file (version 1)",
            Self::Pdf => "a PDF",
            Self::Json => "JSON",
            Self::Page => "a web page or XML",
        }
    }

    /// How a table in text is made of it.
    pub(super) fn mend(self, file: &str) -> String {
        let stem = |ending: &str| file.strip_suffix(ending).unwrap_or(file).to_owned();
        let csv = |ending: &str| {
            let stem = stem(ending);
            if stem.ends_with(".csv") { stem } else { format!("{stem}.csv") }
        };
        match self {
            Self::Workbook => "open it in the spreadsheet and save the sheet as \"CSV UTF-8\"".into(),
            Self::Zip => format!("unpack it first: unzip {file}"),
            Self::Packed => "unpack it first, and name the file that was in it".into(),
            Self::OldFeather => "write it again as Parquet or Feather version 2".into(),
            Self::Pdf => "export the figures as CSV from where the PDF was made".into(),
            Self::Json => format!("export it as CSV; with DuckDB: {}", duckdb(file, &csv(".json"))),
            Self::Page => "export it as CSV; a login or error page instead of the file looks like this too".into(),
        }
    }
}

fn duckdb(file: &str, csv: &str) -> String {
    format!("duckdb -c \"copy (from '{file}') to '{csv}' (header)\"")
}
