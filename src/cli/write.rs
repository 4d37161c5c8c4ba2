//! Files written whole or not at all: everything is written beside its place first, and only when
//! all of it is there, and on the disk, is it moved.

use super::failure::Failure;
use super::interrupt::{self, Beside};
use super::screen::Screen;
use crate::report::manifest;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};
use tempfile::{NamedTempFile, SpooledTempFile, TempDir};

/// What is written directly waits in memory up to so many bytes, beyond that in a file that nobody sees.
const IN_MEMORY: usize = 16 << 20;

/// Files to be written together.
#[derive(Debug, Default)]
pub struct Batch {
    files: Vec<Staged>,
    folders: Vec<StagedFolder>,
}

/// A file written beside its place.
#[derive(Debug)]
enum Staged {
    /// Waits to be moved.
    Beside(NamedTempFile, Beside, PathBuf),
    /// For what is no plain file (a pipe, a device, standard output): kept until the rest is there.
    Direct(SpooledTempFile, PathBuf),
}

/// A folder whose files wait beside it, or in a hidden folder inside it.
#[derive(Debug)]
struct StagedFolder {
    beside: TempDir,
    _known: Beside,
    names: Vec<String>,
    place: PathBuf,
}

/// What writes the contents of a file.
pub type Fill<'a> = dyn FnOnce(&mut dyn Write) -> io::Result<()> + 'a;

impl Batch {
    /// Writes a file beside its place; `-` is standard output.
    pub fn file(&mut self, place: &Path, fill: Box<Fill<'_>>) -> Result<(), Failure> {
        let failed = |error: &io::Error| Failure::writing(place, error);
        if place == Path::new("-") || is_special(place) {
            let mut waiting = SpooledTempFile::new(IN_MEMORY);
            let filled = pour_into(&mut waiting, fill).and_then(|()| waiting.rewind());
            filled.map_err(|error| failed(&error))?;
            self.files.push(Staged::Direct(waiting, place.to_path_buf()));
            return Ok(());
        }
        if place.is_dir() {
            return Err(Failure::Command(format!("{}: this is a folder, a file is needed", place.display())));
        }
        // Through a link, its target is written.
        let place = fs::canonicalize(place).unwrap_or_else(|_| place.to_path_buf());
        let make = || beside(0o666).tempfile_in(parent(&place));
        let (mut file, known) = interrupt::made(make, |file| file.path()).map_err(|error| failed(&error))?;
        let filled = pour_into(file.as_file_mut(), fill).and_then(|()| file.as_file().sync_all());
        filled.map_err(|error| failed(&error))?;
        if let Ok(before) = fs::metadata(&place) {
            file.as_file().set_permissions(before.permissions()).map_err(|error| failed(&error))?;
        }
        self.files.push(Staged::Beside(file, known, place));
        Ok(())
    }

    /// Begins a folder of files; it may exist, and what else is in it stays.
    pub fn folder(&mut self, place: &Path) -> Result<FolderId, Failure> {
        let failed = |error: &io::Error| Failure::writing(place, error);
        if place.exists() && !place.is_dir() {
            return Err(Failure::Command(format!("{}: this is a file, a folder is needed", place.display())));
        }
        // Inside a folder that is there: it may be a disk of its own, where nothing can be moved to.
        let around = if place.is_dir() { place.to_path_buf() } else { parent(place) };
        if !around.is_dir() {
            fs::create_dir_all(&around).map_err(|error| failed(&error))?;
        }
        let make = || beside(0o777).tempdir_in(&around);
        let (beside, known) = interrupt::made(make, |folder| folder.path()).map_err(|error| failed(&error))?;
        self.folders.push(StagedFolder { beside, _known: known, names: Vec::new(), place: place.to_path_buf() });
        Ok(FolderId(self.folders.len() - 1))
    }

    /// Writes a file of a folder; what it is in short.
    pub fn file_in(&mut self, folder: FolderId, name: &str, fill: Box<Fill<'_>>) -> Result<manifest::File, Failure> {
        let folder = &mut self.folders[folder.0];
        let place = folder.place.join(name);
        let create = || -> io::Result<manifest::File> {
            let file = interrupt::within(|| fs::File::create(folder.beside.path().join(name)))?;
            let mut hashing = Hashing { inner: file, hasher: blake3::Hasher::new(), bytes: 0 };
            pour_into(&mut hashing, fill)?;
            hashing.inner.sync_all()?;
            let blake3 = hashing.hasher.finalize().to_hex().to_string();
            Ok(manifest::File { file: name.to_owned(), bytes: hashing.bytes, blake3 })
        };
        let written = create().map_err(|error| Failure::writing(&place, &error))?;
        folder.names.push(name.to_string());
        Ok(written)
    }

