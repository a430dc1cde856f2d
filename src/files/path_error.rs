//! Errors of paths that cannot be read.

use std::error::Error;
use std::{fmt, io};

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// The reason that a path cannot be read.
#[derive(Debug)]
pub(super) struct PathError {
    pub(super) code: Code,
    message: String,
    help: &'static str,
}

impl PathError {
    /// Creates an error with a message that follows the path, and a fix.
    pub(super) fn new(code: Code, message: impl Into<String>, help: &'static str) -> Self {
        let message = message.into();
        Self {
            code,
            message,
            help,
        }
    }

    /// Returns the error of `path` as a diagnostic at the location that references the path.
    pub(super) fn diagnostic(self, path: &str, referenced_at: Option<Span>) -> Diagnostic {
        let message = format!("`{path}` {}", self.message);
        Diagnostic::new(self.code, referenced_at, message).help(self.help)
    }

    /// Returns the error of the fleet's directory in a revision.
    #[cfg(feature = "git")]
    pub(super) fn in_revision(self, path: &str, revision: &str) -> Diagnostic {
        let message = format!("`{path}` {} (revision `{revision}`)", self.message);
        Diagnostic::without_location(self.code, message).help(self.help)
    }
}

impl From<io::Error> for PathError {
    fn from(error: io::Error) -> Self {
        // A directory that knows more about an error than the operating system passes it through `io::Error`.
        error.downcast().unwrap_or_else(|error| {
            let code = code_of(&error);
            Self::new(code, reason(&error), fix(code))
        })
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for PathError {}

/// Returns the fix of an error that the operating system reports for a path.
fn fix(code: Code) -> &'static str {
    match code {
        Code::NoSuchFile => "correct the path, or add the file",
        Code::NotAFile => "write the path of a regular file",
        Code::InvalidPath => "rename the file to letters, digits, `-`, `_` and `.`",
        Code::OutsideFolder => "copy the file into the fleet's directory",
        Code::UnreadableFile => "grant read permission: `chmod -R u+rX .`",
        _ => "run the command again; if the error remains, check the file system",
    }
}

/// Returns the error of a path that points outside the directory, as `cap-std` reports it.
pub(super) fn outside() -> io::Error {
    io::ErrorKind::PermissionDenied.into()
}

fn code_of(error: &io::Error) -> Code {
    match error.kind() {
        io::ErrorKind::NotFound => Code::NoSuchFile,
        io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory => Code::NotAFile,
        io::ErrorKind::InvalidFilename | io::ErrorKind::InvalidInput => Code::InvalidPath,
        io::ErrorKind::PermissionDenied if error.raw_os_error().is_none() => Code::OutsideFolder,
        io::ErrorKind::PermissionDenied => Code::UnreadableFile,
        _ => Code::Io,
    }
}

/// Returns the reason of an error, in a wording that follows a path.
pub(super) fn reason(error: &io::Error) -> String {
    match code_of(error) {
        Code::NoSuchFile => "does not exist".to_owned(),
        Code::NotAFile => "is not a regular file".to_owned(),
        Code::InvalidPath => "has a name that this system does not support".to_owned(),
        Code::OutsideFolder => "points outside the fleet's directory".to_owned(),
        Code::UnreadableFile => "cannot be read: permission denied".to_owned(),
        _ => format!("cannot be read: {error}"),
    }
}
