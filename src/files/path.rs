//! Paths as written in a fleet.

use std::path::{Component, Path};

use crate::diagnostic::{Code, Diagnostic, escape_control_chars};
use crate::source::Span;

/// Returns `true` if a path has a wildcard.
pub(crate) fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?', '[', '{'])
}

/// Joins a directory and a name.
pub(super) fn join(dir: &str, name: &str) -> String {
    if dir.is_empty() {
        name.to_owned()
    } else {
        format!("{dir}/{name}")
    }
}

/// Splits a path into a directory and a name.
pub(super) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// Returns the path without `.` and `..`.
///
/// # Errors
///
/// Returns an error if the path is absolute or leaves the directory.
pub(crate) fn normalize(path: &str, referenced_at: Option<Span>) -> Result<String, Diagnostic> {
    parts(path).ok_or_else(|| {
        let shown = escape_control_chars(path);
        let message = format!("path `{shown}` leaves the fleet's directory");
        Diagnostic::new(Code::OutsideFolder, referenced_at, message)
            .help("write a path relative to fleet.yaml, inside of its directory")
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
