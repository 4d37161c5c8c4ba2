//! The list of the files that count, and what holds of them together.

use super::Fault;
use super::folder::{Folder, whole};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// The name of the list in its folder.
pub const NAME: &str = "state.json";

/// The shape of the list, told apart from later ones.
const SHAPE: u32 = 1;

/// The list as it is written: a line with the shape and the checksum, then the text.
#[derive(Serialize, Deserialize)]
struct Head {
    shape: u32,
    crc32: u32,
}

/// Reads the list of a folder; none when there is none yet.
///
/// # Errors
/// What the system says, that it is damaged, or that another version wrote it.
pub fn read<L: DeserializeOwned>(folder: &dyn Folder) -> Result<Option<L>, Fault> {
    let Some(bytes) = whole(folder, NAME).map_err(Fault::machine(NAME))? else { return Ok(None) };
    let damaged = || Fault::damaged(NAME, "it does not fit its checksum");
    let end = memchr::memchr(b'\n', &bytes).ok_or_else(damaged)?;
    let (head, text) = (&bytes[..end], &bytes[end + 1..]);
    let head: Head = serde_json::from_slice(head).map_err(|_| damaged())?;
    if head.crc32 != crc32fast::hash(text) {
        return Err(damaged());
    }
    if head.shape != SHAPE {
        return Err(Fault::Other { name: NAME.to_owned(), found: head.shape });
    }
    serde_json::from_slice(text).map(Some).map_err(|_| damaged())
}

/// Puts a new list in the place of the old one, in one step: from here on the files that it names count.
///
/// # Errors
/// What the system says; the old list then stands.
pub fn replace<L: Serialize>(folder: &dyn Folder, list: &L) -> Result<(), Fault> {
    let text = serde_json::to_string_pretty(list).map_err(|error| Fault::machine(NAME)(error.into()))?;
    let head = Head { shape: SHAPE, crc32: crc32fast::hash(text.as_bytes()) };
    let head = serde_json::to_string(&head).map_err(|error| Fault::machine(NAME)(error.into()))?;
    folder.replace(NAME, format!("{head}\n{text}").as_bytes()).map_err(Fault::machine(NAME))
}

/// Removes the files of a folder that no list names: what a run that was stopped has left.
///
/// # Errors
/// What the system says.
pub fn sweep<'n>(folder: &dyn Folder, named: impl IntoIterator<Item = &'n str>) -> Result<(), Fault> {
    let named: Vec<&str> = named.into_iter().collect();
    for name in folder.names().map_err(Fault::machine(NAME))? {
        let ours = name.ends_with(".table");
        if ours && !named.contains(&name.as_str()) {
            folder.remove(&name).map_err(Fault::machine(&name))?;
        }
    }
    Ok(())
}
