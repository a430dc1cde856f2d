//! Fleets in revisions of Git repositories, which the real `git` creates.

mod hostile;
mod partial;
mod repository;
mod revisions;

use std::rc::Rc;

use kubectl_fleet::diagnostic::{Code, Diagnostic};
use kubectl_fleet::files::{Files, Revision};

pub(crate) use repository::Repository;

/// Returns the contents of a file of a revision, or the error.
fn read(revision: Revision, path: &str) -> Result<String, Diagnostic> {
    let mut files = Files::new(Rc::new(revision));
    let file = files.read(path, None)?;
    Ok(files.sources.text(file).to_string())
}

/// Checks the code of an error, and that its message or its fix contains a string.
#[track_caller]
fn assert_error<T>(result: Result<T, Diagnostic>, code: Code, text: &str) {
    let error = result.err().expect("an error");
    assert_eq!(error.code, code, "{error:?}");
    let whole = format!("{}\n{}", error.message, error.help.expect("a fix"));
    assert!(whole.contains(text), "{whole}");
}
