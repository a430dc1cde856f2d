//! Fields: the values that a member can set, each a JSON Schema that can also contain `unique` and `disjoint`.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{Draft, JsonType, JsonTypeSet, PatternOptions, Validator};
use serde_json::Value as Json;

use super::network;
use super::schema::{self, as_written, at, json};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, closest_match, is_secret_key, join_or};
use crate::input::members;
use crate::source::Span;
use crate::tree::{Node, Plain, Shape, Style, type_plain};

/// A compiled field, which validates values.
pub(super) struct Field {
    pub(super) name: String,
    /// The location of the declaration.
    pub(super) span: Span,
    /// The default, which can be null; a field without one is required.
    pub(super) default: Option<Node>,
    pub(super) unique: bool,
    pub(super) disjoint: bool,
    /// Whether the schema accepts a string.
    accepts_string: bool,
    /// `None` if the schema has an error: the field accepts any value then.
    validator: Option<Validator>,
}

impl Field {
    /// Compiles the schema of a field. If the schema has an error, reports it and returns a field anyway.
    pub(super) fn new(field: &members::Field, diags: &mut Diagnostics) -> Self {
        let before = diags.errors();
        let schema = &field.schema;
        if schema.entries().is_none() && !schema.is_null() {
            let message = format!(
                "the schema of a field must be a mapping, not {}",
                schema.shape()
            );
            let help = "write `{}` to accept any value";
            diags.push(Diagnostic::new(Code::InvalidSchema, schema.span, message).help(help));
        }
        schema::check(schema, true, diags);
        let flag = |name: &str| {
            schema.get(name).and_then(Node::text).map(type_plain) == Some(Plain::Bool(true))
        };
        let (unique, disjoint) = (flag("unique"), flag("disjoint"));
        let mut json = json(schema);
        if let Some(object) = json.as_object_mut() {
            object.retain(|key, _| !matches!(key.as_str(), "unique" | "disjoint"));
        } else {
            json = Json::Bool(true);
        }
        let accepts_string = match &json["type"] {
            Json::String(one) => one == "string",
            Json::Array(many) => many.is_empty() || many.iter().any(|one| one == "string"),
            _ => true,
        };
        let built = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_pattern_options(PatternOptions::regex())
            .should_validate_formats(true)
            .should_ignore_unknown_formats(false)
            .build(&json);
        let validator = built.map_err(|error| {
            if diags.errors() == before {
                let message = format!(
                    "the schema of `{}` is not a valid JSON Schema: {}",
                    field.name.value,
                    error.masked()
                );
                let part = at(schema, error.instance_path().as_str());
                let help = "write a JSON Schema of draft 2020-12, for example `type: string`";
                diags.push(Diagnostic::new(Code::InvalidSchema, part.span, message).help(help));
            }
        });
        let mut compiled = Self {
            name: field.name.value.clone(),
            span: field.name.span,
            default: schema.get("default").map(as_written),
            unique,
            disjoint,
            accepts_string,
            validator: validator.ok(),
        };
        let default = compiled.default.as_ref();
        if let Some(default) = default.filter(|default| !default.is_null()) {
            compiled.check(default.clone(), false, diags);
        }
        if diags.errors() > before {
            compiled.validator = None;
        }
        compiled
    }

    /// Returns `true` if the schema has an error, so that the default is unknown.
    pub(super) fn has_invalid_schema(&self) -> bool {
        self.validator.is_none()
    }

    /// Validates a value, after converting a string of a list with only strings to the type of the schema.
    pub(super) fn check(
        &self,
        value: Node,
        has_string_values: bool,
        diags: &mut Diagnostics,
    ) -> Node {
        let value = if has_string_values {
            self.convert(value)
        } else {
            value
        };
        let Some(validator) = &self.validator else {
            return value;
        };
        let instance = json(&value);
        if !validator.is_valid(&instance) {
            for error in validator.iter_errors(&instance) {
                let pointer = error.instance_path().as_str();
                let part = at(&value, pointer);
                let message = self.message(part, pointer, &error);
                let diagnostic = Diagnostic::new(Code::InvalidField, part.span, message)
                    .related(self.span, "declared here");
                diags.push(match help(part, error.kind()) {
                    Some(help) if !is_secret_key(&self.name) => diagnostic.help(help),
                    _ => diagnostic,
                });
            }
        }
        if self.disjoint {
            network::check(&value, &self.name, diags);
        }
        value
    }

    fn convert(&self, value: Node) -> Node {
        let Some(text) = value.text().filter(|_| !self.accepts_string) else {
            return value;
        };
        match type_plain(text) {
            Plain::Number(_) | Plain::Bool(_) => {
                Node::scalar(value.span, Style::Plain, text.into())
            }
            Plain::Null | Plain::String | Plain::Unrepresentable(_) => value,
        }
    }

    fn message(
        &self,
        value: &Node,
        pointer: &str,
        error: &jsonschema::ValidationError<'_>,
    ) -> String {
        let name = format!("{}{}", self.name, pointer.replace('/', "."));
        match error.kind() {
            ValidationErrorKind::Enum { options } => {
                let options = option_strings(options);
                let found = match value.text() {
                    Some("") => "empty".to_owned(),
                    Some(_) if is_secret_key(&name) => "the value set here".to_owned(),
                    Some(text) if options.iter().all(|option| option != text) => {
                        format!("`{text}`")
                    }
                    _ => value.shape().to_string(),
                };
                format!(
                    "`{name}` must be {}, not {found}",
                    join_or(options.iter().map(String::as_str))
                )
            }
            ValidationErrorKind::Type { kind: expected } => {
                format!(
                    "`{name}` must be {}, not {}",
                    type_names(expected),
                    value.shape()
                )
            }
            _ => format!("`{name}` is not valid: {}", error.masked_with("the value")),
        }
    }
}

fn help(value: &Node, error: &ValidationErrorKind) -> Option<String> {
    let text = value.text()?;
    match error {
        ValidationErrorKind::Enum { options } => {
            let options = option_strings(options);
            let similar = closest_match(text, options.iter().map(String::as_str))?;
            Some(if similar == text {
                format!("quote it: \"{text}\"")
            } else {
                format!("did you mean `{similar}`?")
            })
        }
        ValidationErrorKind::Type { kind: expected }
            if type_names(expected).contains("a string") && value.shape() != Shape::Null =>
        {
            Some(format!("quote it: \"{text}\""))
        }
        _ => None,
    }
}

/// Returns the names of JSON Schema types as in other messages.
fn type_names(expected: &TypeKind) -> String {
    let types: JsonTypeSet = match expected {
        TypeKind::Single(one) => JsonTypeSet::empty().insert(*one),
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
    types.iter().map(name).collect::<Vec<_>>().join(" or ")
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
