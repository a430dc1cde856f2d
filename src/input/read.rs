//! Functions that read a value of an expected type.

use jsonptr::PointerBuf;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, join_or};
use crate::source::Span;
use crate::template::BUILT_IN;
use crate::tree::{Entry, Node, Shape};

/// Reports a value whose type is not `expected`.
pub(crate) fn wrong_type(node: &Node, subject: &str, expected: &str, diags: &mut Diagnostics) {
    let found = node.shape();
    let message = format!("{subject} must be {expected}, not {found}");
    let help = match (expected, node.text()) {
        ("a string", Some(text)) if matches!(found, Shape::Boolean | Shape::Number) => {
            format!("quote it: \"{text}\"")
        }
        ("a boolean", _) => "write `true` or `false`, unquoted".to_owned(),
        ("a sequence", _) => "write a sequence, such as `[a, b]`".to_owned(),
        ("a mapping", _) => "write a mapping, such as `{key: value}`".to_owned(),
        _ => format!("write {expected}"),
    };
    diags.push(Diagnostic::new(Code::WrongType, node.span, message).help(help));
}

/// Reports the name of a built-in variable where a variable is set.
pub(crate) fn report_built_in(name: &str, span: Span, diags: &mut Diagnostics) {
    if BUILT_IN.contains(&name) {
        let message = format!("`{name}` is a built-in variable and cannot be set");
        let help = "choose another name";
        diags.push(Diagnostic::new(Code::ReservedVariable, span, message).help(help));
    }
}

/// Returns the entries of a mapping.
pub(super) fn mapping<'a>(
    node: &'a Node,
    subject: &str,
    diags: &mut Diagnostics,
) -> Option<&'a [Entry]> {
    let entries = mapping_of_variables(node, subject, diags)?;
    for entry in entries.iter().filter(|entry| entry.key.is_spread()) {
        let message = "`<<` must be a mapping or an alias here";
        let help = "write `<<: *NAME`; variables can be spread only in `variables` and `labels`";
        diags.push(Diagnostic::new(Code::InvalidMerge, entry.key.span, message).help(help));
    }
    Some(entries)
}

/// Reads a mapping with any keys.
pub(super) fn entries(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Vec<Entry>> {
    mapping(node, subject, diags).map(<[_]>::to_vec)
}

/// Reads a mapping into which variables can be spread with `<<`.
pub(super) fn variables(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Vec<Entry>> {
    mapping_of_variables(node, subject, diags).map(<[_]>::to_vec)
}

/// Returns the entries of a mapping into which variables can be spread with `<<`.
pub(super) fn mapping_of_variables<'a>(
    node: &'a Node,
    subject: &str,
    diags: &mut Diagnostics,
) -> Option<&'a [Entry]> {
    let entries = node.entries();
    match entries {
        None => wrong_type(node, subject, "a mapping", diags),
        Some(entries) => report_optional(entries, diags),
    }
    entries
}

/// Reports keys that end with `?`: keys of `fleet.yaml` itself cannot be optional.
fn report_optional(entries: &[Entry], diags: &mut Diagnostics) {
    for entry in entries.iter().filter(|entry| entry.key.is_optional) {
        let key = entry.key.text.source_text();
        let message = format!("key `{key}?` cannot be optional: only keys inside a value can");
        let help = format!("write `{key}`, or quote a name that ends with `?`");
        diags.push(Diagnostic::new(Code::UnknownKey, entry.key.span, message).help(help));
    }
}

/// Returns the items of a sequence.
pub(super) fn sequence<'a>(
    node: &'a Node,
    subject: &str,
    diags: &mut Diagnostics,
) -> Option<&'a [Node]> {
    let items = node.items();
    if items.is_none() {
        wrong_type(node, subject, "a sequence", diags);
    }
    items
}

/// Reads each item of a sequence; an invalid one is omitted.
pub(super) fn each<T>(
    node: &Node,
    subject: &str,
    item_subject: &str,
    read: fn(&Node, &str, &mut Diagnostics) -> Option<T>,
    diags: &mut Diagnostics,
) -> Option<Vec<T>> {
    let items = sequence(node, subject, diags)?.iter();
    let items = items.filter_map(|item| read(item, item_subject, diags));
    Some(items.collect())
}

/// Reads a string without expressions, which can be empty.
pub(super) fn string(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<String> {
    let Some(scalar) = node.as_scalar().filter(|_| node.shape() == Shape::String) else {
        wrong_type(node, subject, "a string", diags);
        return None;
    };
    let text = scalar.as_text();
    if text.literal().is_none() {
        let message = format!("{subject} must not contain a variable");
        diags.push(
            Diagnostic::new(Code::VariableNotAllowed, node.span, message)
                .help("write the value itself"),
        );
    }
    text.literal().map(ToOwned::to_owned)
}

/// Parses a JSON Pointer; `example` is an example for the help.
pub(super) fn parse_pointer(
    text: &str,
    span: Span,
    example: &str,
    diags: &mut Diagnostics,
) -> Option<PointerBuf> {
    if let Ok(pointer) = PointerBuf::parse(text) {
        return Some(pointer);
    }
    let message = format!("`{text}` is not a valid JSON Pointer");
    let help =
        format!("write a pointer such as {example}; in a key, write ~1 for `/` and ~0 for `~`");
    diags.push(Diagnostic::new(Code::InvalidValue, span, message).help(help));
    None
}

/// Reads a string that must be one of `keywords`.
pub(super) fn read_enum<T: Copy>(
    node: &Node,
    subject: &str,
    keywords: &[(&str, T)],
    diags: &mut Diagnostics,
) -> Option<T> {
    let text = string(node, subject, diags)?;
    let found = keywords
        .iter()
        .find(|(keyword, _)| *keyword == text)
        .map(|(_, value)| *value);
    if found.is_none() {
        let names = keywords.iter().map(|(keyword, _)| *keyword);
        let message = format!("{subject} must be {}", join_or(names.clone()));
        let help = diags.suggestions.did_you_mean(&text, || names.clone());
        diags.push(Diagnostic::new(Code::InvalidValue, node.span, message).help(help));
    }
    found
}

/// Reports a string in the place of a mapping with `key`. Returns `true` if the value is a string.
pub(super) fn report_bare_path(
    node: &Node,
    subject: &str,
    key: &str,
    diags: &mut Diagnostics,
) -> bool {
    let Some(path) = node.text().filter(|path| !path.is_empty()) else {
        return false;
    };
    let message = format!("{subject} must be a mapping, not a string");
    let help = format!("write `- {key}: {path}`");
    diags.push(Diagnostic::new(Code::WrongType, node.span, message).help(help));
    true
}
