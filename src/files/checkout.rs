//! The place of a directory in its Git repository, for the paths of reports.

use std::path::Path;

/// Returns the path of a directory, relative to the root of the Git repository that contains it: with `/`, and empty
/// for the root. Returns `None` outside of a repository.
///
/// Looks only for the entry `.git`, and reads nothing of the repository.
#[expect(clippy::disallowed_methods, reason = "this is `files`")]
pub fn path_in_repository(dir: &Path) -> Option<String> {
    let real = dir.canonicalize().ok()?;
    let root = real.ancestors().find(|dir| dir.join(".git").exists())?;
    let path = real.strip_prefix(root).ok()?;
    let names: Vec<_> = path.iter().map(|name| name.to_string_lossy()).collect();
    Some(names.join("/"))
}
