//! The JSON Schemas of the members of a list, and of its file.

use serde_json::{Map, Value as Json, json};

use super::draft::DRAFT;
use crate::files::{captures, is_pattern};
use crate::input::members::{Field, Members};

/// Keywords of fields that are not keywords of JSON Schema.
const EXTENSIONS: [&str; 2] = ["unique", "disjoint"];

/// Returns the JSON Schema of one member with its name, for forms.
pub fn member(members: &Members) -> Json {
    let mut schema = heading(members);
    schema.extend(object(members, Named::Required));
    Json::Object(schema)
}

/// Returns the JSON Schema of a file of a list, for editors.
pub fn list(members: &Members) -> Json {
    let file = match &members.at {
        Some(at) => {
            let tokens: Vec<_> = at.value.tokens().collect();
            let mut schema = one_or_sequence();
            for token in tokens.iter().rev() {
                schema = json!({"type": "object", "properties": {token.decoded(): schema}});
            }
            schema
        }
        None if is_pattern(&members.list.value) => file(&json!({"$ref": "#/$defs/member"})),
        None => file(&json!({"type": "object", "additionalProperties": entry(members)})),
    };
    let mut schema = heading(members);
    if let Json::Object(file) = file {
        schema.extend(file);
    }
    schema.insert(
        "$defs".to_owned(),
        json!({
            "member": object(members, Named::Optional),
            "item": object(members, Named::Required),
        }),
    );
    Json::Object(schema)
}

/// The need of the field that names a member.
#[derive(Clone, Copy, PartialEq)]
enum Named {
    Required,
    Optional,
}

fn heading(members: &Members) -> Map<String, Json> {
    let title = format!("Members of {}", members.list.value);
    let heading = [("$schema", DRAFT.to_owned()), ("title", title)];
    let heading = heading.into_iter();
    heading
        .map(|(key, text)| (key.to_owned(), json!(text)))
        .collect()
}

/// Returns the schema of a file: a sequence, a `ConfigMap`, whose strings are not described, or a mapping.
fn file(mapping: &Json) -> Json {
    json!({
        "if": {"type": "array"},
        "then": {"items": {"$ref": "#/$defs/item"}},
        "else": {
            "if": {"type": "object", "required": ["apiVersion", "kind"], "properties": {"kind": {"const": "ConfigMap"}}},
            "then": {"properties": {"data": {"additionalProperties": {"type": "string"}}}},
            "else": mapping,
        },
    })
}

fn one_or_sequence() -> Json {
    json!({
        "if": {"type": "array"},
        "then": {"items": {"$ref": "#/$defs/item"}},
        "else": {"$ref": "#/$defs/member"},
    })
}

/// Returns the schema of the value of a mapping's entry.
fn entry(members: &Members) -> Json {
    let mut kinds = vec![json!({"$ref": "#/$defs/member"})];
    if let Some(value) = &members.value {
        let declared = members.fields.iter().flatten();
        let mut declared = declared.filter(|field| field.name.value == value.value);
        let field = declared.next().map(|field| schema(field, Named::Required));
        // Only a string is short for a mapping.
        kinds.push(match field {
            Some(field) => json!({"type": "string", "allOf": [field]}),
            None => json!({"type": "string"}),
        });
    }
    // A null is a mapping without fields.
    let is_null_valid = required(members, Named::Optional).is_empty();
    if is_null_valid {
        kinds.push(json!({"type": "null"}));
    }
    match kinds.len() {
        1 => kinds.remove(0),
        _ => json!({"anyOf": kinds}),
    }
}

/// Returns the schema of a mapping of fields.
fn object(members: &Members, named: Named) -> Map<String, Json> {
    let mut properties = Map::new();
    let key = &members.key.value;
    properties.insert(key.clone(), json!({"type": "string"}));
    for captured in captures(&members.list.value) {
        properties.insert(captured.to_string(), json!({"type": "string"}));
    }
    if let Some(value) = &members.value {
        properties.insert(value.value.clone(), json!({}));
    }
    for field in members.fields.iter().flatten() {
        properties.insert(field.name.value.clone(), schema(field, named));
    }
    for variable in &members.variables {
        if let Some(name) = variable.key.text.literal() {
            properties.insert(name.to_owned(), json!(false));
        }
    }
    let mut object = Map::new();
    object.insert("type".to_owned(), json!("object"));
    object.insert("properties".to_owned(), Json::Object(properties));
    let required = required(members, named);
    if !required.is_empty() {
        object.insert("required".to_owned(), json!(required));
    }
    if members.fields.is_some() {
        object.insert("additionalProperties".to_owned(), json!(false));
    }
    object
}

/// Returns the fields that a member must set. A file of shared variables can set any of them instead.
fn required(members: &Members, named: Named) -> Vec<&str> {
    let captured = captures(&members.list.value);
    let key = &*members.key.value;
    let mut required = Vec::new();
    if named == Named::Required {
        required.push(key);
    }
    let fields = members.fields.iter().flatten();
    let fields = fields.filter(|_| members.variables_from.is_empty());
    required.extend(
        fields
            .map(|field| (&*field.name.value, field))
            .filter_map(|(name, field)| {
                let is_set = name == key || captured.iter().any(|captured| **captured == *name);
                (!is_set && field.schema.get("default").is_none()).then_some(name)
            }),
    );
    required
}

/// Returns the schema of a field. In a file, null means that a field with a default is not set.
fn schema(field: &Field, named: Named) -> Json {
    let Json::Object(mut schema) = field.schema.to_json() else {
        return json!({});
    };
    schema.retain(|key, _| !EXTENSIONS.contains(&key.as_str()));
    let has_default = field.schema.get("default").is_some();
    if schema.get("default").is_some_and(Json::is_null) {
        schema.remove("default");
    }
    if has_default && named == Named::Optional {
        json!({"anyOf": [schema, {"type": "null"}]})
    } else {
        Json::Object(schema)
    }
}
