//! Folds the same error or warning of many subjects into one message.

use std::collections::BTreeMap;

use crate::diagnostic::{
    Code, Diagnostic, Diagnostics, Problem, closest_match, join_and, pluralize,
};
use crate::model::Variables;
use crate::model::cluster::NAMES;
use crate::plan::Subject;
use crate::source::Span;
use crate::template::error::{FillError, FillErrorKind};

/// The noun of add-ons.
pub(crate) const ADDON: &str = "add-on";

/// Maximum number of subjects that a message names.
const MAX_NAMED: usize = 3;

/// Errors and warnings by location and cause, each with the subjects that have it.
#[derive(Default)]
pub(crate) struct Findings {
    found: BTreeMap<(Span, Cause), Affected>,
    count: usize,
    /// The add-on of the current objects, if their errors are reported in a file of its delivery method.
    pub(crate) addon: Option<Span>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// The message names the subjects: it is completed when all are known.
    Fill(FillErrorKind),
    /// The message is that of the first subject.
    Check(Code),
}

/// The subjects of a finding.
struct Affected {
    /// The problem of the first subject, for [`Cause::Check`].
    problem: Option<Problem>,
    /// A variable that was probably meant, for [`Cause::Fill`].
    similar: Option<String>,
    noun: &'static str,
    /// The names of the first subjects.
    names: Vec<String>,
    count: usize,
    /// The location of the first subject; `None` for the fleet.
    first: Option<Span>,
    /// The location of the last subject: a finding that is repeated for it counts once.
    last: Option<Span>,
    addon: Option<Span>,
}

/// A subject, or a member that becomes one.
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
    /// Returns the number of findings, each counted for each subject that has it.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Adds what cannot be filled for a subject.
    pub(crate) fn add_errors<'a>(
        &mut self,
        errors: Vec<FillError>,
        subject: impl Into<AffectedSubject<'a>>,
    ) {
        let subject = subject.into();
        for FillError { span, kind } in errors {
            self.note(span, Cause::Fill(kind), subject, || None);
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
        self.note(span, Cause::Check(code), subject.into(), problem);
    }

    fn note(
        &mut self,
        span: Span,
        cause: Cause,
        subject: AffectedSubject<'_>,
        problem: impl FnOnce() -> Option<Problem>,
    ) {
        self.count += 1;
        let addon = self.addon;
        let affected = self.found.entry((span, cause));
        let affected = affected.or_insert_with_key(|(_, cause)| Affected {
            problem: problem(),
            similar: similar_variable(cause, subject),
            noun: subject.noun,
            names: Vec::new(),
            count: 0,
            first: subject.span,
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

    /// Returns a message for each finding.
    pub(crate) fn into_diagnostics(self) -> impl Iterator<Item = Diagnostic> {
        let found = self.found.into_iter();
        found.map(|((span, cause), affected)| affected.diagnostic(span, &cause))
    }

    /// Reports all findings.
    pub(crate) fn report(self, diags: &mut Diagnostics) {
        self.into_diagnostics().for_each(|one| diags.push(one));
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
                        Some("omit the key where the name is not set: write `key?:`".to_owned());
                }
                (code, problem, label)
            }
            Cause::Check(code) => {
                let mut problem = self.problem.unwrap_or_default();
                if self.count > 1 {
                    let more = pluralize(self.count - 1, self.noun);
                    problem.message = format!("{}; and {more} more", problem.message);
                }
                (*code, problem, "for this member".to_owned())
            }
        };
        let diagnostic = Diagnostic::from_problem(code, span, problem);
        diagnostic
            .related(self.first, label)
            .related(self.addon, "for this add-on")
    }

    /// Returns the subjects as a message names them, and the label of the first.
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

/// Returns the variable whose name is similar to a missing one.
fn similar_variable(cause: &Cause, subject: AffectedSubject<'_>) -> Option<String> {
    let Cause::Fill(FillErrorKind::Missing(path)) = cause else {
        return None;
    };
    let root = path.split('.').next().unwrap_or_default();
    let built_in = match subject.noun {
        "cluster" => &NAMES[..2],
        _ => &[],
    };
    let set = subject.variables.own.iter();
    let set = set.chain(&subject.variables.shared.values);
    let names = set.map(|(name, _)| &**name).chain(built_in.iter().copied());
    if names.clone().any(|name| name == root) {
        return None;
    }
    let similar = closest_match(root, names.chain(["LABELS"]))?;
    Some(path.replacen(root, similar, 1))
}
