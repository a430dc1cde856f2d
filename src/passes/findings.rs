//! Combines the same error or warning of several targets into one message.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Problem, Suggestions, join_and, pluralize};
use crate::model::Variables;
use crate::model::cluster::NAME_VARIABLES;
use crate::plan::Subject;
use crate::source::Span;
use crate::template::error::{FillError, FillErrorKind};

/// The noun of add-ons.
pub(crate) const ADDON: &str = "add-on";

/// Maximum number of targets that a message names.
const MAX_NAMED: usize = 3;

/// Errors and warnings by location and cause, each with its targets.
#[derive(Default)]
pub(crate) struct Findings {
    found: BTreeMap<(Span, Cause), Affected>,
    count: usize,
    suggestions: Suggestions,
    /// The add-on of the current objects, if their errors are reported in a file of its delivery method.
    pub(crate) addon: Option<Span>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// The message names the targets, so it is completed at the end.
    Fill(FillErrorKind),
    /// The message is that of the first target.
    Check(Code),
}

/// The targets of a finding.
struct Affected {
    /// The problem of the first target, for [`Cause::Check`].
    problem: Option<Problem>,
    /// A variable with a similar name, for [`Cause::Fill`].
    similar: Option<String>,
    noun: &'static str,
    /// The names of the first targets.
    names: Vec<String>,
    count: usize,
    /// The location of the first target; `None` for the fleet.
    first: Option<Span>,
    /// The location of the last target, for which a repeated finding is counted only once.
    last: Option<Span>,
    addon: Option<Span>,
}

/// A target of templates, or a member from which one is created.
#[derive(Clone, Copy)]
pub(crate) struct AffectedSubject<'a> {
    /// `cluster`, `group`, `fleet` or `add-on`.
    pub(crate) noun: &'static str,
    /// Its name.
    pub(crate) name: &'a str,
    /// Its location; `None` for the fleet.
    pub(crate) span: Option<Span>,
    /// Its variables.
    pub(crate) variables: &'a Variables,
}

impl<'a> From<Subject<'a>> for AffectedSubject<'a> {
    fn from(subject: Subject<'a>) -> Self {
        let (noun, name) = match subject {
            Subject::Cluster(cluster) => ("cluster", &**cluster.name.as_rc()),
            Subject::Group(group) => ("group", &*group.name),
            Subject::Fleet(_) => ("fleet", ""),
        };
        Self {
            noun,
            name,
            span: subject.span(),
            variables: subject.variables(),
        }
    }
}

impl Findings {
    /// Returns the number of findings, each counted for each of its targets.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Adds expressions that cannot be evaluated for a target.
    pub(crate) fn add_errors<'a>(
        &mut self,
        errors: Vec<FillError>,
        subject: impl Into<AffectedSubject<'a>>,
    ) {
        let subject = subject.into();
        for FillError { span, kind } in errors {
            self.record(span, Cause::Fill(kind), subject, || None);
        }
    }

    /// Adds a finding of a check.
    pub(crate) fn add(
        &mut self,
        code: Code,
        span: Span,
        subject: Subject<'_>,
        problem: impl FnOnce() -> Problem,
    ) {
        let problem = || Some(problem());
        self.record(span, Cause::Check(code), subject.into(), problem);
    }

    fn record(
        &mut self,
        span: Span,
        cause: Cause,
        subject: AffectedSubject<'_>,
        problem: impl FnOnce() -> Option<Problem>,
    ) {
        self.count += 1;
        let addon = self.addon;
        let suggestions = &mut self.suggestions;
        let first = member_value(&cause, subject).or(subject.span);
        let affected = self.found.entry((span, cause));
        let affected = affected.or_insert_with_key(|(_, cause)| Affected {
            problem: problem(),
            similar: similar_variable(cause, subject, suggestions),
            noun: subject.noun,
            names: Vec::new(),
            count: 0,
            first,
            last: None,
            addon,
        });
        if affected.count > 0 && affected.last == subject.span {
            return;
        }
        affected.count += 1;
        affected.last = subject.span;
        if affected.names.len() < MAX_NAMED {
            affected.names.push(subject.name.to_owned());
        }
    }

    /// Returns a diagnostic for each finding.
    pub(crate) fn into_diagnostics(self) -> impl Iterator<Item = Diagnostic> {
        let found = self.found.into_iter();
        found.map(|((span, cause), affected)| affected.diagnostic(span, &cause))
    }

    /// Reports all findings.
    pub(crate) fn report(self, diags: &mut Diagnostics) {
        self.into_diagnostics()
            .for_each(|diagnostic| diags.push(diagnostic));
    }
}

