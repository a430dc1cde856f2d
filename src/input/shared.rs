//! Reads the files of `variablesFrom`: YAML or `.env` files with variables that clusters share.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::dotenv;
use super::empty::lost;
use super::read::report_built_in;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::files::Files;
use crate::source::{FileId, Span};
use crate::tree::{Entry, Node, Style, Text};
use crate::yaml::{self, NoMask};

/// The variables of a file.
#[derive(Clone, Debug, Default)]
pub struct Shared {
    /// Name and value of each variable, sorted by name. A null unsets the variable of a previous file.
    pub variables: Vec<(Rc<str>, Node)>,
    /// Whether the format of the file allows only strings as values.
    pub has_string_values: bool,
}

/// Reads a file of variables; `referenced_at` is where `fleet.yaml` names it. Returns `None` if its
/// variables cannot be read, which is reported.
pub fn read(
    files: &Files,
    file: FileId,
    referenced_at: Span,
    allow_empty: bool,
    diags: &mut Diagnostics,
) -> Option<Shared> {
    let text = files.sources.text(file);
    let path = files.sources.path(file);
    let has_string_values = path
        .rsplit_once('.')
        .is_some_and(|(_, extension)| extension == "env");
    let (is_empty, entries) = if has_string_values {
        let entries = dotenv::read(file, &text, diags)?;
        let is_empty = entries.is_empty();
        (is_empty, entries.into_iter().map(untyped).collect())
    } else {
        let documents = yaml::parse(file, &text, &NoMask, diags)?;
        // A mapping without entries sets nothing on purpose.
        let is_empty = documents.is_empty();
        (is_empty, read_yaml(&documents, path, referenced_at, diags)?)
    };
    if is_empty && !allow_empty {
        let fact = format!("`{path}` contains no variables");
        let help = if has_string_values {
            "restore its variables, or set `safety.allowEmpty: true` if it can be empty"
        } else {
            "restore its variables, or write `{}` if it sets none"
        };
        diags.push(lost(referenced_at, &fact, "variables", help));
    }
    let mut variables = Vec::with_capacity(entries.len());
    for Entry { key, value } in entries {
        let name = key.text.source_text();
        report_built_in(&name, key.span, diags);
        variables.push((name, value));
    }
    variables.sort_by(|(one, _), (other, _)| one.cmp(other));
    Some(Shared {
        variables,
        has_string_values,
    })
}

/// Merges the variables of files: a later file overrides a previous file, and a null unsets a variable.
/// Returns each value with [`Shared::has_string_values`].
pub fn merge<'a>(
    files: impl Iterator<Item = &'a Shared>,
) -> BTreeMap<&'a Rc<str>, (&'a Node, bool)> {
    let mut merged = BTreeMap::new();
    for Shared {
        variables,
        has_string_values,
    } in files
    {
        merged.extend(
            variables
                .iter()
                .map(|(name, value)| (name, (value, *has_string_values))),
        );
    }
    merged
}

fn read_yaml(
    documents: &[Node],
    path: &str,
    referenced_at: Span,
    diags: &mut Diagnostics,
) -> Option<Vec<Entry>> {
    let entries = match documents {
        [] => Some(Vec::new()),
        [document] => document.entries().map(<[_]>::to_vec),
        _ => None,
    };
    let Some(entries) = entries else {
        let message = format!("`{path}` must contain one mapping of variables");
        let help = "write `name: value` lines";
        diags.push(Diagnostic::new(Code::WrongType, referenced_at, message).help(help));
        return None;
    };
    for entry in &entries {
        entry.value.each_text(&mut |text: &Text, span: Span| {
            if text.source_text().contains("${") {
                let message = "a file of shared variables must not contain expressions";
                let help = "set the variable in `variables` of fleet.yaml";
                diags.push(Diagnostic::new(Code::VariableNotAllowed, span, message).help(help));
            }
        });
    }
    Some(entries)
}

/// Returns an entry of a `.env` file, whose values have no types. A sequence or mapping in flow style becomes
/// an unquoted scalar, which is parsed if a type is declared; no YAML plain scalar begins with `[` or `{`.
fn untyped(entry: Entry) -> Entry {
    let text = entry
        .value
        .text()
        .filter(|text| is_flow(entry.value.span, text));
    match text.map(Rc::from) {
        Some(text) => Entry {
            value: Node::scalar(entry.value.span, Style::Plain, text),
            ..entry
        },
        None => entry,
    }
}

fn is_flow(span: Span, text: &str) -> bool {
    text.starts_with(['[', '{']) && yaml::flow(span, text).is_some()
}
