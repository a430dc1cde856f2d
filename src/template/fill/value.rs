//! Conversions of substituted values.

use crate::template::error::FillErrorKind;
use crate::tree::{Entry, Node, Plain, Style, Value, is_plain_safe, type_plain};
use crate::yaml::text::{key_too_long, unsupported_key_reason};

/// Returns the style of a substituted string.
///
/// A plain scalar remains plain if the result is valid as a plain scalar and its value can be represented.
pub fn style(written: Style, filled: &str) -> Style {
    let is_plain =
        || is_plain_safe(filled) && !matches!(type_plain(filled), Plain::Unrepresentable(_));
    match written {
        Style::Plain if is_plain() => Style::Plain,
        Style::Plain | Style::Quoted => Style::Quoted,
    }
}

/// Returns the sequence or mapping in flow style that an untyped string contains, as in a shared `.env` file.
pub(super) fn untyped(value: &Node) -> Option<Node> {
    let scalar = value.as_scalar()?;
    let text = scalar
        .text
        .literal()
        .filter(|text| text.starts_with(['[', '{']))?;
    (scalar.style == Style::Plain).then(|| crate::yaml::flow(value.span, text))?
}

/// Returns the error of a substituted key that is not preserved.
pub(in crate::template) fn check_key(key: &str) -> Option<FillErrorKind> {
    if key_too_long(key) {
        Some(FillErrorKind::LongKey)
    } else {
        unsupported_key_reason(key).map(FillErrorKind::LostKey)
    }
}

/// Returns the mapping with its scalars converted to strings.
pub(in crate::template) fn strings(map: &Node) -> Node {
    let is_string = |entry: &Entry| match &entry.value.value {
        Value::Scalar(scalar) => scalar.style == Style::Quoted,
        Value::Sequence(_) | Value::Mapping(_) => true,
    };
    if map
        .entries()
        .is_some_and(|entries| entries.iter().all(is_string))
    {
        return map.clone();
    }
    let string = |entry: &Entry| {
        let mut entry = entry.clone();
        if let Value::Scalar(scalar) = &mut entry.value.value {
            scalar.style = Style::Quoted;
        }
        entry
    };
    let entries = map.entries().unwrap_or_default().iter().map(string);
    Node::mapping(map.span, entries.collect())
}