impl Affected {
    fn diagnostic(self, span: Span, cause: &Cause) -> Diagnostic {
        let (code, problem, label) = match cause {
            Cause::Fill(kind) => {
                let (subjects, label) = self.subjects();
                let (code, mut problem) = kind.describe(&subjects, self.similar.as_deref());
                if self.noun == ADDON && matches!(kind, FillErrorKind::Missing(_)) {
                    problem.help =
                        Some("write `key?:` to omit the key if the variable is not set".to_owned());
                }
                let label = match kind {
                    FillErrorKind::Engine { .. } => "value comes from this member".to_owned(),
                    _ => label,
                };
                (code, problem, label)
            }
            Cause::Check(code) => {
                let mut problem = self.problem.unwrap_or_default();
                if self.count > 1 {
                    let more = pluralize(self.count - 1, self.noun);
                    problem.message = format!("{}; and {more} more", problem.message);
                }
                (*code, problem, "value comes from this member".to_owned())
            }
        };
        let diagnostic = Diagnostic::from_problem(code, span, problem);
        let fixed = match cause {
            Cause::Fill(FillErrorKind::Fixed(_, at)) => Some(*at),
            _ => None,
        };
        diagnostic
            .related(fixed, "set or restricted here")
            .related(self.first, label)
            .related(self.addon, "value comes from this add-on")
    }

    /// Returns the targets in the wording of a message, and the label of the first.
    fn subjects(&self) -> (String, String) {
        let names = join_and(self.names.iter().map(String::as_str));
        let names = match self.count - self.names.len() {
            0 => names,
            more => format!("{names} and {more} more"),
        };
        match (self.first, self.count) {
            (None, _) => ("the fleet".to_owned(), String::new()),
            (_, 1) if self.noun == ADDON => {
                (format!("the add-on {names}"), "this add-on".to_owned())
            }
            (_, 1) => (names, "this member".to_owned()),
            _ => (
                pluralize(self.count, self.noun),
                format!("the first of {names}"),
            ),
        }
    }
}

/// Returns the location of the value that an error is about, if the member of the subject wrote it.
fn member_value(cause: &Cause, subject: AffectedSubject<'_>) -> Option<Span> {
    let Cause::Fill(FillErrorKind::Engine { variable, .. }) = cause else {
        return None;
    };
    let path: Vec<String> = variable.split('.').map(ToOwned::to_owned).collect();
    subject.variables.member_value(&path)
}

/// Returns the variable whose name is similar to a missing one.
fn similar_variable(
    cause: &Cause,
    subject: AffectedSubject<'_>,
    suggestions: &mut Suggestions,
) -> Option<String> {
    let Cause::Fill(FillErrorKind::Missing(path)) = cause else {
        return None;
    };
    let root = path.split('.').next().unwrap_or_default();
    let built_in = match subject.noun {
        "cluster" => &NAME_VARIABLES[..2],
        _ => &[],
    };
    if subject.variables.get(root).is_some() || built_in.contains(&root) {
        return None;
    }
    let names = || {
        let set = subject.variables.own.iter();
        let set = set.chain(&subject.variables.shared.values);
        let names = set.map(|(name, _)| &**name).chain(built_in.iter().copied());
        names.chain(["LABELS"])
    };
    let similar = suggestions.closest(root, names)?;
    Some(path.replacen(root, similar, 1))
}
