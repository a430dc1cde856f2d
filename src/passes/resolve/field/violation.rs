//! Violations of a field's JSON Schema: the fact and a fix.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, JsonTypeSet, ValidationError};
use serde_json::Value as Json;

use crate::diagnostic::{Problem, Suggestions, is_secret_key, join_and, join_or};
use crate::tree::{Node, Plain, Shape, type_plain};

/// Returns the fact and the fix of a violation. `value` is the part of the field's value at `pointer`.
pub(super) fn describe(
    field: &str,
    value: &Node,
    pointer: &str,
    error: &ValidationError<'_>,
    suggestions: &mut Suggestions,
) -> Problem {
    let name = format!("{field}{}", pointer.replace('/', "."));
    let is_secret = is_secret_key(field) || is_secret_key(&name);
    let message = match error.kind() {
        ValidationErrorKind::Enum { options } => {
            let options = option_strings(options);
            let found = match value.text() {
                Some("") => "empty".to_owned(),
                Some(_) if is_secret_key(&name) => "the value set here".to_owned(),
                Some(text) if options.iter().all(|option| option != text) => format!("`{text}`"),
                _ => value.shape().to_string(),
            };
            let options = join_or(options.iter().map(String::as_str));
            format!("`{name}` must be {options}, not {found}")
        }
        ValidationErrorKind::Type { kind: expected } => {
            let expected = type_names(expected).join(" or ");
            format!("`{name}` must be {expected}, not {}", value.shape())
        }
        _ => format!("`{name}` is not valid: {}", error.masked_with("the value")),
    };
    let text = value.text().filter(|_| !is_secret);
    Problem::new(message).help(help(&name, value, text, error.kind(), suggestions))
}

/// Returns the fix of a violation. It contains no part of a secret value.
///
/// `text` is the string of the value, unless it is secret.
fn help(
    name: &str,
    value: &Node,
    text: Option<&str>,
    error: &ValidationErrorKind,
    suggestions: &mut Suggestions,
) -> String {
    let change = || format!("change the value, or the schema of `{name}`");
    match error {
        ValidationErrorKind::Enum { options } => {
            let strings = option_strings(options);
            let options = options.as_array().map_or(&[][..], Vec::as_slice);
            let names = || strings.iter().map(String::as_str);
            let similar = text.and_then(|text| suggestions.closest(text, names));
            match (similar, options.first()) {
                (Some(similar), _) if Some(similar) == text => format!("quote it: \"{similar}\""),
                (Some(similar), _) => format!("did you mean `{similar}`?"),
                (None, Some(option)) => format!("write `{}`", as_yaml(option)),
                (None, None) => change(),
            }
        }
        ValidationErrorKind::Constant { expected_value } => {
            format!("write `{}`", as_yaml(expected_value))
        }
        ValidationErrorKind::Type { kind: expected } => {
            let expected = type_names(expected);
            let is_scalar = value.text().is_some() && value.shape() != Shape::Null;
            if is_scalar && expected.contains(&"a string") {
                return match text {
                    Some(text) => format!("quote it: \"{text}\""),
                    None => "put the value in quotes".to_owned(),
                };
            }
            match expected.first() {
                Some(&"a sequence") => "write a sequence, for example `[a, b]`".to_owned(),
                Some(&"a boolean") => "write `true` or `false`".to_owned(),
                Some(&"a whole number") => "write a whole number, for example `3`".to_owned(),
                Some(&"a number") => "write a number, for example `0.5`".to_owned(),
                Some(&"a mapping") => "write a mapping, for example `{key: value}`".to_owned(),
                Some(&"a string") => "write a string, for example `\"a\"`".to_owned(),
                _ => "remove the value, or write `null`".to_owned(),
            }
        }
        ValidationErrorKind::Maximum { limit } => format!("write `{limit}` or less"),
        ValidationErrorKind::Minimum { limit } => format!("write `{limit}` or more"),
        ValidationErrorKind::ExclusiveMaximum { limit } => format!("write less than `{limit}`"),
        ValidationErrorKind::ExclusiveMinimum { limit } => format!("write more than `{limit}`"),
        ValidationErrorKind::MultipleOf { multiple_of } => {
            format!("write a multiple of `{multiple_of}`")
        }
        ValidationErrorKind::MaxLength { limit } => {
            format!("write at most {limit} characters")
        }
        ValidationErrorKind::MinLength { limit } => {
            format!("write at least {limit} characters")
        }
        ValidationErrorKind::MaxItems { limit } => format!("write at most {limit} items"),
        ValidationErrorKind::MinItems { limit } => format!("write at least {limit} items"),
        ValidationErrorKind::MaxProperties { limit } => format!("write at most {limit} keys"),
        ValidationErrorKind::MinProperties { limit } => format!("write at least {limit} keys"),
        ValidationErrorKind::Pattern { pattern } => {
            format!("write a string that matches `{pattern}`")
        }
        ValidationErrorKind::Required { property } => {
            format!("add the key {property}").replace('"', "`")
        }
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            let keys = unexpected.iter().map(String::as_str);
            format!("remove {}", join_and(keys))
        }
        ValidationErrorKind::UniqueItems => "remove the duplicate items".to_owned(),
        _ => change(),
    }
}

/// Returns the value of an option as it must be written in YAML.
fn as_yaml(option: &Json) -> String {
    match option.as_str() {
        Some(text) if !text.is_empty() && type_plain(text) == Plain::String => text.to_owned(),
        _ => option.to_string(),
    }
}

/// Returns the names of JSON Schema types as in other messages.
fn type_names(expected: &TypeKind) -> Vec<&'static str> {
    let types: JsonTypeSet = match expected {
        TypeKind::Single(single) => JsonTypeSet::empty().insert(*single),
        TypeKind::Multiple(many) => *many,
    };
    let name = |json_type| match json_type {
        JsonType::Array => "a sequence",
        JsonType::Boolean => "a boolean",
        JsonType::Integer => "a whole number",
        JsonType::Null => "nothing",
        JsonType::Number => "a number",
        JsonType::Object => "a mapping",
        JsonType::String => "a string",
    };
    types.iter().map(name).collect()
}

/// Returns the values of an `enum` as a user writes them.
fn option_strings(options: &Json) -> Vec<String> {
    let string = |value: &Json| match value.as_str() {
        Some(text) => text.to_owned(),
        None => value.to_string(),
    };
    options
        .as_array()
        .into_iter()
        .flatten()
        .map(string)
        .collect()
}
