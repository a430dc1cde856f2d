//! Messages about what schemas do not allow.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Problem, Suggestions, is_secret_key, join_and, join_or};
use crate::kinds::{Fault, Type, Unknown, Violation};
use crate::source::Span;

/// Returns the message of each violation in an object of a kind: its location, its code and its problem. A misspelled
/// field is the cause of a required one that is missing, so that only the former is reported.
pub(super) fn describe_all(
    violations: &[Violation],
    kind: &str,
    suggestions: &mut Suggestions,
) -> Vec<(Span, Code, Problem)> {
    let mut meant: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut messages = Vec::with_capacity(violations.len());
    for violation in violations {
        if let Fault::Undefined { field, schema } = &violation.fault {
            let names = || schema.fields.keys().map(String::as_str);
            let near = suggestions.closest(field, names);
            meant.extend(near.map(|near| (&*violation.path, near)));
            let message = format!("{} has no field `{field}`", subject(&violation.path, kind));
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None if schema.fields.is_empty() => "remove it".to_owned(),
                None => format!("remove it, or use {}", join_or(names())),
            };
            let problem = Problem::new(message).help(help);
            messages.push((violation.span, Code::UndefinedField, problem));
        }
    }
    for violation in violations {
        let is_meant = |name: &&String| meant.contains(&(&*violation.path, &***name));
        let (code, problem) = match &violation.fault {
            Fault::Undefined { .. } => continue,
            Fault::Missing(names) => {
                let missing: Vec<&str> = names
                    .iter()
                    .filter(|name| !is_meant(name))
                    .map(String::as_str)
                    .collect();
                if missing.is_empty() {
                    continue;
                }
                let fields = if missing.len() == 1 {
                    "field"
                } else {
                    "fields"
                };
                let names = join_and(missing);
                let subject = subject(&violation.path, kind);
                let message = format!("{subject} lacks the required {fields} {names}");
                let problem = Problem::new(message).help(format!("set {names}"));
                (Code::IncompleteObject, problem)
            }
            Fault::Type(expected, found) => {
                let subject = subject(&violation.path, kind);
                let message = format!("{subject} must be {}, not {found}", expected.noun());
                let help = match expected {
                    Type::String => "quote the value".to_owned(),
                    _ => format!("write {}", expected.noun()),
                };
                (Code::WrongType, Problem::new(message).help(help))
            }
            Fault::Value(text, requirement) => {
                // A value below a secret key is secret, too.
                let is_secret = kind == "Secret" || is_secret_key(&violation.path);
                let subject = subject(&violation.path, kind);
                let message = match text.as_ref().filter(|_| !is_secret) {
                    Some(text) => format!("{subject} is `{text}`, but {requirement}"),
                    None => format!("{subject} {requirement}"),
                };
                let help = "change this value or the variables it uses";
                (Code::RefusedValue, Problem::new(message).help(help))
            }
        };
        messages.push((violation.span, code, problem));
    }
    messages
}

/// Returns the code and the problem of a violation in the value of a variable of a topology.
pub(super) fn describe_value(
    violation: &Violation,
    suggestions: &mut Suggestions,
) -> (Code, Problem) {
    let found = describe_all(std::slice::from_ref(violation), "topology", suggestions);
    let (_, code, problem) = found.into_iter().next().unwrap_or((
        violation.span,
        Code::RefusedValue,
        Problem::default(),
    ));
    (code, problem)
}

/// Returns a field, or the object, as messages name it.
fn subject(path: &str, kind: &str) -> String {
    match path {
        "" => format!("this {kind}"),
        path => format!("`{path}` of this {kind}"),
    }
}

/// Returns the problem of a kind that does not exist.
pub(super) fn unknown_kind(
    api_version: &str,
    kind: &str,
    unknown: &Unknown,
    suggestions: &mut Suggestions,
) -> Problem {
    let written = format!("`{kind}` of `{api_version}` does not exist");
    match unknown {
        Unknown::Version(versions) | Unknown::BuiltInVersion(versions) => {
            let versions = join_or(versions.iter().map(String::as_str));
            let message = format!("the version `{api_version}` of `{kind}` is unknown");
            let help = format!(
                "use {versions}, or add the CustomResourceDefinition of your version to `schemas`"
            );
            Problem::new(message).help(help)
        }
        Unknown::Group(near) => Problem::new(written).help(format!("did you mean `{near}`?")),
        Unknown::Kind(kinds) => {
            let kinds: BTreeSet<&str> = kinds.iter().copied().collect();
            let near = suggestions.closest(kind, || kinds.iter().copied());
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "correct `apiVersion` and `kind`".to_owned(),
            };
            Problem::new(written).help(help)
        }
        Unknown::Unchecked => Problem::new(written),
    }
}

/// Returns the code of a kind that does not exist.
pub(super) fn unknown_code(unknown: &Unknown) -> Code {
    match unknown {
        Unknown::Version(_) | Unknown::BuiltInVersion(_) => Code::UnknownVersion,
        _ => Code::UnknownKind,
    }
}
