//! Mistakes: what is wrong, where, and what to do next.
//!
//! Passes push what they find and go on; `compile` stops at a checkpoint after each stage, so one
//! run reports every mistake of a stage.

pub mod code;
mod escape;
mod secret;

pub use code::{Code, Exit};
pub use escape::escape_control_chars;
pub(crate) use secret::{find_secret_word, is_secret_key};

use std::collections::BTreeSet;
use std::fmt;

use crate::source::Span;

/// A place and what there is to say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// A few words beside it; may be empty.
    pub text: String,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of mistake or warning.
    pub code: Code,
    /// One line: what was found and what was expected. Lower case, no final period.
    pub message: String,
    /// The place to mend; absent only where no file can be shown.
    pub primary: Option<Label>,
    /// The other places that are involved.
    pub related: Vec<Label>,
    /// The next action.
    pub help: Option<String>,
}

/// A message without its location.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// What was found and what was expected.
    pub message: String,
    /// The next action.
    pub help: Option<String>,
}

impl Problem {
    /// Returns a message without help.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: None,
        }
    }

    /// Sets the next action.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }
}

impl Diagnostic {
    /// Returns a problem at a location.
    pub fn of(code: Code, span: Span, problem: Problem) -> Self {
        Self {
            help: problem.help,
            ..Self::new(code, span, problem.message)
        }
    }

    /// Returns a message about a location, if there is one.
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

    /// A message that belongs to no place in a file.
    pub fn without_place(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, None::<Span>, message)
    }

    /// Words beside the place.
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

    /// The next action.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Whether this is an error and not a warning.
    pub fn is_error(&self) -> bool {
        self.code.exit().is_some()
    }
}

/// A stage found at least one error: nothing may be printed.
#[derive(Debug)]
pub struct Stopped;

/// How many errors, and how many warnings, are kept: nobody reads more, and a file can hold a million.
const KEPT: usize = 50_000;

/// Everything that was found so far.
#[derive(Debug, Default)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
    errors: usize,
    warnings: usize,
}

impl Diagnostics {
    /// Adds a message.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let count = if diagnostic.is_error() {
            &mut self.errors
        } else {
            &mut self.warnings
        };
        *count += 1;
        if *count <= KEPT {
            self.found.push(diagnostic);
        }
    }

    /// Adds all messages of others.
    pub fn append(&mut self, others: Self) {
        for diagnostic in others.found {
            self.push(diagnostic);
        }
    }

    /// Stops the run if there is an error.
    pub fn checkpoint(&self) -> Result<(), Stopped> {
        if self.errors > 0 {
            Err(Stopped)
        } else {
            Ok(())
        }
    }

    /// How many errors there are; a pass compares it to see whether something went wrong in between.
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// All messages: errors first, each by file, place and code.
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
        // What is no YAML is wrong for all that read it: one mistake gives one message.
        let place = |one: &Diagnostic| one.primary.as_ref().map(|label| label.span);
        self.found.dedup_by(|next, kept| {
            next == kept || (kept.code.is_yaml() && next.is_error() && place(next) == place(kept))
        });
        // A file that is no text is reported at the first path that names it.
        let mut unreadable = BTreeSet::new();
        self.found.retain(|one| {
            one.code != Code::UnreadableFile || unreadable.insert(one.message.clone())
        });
        self.found
    }
}

/// The exit code that a set of messages asks for: of the environment, else of mistakes, else of
/// guards and budgets; none without an error.
pub fn exit_of(diagnostics: &[Diagnostic]) -> Option<Exit> {
    let exits = || {
        diagnostics
            .iter()
            .filter_map(|diagnostic| diagnostic.code.exit())
    };
    [Exit::Environment, Exit::Files, Exit::Guard]
        .into_iter()
        .find(|exit| exits().any(|other| other == *exit))
}

/// The candidate that was probably meant: at most a third of its letters differ.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > 256 {
        return None;
    }
    let lower = word.to_lowercase();
    let distance =
        |candidate: &&str| strsim::damerau_levenshtein(&lower, &candidate.to_lowercase());
    let best = candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= 256)
        .min_by_key(distance)?;
    (distance(&best) * 3 <= best.chars().count().max(3)).then_some(best)
}

/// "did you mean", or else what there is to choose from.
pub fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
) -> String {
    match nearest(word, candidates.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("use {}", one_of(candidates)),
    }
}

/// "`a`, `b` or `c`"; long lists are cut.
pub fn one_of<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    listed(names, "or")
}

/// "`a`, `b` and `c`"; long lists are cut.
pub fn all_of<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    listed(names, "and")
}

fn listed<'a>(names: impl IntoIterator<Item = &'a str>, word: &str) -> String {
    const SHOWN: usize = 16;
    let mut names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    let rest = names.len().saturating_sub(SHOWN);
    names.truncate(SHOWN);
    if rest > 0 {
        return format!("{} {word} {rest} more", names.join(", "));
    }
    match names.as_slice() {
        [] => "nothing".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

/// "`a`", "`a` and 2 more".
pub fn and_more(name: &impl fmt::Display, more: usize) -> String {
    match more {
        0 => format!("`{name}`"),
        more => format!("`{name}` and {more} more"),
    }
}

/// "1 cluster", "2 clusters".
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}
