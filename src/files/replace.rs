//! Files that are old or new at any moment: a text is written beside its place, and then put there.

use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Write as _};

use cap_std::fs::{Dir, OpenOptions};

/// What the name of a file begins with that is not in its place yet. A run that is killed leaves it
/// behind: no wildcard finds it, and the next run that writes into its folder takes it away.
const UNFINISHED: &str = ".kubectl-fleet-unfinished-";

/// Whether a file is one that a run did not put in its place; `path` ends with its name.
pub(super) fn is_unfinished(path: &str) -> bool {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    name.starts_with(UNFINISHED)
}

/// Writes a file of a folder: whoever reads it sees the old text or the new one.
pub(super) fn replace(root: &Dir, path: &str, text: &[u8]) -> io::Result<()> {
    let (folder, name) = split(path);
    let folder = root.open_dir(folder)?;
    // By its name alone it is told apart from that of another run, which may be writing, too.
    let number = RandomState::new().hash_one(path);
    let unfinished = format!("{UNFINISHED}{number:016x}");
    let put = write(root, &folder, &unfinished, path, text)
        .and_then(|()| folder.rename(&unfinished, &folder, name));
    if put.is_err() {
        let _ = folder.remove_file(&unfinished);
    }
    put?;
    // The name has to reach the disk, too; a system that cannot do that keeps the file all the same.
    let _ = folder.open(".").and_then(|folder| folder.sync_all());
    Ok(())
}

fn write(root: &Dir, folder: &Dir, name: &str, instead_of: &str, text: &[u8]) -> io::Result<()> {
    let mut file = folder.open_with(name, OpenOptions::new().write(true).create_new(true))?;
    if let Ok(metadata) = root.metadata(instead_of) {
        file.set_permissions(metadata.permissions())?;
    }
    file.write_all(text)?;
    file.sync_all()
}

/// Takes away what killed runs left behind in the folder of a file. Another run that is writing there
/// finds its file gone, and fails with the old text in place.
pub(super) fn sweep(root: &Dir, path: &str) -> io::Result<()> {
    let folder = root.open_dir(split(path).0)?;
    for entry in folder.entries()? {
        let name = entry?.file_name();
        if name.to_str().is_some_and(is_unfinished) {
            folder.remove_file(name)?;
        }
    }
    Ok(())
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or((".", path))
}
