//! Fields: what a member may say, each a JSON Schema with two keywords of ours.

use std::rc::Rc;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, PatternOptions, Validator};
use serde_json::Value as Json;

use super::network;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, all_of, did_you_mean};
use crate::input::fleet;
use crate::input::read::{is_null, kind};
use crate::model::Variables;
use crate::source::Span;
use crate::tree::{Node, Style, Value};
use crate::yaml::scalar::{Plain, type_plain};

/// The keywords of JSON Schema that a field may use, and ours.
const KEYWORDS: [&str; 33] = [
    "type",
    "enum",
    "const",
    "default",
    "description",
    "title",
    "examples",
    "pattern",
    "format",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "items",
    "prefixItems",
    "minItems",
    "maxItems",
    "uniqueItems",
    "contains",
    "properties",
    "required",
    "additionalProperties",
    "patternProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "anyOf",
    "allOf",
    "oneOf",
    "not",
];

/// A field, ready to check values.
pub(super) struct Field {
    /// Its name.
    pub(super) name: String,
    /// Where it is declared.
    pub(super) span: Span,
    /// Its default.
    pub(super) default: Option<Node>,
    /// Whether a member must say it: it has no default.
    pub(super) required: bool,
    unique: bool,
    disjoint: bool,
    types: Vec<String>,
    validator: Validator,
}

impl Field {
    /// Compiles a field's schema.
    pub(super) fn new(field: &fleet::Field, diags: &mut Diagnostics) -> Option<Self> {
        let before = diags.errors();
        let schema = &field.schema;
        if schema.entries().is_none() && !is_null(schema) {
            let message = format!(
                "the schema of a field must be a mapping, not {}",
                kind(schema)
            );
            diags.push(
                Diagnostic::new(Code::InvalidSchema, schema.span, message)
                    .help("write {} to allow anything"),
            );
            return None;
        }
        check_schema(schema, true, diags);
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
        let types = match &json["type"] {
            Json::String(one) => vec![one.clone()],
            Json::Array(many) => many
                .iter()
                .filter_map(|one| one.as_str().map(ToOwned::to_owned))
                .collect(),
            _ => Vec::new(),
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
                diags.push(Diagnostic::new(
                    Code::InvalidSchema,
                    at(schema, error.instance_path().as_str()),
                    message,
                ));
            }
        });
        let default = schema.get("default").map(as_written);
        let validator = validator.ok()?;
        let compiled = Self {
            name: field.name.value.clone(),
            span: field.name.span,
            required: default.is_none(),
            default: default.filter(|default| !is_null(default)),
            unique,
            disjoint,
            types,
            validator,
        };
        if let Some(default) = &compiled.default {
            compiled.check(default.clone(), false, diags);
        }
        (diags.errors() == before).then_some(compiled)
    }

    /// Checks a value. Text of a list that has only texts is converted to the schema's type first.
    pub(super) fn check(&self, value: Node, textual: bool, diags: &mut Diagnostics) -> Node {
        let value = if textual { self.convert(value) } else { value };
        let instance = json(&value);
        if !self.validator.is_valid(&instance) {
            for error in self.validator.iter_errors(&instance) {
                let span = at(&value, error.instance_path().as_str());
                let diagnostic =
                    Diagnostic::new(Code::InvalidField, span, self.message(&value, &error));
                let diagnostic = diagnostic.related(self.span, "declared here");
                diags.push(match self.help(&value, error.kind()) {
                    Some(help) => diagnostic.help(help),
                    None => diagnostic,
                });
            }
        }
        if self.disjoint {
            network::check(&value, &self.name, diags);
        }
        value
    }

    fn convert(&self, value: Node) -> Node {
        let Some(text) = value
            .text()
            .filter(|_| !self.types.is_empty() && !self.types.iter().any(|one| one == "string"))
        else {
            return value;
        };
        match type_plain(text) {
            Plain::Number(_) | Plain::Bool(_) => {
                Node::scalar(value.span, Style::Plain, text.into())
            }
            Plain::Null | Plain::String | Plain::Unrepresentable(_) => value,
        }
    }

    fn message(&self, value: &Node, error: &jsonschema::ValidationError<'_>) -> String {
        let name = &self.name;
        match error.kind() {
            ValidationErrorKind::Enum { options } => {
                let options: Vec<String> = options
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(plain)
                    .collect();
                let found = value
                    .text()
                    .map_or_else(|| kind(value).to_owned(), |text| format!("`{text}`"));
                format!(
                    "`{name}` cannot be {found}; it is one of {}",
                    all_of(options.iter().map(String::as_str))
                )
            }
            ValidationErrorKind::Type { .. } => {
                format!(
                    "`{name}` must be {}, not {}",
                    self.types.join(" or "),
                    kind(value)
                )
            }
            _ => format!(
                "`{name}` is not allowed: {}",
                error.masked_with("the value")
            ),
        }
    }

    fn help(&self, value: &Node, kind: &ValidationErrorKind) -> Option<String> {
        let text = value.text()?;
        match kind {
            ValidationErrorKind::Enum { options } => {
                let options: Vec<String> = options
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(plain)
                    .collect();
                let help = did_you_mean(text, options.iter().map(String::as_str));
                help.starts_with("did").then_some(help)
            }
            ValidationErrorKind::Type { .. } if self.types.iter().any(|one| one == "string") => {
                Some(format!("quote it: \"{text}\""))
            }
            _ => None,
        }
    }
}

