//! Candidates for a word.

/// What a shell does with candidates: the directives of Cobra (`completions.go` in github.com/spf13/cobra v1.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Directive {
    /// Offer files if there is no candidate.
    Files = 0,
    /// Write no space after the candidate, and offer no files.
    NoSpace = 2 | 4,
    /// Offer no files.
    NoFiles = 4,
    /// Offer directories.
    Directories = 16,
}

/// A candidate and its description.
pub(super) struct Candidate {
    pub(super) text: String,
    pub(super) about: String,
}

/// Candidates, and what the shell does with them.
pub(super) struct Found {
    pub(super) candidates: Vec<Candidate>,
    pub(super) directive: Directive,
}

impl Found {
    /// Returns no candidates, and offers no files.
    pub(super) fn none() -> Self {
        Self {
            candidates: Vec::new(),
            directive: Directive::NoFiles,
        }
    }
}
