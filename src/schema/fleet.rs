//! The JSON Schema of `fleet.yaml`, from the keys that its reader accepts.

use serde_json::{Map, Value as Json, json};

use super::draft::DRAFT;
use crate::input::fleet::keys;
use crate::input::key::{Key, Type};

/// Returns the JSON Schema of `fleet.yaml` and of the files that it includes.
pub fn fleet() -> Json {
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!(DRAFT));
    schema.insert("title".to_owned(), json!("fleet.yaml of kubectl-fleet"));
    schema.extend(mapping(&keys()));
    Json::Object(schema)
}

/// Returns the schema of a mapping with some keys.
fn mapping(keys: &[Key]) -> Map<String, Json> {
    let property = |key: &Key| {
        let mut schema = value(key.value);
        if !key.is_required {
            schema = or_null(schema);
        }
        schema.insert("description".to_owned(), json!(key.doc));
        (key.name.to_owned(), Json::Object(schema))
    };
    let required = keys.iter().filter(|key| key.is_required);
    let required: Vec<&str> = required.map(|key| key.name).collect();
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    schema.insert(
        "properties".to_owned(),
        Json::Object(keys.iter().map(property).collect()),
    );
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema.insert("additionalProperties".to_owned(), json!(false));
    schema
}

/// Returns the schema of a value.
fn value(value: Type) -> Map<String, Json> {
    let schema = match value {
        Type::Any => json!({}),
        Type::String | Type::Template => json!({"type": "string"}),
        Type::Boolean => json!({"type": "boolean"}),
        Type::Number => json!({"type": "number"}),
        Type::Enum([word]) => json!({"const": word}),
        Type::Enum(words) => json!({"enum": words}),
        Type::Sequence(item) => json!({"type": "array", "items": self::value(*item)}),
        Type::Map => json!({"type": "object"}),
        Type::Form(keys) => return mapping(&keys()),
        Type::OneOf(types) => {
            json!({"anyOf": types.iter().map(|one| self::value(*one)).collect::<Vec<_>>()})
        }
    };
    match schema {
        Json::Object(schema) => schema,
        _ => Map::new(),
    }
}

/// Returns a schema that also accepts null, which means that the key is not set.
fn or_null(mut schema: Map<String, Json>) -> Map<String, Json> {
    if let Some(Json::String(one)) = schema.get("type") {
        let types = json!([one, "null"]);
        schema.insert("type".to_owned(), types);
    } else if let Some(Json::Array(words)) = schema.get_mut("enum") {
        words.push(Json::Null);
    } else if let Some(Json::Array(types)) = schema.get_mut("anyOf") {
        types.push(json!({"type": "null"}));
    } else if let Some(word) = schema.remove("const") {
        schema.insert("enum".to_owned(), json!([word, null]));
    }
    schema
}
