//! Paths as a fleet writes them.

use std::path::{Component, Path};

use crate::diagnostic::{Code, Diagnostic, escape_control_chars};
use crate::source::Span;

/// Returns `true` if a path has a wildcard.
pub(crate) fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?', '[', '{'])
}

/// Returns the path of a name in a directory.
pub(super) fn join(dir: &str, name: &str) -> String {
    if dir.is_empty() {
        name.to_owned()
    } else {
        format!("{dir}/{name}")
    }
}

/// Returns a path as a directory and a name in it.
pub(super) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// Returns the path without `.` and `..`.
///
/// # Errors
///
/// Reports a path that is absolute or leaves the directory.
pub(super) fn normalize(path: &str, referenced_at: Option<Span>) -> Result<String, Diagnostic> {
    parts(path).ok_or_else(|| {
        let shown = escape_control_chars(path);
        let message = format!("the path `{shown}` leaves the fleet's folder");
        Diagnostic::new(Code::OutsideFolder, referenced_at, message)
            .help("a path is relative to fleet.yaml and stays in its folder")
    })
}

fn parts(path: &str) -> Option<String> {
    let mut parts = Vec::new();
    for part in Path::new(path).components() {
        match part {
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop()?;
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(if parts.is_empty() {
        ".".to_owned()
    } else {
        parts.join("/")
    })
}
