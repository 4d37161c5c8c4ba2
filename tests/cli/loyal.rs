//! Runs the binary in a folder of its own.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder that goes when the test ends.
pub struct Folder(tempfile::TempDir);

/// What came of a command.
#[derive(Debug)]
pub struct Came {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Came {
    fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the command writes UTF-8");
        let code = output.status.code().expect("the command ends by itself");
        Self { code, out: text(output.stdout), err: text(output.stderr) }
    }

    /// Asserts the exit code, showing what was said when it is another.
    #[track_caller]
    pub fn code(self, code: i32) -> Self {
        assert_eq!(self.code, code, "out: {}\nerr: {}", self.out, self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }

    /// Asserts that standard error says each of these.
    #[track_caller]
    pub fn says(self, each: &[&str]) -> Self {
        for words in each {
            assert!(self.err.contains(words), "{words:?} is not in: {}", self.err);
        }
        self
    }
}

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// A folder with a new program in it, under `shop`.
    pub fn with(like: &str, lang: &str) -> Self {
        let folder = Self::new();
        folder.loyal(&["new", "shop", "--like", like, "--lang", lang]).code(0);
        folder
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a name in the folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// Changes a file of the folder.
    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "{from:?} is not in {name}");
        self.write(name, text.replacen(from, to, 1));
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loyal"));
        command.current_dir(self.0.path()).env_remove("NO_COLOR").env_remove("COLUMNS").stdin(Stdio::null());
        command
    }

    pub fn loyal(&self, arguments: &[&str]) -> Came {
        Came::of(self.command().args(arguments).output().expect("the binary runs"))
    }

    /// The same with text on standard input.
    pub fn loyal_reading(&self, input: &str, arguments: &[&str]) -> Came {
        let mut command = self.command();
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary runs");
        child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("the binary reads");
        Came::of(child.wait_with_output().expect("the binary ends"))
    }

    /// Every file of a folder by name, hidden ones too; but no manifest, for it names the files that a run was made of,
    /// which many tests vary (`verify.rs` looks at it).
    pub fn files(&self, name: &str) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(&self.path(name), Path::new(""), &mut files);
        files
    }
}

fn collect(folder: &Path, under: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = under.join(path.file_name().expect("a name"));
        if name.ends_with("manifest.json") {
            continue;
        }
        if path.is_dir() {
            collect(&path, &name, files);
        } else {
            files.insert(name.to_string_lossy().into_owned(), fs::read(&path).expect("a file"));
        }
    }
}
