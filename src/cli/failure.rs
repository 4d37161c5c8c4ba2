//! Why a command ends without what it was asked for, and the exit code that says so.

use std::fmt;
use std::io;
use std::path::Path;

/// The exit code of a wrong command.
pub const COMMAND: u8 = 3;

/// Why a command failed; the text is what is shown, empty when it was shown already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The program, or an example, is wrong.
    Program(String),
    /// The data is wrong.
    Data(String),
    /// The command is wrong.
    Command(String),
    /// The machine is: disk, permission.
    Machine(String),
}

impl Failure {
    /// The exit code (`docs/formats.md`).
    pub fn code(&self) -> u8 {
        match self {
            Failure::Program(_) => 1,
            Failure::Data(_) => 2,
            Failure::Command(_) => COMMAND,
            Failure::Machine(_) => 4,
        }
    }

    /// What a file named in the command would not do: a name that is wrong is the command's fault,
    /// the rest is the machine's.
    pub fn file(doing: &str, path: &Path, error: &io::Error) -> Self {
        let name = path.display();
        match error.kind() {
            io::ErrorKind::NotFound => Failure::Command(format!("{name}: there is no such file or folder")),
            io::ErrorKind::IsADirectory => Failure::Command(format!("{name}: this is a folder, a file is needed")),
            io::ErrorKind::NotADirectory => {
                Failure::Command(format!("{name}: a part of this path is a file, not a folder"))
            }
            _ => Failure::Machine(format!("{name}: cannot {doing}: {}", plain(error))),
        }
    }

    /// What writing a file would not do: whatever it is, the machine's.
    pub fn writing(path: &Path, error: &io::Error) -> Self {
        Failure::Machine(format!("{}: cannot be written: {}{}", path.display(), plain(error), mend(error)))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Program(text) | Failure::Data(text) | Failure::Command(text) | Failure::Machine(text) => {
                f.write_str(text)
            }
        }
    }
}

/// What helps against what the machine says, behind its words; nothing when it is not known.
fn mend(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "; make room there, or name another place",
        io::ErrorKind::FileTooLarge => "; files may not be so large here (`ulimit -f` shows the limit)",
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "; ask for the right to write there, or name another place"
        }
        _ => "",
    }
}

/// The machine's words without the number behind them.
pub fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(at) => text[..at].to_lowercase(),
        None => text,
    }
}
