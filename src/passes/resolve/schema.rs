//! Checks the JSON Schemas of fields, and converts trees to JSON for validation.

use jsonptr::{Pointer, Token};

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::read::wrong_type;
use crate::tree::{Entry, Key, Node, Shape, Text, Value};

/// Keywords of JSON Schema that a field can use, in addition to `unique` and `disjoint`.
#[rustfmt::skip]
const KEYWORDS: [&str; 33] = [
    "type", "enum", "const", "default", "description", "title", "examples", "pattern",
    "format", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum",
    "exclusiveMaximum", "multipleOf", "items", "prefixItems", "minItems", "maxItems",
    "uniqueItems", "contains", "properties", "required", "additionalProperties",
    "patternProperties", "propertyNames", "minProperties", "maxProperties", "anyOf", "allOf",
    "oneOf", "not",
];

/// Types of JSON Schema.
const TYPES: [&str; 7] = [
    "string", "integer", "number", "boolean", "array", "object", "null",
];

/// Reports unsupported keywords at any depth, and warns about patterns without anchors.
pub(super) fn check(schema: &Node, top: bool, diags: &mut Diagnostics) {
    for entry in schema.entries().unwrap_or_default() {
        let keyword = entry.key.text.source_text();
        let is_extension = top && matches!(&*keyword, "unique" | "disjoint");
        if !is_extension && !KEYWORDS.contains(&&*keyword) {
            let message = format!("unsupported JSON Schema keyword `{keyword}`");
            let help = diags.suggestions.did_you_mean(&keyword, || {
                KEYWORDS.into_iter().chain(["unique", "disjoint"])
            });
            diags.push(Diagnostic::new(Code::InvalidSchema, entry.key.span, message).help(help));
        }
        if is_extension && entry.value.shape() != Shape::Boolean {
            wrong_type(&entry.value, &format!("`{keyword}`"), "a boolean", diags);
        }
        let value = &entry.value;
        match &*keyword {
            "enum" if value.items().is_some_and(<[Node]>::is_empty) => {
                let message = "`enum` must not be empty: no value would be valid";
                diags.push(
                    Diagnostic::new(Code::InvalidSchema, value.span, message)
                        .help("add the allowed values, for example `enum: [small, large]`"),
                );
            }
            "pattern" => warn_unanchored(value, diags),
            "type" => check_types(value, diags),
            "items" | "contains" | "additionalProperties" | "propertyNames" | "not" => {
                check(value, false, diags);
            }
            "anyOf" | "allOf" | "oneOf" | "prefixItems" => {
                value
                    .items()
                    .unwrap_or_default()
                    .iter()
                    .for_each(|item| check(item, false, diags));
            }
            "properties" | "patternProperties" => {
                for property in value.entries().unwrap_or_default() {
                    check(&property.value, false, diags);
                }
            }
            _ => {}
        }
    }
}

/// Reports types that JSON Schema does not define.
fn check_types(value: &Node, diags: &mut Diagnostics) {
    for item in value.items().unwrap_or(std::slice::from_ref(value)) {
        let Some(text) = item.text().filter(|text| !TYPES.contains(text)) else {
            continue;
        };
        let message = format!("`{text}` is not a JSON Schema type");
        let help = diags.suggestions.did_you_mean(text, || TYPES);
        diags.push(Diagnostic::new(Code::InvalidSchema, item.span, message).help(help));
    }
}

fn warn_unanchored(pattern: &Node, diags: &mut Diagnostics) {
    let Some(text) = pattern.as_scalar().map(|scalar| scalar.text.source_text()) else {
        return;
    };
    if !(text.starts_with('^') && text.ends_with('$')) {
        let message = format!("pattern `{text}` matches anywhere in a string");
        diags.push(
            Diagnostic::new(Code::UnanchoredPattern, pattern.span, message).help(format!(
                "write `^{}$` to match the whole string",
                text.trim_matches(['^', '$'])
            )),
        );
    }
}

/// Returns a schema with its strings as written, because they do not contain expressions.
pub(super) fn as_written(node: &Node) -> Node {
    let value = match &node.value {
        Value::Scalar(scalar) => {
            return Node::scalar(node.span, scalar.style, scalar.text.source_text());
        }
        Value::Sequence(items) => Value::Sequence(items.iter().map(as_written).collect()),
        Value::Mapping(entries) => Value::Mapping(
            entries
                .iter()
                .map(|entry| {
                    let mut text = entry.key.text.source_text().to_string();
                    if entry.key.is_optional {
                        text.push('?');
                    }
                    let key = Key {
                        text: Text::Literal(text.into()),
                        is_optional: false,
                        ..entry.key.clone()
                    };
                    Entry {
                        key,
                        value: as_written(&entry.value),
                    }
                })
                .collect(),
        ),
    };
    Node {
        span: node.span,
        value,
    }
}

/// Returns the value at a JSON pointer, or its closest ancestor that exists.
pub(super) fn at<'n>(node: &'n Node, pointer: &str) -> &'n Node {
    let mut tokens = Pointer::parse(pointer)
        .into_iter()
        .flat_map(Pointer::tokens);
    let below = |here: &'n Node, token: Token<'_>| {
        let part = token.decoded();
        let item = || here.items()?.get(part.parse::<usize>().ok()?);
        here.get(&part).or_else(item).ok_or(here)
    };
    tokens.try_fold(node, below).unwrap_or_else(|here| here)
}
