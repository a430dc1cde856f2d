//! Creates files that do not exist yet, and replaces single files.

use std::io::{self, Write as _};
use std::path::Path;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};

use super::atomic_write::{Durability, replace};
use crate::diagnostic::{Code, Diagnostic, escape_control_chars, join_and};

/// Writes files into a directory, and creates the directory if it does not exist. If one of the files exists, writes
/// none of them.
///
/// # Errors
///
/// Returns an error if a file exists or cannot be written.
pub fn create(dir: &Path, files: &[(&str, &str)]) -> Result<(), Diagnostic> {
    let shown = escape_control_chars(&dir.to_string_lossy());
    let failed = |error: io::Error| {
        let message = format!("cannot write to `{shown}`: {error}");
        Diagnostic::without_location(Code::Io, message)
            .help("pass a directory that you can write to")
    };
    Dir::create_ambient_dir_all(dir, ambient_authority()).map_err(failed)?;
    let root = Dir::open_ambient_dir(dir, ambient_authority()).map_err(failed)?;
    let names = files.iter().map(|(path, _)| *path);
    let existing: Vec<&str> = names
        .filter(|path| root.symlink_metadata(path).is_ok())
        .collect();
    if !existing.is_empty() {
        let message = format!("`{shown}` already contains {}", join_and(existing));
        return Err(Diagnostic::without_location(Code::FileExists, message)
            .help("pass another directory, or move the existing files"));
    }
    for (path, text) in files {
        create_file(&root, path, text).map_err(failed)?;
    }
    Ok(())
}

/// Writes a file, and replaces an existing one as a whole.
///
/// # Errors
///
/// Returns an error if the file cannot be written.
pub fn replace_file(path: &Path, text: &str) -> Result<(), Diagnostic> {
    let shown = escape_control_chars(&path.to_string_lossy());
    let failed = |error: io::Error| {
        let message = format!("cannot write `{shown}`: {error}");
        Diagnostic::without_location(Code::Io, message)
            .help("pass a file in a directory that you can write to")
    };
    let Some(name) = path.file_name() else {
        return Err(failed(io::ErrorKind::IsADirectory.into()));
    };
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or_else(|| Path::new("."));
    let root = Dir::open_ambient_dir(parent, ambient_authority()).map_err(failed)?;
    let bytes = text.as_bytes();
    replace(&root, Path::new(name), bytes, Durability::Disk).map_err(failed)
}

/// Creates a file without opening an existing one, which another program could create at the same time.
fn create_file(root: &Dir, path: &str, text: &str) -> io::Result<()> {
    if let Some((dir, _)) = path.rsplit_once('/') {
        root.create_dir_all(dir)?;
    }
    let mut options = OpenOptions::new();
    let mut file = root.open_with(path, options.write(true).create_new(true))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
