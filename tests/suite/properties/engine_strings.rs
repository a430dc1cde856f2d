//! Strings that other engines read: expressions of Go's template engine, and JSON.

use serde_json::{Value, json};

use super::variables::json_of;

/// Returns the expressions of Go's template engine in all strings of a tree, in order.
pub(crate) fn expressions(value: &Value) -> Vec<String> {
    let of_string = |string: &str| -> Vec<String> {
        let found = string.match_indices("{{");
        let expression = |(at, _): (usize, &str)| {
            let rest = &string[at..];
            let end = rest.find("}}").map_or(rest.len(), |end| end + 2);
            rest[..end].to_owned()
        };
        found.map(expression).collect()
    };
    match value {
        Value::String(string) => of_string(string),
        Value::Array(items) => items.iter().flat_map(expressions).collect(),
        Value::Object(entries) => {
            let entry =
                |(key, value): (&String, &Value)| [of_string(key), expressions(value)].concat();
            entries.iter().flat_map(entry).collect()
        }
        _ => Vec::new(),
    }
}

/// Calls a function with the strings at the same positions of two trees.
fn for_each_pair(plain: &Value, hostile: &Value, check: &dyn Fn(&str, &str)) {
    match (plain, hostile) {
        (Value::Object(plain), Value::Object(hostile)) => {
            for (plain, hostile) in plain.values().zip(hostile.values()) {
                for_each_pair(plain, hostile, check);
            }
        }
        (Value::Array(plain), Value::Array(hostile)) => {
            for (plain, hostile) in plain.iter().zip(hostile) {
                for_each_pair(plain, hostile, check);
            }
        }
        (Value::String(plain), Value::String(hostile)) => check(plain, hostile),
        _ => {}
    }
}

/// Checks strings that are JSON apart from expressions: they keep their keys, or are not JSON.
pub(crate) fn assert_same_json(plain: &Value, hostile: &Value, who: &str) {
    let read = |string: &str| -> Option<Value> {
        let expressions = expressions(&json!(string));
        // `assert_exact_json` compares JSON without expressions.
        expressions.first()?;
        let bare = expressions.iter().fold(string.to_owned(), |string, part| {
            string.replacen(part, "", 1)
        });
        let read = serde_json::from_str(&bare).ok()?;
        Some(read).filter(Value::is_object)
    };
    for_each_pair(plain, hostile, &|plain, hostile| {
        if let (Some(plain), Some(found)) = (read(plain), read(hostile)) {
            assert_eq!(keys(&plain), keys(&found), "{who}: {hostile}");
        }
    });
}

/// Checks strings that are JSON without expressions: they remain the same JSON for every value.
pub(crate) fn assert_exact_json(
    plain: &Value,
    hostile: &Value,
    who: &str,
    fits: &dyn Fn(&Value, &Value) -> bool,
) {
    for_each_pair(plain, hostile, &|plain, hostile| {
        let is_plain = expressions(&json!(plain)).is_empty();
        if let Some(plain) = json_of(plain).filter(|_| is_plain) {
            let is_same = json_of(hostile).is_some_and(|hostile| fits(&plain, &hostile));
            assert!(is_same, "{who}: {hostile}");
        }
    });
}

/// Returns a tree without its scalars.
fn keys(value: &Value) -> Value {
    match value {
        Value::Object(entries) => {
            let entry = |(key, value): (&String, &Value)| (key.clone(), keys(value));
            Value::Object(entries.iter().map(entry).collect())
        }
        Value::Array(items) => items.iter().map(keys).collect(),
        _ => Value::Null,
    }
}