    /// Moves everything to its place; when this has come back, no power cut undoes it.
    pub fn commit(self, screen: &Screen) -> Result<(), Failure> {
        for changed in self.move_all(screen)? {
            sync_folder(&changed).map_err(|error| Failure::writing(&changed, &error))?;
        }
        Ok(())
    }

    /// Moves everything to its place; the folders that this changed.
    fn move_all(self, screen: &Screen) -> Result<BTreeSet<PathBuf>, Failure> {
        let (folders, mut direct) = (self.folders, Vec::new());
        let mut beside = Vec::new();
        for file in self.files {
            match file {
                Staged::Beside(file, known, place) => beside.push((file, known, place)),
                Staged::Direct(waiting, place) => direct.push((waiting, place)),
            }
        }
        let changed = interrupt::moving(|| -> Result<_, Failure> {
            let mut changed = BTreeSet::new();
            for folder in folders {
                changed.extend([folder.place.clone(), parent(&folder.place)]);
                folder.commit()?;
            }
            for (file, _known, place) in beside {
                file.persist(&place).map_err(|error| Failure::writing(&place, &error.error))?;
                changed.insert(parent(&place));
            }
            Ok(changed)
        })?;
        // Not under the lock of what is moved: who reads a pipe may take long.
        for (mut waiting, place) in direct {
            if place == Path::new("-") { screen.pour(&mut waiting)? } else { write_direct(waiting, &place)? }
        }
        Ok(changed)
    }
}

/// What is written on the way, and its hash.
struct Hashing<W> {
    inner: W,
    hasher: blake3::Hasher,
    bytes: u64,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// A folder of a batch.
#[derive(Debug, Clone, Copy)]
pub struct FolderId(usize);

impl StagedFolder {
    fn commit(self) -> Result<(), Failure> {
        fs::create_dir_all(&self.place).map_err(|error| Failure::writing(&self.place, &error))?;
        // A name that cannot be replaced is found before the first file moves.
        for name in &self.names {
            let place = self.place.join(name);
            if place.is_dir() {
                return Err(Failure::Command(format!("{}: a folder stands where a file is to go", place.display())));
            }
        }
        for name in &self.names {
            let place = self.place.join(name);
            fs::rename(self.beside.path().join(name), &place).map_err(|error| Failure::writing(&place, &error))?;
        }
        Ok(())
    }
}

/// Writes a file of text whole or not at all. A power cut may bring the old one back.
pub fn whole(screen: &Screen, place: &Path, text: &str) -> Result<(), Failure> {
    let mut batch = Batch::default();
    batch.file(place, Box::new(|out| out.write_all(text.as_bytes())))?;
    batch.move_all(screen).map(|_| ())
}

/// Puts on the disk which files a folder has.
#[cfg(unix)]
pub fn sync_folder(place: &Path) -> io::Result<()> {
    match fs::File::open(place)?.sync_all() {
        // Not every file system can; what can be done was done.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        done => done,
    }
}

/// Only files can be put on the disk here; the system does the rest by itself.
#[cfg(not(unix))]
pub fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

fn pour_into(into: &mut dyn Write, fill: Box<Fill<'_>>) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, into);
    fill(&mut out)?;
    out.flush()
}

fn write_direct(mut waiting: SpooledTempFile, place: &Path) -> Result<(), Failure> {
    let mut write = || -> io::Result<()> {
        let mut out = fs::OpenOptions::new().write(true).open(place)?;
        io::copy(&mut waiting, &mut out)?;
        out.flush()
    };
    match write() {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::writing(place, &error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Whether something stands there that is neither a file nor a folder.
fn is_special(place: &Path) -> bool {
    fs::metadata(place).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// The folder a path lies in.
fn parent(place: &Path) -> PathBuf {
    match place.parent() {
        Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
        Some(parent) => parent.to_path_buf(),
        None => PathBuf::from("."),
    }
}

/// Files (or folders) to be moved later, with the permissions that any new one has.
pub fn beside(mode: u32) -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".loyal-");
    usual(&mut builder, mode);
    builder
}

#[cfg(unix)]
fn usual(builder: &mut tempfile::Builder<'_, '_>, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(fs::Permissions::from_mode(mode));
}

#[cfg(not(unix))]
fn usual(_: &mut tempfile::Builder<'_, '_>, _: u32) {}
