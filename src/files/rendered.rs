//! A folder of printed manifests.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use cap_std::ambient_authority;
use cap_std::fs::Dir;

use super::names::MARK;
use super::replace::{is_unfinished, replace};
use crate::model::Cell;

/// What became of the files of a folder.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files that are new or differ.
    pub written: usize,
    /// Files that nothing prints any more.
    pub removed: usize,
}

/// Makes a folder hold these files, and no other file of ours; where they are those of one cell, no
/// other in that cell's folder. Each is old or new at any moment.
pub fn write(
    folder: &Path,
    files: &BTreeMap<String, Vec<u8>>,
    cell: Option<&Cell>,
) -> io::Result<Changes> {
    Dir::create_ambient_dir_all(folder, ambient_authority())?;
    let folder = Dir::open_ambient_dir(folder, ambient_authority())?;
    let mut changes = Changes::default();
    for (path, text) in files {
        if folder.read(path).is_ok_and(|known| known == *text) {
            continue;
        }
        if let Some((cell, _)) = path.split_once('/') {
            folder.create_dir_all(cell)?;
        }
        replace(&folder, path, text)?;
        changes.written += 1;
    }
    let prefix = cell.map_or(String::new(), |cell| format!("{cell}/"));
    for path in ours(&folder)? {
        if path.starts_with(&prefix) && !files.contains_key(&path) {
            folder.remove_file(&path)?;
            changes.removed += 1;
            if let Some((cell, _)) = path.split_once('/') {
                // A folder that holds something else stays.
                let _ = folder.remove_dir(cell);
            }
        }
    }
    Ok(changes)
}

/// The files that were written by us, here and one folder down.
fn ours(folder: &Dir) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in folder.entries()? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if entry.file_type()?.is_dir() {
            for below in folder.read_dir(&name)? {
                if let Ok(file) = below?.file_name().into_string() {
                    found.push(format!("{name}/{file}"));
                }
            }
        } else {
            found.push(name);
        }
    }
    found.retain(|path| is_ours(folder, path));
    Ok(found)
}

fn is_ours(folder: &Dir, path: &str) -> bool {
    let text = || folder.read(path).unwrap_or_default();
    is_unfinished(path) || text().starts_with(MARK.as_bytes())
}
