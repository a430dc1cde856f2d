//! Values of fields as they are shown: without secrets and control characters, and short.

use super::change::{FieldChange, FieldPath, Step};
use crate::diagnostic::{escape_control_chars, is_secret_key, mask_logins, pluralize};
use crate::tree::{Node, Style, Value};

/// Maximum length of a value, in bytes.
const MAX_BYTES: usize = 80;
/// What is shown instead of a secret.
const MASK: &str = "***";

/// Returns `true` if a field can contain a secret: `data` of a Secret, or a field whose path names a secret.
fn is_secret(is_secret_object: bool, path: &FieldPath) -> bool {
    let names_secret = |step: &Step| match step {
        Step::Key(name) | Step::Named(name) => is_secret_key(name),
        Step::Item(_) | Step::Yaml => false,
    };
    let first = path.0.first();
    let is_data =
        |step: &Step| matches!(step, Step::Key(key) if matches!(&**key, "data" | "stringData"));
    is_secret_object && first.is_some_and(is_data) || path.0.iter().any(names_secret)
}

/// Returns a value of a field, that of the base or of the head; `None` if the side does not have the field.
///
/// `is_secret_object` is whether the object is a Secret.
pub fn shown(is_secret_object: bool, field: &FieldChange, value: Option<&Node>) -> Option<String> {
    if field.is_secret {
        return value.map(|_| MASK.to_owned());
    }
    shown_at(is_secret_object, &field.path, value)
}

/// Returns a value at a path.
pub(super) fn shown_at(
    is_secret_object: bool,
    path: &FieldPath,
    value: Option<&Node>,
) -> Option<String> {
    let value = value?;
    if is_secret(is_secret_object, path) {
        return Some(MASK.to_owned());
    }
    Some(match &value.value {
        Value::Scalar(scalar) => text(&scalar.text.source_text(), scalar.style),
        Value::Sequence(items) if items.is_empty() => "[]".to_owned(),
        Value::Mapping(entries) if entries.is_empty() => "{}".to_owned(),
        Value::Sequence(items) => format!("[{}]", pluralize(items.len(), "item")),
        Value::Mapping(entries) => format!("{{{}}}", pluralize(entries.len(), "key")),
    })
}

fn text(text: &str, style: Style) -> String {
    if text.contains("-----BEGIN") {
        return MASK.to_owned();
    }
    if text.trim_end().contains('\n') {
        return format!("({})", pluralize(text.lines().count(), "line"));
    }
    let text = mask_logins(text.trim_end());
    let end = (0..=text.len().min(MAX_BYTES))
        .rev()
        .find(|at| text.is_char_boundary(*at));
    let end = end.unwrap_or_default();
    let cut = if end < text.len() { "…" } else { "" };
    let shown = escape_control_chars(&text[..end]) + cut;
    let is_plain_word = !shown.is_empty() && !shown.contains([' ', '"', ',']);
    match style {
        Style::Plain => shown,
        // Quotes show what is a string although it looks like something else.
        Style::Quoted if is_plain_word && !is_typed(&shown) => shown,
        Style::Quoted => format!("\"{shown}\""),
    }
}

/// Returns `true` if a plain scalar with this text would be a number, a boolean or null.
fn is_typed(text: &str) -> bool {
    text.parse::<f64>().is_ok() || matches!(text, "true" | "false" | "null" | "~")
}

/// Returns a change of a field in one line.
pub fn change(is_secret_object: bool, field: &FieldChange) -> String {
    let side = |value: Option<&Node>| shown(is_secret_object, field, value);
    let path = escape_control_chars(&field.path.to_string());
    match (side(field.base.as_ref()), side(field.head.as_ref())) {
        (Some(old), Some(new)) => format!("{path}: {old} → {new}"),
        (None, Some(new)) => format!("{path}: added {new}"),
        (Some(old), None) => format!("{path}: removed {old}"),
        (None, None) => path,
    }
}
