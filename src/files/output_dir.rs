//! A directory of generated manifests.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use cap_std::ambient_authority;
use cap_std::fs::Dir;

use super::atomic_write::{Durability, is_temporary, replace};
use super::names::MARK;

/// Changes to a directory in a run.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The number of files that are new or differ.
    pub written: usize,
    /// The number of removed files, which the output no longer contains.
    pub removed: usize,
}

/// Writes generated files into a directory, and removes other generated files. With `cell`, the files are those of
/// one cell, and others are removed only from its directory. Each file is replaced atomically.
pub fn write(
    dir: &Path,
    files: &BTreeMap<String, Vec<u8>>,
    cell: Option<&str>,
) -> io::Result<Changes> {
    Dir::create_ambient_dir_all(dir, ambient_authority())?;
    let dir = Dir::open_ambient_dir(dir, ambient_authority())?;
    let mut changes = Changes::default();
    for (path, bytes) in files {
        if dir.read(path).is_ok_and(|known| known == *bytes) {
            continue;
        }
        if let Some((cell, _)) = path.split_once('/') {
            dir.create_dir_all(cell)?;
        }
        replace(&dir, Path::new(path), bytes, Durability::Cache)?;
        changes.written += 1;
    }
    let prefix = cell.map_or(String::new(), |cell| format!("{cell}/"));
    for path in generated_files(&dir)? {
        if path.starts_with(&prefix) && !files.contains_key(&path) {
            dir.remove_file(&path)?;
            changes.removed += 1;
            if let Some((cell, _)) = path.split_once('/') {
                // Other files keep the directory.
                let _ = dir.remove_dir(cell);
            }
        }
    }
    Ok(changes)
}

/// Returns the generated files in a directory and its subdirectories.
fn generated_files(dir: &Dir) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in dir.entries()? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if entry.file_type()?.is_dir() {
            for below in dir.read_dir(&name)? {
                if let Ok(file) = below?.file_name().into_string() {
                    found.push(format!("{name}/{file}"));
                }
            }
        } else {
            found.push(name);
        }
    }
    found.retain(|path| is_generated(dir, path));
    Ok(found)
}

fn is_generated(dir: &Dir, path: &str) -> bool {
    let is_temporary = Path::new(path).file_name().is_some_and(is_temporary);
    is_temporary
        || dir
            .read(path)
            .is_ok_and(|bytes| bytes.starts_with(MARK.as_bytes()))
}
