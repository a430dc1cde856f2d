//! Edits of a fleet's files: kept in memory until they are written, each at once.

use std::io;

use similar::TextDiff;

use super::Files;
use super::names::LOCK;
use super::replace::{replace, sweep};

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
        let mut edits: Vec<_> = self.edited.iter().collect();
        edits.sort_by_key(|(path, _)| (*path != LOCK, (*path).clone()));
        for (path, text) in edits {
            if let Some(text) = text {
                self.replace(path, text)?;
            } else {
                sweep(&self.folder, path)?;
                self.folder.remove_file(path)?;
            }
            paths.push(path.clone());
        }
        Ok(paths)
    }

    /// Writes a file: whoever reads it sees the old text or the new one. A link stays one.
    pub fn replace(&self, path: &str, text: &str) -> io::Result<()> {
        let target = self.folder.canonicalize(path).ok();
        let path = target
            .as_ref()
            .and_then(|path| path.to_str())
            .unwrap_or(path);
        sweep(&self.folder, path)?;
        replace(&self.folder, path, text.as_bytes())
    }
}
