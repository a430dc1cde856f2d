//! Creates files where none existed.

use std::io::{self, Write as _};
use std::path::Path;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};

use crate::diagnostic::{Code, Diagnostic, escape_control_chars, join_and};

/// Writes files into a directory, which is created if it does not exist. Writes nothing if one of the
/// files exists.
pub fn create(dir: &Path, files: &[(&str, &str)]) -> Result<(), Diagnostic> {
    let shown = escape_control_chars(&dir.to_string_lossy());
    let failed = |error: io::Error| {
        let message = format!("cannot write into `{shown}`: {error}");
        Diagnostic::without_location(Code::Io, message).help("name a folder that can be written")
    };
    Dir::create_ambient_dir_all(dir, ambient_authority()).map_err(failed)?;
    let root = Dir::open_ambient_dir(dir, ambient_authority()).map_err(failed)?;
    let names = files.iter().map(|(path, _)| *path);
    let known: Vec<&str> = names
        .filter(|path| root.symlink_metadata(path).is_ok())
        .collect();
    if !known.is_empty() {
        let message = format!("`{shown}` has {} already", join_and(known));
        return Err(Diagnostic::without_location(Code::FileExists, message)
            .help("name another folder, or move what is there"));
    }
    for (path, text) in files {
        create_file(&root, path, text).map_err(failed)?;
    }
    Ok(())
}

/// Creates a file. Another program can create it at the same time: an existing file is never opened.
fn create_file(root: &Dir, path: &str, text: &str) -> io::Result<()> {
    if let Some((dir, _)) = path.rsplit_once('/') {
        root.create_dir_all(dir)?;
    }
    let mut options = OpenOptions::new();
    let mut file = root.open_with(path, options.write(true).create_new(true))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
