//! Messages about the files of a program: their bytes, and what `use` brings in.

use crate::diag::Message;
use crate::text::Span;

/// The largest file, in bytes.
pub const FILE_LIMIT: usize = 4 * 1024 * 1024;
/// All files of a program, its older versions among them, have at most so many bytes: what `check` takes grows with them.
pub const ALL_LIMIT: usize = 4 * FILE_LIMIT;
/// The most files a program may have.
pub const FILES_LIMIT: usize = 256;
/// The most versions a program may have, itself among them.
pub const VERSIONS_LIMIT: usize = 64;

/// A mistake in reading a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Files {
    /// A file that is too large.
    TooLarge {
        /// The beginning of the file, or the `use` that names it.
        place: Span,
        /// The file.
        path: String,
    },
    /// A file in another encoding.
    NotUtf8 {
        /// The byte that is wrong.
        place: Span,
        /// Its value.
        byte: u8,
        /// Its place in the file, counted from 0.
        offset: usize,
        /// Its line.
        line: usize,
    },
    /// A file in UTF-16.
    Utf16 {
        /// The beginning of the file.
        place: Span,
    },
    /// A file that cannot be read.
    Unreadable {
        /// The `use` that names it, or the beginning of the file.
        place: Span,
        /// The file.
        path: String,
        /// What the machine says.
        reason: String,
        /// Whether a `use` names it.
        used: bool,
        /// The `use` that brought in the file that names it.
        from: Option<Span>,
    },
    /// A path that leaves the folder.
    Outside {
        /// The path.
        place: Span,
        /// As written.
        path: String,
    },
    /// A path with backslashes.
    Backslash {
        /// The path.
        place: Span,
        /// As written.
        path: String,
        /// The word before it: `use` or `replaces`.
        word: &'static str,
    },
    /// Files that use each other.
    Cycle {
        /// The `use` that closes the circle.
        place: Span,
        /// The file that it names.
        path: String,
        /// The `use` lines from that file to this one.
        way: Vec<Span>,
    },
    /// Programs that replace each other.
    ReplacesCycle {
        /// The `replaces` that closes the circle.
        place: Span,
        /// The file that it names.
        path: String,
        /// The `replaces` lines from that file to this one.
        way: Vec<Span>,
    },
    /// More files than a program may have.
    TooMany {
        /// The `use` that is one too many.
        place: Span,
    },
    /// More bytes than all files of a program may have together.
    TooMuch {
        /// The `use` or `replaces` of the file that is too much.
        place: Span,
    },
    /// More versions than a program may have.
    TooManyVersions {
        /// The `replaces` that is one too many.
        place: Span,
    },
}

