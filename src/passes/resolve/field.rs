//! Fields: what a member may say, each a JSON Schema with two keywords of ours.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{Draft, JsonType, JsonTypeSet, PatternOptions, Validator};
use serde_json::Value as Json;

use super::network;
use super::schema::{self, as_written, at, json};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, closest_match, is_secret_key, join_or};
use crate::input::members;
use crate::source::Span;
use crate::tree::{Node, Plain, Shape, Style, type_plain};

/// A field, ready to check values.
pub(super) struct Field {
    /// Its name.
    pub(super) name: String,
    /// Where it is declared.
    pub(super) span: Span,
    /// Its default, which can be null; without one, a member must say it.
    pub(super) default: Option<Node>,
    pub(super) unique: bool,
    pub(super) disjoint: bool,
    /// Whether its schema accepts a text.
    takes_text: bool,
    /// `None` if the schema has an error: any value is accepted then.
    validator: Option<Validator>,
}

impl Field {
    /// Compiles a field's schema. After an error in it the field still exists.
    pub(super) fn new(field: &members::Field, diags: &mut Diagnostics) -> Self {
        let before = diags.errors();
        let schema = &field.schema;
        if schema.entries().is_none() && !schema.is_null() {
            let message = format!(
                "the schema of a field must be a mapping, not {}",
                schema.shape()
            );
            let help = "write {} to allow anything";
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
        let takes_text = match &json["type"] {
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
                    "the schema of `{}` is no JSON Schema: {}",
                    field.name.value,
                    error.masked()
                );
                let part = at(schema, error.instance_path().as_str());
                diags.push(Diagnostic::new(Code::InvalidSchema, part.span, message));
            }
        });
        let mut compiled = Self {
            name: field.name.value.clone(),
            span: field.name.span,
            default: schema.get("default").map(as_written),
            unique,
            disjoint,
            takes_text,
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

    /// Returns `true` if its schema has an error, so that its default is unknown.
    pub(super) fn is_broken(&self) -> bool {
        self.validator.is_none()
    }

    /// Checks a value. Text of a list that has only texts is converted to the schema's type first.
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
        let Some(text) = value.text().filter(|_| !self.takes_text) else {
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
                let options = words_of(options);
                let found = match value.text() {
                    Some("") => "empty".to_owned(),
                    Some(_) if is_secret_key(&name) => "this value".to_owned(),
                    Some(text) if options.iter().all(|option| option != text) => {
                        format!("`{text}`")
                    }
                    _ => value.shape().to_string(),
                };
                format!(
                    "`{name}` cannot be {found}; it is {}",
                    join_or(options.iter().map(String::as_str))
                )
            }
            ValidationErrorKind::Type { kind: wanted } => {
                format!("`{name}` must be {}, not {}", words(wanted), value.shape())
            }
            _ => format!(
                "`{name}` is not allowed: {}",
                error.masked_with("the value")
            ),
        }
    }
}

fn help(value: &Node, error: &ValidationErrorKind) -> Option<String> {
    let text = value.text()?;
    match error {
        ValidationErrorKind::Enum { options } => {
            let options = words_of(options);
            let near = closest_match(text, options.iter().map(String::as_str))?;
            Some(if near == text {
                format!("quote it: \"{text}\"")
            } else {
                format!("did you mean `{near}`?")
            })
        }
        ValidationErrorKind::Type { kind: wanted }
            if words(wanted).contains("a text") && value.shape() != Shape::Nothing =>
        {
            Some(format!("quote it: \"{text}\""))
        }
        _ => None,
    }
}

/// JSON Schema's types in the words of all messages.
fn words(wanted: &TypeKind) -> String {
    let types: JsonTypeSet = match wanted {
        TypeKind::Single(one) => JsonTypeSet::empty().insert(*one),
        TypeKind::Multiple(many) => *many,
    };
    let word = |one| match one {
        JsonType::Array => "a list",
        JsonType::Boolean => "a boolean",
        JsonType::Integer => "a whole number",
        JsonType::Null => "nothing",
        JsonType::Number => "a number",
        JsonType::Object => "a mapping",
        JsonType::String => "a text",
    };
    types.iter().map(word).collect::<Vec<_>>().join(" or ")
}

/// The values of an `enum` as people write them.
fn words_of(options: &Json) -> Vec<String> {
    let word = |value: &Json| match value.as_str() {
        Some(text) => text.to_owned(),
        None => value.to_string(),
    };
    options.as_array().into_iter().flatten().map(word).collect()
}
