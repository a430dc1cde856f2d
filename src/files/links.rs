//! Where a path leads, links followed.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use cap_std::fs::{Dir, Metadata};

/// The most links on the way to a file, as many as Linux follows.
const LINKS: usize = 40;

/// The folders on the way to files, each looked at once.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// Folders that no link leads to.
    folders: BTreeSet<PathBuf>,
    /// What was looked at last: whoever finds a file goes on to read it.
    last: Option<(PathBuf, Metadata)>,
}

impl Links {
    /// What is at a path, be it a link.
    pub(super) fn look(&mut self, folder: &Dir, path: &Path) -> io::Result<Metadata> {
        if let Some((last, metadata)) = &self.last
            && last == path
        {
            return Ok(metadata.clone());
        }
        let metadata = folder.symlink_metadata(path)?;
        self.last = Some((path.to_owned(), metadata.clone()));
        Ok(metadata)
    }

    /// What a path leads to: its own path, which has no link in it, and what it is.
    ///
    /// The folder could tell, too, but asks `/proc` for it; the links are looked at one by one instead.
    pub(super) fn target(&mut self, folder: &Dir, path: &str) -> io::Result<(PathBuf, Metadata)> {
        let mut target = PathBuf::new();
        let mut ahead = backwards(Path::new(path));
        let mut links = 0;
        while let Some(part) = ahead.pop() {
            if part == ".." {
                target.pop();
                continue;
            }
            target.push(part);
            if self.folders.contains(&target) {
                continue;
            }
            let metadata = self.look(folder, &target)?;
            if metadata.is_symlink() {
                if links == 0 {
                    // A link that leads out of the folder, to nothing or in a circle fails here.
                    folder.metadata(path)?;
                }
                links += 1;
                if links > LINKS {
                    return Err(io::Error::other("too many symbolic links"));
                }
                ahead.extend(backwards(&folder.read_link(&target)?));
                target.pop();
            } else if ahead.is_empty() {
                return Ok((target, metadata));
            } else if metadata.is_dir() {
                self.folders.insert(target.clone());
            }
        }
        Ok((target, folder.metadata(path)?))
    }
}

/// The parts of a path, the last one first.
fn backwards(path: &Path) -> Vec<OsString> {
    let parts = path.components().rev().map(|part| part.as_os_str().into());
    parts.filter(|part: &OsString| part != ".").collect()
}
