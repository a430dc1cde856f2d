//! Files that are made where there were none.

use std::io::{self, Write as _};
use std::path::Path;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};

use crate::diagnostic::{Code, Diagnostic, all_of};
use crate::report::printable;

/// Writes files into a folder, which is made if it is not there. All of them are new, or none is
/// written.
pub fn create(folder: &Path, files: &[(&str, &str)]) -> Result<(), Diagnostic> {
    let shown = printable(&folder.to_string_lossy());
    let failed = |error: io::Error| {
        let message = format!("cannot write into `{shown}`: {error}");
        Diagnostic::without_place(Code::Io, message).help("name a folder that can be written")
    };
    Dir::create_ambient_dir_all(folder, ambient_authority()).map_err(failed)?;
    let root = Dir::open_ambient_dir(folder, ambient_authority()).map_err(failed)?;
    let names = files.iter().map(|(path, _)| *path);
    let known: Vec<&str> = names
        .filter(|path| root.symlink_metadata(path).is_ok())
        .collect();
    if !known.is_empty() {
        let message = format!("`{shown}` has {} already", all_of(known));
        return Err(Diagnostic::without_place(Code::FileExists, message)
            .help("name another folder, or move what is there"));
    }
    for (path, text) in files {
        create_one(&root, path, text).map_err(failed)?;
    }
    Ok(())
}

/// Another program may have been faster: what is there is never opened.
fn create_one(root: &Dir, path: &str, text: &str) -> io::Result<()> {
    if let Some((folder, _)) = path.rsplit_once('/') {
        root.create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    let mut file = root.open_with(path, options.write(true).create_new(true))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
