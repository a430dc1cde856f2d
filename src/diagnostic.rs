//! Errors and warnings: a fact, its locations and a fix.
//!
//! A pass adds its diagnostics and continues. `compile` stops at a checkpoint after each stage, so
//! one run reports every error of a stage.

pub mod code;
mod enumeration;
mod escape;
mod secret;
mod suggestions;

pub use code::{Code, Exit};
pub use enumeration::{join_and, join_or};
pub use escape::escape_control_chars;
pub(crate) use secret::{find_logins, find_secret_word, is_secret_key, mask_logins};
pub use suggestions::{Suggestions, typing_errors};

use std::collections::BTreeSet;
use std::fmt;

use crate::source::Span;

/// A location and a note about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The location.
    pub span: Span,
    /// A noun phrase next to the location, or an empty string.
    pub text: String,
}

/// An error or a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The kind of the error or warning.
    pub code: Code,
    /// One line that states the fact: lower case, no final period.
    pub message: String,
    /// The location to change; `None` only if no file can be shown.
    pub primary: Option<Label>,
    /// Other locations that are involved.
    pub related: Vec<Label>,
    /// One fix, in the imperative.
    pub help: Option<String>,
}

/// A fact and its fix, before their code and location are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// One line that states the fact.
    pub message: String,
    /// One fix, in the imperative.
    pub help: Option<String>,
}

impl Problem {
    /// Returns a problem without help.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: None,
        }
    }

    /// Sets the fix.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }
}

impl Diagnostic {
    /// Returns the diagnostic of a problem at a location.
    pub fn from_problem(code: Code, span: Span, problem: Problem) -> Self {
        Self {
            help: problem.help,
            ..Self::new(code, span, problem.message)
        }
    }

    /// Returns a diagnostic at a location, if there is one.
    pub fn new(code: Code, span: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        let text = String::new();
        Self {
            code,
            message: message.into(),
            primary: span.into().map(|span| Label { span, text }),
            related: Vec::new(),
            help: None,
        }
    }

    /// Returns a diagnostic that has no location in a file.
    pub fn without_location(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, None::<Span>, message)
    }

    /// Sets the note at the location.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        if let Some(primary) = &mut self.primary {
            primary.text = text.into();
        }
        self
    }

    /// Adds another location that is involved, if there is one.
    #[must_use]
    pub fn related(mut self, span: impl Into<Option<Span>>, text: impl Into<String>) -> Self {
        let text = text.into();
        self.related
            .extend(span.into().map(|span| Label { span, text }));
        self
    }

    /// Sets the fix.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Returns `true` if this is an error, not a warning.
    pub fn is_error(&self) -> bool {
        self.code.exit().is_some()
    }
}

/// At least one error has been reported: the run must not write output.
#[derive(Debug)]
pub struct ErrorsReported;

/// Maximum number of errors, and of warnings, that are kept: one file can cause a million.
const MAX_KEPT: usize = 50_000;

/// The contents of YAML files so far: the limits of one file do not limit the files that a run keeps.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parsed {
    /// The contents of the current file.
    pub file: ParsedCounts,
    /// Whether a file exceeded a limit of the run, which was reported.
    pub is_exceeded: bool,
    /// The contents of all files of the run.
    pub run: ParsedCounts,
}

/// The size of parsed YAML.
#[derive(Clone, Copy, Debug, Default)]
pub struct ParsedCounts {
    /// The number of nodes, after the expansion of aliases.
    pub nodes: usize,
    /// The number of aliases.
    pub aliases: usize,
    /// The size of the scalars that aliases repeat, in bytes.
    pub alias_bytes: usize,
}

/// The errors and warnings of a run, and what they and its files may still use.
#[derive(Debug, Default)]
pub struct Diagnostics {
    /// Help for misspelled names.
    pub suggestions: Suggestions,
    /// What all YAML files of the run contain so far.
    pub parsed: Parsed,
    found: Vec<Diagnostic>,
    /// The errors of guards against deletion, if they do not end the run.
    rejections: Option<Vec<Diagnostic>>,
    errors: usize,
    warnings: usize,
}

impl Diagnostics {
    /// Collects the errors of guards against deletion, which do not end the run then: a comparison shows what they
    /// prevent.
    pub fn collect_rejections(&mut self) {
        self.rejections = Some(Vec::new());
    }

    /// Returns the errors of guards against deletion that were collected, as the diagnostics of a run.
    #[must_use]
    pub fn take_rejections(&mut self) -> Self {
        let mut rejections = Self::default();
        for rejection in self.rejections.take().unwrap_or_default() {
            rejections.push(rejection);
        }
        rejections
    }

    /// Adds an error or a warning. Logins in its URLs are masked.
    pub fn push(&mut self, mut diagnostic: Diagnostic) {
        diagnostic.message = mask_logins(&diagnostic.message);
        diagnostic.help = diagnostic.help.as_deref().map(mask_logins);
        if let Some(rejections) = &mut self.rejections
            && diagnostic.code.is_deletion_guard()
        {
            if rejections.len() < MAX_KEPT {
                rejections.push(diagnostic);
            }
            return;
        }
        let count = if diagnostic.is_error() {
            &mut self.errors
        } else {
            &mut self.warnings
        };
        *count += 1;
        if *count <= MAX_KEPT {
            self.found.push(diagnostic);
        }
    }

    /// Adds all diagnostics of `others`.
    pub fn append(&mut self, others: Self) {
        for diagnostic in others.found {
            self.push(diagnostic);
        }
    }

    /// Ends a stage.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorsReported`] if an error was added before.
    pub fn checkpoint(&self) -> Result<(), ErrorsReported> {
        if self.errors > 0 {
            Err(ErrorsReported)
        } else {
            Ok(())
        }
    }

    /// Returns the number of errors. A pass compares two results to detect errors in between.
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// Returns all diagnostics: errors first, each by location, code and message.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.found.sort_by(|a, b| {
            let key = |d: &Diagnostic| {
                (
                    !d.is_error(),
                    d.primary.as_ref().map(|label| label.span),
                    d.code,
                )
            };
            key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
        });
        // Each reader of a file reports invalid YAML again: one error is enough.
        let location =
            |diagnostic: &Diagnostic| diagnostic.primary.as_ref().map(|label| label.span);
        self.found.dedup_by(|next, kept| {
            next == kept
                || (kept.code.is_yaml() && next.is_error() && location(next) == location(kept))
        });
        // An unreadable file is reported only at the first path that names it.
        let mut unreadable = BTreeSet::new();
        self.found.retain(|diagnostic| {
            diagnostic.code != Code::UnreadableFile || unreadable.insert(diagnostic.message.clone())
        });
        self.found
    }
}

/// Returns the exit code of the most important error, or `None` without an error.
///
/// An error of the environment precedes errors of files, which precede guards and limits.
pub fn find_exit(diagnostics: &[Diagnostic]) -> Option<Exit> {
    let exits = || {
        diagnostics
            .iter()
            .filter_map(|diagnostic| diagnostic.code.exit())
    };
    [Exit::Environment, Exit::Files, Exit::Guard]
        .into_iter()
        .find(|exit| exits().any(|found| found == *exit))
}

/// Returns a name with the number of the others: "`a`", "`a` and 2 more".
pub fn and_more(name: &impl fmt::Display, more: usize) -> String {
    match more {
        0 => format!("`{name}`"),
        more => format!("`{name}` and {more} more"),
    }
}

/// Returns a number with its noun: "1 cluster", "2 clusters".
pub fn pluralize(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}
