//! Why guards reject the head of a comparison.

use crate::diagnostic::{Code, Diagnostic, escape_control_chars};
use crate::source::Sources;

/// An error of a guard that rejects the head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The code.
    pub code: Code,
    /// The path and the number of the line, if it has a location.
    pub line: Option<(String, usize)>,
    /// What the guard prevents.
    pub message: String,
}

impl Rejection {
    /// Returns an error of a guard as a rejection.
    pub fn new(error: &Diagnostic, sources: &Sources) -> Self {
        let line = error.primary.as_ref().map(|label| {
            let path = sources.path(label.span.file).to_owned();
            (path, sources.position(label.span).line)
        });
        Self {
            code: error.code,
            line,
            message: error.message.clone(),
        }
    }

    /// Returns the location and the message in one line.
    pub fn text(&self) -> String {
        let line = self.line.as_ref();
        let line = line.map_or(String::new(), |(path, line)| format!("{path}:{line}  "));
        escape_control_chars(&format!("{line}{}", self.message))
    }
}
