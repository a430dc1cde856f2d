//! Writes files atomically, with a temporary file in the same directory and a rename.

use std::ffi::OsStr;
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Write as _};
use std::path::Path;

use cap_std::fs::{Dir, OpenOptions};

/// Prefix of temporary files. If a run is killed, such a file remains until the next run writes into the same
/// directory. No wildcard matches it.
const TEMP_PREFIX: &str = ".kubectl-fleet-unfinished-";

/// Returns `true` if a file is a temporary file.
pub(super) fn is_temporary(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(TEMP_PREFIX.as_bytes())
}

/// Whether a write waits for the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Durability {
    /// The contents survive a power failure.
    Disk,
    /// After a power failure, the next run writes the contents again.
    Cache,
}

/// Writes a file of a directory. A concurrent read returns either the old or the new contents.
pub(super) fn replace(
    root: &Dir,
    path: &Path,
    bytes: &[u8],
    durability: Durability,
) -> io::Result<()> {
    let (dir, name) = open_parent(root, path)?;
    // A random name, because another run could write at the same time.
    let number = RandomState::new().hash_one(path);
    let temporary = format!("{TEMP_PREFIX}{number:016x}");
    let written = write(&dir, (&temporary, name), bytes, durability)
        .and_then(|()| dir.rename(&temporary, &dir, name));
    if written.is_err() {
        let _ = dir.remove_file(&temporary);
    }
    written?;
    if durability == Durability::Cache {
        return Ok(());
    }
    // The rename must reach the disk as well. The file is kept on systems that cannot sync a directory.
    let _ = dir.open(".").and_then(|dir| dir.sync_all());
    Ok(())
}

fn write(
    dir: &Dir,
    (temporary, name): (&str, &OsStr),
    bytes: &[u8],
    durability: Durability,
) -> io::Result<()> {
    let mut file = dir.open_with(temporary, OpenOptions::new().write(true).create_new(true))?;
    if let Ok(metadata) = dir.metadata(name) {
        file.set_permissions(metadata.permissions())?;
    }
    file.write_all(bytes)?;
    match durability {
        Durability::Disk => file.sync_all(),
        Durability::Cache => Ok(()),
    }
}

/// Removes the temporary files in the directory of a file. If another run is writing there, that run fails and keeps
/// the old contents.
pub(super) fn remove_stale_temp_files(root: &Dir, path: &Path) -> io::Result<()> {
    let (dir, _) = open_parent(root, path)?;
    for entry in dir.entries()? {
        let name = entry?.file_name();
        if is_temporary(&name) {
            dir.remove_file(name)?;
        }
    }
    Ok(())
}

fn open_parent<'p>(root: &Dir, path: &'p Path) -> io::Result<(Dir, &'p OsStr)> {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let dir = root.open_dir(parent.unwrap_or(Path::new(".")))?;
    Ok((dir, path.file_name().unwrap_or_default()))
}