impl Message for Files {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "file-too-large",
            Self::NotUtf8 { .. } => "not-utf-8",
            Self::Utf16 { .. } => "utf-16",
            Self::Unreadable { .. } => "missing-file",
            Self::Outside { .. } => "path-outside",
            Self::Backslash { .. } => "backslash-in-path",
            Self::Cycle { .. } => "use-cycle",
            Self::ReplacesCycle { .. } => "replaces-cycle",
            Self::TooMany { .. } => "too-many-files",
            Self::TooMuch { .. } => "program-too-large",
            Self::TooManyVersions { .. } => "too-many-versions",
        }
    }

    fn says(&self) -> String {
        match self {
            Self::TooLarge { path, .. } => {
                format!("`{path}` has more than {FILE_LIMIT} bytes, the most that a file has")
            }
            Self::NotUtf8 { byte, offset, line, .. } => {
                format!("the file is not UTF-8: byte {offset}, on line {line}, is 0x{byte:02X}")
            }
            Self::Utf16 { .. } => "the file is in UTF-16, a program is in UTF-8".to_owned(),
            Self::Unreadable { path, reason, .. } => format!("`{path}` cannot be read: {reason}"),
            Self::Outside { path, .. } => format!("`{path}` leaves the folder of the program"),
            Self::Backslash { path, .. } => format!("`{path}` has backslashes in it"),
            Self::Cycle { path, .. } => format!("`{path}` is used in a circle"),
            Self::ReplacesCycle { path, .. } => format!("`{path}` is replaced in a circle"),
            Self::TooMany { .. } => format!("a program has at most {FILES_LIMIT} files"),
            Self::TooMuch { .. } => {
                format!("with this file the program has more than {ALL_LIMIT} bytes, the most that all its files have")
            }
            Self::TooManyVersions { .. } => format!("a program has at most {VERSIONS_LIMIT} versions"),
        }
    }

    fn place(&self) -> Span {
        match self {
            Self::TooLarge { place, .. }
            | Self::NotUtf8 { place, .. }
            | Self::Utf16 { place }
            | Self::Unreadable { place, .. }
            | Self::Outside { place, .. }
            | Self::Backslash { place, .. }
            | Self::Cycle { place, .. }
            | Self::ReplacesCycle { place, .. }
            | Self::TooMany { place }
            | Self::TooMuch { place }
            | Self::TooManyVersions { place } => *place,
        }
    }

    fn related(&self) -> Vec<(Span, String)> {
        match self {
            Self::Unreadable { from: Some(from), .. } => vec![(*from, "this file was brought in here".to_owned())],
            Self::Cycle { way, .. } => way.iter().map(|span| (*span, "which uses".to_owned())).collect(),
            Self::ReplacesCycle { way, .. } => way.iter().map(|span| (*span, "which replaces".to_owned())).collect(),
            Self::Unreadable { from: None, .. }
            | Self::TooLarge { .. }
            | Self::NotUtf8 { .. }
            | Self::Utf16 { .. }
            | Self::Outside { .. }
            | Self::Backslash { .. }
            | Self::TooMany { .. }
            | Self::TooMuch { .. }
            | Self::TooManyVersions { .. } => Vec::new(),
        }
    }

    fn why(&self) -> String {
        match self {
            Self::TooLarge { .. } | Self::TooMany { .. } | Self::TooMuch { .. } | Self::TooManyVersions { .. } => {
                "No one can review a program of that size."
            }
            Self::NotUtf8 { .. } | Self::Utf16 { .. } => "Names and texts would come out as other letters.",
            Self::Unreadable { used: true, .. } => "The rules in it would be missing from the program.",
            Self::Unreadable { used: false, .. } => "There is nothing to read.",
            Self::Outside { .. } => "A program that is copied or sent to someone must be whole in its folder.",
            Self::Backslash { .. } => "Such a path is understood on one kind of machine only.",
            Self::ReplacesCycle { .. } => "Each of them would have to be older than the other.",
            Self::Cycle { .. } => "Two files that bring each other in have no first one; names are shared anyway.",
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Self::TooLarge { .. } | Self::TooMuch { .. } => {
                "long lists belong in a file of their own: `list NAME from \"file.csv\" column sku`"
            }
            Self::NotUtf8 { .. } | Self::Utf16 { .. } => {
                "save the file again as UTF-8 (in the editor: Save with encoding)"
            }
            Self::Unreadable { used: true, .. } => {
                "look at the spelling of the path: it begins at the folder of this file"
            }
            Self::Unreadable { used: false, .. } => {
                "look at the spelling of the path, and whether the file may be read"
            }
            Self::Outside { .. } => "copy the file into the folder of the program and name it from there",
            Self::Backslash { path, word, .. } => return format!("write `{word} \"{}\"`", path.replace('\\', "/")),
            Self::Cycle { .. } => "take this line out: a file used once is known in the whole program",
            Self::ReplacesCycle { .. } => "name the program that stood before this one, or take the line out",
            Self::TooMany { .. } => "put several files together",
            Self::TooManyVersions { .. } => {
                "give up the oldest versions: take `replaces` out of the oldest one to keep"
            }
        }
        .to_owned()
    }
}