fn plain(value: &Json) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), ToOwned::to_owned)
}

/// The schema's texts have no expressions: they are taken as written.
fn as_written(node: &Node) -> Node {
    let value = match &node.value {
        Value::Scalar(scalar) => {
            return Node::scalar(node.span, scalar.style, scalar.text.as_written());
        }
        Value::Sequence(items) => Value::Sequence(items.iter().map(as_written).collect()),
        Value::Mapping(entries) => Value::Mapping(
            entries
                .iter()
                .map(|entry| {
                    let text = crate::tree::Text::Literal(entry.key.text.as_written());
                    let key = crate::tree::Key {
                        text,
                        ..entry.key.clone()
                    };
                    crate::tree::Entry {
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

/// Refuses keywords that nobody knows, at any depth, and warns of patterns without anchors.
fn check_schema(schema: &Node, top: bool, diags: &mut Diagnostics) {
    for entry in schema.entries().unwrap_or_default() {
        let keyword = entry.key.text.as_written();
        let ours = top && matches!(&*keyword, "unique" | "disjoint");
        if !ours && !KEYWORDS.contains(&&*keyword) {
            let message = format!("`{keyword}` is no keyword of JSON Schema that a field may use");
            let help = did_you_mean(&keyword, KEYWORDS.into_iter().chain(["unique", "disjoint"]));
            diags.push(Diagnostic::new(Code::InvalidSchema, entry.key.span, message).help(help));
        }
        let value = &entry.value;
        match &*keyword {
            "pattern" => warn_unanchored(value, diags),
            "items" | "contains" | "additionalProperties" | "propertyNames" | "not" => {
                check_schema(value, false, diags);
            }
            "anyOf" | "allOf" | "oneOf" | "prefixItems" => {
                value
                    .items()
                    .unwrap_or_default()
                    .iter()
                    .for_each(|item| check_schema(item, false, diags));
            }
            "properties" | "patternProperties" => {
                for property in value.entries().unwrap_or_default() {
                    check_schema(&property.value, false, diags);
                }
            }
            _ => {}
        }
    }
}

fn warn_unanchored(pattern: &Node, diags: &mut Diagnostics) {
    let Some(text) = pattern.as_scalar().map(|scalar| scalar.text.as_written()) else {
        return;
    };
    if !(text.starts_with('^') && text.ends_with('$')) {
        let message = format!("the pattern `{text}` matches anywhere in a text");
        diags.push(
            Diagnostic::new(Code::UnanchoredPattern, pattern.span, message)
                .help(format!("write ^{}$", text.trim_matches(['^', '$']))),
        );
    }
}

/// The place of a JSON pointer in a tree, or of the nearest part that exists.
fn at(node: &Node, pointer: &str) -> Span {
    let mut here = node;
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        let next = here
            .get(&part)
            .or_else(|| here.items()?.get(part.parse::<usize>().ok()?));
        match next {
            Some(next) => here = next,
            None => break,
        }
    }
    here.span
}

/// A tree as JSON, typed as Kubernetes' reader types it.
fn json(node: &Node) -> Json {
    match &node.value {
        Value::Scalar(scalar) => {
            let text = scalar.text.as_written();
            match type_plain(&text) {
                _ if scalar.style == Style::Quoted => Json::String(text.to_string()),
                Plain::Null => Json::Null,
                Plain::Bool(value) => Json::Bool(value),
                Plain::Number(number) => number
                    .parse()
                    .map_or_else(|_| Json::String(text.to_string()), Json::Number),
                Plain::String | Plain::Unrepresentable(_) => Json::String(text.to_string()),
            }
        }
        Value::Sequence(items) => items.iter().map(json).collect(),
        Value::Mapping(entries) => entries
            .iter()
            .map(|entry| (entry.key.text.as_written().to_string(), json(&entry.value)))
            .collect(),
    }
}

/// The values of `unique` and `disjoint` fields, member by member.
#[derive(Default)]
pub(super) struct Observed {
    values: Vec<Vec<(Rc<str>, Span)>>,
    networks: Vec<network::Networks>,
}

impl Observed {
    /// Notes a member's values.
    pub(super) fn observe(&mut self, fields: &[Field], variables: &Variables) {
        self.values.resize_with(fields.len(), Vec::new);
        self.networks
            .resize_with(fields.len(), network::Networks::default);
        for (index, field) in fields
            .iter()
            .enumerate()
            .filter(|(_, field)| field.unique || field.disjoint)
        {
            let Some(value) = variables.get(&field.name) else {
                continue;
            };
            if field.unique {
                self.values[index].push((json(value).to_string().into(), value.span));
            }
            if field.disjoint {
                self.networks[index].add(value);
            }
        }
    }

    /// Reports values that two members share, and networks that overlap.
    pub(super) fn report(self, fields: &[Field], diags: &mut Diagnostics) {
        for (field, mut values) in fields.iter().zip(self.values) {
            values.sort();
            for pair in values.windows(2) {
                let [(first, place), (second, other)] = pair else {
                    continue;
                };
                if first == second {
                    let message = format!(
                        "two members say `{}: {second}`, and the field is unique",
                        field.name
                    );
                    let diagnostic = Diagnostic::new(Code::DuplicateValue, *other, message);
                    diags.push(
                        diagnostic
                            .related(*place, "the other member")
                            .related(field.span, "declared here"),
                    );
                }
            }
        }
        for (field, networks) in fields.iter().zip(self.networks) {
            networks.report(&field.name, field.span, diags);
        }
    }
}
