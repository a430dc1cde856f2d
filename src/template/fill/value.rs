//! What a value becomes in the place where it is wanted.

use crate::template::error::FillErrorKind;
use crate::tree::{Entry, Node, Plain, Style, Value, is_plain_safe, type_plain};
use crate::yaml::text::{key_too_long, uncarried_key};

/// The style of a filled text. One that was written as an unquoted word is typed as one where it
/// could stand as one, and means something that can be carried.
pub fn style(written: Style, filled: &str) -> Style {
    let is_plain =
        || is_plain_safe(filled) && !matches!(type_plain(filled), Plain::Unrepresentable(_));
    match written {
        Style::Plain if is_plain() => Style::Plain,
        Style::Plain | Style::Quoted => Style::Quoted,
    }
}

/// The list or the map that a text without types is in flow style, as a `.env` of the platform has it.
pub(super) fn untyped(value: &Node) -> Option<Node> {
    let scalar = value.as_scalar()?;
    let text = scalar
        .text
        .literal()
        .filter(|text| text.starts_with(['[', '{']))?;
    (scalar.style == Style::Plain).then(|| crate::yaml::flow(value.span, text))?
}

pub(in crate::template) fn key_trouble(key: &str) -> Option<FillErrorKind> {
    if key_too_long(key) {
        Some(FillErrorKind::LongKey)
    } else {
        uncarried_key(key).map(FillErrorKind::LostKey)
    }
}

/// The map with its scalars made strings.
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
