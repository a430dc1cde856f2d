//! Edits of a fleet's files: kept in memory until they are written, each at once.

use std::io::{self, Write as _};

use cap_std::fs::Dir;
use cap_tempfile::TempFile;
use similar::TextDiff;

use super::Files;

impl Files {
    /// Puts a text in the place of a file, or takes the file away: for all that reads from now on.
    pub fn edit(&mut self, path: &str, text: Option<String>) {
        self.edited.insert(path.to_owned(), text);
    }

    /// The text of a file as it is now; none if there is none.
    pub fn text_of(&mut self, path: &str) -> Option<String> {
        if let Some(edited) = self.edited.get(path) {
            return edited.clone();
        }
        let file = self.read(path, None).ok()?;
        Some(self.sources.text(file).to_string())
    }

    /// The same folder with the same edits, nothing of it read yet.
    pub fn reread(&self) -> io::Result<Self> {
        let mut files = Self::of(self.folder.try_clone()?);
        files.edited.clone_from(&self.edited);
        Ok(files)
    }

    /// What the edits change, as a unified diff.
    pub fn diff(&self) -> String {
        let mut out = String::new();
        for (path, text) in &self.edited {
            let before = self.folder.read_to_string(path).unwrap_or_default();
            let after = text.as_deref().unwrap_or_default();
            let to = if text.is_some() { path } else { "/dev/null" };
            let diff = TextDiff::from_lines(before.as_str(), after);
            out += &diff.unified_diff().header(path, to).to_string();
        }
        out
    }

    /// Writes the edits, `fleet.lock` first; gives the paths. A file is old or new at any moment.
    pub fn write_edits(&self) -> io::Result<Vec<String>> {
        let mut paths = Vec::new();
        let is_lock = |path: &str| path == crate::input::lock::PATH;
        let mut edits: Vec<_> = self.edited.iter().collect();
        edits.sort_by_key(|(path, _)| (!is_lock(path), (*path).clone()));
        for (path, text) in edits {
            match text {
                Some(text) => self.replace(path, text)?,
                None => self.folder.remove_file(path)?,
            }
            paths.push(path.clone());
        }
        Ok(paths)
    }

    /// Writes a file: whoever reads it sees the old text or the new one.
    pub fn replace(&self, path: &str, text: &str) -> io::Result<()> {
        replace(&self.folder, path, text.as_bytes())
    }
}

/// Writes a file of a folder: whoever reads it sees the old text or the new one.
pub(super) fn replace(root: &Dir, path: &str, text: &[u8]) -> io::Result<()> {
    let (folder, name) = path.rsplit_once('/').unwrap_or((".", path));
    let folder = root.open_dir(folder)?;
    let mut file = TempFile::new(&folder)?;
    if let Ok(metadata) = root.metadata(path) {
        file.as_file().set_permissions(metadata.permissions())?;
    }
    file.write_all(text)?;
    file.as_file().sync_all()?;
    file.replace(name)?;
    // The name has to reach the disk, too; a system that cannot do that keeps the file all the same.
    let _ = folder.into_std_file().sync_all();
    Ok(())
}
