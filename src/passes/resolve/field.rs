//! Fields: the values that a member can set, each a JSON Schema that can also contain `unique` and `disjoint`.

mod violation;

use std::collections::BTreeMap;
use std::ops::Deref;

use jsonschema::{Draft, PatternOptions, Validator};
use serde_json::Value as Json;

use super::network;
use super::schema::{self, as_written, at};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::members;
use crate::source::Span;
use crate::tree::{Node, Plain, Style, type_plain};

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

/// The fields that a list declares, in order.
#[derive(Default)]
pub(super) struct DeclaredFields {
    all: Vec<Field>,
    by_name: BTreeMap<String, usize>,
}

impl Deref for DeclaredFields {
    type Target = [Field];

    fn deref(&self) -> &[Field] {
        &self.all
    }
}

impl DeclaredFields {
    /// Returns the field with a name.
    pub(super) fn named(&self, name: &str) -> Option<&Field> {
        Some(&self.all[*self.by_name.get(name)?])
    }
}

impl FromIterator<Field> for DeclaredFields {
    fn from_iter<I: IntoIterator<Item = Field>>(fields: I) -> Self {
        let all: Vec<Field> = fields.into_iter().collect();
        let names = all.iter().enumerate();
        let by_name = names.map(|(at, field)| (field.name.clone(), at)).collect();
        Self { all, by_name }
    }
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
        let mut json = schema.to_json();
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
        let instance = value.to_json();
        if !validator.is_valid(&instance) {
            for error in validator.iter_errors(&instance) {
                let pointer = error.instance_path().as_str();
                let part = at(&value, pointer);
                let problem =
                    violation::describe(&self.name, part, pointer, &error, &mut diags.suggestions);
                diags.push(
                    Diagnostic::from_problem(Code::InvalidField, part.span, problem)
                        .related(self.span, "declared here"),
                );
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
}
